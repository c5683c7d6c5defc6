"""What a home page links to that may be a catalogue: pure, and generous, since the answer decides."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from msgspec import Struct

from harvester.document import Document
from harvester.feeds._pages import html

MOST_LINKS = 2000
MOST_OF_A_KIND = 4  # documents of one kind that are worth a question

_LOOK = 1 << 20


class Link(Struct, frozen=True):
    """A link of a page: its absolute address, the words to click on, and what it says of its target."""

    url: str
    text: str = ""
    relation: str = ""
    media_type: str = ""


def site_name(document: Document) -> str | None:
    """What a page calls its site: `og:site_name`, else the most telling part of its title."""
    tree = html.parse(html.text(document, _LOOK))
    if tree is None:
        return None
    named = [each.get("content", "") for each in tree.iter("meta") if each.get("property") == "og:site_name"]
    titles = [part for each in tree.iter("title") for part in _SEPARATED.split(each.text_content())]
    told = (" ".join(text.split()) for text in (*named, *titles))
    return next((text[:100] for text in told if text and text.casefold() not in _NO_NAMES), None)


_SEPARATED = re.compile(r"\s+[|–—·»]\s+|\s+-\s+")
_NO_NAMES = ("home", "homepage", "home page", "welcome", "accueil", "bienvenue", "inicio", "startseite")


def links_of(document: Document) -> list[Link]:
    """The http links of a page, each once, those of its head first."""
    tree = html.parse(html.text(document, _LOOK))
    if tree is None:
        return []
    base = html.base_of(tree, document.url)
    found: dict[str, Link] = {}
    for element in (*tree.iter("link"), *tree.iter("a")):
        url = html.resolved(base, element.get("href", ""))
        if url is not None and url not in found and len(found) < MOST_LINKS:
            found[url] = Link(
                url,
                " ".join(element.text_content().split())[:200] if element.tag == "a" else "",
                element.get("rel", "").lower(),
                element.get("type", "").lower(),
            )
    return list(found.values())


# ------------------------------------------------------------------------------ what may be a catalogue

_TYPES = (
    "application/rdf+xml",
    "text/turtle",
    "text/ttl",
    "application/x-turtle",
    "application/n-triples",
    "application/ld+json",
    "application/json",
)
_DOCUMENTS = re.compile(
    r"\.(?:rdf|ttl|jsonld|nt|n3)$|/data\.json$|datapackage\.json$|(?:catalog|dcat)[^/]*\.(?:xml|json)$"
    r"|rdf\.search|/csw/?$|/waf/?$|/collections/?$|/stac/?$",
    re.IGNORECASE,
)
_SERVICES = re.compile(r"service=csw", re.IGNORECASE)
_OTHER_MATTERS = re.compile(
    r"/(?:wp-json|oembed|feed|rss|atom|sitemap|opensearch|manifest|swagger)\b", re.IGNORECASE
)
_XML = re.compile(r"\.xml$", re.IGNORECASE)

_SHEETS = re.compile(
    r"\.(?:csv|tsv|xlsx|ods)$|docs\.google\.com/spreadsheets/|[?&](?:output|format)=csv\b", re.IGNORECASE
)
_INVENTORY = re.compile(
    r"inventor|inventaire|catalog|katalog|data\s?sets?\b|jeux[\s_-]de[\s_-]donn|conjuntos[\s_-]de[\s_-]datos"
    r"|open[\s_-]?data|donn[ée]es[\s_-]ouvertes|datos[\s_-]abiertos",
    re.IGNORECASE,
)


def machine_readable(links: list[Link]) -> list[str]:
    """Links to what may be a catalogue for machines, those that the page's head declares first."""
    declared = [each for each in links if "alternate" in each.relation.split() and _may_hold_datasets(each)]
    named = [each for each in links if _is_named_so(each)]
    return list(dict.fromkeys(each.url for each in (*declared, *named)))[: 2 * MOST_OF_A_KIND]


def inventories(links: list[Link]) -> list[str]:
    """Links to spreadsheets that call themselves an inventory or a catalogue."""
    found = [
        each.url
        for each in links
        if _SHEETS.search(each.url) and _INVENTORY.search(f"{_name(each.url)} {each.text}")
    ]
    return found[:MOST_OF_A_KIND]


def _may_hold_datasets(link: Link) -> bool:
    return link.media_type.partition(";")[0].strip() in _TYPES and not _OTHER_MATTERS.search(link.url)


def _is_named_so(link: Link) -> bool:
    path = urlsplit(link.url).path
    if _OTHER_MATTERS.search(link.url):
        return False
    in_list = "alternate" not in link.relation and _XML.search(path) is not None and not link.relation
    return bool(_DOCUMENTS.search(path) or _SERVICES.search(link.url)) or in_list


def _name(url: str) -> str:
    return urlsplit(url).path.rpartition("/")[2]
