"""The empty list that `harvester template` writes is one that the spreadsheet feed understands."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import pytest
from click.testing import CliRunner
from openpyxl import load_workbook

from harvester import template
from harvester.cli import main
from harvester.cli import template as command
from harvester.document import Document
from harvester.feeds import spreadsheet
from harvester.feeds._tables.headings import LANGUAGES, read_headings
from harvester.model import Draft, Source
from harvester.template import FIELDS, Form, empty_list

URL = "https://elmford.example/datasets"
FILLED = {
    "identifier": "trees", "title": "Street trees", "description": "Each one", "publisher.name": "Parks",
    "contact.name": "Parks desk", "contact.email": "parks@elmford.example", "keywords": "trees; parks",
    "themes": "Environment", "licence": "CC0", "frequency": "yearly", "issued": "2019", "modified": "2024-03-18",
    "spatial": "Elmford", "temporal.start": "2019", "temporal.end": "2024", "landing_page": "https://x.example/t",
    "file.title": "List", "file.format": "CSV", "file.download_url": "https://x.example/t.csv",
}  # fmt: skip


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_heading_is_understood_as_a_whole_and_as_its_own_field(language: str) -> None:
    for known in (language, None):  # also where the entry does not say its language
        columns = read_headings(template.headings(language), known)
        assert [(column.field, column.exact) for column in columns] == [(field, True) for field in FIELDS]


@pytest.mark.parametrize("form", ["csv", "xlsx"])
@pytest.mark.parametrize("language", LANGUAGES)
def test_an_empty_list_is_recognised_and_holds_no_dataset(language: str, form: Form) -> None:
    document = Document(url=URL, body=empty_list(language, form))
    assert spreadsheet.recognise(document)
    source = Source(id="elmford", url=URL, name="Elmford")
    assert list(spreadsheet.read(source, {URL: document}.__getitem__)) == []  # type: ignore[arg-type]


@pytest.mark.parametrize("form", ["csv", "xlsx"])
@pytest.mark.parametrize("language", LANGUAGES)
def test_a_row_that_is_filled_in_is_read_back_whole(language: str, form: Form) -> None:
    content = empty_list(language, form)
    row = [FILLED[field] for field in FIELDS]
    if form == "csv":
        text = io.StringIO()
        csv.writer(text, delimiter="," if language == "en" else ";").writerow(row)
        content += text.getvalue().encode()
    else:
        book = load_workbook(io.BytesIO(content))
        book.active.append(row)
        out = io.BytesIO()
        book.save(out)
        content = out.getvalue()
    document = Document(url=URL, body=content)
    source = Source(id="elmford", url=URL, name="Elmford")
    [draft] = spreadsheet.read(source, {URL: document}.__getitem__)
    assert isinstance(draft, Draft)
    assert (draft.key, draft.title, draft.licence, draft.frequency) == (
        "trees", {"": "Street trees"}, "CC0", "yearly",
    )  # fmt: skip
    assert draft.publisher is not None
    assert draft.publisher.name == {"": "Parks"}
    assert (draft.contacts[0].name, draft.contacts[0].email) == ("Parks desk", "parks@elmford.example")
    assert (draft.temporal[0].start, draft.temporal[0].end) == ("2019", "2024")
    [file] = draft.distributions
    assert (file.title, file.format, file.download_url) == ({"": "List"}, "CSV", "https://x.example/t.csv")
    assert draft.unread == {}


def test_csv_opens_in_excel_with_its_accents_and_in_its_columns() -> None:
    assert empty_list("fr", "csv").startswith(b"\xef\xbb\xbfIdentifiant;Titre;Description;Producteur;")
    assert empty_list("en", "csv").startswith(b"\xef\xbb\xbfIdentifier,Title,Description,Publisher,")


def test_the_command_writes_datasets_csv_and_never_over_a_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert CliRunner().invoke(main, ["template", "--language", "fr"]).exit_code == 0
    assert Path("datasets.csv").read_bytes() == empty_list("fr", "csv")
    again = CliRunner().invoke(main, ["template"])
    assert again.exit_code == 1
    assert "datasets.csv is there already" in again.output
    assert Path("datasets.csv").read_bytes() == empty_list("fr", "csv")


def test_the_command_offers_the_languages_that_there_are() -> None:
    assert command.LANGUAGES == LANGUAGES


def test_the_ending_of_the_name_decides_on_the_form(tmp_path: Path) -> None:
    out = tmp_path / "liste.xlsx"
    assert CliRunner().invoke(main, ["template", "--language", "es", "--out", str(out)]).exit_code == 0
    assert load_workbook(out).active["B1"].value == "Título"
    wrong = CliRunner().invoke(main, ["template", "--out", str(tmp_path / "list.pdf")])
    assert wrong.exit_code == 2
    assert ".csv or .xlsx" in wrong.output
