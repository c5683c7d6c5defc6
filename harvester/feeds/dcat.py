"""DCAT and DCAT-AP in Turtle, RDF/XML, JSON-LD, RDF/JSON and N-Triples: any version, any national profile.

How documents become drafts is in `_rdf`; here is the portal's side of it: what is such a feed, and
which page comes next.

Paging (https://www.hydra-cg.com/spec/latest/core/#collections) comes in two forms,
`hydra:PartialCollectionView` with `hydra:next` and the older `hydra:PagedCollection` with
`hydra:nextPage`, as IRI or as text, on any node of the page; a `Link: rel=next` header does too.
GeoNetwork's `rdf.search` names no next page, but takes the places `from` and `to`.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Generator, Iterator
from urllib.parse import urldefrag, urljoin, urlsplit, urlunsplit

import msgspec
from msgspec.structs import replace

from harvester.document import Document, Get
from harvester.errors import FeedError, FetchError
from harvester.feeds._pages import html
from harvester.feeds._rdf import encoding, rdf_json
from harvester.feeds._rdf.agents import described
from harvester.feeds._rdf.graph import Graph
from harvester.feeds._rdf.mapping import Mapper
from harvester.feeds._rdf.parsing import parse
from harvester.home_page import links_of, machine_readable
from harvester.model import N_, Announced, Draft, DraftAgent, Item, Note, Problem, Source

TITLE = "DCAT catalogue (RDF)"
ORDER = 70
HINTS = ("udata", "entryscape", "geonetwork", "portaljs")
PROBES = (
    "catalog.ttl",
    "catalog.rdf",
    "catalog.jsonld",
    "geonetwork/srv/eng/rdf.search",
    "catalog.xml",
    "api/1/site/catalog.jsonld",  # udata
)
_OTHER_PLACES = (
    "dcat.ttl",
    "dcat.rdf",
    "srv/eng/rdf.search",
    "api/feed/dcat-ap/2.1.1.json",
    "api/feed/dcat-ap/2.0.1.json",
)
_MOST_LINKS = 4  # of a home page

_HEAD = 100_000
_DCAT = re.compile(r"https?://www\.w3\.org/ns/dcat[#/]|http://dati\.gov\.it/onto/dcatapit#")
_SCHEMA_DATASET = re.compile(r"https?://schema\.org/?#?Dataset\b|\bschema:Dataset\b|\bsdo:Dataset\b")
_JSON_NAMES = re.compile(r'"(?:dcat|dct|dcterms):[A-Za-z]+"\s*:')
_JSON_CONTEXT = re.compile(r'"@(?:context|graph|id|type)"\s*:')
_DCAT_AP_CONTEXT = re.compile(r'"@context"\s*:\s*\[?\s*"[^"]*(?:dcat[-_.]?ap|semiceu)[^"]*"', re.IGNORECASE)
_DCAT_US = re.compile(r'"(?:conformsTo|@context)"\s*:\s*"[^"]*(?:project-open-data|dcat-us)', re.IGNORECASE)

_MOST_PAGES = 10_000
_MOST_IDLE = 3
"""Pages without a dataset, one after the other, after which a portal is not asked for more."""

_MOST_INCOMPLETE = 50
"""Datasets that a broken end costs which are named one by one."""


def recognise(document: Document) -> bool:
    """Is this RDF that describes datasets?

    DCAT-US's data.json is JSON with DCAT's words in it, and the business of another feed.
    """
    text = encoding.text(document.head(_HEAD), document.charset)
    match encoding.syntax(text):
        case "jsonld":
            if rdf_json.LOOKS_SO.search(text) is not None and _DCAT.search(text) is not None:
                return True
            if _JSON_CONTEXT.search(text) is None or _DCAT_US.search(text) is not None:
                return False
            return any(each.search(text) for each in (_DCAT, _JSON_NAMES, _DCAT_AP_CONTEXT))
        case "turtle" | "ntriples" | "rdfxml":
            return _DCAT.search(text) is not None or _SCHEMA_DATASET.search(text) is not None
        case _:
            return False


def read(source: Source, get: Get) -> Iterator[Item]:
    """Every dataset of a DCAT catalogue, page after page.

    A publisher may be described on another page than the datasets that name it: from the first such
    dataset on, all are held back until it is found, or the last page is read.
    """
    waiting: list[Item] = []
    agents: dict[str, DraftAgent] = {}
    try:
        for item in _items(source, get, agents):
            if waiting or _is_nameless(item):
                waiting.append(item)
            else:
                yield item
    except (FeedError, FetchError):
        yield from (_named(item, agents) for item in waiting)  # what was read before the trouble counts
        raise
    yield from (_named(item, agents) for item in waiting)


def _is_nameless(item: Item) -> bool:
    return isinstance(item, Draft) and item.publisher is not None and not item.publisher.name


def _named(item: Item, agents: dict[str, DraftAgent]) -> Item:
    if isinstance(item, Draft) and item.publisher is not None and not item.publisher.name:
        found = agents.get(item.publisher.url or "")
        return replace(item, publisher=found) if found is not None else item
    return item


def _items(source: Source, get: Get, agents: dict[str, DraftAgent]) -> Iterator[Item]:
    """The datasets of all pages; `agents` collects the bodies that any page describes, by IRI."""
    document: Document | None = _first_document(source, get)
    visited = {_plain(source.url)}
    seen = _Seen()
    idle = pages = 0
    while document is not None:
        pages += 1
        visited.add(_plain(document.url))
        mapper = Mapper(parse(document), source.language)
        following = _following(document, mapper.graph)
        if pages == 1:
            if not len(mapper) and not mapper.catalogues and not following:
                raise _no_catalogue(document)
            yield from _announced(mapper.graph)
        is_paged = pages > 1 or bool(following)
        if is_paged:
            agents |= {iri: found for iri, found in described(mapper.graph) if iri not in agents}
        fresh = 0
        for number, draft in enumerate(mapper.drafts()):
            if is_paged and seen.has(draft, mapper):
                continue
            fresh += 1
            if mapper.reading.mended and number == 0:
                draft = replace(draft, notes=(*draft.notes, Note(code="feed-repaired", field="")))
            yield draft
        yield from mapper.reading.problems
        yield from _cut(document, mapper)
        if not fresh and len(mapper) and pages > 1 and not mapper.reading.cut:
            yield Problem(
                where=document.url,
                what=N_("The page repeats datasets of earlier pages, so no further page was asked for."),
                remedy=N_("Ask the people who run the portal to look at the paging of their catalogue."),
                partial=True,
            )
            return
        seen.turn_the_page()
        idle = 0 if fresh else idle + 1
        if idle > _MOST_IDLE or pages >= _MOST_PAGES:
            return
        if not following and (places := _next_places(document.url, len(mapper))) is not None:
            document = _if_there(places, get)
        else:
            document = yield from _next_document(document, following, visited, get)


class _Seen:
    """The datasets of the pages so far."""

    def __init__(self) -> None:
        self._keys: set[str] = set()
        self._earlier: set[bytes] = set()  # contents of drafts, of earlier pages
        self._here: set[bytes] = set()  # and of this page

    def has(self, draft: Draft, mapper: Mapper) -> bool:
        """Has an earlier page said this already, or more than these few words about the same dataset?

        What comes again with other words is another record where its catalogue lists it as its own.
        """
        content = hashlib.sha256(msgspec.json.encode(draft)).digest()
        key, known = draft.key, draft.key in self._keys
        if content in self._earlier or (key is not None and known and not mapper.lists(key)):
            return True
        self._here.add(content)
        if key is not None:
            self._keys.add(key)
        return False

    def turn_the_page(self) -> None:
        """What was on this page is on an earlier one from now on."""
        self._earlier |= self._here
        self._here = set()


def _first_document(source: Source, get: Get) -> Document:
    """What the source's address answers, or, where that is a page for people, what another one does."""
    address = _entry(source.url)
    document = get(address)
    if source.path is not None or encoding.syntax(encoding.text(document.head(_HEAD))) not in ("html", None):
        return document
    for url in dict.fromkeys(_places(document, source.url)):
        try:
            answer = get(url)
        except FetchError:
            continue  # a miss is the normal answer to a probe
        if recognise(answer):
            return answer
    return document


