"""A graph → drafts. DCAT 2 and 3 and the national profiles of DCAT-AP say the same things in many forms.

Rules that the field paid for: a node is read once, whatever its types; a node without a title that
only other nodes mention is not a dataset of this catalogue; words are accepted where IRIs are due,
and IRIs where words are.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from pyoxigraph import Literal, NamedNode, Triple

from harvester.feeds._rdf.agents import agent, contact
from harvester.feeds._rdf.distributions import distributions, licence
from harvester.feeds._rdf.graph import MARK, Node, Term, key_of
from harvester.feeds._rdf.names import name
from harvester.feeds._rdf.places import period, place
from harvester.feeds._rdf.reading import Reading
from harvester.feeds._rdf.schema_org import as_dcat
from harvester.model import Draft, DraftAgent, DraftContact, Note

_DATASETS = {"dcat:Dataset", "dcat:DatasetSeries", "schema:Dataset"}
_CATALOGUES = {"dcat:Catalog", "schema:DataCatalog"}
_TITLES = ("dct:title", "rdfs:label", "foaf:name", "skos:prefLabel", "dct:alternative")
_DESCRIPTIONS = ("dct:description", "dct:abstract", "rdfs:comment")
_EU_CODES = (
    "http://publications.europa.eu/",
    "http://inspire.ec.europa.eu/",
    "https://publications.europa.eu/",
)
_MINTED = re.compile(
    r"https?://(?:localhost|127\.|0\.0\.0\.0|10\.|192\.168\.|172\.(?:1[6-9]|2\d|3[01])\.|\[::1\]|[\w-]+[:/]"
    r"|[^/?#]*\.(?:local|internal|localdomain|lan)\b)"
    r"|[^?#]*(?:/\.well-known/genid/|#?\bgenid-?\d|/bnode/)",
    re.IGNORECASE,
)
"""IRIs that an export makes up: of hosts that only the portal's own network knows, and of blank nodes."""

_NOT_AN_IRI = re.compile(r'[\s<>"{}|\\^`]')

_READ = {
    *("rdf:type", *_TITLES, *_DESCRIPTIONS, "dct:identifier", "adms:identifier", "owl:sameAs"),
    *("dcat:keyword", "dct:subject", "dcat:theme", "dct:publisher", "dcat:contactPoint"),
    *("dcat:landingPage", "foaf:page", "dct:references", "wdrs:describedby", "dcat-us:describedBy"),
    *("dct:license", "dct:rights", "odrl:hasPolicy", "dct:accessRights", "dct:issued", "dct:modified"),
    *("dct:accrualPeriodicity", "dct:language", "dct:spatial", "dct:temporal", "dct:conformsTo"),
    *("dcat:inSeries", "dct:isPartOf", "dcat:version", "owl:versionInfo", "pav:version", "adms:status"),
    *("dct:source", "dcat:distribution", "foaf:isPrimaryTopicOf", "dcat:seriesMember", "dct:hasPart"),
}
_NOT_FOR_PUBLISHING = {
    "dct:creator",
    "dct:contributor",
    "dcatde:maintainer",
    "schema:creator",
    "schema:author",
    "foaf:maker",
}
"""Who made a dataset is often the account of an employee."""


