"""Sitemaps: the pages that a site names itself (https://www.sitemaps.org/protocol.html).

XML with addresses of pages or of further sitemaps, plain text with an address a line, or either of
them compressed with gzip.
"""

from __future__ import annotations

import io
import re
import zlib
from collections.abc import Iterator
from urllib.parse import urljoin

from lxml import etree
from msgspec import Struct

from harvester.document import Document
from harvester.feeds._rdf import encoding

MOST_BYTES = 25_000_000
"""Unpacked: half of what the protocol allows, since it is held in memory."""

MOST_ENTRIES = 50_000
"""The protocol's own limit."""

_GZIP = b"\x1f\x8b"
_ROOT = re.compile(
    rb"^(?:\xef\xbb\xbf)?\s*(?:<\?.*?\?>\s*|<!--.*?-->\s*)*<(?:\w+:)?(?:urlset|sitemapindex)\b", re.DOTALL
)


class Sitemap(Struct, frozen=True):
    """The addresses that a sitemap holds, in its order."""

    pages: tuple[str, ...] = ()
    sitemaps: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.pages or self.sitemaps)


def is_sitemap(document: Document) -> bool:
    """Is this an XML sitemap or an index of sitemaps? Never raises."""
    return _ROOT.match(_unpacked(document.head(), 4096)) is not None


def parse(document: Document) -> Sitemap:
    """The addresses of a document, as far as it can be read; none where it is no sitemap."""
    content = _unpacked(document.head(MOST_BYTES), MOST_BYTES)
    if _ROOT.match(content[:4096]):
        return _of_xml(content, document.url)
    lines = content[:MOST_BYTES].decode("utf-8", "replace").lstrip("\ufeff").split()
    if lines and all(line.startswith(("http://", "https://")) for line in lines):
        return Sitemap(tuple(dict.fromkeys(lines[:MOST_ENTRIES])))
    return Sitemap()


def _unpacked(content: bytes, most: int) -> bytes:
    """At most `most` bytes of the content, in UTF-8 whatever it came in; it ends where it is damaged."""
    if content.startswith(_GZIP):
        try:
            content = zlib.decompressobj(wbits=31).decompress(content, most)
        except zlib.error:
            return b""
    return encoding.text(content[:most]).encode("utf-8", "replace")


def _of_xml(content: bytes, base: str) -> Sitemap:
    found: dict[str, dict[str, None]] = {"url": {}, "sitemap": {}}
    for kind, address in _locations(content):
        if len(found["url"]) >= MOST_ENTRIES:
            break
        try:
            found[kind][urljoin(base, address)] = None
        except ValueError:
            continue  # "http://[broken"
    return Sitemap(tuple(found["url"]), tuple(found["sitemap"]))


def _locations(content: bytes) -> Iterator[tuple[str, str]]:
    """`url` or `sitemap`, and the address in its `loc`; images and videos have `loc`s of their own."""
    events = etree.iterparse(
        io.BytesIO(content), events=("end",), resolve_entities=False, no_network=True, load_dtd=False,
        encoding="utf-8", recover=True, huge_tree=False,
    )  # fmt: skip
    try:
        for _, element in events:
            kind = _local(element)
            if kind in ("url", "sitemap"):
                for child in element:
                    if _local(child) == "loc" and (address := (child.text or "").strip()):
                        yield kind, address
                        break
                element.clear()
    except etree.XMLSyntaxError:
        return  # what stands before the damage counts


def _local(element: etree._Element) -> str:
    return element.tag.rpartition("}")[2] if isinstance(element.tag, str) else ""
