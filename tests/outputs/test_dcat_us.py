"""`data.json` is DCAT-US 1.1, with nothing invented and nobody left out."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from harvester.model import CatalogRecord, Coded, Contact, Date, Period, Place
from harvester.outputs import dcat_us
from tests import make
from tests.outputs import records

Members = dict[str, Any]


@pytest.fixture
def written(tmp_path: Path) -> Callable[..., list[Members]]:
    def write(*found: CatalogRecord, **about: object) -> list[Members]:
        dcat_us.write(records.catalogue(*found, **about), tmp_path)
        datasets: list[Members] = json.loads((tmp_path / "data.json").read_bytes())["dataset"]
        return datasets

    return write


@pytest.fixture(scope="session")
def schema(shared: Path) -> Draft202012Validator:
    path = shared / "standards/dcat-us-1.1/gsa-harvester-2026/non-federal_dataset.json"
    return Draft202012Validator(json.loads(path.read_bytes()))


def test_every_dataset_that_says_what_is_required_passes_the_schema(
    written: Callable[..., list[Members]], schema: Draft202012Validator
) -> None:
    datasets = written(*records.plain(), *records.hostile())
    required = set(schema.schema["required"])
    complete = [each for each in datasets if required <= set(each)]
    assert len(complete) > 25
    for each in complete:
        faults = [f"{'.'.join(map(str, e.path))}: {e.message[:200]}" for e in schema.iter_errors(each)]
        assert faults == [], each["title"][:80]


def test_what_a_source_did_not_say_is_the_only_thing_that_the_schema_misses(
    written: Callable[..., list[Members]], schema: Draft202012Validator
) -> None:
    for each in written(*records.plain(), *records.hostile()):
        faults = [e for e in schema.iter_errors(each) if e.validator != "required"]
        assert faults == [], [e.message[-300:] for e in faults]


def test_the_frame_passes_the_schema_of_a_catalogue(tmp_path: Path, shared: Path) -> None:
    path = shared / "standards/dcat-us-1.1/gsa-harvester-2026/catalog.json"
    schema = json.loads(path.read_bytes())
    del schema["properties"]["dataset"]["items"]  # refers to the other schema, which is tested above
    dcat_us.write(records.catalogue(*records.plain()), tmp_path)
    Draft202012Validator(schema).validate(json.loads((tmp_path / "data.json").read_bytes()))


def test_every_dataset_is_listed_under_an_identifier_of_its_own(
    written: Callable[..., list[Members]],
) -> None:
    found = [*records.plain(), *records.hostile()]
    assert len({each["identifier"] for each in written(*found)}) == len(found)


def test_full_and_bare(written: Callable[..., list[Members]]) -> None:
    full, bare, _ = written(*records.plain(), contact=None)
    assert full == {
        "@type": "dcat:Dataset",
        "@id": "https://data.elmford.example/id/tree-1",
        "identifier": "https://data.elmford.example/id/tree-1",
        "otherIdentifier": ["tree-1", "https://doi.org/10.1234/trees"],
        "version": "3",
        "accessLevel": "public",
        "title": "Street trees",
        "description": "Every tree.",
        "keyword": ["parks", "trees"],
        "modified": "2026-03-14",
        "publisher": {
            "@type": "org:Organization",
            "name": "Parks Department",
            "homepage": "https://www.elmford.example/parks",
            "subOrganizationOf": {"@type": "org:Organization", "name": "Town of Elmford"},
        },
        "contactPoint": {
            "@type": "vcard:Contact",
            "fn": "Parks desk",
            "hasEmail": "mailto:parks@elmford.example",
            "hasTelephone": "+1 555 0100",
            "hasURL": "https://www.elmford.example/parks/ask",
        },
        "issued": "2019",
        "accrualPeriodicity": "R/P1Y",
        "license": "https://creativecommons.org/licenses/by/4.0/",
        "rights": "Say where it comes from.",
        "spatial": "-83.3,42.2,-82.9,42.5",
        "temporal": "2019/2024-06",
        "theme": ["Environment"],
        "language": ["en"],
        "landingPage": "https://www.elmford.example/trees",
        "references": ["https://www.elmford.example/trees/manual.pdf"],
        "conformsTo": "https://schema.example/trees",
        "describedBy": "https://www.elmford.example/trees/fields.html",
        "distribution": [
            {
                "@type": "dcat:Distribution",
                "title": "All trees, one row each",
                "downloadURL": "https://data.elmford.example/files/csv.csv",
                "accessURL": "https://data.elmford.example/dataset/tree-1",
                "format": "CSV",
                "mediaType": "text/csv",
                "issued": "2019-02-03",
                "modified": "2026-03-14T12:30:00Z",
                "byteSize": 48_213,
                "checksum": {"@type": "spdx:Checksum", "algorithm": "sha256", "checksumValue": "ab" * 32},
            },
            {
                "@type": "dcat:Distribution",
                "title": "Map",
                "accessURL": "https://maps.elmford.example/wms?",
                "format": "WMS",
                "license": "https://opendatacommons.org/licenses/odbl/1-0/",
            },
        ],
    }
    assert bare == {
        "@type": "dcat:Dataset",
        "@id": "https://elmvalley.example/dataset/street-trees-000002/",
        "identifier": "https://elmvalley.example/dataset/street-trees-000002/",
        "otherIdentifier": ["tree-2"],
        "accessLevel": "public",
        "title": "Street trees 2",
        "publisher": {"@type": "org:Organization", "name": "Parks Department"},
    }


@pytest.mark.parametrize(
    ("changes", "about", "expected"),
    [
        (
            {"contacts": (Contact(name="A"), Contact(email="b@b.example"))},
            {},
            ("b@b.example", "mailto:b@b.example"),
        ),
        ({"contacts": (Contact(name="A", email="no address"),)}, {"contact": None}, ("A", None)),
        ({"contacts": (Contact(phone="1"),)}, {}, ("Elm Valley open data", "mailto:data@elmvalley.example")),
        ({"contacts": ()}, {}, ("Elm Valley open data", "mailto:data@elmvalley.example")),
        ({"contacts": (), "source": "oakham"}, {}, ("Town of Oakham", "mailto:data@oakham.example")),
    ],
)
def test_who_is_the_contact(
    written: Callable[..., list[Members]], changes: Members, about: Members, expected: tuple[str, str | None]
) -> None:
    (dataset,) = written(make.record(**changes), **about)
    contact = dataset["contactPoint"]
    assert (contact["fn"], contact.get("hasEmail")) == expected
    assert ("note" in contact) == (contact["fn"] not in ("A", "b@b.example"))


def test_nobody_is_made_a_contact_whom_the_region_did_not_name(
    written: Callable[..., list[Members]],
) -> None:
    (dataset,) = written(make.record(contacts=()), contact=None)
    assert "contactPoint" not in dataset


@pytest.mark.parametrize(
    ("changes", "member", "expected"),
    [
        ({"licence": Coded(code=None, raw="https://l.example/x y")}, "license", "https://l.example/x%20y"),
        ({"licence": Coded(code=None, raw="Free for all")}, "license", None),
        ({"licence": Coded(code=None, raw="Free for all")}, "rights", "Free for all"),
        ({"licence": Coded(code="OTHER-OPEN", raw="other-open")}, "rights", "other-open"),
        ({"rights": "x" * 300}, "rights", "x" * 254 + "…"),
        ({"description": {"en": "x" * 10_001}}, "description", "x" * 9_999 + "…"),
        ({"frequency": Coded(code="IRREG", raw="")}, "accrualPeriodicity", "irregular"),
        ({"frequency": Coded(code="NEVER", raw="")}, "accrualPeriodicity", None),
        ({"frequency": Coded(code=None, raw="whenever")}, "accrualPeriodicity", None),
        ({"modified": Date(value=None, raw="R/P1D")}, "modified", None),
        ({"access_rights": Coded(code="RESTRICTED", raw="")}, "accessLevel", "restricted public"),
        ({"access_rights": Coded(code="CONFIDENTIAL", raw="")}, "accessLevel", "non-public"),
        ({"access_rights": None}, "accessLevel", "public"),
        ({"access_rights": Coded(code=None, raw="Ask the mayor")}, "accessLevel", None),
        ({"access_rights": Coded(code=None, raw="Ask the mayor")}, "rights", "Ask the mayor"),
        ({"temporal": (Period(start="2019", raw="2019/.."),)}, "temporal", None),
        ({"temporal": (Period(start="2019", raw="2019/.."),)}, "temporalCoverageStart", "2019"),
        ({"spatial": (Place(label="Elmford", raw=""),)}, "spatial", "Elmford"),
        ({"spatial": ()}, "spatial", None),
        ({"themes": (Coded(code=None, raw="Trees"),)}, "theme", ["Trees"]),
        ({"keywords": (("en", "trees"), ("fr", "trees"))}, "keyword", ["trees"]),
        ({"landing_page": None}, "landingPage", "https://data.elmford.example/dataset/tree-1"),
        ({"title": {"fr": "Arbres"}}, "title", "Arbres"),
    ],
)
def test_members(
    written: Callable[..., list[Members]], changes: Members, member: str, expected: object
) -> None:
    (dataset,) = written(make.record(**changes))
    assert dataset.get(member) == expected


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({}, "text/csv"),
        ({"media_type": None}, "text/csv"),
        ({"media_type": None, "format": None}, "application/octet-stream"),
        ({"media_type": Coded(code=None, raw="csv file"), "format": None}, "application/octet-stream"),
        ({"download_url": None, "access_url": "https://a.example/", "media_type": None}, None),
    ],
)
def test_every_file_has_a_media_type(
    written: Callable[..., list[Members]], changes: Members, expected: str | None
) -> None:
    (dataset,) = written(make.record(distributions=(make.distribution(**changes),)))
    assert dataset["distribution"][0].get("mediaType") == expected


def test_part_of_a_series_means_the_identifier_that_the_series_has_here(
    written: Callable[..., list[Members]],
) -> None:
    series, member = written(make.record(1, identifiers=("S1",)), make.record(2, in_series=("S1",)))
    assert member["isPartOf"] == series["identifier"]
