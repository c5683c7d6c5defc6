"""What we publish, read back by our own feeds, is the same catalogue."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace

from harvester import feeds, outputs
from harvester.document import Document
from harvester.model import (
    Announced,
    CatalogRecord,
    Catalogue,
    Coded,
    Dataset,
    Draft,
    Item,
    Place,
    Source,
)
from harvester.normalise import dataset as normalise
from harvester.normalise.identity import new_id, slug
from harvester.outputs import dcat
from harvester.outputs._series import Series
from tests import make
from tests.outputs import records

SITE = "https://elmvalley.example/"

Fact = Callable[[Dataset], object]


def code(coded: Coded | None) -> str | None:
    return coded and (coded.code or coded.raw)


def digits(phone: str | None) -> str:
    return "".join(filter(str.isdigit, phone or ""))


FACTS: dict[str, Fact] = {
    "title": lambda d: set(d.title.values()),
    "description": lambda d: set(d.description.values()),
    "keywords": lambda d: {word for _, word in d.keywords},
    "themes": lambda d: {code(each) for each in d.themes},
    "publisher": lambda d: (set(d.publisher.name.values()), d.publisher.url, d.publisher.parent),
    "contact": lambda d: [(each.name, each.email, digits(each.phone), each.url) for each in d.contacts][:1],
    "licence": lambda d: code(d.licence),
    "rights": lambda d: d.rights,
    "access rights": lambda d: code(d.access_rights),
    "issued": lambda d: d.issued and d.issued.value,
    "modified": lambda d: d.modified and d.modified.value,
    "frequency": lambda d: code(d.frequency),
    "languages": lambda d: d.languages,
    "places": lambda d: {each.bbox or each.label or each.uri for each in d.spatial} - {None},
    "periods": lambda d: {(each.start, each.end) for each in d.temporal},
    "standards": lambda d: d.conforms_to,
    "documentation": lambda d: d.documentation,
    "identifiers": lambda d: set(d.identifiers),
    "version": lambda d: d.version,
    "files": lambda d: {each.url for each in d.distributions},
    "downloads": lambda d: {each.download_url for each in d.distributions},
    "kinds": lambda d: {(each.url, each.kind) for each in d.distributions},
    "formats": lambda d: {(each.url, code(each.format)) for each in d.distributions},
    "media types": lambda d: {(each.url, code(each.media_type)) for each in d.distributions},
    "sizes": lambda d: {(each.url, each.byte_size, each.checksum) for each in d.distributions},
    "names of files": lambda d: {(each.url, *each.title.values()) for each in d.distributions},
    "dates of files": lambda d: {
        (each.url, each.issued and each.issued.value, each.modified and each.modified.value)
        for each in d.distributions
    },
    "licences of files": lambda d: {(each.url, code(each.licence or d.licence)) for each in d.distributions},
}


def read(feed: str, source: Source, get: Callable[[str], Document]) -> Iterator[Item]:
    return feeds.load(feed).read(source, get)


def datasets(items: Iterable[Item], source: Source) -> list[Dataset]:
    """What the feed's items are as datasets; what it could not read is not among them."""
    found = (normalise(item, source) for item in items if isinstance(item, Draft))
    return [each for each in found if isinstance(each, Dataset)]


def catalogue_of(found: list[Dataset], language: str = "en") -> Catalogue:
    """A catalogue of datasets as they come from a feed, with the ids that the store would give."""

    def record(dataset: Dataset) -> CatalogRecord:
        title = next(iter(dataset.title.values()))
        name = next(iter(dataset.publisher.name.values()))
        return CatalogRecord(
            dataset=replace(
                dataset,
                id=new_id(title, dataset.source, dataset.key),
                publisher=replace(dataset.publisher, id=slug(name)),
            ),
            first_seen="2026-01-01",
            changed="2026-01-01",
        )

    unique = {each.dataset.id: each for each in map(record, found)}
    return records.catalogue(*unique.values(), contact=None, languages=(language,))


def round_trip(catalogue: Catalogue, output: str, feed: str, file: str, folder: Path) -> dict[str, Dataset]:
    """Write, read back, normalise: the datasets by the IRI under which they were published."""
    outputs.load(output).write(catalogue, folder, None)
    source = make.source("copy", url=SITE + file, language=catalogue.config.catalogue.languages[0])

    def get(url: str) -> Document:
        return Document(url=url, body=(folder / url.removeprefix(SITE)).read_bytes())

    assert feeds.load(feed).recognise(get(source.url))
    items = list(read(feed, source, get))
    assert [item for item in items if not isinstance(item, (Draft, Announced))] == []
    back = datasets(items, source)
    assert len(back) == len(catalogue.records)
    return {each.uri or "": each for each in back}


def differences(catalogue: Catalogue, back: dict[str, Dataset]) -> dict[str, list[tuple[Any, Any]]]:
    """Every fact that is not the same: its name → what it was and what it is."""
    found: dict[str, list[tuple[Any, Any]]] = {}
    for record, subject in zip(catalogue.records, Series(catalogue).subjects, strict=True):
        for name, fact in FACTS.items():
            before, after = fact(record.dataset), fact(back[subject])
            if before != after:
                found.setdefault(name, []).append((before, after))
    return found


