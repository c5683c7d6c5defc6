"""data.json: Project Open Data 1.1 (DCAT-US), plain JSON, read as JSON and never as linked data.

ArcGIS Hub, Socrata, DKAN, JKAN, Andino, uSmart and many hand-made files answer in it. DCAT-US 3, which
keeps datasets in more places than one, is read as well (`_dcat_us_nested`), and so are bare lists of
datasets: the metastore of DKAN 2, JKAN's `datasets.json`, what scrapers leave. The file is streamed:
memory holds one record at a time. Where it is paged, by a `Link` header, by a field that
names the next page or by a page number in its address, pages are followed as long as they bring
records that no earlier page had (failures 1, 2, 3).
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from itertools import islice
from urllib.parse import urljoin, urlsplit

from msgspec.structs import replace

from harvester.document import Document, Get
from harvester.errors import FeedError, FetchError
from harvester.feeds import _dcat_us_nested as nested
from harvester.feeds._dcat_us_dataset import draft_of
from harvester.feeds._dcat_us_jkan import SearchIndex, is_entry
from harvester.feeds._json.fields import mended, squeezed
from harvester.feeds._json.parts import identifiers_in
from harvester.feeds._json.stream import Damage, Member, NotJson, Record, head_of
from harvester.feeds._json.stream import read as read_json
from harvester.feeds._json.values import absolute, encode, items_of, text_of, texts_of
from harvester.feeds._pages import html
from harvester.home_page import links_of, machine_readable
from harvester.model import N_, Draft, Item, Problem, Source

TITLE = "data.json (DCAT-US, Project Open Data)"
ORDER = 60
HINTS = ("dkan", "jkan", "usmart", "junar")
PROBES = ("data.json", "api/1/metastore/schemas/dataset/items", "datasets.json")

MOST_PAGES = 10_000
MOST_LINKS = 4  # of a home page
_OTHER_PLACES = ("api/feed/dcat-us/1.1.json", "api/feed/dcat-us/3.0.json", "opendata/data.json")
_LISTS = (*((name,) for name in nested.LISTS), ())
_MOST_MEMBERS = 200  # members beside the list; a file that has more is not of this kind


# ------------------------------------------------------------------------------ recognising

_LOOK = 1 << 16  # bytes; a catalogue may describe itself at length before its list begins
_FOREIGN = ("@graph", "success", "result", "features", "total_count")  # JSON-LD, CKAN, GeoJSON, Opendatasoft
_OURS = ("project-open-data", "dcat-us", "data.gov")


def recognise(document: Document) -> bool:
    """A JSON object with a list `dataset`, or a list of datasets, that is neither CKAN nor JSON-LD."""
    if head_of(document)[:1] not in (b"{", b"["):
        return False
    marked = listed = False
    for item in read_json(io.BytesIO(document.head(_LOOK)), _LISTS, _is_dataset):
        if isinstance(item, Record):
            if item.path in _OF_ENTRIES and isinstance(item.value, dict) and item.value:
                return _is_dataset(item.value) or (marked and not _PREFIXED.search(" ".join(item.value)))
        elif isinstance(item, Damage):
            break  # what was looked at ends here
        elif item.path in _LISTS:
            listed = listed or item.path == ("dataset",)  # other empty lists may be anything
        elif item.path[0] in _FOREIGN or (item.path[0] == "@context" and not _is_ours(item.value)):
            return False
        else:
            marked = marked or (item.path[0] == "conformsTo" and _is_ours(item.value))
    return marked or listed


_OF_ENTRIES = (("dataset",), ("datasets",), ())
_PREFIXED = re.compile(r"\b(dcat|dct|dcterms|hydra|schema):")


def _is_ours(value: object) -> bool:
    texts = (text.lower() for each in items_of(value) for text in _names_in(each))
    return any(mark in text for text in texts for mark in _OURS)


def _names_in(value: object) -> list[str]:
    """The names and addresses of a standard, which DCAT-US 3 describes in an object."""
    each = (
        [value.get(name) for name in ("@id", "identifier", "title")] if isinstance(value, dict) else [value]
    )
    return [text for one in each for text in texts_of(one)]


# ------------------------------------------------------------------------------ reading


@dataclass
class _Page:
    """What is learnt from one document beside its records, and from JKAN's index beside it."""

    index: SearchIndex
    has_list: bool = False
    drafts: int = 0
    damaged: bool = False
    members: dict[str, object] = field(default_factory=dict)
    marks: set[int] = field(default_factory=set)
    embedded: set[int] = field(default_factory=set)  # of those that came from inside another thing


