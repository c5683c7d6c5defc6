"""What holds for every output, also for those that are added later."""

from __future__ import annotations

import csv
import hashlib
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

import msgspec
import pytest

from harvester import outputs
from harvester.model import Catalogue
from harvester.outputs import dcat
from harvester.outputs._tables import TABLES
from tests.outputs import records

NAMES = outputs.names()


def written(folder: Path) -> dict[str, str]:
    """The files below a folder: path → hash of the content."""
    return {
        str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


@pytest.fixture(scope="module")
def hostile() -> Catalogue:
    return records.catalogue(*records.plain(), *records.hostile())


@pytest.fixture
def empty(hostile: Catalogue) -> Catalogue:
    return msgspec.structs.replace(hostile, records=())


def test_all_outputs_that_the_site_promises_are_there() -> None:
    files = {file for name in NAMES for file in outputs.load(name).FILES}
    assert files == {
        *("data.json", "catalog.ttl", "catalog.jsonld", "catalog.rdf", "datasets.csv"),
        *("datapackage.json", "catalogue.zip", "catalogue.sqlite"),
    }


def test_an_unknown_output_is_a_key_error() -> None:
    with pytest.raises(KeyError):
        outputs.load("_text")


@pytest.mark.parametrize("name", NAMES)
def test_every_output_has_a_title_and_writes_its_files(name: str, hostile: Catalogue, tmp_path: Path) -> None:
    output = outputs.load(name)
    assert output.TITLE
    output.write(hostile, tmp_path, None)
    assert {file for file in output.FILES if (tmp_path / file).stat().st_size > 0} == set(output.FILES)


@pytest.mark.parametrize("name", NAMES)
def test_an_empty_catalogue_has_the_same_files(name: str, empty: Catalogue, tmp_path: Path) -> None:
    output = outputs.load(name)
    output.write(empty, tmp_path, None)
    assert set(output.FILES) <= set(written(tmp_path))


def test_the_same_catalogue_gives_the_same_bytes_with_and_without_processes(
    hostile: Catalogue, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(dcat, "PAGE_SIZE", 7)
    outputs.write_all(hostile, tmp_path / "one")
    with ProcessPoolExecutor(1) as executor:
        outputs.write_all(hostile, tmp_path / "two", executor)
    assert written(tmp_path / "one") == written(tmp_path / "two")
    assert len([name for name in written(tmp_path / "one") if name.endswith(".ttl")]) > 5


def test_accounts_and_notes_are_nowhere(hostile: Catalogue, tmp_path: Path) -> None:
    outputs.write_all(hostile, tmp_path)
    for path in tmp_path.rglob("*"):
        assert path.is_dir() or b"SECRET-ACCOUNT" not in path.read_bytes(), path


def test_no_csv_cell_is_a_formula(hostile: Catalogue, tmp_path: Path) -> None:
    outputs.write_all(hostile, tmp_path)
    files = sorted(tmp_path.rglob("*.csv"))
    assert len(files) > 10
    csv.field_size_limit(10**6)
    for path in files:
        with path.open(encoding="utf-8-sig", newline="") as stream:
            for row in csv.reader(stream):
                for value in row:
                    number = value.replace(".", "", 1).removeprefix("-").isdigit()
                    assert number or not value.startswith(("=", "+", "-", "@", "\t", "\r", "\n")), path


def test_every_file_and_table_is_in_the_manual() -> None:
    manual = (Path(__file__).resolve().parents[2] / "docs" / "outputs.md").read_text(encoding="utf-8")
    promised = [file for name in NAMES for file in outputs.load(name).FILES]
    for name in (*promised, *(table.name for table in TABLES)):
        assert f"`{name}`" in manual, name
