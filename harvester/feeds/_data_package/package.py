"""One Data Package as a draft. Pure.

https://specs.frictionlessdata.io/data-package/ (version 1), https://datapackage.org (version 2), and
what was written before either: `url` in place of `path`, `license`, `maintainers`, `publisher`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from urllib.parse import quote, urljoin

from harvester.feeds._json.fields import Fields, Names
from harvester.feeds._json.parts import (
    agent_of,
    contacts_of,
    first_of,
    is_address,
    periods_of,
    places_of,
    unique,
)
from harvester.feeds._json.values import encode, is_empty, items_of, keywords_of, text_of, words_of
from harvester.model import Draft, DraftAgent, DraftContact, DraftDistribution, DraftPlace, Note, Text

_NAMES = Names(
    {
        "key": ("id", "@id"),
        "name": ("name",),
        "title": ("title",),
        "description": ("description",),
        "landing_page": ("homepage",),
        "version": ("version",),
        "issued": ("created", "issued"),
        "modified": ("modified", "updated", "last_updated", "last_modified", "dateModified"),
        "keywords": ("keywords", "tags"),
        "themes": ("theme", "themes", "category", "categories"),
        "licences": ("licenses", "license", "licences", "licence"),
        "contributors": ("contributors",),
        "maintainers": ("maintainers", "contact", "contacts"),
        "publisher": ("publisher", "publishers", "organization"),
        "sources": ("sources",),
        "conforms_to": ("$schema", "profile", "conformsTo", "profiles"),
        "frequency": ("updateFrequency", "accrualPeriodicity", "frequency"),
        "access_rights": ("accessRights", "accessLevel"),
        "rights": ("rights",),
        "languages": ("languages", "language"),
        "spatial": ("spatial", "coverage"),
        "temporal": ("temporal",),
        "resources": ("resources",),
        "readme": ("readme",),
    },
    ignored=("image", "datapackage_version", "dataDependencies", "dependencies"),
)
_FILE_NAMES = Names(
    {
        "name": ("name",),
        "path": ("path",),
        "url": ("url",),
        "data": ("data",),
        "title": ("title",),
        "description": ("description",),
        "format": ("format",),
        "media_type": ("mediatype", "mimetype"),
        "byte_size": ("bytes", "size"),
        "checksum": ("hash",),
        "licences": ("licenses", "license"),
        "modified": ("modified", "last_modified"),
        "issued": ("created",),
        "schema": ("schema",),
    },
    ignored=("profile", "$schema", "encoding", "dialect", "sources", "type", "scheme", "control"),
)
_MOST_FILES = 5_000
_CONTACT_ROLES = {"contact", "contactpoint", "maintainer"}


# ------------------------------------------------------------------------------ recognising


_OF_CKAN = ("package_id", "resource_group_id", "datastore_active", "url_type")
_OF_CKAN_PACKAGES = ("num_resources", "owner_org", "license_id", "metadata_modified", "notes")


def is_package(value: object) -> bool:
    """Is a value the descriptor of a package, and not another list of resources (CKAN's, RO-Crate's)?"""
    if not isinstance(value, dict) or "@context" in value or "success" in value:
        return False
    resources = value.get("resources")
    if not isinstance(resources, list):
        return False
    found = [each for each in resources if isinstance(each, dict)]
    if any(name in each for each in found for name in _OF_CKAN):
        return False
    if not found:
        return ("name" in value or "$schema" in value) and not any(
            each in value for each in _OF_CKAN_PACKAGES
        )
    return any(
        "path" in each or "data" in each or ("url" in each and ("schema" in each or "profile" in value))
        for each in found
    )


# ------------------------------------------------------------------------------ the draft


def draft_of(package: Mapping[str, object], base: str) -> Draft:
    """`package` as a draft; `base` is the address of its descriptor, where relative paths start."""
    fields = Fields(package.items(), _NAMES)
    key, name = fields.plain("key"), fields.plain("name")
    distributions = list(_distributions(fields, base))
    publisher, contacts = _people(fields)
    sources, cited = _sources(fields.value("sources"), base)
    own_page = base if is_address(base) else None
    return Draft(
        key=key or name or own_page,
        identifiers=tuple(unique([name if key else None])),
        uri=key if is_address(key) else None,
        title=fields.words("title") or ({"": name} if name else {}),
        description=fields.words("description"),
        keywords=keywords_of(fields.opened("keywords")),
        themes=fields.texts("themes"),
        publisher=publisher,
        contacts=contacts,
        landing_page=fields.address("landing_page", base),
        licence=_licence(fields, base),
        rights=fields.text("rights"),
        access_rights=fields.text("access_rights"),
        issued=fields.text("issued"),
        modified=fields.text("modified"),
        frequency=fields.text("frequency"),
        languages=fields.texts("languages"),
        spatial=_places(fields.value("spatial")),
        temporal=periods_of(fields.value("temporal")),
        conforms_to=fields.texts("conforms_to"),
        documentation=sources,
        data_dictionary=_dictionaries(fields.value("resources"), base),
        version=fields.plain("version"),
        distributions=tuple(distributions),
        unread=_unread(fields, cited),
        notes=tuple(fields.notes),
    )


def _unread(fields: Fields, cited: tuple[str, ...]) -> dict[str, str]:
    found = fields.unread()
    if cited:
        found["sources"] = "; ".join(cited)
    if columns := _columns(fields.value("resources")):
        found["fields"] = columns
    return found


def _licence(fields: Fields, base: str) -> str | None:
    """The licence; further ones are told as unread."""
    found = [said for each in items_of(fields.opened("licences")) if (said := _licence_of(each, base))]
    if len(found) > 1:
        fields.leave("licenses", found[1:])
    return found[0] if found else None


def _licence_of(value: object, base: str) -> str | None:
    if not isinstance(value, dict):
        return text_of(value)
    path = first_of(value, "path", "url")
    if is_address(path):
        return path
    named = first_of(value, "name", "type", "id", "title")
    return named or (_joined(base, path) if path else None)


# ------------------------------------------------------------------------------ people


def _people(fields: Fields) -> tuple[DraftAgent | None, tuple[DraftContact, ...]]:
    """Who publishes, and whom to ask. Authors and mere contributors are persons, and not told."""
    publisher: DraftAgent | None = None
    contacts: list[DraftContact] = []
    for each in items_of(fields.opened("contributors")):
        if not isinstance(each, dict):
            continue
        roles = {
            (text_of(role) or "").lower() for name in ("role", "roles") for role in items_of(each.get(name))
        }
        if "publisher" in roles and publisher is None:
            publisher = _agent(each)
        if not roles.isdisjoint(_CONTACT_ROLES):
            contacts += [contact] if (contact := _contact(each)) else []
    publisher = publisher or agent_of(_titled(fields.opened("publisher")))
    if not contacts:
        contacts += contacts_of(_titled(fields.opened("maintainers")))
    return publisher, tuple(dict.fromkeys(contacts))


def _titled(value: object) -> object:
    """Version 1's parties are called by their title."""
    if isinstance(value, list):
        return [_titled(each) for each in value]
    if isinstance(value, dict) and "title" in value and "name" not in value:
        return {**value, "name": value["title"]}
    return value


