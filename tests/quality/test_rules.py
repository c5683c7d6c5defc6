"""What the shipped profile finds: one line a rule, a change to a good dataset beside what is then told."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from harvester.model import Agent, Coded, Contact, Dataset, Date, Finding, Period
from harvester.quality import check, load_profile
from harvester.quality.checks import CHECKS
from tests.make import dataset, distribution, source

TODAY = dt.date(2026, 4, 1)
PROFILE = load_profile()


def found(*datasets: Dataset) -> list[Finding]:
    return check(source(), datasets, PROFILE, TODAY)


def codes(*datasets: Dataset) -> list[str]:
    return [finding.code for finding in found(*datasets)]


def date(value: str) -> Date:
    return Date(value=value, raw=value)


PAGE = distribution(
    "page", kind="page", download_url=None, access_url="https://elmford.example/trees", media_type=None
)


def test_a_good_dataset_has_no_findings():
    assert found(dataset(1), dataset(2)) == []


DATASET_RULES: list[tuple[dict[str, Any], list[str]]] = [
    # title and description
    ({"title": {}}, ["title-missing"]),
    ({"title": {"en": " "}}, ["title-missing"]),
    ({"title": {"en": "Tree"}}, ["title-too-short"]),
    ({"title": {"en": "Trees " * 60}}, ["title-too-long"]),
    ({"title": {"en": "tbl_2019_final.csv"}}, ["title-is-file-name"]),
    ({"title": {"en": "parcels_2020"}}, ["title-is-file-name"]),
    ({"title": {"en": "Layer0"}}, ["title-is-file-name"]),
    ({"title": {"en": "300.21"}}, ["title-is-file-name"]),
    ({"title": {"en": "0f3a2b1c-9d8e-4f70-8a6b-5c4d3e2f1a0b"}}, ["title-is-file-name"]),
    ({"title": {"en": "COVID-19"}}, []),
    ({"title": {"en": "2024 budget.csv export"}}, []),
    ({"title": {"en": "Árboles"}}, []),
    ({"description": {}}, ["description-missing"]),
    ({"description": {"en": "Trees of Elmford."}}, ["description-too-short"]),
    (
        {"title": {"en": "Street trees of Elmford"}, "description": {"en": "Street trees of Elmford."}},
        ["description-same-as-title"],
    ),
    ({"topics": ()}, ["topic-missing"]),
    ({"themes": (Coded(code="ENVI", raw="nature"), Coded(code=None, raw="misc"))}, ["theme-unrecognised"]),
    ({"key": "title:street-trees/parks"}, ["id-missing"]),
    ({"key": "url:/dataset/trees"}, ["id-missing"]),
    ({"key": "key:url:1"}, []),
    # people
    ({"publisher": Agent(name={})}, ["publisher-missing"]),
    ({"publisher": Agent(name={"en": "Parks " * 60})}, ["publisher-name-too-long"]),
    ({"publisher": Agent(name={"en": "Parks"}, url="elmford.example")}, ["url-invalid"]),
    ({"publisher": Agent(name={"en": "Parks"}, email="parks at elmford")}, ["email-invalid"]),
    ({"contacts": ()}, ["contact-missing"]),
    ({"contacts": (Contact(name="Parks desk"),)}, ["contact-missing"]),
    ({"contacts": (Contact(phone="555 0100"),)}, []),
    ({"contacts": (Contact(raw_email="parks at elmford"),)}, ["email-invalid"]),
    # permission
    ({"licence": None}, ["licence-missing"]),
    ({"licence": Coded(code=None, raw="Licence Etalab")}, ["licence-unrecognised"]),
    ({"licence": Coded(code="CC-BY-NC-4.0", raw="cc-by-nc")}, ["licence-not-open"]),
    ({"access_rights": Coded(code=None, raw="ask Bob")}, ["access-rights-unrecognised"]),
    ({"access_rights": Coded(code="PUBLIC", raw="public")}, []),
    # time
    ({"modified": None}, ["modified-missing"]),
    ({"modified": Date(value=None, raw="last spring")}, ["date-not-parsed"]),
    ({"issued": Date(value=None, raw="20013-01-01")}, ["date-not-parsed"]),
    ({"issued": None}, []),
    ({"issued": date("2019"), "modified": date("2018-12-31")}, ["modified-before-issued", "stale"]),
    ({"issued": date("2026-03-15"), "modified": date("2026-03")}, []),
    ({"modified": date("2026-04-02T00:00:00Z")}, []),
    ({"modified": date("2026-04-03")}, ["date-in-future"]),
    ({"issued": date("2027"), "modified": None}, ["date-in-future", "modified-missing"]),
    ({"issued": date("1900-01-01")}, ["date-before-1900"]),
    ({"issued": date("1970-01-01T00:00:00Z")}, ["date-before-1900"]),
    ({"issued": date("1970")}, []),
    ({"modified": date("2024-03-29")}, ["stale"]),
    ({"modified": date("2024-03-31")}, []),
    ({"modified": date("2020"), "frequency": None}, []),
    ({"modified": date("2020"), "frequency": Coded(code="NEVER", raw="never")}, []),
    ({"modified": date("2026-03-03"), "frequency": Coded(code="DAILY", raw="daily")}, []),
    ({"modified": date("2026-03-01"), "frequency": Coded(code="DAILY", raw="daily")}, ["stale"]),
    ({"frequency": Coded(code=None, raw="when we can")}, ["frequency-unrecognised"]),
    ({"temporal": (Period(raw="whenever"),)}, []),
    # addresses and files
    ({"landing_page": "elmford.example/trees"}, ["url-invalid"]),
    ({"landing_page": "https://elmford.example/trees"}, []),
    ({"distributions": ()}, ["distribution-missing"]),
    ({"distributions": (PAGE,)}, ["distribution-is-webpage"]),
    ({"distributions": (PAGE, distribution())}, []),
    ({"in_series": ("no-such-series",)}, ["series-unknown"]),
    ({"identifiers": ("air", "water"), "in_series": ("water",)}, []),
]


@pytest.mark.parametrize(("changes", "expected"), DATASET_RULES, ids=lambda value: str(value)[:60])
def test_rules_of_a_dataset(changes: dict[str, Any], expected: list[str]):
    assert codes(dataset(**changes)) == expected


FILES = "https://elmford.example"
EXPORT = f"{FILES}/export"

FILE_RULES: list[tuple[dict[str, Any], list[str]]] = [
    ({"download_url": None}, ["distribution-no-url"]),
    ({"download_url": None, "access_url": "https://elmford.example/"}, []),
    ({"download_url": "file:///C:/trees.csv"}, ["url-invalid"]),
    ({"download_url": "ftp://elmford.example/trees.csv"}, []),
    ({"format": None}, ["format-missing"]),
    ({"format": None, "media_type": None, "byte_size": None, "download_url": EXPORT}, ["format-missing"]),
    ({"format": Coded(code=None, raw="Esri stuff")}, ["format-unrecognised"]),
    ({"byte_size": 0}, ["file-empty"]),
    ({"byte_size": None}, []),
    ({"download_url": f"{FILES}/trees.xlsx"}, ["format-mismatch"]),
    ({"download_url": f"{FILES}/trees.CSV?v=1.pdf"}, []),
    ({"download_url": f"{FILES}/trees.zip"}, []),
    ({"download_url": f"{FILES}/trees.txt"}, []),
    ({"download_url": "https://elmford.pdf"}, []),
    ({"download_url": EXPORT, "media_type": Coded(code="text/html", raw="")}, ["format-mismatch"]),
    ({"download_url": EXPORT, "media_type": Coded(code="text/plain", raw="")}, []),
    ({"format": Coded(code="docx", raw="Word"), "download_url": f"{FILES}/trees.doc"}, []),
    ({"media_type": Coded(code="application/vnd.ms-excel", raw="")}, []),
    ({"media_type": Coded(code=None, raw="sheet/csv")}, ["media-type-invalid"]),
    ({"format": Coded(code="geojson", raw="GeoJSON"), "download_url": f"{FILES}/trees.json"}, []),
    ({"format": Coded(code="kml", raw="KML"), "download_url": f"{FILES}/trees.kmz"}, []),
    ({"format": Coded(code="xls", raw="XLS"), "download_url": f"{FILES}/trees.xlsx"}, []),
]  # fmt: skip


@pytest.mark.parametrize(("changes", "expected"), FILE_RULES, ids=lambda value: str(value)[:60])
def test_rules_of_a_file(changes: dict[str, Any], expected: list[str]):
    assert codes(dataset(distributions=(distribution(**changes),))) == expected


def test_a_licence_of_the_files_will_do():
    files = (
        distribution(licence=Coded(code=None, raw="?")),
        distribution("b", licence=Coded(code="CC0-1.0", raw="")),
    )
    assert codes(dataset(licence=None, distributions=files)) == []


def test_the_same_file_twice_in_a_dataset_is_told_once_and_in_two_datasets_not_at_all():
    twice = (distribution(), distribution("again", download_url=distribution().download_url))
    assert [(each.code, each.field) for each in found(dataset(1, distributions=twice), dataset(2))] == [
        ("file-twice", "distributions.again.url")
    ]


def test_files_without_an_address_are_not_the_same_file():
    none = tuple(distribution(id, download_url=None) for id in ("one", "two"))
    assert codes(dataset(distributions=none)) == ["distribution-no-url"] * 2


def test_equal_titles_and_identifiers_are_told_at_the_later_dataset():
    twins = dataset(1, title={"en": "Parking"}), dataset(2, title={"en": "Parking"}, identifiers=("tree-1",))
    assert [(each.code, each.dataset) for each in found(*twins)] == [
        ("id-duplicate-in-source", "street-trees-000002"),
        ("title-not-unique", "street-trees-000002"),
    ]


SERIES: list[dict[str, Any]] = [
    {"uri": "air-2020"},
    {"identifiers": ("air", "air-2020")},
    {"key": "key:air-2020"},
]


@pytest.mark.parametrize("named", SERIES, ids=str)
def test_a_series_that_the_source_lists_under_any_name_is_no_finding(named: dict[str, Any]):
    assert codes(dataset(1, in_series=("air-2020",)), dataset(2, **named)) == []


def test_a_finding_stands_at_its_field_with_the_words_of_the_source():
    bad = dataset(
        licence=Coded(code=None, raw="Licence Etalab"),
        contacts=(Contact(name="Desk"), Contact(raw_email="desk at elmford")),
        distributions=(distribution("csv-ab12", format=Coded(code=None, raw="Esri stuff")),),
    )
    assert [(each.field, each.raw, each.severity) for each in found(bad)] == [
        ("contacts.1.email", "desk at elmford", "warning"),
        ("distributions.csv-ab12.format", "Esri stuff", "info"),
        ("licence", "Licence Etalab", "info"),
    ]


def test_every_check_explains_itself_and_is_asked_for():
    asked = {name for table in PROFILE.tables.values() for name in table.checks}
    assert asked == set(CHECKS)
    assert all(check.__doc__ and check.__doc__.endswith(".") for check in CHECKS.values())
