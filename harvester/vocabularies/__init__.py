"""Code lists: what our codes mean, and which words of the portals stand for them.

Each list is a CSV file in this folder, so that a maintainer extends it without touching code:
`licences.csv` holds the codes, `licence-aliases.csv` the words, and so on. `docs/vocabularies.md`
says where the facts come from.

A row is looked up by its code (`licence("CC0-1.0")`) and named in a language with `label`. The
alias tables map what stands in a feed, in lower case, to a code; the rules for applying them are
in `harvester.normalise.codes`. Everything is read once, when it is first needed.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Literal, TypeVar

from msgspec import Struct

_HERE = Path(__file__).parent
_EU = "http://publications.europa.eu/resource/authority/"

FormatKind = Literal[
    "tabular", "structured", "linked-data", "geo", "transport", "service", "feed", "document",
    "image", "audio-video", "archive", "code", "other",
]  # fmt: skip


class Row(Struct, frozen=True, kw_only=True):
    """An entry of a code list. `labels` are by language; English is always there."""

    code: str
    labels: Mapping[str, str]

    @property
    def title(self) -> str:
        """The English label."""
        return self.labels["en"]


class LicenceRow(Row, frozen=True, kw_only=True):
    """A licence, with what it allows and demands (`None`: nobody has said)."""

    uri: str | None  # None for families such as "other (open)"
    eu_uri: str | None  # in the EU's licence table
    spdx: str | None
    open: Literal["y", "n", "u"]  # by the Open Definition; u: unknown
    public_domain: bool
    attribution: bool
    share_alike: bool
    non_commercial: bool
    no_derivatives: bool


class FormatRow(Row, frozen=True, kw_only=True):
    """A file format or a kind of service."""

    eu_uri: str | None  # in the EU's file-type table
    media_type: str | None  # the usual one; not always registered with IANA
    kind: FormatKind
    machine_readable: bool
    open_format: bool
    extensions: tuple[str, ...]  # without the dot, the usual one first

    @property
    def label(self) -> str:
        """The English label."""
        return self.labels["en"]


class ThemeRow(Row, frozen=True, kw_only=True):
    """One of the EU's thirteen data themes."""

    uri: str


class FrequencyRow(Row, frozen=True, kw_only=True):
    """How often something is updated."""

    uri: str
    iso8601: str | None  # a repeating interval such as R/P1W
    days: float | None  # the longest time between two updates; None where there is no rhythm


class AccessRightRow(Row, frozen=True, kw_only=True):
    """Who may have the data."""

    uri: str


class LanguageRow(Row, frozen=True, kw_only=True):
    """A language of ISO 639-1; its code is the BCP 47 tag."""

    iso639_3: str
    eu_uri: str
    native: str | None  # its name in itself


AnyRow = TypeVar("AnyRow", bound=Row)


def label(row: Row, language: str) -> str:
    """The row's name in the language (`fr`, `fr-CA`), else in English."""
    return row.labels.get(language) or row.labels.get(language.partition("-")[0]) or row.labels["en"]


# ------------------------------------------------------------------------------ the lists


@cache
def licences() -> dict[str, LicenceRow]:
    """All licences by code, in the order of the file: the usual ones first."""
    return _by_code(
        LicenceRow(
            code=row["code"],
            labels=_labels(row),
            uri=row["uri"] or None,
            eu_uri=row["eu_uri"] or None,
            spdx=row["spdx"] or None,
            open="y" if row["open"] == "y" else "n" if row["open"] == "n" else "u",
            public_domain=row["public_domain"] == "y",
            attribution=row["attribution"] == "y",
            share_alike=row["share_alike"] == "y",
            non_commercial=row["non_commercial"] == "y",
            no_derivatives=row["no_derivatives"] == "y",
        )
        for row in _rows("licences.csv")
    )


@cache
def formats() -> dict[str, FormatRow]:
    """All formats by code."""
    return _by_code(
        FormatRow(
            code=row["code"],
            labels=_labels(row),
            eu_uri=f"{_EU}file-type/{row['eu_file_type']}" if row["eu_file_type"] else None,
            media_type=row["media_type"] or None,
            kind=row["kind"],  # type: ignore[arg-type]  # a test checks the file
            machine_readable=row["machine_readable"] == "y",
            open_format=row["open_format"] == "y",
            extensions=tuple(row["extensions"].split()),
        )
        for row in _rows("formats.csv")
    )


@cache
def themes() -> dict[str, ThemeRow]:
    """The EU's thirteen data themes by code."""
    return _by_code(
        ThemeRow(code=row["code"], labels=_labels(row), uri=f"{_EU}data-theme/{row['code']}")
        for row in _rows("themes.csv")
    )


@cache
def frequencies() -> dict[str, FrequencyRow]:
    """The EU's frequencies by code."""
    return _by_code(
        FrequencyRow(
            code=row["code"],
            labels=_labels(row),
            uri=f"{_EU}frequency/{row['code']}",
            iso8601=row["iso8601"] or None,
            days=float(row["days"]) if row["days"] else None,
        )
        for row in _rows("frequencies.csv")
    )


@cache
def access_rights() -> dict[str, AccessRightRow]:
    """The EU's access rights by code."""
    return _by_code(
        AccessRightRow(code=row["code"], labels=_labels(row), uri=f"{_EU}access-right/{row['code']}")
        for row in _rows("access-rights.csv")
    )


@cache
def languages() -> dict[str, LanguageRow]:
    """The languages that have a code of two letters, by that code."""
    return _by_code(
        LanguageRow(
            code=row["code"],
            labels=_labels(row),
            iso639_3=row["iso639_3"],
            eu_uri=f"{_EU}language/{row['iso639_3'].upper()}",
            native=row["native"] or None,
        )
        for row in _rows("languages.csv")
    )


