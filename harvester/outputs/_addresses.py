"""Addresses: those that sources give, mended or refused, and those of our own pages.

An address with a space in it parses in most readers and then breaks the writing of everything
around it, so no address reaches a serialiser without having passed `iri` or `uri`.
"""

from __future__ import annotations

import re
from urllib.parse import quote

import pyoxigraph

from harvester.model import Config

_FLAWLESS = re.compile(
    r"(?:https?|ftps?)://[A-Za-z0-9.-]+(?::\d{1,4})?(?:[/?][A-Za-z0-9\-._~:/?@!$&'()*+,;=]*)?"
)
_SHAPE = re.compile(r"(?i)((?:https?|ftps?)://)([^/?#\s]+)([^#]*)(#.*)?", re.DOTALL)
_NAME = re.compile(r"(?i)(?:urn|doi|info|tag|ark|hdl|oai|ni):\S+")
_FORBIDDEN = re.compile(r"[\x00-\x20\x7f-\xa0\"<>\[\\\]^`{|}\ud800-\udfff\ufff0-\uffff]")
_STRAY_PERCENT = re.compile(r"%(?![0-9A-Fa-f]{2})")
_PORT = re.compile(r":([0-9]+)$")
_LAST_PORT = 65_535
_NOT_ASCII = re.compile(r"[^\x00-\x7f]+")


def _escaped(found: re.Match[str]) -> str:
    return quote(found[0], safe="", errors="replace")


def iri(address: str | None) -> str | None:
    """A web address as RFC 3987 wants it, or None when it cannot be mended into one.

    Spaces and other characters that may not stand in an IRI are percent-encoded, a stray `%` too.
    Only http, https, ftp and ftps are addresses that a reader could open.
    """
    if not address:
        return None
    if _FLAWLESS.fullmatch(address):
        return address
    shape = _SHAPE.fullmatch(address.strip())
    if shape is None:
        return None
    scheme, host, path, fragment = shape.groups(default="")
    if (port := _PORT.search(host)) and int(port[1][:6]) > _LAST_PORT:
        return None
    rest = path + fragment[:1] + fragment[1:].replace("#", "%23")
    rest = _STRAY_PERCENT.sub("%25", _FORBIDDEN.sub(_escaped, rest))
    mended = scheme.lower() + host + rest
    return mended if is_iri(mended) else None


def name(text: str | None) -> str | None:
    """The name of a thing that need not be found on the web: an address, or an IRI such as `urn:…`."""
    if text and _NAME.fullmatch(text) and is_iri(text):
        return text
    return iri(text)


def is_iri(address: str) -> bool:
    """May this stand as an IRI in RDF? Any scheme; RFC 3987 as the serialiser itself checks it."""
    try:
        pyoxigraph.NamedNode(address)
    except (ValueError, UnicodeEncodeError):
        return False
    return True


def uri(address: str | None) -> str | None:
    """As `iri`, in ASCII (RFC 3986): for formats that know no international addresses."""
    mended = iri(address)
    return mended and _NOT_ASCII.sub(_escaped, mended)


def mailbox(email: str | None) -> str | None:
    """`mailto:` and the address, or None when that would be no IRI."""
    if not email or "@" not in email:
        return None
    mended = f"mailto:{email.strip()}"
    return mended if is_iri(mended) else None


def site(config: Config) -> str:
    """The address of the site, with its final slash."""
    return config.catalogue.url.rstrip("/") + "/"


def dataset_page(config: Config, dataset_id: str) -> str:
    """The address of a dataset's page."""
    return f"{site(config)}dataset/{quote(dataset_id, safe='')}/"


def publisher_page(config: Config, publisher_id: str) -> str:
    """The address of a publisher's page."""
    return f"{site(config)}publisher/{quote(publisher_id, safe='')}/"


def catalogue(config: Config) -> str:
    """The IRI of the catalogue itself."""
    return f"{site(config)}#catalogue"


def subject(config: Config, dataset_id: str, own: str | None) -> str:
    """The IRI of a dataset: its own http(s) IRI where it has one, else its page here.

    An IRI below our own site belongs to something of ours (a portal may have harvested us), so it
    is not believed.
    """
    given = iri(own)
    if given is None or not given.startswith("http") or given.startswith(site(config)):
        return dataset_page(config, dataset_id)
    return given
