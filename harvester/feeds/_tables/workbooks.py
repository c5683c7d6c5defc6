"""Workbooks (XLSX, ODS, XLS), read into `Table`s by Frictionless.

Before Frictionless opens one, its parts are weighed, and what would mislead it is taken out. What
it does not see, cells that are merged and addresses that lie behind cells, is read from the parts
themselves (ECMA-376 part 1, 18.3; OpenDocument 1.3 part 3, 9.1).
"""

from __future__ import annotations

import datetime as dt
import io
import re
import zipfile
import zlib
from collections.abc import Iterator
from posixpath import join, normpath
from typing import Literal
from xml.etree import ElementTree as ET
from xml.parsers import expat

from frictionless import Control, Detector, Dialect
from frictionless.formats import ExcelControl, OdsControl
from frictionless.resources import TableResource
from msgspec import Struct

from harvester.document import Document
from harvester.errors import FeedError
from harvester.feeds._tables import MAX_COLUMNS, MAX_ROWS, Table, cells, filled, unreadable
from harvester.model import N_

Kind = Literal["xlsx", "ods", "xls"]

MAX_BYTES = 64_000_000
"""Of a workbook as it comes."""

MAX_UNPACKED = 100_000_000
"""Of all parts that are read, unpacked together. Refused before anything is unpacked."""

MAX_ELEMENTS = 3_000_000
"""XML elements of all parts together; a cell has two or three, and parsers hold them in memory."""

MAX_DEPTH = 200

MAX_SHEETS = 30
MAX_MERGED = 100_000
"""Merged ranges and links of a sheet that are kept."""

MAX_ODS_CELLS = 2_000_000
"""Cells of an ODS sheet after its repetitions are written out; they are all held in memory."""

_DAMAGE = (
    zipfile.BadZipFile, zlib.error, expat.ExpatError, ET.ParseError, KeyError, ValueError, OSError, EOFError,
    RuntimeError,
)  # fmt: skip
"""What reading a damaged archive or part raises; an encrypted member is a RuntimeError."""

_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ODS_TYPE = b"application/vnd.oasis.opendocument.spreadsheet"
_DIMENSION = re.compile(rb"<(?:\w+:)?dimension\b[^>]*?(?:/>|>\s*</(?:\w+:)?dimension>)")
_ERRORS = frozenset(("#N/A", "#REF!", "#VALUE!", "#NAME?", "#DIV/0!", "#NULL!", "#NUM!", "#GETTING_DATA"))


class Sheet(Struct, frozen=True, kw_only=True):
    """What a sheet's part says beside its cells; rows and columns count from 0."""

    name: str
    spans: tuple[
        tuple[int, int, int, int], ...
    ] = ()  # merged: first row, first column, last row, last column
    links: dict[tuple[int, int], str] = {}


def kind(document: Document) -> Kind | None:
    """Which workbook this is by its content, or None. Never raises."""
    head = document.head(8)
    if head == _OLE:
        content = document.head(MAX_BYTES)
        return "xls" if any(name.encode("utf-16-le") in content for name in ("Workbook", "Book")) else None
    if not head.startswith(b"PK\x03\x04"):
        return None
    try:
        with document.open() as stream, zipfile.ZipFile(stream) as parts:
            names = set(parts.namelist())
            if "xl/workbook.xml" in names:
                return "xlsx"
            if "content.xml" in names and "mimetype" in names:
                with parts.open("mimetype") as mimetype:
                    return "ods" if mimetype.read(100).strip() == _ODS_TYPE else None
    except _DAMAGE:
        return None
    return None


def is_locked(document: Document) -> bool:
    """Is this a workbook that asks for a password? (MS-OFFCRYPTO 2.3)"""
    marker = "EncryptedPackage".encode("utf-16-le")
    return document.head(8) == _OLE and marker in document.head(MAX_BYTES)


def read(document: Document, which: Kind) -> Iterator[Table]:
    """Every sheet that holds cells, in the order of the workbook. Raises `FeedError`."""
    if document.size > MAX_BYTES:
        raise _too_large(document.url)
    data = document.read()
    if which == "xls":
        yield from _read_xls(data, document.url)
        return
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as parts:
            contents = _unpack(parts, which, document.url)
            sheets = _prepare_xlsx(contents) if which == "xlsx" else _prepare_ods(contents, document.url)
    except _DAMAGE as trouble:
        raise unreadable(document.url, trouble) from trouble
    data = _pack(contents)
    for sheet in sheets[:MAX_SHEETS]:
        control = ExcelControl(sheet=sheet.name) if which == "xlsx" else OdsControl(sheet=sheet.name)
        yield _table(data, which, control, sheet, document.url)


# ------------------------------------------------------------------------------ cells


def _table(data: bytes, which: Kind, control: Control, sheet: Sheet, where: str) -> Table:
    resource = TableResource(
        data=data,
        format=which,
        dialect=Dialect(header=False, controls=[control]),
        detector=Detector(sample_size=1, field_type="string"),
    )
    rows, cut = filled([as_text(cell) for cell in row[:MAX_COLUMNS]] for row in cells(resource, where))
    _fill_down(rows, sheet)
    return Table(
        rows=rows,
        sheet=sheet.name,
        links=sheet.links,
        banners=frozenset(top for top, left, _, right in sheet.spans if right > left),
        cut=cut,
    )


