"""One page → the datasets that it describes. Pure."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from msgspec.structs import replace

from harvester.document import Document
from harvester.errors import FeedError
from harvester.feeds._pages import html
from harvester.feeds._rdf import encoding, jsonld
from harvester.feeds._rdf.agents import described
from harvester.feeds._rdf.graph import base_of
from harvester.feeds._rdf.json_text import decode
from harvester.feeds._rdf.mapping import Mapper
from harvester.feeds._rdf.parsing import parse
from harvester.feeds._rdf.reading import Reading
from harvester.feeds._schema_org import extract
from harvester.feeds._schema_org.tidy import tidied
from harvester.model import Draft, DraftAgent, Note, Problem

Json = Any


MOST_MARKS = 400_000
"""Quotation marks, and twice the tags, of a page: each costs half a kilobyte where all are data."""


@dataclass
class Page:
    """What one page says about datasets."""

    drafts: list[Draft] = field(default_factory=list)
    mentioned: list[str] = field(default_factory=list)
    """Addresses of datasets that the page names without saying more: their own pages."""
    agents: dict[str, DraftAgent] = field(default_factory=dict)  # bodies, by their IRI
    problems: list[Problem] = field(default_factory=list)
    has_catalogue: bool = False


def of_html(source: str, url: str, language: str | None) -> Page:
    """What the text of a page says, whatever syntax it is marked up in."""
    if max(source.count('"'), 2 * source.count("<")) > MOST_MARKS:
        return Page(problems=[replace(encoding.too_large(url).problem, partial=True)])
    extracted, problems = extract.nodes(source, url)
    nodes = tidied(extracted, url)
    page = Page(mentioned=[each for node in nodes for each in _mentioned(node, url, 0)], problems=problems)
    if nodes:
        try:
            reading = jsonld.read(json.dumps(nodes), base_of(url), url)
        except FeedError as error:
            page.problems.append(error.problem)
        else:
            _take(page, reading, url, language)
    return page


def of_rdf(document: Document, language: str | None) -> Page:
    """What a document of linked data says, for sites that publish the same words as a file.

    Raises `FeedError` when it is none.
    """
    text = encoding.whole(document)
    page = Page()
    if encoding.syntax(text) == "jsonld":
        value = decode(text.lstrip("\ufeff"), document.url).value
        nodes = tidied(value if isinstance(value, list) else [value], document.url)
        reading = jsonld.read(json.dumps(nodes), base_of(document.url), document.url)
    else:
        reading = parse(document)
    _take(page, reading, document.url, language)
    return page


def _take(page: Page, reading: Reading, url: str, language: str | None) -> None:
    mapper = Mapper(reading, language)
    drafts = list(mapper.drafts())
    named = [draft for draft in drafts if draft.title or _says_something(draft, page.mentioned)]
    page.drafts = [_of_page(draft, url, alone=len(named) == 1) for draft in named]
    if reading.mended and page.drafts:
        page.drafts = [_mended(page.drafts[0]), *page.drafts[1:]]
    page.agents = dict(described(mapper.graph))
    page.has_catalogue = bool(mapper.catalogues)
    if drafts or mapper.catalogues:  # else what is lost is about opening hours and the like
        page.problems += reading.problems


def _says_something(draft: Draft, mentioned: list[str]) -> bool:
    """Is a description without a title worth telling, rather than a link or the rest of a broken script?"""
    if draft.key in mentioned or draft.landing_page in mentioned:
        return False
    return bool(draft.description or draft.distributions)


def _of_page(draft: Draft, url: str, alone: bool) -> Draft:
    """The draft with what only its page tells: a key where it has no IRI, and where it was read.

    The key is the IRI, else an identifier, else the dataset's address, else the page that it has to itself.
    """
    page = draft.page or (url if alone else None)
    key = draft.key or next(iter(draft.identifiers), None) or draft.landing_page or page
    identifiers = tuple(each for each in draft.identifiers if each != key)
    return replace(draft, key=key, page=page, identifiers=identifiers)


def _mended(draft: Draft) -> Draft:
    return replace(draft, notes=(*draft.notes, Note(code="feed-repaired", field="")))


def _mentioned(value: Json, url: str, depth: int) -> Iterator[str]:
    """Datasets of a catalogue that are only named, by address or by a node without a name."""
    if depth > 20:
        return
    for each in value if isinstance(value, list) else [value]:
        if not isinstance(each, dict):
            continue
        for name, inner in each.items():
            if name == "dataset":
                for dataset in inner if isinstance(inner, list) else [inner]:
                    yield from _address(dataset, url)
            if name != "@context":
                yield from _mentioned(inner, url, depth + 1)


def _address(dataset: Json, url: str) -> Iterator[str]:
    said: Json = dataset
    if isinstance(dataset, dict):
        if dataset.get("name"):
            return
        said = dataset.get("url") or dataset.get("@id")
    if isinstance(said, list) and said:
        said = said[0]
    if isinstance(said, str) and (address := html.resolved(url, said)) is not None:
        yield address
