"""How a source is checked: every row, in any order, in any number of parts, whatever it holds."""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from harvester.model import Agent, Coded, Contact, Dataset, Date, Distribution, Finding, Note, Period, Place
from harvester.quality import check, findings, load_profile, sheets
from harvester.quality.validate import validate
from tests.make import dataset, distribution, source

TODAY = dt.date(2026, 4, 1)
PROFILE = load_profile()


def found(datasets: list[Dataset], **how: Any) -> list[Finding]:
    return check(source(), datasets, PROFILE, TODAY, **how)


def untidy(number: int) -> Dataset:
    """Every fifth title and every third file is like another one, and much is missing."""
    return dataset(
        number,
        title={"en": f"Street trees {number % 20}"},
        licence=None if number % 2 else Coded(code=None, raw="Licence Etalab"),
        publisher=Agent(name={"en": f"Department {number % 3}"}, url="nowhere" if number % 3 else None),
        in_series=(f"tree-{number + 1}",),
        distributions=tuple(
            distribution(f"{n}", download_url=f"https://a.example/{n % 2}.csv") for n in range(3)
        ),
        notes=(Note(code="date-ambiguous", field="issued", raw="01/02/2019"),),
    )


def test_no_finding_is_cut_off_however_many_there_are():
    many = [dataset(number, licence=None) for number in range(1_500)]
    assert [each.code for each in found(many)] == ["licence-missing"] * 1_500


def test_the_order_of_the_datasets_does_not_matter():
    datasets = [untidy(number) for number in range(60)]
    first = found(datasets)
    random.Random(7).shuffle(datasets)
    assert found(datasets) == first
    places = [(each.dataset, each.field, each.code) for each in first]
    assert places == sorted(places)


def test_parts_and_processes_change_nothing(monkeypatch: pytest.MonkeyPatch):
    datasets = [untidy(number) for number in range(100)]
    at_once = found(datasets)
    monkeypatch.setattr(sheets, "ROWS_A_PART", 7)
    monkeypatch.setattr(findings, "WORTH_SENDING", 2)
    assert found(datasets) == at_once
    with ThreadPoolExecutor(2) as executor:
        assert found(datasets, executor=executor) == at_once
    assert {"title-not-unique", "file-twice", "series-unknown", "url-invalid"} <= {
        each.code for each in at_once
    }


def test_large_parts_go_to_the_executor(monkeypatch: pytest.MonkeyPatch):
    sent: list[str] = []

    class Watched(ThreadPoolExecutor):
        def submit(self, function: Any, part: Any) -> Any:
            sent.append(part.table)
            return super().submit(function, part)

    monkeypatch.setattr(findings, "WORTH_SENDING", 20)
    with Watched(2) as executor:
        found([untidy(number) for number in range(30)], executor=executor)
    assert "datasets" in sent
    assert "publishers" not in sent  # three rows


def test_datasets_are_taken_one_by_one_and_let_go():
    """A source larger than memory can be checked: no dataset is wanted twice, or kept."""
    taken: list[int] = []

    def stream() -> Iterator[Dataset]:
        for number in range(5):
            taken.append(number)
            yield dataset(number)

    assert check(source(), stream(), PROFILE, TODAY) == []
    assert taken == [0, 1, 2, 3, 4]


def test_a_note_becomes_a_finding_with_the_weight_of_its_words():
    note = Note(code="spatial-bbox-invalid", field="spatial.0", raw="1,2,3")
    assert found([dataset(notes=(note,))]) == [
        Finding(
            code="spatial-bbox-invalid",
            severity="warning",
            source="elmford",
            dataset="street-trees-000001",
            field="spatial.0",
            raw="1,2,3",
        )
    ]


def test_a_note_that_nobody_gave_words_to_is_told_all_the_same():
    (finding,) = found([dataset(notes=(Note(code="brand-new", field="title", raw="x"),))])
    assert (finding.code, finding.field, finding.raw) == ("note-unknown", "title", "x")


def test_what_reading_told_already_is_not_told_again():
    frequency = Coded(code=None, raw="when we can")
    note = Note(code="frequency-unrecognised", field="frequency", raw="when we can, says Bob")
    assert len(found([dataset(frequency=frequency, notes=(note,))])) == 1


def test_that_a_value_is_on_no_list_is_not_told_where_more_is_known():
    terms = Coded(code=None, raw="<p>The town is not liable for anything</p>")
    told = found(
        [dataset(licence=terms, notes=(Note(code="licence-is-html", field="licence", raw=terms.raw),))]
    )
    assert [each.code for each in told] == ["licence-is-html"]


