"""One dataset on several portals: joined on evidence alone, in any order, and never two of one portal."""

from __future__ import annotations

import csv
from collections import defaultdict
from itertools import combinations
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from harvester.feeds import ckan, dcat_us
from harvester.link import Joined, Portal, addresses, evidence, join, linked
from harvester.link.evidence import Evidence
from harvester.model import Agent, CatalogRecord, Coded, Dataset, Draft, Finding, Listing, Place, Source
from harvester.normalise import dataset as normalised
from tests import make
from tests.feeds import captured
from tests.feeds.web import web

SITE = "https://elmvalley.example"
SERVER = "https://maps.elmford.example/arcgis/rest/services"
ITEM = "0123456789abcdef0123456789abcdef"


def listing(id: str, source: str, *files: str, **changes: Any) -> Dataset:
    """A dataset with these files, and nothing else that another could share."""
    plain: dict[str, Any] = {
        "id": id,
        "source": source,
        "key": f"key:{id}",
        "identifiers": (),
        "title": {"en": f"Title of {id}"},
        "publisher": Agent(name={"en": source}),
        "page": None,
        "spatial": (),
        "distributions": tuple(
            make.distribution(f"f{number}", download_url=url) for number, url in enumerate(files)
        ),
    }
    return make.dataset(**(plain | changes))


def groups(*datasets: Dataset, portals: dict[str, Portal] | None = None) -> list[tuple[str, ...]]:
    """(origin, others…) of every group."""
    joined = join([evidence(each, SITE) for each in datasets], portals or {})
    return [(group.origin, *group.others) for group in joined.groups]


def suggested(*datasets: Dataset) -> list[tuple[str, str, str]]:
    joined = join([evidence(each, SITE) for each in datasets], {})
    return [(each.first, each.second, each.reason) for each in joined.duplicates]


# ------------------------------------------------------------------------------ addresses


@pytest.mark.parametrize(
    "spelling",
    [
        "https://data.example.org/files/trees.csv",
        "http://data.example.org/files/trees.csv",
        "https://www.data.example.org/files/trees.csv",
        "https://DATA.Example.org/files/trees.csv",
        "https://data.example.org:443/files/trees.csv",
        "http://data.example.org:80/files/trees.csv",
        "https://data.example.org/files/trees.csv/",
        "https://data.example.org/files/trees.csv#top",
        "https://data.example.org/files/trees.csv?accessType=DOWNLOAD",
        "https://data.example.org/files/trees.csv?outSR=%7B%22latestWkid%22%3A2966%7D",
        "https://data.example.org/files/trees.csv?utm_source=mail&gclid=1",
        "https://data.example.org/files/trees.csv;jsessionid=1A2B?PHPSESSID=9",
    ],
)
def test_spellings_of_one_address(spelling: str) -> None:
    assert addresses.same(spelling) == "data.example.org/files/trees.csv"


@pytest.mark.parametrize(
    ("one", "another"),
    [
        ("https://x.example/trees.csv", "https://x.example/Trees.csv"),
        ("https://x.example/trees", "https://x.example/trees?year=2019"),
        ("https://x.example:8080/trees", "https://x.example/trees"),
        (f"{SERVER}/Trees/FeatureServer/0", f"{SERVER}/Trees/FeatureServer/1"),
        (f"{SERVER}/Trees/FeatureServer/0", f"{SERVER}/Trees/MapServer/0"),
    ],
)
def test_addresses_that_differ(one: str, another: str) -> None:
    assert addresses.same(one) != addresses.same(another)


def test_the_order_of_parameters_means_nothing() -> None:
    assert addresses.same("https://x.example/q?b=2&a=1") == addresses.same("https://x.example/q?a=1&b=2")


@pytest.mark.parametrize(
    "address",
    [
        "https://x.example/",
        "https://www.x.example",
        "http://localhost:8080/geoserver/wfs",
        "http://gis/a.csv",
        "",
    ],
)
def test_addresses_that_lead_to_no_one_thing(address: str) -> None:
    assert addresses.same(address) is None


