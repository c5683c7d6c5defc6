"""CSV files as offices save them, read into a `Table`.

Frictionless parses the cells. What it would have to guess is decided here before, because the
guesses fail on what towns publish: a title above the headings, several encodings, semicolons.
"""

from __future__ import annotations

import codecs
import csv
import io
import re
from collections.abc import Iterator, Sequence
from itertools import islice

from frictionless import Detector, Dialect
from frictionless.formats import CsvControl
from frictionless.formats.csv.parser import SAMPLE_SIZE
from frictionless.resources import TableResource

from harvester.document import Document
from harvester.errors import FeedError
from harvester.feeds._tables import MAX_COLUMNS, Table, cells, filled
from harvester.feeds._tables.headings import DEPTH, Header, find_header
from harvester.model import N_

DELIMITERS = ";\t,|"
MAX_BYTES = 16_000_000
"""Of a text file that are read."""

_HEAD = 65_536  # characters in which the headings must stand
_SAMPLE = 30  # rows that are looked at for what they are about
_NO_TEXT = (b"PK\x03\x04", b"%PDF", b"\xd0\xcf\x11\xe0", b"\x1f\x8b")  # archives, PDF, old Office files
_JSON = re.compile(r'\{\s*["}]|\[\s*[\[{"\]]')  # "[Draft] Our data" is a title
_PREFIX = re.compile(r"^\s*@?(?:prefix|base)\s+(?:[\w-]*:\s*)?<", re.IGNORECASE | re.MULTILINE)
_TRIPLE = re.compile(r"<[a-z]+:[^<>\s]*>\s*<")
_SINGLE_BYTE = re.compile(r"(?:windows-?|cp|iso-?8859-?|mac-?|koi8-?)\w+", re.IGNORECASE)


def decode(data: bytes, charset: str | None = None) -> str:
    """The text of a file, whatever it was saved as; never fails.

    UTF-16 is known by its mark or its NULs. Else every line is UTF-8 where it can be, and
    Windows-1252 where not, as in a file that was put together from two. `charset` is what the
    server claims; it takes the place of Windows-1252 where it names another single-byte encoding.
    """
    if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return data.decode("utf-16", errors="replace")
    pairs = len(data[:1024]) // 2
    for encoding, nuls in (("utf-16-le", data[1:1024:2].count(0)), ("utf-16-be", data[0:1024:2].count(0))):
        if pairs and nuls > 0.4 * pairs:
            return data.decode(encoding, errors="replace")
    try:
        return data.decode("utf-8").lstrip("\ufeff")
    except UnicodeDecodeError:
        other = _single_byte(charset)
        return "".join(_line(line, other) for line in data.splitlines(keepends=True)).lstrip("\ufeff")


def beginning(document: Document) -> Table | None:
    """The rows in the beginning of a text document; None where it is no table with headings."""
    head = decode(document.head(_HEAD), document.charset)
    if _markup(head):
        return None
    delimiter, header = _delimiter(head, None)
    if header is None:
        return None
    rows = csv.reader(io.StringIO(head, newline=""), delimiter=delimiter)
    top = islice(_lenient(rows), header.row + _SAMPLE)
    return Table(rows={place: [cell.strip() for cell in row[:MAX_COLUMNS]] for place, row in enumerate(top)})


def is_page(document: Document) -> bool:
    """Is this a web page in place of a table?"""
    return _markup(decode(document.head(_HEAD), document.charset)) == "HTML"


def read(document: Document, language: str | None = None) -> Table:
    """The one table of a text document.

    Raises `FeedError` when it is empty, a web page, JSON or the like. Without recognisable headings the
    rows are those of the comma.
    """
    with document.open() as stream:
        data = stream.read(MAX_BYTES + 1)
    text = decode(data[:MAX_BYTES], document.charset)
    if not text.strip():
        raise FeedError(document.url, N_("The file is empty."), N_("Publish the list of datasets there."))
    if data.startswith(_NO_TEXT):
        raise FeedError(
            document.url,
            N_("This is no spreadsheet that can be read."),
            N_("Save the list as .xlsx, .ods or .csv and publish that."),
        )
    if markup := _markup(text):
        raise FeedError(
            document.url,
            N_("This is no table but a document in {format}."),
            N_("Give the address of the file itself; it often ends in .csv or .xlsx."),
            format=markup,
        )
    delimiter, header = _delimiter(text, language)
    lines, unclosed = _mend(text, delimiter, len(header.columns) if header else 2)
    rows, cut = filled(
        [str(cell).strip() for cell in row[:MAX_COLUMNS]]
        for row in _cells("".join(lines), delimiter, document.url)
    )
    return Table(rows=rows, cut=cut or len(data) > MAX_BYTES, unclosed=tuple(unclosed))


