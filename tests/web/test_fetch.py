"""What comes back: bodies, headers, and what redirects lead to."""

from __future__ import annotations

import gzip
import itertools
import socket
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from harvester.document import Document
from harvester.errors import FetchError
from harvester.model import Source
from harvester.web.fetch import Fetcher
from tests.web.server import Server, answer
from tests.web.visiting import PLAIN, QUICK, Serve, chunked, endless, get, source, trouble, visiting


def test_a_document_is_what_the_server_said(serve: Serve) -> None:
    server = serve(feed=answer(
        b'{"a": 1}', Content_Type="Application/JSON; Charset=UTF-8", ETag='W/"1"', Last_Modified="Mon",
        Link='</feed?page=2>; rel="next last", <https://other.example/x>; rel=self',
    ))  # fmt: skip
    assert get(server, "/feed#part") == Document(
        url=server.url("/feed"),
        body=b'{"a": 1}',
        media_type="application/json",
        charset="utf-8",
        links={
            "next": server.url("/feed?page=2"),
            "last": server.url("/feed?page=2"),
            "self": "https://other.example/x",
        },
        etag='W/"1"',
        last_modified="Mon",
        length=8,
    )


def test_head_tells_size_and_type_without_fetching_the_content(serve: Serve) -> None:
    server = serve(feed=answer(b"x" * 5000, Content_Type="text/csv"))
    with Fetcher("Tests") as fetcher, fetcher.visit(source(server)) as visit:
        document = visit.head(server.url("/feed"))
    assert (document.media_type, document.length, document.body) == ("text/csv", 5000, b"")
    assert visit.bytes < 500


def test_the_request_says_who_asks_and_for_what(serve: Serve) -> None:
    server = serve(root=answer(b"x"))
    with Fetcher("Catalogue de Montréal\r\nX: y") as fetcher, fetcher.visit(source(server)) as visit:
        visit.get(server.url())
    (asked,) = server.asked
    assert asked.headers["user-agent"] == "Catalogue de Montr?al??X: y"
    assert asked.headers["accept"].startswith("application/json, application/ld+json, text/turtle")
    assert asked.headers["accept-encoding"] == "gzip, deflate"
    assert not {"authorization", "cookie", "x", "accept-language"} & set(asked.headers)


def test_a_large_body_is_put_into_a_file_that_goes_with_the_visit(serve: Serve, tmp_path: Path) -> None:
    body = b"0123456789" * 20_000
    server = serve(root=answer(body), small=answer(b"small"))
    with Fetcher("T", QUICK, spool=tmp_path / "spool") as fetcher:
        with fetcher.visit(source(server)) as visit:
            large, small = visit.get(server.url()), visit.get(server.url("/small"))
            assert isinstance(large.body, Path)
            assert large.body.is_relative_to(tmp_path / "spool")
            assert (large.size, large.head(5), large.read()) == (200_000, b"01234", body)
            assert small.body == b"small"
        assert list((tmp_path / "spool").iterdir()) == []
        with pytest.raises(FetchError), fetcher.visit(source(server)) as visit:
            assert visit.get(server.url()).size + visit.get(server.url("/missing")).size
        assert list((tmp_path / "spool").iterdir()) == []


