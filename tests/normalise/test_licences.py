from __future__ import annotations

import pytest

from harvester.model import Coded
from harvester.normalise.licences import clean
from harvester.normalise.notes import Notes

RECOGNISED = [
    # addresses, in every form
    ("https://creativecommons.org/licenses/by/4.0/", "CC-BY-4.0", []),
    ("http://www.creativecommons.org/licenses/by/4.0", "CC-BY-4.0", []),
    ("creativecommons.org/licenses/by/4.0/deed.fr", "CC-BY-4.0", []),
    ("https://creativecommons.org/licenses/by/4.0/legalcode.es", "CC-BY-4.0", []),
    ("https://creativecommons.org/licenses/by/4.0/?ref=chooser-v1", "CC-BY-4.0", []),
    ("https://creativecommons.org/licenses/by/3.0/us/", "CC-BY-3.0", []),
    ("https://creativecommons.org/licenses/by/3.0/au/deed.en", "CC-BY-3.0-AU", []),
    ("https://creativecommons.org/licenses/by-nc-sa/2.5/ca/deed.fr", "CC-BY-NC-SA-2.5", []),
    ("https://creativecommons.org/licenses/by-nd-nc/1.0/", "CC-BY-NC-ND-1.0", []),
    ("https://creativecommons.org/publicdomain/zero/1.0/legalcode", "CC0-1.0", []),
    ("https://creativecommons.org/licenses/by-sa/", "CC-BY-SA-4.0", ["licence-version-assumed"]),
    ("http://publications.europa.eu/resource/authority/licence/CC_BY_4_0", "CC-BY-4.0", []),
    ("https://spdx.org/licenses/CC0-1.0.html", "CC0-1.0", []),
    ("http://www.opendefinition.org/licenses/odc-pddl", "PDDL-1.0", []),
    ("https://www.usa.gov/publicdomain/label/1.0/", "US-PD-LABEL", []),
    ("https://opendata.swiss/terms-of-use#terms_by", "CH-BY", []),
    ("http://www.nationalarchives.gov.uk/doc/open-government-licence/version/3/", "OGL-UK-3.0", []),
    # identifiers
    ("cc-by", "CC-BY-4.0", ["licence-version-assumed"]),
    ("CC-BY-SA-3.0", "CC-BY-SA-3.0", []),
    ("cc-zero", "CC0-1.0", []),
    ("odc-odbl", "ODbL-1.0", []),
    ("us-pd", "US-GOV-WORK", []),
    ("other-pd", "OTHER-PD", []),
    # free words
    ("Licence Etalab", "etalab-2.0", ["licence-version-assumed"]),
    ("Licence Ouverte v2.0 (Etalab)", "etalab-2.0", []),
    ("Creative Commons Attribution", "CC-BY-4.0", ["licence-version-assumed"]),
    ("CC BY 4.0", "CC-BY-4.0", []),
    ("License: CC0", "CC0-1.0", []),
    ("Open Government Licence – Ontario", "OGL-CA-local", []),
    ("Open Data Commons Open Database License (ODbL)", "ODbL-1.0", []),
    ("Public Domain", "OTHER-PD", []),
    ("Licencia: Creative Commons Atribución 4.0", "CC-BY-4.0", []),
    # inside of sentences
    (
        "This data is licensed under a Creative Commons Attribution 4.0 International License.",
        "CC-BY-4.0",
        [],
    ),
    ("Licensed under Creative Commons Attribution-NonCommercial-NoDerivs 3.0", "CC-BY-NC-ND-3.0", []),
    ("You may use it under the ODbL.", "ODbL-1.0", []),
    ("Terms: https://creativecommons.org/licenses/by/4.0/.", "CC-BY-4.0", []),
]

NOT_RECOGNISED = [
    "See Terms of Use",
    "either CC BY 4.0 or ODbL",
    "this is not licensed under CC BY 4.0",
    "Creative Commons Attribution-Something Else",
    "https://town.example/terms",
    "https://creativecommons.org/licenses/by/4.0cc",
    "gopher://127.0.0.1:6379/_FLUSHALL",
    "=1+1",
]


def read(text: str | None) -> tuple[Coded | None, Coded | None, list[str]]:
    notes = Notes()
    licence, access = clean(text, "licence", notes)
    return licence, access, [note.code for note in notes.all()]


@pytest.mark.parametrize(("text", "code", "codes"), RECOGNISED)
def test_licences_are_recognised(text: str, code: str, codes: list[str]) -> None:
    assert read(text) == (Coded(code=code, raw=text), None, codes)


@pytest.mark.parametrize("text", NOT_RECOGNISED)
def test_other_words_are_kept_as_they_came(text: str) -> None:
    assert read(text) == (Coded(code=None, raw=text), None, [])


@pytest.mark.parametrize(
    "text",
    [
        None, "", "null", "notspecified", "License not specified", "No license provided", "Non spécifiée", "sin licencia",
        "https://project-open-data.cio.gov/unknown-license/#v1-legacy/other-license-specified", "unknown",
    ],
)  # fmt: skip
def test_words_for_no_licence_are_no_licence(text: str | None) -> None:
    assert read(text) == (None, None, [])


def test_a_template_that_nobody_filled_is_no_licence() -> None:
    assert read("{{license}}") == (None, None, ["title-placeholder"])


@pytest.mark.parametrize(("text", "code"), [("accessLevel: Public", "PUBLIC"), ("non-public", "NON_PUBLIC")])
def test_an_access_note_is_moved_to_where_it_belongs(text: str, code: str) -> None:
    licence, access, codes = read(text)
    assert licence is None
    assert access
    assert access.code == code
    assert codes == ["rights-in-licence"]


def test_an_anchor_counts_by_its_address() -> None:
    text = "<a href='https://creativecommons.org/licenses/by/4.0/deed.fr' target='_blank'>our licence</a>"
    expected = "our licence (https://creativecommons.org/licenses/by/4.0/deed.fr)"
    assert read(text) == (Coded(code="CC-BY-4.0", raw=expected), None, [])


def test_a_disclaimer_in_html_is_kept_as_text_that_people_can_read() -> None:
    text = "<p><span style='color:#1F497D'>See the <a href='https://town.example/policy'>Data Policy</a></span></p>"
    assert read(text) == (
        Coded(code=None, raw="See the Data Policy (https://town.example/policy)"),
        None,
        ["licence-is-html"],
    )


def test_a_long_text_is_noted_even_where_it_names_a_licence() -> None:
    licence, _, codes = read("No warranty. " * 40 + "CC BY 4.0 applies.")
    assert licence
    assert (licence.code, codes) == ("CC-BY-4.0", ["licence-is-html"])
