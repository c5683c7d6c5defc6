"""RDF/JSON (https://www.w3.org/TR/rdf-json/), which EntryScape's store answers in: put into JSON-LD. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from harvester.feeds._rdf.json_text import Json

LOOKS_SO = re.compile(
    r'"type"\s*:\s*"(?:uri|bnode|literal)"\s*,\s*"value"\s*:|"value"\s*:\s*"[^"]*"\s*,\s*"type"\s*:\s*"(?:uri|bnode|literal)"'
)
"""A value as RDF/JSON writes it, in the text of a document."""

_KINDS = ("uri", "bnode", "literal")


def is_rdf_json(document: Json) -> bool:
    """Is it an object of subjects, each an object of properties with lists of values?"""
    if not isinstance(document, dict) or any(name.startswith("@") for name in document):
        return False
    return next((True for _ in _statements(document)), False)


def as_json_ld(document: Mapping[str, Json]) -> list[Json]:
    """The same statements as JSON-LD, a node each. What is no statement is left out."""
    return [{"@id": subject, name: [value]} for subject, name, value in _statements(document)]


def _statements(document: Mapping[str, Json]) -> Iterator[tuple[str, str, Json]]:
    for subject, properties in document.items():
        for name, values in properties.items() if isinstance(properties, dict) else ():
            for value in values if isinstance(values, list) else ():
                if isinstance(value, dict) and value.get("type") in _KINDS:
                    yield subject, name, _object(value)


def _object(value: Mapping[str, Json]) -> Json:
    if value["type"] != "literal":
        return {"@id": value.get("value")}
    if isinstance(language := value.get("lang"), str) and language:
        return {"@value": value.get("value"), "@language": language}
    if isinstance(datatype := value.get("datatype"), str) and datatype:
        return {"@value": value.get("value"), "@type": datatype}
    return {"@value": value.get("value")}
