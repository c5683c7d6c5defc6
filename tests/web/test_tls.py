"""Encrypted connections: the name is proved, whatever address was connected to."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from typing import Any

import pytest

from harvester.errors import FetchError
from harvester.model import Source
from tests.web.server import Server, answer, drip
from tests.web.visiting import AUTHORITY, CERTIFICATES, HURRIED, visiting


@pytest.fixture(autouse=True)
def _names(monkeypatch: pytest.MonkeyPatch) -> None:
    """portal.test and other.test stand on this machine."""
    lookup = socket.getaddrinfo

    def getaddrinfo(name: str, *arguments: Any, **options: Any) -> Any:
        return lookup("127.0.0.1" if name.endswith(".test") else name, *arguments, **options)

    monkeypatch.setattr(socket, "getaddrinfo", getaddrinfo)


@pytest.fixture
def portal() -> Iterator[Server]:
    with Server({"/": answer(b"encrypted")}, certificate=CERTIFICATES / "portal.pem") as server:
        yield server


def read(server: Server, host: str = "portal.test", **options: Any) -> bytes:
    url = server.url(host=host)
    with visiting(Source(id="p", url=url, name="P", allow_private=True), **options) as visit:
        return visit.get(url).read()


def test_a_portal_with_a_good_certificate_is_read(portal: Server) -> None:
    assert read(portal) == b"encrypted"
    assert portal.asked[0].headers["host"] == f"portal.test:{portal.port}"
    assert portal.server_names == ["portal.test"]


@pytest.mark.parametrize(
    ("certificate", "told"),
    [
        ("expired", "The certificate of the portal has expired."),
        ("incomplete", "The certificate of the portal is incomplete (an intermediate one is missing) or not"),
        ("lone", "The portal made its certificate itself, so that nobody can check it."),
    ],
)
def test_a_bad_certificate_is_told_and_nothing_is_asked(certificate: str, told: str) -> None:
    with Server({"/": answer(b"x")}, certificate=CERTIFICATES / f"{certificate}.pem") as server:
        with pytest.raises(FetchError) as raised:
            read(server)
        assert told in str(raised.value)
        assert "Tell the portal's operator" in str(raised.value)
        assert (server.asked, server.connections) == ([], 1)


def test_a_certificate_for_another_name_is_told(portal: Server) -> None:
    for host in ("other.test", "127.0.0.1"):
        with pytest.raises(FetchError, match="belongs to another host"):
            read(portal, host)
    assert portal.asked == []


def test_an_authority_that_nobody_knows_is_not_trusted(portal: Server) -> None:
    with pytest.raises(FetchError, match="not trusted"):
        read(portal, authorities=None)


def test_a_setting_of_the_environment_cannot_switch_the_check_off(
    portal: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE", "SSL_CERT_FILE"):
        monkeypatch.setenv(name, str(AUTHORITY))
    with pytest.raises(FetchError, match="not trusted"):
        read(portal, authorities=None)


def test_http_where_https_is_meant_is_told() -> None:
    with Server({}) as server:
        url = server.url(host="portal.test").replace("http:", "https:")
        source = Source(id="p", url=url, name="P", allow_private=True)
        with visiting(source) as visit, pytest.raises(FetchError, match="No encrypted connection"):
            visit.get(url)


def test_limits_hold_for_encrypted_connections_too() -> None:
    dripping = drip(b"HTTP/1.1 200 OK\r\n\r\n", b"x")
    with (
        Server({"/": dripping}, certificate=CERTIFICATES / "portal.pem") as server,
        pytest.raises(FetchError, match="sends too slowly"),
    ):
        read(server, limits=HURRIED)


def test_a_token_goes_over_an_encrypted_connection(portal: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HARVESTER_TOKEN_P", "s3cret")
    read(portal)
    assert portal.asked[0].headers["authorization"] == "s3cret"
