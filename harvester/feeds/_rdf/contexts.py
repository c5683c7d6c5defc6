"""JSON-LD contexts that documents name by address, written down so that none is ever fetched.

Only what a catalogue needs: a term and the property or class it stands for. Sources of the facts:
the context files of DCAT-AP 2.1.1 and 3.0 (semiceu.github.io/DCAT-AP), of Project Open Data
(project-open-data.cio.gov/v1.1/schema), and schema.org, whose terms are all in one namespace.
"""

from __future__ import annotations

import re
from typing import Any

from harvester.feeds._rdf.names import PREFIXES

Context = dict[str, Any]

DEFAULT: Context = {
    **{prefix: PREFIXES[prefix] for prefix in PREFIXES if prefix not in ("time", "dcat-us")},
    "dcterms": PREFIXES["dct"],
    "dcatus": PREFIXES["dcat-us"],
}
"""Prefixes that hold without being declared, since everybody means the same by them."""

_REFERENCES = {  # term → property whose values are IRIs
    "dcat": (
        "accessService accessURL catalog contactPoint dataset distribution downloadURL endpointURL "
        "endpointDescription inSeries landingPage mediaType record servesDataset service theme "
        "compressFormat packageFormat qualifiedRelation themeTaxonomy"
    ),
    "dct": (
        "accessRights accrualPeriodicity conformsTo creator hasPart hasVersion isPartOf isReferencedBy "
        "isVersionOf language license provenance publisher relation rights source spatial temporal "
        "format references"
    ),
    "foaf": "homepage primaryTopic isPrimaryTopicOf mbox page",
    "vcard": "hasEmail hasTelephone hasURL",
    "spdx": "checksum algorithm",
    "prov": "qualifiedAttribution wasGeneratedBy",
    "adms": "sample status",
    "org": "subOrganizationOf",
}
_WORDS = {  # term → property whose values are texts, numbers and dates
    "dcat": (
        "keyword byteSize startDate endDate bbox centroid version temporalResolution "
        "spatialResolutionInMeters"
    ),
    "dct": "title description identifier issued modified",
    "foaf": "name",
    "vcard": "fn",
    "spdx": "checksumValue",
    "skos": "notation prefLabel",
    "locn": "geometry",
    "adms": "versionNotes",
    "owl": "versionInfo",
    "rdfs": "label",
}
_OTHER_NAMES = {  # DCAT-AP has plainer words for some
    "accessUrl": "dcat:accessURL",
    "downloadUrl": "dcat:downloadURL",
    "catalogue": "dcat:catalog",
    "datasetDistribution": "dcat:distribution",
    "category": "dcat:theme",
    "themes": "dcat:themeTaxonomy",
    "compressionFormat": "dcat:compressFormat",
    "packagingFormat": "dcat:packageFormat",
    "frequency": "dct:accrualPeriodicity",
    "licence": "dct:license",
    "linkedSchemas": "dct:conformsTo",
    "applicationProfile": "dct:conformsTo",
    "relatedResource": "dct:relation",
    "sourceMetadata": "dct:source",
    "geographic": "dct:spatial",
    "geographicalCoverage": "dct:spatial",
    "temporalCoverage": "dct:temporal",
    "type": "dct:type",
    "documentation": "foaf:page",
    "otherIdentifier": "adms:identifier",
    "email": "vcard:hasEmail",
    "telephone": "vcard:hasTelephone",
    "beginning": "time:hasBeginning",
    "end": "time:hasEnd",
    "tag": "dcat:keyword",
    "boundingBox": "dcat:bbox",
    "releaseDate": "dct:issued",
    "listingDate": "dct:issued",
    "updateDate": "dct:modified",
    "modificationDate": "dct:modified",
    "preferredLabel": "skos:prefLabel",
}
_CLASSES = {
    "Agent": "foaf:Agent",
    "Organization": "foaf:Organization",
    "Person": "foaf:Person",
    "Catalog": "dcat:Catalog",
    "Catalogue": "dcat:Catalog",
    "CatalogRecord": "dcat:CatalogRecord",
    "CatalogueRecord": "dcat:CatalogRecord",
    "DataService": "dcat:DataService",
    "Dataset": "dcat:Dataset",
    "DatasetSeries": "dcat:DatasetSeries",
    "DatasetMemberOfADatasetSeries": "dcat:Dataset",
    "Distribution": "dcat:Distribution",
    "Document": "foaf:Document",
    "Kind": "vcard:Kind",
    "Checksum": "spdx:Checksum",
    "Concept": "skos:Concept",
    "Identifier": "adms:Identifier",
    "Location": "dct:Location",
    "PeriodOfTime": "dct:PeriodOfTime",
    "LicenceDocument": "dct:LicenseDocument",
    "LicenseDocument": "dct:LicenseDocument",
    "RightsStatement": "dct:RightsStatement",
    "Standard": "dct:Standard",
}


def _whole(short: str) -> str:
    prefix, _, local = short.partition(":")
    return PREFIXES[prefix] + local


def _dcat_ap() -> Context:
    terms: Context = {name: _whole(short) for name, short in _CLASSES.items()}
    for prefix, names in _WORDS.items():
        terms |= {name: PREFIXES[prefix] + name for name in names.split()}
    references = {
        name: PREFIXES[prefix] + name for prefix, names in _REFERENCES.items() for name in names.split()
    }
    for name, short in _OTHER_NAMES.items():
        whole = _whole(short)
        (references if whole in references.values() else terms)[name] = whole
    return terms | {name: {"@id": iri, "@type": "@id"} for name, iri in references.items()}


DCAT_AP: Context = DEFAULT | _dcat_ap()
"""The terms of DCAT-AP in all its versions: they never mean two things."""

PROJECT_OPEN_DATA: Context = DCAT_AP | {
    "accessLevel": PREFIXES["dct"] + "accessRights",
    "describedBy": {"@id": PREFIXES["wdrs"] + "describedby", "@type": "@id"},
    "mediaType": PREFIXES["dcat"] + "mediaType",
    "references": {"@id": PREFIXES["foaf"] + "page", "@type": "@id"},
    "Contact": PREFIXES["vcard"] + "Kind",
}

SCHEMA_ORG: Context = DEFAULT | {"@vocab": PREFIXES["schema"]}

_KNOWN = (
    (re.compile(r"https?://(www\.)?schema\.org(/.*)?", re.IGNORECASE), SCHEMA_ORG),
    (re.compile(r".*project-open-data.*", re.IGNORECASE), PROJECT_OPEN_DATA),
    (re.compile(r".*(dcat[-_.]?ap|semiceu|w3\.org/(ns|tr)/(vocab-)?dcat).*", re.IGNORECASE), DCAT_AP),
)


def known(address: str) -> Context | None:
    """The context at an address, as far as we know it; None when we do not."""
    return next((context for pattern, context in _KNOWN if pattern.fullmatch(address.strip())), None)
