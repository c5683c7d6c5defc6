"""The catalogue's exports in other people's formats: RDF and data.json. Pure.

They are read by the feeds `dcat` and `dcat_us`; only the keys differ, so that a dataset keeps its own
whichever export the portal is read by.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from urllib.parse import unquote, urlsplit

from msgspec.structs import replace

from harvester.model import Draft

_ADDRESS = re.compile(
    r"https?://[^/\s\"'<>]+/(?:[a-z-]{2,10}/)?"
    r"(?:explore/dataset|api/datasets/1\.0|api/v2/catalog/datasets|api/explore/v2\.\d/catalog/datasets)"
    r"/([^/?#\s\"'<>]+)"
)
_DATASET = re.compile(
    r"<\w+:Dataset\s[^>]*?rdf:about=[\"'](?P<xml>[^\"']+)"
    r"|<(?P<turtle>[^>\s]+)>\s+(?:a|rdf:type)\s+(?:dcat:Dataset\b|<http://www\.w3\.org/ns/dcat#Dataset>)"
)
"""A dataset's IRI in RDF/XML and in Turtle."""


def id_in(address: str | None) -> str | None:
    """The dataset that an address of an Opendatasoft portal names."""
    found = _ADDRESS.match(address or "")
    return unquote(found[1]) if found and found[1] not in ("search", "search?") else None


def host_in(address: str | None) -> str | None:
    """The host of an address that names a dataset of an Opendatasoft portal; None for any other."""
    return urlsplit(address or "").hostname if id_in(address) else None


def is_rdf(text: str) -> bool:
    """Is this RDF in which most datasets have an address of one Opendatasoft portal?"""
    return are_of_one(found["xml"] or found["turtle"] for found in _DATASET.finditer(text))


def are_of_one(addresses: Iterable[str]) -> bool:
    """Do most of these addresses name datasets of one and the same portal?"""
    hosts = [host_in(address) for address in addresses]
    known = Counter(host for host in hosts if host)
    return bool(known) and 2 * known.most_common(1)[0][1] > len(hosts)


def keyed(draft: Draft) -> Draft:
    """The draft with the dataset's own id as key, where its IRI or page names one."""
    named = (draft.uri, draft.key, draft.page, draft.landing_page)
    id = next((id for each in named if (id := id_in(each)) is not None), None)
    if id is None or id == draft.key:
        return draft
    others = (draft.key,) if draft.key else ()
    return replace(draft, key=id, identifiers=tuple(dict.fromkeys((*draft.identifiers, *others, id))))
