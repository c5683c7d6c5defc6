"""What `harvester add` says: what was found at an address, in the clerk's words."""

from __future__ import annotations

import datetime as dt

from harvester import feeds
from harvester.cli.checking import worst_first
from harvester.cli.show import plain
from harvester.language import choose
from harvester.pipeline import Checked
from harvester.quality import Profile, explain

SHOWN = 3
"""Things to mend that are told at once; `harvester check` tells all."""


def to_mend(checked: Checked) -> int:
    """How many things there are to mend: one for each kind of error or warning, however often it is there."""
    return sum(severity != "info" for (severity, _), _ in worst_first(checked.findings))


def newest(checked: Checked, today: dt.date) -> str | None:
    """The day on which the newest dataset was changed, as the portal says: YYYY, YYYY-MM or YYYY-MM-DD."""
    days = (
        dataset.modified.value[:10]
        for dataset in checked.datasets.values()
        if dataset.modified and dataset.modified.value and dataset.modified.value[:10] <= today.isoformat()
    )
    return max(days, default=None)


def summary(name: str, checked: Checked, today: dt.date) -> str:
    """One line: whose it is, on what platform, how much, how new, how good."""
    day, count, mend = newest(checked, today), len(checked.datasets), to_mend(checked)
    parts = [
        name,
        feeds.load(checked.feed).TITLE if checked.feed else "",
        f"{count} dataset{'' if count == 1 else 's'}",
        f"newest changed on {day}" if day else "no date of change",
        f"{mend} thing{'' if mend == 1 else 's'} to mend" if mend else "nothing to mend",
    ]
    return plain(", ".join(part for part in parts if part))


def first_to_mend(checked: Checked, profile: Profile) -> list[str]:
    """The worst and most frequent things to mend, a line each."""
    lines: list[str] = []
    for (severity, _), group in worst_first(checked.findings):
        if severity != "info" and len(lines) < SHOWN:
            words = explain(group[0], profile, checked.feed)
            times = "once" if len(group) == 1 else f"{len(group)} times"
            lines.append(f"  {plain(words.title.format(**words.values))} ({times})")
    return lines


def as_json(name: str, url: str, checked: Checked, written: bool, today: dt.date) -> dict[str, object]:
    """What `add --json` prints."""
    titles = [choose(dataset.title, "en")[0] for dataset in checked.datasets.values()]
    return {
        "url": url,
        "name": name,
        "type": checked.feed,
        "feed_url": checked.feed_url or url,
        "datasets": len(checked.datasets),
        "newest": newest(checked, today),
        "to_mend": to_mend(checked),
        "left_out": checked.skipped,
        "problem": str(checked.trouble) if checked.trouble else None,
        "examples": titles[:SHOWN],
        "written": written,
    }
