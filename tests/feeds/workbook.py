"""Workbooks made on the spot: what stands in each test beside what is expected of it."""

from __future__ import annotations

import datetime as dt
import io
import zipfile
from collections.abc import Mapping, Sequence
from typing import Any

import ezodf
import openpyxl

Rows = Sequence[Sequence[Any]]


def xlsx(
    sheets: Mapping[str, Rows], merged: Sequence[str] = (), links: Mapping[str, str] | None = None
) -> bytes:
    """An Excel workbook; `merged` ("A1:B2") and `links` (cell → address) are on its first sheet."""
    book = openpyxl.Workbook()
    book.remove(book.active)
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(list(row))
    first = book.worksheets[0]
    for area in merged:
        first.merge_cells(area)
    for cell, address in (links or {}).items():
        first[cell].hyperlink = address
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def ods(sheets: Mapping[str, Rows]) -> bytes:
    book = ezodf.newdoc("ods")
    for name, rows in sheets.items():
        sheet = ezodf.Sheet(name, size=(len(rows), max(map(len, rows))))
        book.sheets += sheet
        for number, row in enumerate(rows):
            for column, value in enumerate(row):
                if isinstance(value, dt.date):
                    sheet[number, column].set_value(value.isoformat(), "date")
                elif value is not None:
                    sheet[number, column].set_value(value)
    return book.tobytes()


def changed(workbook: bytes, part: str, change: Any) -> bytes:
    """The workbook with one of its parts put through `change(bytes) -> bytes`."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(workbook)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            content = old.read(name)
            new.writestr(name, change(content) if name == part else content)
    return out.getvalue()
