"""Evidence: what of a dataset can show that another source lists it too. Small, so that all fit in memory."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache

from msgspec import Struct

from harvester.link import addresses
from harvester.model import Dataset, Distribution

_UUID = r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}"
_WHOLE_UUID = re.compile(rf"(?:urn:uuid:)?\{{?({_UUID})\}}?", re.IGNORECASE)
_LAST_UUID = re.compile(rf"/({_UUID})/?(?:[?#].*)?$", re.IGNORECASE)
_DOI = re.compile(
    r"(?:doi:\s*|(?:https?://)?(?:dx\.|www\.)?doi\.org/|info:doi/)?(10\.\d{4,9}/\S+)", re.IGNORECASE
)
_HANDLE = re.compile(r"(?:hdl:|info:hdl/|https?://hdl\.handle\.net/)(\d[\w.]*/\S+)", re.IGNORECASE)
_ARK = re.compile(r"(?:https?://[^/\s]+/(?:.*/)?)?ark:/?(\d{5,}/\S+)", re.IGNORECASE)
_URN = re.compile(r"urn:(?!uuid:)[a-z0-9][a-z0-9-]{1,31}:\S{3,}", re.IGNORECASE)

_PAPERS = frozenset(("pdf", "html", "doc", "docx", "odt", "rtf", "txt", "md", "ppt", "pptx", "jpeg", "png"))
"""Formats of what is said about data; where a dataset holds data too, these do not tell which it is."""


class Evidence(Struct, frozen=True, kw_only=True, gc=False):
    """What one listing shows. Texts are normalised so that equal ones mean the same thing."""

    id: str
    source: str
    names: tuple[str, ...] = ()  # its own global names: DOI, UUID, IRI, ArcGIS item, …
    claims: tuple[str, ...] = ()  # addresses that it names and that may be another listing's own
    services: tuple[str, ...] = ()  # ArcGIS services and layers
    files: tuple[str, ...] = ()  # other addresses of data
    data_hosts: tuple[str, ...] = ()  # of its data and its landing page
    declared_hosts: tuple[str, ...] = ()  # of the catalogues that it says it came through
    title: str = ""
    publisher: str = ""
    box: str = ""
    ours: bool = False  # does it name our own catalogue as its place?


def evidence(dataset: Dataset, site: str) -> Evidence:
    """The evidence in a dataset. `site` is the address of our own catalogue."""
    names = dict.fromkeys(_names(dataset))
    claims = dict.fromkeys(
        name for url in (dataset.landing_page, *dataset.provenance) if url and (name := _of_address(url))
    )
    services, files, hosts = _data(dataset.distributions)
    landing = addresses.host(dataset.landing_page)
    return Evidence(
        id=dataset.id,
        source=dataset.source,
        names=_finest(names),
        claims=tuple(each for each in _finest(claims) if each not in names),
        services=tuple(services),
        files=_finest(files),
        data_hosts=tuple(dict.fromkeys([*hosts, *([landing] if landing else [])])),
        declared_hosts=tuple(dict.fromkeys(filter(None, map(addresses.host, dataset.provenance)))),
        title=_folded(dataset.title),
        publisher=_folded(dataset.publisher.name),
        box=next(
            (str([round(side, 2) for side in place.bbox]) for place in dataset.spatial if place.bbox), ""
        ),
        ours=_is_ours(dataset, site),
    )


def _names(dataset: Dataset) -> Iterator[str]:
    """The names of the dataset itself that mean the same all over the world."""
    kind, _, key = dataset.key.partition(":")
    if kind == "arcgis":
        yield dataset.key
    for text in (dataset.uri, *dataset.identifiers, key if kind in ("key", "id") else None):
        if text and len(text) > 8:  # a short one ("CCDB") proves nothing (GSA/data.gov#2981)
            yield from _global(text)
    if dataset.page:
        yield from _of_own_address(dataset.page)


def _global(text: str) -> Iterator[str]:
    if found := _WHOLE_UUID.fullmatch(text):
        if len(set(found[1])) > 2:  # 00000000-0000-… is nobody's
            yield f"uuid:{found[1].lower()}"
    elif found := _DOI.fullmatch(text):
        yield f"doi:{found[1].lower()}"
    elif found := _HANDLE.fullmatch(text):
        yield f"hdl:{found[1].lower()}"
    elif found := _ARK.fullmatch(text):
        yield f"ark:{found[1].rstrip('/')}"
    elif text.startswith(("http://", "https://")):
        yield from _of_own_address(text)
    elif item := addresses.bare_item(text):
        yield item
    elif _URN.fullmatch(text):
        yield f"iri:{text}"


def _of_own_address(url: str) -> Iterator[str]:
    if name := _of_address(url):
        yield name
    if found := _LAST_UUID.search(url):
        yield f"uuid:{found[1].lower()}"


@lru_cache(maxsize=4096)
def _of_address(url: str) -> str | None:
    """The global name in an address: the platform's, else the address itself as an IRI."""
    if name := addresses.platform_name(url):
        return name
    if found := _DOI.fullmatch(url) if "doi.org" in url else None:
        return f"doi:{found[1].lower()}"
    address = addresses.same(url)
    return f"iri:{address}" if address else None


def _data(distributions: Iterable[Distribution]) -> tuple[dict[str, None], dict[str, None], dict[str, None]]:
    """Services, addresses of files, and hosts of both."""
    services: dict[str, None] = {}
    files: dict[str, None] = {}
    papers: dict[str, None] = {}
    hosts: dict[str, None] = {}
    for each in distributions:
        code = each.format.code if each.format else None
        access = each.access_url if each.kind != "page" else None
        for url in dict.fromkeys(filter(None, (access, each.download_url))):
            address = addresses.same(url)
            if address is None:
                continue
            hosts[address.partition("/")[0].partition("?")[0]] = None
            if found := addresses.service(address):
                services[f"at:{found}"] = None
            elif code == "esri-rest":
                continue  # called a service and none: hubs fill in "https://opendata.arcgis.com/admin"
            elif code in _PAPERS:
                papers[f"at:{address}"] = None
            else:
                files[addresses.platform_name(url) or f"at:{address}"] = None
    return services, files or (papers if not services else {}), hosts


def _finest(names: Iterable[str]) -> tuple[str, ...]:
    """Without an ArcGIS item of which a layer is named too: other datasets are other layers of it."""
    found = list(names)
    whole = {name.partition("_")[0] for name in found if name.startswith("arcgis:") and "_" in name}
    return tuple(name for name in found if name not in whole) if whole else tuple(found)


def _folded(text: dict[str, str]) -> str:
    return " ".join(min(text.items())[1].casefold().split()) if text else ""


def _is_ours(dataset: Dataset, site: str) -> bool:
    named = (dataset.uri, dataset.page, dataset.landing_page, *dataset.provenance, *dataset.identifiers)
    return any(each is not None and addresses.is_below(each, site) for each in named)
