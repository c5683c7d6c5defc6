"""CKAN portals, by version 3 of their Action API, those that imitate it, and files of CKAN packages.

All packages come by `package_search` in pages; where a portal has none (DKAN 1), by `package_list`,
`current_package_list_with_resources` and `package_show`. DataPress (London) has an export of its own,
piveau's hub a `package_search` in another place. `source.url` may be the portal's home, any of its
pages, its API (also with a search of its own, `package_search?fq=…`), or the page of one organisation or
group, which means the datasets of that one. A file holds packages one a line, in a list, or as the API
answers them.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from itertools import islice
from typing import Literal, NamedTuple
from urllib.parse import parse_qsl, unquote, urlsplit

from harvester.document import Document, Get
from harvester.errors import FeedError, FetchError
from harvester.feeds._ckan.api import ACTION, LISTS, Answer, Api, ApiError, Scope
from harvester.feeds._ckan.datapress import EXPORTS, is_datapress
from harvester.feeds._ckan.package import is_package, may_be_package
from harvester.feeds._ckan.paging import Paging
from harvester.feeds._ckan.reader import Reader, Seen
from harvester.feeds._json.stream import Damage, Member, NotJson, Record, head_of, read_lines
from harvester.feeds._json.stream import read as read_json
from harvester.feeds._json.values import text_of
from harvester.model import N_, Announced, Item, Problem, Source

TITLE = "CKAN portal"
ORDER = 30
HINTS = ("ckan", "dkan", "datapress", "piveau")
PROBES = (
    "api/3/action/package_search?rows=0",
    "api/3/action/package_list?limit=1",
    "api/v3/datasets/export.json",
    "api/hub/search/ckan/package_search?rows=0",
)

ROWS = 500
MOST_ROWS = 1000  # what CKAN itself gives at most
SMALL = 10  # rows, when a portal cannot give a whole page
NAMES = 1000  # a page of names
RECENT = 100  # a page of whole packages, where there is no search
MOST_UNREACHABLE = 3  # packages in a row, until a portal is left alone
MOST_FIELDS = 1000  # of a single package in a file
_PREFIXES = ("data", "ckan", "catalog", "opendata", "dados", "recherche")
_OTHER_ACTIONS = ("api/action/", "api/hub/search/ckan/")  # DataPress and old CKAN; piveau
_LOOK = 1 << 18  # bytes of an export in which a dataset shows what it is


# ------------------------------------------------------------------------------ recognising

_ANSWER = re.compile(rb'"result"\s*:\s*(\[|\{\s*"count"|\{.*"results"\s*:\s*\[)', re.S)
_SUCCESS = re.compile(rb'"(success"\s*:\s*true|help"\s*:\s*")')
_FAILURE = re.compile(rb'"success"\s*:\s*false')
_PACKAGE_FIELDS = re.compile(
    rb'"(license_id|license_title|owner_org|metadata_modified|metadata_created|num_resources|num_tags|isopen|private'
    rb"|relationships_as_object|package_id|notes|maintainer_email|creator_user_id|tracking_summary|resources|tags"
    rb'|organization|extras)"\s*:'
)


def recognise(document: Document) -> bool:
    """An answer of the Action API, or a file of packages."""
    head = head_of(document)
    if head[:1] not in (b"{", b"[") or _FAILURE.search(head):
        return False
    if _SUCCESS.search(head) and _ANSWER.search(head):
        return True
    if len(set(_PACKAGE_FIELDS.findall(head))) >= 5:
        return True
    return b'"sharing"' in document.head(_LOOK) and is_datapress(_first_record(document))


def _first_record(document: Document) -> object:
    """The first item of a document that is a list; else the object that it is, where it is not long."""
    items = read_json(io.BytesIO(document.head(_LOOK)), ((),), is_datapress)
    return next((item.value for item in items if isinstance(item, Record)), None)


# ------------------------------------------------------------------------------ reading


def read(source: Source, get: Get) -> Iterator[Item]:
    """Every package of the portal or file, those that are no datasets as problems that say so."""
    rows = source.settings.get("rows", ROWS)
    if not isinstance(rows, int) or not 1 <= rows <= MOST_ROWS:
        raise FeedError(
            source.id, N_("“rows” is a number from 1 to {most}, not {rows}."), most=MOST_ROWS, rows=rows
        )
    if source.path is not None or urlsplit(source.url).path.endswith((".json", ".jsonl", ".ndjson")):
        yield from _read_file(get(source.url))
        return
    scope, filters = _scope(source.url), _filters(source.url)
    failed: ApiError | None = None
    for way in _ways(source.url):
        if failed is not None and (way.by == "export" or way.home not in _own_homes(source.url)):
            break  # the portal is there, and in trouble: no need to look for it elsewhere
        if filters and way.by != "search":
            continue  # a list of names knows nothing of them
        api = Api(way.home, get, scope, filters, way.path)
        try:
            match way.by:
                case "search":
                    yield from _search(api, rows)
                case "list":
                    yield from _list(api)
                case "export":
                    yield from _export(get, f"{way.home}{way.path}", scope)
            return
        except ApiError as error:
            if error.kind in ("refused", "unreachable"):
                raise error.error from error
            failed = error if error.kind == "failed" else failed
    if failed is not None:
        raise failed.error
    raise FeedError(
        source.url,
        N_("No CKAN portal answers here."),
        N_("Write the portal's home page as url:, or remove type: to have its feed looked for."),
    )


class _Way(NamedTuple):
    """A way to all packages: by `package_search`, by `package_list`, or by DataPress's export."""

    home: str
    path: str
    by: Literal["search", "list", "export"]


