"""The Data Package is valid for Frictionless, whatever the sources published."""

from __future__ import annotations

import csv
import hashlib
import json
import zipfile
from pathlib import Path

import frictionless
import pytest

from harvester.outputs import data_package
from tests import make
from tests.outputs import records


@pytest.fixture(scope="module")
def package(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("package")
    data_package.write(records.catalogue(*records.plain(), *records.hostile()), folder)
    return folder


def rows(folder: Path, table: str) -> list[dict[str, str]]:
    csv.field_size_limit(10**6)
    with (folder / "data" / f"{table}.csv").open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def test_frictionless_finds_nothing_wrong(package: Path) -> None:
    report = frictionless.Package(str(package / "datapackage.json")).validate()
    assert report.valid, report.flatten(["name", "rowNumber", "fieldName", "note"])[:10]
    assert report.stats["tasks"] == len(data_package.TABLES)


def test_frictionless_finds_nothing_wrong_in_an_empty_one(tmp_path: Path) -> None:
    empty = records.catalogue()
    data_package.write(type(empty)(config=empty.config, records=(), sources=(), as_of=empty.as_of), tmp_path)
    report = frictionless.Package(str(tmp_path / "datapackage.json")).validate()
    assert report.valid, report.flatten(["name", "note"])


@pytest.mark.parametrize(
    ("table", "column", "wrong"),
    [
        ("datasets", "publisher", "ghost"),
        ("datasets", "source", "ghost"),
        ("datasets", "issued", "yesterday"),
        ("datasets", "uri", "not an address"),
        ("distributions", "dataset", "ghost"),
        ("distributions", "kind", "thing"),
        ("distributions", "byte_size", "-1"),
        ("findings", "dataset", "ghost"),
    ],
)
def test_frictionless_would_find_what_is_wrong(table: str, column: str, wrong: str, tmp_path: Path) -> None:
    """The constraints are there: a package with one wrong cell is not valid."""
    finding = make.Finding(code="x", severity="info", source="elmford")
    data_package.write(records.catalogue(make.record(findings=(finding,))), tmp_path)
    found = rows(tmp_path, table)
    found[-1][column] = wrong
    with (tmp_path / "data" / f"{table}.csv").open("w", newline="") as stream:
        writer = csv.DictWriter(stream, found[0])
        writer.writeheader()
        writer.writerows(found)
    descriptor = json.loads((tmp_path / "datapackage.json").read_bytes())
    for resource in descriptor["resources"]:
        del resource["hash"], resource["bytes"]
    (tmp_path / "datapackage.json").write_text(json.dumps(descriptor))
    assert not frictionless.Package(str(tmp_path / "datapackage.json")).validate().valid


def test_descriptor_tells_size_and_hash_of_every_table(package: Path) -> None:
    descriptor = json.loads((package / "datapackage.json").read_bytes())
    for resource in descriptor["resources"]:
        content = (package / resource["path"]).read_bytes()
        assert resource["bytes"] == len(content)
        assert resource["hash"] == f"sha256:{hashlib.sha256(content).hexdigest()}"


def test_every_table_and_column_is_explained(package: Path) -> None:
    descriptor = json.loads((package / "datapackage.json").read_bytes())
    for resource in descriptor["resources"]:
        assert resource["title"]
        assert all(field["description"] for field in resource["schema"]["fields"])


def test_descriptor_passes_the_profiles_of_both_versions(package: Path, shared: Path) -> None:
    from jsonschema import Draft7Validator

    descriptor = json.loads((package / "datapackage.json").read_bytes())
    for version in ("1.0", "2.0"):
        profile = json.loads(
            (shared / "standards" / "frictionless" / version / "datapackage.json").read_bytes()
        )
        assert [e.message for e in Draft7Validator(profile).iter_errors(descriptor)] == []


def test_zip_holds_the_package_and_nothing_that_changes_with_the_clock(package: Path) -> None:
    with zipfile.ZipFile(package / "catalogue.zip") as archive:
        assert archive.testzip() is None
        entries = archive.infolist()
        assert {entry.date_time for entry in entries} == {(1980, 1, 1, 0, 0, 0)}
        names = [entry.filename for entry in entries]
        assert sorted(names) == sorted(
            ["datapackage.json", *(f"data/{t.name}.csv" for t in data_package.TABLES)]
        )
        assert archive.read("datapackage.json") == (package / "datapackage.json").read_bytes()


def test_one_row_a_thing(tmp_path: Path) -> None:
    full, bare, other = records.plain()
    data_package.write(records.catalogue(full, bare, other), tmp_path)
    first = rows(tmp_path, "datasets")[0]
    assert {
        name: first[name] for name in ("id", "title", "uri", "licence", "issued", "languages", "changed")
    } == {
        "id": "street-trees-000001",
        "title": "Street trees",
        "uri": "https://data.elmford.example/id/tree-1",
        "licence": "CC-BY-4.0",
        "issued": "2019",
        "languages": "en",
        "changed": "2026-03-15",
    }
    assert rows(tmp_path, "texts") == [
        {"dataset": full.dataset.id, "field": "title", "language": "fr", "text": "Arbres de rue"},
        {"dataset": full.dataset.id, "field": "description", "language": "fr", "text": "Chaque arbre."},
    ]
    assert [(row["id"], row["kind"], row["format"]) for row in rows(tmp_path, "distributions")] == [
        ("csv", "data", "csv"),
        ("wms", "service", "wms"),
        ("csv", "data", "csv"),
    ]
    assert rows(tmp_path, "publishers") == [
        {
            "id": "parks-department",
            "name": "Parks Department",
            "url": "https://www.elmford.example/parks",
            "email": "parks@elmford.example",
            "parent": "Town of Elmford",
            "datasets": "3",
        }
    ]
    assert [row["theme"] for row in rows(tmp_path, "themes")] == ["ENVI", "ENVI"]
    assert rows(tmp_path, "findings")[0] == {
        "source": "elmford",
        "dataset": "",
        "code": "feed-shrank",
        "severity": "warning",
        "field": "",
    }
