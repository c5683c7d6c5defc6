"""What reading one document gave, whatever its syntax."""

from __future__ import annotations

from dataclasses import dataclass, field

from harvester.feeds._rdf.graph import Graph
from harvester.model import Problem


@dataclass
class Reading:
    """The triples of a document, and what it cost to read them."""

    graph: Graph
    mended: bool = False  # was it not what its syntax asks for?
    cut: bool = False  # does it break off before its end?
    unfinished: set[str] = field(default_factory=set)
    """Subjects, as keys of `Graph.nodes`, whose description breaks off."""
    lost: dict[str, list[str]] = field(default_factory=dict)
    """What could not be read of a subject, as it was written: one value each."""
    problems: list[Problem] = field(default_factory=list)
    """What was lost that belongs to no subject that we know."""

    def lose(self, subject: str, raw: str) -> None:
        """Remember a value of `subject` that could not be read."""
        values = self.lost.setdefault(subject, [])
        if len(values) < 20:
            values.append(" ".join(raw.split())[:200])
