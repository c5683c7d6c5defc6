"""A dataset as nodes of DCAT-AP 3, in the JSON-LD of `_context`.

https://semiceu.github.io/DCAT-AP/releases/3.0.1/ says which class and which kind of value each
property wants. A value that a code list has is its IRI; one that it does not have is an anonymous
node with the source's words as its name, never a guess.

Where DCAT-AP demands what a source did not say, there is one stand-in, which DCAT 3 itself asks for
(section 6.8.5): a distribution that can only be had through a page has that page as its access URL.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any, Protocol
from urllib.parse import quote

from harvester.model import (
    Agent,
    CatalogRecord,
    Coded,
    Config,
    Contact,
    Dataset,
    Date,
    Distribution,
    Period,
    Place,
    Text,
)
from harvester.outputs import _addresses
from harvester.outputs._codes import CLASSES, EU, Kind, Term, term
from harvester.outputs._text import clean, language_tag, words

Node = dict[str, Any]
Value = str | Node

_DATATYPES = {4: "xsd:gYear", 7: "xsd:gYearMonth", 10: "xsd:date", 20: "xsd:dateTime"}
_CHECKSUM = re.compile(r"(md5|sha1|sha224|sha256|sha384|sha512):([0-9A-Fa-f]+)")
_NOT_DIALLED = re.compile(r"[^0-9+]+")
_DIALLED = re.compile(r"\+?[0-9]{3,20}")


class Graph(Protocol):
    """Where nodes go: into one another, or side by side."""

    def open(self, node: Node) -> Value:
        """Take a node that is still being filled; what is returned refers to it."""

    def add(self, node: Node) -> Value:
        """Take a finished node; what is returned refers to it."""


class Nested:
    """Nodes inside one another, as people read JSON."""

    def open(self, node: Node) -> Value:
        """The node itself."""
        return node

    add = open


class Flat:
    """Nodes side by side, each once: what a serialiser of triples writes shortest.

    A node that comes again is only referred to. One that comes again with other contents (two
    datasets that describe the same place differently) stays what it is and loses its IRI, so that
    neither dataset's words are mixed with the other's.
    """

    def __init__(self) -> None:
        self.nodes: list[Node] = []
        self._shared: dict[str, Node] = {}

    def open(self, node: Node) -> Value:
        """The IRI of the node, which must be its own."""
        self.nodes.append(node)
        return str(node["@id"])

    def add(self, node: Node) -> Value:
        """The IRI or the label of the node."""
        iri = node.get("@id")
        if iri is not None:
            known = self._shared.setdefault(iri, node)
            if known is node:
                self.nodes.append(node)
                return str(iri)
            if known == node:
                return str(iri)
        label = f"_:n{len(self.nodes)}"
        self.nodes.append({**node, "@id": label})
        return label


class Describer:
    """Turns datasets into nodes of one graph, and remembers what they named that is not theirs.

    `named` holds what a graph that is to be complete says of code list values, web pages and
    standards: their classes and, where we know them, their names. IRI → node.
    """

    def __init__(self, config: Config, graph: Graph) -> None:
        self.named: dict[str, Node] = {}
        self._config = config
        self._graph = graph

    def dataset(self, dataset: Dataset, subject: str, series: Iterable[str]) -> Value:
        """The dataset with all that hangs on it. `subject` is its IRI, `series` are those of its series."""
        page = _addresses.dataset_page(self._config, dataset.id)
        landing = _addresses.iri(dataset.landing_page)
        licence = self._coded("licence", dataset.licence)
        node: Node = {"@id": subject, "@type": "dcat:Dataset"}
        reference = self._graph.open(node)
        first, *others = [clean(each) for each in dataset.identifiers] or [""]
        node |= filled(
            title=text(dataset.title),
            description=text(dataset.description),
            identifier=first,
            otherIdentifier=[
                self._graph.add({"@type": "adms:Identifier", "notation": other}) for other in others if other
            ],
            keyword=_keywords(dataset.keywords),
            theme=[self._theme(theme) for theme in dataset.themes],
            publisher=self._agent(dataset.publisher),
            contactPoint=[self._graph.add(found) for each in dataset.contacts if (found := _contact(each))],
            landingPage=self._foreign("foaf:Document", landing),
            page=[self._foreign("foaf:Document", _addresses.iri(each)) for each in dataset.documentation],
            license=licence,
            rights=self._named("dct:RightsStatement", dataset.rights),
            accessRights=self._coded("access right", dataset.access_rights),
            issued=date(dataset.issued),
            modified=date(dataset.modified),
            accrualPeriodicity=self._coded("frequency", dataset.frequency),
            language=[self.code("language", tag) for tag in dataset.languages],
            spatial=[self._graph.add(found) for each in dataset.spatial if (found := _place(each))],
            temporal=[self._graph.add(found) for each in dataset.temporal if (found := _period(each))],
            conformsTo=self._standards(dataset.conforms_to),
            describedBy=_iris(dataset.data_dictionary),
            inSeries=list(series),
            source=_iris(dataset.provenance),
            isPrimaryTopicOf=_addresses.iri(dataset.page),
            version=dataset.version and clean(dataset.version),
            status=dataset.status and clean(dataset.status),
            distribution=[
                self._distribution(each, f"{page}#", landing or _addresses.iri(dataset.page), licence)
                for each in dataset.distributions
            ],
        )
        return reference

    def code(self, kind: Kind, code: str) -> Value | None:
        """A value of a code list; a code that the list does not know is its own name."""
        return self._term(kind, term(kind, code) or Term(None, {"": code}))

    def _coded(self, kind: Kind, coded: Coded | None) -> Value | None:
        if coded is None:
            return None
        if coded.code is not None:
            return self.code(kind, coded.code)
        iri = _addresses.name(coded.raw)
        return self._term(kind, Term(iri, {} if iri else {"": coded.raw}))

    def _term(self, kind: Kind, found: Term) -> Value | None:
        if found.iri is not None:
            if found.iri not in self.named:
                self.named[found.iri] = _value(kind, found)
            return found.iri
        label = text(found.labels)
        return self._graph.add({"@type": CLASSES[kind], "label": label}) if label else None

    def _theme(self, theme: Coded) -> Value | None:
        """DCAT-AP wants IRIs of themes: one that no list has gets one on our site, by its name."""
        if theme.code is not None and (found := term("theme", theme.code)):
            return self._term("theme", found)
        raw = clean(theme.raw).strip()
        if not raw:
            return None
        own = f"{_addresses.site(self._config)}#theme-{quote(raw, safe='')}"
        return self._graph.add(
            {"@id": _addresses.name(raw) or own, "@type": "skos:Concept", "prefLabel": text({"": raw})}
        )

    def _named(self, kind: str, name: str | None) -> Value | None:
        said = clean(name).strip() if name else ""
        return self._graph.add({"@type": kind, "label": {"@none": said}}) if said else None

    def _standards(self, names: Iterable[str]) -> list[Value | None]:
        return [
            self._foreign("dct:Standard", _addresses.name(name)) or self._named("dct:Standard", name)
            for name in dict.fromkeys(names)
        ]

    def _foreign(self, kind: str, iri: str | None) -> str | None:
        if iri is not None and iri not in self.named:
            self.named[iri] = {"@id": iri, "@type": kind}
        return iri

    def _agent(self, agent: Agent) -> Value | None:
        name = text(agent.name)
        if name is None:
            return None
        node = filled(
            name=name,
            homepage=_addresses.iri(agent.url),
            mbox=_addresses.mailbox(agent.email),
            subOrganizationOf=agent.parent
            and self._graph.add({"@type": "foaf:Agent", "name": text({"": agent.parent})}),
        )
        own = {"@id": _addresses.publisher_page(self._config, agent.id)} if agent.id else {}
        return self._graph.add({**own, "@type": "foaf:Agent", **node})

    def _distribution(
        self, file: Distribution, base: str, landing: str | None, licence: Value | None
    ) -> Value:
        """A file or service; the dataset's licence, if it is an IRI, where it has none of its own."""
        is_iri = isinstance(licence, str) and not licence.startswith("_:")
        download = _addresses.iri(file.download_url)
        access = _addresses.iri(file.access_url) or download or landing
        checksum = _CHECKSUM.fullmatch(file.checksum or "")
        node: Node = {"@id": base + quote(file.id, safe="", errors="replace"), "@type": "dcat:Distribution"}
        reference = self._graph.open(node)
        node |= filled(
            title=text(file.title),
            description=text(file.description),
            accessURL=access,
            downloadURL=download,
            format=self._coded("format", file.format),
            mediaType=self._coded("media type", file.media_type),
            byteSize=None if file.byte_size is None else str(file.byte_size),
            checksum=checksum
            and self._graph.add(
                {
                    "@type": "spdx:Checksum",
                    "algorithm": f"spdx:checksumAlgorithm_{checksum[1]}",
                    "checksumValue": checksum[2].lower(),
                }
            ),
            license=self._coded("licence", file.licence) or (licence if is_iri else None),
            rights=self._named("dct:RightsStatement", file.rights),
            issued=date(file.issued),
            modified=date(file.modified),
            language=[self.code("language", tag) for tag in file.languages],
            conformsTo=self._standards(file.conforms_to),
        )
        return reference


