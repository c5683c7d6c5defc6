"""The entries of `sources:`, each for itself and all together."""

from __future__ import annotations

import re
from pathlib import Path, PurePosixPath
from typing import Any, NamedTuple, get_args
from urllib.parse import urlsplit

from ruamel.yaml.nodes import MappingNode, Node, ScalarNode

from harvester import feeds
from harvester.model import N_, Level, Source
from harvester.sources import addresses
from harvester.sources.reader import YamlReader, line_of, nearest, shown
from harvester.sources.values import existing_path, language, mail

KEYS = {
    "url": "https://data.elmford.example",
    "name": "Town of Elmford",
    "id": "elmford",
    "level": "municipality",
    "type": "ckan",
    "contact": "data@elmford.example",
    "licence": "CC-BY-4.0",
    "language": "en",
    "enabled": "false",
    "allow_private": "true",
    "settings": "{…}",
}
"""The keys, each with what could stand there: shown where something wrong does."""

_MEANT = {
    **dict.fromkeys(("address", "link", "website", "homepage", "feed", "file", "path", "href"), "url"),
    **dict.fromkeys(("title", "label", "publisher"), "name"),
    **dict.fromkeys(("email", "mail", "e-mail", "maintainer"), "contact"),
    **dict.fromkeys(("format", "platform", "software"), "type"),
    **dict.fromkeys(("options", "config", "params"), "settings"),
    **dict.fromkeys(("disabled", "active"), "enabled"),
    "lang": "language",
    "license": "licence",
}

_LEVELS = get_args(Level)
_LEVEL_MEANT = {
    **dict.fromkeys(
        ("city", "town", "village", "municipal", "borough", "commune", "local", "township"), "municipality"
    ),
    **dict.fromkeys(("regional", "metropolitan", "metro"), "region"),
    **dict.fromkeys(("district", "parish"), "county"),
    **dict.fromkeys(("province", "provincial", "territory"), "state"),
    **dict.fromkeys(("federal", "country", "nation"), "national"),
    **dict.fromkeys(("department", "ministry", "authority", "university", "office"), "agency"),
}

_ID = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")


class _Entry(NamedTuple):
    """A source as far as it is read; `named` says whether it brought its id."""

    source: Source
    node: Node
    named: bool


def read(reader: YamlReader, node: Node | None, folder: Path) -> tuple[Source, ...]:
    """All sources, in the order of the file; `folder` is where paths begin."""
    if node is None:
        return ()
    example = f"sources:   and below it   - url: {KEYS['url']}"
    entries = [
        entry for each in reader.items(node, "sources", example) if (entry := _entry(reader, each, folder))
    ]
    _check_same_place(reader, entries)
    return _with_own_ids(reader, entries)


def _entry(reader: YamlReader, node: Node, folder: Path) -> _Entry | None:
    """One entry: a group of keys, or an address alone. None when its address is wrong."""
    values = {"url": node} if isinstance(node, ScalarNode) else reader.keys(node, KEYS, _MEANT)
    if "url" not in values or (isinstance(node, ScalarNode) and not node.value):
        if isinstance(node, MappingNode | ScalarNode):
            reader.mistake(
                node,
                N_("This source has no url."),
                N_("Write   - url: {example}"),
                example=KEYS["url"],
            )
        return None
    settings = reader.anything(values["settings"], "settings") if "settings" in values else {}
    if settings is not None and not isinstance(settings, dict):
        reader.mistake(
            values["settings"],
            N_("settings must be keys with values."),
            N_("Write each key and its value on a line below it, two blanks further in."),
        )
    elif settings:
        _check_settings(reader, values["settings"], settings)
    own_id = _own_id(reader, values.get("id"))
    options: dict[str, Any] = {
        "level": _level(reader, values.get("level")),
        "type": _type(reader, values.get("type")),
        "contact": mail(reader, values.get("contact"), KEYS),
        "language": language(reader, values["language"], "language") if "language" in values else None,
        "settings": settings,
    }
    for key in ("name", "licence"):
        options[key] = reader.text(values[key], key, KEYS[key]) if key in values else None
    for key in ("enabled", "allow_private"):
        if key in values:
            options[key] = reader.flag(values[key], key)
    place = _place(reader, values["url"], folder)
    if place is None:
        return None
    url, path = place
    options["name"] = " ".join((options["name"] or "").split()) or (
        url if path else addresses.name_of_web(url)
    )
    made_id = addresses.id_of_file(PurePosixPath(url)) if path else addresses.id_of_web(url)
    return _Entry(Source(url=url, path=path, id=own_id or made_id, **options), node, own_id is not None)


