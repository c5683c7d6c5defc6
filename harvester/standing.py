"""Pure: how a source stands, for everybody who tells of it (`harvester status`, the site's status page)."""

from __future__ import annotations

from collections import Counter

from msgspec import Struct

from harvester.model import Catalogue, Harvest, SourceRecord


class Standing(Struct, frozen=True):
    """A source, its newest visit, and what it lists no longer."""

    record: SourceRecord
    last: Harvest | None  # the newest visit; None: it was never visited
    datasets: int  # that the catalogue shows as listed
    missing: int  # no longer listed, and still shown until their grace time is over
    withdrawn: int  # taken out of the catalogue, each with a page that says so

    @property
    def address(self) -> str:
        """Where its feed was found."""
        return self.record.feed_url or self.record.source.url

    @property
    def is_stale(self) -> bool:
        """Is what we show of it older than the newest visit?"""
        return self.record.stale_since is not None


def standings(catalogue: Catalogue) -> list[Standing]:
    """Every source of the catalogue, in the order of sources.yaml."""
    shown = [*catalogue.records, *catalogue.listed]
    listed = Counter(record.dataset.source for record in shown if not record.missing)
    missing = Counter(record.dataset.source for record in shown if record.missing)
    withdrawn = Counter(record.dataset.source for record in catalogue.withdrawn)
    return [
        Standing(
            record=each,
            last=each.harvests[0] if each.harvests else None,
            datasets=listed[each.source.id],
            missing=missing[each.source.id],
            withdrawn=withdrawn[each.source.id],
        )
        for each in catalogue.sources
    ]
