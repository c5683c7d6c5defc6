from __future__ import annotations

import pytest

from harvester.model import DraftPeriod, Period
from harvester.normalise.dates import Order
from harvester.normalise.notes import Notes
from harvester.normalise.periods import clean

TEXTS = [
    ("2019/2020", "2019", "2020"),
    ("2010-01-01T00:00:00Z/2010-07-01T12:00:00Z", "2010-01-01", "2010-07-01T12:00:00Z"),
    ("R/2000-02-24T00:00:00Z/P1Y", "2000-02-24", None),
    ("2009-01-01/P1Y", "2009-01-01", "2009-12-31"),
    ("2009-01-15/P1M", "2009-01-15", "2009-02-14"),
    ("2009-01-01/P2W", "2009-01-01", "2009-01-14"),
    ("2009-01-01/..", "2009-01-01", None),
    ("2012/", "2012", None),
    ("../2010", None, "2010"),
    ("2011", "2011", "2011"),
    ("2018-05", "2018-05", "2018-05"),
    ("2019-2020", "2019", "2020"),
    ("2010 to 2015", "2010", "2015"),
    ("from 2001 to present", "2001", None),
    ("de 2010 à 2012", "2010", "2012"),
    ("1/1/2010 - 12/31/2014", "2010-01-01", "2014-12-31"),
    ("March 2010 – May 2011", "2010-03", "2011-05"),
    ("since 2010", "2010", None),
    ("depuis mars 2010", "2010-03", None),
    ("start=2011-01-01; end=2012-12-31; scheme=W3C-DTF;", "2011-01-01", "2012-12-31"),
    ("2010-01-01/9999-12-31", "2010-01-01", None),
]


@pytest.mark.parametrize(("text", "start", "end"), TEXTS)
def test_periods_are_read(text: str, start: str | None, end: str | None) -> None:
    notes = Notes()
    assert clean(DraftPeriod(text=text), Order(), "temporal.0", notes) == Period(
        start=start, end=end, raw=text
    )
    assert notes.all() == ()


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("the nineties", "temporal-not-parsed"),
        ("R/P1Y", "temporal-not-parsed"),
        ("2010/soon", "temporal-not-parsed"),
        ("3/4/2010 to 5/6/2011", "temporal-not-parsed"),
        ("2020/2010", "temporal-reversed"),
        ("2020-05-02/2020-05-01", "temporal-reversed"),
    ],
)
def test_a_period_that_is_not_understood_as_a_whole_is_kept_in_its_words_only(text: str, code: str) -> None:
    notes = Notes()
    assert clean(DraftPeriod(text=text), Order(), "temporal.0", notes) == Period(raw=text)
    assert [note.code for note in notes.all()] == [code]


@pytest.mark.parametrize(
    ("draft", "expected"),
    [
        (DraftPeriod(start="2010", end="2011"), Period(start="2010", end="2011", raw="2010/2011")),
        (DraftPeriod(start="2010"), Period(start="2010", end=None, raw="2010/")),
        (DraftPeriod(end="2011-05"), Period(start=None, end="2011-05", raw="/2011-05")),
        (DraftPeriod(start="", end="null"), None),
        (DraftPeriod(text="../.."), None),
        (DraftPeriod(text="N/A"), None),
        (DraftPeriod(), None),
    ],
)
def test_ends_that_the_format_tells_apart(draft: DraftPeriod, expected: Period | None) -> None:
    assert clean(draft, Order(), "temporal.0", Notes()) == expected


def test_one_bad_end_makes_no_open_period() -> None:
    notes = Notes()
    period = clean(DraftPeriod(start="0001-01-01T00:00:00Z", end="2010"), Order(), "temporal.0", notes)
    assert period == Period(raw="0001-01-01T00:00:00Z/2010")
    assert [note.code for note in notes.all()] == ["temporal-not-parsed"]


def test_an_order_concluded_from_the_language_is_noted() -> None:
    notes = Notes()
    period = clean(DraftPeriod(text="3/4/2010 to 5/6/2011"), Order(day_first=True), "temporal.0", notes)
    assert period
    assert (period.start, period.end) == ("2010-04-03", "2011-06-05")
    assert [note.code for note in notes.all()] == ["date-ambiguous"]
