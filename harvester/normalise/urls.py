"""Addresses: repaired where the repair is certain, refused where they are none.

What a browser would make of an address decides (the WHATWG URL standard): a `\\` is a `/`, line ends
inside are not there, what stands before an `@` is no host. The result is plain ASCII (RFC 3986), so that
every output can hold it.
"""

from __future__ import annotations

import ipaddress
import re
import socket
from functools import lru_cache
from typing import NamedTuple
from urllib.parse import quote

from harvester.normalise.notes import Notes
from harvester.normalise.text import characters, is_nothing, line, missing

LIMIT = 2_000
"""Characters of an address; longer ones break in browsers and servers."""

_PART = r"[!$-;=?-Z_a-z~]*"  # RFC 3986, without the # that begins a fragment
_CLEAN = re.compile(
    rf"(?:https?|ftps?)://([a-z0-9_][a-z0-9_.-]*)(?::\d{{1,4}})?(?:[/?]{_PART})?(?:#{_PART})?"
)
_STRAY_PERCENT = re.compile(r"%(?![0-9A-Fa-f]{2})")
_SCHEME = re.compile(r"([a-z][a-z0-9+.-]*):", re.IGNORECASE)
_ALLOWED = {"http", "https", "ftp", "ftps"}
_AUTHORITY = re.compile(r"([a-z]+):/*([^/?#]*)(.*)", re.DOTALL)
_TWICE = re.compile(r"https?:/*(?=(?:https?|ftps?)://?)", re.IGNORECASE)
_SECOND = re.compile(r"(?<![\s,;|])[\s,;|]+(?:https?|ftps?)://", re.IGNORECASE)
_HOST = re.compile(r"(?:[a-z0-9_](?:[a-z0-9_-]{0,62})\.)*[a-z0-9_](?:[a-z0-9_-]{0,62})")
_FORBIDDEN = re.compile(r"[^!#$&-;=?-Z_a-z~%]|%(?![0-9A-Fa-f]{2})")
_LOCAL_ENDINGS = (".local", ".localhost", ".localdomain", ".internal", ".intranet", ".lan", ".home", ".corp")


class Address(NamedTuple):
    """A usable address, or None, and the codes of the notes that tell what was the matter."""

    url: str | None
    notes: tuple[str, ...] = ()


def clean(text: str | None, field: str, notes: Notes) -> str | None:
    """The address to publish; what had to be repaired or refused is noted for `field`."""
    if text is None or not text:
        return None
    found = address(text)
    for code in found.notes:
        notes.add(code, field, text)
    return found.url


def address(text: str) -> Address:
    """Read one address. A missing value is no address and no trouble."""
    plain = _CLEAN.fullmatch(text)
    if plain and len(text) <= LIMIT and "&amp;" not in text and text.count("://") == 1:
        host = plain[1]
        sound = host[-1] not in ".-" and ".." not in host and host.isascii()
        if sound and not ("%" in text and _STRAY_PERCENT.search(text)):
            return Address(text, ("url-local",)) if is_local(host) else Address(text)
    return _repaired(text)


def _repaired(text: str) -> Address:
    text = "".join(characters(text[: LIMIT * 4]).split("\n")).replace("\t", "").strip().strip("<>\"'` ")
    if is_nothing(text):
        return Address(None)
    notes: dict[str, None] = {}
    unescaped = text.replace("&amp;", "&")
    single = _TWICE.sub("", unescaped, count=1)
    if second := _SECOND.search(single, 8):
        single = single[: second.start()]
    if single != text:
        notes["url-spaces"] = None
    if single.lower().startswith("www.") or single.startswith("//"):
        single = "https://" + single.lstrip("/")
        notes["url-no-scheme"] = None
    scheme = _SCHEME.match(single)
    if not scheme or scheme[1].lower() not in _ALLOWED or len(single) > LIMIT:
        return Address(None, ("url-invalid",))
    return _assembled(scheme[1].lower() + single[scheme.end() - 1 :], notes)


