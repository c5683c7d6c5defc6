"""Triples grouped by subject, and what can be asked of them.

**Relative references keep a mark.** A document is parsed with the base `relative+https://…`, so that
`<files/trees.csv>` becomes `relative+https://host/files/trees.csv`. An address is resolved by taking
the mark away; where a code is due (`rdf:resource="CSV"`) the reference can be had as it was written.
Nothing ever becomes a `file:` address.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from urllib.parse import quote, urldefrag, urlsplit

from pyoxigraph import BlankNode, Literal, NamedNode, Quad, Triple

from harvester.feeds._rdf.encoding import too_large
from harvester.feeds._rdf.names import name
from harvester.model import Text

Term = NamedNode | BlankNode | Literal | Triple
Node = dict[str, Term | list[Term]]
"""What is said about one subject: short property name → its value, or the list of its values."""

MOST_TRIPLES = 700_000
"""Of one document; a page of a catalogue has some thousands, and each costs a quarter of a kilobyte."""

MARK = "relative+"
_NOWHERE = f"{MARK}none:///"
_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:")
_NO_ESCAPE = re.compile(r"%(?![0-9A-Fa-f]{2})")
_TWO_IN_ONE = re.compile(r"[,;]?\s+(?=https?://)")
_LABELS = (
    "skos:prefLabel",
    "rdfs:label",
    "foaf:name",
    "dct:title",
    "schema:name",
    "gn:name",
    "locn:geographicName",
    "rdf:value",
    "skos:notation",
    "dct:description",
    "dct:identifier",
    "foaf:page",
)
"""Where a node's own words stand, the most likely first."""


def base_of(url: str) -> str:
    """The base that a document is parsed with; see the module's docstring.

    Any text: documents name their own (`xml:base`), and addresses hold what no IRI may (`?page[size]=9`).
    """
    nowhere = _NOWHERE + quote(url.rpartition("/")[2], errors="replace")
    try:
        parts = urlsplit(urldefrag(url)[0])
        if parts.scheme not in ("http", "https"):
            return nowhere
        rest = parts.path + (f"?{parts.query}" if parts.query else "")
        rest = _NO_ESCAPE.sub("%25", quote(rest, safe="/?:@!$&'()*+,;=%~", errors="replace"))
        return NamedNode(f"{MARK}{parts.scheme}://{parts.netloc}{rest}").value
    except ValueError:
        return nowhere


