"""Links as OGC API and STAC write them: `{"rel": …, "href": …, "type": …, "title": …}`. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import urlsplit, urlunsplit

from msgspec import Struct

from harvester.document import Document
from harvester.feeds._json.values import absolute, text_of


class Link(Struct, frozen=True):
    """A link with its address seen from its document; `rel` in lower case, without its registry's address."""

    rel: str
    href: str
    media_type: str | None = None
    title: str | None = None
    language: str | None = None

    @property
    def is_page(self) -> bool:
        """Is it a page for people?"""
        return (self.media_type or "").startswith("text/html")


def links_of(value: object, base: str) -> list[Link]:
    """The links in a member `links`; entries that are none, or lead nowhere ("http://["), are passed over."""
    found = []
    for each in value if isinstance(value, list) else []:
        if not isinstance(each, dict):
            continue
        href = absolute(base, text_of(each.get("href")))
        if href is not None and _is_address(href.strip()):
            rel = (text_of(each.get("rel")) or "").strip().rstrip("/").rpartition("/")[2].lower()
            found.append(
                Link(
                    rel,
                    href.strip(),
                    text_of(each.get("type")),
                    text_of(each.get("title")),
                    text_of(each.get("hreflang")),
                )
            )
    return found


def _is_address(href: str) -> bool:
    try:
        urlsplit(href)
    except ValueError:
        return False
    return True


def first(links: list[Link], *rels: str) -> Link | None:
    """The first link of the first of these relations that is there; one for programs before a page."""
    for rel in rels:
        of_rel = [link for link in links if link.rel == rel]
        if of_rel:
            return next((link for link in of_rel if not link.is_page), of_rel[0])
    return None


def next_page(document: Document, links: list[Link]) -> str | None:
    """The address of the next page, from the document's own links or its `Link` header.

    A portal behind a proxy may name itself by a name that only the proxy knows: where nothing but
    scheme and host differ, the next page is asked for where this one came from.
    """
    pages = [link for link in links if link.rel == "next" and not link.is_page]
    address = pages[0].href if pages else absolute(document.url, document.links.get("next"))
    return None if address is None else here(document.url, address)


def here(url: str, address: str) -> str | None:
    """`address` on the host of `url` where only scheme and host differ; None where it is no web address."""
    try:
        own, other = urlsplit(url), urlsplit(address)
    except ValueError:
        return None
    if other.scheme not in ("http", "https"):
        return None
    if own.scheme in ("http", "https") and own.path.rstrip("/") == other.path.rstrip("/"):
        return urlunsplit((own.scheme, own.netloc, *other[2:]))
    return address


def pages_of(links: list[Link], *rels: str) -> Iterator[str]:
    """The addresses of the links of these relations, each once."""
    return iter(dict.fromkeys(link.href for link in links if link.rel in rels))
