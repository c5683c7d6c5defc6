"""An empty list of datasets for a town to fill in, which the `spreadsheet` feed reads. Pure.

The headings are those that we suggest (`vocabularies/headings.csv`), in the order in which a clerk
thinks of them; `docs/spreadsheet.md` explains each.
"""

from __future__ import annotations

import csv
import io
from typing import Literal

from openpyxl import Workbook  # type: ignore[import-untyped]
from openpyxl.styles import Alignment, Font  # type: ignore[import-untyped]
from openpyxl.utils import get_column_letter  # type: ignore[import-untyped]

from harvester.feeds._tables.headings import LANGUAGES, suggested

Form = Literal["csv", "xlsx"]

FIELDS = (
    "identifier", "title", "description", "publisher.name", "contact.name", "contact.email", "keywords",
    "themes", "licence", "frequency", "issued", "modified", "spatial", "temporal.start", "temporal.end",
    "landing_page", "file.title", "file.format", "file.download_url",
)  # fmt: skip

_SHEETS = {"en": "Datasets", "fr": "Jeux de données", "es": "Conjuntos de datos"}
_SEPARATORS = {"en": ",", "fr": ";", "es": ";"}
"""What the spreadsheet programs of a language put between the cells of a CSV file."""


def headings(language: str) -> list[str]:
    """The headings of the columns. Raises `KeyError` for a language that is none of `LANGUAGES`."""
    return [suggested(field, language) for field in FIELDS]


def empty_list(language: str, form: Form) -> bytes:
    """The file: a row of headings, and nothing below. Raises `KeyError` as `headings` does."""
    return _csv(language) if form == "csv" else _xlsx(language)


def _csv(language: str) -> bytes:
    """UTF-8 with a byte order mark, without which Excel takes it for another encoding."""
    text = io.StringIO(newline="")
    csv.writer(text, delimiter=_SEPARATORS[language], lineterminator="\r\n").writerow(headings(language))
    return text.getvalue().encode("utf-8-sig")


def _xlsx(language: str) -> bytes:
    book = Workbook()
    sheet = book.active
    sheet.title = _SHEETS[language]
    sheet.append(headings(language))
    for column, cell in enumerate(sheet[1], start=1):
        cell.font = Font(bold=True)
        cell.alignment = Alignment(wrap_text=True, vertical="top")
        wide = FIELDS[column - 1] in ("title", "description", "file.download_url", "landing_page")
        sheet.column_dimensions[get_column_letter(column)].width = 40 if wide else 18
    sheet.freeze_panes = "A2"
    content = io.BytesIO()
    book.save(content)
    return content.getvalue()


__all__ = ["FIELDS", "LANGUAGES", "Form", "empty_list", "headings"]
