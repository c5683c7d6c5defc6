"""An item as the search of a hub or of a portal gives it, as a draft. Pure.

Three answers hold the same item under slightly different names: the hub's OGC Records search (`properties`
of a feature), the older Hub API v3 (`attributes` of a JSON:API resource), and the search of a portal
(`results`; https://developers.arcgis.com/rest/users-groups-and-items/common-parameters/).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from urllib.parse import quote, urlsplit

from harvester.feeds._arcgis.identity import Identity, identity_of
from harvester.feeds._arcgis.record import hub_draft, is_unfilled
from harvester.feeds._json.parts import first_of, is_address, places_of, unique
from harvester.feeds._json.values import encode, is_empty, keywords_of, text_of, texts_of, words_of
from harvester.feeds._ogc.links import Link, links_of
from harvester.feeds._ogc.record import box_of, periods_of
from harvester.model import Draft, DraftAgent, DraftContact, DraftDistribution, DraftPlace, Text

_TOLD = ("type", "recordCount", "geometryType", "fields", "additionalResources")
"""Of the many technical members those that readers may want."""

_NO_LICENCE = frozenset(("custom", "none", "null"))
_LARGEST = 20_000  # characters of a member that is told as it came
_FILES = re.compile(
    r"CSV( Collection)?|Shapefile|GeoJson|GeoPackage|KML( Collection)?|PDF|Image( Collection)?|iWork \w+"
    r"|Microsoft (Excel|Word|Powerpoint)|(File|SQLite) Geodatabase|CAD Drawing|\w+ Package|Service Definition"
    r"|Statistical Data Collection|Visio Document|Report Template",
    re.IGNORECASE,
)
"""Types of items that are files (the portal's list of item types)."""

_LAYERS = frozenset(("Feature Layer", "Table", "Feature Service"))
_DOWNLOADS = ("csv", "geojson", "shapefile", "kml")
_WHOLE_SERVICE = re.compile(r"/(?:Feature|Map)Server/?$", re.IGNORECASE)

_NO_DATA = re.compile(
    r"Application|Dashboard|Story ?Map|Experience|Hub (Page|Site|Initiative|Project|Event)|Site Page|Insights"
    r"|Solution|Notebook|Workforce|Mission|Widget|Theme|Color Set|Style|Operation View|Form$|^Group$|^User$",
    re.IGNORECASE,
)


def is_data(item: Mapping[str, object]) -> bool:
    """Is it data or a document, and not an application, a page or a setting of the portal?"""
    kind = first_of(item, "type", "hubType")
    return kind is None or _NO_DATA.search(kind) is None


def draft_of_feature(feature: Mapping[str, object], base: str) -> Draft:
    """A feature of the hub's search."""
    inner = feature.get("properties")
    item = inner if isinstance(inner, dict) else {}
    links = links_of(feature.get("links"), base)
    return _draft(item, feature.get("id"), base, links, feature.get("geometry") or feature.get("bbox"))


def draft_of_resource(resource: Mapping[str, object], base: str) -> Draft:
    """A resource of the Hub API v3."""
    inner = resource.get("attributes")
    return _draft(inner if isinstance(inner, dict) else {}, resource.get("id"), base, [], None)


def draft_of_result(item: Mapping[str, object], base: str) -> Draft:
    """A result of a portal's search for items."""
    return _draft(item, item.get("id"), base, [], None)


def _draft(item: Mapping[str, object], id: object, base: str, links: list[Link], where: object) -> Draft:
    url = first_of(item, "url")
    names = [text_of(id), first_of(item, "itemId"), first_of(item, "id")]
    identity = identity_of(names, [url])
    slug = first_of(item, "slug")
    page = _page(links, base, slug, identity)
    publisher = first_of(item, "source", "orgName", "organization")
    mail = first_of(item, "orgContactEmail", "contactEmail")
    licence, rights = _terms(item)
    return hub_draft(
        Draft(
            key=text_of(id),
            identifiers=tuple(unique([*names[:1], slug])),
            title=words_of(item.get("title")) or words_of(item.get("name")),
            description=_description(item),
            keywords=keywords_of(item.get("tags")),
            themes=tuple(each.removeprefix("/Categories/") for each in texts_of(item.get("categories"))),
            publisher=DraftAgent(name={"": publisher}) if publisher else None,
            contacts=(DraftContact(name=publisher, email=mail),) if mail else (),
            page=page,
            landing_page=page,
            licence=licence,
            rights=rights,
            access_rights=first_of(item, "access"),
            issued=first_of(item, "created"),
            modified=first_of(item, "modified"),
            languages=texts_of(item.get("culture")),
            spatial=_spatial(where, item),
            temporal=tuple(periods_of(_time_of(item))),
            documentation=tuple(link.href for link in links if link.rel in ("describedby", "metadata")),
            distributions=tuple(_files(item, url, identity, links, base)),
            unread=dict(_told(item)),
        )
    )


def _description(item: Mapping[str, object]) -> Text:
    """The description; the snippet where there is none, or only the template of one."""
    text = first_of(item, "description")
    if text is None or is_unfilled(text):
        return words_of(item.get("snippet")) or words_of(text)
    return words_of(item.get("description"))


def _told(item: Mapping[str, object]) -> Iterator[tuple[str, str]]:
    for name in _TOLD:
        value = item.get(name)
        if name == "fields" and isinstance(value, list):
            value = [
                {key: each[key] for key in ("name", "alias", "type") if key in each}
                for each in value
                if isinstance(each, dict)
            ]
        text = value if isinstance(value, str) else encode(value)
        if not is_empty(value) and len(text) <= _LARGEST:
            yield name, text


def _terms(item: Mapping[str, object]) -> tuple[str | None, str | None]:
    """The licence, as code or address where there is one, else the text in its place; and the rest."""
    structured = item.get("structuredLicense")
    stated = [
        first_of(structured, "url", "abbr") if isinstance(structured, dict) else None,
        first_of(item, "license"),
    ]
    licence = next((each for each in stated if each and each.lower() not in _NO_LICENCE), None)
    text, credit = first_of(item, "licenseInfo"), first_of(item, "accessInformation")
    if licence is None:
        return text, credit
    return licence, "\n\n".join(unique([text, credit])) or None


def _spatial(where: object, item: Mapping[str, object]) -> tuple[DraftPlace, ...]:
    """The extent: a geometry or a box; the item's own is two corners, alone or as an "envelope"."""
    if isinstance(where, dict) and (places := places_of(where)):
        return places
    for extent in (where, item.get("extent"), item.get("itemExtent")):
        if isinstance(extent, dict) and extent.get("type") == "Polygon":
            return places_of(extent)
        corners = extent.get("coordinates") if isinstance(extent, dict) else extent
        if isinstance(corners, list) and len(corners) == 2:
            box = ",".join(each for corner in corners for each in texts_of(corner))
            if box.count(",") == 3:
                return (DraftPlace(bbox=box),)
        elif isinstance(corners, list) and (found := box_of(corners)):
            return (DraftPlace(bbox=found),)
    return ()


def _time_of(item: Mapping[str, object]) -> object:
    layer = item.get("layer")
    info = item.get("timeInfo") or (layer.get("timeInfo") if isinstance(layer, dict) else None)
    return info.get("timeExtent") if isinstance(info, dict) else None


def _page(links: list[Link], base: str, slug: str | None, identity: Identity) -> str | None:
    """The record's page: as the answer links it, else where a hub shows what has this slug or item."""
    named = next((link.href for link in links if link.rel == "html" or link.is_page), None)
    if named is not None:
        return named
    parts = urlsplit(base)
    name = slug or identity.item
    if name is None:
        return None
    if parts.scheme in ("http", "https") and "/sharing/rest" not in parts.path:
        return f"{parts.scheme}://{parts.netloc}/datasets/{quote(name, safe=':_')}"
    return (
        f"https://www.arcgis.com/home/item.html?id={identity.item.partition('_')[0]}"
        if identity.item
        else None
    )


def _files(
    item: Mapping[str, object], url: str | None, identity: Identity, links: list[Link], base: str
) -> Iterator[DraftDistribution]:
    """The service or the file of the item, and what its record links for download."""
    kind = first_of(item, "type")
    if url is not None and is_address(url):
        is_service = "/rest/services/" in url
        yield DraftDistribution(
            access_url=_of_layer(url, identity) if is_service else None,
            url=None if is_service else url,
            title={"": kind} if kind else {},
            format="ArcGIS GeoServices REST API" if is_service else None,
        )
    elif kind is not None and _FILES.fullmatch(kind) and identity.item is not None:
        yield DraftDistribution(
            download_url=f"{_portal(base)}/sharing/rest/content/items/{identity.item.partition('_')[0]}/data",
            title={"": first_of(item, "name") or kind},
            format=kind,
            byte_size=_size(item),
        )
    linked = [link for link in links if link.rel in ("enclosure", "download", "data")]
    for link in linked:
        yield DraftDistribution(
            download_url=link.href,
            title={"": link.title} if link.title else {},
            media_type=link.media_type,
        )
    if not linked and kind in _LAYERS and "/api/search/v1/" in base:
        yield from _downloads(item, identity, base)


def _of_layer(url: str, identity: Identity) -> str:
    """The address of the layer, where the item names its number and the address only its service."""
    layer = (identity.item or "").partition("_")[2]
    return f"{url.rstrip('/')}/{layer}" if layer and _WHOLE_SERVICE.search(url) else url


def _downloads(item: Mapping[str, object], identity: Identity, base: str) -> Iterator[DraftDistribution]:
    """Where a hub makes files of a layer: in the formats that the item offers, else in those of its feeds."""
    id, _, layer = (identity.item or "").partition("_")
    if not layer:
        return
    settings = item.get("properties")
    downloads = settings.get("downloads") if isinstance(settings, dict) else None
    offered = downloads.get("formats") if isinstance(downloads, dict) else None
    formats: tuple[str, ...] = _DOWNLOADS
    if isinstance(offered, list):
        shown = [each for each in offered if isinstance(each, dict) and each.get("hidden") is not True]
        formats = tuple(key for each in shown if (key := text_of(each.get("key"))) is not None)
    hub = base.partition("/api/search/v1/")[0]
    for format in formats:
        yield DraftDistribution(
            access_url=f"{hub}/api/download/v1/items/{id}/{quote(format, safe='')}?layers={layer}",
            title={"": format},
            format=format,
        )


def _portal(base: str) -> str:
    """The portal that keeps the items: the one that was asked, for hubs ArcGIS Online."""
    return base.partition("/sharing/rest")[0] if "/sharing/rest" in base else "https://www.arcgis.com"


def _size(item: Mapping[str, object]) -> str | None:
    size = first_of(item, "size")
    return size if size is not None and size.isdigit() else None
