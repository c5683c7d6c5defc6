"""The status page: for each source the last good harvest, since when it is stale and why, and its feed.

It tells of visits, so it is another page every night.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from msgspec import Struct

from harvester.model import N_, SourceRecord
from harvester.site import words
from harvester.site.addresses import STATUS
from harvester.site.rendering import File
from harvester.site.status import told
from harvester.site.tree import Tree
from harvester.site.voice import Link, Words, safe_link
from harvester.standing import Counts, Standing, standings

TITLE = N_("How up to date this is")


class Row(Struct, frozen=True):
    """A source in `status.html`."""

    source: Link
    said: str  # how the last visit went
    problem: str
    checked: str
    last_good: str
    stale_since: str  # empty: it is not
    feed: str
    address: str
    href: str | None
    counts: Counts


def status_page(sources: Iterable[SourceRecord], counts: Mapping[str, Counts], tree: Tree) -> File:
    """The page in the language of a tree; sources in trouble stand first."""
    rows = [_row(each, tree) for each in standings(sources, counts)]
    rows.sort(key=lambda row: not row.stale_since)
    page = tree.page(STATUS, tree.voice.say(TITLE), section="status")
    return tree.render("status.html", page, rows=rows, stale=sum(bool(row.stale_since) for row in rows))


def _row(standing: Standing, tree: Tree) -> Row:
    voice, record, last = tree.voice, standing.record, standing.last
    return Row(
        source=Link(Words(record.source.name), voice.group("source", record.source.id)),
        said=voice.say(words.OUTCOMES[last.outcome]) if last else "",
        problem=told(last.problem, tree) if last and last.problem else "",
        checked=voice.formatter.moment(last.started) if last else "",
        last_good=voice.formatter.date(record.last_good),
        stale_since=voice.formatter.date(record.stale_since),
        feed=record.feed or "",
        address=standing.address,
        href=safe_link(standing.address),
        counts=standing.counts,
    )
