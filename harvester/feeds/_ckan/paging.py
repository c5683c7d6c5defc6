"""Which page to ask for next, from what the pages so far said. Pure.

Portals cap their pages, count wrongly, give empty pages in the middle, the same page for ever, or
fail on one package of a page; packages come and go between two pages (failures 3, 4, 5).
"""

from __future__ import annotations

MOST_STEPS_BACK = 20
MOST_HOLES = 2  # empty pages in a row, before the end that the portal announced
MOST_FAILURES = 200  # questions without an answer, in one harvest
MOST_UNREADABLE = 5  # packages in a row that cannot be had one by one
MOST_PAGES = 20_000


class Paging:
    """`start` and `size` of the page to ask for, until `over`."""

    def __init__(self, size: int) -> None:
        self.start = 0
        self.size = size
        self.total: int | None = None
        self.over = False
        self._largest = size
        self._farthest = 0
        self._pages = 0
        self._steps_back = 0
        self._holes = 0
        self._failures = 0
        self._unreadable = 0

    def answered(self, received: int, fresh: int, total: int | None) -> None:
        """A page came with `received` packages, `fresh` of them new; the portal says it holds `total`."""
        asked, before = self.size, self.total
        self.total = before if total is None else total
        self._unreadable = 0
        self._pages += 1
        self.size = min(self._largest, self.size * 4)
        if self.gave_up:
            self.over = True
        elif total is not None and before is not None and total < before and self._may_step_back():
            # packages went meanwhile, and what stood behind them moved up before this page
            self._steps_back += 1
            self.start = max(0, self.start - (before - total))
        elif received == 0:
            self._holes += 1
            self.over = self.total is None or self.start >= self.total or self._holes > MOST_HOLES
            self.start += asked
        elif fresh == 0 and self.start >= self._farthest:
            self.over = True  # nothing new: the portal leads round in a circle
        else:
            self._holes = 0
            self.start += received  # not what was asked for: the portal may give fewer (failure 5)
            self._farthest = max(self._farthest, self.start)
            # a full last page may be followed by more than was announced
            self.over = self.total is not None and self.start >= self.total and received < asked

    def _may_step_back(self) -> bool:
        return self.start > 0 and self._steps_back < MOST_STEPS_BACK

    def failed(self, too_much: bool = False) -> bool:
        """A page could not be had: ask for a smaller one. True when it is one package that is lost.

        `too_much`: it may have been the size of the page; so much is not asked for again.
        """
        self._failures += 1
        one = self.size == 1
        if one:
            self.start += 1
            self._unreadable += 1
        else:
            self.size = max(1, self.size // 4)
        if too_much:
            self._largest = self.size
        self.over = self.gave_up or (self.total is not None and self.start >= self.total)
        return one

    @property
    def gave_up(self) -> bool:
        """Is it over because it would never end, or because nothing more can be had?"""
        return (
            self._pages >= MOST_PAGES
            or self._failures >= MOST_FAILURES
            or self._unreadable >= MOST_UNREADABLE
        )
