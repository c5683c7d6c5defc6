"""Pure: how a source stands, for everybody who tells of it (`harvester status`, the site's status page)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping

from msgspec import Struct

from harvester.model import Catalogue, Harvest, SourceRecord


class Counts(Struct, frozen=True):
    """The datasets of a source."""

    listed: int = 0
    missing: int = 0  # no longer listed, and still shown until their grace time is over
    withdrawn: int = 0  # taken out of the catalogue, each with a page that says so


class Standing(Struct, frozen=True):
    """A source, its newest visit, and what it lists and lists no longer."""

    record: SourceRecord
    last: Harvest | None  # None: it was never visited
    counts: Counts

    @property
    def address(self) -> str:
        """Where its feed was found."""
        return self.record.feed_url or self.record.source.url


def counted(catalogue: Catalogue) -> dict[str, Counts]:
    """Source → its datasets; also those that another source's record stands for."""
    shown = [*catalogue.records, *catalogue.listed]
    listed = Counter(record.dataset.source for record in shown if not record.missing)
    missing = Counter(record.dataset.source for record in shown if record.missing)
    withdrawn = Counter(record.dataset.source for record in catalogue.withdrawn)
    ids = [each.source.id for each in catalogue.sources]
    return {id: Counts(listed[id], missing[id], withdrawn[id]) for id in ids}


def standings(sources: Iterable[SourceRecord], counts: Mapping[str, Counts]) -> list[Standing]:
    """How each source stands, in the same order."""
    return [
        Standing(each, each.harvests[0] if each.harvests else None, counts.get(each.source.id, Counts()))
        for each in sources
    ]
