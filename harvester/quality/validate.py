"""Frictionless at work: one part of a table in, what is wrong with its rows out.

A part is small and plain (lists, strings), so that it can be sent to another process. Only this
module and `checks` import Frictionless, which takes a third of a second.
"""

from __future__ import annotations

import re
from typing import Any

from frictionless import Check, Checklist, Dialect, Error, FrictionlessException, Package, Schema
from frictionless import errors as trouble
from frictionless.resources import TableResource

from harvester.quality.checks import CHECKS, FoundError
from harvester.quality.parts import Fault, Part
from harvester.quality.tables import Cell


def validate(part: Part) -> list[Fault]:
    """All faults of a part, in the order of its rows: none is left out, however many there are."""
    schema = Schema.from_descriptor(part.schema)
    columns = [field.name for field in schema.fields]
    main = _resource(part.table, columns, part.rows, schema)
    others = [_resource(name, *table) for name, table in part.references.items() if name != part.table]
    Package(resources=[main, *others])
    checks: list[Check] = [CHECKS[name](today=part.today) for name in part.checks]
    report = main.validate(Checklist(checks=checks), limit_errors=0)
    return [fault for error in report.tasks[0].errors if (fault := _fault(error, part)) is not None]


def _resource(
    name: str, columns: list[str], rows: list[list[Cell]], schema: Schema | None = None
) -> TableResource:
    """An in-memory table. Its header is said, not guessed, and its types are not guessed either."""
    any_type = Schema.from_descriptor({"fields": [{"name": each, "type": "any"} for each in columns]})
    # A function keeps Frictionless from copying the rows into the resource's descriptor.
    return TableResource(
        name=name,
        data=lambda: iter([columns, *rows]),
        schema=schema or any_type,
        dialect=Dialect(header=True, header_rows=[1]),
    )


def _fault(error: Error, part: Part) -> Fault | None:
    match error:
        case FoundError():
            return Fault(error.row_number - 2, error.column, error.note, error.raw)
        case trouble.ConstraintError():
            # Frictionless names the broken constraint only in its note: constraint "pattern" is "…"
            return Fault(error.row_number - 2, error.field_name, error.note.split('"')[1], error.cell)
        case trouble.TypeError():
            return Fault(error.row_number - 2, error.field_name, "type", error.cell)
        case trouble.UniqueError():
            return Fault(error.row_number - 2, error.field_name, "unique", error.cell)
        case trouble.PrimaryKeyError():
            columns = [each["name"] for each in part.schema["fields"]]
            key = [error.cells[columns.index(name)] for name in part.schema["primaryKey"]]
            # A key with a blank part is the business of `required`.
            return (
                Fault(error.row_number - 2, part.schema["primaryKey"][-1], "primaryKey", key[-1])
                if all(key)
                else None
            )
        case trouble.ForeignKeyError():
            return Fault(error.row_number - 2, error.field_names[0], "foreignKeys", error.field_cells[0])
    raise RuntimeError(f"Frictionless could not validate {part.table}: {error.message}")


def refusals(schema: dict[str, Any]) -> list[tuple[str, str]]:
    """What Frictionless has against a Table Schema: (column or "", reason); none when it can be used."""
    found = []
    for field in schema["fields"]:
        try:
            reader = Schema.from_descriptor({"fields": [field]}).fields[0].create_cell_reader()
            for sample in _SAMPLES:
                reader(sample)
        except FrictionlessException as error:
            reasons = error.reasons or [error.error]
            found += [(field["name"], reason.note) for reason in reasons]
        except (ArithmeticError, AttributeError, LookupError, TypeError, ValueError, re.error) as error:
            found.append((field["name"], f"{type(error).__name__}: {error}"))
    if not found:
        try:
            Schema.from_descriptor(schema)
        except FrictionlessException as error:
            found += [("", reason.note) for reason in error.reasons or [error.error]]
    return found


_SAMPLES: tuple[Cell, ...] = (None, "", "2026-03-31", "12", 12)
"""Cells that a usable column can read, whatever it makes of them."""
