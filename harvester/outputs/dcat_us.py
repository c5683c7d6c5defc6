"""DCAT-US 1.1 (Project Open Data): `data.json`, what data.gov, CKAN and ArcGIS harvest.

https://resources.data.gov/resources/dcat-us/. Every dataset is listed, also one that lacks a field
which the schema requires (title, description, keyword, modified, publisher, contact): a harvester
takes what it can use. The format holds one language, so text is in the catalogue's first.

Four members stand in for what a source did not say:

* `identifier` must be unique among all portals of the world: the dataset's own IRI, else its page.
* `accessLevel` is demanded of every dataset: one that a portal lists openly without a word about
  access is "public".
* `contactPoint` of a dataset that names nobody to write to is the `contact` that sources.yaml gives for its
  source, else for the catalogue. Its name is the source's or the catalogue's, and `note` says so.
* `mediaType` is demanded of every file: where neither it nor the format is known, it is
  "application/octet-stream", which means bytes of any kind (RFC 2046, section 4.5.1).

Text is cut to the lengths that the schema allows. What 1.1 has no place for but DCAT-US 3 has
(`otherIdentifier`, `byteSize`, a file's own licence and dates, …) stands under its name there: the
schema lets further members pass.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from concurrent.futures import Executor
from pathlib import Path
from typing import Any

import msgspec

from harvester import vocabularies
from harvester.model import (
    Agent,
    Catalogue,
    CatalogueConfig,
    Coded,
    Config,
    Contact,
    Dataset,
    Distribution,
    Period,
    Place,
    Source,
)
from harvester.outputs import _addresses
from harvester.outputs._series import Series
from harvester.outputs._text import clean, cut, language_tag, shown

TITLE = "DCAT-US 1.1 (Project Open Data)"
FILES = ("data.json",)

_SCHEMA = "https://project-open-data.cio.gov/v1.1/schema"
_LONGEST_DESCRIPTION = 10_000
_LONGEST_RIGHTS = 255
_LONGEST_KEYWORD = 1000
_MOST_KEYWORDS = 1000

_ACCESS = {
    "PUBLIC": "public",
    "NORMAL": "public",
    "OP_DATPRO": "public",
    "RESTRICTED": "restricted public",
    "NON_PUBLIC": "non-public",
    "SENSITIVE": "non-public",
    "CONFIDENTIAL": "non-public",
}
_MAILBOX = re.compile(r"[\w~!$&'()*+,;=:.-]+@[\w.-]+\.[\w.-]+", re.ASCII)
_MEDIA_TYPE = re.compile(r"[-\w]+/[-\w]+(\.[-\w]+)*(\+[-\w]+)?", re.ASCII)

Members = dict[str, Any]


def write(catalogue: Catalogue, folder: Path, executor: Executor | None = None) -> None:
    """Write `data.json`, one dataset a line."""
    series = Series(catalogue)
    sources = {each.source.id: each.source for each in catalogue.sources}
    frame = msgspec.json.encode(_frame(catalogue.config))
    assert frame.endswith(b"[]}")
    with (folder / "data.json").open("wb") as stream:
        stream.write(frame[:-2] + b"\n")
        for number, (record, subject) in enumerate(zip(catalogue.records, series.subjects, strict=True)):
            source = sources.get(record.dataset.source)
            members = _dataset(record.dataset, subject, series, source, catalogue.config)
            stream.write((b",\n" if number else b"") + msgspec.json.encode(members))
        stream.write(b"\n" + frame[-2:] + b"\n")


def _frame(config: Config) -> Members:
    """The catalogue without its datasets, whose list stands last."""
    return {
        "@context": f"{_SCHEMA}/catalog.jsonld",
        "@id": f"{_addresses.site(config)}data.json",
        "@type": "dcat:Catalog",
        "conformsTo": _SCHEMA,
        "describedBy": f"{_SCHEMA}/catalog.json",
        "dataset": [],
    }


def _dataset(
    dataset: Dataset, subject: str, series: Series, source: Source | None, config: Config
) -> Members:
    about = config.catalogue
    languages = about.languages
    standards = _unique(map(_standard, dataset.conforms_to))
    dictionaries = _unique(map(_addresses.uri, dataset.data_dictionary))
    keywords = _unique(cut(clean(word).strip(), _LONGEST_KEYWORD) for _, word in dataset.keywords)
    collections = series.of(dataset) or tuple(filter(None, map(clean, dataset.in_series)))
    return {
        "@type": "dcat:Dataset",
        "@id": subject,
        "identifier": _addresses.uri(subject),
        **_filled(
            accessLevel=_access_level(dataset.access_rights),
            title=shown(dataset.title, languages),
            description=cut(shown(dataset.description, languages), _LONGEST_DESCRIPTION),
            keyword=keywords[:_MOST_KEYWORDS],
            modified=dataset.modified and dataset.modified.value,
            publisher=_publisher(dataset.publisher, languages),
            contactPoint=_contact(dataset.contacts, source, about),
            issued=dataset.issued and dataset.issued.value,
            accrualPeriodicity=_interval(dataset.frequency),
            license=_licence(dataset.licence),
            rights=_rights(dataset.rights, dataset.access_rights, dataset.licence),
            spatial=next(filter(None, map(_place, dataset.spatial)), None),
            **_temporal(dataset.temporal),
            theme=_unique(_label(vocabularies.themes(), theme, languages) for theme in dataset.themes),
            language=_unique(tag for tag in dataset.languages if language_tag(tag)),
            landingPage=_addresses.uri(dataset.landing_page) or _addresses.uri(dataset.page),
            references=_unique(map(_addresses.uri, dataset.documentation)),
            conformsTo=standards[0] if standards else None,
            describedBy=dictionaries[0] if dictionaries else None,
            isPartOf=collections[0] if collections else None,
            otherIdentifier=_unique(clean(each) for each in dataset.identifiers if each != subject),
            version=clean(dataset.version or ""),
            status=clean(dataset.status or ""),
            distribution=[_distribution(each, languages) for each in dataset.distributions],
        ),
    }


def _distribution(file: Distribution, languages: Iterable[str]) -> Members:
    download = _addresses.uri(file.download_url)
    standards = _unique(map(_standard, file.conforms_to))
    return {
        "@type": "dcat:Distribution",
        **_filled(
            title=shown(file.title, languages),
            description=cut(shown(file.description, languages), _LONGEST_DESCRIPTION),
            downloadURL=download,
            accessURL=_addresses.uri(file.access_url),
            format=_label(vocabularies.formats(), file.format, languages),
            mediaType=_media_type(file, bool(download)),
            license=_licence(file.licence),
            rights=_rights(file.rights, None, file.licence),
            issued=file.issued and file.issued.value,
            modified=file.modified and file.modified.value,
            byteSize=file.byte_size,
            checksum=_checksum(file.checksum),
            language=_unique(tag for tag in file.languages if language_tag(tag)),
            conformsTo=standards[0] if standards else None,
        ),
    }


# ------------------------------------------------------------------------------ values


def _filled(**values: object) -> Members:
    return {name: value for name, value in values.items() if value or value == 0}


def _unique(values: Iterable[str | None]) -> list[str]:
    """The different ones, in their order: the schema forbids repetitions."""
    return list(dict.fromkeys(value for value in values if value))


def _publisher(agent: Agent, languages: Iterable[str]) -> Members | None:
    name = shown(agent.name, languages)
    if not name:
        return None
    parent = clean(agent.parent or "").strip()
    return {
        "@type": "org:Organization",
        "name": name,
        **_filled(
            homepage=_addresses.uri(agent.url),
            subOrganizationOf=parent and {"@type": "org:Organization", "name": parent},
        ),
    }


def _contact(contacts: tuple[Contact, ...], source: Source | None, about: CatalogueConfig) -> Members | None:
    """The first contact that can be written to; else whom the region named; else a name at least."""
    for each in contacts:
        if mail := _mail(each.email):
            more = _filled(hasTelephone=clean(each.phone or ""), hasURL=_addresses.uri(each.url))
            return _card(each.name or each.email, mail, **more)
    if source and (mail := _mail(source.contact)):
        return _card(source.name, mail, note="The contact of the portal; the dataset names none.")
    if mail := _mail(about.contact):
        name = shown(about.title, about.languages)
        return _card(name, mail, note="The contact of the catalogue; the dataset names none.")
    return next((_card(each.name) for each in contacts if each.name), None)


def _card(name: str | None, mail: str | None = None, **more: object) -> Members:
    return {"@type": "vcard:Contact", **_filled(fn=clean(name or "").strip(), hasEmail=mail), **more}


def _mail(email: str | None) -> str | None:
    return f"mailto:{email}" if email and _MAILBOX.fullmatch(email) else None


def _interval(frequency: Coded | None) -> str | None:
    """The repeating interval of ISO 8601, or the one word that the schema has for "now and then"."""
    if frequency is None or frequency.code is None:
        return None
    if frequency.code == "IRREG":
        return "irregular"
    row = vocabularies.frequencies().get(frequency.code)
    return row.iso8601 if row else None


def _licence(licence: Coded | None) -> str | None:
    """The licence's address: the schema takes nothing else."""
    if licence is None:
        return None
    row = vocabularies.licences().get(licence.code or "")
    return (row.uri or row.eu_uri) if row else _addresses.uri(licence.raw)


