"""The command line, run as a person runs it: what it prints, what it keeps, how it exits."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from tests.web.server import Server, answer

ROOT = Path(__file__).resolve().parents[1]

CATALOGUE = """
catalogue:
  title: Elm Valley
  url: https://elm-valley.example
sources:
"""

INVENTORY = (
    "identifier,title,description,publisher,licence,download url,format,contact email,last updated\n"
    "t1,Street trees,Every tree,Parks,https://creativecommons.org/licenses/by/4.0/,"
    "https://elmford.example/trees.csv,CSV,parks@elmford.example,2026-01-05\n"
    "t2,Bus stops,Every stop,Roads,https://creativecommons.org/licenses/by/4.0/,"
    "https://elmford.example/stops.csv,CSV,roads@elmford.example,2026-02-05\n"
)


def region(folder: Path, *entries: str, **files: str | bytes) -> Path:
    """A region's folder with a sources.yaml of these entries; files by name, `_` standing for the dot."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "sources.yaml").write_text(CATALOGUE + "".join(f"  - {entry}\n" for entry in entries))
    for name, content in files.items():
        path = folder / name.replace("_", ".")
        path.write_bytes(content) if isinstance(content, bytes) else path.write_text(content)
    return folder


def harvester(folder: Path, *words: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "harvester", *words],
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
        env=os.environ | {"PYTHONPATH": str(ROOT)} | environment,
        timeout=120,
    )


def lines(done: subprocess.CompletedProcess[str]) -> list[dict[str, Any]]:
    return [json.loads(line) for line in done.stdout.splitlines()]


# ------------------------------------------------------------------- the ordinary way


