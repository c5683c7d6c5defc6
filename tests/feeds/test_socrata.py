"""Socrata portals: the discovery API, `/api/views.json`, data.json, and files of saved answers."""

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
from harvester.feeds import dcat_us, socrata
from harvester.feeds._socrata.addresses import id_in
from harvester.feeds._socrata.asset import draft_of
from harvester.model import Dataset, Draft, Item
from harvester.normalise import dataset as normalise
from harvester.normalise.fingerprint import changed_fields, fingerprint
from tests import make
from tests.feeds import captured
from tests.feeds.captured import announced, drafts, lean, problems
from tests.feeds.web import web

FIXTURES = sorted((Path(__file__).parent / "fixtures_socrata").glob("*.json"))
HOST = "data.elmford.example"
HOME = f"https://{HOST}/"


def asset(number: int, domain: str = HOST, **resource: Any) -> dict[str, Any]:
    id = f"ab12-{number:04}"
    return {
        "resource": {"id": id, "name": f"Dataset {number}", "type": "dataset", **resource},
        "classification": {"domain_tags": ["k"]},
        "metadata": {"domain": domain},
        "permalink": f"https://{domain}/d/{id}",
        "owner": {"id": "zz99-zz99", "display_name": "Jane Roe"},
    }


def record(number: int, **fields: Any) -> dict[str, Any]:
    """An asset in the words of data.json."""
    id = f"ab12-{number:04}"
    return {
        "identifier": f"{HOME}api/views/{id}",
        "title": f"Dataset {number}",
        "landingPage": f"{HOME}d/{id}",
        "accessLevel": "public",
        **fields,
    }


def data_json(*records: dict[str, Any], home: str = HOME) -> dict[str, Any]:
    pod = "https://project-open-data.cio.gov/v1.1/schema"
    return {"@id": f"{home}data.json", "conformsTo": pod, "dataset": list(records)}


KINDS = {"dataset": "datasets", "file": "files", "href": "links", "map": "maps", "story": "stories"}
"""Type of asset → what a search calls it."""


class Portal:
    """A portal with a discovery API, over a list of assets; `calls` are the addresses that were asked."""

    def __init__(
        self,
        assets: list[dict[str, Any]],
        fails: Callable[[str], int | None] = lambda url: None,
        farthest: int = 10_000,
        others: dict[str, Any] | None = None,
    ) -> None:
        self.assets, self.fails, self.farthest = assets, fails, farthest
        self.others = others or {}
        self.calls: list[str] = []

    def head(self, url: str) -> Document:
        raise AssertionError("no size is asked for")

    def __call__(self, url: str) -> Document:
        self.calls.append(url)
        if (status := self.fails(url)) is not None:
            raise FetchError(url, f"answered {status}.", status=status)
        if url in self.others:
            return Document(url=url, body=json.dumps(self.others[url]).encode())
        split = urlsplit(url)
        if split.path != "/api/catalog/v1":
            raise FetchError(url, "answered 404.", status=404)
        query = {name: values[0] for name, values in parse_qs(split.query).items()}
        wanted = query["only"].split(",")
        assets = [each for each in self.assets if KINDS[each["resource"]["type"]] in wanted]
        if query.get("order") == "dataset_id":
            assets = sorted(assets, key=lambda each: str(each["resource"]["id"]))
        after = query.get("scroll_id", "")
        assets = [each for each in assets if each["resource"]["id"] > after]
        start, limit = int(query.get("offset", 0)), int(query["limit"])
        if start + limit > self.farthest:
            raise FetchError(url, "answered 400.", status=400)
        page = {"results": assets[start : start + limit], "resultSetSize": len(assets), "timings": {}}
        return Document(url=url, body=json.dumps(page).encode())


def read(get: Any, url: str = HOME, **source: Any) -> list[Item]:
    return list(socrata.read(make.source(url=url, **source), get))


def keys(items: list[Item]) -> list[str | None]:
    return [draft.key for draft in drafts(items)]


def ids(*numbers: int) -> list[str]:
    return [f"ab12-{number:04}" for number in numbers]


def document(value: Any, url: str = HOME) -> Document:
    return Document(url=url, body=value if isinstance(value, bytes) else json.dumps(value).encode())


# ------------------------------------------------------------------------------ one asset


