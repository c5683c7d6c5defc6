"""Captured DCAT: every file, every replayed portal, and the faults that a portal can have."""

from __future__ import annotations

import csv
import re
import resource
import urllib.error
import urllib.request
from http.client import HTTPException
from pathlib import Path
from typing import Any

import pytest

from harvester.document import Document
from harvester.errors import FeedError, FetchError
from harvester.feeds import dcat
from harvester.model import Announced, Draft, Item, Problem
from tests import make
from tests.feeds.dcat_reading import URL, document

PORTALS = {
    "alessandria": 3,
    "atlantis-bom": 1,
    "belgian-agencies": 2,
    "civitavecchia": 10,
    "edinburgh": 44,
    "fps-finance": 136,
    "giovinazzo": 2,
    "govdata-de": 6,
    "hydra-paged": 4,
    "north-ayrshire": 126,
    "opendata-swiss": 2,
    "udata-demo": 4,
    "zurich": 100,
}
"""Replayed portals that speak DCAT, with the number of datasets that their feed holds."""

DIFFERENT = {
    # file: (datasets in the index, drafts, why)
    "dcat-rdf/fedict_favv_dcat.rdf": ("", 3, "no RDF/XML for a strict parser; holds three datasets"),
    "dcat-rdf/fedict_fpsbosabudget.xml": ("", 3, "no RDF/XML for a strict parser; holds three datasets"),
    "schemaorg/nde_dataset-schema-org-valid-plus-organization.jsonld": (
        "2",
        1,
        "one of the two is an organisation",
    ),
    "schemaorg/nde_hydra-page1.jsonld": ("0", 2, "the index does not look into the catalogue's list"),
    "schemaorg/nde_hydra-page2.jsonld": ("0", 1, "the index does not look into the catalogue's list"),
}
UNTITLED = {
    "dcat-rdf/swiss_dataset-datetimes-bad.xml": 1,
    "dcat-rdf/swiss_dataset-datetimes.xml": 1,
    "dcat-rdf/swiss_catalog-themes.xml": 5,
    "schemaorg/nde_dataset-dcat-invalid.jsonld": 1,
    "schemaorg/nde_dataset-http-schema-org-invalid.jsonld": 1,
    "schemaorg/nde_dataset-invalid-no-http-iri.jsonld": 1,
}
"""Files whose datasets have no title: they become drafts all the same, to be reported."""

UNRECOGNISED = {"dcat-rdf/udata_evian.json", "dcat-rdf/ckanext-dcat_catalog_pod.jsonld"}
"""Project Open Data, which is the business of `dcat_us`."""

NO_CATALOGUE = {"schemaorg/nde_no-dataset.jsonld"}


def index(shared: Path) -> list[tuple[str, str, str]]:
    """Path, kind and number of datasets of every captured file."""
    with (shared / "feeds" / "INDEX.tsv").open(encoding="utf-8") as file:
        rows = list(csv.reader(file, delimiter="\t", quoting=csv.QUOTE_NONE))[1:]
    return [(row[0], row[1], row[3]) for row in rows if (shared / "feeds" / row[0]).is_file()]


def is_rdf(path: str, kind: str) -> bool:
    return kind.startswith(("dcat-rdf", "dcat-ap-")) or path.endswith((".ttl", ".jsonld", ".rdf", ".nt"))


def test_every_captured_file_gives_its_datasets(shared: Path) -> None:
    counted = 0
    for path, kind, datasets in index(shared):
        if not is_rdf(path, kind):
            continue
        content = (shared / "feeds" / path).read_bytes()
        items: list[Item] = []
        try:
            items.extend(dcat.read(make.source(url=URL), alone(content)))
        except FeedError:
            assert path in NO_CATALOGUE or datasets == "0", path
        except FetchError:
            assert b"hydra" in content, path  # the next page, which is not there
        drafts = [item for item in items if isinstance(item, Draft)]
        expected = DIFFERENT.get(path, (datasets, int(datasets or 0), ""))
        assert (datasets, len(drafts)) == expected[:2], path
        assert len([draft for draft in drafts if not draft.title]) == UNTITLED.get(path, 0), path
        assert [item for item in items if isinstance(item, Problem)] == [], path
        counted += len(drafts)
    assert counted > 900


