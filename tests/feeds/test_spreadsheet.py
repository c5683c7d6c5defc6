"""Lists that people keep: what the feed makes of their rows."""

from __future__ import annotations

import csv
import datetime as dt
import io
from pathlib import Path
from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from harvester.document import Document
from harvester.errors import FeedError
from harvester.feeds import spreadsheet
from harvester.model import (
    Draft,
    DraftAgent,
    DraftContact,
    DraftDistribution,
    DraftPeriod,
    DraftPlace,
    Item,
    Problem,
    Source,
)

from .workbook import changed, ods, xlsx

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
URL = "https://elmford.example/data/list.csv"


def items(body: bytes | str | Path, language: str | None = None, charset: str | None = None) -> list[Item]:
    content = body.encode() if isinstance(body, str) else body
    document = Document(url=URL, body=content, charset=charset)
    source = Source(id="elmford", url=URL, name="Elmford", language=language)
    return list(spreadsheet.read(source, {URL: document}.__getitem__))


def drafts(body: bytes | str | Path, **options: Any) -> list[Draft]:
    """The drafts of a list in which nothing is wrong."""
    found = items(body, **options)
    assert [item for item in found if not isinstance(item, Draft)] == []
    return [item for item in found if isinstance(item, Draft)]


def problems(body: bytes | str) -> list[str]:
    return [str(item) for item in items(body) if isinstance(item, Problem)]


def titles(found: list[Draft]) -> list[str]:
    return [next(iter(draft.title.values())) for draft in found]


# ------------------------------------------------------------------------------ a row is a dataset


def test_every_field_has_its_heading() -> None:
    """One row with everything; the heading's text decides, not its place."""
    [draft] = drafts(
        "Identifier,Title,Description,Keywords,Theme,Publisher,Publisher email,Publisher URL,Contact,"
        "Contact email,Contact phone,Landing page,Licence,Rights,Access level,Issued,Last updated,Frequency,"
        "Language,Area covered,Time period,Standard,Documentation,Data dictionary,Part of,Version,Status,"
        "File title,File description,Access URL,Download URL,Format,Media type,File size (kB),Checksum\n"
        "tr-1,Street trees,Every tree.,trees; parks,Environment,Parks,parks@elmford.example,"
        "https://elmford.example/parks,Parks desk,desk@elmford.example,555 0101,/trees,CC BY 4.0,© Elmford,"
        "public,2019,2024-03-18,yearly,en,Elmford,2019/2024,Tree standard 2,guide.pdf,dictionary.csv,"
        "green,2.1,current,Trees 2024,One row a tree,/trees/api,trees.csv,CSV,text/csv,12,md5:0f\n"
    )
    assert draft == Draft(
        key="tr-1",
        identifiers=("tr-1",),
        title={"": "Street trees"},
        description={"": "Every tree."},
        keywords=(("", "trees"), ("", "parks")),
        themes=("Environment",),
        publisher=DraftAgent(
            name={"": "Parks"}, email="parks@elmford.example", url="https://elmford.example/parks"
        ),
        contacts=(DraftContact(name="Parks desk", email="desk@elmford.example", phone="555 0101"),),
        landing_page="https://elmford.example/trees",
        licence="CC BY 4.0",
        rights="© Elmford",
        access_rights="public",
        issued="2019",
        modified="2024-03-18",
        frequency="yearly",
        languages=("en",),
        spatial=(DraftPlace(text="Elmford"),),
        temporal=(DraftPeriod(text="2019/2024"),),
        conforms_to=("Tree standard 2",),
        documentation=("https://elmford.example/data/guide.pdf",),
        data_dictionary=("https://elmford.example/data/dictionary.csv",),
        in_series=("green",),
        version="2.1",
        status="current",
        distributions=(
            DraftDistribution(
                title={"": "Trees 2024"},
                description={"": "One row a tree"},
                access_url="https://elmford.example/trees/api",
                download_url="https://elmford.example/data/trees.csv",
                format="CSV",
                media_type="text/csv",
                byte_size="12 kb",
                checksum="md5:0f",
            ),
        ),
    )


