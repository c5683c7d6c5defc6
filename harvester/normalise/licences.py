"""Licences: out of addresses, identifiers, free words, and pages of HTML that hold one of these."""

from __future__ import annotations

import re
from functools import cache, lru_cache
from typing import NamedTuple

from harvester import vocabularies
from harvester.model import Coded
from harvester.normalise import codes
from harvester.normalise.markdown import readable
from harvester.normalise.notes import RAW, Notes, raw
from harvester.normalise.text import has_html, is_template, line, missing

_ADDRESS = re.compile(r"(?:https?://|\bwww\.)[^\s<>\"'()\[\]|]+", re.IGNORECASE)
_HREF = re.compile(r"""href\s*=\s*["']?([^"'\s>]+)""", re.IGNORECASE)
_CREATIVE_COMMONS = re.compile(
    r"creativecommons\.org/(?:licenses|publicdomain)/(zero|mark|by(?:-(?:nc|sa|nd)){0,2})"
    r"(?:/(\d\.\d)(?:/(?!deed|legalcode)([a-z]{2,4}))?(?:/.*)?)?"
)
_CONDITIONS = {"nc": "non|nc", "sa": "share|sa", "nd": "no[ -]?d|nd"}
_CC_WORDS = re.compile(
    r"creative commons attribution"
    r"((?:[ ,|-]*(?:non[ -]?commercial|share[ -]?alike|no[ -]?deriv[a-z]*))*)[ -]*v?(\d\.\d)"
)
_CC_SHORT = re.compile(r"\bcc[ -]by((?:[ -](?:nc|sa|nd))*)[ -]v?(\d\.\d)")
_SUFFIX = re.compile(r"/(?:legalcode|deed|rdf)?(?:[._-][a-z]{2}(?:[_-][a-z]{2})?)?(?:\.html?|\.txt|\.json)?$")
_LONG = 300  # characters; more is a text about the terms and not the name of a licence
_INTRODUCTION = re.compile(
    r"^(?:(?:the )?licen[cs]es?|licencia|licen[cs]ed under|under)\s*:?\s+", re.IGNORECASE
)
_ACCESS_NOTE = re.compile(r"access ?level\s*:?\s*[\w -]+|(?:restricted|non)[ -]public|public", re.IGNORECASE)


class _Read(NamedTuple):
    code: str | None  # None: not recognised; "": the text says that there is none
    raw: str
    notes: tuple[str, ...] = ()
    access: Coded | None = None  # an access right that stood in the licence's field


def clean(text: str | None, field: str, notes: Notes) -> tuple[Coded | None, Coded | None]:
    """The licence, and an access right where that is what stood in the field.

    A text that is not recognised keeps `code=None` and its words, without HTML: these are the terms
    that a reader has to read. "Not specified" is no licence at all.
    """
    if missing(text):
        if text and is_template(text):
            notes.add("title-placeholder", field, text)
        return None, None
    assert text is not None
    read = _read(text[:RAW])
    for code in read.notes:
        notes.add(code, field, text)
    if read.access or read.code == "":
        return None, read.access
    return Coded(code=read.code, raw=read.raw), None


@lru_cache(maxsize=2048)
def _read(text: str) -> _Read:
    words = line(text, RAW)
    if missing(words):
        return _Read("", "")
    code = by_name(words)
    if code is None and _ACCESS_NOTE.fullmatch(words):
        access = codes.access_rights(words.rpartition(":")[2].strip())
        if access and access.code:
            return _Read("", words, ("rights-in-licence",), access)
    from_address = False
    if code is None:
        code = _by_addresses(text)
        from_address = code is not None
    if code is None:
        code = _named_inside(words)
    notes = []
    if len(words) > _LONG or (code is None and has_html(text)):
        notes.append("licence-is-html")
    if code and _version_assumed(code, _addresses(text) if from_address else [words]):
        notes.append("licence-version-assumed")
    return _Read(code, raw(readable(text)), tuple(notes))


def by_name(words: str) -> str | None:
    """The licence of this name, identifier or address; `""` for words that say there is none."""
    table = _names()
    for candidate in (words, _INTRODUCTION.sub("", words)):
        code = table.get(codes.squashed(candidate))
        if code is not None:
            return code
    return by_address(words) if " " not in words else None


