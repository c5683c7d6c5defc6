"""ArcGIS Hub: its feeds, its searches, and which item a record is."""

from __future__ import annotations

import csv
import json
from itertools import pairwise
from pathlib import Path
from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from harvester.document import Document
from harvester.errors import FeedError, FetchError
from harvester.feeds import arcgis_hub, dcat, dcat_us
from harvester.feeds._arcgis.identity import Identity, identity_of
from harvester.feeds._arcgis.item import draft_of_feature, draft_of_resource, draft_of_result
from harvester.model import Draft, DraftContact, Item
from tests import make
from tests.feeds import captured
from tests.feeds.captured import announced, drafts, lean, problems
from tests.feeds.web import Web, web

FIXTURES = Path(__file__).parent / "fixtures_arcgis_hub"
HOME = "https://data.elmford.example/"
FEED = HOME + "api/feed/dcat-us/1.1.json"
SEARCH = HOME + "api/search/v1/collections/dataset/items?limit=100&startindex=1"
V3 = HOME + "api/v3/datasets?page[size]=100"
ITEM = "0123456789abcdef0123456789abcdef"
SERVICE = "https://services1.arcgis.com/AbCdEf/arcgis/rest/services/Trees/FeatureServer"
SHELL = '<!DOCTYPE html><html><head><script src="https://hubcdn.arcgis.com/opendata-ui/a.js"></script></head></html>'


def fixture(name: str) -> bytes:
    return (FIXTURES / name).read_bytes()


def read(answers: dict[str, Any] | Web, url: str = HOME) -> list[Item]:
    get = answers if isinstance(answers, Web) else web({HOME: SHELL, **answers})
    return list(arcgis_hub.read(make.source(url=url), get))


def document(body: Any, url: str = HOME + "x") -> Document:
    return Document(url=url, body=body if isinstance(body, bytes) else json.dumps(body).encode())


# ------------------------------------------------------------------------------ identity


@pytest.mark.parametrize(
    "name",
    [
        f"{ITEM}_3",
        f"http://data-elmford.opendata.arcgis.com/datasets/{ITEM}_3",
        f"https://data.elmford.example/maps/{ITEM.upper()}_3",
        f"https://data.elmford.example/datasets/elmford::{ITEM}_3",
        f"https://www.arcgis.com/home/item.html?id={ITEM}&sublayer=3",
        f"https://elmford.maps.arcgis.com/home/item.html?sublayer=3&id={ITEM}",
        f"https://data.elmford.example/datasets/{ITEM}_3.geojson?outSR=%7B%22wkid%22%3A102100%7D",
        f"https://data.elmford.example/datasets/{ITEM}_3/explore",
        f"https://data.elmford.example/datasets/{ITEM}/explore?layer=3",
        f"https://data.elmford.example/api/download/v1/items/{ITEM}/csv?layers=3",
        f"https://hub.arcgis.com/api/v2/datasets/{ITEM}_3/license",
    ],
)
def test_item_and_layer_are_the_key_in_every_form_that_hubs_ever_wrote(name: str):
    assert identity_of([name], []).key == f"{ITEM}_3"


def test_the_layer_is_taken_from_the_service_where_the_item_does_not_tell_it():
    assert identity_of([ITEM], [f"{SERVICE}/3"]).key == f"{ITEM}_3"
    assert identity_of([f"{ITEM}_0"], [f"{SERVICE}/3"]).key == f"{ITEM}_0"
    assert identity_of([ITEM], [SERVICE]).key == ITEM


@pytest.mark.parametrize(
    "address",
    [
        f"https://elmford.maps.arcgis.com/apps/webappviewer/index.html?id={ITEM}",
        f"https://elmford.maps.arcgis.com/apps/MapSeries/index.html?appid={ITEM}",
        f"https://experience.arcgis.com/experience/{ITEM}/",
        f"https://elmford.maps.arcgis.com/apps/opsdashboard/index.html#/{ITEM}",
        f"https://www.arcgis.com/sharing/rest/content/items/{ITEM}/data",
    ],
)
def test_an_application_or_file_that_is_listed_under_a_slug_is_told_by_its_address(address: str):
    assert identity_of([HOME + "apps/elmford::tree-finder"], [address]).key == ITEM