@pytest.mark.parametrize(
    ("head", "row"),
    [
        ("Titre;Descriptif;Direction;Courriel;Lien", "Arbres;Les arbres;Parcs;parcs@orme.example;/a.csv"),
        (
            "TÍTULO\tRESUMEN\tORGANISMO\tCORREO\tENLACE",
            "Arbres\tLes arbres\tParcs\tparcs@orme.example\t/a.csv",
        ),
        (
            "Name of the Dataset (required)|What is it?|Published by|E-mail:|Links",
            "Arbres|x|Parcs|parcs@orme.example|/a.csv",
        ),
        (
            "dct:title,dct_description,publisher_name,contactPoint hasEmail,URL",
            "Arbres,,Parcs,parcs@orme.example,/a.csv",
        ),
    ],
)
def test_headings_are_plain_words_in_three_languages(head: str, row: str) -> None:
    [draft] = drafts(f"{head}\n{row}\n")
    assert draft.title == {"": "Arbres"}
    assert draft.publisher is not None
    assert draft.publisher.name == {"": "Parcs"}
    assert draft.contacts == (DraftContact(email="parcs@orme.example"),)
    assert draft.distributions[0].url == "https://elmford.example/a.csv"


def test_a_column_for_each_language_gives_text_in_that_language() -> None:
    [draft] = drafts("title_en,title_fr,Description (French),Keywords,URL\nTrees,Arbres,Les arbres,a,\n")
    assert draft.title == {"en": "Trees", "fr": "Arbres"}
    assert draft.description == {"fr": "Les arbres"}
    assert draft.keywords == (("", "a"),)


def test_an_unknown_heading_is_kept_and_a_persons_name_is_not() -> None:
    [draft] = drafts("Title,Link,Shelf,Created by,,\nTrees,,B 12,J. Doe,,left over\n")
    assert draft.unread == {"Shelf": "B 12", "column F": "left over"}
    [problem] = problems("Title,Link,Shelf,Created by\n,,B 12,J. Doe\n")
    assert "B 12" in problem
    assert "Doe" not in problem


def test_of_two_columns_for_one_field_the_other_is_kept_too() -> None:
    """CKAN's lists have a name, which is a slug, before the title."""
    [draft] = drafts("id,name,title,license_id,license_title,URL\n1,street-trees,Street trees,cc-by,CC BY,\n")
    assert draft.title == {"": "Street trees"}
    assert draft.licence == "CC BY"
    assert draft.unread == {"name": "street-trees", "license_id": "cc-by"}


def test_a_column_called_file_holds_addresses_or_titles() -> None:
    [draft] = drafts("Title,File\nTrees,trees.csv\n")
    assert draft.distributions[0].download_url == "https://elmford.example/data/trees.csv"
    [draft] = drafts("Title,File,Link\nTrees,All trees,trees.csv\n")
    assert draft.distributions[0].title == {"": "All trees"}
    assert draft.distributions[0].url == "https://elmford.example/data/trees.csv"


@pytest.mark.parametrize(
    ("heading", "others", "publisher", "contact"),
    [
        ("Responsable", "Título;Resumen;Formato", "Ana", None),  # in Spanish the body that publishes
        ("Responsable", "Título;Publicador;Formato", "x", "Ana"),  # unless another column says that
        ("Responsable", "Titre;Descriptif;Fréquence", None, "Ana"),  # in French the person to ask
    ],
)
def test_an_ambiguous_heading_is_settled_by_language_and_by_the_other_columns(
    heading: str, others: str, publisher: str | None, contact: str | None
) -> None:
    [draft] = drafts(f"{others};{heading}\nTrees;x;y;Ana\n")
    assert (draft.publisher.name[""] if draft.publisher else None) == publisher
    assert (draft.contacts[0].name if draft.contacts else None) == contact


def test_several_values_in_a_cell() -> None:
    """`;`, `|` and new lines divide; a comma divides keywords only."""
    [draft] = drafts(
        "Title,Keywords,Theme,Area covered,Link\n"
        'Trees,"a, b; c|d\na","Parks, nature;Water","Elmford; Oakham",'
        '"https://x.example/a;b.csv https://x.example/c.csv"\n'
    )
    assert [word for _, word in draft.keywords] == ["a", "b", "c", "d"]
    assert draft.themes == ("Parks, nature", "Water")
    assert [place.text for place in draft.spatial] == ["Elmford", "Oakham"]
    assert [file.url for file in draft.distributions] == [
        "https://x.example/a;b.csv",
        "https://x.example/c.csv",
    ]


