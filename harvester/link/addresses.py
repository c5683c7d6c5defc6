"""Addresses as evidence: what all spellings of one share, and what platforms say in theirs."""

from __future__ import annotations

import re
from functools import lru_cache
from urllib.parse import unquote_plus

_PASSING = frozenset(
    (
        *("outsr", "accesstype", "cachebust", "bom", "date", "_"),  # how an export is to be delivered
        *("jsessionid", "phpsessid", "aspsessionid", "sessionid", "session_id", "session", "sid", "token"),
        *("gclid", "fbclid", "msclkid", "mc_cid", "mc_eid", "_ga", "_gl", "yclid", "igshid"),
    )
)
"""Parameters that change how a thing is fetched, or by whom, and not which thing it is."""

_SESSION_IN_PATH = re.compile(r";jsessionid=[^/?;]*", re.IGNORECASE)
_SERVICE = re.compile(
    r"/(?:Feature|Map|Image|VectorTile|Scene|GP|Geocode|Geometry|Network|Stream|WFS|WMS)Server(?:/\d+)?"
    r"(?:\?f=p?json)?$",
    re.IGNORECASE,
)

_EVERYTHING = re.compile(r"where=1=1|outfields=\*|f=\w+|returngeometry=true|geometryprecision=\d+|")

_HEX = r"[0-9a-f]{32}"
_ITEM = re.compile(
    rf"(?:/(?:datasets|maps|apps|documents|items)/|/item\.html\?(?:[^#]*&)?id=)({_HEX})(?:_(\d{{1,4}}))?(?![0-9a-z])"
)
_LAYER = re.compile(r"[?&](?:sublayer|layers?)=(\d{1,4})(?![\d,])")
_BARE_ITEM = re.compile(rf"({_HEX})(?:_(\d{{1,4}}))?")

_FOUR = r"([2-9a-z]{4}-[2-9a-z]{4})"
_ANY_FOUR = re.compile(rf"/{_FOUR}(?![0-9a-z-])")
_SOCRATA = re.compile(
    rf"([^/?#]+)(?:/d/|/api/views/|/api/id/|/api/odata/v4/|/odata\.svc/|/api/v\d/views/)"
    rf"{_FOUR}(?![0-9a-z-])"
)
_SOCRATA_FILE = re.compile(rf"([^/?#]+)/resource/{_FOUR}(?:\.(?:json|csv|geojson|xml|rdf|tsv)|(?=[?/]|$))")
_SOCRATA_PAGE = re.compile(
    rf"([^/?#]+)/[^/?#]+/[^/?#]+/(?=[^/?#]{{0,8}}\d)(?=[^/?#]{{0,8}}[a-z]){_FOUR}"
    r"(?:/(?:data|about_data|about|explore))?(?:[?#]|$)"
)
_ODS = re.compile(
    r"([^/?#]+)/(?:[a-z]{2}/)?(?:explore/(?:embed/)?dataset|api/(?:explore/)?v2(?:\.\d)?/catalog/datasets)/"
    r"([a-z0-9_.@%-]+)"
)


def same(url: str) -> str | None:
    """What every spelling of an address shares; None where it leads to no one thing.

    Without scheme, `www.`, usual port, final slash, fragment, and the parameters that only say how or by
    whom it is fetched; the other parameters in order. A host's root is no thing, and a name that only
    means something inside one network is another thing in every network.
    """
    host, slash, path, query = _parts(url)
    if "." not in host and "[" not in host:
        return None
    if ";" in path:
        path = _SESSION_IN_PATH.sub("", path)
    path = path.rstrip("/")
    if query:
        query = "&".join(sorted(part for part in query.split("&") if part and not _is_passing(part)))
    if not path and not query:
        return None
    return f"{host}{slash}{path}?{query}" if query else f"{host}{slash}{path}"


def _parts(url: str) -> tuple[str, str, str, str]:
    """Host with an unusual port, the slash behind it, path and query."""
    where, _, query = url.partition("://")[2].partition("#")[0].partition("?")
    host, slash, path = where.partition("/")
    host = host.lower().removeprefix("www.")
    if host.endswith((":80", ":443")):
        host = host.rpartition(":")[0]
    return host, slash, path, query


def _is_passing(parameter: str) -> bool:
    name = parameter.partition("=")[0].lower()
    return name in _PASSING or name.startswith("utm_")


def service(address: str) -> str | None:
    """The ArcGIS service or layer that an address (see `same`) is, however it wants its answer; or None.

    A query for all rows and columns of a layer is that layer; any other query is a thing of its own.
    """
    path, _, query = address.partition("?")
    if path.endswith("/query"):
        asked = unquote_plus(query).lower().replace(" ", "").split("&")
        is_all = "where=1=1" in asked and all(_EVERYTHING.fullmatch(each) for each in asked)
        return service(path.removesuffix("/query")) if is_all else None
    return path if _SERVICE.search(address) else None


def host(url: str | None) -> str:
    """The host that an address names, with an unusual port; empty where it names none."""
    return _parts(url)[0] if url else ""


def platform_name(url: str) -> str | None:
    """The name that a platform's own address gives a dataset, all over the world; or None.

    * `arcgis:` item and layer, the same on every hub that shows it;
    * `socrata:` domain and four-by-four;
    * `ods:` domain and dataset of Opendatasoft.
    """
    lower = url.lower()
    if found := _ITEM.search(lower):
        return _item(found, lower)
    is_four = _ANY_FOUR.search(lower) is not None
    if not is_four and "dataset" not in lower:
        return None
    host, slash, path, query = _parts(lower)
    bare = f"{host}{slash}{path}?{query}"
    if is_four and (found := _SOCRATA.match(bare) or _SOCRATA_FILE.match(bare) or _SOCRATA_PAGE.match(bare)):
        return f"socrata:{found[1]}/{found[2]}"
    found = _ODS.match(bare)
    return f"ods:{found[1]}/{found[2]}" if found else None


def bare_item(text: str) -> str | None:
    """The `arcgis:` name in an identifier that is nothing but an item and its layer; or None."""
    found = _BARE_ITEM.fullmatch(text.lower())
    return _item(found, "") if found else None


def _item(found: re.Match[str], address: str) -> str:
    layer = found[2]
    if layer is None and (named := _LAYER.search(address, found.end(1))):
        layer = named[1]
    return f"arcgis:{found[1]}" + (f"_{layer}" if layer is not None else "")


def is_below(url: str, site: str) -> bool:
    """Is this an address of the site, or of something below it? `site` is an address, too."""
    ours = _place(site)
    is_near = "://" in url and ours.partition("/")[0] in url.lower()
    return is_near and f"{_place(url)}/".startswith(f"{ours}/")


@lru_cache(maxsize=1024)
def _place(url: str) -> str:
    host, _, path, _ = _parts(url)
    path = path.rstrip("/")
    return f"{host}/{path}" if path else host
