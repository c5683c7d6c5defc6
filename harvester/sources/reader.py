"""YAML that people write by hand: its values with their lines, and every mistake in plain words.

The file is read as a tree of nodes rather than as values, because only nodes know their line, show
a key that stands twice, and tell `311` (a number) from `"311"` (text).
"""

from __future__ import annotations

import difflib
import math
import unicodedata
import warnings
from collections.abc import Iterable

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, ReusedAnchorWarning, YAMLError
from ruamel.yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode
from ruamel.yaml.reader import ReaderError

from harvester.errors import ConfigError
from harvester.model import N_, Problem

_DEEPEST, _MOST_VALUES = 20, 10_000  # of `settings`, which could hold itself through an alias
_QUOTES = N_('Put the whole value into "quotation marks".')
_INDENT = N_("Lines that belong together begin in the same column; use two blanks for each step inwards.")

_SYNTAX = (  # words of the parser's message, what that means, what to do
    ("'\\t'", N_("A tab stands where blanks are due."), N_("Write two blanks for each step inwards.")),
    ("quoted scalar while end", N_("A quotation mark is opened here and never closed."), N_("Close it.")),
    ("unknown escape", N_("A backslash in double quotation marks has a special meaning."),
     N_("Use single quotation marks around this value.")),
    ("mapping values are not allowed", N_("A colon stands inside a value, or this line is not "
     "indented like its neighbours."), N_('Put the value into "quotation marks", or mend the indentation.')),
    ("cannot start any token", N_("A value cannot begin with this character."), _QUOTES),
    ("undefined alias", N_("A value cannot begin with *."), _QUOTES),
    ("flow", N_("A bracket is opened here and not closed, or a comma is missing in it."), N_("Close it.")),
    ("could not find expected ':'", N_("A colon is missing behind a key."), N_("Write   key: value")),
    ("another document", N_("A second document begins here."), N_("Remove the line with --- here.")),
    ("block end", N_("This line does not fit to the lines before it."), _INDENT),
    ("block", N_("This line does not fit to the lines before it."), _INDENT),
)  # fmt: skip


def shown(words: str, most: int = 60) -> str:
    """What somebody wrote, on one line and not too long, to be quoted in a message."""
    line = "".join(c if c.isprintable() else " " for c in words).strip()
    return line if len(line) <= most else line[: most - 1] + "…"


def nearest(word: str, known: Iterable[str]) -> str | None:
    """The known word that somebody probably meant."""
    close = difflib.get_close_matches(word.lower().replace("-", "_"), list(known), n=1, cutoff=0.6)
    return close[0] if close else None


