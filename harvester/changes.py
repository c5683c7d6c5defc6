"""Pure: the last good harvest and this one; what to keep, to replace or to hold back.

Two questions are answered here, without IO:

* *Which dataset is this?* An identifier is not an identity: platforms change all of them in one
  night. A record is matched to a known dataset of the same source by its key, else by another
  identifier, else by a service or file address, else by a title that is unique on both sides.
  What matches nothing is new. (DESIGN, "rules that the field paid for"; failures 9, 10, 11.)
* *May this harvest replace the last good one?* A valid feed with no dataset, or with far fewer
  than last time, is an outage until several nights say otherwise; a partial one removes nothing.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence

import msgspec
from msgspec import Struct
from msgspec.structs import replace

from harvester.model import N_, Dataset, Date, Outcome, Problem
from harvester.normalise.identity import new_id, slug

SHRUNK_FROM = 4
"""Smaller catalogues than this may halve without raising suspicion."""

STAMPED_FROM, STAMPED_SHARE = 5, 0.9
"""So many datasets, and such a share of all, that are each changed "today" are not changed, but stamped."""

ALIKE = 0.1
"""Two held-back harvests tell the same when their counts differ by no more than this share."""


class Patience(Struct, frozen=True, kw_only=True):
    """How long the last good harvest is held on to. A source's `settings` may say otherwise."""

    smallest_share: float = 0.5  # of the last good count, below which a feed is suspicious
    nights: int = 7  # in a row on which a suspicious feed says the same, until it is believed
    grace_days: int = 14  # that a dataset which is no longer listed stays in the catalogue


def patience(settings: Mapping[str, object]) -> Patience:
    """The patience that a source's settings ask for; `sources` has checked them."""
    wanted = {name: settings[name] for name in Patience.__struct_fields__ if name in settings}
    return msgspec.convert(wanted, Patience, strict=False)


class Seen(Struct, frozen=True):
    """A record of tonight's harvest, by what is needed to match and compare it."""

    key: str
    fingerprint: str
    place: int  # where the spool holds the record itself


class Known(Struct, frozen=True):
    """A dataset that the store has of this source, current or withdrawn."""

    id: str
    key: str  # the newest of its keys
    fingerprint: str
    current: bool
    missing: str | None = None  # since this day the source no longer lists it, YYYY-MM-DD


class Match(Struct, frozen=True):
    """A record of tonight with the known dataset that it is; `known` is None for a new one."""

    seen: Seen
    known: Known | None


class Evidence(Struct, frozen=True):
    """What, beside its key, may show that two records of one source are the same dataset."""

    identifiers: tuple[str, ...]
    urls: tuple[str, ...]
    title: str


def evidence(dataset: Dataset) -> Evidence:
    """The evidence that a record carries about its identity."""
    identifiers = {each for each in (dataset.uri, *dataset.identifiers) if each}
    return Evidence(
        identifiers=tuple(sorted(identifiers)),
        urls=tuple(sorted({d.url for d in dataset.distributions if d.url})),
        title=" ".join(next(iter(dataset.title.values()), "").casefold().split()),
    )


# ------------------------------------------------------------------------------ which is which


def told_apart(seen: Iterable[tuple[Seen, str]]) -> tuple[list[Seen], list[Seen]]:
    """Records of one harvest with keys that are unique, and those that only repeat another.

    Takes each record with its title. Where several records carry one key, identical ones are one
    record; others keep the key with their title behind it, so that the result does not depend on
    the order in which the portal lists them (failure 5, 11; 142 such pairs in 88 hubs).
    """
    by_key: defaultdict[str, dict[str, tuple[Seen, str]]] = defaultdict(dict)
    repeated = []
    for record, title in seen:
        if record.fingerprint in by_key[record.key]:
            repeated.append(record)
        else:
            by_key[record.key][record.fingerprint] = (record, title)
    unique = []
    for key, group in by_key.items():
        taken: Counter[str] = Counter()
        for number, (_, (record, title)) in enumerate(sorted(group.items(), key=_title_then_print)):
            if number == 0 and len(group) == 1:
                unique.append(record)
                continue
            apart = f"{key}#{slug(title)}"
            taken[apart] += 1
            unique.append(replace(record, key=apart if taken[apart] == 1 else f"{apart}-{taken[apart]}"))
    return sorted(unique, key=lambda record: record.place), repeated