class Mapper:
    """Reads the datasets of one document."""

    def __init__(self, reading: Reading, language: str | None = None) -> None:
        """Look through the document for what is a dataset, a catalogue, a record, a service.

        `language` is the source's: which words to take where only one language has room.
        """
        self.reading = reading
        self.graph = reading.graph
        if language is not None:
            self.graph.language = language.lower()
        self.catalogues: list[Node] = []
        self.incomplete: list[str] = []
        """Datasets whose description breaks off with the document; filled while `drafts` runs."""
        self._listed: dict[str, Node] = {}  # dataset → the catalogue that lists it
        self._records: dict[str, list[Node]] = {}  # dataset → records about it
        self._services: dict[str, list[Node]] = {}  # dataset → services that serve it
        self._subjects = list(self._found())

    def _found(self) -> Iterator[str]:
        candidates: list[tuple[str, bool]] = []
        graph, kinds = self.graph, _Kinds()
        for subject, node in graph.nodes.items():
            types = node.get("rdf:type")
            known = kinds.of(types)
            if known.catalogue and not (known.dataset and "dcat:dataset" not in node):
                self.catalogues.append(node)
                for term in graph.values(node, "dcat:dataset", "schema:dataset"):
                    self._listed.setdefault(key_of(term), node)
            elif known.dataset:
                candidates.append((subject, True))
            elif types is None or not known.anything:
                candidates.append((subject, False))
            if "foaf:primaryTopic" in node:
                for term in graph.values(node, "foaf:primaryTopic"):
                    self._records.setdefault(key_of(term), []).append(node)
            if "dcat:servesDataset" in node:
                for term in graph.values(node, "dcat:servesDataset"):
                    self._services.setdefault(key_of(term), []).append(node)
        mentioned: set[str] | None = None
        for subject, typed in candidates:
            if subject in self._listed:
                if typed or self._has_title(subject):
                    yield subject
            elif typed:
                if not self._has_title(subject):
                    mentioned = mentioned if mentioned is not None else self._mentioned()
                    if subject in mentioned:
                        continue
                yield subject

    def _has_title(self, subject: str) -> bool:
        return bool(self.graph.text(as_dcat(self.graph.nodes[subject]), *_TITLES))

    def _mentioned(self) -> set[str]:
        return {
            key_of(term)
            for node in self.graph.nodes.values()
            for values in node.values()
            for term in (values if isinstance(values, list) else [values])
            if type(term) is not Literal
        }

    # -------------------------------------------------------------------------- drafts

    def __len__(self) -> int:
        return len(self._subjects)

    def lists(self, key: str) -> bool:
        """Does a catalogue of this document name the dataset `key` as one of its own?"""
        return key in self._listed or MARK + key in self._listed

    def drafts(self) -> Iterator[Draft]:
        """A draft for each dataset, in the order of the document.

        Where the document breaks off, only datasets that are whole: described to their end, and
        all their distributions with them. The others are named in `incomplete`.
        """
        for subject in self._subjects:
            node = self.graph.nodes[subject]
            if self.reading.cut and not self._is_whole(subject, node):
                self.incomplete += list(self.graph.text(node, *_TITLES).values())[:1]
            else:
                yield self._draft(subject, as_dcat(node) if self.graph.speaks_schema_org else node)

    def _is_whole(self, subject: str, node: Node) -> bool:
        parts = [
            key_of(term) for term in self.graph.values(node, "dcat:distribution") if type(term) is not Literal
        ]
        unfinished = self.reading.unfinished
        return all(part in self.graph.nodes and part not in unfinished for part in (subject, *parts))

    def _draft(self, subject: str, node: Node) -> Draft:
        graph = self.graph
        key = iri = graph.key(subject)
        identifiers = self._identifiers(node, subject, key)
        if iri and identifiers and _MINTED.match(iri):
            key = iri = None  # the next export gives it another one
        codes, words, first = self._codes, self._words, graph.first
        catalogue = self._listed.get(subject) or (self.catalogues[0] if len(self.catalogues) == 1 else {})
        files = distributions(graph, node, self._services.get(subject, ()))
        pages = graph.addresses(node, "dcat:landingPage")
        return Draft(
            key=key,
            identifiers=identifiers,
            uri=iri if iri and iri.startswith(("http:", "https:")) and not _NOT_AN_IRI.search(iri) else None,
            title=graph.text(node, *_TITLES),
            description=graph.text(node, *_DESCRIPTIONS),
            keywords=self._keywords(node),
            themes=self._themes(node),
            publisher=self._publisher(node),
            contacts=self._contacts(node),
            page=next(
                (each for each in graph.addresses(node, "foaf:isPrimaryTopicOf") if _is_web(each)), None
            ),
            landing_page=pages[0] if pages else None,
            licence=self._licence(node, [each.licence for each in files], catalogue),
            rights=words(node, "dct:rights", "dcatde:licenseAttributionByText", "odrl:hasPolicy"),
            access_rights=graph.code(first(node, "dct:accessRights")),
            issued=graph.words(first(node, "dct:issued")),
            modified=graph.words(first(node, "dct:modified")),
            frequency=graph.code(first(node, "dct:accrualPeriodicity")),
            languages=codes(node, "dct:language"),
            spatial=tuple(
                where for term in graph.values(node, "dct:spatial") if (where := place(graph, term))
            ),
            temporal=tuple(
                when for term in graph.values(node, "dct:temporal") if (when := period(graph, term))
            ),
            conforms_to=codes(node, "dct:conformsTo"),
            documentation=_unique(
                [*graph.addresses(node, "foaf:page"), *graph.addresses(node, "dct:references"), *pages[1:]]
            ),
            data_dictionary=_unique(graph.addresses(node, "dcat-us:describedBy", "wdrs:describedby")),
            in_series=self._series(node),
            version=words(node, "dcat:version", "owl:versionInfo", "pav:version"),
            status=graph.code(first(node, "adms:status")),
            provenance=self._provenance(node, subject),
            distributions=files,
            unread=self._unread(node),
            notes=self._notes(subject, node),
        )

    # -------------------------------------------------------------------------- fields

    def _codes(self, node: Node, *names: str) -> tuple[str, ...]:
        return _unique([self.graph.code(term) for term in self.graph.values(node, *names)])

    def _words(self, node: Node, *names: str) -> str | None:
        for each in names:
            for term in self.graph.values(node, each):
                said = self.graph.words(term)
                if said:
                    return said
        return None

    def _identifiers(self, node: Node, subject: str, key: str | None) -> tuple[str, ...]:
        graph = self.graph
        found = [graph.code(term) for term in graph.values(node, "dct:identifier")]
        for term in graph.values(node, "adms:identifier"):
            inner = graph.node(term)
            value = graph.first(inner, "skos:notation", "schema:value") if inner is not None else None
            found.append(graph.code(value if value is not None else term))
        if "owl:sameAs" in node:
            found += [graph.code(term) for term in graph.values(node, "owl:sameAs")]
        if key is None and not any(found) and not subject.startswith("_:"):
            found.append(graph.reference(subject))
        return tuple(each for each in _unique(found) if each != key)

    def _keywords(self, node: Node) -> tuple[tuple[str, str], ...]:
        found: dict[tuple[str, str], None] = {}
        for each in ("dcat:keyword", "dct:subject"):
            for term in self.graph.values(node, each):
                if type(term) is Literal:
                    said = term.value.strip()
                    if said:
                        found[term.language or "", said] = None
                else:
                    for language, said in self.graph.text(
                        self.graph.node(term) or {}, "skos:prefLabel", "schema:name", "rdfs:label"
                    ).items():
                        found[language, said] = None
        return tuple(found)

    def _themes(self, node: Node) -> tuple[str, ...]:
        graph = self.graph
        found: list[str | None] = []
        for term in graph.values(node, "dcat:theme"):
            if type(term) is NamedNode and term.value.startswith(_EU_CODES):
                found.append(term.value)
            else:
                found.append(graph.words(term))
        for each in ("dct:subject", "dcat:keyword"):
            if each in node:
                found += [
                    term.value
                    for term in graph.values(node, each)
                    if type(term) is NamedNode and term.value.startswith(("http:", "https:"))
                ]
        return _unique(found)

    def _publisher(self, node: Node) -> DraftAgent | None:
        unnamed = None
        for term in self.graph.values(node, "dct:publisher"):
            found = agent(self.graph, term)
            if found is not None and found.name:
                return found
            unnamed = unnamed or found
        return unnamed

    def _contacts(self, node: Node) -> tuple[DraftContact, ...]:
        found = [
            contact(self.graph, term)
            for term in self.graph.values(node, "dcat:contactPoint", "dcatde:maintainer")
        ]
        return tuple(each for number, each in enumerate(found) if each and each not in found[:number])

    def _licence(self, node: Node, of_files: Sequence[str | None], catalogue: Node) -> str | None:
        own = licence(self.graph, node)
        if own:
            return own
        stated = {each for each in of_files if each}
        if len(stated) == 1:
            return stated.pop()
        return None if stated else licence(self.graph, catalogue)

    def _series(self, node: Node) -> tuple[str, ...]:
        graph = self.graph
        found = []
        for each in ("dcat:inSeries", "dct:isPartOf"):
            for term in graph.values(node, each):
                inner = graph.node(term)
                if inner is None or _CATALOGUES.isdisjoint(graph.types(inner)):
                    found.append(graph.code(term))
        return _unique(found)

    def _provenance(self, node: Node, subject: str) -> tuple[str, ...]:
        graph = self.graph
        records = [*self._records.get(subject, ())]
        records += [
            inner
            for term in graph.values(node, "foaf:isPrimaryTopicOf")
            if (inner := graph.node(term)) is not None and inner not in records
        ]
        found = [
            graph.address(term) for each in (node, *records) for term in graph.values(each, "dct:source")
        ]
        for term in graph.values(node, "dct:isPartOf"):
            inner = graph.node(term)
            if inner is not None and not _CATALOGUES.isdisjoint(graph.types(inner)):
                found.append(graph.address(term))
        return _unique([each for each in found if each and _is_web(each)])

    def _unread(self, node: Node) -> dict[str, str]:
        graph = self.graph
        found = {}
        for short in node:
            if short in _READ or short in _NOT_FOR_PUBLISHING:
                continue
            said = _unique([graph.words(term) for term in graph.values(node, short)])
            if said:
                found[(graph.resolved(short) or "") if short.startswith(MARK) else short] = "; ".join(said)
        return found

    def _notes(self, subject: str, node: Node) -> tuple[Note, ...]:
        lost = self.reading.lost
        if not lost:
            return ()
        parts = [subject, *(key_of(term) for values in node.values() for term in _listed(values))]
        return tuple(
            Note(code="note-unknown", field="", raw=raw)
            for part in dict.fromkeys(parts)
            for raw in lost.get(part, ())
        )


class _Kind:
    """What a set of types makes of a node."""

    def __init__(self, types: set[str]) -> None:
        self.anything = bool(types)
        self.dataset = not _DATASETS.isdisjoint(types)
        self.catalogue = not _CATALOGUES.isdisjoint(types)


class _Kinds:
    """Remembers what types mean: a catalogue of 30,000 nodes has some ten kinds."""

    def __init__(self) -> None:
        self._known: dict[str, _Kind] = {}

    def of(self, types: Term | list[Term] | None) -> _Kind:
        if types is None:
            return _NO_KIND
        terms = _listed(types)
        joined = " ".join(term.value for term in terms if type(term) is not Triple)
        kind = self._known.get(joined)
        if kind is None:
            kind = self._known[joined] = _Kind({name(each) for each in joined.split()})
        return kind


_NO_KIND = _Kind(set())


def _listed(values: Term | list[Term]) -> list[Term]:
    return values if isinstance(values, list) else [values]


def _is_web(address: str) -> bool:
    return address.startswith(("http:", "https:"))


def _unique(values: Sequence[str | None]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(each for each in values if each))
