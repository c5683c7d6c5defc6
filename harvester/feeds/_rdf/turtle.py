"""Turtle, TriG, N-Triples and N-Quads, whole or broken.

pyoxigraph reads all of a good document. At an error in Turtle it drops the rest of the statement,
which may be a whole dataset. So a document with errors is cut into statements; those that do not
parse are cut into the things they say, and these into values, until what does not parse is one
value. Strings and language tags are mended on the way.

Grammar: https://www.w3.org/TR/trig/, of which Turtle is a part, and https://www.w3.org/TR/n-quads/.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import count

import pyoxigraph
from pyoxigraph import Quad, RdfFormat

from harvester.feeds._rdf.graph import Graph, key_of
from harvester.feeds._rdf.names import PREFIXES
from harvester.feeds._rdf.reading import Reading
from harvester.feeds._rdf.turtle_tokens import Token, bracketed, mended, split, statements
from harvester.model import N_, Problem

_DEPTH = 30
"""How deeply nested blank nodes are followed when a statement has to be mended."""

_MOST_PREFIXES = 1_000
_MOST_CUT_UP = 3_000
"""Statements that are read piece by piece; of more than that, what does not parse is lost whole."""

_MOST_PROBLEMS = 50
"""Broken statements about nobody that are listed one by one."""

_WELL_KNOWN = "".join(f"@prefix {prefix}: <{namespace}> .\n" for prefix, namespace in PREFIXES.items())
_DIRECTIVE = re.compile(r"@?(?:prefix|base)\b", re.IGNORECASE)


def read(text: str, base: str, url: str, lines: bool = False) -> Reading:
    """The triples of a document; `lines` when it looks like N-Triples or N-Quads. `url` is for people."""
    for in_lines in (True, False) if lines else (False,):
        try:
            return Reading(Graph(_parse(text, base, in_lines), base))
        except SyntaxError:
            continue
    return _Mender(base, url, lines).read(text)


def _parse(text: str, base: str, lines: bool) -> Iterator[Quad]:
    syntax = RdfFormat.N_QUADS if lines else RdfFormat.TRIG
    return pyoxigraph.parse(text, format=syntax, base_iri=base, lenient=True)


class _Mender:
    """Reads a document that does not parse as a whole."""

    def __init__(self, base: str, url: str, lines: bool) -> None:
        self.base, self.url, self.lines = base, url, lines
        self.prelude = "" if lines else _WELL_KNOWN
        self.reading = Reading(Graph((), base), mended=True)
        self.quads: list[Quad] = []
        self.blank = count()
        self.prefixes = self.cut_up = 0

    def read(self, text: str) -> Reading:
        if self.lines:
            parts = [[Token("line", line, 0)] for line in text.splitlines() if line.strip()]
        else:
            parts = statements(text)
        bodies: list[list[Token]] = []
        for part in parts:
            if not self.lines and _DIRECTIVE.match(part[0].text):
                self._read_all(bodies)  # a prefix holds from here on, and may be declared anew
                bodies = []
                self._declare(_text(part))
            else:
                bodies.append(part)
        self._read_all(bodies)
        self._look_at_the_end(text, parts)
        self.reading.graph = Graph(self.quads, self.base)
        return self.reading

    def _declare(self, directive: str) -> None:
        self.prefixes += 1
        if self.prefixes > _MOST_PREFIXES:
            return
        try:
            list(_parse(self.prelude + directive, self.base, False))
        except SyntaxError:
            return  # what uses this prefix will be lost, value by value
        self.prelude += directive + "\n"

    def _try(self, text: str) -> bool:
        """Read `text` as statements: all of it or nothing."""
        try:
            self.quads.extend(list(_parse(self.prelude + text, self.base, self.lines)))
        except SyntaxError:
            return False
        return True

    def _read_all(self, bodies: Sequence[list[Token]]) -> None:
        """Read statements together; where that fails, each half on its own."""
        if not bodies or self._try("\n".join(map(_text, bodies))):
            return
        if len(bodies) == 1:
            if self.lines:
                self._mend_line(bodies[0][0].text)
            else:
                self._mend(bodies[0])
            return
        middle = len(bodies) // 2
        self._read_all(bodies[:middle])
        self._read_all(bodies[middle:])

    def _mend_line(self, line: str) -> None:
        tokens = [token for statement in statements(line) for token in statement]
        if not self._try(_text(map(mended, tokens))):
            self._lose(line.split(maxsplit=1)[0], line)

    def _mend(self, statement: list[Token]) -> None:
        tokens = [mended(token) for token in statement]
        if tokens[-1].text == ".":
            tokens.pop()
        if not tokens or self._try(_text(tokens) + " ."):
            return
        self.cut_up += 1
        subject, said = _subject(tokens, f"_:mended{next(self.blank)}")
        if self.cut_up > _MOST_CUT_UP:
            self._lose(subject, _text(tokens))
        else:
            self._say(subject, said, 0)

    def _say(self, subject: str, said: list[Token], depth: int) -> None:
        """Read a list of predicates and objects about `subject`, each for itself."""
        for part in split(said, ";"):
            if self._try(f"{subject} {_text(part)} ."):
                continue
            for value in split(part[1:], ","):
                if not self._try(f"{subject} {part[0].text} {_text(value)} ."):
                    self._say_value(subject, part[0], value, depth)

    def _say_value(self, subject: str, predicate: Token, value: list[Token], depth: int) -> None:
        if len(value) > 1 and value[0].text == "[" and depth < _DEPTH:
            label = f"_:mended{next(self.blank)}"
            if self._try(f"{subject} {predicate.text} {label} ."):
                self._say(label, value[1:-1] if value[-1].text == "]" else value[1:], depth + 1)
                return
        self._lose(subject, f"{predicate.text} {_text(value)}")

    def _lose(self, subject: str, raw: str) -> None:
        key = self._key(subject)
        if key is not None:
            self.reading.lose(key, raw)
        elif len(self.reading.problems) < _MOST_PROBLEMS and raw.strip():
            self.reading.problems.append(
                Problem(
                    where=self.url,
                    what=N_("A statement could not be read: {raw}"),
                    remedy=N_("Ask the people who run the portal to mend it."),
                    values={"raw": " ".join(raw.split())[:200]},
                )
            )

    def _key(self, subject: str) -> str | None:
        """The key of the graph's node that a subject, as it is written, stands for."""
        end = " ." if self.lines else " a <x:y> ."
        try:
            text = (
                f"{self.prelude}{subject} <x:y> <x:y>{end}" if self.lines else f"{self.prelude}{subject}{end}"
            )
            found = list(_parse(text, self.base, self.lines))
        except SyntaxError:
            return None
        return key_of(found[-1].subject) if found else None

    def _look_at_the_end(self, text: str, parts: list[list[Token]]) -> None:
        """Does the document break off? Then what it breaks off in is not whole."""
        last_line = text.rstrip().rfind("\n")
        for number, part in enumerate(parts, 1):
            if not _is_open(text, part, last_line, number == len(parts)):
                continue
            self.reading.cut = True
            line = _text(part)
            key = self._key(line.split(maxsplit=1)[0] if self.lines else _subject(part, "")[0])
            if key is not None:
                self.reading.unfinished.add(key)


