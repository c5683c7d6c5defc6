from __future__ import annotations

import pytest

from harvester.normalise.languages import tag, tags, text_tag
from harvester.normalise.notes import Notes

TAGS = [
    ("en", "en"),
    ("EN", "en"),
    ("en-us", "en-US"),
    ("en_GB", "en-GB"),
    ("zh_Hant_TW", "zh-Hant-TW"),
    ("es-419", "es-419"),
    ("de-1996", "de-1996"),
    ("eng", "en"),
    ("fre", "fr"),
    ("fra", "fr"),
    ("fil-PH", "fil-PH"),
    ("English", "en"),
    ("Français", "fr"),
    ("anglais", "en"),
    ("inglés", "en"),
    ("English (United States)", "en"),
    ("eng; USA", "en"),
    ("en:US", "en-US"),
    ("http://publications.europa.eu/resource/authority/language/FRA", "fr"),
    ("http://id.loc.gov/vocabulary/iso639-1/en", "en"),
    ("http://lexvo.org/id/iso639-3/deu", "de"),
    ("us-EN", None),
    ("sp-US", None),
    ("und", None),
    ("N/A", None),
    ("", None),
    ("Klingon opera", None),
    ("http://", None),
]


@pytest.mark.parametrize(("text", "expected"), TAGS)
def test_whatever_names_a_language_becomes_its_tag(text: str, expected: str | None) -> None:
    assert tag(text) == expected


@pytest.mark.parametrize("text", [expected for _, expected in TAGS if expected])
def test_a_tag_stays_as_it_is(text: str) -> None:
    assert tag(text) == text


def test_languages_are_a_set_in_order() -> None:
    notes = Notes()
    assert tags(("fr", "English", "en", "", "es, de"), notes) == ("de", "en", "es", "fr")
    assert notes.all() == ()


def test_a_language_that_is_none_is_noted() -> None:
    notes = Notes()
    assert tags(("us-EN", "en"), notes) == ("en",)
    assert [(note.code, note.raw) for note in notes.all()] == [("language-unrecognised", "us-EN")]


@pytest.mark.parametrize(
    ("stated", "expected"), [("", "fr"), ("und", "fr"), ("en-us", "en-US"), ("nonsense!", "fr")]
)
def test_text_without_a_good_tag_has_the_default(stated: str, expected: str) -> None:
    assert text_tag(stated, "fr") == expected
