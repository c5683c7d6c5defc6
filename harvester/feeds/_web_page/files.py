"""The links of a page that lead to files, and what stands around each. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Literal
from urllib.parse import unquote, urlsplit

from lxml import etree
from msgspec import Struct

from harvester import vocabularies
from harvester.feeds._pages import hints, html
from harvester.feeds._web_page import words

Kind = Literal["data", "archive", "document", "linked", "unknown"]
"""What a link seems to lead to. `linked`: RDF, which is rather a catalogue than data; `unknown`: a file
of which only the server can say what it is."""

MOST_FILES = 5_000

_DATA_KINDS = ("tabular", "structured", "geo", "transport")
_DOCUMENTS = ("pdf", "txt")
_CATALOGUE = re.compile(
    r"/(?:data\.json|datapackage\.json|catalog(?:ue|o)?[^/]*\.(?:xml|json|rdf)|dcat[^/]*|sitemap[^/]*|robots\.txt"
    r"|feed|rss[^/]*|atom[^/]*|manifest[^/]*|openapi[^/]*|swagger[^/]*|opensearch[^/]*|favicon[^/]*|wp-json.*)/?$",
    re.IGNORECASE,
)
_IN_QUERY = re.compile(
    r"[?&](?:format|outputformat|f|output|type|ext|filetype)=([A-Za-z0-9+./-]{2,40})", re.IGNORECASE
)
_NAMED_IN_QUERY = re.compile(r"[?&](?:file|filename|name|path|doc|document|url)=([^&]{1,300})", re.IGNORECASE)
_EXPORT = re.compile(r"/(?:exports?|export)/([a-z0-9]{2,10})/?$", re.IGNORECASE)
_HANDED_OUT = re.compile(
    r"/documentcenter/view/|/showpublisheddocument/|/showdocument|/media/\d+/download|/getfile|/getattachment"
    r"|/viewfile|/home/showpublished|/files?/download|/download/?(?:\d+/?)?$|[?&]download(?:=|&|$)|/attachment",
    re.IGNORECASE,
)
_SERVICE = re.compile(
    r"/(?:Feature|Map|Image)Server(?:/\d+)?/?(?:$|\?)|[?&]service=(?:wms|wfs|wmts|wcs)\b", re.IGNORECASE
)
_SHEET = re.compile(r"docs\.google\.com/spreadsheets/")

_HEADINGS = {
    "h1": 1,
    "h2": 2,
    "h3": 3,
    "h4": 4,
    "h5": 5,
    "h6": 6,
    "caption": 7,
    "legend": 7,
    "summary": 7,
    "dt": 8,
}
_AROUND = ("nav", "footer", "script", "style", "template", "noscript", "button")
_AROUND_ROLES = ("navigation", "contentinfo", "banner", "search")
_AROUND_NAMES = frozenset(
    ("nav", "navbar", "navigation", "main-nav", "main-menu", "menu", "mega-menu", "site-nav", "site-menu",
     "footer", "site-footer", "page-footer", "breadcrumb", "breadcrumbs", "cookie-banner", "cookie-notice",
     "skip-link", "social", "social-links")
)  # fmt: skip
_ARRANGED = ("h1", "h2", "h3", "h4", "h5", "h6", "table")
_MOST_LINKS = 15
_BLOCKS = ("li", "p", "dd", "td", "article", "figure")


class Section(Struct, frozen=True, kw_only=True):
    """A part of a page: the headings above it, the outermost first, and its first words."""

    number: int
    headings: tuple[str, ...]

    @property
    def heading(self) -> str:
        """The nearest heading that says something; "" where there is none."""
        return next((each for each in reversed(self.headings) if not words.is_empty(each)), "")


class File(Struct, frozen=True, kw_only=True):
    """A link to a file, and what stands around it."""

    url: str
    text: str  # the words to click on
    kind: Kind
    format: str | None  # code of a format, as far as address and words tell it
    section: Section
    block: int  # links in the same row, list item or paragraph have the same number; 0: in none
    label: str = ""  # what the row or item says before its links
    words_after: str = ""  # and after them
    in_row: bool = False  # is the block a row of a table?


class PageFiles(Struct, frozen=True, kw_only=True):
    """What a page links to."""

    title: str
    speaks_of_data: bool  # do its title, its first heading or its address?
    files: tuple[File, ...]
    paragraphs: dict[int, str]  # section → the first words under its heading
    licence: str | None = None
    base: str = ""  # where its links start, which a page that was saved to a file says of itself

    def is_about_data(self, file: File) -> bool:
        """Does the page, or a heading above the file, speak of data?"""
        return self.speaks_of_data or any(hints.promise(each) >= 2 for each in file.section.headings)


def read(tree: html.Tree, url: str) -> PageFiles:
    """The files of a page at `url`. Navigation, footers and the like are passed over."""
    walk = _Walk(html.base_of(tree, url))
    for file in walk.files(tree):
        if len(walk.found) >= MOST_FILES:
            break
        walk.found.setdefault((file.url, file.section.number if file.kind == "unknown" else 0), file)
    title = next((html.words(each) for each in tree.iter("title")), "")
    top = next((html.words(each) for each in tree.iter("h1")), "")
    return PageFiles(
        title=top or title,
        speaks_of_data=max(hints.promise(title), hints.promise(top), hints.promise_of(url)) >= 2,
        files=tuple(walk.found.values()),
        paragraphs=walk.paragraphs,
        licence=_licence(tree, url),
        base=walk.base,
    )


class _Walk:
    """A walk through a page in its own order, which remembers under which headings it is."""

    def __init__(self, base: str) -> None:
        self.base = base
        self.found: dict[tuple[str, int], File] = {}
        self.paragraphs: dict[int, str] = {}
        self._headings: dict[int, str] = {}
        self._section = Section(number=0, headings=())
        self._about_one: dict[etree._Element, bool] = {}
        self._blocks: dict[etree._Element, tuple[int, str, str]] = {}

    def files(self, tree: html.Tree) -> Iterator[File]:
        """The links to files, in the order of the page."""
        walk = etree.iterwalk(tree, events=("start", "end"))
        for event, element in walk:
            if event == "start":
                if _is_around(element):
                    walk.skip_subtree()
                elif (level := _level(element)) is not None:
                    self._enter(level, html.words(element, 300))
                elif element.tag == "p" and self._section.number not in self.paragraphs:
                    self._remember(element)
                elif element.tag == "a" and (file := self._file(element)) is not None:
                    yield file
            elif element.tag in ("table", "fieldset", "details", "dl", "section", "article"):
                self._leave(element.tag)

    def _enter(self, level: int, text: str) -> None:
        if text:
            self._headings = {each: said for each, said in self._headings.items() if each < level}
            self._headings[level] = text
            self._renew()

    def _leave(self, tag: str) -> None:
        """The caption of a table and the terms of a list hold until its end."""
        inner = {"table": 7, "fieldset": 7, "details": 7, "dl": 8}.get(tag)
        if inner is not None and inner in self._headings:
            del self._headings[inner]
            self._renew()

    def _renew(self) -> None:
        self._section = Section(number=self._section.number + 1, headings=tuple(self._headings.values()))

    def _remember(self, paragraph: etree._Element) -> None:
        text = html.words(paragraph, 1000)
        if len(text) >= 20 and not any(
            _kind(self._address(each) or "", "")[0] for each in paragraph.iter("a")
        ):
            self.paragraphs[self._section.number] = text

    def _address(self, link: etree._Element) -> str | None:
        href = link.get("href")
        return html.resolved(self.base, href) if href else None

    def _file(self, link: etree._Element) -> File | None:
        url = self._address(link)
        if url is None:
            return None
        text = html.words(link, 300) or (link.get("title") or link.get("aria-label") or "").strip()[:300]
        said = f"{text} {link.get('type') or ''} {link.get('download') or ''}"
        kind, code = _kind(url, said)
        if kind is None:
            return None
        number, label, after, in_row = self._block_of(link)
        return File(
            url=url, text=text, kind=kind, format=code, section=self._section,
            block=number, label=label, words_after=after, in_row=in_row,
        )  # fmt: skip

    def _is_about_one(self, block: etree._Element) -> bool:
        """Is this a row or item about one thing, rather than one that only arranges the page?"""
        if block not in self._about_one:
            self._about_one[block] = next(block.iter(*_ARRANGED), None) is None and (
                sum(1 for _ in block.iter("a")) <= _MOST_LINKS
            )
        return self._about_one[block]

    def _block_of(self, link: etree._Element) -> tuple[int, str, str, bool]:
        """The row, list item or paragraph around a link: its number, and its words before and after links."""
        block = next((each for each in link.iterancestors("tr") if self._is_about_one(each)), None)
        if block is None:
            block = next((each for each in link.iterancestors(*_BLOCKS) if self._is_about_one(each)), None)
        if block is None:
            return 0, "", "", False
        if block not in self._blocks:
            before, after = _row_words(block) if block.tag == "tr" else _words_around_links(block)
            self._blocks[block] = (len(self._blocks) + 1, before, after)
        return *self._blocks[block], block.tag == "tr"


def _is_around(element: etree._Element) -> bool:
    """Is this the frame of the site rather than the content of the page?"""
    if element.tag in _AROUND or (element.get("role") or "").lower() in _AROUND_ROLES:
        return True
    names = f"{element.get('class') or ''} {element.get('id') or ''}".lower().split()
    return element.tag in ("div", "ul", "header", "section") and not _AROUND_NAMES.isdisjoint(names)


def _level(element: etree._Element | None) -> int | None:
    if element is None or not isinstance(element.tag, str):
        return None
    if element.get("role") == "heading":
        level = element.get("aria-level") or "2"
        return int(level) if level in "123456" else 6
    return _HEADINGS.get(element.tag)


# ------------------------------------------------------------------------------ rows and items


def _row_words(row: etree._Element) -> tuple[str, str]:
    """The first cell of a row that says something, and the longest of the others."""
    said = []
    for cell in row:
        if cell.tag in ("td", "th"):
            text = html.words(cell, 1000)
            if text and not words.is_empty(text):
                said.append(words.title(text))
    if not said:
        return "", ""
    others = [each for each in said[1:] if len(each) >= 20]
    return said[0], max(others, key=len, default="")


def _words_around_links(block: etree._Element) -> tuple[str, str]:
    """The words before the first link to a file, and those after the last one."""
    before: list[str] = []
    after: list[str] = []
    seen = False
    for event, element in etree.iterwalk(block, events=("start", "end")):
        inside = element.tag == "a"
        if event == "start" and element.tag not in ("script", "style") and isinstance(element.tag, str):
            if inside and _kind(element.get("href") or "", "")[0] is not None:
                seen = True
                after.clear()
            elif element.text:
                (after if seen else before).append(element.text)
        elif event == "end" and element is not block and element.tail:
            (after if seen else before).append(element.tail)
    first, last = (" ".join("".join(each).split())[:1000] for each in (before, after))
    return first.strip(" :–—-|•·,;("), last.strip(" :–—-|•·,;)")


# ------------------------------------------------------------------------------ kinds


def _kind(url: str, said: str) -> tuple[Kind | None, str | None]:
    """What a link leads to, and the code of its format; `said` are its words. None: no file."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return None, None
    if _CATALOGUE.search(parts.path):
        return None, None
    code = _format(parts.path, f"?{parts.query}")
    if code is None and _SHEET.search(url):
        return "data", None
    if code is None and _SERVICE.search(url):
        return "data", None
    named = words.format_in(said) or _inner(parts.path)
    if code is not None:
        kind = _kind_of(code)
        if kind == "archive" and named is not None and _kind_of(named) == "data":
            return "data", named if named in ("shp", "gtfs", "gdb") else code
        return kind, code
    if _HANDED_OUT.search(url):
        if named is not None and _kind_of(named) is not None:
            return _kind_of(named), named
        return "unknown", None
    return None, None


