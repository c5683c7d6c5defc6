"""Joining: which listings are one dataset, and which of them is its origin.

Every piece of evidence that several listings share is a *key*. Keys are taken one after another, in an
order that only their texts decide: services, then global names, then addresses of files; of each those
first that no source has twice. The groups of a key's listings are joined where nothing speaks against it:

* no two listings of one source are in a group, also not through a third: a portal knows its datasets;
* of two listings in a group that both name ArcGIS services, one names a service of the other's: two
  layers of one server, or two copies of one layer, stay two datasets whatever else they share.

A listing that holds several datasets of another source, each with files or services of its own there, is a
collection of them: a file or service joins it to no part but the one that has its title.

Where a source lists a key twice, the listing with the same title is taken, else the one with the smaller
id. What could not be joined is a possible duplicate. The result depends on the set of listings alone.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Literal, NamedTuple

from msgspec import Struct

from harvester.link.evidence import Evidence
from harvester.model import Level, PossibleDuplicate, Reason

MOST_OF_ONE_SOURCE = 5
"""An address that more datasets of one source list is a page about many, and proves nothing."""

MOST_OF_ONE_TITLE = 12
"""A title and publisher (or place) that more datasets share is a series, and suggests nothing."""

_LOWEST: dict[Level | None, int] = {
    "municipality": 0,
    "county": 1,
    "agency": 2,
    "region": 3,
    "state": 4,
    "national": 5,
    None: 6,
}


class Portal(Struct, frozen=True, kw_only=True):
    """What joining needs to know of a source."""

    host: str = ""
    level: Level | None = None
    preferred: bool = False  # sources.yaml says that what it lists is its own


class Group(Struct, frozen=True):
    """One dataset: the ids of its origin and, sorted, of its other listings."""

    origin: str
    others: tuple[str, ...]


class Joined(Struct, frozen=True):
    """The groups of two and more, and the possible duplicates, both sorted."""

    groups: tuple[Group, ...]
    duplicates: tuple[PossibleDuplicate, ...]


class _Cluster:
    """Listings that are one dataset as far as is known."""

    def __init__(self, listing: Evidence) -> None:
        self.listings = [listing]
        self.sources = {listing.source}
        self.services = {frozenset(listing.services)} if listing.services else set()
        self.least = listing.id

    def fits(self, other: _Cluster) -> bool:
        return self.sources.isdisjoint(other.sources) and not any(
            mine.isdisjoint(theirs) for mine in self.services for theirs in other.services
        )

    def take(self, other: _Cluster) -> None:
        self.listings += other.listings
        self.sources |= other.sources
        self.services |= other.services
        self.least = min(self.least, other.least)


class _Clusters(dict[str, _Cluster]):
    """The cluster of each listing, by id; made when it is asked for, since most listings share nothing."""

    def of(self, listing: Evidence) -> _Cluster:
        found = self.get(listing.id)
        if found is None:
            found = self[listing.id] = _Cluster(listing)
        return found


def join(listings: Iterable[Evidence], portals: dict[str, Portal]) -> Joined:
    """Join the listings of all sources. Their ids are unique; `portals` are the sources by id."""
    found = sorted(listings, key=lambda each: each.id)
    clusters = _Clusters()
    apart: list[tuple[_Cluster, _Cluster, Reason]] = []
    for key in _keys(found):
        left = [*_joined(key.members, clusters), *map(clusters.of, key.aside)]
        apart += ((left[0], each, "address") for each in left[1:])
    apart += _alike(found, clusters)
    made = {cluster.least: cluster for cluster in clusters.values()}
    origins = {least: _origin(cluster.listings, portals) for least, cluster in made.items()}
    suggested: dict[tuple[str, str], Reason] = {}
    for one, another, reason in apart:
        pair = sorted(origins[clusters[each.least].least] for each in (one, another))
        if pair[0] != pair[1]:
            suggested.setdefault((pair[0], pair[1]), reason)
    groups = [
        Group(origins[least], tuple(sorted({each.id for each in cluster.listings} - {origins[least]})))
        for least, cluster in made.items()
        if len(cluster.listings) > 1
    ]
    return Joined(
        tuple(sorted(groups, key=lambda group: group.origin)),
        tuple(
            PossibleDuplicate(first=first, second=second, reason=suggested[first, second])
            for first, second in sorted(suggested)
        ),
    )


# ------------------------------------------------------------------------------ which are one


class _Key(NamedTuple):
    """The listings that share one piece of evidence. `aside` share it and are not to be joined by it."""

    members: list[Evidence]
    aside: list[Evidence]


def _keys(listings: list[Evidence]) -> list[_Key]:
    """Every key that joins some listings, or that one source has twice, in the order to take them."""
    shared = _repeated(key for each in listings for key in _of(each))
    sharing_any = [each for each in listings if not shared.isdisjoint(_of(each))]
    members: dict[str, list[Evidence]] = {}
    ranks: dict[str, int] = {}
    for each in sharing_any:
        for key in dict.fromkeys(_of(each)):
            if key in shared:
                members.setdefault(key, []).append(each)
        for rank, keys in enumerate((each.services, each.names, each.files)):
            for key in keys:
                if key in shared:
                    ranks[key] = min(rank, ranks.get(key, rank))
    counted = {key: Counter(each.source for each in members[key]) for key in ranks}
    most = {key: max(counts.values()) for key, counts in counted.items()}
    useful = {
        key: members[key]
        for key, counts in counted.items()
        if most[key] <= MOST_OF_ONE_SOURCE and (len(counts) > 1 or (most[key] > 1 and ranks[key] == 0))
    }
    collections = {each.id: each for each in sharing_any if _is_collection(each, useful)}
    found: list[tuple[int, bool, str, _Key]] = []
    for key, sharing in useful.items():
        aside = []
        if ranks[key] != 1:
            titled = Counter(title for title, _ in {(each.title, each.source) for each in sharing})
            aside = [each for each in sharing if each.id in collections and titled[each.title] == 1]
        joining = [each for each in sharing if each not in aside] if aside else sharing
        found.append((ranks[key], most[key] > 1, key, _Key(joining, aside)))
    found.sort(key=lambda each: each[:3])
    return [*(key for *_, key in found), *_same_collections(collections.values())]


def _is_collection(listing: Evidence, useful: dict[str, list[Evidence]]) -> bool:
    """Has another source a dataset of its own for each of several files or services of this one?"""
    for keys in (listing.services, listing.files):
        by_source: dict[str, set[frozenset[str]]] = {}
        for key in keys if len(keys) > 1 else ():
            others: dict[str, set[str]] = {}
            for each in useful.get(key, ()):
                if each.source != listing.source:
                    others.setdefault(each.source, set()).add(each.id)
            for source, ids in others.items():
                seen = by_source.setdefault(source, set())
                if any(ids - before and before - ids for before in seen):
                    return True
                seen.add(frozenset(ids))
    return False


def _same_collections(collections: Iterable[Evidence]) -> Iterator[_Key]:
    """Collections of the same files and services."""
    alike: dict[tuple[str, ...], list[Evidence]] = {}
    for each in collections:
        alike.setdefault(tuple(sorted((*each.services, *each.files))), []).append(each)
    for _, members in sorted(alike.items()):
        if len(members) > 1:
            yield _Key(members, [])


def _of(listing: Evidence) -> Iterator[str]:
    yield from listing.services
    yield from listing.names
    yield from listing.files
    yield from listing.claims


def _repeated(keys: Iterable[str]) -> set[str]:
    seen: set[str] = set()
    repeated: set[str] = set()
    for key in keys:
        (repeated if key in seen else seen).add(key)
    return repeated


def _joined(members: list[Evidence], clusters: _Clusters) -> list[_Cluster]:
    """Join the listings of one key where nothing speaks against it; the clusters that are left of them."""
    titled: dict[str, list[Evidence]] = {}
    for each in members:
        titled.setdefault(each.title, []).append(each)
    for title in sorted(titled):
        if title and len(titled[title]) > 1:
            _merged(titled[title], clusters)
    return _merged(members, clusters)


def _merged(members: list[Evidence], clusters: _Clusters) -> list[_Cluster]:
    """Take the clusters of these listings in the order of their ids, each into the first that it fits."""
    found = {cluster.least: cluster for cluster in map(clusters.of, members)}
    kept: list[_Cluster] = []
    for _, cluster in sorted(found.items()):
        into = next((each for each in kept if each.fits(cluster)), None)
        if into is None:
            kept.append(cluster)
            continue
        into.take(cluster)
        for each in cluster.listings:
            clusters[each.id] = into
    return kept


def _alike(listings: list[Evidence], clusters: _Clusters) -> Iterator[tuple[_Cluster, _Cluster, Reason]]:
    """Listings of different sources with one title and one publisher or place: to be looked at."""
    reasons: tuple[Reason, ...] = ("publisher", "place")
    for reason in reasons:
        alike: dict[tuple[str, str], list[Evidence]] = {}
        for each in listings:
            other = each.publisher if reason == "publisher" else each.box
            if each.title and other:
                alike.setdefault((each.title, other), []).append(each)
        for together in alike.values():
            if 1 < len(together) <= MOST_OF_ONE_TITLE:
                found = {cluster.least: cluster for cluster in map(clusters.of, together)}
                first, *others = found.values()
                for cluster in others:
                    if first.sources.isdisjoint(cluster.sources):
                        yield first, cluster, reason


# ------------------------------------------------------------------------------ which is the origin


def _origin(listings: list[Evidence], portals: dict[str, Portal]) -> str:
    """The id of the listing that speaks for all: each rule chooses among those that the rules before left.

    What sources.yaml says; the source that another listing says it came from; the portal on whose host
    another listing finds data or landing page; the lowest level; the smallest id.
    """
    if len(listings) == 1:
        return listings[0].id

    def portal(each: Evidence) -> Portal:
        return portals.get(each.source) or Portal()

    def named_by_another(each: Evidence, fields: Literal["declared_hosts", "data_hosts"]) -> bool:
        own = portal(each).host
        return bool(own) and any(own in getattr(other, fields) for other in listings if other is not each)

    left = listings
    left = [each for each in left if portal(each).preferred] or left
    left = [each for each in left if named_by_another(each, "declared_hosts")] or left
    left = [each for each in left if named_by_another(each, "data_hosts")] or left
    return min(left, key=lambda each: (_LOWEST[portal(each).level], each.id)).id
