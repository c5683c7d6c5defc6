"""Each output on the corpus, in a process of its own: `python -m benchmarks.outputs 11382 93803`.

The records are those of the corpus, read and normalised once; reading them is not counted. Peak
memory is that of all processes of the output, with the catalogue that it is written from.
"""

from __future__ import annotations

import sys
import tempfile
import time
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from os import cpu_count
from pathlib import Path

import msgspec

from benchmarks import corpus, measure
from benchmarks.held import Only
from harvester import outputs
from harvester.document import Document
from harvester.feeds import ckan
from harvester.model import (
    CatalogRecord,
    Catalogue,
    CatalogueConfig,
    Config,
    Dataset,
    Draft,
    Finding,
    Source,
    SourceRecord,
)
from harvester.normalise import dataset as normalise
from harvester.normalise.identity import new_id, slug
from harvester.outputs.dcat import dataset_jsonld

PAGES = "JSON-LD beside each page"
"""Not an output of its own, but written with the pages by `dataset_jsonld`."""

SOURCE = Source(id="corpus", url="https://corpus.example/packages.jsonl", name="Corpus")
CONFIG = Config(
    catalogue=CatalogueConfig(title={"en": "Corpus"}, url="https://catalogue.example"),
    sources=(SOURCE,),
    folder=Path(),
)


def prepare(folder: Path, count: int) -> None:
    """Write the first `count` packages of the corpus as records, in the order of their ids."""
    packages = corpus.write(folder / "packages.jsonl", count)
    source = msgspec.structs.replace(SOURCE, path=packages)
    document = Document(url=SOURCE.url, body=packages)
    drafts = (item for item in ckan.read(source, Only(document)) if isinstance(item, Draft))
    found = (normalise(draft, source) for draft in drafts)
    records = {each.dataset.id: each for each in map(_record, found) if each}
    encoder = msgspec.msgpack.Encoder()
    with (folder / "records.msgpack").open("wb") as stream:
        stream.write(encoder.encode([records[id] for id in sorted(records)]))
    packages.unlink()


def _record(found: object) -> CatalogRecord | None:
    """The dataset as the store would give it, with a finding for each of its notes."""
    if not isinstance(found, Dataset):
        return None
    title, name = (next(iter(text.values())) for text in (found.title, found.publisher.name))
    id = new_id(title, found.source, found.key)
    findings = (
        Finding(code=note.code, severity="warning", source=found.source, dataset=id, field=note.field)
        for note in found.notes
    )
    dataset = msgspec.structs.replace(
        found, id=id, publisher=msgspec.structs.replace(found.publisher, id=slug(name))
    )
    return CatalogRecord(
        dataset=dataset, first_seen="2026-01-01", changed="2026-01-01", findings=tuple(findings)
    )


def load(folder: Path) -> Catalogue:
    """The catalogue of the records that `prepare` wrote."""
    records = msgspec.msgpack.decode(
        (folder / "records.msgpack").read_bytes(), type=tuple[CatalogRecord, ...]
    )
    return Catalogue(
        config=CONFIG,
        records=records,
        sources=(SourceRecord(source=SOURCE, feed="ckan"),),
        as_of="2026-01-01T00:00:00Z",
    )


def write(name: str, folder: Path) -> tuple[int, float]:
    """Write one output with a process a processor; how many records, in how many seconds."""
    catalogue = load(folder)
    with (
        tempfile.TemporaryDirectory(dir=folder) as out,
        ProcessPoolExecutor(cpu_count(), mp_context=get_context("forkserver")) as executor,
    ):
        began = time.perf_counter()
        if name == PAGES:
            for record in catalogue.records:
                dataset_jsonld(record, catalogue.config)
        else:
            outputs.load(name).write(catalogue, Path(out), executor)
        return len(catalogue.records), time.perf_counter() - began


def rows(count: int) -> Iterator[str]:
    """A row of the table for every output."""
    with tempfile.TemporaryDirectory(prefix="harvester-bench-") as folder:
        prepare(Path(folder), count)
        for name in (*outputs.names(), PAGES):
            measured = measure.run([sys.executable, "-m", "benchmarks.outputs", name, folder])
            records, seconds = measured.output.split()[-2:]
            speed = int(records) / float(seconds)
            yield f"| {count:,} | {name} | {float(seconds):.1f} | {speed:,.0f} | {measured.peak:,.0f} |"


def main(*counts: int) -> None:
    """Print the table for catalogues of so many datasets."""
    print("| datasets | output | seconds | records/s | peak MB |")
    print("|--:|---|--:|--:|--:|")
    for count in counts or (corpus.SMALL, corpus.WHOLE):
        for row in rows(count):
            print(row, flush=True)


if __name__ == "__main__":
    if len(sys.argv) == 3 and not sys.argv[2].isdigit():
        print(*write(sys.argv[1], Path(sys.argv[2])))
    else:
        main(*(int(count) for count in sys.argv[1:]))