@cache
def media_types() -> frozenset[str]:
    """The media types that are registered with IANA, in lower case."""
    lines = (_HERE / "media-types.txt").read_text(encoding="utf-8").splitlines()
    groups = (line.split() for line in lines if not line.startswith("#"))
    return frozenset(f"{top}/{sub}" for top, *subs in groups for sub in subs)


def licence(code: str) -> LicenceRow:
    """Raises `KeyError` when there is no such licence."""
    return licences()[code]


def format(code: str) -> FormatRow:
    """Raises `KeyError` when there is no such format."""
    return formats()[code]


def theme(code: str) -> ThemeRow:
    """Raises `KeyError` when there is no such theme."""
    return themes()[code]


def frequency(code: str) -> FrequencyRow:
    """Raises `KeyError` when there is no such frequency."""
    return frequencies()[code]


def access_right(code: str) -> AccessRightRow:
    """Raises `KeyError` when there is no such access right."""
    return access_rights()[code]


def language(tag: str) -> LanguageRow | None:
    """The language of a BCP 47 tag, whatever its region; None where it has no two-letter code."""
    return languages().get(tag.partition("-")[0].lower())


# ------------------------------------------------------------------------------ their aliases


def address_key(uri: str) -> str:
    """An address as alias tables hold it: lower case, no scheme, no `www.`, no final slash."""
    return _PREFIX.sub("", uri.strip().lower(), count=1).rstrip("/")


@cache
def licence_aliases() -> dict[str, str]:
    """Lower-case names and address keys → licence code; `""` for "no licence is stated" in words."""
    found: dict[str, str] = {}
    for row in licences().values():
        names = {row.code, row.spdx, *row.labels.values()}
        found.update({name.lower(): row.code for name in names if name})
        found.update({address_key(uri): row.code for uri in (row.uri, row.eu_uri) if uri})
        if row.spdx:
            found[f"spdx.org/licenses/{row.spdx.lower()}"] = row.code
    return found | _aliases("licence-aliases.csv")


@cache
def format_aliases() -> dict[str, str]:
    """Lower-case names, extensions, media types and address keys → format code."""
    found: dict[str, str] = {}
    for row in formats().values():
        keys = {row.code, *(name.lower() for name in row.labels.values()), *row.extensions}
        if row.eu_uri:
            keys |= {address_key(row.eu_uri), row.eu_uri.rpartition("/")[2].lower()}
        for key in sorted(keys):
            found.setdefault(key, row.code)
    found.update(_by_media_type())
    return found | _aliases("format-aliases.csv")


@cache
def extensions() -> dict[str, str]:
    """File extensions without the dot → format code."""
    return {extension: row.code for row in formats().values() for extension in row.extensions}


@cache
def theme_aliases() -> dict[str, str]:
    """Lower-case names and address keys → theme code, for what a portal states as a theme."""
    return _named(themes(), _aliases("theme-aliases.csv"))


@cache
def keyword_themes() -> dict[str, str]:
    """Lower-case keywords that leave no doubt about the theme → theme code."""
    clear = {row["alias"]: row["code"] for row in _rows("theme-aliases.csv") if row["keyword"] == "y"}
    return {name.lower(): row.code for row in themes().values() for name in row.labels.values()} | clear


@cache
def frequency_aliases() -> dict[str, str]:
    """Lower-case names, ISO 8601 intervals and address keys → frequency code."""
    return _named(frequencies(), _aliases("frequency-aliases.csv"))


@cache
def access_right_aliases() -> dict[str, str]:
    """Lower-case names and address keys → access right code."""
    return _named(access_rights(), _aliases("access-right-aliases.csv"))


@cache
def language_aliases() -> dict[str, str]:
    """Lower-case names (in English, French, Spanish and themselves) and ISO 639 codes → language code."""
    found: dict[str, str] = {}
    for row in _rows("languages.csv"):
        names = [row[column] for column in row if column != "code"]
        for name in [row["code"], *names, address_key(f"{_EU}language/{row['iso639_3']}")]:
            if name:
                found.setdefault(name.lower(), row["code"])
    return found


# ------------------------------------------------------------------------------ reading

_PREFIX = re.compile(r"(?:https?:)?/?/?(?:www\.)?")


def _rows(name: str) -> Iterator[dict[str, str]]:
    with (_HERE / name).open(encoding="utf-8", newline="") as file:
        yield from csv.DictReader(file, strict=True)


def _aliases(name: str) -> dict[str, str]:
    return {row["alias"]: row["code"] for row in _rows(name)}


def _labels(row: Mapping[str, str]) -> dict[str, str]:
    prefix = "label_"
    return {key.removeprefix(prefix): value for key, value in row.items() if key.startswith(prefix) and value}


def _by_code(rows: Iterable[AnyRow]) -> dict[str, AnyRow]:
    return {row.code: row for row in rows}


def _by_media_type() -> dict[str, str]:
    """A media type that several formats share (JSON, XML) stands for the plain one, which is listed first."""
    found: dict[str, str] = {}
    for row in formats().values():
        if row.media_type:
            found.setdefault(row.media_type, row.code)
    return found


def _named(
    rows: Mapping[str, ThemeRow] | Mapping[str, FrequencyRow] | Mapping[str, AccessRightRow],
    aliases: dict[str, str],
) -> dict[str, str]:
    found: dict[str, str] = {}
    for row in rows.values():
        for name in (row.code, address_key(row.uri), *row.labels.values()):
            found.setdefault(name.lower(), row.code)
    return found | aliases
