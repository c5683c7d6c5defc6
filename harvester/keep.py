"""From a visit to the store: which dataset is which, what changed, what is wrong with it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from concurrent.futures import Executor
from typing import NamedTuple

import msgspec
from msgspec.structs import replace

from harvester import changes, quality
from harvester.changes import Evidence, Known, Match, Seen, Verdict
from harvester.model import N_, Dataset, Date, Finding, Harvest, Problem
from harvester.normalise.fingerprint import field_changes
from harvester.quality import Profile
from harvester.store import Kept, SourceState, Store
from harvester.visit import Visited

RECHECK_DAYS = 7
"""Findings that depend on the day (a dataset grown stale) are looked for again this often."""


def keep(
    visited: Visited,
    store: Store,
    profile: Profile,
    started: dt.datetime,
    seconds: float,
    executor: Executor | None,
) -> Harvest:
    """Judge a visit and keep it, in one transaction. Returns what is told about it."""
    source, state = visited.source, store.state(visited.source.id)
    unique, repeated = changes.told_apart(visited.seen)
    for record in repeated:
        visited.leave_out(_listed_twice(visited, record))
    harvest = Harvest(
        source=source.id,
        outcome="unchanged",
        started=started.strftime("%Y-%m-%dT%H:%M:%SZ"),
        seconds=round(seconds, 3),
        datasets=state.last_good_count or 0,
        announced=visited.announced,
        requests=visited.requests,
        bytes=visited.bytes,
        skipped=visited.skipped,
        left_out=tuple(visited.left_out),
    )
    if visited.unchanged:
        return _keep_unchanged(harvest, visited, store, state, profile)

    known, keys = store.known(source.id)
    patience, day = changes.patience(source.settings), harvest.started[:10]
    verdict = changes.judge(
        source.id,
        received=len(unique),
        last_good=state.last_good_count,
        announced=visited.announced,
        left_out=visited.skipped,
        trouble=visited.trouble,
        smallest_share=patience.smallest_share,
        believed=changes.is_believed(state.held_back, len(unique), day, patience.nights),
    )
    if not verdict.keep:
        kept_back = replace(
            harvest,
            outcome=verdict.outcome,
            problem=verdict.problem,
            datasets=sum(each.current and not each.missing for each in known),
            missing=sum(each.current and each.missing is not None for each in known),
        )
        if verdict.outcome == "suspicious":
            state = replace(state, held_back=changes.held_back(state.held_back, len(unique), day))
        store.keep(kept_back, _with_feed(state, visited))
        return kept_back
    return _keep_whole(harvest, visited, unique, known, keys, store, state, profile, verdict, executor)


def _keep_unchanged(
    harvest: Harvest, visited: Visited, store: Store, state: SourceState, profile: Profile
) -> Harvest:
    """The portal said that nothing changed: only the date of the last good harvest moves on."""
    known, _ = store.known(harvest.source)
    day, grace_days = harvest.started[:10], changes.patience(visited.source.settings).grace_days
    missing = [each for each in known if each.current and each.missing]
    withdrawn = changes.withdrawn(missing, day, grace_days)
    harvest = replace(
        harvest,
        datasets=sum(each.current for each in known) - len(missing),
        missing=len(missing) - len(withdrawn),
        removed=len(withdrawn),
    )
    store.keep(
        harvest,
        replace(state, last_good=harvest.started, held_back=None),
        withdrawn=[each.id for each in withdrawn],
    )
    recheck(visited, store, profile, harvest.started[:10])
    return harvest


def recheck(visited: Visited, store: Store, profile: Profile, day: str) -> None:
    """Validate what the store holds of a source again, where its findings are of another profile or old."""
    if not is_due(store.state(visited.source.id), profile, day):
        return
    found = quality.check(
        visited.source, store.datasets(visited.source.id), profile, dt.date.fromisoformat(day)
    )
    store.keep_findings(visited.source.id, found, day, profile.digest)


def is_due(state: SourceState, profile: Profile, day: str) -> bool:
    """Must a source's datasets be validated again, though they did not change?"""
    if state.checked is None or state.profile != profile.digest:
        return True
    age = dt.date.fromisoformat(day) - dt.date.fromisoformat(state.checked)
    return age.days >= RECHECK_DAYS


def _with_feed(state: SourceState, visited: Visited) -> SourceState:
    """What is remembered after a visit that kept nothing: where the feed is, if that was found out."""
    if visited.feed is None:
        return state
    return replace(state, feed=visited.feed, feed_url=visited.feed_url)


