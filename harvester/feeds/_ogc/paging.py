"""Pages of JSON records that are followed by address, and left by content.

A portal that leads round in a circle costs one lap: a page that brings no record that is new ends
the reading, as does an address that was read before. What is lost on the way is told.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field

from msgspec.structs import replace

from harvester.document import Document, Get
from harvester.errors import FeedError, FetchError
from harvester.feeds._json.fields import mended
from harvester.feeds._json.stream import Damage, Member, NotJson, Path
from harvester.feeds._json.stream import read as read_json
from harvester.feeds._json.values import encode, text_of
from harvester.model import N_, Announced, Draft, Item, Problem

MOST_PAGES = 10_000
_MOST_MEMBERS = 200  # members beside the records that are remembered
_MOST_TOTAL = 10**9


@dataclass(frozen=True)
class Format:
    """What pages of one kind look like.

    `take` makes a record's draft, a `Problem` where it is no dataset, or None where it is to be
    passed over without a word. `following` names the next page, `total` how many records there are;
    both look at the page's members by name. `counted` is the address of the page that begins behind so
    many records, for portals that name no next page.
    """

    lists: tuple[Path, ...]
    is_record: Callable[[object], bool]
    take: Callable[[Mapping[str, object], str], Draft | Problem | None]
    following: Callable[[Document, Mapping[str, object]], str | None]
    total: Callable[[Mapping[str, object]], int | None]
    counted: Callable[[str, int], str | None] = lambda url, received: None


@dataclass
class Reading:
    """The way through the pages so far."""

    format: Format
    received: int = 0  # records, whatever became of them
    passed_over: int = 0
    announced: int | None = None
    has_list: bool = False
    damaged: bool = False
    fresh: int = 0  # records of this page that no earlier page had
    members: dict[str, object] = field(default_factory=dict)  # of this page
    earlier: set[int] = field(default_factory=set)
    marks: set[int] = field(default_factory=set)


def read_pages(document: Document, get: Get, format: Format) -> Iterator[Item]:
    """Every record of `document` and of the pages that follow it.

    Raises `FeedError` where the first page cannot be read at all.
    """
    reading = Reading(format)
    visited = {document.url}
    for number in range(1, MOST_PAGES + 1):
        try:
            yield from _read_page(document, reading)
        except NotJson as error:
            if number == 1:
                raise not_json(document.url, str(error)) from None
            yield _lost_page(document.url, str(error))
            return
        if number == 1:
            _refuse_if_nothing(document, reading)
        following = _next(document, reading)
        if number > 1 and not reading.fresh and (following or _is_short(reading)):
            yield _repeated(document.url)
            return
        if following is None or following in visited:
            break
        visited.add(following)
        try:
            document = get(following)
        except FetchError as error:
            yield replace(error.problem, partial=True)
            return
    if reading.passed_over and reading.announced is not None:
        yield Announced(max(reading.announced - reading.passed_over, 0))


def _next(document: Document, reading: Reading) -> str | None:
    following = reading.format.following(document, reading.members)
    if following is None and reading.fresh and _is_short(reading):
        return reading.format.counted(document.url, reading.received)
    return following


def _is_short(reading: Reading) -> bool:
    """Is anything missing, as far as the portal says how much there is?"""
    return reading.announced is not None and reading.received < reading.announced


def _read_page(document: Document, reading: Reading) -> Iterator[Item]:
    reading.members, reading.marks, reading.fresh = {}, set(), 0
    format, place = reading.format, 0
    with document.open() as stream:
        for item in read_json(stream, format.lists, format.is_record, document.charset):
            if isinstance(item, Member):
                if item.path in format.lists:
                    reading.has_list = True
                elif len(reading.members) < _MOST_MEMBERS:
                    reading.members[item.path[0] if item.path else ""] = item.value
                    yield from _announced(reading)
                continue
            place += 1
            if isinstance(item, Damage):
                reading.damaged = True
                yield broken(document.url, place, item)
                continue
            reading.has_list = True
            yield from _taken(item.value, item.mended, document.url, place, reading)
    reading.earlier |= reading.marks


def _announced(reading: Reading) -> Iterator[Announced]:
    """The total, when it is first said or grows: a later page that says less has lost records."""
    total = reading.format.total(reading.members)
    if total is not None and 0 <= total < _MOST_TOTAL and total > (reading.announced or -1):
        reading.announced = total
        yield Announced(total)


def _taken(value: object, was_mended: bool, url: str, place: int, reading: Reading) -> Iterator[Item]:
    if not isinstance(value, dict):
        yield no_record(url, place, value)
        return
    try:
        mark = hash((encode(value.get("id")), text_of(_title_of(value))))
        if mark in reading.earlier:
            return
        reading.marks.add(mark)
        reading.fresh += 1
        reading.received += 1
        item = reading.format.take(value, url)
    except RecursionError:
        yield broken(url, place, Damage("", partial=False))
        return
    if item is None:
        reading.passed_over += 1
    elif isinstance(item, Draft):
        yield mended(item) if was_mended else item
    else:
        yield item


def _title_of(value: Mapping[str, object]) -> object:
    for inner in (value.get("properties"), value.get("attributes"), value):
        if isinstance(inner, dict) and (inner.get("title") or inner.get("name")):
            return inner.get("title") or inner.get("name")
    return None


# ------------------------------------------------------------------------------ trouble


def number_of(value: object) -> int | None:
    """A count, given as a number or as its digits."""
    text = text_of(value)
    return int(text) if text is not None and text.isascii() and text.isdigit() and len(text) < 10 else None


def not_json(url: str, begin: str) -> FeedError:
    """The error for a document that is no JSON at all."""
    if begin.lstrip().startswith("<"):
        return FeedError(
            url,
            N_("The answer is a web page or XML, not JSON."),
            N_("Open the address in a browser: it may show an error, or the feed has moved."),
        )
    return FeedError(
        url,
        N_("The answer is not JSON; it begins with “{begin}”."),
        N_("Open the address in a browser: it may show an error, or the feed has moved."),
        begin=" ".join(begin.split())[:40],
    )


def broken(url: str, place: int, damage: Damage) -> Problem:
    """What a damaged stretch of a page costs."""
    begin = " ".join(damage.raw.split())[:80]
    if damage.partial:
        what = N_("The page is damaged at record {place}, and some datasets may be missing: “{begin}”.")
    else:
        what = N_("Record {place} of the page cannot be read: “{begin}”.")
    return Problem(
        where=url,
        what=what,
        remedy=N_("Ask the people who run the portal to look at this address."),
        values={"place": str(place), "begin": begin},
        partial=damage.partial,
    )


def no_record(url: str, place: int, value: object) -> Problem:
    """An entry of the list that is no record."""
    return Problem(
        where=url,
        what=N_("Entry {place} of the page is no record: “{begin}”."),
        values={"place": str(place), "begin": encode(value)[:80]},
    )


def _refuse_if_nothing(document: Document, reading: Reading) -> None:
    if reading.damaged and not reading.fresh:
        raise FeedError(
            document.url,
            N_("No record can be read, because the answer is damaged."),
            N_("Ask the people who run the portal to look at this address."),
        )
    if not reading.has_list:
        raise FeedError(
            document.url,
            N_("This JSON holds no list of records."),
            N_(
                "Write the address of the portal's home page as url:, and remove type: to have it looked for."
            ),
        )


def _lost_page(url: str, begin: str) -> Problem:
    return Problem(
        where=url,
        what=N_("This page of the feed is not JSON; it begins with “{begin}”."),
        values={"begin": " ".join(begin.split())[:40]},
        partial=True,
    )


def _repeated(url: str) -> Problem:
    return Problem(
        where=url,
        what=N_("The page repeats records of earlier pages, so no further page was asked for."),
        remedy=N_("Ask the people who run the portal to look at the paging of their catalogue."),
        partial=True,
    )
