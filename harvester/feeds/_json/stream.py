"""Records out of a JSON document that may be larger than memory and less than well-formed.

A document is cut at its brackets into members and records, and each of these is decoded on its
own. So memory holds one record at a time, one broken record costs one record, and a document that
breaks off gives all that stood before the break.

    bytes ──▶ UTF-8 ──▶ window ──▶ cut ──▶ decode ──▶ Record | Member | Damage
                                    ▲         │
                                    └─ resume ◀┘ at the next text that decodes to a record
"""

from __future__ import annotations

import io
import re
from collections.abc import Callable, Collection, Iterator
from typing import Any, BinaryIO

from msgspec import Struct

from harvester.document import Document
from harvester.feeds._json.values import decode
from harvester.feeds._json.window import CHUNK, LONGEST_RECORD, BrokenError, Window, as_utf8

Path = tuple[str, ...]

LONGEST_RETRY = 1 << 20  # bytes that one attempt to resume may look at
PATIENCE = 1 << 27  # bytes that may be looked at in vain, in one document
EXCERPT = 200
MOST_MEMBERS = 100_000  # of one object on the way to a list


class Record(Struct, frozen=True):
    """An item of one of the lists that were asked for; `path` is the list's."""

    value: Any
    mended: bool
    path: Path = ()


class Member(Struct, frozen=True):
    """Anything else in the document: its path of names, and its value."""

    path: Path
    value: Any


class Damage(Struct, frozen=True):
    """A stretch that could not be read; `partial` when it may have held more than one record."""

    raw: str
    partial: bool


class NotJson(ValueError):  # noqa: N818 - it says what the document is
    """The document does not begin as JSON does."""


class _Ended(Exception):  # noqa: N818 - what happened is told already
    """Nothing more can be read, and the damage was told."""


def read(
    stream: BinaryIO,
    lists: Collection[Path],
    is_record: Callable[[Any], bool],
    charset: str | None = None,
) -> Iterator[Record | Member | Damage]:
    """Everything in a document, in its order.

    `lists` are the paths of the lists whose items are records; `()` is a list that is the whole
    document. Each list is announced by a `Member` without a value. An object in the place of such
    a list is one record, unless a list that was asked for may be inside it.

    After damage, reading resumes at the next value for which `is_record` holds. Raises `NotJson`.
    """
    window = Window(stream)
    if window.peek() not in (b"{", b"["):
        raise NotJson(window.excerpt())
    yield from _Reader(window, frozenset(lists), is_record, charset).read()


# ------------------------------------------------------------------------------ cutting

_NEXT_OBJECT = re.compile(rb"[},]\s*+,?\s*+(?=\{)")
_LONGEST_GAP = 1024  # blanks between two records


