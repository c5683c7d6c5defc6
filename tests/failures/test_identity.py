"""Failures 6 to 14: what goes, what returns, and what is the same dataset."""

from __future__ import annotations

from typing import Any

from tests.failures.valley import Valley, data_json, entry, told

TEN = [entry(n) for n in range(10)]


def test_failure_06_what_is_removed_at_the_source_is_removed_here(valley: Valley) -> None:
    """GSA/data.gov#4050, #2989: removed datasets were never removed (3,583 held, 2,977 there)."""
    valley.portal()
    valley.serve({"/data.json": data_json(*TEN)})
    valley.night()
    ids = {title: id for id, title in valley.shown().items()}
    gone, stays = ids["Dataset number 9"], ids["Dataset number 0"]
    valley.serve({"/data.json": data_json(*TEN[:9])})
    assert (valley.night().missing, len(valley.shown())) == (1, 10), "for its grace time it stays"
    assert told(valley.night(days=14)) == ("fresh", 0, 0, 1)

    assert len(valley.shown()) == 9, "as many as there are there"
    site = valley.publish()
    assert "withdrawn" in (site / "dataset" / gone / "index.html").read_text()
    for listing in ("sitemaps/1.xml", "data.json", "catalog.ttl", "search/index.json", "datasets.csv"):
        text = (site / listing).read_text()
        assert (gone in text, stays in text) == (False, True), listing


def test_failure_07_a_broken_record_is_neither_stuck_nor_lost(valley: Valley) -> None:
    """GSA/data.gov#3239: a record in an error state stuck, never deleted."""
    valley.portal()
    valley.serve({"/data.json": data_json(*TEN)})
    valley.night()
    yesterday = valley.shown()

    valley.serve({"/data.json": data_json(*TEN[:9], entry(9, title=None))})
    broken = valley.night()
    assert (broken.skipped, broken.missing, valley.shown()) == (1, 1, yesterday)
    assert "d9" in str(broken.left_out[0])

    valley.serve({"/data.json": data_json(*TEN)})
    assert told(valley.night())[1] == 1
    assert valley.shown() == yesterday, "mended, it is where it was"

    valley.serve({"/data.json": data_json(*TEN[:9], entry(9, title=None))})
    valley.night()
    valley.serve({"/data.json": data_json(*TEN[:9])})  # and then its town gives it up
    assert valley.night(days=14).removed == 1
    assert len(valley.shown()) == 9


def test_failure_08_no_distribution_outlives_its_dataset_s_new_ones(valley: Valley) -> None:
    """opendatateam/udata#3793: zombie distributions after a change of mapping."""
    valley.portal()
    valley.serve({"/data.json": data_json(*TEN)})
    valley.night()
    yesterday = valley.shown()
    files = [{"accessURL": f"https://new.example/api/{kind}", "title": kind} for kind in ("a", "b")]
    valley.serve({"/data.json": data_json(entry(0, distribution=files), *TEN[1:])})
    assert told(valley.night()) == ("fresh", 0, 1, 0)
    assert valley.shown() == yesterday

    distributions = valley.records()["Dataset number 0"].dataset.distributions
    assert {each.url for each in distributions} == {"https://new.example/api/a", "https://new.example/api/b"}
    site = valley.publish()
    for file in ("data.json", "catalog.ttl", "datasets.csv"):
        text = (site / file).read_text()
        assert "elmford.example/0.csv" not in text, file
        assert "elmford.example/1.csv" in text, file


def item(n: int, *, as_slug: bool) -> dict[str, Any]:
    """A hub's record before and after hubs began to write slugs instead of items."""
    guid = f"{n:032x}"[::-1]
    name = f"elmford::street-trees-{n}" if as_slug else f"{guid}_0"
    return entry(
        n,
        identifier=f"https://hub.elmford.example/datasets/{name}",
        landingPage=f"https://hub.elmford.example/datasets/{name}",
        distribution=[
            {
                "downloadURL": f"https://hub.elmford.example/datasets/{name}.csv?where=1=1",
                "accessURL": f"https://hub.elmford.example/datasets/{name}.csv?where=1=1",
                "format": "CSV",
            }
        ],
    )