def test_behind_a_slug_the_service_of_the_layer_is_the_key_however_the_slug_changes():
    slugs = (HOME + "datasets/elmford::trees", HOME + "maps/elmford::street-trees")
    keys = {identity_of([slug], [slug, f"https://{host}/{layer}/"]).key for slug, host, layer in zip(
        slugs, (SERVICE.removeprefix("https://"), SERVICE.removeprefix("https://").replace("services1", "SERVICES1")),
        (3, 3), strict=True)}  # fmt: skip
    assert keys == {f"{SERVICE.removeprefix('https://')}/3"}


def test_a_service_of_many_layers_is_no_identity_but_the_slug_is_whatever_page_it_stands_under():
    expected = Identity(slug="elmford::trees")
    for page in ("datasets", "maps", "documents"):
        assert identity_of([f"{HOME}{page}/Elmford::trees"], [SERVICE]) == expected
    assert expected.key == "elmford::trees"


def test_an_image_service_has_no_layers_and_is_an_identity():
    address = "https://gis.elmford.example/arcgis/rest/services/Aerials/ImageServer"
    assert identity_of([], [address]).key == "gis.elmford.example/arcgis/rest/services/Aerials/ImageServer"


def test_what_only_looks_like_an_item_is_none():
    names = [f"{ITEM}0", f"https://x.example/reports/{ITEM}.pdf", "https://[x/datasets/", "trees", f"x{ITEM}"]
    assert identity_of(names, names) == Identity()


@given(st.lists(st.text(max_size=80) | st.none(), max_size=4), st.lists(st.text(max_size=80), max_size=4))
def test_any_text_may_stand_where_identifiers_are_due(names: list[str | None], addresses: list[str]):
    assert isinstance(identity_of(names, addresses), Identity)


# ------------------------------------------------------------------------------ feeds


def test_dcat_us_is_read_with_the_item_as_key_and_all_other_forms_as_identifiers():
    trees, parks = drafts(read({FEED: fixture("dcat_us.json")}))
    assert trees.key == f"{ITEM}_3"
    assert trees.identifiers == (
        f"https://www.arcgis.com/home/item.html?id={ITEM}&sublayer=3",
        f"{ITEM}_3",
        "elmford::street-trees",
    )
    assert (
        trees.page == trees.landing_page == "https://data-elmford.hub.arcgis.com/maps/elmford::street-trees"
    )
    assert trees.licence == "Free to use, at your own risk."
    assert trees.themes == ()  # "geospatial" stands there for everything that has an extent
    assert parks.key == "elmford::parks"
    assert parks.themes == ("Environment",)


def test_the_account_that_uploaded_the_data_is_nobody_to_ask():
    trees, parks = drafts(read({FEED: fixture("dcat_us.json")}))
    assert trees.contacts == (DraftContact(email="mailto:gis@elmford.example"),)
    assert parks.contacts == (DraftContact(name="Parks Department"),)


def test_a_page_in_place_of_a_mail_address_is_a_page_to_ask_at():
    feed = json.loads(fixture("dcat_us.json"))
    feed["dataset"][0]["contactPoint"]["hasEmail"] = "https://elmford.example/staff"
    contact = drafts(read({FEED: feed}))[0].contacts[0]
    assert (contact.url, contact.email) == ("https://elmford.example/staff", "https://elmford.example/staff")


def test_a_template_that_nobody_filled_is_missing_and_noted():
    parks = drafts(read({FEED: fixture("dcat_us.json")}))[1]
    assert (parks.description, parks.licence, parks.spatial) == ({}, None, ())
    assert "{{" not in str(msgspec.structs.replace(parks, notes=()))
    assert {note.field for note in parks.notes} == {
        "description",
        "licence",
        "spatial",
        "contacts",
        "publisher",
    }


