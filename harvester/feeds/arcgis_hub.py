"""ArcGIS Hub and ArcGIS Enterprise Sites: DCAT-US and DCAT-AP feeds, the hub's searches, a portal's search.

A hub answers in several feeds of the same content. The best comes first: DCAT-US, the whole catalogue in
one file, which old hubs have at /data.json; then DCAT-AP; and where the editors of the site switched the
feeds off, the search (OGC API - Records, on old hubs JSON:API). What they hold is read by the feeds of
those formats; what is the hub's own is which item a record is (`_arcgis.identity`), and what it writes
where nobody filled in a field (`_arcgis.record`).
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from urllib.parse import parse_qsl, urlencode, urljoin, urlsplit, urlunsplit

from msgspec.structs import replace

from harvester.document import Document, Get
from harvester.errors import FeedError, FetchError
from harvester.feeds import _probes, dcat, dcat_us
from harvester.feeds._arcgis.identity import is_hub_name
from harvester.feeds._arcgis.item import draft_of_feature, draft_of_resource, draft_of_result, is_data
from harvester.feeds._arcgis.record import hub_draft
from harvester.feeds._json.stream import head_of
from harvester.feeds._json.values import absolute, text_of
from harvester.feeds._ogc.links import here, links_of, next_page
from harvester.feeds._ogc.paging import Format, number_of, read_pages
from harvester.model import N_, Draft, Item, Source

TITLE = "ArcGIS Hub"
ORDER = 10
HINTS = ("hubcdn.arcgis.com", "opendata-ui", "ember-opendata", ".hub.arcgis.com", ".opendata.arcgis.com")
GIVES_ITSELF_AWAY = True
_SEARCH = "api/search/v1/collections/dataset/items?limit=100&startindex=1"
PROBES = (
    "api/feed/dcat-us/1.1.json",
    "data.json",
    "api/feed/dcat-ap/2.1.1.json",
    "api/feed/dcat-ap/2.0.1.json",
    _SEARCH,
    "api/v3/datasets?page[size]=100",
)

# ------------------------------------------------------------------------------ recognising

_LOOK = 1 << 17
_IDENTIFIERS = re.compile(
    r'"(?:dct:|dcterms:)?(?:identifier|landingPage)"\s*:\s*(?:\{\s*"@\w+"\s*:\s*)?"((?:[^"\\]|\\.){0,500})"'
)
_SUBJECTS = re.compile(r'"@id"\s*:\s*"((?:[^"\\]|\\.){0,500})"')
_OWN_MARKS = re.compile(
    r'"ArcGIS (?:Hub|Open) Dataset"|\.(?:hub|opendata)\.arcgis\.com/|arcgis\.com/home/item'
)
_MOST_HUB = 0.8  # of the identifiers that were looked at; the others may be anything
_HUB_FEED = re.compile(r"/api/feed/dcat-(?:us|ap)/")

_V3 = re.compile(r'"data"\s*:\s*\[')
_V3_MARKS = re.compile(r'"(?:esriRest|rawEs|hubType|itemId|groupIds|queryParameters)"\s*:')
_FEATURES = re.compile(r'"features"\s*:\s*\[')
_ITEM_MARKS = re.compile(
    r'"(?:typeKeywords|itemId|orgId|licenseInfo|numViews|groupIds|structuredLicense)"\s*:'
)
_SEARCH_LINKS = re.compile(
    r'"href"\s*:\s*"[^"]*/api/search/v1(?:["?]|/(?:conformance|collections|catalog|definition))'
)
_RESULTS = re.compile(r'"results"\s*:\s*\[')
_NEXT_START = re.compile(r'"nextStart"\s*:')


def recognise(document: Document) -> bool:
    """A feed or search answer whose records are named as only ArcGIS names them."""
    return _kind(document) is not None


def _kind(document: Document) -> str | None:
    """Which of a hub's answers this is; None when it is another software's."""
    head = head_of(document, _LOOK)
    if head[:1] != b"{":
        return None
    text = head.decode("utf-8", "replace")
    if _RESULTS.search(text) and _NEXT_START.search(text) and _ITEM_MARKS.search(text):
        return "portal"
    if _FEATURES.search(text):
        is_empty_search = "/api/search/v1/" in document.url and re.search(r'"features"\s*:\s*\[\s*\]', text)
        return "records" if _ITEM_MARKS.search(text) or is_empty_search else None
    if _V3.search(text) and _V3_MARKS.search(text):
        return "v3"
    for name, feed in (("dcat_us", dcat_us), ("dcat", dcat)):
        if feed.recognise(document):
            return name if _is_of_hub(text, document.url) else None
    if _SEARCH_LINKS.search(text) and '"links"' in text:
        return "search"
    return None


def _is_of_hub(text: str, url: str) -> bool:
    """Are nearly all records named as a hub names them, on one site? An aggregator lists many sites."""
    found = _IDENTIFIERS.findall(text) or _SUBJECTS.findall(text)[1:]  # the first subject is the catalogue
    named = [name.replace("\\/", "/") for name in found if name]
    if not named:
        return _HUB_FEED.search(url) is not None or _OWN_MARKS.search(text) is not None
    of_hub = [name for name in named if is_hub_name(name)]
    if len(of_hub) < _MOST_HUB * len(named):
        return False
    hosts = Counter(host for name in of_hub if (host := _host(name)) and not host.endswith("arcgis.com"))
    return not hosts or hosts.most_common(1)[0][1] >= _MOST_HUB * hosts.total()


def _host(url: str) -> str | None:
    try:
        return urlsplit(url).hostname
    except ValueError:
        return None


# ------------------------------------------------------------------------------ reading


def read(source: Source, get: Get) -> Iterator[Item]:
    """Every dataset of the hub, from the first of its feeds that answers."""
    document, kind = _find(source, get)
    if kind == "search":
        document = get(urljoin(document.url.partition("/api/search/v1")[0] + "/", _SEARCH))
        kind = "records"
    match kind:
        case "dcat_us" | "dcat":
            feed = dcat_us if kind == "dcat_us" else dcat
            for item in feed.read(replace(source, url=document.url), _Given(document, get)):
                yield hub_draft(item) if isinstance(item, Draft) else item
        case _:
            yield from read_pages(document, get, _FORMATS[kind])


def _find(source: Source, get: Get) -> tuple[Document, str]:
    """The document to read and its kind: at the address itself, else where hubs have their feeds.

    An address that a feed type was written for is read as what it is, even where nothing in it is of a
    hub's making, as in a feed that is empty tonight.
    """
    document = get(source.url)
    kind = _kind(document) or _kind_of_any(document)
    if kind is not None:
        return document, kind
    if source.path is not None or head_of(document)[:1] in (b"{", b"["):
        raise FeedError(
            document.url,
            N_("This document is neither a feed nor a search answer of ArcGIS Hub: it lists no items."),
            N_("Write the address of the hub's home page as url:."),
        )
    trouble: FetchError | None = None
    for url in _probes.addresses(document.url, PROBES):
        try:
            found = get(url)
        except FetchError as error:
            if error.status not in (400, 404, 405, 406, 410):
                trouble = trouble or error
            continue
        if (kind := _kind(found) or _kind_of_any(found)) is not None:
            return found, kind
    raise trouble or _no_hub(source.url)


def _kind_of_any(document: Document) -> str | None:
    """The kind of a document that is no hub's by its content, where the clerk says that it is one."""
    if dcat_us.recognise(document):
        return "dcat_us"
    return "dcat" if dcat.recognise(document) else None


