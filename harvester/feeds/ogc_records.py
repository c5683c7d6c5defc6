"""OGC API - Records: pygeoapi, pycsw 3, GeoNetwork's OGC API, ldproxy, WIS2's discovery catalogues.

A landing page leads to collections, those of records to their items, and these are paged by links
(https://docs.ogc.org/is/20-004r1/20-004r1.html). A record describes a dataset unless its type says that
it is a service, which is told and left out: the datasets that it serves have records of their own.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterator, Mapping
from urllib.parse import quote, urljoin, urlsplit, urlunsplit

from harvester.document import Document, Get
from harvester.errors import FeedError, FetchError
from harvester.feeds import _probes
from harvester.feeds._json.stream import Damage, Member, head_of
from harvester.feeds._json.stream import read as read_json
from harvester.feeds._json.values import decode, text_of, texts_of
from harvester.feeds._ogc.links import Link, first, here, links_of, next_page
from harvester.feeds._ogc.paging import Format, not_json, number_of, read_pages
from harvester.feeds._ogc.record import draft_of
from harvester.model import N_, Announced, Draft, Item, Problem, Source

TITLE = "OGC API Records catalogue"
ORDER = 74
HINTS = ("pygeoapi", "ogc api", "ogcapi", "ogc-api", "pycsw", "ldproxy")
PROBES = (
    "collections?f=json",
    "ogc-api-records/collections?f=json",
    "geonetwork/ogc-api-records/collections?f=json",
)

_LOOK = 1 << 17
_LARGEST = 1 << 24  # bytes of a document that is read as a whole: a landing page, a list of collections
_LIMIT = "&limit=100"  # records asked for at once
_MOST_COLLECTIONS = 50
_CONFORMANCE = "ogcapi-records"
_CATALOGUE = "ogc-catalog"
_GEONETWORK = "/ogc-api-records/"  # where GeoNetwork keeps them, without saying what its collections hold
_OF_RECORDS = frozenset(
    (
        *("contacts", "externalIds", "externalId", "themes", "formats", "language", "languages"),
        *("resourceLanguages", "created", "updated", "recordCreated", "recordUpdated", "license"),
        *("associations", "providers", "publisher", "wmo:dataPolicy"),
    )
)
_NO_DATASETS = {"service", "application", "software", "collectionhardware", "modelservice"}


# ------------------------------------------------------------------------------ recognising


def recognise(document: Document) -> bool:
    """JSON that says it conforms to OGC API - Records, collections of records, or records themselves."""
    if head_of(document)[:1] not in (b"{", b"["):
        return False
    members: dict[str, object] = {}
    for item in read_json(io.BytesIO(document.head(_LOOK)), (("features",), ("collections",)), _is_record):
        if isinstance(item, Damage):
            break
        if isinstance(item, Member):
            members[item.path[0] if item.path else ""] = item.value
        elif _is_record(item.value) or _holds_records(item.value):
            return True
    return _says_records(members) or _is_record(members) or _holds_records(members)


def _says_records(members: Mapping[str, object]) -> bool:
    stated = (*texts_of(members.get("conformsTo")), *texts_of(members.get("conformance")))
    return any(_CONFORMANCE in each for each in stated) or any(
        link.rel == _CATALOGUE for link in links_of(members.get("links"), "")
    )


def _holds_records(value: object) -> bool:
    """Is this a collection of records? (One of features says `feature`, or nothing.)"""
    if not isinstance(value, dict) or "stac_version" in value:
        return False
    kinds = texts_of(value.get("itemType"))
    if kinds or "collections" in value:
        return "record" in kinds and "links" in value
    return any(_GEONETWORK in link.href for link in links_of(value.get("links"), ""))


def _is_record(value: object) -> bool:
    """Is this surely a record, and no other GeoJSON? It says so, or has several of a record's properties."""
    if not isinstance(value, dict) or value.get("type") != "Feature" or "stac_version" in value:
        return False
    properties = value.get("properties")
    if not isinstance(properties, dict) or "title" not in properties:
        return False
    if any(_CONFORMANCE in each or "/wcmp/" in each for each in texts_of(value.get("conformsTo"))):
        return True
    return "type" in properties and len(_OF_RECORDS & properties.keys()) >= 2


# ------------------------------------------------------------------------------ reading


def read(source: Source, get: Get) -> Iterator[Item]:
    """Every dataset of the catalogue, in all its collections of records."""
    document = get(source.url)
    if head_of(document)[:1] not in (b"{", b"["):
        document = _behind_page(source, document, get)
    yield from _read(document, get, depth=3)


def _read(document: Document, get: Get, depth: int) -> Iterator[Item]:
    """What a document holds, or leads to in at most `depth` steps, of which a list of collections is one."""
    if _holds_list(document):
        yield from read_pages(document, get, _FORMAT)
        return
    members = _whole(document)
    if members.get("type") == "Feature":
        yield _take(members, document.url)
        return
    links = links_of(members.get("links"), document.url)
    if isinstance(members.get("collections"), list) and depth > 0:
        yield from _collections(members["collections"], links, document, get)
        return
    following = _way_on(members, links, document.url)
    if following is None or depth == 0:
        raise _nothing(document.url)
    yield from _read(_get(following, get), get, depth - 1)


def _get(address: str, get: Get) -> Document:
    """The document; where so many records at once are refused, as many as the portal likes to give."""
    try:
        return get(address)
    except FetchError as error:
        if error.status not in (400, 422) or _LIMIT not in address:
            raise
    return get(address.replace(_LIMIT, ""))


