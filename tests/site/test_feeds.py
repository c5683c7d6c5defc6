"""Feeds and lists for programs: well-formed whatever they hold, and unchanged when nothing changed."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from harvester.model import Agent
from harvester.site import feeds, search_index
from harvester.site.tree import Tree
from harvester.site.views import card
from tests import make
from tests.site import region
from tests.site.conftest import Build

ATOM = {"a": "http://www.w3.org/2005/Atom"}
SITEMAPS = {"s": "http://www.sitemaps.org/schemas/sitemap/0.9"}


def parsed(path: Path) -> ET.Element:
    return ET.fromstring(path.read_bytes())


def test_newest_feed_holds_the_newest_first(build: Build) -> None:
    records = [make.record(n, first_seen=f"2026-01-{n:02d}", changed="2026-03-01") for n in range(1, 4)]
    root = parsed(build(make.catalogue(*records)) / "feeds/newest.atom")
    titles = [entry.findtext("a:title", namespaces=ATOM) for entry in root.findall("a:entry", ATOM)]
    assert titles == ["Street trees 3", "Street trees 2", "Street trees 1"]
    assert root.findtext("a:updated", namespaces=ATOM) == "2026-01-03T00:00:00Z"


def test_changed_feed_is_dated_by_its_newest_entry_and_not_by_the_night(build: Build) -> None:
    root = parsed(build(make.catalogue(make.record(changed="2026-02-02"))) / "feeds/changed.atom")
    assert root.findtext("a:updated", namespaces=ATOM) == "2026-02-02T00:00:00Z"


@pytest.mark.parametrize("path", ["feeds/newest.atom", "feeds/changed.atom", "publisher/parks/feed.atom"])
def test_feeds_have_what_atom_demands(build: Build, path: str) -> None:
    """RFC 4287, section 4.1: id, title, updated everywhere; an author; ids are unique."""
    root = parsed(build(region.catalogue(60)) / path)
    entries = root.findall("a:entry", ATOM)
    assert 0 < len(entries) <= feeds.MOST_ENTRIES
    for element in (root, *entries):
        for name in ("id", "title", "updated", "author/a:name"):
            assert element.findtext(f"a:{name}", namespaces=ATOM), name
    ids = [entry.findtext("a:id", namespaces=ATOM) for entry in entries]
    assert len(set(ids)) == len(ids)


def test_nothing_that_xml_cannot_hold_gets_into_a_feed(build: Build) -> None:
    evil = make.record(
        title={"en": "a\x00b\x0bc\ufffe </title>&"},
        publisher=Agent(id="p", name={"en": "x\x1fy"}),
        description={"en": "\x08d"},
    )
    folder = build(make.catalogue(evil))
    entry = parsed(folder / "publisher/p/feed.atom").find("a:entry", ATOM)
    assert entry is not None
    assert entry.findtext("a:title", namespaces=ATOM) == "abc </title>&"
    assert parsed(folder / "sitemap.xml") is not None


def test_sitemaps_are_split_and_listed(monkeypatch: pytest.MonkeyPatch, build: Build) -> None:
    monkeypatch.setattr(feeds, "MOST_ADDRESSES", 40)
    folder = build(region.catalogue(60))
    index = parsed(folder / "sitemap.xml")
    names = [each.text or "" for each in index.findall("s:sitemap/s:loc", SITEMAPS)]
    listed = []
    for name in names:
        part = parsed(folder / name.removeprefix("https://elmvalley.example/"))
        listed += [(u.findtext("s:loc", "", SITEMAPS), u.findtext("s:lastmod", "", SITEMAPS)) for u in part]
    assert len(names) > 1
    assert len(set(listed)) == len(listed)
    assert ("https://elmvalley.example/dataset/street-trees-005/", "2026-03-06") in listed
    assert ("https://elmvalley.example/about/", "") in listed
    assert not [address for address, _ in listed if "404" in address]


def test_robots_name_the_sitemap(build: Build) -> None:
    text = (build(make.catalogue()) / "robots.txt").read_text()
    assert "Sitemap: https://elmvalley.example/sitemap.xml" in text.splitlines()


def test_browsers_can_search_from_their_address_bar(build: Build) -> None:
    root = parsed(build(make.catalogue()) / "opensearch.xml")
    url = root.find("{http://a9.com/-/spec/opensearch/1.1/}Url")
    assert url is not None
    assert url.get("template") == "https://elmvalley.example/search/?q={searchTerms}"


def test_the_search_index_names_what_is_shared_once(tree: Callable[..., Tree]) -> None:
    voice, sources = tree().voice, tree().context.sources
    records = [make.record(n) for n in (1, 2)]
    file = json.loads(
        search_index.index(search_index.entry(record, card(record, voice, sources)) for record in records)
    )
    assert {name: file[name] for name in file if name != "datasets"} == {
        "publishers": [["Parks Department"]],
        "sources": ["elmford"],
        "topics": ["environment"],
        "formats": ["csv"],
    }
    assert file["datasets"][0] == [
        *("street-trees-000001", "Street trees 1", 0, 0, ["parks", "trees"], [0], [0]),
        *("Every tree that the town cares for, with species and year.", "2026-03-14", ""),
    ]


def test_languages_that_read_the_same_share_one_search_index(build: Build) -> None:
    """A title in English only reads the same in all trees, but is marked as foreign in the French one."""
    folder = build(
        make.catalogue(make.record(title={"und": "Trees"}), config=make.config(languages=("en", "fr")))
    )
    assert (folder / "fr/search/index.json").is_file()
    quiet = make.record(
        title={"und": "Trees"}, description={}, keywords=(), publisher=Agent(id="p", name={"und": "Parks"})
    )
    folder = build(make.catalogue(quiet, config=make.config(languages=("en", "fr"))))
    assert not (folder / "fr/search/index.json").exists()
    assert "/search/index.json" in (folder / "fr/search/index.html").read_text()


def test_the_page_carries_json_ld_that_says_what_it_shows(build: Build) -> None:
    text = (build(make.catalogue(make.record())) / "dataset/street-trees-000001/index.html").read_text()
    data = json.loads(text.split('<script type="application/ld+json">')[1].split("</script>")[0])
    assert data["@type"] == "Dataset"
    assert data["name"] == "Street trees 1"
    assert data["license"] == "https://creativecommons.org/licenses/by/4.0/"
    assert data["distribution"][0]["contentUrl"] == "https://data.elmford.example/files/csv.csv"
    assert data["spatialCoverage"][0]["geo"]["box"] == "42.2 -83.3 42.5 -82.9"
