"""Every captured file of the kinds that we read gives the number of datasets that the index says.

`INDEX.tsv` counts by simple means: the length of a list, or the datasets that a strict parser saw; it
leaves the number open where that parser failed. Where what we read is another number, `DIFFERENT` says
why; `REFUSED` are files in which there is nothing to read, though the index counts something or leaves
it open. A file of which the index says that it holds no dataset may be refused without more.
"""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from harvester import feeds
from harvester.document import Document
from harvester.errors import FeedError, FetchError
from harvester.feeds import dcat
from harvester.model import Draft
from tests import make

FEED_OF = {
    "arcgis-hub-v3": "arcgis_hub",
    "arcgis-portal": "arcgis_hub",
    "bespoke": "dcat_us",
    "broken-dcat-us": "dcat_us",
    "ckan": "ckan",
    "ckan-fr": "ckan",
    "csw": "csw",
    "data.json-es": "dcat_us",
    "datapackage-hsds": "data_package",
    "datapackage-hsds/all_resources": "data_package",
    "datapackage-hsds/simple": "data_package",
    "datapress": "ckan",
    "dcat-ap-hub-jsonld": "dcat",
    "dcat-ap-it-town": "dcat",
    "dcat-ap-it-town-history": "dcat",
    "dcat-rdf": "dcat",
    "dcat-us-archubs": "dcat_us",
    "dcat-us-federal": "dcat_us",
    "dcat-us-hub-outages": "dcat_us",
    "dcat-us-hub-timeseries": "dcat_us",
    "dcat-us-other": "dcat_us",
    "dcat-us-socrata-shuffle": "dcat_us",
    "hub-ogc-records": "arcgis_hub",
    "inventory-xlsx-es": "spreadsheet",
    "iso-waf": "waf",
    "ods": "opendatasoft",
    "ods-v2.1": "opendatasoft",
    "ogc-records": "ogc_records",
    "schemaorg": "schema_org",
    "socrata": "socrata",
}
"""Kind of file → the feed type that reads it."""

NO_FEEDS = {
    "jkan": "what JKAN makes its data.json from: Markdown files that no portal serves",
    "sources-lists": "lists of portals, not of datasets",
}
"""Kinds that no feed type reads, and why not."""

_ONE_SERVICE = "the index counts records, of which one is a service"
_STRICT = "the index's parser does not read this form; the datasets are there"
_HARVESTED = "the town's own data.json stands among the packages, as a source that is harvested from"
_NESTED = "the index counts `dataset` alone; "
DIFFERENT = {
    "broken-dcat-us/gsa_dcatus3_0_nested_catalog.json": (3, _NESTED + "catalogues in the catalogue hold two"),
    "broken-dcat-us/gsa_dcatus3_0_series_member_also_top_level.json": (2, _NESTED + "a series has another"),
    "broken-dcat-us/gsa_dcatus3_0_series_with_members.json": (2, _NESTED + "a series holds two"),
    "broken-dcat-us/gsa_dcatus3_0_service_serves_dataset.json": (1, _NESTED + "a service holds one"),
    "ckan/chicago_catalog-data-gov_packages.jsonl": (658, _HARVESTED),
    "ckan/king-county-wa_catalog-data-gov_packages.jsonl": (250, _HARVESTED),
    "ckan/louisville_catalog-data-gov_packages.jsonl": (195, _HARVESTED),
    "ckan/new-orleans_catalog-data-gov_packages.jsonl": (174, _HARVESTED),
    "ckan/philadelphia_catalog-data-gov_packages.jsonl": (91, _HARVESTED),
    "ckan/seattle_catalog-data-gov_packages.jsonl": (465, _HARVESTED),
    "ckan/wprdc-pittsburgh_catalog-data-gov_packages.jsonl": (148, _HARVESTED),
    "ckan/ckanext-dcat_dataset.json": (1, "a dataset in DCAT's words, which has a title and identifiers"),
    "csw/fedict_bmdc_datasets-example.xml": (3, _STRICT),
    "csw/terria_Example1GetRecordsPage3.xml": (29, _ONE_SERVICE),
    "csw/udata_geonetwork-geodcatap-page-1.xml": (2, _STRICT),
    "csw/udata_geonetwork-geodcatap-page-3.xml": (2, _STRICT),
    "csw/udata_geonetwork-geodcatap-page-5.xml": (2, _STRICT),
    "dcat-rdf/fedict_favv_dcat.rdf": (3, "no RDF/XML for a strict parser; holds three datasets"),
    "dcat-rdf/fedict_fpsbosabudget.xml": (3, "no RDF/XML for a strict parser; holds three datasets"),
    "ogc-records-wmo/ca-eccc-msc-gdc.global-discovery-catalogue.json": (0, _ONE_SERVICE),
    "ogc-records-wmo/de-dwd.global-cache.json": (0, _ONE_SERVICE),
    "ogc-records-wmo/fr-meteofrance-global-broker.json": (0, _ONE_SERVICE),
    "ogc-records/record.json": (1, "a record that stands alone, which the index counts only in lists"),
    "schemaorg/nde_dataset-schema-org-valid-microdata.html": (1, _STRICT),
    "schemaorg/nde_dataset-schema-org-valid-plus-organization.jsonld": (1, "the other is an organisation"),
    "schemaorg/nde_dataset-schema-org-valid-rdfa.html": (1, _STRICT),
    "schemaorg/nde_hydra-page1.jsonld": (2, _STRICT),
    "schemaorg/nde_hydra-page2.jsonld": (1, _STRICT),
}
"""File → how many drafts it gives, and why not as many as the index says."""

