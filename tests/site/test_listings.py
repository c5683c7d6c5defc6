"""A dataset that several portals list has one page, and the old addresses lead there."""

from __future__ import annotations

import re
from pathlib import Path

import msgspec
import pytest
from msgspec.structs import replace

from harvester import quality, site
from harvester.link import linked
from harvester.model import Agent, Catalogue, Finding, Place
from tests import make

CSV = make.distribution("csv", download_url="https://data.elmford.example/files/street-trees.csv")
BOX = (Place(bbox=(-83.3, 42.2, -82.9, 42.5), raw=""),)


def catalogue() -> Catalogue:
    """Elmford's trees, which the county lists too; and wards that look alike in both."""
    config = make.config(
        make.source("elmford"),
        make.source("ash-county", name="Ash <County>", level="county"),
        url="https://elm.example/catalogue",
        languages=("en", "fr"),
    )
    trees = {"title": {"en": "Street trees"}, "distributions": (CSV,), "spatial": ()}
    wards = {"title": {"en": "Wards"}, "distributions": (), "spatial": BOX}
    missing = Finding(code="licence-missing", severity="error", source="ash-county", dataset="trees-county")
    county = {"source": "ash-county", "publisher": Agent(id="gis-ash-county", name={"en": "Ash County GIS"})}
    plain = {"page": None, "identifiers": ()}
    page = "https://county.example/trees?a=1&b=2"
    return linked(
        make.catalogue(
            make.record(1, id="trees-town", **plain, **trees),
            make.record(
                2, id="trees-county", **{**plain, "page": page}, **trees, **county, findings=(missing,)
            ),
            make.record(3, id="wards-town", **plain, **wards),
            make.record(4, id="wards-county", **plain, **wards, **county),
            config=config,
        )
    )


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("listings")
    site.build(catalogue(), made, profile=quality.load_profile(None))
    return made


def page(folder: Path, path: str) -> str:
    return (folder / path / "index.html").read_text()


def test_the_dataset_says_who_else_lists_it(folder: Path) -> None:
    html = page(folder, "dataset/trees-town")
    said = html[html.index("Also listed by") :]
    assert '<a href="/catalogue/source/ash-county/">Ash &lt;County&gt;</a>' in said
    assert 'href="https://county.example/trees?a=1&amp;b=2"' in said
    assert "Also listed by" not in page(folder, "dataset/wards-town")


@pytest.mark.parametrize("tree", ["", "fr/"])
def test_the_other_listings_page_leads_there_in_every_language(folder: Path, tree: str) -> None:
    html = page(folder, f"{tree}dataset/trees-county")
    there = f"/catalogue/{tree}dataset/trees-town/"
    assert f'<meta http-equiv="refresh" content="0; url={there}">' in html
    assert f'<link rel="canonical" href="https://elm.example{there}">' in html
    assert re.search(rf'<main.*<a class="more" href="{there}">Street trees<', html, re.DOTALL)
    assert '<meta name="robots" content="noindex">' in html
    assert "<script" not in html


def test_its_entry_for_programs_leads_there_too(folder: Path) -> None:
    found = msgspec.json.decode((folder / "dataset/trees-county/dataset.jsonld").read_bytes())
    assert found["@id"] == "https://elm.example/catalogue/dataset/trees-county/"
    assert found["isReplacedBy"] == "https://elm.example/catalogue/dataset/trees-town/"


def test_the_other_listing_is_in_no_list_no_sitemap_no_feed_and_no_search(folder: Path) -> None:
    for path in sorted(folder.rglob("*")):
        inside = path.relative_to(folder).as_posix()
        if path.is_file() and "dataset/trees-county/" not in inside:
            assert b"trees-county" not in path.read_bytes(), inside


def test_each_source_still_lists_what_it_lists(folder: Path) -> None:
    county = page(folder, "source/ash-county")
    assert "2 datasets" in county
    assert 'href="/catalogue/dataset/trees-town/"' in county
    assert 'href="/catalogue/dataset/wards-county/"' in county
    assert "2 datasets" in page(folder, "source/elmford")


def test_a_source_still_reads_what_it_could_mend(folder: Path) -> None:
    """Although its record is not the one that is shown."""
    assert "licence" in page(folder, "source/ash-county").partition("What could be mended")[2]
    assert "Things the publisher could mend" not in page(folder, "dataset/trees-town")


def test_a_publisher_whom_only_the_other_listing_names_keeps_its_page(folder: Path) -> None:
    html = page(folder, "publisher/gis-ash-county")
    assert "<h1>Ash County GIS</h1>" in html
    assert 'href="/catalogue/dataset/trees-town/"' in html


def test_pairs_that_may_be_one_are_told_to_the_people_of_both_portals(folder: Path) -> None:
    for source in ("elmford", "ash-county"):
        html = page(folder, f"source/{source}")
        said = html[html.index("Perhaps listed twice") :]
        assert 'href="/catalogue/dataset/wards-county/">Wards (Ash &lt;County&gt;)</a>' in said
        assert 'href="/catalogue/dataset/wards-town/">Wards (Town of Elmford)</a>' in said
        assert "cover the same area" in said


def test_only_fifty_pairs_are_shown(tmp_path: Path) -> None:
    made = catalogue()
    (pair,) = made.duplicates
    site.build(replace(made, duplicates=(pair,) * 60), tmp_path, profile=quality.load_profile(None))
    html = page(tmp_path, "source/elmford")
    assert html.count("cover the same area") == 50
    assert "and 10 more" in html


def test_a_loop_is_told_on_the_source_page(tmp_path: Path) -> None:
    config = make.config(make.source("elmford", url="https://elmvalley.example/data.json"))
    site.build(linked(make.catalogue(config=config)), tmp_path, profile=quality.load_profile(None))
    html = page(tmp_path, "source/elmford")
    assert "were collected from this catalogue and lead back to it" in html
    assert not list(tmp_path.glob("dataset/*"))
