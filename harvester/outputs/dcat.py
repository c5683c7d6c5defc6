"""DCAT-AP 3 in Turtle, RDF/XML and JSON-LD, in pages where the list is long.

A page holds a thousand datasets and says where the next one is (`hydra:PartialCollectionView`);
`catalog.ttl` is the first, `catalog-2.ttl` the second. Every page can be read alone. Datasets are
described once, as JSON-LD; pyoxigraph turns that into the other two. It writes in a tenth of a
second what takes rdflib's own Turtle writer a minute.

The catalogue itself must have a description and a publisher in DCAT-AP: a region that describes
its catalogue with its title alone has that as description, and the publisher is named as it is.
"""

from __future__ import annotations

import io
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Executor, Future
from itertools import chain
from pathlib import Path
from typing import Any

import msgspec
import pyoxigraph
from msgspec import Struct

from harvester.model import CatalogRecord, Catalogue, Config
from harvester.outputs import _addresses, _codes
from harvester.outputs._context import CONTEXT, PREFIXES, context_of
from harvester.outputs._dcat import Describer, Flat, Nested, Node, filled, moment, polygon, record, text
from harvester.outputs._series import Series

TITLE = "DCAT-AP 3 (Turtle, JSON-LD, RDF/XML)"
FILES = ("catalog.ttl", "catalog.jsonld", "catalog.rdf")

PAGE_SIZE = 1000
"""Datasets on a page: some five megabytes of Turtle."""

_AHEAD = 4
"""Pages in the making at once: enough to keep the processors of one machine busy."""

_RDF = {"ttl": pyoxigraph.RdfFormat.TURTLE, "rdf": pyoxigraph.RdfFormat.RDF_XML}


class Page(Struct, frozen=True, kw_only=True):
    """What a page is made from; complete in itself, so that it can be made anywhere."""

    config: Config
    number: int  # from 1
    last: int  # the number of the last page
    total: int  # datasets in the catalogue
    modified: str | None  # the day on which the catalogue last changed
    records: tuple[CatalogRecord, ...]
    subjects: tuple[str, ...]  # the IRI of each record's dataset
    series: tuple[tuple[str, ...], ...]  # the IRIs of the series that each is part of


def write(catalogue: Catalogue, folder: Path, executor: Executor | None = None) -> None:
    """Write `catalog.ttl`, `catalog.jsonld`, `catalog.rdf` and their further pages."""
    for files in _in_order(executor, render, pages(catalogue)):
        for name, content in files.items():
            (folder / name).write_bytes(content)


def dataset_jsonld(record_: CatalogRecord, config: Config) -> bytes:
    """One dataset as compact JSON-LD that needs nothing else: what stands beside its page.

    Seen alone: an IRI that two portals list is given in both documents.
    """
    dataset = record_.dataset
    subject = _addresses.subject(config, dataset.id, dataset.uri)
    node = Describer(config, Nested()).dataset(
        dataset, subject, filter(None, map(_addresses.name, dataset.in_series))
    )
    assert isinstance(node, dict)
    pages = [node.pop("isPrimaryTopicOf", None), record(record_, config, subject)]
    node |= filled(isPrimaryTopicOf=pages)
    return msgspec.json.encode({"@context": context_of(node), **node})


def moved_jsonld(old: str, new: str, config: Config) -> bytes:
    """What stands where a dataset's entry stood that is another one now: which one."""
    node: Node = {
        "@id": _addresses.dataset_page(config, old),
        "isReplacedBy": _addresses.dataset_page(config, new),
    }
    return msgspec.json.encode({"@context": context_of(node), **node})