def test_dcat_ap_gives_the_same_keys_as_dcat_us():
    trees, budget = drafts(read({HOME + "api/feed/dcat-ap/2.1.1.json": fixture("dcat_ap.jsonld")}))
    assert (trees.key, budget.key) == (f"{ITEM}_3", "f" * 32)
    assert trees.page == "https://data-elmford.hub.arcgis.com/maps/elmford::street-trees"
    assert (trees.themes, trees.contacts, trees.keywords) == ((), (), (("", "trees"),))
    assert trees.uri == "https://data-elmford.hub.arcgis.com/maps/elmford::street-trees"
    assert [word for _, word in budget.keywords] == ["council", "money"] or len(budget.keywords) == 2


def test_feeds_are_tried_the_best_first_and_one_answer_is_enough():
    hub = web({HOME: SHELL, HOME + "data.json": fixture("dcat_us.json")})
    assert len(drafts(read(hub))) == 2
    assert hub.calls == [HOME, FEED, HOME + "data.json"]


def test_a_shell_that_answers_every_unknown_path_is_no_feed():
    shells = {HOME + probe: SHELL for probe in arcgis_hub.PROBES}
    assert len(drafts(read(shells | {SEARCH: search(feature(1))}))) == 1
    with pytest.raises(FeedError, match="Neither a feed"):
        read(shells)


def test_a_portal_that_fails_is_told_as_failing_and_not_as_none():
    answers = {FEED: FetchError(FEED, "answered 500.", status=500)}
    with pytest.raises(FetchError, match="500"):
        read(answers)


def test_a_feed_that_is_empty_tonight_is_read_where_the_type_is_written():
    empty = json.loads(fixture("dcat_us.json")) | {"dataset": []}
    assert read({FEED: empty}, FEED) == []


def test_a_document_of_another_kind_is_refused_with_what_to_do():
    with pytest.raises(FeedError, match="home page"):
        read({HOME + "x": {"layers": []}}, HOME + "x")


# ------------------------------------------------------------------------------ searches


def feature(number: int, **properties: Any) -> dict[str, Any]:
    return {
        "id": f"{number:032x}",
        "type": "Feature",
        "geometry": None,
        "properties": {
            "title": f"Layer {number}",
            "type": "Feature Service",
            "typeKeywords": [],
            **properties,
        },
        "links": [],
    }


def search(*features: dict[str, Any], total: int | None = None, after: str | None = None) -> dict[str, Any]:
    links = [{"rel": "next", "type": "application/geo+json", "href": after}] if after else []
    return {
        "type": "FeatureCollection",
        "features": list(features),
        "numberMatched": len(features) if total is None else total,
        "links": links,
    }


def test_an_item_of_the_search_becomes_a_draft():
    item = feature(
        1,
        description="{{description}}",  # the snippet stands in
        snippet="All trees",
        tags=["trees"],
        categories=["/Categories/Environment"],
        owner="jdoe",
        source="Town of Elmford",
        structuredLicense={"type": "CC-BY-4.0", "url": "https://creativecommons.org/licenses/by/4.0/"},
        license="CC-BY-4.0",
        licenseInfo="<b>Credit us.</b>",
        accessInformation="Parks crew",
        created=1545210339000,
        modified=1606750464000,
        culture="en-us",
        url=f"{SERVICE}/3",
        size=79,
    )
    item["links"] = [
        {"rel": "html", "type": "text/html", "href": "/datasets/elmford::trees"},
        {"rel": "enclosure", "type": "text/csv", "title": "CSV", "href": "/downloads/trees.csv"},
    ]
    item["geometry"] = {"type": "Polygon", "coordinates": [[[0, 0], [0, 1], [1, 1], [0, 0]]]}
    assert lean(draft_of_feature(item, SEARCH)) == {
        "key": f"{1:032x}_3",
        "identifiers": [f"{1:032x}", f"{1:032x}_3", "elmford::trees"],
        "title": {"": "Layer 1"},
        "keywords": [["", "trees"]],
        "themes": ["Environment"],
        "publisher": {"name": {"": "Town of Elmford"}},
        "page": HOME + "datasets/elmford::trees",
        "landing_page": HOME + "datasets/elmford::trees",
        "licence": "https://creativecommons.org/licenses/by/4.0/",
        "rights": "<b>Credit us.</b>\n\nParks crew",
        "issued": "1545210339000",
        "modified": "1606750464000",
        "languages": ["en-us"],
        "spatial": [{"geometry": '{"coordinates":[[[0,0],[0,1],[1,1],[0,0]]],"type":"Polygon"}'}],
        "distributions": [
            {
                "access_url": f"{SERVICE}/3",
                "title": {"": "Feature Service"},
                "format": "ArcGIS GeoServices REST API",
            },
            {
                "download_url": HOME + "downloads/trees.csv",
                "title": {"": "CSV"},
                "media_type": "text/csv",
            },
        ],
        "description": {"": "All trees"},
        "unread": {"type": "Feature Service"},
    }


