"""What `harvester init` writes: everything that a region's own repository needs to start."""

from __future__ import annotations

from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path

from harvester import __version__
from harvester.errors import HarvesterError

_RENAMED = {"gitignore": ".gitignore"}  # a real .gitignore would act on this repository


def write(directory: Path) -> list[Path]:
    """Write the starter's files into `directory`; returns what was written, in alphabetical order.

    Raises `HarvesterError` when one of them is there already: nothing of a person's is overwritten.
    """
    wanted = {
        directory / path: content.replace("@VERSION@", __version__)
        for path, content in _contents(files(__name__) / "files", Path())
    }
    for path in wanted:
        if path.exists():
            raise HarvesterError(
                str(path), "This file is there already.", "Choose another folder, or move it away first."
            )
    try:
        for path, content in wanted.items():
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(content, encoding="utf-8")
    except OSError as error:
        raise HarvesterError(
            str(directory),
            "The folder cannot be written ({reason}).",
            "Choose another one.",
            reason=error.strerror,
        ) from error
    return sorted(wanted)


def _contents(folder: Traversable, below: Path) -> list[tuple[Path, str]]:
    found: list[tuple[Path, str]] = []
    for entry in sorted(folder.iterdir(), key=lambda entry: entry.name):
        path = below / _RENAMED.get(entry.name, entry.name)
        found += _contents(entry, path) if entry.is_dir() else [(path, entry.read_text(encoding="utf-8"))]
    return found
