"""Languages: whatever names one, to a BCP 47 tag."""

from __future__ import annotations

import re
from functools import lru_cache

from harvester import vocabularies
from harvester.normalise.notes import Notes
from harvester.normalise.text import line, missing, word

_TAG = re.compile(
    r"([a-z]{2,3})(?:[-_]([a-z]{4}))?(?:[-_]([a-z]{2}|\d{3}))?((?:[-_][a-z0-9]{4,8})*)", re.IGNORECASE
)
_WITH_COUNTRY = re.compile(r"([A-Za-z]{2,3})\s*[:;]\s*([A-Z]{2,3})")  # "eng; USA" of ISO 19115
_SPECIAL = {"und", "mul", "zxx", "mis"}  # say that the language is not one, or not known


@lru_cache(maxsize=1024)
def tag(value: str) -> str | None:
    """The tag of one language, from a tag, a code, a name or an IRI; None when it is none of these."""
    text = word(value, 200)
    if text is None:
        return None
    names = vocabularies.language_aliases()
    known = names.get(text.lower()) or names.get(text.partition("(")[0].strip().lower())
    if known:
        return known
    if "/" in text:
        return tag(text.rstrip("/#").rpartition("/")[2]) if text.lower().startswith("http") else None
    if found := _WITH_COUNTRY.fullmatch(text):
        return tag(f"{found[1]}-{found[2]}" if len(found[2]) == 2 else found[1])
    if found := _TAG.fullmatch(text):
        return _written(*found.groups(default=""))
    return None


def _written(language: str, script: str, region: str, variants: str) -> str | None:
    code = vocabularies.language_aliases().get(language.lower(), language.lower())
    if len(code) == 2 and code not in vocabularies.languages():
        return None
    if code in _SPECIAL:
        return None
    parts = [code, script.title(), region.upper(), *variants.lower().replace("_", "-").split("-")]
    return "-".join(part for part in parts if part)


def tags(values: tuple[str, ...], notes: Notes) -> tuple[str, ...]:
    """The tags of a dataset's or file's languages, each once, in alphabetical order."""
    if not values:
        return ()
    found: set[str] = set()
    for value in values:
        if missing(value):
            continue
        whole = tag(value)
        several = [whole] if whole else [tag(part) for part in re.split(r"[,;/|&]", line(value))]
        known = {each for each in several if each}
        if not known:
            notes.add("language-unrecognised", "languages", value)
        found |= known
    return tuple(sorted(found))


def text_tag(value: str, default: str) -> str:
    """The tag for a text whose source says `value`, which is blank where it says nothing."""
    return (tag(value) or default) if value and value != "und" else default
