"""Reading tables into rows of text: encodings, quotation marks, headings, and workbooks that lie."""

from __future__ import annotations

import csv
import re
import time
from importlib import resources
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harvester import vocabularies
from harvester.document import Document
from harvester.errors import FeedError
from harvester.feeds import _tables, spreadsheet
from harvester.feeds._tables import headings, rows, text, workbooks
from harvester.model import Draft, Problem, Source

from .workbook import changed, ods, xlsx

URL = "https://elmford.example/list"


def read(body: bytes | str) -> _tables.Table:
    return text.read(Document(url=URL, body=body.encode() if isinstance(body, str) else body))


def cells(table: _tables.Table) -> list[list[str]]:
    return list(table.rows.values())


# ------------------------------------------------------------------------------ encodings


@pytest.mark.parametrize(
    ("data", "charset", "expected"),
    [
        ("é".encode(), None, "é"),
        (b"\xef\xbb\xbf\xef\xbb\xbf" + "é".encode(), None, "é"),  # a mark on a mark
        ("é".encode("utf-16"), None, "é"),
        ("caf\u00e9;a".encode("utf-16-le"), None, "café;a"),  # without a mark
        ("caf\u00e9;a".encode("utf-16-be"), None, "café;a"),
        ("œ – €".encode("cp1252"), "utf-8", "œ – €"),  # whatever the server says
        ("œ – €".encode("cp1252"), "iso-8859-1", "œ – €"),  # which means Windows-1252 on the web
        ("é\n".encode() + "é\n".encode("cp1252"), None, "é\né\n"),  # two lists put together
        ("ść".encode("cp1250"), "windows-1250", "ść"),
        ("é".encode("cp1252"), "unicode_escape", "é"),  # no claim makes us run a codec that is none
        ("é".encode("cp1252"), "cp99999", "é"),
        (b"\x81", None, "\ufffd"),
    ],
)
def test_decodes_what_offices_save(data: bytes, charset: str | None, expected: str) -> None:
    assert text.decode(data, charset) == expected


@given(
    st.binary(max_size=80), st.none() | st.sampled_from(["utf-8", "cp1252", "rot13", "", "\0", "macintosh"])
)
def test_decodes_anything(data: bytes, charset: str | None) -> None:
    assert isinstance(text.decode(data, charset), str)


# ------------------------------------------------------------------------------ delimiters, quotation marks


def test_a_comma_in_a_description_does_not_make_it_the_delimiter() -> None:
    assert cells(read("Title;Description\nTrees;a, b, c, d\n")) == [
        ["Title", "Description"],
        ["Trees", "a, b, c, d"],
    ]


def test_a_quotation_mark_without_partner_costs_its_line_and_not_all_that_follow() -> None:
    table = read(
        'Title,Description,Link\n"Trees,all,/t\nBenches,"a ""good"" one\nor two, or three",/b\nParks,x,/p\n'
    )
    assert cells(table)[1:] == [
        ["Trees", "all", "/t"],
        ["Benches", 'a "good" one\nor two, or three', "/b"],
        ["Parks", "x", "/p"],
    ]
    assert table.unclosed == (2,)


def test_two_of_them_do_not_close_each_other() -> None:
    table = read('Title,Description,Link\n"Trees,all,/t\nBenches,"old,/b\nParks,x,/p\n')
    assert [row[0] for row in cells(table)[1:]] == ["Trees", "Benches", "Parks"]
    assert table.unclosed == (2, 3)


def test_one_in_a_title_row_does_not_hide_the_headings() -> None:
    source = Source(id="x", url=URL, name="x")
    document = Document(url=URL, body=b'"Our data;;\nTitle;Description\nTrees;x\n')
    draft, problem = spreadsheet.read(source, lambda url: document)
    assert isinstance(draft, Draft)
    assert draft.title == {"": "Trees"}
    assert str(problem) == (
        f"{URL}: Line 1 opens a quotation mark that is never closed. "
        "Check that line; its quotation marks were passed over."
    )