@cache
def _names() -> dict[str, str]:
    found: dict[str, str] = {}
    for alias, code in vocabularies.licence_aliases().items():
        if "/" not in alias or "." not in alias.partition("/")[0]:
            found.setdefault(codes.squashed(alias), code)
    return found


@lru_cache(maxsize=4096)
def by_address(address: str) -> str | None:
    """The licence that this address stands for, whatever language or form of it the page shows."""
    aliases = vocabularies.licence_aliases()
    key = vocabularies.address_key(address).rstrip(".,;:")
    bare = key.partition("?")[0].partition("#")[0].rstrip("/")
    for candidate in (key, key.replace("/#", "#"), bare, _SUFFIX.sub("", bare)):
        code = aliases.get(candidate)
        if code is not None:
            return code
    found = _CREATIVE_COMMONS.fullmatch(_SUFFIX.sub("", bare)) or _CREATIVE_COMMONS.fullmatch(bare)
    return _creative_commons(*found.groups()) if found else None


def _creative_commons(kind: str, version: str | None, port: str | None) -> str | None:
    """A port to one country's law is its licence, unless that port is in our list by itself."""
    if kind in {"zero", "mark"}:
        return {"zero": "CC0-1.0", "mark": "CC-PDM-1.0"}[kind]
    known = vocabularies.licences()
    kind = "by-nc-nd" if kind == "by-nd-nc" else kind
    plain = f"CC-{kind.upper()}-{version or '4.0'}"
    ported = f"{plain}-{port.upper()}" if port else plain
    return next((code for code in (ported, plain) if code in known), None)


def _spelt_out(conditions: str, version: str) -> str | None:
    """The licence of "Attribution-NonCommercial-NoDerivs 3.0", by its conditions and version."""
    found = [short for short, pattern in _CONDITIONS.items() if re.search(pattern, conditions)]
    return _creative_commons("-".join(["by", *found]), version, None)


def _addresses(text: str) -> list[str]:
    return [*_HREF.findall(text), *_ADDRESS.findall(text)]


def _by_addresses(text: str) -> str | None:
    """The one licence that the addresses in the text stand for; None when there are none or several."""
    found = {code for code in map(by_address, _addresses(text)) if code is not None}
    return found.pop() if len(found) == 1 else None


@cache
def _inside() -> re.Pattern[str]:
    """The names that mean a licence even in the middle of a sentence, the longest first."""
    telling = re.compile(
        r"creative commons|\bcc[ -]|\bcc0|odbl|open database|open government|etalab|licen[cs]e ouverte"
    )
    names = {
        _plain(alias)
        for alias, code in vocabularies.licence_aliases().items()
        if code and "/" not in alias and len(alias) > 3 and telling.search(alias)
    }
    listed = "|".join(re.escape(name) for name in sorted(names, key=lambda name: (-len(name), name)))
    goes_on = (
        r"(?!-[a-z])(?![\s,|-]*(?:non|share|no[\s-]?d|sa\b|nc\b|nd\b|v?\d))"  # it is another licence's name
    )
    return re.compile(rf"\b(?:{listed})(?!\w){goes_on}")


def _plain(text: str) -> str:
    return " ".join(re.sub("[–—]", "-", text.lower()).replace("license", "licence").split())


def _named_inside(words: str) -> str | None:
    """The one licence that the sentence names; None when it names none or several."""
    plain = _plain(words)
    if "not licen" in plain:
        return None
    found = {by_name(name) for name in _inside().findall(plain)} - {None, ""}
    found |= {_spelt_out(*parts) for parts in (*_CC_WORDS.findall(plain), *_CC_SHORT.findall(plain))} - {None}
    return found.pop() if len(found) == 1 else None


def _version_assumed(code: str, written: list[str]) -> bool:
    """Was a licence that has several versions named without one?"""
    family = re.sub(r"-\d\.\d.*$", "", code)
    versions = [other for other in vocabularies.licences() if re.sub(r"-\d\.\d.*$", "", other) == family]
    return len(versions) > 1 and not any(re.search(r"\d", words) for words in written)
