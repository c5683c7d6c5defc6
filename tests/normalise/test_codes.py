"""Frequencies, themes, topics, access rights, media types."""

from __future__ import annotations

import pytest

from harvester.model import Coded
from harvester.normalise.codes import access_rights, frequency, is_frequency, media_type, themes, topics
from harvester.normalise.notes import Notes


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("R/P1Y", "ANNUAL"),
        ("R/P7D", "WEEKLY"),
        ("R/P3.5D", "WEEKLY_2"),
        ("http://publications.europa.eu/resource/authority/frequency/MONTHLY", "MONTHLY"),
        ("http://purl.org/cld/freq/daily", "DAILY"),
        ("Annually", "ANNUAL"),
        ("annuelle", "ANNUAL"),
        ("mensuel", "MONTHLY"),
        ("diaria", "DAILY"),
        ("AS NEEDED.", "AS_NEEDED"),
        ("asNeeded", "AS_NEEDED"),
        ("Data is updated daily", "DAILY"),
        ("Data are updated annually", "ANNUAL"),
        ("every 15 minutes", "15MIN"),
        ("5 YEARS", "QUINQUENNIAL"),
        ("tous les 3 mois", "QUARTERLY"),
        ("Static (not updated)", "NEVER"),
        ("Unknown", "UNKNOWN"),
        ("R/P35D", None),
        ("when the mayor says so", None),
    ],
)
def test_frequencies(text: str, code: str | None) -> None:
    notes = Notes()
    assert frequency(text, notes) == Coded(code=code, raw=text)
    assert notes.all() == ()


def test_a_frequency_with_two_meanings_is_noted_unless_it_is_the_code() -> None:
    for text, codes in (("biweekly", ["frequency-ambiguous"]), ("BIWEEKLY", [])):
        notes = Notes()
        coded = frequency(text, notes)
        assert coded
        assert coded.code == "BIWEEKLY"
        assert [note.code for note in notes.all()] == codes


def test_no_frequency() -> None:
    assert frequency(None, Notes()) is None
    assert frequency("N/A", Notes()) is None


@pytest.mark.parametrize(
    ("text", "expected"),
    [("R/P1D", True), ("P1M", True), ("Annual", True), ("2019", False), ("5 years", False)],
)
def test_a_frequency_in_the_place_of_a_date_is_told_from_a_date(text: str, expected: bool) -> None:
    assert is_frequency(text) is expected


@pytest.mark.parametrize(
    ("values", "codes"),
    [
        (["Transportation"], ["TRAN"]),
        (["http://publications.europa.eu/resource/authority/data-theme/ENVI"], ["ENVI"]),
        (["https://portal.example/themes/national-economy"], ["ECON"]),
        (["http://eurovoc.europa.eu/100212"], [None]),
        (["Économie et finances"], ["ECON"]),
        (["Salud"], ["HEAL"]),
        (["Parks & Public Safety"], ["ENVI", "JUST"]),
        (["Health / Housing", "health"], ["HEAL", "REGI"]),
        (["Section 25. Banking and Insurance, Education"], ["EDUC"]),
        (["geospatial"], []),
        (["", "null"], []),
        (["Wireline"], [None]),
        (["Wireline", "Wireline", "Energy"], ["ENER", None]),
    ],
)
def test_themes(values: list[str], codes: list[str | None]) -> None:
    assert [coded.code for coded in themes(values)] == codes


def test_the_order_of_themes_means_nothing() -> None:
    values = ["Wireline", "Energy", "ENER", "Zoo", "Transport & Energy"]
    assert themes(values) == themes(reversed(values))


@pytest.mark.parametrize(
    ("stated", "keywords", "expected"),
    [
        (["Transport"], ["health"], ("TRAN",)),
        (["Wireline"], ["Health", "bike lanes"], ("HEAL", "TRAN")),
        ([], ["gis", "it", "maps"], ()),
        ([], [], ()),
    ],
)
def test_topics_are_the_themes_else_what_keywords_leave_no_doubt_about(
    stated: list[str], keywords: list[str], expected: tuple[str, ...]
) -> None:
    assert topics(themes(stated), [("en", word) for word in keywords]) == expected


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("public", "PUBLIC"),
        ("restricted public", "RESTRICTED"),
        ("non-public", "NON_PUBLIC"),
        ("http://publications.europa.eu/resource/authority/access-right/PUBLIC", "PUBLIC"),
        ("abierto", "PUBLIC"),
        ("ask the clerk", None),
    ],
)
def test_access_rights(text: str, code: str | None) -> None:
    assert access_rights(text) == Coded(code=code, raw=text)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("text/csv", "text/csv"),
        ("TEXT/CSV; charset=utf-8", "text/csv"),
        ("https://www.iana.org/assignments/media-types/text/csv", "text/csv"),
        ("application/x-gzip", "application/gzip"),
        ("application/x-zip-compressed", "application/zip"),
        ("application/xls", "application/vnd.ms-excel"),
        ("image/jpg", "image/jpeg"),
        ("CSV", "text/csv"),
        ("application/rss+xml", None),  # everybody uses it, nobody registered it
        ("applicaton/json", None),
    ],
)
def test_media_types_are_those_of_iana(text: str, code: str | None) -> None:
    assert media_type(text) == Coded(code=code, raw=text)


@pytest.mark.parametrize("text", [None, "", "null", "application/unknown", "application/force-download"])
def test_what_says_nothing_is_no_media_type(text: str | None) -> None:
    assert media_type(text) is None
