"""The catalogue as one SQLite file: the tables of `_tables`, with keys, types and their meaning.

Not the store: this is made anew every night, holds nothing but what is published, and says in the
text of its `CREATE TABLE` statements what every column means. The same library writes the same
bytes: the file is built from nothing, in order, in two transactions. The tables that tell of visits come
last, so that on a night on which no dataset changed they can be put behind the others' unchanged pages.
"""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Sequence
from concurrent.futures import Executor
from contextlib import closing
from pathlib import Path
from tempfile import TemporaryDirectory

from harvester.model import Catalogue
from harvester.outputs._tables import TABLES, Column, Table, Type

TITLE = "SQLite database"
FILES = ("catalogue.sqlite",)

_TYPES: dict[Type, str] = {
    "string": "TEXT",
    "integer": "INTEGER",
    "number": "REAL",
    "date": "TEXT",
    "datetime": "TEXT",
}


def write(catalogue: Catalogue, folder: Path, executor: Executor | None = None) -> None:
    """Write `catalogue.sqlite`."""
    with TemporaryDirectory(prefix="harvester-sqlite-") as kept:
        begin(catalogue, folder, Path(kept))
        finish(catalogue, folder, Path(kept))


def begin(catalogue: Catalogue, folder: Path, kept: Path) -> None:
    """Write the tables of datasets to `kept`."""
    _write(kept / FILES[0], [table for table in TABLES if not table.of_visits], catalogue)


def finish(visits: Catalogue, folder: Path, kept: Path) -> None:
    """Write `catalogue.sqlite`: what was kept, and the tables of visits."""
    path = folder / FILES[0]
    path.unlink(missing_ok=True)
    shutil.copyfile(kept / path.name, path)
    _write(path, [table for table in TABLES if table.of_visits], visits)


def _write(path: Path, tables: Sequence[Table], catalogue: Catalogue) -> None:
    with closing(sqlite3.connect(path, isolation_level=None)) as db:
        # The file is worthless until it is whole, so nothing has to survive a crash while it is written.
        for pragma in ("page_size = 4096", "journal_mode = OFF", "synchronous = OFF", "encoding = 'UTF-8'"):
            db.execute(f"PRAGMA {pragma}")
        db.execute("BEGIN")
        for table in tables:
            db.execute(_create(table))
            places = ", ".join("?" * len(table.columns))
            db.executemany(f"INSERT INTO {table.name} VALUES ({places})", table.rows(catalogue))  # noqa: S608
        for table in tables:
            for each in table.references:
                if table.key[:1] != (each.column,):
                    name = f"{table.name}_by_{each.column}"
                    db.execute(f"CREATE INDEX {name} ON {table.name} ({each.column})")
        db.execute("COMMIT")


def _create(table: Table) -> str:
    """The `CREATE TABLE` statement; SQLite keeps its comments, so the file explains itself."""
    lines = [
        *((_column(column), column.description) for column in table.columns),
        *([(f"PRIMARY KEY ({', '.join(table.key)})", "")] if table.key else []),
        *((f"FOREIGN KEY ({each.column}) REFERENCES {each.table} (id)", "") for each in table.references),
    ]
    body = "\n".join(
        f"  {code}{',' if number < len(lines) else ''}{f'  -- {said}' if said else ''}"
        for number, (code, said) in enumerate(lines, 1)
    )
    return f"CREATE TABLE {table.name} (  -- {table.title}\n{body}\n) STRICT"


def _column(column: Column) -> str:
    required = " NOT NULL" if column.required else ""
    return f"{column.name} {_TYPES[column.type]}{required}"
