"""One visit to one source: fetch, read its feed, normalise. Network, but no store and no verdict."""

from __future__ import annotations

import hashlib
import sys
import traceback
from collections.abc import Iterable, Iterator
from concurrent.futures import Executor, Future
from dataclasses import dataclass, field
from itertools import islice

import msgspec
from msgspec.structs import replace

from harvester import __version__, feeds
from harvester.changes import Seen, publisher_id
from harvester.detect import detect
from harvester.errors import FeedError, FetchError, HarvesterError
from harvester.model import N_, Announced, Dataset, Draft, Item, Problem, Source
from harvester.normalise import dataset as normalise
from harvester.normalise.fingerprint import fingerprint
from harvester.spool import Spool
from harvester.store import SourceState
from harvester.web.answers import Validators
from harvester.web.fetch import Fetcher, Visit

BATCH = 500
"""Drafts that are normalised in one job."""

LISTED = 100
"""How many of the records left out are listed with their reason; all are counted."""

_GONE = (400, 404, 405, 406, 410)
"""Statuses that say: not here. Others say: not now, or not for you."""

# msgspec looks at a type when it first meets it. Two threads that do so at once have crashed the whole
# program, so the types that visits decode are met here, while there is one thread.
_DRAFTS = msgspec.msgpack.Decoder(list[Draft])
_DATASET = msgspec.json.Decoder(Dataset)
msgspec.convert({}, dict[str, Validators])

Titled = tuple[Seen, str]


@dataclass
class Visited:
    """What a visit brought: records in the spool, and all that is needed to judge them."""

    source: Source
    entry: str  # digest of the source's entry
    spool: Spool
    feed: str | None = None
    feed_url: str | None = None  # where the feed was found, where that is not the source's own address
    site_name: str | None = None  # what the home page calls itself, where it was looked at
    seen: list[Titled] = field(default_factory=list)  # each with its title
    announced: int | None = None
    skipped: int = 0
    left_out: list[Problem] = field(default_factory=list)
    trouble: Problem | None = None
    unchanged: bool = False  # the portal itself says that nothing changed since last time
    validators: dict[str, dict[str, str | None]] = field(default_factory=dict)
    requests: int = 0
    bytes: int = 0

    def leave_out(self, problem: Problem) -> None:
        """Count a record or page that could not be read, and remember the first ones."""
        self.skipped += 1
        if len(self.left_out) < LISTED:
            self.left_out.append(problem)
        if problem.partial and self.trouble is None:
            self.trouble = problem

    def record(self, seen: Seen) -> Dataset:
        """The normalised record behind `seen`."""
        return _DATASET.decode(self.spool.read(seen.place))


def visit(source: Source, state: SourceState, fetcher: Fetcher, executor: Executor | None) -> Visited:
    """Visit one source. Never raises: whatever goes wrong here must not cost the other sources.

    A known trouble ends up in `trouble`. An unknown one does too, as a fault of the program, with
    its traceback on standard error: one bad source never costs the night (DESIGN).
    """
    visited = Visited(source, entry_digest(source), Spool())
    if state.entry != visited.entry:
        state = SourceState()  # another address or another reading: nothing that was remembered holds
    with fetcher.visit(source, msgspec.convert(state.validators, dict[str, Validators])) as web:
        try:
            visited.feed, visited.feed_url = _remembered(source, state)
            visited.unchanged = web.unchanged()
            if not visited.unchanged:
                _read(visited, web, executor)
        except HarvesterError as error:
            visited.trouble = error.problem
        except Exception as error:  # a bug, told loudly; see the docstring
            traceback.print_exc(file=sys.stderr)
            visited.trouble = Problem(
                where=source.id,
                what=N_("The program failed on this source ({error})."),
                remedy=N_("This is a fault of the program: please report it with this line."),
                values={"error": f"{type(error).__name__}: {error}"[:200]},
            )
        visited.requests, visited.bytes = web.requests, web.bytes
        visited.validators = msgspec.to_builtins(web.validators)
    return visited


def _remembered(source: Source, state: SourceState) -> tuple[str | None, str | None]:
    """The feed type that the clerk wrote, else the one that was recognised last time, and where."""
    return (source.type, None) if source.type else (state.feed, state.feed_url)


