"""The rows of one dataset, put together into a draft. Pure.

A list has one row for each dataset, or one for each file. Rows belong together when they have the
same identifier, else the same title and publisher; a row with neither identifier nor title goes on
with the dataset above it, as it looks where cells were merged.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TypeVar

import msgspec
from msgspec.structs import replace

from harvester.feeds._tables.rows import (
    Row,
    absolute,
    many,
    one,
    parts,
    several_addresses,
    words,
)  # fmt: skip
from harvester.model import (
    Draft,
    DraftAgent,
    DraftContact,
    DraftDistribution,
    DraftPeriod,
    DraftPlace,
    Text,
)  # fmt: skip

# What a dataset has of its own; where such a cell differs, the row is about another dataset.
_OWN = ("publisher.name", "landing_page", "keywords", "themes", "contact.name", "contact.email", "frequency",
        "spatial")  # fmt: skip
_MAIL = re.compile(r"(?:mailto:)?\s*([^\s<>,;|]+@[^\s<>,;|]+)", re.IGNORECASE)
_NAME_AND_MAIL = re.compile(
    r"(.*?)\s*[<(\[]\s*(?:mailto:)?([^\s<>()\[\]]+@[^\s<>()\[\]]+)\s*[>)\]]", re.IGNORECASE
)


class _Shared(msgspec.Struct, frozen=True, kw_only=True):
    """What the first row says of the dataset; where a later row differs, it speaks of its file."""

    description: Text
    licence: str | None
    rights: str | None
    issued: str | None
    modified: str | None


Said = TypeVar("Said")


@dataclass
class Entry:
    """A dataset and its rows, the first of which introduced it."""

    rows: list[Row]
    files: list[Row] = field(default_factory=list)  # rows of the sheet of files, where there is one

    @property
    def title(self) -> str:
        """The title as it is compared, `""` where no row has one."""
        return next((_folded(text) for row in self._titled() if (text := row.first("title"))), "")

    def _titled(self) -> Iterator[Row]:
        """The rows that may hold the title: those of files too, where files have titles of their own."""
        yield from self.rows
        yield from (row for row in self.files if row.header.of("file.title"))

    @property
    def identifier(self) -> str:
        """The identifier, `""` where there is none."""
        return self.rows[0].first("identifier")

    def draft(self, base: str) -> Draft:
        """All rows as a draft; `base` is the address of the document."""
        rows, first = self.rows, self.rows[:1]
        identifier = one(rows, "identifier")
        title = words(rows, "title") or words(self._titled(), "title")
        publisher = DraftAgent(
            name=words(rows, "publisher.name"),
            email=one(rows, "publisher.email"),
            url=_address(base, one(rows, "publisher.url")),
        )
        period = DraftPeriod(start=one(rows, "temporal.start"), end=one(rows, "temporal.end"))
        periods = [DraftPeriod(text=text) for text in _parts(rows, "temporal.text")]
        shared = _Shared(
            description=words(first, "description"),
            licence=one(first, "licence"),
            rights=one(first, "rights"),
            issued=one(first, "issued"),
            modified=one(first, "modified"),
        )
        return Draft(
            key=identifier,
            identifiers=(identifier,) if identifier else (),
            uri=identifier if identifier and re.match(r"https?://", identifier) else None,
            title=title,
            description=shared.description,
            keywords=tuple(
                dict.fromkeys(
                    (column.language, word)
                    for column, text in many(rows, "keywords")
                    for word in parts([text], comma=True)
                )
            ),
            themes=_parts(rows, "themes"),
            publisher=publisher if publisher != DraftAgent() else None,
            contacts=_contacts(rows, base),
            landing_page=_address(base, one(rows, "landing_page") or self.rows[0].link("title")),
            licence=shared.licence,
            rights=shared.rights,
            access_rights=one(rows, "access_rights"),
            issued=shared.issued,
            modified=shared.modified,
            frequency=one(rows, "frequency"),
            languages=_parts(rows, "languages"),
            spatial=_places(rows),
            temporal=((period,) if period != DraftPeriod() else ()) + tuple(periods),
            conforms_to=_parts(rows, "conforms_to"),
            documentation=_addresses(rows, "documentation", base),
            data_dictionary=_addresses(rows, "data_dictionary", base),
            in_series=_parts(rows, "in_series"),
            version=one(rows, "version"),
            status=one(rows, "status"),
            distributions=self._distributions(shared, base),
            unread=self._unread(),
        )

    def _distributions(self, shared: _Shared, base: str) -> tuple[DraftDistribution, ...]:
        found: list[DraftDistribution] = []
        for row in self.files:
            row.used.update(column.index for column in row.header.of("identifier"))
        known = self.title
        for row in (*self.rows, *self.files):
            title = row.one("title") or ""
            found += _files(row, shared, base, "" if _folded(title) == known else title)
        # Merged cells repeat a file in every row that they cover.
        return tuple({msgspec.json.encode(file): file for file in found}.values())

    def _unread(self) -> dict[str, str]:
        found: dict[str, dict[str, None]] = {}
        for row in (*self.rows, *self.files):
            for heading, text in row.left():
                found.setdefault(heading, {})[text] = None
        return {heading: " | ".join(texts) for heading, texts in found.items()}


class Entries:
    """Which dataset a row belongs to."""

    def __init__(self) -> None:
        self.all: list[Entry] = []
        self._by_identifier: dict[str, list[Entry]] = {}
        self._by_title: dict[str, list[Entry]] = {}
        self._above: Entry | None = None  # the dataset that a row without a title goes on with

    def add(self, row: Row) -> bool:
        """Take a row in. False when it names no dataset and goes on with none."""
        entry = self._of(row)
        if entry is not None:
            entry.rows.append(row)
        elif row.has("title", "identifier"):
            entry = Entry([row])
            self.all.append(entry)
            self._by_title.setdefault(entry.title, []).append(entry)
            if entry.identifier:
                self._by_identifier.setdefault(entry.identifier, []).append(entry)
        self._above = entry
        return entry is not None

    def add_file(self, row: Row) -> bool:
        """Take in a row of the sheet of files. False when its dataset is not in the list."""
        entry = self.named(row)
        if entry is not None:
            entry.files.append(row)
        return entry is not None

    def named(self, row: Row) -> Entry | None:
        """The dataset that a row names by its identifier, else by its title."""
        if identifier := row.first("identifier"):
            return next(iter(self._by_identifier.get(identifier, ())), None)
        return next(iter(self._by_title.get(_folded(row.first("title")), ())), None)

    def _of(self, row: Row) -> Entry | None:
        identifier, title = row.first("identifier"), _folded(row.first("title"))
        if identifier:
            known = self._by_identifier.get(identifier, ())
            return next((entry for entry in known if _is_same(entry, row, title)), None)
        if title:
            publisher = _folded(row.first("publisher.name"))
            known = self._by_title.get(title, ())
            return next(
                (e for e in known if publisher in ("", _folded(e.rows[0].first("publisher.name")))), None
            )
        if self._above is None or not row.has_file or _adds(self._above, row):
            return None
        return self._above


def _is_same(entry: Entry, row: Row, title: str) -> bool:
    """May a row with the identifier of a dataset be one of its files?

    With the same title or none, yes. With another title it is, unless it is about something else in other
    ways too: then one of the identifiers is a slip, or is no identifier ("Code" may be a department's).
    """
    if "" in (title, entry.title) or title == entry.title:
        return True
    if not row.has_file or any(column.weak for column in row.header.of("identifier")):
        return False
    both = ((row.first(name), entry.rows[0].first(name)) for name in (*_OWN, "description"))
    return not any(here and there and here != there for here, there in both)


def _adds(entry: Entry, row: Row) -> bool:
    """Does a row without a title say of a dataset what the one above it does not: was its title forgotten?"""
    return any((text := row.first(name)) and text != entry.rows[0].first(name) for name in _OWN)


def _folded(text: str) -> str:
    return " ".join(text.casefold().split())


# ------------------------------------------------------------------------------ parts of a draft


def _parts(rows: list[Row], name: str) -> tuple[str, ...]:
    return tuple(parts(text for _, text in many(rows, name)))


def _address(base: str, text: str | None) -> str | None:
    return absolute(base, text) if text else None


def _addresses(rows: list[Row], name: str, base: str) -> tuple[str, ...]:
    found = (each for _, text in many(rows, name) for each in several_addresses(text))
    return tuple(dict.fromkeys(absolute(base, each) for each in found))


def _places(rows: list[Row]) -> tuple[DraftPlace, ...]:
    texts = [text for _, text in many(rows, "spatial")]
    places: list[str] = []
    for text in texts:
        places += [text] if text.startswith(("{", "[")) or "((" in text else parts([text])
    return tuple(DraftPlace(text=place) for place in dict.fromkeys(places))


def _contacts(rows: list[Row], base: str) -> tuple[DraftContact, ...]:
    """One contact for each name with its address; a mail address may stand where a name is due."""
    names = list(_parts(rows, "contact.name"))
    emails = list(dict.fromkeys(mail for _, text in many(rows, "contact.email") for mail in _mails(text)))
    if not emails and (link := rows[0].link("contact.name")) and link.startswith("mailto:"):
        emails = [link.removeprefix("mailto:")]
    phones = _parts(rows, "contact.phone")
    page = _address(base, one(rows, "contact.url"))
    for place, name in enumerate(names):
        if match := _NAME_AND_MAIL.fullmatch(name) or _MAIL.fullmatch(name):
            *before, mail = match.groups()
            names[place] = before[0] if before else ""
            if mail not in emails:
                emails.insert(place, mail)
    found = []
    for place in range(max(len(names), len(emails), len(phones), 1 if page else 0)):
        contact = DraftContact(
            name=_at(names, place),
            email=_at(emails, place),
            phone=_at(phones, place),
            url=page if place == 0 else None,
        )
        if contact != DraftContact():
            found.append(contact)
    return tuple(dict.fromkeys(found))


def _mails(text: str) -> list[str]:
    """The mail addresses in a cell; a cell without any stays as it is, for the report to name."""
    return _MAIL.findall(text) or [text]


def _at(texts: list[str] | tuple[str, ...], place: int) -> str | None:
    return (texts[place] or None) if place < len(texts) else None


def _files(row: Row, shared: _Shared, base: str, title: str) -> list[DraftDistribution]:
    """The files that a row names; `title` is one that stands under the dataset's heading, or `""`."""
    link = row.link("file.title", "file.format")
    if not (row.has_file or title or link):
        return []
    file = DraftDistribution(
        key=row.one("file.identifier"),
        title=words([row], "file.title") or ({"": title} if title else {}),
        description=words([row], "file.description")
        or _unless(words([row], "description"), shared.description, {}),
        format=row.one("file.format"),
        media_type=row.one("file.media_type"),
        byte_size=row.one("file.byte_size"),
        checksum=row.one("file.checksum"),
        licence=row.one("file.licence") or _unless(row.one("licence"), shared.licence, None),
        rights=_unless(row.one("rights"), shared.rights, None),
        issued=row.one("file.issued") or _unless(row.one("issued"), shared.issued, None),
        modified=row.one("file.modified") or _unless(row.one("modified"), shared.modified, None),
    )
    addresses = _addresses_of_files(row, base) or ([replace(file, url=link)] if link else [])
    formats = parts([file.format or ""])
    if len(formats) != len(addresses):  # "CSV; GeoJSON" beside one link, or one format for several
        formats = [file.format or ""] * len(addresses)
    return [
        replace(
            file,
            format=address.format or form or None,
            url=address.url,
            access_url=address.access_url,
            download_url=address.download_url,
        )
        for address, form in zip(addresses, formats, strict=True)
    ] or [file]


def _addresses_of_files(row: Row, base: str) -> list[DraftDistribution]:
    """The addresses of each file of a row, and the format where the heading tells it.

    Beside a download, the other addresses of the row tell where to get that same file.
    """
    columns = {
        name: [
            (column.format or None, absolute(base, each))
            for column, text in many([row], f"file.{name}")
            for each in several_addresses(text)
        ]
        for name in ("download_url", "access_url", "url")
    }
    downloads = [DraftDistribution(download_url=url, format=form) for form, url in columns["download_url"]]
    others = [DraftDistribution(access_url=url) for _, url in columns["access_url"]]
    others += [DraftDistribution(url=url) for _, url in columns["url"]]
    if downloads and others:
        beside = others.pop(0)
        downloads[0] = replace(downloads[0], access_url=beside.access_url or beside.url)
    return downloads + others


def _unless(value: Said, shared: Said, nothing: Said) -> Said:
    """What a row says, where it is not what is said of the whole dataset."""
    return value if value != shared else nothing