@pytest.mark.parametrize(
    ("address", "layer"),
    [
        ("x.example/rest/services/Trees/FeatureServer/0", "x.example/rest/services/Trees/FeatureServer/0"),
        ("x.example/rest/services/Trees/MapServer", "x.example/rest/services/Trees/MapServer"),
        ("x.example/Trees/FeatureServer/0?f=pjson", "x.example/Trees/FeatureServer/0"),
        ("x.example/T/FeatureServer/0/query?outFields=*&where=1%3D1", "x.example/T/FeatureServer/0"),
        (
            "x.example/T/FeatureServer/0/query?f=geojson&outFields=*&where=1+%3D+1",
            "x.example/T/FeatureServer/0",
        ),
        ("x.example/T/FeatureServer/0/query?outFields=*&where=year%3D2019", None),
        ("x.example/T/FeatureServer/0/query", None),
        ("x.example/files/trees.csv", None),
    ],
)
def test_a_query_for_everything_is_the_layer(address: str, layer: str | None) -> None:
    assert addresses.service(address) == layer


@pytest.mark.parametrize(
    ("address", "name"),
    [
        (f"https://town.opendata.arcgis.com/datasets/{ITEM}_3", f"arcgis:{ITEM}_3"),
        (f"https://town.opendata.arcgis.com/datasets/{ITEM}_3.csv?outSR=x", f"arcgis:{ITEM}_3"),
        (f"https://town.opendata.arcgis.com/maps/{ITEM.upper()}", f"arcgis:{ITEM}"),
        (f"https://www.arcgis.com/home/item.html?id={ITEM}&sublayer=2", f"arcgis:{ITEM}_2"),
        (f"https://hub.arcgis.com/api/download/v1/items/{ITEM}/csv?layers=4", f"arcgis:{ITEM}_4"),
        (f"https://hub.arcgis.com/api/download/v1/items/{ITEM}/csv?layers=4,5", f"arcgis:{ITEM}"),
        ("https://data.town.gov/d/ab2c-9xyz", "socrata:data.town.gov/ab2c-9xyz"),
        (
            "https://data.town.gov/api/views/ab2c-9xyz/rows.csv?accessType=DOWNLOAD",
            "socrata:data.town.gov/ab2c-9xyz",
        ),
        ("https://data.town.gov/resource/ab2c-9xyz.json", "socrata:data.town.gov/ab2c-9xyz"),
        ("https://data.town.gov/Parks/Street-Trees/ab2c-9xyz/about_data", "socrata:data.town.gov/ab2c-9xyz"),
        ("https://data.town.gov/Parks/Budget/open-data", None),
        ("https://data.town.gov/Parks/Budget/2019-2020", None),
        ("https://data.ville.fr/explore/dataset/arbres/information/", "ods:data.ville.fr/arbres"),
        (
            "https://data.ville.fr/api/explore/v2.1/catalog/datasets/arbres/exports/csv",
            "ods:data.ville.fr/arbres",
        ),
        ("https://ckan.town.gov/dataset/trees", None),
    ],
)
def test_what_platforms_call_a_dataset(address: str, name: str | None) -> None:
    assert addresses.platform_name(address) == name


# ------------------------------------------------------------------------------ what joins


