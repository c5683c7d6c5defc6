"""sources.yaml to a `Config`: every mistake at once, with its line and what to write instead.

`docs/sources.md` tells people what each key means; this package is the only place that reads them.
"""

from __future__ import annotations

import json
from pathlib import Path

from ruamel.yaml.nodes import MappingNode, Node

from harvester.errors import ConfigError
from harvester.model import N_, Config, Problem, Source
from harvester.sources import catalogue, entries
from harvester.sources.reader import YamlReader, shown
from harvester.sources.values import existing_path

_TOP = {"catalogue": "…", "profile": "profile.yaml", "sources": "…"}
_MEANT_TOP = {
    "title": "it two blanks inwards, below catalogue:",
    "languages": "it two blanks inwards, below catalogue:",
    "url": f"it below sources:, as   - url: {entries.KEYS['url']}",
    "level": "it below sources:, in the entry of its source",
    "type": "it below sources:, in the entry of its source",
    "catalog": "catalogue",
    "source": "sources",
    "portals": "sources",
}


def load(path: Path) -> Config:
    """Read sources.yaml. Raises `ConfigError` with every mistake, each `where` = "sources.yaml:LINE"."""
    try:
        raw = path.read_bytes()
    except OSError as error:
        raise ConfigError([_unreadable(path, error)]) from error
    reader = YamlReader(path.name)
    folder = path.parent.resolve()
    root = reader.parse(raw)
    blocks = reader.keys(root, _TOP, _MEANT_TOP) if root is not None else {}
    if root is not None and not isinstance(root, MappingNode):
        raise ConfigError(reader.mistakes)
    about = catalogue.read(reader, blocks.get("catalogue"))
    profile = _profile(reader, blocks.get("profile"), folder)
    listed = entries.read(reader, blocks.get("sources"), folder)
    if reader.mistakes:
        raise ConfigError(reader.mistakes)
    return Config(catalogue=about, sources=listed, folder=folder, profile=profile)


def from_address(address: str, folder: Path) -> Source:
    """A source of which only the address is known: a portal's, or a file's path seen from `folder`.

    Raises `ConfigError` when it is neither.
    """
    reader = YamlReader(shown(address))
    listed = entries.read(reader, reader.parse(json.dumps([address]).encode()), folder)
    if reader.mistakes:
        raise ConfigError(reader.mistakes)
    return listed[0]


def _unreadable(path: Path, error: OSError) -> Problem:
    if isinstance(error, FileNotFoundError):
        return Problem(
            where=str(path),
            what=N_("There is no such file."),
            remedy=N_("“harvester init FOLDER” makes a first one; “harvester -c FILE” names another."),
        )
    return Problem(
        where=str(path),
        what=N_("The file cannot be read: {reason}."),
        remedy=N_("Check that it is a file and that you may read it."),
        values={"reason": error.strerror or type(error).__name__},
    )


def _profile(reader: YamlReader, node: Node | None, folder: Path) -> Path | None:
    written = reader.text(node, "profile", _TOP["profile"]) if node is not None else None
    if node is None or written is None:
        return None
    path = existing_path(folder, written)
    if path is None or not path.is_file():
        reader.mistake(
            node,
            N_("There is no profile “{path}”."),
            N_("Write where the file lies, seen from the folder of sources.yaml, or leave profile: out."),
            path=written,
        )
    return path
