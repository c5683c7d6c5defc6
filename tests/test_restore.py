"""The store as a file: locked while a run lasts, set aside when damaged, brought back from the site."""

from __future__ import annotations

import contextlib
import gzip
import json
import os
import resource
import shutil
import sqlite3
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import msgspec
import pytest
from click.testing import CliRunner, Result

from harvester.cli import main
from harvester.errors import DamagedStoreError, FetchError, StoreError
from harvester.model import Contact, Dataset, FieldChange
from harvester.restore import restore
from harvester.store import Kept, SourceState, Store
from harvester.store_copy import COPY_NAME
from harvester.store_file import locked
from harvester.web.fetch import Fetcher
from tests import make
from tests.test_cli import INVENTORY, ROOT, region
from tests.web.server import Server, answer


def kept(number: int, **changes: object) -> Kept:
    dataset = make.dataset(number, **changes)
    return Kept(dataset.id, dataset.key, "added", (), f"print-{number}", msgspec.json.encode(dataset))


def harvester(folder: Path, *words: str) -> Result:
    """The command line, inside this process: a tenth of the time of one of its own."""
    with contextlib.chdir(folder):
        done = CliRunner().invoke(main, ["--workers", "1", *words])
    if done.exception is not None and not isinstance(done.exception, SystemExit):
        raise done.exception
    return done


def lines(done: Result) -> list[dict[str, Any]]:
    return [json.loads(line) for line in done.stdout.splitlines()]


