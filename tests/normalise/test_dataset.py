"""A whole draft becomes a whole dataset."""

from __future__ import annotations

from typing import Any

import pytest

from harvester.model import (
    Agent,
    Coded,
    Contact,
    Dataset,
    Date,
    Draft,
    DraftAgent,
    DraftContact,
    DraftDistribution,
    DraftPeriod,
    DraftPlace,
    Note,
    Period,
    Place,
    Problem,
)
from harvester.normalise import dataset
from tests import make

SOURCE = make.source(language="en")


def read(source: Any = SOURCE, **draft: Any) -> Dataset:
    result = dataset(Draft(**{"key": "1", "title": {"": "Street trees"}, **draft}), source)
    assert isinstance(result, Dataset)
    return result


def codes(result: Dataset) -> list[tuple[str, str]]:
    return [(note.code, note.field) for note in result.notes]


def test_every_field_of_a_draft_is_read() -> None:
    draft = Draft(
        key="tree-1",
        identifiers=("tree-1", "urn:x:1", "tree-1"),
        uri="https://data.elmford.example/id/tree-1",
        title={"": "<b>Street</b> trees", "fr": "Arbres"},
        description={"": "<p>Every <b>tree</b>.</p>"},
        keywords=(("", "trees"), ("", "Parks"), ("", "parks")),
        themes=("Environment", "geospatial"),
        publisher=DraftAgent(name={"": "Parks Department"}),
        contacts=(DraftContact(name="Parks desk", email="mailto:parks@elmford.example"),),
        page="https://data.elmford.example/dataset/tree-1",
        landing_page="https://elmford.example/trees",
        licence="cc-zero",
        rights="<i>None</i> reserved",
        access_rights="public",
        issued="2019",
        modified="2026-03-14T00:00:00",
        frequency="R/P1Y",
        languages=("eng",),
        spatial=(DraftPlace(text="Elmford"), DraftPlace(text="-83.3,42.2,-82.9,42.5")),
        temporal=(DraftPeriod(text="2010/2020"),),
        conforms_to=("https://schema.example/trees", "Our own list"),
        documentation=("https://elmford.example/trees.pdf",),
        data_dictionary=("https://elmford.example/fields",),
        in_series=("series-1",),
        version=" 1.0 ",
        status="active",
        provenance=("https://state.example/",),
        distributions=(DraftDistribution(url="https://data.elmford.example/trees.csv", format="CSV"),),
        unread={"views": "7", "coordinate system": "NAD83", "empty": ""},
    )
    result = dataset(draft, SOURCE)
    assert isinstance(result, Dataset)
    assert result == Dataset(
        source="elmford",
        key="key:tree-1",
        identifiers=("tree-1", "urn:x:1"),
        uri="https://data.elmford.example/id/tree-1",
        title={"en": "Street trees", "fr": "Arbres"},
        description={"en": "Every **tree**."},
        keywords=(("en", "Parks"), ("en", "trees")),
        themes=(Coded(code="ENVI", raw="Environment"),),
        topics=("ENVI",),
        publisher=Agent(name={"en": "Parks Department"}),
        contacts=(Contact(name="Parks desk", email="parks@elmford.example"),),
        page="https://data.elmford.example/dataset/tree-1",
        landing_page="https://elmford.example/trees",
        licence=Coded(code="CC0-1.0", raw="cc-zero"),
        rights="None reserved",
        access_rights=Coded(code="PUBLIC", raw="public"),
        issued=Date(value="2019", raw="2019"),
        modified=Date(value="2026-03-14", raw="2026-03-14T00:00:00"),
        frequency=Coded(code="ANNUAL", raw="R/P1Y"),
        languages=("en",),
        spatial=(
            Place(bbox=(-83.3, 42.2, -82.9, 42.5), raw="-83.3,42.2,-82.9,42.5"),
            Place(label="Elmford", raw="Elmford"),
        ),
        temporal=(Period(start="2010", end="2020", raw="2010/2020"),),
        conforms_to=("Our own list", "https://schema.example/trees"),
        documentation=("https://elmford.example/trees.pdf",),
        data_dictionary=("https://elmford.example/fields",),
        in_series=("series-1",),
        version="1.0",
        status="active",
        provenance=("https://state.example/",),
        distributions=result.distributions,
        extra={"coordinate system": "NAD83", "views": "7"},
        notes=(Note(code="description-html", field="description", raw="<p>Every <b>tree</b>.</p>"),),
    )
    assert [file.download_url for file in result.distributions] == ["https://data.elmford.example/trees.csv"]


