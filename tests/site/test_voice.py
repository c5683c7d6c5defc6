"""What a page says: links that may be followed, words in their language, licences in plain words."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markupsafe import escape

from harvester import vocabularies
from harvester.site import words
from harvester.site.tree import Tree
from harvester.site.voice import Words, mail_link, safe_link

Trees = Callable[..., Tree]


@pytest.mark.parametrize(
    ("address", "link"),
    [
        ("https://a.example/x?y=1#z", "https://a.example/x?y=1#z"),
        ("HTTP://a.example/", "HTTP://a.example/"),
        ("ftp://a.example/x", "ftp://a.example/x"),
        ("https://a.example/two words.csv", "https://a.example/two%20words.csv"),
        (" https://a.example/ ", "https://a.example/"),
        ("https://données.example/é", "https://données.example/é"),
        ("javascript:alert(1)", None),
        ("\x01jAvA\tscRipt:alert(1)", None),
        (" \njavascript&colon;alert(1)", None),
        ("data:text/html,x", None),
        ("file:///etc/passwd", None),
        ("//a.example/", None),
        ("/etc/passwd", None),
        ("https:", None),
        ("https://a.example/\u202etxt.exe", None),
        ("https://a.example/" + "x" * 5000, None),
        ("", None),
        (None, None),
    ],
)
def test_only_web_addresses_are_linked(address: str | None, link: str | None) -> None:
    assert safe_link(address) == link


@given(st.text() | st.from_regex(r"\s*(java|vb)script:.*"))
def test_a_link_is_a_web_address_or_nothing(address: str) -> None:
    link = safe_link(address)
    assert link is None or link.lower().startswith(("http://", "https://", "ftp://"))


def test_a_mail_link_goes_to_one_address_only() -> None:
    assert mail_link("desk@a.example") == "mailto:desk@a.example"
    assert mail_link("a@b.example?bcc=all@c.example&body=x") == (
        "mailto:a@b.example%3Fbcc%3Dall@c.example%26body%3Dx"
    )
    assert mail_link("a@b.example", "Trees\r\nBcc: c") == "mailto:a@b.example?subject=Trees%0D%0ABcc%3A%20c"


@pytest.mark.parametrize(
    ("words", "html"),
    [
        (Words("Trees & <b>"), "Trees &amp; &lt;b&gt;"),
        (Words("Arbres", "fr"), '<span lang="fr" dir="auto">Arbres</span>'),
        (Words("عربي"), "<bdi>عربي</bdi>"),
        (Words("é"), "é"),
    ],
)
def test_words_escape_and_mark_themselves(words: Words, html: str) -> None:
    assert escape(words) == html


def test_text_in_another_language_is_marked_and_nonsense_tags_are_not(tree: Trees) -> None:
    voice = tree("en").voice
    assert voice.words({"fr": "Arbres"}).tag == "fr"
    assert voice.words({"en-GB": "Trees"}).tag is None
    assert voice.words({"und": "Trees"}).tag is None
    assert voice.words({'x" onload="': "Trees"}).tag is None


def test_titles_are_one_line_of_bounded_length(tree: Trees) -> None:
    assert len(tree().voice.words({"en": "Long " * 20_000}).text) <= 301
    assert tree().voice.words({"en": " a\n\tb\x00 "}).text == "a b"


@pytest.mark.parametrize(
    ("code", "raw", "rules", "open_"),
    [
        (
            "CC0-1.0",
            "cc0",
            ["You may use, share and change it, for any purpose.", "You need not name the source."],
            True,
        ),
        (
            "CC-BY-4.0",
            "cc-by",
            ["You may use, share and change it, for any purpose.", "Name the source."],
            True,
        ),
        (
            "CC-BY-SA-4.0",
            "",
            [
                "You may use, share and change it, for any purpose.",
                "Name the source.",
                "What you make from it and publish must stand under the same licence.",
            ],
            True,
        ),
        (
            "CC-BY-NC-ND-4.0",
            "",
            ["You may use and share it, but not change it or earn money with it.", "Name the source."],
            False,
        ),
        ("OTHER-CLOSED", "", [words.LICENCE_UNKNOWN], False),
        (None, "ask us", [words.LICENCE_UNKNOWN], False),
        (None, "", [words.LICENCE_UNSTATED], False),
    ],
)
def test_licences_are_told_in_plain_words(
    tree: Trees, code: str | None, raw: str, rules: list[str], open_: bool
) -> None:
    licence = tree().voice.licence(code, raw)
    assert list(licence.rules) == rules
    assert licence.open is open_


def test_a_licence_that_is_an_address_is_linked_and_one_in_words_is_shown(tree: Trees) -> None:
    assert tree().voice.licence(None, "https://terms.example/").href == "https://terms.example/"
    assert tree().voice.licence(None, "javascript:alert(1)").href is None
    assert tree().voice.licence(None, "Use it *well*").title == "Use it well"


def test_everything_in_the_code_lists_has_plain_words(tree: Trees) -> None:
    voice = tree("fr").voice
    for row in vocabularies.formats().values():
        assert row.kind in words.KINDS_OF_FILE or row.kind == "other"
        assert voice.badge(row.code, "").label
    for code in vocabularies.licences():
        assert voice.licence(code, "").rules
    for code in vocabularies.access_rights():
        assert code in words.ACCESS or code in ("PUBLIC", "NORMAL", "OP_DATPRO")


@pytest.mark.parametrize(("count", "said"), [(0, "0 datasets"), (1, "1 dataset"), (1234, "1,234 datasets")])
def test_datasets_are_counted_in_words(tree: Trees, count: int, said: str) -> None:
    assert tree().voice.datasets(count) == said
