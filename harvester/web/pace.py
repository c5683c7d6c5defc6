"""Politeness: how soon a host may be asked again, for all visits of a run together."""

from __future__ import annotations

from collections.abc import Callable
from threading import Lock


class Pace:
    """Gives out turns, one host after another: `wait` returns when it is our turn there."""

    def __init__(self, sleep: Callable[[float], None], monotonic: Callable[[], float]) -> None:
        self._sleep = sleep
        self._monotonic = monotonic
        self._next: dict[str, float] = {}  # host and port → when it may be asked again
        self._lock = Lock()

    def wait(self, host: str, pause: float) -> None:
        """Sleep until the host may be asked; whoever asks next comes `pause` seconds later or more."""
        with self._lock:
            now = self._monotonic()
            turn = max(now, self._next.get(host, now))
            self._next[host] = turn + pause
        if turn > now:
            self._sleep(turn - now)

    def hold(self, host: str, seconds: float) -> None:
        """Nobody asks the host again before so many seconds have passed: it asked for that."""
        with self._lock:
            until = self._monotonic() + seconds
            self._next[host] = max(until, self._next.get(host, until))
