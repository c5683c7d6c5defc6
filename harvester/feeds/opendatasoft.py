"""Opendatasoft (Huwise) portals: by the Explore API 2.1, else 2.0, else the search API 1.0, else an export.

The catalogue's JSON export gives all datasets at once; where it fails they come in pages, which
reach 10,000 (https://help.opendatasoft.com/apis/ods-explore-v2/). `source.url` may be the portal's
home, any of its pages (also a search: `/explore/?refine.publisher=…`), one of its APIs with filters of
its own (`where`, `refine`, `exclude`), an export in JSON, CSV, RDF or as data.json, or a file of one.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable, Iterator
from functools import partial
from itertools import chain
from urllib.parse import parse_qsl, urlencode, urljoin, urlsplit

from msgspec.structs import replace

from harvester.document import Document, Get
from harvester.errors import FeedError, FetchError, HarvesterError
from harvester.feeds import dcat, dcat_us
from harvester.feeds._json.fields import mended
from harvester.feeds._json.stream import Damage, Member, NotJson, Record, head_of
from harvester.feeds._json.stream import read as read_json
from harvester.feeds._json.values import encode, text_of, texts_of
from harvester.feeds._offsets import Found, Having, Page, Seen, damaged, follow, is_missing, not_json, page_of
from harvester.feeds._opendatasoft import other_exports, sheet
from harvester.feeds._opendatasoft.entry import draft_of
from harvester.feeds._opendatasoft.shapes import entry_of, is_dataset, name_of
from harvester.model import N_, Draft, Item, Problem, Source

TITLE = "Opendatasoft (Huwise) portal"
ORDER = 40
HINTS = ("opendatasoft", "huwise", "ods-widgets", "ods-front", ".opendatasoft.com", ".huwise.com")
GIVES_ITSELF_AWAY = True
PROBES = (
    "",
    "api/explore/v2.1/catalog/datasets?limit=1",
    "api/v2/catalog/datasets?limit=1",
    "api/datasets/1.0/search/?rows=1",
)

SIZE = 100
FARTHEST = 10_000
"""Offset and limit together."""

V21 = "api/explore/v2.1/catalog/datasets"
V20 = "api/v2/catalog/datasets"
V10 = "api/datasets/1.0/search/"
_LISTS = (("results",), ("datasets",), ())
_LOOK = 1 << 17
_MOST_MEMBERS = 1_000
_FILTERS = ("where", "refine", "exclude", "search", "lang")
_EXPORT = re.compile(r"/exports/[^/]+/?$|/catalog/datasets/[^/]+/?$|\.(json|csv|ttl|rdf|xml|jsonld|nt)$")
_LAST_RESORTS = ("csv", "dcat", "ttl", "data.json")


# ------------------------------------------------------------------------------ recognising


def recognise(document: Document) -> bool:
    """Datasets of one of the APIs, or an export of the catalogue that tells whose it is."""
    head = head_of(document)
    if head[:1] not in (b"{", b"["):
        text = document.head(_LOOK).decode("utf-8", "replace")
        return sheet.is_sheet(document) or other_exports.is_rdf(text)
    members: dict[str, object] = {}
    pages: list[str] = []
    lists = (*_LISTS, ("dataset",))
    for part in read_json(io.BytesIO(document.head(_LOOK)), lists, is_dataset, document.charset):
        if isinstance(part, Record):
            if is_dataset(part.value):
                return True
            if "dataset" not in members or not isinstance(part.value, dict):
                break
            if "dataset_id" in part.value:
                return True  # version 2 of a single dataset
            pages.append(next(iter(texts_of(part.value.get("landingPage"))), ""))
        elif isinstance(part, Damage):
            break  # what was looked at ends here
        elif len(members) < _MOST_MEMBERS:
            members[".".join(part.path)] = part.value
    if pages:
        return other_exports.are_of_one(pages)
    if is_dataset(members):
        return True
    # a first record that is longer than what was looked at
    return b'"dataset_id"' in head and b'"metas"' in document.head(_LOOK)


# ------------------------------------------------------------------------------ reading


def read(source: Source, get: Get) -> Iterator[Item]:
    """Every dataset of the portal, export or file."""
    if source.path is not None or _EXPORT.search(urlsplit(source.url).path):
        yield from _read_document(source, get(source.url), get)
        return
    root, filters = urljoin(source.url, "/"), _filters(source.url)
    failed: list[HarvesterError] = []
    for way in _ways(source, root, filters, get):
        try:
            items = way()
            first = next(items, None)
        except (FetchError, FeedError) as error:
            failed.append(error)
            if _is_hopeless(failed):
                break
        else:
            yield from chain([first] if first is not None else [], items)
            return
    raise failed[0]


def _is_hopeless(failed: list[HarvesterError]) -> bool:
    """Is the portal in trouble? The first time it may have been the export that was too much for it."""
    last = failed[-1]
    asked_to_wait = isinstance(last, FetchError) and last.status in (429, 503)
    return asked_to_wait or (len(failed) > 1 and not is_missing(last))


def _filters(url: str) -> list[tuple[str, str]]:
    """The search that an address holds, in the words of version 2."""
    found: list[tuple[str, str]] = []
    for name, text in parse_qsl(urlsplit(url).query):
        verb, _, field = name.partition(".")
        if name in _FILTERS:
            found.append((name, text))
        elif verb in ("refine", "exclude") and field:  # of the portal's own pages, and of version 1
            found.append((verb, f'{field}:"{text}"'))
    return found


# ------------------------------------------------------------------------------ the ways


def _ways(
    source: Source, root: str, filters: list[tuple[str, str]], get: Get
) -> Iterator[Callable[[], Iterator[Item]]]:
    """How the portal may be asked, the best first."""
    query = f"?{urlencode(filters)}" if filters else ""
    exports = f"{root}api/explore/v2.1/catalog/exports/"

    def export(format: str) -> Iterator[Item]:
        url = f"{exports}{format}{query}"
        yield from _read_document(replace(source, url=url), get(url), get)

    yield partial(export, "json")
    yield partial(_paged, root, V21, filters, get)
    yield partial(_paged, root, V20, filters, get)
    yield partial(_paged_v1, root, filters, get)
    yield from (partial(export, format) for format in _LAST_RESORTS)


def _paged(root: str, api: str, filters: list[tuple[str, str]], get: Get) -> Iterator[Item]:
    """By pages of version 2.1 or 2.0. Raises when the first page cannot be had."""
    order = [("order_by", "dataset_id")]  # in the usual order, by relevance, pages miss and repeat datasets

    def ask(offset: int) -> Page | None:
        limit = min(SIZE, FARTHEST - offset)
        if limit <= 0:
            return None
        query = urlencode([("limit", limit), ("offset", offset), *order, *filters])
        return _page(get(f"{root}{api}?{query}"), "total_count")

    try:
        first = ask(0)
    except FetchError as error:
        if error.status != 400:
            raise
        order.clear()  # not every version sorts by it
        first = ask(0)
    assert first is not None  # the first is never too far out
    yield from _items(follow(first, ask, Seen(name_of), SIZE), urljoin(first.url, "/"), api)


def _paged_v1(root: str, filters: list[tuple[str, str]], get: Get) -> Iterator[Item]:
    """By pages of version 1. Raises when the first page cannot be had."""
    old = [
        (f"{verb}.{field}", text.strip('"'))
        for verb, value in filters
        if verb in ("refine", "exclude")
        for field, _, text in [value.partition(":")]
    ]

    def ask(offset: int) -> Page | None:
        if offset >= FARTHEST:
            return None
        query = urlencode([("rows", min(SIZE, FARTHEST - offset)), ("start", offset), *old])
        return _page(get(f"{root}{V10}?{query}"), "nhits")

    first = ask(0)
    assert first is not None  # the first is never too far out
    yield from _items(follow(first, ask, Seen(name_of), SIZE), urljoin(first.url, "/"), "")


def _page(document: Document, total: str) -> Page:
    page = page_of(document, _LISTS, is_dataset, total)
    values = [item.value for item in page.items if isinstance(item, Record)]
    if not page.has_list or (values and not any(map(is_dataset, values))):
        raise _no_datasets(document.url, page.complaint)
    return page


# ------------------------------------------------------------------------------ one document


def _read_document(source: Source, document: Document, get: Get) -> Iterator[Item]:
    """The datasets in one document, whatever export it is."""
    known = Having(document, source.url, get)
    if head_of(document)[:1] in (b"{", b"["):
        if _holds_dcat_us(document):
            yield from _keyed(dcat_us.read(source, known))
            return
        yield from _stream(document)
    elif sheet.is_sheet(document):
        yield from _sheet(document)
    elif dcat.recognise(document):
        yield from _keyed(dcat.read(source, known))
    else:
        raise not_json(document.url, " ".join(document.head(200).decode("utf-8", "replace").split())[:40])


def _holds_dcat_us(document: Document) -> bool:
    return dcat_us.recognise(document) and not any(
        mark in document.head(_LOOK) for mark in (b'"dataset_id"', b'"datasetid"')
    )


def _keyed(items: Iterator[Item]) -> Iterator[Item]:
    for item in items:
        yield other_exports.keyed(item) if isinstance(item, Draft) else item


def _sheet(document: Document) -> Iterator[Item]:
    home, api = _place(document.url)
    try:
        for row in sheet.rows(document):
            if item := _item(document.url, Record(row, mended=False), home, api):
                yield item
    except csv.Error as error:
        yield Problem(
            where=document.url,
            what=N_("The table breaks off where it cannot be read ({reason})."),
            values={"reason": str(error)[:200]},
            partial=True,
        )


def _stream(document: Document) -> Iterator[Item]:
    """The datasets of a JSON document, one after the other, so that memory holds one."""
    home, api = _place(document.url)
    members: dict[str, object] = {}
    has_list = has_datasets = False
    waiting: list[Item] = []  # problems, until it is sure that this is a list of datasets
    try:
        with document.open() as stream:
            for part in read_json(stream, _LISTS, is_dataset, document.charset):
                if isinstance(part, Member):
                    has_list = has_list or part.path in _LISTS
                    if len(members) < _MOST_MEMBERS:
                        members[part.path[-1] if part.path else ""] = part.value
                    continue
                item = _item(document.url, part, home, api)
                has_datasets = has_datasets or isinstance(item, Draft)
                waiting.append(item)
                if has_datasets:
                    yield from waiting
                    waiting.clear()
    except NotJson as error:
        raise not_json(document.url, " ".join(str(error).split())[:40]) from None
    if is_dataset(members):  # a single dataset
        yield _item(document.url, Record(members, mended=False), home, api)
    elif not has_datasets and (waiting or not has_list):
        raise _no_datasets(document.url, text_of(members.get("message")))


def _no_datasets(url: str, complaint: str | None) -> FeedError:
    if complaint:
        return FeedError(url, N_("The portal reports an error: {error}."), error=complaint.rstrip("."))
    return FeedError(
        url,
        N_("This JSON holds no list of Opendatasoft's datasets."),
        N_("Write the address of the portal's home page as url:."),
    )


_PLACE = re.compile(
    r"(https?://[^/]+/)(api/explore/v2\.\d|api/v2|api/datasets/1\.0|explore)(?=/)(?:/(?!catalog/)\w+)?"
)


def _place(url: str) -> tuple[str, str]:
    """The portal's home and the path of its API, where an address tells them; else ("", "")."""
    found = _PLACE.match(url)
    if found is None:
        return "", ""
    return found[1], f"{found[2]}/catalog/datasets" if "v2" in found[2] else ""


# ------------------------------------------------------------------------------ items


def _items(found: Iterator[Found], home: str, api: str) -> Iterator[Item]:
    for each in found:
        yield _item(*each, home, api) if isinstance(each, tuple) else each


def _item(where: str, item: Record | Damage, home: str, api: str) -> Draft | Problem:
    """The draft of a dataset, or the problem that says why there is none."""
    if isinstance(item, Damage):
        return damaged(where, item)
    try:
        if not is_dataset(item.value):
            return Problem(
                where=where,
                what=N_("An entry of the list is no dataset: “{begin}”."),
                values={"begin": encode(item.value)[:80]},
            )
        draft = draft_of(entry_of(item.value), home, api)
    except RecursionError:
        return Problem(where=where, what=N_("A record cannot be read: it is nested too deeply."))
    return mended(draft) if item.mended else draft
