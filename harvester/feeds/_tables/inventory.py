"""Does a table list datasets, or is it one? Pure.

A list of schools has names, addresses and mail too. So headings that only a list of datasets has must
be among those that are understood, or links to files.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from harvester.feeds._tables.headings import ADDRESSES, Header, key

_ONLY_OF_LISTS = frozenset(
    ("keywords", "themes", "licence", "frequency", "file.format", "file.media_type", "file.title",
     "publisher.name", "access_rights", "documentation", "data_dictionary", "conforms_to", "contact.email")
)  # fmt: skip
"""Fields that a list of datasets has, and other tables seldom have two of."""

_SELDOM_ALONE = frozenset(("publisher.name", "contact.email", "themes"))
"""Of these two together say little: "Department, Email" is a list of people, too."""

_OF_SHORT_LISTS = frozenset(("publisher.name", "contact.email", "modified"))
_OF_EVENTS = frozenset(("temporal.start", "temporal.end", "spatial"))
"""A short list has titles, descriptions and one of the first; lists of events and projects look like it."""

_A_DATASET = re.compile(r"dataset|datatitle|dataasset|jeux?donnees|conjuntos?datos|dadesobertes")
_OF_THINGS = frozenset(
    ("latitude", "longitude", "lat", "lon", "lng", "long", "latitud", "longitud", "objectid", "fid", "shape",
     "shapelength", "shapearea", "geom", "thegeom", "wkt", "geopoint", "geoshape", "x", "y", "xcoord",
     "ycoord", "zip", "zipcode", "codepostal", "codigopostal", "salary", "amount", "montant", "importe")
)  # fmt: skip
_ADDRESS = re.compile(r"(?:https?://|www\.|ftp://|\.{0,2}/)\S+|\S+\.[A-Za-z]{2,7}(?:/\S*)?", re.IGNORECASE)


def lists_datasets(rows: Mapping[int, Sequence[str]], header: Header) -> bool:
    """Is this table, with its row of headings, a list of datasets?

    A heading says that its titles are those of datasets; or it has links to files, or two of the fields
    that only lists of datasets have; or it is a short list that is understood well.
    """
    fields = header.exact
    if "title" not in header.fields or len(fields) < 2:
        return False
    if any(_A_DATASET.search(key(column.heading)) for column in header.of("title")):
        return True
    if any(key(column.heading) in _OF_THINGS for column in header.columns):
        return False
    if 3 * len(fields) < len(header.columns):
        return False
    telling = fields & _ONLY_OF_LISTS
    if len(telling) >= 2 and not telling <= _SELDOM_ALONE:
        return True
    if _OF_SHORT_LISTS & fields and "description" in fields and 3 * len(fields) >= 2 * len(header.columns):
        return not _OF_EVENTS & fields
    return header.certain and _has_links(rows, header)


def _has_links(rows: Mapping[int, Sequence[str]], header: Header) -> bool:
    """Do the columns for links hold any? Where there is no row yet, their headings count."""
    columns = [column.index for column in header.columns if column.field in ADDRESSES and column.exact]
    below = [row for place, row in rows.items() if place > header.row and any(row)]
    if not below:
        return bool(columns)
    return any(_ADDRESS.fullmatch(row[index]) for row in below for index in columns if index < len(row))
