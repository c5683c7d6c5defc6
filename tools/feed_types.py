"""Writes docs/feed-types.md from the docstrings of the feed types: `make docs`."""

from __future__ import annotations

import ast
from pathlib import Path

from harvester import feeds

DOC = Path(__file__).resolve().parents[1] / "docs" / "feed-types.md"

HEAD = """# Feed types

This page is made of the docstrings in `harvester/feeds/` by `make docs`; edit those.

"""


def page() -> str:
    """The page: what there is, then how to add to it."""
    rows = [_row(name) for name in sorted(feeds.names(), key=lambda name: feeds.load(name).ORDER)]
    table = "\n".join(("| `type:` | what it is | where it is asked for |", "|---|---|---|", *rows))
    each = "\n\n".join(f"### `{name}`\n\n{_told(name)}" for name in feeds.names())
    contract = (feeds.__doc__ or "").partition("\n")[2].strip()
    return f"{HEAD}{table}\n\n## Adding a feed type\n\n{contract}\n\n## The feed types\n\n{each}\n"


def _row(name: str) -> str:
    feed = feeds.load(name)
    probes = ", ".join(f"`{probe}`" for probe in feed.PROBES if probe) or "links of the home page"
    return f"| `{name}` | {feed.TITLE} | {probes} |"


def _told(name: str) -> str:
    path = Path(feeds.__path__[0]) / f"{name}.py"
    return ast.get_docstring(ast.parse(path.read_text("utf-8"))) or ""


if __name__ == "__main__":
    DOC.write_text(page(), "utf-8")
