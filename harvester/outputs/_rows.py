"""The rows of the catalogue's tables: one function a table, values in the order of its columns.

Every text in a row is clean (`_text.clean`), whatever the source wrote.
"""

from __future__ import annotations

import math
from collections.abc import Iterator

from harvester.model import Catalogue, Coded, Date, Text
from harvester.outputs import _addresses
from harvester.outputs._text import clean, preferred, shown, words

Row = tuple[str | int | float | None, ...]

LINKS = ("documentation", "data_dictionary", "conforms_to", "in_series", "provenance")
"""Fields of a dataset that are lists of addresses or names."""


def _code(coded: Coded | None) -> str | None:
    return coded.code if coded else None


def _stated(coded: Coded | None) -> str | None:
    return clean(coded.raw) or None if coded else None


def _moment(date: Date | None) -> str | None:
    return date.value if date else None


def _main(text: Text, catalogue: Catalogue) -> str | None:
    return shown(text, catalogue.config.catalogue.languages) or None


def _storable(size: int | None) -> int | None:
    """Sizes that no database can hold are no sizes: there are no files of 2⁶³ bytes."""
    return size if size is not None and 0 <= size < 2**63 else None


def _tag(tag: str) -> str:
    return clean(tag) or "und"


def _text(text: str | None) -> str | None:
    return clean(text).strip() or None if text else None


def sources(catalogue: Catalogue) -> Iterator[Row]:
    """The sources in the order of sources.yaml, each with its last visit."""
    for each in catalogue.sources:
        source = each.source
        newest = each.harvests[0] if each.harvests else None
        yield (
            source.id,
            clean(source.name),
            clean(source.url),
            source.level,
            each.feed,
            source.language,
            newest.outcome if newest else None,
            newest.started if newest else None,
            each.last_good,
            newest.datasets if newest else None,
            clean(str(newest.problem)) if newest and newest.problem else None,
        )


def harvests(catalogue: Catalogue) -> Iterator[Row]:
    """The visits, by source."""
    for each in catalogue.sources:
        for visit in each.harvests:
            yield (
                visit.source,
                visit.started,
                visit.outcome,
                visit.seconds,
                visit.datasets,
                visit.announced,
                visit.added,
                visit.changed,
                visit.removed,
                visit.skipped,
                visit.requests,
                visit.bytes,
                clean(str(visit.problem)) if visit.problem else None,
            )


def publishers(catalogue: Catalogue) -> Iterator[Row]:
    """Every publisher once, as its first dataset names it, by id."""
    counted: dict[str, int] = {}
    first: dict[str, Row] = {}
    for record in catalogue.records:
        agent = record.dataset.publisher
        if agent.id:
            counted[agent.id] = counted.get(agent.id, 0) + 1
            if agent.id not in first:
                first[agent.id] = (
                    agent.id,
                    _main(agent.name, catalogue) or agent.id,
                    _addresses.iri(agent.url),
                    _text(agent.email),
                    _text(agent.parent),
                )
    return ((*first[id], counted[id]) for id in sorted(first))


def datasets(catalogue: Catalogue) -> Iterator[Row]:
    """One row a dataset."""
    config = catalogue.config
    for record in catalogue.records:
        dataset = record.dataset
        tag, title = preferred(dataset.title, config.catalogue.languages)
        yield (
            dataset.id,
            dataset.source,
            dataset.publisher.id or None,
            _addresses.subject(config, dataset.id, dataset.uri),
            title or dataset.id,
            _tag(tag),
            _main(dataset.description, catalogue),
            _addresses.dataset_page(config, dataset.id),
            _addresses.iri(dataset.page),
            _addresses.iri(dataset.landing_page),
            _code(dataset.licence),
            _stated(dataset.licence),
            _text(dataset.rights),
            _code(dataset.access_rights),
            _moment(dataset.issued),
            _moment(dataset.modified),
            _code(dataset.frequency),
            _stated(dataset.frequency),
            _text(" ".join(dataset.languages)),
            _text(dataset.version),
            _text(dataset.status),
            record.first_seen,
            record.changed,
        )


def texts(catalogue: Catalogue) -> Iterator[Row]:
    """Titles and descriptions in the languages that the table of datasets has no room for."""
    languages = catalogue.config.catalogue.languages
    for record in catalogue.records:
        for field, text in (("title", record.dataset.title), ("description", record.dataset.description)):
            if len(text) > 1:
                shown_tag, _ = preferred(text, languages)
                others = {_tag(tag): said for tag, said in words(text).items() if tag != shown_tag}
                for tag in sorted(others):
                    yield record.dataset.id, field, tag, others[tag]


