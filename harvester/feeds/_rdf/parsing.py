"""Bytes → triples, whatever they are written in and however broken they are."""

from __future__ import annotations

from harvester.document import Document
from harvester.errors import FeedError
from harvester.feeds._rdf import encoding, jsonld, rdfxml, turtle
from harvester.feeds._rdf.graph import base_of
from harvester.feeds._rdf.reading import Reading
from harvester.model import N_


def parse(document: Document) -> Reading:
    """The triples of a document; content decides what it is, not its media type.

    Raises `FeedError` when it is no RDF at all. Broken RDF is read as far as it goes; see `Reading`.
    """
    url = document.url
    text = encoding.whole(document)
    base = base_of(url)
    match encoding.syntax(text):
        case "jsonld":
            return jsonld.read(text, base, url)
        case "rdfxml":
            return rdfxml.read(text, base, url)
        case "turtle":
            return turtle.read(text.lstrip("\ufeff"), base, url)
        case "ntriples":
            return turtle.read(text.lstrip("\ufeff"), base, url, lines=True)
        case "html":
            raise FeedError(
                url,
                N_("A web page came in place of a catalogue."),
                N_("Open the address in a browser; write the address of the catalogue itself into url:."),
            )
        case "xml":
            raise FeedError(
                url,
                N_("The file is XML, but not RDF."),
                N_("Check that the address is the one of the DCAT catalogue."),
            )
        case _:
            raise FeedError(
                url,
                N_("The file is neither Turtle nor RDF/XML, JSON-LD or N-Triples."),
                N_("Check that the address is the one of the DCAT catalogue."),
            )
