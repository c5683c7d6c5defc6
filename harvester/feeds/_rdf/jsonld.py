"""JSON-LD: its contexts put in place, its slips mended, then read by pyoxigraph.

Nothing is fetched: a context that is named by address is one of `contexts`, or is left out and
reported. Most documents of portals use prefixes that everybody knows, so little is lost with it.

Algorithms: https://www.w3.org/TR/json-ld11-api/, as pyoxigraph has them. It refuses a document for
one wrong type anywhere, so wrong types are taken out beforehand, and where it refuses all the same
each record is read for itself.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator

import pyoxigraph
from pyoxigraph import Quad, RdfFormat

from harvester.errors import FeedError
from harvester.feeds._rdf import contexts, rdf_json
from harvester.feeds._rdf.graph import Graph
from harvester.feeds._rdf.json_text import Json, decode
from harvester.feeds._rdf.reading import Reading
from harvester.model import N_, Problem

_DEPTH = 100
"""Values nested deeper are left out."""

_CONTEXT_DEPTH = 5
"""Contexts nested deeper are left out: pyoxigraph takes twice as long for each level."""

_TEXTS = {"title", "description", "keyword", "name", "label", "prefLabel", "preferredLabel", "fn", "rights"}
_TAG = re.compile(r"(?:[A-Za-z]{2,3}(?:-[A-Za-z0-9]{2,8})*|@none|none|und)")
_LANGUAGE = re.compile(r"[A-Za-z]{1,8}(?:-[A-Za-z0-9]{1,8})*")
_PREFIXED = re.compile(r"[^:]+:(?!//).*")


def read(text: str, base: str, url: str) -> Reading:
    """The triples of a JSON-LD document. `url` is for people.

    Raises `FeedError` when it is JSON without an object in it.
    """
    decoded = decode(text, url)
    cleaner = _Cleaner()
    value = decoded.value
    root = cleaner.document(rdf_json.as_json_ld(value) if rdf_json.is_rdf_json(value) else value)
    if not root:
        raise FeedError(
            url,
            N_("The file holds no JSON-LD."),
            N_("Check that the address is the one of the catalogue."),
        )
    reading = Reading(Graph((), base), mended=decoded.mended, cut=decoded.cut)
    if cleaner.unknown:
        reading.problems.append(
            Problem(
                where=url,
                what=N_("The file leaves the meaning of its words to {address}, which is not fetched."),
                remedy=N_("Ask the people who run the portal to write the context into the file itself."),
                values={"address": _sayable(", ".join(sorted(cleaner.unknown)[:3]))},
            )
        )
    if not _is_usable(cleaner.context, base):
        cleaner.context = [contexts.DCAT_AP]
        reading.mended = True
    document = {"@context": cleaner.context, "@graph": root}
    try:
        reading.graph = Graph(_parse(document, base), base)
    except SyntaxError:
        reading.mended = True
        reading.graph = Graph(_one_by_one(root, cleaner.context, base, url, reading), base)
    return reading


def _sayable(text: str) -> str:
    """Text that can be kept and printed: JSON's escapes may stand for half a character."""
    return text.encode("utf-8", "replace").decode()[:500]


def _parse(document: Json, base: str) -> Iterator[Quad]:
    content = json.dumps(document, ensure_ascii=False).encode("utf-8", "replace")
    return pyoxigraph.parse(content, format=RdfFormat.JSON_LD, base_iri=base, lenient=True)


def _is_usable(context: Json, base: str) -> bool:
    try:
        next(_parse({"@context": context, "@graph": []}, base), None)
    except SyntaxError:
        return False
    return True


