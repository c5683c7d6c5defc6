"""Descriptions: Markdown from strangers in, clean HTML out; only here does foreign text become `Markup`.

Most descriptions are a few plain sentences. Those are escaped and split into paragraphs here, about fifty
times as fast as Python-Markdown, with the same result; everything else goes through Python-Markdown. All of
it is cleaned with nh3, an allow-list: pictures go too, because they would tell a third party who reads what.
"""

from __future__ import annotations

import html
import re
from functools import lru_cache
from xml.etree.ElementTree import Element

import nh3
from markdown import Markdown
from markdown.extensions import Extension
from markdown.inlinepatterns import InlineProcessor
from markupsafe import Markup

LONGEST = 20_000
SUMMARY = 180
WHOLE = 5_000
"""Characters up to which a description is rendered whole even for its summary: the page needs it too."""
MOST_BRACKETS = {"[": 300, "<": 300}
"""Beyond these a description is shown as plain text: Python-Markdown takes quadratic time for some,
minutes for 29,000 opening brackets."""

_TAGS = {
    *("a", "abbr", "b", "blockquote", "br", "code", "dd", "del", "dl", "dt", "em", "h3", "hr", "i", "ins"),
    *("kbd", "li", "ol", "p", "pre", "q", "s", "strong", "sub", "sup", "table", "tbody", "td", "tfoot"),
    *("th", "thead", "tr", "ul", "var"),
}
_ATTRIBUTES: dict[str, set[str]] = {"*": set(), "a": {"href"}, "abbr": {"title"}}
SCHEMES = {"http", "https", "ftp", "mailto"}
_DROPPED = {"script", "style", "template", "title", "textarea", "noscript", "iframe", "object", "svg", "math"}

# What makes a text more than plain sentences. A star, underscore or dash inside a word is no Markdown.
# Looked for in this order, the cheap ones first: nearly all texts pass through all of them.
_MARKS = re.compile(r"[\\`\[<|]")  # escapes, code, links, HTML, tables
_REFERENCE = re.compile(r"&[#\w]+;")
_EMPHASIS = re.compile(r"(?<!\w)[*_]|[*_](?!\w)|\*\*|__|\w\*\w")
_LINE_START = re.compile(r"^\s*(?:[#>=+:~-]|\d+[.)]\s)", re.MULTILINE)  # headings, quotes, lists, rules
_INDENTED = ("    ", "\t")
_ADDRESS = re.compile(r"\bhttps?://[^\s<>\"'`\\]+[^\s<>\"'`\\.,;:!?()\[\]{}*_|]", re.IGNORECASE)
_PARAGRAPHS = re.compile(r"\n[ \t]*\n\s*")
_HEADING = re.compile(r"<(/?)h[1-6][^>]*>")
_EMPTY = re.compile(
    r"<(a|abbr|b|blockquote|code|del|em|h3|i|ins|li|ol|p|q|s|strong|sub|sup|ul)(?: [^>]*)?>\s*</\1>"
)
_END_OF_BLOCK = re.compile(r"</(?:blockquote|dd|dt|h3|p|pre|td|th)>|<br>|<hr>")
_TAG = re.compile(r"<[^>]*>")
_PARTS = re.compile(r"(<[^>]*>)")
_HEADER_CELL = re.compile(r"<th>\s*</th>")
_UNWANTED = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufeff\ufffe\uffff]"
)


def clean(text: str) -> str:
    """The text without characters that no page may hold: control characters, lone surrogates, and the
    marks that turn the reading direction round and so disguise what is written."""
    if text.isprintable() or text.replace("\n", "").replace("\r", "").isprintable():
        return text
    return _UNWANTED.sub("", text)


@lru_cache(maxsize=64)
def is_plain(text: str) -> bool:
    """Would Markdown make nothing of this text but paragraphs?"""
    return not (
        _MARKS.search(text)
        or ("&" in text and _REFERENCE.search(text))
        or (("*" in text or "_" in text) and _EMPHASIS.search(text))
        or "  \n" in text
        or text.startswith(_INDENTED)
        or any(f"\n{indent}" in text for indent in _INDENTED)
        or _LINE_START.search(text)
    )


