"""A town's page that links to files: which are data, which are one dataset, what they are called."""

from __future__ import annotations

import time
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from harvester.document import Document
from harvester.errors import FeedError, FetchError
from harvester.feeds import web_page
from harvester.feeds._web_page import words
from harvester.model import Draft, Source

from .captured import drafts, lean
from .web import Answer, Web

URL = "https://elmford.example/open-data/"


class Town(Web):
    """A web whose server also says how large files are; `heads` are the files it was asked about."""

    def __init__(
        self, answers: dict[str, Answer], heads: dict[str, Document | FetchError] | None = None
    ) -> None:
        super().__init__(answers)
        self._heads = heads or {}
        self.heads: list[str] = []

    def head(self, url: str, /) -> Document:
        self.heads.append(url)
        answer = self._heads.get(url) or FetchError(url, "answered 405.", status=405)
        if isinstance(answer, FetchError):
            raise answer
        return answer


def page(body: str, title: str = "Open data") -> str:
    return f"<!doctype html><html><head><title>{title}</title></head><body>{body}</body></html>"


def read(body: str, title: str = "Open data", url: str = URL) -> list[Draft]:
    town = Town({url: page(body, title)})
    return drafts(list(web_page.read(Source(id="elmford", url=url, name="Elmford"), town)))


def told(found: list[Draft]) -> list[tuple[str, list[str]]]:
    """Title and the ends of the files' addresses."""
    return [
        (
            draft.title[""],
            [(file.download_url or file.url or "").rpartition("/")[2] for file in draft.distributions],
        )
        for draft in found
    ]


# ------------------------------------------------------------------------------ titles and what belongs together


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("<a href=t.csv>Street trees</a>", [("Street trees", ["t.csv"])]),
        ("<a href=t.csv>Street trees (CSV, 1.2 MB)</a>", [("Street trees", ["t.csv"])]),
        ("<a href=t.csv>Download the street trees</a>", [("Street trees", ["t.csv"])]),
        ("<h2>Street trees</h2><a href=a.csv>CSV</a> <a href=b.geojson>GeoJSON</a>", [("Street trees", ["a.csv", "b.geojson"])]),
        ("<h2>Arbres</h2><a href=a.csv>Télécharger</a>", [("Arbres", ["a.csv"])]),
        ("<h2>Árboles</h2><a href=a.csv>Descargar</a>", [("Árboles", ["a.csv"])]),
        ("<h2>Trees</h2><p>Click <a href=a.csv>here</a></p>", [("Trees", ["a.csv"])]),
        ("<ul><li>Trees: <a href=a.csv>CSV</a>, <a href=b.kml>KML</a></li><li>Roads: <a href=c.csv>CSV</a></li></ul>",
         [("Trees", ["a.csv", "b.kml"]), ("Roads", ["c.csv"])]),
        ("<table><tr><th>Data<th>File</tr><tr><td>Trees<td><a href=a.csv>Download</a> <a href=b.pdf>PDF</a></tr>"
         "<tr><td>Roads<td><a href=c.csv>Download</a></tr></table>", [("Trees", ["a.csv", "b.pdf"]), ("Roads", ["c.csv"])]),
        ("<a href=x/trees.csv>Trees as CSV</a><h2>Maps</h2><a href=y/trees.geojson>Tree map</a>",
         [("Trees", ["trees.csv", "trees.geojson"])]),
        ("<h2>Budget</h2><a href=b23.xlsx>2023</a> <a href=b24.xlsx>2024</a>", [("Budget", ["b23.xlsx", "b24.xlsx"])]),
        ("<h2>Maps</h2><a href=a.zip>Parcels</a> <a href=b.zip>Zoning</a>", [("Parcels", ["a.zip"]), ("Zoning", ["b.zip"])]),
        ("<a href=street_trees-2024.csv>street_trees-2024.csv</a>", [("Street trees 2024", ["street_trees-2024.csv"])]),
        ("<a href=street_trees.csv><img src=x></a>", [("Street trees", ["street_trees.csv"])]),
        ("<h3><a href=t.csv>Trees</a></h3>", [("Trees", ["t.csv"])]),
    ],
)  # fmt: skip
def test_titles_come_from_the_link_its_row_or_the_heading(
    body: str, expected: list[tuple[str, list[str]]]
) -> None:
    assert told(read(body)) == expected


