"""How results look on a terminal and in a pipe."""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from types import TracebackType
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from harvester.model import Harvest, HistoryEntry


def json_line(value: object) -> str:
    """One line of JSON; safe on any terminal, whatever a portal wrote."""
    return json.dumps(value, ensure_ascii=True)


def plain(text: str) -> str:
    """Text of a portal for a terminal: no control characters, so no escape sequences."""
    return "".join(character if character.isprintable() else " " for character in text)


def harvest_line(harvest: Harvest) -> str:
    """What a visit gave, in one line, and its problem in a second."""
    changes = f"+{harvest.added} ~{harvest.changed} -{harvest.removed}"
    line = (
        f"{harvest.source:<24} {harvest.outcome:<10} {harvest.datasets:>6} datasets  {changes:<16}"
        f"{harvest.seconds:>7.1f} s"
    )
    if harvest.missing:
        line += f"  {harvest.missing} missing"
    if harvest.skipped:
        line += f"  {harvest.skipped} left out"
    if harvest.renamed:
        datasets = "1 dataset" if harvest.renamed == 1 else f"{harvest.renamed} datasets"
        line += f"\n    {datasets} came with a new identifier and kept the old page."
    if harvest.problem:
        line += f"\n    {plain(str(harvest.problem))}"
    return line


def history_json(entry: HistoryEntry) -> dict[str, object]:
    """An entry of the history as `history --json` prints it."""
    return {
        "day": entry.day,
        "event": entry.event,
        "dataset": entry.dataset,
        "source": entry.source,
        "title": _title(entry),
        "fields": [{"field": c.field, "before": c.before, "after": c.after} for c in entry.fields],
    }


def history_lines(entry: HistoryEntry) -> str:
    """An entry of the history in one line, and each field that changed in two more."""
    lines = [f"{entry.day}  {entry.event:<9}  {plain(_title(entry))}  ({entry.dataset})"]
    for change in entry.fields:
        lines.append(f"    {change.field}")
        if change.before is not None or change.after is not None:
            lines += [f"      - {plain(change.before or '')}", f"      + {plain(change.after or '')}"]
    return "\n".join(lines)


def _title(entry: HistoryEntry) -> str:
    return next(iter(entry.title.values()), entry.dataset)


def table(heads: Sequence[str], rows: Sequence[Sequence[Any]]) -> str:
    """Columns as wide as they need to be."""
    cells = [list(heads), *[["" if cell is None else plain(str(cell)) for cell in row] for row in rows]]
    widths = [max(len(row[column]) for row in cells) for column in range(len(heads))]
    return "\n".join(
        "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()
        for row in cells
    )


def markdown_table(heads: Sequence[str], rows: Sequence[Sequence[Any]]) -> str:
    """The same as a Markdown table; what portals wrote cannot break out of its cell."""
    lines = [list(heads), ["---"] * len(heads), *rows]
    return "\n".join(f"| {' | '.join(markdown_text(cell) for cell in line)} |" for line in lines)


def markdown_text(value: object) -> str:
    """Text of a portal inside Markdown: shown as it is, with no effect."""
    text = "" if value is None else plain(str(value))
    return "".join(f"\\{c}" if c in "\\`*_[]<>|#~" else c for c in text)


class Progress:
    """A bar over the sources on a terminal; plain lines where output goes to a file or a pipe."""

    def __init__(self, sources: int, json_: bool) -> None:
        self._sources = sources
        self._rich: Any = None
        self._shown = not json_ and sys.stdout.isatty()

    def __enter__(self) -> Progress:
        if self._shown:
            from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeElapsedColumn
            from rich.progress import Progress as RichProgress

            self._rich = RichProgress(
                TextColumn("Harvesting"),
                BarColumn(),
                MofNCompleteColumn(),
                TimeElapsedColumn(),
                transient=True,
            )
            self._rich.start()
            self._task = self._rich.add_task("sources", total=self._sources)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._rich is not None:
            self._rich.stop()

    def say(self, line: str) -> None:
        """One source is done; `line` tells how it went."""
        if self._rich is None:
            click.echo(line)
        else:
            self._rich.console.print(line, markup=False, highlight=False, soft_wrap=True)
            self._rich.advance(self._task)
