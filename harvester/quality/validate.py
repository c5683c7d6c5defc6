"""Frictionless at work: one part of a table in, what is wrong with its rows out.

Only this module and `checks` import Frictionless, which takes a third of a second.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from frictionless import Check, Checklist, Dialect, Error, FrictionlessException, Package, Schema
from frictionless import errors as trouble
from frictionless.resources import TableResource

from harvester.quality.checks import CHECKS, FoundError
from harvester.quality.parts import Fault, Part
from harvester.quality.tables import Cell

ALL = 0
"""Frictionless stops at 1,000 errors, and at no number when the limit is nought."""


class _Checklist(Checklist):
    """Keeps every error. (To filter them, Frictionless goes through all checks again for each error.)"""

    def match(self, error: Error) -> bool:
        """Is this error wanted?"""
        return True


class _Table(TableResource):
    """Takes its descriptor as it is: it is made here, and the schema was looked at with the profile.

    Frictionless would hold it against JSON Schemas for each part anew, which took as long as all else.
    """

    def to_descriptor(self, *, validate: bool = False, upgrade: bool = False) -> dict[str, Any]:
        """The descriptor, not validated."""
        return super().to_descriptor(validate=False, upgrade=upgrade)


def validate(part: Part) -> list[Fault]:
    """All faults of a part, in the order of its rows: none is left out, however many there are."""
    schema = Schema.from_descriptor(part.schema)
    columns = [field.name for field in schema.fields]
    table = _resource(part.table, columns, part.rows, schema)
    Package(resources=[table, *(_resource(name, *other) for name, other in part.references.items())])
    checks: list[Check] = [CHECKS[name](today=part.today) for name in part.checks]
    report = table.validate(_Checklist(checks=checks), limit_errors=ALL)
    return [fault for error in report.tasks[0].errors for fault in _faults(error, part.schema)]


def _resource(
    name: str, columns: list[str], rows: list[tuple[Cell, ...]], schema: Schema | None = None
) -> _Table:
    """A table in memory. Neither its header nor its types are left to be guessed."""
    any_type = Schema.from_descriptor({"fields": [{"name": each, "type": "any"} for each in columns]})
    return _Table(
        name=name,
        data=lambda: iter([columns, *rows]),  # a list would be copied into the resource's descriptor
        schema=schema or any_type,
        dialect=Dialect(header=True, header_rows=[1]),
    )


def _faults(error: Error, schema: dict[str, Any]) -> Iterator[Fault]:
    if not isinstance(error, trouble.RowError):
        raise RuntimeError(f"Frictionless could not validate: {error.message}")
    row = error.row_number - 2  # Frictionless counts from 1, and the header is a row
    columns = [field["name"] for field in schema["fields"]]
    match error:
        case FoundError():
            yield Fault(row, error.column, error.note, error.raw)
        case trouble.ConstraintError():
            # Only the note names the constraint that is broken: constraint "pattern" is "…"
            rule = error.note.split('"')[1]
            yield Fault(row, error.field_name, rule, error.cell if rule != "required" else "")
        case trouble.UniqueError():
            yield Fault(row, error.field_name, "unique", error.cell)
        case trouble.TypeError():
            yield Fault(row, error.field_name, "type", error.cell)
        case trouble.PrimaryKeyError():
            key = [error.cells[columns.index(name)] for name in schema["primaryKey"]]
            if all(key):  # a key with a blank part is the business of `required`
                yield Fault(row, schema["primaryKey"][-1], "primaryKey", key[-1])
        case trouble.ForeignKeyError():
            yield Fault(row, error.field_names[0], "foreignKeys", error.field_cells[0])
        case trouble.BlankRowError():
            for field in schema["fields"]:  # told in place of what each of its cells breaks
                if field["constraints"].get("required"):
                    yield Fault(row, field["name"], "required", "")
        case _:
            raise RuntimeError(f"Frictionless could not validate: {error.message}")


def refusals(schema: dict[str, Any]) -> list[tuple[str, str]]:
    """What Frictionless has against a Table Schema: (column or "", reason); none when it can be used."""
    found = []
    for field in schema["fields"]:
        try:
            reader = Schema.from_descriptor({"fields": [field]}).fields[0].create_cell_reader()
            for sample in _SAMPLES:
                reader(sample)
        except FrictionlessException as error:
            found += [(field["name"], reason.note) for reason in error.reasons or [error.error]]
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
