"""The code lists are complete and do not contradict themselves."""

from __future__ import annotations

import csv
from collections.abc import Callable
from pathlib import Path
from typing import get_args

import pytest

from harvester import vocabularies
from harvester.normalise.codes import squashed
from harvester.vocabularies import FormatKind

FOLDER = Path(vocabularies.__file__).parent
LISTS: dict[str, Callable[[], dict[str, vocabularies.Row]]] = {
    "licence": vocabularies.licences,  # type: ignore[dict-item]
    "format": vocabularies.formats,  # type: ignore[dict-item]
    "theme": vocabularies.themes,  # type: ignore[dict-item]
    "frequency": vocabularies.frequencies,  # type: ignore[dict-item]
    "access-right": vocabularies.access_rights,  # type: ignore[dict-item]
}
ALIASES = {
    "licence": vocabularies.licence_aliases,
    "format": vocabularies.format_aliases,
    "theme": vocabularies.theme_aliases,
    "frequency": vocabularies.frequency_aliases,
    "access-right": vocabularies.access_right_aliases,
}


@pytest.mark.parametrize("path", sorted(FOLDER.glob("*.csv")), ids=lambda path: path.name)
def test_every_row_has_as_many_cells_as_its_heading(path: Path) -> None:
    with path.open(encoding="utf-8", newline="") as file:
        heading, *rows = csv.reader(file, strict=True)
    assert rows
    assert [row for row in rows if len(row) != len(heading)] == []


@pytest.mark.parametrize("name", LISTS)
def test_no_code_stands_twice(name: str) -> None:
    plural = {"frequency": "frequencies"}.get(name, f"{name}s")
    with (FOLDER / f"{plural}.csv").open(encoding="utf-8", newline="") as file:
        codes = [row["code"] for row in csv.DictReader(file)]
    assert sorted(codes) == sorted(LISTS[name]())


@pytest.mark.parametrize("name", LISTS)
def test_every_row_has_a_name_in_english(name: str) -> None:
    assert all(row.labels["en"] for row in LISTS[name]().values())


@pytest.mark.parametrize("name", ["theme", "frequency", "access-right"])
@pytest.mark.parametrize("language", ["fr", "es"])
def test_lists_that_readers_browse_by_are_translated(name: str, language: str) -> None:
    assert all(row.labels[language] for row in LISTS[name]().values())


@pytest.mark.parametrize("name", LISTS)
def test_every_alias_leads_to_a_code(name: str) -> None:
    codes = LISTS[name]().keys() | ({""} if name == "licence" else set())
    assert set(ALIASES[name]().values()) <= codes


@pytest.mark.parametrize("name", LISTS)
def test_aliases_are_written_as_they_are_looked_up(name: str) -> None:
    with (FOLDER / f"{name}-aliases.csv").open(encoding="utf-8", newline="") as file:
        aliases = [row["alias"] for row in csv.DictReader(file)]
    assert [alias for alias in aliases if alias != alias.lower().strip() or not alias] == []
    assert len(aliases) == len(set(aliases))


@pytest.mark.parametrize("name", LISTS)
def test_two_spellings_of_one_name_mean_the_same(name: str) -> None:
    meanings: dict[str, set[str]] = {}
    for alias, code in ALIASES[name]().items():
        if not alias.startswith("r/p"):
            meanings.setdefault(squashed(alias), set()).add(code)
    assert {key: codes for key, codes in meanings.items() if len(codes) > 1} == {}


@pytest.mark.parametrize("name", LISTS)
def test_every_name_and_code_is_understood(name: str) -> None:
    aliases = ALIASES[name]()
    for code, row in LISTS[name]().items():
        for words in (code, *row.labels.values()):
            assert aliases[words.lower()] == code, words


def test_formats_are_of_known_kinds_and_their_facts_agree() -> None:
    kinds = set(get_args(FormatKind))
    extensions: dict[str, str] = {}
    for row in vocabularies.formats().values():
        assert row.kind in kinds
        for extension in row.extensions:
            assert extensions.setdefault(extension, row.code) == row.code, extension


def test_licences_that_forbid_something_are_not_open() -> None:
    for row in vocabularies.licences().values():
        if row.non_commercial or row.no_derivatives:
            assert row.open == "n", row.code


@pytest.mark.parametrize(
    ("code", "days"), [("HOURLY", 0.0417), ("WEEKLY", 7), ("ANNUAL", 366), ("IRREG", None)]
)
def test_frequencies_say_how_long_the_wait_may_be(code: str, days: float | None) -> None:
    assert vocabularies.frequency(code).days == days


def test_labels_fall_back_to_the_language_without_region_then_to_english() -> None:
    row = vocabularies.theme("HEAL")
    assert vocabularies.label(row, "fr-CA") == "Santé"
    assert vocabularies.label(row, "eo") == row.title == "Health"


def test_languages() -> None:
    french = vocabularies.language("fr-CA")
    assert french
    assert french.eu_uri == "http://publications.europa.eu/resource/authority/language/FRA"
    assert french.native == "français"
    assert vocabularies.language("und") is None


@pytest.mark.parametrize("code", ["", "nonsense"])
def test_an_unknown_code_is_a_key_error(code: str) -> None:
    for look_up in (vocabularies.licence, vocabularies.format, vocabularies.theme, vocabularies.frequency):
        with pytest.raises(KeyError):
            look_up(code)


def test_media_types_are_well_formed() -> None:
    types = vocabularies.media_types()
    assert {"text/csv", "application/geo+json", "application/vnd.oasis.opendocument.spreadsheet"} <= types
    assert all(each == each.lower() and each.count("/") == 1 for each in types)


def test_the_documentation_counts_what_is_there() -> None:
    page = (FOLDER.parents[1] / "docs/vocabularies.md").read_text(encoding="utf-8")
    for name, rows in LISTS.items():
        with (FOLDER / f"{name}-aliases.csv").open(encoding="utf-8", newline="") as file:
            words = sum(1 for _ in csv.DictReader(file))
        assert f"`{name}-aliases.csv` | {len(rows())} | {words} |" in page
    assert f"`media-types.txt` | {len(vocabularies.media_types()):,} |" in page
    assert f"`languages.csv` | {len(vocabularies.languages())} |" in page
