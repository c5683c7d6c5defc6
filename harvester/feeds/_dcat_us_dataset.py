"""One dataset of a data.json file, as a draft. Pure.

The fields are those of Project Open Data 1.1 (https://resources.data.gov/resources/dcat-us/), and
what ArcGIS Hub, DKAN, JKAN, Andino, uSmart and Socrata write in their place.
"""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import urlsplit

from harvester.feeds._json.fields import Fields
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
from harvester.feeds._json.values import (
    absolute,
    is_empty,
    keywords_of,
    opened_of,
    text_of,
    texts_of,
)
from harvester.model import Draft, DraftDistribution, DraftPeriod, DraftPlace

_IGNORED = frozenset(("type", "context", "describedbytype"))
_DISTRIBUTION_KEYS = frozenset(
    ["accessURL", "downloadURL", "mediaType", "format", "title", "url", "@type", "description"]
)


def draft_of(record: Mapping[str, object], base: str) -> Draft:
    """`record` as a draft; `base` is the address of its document, where relative addresses start."""
    fields = Fields(
        ((k, v) for k, v in record.items() if not k.startswith("%Ref:")), _IGNORED
    )  # DKAN's references
    identifier = fields.text("identifiers", "identifier")
    uri = text_of(fields.take("id"))  # "@id"
    landing_page = fields.address("landing_page", base, "landingpage", "url", "homepage")
    files, dictionaries = _distributions(fields, base)
    described_by = fields.texts("describedby", "datadictionary")
    publisher = fields.take("publisher")
    _keep_chain(fields, publisher)
    return Draft(
        key=identifier or uri,
        identifiers=tuple(unique([identifier, *fields.texts("otheridentifier"), uri])),
        uri=uri if is_address(uri) else None,
        title=fields.words("title", "title", "name"),
        description=fields.words("description", "description", "notes", "abstract"),
        keywords=keywords_of(opened_of(fields.take("keyword", "keywords", "tags"))),
        themes=tuple(
            unique(
                text
                for value in fields.take_all("theme", "supertheme", "category", "categories", "subject")
                for text in texts_of(opened_of(value))
            )
        ),
        publisher=agent_of(publisher),
        contacts=contacts_of(fields.take("contactpoint", "contact")),
        page=landing_page if _same_host(landing_page, base) else None,
        landing_page=landing_page,
        licence=fields.text("licence", "license", "licence"),
        rights=fields.text("rights", "rights"),
        access_rights=fields.text("access_rights", "accesslevel", "accessrights"),
        issued=fields.text("issued", "issued", "issuedate", "created", "createdat", "releasedate"),
        modified=fields.text(
            "modified", "modified", "lastmodificationdate", "updatedat", "updated", "datemodified"
        ),
        frequency=fields.text("frequency", "accrualperiodicity", "frequency", "updatefrequency"),
        languages=fields.texts("language"),
        spatial=_spatial(fields),
        temporal=_temporal(fields),
        conforms_to=fields.texts("conformsto"),
        documentation=fields.texts("references"),
        data_dictionary=tuple(unique(absolute(base, each) for each in (*described_by, *dictionaries))),
        in_series=_series(fields.take("ispartof", "inseries")),
        version=fields.text("version", "version"),
        status=fields.text("status", "status"),
        distributions=tuple(files),
        unread=fields.unread(),
        notes=tuple(fields.notes),
    )


def _keep_chain(fields: Fields, publisher: object) -> None:
    """Of the bodies above a publisher a draft has room for the nearest; the others stay unread."""
    nearest = publisher.get("subOrganizationOf") if isinstance(publisher, dict) else None
    if isinstance(nearest, dict) and not is_empty(nearest.get("subOrganizationOf")):
        fields.add([("publisher.subOrganizationOf", nearest)])


def _same_host(address: str | None, base: str) -> bool:
    try:
        hosts = [urlsplit(each or "").hostname for each in (address, base)]
    except ValueError:
        return False
    here, there = ((host or "").removeprefix("www.") for host in hosts)
    return here == there != ""


def _spatial(fields: Fields) -> tuple[DraftPlace, ...]:
    places = places_of(fields.take("spatial", "spatialcoverage", "geographicboundingbox"))
    if not places and (area := text_of(fields.take("coveragearea"))) is not None:
        places = (DraftPlace(label=area),)
    sides = [fields.take(f"boundingbox{side}") for side in ("west", "south", "east", "north")]
    if not places and (box := box_of(*sides)) is not None:
        places = (DraftPlace(bbox=box),)
    return places


def _temporal(fields: Fields) -> tuple[DraftPeriod, ...]:
    periods = periods_of(fields.take("temporal", "temporalcoverage"))
    start, end = fields.take("temporalcoveragestart"), fields.take("temporalcoverageend")
    if not periods and not (is_empty(start) and is_empty(end)):
        periods = (DraftPeriod(start=text_of(start), end=text_of(end)),)
    return periods


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
    for item in _as_list(opened_of(fields.take("distribution", "distributions"))):
        if isinstance(item, dict):
            if not is_empty(item):
                files.append(_distribution(item, base, len(files), fields, dictionaries))
        elif isinstance(item, str) and is_address(item):
            files.append(DraftDistribution(url=item))
        elif not is_empty(item):
            fields.unexpected("distributions", item)  # such as "[[REDACTED-EX B6]]"
    return files, dictionaries


def _as_list(value: object) -> list[object]:
    """The items of a list; one that stands alone; those of an object that numbers them, as PHP does."""
    if isinstance(value, list):
        return value
    if isinstance(value, dict) and not _DISTRIBUTION_KEYS & value.keys():
        inner = list(value.values())
        return inner if inner and all(isinstance(each, dict) for each in inner) else [value]
    return [] if value is None else [value]


def _distribution(
    item: Mapping[str, object], base: str, number: int, dataset: Fields, dictionaries: list[str]
) -> DraftDistribution:
    fields, at = Fields(item.items(), _IGNORED), f"distributions.{number}."
    dictionaries += fields.texts("describedby", "datadictionary")
    draft = DraftDistribution(
        key=text_of(fields.take("identifier", "id")),
        access_url=fields.address(at + "access_url", base, "accessurl"),
        download_url=fields.address(at + "download_url", base, "downloadurl"),
        url=fields.address(at + "url", base, "url"),
        title=fields.words(at + "title", "title", "name"),
        description=fields.words(at + "description", "description"),
        format=fields.text(at + "format", "format"),
        media_type=fields.text(at + "media_type", "mediatype", "mimetype"),
        byte_size=text_of(fields.take("bytesize", "size", "filesize", "contentsize")),
        checksum=_checksum(fields.take("checksum", "hash")),
        licence=fields.text(at + "licence", "license", "licence"),
        rights=fields.text(at + "rights", "rights"),
        issued=fields.text(at + "issued", "issued", "created"),
        modified=fields.text(at + "modified", "modified", "updated"),
        languages=fields.texts("language"),
        conforms_to=fields.texts("conformsto"),
    )
    dataset.notes += fields.notes
    dataset.add(((f"distribution.{number}.{name}", value) for name, value in fields.unread().items()))
    return draft


def _checksum(value: object) -> str | None:
    if not isinstance(value, dict):
        return text_of(value)
    digest = first_of(value, "checksumValue", "spdx:checksumValue", "value")
    algorithm = first_of(value, "algorithm", "spdx:algorithm")
    return f"{algorithm}:{digest}" if algorithm and digest else digest