def _title_then_print(item: tuple[str, tuple[Seen, str]]) -> tuple[str, str]:
    fingerprint, (_, title) = item
    return title, fingerprint


def match(
    seen: Sequence[Seen],
    known: Sequence[Known],
    former_keys: Mapping[str, str],
    evidence_of_seen: Callable[[Seen], Evidence],
    evidence_of_known: Callable[[Known], Evidence],
) -> list[Match]:
    """Every record of tonight with the dataset that it is, in the order of `seen`.

    `former_keys` maps every key that the source ever used to a dataset's id. The two functions
    are asked only about what its key does not settle, which on most nights is nothing.
    """
    by_id = {each.id: each for each in known}
    matched: dict[str, Known] = {}
    for record in seen:
        found = by_id.get(former_keys.get(record.key, ""))
        if found is not None:
            matched[record.key] = found
    _drop_claimed_twice(matched, seen)

    for gather in (_identifiers, _urls, _titles):
        open_seen = [record for record in seen if record.key not in matched]
        taken = {each.id for each in matched.values()}
        open_known = [each for each in known if each.id not in taken]
        if not open_seen or not open_known:
            break
        matched |= _pairs(
            {record.key: gather(evidence_of_seen(record)) for record in open_seen},
            {each.id: gather(evidence_of_known(each)) for each in open_known},
            by_id,
        )
    return [Match(record, matched.get(record.key)) for record in seen]


def _drop_claimed_twice(matched: dict[str, Known], seen: Sequence[Seen]) -> None:
    """Two keys of one dataset's past, both in use tonight, are two datasets: the newest key keeps it."""
    claims: defaultdict[str, list[str]] = defaultdict(list)
    for record in seen:
        if record.key in matched:
            claims[matched[record.key].id].append(record.key)
    for keys in claims.values():
        for key in keys:
            if len(keys) > 1 and matched[key].key != key:
                del matched[key]


def _pairs(
    seen: Mapping[str, Iterable[Hashable]],
    known: Mapping[str, Iterable[Hashable]],
    by_id: Mapping[str, Known],
) -> dict[str, Known]:
    """Key → dataset where a mark is on exactly one record of tonight and on exactly one known dataset."""
    seen_by_mark = _unique(seen)
    known_by_mark = _unique(known)
    votes: defaultdict[str, set[str]] = defaultdict(set)
    for mark in sorted(seen_by_mark.keys() & known_by_mark.keys(), key=str):
        votes[seen_by_mark[mark]].add(known_by_mark[mark])
    sure = {key: next(iter(ids)) for key, ids in votes.items() if len(ids) == 1}
    claims = Counter(sure.values())
    return {key: by_id[id] for key, id in sure.items() if claims[id] == 1}


def _unique(marks: Mapping[str, Iterable[Hashable]]) -> dict[Hashable, str]:
    """Mark → its only owner."""
    owners: dict[Hashable, str] = {}
    shared: set[Hashable] = set()
    for owner, own_marks in marks.items():
        for mark in own_marks:
            if owners.setdefault(mark, owner) != owner:
                shared.add(mark)
    return {mark: owner for mark, owner in owners.items() if mark not in shared}


def _identifiers(what: Evidence) -> tuple[str, ...]:
    return what.identifiers


def _urls(what: Evidence) -> tuple[str, ...]:
    return what.urls


def _titles(what: Evidence) -> tuple[str, ...]:
    return (what.title,) if what.title else ()


def are_run_stamps(
    modified: Sequence[tuple[Date | None, Date | None]], datasets: int, last_day: str, day: str
) -> bool:
    """Does a portal write the time of its answer where the date of the last change is due?

    `modified` holds that date of each record that is another one than before, with the one before in
    front; `datasets` counts all records, `last_day` and `day` are those of the last harvest and this
    one, between which the portal's own time zone may lie. (Failure 14: GSA/data.gov#5079.)
    """
    stamped = sum(_is_near(before, last_day) and _is_near(now, day) for before, now in modified)
    return stamped >= max(STAMPED_FROM, STAMPED_SHARE * datasets)


def _is_near(date: Date | None, day: str) -> bool:
    value = date.value if date else None
    return value is not None and len(value) >= len(day) and abs(_days(value[:10], day)) <= 1