def _keep_whole(
    harvest: Harvest,
    visited: Visited,
    unique: list[Seen],
    known: list[Known],
    keys: Mapping[str, str],
    store: Store,
    state: SourceState,
    profile: Profile,
    verdict: Verdict,
    executor: Executor | None,
) -> Harvest:
    matches = _matches(visited, unique, known, keys, store)
    plan = _plan(visited, matches, store, state.last_good, harvest.started)
    seen_ids = {each.id for each in plan.values()}
    day = harvest.started[:10]
    unseen = [each for each in known if each.current and each.id not in seen_ids]
    gone = _gone(unseen, visited, state, day) if verdict.remove else _Gone()
    events = [each.event for each in plan.values()]
    nothing_new = verdict.outcome == "fresh" and gone == _Gone() and not any(events)
    missing = [each.id for each in unseen if each.missing or each.id in gone.missing]
    harvest = replace(
        harvest,
        outcome="unchanged" if nothing_new else verdict.outcome,
        problem=verdict.problem,
        datasets=len(plan) + len(unseen) - len({*missing, *gone.withdrawn}),
        added=events.count("added") + events.count("returned"),
        changed=events.count("changed"),
        removed=len(gone.withdrawn),
        missing=len(set(missing) - set(gone.withdrawn)),
        renamed=sum(each.known is not None and each.known.key != each.seen.key for each in matches),
    )
    good = verdict.remove
    findings: list[Finding] | None = None
    if not nothing_new or is_due(state, profile, day):
        findings = quality.check(
            visited.source,
            (_identified(visited, match.seen, plan) for match in matches),
            profile,
            dt.date.fromisoformat(day),
            executor,
        )
    store.keep(
        harvest,
        SourceState(
            entry=visited.entry,
            feed=visited.feed,
            feed_url=visited.feed_url,
            validators=visited.validators if good else state.validators,
            last_good=harvest.started if good else state.last_good,
            last_good_count=len(plan) if good else state.last_good_count,
            checked=day if findings is not None else state.checked,
            profile=profile.digest,
        ),
        (_with_record(visited, match, plan, again=not state.validators) for match in matches),
        gone.missing,
        gone.withdrawn,
        findings,
    )
    return harvest


class _Gone(NamedTuple):
    """Ids of datasets that the source no longer lists: since tonight, or for so long that they go."""

    missing: tuple[str, ...] = ()
    withdrawn: tuple[str, ...] = ()


def _gone(unseen: list[Known], visited: Visited, state: SourceState, day: str) -> _Gone:
    """What becomes of datasets that a whole harvest does not list.

    A person's word (`harvester accept`) lets them go at once.
    """
    accepted = state.last_good is not None and state.last_good_count is None
    grace_days = 0 if accepted else changes.patience(visited.source.settings).grace_days
    withdrawn = unseen if grace_days == 0 else changes.withdrawn(unseen, day, grace_days)
    missing = [each for each in unseen if not each.missing and each not in withdrawn]
    return _Gone(tuple(each.id for each in missing), tuple(each.id for each in withdrawn))


def _matches(
    visited: Visited, unique: list[Seen], known: list[Known], keys: Mapping[str, str], store: Store
) -> list[Match]:
    def of_seen(seen: Seen) -> Evidence:
        return changes.evidence(visited.record(seen))

    def of_known(each: Known) -> Evidence:
        return changes.evidence(store.dataset(each.id))

    return changes.match(unique, known, keys, of_seen, of_known)


def _plan(
    visited: Visited, matches: list[Match], store: Store, last_good: str | None, started: str
) -> dict[str, Kept]:
    """Key → what is to be kept of each record of tonight; the records themselves stay in the spool."""
    plan: dict[str, Kept] = {}
    given: set[str] = set()
    modified: list[tuple[Date | None, Date | None]] = []
    for match in matches:
        seen, known = match.seen, match.known
        if known is None:
            record = replace(visited.record(seen), key=seen.key)
            id = changes.id_for(record, lambda id: id in given or store.has(id))
            kept = Kept(id, seen.key, "added", (), seen.fingerprint)
        elif known.fingerprint == seen.fingerprint and known.current and not known.missing:
            kept = Kept(known.id, seen.key, None)
        elif known.current and not known.missing:
            before, now = store.dataset(known.id), visited.record(seen)
            fields = field_changes(before, now)
            kept = Kept(known.id, seen.key, "changed" if fields else None, fields, seen.fingerprint)
            modified.append((before.modified, now.modified))
        else:
            kept = Kept(known.id, seen.key, "returned", (), seen.fingerprint)
        given.add(kept.id)
        plan[seen.key] = kept
    if last_good and changes.are_run_stamps(modified, len(plan), last_good[:10], started[:10]):
        return {key: _without_stamp(kept) for key, kept in plan.items()}
    return plan


def _without_stamp(kept: Kept) -> Kept:
    """The stamp goes into the record, as all that a portal says, and makes no change."""
    fields = tuple(each for each in kept.fields if each.field != "modified")
    return replace(kept, fields=fields, event=None if kept.event == "changed" and not fields else kept.event)


def _identified(visited: Visited, seen: Seen, plan: Mapping[str, Kept]) -> Dataset:
    """A record of tonight under the id and the key that it has in the catalogue."""
    return replace(visited.record(seen), id=plan[seen.key].id, key=seen.key)


def _with_record(visited: Visited, match: Match, plan: Mapping[str, Kept], *, again: bool) -> Kept:
    """What is to be kept, with its record where that is another one, or where all are stored `again`.

    They are after a restore, which left out what is not published and every validator (`store_copy`).
    """
    kept = plan[match.seen.key]
    if not kept.fingerprint and not again:
        return kept
    return replace(kept, record=msgspec.json.encode(_identified(visited, match.seen, plan)))


def identified(visited: Visited) -> Iterator[Dataset]:
    """The records of a visit as if all of them were new: for looking at a source without a store."""
    unique, _ = changes.told_apart(visited.seen)
    given: set[str] = set()
    for seen in unique:
        record = replace(visited.record(seen), key=seen.key)
        id = changes.id_for(record, given.__contains__)
        given.add(id)
        yield _identified(visited, seen, {seen.key: Kept(id, seen.key, "added")})


def _listed_twice(visited: Visited, seen: Seen) -> Problem:
    title = next(iter(visited.record(seen).title.values()), seen.key)
    return Problem(
        where=visited.source.id,
        what=N_("The dataset “{title}” is listed twice, word for word; it was taken once."),
        values={"title": title[:100]},
    )