def test_a_layer_that_the_search_names_with_its_whole_service_is_completed():
    layer = feature(
        1, type="Feature Layer", url=SERVICE, extent={"type": "Polygon", "coordinates": [[[0, 0], [1, 1]]]}
    )
    layer["id"] = f"{ITEM}_3"
    layer["properties"]["properties"] = {
        "downloads": {"formats": [{"key": "csv", "hidden": False}, {"key": "kml", "hidden": True}]}
    }
    draft = draft_of_feature(layer, SEARCH)
    assert draft.key == f"{ITEM}_3"
    assert [file.access_url for file in draft.distributions] == [
        f"{SERVICE}/3",
        f"{HOME}api/download/v1/items/{ITEM}/csv?layers=3",
    ]
    assert draft.spatial[0].geometry == '{"coordinates":[[[0,0],[1,1]]],"type":"Polygon"}'


def test_a_layer_is_offered_in_the_formats_of_the_hubs_feeds_where_it_names_none():
    layer = feature(1, type="Table", url=f"{SERVICE}/0")
    files = draft_of_feature(layer, SEARCH).distributions[1:]
    assert [file.format for file in files] == ["csv", "geojson", "shapefile", "kml"]


def test_a_resource_of_the_older_api_becomes_a_draft():
    resource = {
        "id": f"{ITEM}_29",
        "type": "dataset",
        "attributes": {
            "itemId": ITEM,
            "name": "Housing land",
            "description": "Sites.",
            "slug": "elmford::housing-land",
            "owner": "jdoe",
            "orgContactEmail": "mailto:gis@elmford.example",
            "source": "Elmford Council",
            "license": "custom",
            "structuredLicense": {"type": "custom", "text": "Ask."},
            "licenseInfo": "Ask first.",
            "extent": {"coordinates": [[-3.7, 57.4], [-2.8, 57.7]], "type": "envelope"},
            "fields": [{"name": "TOWN", "alias": "Town", "type": "esriFieldTypeString", "domain": None}],
            "statistics": {"string": {}},
            "url": "https://maps.elmford.example/arcgis/rest/services/LP/MapServer/29",
        },
    }
    draft = draft_of_resource(resource, V3)
    assert (draft.key, draft.page) == (f"{ITEM}_29", HOME + "datasets/elmford::housing-land")
    assert (draft.licence, draft.spatial[0].bbox) == ("Ask first.", "-3.7,57.4,-2.8,57.7")
    assert draft.unread == {"fields": '[{"alias":"Town","name":"TOWN","type":"esriFieldTypeString"}]'}
    assert draft.contacts == (DraftContact(name="Elmford Council", email="mailto:gis@elmford.example"),)
    assert "jdoe" not in str(draft)


def test_an_item_that_is_a_file_is_downloaded_from_the_portal_that_keeps_it():
    item = {"id": ITEM, "title": "Budget", "type": "Microsoft Excel", "name": "budget.xlsx", "size": 100}
    here = draft_of_result(item, "https://gis.elmford.example/portal/sharing/rest/search?q=x")
    assert lean(here)["distributions"] == [
        {
            "download_url": f"https://gis.elmford.example/portal/sharing/rest/content/items/{ITEM}/data",
            "title": {"": "budget.xlsx"},
            "format": "Microsoft Excel",
            "byte_size": "100",
        }
    ]