def keywords(catalogue: Catalogue) -> Iterator[Row]:
    """One row a keyword."""
    for record in catalogue.records:
        said = {(_tag(tag), clean(word).strip()) for tag, word in record.dataset.keywords}
        for tag, word in sorted(said):
            if word:
                yield record.dataset.id, tag, word


def themes(catalogue: Catalogue) -> Iterator[Row]:
    """The stated themes, then those that were read from the keywords."""
    for record in catalogue.records:
        stated = {theme.code for theme in record.dataset.themes}
        for theme in record.dataset.themes:
            yield record.dataset.id, theme.code, _stated(theme)
        for topic in record.dataset.topics:
            if topic not in stated:
                yield record.dataset.id, topic, None


def identifiers(catalogue: Catalogue) -> Iterator[Row]:
    """One row an identifier."""
    for record in catalogue.records:
        for identifier in dict.fromkeys(filter(None, map(clean, record.dataset.identifiers))):
            yield record.dataset.id, identifier


def contacts(catalogue: Catalogue) -> Iterator[Row]:
    """One row a contact."""
    for record in catalogue.records:
        for number, contact in enumerate(record.dataset.contacts, 1):
            yield (
                record.dataset.id,
                number,
                _text(contact.name),
                _text(contact.email),
                _text(contact.phone),
                _addresses.iri(contact.url),
            )


def places(catalogue: Catalogue) -> Iterator[Row]:
    """One row a place."""
    for record in catalogue.records:
        for number, place in enumerate(record.dataset.spatial, 1):
            box = place.bbox if place.bbox and all(map(math.isfinite, place.bbox)) else (None,) * 4
            yield record.dataset.id, number, _text(place.label), _addresses.iri(place.uri), *box


def periods(catalogue: Catalogue) -> Iterator[Row]:
    """One row a period."""
    for record in catalogue.records:
        for number, period in enumerate(record.dataset.temporal, 1):
            yield record.dataset.id, number, period.start, period.end


def links(catalogue: Catalogue) -> Iterator[Row]:
    """One row an address or name that a dataset refers to."""
    for record in catalogue.records:
        for relation in LINKS:
            targets: tuple[str, ...] = getattr(record.dataset, relation)
            for target in dict.fromkeys(filter(None, map(clean, targets))):
                yield record.dataset.id, relation, target


def listings(catalogue: Catalogue) -> Iterator[Row]:
    """One row for every source that lists a dataset, its origin first."""
    for record in catalogue.records:
        dataset = record.dataset
        yield dataset.id, dataset.source, dataset.id, _addresses.iri(dataset.page), "origin"
        for each in record.listings:
            yield dataset.id, each.source, each.dataset, _addresses.iri(each.page), "other"


def possible_duplicates(catalogue: Catalogue) -> Iterator[Row]:
    """One row a pair."""
    for each in catalogue.duplicates:
        yield each.first, each.second, each.reason


def distributions(catalogue: Catalogue) -> Iterator[Row]:
    """One row a file or service."""
    for record in catalogue.records:
        for each in record.dataset.distributions:
            yield (
                record.dataset.id,
                each.id,
                each.kind,
                _main(each.title, catalogue),
                _main(each.description, catalogue),
                _addresses.iri(each.access_url),
                _addresses.iri(each.download_url),
                _code(each.format),
                _stated(each.format),
                _code(each.media_type),
                _storable(each.byte_size),
                _text(each.checksum),
                _code(each.licence),
                _stated(each.licence),
                _text(each.rights),
                _moment(each.issued),
                _moment(each.modified),
                _text(" ".join(each.languages)),
            )


def findings(catalogue: Catalogue) -> Iterator[Row]:
    """Findings about whole sources, about datasets, and about what other sources say of these.

    Without what the source wrote.
    """
    for each in catalogue.sources:
        for finding in each.findings:
            yield each.source.id, None, finding.code, finding.severity, finding.field
    for record in catalogue.records:
        for finding in record.findings:
            yield record.dataset.source, record.dataset.id, finding.code, finding.severity, finding.field
    for record in catalogue.listed:
        for finding in record.findings:
            dataset = catalogue.aliases[record.dataset.id]
            yield record.dataset.source, dataset, finding.code, finding.severity, finding.field