def test_failure_09_new_identifiers_for_everything_are_no_new_datasets(valley: Valley) -> None:
    """datagouv/data.gouv.fr#680: ArcGIS ids went from GUID to slug: everything twice."""
    valley.portal()
    valley.serve({"/data.json": data_json(*(item(n, as_slug=False) for n in range(8)))})
    valley.night()
    yesterday = valley.shown()
    valley.serve({"/data.json": data_json(*(item(n, as_slug=True) for n in range(8)))})
    harvest = valley.night()
    assert (harvest.added, harvest.removed, harvest.missing, harvest.renamed) == (0, 0, 0, 8)
    assert valley.shown() == yesterday


TURTLE = """
@prefix dcat: <http://www.w3.org/ns/dcat#> . @prefix dct: <http://purl.org/dc/terms/> .
<https://old.example/catalog> a dcat:Catalog .
"""
TURTLE_DATASET = """
<https://old.example/dataset/{n}> a dcat:Dataset ; dct:title "Dataset number {n}"@en ;
  dcat:distribution [ a dcat:Distribution ; dcat:downloadURL <https://old.example/files/{n}.csv> ] .
"""


def test_failure_10_a_new_platform_is_found_and_knows_the_old_datasets(valley: Valley) -> None:
    """etalab/transport-site#3647: a portal changed platform: every id and file address new."""
    home = "<!doctype html><title>Town of Elmford</title><h1>Open data</h1>"
    valley.portal("/")
    valley.serve({"/": home, "/catalog.ttl": TURTLE + "".join(TURTLE_DATASET.format(n=n) for n in range(6))})
    assert told(valley.night()) == ("fresh", 6, 0, 0)
    yesterday = valley.shown()

    valley.serve({"/": home, "/data.json": data_json(*(entry(n) for n in range(6)))})
    harvest = valley.night()
    assert (harvest.outcome, harvest.added, harvest.removed, harvest.missing) == ("fresh", 0, 0, 0)
    assert harvest.renamed == 6
    assert valley.shown() == yesterday
    assert valley.catalogue().sources[1].feed == "dcat_us"


def test_failure_11_equal_ids_in_two_sources_are_two_datasets(valley: Valley) -> None:
    """ckan/ckanext-harvest#162, #104: two sources with partly equal ids overwrite each other."""
    valley.file("elmford", data_json(*TEN[:5]))
    other = [
        entry(n, title=f"Budget {n}", distribution=[{"downloadURL": f"https://b.example/{n}.csv"}])
        for n in range(3, 8)
    ]
    valley.file("millbrook", data_json(*other))
    valley.night()
    here, there = valley.shown(), valley.shown("millbrook")
    assert (len(here), len(there), here.keys() & there.keys()) == (5, 5, set())

    valley.file("elmford", data_json(*(entry(n, description="Other words entirely") for n in range(5))))
    assert told(valley.night()) == ("fresh", 0, 5, 0)
    assert told(valley.harvests["millbrook"]) == ("unchanged", 0, 0, 0)
    assert (valley.shown(), valley.shown("millbrook")) == (here, there)


def test_failure_12_one_address_in_two_portals_is_one_dataset_with_two_listings(valley: Valley) -> None:
    """datagouv/data.gouv.fr#1587: the same URI from two portals."""
    uri = "https://data.elmford.example/dataset/7"

    def listed(words: str) -> str:
        one = f'<{uri}> a dcat:Dataset ; dct:title "Street trees"@en ; dct:description "{words}"@en .'
        return TURTLE + one

    valley.file("elmford", listed("Every tree of the town, one by one."), "catalog.ttl")
    valley.file("ash-county", listed("Trees, as the town says."), "catalog.ttl", level="county")
    valley.night()
    (record,) = valley.records().values()
    assert [each.source for each in record.listings] == ["ash-county"]
    assert valley.records("ash-county") == {}

    valley.file("elmford", "<html>Sorry</html>", "catalog.ttl")
    assert valley.night().outcome == "failed"
    assert valley.records()["Street trees"] == record, "the county's words do not take its place"

    valley.file("elmford", TURTLE + TURTLE_DATASET.format(n=1), "catalog.ttl")
    valley.store.accept("elmford")
    valley.night()
    (left,) = valley.records("ash-county").values()
    assert (left.listings, set(valley.records())) == ((), {"Dataset number 1"})


