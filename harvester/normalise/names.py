"""Names of other things: identifiers, standards, series, pages of documentation."""

from __future__ import annotations

from collections.abc import Iterable

from harvester.normalise import urls
from harvester.normalise.identity import identifier
from harvester.normalise.notes import Notes
from harvester.normalise.text import word

_LIMIT = 500
_MOST = 200


def identifiers(values: Iterable[str]) -> tuple[str, ...]:
    """Identifiers, each once, in the order of the source: the canonical one stands first."""
    found = (identifier(value)[:_LIMIT] for value in values)
    return tuple(dict.fromkeys(value for value in found if value))[:_MOST]


def addresses(values: Iterable[str], field: str, notes: Notes) -> tuple[str, ...]:
    """Addresses, each once, in alphabetical order."""
    found = {urls.clean(value, field, notes) for value in values}
    return tuple(sorted(url for url in found if url))[:_MOST]


def standards(values: Iterable[str]) -> tuple[str, ...]:
    """What something conforms to: addresses or names, each once, in alphabetical order."""
    found = set()
    for value in values:
        if words := word(value, _LIMIT):
            found.add(urls.address(words).url or words if "://" in words else words)
    return tuple(sorted(found))[:_MOST]
