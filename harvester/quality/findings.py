"""From datasets to findings: one pass over a source, its rows validated in parts.

Rows are sent off a part at a time while the datasets stream by, so that a source need not fit
into memory, and as many cores are used as the executor has.
"""

from __future__ import annotations

import datetime as dt
import re
from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import Executor, Future
from itertools import groupby

from harvester.model import Dataset, Finding, Source
from harvester.quality.parts import Fault, Part
from harvester.quality.profile import WRONG_TYPE, Profile, Rule
from harvester.quality.sheets import Where, references, sheets
from harvester.quality.tables import TABLES, column, field_path

Sent = tuple[Part, list[Sequence[Where]]]
"""A part, and where each of its rows stands in the datasets."""

PARTS_UNDER_WAY = 6
"""As many parts as may wait for the executor: enough to keep it busy, few enough for memory."""
WORTH_SENDING = 1_000
"""Fewer rows are validated faster here than sent to another process."""
LONGEST_RAW = 200


def check(
    source: Source,
    datasets: Iterable[Dataset],
    profile: Profile,
    today: dt.date,
    executor: Executor | None = None,
) -> list[Finding]:
    """Everything that is wrong with a source's datasets, by the profile and by the notes of reading them.

    The datasets have their final ids; their order does not matter. `today` is what "overdue" and
    "in the future" are measured from. The findings stand in the order of dataset, field and code.
    """
    found: list[Finding] = []
    parts = _parts(_noted(datasets, source, profile, found), profile, today)
    for part, places, faults in _validated(parts, executor):
        for fault in faults:
            rule = _rule(part.table, fault, profile)
            broken = column(part.table, fault.column)
            if rule.severity != "ignore" and broken is not None:
                found += (
                    Finding(
                        code=rule.code,
                        severity=rule.severity,
                        source=source.id,
                        dataset=id,
                        field=field_path(prefix, broken),
                        raw="" if broken.ours else fault.raw[:LONGEST_RAW],
                    )
                    for id, prefix in places[fault.row]
                )
    return list(_told_once(found, profile))


def _noted(
    datasets: Iterable[Dataset], source: Source, profile: Profile, found: list[Finding]
) -> Iterator[Dataset]:
    """Pass the datasets on, and turn the notes that they carry into findings."""
    for dataset in datasets:
        for note in dataset.notes:
            rule = profile.rule(note.code)
            if rule.severity != "ignore":
                found.append(
                    Finding(
                        code=rule.code,
                        severity=rule.severity,
                        source=source.id,
                        dataset=dataset.id,
                        field=_with_file_id(note.field, dataset),
                        raw=note.raw[:LONGEST_RAW],
                    )
                )
        yield dataset


_FILE = re.compile(r"distributions\.(\d{1,6})(?=\.|$)")


def _with_file_id(field: str, dataset: Dataset) -> str:
    """`distributions.2.format` by the file's id: its number is another one when a file is added."""
    found = _FILE.match(field)
    if found is None or int(found[1]) >= len(dataset.distributions):
        return field
    return f"distributions.{dataset.distributions[int(found[1])].id}{field[found.end() :]}"


def _parts(datasets: Iterable[Dataset], profile: Profile, today: dt.date) -> Iterator[Sent]:
    """The rows of all tables, in parts that can be validated one without the other."""
    from harvester.quality.checks import CHECKS  # Frictionless is slow to import

    filled = {
        name: sheets(name, table, {check: CHECKS[check].needs for check in table.checks})
        for name, table in profile.tables.items()
    }
    every = [sheet for its_sheets in filled.values() for sheet in its_sheets]
    referred = references(every)
    for dataset in datasets:
        for name, its_sheets in filled.items():
            items = list(TABLES[name].items(dataset))
            for sheet in its_sheets:
                sheet.add(dataset, items)
                if sheet.is_full:
                    yield sheet.take(referred, today)
        for reference in referred.values():
            reference.add(dataset)
    for sheet in every:
        if sheet.rows:
            yield sheet.take(referred, today)


def _validated(
    parts: Iterable[Sent], executor: Executor | None
) -> Iterator[tuple[Part, list[Sequence[Where]], list[Fault]]]:
    """The parts with their faults, large ones validated by the executor where there is one."""
    from harvester.quality.validate import validate  # Frictionless is slow to import

    under_way: deque[tuple[Part, list[Sequence[Where]], Future[list[Fault]]]] = deque()
    for part, places in parts:
        if executor is None or len(part.rows) < WORTH_SENDING:
            yield part, places, validate(part)
            continue
        under_way.append((part, places, executor.submit(validate, part)))
        if len(under_way) > PARTS_UNDER_WAY:
            first, its_places, future = under_way.popleft()
            yield first, its_places, future.result()
    for first, its_places, future in under_way:
        yield first, its_places, future.result()


def _rule(table: str, fault: Fault, profile: Profile) -> Rule:
    asked = profile.tables[table]
    if fault.rule in asked.checks:
        return profile.rule(fault.rule)
    rules = asked.keys if fault.rule in asked.keys else asked.cells[fault.column]
    return rules.get(fault.rule) or profile.rule(WRONG_TYPE)


def _told_once(found: list[Finding], profile: Profile) -> Iterator[Finding]:
    """In the order of dataset, field and code, each once: reading and validating may tell the same.

    That a value is on none of our lists is not told where another finding says more about it.
    """
    found.sort(key=lambda each: (each.dataset or "", each.field or "", each.code, not each.raw, each.raw))
    for _, at_field in groupby(found, key=lambda each: (each.dataset, each.field)):
        once: dict[str, Finding] = {}
        for each in at_field:
            once.setdefault(each.code, each)
        telling = [each for code, each in once.items() if code not in profile.vague]
        yield from telling or once.values()
