"""Builds that take over what did not change: the same site as a full build, byte for byte, always."""

from __future__ import annotations

import datetime as dt
import json
import shutil
import sqlite3
import tempfile
from collections.abc import Callable, Iterator
from contextlib import closing
from hashlib import blake2b
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from harvester import outputs, pipeline, publish, quality, search
from harvester.store import Store
from harvester.web.fetch import Fetcher
from tests import make
from tests.test_nights import entry

PROFILE = quality.load_profile(None)

TELLS_OF_VISITS = {
    *("index.html", "status/index.html", "source/elmford/index.html", "source/valley/index.html"),
    *("data/sources.csv", "data/harvests.csv", "datapackage.json", "catalogue.zip", "catalogue.sqlite"),
    "store.sqlite.gz",
}
"""The only files that are written anew on a quiet night."""


class Region:
    """A town and a county whose portals list what they like, and the site made of it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.listed = {"elmford": [entry(n) for n in range(4)], "valley": [entry(n) for n in range(2, 6)]}
        self.config = make.config(
            *(
                make.source(id, url=f"{id}.json", path=folder / f"{id}.json", type="dcat_us")
                for id in self.listed
            )
        )
        self.config = replace(self.config, folder=folder)
        self.store = Store(folder / "store.sqlite")
        self.out = folder / "build" / "site"
        self.index = folder / "store.index"
        self.night = dt.datetime(2026, 3, 1, 2, tzinfo=dt.UTC)

    def visit(self) -> None:
        self.night += dt.timedelta(days=1)
        for id, datasets in self.listed.items():
            (self.folder / f"{id}.json").write_text(json.dumps({"dataset": datasets}))
        with Fetcher("tests") as fetcher:
            for _ in pipeline.harvest(self.config, self.store, fetcher, PROFILE, lambda: self.night):
                pass

    def build(self, **options: Any) -> pipeline.Built:
        return pipeline.build(self.config, self.store, PROFILE, self.out, self.index, **options)

    def built_anew(self) -> dict[str, bytes]:
        """What a full build makes of the same store, on a machine that has never built before."""
        other = self.folder / "other"
        shutil.rmtree(other, ignore_errors=True)
        other.mkdir()
        with (
            closing(sqlite3.connect(self.store.path)) as here,
            closing(sqlite3.connect(other / "store.sqlite")) as there,
        ):
            here.backup(there)
        with Store(other / "store.sqlite") as store:
            built = pipeline.build(self.config, store, PROFILE, other / "site", other / "index")
        assert not built.quiet
        assert [hit.id for hit in search.search(other / "index", "dataset")] == [
            hit.id for hit in search.search(self.index, "dataset")
        ]
        return contents(other / "site")


def contents(folder: Path) -> dict[str, bytes]:
    return {path: (folder / path).read_bytes() for path in publish.stamps(folder)}


def inodes(folder: Path) -> dict[str, int]:
    return {path: (folder / path).stat().st_ino for path in publish.stamps(folder)}


@pytest.fixture
def region(tmp_path: Path) -> Iterator[Region]:
    opened = Region(tmp_path)
    with opened.store:
        opened.visit()
        assert not opened.build().quiet
        yield opened


def test_a_quiet_night_writes_only_what_tells_of_visits(region: Region) -> None:
    for _ in range(3):  # without a scaffold, with one of a full build, with one of a quiet night
        before, files = contents(region.out), inodes(region.out)
        region.visit()
        assert region.build().quiet
        after = inodes(region.out)
        assert {path for path in after if after[path] != files.get(path)} == TELLS_OF_VISITS
        now = contents(region.out)
        assert now == region.built_anew()
        assert {path for path in now if now[path] != before[path]} == TELLS_OF_VISITS
        assert "March" in now["index.html"].decode()


def test_the_site_before_keeps_its_own_pages(region: Region) -> None:
    """Files are replaced and never written to: what shares them with the published site stays as it was."""
    first = contents(region.out)
    region.visit()
    region.build()
    assert contents(region.out.with_name(".site.old")) == first
    second = contents(region.out)
    region.listed["elmford"][0]["title"] = "Another title"
    region.visit()
    assert not region.build().quiet
    assert contents(region.out.with_name(".site.old")) == second


def test_all_is_made_anew_when_asked_for(region: Region) -> None:
    files = inodes(region.out)
    site = contents(region.out)
    assert not region.build(full=True).quiet
    assert not set(files.values()) & set(inodes(region.out).values())
    assert contents(region.out) == site


def change_a_page(region: Region) -> None:
    page = min(region.out.glob("dataset/dataset-number-0-*/index.html"))  # two, once both list it
    page.write_text("forged")


def lose_a_page(region: Region) -> None:
    page = min(region.out.glob("dataset/dataset-number-1-*/index.html"))
    page.unlink()


def let_a_page_be_a_link(region: Region) -> None:
    page = region.out / "about/index.html"
    shutil.copy2(page, region.folder / "elsewhere")
    page.unlink()
    page.symlink_to(region.folder / "elsewhere")


def lose_the_site(region: Region) -> None:
    shutil.rmtree(region.out)
    shutil.rmtree(region.out.with_name(".site.old"), ignore_errors=True)


def damage_the_index(region: Region) -> None:
    next(iter(region.index.glob("*.seg"))).write_bytes(b"")


def beside(region: Region) -> Path:
    return region.store.path.with_name("store.build")


def damage_what_is_kept(region: Region) -> None:
    path = beside(region) / "kept" / "sqlite" / "catalogue.sqlite"
    path.write_bytes(path.read_bytes()[:-4096])


def damage_the_record(region: Region) -> None:
    path = beside(region) / "record"
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 1
    path.write_bytes(data)


def empty_the_record(region: Region) -> None:
    (beside(region) / "record").write_bytes(b"")


def lose_the_record(region: Region) -> None:
    shutil.rmtree(beside(region))


def record_of_another_version(region: Region) -> None:
    body = b"\x81\xa5other\x01"
    (beside(region) / "record").write_bytes(body + blake2b(body).digest())


def rename_the_catalogue(region: Region) -> None:
    about = replace(region.config.catalogue, title={"en": f"Called otherwise {region.night.day}"})
    region.config = replace(region.config, catalogue=about)


def change_the_theme(region: Region) -> None:
    page = region.folder / "site_templates" / "content" / "en" / "hello.md"
    page.parent.mkdir(parents=True, exist_ok=True)
    page.write_text(f"# Hello\n\nOn {region.night}\n")


def change_a_dataset(region: Region) -> None:
    for datasets in region.listed.values():
        for each in datasets[:1]:
            each["title"] += " again"


def list_another(region: Region) -> None:
    for datasets in region.listed.values():
        datasets.append(entry(10 + region.night.day + len(datasets)))


def list_less(region: Region) -> None:
    for datasets in region.listed.values():
        if len(datasets) > 2:
            del datasets[1]


def list_what_the_other_lists(region: Region) -> None:
    region.listed["valley"].append(region.listed["elmford"][0])


NOT_QUIET: list[Callable[[Region], None]] = [
    change_a_page,
    lose_a_page,
    let_a_page_be_a_link,
    lose_the_site,
    damage_the_index,
    damage_what_is_kept,
    damage_the_record,
    empty_the_record,
    lose_the_record,
    record_of_another_version,
    rename_the_catalogue,
    change_the_theme,
    change_a_dataset,
    list_another,
    list_less,
    list_what_the_other_lists,
]


def test_nothing_is_taken_over_that_is_not_what_a_full_build_makes(region: Region) -> None:
    for happen in NOT_QUIET:
        happen(region)
        region.visit()
        assert not region.build().quiet, happen.__name__
        assert contents(region.out) == region.built_anew(), happen.__name__


def a_quiet_night(region: Region) -> None:
    """Nothing but the visit happens."""


def scribble_on_the_site_before(region: Region) -> None:
    old = region.out.with_name(".site.old")
    if old.is_dir():
        (old / "index.html").unlink(missing_ok=True)
        (old / "scribble.txt").write_text("foreign")
        shutil.rmtree(old / "about", ignore_errors=True)


@settings(max_examples=4, derandomize=True, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    st.lists(
        st.sampled_from([a_quiet_night, a_quiet_night, scribble_on_the_site_before, *NOT_QUIET]),
        min_size=2,
        max_size=4,
    )
)
def test_whatever_happens_from_night_to_night_the_site_is_that_of_a_full_build(
    nights: list[Callable[[Region], None]],
) -> None:
    with tempfile.TemporaryDirectory() as name:
        region = Region(Path(name))
        with region.store:
            region.visit()
            region.build()
            for happen in nights:
                happen(region)
                region.visit()
                region.build()
            assert contents(region.out) == region.built_anew()


def test_a_build_that_is_killed_on_a_quiet_night_leaves_the_old_site_and_the_next_one_goes_on(
    region: Region, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = contents(region.out)
    region.visit()

    def die(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(outputs, "finish_all", die)
        patch.setattr(shutil, "rmtree", lambda *_, **__: None)  # nobody tidies up after a SIGKILL
        with pytest.raises(KeyboardInterrupt):
            region.build()
    assert region.out.with_name(".site.new").is_dir()
    assert contents(region.out) == before
    assert region.build().quiet
    assert contents(region.out) == region.built_anew()
    assert not region.out.with_name(".site.new").exists()
