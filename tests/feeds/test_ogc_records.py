"""OGC API - Records: records, and the way to them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from harvester.document import Document
from harvester.errors import FeedError, FetchError
from harvester.feeds import ogc_records
from harvester.feeds._ogc.record import draft_of
from harvester.model import Announced, Draft, Item
from tests import make
from tests.feeds import captured
from tests.feeds.captured import announced, drafts, lean, problems
from tests.feeds.web import Web, web

FIXTURES = sorted((Path(__file__).parent / "fixtures_ogc_records").glob("*.json"))
HOME = "https://ogc.elmford.example/"
LIST = HOME + "collections?f=json"
ITEMS = HOME + "collections/c/items"
PAGE = ITEMS + "?f=json&limit=100"


def record(number: int = 1, **properties: Any) -> dict[str, Any]:
    return {
        "id": f"r{number}",
        "type": "Feature",
        "geometry": None,
        "time": None,
        "properties": {
            "type": "dataset",
            "title": f"Record {number}",
            "themes": [],
            "contacts": [],
            **properties,
        },
        "links": [],
    }


def page(*records: Any, after: str | None = None, total: int | None = None) -> dict[str, Any]:
    links = (
        [{"rel": "next", "type": "text/html", "href": HOME}, {"rel": "next", "href": after}] if after else []
    )
    return {"type": "FeatureCollection", "features": list(records), "links": links, "numberMatched": total}


def collection(name: str = "c", kind: str = "record") -> dict[str, Any]:
    href = f"{HOME}collections/{name}/items"
    return {"id": name, "itemType": kind, "links": [{"rel": "items", "href": href}]}


def read(answers: dict[str, Any] | Web, url: str = HOME) -> list[Item]:
    return list(ogc_records.read(make.source(url=url), answers if isinstance(answers, Web) else web(answers)))


def keys(items: list[Item]) -> list[str | None]:
    return [draft.key for draft in drafts(items)]


def recognised(body: Any) -> bool:
    return ogc_records.recognise(
        Document(url=HOME, body=body if isinstance(body, bytes) else json.dumps(body).encode())
    )


# ------------------------------------------------------------------------------ one record


@pytest.mark.parametrize("path", FIXTURES, ids=lambda path: path.stem)
def test_a_record_becomes_a_draft(path: Path):
    case = json.loads(path.read_text(encoding="utf-8"))
    assert lean(draft_of(case["input"], PAGE, ITEMS)) == case["expected"]


@pytest.mark.parametrize(
    ("time", "start", "end"),
    [
        ({"date": "2020-05-01"}, "2020-05-01", "2020-05-01"),
        ({"interval": ["..", "2020"]}, None, "2020"),
        ({"interval": [["2019", "2020"]]}, "2019", "2020"),
        (["2019", None], "2019", None),
    ],
)
def test_time_is_an_instant_or_an_interval_with_open_ends(time: Any, start: str | None, end: str | None):
    draft = draft_of(record() | {"time": time}, PAGE)
    assert [(period.start, period.end) for period in draft.temporal] == [(start, end)]


@pytest.mark.parametrize(
    "time", [None, "", {"interval": ["..", ".."]}, {"interval": [None]}, {"interval": 7}, []]
)
def test_no_time_is_no_period(time: Any):
    assert [p for p in draft_of(record() | {"time": time}, PAGE).temporal if p.start or p.end] == []


def test_what_the_portal_around_a_record_links_is_no_distribution():
    links = [
        {"rel": rel, "href": f"/{rel}"}
        for rel in ("self", "root", "parent", "alternate", "prev", "collection")
    ]
    assert draft_of(record() | {"links": links}, PAGE).distributions == ()


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=6,
)
NAMES = sorted(
    {name for path in FIXTURES for name in json.loads(path.read_text("utf-8"))["input"]["properties"]}
)


@settings(deadline=None, max_examples=80)
@given(st.dictionaries(st.sampled_from(NAMES), JSON), JSON, st.lists(JSON, max_size=3))
def test_any_object_whatever_becomes_a_draft(properties: dict[str, Any], odd: Any, links: list[Any]):
    draft = draft_of(
        {"id": odd, "properties": properties, "time": odd, "geometry": odd, "bbox": odd, "links": links}, PAGE
    )
    assert msgspec.convert(msgspec.to_builtins(draft), Draft) == draft


# ------------------------------------------------------------------------------ the way to the records


ALL = {LIST: {"collections": [collection("obs", "feature"), collection()]}, PAGE: page(record(1), record(2))}


@pytest.mark.parametrize(
    "start",
    [
        "<html>pygeoapi</html>",
        {"title": "API", "links": [{"rel": "data", "href": HOME + "collections"}]},
        {"conformsTo": ["http://www.opengis.net/spec/ogcapi-records-1/1.0/conf/record-core"]},
        {"links": [{"rel": "http://www.opengis.net/def/rel/ogc/1.0/ogc-catalog", "href": ITEMS}]},
        {"links": [{"rel": "data", "href": "http://localhost:5000/collections?f=json"}]},
        collection(),
        {"id": "c", "itemType": "record", "links": [{"rel": "items", "href": "/collections/c/items"}]},
        page(record(1), record(2)),
    ],
    ids=["home", "landing", "conformance", "catalogue", "behind-a-proxy", "collection", "relative", "items"],
)
def test_every_entrance_leads_to_the_records(start: Any):
    proxied = {"http://localhost:5000/collections?f=json": ALL[LIST]}
    assert keys(read(ALL | proxied | {HOME: start})) == ["r1", "r2"]


def test_collections_of_features_are_not_asked_for():
    portal = web(ALL)
    assert keys(read(portal, LIST)) == ["r1", "r2"]
    assert portal.calls == [LIST, PAGE]


def test_all_collections_of_records_are_read_and_their_totals_added_up():
    second = HOME + "collections/d/items?f=json&limit=100"
    answers = {
        LIST: {"collections": [collection(), collection("d")]},
        PAGE: page(record(1), total=1),
        second: page(record(2), total=1),
    }
    items = read(answers, LIST)
    assert (keys(items), announced(items)) == (["r1", "r2"], 2)


def test_a_collection_that_fails_does_not_cost_the_others():
    answers = {LIST: {"collections": [collection("gone"), collection()]}, PAGE: page(record(1))}
    items = read(answers, LIST)
    assert keys(items) == ["r1"]
    assert [problem.partial for problem in problems(items)] == [True]


def test_a_portal_that_refuses_so_many_records_is_asked_for_what_it_likes_to_give():
    answers = {
        LIST: {"collections": [collection()]},
        PAGE: FetchError(PAGE, "answered 400.", status=400),
        ITEMS + "?f=json": page(record(1)),
    }
    assert keys(read(answers, LIST)) == ["r1"]


def test_a_portal_of_features_only_is_refused():
    with pytest.raises(FeedError, match="no collection of records"):
        read({LIST: {"collections": [collection("obs", "feature")]}}, LIST)


def test_a_web_page_without_an_api_behind_it_is_refused():
    with pytest.raises(FeedError, match="web page"):
        read({HOME: "<html></html>"})


def test_services_are_told_apart_from_datasets():
    items = read({ITEMS: page(record(1), record(2, type="service", title="Map service"))}, ITEMS)
    assert keys(items) == ["r1"]
    assert "Map service" in str(problems(items)[0])
    assert not problems(items)[0].partial


def test_one_broken_record_costs_one_record():
    items = read(
        {ITEMS: page(record(1), "r2", {"id": "r3", "type": "Feature", "properties": None}, record(4))}, ITEMS
    )
    assert (keys(items), len(problems(items))) == (["r1", "r4"], 2)


def test_pages_are_followed_by_their_links_for_programs():
    second = ITEMS + "?offset=1"
    items = read({ITEMS: page(record(1), after=second, total=2), second: page(record(2), total=1)}, ITEMS)
    assert (keys(items), problems(items), announced(items)) == (["r1", "r2"], [], 2)
    assert items[-1] != Announced(1)  # a later page that says less has lost records


def test_a_next_page_on_a_name_that_only_a_proxy_knows_is_asked_for_here():
    answers = {
        ITEMS: page(record(1), after="http://localhost:80/collections/c/items?offset=1"),
        ITEMS + "?offset=1": page(record(2)),
    }
    assert keys(read(answers, ITEMS)) == ["r1", "r2"]


def test_pages_that_repeat_the_first_one_cost_one_lap():
    laps = {
        f"{ITEMS}?offset={n}": page(record(1), record(2), after=f"{ITEMS}?offset={n + 1}") for n in range(30)
    }
    portal = web({ITEMS: page(record(1), record(2), after=f"{ITEMS}?offset=0"), **laps})
    items = read(portal, ITEMS)
    assert keys(items) == ["r1", "r2"]
    assert problems(items)[0].partial
    assert len(portal.calls) == 2


def test_a_page_that_names_itself_as_the_next_is_the_last():
    portal = web({ITEMS: page(record(1), after=ITEMS)})
    assert keys(read(portal, ITEMS)) == ["r1"]
    assert portal.calls == [ITEMS]


@pytest.mark.parametrize(
    "answer", [FetchError(HOME, "answered 500.", status=500), "<html>error</html>"], ids=["status", "page"]
)
def test_a_page_that_cannot_be_had_is_told_and_what_was_read_stays(answer: Any):
    items = read({ITEMS: page(record(1), after=ITEMS + "?offset=1"), ITEMS + "?offset=1": answer}, ITEMS)
    assert keys(items) == ["r1"]
    assert [problem.partial for problem in problems(items)] == [True]


def test_a_page_that_breaks_off_gives_the_records_before_the_break():
    whole = json.dumps(page(record(1), record(2), record(3))).encode()
    items = read({ITEMS: whole[: whole.index(b'"r3"') + 40]}, ITEMS)
    assert keys(items) == ["r1", "r2"]
    assert problems(items)[-1].partial


# ------------------------------------------------------------------------------ recognising


@pytest.mark.parametrize(
    "body",
    [
        page(record()),
        record(),
        {"collections": [collection("obs", "feature"), collection()]},
        {"collections": [{"id": "main", "links": [{"rel": "items", "href": "/geonetwork/ogc-api-records/collections/main/items"}]}]},
        {"conformsTo": ["http://www.opengis.net/spec/ogcapi-records-1/1.0/conf/record-core"]},
        {"links": [{"rel": "http://www.opengis.net/def/rel/ogc/1.0/ogc-catalog", "href": "/x"}]},
        {"features": [{"id": "1", "type": "Feature", "conformsTo": ["http://wis.wmo.int/spec/wcmp/2/conf/core"], "properties": {"title": "T"}}]},
    ],
    ids=["items", "record", "collections", "geonetwork", "conformance", "landing", "wis2"],
)  # fmt: skip
def test_records_and_what_leads_to_them_are_recognised(body: Any):
    assert recognised(body)


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"<html>pygeoapi</html>",
        {"collections": [collection("obs", "feature")]},
        {"collections": [{"id": "s2", "stac_version": "1.0.0", "itemType": "record", "links": []}]},
        {
            "type": "FeatureCollection",
            "features": [{"type": "Feature", "properties": {"title": "A tree", "type": "oak"}}],
        },
        {"type": "FeatureCollection", "features": []},
        {"conformsTo": ["http://www.opengis.net/spec/ogcapi-features-1/1.0/conf/core"]},
        {"code": "NotFound", "description": "Collection not found"},
        {"conformsTo": "https://project-open-data.cio.gov/v1.1/schema", "dataset": []},
    ],
    ids=["nothing", "page", "features-api", "stac", "geojson", "empty", "features", "error", "data.json"],
)
def test_what_other_software_answers_is_left_to_others(body: Any):
    assert not recognised(body)


# ------------------------------------------------------------------------------ replayed


@pytest.mark.parametrize("path", ["", "conformance", "?f=json", "collections/wis2-discovery-metadata/items"])
def test_the_replayed_portal_is_read_whole_from_every_entrance(replay: Any, path: str):
    running = replay("ogc-records")
    items = list(ogc_records.read(make.source(url=running.url("ogc-records") + path), captured.get))
    assert (len(drafts(items)), len(problems(items)), announced(items)) == (15, 3, 18)


@pytest.mark.parametrize(
    "fault", ["paging_never_ends", "paging_shrinks", "half_gone", "invalid_json", "utf16"]
)
def test_faults_end_and_show(replay: Any, fault: str):
    running = replay("ogc-records")
    running.fault("ogc-records", fault, path="/collections/*/items*")
    items = list(ogc_records.read(make.source(url=running.url("ogc-records")), captured.get))
    received = len(drafts(items)) + len(problems(items))
    assert received >= 6
    shows = (announced(items) or 0) > received or any(problem.partial for problem in problems(items))
    assert shows or fault in ("utf16", "half_gone", "paging_shrinks")