def test_a_table_that_only_arranges_the_page_is_no_row() -> None:
    body = "<table><tr><td><h2>Trees</h2><a href=a.csv>CSV</a><h2>Roads</h2><a href=b.csv>CSV</a></td></tr></table>"
    assert told(read(body)) == [("Trees", ["a.csv"]), ("Roads", ["b.csv"])]


def test_navigation_and_footer_are_no_data() -> None:
    body = "<nav><a href=n.csv>N</a></nav><div class=footer><a href=f.zip>F</a></div><a href=t.csv>Trees</a>"
    assert told(read(body)) == [("Trees", ["t.csv"])]


def test_what_the_page_says_of_a_dataset() -> None:
    [trees] = read(
        "<h1>Open data</h1><h2>Nature</h2><h3>Street trees</h3><p>Every tree that the town cares for.</p>"
        "<a href='/f/trees-2024.csv'>CSV</a> <a href='/f/fields.pdf'>Data dictionary</a>"
        "<p>All under <a rel=license href='https://creativecommons.org/licenses/by/4.0/'>CC BY</a></p>"
    )
    assert lean(trees) == {
        "key": "trees",
        "title": {"": "Street trees"},
        "description": {"": "Every tree that the town cares for."},
        "keywords": [["", "Nature"]],
        "landing_page": URL,
        "licence": "https://creativecommons.org/licenses/by/4.0/",
        "data_dictionary": ["https://elmford.example/f/fields.pdf"],
        "distributions": [{"download_url": "https://elmford.example/f/trees-2024.csv", "format": "CSV"}],
    }


@pytest.mark.parametrize(
    ("href", "text", "format"),
    [
        ("a.xlsx", "A", "Excel (XLSX)"),
        ("a.shp.zip", "A", "Shapefile"),
        ("a.zip", "Bus stops (GTFS)", "GTFS"),
        ("a.ods?v=3", "A", "OpenDocument spreadsheet"),
        ("get.ashx?id=3&format=csv", "A", "CSV"),
        ("get?file=a.gpx", "A", "GPX"),
        ("/DocumentCenter/View/12/Parcels", "Parcels (CSV)", "CSV"),
        ("https://x.example/arcgis/rest/services/A/MapServer", "Zoning service", None),
        ("https://docs.google.com/spreadsheets/d/1AbCdEfGhIjKlMnOp/edit", "A list", None),
    ],
)
def test_links_to_files_in_all_their_forms(href: str, text: str, format: str | None) -> None:
    [draft] = read(f"<a href='{href}'>{text}</a>")
    assert draft.distributions[0].format == format


@pytest.mark.parametrize(
    "href", ["/data.json", "/sitemap.xml", "/feed/", "a.html", "mailto:a@b.example", "#x", "", "http://[x", "a.jpg",
             "javascript:void(0)", "/catalog.rdf", "/wp-json/x.json"]
)  # fmt: skip
def test_links_that_are_no_data(href: str) -> None:
    with pytest.raises(FeedError, match="links to no file"):
        read(f"<a href='{href}'>Something</a>")


def test_papers_count_beside_data_where_the_page_speaks_of_data() -> None:
    papers = "<a href=report.pdf>Water report</a><a href=agenda.pdf>Council agenda</a>"
    data = "<a href=t.csv>Trees</a><a href=r.csv>Roads</a>"
    assert told(read(papers + data)) == [
        ("Water report", ["report.pdf"]),
        ("Trees", ["t.csv"]),
        ("Roads", ["r.csv"]),
    ]
    elsewhere = read(papers + data, title="Public works", url="https://elmford.example/works")
    assert told(elsewhere) == [("Trees", ["t.csv"]), ("Roads", ["r.csv"])]
    only = read(papers, title="Public works", url="https://elmford.example/works")
    assert told(only) == [("Water report", ["report.pdf"])]


