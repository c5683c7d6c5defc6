"""DCAT in a catalogue service's answer: the RDF inside `csw:SearchResults`, as a document of its own."""

from __future__ import annotations

import re
from collections.abc import Iterator

from harvester.feeds._rdf import rdfxml
from harvester.feeds._rdf.graph import base_of
from harvester.feeds._rdf.mapping import Mapper
from harvester.model import Draft, Problem

_RDF = re.compile(r"<(?P<tag>(?:[\w.-]+:)?RDF)\b[^>]*>.*?(?:</(?P=tag)\s*>|\Z)", re.DOTALL)
_RESULTS = re.compile(
    r"<(?P<tag>(?:[\w.-]+:)?SearchResults)\b[^>]*>(?P<inner>.*?)(?:</(?P=tag)\s*>|\Z)", re.DOTALL
)
_DECLARED = re.compile(r"\sxmlns:([\w.-]+)\s*=\s*(\"[^\"<]*\"|'[^'<]*')")
_NODE = re.compile(r"<(?:[\w.-]+:)?(?:Dataset|DatasetSeries|CatalogRecord)\b|ns/dcat#Dataset")
_SYNTAX = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"


def drafts_of(text: str, url: str, language: str | None) -> Iterator[Draft | Problem]:
    """The datasets that the RDF in an answer describes; nothing where there is none."""
    for document in _documents(text):
        reading = rdfxml.read(document, base_of(url), url)
        yield from Mapper(reading, language).drafts()
        yield from reading.problems


def holds_any(text: str) -> bool:
    """Is there RDF in an answer that may describe a dataset?"""
    return _NODE.search(text) is not None


def _documents(text: str) -> Iterator[str]:
    """GeoNetwork 4 puts one `rdf:RDF` around all records, or one around each; version 3 none at all."""
    documents = [found[0] for found in _RDF.finditer(text)]
    if documents:
        yield from documents
    elif (results := _RESULTS.search(text)) is not None and results["inner"].strip():
        declared = dict(_DECLARED.findall(text[: results.start("inner")])) | {"rdf": f'"{_SYNTAX}"'}
        prefixes = "".join(f" xmlns:{prefix}={address}" for prefix, address in declared.items())
        yield f"<rdf:RDF{prefixes}>{results['inner']}</rdf:RDF>"
