"""One dataset of a data.json file, as a draft. Pure.

The fields are those of Project Open Data 1.1 (https://resources.data.gov/resources/dcat-us/), and
what ArcGIS Hub, DKAN, JKAN, Andino, uSmart and Socrata write in their place; and those of DCAT-US 3
(https://resources.data.gov/resources/dcat-us3/), where many a text may be an object that describes
the same thing.
"""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import unquote, urlsplit

from msgspec.structs import replace

from harvester.feeds._json.fields import Fields, Names
from harvester.feeds._json.parts import (
    address_in,
    agent_of,
    box_of,
    contacts_of,
    first_of,
    identifiers_in,
    is_address,
    periods_of,
    places_of,
    unique,
)
from harvester.feeds._json.values import (
    absolute,
    is_empty,
    items_of,
    keywords_of,
    opened_of,
    text_of,
    texts_of,
)
from harvester.model import Draft, DraftContact, DraftDistribution, DraftPeriod, DraftPlace

_TECHNICAL = ("@type", "@context", "describedByType")
_NAMES = Names(
    {
        "identifiers": ("identifier",),
        "other_identifiers": ("otherIdentifier",),
        "uri": ("@id",),
        "title": ("title", "name"),
        "description": ("description", "notes", "abstract"),
        "keywords": ("keyword", "keywords", "tags"),
        "theme": ("theme",),
        "super_theme": ("superTheme",),
        "category": ("category", "categories", "subject"),
        "publisher": ("publisher", "organization"),
        "contact": ("contactPoint", "contact"),
        "landing_page": ("landingPage", "url", "homepage", "pageURL"),
        "licence": ("license", "licence"),
        "rights": ("rights",),
        "use_restriction": ("useRestriction",),
        "access_rights": ("accessLevel", "accessRights"),
        "issued": ("issued", "issueDate", "created", "createdAt", "releaseDate", "dateCreated"),
        "modified": (
            "modified",
            "lastModificationDate",
            "updatedAt",
            "updated",
            "dateModified",
            "dateUpdated",
        ),
        "frequency": ("accrualPeriodicity", "frequency", "updateFrequency"),
        "languages": ("language",),
        "spatial": ("spatial", "spatialCoverage", "geographicBoundingBox"),
        "area": ("coverageArea",),
        "west": ("boundingBoxWest",),
        "south": ("boundingBoxSouth",),
        "east": ("boundingBoxEast",),
        "north": ("boundingBoxNorth",),
        "temporal": ("temporal", "temporalCoverage"),
        "start": ("temporalCoverageStart",),
        "end": ("temporalCoverageEnd",),
        "conforms_to": ("conformsTo",),
        "references": ("references",),
        "pages": ("page",),
        "referenced_by": ("isReferencedBy",),
        "data_dictionary": ("describedBy", "dataDictionary"),
        "in_series": ("isPartOf", "inSeries"),
        "version": ("version",),
        "status": ("status",),
        "distributions": ("distribution", "distributions", "resources"),
        # of version 1.0, where a dataset had one file and no distributions
        "accessURL": ("accessURL",),
        "webService": ("webService",),
        "format": ("format",),
        "mail": ("mbox",),
    },
    # of DCAT-US 3, who did what, by name
    ignored=(*_TECHNICAL, "qualifiedAttribution", "wasAttributedTo", "wasGeneratedBy", "wasUsedBy"),
)
_FILE_NAMES = Names(
    {
        "key": ("identifier", "@id"),
        "access_url": ("accessURL",),
        "access_service": ("accessService",),
        "download_url": ("downloadURL",),
        "url": ("url", "assetUrl"),
        "title": ("title", "name", "fileName"),
        "description": ("description",),
        "format": ("format", "fileType"),
        "media_type": ("mediaType", "mimeType"),
        "byte_size": ("byteSize", "size", "fileSize", "contentSize"),
        "size_unit": ("fileSizeUnit",),
        "checksum": ("checksum", "hash"),
        "licence": ("license", "licence"),
        "rights": ("rights",),
        "use_restriction": ("useRestriction",),
        "issued": ("issued", "created", "dateCreated"),
        "modified": ("modified", "updated", "dateUpdated"),
        "languages": ("language",),
        "conforms_to": ("conformsTo",),
        "data_dictionary": ("describedBy", "dataDictionary"),
    },
    ignored=_TECHNICAL,
)


