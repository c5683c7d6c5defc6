"""Data packages: a Frictionless `datapackage.json`, or a catalogue that lists several.

A package is one dataset, and its resources are the dataset's files. There is no standard for catalogues
of packages; read are a list of descriptors or of links to them, as itself or under `packages`,
`datasets` and the like. A 211 directory (Open Referral HSDS) is a package whose tables are known, so
that its freshness can be told.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterator, Mapping
from urllib.parse import urljoin

from msgspec.structs import replace

from harvester.document import Document, Get
from harvester.errors import FeedError, FetchError
from harvester.feeds._data_package import directory
from harvester.feeds._data_package.package import draft_of, is_package
from harvester.feeds._json.parts import first_of
from harvester.feeds._json.stream import Member, NotJson, Record, head_of
from harvester.feeds._json.stream import read as read_json
from harvester.feeds._json.values import decode
from harvester.feeds._pages import html
from harvester.feeds._rdf import encoding
from harvester.home_page import links_of
from harvester.model import N_, Draft, Item, Note, Problem, Source

TITLE = "Data package (Frictionless, Open Referral HSDS)"
ORDER = 78
HINTS = ("datapackage.json", "frictionless", "open referral", "openreferral")
PROBES = ("datapackage.json",)

_HEAD = 65_536
_MOST_BYTES = 16_000_000  # of one descriptor
_TO_RECOGNISE = 5_000_000
_MOST_PACKAGES = 5_000
_MOST_DEPTH = 3  # catalogues in catalogues
_MARKS = (b'"resources"', b"datapackage.json")
_LISTS = ("packages", "datapackages", "data_packages", "dataPackages", "datasets", "catalog", "members")
_LINKS = ("datapackage_url", "datapackageUrl", "datapackage", "descriptor", "path", "url", "href", "link")
_DESCRIPTOR = re.compile(r"data-?package[^/?#]*\.json(?:[?#]|$)", re.IGNORECASE)


def recognise(document: Document) -> bool:
    """A descriptor, or a list of descriptors or of links to them."""
    if head_of(document)[:1] not in (b"{", b"[") or document.size > _TO_RECOGNISE:
        return False
    head = document.head(_HEAD).replace(b"\0", b"")
    if not any(mark in head for mark in _MARKS):
        return False
    value, _, _ = _value(document)
    return is_package(value) or _is_catalogue(value)


def read(source: Source, get: Get) -> Iterator[Item]:
    """Every package: of the descriptor at the address, of the catalogue, or that a web page links to."""
    document = get(source.url)
    if html.is_page(document):
        documents = _linked(document, get)
        if not documents:
            raise _no_package(document)
    else:
        documents = [document]
    visited = {source.url, *(each.url for each in documents)}
    for each in documents:
        yield from _document(each, get, visited, 0)


def _linked(page: Document, get: Get) -> list[Document]:
    """The descriptors that a page links to, else the one at the usual place."""
    linked = [each.url for each in links_of(page) if _DESCRIPTOR.search(each.url)][:_MOST_PACKAGES]
    usual = [urljoin(page.url, place + probe) for place in ("./", "/") for probe in PROBES]
    for urls in (linked, usual):
        found: dict[str, Document] = {}
        for url in dict.fromkeys(urls):
            try:
                document = get(url)
            except FetchError:
                continue
            if recognise(document):
                found.setdefault(document.url, document)
        if found:
            return list(found.values())
    return []


# ------------------------------------------------------------------------------ a document


def _document(document: Document, get: Get, visited: set[str], depth: int) -> Iterator[Item]:
    """The packages of one document. Raises `FeedError` where it holds none, at the first one only."""
    if document.size > _MOST_BYTES:
        raise FeedError(
            document.url,
            N_("The descriptor of the data package is larger than {most} MB."),
            N_("Put the data into files of their own, and their paths into the descriptor."),
            most=_MOST_BYTES // 1_000_000,
        )
    value, mended, cut = _value(document)
    if isinstance(value, dict) and is_package(value):
        yield _draft(value, document, get, mended)
        if cut:
            yield _damaged(document.url)
    elif _is_catalogue(value):
        for number, entry in enumerate(_entries(value)):
            if number >= _MOST_PACKAGES or len(visited) > 2 * _MOST_PACKAGES:
                yield _too_many(document.url)
                return
            yield from _entry(entry, document, get, visited, depth, number + 1)
    else:
        raise _no_package(document)


def _value(document: Document) -> tuple[object, bool, bool]:
    """What a document holds; whether it had to be mended; whether a part of it is lost. None is no JSON."""
    content = document.read()
    if b"\0" in content[:4] or content[:2] in (b"\xff\xfe", b"\xfe\xff"):
        content = encoding.text(content, document.charset).encode("utf-8", "replace")
    try:
        return *decode(content, document.charset), False
    except (ValueError, RecursionError):
        return _saved(content, document.charset), True, True


def _saved(content: bytes, charset: str | None) -> object:
    """What can be read of the descriptor of one package that is damaged."""
    members: dict[str, object] = {}
    resources: list[object] = []
    try:
        for item in read_json(io.BytesIO(content), (("resources",),), _is_resource, charset):
            if isinstance(item, Record):
                resources.append(item.value)
            elif isinstance(item, Member) and len(item.path) == 1:
                members[item.path[0]] = item.value
    except (NotJson, RecursionError):
        return None
    return {**members, "resources": resources} if resources else None


def _is_resource(value: object) -> bool:
    return isinstance(value, dict) and ("path" in value or "data" in value)


def _damaged(url: str) -> Problem:
    return Problem(
        where=url,
        what=N_("The descriptor is damaged: files of the package may be missing."),
        remedy=N_("Ask the people who run the portal to mend it: a JSON validator shows the place."),
        partial=True,
    )


def _draft(package: Mapping[str, object], document: Document, get: Get, mended: bool) -> Draft:
    draft = draft_of(package, document.url)
    if directory.is_directory(package):
        draft = directory.described(draft, package, document.url, get)
    if mended:
        draft = replace(draft, notes=(*draft.notes, Note(code="feed-repaired", field="")))
    return draft


# ------------------------------------------------------------------------------ a catalogue


def _is_catalogue(value: object) -> bool:
    return any(is_package(each) or _link_of(each) is not None for each in _entries(value)[:100])


def _entries(value: object) -> list[object]:
    if isinstance(value, list):
        return value
    if isinstance(value, dict):
        for name in _LISTS:
            if isinstance(found := value.get(name), list):
                return found
            if isinstance(found, dict):
                return list(found.values())
    return []


def _link_of(entry: object) -> str | None:
    """The link to a descriptor that an entry is or holds."""
    said = entry if isinstance(entry, str) else None
    if isinstance(entry, dict):
        links = (first_of(entry, name) for name in _LINKS if not isinstance(entry.get(name), (dict, list)))
        said = next((each for each in links if each and _DESCRIPTOR.search(each)), None)
    return said if said and _DESCRIPTOR.search(said) else None


def _entry(
    entry: object, document: Document, get: Get, visited: set[str], depth: int, number: int
) -> Iterator[Item]:
    if isinstance(entry, dict) and is_package(entry):
        yield _draft(entry, document, get, mended=False)
        return
    link = _link_of(entry)
    if link is None:
        yield Problem(
            where=document.url,
            what=N_("Entry {number} of the list is neither a data package nor a link to one."),
            values={"number": str(number)},
        )
        return
    try:
        url = urljoin(document.url, link)
    except ValueError:
        url = link
    if url in visited:
        return  # listed twice, or a circle
    visited.add(url)
    if depth >= _MOST_DEPTH:
        yield _too_many(url)
        return
    try:
        yield from _document(get(url), get, visited, depth + 1)
    except FetchError as error:
        # a package that does not come tonight must not be taken for one that is gone
        yield replace(error.problem, partial=error.status not in (404, 410))
    except FeedError as error:
        yield error.problem


def _too_many(url: str) -> Problem:
    return Problem(
        where=url,
        what=N_("The list of data packages is longer or deeper than what is read."),
        partial=True,
    )


def _no_package(document: Document) -> FeedError:
    return FeedError(
        document.url,
        N_("There is no data package at this address, and no list of data packages."),
        N_("Write the address of the datapackage.json itself as url:."),
    )