def _ways(url: str) -> Iterator[_Way]:
    """Where the portal's home may be, and how to ask there: what the address names, then what is usual."""
    named = _NAMED.match(url)
    if named is not None and named["path"] != ACTION:
        yield _Way(named["home"], named["path"], "search")
    own = _own_homes(url)
    yield from (_Way(home, ACTION, "search") for home in own)
    yield from (_Way(home, ACTION, "list") for home in own)
    root = own[-1]
    yield from (_Way(root, path, "export") for path in (EXPORTS[0], EXPORTS[-1]))
    prefixed = (f"{root}{prefix}/" for prefix in _PREFIXES)
    yield from (_Way(home, ACTION, "search") for home in prefixed if home not in own)
    yield from (_Way(root, path, "search") for path in _OTHER_ACTIONS)


_NAMED = re.compile(r"(?P<home>https?://.*/)(?P<path>api/(?:3/)?action/|api/hub/search/ckan/)")
_PAGES = re.compile(r"/(api|dataset|organization|group|showcase|harvest|(search/)?datasets)(/.*)?$")


def _own_homes(url: str) -> list[str]:
    """The folders above an address, from the nearest that is no part of CKAN itself to the host's root."""
    split = urlsplit(url)
    path = _PAGES.sub("", split.path)
    parts = [part for part in path.split("/") if part][:4]
    host = f"{split.scheme}://{split.netloc}/"
    return [host + "".join(f"{part}/" for part in parts[:length]) for length in range(len(parts), -1, -1)]


def _scope(url: str) -> Scope | None:
    """The organisation or group whose page the address is."""
    found = re.search(r"/(organization|group)/([^/?#]+)/?$", urlsplit(url).path)
    if found is None or "/api/" in url:
        return None
    return Scope("organization" if found[1] == "organization" else "groups", unquote(found[2]))


def _filters(url: str) -> dict[str, str]:
    """The search that an address of package_search holds."""
    split = urlsplit(url)
    if not split.path.endswith("/package_search"):
        return {}
    return {name: text for name, text in parse_qsl(split.query) if name in ("q", "fq")}


# ------------------------------------------------------------------------------ package_search


def _search(api: Api, rows: int) -> Iterator[Item]:
    """All packages by `package_search`. Raises `ApiError` when the first page cannot be had."""
    # only CKAN itself is known to keep the page of a package under /dataset/
    pages_at = "" if "hub" in api.path else api.home
    paging, seen, reader = Paging(rows), Seen(), Reader(pages_at, api.home)
    answer: Answer | None = _first_page(api, paging)
    while True:
        if answer is not None:
            if answer.count is not None and answer.count != paging.total:
                yield Announced(answer.count)
            before = seen.packages
            yield from (reader.item(each) for each in answer.items if seen.is_news(each))
            paging.answered(len(answer.items), seen.packages - before, answer.count)
        if paging.over:
            break
        try:
            answer = api.search(paging.start, paging.size)
        except ApiError as error:
            if error.kind == "refused" or (error.kind == "unreachable" and paging.size <= SMALL):
                raise error.error from error
            answer, place = None, paging.start + 1
            if paging.failed(too_much=error.kind == "unreachable"):
                yield Problem(
                    where=api.home,
                    what=N_("Dataset number {place} of the portal's list cannot be read: {reason}."),
                    values={"place": str(place), "reason": error.reason},
                )
    if paging.gave_up:
        yield Problem(
            where=api.home,
            what=N_("The portal's list was given up before dataset number {place}."),
            values={"place": str(paging.start + 1)},
            partial=True,
        )


