"""Of the up to three ways in which CKAN names a licence, the one that says most. Pure."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from harvester.feeds._json.fields import Fields
from harvester.feeds._json.parts import is_address

_AUTHORITIES = re.compile(
    r"(^|\.)(creativecommons\.org|opendatacommons\.org|opendefinition\.org|opensource\.org|gnu\.org|spdx\.org"
    r"|nationalarchives\.gov\.uk|etalab\.gouv\.fr|europa\.eu|govdata\.de|dcat-ap\.de|usa\.gov|open\.canada\.ca)$"
)
"""Hosts whose addresses name a licence, wherever they are found."""

_KNOWN_ID = re.compile(
    r"(cc|odc|odbl|pddl|ogl|uk-ogl|gfdl|gpl|mit|apache|bsd|us-pd|fr-lo|lov2|etalab|dl-de|iodl)(?![a-z])", re.I
)
_SAYS_NOTHING = re.compile(r"(other|none|unknown|not specified)\b|licen[cs]e not", re.I)
_VERSION = re.compile(r"\d")


def licence_of(fields: Fields, portal: str) -> str | None:
    """One text that identifies the licence; the others stay among the unread fields.

    An address of a licence's own authority says most. Then a well-known id, or the title where
    only that gives the version. Then an address elsewhere (a page of terms), the title, the id.
    Where these say nothing (`other-open`), the licence among the extras is taken, and without one
    they are passed on as they are. CKAN's `notspecified` is its way to write that there is none.
    """
    named = {name: fields.plain(f"licence_{name}") for name in ("url", "id", "title")}
    if named["id"] == "notspecified":
        named = {"url": named["url"], "id": None, "title": None}
    named["stated"] = "\n".join(fields.texts("licence")) or None
    chosen = _chosen(named["url"], named["id"], named["title"], portal)
    if chosen is None or _SAYS_NOTHING.match(chosen):
        chosen = named["stated"] or chosen
    for name, text in named.items():
        if text is not None and text != chosen:
            fields.leave("license" if name == "stated" else f"license_{name}", text)
    return chosen


def _chosen(url: str | None, id: str | None, title: str | None, portal: str) -> str | None:
    if url is not None and _AUTHORITIES.search(_host(url)):
        return url
    if id is not None and _KNOWN_ID.match(id):
        return title if title and _VERSION.search(title) and not _VERSION.search(id) else id
    if is_address(url) and _host(url or "") != _host(portal):
        return url
    if title is not None and not _SAYS_NOTHING.match(title):
        return title
    return url if is_address(url) else id or title or url


def _host(url: str) -> str:
    try:
        return urlsplit(url).hostname or ""
    except ValueError:
        return ""
