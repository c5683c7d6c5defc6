"""The flow, and nothing else.

::

    harvest:  for each source, all at once:  visit ──▶ keep ──▶ STORE
    build:    STORE ──▶ link ──▶ catalogue ──▶ site, outputs ──▶ publish;  catalogue ──▶ search index
                  (where no dataset changed, all that tells of no visit is taken over from last time)
    check:    visit ──▶ findings, nothing is kept

Harvesting knows the network and the clock; building knows neither: the same store and the same
configuration give the same bytes.
"""

from __future__ import annotations

import datetime as dt
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Executor, ThreadPoolExecutor, as_completed
from pathlib import Path

from msgspec import Struct
from msgspec.structs import replace

from harvester import build_record, outputs, publish, quality, search, site
from harvester.keep import identified, is_due, keep
from harvester.link import linked
from harvester.model import Config, Dataset, Finding, Harvest, Problem, Source
from harvester.quality import Profile
from harvester.store import SourceState, Store
from harvester.visit import Visited, visit
from harvester.web.fetch import Fetcher

MOST_VISITS = 128
"""Sources that are visited at the same time; they mostly wait for their portals. With fewer, a hundred
portals take as long as several of them one after another."""

Clock = Callable[[], dt.datetime]


def harvest(
    config: Config,
    store: Store,
    fetcher: Fetcher,
    profile: Profile,
    clock: Clock,
    *,
    only: Sequence[str] = (),
    executor: Executor | None = None,
) -> Iterator[Harvest]:
    """Visit all enabled sources (or `only` those) and keep what came, each as soon as it is there."""
    chosen = [s for s in config.sources if s.id in only or (not only and s.enabled)]
    states = {source.id: store.state(source.id) for source in chosen}

    def go(source: Source) -> tuple[Visited, dt.datetime, float]:
        started, began = clock(), time.monotonic()
        return visit(source, states[source.id], fetcher, executor), started, time.monotonic() - began

    threads = ThreadPoolExecutor(max_workers=MOST_VISITS)
    try:
        for done in as_completed([threads.submit(go, source) for source in chosen]):
            visited, started, seconds = done.result()
            with visited.spool:
                yield keep(visited, store, profile, started, seconds, executor)
    finally:
        threads.shutdown(cancel_futures=True)  # where the store cannot be written, further visits are in vain


class Built(Struct, frozen=True):
    """What was published, and whether the datasets' part of it was there already."""

    datasets: int
    sources: int
    quiet: bool


def build(
    config: Config,
    store: Store,
    profile: Profile,
    out: Path,
    index: Path,
    *,
    executor: Executor | None = None,
    full: bool = False,
) -> Built:
    """Build the site, its outputs and the search index from the store alone, and publish them.

    Where nothing changed since the last build but that sources were visited again, only what tells of
    visits is made anew, unless a `full` build is asked for; the site is the same, byte for byte.
    """
    _recheck_after_new_profile(config, store, profile, executor)
    theme = site.load_theme(config)
    beside = store.path.with_name(f"{store.path.stem}.build")
    made_from = build_record.digest(config, theme, profile, store.digest())
    record = None if full else build_record.read(beside)
    quiet = record is not None and build_record.still_true(record, made_from, out, beside / "kept", index)
    visits = store.visits(config)
    with publish.staging(out, record.site if record and quiet else ()) as folder:
        if record is None or not quiet:
            catalogue = linked(store.catalogue(config))
            kept = publish.empty_folder(beside / "kept")
            late = site.begin(catalogue, folder, theme, profile=profile, executor=executor)
            outputs.begin_all(catalogue, folder, kept, executor)
            record = build_record.Record(
                made_from=made_from,
                site=publish.stamps(folder),
                kept=publish.stamps(kept),
                late=late,
                datasets=len(catalogue.records),
            )
        site.finish(record.late, visits, folder)
        outputs.finish_all(visits, folder, beside / "kept")
        store.publish(config, folder)
    if not quiet:
        search.build(catalogue, index)
        build_record.write(replace(record, index=publish.stamps(index)), beside)
    return Built(record.datasets, len(visits.sources), quiet)


def _recheck_after_new_profile(
    config: Config, store: Store, profile: Profile, executor: Executor | None
) -> None:
    """A region that edits its profile sees the effect at the next build, not at the next harvest."""
    for source in config.sources:
        state = store.state(source.id)
        if state.checked is not None and is_due(state, profile, state.checked):
            day = dt.date.fromisoformat(state.checked)
            found = quality.check(source, store.datasets(source.id), profile, day, executor)
            store.keep_findings(source.id, found, state.checked, profile.digest)


class Checked(Struct, frozen=True):
    """What looking at one source showed: its datasets, what is wrong with them, what was left out."""

    feed: str | None
    feed_url: str | None  # where the feed was found, where that is not the source's own address
    site_name: str | None  # what the portal's home page calls itself
    datasets: dict[str, Dataset]
    findings: list[Finding]
    left_out: list[Problem]
    skipped: int
    trouble: Problem | None


def check(source: Source, fetcher: Fetcher, profile: Profile, clock: Clock) -> Checked:
    """Harvest one source without keeping anything, and say what was found."""
    visited = visit(source, SourceState(), fetcher, None)
    with visited.spool:
        datasets = {dataset.id: dataset for dataset in identified(visited)}
    found = quality.check(source, datasets.values(), profile, clock().date())
    return Checked(
        visited.feed,
        visited.feed_url,
        visited.site_name,
        datasets,
        found,
        visited.left_out,
        visited.skipped,
        visited.trouble,
    )
