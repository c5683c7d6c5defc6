"""schema.org's datasets in DCAT's words, so that one mapping reads both."""

from __future__ import annotations

from harvester.feeds._rdf.graph import Node

_DATASET = {
    "name": "dct:title",
    "description": "dct:description",
    "keywords": "dcat:keyword",
    "about": "dcat:theme",
    "identifier": "dct:identifier",
    "sameAs": "owl:sameAs",
    "url": "dcat:landingPage",
    "license": "dct:license",
    "usageInfo": "dct:rights",
    "conditionsOfAccess": "dct:accessRights",
    "publisher": "dct:publisher",
    "provider": "dct:publisher",
    "sourceOrganization": "dct:publisher",
    "contactPoint": "dcat:contactPoint",
    "datePublished": "dct:issued",
    "dateCreated": "dct:issued",
    "dateModified": "dct:modified",
    "inLanguage": "dct:language",
    "spatialCoverage": "dct:spatial",
    "temporalCoverage": "dct:temporal",
    "isPartOf": "dct:isPartOf",
    "version": "dcat:version",
    "creativeWorkStatus": "adms:status",
    "isBasedOn": "dct:source",
    "citation": "foaf:page",
    "distribution": "dcat:distribution",
    "contentUrl": "dcat:downloadURL",
    "encodingFormat": "dct:format",
    "fileFormat": "dct:format",
    "contentSize": "dcat:byteSize",
}
_TRANSLATED = {f"schema:{name}": short for name, short in _DATASET.items()}


def as_dcat(node: Node) -> Node:
    """A node of schema.org with DCAT's names for what it says; what DCAT says already stays."""
    found: Node = {short: value for short, value in node.items() if short not in _TRANSLATED}
    for short, value in node.items():
        if short in _TRANSLATED:
            found.setdefault(_TRANSLATED[short], value)
    return found