def id_for(dataset: Dataset, taken: Callable[[str], bool]) -> str:
    """A new dataset's id, and so the address of its page: given once, never again to another."""
    title = next(iter(dataset.title.values()), "")
    id, attempt = new_id(title, dataset.source, dataset.key), 1
    while taken(id):
        attempt += 1
        id = new_id(title, dataset.source, f"{dataset.key}\0{attempt}")
    return id


def publisher_id(name: str, source_id: str) -> str:
    """A publisher's id: its name, and its source's where the name does not say it already.

    "Planning Department" is in every town, and each is another one; only the source tells which.
    """
    own = slug(name, 60)
    return own if f"-{source_id}-" in f"-{own}-" else f"{own}-{source_id}"


# ------------------------------------------------------------------------------ keep or hold back


_KEPT_BACK = N_("The last good harvest stays. If it was done on purpose, run: harvester accept {source}")


class HeldBack(Struct, frozen=True):
    """That a feed was suspicious on the nights before: since when, and how many datasets it told."""

    since: str  # YYYY-MM-DD
    count: int


def held_back(before: HeldBack | None, received: int, day: str) -> HeldBack:
    """What is remembered of a suspicious night: the first of those that told the same."""
    if before is not None and abs(received - before.count) <= ALIKE * before.count:
        return before
    return HeldBack(day, received)


def is_believed(before: HeldBack | None, received: int, day: str, nights: int) -> bool:
    """Has the feed said the same for so many nights that it must be meant?"""
    return _days(held_back(before, received, day).since, day) + 1 >= nights


def withdrawn(gone: Iterable[Known], day: str, grace_days: int) -> list[Known]:
    """Those of the datasets which are no longer listed whose grace time is over."""
    return [each for each in gone if each.missing and _days(each.missing, day) >= grace_days]


def _days(first: str, last: str) -> int:
    return (dt.date.fromisoformat(last) - dt.date.fromisoformat(first)).days


class Verdict(Struct, frozen=True):
    """What becomes of a harvest. Where `keep` is false, the last good one stays as it was."""

    outcome: Outcome
    keep: bool
    remove: bool  # may datasets that were not seen be taken out?
    problem: Problem | None = None


def judge(
    where: str,
    received: int,
    last_good: int | None,
    announced: int | None,
    left_out: int,
    trouble: Problem | None,
    smallest_share: float = Patience().smallest_share,
    believed: bool = False,
) -> Verdict:
    """Pure judgement of one visit.

    `received` counts the datasets read, `last_good` those of the last good harvest (None: there
    was none), `announced` what the portal says it holds, `left_out` records that were seen but
    could not be read, `trouble` what ended or interrupted the reading. A feed that is `believed` has
    said the same for so long that it is no longer suspicious.
    """
    if trouble is not None and not received:
        return Verdict("failed", keep=False, remove=False, problem=trouble)
    if not received and last_good and not believed:
        return Verdict(
            "suspicious",
            keep=False,
            remove=False,
            problem=Problem(
                where=where,
                what=N_("The portal answered, but lists no dataset; last time it listed {before}."),
                remedy=_KEPT_BACK,
                values={"before": str(last_good), "source": where},
            ),
        )
    if not received:
        empty = Problem(
            where=where,
            what=N_("The portal answered, but lists no dataset."),
            remedy=N_("Check that its datasets are public and that this is the right address."),
        )
        return Verdict("empty", keep=True, remove=believed, problem=empty)
    if trouble is not None:
        return Verdict("partial", keep=True, remove=False, problem=trouble)
    if announced is not None and received + left_out < announced:
        return Verdict(
            "partial",
            keep=True,
            remove=False,
            problem=Problem(
                where=where,
                what=N_("The portal says that it holds {announced} datasets, but gave only {received}."),
                remedy=N_("What is missing stays as it was; the next harvest tries again."),
                values={"announced": str(announced), "received": str(received)},
            ),
        )
    shrunk = last_good and last_good >= SHRUNK_FROM and received < last_good * smallest_share
    if shrunk and not believed:
        return Verdict(
            "suspicious",
            keep=False,
            remove=False,
            problem=Problem(
                where=where,
                what=N_("The portal lists only {received} datasets; last time it listed {before}."),
                remedy=_KEPT_BACK,
                values={"received": str(received), "before": str(last_good), "source": where},
            ),
        )
    return Verdict("fresh", keep=True, remove=True)
