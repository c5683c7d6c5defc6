"""Headings in plain words: what a column means, and which row of a sheet holds the headings.

The words are in `vocabularies/headings.csv`, in English, French and Spanish. They are compared in
lower case, without accents, punctuation, articles, and text in brackets, so that "Título del
Conjunto de Datos (obligatorio)" is "titulo conjunto datos".
"""

from __future__ import annotations

import csv
import re
import unicodedata
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache, cached_property
from importlib import resources

from msgspec import Struct
from msgspec.structs import replace

from harvester import vocabularies

LANGUAGES = ("en", "fr", "es")
DEPTH = 15
"""Rows at the top of a sheet among which the headings are looked for."""

FILE_FIELDS = (
    "identifier", "title", "description", "url", "access_url", "download_url", "format", "media_type",
    "byte_size", "checksum", "licence", "issued", "modified",
)  # fmt: skip
"""What can be said of a file; as a field it has `file.` before it."""

ADDRESSES = frozenset(("file.url", "file.access_url", "file.download_url"))
"""Where a file is to be had."""

TEXTS = ("title", "description", "keywords", "publisher.name", "file.title", "file.description")
"""Fields that hold words, and may have a column for each language."""

_LONGEST = 200  # characters of a heading that are looked at; what is longer is no heading
_ARTICLES = frozenset(
    ("of", "the", "a", "an", "de", "du", "des", "la", "le", "les", "l", "d", "el", "los", "las", "del",
     "un", "une", "una", "uno")
)  # fmt: skip
_DATASET_SCOPES = frozenset(("dataset", "default", "dcat", "dct", "dcterms"))
_FILE_SCOPES = frozenset(("distribution", "resource", "file"))
_UNITS = frozenset(("b", "kb", "mb", "gb", "kib", "mib", "gib", "o", "ko", "mo", "go", "bytes", "octets"))
_WEAK = frozenset(
    ("code", "ref", "reference", "numero", "n", "no", "number", "clave", "codigo", "referencia")
)
_SHORTEST_BEGINNING = 5  # letters: "to" or "from" say nothing about the words that follow them


class Column(Struct, frozen=True, kw_only=True):
    """A column and what it means."""

    index: int  # from 0
    heading: str  # as it is written
    field: str | None = None  # None: not understood
    language: str = ""  # BCP 47, where the heading says it: "Title (French)"
    format: str = ""  # where the heading says it: "CSV link"
    unit: str = ""  # where the heading says it: "Size (MB)"
    rank: int = 0  # of several columns for one field, the one with the lowest is preferred
    exact: bool = False  # the whole heading was understood, not only its beginning
    weak: bool = False  # an identifier that may be something else: "Code"


@dataclass(frozen=True, kw_only=True)
class Header:
    """The row of headings."""

    row: int  # from 0
    columns: tuple[Column, ...]

    @cached_property
    def fields(self) -> frozenset[str]:
        """Every field that has a column."""
        return frozenset(column.field for column in self.columns if column.field)

    @cached_property
    def exact(self) -> frozenset[str]:
        """Every field whose heading was understood as a whole."""
        return frozenset(column.field for column in self.columns if column.field and column.exact)

    @property
    def certain(self) -> bool:
        """Are two headings understood as a whole, and is one of them that of the title?"""
        return "title" in self.exact and len(self.exact) >= 2

    @property
    def weight(self) -> tuple[int, int]:
        """How well the row was understood; of several rows or sheets the heaviest is the list."""
        return len(self.exact), len(self.fields)

    def of(self, field: str) -> list[Column]:
        """The columns of a field, the preferred one first."""
        return self._by_field.get(field, [])

    @cached_property
    def _by_field(self) -> dict[str, list[Column]]:
        found: dict[str, list[Column]] = {}
        for column in sorted(self.columns, key=lambda c: (c.rank, c.index)):
            if column.field:
                found.setdefault(column.field, []).append(column)
        return found


