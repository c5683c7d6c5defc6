"""What reaching out may cost: the limits, and the account that one document is held to."""

from __future__ import annotations

from collections.abc import Callable

from msgspec import Struct

from harvester.errors import FetchError
from harvester.model import N_

_MB = 1_000_000


class Limits(Struct, frozen=True, kw_only=True):
    """How long, how much and how often. Seconds and bytes throughout."""

    connect_seconds: float = 10
    read_seconds: float = 30  # of silence, also before the first byte
    total_seconds: float = 600  # for one document, with its retries and redirects
    visit_seconds: float = 7200  # for one source: an endless portal must not hold up the night
    slow_seconds: float = 45  # from then on the average since the first byte must be at least …
    slow_bytes_per_second: float = 1000
    wire_bytes: int = 600 * _MB  # of one document, as received
    body_bytes: int = 1000 * _MB  # of one document, unpacked
    visit_bytes: int = 4000 * _MB  # of all documents of one source, unpacked
    ratio: int = 200  # unpacked to received, from …
    ratio_bytes: int = 32 * _MB
    memory_bytes: int = 4 * _MB  # larger bodies are put into a file
    redirects: int = 5
    retries: int = 3
    backoff_seconds: float = 1  # before the first retry; doubled for each further one
    retry_after_seconds: float = 120  # the longest wait that a server may ask for
    pause_seconds: float = 0.2  # from the start of one request to a host to the start of the next
    loopback_pause_seconds: float = 0
    concurrency_per_host: int = 2


class Budget:
    """The account of one document: sockets ask it how long they may wait, and tell it what came.

    `received` counts the bytes of the current attempt, `spent` those of all attempts.
    """

    def __init__(self, where: str, limits: Limits, monotonic: Callable[[], float], visit_ends: float) -> None:
        self.where = where
        self.limits = limits
        self.received = 0
        self.spent = 0
        self._monotonic = monotonic
        self._first_byte: float | None = None
        document_ends = monotonic() + limits.total_seconds
        self._ends = min(document_ends, visit_ends)
        self._visit_is_over = visit_ends < document_ends

    def begin(self) -> None:
        """A new attempt, or the next stop of a redirect."""
        self.received = 0
        self._first_byte = None

    @property
    def left(self) -> float:
        """Seconds until the document must be there; negative when it should have been."""
        return self._ends - self._monotonic()

    def connect_patience(self) -> float:
        """How many seconds a connection may take to be made."""
        return min(self.limits.connect_seconds, self._seconds_left())

    def patience(self) -> float:
        """How many seconds the next byte may take to come."""
        self._check_speed()
        return min(self.limits.read_seconds, self._seconds_left())

    def take(self, count: int) -> None:
        """So many bytes were received."""
        if self._first_byte is None:
            self._first_byte = self._monotonic()
        self.received += count
        self.spent += count
        if self.received > self.limits.wire_bytes:
            raise FetchError(
                self.where,
                N_("The document is larger than {megabytes} MB."),
                N_("If it is meant to be, ask the portal for a feed in pages."),
                megabytes=round(self.limits.wire_bytes / _MB, 3),
            )

    def _seconds_left(self) -> float:
        if (left := self.left) > 0:
            return left
        remedy = N_("If this stays so, tell the portal's operator that it is too slow to be harvested.")
        if self._visit_is_over:
            raise FetchError(
                self.where,
                N_("The source as a whole took longer than {seconds} seconds."),
                remedy,
                seconds=round(self.limits.visit_seconds),
            )
        raise FetchError(
            self.where,
            N_("The document took longer than {seconds} seconds."),
            remedy,
            seconds=round(self.limits.total_seconds),
        )

    def _check_speed(self) -> None:
        if self._first_byte is None:
            return
        seconds = self._monotonic() - self._first_byte
        if (
            seconds >= self.limits.slow_seconds
            and self.received < seconds * self.limits.slow_bytes_per_second
        ):
            raise FetchError(
                self.where,
                N_("The portal sends too slowly: {bytes} bytes in {seconds} seconds."),
                N_("If this stays so, tell the portal's operator that it is too slow to be harvested."),
                bytes=self.received,
                seconds=round(seconds),
            )
