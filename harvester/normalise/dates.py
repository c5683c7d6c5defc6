"""Dates in the precision in which they were given.

Read are ISO 8601 with its usual liberties, seconds and milliseconds since 1970, RFC 2822, and dates in
numbers or words in six languages. What is no date between the years 1000 and 2200 is None.

Where a portal gives no zone, the time is taken as UTC (CKAN's are). Midnight sharp is how programs write
"no time", so it counts as a date without one; with a zone it is the date there.
"""

from __future__ import annotations

import re
import unicodedata
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from typing import NamedTuple

from harvester.model import Date
from harvester.normalise.notes import Notes, raw
from harvester.normalise.text import missing

FIRST_YEAR, LAST_YEAR = 1000, 2200


class Read(NamedTuple):
    """The value as in `model.Date`, and whether day and month could be the other way round."""

    value: str | None
    ambiguous: bool = False


class Order(NamedTuple):
    """Which of 3/4/2021 is the day, and whether somebody said so or we concluded it from the language."""

    day_first: bool | None = None  # None: nobody knows
    stated: bool = False


def order_of(setting: object, language: str | None) -> Order:
    """The order of a source from its `date_order` setting ("dmy" or "mdy"), else from a language tag."""
    if isinstance(setting, str) and setting[:1].lower() in {"d", "m"}:
        return Order(setting[:1].lower() == "d", stated=True)
    if not language or language == "und":
        return Order()
    primary, _, region = language.partition("-")
    return Order(not (primary == "en" and region in {"", "US", "PH"}))


_ISO = re.compile(r"(\d{4})-(\d\d)-(\d\d)(?:[T ](\d\d):(\d\d):(\d\d)(?:\.\d+)?Z?)?", re.ASCII)
_TIME = (
    r"(?:(?:\s+(?:at|à|a las|[-–])\s+|[T\s,]+)(\d{1,2})(?::?(\d\d))(?::?(\d\d)(?:[.,:]\d+)?)?"
    r"\s*([AP]\.?M\.?)?)?"
    r"\s*(Z|UTC|GMT|(?:UTC|GMT)?\s*[+-]\d\d(?::?\d\d)?|[ECMP][SD]T|CES?T)?"
)
_YEAR_FIRST = re.compile(rf"(\d{{4}})([-/.])(\d{{1,2}})(?:\2(\d{{1,2}}){_TIME})?", re.IGNORECASE)
_YEAR_LAST = re.compile(
    rf"(?:([^\W\d_]+)\.?,?\s+)?(\d{{1,2}})([-/.])(\d{{1,2}})\3(\d{{4}}){_TIME}", re.IGNORECASE
)
_COMPACT = re.compile(r"(\d{4})(\d\d)(\d\d)(?:T?(\d\d)(\d\d)(\d\d)(?:\.\d+)?)?(Z|[+-]\d\d(?::?\d\d)?)?")
_EPOCH = re.compile(r"(-?\d{9,14})(?:\.\d+)?")
_WEEKDAY = r"(?:[^\W\d_]+\.?,?\s+)?"
_DAY = r"(\d{1,2})(?:st|nd|rd|th|er|º|\.)?"
_MONTH = r"([^\W\d_]{3,})\.?"
_BETWEEN = r"(?:,?\s+(?:de|del|of)\s+|[-\s/.,]+)"
_WORDS = (  # each gives day, month, year and the five parts of a time, by name
    (re.compile(rf"{_WEEKDAY}{_DAY}{_BETWEEN}{_MONTH}{_BETWEEN}(\d{{4}}){_TIME}", re.IGNORECASE), "dmyt"),
    (re.compile(rf"{_WEEKDAY}{_MONTH}{_BETWEEN}{_DAY}{_BETWEEN}(\d{{4}}){_TIME}", re.IGNORECASE), "mdyt"),
    (re.compile(rf"{_WEEKDAY}{_MONTH}\s+{_DAY}{_TIME}\s+(\d{{4}})", re.IGNORECASE), "mdty"),
    (re.compile(rf"{_MONTH}{_BETWEEN}(\d{{4}})", re.IGNORECASE), "my"),
)
_BRACKETED = re.compile(r"\s*\([^()]*\)\s*$")