class YamlReader:
    """Reads the values of one file; what is wrong is added to `mistakes`, and the reading goes on.

    Every method that reads a value gives None for one that is wrong (and says so) or left blank.
    """

    def __init__(self, file: str) -> None:
        self._file = file
        self._found: list[tuple[int, Problem]] = []

    @property
    def mistakes(self) -> list[Problem]:
        """All that was found wrong, in the order of the lines."""
        return [problem for _, problem in sorted(self._found, key=lambda each: each[0])]

    def mistake(self, at: Node | int, what: str, remedy: str = "", **values: str) -> None:
        """Add one: `what` and `remedy` are marked messages, `at` is a node or a line from 1 on."""
        line = at if isinstance(at, int) else line_of(at)
        values = {name: shown(value, 200) for name, value in values.items()}
        where = f"{self._file}:{line}"
        self._found.append((line, Problem(where=where, what=what, remedy=remedy, values=values)))

    # ---- the file

    def parse(self, raw: bytes) -> Node | None:
        """The root of the tree; None for an empty file. Raises `ConfigError` where it is no YAML."""
        text = self._decode(raw)
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore", ReusedAnchorWarning)
                root: Node | None = YAML(typ="safe", pure=True).compose(text)
            return root
        except RecursionError:
            self.mistake(1, N_("The file is nested too deeply."), N_("Three steps inwards are enough."))
        except ReaderError as error:
            line = text.count("\n", 0, error.position) + 1
            self.mistake(
                line,
                N_("An invisible control character (number {number}) stands here."),
                N_("Delete this line and type it again."),
                number=str(ord(text[error.position])),
            )
        except MarkedYAMLError as error:
            self._syntax(error)
        except YAMLError as error:
            self.mistake(
                1, N_("This is not YAML: {reason}."), N_("Begin with the example."), reason=str(error)
            )
        raise ConfigError(self.mistakes)

    def _decode(self, raw: bytes) -> str:
        encoding = "utf-16" if raw[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8-sig"
        try:
            return raw.decode(encoding).replace("\r\n", "\n")
        except UnicodeDecodeError as error:
            self.mistake(
                raw.count(b"\n", 0, error.start) + 1,
                N_("A letter here is not written in UTF-8."),
                N_("Save the file again and choose the encoding UTF-8."),
            )
            raise ConfigError(self.mistakes) from error

    def _syntax(self, error: MarkedYAMLError) -> None:
        told = f"{error.context or ''} while {error.problem or ''}"
        if "quoted scalar" in told and "end of stream" in told:
            told = "quoted scalar while end"
        opened = "quoted scalar while end" in told or "flow" in told
        mark = (error.context_mark if opened else None) or error.problem_mark or error.context_mark
        line = mark.line + 1 if mark else 1
        for words, what, remedy in _SYNTAX:
            if words in told:
                return self.mistake(line, what, remedy)
        return self.mistake(line, N_("This is not YAML: {reason}."), _QUOTES, reason=str(error.problem))

    # ---- groups of keys, and lists

    def keys(self, node: Node, known: dict[str, str], meant: dict[str, str] | None = None) -> dict[str, Node]:
        """The values of a group of keys; `known` gives each key's example, `meant` other words for keys.

        Unknown keys and keys that stand twice are mistakes; blank values are left out.
        """
        values: dict[str, Node] = {}
        lines: dict[str, int] = {}
        if not isinstance(node, MappingNode):
            first, example = next(iter(known.items()))
            self.mistake(
                node,
                N_("Keys with values are due here."),
                N_("Write each on a line of its own, as in   {example}"),
                example=f"{first}: {example}",
            )
            return values
        for key, value in node.value:
            name = key.value if isinstance(key, ScalarNode) else ""
            if name not in known:
                self._unknown(key, name, known, meant or {})
            elif name in lines:
                self.mistake(
                    key,
                    N_("{key} stands twice, here and in line {line}."),
                    N_("Keep one of them."),
                    key=name,
                    line=str(lines[name]),
                )
            else:
                lines[name] = line_of(key)
                if not is_blank(value):
                    values[name] = value
        return values

    def _unknown(self, key: Node, name: str, known: dict[str, str], meant: dict[str, str]) -> None:
        near = meant.get(name.lower()) or nearest(name, known)
        what = N_("There is no key “{key}” here.")
        if near:
            self.mistake(key, what, N_("Write {near}."), key=shown(name), near=near)
        else:
            self.mistake(
                key, what, N_("These can stand here: {keys}."), key=shown(name), keys=", ".join(known)
            )

    def items(self, node: Node, key: str, example: str) -> list[Node]:
        """The entries of a list."""
        if isinstance(node, SequenceNode):
            return list(node.value)
        self.mistake(node, N_("{key} must be a list."), N_("Write   {example}"), key=key, example=example)
        return []

    # ---- single values

    def text(self, node: Node, key: str, example: str) -> str | None:
        """Text, without blanks around it and without control characters."""
        if not isinstance(node, ScalarNode):
            kind = N_("{key} must be text, and this is a list.")
            if isinstance(node, MappingNode):
                kind = N_("{key} must be text, and these are keys with values.")
            self.mistake(node, kind, N_("Write   {key}: {example}"), key=key, example=example)
        elif tag(node) != "str":
            self.mistake(
                node,
                N_("{key} must be text; {value} is a number, a date, or true or false to YAML."),
                N_('Put it into quotation marks:   {key}: "{value}"'),
                key=key,
                value=shown(node.value),
            )
        else:
            words = _without_controls(node.value).strip()
            if words:
                return words
            self.mistake(
                node, N_("{key} is empty."), N_("Write   {key}: {example}"), key=key, example=example
            )
        return None

    def flag(self, node: Node, key: str) -> bool | None:
        """true or false; yes, no, on and off are understood."""
        word = node.value.lower() if isinstance(node, ScalarNode) and tag(node) in ("bool", "str") else ""
        if word in ("true", "yes", "on"):
            return True
        if word in ("false", "no", "off"):
            return False
        self.mistake(
            node, N_("{key} must be true or false."), N_("Write   {key}: true   or   {key}: false"), key=key
        )
        return None

    def number(self, node: Node) -> float | None:
        """A finite number, or None (without a mistake: who asks knows what it is for)."""
        if isinstance(node, ScalarNode) and tag(node) in ("int", "float", "str"):
            try:
                value = float(node.value)
            except ValueError:
                return None
            return value if math.isfinite(value) else None
        return None

    def anything(self, node: Node, key: str) -> object:
        """The value as Python would have it: for keys whose meaning is somebody else's business."""
        try:
            return _plain(node, [_MOST_VALUES], _DEEPEST)
        except _TooMuchError:
            self.mistake(node, N_("{key} holds too much, or is nested too deeply."), key=key)
            return None


class _TooMuchError(Exception):
    """A value with more in it than a person would write."""


def _plain(node: Node, left: list[int], depth: int) -> object:
    left[0] -= 1
    if left[0] < 0 or depth < 0:
        raise _TooMuchError
    if isinstance(node, SequenceNode):
        return [_plain(each, left, depth - 1) for each in node.value]
    if isinstance(node, MappingNode):
        if not all(isinstance(key, ScalarNode) for key, _ in node.value):
            raise _TooMuchError
        return {key.value: _plain(value, left, depth - 1) for key, value in node.value}
    return _scalar(tag(node), node.value)


def _scalar(kind: str, value: str) -> str | int | float | bool | None:
    digits = value.replace("_", "")
    if kind == "null":
        return None
    if kind == "bool":
        return value.lower() == "true"
    try:
        if kind == "int":
            return int(digits, 0 if digits.lower().lstrip("+-").startswith(("0x", "0o")) else 10)
        if kind == "float":
            return float(digits.lower().replace(".inf", "inf").replace(".nan", "nan"))
    except ValueError:
        return value  # an explicit tag that does not fit its value, or more digits than a number has
    return value


def _without_controls(words: str) -> str:
    """Escapes can write what no file or page can hold: NUL, or half of a character."""
    return "".join(c if c == "\n" or unicodedata.category(c) not in ("Cc", "Cs") else " " for c in words)


def tag(node: Node) -> str:
    """What YAML takes a value for: str, int, float, bool, null, timestamp, seq or map."""
    return str(node.tag).rpartition(":")[2]


def is_blank(node: Node) -> bool:
    """Is it a key without a value?"""
    return isinstance(node, ScalarNode) and tag(node) == "null"


def line_of(node: Node) -> int:
    """The line on which a value begins, from 1 on."""
    return int(node.start_mark.line) + 1