@pytest.mark.parametrize("path", FIXTURES, ids=lambda path: path.stem)
def test_an_asset_becomes_a_draft(path: Path):
    """Each fixture holds its rule, the asset, and the draft that is expected of it."""
    case = json.loads(path.read_text(encoding="utf-8"))
    assert lean(draft_of(case["input"], HOME, case["own"])) == case["expected"]


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=6,
)
INPUTS = [json.loads(path.read_text(encoding="utf-8"))["input"] for path in FIXTURES]
FIELDS = sorted({field for each in INPUTS for field in each["resource"]})
PARTS = ["classification", "metadata", "permalink", "link", "owner"]


@settings(deadline=None)
@given(st.dictionaries(st.sampled_from(FIELDS), JSON), st.dictionaries(st.sampled_from(PARTS), JSON))
def test_any_object_whatever_becomes_a_draft(resource: dict[str, Any], parts: dict[str, Any]):
    draft = draft_of({"resource": resource, **parts}, HOME, HOST)
    assert msgspec.convert(msgspec.to_builtins(draft), Draft) == draft


@pytest.mark.parametrize("path", FIXTURES, ids=lambda path: path.stem)
def test_no_account_of_a_person_enters_a_draft(path: Path):
    draft = draft_of(json.loads(path.read_text(encoding="utf-8"))["input"], HOME, HOST)
    assert "Jane Roe" not in str(draft)
    assert "jroe" not in str(draft)
    assert "zz99" not in str(draft)


@pytest.mark.parametrize(
    ("address", "id"),
    [
        ("https://data.x.example/d/ab12-cd34", "ab12-cd34"),
        ("https://data.x.example/api/views/AB12-cd34/rows.csv?accessType=DOWNLOAD", "ab12-cd34"),
        ("https://data.x.example/Health-Safety/Some-title/ab12-cd34", "ab12-cd34"),
        ("https://data.x.example/d/ab12-cd345", None),
        ("https://data.x.example/", None),
        (None, None),
    ],
)
def test_an_address_names_an_asset(address: str | None, id: str | None):
    assert id_in(address) == id


# ------------------------------------------------------------------------------ recognising


@pytest.mark.parametrize(
    "value",
    [
        {"results": [asset(1)], "resultSetSize": 1},
        {"results": [], "resultSetSize": 0, "timings": {}},
        [{"id": "ab12-cd34", "name": "Trees", "assetType": "dataset"}],
        "\n".join(json.dumps(asset(number)) for number in (1, 2)).encode(),
        data_json(record(1), record(2, landingPage=f"{HOME}d/ab12-0002", identifier="T-2"), record(3)),
        {"results": [asset(1, columns_field_name=["c" * 50] * 4000)]},
    ],
    ids=["search", "empty search", "views", "one a line", "data.json", "a longer record than is looked at"],
)
def test_socrata_is_recognised_by_what_it_says(value: Any):
    assert socrata.recognise(document(value))


@pytest.mark.parametrize(
    "value",
    [
        b"<html>socrata</html>",
        b"",
        {"results": [{"dataset_id": "x", "metas": {}}], "total_count": 1},
        {"success": True, "result": {"results": [{"id": "ab12-cd34"}]}},
        {"code": "not_found", "error": True, "message": "Cannot find view"},
        [{"facet": "categories", "count": 3, "values": []}],
        {"id": "ab12-cd34", "name": "One view", "assetType": "map"},
        data_json(record(1, identifier="x", landingPage="https://elmford.example/a"), record(2)),
        data_json(
            *(record(n, landingPage=f"https://p{n}.example/d/ab12-0001", identifier="x") for n in (1, 2, 3))
        ),
        data_json(record(1), home="https://other.example/"),
        [],
        {},
    ],
)
def test_what_is_not_socratas_is_not_claimed(value: Any):
    """A data.json that lists assets of several portals, or another portal's, is some other catalogue's."""
    assert not socrata.recognise(document(value))


BEGINNINGS = [
    b'{"results": [{"resource": {"id": "ab12-cd34", "name": "x"}, "classification": {}}]}',
    b'[{"id": "ab12-cd34", "assetType": "x"}]',
    b'{"dataset": [{"landingPage": "https://x.example/d/ab12-cd34"}]}',
]


