"""The metadata tables: which columns they can have, and how a dataset becomes rows.

A cell holds the value as we understood it; where we did not, the source's own words, so that a
pattern or a code list finds it and the finding can show what was written.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Any, NamedTuple

from harvester.model import Coded, Dataset, Date, Distribution, Text

Cell = str | int | None


class Column(NamedTuple):
    """A column: the field of the record that it shows, its reader, and what it holds."""

    field: str
    read: Callable[[Dataset, Any], Cell]
    meaning: str
    ours: bool = False  # we have made this value: no use in showing it to the people of the source


class Shape(NamedTuple):
    """What a table can hold."""

    columns: dict[str, Column]
    items: Callable[[Dataset], Iterable[tuple[str, Any]]]
    """A dataset's rows: where each stands in the record (a prefix of its fields), and the item."""
    owner: str | None = None
    """The column that names the dataset which a row belongs to."""


def words_of(text: Text) -> str | None:
    """One of the languages of a text: the first that has words."""
    for words in text.values():
        if words.strip():
            return words
    return None


def _coded(value: Coded | None) -> str | None:
    return (value.code or value.raw) if value else None


def _date(value: Date | None) -> str | None:
    return (value.value or value.raw) if value else None


def _licence(dataset: Dataset) -> str | None:
    """The dataset's licence; where it has none that of its files, best one that we know."""
    stated = [dataset.licence, *(each.licence for each in dataset.distributions)]
    if dataset.licence is None:
        stated.sort(key=lambda licence: licence is None or licence.code is None)
    return next((text for text in map(_coded, stated) if text), None)


def _contact(dataset: Dataset) -> str | None:
    """The first way there is to reach somebody."""
    ways = (way for each in dataset.contacts for way in (each.email, each.raw_email, each.phone, each.url))
    return next((way for way in ways if way), None)


def _pages(dataset: Dataset) -> int:
    return sum(each.kind == "page" for each in dataset.distributions)


def _format(distribution: Distribution) -> str | None:
    """A page needs no format: it is one."""
    return _coded(distribution.format) or ("html" if distribution.kind == "page" else None)


def _ending(url: str) -> str:
    """What the file name in an address ends in, without its dot; a host name is no file."""
    path = url.partition("?")[0].partition("#")[0].split("/", 3)
    name = path[3].rpartition("/")[2] if len(path) == 4 else ""
    return name.rpartition(".")[2].lower() if "." in name else ""


def _joined(values: Iterable[str]) -> str | None:
    return "; ".join(values) or None


def _names(dataset: Dataset) -> Iterator[tuple[str, str]]:
    """A key is the platform's own behind a prefix (`normalise.identity`)."""
    called = (dataset.key.partition(":")[2], dataset.uri, *dataset.identifiers)
    return (("", name) for name in dict.fromkeys(called) if name)


_DATASETS: dict[str, Column] = {
    "id": Column("id", lambda d, _: d.id, "the dataset's id in this catalogue"),
    "key": Column(
        "identifiers", lambda d, _: d.key, "what tells it from the source's others, as in “id:42”", ours=True
    ),
    "identifier": Column("identifiers", lambda d, _: next(iter(d.identifiers), None), "its first identifier"),
    "uri": Column("uri", lambda d, _: d.uri, "its own IRI"),
    "title": Column("title", lambda d, _: words_of(d.title), "the title"),
    "description": Column("description", lambda d, _: words_of(d.description), "the description"),
    "keywords": Column("keywords", lambda d, _: _joined(w for _, w in d.keywords), "the keywords, with “; ”"),
    "topics": Column(
        "topics", lambda d, _: _joined(d.topics), "the codes of its topic pages, with “; ”", ours=True
    ),
    "publisher": Column("publisher", lambda d, _: words_of(d.publisher.name), "the publisher's name"),
    "contact": Column("contacts", lambda d, _: _contact(d), "the first mail address, telephone or page"),
    "landing_page": Column("landing_page", lambda d, _: d.landing_page, "the page that the publisher names"),
    "page": Column("page", lambda d, _: d.page, "the record's own page on the portal"),
    "licence": Column("licence", lambda d, _: _licence(d), "a code of `licences`; else that of a file"),
    "rights": Column("rights", lambda d, _: d.rights, "the terms of use"),
    "access_rights": Column(
        "access_rights", lambda d, _: _coded(d.access_rights), "a code of `access_rights`"
    ),
    "issued": Column("issued", lambda d, _: _date(d.issued), "the date of publication"),
    "modified": Column("modified", lambda d, _: _date(d.modified), "the date of the last change"),
    "frequency": Column("frequency", lambda d, _: _coded(d.frequency), "a code of `frequencies`"),
    "languages": Column("languages", lambda d, _: _joined(d.languages), "language tags, with “; ”"),
    "spatial": Column("spatial", lambda d, _: d.spatial[0].raw if d.spatial else None, "the first area"),
    "temporal": Column(
        "temporal", lambda d, _: d.temporal[0].raw if d.temporal else None, "the first period"
    ),
    "version": Column("version", lambda d, _: d.version, "the version"),
    "status": Column("status", lambda d, _: d.status, "the status"),
    "distributions": Column(
        "distributions", lambda d, _: len(d.distributions), "how many files, services, pages", ours=True
    ),
    "pages": Column(
        "distributions", lambda d, _: _pages(d), "how many of them are only web pages", ours=True
    ),
}

