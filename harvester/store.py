"""The store: what was harvested, kept in one SQLite file.

A harvest is kept whole or not at all: `Store.keep` is one transaction. Ids of datasets are given
once and stay for ever; a dataset that is no longer listed keeps its row, so that it can return.

`listings` holds every key under which a source has ever listed a dataset. `datasets.record` is the
newest state in JSON, `history` what changed in it and when.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from hashlib import blake2b
from pathlib import Path
from types import TracebackType
from typing import TypeVar

import msgspec
from msgspec import Struct
from msgspec.structs import replace

from harvester.changes import HeldBack, Known
from harvester.errors import StoreError
from harvester.model import (
    N_,
    CatalogRecord,
    Catalogue,
    Config,
    Dataset,
    Event,
    FieldChange,
    Finding,
    Harvest,
    HistoryEntry,
    SourceRecord,
    Text,
)
from harvester.store_copy import write_copy
from harvester.store_file import Connection, damaged, trouble
from harvester.store_tables import MIGRATIONS, TABLES, VERSION

HARVESTS_SHOWN = 14
"""How many past visits a source's page shows."""

_T = TypeVar("_T")

_DATASET = msgspec.json.Decoder(Dataset)
_HARVEST = msgspec.json.Decoder(Harvest)
_FIELDS = msgspec.json.Decoder(tuple[FieldChange, ...])
_VALIDATORS = msgspec.json.Decoder(dict[str, dict[str, str | None]])


class Kept(Struct, frozen=True):
    """One dataset of a harvest that is to be kept, under the id that it has or now gets."""

    id: str
    key: str
    event: Event | None  # None: the same as before, only seen again
    fields: tuple[FieldChange, ...] = ()
    fingerprint: str = ""  # empty: the same as before
    record: bytes = b""  # model.Dataset as JSON; empty: the one that is stored stays


class SourceState(Struct, frozen=True):
    """What the store remembers of a source between two visits."""

    entry: str = ""
    feed: str | None = None
    feed_url: str | None = None
    validators: dict[str, dict[str, str | None]] = {}
    last_good: str | None = None
    last_good_count: int | None = None
    checked: str | None = None
    profile: str | None = None
    held_back: HeldBack | None = None


class _Titled(Struct):
    """All that is read of a record where only its title is wanted."""

    title: Text


_TITLED = msgspec.json.Decoder(_Titled)


