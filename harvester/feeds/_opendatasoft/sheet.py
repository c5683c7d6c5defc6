"""The catalogue's CSV export: one dataset a row, one column a field (`default.title`, or `title` alone).

The delimiter is a semicolon where nobody asked for another one, and was a comma once.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator

from harvester.document import Document
from harvester.feeds._tables.text import decode

_LOOK = 1 << 14
_IDS = ("datasetid", "dataset_id")

csv.field_size_limit(
    max(csv.field_size_limit(), 1 << 24)
)  # characters of one cell: Python's own limit cuts descriptions


def is_sheet(document: Document) -> bool:
    """Are the headings those of a catalogue export?"""
    first = decode(document.head(_LOOK), document.charset).lstrip("\ufeff\r\n").partition("\n")[0]
    return _headings(first) is not None


def rows(document: Document) -> Iterator[dict[str, str]]:
    """The rows by their headings. Raises `csv.Error` where the file cannot be cut into cells."""
    text = decode(document.read(), document.charset).lstrip("\ufeff\r\n")
    delimiter = _headings(text.partition("\n")[0])
    for row in csv.DictReader(io.StringIO(text, newline=""), delimiter=delimiter or ";"):
        if any(each for name, each in row.items() if name is not None):
            yield {name: each for name, each in row.items() if name and each}


def _headings(line: str) -> str | None:
    """The delimiter of a line of headings; None when it is none of this kind."""
    for delimiter in ";,\t|":
        names = [name.strip().strip('"').lower() for name in line.split(delimiter)]
        if any(id in names for id in _IDS) and any(name in names for name in ("default.title", "title")):
            return delimiter
    return None
