"""CSW: the catalogue service of the OGC, as GeoNetwork, pycsw, deegree and Esri's Geoportal Server offer it.

Versions 2.0.2 (OGC 07-006r1) and 3.0 (OGC 12-176r7), by GET alone. ISO records are asked for first, since
they say most; a service that offers none gives DCAT or Dublin Core.

What a service says about its pages (`nextRecord`, `numberOfRecordsReturned`) is often wrong. So pages
are followed by position and by content: by what was really on them, and as long as they bring records
that no earlier page had.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from urllib.parse import quote, urljoin

from msgspec.structs import replace

from harvester.document import Document, Get
from harvester.errors import FeedError, FetchError
from harvester.feeds._csw_service import PAGE, Service
from harvester.feeds._iso import rdf_records
from harvester.feeds._iso.records import Others, draft_of, mark_of, records_in, refused
from harvester.feeds._iso.terms import plain
from harvester.feeds._iso.tree import Element, Tree, parse_text
from harvester.feeds._pages import html
from harvester.feeds._rdf import encoding
from harvester.home_page import links_of
from harvester.model import N_, Announced, Draft, Item, Note, Problem, Source

TITLE = "Catalogue service (CSW), GeoNetwork, pycsw"
ORDER = 72
HINTS = ("geonetwork", "catalog.search#", "service=csw", "/csw", "pycsw", "geoportal", "geonode")
_ASK = "service=CSW&version=2.0.2&request=GetCapabilities"
PROBES = (
    f"csw?{_ASK}",
    f"geonetwork/srv/eng/csw?{_ASK}",
    f"srv/eng/csw?{_ASK}",
)
_OF_GEONODE = f"catalogue/csw?{_ASK}"

_MOST_PAGES = 10_000
_MOST_FAILURES = 3  # pages in a row that fail, before a service is left alone
_MOST_TOLD = 4  # services that a home page links to and that are asked
_MOST_IDLE = 10  # pages in a row without anything new; pages that overlap do not repeat for so long
_HEAD = 65_536

_ANSWERS = {
    "Capabilities": "http://www.opengis.net/cat/csw",
    "GetRecordsResponse": "http://www.opengis.net/cat/csw",
    "GetRecordByIdResponse": "http://www.opengis.net/cat/csw",
}
_ROOT = re.compile(r"<(?![?!])(?:(?P<prefix>[\w.-]+):)?(?P<name>[A-Za-z]\w*)(?P<rest>[^>]*)>")


def recognise(document: Document) -> bool:
    """The capabilities of a catalogue service, or a page of its records."""
    text = encoding.text(document.head(_HEAD), document.charset)
    root = _ROOT.search(text)
    if root is None or root["name"] not in _ANSWERS:
        return False
    return _ANSWERS[root["name"]] in root["rest"]


def read(source: Source, get: Get) -> Iterator[Item]:
    """Every dataset of the service; of a file that holds one answer, the datasets in it."""
    document, tree = _find(source, get)
    root = tree.root
    assert root is not None
    if root.name == "Capabilities":
        yield from _all(Service.of(root, document.url), source, get, None)
    elif source.path is not None or not (service := Service.of_answer(document.url, root)):
        yield from _one(document, source)
    else:
        yield from _all(service, source, get, document)


# ------------------------------------------------------------------------------ finding it


def _find(source: Source, get: Get) -> tuple[Document, Tree]:
    """The capabilities or records at the address, or where such services stand on a portal.

    Raises `FeedError` when there is no such service, `FetchError` when nothing answers at all.
    """
    trouble: FetchError | FeedError | None = None
    waiting = [source.url, *([] if source.path is not None else _usual(source.url))]
    asked: set[str] = set()
    while waiting:
        url = waiting.pop(0)
        if url in asked:
            continue
        asked.add(url)
        try:
            document = get(url)
        except FetchError as error:
            if url == source.url and error.status in _DOWN:
                raise
            trouble = trouble or error
            continue
        if recognise(document):
            tree = parse_text(encoding.whole(document))
            if tree.root is not None:
                return document, tree
        if not isinstance(trouble, FeedError):
            trouble = _no_service(document)
        if url == source.url and source.path is None:
            waiting = [*_told(document), *waiting]
    assert trouble is not None
    raise trouble


def _usual(url: str) -> list[str]:
    """Where such a service stands on a portal."""
    without = url.partition("#")[0].partition("?")[0]
    folder = without if without.endswith("/") else f"{without}/"
    own = [f"{without}?{_ASK}"] if _IS_CSW.search(without) else []
    return own + [
        urljoin(base, each) for base in (folder, urljoin(without, "/")) for each in (*PROBES, _OF_GEONODE)
    ]


_IS_CSW = re.compile(r"/csw[^/]*/?$", re.IGNORECASE)
_OF_GEONETWORK = re.compile(r"https?://[^?#]*/srv/[a-z]{3}(?=/|$)")


def _told(page: Document) -> list[str]:
    """Where a page for people says that the service is: by its links, or by GeoNetwork's own address."""
    if not html.is_page(page):
        return []
    found: list[str] = []
    for url in (page.url, *(each.url for each in links_of(page))):
        path = url.partition("?")[0]
        if "service=csw" in url.lower() or _IS_CSW.search(path):
            found.append(url if "getcapabilities" in url.lower() else f"{path}?{_ASK}")
        elif geonetwork := _OF_GEONETWORK.match(url):
            found.append(f"{geonetwork[0]}/csw?{_ASK}")
    return list(dict.fromkeys(found))[:_MOST_TOLD]


