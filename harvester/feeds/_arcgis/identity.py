"""Which item of ArcGIS a record is. Pure.

The identifiers of a hub have changed their form several times: `…/datasets/<item>_<layer>`, then
`…/datasets/<org>::<slug>` and `…/maps/<org>::<slug>`, then `…/home/item.html?id=<item>&sublayer=<layer>`
(data.gouv.fr had its datasets twice because of it, datagouv/data.gouv.fr#680). Behind all of them stands
the item, 32 hexadecimal digits, with the number of its layer. Where a record does not tell it, the layer's
service is what changes least, and then the slug.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from urllib.parse import unquote, urlsplit

from msgspec import Struct

from harvester.feeds._json.parts import unique

_ID = r"([0-9a-f]{32})(?:_(\d{1,5}))?(?![0-9a-z])"
_BARE = re.compile(_ID, re.IGNORECASE)
_KINDS = "datasets|maps|apps|documents|content|items|pages|scenes|feedback|initiatives|stories|about|explore"
_ON_HUB = re.compile(rf"/(?:{_KINDS})/(?:[\w.-]+::)?{_ID}", re.IGNORECASE)
_ITEM_PAGE = re.compile(rf"/item\.html\?(?:[^#]*&)?id={_ID}", re.IGNORECASE)
_LAYER = re.compile(r"[?&](?:sublayer|layers?)=(\d{1,5})(?![\d,])")
_APP = re.compile(
    rf"(?:/index\.html\?(?:[^#]*&)?(?:app)?id=|/viewer\.html\?(?:[^#]*&)?webmap="
    rf"|/(?:experience|stories|dashboards|collections|surveys|share|sites)/|/index\.html#/){_ID}",
    re.IGNORECASE,
)
_SLUG = re.compile(rf"/(?:{_KINDS})/([\w.-]+::[^/?#]+)", re.IGNORECASE)
_EXPORT = re.compile(r"\.(?:geojson|csv|kml|zip|shp|xlsx|json|gpkg)$", re.IGNORECASE)
_SERVICE = re.compile(
    r"(/rest/services/.+?/(?:Feature|Map|Image|Scene|VectorTile|Geocode|GP|Stream|3DTiles)Server)(?:/(\d{1,5}))?(?:/|$)",
    re.IGNORECASE,
)


class Identity(Struct, frozen=True):
    """What the addresses of a record tell about which item it is."""

    item: str | None = None  # "<item>" or "<item>_<layer>"
    service: str | None = None  # address of a layer or an image service, without its scheme
    slug: str | None = None  # "<org>::<slug>", without the kind of page it stood under

    @property
    def key(self) -> str | None:
        """What of it changes least."""
        return self.item or self.service or self.slug

    @property
    def forms(self) -> tuple[str, ...]:
        """The forms under which other hubs, and this one at other times, may name the same record."""
        return tuple(unique([self.item, self.slug]))


def identity_of(names: Iterable[str | None], addresses: Iterable[str | None]) -> Identity:
    """The identity of a record; `names` are its identifiers and pages, `addresses` those of its data."""
    own, others = list(unique(names)), list(unique(addresses))
    service, layer = _service(others)
    found = next(_items(own), None) or next(_items(others), None) or next(_apps(others), None)
    item = None
    if found is not None:
        number = found[1] or layer
        item = found[0].lower() + (f"_{number}" if number is not None else "")
    slug = next((each for name in (*own, *others) if (each := slug_of(name)) is not None), None)
    return Identity(item, service, slug)


def is_hub_name(name: str) -> bool:
    """Does an identifier or a page have one of the forms that only hubs write?"""
    return slug_of(name) is not None or any(each.search(name) for each in (_ON_HUB, _ITEM_PAGE))


def slug_of(name: str) -> str | None:
    """`<org>::<slug>` in the address of a hub's page or export, in lower case."""
    found = _SLUG.search(name)
    return None if found is None else _EXPORT.sub("", unquote(found[1])).lower()


def _items(names: Iterable[str]) -> Iterator[tuple[str, str | None]]:
    for name in names:
        found = _BARE.fullmatch(name.strip()) or _ITEM_PAGE.search(name) or _ON_HUB.search(name)
        if found is not None:
            layer = _LAYER.search(name)
            yield found[1], found[2] or (layer[1] if layer else None)


def _apps(addresses: Iterable[str]) -> Iterator[tuple[str, str | None]]:
    """Items of applications, which hubs list by the address at which the application runs."""
    for address in addresses:
        if (found := _APP.search(address)) is not None:
            yield found[1], None


def _service(addresses: Iterable[str]) -> tuple[str | None, str | None]:
    """The first address of a layer, or of an image service, which has none; and the layer's number."""
    for address in addresses:
        try:
            parts = urlsplit(address.strip())
        except ValueError:
            continue
        found = _SERVICE.search(parts.path)
        if found is None or not parts.netloc:
            continue
        if found[2] is not None or found[1].lower().endswith("imageserver"):
            host = parts.netloc.lower().removeprefix("www.")
            path = unquote(parts.path[: found.end()]).rstrip("/")
            return f"{host}{path}", found[2]
    return None, None
