"""What has not changed costs a question and no document."""

from __future__ import annotations

import zlib
from collections.abc import Iterator
from typing import Any

import pytest

from harvester.errors import FetchError
from harvester.web.answers import Validators
from tests.web.server import Server, answer
from tests.web.visiting import Serve, get, trouble, visiting


class Tagged(Server):
    """Pages with ETags; those in `untagged` come without."""

    def __init__(self, pages: dict[str, bytes]) -> None:
        super().__init__({})
        self.pages = pages
        self.untagged: set[str] = set()
        self.answers = _ByRequest(self)


class _ByRequest(dict[str, Any]):
    def __init__(self, server: Tagged) -> None:
        self.server = server

    def get(self, path: str, missing: Any = None) -> Any:
        if path not in self.server.pages:
            return missing
        body = self.server.pages[path]
        etag = f'"{zlib.crc32(body)}"'
        if self.server.asked[-1].headers.get("if-none-match") == etag:
            return b"HTTP/1.1 304 Not Modified\r\nETag: " + etag.encode() + b"\r\n\r\n"
        return answer(body) if path in self.server.untagged else answer(body, ETag=etag)


@pytest.fixture
def tagged() -> Iterator[Tagged]:
    with Tagged({"/1": b"one", "/2": b"two", "/3": b"three"}) as server:
        yield server


def visit_all(
    server: Tagged, known: dict[str, Validators], pages: str = "123"
) -> tuple[bool, list[str], Any]:
    """Is it unchanged, what was asked for, and the validators to keep for the next night."""
    before = len(server.asked)
    with visiting(server, known=known) as visit:
        unchanged = visit.unchanged()
        if not unchanged:
            for page in pages:
                assert visit.get(server.url(f"/{page}")).body == server.pages[f"/{page}"]
        return unchanged, server.paths()[before:], visit.validators


def test_an_unchanged_feed_of_one_document_costs_one_request(tagged: Tagged) -> None:
    first, asked, known = visit_all(tagged, {}, pages="1")
    assert (first, asked) == (False, ["/1"])
    again, asked, kept = visit_all(tagged, known, pages="1")
    assert (again, asked, kept) == (True, ["/1"], known)


def test_a_changed_feed_of_one_document_costs_one_request_too(tagged: Tagged) -> None:
    _, _, known = visit_all(tagged, {}, pages="1")
    tagged.pages["/1"] = b"one, and more"
    unchanged, asked, kept = visit_all(tagged, known, pages="1")
    assert (unchanged, asked) == (False, ["/1"])
    assert kept != known
    assert list(kept) == list(known)


def test_a_feed_in_pages_is_unchanged_when_all_of_them_are(tagged: Tagged) -> None:
    _, _, known = visit_all(tagged, {})
    assert visit_all(tagged, known)[:2] == (True, ["/1", "/2", "/3"])
    tagged.pages["/3"] = b"another three"
    assert visit_all(tagged, known)[:2] == (False, ["/1", "/2", "/3", "/1", "/2", "/3"])
    tagged.pages["/1"] = b"another one"
    assert visit_all(tagged, known)[:2] == (False, ["/1", "/2", "/3"])


def test_without_a_validator_nobody_can_say_unchanged(tagged: Tagged) -> None:
    tagged.untagged = {"/2"}
    _, _, known = visit_all(tagged, {})
    assert known[tagged.url("/2")] == Validators()
    assert visit_all(tagged, known)[:2] == (False, ["/1", "/2", "/3"])


def test_a_page_that_has_gone_is_left_to_the_reading(tagged: Tagged) -> None:
    _, _, known = visit_all(tagged, {})
    del tagged.pages["/3"]
    assert visit_all(tagged, known, pages="12")[0] is False


def test_a_feed_that_cannot_be_had_is_no_unchanged_one(tagged: Tagged) -> None:
    _, _, known = visit_all(tagged, {})
    tagged.pages.clear()
    with pytest.raises(FetchError):
        visit_all(tagged, known)


def test_a_304_that_nobody_asked_for_is_no_document(serve: Serve) -> None:
    assert trouble(serve(root=answer(status=304))).status == 304


def test_validators_that_cannot_be_sent_back_are_not_kept(serve: Serve) -> None:
    for hostile in ('"a\r\n b"', '"' + "x" * 1000 + '"', '"é"'):
        assert get(serve(root=answer(b"x", ETag=hostile))).etag in (None, '"a b"')
    server = serve(root=answer(b"x"))
    known = {server.url(): Validators(etag='"a"\r\nX-Evil: 1', last_modified="ok")}
    with visiting(server, known=known) as visit:
        assert not visit.unchanged()
    assert server.asked[0].headers["if-modified-since"] == "ok"
    assert not {"if-none-match", "x-evil"} & set(server.asked[0].headers)


def test_the_same_address_twice_in_a_row_is_one_request(serve: Serve) -> None:
    """Finding out what a feed is and reading it must not fetch it twice."""
    server = serve(root=answer(b"x"), b=answer(b"y"))
    with visiting(server) as visit:
        assert visit.get(server.url()) is visit.get(server.url())
        visit.get(server.url("/b"))
        visit.get(server.url())
        assert (visit.requests, list(visit.validators)) == (3, [server.url(), server.url("/b")])
    assert visit.bytes == 3 * len(answer(b"x"))
