"""Socrata portals (Tyler Data & Insights): by the discovery API, else `/api/views.json`, else data.json.

https://dev.socrata.com/docs/other/discovery.html: `limit` and `offset` reach 10,000 assets; beyond,
`scroll_id` names the last one seen, in the order of their ids. `source.url` may be the portal's home,
any of its pages, the discovery API with a search of its own (`?domains=…&only=files&categories=…`, also
the one for all portals at api.us.socrata.com), the data.json, or a file of saved answers, one asset a
line or as the API gives them.
"""

from __future__ import annotations

import io
from collections import Counter
from collections.abc import Iterator
from itertools import chain, islice
from urllib.parse import parse_qsl, urlencode, urljoin, urlsplit

from msgspec.structs import replace

from harvester.document import Document, Get
from harvester.errors import FeedError, FetchError, HarvesterError
from harvester.feeds import dcat_us
from harvester.feeds._json.fields import mended
from harvester.feeds._json.stream import Damage, Record, head_of, read_lines
from harvester.feeds._json.stream import read as read_json
from harvester.feeds._json.values import encode, text_of
from harvester.feeds._offsets import Found, Having, Page, Seen, damaged, follow, is_missing, page_of
from harvester.feeds._socrata import asset, catalogue_file, views
from harvester.feeds._socrata.addresses import host_of
from harvester.model import N_, Announced, Draft, Item, Problem, Source

TITLE = "Socrata (Tyler Data & Insights) portal"
ORDER = 20
HINTS = ("socrata", "tyler data &amp; insights", "tyler data & insights", ".socrata.com")
GIVES_ITSELF_AWAY = True
PROBES = ("", "api/catalog/v1?only=datasets&limit=1", "data.json")

SIZE = 100
FARTHEST = 10_000
"""Offset and limit together; further out only `scroll_id` leads."""

_API = "/api/catalog/v1"
_VIEWS = "/api/views.json"
_LOOK = 1 << 17
_FIRST = 100  # records that tell which domain is the portal's own
_PAGING = frozenset(("limit", "offset", "scroll_id", "order"))


# ------------------------------------------------------------------------------ recognising


def recognise(document: Document) -> bool:
    """Assets of the discovery API or of `/api/views`, or a data.json whose records are Socrata's."""
    if head_of(document)[:1] not in (b"{", b"["):
        return False
    head = document.head(_LOOK)
    marks, is_file = catalogue_file.Marks(), False
    lists = (("results",), ("dataset",), ())
    for part in read_json(io.BytesIO(head), lists, asset.is_asset, document.charset):
        if isinstance(part, Record):
            if asset.is_asset(part.value) or views.is_view(part.value):
                return True
            if not is_file:
                break
            if isinstance(part.value, dict):
                marks.record(part.value)
        elif isinstance(part, Damage):
            break  # what was looked at ends here
        elif part.path == ("resultSetSize",):
            return True
        elif part.path == ("@id",):
            marks.catalogue(text_of(part.value))
        else:
            is_file = is_file or part.path == ("dataset",)
    if is_file:
        return marks.hold
    # a record longer than what was looked at, or records one a line
    lines = islice(read_lines(io.BytesIO(head), document.charset), 2)
    if any(isinstance(line, Record) and asset.is_asset(line.value) for line in lines):
        return True
    return head.lstrip()[:1] == b"{" and b'"resource"' in head and b'"columns_field_name"' in head


# ------------------------------------------------------------------------------ reading


def read(source: Source, get: Get) -> Iterator[Item]:
    """Every dataset of the portal or file."""
    split = urlsplit(source.url)
    names_a_file = split.path.endswith((".json", ".jsonl", ".ndjson")) and not split.path.endswith(_VIEWS)
    if source.path is not None or names_a_file:
        yield from _read_document(source, get(source.url), get)
        return
    root = urljoin(source.url, "/")
    failed: list[HarvesterError] = []
    is_empty = False
    for way in (_by_search, _by_views):
        try:
            if (items := way(source, root, get)) is not None:
                yield from items
                return
            is_empty = True
        except (FetchError, FeedError) as error:
            failed.append(error)
            if not is_missing(error):
                raise
    try:
        yield from _by_file(source, urljoin(root, "data.json"), get)
    except FetchError as error:
        if not is_missing(error):
            raise
        if not is_empty:
            raise failed[0] from None
        yield Announced(0)