def read(source: Source, get: Get) -> Iterator[Item]:
    """Every dataset of the file, and of the pages that follow it."""
    document = _find(source, get)
    earlier: set[int] = set()  # marks of the records of earlier pages
    index = SearchIndex(document.url, get)
    visited = {source.url, document.url}
    counting = False  # are pages found by counting up their number, and not by their naming the next?
    for number in range(1, MOST_PAGES + 1):
        page = _Page(index)
        try:
            yield from _read_page(document, page, earlier)
        except NotJson as error:
            if number == 1:
                raise _not_json(document, str(error)) from None
            if not counting:
                yield _lost_page(document.url, error)
            return
        if number == 1:
            _refuse_if_nothing(document, page)
        elif not page.drafts:
            return  # a page without news: the portal leads round in a circle
        earlier |= page.marks
        following = _named_next(document, page)
        if number == 1:
            counting = following is None
        if counting and page.drafts:
            following = _counted_up(document.url)
        if following is None or following in visited:
            return
        visited.add(following)
        try:
            document = get(following)
        except FetchError as error:
            if not counting or error.status not in _PAST_THE_END:
                yield replace(error.problem, partial=True)
            return
    yield Problem(
        where=document.url,
        what=N_("The feed goes on after {pages} pages, where reading was given up."),
        values={"pages": str(MOST_PAGES)},
        partial=True,
    )


def _find(source: Source, get: Get) -> Document:
    """The document to read: at the address itself, or where such files stand on the portal of a home page."""
    document = get(source.url)
    if source.path is not None or head_of(document)[:1] in (b"{", b"[") or _names_a_file(document.url):
        return document
    asked = {source.url, document.url}
    for url in _places(document):
        if url in asked:
            continue
        asked.add(url)
        try:
            found = get(url)
        except FetchError:
            continue
        if recognise(found):
            return found
    return document


def _places(home: Document) -> Iterator[str]:
    """Where the file may be: where the home page links to, then where such files stand."""
    if html.is_page(home):
        linked = (url for url in machine_readable(links_of(home)) if "json" in url)
        yield from islice(linked, MOST_LINKS)
    folder = home.url if home.url.endswith("/") else home.url + "/"
    for base in (folder, urljoin(home.url, "/")):
        yield from (urljoin(base, probe) for probe in (*PROBES, *_OTHER_PLACES))


def _names_a_file(url: str) -> bool:
    return "." in urlsplit(url).path.rpartition("/")[2]


def _read_page(document: Document, page: _Page, earlier: set[int]) -> Iterator[Item]:
    with document.open() as stream:
        place = 0
        for item in read_json(stream, _LISTS, _is_dataset, document.charset):
            if isinstance(item, Member):
                page.has_list = page.has_list or item.path in _LISTS
                if len(page.members) < _MOST_MEMBERS:
                    page.members[item.path[0] if item.path else ""] = item.value
                continue
            place += 1
            if isinstance(item, Damage):
                page.damaged = True
                yield _broken(document.url, place, item)
                continue
            page.has_list = True
            try:
                yield from _take(item, document, page, place, earlier)
            except RecursionError:
                yield _broken(document.url, place, Damage("", partial=False))
    if not page.has_list and _is_dataset(page.members):  # the file is a single dataset
        page.drafts, page.has_list = 1, True
        yield draft_of(page.members, document.url)


def _take(
    record: Record, document: Document, page: _Page, place: int, earlier: set[int]
) -> Iterator[Draft | Problem]:
    """The drafts of a record and of what is inside it, without those that an earlier page had."""
    for entry in nested.entries_of(record.value, record.path[-1] if record.path else "dataset"):
        if isinstance(entry, nested.Leftover):
            yield _left_over(document.url, entry)
        elif not isinstance(entry.value, dict):
            yield _no_dataset(document.url, place, entry.value)
        elif _is_news(entry.value, entry.embedded, page, earlier):
            draft = draft_of(page.index.completed(entry.value), document.url)
            page.drafts += 1
            yield mended(draft) if record.mended else draft


def _is_news(value: Mapping[str, object], embedded: bool, page: _Page, earlier: set[int]) -> bool:
    """Was a record not read before? What a page itself lists twice is two records."""
    mark = _mark(value)
    if mark in earlier or mark in (page.marks if embedded else page.embedded):
        return False
    page.marks.add(mark)
    if embedded:
        page.embedded.add(mark)
    return True


_OF_DATASETS = frozenset(("accessLevel", "contactPoint", "distribution", "keyword", "landingPage"))
_OF_OTHERS = frozenset(("dataset", "@context", "resources"))  # catalogues, JSON-LD, CKAN
_OF_SCRAPERS = frozenset(("title", "description", "resources"))
_OF_PACKAGES = frozenset(("id", "name", "$schema", "profile"))  # CKAN's, Frictionless's


def _is_dataset(value: object) -> bool:
    """Is a value surely a dataset, and not one of the things inside one?"""
    if not isinstance(value, dict):
        return False
    if ("title" in value or "identifier" in value) and not _OF_DATASETS.isdisjoint(value):
        return _OF_OTHERS.isdisjoint(value)
    if not _OF_PACKAGES.isdisjoint(value):
        return False
    return is_entry(value) or (value.keys() >= _OF_SCRAPERS and isinstance(value["resources"], list))


