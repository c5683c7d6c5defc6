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
from collections.abc import Callable, Iterator
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
    except (FetchError, FeedError):
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
        raise FeedError(
            document.url,
            N_("This JSON holds no list of Socrata's datasets."),
            N_("Write the address of the portal's home page as url:."),
        )
    yield from _items((page.url, item) for item in page.items)


def _is_readable(value: object) -> bool:
    return asset.is_asset(value) or views.is_view(value)


def _is_one_a_line(document: Document) -> bool:
    with document.open() as stream:
        lines = islice(read_lines(stream, document.charset), 3)
        return any(isinstance(line, Record) and asset.is_asset(line.value) for line in lines)


# ------------------------------------------------------------------------------ the three ways


def _by_search(source: Source, root: str, get: Get) -> Iterator[Item] | None:
    """By the discovery API; None where it answers, and knows of no dataset."""
    query = _query(source.url)

    def ask(offset: int, host: str) -> Page:
        paging = {"order": "dataset_id", "limit": SIZE, "offset": offset}
        return _page(get(f"{root}api/catalog/v1?{urlencode(_search(query, host) | paging)}"))

    host = host_of(root) or ""
    first = ask(0, host)
    if (moved := host_of(first.url)) not in (None, host) and not first.items:
        host, root = moved or host, urljoin(first.url, "/")  # the portal answers under a new name
        first = ask(0, host)
    if not first.items and not first.total:
        return None
    scroll = _Scroll(lambda last: _page(get(_scroll_url(root, query, host, last))))

    def following(offset: int) -> Page | None:
        page = ask(offset, host) if offset + SIZE <= FARTHEST else scroll.next()
        scroll.passed(page)
        return page

    scroll.passed(first)
    return _items(follow(first, following, Seen(asset.name_of), SIZE), root, query.get("domains") or host)


def _query(url: str) -> dict[str, str]:
    """The search that an address of the discovery API holds, without its paging."""
    split = urlsplit(url)
    if not split.path.rstrip("/").endswith(_API):
        return {}
    return {name: text for name, text in parse_qsl(split.query) if name not in _PAGING}


def _search(query: dict[str, str], host: str) -> dict[str, object]:
    return {"only": "datasets", "domains": host, "search_context": query.get("domains", host), **query}


def _scroll_url(root: str, query: dict[str, str], host: str, last: str) -> str:
    paging = {"order": "dataset_id", "limit": SIZE, "scroll_id": last}
    return f"{root}api/catalog/v1?{urlencode(_search(query, host) | paging)}"


class _Scroll:
    """Pages beyond the farthest offset: each begins after the last id of the one before."""

    def __init__(self, ask: Callable[[str], Page]) -> None:
        self._ask = ask
        self._last: str | None = None

    def passed(self, page: Page | None) -> None:
        """Remember where a page ended."""
        for item in reversed(page.items if page is not None else []):
            if isinstance(item, Record) and (id := asset.name_of(item.value)[0]) is not None:
                self._last = id
                return

    def next(self) -> Page | None:
        """The next page; None where no id is known to go on from."""
        if self._last is None:
            return None
        page = self._ask(self._last)
        page.total = None  # some count only what is left
        return page


def _page(document: Document) -> Page:
    """A page of the discovery API. Raises `FeedError` when it is none."""
    page = page_of(document, (("results",),), asset.is_asset, "resultSetSize")
    if not page.has_list:
        raise FeedError(
            document.url,
            N_("The portal's search gives no list of datasets ({words})."),
            words=page.complaint or "-",
        )
    return page


def _by_views(source: Source, root: str, get: Get) -> Iterator[Item] | None:
    """By `/api/views.json`; None where it is empty."""

    def ask(offset: int) -> Page:
        page = page_of(
            get(f"{root}api/views.json?limit={SIZE}&page={offset // SIZE + 1}"), ((),), views.is_view
        )
        records = [item.value for item in page.items if isinstance(item, Record)]
        if not page.has_list or (records and not any(map(views.is_view, records))):
            raise FeedError(page.url, N_("This JSON holds no list of Socrata's datasets."))
        return page

    first = ask(0)
    if not first.items:
        return None
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