def _format(path: str, query: str) -> str | None:
    """The code of the format that an address names: by its ending, its query, or an export's name."""
    found = _NAMED_IN_QUERY.search(query)
    for name in (unquote(path), unquote(found[1]) if found else ""):
        extension = (
            name.rpartition("/")[2].rpartition(".")[2].lower() if "." in name.rpartition("/")[2] else ""
        )
        if extension in vocabularies.extensions():
            return vocabularies.extensions()[extension]
    for pattern, text in ((_IN_QUERY, query), (_EXPORT, path)):
        if (found := pattern.search(text)) is not None:
            code = vocabularies.format_aliases().get(unquote(found[1]).lower())
            if code is not None:
                return code
    return None


def _inner(path: str) -> str | None:
    """The format before the last ending: of "parcels.shp.zip" it is that of a shapefile."""
    name = unquote(path).rpartition("/")[2].rpartition(".")[0]
    return vocabularies.extensions().get(name.rpartition(".")[2].lower()) if "." in name else None


def by_media_type(media_type: str) -> tuple[Kind | None, str | None]:
    """What a server's media type makes of a file; (None, None) where it is no file of data."""
    code = vocabularies.format_aliases().get(media_type)
    kind = _kind_of(code) if code is not None else None
    return kind, code if kind is not None else None


def _kind_of(code: str) -> Kind | None:
    row = vocabularies.formats().get(code)
    if row is None:
        return None
    if row.kind in _DATA_KINDS:
        return "data"
    if row.kind == "linked-data":
        return "linked"
    if row.kind == "archive":
        return "archive"
    return "document" if code in _DOCUMENTS else None


# ------------------------------------------------------------------------------ licence

_LICENCES = re.compile(
    r"creativecommons\.org/(?:licenses|publicdomain)/|opendatacommons\.org/licenses/|licence-ouverte|open-government-licence",
    re.IGNORECASE,
)


def _licence(tree: html.Tree, url: str) -> str | None:
    """The licence that a page names for all that is on it; None where it names several."""
    base = html.base_of(tree, url)
    found = {
        address
        for link in tree.iter("a", "link")
        if "license" in (link.get("rel") or "").lower().split() or _LICENCES.search(link.get("href") or "")
        if (address := html.resolved(base, link.get("href") or "")) is not None
    }
    return found.pop() if len(found) == 1 else None
