"""Places and times, as far as RDF tells their parts from one another."""

from __future__ import annotations

import re

from pyoxigraph import Literal, NamedNode

from harvester.feeds._rdf.graph import Graph, Node, Term
from harvester.model import DraftPeriod, DraftPlace

_LABELS = (
    "skos:prefLabel",
    "rdfs:label",
    "locn:geographicName",
    "gn:name",
    "schema:name",
    "foaf:name",
    "dct:title",
    "rdf:value",
)
_GEOMETRIES = (
    "dcat:bbox",
    "locn:geometry",
    "gsp:asWKT",
    "gsp:asGeoJSON",
    "gsp:asGML",
    "schema:geo",
    "gsp:hasGeometry",
    "dcat:centroid",
)
_NUMBER = r"[-+]?\d+(?:\.\d+)?(?:[eE][-+]?\d+)?"
_CORNERS = re.compile(rf"\s*({_NUMBER})[\s,]+({_NUMBER})[\s,]+({_NUMBER})[\s,]+({_NUMBER})\s*")
_WKT = re.compile(
    r"(?:<[^>]*>\s*)?((?:MULTI)?(?:POINT|LINESTRING|POLYGON)|GEOMETRYCOLLECTION)\s*Z?M?\s*\(", re.I
)
_GML_CORNER = re.compile(rf"<(?:\w+:)?(lower|upper)Corner[^>]*>\s*({_NUMBER})[\s,]+({_NUMBER})")
_LATITUDE_FIRST = re.compile(r"urn:ogc:def:crs:EPSG:[\d.]*:4326|/def/crs/EPSG/\d+/4326")


def place(graph: Graph, term: Term) -> DraftPlace | None:
    """The place that `term` refers to; words that are no node go into `text`."""
    node = graph.node(term)
    if type(term) is Literal and node is None:
        said = term.value.strip()
        return _geometry(said) or DraftPlace(text=said) if said else None
    uri = graph.code(term) if type(term) is NamedNode else None
    if uri is not None and not uri.startswith(("http:", "https:")):
        if node is None:
            return DraftPlace(text=uri)
        uri = None
    if node is None:
        return DraftPlace(uri=uri) if uri else None
    label = graph.one(graph.text(node, *_LABELS))
    found = _shape(graph, node) or DraftPlace()
    if uri is None:
        own = graph.code(graph.first(node, "dct:identifier", "skos:exactMatch", "owl:sameAs"))
        uri = own if own and own.startswith(("http:", "https:")) else None
    if not (label or uri or found.bbox or found.geometry or found.text):
        return None
    return DraftPlace(text=found.text, label=label, uri=uri, bbox=found.bbox, geometry=found.geometry)


def _shape(graph: Graph, node: Node, depth: int = 0) -> DraftPlace | None:
    """The first shape of a place that can be told: a box before an outline before a point."""
    unknown: DraftPlace | None = None
    for name in _GEOMETRIES:
        for term in graph.values(node, name):
            inner = graph.node(term)
            if type(term) is Literal:
                said = term.value.strip()
                found = _geometry(said)
                if found is None and said:
                    unknown = unknown or DraftPlace(text=said)
            elif inner is not None and depth < 3:
                found = _schema_shape(graph, inner) or _shape(graph, inner, depth + 1)
            else:
                continue
            if found is not None and (found.bbox or found.geometry):
                return found
    return _schema_shape(graph, node) or unknown


def _geometry(said: str) -> DraftPlace | None:
    """GeoJSON and WKT as they are, GML's envelope as a box; None for anything else."""
    if said.startswith("{"):
        return DraftPlace(geometry=said)
    wkt = _WKT.match(said)
    if wkt is not None:
        return DraftPlace(geometry=said[wkt.start(1) :])
    corners = {which: (first, second) for which, first, second in _GML_CORNER.findall(said)}
    if len(corners) == 2:
        (south, west), (north, east) = corners["lower"], corners["upper"]
        if not _LATITUDE_FIRST.search(said):
            south, west, north, east = west, south, east, north
        return DraftPlace(bbox=f"{west},{south},{east},{north}")
    return None


def _schema_shape(graph: Graph, node: Node) -> DraftPlace | None:
    """schema.org's GeoShape, whose box is "south west north east", and GeoCoordinates."""
    box = graph.first(node, "schema:box")
    if type(box) is Literal:
        corners = _CORNERS.fullmatch(box.value)
        if corners is None:
            return DraftPlace(text=box.value.strip())
        south, west, north, east = corners.groups()
        return DraftPlace(bbox=f"{west},{south},{east},{north}")
    latitude, longitude = graph.first(node, "schema:latitude"), graph.first(node, "schema:longitude")
    if type(latitude) is Literal and type(longitude) is Literal:
        return DraftPlace(geometry=f"POINT({longitude.value.strip()} {latitude.value.strip()})")
    return None


_STARTS = ("dcat:startDate", "schema:startDate", "time:hasBeginning", "time:hasDateTimeDescription")
_ENDS = ("dcat:endDate", "schema:endDate", "time:hasEnd")
_INSTANTS = (
    "time:inXSDDate",
    "time:inXSDDateTimeStamp",
    "time:inXSDDateTime",
    "time:inXSDgYear",
    "rdf:value",
)
_DCMI_PERIOD = re.compile(r"\s*(start|end|scheme|name)\s*=\s*([^;]*)\s*(?:;|$)", re.IGNORECASE)


def period(graph: Graph, term: Term) -> DraftPeriod | None:
    """The time that `term` refers to; words and IRIs that are no node go into `text`."""
    node = graph.node(term)
    if node is None:
        said = graph.code(term)
        return _period_in_words(said) if said else None
    start, end = _moment(graph, node, _STARTS), _moment(graph, node, _ENDS)
    if start or end:
        return DraftPeriod(start=start, end=end)
    said = graph.words(term)
    return _period_in_words(said) if said else None


def _period_in_words(said: str) -> DraftPeriod:
    """`start=2001-01; end=2001-12;` of the DCMI Period encoding, or whatever it says."""
    parts = {name.lower(): value.strip() for name, value in _DCMI_PERIOD.findall(said)}
    if parts.get("start") or parts.get("end"):
        return DraftPeriod(start=parts.get("start") or None, end=parts.get("end") or None)
    return DraftPeriod(text=said)


def _moment(graph: Graph, node: Node, names: tuple[str, ...]) -> str | None:
    term = graph.first(node, *names)
    inner = graph.node(term)
    return graph.words(graph.first(inner, *_INSTANTS) if inner is not None else term)
