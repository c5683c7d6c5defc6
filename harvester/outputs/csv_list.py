"""`datasets.csv`: one row a dataset, for a person with a spreadsheet.

The headings are those that the `spreadsheet` feed knows, so that the list can be a source again.
It begins with a byte-order mark, without which Excel shows "é" as "Ã©". Several values of a
cell stand on lines of their own; keywords are separated by semicolons, as people write them.
A description ends where a spreadsheet's cell does (32,767 characters).
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator
from concurrent.futures import Executor
from pathlib import Path

from harvester.model import CatalogRecord, Catalogue, Coded, Config, Contact, Date, Distribution, Period
from harvester.outputs import _addresses
from harvester.outputs._text import cell, clean, cut, shown

TITLE = "List of all datasets (CSV, for spreadsheets)"
FILES = ("datasets.csv",)

HEADINGS = (
    "Identifier",
    "Title",
    "Description",
    "Keywords",
    "Theme",
    "Publisher",
    "Contact",
    "Contact email",
    "Phone",
    "Landing page",
    "URL",
    "Format",
    "License",
    "Rights",
    "Access level",
    "Issued",
    "Modified",
    "Frequency",
    "Spatial",
    "Start date",
    "End date",
    "Language",
    "Documentation",
    "Version",
    "Portal",
    "Page in this catalogue",
)

_LONGEST = 32_767
"""Characters that a cell of Excel can hold."""


def write(catalogue: Catalogue, folder: Path, executor: Executor | None = None) -> None:
    """Write `datasets.csv`."""
    portals = {each.source.id: each.source.name for each in catalogue.sources}
    with (folder / "datasets.csv").open("w", encoding="utf-8-sig", newline="") as stream:
        writer = csv.writer(stream)
        writer.writerow(HEADINGS)
        for record in catalogue.records:
            portal = portals.get(record.dataset.source, record.dataset.source)
            writer.writerow(
                cut(cell(clean(value)), _LONGEST) for value in _row(record, portal, catalogue.config)
            )


def _row(record: CatalogRecord, portal: str, config: Config) -> Iterator[str]:
    """The cells, in the order of `HEADINGS`."""
    dataset = record.dataset
    languages = config.catalogue.languages
    files = dataset.distributions
    contact = dataset.contacts[0] if dataset.contacts else Contact()
    period = dataset.temporal[0] if dataset.temporal else Period(raw="")
    yield _addresses.subject(config, dataset.id, dataset.uri)
    yield shown(dataset.title, languages)
    yield shown(dataset.description, languages)
    yield "; ".join(word for _, word in dataset.keywords)
    yield _lines(_stated(theme) for theme in dataset.themes)
    yield shown(dataset.publisher.name, languages)
    yield contact.name or ""
    yield contact.email or ""
    yield contact.phone or ""
    yield _addresses.iri(dataset.landing_page or dataset.page) or ""
    yield _lines(_addresses.iri(file.download_url) or _addresses.iri(file.access_url) for file in files)
    yield _formats(files)
    yield _stated(dataset.licence)
    yield dataset.rights or ""
    yield _stated(dataset.access_rights)
    yield _value(dataset.issued)
    yield _value(dataset.modified)
    yield _stated(dataset.frequency)
    yield _lines(place.label or _box(place.bbox) for place in dataset.spatial)
    yield period.start or ""
    yield period.end or ""
    yield _lines(dataset.languages)
    yield _lines(map(_addresses.iri, dataset.documentation))
    yield dataset.version or ""
    yield portal
    yield _addresses.dataset_page(config, dataset.id)


def _stated(coded: Coded | None) -> str:
    return (coded.code or coded.raw) if coded else ""


def _value(date: Date | None) -> str:
    return (date and date.value) or ""


def _formats(files: Iterable[Distribution]) -> str:
    """One format a line, beside the address on the same line; one alone where all are the same."""
    formats = [clean(_stated(file.format)) for file in files]
    return formats[0] if len(set(formats)) == 1 else "\n".join(formats)


def _box(bbox: tuple[float, float, float, float] | None) -> str:
    """A box as CQL writes it: a cell that began with a minus sign would be taken for a formula."""
    if bbox is None:
        return ""
    west, south, east, north = bbox
    return f"ENVELOPE({west}, {east}, {north}, {south})"


def _lines(values: Iterable[str | None]) -> str:
    """The different ones of `values`, one a line."""
    return "\n".join(dict.fromkeys(clean(value) for value in values if value))
