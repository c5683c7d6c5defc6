"""What an address in sources.yaml says about its source: where it is, and what to call it."""

from __future__ import annotations

import ipaddress
import re
import unicodedata
from pathlib import PurePosixPath
from urllib.parse import SplitResult, urlsplit

_LONGEST_ID = 60


def _words(listed: str) -> frozenset[str]:
    return frozenset(listed.split())


_COMMON_WORDS = _words("""www data opendata open dataportal portal catalog catalogue hub datahub ckan dkan api
    feed feeds datos datosabiertos dati donnees ouvertes offene daten dados geo gis geodata geoportal maps
    inventory inventaire inventario dataset datasets export index main public""")
"""Words that stand in the addresses of half of all portals, and so name none of them."""

_SECOND_LEVEL = _words("ac co com edu gc go gob gouv gov govt gub gv net nic or org")
"""What may stand below a country's domain, as in `gov.uk`, and names nobody either."""

_PLATFORMS = _words("arcgis github gitlab netlify opendatasoft socrata")
"""Hosts of many portals: the portal's name stands before theirs."""

_DATA_FILES = _words("""csv tsv txt json jsonld geojson ndjson xml rdf ttl nt n3 nq trig owl xls xlsx
    ods zip gz html htm yaml yml md pdf""")
_SWAPPED = {"".join(sorted(ending)) for ending in _DATA_FILES if len(ending) > 2}


def split_web(address: str) -> SplitResult | None:
    """The parts of an http or https address that can be asked for, or None when it is not one.

    A name and password before the host make it none, too: sources.yaml is public.
    """
    if any(c.isspace() or unicodedata.category(c) == "Cc" for c in address):
        return None
    try:
        parts = urlsplit(address)
        host, port = parts.hostname, parts.port
    except ValueError:
        return None
    if parts.scheme not in ("http", "https") or not host or port == 0:
        return None
    if parts.netloc.endswith(":") or "@" in parts.netloc or not is_host(host):
        return None
    return parts


def is_host(name: str) -> bool:
    """Could this be the name of a host, or its IP address?"""
    try:
        ipaddress.ip_address(name)
    except ValueError:
        labels = name.removesuffix(".").split(".")
        return len(name) < 254 and all(re.fullmatch(r"[\w-]{1,63}", label) for label in labels)
    return True


def looks_like_host(written: str) -> bool:
    """Is this a portal's address without its `https://`, as people say it ("data.town.example/en")?

    "inventory.csv" is not: its ending is that of a file. Nor is "inventory.cvs", with swapped letters.
    """
    host, slash, _ = written.partition("/")
    host = re.sub(r":\d+$", "", host)
    ending = host.rpartition(".")[2].lower()
    return (
        "." in host.strip(".")
        and is_host(host)
        and ending.isalpha()
        and len(ending) > 1
        and (bool(slash) or not (ending in _DATA_FILES or "".join(sorted(ending)) in _SWAPPED))
    )


def slug(words: str) -> str:
    """Small letters, digits and single dashes, nothing else; empty where no such letter is left."""
    plain = unicodedata.normalize("NFKD", words).encode("ascii", "ignore").decode("ascii").lower()
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:_LONGEST_ID].rstrip("-")


def id_of_web(address: str) -> str:
    """A short name for the portal at this address: `https://data.wprdc.org/` → `wprdc`.

    It depends on the host (and an uncommon port) alone, so that it stays when a path is mended.
    """
    parts = urlsplit(address)
    host = (parts.hostname or "").rstrip(".")
    port = f" {parts.port}" if parts.port not in (None, 80, 443) else ""
    try:
        ipaddress.ip_address(host)
        words = [host]
    except ValueError:
        words = _telling(_labels(host)) or [host]
    made = slug(" ".join(words) + port)
    return f"portal-{made}" if made.isdigit() else made or "portal"


def id_of_file(path: PurePosixPath) -> str:
    """A short name for a file: its name, or its folder's where the name is a common word."""
    folders = [part for part in path.parts[:-1] if part not in ("/", "..")]
    for part in [path.stem, *reversed(folders)]:
        words = [word for word in slug(part).split("-") if word and word not in _COMMON_WORDS]
        if any(not word.isdigit() for word in words):
            return "-".join(words)
    return slug(path.stem) or "file"


def another_id(taken: str, address: str) -> str:
    """What to call a second source whose address gives the id that is already taken."""
    words = [slug(part) for part in urlsplit(address).path.split("/")]
    more = next((word for word in reversed(words) if word and word not in _COMMON_WORDS), "2")
    return slug(f"{taken}-{more}") if len(taken) + len(more) < _LONGEST_ID else slug(taken[:40]) + "-2"


def name_of_web(address: str) -> str:
    """The host, as people would write it: what to call a source that has no name yet."""
    parts = urlsplit(address)
    port = f":{parts.port}" if parts.port not in (None, 80, 443) else ""
    return (parts.hostname or address).rstrip(".").removeprefix("www.") + port


def sameness(address: str) -> str:
    """Equal for addresses that lead to one place: http or https, www. or not, a final slash or not."""
    parts = urlsplit(address)
    query = f"?{parts.query}" if parts.query else ""
    return name_of_web(address) + parts.path.rstrip("/") + query


def _labels(host: str) -> list[str]:
    """The labels of a host: those with Latin letters as people read them, others in punycode."""
    labels = []
    for label in host.split("."):
        try:
            readable = label.encode("idna").decode("idna")
            labels.append(readable if slug(readable) else label.encode("idna").decode("ascii"))
        except UnicodeError:
            labels.append(label)
    return labels


def _telling(labels: list[str]) -> list[str]:
    """The words of a host that tell this portal from others, in their order."""
    rest = labels[:-1]
    if len(rest) > 1 and rest[-1] in _SECOND_LEVEL:
        rest = rest[:-1]
    words = [
        word
        for label in rest
        if label not in _PLATFORMS
        for word in slug(label).split("-")
        if word and word not in _COMMON_WORDS
    ]
    return list(dict.fromkeys(words))