def _no_hub(url: str) -> FeedError:
    return FeedError(
        url,
        N_("Neither a feed of datasets nor a search of ArcGIS Hub answers here."),
        N_("Ask the people who run the site to switch its feeds on: site settings, “Feeds”, DCAT-US 1.1."),
    )


class _Given:
    """A `Get` that gives the one document that was fetched already, and fetches all others."""

    def __init__(self, document: Document, get: Get) -> None:
        self._document = document
        self._get = get

    def __call__(self, url: str, /) -> Document:
        return self._document if url == self._document.url else self._get(url)

    def head(self, url: str, /) -> Document:
        return self._get.head(url)


# ------------------------------------------------------------------------------ searches

_PAGE = 100  # the most that a hub's search gives at once


def _next_records(document: Document, members: Mapping[str, object]) -> str | None:
    following = next_page(document, links_of(members.get("links"), document.url))
    if following is None or f"limit={_PAGE}" in urlsplit(following).query:
        return following
    return _with(following, limit=str(_PAGE))


def _counted_records(url: str, received: int) -> str | None:
    """The page behind so many records; a hub counts them from one."""
    if urlsplit(url).scheme not in ("http", "https"):
        return None
    return _with(url, limit=str(_PAGE), startindex=str(received + 1))


def _next_v3(document: Document, members: Mapping[str, object]) -> str | None:
    named = [_inner(members, "meta", "next"), _inner(members, "links", "next")]
    address = absolute(document.url, next((text for each in named if (text := text_of(each))), None))
    return None if address is None else here(document.url, address)


def _next_results(document: Document, members: Mapping[str, object]) -> str | None:
    start = number_of(members.get("nextStart"))
    if not start or urlsplit(document.url).scheme not in ("http", "https"):
        return None
    return _with(document.url, start=str(start))


def _with(url: str, **parameters: str) -> str:
    """The address with other values of these parameters."""
    parts = urlsplit(url)
    query = [each for each in parse_qsl(parts.query, keep_blank_values=True) if each[0] not in parameters]
    return urlunsplit((*parts[:3], urlencode([*query, *parameters.items()]), ""))


def _inner(members: Mapping[str, object], *path: str) -> object:
    value: object = members
    for name in path:
        value = value.get(name) if isinstance(value, Mapping) else None
    return value


def _take_feature(feature: Mapping[str, object], url: str) -> Draft | None:
    properties = feature.get("properties")
    is_of_datasets = "/collections/dataset/" in url
    if not is_of_datasets and isinstance(properties, dict) and not is_data(properties):
        return None
    return draft_of_feature(feature, url)


def _take_result(item: Mapping[str, object], url: str) -> Draft | None:
    return draft_of_result(item, url) if "type" in item and is_data(item) else None


def _is_item(value: object) -> bool:
    return (
        isinstance(value, dict)
        and "id" in value
        and not {"attributes", "properties", "type"}.isdisjoint(value)
    )


_FORMATS = {
    "records": Format(
        lists=(("features",),),
        is_record=_is_item,
        take=_take_feature,
        following=_next_records,
        total=lambda members: number_of(members.get("numberMatched")),
        counted=_counted_records,
    ),
    "v3": Format(
        lists=(("data",),),
        is_record=_is_item,
        take=draft_of_resource,
        following=_next_v3,
        total=lambda members: number_of(_inner(members, "meta", "stats", "totalCount")),
    ),
    "portal": Format(
        lists=(("results",),),
        is_record=_is_item,
        take=_take_result,
        following=_next_results,
        total=lambda members: number_of(members.get("total")),
    ),
}