def test_pages_are_followed_by_link_and_the_total_is_announced():
    second = SEARCH.replace("startindex=1", "startindex=3")
    items = read(
        {SEARCH: search(feature(1), feature(2), total=3, after=second), second: search(feature(3), total=3)}
    )
    assert [draft.key for draft in drafts(items)] == [f"{n:032x}" for n in (1, 2, 3)]
    assert (announced(items), problems(items)) == (3, [])


def test_a_search_that_names_no_next_page_is_counted_on():
    second = HOME + "api/search/v1/collections/dataset/items?limit=100&startindex=2"
    items = read({SEARCH: search(feature(1), total=2), second: search(feature(2), total=2)})
    assert len(drafts(items)) == 2


def test_pages_that_lead_round_in_a_circle_cost_one_lap():
    laps = [SEARCH, *(f"{SEARCH}&lap={lap}" for lap in range(50))]
    pages = {lap: search(feature(1), total=9, after=after) for lap, after in pairwise(laps)}
    hub = web({HOME: SHELL, **pages})
    items = read(hub)
    assert len(drafts(items)) == 1
    assert problems(items)[-1].partial
    assert hub.calls[-2:] == laps[:2]


def test_a_page_that_fails_costs_its_records_and_is_told():
    second = HOME + "api/search/v1/collections/dataset/items?startindex=2&limit=100"
    answers = {
        SEARCH: search(feature(1), total=2, after=second),
        second: FetchError(second, "answered 502.", status=502),
    }
    items = read(answers)
    assert len(drafts(items)) == 1
    assert [problem.partial for problem in problems(items)] == [True]


def test_the_older_api_is_followed_by_meta_next():
    def page(number: int, **meta: Any) -> dict[str, Any]:
        resource = {
            "id": f"{number:032x}_0",
            "type": "dataset",
            "attributes": {"itemId": "x", "name": f"L{number}"},
        }
        return {"data": [resource], "meta": {"stats": {"totalCount": 2, "count": 1}, **meta}}

    second = HOME + "api/v3/datasets?page%5Bnumber%5D=2"
    items = read(
        {V3: page(1, next="http://localhost:8080/api/v3/datasets?page%5Bnumber%5D=2"), second: page(2)}
    )
    assert [draft.key for draft in drafts(items)] == [f"{1:032x}_0", f"{2:032x}_0"]
    assert announced(items) == 2


def test_the_search_of_a_portal_gives_its_data_and_passes_over_its_applications():
    url = "https://gis.elmford.example/portal/sharing/rest/search?q=access:public&f=json"
    results = [
        {"id": f"{1:032x}", "title": "Trees", "type": "Feature Service", "typeKeywords": [], "url": SERVICE},
        {"id": f"{2:032x}", "title": "Dashboard", "type": "Dashboard", "typeKeywords": []},
    ]
    first = {"total": 3, "start": 1, "num": 2, "nextStart": 3, "results": results}
    last = {"total": 3, "start": 3, "num": 2, "nextStart": -1, "results": [results[0] | {"id": f"{3:032x}"}]}
    after = url.replace(":", "%3A").replace("https%3A", "https:") + "&start=3"
    items = read({url: first, after: last}, url)
    assert [draft.key for draft in drafts(items)] == [f"{1:032x}", f"{3:032x}"]
    assert announced(items) == 2


@pytest.mark.parametrize("path", ["api/search/v1", "api/search/v1/collections"])
def test_the_entrance_of_the_search_leads_to_its_items(path: str):
    href = HOME + "api/search/v1/collections/dataset"
    answers = {
        HOME + path: {"links": [{"rel": "data", "href": href}], "collections": []},
        SEARCH: search(feature(1)),
    }
    assert len(drafts(read(answers, HOME + path))) == 1


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=6,
)
MEMBERS = st.sampled_from(
    ("id", "title", "name", "description", "tags", "categories", "extent", "url", "type", "structuredLicense",
     "licenseInfo", "created", "fields", "layer", "culture", "slug", "source", "links")
)  # fmt: skip


