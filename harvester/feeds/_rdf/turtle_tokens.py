"""Broken Turtle in pieces: tokens, statements, and the mending of single tokens."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple


class Token(NamedTuple):
    """A word of Turtle. `kind` is the name of its group in the pattern below."""

    kind: str
    text: str
    column: int  # 0 at the start of a line
    at: int = 0  # where it stands in the text


_CLOSES = r"\s*(?:[;,.\])}@]|\^\^|$)"
"""What comes after the quotation mark that ends a string, and seldom after one inside it."""

_WITH_QUOTES_INSIDE = rf'"(?:[^"\\\n]|\\.|"(?!{_CLOSES}))*+"'
_STRING = rf"""
        \"\"\"(?:[^"\\]|\\.|"(?!""))*+\"\"\"
      | '''(?:[^'\\]|\\.|'(?!''))*+'''
      | INSIDE
      | "(?:[^"\\]|\\.)*+"(?={_CLOSES})
      | "(?:[^"\\\n]|\\.)*+"
      | '(?:[^'\\\n]|\\.)*+'
"""
_REST = r"""
  | (?P<iri><[^<>"\s]*+>|<[^<>"\n]*+>)
  | (?P<tag>@[A-Za-z0-9_-]+)
  | (?P<mark>\^\^|[;,\[\](){}]|\.(?=[\s\ufeff]|$|[<@\#\[}]))
  | (?P<word>(?:[^\s\ufeff;,\[\](){}"'<>\#^.\\]|\.(?=[^\s\ufeff<@\#\[}])|\\.)+)
  | (?P<other>.)
"""


def _pattern(string: str) -> re.Pattern[str]:
    return re.compile(
        rf"(?P<blank>[\s\ufeff]+|\#[^\n]*) | (?P<string>{_STRING.replace('| INSIDE', string)}) {_REST}",
        re.VERBOSE | re.DOTALL,
    )


_TOKEN = _pattern(f"| {_WITH_QUOTES_INSIDE}")
_PLAIN = _pattern("")
_GOOD_ESCAPE = r"\\(?:[tbnrf\"'\\]|u[0-9A-Fa-f]{4}|U[0-9A-Fa-f]{8})"
_ESCAPE = re.compile(rf"({_GOOD_ESCAPE})|\\|\n|\r|\"")
_BAD_IN_STRING = {"\\": r"\\", "\n": r"\n", "\r": r"\r", '"': r"\""}
_LANGUAGE = re.compile(r"[A-Za-z]{1,8}(?:-[A-Za-z0-9]{1,8})*")


def tokens(text: str) -> Iterator[Token]:
    """The words of `text`, without blanks and comments."""
    at = start = 0  # where we are, and where the line began
    plain_until = 0  # up to here no string ends as `_CLOSES` wants: looking again would take for ever
    while at < len(text):
        found = (_PLAIN if at < plain_until else _TOKEN).match(text, at)
        assert found is not None  # the pattern's last group matches anything
        kind = found.lastgroup or "other"
        if kind == "blank":
            newline = found[0].rfind("\n")
            if newline >= 0:
                start = at + newline + 1
        else:
            yield Token(kind, found[0], at - start, at)
            if found[0] == '"' or (kind == "string" and not _ENDED.match(text, found.end())):
                end = text.find("\n", at)
                plain_until = len(text) if end < 0 else end
        at = found.end()


_ENDED = re.compile(_CLOSES)


def statements(text: str) -> list[list[Token]]:
    """`text` in statements, each with its full stop, without empty ones.

    A statement also ends where a line begins with a subject and its class while the one before is
    still open, because its full stop or a bracket is missing. The braces of TriG and the names of
    its graphs are left out: all graphs are read as one.
    """
    found: list[list[Token]] = []
    current: list[Token] = []
    depth = 0
    for token in tokens(text):
        ended: list[Token] = []
        if token.text == "{":  # what stands before it is a graph's name
            current, depth = [], 0
            continue
        if token.text == "}":  # before which the last full stop may be left out
            ended, current = [*current, Token("mark", ".", 0)] if current else [], []
        elif token.text in ("a", "rdf:type") and len(current) > 1 and _starts(current[-1]):
            ended, current = current[:-1], [current[-1], token]
        else:
            current.append(token)
            depth += _bracket(token)
            full_stop = token.kind == "mark" and token.text == "." and depth <= 0
            # SPARQL's form of directives ends with its IRI
            if full_stop or (token.kind == "iri" and current[0].text.lower() in ("prefix", "base")):
                ended, current = current, []
        if ended:
            found.append(ended)
            depth = 0
    return [*found, current] if current else found


def _starts(token: Token) -> bool:
    return token.column == 0 and token.kind in ("iri", "word")


def _bracket(token: Token) -> int:
    if token.kind != "mark":
        return 0
    return {"[": 1, "(": 1, "]": -1, ")": -1}.get(token.text, 0)


def bracketed(said: list[Token]) -> int:
    """How many brackets are open at the end of `said`."""
    return sum(map(_bracket, said))


def split(said: list[Token], mark: str) -> list[list[Token]]:
    """`said` at each `mark` that stands in no bracket, without empty parts."""
    parts: list[list[Token]] = [[]]
    depth = 0
    for token in said:
        depth += _bracket(token)
        if token.kind == "mark" and token.text == mark and depth <= 0:
            parts.append([])
        else:
            parts[-1].append(token)
    return [part for part in parts if part]


def mended(token: Token) -> Token:
    """The token with what can be put right without guessing: quotation marks, escapes, tags.

    A language tag that is none (`@en_US`, `@english-language-text`) becomes one, or is left out.
    """
    if token.kind == "string":
        quotes = 3 if token.text.startswith(('"""', "'''")) and len(token.text) >= 6 else 1
        inside = token.text[quotes:-quotes]
        if token.text[0] == "'":
            inside = inside.replace(r"\'", "'")
        return token._replace(text='"' + _ESCAPE.sub(lambda m: m[1] or _BAD_IN_STRING[m[0]], inside) + '"')
    if token.kind == "tag" and token.text.lower() not in ("@prefix", "@base"):
        known = _LANGUAGE.match(token.text[1:].replace("_", "-"))
        return token._replace(text=f"@{known[0]}" if known else "")
    return token
