"""Opendatasoft portals: three versions of their API, the exports of their catalogue, and files of these."""

from __future__ import annotations

import json
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from harvester.document import Document
from harvester.errors import FeedError, FetchError
from harvester.feeds import opendatasoft
from harvester.feeds._opendatasoft.entry import draft_of
from harvester.feeds._opendatasoft.other_exports import id_in
from harvester.feeds._opendatasoft.shapes import entry_of
from harvester.model import Draft, Item
from tests import make
from tests.feeds import captured
from tests.feeds.captured import announced, drafts, lean, problems
from tests.feeds.web import Web, web

FIXTURES = sorted((Path(__file__).parent / "fixtures_opendatasoft").glob("*.json"))
HOME = "https://data.elmford.example/"
EXPORT = f"{HOME}api/explore/v2.1/catalog/exports/"


def dataset(number: int, **fields: Any) -> dict[str, Any]:
    metas = {"default": {"title": f"Dataset {number}"}}
    return {
        "dataset_id": f"d{number:04}",
        "has_records": True,
        "data_visible": True,
        "metas": metas,
        **fields,
    }


def old(number: int) -> dict[str, Any]:
    return {"datasetid": f"d{number:04}", "has_records": True, "metas": {"title": f"Dataset {number}"}}


SHEET = "datasetid;default.title;default.records_count\r\nd0001;One;3\r\nd0002;Two;\r\n"
TURTLE = f"""@prefix dcat: <http://www.w3.org/ns/dcat#> . @prefix dct: <http://purl.org/dc/terms/> .
<{HOME}api/explore/v2.1/catalog/datasets/d0001> a dcat:Dataset ; dct:title "One" .
<{HOME}api/explore/v2.1/catalog/datasets/d0002> a dcat:Dataset ; dct:title "Two" ."""
RDF = f"""<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns:dcat="http://www.w3.org/ns/dcat#"
 xmlns:dct="http://purl.org/dc/terms/"><dcat:Dataset rdf:about="{HOME}explore/dataset/d0001/"><dct:title>One</dct:title>
 </dcat:Dataset><dcat:Dataset rdf:about="{HOME}explore/dataset/d0002/"><dct:title>Two</dct:title></dcat:Dataset></rdf:RDF>"""
DATA_JSON = {
    "conformsTo": "https://project-open-data.cio.gov/v1.1/schema",
    "dataset": [
        {
            "identifier": f"x{n}",
            "title": "T",
            "accessLevel": "public",
            "landingPage": f"{HOME}explore/dataset/d000{n}/",
        }
        for n in (1, 2)
    ],
}


class Portal:
    """A portal with one of the APIs; `calls` are the addresses that were asked."""

    def __init__(
        self,
        datasets: list[dict[str, Any]],
        api: str = "/api/explore/v2.1/catalog/datasets",
        fails: Callable[[str], int | None] = lambda url: None,
    ) -> None:
        self.datasets, self.api, self.fails = datasets, api, fails
        self.calls: list[str] = []

    def head(self, url: str) -> Document:
        raise AssertionError("no size is asked for")

    def __call__(self, url: str) -> Document:
        self.calls.append(url)
        if (status := self.fails(url)) is not None:
            raise FetchError(url, f"answered {status}.", status=status)
        split = urlsplit(url)
        if split.path != self.api:
            raise FetchError(url, "answered 404.", status=404)
        query = {name: values[0] for name, values in parse_qs(split.query).items()}
        is_old = "1.0" in self.api
        limit, start = (int(query[name]) for name in (("rows", "start") if is_old else ("limit", "offset")))
        if limit > 100 or start + limit > 10_000:
            raise FetchError(url, "answered 400.", status=400)
        page, total = self.datasets[start : start + limit], len(self.datasets)
        if is_old:
            return document({"nhits": total, "parameters": {}, "datasets": page}, url)
        if "v2.1" in self.api:
            return document({"total_count": total, "results": page}, url)
        wrapped = [{"links": [], "dataset": each} for each in page]
        return document({"total_count": total, "links": [], "datasets": wrapped}, url)


def read(get: Any, url: str = HOME, **source: Any) -> list[Item]:
    return list(opendatasoft.read(make.source(url=url, **source), get))


def keys(items: list[Item]) -> list[str | None]:
    return [draft.key for draft in drafts(items)]


def ids(*numbers: int) -> list[str]:
    return [f"d{number:04}" for number in numbers]


def document(value: Any, url: str = HOME) -> Document:
    body = (
        value
        if isinstance(value, bytes)
        else (value if isinstance(value, str) else json.dumps(value)).encode()
    )
    return Document(url=url, body=body)


# ------------------------------------------------------------------------------ one dataset