@pytest.mark.parametrize("line", ['"a,b,c,d\n', '"a,b\ne,f,g",h\n', '"a,', ',"', " \"a'", '""",'])
def test_quotation_marks_cannot_make_it_hang(line: str) -> None:
    """The sniffer of Python's csv, which Frictionless always asks, takes 26 s for 90 kB of the third."""
    start = time.perf_counter()
    read("Title,Description,Link\n" + line * 30_000)
    assert time.perf_counter() - start < 10


# ------------------------------------------------------------------------------ headings


def vocabulary() -> list[dict[str, str]]:
    path = resources.files(vocabularies) / "headings.csv"
    return list(csv.DictReader(path.read_text(encoding="utf-8").splitlines()))


def test_the_list_of_headings_holds_each_once_and_every_one_is_found() -> None:
    meanings: dict[tuple[str, str], list[str]] = {}
    for row in vocabulary():
        fields = meanings.setdefault((row["language"], headings.key(row["heading"])), [])
        assert row["heading"] == row["heading"].strip().lower()
        fields.append(row["field"])
        [column] = headings.read_headings([row["heading"]], row["language"])
        assert column.exact
        assert column.field in fields, row
    ambiguous = {key for (_, key), fields in meanings.items() if len(set(fields)) > 1}
    assert ambiguous == {"resourcename", "file", "fichier", "fichero", "archivo"}, "each needs a thought"


def test_every_field_of_the_list_is_read() -> None:
    """A field that only the list knows would swallow its column."""
    code = (
        "".join(Path(module.__file__ or "").read_text() for module in (spreadsheet, headings, rows))
        + (Path(rows.__file__).parent / "entries.py").read_text()
    )
    for field in {row["field"] for row in vocabulary()}:
        assert f'"{field}"' in code or f'"{field.removeprefix("file.")}"' in code, field


def test_the_headings_are_the_row_that_is_understood_best_among_the_first_fifteen() -> None:
    above = {0: ["Dataset list", "Updated"], 3: ["Title", "Link"], 5: ["Title", "Link", "Format", "Keywords"]}
    found = headings.find_header(above)
    assert found is not None
    assert found.row == 5
    assert headings.find_header({15: ["Title", "Link"]}) is None
    assert headings.find_header({0: ["Description", "Link"]}) is None
    assert headings.find_header({0: ["Title", "Colour"]}) is None


@pytest.mark.parametrize(
    ("heading", "field"),
    [
        ("Description of what the dataset contains", "description"),
        ("Format (CSV, XLSX...)", "file.format"),
        ("To whom it may concern", None),  # "to" alone is the end of a period
        ("accrualPeriodicity", "frequency"),
        ("N°", "identifier"),
        ("Date de mise à jour (jj/mm/aaaa)", "modified"),
        ("", None),
    ],
)
def test_a_heading_may_go_on_after_the_words_that_matter(heading: str, field: str | None) -> None:
    columns = headings.read_headings(["x", heading])
    assert [column.field for column in columns[1:]] == ([field] if heading else [])


@given(st.lists(st.text(max_size=300), max_size=20), st.none() | st.text(max_size=5))
def test_any_cells_can_be_read_as_headings(found: list[str], language: str | None) -> None:
    columns = headings.read_headings(found, language)
    assert [column.index for column in columns] == [i for i, cell in enumerate(found) if cell.strip()]


# ------------------------------------------------------------------------------ workbooks that lie


LIST = [["Title", "Description"], ["Trees", "x"], ["Parks", "y"]]


def sheet(body: bytes) -> list[list[str]]:
    document = Document(url=URL, body=body)
    kind = workbooks.kind(document)
    assert kind
    return cells(next(iter(workbooks.read(document, kind))))


def far_cell(part: bytes) -> bytes:
    row = b'<row r="1048576"><c r="XFD1048576"><v>1</v></c></row></sheetData>'
    return part.replace(b"</sheetData>", row).replace(b'ref="A1:B3"', b'ref="A1:XFD1048576"')


def test_a_cell_far_away_is_reached_without_the_cells_between() -> None:
    start = time.perf_counter()
    found = sheet(changed(xlsx({"List": LIST}), "xl/worksheets/sheet1.xml", far_cell))
    assert found[:3] == LIST
    assert time.perf_counter() - start < 20


def merges(part: bytes) -> bytes:
    return part.replace(
        b"</sheetData>",
        b"</sheetData><mergeCells>" + b'<mergeCell ref="A2:C1048576"/>' * 20_000 + b"</mergeCells>",
    )


