"""Tables as people keep them: CSV files and workbooks, read into rows of text.

* `text` reads CSV: which encoding, which delimiter, where a quotation mark was forgotten;
* `workbooks` reads XLSX, ODS and XLS: which sheets, merged cells, links behind cells, bombs;
* `headings` says which column means what, and which row holds the headings;
* `inventory` says whether a table lists datasets or is one;
* `share` finds the file behind a link by which it is shared;
* `rows` reads one row by its columns, and says which rows are none of a dataset;
* `entries` puts the rows of one dataset together.

`harvester.feeds.spreadsheet` is the feed that uses them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from frictionless import FrictionlessException
from frictionless.resources import TableResource
from msgspec import Struct

from harvester.errors import FeedError
from harvester.model import N_

MAX_ROWS = 50_000
"""Rows of one sheet that are read, not counting empty ones. The longest inventory seen has a few hundred."""

MAX_EMPTY = 1_100_000
"""Empty rows of one sheet that are passed over; Excel has 1,048,576 rows."""

MAX_COLUMNS = 1_000
"""Cells of one row that are read."""


class Table(Struct, frozen=True, kw_only=True):
    """One sheet: the cells of its rows as text without space around it, `""` where a cell is empty.

    Rows and columns count from 0: a row's place plus one is its number in the program that shows
    the sheet.
    """

    rows: dict[int, list[str]]  # place → cells; rows without any text are left out
    sheet: str = ""  # its name; "" for a text file, which has only one
    links: dict[tuple[int, int], str] = {}  # (row, column) → the address behind the cell
    banners: frozenset[int] = frozenset()  # rows whose first cell spreads over several columns
    cut: bool = False  # there are more rows than MAX_ROWS
    unclosed: tuple[int, ...] = ()  # lines of a text file (from 1) with a quotation mark that has no partner


def cells(resource: TableResource, where: str) -> Iterator[Sequence[object]]:
    """The rows of a table as Frictionless reads them, without headings and schemas.

    Raises `FeedError` where it cannot go on.
    """
    try:
        with resource:
            yield from resource.cell_stream
    except FrictionlessException as trouble:
        raise unreadable(where, trouble) from trouble


def unreadable(where: str, trouble: Exception) -> FeedError:
    """The error for a file that is damaged, or not what its first bytes say."""
    return FeedError(
        where,
        N_("The table cannot be read ({reason})."),
        N_("Open it in a spreadsheet program, save it again, as .xlsx or .csv, and publish that."),
        reason=" ".join(str(trouble).split())[:200] or type(trouble).__name__,
    )


def filled(rows: Iterable[list[str]]) -> tuple[dict[int, list[str]], bool]:
    """The rows with text by their place, and whether there are more than may be read."""
    found: dict[int, list[str]] = {}
    for place, row in enumerate(rows):
        if any(row):
            if len(found) == MAX_ROWS:
                return found, True
            found[place] = row
        elif place - len(found) > MAX_EMPTY:
            return found, True
    return found, False
