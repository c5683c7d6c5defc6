"""One CKAN package as a draft. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from urllib.parse import quote

from harvester.feeds._ckan.files import Files, dictionaries_of, translated
from harvester.feeds._ckan.licence import licence_of
from harvester.feeds._ckan.names import PACKAGE, STRUCTURE
from harvester.feeds._json.fields import Fields
from harvester.feeds._json.parts import (
    addresses,
    agent_of,
    box_of,
    contacts_of,
    first_of,
    is_address,
    periods_of,
    places_of,
    unique,
)
from harvester.feeds._json.values import is_empty, keywords_of, opened_of, text_of, texts_of
from harvester.model import Draft, DraftAgent, DraftContact, DraftPeriod, DraftPlace, Note

_OF_PACKAGES = frozenset(("resources", "metadata_modified", "num_resources", "owner_org", "license_id"))


def is_package(value: object) -> bool:
    """Is a value surely a package, and not one of the many named things inside one?"""
    return (
        isinstance(value, dict)
        and not _OF_PACKAGES.isdisjoint(value)
        and ("id" in value or "name" in value)
        and "package_id" not in value
    )


def may_be_package(value: object) -> bool:
    """Can a value in the place of a package be one? A resource cannot: it names the package that it is in."""
    return is_package(value) or (
        isinstance(value, dict)
        and "package_id" not in value
        and not all(is_empty(value.get(name)) for name in ("id", "name", "title"))
    )


def is_dkan(package: Mapping[str, object]) -> bool:
    """Is a package in the handwriting of DKAN 1? Its `private` does not mean private, its groups publish."""
    return package.get("type") == "Dataset" or package.get("state") == "Active"


def page_of(package: Mapping[str, object], portal: str) -> str | None:
    """The address of a package's own page on the portal; None when the portal is not known."""
    if is_dkan(package) and is_address(page := text_of(package.get("url"))):
        return page
    name = text_of(package.get("name")) or text_of(package.get("id"))
    return f"{portal}dataset/{quote(name, safe='')}" if portal and name else None


def draft_of(package: Mapping[str, object], portal: str) -> Draft:
    """`package` as a draft; `portal` is the portal's home with a final slash, "" when not known."""
    fields = Fields(((k, v) for k, v in package.items() if k not in STRUCTURE), PACKAGE)
    fields.add(_extras(package.get("extras")))
    files = Files(package, fields, portal)
    page, landing_page = page_of(package, portal), fields.address("landing_page", portal)
    key, name, uri = fields.text("key"), fields.text("name"), fields.plain("uri")
    issued, revised = _reference_dates(fields)
    modified = fields.text("modified") or files.newest or revised
    if modified is None:  # nothing tells when the data changed: when did their description?
        modified = fields.plain("record_date") or text_of(package.get("metadata_modified"))
        if modified is not None:
            fields.notes.append(Note(code="modified-from-record", field="modified", raw=modified[:200]))
    identifiers = fields.texts("identifier", "guid", "doi", "alternate_identifier")
    return Draft(
        key=key or name,
        identifiers=tuple(unique([*identifiers, uri, key, name])),
        uri=uri if is_address(uri) else None,
        title=translated(fields, "title"),
        description=translated(fields, "description"),
        keywords=_keywords(package, fields),
        themes=_themes(package, fields),
        publisher=_publisher(package, fields),
        contacts=_contacts(fields),
        page=page,
        landing_page=None if landing_page == page else landing_page,
        licence=licence_of(fields, portal),
        rights=_rights(fields),
        access_rights=fields.text("access_rights"),
        issued=fields.text("issued") or issued or text_of(package.get("metadata_created")),
        modified=modified,
        frequency=fields.text("frequency"),
        languages=fields.texts("languages"),
        spatial=_spatial(fields),
        temporal=_temporal(fields),
        conforms_to=fields.texts("conforms_to"),
        documentation=fields.texts("documentation", "references"),
        data_dictionary=tuple(unique([*dictionaries_of(fields), *files.dictionaries])),
        in_series=fields.texts("in_series"),
        version=fields.plain("version"),
        status=next(iter(fields.texts("status")), None),
        provenance=addresses(
            fields.texts("harvest_source_url", "harvest_url", "source_catalog_homepage", "catalog_id")
        ),
        distributions=tuple(files.drafts),
        unread=fields.unread(),
        notes=tuple(fields.notes),
    )


def _extras(value: object) -> Iterator[tuple[str, object]]:
    """The extras: a list of `{"key": …, "value": …}`, an object, or either as text."""
    value = opened_of(value)
    if isinstance(value, dict):
        yield from value.items()
        return
    for extra in value if isinstance(value, list) else ():
        if isinstance(extra, dict) and isinstance(key := extra.get("key"), str):
            if key == "extras_rollup":  # GSA's catalogue packs extras into one
                yield from _extras(extra.get("value"))
            elif key != "_id":  # of a database
                yield key, extra.get("value")


# ------------------------------------------------------------------------------ what about