class Graph:
    """The triples of one document."""

    def __init__(self, quads: Iterable[Quad], base: str) -> None:
        """Group `quads`, which were parsed with `base`; named graphs are read as one.

        This loop is where a large catalogue spends its time. A single value stands without a list
        around it, which spares the garbage collector hundreds of thousands of lists, and pyoxigraph's
        own objects are compared before they are turned into text.
        """
        self.base = base
        self.language = "en"  # which words to prefer; the feed knows better
        self.nodes: dict[str, Node] = {}
        names: dict[NamedNode, str] = {}
        last: object = None
        node: Node = {}
        quads = iter(quads)
        for quad in islice(quads, MOST_TRIPLES):
            subject = quad.subject
            if subject != last:
                last = subject
                node = self.nodes.setdefault(key_of(subject), {})
            predicate = quad.predicate
            short = names.get(predicate)
            if short is None:
                short = names[predicate] = name(predicate.value)
            old = node.get(short)
            if old is None:
                node[short] = quad.object
            elif isinstance(old, list):
                old.append(quad.object)
            else:
                node[short] = [old, quad.object]
        if next(quads, None) is not None:
            raise too_large(self.base.removeprefix(MARK))
        self.names = frozenset(names.values())
        """The properties that occur, by their short names: what need not be looked for."""
        self.speaks_schema_org = any(short.startswith("schema:") for short in self.names)
        if "rdf:first" in self.names:
            self._unfold_lists()

    def _unfold_lists(self) -> None:
        """Put the members of RDF lists in the place of the list: nobody here asks for their order."""
        for node in self.nodes.values():
            for short, old in node.items():
                if short in ("rdf:first", "rdf:rest"):
                    continue
                values = old if isinstance(old, list) else [old]
                if any(self._is_list(each) for each in values):
                    node[short] = [member for each in values for member in self._members(each)]

    def _is_list(self, term: Term) -> bool:
        return type(term) is BlankNode and "rdf:first" in self.nodes.get(key_of(term), {})

    def _members(self, term: Term) -> Iterator[Term]:
        seen = set()
        while self._is_list(term) and term not in seen:
            seen.add(term)
            node = self.nodes[key_of(term)]
            yield from self.values(node, "rdf:first")
            term = self.first(node, "rdf:rest") or term
        if not seen:
            yield term

    # -------------------------------------------------------------------------- asking

    @staticmethod
    def values(node: Node, *names: str) -> Sequence[Term]:
        """The values of the first of these properties that has any."""
        for short in names:
            found = node.get(short)
            if found is not None:
                return found if isinstance(found, list) else (found,)
        return ()

    @staticmethod
    def first(node: Node, *names: str) -> Term | None:
        """The first value of the first of these properties that has any."""
        for short in names:
            found = node.get(short)
            if found is not None:
                return found[0] if isinstance(found, list) else found
        return None

    def node(self, term: Term | None) -> Node | None:
        """What is said about the thing that `term` refers to, by IRI, blank node or IRI as text."""
        return self.nodes.get(key_of(term)) if term is not None else None

    def types(self, node: Node) -> set[str]:
        """Short names of the node's classes."""
        return {name(term.value) for term in self.values(node, "rdf:type") if type(term) is not Triple}

    def address(self, term: Term | None) -> str | None:
        """An address or other IRI: resolved when it is relative, as written when it is text.

        None for a blank node, for an empty reference (which is the document itself) and for the
        `file:` addresses that careless converters leave.
        """
        if type(term) is NamedNode:
            return self.resolved(term.value)
        if type(term) is Literal:
            return term.value.strip() or None
        return None

    def addresses(self, node: Node, *names: str) -> list[str]:
        """The addresses that the first of these properties has; two in one IRI are two."""
        found: list[str] = []
        for term in self.values(node, *names):
            address = self.address(term)
            if address is not None:
                found += _TWO_IN_ONE.split(address) if " " in address or "\n" in address else [address]
        return found

    def resolved(self, iri: str) -> str | None:
        """An IRI without the mark; None when it is empty or `file:`."""
        if not iri.startswith(MARK):
            return None if iri.startswith("file:") else iri.strip() or None
        if iri == self.base:
            return None
        raw = self.reference(iri) or ""
        if _SCHEME.match(raw):  # an absolute address behind a blank was taken for a relative one
            return None if raw.startswith("file:") else raw
        return iri[len(_NOWHERE) :] if iri.startswith(_NOWHERE) else iri[len(MARK) :]

    def code(self, term: Term | None) -> str | None:
        """A value of a code list: an IRI, a relative reference as it was written, or words.

        A node is its IRI when that is a web address, else the words that it has for itself.
        """
        if type(term) is Literal:
            return term.value.strip() or None
        if type(term) is NamedNode:
            iri = term.value
            if iri.startswith(MARK):
                return self.reference(iri)
            if iri.startswith(("http:", "https:")):
                return iri.strip()
        said = self.label(self.node(term))
        return said or (self.address(term) if type(term) is NamedNode else None)

    def words(self, term: Term | None) -> str | None:
        """What a value says in words: a node's label before its IRI."""
        if type(term) is Literal:
            return term.value.strip() or None
        return self.label(self.node(term)) or self.code(term)

    def label(self, node: Node | None) -> str | None:
        """A node's own words: in the source's language, else in the one that `one` takes."""
        if node is not None:
            for short in _LABELS:
                words: Text = {}
                address = None
                for term in self.values(node, short):
                    if type(term) is Literal and (said := term.value.strip()):
                        words.setdefault(term.language or "", said)
                    elif type(term) is NamedNode:
                        address = address or self.address(term)
                if words or address:
                    return self.one(words) or address
        return None

    def one(self, text: Text) -> str | None:
        """The words to take where only one language has room: always the same, in whatever order they stand.

        Those in the source's language, in English, in none, else in the first of the alphabet.
        """
        if len(text) < 2:
            return next(iter(text.values()), None)
        return text[min(text, key=lambda tag: (tag != self.language, tag != "en", tag != "", tag))]

    def text(self, node: Node, *names: str) -> Text:
        """Words by language, "" where none is said: of the first property that has words.

        The first value of a language counts.
        """
        for short in names:
            found = node.get(short)
            if found is None:
                continue
            words: Text = {}
            for term in found if isinstance(found, list) else (found,):
                if type(term) is Literal:
                    value, language = term.value.strip(), term.language or ""
                else:
                    value, language = self.words(term) or "", ""
                if value and language not in words:
                    words[language] = value
            if words:
                return words
        return {}

    def key(self, subject: str) -> str | None:
        """A subject as a record's key: its absolute IRI; None when it is blank, relative or `file:`."""
        if subject.startswith(("_:", _NOWHERE)):
            return None
        return self.resolved(subject)

    def reference(self, iri: str) -> str | None:
        """A relative reference as it was written, as far as that can be known; None when it is empty."""
        if iri == self.base:
            return None
        folder = self.base.rpartition("/")[0] + "/"
        return (iri[len(folder) :] if iri.startswith(folder) else iri.removeprefix(MARK)).strip() or None


def key_of(term: Term) -> str:
    """The key of `Graph.nodes` under which the thing stands that `term` refers to."""
    if type(term) is BlankNode:
        return f"_:{term.value}"
    return "" if type(term) is Triple else term.value
