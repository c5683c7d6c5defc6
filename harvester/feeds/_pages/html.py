"""Pages for people, read by a program: the tree of their elements, and their links."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from urllib.parse import urldefrag, urljoin, urlsplit

from lxml import etree
from lxml import html as lxml_html

from harvester.document import Document
from harvester.feeds._rdf import encoding

Tree = lxml_html.HtmlElement
"""The root of a page."""

MOST_BYTES = 5_000_000
"""Of a page that are read."""

_HEAD = 4096
_HTML = re.compile(r"<(?:!doctype\s+html|html|head|body|meta|title|div|main)\b", re.IGNORECASE)
_BEFORE = re.compile(r"(?:\s+|\ufeff|<\?[^>]*>|<!--.*?-->)*", re.DOTALL)
_CHARSET = re.compile(rb"<meta[^>]{0,200}?charset\s*=\s*[\"']?\s*([A-Za-z0-9._-]+)", re.IGNORECASE)


def is_page(document: Document) -> bool:
    """Is this HTML, by its beginning? Never raises."""
    head = encoding.text(document.head(_HEAD), document.charset)
    before = _BEFORE.match(head)
    return _HTML.match(head, before.end() if before else 0) is not None


def text(document: Document, most: int = MOST_BYTES) -> str:
    """The source text of a page: UTF-8 where it is, else what the server or the page itself claims."""
    content = document.head(most)
    named = _CHARSET.search(content[:_HEAD])
    return encoding.text(content, document.charset or (named[1].decode() if named else None))


def parse(source: str) -> Tree | None:
    """The tree of a page; None where there is nothing in it. HTML is never too broken to be read."""
    parser = lxml_html.HTMLParser(encoding="utf-8", no_network=True, huge_tree=False)
    try:
        return lxml_html.document_fromstring(encoded(source), parser=parser)
    except (etree.ParserError, etree.XMLSyntaxError, AssertionError):
        return None


def encoded(source: str) -> bytes:
    """The text of a page as a parser takes it."""
    return source.replace("\0", "").encode("utf-8", "replace")


def base_of(tree: Tree, url: str) -> str:
    """Where the page's relative links start."""
    named = next((each.get("href") for each in tree.iter("base") if each.get("href")), None)
    return resolved(url, named) or url if named else url


def resolved(base: str, href: str) -> str | None:
    """A link's address without its fragment; None where it leads to no web address."""
    try:
        address = urldefrag(urljoin(base, _BREAKS.sub("", href).strip()))[0]
        parts = urlsplit(address)
        if parts.scheme in ("http", "https") and parts.hostname and parts.port != 0:
            return address.replace(" ", "%20")
    except ValueError:
        pass  # "http://[broken"
    return None


_BREAKS = re.compile(r"[\t\r\n]")


def links(tree: Tree, url: str) -> Iterator[tuple[str, str]]:
    """(address, text) of every link to a web address, in the order of the page."""
    base = base_of(tree, url)
    for element in tree.iter("a", "area"):
        address = resolved(base, element.get("href") or "")
        if address is not None and element.get("href"):
            yield address, words(element) or (element.get("title") or element.get("alt") or "").strip()


def words(element: etree._Element, most: int = 500) -> str:
    """The text that people see in an element, in one line."""
    found: list[str] = []
    length = 0
    for piece in _pieces(element):
        found.append(piece)
        length += len(piece)
        if length > 4 * most:
            break
    return " ".join("".join(found).split())[:most].strip()


def _pieces(element: etree._Element) -> Iterator[str]:
    walk = etree.iterwalk(element, events=("start", "end", "comment", "pi"))
    for event, each in walk:
        if event == "start":
            if each.tag in _UNSEEN:
                walk.skip_subtree()
            elif each.text:
                yield each.text
        elif each is not element and each.tail:
            yield each.tail
        if each.tag in _BLOCKS:
            yield " "


_UNSEEN = frozenset(("script", "style", "noscript", "template"))
_BLOCKS = frozenset(
    ("br", "p", "div", "li", "td", "th", "tr", "h1", "h2", "h3", "h4", "h5", "h6", "dt", "dd")
)


def folded(said: str) -> str:
    """Text for comparing words: lower case, without accents, one blank between words."""
    plain = unicodedata.normalize("NFKD", said[:2000])
    plain = "".join(c for c in plain if not unicodedata.combining(c)).lower()
    return _BETWEEN.sub(" ", plain).strip()


_BETWEEN = re.compile(r"[^\w]+|_+")
