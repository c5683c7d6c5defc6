"""The copy of the store that the site carries, so that another machine can go on from it.

`store.sqlite.gz` is for `harvester restore`, not for people (they get `catalogue.sqlite`). It is made
from nothing, in order, in one transaction: the same rows give the same bytes, whichever source came
first. It holds what the site
shows and what the next night needs, and leaves out

* sources that are not configured, or rest: what a region has taken off its site is not on it,
* `validators`: addresses of documents, and what a server gave to recognise us by,
* `extra` of every dataset, which no output publishes either, and what the history tells of it,
* whom to ask, where that is past: in withdrawn datasets and in the history. A name that a town took
  off its portal must not stay in ours.

Since validators are gone, the next harvest reads everything anew, and so brings `extra` back.
"""

from __future__ import annotations

import gzip
import json
import shutil
import sqlite3
from collections.abc import Sequence
from pathlib import Path

from harvester.store_tables import TABLES, VERSION

COPY_NAME = "store.sqlite.gz"

_LEVEL = 1
"""Of gzip. It is paid every night: 6 takes three times as long (16 s more for 440 MB) for 8 % less."""

_PAST = """(
  SELECT json_group_array(
    CASE WHEN json_extract(value, '$[0]') IN ('extra', 'contacts')
    THEN json_array(json_extract(value, '$[0]'), NULL, NULL) ELSE json(value) END
  ) FROM json_each(main.history.fields)
)"""

_OF_SOURCE = "source IN (SELECT value FROM json_each(:sources))"

_ROWS = {
    "sources": (_OF_SOURCE.replace("source", "id", 1), "id", {"validators": "'{}'"}),
    "datasets": (
        _OF_SOURCE,
        "id",
        {
            "record": "CAST(CASE WHEN current THEN json_remove(CAST(record AS TEXT), '$.extra') "
            "ELSE json_remove(CAST(record AS TEXT), '$.extra', '$.contacts') END AS BLOB)"
        },
    ),
    "listings": (_OF_SOURCE, "source, key", {}),
    "harvests": (_OF_SOURCE, "source, started", {}),
    "findings": (_OF_SOURCE, "source, rowid", {}),
    "history": ("dataset IN (SELECT id FROM copy.datasets)", "day, dataset, rowid", {"fields": _PAST}),
}
"""Table → which of its rows, their order, and what is put in place of a column."""


def write_copy(db: sqlite3.Connection, sources: Sequence[str], folder: Path) -> None:
    """Write `store.sqlite.gz` into the folder, with what the store holds of these sources.

    Raises `OSError` or `StoreError` where the disk is full.
    """
    plain = folder / f".{COPY_NAME.removesuffix('.gz')}"
    plain.unlink(missing_ok=True)
    db.execute("ATTACH ? AS copy", (str(plain),))
    try:
        for pragma in ("page_size = 4096", "journal_mode = OFF", "synchronous = OFF"):
            db.execute(f"PRAGMA copy.{pragma}")
        db.execute("BEGIN")
        try:
            _fill(db, json.dumps(sources))
        except BaseException:
            if db.in_transaction:
                db.execute("ROLLBACK")
            raise
        db.execute("COMMIT")
    finally:
        db.execute("DETACH copy")
    with (
        plain.open("rb") as whole,
        (folder / COPY_NAME).open("wb") as file,
        gzip.GzipFile("", "wb", _LEVEL, file, mtime=0) as packed,
    ):
        shutil.copyfileobj(whole, packed, 1 << 20)
    plain.unlink()


def _fill(db: sqlite3.Connection, sources: str) -> None:
    statements = [each.strip() for each in TABLES.split(";") if each.strip()]
    for statement in statements:
        if statement.startswith("CREATE TABLE"):
            db.execute(statement.replace("CREATE TABLE ", "CREATE TABLE copy.", 1))
    for table, (rows, order, changed) in _ROWS.items():
        names = [row[1] for row in db.execute(f"PRAGMA main.table_info({table})")]
        chosen = ", ".join(changed.get(name, name) for name in names)
        db.execute(
            f"INSERT INTO copy.{table} ({', '.join(names)}) "  # noqa: S608 - our own names
            f"SELECT {chosen} FROM main.{table} WHERE {rows} ORDER BY {order}",
            {"sources": sources},
        )
    for statement in statements:
        if statement.startswith("CREATE INDEX"):
            db.execute(statement.replace("CREATE INDEX ", "CREATE INDEX copy.", 1))
    db.execute(f"PRAGMA copy.user_version = {VERSION}")
