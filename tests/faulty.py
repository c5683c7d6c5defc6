"""Every fault of the replayed portals, on one portal of each feed type, beside a healthy one.

Night one is good. On night two all portals but the healthy one have the fault. What is looked at is
what a maintainer would look at: what the run said, and what the catalogue still holds.
"""

from __future__ import annotations

import datetime as dt
import shutil
import time
from pathlib import Path
from typing import Any

from msgspec import Struct
from msgspec.structs import replace

from harvester import feeds, pipeline, quality
from harvester.model import Config, Harvest
from harvester.store import Store
from harvester.web.budget import Limits
from harvester.web.fetch import Fetcher
from tests import make

PORTALS = {
    "ckan": "new-orleans",
    "arcgis_hub": "evian",
    "socrata": "cambridge-ma",
    "opendatasoft": "campbelltown",
    "data_package": "hsds-211",
    "dcat_us": "beverly-hills",
    "dcat": "zurich",
    "csw": "wave-atlas",
    "ogc_records": "ogc-records",
    "waf": "iso-waf",
    "spreadsheet": "saint-aubin",
    "schema_org": "heritage-nl",
}
"""Feed type → the portal that stands for it."""

HEALTHY = "alessandria"

LIMITS = Limits(
    connect_seconds=3,
    read_seconds=1,
    total_seconds=4,
    visit_seconds=30,
    slow_seconds=2,
    backoff_seconds=0.01,
    retries=1,
    retry_after_seconds=1,
    wire_bytes=20_000_000,
    body_bytes=60_000_000,
    ratio_bytes=5_000_000,
)

TRANSPORT = (
    "http403",
    "http404",
    "http500",
    "http503_retry_after",
    "http429_retry_after",
    "timeout",
    "html_instead",
    "gzip_bomb",
    "huge_json",
    "deep_json",
    "redirect_loop",
    "redirect_to_metadata_ip",
    "redirect_to_file",
    "redirect_to_private",
    "xml_entity_bomb",
    "xml_external_entity",
    "truncated",
    "reset",
    "slow_drip",
)
RECORDS = (
    "empty_feed",
    "half_gone",
    "duplicate_ids",
    "script_injection",
    "paging_never_ends",
    "paging_shrinks",
)
BODIES = (
    "jsonld_remote_context",
    "invalid_json",
    "bom_utf8",
    "utf16",
    "latin1_mislabelled",
    "wrong_content_type",
)

KEPT = ("failed", "suspicious", "partial")
"""Outcomes of a night that must not cost a dataset."""

WELL = ("fresh", "unchanged")

NIGHT = dt.datetime(2026, 5, 1, 2, tzinfo=dt.UTC)


class Row(Struct, frozen=True):
    """What one fault did to one feed type."""

    feed: str
    fault: str
    before: int
    harvest: Harvest
    lost: int  # datasets of night one that the catalogue no longer shows
    seconds: float


class Region:
    """One portal a feed type and a healthy one, after a good night."""

    def __init__(self, replay: Any, folder: Path) -> None:
        self.replay, self.folder = replay, folder
        there = {name: portal for name, portal in PORTALS.items() if name in feeds.names()}
        self.feeds = {portal: name for name, portal in there.items()}
        sources = [
            make.source(name, url=replay.url(name), allow_private=True) for name in (HEALTHY, *self.feeds)
        ]
        self.config: Config = make.config(*sources)
        self.profile = quality.load_profile(None)
        self.good = folder / "good.sqlite"
        with Store(self.good) as store:
            self.first = self._harvest(store, Limits(), NIGHT)
            self.before = self._held(store)

    def night(self, fault: str) -> tuple[list[Row], Harvest, list[Any]]:
        """Night two with a fault: a row for each feed type, the healthy source's harvest, the trap's log."""
        path = self.folder / f"{fault}.sqlite"
        shutil.copy(self.good, path)
        trapped = len(self.replay.log("_trap"))
        for portal in self.feeds:
            self.replay.fault(portal, fault, seconds=8, retry_after=5)
        began = time.monotonic()
        try:
            with Store(path) as store:
                harvests = self._harvest(store, LIMITS, NIGHT + dt.timedelta(days=1))
                after = self._held(store)
        finally:
            self.replay.clear("*")
        seconds = time.monotonic() - began
        path.unlink()
        rows = [
            Row(
                feed,
                fault,
                len(self.before[portal]),
                _told_alike(harvests[portal]),
                len(self.before[portal] - after[portal]),
                seconds,
            )
            for portal, feed in self.feeds.items()
        ]
        return rows, harvests[HEALTHY], self.replay.log("_trap")[trapped:]

    def _harvest(self, store: Store, limits: Limits, night: dt.datetime) -> dict[str, Harvest]:
        with Fetcher("Harvester (tests)", limits) as fetcher:
            done = pipeline.harvest(self.config, store, fetcher, self.profile, lambda: night)
            return {each.source: each for each in done}

    def _held(self, store: Store) -> dict[str, set[str]]:
        held: dict[str, set[str]] = {source.id: set() for source in self.config.sources}
        for record in store.catalogue(self.config).records:
            held[record.dataset.source].add(record.dataset.id)
        return held


def _told_alike(harvest: Harvest) -> Harvest:
    """Without what differs from run to run."""
    return replace(harvest, seconds=0.0, started="")