@pytest.mark.parametrize("path", FIXTURES, ids=lambda path: path.stem)
def test_a_dataset_becomes_a_draft(path: Path):
    """Each fixture holds its rule, the dataset in one of its shapes, and the draft that is expected of it."""
    case = json.loads(path.read_text(encoding="utf-8"))
    assert lean(draft_of(entry_of(case["input"]), HOME, case["api"])) == case["expected"]


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=6,
)
INPUTS = [json.loads(path.read_text(encoding="utf-8"))["input"] for path in FIXTURES]
FIELDS = sorted({field for each in INPUTS for field in each})
METAS = sorted({f for each in INPUTS for f in (each.get("metas") or {}).get("default") or {}})


@settings(deadline=None)
@given(st.dictionaries(st.sampled_from(FIELDS), JSON), st.dictionaries(st.sampled_from(METAS), JSON), JSON)
def test_any_object_whatever_becomes_a_draft(record: dict[str, Any], default: dict[str, Any], dcat: Any):
    for value in (record, {**record, "metas": {"default": default, "dcat": dcat}}):
        draft = draft_of(entry_of(value), HOME, opendatasoft.V21)
        assert msgspec.convert(msgspec.to_builtins(draft), Draft) == draft


@pytest.mark.parametrize("path", FIXTURES, ids=lambda path: path.stem)
def test_no_person_enters_a_draft(path: Path):
    draft = draft_of(entry_of(json.loads(path.read_text(encoding="utf-8"))["input"]), HOME, opendatasoft.V21)
    assert "Jane Roe" not in str(draft)
    assert "jroe" not in str(draft)


@pytest.mark.parametrize(
    ("address", "id"),
    [
        (f"{HOME}explore/dataset/street-trees/", "street-trees"),
        (f"{HOME}fr/explore/dataset/a%20b/information/", "a b"),
        (f"{HOME}api/datasets/1.0/street-trees", "street-trees"),
        (f"{HOME}api/datasets/1.0/search/?rows=1", None),
        (f"{HOME}api/explore/v2.1/catalog/datasets/street-trees/exports/csv", "street-trees"),
        (f"{HOME}dataset/street-trees", None),
        (None, None),
    ],
)
def test_an_address_names_a_dataset(address: str | None, id: str | None):
    assert id_in(address) == id


# ------------------------------------------------------------------------------ recognising


@pytest.mark.parametrize(
    "value",
    [
        {"total_count": 1, "results": [dataset(1)]},
        {"total_count": 1, "links": [], "datasets": [{"links": [], "dataset": dataset(1)}]},
        {"nhits": 1, "parameters": {}, "datasets": [old(1)]},
        [dataset(1)],
        dataset(1),
        {"links": [], "dataset": dataset(1)},
        SHEET,
        "datasetid,title,description\r\na,b,c\r\n",
        TURTLE,
        RDF,
        DATA_JSON,
        [dataset(1, fields=[{"name": "x" * 100}] * 3000)],
    ],
    ids=[
        "2.1",
        "2.0",
        "1.0",
        "export",
        "one",
        "one, 2.0",
        "csv",
        "old csv",
        "turtle",
        "rdf",
        "data.json",
        "long",
    ],
)
def test_opendatasoft_is_recognised_by_what_it_says(value: Any):
    assert opendatasoft.recognise(document(value))


@pytest.mark.parametrize(
    "value",
    [
        "<html>opendatasoft</html>",
        "",
        {"error_code": "NotFoundResource", "message": "The requested dataset x does not exist."},
        {"links": [], "facets": [{"name": "publisher", "facets": []}]},
        {"total_count": 2, "results": [{"species": "oak", "dataset_id": 3}]},
        {"nhits": 2, "records": [{"datasetid": "trees", "recordid": "1", "fields": {}}]},
        {"success": True, "result": {"count": 1, "results": [{"id": "x", "name": "x"}]}},
        {"results": [{"resource": {"id": "ab12-cd34"}}], "resultSetSize": 1},
        {
            **DATA_JSON,
            "dataset": [{"title": "T", "accessLevel": "public", "landingPage": "https://a.example/"}],
        },
        "title;description;url\r\na;b;c\r\n",
        TURTLE.replace("api/explore/v2.1/catalog/datasets", "id"),
        [],
        {},
    ],
)
def test_what_is_not_opendatasofts_is_not_claimed(value: Any):
    assert not opendatasoft.recognise(document(value))


BEGINNINGS = [
    b'{"total_count": 1, "results": [{"dataset_id": "x", "metas": {"default": {}}}]}',
    b'{"nhits": 1, "datasets": [{"datasetid": "x", "metas": {"title": "x"}}]}',
    b"datasetid;default.title",
]