def _place(reader: YamlReader, node: Node, folder: Path) -> tuple[str, Path | None] | None:
    """Where a source is: its web address, or its path as written and where that leads."""
    written = reader.text(node, "url", KEYS["url"])
    if written is None:
        return None
    if parts := addresses.split_web(written):
        return parts._replace(fragment="").geturl(), None
    if not re.match(r"[A-Za-z][A-Za-z0-9+.-]+:/", written) and (path := existing_path(folder, written)):
        return written, path
    if addresses.looks_like_host(written) and (parts := addresses.split_web(f"https://{written}")):
        return parts._replace(fragment="").geturl(), None  # as people say it: without https://
    if re.match(r"(https?|htt[a-z]*|www)[:/]", written, re.IGNORECASE):
        what = N_("“{url}” is not an address that can be asked for.")
        if "@" in written:
            what = N_("An address must not hold a name and a password: everybody can read this file.")
        remedy = N_("Write   url: {example}")
    elif "://" in written or written.startswith("file:"):
        what = N_("“{url}” is neither an http nor an https address.")
        remedy = N_("Write   url: {example}   or, for a file, its path seen from the folder of sources.yaml.")
    else:
        what = N_("There is no file “{url}”, seen from the folder of sources.yaml.")
        remedy = N_("Mend the path, or write a portal's address from https:// on:   url: {example}")
    url = "" if "@" in written else shown(written)
    reader.mistake(node, what, remedy, url=url, example=KEYS["url"])
    return None


def _check_settings(reader: YamlReader, node: Node, settings: dict[str, Any]) -> None:
    """Settings that hold for every type are checked here; the others are the feed's own business."""
    for name, (least, most, example) in _EVERY_TYPE.items():
        value = settings.get(name, example)
        if isinstance(value, bool) or not isinstance(value, int | float) or not least <= value <= most:
            reader.mistake(
                node,
                N_("{name} is a number from {least} to {most}, not {value}."),
                N_("Write for example   {name}: {example}"),
                name=name,
                least=str(least),
                most=str(most),
                value=shown(str(value)),
                example=str(example),
            )


_EVERY_TYPE = {"smallest_share": (0, 1, 0.5), "nights": (1, 365, 7), "grace_days": (0, 3650, 14)}
"""Name → the smallest value, the largest, and an example: see `changes.Patience`."""


def _own_id(reader: YamlReader, node: Node | None) -> str | None:
    written = reader.text(node, "id", KEYS["id"]) if node is not None else None
    if node is None or written is None or (_ID.fullmatch(written) and len(written) <= 60):
        return written
    reader.mistake(
        node,
        N_("The id “{id}” cannot be the address of a page: small letters, digits and single dashes can."),
        N_("Write   id: {better}"),
        id=shown(written),
        better=addresses.slug(written) or KEYS["id"],
    )
    return None


def _level(reader: YamlReader, node: Node | None) -> str | None:
    written = reader.text(node, "level", KEYS["level"]) if node is not None else None
    if node is None or written is None or written.lower() in _LEVELS:
        return written.lower() if written else None
    better = _LEVEL_MEANT.get(written.lower()) or nearest(written, _LEVELS)
    reader.mistake(
        node,
        N_("There is no level “{level}”."),
        N_("Write   level: {better}") if better else N_("Write one of {levels}."),
        level=shown(written),
        better=better or "",
        levels=", ".join(_LEVELS),
    )
    return None


def _type(reader: YamlReader, node: Node | None) -> str | None:
    written = reader.text(node, "type", KEYS["type"]) if node is not None else None
    known = feeds.names()
    if node is None or written is None or written in known:
        return written
    better = nearest(written, known)
    reader.mistake(
        node,
        N_("There is no type “{type}”."),
        N_("Write   type: {better}   or leave it out: it is found out by looking.")
        if better
        else N_("Write one of {types}, or leave it out: it is found out by looking."),
        type=shown(written),
        better=better or "",
        types=", ".join(known),
    )
    return None


def _check_same_place(reader: YamlReader, entries: list[_Entry]) -> None:
    first: dict[str, Node] = {}
    for source, node, _ in entries:
        place = str(source.path) if source.path else addresses.sameness(source.url)
        if place in first:
            reader.mistake(
                node,
                N_("This source stands in line {line} already."),
                N_("Remove one of the two."),
                line=str(line_of(first[place])),
            )
        else:
            first[place] = node


def _with_own_ids(reader: YamlReader, entries: list[_Entry]) -> tuple[Source, ...]:
    """Ids are addresses of pages, for ever: two that are alike are a mistake, never mended in silence."""
    taken: dict[str, Node] = {}
    for source, node, named in sorted(entries, key=lambda entry: not entry.named):
        if source.id not in taken:
            taken[source.id] = node
            continue
        suggested = addresses.another_id(source.id, urlsplit(source.url).path)
        reader.mistake(
            node,
            N_("Two sources have the id {id}: this one and line {line}.")
            if named
            else N_("The id that the address gives, {id}, belongs to line {line} already."),
            N_("Give this one an id of its own, for example   id: {suggested}"),
            id=source.id,
            line=str(line_of(taken[source.id])),
            suggested=suggested,
        )
    return tuple(entry.source for entry in entries)
