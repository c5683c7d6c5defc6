"""A document ends, whatever a server does: in time, in bytes, on the wire and unpacked."""

from __future__ import annotations

import gzip
import itertools
import time
import tracemalloc

import pytest

from harvester.errors import FetchError
from harvester.web.budget import Limits
from harvester.web.fetch import Visit
from tests.web.server import Server, answer, drip
from tests.web.visiting import HURRIED, PLAIN, QUICK, Serve, endless, get, trouble, visiting


@pytest.mark.parametrize(
    ("head", "piece"),
    [
        (b"", b"H"),
        (b"HTTP/1.1 200 OK\r\n", b"X: y\r\n"),
        (b"HTTP/1.1 200 OK\r\nX: ", b"y"),
        (b"", b"HTTP/1.1 100 Continue\r\n\r\n"),
        (b"HTTP/1.1 200 OK\r\n\r\n", b"x"),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 5000\r\n\r\n", b"x"),
        (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", b"1\r\nx\r\n"),
        (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", b"0"),
        (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nffff\r\n", b"x"),
        (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n", b"X: y\r\n"),
        (b"HTTP/1.1 302 Found\r\nLocation: /\r\nX: ", b"y"),
        (b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\n\r\n\x1f\x8b\x08\x08" + bytes(6), b"n"),
    ],
)
def test_a_server_that_drips_is_stopped_wherever_it_drips(serve: Serve, head: bytes, piece: bytes) -> None:
    server = serve(root=drip(head, piece))
    began = time.monotonic()
    error = trouble(server, limits=HURRIED)
    assert "too slowly" in str(error) or "broke off" in str(error)
    assert time.monotonic() - began < 3


def test_a_document_has_a_time_in_all(serve: Serve) -> None:
    """Fast enough at every moment, but it does not end."""
    limits = Limits(total_seconds=0.6, slow_bytes_per_second=1)
    server = serve(root=drip(b"HTTP/1.1 200 OK\r\n\r\n", b"x" * 1000, 0.01))
    began = time.monotonic()
    assert "took longer than 1 seconds" in str(trouble(server, limits=limits))
    assert time.monotonic() - began < 2


def get_on_and_on(visit: Visit, server: Server) -> None:
    for path in itertools.cycle(["/", "/b"]):
        visit.get(server.url(path))


def test_a_visit_has_a_time_in_all(serve: Serve) -> None:
    now = itertools.count(step=60)
    server = serve(root=answer(b"x"), b=answer(b"x"))
    limits = Limits(visit_seconds=1000, slow_bytes_per_second=0)
    told = "The source as a whole took longer than 1000 seconds"
    with (
        visiting(server, limits, monotonic=lambda: float(next(now)), sleep=lambda _: None) as visit,
        pytest.raises(FetchError, match=told),
    ):
        get_on_and_on(visit, server)


def test_a_visit_has_a_size_in_all(serve: Serve) -> None:
    server = serve(root=answer(b"x" * 200_000), b=answer(b"x" * 90_000))
    limits = Limits(visit_bytes=1_000_000, memory_bytes=100_000)
    with visiting(server, limits) as visit:
        with pytest.raises(FetchError, match="The source as a whole sent more than 1 MB"):
            get_on_and_on(visit, server)
        assert visit.requests < 9


def test_an_endless_body_is_stopped_and_needs_little_memory(serve: Serve) -> None:
    limits = Limits(wire_bytes=60_000_000, memory_bytes=4_000_000)
    tracemalloc.start()
    try:
        assert "larger than 60.0 MB" in str(trouble(serve(root=endless(bytes(1 << 16))), limits=limits))
        assert tracemalloc.get_traced_memory()[1] < 14_000_000
    finally:
        tracemalloc.stop()


def test_endless_headers_are_stopped(serve: Serve) -> None:
    for piece in (b"X: y\r\n", b"y"):
        server = serve(root=endless(piece * 1000, b"HTTP/1.1 200 OK\r\nX: "))
        error = trouble(server, limits=Limits(retries=0))
        assert "broke off, or the answer was garbled" in str(error)


@pytest.mark.parametrize("layers", [1, 2])
def test_a_bomb_is_stopped_before_it_has_unfolded(serve: Serve, layers: int) -> None:
    body = gzip.compress(bytes(50_000_000))
    if layers == 2:
        body = gzip.compress(body)
    tracemalloc.start()
    try:
        server = serve(root=answer(body, Content_Encoding="gzip"))
        error = trouble(server, limits=Limits(ratio_bytes=5_000_000))
        assert "unpacks to more than 200 times its size" in str(error)
        assert tracemalloc.get_traced_memory()[1] < 20_000_000
    finally:
        tracemalloc.stop()


def test_what_is_only_well_packed_is_no_bomb(serve: Serve) -> None:
    body = b"".join(b'{"title": "Street trees %d", "keyword": ["trees"]},\n' % n for n in range(9000))
    packed = gzip.compress(body)
    assert len(body) > QUICK.ratio_bytes
    assert get(serve(root=answer(packed, Content_Encoding="gzip"))).body == body


def test_an_unpacked_body_has_its_limit_too(serve: Serve) -> None:
    noise = bytes(range(256)) * 8
    body = gzip.compress(b"".join(noise + b"%d" % n for n in range(1500)))
    assert "The unpacked document is larger than 2.0 MB" in str(trouble(serve(root=answer(body))))


def test_damaged_packing_is_told(serve: Serve) -> None:
    packed = gzip.compress(PLAIN)
    broken = packed[:20] + b"\xff\xff\xff" + packed[23:]
    assert "cannot be unpacked" in str(trouble(serve(root=answer(broken))))
    assert "ends in the middle" in str(trouble(serve(root=answer(packed[:-9]))))
