"""A spool: records of one visit on disk, so that a feed may be larger than memory."""

from __future__ import annotations

import tempfile
from types import TracebackType

from harvester.errors import FeedError
from harvester.model import N_


class Spool:
    """Byte strings appended to a temporary file and read back by their place.

    Raises `FeedError` where there is no room for the file.
    """

    def __init__(self) -> None:
        try:
            # Without a buffer, so that what does not fit is told by the record that it belongs to.
            self._file = tempfile.TemporaryFile(prefix="harvester-", buffering=0)  # noqa: SIM115 - closed in __exit__
        except OSError as error:
            raise _no_room(error) from error
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
        rest = memoryview(len(record).to_bytes(4, "big") + record)
        try:
            self._file.seek(place)
            while rest:
                rest = rest[self._file.write(rest) :]
        except OSError as error:
            raise _no_room(error) from error
        self._end += 4 + len(record)
        return place

    def read(self, place: int) -> bytes:
        """The record at a place that `append` returned."""
        self._file.seek(place)
        return self._file.read(int.from_bytes(self._file.read(4), "big"))


def _no_room(error: OSError) -> FeedError:
    return FeedError(
        "TMPDIR",
        N_("What the feed holds could not be put on the disk: {reason}."),
        N_("Make room there, or let TMPDIR name a folder with more of it."),
        reason=error.strerror or str(error),
    )
