"""What is behind an address: recognised by content, with few questions, and remembered."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
import yaml

from harvester.detect import MOST_REQUESTS, Found, detect
from harvester.document import Document
from harvester.errors import FeedError, FetchError
from harvester.web.fetch import Fetcher
from tests import make

DATA_JSON = b'{"conformsTo": "https://project-open-data.cio.gov/v1.1/schema", "dataset": [{"title": "Trees", "identifier": "t", "accessLevel": "public", "distribution": []}]}'
PACKAGES = b'{"help": "h", "success": true, "result": {"count": 1, "results": []}}'
TURTLE = b'@prefix dcat: <http://www.w3.org/ns/dcat#> .\n@prefix dct: <http://purl.org/dc/terms/> .\n<https://t.example/1> a dcat:Dataset ; dct:title "Trees" .\n'
SHELL = b"<!doctype html><html><head><title>Town</title></head><body><div id=app></div></body></html>"

RIGHT_BY_PLATFORM = {
    "arcgis-hub": "arcgis_hub",
    "socrata": "socrata",
    "opendatasoft": "opendatasoft",
    "ckan": "ckan",
    "dkan1": "ckan",
    "dkan": "dcat_us",
    "jkan": "dcat_us",
    "udata": "dcat",
    "pygeoapi": "ogc_records",
}
RIGHT = {
    "datos-gob-ar": "dcat_us",  # Andino: a CKAN that offers no API
    "zurich": "dcat",  # these three say CKAN, and answer with DCAT alone
    "govdata-de": "dcat",
    "hydra-paged": "dcat",
    "dumfries": "dcat_us",
    "broken-town": "dcat_us",
    "justicia-ar": "dcat_us",
    "civitavecchia": "dcat",
    "alessandria": "dcat",
    "giovinazzo": "dcat",
    "opendata-swiss": "dcat",
    "fps-finance": "dcat",
    "belgian-agencies": "dcat",
    "atlantis-bom": "dcat",
    "geonetwork-fr": "csw",
    "wave-atlas": "csw",
    "iso-waf": "waf",
    "heritage-nl": "schema_org",
    "maplewood": "spreadsheet",
    "saint-aubin": "spreadsheet",
    "riverbend": "data_package",
    "hsds-211": "data_package",
}
DOWN = {"state-dept"}  # was captured while it was down


class Portal:
    """A `Get` over addresses that answer; all others are missing, or answer with a page all the same."""

    def __init__(self, answers: dict[str, bytes], otherwise: bytes | None = None) -> None:
        self.answers = answers
        self.otherwise = otherwise
        self.asked: list[str] = []

    def __call__(self, url: str) -> Document:
        self.asked.append(url)
        body = self.answers.get(url.removeprefix("https://data.elmford.example"), self.otherwise)
        if body is None:
            raise FetchError(url, "Not there.", status=404)
        return Document(url=url, body=body)

    def head(self, url: str) -> Document:
        return self(url)


def found(portal: Portal, url: str = "https://data.elmford.example/") -> tuple[str, str]:
    result = detect(make.source("elmford", url=url), portal)
    assert len(portal.asked) <= MOST_REQUESTS
    return result.feed, result.url.removeprefix("https://data.elmford.example")


def page(inside: str) -> bytes:
    return f"<!doctype html><html><head><title>Town</title>{inside}</head><body></body></html>".encode()


# ------------------------------------------------------------------------------ real portals


def test_every_replayed_portal_is_recognised_from_its_home_page(
    replay: Callable[..., Any], shared: Any
) -> None:
    """Issue 3, "What it must show", 1: its right type, in at most 12 requests."""
    running = replay()
    portals = yaml.safe_load((shared / "portals" / "portals.yaml").read_text())["portals"]
    right = {
        each["name"]: RIGHT.get(each["name"]) or RIGHT_BY_PLATFORM.get(each["platform"])
        for each in portals
        if each["name"] not in DOWN
    }
    types, requests = {}, {}
    with Fetcher("tests") as fetcher:
        for name in right:
            source = make.source(name, url=running.url(name), allow_private=True)
            with fetcher.visit(source) as visit:
                try:
                    types[name] = detect(source, visit).feed
                except FeedError as error:
                    types[name] = str(error)
            requests[name] = len(running.log(name))
    assert types == right
    assert {name: count for name, count in requests.items() if count > MOST_REQUESTS} == {}


# ------------------------------------------------------------------------------ what orders the questions


def test_the_address_of_a_feed_itself_takes_one_request() -> None:
    portal = Portal({"/some/where.json": DATA_JSON})
    assert found(portal, "https://data.elmford.example/some/where.json") == ("dcat_us", "/some/where.json")
    assert len(portal.asked) == 1


def test_a_hint_moves_its_platform_to_the_front() -> None:
    portal = Portal(
        {
            "/": page('<meta name="generator" content="ckan 2.11">'),
            "/api/3/action/package_search?rows=0": PACKAGES,
            "/data.json": DATA_JSON,
        }
    )
    assert found(portal) == ("ckan", "/api/3/action/package_search?rows=0")
    assert len(portal.asked) == 2


def test_a_hint_proves_nothing() -> None:
    portal = Portal({"/": page('<meta name="generator" content="ckan 2.11">'), "/data.json": DATA_JSON})
    assert found(portal) == ("dcat_us", "/data.json")


def test_a_page_for_every_address_is_no_feed() -> None:
    with pytest.raises(FeedError):
        found(Portal({}, otherwise=SHELL))


def test_a_page_for_every_address_hides_no_feed() -> None:
    assert found(Portal({"/data.json": DATA_JSON}, otherwise=SHELL)) == ("dcat_us", "/data.json")


def test_what_the_head_of_the_page_declares_is_asked_for() -> None:
    portal = Portal(
        {
            "/": page('<link rel="alternate" type="text/turtle" href="deep/in/all.php?x=1">'),
            "/deep/in/all.php?x=1": TURTLE,
        }
    )
    assert found(portal) == ("dcat", "/deep/in/all.php?x=1")


def test_a_portal_without_a_home_page_is_asked_all_the_same() -> None:
    assert found(Portal({"/api/3/action/package_search?rows=0": PACKAGES}))[0] == "ckan"


def test_a_portal_below_a_path_is_asked_there_first() -> None:
    portal = Portal({"/opendata/": page("ckan"), "/opendata/api/3/action/package_search?rows=0": PACKAGES})
    assert (
        found(portal, "https://data.elmford.example/opendata/")[1]
        == "/opendata/api/3/action/package_search?rows=0"
    )


def test_a_portal_that_is_down_is_not_questioned() -> None:
    class Down(Portal):
        def __call__(self, url: str) -> Document:
            self.asked.append(url)
            raise FetchError(url, "Too busy.", status=503)

    portal = Down({})
    with pytest.raises(FetchError):
        found(portal)
    assert len(portal.asked) == 1


def test_where_nothing_is_recognised_the_clerk_learns_what_was_tried_and_what_to_do() -> None:
    portal = Portal({"/": SHELL})
    with pytest.raises(FeedError) as told:
        found(portal)
    assert "/data.json" in str(told.value)
    assert "spreadsheet" in str(told.value)
    assert len(portal.asked) <= MOST_REQUESTS


def test_the_portal_s_own_name_is_found_on_its_home_page() -> None:
    portal = Portal(
        {"/": page('<meta property="og:site_name" content=" Town of  Elmford ">'), "/data.json": DATA_JSON}
    )
    assert detect(make.source(), portal) == Found(
        "dcat_us", "https://data.elmford.example/data.json", "Town of Elmford"
    )


def test_a_share_link_is_the_file_behind_it() -> None:
    sheet = b"title,description,download url,publisher\nTrees,All trees,https://e.example/t.csv,Parks\n"
    portal = Portal({"/s/abcDEF123": SHELL, "/s/abcDEF123/download": sheet})
    assert found(portal, "https://data.elmford.example/s/abcDEF123") == ("spreadsheet", "/s/abcDEF123")
    assert len(portal.asked) == 1


def test_what_only_looks_like_a_share_link_is_a_portal_like_any_other() -> None:
    portal = Portal({"/s/abcDEF123": page("ckan"), "/api/3/action/package_search?rows=0": PACKAGES})
    assert found(portal, "https://data.elmford.example/s/abcDEF123")[0] == "ckan"


def test_a_sheet_that_is_not_shared_is_left_to_the_reader_who_says_how_to_share_it() -> None:
    class Google(Portal):
        def __call__(self, url: str) -> Document:
            self.asked.append(url)
            return Document(url=url, body=SHELL)

    link = "https://docs.google.com/spreadsheets/d/1aBcDeFgHiJkLmNoP/edit#gid=0"
    portal = Google({})
    assert found(portal, link) == ("spreadsheet", link)
    assert len(portal.asked) == 1


def test_a_feed_that_is_down_where_it_was_to_be_expected_is_not_looked_for_elsewhere() -> None:
    class Down(Portal):
        def __call__(self, url: str) -> Document:
            if url.endswith("/data.json"):
                self.asked.append(url)
                raise FetchError(url, "The portal is too busy.", status=503)
            return super().__call__(url)

    portal = Down({"/": page('<link rel="alternate" type="application/json" href="/data.json">')})
    with pytest.raises(FetchError, match="too busy"):
        found(portal)
    assert len(portal.asked) == 2
