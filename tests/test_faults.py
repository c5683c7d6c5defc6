"""Every fault of the replayed portals, on every feed type: nothing is lost, nothing hangs, nobody else suffers.

`make docs` writes what comes of it into docs/faults.md.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.faulty import BODIES, HEALTHY, KEPT, PORTALS, RECORDS, TRANSPORT, WELL, Region

pytestmark = pytest.mark.xdist_group("faults")

ALWAYS_TOLD = tuple(fault for fault in TRANSPORT if fault not in ("truncated", "reset", "slow_drip"))
"""Faults in place of any answer; the others break off a body, and a portal that says 304 sends none."""

HARMLESS = ("bom_utf8", "utf16", "latin1_mislabelled", "wrong_content_type")
"""Faults that cost nothing: what is meant can be told from the content."""

ONE_DATASET = "data_package"  # one package is one dataset, whatever its list of files says


@pytest.fixture(scope="module")
def region(shared: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Region]:
    sys.path.insert(0, str(shared / "portals"))
    from replay import Replay  # type: ignore[import-not-found]

    with Replay(portals=[HEALTHY, *PORTALS.values()]) as replay:
        made = Region(replay, tmp_path_factory.mktemp("faults"))
        assert all(each.outcome == "fresh" for each in made.first.values()), made.first
        assert set(PORTALS) == set(made.feeds.values())
        yield made


@pytest.mark.parametrize("fault", [*TRANSPORT, *RECORDS, *BODIES])
def test_a_fault_costs_one_source_one_night(region: Region, fault: str) -> None:
    """Issue 4, "What it must show", 1."""
    rows, healthy, trapped = region.night(fault)
    assert healthy.outcome in WELL
    assert healthy.datasets == len(region.before[HEALTHY])
    assert trapped == [], "nobody should ever ask there"
    for row in rows:
        told = (row.feed, row.harvest)
        assert row.seconds < 45, told
        assert row.lost == 0, told
        assert row.harvest.outcome in (*KEPT, *WELL), told
        assert (row.harvest.problem is not None) == (row.harvest.outcome in KEPT), told
        if fault in ALWAYS_TOLD:
            assert row.harvest.outcome in KEPT, told
        if fault in HARMLESS:
            assert row.harvest.outcome in WELL, told
            assert row.harvest.datasets >= row.before, told
        if fault in ("empty_feed", "half_gone") and row.feed != ONE_DATASET:
            assert row.harvest.outcome in ("suspicious", "failed", "partial"), told
        if fault in ("duplicate_ids", "script_injection"):
            assert row.harvest.outcome in WELL, told
            assert row.harvest.datasets >= row.before, told