@pytest.mark.parametrize(
    ("one", "another"),
    [
        ({"identifiers": ("doi:10.5281/zenodo.1234",)}, {"uri": "https://doi.org/10.5281/ZENODO.1234"}),
        ({"identifiers": ("ark:/12345/fk4x",)}, {"uri": "https://n2t.net/ark:12345/fk4x"}),
        ({"identifiers": ("hdl:2027/abc.1",)}, {"identifiers": ("https://hdl.handle.net/2027/abc.1",)}),
        (
            {"key": "key:{6E21DADE-8630-41CA-959D-749242F03E7E}"},
            {"identifiers": ("urn:uuid:6e21dade-8630-41ca-959d-749242f03e7e",)},
        ),
        ({"uri": "https://data.town.gov/id/trees"}, {"identifiers": ("http://data.town.gov/id/trees/",)}),
        ({"key": f"arcgis:{ITEM}_0"}, {"page": f"https://county.hub.arcgis.com/datasets/{ITEM}_0"}),
        (
            {"page": "https://data.town.gov/Parks/Trees/ab2c-9xyz"},
            {"identifiers": ("https://data.town.gov/d/ab2c-9xyz",)},
        ),
        (
            {"page": "https://data.ville.fr/explore/dataset/arbres/"},
            {"provenance": ("https://data.ville.fr/explore/dataset/arbres/",)},
        ),
        (
            {"page": "https://data.town.gov/dataset/trees"},
            {"landing_page": "https://data.town.gov/dataset/trees"},
        ),
    ],
)
def test_the_same_global_name_joins(one: dict[str, Any], another: dict[str, Any]) -> None:
    assert groups(listing("a", "town", **one), listing("b", "county", **another)) == [("a", "b")]


@pytest.mark.parametrize(
    ("one", "another"),
    [
        (f"{SERVER}/Trees/FeatureServer/0", f"{SERVER.replace('https', 'http')}/Trees/FeatureServer/0/"),
        ("https://town.gov/trees.csv", "http://www.town.gov/trees.csv?utm_source=county"),
        (
            "https://data.town.gov/api/views/ab2c-9xyz/rows.csv",
            "https://data.town.gov/resource/ab2c-9xyz.json",
        ),
        (
            f"https://town.hub.arcgis.com/datasets/{ITEM}_0.csv",
            f"https://county.hub.arcgis.com/datasets/{ITEM}_0.kml",
        ),
    ],
)
def test_the_same_file_or_service_joins(one: str, another: str) -> None:
    assert groups(listing("a", "town", one), listing("b", "county", another)) == [("a", "b")]


@pytest.mark.parametrize(
    ("one", "another"),
    [
        ({"title": {"en": "Address points"}}, {"title": {"en": "Address points"}}),
        ({"identifiers": ("CCDB",)}, {"identifiers": ("CCDB",)}),
        ({"identifiers": ("town-planning-zones",)}, {"identifiers": ("town-planning-zones",)}),
        ({"identifiers": ("00000000-0000-0000-0000-000000000000",)},) * 2,
        ({"landing_page": "https://state.gov/gis-data"}, {"landing_page": "https://state.gov/gis-data"}),
        ({"provenance": ("https://state.gov/data.json",)}, {"provenance": ("https://state.gov/data.json",)}),
        ({"page": "https://town.gov/"}, {"landing_page": "https://town.gov/"}),
        ({"key": f"arcgis:{ITEM}_0"}, {"key": f"arcgis:{ITEM}_1"}),
    ],
)
def test_what_proves_nothing(one: dict[str, Any], another: dict[str, Any]) -> None:
    assert groups(listing("a", "town", **one), listing("b", "county", **another)) == []


@pytest.mark.parametrize(
    ("file", "changes"),
    [
        ("https://town.gov/", {}),
        ("http://localhost:8080/geoserver/wfs", {}),
        (
            "https://opendata.arcgis.com/admin",
            {"format": Coded(code="esri-rest", raw="ArcGIS GeoServices REST API")},
        ),
        ("https://town.gov/how-to-get-data", {"kind": "page"}),
    ],
)
def test_addresses_that_prove_nothing(file: str, changes: dict[str, Any]) -> None:
    files = (make.distribution("f", **({"download_url": None, "access_url": file} | changes)),)
    assert (
        groups(listing("a", "town", distributions=files), listing("b", "county", distributions=files)) == []
    )


def test_an_address_that_many_datasets_of_one_source_list_proves_nothing() -> None:
    portal = "https://town.gov/maps/viewer.zip"
    five = [listing(f"a{number}", "town", portal) for number in range(5)]
    assert groups(*five, listing("b", "county", portal)) == [("a0", "b")]
    assert groups(*five, listing("a5", "town", portal), listing("b", "county", portal)) == []


