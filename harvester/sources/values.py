"""Values that stand in the catalogue's block and in sources alike."""

from __future__ import annotations

import re
from pathlib import Path

from babel import Locale, UnknownLocaleError
from ruamel.yaml.nodes import Node

from harvester.model import N_
from harvester.sources.reader import YamlReader, shown

_MAIL = re.compile(r"[^@\s<>\"',;:()]+@[^@\s<>\"',;:()]+\.[^@\s<>\"',;:().]+")


def language(reader: YamlReader, node: Node, key: str) -> str | None:
    """A BCP 47 tag in its usual letters: `pt-BR`, `zh-Hant`."""
    written = reader.text(node, key, "en")
    if written is None:
        return None
    tag = written.replace("_", "-")
    try:
        Locale.parse(tag, sep="-")
    except (UnknownLocaleError, ValueError, TypeError):
        reader.mistake(
            node,
            N_("“{tag}” is not the tag of a language that we know."),
            N_("Write a tag such as en, fr, es or pt-BR."),
            tag=shown(written),
        )
        return None
    usual = {2: str.upper, 4: str.title}  # regions and scripts; the rest is small
    first, *others = tag.lower().split("-")
    return "-".join([first, *(usual.get(len(part), str.lower)(part) for part in others)])


def mail(reader: YamlReader, node: Node | None, examples: dict[str, str]) -> str | None:
    """A mail address, without `mailto:`; `examples` are those of the block it stands in."""
    written = reader.text(node, "contact", examples["contact"]) if node is not None else None
    if node is None or written is None:
        return None
    address = written.removeprefix("mailto:")
    if _MAIL.fullmatch(address):
        return address
    reader.mistake(
        node,
        N_("“{address}” is not a mail address."),
        N_("Write   contact: {example}"),
        address=shown(written),
        example=examples["contact"],
    )
    return None


def existing_path(folder: Path, written: str) -> Path | None:
    """The absolute path, or None when there is nothing there."""
    try:
        return (folder / written).resolve(strict=True)
    except (OSError, ValueError, RuntimeError):  # not there, not a path, a circle of links
        return None