def _agent(value: Mapping[str, object]) -> DraftAgent | None:
    name = words_of(value.get("title")) or words_of(value.get("organization")) or words_of(value.get("name"))
    if not name:
        return None
    path = first_of(value, "path", "web")
    parent = first_of(value, "organization")
    return DraftAgent(
        name=name,
        url=path if is_address(path) else None,
        email=first_of(value, "email"),
        parent=parent if parent not in name.values() else None,
    )


def _contact(value: Mapping[str, object]) -> DraftContact | None:
    names = [first_of(value, "givenName"), first_of(value, "familyName")]
    name = first_of(value, "title", "name", "organization") or " ".join(unique(names)) or None
    email, path = first_of(value, "email"), first_of(value, "path", "web")
    if not (name or email):
        return None
    return DraftContact(name=name, email=email, url=path if is_address(path) else None)


def _sources(value: object, base: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """What the data was made from: addresses, and words for all of it."""
    addresses: list[str] = []
    cited: list[str] = []
    for each in items_of(value):
        path = first_of(each, "path", "web", "url") if isinstance(each, dict) else None
        title = first_of(each, "title", "name") if isinstance(each, dict) else text_of(each)
        address = _joined(base, path) if path else title if is_address(title) else None
        if is_address(address):
            addresses.append(address or "")
        if said := " ".join(unique([title, f"<{address}>" if address and address != title else None])):
            cited.append(said)
    return tuple(unique(addresses)), tuple(unique(cited))


def _places(value: object) -> tuple[DraftPlace, ...]:
    box = value.get("bbox") if isinstance(value, dict) else None
    if isinstance(value, dict) and isinstance(box, list) and len(box) == 4:
        sides = [text_of(each) for each in box]
        if None not in sides:
            label = first_of(value, "label", "name", "title")
            return (DraftPlace(label=label, bbox=",".join(each for each in sides if each)),)
    return places_of(value)


# ------------------------------------------------------------------------------ resources


def resources_of(package: Mapping[str, object]) -> Sequence[Mapping[str, object]]:
    """The resources that are objects, as many as are read."""
    return [each for each in items_of(package.get("resources")) if isinstance(each, dict)][:_MOST_FILES]


def address_of(resource: Mapping[str, object], base: str) -> str | None:
    """Where the first file of a resource lies; None where it lies nowhere, or where it must not."""
    paths = list(_paths(resource))
    return resolved(base, paths[0]) if paths else None


def _paths(resource: Mapping[str, object]) -> Iterator[str]:
    for name in ("path", "url"):
        for each in items_of(resource.get(name)):
            if text := text_of(each):
                yield text


_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:")  # a drive's letter is none, and leads out as well


def resolved(base: str, path: str) -> str | None:
    """The address of a path in a package: a web address, or one at or below the descriptor's folder.

    None for what the standard forbids, since it would reach out of the package: absolute paths,
    paths that climb up (`../`), and other schemes than those of the web.
    """
    path = path.strip()
    if is_address(path):
        return path
    if (
        not path
        or _SCHEME.match(path)
        or path.startswith(("/", "~", "\\"))
        or ".."
        in re.split(r"[/\\]|%2f|%5c", path.replace("%2e", ".").replace("%2E", "."), flags=re.IGNORECASE)
    ):
        return None
    return _joined(base, path)


def _joined(base: str, path: str) -> str:
    if is_address(path) or not is_address(base):
        return path
    return urljoin(base, quote(path.replace("\\", "/"), safe="/%!$&'()*+,;=:@~"))


def _distributions(package: Fields, base: str) -> Iterator[DraftDistribution]:
    items = [*items_of(package.opened("resources"))]
    for number, item in enumerate(items[:_MOST_FILES]):
        if isinstance(item, dict):
            yield from _distribution(item, base, number, package)
        elif isinstance(item, str) and (address := resolved(base, item)):
            yield DraftDistribution(download_url=address)
        elif not is_empty(item):
            package.unexpected("resources", item)


def _distribution(
    item: Mapping[str, object], base: str, number: int, package: Fields
) -> Iterator[DraftDistribution]:
    at = f"distributions.{number}."
    fields = Fields(item.items(), _FILE_NAMES, at=at)
    name = fields.plain("name")
    title = fields.words("title") or ({"": name} if name else {})
    paths = list(_paths(item))
    own = base if is_address(base) and not paths and "data" in item else None
    licence = next(
        (said for each in items_of(fields.opened("licences")) if (said := _licence_of(each, base))), None
    )
    addresses: list[str] = [own] if own else []
    for path in paths:
        address = resolved(base, path)
        if address is None:
            package.notes.append(Note(code="url-invalid", field=f"{at}path", raw=path[:200]))
        else:
            addresses.append(address)
    several = len(paths) > 1
    for place, address in enumerate(addresses):
        in_package = is_address(address)
        yield DraftDistribution(
            key=f"{name}#{place + 1}" if several and name else name,
            download_url=address if in_package else None,
            url=None if in_package else address,
            title=_of_file(title, address) if several else title,
            description=fields.words("description"),
            format="json" if own else fields.text("format"),
            media_type=fields.text("media_type"),
            byte_size=None if several or own else fields.plain("byte_size"),
            checksum=None if several or own else fields.plain("checksum"),
            licence=licence,
            issued=fields.text("issued"),
            modified=fields.text("modified"),
        )
    package.notes += fields.notes
    for left, value in fields.left():
        package.leave(f"resources.{number}.{left}", value)


def _of_file(title: Text, address: str) -> Text:
    """A title for one of several files of a resource."""
    name = address.partition("?")[0].rpartition("/")[2]
    return {tag: f"{text}: {name}" for tag, text in (title or {"": "?"}).items()} if name else title


def _dictionaries(resources: object, base: str) -> tuple[str, ...]:
    """Where the columns are described: in the descriptor itself, or in files of their own."""
    found: list[str | None] = []
    for each in items_of(resources):
        schema = each.get("schema") if isinstance(each, dict) else None
        if isinstance(schema, dict) and is_address(base):
            found.append(base)
        elif isinstance(schema, str):
            found.append(resolved(base, schema))
    return tuple(unique(each for each in found if is_address(each)))


def _columns(resources: object) -> str:
    """The columns of all tables, in words: "stops: stop_id (string), name (string)"."""
    tables: list[str] = []
    for each in items_of(resources):
        schema = each.get("schema") if isinstance(each, dict) else None
        fields = schema.get("fields") if isinstance(schema, dict) else None
        columns = [
            f"{name} ({kind})" if (kind := text_of(field.get("type"))) else name
            for field in items_of(fields)
            if isinstance(field, dict) and (name := text_of(field.get("name")))
        ]
        if columns and isinstance(each, dict):
            tables.append(
                f"{first_of(each, 'name', 'title') or encode(each.get('path'))}: {', '.join(columns)}"
            )
    return "; ".join(tables)