def alone(content: bytes) -> Any:
    def get(url: str) -> Document:
        if url != URL:
            raise FetchError(url, "answered 404.", status=404)
        return document(content)

    return get


def test_only_dcat_is_claimed(shared: Path) -> None:
    for path, kind, _ in index(shared):
        if path.startswith("schemaorg/nde_http_"):
            continue  # recordings of conversations, not documents
        claimed = dcat.recognise(document((shared / "feeds" / path).read_bytes()))
        if kind == "schemaorg":
            assert claimed == (path.endswith(".ttl") or "dataset-dcat" in path or "catalog-dcat" in path), (
                path
            )
        elif is_rdf(path, kind) and path not in UNRECOGNISED and path not in NO_CATALOGUE:
            assert claimed, path
        else:
            assert not claimed, path


# ------------------------------------------------------------------------------ replayed portals


def get(url: str) -> Document:
    """A document over the wire, plainly."""
    request = urllib.request.Request(url, headers={"User-Agent": "tests"})
    try:
        with urllib.request.urlopen(request, timeout=20) as answer:
            body, headers = answer.read(), answer.headers
            link = re.search(r'<([^>]+)>;\s*rel="?next"?', headers.get("Link") or "")
            return Document(
                url=answer.url,
                body=body,
                media_type=headers.get_content_type(),
                charset=headers.get_content_charset(),
                links={"next": link[1]} if link else {},
            )
    except urllib.error.HTTPError as error:
        error.close()
        raise FetchError(url, "answered {code}.", status=error.code, code=error.code) from error
    except (OSError, ValueError, HTTPException) as error:
        raise FetchError(url, "{error}", error=error) from error


def harvest(url: str) -> tuple[list[Draft], list[Problem], list[int], FeedError | FetchError | None]:
    """Drafts, problems, announced totals, and the error in which the reading ended."""
    items: list[Item] = []
    trouble: FeedError | FetchError | None = None
    try:
        items.extend(dcat.read(make.source(url=url), get))
    except (FeedError, FetchError) as error:
        trouble = error
    return (
        [item for item in items if isinstance(item, Draft)],
        [item for item in items if isinstance(item, Problem)],
        [item.total for item in items if isinstance(item, Announced)],
        trouble,
    )


def test_every_portal_is_harvested_whole(replay: Any) -> None:
    running = replay(*PORTALS)
    for portal, datasets in PORTALS.items():
        drafts, problems, announced, trouble = harvest(running.feed_url(portal))
        assert len(drafts) == datasets, portal
        assert all(draft.title for draft in drafts), portal
        assert (problems, trouble) == ([], None), portal
        assert announced in ([], [datasets]), portal
        assert dcat.recognise(get(running.feed_url(portal))), portal
    assert running.log("_trap") == []


def test_files_that_are_no_rdf_xml_give_their_datasets(replay: Any) -> None:
    running = replay("belgian-agencies", "opendata-swiss", "udata-demo")
    for portal, path, datasets in [
        ("belgian-agencies", "/favv.rdf", 3),
        ("belgian-agencies", "/budget.xml", 3),
        ("opendata-swiss", "/bad-dates.xml", 1),
        ("udata-demo", "/api/1/site/catalog.rdf", 2),
    ]:
        drafts, problems, _, trouble = harvest(running.url(portal, path))
        assert (len(drafts), problems, trouble) == (datasets, [], None), path
    drafts, _, _, trouble = harvest(running.url("belgian-agencies", "/lies.xml"))
    assert drafts == []
    assert "neither datasets nor a catalogue" in str(trouble)


def test_from_the_home_page_the_catalogue_is_found(replay: Any) -> None:
    running = replay("zurich", "civitavecchia")
    assert len(harvest(running.url("zurich"))[0]) == 100
    assert len(harvest(running.url("civitavecchia"))[0]) == 10


