"""The `catalogue:` block of sources.yaml."""

from __future__ import annotations

from ruamel.yaml.nodes import MappingNode, Node, ScalarNode

from harvester.model import N_, CatalogueConfig, Text
from harvester.sources.addresses import split_web
from harvester.sources.reader import YamlReader, line_of, shown
from harvester.sources.values import language, mail

KEYS = {
    "title": "Open data of the Elm Valley",
    "url": "https://data.elmvalley.example",
    "description": "What the towns of the valley publish.",
    "languages": "[en]",
    "contact": "data@elmvalley.example",
    "bbox": "[-83.3, 42.2, -82.9, 42.5]",
    "footer": "Made by the Elm Valley Council.",
    "issues_url": "https://github.com/elmvalley/catalogue/issues",
}
"""The keys, each with what could stand there: shown where something wrong does."""

_MEANT = {"name": "title", "language": "languages", "email": "contact", "issues": "issues_url"}


def read(reader: YamlReader, block: Node | None) -> CatalogueConfig:
    """The `catalogue:` block; what is wrong in it is left at nothing, and told."""
    values = reader.keys(block, KEYS, _MEANT) if block is not None else {}
    for key in ("title", "url"):
        if key not in values and (block is None or isinstance(block, MappingNode)):
            reader.mistake(
                1 if block is None else line_of(block),
                N_("The catalogue has no {key}."),
                N_("Write below catalogue:   {key}: {example}"),
                key=key,
                example=KEYS[key],
            )
    tags = _languages(reader, values.get("languages"))

    def words(key: str) -> Text:
        return _words(reader, values[key], key, tags[0]) if key in values else {}

    return CatalogueConfig(
        title=words("title"),
        url=_site_url(reader, values["url"]) if "url" in values else "",
        description=words("description"),
        languages=tags,
        contact=mail(reader, values.get("contact"), KEYS),
        bbox=_bbox(reader, values["bbox"]) if "bbox" in values else None,
        footer=words("footer"),
        issues_url=_issues_url(reader, values["issues_url"]) if "issues_url" in values else None,
    )


def _languages(reader: YamlReader, node: Node | None) -> tuple[str, ...]:
    """At least one tag. One language need not stand in a list."""
    if node is None:
        return ("en",)
    nodes = [node] if isinstance(node, ScalarNode) else reader.items(node, "languages", "languages: [en, fr]")
    tags = [tag for each in nodes if (tag := language(reader, each, "languages"))]
    for tag in sorted({tag for tag in tags if tags.count(tag) > 1}):
        reader.mistake(node, N_("The language {tag} stands twice."), N_("Write it once."), tag=tag)
    return tuple(dict.fromkeys(tags)) or ("en",)


def _words(reader: YamlReader, node: Node, key: str, first: str) -> Text:
    """Text in the first language, or one text for each language."""
    if not isinstance(node, MappingNode):
        text = reader.text(node, key, KEYS[key])
        return {first: text} if text else {}
    words: Text = {}
    for name, value in node.value:
        tag = language(reader, name, key)
        text = reader.text(value, key, KEYS[key])
        if tag and text:
            words[tag] = text
    return words


def _site_url(reader: YamlReader, node: Node) -> str:
    url = reader.text(node, "url", KEYS["url"])
    if url is None:
        return ""
    parts = split_web(url)
    if parts and not parts.query and not parts.fragment:
        return url.rstrip("/")
    reader.mistake(
        node,
        N_("url must be the address at which the site will stand, from https:// on, and “{url}” is not."),
        N_("Write   url: {example}"),
        url=shown(url),
        example=KEYS["url"],
    )
    return ""


def _issues_url(reader: YamlReader, node: Node) -> str | None:
    url = reader.text(node, "issues_url", KEYS["issues_url"])
    if url is None or split_web(url):
        return url
    reader.mistake(
        node,
        N_("“{url}” is not an address that a browser can open."),
        N_("Write   issues_url: {example}"),
        url=shown(url),
        example=KEYS["issues_url"],
    )
    return None


def _bbox(reader: YamlReader, node: Node) -> tuple[float, float, float, float] | None:
    numbers = [reader.number(each) for each in reader.items(node, "bbox", f"bbox: {KEYS['bbox']}")]
    match numbers:
        case [float(west), float(south), float(east), float(north)]:
            if -180 <= west <= 180 and -180 <= east <= 180 and -90 <= south < north <= 90 and west != east:
                return west, south, east, north
        case []:
            return None  # said by reader.items
    reader.mistake(
        node,
        N_("bbox must be four numbers in degrees: west, south, east, north."),
        N_("Write   bbox: {example}"),
        example=KEYS["bbox"],
    )
    return None
