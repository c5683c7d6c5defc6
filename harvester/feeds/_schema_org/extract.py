"""What a page says of itself in JSON-LD, microdata and RDFa, as JSON-LD nodes. Fetches nothing.

extruct (https://github.com/scrapinghub/extruct) reads microdata and RDFa. JSON-LD is taken from its
script elements here, because its mistakes can be mended, and because one broken script, or one
broken syntax, must not cost what the others say.
"""

from __future__ import annotations

import html as entities
import re
from collections.abc import Callable, Iterator
from itertools import islice
from typing import Any

from lxml import etree

from harvester.errors import FeedError
from harvester.feeds._pages import html
from harvester.feeds._rdf.json_text import decode
from harvester.model import N_, Problem

Json = Any

MOST_MARKED = 20_000
"""Elements with markup that extruct is given; its time grows with more than their number."""

MOST_NESTED = 20
"""Items of microdata inside each other, and"""

MOST_REFERENCES = 50
"""references from item to item, with which extruct is trusted."""

_KINDS = r"(?:Dataset|DataCatalog)"
_JSON_LD = re.compile(rf'"@?type"\s*:\s*\[?[^\]:]{{0,200}}?"(?:[^"\s]{{0,80}}[/:#])?{_KINDS}"')
_MICRODATA = re.compile(rf"itemtype\s*=\s*[\"']?[^\"'>]{{0,200}}schema\.org/{_KINDS}\b", re.IGNORECASE)
_RDFA = re.compile(rf"typeof\s*=\s*[\"']?[^\"'>]{{0,200}}\b{_KINDS}\b")
_COMMENTS = re.compile(
    r"^\s*(?:<!--|//\s*<!\[CDATA\[|/\*\s*<!\[CDATA\[\s*\*/|<!\[CDATA\[)|(?:-->|(?://|/\*)?\s*\]\]>(?:\s*\*/)?)\s*$"
)
_WORD = re.compile(r"[\w.-]*")
_DEPTH = 50


def speaks(source: str) -> bool:
    """Does a page's text name a dataset or a catalogue of them, in any of the three syntaxes?"""
    return any(each.search(source) for each in (_JSON_LD, _MICRODATA, _RDFA))


def nodes(source: str, url: str) -> tuple[list[Json], list[Problem]]:
    """The JSON-LD nodes of a page, whatever syntax they are written in; `url` is its address.

    A syntax that cannot be read is a problem, and costs nothing of the others.
    """
    tree = html.parse(source)
    if tree is None:
        return [], []
    base = html.base_of(tree, url)
    found = list(_json_ld(tree, url))
    problems = []
    readers: dict[str, tuple[re.Pattern[str], Callable[[], list[Json]]]] = {
        "microdata": (_MICRODATA, lambda: list(_microdata(tree, base))),
        "RDFa": (_RDFA, lambda: _rdfa(source, base)),
    }
    for name, (signature, read) in readers.items():
        if signature.search(source):
            try:
                found += read()
            except Exception as error:  # foreign parsers raise anything about what people write
                problems.append(_unreadable(url, name, error))
    return found, problems


def _unreadable(url: str, syntax: str, error: Exception) -> Problem:
    return Problem(
        where=url,
        what=N_("What the page says as {syntax} cannot be read ({reason})."),
        remedy=N_("Ask the people who run the site to say it as JSON-LD, which is easier to write."),
        values={"syntax": syntax, "reason": " ".join(str(error).split())[:200] or type(error).__name__},
    )


# ------------------------------------------------------------------------------ JSON-LD


def _json_ld(tree: html.Tree, url: str) -> Iterator[Json]:
    for script in tree.iter("script"):
        kind = (script.get("type") or "").partition(";")[0].strip().lower()
        said = (script.text or "").strip()
        if kind != "application/ld+json" or not said:
            continue
        said = _COMMENTS.sub("", _COMMENTS.sub("", said)).strip()
        if said.startswith(("{&quot;", "[{&quot;")):
            said = entities.unescape(said)
        try:
            value = decode(said, url).value
        except FeedError:
            continue  # nested without end
        yield from (
            each for each in (value if isinstance(value, list) else [value]) if isinstance(each, dict)
        )


# ------------------------------------------------------------------------------ microdata


def _microdata(tree: html.Tree, base: str) -> Iterator[Json]:
    from extruct.w3cmicrodata import MicrodataExtractor  # here: it takes long to load, and few pages need it

    if _are_more(_with(tree, "itemprop", "itemscope"), MOST_MARKED) or _is_nested_deeply(tree):
        raise ValueError("there is too much of it")
    for item in MicrodataExtractor(strict=True).extract_items(tree, base):
        yield _item(item, base, 0)


def _is_nested_deeply(tree: html.Tree) -> bool:
    """Would extruct's recursion come to Python's limit?

    There it would break off inside lxml, which then keeps a lock for ever: no other page could be read.
    """
    return _are_more(_with(tree, "itemref"), MOST_REFERENCES) or any(
        sum(above.get("itemscope") is not None for above in item.iterancestors()) > MOST_NESTED
        for item in _with(tree, "itemscope")
    )


def _with(tree: html.Tree, *attributes: str) -> Iterator[html.Tree]:
    """The elements with one of these attributes; XPath takes minutes to find 30,000 beside each other."""
    for element in tree.iter("*"):
        if any(element.get(name) is not None for name in attributes):
            yield element


def _are_more(elements: Iterator[html.Tree], most: int) -> bool:
    return next(islice(elements, most, None), None) is not None


def _item(item: dict[str, Any], base: str, depth: int) -> Json:
    """An item of https://www.w3.org/TR/microdata/#json as a JSON-LD node."""
    if depth > _DEPTH:
        return None
    if "properties" not in item and not item.get("type"):
        return item.get("value")
    node: dict[str, Json] = {"@type": list(item.get("type", []))}
    if item.get("id"):
        node["@id"] = html.resolved(base, item["id"]) or item["id"]
    for name, values in item.get("properties", {}).items():
        node[name] = [_item(each, base, depth + 1) if isinstance(each, dict) else each for each in values]
    return node


# ------------------------------------------------------------------------------ RDFa


def _rdfa(source: str, base: str) -> list[Json]:
    from extruct.rdfa import RDFaExtractor  # here: it takes long to load, and few pages need it
    from extruct.utils import parse_xmldom_html

    tree = parse_xmldom_html(html.encoded(source), encoding="utf-8")
    if _are_more(_with(tree, "property", "typeof", "rel", "about"), MOST_MARKED):
        raise ValueError("there is too much of it")
    for element in tree.iter(etree.Element):
        name = element.get("property")
        if name and not _WORD.fullmatch(name.partition(":")[0]):
            del element.attrib["property"]  # extruct would take it for a regular expression
    found = RDFaExtractor().extract_items(tree, base_url=base)
    return [each for each in found if isinstance(each, dict)]
