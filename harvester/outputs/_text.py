"""Words on their way out: what no file format can hold is taken out here, once for all outputs."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache

import pyoxigraph

from harvester.model import Text

_UNWRITABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ufffe\uffff]")
_SURROGATE = re.compile("[\ud800-\udfff]")
_FORMULA = frozenset("=+-@\t\n\r＝＋－＠")
_UNDETERMINED = ("", "und")


def clean(text: str) -> str:
    """`text` without the characters that XML 1.0 cannot hold, lines ending in a single newline.

    Half a surrogate pair has no UTF-8 and becomes U+FFFD, the replacement character.
    """
    if text.isascii() and text.isprintable():
        return text
    if "\r" in text:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    return _SURROGATE.sub("\ufffd", _UNWRITABLE.sub("", text))


def words(text: Text) -> Text:
    """`text` cleaned, without languages in which nothing is said."""
    return {tag: said for tag, raw in text.items() if (said := clean(raw).strip())}


def preferred(text: Text, languages: Iterable[str]) -> tuple[str, str]:
    """The (tag, words) to show where a format has room for one language only.

    The first of `languages` that is there, a region of it ("en" finds "en-GB"), then text whose
    language nobody stated, then whatever comes first. ("", "") when there are no words.
    """
    said = words(text)
    for wanted in languages:
        for tag in said:
            if tag == wanted or tag.startswith(f"{wanted}-"):
                return tag, said[tag]
    for tag in _UNDETERMINED:
        if tag in said:
            return tag, said[tag]
    return next(iter(said.items()), ("", ""))


def shown(text: Text, languages: Iterable[str]) -> str:
    """The words of `preferred` alone."""
    return preferred(text, languages)[1]


@lru_cache(maxsize=4096)
def language_tag(tag: str) -> str | None:
    """The tag as RDF may hold it: well-formed BCP 47 in lower case; None for "und" and for nonsense."""
    if tag in _UNDETERMINED:
        return None
    try:
        return pyoxigraph.Literal("", language=tag).language
    except (ValueError, UnicodeEncodeError):
        return None


def cut(text: str, length: int) -> str:
    """`text` in at most `length` characters; where something was cut off, it ends in "…"."""
    return text if len(text) <= length else f"{text[: length - 1].rstrip()}…"


def cell(text: str) -> str:
    """`text`, which is clean, for a CSV cell: what a spreadsheet would run as a formula gets a ' in front.

    https://owasp.org/www-community/attacks/CSV_Injection
    """
    return f"'{text}" if text[:1] in _FORMULA else text
