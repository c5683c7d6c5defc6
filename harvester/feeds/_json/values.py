"""Values of any JSON type, read for what is due in their place: a text, texts, words by language.

Everything here is total: a value of the wrong type gives what can be read out of it, or nothing,
and never an exception. Only `decode` raises, when a text is beyond mending.
"""

from __future__ import annotations

import codecs
import html
import json
import re
from collections.abc import Iterator
from decimal import Decimal
from typing import Any
from urllib.parse import urljoin

import msgspec

from harvester.model import Text

# ------------------------------------------------------------------------------ reading

_strict = msgspec.json.Decoder(float_hook=Decimal)  # a title 300.21 keeps its digits
_encoder = msgspec.json.Encoder(decimal_format="number", order="deterministic")

MOST_LISTS = 8  # lists in lists that are looked into
LONGEST_INTEGER = 1000  # digits; Python refuses to print integers of more than 4,300


def decode(raw: bytes, charset: str | None = None) -> tuple[Any, bool]:
    """The value that `raw` holds, and whether it had to be mended before it could be read.

    Mended are: a byte order mark, bytes that are not UTF-8 (read in `charset`, else as Windows-1252), control
    characters inside strings, trailing and doubled commas, missing values, wrong escapes, halves
    of surrogate pairs, NaN and Infinity (read as null). Raises `ValueError` when that is not enough.
    """
    try:
        return _strict.decode(raw), False
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        text = _text(raw, charset).lstrip("\ufeff")
    try:
        return _strict.decode(text), True  # only its encoding was wrong
    except (msgspec.MsgspecError, RecursionError):
        text = _mended(text)
    try:
        value = json.loads(
            text, strict=False, parse_float=Decimal, parse_int=_integer, parse_constant=lambda _: None
        )
    except RecursionError as error:
        raise ValueError("nested too deeply") from error
    return value, True


def encode(value: object) -> str:
    """A decoded value as JSON again, the same text for the same value."""
    try:
        return _encoder.encode(value).decode()
    except RecursionError:
        return '"…"'


def _integer(digits: str) -> int | str:
    return int(digits) if len(digits) <= LONGEST_INTEGER else digits


def _as_windows_1252(error: UnicodeError) -> tuple[str, int]:
    assert isinstance(error, UnicodeDecodeError)
    return error.object[error.start : error.end].decode("cp1252", "replace"), error.end


codecs.register_error("harvester-windows-1252", _as_windows_1252)


def _text(raw: bytes, charset: str | None) -> str:
    """Text of bytes that should be UTF-8: the claimed charset where it fits, else byte by byte."""
    try:
        return raw.decode()
    except UnicodeDecodeError:
        pass
    if charset and charset.lower().replace("-", "") not in ("utf8", "ascii", "usascii"):
        try:
            return raw.decode(charset)
        except (LookupError, UnicodeDecodeError):
            pass
    return raw.decode("utf-8", "harvester-windows-1252")


_ESCAPE = re.compile(
    r"""\\(?:["\\/bfnrt]|u(?![dD][89a-fA-F])[0-9a-fA-F]{4}"""
    r"""|u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2})"""
    r"""|(?P<half>\\u[dD][89a-fA-F][0-9a-fA-F]{2})|(?P<quote>\\')|(?P<lone>\\)"""
)
_BETWEEN_STRINGS = re.compile(r'("(?:[^"\\]|\\.)*+")|,(?=\s*[,}\]])|(?P<missing>:(?=\s*[,}\]]))', re.S)


def _mended(text: str) -> str:
    text = _ESCAPE.sub(_escape, text)
    return _BETWEEN_STRINGS.sub(lambda m: m[1] or (":null" if m["missing"] else ""), text)


def _escape(found: re.Match[str]) -> str:
    if found["half"]:
        return r"\ufffd"
    return "'" if found["quote"] else r"\\" if found["lone"] else found[0]


# ------------------------------------------------------------------------------ values

_TEXT_KEYS = ("@value", "value", "name", "title", "label", "prefLabel", "@id", "id", "uri", "url", "href")
_LANGUAGE = re.compile(r"[A-Za-z]{2,3}([-_][A-Za-z0-9]{2,8})*")


def is_empty(value: object) -> bool:
    """Does a value say nothing: null, blank text, an empty list or object?"""
    if isinstance(value, str):
        return not value or value.isspace()
    return value is None or (not value and isinstance(value, (list, dict)))


