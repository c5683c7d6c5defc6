"""Several pages about one dataset → one draft. Pure."""

from __future__ import annotations

from typing import Any

import msgspec
from msgspec.structs import replace

from harvester.model import Draft


class Merged:
    """The datasets of a site by their keys, in the order in which they were met."""

    def __init__(self) -> None:
        self._drafts: dict[object, Draft] = {}

    def __len__(self) -> int:
        return len(self._drafts)

    def add(self, draft: Draft) -> bool:
        """Take what a page says; True when its dataset was not known before."""
        mark = draft.key if draft.key is not None else (draft.page, tuple(draft.title.items()))
        known = self._drafts.get(mark)
        self._drafts[mark] = draft if known is None else merged(known, draft)
        return known is None

    def drafts(self) -> list[Draft]:
        """One draft for each dataset."""
        return list(self._drafts.values())


def merged(one: Draft, other: Draft) -> Draft:
    """What two pages say about the same dataset: the fuller one speaks, the other fills its gaps."""
    lead, rest = (one, other) if _fullness(one) >= _fullness(other) else (other, one)
    changes: dict[str, Any] = {}
    for field in msgspec.structs.fields(Draft):
        mine, theirs = getattr(lead, field.name), getattr(rest, field.name)
        if not mine and theirs:
            changes[field.name] = theirs
    return replace(lead, **changes)


def _fullness(draft: Draft) -> tuple[int, int]:
    filled = sum(bool(getattr(draft, field.name)) for field in msgspec.structs.fields(Draft))
    return filled, len(draft.distributions)
