"""Languages: which words are chosen, and how numbers and dates are written."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harvester import language
from harvester.language import Formatter, choose, formatter, translations


@pytest.mark.parametrize(
    ("text", "wanted", "chosen"),
    [
        ({"en": "Trees", "fr": "Arbres"}, "fr", ("Arbres", "fr")),
        ({"en": "Trees", "fr-CA": "Arbres"}, "fr", ("Arbres", "fr-CA")),
        ({"en": "Trees", "fr": "Arbres"}, "fr-CA", ("Arbres", "fr")),
        ({"de": "Bäume", "en": "Trees", "und": "?"}, "fr", ("Trees", "en")),
        ({"de": "Bäume", "und": "?"}, "fr", ("?", "und")),
        ({"it": "Alberi", "de": "Bäume"}, "fr", ("Bäume", "de")),
        ({"fr": "", "de": "Bäume"}, "fr", ("Bäume", "de")),
        ({}, "fr", ("", "fr")),
    ],
)
def test_words_are_chosen_by_preference(text: dict[str, str], wanted: str, chosen: tuple[str, str]) -> None:
    assert choose(text, wanted) == chosen


@given(
    st.dictionaries(st.text(max_size=8), st.text(max_size=3), max_size=5),
    st.sampled_from(["en", "fr-CA", "xx"]),
)
def test_something_is_chosen_whenever_anything_is_said(text: dict[str, str], wanted: str) -> None:
    words, tag = choose(text, wanted)
    assert bool(words) == any(text.values())
    assert not words or text[tag] == words


@pytest.mark.parametrize(
    ("tag", "size", "written"),
    [
        ("en", 0, "0 bytes"),
        ("en", 1, "1 byte"),
        ("en", 999, "999 bytes"),
        ("en", 1000, "1 kB"),
        ("en", 1499, "1.5 kB"),
        ("en", 48_213, "48 kB"),
        ("en", 999_499, "999 kB"),
        ("en", 999_500, "1 MB"),
        ("en", 9_990_000, "10 MB"),
        ("en", 10**9, "1 GB"),
        ("fr", 48_213, "48\u202fko"),
        ("es", 9_949_999, "9,9 MB"),
        ("ar", 5, "5 B"),
    ],
)
def test_sizes_are_written_in_the_largest_unit_that_fits(tag: str, size: int, written: str) -> None:
    assert formatter(tag).size(size) == written


@pytest.mark.parametrize(
    ("tag", "value", "written"),
    [
        ("en", "2019", "2019"),
        ("en", "2019-03", "March 2019"),
        ("en", "2026-03-14", "14 March 2026"),
        ("en", "2026-03-14T23:59:59Z", "14 March 2026"),
        ("en-US", "2026-03-14", "March 14, 2026"),
        ("fr", "2019-03", "mars 2019"),
        ("fr", "2026-03-14", "14 mars 2026"),
        ("es", "2019-03", "marzo de 2019"),
        ("es", "2026-03-14", "14 de marzo de 2026"),
        ("en", None, ""),
        ("en", "0000", "0000"),
        ("en", "last spring", "last spring"),
    ],
)
def test_dates_keep_their_precision(tag: str, value: str | None, written: str) -> None:
    assert formatter(tag).date(value) == written


def test_a_moment_names_its_time_zone() -> None:
    assert formatter("en").moment("2026-03-14T02:05:00Z") == "14 March 2026, 02:05 UTC"
    assert formatter("en").moment("2026-03-14") == "14 March 2026"


@given(st.text(max_size=25))
def test_no_text_breaks_a_date(value: str) -> None:
    assert isinstance(formatter("fr").date(value), str)
    assert isinstance(formatter("fr").moment(value), str)


def test_an_unknown_language_speaks_english() -> None:
    assert translations("xx").gettext("Search") == "Search"
    assert formatter("xx-YY").number(1234) == "1,234"


def test_a_region_of_a_language_falls_back_to_the_language() -> None:
    assert translations("fr-CA").gettext("Search") == translations("fr").gettext("Search") != "Search"


def test_a_regions_own_words_win_and_leave_the_others() -> None:
    own = 'msgid "Search"\nmsgstr "Fouiller"\n'
    assert translations("fr", own).gettext("Search") == "Fouiller"
    assert translations("fr", own).gettext("Topics") == translations("fr").gettext("Topics")


def test_right_to_left_is_known() -> None:
    assert formatter("ar").direction == "rtl"
    assert formatter("fr").direction == "ltr"


@pytest.mark.parametrize(
    ("tag", "known"), [("fr", True), ("fr-CA", True), ("xq", False), ("", False), ("a b", False)]
)
def test_only_real_languages_are_marked(tag: str, known: bool) -> None:
    assert language.known(tag) is known


def test_languages_are_named_for_the_reader() -> None:
    assert formatter("en").language("fr-CA") == "Canadian French"
    assert formatter("fr").language("es") == "espagnol"
    assert formatter("en").language("xq") == "xq"


def test_minus_zero_is_zero_whichever_comes_first() -> None:
    """Two builds differed: equal numbers share a place in the cache, and a portal's box began at -0.0."""
    assert [Formatter("en").number(-0.0), Formatter("en").number(0.0)] == ["0", "0"]