class _Reader:
    def __init__(
        self,
        window: Window,
        lists: frozenset[Path],
        is_record: Callable[[Any], bool],
        charset: str | None,
    ) -> None:
        self.window = window
        self.lists = lists
        self.is_record = is_record
        self.charset = charset
        self.patience = PATIENCE
        self.undamaged = True
        self.list_was_whole = False

    def read(self) -> Iterator[Record | Member | Damage]:
        try:
            yield from self._value(())
        except BrokenError:
            if not self.list_was_whole:
                yield Damage(self.window.excerpt(), partial=True)
        except _Ended:
            pass

    def _value(self, path: Path) -> Iterator[Record | Member | Damage]:
        first = self.window.peek()
        inside = any(len(each) > len(path) and each[: len(path)] == path for each in self.lists)
        if first == b"[" and path in self.lists:
            yield Member(path, None)
            yield from self._items(path)
        elif first == b"{" and inside:
            yield from self._members(path)
        elif first == b"{" and path in self.lists:
            yield Record(*self._decode(self.window.end_of_value()), path)
        elif first == b"":
            raise BrokenError
        else:
            yield Member(path, self._decode(self.window.end_of_value())[0])

    def _members(self, path: Path) -> Iterator[Record | Member | Damage]:
        window, members = self.window, 0
        window.at += 1
        while (first := window.peek()) != b"}":
            if first == b",":
                window.at += 1
                continue
            members += 1
            if members > MOST_MEMBERS:
                yield Damage(window.excerpt(), partial=True)
                raise _Ended
            try:
                if first != b'"':
                    raise BrokenError
                name = self._decode(window.end_of_value())[0]
                if window.peek() != b":":
                    raise BrokenError
                window.at += 1
                if window.peek() not in (b",", b"}"):  # else a name without a value
                    yield from self._value((*path, name))
            except BrokenError:
                self._go_to_list(path)
        window.at += 1

    def _items(self, path: Path) -> Iterator[Record | Damage]:
        window = self.window
        window.at += 1
        while (first := window.peek()) != b"]":
            if first == b",":
                window.at += 1
                continue
            length = None
            try:
                end = window.end_of_value()
                length = end if first in (b"{", b"[") else None
                record = Record(*self._decode(end), path)
            except BrokenError as broken:
                raw, self.undamaged = window.excerpt(), False
                try:
                    if length is None:
                        self._lose_patience(broken.looked_at)
                    alone = self._go_to_next_record(length)
                except BrokenError:
                    yield Damage(raw, partial=True)
                    raise _Ended from None
                yield Damage(raw, partial=not alone)
            else:
                yield record
        window.at += 1
        self.list_was_whole = self.undamaged

    def _decode(self, end: int) -> tuple[Any, bool]:
        """Decode the next `end` bytes and step over them. Raises `BrokenError`, and stays where it is."""
        window = self.window
        try:
            decoded = decode(window.buffer[window.at : window.at + end], self.charset)
        except ValueError as error:
            raise BrokenError from error
        window.at += end
        return decoded

    # -------------------------------------------------------------------------- after damage

    def _go_to_list(self, path: Path) -> None:
        """After a broken member: to the next list that was asked for. Raises `BrokenError`."""
        window = self.window
        names = [re.escape(each[-1].encode()) for each in self.lists if len(each) == len(path) + 1]
        if not names:
            raise BrokenError
        begin = re.compile(rb'"(?:%s)"\s*+:\s*+\[' % b"|".join(names))
        while (found := begin.search(window.buffer, window.at)) is None:
            window.at = max(window.at, len(window.buffer) - _LONGEST_GAP)
            if not window.more():
                raise BrokenError
        window.at = found.start()

    def _go_to_next_record(self, length: int | None) -> bool:
        """After a broken item: to the next value that is a record. Raises `BrokenError` at the end.

        `length` is that of the item where its brackets close. A quote in the wrong place lets them
        close anywhere, so they are only believed when a record follows, or none is near. Returns
        whether the item alone was passed over.
        """
        window, begin = self.window, 0
        if length is not None:
            if window.ahead() < length + _LONGEST_GAP:
                window.more()
            following = _NEXT_OBJECT.match(window.buffer, window.at + length - 1)
            if following and self._is_record_at(following.end() - window.at):
                window.at += length
                return True
        while True:
            found = _NEXT_OBJECT.search(window.buffer, window.at + begin)
            begin = found.end() - window.at if found else max(begin, window.ahead() - _LONGEST_GAP)
            if length is not None and begin > length + LONGEST_RETRY:
                break
            if found:
                if self._is_record_at(begin):
                    window.at += begin
                    return length is not None and 0 <= begin - length <= _LONGEST_GAP
                continue
            if length is None:
                window.at, begin = window.at + begin, 0
            if not window.more():
                break
        if length is None:
            raise BrokenError
        window.at += length
        return True

    def _is_record_at(self, begin: int) -> bool:
        window = self.window
        try:
            end = window.end_of_value(begin, LONGEST_RETRY)
        except BrokenError as broken:
            self._lose_patience(broken.looked_at)
            return False
        try:
            if self.is_record(decode(window.buffer[window.at + begin : window.at + end], self.charset)[0]):
                return True
        except ValueError:
            pass
        self._lose_patience(end - begin)
        return False

    def _lose_patience(self, looked_at: int) -> None:
        """Count bytes that were looked at in vain. Raises `BrokenError` when it was too much."""
        self.patience -= looked_at
        if self.patience < 0:
            raise BrokenError


# ------------------------------------------------------------------------------ shorter ways


def head_of(document: Document, size: int = 4096) -> bytes:
    """The first bytes of a document as UTF-8 without its mark, for recognising what it is."""
    return as_utf8(io.BytesIO(document.head(size)))(size).lstrip()


def read_lines(stream: BinaryIO, charset: str | None = None) -> Iterator[Record | Damage]:
    """Records that stand one a line (JSON Lines); blank lines are passed over."""
    for line in _lines(as_utf8(stream)):
        try:
            yield Record(*decode(line, charset))
        except ValueError:
            if line.strip():
                yield Damage(line[:EXCERPT].decode("utf-8", "replace"), partial=False)


def _lines(read: Callable[[int], bytes]) -> Iterator[bytes]:
    """Lines; of one that is longer than any record may be, the beginning."""
    rest, passing_over = b"", False
    while new := read(CHUNK):
        *lines, rest = (rest + new).split(b"\n")
        if passing_over and lines:
            del lines[0]
            passing_over = False
        yield from lines
        if passing_over:
            rest = b""
        elif len(rest) > LONGEST_RECORD:
            yield rest
            rest, passing_over = b"", True
    yield rest