def _keywords(package: Mapping[str, object], fields: Fields) -> tuple[tuple[str, str], ...]:
    tags = package.get("tags")
    words: list[tuple[str, str]] = []
    for tag in tags if isinstance(tags, list) else ():
        word = first_of(tag, "display_name", "name") if isinstance(tag, dict) else text_of(tag)
        if word is not None:
            words.append(("", word))
    if isinstance(tags, (str, dict)):
        words += keywords_of(tags)
    words += keywords_of(fields.opened("keywords"))
    if not words and (line := fields.plain("tags")) is not None:
        words = [("", word.strip()) for word in line.split(",") if word.strip()]
    return tuple(words)


def _themes(package: Mapping[str, object], fields: Fields) -> tuple[str, ...]:
    groups = package.get("groups")
    named: list[str | None] = []
    if isinstance(groups, list) and not is_dkan(package):
        named = [
            first_of(group, "display_name", "title", "name") if isinstance(group, dict) else text_of(group)
            for group in groups
        ]
    return tuple(unique([*named, *fields.texts("theme", "category")]))


# ------------------------------------------------------------------------------ who

_HOST_NAME = re.compile(r"[\w-]+(\.[\w-]+)+")


def _publisher(package: Mapping[str, object], fields: Fields) -> DraftAgent | None:
    """The publisher that the package names, else the organisation that owns it on the portal."""
    named = agent_of(fields.value("publisher"))
    if named is None and fields.has("publisher_name", "publisher_url", "publisher_email"):
        named = agent_of({key: fields.value(f"publisher_{key}") for key in ("name", "url", "email")})
    owner, groups = package.get("organization"), package.get("groups")
    if is_empty(owner) and is_dkan(package) and isinstance(groups, list):
        owner = next(iter(groups), None)
    owning = _organisation(owner)
    if named is None or owning is None or named.name == owning.name:
        return named or owning
    name, other = (next(iter(each.name.values()), "") for each in (named, owning))
    if not name or _HOST_NAME.fullmatch(name):  # Socrata's feeds give a host for a name: the other says more
        fields.leave("publisher", name)
        return owning
    fields.leave("organization", other)
    return named


def _organisation(value: object) -> DraftAgent | None:
    """An organisation as CKAN shows it; its logo and long description stay there."""
    if not isinstance(value, dict):
        return agent_of(value)
    title = next((title for key in ("title", "display_name", "name") if (title := value.get(key))), None)
    return agent_of({"name": title, "url": value.get("url")})


def _contacts(fields: Fields) -> tuple[DraftContact, ...]:
    """Who answers questions: the contact fields, with the name that ISO records give, else the maintainer."""
    if contacts := contacts_of(fields.value("contact")):
        return contacts
    name = fields.plain("contact_name") or _point_of_contact(fields.opened("responsible_party"))
    if name or fields.has("contact_email", "contact_phone", "contact_url"):
        return contacts_of(
            {"name": name, **{key: fields.value(f"contact_{key}") for key in ("email", "phone", "url")}}
        )
    if fields.has("maintainer", "maintainer_email", "maintainer_phone"):
        return contacts_of(
            {
                "name": fields.value("maintainer"),
                "email": fields.value("maintainer_email"),
                "phone": fields.value("maintainer_phone"),
            }
        )
    return ()


def _point_of_contact(parties: object) -> str | None:
    """The party whose role is to answer questions, among ckanext-spatial's `[{"name", "roles"}]`."""
    for party in parties if isinstance(parties, list) else ():
        if isinstance(party, dict) and "pointOfContact" in texts_of(party.get("roles")):
            return text_of(party.get("name"))
    return None


def _rights(fields: Fields) -> str | None:
    constraints = fields.texts("access_constraints", "use_constraints")
    return "\n".join(unique([fields.text("rights"), *constraints])) or None


# ------------------------------------------------------------------------------ where and when


def _spatial(fields: Fields) -> tuple[DraftPlace, ...]:
    places = places_of(fields.value("spatial"))
    if not places:
        box = box_of(*(fields.value(side) for side in ("west", "south", "east", "north")))
        places = (DraftPlace(bbox=box),) if box else places_of(fields.value("bbox"))
    label, uri = fields.plain("spatial_text"), fields.plain("spatial_uri")
    named = (DraftPlace(label=label, uri=uri),) if label or uri else ()
    return (*places, *places_of(fields.value("spatial_coverage")), *named)


def _temporal(fields: Fields) -> tuple[DraftPeriod, ...]:
    start, end = fields.plain("start"), fields.plain("end")
    bounded = (DraftPeriod(start=start, end=end),) if start or end else ()
    return (*periods_of(fields.value("temporal")), *bounded)


def _reference_dates(fields: Fields) -> tuple[str | None, str | None]:
    """When issued and when revised, out of ckanext-spatial's `[{"type": "publication", "value": …}]`."""
    dates: dict[str | None, str | None] = {}
    value = fields.opened("reference_dates")
    for date in value if isinstance(value, list) else ():
        if isinstance(date, dict):
            dates.setdefault(text_of(date.get("type")), text_of(date.get("value")))
    return dates.get("publication") or dates.get("creation"), dates.get("revision")
