"""What a document is written in: its characters and its syntax, by its content alone."""

from __future__ import annotations

import codecs
import re
from typing import Literal

from harvester.document import Document
from harvester.errors import FeedError
from harvester.feeds._rdf.names import PREFIXES
from harvester.model import N_

Syntax = Literal["turtle", "ntriples", "rdfxml", "jsonld", "html", "xml"]
"""`html` and `xml` are what has to be refused: a web page, and XML that is no RDF."""

MOST_BYTES = 32_000_000
"""Of a document that has to be held in memory as a whole; portals give longer catalogues in pages."""

MOST_STRINGS = 600_000
"""In JSON that is held in memory: each costs a third of a kilobyte before it is a triple."""

MOST_TAGS = 350_000
"""In XML that is held as a tree: an element costs about a kilobyte, and most have two tags."""

_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_DECLARED = re.compile(rb"<\?xml[^>]{0,200}?encoding\s*=\s*[\"']([A-Za-z0-9._-]+)[\"']")
_UTF_8 = {"utf-8", "ascii"}


def whole(document: Document) -> str:
    """The characters of a document that cannot be read piece by piece.

    Raises `FeedError` where it would take more memory than one source may cost (300 MB).
    """
    if document.size > MOST_BYTES:
        raise too_large(document.url)
    said = text(document.read(), document.charset)
    start = said.lstrip("\ufeff \t\r\n\0")[:1]
    is_json = start in ("{", "[") and max(said.count('"'), said.count(",")) > 2 * MOST_STRINGS
    if is_json or (start == "<" and said.count("<") > 2 * MOST_TAGS):
        raise too_large(document.url)
    return said


def too_large(url: str) -> FeedError:
    """The error for a document that holds more than can be held of it."""
    return FeedError(
        url,
        N_("The document holds more than can be read of one document in this format."),
        N_("Ask the people who run the portal for a feed in pages, or in several files."),
    )


def text(content: bytes, charset: str | None = None) -> str:
    """The characters of a document, of which no byte is lost and none is a reason to give up.

    In this order: a byte order mark; UTF-16 without one; UTF-8 when the bytes are UTF-8, whatever
    is claimed; the encoding that the XML declaration or the server names; else UTF-8 with single
    bytes of Windows-1252, which is what mislabelled and patched-up files hold.
    """
    for mark, encoding in _BOMS:
        if content.startswith(mark):
            return content.decode(encoding, "replace")
    if b"\0" in content[:4]:
        return content.decode("utf-16-le" if content[1:2] == b"\0" else "utf-16-be", "replace")
    try:
        return content.decode()
    except UnicodeDecodeError:
        pass
    declared = _DECLARED.search(content[:400])
    for claim in (declared[1].decode() if declared else None, charset):
        try:
            if claim and codecs.lookup(claim).name not in _UTF_8:
                return content.decode(claim)
        except (LookupError, UnicodeDecodeError):
            continue
    return content.decode("utf-8", _FALLBACK)


_FALLBACK = "harvester-rdf-windows-1252"


def _as_windows_1252(error: UnicodeError) -> tuple[str, int]:
    assert isinstance(error, UnicodeDecodeError)
    return error.object[error.start : error.end].decode("cp1252", "replace"), error.end


codecs.register_error(_FALLBACK, _as_windows_1252)

_JSON = re.compile(r'\{\s*(?:["}]|$)|\[\s*(?:[\[{"0-9-]|\]\s*$|null|true|false|$)')
_HTML = re.compile(r"<(?:!doctype\s+html|html|head|body)\b", re.IGNORECASE)
_MARKUP = re.compile(
    r"(?:<\?.*?\?>|<!--.*?-->|<!DOCTYPE[^\[>]*(?:\[.*?\]\s*)?>|\s+)*", re.DOTALL | re.IGNORECASE
)
_ELEMENT = re.compile(r"<(?:([\w.-]+):)?([A-Za-z_][\w.-]*)(?=[\s/>]|$)")
_STATEMENT = re.compile(
    r"@?(?:prefix|base)\s|(?:<[^<>\s]*>|_:\S+|[\w-]*:[\w.%/-]*|\[\s*\]?)\s+(?:a\s|<[^<>\s]*>|[\w-]+:[\w-]+)"
    r"|(?:GRAPH\s+)?(?:<[^<>\s]*>|[\w-]*:[\w.-]*)?\s*\{",
    re.IGNORECASE,
)
_TURTLE_BLANKS = re.compile(r"(?:\s+|#[^\n]*\n)*")
_LINE = re.compile(
    r"(?:<[^<>\n]*>|_:\S+)[ \t]+<[^<>\n]*>[ \t]+"
    r'(?:<[^<>\n]*>|_:\S+|"(?:[^"\\\n]|\\.)*"(?:@[\w-]+|\^\^<[^<>\n]*>)?)'
    r"(?:[ \t]+(?:<[^<>\n]*>|_:\S+))?[ \t]*\.[ \t]*"
)


def syntax(text: str) -> Syntax | None:
    """The syntax that the beginning of `text` is written in, or None when it is none that we know."""
    start = text[:100_000].lstrip("\ufeff \t\r\n\0")
    if start[:1] in ("{", "[") and _JSON.match(start):
        return "jsonld"
    if start.startswith("<"):
        if _HTML.match(start):
            return "html"
        blanks = _MARKUP.match(start)
        element = _ELEMENT.match(start, blanks.end() if blanks else 0)
        if element is not None and (start.startswith(("<?", "<!")) or "xmlns" in start or not element[1]):
            if element[2].lower() in ("html", "head", "body"):
                return "html"
            return "rdfxml" if _is_rdf(element, start) else "xml"
    blanks = _TURTLE_BLANKS.match(start)
    rest = start[blanks.end() :] if blanks else start
    if not _STATEMENT.match(rest):
        return None
    lines = [line for line in rest[:20_000].splitlines()[:20] if line.strip() and not line.startswith("#")]
    good = [_LINE.fullmatch(line.strip()) is not None for line in lines]
    return "ntriples" if good and good[0] and sum(good) * 2 >= len(good) else "turtle"


def _is_rdf(root: re.Match[str], start: str) -> bool:
    """Is the root `rdf:RDF`, or a node of one of the vocabularies that we read?"""
    prefix, local = root[1], root[2]
    if local == "RDF":
        return True
    end = start.find(">", root.end())
    declared = re.search(
        rf"\sxmlns{':' + re.escape(prefix) if prefix else ''}\s*=\s*[\"']([^\"']+)", start[root.end() : end]
    )
    namespace = declared[1] if declared else ""
    return local[0].isupper() and (namespace in PREFIXES.values() or namespace.startswith("&"))