# ------------------------------------------------------------------------------ keys


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("/f/trees.csv", "trees"),
        ("/f/trees-2024.csv", "trees"),
        ("/f/2024/Trees_2024-03-01_v2.CSV", "trees"),
        ("/f/budget%20FY24.xlsx", "budget"),
        ("/roads/2024.csv", "roads"),
        ("/uploads/2024/03/data.csv", ""),
        ("/d/parcels.shp.zip", "parcels"),
    ],
)
def test_a_key_outlives_the_year(path: str, expected: str) -> None:
    assert words.lasting(f"https://elmford.example{path}") == expected


def test_keys_are_unique_also_where_only_the_year_differs() -> None:
    found = read(
        "<a href=b-2023.csv>Budget of 2023</a><a href=b-2024.csv>Budget of 2024</a><a href=data.csv>Fish</a>"
    )
    assert [draft.key for draft in found] == ["b-2023", "b-2024", "fish"]


# ------------------------------------------------------------------------------ what the server says


def test_size_and_date_come_from_the_server_and_failures_cost_only_these() -> None:
    files = "<a href=a.csv>A list</a><a href=b.csv>B list</a><a href=c.csv>C list</a>"
    heads: dict[str, Document | FetchError] = {
        f"{URL}a.csv": Document(
            url="x", body=b"", media_type="text/csv", length=7, last_modified="Wed, 21 Oct 2015 07:28:00 GMT"
        ),
        f"{URL}c.csv": Document(url="x", body=b"", media_type="text/html", length=9),  # a page to log in
    }
    town = Town({URL: page(files)}, heads)
    [a, b, c] = drafts(list(web_page.read(Source(id="elmford", url=URL, name="Elmford"), town)))
    assert (a.distributions[0].byte_size, a.distributions[0].media_type) == ("7", "text/csv")
    assert a.modified == "Wed, 21 Oct 2015 07:28:00 GMT"
    assert (b.distributions[0].byte_size, c.distributions[0].byte_size) == (None, None)
    assert town.calls == [URL]


def test_a_server_that_says_nothing_is_not_asked_about_every_file() -> None:
    town = Town({URL: page("".join(f"<a href=f{n}x.csv>List {n} of trees</a>" for n in range(50)))})
    assert len(drafts(list(web_page.read(Source(id="elmford", url=URL, name="Elmford"), town)))) == 50
    assert len(town.heads) == web_page.MOST_FAILURES


def test_for_a_page_on_this_computer_nobody_is_asked_and_it_is_no_address_for_others() -> None:
    """Its landing page is what it says of itself, since nobody else can open the file."""
    source = Source(id="elmford", url="town.html", name="Elmford", path=Path("/data/town.html"))
    unknown = "<a href=https://elmford.example/DocumentCenter/View/1/Parcels>Parcels</a>"
    for base, href, landing in ((f'<base href="{URL}">', "a.csv", URL), ("", f"{URL}a.csv", None)):
        body = page(f"{base}<a href={href}>A list</a>{unknown}").encode()
        town = Town({"town.html": Document(url="file:///data/town.html", body=body)})
        [draft] = drafts(list(web_page.read(source, town)))
        assert (draft.distributions[0].download_url, draft.landing_page) == (f"{URL}a.csv", landing)
        assert (town.calls, town.heads) == (["town.html"], [])


def test_files_without_an_ending_are_what_the_server_says() -> None:
    body = "<a href=/DocumentCenter/View/1/Parcels>Parcels</a><a href=/DocumentCenter/View/2/Form>Form</a>"
    heads: dict[str, Document | FetchError] = {
        "https://elmford.example/DocumentCenter/View/1/Parcels": Document(url="x", body=b"", media_type="text/csv"),
        "https://elmford.example/DocumentCenter/View/2/Form": Document(url="x", body=b"", media_type="application/msword"),
    }  # fmt: skip
    town = Town({URL: page(body)}, heads)
    [draft] = drafts(list(web_page.read(Source(id="elmford", url=URL, name="Elmford"), town)))
    assert (draft.title, draft.distributions[0].format) == ({"": "Parcels"}, "CSV")