def test_contacts_are_found_where_people_write_them() -> None:
    [draft] = drafts("Title,Contact,Link\nTrees,Parks desk <parks@elmford.example>,\n")
    assert draft.contacts == (DraftContact(name="Parks desk", email="parks@elmford.example"),)
    [draft] = drafts("Title,Contact,Link\nTrees,mailto:parks@elmford.example,\n")
    assert draft.contacts == (DraftContact(email="parks@elmford.example"),)
    [draft] = drafts("Title,Contact,E-mail,Link\nTrees,Ann; Bo,a@x.example b@x.example,/t\n")
    assert draft.contacts == (
        DraftContact(name="Ann", email="a@x.example"),
        DraftContact(name="Bo", email="b@x.example"),
    )
    [draft] = drafts("Title,Contact,E-mail,Link\n" + "Trees,Desk,d@x.example,/t\n" * 3)  # a row a file
    assert draft.contacts == (DraftContact(name="Desk", email="d@x.example"),)
    [draft] = drafts("Title,Contact email,Link\nTrees,parks at elmford,\n")
    assert draft.contacts == (DraftContact(email="parks at elmford"),)


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        ("trees.csv", "https://elmford.example/data/trees.csv"),
        ("../old/trees.csv", "https://elmford.example/old/trees.csv"),
        ("www.elmford.example/trees.csv", "www.elmford.example/trees.csv"),  # not ours to mend
        ("ask at the town hall", "ask at the town hall"),
        ("https://elmford.example/budget 2024.xlsx", "https://elmford.example/budget 2024.xlsx"),
    ],
)
def test_only_paths_are_resolved(cell: str, expected: str) -> None:
    [draft] = drafts(f"Title,Download link\nTrees,{cell}\n")
    assert draft.distributions[0].download_url == expected


def test_a_path_in_a_file_of_this_machine_stays_a_path(tmp_path: Path) -> None:
    """Nothing of where the list lies may reach a page."""
    (tmp_path / "list.csv").write_text("Title,Download link\nTrees,trees.csv\n,,\nx")
    source = Source(id="x", url="list.csv", name="x", path=tmp_path / "list.csv")
    document = Document(url=(tmp_path / "list.csv").as_uri(), body=tmp_path / "list.csv")
    found = list(spreadsheet.read(source, lambda url: document))
    assert str(tmp_path) not in str(found)
    assert isinstance(found[0], Draft)
    assert found[0].distributions[0].download_url == "trees.csv"


def test_columns_for_formats_are_files() -> None:
    [draft] = drafts("Title,Description,CSV link,GeoJSON,Shapefile download\nTrees,x,t.csv,yes,t.zip\n")
    assert [(f.format, f.download_url) for f in draft.distributions] == [
        ("csv", "https://elmford.example/data/t.csv"),
        ("shapefile", "https://elmford.example/data/t.zip"),
    ]
    assert draft.unread == {"GeoJSON": "yes"}  # says that there is one, not where


@pytest.mark.parametrize(
    ("formats", "links", "expected"),
    [
        ("CSV; JSON", "https://x.example/a https://x.example/b", ["CSV", "JSON"]),
        ("CSV; JSON", "https://x.example/a", ["CSV; JSON"]),
        ("CSV", "https://x.example/a\nhttps://x.example/b", ["CSV", "CSV"]),
    ],
)
def test_formats_go_with_links_in_pairs(formats: str, links: str, expected: list[str]) -> None:
    [draft] = drafts(f'Title,Format,Link\nTrees,{formats},"{links}"\n')
    assert [file.format for file in draft.distributions] == expected


@pytest.mark.parametrize(
    ("cell", "expected"),
    [("45369", "2024-03-18"), ("45369.5", "2024-03-18T12:00:00"), ("20013", "20013"), ("2013", "2013"),
     ("18/03/2024", "18/03/2024"), ("May 2024", "May 2024")],
)  # fmt: skip
def test_a_date_is_passed_on_as_it_stands_unless_it_is_a_serial_number(cell: str, expected: str) -> None:
    [draft] = drafts(f"Title,Last updated\nTrees,{cell}\n")
    assert draft.modified == expected


# ------------------------------------------------------------------------------ rows of one dataset