def _no_service(document: Document) -> FeedError:
    said = _exception(parse_text(encoding.text(document.head(_HEAD), document.charset)).root)
    if said:
        return FeedError(document.url, N_("The catalogue service answers with an error: {said}."), said=said)
    return FeedError(
        document.url,
        N_("There is no catalogue service (CSW) at this address."),
        N_("Write the address of the service itself as url:; it often ends with “csw”."),
    )


def _exception(root: Element | None) -> str:
    """What an OGC error report says; "" when it is none."""
    if root is None or root.name not in ("ExceptionReport", "ServiceExceptionReport"):
        return ""
    texts = [each.text for each in root.below("ExceptionText", "ServiceException") if each.text]
    codes = [each.attributes.get("exceptionCode", "") for each in root.below("Exception")]
    return " ".join(" ".join([*texts, *codes]).split())[:200] or "?"


# ------------------------------------------------------------------------------ pages


@dataclass
class _Page:
    """What one answer holds."""

    url: str
    tree: Tree
    text: str
    matched: int | None = None
    following: int | None = None
    records: list[Element] = field(default_factory=list)

    @classmethod
    def of(cls, document: Document) -> _Page:
        """Read an answer. Raises `FeedError` when it is none of a catalogue service."""
        text = encoding.whole(document)
        tree = parse_text(text)
        root = tree.root
        if root is None or root.name not in ("GetRecordsResponse", "GetRecordByIdResponse"):
            raise _no_service(document)
        page = cls(document.url, tree, text)
        results = next(iter(root.below("SearchResults")), None)
        if results is not None:
            page.matched = _count(results.attributes.get("numberOfRecordsMatched"))
            page.following = _count(results.attributes.get("nextRecord"))
        page.records = list(records_in(root))
        return page

    def drafts(self, endpoint: str, language: str | None, known: _Known) -> Iterator[Draft | Problem]:
        """The datasets on the page that no earlier page had; without those whose end is missing."""
        mended = [Note(code="feed-repaired", field="")] if self.tree.mended else []
        for item in self._new(endpoint, language, known):
            if mended and isinstance(item, Draft):
                item = replace(item, notes=(*item.notes, mended.pop()))
            yield item
        if self.tree.refused:
            yield refused(self.url, self.tree)
        if self.tree.cut:
            yield _cut(self.url)

    def _new(self, endpoint: str, language: str | None, known: _Known) -> Iterator[Draft | Problem]:
        for element in self.whole():
            if known.is_new(mark_of(element)) and not known.others.take(element):
                yield draft_of(element, _page_of(endpoint, element))
        for item in rdf_records.drafts_of(self.text, self.url, language) if not self.records else ():
            if not isinstance(item, Draft) or known.is_new((item.key, *item.title.values())):
                yield item

    def whole(self) -> list[Element]:
        """The records whose end is there."""
        return [each for each in self.records if each.whole]

    @property
    def holds_records(self) -> bool:
        """Is there any record, in whatever schema?"""
        return bool(self.records) or rdf_records.holds_any(self.text)

    def step(self, start: int, fresh: int) -> int:
        """How far the next page is from this one, which began at `start`; 0 where there is none."""
        if self.tree.cut:
            return len(self.whole()) or 1  # past the record that broke off
        if self.following and self.following > start:
            return self.following - start
        if self.following is None and self.matched is None:
            return 0
        return len(self.records) or fresh


