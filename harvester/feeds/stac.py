"""STAC: an API's `/collections`, or a static catalogue whose files link to one another.

Collections are the datasets; items, of which a collection may have millions, are not followed. An API
lists its collections in pages (https://github.com/radiantearth/stac-api-spec); a static catalogue leads
to them by links `child`, through catalogues inside catalogues.
"""

from __future__ import annotations

import io
import re
from collections import deque
from collections.abc import Iterator, Mapping
from urllib.parse import urlsplit

from msgspec.structs import replace

from harvester.document import Document, Get
from harvester.errors import FeedError, FetchError
from harvester.feeds import _probes
from harvester.feeds._json.stream import Damage, Member, head_of
from harvester.feeds._json.stream import read as read_json
from harvester.feeds._json.values import decode, texts_of
from harvester.feeds._ogc.links import Link, first, here, links_of, next_page
from harvester.feeds._ogc.paging import Format, not_json, number_of, read_pages
from harvester.feeds._stac.collection import draft_of
from harvester.model import N_, Draft, Item, Problem, Source

TITLE = "STAC catalogue"
ORDER = 76
HINTS = ("stac_version", "stac-browser", "stac browser", "stac api", "spatiotemporal asset catalog")
PROBES = ("catalog.json", "stac", "collections")

MOST_DOCUMENTS = 1000
"""Files of a static catalogue that are asked for: a town has few, and a portal is asked politely."""

_LOOK = 1 << 17
_LARGEST = 1 << 25  # bytes of one catalogue or collection

# ------------------------------------------------------------------------------ recognising


def recognise(document: Document) -> bool:
    """JSON with a `stac_version` that is a catalogue, a collection, or a list of collections; no item."""
    begin = head_of(document, _LOOK)
    if begin[:1] != b"{" or b'"stac_version"' not in begin:
        return False
    members: dict[str, object] = {}
    for item in read_json(io.BytesIO(begin), (("collections",), ("features",)), _is_collection):
        if isinstance(item, Damage):
            break
        if isinstance(item, Member):
            members[item.path[0] if item.path else ""] = item.value
            if item.path == ("features",):
                return False
        else:
            return _is_collection(item.value)
    return members.get("type") not in ("Feature", "FeatureCollection") and (
        "stac_version" in members or "collections" in members
    )


def _is_collection(value: object) -> bool:
    """Is it a collection? Before version 1.0 only what it holds told."""
    return (
        isinstance(value, dict)
        and "id" in value
        and "stac_version" in value
        and (value.get("type") == "Collection" or ("type" not in value and "extent" in value))
    )


# ------------------------------------------------------------------------------ reading


def read(source: Source, get: Get) -> Iterator[Item]:
    """Every collection of the API, or of the static catalogue."""
    document = get(source.url)
    if head_of(document)[:1] not in (b"{", b"["):
        document = _behind_page(source, document, get)
    if _holds_collections(document):
        yield from read_pages(document, get, _FORMAT)
        return
    members = _whole(document)
    links = links_of(members.get("links"), document.url)
    listed = first(links, "data")
    if listed is not None and "stac_version" in members and not _is_collection(members):
        yield from _of_api(here(document.url, listed.href) or listed.href, members, links, document.url, get)
        return
    if "stac_version" not in members:
        raise _nothing(document.url)
    yield from _of_files(members, document.url, get)


def _of_api(
    address: str, members: Mapping[str, object], links: list[Link], url: str, get: Get
) -> Iterator[Item]:
    """The collections that an API lists; where the list fails, those that the landing page links to."""
    try:
        document = get(address)
    except FetchError:
        if not any(link.rel == "child" for link in links):
            raise
        yield from _of_files(members, url, get)
        return
    yield from read_pages(document, get, _FORMAT)


def _of_files(members: Mapping[str, object], url: str, get: Get) -> Iterator[Item]:
    """The collections of a static catalogue, breadth first; each file once."""
    visited = {_plain(url)}
    waiting: deque[Link] = deque()
    asked, found_any = 0, False
    trouble: list[FetchError | FeedError] = []
    current: tuple[Mapping[str, object], str] | None = (members, url)
    while True:
        if current is not None:
            if _is_collection(current[0]):
                found_any = True
                yield _take(current[0], current[1])
            waiting.extend(_children(current[0], current[1], visited))
        if not waiting:
            break
        if asked >= MOST_DOCUMENTS:
            yield Problem(
                where=url,
                what=N_("The catalogue goes on after {files} files, where reading was given up."),
                values={"files": str(asked)},
                partial=True,
            )
            break
        asked += 1
        link = waiting.popleft()
        try:
            document = get(link.href)
            current = (_whole(document), document.url)
            visited.add(_plain(document.url))
        except (FetchError, FeedError) as error:
            current = None
            trouble.append(error)
            yield replace(error.problem, partial=True)
    if trouble and not found_any:
        raise trouble[0]


def _children(members: Mapping[str, object], url: str, visited: set[str]) -> Iterator[Link]:
    """Links to files further down that were not asked for yet."""
    for link in links_of(members.get("links"), url):
        if link.rel != "child" or link.is_page or _plain(link.href) in visited:
            continue
        if url.startswith("http") and urlsplit(link.href).scheme not in ("http", "https"):
            continue
        visited.add(_plain(link.href))
        yield link


def _plain(url: str) -> str:
    return url.partition("#")[0].rstrip("/")


def _holds_collections(document: Document) -> bool:
    begin = head_of(document, _LOOK)
    return begin[:1] == b"[" or re.search(rb'"collections"\s*:\s*\[', begin) is not None


def _whole(document: Document) -> Mapping[str, object]:
    try:
        value = decode(head_of(document, _LARGEST), document.charset)[0]
    except ValueError:
        raise not_json(document.url, document.head(200).decode("utf-8", "replace")) from None
    if not isinstance(value, dict):
        raise _nothing(document.url)
    return value


def _behind_page(source: Source, document: Document, get: Get) -> Document:
    """The first STAC document that a portal's home page stands for."""
    found = _probes.first(document, PROBES, recognise, get) if source.path is None else None
    if found is not None:
        return found
    raise not_json(document.url, document.head(200).decode("utf-8", "replace"))


def _nothing(url: str) -> FeedError:
    return FeedError(
        url,
        N_("This JSON is no STAC catalogue: it names no stac_version."),
        N_("Write the address of the catalogue itself as url:."),
    )


# ------------------------------------------------------------------------------ collections


def _take(collection: Mapping[str, object], url: str) -> Draft | Problem:
    if not texts_of(collection.get("id")):
        return Problem(where=url, what=N_("A collection without an id is left out."))
    return draft_of(collection, url)


_FORMAT = Format(
    lists=(("collections",), ()),
    is_record=_is_collection,
    take=_take,
    following=lambda document, members: next_page(document, links_of(members.get("links"), document.url)),
    total=lambda members: number_of(members.get("numberMatched")),
)