@settings(deadline=None, max_examples=60)
@given(st.dictionaries(MEMBERS, JSON), JSON)
def test_any_object_whatever_becomes_a_draft(item: dict[str, Any], id: object):
    for draft in (
        draft_of_feature({"id": id, "properties": item, "links": id, "geometry": id}, HOME),
        draft_of_resource({"id": id, "attributes": item}, HOME),
        draft_of_result(item | {"id": id}, HOME),
    ):
        assert msgspec.convert(msgspec.to_builtins(draft), Draft) == draft


# ------------------------------------------------------------------------------ recognising


@pytest.mark.parametrize("name", ["dcat_us.json", "dcat_ap.jsonld"])
def test_the_hubs_own_feeds_are_recognised(name: str):
    assert arcgis_hub.recognise(document(fixture(name)))


def test_the_hubs_answers_to_searches_are_recognised():
    assert arcgis_hub.recognise(document(search(feature(1))))
    assert arcgis_hub.recognise(document(search(), url=SEARCH))
    assert arcgis_hub.recognise(document({"links": [{"href": HOME + "api/search/v1/collections"}]}))
    assert arcgis_hub.recognise(document({"data": [], "meta": {"queryParameters": {"catalog": {}}}}))


def hub_and_others(*hosts: str) -> dict[str, Any]:
    datasets = [
        {
            "title": host,
            "identifier": f"https://{host}/datasets/{ITEM}_{n}",
            "landingPage": f"https://{host}/x",
            "keyword": [],
        }
        for n, host in enumerate(hosts)
    ]
    return {"conformsTo": "https://project-open-data.cio.gov/v1.1/schema", "dataset": datasets}


@pytest.mark.parametrize(
    "body",
    [
        SHELL.encode(),
        b"",
        b"[]",
        b'{"error": {"code": 498, "message": "Invalid token."}}',
        json.dumps(hub_and_others("a.example", "b.example", "c.example")).encode(),
        json.dumps({"conformsTo": "https://project-open-data.cio.gov/v1.1/schema", "dataset": []}).encode(),
        b'{"dataset": [{"title": "T", "identifier": "abcd-1234", "keyword": ["k"], "landingPage": "https://x.example/d/abcd-1234"}]}',
        b'{"type": "FeatureCollection", "features": [{"type": "Feature", "properties": {"name": "Tree"}}]}',
        b'{"data": [{"id": "1", "attributes": {"title": "Of another JSON:API"}}]}',
        b'{"count": 1, "results": [{"title": "Of another search", "owner": "x"}]}',
    ],
    ids=range(10),
)  # fmt: skip
def test_what_other_software_answers_is_left_to_others(body: bytes):
    assert not arcgis_hub.recognise(document(body))


# ------------------------------------------------------------------------------ captured


HUB_KINDS = (
    "dcat-us-archubs",
    "dcat-us-hub-timeseries",
    "dcat-us-hub-outages",
    "dcat-ap-hub-jsonld",
    "arcgis-hub-v3",
)
OTHER_KINDS = (
    "dcat-us-federal",
    "dcat-us-other",
    "socrata",
    "ckan",
    "ods",
    "ogc-records",
    "dcat-us-socrata-shuffle",
)


def rows(shared: Path, *kinds: str) -> dict[str, int]:
    """Captured files of these kinds: path → datasets."""
    with (shared / "feeds" / "INDEX.tsv").open(encoding="utf-8", newline="") as index:
        table = list(csv.DictReader(index, delimiter="\t", quoting=csv.QUOTE_NONE))
    return {row["path"]: int(row["datasets"] or 0) for row in table if row["kind"] in kinds}


