"""STAC: APIs and static catalogues."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from harvester.document import Document
from harvester.errors import FeedError, FetchError
from harvester.feeds import stac
from harvester.feeds._stac.collection import draft_of
from harvester.model import Draft, Item
from tests import make
from tests.feeds.captured import announced, drafts, lean, problems
from tests.feeds.web import Web, web

FIXTURES = sorted((Path(__file__).parent / "fixtures_stac").glob("*.json"))
HOME = "https://stac.elmford.example/"
CATALOGUE = HOME + "catalog.json"


def collection(id: str, *links: dict[str, str]) -> dict[str, Any]:
    return {"type": "Collection", "stac_version": "1.0.0", "id": id, "extent": {}, "links": list(links)}


def catalogue(*links: dict[str, str], **members: Any) -> dict[str, Any]:
    return {"type": "Catalog", "stac_version": "1.0.0", "id": "root", "links": list(links), **members}


def child(href: str) -> dict[str, str]:
    return {"rel": "child", "href": href, "type": "application/json"}


def read(answers: dict[str, Any] | Web, url: str = CATALOGUE) -> list[Item]:
    return list(stac.read(make.source(url=url), answers if isinstance(answers, Web) else web(answers)))


def keys(items: list[Item]) -> list[str | None]:
    return [draft.key for draft in drafts(items)]


def recognised(body: Any) -> bool:
    return stac.recognise(
        Document(url=HOME, body=body if isinstance(body, bytes) else json.dumps(body).encode())
    )


@pytest.mark.parametrize("path", FIXTURES, ids=lambda path: path.stem)
def test_a_collection_becomes_a_draft(path: Path):
    case = json.loads(path.read_text(encoding="utf-8"))
    assert lean(draft_of(case["input"], HOME + "ortho/collection.json")) == case["expected"]


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=6,
)
NAMES = sorted({name for path in FIXTURES for name in json.loads(path.read_text("utf-8"))["input"]})


@settings(deadline=None, max_examples=80)
@given(st.dictionaries(st.sampled_from(NAMES), JSON))
def test_any_object_whatever_becomes_a_draft(record: dict[str, Any]):
    draft = draft_of(record, CATALOGUE)
    assert msgspec.convert(msgspec.to_builtins(draft), Draft) == draft


# ------------------------------------------------------------------------------ static catalogues


STATIC = {
    CATALOGUE: catalogue(
        child("./a/collection.json"), child("sub/catalog.json"), {"rel": "item", "href": "i.json"}
    ),
    HOME + "a/collection.json": collection(
        "a", {"rel": "item", "href": "./1.json"}, {"rel": "root", "href": CATALOGUE}
    ),
    HOME + "sub/catalog.json": catalogue(child("./b.json"), child("../a/collection.json")),
    HOME + "sub/b.json": collection("b", child("c.json")),
    HOME + "sub/c.json": collection("c"),
}


def test_links_to_children_are_followed_each_once_and_items_never():
    portal = web(STATIC)
    assert keys(read(portal)) == ["a", "b", "c"]
    assert sorted(portal.calls) == sorted(STATIC)


def test_a_collection_alone_is_a_catalogue_of_one():
    assert keys(read({HOME + "sub/c.json": collection("c")}, HOME + "sub/c.json")) == ["c"]


def test_a_home_page_stands_for_the_catalogue_beside_it():
    assert keys(read({HOME: "<html></html>", **STATIC}, HOME)) == ["a", "b", "c"]


def test_a_file_that_fails_or_is_broken_costs_itself():
    items = read({**STATIC, HOME + "a/collection.json": b'{"id": '})
    assert keys(items) == ["b", "c"]
    assert problems(items)[0].partial


def test_where_nothing_can_be_had_the_harvest_fails():
    down = {HOME + "sub/b.json": "<html>", HOME + "a/collection.json": FetchError("a", "answered 500.")}
    with pytest.raises(FetchError, match="500"):
        read(STATIC | down)


def test_a_catalogue_without_end_is_left_after_so_many_files(monkeypatch: pytest.MonkeyPatch):
    class Endless(Web):
        def __call__(self, url: str) -> Document:
            number = len(self.calls)
            self.answers[url] = collection(
                f"c{number}", child(f"{HOME}{number}a.json"), child(f"{HOME}{number}b.json")
            )
            return super().__call__(url)

    monkeypatch.setattr(stac, "MOST_DOCUMENTS", 20)
    items = read(Endless({}))
    assert len(drafts(items)) == 21
    assert problems(items)[-1].partial


def test_children_that_are_no_web_addresses_are_not_followed():
    portal = web(
        {
            CATALOGUE: catalogue(
                child("file:///etc/passwd"), child("javascript:x"), {"rel": "child", "href": ""}
            )
        }
    )
    assert read(portal) == []
    assert portal.calls == [CATALOGUE]


# ------------------------------------------------------------------------------ APIs


def listed(*collections: Any, after: str | None = None, **members: Any) -> dict[str, Any]:
    return {
        "collections": list(collections),
        "links": [{"rel": "next", "href": after}] if after else [],
        **members,
    }


LANDING = catalogue(
    {"rel": "data", "href": HOME + "collections"}, child(HOME + "collections/a"), conformsTo=[]
)


def test_an_api_is_asked_for_its_list_and_not_for_each_collection():
    portal = web(
        {HOME: LANDING, HOME + "collections": listed(collection("a"), collection("b"), numberMatched=2)}
    )
    items = read(portal, HOME)
    assert (keys(items), announced(items)) == (["a", "b"], 2)
    assert portal.calls == [HOME, HOME + "collections"]


def test_where_the_list_fails_the_links_of_the_landing_page_are_followed():
    assert keys(read({HOME: LANDING, HOME + "collections/a": collection("a")}, HOME)) == ["a"]


def test_pages_of_the_list_are_followed_and_end():
    first, second = HOME + "collections", HOME + "collections?token=2"
    portal = web({first: listed(collection("a"), after=second), second: listed(collection("b"), after=first)})
    assert keys(read(portal, first)) == ["a", "b"]
    assert portal.calls == [first, second]


def test_a_collection_without_an_id_costs_itself():
    items = read(
        {HOME + "collections": listed({"stac_version": "1.0.0"}, 7, collection("b"))}, HOME + "collections"
    )
    assert (keys(items), len(problems(items))) == (["b"], 2)


def test_json_of_another_kind_is_refused():
    with pytest.raises(FeedError, match="stac_version"):
        read({CATALOGUE: {"links": []}})


# ------------------------------------------------------------------------------ recognising


@pytest.mark.parametrize("body", [catalogue(), collection("a"), LANDING, listed(collection("a")), {"stac_version": "0.9.0", "id": "x", "extent": {}, "links": []}], ids=range(5))  # fmt: skip
def test_catalogues_and_collections_are_recognised(body: Any):
    assert recognised(body)


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b'<html>"stac_version"</html>',
        {"type": "Feature", "stac_version": "1.0.0", "id": "an item", "properties": {}},
        {"type": "FeatureCollection", "features": [{"type": "Feature", "stac_version": "1.0.0"}]},
        {"collections": [{"id": "obs", "itemType": "feature", "links": []}]},
        {"dataset": [{"title": "about stac_version"}]},
    ],
    ids=range(6),
)
def test_items_and_what_other_software_answers_are_left_to_others(body: Any):
    assert not recognised(body)


def test_the_specifications_own_example_is_read(shared: Path):
    folder = shared / "standards" / "stac" / "examples"
    answers = {
        HOME + "examples/catalog.json": (folder / "catalog.json").read_bytes(),
        HOME + "examples/extensions-collection/collection.json": (folder / "collection.json").read_bytes(),
    }
    items = read(answers, HOME + "examples/catalog.json")
    assert (keys(items), len(problems(items))) == (["sentinel-2"], 2)  # the others are not among the examples