class Store:
    """The open store; a context manager. One process writes, any number may read.

    Whatever is asked of it raises `StoreError` when the file cannot be opened, read or written, is no
    store, or is of a newer version, and `DamagedStoreError` when it holds what no store holds.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            if path.is_file() and path.stat().st_size == 0:
                raise damaged(path, "an empty file")  # SQLite would begin a new store in it
            self._db = sqlite3.connect(
                path, timeout=30, isolation_level=None, check_same_thread=False, factory=Connection
            )
        except (sqlite3.Error, OSError) as error:
            raise trouble(path, error) from error
        try:
            self._db.path = path
            self._prepare()
        except BaseException:
            self._db.close()
            raise

    def _prepare(self) -> None:
        version = self._version()  # looked at before anything is written: it may be another's file
        if version > VERSION:
            raise StoreError(
                str(self.path),
                N_("The store was written by a newer version of this program."),
                N_("Update the program, or choose another store with --store."),
            )
        if version == 0 and self._db.execute("SELECT 1 FROM sqlite_schema").fetchone():
            raise StoreError(
                str(self.path),
                N_("This is a database, but not the store of a catalogue."),
                N_("Choose another file with --store."),
            )
        self._db.execute("PRAGMA journal_mode = WAL")
        self._db.execute("PRAGMA synchronous = FULL")
        if version == VERSION:
            return  # who only reads need not wait for who writes
        with self._transaction():
            version = self._version()  # by now another process may have done it
            if version == 0:
                for statement in TABLES.split(";"):
                    self._db.execute(statement)
            for older in range(version or VERSION, VERSION):
                for statement in MIGRATIONS[older].split(";"):
                    self._db.execute(statement)
            self._db.execute(f"PRAGMA user_version = {VERSION}")

    def _version(self) -> int:
        (version,) = self._db.execute("PRAGMA user_version").fetchone()
        return int(version)

    def __enter__(self) -> Store:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._db.close()

    @contextmanager
    def _transaction(self) -> Iterator[None]:
        self._db.execute("BEGIN IMMEDIATE")
        try:
            yield
            self._db.execute("COMMIT")
        except BaseException:
            if self._db.in_transaction:  # SQLite itself rolls back where the disk is full
                self._db.execute("ROLLBACK")
            raise

    # -------------------------------------------------------------------------- the file as a whole

    def check(self) -> None:
        """Read everything once. Raises `DamagedStoreError` where the file or a record in it is not whole.

        A second for 440 MB, 90,000 datasets: cheap enough for the beginning of every run.
        """
        (told,) = self._db.execute("PRAGMA quick_check(1)").fetchone()
        if told != "ok":
            raise damaged(self.path, told)
        foreign = self._db.execute(
            "SELECT name FROM sqlite_schema WHERE type IN ('trigger', 'view')"
        ).fetchone()
        if foreign is not None:
            raise damaged(self.path, f"“{foreign[0]}” is no part of a store")
        for query, decode in (
            ("SELECT record FROM datasets", _DATASET.decode),
            ("SELECT record FROM harvests", _HARVEST.decode),
            ("SELECT fields FROM history", _FIELDS.decode),
            ("SELECT validators FROM sources", _VALIDATORS.decode),
        ):
            for (record,) in self._db.execute(query):
                self._decoded(decode, record)

    def newest(self) -> str:
        """When the newest harvest began; empty where there was none."""
        (started,) = self._db.execute("SELECT coalesce(max(started), '') FROM harvests").fetchone()
        return str(started)

    def publish(self, config: Config, folder: Path) -> None:
        """Write the copy that the site carries into its folder, see `store_copy`."""
        write_copy(self._db, [source.id for source in config.sources if source.enabled], folder)

    def _decoded(self, decode: Callable[[bytes | str], _T], record: bytes | str) -> _T:
        try:
            return decode(record)
        except msgspec.DecodeError as error:
            raise damaged(self.path, error) from error

    # -------------------------------------------------------------------------- reading

    def state(self, source_id: str) -> SourceState:
        """What is remembered of a source; empty for one that was never visited."""
        row = self._db.execute(
            "SELECT entry, feed, feed_url, validators, last_good, last_good_count, checked, profile, "
            "held_back_since, held_back_count FROM sources WHERE id = ?",
            (source_id,),
        ).fetchone()
        if row is None:
            return SourceState()
        return SourceState(
            entry=row[0],
            feed=row[1],
            feed_url=row[2],
            validators=self._decoded(_VALIDATORS.decode, row[3]),
            last_good=row[4],
            last_good_count=row[5],
            checked=row[6],
            profile=row[7],
            held_back=HeldBack(row[8], row[9]) if row[8] is not None else None,
        )

    def known(self, source_id: str) -> tuple[list[Known], dict[str, str]]:
        """All datasets that a source ever had, and every key that it ever used → dataset id."""
        listed = self._db.execute(
            "SELECT key, dataset FROM listings WHERE source = ? ORDER BY last_seen, key", (source_id,)
        )
        keys: dict[str, str] = dict(listed)
        newest = {dataset: key for key, dataset in keys.items()}
        rows = self._db.execute(
            "SELECT id, fingerprint, current, missing FROM datasets WHERE source = ? ORDER BY id",
            (source_id,),
        )
        return [
            Known(id, newest.get(id, ""), fingerprint, bool(current), missing)
            for id, fingerprint, current, missing in rows
        ], keys

    def has(self, dataset_id: str) -> bool:
        """Was this id ever given?"""
        return self._db.execute("SELECT 1 FROM datasets WHERE id = ?", (dataset_id,)).fetchone() is not None

    def dataset(self, dataset_id: str) -> Dataset:
        """The newest record of a dataset. Raises `KeyError` for an id that was never given."""
        row = self._db.execute("SELECT record FROM datasets WHERE id = ?", (dataset_id,)).fetchone()
        if row is None:
            raise KeyError(dataset_id)
        return self._decoded(_DATASET.decode, row[0])

    def datasets(self, source_id: str) -> Iterator[Dataset]:
        """The current datasets of a source, by id, one at a time."""
        for (record,) in self._db.execute(
            "SELECT record FROM datasets WHERE source = ? AND current ORDER BY id", (source_id,)
        ):
            yield self._decoded(_DATASET.decode, record)

    def catalogue(self, config: Config) -> Catalogue:
        """The current datasets of all sources that are configured and enabled, with what is known of them."""
        visits = self.visits(config)
        ids = {each.source.id for each in visits.sources}
        by_dataset: dict[str, list[Finding]] = {}
        of_source: dict[str, list[Finding]] = {id: [] for id in ids}
        for each in visits.sources:
            for finding in self.findings(each.source.id):
                if finding.dataset is None:
                    of_source[each.source.id].append(finding)
                else:
                    by_dataset.setdefault(finding.dataset, []).append(finding)
        records: list[CatalogRecord] = []
        withdrawn: list[CatalogRecord] = []
        for id, source_id, current, record, first_seen, changed, missing in self._db.execute(
            "SELECT id, source, current, record, first_seen, changed, missing FROM datasets ORDER BY id"
        ):
            if source_id in ids:
                (records if current else withdrawn).append(
                    CatalogRecord(
                        dataset=self._decoded(_DATASET.decode, record),
                        first_seen=first_seen,
                        changed=changed,
                        missing=missing,
                        findings=tuple(by_dataset.get(id, ())) if current else (),
                    )
                )
        return replace(
            visits,
            records=tuple(records),
            withdrawn=tuple(withdrawn),
            sources=tuple(
                replace(each, findings=tuple(of_source[each.source.id])) for each in visits.sources
            ),
        )

    def visits(self, config: Config) -> Catalogue:
        """The sources that are configured and enabled, and how their visits went; no dataset, no finding."""
        sources = []
        for source in config.sources:
            if source.enabled:
                state = self.state(source.id)
                sources.append(
                    SourceRecord(
                        source=source,
                        feed=source.type or state.feed,
                        feed_url=None if source.type else state.feed_url,
                        harvests=self.harvests(source.id, HARVESTS_SHOWN),
                        last_good=state.last_good,
                        stale_since=self.stale_since(source.id, state.last_good),
                    )
                )
        started = (visit.started for each in sources for visit in each.harvests)
        return Catalogue(config=config, records=(), sources=tuple(sources), as_of=max(started, default=""))

    def digest(self) -> bytes:
        """Of all that `catalogue` gives and `visits` does not: equal as long as nothing of it changed."""
        found = blake2b()
        for query in (
            "SELECT id, source, current, first_seen, changed, missing, record FROM datasets ORDER BY id",
            "SELECT source, dataset, code, severity, field, raw FROM findings ORDER BY rowid",
            "SELECT id, feed, feed_url FROM sources ORDER BY id",
        ):
            for row in self._db.execute(query):
                found.update(msgspec.msgpack.encode(row))
        return found.digest()

    def harvests(self, source_id: str, most: int) -> tuple[Harvest, ...]:
        """The newest visits to a source, the newest first."""
        rows = self._db.execute(
            "SELECT record FROM harvests WHERE source = ? ORDER BY started DESC LIMIT ?", (source_id, most)
        )
        return tuple(self._decoded(_HARVEST.decode, row[0]) for row in rows)

    def stale_since(self, source_id: str, last_good: str | None) -> str | None:
        """When the first visit after the last good one began; None where that one is the newest."""
        row = self._db.execute(
            "SELECT min(started) FROM harvests WHERE source = ? AND started > ?", (source_id, last_good or "")
        ).fetchone()
        since: str | None = row[0]
        return since

    def findings(self, source_id: str) -> list[Finding]:
        """What was found wrong in a source, in the order in which it was kept."""
        rows = self._db.execute(
            "SELECT code, severity, dataset, field, raw FROM findings WHERE source = ? ORDER BY rowid",
            (source_id,),
        )
        return [
            Finding(code=code, severity=severity, source=source_id, dataset=dataset, field=field, raw=raw)
            for code, severity, dataset, field, raw in rows
        ]

    def history(self, dataset_id: str | None = None, most: int = 1000) -> Iterator[HistoryEntry]:
        """What happened to one dataset, or to all of them: the newest first."""
        for row in self._db.execute(
            "SELECT day, event, dataset, source, record, fields FROM history JOIN datasets ON id = dataset "
            "WHERE ?1 IS NULL OR dataset = ?1 ORDER BY day DESC, history.rowid DESC LIMIT ?2",
            (dataset_id, most),
        ):
            yield HistoryEntry(
                day=row[0],
                event=row[1],
                dataset=row[2],
                source=row[3],
                title=self._decoded(_TITLED.decode, row[4]).title,
                fields=self._decoded(_FIELDS.decode, row[5]),
            )

    # -------------------------------------------------------------------------- writing

    def keep(
        self,
        harvest: Harvest,
        state: SourceState,
        kept: Iterable[Kept] = (),
        missing: Sequence[str] = (),
        withdrawn: Sequence[str] = (),
        findings: Sequence[Finding] | None = None,
    ) -> None:
        """Keep one visit, whole or not at all.

        `missing` are ids that are listed no longer, since today; `withdrawn` those whose grace time is
        over. `findings` replace the source's former ones (None: those stay). `kept` may be a generator:
        it is read inside the transaction.
        """
        day = harvest.started[:10]
        with self._transaction():
            self._put_source(harvest.source, state)
            self._db.execute(
                "INSERT OR REPLACE INTO harvests VALUES (?, ?, ?, ?)",
                (harvest.source, harvest.started, harvest.outcome, msgspec.json.encode(harvest)),
            )
            for each in kept:
                self._put_dataset(harvest.source, each, day)
            for id in missing:
                self._db.execute("UPDATE datasets SET missing = ? WHERE id = ?", (day, id))
                self._db.execute("INSERT INTO history VALUES (?, ?, 'missing', '[]')", (id, day))
            for id in withdrawn:
                self._db.execute(
                    "UPDATE datasets SET current = 0, missing = coalesce(missing, ?) WHERE id = ?", (day, id)
                )
                self._db.execute("INSERT INTO history VALUES (?, ?, 'withdrawn', '[]')", (id, day))
            if findings is not None:
                self._put_findings(harvest.source, findings)

    def keep_findings(self, source_id: str, findings: Sequence[Finding], checked: str, profile: str) -> None:
        """Replace a source's findings after its datasets were validated against another profile."""
        with self._transaction():
            self._put_findings(source_id, findings)
            self._db.execute(
                "UPDATE sources SET checked = ?, profile = ? WHERE id = ?", (checked, profile, source_id)
            )

    def accept(self, source_id: str) -> None:
        """A person's word that the source's next harvest is right, however few datasets it holds."""
        with self._transaction():
            self._db.execute(
                "UPDATE sources SET last_good_count = NULL, held_back_since = NULL, held_back_count = NULL, "
                "validators = '{}' WHERE id = ?",
                (source_id,),
            )

    def _put_source(self, source_id: str, state: SourceState) -> None:
        self._db.execute(
            "INSERT OR REPLACE INTO sources (id, entry, feed, feed_url, validators, last_good, "
            "last_good_count, checked, profile, held_back_since, held_back_count) "
            "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (
                source_id,
                state.entry,
                state.feed,
                state.feed_url,
                msgspec.json.encode(state.validators).decode(),
                state.last_good,
                state.last_good_count,
                state.checked,
                state.profile,
                state.held_back and state.held_back.since,
                state.held_back and state.held_back.count,
            ),
        )

    def _put_dataset(self, source_id: str, kept: Kept, day: str) -> None:
        if kept.event is None:
            self._db.execute(
                "UPDATE datasets SET last_seen = ?, record = coalesce(nullif(?, x''), record), "
                "fingerprint = coalesce(nullif(?, ''), fingerprint) WHERE id = ?",
                (day, kept.record, kept.fingerprint, kept.id),
            )
        else:
            self._db.execute(
                "INSERT INTO datasets VALUES (?1, ?2, 1, ?3, ?4, ?4, ?4, ?5, NULL) ON CONFLICT (id) "
                "DO UPDATE SET current = 1, missing = NULL, last_seen = ?4, record = ?5, fingerprint = ?3, "
                "changed = CASE WHEN fingerprint = ?3 THEN changed ELSE ?4 END",
                (kept.id, source_id, kept.fingerprint, day, kept.record),
            )
            self._db.execute(
                "INSERT INTO history VALUES (?, ?, ?, ?)",
                (kept.id, day, kept.event, msgspec.json.encode(kept.fields).decode()),
            )
        self._db.execute(
            "INSERT INTO listings VALUES (?1, ?2, ?3, ?4, ?4) "
            "ON CONFLICT (source, key) DO UPDATE SET dataset = ?3, last_seen = ?4",
            (source_id, kept.key, kept.id, day),
        )

    def _put_findings(self, source_id: str, findings: Sequence[Finding]) -> None:
        self._db.execute("DELETE FROM findings WHERE source = ?", (source_id,))
        self._db.executemany(
            "INSERT INTO findings VALUES (?, ?, ?, ?, ?, ?)",
            ((f.source, f.dataset, f.code, f.severity, f.field, f.raw) for f in findings),
        )
