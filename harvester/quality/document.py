"""A profile's YAML with the line of every key, so that each mistake can be shown where it is."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from msgspec import Struct
from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.nodes import MappingNode, Node, SequenceNode

from harvester.errors import ConfigError
from harvester.model import N_, Problem

Keys = tuple[str, ...]
"""Where something stands: the keys that lead to it; a list's item goes by its `name`, else its number."""

Plain = dict[str, Any] | list[Any] | str | int | float | bool | None

_TAG = "tag:yaml.org,2002:"
MOST_LEVELS = 40


class Document(Struct):
    """A YAML file as plain dicts, lists and scalars, with lines (from 1) and the mistakes met so far."""

    path: Path
    data: dict[str, Any]
    lines: dict[Keys, int]
    mistakes: list[Problem]

    def mistake(self, keys: Keys, what: str, remedy: str = "", **values: object) -> None:
        """Note a mistake at the place that these keys lead to, or as near to it as this file goes."""
        while keys and keys not in self.lines:
            keys = keys[:-1]
        self.mistakes.append(
            Problem(
                where=f"{self.path.name}, line {self.lines.get(keys, 1)}",
                what=what,
                remedy=remedy,
                values={name: str(value) for name, value in values.items()},
            )
        )


def read(path: Path) -> Document:
    """Read a profile's YAML. Raises `ConfigError` when it cannot be read at all."""
    document = Document(path, {}, {(): 1}, [])
    try:
        root = YAML(typ="safe", pure=True).compose(path.read_text(encoding="utf-8-sig"))
    except OSError as error:
        document.mistake((), N_("The profile cannot be read ({reason})."), reason=error.strerror or error)
    except MarkedYAMLError as error:
        document.lines[()] = error.problem_mark.line + 1 if error.problem_mark else 1
        document.mistake(
            (),
            N_("This is not valid YAML ({reason})."),
            N_("Look at the indentation, the colons and the quotation marks here."),
            reason=error.problem or "",
        )
    except (YAMLError, ValueError, RecursionError) as error:
        document.mistake((), N_("The profile is not a YAML text ({reason})."), reason=type(error).__name__)
    else:
        data = _plain(root, (), document, set()) if root is not None else None
        if isinstance(data, dict):
            document.data = data
        elif not document.mistakes:
            document.mistake((), N_("A profile is a list of keys such as `tables:` and `findings:`."))
    if document.mistakes:
        raise ConfigError(document.mistakes)
    return document


def _plain(node: Node, keys: Keys, document: Document, seen: set[int]) -> Plain:
    line = node.start_mark.line + 1
    if isinstance(node, MappingNode | SequenceNode):
        if id(node) in seen or len(keys) > MOST_LEVELS:
            document.mistake(keys, N_("References (& and *) and endless nesting are not read in a profile."))
            return None
        seen.add(id(node))
    if isinstance(node, MappingNode):
        mapping: dict[str, Any] = {}
        for key_node, value_node in node.value:
            key = str(key_node.value) if not isinstance(key_node, MappingNode | SequenceNode) else "?"
            document.lines[(*keys, key)] = key_node.start_mark.line + 1
            if key in mapping:
                document.mistake((*keys, key), N_("“{key}” is written twice."), key=key)
            mapping[key] = _plain(value_node, (*keys, key), document, seen)
        return mapping
    if isinstance(node, SequenceNode):
        items = []
        for number, item_node in enumerate(node.value):
            name = _name_of(item_node) or str(number)
            document.lines[(*keys, name)] = item_node.start_mark.line + 1
            items.append(_plain(item_node, (*keys, name), document, seen))
        return items
    document.lines.setdefault(keys, line)
    return _scalar(str(node.tag), str(node.value))


def _name_of(node: Node) -> str | None:
    if not isinstance(node, MappingNode):
        return None
    named = (value for key, value in node.value if key.value == "name" and isinstance(value.value, str))
    return next((str(value.value) for value in named), None)


def _scalar(tag: str, text: str) -> str | int | float | bool | None:
    """A scalar as YAML 1.2 means it; a number that Python would not read stays text."""
    kind = tag.removeprefix(_TAG)
    try:
        if kind == "int":
            return int(text.replace("_", ""), 0)
        if kind == "float":
            return float(text.replace("_", "").replace(".inf", "inf").replace(".nan", "nan"))
    except ValueError:
        return text
    if kind == "bool":
        return text.lower() == "true"
    return None if kind == "null" else text