def real(shared: Path, feed: str, path: str) -> Catalogue:
    """A catalogue as it is harvested from a captured portal."""
    file = shared / "feeds" / path
    source = make.source(language="en", path=file)
    document = Document(url=source.url, body=file)
    return catalogue_of(datasets(read(feed, source, lambda url: document), source))


PORTALS = [
    ("dcat_us", "dcat-us-archubs/city-of-philadelphia-pennsylvania_08c-02_20220417.json"),
    ("ckan", "ckan/wprdc-pittsburgh_catalog-data-gov_packages.jsonl"),
]

LANGUAGES = [
    ("dcat", "dcat-rdf/stadt-zuerich_catalog.ttl"),
    ("dcat", "dcat-rdf/fedict_fpsfinance_dataset-example.xml"),
    ("dcat", "dcat-ap-hub-jsonld/edinburgh.jsonld"),
]


@pytest.fixture
def varied() -> Catalogue:
    """Records of our own, which say more than any portal does."""
    odd = make.record(
        5,
        licence=Coded(code=None, raw="https://licence.example/free"),
        themes=(Coded(code=None, raw="Odds and ends"),),
        keywords=(("und", "œuvre"), ("und", "日本")),
        spatial=(Place(label="Elmford", raw="Elmford"),),
        identifiers=("12", "b7c0f5a8-5a51-4fdd-9c5c-0f0a8a6e4d11"),
        distributions=(
            make.distribution(
                "a",
                download_url="https://data.elmford.example/files/a%20b.parquet",
                format=Coded(code="parquet", raw="Parquet"),
                media_type=None,
            ),
            make.distribution(
                "b",
                kind="page",
                download_url=None,
                access_url="https://data.elmford.example/page",
                format=Coded(code="html", raw="HTML"),
                media_type=None,
                byte_size=None,
            ),
        ),
    )
    return records.catalogue(*records.plain(4), odd, contact=None)


def test_data_json_gives_the_same_datasets(varied: Catalogue, tmp_path: Path) -> None:
    """But for what DCAT-US has no place for: other languages, and a record that says nothing of access."""
    found = differences(varied, round_trip(varied, "dcat_us", "dcat_us", "data.json", tmp_path))
    assert found.pop("title") == [({"Street trees", "Arbres de rue"}, {"Street trees"})]
    assert found.pop("description") == [({"Every tree.", "Chaque arbre."}, {"Every tree."})]
    assert set(found.pop("access rights")) == {(None, "PUBLIC")}
    assert all(after > before for before, after in found.pop("identifiers"))
    usual = found.pop("media types")  # the parquet file has now the media type of its format
    assert [len(after - before) for before, after in usual] == [1]
    assert found == {}


def test_catalog_ttl_gives_the_same_datasets(varied: Catalogue, tmp_path: Path) -> None:
    found = differences(varied, round_trip(varied, "dcat", "dcat", "catalog.ttl", tmp_path))
    assert found == {}


@pytest.mark.parametrize("file", ["catalog.ttl", "catalog.rdf", "catalog.jsonld"])
def test_the_pages_of_a_long_catalogue_are_read_to_their_end(
    file: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(dcat, "PAGE_SIZE", 3)
    long = records.catalogue(*(make.record(number) for number in range(1, 11)))
    back = round_trip(long, "dcat", "dcat", file, tmp_path)
    assert differences(long, back) == {}


@pytest.mark.parametrize(("feed", "path"), PORTALS)
def test_data_json_of_a_real_portal_loses_nothing(feed: str, path: str, shared: Path, tmp_path: Path) -> None:
    """Beside: a disclaimer in place of a licence is told in `rights`, a nameless contact by its address."""
    before = real(shared, feed, path)
    assert len(before.records) > 100
    found = differences(before, round_trip(before, "dcat_us", "dcat_us", "data.json", tmp_path))
    assert set(found) <= {"identifiers", "licence", "rights", "licences of files", "contact"}
    assert all(after > before for before, after in found["identifiers"])
    assert all(after is None for _, after in found.get("licence", ()))
    assert all(old[0][1:] == new[0][1:] for old, new in found.get("contact", ()))


@pytest.mark.parametrize(("feed", "path"), [*PORTALS, *LANGUAGES])
def test_catalog_ttl_of_a_real_portal_loses_nothing(
    feed: str, path: str, shared: Path, tmp_path: Path
) -> None:
    before = real(shared, feed, path)
    found = differences(before, round_trip(before, "dcat", "dcat", "catalog.ttl", tmp_path))
    assert found == {}


@pytest.mark.parametrize(("feed", "path"), PORTALS)
def test_the_list_of_a_real_portal_can_be_a_source(
    feed: str, path: str, shared: Path, tmp_path: Path
) -> None:
    """A row has no room for what is said of single files; all datasets, words and addresses are there."""
    before = real(shared, feed, path)
    found = differences(before, round_trip(before, "csv_list", "spreadsheet", "datasets.csv", tmp_path))
    kept = {"title", "description", "themes", "licence", "issued", "modified", "frequency", "files"}
    assert not kept & set(found)
