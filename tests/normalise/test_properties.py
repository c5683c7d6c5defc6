"""What holds for every draft, whatever its strings hold."""

from __future__ import annotations

import random
import time
from collections.abc import Iterator
from datetime import date
from typing import Any

import msgspec
import pytest
from hypothesis import HealthCheck, Phase, assume, given, settings
from hypothesis import strategies as st
from msgspec.structs import asdict, replace

from harvester.model import (
    Dataset,
    Draft,
    DraftContact,
    DraftDistribution,
    DraftPeriod,
    DraftPlace,
    Problem,
)
from harvester.normalise import dataset, dates, urls
from harvester.normalise.fingerprint import changed_fields, fingerprint
from harvester.normalise.identity import slug
from harvester.normalise.languages import tag
from harvester.normalise.markdown import clean, readable
from harvester.normalise.text import line
from tests import make
from tests.normalise.drafts import drafts, of_dataset, texts

SOURCE = make.source(language="en", settings={"date_order": "dmy"}, licence="cc-zero")

hard = settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
# A failing draft is shown as it is: making it smaller would take minutes.
whole = settings(
    max_examples=50,
    deadline=None,
    suppress_health_check=list(HealthCheck),
    phases=[Phase.explicit, Phase.reuse, Phase.generate],
)


def strings(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, msgspec.Struct):
        yield from strings(asdict(value))
    elif isinstance(value, dict):
        yield from strings([*value.keys(), *value.values()])
    elif isinstance(value, list | tuple):
        for part in value:
            yield from strings(part)


@whole
@given(drafts)
def test_a_draft_becomes_a_dataset_or_a_problem_and_never_an_exception(draft: Draft) -> None:
    result = dataset(draft, SOURCE)
    if isinstance(result, Problem):
        assert str(result)
        assert not any(
            line(title).strip("-.?")
            for title in draft.title.values()
            if "{{" not in title and len(line(title)) > 20
        )
        return
    assert result.title
    assert msgspec.json.decode(msgspec.json.encode(result), type=Dataset) == result
    assert fingerprint(result)


@whole
@given(drafts)
def test_every_string_can_stand_in_every_output(draft: Draft) -> None:
    """No control character but line end and tab, no half of a pair, nothing that turns the direction."""
    result = dataset(draft, SOURCE)
    for text in strings(result):
        assert text.encode("utf-8") is not None
        assert not set(text) & {
            chr(code) for code in (*range(9), *range(11, 32), 0x7F, 0x202E, 0x200B, 0xFFFE)
        }


@whole
@given(drafts, st.randoms(use_true_random=False))
def test_the_order_of_sets_changes_nothing(draft: Draft, chance: random.Random) -> None:
    def shuffled(values: tuple[Any, ...]) -> tuple[Any, ...]:
        return tuple(chance.sample(values, len(values)))

    names = (
        "keywords",
        "themes",
        "languages",
        "spatial",
        "temporal",
        "conforms_to",
        "documentation",
        "distributions",
    )
    other = replace(draft, **{name: shuffled(getattr(draft, name)) for name in names})
    first, second = dataset(draft, SOURCE), dataset(other, SOURCE)
    if isinstance(first, Dataset) and isinstance(second, Dataset):
        assert changed_fields(first, second) == ()


@whole
@given(drafts)
def test_what_we_publish_reads_back_as_it_is(draft: Draft) -> None:
    """Normalising is idempotent: a catalogue that harvests us finds what we found."""
    first = dataset(draft, SOURCE)
    assume(isinstance(first, Dataset))
    assert isinstance(first, Dataset)
    second = dataset(of_dataset(first), SOURCE)
    assert isinstance(second, Dataset)
    ours = {
        "key",
        "themes",
        "topics",
        "access_rights",
        "frequency",
        "spatial",
        "data_dictionary",
        "provenance",
    }
    assert set(changed_fields(first, second)) <= ours


@hard
@given(texts)
def test_a_line_is_one_line_and_stays(text: str) -> None:
    once = line(text)
    assert line(once) == once
    assert "\n" not in once
    assert len(once) <= 500


@hard
@given(texts)
def test_markdown_stays(text: str) -> None:
    once = clean(text)[0]
    assert clean(once)[0] == once


@hard
@given(texts)
def test_readable_text_holds_no_tags(text: str) -> None:
    shown = readable(text).lower()
    assert "<script>" not in shown
    assert "<b>" not in shown


@hard
@given(texts)
def test_an_address_is_ascii_and_stays(text: str) -> None:
    url, _ = urls.address(text)
    if url is not None:
        assert url.isascii()
        assert url.startswith(("http://", "https://", "ftp://", "ftps://"))
        assert urls.address(url).url == url


@hard
@given(texts, st.sampled_from([True, False, None]))
def test_a_date_has_the_form_of_a_date_and_stays(text: str, day_first: bool | None) -> None:
    value, _ = dates.read(text, day_first)
    if value is not None:
        assert dates.read(value) == (value, False)


@given(st.dates(min_value=date(1000, 1, 1), max_value=date(2200, 12, 31)))
def test_every_day_is_read_in_every_usual_spelling(day: date) -> None:
    expected = day.isoformat()
    assert dates.read(expected).value == expected
    assert dates.read(day.strftime("%Y%m%d")).value == expected
    assert dates.read(f"{day.day}.{day.month}.{day.year}").value == expected
    assert dates.read(f"{day.day}/{day.month}/{day.year}", True).value == expected
    assert dates.read(f"{day.month}/{day.day}/{day.year}", False).value == expected
    assert dates.read(f"{day:%B} {day.day}, {day.year}").value == expected
    assert dates.read(f"{expected}T00:00:00+02:00").value == expected


@hard
@given(texts)
def test_a_slug_can_stand_in_an_address_and_stays(text: str) -> None:
    name = slug(text)
    assert name
    assert len(name) <= 45
    assert set(name) <= set("abcdefghijklmnopqrstuvwxyz0123456789-")
    assert slug(name) == name


@hard
@given(texts)
def test_a_language_tag_stays(text: str) -> None:
    found = tag(text)
    assert found is None or tag(found) == found


@pytest.mark.parametrize(
    "piece", ["<!--", "<ul><li>", "<b '", "&amp;", "\n  ", "  ", "| ", "[a](", "é", "<script>", "{{"]
)
def test_the_time_grows_with_the_length_and_not_with_its_square(piece: str) -> None:
    """Each of these once took minutes, or was near to it; a record now takes seconds at most."""
    text = piece * (200_000 // len(piece)) + "!"
    started = time.monotonic()
    dataset(
        Draft(
            key=text,
            title={"": f"Trees {text}"},
            description={"": text},
            keywords=(("", text),),
            licence=text,
            rights=text,
            page=text,
            issued=text,
            spatial=(DraftPlace(text=text),),
            temporal=(DraftPeriod(text=text),),
            contacts=(DraftContact(name=text, email=text),),
            distributions=(DraftDistribution(url=text, format=text, byte_size=text),),
        ),
        SOURCE,
    )
    assert time.monotonic() - started < 20
