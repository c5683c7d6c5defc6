"""The store: a harvest is kept whole or not at all, ids stay for ever."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
import textwrap
from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest

from harvester.errors import StoreError
from harvester.model import FieldChange, Finding
from harvester.store import Kept, SourceState, Store
from tests import make


def kept(number: int, event: str | None = "added", **changes: object) -> Kept:
    dataset = make.dataset(number, **changes)
    return Kept(
        dataset.id,
        dataset.key,
        event,  # type: ignore[arg-type]
        (FieldChange("title", "a", "b"),) if event == "changed" else (),
        f"print-{number}-{changes}",
        msgspec.json.encode(dataset) if event else b"",
    )


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with Store(tmp_path / "deep" / "store.sqlite") as opened:
        yield opened


def test_a_dataset_keeps_its_first_day_and_gets_a_new_changed_day(store: Store) -> None:
    store.keep(make.harvest(started="2026-03-01T02:00:00Z"), SourceState(), [kept(1), kept(2)])
    store.keep(
        make.harvest(started="2026-03-02T02:00:00Z"),
        SourceState(),
        [kept(1, None), kept(2, "changed", title={"en": "Trees, counted again"})],
    )
    first, second = store.catalogue(make.config()).records
    assert (first.first_seen, first.changed) == ("2026-03-01", "2026-03-01")
    assert (second.first_seen, second.changed) == ("2026-03-01", "2026-03-02")
    assert second.dataset.title == {"en": "Trees, counted again"}


def test_a_dataset_that_is_gone_returns_with_its_id(store: Store) -> None:
    store.keep(make.harvest(started="2026-03-01T02:00:00Z"), SourceState(), [kept(1)])
    store.keep(make.harvest(started="2026-03-02T02:00:00Z"), SourceState(), [], [], ["street-trees-000001"])
    assert store.catalogue(make.config()).records == ()
    known, keys = store.known("elmford")
    assert [(each.id, each.current) for each in known] == [("street-trees-000001", False)]
    assert keys == {"tree-1": "street-trees-000001"}
    store.keep(make.harvest(started="2026-03-03T02:00:00Z"), SourceState(), [kept(1, "returned")])
    (record,) = store.catalogue(make.config()).records
    assert (record.dataset.id, record.first_seen) == ("street-trees-000001", "2026-03-01")


def test_a_harvest_that_breaks_while_it_is_kept_leaves_nothing_behind(store: Store) -> None:
    store.keep(make.harvest(started="2026-03-01T02:00:00Z"), SourceState(feed="ckan"), [kept(1)])

    def breaks() -> Iterator[Kept]:
        yield kept(2)
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        store.keep(
            make.harvest(started="2026-03-02T02:00:00Z"),
            SourceState(feed="dcat"),
            breaks(),
            ["street-trees-000001"],
        )
    catalogue = store.catalogue(make.config())
    assert [record.dataset.id for record in catalogue.records] == ["street-trees-000001"]
    assert (catalogue.as_of, store.state("elmford").feed) == ("2026-03-01T02:00:00Z", "ckan")


def test_findings_of_a_source_replace_the_former_ones(store: Store) -> None:
    old = Finding(code="licence-missing", severity="warning", source="elmford", dataset="street-trees-000001")
    new = Finding(code="feed-shrank", severity="error", source="elmford")
    store.keep(make.harvest(started="2026-03-01T02:00:00Z"), SourceState(), [kept(1)], findings=[old])
    assert store.catalogue(make.config()).records[0].findings == (old,)
    store.keep(make.harvest(started="2026-03-02T02:00:00Z"), SourceState(), findings=None)
    assert store.findings("elmford") == [old], "None: the former ones stay"
    store.keep(make.harvest(started="2026-03-03T02:00:00Z"), SourceState(), findings=[new])
    catalogue = store.catalogue(make.config())
    assert (catalogue.records[0].findings, catalogue.sources[0].findings) == ((), (new,))


def test_a_source_that_is_not_configured_is_kept_but_not_shown(store: Store) -> None:
    store.keep(make.harvest(), SourceState(), [kept(1)])
    assert store.catalogue(make.config(make.source("oakham"))).records == ()
    assert store.catalogue(make.config(make.source("elmford", enabled=False))).records == ()
    assert len(store.catalogue(make.config(make.source("elmford"))).records) == 1


def test_what_is_remembered_of_a_source_comes_back_as_it_was(store: Store) -> None:
    state = SourceState(
        entry="e",
        feed="ckan",
        validators={"https://x.example/": {"etag": "1", "last_modified": None}},
        last_good="2026-03-01T02:00:00Z",
        last_good_count=3,
        checked="2026-03-01",
        profile="p",
    )
    assert store.state("elmford") == SourceState()
    store.keep(make.harvest(), state)
    assert store.state("elmford") == state
    store.accept("elmford")
    assert (store.state("elmford").last_good_count, store.state("elmford").validators) == (None, {})


@pytest.mark.parametrize(
    ("content", "told"),
    [(b"this is no database, it is a letter" * 99, "cannot be opened"), (None, "cannot be opened")],
    ids=["another file", "a folder"],
)
def test_a_file_that_is_no_store_is_told_in_one_line(
    tmp_path: Path, content: bytes | None, told: str
) -> None:
    path = tmp_path / "store.sqlite"
    path.mkdir() if content is None else path.write_bytes(content)
    with pytest.raises(StoreError, match=told) as caught:
        Store(path)
    assert "\n" not in str(caught.value)
    assert content is None or path.read_bytes() == content


VERSION_1 = """
CREATE TABLE sources (id TEXT PRIMARY KEY, entry TEXT NOT NULL, feed TEXT, validators TEXT NOT NULL, last_good TEXT,
  last_good_count INTEGER, checked TEXT, profile TEXT) STRICT, WITHOUT ROWID;
