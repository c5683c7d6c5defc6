"""XML in events, from documents that may not be well-formed and may mean harm.

expat reads what is well-formed. What is not is read again by a scanner that goes on: an end tag
closes all elements up to its own, one that matches nothing is passed over, a lone `<` or `&` is text.

Entities never reach either reader. Harmless ones (`&xsd;` for a namespace, `&eacute;`) are replaced
beforehand, within a bound; references to files, and to entities that unfold without end, are left
out and reported. So nothing is fetched, and memory stays bounded, whatever a document asks for.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import unescape
from html.entities import html5
from typing import Protocol
from xml.parsers import expat

from msgspec import Struct


class Handler(Protocol):
    """Takes events; names are as written, with their prefixes."""

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        """An element begins."""

    def end(self, tag: str) -> None:
        """It ends."""

    def data(self, text: str) -> None:
        """Text inside it."""


class Outcome(Struct, frozen=True):
    """How well-formed a document was."""

    mended: bool
    cut: bool  # elements were open at its end
    refused: frozenset[str] = frozenset()  # entities that were not replaced


def run(text: str, handler: Handler) -> Outcome:
    """Read `text` and tell `handler` what is in it."""
    prepared, refused = _prepared(text)
    content = prepared.encode("utf-8", "replace")
    if _is_well_formed(content):
        parser = expat.ParserCreate("utf-8")
        parser.buffer_text = True
        parser.StartElementHandler = handler.start
        parser.EndElementHandler = handler.end
        parser.CharacterDataHandler = handler.data
        parser.Parse(content, True)
        return Outcome(mended=False, cut=False, refused=refused)
    return Outcome(mended=True, cut=_scan(prepared, handler), refused=refused)


def _is_well_formed(content: bytes) -> bool:
    try:
        expat.ParserCreate("utf-8").Parse(content, True)
    except expat.ExpatError:
        return False
    return True


# ------------------------------------------------------------------------------ entities

_DOCTYPE = re.compile(
    r"""<!DOCTYPE\b[^\[>"']*(?:"[^"]*"[^\[>"']*|'[^']*'[^\[>"']*)*"""
    r"""(?:\[(?P<subset>(?:[^\]"']|"[^"]*"|'[^']*')*+)\]\s*)?>""",
    re.IGNORECASE,
)
_ENTITY = re.compile(
    r"""<!ENTITY\s+(?P<name>[\w.:-]+)\s+(?:"(?P<double>[^"]*)"|'(?P<single>[^']*)'|(?P<other>\w))"""
)
_REFERENCE = re.compile(
    r"(?P<kept><!\[CDATA\[.*?(?:\]\]>|\Z)|<!--.*?(?:-->|\Z)|&(?:amp|lt|gt|quot|apos);)"
    r"|&(?P<name>[A-Za-z_][\w.-]*);|&\#(?P<number>x[0-9A-Fa-f]+|[0-9]+);|(?P<lone>&)",
    re.DOTALL,
)
_NOT_XML = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_LONGEST = 2_000
"""Characters that an entity may stand for."""

_NESTED = 5
"""How often an entity may refer to others."""


def _prepared(text: str) -> tuple[str, frozenset[str]]:
    """`text` without document type, entities and forbidden characters; and the entities refused."""
    text = _NOT_XML.sub("", text.lstrip("\ufeff \t\r\n\0"))
    entities: dict[str, str | None] = {}
    head = text[:200_000]
    doctype = _DOCTYPE.search(head)
    if doctype is not None:
        for found in _ENTITY.finditer(doctype["subset"] or ""):
            value = found["double"] if found["double"] is not None else found["single"]
            entities.setdefault(found["name"], value)
        text = text[: doctype.start()] + text[doctype.end() :]
    if "&" not in text:
        return text, frozenset()
    replacer = _Replacer(entities, room=4 * len(text) + 1_000_000)
    return _REFERENCE.sub(replacer, text), frozenset(replacer.refused)


class _Replacer:
    """Writes what references stand for, as long as there is room."""

    def __init__(self, entities: dict[str, str | None], room: int) -> None:
        self.entities, self.room = entities, room
        self.refused: set[str] = set()
        self.known: dict[str, str | None] = {}

    def __call__(self, found: re.Match[str]) -> str:
        if found["kept"] is not None:
            return found["kept"]
        if found["lone"] is not None:
            return "&amp;"
        if found["number"] is not None:
            return _character(found["number"])
        name = found["name"]
        if name not in self.entities:
            return _escaped(html5[f"{name};"]) if f"{name};" in html5 else f"&amp;{name};"
        if name not in self.known:
            self.known[name] = self._unfolded(name, _NESTED)
        said = self.known[name]
        if said is None or len(said) > self.room:
            self.refused.add(name)
            return ""
        self.room -= len(said)
        return said

    def _unfolded(self, name: str, depth: int) -> str | None:
        value = self.entities.get(name)
        if value is None or depth == 0 or len(value) > _LONGEST:
            return None
        parts: list[str] = []
        size = end = 0
        for found in _REFERENCE.finditer(value):
            inner = found["name"]
            if inner is None or inner not in self.entities:
                continue
            said = self._unfolded(inner, depth - 1)
            if said is None:
                return None
            parts += [_escaped(unescape(value[end : found.start()])), said]
            end = found.end()
            size += len(said)
            if size > _LONGEST:
                return None
        whole = "".join(parts) + _escaped(unescape(value[end:]))
        return whole if len(whole) <= _LONGEST else None


def _character(number: str) -> str:
    code = int(number[1:], 16) if number.startswith("x") else int(number[:10])
    if code > 0x10FFFF or _NOT_XML.match(chr(code)):
        return ""
    return f"&#{code};"


def _escaped(text: str) -> str:
    text = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return text.replace('"', "&quot;").replace("'", "&apos;")


# ------------------------------------------------------------------------------ not well-formed

_MARKUP = re.compile(
    r"<!\[CDATA\[(?P<cdata>.*?)(?:\]\]>|\Z)|<!--.*?(?:-->|\Z)|<\?.*?(?:\?>|\Z)|<![A-Za-z][^<>]*>"
    r"|</(?P<end>[\w.:-]+)\s*>"
    r"""|<(?P<start>[A-Za-z_][\w.:-]*)(?P<attributes>(?:[^<>"'/]|/(?!>)|"[^"<]*"|'[^'<]*')*+)(?P<empty>/?)>""",
    re.DOTALL,
)
_ATTRIBUTE = re.compile(r"""([\w.:-]+)\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'<>]+))""")


def _scan(text: str, handler: Handler) -> bool:
    """Read XML that is not well-formed. Returns whether elements are open at its end."""
    names: list[str] = []  # open elements
    texts: list[bool] = []  # does the element hold text, and nothing else so far?
    end = 0
    for found in _MARKUP.finditer(text):
        _tell(unescape(text[end : found.start()]), handler, texts)
        end = found.end()
        if found["cdata"] is not None:
            _tell(found["cdata"], handler, texts)
        elif found["start"] is not None:
            tag = found["start"]
            if texts and texts[-1] and ":" in tag and ":" in names[-1]:
                handler.end(names.pop())  # a text holds no properties: its end tag is missing
                texts.pop()
            if texts:
                texts[-1] = False
            handler.start(tag, dict(_attributes(found["attributes"])))
            names.append(tag)
            texts.append(False)
            if found["empty"]:
                handler.end(names.pop())
                texts.pop()
        elif found["end"] in names:
            tag = ""
            while tag != found["end"]:
                tag = names.pop()
                texts.pop()
                handler.end(tag)
    _tell(unescape(text[end:]), handler, texts)
    return bool(names)


def _tell(text: str, handler: Handler, texts: list[bool]) -> None:
    if text and texts:
        texts[-1] = texts[-1] or not text.isspace()
        handler.data(text)


def _attributes(text: str) -> Iterator[tuple[str, str]]:
    for name, double, single, bare in _ATTRIBUTE.findall(text):
        yield name, unescape(double or single or bare)
