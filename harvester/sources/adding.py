"""One more entry for sources.yaml. Pure: every byte that stood there stays, comments and order too."""

from __future__ import annotations

import io

from ruamel.yaml import YAML
from ruamel.yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode
from ruamel.yaml.scalarstring import DoubleQuotedScalarString

from harvester.model import Source
from harvester.sources import addresses
from harvester.sources.reader import YamlReader

Value = str | bool


def same_place(address: str, sources: tuple[Source, ...]) -> Source | None:
    """The source that stands for this place already, if one does."""
    wanted = addresses.sameness(address)
    return next((each for each in sources if not each.path and addresses.sameness(each.url) == wanted), None)


def web_address(written: str) -> str:
    """An address as the clerk types it ("data.town.example") with the `https://` that it lacks."""
    return f"https://{written}" if addresses.looks_like_host(written) else written


def free_id(address: str, sources: tuple[Source, ...]) -> str | None:
    """An id for a new entry where the one that its address gives is taken; None where it is free."""
    given = addresses.id_of_web(address)
    taken = {source.id for source in sources}
    if given not in taken:
        return None
    suggested = addresses.another_id(given, address)
    number = 2
    while suggested in taken:
        suggested, number = f"{given}-{number}", number + 1
    return suggested


def with_entry(text: str, entry: dict[str, Value]) -> str:
    """The text of a sources.yaml that is free of mistakes, with one more entry at the end of its list."""
    root = YamlReader("sources.yaml").parse(text.encode())
    listed = _listed(root)
    end = "\r\n" if "\r\n" in text else "\n"
    lines = text.splitlines(keepends=True)
    if lines and not lines[-1].endswith("\n"):
        lines[-1] += end
    if isinstance(listed, SequenceNode) and listed.value and not listed.flow_style:
        indent, place = listed.start_mark.column, _last_line(listed.value[-1]) + 1
    elif listed is None or (isinstance(listed, SequenceNode) and listed.flow_style and listed.value):
        return _as_whole(text, entry) if listed is not None else "".join(lines) + _new_list(entry, end)
    else:  # `sources:` with nothing behind it, or []
        indent, place = 2, _last_line(_key(root)) + 1
        lines[place - 1] = _without_value(lines[place - 1])
    return "".join([*lines[:place], *_told(entry, indent, end), *lines[place:]])


def _listed(root: Node | None) -> Node | None:
    pairs = root.value if isinstance(root, MappingNode) else []
    return next((value for key, value in pairs if key.value == "sources"), None)


def _key(root: Node | None) -> Node:
    pairs = root.value if isinstance(root, MappingNode) else []
    key: Node = next(key for key, _ in pairs if key.value == "sources")
    return key


def _last_line(node: Node) -> int:
    """The number, from 0, of the last line that belongs to a node; comments behind it do not."""
    if isinstance(node, ScalarNode) or not node.value:
        block = isinstance(node, ScalarNode) and node.style in ("|", ">")
        end: int = node.end_mark.line
        return end - 1 if block and node.end_mark.column == 0 else end
    assert isinstance(node, SequenceNode | MappingNode), "YAML has no other nodes"
    if node.flow_style:
        return int(node.end_mark.line)
    last = node.value[-1]
    return _last_line(last[1] if isinstance(last, tuple) else last)


def _without_value(line: str) -> str:
    """`sources: []  # all portals` → `sources:  # all portals`."""
    return line.replace("[]", "", 1).replace("null", "", 1).replace(": \n", ":\n")


def _new_list(entry: dict[str, Value], end: str) -> str:
    return "".join([end, f"sources:{end}", *_told(entry, 2, end)])


def _told(entry: dict[str, Value], indent: int, end: str) -> list[str]:
    keys = [f"{name}: {_scalar(value)}{end}" for name, value in entry.items()]
    return [f"{' ' * indent}{'- ' if number == 0 else '  '}{line}" for number, line in enumerate(keys)]


def _scalar(value: Value) -> str:
    """A value as YAML writes it on one line, in quotes only where it needs them."""
    yaml = YAML(typ="safe", pure=True)
    yaml.width = 1 << 20
    yaml.default_flow_style = True
    out = io.StringIO()
    yaml.dump([value], out)
    return out.getvalue().strip()[1:-1]


def _as_whole(text: str, entry: dict[str, Value]) -> str:
    """For a list in one line, `sources: [a, b]`: the whole text through ruamel, which keeps comments."""
    yaml = YAML()
    yaml.width = 1 << 20
    yaml.preserve_quotes = True
    loaded = yaml.load(text)
    loaded["sources"].append(
        {name: DoubleQuotedScalarString(it) if isinstance(it, str) else it for name, it in entry.items()}
    )
    out = io.StringIO()
    yaml.dump(loaded, out)
    return out.getvalue()
