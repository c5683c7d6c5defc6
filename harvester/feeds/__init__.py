"""Feeds: what a source answers in, one module each.

**To add a feed type**, put one module into this folder. Its name is the word that people write as
`type:` in sources.yaml; there is no other list to extend. The module holds:

`TITLE: str`
    The platform or format, as a clerk would call it ("CKAN portal").

`ORDER: int`
    How early it is asked where nothing hints at it, the lowest first: platforms that many towns run
    come early, formats that any software may write come late.

`HINTS: tuple[str, ...]`
    What the home page of such a portal gives away: text that stands in its HTML, in lower case, or,
    with a dot in front, the end of its host's name. A hint moves the feed's questions to the front;
    it never decides.

`GIVES_ITSELF_AWAY = True` (only for platforms whose home pages always show one of the hints)
    Nobody asks for it where there is a home page that shows none. So with platforms that one company
    hosts for all its customers.

`PROBES: tuple[str, ...]`
    Where such a feed answers, tried in this order. They are joined to the folder that the address in
    sources.yaml names, then to the host's root. A portal is asked at most a dozen questions for all
    feed types together: two or three good ones are better than ten.

`recognise(document: Document) -> bool`
    Is this document such a feed? Content decides; a media type, a file name or a status 200
    proves nothing. Cheap: it looks at `document.head()` first. Never raises.

`read(source: Source, get: Get) -> Iterator[Item]`
    Every dataset of the source, in the order of the feed. `source.url` is what the clerk wrote or the
    address at which `recognise` said yes, so it may be the portal's home as well as any of the
    `PROBES`. `get(url) -> Document` is its only IO, with `get.head(url)` for a document's size and
    type alone. It yields

    * a `Draft` for each dataset, in the portal's own words: no judging, no cleaning;
    * a `Problem` for each record or page that could not be read, and goes on; with `partial=True`
      where an unknown number of records is lost with it (a page, a broken end);
    * an `Announced` where the portal says how many datasets there are, as early as it is known.

    It raises `FeedError` (or lets `FetchError` pass) only when there is nothing left to read: the
    harvest then fails, or is partial when drafts were yielded before. It ends: pages are followed
    by address and by content, so that a portal that leads round in a circle costs one lap.
    Only `source.url`, `source.path`, `source.settings` and `source.language` are its business.

`find(home: Document, get: Get) -> str | None` (only for feeds that live in web pages)
    Asked last, when no document was recognised: where does the site of this home page hold such a
    feed? The answer is an address for `read`, or None. `get` raises `FetchError` when the portal has
    been asked enough.

`export_of(url: str) -> tuple[str, bool] | None` (only for files that people give by share links)
    The address of the file that such a link stands for, and whether the link can be nothing else; None
    for any other address. It is asked first, since at the link itself there is a program for browsers.

A feed knows its format and its portal's manners. What words *mean* (dates, licences, places) is
the business of `harvester.normalise`, the same for all feeds.
"""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Iterator
from functools import cache
from typing import Protocol, cast

from harvester.document import Document, Get
from harvester.model import Item, Source


class Feed(Protocol):
    """The shape of a feed module; the module's docstring above says what each part means."""

    TITLE: str
    ORDER: int
    HINTS: tuple[str, ...]
    PROBES: tuple[str, ...]

    def recognise(self, document: Document) -> bool:
        """Is this document such a feed?"""

    def read(self, source: Source, get: Get) -> Iterator[Item]:
        """Every dataset of the source."""


def names() -> list[str]:
    """The feed types there are, in alphabetical order: the modules of this folder."""
    return list(_names_in(tuple(__path__)))


@cache
def _names_in(folders: tuple[str, ...]) -> tuple[str, ...]:
    """Looked up once: looking at one portal asks more than a hundred times."""
    return tuple(sorted(m.name for m in pkgutil.iter_modules(folders) if not m.name.startswith("_")))


def load(name: str) -> Feed:
    """The feed of that name. Raises `KeyError` when there is none."""
    if name not in names():
        raise KeyError(name)
    return cast(Feed, importlib.import_module(f"{__name__}.{name}"))


def lives_in_pages(name: str) -> bool:
    """Is it a feed that is read from web pages for people, and so the last one to be thought of?"""
    return name in names() and hasattr(load(name), "find")