def _count(text: str | None) -> int | None:
    return int(text) if text is not None and text.isdecimal() and len(text) < 10 else None


_GEONETWORK = re.compile(r"(.*/srv/[a-z]{3})/csw[^/]*$")


def _page_of(endpoint: str, record: Element) -> str | None:
    """Where GeoNetwork shows a record to people."""
    found = _GEONETWORK.match(endpoint.partition("?")[0])
    key = plain(record.first("fileIdentifier")) or plain(record.first("metadataIdentifier", "*", "code"))
    key = key or plain(record.first("identifier"))
    return f"{found[1]}/catalog.search#/metadata/{quote(key, safe='')}" if found and key else None


class _Known:
    """The records of the pages so far."""

    def __init__(self) -> None:
        self.others = Others()
        self.fresh = 0  # on this page
        self._earlier: set[object] = set()
        self._here: set[object] = set()
        self._all: set[object] = set()  # on this page, known or not
        self._first: frozenset[object] = frozenset()

    def is_new(self, mark: object) -> bool:
        """Was this record on no earlier page?"""
        self._all.add(mark)
        if mark in self._earlier:
            return False
        self._here.add(mark)
        self.fresh += 1
        return True

    def turn_the_page(self) -> None:
        """What was on this page is on an earlier one from now on."""
        self._first = self._first or frozenset(self._here)
        self._earlier |= self._here
        self._here, self._all = set(), set()
        self.fresh = 0

    @property
    def is_first_again(self) -> bool:
        """Is this page, which is a later one, the first page once more?"""
        return bool(self._first) and self._all == self._first


def _one(document: Document, source: Source) -> Iterator[Item]:
    """The datasets of a single answer."""
    page, known = _Page.of(document), _Known()
    yield from page.drafts("", source.language, known)
    if known.others.count:
        yield known.others.problem(page.url)


def _all(service: Service, source: Source, get: Get, document: Document | None) -> Iterator[Item]:
    """The datasets of all pages, in the first schema that gives any."""
    trouble: FetchError | FeedError | None = None
    for schema in service.schemas:
        try:
            first = _Page.of(document or get(service.page(schema, 1)))
        except (FetchError, FeedError) as error:
            if isinstance(error, FetchError) and error.status not in _REFUSED:
                raise
            trouble = error
            continue
        if first.matched and not first.holds_records and schema != service.schemas[-1]:
            continue  # it has records, but not in this schema
        yield from _pages(service, schema, source, get, first)
        return
    assert trouble is not None
    raise trouble


_DOWN = (None, 502, 503, 504)
"""How a server answers, or not, that is down: there is no use in asking it for more."""

_REFUSED = (400, 404, 406, 415, 500, 501)
"""How services refuse a schema, also one that they offer."""


def _pages(service: Service, schema: str, source: Source, get: Get, first: _Page) -> Iterator[Item]:
    """Everything from the first page on."""
    known, total = _Known(), first.matched
    if total is not None:
        yield Announced(total)
    page: _Page | None = first
    start, failures, idle = 1, 0, 0
    for _ in range(_MOST_PAGES):
        step = PAGE  # past a page that failed
        if page is not None:
            known.turn_the_page()
            yield from page.drafts(service.endpoint, source.language, known)
            failures, idle = 0, 0 if known.fresh else idle + 1
            if known.is_first_again or idle >= _MOST_IDLE:
                yield _circle(page.url)
                break
            step = page.step(start, known.fresh)
        start += step
        if not step or (total is not None and start > total):
            break
        try:
            page = _Page.of(get(service.page(schema, start)))
        except (FetchError, FeedError) as error:
            page, failures = None, failures + 1
            yield replace(error.problem, partial=True)
            if failures >= _MOST_FAILURES or total is None:
                break
    if known.others.count:
        yield known.others.problem(service.endpoint)
        if total is not None:
            yield Announced(max(total - known.others.count, 0))


def _cut(url: str) -> Problem:
    return Problem(
        where=url,
        what=N_("The answer breaks off before its end: datasets may be missing."),
        remedy=N_("Ask the people who run the portal to look at this address."),
        partial=True,
    )


def _circle(url: str) -> Problem:
    return Problem(
        where=url,
        what=N_("The pages repeat datasets of earlier pages, so no further page was asked for."),
        remedy=N_("Ask the people who run the portal to look at the paging of their catalogue."),
        partial=True,
    )