def draft_of(record: Mapping[str, object], base: str) -> Draft:
    """`record` as a draft; `base` is the address of its document, where relative addresses start."""
    # DKAN repeats its lists as "%Ref:keyword" and the like, for its own bookkeeping
    fields = Fields(((k, _referred(v)) for k, v in record.items() if not k.startswith("%Ref:")), _NAMES)
    identifiers, uri = _identifiers(fields), fields.plain("uri")
    landing_page = _address(fields, "landing_page", base)
    page = landing_page if _same_host(landing_page, base) else None
    files, dictionaries = _distributions(fields, base)
    dictionaries = [*_documents(fields, "data_dictionary"), *dictionaries]
    _keep_chain(fields)
    return Draft(
        key=next(iter(identifiers), None) or uri or _slug(page),
        identifiers=tuple(unique([*identifiers, *identifiers_in(fields.opened("other_identifiers")), uri])),
        uri=uri if is_address(uri) else None,
        title=fields.words("title"),
        description=fields.words("description"),
        keywords=keywords_of(fields.opened("keywords")),
        themes=tuple(unique(fields.texts("theme", "super_theme", "category"))),
        publisher=agent_of(fields.value("publisher")),
        contacts=_contacts(fields),
        page=page,
        landing_page=landing_page,
        licence=_code(fields, "licence"),
        rights=_rights(fields),
        access_rights=_code(fields, "access_rights"),
        issued=fields.text("issued"),
        modified=fields.text("modified"),
        frequency=_code(fields, "frequency"),
        languages=fields.texts("languages"),
        spatial=_spatial(fields),
        temporal=_temporal(fields),
        conforms_to=fields.texts("conforms_to"),
        documentation=tuple(unique(_documents(fields, "references", "pages", "referenced_by"))),
        data_dictionary=tuple(unique(absolute(base, each) for each in dictionaries)),
        in_series=_series(fields.opened("in_series")),
        version=fields.plain("version"),
        status=fields.plain("status"),
        distributions=tuple(files),
        unread=fields.unread(),
        notes=tuple(fields.notes),
    )


# ------------------------------------------------------------------------------ text or object


def _referred(value: object) -> object:
    """What DKAN's metastore puts in the place of a value, `{"identifier": …, "data": …}`, taken out."""
    if isinstance(value, dict) and "data" in value and "identifier" in value and len(value) <= 3:
        return value["data"]
    if isinstance(value, list) and any(isinstance(each, dict) and "data" in each for each in value):
        return [_referred(each) for each in value]
    return value


def _identifiers(fields: Fields) -> tuple[str, ...]:
    value = fields.value("identifiers")
    if isinstance(value, (dict, list)):
        return tuple(identifiers_in(value))
    identifier = fields.text("identifiers")
    return () if identifier is None else (identifier,)


def _address(fields: Fields, name: str, base: str) -> str | None:
    """The address in a field that may be an object or a list of such; of several the first."""
    value = fields.value(name)
    if not isinstance(value, (dict, list)):
        return fields.address(name, base)
    if isinstance(value, list):
        fields.unexpected(name, value)
    return absolute(base, next(iter(_documents(fields, name)), None))


def _documents(fields: Fields, *names: str) -> list[str]:
    """The addresses in fields that are texts, objects that describe a document, or lists of these."""
    found = (address_in(item) for name in names for item in items_of(fields.opened(name)))
    return [address for address in found if address is not None]


def _code(fields: Fields, name: str) -> str | None:
    """A value of a code list: a text; of an object its address on the web, else the name it gives."""
    value = fields.value(name)
    if not isinstance(value, dict):
        return fields.text(name)
    named = (first_of(value, key) for key in ("@id", "url", "accessURL", "identifier"))
    return next((text for text in named if is_address(text)), None) or text_of(value)


def _rights(fields: Fields) -> str | None:
    """Statements of rights, and, of DCAT-US 3, the notes of restrictions on use: one a line."""
    restrictions = items_of(fields.value("use_restriction"))
    notes = [first_of(each, "restrictionNote") for each in restrictions if isinstance(each, dict)]
    own = fields.value("rights")
    stated = texts_of(own) if isinstance(own, list) else (fields.text("rights"),)
    return "\n".join(unique([*stated, *notes])) or None


def _slug(page: str | None) -> str | None:
    """The name of a dataset in the address of its page: JKAN's files give nothing else to know it by."""
    parts = [part for part in urlsplit(page or "").path.split("/") if part]
    return unquote(parts[-1]) if len(parts) > 1 else None


def _keep_chain(fields: Fields) -> None:
    """Of the bodies above a publisher a draft has room for the nearest; the others stay unread."""
    publisher = fields.value("publisher")
    nearest = publisher.get("subOrganizationOf") if isinstance(publisher, dict) else None
    if isinstance(nearest, dict) and not is_empty(nearest.get("subOrganizationOf")):
        fields.leave("publisher.subOrganizationOf", nearest)


