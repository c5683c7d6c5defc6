"""Undo the compression of a body, piece by piece, without being buried by it."""

from __future__ import annotations

import zlib
from collections.abc import Generator, Iterator
from itertools import chain
from typing import NoReturn

from harvester.errors import FetchError
from harvester.model import N_
from harvester.web.budget import Budget
from harvester.web.trouble import PassingError

GZIP = b"\x1f\x8b"
_GZIP_WINDOW, _ZLIB_WINDOW, _RAW_WINDOW = 31, 15, -15  # the `wbits` of zlib's documentation
_PIECE = 1 << 18  # bytes that are unpacked at a time
_LAYERS = 2  # a .gz file that the server compresses once more
_NOT_ASKED_FOR = {"br", "zstd", "compress", "x-compress", "dcb", "dcz"}


def unpack(chunks: Iterator[bytes], encoding: str, budget: Budget) -> Iterator[bytes]:
    """The content in `chunks`, as pieces of at most 256 kB.

    `encoding` is the Content-Encoding header. gzip is undone wherever the bytes begin as gzip does,
    whether the header says so or not, and left alone where only the header says so. How large the
    content may become is in the budget's limits. Raises `FetchError`.
    """
    named = [word.strip().lower() for word in encoding.split(",")]
    for word in named:
        if word in _NOT_ASKED_FOR:
            raise FetchError(
                budget.where,
                N_("The portal packs its answer with “{packing}”, which it was not asked to."),
                N_("Tell the portal's operator: only gzip and deflate were offered."),
                packing=word,
            )
    pieces = chunks
    if "deflate" in named:
        pieces = _undeflate(pieces, budget.where)
    for _ in range(_LAYERS):
        pieces = _ungzip(pieces, budget.where)
    return _measured(pieces, budget)


def _measured(pieces: Iterator[bytes], budget: Budget) -> Iterator[bytes]:
    """The same pieces, until there are more than anybody means to send."""
    limits, size = budget.limits, 0
    for piece in pieces:
        size += len(piece)
        if size > limits.body_bytes:
            raise FetchError(
                budget.where,
                N_("The unpacked document is larger than {megabytes} MB."),
                N_("If it is meant to be, ask the portal for a feed in pages."),
                megabytes=round(limits.body_bytes / 1_000_000, 3),
            )
        if size > limits.ratio_bytes and size > limits.ratio * max(budget.received, 1):
            raise FetchError(
                budget.where,
                N_("The document unpacks to more than {ratio} times its size, as only a trap does."),
                N_("Ask the portal's operator what it sends."),
                ratio=limits.ratio,
            )
        yield piece


def _head(chunks: Iterator[bytes]) -> bytes:
    """The first bytes, at least two if there are two."""
    head = b""
    for chunk in chunks:
        head += chunk
        if len(head) > 1:
            break
    return head


def _ungzip(chunks: Iterator[bytes], where: str) -> Iterator[bytes]:
    """The content of a gzip stream of one or more members; anything else as it is."""
    head = _head(chunks)
    if not head.startswith(GZIP):
        yield from chain([head], chunks)
        return
    while head.startswith(GZIP):
        rest = yield from _inflate(chain([head], chunks), _GZIP_WINDOW, where)
        head = rest if len(rest) > 1 else rest + _head(chunks)
    for _ in chunks:
        pass  # what follows the last member is padding, which gzip's own program ignores, too


def _undeflate(chunks: Iterator[bytes], where: str) -> Iterator[bytes]:
    """The content of a "deflate" body: with zlib's header (RFC 9110) or, as some send it, without."""
    head = _head(chunks)
    if not head or head.startswith(GZIP):
        yield from chain([head], chunks)
        return
    has_header = len(head) > 1 and head[0] & 15 == 8 and int.from_bytes(head[:2], "big") % 31 == 0
    yield from _inflate(chain([head], chunks), _ZLIB_WINDOW if has_header else _RAW_WINDOW, where)
    for _ in chunks:
        pass


def _inflate(chunks: Iterator[bytes], window: int, where: str) -> Generator[bytes, None, bytes]:
    """One compressed stream, a piece at a time; returns the bytes that follow it in its last chunk."""
    engine = zlib.decompressobj(window)
    for chunk in chunks:
        data = chunk
        while True:
            try:
                piece = engine.decompress(data, _PIECE)
            except zlib.error as error:
                _damaged(where, error)
            if piece:
                yield piece
            if engine.eof:
                return engine.unused_data
            data = engine.unconsumed_tail
            if not data and len(piece) < _PIECE:
                break
    raise PassingError(where, N_("The packed document ends in the middle."))


def _damaged(where: str, error: zlib.error) -> NoReturn:
    raise PassingError(
        where,
        N_("The document is packed, and cannot be unpacked."),
        N_("If this stays so, tell the portal's operator."),
        tries=1,
    ) from error
