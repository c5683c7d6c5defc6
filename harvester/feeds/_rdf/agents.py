"""Publishers and contacts, in the many forms that DCAT profiles give them."""

from __future__ import annotations

from collections.abc import Iterator

from pyoxigraph import BlankNode, Literal, NamedNode

from harvester.feeds._rdf.graph import Graph, Node, Term, key_of
from harvester.model import DraftAgent, DraftContact

_NAMES = (
    "foaf:name",
    "vcard:fn",
    "vcard:organization-name",
    "vcard:organisation-name",
    "skos:prefLabel",
    "rdfs:label",
    "schema:name",
    "schema:legalName",
    "dct:title",
)
_EMAILS = ("vcard:hasEmail", "vcard:email", "foaf:mbox", "schema:email")
_PARENTS = ("org:subOrganizationOf", "dct:isPartOf", "org:unitOf", "schema:parentOrganization")
_VALUES = ("vcard:value", "vcard:hasValue", "rdf:value")
_KINDS = {
    "foaf:Agent",
    "foaf:Organization",
    "foaf:Group",
    "org:Organization",
    "org:FormalOrganization",
    "org:OrganizationalUnit",
    "dcatapit:Agent",
    "schema:Organization",
    "schema:GovernmentOrganization",
    "prov:Agent",
    "vcard:Organization",
}


def agent(graph: Graph, term: Term) -> DraftAgent | None:
    """The body that `term` refers to.

    One that the document names by IRI and does not describe has that IRI as its `url` and no name:
    another page may describe it (`described`).
    """
    node = graph.node(term)
    if node is None:
        if type(term) is Literal:
            said = term.value.strip()
            return DraftAgent(name={term.language or "": said}) if said else None
        address = graph.address(term)
        return DraftAgent(url=address) if address else None
    return _body(graph, node, graph.address(term) if type(term) is NamedNode else None)


def _body(graph: Graph, node: Node, address: str | None) -> DraftAgent | None:
    name = graph.text(node, *_NAMES)
    email = _contact_value(graph, node, _EMAILS)
    if not name:
        return DraftAgent(url=address, email=email) if address or email else None
    return DraftAgent(
        name=name,
        url=graph.address(graph.first(node, "foaf:homepage", "schema:url", "vcard:hasURL", "foaf:page")),
        email=email,
        parent=_parent(graph, node),
    )


def _parent(graph: Graph, node: Node) -> str | None:
    above = graph.first(node, *_PARENTS)
    described = graph.node(above)
    if above is None or described is node:
        return None
    if described is not None:
        return graph.one(graph.text(described, *_NAMES))
    return above.value.strip() or None if type(above) is Literal else None


def described(graph: Graph) -> Iterator[tuple[str, DraftAgent]]:
    """The bodies that a document describes, by their IRI: other pages may refer to them."""
    for subject, node in graph.nodes.items():
        iri = graph.key(subject)
        if iri is not None and not _KINDS.isdisjoint(graph.types(node)):
            found = _body(graph, node, iri)
            if found is not None and found.name:
                yield iri, found


def contact(graph: Graph, term: Term) -> DraftContact | None:
    """Whom `term` names for questions.

    ArcGIS Hub puts the account of whoever uploaded the data into the name, and says so in the IRI
    (`…/community/users/jsmith`): accounts are not for publishing.
    """
    node = graph.node(term)
    if node is None:
        said = graph.address(term)
        if not said:
            return None
        if said.startswith("mailto:") or ("@" in said and " " not in said and "/" not in said):
            return DraftContact(email=said)
        return DraftContact(name=said) if type(term) is Literal else DraftContact(url=said)
    name = graph.one(graph.text(node, *_NAMES))
    if name and key_of(term).partition("?")[0].endswith(f"/users/{name}"):
        name = None
    email = _contact_value(graph, node, _EMAILS)
    phone = _contact_value(graph, node, ("vcard:hasTelephone", "vcard:tel", "foaf:phone", "schema:telephone"))
    url = _contact_value(
        graph,
        node,
        ("vcard:hasURL", "vcard:url", "foaf:homepage", "foaf:workplaceHomepage", "schema:url", "foaf:page"),
    )
    if not (name or email or phone or url):
        return None
    return DraftContact(name=name, email=email, phone=phone, url=url)


def _contact_value(graph: Graph, node: Node, names: tuple[str, ...]) -> str | None:
    """A mail address, number or address, given as IRI, as text, or as a node with a value."""
    for name in names:
        for term in graph.values(node, name):
            inner = graph.node(term)
            value = graph.first(inner, *_VALUES) if inner is not None else None
            if value is None and type(term) is BlankNode:
                continue
            said = graph.code(value if value is not None else term)
            if said:
                return said
    return None
