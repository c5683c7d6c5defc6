"""Night after night: what one harvest after another does to the store, with real files for portals."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from harvester import pipeline, quality
from harvester.model import Harvest
from harvester.store import Store
from harvester.web.fetch import Fetcher
from tests import make


class Region:
    """A region with one source, a data.json file that changes from night to night."""

    def __init__(self, folder: Path) -> None:
        self.feed = folder / "data.json"
        self.source = make.source("elmford", url="data.json", path=self.feed, type="dcat_us")
        self.config = make.config(self.source)
        self.store = Store(folder / "store.sqlite")
        self.profile = quality.load_profile(None)
        self.night = dt.datetime(2026, 3, 1, 2, tzinfo=dt.UTC)

    def harvest(self, content: list[dict[str, Any]] | str) -> Harvest:
        self.feed.write_text(content if isinstance(content, str) else json.dumps({"dataset": content}))
        self.night += dt.timedelta(days=1)
        with Fetcher("tests") as fetcher:
            (harvest,) = pipeline.harvest(self.config, self.store, fetcher, self.profile, lambda: self.night)
        return harvest

    def pages(self) -> dict[str, str]:
        """Id → title of what the catalogue shows."""
        return {r.dataset.id: r.dataset.title["und"] for r in self.store.catalogue(self.config).records}

    def history(self, dataset: str) -> list[tuple[str, list[str]]]:
        entries = reversed(list(self.store.history(dataset)))
        return [(entry.event, [change.field for change in entry.fields]) for entry in entries]


@pytest.fixture
def region(tmp_path: Path) -> Iterator[Region]:
    opened = Region(tmp_path)
    with opened.store:
        yield opened


def entry(number: int, **changes: Any) -> dict[str, Any]:
    return {
        "identifier": f"d{number}",
        "title": f"Dataset number {number}",
        "description": "Words about it",
        "publisher": {"name": "Parks"},
        "keyword": ["b", "a"],
        "modified": "2026-01-05",
        "distribution": [{"downloadURL": f"https://elmford.example/{number}.csv", "format": "CSV"}],
    } | changes


TEN = [entry(n) for n in range(10)]


def told(harvest: Harvest) -> tuple[str, int, int, int, int]:
    return harvest.outcome, harvest.datasets, harvest.added, harvest.changed, harvest.removed


def test_the_first_night_adds_all_and_a_quiet_one_changes_nothing(region: Region) -> None:
    assert told(region.harvest(TEN)) == ("fresh", 10, 10, 0, 0)
    pages = region.pages()
    assert told(region.harvest(TEN)) == ("unchanged", 10, 0, 0, 0)
    assert region.pages() == pages


def test_a_shuffled_feed_has_not_changed(region: Region) -> None:
    region.harvest(TEN)
    shuffled = [entry(n, keyword=["a", "b"]) for n in reversed(range(10))]
    assert told(region.harvest(shuffled)) == ("unchanged", 10, 0, 0, 0)


def test_a_change_names_its_fields_and_no_others(region: Region) -> None:
    region.harvest(TEN)
    (id,) = (id for id, title in region.pages().items() if title.endswith(" 3"))
    harvest = region.harvest(
        [entry(n, **({"description": "Other words"} if n == 3 else {})) for n in range(10)]
    )
    assert told(harvest) == ("fresh", 10, 0, 1, 0)
    assert region.history(id) == [("added", []), ("changed", ["description"])]


def test_new_identifiers_for_everything_are_no_new_datasets(region: Region) -> None:
    region.harvest(TEN)
    pages = region.pages()
    harvest = region.harvest([entry(n, identifier=f"https://new.example/{n}") for n in range(10)])
    assert (harvest.added, harvest.removed) == (0, 0)
    assert region.pages() == pages


def test_an_empty_feed_is_an_outage_until_a_person_says_otherwise(region: Region) -> None:
    region.harvest(TEN)
    pages = region.pages()
    assert told(region.harvest([])) == ("suspicious", 10, 0, 0, 0)
    assert region.pages() == pages
    assert told(region.harvest(TEN)) == ("unchanged", 10, 0, 0, 0), "the next good night is an ordinary one"
    region.store.accept("elmford")
    harvest = region.harvest([entry(0)])
    assert told(harvest) == ("fresh", 1, 0, 0, 9)


def test_a_dataset_that_is_no_longer_listed_stays_for_its_grace_time(region: Region) -> None:
    region.harvest(TEN)
    pages = region.pages()
    first = region.harvest(TEN[:9])
    assert (*told(first), first.missing) == ("fresh", 9, 0, 0, 0, 1)
    assert region.pages() == pages, "it is shown still"
    (missing,) = [r for r in region.store.catalogue(region.config).records if r.missing]
    assert missing.missing == "2026-03-03"
    for _ in range(13):
        quiet = region.harvest(TEN[:9])
        assert (*told(quiet), quiet.missing) == ("unchanged", 9, 0, 0, 0, 1)
    last = region.harvest(TEN[:9])
    assert (*told(last), last.missing) == ("unchanged", 9, 0, 0, 1, 0)
    assert len(region.pages()) == 9


def test_the_grace_time_passes_too_while_the_portal_says_that_nothing_changed(region: Region) -> None:
    region.harvest(TEN)
    region.harvest(TEN[:9])
    region.night += dt.timedelta(days=20)
    with Fetcher("tests") as fetcher:
        (harvest,) = pipeline.harvest(
            region.config, region.store, fetcher, region.profile, lambda: region.night
        )
    assert (harvest.requests, harvest.removed) == (0, 1)
    assert len(region.pages()) == 9


def test_a_missing_dataset_that_is_listed_again_has_never_been_away(region: Region) -> None:
    region.harvest(TEN)
    before = region.store.catalogue(region.config).records
    region.harvest(TEN[:9])
    assert told(region.harvest(TEN)) == ("fresh", 10, 1, 0, 0)
    assert region.store.catalogue(region.config).records == before


def test_a_withdrawn_dataset_returns_under_its_address(region: Region) -> None:
    region.harvest(TEN)
    pages = region.pages()
    region.store.accept("elmford")
    assert told(region.harvest(TEN[:9])) == ("fresh", 9, 0, 0, 1), "a person's word needs no grace time"
    assert len(region.pages()) == 9
    assert told(region.harvest(TEN)) == ("fresh", 10, 1, 0, 0)
    assert region.pages() == pages


def test_a_suspicious_feed_is_believed_after_a_week_of_saying_the_same(region: Region) -> None:
    region.harvest(TEN)
    nights = [region.harvest(TEN[:3]).outcome for _ in range(7)]
    assert nights == ["suspicious"] * 6 + ["fresh"]
    assert len(region.pages()) == 10, "what is missing has its grace time"


def test_an_empty_feed_is_believed_after_a_week_too(region: Region) -> None:
    region.harvest(TEN)
    harvests = [region.harvest([]) for _ in range(22)]
    assert [each.outcome for each in harvests[:7]] == ["suspicious"] * 6 + ["empty"]
    assert harvests[6].missing == 10
    assert (sum(each.removed for each in harvests), region.pages()) == (10, {})


def test_one_good_night_among_the_suspicious_ones_starts_the_count_anew(region: Region) -> None:
    region.harvest(TEN)
    for _ in range(5):
        region.harvest(TEN[:3])
    region.harvest(TEN)
    assert [region.harvest(TEN[:3]).outcome for _ in range(6)] == ["suspicious"] * 6


def test_a_region_may_be_more_patient_or_less(region: Region) -> None:
    region.source = make.source(
        "elmford",
        url="data.json",
        path=region.feed,
        type="dcat_us",
        settings={"grace_days": 1, "nights": 2, "smallest_share": 0.9},
    )
    region.config = make.config(region.source)
    region.harvest(TEN)
    assert [region.harvest(TEN[:8]).outcome for _ in range(3)] == ["suspicious", "fresh", "unchanged"]
    assert len(region.pages()) == 8


def test_a_feed_that_breaks_off_removes_nothing(region: Region) -> None:
    region.harvest(TEN)
    pages = region.pages()
    whole = json.dumps({"dataset": TEN})
    harvest = region.harvest(whole[: len(whole) * 3 // 4])
    assert (harvest.outcome, harvest.removed) == ("partial", 0)
    assert harvest.problem is not None
    assert region.pages() == pages


def test_a_failed_night_keeps_the_last_good_one_and_says_why(region: Region) -> None:
    region.harvest(TEN)
    pages = region.pages()
    harvest = region.harvest("<html>Sorry</html>")
    assert (harvest.outcome, harvest.datasets) == ("failed", 10)
    assert harvest.problem is not None
    assert region.pages() == pages
    source = region.store.catalogue(region.config).sources[0]
    assert source.last_good == "2026-03-02T02:00:00Z"


def test_an_edited_entry_of_sources_yaml_is_read_anew(region: Region, tmp_path: Path) -> None:
    """Also when the portal says that nothing changed: what its words mean may have."""
    region.harvest(TEN)
    region.source = make.source(
        "elmford", url="data.json", path=region.feed, type="dcat_us", licence="CC0-1.0"
    )
    region.config = make.config(region.source)
    assert told(region.harvest(TEN)) == ("fresh", 10, 0, 10, 0)
    records = region.store.catalogue(region.config).records
    assert {r.dataset.licence.code for r in records if r.dataset.licence} == {"CC0-1.0"}


def test_a_fault_of_the_program_costs_one_source_and_is_told(
    region: Region, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    region.harvest(TEN)

    def broken(*_: object) -> Iterator[None]:
        raise ZeroDivisionError("a bug")
        yield

    monkeypatch.setattr("harvester.feeds.dcat_us.read", broken)
    harvest = region.harvest(TEN[:9])
    assert (harvest.outcome, harvest.datasets) == ("failed", 10)
    assert "fault of the program" in str(harvest.problem)
    assert "ZeroDivisionError" in capsys.readouterr().err


def test_an_edited_profile_takes_effect_at_the_next_build(region: Region, tmp_path: Path) -> None:
    region.harvest(TEN)
    strict = tmp_path / "profile.yaml"
    text = (Path(quality.__file__).parent / "profiles/non-federal.yaml").read_text()
    strict.write_text(
        text.replace("minLength: 20", "minLength: 10").replace("name: Non-federal", "name: Ours")
    )
    before = [f.code for r in region.store.catalogue(region.config).records for f in r.findings]
    pipeline.build(
        region.config, region.store, quality.load_profile(strict), tmp_path / "site", tmp_path / "index"
    )
    after = [f.code for r in region.store.catalogue(region.config).records for f in r.findings]
    assert before.count("description-too-short") == 10
    assert after.count("description-too-short") == 0