@pytest.fixture(scope="module")
def elmford(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A small region that has been harvested and built once."""
    folder = region(
        tmp_path_factory.mktemp("region"), "url: inventory.csv\n    id: elmford", inventory_csv=INVENTORY
    )
    done = harvester(folder, "run")
    assert done.returncode == 0, done.stderr
    return folder


def test_run_harvests_and_builds(elmford: Path) -> None:
    assert (elmford / "build/site/index.html").is_file()
    assert (elmford / "store/harvester.sqlite").is_file()


def test_harvest_json_has_the_keys_that_people_script_against(elmford: Path) -> None:
    done = harvester(elmford, "harvest", "--json")
    (line,) = lines(done)
    expected = {
        "source": "elmford",
        "outcome": "unchanged",
        "datasets": 2,
        "added": 0,
        "changed": 0,
        "removed": 0,
    }
    assert expected.items() <= line.items()
    assert {"requests", "bytes", "seconds", "problem"} <= line.keys()
    assert (done.returncode, done.stderr) == (0, "")


def test_datasets_lists_the_catalogue(elmford: Path) -> None:
    listed = lines(harvester(elmford, "datasets", "--json"))
    assert [
        (row["title"], row["source"], row["modified"]) for row in sorted(listed, key=lambda r: r["title"])
    ] == [
        ("Bus stops", "elmford", "2026-02-05"),
        ("Street trees", "elmford", "2026-01-05"),
    ]
    for row in listed:
        assert (elmford / "build/site" / row["page"].strip("/") / "index.html").is_file()
    assert lines(harvester(elmford, "datasets", "--json", "--source", "elmford")) == listed


def test_history_tells_what_changed_field_by_field(tmp_path: Path) -> None:
    folder = region(tmp_path, "url: inventory.csv\n    id: elmford", inventory_csv=INVENTORY)
    assert harvester(folder, "harvest").returncode == 0
    (folder / "inventory.csv").write_text(INVENTORY.replace("Street trees", "Trees of the streets"))
    assert harvester(folder, "harvest").returncode == 0
    newest, *earlier = lines(harvester(folder, "history", "--json"))
    assert (newest["event"], newest["title"], len(earlier)) == ("changed", "Trees of the streets", 2)
    assert newest["fields"] == [
        {"field": "title", "before": '{"und":"Street trees"}', "after": '{"und":"Trees of the streets"}'}
    ]
    told = harvester(folder, "history", newest["dataset"])
    assert "      - {" in told.stdout
    assert told.stdout.count(newest["dataset"]) == 2
    assert harvester(folder, "history", "no-such-id").returncode == 2


# ------------------------------------------------------------------- add


def test_add_writes_one_entry_and_says_what_it_found(tmp_path: Path) -> None:
    folder = region(tmp_path, "url: inventory.csv\n    id: elmford # keep me", inventory_csv=INVENTORY)
    dataset = {"title": "Parks", "identifier": "p", "modified": "2026-02-01", "accessLevel": "public"}
    body = json.dumps({"dataset": [dataset], "conformsTo": "https://project-open-data.cio.gov/v1.1/schema"})
    with Server(
        {"/": answer(b"<html><title>Town of Oakham</title></html>"), "/data.json": answer(body.encode())}
    ) as server:
        dry = harvester(folder, "add", server.url("/"), "--allow-private", "--dry-run")
        assert "Oakham" not in (folder / "sources.yaml").read_text()
        done = harvester(folder, "add", server.url("/"), "--allow-private", "--level", "municipality")
        again = harvester(folder, "add", server.url(""), "--allow-private")
    assert (dry.returncode, done.returncode, again.returncode) == (0, 0, 1)
    assert done.stdout.startswith(
        "Town of Oakham, data.json (DCAT-US, Project Open Data), 1 dataset, newest changed on 2026-02-01, "
    )
    text = (folder / "sources.yaml").read_text()
    assert "id: elmford # keep me" in text
    assert (
        f"  - url: {server.url('/')}\n    name: Town of Oakham\n    level: municipality\n    allow_private: true\n"
        in text
    )
    assert "already" in again.stderr


def test_add_writes_nothing_where_nothing_was_recognised(tmp_path: Path) -> None:
    folder = region(tmp_path, "url: inventory.csv\n    id: elmford", inventory_csv=INVENTORY)
    before = (folder / "sources.yaml").read_text()
    with Server({"/": answer(b"<html><title>Town of Oakham</title></html>")}) as server:
        done = harvester(folder, "add", server.url("/"), "--allow-private")
    assert done.returncode == 1
    assert (folder / "sources.yaml").read_text() == before
    assert "/data.json" in done.stderr
    assert "spreadsheet" in done.stderr


def test_search_forgives_a_typo(elmford: Path) -> None:
    for words in ("trees", "tree", "treess"):
        assert [row["title"] for row in lines(harvester(elmford, "search", "--json", words))] == [
            "Street trees"
        ], words


def test_status_says_how_each_source_is(elmford: Path) -> None:
    (row,) = lines(harvester(elmford, "status", "--json"))
    assert (row["source"], row["datasets"], row["problem"]) == ("elmford", 2, None)
    assert "elmford" in harvester(elmford, "status").stdout
    assert harvester(elmford, "status", "--markdown").stdout.startswith("| source |")


def test_check_needs_no_sources_yaml_and_keeps_nothing(tmp_path: Path) -> None:
    (tmp_path / "inventory.csv").write_text(
        INVENTORY.replace("https://creativecommons.org/licenses/by/4.0/", "ask us")
    )
    done = harvester(tmp_path, "check", "inventory.csv", "--json")
    found = lines(done)
    assert done.returncode == 0, done.stderr
    assert {"source", "dataset", "title", "field", "code", "severity", "message", "remedy", "raw"} <= found[
        0
    ].keys()
    assert ("licence-unrecognised", "Street trees") in {(row["code"], row["title"]) for row in found}
    assert [path.name for path in tmp_path.iterdir()] == ["inventory.csv"]


def test_check_new_since_looks_at_new_and_changed_entries_only(elmford: Path, tmp_path: Path) -> None:
    older = elmford / "older.yaml"
    older.write_text((elmford / "sources.yaml").read_text())
    assert harvester(elmford, "check", "--new-since", "older.yaml").stdout == "No source is new or changed.\n"
    older.write_text(CATALOGUE.replace("sources:", "sources: []"))
    assert "2 datasets" in harvester(elmford, "check", "--new-since", "older.yaml").stdout


def test_options_before_the_command_choose_config_store_and_out(elmford: Path, tmp_path: Path) -> None:
    store, out = tmp_path / "s" / "my.sqlite", tmp_path / "o"
    done = harvester(
        tmp_path, "-c", str(elmford / "sources.yaml"), "--store", str(store), "--out", str(out), "run"
    )
    assert done.returncode == 0, done.stderr
    assert store.is_file()
    assert (out / "index.html").is_file()


def test_init_starts_a_region_that_runs(tmp_path: Path) -> None:
    done = harvester(tmp_path, "init", "valley")
    assert done.returncode == 0, done.stderr
    for name in ("sources.yaml", ".github/workflows/nightly.yml", ".gitignore", "README.md"):
        assert (tmp_path / "valley" / name).is_file()
    with (tmp_path / "valley/sources.yaml").open("a") as yaml:
        yaml.write("  - url: inventory.csv\n")
    (tmp_path / "valley/inventory.csv").write_text(INVENTORY)
    done = harvester(tmp_path / "valley", "run")
    assert done.returncode == 0, done.stderr
    again = harvester(tmp_path, "init", "valley")
    assert again.returncode == 2
    assert "there already" in again.stderr


def test_help_answers_at_once() -> None:
    """Under 0.3 s is the issue's number; here only that nothing heavy is imported."""
    done = subprocess.run(
        [sys.executable, "-X", "importtime", "-m", "harvester", "--help"],
        capture_output=True,
        text=True,
        cwd=ROOT,
    )
    assert done.returncode == 0
    for heavy in ("rdflib", "frictionless", "whoosh", "requests", "jinja2", "babel", "rich"):
        assert not re.search(rf"\| +{heavy}$", done.stderr, re.MULTILINE), heavy


def test_every_command_and_option_has_help() -> None:
    from harvester.cli import main

    for name, command in main.commands.items():
        assert command.help, name
        for parameter in command.params:
            assert parameter.param_type_name == "argument" or parameter.help, parameter


# ------------------------------------------------------------------- bad input: one line, the right exit code


def told(done: subprocess.CompletedProcess[str]) -> str:
    assert "Traceback" not in done.stderr, done.stderr
    return done.stderr + done.stdout


@pytest.mark.parametrize(
    ("yaml", "expected"),
    [
        ("catalogue: [", r"sources\.yaml:\d+"),
        (CATALOGUE + "  - adress: https://x.example\n", r"sources\.yaml:\d+: .*\burl\b"),
        (CATALOGUE + "  - url: https://x.example\n    levle: state\n", r"levle.*level"),
        ("", r"sources\.yaml"),
    ],
    ids=["no YAML", "no url", "a typo in a key", "an empty file"],
)
def test_a_malformed_sources_yaml_is_told_with_its_line(tmp_path: Path, yaml: str, expected: str) -> None:
    (tmp_path / "sources.yaml").write_text(yaml)
    done = harvester(tmp_path, "run")
    assert done.returncode == 2
    assert re.search(expected, told(done)), told(done)
    assert not (tmp_path / "build").exists()


def test_a_missing_sources_yaml_says_how_to_start(tmp_path: Path) -> None:
    done = harvester(tmp_path, "run")
    assert done.returncode == 2
    assert "init" in told(done)


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (b"<!doctype html><title>Technical difficulties</title><p>Sorry", "bad"),
        (b"", "bad"),
        (b"\x00\xff\xfe\x00", "bad"),
    ],
    ids=["a feed that is HTML", "an empty file", "bytes"],
)
def test_a_source_that_cannot_be_read_costs_only_itself(
    tmp_path: Path, content: bytes, expected: str
) -> None:
    folder = region(
        tmp_path,
        "url: inventory.csv\n    id: good",
        "url: feed.json\n    id: bad\n    type: dcat_us",
        inventory_csv=INVENTORY,
        feed_json=content,
    )
    done = harvester(folder, "run", "--json")
    assert done.returncode == 1, done.stderr
    by_source = {row["source"]: row for row in lines(done)}
    assert by_source["good"]["outcome"] == "fresh"
    assert by_source["bad"]["outcome"] == "failed"
    assert "\n" not in by_source["bad"]["problem"]
    told(done)
    assert (folder / "build/site/index.html").is_file()


