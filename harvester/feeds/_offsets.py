"""Lists that an API gives in pages, by a limit and an offset: shared by Socrata and Opendatasoft.

Pages are followed until the announced number is there, or nothing new comes: portals repeat records
across pages, count wrongly, fail on a page in the middle, and lead round in circles (failures 3, 4, 5).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator

from msgspec import Struct
from msgspec.structs import replace

from harvester.document import Document, Get
from harvester.errors import FeedError, FetchError
from harvester.feeds._json.stream import Damage, Member, NotJson, Path, Record, read
from harvester.feeds._json.values import encode, text_of, texts_of
from harvester.model import N_, Announced, Problem

MOST_PAGES = 20_000
_MOST_MEMBERS = 1_000  # beside the list
_MOST_STEPS_BACK = 20
_MOST_HOLES = 2  # empty pages in a row, before the end that the portal announced
_MOST_FAILURES = 2  # pages in a row that cannot be had


Found = tuple[str, Record | Damage] | Announced | Problem
"""A record with the address of its page, or what there is to tell about the list."""


class Page(Struct):
    """What one document holds: the items of its list, and its other members by their path."""

    url: str
    items: list[Record | Damage]
    members: dict[Path, object]
    has_list: bool
    total: int | None = None  # how many there are in all, as the portal says

    @property
    def complaint(self) -> str | None:
        """The portal's own words for what went wrong, where the document says no more than that."""
        for name in ("message", "error", "errors"):
            if not self.has_list and (texts := texts_of(self.members.get((name,)))):
                return " ".join(texts[0].split())[:200]
        return None


def page_of(
    document: Document,
    lists: Collection[Path],
    is_record: Callable[[object], bool],
    total: str = "",
) -> Page:
    """The page that a document is; `total` names the member that counts. Raises `FeedError` if not JSON."""
    page = Page(document.url, [], {}, has_list=False)
    try:
        with document.open() as stream:
            for part in read(stream, lists, is_record, document.charset):
                if not isinstance(part, Member):
                    page.items.append(part)
                elif len(page.members) < _MOST_MEMBERS:
                    page.has_list = page.has_list or part.path in lists
                    page.members[part.path] = part.value
    except NotJson as error:
        begin = " ".join(str(error).split())[:40]
        raise not_json(document.url, begin) from None
    count = text_of(page.members.get((total,))) or ""
    page.total = int(count) if re.fullmatch(r"[0-9]{1,9}", count) else None
    return page


def not_json(url: str, begin: str) -> FeedError:
    """The error for a document that should be JSON and begins with something else."""
    if not begin:
        return FeedError(url, N_("The answer is empty."))
    if begin.startswith("<"):
        return FeedError(
            url,
            N_("The answer is a web page, where a list of datasets was expected."),
            N_("Open the address in a browser: it may show an error, or the list has moved."),
        )
    return FeedError(url, N_("The answer is not JSON; it begins with “{begin}”."), begin=begin)


class Having:
    """A `Get` that has one document already."""

    def __init__(self, document: Document, url: str, get: Get) -> None:
        self._document, self._url, self._get = document, url, get

    def __call__(self, url: str, /) -> Document:
        return self._document if url == self._url else self._get(url)

    def head(self, url: str, /) -> Document:
        return self._get.head(url)


def damaged(url: str, damage: Damage) -> Problem:
    """The problem for a stretch of a document that cannot be read."""
    return Problem(
        where=url,
        what=N_("A record cannot be read, because it is not valid JSON: “{begin}”."),
        values={"begin": " ".join(damage.raw.split())[:80]},
        partial=damage.partial,
    )