def test_what_is_said_about_data_does_not_tell_which_data() -> None:
    """Two datasets with one data dictionary are two; a document that is all there is joins."""
    pdf = make.distribution(
        "p", download_url="https://town.gov/guide.pdf", format=Coded(code="pdf", raw="PDF")
    )
    trees = make.distribution("t", download_url="https://town.gov/trees.csv")
    parks = make.distribution("t", download_url="https://town.gov/parks.csv")
    assert (
        groups(
            listing("a", "town", distributions=(trees, pdf)),
            listing("b", "county", distributions=(parks, pdf)),
        )
        == []
    )
    assert groups(
        listing("a", "town", distributions=(pdf,)), listing("b", "county", distributions=(pdf,))
    ) == [("a", "b")]


def test_other_layers_are_other_datasets_whatever_else_they_share() -> None:
    shared = {"identifiers": ("doi:10.5281/zenodo.1234",)}
    one = listing("a", "town", f"{SERVER}/Trees/FeatureServer/0", **shared)
    another = listing("b", "county", f"{SERVER}/Trees/FeatureServer/1", **shared)
    assert groups(one, another) == []
    assert suggested(one, another) == [("a", "b", "address")]
    third = listing("c", "state", **shared)  # without a service, it goes with one of the two
    assert groups(one, another, third) == [("a", "c")]


def test_two_of_one_source_are_never_joined_not_even_through_a_third() -> None:
    first = listing("a1", "town", "https://town.gov/trees.csv", uri="https://town.gov/id/1")
    second = listing("a2", "town", "https://town.gov/more.csv", uri="https://town.gov/id/2")
    bridge = listing("b", "county", "https://town.gov/trees.csv", identifiers=("https://town.gov/id/2",))
    assert groups(first, second, bridge) == [("a2", "b")]  # a name says more than a file
    assert suggested(first, second, bridge) == [("a1", "a2", "address")]


def test_of_two_that_share_it_the_one_of_the_same_title_is_joined() -> None:
    service = f"{SERVER}/Trees/FeatureServer/0"
    old, new = listing("a1", "town", service), listing("a2", "town", service, title={"en": "Street trees"})
    there = listing("b", "county", service, title={"en": "Street  Trees"})
    assert groups(old, new, there) == [("a2", "b")]
    assert groups(old, listing("a2", "town", service), there) == [("a1", "b")]


def test_a_collection_is_none_of_its_parts() -> None:
    years = [f"https://town.gov/census-{year}.csv" for year in (1990, 2000, 2010)]
    parts = [listing(f"a{number}", "town", url) for number, url in enumerate(years)]
    whole = listing("b", "county", *years)
    assert groups(*parts, whole) == []
    assert suggested(*parts, whole) == [
        ("a0", "b", "address"),
        ("a1", "b", "address"),
        ("a2", "b", "address"),
    ]
    again = listing("c", "state", *reversed(years))
    assert groups(*parts, whole, again) == [("b", "c")]
    named = listing("b", "county", *years, title={"en": "Title of a1"})
    assert groups(*parts, named) == [("a1", "b")]


def test_alike_is_suggested_and_not_joined() -> None:
    box = (Place(bbox=(1.0, 2.0, 3.0, 4.0), raw=""),)
    same = {"title": {"en": "Parcels"}, "publisher": Agent(name={"en": "Ash County GIS"})}
    one, another = listing("a", "town", **same), listing("b", "county", **same)
    assert (groups(one, another), suggested(one, another)) == ([], [("a", "b", "publisher")])
    one = listing("a", "town", title={"en": "Parcels"}, spatial=box)
    another = listing("b", "county", title={"en": "Parcels"}, spatial=box)
    assert suggested(one, another) == [("a", "b", "place")]
    assert suggested(listing("a", "town", **same), listing("b", "town", **same)) == []


# ------------------------------------------------------------------------------ the origin