def test_failure_13_a_federal_record_in_a_state_portal_is_the_agency_s(valley: Valley) -> None:
    """GSA/datagov-wptheme#476: state portals re-export federal records."""

    host = f"http://agency.test:{valley.server.port}"

    def federal(n: int) -> dict[str, Any]:
        address = f"{host}/data/0000aaaa-1111-4222-8333-{n:012d}"
        file = {"downloadURL": f"{host}/files/{n}.csv"}
        return entry(n, identifier=address, landingPage=address, title=f"Rivers {n}", distribution=[file])

    own = [entry(n) for n in range(20, 24)]
    again = [federal(n) | {"description": "Copied, with a word of the state."} for n in range(3)]
    agency = {"/agency.json": data_json(*(federal(n) for n in range(3)))}
    valley.portal("/state.json", host="state.test", level="state")
    valley.portal("/agency.json", "agency", host="agency.test", level="national")
    valley.serve({**agency, "/state.json": data_json(*again, *own)})
    valley.night()
    federals = valley.shown("agency")
    assert (len(federals), len(valley.shown())) == (3, 4)
    assert all([each.source for each in r.listings] == ["elmford"] for r in valley.records("agency").values())

    valley.serve({**agency, "/state.json": data_json(*own)})
    valley.night()
    valley.night(days=14)
    assert (valley.shown("agency"), len(valley.shown())) == (federals, 4)
    assert not any(record.listings for record in valley.records("agency").values())


def test_failure_14_a_run_stamp_and_shuffled_keywords_are_no_change(valley: Valley) -> None:
    """GSA/data.gov#5079: Socrata: modified is always today, keywords shuffled: "changed" every night."""

    def tonight(keywords: list[str], stamp: str, **of_the_third: Any) -> dict[str, str]:
        entries = [entry(n, keyword=keywords, modified=stamp) for n in range(6)]
        return {"/data.json": data_json(*entries[:3], entries[3] | of_the_third, *entries[4:])}

    valley.portal()
    valley.serve(tonight(["trees", "parks", "town"], "2026-03-02T04:00:00Z"))
    assert told(valley.night()) == ("fresh", 6, 0, 0)
    first = valley.records()
    valley.serve(tonight(["town", "trees", "parks"], "2026-03-03T04:00:00Z"))
    assert told(valley.night()) == ("unchanged", 0, 0, 0)
    assert told(valley.night()) == ("unchanged", 0, 0, 0), "nor is it one that the stamp stands still"
    second = valley.records()
    for title, record in second.items():
        assert (record.changed, record.dataset.keywords) == ("2026-03-02", first[title].dataset.keywords)
        assert record.dataset.modified is not None
        assert record.dataset.modified.value == "2026-03-03T04:00:00Z", "what a portal says is shown"

    valley.serve(
        tonight(["parks", "trees", "town"], "2026-03-05T04:00:00Z", description="Other words, all new.")
    )
    assert told(valley.night()) == ("fresh", 0, 1, 0), "a change is seen all the same"
    third = valley.records()["Dataset number 3"].dataset.id
    newest = next(valley.store.history(third))
    assert [each.field for each in newest.fields] == ["description"]


def test_failure_14_a_date_that_is_no_run_stamp_is_a_change(valley: Valley) -> None:
    """GSA/data.gov#5079, the other way round: what a portal renews once, and what few things it has."""
    valley.portal()
    valley.serve({"/data.json": data_json(*TEN)})
    valley.night()
    valley.serve({"/data.json": data_json(*(each | {"modified": "2026-03-03"} for each in TEN))})
    assert told(valley.night()) == ("fresh", 0, 10, 0)
    for day in (4, 5):
        few = [each | {"modified": f"2026-03-{day:02}"} for each in TEN[:4]]
        rest = [each | {"modified": "2026-03-03"} for each in TEN[4:]]
        valley.serve({"/data.json": data_json(*few, *rest)})
        assert told(valley.night()) == ("fresh", 0, 4, 0)
