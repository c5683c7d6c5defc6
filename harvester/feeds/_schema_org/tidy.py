"""Nodes as site builders write them → JSON-LD as the mapping of the RDF feeds reads it. Pure.

Facts about what people write: Google's advice for datasets
(https://developers.google.com/search/docs/appearance/structured-data/dataset) and schema.org's own
examples, which differ from each other and from what is found.
"""

from __future__ import annotations

import re
from typing import Any

from harvester.feeds._pages import html

Json = Any

CONTEXT = "https://schema.org/"
_SCHEMA = re.compile(r"(?:https?:)?(?://)?(?:www\.)?schema\.org/?#?", re.IGNORECASE)
_TERM = re.compile(r"https?://(?:www\.)?schema\.org/#?(?=\w)", re.IGNORECASE)
_PREFIX = re.compile(r"(?:schema|sdo|schemaorg):(?!//)")
_NUMBER = re.compile(r"[-+]?\d+(?:\.\d+)?(?:[eE][-+]?\d+)?")
_DEPTH = 60
_BODY = re.compile(r"Organi[sz]ation|Government|Library|Museum|City|University|Institution|Department|Agency")
_MOST_CORNERS = 10_000


def tidied(nodes: list[Json], base: str) -> list[Json]:
    """The nodes with one context and plain names, so that all say things in one way.

    `base` is where relative addresses start: in JSON-LD they are plain text, which nothing else resolves.
    """
    found = [_with_context(node) for node in nodes if isinstance(node, dict)]
    for node in found:
        _resolve(node, base, 0)
    return found


_ADDRESSES = ("url", "contentUrl", "license", "sameAs", "mainEntityOfPage")
_RELATIVE = re.compile(r"(?:\.{0,2}/(?!/)|//)\S*|[\w%-]+(?:[./][\w%.-]+)*/?(?:[?#]\S*)?")


def _resolve(node: dict[str, Json], base: str, depth: int) -> None:
    for name, value in node.items():
        if name == "@context" or depth > _DEPTH:
            continue
        if name in _ADDRESSES:
            node[name] = [_resolved(each, base, name) for each in _listed(value)]
        for each in _listed(node[name]):
            if isinstance(each, dict):
                _resolve(each, base, depth + 1)


def _resolved(said: Json, base: str, name: str) -> Json:
    """An address; what may be words ("CC0") is one only where it begins with a slash or a dot."""
    if not isinstance(said, str) or not _RELATIVE.fullmatch(said.strip()):
        return said
    if name in ("license", "sameAs") and not said.strip().startswith(("/", ".")):
        return said
    return html.resolved(base, said) or said


def _with_context(node: dict[str, Json]) -> dict[str, Json]:
    context = _context(node.get("@context"))
    found = _node({key: value for key, value in node.items() if key != "@context"}, 0)
    return {"@context": context, **found}


def _context(context: Json) -> Json:
    """The context; schema.org's where none is given, or its address is mistaken."""
    if isinstance(context, str):
        return CONTEXT if _SCHEMA.fullmatch(context.strip()) else context
    if isinstance(context, list):
        return [_context(each) for each in context] or CONTEXT
    if isinstance(context, dict):
        vocabulary = context.get("@vocab")
        if isinstance(vocabulary, str) and not _SCHEMA.fullmatch(vocabulary.strip()):
            return context
        return [CONTEXT, {key: value for key, value in context.items() if key != "@vocab"}]
    return CONTEXT


def _node(node: dict[str, Json], depth: int) -> dict[str, Json]:
    found: dict[str, Json] = {}
    for key, value in node.items():
        name = _PREFIX.sub("", _TERM.sub("", key))
        if name == "type" and "@type" not in node:
            name = "@type"
        elif name == "id" and "@id" not in node:
            name = "@id"
        if name == "@type":
            value = [_PREFIX.sub("", _TERM.sub("", each)) for each in _listed(value) if isinstance(each, str)]
        elif name != "@context":
            value = _value(value, depth + 1)
        if value not in (None, [], {}, "") or name.startswith("@"):
            found[name] = value if name not in found else [*_listed(found[name]), *_listed(value)]
    kinds = set(_listed(found.get("@type", [])))
    if "Dataset" in kinds:
        _complete(found)
    if "DataCatalog" in kinds and "license" in found:  # holds for what the catalogue lists
        for dataset in _listed(found.get("dataset")):
            if isinstance(dataset, dict) and dataset.get("name"):
                dataset.setdefault("license", found["license"])
    if "GeoShape" in kinds or ("polygon" in found and "box" not in found):
        _outline(found)
    return found


def _value(value: Json, depth: int) -> Json:
    if depth > _DEPTH:
        return None
    if isinstance(value, list):
        return [
            each for each in (_value(inner, depth + 1) for inner in value) if each not in (None, {}, [], "")
        ]
    return _node(value, depth) if isinstance(value, dict) else value


def _complete(dataset: dict[str, Json]) -> None:
    """Say the usual way what is said in another.

    A licence that is a work with an address only; a creator that is a body where no publisher is
    named; a publisher's contact, where the dataset has none of its own.
    """
    if "license" in dataset:
        dataset["license"] = [_address_of_work(each) for each in _listed(dataset["license"])]
    if not any(name in dataset for name in ("publisher", "provider", "sourceOrganization")):
        bodies = [
            each
            for name in ("creator", "author")
            for each in _listed(dataset.get(name, []))
            if _is_body(each)
        ]
        if bodies:
            dataset["publisher"] = bodies[:1]
    for name in ("publisher", "provider", "sourceOrganization", "creator"):
        for body in _listed(dataset.get(name, [])):
            if "contactPoint" not in dataset and isinstance(body, dict) and _is_body(body):
                contact = body.get("contactPoint")
                if contact:
                    dataset["contactPoint"] = contact
    if "url" not in dataset and "mainEntityOfPage" in dataset:
        page = next(iter(_listed(dataset["mainEntityOfPage"])), None)
        address = page.get("@id") or page.get("url") if isinstance(page, dict) else page
        if address:
            dataset["url"] = address


def _address_of_work(licence: Json) -> Json:
    if isinstance(licence, dict) and not licence.get("@id") and licence.get("url"):
        return licence["url"]
    return licence


def _is_body(value: Json) -> bool:
    return isinstance(value, dict) and any(
        isinstance(kind, str) and _BODY.search(kind) for kind in _listed(value.get("@type", []))
    )


def _outline(shape: dict[str, Json]) -> None:
    """The box around a polygon or line, whose corners are "latitude longitude" (schema.org/GeoShape)."""
    for name in ("polygon", "line"):
        corners = next((each for each in _listed(shape.get(name)) if isinstance(each, str)), None)
        if corners is None or "box" in shape:
            continue
        numbers = [float(each) for each in _NUMBER.findall(corners[: 40 * _MOST_CORNERS])]
        if len(numbers) >= 4 and len(numbers) % 2 == 0:
            south, north = min(numbers[::2]), max(numbers[::2])
            west, east = min(numbers[1::2]), max(numbers[1::2])
            shape["box"] = f"{south} {west} {north} {east}"


def _listed(value: Json) -> list[Json]:
    if value is None:
        return []
    return value if isinstance(value, list) else [value]