def _holds_list(document: Document) -> bool:
    """Does the document hold records, be they few or none?"""
    begin = head_of(document, _LOOK)
    return begin[:1] == b"[" or re.search(rb'"features"\s*:\s*\[', begin) is not None


def _whole(document: Document) -> Mapping[str, object]:
    try:
        value = decode(head_of(document, _LARGEST), document.charset)[0]
    except ValueError:
        raise not_json(document.url, document.head(200).decode("utf-8", "replace")) from None
    if not isinstance(value, dict):
        raise _nothing(document.url)
    return value


def _way_on(members: Mapping[str, object], links: list[Link], url: str) -> str | None:
    """Where a landing page, a single collection or a statement of conformance leads."""
    if members.get("itemType") is not None or members.get("id") is not None:
        items = first(links, "items")
        return None if items is None else _sized(url, items.href)
    catalogue = first(links, _CATALOGUE)
    if catalogue is not None:
        return _sized(url, catalogue.href)
    data = first(links, "data")
    if data is not None:
        return here(url, _as_json(data.href)) or data.href
    return _as_json(urljoin(url, "collections")) if "conformsTo" in members else None


def _collections(value: object, links: list[Link], document: Document, get: Get) -> Iterator[Item]:
    """The items of each collection of records. One that fails does not cost the others."""
    found = [each for each in value if isinstance(each, dict)] if isinstance(value, list) else []
    of_records = [each for each in found if _holds_records(each)] or [
        each for each in found if "itemType" not in each and "stac_version" not in each
    ]
    if not of_records:
        raise _nothing(document.url)
    addresses = dict.fromkeys(filter(None, (_items_of(each, document.url) for each in of_records)))
    total, read_one = 0, False
    for number, address in enumerate([*addresses][:_MOST_COLLECTIONS]):
        try:
            for item in _read(_get(address, get), get, depth=0):
                if isinstance(item, Announced):
                    total += item.total
                    yield Announced(total)
                else:
                    yield item
                read_one = True
        except (FeedError, FetchError) as error:
            if not read_one and number == len(addresses) - 1:
                raise
            yield Problem(
                where=address,
                what=N_("A collection of this catalogue cannot be read: {reason}"),
                values={"reason": str(error)[:300]},
                partial=True,
            )


def _items_of(collection: Mapping[str, object], url: str) -> str | None:
    items = first(links_of(collection.get("links"), url), "items")
    if items is not None:
        return _sized(url, items.href)
    name = text_of(collection.get("id"))
    if name is None:
        return None
    parts = urlsplit(url)
    folder = re.sub(r"/(collections)?/?$", "", parts.path) + "/collections/"
    return _sized(url, urlunsplit((*parts[:2], f"{folder}{quote(name, safe='')}/items", "", "")))


def _sized(url: str, address: str) -> str:
    """The address of items, asked for as JSON and many at once."""
    address = _on_host_of(url, address)
    if re.search(r"[?&]limit=", address):
        return address
    address = _as_json(address)
    return address + _LIMIT


def _on_host_of(url: str, address: str) -> str:
    """`address` on the host of `url`, where it only names the name that a proxy hides (`localhost`)."""
    own, other = urlsplit(url), urlsplit(address)
    if other.hostname in ("localhost", "127.0.0.1", "0.0.0.0") and own.scheme in ("http", "https"):  # noqa: S104
        return urlunsplit((own.scheme, own.netloc, *other[2:]))
    return address


def _as_json(address: str) -> str:
    if re.search(r"[?&]f=", address):
        return address
    return f"{address}{'&' if '?' in address else '?'}f=json"


def _behind_page(source: Source, document: Document, get: Get) -> Document:
    """The first document of records that a portal's home page stands for."""
    found = _probes.first(document, PROBES, recognise, get) if source.path is None else None
    if found is not None:
        return found
    raise not_json(document.url, document.head(200).decode("utf-8", "replace"))


def _nothing(url: str) -> FeedError:
    return FeedError(
        url,
        N_("This OGC API offers no collection of records, only data."),
        N_("Write the address of its catalogue of records as url:, if there is one."),
    )


# ------------------------------------------------------------------------------ records


def _take(record: Mapping[str, object], url: str) -> Draft | Problem:
    properties = record.get("properties")
    kind = text_of(properties.get("type")) if isinstance(properties, dict) else None
    if not isinstance(properties, dict):
        return Problem(
            where=url,
            what=N_("The record “{id}” has no properties."),
            values={"id": (text_of(record.get("id")) or "")[:200]},
        )
    draft = draft_of(record, url, _items_address(url))
    if kind is not None and kind.rpartition("/")[2].rpartition("#")[2].strip().lower() in _NO_DATASETS:
        return Problem(
            where=url,
            what=N_("“{title}” is a {kind}, not a dataset, and is left out."),
            values={"title": (next(iter(draft.title.values()), None) or draft.key or "")[:200], "kind": kind},
        )
    return draft


def _items_address(url: str) -> str | None:
    """The address of the items that a page of them came from."""
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https") or not parts.path.rstrip("/").endswith("/items"):
        return None
    return urlunsplit((*parts[:2], parts.path.rstrip("/"), "", ""))


_FORMAT = Format(
    lists=(("features",), ()),
    is_record=_is_record,
    take=_take,
    following=lambda document, members: next_page(document, links_of(members.get("links"), document.url)),
    total=lambda members: number_of(members.get("numberMatched")),
)
