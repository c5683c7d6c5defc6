"""One row of a list of datasets, read by what its columns mean. Pure."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from urllib.parse import urljoin

from harvester import vocabularies
from harvester.feeds._tables import Table
from harvester.feeds._tables.headings import ADDRESSES, Column, Header

LINKED = ADDRESSES | {"landing_page", "publisher.url", "contact.url", "documentation", "data_dictionary"}
MAILS = frozenset(("contact.email", "publisher.email"))
DATES = frozenset(("issued", "modified", "temporal.start", "temporal.end", "file.issued", "file.modified"))

# Below, above or between the datasets: "Total: 12", "Note: yearly figures", "Source : mairie".
_ASIDE = re.compile(
    r"\W*(?:(?:sub)?totals?|(?:sous-)?totaux|totales|notes?|notas?|remarques?|legend|légende|leyenda"
    r"|sources?|fuentes?|last updated|updated on|mis à jour|mise à jour|actualizado)\b",
    re.IGNORECASE,
)
_NUMBER = re.compile(r"[-+]?[\d\s.,'%]+")
_SERIAL = re.compile(r"(\d{5})(?:[.,](\d+))?")
_FIRST_SERIAL, _LAST_SERIAL = 29_221, 73_415  # 1980 to 2100: "20013" is a year with a slip of the pen
_SCHEME = re.compile(r"[a-z][a-z0-9+.-]*:(?://|\S+@)", re.IGNORECASE)
_SEVERAL = re.compile(r"[\s;|,]+(?=[a-z][a-z0-9+.-]*://)", re.IGNORECASE)
_PARTS = re.compile(r"[|\r\n]|(?<!&amp)(?<!&lt)(?<!&gt)(?<!&quot)(?<!&#39)(?<!&nbsp);")
_COMMA = re.compile(r"[,،、]")


@dataclass
class Row:
    """A row below the headings, and which of its cells have found a place in the draft."""

    number: int  # as the program that shows the sheet counts, from 1
    header: Header
    cells: list[str]
    links: dict[int, str] = field(default_factory=dict)  # column → the address behind the cell
    used: set[int] = field(default_factory=set)

    def cell(self, column: Column) -> str:
        """The text of a cell, `""` where it is empty.

        Dates are in ISO 8601, links are addresses, sizes have the unit that the heading tells.
        """
        text = self.cells[column.index] if column.index < len(self.cells) else ""
        if column.field in LINKED and not is_address(text):
            return self.links.get(column.index) or ("" if column.format else text)
        if column.field in MAILS and "@" not in text:
            return self.links.get(column.index, text).removeprefix("mailto:")
        if column.field in DATES:
            return from_serial(text)
        if column.unit and _NUMBER.fullmatch(text):
            return f"{text} {column.unit}"
        return text

    def first(self, *fields: str) -> str:
        """The first cell of these fields that is not empty, without using it."""
        columns = (column for name in fields for column in self.header.of(name))
        return next((text for column in columns if (text := self.cell(column))), "")

    def has(self, *fields: str) -> bool:
        """Is a cell of one of these fields filled?"""
        return bool(self.first(*fields))

    @property
    def has_file(self) -> bool:
        """Does the row name a file, or say anything of one?"""
        return self.has(*(name for name in self.header.fields if name.startswith("file.")))

    def one(self, name: str) -> str | None:
        """The preferred cell of a field. Cells that say the same are used with it, others are not."""
        return one([self], name)

    def link(self, *fields: str) -> str | None:
        """The address behind a cell of these fields."""
        if not self.links:
            return None
        columns = (column for name in fields for column in self.header.of(name))
        return next((link for column in columns if (link := self.links.get(column.index))), None)

    def left(self) -> Iterator[tuple[str, str]]:
        """(heading, text) of the cells that were not used. Names of individuals are not passed on."""
        known = {column.index: column for column in self.header.columns}
        for index, text in enumerate(self.cells):
            column = known.get(index)
            if text and index not in self.used and not (column and column.field == "creator"):
                yield (column.heading if column else f"column {letters(index)}"), text


def content_rows(table: Table, header: Header) -> tuple[list[Row], int]:
    """The rows of datasets, and the number of rows with text that were passed over.

    Passed over are headings printed again, rows such as "Total …" and "Note …", and banners that
    spread over the columns to group the rows below them.
    """
    links: dict[int, dict[int, str]] = {}
    for (place, column), address in table.links.items():
        links.setdefault(place, {})[column] = address
    headings = table.rows[header.row]
    found, skipped = [], 0
    for place, cells in table.rows.items():
        texts = [cell for cell in cells if cell]
        if place <= header.row:
            continue
        if (len(texts) == 1 and place in table.banners) or _is_aside(texts) or cells == headings:
            skipped += 1
        else:
            found.append(Row(place + 1, header, cells, links.get(place, {})))
    return found, skipped


def _is_aside(texts: list[str]) -> bool:
    words = [cell for cell in texts if not _NUMBER.fullmatch(cell)]
    return len(words) == 1 and _ASIDE.match(words[0]) is not None


# ------------------------------------------------------------------------------ several rows


def one(rows: Iterable[Row], name: str) -> str | None:
    """The first text that these rows have for a field. Cells that say the same are used with it."""
    chosen = None
    for row in rows:
        for column in row.header.of(name):
            if text := row.cell(column):
                chosen = text if chosen is None else chosen
                if text == chosen:
                    row.used.add(column.index)
    return chosen


def words(rows: Iterable[Row], name: str) -> dict[str, str]:
    """The first text in each language that a heading names; the tag is `""` where it names none."""
    found: dict[str, str] = {}
    for row in rows:
        for column in row.header.of(name):
            if (text := row.cell(column)) and found.setdefault(column.language, text) == text:
                row.used.add(column.index)
    return found


def many(rows: Iterable[Row], name: str) -> list[tuple[Column, str]]:
    """Every cell of a field that is not empty, all of them used."""
    found = []
    for row in rows:
        for column in row.header.of(name):
            if text := row.cell(column):
                row.used.add(column.index)
                found.append((column, text))
    return found


def parts(texts: Iterable[str], comma: bool = False) -> list[str]:
    """Cells with several values, taken apart at `;`, `|` and new lines, each value once."""
    found = (part for text in texts for part in _PARTS.split(text))
    if comma:
        found = (part for text in found for part in _COMMA.split(text))
    return list(dict.fromkeys(part.strip() for part in found if part.strip()))


# ------------------------------------------------------------------------------ cells


def from_serial(text: str) -> str:
    """A date that lost its format ("45369", days since the end of 1899) in ISO 8601; other text as it is."""
    match = _SERIAL.fullmatch(text)
    if not match or not _FIRST_SERIAL <= int(match[1]) <= _LAST_SERIAL:
        return text
    day = dt.datetime(1899, 12, 30) + dt.timedelta(days=int(match[1]))
    if not match[2] or not int(match[2]):
        return day.date().isoformat()
    return (day + dt.timedelta(days=float(f"0.{match[2]}"))).isoformat(timespec="seconds")


def is_address(text: str) -> bool:
    """Is this an address, or a path to a file, rather than words?"""
    return bool(_SCHEME.match(text)) or text.lower().startswith("www.") or _is_path(text)


def several_addresses(text: str) -> list[str]:
    """The addresses in one cell; an address with a space in it stays whole."""
    return [each.strip() for each in _SEVERAL.split(text) if each.strip()]


def absolute(base: str, text: str) -> str:
    """A path as an address, where the list itself came from the web; other text as it is."""
    if not base.startswith(("http://", "https://")) or _SCHEME.match(text) or not _is_path(text):
        return text
    try:
        return urljoin(base, text)
    except ValueError:
        return text


def _is_path(text: str) -> bool:
    """`/files/trees.csv`, `../trees.csv`, `files/trees.csv`, `trees.csv`; not `town.example/trees.csv`."""
    if text.startswith(("/", "./", "../", "?")):
        return len(text) > 1
    folder, _, name = text.rpartition("/")
    if "." in folder.partition("/")[0]:
        return False
    stem, dot, extension = name.partition("?")[0].rpartition(".")
    return bool(stem and dot) and extension.lower() in vocabularies.extensions()


def letters(index: int) -> str:
    """The name of a column: 0 is A, 26 is AA."""
    name = ""
    while index >= 0:
        index, letter = divmod(index, 26)
        name, index = chr(ord("A") + letter) + name, index - 1
    return name
