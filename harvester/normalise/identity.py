"""Identity: which record of a source this is, and the short name that its page gets.

A *key* tells the records of one source apart from night to night. It is taken from what is least
likely to change; its prefix says from what. An *id* is made once from a title and a key, and kept.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache
from urllib.parse import urlsplit

from harvester.model import Draft, Source
from harvester.normalise import urls
from harvester.normalise.text import characters, line, missing

KEY_LIMIT = 500
"""Characters of a key; a longer one ends in a digest of the whole."""

_NOT_SLUG = re.compile(r"[^a-z0-9]+")
_LETTERS = str.maketrans(
    {
        "ß": "ss",
        "æ": "ae",
        "œ": "oe",
        "ø": "o",
        "ł": "l",
        "đ": "d",
        "ð": "d",
        "þ": "th",
        "ı": "i",
        "’": "",
        "'": "",
    }
)
_RESERVED = {"con", "prn", "aux", "nul"} | {
    f"{name}{number}" for name in ("com", "lpt") for number in range(1, 10)
}

_ARCGIS_ITEM = re.compile(r"(?<![0-9a-z])([0-9a-f]{32})(?:_(\d{1,4}))?(?![0-9a-z])", re.IGNORECASE)
_SUBLAYER = re.compile(r"[?&](?:sublayer|layer)=(\d{1,4})\b")


@lru_cache(maxsize=4096)
def slug(text: str, limit: int = 40) -> str:
    """A name for an address: lower-case ASCII letters, digits and hyphens, cut between words.

    Accents are taken off; letters of other scripts have no counterpart and drop out. Never empty, and
    never one of the names that Windows keeps for devices.
    """
    plain = unicodedata.normalize("NFKD", text[: limit * 8].casefold().translate(_LETTERS)).lower()
    words = _NOT_SLUG.sub("-", "".join(each for each in plain if not unicodedata.combining(each))).strip("-")
    if len(words) > limit:
        whole_words = words[: limit + 1].rpartition("-")[0]
        words = (whole_words if len(whole_words) > limit // 2 else words[:limit]).strip("-")
    if not words:
        return "dataset"
    return f"{words}-data" if words in _RESERVED else words


_BASE_32 = "abcdefghijklmnopqrstuvwxyz234567"
_PAIRS = [first + second for first in _BASE_32 for second in _BASE_32]


def digest(text: str) -> str:
    """The first six characters (30 bits) of the text's SHA-256 in base 32 (RFC 4648), lower case."""
    hashed = hashlib.sha256(text.encode("utf-8", "surrogatepass")).digest()
    bits = int.from_bytes(hashed[:4], "big") >> 2
    return _PAIRS[bits >> 20] + _PAIRS[bits >> 10 & 1023] + _PAIRS[bits & 1023]


def new_id(title: str, source_id: str, key: str) -> str:
    """The id of a dataset that is seen for the first time: words for people, a digest against clashes."""
    return f"{slug(title, 40)}-{digest(source_id + chr(0) + key)}"


def record_key(draft: Draft, source: Source) -> str:
    """The key of a record within its source, the first of these that it has:

    * `arcgis:` the item and layer that any of its identifiers or pages names: hubs have changed the
      form of their identifiers several times, the item stayed (data.gouv.fr#680);
    * `key:` the platform's own key;
    * `id:` the canonical identifier, else the dataset's IRI;
    * `url:` the path of its page, else of its landing page, else the first of its file addresses
      (a portal that moves to another host keeps its paths);
    * `title:` title and publisher.
    """
    if item := _arcgis_item(draft):
        return f"arcgis:{item}"
    for prefix, names in (("key", (draft.key,)), ("id", (*draft.identifiers, draft.uri))):
        for name in names:
            if name and (plain := identifier(name)):
                return _bounded(f"{prefix}:{plain}")
    for address in _addresses(draft):
        return _bounded(f"url:{address}")
    titles = [line(title) for _, title in sorted(draft.title.items())]
    publisher = next(iter(draft.publisher.name.values()), "") if draft.publisher else ""
    return _bounded(f"title:{slug(' '.join(titles[:1]), 200)}/{slug(line(publisher), 100)}")


def identifier(text: str) -> str:
    """An identifier as the source wrote it, without invisible characters; `""` for a placeholder.

    It is not composed to NFC and keeps its case: two identifiers that differ are two.
    """
    if text.isascii() and text.isprintable():
        plain = text.strip()
    else:
        plain = "".join(each for each in text if each.isprintable() and each == characters(each)).strip()
    return "" if missing(plain) else plain


def _bounded(key: str) -> str:
    if len(key) <= KEY_LIMIT:
        return key
    return f"{key[: KEY_LIMIT - 65]}~{hashlib.sha256(key.encode('utf-8', 'surrogatepass')).hexdigest()}"


def _arcgis_item(draft: Draft) -> str | None:
    """Item and layer, where an identifier is nothing else or an address of ArcGIS names them."""
    for name in (draft.key, *draft.identifiers, draft.uri, draft.page, draft.landing_page):
        if not name or len(name) < 32:
            continue
        found = _ARCGIS_ITEM.search(name)
        if not found:
            continue
        is_address = "/datasets/" in name or "/maps/" in name or "item.html?" in name or "arcgis.com" in name
        if is_address or found[0] == name.strip():
            sublayer = _SUBLAYER.search(name)
            layer = found[2] or (sublayer[1] if sublayer else None)
            return found[1].lower() + (f"_{layer}" if layer else "")
    return None


def _addresses(draft: Draft) -> Iterator[str]:
    """Paths of the record's pages, then whole file addresses; a bare host names no dataset."""
    for page in (draft.page, draft.landing_page):
        url = urls.address(page).url if page else None
        if url:
            parts = urlsplit(url)
            if parts.path.strip("/") or parts.query:
                yield parts.path.rstrip("/") + (f"?{parts.query}" if parts.query else "")
    files = (file.download_url or file.url or file.access_url for file in draft.distributions)
    yield from sorted(urls.key(url) for url in (urls.address(file).url for file in files if file) if url)
