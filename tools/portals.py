"""Writes docs/portals.md: every replayed portal, recognised and harvested from its home page.

`make docs` runs it. It needs the captured portals beside the checkout (../shared).
"""

from __future__ import annotations

import datetime as dt
import re
import sys
import time
from pathlib import Path
from typing import Any

from harvester import pipeline, quality
from harvester.model import Source
from harvester.web.fetch import Fetcher

ROOT = Path(__file__).resolve().parents[1]
SHARED = ROOT.parent / "shared" / "portals"
DOC = ROOT / "docs" / "portals.md"

HEAD = """# Real portals, from their home pages

Captured portals, replayed on loopback and harvested with nothing but the address of their home page.
*Asked* is the number of requests in all, recognising (at most 12) and reading together; *held* is what
the capture holds; *left out* are records that are no datasets, each listed in the report with its reason.
`make docs` writes this page.

| portal | platform | read as | at | asked | held | datasets | left out | seconds |
|---|---|---|---|--:|--:|--:|--:|--:|
"""


def main() -> int:
    """Write the page; 2 where the captures are not there."""
    if not SHARED.is_dir():
        print(f"The captured portals are not in {SHARED}.", file=sys.stderr)
        return 2
    sys.path.insert(0, str(SHARED))
    from replay import Replay  # type: ignore[import-not-found]

    rows = []
    with Replay() as running, Fetcher("Harvester (docs)") as fetcher:
        for name, platform, held in _portals():
            rows.append(_row(name, platform, held, running, fetcher))
    DOC.write_text(HEAD + "\n".join(rows) + "\n", "utf-8")
    return 0


def _portals() -> list[tuple[str, str, int]]:
    """Name, platform and number of datasets of each portal, from the replay tool's own table."""
    rows = re.findall(
        r"^\| +\d+ \| ([\w-]+) \| ([\w-]+) \| .*? \| +(\d+) \| [^|]*\|$",
        (SHARED / "README.md").read_text("utf-8"),
        re.MULTILINE,
    )
    return [(name, platform, int(held)) for name, platform, held in rows]


def _row(name: str, platform: str, held: int, running: Any, fetcher: Fetcher) -> str:
    home = running.url(name)
    source = Source(id=name, url=home, name=name, allow_private=True)
    began = time.monotonic()
    checked = pipeline.check(source, fetcher, quality.load_profile(None), lambda: dt.datetime.now(dt.UTC))
    seconds = time.monotonic() - began
    at = "/" + (checked.feed_url or home).partition("://")[2].partition("/")[2]
    told: list[object] = [
        name,
        platform,
        checked.feed or "not recognised",
        f"`{at}`",
        len(running.log(name)),
        held,
        len(checked.datasets),
        checked.skipped,
        f"{seconds:.1f}",
    ]
    return f"| {' | '.join(str(each) for each in told)} |"


if __name__ == "__main__":
    sys.exit(main())