URL = "https://files.example.org/trees.csv"
LEVELS = {"a": Portal(host="a.example", level="state"), "b": Portal(host="b.example", level="county")}


def test_origin_is_what_the_configuration_says() -> None:
    portals = {**LEVELS, "a": Portal(level="national", preferred=True)}
    declared = listing("2", "b", URL, provenance=("https://a.example/", "https://b.example/"))
    assert groups(listing("1", "a", URL), declared, portals=portals) == [("1", "2")]


def test_origin_is_the_source_that_another_listing_declares() -> None:
    town = listing(
        "1", "b", URL, provenance=("https://a.example/catalog",), landing_page="https://b.example/x"
    )
    assert groups(listing("2", "a", URL), town, portals=LEVELS) == [("2", "1")]


def test_origin_is_the_portal_on_whose_host_another_listing_finds_the_data() -> None:
    url = "https://www.a.example/trees.csv"
    assert groups(listing("2", "a", url), listing("1", "b", url), portals=LEVELS) == [("2", "1")]


def test_origin_is_the_lowest_level() -> None:
    levels: list[Any] = ["municipality", "county", "agency", "region", "state", "national", None]
    for (low, one), (high, another) in combinations(enumerate(levels), 2):
        assert low < high
        portals = {"a": Portal(level=another), "b": Portal(level=one)}
        assert groups(listing("1", "a", URL), listing("2", "b", URL), portals=portals) == [("2", "1")]


def test_origin_is_the_smallest_id_where_nothing_else_tells() -> None:
    assert groups(listing("2", "a", URL), listing("1", "b", URL)) == [("1", "2")]


# ------------------------------------------------------------------------------ the catalogue


def record(dataset: Dataset, **changes: Any) -> CatalogRecord:
    return replace(make.record(1), dataset=dataset, **changes)


SOURCES = make.config(make.source("elmford"), make.source("ash-county", level="county"))


def test_a_dataset_of_two_sources_is_one_record_with_its_other_listing() -> None:
    missing = Finding(code="licence-missing", severity="error", source="ash-county", dataset="a")
    town = record(listing("b", "elmford", URL), first_seen="2026-02-02")
    county = record(
        listing("a", "ash-county", URL, page="https://county.example/a"),
        first_seen="2026-01-01",
        findings=(missing,),
    )
    before = make.catalogue(town, county, config=SOURCES)
    after = linked(before)
    (one,) = after.records
    assert one.dataset == town.dataset
    assert one.first_seen == "2026-01-01"
    assert one.listings == (Listing(source="ash-county", dataset="a", page="https://county.example/a"),)
    assert after.listed == (county,)
    assert after.aliases == {"a": "b"}


def test_former_aliases_lead_to_the_page_that_there_is() -> None:
    catalogue = make.catalogue(
        record(listing("b", "elmford", URL)), record(listing("a", "ash-county", URL)), config=SOURCES
    )
    found = linked(replace(catalogue, aliases={"older": "a", "lost": "gone"})).aliases
    assert found == {"a": "b", "older": "b"}


@pytest.mark.parametrize(
    "trace",
    [
        {"page": f"{SITE}/dataset/street-trees-abc123/"},
        {"landing_page": f"{SITE.replace('https', 'http')}/fr/dataset/x/"},
        {"uri": "https://WWW.elmvalley.example:443/dataset/x/"},
        {"provenance": ("https://state.gov/", f"{SITE}/#catalogue")},
        {"identifiers": (f"{SITE}/dataset/x/",)},
    ],
)
def test_what_leads_back_to_us_is_left_out_and_told(trace: dict[str, Any]) -> None:
    catalogue = make.catalogue(
        record(listing("a", "elmford", URL)), record(listing("b", "ash-county", URL, **trace)), config=SOURCES
    )
    found = linked(catalogue)
    assert [each.dataset.id for each in found.records] == ["a"]
    assert found.records[0].listings == ()
    assert found.aliases == {}
    town, county = found.sources
    assert town.problems == ()
    (problem,) = county.problems
    assert "1 of its datasets" in str(problem)
    assert "Title of b" in str(problem)


