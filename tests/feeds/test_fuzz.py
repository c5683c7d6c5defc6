"""Whatever a portal answers, a feed ends, and ends in items or in an error of ours.

benchmarks/fuzz.py does the same for as long as one likes, guided by what the parsers do.
"""

from __future__ import annotations

import random
import time

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from harvester import feeds
from harvester.document import Document
from harvester.errors import FeedError
from harvester.feeds._rdf.graph import base_of
from harvester.model import Draft, Item, Problem
from tests import make
from tests.feeds.fuzzing import HOME, Nonsense, nonsense, seeds, start_of
from tests.feeds.web import web

bounded = settings(
    max_examples=120,
    derandomize=True,
    deadline=None,
    database=None,
    suppress_health_check=list(HealthCheck),
    phases=[Phase.explicit, Phase.generate],  # the failing portal is told by its number
)

MOST_SECONDS = 5


@pytest.mark.parametrize("feed", feeds.names())
def test_there_is_a_portal_to_start_from(feed: str) -> None:
    """Else all that follows would break in the door."""
    for portal in seeds(feed):
        get = Nonsense(portal, random.Random(0))
        get._answer = lambda url, portal=portal: Document(  # type: ignore[method-assign]
            url=url, body=next(body for part, body in portal.items() if part in url)
        )
        assert [item for item in nonsense(feed, get, start_of(portal)) if isinstance(item, Draft)], (
            portal.keys()
        )


@pytest.mark.parametrize("feed", feeds.names())
@bounded
@given(number=st.integers(0, 2**32))
def test_a_portal_that_answers_nonsense(feed: str, number: int) -> None:
    chance = random.Random(number)
    began = time.monotonic()
    portal = chance.choice(seeds(feed))
    nonsense(feed, Nonsense(portal, chance), start_of(portal))
    assert time.monotonic() - began < MOST_SECONDS


@pytest.mark.parametrize("feed", feeds.names())
@bounded
@given(body=st.binary(max_size=200) | st.text(max_size=200).map(lambda text: text.encode("utf-8", "replace")))
def test_a_document_of_any_bytes(feed: str, body: bytes) -> None:
    get = Nonsense({"": body}, random.Random(0))
    get._answer = lambda url: Document(url=url, body=body)  # type: ignore[method-assign]
    nonsense(feed, get, HOME + "x")


# ------------------------------------------------------------------------------ what fuzzing has found


def read(feed: str, answers: dict[str, object], url: str = HOME) -> list[Item]:
    return list(feeds.load(feed).read(make.source(url=url), web(answers)))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("url", "base"),
    [
        ("https://a.example/x?page[size]=9#f", "relative+https://a.example/x?page%5Bsize%5D=9"),
        ("https://a.example/%zz%20é", "relative+https://a.example/%25zz%20%C3%A9"),
        ("http://[::1]:80/a//b", "relative+http://[::1]:80/a//b"),
        ("http://[/d.ttl", "relative+none:///d.ttl"),
        ("https://a b.example/d.ttl", "relative+none:///d.ttl"),
        ("https://a.example/\ud800", "relative+https://a.example/?"),
    ],
)
def test_every_address_makes_a_base_for_rdf(url: str, base: str) -> None:
    assert base_of(url) == base


@pytest.mark.parametrize("base", ["http://[", "http://a b/", "https://x.example/[a]", "https://x.example/%"])
def test_rdf_names_a_base_that_is_none(base: str) -> None:
    text = (
        f'<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns:dct="http://purl.org/dc/terms/"'
        f' xml:base="{base}"><Dataset xmlns="http://www.w3.org/ns/dcat#" rdf:about="d"><dct:title>T</dct:title></Dataset></rdf:RDF>'
    )
    assert [type(item) for item in read("dcat", {HOME: text})] == [Draft]


def test_collections_of_collections_are_not_followed_for_ever() -> None:
    links = [{"rel": "items", "href": HOME}]
    answer = {"collections": [{"id": "c", "itemType": "record", "links": links}], "links": []}
    with pytest.raises(FeedError):
        read("ogc_records", {HOME: answer, HOME + "?f=json&limit=100": answer})


def test_a_link_that_leads_nowhere_costs_itself() -> None:
    links = [{"rel": "child", "href": "http://["}, {"rel": "child", "href": "c.json"}]
    root = {"type": "Catalog", "stac_version": "1.0.0", "id": "root", "links": links}
    child = {
        "type": "Collection",
        "stac_version": "1.0.0",
        "id": "c",
        "title": "C",
        "extent": {},
        "links": [],
    }
    url = HOME + "catalog.json"
    assert [type(item) for item in read("stac", {url: root, HOME + "c.json": child}, url)] == [Draft]


def test_a_context_whose_address_is_half_a_character_can_be_told() -> None:
    body = '{"@context": "http://\\udcff/", "@graph": [{"@type": "http://www.w3.org/ns/dcat#Dataset", "http://purl.org/dc/terms/title": "T"}]}'
    told = [item for item in read("dcat", {HOME: body}) if isinstance(item, Problem)]
    assert [problem.values["address"] for problem in told] == ["http://?/"]


def test_marked_elements_are_counted_in_passing() -> None:
    """XPath sorted what it found, and took minutes for a page of 3 MB."""
    marked = '<div itemscope itemtype="https://schema.org/Dataset"><b itemprop=name>T</b></div>\n'
    began = time.monotonic()
    with pytest.raises(FeedError, match="too much"):
        read("schema_org", {HOME: f"<!doctype html><html><body>{marked * 30_000}</body></html>"})
    assert time.monotonic() - began < 20