def _one_by_one(nodes: list[Json], context: Json, base: str, url: str, reading: Reading) -> list[Quad]:
    """The triples of each record for itself, so that one that is refused costs no other."""
    quads: list[Quad] = []
    for node in nodes:
        own, records = _without_records(node)
        outer = _listed(own.get("@context", []))
        for each in (own, *records):
            inherited = [*_listed(context), *(outer if each is not own else [])]
            try:
                quads += list(_parse({"@context": inherited, "@graph": [each]}, base))
            except SyntaxError:
                try:
                    bare = _without_contexts(each)
                    quads += list(_parse({"@context": contexts.DCAT_AP, "@graph": [bare]}, base))
                except SyntaxError as error:
                    reading.problems.append(_unreadable(each, url, str(error.msg)))
    return quads


def _unreadable(record: dict[str, Json], url: str, reason: str) -> Problem:
    first_text = next((value for value in record.values() if isinstance(value, str)), "?")
    return Problem(
        where=url,
        what=N_("The record {record} could not be read: {reason}."),
        remedy=N_("Ask the people who run the portal to mend it."),
        values={"record": str(record.get("@id") or first_text)[:200], "reason": reason[:200]},
    )


def _without_contexts(value: Json) -> Json:
    """A value without the contexts inside it, which may be what cannot be read."""
    if isinstance(value, list):
        return [_without_contexts(each) for each in value]
    if isinstance(value, dict):
        return {key: _without_contexts(each) for key, each in value.items() if key != "@context"}
    return value


def _without_records(node: dict[str, Json]) -> tuple[dict[str, Json], list[Json]]:
    """A node without its longest list of objects, and that list: a catalogue and its records."""
    lists = [
        (len(value), key)
        for key, value in node.items()
        if key != "@context" and isinstance(value, list) and any(isinstance(each, dict) for each in value)
    ]
    if not lists:
        return node, []
    _, longest = max(lists)
    records = [each for each in node[longest] if isinstance(each, dict)]
    return {key: value for key, value in node.items() if key != longest}, records


