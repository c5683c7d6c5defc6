"""A night on which nothing changed beside the first one: seconds of the build, and files written.

`python -m benchmarks.quiet 2000 11382` prints a Markdown table. The corpus is dealt out to portals of 250
datasets each. The target: the build of a quiet night takes at most a tenth of a full one.
"""

from __future__ import annotations

import datetime as dt
import sys
import tempfile
import time
from collections.abc import Iterator
from concurrent.futures import Executor, ProcessPoolExecutor
from functools import partial
from multiprocessing import get_context
from os import cpu_count
from pathlib import Path

from benchmarks import corpus
from harvester import pipeline, publish, quality, sources
from harvester.site.jobs import batches
from harvester.store import Store
from harvester.web.fetch import Fetcher

EACH = 250
"""Datasets of a portal."""

SOURCES = """
catalogue:
  title: Corpus
  url: https://corpus.example
sources:
"""
ENTRY = """  - {{url: {name}.jsonl, id: {name}, type: ckan}}
"""


def prepare(folder: Path, count: int) -> None:
    """A region with the corpus, dealt out to portals."""
    whole = corpus.write(folder / "packages.jsonl", count)
    entries = []
    with whole.open("rb") as packages:
        for number, some in enumerate(batches(packages, EACH), 1):
            (folder / f"portal-{number}.jsonl").write_bytes(b"".join(some))
            entries.append(ENTRY.format(name=f"portal-{number}"))
    whole.unlink()
    (folder / "sources.yaml").write_text(SOURCES + "".join(entries))


def nights(folder: Path, count: int, executor: Executor) -> Iterator[tuple[str, float, int]]:
    """Three nights: (what was built, seconds of the build, files written)."""
    prepare(folder, count)
    config, profile = sources.load(folder / "sources.yaml"), quality.load_profile(None)
    out, index = folder / "build" / "site", folder / "index"
    before: dict[str, int] = {}
    with Store(folder / "store.sqlite") as store, Fetcher("benchmark") as fetcher:
        for day in (1, 2, 3):
            clock = partial(dt.datetime, 2026, 1, day, 2, tzinfo=dt.UTC)
            for _ in pipeline.harvest(config, store, fetcher, profile, clock, executor=executor):
                pass
            began = time.perf_counter()
            built = pipeline.build(config, store, profile, out, index, executor=executor)
            seconds = time.perf_counter() - began
            after = {path: (out / path).stat().st_ino for path in publish.stamps(out)}
            written = sum(before.get(path) != inode for path, inode in after.items())
            yield "quiet" if built.quiet else "full", seconds, written
            before = after


def main(counts: tuple[int, ...] = (2_000, corpus.SMALL)) -> None:
    """Print the table."""
    print("| datasets | night | build | seconds | of the first | files written |")
    print("|--:|--:|---|--:|--:|--:|")
    with ProcessPoolExecutor(cpu_count(), mp_context=get_context("forkserver")) as pool:
        for count in counts:
            with tempfile.TemporaryDirectory(prefix="harvester-bench-") as name:
                first = None
                for night, (kind, seconds, written) in enumerate(nights(Path(name), count, pool), 1):
                    first = first or seconds
                    share = f"{seconds / first:.1%}"
                    print(
                        f"| {count:,} | {night} | {kind} | {seconds:.2f} | {share} | {written:,} |",
                        flush=True,
                    )


if __name__ == "__main__":
    main(*([tuple(int(each) for each in sys.argv[1:])] if sys.argv[1:] else []))