@pytest.mark.parametrize("title", [{}, {"": ""}, {"": "  "}, {"en": "null", "fr": "{{name}}"}])
def test_only_a_dataset_without_any_title_is_left_out(title: dict[str, str]) -> None:
    result = dataset(Draft(key="tree-1", title=title), SOURCE)
    assert isinstance(result, Problem)
    assert str(result) == (
        "elmford: The dataset key:tree-1 has no title and was left out. Give it a title on your portal."
    )


def test_one_title_is_enough() -> None:
    assert read(title={"en": "N/A", "fr": "Arbres"}).title == {"fr": "Arbres"}


@pytest.mark.parametrize(
    ("language", "expected"),
    [("fr", {"fr": "Arbres"}), (None, {"und": "Arbres"}), ("English", {"en": "Arbres"})],
)
def test_text_without_a_language_has_that_of_its_source(
    language: str | None, expected: dict[str, str]
) -> None:
    assert read(make.source(language=language), title={"": "Arbres"}).title == expected


def test_a_stated_language_wins_over_an_assumed_one() -> None:
    for title in ({"": "Trees?", "en": "Trees"}, {"en": "Trees", "": "Trees?"}):
        assert read(title=title).title == {"en": "Trees"}


def test_a_title_that_nobody_chose_is_kept_and_noted() -> None:
    result = read(title={"": "---"})
    assert result.title == {"en": "---"}
    assert codes(result)[0] == ("title-placeholder", "title")


def test_a_template_that_nobody_filled_is_no_description() -> None:
    result = read(description={"": "{{description}}"}, publisher=DraftAgent(name={"": "Parks"}))
    assert result.description == {}
    assert codes(result) == [("title-placeholder", "description")]


def test_what_is_missing_is_not_noted() -> None:
    """The profile finds it: a note would say the same thing twice."""
    result = read(publisher=DraftAgent(name={"": "Parks"}))
    assert result.notes == ()
    assert (result.licence, result.modified, result.description) == (None, None, {})


def test_what_no_list_knows_is_not_noted() -> None:
    result = read(
        publisher=DraftAgent(name={"": "Parks"}),
        licence="our terms",
        frequency="when we can",
        themes=("Wireline",),
        access_rights="ask",
        modified="last week",
        distributions=(DraftDistribution(url="https://x.example/a", format="Mystery", media_type="x/y"),),
    )
    assert result.notes == ()
    assert result.licence == Coded(code=None, raw="our terms")
    assert result.modified == Date(value=None, raw="last week")


def test_the_sources_licence_stands_in_where_none_is_stated() -> None:
    source = make.source(language="en", licence="cc-by")
    result = read(source, licence="notspecified")
    assert result.licence == Coded(code="CC-BY-4.0", raw="cc-by")
    assert ("licence-from-source", "licence") in codes(result)


@pytest.mark.parametrize(
    "draft",
    [
        {"licence": "our terms"},
        {"distributions": (DraftDistribution(url="https://x.example/a.csv", licence="cc-zero"),)},
    ],
)
def test_the_sources_licence_overrules_nobody(draft: dict[str, Any]) -> None:
    result = read(make.source(language="en", licence="cc-by"), **draft)
    assert result.licence is None or result.licence.code is None
    assert ("licence-from-source", "licence") not in codes(result)


@pytest.mark.parametrize(("frequency", "expected"), [(None, "DAILY"), ("N/A", "DAILY"), ("R/P1Y", "ANNUAL")])
def test_a_repeating_interval_is_no_date_of_modification(frequency: str | None, expected: str) -> None:
    result = read(modified="R/P1D", frequency=frequency)
    assert result.modified is None
    assert result.frequency
    assert result.frequency.code == expected
    assert ("modified-is-frequency", "modified") in codes(result)


