"""DCAT in Turtle, parsed and mapped to drafts: `python -m benchmarks.dcat_parse [--ckan PYTHON] [COUNT]`.

The file is what ckanext-dcat writes for a portal: datasets with four files each, some sixty triples a
dataset, their words from the corpus of real packages where that is there. Beside us stand

* rdflib with its own parser, and rdflib with oxrdflib's, each with a small mapping through its Graph;
* ckanext-dcat's RDFParser, when `--ckan` names an interpreter that has ckan and ckanext-dcat
  (`pip install ckanext-dcat ckan` and what their imports ask for, in an environment of its own).

Each runs in a process of its own; making the file is not measured.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from itertools import count as counted
from itertools import islice
from pathlib import Path
from typing import Any

import msgspec
import pyoxigraph
from pyoxigraph import BlankNode, Literal, NamedNode, RdfFormat, Triple
from rdflib import Graph
from rdflib.namespace import DCAT, DCTERMS, FOAF, RDF, XSD

from benchmarks import corpus, measure
from benchmarks.held import Only
from harvester.document import Document
from harvester.feeds import dcat
from harvester.model import Draft, Source

COUNT = 5_000
FILES = 4
SITE = "https://portal.example"
_VCARD = "http://www.w3.org/2006/vcard/ns#"
_PREFIXES = {"dcat": str(DCAT), "dct": str(DCTERMS), "foaf": str(FOAF), "vcard": _VCARD, "xsd": str(XSD)}


# ------------------------------------------------------------------------------ the file


def write(path: Path, count: int) -> int:
    """Write a catalogue of `count` datasets in Turtle; returns how many triples it has."""
    with tempfile.TemporaryDirectory() as folder:
        if corpus.available():
            lines = corpus.write(Path(folder) / "packages.jsonl", count).open("rb")
            packages: Iterator[dict[str, Any]] = map(msgspec.json.decode, lines)
        else:
            packages = _made_up()
        triples = [
            triple for number, each in enumerate(islice(packages, count)) for triple in _dataset(each, number)
        ]
    pyoxigraph.serialize(triples, output=path, format=RdfFormat.TURTLE, prefixes=_PREFIXES)
    return len(triples)


def _made_up() -> Iterator[dict[str, Any]]:
    for number in counted():
        yield {
            "title": f"Measurements of station {number}",
            "notes": f"What station {number} has measured since it was built. " * 8,
            "tags": [{"name": f"word {number % 97}"}, {"name": "stations"}, {"name": "measurements"}],
            "organization": {"name": f"department-{number % 300}", "title": f"Department {number % 300}"},
        }


def _dataset(package: dict[str, Any], number: int) -> Iterator[Triple]:
    subject = NamedNode(f"{SITE}/dataset/{number}")
    organization = package.get("organization") or {}
    publisher = NamedNode(f"{SITE}/organization/{number % 300}")
    contact = BlankNode(f"c{number}")
    date = Literal("2026-03-14T06:00:00", datatype=NamedNode(str(XSD.dateTime)))
    said: list[tuple[str, NamedNode | BlankNode | Literal]] = [
        (str(RDF.type), NamedNode(str(DCAT.Dataset))),
        (str(DCTERMS.title), Literal(str(package.get("title") or "Untitled"))),
        (str(DCTERMS.description), Literal(str(package.get("notes") or ""))),
        (str(DCTERMS.identifier), Literal(str(number))),
        (str(DCTERMS.issued), date),
        (str(DCTERMS.modified), date),
        (str(DCTERMS.language), Literal("en")),
        (
            str(DCTERMS.accrualPeriodicity),
            NamedNode("http://publications.europa.eu/resource/authority/frequency/ANNUAL"),
        ),
        (str(DCAT.landingPage), NamedNode(f"{SITE}/dataset/{number}/about")),
        (str(DCAT.theme), NamedNode("http://publications.europa.eu/resource/authority/data-theme/GOVE")),
        (str(DCTERMS.publisher), publisher),
        (str(DCAT.contactPoint), contact),
        *((str(DCAT.keyword), Literal(str(tag.get("name")))) for tag in (package.get("tags") or [])[:8]),
    ]
    for name, value in said:
        yield Triple(subject, NamedNode(name), value)
    yield Triple(publisher, NamedNode(str(RDF.type)), NamedNode(str(FOAF.Organization)))
    yield Triple(publisher, NamedNode(str(FOAF.name)), Literal(str(organization.get("title") or "Town")))
    yield Triple(contact, NamedNode(str(RDF.type)), NamedNode(f"{_VCARD}Organization"))
    yield Triple(contact, NamedNode(f"{_VCARD}fn"), Literal("Desk"))
    yield Triple(contact, NamedNode(f"{_VCARD}hasEmail"), NamedNode("mailto:desk@portal.example"))
    resources = package.get("resources") or [{}]
    for file in range(FILES):
        yield from _distribution(subject, resources[file % len(resources)], file)


def _distribution(dataset: NamedNode, resource: dict[str, Any], number: int) -> Iterator[Triple]:
    subject = NamedNode(f"{dataset.value}/resource/{number}")
    yield Triple(dataset, NamedNode(str(DCAT.distribution)), subject)
    for name, value in (
        (RDF.type, NamedNode(str(DCAT.Distribution))),
        (DCTERMS.title, Literal(str(resource.get("name") or f"File {number}"))),
        (DCTERMS.description, Literal(str(resource.get("description") or "One row a thing."))),
        (DCTERMS.format, Literal(str(resource.get("format") or "CSV"))),
        (DCAT.mediaType, Literal(str(resource.get("mimetype") or "text/csv"))),
        (DCAT.accessURL, NamedNode(f"{subject.value}/download")),
        (DCAT.byteSize, Literal("48213", datatype=NamedNode(str(XSD.decimal)))),
        (DCTERMS.issued, Literal("2019-05-01", datatype=NamedNode(str(XSD.date)))),
        (DCTERMS.license, NamedNode("http://creativecommons.org/licenses/by/4.0/")),
    ):
        yield Triple(subject, NamedNode(str(name)), value)


# ------------------------------------------------------------------------------ who reads it


def ours(path: Path) -> int:
    """The `dcat` feed, to drafts."""
    document = Document(url=f"{SITE}/catalog.ttl", body=path.read_bytes())
    source = Source(id="portal", url=document.url, name="Portal")
    return sum(isinstance(item, Draft) for item in dcat.read(source, Only(document)))


def rdflib_alone(path: Path) -> int:
    """rdflib's own parser and store."""
    return _map(Graph().parse(path, format="turtle"))