def _access_level(access: Coded | None) -> str | None:
    """One of the schema's three words; none where the source's own word was not understood."""
    return _ACCESS.get(access.code or "") if access else "public"


def _rights(rights: str | None, access: Coded | None, licence: Coded | None) -> str:
    """The statement of rights; else what was said of access or licence and has no other place."""
    said = clean(rights or "").strip()
    if not said and access and not _access_level(access):
        said = clean(access.raw).strip()
    if not said and licence and not _licence(licence):
        said = clean(licence.raw).strip()
    return cut(said, _LONGEST_RIGHTS)


def _label(rows: Mapping[str, vocabularies.Row], coded: Coded | None, languages: Iterable[str]) -> str:
    """The name of a code, in the first language where we have it in that one; else what was written."""
    if coded is None:
        return ""
    row = rows.get(coded.code or "")
    return vocabularies.label(row, next(iter(languages), "en")) if row else clean(coded.raw).strip()


def _standard(name: str) -> str | None:
    return _addresses.uri(name) or _addresses.name(name)


def _media_type(file: Distribution, is_file: bool) -> str | None:
    """Of a file there is always one, if need be that of its format; of a page or service what it states."""
    row = vocabularies.formats().get((file.format and file.format.code) or "")
    usual = (row and row.media_type) or "application/octet-stream"
    for each in (file.media_type and file.media_type.code, usual if is_file else None):
        if each and _MEDIA_TYPE.fullmatch(each):
            return each
    return None


def _place(place: Place) -> str:
    """One string: the box where there is one, since only that can be drawn on a map."""
    if place.bbox:
        return ",".join(map(str, place.bbox))
    return clean(place.label or "").strip() or _addresses.uri(place.uri) or ""


def _temporal(periods: Iterable[Period]) -> Members:
    """The first period. The schema wants both ends in one text; an open one goes as uSmart writes it."""
    for period in periods:
        if period.start and period.end:
            return {"temporal": f"{period.start}/{period.end}"}
        if period.start or period.end:
            return {"temporalCoverageStart": period.start, "temporalCoverageEnd": period.end}
    return {}


def _checksum(checksum: str | None) -> Members | None:
    algorithm, colon, value = clean(checksum or "").partition(":")
    return {"@type": "spdx:Checksum", "algorithm": algorithm, "checksumValue": value} if colon else None
