"""What is asked of a dataset, read and checked: the shape of a profile in memory."""

from __future__ import annotations

from typing import Any, Literal

from msgspec import Struct

from harvester.model import Severity

Weight = Severity | Literal["ignore"]

UNKNOWN = "note-unknown"
"""The finding that stands in for a code without words of its own."""

WRONG_TYPE = "value-unexpected-type"
"""The finding of a cell that is not of its column's type, where the profile names no other."""


class Words(Struct, frozen=True, kw_only=True):
    """One kind of finding, in English messages with a `{raw}` place for what the source wrote."""

    severity: Weight
    title: str
    meaning: str
    remedy: str


class Rule(Struct, frozen=True, kw_only=True):
    """What a broken constraint is reported as."""

    code: str
    severity: Weight


class Table(Struct, frozen=True, kw_only=True):
    """One metadata table: its Table Schema, and what breaking each constraint is reported as."""

    schema: dict[str, Any]
    """A Table Schema descriptor without anything of ours; code lists are filled in as `enum`."""
    cells: dict[str, dict[str, Rule]]
    """Column → constraint (`required`, `pattern`, `type`, …) → rule."""
    keys: dict[str, Rule]
    """`primaryKey`, `foreignKeys` → rule."""
    checks: tuple[str, ...]


class Place(Struct, frozen=True, kw_only=True):
    """Where to mend something in one feed type: messages with a `{label}` place, and the labels.

    `labels` maps a field of the record (`licence`, `distributions.format`) to what the platform
    calls it; a field without a label has no such place.
    """

    dataset: str
    file: str
    labels: dict[str, str]


class Profile(Struct, frozen=True, kw_only=True):
    """What is asked of a dataset. Made by `load_profile`; can be sent to another process."""

    name: str
    tables: dict[str, Table]
    words: dict[str, Words]
    places: dict[str, Place]
    vague: frozenset[str]
    """Codes that say only that a value is on none of our lists: not worth telling beside another finding."""
    digest: str
    """Changes whenever anything in the profile does, or in a code list that it refers to."""

    def rule(self, code: str) -> Rule:
        """The rule of a finding that is known by its code alone: a check's, or a note's."""
        known = code if code in self.words else UNKNOWN
        return Rule(code=known, severity=self.words[known].severity)
