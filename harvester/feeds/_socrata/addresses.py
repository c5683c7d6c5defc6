"""Addresses of a Socrata portal, all made of a host and a four-by-four id (`abcd-1234`). Pure.

https://dev.socrata.com/docs/endpoints.html and https://dev.socrata.com/docs/formats/
"""

from __future__ import annotations

import re
from urllib.parse import quote, urlsplit

from harvester.model import DraftDistribution

FOUR_BY_FOUR = re.compile(r"[0-9a-z]{4}-[0-9a-z]{4}")

_ID_IN_ADDRESS = re.compile(
    r"https?://(?P<host>[^/?#\s]+)/(?:(?:d|api/views|resource|download|api/geospatial)|[^/\s]+/[^/\s]+)/"
    r"(?P<id>[0-9a-z]{4}-[0-9a-z]{4})(?![0-9a-z-])",
    re.IGNORECASE,
)
_GEOMETRIES = re.compile(r"(multi)?(point|line(string)?|polygon)$|location$", re.IGNORECASE)


def id_in(address: str | None) -> str | None:
    """The four-by-four id that an address of a Socrata portal names."""
    found = _ID_IN_ADDRESS.match(address or "")
    return found["id"].lower() if found else None


def host_of(address: str | None) -> str | None:
    """The host in an address, or in a host that stands alone; lower case, without a port."""
    if not address:
        return None
    try:
        host = urlsplit(address if "://" in address else f"//{address}").hostname
    except ValueError:
        return None
    return host if host and re.fullmatch(r"[\w.-]+", host) else None


def is_geometry(column_type: str) -> bool:
    """Does a column of this type hold places? GeoJSON exists where one does."""
    return _GEOMETRIES.match(column_type) is not None


def files_of(
    home: str, id: str, kind: str, *, has_places: bool = False, blob_type: str | None = None
) -> tuple[DraftDistribution, ...]:
    """What the portal at `home` (with a final slash) offers of an asset.

    `kind` is the asset's type: a table (`dataset`, `calendar`, …) in several formats, a `map`'s layers,
    the one `file` that was uploaded, or the link of an `href`.
    """
    if kind in ("map", "geo"):
        return tuple(
            DraftDistribution(
                key=format.lower(),
                download_url=f"{home}api/geospatial/{id}?method=export&format={format}",
                format=format,
            )
            for format in ("GeoJSON", "KML", "Shapefile")
        )
    if blob_type or kind in ("file", "blob", "blobby"):
        plain = (blob_type or "application/octet-stream").partition(";")[0].strip()
        file = DraftDistribution(
            key="file",
            download_url=f"{home}download/{id}/{quote(plain)}",
            media_type=blob_type,
        )
        return (file,)
    if kind in ("href", "link", "federated_href"):
        return (DraftDistribution(key="link", access_url=f"{home}d/{id}"),)
    return (*_of_table(home, id), *(_geojson(home, id) if has_places else ()))


def _of_table(home: str, id: str) -> tuple[DraftDistribution, ...]:
    rows = f"{home}api/views/{id}/rows"
    formats = (("csv", "text/csv"), ("json", "application/json"), ("xml", "application/xml"))
    return (
        *(
            DraftDistribution(
                key=name,
                download_url=f"{rows}.{name}?accessType=DOWNLOAD",
                format=name.upper(),
                media_type=media_type,
            )
            for name, media_type in formats
        ),
        DraftDistribution(key="api", access_url=f"{home}resource/{id}.json", format="API"),
    )


def _geojson(home: str, id: str) -> tuple[DraftDistribution, ...]:
    return (
        DraftDistribution(
            key="geojson",
            download_url=f"{home}resource/{id}.geojson",
            format="GeoJSON",
            media_type="application/vnd.geo+json",
        ),
    )