def test_rows_with_one_identifier_are_one_dataset_with_several_files() -> None:
    found = drafts(
        "ID,Title,Format,Link\nt,Trees,CSV,https://x.example/t.csv\nb,Benches,CSV,https://x.example/b.csv\n"
        "t,Trees,JSON,https://x.example/t.json\n"
    )
    assert [(d.key, [f.format for f in d.distributions]) for d in found] == [
        ("t", ["CSV", "JSON"]),
        ("b", ["CSV"]),
    ]


def test_without_identifier_title_and_publisher_decide() -> None:
    found = drafts("Title,Department,Format\nBudget,Finance,CSV\nBUDGET ,Finance,PDF\nBudget,Police,CSV\n")
    assert [(d.publisher.name[""], len(d.distributions)) for d in found if d.publisher] == [
        ("Finance", 2),
        ("Police", 1),
    ]


def test_rows_without_a_title_go_on_with_the_dataset_above() -> None:
    """Cells that were merged are blank below; what a row says differently is about its file."""
    [trees, parks] = drafts(
        "Title,Description,Department,Licence,Last updated,File title,Format\n"
        "Trees,All of them,Parks,CC0,2024,Trees,CSV\n,,,ODbL,2025,Trees (map),GeoJSON\nParks,,,,,,\n"
    )
    assert (trees.licence, trees.modified) == ("CC0", "2024")
    assert [(f.title, f.format, f.licence, f.modified) for f in trees.distributions] == [
        ({"": "Trees"}, "CSV", None, None),
        ({"": "Trees (map)"}, "GeoJSON", "ODbL", "2025"),
    ]
    assert (parks.publisher, parks.licence, parks.distributions) == (None, None, ())  # nothing is filled in


def test_a_forgotten_title_is_told_with_its_row_and_does_not_join_the_row_above() -> None:
    text = "Title,Department,Link\nTrees,Parks,/t.csv\n,Police,/p.csv\n,,/q.csv\nBenches,Parks,/b.csv\n"
    found = [item for item in items(text) if isinstance(item, Draft)]
    assert [(titles([d]), len(d.distributions)) for d in found] == [(["Trees"], 1), (["Benches"], 1)]
    assert problems(text) == [
        f"{URL}: Row 3 has no title, so it is not known which dataset it is about: Police | /p.csv. "
        "Write the title of the dataset into the column “Title” of that row.",
        f"{URL}: Row 4 has no title, so it is not known which dataset it is about: /q.csv. "
        "Write the title of the dataset into the column “Title” of that row.",
    ]


@pytest.mark.parametrize(
    ("second", "datasets"),
    [
        ("t,Trees (map),Where they stand,Parks,/m.csv", 2),  # its own description: a copied identifier
        ("t,Trees (map),,Parks,/m.csv", 1),  # a file with a title of its own
        ("t,Trees (map),All trees,Parks,", 2),  # no file at all
        ("t,,Where they stand,Parks,/m.csv", 1),
    ],
)
def test_one_identifier_with_two_titles(second: str, datasets: int) -> None:
    found = drafts(f"ID,Title,Description,Department,Link\nt,Trees,All trees,Parks,/t.csv\n{second}\n")
    assert len(found) == datasets
    assert sum(len(draft.distributions) for draft in found) == 1 + second.endswith("csv")


def test_a_code_that_is_no_identifier_joins_nothing() -> None:
    """Every dataset of the Public Works Department has its code; losing all but one would be silent."""
    found = drafts("Code,Title,Link\nDPW,Snow routes,/a.csv\nDPW,Potholes,/b.csv\nDPW,Sewers,/c.csv\n")
    assert titles(found) == ["Snow routes", "Potholes", "Sewers"]


def test_rows_that_are_no_datasets_are_passed_over() -> None:
    found = drafts(
        "Title,Description,Link,Records\nTrees,x,/t.csv,10\n,,,\nTotal,,,10\nTitle,Description,Link,Records\n"
        "Note: yearly figures,,,\nTotal rainfall,Millimetres a day,/r.csv,1\nSource : town hall,,,\n"
    )
    assert titles(found) == ["Trees", "Total rainfall"]


