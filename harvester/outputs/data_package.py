"""The catalogue as a Data Package: CSV tables, a descriptor that says what they mean, a zip of all.

Specification: https://specs.frictionlessdata.io/data-package/ (field types of version 1, which
version 2 reads as well). The tables are those of `_tables`; their constraints are our own promise,
so the package is valid whatever the sources published; what *they* got wrong is in `findings`.
"""

from __future__ import annotations

import csv
import hashlib
import shutil
import zipfile
from collections.abc import Iterable
from concurrent.futures import Executor
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, BinaryIO

import msgspec

from harvester.model import Catalogue
from harvester.outputs import _addresses
from harvester.outputs._rows import Row
from harvester.outputs._tables import TABLES, Column, Table
from harvester.outputs._text import cell, shown

TITLE = "Data Package (Frictionless), tables as CSV"
FILES = ("datapackage.json", "catalogue.zip")

_OLDEST = (1980, 1, 1, 0, 0, 0)
"""The first moment that a zip can hold: the same one for every file of every night."""


def write(catalogue: Catalogue, folder: Path, executor: Executor | None = None) -> None:
    """Write the tables as `data/*.csv`, `datapackage.json` and `catalogue.zip`."""
    with TemporaryDirectory(prefix="harvester-package-") as kept:
        begin(catalogue, folder, Path(kept))
        finish(catalogue, folder, Path(kept))


def begin(catalogue: Catalogue, folder: Path, kept: Path) -> None:
    """Write the tables of datasets; to `kept` a zip of them, and what the descriptor says of them."""
    measures = _write_tables([table for table in TABLES if not table.of_visits], catalogue, folder)
    (kept / "measures.json").write_bytes(msgspec.json.encode(measures))
    with zipfile.ZipFile(kept / "catalogue.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        _pack(archive, folder, sorted(measures))


def finish(visits: Catalogue, folder: Path, kept: Path) -> None:
    """Write the tables of visits, `datapackage.json`, and `catalogue.zip`, in which these stand last."""
    late = _write_tables([table for table in TABLES if table.of_visits], visits, folder)
    measures = msgspec.json.decode((kept / "measures.json").read_bytes(), type=dict[str, _Measure]) | late
    resources = [_resource(table, *measures[_path(table)]) for table in TABLES]
    descriptor = msgspec.json.format(msgspec.json.encode(_descriptor(visits, resources)), indent=1)
    (folder / "datapackage.json").write_bytes(descriptor + b"\n")
    shutil.copyfile(kept / "catalogue.zip", folder / "catalogue.zip")
    with zipfile.ZipFile(folder / "catalogue.zip", "a", zipfile.ZIP_DEFLATED) as archive:
        _pack(archive, folder, ["datapackage.json", *sorted(late)])


def _path(table: Table) -> str:
    return f"data/{table.name}.csv"


def _write_tables(tables: Iterable[Table], catalogue: Catalogue, folder: Path) -> dict[str, _Measure]:
    (folder / "data").mkdir(exist_ok=True)
    measures = {}
    for table in tables:
        with (folder / _path(table)).open("wb") as stream:
            measures[_path(table)] = _write_rows(table, table.rows(catalogue), stream)
    return measures


_Measure = tuple[int, str]
"""Size in bytes and SHA-256 of a table's file."""


class _Measured:
    """A text file that counts its bytes and takes their hash while they pass."""

    def __init__(self, stream: BinaryIO) -> None:
        self.size = 0
        self.hash = hashlib.sha256()
        self._stream = stream

    def write(self, text: str) -> None:
        data = text.encode()
        self.size += len(data)
        self.hash.update(data)
        self._stream.write(data)


def _write_rows(table: Table, rows: Iterable[Row], stream: BinaryIO) -> _Measure:
    measured = _Measured(stream)
    writer = csv.writer(measured, lineterminator="\n")
    writer.writerow(column.name for column in table.columns)
    writer.writerows([cell(value) if isinstance(value, str) else value for value in row] for row in rows)
    return measured.size, measured.hash.hexdigest()


def _descriptor(catalogue: Catalogue, resources: list[dict[str, Any]]) -> dict[str, Any]:
    about = catalogue.config.catalogue
    described = shown(about.description, about.languages)
    return {
        "$schema": "https://datapackage.org/profiles/2.0/datapackage.json",
        "name": "catalogue",
        "title": shown(about.title, about.languages),
        **({"description": described} if described else {}),
        "homepage": _addresses.site(catalogue.config),
        **({"created": catalogue.as_of} if catalogue.as_of else {}),
        "resources": resources,
    }


def _resource(table: Table, size: int, digest: str) -> dict[str, Any]:
    schema: dict[str, Any] = {"fields": [_field(column) for column in table.columns], "missingValues": [""]}
    if table.key:
        schema["primaryKey"] = list(table.key)
    if table.references:
        schema["foreignKeys"] = [
            {"fields": [each.column], "reference": {"resource": each.table, "fields": ["id"]}}
            for each in table.references
        ]
    return {
        "name": table.name,
        "type": "table",
        "title": table.title,
        "path": _path(table),
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8",
        "bytes": size,
        "hash": f"sha256:{digest}",
        "dialect": {"delimiter": ",", "lineTerminator": "\n", "quoteChar": '"', "doubleQuote": True},
        "schema": schema,
    }


def _field(column: Column) -> dict[str, Any]:
    constraints = {
        "required": column.required or None,
        "pattern": column.pattern,
        "enum": list(column.values) or None,
        "minimum": column.minimum,
    }
    stated = {name: value for name, value in constraints.items() if value is not None}
    return {
        "name": column.name,
        "type": column.type,
        "description": column.description,
        **({"constraints": stated} if stated else {}),
    }


def _pack(archive: zipfile.ZipFile, folder: Path, paths: Iterable[str]) -> None:
    for path in paths:
        entry = zipfile.ZipInfo(path, _OLDEST)
        entry.compress_type = zipfile.ZIP_DEFLATED
        entry.create_system = 3  # Unix, wherever this runs
        entry.external_attr = 0o644 << 16
        entry.file_size = (folder / path).stat().st_size
        with (folder / path).open("rb") as source, archive.open(entry, "w") as target:
            shutil.copyfileobj(source, target, 1 << 20)
