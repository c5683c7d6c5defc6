"""Periods: from when until when a dataset tells something."""

from __future__ import annotations

import re
from datetime import date, timedelta
from functools import lru_cache
from typing import NamedTuple

from harvester.model import DraftPeriod, Period
from harvester.normalise import dates
from harvester.normalise.dates import Order
from harvester.normalise.notes import Notes
from harvester.normalise.text import line, missing

_OPEN = {
    "", "..", "...", "*", "present", "the present", "now", "ongoing", "current", "today", "to date",
    "continuing", "aujourd'hui", "actuel", "en cours", "à ce jour", "actualidad", "presente", "hoy", "heute",
}  # fmt: skip
_SINCE = re.compile(r"(?:since|from|depuis|à partir de|desde|seit)\s+(.+)", re.IGNORECASE)
_FROM_TO = re.compile(r"(?:from|between|de|du|desde|von)\s+(.+)", re.IGNORECASE)
_WORDS_BETWEEN = re.compile(
    r"\s+(?:to|through|thru|until|till|and|-|–|—|à|au|jusqu'à|a|al|hasta|bis)\s+|\s*[–—]\s*", re.IGNORECASE
)
_YEARS = re.compile(r"(\d{4})\s*-\s*(\d{4})")
_DCMI = re.compile(r"\b(start|end)\s*=\s*([^;]*)")
_DURATION = re.compile(r"P(\d{1,4})([YMWD])")
_FAR = re.compile(r"9999(?:-\d\d-\d\d.*)?|2999(?:-\d\d-\d\d.*)?")  # how databases write "no end"


class _Bounds(NamedTuple):
    start: str | None
    end: str | None
    ambiguous: bool = False


def clean(draft: DraftPeriod, order: Order, field: str, notes: Notes) -> Period | None:
    """The period, or None where the source says nothing.

    Two ends are published only when both are understood and stand in the right order: half of a
    misunderstood period would be a period without end.
    """
    written = _raw(draft)
    if written is None:
        return None
    if draft.start is not None or draft.end is not None:
        bounds = _of_ends(draft.start or "", draft.end or "", order.day_first)
    else:
        bounds = _of_text(draft.text or "", order.day_first)
    if bounds and bounds.ambiguous and not order.stated:
        notes.add("date-ambiguous", field, written)
    if bounds is None:
        notes.add("temporal-not-parsed", field, written)
        return Period(raw=written)
    if bounds.start and bounds.end and _later(bounds.start, bounds.end):
        notes.add("temporal-reversed", field, written)
        return Period(raw=written)
    if bounds.start is None and bounds.end is None:
        return None
    return Period(start=bounds.start, end=bounds.end, raw=written)


def _raw(draft: DraftPeriod) -> str | None:
    if draft.start is not None or draft.end is not None:
        words = [line(end or "", 200) for end in (draft.start, draft.end)]
        ends = ["" if missing(end) else end for end in words]
        return "/".join(ends) if any(ends) else None
    text = line(draft.text or "", 1000)
    return None if missing(text) else text


def _later(start: str, end: str) -> bool:
    """Is the start after the end, in the precision that they share?"""
    shared = min(len(start), len(end))
    return start[:shared] > end[:shared]


@lru_cache(maxsize=16_384)
def _of_text(text: str, day_first: bool | None) -> _Bounds | None:
    words = line(text, 400)
    if named := dict(_DCMI.findall(words)):
        return _of_ends(named.get("start", ""), named.get("end", ""), day_first)
    single = dates.read(words, day_first)
    if single.value or single.ambiguous:
        return _Bounds(single.value, single.value, single.ambiguous) if single.value else None
    if years := _YEARS.fullmatch(words):
        return _of_ends(years[1], years[2], day_first)
    if "/" in words and (bounds := _of_interval(words, day_first)):
        return bounds
    if (since := _SINCE.fullmatch(words)) and (start := dates.read(since[1], day_first)).value:
        return _Bounds(start.value, None, start.ambiguous)
    if introduced := _FROM_TO.fullmatch(words):
        words = introduced[1]
    parts = _WORDS_BETWEEN.split(words)
    return _of_ends(parts[0], parts[1], day_first) if len(parts) == 2 else None


def _of_interval(words: str, day_first: bool | None) -> _Bounds | None:
    """An interval of ISO 8601: start/end, start/duration, R/start/duration."""
    parts = [part.strip() for part in words.split("/")]
    repeating = re.fullmatch(r"R\d*", parts[0], re.IGNORECASE) is not None
    if repeating:
        parts = parts[1:]
    if len(parts) != 2:
        return None
    if duration := _DURATION.fullmatch(parts[1].upper()):
        start = dates.read(parts[0], day_first)
        if start.value is None:
            return None
        end = None if repeating else _last_day(start.value, int(duration[1]), duration[2])
        return _Bounds(start.value, end, start.ambiguous)
    return None if repeating else _of_ends(parts[0], parts[1], day_first)


def _of_ends(start: str, end: str, day_first: bool | None) -> _Bounds | None:
    first, last = (_end(text, day_first) for text in (start, end))
    if first is None or last is None:
        return None
    return _Bounds(first.value, last.value, first.ambiguous or last.ambiguous)


def _end(text: str, day_first: bool | None) -> dates.Read | None:
    """One end: a date, or no value where it is open; None when it is not understood."""
    bare = text.strip()
    if bare.lower() in _OPEN or missing(bare) or _FAR.fullmatch(bare):
        return dates.Read(None)
    found = dates.read(bare, day_first)
    return found if found.value else None


def _last_day(start: str, count: int, unit: str) -> str | None:
    year, month, day = (int(part) for part in (start[:10] + "-01-01")[:10].split("-"))
    try:
        if unit in "YM":
            months = year * 12 + month - 1 + count * (12 if unit == "Y" else 1)
            after = date(months // 12, months % 12 + 1, min(day, 28) if unit == "M" else day)
        else:
            after = date(year, month, day) + timedelta(days=count * (7 if unit == "W" else 1))
        return (after - timedelta(days=1)).isoformat()
    except (ValueError, OverflowError):
        return None
