"""Filling the tables: rows of datasets that stream by, and how a table is cut into parts.

A part holds whole datasets, so what concerns one dataset (its cells, a file listed twice in it)
can be validated part by part. What needs all rows of a table at once (a title that is unique, a
key into another table) goes into a second, narrow sheet that is never cut.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import Any

from harvester.model import Dataset
from harvester.quality.parts import Part
from harvester.quality.profile import Table
from harvester.quality.tables import TABLES, Cell, column

RowPlace = tuple[list[str], str]
"""Where a row stands: the ids of the datasets that it is about, and a prefix of its fields."""


class Sheet:
    """Rows of one table, as they are collected, under one Table Schema."""

    def __init__(
        self, name: str, schema: dict[str, Any], checks: tuple[str, ...] = (), *, whole: bool = False
    ) -> None:
        self.name = name
        self.schema = schema
        self.checks = checks
        self.shape = TABLES[name]
        self.whole = whole or self.shape.shared
        self.columns = [field["name"] for field in schema["fields"]]
        self.rows: list[list[Cell]] = []
        self.places: list[RowPlace] = []
        self._readers = [found.read for each in self.columns if (found := column(name, each))]
        self._known: dict[tuple[Cell, ...], list[str]] = {}

    def add(self, dataset: Dataset) -> None:
        """Write down this dataset's rows; a row that several datasets share is written once."""
        for prefix, item in self.shape.items(dataset):
            cells = [read(dataset, item) for read in self._readers]
            if self.shape.shared:
                ids = self._known.setdefault(tuple(cells), [])
                ids.append(dataset.id)
                if len(ids) > 1:
                    continue
            else:
                ids = [dataset.id]
            self.rows.append(cells)
            self.places.append((ids, prefix))

    def take(self, references: dict[str, Sheet], today: dt.date) -> tuple[Part, list[RowPlace]]:
        """The rows so far as a part, with their places; the sheet is empty afterwards."""
        rows, places = self.rows, self.places
        if self.whole:  # which of two equal rows comes first must not depend on the portal's order
            order = sorted(range(len(rows)), key=lambda row: (min(places[row][0]), places[row][1]))
            rows, places = [rows[row] for row in order], [places[row] for row in order]
        self.rows, self.places = [], []
        part = Part(
            table=self.name,
            schema=self.schema,
            rows=rows,
            references={
                name: references[name].table if self.whole else (["id"], [[ids[0]] for ids, _ in places])
                for name in refers_to(self.schema)
            },
            checks=self.checks,
            today=today,
        )
        return part, places

    @property
    def table(self) -> tuple[list[str], list[list[Cell]]]:
        """The columns' names and the rows, as another table refers to them."""
        return self.columns, self.rows


def sheets(name: str, table: Table) -> list[Sheet]:
    """The sheet of a table that can be cut, and the one that cannot where there is need for it."""
    schema, owner = table.schema, TABLES[name].owner
    fields = schema["fields"]
    cut: dict[str, Any] = {
        **schema,
        "fields": [_without_unique(field) for field in fields],
        "foreignKeys": [],
    }
    kept: dict[str, Any] = {"fields": [], "foreignKeys": []}
    needed = [field["name"] for field in fields if field["constraints"].get("unique")]
    if "primaryKey" in schema and owner not in schema["primaryKey"]:
        kept["primaryKey"] = cut.pop("primaryKey")
        needed += kept["primaryKey"]
    for key in schema.get("foreignKeys", []):
        reference = key["reference"]
        if key["fields"] == [owner] and reference == {"resource": "datasets", "fields": ["id"]}:
            cut["foreignKeys"].append(key)
            continue
        kept["foreignKeys"].append(key)
        needed += key["fields"]
        needed += reference["fields"] if reference["resource"] == name else []
    unique = {field["name"] for field in fields if field["constraints"].get("unique")}
    kept["fields"] = [
        {"name": each, "type": "any", "constraints": {"unique": True} if each in unique else {}}
        for each in dict.fromkeys(needed)
    ]
    found = [Sheet(name, cut, table.checks)]
    return [*found, Sheet(name, kept, whole=True)] if needed else found


def references(all_sheets: Iterable[Sheet]) -> dict[str, Sheet]:
    """Sheets of the columns that keys of whole sheets refer to, in tables other than their own."""
    columns: dict[str, dict[str, None]] = {}
    for sheet in all_sheets:
        if sheet.whole:
            for key in sheet.schema.get("foreignKeys", []):
                reference = key["reference"]
                if reference["resource"] != sheet.name:
                    columns.setdefault(reference["resource"], {}).update(dict.fromkeys(reference["fields"]))
    return {
        name: Sheet(name, {"fields": [{"name": each, "type": "any"} for each in names]})
        for name, names in columns.items()
    }


def refers_to(schema: dict[str, Any]) -> list[str]:
    """The tables that a schema's keys refer to."""
    return list(dict.fromkeys(key["reference"]["resource"] for key in schema.get("foreignKeys", [])))


def _without_unique(field: dict[str, Any]) -> dict[str, Any]:
    constraints = {name: limit for name, limit in field["constraints"].items() if name != "unique"}
    return {**field, "constraints": constraints}
