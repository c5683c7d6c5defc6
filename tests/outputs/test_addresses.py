"""No address breaks the file that it is written into."""

from __future__ import annotations

import pyoxigraph
import pytest
from hypothesis import given
from hypothesis import strategies as st

from harvester.outputs import _addresses
from harvester.outputs._series import Series
from tests import make
from tests.outputs import records

CONFIG = make.config()


@pytest.mark.parametrize(
    ("raw", "iri", "uri"),
    [
        ("https://a.example/x?y=1&z=2", "https://a.example/x?y=1&z=2", "https://a.example/x?y=1&z=2"),
        ("https://a.example/a b.csv", "https://a.example/a%20b.csv", "https://a.example/a%20b.csv"),
        ("https://a.example/100%.csv", "https://a.example/100%25.csv", "https://a.example/100%25.csv"),
        ("https://a.example/%C3%A9", "https://a.example/%C3%A9", "https://a.example/%C3%A9"),
        ("https://a.example/é", "https://a.example/é", "https://a.example/%C3%A9"),
        ("https://a.example/?a[]=1", "https://a.example/?a%5B%5D=1", "https://a.example/?a%5B%5D=1"),
        ("https://a.example/#x#y", "https://a.example/#x%23y", "https://a.example/#x%23y"),
        (" https://a.example/ ", "https://a.example/", "https://a.example/"),
        ("HTTPS://a.example/", "https://a.example/", "https://a.example/"),
        ("ftp://a.example/x", "ftp://a.example/x", "ftp://a.example/x"),
        ("http://[::1]/x", "http://[::1]/x", "http://[::1]/x"),
        ("http://a.example:8080/x", "http://a.example:8080/x", "http://a.example:8080/x"),
        ("http://a.example:99999/x", None, None),
        ("http://[bad/x", None, None),
        ("http://", None, None),
        ("http:///x", None, None),
        ("javascript:alert(1)", None, None),
        ("file:///etc/passwd", None, None),
        ("www.a.example", None, None),
        ("", None, None),
        (None, None, None),
    ],
)
def test_addresses_are_mended_or_refused(raw: str | None, iri: str | None, uri: str | None) -> None:
    assert (_addresses.iri(raw), _addresses.uri(raw)) == (iri, uri)


@given(st.text(alphabet=st.characters()))
def test_what_passes_is_an_iri_and_stays_one(text: str) -> None:
    for raw in (text, f"https://a.example/{text}", f"https://{text}"):
        mended = _addresses.iri(raw)
        if mended is not None:
            pyoxigraph.NamedNode(mended)
            assert _addresses.iri(mended) == mended
            written = _addresses.uri(raw)
            assert written is not None
            assert written.isascii()


@pytest.mark.parametrize(
    ("own", "expected"),
    [
        ("https://data.elmford.example/id/1", "https://data.elmford.example/id/1"),
        ("https://data.elmford.example/id 1", "https://data.elmford.example/id%201"),
        (None, "https://elmvalley.example/dataset/trees/"),
        ("ftp://data.elmford.example/1", "https://elmvalley.example/dataset/trees/"),
        ("urn:uuid:1", "https://elmvalley.example/dataset/trees/"),
        ("https://elmvalley.example/dataset/other/", "https://elmvalley.example/dataset/trees/"),
        ("https://elmvalley.example/#catalogue", "https://elmvalley.example/dataset/trees/"),
    ],
)
def test_a_dataset_is_known_by_its_own_iri_else_by_its_page(own: str | None, expected: str) -> None:
    assert _addresses.subject(CONFIG, "trees", own) == expected


def test_an_iri_that_two_portals_list_belongs_to_the_record_that_was_here_first() -> None:
    shared = "https://data.elmford.example/id/1"
    catalogue = records.catalogue(
        make.record(1, uri=shared, first_seen="2026-02-01"),
        make.record(2, uri=shared, first_seen="2026-01-01"),
        make.record(3, uri=shared, first_seen="2026-01-01"),
    )
    page = "https://elmvalley.example/dataset/street-trees-00000{}/".format
    assert Series(catalogue).subjects == [page(1), shared, page(3)]


def test_a_series_is_found_by_the_name_that_its_own_source_has_for_it() -> None:
    catalogue = records.catalogue(
        make.record(1, key="series", identifiers=("S1",), uri="https://data.elmford.example/id/s1"),
        make.record(2, source="oakham", identifiers=("S1",)),
        member := make.record(3, in_series=("S1", "series", "gone", "https://elsewhere.example/s 9")),
    )
    assert Series(catalogue).of(member.dataset) == (
        "https://data.elmford.example/id/s1",
        "https://elsewhere.example/s%209",
    )
