"""A host is treated politely by all visits of a run together."""

from __future__ import annotations

import gzip
import itertools
import socket
from concurrent.futures import ThreadPoolExecutor

import pytest

from harvester.web.budget import Limits
from harvester.web.fetch import Fetcher
from tests.web.server import answer
from tests.web.visiting import PLAIN, QUICK, Serve, chunked, source, visiting


def test_at_most_two_connections_to_a_host_are_open(serve: Serve) -> None:
    server = serve(**{f"p{n}": answer(b"x") for n in range(12)})
    server.delay = 0.02

    def harvest(number: int) -> bytes:
        with fetcher.visit(source(server, id=f"s{number}")) as visit:
            return b"".join(visit.get(server.url(f"/p{number + k}")).read() for k in (0, 4, 8))

    with Fetcher("T", QUICK) as fetcher, ThreadPoolExecutor(4) as threads:
        assert list(threads.map(harvest, range(4))) == [b"xxx"] * 4
    assert len(server.asked) == 12
    assert server.most_open == 2


def test_connections_are_used_again(serve: Serve) -> None:
    packed = gzip.compress(PLAIN)
    server = serve(root=answer(b"x"), b=answer(b"x"), c=chunked(packed, 50, "gzip"), d=answer(packed))
    with visiting(server) as visit:
        for path in ("/", "/b", "/c", "/d", "/b"):
            visit.get(server.url(path))
    assert (len(server.asked), server.connections) == (5, 1)


def test_requests_to_one_host_keep_their_distance(serve: Serve) -> None:
    """From all visits together."""
    server = serve(root=answer(b"x"), b=answer(b"x"))
    limits = Limits(loopback_pause_seconds=0.1)

    def harvest(number: int) -> None:
        with fetcher.visit(source(server, id=f"s{number}")) as visit:
            visit.get(server.url())
            visit.get(server.url("/b"))

    with Fetcher("T", limits) as fetcher, ThreadPoolExecutor(3) as threads:
        list(threads.map(harvest, range(3)))
    times = sorted(asked.at for asked in server.asked)
    assert len(times) == 6
    assert all(later - earlier > 0.08 for earlier, later in itertools.pairwise(times))


def test_a_host_that_is_busy_is_left_alone_by_all_visits(serve: Serve) -> None:
    server = serve(root=[answer(status=429, Retry_After="1"), answer(b"x")], b=answer(b"x"))
    slept: list[float] = []
    with (
        Fetcher("T", QUICK, sleep=slept.append, monotonic=lambda: 0.0) as fetcher,
        fetcher.visit(source(server)) as first,
        fetcher.visit(source(server, id="b")) as second,
    ):
        first.get(server.url())
        second.get(server.url("/b"))
    assert slept == [1, 1]


def test_a_host_with_letters_of_its_language_is_held_and_trusted_too(
    serve: Serve, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A host has two spellings, and limits and leave are for both."""
    lookup = socket.getaddrinfo
    monkeypatch.setattr(socket, "getaddrinfo", lambda _, *rest, **named: lookup("127.0.0.1", *rest, **named))
    server = serve(root=[answer(status=503, Retry_After="1"), answer(b"x")])
    slept: list[float] = []
    url = server.url(host="données.test")
    with visiting(source(server, url=url), sleep=slept.append, monotonic=lambda: 0.0) as visit:
        assert visit.get(url).body == b"x"
    assert slept == [1]