def find_header(rows: Mapping[int, Sequence[str]], language: str | None = None) -> Header | None:
    """The row that holds the headings, or None.

    It is the one among the first 15 with most headings that are understood: two or more, one of
    them that of the title. `rows` are by their place, in order. `language` is the one to try first (BCP 47).
    """
    best: Header | None = None
    for place, cells in rows.items():
        if place >= DEPTH:
            break
        found = Header(row=place, columns=read_headings(cells, language))
        if not found.certain and ("title" not in found.fields or len(found.exact) < 2):
            continue
        if best is None or found.weight > best.weight:
            best = found
    return best


def read_headings(cells: Sequence[str], language: str | None = None) -> tuple[Column, ...]:
    """What each of these headings means; cells without a heading have no column."""
    order = _languages(cells, language)
    columns = [_column(index, cell, order) for index, cell in enumerate(cells) if cell.strip()]
    claimed = {choices[0].field for choices in columns if len(choices) == 1 and choices[0].exact}
    if claimed & ADDRESSES:
        claimed |= ADDRESSES
    settled = []
    for choices in columns:
        # Where a word has two meanings ("Responsable", "File"), another column may have one of them already.
        column = next((choice for choice in choices if choice.field not in claimed), choices[0])
        if not column.exact and not column.format and column.field in claimed:
            column = Column(index=column.index, heading=column.heading)
        claimed.add(column.field)
        settled.append(column)
    return tuple(settled)


def understood(language: str | None = None) -> str:
    """The first heading of the main fields, for telling a person what to write."""
    languages = [language] if language in LANGUAGES else LANGUAGES
    fields = ("title", "description", "publisher.name", "contact.email", "keywords", "licence",
              "modified", "file.format", "file.download_url")  # fmt: skip
    return "; ".join(", ".join(_first()[tag, field].capitalize() for field in fields) for tag in languages)


def suggested(field: str, language: str) -> str:
    """The heading that we suggest for a field, in one of `LANGUAGES`. Raises `KeyError`."""
    heading = _first()[language, field]
    return " ".join(
        word.upper() if word == "url" else word[:1].upper() + word[1:] if place == 0 else word
        for place, word in enumerate(heading.split())
    )


def key(text: str) -> str:
    """A heading as it is compared: letters and digits only, without articles."""
    return "".join(_words(_BRACKETS.sub(" ", text[:_LONGEST])))


# ------------------------------------------------------------------------------ one heading


def _column(index: int, heading: str, order: Sequence[str]) -> list[Column]:
    """The meanings of a heading, the likeliest first; never empty."""
    cut = heading[:_LONGEST]
    brackets = " ".join(_BRACKETS.findall(cut))
    words = _words(_BRACKETS.sub(" ", cut)) or _words(cut)
    tag = _language(brackets)
    unit = next((word for word in [*_words(brackets), *words[1:]] if word in _UNITS), "")
    meanings = _exact(words, order)
    if not meanings and len(words) > 1:
        for rest, name in ((words[:-1], words[-1]), (words[1:], words[0])):
            # "no" and "to" are codes of languages too, so short ones count where they are set off: title_no
            sure = (
                len(name) > 3
                or name in LANGUAGES
                or cut.lower().endswith(tuple(f"{c}{name}" for c in "_-.@:"))
            )
            if not meanings and sure and _language(name):
                meanings = [m for m in _exact(rest, order) if m[0] in TEXTS]
                tag = _language(name)
    plain = Column(index=index, heading=heading.strip(), unit=unit)
    if meanings:
        weak = "".join(words) in _WEAK
        return [
            replace(
                plain,
                field=field,
                rank=rank,
                exact=True,
                weak=weak and field == "identifier",
                language=tag if field in TEXTS else "",
            )
            for field, rank in meanings
        ]
    if form := _format_in(words, order):
        sure = len(words) > 1  # a lone "CSV" is as likely a cell as a heading
        return [replace(plain, field="file.download_url", format=form, rank=500, exact=sure)]
    for length in range(len(words) - 1, 0, -1):
        beginning = "".join(words[:length])
        if len(beginning) >= _SHORTEST_BEGINNING and (found := _known(beginning, order)):
            return [replace(plain, field=found[0][0], rank=1000 + found[0][1])]
    return [plain]


