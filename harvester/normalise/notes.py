"""The notes that normalising one record takes down, and the raw values beside understood ones."""

from __future__ import annotations

from harvester.model import Note
from harvester.normalise.text import characters

RAW = 20_000  # characters of a raw value that are kept: the longest terms of use fit
_NOTE_RAW = 200
_MOST = 200  # notes of one record; a record with more is broken in one way, not in two hundred


class Notes:
    """Collects notes, each once."""

    def __init__(self) -> None:
        self._notes: dict[Note, None] = {}

    def add(self, code: str, field: str, value: str | None = "") -> None:
        """Take down that `field` had to be repaired; `value` is what the source wrote."""
        if len(self._notes) < _MOST:
            self._notes[Note(code=code, field=field, raw=raw(value or "", _NOTE_RAW))] = None

    def all(self) -> tuple[Note, ...]:
        """The notes in the order in which they were taken."""
        return tuple(self._notes)


def raw(value: str, limit: int = RAW) -> str:
    """What the source wrote, without characters that outputs cannot hold, within the limit."""
    if len(value) <= limit and value.isascii() and value.isprintable():
        return value.strip()
    return characters(value[: limit * 2]).strip()[:limit]