class Seen:
    """Which records a portal has given so far, over all its pages; `name_of` says what tells them apart."""

    def __init__(self, name_of: Callable[[object], tuple[str | None, str | None]]) -> None:
        self.repeats = (
            0  # records that stood right behind themselves: in a stable order, all that are repeated
        )
        self._name_of = name_of
        self._marks: set[int] = set()
        self._last = 0

    def is_news(self, item: Record | Damage) -> bool:
        """Is it another record than all before? It is remembered.

        The same id with the same title is one record, whatever counters differ. The same id with
        another title is passed on, for the harvest to judge.
        """
        if isinstance(item, Damage):
            mark = hash(item.raw)
        else:
            name = self._name_of(item.value)
            try:
                mark = hash(name if name[0] is not None else encode(item.value))
            except RecursionError:
                mark = hash(name)
        is_news = mark not in self._marks
        self.repeats += not is_news and mark == self._last
        self._marks.add(mark)
        self._last = mark
        return is_news


def follow(first: Page, ask: Callable[[int], Page | None], seen: Seen, size: int) -> Iterator[Found]:
    """The new records of all pages, each with the address of its page.

    `ask` gives the page that begins at an offset: None where the portal gives none so far out.
    A page that cannot be had is a `Problem`, and the next one is tried.
    """
    page: Page | None = first
    offsets = _Offsets(size)
    failures = 0
    while True:
        if page is not None:
            failures = 0
            if page.total is not None and page.total != offsets.total:
                yield Announced(page.total)
            fresh = 0
            for item in page.items:
                if seen.is_news(item):
                    fresh += 1
                    yield page.url, item
            offsets.answered(len(page.items), fresh, page.total)
        if offsets.over:
            if seen.repeats and offsets.total:
                yield Announced(offsets.total - seen.repeats)  # it counts what it repeats
            return
        try:
            page = ask(offsets.start)
        except (FetchError, FeedError) as error:
            yield replace(error.problem, partial=True)
            failures += 1
            if failures > _MOST_FAILURES or is_refusal(error):
                return
            page = None
            offsets.failed()
        else:
            if page is None:
                yield Problem(
                    where=first.url,
                    what=N_("The portal gives no more than its first {number} datasets."),
                    values={"number": str(offsets.start)},
                    partial=True,
                )
                return


def is_refusal(error: Exception) -> bool:
    """Does the portal not answer at all, or not want to be asked now? Then other questions will not help."""
    return isinstance(error, FetchError) and error.status in (None, 429, 503)


def is_missing(error: Exception) -> bool:
    """Is there no such thing at an address? Else it is there and in trouble, and another night will do.

    To read the portal in another way meanwhile would change every record, and change it back.
    """
    return not isinstance(error, FetchError) or error.status in _MISSING


_MISSING = frozenset((400, 401, 403, 404, 405, 406, 410, 501))


class _Offsets:
    """`start` of the page to ask for, until `over`."""

    def __init__(self, size: int) -> None:
        self.start = 0
        self.total: int | None = None
        self.over = False
        self._size = size
        self._farthest = 0
        self._pages = 0
        self._steps_back = 0
        self._holes = 0

    def answered(self, received: int, fresh: int, total: int | None) -> None:
        """A page came with `received` records, `fresh` of them new; the portal says it holds `total`."""
        before, self.total = self.total, self.total if total is None else total
        self._pages += 1
        went = before - total if before is not None and total is not None else 0
        if self._pages >= MOST_PAGES:
            self.over = True
        elif went > 0 and self._steps_back < _MOST_STEPS_BACK:
            # records went meanwhile, and what stood behind them moved up before this page
            self._steps_back += 1
            self.start = max(0, self.start - went)
        elif received == 0:
            self._holes += 1
            self.start += self._size
            self.over = self._is_end() or self.total is None or self._holes > _MOST_HOLES
        elif fresh == 0 and self.start >= self._farthest:
            self.over = True  # nothing new: the portal leads round in a circle
        else:
            self._holes = 0
            self.start += received  # not what was asked for: the portal may give fewer
            self._farthest = max(self._farthest, self.start)
            # a full last page may be followed by more than was announced
            self.over = self._is_end() and received < self._size

    def failed(self) -> None:
        """A page could not be had: the next one."""
        self.start += self._size
        self.over = self._is_end()

    def _is_end(self) -> bool:
        return self.total is not None and self.start >= self.total