def _is_open(text: str, part: list[Token], last_line: int, last: bool) -> bool:
    """Does the document end within this statement: before its full stop, in a string or IRI of it?

    A full stop inside that string looks like the statement's own; so any opening mark counts behind
    which no other line begins.
    """
    if last and (bracketed(part) > 0 or not _text(part).rstrip().endswith((".", "}"))):
        return bool(_text(part).strip())
    for token in part:
        if token.kind == "other" and token.text in ('"', "'", "<"):
            long = text[max(token.at - 2, 0) : token.at] in ('""', "''")
            if long or token.at > last_line:
                return True
    return False


def _text(tokens: Sequence[Token] | Iterator[Token]) -> str:
    return " ".join(token.text for token in tokens)


def _subject(tokens: list[Token], blank: str) -> tuple[str, list[Token]]:
    """The subject of a statement, and what is said about it; `blank` names an anonymous one."""
    if tokens[0].text != "[":
        return tokens[0].text, tokens[1:]
    depth = 0
    for number, token in enumerate(tokens):
        depth += {"[": 1, "]": -1}.get(token.text, 0)
        if depth == 0:
            inside, rest = tokens[1:number], tokens[number + 1 :]
            return blank, [*inside, Token("mark", ";", 0), *rest]
    return blank, tokens[1:]
