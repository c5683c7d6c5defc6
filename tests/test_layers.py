"""The picture of the design holds: data goes down the line and never back."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

PACKAGE = Path(__file__).resolve().parents[1] / "harvester"

HARVEST_HALF = ("web", "feeds", "visit", "detect", "keep", "spool", "sources")


def imports(path: Path) -> set[str]:
    """The modules of ours that a file imports, as in `web.fetch`."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.ImportFrom) and node.module and node.module.startswith("harvester"):
            below = node.module.removeprefix("harvester").lstrip(".")
            found |= {below} if below else {alias.name for alias in node.names}
        elif isinstance(node, ast.Import):
            found |= {
                alias.name.removeprefix("harvester.")
                for alias in node.names
                if alias.name.startswith("harvester.")
            }
    return found


def files_of(*parts: str) -> list[Path]:
    return [
        path
        for part in parts
        for path in (
            [PACKAGE / f"{part}.py"] if (PACKAGE / f"{part}.py").exists() else (PACKAGE / part).rglob("*.py")
        )
    ]


@pytest.mark.parametrize("part", ["link", "site", "outputs", "search", "publish", "language"])
def test_build_half_imports_nothing_of_the_harvest_half(part: str) -> None:
    for path in files_of(part):
        foreign = {name for name in imports(path) if name.split(".")[0] in (*HARVEST_HALF, "store")}
        assert not foreign, f"{path.relative_to(PACKAGE)} imports {foreign}"


def test_the_nouns_import_nothing_of_ours() -> None:
    assert imports(PACKAGE / "model.py") == set()


@pytest.mark.parametrize("part", ["changes", "link", "normalise", "quality"])
def test_the_deciding_parts_do_no_io(part: str) -> None:
    forbidden = {"requests", "http.client", "sqlite3", "urllib.request", "subprocess"}
    for path in files_of(part):
        tree = ast.parse(path.read_text())
        names = {a.name for n in ast.walk(tree) if isinstance(n, ast.Import) for a in n.names}
        names |= {n.module or "" for n in ast.walk(tree) if isinstance(n, ast.ImportFrom)}
        assert not names & forbidden, path


@pytest.mark.parametrize("part", ["link", "site", "outputs", "search", "changes", "normalise", "quality"])
def test_no_clock_and_no_randomness_where_bytes_must_repeat(part: str) -> None:
    for path in files_of(part):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
                assert node.func.attr not in ("now", "utcnow", "today"), f"{path}: line {node.lineno}"
            if isinstance(node, ast.Import):
                assert not {a.name for a in node.names} & {"random", "time", "uuid"}, path


def test_only_the_command_line_prints_or_exits() -> None:
    for path in PACKAGE.rglob("*.py"):
        if "cli" in path.relative_to(PACKAGE).parts:
            continue
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
                assert node.func.id not in ("print", "exit"), f"{path}: line {node.lineno}"


def test_no_type_is_met_by_msgspec_while_threads_visit() -> None:
    """Two threads that decoded to a type for the first time crashed the process: decoders stand at the top."""
    inside = [
        f"{path.name}:{node.lineno}"
        for path in files_of("visit", "feeds", "normalise", "web", "detect")
        for function in ast.walk(ast.parse(path.read_text()))
        if isinstance(function, ast.FunctionDef)
        for node in ast.walk(function)
        if isinstance(node, ast.Call) and any(keyword.arg == "type" for keyword in node.keywords)
        if isinstance(node.func, ast.Attribute) and node.func.attr == "decode"
    ]
    assert inside == []
