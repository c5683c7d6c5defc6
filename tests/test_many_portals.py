"""Many portals in one night: all at once, each politely, and hardly asked when nothing has changed.

`python -m benchmarks.night` measures the same with a hundred.
"""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from benchmarks.night import LIMITS, Night, Region
from benchmarks.portals import Plan, Portals, fails

PLAN = Plan(portals=20, datasets=2, latency=0.15, failing=0.05)
MOST = 1.3
"""How many times as long as the slowest portal's own time all portals together may take."""


@pytest.fixture(scope="module")
def region(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Region]:
    with Portals(PLAN) as portals:
        yield Region(portals, tmp_path_factory.mktemp("many"))


@pytest.fixture(scope="module")
def nights(region: Region) -> list[Night]:
    """Three nights on which nothing changes, and every now and then a request fails."""
    return [region.night(day=day) for day in range(3)]


def test_some_requests_fail_and_no_dataset_is_lost(nights: list[Night]) -> None:
    assert {each.answer for night in nights for each in night.asked} >= {0, 200, 304}
    assert sum(each.answer in (0, 500) for night in nights for each in night.asked) >= 3
    assert all(each.datasets == PLAN.datasets for each in nights[-1].harvests.values())


def test_failures_are_of_both_kinds_and_as_many_as_planned() -> None:
    drawn = [fails(portal, request, 0.02) for portal in range(100) for request in range(100)]
    assert 0.01 < sum(each is not None for each in drawn) / len(drawn) < 0.03
    assert {None, 0, 500} == set(drawn)


def test_a_night_waits_no_longer_than_for_its_slowest_portal(region: Region, nights: list[Night]) -> None:
    """Waiting is held to the limit, not computing: on a busy machine that takes what it takes."""
    night = nights[0]
    _, own = region.own_time(night)
    assert night.seconds <= MOST * own + 3 * night.computing
    assert sum(each.seconds for each in night.harvests.values()) > 3 * night.seconds  # all at once


def test_every_portal_is_treated_politely(nights: list[Night]) -> None:
    for night in nights:
        assert night.most_connections <= LIMITS.concurrency_per_host
        assert (
            night.shortest_pause >= LIMITS.loopback_pause_seconds * 0.6
        )  # what reached it sooner left in time


def test_a_night_without_changes_asks_each_portal_about_once(nights: list[Night]) -> None:
    for night in nights[2:]:
        assert len(night.asked) / PLAN.portals <= 1.2
        assert {each.outcome for each in night.harvests.values()} <= {"unchanged", "failed"}