def record(record: CatalogRecord, config: Config, subject: str) -> Node:
    """Our entry about the dataset `subject`: since when it is here, and where it came from."""
    return {
        "@id": f"{_addresses.dataset_page(config, record.dataset.id)}#record",
        "@type": "dcat:CatalogRecord",
        "primaryTopic": subject,
        **filled(
            issued=moment(record.first_seen),
            modified=moment(record.changed),
            source=_iris(filter(None, (record.dataset.page, *(each.page for each in record.listings)))),
        ),
    }


# ------------------------------------------------------------------------------ values


def _value(kind: Kind, found: Term) -> Node:
    """What is to be said of a value of a code list: class, list, names."""
    iri = found.iri or ""
    node: Node = {"@id": iri, "@type": CLASSES[kind]}
    label = text(found.labels)
    if label:
        node["prefLabel" if kind == "theme" else "label"] = label
    if iri.startswith(EU):
        node["inScheme"] = iri.rpartition("/")[0]
    return node


def filled(**values: object) -> Node:
    """The values that say something; a list loses its gaps, and its brackets where one value is left."""
    node: Node = {}
    for name, value in values.items():
        if isinstance(value, list):
            kept = [each for each in value if each]
            if kept:
                node[name] = kept if len(kept) > 1 else kept[0]
        elif value:
            node[name] = value
    return node