def test_merged_cells_without_end_are_filled_where_there_are_rows() -> None:
    start = time.perf_counter()
    assert sheet(changed(xlsx({"List": LIST}), "xl/worksheets/sheet1.xml", merges)) == LIST
    assert time.perf_counter() - start < 20


@pytest.mark.parametrize(
    ("part", "content", "told"),
    [
        ("xl/worksheets/sheet1.xml", b"<a>" + b" " * (workbooks.MAX_UNPACKED + 1) + b"</a>", "too large"),
        ("xl/worksheets/sheet1.xml", b"<a>" * 100_000, "too deep"),
        ("xl/styles.xml", b"<a>" * 100_000, "too deep"),
        (
            "xl/workbook.xml",
            b'<!DOCTYPE a [<!ENTITY e SYSTEM "file:///etc/passwd">]><a>&e;</a>',
            "document type",
        ),
        ("xl/workbook.xml", b"<a/>", "No row of headings"),
        ("xl/styles.xml", b"<a>" + b"<a/>" * (workbooks.MAX_ELEMENTS + 1) + b"</a>", "too long"),
    ],
)
def test_a_workbook_that_unfolds_is_refused_before_it_does(part: str, content: bytes, told: str) -> None:
    document = Document(url=URL, body=changed(xlsx({"List": LIST}), part, lambda old: content))
    with pytest.raises(FeedError, match=re.escape(told)):
        list(spreadsheet.read(Source(id="x", url=URL, name="x"), lambda url: document))


TABLE_END = b"</table:table>"


def ods_rows(added: bytes) -> bytes:
    return changed(
        ods({"List": LIST}), "content.xml", lambda part: part.replace(TABLE_END, added + TABLE_END)
    )


def test_an_ods_date_that_is_none_costs_its_cell_only() -> None:
    """LibreOffice writes fractions of seconds; ezodf refuses them, and the whole sheet with them."""
    date = (
        b'<table:table-cell office:value-type="date" office:date-value="%s">'
        b"<text:p>%s</text:p></table:table-cell>"
    )
    row = b"<table:table-row>" + date % (b"2024-03-18T10:00:00.123456789", b"x") + date % (b"soon", b"soon")
    assert sheet(ods_rows(row + b"</table:table-row>"))[3] == ["2024-03-18T10:00:00", "soon"]


def test_ods_repetitions_that_unfold_are_refused() -> None:
    wide = b'<table:table-cell table:number-columns-repeated="31"/>' * 200
    row = b'<table:table-row table:number-rows-repeated="31">' + wide + b"</table:table-row>"
    with pytest.raises(FeedError, match="too large"):
        sheet(ods_rows(row * 20))


def test_ods_merged_cells_and_links() -> None:
    cell = b'<table:table-cell office:value-type="string"%s><text:p>%s</text:p></table:table-cell>'
    link = b'<text:a xlink:href="https://x.example/b.csv">here</text:a>'
    rows = (
        b"<table:table-row>" + cell % (b' table:number-rows-spanned="2"', b"Benches") + cell % (b"", b"1")
        + b"</table:table-row><table:table-row><table:covered-table-cell/>" + cell % (b"", link)
        + b"</table:table-row>"
    )  # fmt: skip
    document = Document(url=URL, body=ods_rows(rows))
    [table] = workbooks.read(document, "ods")
    assert cells(table)[3:] == [["Benches", "1"], ["Benches", "here"]]
    assert table.links == {(4, 1): "https://x.example/b.csv"}


def test_only_so_many_rows_are_read_and_it_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(_tables, "MAX_ROWS", 3)
    monkeypatch.setattr(spreadsheet, "MAX_ROWS", 3)
    for body in (
        xlsx({"List": [*LIST, ["Benches", "z"]]}),
        b"Title,Description\nTrees,x\nParks,y\n\n\nBenches,z\n",
    ):
        document = Document(url=URL, body=body)
        *found, problem = spreadsheet.read(Source(id="x", url=URL, name="x"), lambda url, d=document: d)
        assert len(found) == 2
        assert isinstance(problem, Problem)
        assert problem.partial
        assert "only its first 3 rows were read" in str(problem)