def test_an_unknown_host_is_one_clear_line(tmp_path: Path) -> None:
    folder = region(tmp_path, "url: https://no-such-portal.invalid/\n    id: gone\n    type: ckan")
    done = harvester(folder, "harvest", "--json")
    (row,) = lines(done)
    assert (done.returncode, row["outcome"]) == (1, "failed")
    assert "no-such-portal.invalid" in row["problem"]


def test_one_broken_record_costs_one_record(tmp_path: Path) -> None:
    records = [
        {"title": "Trees", "identifier": "1"},
        17,
        {"identifier": "no title"},
        {"title": "Roads", "identifier": "2"},
    ]
    folder = region(
        tmp_path,
        "url: data.json\n    id: town\n    type: dcat_us",
        data_json=json.dumps({"dataset": records}),
    )
    (row,) = lines(harvester(folder, "run", "--json"))
    assert (row["datasets"], row["skipped"]) == (2, 2)
    assert len(row["left_out"]) == 2


def test_a_bad_night_loses_nothing(tmp_path: Path) -> None:
    folder = region(
        tmp_path, "url: inventory.csv\n    id: town\n    type: spreadsheet", inventory_csv=INVENTORY
    )
    assert harvester(folder, "run").returncode == 0
    good = lines(harvester(folder, "datasets", "--json"))
    (folder / "inventory.csv").write_text("<html>Service unavailable</html>")
    done = harvester(folder, "run")
    assert done.returncode == 1
    assert lines(harvester(folder, "datasets", "--json")) == good


