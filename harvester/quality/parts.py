"""What travels to another process and back: some rows to validate, and what is wrong with them."""

from __future__ import annotations

import datetime as dt
from typing import Any, NamedTuple

from harvester.quality.tables import Cell


class Part(NamedTuple):
    """Some rows of one table, and all that is needed to validate them."""

    table: str
    schema: dict[str, Any]  # its fields name the columns, in the order of the cells
    rows: list[tuple[Cell, ...]]
    references: dict[str, tuple[list[str], list[tuple[Cell, ...]]]]  # table → columns, rows
    checks: tuple[str, ...]
    today: dt.date


class Fault(NamedTuple):
    """One broken rule: `rule` is a constraint, `primaryKey`, `foreignKeys` or a check's name."""

    row: int  # from 0
    column: str
    rule: str
    raw: str
