"""JSON that may be broken: what stands in front of the break, in whole records."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

from msgspec import Struct

from harvester.errors import FeedError
from harvester.model import N_

Json = Any
"""What a JSON text can hold: str, bool, None, and lists and dicts of these; numbers are str here."""


class Decoded(Struct, frozen=True):
    """A JSON value, and what it cost to read it."""

    value: Json
    mended: bool = False
    cut: bool = False  # records were left out, because the text breaks off


def decode(text: str, url: str) -> Decoded:
    """The value of a JSON text. Raises `FeedError` when it is nested without end.

    Numbers stay the digits that were written (a title may be 300.21), control characters inside
    strings are taken as they are, NaN and Infinity are null.
    """
    try:
        value = json.loads(text, strict=False, parse_int=str, parse_float=str, parse_constant=lambda _: None)
        return Decoded(value)
    except ValueError:
        return _Scanner(text).decoded()
    except RecursionError:
        raise FeedError(
            url,
            N_("The file is nested too deeply to be a catalogue."),
            N_("Check that the address is the one of the catalogue."),
        ) from None


_ENDS = r"\s*(?:[,:}\]]|$)"
"""What comes after the quotation mark that ends a string, and seldom after one inside it."""

_STRING = r'"(?:[^"\\]|\\.)*+"'
_WITH_QUOTES_INSIDE = rf'"(?:[^"\\\n]|\\.|"(?!{_ENDS}))*+"|{_STRING}'


def _pattern(string: str) -> re.Pattern[str]:
    return re.compile(
        rf"(?P<string>{string})|(?P<number>-?\d[\d.eE+-]*)|(?P<word>[A-Za-z]+)|(?P<mark>[\[\]{{}},:])",
        re.DOTALL,
    )


_TOKEN = _pattern(_WITH_QUOTES_INSIDE)
_PLAIN = _pattern(_STRING)
_ENDED = re.compile(_ENDS)


def _tokens(text: str) -> Iterator[re.Match[str]]:
    at = plain_until = 0  # up to there no string ends as it should: looking again would take for ever
    while (found := (_PLAIN if at < plain_until else _TOKEN).search(text, at)) is not None:
        yield found
        if found["string"] is not None and not _ENDED.match(text, found.end()):
            end = text.find("\n", at)
            plain_until = len(text) if end < 0 else end
        at = found.end()


_ESCAPE = re.compile(r'(\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))|\\|"')
_WORDS = {"true": True, "false": False, "True": True, "False": False}
_DEPTH = 200


class _Scanner:
    """Builds the value of a text that no JSON parser takes, as far as it goes."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.root: Json = None
        self.open: list[Json] = []  # lists and objects that have not ended, from the root inwards
        self.keys: list[str | None] = []  # the key that is waiting for its value, in each of them
        self.deeper = 0  # lists and objects below `_DEPTH`, which are left out

    def decoded(self) -> Decoded:
        """Read the text from its beginning to its end."""
        tokens = _tokens(self.text)
        token = next(tokens, None)
        while token is not None:
            following = next(tokens, None)
            self._take(token, following is not None and following["mark"] == ":")
            token = following
        if self.open:
            self._leave_out_the_broken()
        return Decoded(self.root, mended=True, cut=bool(self.open))

    def _take(self, token: re.Match[str], is_key: bool) -> None:
        mark = token["mark"]
        if mark in ("{", "["):
            self._begin({} if mark == "{" else [])
        elif mark in ("}", "]"):
            self._end(dict if mark == "}" else list)
        elif mark is not None:
            return
        elif token["string"] is not None:
            said = _string(token["string"])
            if is_key and self.open and isinstance(self.open[-1], dict):
                self.keys[-1] = said
            else:
                self._put(said)
        elif token["number"] is not None:
            self._put(token["number"])
        else:
            self._put(_WORDS.get(token["word"]))

    def _begin(self, value: Json) -> None:
        if len(self.open) >= _DEPTH:
            self.deeper += 1
            return
        if self.root is None:
            self.root = value
        else:
            self._put(value)
        self.open.append(value)
        self.keys.append(None)

    def _end(self, kind: type) -> None:
        if self.deeper:
            self.deeper -= 1
        elif any(isinstance(each, kind) for each in self.open):
            while not isinstance(self.open.pop(), kind):
                self.keys.pop()
            self.keys.pop()

    def _put(self, value: Json) -> None:
        if not self.open or self.deeper:
            return
        inside = self.open[-1]
        if isinstance(inside, list):
            inside.append(value)
        elif self.keys[-1] is not None:
            inside[self.keys[-1]] = value
            self.keys[-1] = None

    def _leave_out_the_broken(self) -> None:
        """Drop the record in which the text breaks off: the last member of the outermost list of records.

        A list in which nothing else stands is not one of records, if another one stands inside.
        """
        lists = [
            (outer, inner)
            for outer, inner in zip(self.open, self.open[1:], strict=False)
            if isinstance(outer, list)
        ]
        for outer, inner in lists:
            if len(outer) > 1 or inner is lists[-1][1]:
                outer.pop()
                return


def _string(raw: str) -> str:
    inside = _ESCAPE.sub(lambda m: m[1] or ("\\\\" if m[0] == "\\" else '\\"'), raw[1:-1])
    said = json.loads(f'"{inside}"', strict=False)
    return str(said)
