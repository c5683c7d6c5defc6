"""Filling the tables: rows of datasets that stream by, and how tables are cut into parts.

A source can hold a hundred thousand datasets and half a million files, so a table is validated in
parts, and by three kinds of sheet:

* **cells**: what one row can show. Columns that no rule looks at together stand on sheets of their
  own, and rows that say the same are written once with all their places: ten thousand datasets
  without a licence are one row.
* **keys of a dataset**: a primary key that includes the dataset, such as a file listed twice in it.
  A part holds whole datasets, so these can be cut as well.
* **keys of the source**: a title that is unique, a key into another table. Never cut, but narrow.
  Keys into another table are distinct rows as well.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import Any

from harvester.model import Dataset
from harvester.quality.parts import Part
from harvester.quality.profile import Table
from harvester.quality.tables import TABLES, Cell, column

ROWS_A_PART = 20_000

Field = dict[str, Any]
Schema = dict[str, Any]
Where = tuple[str, str]
"""Where a row stands: a dataset's id, and the prefix of its fields there."""


class Sheet:
    """Rows of some columns of one table, as they are collected, under one Table Schema."""

    def __init__(
        self,
        name: str,
        schema: Schema,
        checks: tuple[str, ...] = (),
        *,
        whole: bool = False,
        distinct: bool = False,
    ) -> None:
        self.name = name
        self.schema = schema
        self.checks = checks
        self.whole = whole  # is never cut
        self.distinct = distinct  # equal rows are written once
        self.columns = [field["name"] for field in schema["fields"]]
        self._readers = [found.read for each in self.columns if (found := column(name, each))]
        self._clear()

    def _clear(self) -> None:
        self.rows: list[tuple[Cell, ...]] = []
        self._places: list[Sequence[Where]] = []
        self._known: dict[tuple[Cell, ...], list[Where]] = {}
        self._size = 0

    def add(self, dataset: Dataset, items: Iterable[tuple[str, Any]]) -> None:
        """Write down this dataset's rows; `items` are those that the table's shape finds in it."""
        for prefix, item in items:
            self._size += 1
            where = dataset.id, prefix
            cells = tuple([read(dataset, item) for read in self._readers])
            if not self.distinct:
                self.rows.append(cells)
                self._places.append((where,))
            elif cells in self._known:
                self._known[cells].append(where)
            else:
                self.rows.append(cells)
                self._known[cells] = [where]
                self._places.append(self._known[cells])

    @property
    def is_full(self) -> bool:
        """Are there enough rows for a part?"""
        return self._size >= ROWS_A_PART and not self.whole

    def take(self, references: Mapping[str, Reference], today: dt.date) -> tuple[Part, list[Sequence[Where]]]:
        """The rows so far as a part, with the places of each; the sheet is empty afterwards."""
        rows, places = self.rows, self._places
        if self.whole:  # which of two equal rows comes first must not depend on the portal's order
            order = sorted(range(len(rows)), key=lambda row: min(places[row]))
            rows, places = [rows[row] for row in order], [places[row] for row in order]
        part = Part(
            table=self.name,
            schema=self.schema,
            rows=rows,
            references={
                name: references[name].table if self.whole else (["id"], _ids(places))
                for name in {key["reference"]["resource"]: None for key in self.schema["foreignKeys"]}
                if name != self.name
            },
            checks=self.checks,
            today=today,
        )
        self._clear()
        return part, places


def _ids(places: Iterable[Sequence[Where]]) -> list[tuple[Cell, ...]]:
    """The datasets of a part, as the rows of a table that holds no more of them than their ids."""
    return [(id,) for id in dict.fromkeys(id for each in places for id, _ in each)]


class Reference:
    """The columns of a table that other tables' keys refer to, of all datasets."""

    def __init__(self, name: str, columns: list[str]) -> None:
        self.columns = columns
        self._items = TABLES[name].items
        self._readers = [found.read for each in columns if (found := column(name, each))]
        self._rows: dict[tuple[Cell, ...], None] = {}

    def add(self, dataset: Dataset) -> None:
        """Remember what this dataset can be referred to by."""
        for _, item in self._items(dataset):
            self._rows[tuple([read(dataset, item) for read in self._readers])] = None

    @property
    def table(self) -> tuple[list[str], list[tuple[Cell, ...]]]:
        """The columns' names and the rows, each once."""
        return self.columns, list(self._rows)


