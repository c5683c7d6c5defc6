"""RDF/XML, as portals write it.

The grammar (https://www.w3.org/TR/rdf-syntax-grammar/) is read with an open mind: several nodes in
one property, a property in a property without the node between, HTML in a text, attributes that
belong to nobody, a root that is the catalogue itself. What comes out is Turtle, one triple a line,
which the parser reads that reads everything else; so an odd IRI costs no more here than there.

Why not pyoxigraph's own RDF/XML parser: it stops at the first surprise, knows UTF-8 alone, and a
few hundred bytes of nested entities make it abort the whole program.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from itertools import count
from xml.sax.saxutils import escape

import pyoxigraph
from pyoxigraph import RdfFormat

from harvester.feeds._rdf import xml_events
from harvester.feeds._rdf.graph import Graph, base_of, key_of
from harvester.feeds._rdf.names import PREFIXES
from harvester.feeds._rdf.reading import Reading
from harvester.model import N_, Problem

_RDF = PREFIXES["rdf"]
_XML = "http://www.w3.org/XML/1998/namespace"
_XHTML = "http://www.w3.org/1999/xhtml"
_NOT_PROPERTIES = (
    _RDF,
    _XML,
    "http://www.w3.org/2001/XMLSchema-instance",
    "http://www.w3.org/2000/xmlns/",
    "",
)
_NODES = {"Catalog", "CatalogRecord", "Dataset", "DatasetSeries", "Distribution", "DataService"}
_IMPLIED = {
    "Dataset": "dataset",
    "DatasetSeries": "dataset",
    "Distribution": "distribution",
    "Catalog": "catalog",
}
_DEPTH = 100
"""Elements deeper than this are not looked at: no catalogue has them, an attack may."""

_IN_IRI = re.compile(r'[\x00-\x20<>"{}|^`\\\x7f]')
_IN_TEXT = re.compile(r'[\x00-\x1f"\\\x7f]')
_LANGUAGE = re.compile(r"[A-Za-z]{1,8}(?:-[A-Za-z0-9]{1,8})*")
_ABSOLUTE = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:")

Name = tuple[str, str]
"""Namespace and local name."""


@dataclass
class _Frame:
    """An open element: a node, a property of one, or markup inside a text."""

    tag: str  # as it is written
    scope: dict[str, str]  # prefix → namespace
    language: str
    base: str
    subject: str | None = None  # Turtle; of the node, or of the node that the property belongs to
    predicate: str | None = None  # Turtle; None in a node
    said: bool = False  # has the property a value already?
    text: list[str] = field(default_factory=list)
    datatype: str = ""
    markup: bool = False  # what stands inside is text, tags included
    collects: bool = False  # rdf:parseType="Resource": what stands inside are properties
    inner: str = ""  # the blank node that such properties belong to
    members: int = 0  # rdf:li so far


def read(text: str, base: str, url: str) -> Reading:
    """The triples of an RDF/XML document. `url` is for people."""
    reader = _Reader(base)
    events = xml_events.run(text, reader)
    reading = Reading(Graph(_parse("\n".join(reader.lines), base), base), mended=events.mended or reader.odd)
    if events.cut:
        reading.cut = True
        reading.unfinished = {key for subject in reader.open_subjects() if (key := _key(subject, base))}
    if events.refused:
        reading.problems.append(
            Problem(
                where=url,
                what=N_("The file refers to XML entities that are not read: {names}."),
                remedy=N_("Ask the people who run the portal to write the texts themselves into the file."),
                values={"names": ", ".join(sorted(events.refused)[:5])},
            )
        )
    return reading


def _parse(turtle: str, base: str) -> pyoxigraph.QuadParser:
    return pyoxigraph.parse(turtle, format=RdfFormat.TURTLE, base_iri=base, lenient=True)


def _key(subject: str, base: str) -> str:
    return key_of(next(iter(_parse(f"{subject} a <x:y> .", base))).subject)


class _Reader:
    """Takes the events of an XML document and writes down triples."""

    def __init__(self, base: str) -> None:
        self.lines: list[str] = []
        self.odd = False  # was there anything that RDF/XML does not allow?
        self._stack = [_Frame("", dict(PREFIXES) | {"xml": _XML}, "", base)]
        self._ignored = 0  # open elements below `_DEPTH`
        self._blank = count()
        self._is_root = True

    # -------------------------------------------------------------------------- events

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        """An element begins."""
        parent = self._stack[-1]
        if self._ignored or len(self._stack) > _DEPTH:
            self._ignored += 1
            return
        if parent.markup:
            said = "".join(f' {name}="{escape(value)}"' for name, value in attributes.items())
            parent.text.append(f"<{tag}{said}>")
            self._stack.append(_Frame(tag, parent.scope, "", parent.base, markup=True, text=parent.text))
            return
        frame, named = self._open(tag, attributes, parent)
        name = _name(tag, frame.scope, element=True)
        if self._is_root and name == (_RDF, "RDF"):
            self._stack.append(frame)
        elif parent.predicate is not None and not parent.collects and not _is_property(name, named):
            if _is_markup(name):
                self._to_markup(parent, tag, attributes)
            else:
                self._node(frame, name, named, parent)
        elif parent.predicate is not None:
            self._property(frame, name, named, self._inner(parent))
        elif parent.subject is None or _is_node(name, named):
            self._node(frame, name, named, parent)
        else:
            self._property(frame, name, named, parent)
        self._is_root = False

    def end(self, tag: str) -> None:
        """The element that was opened last, and is not closed yet, ends."""
        if self._ignored:
            self._ignored -= 1
            return
        frame = self._stack.pop()
        parent = self._stack[-1]
        if frame.markup and parent.markup:
            frame.text.append(f"</{tag}>")
        elif frame.predicate is not None and frame.subject is not None and not frame.said:
            said = "".join(frame.text)
            if said.strip():
                self._say(frame.subject, frame.predicate, _literal(said, frame))

    def data(self, text: str) -> None:
        """Text inside the element that was opened last."""
        frame = self._stack[-1]
        if frame.predicate is not None or frame.markup:
            frame.text.append(text)

    def open_subjects(self) -> list[str]:
        """The nodes whose elements are still open."""
        return [frame.subject for frame in self._stack if frame.subject is not None]

    # -------------------------------------------------------------------------- parts of the grammar

    def _open(self, tag: str, attributes: dict[str, str], parent: _Frame) -> tuple[_Frame, dict[Name, str]]:
        scope = parent.scope
        declared = {name: value for name, value in attributes.items() if name.startswith("xmlns")}
        if declared:
            scope = {**scope, **{name[6:]: value.strip() for name, value in declared.items()}}
        named = {
            _name(name, scope): value for name, value in attributes.items() if not name.startswith("xmlns")
        }
        language = named.get((_XML, "lang"), parent.language).strip().replace("_", "-")
        base = named.get((_XML, "base"), "").strip()
        return (
            _Frame(
                tag,
                scope,
                language if _LANGUAGE.fullmatch(language) else "",
                base_of(base) if base.startswith(("http:", "https:")) else parent.base,
            ),
            named,
        )

    def _node(self, frame: _Frame, name: Name, named: dict[Name, str], parent: _Frame) -> None:
        about, id_, node_id = (_rdf(named, each) for each in ("about", "ID", "nodeID"))
        if about is not None:
            frame.subject = self._iri(about, frame)
        elif id_ is not None:
            frame.subject = self._iri(f"#{id_}", frame)
        else:
            frame.subject = _blank(node_id) if node_id else self._new_blank()
        if name != (_RDF, "Description"):
            self._say(frame.subject, "a", self._iri(name[0] + name[1], frame))
        for (namespace, local), value in named.items():
            if (namespace, local) == (_RDF, "type"):
                self._say(frame.subject, "a", self._iri(value, frame))
            elif namespace not in _NOT_PROPERTIES and value.strip():
                self._say(frame.subject, self._iri(namespace + local, frame), _literal(value, frame))
        if parent.predicate is not None and parent.subject is not None:
            self._say(parent.subject, parent.predicate, frame.subject)
            self.odd |= parent.said and not parent.collects
            parent.said = True
        elif parent.subject is not None and name[1] in _IMPLIED:
            self.odd = True  # a dataset straight inside the catalogue, without the property between
            self._say(parent.subject, self._iri(PREFIXES["dcat"] + _IMPLIED[name[1]], frame), frame.subject)
        self._stack.append(frame)

    def _property(self, frame: _Frame, name: Name, named: dict[Name, str], parent: _Frame) -> None:
        if name == (_RDF, "li"):
            parent.members += 1
            name = (_RDF, f"_{parent.members}")
        frame.subject, frame.predicate = parent.subject, self._iri(name[0] + name[1], frame)
        self._stack.append(frame)
        if parent.subject is None:
            return
        resource, node_id, datatype = (_rdf(named, each) for each in ("resource", "nodeID", "datatype"))
        if resource is None:
            resource = _rdf(named, "about")  # a common slip
        kind = _rdf(named, "parseType")
        frame.datatype = (datatype or "").strip()
        frame.markup = kind == "Literal"
        frame.collects = kind == "Resource"
        others = {
            key: value for key, value in named.items() if key[0] not in _NOT_PROPERTIES and value.strip()
        }
        if resource is not None or node_id:
            frame.said = True
            value = _blank(node_id) if node_id else self._iri(resource or "", frame)
            if (
                node_id or (resource or "").strip()
            ):  # an empty reference is the document itself: nothing is said
                self._say(frame.subject or "", frame.predicate, value)
        elif others:
            value = self._new_blank()
            frame.said = True
            self._say(frame.subject or "", frame.predicate, value)
        else:
            return
        for (namespace, local), said in others.items():
            self._say(value, self._iri(namespace + local, frame), _literal(said, frame))

    def _inner(self, parent: _Frame) -> _Frame:
        """The blank node between a property and the properties inside it."""
        if not parent.inner:
            self.odd |= not parent.collects
            parent.inner = self._new_blank()
            if parent.subject is not None and parent.predicate is not None:
                self._say(parent.subject, parent.predicate, parent.inner)
            parent.said = True
        return _Frame("", parent.scope, parent.language, parent.base, subject=parent.inner)

    def _to_markup(self, parent: _Frame, tag: str, attributes: dict[str, str]) -> None:
        """Tags that nobody escaped, in a text: they belong to the text."""
        self.odd = True
        parent.markup = True
        self.start(tag, attributes)

    # -------------------------------------------------------------------------- writing

    def _say(self, subject: str, predicate: str, value: str) -> None:
        self.lines.append(f"{subject} {predicate} {value} .")

    def _new_blank(self) -> str:
        return f"_:n{next(self._blank)}"

    def _iri(self, reference: str, frame: _Frame) -> str:
        reference = reference.strip()
        root = self._stack[0].base
        if frame.base != root and not _ABSOLUTE.match(reference):
            resolved = next(iter(_parse(f"{_bracketed(reference)} a <x:y> .", frame.base))).subject
            reference = key_of(resolved).removeprefix("relative+")
        return _bracketed(reference)


def _bracketed(iri: str) -> str:
    return f"<{_IN_IRI.sub(_escaped, iri)}>"


def _escaped(found: re.Match[str]) -> str:
    return f"\\u{ord(found[0]):04X}"


def _blank(name: str) -> str:
    return "_:x" + "".join(each if each.isalnum() else f"_{ord(each):x}_" for each in name)


def _literal(said: str, frame: _Frame) -> str:
    text = f'"{_IN_TEXT.sub(_escaped, said)}"'
    if frame.datatype:
        return f"{text}^^{_bracketed(frame.datatype)}"
    return f"{text}@{frame.language}" if frame.language else text


def _name(tag: str, scope: dict[str, str], element: bool = False) -> Name:
    """A tag's namespace and local name; attributes without a prefix have no namespace."""
    prefix, colon, local = tag.rpartition(":")
    if not colon:
        return scope.get("", "") if element else "", local
    return scope.get(prefix, f"{prefix}:"), local


def _rdf(named: dict[Name, str], local: str) -> str | None:
    """An attribute of RDF's own, also where its prefix is forgotten."""
    return named.get((_RDF, local), named.get(("", local)))


def _is_node(name: Name, named: dict[Name, str]) -> bool:
    """Is an element inside a node a node itself, although a property is due?"""
    known = name[0] == PREFIXES["dcat"] and name[1] in _NODES
    return known or (name[1][:1].isupper() and (_RDF, "about") in named)


def _is_property(name: Name, named: dict[Name, str]) -> bool:
    """Is an element inside a property a property itself, although a node is due?

    Classes have a capital letter by convention; what has an IRI of its own is a node in any case.
    """
    if any(_rdf(named, each) is not None for each in ("about", "ID", "nodeID")) or _is_markup(name):
        return False
    return not name[1][:1].isupper()


def _is_markup(name: Name) -> bool:
    return name[0] in ("", _XHTML)