@pytest.mark.parametrize(
    ("cell", "expected"),
    [(300.0, "300"), (300.21, "300.21"), (1e300, "1e+300"), (True, "true"), (None, ""), (" a\u00a0", "a"),
     ("#REF!", "")],
)  # fmt: skip
def test_a_cell_as_a_person_would_copy_it(cell: object, expected: str) -> None:
    assert workbooks.as_text(cell) == expected


# ------------------------------------------------------------------------------ captured lists

CAPTURED: list[tuple[str, int, int]] = [  # file, datasets as INDEX.tsv has them, files
    ("feeds/inventory/argentina-justicia/catalogo_justicia.xlsx", 16, 56),
    ("feeds/inventory/argentina-justicia/catalogo_justicia_extra_columns.xlsx", 16, 56),
    ("feeds/inventory/argentina-justicia/lists_extra_commas.xlsx", 16, 56),
    ("feeds/inventory/argentina-justicia/catalogo-justicia-06022017.xlsx", 16, 69),
    ("feeds/inventory/argentina-justicia/catalogo-justicia-56-distribuciones.xlsx", 16, 56),
    # its sheet of datasets has no titles; they stand in the sheet of files
    ("feeds/inventory/argentina-justicia/catalogo-justicia-con-error-datasets.xlsx", 16, 56),
    # lists of a portal's datasets, which name no files
    ("feeds/ods/vancouver_catalog-export_v2.1.csv", 197, 0),
    ("feeds/ods/public-opendatasoft_catalog.csv", 186, 0),
    # the CSV names one file a dataset, the workbook all of them
    ("portals/made/maplewood-inventory.csv", 10, 9),
    ("portals/made/maplewood-inventory.xlsx", 10, 12),
    ("portals/made/saint-aubin-inventaire.csv", 8, 9),
    ("portals/made/saint-aubin-inventaire.xlsx", 8, 9),
]


@pytest.mark.parametrize(("file", "datasets", "files"), CAPTURED)
def test_captured_lists_are_read_whole(shared: Path, file: str, datasets: int, files: int) -> None:
    document = Document(url=URL, body=shared / file)
    assert spreadsheet.recognise(document)
    found: list[Any] = list(spreadsheet.read(Source(id="x", url=URL, name="x"), lambda url: document))
    assert all(isinstance(item, Draft) for item in found)
    assert (len(found), sum(len(draft.distributions) for draft in found)) == (datasets, files)


@pytest.mark.parametrize("fault", [None, "bom_utf8", "utf16", "latin1_mislabelled", "wrong_content_type"])
@pytest.mark.parametrize(("portal", "datasets"), [("maplewood", 10), ("saint-aubin", 8)])
def test_replayed_lists_survive_what_servers_do_to_them(
    replay: Any, portal: str, datasets: int, fault: str | None
) -> None:
    import urllib.request

    running = replay(portal)
    if fault:
        running.fault(portal, fault)
    with urllib.request.urlopen(running.feed_url(portal)) as answer:
        document = Document(url=answer.url, body=answer.read(), charset=answer.headers.get_content_charset())
    assert spreadsheet.recognise(document)
    source = Source(id=portal, url=document.url, name=portal)
    found = [item for item in spreadsheet.read(source, lambda url: document) if isinstance(item, Draft)]
    added = fault == "latin1_mislabelled"  # which writes a line of its own below the list
    assert len(found) == datasets + added
    assert all("\ufffd" not in str(draft) and "Ã" not in str(draft) for draft in found)


def test_the_headings_that_the_guide_suggests_are_understood() -> None:
    guide = (Path(__file__).resolve().parents[2] / "docs" / "spreadsheet.md").read_text()
    table = guide.partition("| what | English | French | Spanish |")[2].partition("\n\n")[0]
    lines = [line.strip("| ").split(" | ") for line in table.splitlines()[2:]]
    assert len(lines) > 20
    for what, *languages in lines:
        for tag, suggested in zip(headings.LANGUAGES, languages, strict=True):
            for heading in re.split("[,;] ", suggested):
                [column] = headings.read_headings([heading], tag)
                assert column.exact, (what, tag, heading)
