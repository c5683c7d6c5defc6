"""The made-up region: it is read whole without a network, and shows what it is there to show."""

from __future__ import annotations

import importlib.util
import re
from collections import Counter
from pathlib import Path

import openpyxl
import pytest

from harvester import feeds, sources
from harvester.document import Document
from harvester.model import Config, Draft, Problem, Source

ROOT = Path(__file__).resolve().parents[2]
EXAMPLES = ROOT / "examples"

DATASETS = {
    "elm-county": ("ckan", 18),
    "elmford": ("dcat_us", 14),
    "oakham": ("dcat", 10),
    "saint-orme": ("spreadsheet", 9),
    "alder-creek": ("spreadsheet", 7),
    "valley-transit": ("dcat", 8),
    "health-district": ("dcat", 8),
    "hemlock-bend": ("arcgis_hub", 3),
    "kestrel": ("socrata", 3),
    "rio-olmo": ("opendatasoft", 3),
    "quarry-hill": ("web_page", 3),
    "libraries": ("schema_org", 2),
    "planning": ("csw", 2),
    "elm-lake": ("waf", 1),
    "elm-river": ("ogc_records", 3),
    "imagery": ("stac", 2),
    "valley-211": ("data_package", 1),
}


@pytest.fixture(scope="module")
def region() -> Config:
    return sources.load(ROOT / "sources.yaml")


def document(source: Source) -> Document:
    assert source.path is not None
    return Document(url=source.path.as_uri(), body=source.path)


class Disk:
    """A `Get` that has the source's own file, and no network."""

    def __init__(self, source: Source) -> None:
        self._source = source

    def __call__(self, url: str, /) -> Document:
        assert url == self._source.url, f"{url} would be asked for over the web"
        return document(self._source)

    def head(self, url: str, /) -> Document:
        raise AssertionError(f"{url} would be asked for over the web")


def drafts(source: Source) -> list[Draft]:
    items = list(feeds.load(DATASETS[source.id][0]).read(source, Disk(source)))
    assert not any(isinstance(item, Problem) and item.partial for item in items), source.id
    return [item for item in items if isinstance(item, Draft)]


def test_every_source_is_recognised_as_one_type_and_read_whole(region: Config) -> None:
    found = {}
    for source in region.sources:
        [kind] = [name for name in feeds.names() if feeds.load(name).recognise(document(source))]
        found[source.id] = (kind, len(drafts(source)))
    assert found == DATASETS


def test_every_feed_type_is_shown() -> None:
    assert {kind for kind, _ in DATASETS.values()} == set(feeds.names())


def test_no_dataset_points_to_this_computer(region: Config) -> None:
    for source in region.sources:
        for draft in drafts(source):
            assert "file:" not in repr(draft), (source.id, draft.title)


def test_four_datasets_are_listed_by_two_sources(region: Config) -> None:
    """So that the site has something to join: they have a file address in common, and no identifier.

    Two are of a town and the county, one of an agency and the county, one of two agencies.
    """
    addresses = Counter(
        (file.download_url or file.url, source.id)
        for source in region.sources
        for draft in drafts(source)
        for file in draft.distributions
    )
    shared = Counter(address for address, _ in addresses if address)
    assert {address for address, listings in shared.items() if listings > 1} == {
        "https://data.elmford.example/files/snow-routes.geojson",
        "https://oakham.example/data/zoning.geojson",
        "https://data.elmcounty.example/dataset/lake-water-quality/files/elm-lake.csv",
        "https://health.elmvalley.example/data/files/services-211.zip",
    }


def test_nothing_in_it_is_real() -> None:
    """Every host is under .example, but for vocabularies, licences and specifications."""
    known = (
        "www.w3.org", "purl.org", "xmlns.com", "publications.europa.eu", "creativecommons.org",
        "www.opendefinition.org", "opendatacommons.org", "project-open-data.cio.gov", "www.iana.org",
        "gtfs.org", "docs.openreferral.org",
        "www.isotc211.org", "www.opengis.net", "www.loc.gov", "schema.org",
    )  # fmt: skip
    for path in EXAMPLES.iterdir():
        if path.suffix in (".json", ".ttl", ".csv", ".jsonld", ".rdf", ".xml", ".html", ".py"):
            text = path.read_bytes().decode("utf-8", errors="replace")
            hosts = set(re.findall(r"https?://([\w.-]+)", text)) - set(known)
            assert all(host.endswith(".example") for host in hosts), (path.name, hosts)
            assert all(mail.endswith(".example") for mail in re.findall(r"@[\w-]+(?:\.[\w-]+)+", text)), (
                path.name
            )


def test_the_region_is_small_enough_to_read() -> None:
    assert sum(path.stat().st_size for path in EXAMPLES.iterdir() if path.is_file()) < 300_000


def test_the_workbook_is_what_its_script_makes(tmp_path: Path) -> None:
    spec = importlib.util.spec_from_file_location("make_workbook", EXAMPLES / "make_workbook.py")
    assert spec is not None
    assert spec.loader is not None
    script = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(script)
    script.FILE = tmp_path / "made.xlsx"
    script.main()
    kept, made = (openpyxl.load_workbook(path) for path in (EXAMPLES / "alder-creek.xlsx", script.FILE))
    assert [[list(row) for row in sheet.values] for sheet in kept] == [
        [list(row) for row in sheet.values] for sheet in made
    ]


def test_the_real_portals_are_a_valid_list() -> None:
    portals = sources.load(EXAMPLES / "real-portals.yaml")
    assert len(portals.sources) == 11
    assert all(source.level and source.url.startswith("https://") for source in portals.sources)
