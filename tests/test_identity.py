"""Ids are given once: through three mass renames of a real hub no dataset loses its page."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from harvester import pipeline, quality
from harvester.model import Harvest
from harvester.store import Store
from harvester.web.fetch import Fetcher
from tests import make

RENAMES = (3, 5, 7)  # days on which all or most identifiers change (README of the portals)


def _title(dataset: Any) -> str:
    return " ".join(next(iter(dataset.title.values())).casefold().split())


@pytest.mark.parametrize("type_", [None, "dcat_us"])
def test_seven_real_days_of_a_hub_keep_their_pages(
    replay: Callable[..., Any], tmp_path: Path, type_: str | None
) -> None:
    """Issue 3: at least 99 % of the datasets that were there before keep their id; none is made anew."""
    portal = replay("south-bend")
    source = make.source("south-bend", url=portal.url("south-bend"), allow_private=True, type=type_)
    config, profile = make.config(source), quality.load_profile(None)
    harvests: list[Harvest] = []
    ever: dict[str, str] = {}  # title → id under which it was first seen, for titles that one dataset has
    with Store(tmp_path / "store.sqlite") as store, Fetcher("tests") as fetcher:
        before: dict[str, str] = {}
        for day in range(1, 8):
            portal.set_day(day)
            clock = lambda day=day: dt.datetime(2026, 1, day, tzinfo=dt.UTC)  # noqa: E731
            harvests += pipeline.harvest(config, store, fetcher, profile, clock)
            assert harvests[-1].problem is None
            now = {each.id: _title(each) for each in store.datasets(source.id)}
            titles = list(now.values())
            unique = {title: id for id, title in now.items() if titles.count(title) == 1}
            still_listed = {title for title in before.values() if title in unique}
            kept = {title for id, title in before.items() if id in now and title in still_listed}
            assert len(kept) >= 0.99 * len(still_listed), f"day {day}"
            # A layer that got another title has its page still: then the title is another dataset's now.
            anew = {t for t, id in unique.items() if ever.get(t, id) != id and ever[t] not in now}
            assert not anew, f"day {day}: deleted and made anew"
            ever = unique | ever
            before = now
    assert [each.datasets for each in harvests] == [61, 84, 83, 92, 98, 110, 115]
    if type_ == "dcat_us":
        assert all(harvests[day - 1].renamed for day in RENAMES[1:])