def _places(home: Document, url: str) -> Iterator[str]:
    """Where the catalogue may be: where the home page links to, then where catalogues stand."""
    if html.is_page(home):
        yield from machine_readable(links_of(home))[:_MOST_LINKS]
    folder = url if url.endswith("/") else url + "/"
    for base in dict.fromkeys((folder, urljoin(url, "/"))):
        yield from (urljoin(base, place) for place in (*PROBES, *_OTHER_PLACES))


_ENTRY = re.compile(r"https?://[^?#]*/store/[\w-]+/metadata/[\w-]+$")


def _entry(url: str) -> str:
    """The address of an entry of EntryScape's store with all that belongs to the catalogue, as RDF/XML.

    Asked without more it answers only what is said of the entry itself, as RDF/JSON.
    """
    if _ENTRY.match(url.partition("?")[0]) is None or "format=" in url:
        return url
    more = "" if "recursive=" in url else "recursive=dcat&"
    return f"{url}{'&' if '?' in url else '?'}{more}format=application/rdf%2Bxml"


def _no_catalogue(document: Document) -> FeedError:
    return FeedError(
        document.url,
        N_("The file describes neither datasets nor a catalogue."),
        N_("Check that the address is the one of the DCAT catalogue."),
    )


def _cut(document: Document, mapper: Mapper) -> Iterator[Problem]:
    """What a document's breaking off costs."""
    if not mapper.reading.cut:
        return
    for title in mapper.incomplete[:_MOST_INCOMPLETE]:
        yield Problem(
            where=document.url,
            what=N_("“{title}” is not whole, because the file breaks off; it was left out."),
            values={"title": title[:200]},
        )
    yield Problem(
        where=document.url,
        what=N_("The file breaks off before its end: datasets may be missing."),
        remedy=N_("Ask the people who run the portal to look at this address."),
        partial=True,
    )


