"""Every stage of the line on the corpus, each in a process of its own.

`python -m benchmarks.whole` measures 11,382 and 93,803 datasets and prints a Markdown table.
"""

from __future__ import annotations

import datetime as dt
import shutil
import sys
import tempfile
from collections.abc import Callable, Iterator
from concurrent.futures import Executor, ProcessPoolExecutor
from contextlib import contextmanager
from multiprocessing import get_context
from os import cpu_count
from pathlib import Path

from benchmarks import corpus, measure
from benchmarks.held import Only
from harvester import outputs, quality, search, site, sources
from harvester.document import Document
from harvester.feeds import ckan
from harvester.model import Draft
from harvester.normalise import dataset as normalise
from harvester.store import Store

SOURCES = """
catalogue:
  title: Corpus
  url: https://corpus.example
sources:
  - url: packages.jsonl
    id: corpus
    type: ckan
"""


def prepare(folder: Path, count: int) -> None:
    """A region with the corpus as its only source, a file."""
    (folder / "sources.yaml").write_text(SOURCES)
    corpus.write(folder / "packages.jsonl", count)


def parse(folder: Path) -> int:
    """Read the packages and normalise them, in one process, keeping nothing."""
    (source,) = sources.load(folder / "sources.yaml").sources
    assert source.path is not None
    document = Document(url=source.path.as_uri(), body=source.path)
    drafts = (item for item in ckan.read(source, Only(document)) if isinstance(item, Draft))
    return sum(normalise(draft, source) is not None for draft in drafts)


def validate(folder: Path) -> int:
    """Validate the stored datasets with Frictionless."""
    (source,) = sources.load(folder / "sources.yaml").sources
    with Store(folder / "store/harvester.sqlite") as store, _executor() as executor:
        datasets = list(store.datasets(source.id))
        quality.check(source, datasets, quality.load_profile(None), dt.date(2026, 1, 1), executor)
    return len(datasets)


def index(folder: Path) -> int:
    """Build the Whoosh index."""
    with Store(folder / "store/harvester.sqlite") as store:
        catalogue = store.catalogue(sources.load(folder / "sources.yaml"))
    search.build(catalogue, folder / "index")
    return len(catalogue.records)


def pages(folder: Path) -> int:
    """Render all pages; returns how many."""
    out = folder / "pages"
    out.mkdir()
    with Store(folder / "store/harvester.sqlite") as store, _executor() as executor:
        catalogue = store.catalogue(sources.load(folder / "sources.yaml"))
        site.build(catalogue, out, profile=quality.load_profile(None), executor=executor)
    return sum(1 for _ in out.rglob("*.html"))


def write_outputs(folder: Path) -> int:
    """Write all machine-readable outputs."""
    out = folder / "outputs"
    out.mkdir()
    with Store(folder / "store/harvester.sqlite") as store, _executor() as executor:
        catalogue = store.catalogue(sources.load(folder / "sources.yaml"))
        outputs.write_all(catalogue, out, executor=executor)
    return len(catalogue.records)


STAGES: dict[str, Callable[[Path], int]] = {
    "parse and normalise": parse,
    "Frictionless validation": validate,
    "Whoosh index": index,
    "pages": pages,
    "outputs": write_outputs,
}


@contextmanager
def _executor() -> Iterator[Executor]:
    with ProcessPoolExecutor(cpu_count(), mp_context=get_context("forkserver")) as pool:
        yield pool


def table(count: int) -> Iterator[str]:
    """The rows for so many datasets."""
    with tempfile.TemporaryDirectory(prefix="harvester-bench-") as name:
        folder = Path(name)
        prepare(folder, count)
        harvest = measure.run([sys.executable, "-m", "harvester", "harvest"], folder)
        yield row(count, "harvest (all of: read, normalise, validate, keep)", count, harvest)
        for stage in STAGES:
            measured = measure.run([sys.executable, "-m", "benchmarks.whole", stage, name])
            yield row(count, stage, int(measured.output.split()[-1]), measured)
            for scrap in ("pages", "outputs", "index"):
                shutil.rmtree(folder / scrap, ignore_errors=True)
        shutil.rmtree(folder / "store")
        yield row(count, "whole run", count, measure.run([sys.executable, "-m", "harvester", "run"], folder))


def row(count: int, stage: str, records: int, measured: measure.Measured) -> str:
    """One line of the table."""
    return (
        f"| {count:,} | {stage} | {records:,} | {measured.seconds:.1f} | "
        f"{records / measured.seconds:,.0f} | {measured.peak:,.0f} |"
    )


def main(counts: tuple[int, ...] = (corpus.SMALL, corpus.WHOLE)) -> None:
    """Print the table."""
    print("| datasets | stage | records | seconds | records/s | peak MB |")
    print("|--:|---|--:|--:|--:|--:|")
    for count in counts:
        for line in table(count):
            print(line, flush=True)


if __name__ == "__main__":
    if len(sys.argv) == 3:
        print(STAGES[sys.argv[1]](Path(sys.argv[2])))
    else:
        main(tuple(int(count) for count in sys.argv[1:]) or (corpus.SMALL, corpus.WHOLE))
