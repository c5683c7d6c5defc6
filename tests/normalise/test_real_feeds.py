"""Captured feeds: what share of real values we understand, and that noise is told from change.

The shares are floors: a change of rules or lists that understands less fails here.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from harvester.model import Coded, Dataset, Draft
from harvester.normalise import codes, dataset, licences
from harvester.normalise.fingerprint import changed_fields, fingerprint
from harvester.normalise.formats import Address, clean
from harvester.normalise.notes import Notes
from tests import make
from tests.normalise.drafts import of_data_json

SOURCE = make.source(language="en")
SHUFFLED = [
    "dcat-us-federal/fcc.json",
    "dcat-us-socrata-shuffle/fcc_2025-07-23T2223.json",
    "dcat-us-socrata-shuffle/fcc_2025-07-23T1916.json",
]


def normalised(path: Path) -> dict[str, Dataset]:
    results = [dataset(draft, SOURCE) for draft in of_data_json(path)]
    return {result.key: result for result in results if isinstance(result, Dataset)}


@pytest.mark.parametrize(("one", "other", "changed"), [(0, 1, 1), (1, 2, 1), (0, 2, 2)])
def test_shuffled_keywords_are_no_change_and_a_new_date_is_one(
    shared: Path, one: int, other: int, changed: int
) -> None:
    """Three captures of one Socrata feed on one day: the same size, and no two of them equal."""
    first, second = (normalised(shared / "feeds" / SHUFFLED[number]) for number in (one, other))
    assert first.keys() == second.keys()
    changes = Counter(changed_fields(first[key], second[key]) for key in first)
    assert changes == {(): 59 - changed, ("modified",): changed}
    assert sum(fingerprint(first[key]) == fingerprint(second[key]) for key in first) == 59 - changed


def hubs(shared: Path) -> Iterator[Draft]:
    for path in sorted((shared / "feeds" / "dcat-us-archubs").glob("*.json")):
        yield from of_data_json(path)


def share(values: Counter[str], read: Callable[[str], Coded | None]) -> float:
    """Of the values that say something, the share that is recognised."""
    counts: Counter[bool] = Counter()
    for value, number in values.items():
        if coded := read(value):
            counts[coded.code is not None] += number
    return counts[True] / counts.total()


def licence(text: str) -> Coded | None:
    return licences.clean(text, "licence", Notes())[0]


def frequency(text: str) -> Coded | None:
    return codes.frequency(text, Notes())


def format_(text: str) -> Coded | None:
    return clean(text, None, Address(None, is_file=False, is_service=False))


def theme(text: str) -> Coded | None:
    return next(iter(codes.themes([text])), None)


def test_hub_records_are_all_read_and_their_templates_are_not_published(shared: Path) -> None:
    drafts = list(hubs(shared))
    results = [dataset(draft, SOURCE) for draft in drafts]
    datasets = [result for result in results if isinstance(result, Dataset)]
    assert len(datasets) == len(drafts) > 4_000
    for result in datasets:
        for description in result.description.values():
            assert "{{description}}" not in description
            assert "</" not in description
        assert all(file.url for file in result.distributions)
        assert len({file.id for file in result.distributions}) == len(result.distributions)


def test_hub_formats(shared: Path) -> None:
    stated = Counter(file.format or "" for draft in hubs(shared) for file in draft.distributions)
    assert share(stated, format_) == 1


def test_hub_licences(shared: Path) -> None:
    """A third is recognised; the rest is disclaimers, in HTML by nature, and nobody's licence."""
    assert share(Counter(draft.licence or "" for draft in hubs(shared)), licence) > 0.28


def test_federal_licences_and_frequencies(shared: Path) -> None:
    drafts = [
        draft
        for path in sorted((shared / "feeds/dcat-us-federal").glob("[!s]*.json"))
        for draft in of_data_json(path)
    ]
    assert share(Counter(draft.licence or "" for draft in drafts), licence) > 0.97
    assert share(Counter(draft.frequency or "" for draft in drafts), frequency) == 1


def catalogue_entries(shared: Path) -> Iterator[dict[str, Any]]:
    for path in sorted((shared / "feeds/socrata").glob("*.jsonl")):
        yield from map(json.loads, path.read_text(encoding="utf-8").splitlines())


def test_socrata_licences_categories_and_frequencies(shared: Path) -> None:
    licences_, categories, frequencies = Counter[str](), Counter[str](), Counter[str]()
    for entry in catalogue_entries(shared):
        classification = entry.get("classification") or {}
        licences_[(entry.get("metadata") or {}).get("license") or ""] += 1
        categories[classification.get("domain_category") or ""] += 1
        for field in classification.get("domain_metadata") or []:
            if "requency" in field["key"]:
                frequencies[field["value"]] += 1
    assert share(licences_, licence) > 0.65  # the others say "See Terms of Use"
    assert share(categories, theme) > 0.85
    assert share(frequencies, frequency) > 0.9


def ckan_packages(shared: Path) -> Iterator[dict[str, Any]]:
    for path in sorted((shared / "feeds/ckan").glob("*_packages.jsonl")):
        yield from map(json.loads, path.read_text(encoding="utf-8").splitlines())


def test_ckan_formats_and_media_types(shared: Path) -> None:
    formats_, media_types = Counter[str](), Counter[str]()
    for package in ckan_packages(shared):
        for resource in package.get("resources") or []:
            formats_[resource.get("format") or ""] += 1
            media_types[resource.get("mimetype") or ""] += 1
    assert share(formats_, format_) > 0.99
    assert share(media_types, codes.media_type) > 0.99
