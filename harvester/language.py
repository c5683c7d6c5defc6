"""Languages: the catalogue of translations, the choice among texts, and numbers as people write them.

Interface texts are gettext messages, English in the source. `locale/<tag>/LC_MESSAGES/harvester.po` holds
the translations as text; they are compiled in memory, so no binary file can be older than its source.
Dates, numbers and sizes follow the CLDR through Babel.
"""

from __future__ import annotations

import gettext
import io
import re
from datetime import UTC, date, datetime
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Literal

from babel import Locale, UnknownLocaleError
from babel.dates import format_date, format_datetime, format_skeleton
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.numbers import format_decimal
from babel.units import format_unit

from harvester.model import Text

LOCALES = Path(__file__).parent / "locale"
DOMAIN = "harvester"

UNITS = ("byte", "kilobyte", "megabyte", "gigabyte", "terabyte", "petabyte")
_TAG = re.compile(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{1,8})*")


# ------------------------------------------------------------------------------ translations


def shipped() -> tuple[str, ...]:
    """The languages whose translations we ship, in alphabetical order."""
    return tuple(sorted(path.parent.parent.name for path in LOCALES.glob(f"*/LC_MESSAGES/{DOMAIN}.po")))


@lru_cache
def translations(tag: str, overrides: str = "") -> gettext.NullTranslations:
    """The interface's messages in the language `tag`, falling back word by word to English.

    `fr-CA` is looked up as `fr-CA`, then as `fr`. `overrides` is the text of a region's own `.po`
    file, whose messages win over ours.
    """
    found: gettext.NullTranslations = gettext.NullTranslations()
    for part in reversed(_lookup_order(tag)):
        path = LOCALES / part.replace("-", "_") / "LC_MESSAGES" / f"{DOMAIN}.po"
        if path.is_file():
            found = _layered(path.read_text("utf-8"), found)
    return _layered(overrides, found) if overrides else found


def _layered(po: str, below: gettext.NullTranslations) -> gettext.NullTranslations:
    compiled = io.BytesIO()
    write_mo(compiled, read_po(io.StringIO(po)))
    compiled.seek(0)
    layer = gettext.GNUTranslations(compiled)
    layer.add_fallback(below)
    return layer


def _lookup_order(tag: str) -> list[str]:
    """`fr-CA` → `["fr-CA", "fr"]`: RFC 4647 lookup."""
    parts = tag.split("-")
    return ["-".join(parts[:length]) for length in range(len(parts), 0, -1)]


# ------------------------------------------------------------------------------ texts


def choose(text: Text, language: str) -> tuple[str, str]:
    """The words to show to a reader of `language`, and the tag of the language they are in.

    First the language itself, then a near one (`fr` for `fr-CA`, `fr-CA` for `fr`), English, words of
    an unknown language, and at last whatever there is, in alphabetical order of the tags. An empty text
    gives `("", language)`.
    """
    words = text.get(language)
    if words:
        return words, language
    base = language.partition("-")[0]
    near = [tag for tag in text if tag.partition("-")[0] == base]
    for tag in (*sorted(near), "en", "und", *sorted(text)):
        if text.get(tag):
            return text[tag], tag
    return "", language


@lru_cache(maxsize=1024)
def known(tag: str) -> bool:
    """Is this a language tag that a browser or a screen reader can do something with?"""
    return bool(_TAG.fullmatch(tag)) and tag.partition("-")[0].lower() in Locale("en").languages


@lru_cache(maxsize=1024)
def name_of(tag: str, language: str) -> str:
    """What readers of `language` call the language `tag`; the tag itself when CLDR has no word."""
    names = locale_of(language).languages
    for part in _lookup_order(tag):
        if part.replace("-", "_") in names:
            return str(names[part.replace("-", "_")])
    return tag


@lru_cache
def locale_of(tag: str) -> Locale:
    """Babel's locale for a tag; English of no particular country where it has none.

    Bare `en` is world English (14 March 2026, which nobody misreads), `en-US` is American.
    """
    for part in _lookup_order("en-001" if tag == "en" else tag):
        try:
            return Locale.parse(part, sep="-")
        except (UnknownLocaleError, ValueError):
            continue
    return Locale.parse("en_001")


# ------------------------------------------------------------------------------ numbers and dates


class Formatter:
    """Dates, numbers and sizes as readers of one language write them. Pure; results are cached."""

    def __init__(self, tag: str) -> None:
        self.tag = tag
        self.locale = locale_of(tag)
        self.number = lru_cache(maxsize=4096)(self._number)
        self.size = lru_cache(maxsize=4096)(self._size)
        self.date = lru_cache(maxsize=16384)(self._date)

    @cached_property
    def direction(self) -> str:
        """`ltr` or `rtl`."""
        return self.locale.text_direction

    def _number(self, value: float) -> str:
        # -0.0 equals 0.0, so the cache would show both as whichever came first.
        return format_decimal(value + 0, locale=self.locale)

    def _size(self, size: int) -> str:
        """A number of bytes in the largest unit that leaves at least 1, in powers of 1,000 (IEC 80000-13)."""
        power = 0
        value: float = size
        while power + 1 < len(UNITS) and round(value) >= 1000:
            power += 1
            value = size / 1000**power
        if power and value < 10:
            value = round(value, 1)
        length: Literal["long", "short"] = "short" if power else "long"
        shown = round(value, 1 if value < 10 else 0)
        words = format_unit(shown, f"digital-{UNITS[power]}", length, locale=self.locale)
        # Babel gives the key itself where CLDR has no long form (Arabic bytes).
        return words.replace("digital-byte", "B")

    def _date(self, value: str | None) -> str:
        """`2019` → 2019, `2019-03` → March 2019, `2026-03-14…` → 14 March 2026; "" for None.

        What is no date is given back as it is.
        """
        if not value:
            return ""
        try:
            if len(value) == 4:
                return format_date(date(int(value), 1, 1), "y", self.locale)
            if len(value) == 7:
                month = datetime(int(value[:4]), int(value[5:]), 1, tzinfo=UTC)
                return format_skeleton("yMMMM", month, locale=self.locale)
            return format_date(date.fromisoformat(value[:10]), "long", self.locale)
        except ValueError:
            return value

    def moment(self, value: str | None) -> str:
        """`2026-03-14T02:00:00Z` → 14 March 2026 at 02:00 UTC; a mere date as `date` gives it."""
        if not value or len(value) <= 10:
            return self.date(value)
        try:
            moment = datetime.fromisoformat(value).astimezone(UTC)
        except ValueError:
            return value
        day = format_date(moment, "long", self.locale)
        time = format_datetime(moment, "HH:mm", locale=self.locale)
        return f"{day}, {time} UTC"

    def language(self, tag: str) -> str:
        """The name of the language `tag`."""
        return name_of(tag, self.tag)


@lru_cache
def formatter(tag: str) -> Formatter:
    """The formatter of a language; one for all."""
    return Formatter(tag)


if __name__ == "__main__":  # `make messages`
    from harvester import messages

    messages.update()