def _assembled(text: str, notes: dict[str, None]) -> Address:
    before, mark, after = _partitioned(text)
    if "\\" in before:
        before = before.replace("\\", "/")
        notes["url-spaces"] = None
    parts = _AUTHORITY.fullmatch(before + mark + after)
    if not parts:
        return Address(None, ("url-invalid",))
    scheme, authority, rest = parts.groups()
    user, at, host_and_port = authority.rpartition("@")
    if at and user:
        notes["url-credentials"] = None
    host = _host(host_and_port)
    if host is None:
        return Address(None, ("url-invalid",))
    path, hash_mark, fragment = rest.partition("#")
    encoded = _encoded(path) + hash_mark + _encoded(fragment).replace("#", "%23")
    if any(character.isascii() for character in _FORBIDDEN.findall(rest)):
        notes["url-spaces"] = None
    url = f"{scheme}://{host}{encoded}"
    if len(url) > LIMIT:
        return Address(None, ("url-invalid",))
    if is_local(_without_port(host)):
        notes["url-local"] = None
    return Address(url, tuple(notes))


def _partitioned(text: str) -> tuple[str, str, str]:
    """The address up to its query or fragment, the mark that begins it, and the rest."""
    found = re.search(r"[?#]", text)
    return (text[: found.start()], found[0], text[found.end() :]) if found else (text, "", "")


def _encoded(text: str) -> str:
    return _FORBIDDEN.sub(lambda found: quote(found[0], safe=""), text)


def _host(text: str) -> str | None:
    """Host and port in lower-case ASCII, or None when it can be neither name nor address."""
    host, port = text.strip(), ""
    if found := re.fullmatch(r"(.*):(\d{0,5})", host):
        host, port = found[1], found[2]
    if port and int(port) > 65_535:
        return None
    host = host.lower().rstrip(".")
    if host.startswith("["):
        try:
            host = f"[{ipaddress.IPv6Address(host.strip('[]'))}]"
        except ValueError:
            return None
        return host + (f":{port}" if port else "")
    if not host.isascii():
        try:
            host = host.encode("idna").decode("ascii")
        except UnicodeError:
            return None
    if not _HOST.fullmatch(host) or len(host) > 253:
        return None
    return host + (f":{port}" if port else "")


def _without_port(host: str) -> str:
    return host if host.endswith("]") else re.sub(r":\d+$", "", host)


@lru_cache(maxsize=16_384)
def is_local(host: str) -> bool:
    """Is this a name or number that means something only inside one network or machine?

    Numbers are read as system resolvers read them: `0x7f.1` is 127.0.0.1. Nothing is looked up.
    """
    bare = host.strip("[]")
    try:
        number = ipaddress.ip_address(bare)
    except ValueError:
        try:
            number = ipaddress.IPv4Address(socket.inet_aton(bare))
        except OSError:
            return "." not in bare or bare.endswith(_LOCAL_ENDINGS)
    if isinstance(number, ipaddress.IPv6Address) and number.ipv4_mapped:
        number = number.ipv4_mapped
    return not number.is_global


def key(url: str) -> str:
    """What two spellings of one address share: no scheme, no `www.`, no usual port, no final slash."""
    bare = url.partition("://")[2].removeprefix("www.")
    if ":" in bare:
        bare = _USUAL_PORT.sub(r"\1", bare)
    return bare.rstrip("/#")


_USUAL_PORT = re.compile(r"^([^/?#:]*):(?:80|443)(?=[/?#]|$)")
_IRI = re.compile(r"[a-z][a-z0-9+.-]{1,20}:[^\s<>\"{}|\\^`]+", re.IGNORECASE)
_NOT_NAMES = {"javascript", "data", "vbscript", "file", "blob", "mailto", "about"}


def iri(text: str | None, field: str, notes: Notes) -> str | None:
    """The name of a thing: an address, or another IRI such as `urn:uuid:…`; None when it is neither."""
    if missing(text):
        return None
    assert text is not None
    name = line(text, LIMIT)
    scheme = _SCHEME.match(name)
    if scheme and scheme[1].lower() not in _ALLOWED | _NOT_NAMES and _IRI.fullmatch(name):
        return name
    return clean(text, field, notes)