def test_merged_cells_of_a_workbook_are_filled_down_and_banners_passed_over() -> None:
    book = xlsx(
        {
            "List": [
                ["Elmford: our data"],
                ["Title", "Department", "Format", "Link"],
                ["Green spaces"],
                ["Trees", "Parks", "CSV", "https://x.example/t.csv"],
                [None, None, "JSON", "https://x.example/t.json"],
                ["Benches", None, "CSV", "https://x.example/b.csv"],
            ]
        },
        merged=["A1:D1", "A3:D3", "A4:A5", "B4:B6"],
    )
    found = drafts(book)
    assert [(titles([d]), d.publisher and d.publisher.name[""], len(d.distributions)) for d in found] == [
        (["Trees"], "Parks", 2),
        (["Benches"], "Parks", 1),
    ]


# ------------------------------------------------------------------------------ workbooks

SHEETS = {
    "Read me": [["Ask the clerk before changing anything."], ["Title", "of this workbook"]],
    "List": [
        ["Village of Alder Creek"],
        [],
        ["Title", "Description", "Last updated", "First year", "Size", "Link"],
        ["Trail map", "Every marked trail.", dt.date(2024, 5, 17), 2009, 300.0, "https://x.example/t.kml"],
        ["Dog licences", "By year.", "2023", 1999.0, 12.5, "https://x.example/d.csv"],
    ],
}


@pytest.mark.parametrize("kind", ["xlsx", "ods", "xls"])
def test_every_kind_of_workbook_reads_alike(kind: str) -> None:
    """Notes are passed over, dates are ISO, numbers keep their digits. The .xls was made with xlwt."""
    fixture = Path(__file__).parent / "fixtures" / "spreadsheet" / "old-excel.xls"
    [first, second] = drafts({"xlsx": xlsx, "ods": ods}[kind](SHEETS) if kind != "xls" else fixture)
    assert titles([first, second]) == ["Trail map", "Dog licences"]
    assert first.modified == "2024-05-17"
    assert [f.byte_size for d in (first, second) for f in d.distributions] == ["300", "12.5"]


def test_dates_with_times_truth_and_errors_of_formulas() -> None:
    [draft] = drafts(
        xlsx(
            {
                "List": [
                    ["Title", "Last updated", "Issued", "Access level", "Licence"],
                    ["Trees", dt.datetime(2024, 3, 18, 14, 5), dt.datetime(2024, 3, 18), True, "#N/A"],
                ]
            }
        )
    )
    assert (draft.modified, draft.issued) == ("2024-03-18T14:05:00", "2024-03-18")
    assert (draft.access_rights, draft.licence) == ("true", None)


def test_a_formula_gives_its_value_and_never_itself() -> None:
    book = xlsx({"List": [["Title", "Description"], ["Trees", '=HYPERLINK("https://x.example","all")']]})
    [draft] = drafts(book)
    assert draft.description == {}  # nothing has calculated it


def test_addresses_behind_cells() -> None:
    [draft] = drafts(
        xlsx(
            {
                "List": [
                    ["Title", "Contact email", "File title", "Link"],
                    ["Trees", "Write to us", "Map", "here"],
                ]
            },
            links={
                "A2": "https://x.example/trees",
                "B2": "mailto:parks@x.example",
                "D2": "https://x.example/t.csv",
            },
        )
    )
    assert draft.landing_page == "https://x.example/trees"
    assert draft.contacts == (DraftContact(email="parks@x.example"),)
    assert [(f.title, f.url) for f in draft.distributions] == [({"": "Map"}, "https://x.example/t.csv")]


def test_a_size_that_the_workbook_claims_wrongly_hides_nothing() -> None:
    """Some programs write that a sheet is A1:A1."""
    book = xlsx({"List": [["Title", "Description"], ["Trees", "x"], ["Parks", "y"]]})
    book = changed(book, "xl/worksheets/sheet1.xml", lambda part: part.replace(b'"A1:B3"', b'"A1:A1"'))
    assert titles(drafts(book)) == ["Trees", "Parks"]


def test_the_sheet_with_the_best_headings_is_read_and_another_list_is_told() -> None:
    book = xlsx(
        {
            "Old": [
                ["Title", "Link", "Format", "Licence"],
                ["Trees 2019", "https://x.example/o.csv", "CSV", "CC0"],
            ],
            "Now": [
                ["Title", "Description", "Department", "Keywords", "Link"],
                ["Trees", "x", "Parks", "y", ""],
            ],
        }
    )
    found = items(book)
    assert titles([item for item in found if isinstance(item, Draft)]) == ["Trees"]
    [problem] = problems(book)
    assert problem.startswith(
        f"{URL}, Old: This sheet looks like a list of datasets too; only the sheet “Now” was"
    )


