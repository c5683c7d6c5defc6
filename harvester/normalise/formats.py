"""Formats and the nature of an address: file, service or page.

A format comes from what the source calls it, else from its media type, else from the address.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import NamedTuple
from urllib.parse import unquote

from harvester import vocabularies
from harvester.model import Coded
from harvester.normalise import codes
from harvester.normalise.text import line, word

_SAYS_NOTHING = {"bin", "other"}
_FROM_BRACKET = re.compile(r"\s*[(\[].*$")
_IN_BRACKETS = re.compile(r".*[(\[]\s*\.?([^()\[\]]+?)\s*[)\]]\s*")
_PARTS = re.compile(r"\s*(?:[,;/|+&]|\b(?:and|or|et|y)\b)\s*", re.IGNORECASE)

_ESRI = re.compile(
    r"/(?:Feature|Map|Image|Scene|VectorTile|Geocode|GP)Server(?:/\d+)?/?(?:\?|$)|/rest/services/?(?:\?|$)",
    re.IGNORECASE,
)
_OGC_QUERY = re.compile(r"[?&]service=(wms|wmts|wfs|wcs|csw)\b", re.IGNORECASE)
_OGC_PATH = re.compile(r"/(wms|wmts|wfs|wcs|csw)(?:server)?/?(?:\?|$)", re.IGNORECASE)
_OTHER_SERVICES = (
    (re.compile(r"/sparql/?(?:\?|$)", re.IGNORECASE), "sparql"),
    (re.compile(r"/thredds/dodsC/|/opendap/hyrax/", re.IGNORECASE), "opendap"),
    (
        re.compile(
            r"/api/3/action/|/odata(?:/|$)|/graphql/?$|/api/explore/v[\d.]+/catalog/datasets/[^/]+/?$"
        ),
        "api",
    ),
    (re.compile(r"/SensorThings/v1|/FROST-Server/", re.IGNORECASE), "sensorthings"),
)
_NAMED_FORMAT = re.compile(
    r"[?&](?:format|outputformat|fileformat|output|f|ext|type)=([^&#]+)", re.IGNORECASE
)
_EXPORTS = re.compile(r"/exports/([a-z0-9.]+)(?:\?|$)", re.IGNORECASE)
_DOWNLOAD = re.compile(
    r"accessType=DOWNLOAD|/datastore/dump/|/exports/|/downloads?/(?:data\b|v1/|\S+\.\w+)|/api/download/v1/|"
    r"[?&]request=GetFeature\b|[?&]request=GetCoverage\b|/resource/[0-9a-f-]{36}/download",
    re.IGNORECASE,
)
# Most addresses hold none of these, and looking for a word is fifty times faster than for a pattern.
_SERVICE_HINTS = (
    "server", "service", "/wm", "/wfs", "/wcs", "/csw", "sparql", "dodsc", "hyrax", "/api/", "odata",
    "graphql", "sensorthings",
)  # fmt: skip
_DOWNLOAD_HINTS = ("download", "/dump/", "/exports/", "request=get")


class Address(NamedTuple):
    """What an address itself tells."""

    code: str | None  # the format
    is_file: bool
    is_service: bool


@lru_cache(maxsize=8192)
def named(text: str) -> str | None:
    """The format of this name, extension, media type or IRI; None when not recognised."""
    words = line(text, 300)
    bare = words.partition(";")[0].strip().lstrip(".*") or words
    for candidate in (words, bare, _FROM_BRACKET.sub("", bare), _IN_BRACKETS.sub(r"\1", bare)):
        if code := codes.look_up(vocabularies.format_aliases, candidate):
            return code
    if "/media-types/" in words:
        return named(words.rpartition("/media-types/")[2])
    parts = [codes.look_up(vocabularies.format_aliases, part) for part in _PARTS.split(bare) if part]
    return parts[0] if parts and len(set(parts)) == 1 else None


def clean(text: str | None, media_type: str | None, address: Address) -> Coded | None:
    """The format of a file or service; None where nothing says it, `code=None` where it is not recognised."""
    stated = word(text, 300)
    if stated and stated.lower() in codes.FILLERS:
        stated = None
    code = named(stated) if stated else None
    if stated and code and code not in _SAYS_NOTHING:
        return Coded(code=code, raw=stated)
    media = word(media_type, 300)
    by_media = named(media) if media and media.lower() not in codes.FILLERS else None
    for other in (address.code if address.is_service else None, by_media, address.code):
        if other and other not in _SAYS_NOTHING:
            return Coded(code=other, raw=stated or media or other)
    if stated:
        return Coded(code=code, raw=stated)
    return Coded(code=by_media, raw=media) if media and by_media else None


@lru_cache(maxsize=16_384)
def of_address(url: str) -> Address:
    """What kind of thing lies at the address, as far as its spelling tells."""
    path, _, query = url.partition("?")
    lower = url.lower()
    download = any(map(lower.__contains__, _DOWNLOAD_HINTS)) and _DOWNLOAD.search(url) is not None
    by_query = _format_asked_for(url) if query else None
    if not download or by_query is None:
        service = _service(url) if any(map(lower.__contains__, _SERVICE_HINTS)) else None
        is_query = service == "esri-rest" and by_query in {"geojson", "csv", "kmz", "shp"}
        if service and not is_query:
            return Address(service, is_file=False, is_service=True)
    exports = _EXPORTS.search(url) if "/exports/" in lower else None
    code = (named(exports[1]) if exports else None) or by_query or _extension(path)
    if code is None and "/datastore/dump/" in url:
        code = "csv"
    kind = vocabularies.format(code).kind if code else None
    is_file = download or (code is not None and code != "html" and kind != "service")
    return Address(code, is_file=is_file, is_service=False)


def _service(url: str) -> str | None:
    if _ESRI.search(url):
        return "esri-rest"
    if found := _OGC_QUERY.search(url) or _OGC_PATH.search(url):
        return found[1].lower()
    return next((code for pattern, code in _OTHER_SERVICES if pattern.search(url)), None)


def _format_asked_for(url: str) -> str | None:
    for value in _NAMED_FORMAT.findall(url):
        if code := codes.look_up(vocabularies.format_aliases, unquote(value)):
            return code
    return None


def _extension(path: str) -> str | None:
    """The format of the file name at the end of the path, if that is where the path ends."""
    _, separator, rest = path.partition("://")
    name = rest.partition("/")[2].rpartition("/")[2].lower() if separator else ""
    if "." not in name:
        return None
    known = vocabularies.extensions()
    if name.endswith(".tar.gz"):
        return "tgz"
    return known.get(name.rpartition(".")[2].partition("#")[0])
