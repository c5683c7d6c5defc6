"""What goes out can be written in every format, and says what it said."""

from __future__ import annotations

import xml.etree.ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harvester.outputs._text import cell, clean, cut, language_tag, preferred

ANYTHING = st.text(alphabet=st.characters())


@given(ANYTHING)
def test_clean_text_survives_utf8_and_xml(text: str) -> None:
    root = ET.Element("x")
    root.text = cleaned = clean(text)
    assert (ET.fromstring(ET.tostring(root, encoding="utf-8")).text or "") == cleaned


@given(st.text(alphabet=st.characters(exclude_categories=("Cc", "Cs"), exclude_characters="\ufffe\uffff")))
def test_clean_leaves_ordinary_text_alone(text: str) -> None:
    assert clean(text) == text


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        ("a\x00b\x07c", "abc"),
        ("a\r\nb\rc\nd", "a\nb\nc\nd"),
        ("tab\tstays", "tab\tstays"),
        ("half \ud83d pair", "half \ufffd pair"),
        ("right \u202e left", "right \u202e left"),
    ],
)
def test_clean(raw: str, expected: str) -> None:
    assert clean(raw) == expected


@given(ANYTHING)
def test_no_cell_begins_as_a_formula(text: str) -> None:
    assert not cell(clean(text)).startswith(("=", "+", "-", "@", "\t", "\n", "\r"))


@pytest.mark.parametrize(
    ("raw", "expected"),
    [("=1+1", "'=1+1"), ("\r\n=1+1", "'\n=1+1"), ("\x00=1", "'=1"), ("a=1", "a=1"), ("'=1", "'=1"), ("", "")],
)
def test_cell(raw: str, expected: str) -> None:
    assert cell(clean(raw)) == expected


@pytest.mark.parametrize(
    ("text", "languages", "expected"),
    [
        ({"fr": "oui", "en": "yes"}, ("en", "fr"), ("en", "yes")),
        ({"fr": "oui", "en": "yes"}, ("fr", "en"), ("fr", "oui")),
        ({"en-GB": "lift", "fr": "ascenseur"}, ("en",), ("en-GB", "lift")),
        ({"en": " ", "fr": "oui"}, ("en", "fr"), ("fr", "oui")),
        ({"de": "ja", "und": "?"}, ("en",), ("und", "?")),
        ({"de": "ja", "it": "si"}, ("en",), ("de", "ja")),
        ({"enm": "ye"}, ("en",), ("enm", "ye")),
        ({}, ("en",), ("", "")),
    ],
)
def test_the_first_language_of_the_catalogue_is_shown_where_there_is_room_for_one(
    text: dict[str, str], languages: tuple[str, ...], expected: tuple[str, str]
) -> None:
    assert preferred(text, languages) == expected


@pytest.mark.parametrize(
    ("tag", "expected"),
    [
        ("en", "en"),
        ("fr-CA", "fr-ca"),
        ("und", None),
        ("", None),
        ("en_US", None),
        ("x y", None),
        ("\ud800", None),
    ],
)
def test_only_well_formed_language_tags_reach_rdf(tag: str, expected: str | None) -> None:
    assert language_tag(tag) == expected


def test_cut_says_that_something_is_missing() -> None:
    assert cut("a" * 10, 10) == "a" * 10
    assert cut("abcd efgh", 6) == "abcd…"
