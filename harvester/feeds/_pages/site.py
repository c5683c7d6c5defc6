"""One site, asked politely: its robots.txt is obeyed, its sitemaps are read, all within bounds."""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import urljoin, urlsplit

from harvester.document import Document, Get
from harvester.errors import FetchError
from harvester.feeds._pages import hints, robots, sitemap
from harvester.feeds._pages.robots import Robots
from harvester.model import N_, Problem

MOST_SITEMAPS = 50
MOST_ADDRESSES = 50_000
_PORTS = {"http": 80, "https": 443}
_USUAL = ("sitemap.xml", "sitemap_index.xml", "wp-sitemap.xml")
"""Where sitemaps stand that robots.txt does not name: the protocol's own place, and WordPress's two."""


class Site:
    """The site that an address belongs to. `get` is asked through it only for what robots.txt allows."""

    def __init__(self, url: str, get: Get) -> None:
        self.root = urljoin(url, "/")
        self.lost: list[Problem] = []
        """Sitemaps that could not be had."""
        self.answered: list[str] = []
        """Sitemaps that were read, in that order."""
        self._host = _host(url)
        self._get = get
        self._robots: Robots | None = None

    def has(self, url: str) -> bool:
        """Is this an address of the site? With or without `www.`, by http or https."""
        try:
            return _host(url) == self._host
        except ValueError:
            return False

    @property
    def robots(self) -> Robots:
        """The site's robots.txt, asked for once.

        Where there is none everything is allowed; where the server fails nothing is (RFC 9309, 2.3.1.4).
        """
        if self._robots is None:
            try:
                self._robots = robots.parse(
                    self._get(urljoin(self.root, "robots.txt")).head(robots.MOST_BYTES)
                )
            except FetchError as error:
                if error.status is not None and 400 <= error.status < 500 and error.status != 429:
                    self._robots = Robots()
                else:
                    self._robots = Robots(rules=(robots.Rule(False, "/"),))
                    self.lost.append(_unknown_rules(error))
        return self._robots

    def allows(self, url: str) -> bool:
        """May programs ask for this address of the site?"""
        return self.robots.allows(url)

    def get(self, url: str) -> Document:
        """The document at an address. Raises `FetchError`, also where robots.txt forbids it."""
        if not self.allows(url):
            raise FetchError(url, N_("The site's robots.txt does not let programs read this page."))
        return self._get(url)

    def named_sitemaps(self) -> list[str]:
        """The sitemaps that robots.txt names, else the usual places."""
        named = [urljoin(self.root, each) for each in self.robots.sitemaps]
        return [each for each in named if self.has(each)] or [urljoin(self.root, each) for each in _USUAL]

    def pages(self, sitemaps: list[str], most: int = MOST_SITEMAPS) -> Iterator[str]:
        """The pages of the site that these sitemaps list, and those that they refer to in their turn.

        Sitemaps that promise data come first. Of the usual places only the first that answers counts.
        At most `most` sitemaps are asked for.
        """
        usual = sitemaps == [urljoin(self.root, each) for each in _USUAL]
        queue, asked, seen = list(dict.fromkeys(sitemaps)), 0, set(sitemaps)
        while queue and asked < most:
            url = queue.pop(0)
            if not self.allows(url):
                if not self.lost:
                    self.lost.append(_forbidden(url))
                continue
            asked += 1
            try:
                found = sitemap.parse(self.get(url))
            except FetchError as error:
                if not (usual and error.status is not None):
                    self.lost.append(error.problem)
                continue
            if found:
                self.answered.append(url)
            if usual and found:
                usual, queue = False, []
            further = [each for each in found.sitemaps if self.has(each) and each not in seen]
            seen.update(further)
            queue += sorted(further, key=lambda each: -hints.promise_of(each))
            yield from (each for each in found.pages if self.has(each))
        if queue:
            self.lost.append(_too_many(self.root, most))


def _host(url: str) -> tuple[str, int | None]:
    parts = urlsplit(url)
    port = None if parts.port == _PORTS.get(parts.scheme) else parts.port
    return (parts.hostname or "").removeprefix("www."), port


def _unknown_rules(error: FetchError) -> Problem:
    return Problem(
        where=error.problem.where,
        what=N_(
            "The site's rules for programs (robots.txt) cannot be had, so none of its other pages was read."
        ),
        remedy=N_("If this lasts, tell the people who run the site."),
        partial=True,
    )


def _forbidden(url: str) -> Problem:
    return Problem(
        where=url,
        what=N_("The site's robots.txt does not let programs read its sitemap."),
        remedy=N_("Ask the people who run the site to allow it."),
        partial=True,
    )


def _too_many(url: str, most: int) -> Problem:
    return Problem(
        where=url,
        what=N_("The site has more than {limit} sitemaps; only these were read."),
        remedy=N_("Write the address of the sitemap with the data pages as url:."),
        values={"limit": str(most)},
        partial=True,
    )
