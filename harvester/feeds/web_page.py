"""A page for people that links to files: CSV, Excel, GeoJSON, Shapefile, GTFS, PDF and the like.

Many towns publish so and know no other way. Links become datasets with a title from the link's
words, its row or the heading above it; the server is asked for the size and date of each file, and a
file about which it says nothing costs only these. Where the page is a file of this computer, nobody is
asked: such a source needs no network.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from email.utils import parsedate_to_datetime
from urllib.parse import urljoin, urlsplit

from msgspec.structs import replace

from harvester import vocabularies
from harvester.document import Document, Get
from harvester.errors import FeedError, FetchError
from harvester.feeds._json.parts import is_address
from harvester.feeds._pages import hints, html
from harvester.feeds._web_page import files as page_files
from harvester.feeds._web_page import words
from harvester.feeds._web_page.files import File, PageFiles
from harvester.feeds._web_page.grouping import Group, groups, keys, own_title
from harvester.model import N_, Draft, DraftDistribution, Item, Source

TITLE = "Web page with links to files"
ORDER = 94
HINTS = ()
PROBES = ("",)

MOST_HEADS = 300
"""Files about which the server is asked."""

MOST_FAILURES = 5
"""Files about which it says nothing, one after the other, after which it is asked no more."""

FIND_REQUESTS = 4
_LOOK = 2_000_000  # bytes


def recognise(document: Document) -> bool:
    """A web page with links to two files of data, or to one where it speaks of data."""
    return html.is_page(document) and _has_data(_files(document, _LOOK))


def _has_data(page: PageFiles) -> bool:
    data = [file for file in page.files if file.kind == "data"]
    archives = [file for file in page.files if file.kind == "archive"]
    if any(page.is_about_data(file) for file in (*data, *archives)):
        return True
    return len({file.url for file in data}) >= 2


def _files(document: Document, most: int = html.MOST_BYTES) -> PageFiles:
    tree = html.parse(html.text(document, most))
    if tree is None:
        return PageFiles(title="", speaks_of_data=False, files=(), paragraphs={})
    return page_files.read(tree, document.url)


# ------------------------------------------------------------------------------ reading


def read(source: Source, get: Get) -> Iterator[Item]:
    """Every dataset of the page; of the page that the home page names, where it has no files itself."""
    document = get(source.url)
    if not html.is_page(document):
        raise FeedError(
            document.url,
            N_("This is no web page, but was entered as one."),
            N_("Remove type: from the entry, to have it looked for what it is."),
        )
    page = _files(document)
    if not _has_data(page) and source.path is None and (address := find(document, get)) is not None:
        document = get(address)
        page = _files(document)
    heads = _Heads(get, MOST_HEADS if source.path is None else 0)
    page = replace(page, files=_known(page, heads))
    found = groups(page)
    if not found:
        raise FeedError(
            document.url,
            N_("The page links to no file of data."),
            N_("Write the address of the page that does as url:, or list the datasets in a spreadsheet."),
        )
    address = document.url if source.path is None else page.base
    for key, group in zip(keys(found), found, strict=True):
        yield _draft(key, group, page, address if is_address(address) else None, heads)


class _Heads:
    """What the server says about files, asked within bounds; nothing where it says nothing."""

    def __init__(self, get: Get, most: int) -> None:
        self._get = get
        self._left = most
        self._failures = 0
        self._known: dict[str, Document | None] = {}

    def of(self, url: str) -> Document | None:
        """The answer to HEAD; None when there is none, or it is a page for people."""
        if url not in self._known:
            self._known[url] = self._ask(url)
        return self._known[url]

    def _ask(self, url: str) -> Document | None:
        if self._left <= 0 or self._failures >= MOST_FAILURES:
            return None
        self._left -= 1
        try:
            answer = self._get.head(url)
        except FetchError:
            self._failures += 1
            return None
        self._failures = 0
        return None if answer.media_type in ("text/html", "application/xhtml+xml") else answer


def _known(page: PageFiles, heads: _Heads) -> tuple[File, ...]:
    """The files, those of which only the server knows what they are with what it says."""
    found = []
    for file in page.files:
        if file.kind != "unknown":
            found.append(file)
        elif page.is_about_data(file) and (answer := heads.of(file.url)) is not None:
            kind, code = page_files.by_media_type(answer.media_type)
            if kind is not None:
                found.append(replace(file, kind=kind, format=code))
    return tuple(found)


def _draft(key: str, group: Group, page: PageFiles, url: str | None, heads: _Heads) -> Draft:
    distributions, dates = [], []
    for file in group.files:
        answer = heads.of(file.url) if file.format is not None else None  # not of services
        distributions.append(_distribution(file, group, answer))
        if answer is not None and answer.last_modified:
            dates.append(answer.last_modified)
    return Draft(
        key=key,
        title={"": group.title},
        description={"": group.description} if group.description else {},
        keywords=tuple(("", each) for each in group.keywords),
        landing_page=url,
        licence=page.licence,
        modified=_newest(dates),
        data_dictionary=tuple(dict.fromkeys(each.url for each in group.notes)),
        distributions=tuple(distributions),
    )


def _distribution(file: File, group: Group, answer: Document | None) -> DraftDistribution:
    row = vocabularies.formats().get(file.format or "")
    own = own_title(file) or (file.text if words.is_time(file.text) else "")
    return DraftDistribution(
        download_url=file.url if row is not None else None,
        url=file.url if row is None else None,
        title={"": own} if own and own != group.title else {},
        format=row.title if row is not None else None,
        media_type=answer.media_type or None if answer is not None else None,
        byte_size=str(answer.length) if answer is not None and answer.length else None,
        modified=answer.last_modified if answer is not None else None,
    )


def _newest(dates: Sequence[str]) -> str | None:
    """The latest of dates as servers write them (RFC 9110, 5.6.7)."""
    known = []
    for date in dates:
        try:
            known.append((parsedate_to_datetime(date).timestamp(), date))
        except (ValueError, TypeError, OverflowError):
            continue
    return max(known)[1] if known else None


# ------------------------------------------------------------------------------ finding


def find(home: Document, get: Get) -> str | None:
    """The home page itself, or the page of its open data, GIS data or downloads."""
    if not html.is_page(home):
        return None
    if recognise(home):
        return home.url
    tree = html.parse(html.text(home, _LOOK))
    for url in _promising(tree, home.url)[:FIND_REQUESTS] if tree is not None else ():
        try:
            document = get(url)
        except FetchError:
            continue
        if recognise(document):
            return document.url
    return None


def _promising(tree: html.Tree, url: str) -> list[str]:
    """Links of the site whose words promise data, the surest first; files are none of them."""
    promises: dict[str, int] = {}
    for address, said in html.links(tree, url):
        promise = max(hints.promise(said), hints.promise_of(address) - 1)
        if (
            promise > 0
            and _same_host(address, url)
            and not words.file_name(urlsplit(address).path.rpartition("/")[2])
        ):
            promises[address] = max(promise, promises.get(address, 0))
    promises.pop(urljoin(url, urlsplit(url).path), None)
    return sorted(promises, key=lambda address: -promises[address])


def _same_host(one: str, other: str) -> bool:
    hosts = [(urlsplit(each).hostname or "").removeprefix("www.") for each in (one, other)]
    return hosts[0] == hosts[1] or hosts[0].endswith(f".{hosts[1]}")
