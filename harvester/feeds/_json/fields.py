"""The fields of one JSON record: what each means, and an account of those that mean nothing to us."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from functools import lru_cache

from msgspec.structs import replace

from harvester.feeds._json.values import absolute, encode, is_empty, opened_of, text_of, texts_of, words_of
from harvester.model import Draft, Note, Text

_PERSONAL = re.compile(
    r"(metadata)?(author(?!i)|creator|contributor|uploader|submitter|editor(?!i))"
    r"|(owner|user)(s|name|id|email|uuid|displayname|account)?$|(created|modified|updated|uploaded|posted)by"
    r"|.*(userid|username)$"
)
"""Names of fields that hold accounts or persons: never in a draft."""

_Known = tuple[str, int] | None
_UNKNOWN = ("", 0)
_NOT_SEEN = ("", -1)
_MOST_NAMES = 10_000  # different names that are remembered; a hostile portal invents more


@lru_cache(maxsize=_MOST_NAMES)
def squeezed(name: str) -> str:
    """A field's name without what writers vary: "Accrual Periodicity" → "accrualperiodicity"."""
    plain = unicodedata.normalize("NFKD", name.lower())
    return "".join(letter for letter in plain if letter.isalnum())


class Names:
    """What a format's fields are called: meaning → the names it goes by, the preferred one first.

    Names are compared squeezed. Fields named in `ignored` are technical and not even told; nor are
    those that by their name hold accounts or persons.
    """

    def __init__(self, meanings: dict[str, tuple[str, ...]], ignored: tuple[str, ...]) -> None:
        self._known: dict[str, _Known] = {squeezed(name): None for name in ignored}
        for meaning, names in meanings.items():
            for rank, name in enumerate(names):
                self._known[squeezed(name)] = (meaning, rank)
        self.seen: dict[str, _Known] = {}  # as they were written, so that each is squeezed once

    def of(self, name: str) -> _Known:
        """Meaning and rank of a name; ("", 0) when it is not known, None when it is not to be told."""
        short = squeezed(name)
        known = self._known.get(short, None if _PERSONAL.match(short) else _UNKNOWN)
        if len(self.seen) < _MOST_NAMES:
            self.seen[name] = known
        return known


class Fields:
    """The fields of one record by their meaning. Fields that say nothing are not there.

    `notes` gathers what had another type than its format says; `at` is where in the dataset this
    record stands, as in "distributions.2.".
    """

    def __init__(self, record: Iterable[tuple[str, object]], names: Names, at: str = "") -> None:
        self.notes: list[Note] = []
        self._at = at
        self._names = names
        self._found: dict[str, tuple[int, str, object]] = {}  # meaning → rank, name and value
        self._left: dict[str, object] = {}
        self.add(record)

    def add(self, record: Iterable[tuple[str, object]]) -> None:
        """More fields of the same record. Of several with one meaning the best name wins, then the first."""
        seen, found = self._names.seen, self._found
        for name, value in record:
            if value is None:
                continue
            known = seen.get(name, _NOT_SEEN)
            if known is _NOT_SEEN:
                known = self._names.of(name)
            if known is None or (not value or value.isspace() if isinstance(value, str) else is_empty(value)):
                continue
            meaning, rank = known
            if not meaning:
                self.leave(name, value)
            elif meaning not in found:
                found[meaning] = (rank, name, value)
            else:
                other = found[meaning]
                if rank < other[0]:
                    found[meaning] = (rank, name, value)
                    self.leave(other[1], other[2])
                elif value != other[2]:
                    self.leave(name, value)

    def leave(self, name: str, value: object) -> None:
        """Tell a field as unread. Where the name is there already with another value, both are told."""
        if is_empty(value):
            return
        first = self._left.setdefault(name, value)
        if first is not value and first != value:
            repeated = self._left.setdefault(f"{name} (repeated)", [])
            if isinstance(repeated, list) and value not in repeated[:100]:
                repeated.append(value)

    def has(self, *meanings: str) -> bool:
        """Is any of these fields there?"""
        return not self._found.keys().isdisjoint(meanings)

    def value(self, meaning: str) -> object:
        """The value of a field, of any type; None when it is not there."""
        found = self._found.get(meaning)
        return None if found is None else found[2]

    def opened(self, meaning: str) -> object:
        """The value of a field; a list or object that was written into a text is read out of it."""
        found = self._found.get(meaning)
        return None if found is None else opened_of(found[2])

    def text(self, meaning: str) -> str | None:
        """The text of a field. Another type than text is noted."""
        found = self._found.get(meaning)
        if found is None:
            return None
        if isinstance(found[2], str):
            return found[2]
        self.unexpected(meaning, found[2])
        return text_of(found[2])

    def plain(self, meaning: str) -> str | None:
        """The text of a field that may as well be a number."""
        found = self._found.get(meaning)
        return None if found is None else text_of(found[2])

    def words(self, meaning: str) -> Text:
        """The text of a field, by language. A type that holds none is noted."""
        found = self._found.get(meaning)
        if found is None:
            return {}
        value = found[2]
        if isinstance(value, str) and value[0] != "{":
            return {"": value}
        words = words_of(value)
        if not isinstance(value, (str, dict)) or ("" in words and isinstance(value, dict)):
            self.unexpected(meaning, value)
        return words

    def texts(self, *meanings: str) -> tuple[str, ...]:
        """All texts in these fields."""
        texts: tuple[str, ...] = ()
        for meaning in meanings:
            if meaning in self._found:
                texts += texts_of(self.opened(meaning))
        return texts

    def address(self, meaning: str, base: str) -> str | None:
        """The address in a field, seen from `base`."""
        found = self._found.get(meaning)
        if found is None:
            return None
        value = found[2]
        if isinstance(value, str):
            return absolute(base, value)
        self.unexpected(meaning, value)
        return absolute(base, text_of(value)) if isinstance(value, (list, dict)) else None

    def unexpected(self, meaning: str, value: object) -> None:
        """Note that a value had another type than its format says."""
        self.notes.append(
            Note(code="value-unexpected-type", field=f"{self._at}{meaning}", raw=encode(value)[:200])
        )

    def left(self) -> Iterable[tuple[str, object]]:
        """The fields without a meaning: names and values."""
        return self._left.items()

    def unread(self) -> dict[str, str]:
        """The fields without a meaning, name → value as text; lists that are empty as text are not told."""
        texts = ((name, value if isinstance(value, str) else encode(value)) for name, value in self.left())
        return {name: text for name, text in texts if text not in ("[]", "{}")}


def mended(draft: Draft) -> Draft:
    """The draft of a record that had to be repaired before it could be read: with a note that says so."""
    return replace(draft, notes=(*draft.notes, Note(code="feed-repaired", field="")))
