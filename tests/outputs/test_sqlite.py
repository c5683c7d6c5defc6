"""The SQLite file holds the tables, keeps its promises and explains itself."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from harvester.outputs import sqlite
from harvester.outputs._tables import TABLES
from tests.outputs import records

CATALOGUE = records.catalogue(*records.plain(), *records.hostile())


@pytest.fixture
def db(tmp_path: Path) -> Iterator[sqlite3.Connection]:
    sqlite.write(CATALOGUE, tmp_path)
    with closing(sqlite3.connect(tmp_path / "catalogue.sqlite")) as db:
        yield db


def test_every_row_is_there(db: sqlite3.Connection) -> None:
    for table in TABLES:
        (count,) = db.execute(f"SELECT count(*) FROM {table.name}").fetchone()
        assert count == len(list(table.rows(CATALOGUE))), table.name


def test_sqlite_itself_finds_nothing_wrong(db: sqlite3.Connection) -> None:
    assert db.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
    assert db.execute("PRAGMA foreign_key_check").fetchall() == []
    assert db.execute("PRAGMA page_size").fetchone() == (4096,)


def test_tables_can_be_joined(db: sqlite3.Connection) -> None:
    found = db.execute(
        "SELECT d.title, f.download_url, p.name FROM datasets d JOIN distributions f ON f.dataset = d.id "
        "JOIN publishers p ON p.id = d.publisher WHERE d.id = 'street-trees-000001' AND f.format = 'csv'"
    ).fetchall()
    assert found == [("Street trees", "https://data.elmford.example/files/csv.csv", "Parks Department")]


def test_every_column_is_explained_in_the_file_itself(db: sqlite3.Connection) -> None:
    for table in TABLES:
        (sql,) = db.execute("SELECT sql FROM sqlite_master WHERE name = ?", (table.name,)).fetchone()
        for column in table.columns:
            assert f"-- {column.description}" in sql


def test_numbers_beyond_sqlite_are_left_out(db: sqlite3.Connection) -> None:
    """A portal once announced a file of more bytes than there are."""
    sizes = db.execute("SELECT byte_size FROM distributions WHERE id = 'b' OR byte_size IS NULL").fetchall()
    assert (0,) in sizes
    assert (None,) in sizes


def test_an_old_file_is_replaced(tmp_path: Path) -> None:
    sqlite.write(CATALOGUE, tmp_path)
    first = (tmp_path / "catalogue.sqlite").read_bytes()
    sqlite.write(CATALOGUE, tmp_path)
    assert (tmp_path / "catalogue.sqlite").read_bytes() == first
