"""A directory of human services (211): an Open Referral HSDS package, and how fresh it is.

https://docs.openreferral.org: tables `organization`, `service`, `location` … Version 3 dates services by
`last_modified` and `assured_date`; all versions may have a table `metadata` that says when which record
was changed. A stale directory sends people to closed doors, so what matters is not when the file was
written, but when each organization was last looked after.

Reading is bounded: a few tables, a few megabytes of each.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from itertools import islice

from msgspec.structs import replace

from harvester.document import Document, Get
from harvester.errors import FetchError
from harvester.feeds._data_package.package import address_of, resources_of
from harvester.feeds._json.fields import squeezed
from harvester.feeds._json.parts import first_of, is_address
from harvester.feeds._json.values import text_of
from harvester.feeds._tables.text import decode
from harvester.model import Draft, DraftPlace, Note

MOST_BYTES = 4_000_000
"""Of one table that are read."""

_MOST_ROWS = 200_000
_TABLES = ("organization", "service", "location", "metadata")
"""Those that are read; all that is needed to tell whose records are how old."""

_UNLISTED: Mapping[str, object] = {"path": "metadata.csv"}
"""Where the standard puts the table that dates all others; packages forget to list it."""

_LISTED = 50  # organizations that are named with their date
_OTHERS = {
    *("location", "phone", "address", "physicaladdress", "postaladdress", "serviceatlocation", "contact"),
    *("taxonomy", "taxonomyterm", "attribute", "schedule", "regularschedule", "eligibility", "program"),
}
_OF_VERSION_3 = {
    "attribute",
    "address",
    "schedule",
    "taxonomyterm",
    "accessibility",
    "organizationidentifier",
}
_DATES = ("last_modified", "assured_date", "last_action_date", "last_updated", "updated_at")
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")

Row = dict[str, str]


def is_directory(package: Mapping[str, object]) -> bool:
    """Is the package a directory by Open Referral's specification? By the names of its tables."""
    names = _names(package)
    return {"organization", "service"} <= names and len(names & _OTHERS) >= 2


def _names(package: Mapping[str, object]) -> set[str]:
    return {_table_name(each) for each in resources_of(package)}


def _table_name(resource: Mapping[str, object]) -> str:
    """The name of a table, in the singular: "services_at_location" → "serviceatlocation"."""
    said = squeezed(first_of(resource, "name") or "")
    if said == "servicesatlocation":
        return "serviceatlocation"
    for plural, singular in (("addresses", "address"), ("ies", "y"), ("s", "")):
        if said.endswith(plural) and not said.endswith("ss"):
            return said.removesuffix(plural) + singular
    return said


def _today() -> date:
    return datetime.now(UTC).date()


def described(draft: Draft, package: Mapping[str, object], base: str, get: Get) -> Draft:
    """The draft of a directory with what its tables say: counts, freshness, area. Never raises."""
    tables: dict[str, list[Row]] = {}
    unread: list[str] = []
    resources = {_table_name(each): each for each in reversed(resources_of(package))}
    for name in _TABLES:
        resource = resources.get(name, _UNLISTED if name == "metadata" else None)
        if resource is None:
            continue
        rows = _rows(resource, base, get)
        if rows is None and resource is not _UNLISTED:
            unread.append(name)
        elif rows is not None:
            tables[name] = rows
    freshness = _Freshness(tables)
    said = {
        "tables": str(len(resources_of(package))),
        **{f"{name} records": str(len(rows)) for name, rows in tables.items()},
        **freshness.said(_today()),
    }
    if unread:
        said["tables that were not read"] = ", ".join(unread)
    standard = "3.0/" if len(_names(package) & _OF_VERSION_3) >= 2 else ""
    place = _area(tables.get("location", ()))
    newest = max(freshness.dates.values(), default=None)
    return replace(
        draft,
        conforms_to=(*draft.conforms_to, f"https://docs.openreferral.org/en/{standard}"),
        modified=draft.modified or newest,
        spatial=draft.spatial or ((place,) if place else ()),
        unread={**draft.unread, **said},
        notes=(*draft.notes, *freshness.notes(_today())),
    )


# ------------------------------------------------------------------------------ tables


def _rows(resource: Mapping[str, object], base: str, get: Get) -> list[Row] | None:
    """The rows of a table; None where it cannot be had, is too large, or is no such table."""
    data = resource.get("data")
    if isinstance(data, list):
        return [_row(each) for each in data[:_MOST_ROWS] if isinstance(each, dict)]
    address = address_of(resource, base)
    if address is None or not is_address(address) or _is_too_large(resource, address, get):
        return None
    try:
        document = get(address)
    except FetchError:
        return None  # the table itself is told with its address; here it would only have been counted
    if document.size > MOST_BYTES:
        return None
    return _of_csv(document)


def _row(value: Mapping[str, object]) -> Row:
    return {name.strip().lower(): text for name, each in value.items() if (text := text_of(each))}


