"""Tokens come from the environment, and go to one host."""

from __future__ import annotations

import socket
from pathlib import Path

import pytest

from tests.web.server import answer
from tests.web.visiting import Serve, get, reset, source, trouble, visiting


def test_a_token_goes_to_the_sources_own_host_only(serve: Serve, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HARVESTER_TOKEN_ELM_FORD", " s3cret\n")
    other = serve(root=answer(b"other"), next=answer(b"x"))
    own = serve(root=answer(b"own"), away=answer(status=302, Location=other.url()))
    with visiting(source(own, id="elm-ford")) as visit:
        visit.get(own.url())
        visit.get(own.url("/away"))
        visit.get(other.url("/next"))
    assert [asked.headers.get("authorization") for asked in own.asked] == ["s3cret", "s3cret"]
    assert [asked.headers.get("authorization") for asked in other.asked] == [None, None]


def test_a_token_of_another_source_stays_at_home(serve: Serve, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HARVESTER_TOKEN_ELM_FORD", "s3cret")
    server = serve(root=answer(b"own"))
    get(server, id="elm")
    assert "authorization" not in server.asked[0].headers


def test_a_token_is_not_sent_where_others_can_read_it(monkeypatch: pytest.MonkeyPatch, serve: Serve) -> None:
    """Over plain http only on this machine itself."""
    monkeypatch.setenv("HARVESTER_TOKEN_ELMFORD", "s3cret")
    server = serve(root=answer(b"own"))
    here = [(socket.AF_INET, socket.SOCK_STREAM, 6, "", ("127.0.0.1", server.port))]
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: here)
    with visiting(source(server, url=server.url(host="portal.test"))) as visit:
        visit.get(server.url(host="portal.test"))
    assert "authorization" not in server.asked[0].headers


def test_a_token_appears_in_no_trouble(serve: Serve, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HARVESTER_TOKEN_ELMFORD", "s3cret")
    leads_on = answer(status=302, Location="/?t=s3cret")
    for each in (answer(status=401), leads_on, answer(status=503), reset, b"s3cret\r\n\r\n"):
        server = serve(root=each)
        error = trouble(server)
        assert server.asked[0].headers["authorization"] == "s3cret"
        assert "s3cret" not in str(error)
    monkeypatch.setenv("HARVESTER_TOKEN_ELMFORD", "s3cr\nét")
    error = trouble(serve(root=answer(b"x")))
    assert "HARVESTER_TOKEN_ELMFORD: The token holds characters that cannot be sent." in str(error)
    assert "s3cr" not in str(error)


def test_proxies_and_passwords_of_the_environment_are_not_used(
    serve: Serve, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """A proxy would connect for us, to addresses that our guard never sees."""
    trap = serve()
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY", "HTTPS_PROXY"):
        monkeypatch.setenv(name, trap.url())
    (tmp_path / "netrc").write_text("machine 127.0.0.1 login clerk password s3cret\n")
    monkeypatch.setenv("NETRC", str(tmp_path / "netrc"))
    server = serve(root=answer(b"direct"))
    assert get(server).body == b"direct"
    assert "authorization" not in server.asked[0].headers
    assert trap.asked == []
