"""Characters, lines and placeholders."""

from __future__ import annotations

import pytest

from harvester.normalise.text import characters, cut, is_title_placeholder, line, missing

LINES = [
    # plain text is left alone
    ("Street trees", "Street trees"),
    ("Tree count: 3 < 5 and R&D", "Tree count: 3 < 5 and R&D"),
    # blanks
    ("  Street \n\t trees ", "Street trees"),
    ("Street\u00a0trees\u3000here", "Street trees here"),
    ("Line\u2028separator\u2029trees", "Line separator trees"),
    # HTML
    ("Parks <script>alert('x')</script>", "Parks"),
    ("<b>Parks</b> &amp; <i>trees</i>", "Parks & trees"),
    ("<p>Parks</p><p>Trees</p>", "Parks Trees"),
    ("&lt;b&gt;Parks&lt;/b&gt;", "Parks"),
    ("R&amp;amp;D", "R&D"),
    # what only looks like HTML
    ("a <b and c", "a <b and c"),
    ("depth <five feet. The rest stays", "depth <five feet. The rest stays"),
    ("<Nobody>", "<Nobody>"),
    ("x?a=1&copy=2", "x?a=1&copy=2"),
    # a title of nothing but script keeps its words: a record without title would be lost
    ("</script><script>alert('x')</script>", "alert('x')"),
    ("<!-- hidden -->Parks", "Parks"),
    ("<!--<script> and the rest", "and the rest"),
    # characters
    ("Budget \u202exslx.exe", "Budget xslx.exe"),
    ("P\u0430rks\u200b\ufeff", "P\u0430rks"),
    ("Roads\x00.html", "Roads.html"),
    ("Trees\x1b[2J", "Trees[2J"),
    ("caf\u0065\u0301", "caf\u00e9"),
    ("don\x92t", "don\u2019t"),
    ("\ud83c\udf33 and \ud83c", "\U0001f333 and \ufffd"),
    ("👨‍👩‍👧 family", "👨‍👩‍👧 family"),
    ("pa\u200drks", "parks"),
]


@pytest.mark.parametrize(("text", "expected"), LINES)
def test_a_line_is_plain_text_on_one_line(text: str, expected: str) -> None:
    assert line(text) == expected


@pytest.mark.parametrize("text", [expected for _, expected in LINES])
def test_a_clean_line_stays_as_it_is(text: str) -> None:
    assert line(text) == text


def test_a_long_line_is_cut_between_words_and_says_so() -> None:
    cut_line = line("Long " * 20_000)
    assert len(cut_line) <= 500
    assert cut_line.endswith("Long…")
    assert line(cut_line) == cut_line


def test_a_long_word_is_cut_anywhere() -> None:
    assert line("A" * 20_000) == "A" * 499 + "…"


def test_cut_leaves_what_fits() -> None:
    assert cut("exactly", 7) == "exactly"


def test_escapes_within_escapes_end() -> None:
    """A chain of escaped ampersands would otherwise take a round for each of them."""
    assert (
        line("&" + "amp;" * 30_000 + "lt;") in {"<", "&lt;", "&"} or len(line("&" + "amp;" * 30_000)) <= 500
    )


@pytest.mark.parametrize(
    "code", [*range(0x20), 0x7F, *range(0x80, 0xA0), 0xD800, 0xDFFF, 0xFFFE, 0xFFFF, 0x202E]
)
def test_no_character_survives_that_xml_or_a_terminal_cannot_hold(code: int) -> None:
    left = characters(f"a{chr(code)}b").replace("\t", "").replace("\n", "")
    assert left.isprintable()
    assert left.encode("utf-8")


@pytest.mark.parametrize(
    "text",
    [
        None, "", "  ", "-", "--", "null", "NULL", "None", "N/A", "n/a.", "TBD", "undefined", "nan", "[]", "{}",
        "{{description}}", "{{ name }}, {{ place }}", "\u00a0", "?",
    ],
)  # fmt: skip
def test_placeholders_are_no_value(text: str | None) -> None:
    assert missing(text)


@pytest.mark.parametrize("text", ["0", "no", "Nonesuch", "trees {{x}}", "A", "-5", "Null Island", "{{"])
def test_short_values_are_values(text: str) -> None:
    assert not missing(text)


@pytest.mark.parametrize("title", ["test", "Untitled", "Lorem ipsum dolor", "---", "404 {{name}}", "Dataset"])
def test_titles_that_nobody_chose_are_recognised(title: str) -> None:
    assert is_title_placeholder(title)


@pytest.mark.parametrize("title", ["Test sites for soil", "404", "Trees", "Données", "道路"])
def test_titles_that_somebody_chose_are_left(title: str) -> None:
    assert not is_title_placeholder(title)