def _read(visited: Visited, web: Visit, executor: Executor | None) -> None:
    """Read the feed that is known, or that is found by looking."""
    if visited.feed is None:
        _look(visited, web)
    try:
        _read_feed(visited, web, executor)
    except HarvesterError as error:
        if not _has_moved(visited, error):
            raise
        before = visited.feed, visited.feed_url
        try:
            _look_again(visited, web, error)
            _read_feed(visited, web, executor)
        except HarvesterError:
            if visited.seen:
                raise  # it has moved, and what was read there counts
        if not visited.seen:
            visited.feed, visited.feed_url = before
            visited.skipped, visited.announced = 0, None
            visited.left_out.clear()
            raise error from None


def _look(visited: Visited, web: Visit) -> None:
    found = detect(visited.source, web)
    visited.feed, visited.site_name = found.feed, found.site_name
    visited.feed_url = found.url if found.url != visited.source.url else None
    web.validators.clear()  # of the feed's documents those matter, not of what was probed


def _has_moved(visited: Visited, error: HarvesterError) -> bool:
    """Is a feed that was found by looking no longer where it was, while the portal is alive?"""
    if visited.source.type or visited.source.path is not None or visited.seen or visited.left_out:
        return False
    return isinstance(error, FeedError) or (isinstance(error, FetchError) and error.status in _GONE)


def _look_again(visited: Visited, web: Visit, error: HarvesterError) -> None:
    """Look for the feed anew. Raises the first trouble where nothing better is found.

    A web page that merely links files is no successor of a catalogue: a portal that is down for a
    night often shows a page of the town instead.
    """
    before = visited.feed, visited.feed_url
    _look(visited, web)
    if (visited.feed, visited.feed_url) == before or feeds.lives_in_pages(visited.feed or ""):
        raise error


def _read_feed(visited: Visited, web: Visit, executor: Executor | None) -> None:
    assert visited.feed is not None, "looking finds one or raises"
    place = replace(visited.source, url=visited.feed_url or visited.source.url)
    items = feeds.load(visited.feed).read(place, web)
    for item in _normalised(items, visited.source, executor):
        _take(visited, item)


def entry_digest(source: Source) -> str:
    """Changes when the source's entry in sources.yaml does, or the program that reads it."""
    return hashlib.sha256(msgspec.json.encode((__version__, source), enc_hook=str)).hexdigest()


Normalised = tuple[str, str, str, bytes] | Problem
"""Key, fingerprint, title and JSON of a dataset; or why the draft gave none."""


def normalise_batch(source: Source, drafts: bytes) -> list[Normalised]:
    """Normalise drafts, given as MessagePack so that they travel between processes."""
    results: list[Normalised] = []
    for draft in _DRAFTS.decode(drafts):
        dataset = normalise(draft, source)
        if isinstance(dataset, Problem):
            results.append(dataset)
        else:
            title = next(iter(dataset.title.values()))
            named = publisher_id(next(iter(dataset.publisher.name.values()), source.name), source.id)
            dataset = replace(dataset, publisher=replace(dataset.publisher, id=named))
            results.append((dataset.key, fingerprint(dataset), title, msgspec.json.encode(dataset)))
    return results


def _normalised(
    items: Iterator[Item], source: Source, executor: Executor | None
) -> Iterator[Normalised | Announced]:
    """Drafts become datasets in batches, by the executor's processes where a feed is long."""
    waiting: list[Future[list[Normalised]]] = []
    try:
        while batch := list(islice(items, BATCH)):
            drafts = [item for item in batch if isinstance(item, Draft)]
            yield from (item for item in batch if not isinstance(item, Draft))
            packed = msgspec.msgpack.encode(drafts)
            if executor is None or len(batch) < BATCH:
                yield from _results(waiting)
                yield from normalise_batch(source, packed)
            else:
                waiting.append(executor.submit(normalise_batch, source, packed))
                if len(waiting) > 4:  # enough to keep the processes busy, not the memory
                    yield from waiting.pop(0).result()
    except HarvesterError:
        yield from _results(waiting)  # what was read before the trouble counts
        raise
    yield from _results(waiting)


def _results(waiting: list[Future[list[Normalised]]]) -> Iterable[Normalised]:
    while waiting:
        yield from waiting.pop(0).result()


def _take(visited: Visited, item: Normalised | Announced) -> None:
    if isinstance(item, Announced):
        visited.announced = item.total
    elif isinstance(item, Problem):
        visited.leave_out(item)
    else:
        key, print_, title, record = item
        visited.seen.append((Seen(key, print_, visited.spool.append(record)), title))
