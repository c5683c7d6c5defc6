"""A night over many portals: does it take longer than the slowest of them, and is it polite?

`python -m benchmarks.night [PORTALS]` prints a table. Portals are those of `benchmarks.portals`; they are
asked as they would be on the web, with the pause between two requests that loopback is usually spared.
"""

from __future__ import annotations

import datetime as dt
import resource
import sys
import tempfile
import time
from collections import Counter, defaultdict
from itertools import pairwise
from pathlib import Path

from msgspec import Struct
from msgspec.structs import replace

from benchmarks.portals import Asked, Plan, Portals
from harvester import pipeline, quality
from harvester.model import CatalogueConfig, Config, Harvest, Source
from harvester.store import Store
from harvester.web.budget import Limits
from harvester.web.fetch import Fetcher

PLAN = Plan(portals=100, datasets=40, latency=0.15, failing=0.02)
LIMITS = Limits(loopback_pause_seconds=Limits().pause_seconds)
SLOWEST_AMONG = 3
FIRST = dt.datetime(2026, 5, 1, 2, tzinfo=dt.UTC)


class Night(Struct, frozen=True):
    """What a night took, by our clock and by the portals' log."""

    seconds: float
    computing: float  # seconds of one core that this process worked
    harvests: dict[str, Harvest]
    asked: list[Asked]

    @property
    def outcomes(self) -> dict[str, int]:
        """Outcome → sources, the most frequent first."""
        return dict(Counter(each.outcome for each in self.harvests.values()).most_common())

    @property
    def most_connections(self) -> int:
        """That one portal saw open at once."""
        return max((each.connections for each in self.asked), default=0)

    @property
    def shortest_pause(self) -> float:
        """Seconds between two requests to one portal."""
        by_portal = defaultdict(list)
        for each in self.asked:
            by_portal[each.portal].append(each.at)
        return min((b - a for times in by_portal.values() for a, b in pairwise(sorted(times))), default=9.9)


class Region:
    """A catalogue of all these portals, in a folder."""

    def __init__(self, portals: Portals, folder: Path) -> None:
        self.portals, self.folder = portals, folder
        self.config = Config(
            catalogue=CatalogueConfig(title={"en": "Many towns"}, url="https://many.example"),
            sources=tuple(
                Source(id=f"town-{number}", url=url, name=f"Town {number}", allow_private=True)
                for number, url in enumerate(portals.urls)
            ),
            folder=folder,
        )
        self.profile = quality.load_profile(None)

    def night(self, day: int = 0, store: str = "store", only: tuple[str, ...] = ()) -> Night:
        """Harvest all portals, or some; with a new store, the same requests fail as on the first night."""
        self.portals.asked(anew=store != "store")
        clock = FIRST + dt.timedelta(days=day)
        with (
            Store(self.folder / f"{store}.sqlite") as opened,
            Fetcher("Harvester (benchmark)", LIMITS, jitter=lambda: 0.5) as fetcher,
        ):
            began, worked = time.monotonic(), time.process_time()
            done = {
                each.source: each
                for each in pipeline.harvest(
                    self.config, opened, fetcher, self.profile, lambda: clock, only=only
                )
            }
            seconds, computing = time.monotonic() - began, time.process_time() - worked
        return Night(seconds, computing, done, self.portals.asked())

    def own_time(self, night: Night) -> tuple[str, float]:
        """The slowest portal, and how long it takes when it is harvested alone.

        That is one of those that were asked most: all answer equally fast.
        """
        asked = Counter(each.portal for each in night.asked).most_common(SLOWEST_AMONG)
        alone = [self.night(store=f"alone-{portal}", only=(f"town-{portal}",)) for portal, _ in asked]
        seconds, slowest = max((each.seconds, next(iter(each.harvests))) for each in alone)
        return slowest, seconds


def main() -> None:
    """Print the table."""
    plan = replace(PLAN, portals=int(sys.argv[1])) if len(sys.argv) > 1 else PLAN
    with tempfile.TemporaryDirectory(prefix="harvester-bench-") as name, Portals(plan) as portals:
        region = Region(portals, Path(name))
        nights = [region.night(day=day) for day in range(3)]
        slowest, own = region.own_time(nights[0])
    told = ("first", "second", "third")
    print("| night | seconds | computing | requests a portal | connections | shortest pause | outcomes |")
    print("|---|--:|--:|--:|--:|--:|---|")
    for word, night in zip(told, nights, strict=True):
        outcomes = ", ".join(f"{count} {outcome}" for outcome, count in night.outcomes.items())
        each = len(night.asked) / plan.portals
        print(
            f"| {word} | {night.seconds:.2f} | {night.computing:.2f} | {each:.2f} | {night.most_connections} "
            f"| {night.shortest_pause:.2f} s | {outcomes} |"
        )
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1000
    print(
        f"\nThe slowest portal ({slowest}) takes {own:.2f} s alone: the first night took "
        f"{nights[0].seconds / own:.2f} times as long. Peak memory {peak:.0f} MB."
    )


if __name__ == "__main__":
    main()