def _mark(value: Mapping[str, object]) -> int:
    """What tells a record from others: not all of it, since portals shuffle keywords at every answer."""
    named = (next(identifiers_in(value.get("identifier")), None), text_of(value.get("title")))
    return hash(
        named if all(named) else (*named, text_of(value.get("description")), repr(value.get("distribution")))
    )


# ------------------------------------------------------------------------------ the next page


def _named_next(document: Document, page: _Page) -> str | None:
    """The address of the next page, where a page names it."""
    named = absolute(document.url, document.links.get("next") or _next_among(page.members))
    return named if named is not None and named.startswith("http") else None


def _counted_up(url: str) -> str | None:
    """The address with the next page number, where it holds one."""
    found = _PAGE_NUMBER.search(url)
    return found and f"{url[: found.start(1)]}{int(found[1]) + 1}{url[found.end(1) :]}"


_PAST_THE_END = (400, 404, 410, 416)
"""How portals answer a page behind their last one; who is down or too busy says nothing of the end."""

_PAGE_NUMBER = re.compile(r"[?&]page=(\d{1,9})(?=&|$)")
_NEXT = ("next", "nextpage", "hydranext", "hydranextpage")
_AROUND_NEXT = ("links", "view", "hydraview", "pagination", "paging", "meta")


def _next_among(members: Mapping[str, object]) -> str | None:
    """What a document names as the next page: itself, in an object of links, or in a list of them."""
    short = {squeezed(name): value for name, value in members.items()}
    for inner in (short, *(short[name] for name in _AROUND_NEXT if name in short)):
        if isinstance(inner, dict):
            named = (text_of(value) for name, value in inner.items() if squeezed(name) in _NEXT)
            if (text := next(named, None)) is not None:
                return text
        for link in inner if isinstance(inner, list) else ():
            if isinstance(link, dict) and link.get("rel") == "next":
                return text_of(link.get("href"))
    return None


# ------------------------------------------------------------------------------ trouble


def _refuse_if_nothing(document: Document, page: _Page) -> None:
    if page.damaged and not page.drafts:
        raise FeedError(
            document.url,
            N_("No dataset can be read, because the file is damaged."),
            N_("Ask the people who run the portal to mend it: a JSON validator shows the place."),
        )
    if not page.has_list:
        raise FeedError(
            document.url,
            N_("This JSON holds no list of datasets, so it is no data.json."),
            N_("Write the address of the data.json itself as url:, or remove type: to have it looked for."),
        )


def _not_json(document: Document, begin: str) -> FeedError:
    if not begin.strip():
        return FeedError(
            document.url,
            N_("The answer is empty, where a data.json was expected."),
            N_("Open the address in a browser. If the file has moved, write its new address as url:."),
        )
    if begin.lstrip().startswith("<"):
        return FeedError(
            document.url,
            N_("The answer is a web page, not a data.json."),
            N_("Open the address in a browser: it may show an error, or the file has moved."),
        )
    return FeedError(
        document.url,
        N_("The answer is not JSON; it begins with “{begin}”."),
        N_("Write the address of the data.json itself as url:."),
        begin=" ".join(begin.split())[:40],
    )


def _lost_page(url: str, error: NotJson) -> Problem:
    begin = " ".join(str(error).split())[:40]
    return Problem(
        where=url,
        what=N_("This page of the feed is not JSON; it begins with “{begin}”."),
        values={"begin": begin},
        partial=True,
    )


def _broken(url: str, place: int, damage: Damage) -> Problem:
    begin = " ".join(damage.raw.split())[:80]
    if damage.partial:
        return Problem(
            where=url,
            what=N_("The file is damaged at entry {place}, and some datasets may be missing: “{begin}”."),
            remedy=N_("Ask the people who run the portal to mend it: a JSON validator shows the place."),
            values={"place": str(place), "begin": begin},
            partial=True,
        )
    return Problem(
        where=url,
        what=N_("Entry {place} of the list cannot be read: “{begin}”."),
        remedy=N_("Ask the people who run the portal to mend it: a JSON validator shows the place."),
        values={"place": str(place), "begin": begin},
    )


def _left_over(url: str, entry: nested.Leftover) -> Problem:
    return Problem(
        where=url,
        what=N_("“{title}” is a service, not a dataset, so it is left out.")
        if entry.is_service
        else N_("“{title}” is not read: its catalogue is nested too deeply."),
        values={"title": entry.title},
        partial=not entry.is_service,
    )


def _no_dataset(url: str, place: int, value: object) -> Problem:
    return Problem(
        where=url,
        what=N_("Entry {place} of the list is no dataset: “{begin}”."),
        values={"place": str(place), "begin": encode(value)[:80]},
    )
