"""Atom feeds (RFC 4287), sitemaps (sitemaps.org) and the OpenSearch description, from an XML serialiser."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from xml.etree import ElementTree as ET

from harvester.model import CatalogRecord
from harvester.site import views
from harvester.site.addresses import dataset as dataset_path
from harvester.site.rendering import File
from harvester.site.tree import Tree

ATOM = "http://www.w3.org/2005/Atom"
SITEMAPS = "http://www.sitemaps.org/schemas/sitemap/0.9"
OPENSEARCH = "http://a9.com/-/spec/opensearch/1.1/"

MOST_ENTRIES = 50
MOST_ADDRESSES = 40_000
"""Addresses in one sitemap: at most 50,000 and 50 MB are allowed, and an address may have 1,000 bytes."""


def atom(
    path: str, title: str, page: str, records: Sequence[CatalogRecord], tree: Tree, *, by: str = "changed"
) -> File:
    """A feed of datasets, the newest first. `by` names the date that orders it: `changed` or `first_seen`.

    The feed's own date is its newest entry's, so that it changes only when something did.
    """
    addresses, voice = tree.addresses, tree.voice
    dates = [getattr(record, by) for record in records]
    feed = ET.Element("feed", {"xmlns": ATOM, "xml:lang": tree.tag})
    _add(feed, "id", addresses.absolute(path))
    _add(feed, "title", title)
    _add(feed, "updated", _moment(max(dates, default="1970-01-01")))
    _add(feed, "link", rel="self", type="application/atom+xml", href=addresses.absolute(path))
    _add(feed, "link", rel="alternate", type="text/html", href=addresses.absolute(page))
    _add(_add(feed, "author"), "name", tree.site.title)
    for record, date in zip(records, dates, strict=True):
        dataset = record.dataset
        address = addresses.absolute(dataset_path(dataset.id))
        entry = _add(feed, "entry")
        _add(entry, "id", address)
        _add(entry, "title", views.title(dataset, voice).text)
        _add(entry, "updated", _moment(date))
        _add(entry, "published", _moment(record.first_seen))
        _add(entry, "link", rel="alternate", type="text/html", href=address)
        _add(_add(entry, "author"), "name", views.publisher_name(dataset, voice).text)
        _add(entry, "summary", voice.summary(dataset.description, 400).text)
        for code in dataset.topics:
            _add(entry, "category", term=code, label=voice.topic(code))
    return addresses.file(path), _bytes(feed)


def newest(records: Iterable[CatalogRecord]) -> list[CatalogRecord]:
    """The datasets that came last into the catalogue; of one night's, those whose data is newest."""
    return _latest(records, "first_seen")


def changed(records: Iterable[CatalogRecord]) -> list[CatalogRecord]:
    """The datasets whose entry changed last."""
    return _latest(records, "changed")


def _latest(records: Iterable[CatalogRecord], by: str) -> list[CatalogRecord]:
    in_order = sorted(records, key=lambda record: record.dataset.id)
    in_order.sort(key=lambda record: (getattr(record, by), views.last_changed(record)), reverse=True)
    return in_order[:MOST_ENTRIES]


def sitemaps(pages: Iterable[tuple[str, str]], root: str) -> list[File]:
    """`/sitemap.xml`, an index, and the sitemaps that it names, from (address, day of change or "")."""
    listed = list(pages)
    index = ET.Element("sitemapindex", {"xmlns": SITEMAPS})
    files: list[File] = []
    for start in range(0, max(1, len(listed)), MOST_ADDRESSES):
        part = ET.Element("urlset", {"xmlns": SITEMAPS})
        for address, day in listed[start : start + MOST_ADDRESSES]:
            url = _add(part, "url")
            _add(url, "loc", address)
            if day:
                _add(url, "lastmod", day)
        name = f"sitemaps/{len(files) + 1}.xml"
        files.append((name, _bytes(part)))
        _add(_add(index, "sitemap"), "loc", f"{root}/{name}")
    return [("sitemap.xml", _bytes(index)), *files]


def opensearch(tree: Tree) -> File:
    """What lets a browser offer the site's search in its address bar."""
    root = ET.Element("OpenSearchDescription", {"xmlns": OPENSEARCH})
    _add(root, "ShortName", tree.site.title[:16])
    _add(root, "LongName", tree.site.title[:48])
    _add(root, "Description", tree.site.description[:1024] or tree.site.title)
    _add(root, "Language", tree.tag)
    _add(root, "InputEncoding", "UTF-8")
    template = tree.addresses.absolute("/search/") + "?q={searchTerms}"
    _add(root, "Url", type="text/html", template=template)
    return tree.addresses.file("/opensearch.xml"), _bytes(root)


def _moment(day: str) -> str:
    return f"{day[:10]}T00:00:00Z"


def _add(parent: ET.Element, name: str, text: str | None = None, /, **attributes: str) -> ET.Element:
    child = ET.SubElement(parent, name, attributes)
    child.text = text
    return child


def _bytes(root: ET.Element) -> bytes:
    ET.indent(root, space=" ")
    return (
        b'<?xml version="1.0" encoding="utf-8"?>\n' + ET.tostring(root, encoding="unicode").encode() + b"\n"
    )