def _contacts(fields: Fields) -> tuple[DraftContact, ...]:
    """The contacts; version 1.0 had a name and, in a field of its own, a mail address."""
    contacts, mail = contacts_of(fields.value("contact")), fields.plain("mail")
    if mail is not None and not any(contact.email for contact in contacts):
        return (replace(contacts[0] if contacts else DraftContact(), email=mail), *contacts[1:])
    return contacts


def _same_host(address: str | None, base: str) -> bool:
    try:
        hosts = [urlsplit(each or "").hostname for each in (address, base)]
    except ValueError:
        return False
    here, there = ((host or "").removeprefix("www.") for host in hosts)
    return here == there != ""


def _spatial(fields: Fields) -> tuple[DraftPlace, ...]:
    if places := places_of(fields.value("spatial")):
        return places
    if (area := fields.plain("area")) is not None:
        return (DraftPlace(label=area),)
    box = box_of(*(fields.value(side) for side in ("west", "south", "east", "north")))
    return (DraftPlace(bbox=box),) if box else ()


def _temporal(fields: Fields) -> tuple[DraftPeriod, ...]:
    if periods := periods_of(fields.value("temporal")):
        return periods
    start, end = fields.plain("start"), fields.plain("end")
    return (DraftPeriod(start=start, end=end),) if start or end else ()


def _series(value: object) -> tuple[str, ...]:
    items = value if isinstance(value, list) else [value]
    return tuple(
        unique(
            next(identifiers_in(item.get("identifier") or item.get("@id")), None) or first_of(item, "title")
            if isinstance(item, dict)
            else text_of(item)
            for item in items
        )
    )


# ------------------------------------------------------------------------------ distributions


def _distributions(fields: Fields, base: str) -> tuple[list[DraftDistribution], list[str]]:
    """The distributions of a dataset, and the addresses of the data dictionaries that they name."""
    files: list[DraftDistribution] = []
    dictionaries: list[str] = []
    for item in _as_list(fields.opened("distributions")):
        if isinstance(item, dict):
            if not is_empty(item):
                files.append(_distribution(item, base, len(files), fields, dictionaries))
        elif isinstance(item, str) and is_address(item):
            files.append(DraftDistribution(url=item))
        elif not is_empty(item):
            fields.unexpected("distributions", item)  # such as "[[REDACTED-EX B6]]"
    if not files:
        return _old_files(fields, base), dictionaries
    for name in ("accessURL", "webService", "format"):
        fields.leave(name, fields.value(name))
    return files, dictionaries


def _old_files(fields: Fields, base: str) -> list[DraftDistribution]:
    """The one file and the one service that a dataset of version 1.0 names itself."""
    file, service = (fields.address(name, base) for name in ("accessURL", "webService"))
    named = ((file, fields.text("format")), (service, None))
    return [DraftDistribution(access_url=address, format=format) for address, format in named if address]


def _as_list(value: object) -> list[object]:
    """The items of a list; one that stands alone; those of an object that numbers them, as PHP does."""
    if isinstance(value, list):
        return value
    if isinstance(value, dict) and value and all(name.isdigit() for name in value):
        return list(value.values())
    return [] if value is None else [value]


def _distribution(
    item: Mapping[str, object], base: str, number: int, dataset: Fields, dictionaries: list[str]
) -> DraftDistribution:
    fields = Fields(item.items(), _FILE_NAMES, at=f"distributions.{number}.")
    dictionaries += _documents(fields, "data_dictionary")
    draft = DraftDistribution(
        key=next(identifiers_in(fields.value("key")), None),
        access_url=_address(fields, "access_url", base)
        or absolute(base, next(iter(_documents(fields, "access_service")), None)),
        download_url=fields.address("download_url", base),
        url=fields.address("url", base),
        title=fields.words("title"),
        description=fields.words("description"),
        format=fields.text("format"),
        media_type=fields.text("media_type"),
        byte_size=" ".join(unique([fields.plain("byte_size"), fields.plain("size_unit")])) or None,
        checksum=_checksum(fields.value("checksum")),
        licence=_code(fields, "licence"),
        rights=_rights(fields),
        issued=fields.text("issued"),
        modified=fields.text("modified"),
        languages=fields.texts("languages"),
        conforms_to=fields.texts("conforms_to"),
    )
    dataset.notes += fields.notes
    for name, value in fields.left():
        dataset.leave(f"distribution.{number}.{name}", value)
    return draft


def _checksum(value: object) -> str | None:
    value = opened_of(value)
    if not isinstance(value, dict):
        return text_of(value)
    digest = first_of(value, "checksumValue", "spdx:checksumValue", "value")
    algorithm = first_of(value, "algorithm", "spdx:algorithm")
    return f"{algorithm}:{digest}" if algorithm and digest else digest
