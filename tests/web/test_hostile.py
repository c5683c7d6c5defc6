"""Whatever a feed asks for and a server sends: a document or a FetchError."""

from __future__ import annotations

import gzip
from collections.abc import Iterator

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from harvester.errors import FetchError
from harvester.model import Source
from harvester.web.budget import Limits
from harvester.web.fetch import Fetcher
from tests.web.server import Server
from tests.web.visiting import source, visiting

ADDRESSES = r"""x /data.json ftp://a.example/ file:///etc/passwd http:// http://[ http://a:b:c/ data:,x
javascript:alert(1) http://clerk:s3cret@127.0.0.1/ http://a.example:0x50/ http://.../ //a.example/x
HTTP://[::1 http://\\127.0.0.1/ https://127.0.0.1\\@x.invalid/ http:127.0.0.1/ http:/127.0.0.1/
https://xn--a\xff.invalid/ http://127.0.0.1:1/?é"""


@pytest.mark.parametrize(
    "url", ["", "http://\0/", "https://\ud800.invalid/", "http://" + "é" * 3000 + "/", *ADDRESSES.split()]
)
def test_whatever_a_feed_asks_for_is_a_document_or_a_fetch_error(url: str) -> None:
    for place in ("https://x.invalid", url):
        source = Source(id="x", url=place, name="X")
        with visiting(source) as visit, pytest.raises(FetchError) as raised:
            visit.get(url)
        told = str(raised.value)
        assert "s3cret" not in told
        assert told.isprintable()
        assert len(told) < 1000


LINES = [
    *(
        b"HTTP/1.1 200 OK",
        b"HTTP/1.0 200",
        b"HTTP/9.9 200 OK",
        b"HTTP/1.1 abc",
        b"HTTP/1.1 100 C\r\n",
        b"ICY 200",
    ),
    *(
        b"HTTP/1.1 302 F",
        b"HTTP/1.1 503 B",
        b"Connection: close",
        b"Content-Length: 5",
        b"Content-Length: -1",
    ),
    *(b"Content-Length: 1,2", b"Content-Length: 99999999999999999999", b"Content-Length: x"),
    *(b"Transfer-Encoding: chunked", b"Transfer-Encoding: gzip, chunked", b"Content-Encoding: gzip"),
    *(b"Content-Encoding: deflate", b"Content-Encoding: br", b"Location: http://[", b"Location: \xff\xfe"),
    *(
        b"Location: /",
        b"Location:",
        b"Set-Cookie: a=b; expires=\xff",
        b"Set-Cookie: =",
        b"Link: <",
        b"Link: ,,;;=<>",
    ),
    *(b"Set-Cookie: a=b; Max-Age=9e9; domain=.", b"Link: <x>; rel", b"Link: <http://[>; rel=next"),
    *(
        b"Content-Type: /;charset=hex",
        b"Content-Type: text/html; charset=\x00",
        b"Retry-After: \xb2",
        b"Date: 99",
    ),
    *(
        b"ETag: \x80",
        b" folded",
        b":",
        b"no colon",
        b"",
        b"\r\n",
        b"5\r\nhello",
        b"zz",
        b"-5",
        b"fffffffffffffffff",
    ),
    *(b"0\r\n", b"hello"),
]
PARTS = [
    *(line + b"\r\n" for line in LINES),
    b"\x1f\x8b\x08\x00",
    b"\x78\x9c",
    b"\x00",
    gzip.compress(b"packed"),
]


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    with Server({}) as running:
        yield running


@pytest.fixture(scope="module")
def fetcher() -> Iterator[Fetcher]:
    with Fetcher("T", Limits(read_seconds=0.2, retries=0, redirects=1)) as running:
        yield running


@settings(max_examples=200, deadline=None)
@given(parts=st.lists(st.sampled_from(PARTS) | st.binary(max_size=20), max_size=12), whole=st.booleans())
def test_whatever_a_server_sends_is_a_document_or_a_fetch_error(
    server: Server, fetcher: Fetcher, parts: list[bytes], whole: bool
) -> None:
    sent = b"HTTP/1.1 200 OK\r\n" * whole + b"".join(parts)
    server.answers["/"] = lambda connection: connection.sendall(sent)
    with fetcher.visit(source(server)) as visit:
        try:
            document = visit.get(server.url())
        except FetchError as error:
            told = str(error)
        else:
            assert all(link.startswith("http") for link in document.links.values())
            told = str(bytes(99).decode(document.charset or "ascii", "replace").isprintable())
    assert told.isprintable()
