"""Words: characters that can be stored, one-line text, placeholders that say nothing.

Longer text, with paragraphs and links, is the business of `markdown`.
"""

from __future__ import annotations

import html
import re
import unicodedata
from functools import lru_cache

import nh3

# What cannot stand in XML, cannot be seen, or turns the reading direction of what follows.
_INVISIBLE = "\u00ad\u061c\u180e\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\ufffe\uffff"
_ODD = re.compile(f"[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff{_INVISIBLE}\U000e0000-\U000e007f]")
_ODD_JOINER = re.compile(
    "(?<![^\x00-\x7f])[\u200c\u200d]+"
)  # joiners mean something between other scripts only
_SURROGATE = re.compile("[\ud800-\udfff]")


def _windows_1252() -> dict[int, str | None]:
    """Control characters of the C1 block stand for Windows-1252, as the HTML standard reads them."""
    found: dict[int, str | None] = {}
    for code in range(0x80, 0xA0):
        decoded = bytes([code]).decode("cp1252", "ignore")
        found[code] = decoded or None
    return found


_REPLACED: dict[int, str | None] = {
    **dict.fromkeys([*range(0x09), *range(0x0E, 0x20), 0x7F], None),
    **{0x0B: "\n", 0x0C: "\n", 0x0D: "\n", 0x85: "\n", 0x2028: "\n", 0x2029: "\n"},
    **{code: text for code, text in _windows_1252().items() if code != 0x85},
    **{ord(c): None for c in "\u00ad\u061c\u180e\u200b\u200e\u200f\ufeff\ufff9\ufffa\ufffb\ufffe\uffff"},
    **dict.fromkeys([*range(0x202A, 0x202F), *range(0x2060, 0x2070), *range(0xE0000, 0xE0080)], None),
}


def characters(text: str) -> str:
    """The text in composed form (NFC) with only characters that every output can hold.

    Control, zero-width and direction-turning characters go; line and page separators become `\\n`;
    lone surrogates become U+FFFD. Mojibake is left as it is: what it meant would be a guess.
    """
    if text.isascii() and text.isprintable():
        return text
    if _SURROGATE.search(text):
        text = text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    text = text.replace("\r\n", "\n")
    if _ODD.search(text):
        text = text.translate(_REPLACED)
    if not text.isascii():
        text = unicodedata.normalize("NFC", _ODD_JOINER.sub("", text))
    return text


# ------------------------------------------------------------------------------ HTML in text

_TAGS = (
    "a|abbr|acronym|address|applet|area|article|aside|audio|b|base|bdi|bdo|big|blockquote|body|br|button|canvas|"
    "caption|center|cite|code|col|colgroup|data|dd|del|details|dfn|dialog|dir|div|dl|dt|em|embed|fieldset|"
    "figcaption|figure|font|footer|form|frame|frameset|h[1-6]|head|header|hgroup|hr|html|i|iframe|img|input|ins|"
    "kbd|label|legend|li|link|main|map|mark|marquee|math|menu|meta|meter|nav|nobr|noframes|noscript|object|ol|"
    "optgroup|option|output|p|param|picture|pre|progress|q|rp|rt|ruby|s|samp|script|section|select|slot|small|"
    "source|span|strike|strong|style|sub|summary|sup|svg|table|tbody|td|template|textarea|tfoot|th|thead|time|"
    "title|tr|track|tt|u|ul|var|video|wbr|[a-z]+:[a-z]+"
)
_TAG = rf"</?(?:{_TAGS})(?:[\s/][^<>]*)?>"
_ENTITY = r"&(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,31});"
_HTML = re.compile(rf"{_TAG}|<!--|<!\[CDATA\[|<!doctype\b|<\?xml\b|{_ENTITY}", re.IGNORECASE)
_DECLARATION = re.compile(r"<!doctype\b[^<>]*>|<\?xml[^<>]*>|<!\[CDATA\[|\]\]>", re.IGNORECASE)
_STRAY_LESS = re.compile(rf"<(?!/?(?:{_TAGS})(?:[\s/][^<>]*)?>)", re.IGNORECASE)
_STRAY_AMPERSAND = re.compile(rf"&(?!{_ENTITY[1:]})")
_NESTED_AMPERSAND = re.compile(r"&(?:amp;)+")
_KNOWN_TAG = re.compile(_TAG, re.IGNORECASE)
_MOST_TAGS = 4_000  # a parser's time grows with the square of the depth; beyond this, tags just go
_ANY_TAG = re.compile(r"<[^>]*>")

DROPPED = {
    "script",
    "style",
    "iframe",
    "object",
    "embed",
    "noscript",
    "template",
    "svg",
    "math",
    "head",
    "textarea",
}
"""Elements whose content is not text for people."""

_SEPARATING = {
    "p",
    "div",
    "br",
    "li",
    "ul",
    "ol",
    "td",
    "th",
    "tr",
    "table",
    "hr",
    "dd",
    "dt",
    "blockquote",
} | {f"h{level}" for level in range(1, 7)}


def has_html(text: str) -> bool:
    """Does the text hold a tag of HTML, or an escaped character? `a < b` and `R&D` do not count."""
    return ("<" in text or "&" in text) and _HTML.search(text) is not None


