"""Descriptions: whatever comes in, what goes out is safe, and plain sentences read as Markdown would."""

from __future__ import annotations

import re

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from markdown import Markdown

from harvester.site import markup

ALLOWED = re.compile(
    r"</?(?:abbr|b|blockquote|br|code|dd|del|dl|dt|em|h3|hr|i|ins|kbd|li|ol|p|pre|q|s|strong|sub|sup|table"
    r"|tbody|td|tfoot|th|thead|tr|ul|var)>"
    r'|<abbr title="[^"<>]*">'
    r'|<a (?:href="(?:https?|ftp|mailto):[^"<>]*" )?rel="nofollow noopener noreferrer">|</a>',
    re.IGNORECASE,
)

pieces = st.sampled_from(
    [
        *(
            "<script>alert(1)</script>",
            "<img src=x onerror=alert(1)>",
            "<svg/onload=alert(1)>",
            "<b>",
            "</b>",
        ),
        *("[x](javascript:alert(1))", "![x](http://t.example/x.gif)", "<iframe srcdoc='<p>'>", "<!--", "-->"),
        *(
            "# ",
            "## x\n",
            "* ",
            "- ",
            "1. ",
            "> ",
            "    ",
            "\n",
            "\n\n",
            "`",
            "```",
            "**",
            "_",
            "|",
            "|--|",
            "\\",
        ),
        *("https://a.example/x_y_z?a=1&b=2", "&lt;", "&", "<", ">", "\x00", "\u202e", "word", " ", "{{7*7}}"),
        *(
            "<a href='data:text/html,x'>",
            "[ref]\n\n[ref]: javascript:alert(1)",
            "<style>*{}</style>",
            "\ud800",
        ),
    ]
)
marked = st.lists(pieces, max_size=14).map("".join)


@given(marked | st.text())
@example("<p>Trees</p><img src=x onerror=alert('replay-evil-02')><svg/onload=alert(1)>")
@example("<!--<script> and nothing more closes this block")
@example("[ref]\n\n[ref]: https://a.example (a title)")
def test_only_harmless_elements_leave(text: str) -> None:
    made = str(markup.render(text))
    assert "<" not in ALLOWED.sub("", made)
    made.encode()  # fails where half a surrogate pair is left


@given(marked | st.text())
def test_a_summary_is_one_short_line_of_text(text: str) -> None:
    line = markup.summary(text, 40)
    assert len(line) <= 41
    assert "\n" not in line
    assert line == line.strip()


plain = st.text(
    st.characters(codec="ascii", exclude_categories=["Cc"]) | st.sampled_from("\n\u00e9"), max_size=80
)


@given(plain)
@example("Trees, e.g. oak-trees: 3*4 or a_b.\n\nSecond (last) paragraph & more.")
def test_the_fast_way_gives_what_markdown_gives(text: str) -> None:
    if not markup.is_plain(text) or "://" in text:
        return
    slow = markup.sanitise(Markdown(extensions=["tables", "sane_lists"]).convert(text.strip()))
    assert re.sub(r"\s+", " ", str(markup.render(text))) == re.sub(r"\s+", " ", slow)


@pytest.mark.parametrize(
    ("text", "made"),
    [
        ("One.\n\nTwo & <3", "<p>One.</p>\n<p>Two &amp; &lt;3</p>"),
        ("*One*", "<p><em>One</em></p>"),
        ("# One", "<h3>One</h3>"),
        ("###### One", "<h3>One</h3>"),
        ("# <b> </b>\n\nx", "<p>x</p>"),
        ("- one\n- two", "<ul>\n<li>one</li>\n<li>two</li>\n</ul>"),
        ("![pixel](https://t.example/p.gif) x", "<p>x</p>"),
        ("[](https://a.example/) x", "<p>x</p>"),
        ("snake_case_name stays", "<p>snake_case_name stays</p>"),
        ("a\x00b\x1b[2Jc", "<p>ab[2Jc</p>"),
        ("Budget \u202exslx.exe", "<p>Budget xslx.exe</p>"),
        ("{{7*7}} {% raw %}", "<p>{{7*7}} {% raw %}</p>"),
        ("  \n ", ""),
    ],
)
def test_markdown_becomes_clean_html(text: str, made: str) -> None:
    assert str(markup.render(text)).replace("<p> ", "<p>") == made


@pytest.mark.parametrize(
    "text", ["See https://a.example/x_y, please.", "*See* https://a.example/x_y, please."]
)
def test_bare_addresses_become_links(text: str) -> None:
    link = (
        '<a href="https://a.example/x_y" rel="nofollow noopener noreferrer">https://a.example/x_y</a>, please'
    )
    assert link in markup.render(text)


@pytest.mark.parametrize(
    "text",
    [
        "[" * 29_000,
        "![" * 14_000,
        "<a " * 9_000,
        "> " * 14_000,
        "* a " * 7_000,
        "[a](" * 7_000,
        "<b>" * 1_000,
        "A" * 100_000,
    ],
)
def test_no_text_takes_long(text: str) -> None:
    """Python-Markdown alone takes two minutes for the first of these."""
    assert markup.render(text)


@pytest.mark.parametrize(
    ("text", "length", "line"),
    [
        ("Trees of the town", 80, "Trees of the town"),
        ("Trees of the town, all", 19, "Trees of the town…"),
        ("**Trees** of [town](https://a.example/)", 80, "Trees of town"),
        ("- oak\n- elm", 80, "oak; elm"),
        ("AAAAAAAAAA", 4, "AAAA…"),
        ("Trees &amp; shrubs", 80, "Trees & shrubs"),
    ],
)
def test_summaries_are_cut_between_words(text: str, length: int, line: str) -> None:
    assert markup.summary(text, length) == line
