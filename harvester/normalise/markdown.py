"""Long text: HTML becomes Markdown, Markdown and plain text stay what they are."""

from __future__ import annotations

import html
import re
from collections.abc import Callable
from itertools import groupby
from typing import NamedTuple

from harvester.normalise.text import characters, cut, has_html, missing, parsed_html

LIMIT = 20_000
"""Characters of a description that are kept."""

_HEADINGS = {f"h{level}" for level in range(1, 7)}
_BLOCKS = {
    "p", "div", "ul", "ol", "li", "table", "tr", "blockquote", "pre", "hr", "dl", "dt", "dd", "center",
    "section", "article", "header", "footer", "main", "nav", "aside", "address", "figure", "figcaption",
    "caption", "fieldset", "form", "details", "summary",
} | _HEADINGS  # fmt: skip
_BOLD, _ITALIC, _CELLS = {"b", "strong"}, {"i", "em"}, {"td", "th"}
_KEPT = _BLOCKS | _BOLD | _ITALIC | _CELLS | {"br", "a"}

_NO_DESCRIPTION = {
    "no description", "no description provided", "no description available", "description", "no abstract",
    "sin descripción", "pas de description", "aucune description",
}  # fmt: skip

_TOKEN = re.compile(r'<(/?)([a-z0-9]+)(?: href="([^"]*)")?[^>]*>|([^<]+)')
_SPACES = re.compile(r"[ \t\xa0\n\f]+")
_BLANK_LINES = re.compile(r"\n{3,}")
_INDENT = re.compile(r"^(?: {4,}|\t)[ \t]*", re.MULTILINE)
_STRUCTURED = re.compile(r"^\s*(?:[-*+] |\d+[.)] |```|~~~)", re.MULTILINE)
_BRACKET, _ESCAPED = re.compile(r"([\[\]])"), r"\\\1"
_UNSAFE_IN_LINK = re.compile(r"[\s()<>]")
_WIDE_SPACE = re.compile(r"(?<=\S) {2,}(?=\S)")
_BREAK = "\x00"  # a line break that the author asked for; cannot occur in clean text
_INDENT_OF_LISTS = "    "
_DEEPEST_LIST = 6
_LOOKS_LIKE_HEADING = re.compile(r"#{1,6}(?=\s|$)")


def clean(text: str) -> tuple[str, bool, bool]:
    """Markdown that is safe as text, whether HTML had to be taken out, and whether it was cut.

    Paragraphs, line breaks, lists, links, bold, italics, headings and table rows survive; script,
    style and images go. Text that stands for nothing is `""`.
    """
    if len(text) <= LIMIT and text.isascii() and text.isprintable() and "<" not in text and "&" not in text:
        return ("" if _says_nothing(text.strip()) else text.strip()), False, False
    source = characters(text[: LIMIT * 10])
    found_html = has_html(source)
    for _ in range(4):  # text that was escaped twice shows its tags only after the first round
        if not has_html(source):
            break
        source = characters(_from_html(source))
    tidy = _tidied(source)
    if _says_nothing(tidy):
        return "", found_html, False
    return cut(tidy, LIMIT), found_html, len(tidy) > LIMIT


def _says_nothing(text: str) -> bool:
    return missing(text) or (len(text) < 40 and text.lower().rstrip(".") in _NO_DESCRIPTION)


def readable(text: str) -> str:
    """The text for places that show no Markdown: links stand as `words (address)`."""
    source = characters(text[: LIMIT * 10]).strip()
    if not has_html(source):
        return source
    for _ in range(4):
        if has_html(source):
            source = characters(_from_html(source, plain=True))
    return _tidied(source).replace("  \n", "\n")


def terms(text: str | None) -> str | None:
    """A statement of rights as readable text, or None where there is none."""
    words = "" if missing(text) else readable(text or "")
    return None if missing(words) else words


def _tidied(text: str) -> str:
    """Line ends, blank lines and indents in one manner; the words as they are."""
    lines = text.split("\n")
    bare = [line.rstrip(" \t\xa0") for line in lines]
    for number, (line, following) in enumerate(zip(lines, bare[1:], strict=False)):
        if line.endswith("  ") and bare[number] and following:
            bare[number] += "  "  # a line break that Markdown would not make by itself
    text = "\n".join(bare)
    if _INDENT.search(text) and not _STRUCTURED.search(text):
        text = _INDENT.sub("", text)  # Markdown would take the indent of an XML file for program code
    return _BLANK_LINES.sub("\n\n", text).strip()


# ------------------------------------------------------------------------------ HTML to Markdown


class _Run(NamedTuple):
    """Words in one style."""

    words: str
    bold: bool = False
    italic: bool = False
    href: str = ""