def as_text(cell: object) -> str:
    """A cell as a person would copy it: dates in ISO 8601, whole numbers without ".0"."""
    match cell:
        case None:
            return ""
        case bool():
            return "true" if cell else "false"
        case dt.datetime():
            return cell.date().isoformat() if cell.time() == dt.time() else cell.isoformat(timespec="seconds")
        case dt.date() | dt.time():
            return cell.isoformat()
        case float():
            return str(int(cell)) if cell.is_integer() and abs(cell) < 1e15 else repr(cell)
    text = str(cell).strip()
    return "" if text in _ERRORS else text


def _fill_down(rows: dict[int, list[str]], sheet: Sheet) -> None:
    """Write the text of cells that are merged downwards into each row with text that they cover."""
    budget = 10 * MAX_ROWS
    for top, left, bottom, _ in sheet.spans:
        if not (value := _cell(rows.get(top, []), left)):
            continue
        for place in range(top + 1, min(bottom, top + budget) + 1):
            budget -= 1
            if (row := rows.get(place)) is not None:
                row.extend("" for _ in range(left + 1 - len(row)))
                row[left] = row[left] or value


def _cell(row: list[str], column: int) -> str:
    return row[column] if column < len(row) else ""


# ------------------------------------------------------------------------------ XLSX

_MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
_REL_ID = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
_RANGE = re.compile(r"([A-Z]{1,3})(\d{1,7})(?::([A-Z]{1,3})(\d{1,7}))?")


def _prepare_xlsx(contents: Parts) -> list[Sheet]:
    """The worksheets; from their parts the size that they claim to have is taken out.

    Some programs write "A1:A1" there, and openpyxl believes it; others claim a million rows.
    """
    book = _tree(contents["xl/workbook.xml"])
    relations = _relations(contents, "xl/workbook.xml")
    sheets = []
    for element in book.iter(f"{_MAIN}sheet"):
        kind_of, path = relations.get(element.get(_REL_ID, ""), ("", ""))
        if kind_of == "worksheet" and path in contents:
            sheets.append(_xlsx_sheet(contents, element.get("name", ""), path))
            contents[path] = _DIMENSION.sub(b"", contents[path], count=1)
    return sheets


def _xlsx_sheet(contents: Parts, name: str, path: str) -> Sheet:
    spans: list[tuple[int, int, int, int]] = []
    links: dict[tuple[int, int], str] = {}
    relations = _relations(contents, path)
    for _, element in ET.iterparse(io.BytesIO(contents[path])):  # noqa: S314 - `_elements` let it pass
        if element.tag == f"{_MAIN}row":
            element.clear()
        elif element.tag == f"{_MAIN}mergeCell" and len(spans) < MAX_MERGED:
            if span := _range(element.get("ref", "")):
                spans.append(span)
        elif element.tag == f"{_MAIN}hyperlink" and len(links) < MAX_MERGED:
            _, target = relations.get(element.get(_REL_ID, ""), ("", ""))
            if target and (span := _range(element.get("ref", ""))):
                links[span[0], span[1]] = target
    return Sheet(name=name, spans=tuple(spans), links=links)


def _relations(contents: Parts, path: str) -> dict[str, tuple[str, str]]:
    """The relationships of a part: id → (the last word of its type, path or outside address)."""
    folder, _, name = path.rpartition("/")
    file = f"{folder}/_rels/{name}.rels"
    if file not in contents:
        return {}
    found = {}
    for element in _tree(contents[file]):
        target = element.get("Target", "")
        if element.get("TargetMode") != "External":
            target = target[1:] if target.startswith("/") else normpath(join(folder, target))
        found[element.get("Id", "")] = (element.get("Type", "").rpartition("/")[2], target)
    return found


def _range(reference: str) -> tuple[int, int, int, int] | None:
    """ "B5:C6" → (4, 1, 5, 2)."""
    match = _RANGE.fullmatch(reference.replace("$", ""))
    if not match:
        return None
    left, top, right, bottom = match.groups()
    first, last = _column_number(left), _column_number(right or left)
    return int(top) - 1, first, int(bottom or top) - 1, last


def _column_number(letters: str) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - ord("A") + 1
    return number - 1


# ------------------------------------------------------------------------------ ODS

_NS = "urn:oasis:names:tc:opendocument:xmlns:"
_TABLE, _OFFICE, _TEXT = f"{{{_NS}table:1.0}}", f"{{{_NS}office:1.0}}", f"{{{_NS}text:1.0}}"
_HREF = "{http://www.w3.org/1999/xlink}href"
_ODS_REPEAT = 32  # ezodf writes fewer repetitions out and makes one of more
_ODS_DATE = re.compile(r"\d{4}-\d\d-\d\d(?:T\d\d:\d\d:\d\d)?")