def _read_document(source: Source, document: Document, get: Get) -> Iterator[Item]:
    """The assets in one document, or the data.json that it is."""
    if dcat_us.recognise(document):
        yield from _by_file(source, source.url, Having(document, source.url, get))
        return
    if _is_one_a_line(document):
        with document.open() as stream:
            yield from _items((document.url, line) for line in read_lines(stream, document.charset))
        return
    page = page_of(document, (("results",), ()), _is_readable, "resultSetSize")
    records = [item.value for item in page.items if isinstance(item, Record)]
    if not page.has_list or (records and not any(map(_is_readable, records))):
        raise _no_datasets(page)
    yield from _items((page.url, item) for item in page.items)


def _no_datasets(page: Page) -> FeedError:
    if page.complaint:
        return FeedError(
            page.url, N_("The portal reports an error: {error}."), error=page.complaint.rstrip(".")
        )
    return FeedError(
        page.url,
        N_("This JSON holds no list of Socrata's datasets."),
        N_("Write the address of the portal's home page as url:."),
    )


def _is_readable(value: object) -> bool:
    return asset.is_asset(value) or views.is_view(value)


def _is_one_a_line(document: Document) -> bool:
    with document.open() as stream:
        lines = islice(read_lines(stream, document.charset), 3)
        return any(isinstance(line, Record) and asset.is_asset(line.value) for line in lines)


# ------------------------------------------------------------------------------ the three ways


def _by_search(source: Source, root: str, get: Get) -> Iterator[Item] | None:
    """By the discovery API; None where it answers, and knows of no dataset."""
    query, host = _query(source.url), host_of(root) or ""
    search = _Search(root, host, query, get)
    first = search.page(0)
    if (moved := host_of(first.url)) not in (None, host) and not first.items:
        host, root = moved or host, urljoin(first.url, "/")  # the portal answers under a new name
        search = _Search(root, host, query, get)
        first = search.page(0)
    if not first.items and not first.total:
        return None
    found = follow(first, search.following, Seen(asset.name_of), SIZE)
    if "only" not in query:
        found = _and_others(found, _Search(root, host, query | {"only": ",".join(_OTHERS)}, get))
    return _items(found, root, query.get("domains") or host)


def _query(url: str) -> dict[str, str]:
    """The search that an address of the discovery API holds, without its paging and what only probes."""
    split = urlsplit(url)
    if not split.path.rstrip("/").endswith(_API):
        return {}
    query = {name: text for name, text in parse_qsl(split.query) if name not in _PAGING}
    return {name: text for name, text in query.items() if (name, text) != ("only", "datasets")}


class _Search:
    """A search of the discovery API at `root`, page by page."""

    def __init__(self, root: str, host: str, query: dict[str, str], get: Get) -> None:
        self._url = f"{root}{_API.lstrip('/')}"
        self._query = {
            "only": "datasets",
            "domains": host,
            "search_context": query.get("domains", host),
            **query,
            "order": "dataset_id",
            "limit": str(SIZE),
        }
        self._get = get
        self._last: str | None = None

    def page(self, offset: int) -> Page:
        """The page that begins at an offset."""
        return self._ask("offset", str(offset))

    def following(self, offset: int) -> Page | None:
        """The page at an offset; beyond the farthest, what follows the last id of the page before."""
        if offset + SIZE <= FARTHEST:
            return self.page(offset)
        if self._last is None:
            return None
        page = self._ask("scroll_id", self._last)
        page.total = None  # some count only what is left
        return page

    def _ask(self, name: str, value: str) -> Page:
        page = _page(self._get(f"{self._url}?{urlencode(self._query | {name: value})}"))
        ids = [asset.name_of(item.value)[0] for item in page.items if isinstance(item, Record)]
        self._last = next((id for id in reversed(ids) if id is not None), self._last)
        return page