@pytest.mark.parametrize("page", ["https://elmvalley.example.org/x", "https://data.elmvalley.example/x", "x"])
def test_addresses_that_only_look_like_ours_are_not(page: str) -> None:
    assert not evidence(listing("a", "elmford", page=page), SITE).ours


@pytest.mark.parametrize(
    ("url", "is_ours"),
    [
        (f"{SITE}/data.json", True),
        (f"{SITE}/", True),
        (f"{SITE}/catalog-2.ttl?x=1", True),
        (f"{SITE}/lists/town.csv", False),
        ("https://data.elmford.example/data.json", False),
    ],
)
def test_our_own_output_as_a_source_is_a_loop(url: str, is_ours: bool) -> None:
    config = make.config(make.source("elmford", url=url))
    found = linked(make.catalogue(record(listing("a", "elmford", URL)), config=config))
    assert (found.records == ()) is is_ours
    assert bool(found.sources[0].problems) is is_ours


def test_a_catalogue_without_links_stays_as_it_is() -> None:
    catalogue = make.catalogue()
    assert linked(catalogue) == catalogue


# ------------------------------------------------------------------------------ in any order

few = st.lists(st.sampled_from("pqrstu"), max_size=3, unique=True).map(tuple)
shows = st.builds(
    lambda source, names, claims, services, files, hosts, title: (
        source,
        names,
        claims,
        services,
        files,
        hosts,
        title,
    ),
    st.sampled_from(["town", "county", "state", "agency"]),
    *[few] * 5,
    st.sampled_from(["", "trees", "parks"]),
)


@st.composite
def listings(draw: st.DrawFn) -> list[Evidence]:
    drawn = draw(st.lists(shows, max_size=14))
    return [
        Evidence(
            id=f"id{number:02d}",
            source=source,
            names=tuple(f"n:{each}" for each in names),
            claims=tuple(f"n:{each}" for each in claims if each not in names),
            services=tuple(f"at:s/{each}" for each in services),
            files=tuple(f"at:f/{each}" for each in files),
            data_hosts=hosts,
            declared_hosts=hosts[:1],
            title=title,
            publisher=title,
        )
        for number, (source, names, claims, services, files, hosts, title) in enumerate(drawn)
    ]


PORTALS = {
    "town": Portal(host="p", level="municipality"),
    "county": Portal(host="q", level="county"),
    "state": Portal(host="r", level="state"),
}


@settings(max_examples=300, deadline=None)
@given(st.data())
def test_the_order_of_listings_changes_nothing(data: st.DataObject) -> None:
    found = data.draw(listings())
    shuffled = data.draw(st.permutations(found))
    assert join(shuffled, PORTALS) == join(found, PORTALS)


@settings(max_examples=300, deadline=None)
@given(listings())
def test_groups_keep_their_promises(found: list[Evidence]) -> None:
    joined = join(found, PORTALS)
    by_id = {each.id: each for each in found}
    assert_promises(joined, by_id)
    assert {each.first for each in joined.duplicates} <= by_id.keys()
    others = {other for group in joined.groups for other in group.others}
    for pair in joined.duplicates:
        assert pair.first < pair.second
        assert not {pair.first, pair.second} & others, "a pair names origins only"


def assert_promises(joined: Joined, by_id: dict[str, Evidence]) -> None:
    """Every listing is in one group at most, groups hold a source once, differ in no service, share evidence."""
    seen: set[str] = set()
    for group in joined.groups:
        ids = (group.origin, *group.others)
        assert len(ids) > 1
        assert not seen & set(ids)
        seen |= set(ids)
        members = [by_id[id] for id in ids]
        assert len({each.source for each in members}) == len(members)
        for one, another in combinations(members, 2):
            assert not one.services or not another.services or set(one.services) & set(another.services)
        for each in members:
            mine = {*each.names, *each.claims, *each.services, *each.files}
            theirs = {
                key
                for other in members
                if other is not each
                for key in (*other.names, *other.claims, *other.services, *other.files)
            }
            assert mine & theirs


