"""Work for the executor: hand it out, keep the order, and put the files where they belong.

Workers that share our file system (threads, processes) write their pages themselves: sending 90,000 pages
back would cost more than making them. Others, such as Dask's, send them back. The bytes are the same.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Executor, Future, ProcessPoolExecutor, ThreadPoolExecutor
from functools import partial
from itertools import islice
from pathlib import Path
from typing import TypeVar

from msgspec.structs import replace

from harvester.site.rendering import File, ListPage, Rendered, render_datasets, render_lists

T = TypeVar("T")
R = TypeVar("R")

DATASETS_AT_ONCE = 250
PAGES_AT_ONCE = 50
WAITING = 12
"""Batches that may be under way: enough to keep workers busy, few enough to hold in memory."""


def batches(things: Iterable[T], size: int) -> Iterator[list[T]]:
    """The things in lists of at most `size`."""
    rest = iter(things)
    while batch := list(islice(rest, size)):
        yield batch


def write(folder: Path, files: Iterable[File]) -> None:
    """Put the files, which are not there yet, below `folder`. Raises `ValueError` for one that would lie
    elsewhere, and `FileExistsError` for one that is there: it may be a published one under a further name."""
    made = set()
    for path, data in files:
        parent = path.rpartition("/")[0]
        if path.startswith("/") or ".." in path.split("/"):
            raise ValueError(f"{path!r} is not below the site's folder")
        if parent not in made:
            (folder / parent).mkdir(parents=True, exist_ok=True)
            made.add(parent)
        with open(f"{folder}/{path}", "xb", buffering=0) as file:  # noqa: PTH123 - a third faster
            file.write(data)


def write_datasets(folder: Path, context: bytes, batch: bytes) -> Rendered:
    """`render_datasets`, its files written."""
    rendered = render_datasets(context, batch)
    write(folder, rendered.files)
    return replace(rendered, files=[])


def write_lists(folder: Path, context: bytes, pages: list[ListPage]) -> None:
    """`render_lists`, its files written."""
    write(folder, render_lists(context, pages))


class Workshop:
    """Where pages are made: here, or by an executor."""

    def __init__(self, folder: Path, context: bytes, executor: Executor | None) -> None:
        self.folder = folder
        self.context = context
        self.executor = executor
        self._shares_disk = executor is None or isinstance(
            executor, (ThreadPoolExecutor, ProcessPoolExecutor)
        )

    def datasets(self, encoded: Iterable[bytes]) -> Iterator[Rendered]:
        """Write the pages of all batches of records; what else became of them, in their order."""
        if self._shares_disk:
            yield from self._each(partial(write_datasets, self.folder, self.context), encoded)
            return
        for rendered in self._each(partial(render_datasets, self.context), encoded):
            write(self.folder, rendered.files)
            yield replace(rendered, files=[])

    def lists(self, pages: Iterable[ListPage]) -> None:
        """Write the pages of lists."""
        made = batches(pages, PAGES_AT_ONCE)
        if self._shares_disk:
            for _ in self._each(partial(write_lists, self.folder, self.context), made):
                pass
            return
        for files in self._each(partial(render_lists, self.context), made):
            write(self.folder, files)

    def _each(self, work: Callable[[T], R], things: Iterable[T]) -> Iterator[R]:
        """The work done on each of the things, in their order."""
        if self.executor is None:
            yield from map(work, things)
            return
        waiting: deque[Future[R]] = deque()
        for thing in things:
            waiting.append(self.executor.submit(work, thing))
            if len(waiting) >= WAITING:
                yield waiting.popleft().result()
        while waiting:
            yield waiting.popleft().result()