@pytest.mark.parametrize("kind", ["bom_utf8", "utf16", "latin1_mislabelled", "wrong_content_type"])
def test_what_a_portal_claims_about_its_bytes_does_not_matter(replay: Any, kind: str) -> None:
    running = replay(*PORTALS)
    for portal, datasets in PORTALS.items():
        running.fault(portal, kind)
        drafts, problems, _, trouble = harvest(running.feed_url(portal))
        assert (len(drafts), problems, trouble) == (datasets, [], None), portal


@pytest.mark.parametrize(
    ("kind", "entity"), [("xml_entity_bomb", "laugh9"), ("xml_external_entity", "secret")]
)
def test_entities_are_neither_unfolded_nor_fetched(replay: Any, kind: str, entity: str) -> None:
    running = replay("civitavecchia", "zurich")
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    for portal in ("civitavecchia", "zurich"):
        running.fault(portal, kind)
        drafts, problems, _, _ = harvest(running.feed_url(portal))
        assert [draft.title for draft in drafts] == [{}]
        assert [problem.values["names"] for problem in problems] == [entity]
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 100_000  # kilobytes
    assert running.log("_trap") == []


def test_remote_contexts_are_not_fetched(replay: Any) -> None:
    running = replay("edinburgh", "udata-demo")
    for portal, datasets in [("edinburgh", 44), ("udata-demo", 4)]:
        running.fault(portal, "jsonld_remote_context")
        drafts, problems, _, _ = harvest(running.feed_url(portal))
        assert len([draft for draft in drafts if draft.title]) == datasets
        assert problems
        assert all("which is not fetched" in str(problem) for problem in problems)
    assert running.log("_trap") == []


def test_a_document_that_ends_in_rubbish_gives_its_whole_records(replay: Any) -> None:
    running = replay("edinburgh", "fps-finance", "zurich")
    for portal, at_least in [("edinburgh", 20), ("fps-finance", 70), ("zurich", 10)]:
        whole = {draft.identifiers: draft.distributions for draft in harvest(running.feed_url(portal))[0]}
        running.fault(portal, "invalid_json")
        drafts, problems, _, _ = harvest(running.feed_url(portal))
        assert at_least <= len(drafts) < len(whole)
        assert all(draft.distributions == whole[draft.identifiers] for draft in drafts)
        assert any(problem.partial for problem in problems)


def test_pages_without_end_end(replay: Any) -> None:
    running = replay(*PORTALS)
    for portal, datasets in PORTALS.items():
        running.fault(portal, "paging_never_ends")
        drafts, problems, _, trouble = harvest(running.feed_url(portal))
        assert 0 < len(drafts) <= datasets
        assert [problem.partial for problem in problems] == [True], portal
        assert trouble is None
        asked = [entry for entry in running.log(portal) if "never" not in entry["path"]]
        assert len(asked) <= 4, portal


@pytest.mark.parametrize("kind", ["deep_json", "truncated", "html_instead", "http500"])
def test_what_cannot_be_read_ends_in_one_line(replay: Any, kind: str) -> None:
    running = replay("edinburgh", "civitavecchia")
    for portal in ("edinburgh", "civitavecchia"):
        running.fault(portal, kind)
        drafts, _, _, trouble = harvest(running.feed_url(portal))
        assert drafts == []
        assert trouble is not None
        assert "\n" not in str(trouble)


def test_hostile_records_cost_no_other_record(replay: Any) -> None:
    running = replay("edinburgh", "zurich", "civitavecchia")
    for portal in ("edinburgh", "zurich", "civitavecchia"):
        own = {draft.key for draft in harvest(running.feed_url(portal))[0]}
        running.fault(portal, "script_injection")
        drafts, _, _, trouble = harvest(running.feed_url(portal))
        assert own <= {draft.key for draft in drafts}, portal
        assert trouble is None


@pytest.mark.parametrize(("portal", "drafts"), [("zurich", 103), ("fps-finance", 139), ("edinburgh", 44)])
def test_records_that_come_twice_are_kept_where_they_differ(replay: Any, portal: str, drafts: int) -> None:
    """On two pages, or without a name, they are two records; under one IRI in one document they are one."""
    running = replay(portal)
    running.fault(portal, "duplicate_ids")
    assert len(harvest(running.feed_url(portal))[0]) == drafts
