"""A feed type is one module and one fixture folder, with no other line to change (docs/feed-types.md)."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from harvester import feeds, pipeline, quality
from harvester.web.fetch import Fetcher
from tests import make

NOW = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)

TOY = '''
"""Toy catalogues: a title and an address a line."""

from harvester.model import Draft, DraftDistribution, Problem

TITLE = "Toy catalogue"
ORDER = 95
HINTS = ("toy",)
PROBES = ("three.txt",)


def recognise(document):
    return document.head().startswith(b"# TOY CATALOGUE")


def read(source, get):
    for number, line in enumerate(get(source.url).read().decode().splitlines()[1:], 1):
        title, found, url = line.partition(" | ")
        if not found:
            yield Problem(where=source.url, what="Line {number} has no address.", values={"number": str(number)})
            continue
        yield Draft(key=url, title={"": title}, distributions=(DraftDistribution(download_url=url),))
'''


@pytest.fixture
def toy(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "toy.py").write_text(TOY)
    monkeypatch.setattr(feeds, "__path__", [*feeds.__path__, str(tmp_path)])
    return Path(__file__).parent / "fixtures_toy" / "three.txt"


def test_a_new_type_is_there_as_soon_as_its_module_is(toy: Path) -> None:
    assert "toy" in feeds.names()


def test_a_new_type_is_recognised_read_and_validated_like_all_others(toy: Path) -> None:
    source = make.source("toys", url=toy.name, path=toy)
    with Fetcher("tests") as fetcher:
        checked = pipeline.check(source, fetcher, quality.load_profile(None), lambda: NOW)
    assert checked.feed == "toy"
    assert sorted(each.title["und"] for each in checked.datasets.values()) == ["Parks", "Street trees"]
    assert [str(each) for each in checked.left_out] == ["three.txt: Line 2 has no address."]
    assert checked.findings
