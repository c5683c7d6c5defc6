"""What is behind an address: the feed type that recognises what it answers, and where.

A clerk knows the address of her town's portal and nothing else. The home page is fetched once; what
it shows (a platform's marks, links to machine-readable documents) puts the questions into an order,
and what the answers *contain* decides. A portal is asked at most `MOST_REQUESTS` times.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import zip_longest
from typing import NamedTuple
from urllib.parse import urljoin, urlsplit

from harvester import feeds
from harvester.document import Document, Get
from harvester.errors import FeedError, FetchError
from harvester.feeds._pages import html
from harvester.feeds._probes import addresses
from harvester.home_page import inventories, links_of, machine_readable, site_name
from harvester.model import N_, Source

MOST_REQUESTS = 12
"""Politeness: after so many questions a portal is left alone (issue 3; REPORT, section 3)."""

_FOR_PAGES = 6  # requests that are kept for feeds that live in the pages of the site
_BEFORE_INVENTORIES = 3  # general questions that come before a spreadsheet that the home page links
_LOOK = 1 << 18  # bytes of the home page in which hints are looked for


class Found(NamedTuple):
    """The feed type that was recognised, the address at which it answers, and whose portal it is."""

    feed: str
    url: str
    site_name: str | None = None  # as the home page calls itself


def detect(source: Source, get: Get) -> Found:
    """The feed that the source answers in, and where.

    Raises `FeedError`, which says what was tried, when nothing is recognised, and `FetchError` when
    the portal does not answer at all.
    """
    asked = _Asked(get)
    if (found := _shared(source.url, asked)) is not None:
        return found
    home = _home(source, asked)
    if home is not None and not html.is_page(home):
        if (feed := _recognised(home)) is not None:
            return Found(feed, source.url)
        home = None
    promising, general = _questions(home.url if home is not None else source.url, home)
    found = _among(promising, asked)
    if found is None and asked.trouble is not None:
        raise asked.trouble  # where a feed was to be expected: not tonight, and no reason to ask elsewhere
    found = found or _among(general, asked, keep=_FOR_PAGES if home is not None else 0)
    if found is None and home is not None:
        found = _in_pages(home, asked, source.url)
    found = found or _among(general, asked)
    if found is not None:
        return found._replace(site_name=site_name(home) if home is not None else None)
    raise FeedError(
        source.url,
        N_("No catalogue of datasets was recognised here. Asked were: {asked}."),
        N_(
            "If the portal has one, write its own address as url:. Else fill in a spreadsheet, one row a "
            "dataset (“harvester template” makes an empty one), put it on the web site and write its address."
        ),
        asked=", ".join(_told(url, source.url) for url in asked.urls),
    )


class _Asked:
    """A `Get` that counts: it gives each document once, and refuses when the portal was asked enough."""

    def __init__(self, get: Get) -> None:
        self._get = get
        self.left = MOST_REQUESTS
        self.trouble: FetchError | None = None  # the first address at which the portal was in trouble
        self.urls: dict[str, Document | FetchError] = {}

    def __call__(self, url: str) -> Document:
        if url not in self.urls:
            self._count()
            try:
                self.urls[url] = self._get(url)
            except FetchError as error:
                self.urls[url] = error
        answer = self.urls[url]
        if isinstance(answer, FetchError):
            raise answer
        if answer.url != url:
            self.left = max(self.left - 1, 0)  # it was led on: a request more
        return answer

    def head(self, url: str) -> Document:
        self._count()
        return self._get.head(url)

    def unless_missing(self, url: str) -> Document | None:
        """The document; None where there is none, which is the normal answer to a question."""
        try:
            return self(url)
        except FetchError as error:
            if error.status is not None and (error.status >= 500 or error.status == 429):
                self.trouble = self.trouble or error
            return None

    def _count(self) -> None:
        if self.left <= 0:
            raise FetchError(
                "", N_("The portal has been asked {most} times, which is enough."), most=MOST_REQUESTS
            )
        self.left -= 1


def _shared(url: str, asked: _Asked) -> Found | None:
    """The feed behind a share link; None where the address is none, or may be another thing too."""
    for name in _in_order():
        export_of = getattr(feeds.load(name), "export_of", None)
        if export_of is None or (given := export_of(url)) is None:
            continue
        export, certain = given
        found = _among(iter((export,)), asked)
        if found is not None and found.feed != name:
            return found
        if found is not None or certain:
            return Found(name, url)  # where the file is not open to all, `read` says what to do
    return None


def _home(source: Source, asked: _Asked) -> Document | None:
    """The page at the address itself; None where there is none, but the portal is alive."""
    try:
        return asked(source.url)
    except FetchError as error:
        if error.status is None or error.status >= 500 or source.path is not None:
            raise
        return None


def _recognised(document: Document, *, in_page: bool = False) -> str | None:
    """The first feed type, by `ORDER`, that recognises a document. Web pages themselves come last of all."""
    return next(
        (
            name
            for name in _in_order()
            if feeds.lives_in_pages(name) == in_page and feeds.load(name).recognise(document)
        ),
        None,
    )


def _in_pages(home: Document, asked: _Asked, url: str) -> Found | None:
    """A feed that lives in web pages: this one, or one of its site."""
    if (feed := _recognised(home, in_page=True)) is not None:
        return Found(feed, url)
    for name in _in_order():
        find = getattr(feeds.load(name), "find", None)
        if find is not None and (address := find(home, asked)) is not None:
            return Found(name, address)
    return None


# ------------------------------------------------------------------------------ what to ask


def _among(questions: Iterator[str], asked: _Asked, keep: int = 0) -> Found | None:
    """The first question whose answer is recognised; stops when only `keep` requests are left."""
    while asked.left > keep and (url := next(questions, None)) is not None:
        answer = asked.unless_missing(url)
        if answer is not None and (feed := _recognised(answer)) is not None:
            return Found(feed, url)
    return None


def _questions(url: str, home: Document | None) -> tuple[Iterator[str], Iterator[str]]:
    """Addresses to ask: those that the home page makes promising, and those that any portal is asked.

    A platform that the home page hints at comes first, then what the page links to, then other hints.
    In general every feed type has its first question before any has its second; platforms that
    always give themselves away on their home page are left out where there is one and they did not.
    """
    links = links_of(home) if home is not None else []
    hinted = [name for name in _in_order() if home is not None and _hints_at(name, home)]
    promising = dict.fromkeys(
        (
            *_by_turns([_probes(name, url) for name in hinted if _is_platform(name)]),
            *machine_readable(links),
            *_by_turns([_probes(name, url) for name in hinted if not _is_platform(name)]),
        )
    )
    others = _by_turns(
        [
            _probes(name, url)
            for name in _in_order()
            if name not in hinted and not (home is not None and _gives_itself_away(name))
        ]
    )
    general = (*others[:_BEFORE_INVENTORIES], *inventories(links), *others[_BEFORE_INVENTORIES:])
    return iter(promising), (each for each in dict.fromkeys(general) if each not in promising)


def _in_order() -> list[str]:
    return sorted(feeds.names(), key=lambda name: (feeds.load(name).ORDER, name))


def _is_platform(name: str) -> bool:
    """Is it a platform's own interface, which tells more than the formats that it exports too?"""
    return feeds.load(name).ORDER < feeds.load("dcat_us").ORDER


def _gives_itself_away(name: str) -> bool:
    return getattr(feeds.load(name), "GIVES_ITSELF_AWAY", False)


def _hints_at(name: str, home: Document) -> bool:
    """Does the home page show a mark of this platform?"""
    text = home.head(_LOOK).decode("utf-8", "replace").lower()
    host = urlsplit(home.url).hostname or ""
    return any(
        host.endswith(hint) if hint.startswith(".") else hint in text for hint in feeds.load(name).HINTS
    )


def _probes(name: str, url: str) -> list[str]:
    return list(addresses(url, feeds.load(name).PROBES))


def _by_turns(groups: list[list[str]]) -> list[str]:
    return [url for turn in zip_longest(*groups) for url in turn if url is not None]


def _told(url: str, home: str) -> str:
    """An address as briefly as it can be told: without the host, where that is the portal's own."""
    root = urljoin(home, "/")
    return url.removeprefix(root.rstrip("/")) if url.startswith(root) else url
