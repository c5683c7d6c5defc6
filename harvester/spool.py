"""A spool: records of one visit on disk, so that a feed may be larger than memory."""

from __future__ import annotations

import tempfile
from types import TracebackType


class Spool:
    """Byte strings appended to a temporary file and read back by their place."""

    def __init__(self) -> None:
        self._file = tempfile.TemporaryFile(prefix="harvester-")  # noqa: SIM115 - closed in __exit__
        self._end = 0

    def __enter__(self) -> Spool:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._file.close()

    def append(self, record: bytes) -> int:
        """Write a record behind the others; returns its place."""
        place = self._end
        self._file.seek(place)
        self._file.write(len(record).to_bytes(4, "big"))
        self._file.write(record)
        self._end += 4 + len(record)
        return place

    def read(self, place: int) -> bytes:
        """The record at a place that `append` returned."""
        self._file.seek(place)
        return self._file.read(int.from_bytes(self._file.read(4), "big"))