def _exact(words: Sequence[str], order: Sequence[str]) -> list[tuple[str, int]]:
    """Meanings of the whole heading, also where it says first of what: `dataset_title`, `dcat.created`."""
    if found := _known("".join(words), order):
        return found
    if len(words) > 1 and words[0] in _DATASET_SCOPES:
        return _known("".join(words[1:]), order)
    if len(words) > 1 and words[0] in _FILE_SCOPES:
        named = [(field.removeprefix("file."), rank) for field, rank in _known("".join(words[1:]), order)]
        return [(f"file.{field}", rank) for field, rank in named if field in FILE_FIELDS]
    return []


def _known(joined: str, order: Sequence[str]) -> list[tuple[str, int]]:
    """(field, rank) of a heading in each language that knows it, in the order of `order`."""
    found: dict[str, int] = {}
    for place, tag in enumerate(order):
        for field, rank in _vocabulary().get((tag, joined), ()):
            found.setdefault(field, rank + 100 * place)
    return list(found.items())


def _format_in(words: Sequence[str], order: Sequence[str]) -> str:
    """The format in "CSV link", "Lien GeoJSON" or plain "Shapefile"; `""` where there is none."""
    for place, word in enumerate(words):
        rest = "".join([*words[:place], *words[place + 1 :]])
        if word in vocabularies.format_aliases() and word not in _UNITS:
            links = {field for field, _ in _known(rest, order)}
            if not rest or links & {"file.url", "file.access_url", "file.download_url"}:
                return word
    return ""


def _language(words: str) -> str:
    """The BCP 47 tag of "French", "fr" or "français"; `""` where it is no language."""
    if not words:
        return ""
    return vocabularies.language_aliases().get(words.strip().lower()) or _plain_languages().get(words, "")


def _languages(cells: Sequence[str], language: str | None) -> list[str]:
    """The order in which languages are tried: the one asked for, then the one most headings are in."""
    keys = [key(cell) for cell in cells]
    votes = {tag: sum((tag, each) in _vocabulary() for each in keys) for tag in LANGUAGES}
    asked = (language or "").lower().partition("-")[0]
    return sorted(LANGUAGES, key=lambda tag: (tag != asked, -votes[tag], LANGUAGES.index(tag)))


# ------------------------------------------------------------------------------ words

_BRACKETS = re.compile(r"[(\[{]([^()\[\]{}]*)[)\]}]")
_HUMP = re.compile(r"(?<=[a-z0-9][a-z0-9])(?=[A-Z])")  # as in accessURL, not as in kB
_NO_WORD = re.compile(r"[^a-z0-9]+")


def _words(text: str) -> list[str]:
    """Words in lower case without accents; `accessURL` is two; articles are left out unless alone."""
    plain = unicodedata.normalize("NFKD", _HUMP.sub(" ", text))
    plain = "".join(c for c in plain if not unicodedata.combining(c)).lower()
    words = _NO_WORD.sub(" ", plain).split()
    return [word for word in words if word not in _ARTICLES] or words


@cache
def _rows() -> tuple[tuple[str, str, str], ...]:
    """(field, language, heading), as the file has them: the preferred heading of a field first."""
    lines = (resources.files(vocabularies) / "headings.csv").read_text(encoding="utf-8").splitlines()
    return tuple((r["field"], r["language"], r["heading"]) for r in csv.DictReader(lines, strict=True))


@cache
def _vocabulary() -> dict[tuple[str, str], list[tuple[str, int]]]:
    """(language, key) → [(field, rank)]; a few headings have two meanings in one language."""
    found: dict[tuple[str, str], list[tuple[str, int]]] = {}
    ranks: Counter[tuple[str, str]] = Counter()
    for field, language, heading in _rows():
        meanings = found.setdefault((language, key(heading)), [])
        if field not in (known for known, _ in meanings):
            meanings.append((field, ranks[field, language]))
            ranks[field, language] += 1
    return found


@cache
def _first() -> dict[tuple[str, str], str]:
    """(language, field) → its preferred heading."""
    return {(language, field): heading for field, language, heading in reversed(_rows())}


@cache
def _plain_languages() -> dict[str, str]:
    """Names of languages without accents, as `_words` leaves them."""
    return {"".join(_words(name)): tag for name, tag in vocabularies.language_aliases().items()}
