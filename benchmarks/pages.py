"""Pages alone: how many a second, from a catalogue that is in memory already.

`python -m benchmarks.pages 11382` prints a row of a Markdown table. The catalogue is made from the corpus of
real packages, with the findings of the default profile; making it is not measured.
"""

from __future__ import annotations

import datetime as dt
import resource
import sys
import tempfile
import time
from concurrent.futures import Executor, ProcessPoolExecutor
from multiprocessing import get_context
from os import cpu_count
from pathlib import Path

from msgspec.structs import replace

from benchmarks import corpus
from benchmarks.held import Only
from harvester import quality, site
from harvester.document import Document
from harvester.feeds import ckan
from harvester.language import choose
from harvester.model import (
    CatalogRecord,
    Catalogue,
    CatalogueConfig,
    Config,
    Dataset,
    Draft,
    Finding,
    Harvest,
    Source,
    SourceRecord,
)
from harvester.normalise import dataset as normalise
from harvester.normalise.identity import slug

DAY = dt.date(2026, 1, 1)


def catalogue(folder: Path, count: int, languages: tuple[str, ...] = ("en",)) -> Catalogue:
    """The first `count` packages of the corpus as a catalogue of one source."""
    path = corpus.write(folder / "packages.jsonl", count)
    source = Source(id="corpus", url="packages.jsonl", name="Corpus", path=path)
    document = Document(url=path.as_uri(), body=path)
    drafts = (item for item in ckan.read(source, Only(document)) if isinstance(item, Draft))
    found = (normalise(draft, source) for draft in drafts)
    datasets = [_named(each, number) for number, each in enumerate(found) if isinstance(each, Dataset)]
    findings: dict[str | None, list[Finding]] = {}
    for finding in quality.check(source, datasets, quality.load_profile(None), DAY):
        findings.setdefault(finding.dataset, []).append(finding)
    config = Config(
        catalogue=CatalogueConfig(title={"en": "Corpus"}, url="https://corpus.example", languages=languages),
        sources=(source,),
        folder=folder,
    )
    started = f"{DAY}T02:00:00Z"
    harvest = Harvest(source=source.id, outcome="fresh", started=started, datasets=len(datasets))
    return Catalogue(
        config=config,
        records=tuple(
            CatalogRecord(
                dataset=each,
                first_seen=str(DAY),
                changed=str(DAY),
                findings=tuple(findings.get(each.id, ())),
            )
            for each in sorted(datasets, key=lambda each: each.id)
        ),
        sources=(SourceRecord(source=source, feed="ckan", harvests=(harvest,), last_good=started),),
        as_of=started,
    )


def _named(dataset: Dataset, number: int) -> Dataset:
    """The dataset with ids, which otherwise the store gives."""
    name = slug(choose(dataset.publisher.name, "en")[0]) or "publisher"
    return replace(
        dataset,
        id=f"{slug(choose(dataset.title, 'en')[0])}-{number}",
        publisher=replace(dataset.publisher, id=name),
    )


def build(made: Catalogue, out: Path, executor: Executor | None) -> tuple[int, float]:
    """Build the site; the number of its pages and the seconds it took."""
    out.mkdir()
    profile = quality.load_profile(None)
    began = time.perf_counter()
    site.build(made, out, profile=profile, executor=executor)
    seconds = time.perf_counter() - began
    return sum(1 for _ in out.rglob("*.html")), seconds


def main(count: int = corpus.SMALL) -> None:
    """Print the row: datasets, pages, seconds, pages a second, peak memory of the main process."""
    with (
        tempfile.TemporaryDirectory(prefix="harvester-bench-") as name,
        ProcessPoolExecutor(cpu_count(), mp_context=get_context("forkserver")) as pool,
    ):
        folder = Path(name)
        pages, seconds = build(catalogue(folder, count), folder / "site", pool)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print("| datasets | pages | seconds | pages/s | peak MB |")
    print("|--:|--:|--:|--:|--:|")
    print(f"| {count:,} | {pages:,} | {seconds:.1f} | {pages / seconds:,.0f} | {peak:,.0f} |")


if __name__ == "__main__":
    main(*(int(argument) for argument in sys.argv[1:]))