CREATE TABLE datasets (id TEXT PRIMARY KEY, source TEXT NOT NULL, current INTEGER NOT NULL, fingerprint TEXT NOT NULL,
  first_seen TEXT NOT NULL, last_seen TEXT NOT NULL, changed TEXT NOT NULL, record BLOB NOT NULL) STRICT, WITHOUT ROWID;
CREATE INDEX datasets_by_source ON datasets (source, current);
CREATE TABLE listings (source TEXT NOT NULL, key TEXT NOT NULL, dataset TEXT NOT NULL, first_seen TEXT NOT NULL,
  last_seen TEXT NOT NULL, PRIMARY KEY (source, key)) STRICT, WITHOUT ROWID;
CREATE TABLE harvests (source TEXT NOT NULL, started TEXT NOT NULL, outcome TEXT NOT NULL, record BLOB NOT NULL,
  PRIMARY KEY (source, started)) STRICT, WITHOUT ROWID;
CREATE TABLE findings (source TEXT NOT NULL, dataset TEXT, code TEXT NOT NULL, severity TEXT NOT NULL, field TEXT,
  raw TEXT NOT NULL) STRICT;
CREATE INDEX findings_by_source ON findings (source);
CREATE TABLE history (dataset TEXT NOT NULL, day TEXT NOT NULL, event TEXT NOT NULL, fields TEXT NOT NULL) STRICT;
CREATE INDEX history_by_dataset ON history (dataset);
INSERT INTO sources VALUES ('elmford', 'digest', 'ckan', '{}', '2026-03-02T02:00:00Z', 1, '2026-03-02', 'p');
INSERT INTO history VALUES ('street-trees-000001', '2026-03-01', 'changed', '["title", "licence"]');
INSERT INTO history VALUES ('street-trees-000001', '2026-03-02', 'removed', '[]');
PRAGMA user_version = 1;
"""


def test_a_store_of_an_older_version_is_brought_up_to_date_and_loses_nothing(tmp_path: Path) -> None:
    path = tmp_path / "store.sqlite"
    with sqlite3.connect(path) as db:
        db.executescript(VERSION_1)
        db.execute(
            "INSERT INTO datasets VALUES (?, 'elmford', 0, 'f', '2026-02-01', '2026-03-01', '2026-02-01', ?)",
            ("street-trees-000001", msgspec.json.encode(make.dataset(1))),
        )
    db.close()
    with Store(path) as store:
        assert store.state("elmford").last_good_count == 1
        assert [(e.event, [c.field for c in e.fields]) for e in store.history()] == [
            ("withdrawn", []),
            ("changed", ["title", "licence"]),
        ]
        (known,), _ = store.known("elmford")
        assert (known.current, known.missing) == (False, "2026-03-01")
        store.keep(make.harvest(), store.state("elmford"), [kept(2)])
    with Store(path) as store:  # a second time there is nothing to do
        assert store.has("street-trees-000002")


def test_a_store_of_a_newer_version_is_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "store.sqlite"
    with sqlite3.connect(path) as db:
        db.execute("PRAGMA user_version = 999")
    db.close()
    with pytest.raises(StoreError, match="newer version"):
        Store(path)


def test_a_process_that_is_killed_while_it_keeps_a_harvest_leaves_a_store_that_opens(tmp_path: Path) -> None:
    script = textwrap.dedent(
        """
        import os, signal, sys
        from pathlib import Path
        from harvester.store import SourceState, Store
        from tests import make
        from tests.test_store import kept

        def killed_midway():
            for number in range(1, 500):
                yield kept(number)
            os.kill(os.getpid(), signal.SIGKILL)

        with Store(Path(sys.argv[1])) as store:
            store.keep(make.harvest(started="2026-03-01T02:00:00Z"), SourceState(), [kept(1)])
            store.keep(make.harvest(started="2026-03-02T02:00:00Z"), SourceState(), killed_midway())
        """
    )
    path = tmp_path / "store.sqlite"
    done = subprocess.run([sys.executable, "-c", script, path], cwd=Path(__file__).parents[1], check=False)
    assert done.returncode == -9
    with Store(path) as store:
        assert [record.dataset.key for record in store.catalogue(make.config()).records] == ["tree-1"]