def parsed_html(text: str, tags: set[str], attributes: dict[str, set[str]]) -> str:
    """The HTML as nh3 writes it: well-formed, with only these tags.

    A less-than sign or ampersand that does not begin HTML is kept as text: a parser would take
    everything up to the next `>` for a tag, and a reader would lose half a description.
    """
    text = _unclosed_dropped(_without_comments(text))
    if text.count("<") > _MOST_TAGS:
        text = _KNOWN_TAG.sub(" ", text)
    text = _STRAY_LESS.sub("&lt;", _STRAY_AMPERSAND.sub("&amp;", _NESTED_AMPERSAND.sub("&amp;", text)))
    return nh3.clean(
        text,
        tags=tags,
        clean_content_tags=DROPPED - tags,
        attributes=attributes,
        url_schemes={"http", "https", "mailto", "ftp"},
        link_rel=None,
    )


def _without_comments(text: str) -> str:
    """Without comments and declarations. A comment that nothing closes loses only its opening mark.

    Not a pattern: `<!--.*?-->` takes minutes for a text of many openings and no end.
    """
    parts: list[str] = []
    place = 0
    while (start := text.find("<!--", place)) >= 0:
        end = text.find("-->", start + 4)
        if end < 0:
            return _DECLARATION.sub("", "".join(parts) + text[place:].replace("<!--", ""))
        parts.append(text[place:start])
        place = end + 3
    return _DECLARATION.sub("", "".join(parts) + text[place:])


def _unclosed_dropped(text: str) -> str:
    """Without the start tags of dropped elements that nothing closes: they would take the rest with them."""
    lower = text.lower()
    for name in DROPPED:
        if f"<{name}" in lower and f"</{name}" not in lower:
            text = re.sub(rf"<{name}(?:[\s/][^<>]*)?>", "", text, flags=re.IGNORECASE)
    return text


def _without_html(text: str) -> str:
    bare = _ANY_TAG.sub(" ", parsed_html(text, _SEPARATING, {}))
    if not bare.strip():  # nothing but script or style: better its words than nothing
        bare = _ANY_TAG.sub(" ", _without_comments(text))
    return characters(html.unescape(bare))


# ------------------------------------------------------------------------------ lines


def line(text: str, limit: int = 500) -> str:
    """The text as one line without HTML, at most `limit` characters; longer text ends in `…`."""
    if len(text) <= limit and text.isascii() and text.isprintable() and "<" not in text and "&" not in text:
        return text.strip() if "  " not in text else " ".join(text.split())
    # Tags and entities take room that the result does not need; nobody writes eight times as much.
    text = characters(text[: limit * 8])
    for _ in range(8):  # "&amp;lt;b&amp;gt;": each round uncovers the next
        if not has_html(text):
            break
        text = _without_html(text)
    return cut(" ".join(text.split()), limit)


def cut(text: str, limit: int) -> str:
    """The text itself, or its beginning up to a space, with `…`, in at most `limit` characters."""
    if len(text) <= limit:
        return text
    head = text[: limit - 1]
    space = max(head.rfind(" "), head.rfind("\n"))
    return (head[:space] if space > limit // 2 else head).rstrip() + "…"


# ------------------------------------------------------------------------------ placeholders

_NOTHING = frozenset(
    {
        "", "-", "--", "–", "—", ".", "?", "null", "none", "nil", "nan", "n/a", "n.a.", "na", "tbd", "tba",
        "t.b.d.", "undefined", "[]", "{}", '""', "''", "(null)", "<null>", "#n/a", "not available",
        "not applicable", "not provided", "[object object]", "sans objet", "s/o", "no aplica",
    }
)  # fmt: skip
_LONGEST_NOTHING = 60  # with room for blanks
_TEMPLATE = re.compile(r"\{\{[^{}]*\}\}")


@lru_cache(maxsize=8192)
def is_nothing(text: str) -> bool:
    """Does the text stand for a missing value: blank, `null`, `N/A`, `-`, an unfilled `{{template}}`?"""
    if len(text) > 400:
        return False
    bare = " ".join(text.lower().split()).rstrip(".")
    return bare in _NOTHING or (is_template(bare) and not _TEMPLATE.sub("", bare).strip(" ,;|/-"))


def word(text: str | None, limit: int = 500) -> str | None:
    """The text as one line, or None where there is no value, not even behind HTML."""
    if missing(text):
        return None
    words = line(text or "", limit)
    return None if missing(words) else words


def is_template(text: str) -> bool:
    """Does the text hold a template that nobody filled, as in `{{description}}`?"""
    return "{{" in text and _TEMPLATE.search(text) is not None


_NO_TITLE = frozenset(
    {
        "test", "test dataset", "untitled", "untitled dataset", "title", "dataset", "new dataset", "example",
        "sans titre", "sin título", "sin titulo", "titre", "título", "name",
    }
)  # fmt: skip


def is_title_placeholder(title: str) -> bool:
    """Is this title there only because the form demanded one?"""
    bare = title.lower()
    return (
        bare in _NO_TITLE
        or bare.startswith("lorem ipsum")
        or is_template(title)
        or not any(map(str.isalnum, title))
    )


def missing(text: str | None) -> bool:
    """Is there no value?"""
    return not text or ((len(text) < _LONGEST_NOTHING or "{{" in text) and is_nothing(text))