# ------------------------------------------------------------------------------ real portals


def read(feed: Any, source: Source, get: Any) -> list[Evidence]:
    """The evidence in all that a feed gives; ids count the datasets."""
    made = [normalised(item, source) for item in feed.read(source, get) if isinstance(item, Draft)]
    return [
        evidence(replace(each, id=f"{source.id}-{number:04d}"), SITE)
        for number, each in enumerate(made)
        if isinstance(each, Dataset)
    ]


@pytest.fixture(scope="module")
def hubs(shared: Path) -> list[Evidence]:
    """The listings of all captured hub feeds, each feed a source."""
    with (shared / "feeds" / "INDEX.tsv").open(encoding="utf-8") as index:
        rows = [row for row in csv.DictReader(index, delimiter="\t") if row["kind"] == "dcat-us-archubs"]
    found = []
    for number, row in enumerate(rows):
        source = Source(id=f"hub-{number:02d}", url=f"https://hub-{number:02d}.example/data.json", name="Hub")
        found += read(dcat_us, source, web({source.url: (shared / "feeds" / row["path"]).read_bytes()}))
    assert len(found) > 4000
    return found


def test_real_hubs_are_joined_where_they_share_a_service_and_nowhere_that_they_differ(
    hubs: list[Evidence],
) -> None:
    joined = join(hubs, {})
    assert_promises(joined, {each.id: each for each in hubs})
    group_of = {id: group.origin for group in joined.groups for id in (group.origin, *group.others)}
    by_service: dict[str, list[Evidence]] = defaultdict(list)
    for each in hubs:
        for service in each.services:
            by_service[service].append(each)
    pairs = [
        (one, another)
        for sharing in by_service.values()
        for one, another in combinations(sharing, 2)
        if one.source != another.source and len({each.source for each in sharing}) == len(sharing)
    ]
    assert pairs
    for one, another in pairs:
        assert group_of[one.id] == group_of[another.id]


def test_the_order_of_real_hubs_changes_nothing(hubs: list[Evidence]) -> None:
    joined = join(hubs, {})
    assert join(hubs[::-1], {}) == joined
    assert join(sorted(hubs, key=lambda each: each.title), {}) == joined


def test_chicago_on_two_platforms(replay: Any) -> None:
    """The replayed portals share 179 datasets, of which 29 have another title in each."""
    running = replay("chicago", "chicago-socrata")
    city = Source(id="chicago", url=running.url("chicago"), name="CKAN", settings={})
    socrata = Source(
        id="socrata", url=f"{running.url('chicago-socrata').rstrip('/')}/data.json", name="Socrata"
    )
    found = read(ckan, city, captured.get) + read(dcat_us, socrata, captured.get)
    portals = {"socrata": Portal(host="data.cityofchicago.org")}
    joined = join(found, portals)
    assert len(joined.groups) == 179
    assert all(group.origin.startswith("socrata-") for group in joined.groups)
    titles = {each.id: each.title for each in found}
    assert sum(titles[group.origin] != titles[group.others[0]] for group in joined.groups) == 29


def test_philadelphia_in_a_catalogue_and_a_hub(replay: Any) -> None:
    """A query for a whole layer is the layer; a page that holds several layers is none of them."""
    running = replay("opendataphilly", "philadelphia-hub")
    sources = [
        Source(id=id, url=f"{running.url(id).rstrip('/')}/data.json", name=id)
        for id in ("opendataphilly", "philadelphia-hub")
    ]
    found = [each for source in sources for each in read(dcat_us, source, captured.get)]
    joined = join(found, {})
    by_id = {each.id: each for each in found}
    assert_promises(joined, by_id)
    alike = [g for g in joined.groups if by_id[g.origin].title == by_id[g.others[0]].title]
    assert len(alike) > 35
    assert len(joined.groups) > 100
