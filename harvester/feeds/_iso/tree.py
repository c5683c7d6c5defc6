"""XML as a tree of plain elements, from documents that may be broken and may mean harm.

The events come from `_rdf.xml_events`, which refuses entities and document types, fetches nothing, and
goes on where XML is not well-formed. What is open where a document breaks off is marked as not whole.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from harvester.document import Document
from harvester.feeds._rdf import encoding, xml_events

_DEPTH = 100
"""Elements deeper than this are not looked at: no record has them, an attack may."""


@dataclass(slots=True, eq=False)
class Element:
    """One element: local names only, since the prefixes of these formats are anybody's choice."""

    name: str
    namespace: str = ""
    attributes: dict[str, str] = field(default_factory=dict)
    children: list[Element] = field(default_factory=list)
    parts: list[str] = field(default_factory=list)
    whole: bool = True  # False where the document broke off inside of it

    @property
    def text(self) -> str:
        """Its own text, without the space around it."""
        return "".join(self.parts).strip()

    def all(self, *path: str) -> list[Element]:
        """The elements at the end of a path of local names; `*` is any name."""
        found = [self]
        for name in path:
            found = [inner for each in found for inner in each.children if name in ("*", inner.name)]
        return found

    def first(self, *path: str) -> Element | None:
        """The first element at the end of a path."""
        return next(iter(self.all(*path)), None)

    def below(self, *names: str) -> Iterator[Element]:
        """The elements of these names anywhere inside, in the order of the document.

        What is inside of one that was found is not looked at again.
        """
        for child in self.children:
            if child.name in names:
                yield child
            else:
                yield from child.below(*names)


@dataclass
class Tree:
    """What reading one document gave."""

    root: Element | None  # None: no XML at all
    mended: bool = False  # was it not well-formed?
    cut: bool = False  # does it break off before its end?
    refused: frozenset[str] = frozenset()  # entities that were not read


def parse(document: Document) -> Tree:
    """The elements of a document; what is no XML has no root. Raises `FeedError` when it is too large."""
    return parse_text(encoding.whole(document))


def parse_text(text: str) -> Tree:
    """The elements of a text."""
    builder = _Builder()
    if not text.lstrip("\ufeff \t\r\n\0").startswith("<"):
        return Tree(None)
    outcome = xml_events.run(text, builder)
    for element in builder.open:
        element.whole = False
    root = next(iter(builder.top.children), None)
    return Tree(root, outcome.mended, outcome.cut, outcome.refused)


class _Builder:
    """Takes the events of an XML document and keeps the elements."""

    def __init__(self) -> None:
        self.top = Element("")
        self.open = [self.top]
        self._scopes: list[dict[str, str]] = [{}]
        self._ignored = 0  # open elements below `_DEPTH`

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        """An element begins."""
        if self._ignored or len(self.open) > _DEPTH:
            self._ignored += 1
            return
        scope = self._scopes[-1]
        declared = {
            name[6:]: value.strip()
            for name, value in attributes.items()
            if name == "xmlns" or name.startswith("xmlns:")
        }
        if declared:
            scope = {**scope, **declared}
        prefix, _, local = tag.rpartition(":")
        element = Element(local, scope.get(prefix, ""))
        for name, value in attributes.items():
            if not name.startswith("xmlns"):
                element.attributes.setdefault(name.rpartition(":")[2], value.strip())
        self.open[-1].children.append(element)
        self.open.append(element)
        self._scopes.append(scope)

    def end(self, tag: str) -> None:
        """The element that was opened last, and is not closed yet, ends."""
        if self._ignored:
            self._ignored -= 1
        elif len(self.open) > 1:
            self.open.pop()
            self._scopes.pop()

    def data(self, text: str) -> None:
        """Text inside the element that was opened last."""
        if not self._ignored:
            self.open[-1].parts.append(text)