_DISTRIBUTIONS: dict[str, Column] = {
    "dataset": Column("", lambda d, _: d.id, "the dataset's id"),
    "id": Column("id", lambda _, i: i.id, "the file's id within its dataset"),
    "kind": Column("kind", lambda _, i: i.kind, "`data`, `service` or `page`"),
    "url": Column("url", lambda _, i: i.url, "where the file is, else where it can be had"),
    "ending": Column("url", lambda _, i: _ending(i.url or ""), "the ending of the file's name, as in “csv”"),
    "access_url": Column("access_url", lambda _, i: i.access_url, "where the file can be had"),
    "download_url": Column("download_url", lambda _, i: i.download_url, "where the file itself is"),
    "title": Column("title", lambda _, i: words_of(i.title), "the file's title"),
    "description": Column("description", lambda _, i: words_of(i.description), "the file's description"),
    "format": Column("format", lambda _, i: _format(i), "a code of `formats`; `html` for a page"),
    "media_type": Column("media_type", lambda _, i: _coded(i.media_type), "such as text/csv"),
    "byte_size": Column("byte_size", lambda _, i: i.byte_size, "bytes"),
    "checksum": Column("checksum", lambda _, i: i.checksum, "such as sha256:…"),
    "licence": Column("licence", lambda _, i: _coded(i.licence), "the file's own licence"),
    "rights": Column("rights", lambda _, i: i.rights, "the file's own terms of use"),
    "issued": Column("issued", lambda _, i: _date(i.issued), "the date of publication"),
    "modified": Column("modified", lambda _, i: _date(i.modified), "the date of the last change"),
}

_AGENTS: dict[str, Column] = {
    "name": Column("", lambda _, i: words_of(i.name), "the publisher's name"),
    "url": Column("url", lambda _, i: i.url, "its web site"),
    "email": Column("email", lambda _, i: i.email, "its mail address"),
    "parent": Column("parent", lambda _, i: i.parent, "the body that it is part of"),
}

_CONTACTS: dict[str, Column] = {
    "dataset": Column("", lambda d, _: d.id, "the dataset's id"),
    "name": Column("name", lambda _, i: i.name, "the name"),
    "email": Column("email", lambda _, i: i.email or i.raw_email, "the mail address"),
    "phone": Column("phone", lambda _, i: i.phone, "the telephone number"),
    "url": Column("url", lambda _, i: i.url, "a page to write from"),
}

TABLES: dict[str, Shape] = {
    "datasets": Shape(_DATASETS, lambda d: (("", d),)),
    "distributions": Shape(
        _DISTRIBUTIONS, lambda d: ((f"distributions.{i.id}", i) for i in d.distributions), "dataset"
    ),
    "contacts": Shape(
        _CONTACTS, lambda d: ((f"contacts.{n}", contact) for n, contact in enumerate(d.contacts)), "dataset"
    ),
    "themes": Shape(
        {
            "dataset": Column("", lambda d, _: d.id, "the dataset's id"),
            "theme": Column("", lambda _, i: _coded(i), "a code of `themes`"),
        },
        lambda d: (("themes", theme) for theme in d.themes),
        "dataset",
    ),
    "publishers": Shape(_AGENTS, lambda d: (("publisher", d.publisher),)),
    "series": Shape(
        {
            "dataset": Column("", lambda d, _: d.id, "the dataset's id"),
            "series": Column("", lambda _, i: i, "what it says that it is part of"),
        },
        lambda d: (("in_series", name) for name in d.in_series),
        "dataset",
    ),
    "names": Shape(
        {
            "dataset": Column("", lambda d, _: d.id, "the dataset's id"),
            "name": Column(
                "", lambda _, i: i, "what it can be called by: the platform's key, an identifier, an IRI"
            ),
        },
        _names,
        "dataset",
    ),
}
"""Every table that a profile can ask for, in the order in which they are validated."""

EXTRA = "extra."
"""A column of `datasets` that begins so shows a field of the source that has no place of its own."""


def column(table: str, name: str) -> Column | None:
    """A table's column of that name, or None when there is no such column."""
    if table == "datasets" and name.startswith(EXTRA):
        key = name.removeprefix(EXTRA)
        return Column(name, lambda d, _: d.extra.get(key), "a field of the source without a place of its own")
    return TABLES[table].columns.get(name)


def field_path(prefix: str, column: Column) -> str:
    """Where a cell stands in the record, as in `distributions.csv-ab12.format`."""
    return ".".join(part for part in (prefix, column.field) if part)
