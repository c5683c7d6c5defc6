"""Codes: frequencies, themes, access rights and media types out of what portals write for them.

Licences and formats, where more than the words decide, have modules of their own.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from functools import cache, lru_cache

from harvester import vocabularies
from harvester.model import Coded
from harvester.normalise.notes import Notes
from harvester.normalise.text import line, word

_NOT_WORDS = re.compile(r"[\W_]+")


def squashed(text: str) -> str:
    """What spellings of a name share: lower case, only letters and digits, one spelling of licence."""
    return _NOT_WORDS.sub("", text.lower()).replace("license", "licence")


@cache
def _index(aliases: Callable[[], dict[str, str]]) -> dict[str, str]:
    """The aliases, and under their squashed form those that do not clash."""
    table = aliases()
    found: dict[str, str] = {}
    for alias, code in table.items():
        if not alias.startswith("r/p"):  # without its full stop, R/P3.5D would read R/P35D
            found.setdefault(squashed(alias), code)
    return found | table


def look_up(aliases: Callable[[], dict[str, str]], text: str) -> str | None:
    """The code that an alias table has for the text as a name, code or IRI."""
    table = _index(aliases)
    lower = text.lower()
    if code := table.get(lower):
        return code
    if "/" in lower and (code := table.get(vocabularies.address_key(lower))):
        return code
    key = squashed(lower)
    return table.get(key) if len(key) > 1 else None


# ------------------------------------------------------------------------------ frequencies

_UPDATED = re.compile(
    r"(?:(?:the |this )?(?:data(?:set)?s?)?\s*(?:is|are|was|were|will be)?\s*(?:updated|refreshed)|"
    r"mis(?:es)? à jour|actualizad[oa]s?)\s*:?\s*(.+)",
    re.IGNORECASE,
)
_EVERY = re.compile(
    r"(?:every |each |toutes les |tous les |cada )?(\d{1,3}) ?(min|h|d|w|m|y|j|s|a)[^\W\d_]*", re.IGNORECASE
)
_UNITS = {
    "min": "T{}M",
    "h": "T{}H",
    "d": "{}D",
    "j": "{}D",
    "w": "{}W",
    "s": "{}W",
    "m": "{}M",
    "y": "{}Y",
    "a": "{}Y",
}
_TWO_MEANINGS = {
    "biweekly", "bimonthly", "biannual", "biannually", "bimensuel", "bimensuelle", "bimestriel",
}  # fmt: skip


def frequency(text: str | None, notes: Notes) -> Coded | None:
    """How often the dataset is updated."""
    words = word(text)
    if words is None:
        return None
    if not words.isupper() and squashed(words) in _TWO_MEANINGS:
        notes.add("frequency-ambiguous", "frequency", words)
    return _frequency(words)


@lru_cache(maxsize=4096)
def _frequency(words: str) -> Coded:
    updated = _UPDATED.fullmatch(words)
    code = None
    for candidate in (words, updated[1]) if updated else (words,):
        every = _EVERY.fullmatch(candidate)
        interval = f"R/P{_UNITS[every[2].lower()].format(int(every[1]))}" if every else candidate
        code = code or look_up(vocabularies.frequency_aliases, candidate)
        code = code or look_up(vocabularies.frequency_aliases, interval)
    return Coded(code=code, raw=words)


def is_frequency(text: str) -> bool:
    """Is this a repeating interval or the name of a frequency, where a date was due?"""
    if text[:1].isdigit():
        return False
    return re.match(r"R\d*/P|P\d", text) is not None or _frequency(line(text)).code is not None


# ------------------------------------------------------------------------------ themes

_DEFAULTS = {"geospatial"}  # what ArcGIS writes for everything that has a map: no theme
_BETWEEN = re.compile(r"\s*(?:[&,;/|]|\b(?:and|et|y|und)\b)\s*", re.IGNORECASE)
_NUMBERING = re.compile(r"^(?:section\s+)?\d{1,2}[.):]\s+", re.IGNORECASE)
_MOST_THEMES = 50


def themes(values: Iterable[str]) -> tuple[Coded, ...]:
    """The themes: those that are recognised by code, each once, then the others as they were written."""
    recognised: dict[str, Coded] = {}
    others: dict[str, Coded] = {}
    for words in sorted({word(value, 300) or "" for value in values} - {""}):
        for coded in _themes(words):
            if coded.code is None:
                others.setdefault(coded.raw, coded)
            else:
                recognised.setdefault(coded.code, coded)
    return (*(recognised[code] for code in sorted(recognised)), *others.values())[:_MOST_THEMES]


@lru_cache(maxsize=4096)
def _themes(stated: str) -> tuple[Coded, ...]:
    words = _NUMBERING.sub("", stated)
    if words.lower() in _DEFAULTS:
        return ()
    whole = look_up(vocabularies.theme_aliases, words)
    if whole is None and words.lower().startswith("http"):  # portals name their own themes by address
        whole = look_up(vocabularies.theme_aliases, words.rstrip("/#").rpartition("/")[2])
    if whole:
        return (Coded(code=whole, raw=stated),)
    parts = (look_up(vocabularies.theme_aliases, part) for part in _BETWEEN.split(words))
    codes = sorted({code for code in parts if code})
    return tuple(Coded(code=code, raw=stated) for code in codes) or (Coded(code=None, raw=stated),)


def topics(stated: Iterable[Coded], keywords: Iterable[tuple[str, str]]) -> tuple[str, ...]:
    """The themes to browse by: the stated ones, else those that keywords name without any doubt."""
    found = {coded.code for coded in stated if coded.code}
    if not found:
        known: Mapping[str, str] = vocabularies.keyword_themes()
        found = {known[word] for _, each in keywords if (word := each.lower()) in known}
    return tuple(sorted(found))


# ------------------------------------------------------------------------------ the others


@lru_cache(maxsize=1024)
def access_rights(text: str | None) -> Coded | None:
    """Who may have the data."""
    words = word(text, 1000)
    return Coded(code=look_up(vocabularies.access_right_aliases, words), raw=words) if words else None


FILLERS = {
    "application/unknown", "application/download", "application/force-download", "application/x-download",
    "unknown/unknown", "unknown", "various", "varies", "download", "file", "data", "export",
    "multiple formats", "user selects download format",
    # What programs conclude from the end of an address that ends in .org, .man or .com.
    "application/vnd.lotus-organizer", "application/x-troff-man", "application/x-msdos-program",
}  # fmt: skip
"""What stands where a format or media type is due, and says nothing."""

_REGISTRY = re.compile(r"(?:https?:)?//(?:www\.)?iana\.org/assignments/media-types/", re.IGNORECASE)


@lru_cache(maxsize=4096)
def media_type(text: str | None) -> Coded | None:
    """The media type as it is registered with IANA; a well-known older name stands for its successor."""
    words = word(text, 300)
    if words is None or words.lower() in FILLERS:
        return None
    bare = _REGISTRY.sub("", words).partition(";")[0].strip().lower()
    if bare in vocabularies.media_types():
        return Coded(code=bare, raw=words)
    known = look_up(vocabularies.format_aliases, bare)
    usual = vocabularies.format(known).media_type if known else None
    return Coded(code=usual if usual in vocabularies.media_types() else None, raw=words)
