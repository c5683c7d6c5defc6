"""What a web server or an object store lists of a folder: its files and its folders below. Pure."""

from __future__ import annotations

import re
from urllib.parse import parse_qsl, quote, urlencode, urljoin, urlsplit, urlunsplit

from msgspec import Struct

from harvester.document import Document
from harvester.feeds._iso.terms import plain
from harvester.feeds._iso.tree import Element, parse_text
from harvester.feeds._pages import html
from harvester.feeds._rdf import encoding
from harvester.home_page import links_of

_HEAD = 65_536
_LISTING = re.compile(
    # Apache, nginx, lighttpd · Python · Tomcat · Jetty · other words for it
    r"<(?:title|h[1-3])[^>]*>\s*(?:index of\b|directory listing\b|directory:|listing of\b)"
    r"|<(?:title|h[1-3])[^>]*>\s*web[ -]accessible folder"
    r"|\[to parent directory\]|>\s*parent directory\s*<|<title>[^<]{0,200} - /[^<]{0,500}/</title>",  # IIS
    re.IGNORECASE,
)
_STORE = re.compile(r"<(?:[\w.-]+:)?(ListBucketResult|EnumerationResults)\b")  # S3 and its kin; Azure
_PAGES = re.compile(r"\.(?:html?|php|aspx?|txt|md|css|js|ico)$", re.IGNORECASE)


class Listing(Struct, frozen=True, kw_only=True):
    """One page of a listing; all addresses lie below the folder."""

    files: tuple[str, ...] = ()
    folders: tuple[str, ...] = ()
    following: str | None = None  # the next page of the same listing

    @property
    def records(self) -> tuple[str, ...]:
        """The files that are XML by their name."""
        return tuple(each for each in self.files if urlsplit(each).path.lower().endswith(".xml"))

    @property
    def is_mostly_xml(self) -> bool:
        """Do XML files make up at least half of what is not there for people to read?"""
        others = [each for each in self.files if not _PAGES.search(urlsplit(each).path)]
        return 0 < len(self.records) >= len(others) / 2


def is_listing(document: Document) -> bool:
    """Does a server list a folder here? By its content."""
    head = encoding.text(document.head(_HEAD), document.charset)
    return _STORE.search(head) is not None or (html.is_page(document) and _LISTING.search(head) is not None)


def read(document: Document) -> Listing:
    """What is listed; a page that is no listing is read for its links as well."""
    if _STORE.search(encoding.text(document.head(_HEAD), document.charset)):
        root = parse_text(encoding.whole(document)).root
        return _of_store(document, root) if root is not None else Listing()
    folder = _folder(document.url)
    found = [each.url for each in links_of(document)]
    below = [each for each in found if each.startswith(folder) and "?" not in each and each != folder]
    return Listing(
        files=tuple(each for each in below if not each.endswith("/")),
        folders=tuple(each for each in below if each.endswith("/")),
    )


def _folder(url: str) -> str:
    return urljoin(url.partition("#")[0].partition("?")[0], ".")


def _of_store(document: Document, root: Element) -> Listing:
    keys = [
        key
        for entry in (*root.all("Contents"), *root.all("Blobs", "Blob"))
        if (key := plain(entry.first("Key")) or plain(entry.first("Name"))) and not key.endswith("/")
    ]
    base = document.url.partition("#")[0].partition("?")[0]
    path = urlsplit(base).path.strip("/")
    if path and all(key.startswith(f"{path}/") for key in keys):
        base = urljoin(base, "/")  # a store behind a host of its own: keys begin at its root
    elif not base.endswith("/"):
        base += "/"
    return Listing(
        files=tuple(base + quote(key) for key in keys), following=_next_of_store(document, root, keys)
    )


def _next_of_store(document: Document, root: Element, keys: list[str]) -> str | None:
    """The next page: S3's version 2 names a token, version 1 and Azure a marker, or its last key is it."""
    token = plain(root.first("NextContinuationToken"))
    marker = plain(root.first("NextMarker"))
    if token:
        asked = {"continuation-token": token}
    elif marker:
        asked = {"marker": marker}
    elif (plain(root.first("IsTruncated")) or "").lower() == "true" and keys:
        asked = {"marker": keys[-1]}
    else:
        return None
    parts = urlsplit(document.url)
    query = dict(parse_qsl(parts.query, keep_blank_values=True)) | asked
    return urlunsplit((*parts[:3], urlencode(query), ""))
