"""The words of our DCAT: the JSON-LD context in which all of it is written, and its prefixes.

One mapping serves three formats: datasets become JSON-LD, and a parser turns that into the triples
of Turtle and RDF/XML. The context is written into every document, so nobody has to fetch it.
"""

from __future__ import annotations

from typing import Any

PREFIXES = {
    "adms": "http://www.w3.org/ns/adms#",
    "dcat": "http://www.w3.org/ns/dcat#",
    "dct": "http://purl.org/dc/terms/",
    "foaf": "http://xmlns.com/foaf/0.1/",
    "hydra": "http://www.w3.org/ns/hydra/core#",
    "org": "http://www.w3.org/ns/org#",
    "rdfs": "http://www.w3.org/2000/01/rdf-schema#",
    "skos": "http://www.w3.org/2004/02/skos/core#",
    "spdx": "http://spdx.org/rdf/terms#",
    "vcard": "http://www.w3.org/2006/vcard/ns#",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
}


def _by_language(term: str) -> dict[str, str]:
    return {"@id": term, "@container": "@language"}


def _address(term: str) -> dict[str, str]:
    return {"@id": term, "@type": "@id"}


def _typed(term: str, datatype: str) -> dict[str, str]:
    return {"@id": term, "@type": datatype}


CONTEXT: dict[str, Any] = {
    "@version": 1.1,
    **PREFIXES,
    "accessRights": _address("dct:accessRights"),
    "accessURL": _address("dcat:accessURL"),
    "accrualPeriodicity": _address("dct:accrualPeriodicity"),
    "algorithm": _address("spdx:algorithm"),
    "bbox": _typed("dcat:bbox", "http://www.opengis.net/ont/geosparql#wktLiteral"),
    "byteSize": _typed("dcat:byteSize", "xsd:nonNegativeInteger"),
    "checksum": _address("spdx:checksum"),
    "checksumValue": _typed("spdx:checksumValue", "xsd:hexBinary"),
    "conformsTo": _address("dct:conformsTo"),
    "contactPoint": _address("dcat:contactPoint"),
    "dataset": _address("dcat:dataset"),
    "description": _by_language("dct:description"),
    "describedBy": _address("http://resources.data.gov/ontology/dcat-us#describedBy"),
    "distribution": _address("dcat:distribution"),
    "downloadURL": _address("dcat:downloadURL"),
    "endDate": "dcat:endDate",
    "first": _address("hydra:first"),
    "fn": "vcard:fn",
    "format": _address("dct:format"),
    "hasEmail": _address("vcard:hasEmail"),
    "hasTelephone": _address("vcard:hasTelephone"),
    "hasURL": _address("vcard:hasURL"),
    "homepage": _address("foaf:homepage"),
    "identifier": "dct:identifier",
    "inScheme": _address("skos:inScheme"),
    "inSeries": _address("dcat:inSeries"),
    "isPrimaryTopicOf": _address("foaf:isPrimaryTopicOf"),
    "isReplacedBy": _address("dct:isReplacedBy"),
    "issued": "dct:issued",
    "keyword": _by_language("dcat:keyword"),
    "label": _by_language("rdfs:label"),
    "landingPage": _address("dcat:landingPage"),
    "language": _address("dct:language"),
    "last": _address("hydra:last"),
    "license": _address("dct:license"),
    "mbox": _address("foaf:mbox"),
    "mediaType": _address("dcat:mediaType"),
    "modified": "dct:modified",
    "name": _by_language("foaf:name"),
    "next": _address("hydra:next"),
    "notation": "skos:notation",
    "otherIdentifier": _address("adms:identifier"),
    "page": _address("foaf:page"),
    "prefLabel": _by_language("skos:prefLabel"),
    "previous": _address("hydra:previous"),
    "primaryTopic": _address("foaf:primaryTopic"),
    "publisher": _address("dct:publisher"),
    "record": _address("dcat:record"),
    "rights": _address("dct:rights"),
    "source": _address("dct:source"),
    "spatial": _address("dct:spatial"),
    "startDate": "dcat:startDate",
    "status": "adms:status",
    "subOrganizationOf": _address("org:subOrganizationOf"),
    "temporal": _address("dct:temporal"),
    "theme": _address("dcat:theme"),
    "themeTaxonomy": _address("dcat:themeTaxonomy"),
    "title": _by_language("dct:title"),
    "totalItems": _typed("hydra:totalItems", "xsd:integer"),
    "version": "dcat:version",
    "view": _address("hydra:view"),
}


def context_of(node: dict[str, Any]) -> dict[str, Any]:
    """The part of the context that a node needs: beside 90,000 pages, what it need not hold counts."""
    used = {"@version", *PREFIXES}
    _gather(node, used)
    return {term: meaning for term, meaning in CONTEXT.items() if term in used}


def _gather(value: Any, used: set[str]) -> None:  # noqa: ANN401 - JSON
    if isinstance(value, dict):
        used.update(value)
        for each in value.values():
            _gather(each, used)
    elif isinstance(value, list):
        for each in value:
            _gather(each, used)
