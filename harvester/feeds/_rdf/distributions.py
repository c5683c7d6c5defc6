"""Files and services of a dataset."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from msgspec.structs import replace
from pyoxigraph import Literal, NamedNode

from harvester.feeds._rdf.graph import Graph, Node, Term
from harvester.feeds._rdf.schema_org import as_dcat
from harvester.model import DraftDistribution

_SWISS_TERMS = re.compile(r"NonCommercial(?:Not)?Allowed-|https?://(?:dcat-ap\.ch|opendata\.swiss)/.*terms")
_ALGORITHM = re.compile(r"md[0-9]|sha[-_/]?[0-9]{1,3}|blake[0-9a-z]+")
_NOT_ALPHANUMERIC = re.compile(r"[^a-z0-9]")
_FILE_TYPES = "/authority/file-type/"


def distributions(graph: Graph, dataset: Node, services: Sequence[Node]) -> tuple[DraftDistribution, ...]:
    """The dataset's distributions, and the services that say that they serve it.

    A distribution with several download addresses is several files. A service that is the access
    address of a distribution anyway is not told twice.
    """
    found: list[DraftDistribution] = []
    for term in dict.fromkeys(graph.values(dataset, "dcat:distribution")):
        found += _distribution(graph, term)
    known = {each.access_url for each in found} | {each.download_url for each in found}
    for node in services:
        service = _service(graph, node)
        if service is not None and service.access_url not in known:
            known.add(service.access_url)
            found.append(service)
    return tuple(found)


def _distribution(graph: Graph, term: Term) -> Iterator[DraftDistribution]:
    node = graph.node(term)
    if node is None:  # only its address is known, which may be the file's own
        address = graph.address(term)
        if address:
            yield DraftDistribution(url=address)
        return
    if graph.speaks_schema_org:
        node = as_dcat(node)
    first = graph.first
    downloads = graph.addresses(node, "dcat:downloadURL")
    access = graph.addresses(node, "dcat:accessURL") or graph.addresses(node, "dcat:landingPage")
    if not downloads and not access:
        for each in graph.values(node, "dcat:accessService"):
            access += graph.addresses(graph.node(each) or {}, "dcat:endpointURL")
    one = DraftDistribution(
        key=graph.address(term) if type(term) is NamedNode else None,
        access_url=access[0] if access else None,
        download_url=downloads[0] if downloads else None,
        title=graph.text(node, "dct:title", "rdfs:label", "foaf:name"),
        description=graph.text(node, "dct:description"),
        format=_format(graph, node),
        media_type=graph.code(first(node, "dcat:mediaType")),
        byte_size=graph.words(first(node, "dcat:byteSize")),
        checksum=_checksum(graph, node) if "spdx:checksum" in node else None,
        licence=licence(graph, node),
        rights=graph.words(first(node, "dct:rights", "dcatde:licenseAttributionByText", "odrl:hasPolicy")),
        issued=graph.words(first(node, "dct:issued")),
        modified=graph.words(first(node, "dct:modified")),
        languages=_codes(graph, node, "dct:language"),
        conforms_to=_codes(graph, node, "dct:conformsTo"),
    )
    yield one
    for address in downloads[1:]:
        yield replace(one, key=None, download_url=address)


def _service(graph: Graph, node: Node) -> DraftDistribution | None:
    endpoints = graph.addresses(node, "dcat:endpointURL") or graph.addresses(node, "dcat:landingPage")
    if not endpoints:
        return None
    return DraftDistribution(
        access_url=endpoints[0],
        title=graph.text(node, "dct:title", "rdfs:label"),
        description=graph.text(node, "dct:description"),
        format=_format(graph, node),
        licence=licence(graph, node),
        conforms_to=_codes(graph, node, "dct:conformsTo"),
    )


def licence(graph: Graph, node: Node) -> str | None:
    """The licence of a catalogue, dataset or file; DCAT-AP CH keeps it under dct:rights."""
    own = graph.code(graph.first(node, "dct:license"))
    if own is not None or "dct:rights" not in node:
        return own
    rights = [graph.code(term) for term in graph.values(node, "dct:rights")]
    return next((each for each in rights if each and _SWISS_TERMS.match(each)), None)


def _format(graph: Graph, node: Node) -> str | None:
    """The format; of several the one that is on the European list of file types."""
    values = graph.values(node, "dct:format")
    if len(values) == 1:
        return graph.code(values[0])
    codes = [code for term in values if (code := graph.code(term))]
    return next((code for code in codes if _FILE_TYPES in code), codes[0] if codes else None)


def _checksum(graph: Graph, node: Node) -> str | None:
    """`algorithm:value`; SPDX names algorithms `…#checksumAlgorithm_sha256`, DCAT-AP.de `…/sha/256`."""
    term = graph.first(node, "spdx:checksum")
    inner = graph.node(term)
    if inner is None:
        return graph.code(term) if type(term) is Literal else None
    value = graph.words(graph.first(inner, "spdx:checksumValue"))
    if not value:
        return None
    algorithm = (graph.code(graph.first(inner, "spdx:algorithm")) or "").lower()
    known = _ALGORITHM.search(algorithm)
    return f"{_NOT_ALPHANUMERIC.sub('', known[0])}:{value}" if known else value


def _codes(graph: Graph, node: Node, name: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(code for term in graph.values(node, name) if (code := graph.code(term))))