@settings(deadline=None)
@given(st.binary(max_size=30), st.sampled_from(BEGINNINGS), st.integers(0, 90), st.binary(max_size=30))
def test_recognising_and_reading_never_break_down(before: bytes, seed: bytes, cut: int, after: bytes):
    """Whatever bytes come, they are a feed, or are refused with a reason."""
    url = f"{HOME}saved.json"
    for body in (before + seed[:cut] + after, seed[:cut] + before + seed[cut:]):
        socrata.recognise(document(body, url))
        with suppress(FeedError):
            read(web({url: body}), url)


# ------------------------------------------------------------------------------ the discovery API


def test_pages_are_read_in_a_stable_order_until_the_announced_number_is_there():
    portal = Portal([asset(number) for number in range(250, 0, -1)])
    items = read(portal)
    assert keys(items) == ids(*range(1, 251))
    assert announced(items) == 250
    assert not problems(items)
    assert len(portal.calls) == 4  # the last one asks for files
    assert all("order=dataset_id" in call for call in portal.calls)
    assert f"domains={HOST}&search_context={HOST}" in portal.calls[0]


def test_beyond_ten_thousand_the_last_id_leads_on(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(socrata, "FARTHEST", 300)
    portal = Portal([asset(number) for number in range(1, 721)], farthest=300)
    items = read(portal)
    assert keys(items) == ids(*range(1, 721))
    assert not problems(items)
    assert [("scroll_id=ab12-0300" in call) for call in portal.calls[:4]] == [False, False, False, True]
    assert announced(items) == 720


def test_files_links_and_layers_are_datasets_too_and_maps_of_tables_are_not():
    others = [asset(2, type="file", blob_mime_type="application/pdf"), asset(3, type="href")]
    maps = [asset(4, type="map", lens_view_type="geo"), asset(5, type="map", lens_view_type="tabular")]
    items = read(Portal([asset(1), *others, *maps, asset(6, type="story")]))
    assert keys(items) == ids(1, 2, 3, 4)
    assert announced(items) == 4


@pytest.mark.parametrize(("status", "told"), [(400, []), (500, [True])])
def test_a_portal_that_cannot_be_asked_for_files_gives_its_tables(status: int, told: list[bool]):
    portal = Portal([asset(1)], fails=lambda url: status if "only=files" in url else None)
    items = read(portal)
    assert keys(items) == ids(1)
    assert [each.partial for each in problems(items)] == told


def test_an_id_that_is_repeated_is_one_dataset_and_is_counted_once():
    items = read(Portal([asset(number) for number in (1, 1, 2, 3, 3)]))
    assert keys(items) == ids(1, 2, 3)
    assert announced(items) == 3


def test_the_same_id_with_another_title_is_passed_on():
    items = read(Portal([asset(1), asset(1, name="Another")]))
    assert [draft.title[""] for draft in drafts(items)] == ["Dataset 1", "Another"]


def test_a_page_that_fails_in_the_middle_costs_that_page():
    portal = Portal([asset(n) for n in range(1, 301)], fails=lambda url: 500 if "offset=100" in url else None)
    items = read(portal)
    assert keys(items) == ids(*range(1, 101), *range(201, 301))
    assert [each.partial for each in problems(items)] == [True]


def test_pages_that_lead_round_in_a_circle_cost_one_lap():
    same = {"results": [asset(1), asset(2)], "resultSetSize": 900}
    portal = Portal([], others={})
    portal.__class__ = type(
        "Circle", (Portal,), {"__call__": lambda self, url: self.calls.append(url) or document(same)}
    )
    assert keys(read(portal)) == ids(1, 2)
    assert len(portal.calls) == 3


def test_what_is_federated_says_whose_it_is():
    items = read(Portal([asset(1), asset(2, "data.state.example")]))
    own, federated = drafts(items)
    assert own.provenance == ()
    assert own.publisher is None
    assert federated.provenance == ("https://data.state.example/",)
    assert federated.publisher is not None
    assert federated.publisher.name == {"": "data.state.example"}


def test_a_portal_that_goes_by_another_name_keeps_its_assets():
    """It is asked as data.elmford.example, and its assets call it elmford.data.socrata.com."""
    items = read(Portal([asset(n, "elmford.data.socrata.com") for n in (1, 2)]))
    assert [draft.provenance for draft in drafts(items)] == [(), ()]
    assert drafts(items)[0].page == "https://elmford.data.socrata.com/d/ab12-0001"


@pytest.mark.parametrize("page", ["", "browse?q=x", "d/ab12-cd34", "api/catalog/v1?only=datasets&limit=1"])
def test_any_page_of_the_portal_will_do(page: str):
    assert keys(read(Portal([asset(1), asset(2)]), HOME + page)) == ids(1, 2)


def test_a_search_in_the_address_is_kept():
    portal = Portal([asset(1), asset(2, type="file", blob_mime_type="application/pdf")])
    assert keys(read(portal, f"{HOME}api/catalog/v1?only=files&limit=5&offset=3")) == ids(2)
    portal = Portal([asset(1)])
    read(portal, f"https://api.us.socrata.com/api/catalog/v1?domains={HOST}")
    assert portal.calls[0].startswith(
        f"https://api.us.socrata.com/api/catalog/v1?only=datasets&domains={HOST}"
    )


def test_a_record_that_is_none_costs_itself():
    Portal([], others={})
    get = web(
        {portal_url(): {"results": [asset(1), "odd", None, {"resource": 3}, asset(2)], "resultSetSize": 5}}
    )
    items = read(get)
    assert keys(items) == ids(1, 2)
    assert len(problems(items)) == 3


def portal_url(offset: int = 0) -> str:
    search = f"only=datasets&domains={HOST}&search_context={HOST}"
    return f"{HOME}api/catalog/v1?{search}&order=dataset_id&limit=100&offset={offset}"


# ------------------------------------------------------------------------------ the other ways


def test_without_a_discovery_api_the_views_are_read():
    view = {"id": "ab12-0001", "name": "Trees", "assetType": "dataset", "rowsUpdatedAt": 1586123171}
    column = {"fieldName": "species", "name": "Species", "dataTypeName": "text", "description": "Latin"}
    views = [
        {
            **view,
            "columns": [column],
            "owner": {"displayName": "Jane Roe"},
            "license": {"name": "Public Domain"},
        },
        {"id": "ab12-0002", "name": "A chart", "assetType": "chart"},
        {"id": "ab12-0003", "name": "A layer", "assetType": "map", "viewType": "geo"},
    ]
    items = read(web({f"{HOME}api/views.json?limit=100&page=1": views}))
    assert keys(items) == ids(1, 3)
    assert not problems(items)
    trees = drafts(items)[0]
    assert (trees.modified, trees.licence, trees.unread["columns"]) == (
        "1586123171",
        "Public Domain",
        "species (text)",
    )
    assert trees.page == f"{HOME}d/ab12-0001"
    assert "Jane Roe" not in str(trees)


def test_without_any_api_the_data_json_is_read_and_keys_are_the_same():
    portal = Portal([asset(1), asset(2)])
    get = web({f"{HOME}data.json": data_json(record(1), record(2, identifier="T-2"))})
    assert keys(read(get)) == keys(read(portal)) == ids(1, 2)
    assert keys(read(get, f"{HOME}data.json")) == ids(1, 2)


def test_a_search_that_knows_no_dataset_is_no_reason_to_say_that_there_is_none():
    empty = {"results": [], "resultSetSize": 0}
    get = web({portal_url(): empty, f"{HOME}data.json": data_json(record(1))})
    assert keys(read(get)) == ids(1)
    assert read(web({portal_url(): empty}))[-1] == read(Portal([]))[-1]
    assert announced(read(Portal([]))) == 0


@pytest.mark.parametrize("status", [500, 503, 429, None])
def test_a_portal_in_trouble_is_not_read_in_another_way(status: int | None):
    """Else all its records would change for one night, and change back."""
    get = web(
        {portal_url(): FetchError(HOME, "is down.", status=status), f"{HOME}data.json": data_json(record(1))}
    )
    with pytest.raises(FetchError):
        read(get)
    assert len(get.calls) == 1


def test_a_site_that_is_none_is_refused_with_its_first_reason():
    with pytest.raises(FetchError, match="catalog/v1"):
        read(web({}))
    with pytest.raises(FeedError, match="web page"):
        read(web({portal_url(): "<html>hello</html>"}))


def test_of_several_troubles_the_last_one_is_told_where_the_first_are_only_misses():
    with pytest.raises(FetchError, match="is down"):
        read(web({f"{HOME}data.json": FetchError(HOME, "is down.", status=500)}))
    with pytest.raises(FeedError, match="damaged"):
        read(web({f"{HOME}data.json": '{"dataset": [{"tit'}))


# ------------------------------------------------------------------------------ files


@pytest.mark.parametrize(
    "body",
    [
        "\n".join(json.dumps(asset(number)) for number in (1, 2)),
        {"results": [asset(1), asset(2)], "resultSetSize": 2},
        [asset(1), asset(2)],
        [{"id": id, "name": "Trees", "assetType": "dataset"} for id in ids(1, 2)],
        data_json(record(1), record(2)),
    ],
    ids=["one a line", "an answer", "a list", "views", "data.json"],
)
def test_a_file_of_assets_is_read(body: Any):
    url = "https://files.example/assets.json"
    assert keys(read(web({url: body}), url)) == ids(1, 2)


def test_a_broken_line_costs_itself():
    url = "https://files.example/assets.jsonl"
    lines = [json.dumps(asset(1)), '{"resource": {"id": "ab12', json.dumps(asset(3))]
    items = read(web({url: "\n".join(lines)}), url)
    assert keys(items) == ids(1, 3)
    assert len(problems(items)) == 1


@pytest.mark.parametrize(
    "body", [[{"facet": "categories"}], {"id": "ab12-cd34"}, "<html>", "", {"error": "x"}]
)
def test_a_file_without_assets_is_refused(body: Any):
    url = "https://files.example/assets.json"
    with pytest.raises(FeedError):
        read(web({url: body}), url)


def test_an_error_is_told_in_the_portals_own_words():
    with pytest.raises(FeedError, match="reports an error: Domain not found"):
        read(web({portal_url(): {"error": "Domain not found."}}))


# ------------------------------------------------------------------------------ captured


def test_every_capture_is_recognised(shared: Path):
    """How many datasets each gives is held to the index by `test_index`."""
    files = [
        *(shared / "feeds" / "socrata").glob("*"),
        *(shared / "feeds" / "dcat-us-socrata-shuffle").glob("*"),
    ]
    unclaimed = {path.name for path in files if not socrata.recognise(Document(url=HOME, body=path))}
    assert len(files) == 21
    assert unclaimed == {"terria_facets.json", "terria_view.json"}  # values to search by, and one view alone


def normalised(path: Path, url: str = f"{HOME}data.json") -> dict[str, Dataset]:
    source = make.source(url=url)
    found = [normalise(each, source) for each in drafts(read(web({url: Document(url=url, body=path)}), url))]
    return {each.key: each for each in found if isinstance(each, Dataset)}


def test_a_feed_that_shuffles_its_keywords_has_not_changed(shared: Path):
    """Captures of one day: nothing differs but two dates, each of which the portal set anew."""
    folder = shared / "feeds"
    first, second, third = (
        normalised(folder / path)
        for path in (
            "dcat-us-socrata-shuffle/fcc_2025-07-23T1916.json",
            "dcat-us-socrata-shuffle/fcc_2025-07-23T2223.json",
            "dcat-us-federal/fcc.json",
        )
    )
    assert len(first) == 59
    assert differing(first, second) == {"key:a6ec-cry4": ("modified",)}  # 3 July → 23 July
    assert differing(second, third) == {"key:3xyp-aqkj": ("modified",)}  # 23 July → 24 July


def differing(old: dict[str, Dataset], new: dict[str, Dataset]) -> dict[str, tuple[str, ...]]:
    assert old.keys() == new.keys()
    return {
        key: changed_fields(old[key], new[key])
        for key in old
        if fingerprint(old[key]) != fingerprint(new[key])
    }


def test_a_data_json_tells_assets_apart_whose_owners_gave_them_one_identifier(shared: Path):
    """Of the VA's 1,856 records 21 repeat an identifier; their ids on the portal are all different."""
    assert len(normalised(shared / "feeds" / "dcat-us-federal" / "va.json")) == 1856


@pytest.mark.parametrize(
    ("name", "count", "most"),
    [("chicago-socrata", 255, 4), ("cambridge-ma", 64, 2), ("fcc", 59, 3), ("va", 1856, 3)],
)
def test_replayed_portals_are_read_whole(replay: Any, name: str, count: int, most: int):
    running = replay(name)
    items = read(captured.get, running.url(name))
    assert len(set(keys(items))) == len(keys(items)) == count
    assert problems(items) == []
    assert announced(items) in (None, count)
    assert len(running.log(name)) <= most


def test_it_is_asked_before_the_general_feed():
    assert socrata.ORDER < dcat_us.ORDER
