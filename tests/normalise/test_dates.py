from __future__ import annotations

import pytest

from harvester.model import Date
from harvester.normalise.dates import Order, clean, order_of, read
from harvester.normalise.notes import Notes

DATES = [
    # the precision stays
    ("2018", "2018"),
    ("2018-05", "2018-05"),
    ("2018-05-03", "2018-05-03"),
    ("2019-05-24T18:51:24Z", "2019-05-24T18:51:24Z"),
    # zones, fractions, liberties
    ("2019-05-24T18:51:24.603Z", "2019-05-24T18:51:24Z"),
    ("2019-05-24 18:51:24.603123", "2019-05-24T18:51:24Z"),
    ("2022-10-24T12:14:41-04:00", "2022-10-24T16:14:41Z"),
    ("2022-12-31T22:00:00-0500", "2023-01-01T03:00:00Z"),
    ("2021-03-04T05:06Z", "2021-03-04T05:06:00Z"),
    ("2018-5-3", "2018-05-03"),
    ("2018/05/03", "2018-05-03"),
    (" 2018-05-03 ", "2018-05-03"),
    ("2018-05-03+02:00", "2018-05-03"),
    ("20240229", "2024-02-29"),
    ("20150123010000", "2015-01-23T01:00:00Z"),
    ("2015-01-23T010000", "2015-01-23T01:00:00Z"),
    ("2016-12-31T23:59:60Z", "2016-12-31T23:59:59Z"),
    ("2020-12-31T24:00:00", "2021-01-01"),
    ("２０２０-01-02", "2020-01-02"),
    # midnight is no time
    ("2020-01-01T00:00:00", "2020-01-01"),
    ("2020-01-01T00:00:00.000Z", "2020-01-01"),
    ("2020-01-01T00:00:00-05:00", "2020-01-01"),
    # since 1970
    ("1558723884", "2019-05-24T18:51:24Z"),
    ("1558723884000", "2019-05-24T18:51:24Z"),
    ("1558723884000.0", "2019-05-24T18:51:24Z"),
    ("-2208988800000", "1900-01-01"),
    # mail and programs
    ("Tue, 10 Dec 2019 10:00:00 +0100", "2019-12-10T09:00:00Z"),
    ("Mon Jan  5 12:00:00 EST 2015", "2015-01-05T17:00:00Z"),
    ("Fri May 24 2019 18:51:24 GMT+0000 (Coordinated Universal Time)", "2019-05-24T18:51:24Z"),
    ("Mar 5 2021 12:30AM", "2021-03-05T00:30:00Z"),
    ("01/23/2019 03:15:00 PM", "2019-01-23T15:15:00Z"),
    # words
    ("March 2021", "2021-03"),
    ("mars 2021", "2021-03"),
    ("10 mars 2021", "2021-03-10"),
    ("1er août 2021", "2021-08-01"),
    ("5 de marzo de 2021", "2021-03-05"),
    ("November 3rd, 2020", "2020-11-03"),
    ("lundi 4 mars 2019", "2019-03-04"),
    ("24-May-2019", "2019-05-24"),
    ("Dezember 2020", "2020-12"),
    # a weekday settles which number is the day
    ("mar, 10/12/2019", "2019-12-10"),
    ("mar, 10/12/2019 - 10:30", "2019-12-10T10:30:00Z"),
    # only one reading
    ("13/4/2021", "2021-04-13"),
    ("4/13/2021", "2021-04-13"),
    ("4/4/2021", "2021-04-04"),
    ("10.12.2019", "2019-12-10"),
]  # fmt: skip

NO_DATES = [
    "20013", "0201", "0001-01-01", "9999-01-01", "99999999999999", "2020-02-30", "2/30/2021", "2021-13", "20240230",
    "0000-00-00T25:61:61Z", "9999999999999-99-99", "2020-01-01T25:00:00", "R/P1D", "yesterday", "2019-Q1", "12:30",
    "24-MAY-19", "5/6/19", "xyz 2020", "1.5", "NaN", "2020-01-01T10", "x" * 1000, "{{modified}}", "foo, 10/12/2019",
]  # fmt: skip


@pytest.mark.parametrize(("text", "expected"), DATES)
def test_dates_are_read_in_their_precision(text: str, expected: str) -> None:
    assert read(text) == (expected, False)


@pytest.mark.parametrize("value", sorted({expected for _, expected in DATES}))
def test_a_value_reads_as_itself(value: str) -> None:
    assert read(value) == (value, False)


@pytest.mark.parametrize("text", NO_DATES)
def test_what_is_no_date_has_no_value(text: str) -> None:
    assert read(text).value is None


@pytest.mark.parametrize(
    ("day_first", "expected"), [(True, "2021-04-03"), (False, "2021-03-04"), (None, None)]
)
def test_day_and_month_are_told_apart_only_by_a_known_order(
    day_first: bool | None, expected: str | None
) -> None:
    assert read("3/4/2021", day_first) == (expected, True)


@pytest.mark.parametrize(
    ("setting", "language", "expected"),
    [
        ("dmy", "en-US", Order(True, stated=True)),
        ("mdy", None, Order(False, stated=True)),
        (None, "fr", Order(True)),
        (None, "en", Order(False)),
        (None, "en-US", Order(False)),
        (None, "en-GB", Order(True)),
        (None, None, Order(None)),
        (None, "und", Order(None)),
        (7, "es", Order(True)),
    ],
)
def test_the_order_comes_from_the_setting_else_from_the_language(
    setting: object, language: str | None, expected: Order
) -> None:
    assert order_of(setting, language) == expected


@pytest.mark.parametrize(
    ("order", "value", "codes"),
    [
        (Order(True, stated=True), "2021-04-03", []),
        (Order(True), "2021-04-03", ["date-ambiguous"]),
        (Order(), None, ["date-ambiguous"]),
    ],
)
def test_an_ambiguous_date_is_noted_unless_the_order_was_stated(
    order: Order, value: str | None, codes: list[str]
) -> None:
    notes = Notes()
    assert clean("3/4/2021", order, "issued", notes) == Date(value=value, raw="3/4/2021")
    assert [note.code for note in notes.all()] == codes


def test_no_date_is_none_and_a_bad_one_keeps_its_words() -> None:
    notes = Notes()
    assert clean("", Order(), "issued", notes) is None
    assert clean("N/A", Order(), "issued", notes) is None
    assert clean("last\x00 week", Order(), "issued", notes) == Date(value=None, raw="last week")
    assert notes.all() == ()