def _prepare_ods(contents: Parts, where: str) -> list[Sheet]:
    """The sheets; in `content.xml` dates become such as ezodf can read.

    One date with a fraction of a second, as LibreOffice writes them, would cost the whole sheet.
    """
    body = _tree(contents["content.xml"])
    sheets = [_ods_sheet(table, where) for table in body.iter(f"{_TABLE}table")]
    contents["content.xml"] = ET.tostring(body)
    return sheets


def _ods_sheet(table: ET.Element, where: str) -> Sheet:
    spans: list[tuple[int, int, int, int]] = []
    links: dict[tuple[int, int], str] = {}
    height = width = 0
    for row in table.iter(f"{_TABLE}table-row"):
        column = 0
        for cell in row:
            if (link := cell.find(f".//{_TEXT}a")) is not None:
                links[height, column] = link.get(_HREF, "")
            down = _count(cell, "number-rows-spanned")
            across = _count(cell, "number-columns-spanned")
            if down > 1 or across > 1:
                spans.append((height, column, height + down - 1, column + across - 1))
            _simplify_date(cell)
            column += _written_out(cell, "number-columns-repeated")
        height += _written_out(row, "number-rows-repeated")
        width = max(width, column)
        if height * width > MAX_ODS_CELLS:
            raise _too_large(where)
    return Sheet(name=table.get(f"{_TABLE}name", ""), spans=tuple(spans), links=links)


def _simplify_date(cell: ET.Element) -> None:
    """Cut a date to what ezodf reads; what is no date becomes text."""
    attribute = f"{_OFFICE}date-value"
    if cell.get(f"{_OFFICE}value-type") != "date":
        return
    if match := _ODS_DATE.match(cell.get(attribute, "")):
        cell.set(attribute, match.group())
        try:
            dt.datetime.fromisoformat(match.group())
            return
        except ValueError:
            pass
    cell.set(f"{_OFFICE}value-type", "string")


def _count(element: ET.Element, attribute: str) -> int:
    value = element.get(f"{_TABLE}{attribute}", "1")
    return int(value) if value.isascii() and value.isdigit() and len(value) < 9 else 1


def _written_out(element: ET.Element, attribute: str) -> int:
    """How often ezodf repeats an element."""
    count = _count(element, attribute)
    return count if count < _ODS_REPEAT else 1


# ------------------------------------------------------------------------------ XLS


def _read_xls(data: bytes, where: str) -> Iterator[Table]:
    """The sheets of an old Excel file, until there are no more."""
    for number in range(1, MAX_SHEETS + 1):
        try:
            yield _table(data, "xls", ExcelControl(sheet=number), Sheet(name=str(number)), where)
        except FeedError:
            if number == 1:
                raise
            return


# ------------------------------------------------------------------------------ parts


Parts = dict[str, bytes]
"""The members of a workbook by name, in their order (ODS wants `mimetype` first)."""

_ODS_PARTS = ("mimetype", "META-INF/manifest.xml", "meta.xml", "styles.xml", "content.xml")


def _unpack(parts: zipfile.ZipFile, which: Kind, where: str) -> Parts:
    """The members that Frictionless needs. Raises `FeedError` when they are too large together."""
    if which == "ods":
        members = [part for part in parts.infolist() if part.filename in _ODS_PARTS]
    else:
        members = [part for part in parts.infolist() if part.filename.endswith((".xml", ".rels"))]
    if sum(part.file_size for part in members) > MAX_UNPACKED:
        raise _too_large(where)
    contents = {part.filename: parts.read(part) for part in members}
    if sum(_elements(content) for name, content in contents.items() if name != "mimetype") > MAX_ELEMENTS:
        raise _too_large(where)
    return contents


def _elements(content: bytes) -> int:
    """How many elements a part has. Raises `ValueError` for what no workbook has and parsers choke on."""
    count = depth = 0

    def start(name: str, attributes: dict[str, str]) -> None:
        nonlocal count, depth
        count, depth = count + 1, depth + 1
        if depth > MAX_DEPTH or count > MAX_ELEMENTS:
            raise ValueError("its XML is too deep or too long")

    def end(name: str) -> None:
        nonlocal depth
        depth -= 1

    def doctype(*_: object) -> None:
        raise ValueError("its XML declares a document type")

    parser = expat.ParserCreate()
    parser.StartElementHandler, parser.EndElementHandler = start, end
    parser.StartDoctypeDeclHandler = doctype
    parser.Parse(content, True)
    return count


def _pack(contents: Parts) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as parts:
        for name, content in contents.items():
            parts.writestr(name, content)
    return packed.getvalue()


def _tree(content: bytes) -> ET.Element:
    return ET.fromstring(content)  # noqa: S314 - `_elements` let it pass


def _too_large(where: str) -> FeedError:
    return FeedError(
        where,
        N_("The workbook is too large to be a list of datasets: more than {limit} MB when unpacked."),
        N_("Keep the list of datasets in a workbook of its own, without the data and without pictures."),
        limit=MAX_UNPACKED // 1_000_000,
    )
