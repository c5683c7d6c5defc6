"""The report of `harvester check`, for the person who can mend the portal."""

from __future__ import annotations

from collections import defaultdict

from harvester import quality
from harvester.cli.show import plain
from harvester.language import choose
from harvester.model import Finding, Source
from harvester.pipeline import Checked
from harvester.quality import Profile

EXAMPLES = 3
"""Datasets named for each thing to mend."""


def finding_json(finding: Finding, checked: Checked, profile: Profile) -> dict[str, object]:
    """A finding as `check --json` prints it."""
    told = quality.explain(finding, profile, checked.feed)
    return {
        "source": finding.source,
        "dataset": finding.dataset,
        "title": _title(finding, checked),
        "field": finding.field,
        "code": finding.code,
        "severity": finding.severity,
        "message": told.meaning.format(raw=finding.raw),
        "remedy": told.remedy.format(raw=finding.raw),
        "raw": finding.raw,
    }


def report(source: Source, checked: Checked, profile: Profile) -> str:
    """What is there, what was left out, and what to mend: the worst and the most frequent first."""
    lines = [f"{source.name}: {len(checked.datasets)} datasets, read as {checked.feed or 'nothing we know'}."]
    if checked.skipped:
        lines += ["", f"Left out: {checked.skipped}"]
        lines += [f"  {plain(str(problem))}" for problem in checked.left_out]
    groups: defaultdict[tuple[str, str], list[Finding]] = defaultdict(list)
    for finding in checked.findings:
        groups[finding.severity, finding.code].append(finding)
    worst_first = ("error", "warning", "info")
    for (severity, _), group in sorted(
        groups.items(), key=lambda item: (worst_first.index(item[0][0]), -len(item[1]), item[0][1])
    ):
        told = quality.explain(group[0], profile, checked.feed)
        lines += ["", f"{severity.upper()}  {plain(told.meaning.format(raw=group[0].raw))}  ({len(group)} times)"]
        lines += [f"  {plain(told.remedy.format(raw=group[0].raw))}"] if told.remedy else []
        for finding in group[:EXAMPLES]:
            where = ", ".join(part for part in (_title(finding, checked), finding.field, finding.raw) if part)
            lines.append(f"    - {plain(where)[:160]}")
    if not groups and checked.datasets:
        lines += ["", "Nothing to mend. Well done!"]
    return "\n".join(lines)


def _title(finding: Finding, checked: Checked) -> str | None:
    dataset = checked.datasets.get(finding.dataset or "")
    return choose(dataset.title, "en")[0] if dataset else None