@pytest.mark.parametrize(
    ("source", "draft", "expected"),
    [
        (make.source(settings={"date_order": "mdy"}), {}, "2021-03-04"),
        (make.source(settings={"date_order": "dmy"}, language="en"), {}, "2021-04-03"),
        (make.source(language="fr"), {}, "2021-04-03"),
        (make.source(), {"title": {"fr": "Arbres"}}, "2021-04-03"),
        (make.source(), {"languages": ("English",)}, "2021-03-04"),
        (make.source(), {}, None),
    ],
)
def test_dates_are_read_in_the_order_of_the_source(
    source: Any, draft: dict[str, Any], expected: str | None
) -> None:
    issued = read(source, issued="3/4/2021", **draft).issued
    assert issued == Date(value=expected, raw="3/4/2021")


def test_notes_of_the_feed_follow_their_distribution() -> None:
    result = read(
        publisher=DraftAgent(name={"": "Parks"}),
        distributions=(
            DraftDistribution(url="https://x.example/about", format="HTML"),
            DraftDistribution(title={"": "nowhere"}),
            DraftDistribution(url="https://x.example/a.csv"),
        ),
        notes=(
            Note(code="url-relative", field="distributions.0.url", raw="/about"),
            Note(code="url-relative", field="distributions.2.url", raw="a.csv"),
            Note(code="value-unexpected-type", field="distributions.1.title"),
            Note(code="value-unexpected-type", field="distributions.9"),
            Note(code="feed-repaired", field="title"),
        ),
    )
    assert codes(result) == [
        ("distribution-no-url", "distributions"),
        ("url-relative", "distributions.1.url"),
        ("url-relative", "distributions.0.url"),
        ("value-unexpected-type", "distributions"),
        ("feed-repaired", "title"),
    ]


@pytest.mark.parametrize(
    ("keywords", "expected", "noted"),
    [
        (("roads, bridges; parks",), ("bridges", "parks", "roads"), True),
        (("roads; bridges", "parks"), ("bridges", "parks", "roads"), True),
        (("Boundaries, Administrative", "parks"), ("Boundaries, Administrative", "parks"), False),
        (("Parks", "parks", "PARKS", "", "n/a"), ("PARKS",), False),
        (("a<b>b</b>", "&eacute;t&eacute;"), ("ab", "été"), False),
    ],
)
def test_keywords(keywords: tuple[str, ...], expected: tuple[str, ...], noted: bool) -> None:
    result = read(keywords=tuple(("", word) for word in keywords))
    assert tuple(word for _, word in result.keywords) == expected
    assert (("keyword-list-in-one", "keywords") in codes(result)) is noted


def test_one_record_cannot_fill_the_store() -> None:
    result = read(
        title={"": "Long " * 20_000},
        description={"": "word " * 100_000},
        keywords=tuple(("", f"word-{number}") for number in range(10_000)),
        themes=tuple(f"theme-{number}" for number in range(10_000)),
        identifiers=("x" * 100_000,),
        licence="terms " * 50_000,
        spatial=tuple(DraftPlace(text=f"place-{number}") for number in range(10_000)),
        unread={f"field-{number}": "x" * 100_000 for number in range(1_000)},
    )
    assert len(result.title["en"]) <= 500
    assert len(result.description["en"]) <= 20_000
    assert len(result.keywords) == 1_000
    assert max(len(result.themes), len(result.spatial), len(result.extra)) <= 200
    assert len(result.key) <= 500
    assert len(repr(result)) < 1_000_000
    assert [code for code, _ in codes(result)].count("value-truncated") == 3


def test_one_record_cannot_fill_the_report() -> None:
    result = read(distributions=tuple(DraftDistribution(url=f"nowhere {number}") for number in range(1_000)))
    assert len(result.notes) == 200


def test_a_placeholder_for_three_fields_is_nothing() -> None:
    result = read(
        version="N/A", status="null", rights="{{rights}}", uri="", page="-", landing_page="undefined"
    )
    assert [result.version, result.status, result.rights, result.uri, result.page, result.landing_page] == [
        None
    ] * 6
