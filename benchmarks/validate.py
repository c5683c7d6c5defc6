"""Validating metadata with Frictionless, and nothing else: `python -m benchmarks.validate [COUNT…]`.

The datasets are those of the corpus where it is there, else made up; they are normalised
beforehand and stream by as JSON, as they do from the store.
"""

from __future__ import annotations

import datetime as dt
import sys
import tempfile
import time
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from itertools import islice
from multiprocessing import get_context
from os import cpu_count
from pathlib import Path

import msgspec
from msgspec.structs import replace

from benchmarks import corpus, measure
from benchmarks.held import Only
from harvester import quality
from harvester.document import Document
from harvester.feeds import ckan
from harvester.model import Agent, Coded, Contact, Dataset, Date, Distribution, Draft, Source
from harvester.normalise import dataset as normalise

SOURCE = Source(id="corpus", url="packages.jsonl", name="Corpus", type="ckan", path=Path("packages.jsonl"))
TODAY = dt.date(2017, 2, 1)  # when the corpus was new


def prepare(path: Path, count: int) -> None:
    """Write `count` normalised datasets, a JSON object a line."""
    with tempfile.TemporaryDirectory() as folder, path.open("wb") as out:
        packages = Path(folder) / "packages.jsonl"
        datasets = _of_corpus(corpus.write(packages, count)) if corpus.available() else _made_up()
        for number, dataset in enumerate(islice(datasets, count)):
            out.write(msgspec.json.encode(replace(dataset, id=f"dataset-{number:06d}")) + b"\n")


def _of_corpus(path: Path) -> Iterator[Dataset]:
    document = Document(url=path.as_uri(), body=path)
    for item in ckan.read(SOURCE, Only(document)):
        dataset = normalise(item, SOURCE) if isinstance(item, Draft) else None
        if isinstance(dataset, Dataset):
            yield dataset


def _made_up() -> Iterator[Dataset]:
    """Endless datasets with 5.6 files each, one in five with something wrong."""
    number = 0
    while True:
        number += 1
        files = tuple(
            Distribution(
                id=f"csv-{file}",
                kind="data",
                download_url=f"https://files.example/{number}/{file}.csv",
                format=Coded(code="csv", raw="CSV") if number % 5 else None,
            )
            for file in range(3 + number % 6)
        )
        yield Dataset(
            source=SOURCE.id,
            key=f"key:{number}",
            identifiers=(f"id-{number}",),
            title={"en": f"Measurements of station {number}"},
            description={"en": f"What station {number} has measured since it was built."},
            topics=("ENVI",),
            publisher=Agent(name={"en": f"Department {number % 300}"}),
            contacts=(Contact(email=f"desk-{number % 300}@town.example"),),
            licence=Coded(code="CC0-1.0", raw="cc-zero") if number % 5 else None,
            modified=Date(value="2016-12-01", raw="2016-12-01"),
            distributions=files,
        )


def check(path: Path) -> tuple[int, float]:
    """Validate the datasets of a file; returns how many findings there are, and the seconds."""
    decoder = msgspec.json.Decoder(Dataset)
    profile = quality.load_profile()
    with (
        path.open("rb") as lines,
        ProcessPoolExecutor(cpu_count(), mp_context=get_context("forkserver")) as executor,
    ):
        began = time.perf_counter()
        found = quality.check(SOURCE, map(decoder.decode, lines), profile, TODAY, executor)
        return len(found), time.perf_counter() - began


def main(count: int) -> None:
    """Print one row of a Markdown table: datasets, findings, seconds, datasets a second, peak memory."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "datasets.jsonl"
        prepare(path, count)
        measured = measure.run([sys.executable, "-m", "benchmarks.validate", "--file", str(path)])
    findings, seconds = measured.output.split()
    row = (f"{count:,}", f"{int(findings):,}", f"{float(seconds):.1f} s")
    print(f"| {' | '.join(row)} | {count / float(seconds):,.0f} | {measured.peak:,.0f} MB |")


if __name__ == "__main__":
    if sys.argv[1:2] == ["--file"]:
        print(*check(Path(sys.argv[2])))
    else:
        print(
            "| datasets | findings | seconds | datasets a second | peak memory |\n|---:|---:|---:|---:|---:|"
        )
        for size in [int(each) for each in sys.argv[1:]] or [corpus.SMALL, corpus.WHOLE]:
            main(size)
