"""The store as a file: its lock, its troubles in plain words, and what is done with a damaged one."""

from __future__ import annotations

import datetime as dt
import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

from harvester.errors import DamagedStoreError, StoreError
from harvester.model import N_

HEAD = b"SQLite format 3\0"
STORE_NAME = "harvester.sqlite"

_DAMAGED = (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB)
_KNOWN = (
    sqlite3.SQLITE_FULL,
    sqlite3.SQLITE_IOERR,
    sqlite3.SQLITE_READONLY,
    sqlite3.SQLITE_CANTOPEN,
    sqlite3.SQLITE_PERM,
    sqlite3.SQLITE_AUTH,
    sqlite3.SQLITE_BUSY,
    sqlite3.SQLITE_LOCKED,
)
"""What the disk or another process may do to us; any other error of SQLite is a fault of the program."""


def trouble(path: Path, error: sqlite3.Error | OSError) -> Exception:
    """What to raise for an error at the store: a `StoreError`, or a fault of the program as it is."""
    if isinstance(error, sqlite3.Error):
        code = getattr(error, "sqlite_errorcode", 0) & 0xFF  # the rest of it says which file was meant
        if code in _DAMAGED:
            return damaged(path, error) if is_ours(path) else no_store(path, error)
        if code not in _KNOWN:
            return error
    return no_store(path, error)


def damaged(path: Path, told: object) -> DamagedStoreError:
    """The error of a store that is not whole."""
    return DamagedStoreError(
        str(path),
        N_("The store is damaged ({told})."),
        N_("The next “harvester run” sets it aside, and goes on from the last site that was built."),
        told=" ".join(str(told).split())[:200],
    )


def no_store(path: Path, error: Exception) -> StoreError:
    """The error of a file that cannot be used, and is none that we may move."""
    return StoreError(
        str(path),
        N_("The store cannot be opened, read or written ({error})."),
        N_("Check that the folder can be written, the disk has room, and the file is a catalogue's store."),
        error=error,
    )


def is_ours(path: Path) -> bool:
    """Is this a store, though perhaps a damaged one? Somebody's letter, named by mistake, is none."""
    if path.name == STORE_NAME:
        return path.is_file()
    try:
        with path.open("rb") as file:
            return file.read(len(HEAD)) in (HEAD, b"")
    except OSError:
        return False


class _Cursor(sqlite3.Cursor):
    """A cursor whose errors are told as the store's, whenever they come up."""

    def execute(self, *arguments: Any) -> _Cursor:  # noqa: ANN401 - as sqlite3 has it
        with self._telling():
            super().execute(*arguments)
        return self

    def executemany(self, *arguments: Any) -> _Cursor:  # noqa: ANN401
        with self._telling():
            super().executemany(*arguments)
        return self

    def fetchone(self) -> Any:  # noqa: ANN401
        with self._telling():
            return super().fetchone()

    def __next__(self) -> Any:  # noqa: ANN401
        try:
            return super().__next__()
        except sqlite3.Error as error:
            raise self._trouble(error) from error

    @contextmanager
    def _telling(self) -> Iterator[None]:
        try:
            yield
        except sqlite3.Error as error:
            raise self._trouble(error) from error

    def _trouble(self, error: sqlite3.Error) -> Exception:
        assert isinstance(self.connection, Connection)
        return trouble(self.connection.path, error)


class Connection(sqlite3.Connection):
    """A connection to a store; its troubles are `StoreError`s that name its `path`."""

    path: Path

    def execute(self, *arguments: Any) -> _Cursor:  # noqa: ANN401, D102 - as sqlite3 has it
        return self.cursor(_Cursor).execute(*arguments)

    def executemany(self, *arguments: Any) -> _Cursor:  # noqa: ANN401, D102
        return self.cursor(_Cursor).executemany(*arguments)


@contextmanager
def locked(store: Path) -> Iterator[None]:
    """Keep all others from harvesting into this store, or building from it, while the block lasts.

    The lock is one of SQLite's own, on an empty file beside the store: it works wherever the store does,
    and the system lets go of it when the process ends, however it ends. Who comes second is told at
    once, with `StoreError`: the nightly job that finds yesterday's still at work must not pile up.
    """
    path = store.with_name(f"{store.name}.lock")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        db = sqlite3.connect(path, timeout=0, isolation_level=None, check_same_thread=False)
    except (sqlite3.Error, OSError) as error:
        raise trouble(store, error) from error
    with closing(db):
        try:
            db.execute("BEGIN EXCLUSIVE")
        except sqlite3.Error as error:
            if error.sqlite_errorcode & 0xFF == sqlite3.SQLITE_BUSY:
                raise StoreError(
                    str(store),
                    N_("Another run is at work on this store."),
                    N_("Wait until it has ended; nothing was done."),
                ) from error
            raise trouble(path, error) from error
        yield


def set_aside(store: Path, why: str) -> Path:
    """Give a store another name, `harvester.sqlite.<why>-<time>`, and return that.

    Its journal goes with it, and goes first: SQLite would take it for a part of the next store.
    Raises `StoreError` where that cannot be done.
    """
    now = dt.datetime.now(dt.UTC).strftime("%Y%m%dT%H%M%S%f")
    aside = store.with_name(f"{store.name}.{why}-{now}")
    try:
        for suffix in ("-wal", "-shm", ""):
            part = store.with_name(store.name + suffix)
            if part.exists():
                part.rename(aside.with_name(aside.name + suffix))
    except OSError as error:
        raise no_store(store, error) from error
    return aside


def put_in_place(new: Path, store: Path) -> None:
    """Let a file become the store, at once and for good; there is none of that name. Raises `OSError`."""
    with new.open("rb") as file:
        os.fsync(file.fileno())
    new.replace(store)