@lru_cache(maxsize=64)
def render(text: str) -> Markup:
    """Markdown as HTML that is safe to show. Headings become level 3, to stand below the page's own."""
    text = clean(text).strip()
    if not text:
        return Markup("")
    if is_plain(text) or _excessive(text):
        return _plain(text)
    markdown = _markdown()
    markdown.reset()
    try:
        made = markdown.convert(text)
    except RecursionError:  # quotes in quotes in quotes
        return _plain(text)
    return Markup(sanitise(made)) or _plain(text)  # noqa: S704 - cleaned in this line


def _excessive(text: str) -> bool:
    return len(text) > LONGEST or any(text.count(mark) > most for mark, most in MOST_BRACKETS.items())


def sanitise(made: str) -> str:
    """HTML of any origin, reduced to what a description may hold."""
    made = _HEADING.sub(r"<\1h3>", made)
    cleaned = nh3.clean(
        made,
        tags=_TAGS,
        clean_content_tags=_DROPPED,
        attributes=_ATTRIBUTES,
        url_schemes=SCHEMES,
        link_rel="nofollow noopener noreferrer",
    )
    cleaned = _HEADER_CELL.sub("<td></td>", cleaned)
    while (emptied := _EMPTY.sub("", cleaned)) != cleaned:  # <p><a></a></p>
        cleaned = emptied
    parts = _PARTS.split(cleaned.strip())
    parts[::2] = (part.replace('"', "&quot;").replace("'", "&#x27;") for part in parts[::2])
    return "".join(parts)


@lru_cache(maxsize=64)
def summary(text: str, length: int = SUMMARY) -> str:
    """The beginning of a Markdown text as one plain line of at most `length` characters and "…"."""
    beginning = text if len(text) < WHOLE else text[: length * 8]
    if is_plain(beginning):
        beginning = beginning[: length * 4]
    else:
        beginning = _END_OF_BLOCK.sub(" ", render(beginning).replace("</li>", "; "))
        beginning = html.unescape(_TAG.sub("", beginning)).rstrip(" ;\n")
    return shorten(clean(beginning), length)


def shorten(text: str, length: int) -> str:
    """One line of at most `length` characters, cut between words where there is a space to cut at."""
    if len(text) <= length and text.isprintable() and "  " not in text:
        return text.strip()
    line = " ".join(text.split())
    if len(line) <= length:
        return line
    cut = line.rfind(" ", length // 2, length)
    return line[: cut if cut > 0 else length].rstrip(" ,;:.–-") + "…"


def _plain(text: str) -> Markup:
    parts = (f"<p>{_linked(part)}</p>" for part in _PARAGRAPHS.split(text) if part.strip())
    return Markup("\n".join(parts))  # noqa: S704 - escaped by _linked


def _linked(text: str) -> str:
    """Escaped text in which bare addresses are links."""
    if "://" not in text:
        return html.escape(text)
    parts: list[str] = []
    end = 0
    for found in _ADDRESS.finditer(text):
        address = html.escape(found.group())
        parts += [
            html.escape(text[end : found.start()]),
            f'<a href="{address}" rel="nofollow noopener noreferrer">{address}</a>',
        ]
        end = found.end()
    parts.append(html.escape(text[end:]))
    return "".join(parts)


class _BareAddress(InlineProcessor):
    """A bare address in Markdown becomes a link, as it does in plain text."""

    def handleMatch(  # type: ignore[override]  # noqa: N802 - Python-Markdown's name
        self, m: re.Match[str], data: str
    ) -> tuple[Element, int, int]:
        link = Element("a", href=m.group())
        link.text = m.group()
        return link, m.start(), m.end()


class _BareAddresses(Extension):
    def extendMarkdown(self, md: Markdown) -> None:  # noqa: N802 - Python-Markdown's name
        # Below links and <addresses> (120–170), above emphasis (60), so that a_b_c.csv stays whole.
        md.inlinePatterns.register(_BareAddress(_ADDRESS.pattern, md), "bare-address", 65)


@lru_cache(maxsize=1)
def _markdown() -> Markdown:
    return Markdown(extensions=["tables", "sane_lists", _BareAddresses()])
