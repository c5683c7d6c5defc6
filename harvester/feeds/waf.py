"""WAF: a web-accessible folder of metadata records, one ISO 19139 or 19115-3 file each.

The folder is whatever a web server shows of it (Apache, nginx, IIS, Python) or an object store lists.
Only links below the folder are followed; one bad file costs one file.
"""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import urljoin, urlsplit

from msgspec.structs import replace

from harvester.document import Document, Get
from harvester.errors import FeedError, FetchError
from harvester.feeds import _folder_listing
from harvester.feeds._folder_listing import Listing
from harvester.feeds._iso import metadata
from harvester.feeds._iso.records import Others, draft_of, records_in, refused
from harvester.feeds._iso.tree import parse, parse_text
from harvester.feeds._pages import html
from harvester.feeds._rdf import encoding
from harvester.home_page import links_of
from harvester.model import N_, Item, Note, Problem, Source

TITLE = "Web folder of ISO records (WAF)"
ORDER = 80
HINTS = ("index of /", "parent directory", "directory listing for", "web accessible folder", "/waf/")
PROBES = ("./", "waf/")

_MOST_FOLDERS = 100
_MOST_DEPTH = 4  # folders below the first
_MOST_FILES = 50_000
_MOST_GUESSES = 5  # links of a home page that are looked behind
_HEAD = 65_536


def recognise(document: Document) -> bool:
    """The listing of a folder that holds mostly XML files, or a single ISO record."""
    if _folder_listing.is_listing(document):
        return _folder_listing.read(document).is_mostly_xml
    return _is_record(document)


def _is_record(document: Document) -> bool:
    root = parse_text(encoding.text(document.head(_HEAD), document.charset)).root
    return root is not None and root.name in metadata.NAMES


def read(source: Source, get: Get) -> Iterator[Item]:
    """Every dataset of the folder and of the folders below."""
    document = _as_utf8(get(source.url))
    if _is_record(document) or not (html.is_page(document) or _folder_listing.is_listing(document)):
        yield from _single(document)
        return
    others = Others()
    nothing = True
    for item in _files(_start(document, get), get):
        nothing = False
        if isinstance(item, Problem):
            yield item
            continue
        try:
            file = get(item)
        except FetchError as error:
            # a file that is there but does not come tonight must not be taken for one that is gone
            yield replace(error.problem, partial=error.status not in (404, 410))
            continue
        yield from _records(file, others)
    if nothing and not _folder_listing.is_listing(document):
        raise FeedError(
            document.url,
            N_("This page lists no XML files."),
            N_("Write the address of the folder that holds the metadata records (.xml) as url:."),
        )
    if others.count:
        yield others.problem(document.url)


def _single(document: Document) -> Iterator[Item]:
    others = Others()
    items = list(_records(document, others))
    if items and all(isinstance(each, Problem) for each in items):
        last = items[-1]
        assert isinstance(last, Problem)
        raise FeedError(document.url, last.what, last.remedy, **last.values)
    yield from items
    if others.count:
        yield others.problem(document.url)


def _as_utf8(document: Document) -> Document:
    """A page in UTF-16 as one in UTF-8, which those who look for links in it can read."""
    head = document.head(4)
    if b"\0" not in head and head[:2] not in (b"\xff\xfe", b"\xfe\xff"):
        return document
    text = encoding.whole(document)
    return replace(document, body=text.encode("utf-8", "replace"), charset="utf-8")


# ------------------------------------------------------------------------------ the folder


def _start(document: Document, get: Get) -> Document:
    """The listing: the document itself, or what its page for people links to, or has at the usual place."""
    listing = _folder_listing.read(document)
    if listing.records or (_folder_listing.is_listing(document) and listing.folders):
        return document
    told = [
        each.url
        for each in links_of(document)
        if _same_host(each.url, document.url) and _may_be_folder(each.url, each.text)
    ]
    probes = [urljoin(base, "waf/") for base in (urljoin(document.url, "."), urljoin(document.url, "/"))]
    for url in dict.fromkeys([*told[:_MOST_GUESSES], *probes]):
        try:
            answer = _as_utf8(get(url))
        except FetchError:
            continue
        if _folder_listing.is_listing(answer) and recognise(answer):
            return answer
    return document


def _same_host(one: str, other: str) -> bool:
    return urlsplit(one).netloc == urlsplit(other).netloc


def _may_be_folder(url: str, text: str) -> bool:
    path = urlsplit(url).path.lower()
    words = f"{path} {text.lower()}"
    return path not in ("", "/") and (
        path.endswith("/") or any(each in words for each in ("waf", "metadata", "iso19", "iso 19", "records"))
    )


def _files(document: Document, get: Get) -> Iterator[str | Problem]:
    """The addresses of the XML files, folder after folder, page after page."""
    waiting: list[tuple[str, int]] = []
    visited = {document.url}
    told: set[str] = set()
    page: Document | None = document
    depth = folders = 0
    while page is not None:
        listing = _folder_listing.read(page)
        for url in listing.records:
            if url not in told and len(told) < _MOST_FILES:
                told.add(url)
                yield url
        waiting = [*_next(listing, depth), *waiting]
        page = None
        while waiting and page is None and folders < _MOST_FOLDERS:
            url, depth = waiting.pop(0)
            if url in visited:
                continue
            visited.add(url)
            folders += 1
            try:
                page = _as_utf8(get(url))
            except FetchError as error:
                yield replace(error.problem, partial=True)
    if waiting or len(told) >= _MOST_FILES:
        yield Problem(
            where=document.url,
            what=N_("The folder holds more than is read: {folders} folders and {files} files were."),
            values={"folders": str(folders + 1), "files": str(len(told))},
            partial=True,
        )


def _next(listing: Listing, depth: int) -> list[tuple[str, int]]:
    following = [(listing.following, depth)] if listing.following else []
    below = [(each, depth + 1) for each in listing.folders] if depth < _MOST_DEPTH else []
    return [*following, *below]


# ------------------------------------------------------------------------------ a file


def _records(document: Document, others: Others) -> Iterator[Item]:
    """The datasets of one file, or why there are none."""
    try:
        tree = parse(document)
    except FeedError as error:
        yield error.problem
        return
    found = [each for each in records_in(tree.root) if each.name in metadata.NAMES] if tree.root else []
    if tree.refused:
        yield refused(document.url, tree)
    if not found:
        yield _no_record(document, tree.root.name if tree.root else None)
    for number, record in enumerate(found):
        if not record.whole:
            yield Problem(
                where=document.url,
                what=N_("The file breaks off before its end, and its record was left out."),
                remedy=N_("Put the file into the folder again."),
            )
        elif not others.take(record):
            draft = draft_of(record, document.url if document.url.startswith("http") else None)
            if draft.key is None:
                draft = replace(draft, key=urlsplit(document.url).path.rpartition("/")[2])
            if tree.mended and number == 0:
                draft = replace(draft, notes=(*draft.notes, Note(code="feed-repaired", field="")))
            yield draft


def _no_record(document: Document, root: str | None) -> Problem:
    if root is None:
        return Problem(
            where=document.url,
            what=N_("The file is no XML."),
            remedy=N_("Put a metadata record (ISO 19139 or ISO 19115-3) in its place, or take it away."),
        )
    return Problem(
        where=document.url,
        what=N_("The file holds no metadata record of ISO 19139 or ISO 19115-3; it begins with “{root}”."),
        remedy=N_("Put a metadata record (ISO 19139 or ISO 19115-3) in its place, or take it away."),
        values={"root": root[:100]},
    )