def rdflib_with_oxrdflib(path: Path) -> int:
    """rdflib over oxrdflib: the same, with pyoxigraph's parser and store."""
    return _map(Graph(store="Oxigraph").parse(path, format="ox-turtle"))


def _map(graph: Graph) -> int:
    """A mapping of the usual kind: ask the graph for one property after the other."""
    datasets = []
    for dataset in graph.subjects(RDF.type, DCAT.Dataset):
        agent = graph.value(dataset, DCTERMS.publisher)
        datasets.append(
            {
                **{
                    name: graph.value(dataset, DCTERMS[name])
                    for name in ("title", "description", "issued", "modified")
                },
                "keywords": list(graph.objects(dataset, DCAT.keyword)),
                "publisher": agent and graph.value(agent, FOAF.name),
                "files": [
                    {
                        name: graph.value(file, DCTERMS[name])
                        for name in ("title", "description", "format", "license")
                    }
                    | {name: graph.value(file, DCAT[name]) for name in ("accessURL", "mediaType", "byteSize")}
                    for file in graph.objects(dataset, DCAT.distribution)
                ],
            }
        )
    return len(datasets)


READERS: dict[str, Callable[[Path], int]] = {
    "harvester, to drafts": ours,
    "rdflib": rdflib_alone,
    "rdflib + oxrdflib": rdflib_with_oxrdflib,
}

_CKAN = """
import sys, time, warnings
warnings.simplefilter("ignore")
from ckanext.dcat.processors import RDFParser
content = open(sys.argv[1], encoding="utf-8").read()
began, busy = time.perf_counter(), time.process_time()
parser = RDFParser(profiles=["euro_dcat_ap_2"])
parser.parse(content, _format="turtle")
datasets = sum(1 for _ in parser.datasets())
print(datasets, time.perf_counter() - began, time.process_time() - busy)
"""


def main(count: int = COUNT, ckan: str | None = None) -> None:
    """Print the table: who, datasets, seconds, seconds of processor time, datasets a second, peak memory."""
    with tempfile.TemporaryDirectory(prefix="harvester-bench-") as folder:
        path = Path(folder) / "catalog.ttl"
        triples = write(path, count)
        print(f"Turtle of {count:,} datasets, {triples:,} triples, {path.stat().st_size / 1e6:.1f} MB\n")
        print("| who | datasets | seconds | of processor | datasets/s | peak MB |")
        print("|---|--:|--:|--:|--:|--:|")
        commands = {
            who: [sys.executable, "-m", "benchmarks.dcat_parse", "--read", who, str(path)] for who in READERS
        }
        if ckan is not None:
            commands["ckanext-dcat"] = [ckan, "-c", _CKAN, str(path)]
        for who, command in commands.items():
            try:
                measured = measure.run(command)
            except subprocess.CalledProcessError as error:
                print(f"| {who} | could not run: {error.output.strip().splitlines()[-1]} | | | | |")
                continue
            datasets, seconds, processor = map(float, measured.output.split()[-3:])
            columns = (f"{datasets:,.0f}", f"{seconds:.2f}", f"{processor:.2f}", f"{datasets / seconds:,.0f}")
            print(f"| {who} | {' | '.join(columns)} | {measured.peak:,.0f} |", flush=True)


def _read(who: str, path: Path) -> None:
    began, busy = time.perf_counter(), time.process_time()
    datasets = READERS[who](path)
    print(datasets, time.perf_counter() - began, time.process_time() - busy)


if __name__ == "__main__":
    arguments = sys.argv[1:]
    if arguments[:1] == ["--read"]:
        _read(arguments[1], Path(arguments[2]))
    else:
        python = arguments.pop(1) if arguments[:1] == ["--ckan"] else None
        numbers = [int(each) for each in arguments if each != "--ckan"]
        main(numbers[0] if numbers else COUNT, python)
