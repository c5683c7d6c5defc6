"""The feed that was found by looking is remembered, and looked for again when it is no longer there."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from harvester import pipeline, quality
from harvester.model import Harvest
from harvester.store import Store
from harvester.web.fetch import Fetcher
from tests import make
from tests.web.server import Server, answer

HOME = answer(b"<!doctype html><html><head><title>Town of Elmford</title></head><body></body></html>")


def data_json(*titles: str) -> bytes:
    listed = [{"title": t, "identifier": t, "accessLevel": "public", "distribution": []} for t in titles]
    return answer(
        json.dumps(
            {"conformsTo": "https://project-open-data.cio.gov/v1.1/schema", "dataset": listed}
        ).encode()
    )


class Town:
    def __init__(self, server: Server, store: Store) -> None:
        self.server, self.store = server, store
        self.config = make.config(make.source("elmford", url=server.url("/"), allow_private=True))
        self.day = 0

    def night(self, **answers: bytes) -> tuple[Harvest, list[str]]:
        """One harvest, with these answers at these paths (_ for .); the harvest, and what was asked."""
        self.server.answers = {f"/{path.replace('_', '.')}": value for path, value in answers.items()}
        self.server.answers["/"] = self.server.answers.pop("/home", HOME)
        self.server.asked.clear()
        self.day += 1
        clock = lambda: dt.datetime(2026, 1, self.day, tzinfo=dt.UTC)  # noqa: E731
        with Fetcher("tests") as fetcher:
            (harvest,) = pipeline.harvest(self.config, self.store, fetcher, quality.load_profile(None), clock)
        return harvest, self.server.paths()


@pytest.fixture
def town(tmp_path: Path) -> Iterator[Town]:
    with Server({}) as server, Store(tmp_path / "s.sqlite") as store:
        yield Town(server, store)


def test_the_second_night_asks_the_feed_alone(town: Town) -> None:
    first, asked = town.night(data_json=data_json("Trees"))
    assert (first.outcome, "/" in asked) == ("fresh", True), first.problem
    assert town.night(data_json=data_json("Trees", "Parks"))[1] == ["/data.json"]


def test_status_tells_what_was_found_and_where(town: Town) -> None:
    town.night(data_json=data_json("Trees"))
    (source,) = town.store.catalogue(town.config).sources
    assert (source.feed, source.feed_url) == ("dcat_us", town.server.url("/data.json"))


def test_a_feed_that_moved_is_found_again_and_its_datasets_keep_their_ids(town: Town) -> None:
    town.night(data_json=data_json("Trees"))
    before = [each.id for each in town.store.datasets("elmford")]
    home = answer(
        b'<!doctype html><html><head><link rel="alternate" type="application/json" href="/new/data.json"></head></html>'
    )
    town.server.answers = {}
    moved = {"home": home, "new/data_json": data_json("Trees")}
    harvest, _ = town.night(**moved)
    assert (harvest.outcome, harvest.datasets) == ("unchanged", 1)
    assert [each.id for each in town.store.datasets("elmford")] == before
    assert town.night(**moved)[1] == ["/new/data.json"]


def test_a_feed_that_is_down_is_not_looked_for(town: Town) -> None:
    town.night(data_json=data_json("Trees"))
    harvest, asked = town.night(data_json=answer(b"", 500))
    assert harvest.outcome == "failed"
    assert "/" not in asked


def test_a_page_with_files_is_no_successor_of_a_catalogue(town: Town) -> None:
    """A portal that is down for a night often shows a page of the town instead."""
    town.night(data_json=data_json("Trees", "Parks"))
    page = b'<!doctype html><html><head><title>T</title></head><body><h1>Open data</h1><a href="/a.csv">Budget</a> <a href="/b.csv">Roads</a></body></html>'
    harvest, _ = town.night(home=answer(page))
    assert (harvest.outcome, harvest.datasets) == ("failed", 2)
    assert "data.json" in str(harvest.problem)
    assert town.night(data_json=data_json("Trees", "Parks"))[0].outcome == "unchanged"
