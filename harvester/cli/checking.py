"""The report of `harvester check`, for the person who can mend the portal."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from typing import NamedTuple

from harvester import quality
from harvester.cli.show import markdown_text, plain
from harvester.language import choose
from harvester.model import Finding, Severity, Source
from harvester.pipeline import Checked
from harvester.quality import Profile

_SEVERITIES: tuple[Severity, ...] = ("error", "warning", "info")

EXAMPLES = 3
"""Datasets named for each thing to mend."""


def finding_json(finding: Finding, checked: Checked, profile: Profile) -> dict[str, object]:
    """A finding as `check --json` prints it."""
    told = _told(finding, checked, profile)
    return {
        "source": finding.source,
        "dataset": finding.dataset,
        "title": _title(finding, checked),
        "field": finding.field,
        "code": finding.code,
        "severity": finding.severity,
        "message": told.meaning,
        "remedy": told.remedy,
        "raw": finding.raw,
    }


def report(source: Source, checked: Checked, profile: Profile, markdown: bool = False) -> str:
    """What is there, what was left out, and what to mend: the worst and the most frequent first."""
    heading, item, text = ("### ", "- ", markdown_text) if markdown else ("", "  ", plain)
    feed = f"read as {checked.feed}" if checked.feed else "read as nothing that we know"
    lines = [f"{heading}{text(source.name)}: {len(checked.datasets)} datasets, {feed}"]
    if checked.trouble:
        lines += ["", text(str(checked.trouble))]
    if checked.skipped:
        lines += ["", f"Left out: {checked.skipped}", ""]
        lines += [f"{item}{text(str(problem))}" for problem in checked.left_out]
    for (severity, _), group in worst_first(checked.findings):
        told = _told(group[0], checked, profile)
        times = "once" if len(group) == 1 else f"{len(group)} times"
        hashes = "#### " if markdown else ""
        lines += ["", f"{hashes}{severity.upper()}: {text(told.title)} ({times})", ""]
        lines += [text(part) for part in (told.meaning, told.remedy) if part]
        for finding in group[:EXAMPLES]:
            where = ", ".join(part for part in (_title(finding, checked), finding.field, finding.raw) if part)
            lines.append(f"{item}{text(where[:160])}")
    if not checked.findings and checked.datasets:
        lines += ["", "Nothing to mend. Well done!"]
    return "\n".join(lines)


def worst_first(findings: Iterable[Finding]) -> list[tuple[tuple[Severity, str], list[Finding]]]:
    """Findings by severity and code: the worst first, then the most frequent."""
    groups: defaultdict[tuple[Severity, str], list[Finding]] = defaultdict(list)
    for finding in findings:
        groups[finding.severity, finding.code].append(finding)
    return sorted(groups.items(), key=lambda item: (_SEVERITIES.index(item[0][0]), -len(item[1]), item[0][1]))


class _Told(NamedTuple):
    title: str
    meaning: str
    remedy: str


def _told(finding: Finding, checked: Checked, profile: Profile) -> _Told:
    """The words of a finding; the remedy ends with where to click, where that is known."""
    words = quality.explain(finding, profile, checked.feed)
    title, meaning, remedy, place = (
        message.format(**words.values) for message in (words.title, words.meaning, words.remedy, words.place)
    )
    return _Told(title, meaning, f"{remedy} {place}".strip())


def _title(finding: Finding, checked: Checked) -> str | None:
    dataset = checked.datasets.get(finding.dataset or "")
    return choose(dataset.title, "en")[0] if dataset else None
