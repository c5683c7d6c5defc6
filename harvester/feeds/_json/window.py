"""A window on a byte stream that moves over JSON and finds where a value ends."""

from __future__ import annotations

import codecs
import re
from collections.abc import Callable
from typing import BinaryIO

CHUNK = 1 << 17
LONGEST_RECORD = 1 << 24  # bytes; a dataset with a detailed outline has a few hundred thousand


class BrokenError(ValueError):
    """What stands at this place cannot be cut or decoded; `looked_at` bytes were tried."""

    def __init__(self, looked_at: int = 0) -> None:
        self.looked_at = looked_at


_SPACE = re.compile(
    rb"(?:[\x00-\x20]|\xc2\xa0|\xef\xbb\xbf)*+"
)  # also blanks and marks that JSON does not know
# what may stand between two brackets; other letters show that a quote before is in the wrong place
_CONTENT = re.compile(rb'(?:[\x00-\x20,:+\-.\w]++|"(?:[^"\\]++|\\.)*+")*+', re.S)
_SCALAR = re.compile(rb'"(?:[^"\\]++|\\.)*+"|[^\s,:"{}\[\]]++', re.S)
CLOSING = {ord("{"): ord("}"), ord("["): ord("]")}
_QUOTE = ord('"')


class Window:
    """The unread part of a stream: `buffer[at:]`, and more at the end when asked for."""

    def __init__(self, stream: BinaryIO) -> None:
        self._read = as_utf8(stream)
        self.buffer = b""
        self.at = 0

    def more(self) -> bool:
        """Take in as much again as is there already; what was read is forgotten. False at the end."""
        new = self._read(max(CHUNK, self.ahead()))
        self.buffer, self.at = self.buffer[self.at :] + new, 0
        return bool(new)

    def peek(self) -> bytes:
        """The next byte that is no blank, without taking it; b"" at the end."""
        while True:
            found = _SPACE.match(self.buffer, self.at)
            assert found is not None
            self.at = found.end()
            if self.at < len(self.buffer):
                return self.buffer[self.at : self.at + 1]
            if not self.more():
                return b""

    def ahead(self) -> int:
        """How many bytes are there to be read without asking for more."""
        return len(self.buffer) - self.at

    def excerpt(self, size: int = 200) -> str:
        """The next characters, for a report."""
        return self.buffer[self.at : self.at + size].decode("utf-8", "replace")

    def end_of_value(self, begin: int = 0, longest: int = LONGEST_RECORD) -> int:
        """Where the value that begins at `begin` ends; both are counted from `at`. Raises `BrokenError`."""
        if self.at + begin == len(self.buffer):
            raise BrokenError
        if self.buffer[self.at + begin] not in CLOSING:
            return self._end_of_scalar(begin, longest)
        end, open_brackets = begin, bytearray()
        while True:
            found = _CONTENT.match(self.buffer, self.at + end)
            assert found is not None
            end = found.end() - self.at
            if found.end() == len(self.buffer) or self.buffer[found.end()] == _QUOTE:
                # more is to come, or a string is cut in two
                if end - begin > longest or self.ahead() > 2 * LONGEST_RECORD or not self.more():
                    raise BrokenError(end - begin)
                continue
            bracket = self.buffer[found.end()]
            end += 1
            if bracket in CLOSING:
                open_brackets.append(CLOSING[bracket])
            elif bracket != open_brackets.pop():  # also every byte that is no bracket
                raise BrokenError(end - begin)
            elif not open_brackets:
                return end

    def _end_of_scalar(self, begin: int, longest: int) -> int:
        while True:
            found = _SCALAR.match(self.buffer, self.at + begin)
            if found is not None and found.end() < len(self.buffer):
                return found.end() - self.at
            if found is None and self.buffer[self.at + begin] != _QUOTE:
                raise BrokenError
            length = self.ahead() - begin
            if length > longest or not self.more():
                raise BrokenError(length)


def as_utf8(stream: BinaryIO) -> Callable[[int], bytes]:
    """`stream.read` without a byte order mark, and as UTF-8 where it is UTF-16 or UTF-32.

    RFC 8259 asks for UTF-8; the others show by their mark, or by the zeros beside the first bracket.
    """
    head = stream.read(CHUNK)
    mark, encoding = next((each for each in _MARKS if head.startswith(each[0])), (b"", "utf-8"))
    if mark in _BYTE_ORDER_MARKS:
        head = head[len(mark) :]
    if encoding == "utf-8":
        return _with_head(head, stream.read)
    decoder = codecs.getincrementaldecoder(encoding)("replace")

    def read(size: int) -> bytes:
        raw = stream.read(size)
        return decoder.decode(raw, final=not raw).encode("utf-8", "replace")

    return _with_head(decoder.decode(head).encode("utf-8", "replace"), read)


_BYTE_ORDER_MARKS = (
    codecs.BOM_UTF32_LE,
    codecs.BOM_UTF32_BE,
    codecs.BOM_UTF8,
    codecs.BOM_UTF16_LE,
    codecs.BOM_UTF16_BE,
)
_MARKS = (
    *zip(_BYTE_ORDER_MARKS, ("utf-32-le", "utf-32-be", "utf-8", "utf-16-le", "utf-16-be"), strict=True),
    *((first.encode(code), code) for code in ("utf-32-le", "utf-32-be") for first in "{["),
    *((first.encode(code), code) for code in ("utf-16-le", "utf-16-be") for first in "{["),
)


def _with_head(head: bytes, read: Callable[[int], bytes]) -> Callable[[int], bytes]:
    waiting = [head] if head else []
    return lambda size: waiting.pop() if waiting else read(size)
