from __future__ import annotations

from typing import Any

import pytest
from msgspec.structs import replace

from harvester.model import Coded, Contact, Date, Note, Period, Place
from harvester.normalise.fingerprint import changed_fields, fingerprint
from tests import make

OTHER_FILE = make.distribution("json", download_url="https://data.elmford.example/files/t.json")

NOISE = [
    {"id": "another-name-abcdef"},
    {"notes": (Note(code="description-html", field="description"),)},
    {"keywords": (("en", "trees"), ("en", "parks"))},
    {"licence": Coded(code="CC-BY-4.0", raw="https://creativecommons.org/licenses/by/4.0/")},
    {"modified": Date(value="2026-03-14", raw="2026-03-14")},
    {"frequency": Coded(code="ANNUAL", raw="yearly")},
    {
        "extra": {
            "views": "18",
            "tracking_summary": "{}",
            "metadata_modified": "2026-03-15",
            "harvest_object_id": "1",
        }
    },
    {"spatial": (Place(label="Elmford", bbox=(-83.3, 42.2, -82.9, 42.5), raw="-83.3,42.2,-82.9,42.5"),)},
    {
        "distributions": (
            make.distribution("another-id", download_url="https://data.elmford.example/files/csv.csv"),
        )
    },
]

CHANGES = [
    ("title", {"title": {"en": "Trees"}}),
    ("title", {"title": {"fr": "Street trees 1"}}),
    ("keywords", {"keywords": (("en", "parks"),)}),
    ("licence", {"licence": Coded(code="CC0-1.0", raw="cc-by")}),
    ("licence", {"licence": Coded(code=None, raw="ask us")}),
    ("modified", {"modified": Date(value="2026-03-15", raw="")}),
    ("issued", {"issued": Date(value=None, raw="2019")}),
    ("publisher", {"publisher": replace(make.dataset().publisher, email="a@elmford.example")}),
    ("extra", {"extra": {"coordinate_system": "NAD83"}}),
    ("distributions", {"distributions": ()}),
    ("distributions", {"distributions": (make.distribution(byte_size=1),)}),
    ("temporal", {"temporal": (Period(start="2010", end=None, raw=""),)}),
    ("identifiers", {"identifiers": ("tree-2",)}),
]


def test_a_fingerprint_is_a_sha_256() -> None:
    assert len(bytes.fromhex(fingerprint(make.dataset()))) == 32


@pytest.mark.parametrize("change", NOISE)
def test_noise_is_no_change(change: dict[str, Any]) -> None:
    old, new = make.dataset(), make.dataset(**change)
    assert fingerprint(old) == fingerprint(new)
    assert changed_fields(old, new) == ()


@pytest.mark.parametrize(("field", "change"), CHANGES)
def test_a_change_is_told_with_its_field(field: str, change: dict[str, Any]) -> None:
    old, new = make.dataset(), make.dataset(**change)
    assert fingerprint(old) != fingerprint(new)
    assert changed_fields(old, new) == (field,)


def test_sets_have_no_order() -> None:
    contacts = (Contact(name="A"), Contact(email="b@elmford.example"))
    files = (make.distribution(), OTHER_FILE)
    places = (Place(label="A", raw="A"), Place(bbox=(1.0, 2.0, 3.0, 4.0), raw="1,2,3,4"))
    first = make.dataset(contacts=contacts, distributions=files, spatial=places)
    second = make.dataset(contacts=contacts[::-1], distributions=files[::-1], spatial=places[::-1])
    assert fingerprint(first) == fingerprint(second)


def test_lists_have_an_order() -> None:
    first, second = make.dataset(identifiers=("a", "b")), make.dataset(identifiers=("b", "a"))
    assert changed_fields(first, second) == ("identifiers",)