ANDINO = {
    "Catalog": [["catalog_title", "catalog_publisher_name"], ["Datos de Olmo", "Olmo"]],
    "Theme": [["theme_id", "theme_label"], ["verde", "Espacios verdes"]],
    "Dataset": [
        ["dataset_identifier", "dataset_title", "dataset_description", "dataset_publisher_name",
         "dataset_publisher_mbox", "dataset_contactPoint_fn", "dataset_contactPoint_hasEmail",
         "dataset_superTheme", "dataset_theme", "dataset_keyword", "dataset_accrualPeriodicity",
         "dataset_issued", "dataset_landingPage", "dataset_license"],
        ["1", "Árboles", "Todos", "Parques", "parques@olmo.example", "Mesa", "mesa@olmo.example\n",
         "ENVI", "verde", "\nárboles,parques", "R/P1Y", "2019-05-04T10:00:00.12\n", "https://olmo.example/1",
         "CC BY 4.0"],
        ["2", "Bancos", "Todos", "Parques", None, None, None, None, None, None, None, None, None, None],
    ],
    "Distribution": [
        ["dataset_identifier", "dataset_title", "distribution_identifier", "distribution_accessURL",
         "distribution_downloadURL", "distribution_title", "distribution_description",
         "distribution_format", "distribution_byteSize", "distribution_license", "distribution_modified"],
        ["1", "Árboles", "1.1", "https://olmo.example/1/a", "https://olmo.example/a.csv", "Lista",
         "Uno por fila", "CSV", 1200, "ODbL", "2024"],
        ["1", "Árboles", "1.2", None, "https://olmo.example/a.geojson", "Mapa", None, "GeoJSON", None, None,
         None],
        ["9", "Nada", "9.1", None, "https://olmo.example/n.csv", "Nada", None, "CSV", None, None, None],
    ],
    "Field": [
        ["dataset_identifier", "dataset_title", "distribution_title", "field_title"],
        ["1", "Árboles", "Lista", "especie"],
    ],
}  # fmt: skip


def test_a_sheet_of_files_is_joined_to_the_sheet_of_datasets() -> None:
    """Argentina's template: sheets Catalog, Theme, Dataset, Distribution, Field."""
    found = items(xlsx(ANDINO))
    trees, benches, problem = found
    assert isinstance(trees, Draft)
    assert isinstance(benches, Draft)
    assert (trees.key, trees.title, trees.themes) == ("1", {"": "Árboles"}, ("verde", "ENVI"))
    assert trees.publisher is not None
    assert trees.publisher.email == "parques@olmo.example"
    assert trees.contacts == (DraftContact(name="Mesa", email="mesa@olmo.example"),)
    assert [word for _, word in trees.keywords] == ["árboles", "parques"]
    assert (trees.frequency, trees.issued, trees.licence) == ("R/P1Y", "2019-05-04T10:00:00.12", "CC BY 4.0")
    assert trees.distributions == (
        DraftDistribution(
            key="1.1",
            access_url="https://olmo.example/1/a",
            download_url="https://olmo.example/a.csv",
            title={"": "Lista"},
            description={"": "Uno por fila"},
            format="CSV",
            byte_size="1200",
            licence="ODbL",
            modified="2024",
        ),
        DraftDistribution(
            key="1.2", download_url="https://olmo.example/a.geojson", title={"": "Mapa"}, format="GeoJSON"
        ),
    )
    assert benches.distributions == ()
    assert str(problem).startswith(
        f"{URL}, Distribution: Row 4 is about a dataset that is not in the list of datasets: 9."
    )


def test_a_title_may_stand_in_the_sheet_of_files_only() -> None:
    rows = [[row[0], None, *row[2:]] if row[0] != "dataset_identifier" else row for row in ANDINO["Dataset"]]
    book = xlsx({"Dataset": rows, "Distribution": ANDINO["Distribution"][:3]})
    found = items(book)
    assert titles([item for item in found if isinstance(item, Draft)]) == ["Árboles"]
    assert [str(item).partition(" has")[0] for item in found if isinstance(item, Problem)] == [
        f"{URL}, Dataset: Row 3"
    ]