def text_of(value: object) -> str | None:
    """The text in a value, as it was written; the first one of a list, the name of an object."""
    if value is None:
        return None
    if isinstance(value, str):
        return None if not value or value.isspace() else value
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, (int, float, Decimal)):
        return str(value)
    return next(iter(texts_of(value)), None)


def items_of(value: object, depth: int = MOST_LISTS) -> Iterator[object]:
    """The items of a list, and of the lists in it; anything else is an item of its own."""
    if not isinstance(value, list):
        yield value
    elif depth:
        for item in value:
            yield from items_of(item, depth - 1)


def texts_of(value: object) -> tuple[str, ...]:
    """All texts in a value: of a list each item's, of an object the one that names it."""
    if isinstance(value, list):
        return tuple(text for item in items_of(value) for text in texts_of(item))
    if isinstance(value, dict):
        for key in _TEXT_KEYS:
            if not isinstance(named := value.get(key), (dict, list)) and (text := text_of(named)) is not None:
                return (text,)
        return ()
    text = text_of(value)
    return () if text is None else (text,)


def words_of(value: object) -> Text:
    """Text by language: of `{"fr": …, "en": …}`, of JSON-LD's `@value`, or a plain text under ""."""
    if isinstance(value, str):
        if value.startswith("{") and isinstance(opened := opened_of(value), dict) and _is_by_language(opened):
            return words_of(opened)
        return {} if is_empty(value) else {"": value}
    if isinstance(value, dict):
        if "@value" in value:
            text = text_of(value["@value"])
            return {} if text is None else {text_of(value.get("@language")) or "": text}
        if _is_by_language(value):
            return {tag: text for tag, each in value.items() if (text := text_of(each)) is not None}
    if isinstance(value, list) and any(isinstance(item, dict) and "@value" in item for item in value):
        merged: Text = {}
        for item in value:
            for tag, text in (words_of(item) if isinstance(item, dict) else {}).items():
                merged.setdefault(tag, text)
        return merged
    text = text_of(value)
    return {} if text is None else {"": text}


def _is_by_language(value: dict[str, object]) -> bool:
    return bool(value) and all(
        _LANGUAGE.fullmatch(tag) and tag not in ("id", "uri", "url") and not isinstance(text, (dict, list))
        for tag, text in value.items()
    )


def keywords_of(value: object) -> tuple[tuple[str, str], ...]:
    """(language tag or "", word): of a list, of one text, or of lists by language."""
    if isinstance(value, dict) and all(_LANGUAGE.fullmatch(tag) for tag in value):
        return tuple((tag, word) for tag, each in value.items() for word in texts_of(each))
    if isinstance(value, list):
        return tuple(pair for item in items_of(value) for pair in words_of(item).items())
    return tuple(words_of(value).items())


def opened_of(value: object) -> object:
    """A list or object that was written into a text, as CKAN's extras hold it; else the value itself.

    Read are JSON (also with its quotes as HTML entities, as DKAN writes it), Python's own
    `['a', 'b']` and PostgreSQL's `{a,b}`.
    """
    if not isinstance(value, str) or value[:1] not in ("[", "{"):
        return value
    text = html.unescape(value) if "&quot;" in value else value
    try:
        return decode(text.encode("utf-8", "replace"))[0]
    except ValueError:
        pass
    if text.startswith("[") and text.endswith("]"):
        quoted = _PYTHON_TEXT.findall(text)
        return [a or b for a, b in quoted] if quoted else value
    if text.endswith("}") and not re.search(r'[{}:"]', text[1:-1]):
        return [item.strip() for item in text[1:-1].split(",")]
    return value


_PYTHON_TEXT = re.compile(r"""u?'((?:[^'\\]|\\.)*)'|u?"((?:[^"\\]|\\.)*)\"""")


_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:")
_HOST_FIRST = re.compile(r"www\.|[^/?#]+\.[^/?#]+/", re.I)


def absolute(base: str, address: str | None) -> str | None:
    """`address` as seen from `base`; left as it is when it is none, or is no relative address."""
    if address is None or _SCHEME.match(address) or re.search(r"\s", address) or not base.startswith("http"):
        return address
    if _HOST_FIRST.match(address):
        return address  # "www.example.org/x": a host without its scheme, which is not ours to add
    try:
        return urljoin(base, address)
    except ValueError:
        return address
