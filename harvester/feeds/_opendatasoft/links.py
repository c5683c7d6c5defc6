"""The files of an Opendatasoft dataset: its exports, attachments and alternative exports. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from urllib.parse import quote

from harvester.feeds._json.parts import first_of, is_address
from harvester.feeds._json.values import absolute, text_of, words_of
from harvester.feeds._opendatasoft.shapes import Entry
from harvester.model import DraftDistribution

_TABLE = ("csv", "json", "xlsx", "parquet")
_GEO = ("geojson", "shp", "kml")
_OLD = {"xlsx": "xls", "parquet": None}  # what version 1 calls them, where it has them
_MEDIA_TYPES = {
    "csv": "text/csv",
    "json": "application/json",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "parquet": "application/vnd.apache.parquet",
    "geojson": "application/geo+json",
    "kml": "application/vnd.google-earth.kml+xml",
}


def files_of(entry: Entry, portal: str, api: str) -> tuple[DraftDistribution, ...]:
    """All files of a dataset. `portal` is its home with a final slash, "" when not known.

    `api` is the path of the API that answered, as in "api/explore/v2.1/catalog/datasets"; "" for
    version 1. A dataset without a table, or whose table is not open, has no exports.
    """
    return (*_exports(entry, portal, api), *_attached(entry, portal, api))


def has_places(entry: Entry) -> bool:
    """Can the records be drawn on a map?"""
    types = {text_of(each.get("type")) for each in entry.fields if isinstance(each, Mapping)}
    return (
        "geo" in entry.features
        or not types.isdisjoint(("geo_point_2d", "geo_shape"))
        or entry.meta("geometry_types") is not None
    )


def _exports(entry: Entry, portal: str, api: str) -> Iterator[DraftDistribution]:
    if not entry.has_records or not entry.visible or not entry.id:
        return
    for format in (*_TABLE, *(_GEO if has_places(entry) else ())):
        url = _export(entry, portal, api, format)
        if url is not None:
            yield DraftDistribution(
                key=format,
                download_url=url,
                format=url.rpartition("=")[2].rpartition("/")[2].upper(),
                media_type=_MEDIA_TYPES.get(format) if url.endswith(format) else None,
            )


def _export(entry: Entry, portal: str, api: str, format: str) -> str | None:
    id = quote(entry.id or "", safe="")
    if format == "parquet" and "api/v2/" in (entry.exports or api):
        return None  # the older API knows none
    if entry.exports is not None and is_address(entry.exports):
        return f"{entry.exports.rstrip('/')}/{format}"
    if not portal:
        return None
    if api:
        return f"{portal}{api}/{id}/exports/{format}"
    old = _OLD.get(format, format)
    return f"{portal}explore/dataset/{id}/download/?format={old}" if old else None


def _attached(entry: Entry, portal: str, api: str) -> Iterator[DraftDistribution]:
    for folder, items in (("attachments", entry.attachments), ("alternative_exports", entry.alternatives)):
        for item in items:
            if not isinstance(item, Mapping):
                continue
            id, title = text_of(item.get("id")), text_of(item.get("title"))
            url = _address(entry, portal, api, folder, item)
            if url is not None or title is not None:
                yield DraftDistribution(
                    key=f"{folder}/{id}" if id else None,
                    download_url=url,
                    title=words_of(title),
                    description=words_of(item.get("description")),
                    format=_ending(title) or _ending(text_of(item.get("url"))),
                    media_type=first_of(item, "mimetype", "mime_type"),
                    byte_size=first_of(item, "size", "filesize"),
                )


def _address(entry: Entry, portal: str, api: str, folder: str, item: Mapping[str, object]) -> str | None:
    """Where an attached file lies; `odsfile://…` names it inside the platform, which serves it by its id."""
    url, id = text_of(item.get("url")), text_of(item.get("id"))
    if url is not None and not url.startswith("odsfile:"):
        return absolute(portal, url) if portal or is_address(url) else None
    if not id or not entry.id:
        return None
    if entry.exports is not None and is_address(entry.exports) and entry.exports.endswith("/exports"):
        return f"{entry.exports.removesuffix('exports')}{folder}/{quote(id, safe='')}"
    if not portal:
        return None
    return f"{portal}{api or 'api/datasets/1.0'}/{quote(entry.id, safe='')}/{folder}/{quote(id, safe='')}"


def _ending(name: str | None) -> str | None:
    found = re.search(r"\.([A-Za-z0-9]{2,7})$", name or "")
    return found[1] if found and not found[1].isdigit() else None