def _and_others(found: Iterator[Found], search: _Search) -> Iterator[Found]:
    """The tables that were found, then the files, links and layers that the data.json lists as well."""
    total = None
    for each in found:
        total = each.total if isinstance(each, Announced) else total
        yield each
    try:
        first = search.page(0)
    except (FetchError, FeedError) as error:
        if not is_missing(error):
            yield replace(error.problem, partial=True)
        return  # not every version can be asked for several types
    if not any(isinstance(each, Record) and _is_other(each.value) for each in first.items):
        return  # there is none, or the portal does not ask for the type
    others, left_out = 0, 0
    for each in follow(first, search.following, Seen(asset.name_of), SIZE):
        if isinstance(each, Announced):
            others = each.total
        elif isinstance(each, tuple) and isinstance(each[1], Record) and not _is_other(each[1].value):
            left_out += 1
        else:
            yield each
    if total is not None and others > left_out:
        yield Announced(total + others - left_out)


_OTHERS = ("files", "links", "maps")
"""Types of assets that are data too, beside the tables."""


def _is_other(value: object) -> bool:
    """Is an asset a file, a link or a layer, and not a chart, a story or a map drawn from a table?"""
    resource = value.get("resource") if isinstance(value, dict) else None
    if not isinstance(resource, dict):
        return True  # what is none at all is told elsewhere
    kind = text_of(resource.get("type")) or ""
    return kind in ("file", "blob", "href", "link", "federated_href") or (
        kind == "map" and resource.get("lens_view_type") == "geo"
    )


def _page(document: Document) -> Page:
    """A page of the discovery API. Raises `FeedError` when it is none."""
    page = page_of(document, (("results",),), asset.is_asset, "resultSetSize")
    if not page.has_list:
        raise _no_datasets(page)
    return page


def _by_views(source: Source, root: str, get: Get) -> Iterator[Item] | None:
    """By `/api/views.json`; None where it is empty."""

    def ask(offset: int) -> Page:
        page = page_of(
            get(f"{root}api/views.json?limit={SIZE}&page={offset // SIZE + 1}"), ((),), views.is_view
        )
        records = [item.value for item in page.items if isinstance(item, Record)]
        if not page.has_list or (records and not any(map(views.is_view, records))):
            raise _no_datasets(page)
        return page

    first = ask(0)
    if not first.items:
        return None
    root = urljoin(first.url, "/")
    return _items(follow(first, ask, Seen(_name_of_view), SIZE), root, host_of(root))


def _name_of_view(value: object) -> tuple[str | None, str | None]:
    return (text_of(value.get("id")), text_of(value.get("name"))) if isinstance(value, dict) else (None, None)


def _by_file(source: Source, url: str, get: Get) -> Iterator[Item]:
    """By the data.json at `url`, as the feed `dcat_us` reads it."""
    for item in dcat_us.read(replace(source, url=url), get):
        yield catalogue_file.keyed(item) if isinstance(item, Draft) else item


# ------------------------------------------------------------------------------ items


def _items(found: Iterator[Found], home: str = "", own: str | None = None) -> Iterator[Item]:
    """Drafts for assets, problems for what is none. `home` is the portal's, "" for a file."""
    first = list(islice(found, _FIRST))
    own = _own_domain(first, own)
    for each in chain(first, found):
        if isinstance(each, tuple):
            item = _item(*each, home, own)
            if item is not None:
                yield item
        else:
            yield each


def _own_domain(first: list[Found], asked: str | None) -> str | None:
    """The domain that the portal's own assets name: the one asked for, else the one that most of them do.

    A portal may answer under another name than the one that its assets know it by.
    """
    values = [each[1].value for each in first if isinstance(each, tuple) and isinstance(each[1], Record)]
    domains = Counter(filter(None, map(asset.domain_of, values)))
    if not domains or asked in domains:
        return asked
    return domains.most_common(1)[0][0]


def _item(where: str, item: Record | Damage, home: str, own: str | None) -> Draft | Problem | None:
    """The draft of an asset, or the problem that says why there is none; None for a view that is no data."""
    if isinstance(item, Damage):
        return damaged(where, item)
    try:
        value = item.value
        if views.is_view(value):
            if not views.is_dataset(value):
                return None
            value = views.asset_of(value, own)
        if not asset.is_asset(value):
            return Problem(
                where=where,
                what=N_("An entry of the list is no dataset: “{begin}”."),
                values={"begin": encode(value)[:80]},
            )
        draft = asset.draft_of(value, home, own)
    except RecursionError:
        return Problem(where=where, what=N_("A record cannot be read: it is nested too deeply."))
    return mended(draft) if item.mended else draft
