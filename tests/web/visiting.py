"""What tests of fetching share: limits that make them quick, and one-line visits."""

from __future__ import annotations

import socket
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import msgspec
import pytest

from harvester.document import Document
from harvester.errors import FetchError
from harvester.model import Source
from harvester.web.answers import Validators
from harvester.web.budget import Limits
from harvester.web.fetch import Fetcher, Visit
from tests.web.server import Answer, Server

QUICK = Limits(
    connect_seconds=3,
    read_seconds=3,
    total_seconds=10,
    slow_seconds=3,
    backoff_seconds=0.01,
    wire_bytes=1_000_000,
    body_bytes=2_000_000,
    ratio_bytes=200_000,
    memory_bytes=100_000,
)
HURRIED = msgspec.structs.replace(QUICK, read_seconds=0.4, slow_seconds=0.5)
"""For servers that make us wait; too short for a healthy one on a machine with much else to do."""

PLAIN = b"Everything that the towns publish. " * 40

CERTIFICATES = Path(__file__).parent / "certificates"
AUTHORITY = CERTIFICATES / "authority.pem"

Serve = Callable[..., Server]


def source(server: Server, **changes: Any) -> Source:
    return Source(**{"id": "elmford", "url": server.url(), "name": "E", "allow_private": True, **changes})


@contextmanager
def visiting(
    to: Server | Source,
    limits: Limits = QUICK,
    known: Mapping[str, Validators] | None = None,
    **options: Any,
) -> Iterator[Visit]:
    """One visit by a fetcher of its own; `options` are the fetcher's. It trusts the tests' authority only,
    which is read faster than the many that the world trusts."""
    place = source(to) if isinstance(to, Server) else to
    with (
        Fetcher("Test (a@b.example)", limits, **{"authorities": AUTHORITY, **options}) as fetcher,
        fetcher.visit(place, known) as visit,
    ):
        yield visit


def get(server: Server, path: str = "/", limits: Limits = QUICK, **changes: Any) -> Document:
    """One document, with its content in memory."""
    with visiting(source(server, **changes), limits) as visit:
        document = visit.get(server.url(path))
        return msgspec.structs.replace(document, body=document.read())


def trouble(server: Server, path: str = "/", limits: Limits = QUICK, **changes: Any) -> FetchError:
    """Why the document cannot be had."""
    with pytest.raises(FetchError) as raised:
        get(server, path, limits, **changes)
    return raised.value


def chunked(body: bytes, size: int, encoding: str = "identity") -> bytes:
    """An answer whose length is not told, in pieces of so many bytes."""
    pieces = (body[i : i + size] for i in range(0, len(body), size))
    head = f"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nContent-Encoding: {encoding}\r\n\r\n".encode()
    return head + b"".join(b"%x\r\n%s\r\n" % (len(piece), piece) for piece in pieces) + b"0\r\n\r\n"


def endless(piece: bytes, head: bytes = b"HTTP/1.1 200 OK\r\n\r\n") -> Answer:
    """An answer that never ends."""

    def send(connection: socket.socket) -> None:
        connection.sendall(head)
        while True:
            connection.sendall(piece)

    return send


def reset(connection: socket.socket) -> None:
    """Half an answer, and then the connection is reset."""
    connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf")
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")