def _first_page(api: Api, paging: Paging) -> Answer:
    """The first page: a whole one, else a small one, else a small one in whatever order."""
    whole, small = paging.size, min(SMALL, paging.size)
    for size, sort in ((whole, api.sort), (small, api.sort), (small, "")):
        paging.size, api.sort = size, sort
        try:
            return api.search(0, size)
        except ApiError as error:
            last = error
            paging.failed(too_much=error.kind == "unreachable")
            if error.kind in ("missing", "refused") or (error.kind == "unreachable" and size == small):
                break
    raise last


# ------------------------------------------------------------------------------ package_list


def _list(api: Api) -> Iterator[Item]:
    """All packages by their names. Raises `ApiError` when there is no list of names."""
    names = _names(api)
    if api.scope is None:
        yield Announced(len(names))
    seen, reader = Seen(api.scope), Reader(api.home, api.home)
    yield from _recent(api, names, seen, reader)
    unreachable = 0
    for name in [name for name in names if name not in seen.keys]:
        try:
            item = api.show(name).single
        except ApiError as error:
            unreachable = unreachable + 1 if error.kind in ("refused", "unreachable") else 0
            if unreachable == MOST_UNREACHABLE:
                raise error.error from error
            yield Problem(
                where=f"{api.home}dataset/{name}",
                what=N_("This dataset is in the portal's list, but cannot be read: {reason}."),
                values={"reason": error.reason},
            )
        else:
            unreachable = 0
            if item is not None and seen.is_news(item):
                yield reader.item(item)


def _names(api: Api) -> dict[str, None]:
    names: dict[str, None] = {}
    items: list[Record | Damage] = []
    while True:
        before = len(names)
        try:
            items = api.names(before, NAMES).items
        except ApiError:
            if 0 < len(items) < NAMES:  # the page before was the last: this one needed not be there
                return names
            raise
        names |= {name: None for item in items if isinstance(item, Record) and (name := text_of(item.value))}
        if len(names) == before or len(items) > NAMES:  # more than asked for: it ignores the limit
            return names


def _recent(api: Api, names: dict[str, None], seen: Seen, reader: Reader) -> Iterator[Item]:
    """Whole packages by the hundred; what is missing after that is asked for by name."""
    offset = 0
    while any(name not in seen.keys for name in names):
        before = seen.packages
        try:
            answer = api.recent(offset, RECENT)
        except ApiError:
            return  # not every imitator of CKAN has this one
        yield from (reader.item(each) for each in answer.items if seen.is_news(each))
        if seen.packages == before:
            return
        offset += len(answer.items)


# ------------------------------------------------------------------------------ DataPress


def _export(get: Get, url: str, scope: Scope | None) -> Iterator[Item]:
    """All datasets by the export. Raises `ApiError` when there is none, or when only a part is wanted."""
    if scope is not None:
        raise ApiError("missing", FeedError(url, N_("The export holds the whole portal.")))
    try:
        document = get(url)
    except FetchError as error:
        raise ApiError("missing" if error.status else "unreachable", error) from error
    if not recognise(document):
        raise ApiError("missing", FeedError(url, N_("This JSON holds no CKAN packages.")))
    yield from _read_file(document)


# ------------------------------------------------------------------------------ a file


_EXPORT = re.compile(r"(https?://.*/)api/(?:v\d+/)?datasets/export\.json")


def _is_record(value: object) -> bool:
    return is_package(value) or is_datapress(value)


def _read_file(document: Document) -> Iterator[Item]:
    exported = _EXPORT.fullmatch(document.url)
    reader = Reader(exported[1] if exported else "", document.url)
    if _is_one_a_line(document):
        with document.open() as stream:
            yield from (reader.item(each) for each in read_lines(stream, document.charset))
        return
    has_list = False
    single: dict[str, object] = {}
    try:
        with document.open() as stream:
            for part in read_json(stream, (*LISTS, ("results",)), _is_record, document.charset):
                if not isinstance(part, Member):
                    has_list = True
                    yield reader.item(part)
                elif len(single) < MOST_FIELDS:
                    has_list = has_list or part.path in LISTS
                    single[part.path[-1] if part.path else ""] = part.value
    except NotJson as error:
        raise FeedError(
            document.url,
            N_("This is neither JSON nor one package a line; it begins with “{begin}”."),
            begin=" ".join(str(error).split())[:40],
        ) from error
    if not has_list:  # a single package, or package_show's answer
        if not may_be_package(single):
            raise FeedError(
                document.url,
                N_("This JSON holds no CKAN packages."),
                N_("Save the answer of package_search, or one package a line."),
            )
        yield reader.item(Record(single, mended=False))


def _is_one_a_line(document: Document) -> bool:
    """Is one of the first lines a package? Not only the first one, which may be broken."""
    with document.open() as stream:
        lines = islice(read_lines(stream, document.charset), 3)
        return any(isinstance(line, Record) and _is_record(line.value) for line in lines)
