"""Web sites whose pages describe datasets in schema.org's words, as search engines ask for.

The pages are found as a search engine finds them: through robots.txt, which is obeyed, and the
sitemaps; where there are none, through the links of the page that the source names. They are asked
one after the other, those first whose address promises data, and within bounds: a part of the site
in which 50 pages say nothing of datasets is left alone.

Vocabulary: https://schema.org/Dataset. A dataset that several pages describe, by one `@id`, is one.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from msgspec.structs import replace

from harvester.document import Document, Get
from harvester.errors import FeedError, FetchError
from harvester.feeds import web_page
from harvester.feeds._pages import hints, html, sitemap
from harvester.feeds._pages.site import Site
from harvester.feeds._schema_org import extract
from harvester.feeds._schema_org.merge import Merged
from harvester.feeds._schema_org.page import Page, of_html, of_rdf
from harvester.model import N_, Draft, DraftAgent, Item, Problem, Source

TITLE = "Web pages with schema.org datasets"
ORDER = 92
HINTS = ("schema.org/dataset", "schema.org/datacatalog", '"datacatalog"')
PROBES = ("",)

MOST_PAGES = 2_000
"""Of one site that are read; `settings: {pages: 5000}` says otherwise."""

MOST_MISSES = 50
"""Pages of one part of a site without any dataset, after which the part is left alone."""

MOST_FAILURES = 10
"""Pages that cannot be had, one after the other, after which no more are asked for."""

FIND_REQUESTS = 6
_LOOK = 2_000_000  # bytes; site builders put their JSON-LD at the end of long pages
_NO_PAGES = (
    ".csv", ".doc", ".docx", ".gif", ".gz", ".ics", ".jpeg", ".jpg", ".json", ".mp3", ".mp4", ".ods", ".pdf",
    ".png", ".ppt", ".pptx", ".svg", ".tif", ".txt", ".webp", ".xls", ".xlsx", ".xml", ".zip",
)  # fmt: skip


def recognise(document: Document) -> bool:
    """A web page with a dataset, or a catalogue of datasets, in JSON-LD, microdata or RDFa."""
    return html.is_page(document) and extract.speaks(html.text(document, _LOOK))


# ------------------------------------------------------------------------------ reading


def read(source: Source, get: Get) -> Iterator[Item]:
    """Every dataset that the pages of the site describe."""
    start = get(source.url)
    crawl = _Crawl(source, Site(start.url, get), start.url)
    if html.is_page(start):
        crawl.take(start)
        if source.path is None:
            crawl.follow(start)
    elif sitemap.is_sitemap(start) or _names_sitemaps(start):
        crawl.follow(start)
    else:
        crawl.add(of_rdf(start, source.language), start.url)
    yield from crawl.result()


def _names_sitemaps(document: Document) -> bool:
    return urlsplit(document.url).path == "/robots.txt"


@dataclass
class _Crawl:
    """What was found on a site so far."""

    source: Source
    site: Site
    start: str
    found: Merged = field(default_factory=Merged)
    agents: dict[str, DraftAgent] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    forbidden: int = 0  # pages that robots.txt keeps from programs
    visited: set[str] = field(default_factory=set)
    pages: int = 0
    ahead: list[str] = field(default_factory=list)  # pages that other pages say are a dataset's

    def take(self, document: Document) -> bool:
        """Read a page; True when it describes a dataset."""
        self.visited.update((_plain(document.url),))
        source = html.text(document)
        if not extract.speaks(source):
            return False
        return self.add(of_html(source, document.url, self.source.language), document.url)

    def add(self, page: Page, url: str) -> bool:
        """Remember what the page at `url` says."""
        for draft in page.drafts:
            if not self.found.add(draft):
                self.problems.append(_again(draft, url))
        self.agents |= {iri: body for iri, body in page.agents.items() if iri not in self.agents}
        self.problems += page.problems
        self.ahead += [each for each in page.mentioned if self.site.has(each)]
        return bool(page.drafts)

    def follow(self, start: Document) -> None:
        """Read the pages that the site lists, those first whose addresses promise data."""
        misses: dict[str, int] = {}  # part of the site → pages without a dataset; -1 once it had one
        failures = 0
        most = _most_pages(self.source)
        for url in self._addresses(start):
            part = _part(url)
            if misses.get(part, 0) >= MOST_MISSES:
                continue
            if self.pages >= most:
                self.problems.append(_too_many(self.start, most))
                return
            self.pages += 1
            try:
                document = self.site.get(url)
            except FetchError as error:
                if error.status not in (404, 410):  # sitemaps name pages that are gone
                    failures += 1
                    self.problems.append(replace(error.problem, partial=True))
                    if failures >= MOST_FAILURES:
                        return
                continue
            failures = 0
            if html.is_page(document) and self.take(document):
                misses[part] = -1
            elif misses.get(part, 0) >= 0:
                misses[part] = misses.get(part, 0) + 1

    def _addresses(self, start: Document) -> Iterator[str]:
        """Pages to read, each once: those that other pages mention before those that are listed."""
        listed = iter(self._listed(start))
        while True:
            url = self.ahead.pop(0) if self.ahead else next(listed, None)
            if url is None:
                return
            if _plain(url) in self.visited or not _may_be_page(url):
                continue
            self.visited.add(_plain(url))
            if self.site.allows(url):
                yield url
            else:
                self.forbidden += 1

    def _listed(self, start: Document) -> list[str]:
        is_page = html.is_page(start)
        if not is_page:
            given = sitemap.parse(start) if sitemap.is_sitemap(start) else sitemap.Sitemap()
            sitemaps = list(given.sitemaps) if given else self.site.named_sitemaps()
            own = [each for each in given.pages if self.site.has(each)]
            return _promising([*own, *(self.site.pages(sitemaps) if sitemaps else ())])
        scope = _scope(self.start) if len(self.found) or self.ahead else ""
        pages = [each for each in self.site.pages(self.site.named_sitemaps()) if _within(each, scope)]
        if not pages:
            tree = html.parse(html.text(start))
            linked = html.links(tree, start.url) if tree is not None else ()
            pages = [
                url
                for url, said in linked
                if self.site.has(url) and (_within(url, scope) if scope else hints.promise(said) >= 2)
            ]
        return _promising(pages)

    def result(self) -> Iterator[Item]:
        """The datasets, then what could not be read. Raises `FeedError` when there is nothing."""
        drafts = self.found.drafts()
        problems = [*self.problems, *self.site.lost]
        if not drafts:
            raise _nothing(self, problems)
        yield from (self._named(draft) for draft in drafts)
        yield from _once(problems)

    def _named(self, draft: Draft) -> Draft:
        """The draft with its publisher as another page describes it, where its own only names it."""
        body = draft.publisher
        if body is not None and not body.name and (known := self.agents.get(body.url or "")) is not None:
            return replace(draft, publisher=known)
        return draft


def _again(draft: Draft, url: str) -> Problem:
    return Problem(
        where=url,
        what=N_("This page describes “{title}” again, under the same identifier as a page before it."),
        remedy=N_("They are shown as one dataset. If they are several, give each an @id of its own."),
        values={"title": next(iter(draft.title.values()), draft.key or "")[:100]},
    )


def _once(problems: list[Problem]) -> Iterator[Problem]:
    told: set[str] = set()
    for problem in problems:
        if str(problem) not in told:
            told.add(str(problem))
            yield problem


def _most_pages(source: Source) -> int:
    stated = source.settings.get("pages")
    return stated if isinstance(stated, int) and not isinstance(stated, bool) and stated > 0 else MOST_PAGES


def _scope(url: str) -> str:
    """The part of the site that a page speaks for: its folder; "" is all of it."""
    path = urlsplit(url).path
    if "." in path.rpartition("/")[2]:
        path = path.rpartition("/")[0]
    return path.rstrip("/")


def _within(url: str, scope: str) -> bool:
    path = urlsplit(url).path
    return not scope or path == scope or path.startswith(scope + "/")


def _part(url: str) -> str:
    """The part of a site that a page belongs to: the first folder of its path."""
    first, _, rest = urlsplit(url).path.strip("/").partition("/")
    return first if rest else ""


def _promising(urls: list[str]) -> list[str]:
    return sorted(dict.fromkeys(urls), key=lambda url: -hints.promise_of(url))


def _may_be_page(url: str) -> bool:
    return not urlsplit(url).path.lower().endswith(_NO_PAGES)


def _plain(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.path.rstrip('/')}?{parts.query}"


# ------------------------------------------------------------------------------ finding


def find(home: Document, get: Get) -> str | None:
    """The sitemap of a site with datasets in its pages, or the one page that has them."""
    if recognise(home):
        return home.url
    if not html.is_page(home):
        return None
    looking = _Looking(get)
    site = Site(home.url, looking)
    try:
        return _found(home, site)
    except _AskedEnoughError:
        return None


def _found(home: Document, site: Site) -> str | None:
    """One look at the page that the site calls its open data, then at the likeliest of its sitemap."""
    tree = html.parse(html.text(home))
    linked = html.links(tree, home.url) if tree is not None else ()
    promises = {url: max(hints.promise(said), hints.promise_of(url)) for url, said in linked if site.has(url)}
    links = sorted((url for url in promises if promises[url] > 1), key=lambda url: -promises[url])
    seen = {_plain(home.url)}
    for url in links[:1]:
        if (page := _page(url, site, seen)) is not None:
            if recognise(page):
                return page.url
            if web_page.recognise(page):
                return None  # it lists files: nothing better is to be expected
    sitemaps = site.named_sitemaps()
    listed = list(site.pages(sitemaps[:2], most=2))
    for url in (*_deep(listed), *links[1:], *_promising(listed)):
        if (page := _page(url, site, seen)) is not None and recognise(page):
            return site.answered[0] if url in listed else page.url
    return None


def _page(url: str, site: Site, seen: set[str]) -> Document | None:
    """The page at an address, unless it was looked at before or is not to be had."""
    if _plain(url) in seen or not _may_be_page(url):
        return None
    seen.add(_plain(url))
    try:
        return site.get(url)
    except FetchError:
        return None


class _AskedEnoughError(Exception):
    """The site was asked as often as is polite."""


class _Looking:
    """A `Get` that ends after a few requests."""

    def __init__(self, get: Get) -> None:
        self._get = get
        self._left = FIND_REQUESTS

    def __call__(self, url: str, /) -> Document:
        if not self._left:
            raise _AskedEnoughError
        self._left -= 1
        return self._get(url)

    def head(self, url: str, /) -> Document:
        """As `Get.head`; counts as a request."""
        self._left -= 1
        return self._get.head(url)


def _deep(listed: list[str]) -> list[str]:
    """Of each part of the site that promises data the page that lies deepest: a dataset's own, likely."""
    parts: dict[str, str] = {}
    for url in _promising(listed):
        if hints.promise_of(url) > 1 and _may_be_page(url):
            known = parts.setdefault(_part(url), url)
            if _depth(url) > _depth(known):
                parts[_part(url)] = url
    return list(parts.values())


def _depth(url: str) -> int:
    return urlsplit(url).path.strip("/").count("/")


# ------------------------------------------------------------------------------ trouble


def _nothing(crawl: _Crawl, problems: list[Problem]) -> FeedError:
    if problems:
        first = problems[0]
        return FeedError(first.where, first.what, first.remedy, **first.values)
    if crawl.forbidden > crawl.pages:
        return FeedError(
            crawl.start,
            N_("The site's robots.txt keeps {count} pages from programs, and no other describes a dataset."),
            N_(
                "Ask the people who run the site to allow them, or write the address of a page with datasets."
            ),
            count=crawl.forbidden,
        )
    return FeedError(
        crawl.start,
        N_("No page of the site describes a dataset in schema.org's words ({count} pages were read)."),
        N_("Write the address of a page that does, or of the sitemap that lists such pages, as url:."),
        count=crawl.pages + 1,
    )


def _too_many(url: str, most: int) -> Problem:
    return Problem(
        where=url,
        what=N_("The site has more than {limit} pages; only the likeliest were read."),
        remedy=N_("Write the sitemap of the data pages as url:, or a higher number under settings: pages:."),
        values={"limit": str(most)},
        partial=True,
    )
