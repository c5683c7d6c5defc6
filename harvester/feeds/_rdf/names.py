"""Short names for properties and classes, the same for every way in which portals write them.

`http://purl.org/dc/terms/title` is `dct:title` here, and so are its usual misspellings: Dublin Core
1.1 instead of terms, `https`, a `#` too many, `dcat:title`. A name without a prefix of ours stays
the whole IRI, so that it can be reported as unread.
"""

from __future__ import annotations

from functools import lru_cache

from rdflib.namespace import DC, DCAT, DCTERMS, FOAF, ODRL2, ORG, OWL, PROV, RDF, RDFS, SKOS, TIME, XSD

PREFIXES: dict[str, str] = {
    "rdf": str(RDF),
    "rdfs": str(RDFS),
    "xsd": str(XSD),
    "owl": str(OWL),
    "skos": str(SKOS),
    "dcat": str(DCAT),
    "dct": str(DCTERMS),
    "foaf": str(FOAF),
    "vcard": "http://www.w3.org/2006/vcard/ns#",
    "org": str(ORG),
    "prov": str(PROV),
    "odrl": str(ODRL2),
    "time": str(TIME),
    "adms": "http://www.w3.org/ns/adms#",
    "locn": "http://www.w3.org/ns/locn#",
    "spdx": "http://spdx.org/rdf/terms#",
    "hydra": "http://www.w3.org/ns/hydra/core#",
    "schema": "http://schema.org/",
    "gn": "http://www.geonames.org/ontology#",
    "gsp": "http://www.opengis.net/ont/geosparql#",
    "pav": "http://purl.org/pav/",
    "wdrs": "http://www.w3.org/2007/05/powder-s#",
    "dcatap": "http://data.europa.eu/r5r/",
    "dcatapit": "http://dati.gov.it/onto/dcatapit#",
    "dcatde": "http://dcat-ap.de/def/dcatde/",
    "dcat-us": "http://resources.data.gov/ontology/dcat-us#",
}
"""Prefix → namespace: how names are shortened, and what a document may use without declaring it."""

_OTHER_SPELLINGS = {
    str(DC): "dct",
    "http://purl.org/dc/terms#": "dct",
    "http://purl.org/dc/terms/#": "dct",
    "http://purl.org/dc/dcmitype/": "dct",
    "http://www.w3.org/ns/dcat/": "dcat",
    "http://www.w3.org/2006/time/": "time",
    "http://schema.org#": "schema",
    "http://schema.org/#": "schema",
    "http://www.w3.org/2006/vcard/": "vcard",
}
_PREFIX_OF = {namespace: prefix for prefix, namespace in PREFIXES.items()} | _OTHER_SPELLINGS

_DCT = (
    "title description identifier issued modified publisher creator contributor license rights "
    "accessRights language spatial temporal conformsTo accrualPeriodicity provenance source format "
    "isPartOf hasPart isVersionOf hasVersion isReferencedBy references relation type subject created "
    "abstract alternative extent replaces isReplacedBy requires isRequiredBy rightsHolder coverage"
)
_DCAT = (
    "dataset distribution keyword theme contactPoint landingPage accessURL downloadURL mediaType "
    "byteSize accessService endpointURL endpointDescription servesDataset record catalog service "
    "inSeries seriesMember version bbox centroid startDate endDate compressFormat packageFormat "
    "temporalResolution spatialResolutionInMeters qualifiedRelation themeTaxonomy"
)
_CLASSES = "Catalog CatalogRecord Dataset DatasetSeries Distribution DataService"

_PROPERTIES = (
    {name.lower(): f"dct:{name}" for name in _DCT.split()}
    | {name.lower(): f"dcat:{name}" for name in _DCAT.split()}
    | {
        "licence": "dct:license",
        "distributions": "dcat:distribution",
        "datasets": "dcat:dataset",
        "keywords": "dcat:keyword",
        "themes": "dcat:theme",
        "size": "dcat:byteSize",
        "bytes": "dcat:byteSize",
    }
)
_CLASS = {name.lower(): f"dcat:{name}" for name in _CLASSES.split()} | {"catalogue": "dcat:Catalog"}
_ELSEWHERE = {
    "adms:contactPoint": "dcat:contactPoint",
    "dcatapit:startDate": "dcat:startDate",
    "dcatapit:endDate": "dcat:endDate",
    "dcatapit:Catalog": "dcat:Catalog",
    "dcatapit:Dataset": "dcat:Dataset",
    "dcatapit:Distribution": "dcat:Distribution",
}


@lru_cache(maxsize=10_000)
def name(iri: str) -> str:
    """The short name of a property or class; the IRI itself when its namespace is none of ours."""
    cut = max(iri.rfind("#"), iri.rfind("/")) + 1
    namespace, local = iri[:cut], iri[cut:]
    if namespace.startswith("https:"):
        namespace = "http:" + namespace[6:]
    prefix = _PREFIX_OF.get(namespace)
    if prefix is None or not local:
        return iri
    if prefix in ("dct", "dcat"):
        known = (_CLASS if local[0].isupper() else _PROPERTIES).get(local.lower())
        if known is not None:
            return known
    short = f"{prefix}:{local}"
    return _ELSEWHERE.get(short, short)