def test_every_captured_feed_is_recognised_and_read_whole(shared: Path):
    found = rows(shared, *HUB_KINDS)
    assert len(found) > 40
    for path, count in found.items():
        body = Document(url=f"file:///{path}", body=shared / "feeds" / path)
        items = list(arcgis_hub.read(make.source(url="feed", path=body.body), lambda url, body=body: body))
        assert (len(drafts(items)), problems(items)) == (count, []), path
        assert arcgis_hub.recognise(body) == (count > 0 or "hub-v3" in path), path


def test_captured_feeds_of_other_software_are_left_to_others(shared: Path):
    for path in rows(shared, *OTHER_KINDS):
        assert not arcgis_hub.recognise(Document(url=path, body=shared / "feeds" / path)), path


def test_a_portals_search_is_read_and_its_groups_are_no_datasets(shared: Path):
    for name, count in (("search-result", 4), ("group-2dfa6cfea7774d9585700059e1fc8219-items-search", 3)):
        body = Document(url="x", body=shared / "feeds" / "arcgis-portal" / f"terria_{name}.json")
        assert len(drafts(list(arcgis_hub.read(make.source(url="x"), lambda url, body=body: body)))) == count
    groups = Document(url="x", body=shared / "feeds" / "arcgis-portal" / "terria_group-search-results.json")
    with pytest.raises(FeedError, match="no items"):
        list(arcgis_hub.read(make.source(url="x"), lambda url: groups))


PORTALS = {
    "cuyahoga-county": 31, "dvrpc": 87, "edinburgh": 44, "evian": 8, "moray": 20, "north-ayrshire": 126,
    "south-bend": 61, "wisconsin-rapids": 24,
}  # fmt: skip


def test_replayed_hubs_are_read_from_their_home_page(replay: Any):
    running = replay(*PORTALS)
    for name, count in PORTALS.items():
        items = list(arcgis_hub.read(make.source(url=running.url(name)), captured.get))
        assert (len(drafts(items)), problems(items)) == (count, []), name
        assert len(running.log(name)) <= 7, name


def test_the_search_and_the_feed_of_a_hub_give_the_same_keys(replay: Any):
    running = replay("south-bend")
    by_feed, by_search = (
        drafts(list(arcgis_hub.read(make.source(url=running.url("south-bend") + path), captured.get)))
        for path in ("", "api/search/v1")
    )
    assert {draft.key for draft in by_feed} == {draft.key for draft in by_search}


def test_two_of_three_changes_of_all_identifiers_leave_the_keys_as_they_were(shared: Path):
    """South Bend: http → https keeps all keys, `/datasets/` → `/maps/` too; item → slug is for `changes`."""
    folder = shared / "feeds" / "dcat-us-hub-timeseries"
    days = {}
    for path in sorted(folder.glob("*.json")):
        body = Document(url="x", body=path)
        found = drafts(list(arcgis_hub.read(make.source(url="x"), lambda url, body=body: body)))
        days[path.stem[-8:]] = {draft.key for draft in found}
    assert len(days["20200804"] & days["20200918"]) == 83
    assert len(days["20220327"] & days["20220417"]) == 109


@pytest.mark.parametrize(
    "fault", ["paging_never_ends", "paging_shrinks", "invalid_json", "utf16", "bom_utf8"]
)
def test_faults_of_paging_and_encoding_end_and_lose_nothing_silently(replay: Any, fault: str):
    running = replay("moray")
    running.fault("moray", fault, path="/api/v3/*")
    items = list(arcgis_hub.read(make.source(url=running.url("moray")), captured.get))
    assert drafts(items)
    if len(drafts(items)) < 20:
        assert any(problem.partial for problem in problems(items))


def test_dcat_and_dcat_us_would_read_what_the_hub_reads():
    """The hub comes before them, and takes from them nothing that they could not read."""
    assert dcat_us.recognise(document(fixture("dcat_us.json")))
    assert dcat.recognise(document(fixture("dcat_ap.jsonld")))
    assert arcgis_hub.ORDER < dcat_us.ORDER < dcat.ORDER
