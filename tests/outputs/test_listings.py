"""What several portals list is one dataset in every output, with a row for each listing."""

from __future__ import annotations

import csv
import json
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from rdflib import DCTERMS, FOAF, Graph, URIRef

from harvester import outputs
from harvester.link import linked
from harvester.model import Catalogue, Finding
from tests import make

CSV = make.distribution("csv", download_url="https://data.elmford.example/files/street-trees.csv")
TOWN = "https://data.elmford.example/dataset/tree-1"
COUNTY = "https://county.example/trees"


def catalogue() -> Catalogue:
    config = make.config(make.source("elmford"), make.source("ash-county", level="county"))
    finding = Finding(code="licence-missing", severity="error", source="ash-county", dataset="trees-county")
    series = {"identifiers": ("all-trees",), "in_series": ()}
    return linked(
        make.catalogue(
            make.record(1, id="trees-town", distributions=(CSV,), identifiers=()),
            make.record(
                2,
                id="trees-county",
                source="ash-county",
                page=COUNTY,
                distributions=(CSV,),
                findings=(finding,),
                **series,
            ),
            make.record(
                3,
                id="oaks",
                source="ash-county",
                page=None,
                distributions=(),
                identifiers=(),
                in_series=("all-trees",),
            ),
            config=config,
        )
    )


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("outputs")
    outputs.write_all(catalogue(), made)
    return made


def test_lists_hold_the_dataset_once(folder: Path) -> None:
    assert len(json.loads((folder / "data.json").read_bytes())["dataset"]) == 2
    with (folder / "datasets.csv").open(encoding="utf-8-sig", newline="") as file:
        assert len(list(csv.reader(file))) == 1 + 2
    assert len(json.loads((folder / "catalog.jsonld").read_bytes())["@graph"][0]["dataset"]) == 2


def test_the_tables_hold_every_listing(folder: Path) -> None:
    with closing(sqlite3.connect(folder / "catalogue.sqlite")) as db:
        assert db.execute("SELECT * FROM listings").fetchall() == [
            ("oaks", "ash-county", "oaks", None, "origin"),
            ("trees-town", "elmford", "trees-town", TOWN, "origin"),
            ("trees-town", "ash-county", "trees-county", COUNTY, "other"),
        ]
        assert db.execute(
            "SELECT source, dataset, code FROM findings WHERE dataset IS NOT NULL"
        ).fetchall() == [("ash-county", "trees-town", "licence-missing")]
        assert db.execute("PRAGMA foreign_key_check").fetchall() == []


def test_our_entry_about_it_names_every_portals_page(folder: Path) -> None:
    graph = Graph().parse(folder / "catalog.ttl")
    record = URIRef("https://elmvalley.example/dataset/trees-town/#record")
    assert set(graph.objects(record, DCTERMS.source)) == {URIRef(TOWN), URIRef(COUNTY)}
    assert graph.value(record, FOAF.primaryTopic) is not None


def test_a_series_that_the_other_listing_names_is_the_dataset_that_is_shown(folder: Path) -> None:
    graph = Graph().parse(folder / "catalog.ttl")
    oaks = URIRef("https://elmvalley.example/dataset/oaks/")
    series = URIRef("http://www.w3.org/ns/dcat#inSeries")
    assert list(graph.objects(oaks, series)) == [URIRef("https://elmvalley.example/dataset/trees-town/")]


def test_pairs_that_may_be_one_have_a_table() -> None:
    from harvester.outputs import _rows

    config = make.config(make.source("elmford"), make.source("ash-county"))
    plain = {"distributions": (), "identifiers": (), "page": None, "title": {"en": "Wards"}}
    made = linked(
        make.catalogue(
            make.record(1, id="a", **plain),
            make.record(2, id="b", source="ash-county", **plain),
            config=config,
        )
    )
    assert list(_rows.possible_duplicates(made)) == [("a", "b", "publisher")]
