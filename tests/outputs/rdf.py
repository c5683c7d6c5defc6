"""Reading what `catalog.*` says, for the tests of it."""

from __future__ import annotations

from typing import Any

import rdflib
from rdflib.namespace import RDF

from harvester.outputs import dcat
from tests import make
from tests.outputs import records

DCAT = rdflib.Namespace("http://www.w3.org/ns/dcat#")
HYDRA = rdflib.Namespace("http://www.w3.org/ns/hydra/core#")
XSD = rdflib.Namespace("http://www.w3.org/2001/XMLSchema#")
EU = "http://publications.europa.eu/resource/authority/"


def graph(content: bytes, syntax: str = "turtle") -> rdflib.Graph:
    return rdflib.Graph().parse(data=content, format=syntax)


def page_of(*found: Any, **about: object) -> dict[str, bytes]:
    """The files of the only page of a catalogue of these records."""
    (page,) = dcat.pages(records.catalogue(*found, **about))
    return dcat.render(page)


def dataset_of(**changes: Any) -> tuple[rdflib.Graph, rdflib.URIRef]:
    """The graph of a catalogue of one dataset, and the dataset in it."""
    found = graph(page_of(make.record(1, **changes))["catalog.ttl"])
    (node,) = found.subjects(RDF.type, DCAT.Dataset)
    assert isinstance(node, rdflib.URIRef)
    return found, node