# ------------------------------------------------------------------------------ encoding


def _single_byte(charset: str | None) -> str:
    """The encoding of bytes that are not UTF-8. Latin 1 on the web means Windows-1252 (WHATWG Encoding)."""
    claimed = (charset or "").strip()
    if not _SINGLE_BYTE.fullmatch(claimed) or re.search(r"8859-?1$", claimed):
        return "cp1252"
    try:
        return codecs.lookup(claimed).name
    except LookupError:
        return "cp1252"


def _line(line: bytes, other: str) -> str:
    try:
        return line.decode("utf-8")
    except UnicodeDecodeError:
        return line.decode(other, errors="replace")


def _markup(text: str) -> str:
    """What kind of document this is, where its beginning says that it is no table."""
    start = text[:_HEAD].lstrip("\ufeff \t\r\n\0")
    if start.startswith("<"):
        if _TRIPLE.match(start):
            return "RDF"
        return "XML" if start.startswith("<?xml") and "<html" not in start[:1000].lower() else "HTML"
    if _PREFIX.search(start):
        return "RDF"
    return "JSON" if _JSON.match(start) else ""


# ------------------------------------------------------------------------------ delimiter


def _delimiter(text: str, language: str | None) -> tuple[str, Header | None]:
    """The delimiter that lets most headings be understood, and the row they stand in."""
    head = text[:_HEAD]
    found: list[tuple[str, Header]] = []
    # A quotation mark left open in a title row swallows the headings: then try without quoting.
    for quoting in (csv.QUOTE_MINIMAL, csv.QUOTE_NONE):
        for delimiter in DELIMITERS:
            if delimiter in head:
                rows = csv.reader(io.StringIO(head, newline=""), delimiter=delimiter, quoting=quoting)
                top = dict(enumerate(row[:MAX_COLUMNS] for row in islice(_lenient(rows), DEPTH)))
                if header := find_header(top, language):
                    found.append((delimiter, header))
        if found:
            return max(found, key=lambda each: each[1].weight)
    return ",", None


def _lenient(rows: Iterator[list[str]]) -> Iterator[list[str]]:
    """Rows until the reader gives up."""
    try:
        yield from rows
    except csv.Error:
        return


# ------------------------------------------------------------------------------ quotation marks


def _mend(text: str, delimiter: str, columns: int) -> tuple[list[str], list[int]]:
    """The lines of the text, and the numbers (from 1) of those whose quotation marks were taken out.

    A quotation mark that is opened and never closed makes one cell of all rows up to the next
    quotation mark. Where such a cell holds what looks like rows, or begins in what looks like a
    whole row, the marks of its first line go.
    """
    lines = list(io.StringIO(text, newline=""))
    if '"' not in text:
        return lines, []
    mended: list[int] = []
    start, budget = 0, 5 * len(lines)  # lines that may be read a second time before we let it be
    while start < len(lines):
        rest = map(lines.__getitem__, range(start, len(lines)))
        reader = csv.reader(rest, delimiter=delimiter, strict=True, skipinitialspace=True)
        begin = start
        try:
            for _ in reader:
                begin = start + reader.line_num
            break
        except csv.Error:
            end = start + reader.line_num
        swallowed = lines[begin + 1 : end]
        full = max(1, columns - 1)
        whole = lines[begin].count(delimiter) >= full and delimiter in lines[begin].rpartition('"')[2]
        if budget > 0 and (whole or any(line.count(delimiter) >= full for line in swallowed)) and swallowed:
            lines[begin] = lines[begin].replace('"', "")
            mended.append(begin + 1)
            budget -= len(swallowed)
            start = begin + 1
        else:
            start = max(end, begin + 1)
    return lines, mended


def _cells(text: str, delimiter: str, where: str) -> Iterator[Sequence[object]]:
    """The rows, parsed by Frictionless."""
    # It sniffs the first lines even when it is told everything, with an expression that needs
    # half a minute for 100 kB of quotation marks. So it is given empty lines to sniff.
    resource = TableResource(
        data=("\n" * SAMPLE_SIZE + text).encode(),
        format="csv",
        encoding="utf-8",
        dialect=Dialect(header=False, controls=[CsvControl(delimiter=delimiter, skip_initial_space=True)]),
        detector=Detector(sample_size=1, field_type="string"),
    )
    yield from islice(cells(resource, where), SAMPLE_SIZE, None)
