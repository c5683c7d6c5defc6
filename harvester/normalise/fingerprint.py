"""Fingerprints: has a dataset changed, and in which of its fields?

Most changes that portals show are noise: a set in another order, a counter, a run stamp, another
spelling of the same date. They do not count. Of 17,878 changed records in 120 nights of one feed, 3
were changes.
"""

from __future__ import annotations

import hashlib
import re
from typing import Any

import msgspec

from harvester.model import Coded, Dataset, Date, Distribution, FieldChange, Period, Place

_LEFT_OUT = ("id", "notes")
_SETS = {"keywords", "themes", "topics", "contacts", "languages", "spatial", "temporal", "distributions"}
_FIELDS = tuple(field for field in Dataset.__struct_fields__ if field not in _LEFT_OUT)
_OF_DISTRIBUTION = tuple(field for field in Distribution.__struct_fields__ if field != "id")

_COUNTER = re.compile(
    r"view|download|visit|hits|popularity|tracking|follower|rating|score|rank|harvest|revision|"
    r"metadata_(?:processed|modified|created)|data_processed|last_?(?:run|checked|crawled|seen|indexed|sync)|"
    r"refreshed|cache|etag|timestamp",
    re.IGNORECASE,
)
"""Names of extra fields that count or stamp, and say nothing about the dataset."""

LONGEST_TOLD = 500
"""Characters of a field's content that the history keeps."""

_encode = msgspec.json.Encoder(order="deterministic").encode


def fingerprint(dataset: Dataset) -> str:
    """The SHA-256, in hexadecimal, of the dataset's canonical content."""
    return hashlib.sha256(
        _encode([_canonical(field, getattr(dataset, field)) for field in _FIELDS])
    ).hexdigest()


def changed_fields(old: Dataset, new: Dataset) -> tuple[str, ...]:
    """The fields whose canonical content differs, in the order of the record."""
    return tuple(
        field
        for field in _FIELDS
        if _encode(_canonical(field, getattr(old, field))) != _encode(_canonical(field, getattr(new, field)))
    )


def field_changes(old: Dataset, new: Dataset) -> tuple[FieldChange, ...]:
    """The fields that changed, each with what it held and what it holds."""
    return tuple(
        FieldChange(field, _told(field, old), _told(field, new)) for field in changed_fields(old, new)
    )


def _told(field: str, dataset: Dataset) -> str:
    told = _encode(_canonical(field, getattr(dataset, field))).decode()
    return told if len(told) <= LONGEST_TOLD else f"{told[: LONGEST_TOLD - 1]}…"


def _canonical(field: str, value: Any) -> Any:  # noqa: ANN401 - a field of any type
    """The value without what is noise: raw words that we understood, order that means nothing."""
    if field == "extra":
        return {name: text for name, text in value.items() if not _COUNTER.search(name)}
    if isinstance(value, tuple):
        parts = [_canonical("", part) for part in value]
        return sorted(parts, key=_encode) if field in _SETS and len(parts) > 1 else parts
    if isinstance(value, Coded):
        return [value.code] if value.code is not None else value.raw
    if isinstance(value, Date):
        return [value.value] if value.value is not None else value.raw
    if isinstance(value, Place):
        understood = [value.label, value.uri, value.bbox]
        return understood if any(understood) else value.raw
    if isinstance(value, Period):
        return [value.start, value.end] if value.start or value.end else value.raw
    if isinstance(value, Distribution):
        return [_canonical(name, getattr(value, name)) for name in _OF_DISTRIBUTION]
    return value
