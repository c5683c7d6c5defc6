"""The catalogue as one SQLite file: the tables of `_tables`, with keys, types and their meaning.

Not the store: this is made anew every night, holds nothing but what is published, and says in the
text of its `CREATE TABLE` statements what every column means. The same library writes the same
bytes: the file is built from nothing, in order, in one transaction.
"""

from __future__ import annotations

import sqlite3
from concurrent.futures import Executor
from contextlib import closing
from pathlib import Path

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
    path = folder / "catalogue.sqlite"
    path.unlink(missing_ok=True)
    with closing(sqlite3.connect(path, isolation_level=None)) as db:
        # The file is worthless until it is whole, so nothing has to survive a crash while it is written.
        for pragma in ("page_size = 4096", "journal_mode = OFF", "synchronous = OFF", "encoding = 'UTF-8'"):
            db.execute(f"PRAGMA {pragma}")
        db.execute("BEGIN")
        for table in TABLES:
            db.execute(_create(table))
            places = ", ".join("?" * len(table.columns))
            db.executemany(f"INSERT INTO {table.name} VALUES ({places})", table.rows(catalogue))  # noqa: S608
        for table in TABLES:
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
