"""What is tried again, how often and when; and what is told of the rest."""

from __future__ import annotations

import socket
import time

import pytest

from harvester.web.budget import Limits
from tests.web.server import answer
from tests.web.visiting import HURRIED, QUICK, Serve, reset, trouble, visiting


def test_a_passing_trouble_is_tried_again_with_growing_pauses(serve: Serve) -> None:
    for first in (*(answer(status=status) for status in (429, 502, 503, 504)), reset, nothing):
        server = serve(root=[first, first, answer(b"here")])
        slept: list[float] = []
        with visiting(server, sleep=slept.append, jitter=lambda: 0.5) as visit:
            assert visit.get(server.url()).body == b"here"
            assert visit.requests == 3
        assert slept == [0.01, 0.02]


def truncated(connection: socket.socket) -> None:
    connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhalf")


def nothing(connection: socket.socket) -> None:
    connection.shutdown(socket.SHUT_RDWR)


def silence(connection: socket.socket) -> None:
    time.sleep(1)


def test_no_trouble_is_tried_for_ever(serve: Serve) -> None:
    server = serve(root=answer(status=503))
    error = trouble(server)
    assert (error.status, len(server.asked)) == (503, QUICK.retries + 1)
    server = serve(root=truncated)
    assert "broke off" in str(trouble(server))
    assert len(server.asked) == QUICK.retries + 1


def test_silence_is_tried_once_more_and_no_longer(serve: Serve) -> None:
    server = serve(root=silence)
    assert "did not answer in time" in str(trouble(server, limits=HURRIED))
    assert len(server.asked) == 2


@pytest.mark.parametrize(
    "status", [400, 401, 403, 404, 410, 418, 500, 501, 202, 204, 206, 299, 304, 305, 999]
)
def test_other_troubles_are_told_at_once_with_their_status(serve: Serve, status: int) -> None:
    server = serve(root=answer(b"" if status in (204, 304) else b"no", status=status))
    error = trouble(server)
    assert error.status == status
    assert str(status) in str(error)
    assert len(server.asked) == 1


def test_words_for_the_troubles_that_people_can_mend(serve: Serve) -> None:
    told = {
        401: "put a token into the environment variable HARVESTER_TOKEN_ELM_FORD",
        403: "Ask its operator to let this program through; it calls itself “Test (a@b.example)”.",
        404: "The feed may have moved: look for it on the portal, and write its new address",
    }
    for status, words in told.items():
        assert words in str(trouble(serve(root=answer(status=status)), id="elm-ford"))


@pytest.mark.parametrize(
    ("header", "waited"),
    [
        ("7", [7]),
        ("0", [0.01]),
        ("Wed, 21 Oct 2026 07:28:09 GMT", [9]),
        ("Wed, 21 Oct 2026 07:27:00 GMT", [0.01]),  # long past
        ("soon", [0.01]),
        ("", [0.01]),
        ("-5", [0.01]),
    ],
)
def test_retry_after_is_obeyed(serve: Serve, header: str, waited: list[float]) -> None:
    """A date is held against the server's own clock, which may be wrong."""
    busy = answer(status=503, Retry_After=header, Date="Wed, 21 Oct 2026 07:28:00 GMT")
    server = serve(root=[busy, answer(b"here")])
    slept: list[float] = []
    limits = Limits(backoff_seconds=0.01)
    clock = {"sleep": slept.append, "jitter": lambda: 0.5, "monotonic": lambda: 0.0}
    with visiting(server, limits, **clock) as visit:
        assert visit.get(server.url()).body == b"here"
    assert slept == waited


@pytest.mark.parametrize("header", ["121", "86400", "9" * 5000, "Wed, 21 Oct 2036 07:28:00 GMT"])
def test_a_server_that_asks_for_too_long_a_wait_is_left_for_tonight(serve: Serve, header: str) -> None:
    busy = answer(status=429, Retry_After=header, Date="Wed, 21 Oct 2026 07:28:00 GMT")
    server = serve(root=busy)
    error = trouble(server, limits=Limits())
    assert "asks us to come back in" in str(error)
    assert (error.status, len(server.asked)) == (429, 1)


def test_no_wait_goes_beyond_the_time_of_the_document(serve: Serve) -> None:
    server = serve(root=answer(status=503, Retry_After="100"))
    began = time.monotonic()
    assert trouble(server, limits=Limits(total_seconds=50)).status == 503
    assert time.monotonic() - began < 5