def pages(catalogue: Catalogue) -> Iterator[Page]:
    """The catalogue in pages; one, without datasets, where it is empty."""
    series = Series(catalogue)
    records = catalogue.records
    last = max(1, -(-len(records) // PAGE_SIZE))
    modified = max((each.changed for each in records), default=None)
    for number in range(1, last + 1):
        part = slice((number - 1) * PAGE_SIZE, number * PAGE_SIZE)
        yield Page(
            config=catalogue.config,
            number=number,
            last=last,
            total=len(records),
            modified=modified,
            records=records[part],
            subjects=tuple(series.subjects[part]),
            series=tuple(series.of(each.dataset) for each in records[part]),
        )


def render(page: Page) -> dict[str, bytes]:
    """The files of a page: name → content."""
    nodes = _nodes(page)
    views = {ending: _view(page, ending) for ending in ("jsonld", *_RDF)}
    files = {_name(page.number, "jsonld"): _jsonld([*views["jsonld"], *nodes])}
    triples = _triples(nodes)
    for ending, format in _RDF.items():
        content = io.BytesIO()
        pyoxigraph.serialize(chain(_triples(views[ending]), triples), content, format, prefixes=PREFIXES)
        files[_name(page.number, ending)] = content.getvalue()
    return files


def _name(number: int, ending: str) -> str:
    return f"catalog.{ending}" if number == 1 else f"catalog-{number}.{ending}"


def _nodes(page: Page) -> list[Node]:
    """The catalogue, the datasets of the page, and what these name."""
    graph = Flat()
    describe = Describer(page.config, graph)
    catalogue = _catalogue(page, describe)
    graph.open(catalogue)
    catalogue["dataset"] = [
        describe.dataset(each.dataset, subject, series)
        for each, subject, series in zip(page.records, page.subjects, page.series, strict=True)
    ]
    catalogue["record"] = [
        graph.add(record(each, page.config, subject))
        for each, subject in zip(page.records, page.subjects, strict=True)
    ]
    subjects = set(page.subjects)  # a dataset may be its own landing page, and is not a document then
    for iri in sorted(describe.named):
        if iri not in subjects:
            graph.open(describe.named[iri])
    return graph.nodes


def _catalogue(page: Page, describe: Describer) -> Node:
    about = page.config.catalogue
    site = _addresses.site(page.config)
    title = text(about.title)
    return {
        "@id": _addresses.catalogue(page.config),
        "@type": ["dcat:Catalog", "hydra:Collection"],
        **filled(
            title=title,
            description=text(about.description) or title,
            homepage={"@id": site, "@type": "foaf:Document"},
            publisher={
                "@id": f"{site}#publisher",
                "@type": "foaf:Agent",
                **filled(name=title, homepage=site, mbox=_addresses.mailbox(about.contact)),
            },
            language=[describe.code("language", tag) for tag in about.languages],
            spatial=about.bbox and {"@type": "dct:Location", "bbox": polygon(*about.bbox)},
            modified=moment(page.modified),
            themeTaxonomy={
                "@id": _codes.THEME_TAXONOMY,
                "@type": "skos:ConceptScheme",
                "title": {"en": "Data theme"},
            },
        ),
        "totalItems": page.total,
    }


def _view(page: Page, ending: str) -> list[Node]:
    """Where this page stands among the others; nothing where it is the only one."""
    if page.last == 1:
        return []

    def address(number: int) -> str:
        return _addresses.site(page.config) + _name(number, ending)

    return [
        {"@id": _addresses.catalogue(page.config), "view": address(page.number)},
        {
            "@id": address(page.number),
            "@type": "hydra:PartialCollectionView",
            "first": address(1),
            "last": address(page.last),
            **({"previous": address(page.number - 1)} if page.number > 1 else {}),
            **({"next": address(page.number + 1)} if page.number < page.last else {}),
        },
    ]


def _jsonld(nodes: list[Node]) -> bytes:
    return msgspec.json.encode({"@context": CONTEXT, "@graph": nodes})


def _triples(nodes: list[Node]) -> list[pyoxigraph.Quad]:
    """The triples of nodes; as quads of the default graph, which serialisers take as they are."""
    return list(pyoxigraph.parse(_jsonld(nodes), format=pyoxigraph.RdfFormat.JSON_LD))


def _in_order(
    executor: Executor | None, function: Callable[[Page], dict[str, bytes]], jobs: Iterable[Page]
) -> Iterator[dict[str, bytes]]:
    """`map` that holds only a few results at a time, however many jobs there are."""
    if executor is None:
        yield from map(function, jobs)
        return
    running: deque[Future[Any]] = deque()
    for job in jobs:
        running.append(executor.submit(function, job))
        if len(running) > _AHEAD:
            yield running.popleft().result()
    while running:
        yield running.popleft().result()
