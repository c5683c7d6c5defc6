"""data.json: Project Open Data 1.1 (DCAT-US), plain JSON, read as JSON and never as linked data.

ArcGIS Hub, Socrata, DKAN, JKAN, Andino, uSmart and many hand-made files answer in it. The file is
streamed: memory holds one record at a time. Where it is paged, by a `Link` header, by a field that
names the next page or by a page number in its address, pages are followed as long as they bring
records that no earlier page had (failures 1, 2, 3).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from urllib.parse import urljoin, urlsplit

from msgspec.structs import replace

from harvester.document import Document, Get
from harvester.errors import FeedError, FetchError
from harvester.feeds._dcat_us_dataset import draft_of
from harvester.feeds._json.fields import mended, squeezed
from harvester.feeds._json.stream import Damage, Member, NotJson, Record, head_of
from harvester.feeds._json.stream import read as read_json
from harvester.feeds._json.values import absolute, encode, text_of
from harvester.model import N_, Draft, Item, Problem, Source

TITLE = "data.json (DCAT-US, Project Open Data)"
PROBES = ("", "data.json", "api/feed/dcat-us/1.1.json")

MOST_PAGES = 10_000
_LISTS = (("dataset",), ("datasets",), ())
_NESTED = ("catalog", "datasetSeries", "service")  # DCAT-US 3 keeps datasets in these too
_MOST_MEMBERS = 200  # members beside the list; a file that has more is not of this kind


# ------------------------------------------------------------------------------ recognising

_OTHERS = re.compile(rb'"success"\s*:.*"result"\s*:|"@graph"\s*:|"@context"\s*:\s*[\[{]', re.S)
_LINKED_DATA_KEY = re.compile(rb'"(dcat|dct|dcterms|hydra|schema):\w+"\s*:')
_FOREIGN_CONTEXT = re.compile(rb'"@context"\s*:\s*"(?![^"]*(project-open-data|dcat-us|data\.gov))')
_LIST = re.compile(rb'"dataset"\s*:\s*(\[|\{|null)')
_MARK = re.compile(rb'"conformsTo"\s*:\s*"https?://project-open-data\.cio\.gov/')
_FIELDS = re.compile(
    rb'"(accessLevel|contactPoint|distribution|keyword|landingPage|bureauCode|programCode|accrualPeriodicity'
    rb'|identifier|description|title)"\s*:'
)
_LOOK = 1 << 16  # bytes; a catalogue may describe itself at length before its list begins


def recognise(document: Document) -> bool:
    """A JSON object with a list `dataset`, or a list of datasets, that is neither CKAN nor JSON-LD."""
    head = head_of(document)
    if head[:1] not in (b"{", b"["):
        return False
    if _LIST.search(head) is None and _MARK.search(head) is None:
        head = head_of(document, _LOOK)
    if _OTHERS.search(head) or _LINKED_DATA_KEY.search(head) or _FOREIGN_CONTEXT.search(head):
        return False
    if head[:1] == b"{":
        return _LIST.search(head) is not None or _MARK.search(head) is not None
    return len(set(_FIELDS.findall(head))) >= 5


# ------------------------------------------------------------------------------ reading


@dataclass
class _Page:
    """What is learnt from one document beside its records."""

    number: int
    has_list: bool = False
    drafts: int = 0
    repeated: int = 0
    damaged: bool = False
    members: dict[str, object] = field(default_factory=dict)
    marks: set[int] = field(default_factory=set)


def read(source: Source, get: Get) -> Iterator[Item]:
    """Every dataset of the file, and of the pages that follow it."""
    document = _find(source, get)
    earlier: set[int] = set()  # marks of the records of earlier pages
    visited = {source.url, document.url}
    for number in range(1, MOST_PAGES + 1):
        page = _Page(number)
        try:
            yield from _read_page(document, page, earlier)
        except NotJson as error:
            if number == 1:
                raise _not_json(document, str(error)) from None
            yield _lost_page(document.url, error)
            return
        if number == 1:
            _refuse_if_nothing(document, page)
        if number > 1 and not page.drafts:
            return  # a page without news: the portal leads round in a circle
        earlier |= page.marks
        following = _next_page(document, page)
        if following is None or following in visited:
            return
        visited.add(following)
        try:
            document = get(following)
        except FetchError as error:
            if not _is_guess(document, page):
                yield replace(error.problem, partial=True)
            return


def _find(source: Source, get: Get) -> Document:
    """The document to read: at the address itself, or where such files stand on the portal of a home page."""
    document = get(source.url)
    if source.path is not None or head_of(document)[:1] in (b"{", b"[") or _names_a_file(document.url):
        return document
    asked = {source.url, document.url}
    folder = document.url if document.url.endswith("/") else document.url + "/"
    for base in (folder, urljoin(document.url, "/")):
        for probe in PROBES:
            url = urljoin(base, probe)
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
            elif (draft := _take(item, document, page, place, earlier)) is not None:
                yield draft
    if not page.has_list and _is_dataset(page.members):  # the file is a single dataset
        page.drafts, page.has_list = 1, True
        yield draft_of(page.members, document.url)
    for name in _NESTED:
        if page.members.get(name):
            page.has_list = True
            yield Problem(
                where=document.url,
                what=N_("What stands under “{name}” is not read: that part is DCAT-US 3."),
                values={"name": name},
            )


def _take(
    record: Record, document: Document, page: _Page, place: int, earlier: set[int]
) -> Draft | Problem | None:
    """The draft of a record; a problem when it is no dataset; None when an earlier page had it."""
    page.has_list = True
    value = record.value
    try:
        if not isinstance(value, dict):
            return _no_dataset(document.url, place, value)
        if isinstance(value.get("dataset"), list):
            return Problem(
                where=document.url,
                what=N_(
                    "Entry {place} of the list is a catalogue of its own, and its datasets are not read."
                ),
                values={"place": str(place)},
            )
        mark = _mark(value)
        if mark in earlier:
            return None
        page.marks.add(mark)
        draft = draft_of(value, document.url)
    except RecursionError:
        return _broken(document.url, place, Damage("", partial=False))
    page.drafts += 1
    return mended(draft) if record.mended else draft


_OF_DATASETS = frozenset(
    ("accessLevel", "contactPoint", "distribution", "keyword", "landingPage", "publisher")
)


def _is_dataset(value: object) -> bool:
    """Is a value surely a dataset, and not one of the things inside one?"""
    return (
        isinstance(value, dict)
        and ("title" in value or "identifier" in value)
        and not _OF_DATASETS.isdisjoint(value)
        and "dataset" not in value
    )


def _mark(value: Mapping[str, object]) -> int:
    """What tells a record from others: not all of it, since portals shuffle keywords at every answer."""
    named = (text_of(value.get("identifier")), text_of(value.get("title")))
    return hash(
        named if all(named) else (*named, text_of(value.get("description")), repr(value.get("distribution")))
    )


# ------------------------------------------------------------------------------ the next page


def _next_page(document: Document, page: _Page) -> str | None:
    """The address of the page after this one, where there is one."""
    named = document.links.get("next") or _named_next(page.members)
    if named is not None:
        following = absolute(document.url, named)
        return following if following and following.startswith("http") else None
    found = _PAGE_NUMBER.search(document.url)
    if found is None or not page.drafts:
        return None
    return f"{document.url[: found.start(1)]}{int(found[1]) + 1}{document.url[found.end(1) :]}"


_PAGE_NUMBER = re.compile(r"[?&]page=(\d{1,9})(?=&|$)")
_NEXT = ("next", "nextpage", "hydranext", "hydranextpage")
_AROUND_NEXT = ("links", "view", "hydraview", "pagination", "paging", "meta")


def _named_next(members: Mapping[str, object]) -> str | None:
    short = {squeezed(name): value for name, value in members.items()}
    for name in _NEXT:
        if (text := text_of(short.get(name))) is not None:
            return text
    for name in _AROUND_NEXT:
        inner = short.pop(name, None)
        if isinstance(inner, dict) and (text := _named_next(inner)) is not None:
            return text
        for link in inner if isinstance(inner, list) else ():
            if isinstance(link, dict) and link.get("rel") == "next":
                return text_of(link.get("href"))
    return None


def _is_guess(document: Document, page: _Page) -> bool:
    """Was the next page's address only counted up, so that a miss means the end?"""
    return not document.links.get("next") and _named_next(page.members) is None


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


def _no_dataset(url: str, place: int, value: object) -> Problem:
    return Problem(
        where=url,
        what=N_("Entry {place} of the list is no dataset: “{begin}”."),
        values={"place": str(place), "begin": encode(value)[:80]},
    )