def history(folder: Path) -> list[dict[str, Any]]:
    return sorted(lines(harvester(folder, "history", "--json")), key=lambda each: each["dataset"])


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A small region that was harvested and built once."""
    folder = region(
        tmp_path_factory.mktemp("town"),
        "url: inventory.csv\n    id: elmford\n    type: spreadsheet",
        inventory_csv=INVENTORY,
    )
    assert harvester(folder, "run").exit_code == 0
    return folder


@pytest.fixture
def town(built: Path, tmp_path: Path) -> Path:
    """A region of its own for a test to harm."""
    return Path(shutil.copytree(built, tmp_path / "town"))


@pytest.fixture
def fetcher() -> Iterator[Fetcher]:
    with Fetcher("Tests") as made:
        yield made


# ------------------------------------------------------------------- two runs at once


def test_a_second_run_ends_at_once_with_one_line(town: Path) -> None:
    with locked(town / "store/harvester.sqlite"):
        for command in (["run"], ["harvest"], ["build"], ["restore"]):
            done = harvester(town, *command)
            assert (done.exit_code, done.stderr.count("\n")) == (2, 1), done.stderr
            assert "Another run is at work on this store" in done.stderr
        for command in (["status"], ["datasets"], ["history"]):
            assert harvester(town, *command).exit_code == 0, command  # who only reads may do so
    assert harvester(town, "harvest").exit_code == 0


def test_the_lock_ends_with_its_process_however_that_ends(tmp_path: Path) -> None:
    script = (
        "import os, signal, sys; from pathlib import Path; from harvester.store_file import locked\n"
        "with locked(Path(sys.argv[1])): os.kill(os.getpid(), signal.SIGKILL)"
    )
    store = tmp_path / "store.sqlite"
    assert subprocess.run([sys.executable, "-c", script, store], cwd=ROOT, check=False).returncode == -9
    with locked(store):
        pass


def test_who_reads_need_not_wait_for_who_writes(tmp_path: Path) -> None:
    with Store(tmp_path / "s.sqlite") as store:
        store.keep(make.harvest(), SourceState(), [kept(1)])
        reading = threading.Event()

        def slowly() -> Iterator[Kept]:
            yield kept(2)
            with Store(tmp_path / "s.sqlite") as other:
                assert [each.id for each in other.datasets("elmford")] == ["street-trees-000001"]
            reading.set()

        store.keep(make.harvest(started="2026-05-01T00:00:00Z"), SourceState(), slowly())
    assert reading.is_set()


# ------------------------------------------------------------------- a full disk


def limited(folder: Path, most: int, *words: str) -> subprocess.CompletedProcess[str]:
    """A run that cannot make any file larger than `most` bytes: what a full disk looks like from inside."""
    return subprocess.run(
        [sys.executable, "-m", "harvester", "--workers", "1", *words],
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
        env=os.environ | {"PYTHONPATH": str(ROOT)},
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (most, most)),
        timeout=60,
    )


@pytest.mark.parametrize("most", [100, 90_000])
def test_a_full_disk_is_one_line_and_the_old_site_stays(town: Path, most: int) -> None:
    before = (town / "build/site/index.html").read_bytes()
    wide = INVENTORY + "".join(f"x{n},Dataset {n},{'word ' * 99},,,,,,\n" for n in range(150))
    (town / "inventory.csv").write_text(wide)
    done = limited(town, most, "run")
    assert done.returncode == 2, done.stderr
    assert done.stderr.count("\n") == 1, done.stderr
    assert "cannot be" in done.stderr
    assert (town / "build/site/index.html").read_bytes() == before
    assert len(lines(harvester(town, "datasets", "--json"))) in (2, 152)
    assert harvester(town, "run").exit_code == 0
    assert len(lines(harvester(town, "datasets", "--json"))) == 152


# ------------------------------------------------------------------- a damaged store


def tear(path: Path) -> None:
    """Overwrite the middle of a file, as a torn disk does."""
    size = path.stat().st_size
    with path.open("r+b") as file:
        file.seek(4096)
        file.write(b"\xa5" * (size - 4096))


def break_a_record(path: Path) -> None:
    with closing(sqlite3.connect(path)) as db:
        db.execute("UPDATE datasets SET record = x'7b22'")
        db.commit()


DAMAGE = {
    "torn": tear,
    "broken off": lambda path: os.truncate(path, path.stat().st_size // 2),
    "empty": lambda path: os.truncate(path, 0),
    "another file": lambda path: path.write_bytes(b"\0" * 9999),
    "a record that is not whole": break_a_record,
}


@pytest.mark.parametrize("damage", DAMAGE.values(), ids=DAMAGE)
def test_a_damaged_store_is_set_aside_and_the_run_goes_on_from_the_last_site(town: Path, damage) -> None:  # type: ignore[no-untyped-def]
    store = town / "store/harvester.sqlite"
    before = history(town)
    damage(store)
    harmed = store.read_bytes()
    if harmed:
        reading = harvester(town, "datasets")
        assert reading.exit_code == 2
        assert "The store is damaged" in reading.stderr
        assert reading.stderr.count("\n") == 1, reading.stderr
    done = harvester(town, "run", "--json")
    assert done.exit_code == 0, done.stderr
    damaged, aside, restored = done.stderr.splitlines()[:3]
    assert "The store is damaged" in damaged
    assert "It was set aside as" in aside
    assert "restored from build/site/store.sqlite.gz" in restored
    (kept_aside,) = (town / "store").glob("harvester.sqlite.damaged-*[0-9]")
    assert kept_aside.read_bytes() == harmed
    (row,) = lines(done)
    assert (row["outcome"], row["datasets"], row["added"]) == ("unchanged", 2, 0)
    assert history(town) == before


def test_a_damaged_store_without_a_site_begins_anew_and_says_so(tmp_path: Path) -> None:
    folder = region(
        tmp_path, "url: inventory.csv\n    id: elmford\n    type: spreadsheet", inventory_csv=INVENTORY
    )
    (folder / "store").mkdir()
    (folder / "store/harvester.sqlite").write_bytes(b"torn" * 99)
    done = harvester(folder, "run")
    assert done.exit_code == 0, done.stderr
    assert "elm-valley.example" in done.stderr
    assert "this run begins a new one" in done.stderr
    assert len(lines(harvester(folder, "datasets", "--json"))) == 2


def test_a_file_that_was_never_a_store_is_not_moved(town: Path) -> None:
    (town / "thesis.txt").write_text("ten years of work")
    with closing(sqlite3.connect(town / "accounts.sqlite")) as db:
        db.execute("CREATE TABLE accounts (owner)")
    for name in ("thesis.txt", "accounts.sqlite", "build/site/catalogue.sqlite"):
        before = (town / name).read_bytes()
        done = harvester(town, "--store", name, "run")
        assert (done.exit_code, done.stderr.count("\n")) == (2, 1), done.stderr
        assert name in done.stderr
        assert (town / name).read_bytes() == before


# ------------------------------------------------------------------- the copy that the site carries


def test_the_copy_holds_nothing_private(tmp_path: Path) -> None:
    office, person = (
        Contact(name="Parks", email="parks@elmford.example"),
        Contact(name="Jo Doe", email="jo@x.example"),
    )
    before = FieldChange("contacts", '[{"name":"Jo Doe"}]', '[{"name":"Parks"}]')
    with Store(tmp_path / "s.sqlite") as store:
        store.keep(
            make.harvest(),
            SourceState(
                validators={"https://elmford.example/secret-path": {"etag": "e", "last_modified": None}}
            ),
            [
                kept(1, contacts=(office,), extra={"harvest_key": "private-field"}),
                kept(2, contacts=(person,)),
            ],
        )
        changed = replace_event(kept(1, contacts=(office,)), before)
        store.keep(
            make.harvest(started="2026-03-09T00:00:00Z"),
            SourceState(),
            [changed],
            withdrawn=["street-trees-000002"],
        )
        store.keep(make.harvest(source="resting"), SourceState(), [])
        store.publish(make.config(make.source("elmford"), make.source("resting", enabled=False)), tmp_path)
    content = gzip.decompress((tmp_path / COPY_NAME).read_bytes())
    for private in (b"secret-path", b"private-field", b"Jo Doe", b"jo@x.example", b"resting"):
        assert private not in content, private
    assert b"parks@elmford.example" in content
    assert sorted(path.name for path in tmp_path.iterdir()) == ["s.sqlite", COPY_NAME]


def replace_event(each: Kept, change: FieldChange) -> Kept:
    return Kept(each.id, each.key, "changed", (change,), "print-new", each.record)


def test_the_same_rows_give_the_same_bytes_whatever_was_in_between(tmp_path: Path) -> None:
    def filled(name: str, *, detour: bool) -> bytes:
        (tmp_path / name).mkdir()
        with Store(tmp_path / name / "s.sqlite") as store:
            if detour:
                store.keep(make.harvest(source="oakham"), SourceState(), [kept(n) for n in range(100, 300)])
            store.keep(make.harvest(), SourceState(), [kept(1), kept(2)])
            store.publish(make.config(), tmp_path / name)
        return (tmp_path / name / COPY_NAME).read_bytes()

    assert filled("straight", detour=False) == filled("round", detour=True)


# ------------------------------------------------------------------- restore


def test_a_new_machine_goes_on_from_the_published_night(town: Path, tmp_path: Path) -> None:
    packed = (town / "build/site" / COPY_NAME).read_bytes()
    before = history(town)
    new = region(
        tmp_path / "new",
        "url: inventory.csv\n    id: elmford\n    type: spreadsheet",
        inventory_csv=INVENTORY,
    )
    with Server({f"/data/{COPY_NAME}": answer(packed)}) as server:
        done = harvester(new, "restore", server.url("/data"))
    assert done.exit_code == 0, done.stderr
    assert history(new) == before
    done = harvester(new, "run", "--json")
    (row,) = lines(done)
    assert (row["outcome"], row["added"], row["changed"]) == ("unchanged", 0, 0)
    with Store(town / "store/harvester.sqlite") as old, Store(new / "store/harvester.sqlite") as restored:
        assert list(restored.datasets("elmford")) == list(old.datasets("elmford"))


def test_what_the_copy_leaves_out_comes_back_with_the_next_harvest(tmp_path: Path, fetcher: Fetcher) -> None:
    folder = region(
        tmp_path,
        "url: data.json\n    id: elmford\n    type: dcat_us",
        data_json='{"dataset": [{"title": "Trees", "identifier": "1", "colour": "green"}]}',
    )
    assert harvester(folder, "run").exit_code == 0

    def only(path: Path) -> Dataset:
        with Store(path) as store:
            (dataset,) = store.datasets("elmford")
            return dataset

    store = folder / "store/harvester.sqlite"
    first = only(store)
    assert first.extra
    restore(str(folder / "build/site"), store, fetcher, force=True)
    assert not only(store).extra
    (row,) = lines(harvester(folder, "harvest", "--json"))
    assert (row["outcome"], row["changed"]) == ("unchanged", 0)
    assert only(store) == first


def test_a_store_that_is_as_new_stays_unless_forced(town: Path) -> None:
    site, store = str(town / "build/site"), town / "store/harvester.sqlite"
    before = store.read_bytes()
    done = harvester(town, "restore", site)
    assert done.exit_code == 2
    assert "as new as the other, or newer" in done.stderr
    assert store.read_bytes() == before
    done = harvester(town, "restore", "--force", f"{site}/{COPY_NAME}")
    assert done.exit_code == 0, done.stderr
    (aside,) = store.parent.glob("harvester.sqlite.replaced-*")
    assert aside.read_bytes() == before


def test_a_site_without_a_store_is_exit_code_1(town: Path) -> None:
    with Server({}) as server:
        done = harvester(town, "restore", server.url("/"))
    assert done.exit_code == 1
    assert COPY_NAME in done.stderr


UNFIT = {
    "a page": b"<!doctype html><title>Not found</title>",
    "nothing": b"",
    "packed rubbish": gzip.compress(b"not a database" * 99),
    "a bomb": b"",  # made when it is needed: it is large
    "broken off": None,
}


@pytest.mark.parametrize("content", UNFIT.values(), ids=UNFIT)
def test_what_is_no_whole_store_replaces_nothing(
    tmp_path: Path, fetcher: Fetcher, content: bytes | None, request: pytest.FixtureRequest
) -> None:
    if request.node.callspec.id == "a bomb":
        content = gzip.compress(b"SQLite format 3\0" + bytes(400_000_000), 9)
    with Store(tmp_path / "there.sqlite") as store:
        store.keep(make.harvest(), SourceState(), [kept(1)])
        store.publish(make.config(), tmp_path)
    whole = (tmp_path / COPY_NAME).read_bytes()
    (tmp_path / COPY_NAME).write_bytes(whole[:-300] if content is None else content)
    names = sorted(path.name for path in tmp_path.iterdir())
    with pytest.raises(StoreError):
        restore(str(tmp_path), tmp_path / "there.sqlite", fetcher, force=True)
    assert sorted(path.name for path in tmp_path.iterdir()) == names
    with Store(tmp_path / "there.sqlite") as store:
        assert store.has("street-trees-000001")


def test_a_store_with_a_trigger_is_refused(tmp_path: Path, fetcher: Fetcher) -> None:
    with Store(tmp_path / "there.sqlite") as store:
        store.keep(make.harvest(), SourceState(), [kept(1)])
    with closing(sqlite3.connect(tmp_path / "there.sqlite")) as db:
        db.execute("CREATE TRIGGER evil AFTER INSERT ON history BEGIN DELETE FROM datasets; END")
        db.commit()
    with pytest.raises(StoreError, match="evil"):
        restore(str(tmp_path / "there.sqlite"), tmp_path / "new.sqlite", fetcher)
    assert not (tmp_path / "new.sqlite").exists()


def test_an_address_that_does_not_answer_is_told(tmp_path: Path, fetcher: Fetcher) -> None:
    with pytest.raises(FetchError, match=r"no-such-site\.invalid"):
        restore("https://no-such-site.invalid", tmp_path / "new.sqlite", fetcher)


def test_check_finds_what_sqlite_takes_for_whole(tmp_path: Path) -> None:
    path = tmp_path / "s.sqlite"
    with Store(path) as store:
        store.keep(make.harvest(), SourceState(), [kept(1)])
        store.check()
    break_a_record(path)
    with Store(path) as store, pytest.raises(DamagedStoreError):
        store.check()
