from __future__ import annotations

import re
from typing import Any

import pytest

from harvester.model import Draft, DraftAgent, DraftDistribution
from harvester.normalise.identity import new_id, record_key, slug
from tests import make

ITEM = "0123456789abcdef0123456789abcdef"

SLUGS = [
    ("Street trees", "street-trees"),
    ("  Straße & Café: Œuvre №1  ", "strasse-cafe-oeuvre-no1"),
    ("Łódź's data_set/v1.2", "lodzs-data-set-v1-2"),
    ("道路", "dataset"),
    ("---", "dataset"),
    ("", "dataset"),
    ("../../etc/passwd", "etc-passwd"),
    ("CON", "con-data"),
    ("lpt1", "lpt1-data"),
    ("NUL.txt", "nul-txt"),
    ("A very long title that goes on and on and on", "a-very-long-title-that-goes-on-and-on"),
    ("A" * 100, "a" * 40),
]


@pytest.mark.parametrize(("text", "expected"), SLUGS)
def test_slugs_are_words_for_an_address(text: str, expected: str) -> None:
    assert slug(text) == expected
    assert slug(expected) == expected


def test_a_slug_has_its_limit() -> None:
    assert slug("street trees of the town", 12) == "street-trees"
    assert slug("street trees of the town", 11) == "street"


def test_a_new_id_is_words_and_a_digest_of_source_and_key() -> None:
    id_ = new_id("Street trees", "elmford", "key:1")
    assert re.fullmatch(r"street-trees-[a-z2-7]{6}", id_)
    assert id_ == new_id("Street trees", "elmford", "key:1")
    assert id_ != new_id("Street trees", "oakton", "key:1")
    assert id_ != new_id("Street trees", "elmford", "key:2")


def key(**draft: Any) -> str:
    return record_key(Draft(**draft), make.source())


@pytest.mark.parametrize(
    ("draft", "expected"),
    [
        ({"key": "ab-1", "identifiers": ("x",)}, "key:ab-1"),
        ({"identifiers": ("x", "y"), "page": "https://a.example/p"}, "id:x"),
        ({"identifiers": ("  ", "N/A", "y")}, "id:y"),
        ({"uri": "https://a.example/id/1"}, "id:https://a.example/id/1"),
        ({"page": "https://a.example/dataset/trees/"}, "url:/dataset/trees"),
        ({"page": "https://a.example/?id=7", "landing_page": "https://b.example/x"}, "url:?id=7"),
        ({"page": "https://a.example/", "landing_page": "https://b.example/trees"}, "url:/trees"),
        (
            {"distributions": (DraftDistribution(url="https://a.example/z.csv"), DraftDistribution(url="http://a.example/b.csv"))},
            "url:a.example/b.csv",
        ),
        (
            {"title": {"": "Street trees"}, "publisher": DraftAgent(name={"": "Parks"})},
            "title:street-trees/parks",
        ),
        ({}, "title:dataset/dataset"),
    ],
)  # fmt: skip
def test_the_key_is_taken_from_what_is_least_likely_to_change(draft: dict[str, Any], expected: str) -> None:
    assert key(**draft) == expected


@pytest.mark.parametrize(
    "identifier",
    [
        f"https://hub.example/datasets/{ITEM}_0",
        f"http://hub.example/datasets/{ITEM.upper()}_0",
        f"https://hub.example/maps/{ITEM}_0",
        f"https://www.arcgis.com/home/item.html?id={ITEM}&sublayer=0",
        f"{ITEM}_0",
    ],
)
def test_every_form_of_an_arcgis_identifier_gives_the_item_and_its_layer(identifier: str) -> None:
    assert key(identifiers=(identifier,)) == f"arcgis:{ITEM}_0"


def test_an_item_without_layer_and_what_is_no_item() -> None:
    assert key(identifiers=(f"https://www.arcgis.com/home/item.html?id={ITEM}",)) == f"arcgis:{ITEM}"
    assert key(
        identifiers=("https://hub.example/datasets/town::trees",),
        page=f"https://hub.example/datasets/{ITEM}_1",
    ) == (f"arcgis:{ITEM}_1")
    assert key(key=f"{ITEM}0") == f"key:{ITEM}0"
    assert key(identifiers=(f"urn:{ITEM}",)) == f"id:urn:{ITEM}"


@pytest.mark.parametrize(
    ("first", "second"),
    [("caf\u00e9", "cafe\u0301"), ("Evil-Parks", "evil-parks"), ("a", "a "), ("x" * 600, "x" * 601)],
)
def test_identifiers_that_differ_are_two(first: str, second: str) -> None:
    same = first.strip() == second.strip()
    assert (key(key=first) == key(key=second)) is same


def test_a_key_is_bounded_and_visible() -> None:
    assert len(key(key="x" * 100_000)) <= 500
    assert key(key="evil\x00-\u202e16") == "key:evil-16"
