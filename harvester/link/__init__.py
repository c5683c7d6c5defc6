"""Links across sources: the same dataset listed by town, county and state becomes one dataset. Pure.

    records of all sources ─▶ evidence ─▶ joining ─▶ one record a dataset, its other listings, aliases

It is done anew at every build, from the store alone: each source's own records stay as they are, so a
source that is added or taken out needs no migration, and a rule that gets better mends the past.
`docs/links.md` says what counts as evidence, what does not, and what that gave on real portals.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from msgspec.structs import replace

from harvester.link import addresses
from harvester.link.evidence import evidence
from harvester.link.joining import Group, Joined, Portal, join
from harvester.model import N_, CatalogRecord, Catalogue, Listing, Problem, Source

__all__ = ["Group", "Joined", "Portal", "evidence", "join", "linked"]

MOST_NAMED = 3
"""Datasets of a loop that are named in its problem."""

_OUR_FEED = re.compile(r"(?:data|datapackage)\.json|catalog(?:-\d+)?\.(?:ttl|rdf|jsonld)|catalogue\.\w+")


def linked(catalogue: Catalogue) -> Catalogue:
    """The catalogue with one record a dataset.

    A source's setting `origin: true` says that what it lists is its own, whoever else lists it. Records
    that lead back to the catalogue itself are left out, and their source says so.
    """
    site = catalogue.config.catalogue.url
    sources = [each.source for each in catalogue.sources]
    fed_by_us = {each.id for each in sources if _is_our_feed(each, site)}
    shown = [evidence(record.dataset, site) for record in catalogue.records]
    loops = {each.id for each in shown if each.ours or each.source in fed_by_us}
    joined = join((each for each in shown if each.id not in loops), {s.id: _portal(s) for s in sources})
    origins = {other: group.origin for group in joined.groups for other in group.others}
    records = {record.dataset.id: record for record in catalogue.records}
    order = {source.id: number for number, source in enumerate(sources)}
    joint = {g.origin: [records[other] for other in g.others] for g in joined.groups}
    return replace(
        catalogue,
        records=tuple(
            _with(record, joint[id], order) if id in joint else record
            for id, record in records.items()
            if id not in loops and id not in origins
        ),
        listed=tuple(record for id, record in records.items() if id in origins),
        aliases=_aliases(catalogue, origins, loops),
        duplicates=joined.duplicates,
        sources=tuple(
            replace(each, problems=(*each.problems, *_loop(each.source, loops, catalogue.records)))
            for each in catalogue.sources
        ),
    )


def _aliases(catalogue: Catalogue, origins: dict[str, str], loops: set[str]) -> dict[str, str]:
    """The catalogue's aliases and the ids of other listings, all leading to datasets that have a page."""
    shown = {record.dataset.id for record in catalogue.records} - loops
    before = {old: origins.get(id, id) for old, id in catalogue.aliases.items() if id in shown}
    return {**before, **origins}


def _portal(source: Source) -> Portal:
    return Portal(
        host="" if source.path else addresses.host(source.url),
        level=source.level,
        preferred=source.settings.get("origin") is True,
    )


def _with(record: CatalogRecord, others: list[CatalogRecord], order: dict[str, int]) -> CatalogRecord:
    """The origin's record with the other listings; here since the first of them was."""
    listings = [
        Listing(source=each.dataset.source, dataset=each.dataset.id, page=each.dataset.page)
        for each in sorted(others, key=lambda each: order[each.dataset.source])
    ]
    first_seen = min(each.first_seen for each in (record, *others))
    return replace(record, listings=tuple(listings), first_seen=first_seen)


def _is_our_feed(source: Source, site: str) -> bool:
    """Is the source our own site, in any of its languages, or one of the files that it publishes?"""
    if source.path or not addresses.is_below(source.url, site):
        return False
    rest = re.split(r"[?#]", source.url.partition("://")[2].partition("/")[2], maxsplit=1)[0].strip("/")
    inside = site.partition("://")[2].partition("/")[2].strip("/")
    rest = rest.removeprefix(inside).strip("/")
    return not rest or _OUR_FEED.fullmatch(rest) is not None


def _loop(source: Source, loops: set[str], records: Iterable[CatalogRecord]) -> Iterable[Problem]:
    if not loops:
        return
    mine = [r.dataset for r in records if r.dataset.source == source.id and r.dataset.id in loops]
    if mine:
        titles = [next(iter(dataset.title.values()), dataset.id) for dataset in mine[:MOST_NAMED]]
        yield Problem(
            where=source.name,
            what=N_(
                "{count} of its datasets were collected from this catalogue and lead back to it ({titles})."
            ),
            remedy=N_(
                "They are left out. Add the portals that they come from as sources, or remove this source."
            ),
            values={
                "count": str(len(mine)),
                "titles": "; ".join(titles) + ("; …" if len(mine) > MOST_NAMED else ""),
            },
        )