_MONTHS = {
    name: number
    for number, names in enumerate(
        (
            "january jan janvier janv enero ene januar gennaio gen janeiro",
            "february feb fevrier fevr fev febrero februar febbraio fevereiro",
            "march mar mars marzo marz maerz marco",
            "april apr avril avr abril abr aprile",
            "may mai mayo maggio mag maio",
            "june jun juin junio juni giugno giu junho",
            "july jul juillet juil julio juli luglio lug julho",
            "august aug aout agosto ago",
            "september sep sept septembre septiembre setiembre set settembre setembro",
            "october oct octobre octubre oktober okt ottobre ott outubro out",
            "november nov novembre noviembre novembro",
            "december dec decembre diciembre dic dezember dez dicembre dezembro",
        ),
        1,
    )
    for name in names.split()
}
_WEEKDAYS = {
    name: number
    for number, names in enumerate(
        (
            "monday mon lundi lun lunes montag mo lunedi segunda",
            "tuesday tue tues mardi mar martes dienstag di martedi terca",
            "wednesday wed mercredi mer miercoles mie mittwoch mi mercoledi quarta",
            "thursday thu thur thurs jeudi jeu jueves jue donnerstag do giovedi gio quinta",
            "friday fri vendredi ven viernes vie freitag fr venerdi sexta",
            "saturday sat samedi sam sabado sab samstag sa sabato",
            "sunday sun dimanche dim domingo dom sonntag so domenica",
        )
    )
    for name in names.split()
}
_ZONES = {"EST": -5, "EDT": -4, "CST": -6, "CDT": -5, "MST": -7, "MDT": -6, "PST": -8, "PDT": -7, "CET": 1}
_ZONES["CEST"] = 2


@lru_cache(maxsize=65_536)
def read(text: str, day_first: bool | None = None) -> Read:
    """Read one date. `day_first` settles 3/4/2021; None: it cannot be settled, and has no value."""
    if found := _ISO.fullmatch(text):
        return Read(_of_iso(text) or _assembled(*found.groups()))
    if len(text) > 100:
        return Read(None)
    if not text.isascii():
        text = "".join(str(unicodedata.decimal(each)) if each.isdecimal() else each for each in text)
    text = _BRACKETED.sub("", " ".join(text.split()))
    if text.isdecimal() and len(text) == 4:
        return Read(text if FIRST_YEAR <= int(text) <= LAST_YEAR else None)
    if found := _YEAR_FIRST.fullmatch(text):
        year, _, month, day, *time = found.groups()
        return Read(_assembled(year, month, day, *time))
    if found := _COMPACT.fullmatch(text):
        year, month, day, hour, minute, second, zone = found.groups()
        if value := _assembled(year, month, day, hour, minute, second, zone=zone):
            return Read(value)
    if found := _EPOCH.fullmatch(text):
        return Read(_since_1970(found[1]))
    if found := _YEAR_LAST.fullmatch(text):
        return _year_last(found, day_first)
    return Read(_in_words(text))


def _of_iso(text: str) -> str | None:
    """The common case, fast: a date, or a date and time of day in UTC or without zone."""
    if not FIRST_YEAR <= int(text[:4]) <= LAST_YEAR:
        return None
    try:
        if len(text) == 10 or text[11:19] == "00:00:00":
            return date.fromisoformat(text[:10]).isoformat()
        return datetime.fromisoformat(text[:19]).isoformat() + "Z"
    except ValueError:
        return None  # no such day; or a leap second, or 24:00:00