_RESOURCE = "the answer of resource_show: a file without its dataset"
_NOT_JSON = "an example with comments or without quotes, from a text about the standard"
_RECORDED = "a recorded conversation: what the portal answered stands inside as text"
REFUSED = {
    "arcgis-portal/terria_group-search-results.json": "groups of users, not datasets",
    "ckan/terria_taxation-statistics-wms-resource.json": _RESOURCE,
    "ckan/terria_vic-wms-layer-resource.json": _RESOURCE,
    "ckan/terria_wms-no-layer-resource.json": _RESOURCE,
    "dcat-us-federal/state_20250131.json": "an error page came in place of the file",
    "iso-waf/gsa_decode_error.xml": "not valid UTF-8, and no metadata record in it",
    "iso-waf/gsa_to_be_filtered_by_datetime.xml": "no XML at all",
    "ogc-records/keywords-themes.json": _NOT_JSON,
    "ogc-records/records.json": _NOT_JSON,
    "schemaorg/nde_dataset-invalid-no-http-iri.jsonld": "a dataset without a name, of which a page has many",
    "schemaorg/nde_http_invalid-dataset.json": _RECORDED,
    "schemaorg/nde_http_utf8-bom.json": _RECORDED,
    "socrata/terria_facets.json": "the values to search by, not datasets",
}
"""Files that hold no dataset at all: an error says so."""


def index(shared: Path) -> dict[str, dict[str, str]]:
    """Kind → path → number of datasets, as the index says it."""
    found: dict[str, dict[str, str]] = {}
    with (shared / "feeds" / "INDEX.tsv").open(encoding="utf-8", newline="") as table:
        for row in csv.DictReader(table, delimiter="\t", quoting=csv.QUOTE_NONE):
            found.setdefault(row["kind"], {})[row["path"]] = row["datasets"]
    return found


class Alone:
    """A portal whose only answer is one file."""

    def __init__(self, path: Path) -> None:
        self.url = f"https://captured.example/{path.name}"
        self._path = path

    def __call__(self, url: str) -> Document:
        if url != self.url:
            raise FetchError(url, "answered 404.", status=404)
        return Document(url=url, body=self._path)

    def head(self, url: str) -> Document:
        raise FetchError(url, "answered 404.", status=404)


def read(feed: str, path: Path) -> int:
    """How many drafts a feed type reads from a file that is all that its portal answers."""
    portal = Alone(path)
    drafts = 0
    try:
        for item in feeds.load(feed).read(make.source(url=portal.url, path=path), portal):
            drafts += isinstance(item, Draft)
    except FetchError:
        if not drafts:  # else it is only the next page, which is another file or none
            raise
    return drafts


def test_no_kind_of_file_is_forgotten(shared: Path) -> None:
    assert index(shared).keys() == FEED_OF.keys() | NO_FEEDS.keys()


@pytest.mark.parametrize(("kind", "feed"), FEED_OF.items())
def test_every_file_gives_the_datasets_of_the_index_or_a_reason(shared: Path, kind: str, feed: str) -> None:
    if feed not in feeds.names():
        pytest.skip(f"the feed type {feed} is not there")
    wrong = []
    for path, counted in index(shared)[kind].items():
        if kind.startswith("datapackage") and path.endswith(".csv"):
            continue  # a table, which is read with its package
        may_be_refused = path in REFUSED or counted == "0"
        try:
            file = shared / "feeds" / path
            # among the pages with schema.org are some that say the same in DCAT
            is_dcat = kind == "schemaorg" and dcat.recognise(Document(url=path, body=file))
            found = read("dcat" if is_dcat else feed, file)
        except (FeedError, FetchError) as error:
            if not may_be_refused or path in DIFFERENT:
                wrong.append((path, str(error)))
        else:
            expected = str(DIFFERENT[path][0]) if path in DIFFERENT else counted
            if path in REFUSED or str(found) != expected:
                wrong.append((path, f"{found} datasets, not {expected}"))
    assert wrong == []


def test_every_exception_is_one(shared: Path) -> None:
    """What reads as the index says, or is not there, needs no reason."""
    counts = {path: counted for files in index(shared).values() for path, counted in files.items()}
    assert counts.keys() >= DIFFERENT.keys() | REFUSED.keys()
    assert DIFFERENT.keys().isdisjoint(REFUSED)
    assert [path for path, (number, _) in DIFFERENT.items() if counts[path] == str(number)] == []
    assert [path for path in REFUSED if counts[path] == "0"] == []