def test_an_unwritable_folder_is_one_clear_line(tmp_path: Path) -> None:
    folder = region(tmp_path, "url: inventory.csv", inventory_csv=INVENTORY, wall="")
    for option in ("--store", "--out"):
        done = harvester(folder, option, "wall/below", "run")
        assert done.returncode == 2, option
        assert "wall" in told(done)


def test_a_name_that_is_no_source_names_the_nearest(elmford: Path) -> None:
    done = harvester(elmford, "harvest", "elmfrod")
    assert done.returncode == 2
    assert "elmford" in told(done)


# ------------------------------------------------------------------- killed at any moment


def test_a_run_that_is_killed_leaves_a_whole_site_and_a_store_that_opens(tmp_path: Path) -> None:
    """SIGKILL at moments spread over harvest, build and publish; the old or the new site is there, whole."""
    rows = "".join(
        f"k{n},Dataset number {n},Words,Office,,https://t.example/{n}.csv,CSV,,\n" for n in range(60)
    )
    folder = region(
        tmp_path,
        "url: inventory.csv\n    id: town",
        inventory_csv=INVENTORY.splitlines(keepends=True)[0] + rows,
    )
    began = time.monotonic()
    assert harvester(folder, "run").returncode == 0
    whole_run = time.monotonic() - began
    command = [sys.executable, "-m", "harvester", "run"]
    for step in range(6):
        text = (folder / "inventory.csv").read_text()
        (folder / "inventory.csv").write_text(text.replace("Words", f"Words{step}"))
        with subprocess.Popen(
            command, cwd=folder, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        ) as process:
            time.sleep(whole_run * (step + 1) / 7)
            process.kill()
        site = folder / "build/site"
        recovered = site if site.exists() else folder / "build/.site.old"
        assert (recovered / "index.html").is_file()
        assert sum(1 for _ in (recovered / "dataset").iterdir()) == 60
        assert len(lines(harvester(folder, "datasets", "--json"))) == 60
    assert harvester(folder, "run").returncode == 0
    left = [path.name for path in (folder / "build").glob(".site*")]
    assert left in ([], [".site.old"]), "the site before, whose files the next one may take over"