class _Cleaner:
    """Takes out of a document what no JSON-LD parser would take, and puts contexts in place."""

    def __init__(self) -> None:
        self.unknown: set[str] = set()  # addresses of contexts that we do not know
        self.context: list[Json] = [contexts.DEFAULT]
        self._ids = {"@id"}  # what "@id" and "@type" are called in this document
        self._types = {"@type"}
        self._maps: set[str] = set()  # terms whose values the document declares as maps
        self._languages: set[str] = set()  # and those with a map of languages

    def document(self, value: Json) -> list[dict[str, Json]]:
        """The document's nodes, cleaned; their outermost context is `self.context`."""
        nodes = [node for node in (value if isinstance(value, list) else [value]) if isinstance(node, dict)]
        if not any("@context" in node for node in nodes) and not any(_is_expanded(node) for node in nodes):
            self.context = [contexts.DCAT_AP]  # plain keys, and nobody says what they mean
        if len(nodes) == 1:
            self.context += _listed(self._context(nodes[0].pop("@context", [])))
        cleaned = [self._node(node, 0) for node in nodes]
        return [node for node in cleaned if node]

    # -------------------------------------------------------------------------- nodes

    def _node(self, node: dict[str, Json], depth: int) -> dict[str, Json]:
        found: dict[str, Json] = {}
        if "@context" in node:
            found["@context"] = self._context(node["@context"])
        for key, value in node.items():
            if key == "@context":
                continue
            if key in self._ids:
                value = _identifier(value)
            elif key in self._types:
                value = [said for each in _listed(value) if (said := _identifier(each))]
            elif key.startswith("@") and key not in ("@graph", "@reverse", "@included", "@nest"):
                continue
            else:
                value = self._value(key, value, depth + 1)
            if value not in (None, [], {}):
                found[key] = value
        return found

    def _value(self, key: str, value: Json, depth: int) -> Json:
        if depth > _DEPTH or value is None:
            return None
        if isinstance(value, list):
            return [said for each in value if (said := self._value(key, each, depth + 1)) is not None]
        if not isinstance(value, dict):
            return value
        if "@value" in value:
            return _literal(value)
        if "@list" in value or "@set" in value:
            return self._value(key, value.get("@list", value.get("@set")), depth + 1)
        if key in self._maps:
            return self._map(value, depth)
        if key in self._languages or (
            key.rpartition(":")[2] in _TEXTS and value and all(map(_TAG.fullmatch, value))
        ):
            return [
                {"@value": said, "@language": tag} if _LANGUAGE.fullmatch(tag) and tag != "none" else said
                for tag, said_in in value.items()
                for said in _listed(said_in)
                if isinstance(said, str)
            ]
        return self._node(value, depth)

    def _map(self, value: dict[str, Json], depth: int) -> dict[str, Json]:
        """A map by indexes, ids or types."""
        return {
            key: said
            for key, each in value.items()
            if (said := self._value("", each, depth + 1)) not in (None, [], {})
        }

    # -------------------------------------------------------------------------- contexts

    def _context(self, context: Json, depth: int = 0) -> Json:
        if depth > _CONTEXT_DEPTH:
            return {}
        if isinstance(context, list):
            return [said for each in context if (said := self._context(each, depth + 1)) != {}]
        if isinstance(context, str):
            known = contexts.known(context)
            if known is None:
                self.unknown.add(context[:200])
                return contexts.DCAT_AP
            return known
        if not isinstance(context, dict):
            return {} if context is not None else None
        found = {}
        for term, definition in context.items():
            if term == "@import" and isinstance(definition, str):
                self.unknown.add(definition[:200])
            cleaned = self._definition(term, definition, depth)
            if cleaned is not _NOTHING:
                found[term] = cleaned
        return found

    def _definition(self, term: str, definition: Json, depth: int) -> Json:
        if definition is None:
            return None
        if term == "@version":
            return 1.1
        if term in ("@base", "@vocab", "@language"):
            return definition if isinstance(definition, str) else _NOTHING
        if not term or term.startswith("@"):
            return _NOTHING
        if _PREFIXED.match(term) and term.partition(":")[0] not in contexts.DEFAULT:
            return _NOTHING  # "Xsd:date" without its prefix: no parser accepts it, and nobody needs it
        if isinstance(definition, str):
            self._alias(term, definition)
            return definition
        if not isinstance(definition, dict) or not isinstance(definition.get("@id", ""), str):
            return _NOTHING
        definition = {key: value for key, value in definition.items() if key.startswith("@")}
        if "@context" in definition:
            definition["@context"] = self._context(definition["@context"], depth + 1)
        self._alias(term, definition.get("@id", ""))
        container = [each for each in _listed(definition.pop("@container", [])) if isinstance(each, str)]
        if "@language" in container:  # read by `_value`, which forgives more
            container.remove("@language")
            self._languages.add(term)
        elif any(each in ("@index", "@id", "@type", "@graph") for each in container):
            self._maps.add(term)
        if container:
            definition["@container"] = container
        return definition

    def _alias(self, term: str, meaning: str) -> None:
        if meaning == "@id":
            self._ids.add(term)
        elif meaning == "@type":
            self._types.add(term)


_NOTHING = object()
"""What a definition becomes that has to be left out."""


def _listed(value: Json) -> list[Json]:
    return value if isinstance(value, list) else [value]


def _is_expanded(node: dict[str, Json]) -> bool:
    """Do the node's keys say for themselves what they mean?"""
    return any(":" in key for key in node) or "@graph" in node


def _identifier(value: Json) -> str | None:
    """An IRI where an IRI is due, also out of a list, an object or a number."""
    for each in _listed(value):
        if isinstance(each, dict):
            each = each.get("@id")
        if isinstance(each, str) and each.strip():
            return each.strip()
    return None


def _literal(value: dict[str, Json]) -> Json:
    said, language, kind = value["@value"], value.get("@language"), value.get("@type")
    if said is None or isinstance(said, (dict, list)):
        return None
    if isinstance(language, str) and isinstance(said, str):
        tag = language.replace("_", "-")
        return {"@value": said, "@language": tag} if _LANGUAGE.fullmatch(tag) else said
    if isinstance(kind, str) and kind != "@json":
        return {"@value": said, "@type": kind}
    return said