# ------------------------------------------------------------------------------ what is no list


@pytest.mark.parametrize(
    ("body", "what"),
    [
        (b"", "The file is empty."),
        (b"<!doctype html><title>Title, Link</title>", "This is no table but a document in HTML."),
        (b'<?xml version="1.0"?><rdf:RDF/>', "This is no table but a document in XML."),
        (b'[{"title": "x"}]', "This is no table but a document in JSON."),
        (b"%PDF-1.7 Title,Link", "This is no spreadsheet that can be read."),
        (b"PK\x03\x04 and rubbish", "This is no spreadsheet that can be read."),
        (b"a,b\n1,2\n", "No row of headings was found"),
        (xlsx({"List": [["a", "b"], [1, 2]]}), "No row of headings was found"),
        (xlsx({"List": [["Description", "Link"], [1, 2]]}), "No row of headings was found"),
        (OLE + "EncryptedPackage".encode("utf-16-le"), "The workbook is protected by a password."),
    ],
)  # fmt: skip
def test_what_is_no_list_is_told_with_a_remedy(body: bytes, what: str) -> None:
    with pytest.raises(FeedError) as caught:
        items(body)
    assert str(caught.value).startswith(f"{URL}: {what}")
    assert caught.value.problem.remedy


def test_the_remedy_names_headings_in_the_language_of_the_source() -> None:
    with pytest.raises(FeedError, match="Titre, Description, Producteur, Courriel, Mots-clés, Licence"):
        items("a,b\n", language="fr-CA")
    with pytest.raises(FeedError, match=r"Title, .*; Titre, .*; Título, "):
        items("a,b\n")


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        (b"Title,Link\n", True),
        ("Commune\n\nIntitulé;Lien\n".encode("utf-16"), True),
        (xlsx({"List": [["x"]]}), False),
        (xlsx({"List": [["Our data"], ["Title", "Link"], ["Trees", "/t.csv"]]}), True),
        (ods({"Notes": [["x"]], "List": [["Title", "Format", "Licence"]]}), True),
        (OLE + "Workbook".encode("utf-16-le") + b"damaged", False),
        (b"<html>Title,Link", False),
        (b'["title","link"]', False),
        (b'{"title": "x", "link": "y"}', False),
        (b"@prefix dct: <http://purl.org/dc/terms/> .\n<a> dct:title 'x' ; dct:description 'y' .\n", False),
        (b'@prefix d: <http://x.example/> .\n<a> d:k "x",\n"title", "description" .\n', False),
        (b'<http://x.example/a> <http://x.example/k> "a",\n"title", "description"', False),
        (b"[Draft] Our data\nTitle,Link\n", True),
        (b"PK\x03\x04", False),
        (b"name\n", False),
        (b"", False),
    ],
)  # fmt: skip
def test_recognises_by_content(body: bytes, expected: bool) -> None:
    assert spreadsheet.recognise(Document(url=URL, body=body, media_type="text/csv")) is expected


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        ("Title,Link\nTrees,https://elmford.example/t.csv", True),
        ("Title,Description,Format,Link\nTrees,All of them,CSV,files/t.csv", True),
        ("Jeu de données;Producteur\nArbres;Parcs", True),
        ("Nombre del conjunto de datos;Descripción\nÁrboles;Todos", True),
        ("Title,Description,Last updated\nTrees,All of them,2024", True),
        ("Titre;Description;Mots-clés;Licence\nArbres;Tous;parc;ODbL", True),
        ("Name,Address,Phone,Email,Website\nHigh School,1 Main St,555,a@x.example,https://x.example", False),
        ("Nom,Adresse,Courriel,Téléphone\nÉcole,1 rue Haute,a@x.example,555", False),
        ("Nombre,Dirección,Contacto\nEscuela,Calle Alta 1,Ana", False),
        ("Title,Description,Start date,End date,Location\nFair,Fun,2024-01-01,2024-01-02,Park", False),
        ("OBJECTID,Name,Description,Owner,Last updated,Shape\n1,Park,Green,Town,2024,Polygon", False),
        ("Title,Department,Salary,Name\nClerk,Finance,50000,Ann", False),
        ("id,name,status,date\n1,a,open,2024-01-01", False),
        ("Title,Author,ISBN,Year\nEmma,Austen,1,1815", False),
    ],
)
def test_recognises_a_list_of_datasets_and_not_one_of_the_datasets(rows: str, expected: bool) -> None:
    assert spreadsheet.recognise(Document(url=URL, body=rows.encode())) is expected


