"""DCAT and DCAT-AP in Turtle, RDF/XML, JSON-LD and N-Triples: any version, any national profile.

How documents become drafts is in `_rdf`; here is the portal's side of it: what is such a feed, and
which page comes next.

Paging (https://www.hydra-cg.com/spec/latest/core/#collections) comes in two forms,
`hydra:PartialCollectionView` with `hydra:next` and the older `hydra:PagedCollection` with
`hydra:nextPage`, as IRI or as text, on any node of the page; a `Link: rel=next` header does too.
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
from harvester.feeds._rdf import encoding
from harvester.feeds._rdf.agents import described
from harvester.feeds._rdf.graph import Graph
from harvester.feeds._rdf.mapping import Mapper
from harvester.feeds._rdf.parsing import parse
from harvester.model import N_, Announced, Draft, DraftAgent, Item, Note, Problem, Source

TITLE = "DCAT catalogue (RDF)"
PROBES = (
    "",
    "catalog.ttl",
    "catalog.rdf",
    "catalog.jsonld",
    "catalog.xml",
    "api/feed/dcat-ap/2.1.1.json",
    "api/feed/dcat-ap/2.0.1.json",
)

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
    seen: set[bytes] = set()  # contents of the drafts of earlier pages
    keys: set[str] = set()
    idle = pages = 0
    while document is not None:
        pages += 1
        visited.add(_plain(document.url))
        reading = parse(document)
        mapper = Mapper(reading)
        graph = reading.graph
        following = _following(document, graph)
        if pages == 1:
            if not len(mapper) and not mapper.catalogues and not following:
                raise _no_catalogue(document)
            total = _total(graph)
            if total is not None:
                yield Announced(total)
        for iri, found in described(graph):
            agents.setdefault(iri, found)
        marks: set[bytes] = set()
        for draft in mapper.drafts():
            mark = hashlib.sha256(msgspec.json.encode(draft)).digest()
            if mark in seen:
                continue
            if draft.key is not None:
                if draft.key in keys and not mapper.lists(draft.key):
                    continue  # a few words about a dataset of another page
                keys.add(draft.key)
            if reading.mended and not marks:
                draft = replace(draft, notes=(*draft.notes, Note(code="feed-repaired", field="")))
            marks.add(mark)
            yield draft
        yield from reading.problems
        yield from _cut(document, mapper)
        if not marks and len(mapper) and pages > 1 and not reading.cut:
            yield Problem(
                where=document.url,
                what=N_("The page repeats datasets of earlier pages, so no further page was asked for."),
                remedy=N_("Ask the people who run the portal to look at the paging of their catalogue."),
                partial=True,
            )
            return
        seen |= marks
        idle = 0 if marks else idle + 1
        if idle > _MOST_IDLE or pages >= _MOST_PAGES:
            return
        document = yield from _next_document(document, following, visited, get)


def _first_document(source: Source, get: Get) -> Document:
    """What the source's address answers, or, where that is a page for people, what a probe does."""
    document = get(source.url)
    if source.path is not None or encoding.syntax(encoding.text(document.head(_HEAD))) not in ("html", None):
        return document
    folder = source.url if source.url.endswith("/") else source.url + "/"
    for base in dict.fromkeys((folder, urljoin(source.url, "/"))):
        for probe in PROBES[1:]:
            try:
                answer = get(urljoin(base, probe))
            except FetchError:
                continue  # a miss is the normal answer to a probe
            if recognise(answer):
                return answer
    return document


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


def _total(graph: Graph) -> int | None:
    """How many datasets the portal says that all pages hold together."""
    for node in graph.nodes.values():
        said = graph.words(graph.first(node, "hydra:totalItems"))
        if said is not None and said.isdecimal() and len(said) < 10:
            return int(said)
    return None


def _following(document: Document, graph: Graph) -> list[str]:
    """The addresses that the document names as its next page, absolute where it has an address itself."""
    found = [
        graph.address(term)
        for node in graph.nodes.values()
        for short in ("hydra:next", "hydra:nextPage")
        for term in graph.values(node, short)
    ]
    found.append(document.links.get("next"))
    return [urljoin(document.url, each) for each in dict.fromkeys(found) if each]


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