def test_a_full_or_forbidden_disk_is_a_trouble_of_this_document(serve: Serve, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    server = serve(root=answer(b"x" * 200_000))
    with (
        visiting(server, spool=tmp_path / "file") as visit,
        pytest.raises(FetchError, match="could not be put on the disk"),
    ):
        visit.get(server.url())


PACKED = gzip.compress(PLAIN)
RAW_DEFLATE = zlib.compress(PLAIN)[2:-4]


@pytest.mark.parametrize(
    ("body", "encoding"),
    [
        pytest.param(PLAIN, "identity", id="nothing"),
        pytest.param(PACKED, "gzip", id="gzip"),
        pytest.param(PACKED, "x-gzip", id="x-gzip"),
        pytest.param(PACKED, "identity", id="a .gz file, or a header that was forgotten"),
        pytest.param(PLAIN, "gzip", id="a header that is wrong"),
        pytest.param(gzip.compress(PACKED), "gzip", id="a .gz file that was packed once more"),
        pytest.param(gzip.compress(PLAIN[:500]) + gzip.compress(PLAIN[500:]), "gzip", id="two members"),
        pytest.param(PACKED + bytes(600), "gzip", id="padded"),
        pytest.param(zlib.compress(PLAIN), "deflate", id="deflate"),
        pytest.param(RAW_DEFLATE, "deflate", id="deflate without its header"),
        pytest.param(zlib.compress(PACKED), "gzip, deflate", id="both"),
        pytest.param(PLAIN, "utf-8", id="a charset in the wrong place"),
    ],
)
@pytest.mark.parametrize("chunk", [None, 1, 7])
def test_compression_is_undone_whatever_the_header_says(
    serve: Serve, body: bytes, encoding: str, chunk: int | None
) -> None:
    whole = answer(body, Content_Encoding=encoding)
    assert get(serve(root=whole if chunk is None else chunked(body, chunk, encoding))).body == PLAIN


def test_an_empty_body_is_a_document(serve: Serve) -> None:
    for each in (answer(), answer(Content_Encoding="gzip"), answer(Content_Encoding="deflate")):
        assert get(serve(root=each)).body == b""


def test_a_packing_that_was_not_offered_is_told(serve: Serve) -> None:
    server = serve(root=answer(b"\x8b\x02", Content_Encoding="br"))
    assert "packs its answer with “br”" in str(trouble(server))


# ------------------------------------------------------------------------------ redirects


def test_redirects_are_followed_and_the_last_address_is_the_documents(serve: Serve) -> None:
    server = serve(
        root=answer(status=301, Location="/a?x=1#there"),
        **{"a?x=1": answer(b"<html>moved", status=308, Location="../b"), "b": answer(b"here")},
    )
    document = get(server)
    assert (document.url, document.body) == (server.url("/b"), b"here")
    assert server.paths() == ["/", "/a?x=1", "/b"]


def test_a_redirect_in_utf_8_is_followed(serve: Serve) -> None:
    server = serve(root=answer(status=302, Location="X").replace(b"X\r\n\r\n", "/données\r\n\r\n".encode()))
    server.answers["/donn%C3%A9es"] = answer(b"here")
    assert get(server).body == b"here"


def test_a_chain_without_end_ends(serve: Serve) -> None:
    count = itertools.count()
    server = serve()
    server.answers = _Endless(lambda: answer(status=302, Location=f"/{next(count)}"))
    assert "leads from one address to the next without end" in str(trouble(server))
    assert len(server.asked) == QUICK.redirects + 1


class _Endless(dict[str, Any]):
    def __init__(self, make: Callable[[], bytes]) -> None:
        self.make = make

    def get(self, *_: Any) -> bytes:
        return self.make()


def test_a_circle_costs_one_lap(serve: Serve) -> None:
    server = serve(root=answer(status=302, Location="/b"), b=answer(status=307, Location="/"))
    assert "without end" in str(trouble(server))
    assert server.paths() == ["/", "/b"]


def test_a_cookie_lives_as_long_as_the_redirects_of_one_document(serve: Serve) -> None:
    """Some portals set a cookie, lead back to the same address, and answer when it comes along."""
    server = serve(root=[answer(status=302, Location="/", Set_Cookie="seen=1"), answer(b"here")])
    with visiting(server) as visit:
        assert visit.get(server.url()).body == b"here"
        with pytest.raises(FetchError):
            visit.get(server.url("/other"))
    assert [asked.headers.get("cookie") for asked in server.asked] == [None, "seen=1", None]


NO_WEB_ADDRESSES = """file:///etc/passwd ftp://127.0.0.1/ javascript:alert(1) gopher://127.0.0.1:70/_x http://[
data:text/plain,x https://user:secret@127.0.0.1/ http://127.0.0.1:99999/ http://a%20b/"""


@pytest.mark.parametrize("target", NO_WEB_ADDRESSES.split())
def test_a_redirect_to_what_is_no_web_address_is_refused(serve: Serve, target: str) -> None:
    error = trouble(serve(root=answer(status=302, Location=target)))
    assert "secret" not in str(error)
    assert any(told in str(error) for told in ("is not followed", "can be asked for", "There is no host"))


@pytest.mark.parametrize("host", ["127.0.0.2", "127.2", "2130706434", "[::ffff:127.0.0.2]", "inside.test"])
def test_a_redirect_to_the_inside_is_refused_and_nothing_is_asked_there(
    serve: Serve, monkeypatch: pytest.MonkeyPatch, host: str
) -> None:
    """Even when the source itself stands inside: `allow_private` is for its own host."""
    lookup = socket.getaddrinfo

    def getaddrinfo(name: str, *arguments: Any, **options: Any) -> Any:
        return lookup("127.0.0.2" if name == "inside.test" else name, *arguments, **options)

    monkeypatch.setattr(socket, "getaddrinfo", getaddrinfo)
    with Server({"/": answer(b"secret")}, address="127.0.0.2") as inside:
        front = serve(root=answer(status=302, Location=inside.url(host=host)))
        assert "which is inside a private network. It was not asked." in str(trouble(front))
        assert (front.paths(), inside.connections) == (["/"], 0)


def test_a_file_gives_no_leave_to_reach_inside(serve: Serve) -> None:
    server = serve(root=answer(b"secret"))
    file = Source(id="x", url="x", name="X", path=Path("x"), allow_private=True)
    with visiting(file) as visit, pytest.raises(FetchError, match="inside a private network"):
        visit.get(server.url())
    assert server.connections == 0


def test_an_endless_body_of_a_redirect_is_not_read(serve: Serve) -> None:
    leads_on = endless(bytes(65536), b"HTTP/1.1 302 Found\r\nLocation: /b\r\n\r\n")
    assert get(serve(root=leads_on, b=answer(b"here"))).body == b"here"