# ------------------------------------------------------------------------------ properties


def looks_like_utf8(text: str) -> bool:
    """In Windows-1252 "Ã©" has the bytes of "é" in UTF-8: nobody could tell them apart."""
    try:
        return not text.isascii() and bool(text.encode("cp1252").decode())
    except UnicodeDecodeError:
        return False


CELLS = st.text(st.characters(codec="cp1252", exclude_categories=("Cc",)), max_size=12).filter(
    lambda text: not looks_like_utf8(text)
)
ROWS = st.tuples(CELLS.filter(lambda text: text.strip()), CELLS, CELLS)
LISTS = st.lists(ROWS, min_size=1, max_size=6, unique_by=lambda row: row[0].strip().casefold())


@settings(deadline=None)
@given(
    LISTS,
    st.sampled_from(["utf-8", "utf-8-sig", "utf-16", "cp1252"]),
    st.sampled_from(";\t,|"),
    st.booleans(),
)
def test_the_same_list_reads_alike_however_it_was_saved(
    rows: list[tuple[str, str, str]], encoding: str, delimiter: str, titled: bool
) -> None:
    def saved(encoding: str, delimiter: str, titled: bool) -> bytes:
        out = io.StringIO()
        writer = csv.writer(out, delimiter=delimiter)
        writer.writerows([["Données de Saint-Aubin"], ["Mis à jour le 1er juin"], []] if titled else [])
        writer.writerow(["Título", "Résumé", "Producteur"])
        writer.writerows(rows)
        return out.getvalue().encode(encoding)

    expected = [item for item in items(saved("utf-8", ",", False)) if isinstance(item, Draft)]
    found = [item for item in items(saved(encoding, delimiter, titled)) if isinstance(item, Draft)]
    assert found == expected


BOOK = xlsx(SHEETS)
BEGINNINGS = st.sampled_from(
    [b"", b"Title,Link\n", "Title;Link\n".encode("utf-16"), b"PK\x03\x04", BOOK[:200], OLE]
)
PARTS = st.sampled_from(
    ["xl/workbook.xml", "xl/worksheets/sheet1.xml", "xl/worksheets/sheet2.xml", "xl/styles.xml",
     "xl/_rels/workbook.xml.rels", "[Content_Types].xml"]
)  # fmt: skip


def read_or_refused(body: bytes) -> bool:
    """Anything but a `FeedError` with a remedy is a bug, and passes through."""
    try:
        items(body)
    except FeedError as error:
        return bool(error.problem.remedy)
    return True


@settings(deadline=None)
@given(BEGINNINGS, st.binary(max_size=300))
def test_any_bytes_are_read_or_refused(beginning: bytes, rest: bytes) -> None:
    assert spreadsheet.recognise(Document(url=URL, body=beginning + rest)) in (True, False)
    assert read_or_refused(beginning + rest)


@settings(deadline=None, max_examples=60)
@given(PARTS, st.integers(0, 3000), st.binary(max_size=4))
def test_a_damaged_workbook_is_read_or_refused(part: str, place: int, patch: bytes) -> None:
    assert read_or_refused(changed(BOOK, part, lambda old: old[:place] + patch + old[place + len(patch) :]))


@settings(deadline=None)
@given(
    st.lists(
        st.lists(st.text(st.characters(codec="utf-8", exclude_characters=";|,،、\r\n")), max_size=5),
        max_size=8,
    )
)
def test_no_row_of_a_list_is_lost_in_silence(rows: list[list[str]]) -> None:
    """Whatever the cells hold, every row with a title ends up in a draft, or was passed over as an aside."""
    out = io.StringIO()
    head = ["Title", "Description", "Publisher", "Licence", "Keywords", "Frequency", "Language", "Link"]
    csv.writer(out).writerows([head, *(["Trees", *row] for row in rows)])
    [*found] = items(out.getvalue())
    assert bool(rows) == bool(found)
    told = msgspec.json.encode(found)
    assert all(msgspec.json.encode(cell.strip())[1:-1] in told for row in rows for cell in row)