def test_a_file_in_a_note_goes_by_its_id():
    files = distribution("csv-ab12"), distribution("pdf-cd34")
    fields = ["distributions.1.byte_size", "distributions.0", "distributions", "distributions.7.title"]
    notes = tuple(Note(code="size-not-parsed", field=field, raw="big") for field in fields)
    told = found([dataset(distributions=files, notes=notes)])
    assert [each.field for each in told if each.code == "size-not-parsed"] == [
        "distributions",
        "distributions.7.title",
        "distributions.csv-ab12",
        "distributions.pdf-cd34.byte_size",
    ]


def test_what_we_have_counted_is_not_shown_as_the_words_of_the_source():
    (finding,) = found([dataset(distributions=())])
    assert (finding.code, finding.field, finding.raw) == ("distribution-missing", "distributions", "")


def test_a_publishers_fault_is_told_at_each_of_its_datasets():
    publisher = Agent(name={"en": "Parks"}, email="parks at elmford")
    told = found([dataset(number, publisher=publisher) for number in (1, 2)])
    assert [(each.dataset, each.field) for each in told] == [
        ("street-trees-000001", "publisher.email"),
        ("street-trees-000002", "publisher.email"),
    ]


def test_long_words_of_the_source_are_cut():
    (finding,) = found([dataset(licence=Coded(code=None, raw="terms " * 1_000))])
    assert len(finding.raw) == findings.LONGEST_RAW


def test_an_empty_source_has_no_findings():
    assert found([]) == []


def test_a_table_that_frictionless_cannot_read_is_a_bug_and_is_raised():
    part, _ = sheets.sheets("contacts", PROFILE.tables["contacts"], {})[0].take({}, TODAY)
    with pytest.raises(RuntimeError, match="could not validate"):
        validate(part._replace(rows=[("too", "many", "cells")]))


NOT_SHRUNK = [
    Phase.explicit,
    Phase.reuse,
    Phase.generate,
]  # it takes minutes, Frictionless being slow to set up

words = st.one_of(
    st.text(max_size=40), st.sampled_from(["<script>", "\x00", "\u202e", "=1+1", "http://[", "a@b"])
)
maybe = st.none() | words
texts = st.dictionaries(st.sampled_from(["en", "und"]), words, max_size=2)
coded = st.none() | st.builds(
    Coded, code=st.none() | st.sampled_from(["csv", "CC0-1.0", "DAILY"]) | words, raw=words
)
dates = st.none() | st.builds(Date, value=st.none() | words | st.dates().map(str), raw=words)
files = st.builds(
    Distribution,
    id=words,
    kind=st.sampled_from(["data", "service", "page"]),
    access_url=maybe,
    download_url=maybe,
    title=texts,
    format=coded,
    media_type=coded,
    byte_size=st.none() | st.integers(),
    licence=coded,
)
hostile = st.builds(
    Dataset,
    id=words,
    source=st.just("elmford"),
    key=words,
    identifiers=st.lists(words, max_size=2).map(tuple),
    title=texts,
    description=texts,
    topics=st.lists(words, max_size=2).map(tuple),
    publisher=st.builds(Agent, name=texts, url=maybe, email=maybe),
    contacts=st.lists(st.builds(Contact, email=maybe, raw_email=maybe, url=maybe), max_size=2).map(tuple),
    landing_page=maybe,
    licence=coded,
    access_rights=coded,
    issued=dates,
    modified=dates,
    frequency=coded,
    spatial=st.lists(st.builds(Place, raw=words), max_size=1).map(tuple),
    temporal=st.lists(st.builds(Period, raw=words), max_size=1).map(tuple),
    in_series=st.lists(words, max_size=1).map(tuple),
    distributions=st.lists(files, max_size=3).map(tuple),
    extra=st.dictionaries(words, words, max_size=2),
    notes=st.lists(st.builds(Note, code=words, field=words, raw=words), max_size=2).map(tuple),
)


@settings(max_examples=25, deadline=None, phases=NOT_SHRUNK)
@given(st.lists(hostile, max_size=4, unique_by=lambda dataset: dataset.id))
def test_whatever_a_dataset_holds_it_gets_its_findings(datasets: list[Dataset]):
    told = found(datasets)
    ids = {each.id for each in datasets}
    assert all(each.dataset in ids and each.code in PROFILE.words for each in told)
    assert found(datasets[::-1]) == told