def _is_too_large(resource: Mapping[str, object], address: str, get: Get) -> bool:
    """Is the table larger than what is read, as the package or else the server says?"""
    stated = text_of(resource.get("bytes")) or ""
    if stated.isdecimal() and len(stated) < 19:
        return int(stated) > MOST_BYTES
    try:
        return (get.head(address).length or 0) > MOST_BYTES
    except FetchError as error:
        return error.status in (401, 403, 404, 410)  # not there; else the server has no mind for HEAD


def _of_csv(document: Document) -> list[Row] | None:
    """The rows of a CSV file, by their headings; None where these name no id."""
    lines = decode(document.read(), document.charset).splitlines(keepends=True)
    delimiter = max(",;\t|", key=(lines[0] if lines else "").count)
    reader = csv.reader(lines, delimiter=delimiter)
    found: list[Row] = []
    try:
        headings = [each.strip().lower() for each in next(reader, [])]
        if "id" not in headings:
            return None
        for cells in islice(reader, _MOST_ROWS):
            row = {name: cell.strip() for name, cell in zip(headings, cells, strict=False) if cell.strip()}
            if row:
                found.append(row)
    except csv.Error:
        pass  # a quotation mark without its partner, and the rest of the file in one cell
    return found


def _area(locations: Sequence[Row]) -> DraftPlace | None:
    """The box around all locations."""
    points: list[tuple[float, float]] = []
    for row in locations:
        try:
            longitude, latitude = float(row["longitude"]), float(row["latitude"])
        except (KeyError, ValueError):
            continue
        if abs(longitude) <= 180 and abs(latitude) <= 90 and (longitude or latitude):
            points.append((longitude, latitude))
    if not points:
        return None
    longitudes, latitudes = zip(*points, strict=True)
    sides = (min(longitudes), min(latitudes), max(longitudes), max(latitudes))
    return DraftPlace(bbox=",".join(str(side) for side in sides))


# ------------------------------------------------------------------------------ freshness


@dataclass
class _Freshness:
    """When each organization, its services and its locations were last changed or assured."""

    tables: dict[str, list[Row]]
    names: dict[str, str] = field(default_factory=dict)  # organization → what it is called
    dates: dict[str, str] = field(default_factory=dict)  # organization → YYYY-MM-DD

    def __post_init__(self) -> None:
        owner: dict[str, str] = {}  # record → the organization that it belongs to
        for row in self.tables.get("organization", ()):
            if key := row.get("id"):
                self.names[key] = row.get("name", key)
                owner[key] = key
        for table in ("service", "location"):
            for row in self.tables.get(table, ()):
                if (key := row.get("id")) and (body := row.get("organization_id")) in self.names and body:
                    owner.setdefault(key, body)
        for table in _TABLES:
            for row in self.tables.get(table, ()):
                body = owner.get(row.get("resource_id" if table == "metadata" else "id", ""))
                if body is not None:
                    for name in _DATES:
                        self._touch(body, row.get(name, ""))

    def _touch(self, body: str, said: str) -> None:
        found = _DATE.match(said)
        if found is None:
            return
        try:
            date.fromisoformat(found[0])
        except ValueError:
            return
        self.dates[body] = max(self.dates.get(body, ""), found[0])

    def stale(self, today: date) -> list[str]:
        """Organizations that were not touched for over a year, the longest neglected first."""
        year_ago = _year_before(today)
        return sorted(
            (body for body, day in self.dates.items() if day < year_ago),
            key=lambda body: (self.dates[body], body),
        )

    def said(self, today: date) -> dict[str, str]:
        """The account for people: dates as YYYY-MM-DD, organizations by name."""
        if not self.names:
            return {}
        told = {"organizations without a date": str(len(self.names) - len(self.dates))}
        if self.dates:
            ordered = sorted(self.dates, key=lambda body: (self.dates[body], body))
            told["organizations not updated for over a year"] = str(len(self.stale(today)))
            told["organization updated last"] = self._line(ordered[-1])
            told["organization updated longest ago"] = self._line(ordered[0])
            told["last update by organization"] = "; ".join(self._line(body) for body in ordered[:_LISTED])
        return told

    def notes(self, today: date) -> tuple[Note, ...]:
        """That the directory is stale, where it is."""
        stale = self.stale(today)
        if not stale:
            return ()
        raw = f"{len(stale)} of {len(self.names)}; {self._line(stale[0])}"
        return (Note(code="directory-stale", field="modified", raw=raw[:200]),)

    def _line(self, body: str) -> str:
        return f"{' '.join(self.names[body].split())[:100]}: {self.dates[body]}"


def _year_before(day: date) -> str:
    try:
        return day.replace(year=day.year - 1).isoformat()
    except ValueError:  # the 29th of February
        return day.replace(year=day.year - 1, day=28).isoformat()
