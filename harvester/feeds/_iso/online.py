"""Links of a record: files, services, and pages about the data.

What a link leads to is said, in this order, by its protocol (the list that GeoNetwork made common:
`OGC:WMS`, `WWW:DOWNLOAD-1.0-http--download`, `WWW:LINK-1.0-http--link`) and by its function.
"""

from __future__ import annotations

import re

from msgspec import Struct
from msgspec.structs import replace

from harvester.feeds._iso.terms import Languages, code, plain, unique, words
from harvester.feeds._iso.tree import Element
from harvester.model import DraftDistribution, Text

_WEB = re.compile(r"(?:https?|ftps?|sftp)://", re.IGNORECASE)
_SERVICE = re.compile(
    r"(?:OGC|urn:ogc:serviceType)[:.](?:x-)?(?P<ogc>[A-Za-z ]+)|(?P<esri>ESRI[: ].*)"
    r"|(?P<other>(?:WMS|WFS|WCS|WMTS|TMS|SOS|CSW|OPeNDAP|ERDDAP|THREDDS|TileJSON|STAC)\b)",
    re.IGNORECASE,
)
_MEDIA_TYPE = re.compile(r"[a-z]+/[a-z0-9.+-]+", re.IGNORECASE)
_PREVIEW = re.compile(r"legendurl|thumbnail|large_thumbnail|overview", re.IGNORECASE)
_AS_FORMAT = {"KML", "KMZ", "SHP", "CSV", "GEOJSON", "GML", "GPX", "NETCDF", "GEOTIFF", "ZIP"}
_OF_PAGES = ("information", "completemetadata", "browsegraphic", "search")


class Links(Struct, frozen=True, kw_only=True):
    """The links of one record, sorted."""

    distributions: tuple[DraftDistribution, ...] = ()
    pages: tuple[str, ...] = ()  # about the data


def link(
    url: str | None, protocol: str | None, function: str | None, title: Text, description: Text
) -> DraftDistribution | str | None:
    """A file or service as a distribution, a page about the data as its address, None for anything else."""
    url, protocol, function = (url or "").strip(), (protocol or "").strip(), (function or "").lower()
    if _WEB.match(url) is None:
        return None
    if _PREVIEW.search(" ".join([*title.values(), protocol])):
        return None
    one = DraftDistribution(url=url, title=title, description=description)
    service = _SERVICE.match(protocol)
    if service is not None:
        name = service["ogc"] or service["esri"] or service["other"] or ""
        return replace(one, url=None, access_url=url, format=name.strip())
    if _MEDIA_TYPE.fullmatch(protocol):
        return replace(one, media_type=protocol)
    if protocol.upper() in _AS_FORMAT:
        return replace(one, format=protocol)
    if "download" in protocol.lower() or protocol.upper().startswith("FILE"):
        return replace(one, url=None, download_url=url)
    return url if function in _OF_PAGES else one


def links(record: Element, languages: Languages) -> Links:
    """The links under `distributionInfo`."""
    found: list[DraftDistribution] = []
    pages: list[str] = []
    for distribution in record.all("distributionInfo", "*"):
        general = _formats(distribution, "distributionFormat")
        for holder, options, formats in (
            (distribution, "transferOptions", general),
            *(
                (each, "distributorTransferOptions", _formats(each, "distributorFormat") or general)
                for each in distribution.all("distributor", "MD_Distributor")
            ),
        ):
            for option in holder.all(options, "MD_DigitalTransferOptions"):
                _take(option, formats, languages, found, pages)
    return Links(distributions=_merged(found), pages=unique(pages))


def formats_of(record: Element) -> tuple[str, ...]:
    """All formats that the record names, with or without a link."""
    return unique(
        name
        for distribution in record.all("distributionInfo", "*")
        for holder in (distribution, *distribution.all("distributor", "MD_Distributor"))
        for name in (*_formats(holder, "distributionFormat"), *_formats(holder, "distributorFormat"))
    )


def _formats(holder: Element, name: str) -> tuple[str, ...]:
    return unique(
        plain(each.first("name")) or plain(each.first("formatSpecificationCitation", "CI_Citation", "title"))
        for each in holder.all(name, "MD_Format")
    )


def _take(
    option: Element,
    formats: tuple[str, ...],
    languages: Languages,
    found: list[DraftDistribution],
    pages: list[str],
) -> None:
    online = option.all("onLine", "CI_OnlineResource")
    size = plain(option.first("transferSize")) if len(online) == 1 else None
    for each in online:
        one = link(
            plain(each.first("linkage")),
            plain(each.first("protocol")),
            code(each.first("function")),
            words(each.first("name"), languages),
            words(each.first("description"), languages),
        )
        if isinstance(one, str):
            pages.append(one)
        elif one is not None:
            if one.download_url and one.format is None and len(formats) == 1:
                one = replace(one, format=formats[0])
            if size and one.access_url is None:
                one = replace(one, byte_size=f"{size} MB")  # the unit that the standard prescribes
            found.append(one)


def _merged(found: list[DraftDistribution]) -> tuple[DraftDistribution, ...]:
    """Each link once: distributors and the dataset itself often name the same ones."""
    seen: dict[tuple[str | None, ...], DraftDistribution] = {}
    for each in found:
        title = next(iter(each.title.values()), None)
        seen.setdefault((each.url, each.access_url, each.download_url, title), each)
    return tuple(seen.values())