def sheets(name: str, table: Table, needs: Mapping[str, Collection[str]]) -> list[Sheet]:
    """The sheets that validate a table; `needs` are the columns that each of its checks reads."""
    fields: dict[str, Field] = {field["name"]: field for field in table.schema["fields"]}
    owner = TABLES[name].owner
    primary = table.schema.get("primaryKey", [])
    foreign = table.schema.get("foreignKeys", [])
    unique = [each for each, field in fields.items() if field["constraints"].get("unique")]

    def schema(columns: list[Field], primary: list[str], foreign: list[Any]) -> Schema:
        return {**table.schema, "fields": columns, "primaryKey": primary, "foreignKeys": foreign}

    bound = primary if owner in primary else []
    to_owner = [key for key in foreign if _refers_to_owner(key, owner)]
    keyed = dict.fromkeys([*bound, *(column for key in to_owner for column in key["fields"])])
    free = [key for key in foreign if key not in to_owner]
    narrow = dict.fromkeys([*unique, *([] if bound else primary)])

    found = []
    for group in _together(fields, needs):
        columns = [_bare(fields[each]) if each in keyed else _cell(fields[each]) for each in group]
        checks = tuple(check for check in table.checks if set(needs[check]) <= set(group))
        if checks or any(_judges(each) for each in columns):
            found.append(Sheet(name, schema(columns, [], []), checks, distinct=True))
    if keyed:
        columns = [_cell(fields[each]) for each in keyed]
        found.append(Sheet(name, schema(columns, bound, to_owner)))
    if narrow:
        columns = [{**_bare(fields[each]), "constraints": {"unique": each in unique}} for each in narrow]
        found.append(Sheet(name, schema(columns, [] if bound else primary, []), whole=True))
    if free:
        columns = [_bare(fields[each]) for each in dict.fromkeys(_own_columns(name, free))]
        found.append(Sheet(name, schema(columns, [], free), whole=True, distinct=True))
    return found


def _together(columns: Iterable[str], needs: Mapping[str, Collection[str]]) -> list[list[str]]:
    """The columns in groups, such that each check finds those that it needs in one group."""
    groups = [[column] for column in columns]
    for needed in needs.values():
        touched = [group for group in groups if set(group) & set(needed)]
        apart = [group for group in groups if group not in touched]
        groups = [*apart, [column for group in touched for column in group]]
    return groups


def references(all_sheets: Iterable[Sheet]) -> dict[str, Reference]:
    """What the keys of whole sheets refer to in other tables."""
    columns: dict[str, dict[str, None]] = {}
    for sheet in all_sheets:
        for key in sheet.schema["foreignKeys"] if sheet.whole else []:
            resource, names = key["reference"]["resource"], key["reference"]["fields"]
            if resource != sheet.name:
                columns.setdefault(resource, {}).update(dict.fromkeys(names))
    return {name: Reference(name, list(names)) for name, names in columns.items()}


def _refers_to_owner(key: Mapping[str, Any], owner: str | None) -> bool:
    return bool(key["fields"] == [owner] and key["reference"] == {"resource": "datasets", "fields": ["id"]})


def _own_columns(name: str, foreign: Iterable[Mapping[str, Any]]) -> Iterator[str]:
    """The columns of this table that its keys name, those that keys into itself refer to included."""
    for key in foreign:
        yield from key["fields"]
        if key["reference"]["resource"] == name:
            yield from key["reference"]["fields"]


def _cell(field: Field) -> Field:
    """The column with what a single cell can break."""
    limits = {
        name: limit for name, limit in field["constraints"].items() if name != "unique" and limit is not False
    }
    return {**field, "constraints": limits}


def _judges(field: Field) -> bool:
    """Is there anything that a cell of this column could break? (All our cells are texts, or numbers.)"""
    plain = field.get("type", "string") in {"any", "string"} and field.get("format", "default") == "default"
    return bool(field["constraints"]) or not plain


def _bare(field: Field) -> Field:
    """The column with nothing that a cell could break."""
    return {"name": field["name"], "type": "any", "constraints": {}}
