"""Two hubs as they really failed: a valid feed without a dataset for one day, and back on the next."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

from harvester import pipeline, quality
from harvester.model import Harvest
from harvester.store import Store
from harvester.web.fetch import Fetcher
from tests import make

SERIES = {"dvrpc": (87, 0, 126), "cuyahoga-county": (31, 0, 32)}
"""Portal → how many datasets it listed on each of the three captured days."""

HEALTHY = "evian"


def test_no_dataset_is_lost_on_the_bad_day_and_all_are_fresh_after_it(replay: Any, tmp_path: Path) -> None:
    """Issue 4, "What it must show", 2."""
    running = replay(HEALTHY, *SERIES)
    sources = [make.source(name, url=running.url(name), allow_private=True) for name in (HEALTHY, *SERIES)]
    config, profile = make.config(*sources), quality.load_profile(None)

    def day(number: int) -> tuple[dict[str, Harvest], dict[str, dict[str, str]]]:
        """One night's harvests, and what the catalogue shows after it: source → id → title."""
        running.set_day(number)
        now = dt.datetime(2026, 5, number, 2, tzinfo=dt.UTC)
        done = pipeline.harvest(config, store, fetcher, profile, lambda: now)
        harvests = {each.source: each for each in done}
        shown: dict[str, dict[str, str]] = {source.id: {} for source in sources}
        for record in store.catalogue(config).records:
            shown[record.dataset.source][record.dataset.id] = next(iter(record.dataset.title.values()))
        return harvests, shown

    with Store(tmp_path / "store.sqlite") as store, Fetcher("tests") as fetcher:
        good, before = day(1)
        bad, during = day(2)
        assert during == before, "no dataset is lost, none changes"
        back, after = day(3)
        listed = {r.dataset.id for r in store.catalogue(config).records if not r.missing}

    assert [each[HEALTHY].outcome for each in (good, bad, back)] == ["fresh", "unchanged", "unchanged"]
    for name, (first, _, last) in SERIES.items():
        assert (good[name].outcome, good[name].datasets, len(before[name])) == ("fresh", first, first)
        assert (bad[name].outcome, bad[name].datasets, bad[name].removed) == ("suspicious", first, 0)
        assert f"lists no dataset; last time it listed {first}" in str(bad[name].problem)
        assert (back[name].outcome, back[name].datasets, back[name].problem) == ("fresh", last, None)
        assert back[name].removed == 0
        assert before[name].keys() <= after[name].keys(), "who was there still has his page"
        current = listed & after[name].keys()
        assert len(current) == last
        assert back[name].added == len(current - before[name].keys())