class _Writer:
    """Writes Markdown, or plain text, from a stream of tags and text. Blocks are written when they end."""

    def __init__(self, plain: bool) -> None:
        self.plain = plain
        self.blocks: list[str] = []
        self.runs: list[_Run] = []
        self.depth = 0  # of block elements: outside of all, somebody's own line breaks count
        self.preformatted = self.bold = self.italic = 0
        self.href = ""
        self.heading = 0
        self.lists: list[int] = []  # for each open list: the next number, or -1 for bullets
        self.begun: list[bool] = []  # for each open list item: has it got its mark?
        self.in_row = False

    def text(self, words: str) -> None:
        if self.preformatted:
            words = words.replace("\n", _BREAK)
        elif self.depth:
            words = _SPACES.sub(" ", words)
        self.runs.append(_Run(words, self.bold > 0, self.italic > 0, self.href))

    def open(self, tag: str, href: str) -> None:
        if tag == "br":
            self.runs.append(_Run(" " if self.in_row or self.heading else _BREAK))
        elif tag == "a":
            self.href = href.strip()
        elif tag in _BOLD:
            self.bold += 1
        elif tag in _ITALIC:
            self.italic += 1
        elif tag in _CELLS:
            if any(run.words.strip() for run in self.runs):
                self.runs.append(_Run(" | "))
        else:
            self.block_starts(tag)

    def block_starts(self, tag: str) -> None:
        if self.in_row and tag != "tr":  # a paragraph inside of a cell
            self.runs.append(_Run(" "))
        else:
            self.flush()
        self.depth += tag != "hr"
        if tag in {"ul", "ol"}:
            self.lists.append(1 if tag == "ol" else -1)
        elif tag == "li":
            self.begun.append(False)
        elif tag in _HEADINGS:
            self.heading = int(tag[1])
        elif tag == "pre":
            self.preformatted += 1
        elif tag == "tr":
            self.in_row = True

    def close(self, tag: str) -> None:
        if tag == "a":
            self.href = ""
        elif tag in _BOLD:
            self.bold -= 1
        elif tag in _ITALIC:
            self.italic -= 1
        elif tag in _BLOCKS:
            self.block_ends(tag)

    def block_ends(self, tag: str) -> None:
        if tag == "tr":
            self.in_row = False
        if not self.in_row:
            self.flush()
        self.depth -= 1
        if tag in {"ul", "ol"} and self.lists:
            self.lists.pop()
        elif tag == "li" and self.begun:
            self.begun.pop()
        elif tag in _HEADINGS:
            self.heading = 0
        elif tag == "pre":
            self.preformatted -= 1

    def flush(self) -> None:
        """Write down what has been read since the last block."""
        words = _written(self.runs, _spelt_out if self.plain else _marked)
        self.runs = []
        if not words:
            return
        if self.heading and not self.plain:
            words = f"{'#' * self.heading} {' '.join(words.split())}"
        elif self.lists:
            words = self.listed(words)
        elif self.depth and not self.plain:
            words = _LOOKS_LIKE_HEADING.sub(lambda marks: "\\" + marks[0], words, count=1)
        self.blocks.append(words)

    def listed(self, words: str) -> str:
        """The words as a list item, or as a further line of one that has begun."""
        number = self.lists[-1]
        indent = _INDENT_OF_LISTS * (min(len(self.lists), _DEEPEST_LIST) - 1)
        inner = indent + _INDENT_OF_LISTS
        words = words.replace("\n\n", "\n").replace("\n", "\n" + inner)
        if self.begun and self.begun[-1]:
            return inner + words
        if self.begun:
            self.begun[-1] = True
        if number < 0:
            return f"{indent}- {words}"
        self.lists[-1] += 1
        return f"{indent}{number}. {words}"

    def result(self) -> str:
        self.flush()
        text = ""
        for number, block in enumerate(self.blocks):
            tight = number and _in_list(block) and _in_list(self.blocks[number - 1])
            text += ("\n" if tight else "\n\n") * (number > 0) + block
        return text


def _in_list(block: str) -> bool:
    return block.startswith(_INDENT_OF_LISTS) or _STRUCTURED.match(block) is not None


def _from_html(text: str, plain: bool = False) -> str:
    writer = _Writer(plain)
    for closing, tag, href, words in _TOKEN.findall(parsed_html(text, _KEPT, {"a": {"href"}})):
        if words:
            writer.text(html.unescape(words))
        elif closing:
            writer.close(tag)
        else:
            writer.open(tag, html.unescape(href))
    return writer.result()


def _written(runs: list[_Run], form: Callable[[_Run], str]) -> str:
    """The words of one block in the form of their styles, with their line breaks."""
    merged: list[_Run] = []
    for run in runs:
        if merged and merged[-1][1:] == run[1:]:
            merged[-1] = merged[-1]._replace(words=merged[-1].words + run.words)
        else:
            merged.append(run)
    text = _WIDE_SPACE.sub(" ", "".join(form(run) for run in merged)).replace(f"\n{_BREAK}", _BREAK)
    lines = [part.strip() for part in text.split(_BREAK)]
    paragraphs = ("  \n".join(group) for filled, group in groupby(lines, key=bool) if filled)
    return "\n\n".join(paragraphs)


def _marked(run: _Run) -> str:
    words = run.words
    core = words.strip()
    if not core:
        return words
    before, after = words[: words.index(core[0])], words[words.rindex(core[-1]) + 1 :]
    marks = "**" * run.bold + "*" * run.italic
    core = f"{marks}{core}{marks[::-1]}" if marks and "\n" not in core else core
    if run.href:
        core = _linked(" ".join(core.split()), run.href)
    return f"{before}{core}{after}"


def _spelt_out(run: _Run) -> str:
    """The words without marks, and behind a link its address."""
    core = run.words.strip()
    if not run.href or not core or core == run.href or run.href.startswith("mailto:"):
        return run.words
    return run.words.replace(core, f"{core} ({_encoded(run.href)})", 1)


def _encoded(href: str) -> str:
    return _UNSAFE_IN_LINK.sub(lambda found: f"%{ord(found[0]):02X}", href)


def _linked(words: str, href: str) -> str:
    if not href.lower().startswith(("http://", "https://", "ftp://", "mailto:")):
        return words
    if words == href or words == href.removeprefix("mailto:"):
        return words if href.startswith("mailto:") else f"<{href}>"
    return f"[{_BRACKET.sub(_ESCAPED, words)}]({_encoded(href)})"