# ------------------------------------------------------------------------------ paging


def _announced(graph: Graph) -> Iterator[Announced]:
    """How many datasets the portal says that all pages hold together."""
    for node in graph.nodes.values() if "hydra:totalItems" in graph.names else ():
        said = graph.words(graph.first(node, "hydra:totalItems"))
        if said is not None and said.isdecimal() and len(said) < 10:
            yield Announced(int(said))
            return


def _following(document: Document, graph: Graph) -> list[str]:
    """The addresses that the document names as its next page, absolute where it has an address itself."""
    found = [
        graph.address(term)
        for short in ("hydra:next", "hydra:nextPage")
        if short in graph.names
        for node in graph.nodes.values()
        for term in graph.values(node, short)
    ]
    found.append(document.links.get("next"))
    return [urljoin(document.url, each) for each in dict.fromkeys(found) if each]


_PLACES = re.compile(r"(?P<rest>.*/rdf\.search\?(?:.*&)?)from=(?P<first>\d{1,9})&to=(?P<last>\d{1,9})")


def _next_places(url: str, datasets: int) -> str | None:
    """The next places of GeoNetwork's rdf.search, where the address names places and they were all taken."""
    found = _PLACES.fullmatch(url)
    if found is None:
        return None
    first, last = int(found["first"]), int(found["last"])
    size = last - first + 1
    return f"{found['rest']}from={last + 1}&to={last + size}" if 0 < size <= datasets else None


def _if_there(url: str, get: Get) -> Document | None:
    """The document at an address that nobody named: a miss is the end, a portal that is down is not."""
    try:
        return get(url)
    except FetchError as error:
        if error.status is None or error.status == 429 or error.status >= 500:
            raise
        return None


def _next_document(
    document: Document, following: list[str], visited: set[str], get: Get
) -> Generator[Problem, None, Document | None]:
    """The first next page that has not been read yet; None at the end, or where a circle closes."""
    for address in following:
        candidates = [each for each in _here(document.url, address) if _plain(each) not in visited]
        visited.update(map(_plain, candidates))
        trouble: FetchError | None = None
        for candidate in candidates:
            try:
                return get(candidate)
            except FetchError as error:
                trouble = trouble or error
        if trouble is not None:
            if urlsplit(document.url).scheme in ("http", "https"):
                raise trouble
            yield Problem(
                where=document.url,
                what=N_("The file goes on at {address}, which is no part of this source."),
                remedy=N_("Write that address into sources.yaml in place of the file, or join the files."),
                values={"address": address},
                partial=True,
            )
    return None


def _here(url: str, address: str) -> list[str]:
    """Where to ask for the next page `address` of the page `url`, the best first.

    Portals behind a proxy name themselves in their links by a name that only the proxy knows
    (`http://localhost:5000/catalog.rdf?page=2`). So where only scheme, host or port differ, the page is
    asked for where the first one came from; and where that fails, at the address as it was written.
    Next to a file only a file of the same folder can be meant.
    """
    own, other = urlsplit(url), urlsplit(address)
    if own.scheme not in ("http", "https"):
        return [urljoin(url, other.path.rpartition("/")[2])]
    if own.path.rstrip("/") == other.path.rstrip("/") and own[:2] != other[:2]:
        return [urlunsplit((own.scheme, own.netloc, *other[2:])), address]
    return [address]


def _plain(url: str) -> str:
    """An address as it is compared: without fragment and final slash."""
    return urldefrag(url)[0].rstrip("/")
