"""HTML becomes Markdown; Markdown and plain text stay."""

from __future__ import annotations

import nh3
import pytest
from markdown import markdown as rendered

from harvester.normalise.markdown import LIMIT, clean, readable

FROM_HTML = [
    ("<p>Trees</p>", "Trees"),
    ("<p>One</p>\n<p>Two</p>", "One\n\nTwo"),
    ("One<br>Two<br/>Three", "One  \nTwo  \nThree"),
    ("One<br><br>Two", "One\n\nTwo"),
    ("<div>One <b>bold</b> and <em>slanted </em>word</div>", "One **bold** and *slanted* word"),
    ("<ul><li>One</li><li>Two</li></ul>", "- One\n- Two"),
    ("<ol><li>One<li>Two</ol>", "1. One\n2. Two"),
    ("<ul><li>One<ul><li>Inner</li></ul></li><li>Two</li></ul>", "- One\n    - Inner\n- Two"),
    ("<ul><li><p>One</p><p>more</p></li></ul>", "- One\n    more"),
    ("<h2>Fields</h2><p>Text</p>", "## Fields\n\nText"),
    ('<a href="https://x.example/a">a page</a>', "[a page](https://x.example/a)"),
    ('<a href="https://x.example/a(b) c">[1]</a>', "[\\[1\\]](https://x.example/a%28b%29%20c)"),
    ('<a href="https://x.example/">https://x.example/</a>', "<https://x.example/>"),
    ('<a href="mailto:a@x.example">a@x.example</a>', "a@x.example"),
    ('<a href="javascript:alert(1)">click</a>', "click"),
    ("<table><tr><th>Name</th><th>Type</th></tr><tr><td>id</td><td><p>text</p></td></tr></table>",
     "Name | Type\n\nid | text"),
    ("<p># of permits</p>", "\\# of permits"),
    ("<pre>a\n  b</pre>", "a  \nb"),
    # what goes
    ("<p>Trees</p><img src=x onerror=alert(1)><svg/onload=alert(1)>", "Trees"),
    ("Trees<style>*{display:none}</style><script>alert(1)</script>", "Trees"),
    ('<iframe srcdoc="<script>x</script>"></iframe><form action=x><input name=p></form>', ""),
    ("<!--<script> and nothing more closes this block", "and nothing more closes this block"),
    ("<o:p>&nbsp;</o:p>Word", "Word"),
    ("<![CDATA[Trees]]> &copy; town", "Trees © town"),
    # escaped twice
    ("&lt;p&gt;Trees &amp;amp; parks&lt;/p&gt;", "Trees & parks"),
    # Markdown with some HTML in it keeps its lines
    ("# Heading\n\n* one\n* two\n\n<br>**bold** &amp; more\nsoft", "# Heading\n\n* one\n* two  \n**bold** & more\nsoft"),
    ("<div>a</div>\n\ntyped\n\n- x\n- y\n<p>z</p>", "a\n\ntyped\n\n- x\n- y\n\nz"),
    ("see http://x.example/?a=1&copy=2 <br> x", "see http://x.example/?a=1&copy=2  \nx"),
]  # fmt: skip

LEFT_ALONE = [
    "Every tree that the town **cares for**.",
    "# Trees\n\n1. one\n2. two\n\n[link](https://x.example)",
    "Values < 5 and > 3; R&D; <Nobody>",
    "hard  \nbreak",
    "- a\n    - b",
    "See <https://x.example/>.",
    "```\n    code\n```",
]

TIDIED = [
    ("\n      Indented by\n      an XML file\n    ", "Indented by\nan XML file"),
    ("One\r\n\r\n\r\n\r\nTwo   ", "One\n\nTwo"),
    ("No description provided.", ""),
    ("{{description}}", ""),
    ("<p>{{description}}</p>", ""),
    ("N/A", ""),
]


@pytest.mark.parametrize(("html", "expected"), FROM_HTML)
def test_html_becomes_markdown(html: str, expected: str) -> None:
    assert clean(html) == (expected, True, False)


@pytest.mark.parametrize("text", LEFT_ALONE)
def test_markdown_and_plain_text_are_left_alone(text: str) -> None:
    assert clean(text) == (text, False, False)


@pytest.mark.parametrize(("text", "expected"), TIDIED)
def test_text_is_tidied(text: str, expected: str) -> None:
    assert clean(text)[0] == expected


@pytest.mark.parametrize("text", [expected for _, expected in FROM_HTML + TIDIED] + LEFT_ALONE)
def test_clean_markdown_stays_as_it_is(text: str) -> None:
    assert clean(text)[0] == text


@pytest.mark.parametrize(
    ("html", "expected"),
    [
        ("<ul><li>One<ul><li>Inner</li></ul></li></ul>", "<ul><li>One<ul><li>Inner</li></ul></li></ul>"),
        ("<b>Bold</b>face <i>x</i>", "<p><strong>Bold</strong>face <em>x</em></p>"),
        ('<a href="https://x.example/a(b)">[1]</a>', '<p><a href="https://x.example/a%28b%29">[1]</a></p>'),
        ("a<br>b", "<p>a<br>b</p>"),
    ],
)
def test_the_markdown_shows_what_the_html_showed(html: str, expected: str) -> None:
    shown = nh3.clean(rendered(clean(html)[0]), link_rel=None)
    assert shown.replace("\n", "") == expected


def test_a_very_long_description_is_cut() -> None:
    text, was_html, was_cut = clean("word " * 10_000)
    assert len(text) <= LIMIT
    assert text.endswith("word…")
    assert (was_html, was_cut) == (False, True)


def test_readable_text_spells_its_links_out() -> None:
    assert readable("<p>See <a href='https://x.example/terms'><b>our terms</b></a> &amp; more</p>") == (
        "See our terms (https://x.example/terms) & more"
    )
    assert readable("plain *text* (c)") == "plain *text* (c)"