@settings(deadline=None)
@given(st.binary(max_size=30), st.sampled_from(BEGINNINGS), st.integers(0, 90), st.binary(max_size=30))
def test_recognising_and_reading_never_break_down(before: bytes, seed: bytes, cut: int, after: bytes):
    """Whatever bytes come, they are a feed, or are refused with a reason."""
    url = f"{HOME}saved.json"
    for body in (before + seed[:cut] + after, seed[:cut] + before + seed[cut:]):
        opendatasoft.recognise(document(body, url))
        with suppress(FeedError):
            read(web({url: body}), url)


# ------------------------------------------------------------------------------ ways


def test_the_export_gives_everything_in_one_request():
    get = web({f"{EXPORT}json": [dataset(n) for n in range(1, 251)]})
    assert keys(read(get)) == ids(*range(1, 251))
    assert get.calls == [f"{EXPORT}json"]


@pytest.mark.parametrize(
    ("api", "datasets"),
    [
        ("/api/explore/v2.1/catalog/datasets", [dataset(n) for n in range(1, 251)]),
        ("/api/v2/catalog/datasets", [dataset(n) for n in range(1, 251)]),
        ("/api/datasets/1.0/search/", [old(n) for n in range(1, 251)]),
    ],
)
def test_without_an_export_the_pages_of_the_newest_version_are_read(api: str, datasets: list[dict[str, Any]]):
    portal = Portal(datasets, api)
    items = read(portal)
    assert keys(items) == ids(*range(1, 251))
    assert announced(items) == 250
    assert not problems(items)
    assert sum(api in call for call in portal.calls) == 3
    links = drafts(items)[0].distributions
    assert links[0].download_url is not None
    assert links[0].download_url.startswith(f"{HOME}{'explore' if '1.0' in api else api[1:]}")


def test_a_version_that_cannot_sort_is_asked_without():
    portal = Portal([dataset(1)], fails=lambda url: 400 if "order_by" in url else None)
    assert keys(read(portal)) == ids(1)