def _year_last(found: re.Match[str], day_first: bool | None) -> Read:
    weekday, first, separator, second, year, *time = found.groups()
    as_day_first = _assembled(year, second, first, *time)
    as_month_first = _assembled(year, first, second, *time)
    if weekday and _plain(weekday) not in _WEEKDAYS:
        return Read(None)
    if as_day_first == as_month_first or None in (as_day_first, as_month_first):
        return Read(as_day_first or as_month_first)
    if weekday:
        named = _WEEKDAYS[_plain(weekday)]
        fits = date(int(year), int(second), int(first)).weekday() == named
        if fits != (date(int(year), int(first), int(second)).weekday() == named):
            return Read(as_day_first if fits else as_month_first)
    if separator == ".":  # nobody writes the month first and a full stop behind it
        return Read(as_day_first)
    if day_first is None:
        return Read(None, ambiguous=True)
    return Read(as_day_first if day_first else as_month_first, ambiguous=True)


def _in_words(text: str) -> str | None:
    for pattern, order in _WORDS:
        if found := pattern.fullmatch(text):
            parts = list(found.groups())
            day = None if "d" not in order else parts.pop(order.index("d"))
            month = _MONTHS.get(_plain(parts.pop(0)))
            year = parts.pop(-1 if order.endswith("y") else 0)
            if month:
                return _assembled(year, str(month), day, *parts)
    return None


def _plain(word: str) -> str:
    """The word in lower case without accents."""
    decomposed = unicodedata.normalize("NFKD", word.casefold())
    return "".join(character for character in decomposed if not unicodedata.combining(character))


def _since_1970(digits: str) -> str | None:
    number = int(digits)
    seconds = number / 1000 if len(digits.lstrip("-")) > 10 else number
    try:
        moment = datetime.fromtimestamp(0, UTC) + timedelta(seconds=seconds)
    except OverflowError:
        return None
    return _written(moment, has_time=(moment.hour, moment.minute, moment.second) != (0, 0, 0))


def _assembled(
    year: str,
    month: str | None,
    day: str | None,
    hour: str | None = None,
    minute: str | None = None,
    second: str | None = None,
    half: str | None = None,
    zone: str | None = None,
) -> str | None:
    """The value for these digits, or None where the calendar or the clock has no such moment."""
    if not month:
        return year
    if not day:
        good = FIRST_YEAR <= int(year) <= LAST_YEAR and 1 <= int(month) <= 12
        return f"{year}-{int(month):02d}" if good else None
    try:
        moment = datetime(int(year), int(month), int(day), tzinfo=UTC)
        if hour is None:
            return _written(moment, has_time=False)
        hours = _of_24(int(hour), half)
        minutes, seconds = int(minute or 0), min(int(second or 0), 59)  # a leap second is not worth a day
        if not (0 <= hours <= 23 and minutes <= 59 and int(second or 0) <= 60) and (hours, minutes) != (
            24,
            0,
        ):
            return None
        moment += timedelta(hours=hours, minutes=minutes, seconds=seconds)
        midnight = hours in (0, 24) and minutes == seconds == 0
        return _written(moment if midnight else moment - _offset(zone), has_time=not midnight)
    except (ValueError, OverflowError):
        return None


def _of_24(hour: int, half: str | None) -> int:
    if not half:
        return hour
    if not 1 <= hour <= 12:
        return -1
    return hour % 12 + (12 if half[0] in "pP" else 0)


def _offset(zone: str | None) -> timedelta:
    if not zone:
        return timedelta(0)
    if zone.upper() in _ZONES:
        return timedelta(hours=_ZONES[zone.upper()])
    digits = re.search(r"([+-])(\d\d):?(\d\d)?", zone)
    if not digits:
        return timedelta(0)
    size = timedelta(hours=int(digits[2]), minutes=int(digits[3] or 0))
    return -size if digits[1] == "-" else size


def _written(moment: datetime, has_time: bool) -> str | None:
    if not FIRST_YEAR <= moment.year <= LAST_YEAR:
        return None
    return (
        moment.isoformat(timespec="seconds").replace("+00:00", "Z") if has_time else moment.date().isoformat()
    )


def clean(text: str | None, order: Order, field: str, notes: Notes) -> Date | None:
    """The date, or None where there is none. A text that is no date has no value but keeps its raw form."""
    words = raw(text or "", 200)
    if missing(words):
        return None
    found = read(words, order.day_first)
    if found.ambiguous and not order.stated:
        notes.add("date-ambiguous", field, text)
    return Date(value=found.value, raw=words)