def text(said: Text) -> Node | None:
    """Words by language; those whose language is not known, or is no language, stand under `@none`."""
    found: dict[str, Any] = {}
    for tag, value in words(said).items():
        found.setdefault(language_tag(tag) or "@none", value)
    return found or None


def date(found: Date | None) -> Node | None:
    """A date in the datatype of its precision; nothing where it was not understood."""
    return moment(found.value) if found else None


def moment(value: str | None) -> Node | None:
    """A `Date.value` in the datatype of its precision (year, month, day, moment)."""
    return {"@type": _DATATYPES[len(value)], "@value": value} if value else None


def _keywords(keywords: Iterable[tuple[str, str]]) -> Node | None:
    found: dict[str, list[str]] = {}
    for tag, word in keywords:
        if said := clean(word).strip():
            found.setdefault(language_tag(tag) or "@none", []).append(said)
    return found or None


def _iris(addresses: Iterable[str]) -> list[str | None]:
    return [_addresses.iri(address) for address in addresses]


def _contact(contact: Contact) -> Node | None:
    phone = _NOT_DIALLED.sub("", contact.phone or "")
    node = filled(
        fn=contact.name and clean(contact.name),
        hasEmail=_addresses.mailbox(contact.email),
        hasTelephone=f"tel:{phone}" if _DIALLED.fullmatch(phone) else None,
        hasURL=_addresses.iri(contact.url),
    )
    return {"@type": "vcard:Kind", **node} if node else None


def _place(place: Place) -> Node | None:
    iri = _addresses.name(place.uri)
    node = filled(
        prefLabel=place.label and text({"": place.label}),
        bbox=place.bbox and polygon(*place.bbox),
    )
    own = {"@id": iri} if iri else {}
    return {**own, "@type": "dct:Location", **node} if node or own else None


def polygon(west: float, south: float, east: float, north: float) -> str:
    """A bounding box, in degrees, as the WKT that dcat:bbox wants."""
    return f"POLYGON(({west} {south}, {east} {south}, {east} {north}, {west} {north}, {west} {south}))"


def _period(period: Period) -> Node | None:
    node = filled(startDate=moment(period.start), endDate=moment(period.end))
    return {"@type": "dct:PeriodOfTime", **node} if node else None