def test_beyond_ten_thousand_it_says_that_there_are_more(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(opendatasoft, "FARTHEST", 250)
    items = read(Portal([dataset(n) for n in range(1, 401)]))
    assert keys(items) == ids(*range(1, 251))
    assert [each.partial for each in problems(items)] == [True]
    assert announced(items) == 400


def test_a_page_that_fails_in_the_middle_costs_that_page():
    portal = Portal(
        [dataset(n) for n in range(1, 301)], fails=lambda url: 500 if "offset=100" in url else None
    )
    items = read(portal)
    assert keys(items) == ids(*range(1, 101), *range(201, 301))
    assert [each.partial for each in problems(items)] == [True]


def test_a_dataset_that_two_pages_hold_is_read_once():
    portal = Portal([*(dataset(n) for n in range(1, 101)), dataset(100), dataset(101)])
    items = read(portal)
    assert keys(items) == ids(*range(1, 102))
    assert announced(items) == 101


@pytest.mark.parametrize(
    ("format", "body"), [("csv", SHEET), ("dcat", RDF), ("ttl", TURTLE), ("data.json", DATA_JSON)]
)
def test_other_exports_are_the_last_resort_and_give_the_same_keys(format: str, body: Any):
    assert keys(read(web({EXPORT + format: body}))) == ids(1, 2)
    assert keys(read(web({EXPORT + format: body}), EXPORT + format)) == ids(1, 2)


@pytest.mark.parametrize(
    "page",
    [
        "",
        "explore/",
        "explore/dataset/d0001/information/",
        "api/v2/catalog/datasets?limit=1",
        "api/datasets/1.0/search/?rows=1",
    ],
)
def test_any_page_of_the_portal_will_do(page: str):
    assert keys(read(web({f"{EXPORT}json": [dataset(1), dataset(2)]}), HOME + page)) == ids(1, 2)


def test_a_search_in_the_address_is_kept():
    get = web({})
    with pytest.raises(FetchError):
        read(get, f"{HOME}explore/?refine.publisher=City+of+X&sort=modified&disjunctive.theme")
    assert get.calls[0] == f"{EXPORT}json?refine=publisher%3A%22City+of+X%22"
    assert f"{HOME}api/datasets/1.0/search/?rows=100&start=0&refine.publisher=City+of+X" in get.calls
    with pytest.raises(FetchError):
        read(again := web({}), f"{HOME}api/explore/v2.1/catalog/datasets?limit=1&where=x%3D1")
    assert again.calls[0] == f"{EXPORT}json?where=x%3D1"


@pytest.mark.parametrize(("status", "asked"), [(429, 1), (503, 1), (500, 2), (None, 2)])
def test_a_portal_in_trouble_is_not_read_in_another_way(status: int | None, asked: int):
    """Else its records would change for one night. An export may be too much, so its pages are tried."""
    calls: list[str] = []

    def get(url: str) -> Document:
        calls.append(url)
        raise FetchError(url, "is down.", status=status)

    with pytest.raises(FetchError):
        read(get)
    assert len(calls) == asked


def test_a_site_that_is_none_is_refused_with_its_first_reason():
    with pytest.raises(FetchError, match="exports/json"):
        read(web({}))
    with pytest.raises(FeedError, match="web page"):
        read(web({f"{EXPORT}json": "<html>"}))
    assert read(web({f"{EXPORT}json": []})) == []


# ------------------------------------------------------------------------------ documents


def one(body: Any, url: str = f"{HOME}saved.json") -> list[Item]:
    return read(Web({url: body}), url)


def test_a_record_that_is_none_costs_itself():
    items = one([dataset(1), "odd", {"title": "no dataset"}, dataset(2)])
    assert keys(items) == ids(1, 2)
    assert len(problems(items)) == 2


def test_an_export_that_breaks_off_gives_what_stood_before():
    items = one(json.dumps([dataset(1), dataset(2)])[:-20])
    assert keys(items) == ids(1)
    assert [each.partial for each in problems(items)] == [True]


def test_a_single_dataset_is_read():
    url = f"{HOME}api/explore/v2.1/catalog/datasets/d0001"
    assert keys(one(dataset(1), url)) == ids(1)
    assert keys(one({"links": [], "dataset": dataset(1)}, url)) == ids(1)


def test_where_a_file_does_not_say_whose_it_is_no_address_is_made():
    """An export that was saved elsewhere: a link that is guessed is worse than none."""
    draft = drafts(one([dataset(1)], "https://files.example/catalogue.json"))[0]
    assert (draft.page, draft.distributions) == (None, ())


def test_cells_of_a_sheet_may_be_long_and_hold_line_ends():
    sheet = f'datasetid;default.title;default.description\r\na;"T;\nT";"{"x" * 200_000}"\r\n'
    draft = drafts(one(sheet, f"{EXPORT}csv"))[0]
    assert draft.title == {"": "T;\nT"}
    assert len(draft.description[""]) == 200_000


@pytest.mark.parametrize(
    ("body", "words"),
    [
        ({"error_code": "E", "message": "ODSQL query is malformed."}, "ODSQL query is malformed"),
        ({"total_count": 2, "results": [{"species": "oak"}]}, "no list of Opendatasoft"),
        ({"links": [], "facets": []}, "no list of Opendatasoft"),
        ("<html></html>", "web page"),
        ("", "empty"),
        ("hello", "hello"),
    ],
)
def test_a_document_without_datasets_is_refused_in_its_own_words(body: Any, words: str):
    with pytest.raises(FeedError, match=words):
        one(body)


# ------------------------------------------------------------------------------ captured


def test_every_capture_is_recognised(shared: Path):
    """How many datasets each gives is held to the index by `test_index`."""
    files = list((shared / "feeds" / "ods").glob("*"))
    unclaimed = {path.name for path in files if not opendatasoft.recognise(Document(url=HOME, body=path))}
    assert len(files) == 16
    assert unclaimed == {
        "terria_facets.json",
        "terria_weather-station-100.json",
        "terria_weather-station-groupby.json",
        "vancouver_error-not-found_v2.1.json",
        "vancouver_error-odsql_v2.1.json",
        "vancouver_facets-catalog_v2.1.json",
    }


@pytest.mark.parametrize(("name", "count"), [("vancouver", 197), ("public-ods", 186), ("campbelltown", 12)])
def test_replayed_portals_are_read_whole_by_every_way(replay: Any, name: str, count: int):
    running = replay(name)
    assert len(set(keys(read(captured.get, running.url(name))))) == count
    assert len(running.log(name)) == 1
    running.fault(name, "http404", path="/api/explore/v2.1/catalog/exports/*")
    items = read(captured.get, running.url(name))
    assert len(set(keys(items))) == announced(items) == count
    assert not problems(items)


def test_the_older_api_of_a_replayed_portal_is_read(replay: Any):
    running = replay("campbelltown")
    running.fault("campbelltown", "http404", path="/api/explore/*")
    assert len(set(keys(read(captured.get, running.url("campbelltown"))))) == 12


def test_the_captured_sheet_and_what_is_derived_from_it_have_the_same_keys(replay: Any):
    url = replay("vancouver").url("vancouver").rstrip("/") + "/api/explore/v2.1/catalog/exports/"
    by_json, by_sheet, by_file = (
        set(keys(read(captured.get, url + way))) for way in ("json", "csv", "data.json")
    )
    assert by_json == by_sheet == by_file
