"""The whole line on replayed real portals: every one is harvested, and every dataset accounted for."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

pytestmark = pytest.mark.xdist_group("portals")  # one harvest of all portals is enough

ROOT = Path(__file__).resolve().parents[1]
FAILS = {"state-dept"}
"""Portals that were captured while they were down."""


def harvester(folder: Path, *words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "harvester", *words], cwd=folder, capture_output=True, text=True, timeout=300
    )


@pytest.fixture(scope="module")
def portals(shared: Path) -> dict[str, int]:
    """Portal → number of datasets of its main feed on day 1, as the replay tool's own table says."""
    rows = re.findall(
        r"^\| +\d+ \| ([\w-]+) \| .*? \| +(\d+) \| [^|]*\|$",
        (shared / "portals" / "README.md").read_text(),
        re.MULTILINE,
    )
    return {name: int(count) for name, count in rows}


@pytest.fixture(scope="module")
def region(
    shared: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[Path, list[dict[str, Any]]]]:
    """A region of all replayed portals by their home pages, after one run; and what the run said."""
    sys.path.insert(0, str(shared / "portals"))
    from replay import Replay  # type: ignore[import-not-found]

    folder = tmp_path_factory.mktemp("portals")
    with Replay() as running:
        (folder / "sources.yaml").write_text(running.sources())
        done = harvester(folder, "run", "--json")
        assert done.returncode == 1, done.stderr  # one portal is down
        yield folder, [json.loads(line) for line in done.stdout.splitlines()]


def test_every_dataset_of_every_portal_is_kept_or_listed_with_its_reason(
    region: tuple[Path, list[dict[str, Any]]], portals: dict[str, int]
) -> None:
    _, harvests = region
    assert {each["source"] for each in harvests} == set(portals)
    for each in harvests:
        assert each["outcome"] == ("failed" if each["source"] in FAILS else "fresh"), each
        assert each["datasets"] + each["skipped"] == portals[each["source"]], each
        assert len(each["left_out"]) == each["skipped"], each


def test_the_site_is_built_of_what_was_kept(region: tuple[Path, list[dict[str, Any]]]) -> None:
    folder, harvests = region
    pages = sum(1 for page in (folder / "build/site/dataset").iterdir() if (page / "index.html").is_file())
    assert pages == sum(each["datasets"] for each in harvests)


def test_hostile_records_are_shown_inert(region: tuple[Path, list[dict[str, Any]]], shared: Path) -> None:
    sys.path.insert(0, str(shared / "portals"))
    from replaykit.hostile import NEVER_IN_HTML  # type: ignore[import-not-found]

    folder, _ = region
    listed = harvester(folder, "datasets", "--source", "evil-town", "--json").stdout.splitlines()
    assert len(listed) > 40
    for row in listed:
        html = (folder / "build/site" / json.loads(row)["page"].strip("/") / "index.html").read_text()
        assert not [evil for evil in NEVER_IN_HTML if evil in html], row


def test_two_builds_of_one_store_give_the_same_bytes(
    region: tuple[Path, list[dict[str, Any]]], tmp_path: Path
) -> None:
    folder, _ = region
    done = harvester(folder, "--workers", "1", "--out", str(tmp_path / "again"), "build")
    assert done.returncode == 0, done.stderr
    first, second = tree(folder / "build/site"), tree(tmp_path / "again")
    assert first.keys() == second.keys()
    assert [name for name in first if first[name] != second[name]] == []


def tree(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}
