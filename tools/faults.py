"""Writes docs/faults.md: what every fault does to every feed type (`make docs`).

It needs the captured portals beside the checkout (../shared).
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

from tests.faulty import BODIES, HEALTHY, PORTALS, RECORDS, TRANSPORT, Region, Row

ROOT = Path(__file__).resolve().parents[1]
SHARED = ROOT.parent / "shared" / "portals"
DOC = ROOT / "docs" / "faults.md"

HEAD = """# What faults do

Every fault that the replayed portals can have, on one real portal of each feed type, on the night after
a good one. A cell says how the harvest ended and how many datasets the portal's feed then listed for us;
in every one of them **the catalogue showed all datasets of the good night still**, the source beside it
was harvested whole, and no address was asked that must not be. `tests/test_faults.py` holds on to that;
`make docs` writes this page.

*failed*, *suspicious* and *partial* harvests change the outcome in the report and take nothing away.
*unchanged* beside a fault of the body means that the portal answered "not modified", so that no body came.
"""


def main() -> int:
    """Write the page; 2 where the captures are not there."""
    if not SHARED.is_dir():
        print(f"The captured portals are not in {SHARED}.", file=sys.stderr)
        return 2
    sys.path.insert(0, str(SHARED))
    from replay import Replay  # type: ignore[import-not-found]

    with (
        Replay(portals=[HEALTHY, *PORTALS.values()]) as replay,
        tempfile.TemporaryDirectory() as folder,
    ):
        region = Region(replay, Path(folder))
        tables = [
            f"\n## {title}\n\n{_table(faults, region)}\n"
            for title, faults in (
                ("In place of an answer", TRANSPORT),
                ("In the records", RECORDS),
                ("In the bytes", BODIES),
            )
        ]
    DOC.write_text(HEAD + "".join(tables), "utf-8")
    return 0


def _table(faults: tuple[str, ...], region: Region) -> str:
    lines = [f"| | {' | '.join(PORTALS)} |", f"|---|{'---|' * len(PORTALS)}"]
    for fault in faults:
        rows, _, _ = region.night(fault)
        by_feed = {row.feed: row for row in rows}
        lines.append(f"| `{fault}` | {' | '.join(_cell(by_feed[feed]) for feed in PORTALS)} |")
    return "\n".join(lines)


def _cell(row: Row) -> str:
    lost = f" **{row.lost} lost**" if row.lost else ""
    return f"{row.harvest.outcome} {row.harvest.datasets}/{row.before}{lost}"


if __name__ == "__main__":
    sys.exit(main())
