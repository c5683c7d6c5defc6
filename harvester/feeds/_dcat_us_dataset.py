"""One dataset of a data.json file, as a draft. Pure.

The fields are those of Project Open Data 1.1 (https://resources.data.gov/resources/dcat-us/), and
what ArcGIS Hub, DKAN, JKAN, Andino, uSmart and Socrata write in their place.
"""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import urlsplit

from msgspec.structs import replace

from harvester.feeds._json.fields import Fields, Names
from harvester.feeds._json.parts import (
    agent_of,
    box_of,
    contacts_of,
    first_of,
    is_address,
    periods_of,
    places_of,
    unique,
)
from harvester.feeds._json.values import absolute, is_empty, keywords_of, opened_of, text_of
from harvester.model import Draft, DraftContact, DraftDistribution, DraftPeriod, DraftPlace

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
        "publisher": ("publisher",),
        "contact": ("contactPoint", "contact"),
        "landing_page": ("landingPage", "url", "homepage"),
        "licence": ("license", "licence"),
        "rights": ("rights",),
        "access_rights": ("accessLevel", "accessRights"),
        "issued": ("issued", "issueDate", "created", "createdAt", "releaseDate"),
        "modified": ("modified", "lastModificationDate", "updatedAt", "updated", "dateModified"),
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
        "documentation": ("references",),
        "data_dictionary": ("describedBy", "dataDictionary"),
        "in_series": ("isPartOf", "inSeries"),
        "version": ("version",),
        "status": ("status",),
        "distributions": ("distribution", "distributions"),
        # of version 1.0, where a dataset had one file and no distributions
        "accessURL": ("accessURL",),
        "webService": ("webService",),
        "format": ("format",),
        "mail": ("mbox",),
    },
    ignored=("@type", "@context", "describedByType"),
)
_FILE_NAMES = Names(
    {
        "key": ("identifier", "@id"),
        "access_url": ("accessURL",),
        "download_url": ("downloadURL",),
        "url": ("url",),
        "title": ("title", "name"),
        "description": ("description",),
        "format": ("format",),
        "media_type": ("mediaType", "mimeType"),
        "byte_size": ("byteSize", "size", "fileSize", "contentSize"),
        "checksum": ("checksum", "hash"),
        "licence": ("license", "licence"),
        "rights": ("rights",),
        "issued": ("issued", "created"),
        "modified": ("modified", "updated"),
        "languages": ("language",),
        "conforms_to": ("conformsTo",),
        "data_dictionary": ("describedBy", "dataDictionary"),
    },
    ignored=("@type", "@context", "describedByType"),
)


def draft_of(record: Mapping[str, object], base: str) -> Draft:
    """`record` as a draft; `base` is the address of its document, where relative addresses start."""
    # DKAN repeats its lists as "%Ref:keyword" and the like, for its own bookkeeping
    fields = Fields(((k, v) for k, v in record.items() if not k.startswith("%Ref:")), _NAMES)
    identifier, uri = fields.text("identifiers"), fields.plain("uri")
    landing_page = fields.address("landing_page", base)
    files, dictionaries = _distributions(fields, base)
    dictionaries = [*fields.texts("data_dictionary"), *dictionaries]
    _keep_chain(fields)
    return Draft(
        key=identifier or uri,
        identifiers=tuple(unique([identifier, *fields.texts("other_identifiers"), uri])),
        uri=uri if is_address(uri) else None,
        title=fields.words("title"),
        description=fields.words("description"),
        keywords=keywords_of(fields.opened("keywords")),
        themes=tuple(unique(fields.texts("theme", "super_theme", "category"))),
        publisher=agent_of(fields.value("publisher")),
        contacts=_contacts(fields),
        page=landing_page if _same_host(landing_page, base) else None,
        landing_page=landing_page,
        licence=fields.text("licence"),
        rights=fields.text("rights"),
        access_rights=fields.text("access_rights"),
        issued=fields.text("issued"),
        modified=fields.text("modified"),
        frequency=fields.text("frequency"),
        languages=fields.texts("languages"),
        spatial=_spatial(fields),
        temporal=_temporal(fields),
        conforms_to=fields.texts("conforms_to"),
        documentation=fields.texts("documentation"),
        data_dictionary=tuple(unique(absolute(base, each) for each in dictionaries)),
        in_series=_series(fields.opened("in_series")),
        version=fields.plain("version"),
        status=fields.plain("status"),
        distributions=tuple(files),
        unread=fields.unread(),
        notes=tuple(fields.notes),
    )


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
            first_of(item, "identifier", "@id", "title") if isinstance(item, dict) else text_of(item)
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
    dictionaries += fields.texts("data_dictionary")
    draft = DraftDistribution(
        key=fields.plain("key"),
        access_url=fields.address("access_url", base),
        download_url=fields.address("download_url", base),
        url=fields.address("url", base),
        title=fields.words("title"),
        description=fields.words("description"),
        format=fields.text("format"),
        media_type=fields.text("media_type"),
        byte_size=fields.plain("byte_size"),
        checksum=_checksum(fields.value("checksum")),
        licence=fields.text("licence"),
        rights=fields.text("rights"),
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
