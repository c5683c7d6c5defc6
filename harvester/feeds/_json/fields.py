"""The fields of one JSON record: each is taken once, and what nobody took is told."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from functools import lru_cache

from harvester.feeds._json.values import absolute, encode, is_empty, opened_of, text_of, texts_of, words_of
from harvester.model import Note, Text

_PERSONAL = re.compile(
    r"(metadata)?(author|creator|contributor|uploader|submitter|editor)"
    r"|(owner|user)(s|name|id|email|uuid|displayname|account)?$|(created|modified|updated|uploaded|posted)by"
    r"|.*(userid|username)$"
)
"""Names of fields that hold accounts or persons: never in a draft."""


@lru_cache(maxsize=8192)
def squeezed(name: str) -> str:
    """A field's name without what writers vary: "Accrual Periodicity" → "accrualperiodicity"."""
    plain = unicodedata.normalize("NFKD", name.lower())
    return "".join(letter for letter in plain if letter.isalnum())


class Fields:
    """The fields of one record. Each can be taken once; what nobody took is `unread()`.

    Names are squeezed. Fields that say nothing, and those named in `ignored`, are not there.
    `notes` gathers what had another type than its format says.
    """

    def __init__(self, fields: Iterable[tuple[str, object]], ignored: frozenset[str] = frozenset()) -> None:
        self.notes: list[Note] = []
        self._ignored = ignored
        self._left: dict[str, object] = {}
        self._names: dict[str, str] = {}
        self.add(fields)

    def add(self, fields: Iterable[tuple[str, object]], prefix: str = "") -> None:
        """More fields of the same record; where a name is there already, the first one stands."""
        for name, value in fields:
            if value is None or value == "" or value == []:
                continue
            short = squeezed(name)
            if short in self._ignored or is_empty(value):
                continue
            name = prefix + name
            if short in self._left:
                if self._left[short] == value:
                    continue
                short = name
            self._left[short] = value
            self._names[short] = name

    def take(self, *names: str) -> object:
        """The value of the first of these fields that there is, else None."""
        for name in names:
            if name in self._left:
                return self._left.pop(name)
        return None

    def take_all(self, *names: str) -> Iterator[object]:
        """The values of all of these fields that there are."""
        return (self._left.pop(name) for name in names if name in self._left)

    def text(self, field: str, *names: str) -> str | None:
        """The text of the first of these fields. Another type than text is noted at `field`."""
        value = self.take(*names)
        if value is None or isinstance(value, str):
            return value
        self.unexpected(field, value)
        return text_of(value)

    def words(self, field: str, *names: str) -> Text:
        """The text of the first of these fields, by language; `field` as for `text`."""
        value = self.take(*names)
        words = words_of(value)
        if not isinstance(value, (str, dict, type(None))) or ("" in words and isinstance(value, dict)):
            self.unexpected(field, value)
        return words

    def texts(self, *names: str) -> tuple[str, ...]:
        """All texts in the first of these fields."""
        return texts_of(opened_of(self.take(*names)))

    def address(self, field: str, base: str, *names: str) -> str | None:
        """The address in the first of these fields, seen from `base`; `field` as for `text`."""
        return absolute(base, self.text(field, *names))

    def unexpected(self, field: str, value: object) -> None:
        """Note that a value had another type than its format says."""
        self.notes.append(Note(code="value-unexpected-type", field=field, raw=encode(value)[:200]))

    def drop(self, *names: str) -> None:
        """Forget fields: their content is elsewhere in the draft, or not for publishing."""
        for name in names:
            self._left.pop(name, None)

    def unread(self) -> dict[str, str]:
        """What nobody took, name → value as text; accounts and persons are left out."""
        return {
            self._names[short]: value if isinstance(value, str) else encode(value)
            for short, value in self._left.items()
            if not _PERSONAL.match(short)
        }