# ------------------------------------------------------------------------------ recognising and finding


@pytest.mark.parametrize(
    ("body", "title", "expected"),
    [
        ("<a href=a.csv>A</a><a href=b.xlsx>B</a>", "Elmford", True),
        ("<a href=a.csv>A</a>", "Open data", True),
        ("<h2>GIS data</h2><a href=a.zip>Parcels</a>", "Elmford", True),
        ("<a href=a.csv>A</a>", "Elmford", False),
        ("<a href=a.csv>A</a><a href=a.csv>again</a>", "Elmford", False),
        ("<a href=a.pdf>A</a><a href=b.pdf>B</a>", "Open data", False),
        ("<a href=/data.json>Public data listing</a>", "Open data", False),
        ("<a href=a.rdf>A</a><a href=b.ttl>B</a>", "Elmford", False),
        ("<nav><a href=a.csv>A</a><a href=b.csv>B</a></nav>", "Elmford", False),
        ("", "Open data", False),
    ],
)
def test_recognises_two_files_of_data_or_one_where_data_is_spoken_of(
    body: str, title: str, expected: bool
) -> None:
    document = Document(url="https://elmford.example/", body=page(body, title).encode())
    assert web_page.recognise(document) is expected


@pytest.mark.parametrize("body", [b"", b"{}", b"a,b\n1,2\n", b"<rss><a href='a.csv'/></rss>", b"PK\x03\x04"])
def test_what_is_no_page_is_not_recognised(body: bytes) -> None:
    assert not web_page.recognise(Document(url=URL, body=body, media_type="text/html"))


@pytest.mark.parametrize("link", ["Open data", "Données ouvertes", "Datos abiertos", "GIS", "Downloads"])
def test_find_follows_the_link_that_promises_data(link: str) -> None:
    home = "https://elmford.example/"
    town = Town({
        home: page(f"<nav><a href=/p>Privacy</a><a href=/d>{link}</a></nav>", "Elmford"),
        f"{home}d": page("<a href=a.csv>A</a><a href=b.csv>B</a>", "Elmford"),
        f"{home}p": page("", "Privacy"),
    })  # fmt: skip
    document = town(home)
    assert web_page.find(document, town) == f"{home}d"
    assert town.calls == [home, f"{home}d"]
    assert len(drafts(list(web_page.read(Source(id="x", url=home, name="x"), town)))) == 2


def test_find_asks_at_most_four_times() -> None:
    home = "https://elmford.example/"
    town = Town({home: page("".join(f"<a href=/{n}>Open data {n}</a>" for n in range(20)), "Elmford")})
    assert web_page.find(town(home), town) is None
    assert len(town.calls) == 1 + 4


# ------------------------------------------------------------------------------ hostile and random


@pytest.mark.parametrize(
    "body",
    [
        "<div>" * 20_000 + "<a href=a.csv>A</a><a href=b.csv>B</a>",
        "<table><tr><td>" * 3_000 + "<a href=a.csv>A</a>",
        "<ul>" + "<li>" * 5_000 + "<a href=a.csv>A</a>",
        "".join(f"<a href=f{n}.csv>{'x' * 2000}</a>" for n in range(1000)),
        "<p>" + "<a href=a.csv>CSV</a>" * 20_000,
        "<h2>" * 5_000 + "<a href=a.csv>" + "- " * 50_000 + "</a>",
        f"<a href='{'a/' * 50_000}a.csv'>{'(' * 100_000}</a>",
    ],
)
def test_hostile_pages_are_read_soon(body: str) -> None:
    started = time.perf_counter()
    web_page.recognise(Document(url=URL, body=page(body).encode()))
    with suppress(FeedError):  # what lies hundreds of elements deep is not looked at
        read(body + "<a href=last.csv>Last</a>")
    assert time.perf_counter() - started < 8


@settings(max_examples=80, deadline=None)
@given(st.text(max_size=60))
def test_any_words_make_a_title_and_titles_stay_what_they_are(text: str) -> None:
    title = words.title(text)
    words.is_empty(text)
    assert len(title) <= len(text) + 3
    assert words.title(title) == words.title(words.title(title))
