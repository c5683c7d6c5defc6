"""One ISO record as a draft: ISO 19139 (19115:2003 with 19115-2) and ISO 19115-3. Pure.

Where the standards differ only in where something stands, both places are looked at.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from harvester.feeds._iso.constraints import terms_of
from harvester.feeds._iso.extents import periods, places
from harvester.feeds._iso.online import formats_of, links
from harvester.feeds._iso.parties import Party, contacts, parties, publisher
from harvester.feeds._iso.terms import Languages, anchor, code, plain, reference, unique, words
from harvester.feeds._iso.tree import Element
from harvester.feeds._json.parts import is_address
from harvester.model import Draft, Note, Text

NAMES = ("MD_Metadata", "MI_Metadata")
"""What the element of a record is called."""

_THEME_LISTS = ("/resource/authority/data-theme/", "inspire.ec.europa.eu/theme/")
_PUBLISHED = ("publication", "released", "creation")
_CHANGED = ("revision", "lastupdate", "lastrevision")


def scope_of(record: Element) -> str:
    """What the record describes, by the code list MD_ScopeCode; "dataset" where it does not say."""
    for path in (("hierarchyLevel",), ("metadataScope", "MD_MetadataScope", "resourceScope")):
        if said := code(record.first(*path)):
            return said
    services = [*record.all("identificationInfo", "SV_ServiceIdentification")]
    return "service" if services else "dataset"


def title_of(record: Element) -> str | None:
    """The title, for telling of a record that is left out."""
    return plain(record.first("identificationInfo", "*", "citation", "*", "title"))


def draft_of(record: Element, page: str | None = None) -> Draft:
    """The record as a draft; `page` is where a person can look at the record, as far as the feed knows."""
    languages = Languages(record)
    about = record.first("identificationInfo", "*") or Element("")
    citation = about.first("citation", "*") or Element("")
    key = _key(record)
    identifiers = unique(_identifiers(citation))
    of_data = [
        *parties(about, languages, "pointOfContact"),
        *parties(citation, languages, "citedResponsibleParty"),
    ]
    of_record = list(parties(record, languages, "contact"))
    distributors = list(
        parties(record, languages, "distributionInfo", "*", "distributor", "*", "distributorContact")
    )
    terms = terms_of(about)
    online = links(record, languages)
    dates = _Dates(citation, record)
    return Draft(
        key=key or next(iter(identifiers), None),
        identifiers=identifiers if key else identifiers[1:],
        uri=next((each for each in identifiers if is_address(each)), None),
        title=words(citation.first("title"), languages),
        description=words(about.first("abstract"), languages),
        keywords=tuple(dict.fromkeys(_keywords(about, languages))),
        themes=unique(_themes(about)),
        publisher=publisher([*of_data, *distributors], of_record),
        contacts=contacts(list(_asked(about, languages)), of_record),
        page=_linkage(record, "metadataLinkage") or page,
        landing_page=next(iter(online.pages), None) or _set_address(record),
        licence=terms.licence,
        rights=terms.rights,
        access_rights=terms.access_rights,
        issued=dates.issued,
        modified=dates.modified,
        frequency=_frequency(about),
        languages=_languages(about, languages),
        spatial=places(about),
        temporal=periods(about),
        conforms_to=unique(_standards(record)),
        documentation=online.pages,
        data_dictionary=unique(_dictionaries(record)),
        in_series=unique(_series(record)),
        version=plain(citation.first("edition")),
        status=code(about.first("status")),
        distributions=online.distributions,
        unread=_unread(record, about, citation, languages),
        notes=dates.notes,
    )


# ------------------------------------------------------------------------------ identity


def _key(record: Element) -> str | None:
    return plain(record.first("fileIdentifier")) or _identifier(record.first("metadataIdentifier", "*"))


def _identifier(identifier: Element | None) -> str | None:
    """The code of an identifier, with its name space where it is no address in itself."""
    if identifier is None:
        return None
    said = reference(identifier.first("code"))
    space = plain(identifier.first("codeSpace"))
    if said and space and is_address(space) and not is_address(said):
        return f"{space.rstrip('/#')}/{said}"
    return said


def _identifiers(citation: Element) -> Iterator[str | None]:
    for element in citation.all("identifier", "*"):
        yield _identifier(element)


def _set_address(record: Element) -> str | None:
    address = plain(record.first("dataSetURI"))
    return address if is_address(address) else None


def _series(record: Element) -> Iterator[str | None]:
    for element in record.all("parentIdentifier"):
        yield reference(element)
    for element in record.all("parentMetadata"):
        yield _identifier(element.first("CI_Citation", "identifier", "*")) or element.attributes.get(
            "uuidref"
        )


# ------------------------------------------------------------------------------ words


def _keywords(about: Element, languages: Languages) -> Iterator[tuple[str, str]]:
    for group in about.all("descriptiveKeywords", "MD_Keywords"):
        for element in group.all("keyword"):
            yield from words(element, languages).items()


def _themes(about: Element) -> Iterator[str | None]:
    for element in about.all("topicCategory"):
        yield code(element)
    for element in about.all("descriptiveKeywords", "MD_Keywords", "keyword"):
        address = anchor(element)
        if address is not None and any(each in address for each in _THEME_LISTS):
            yield address


def _languages(about: Element, languages: Languages) -> tuple[str, ...]:
    """Of the data, where that is said; else of the record."""
    stated = [*about.all("language"), *about.all("defaultLocale", "PT_Locale", "language")]
    return unique(code(each) for each in stated) or unique([languages.default])


def _frequency(about: Element) -> str | None:
    for maintenance in about.all("resourceMaintenance", "MD_MaintenanceInformation"):
        said = code(maintenance.first("maintenanceAndUpdateFrequency"))
        own = plain(maintenance.first("userDefinedMaintenanceFrequency", "*")) or plain(
            maintenance.first("userDefinedMaintenanceFrequency")
        )
        if said or own:
            return said or own
    return None


def _asked(about: Element, languages: Languages) -> Iterator[Party]:
    yield from parties(about, languages, "pointOfContact")


# ------------------------------------------------------------------------------ dates


class _Dates:
    """When the data was published and changed; the record's own date only where nothing else is said."""

    def __init__(self, citation: Element, record: Element) -> None:
        found: dict[str, list[str]] = {}
        for element in citation.all("date", "CI_Date"):
            said = plain(element.first("date"))
            if said:
                found.setdefault((code(element.first("dateType")) or "").lower(), []).append(said)
        self.issued = next((min(found[kind]) for kind in _PUBLISHED if kind in found), None)
        changes = [each for kind in _CHANGED for each in found.get(kind, ())]
        self.modified: str | None = max(changes, default=None)
        self.notes: tuple[Note, ...] = ()
        if self.modified is None and (stamp := _stamp(record)) is not None:
            self.modified = stamp
            self.notes = (Note(code="modified-from-record", field="modified", raw=stamp[:200]),)


def _stamp(record: Element) -> str | None:
    """When the record itself was last changed."""
    if said := plain(record.first("dateStamp")):
        return said
    dates = [
        (said, (code(each.first("dateType")) or "").lower())
        for each in record.all("dateInfo", "CI_Date")
        if (said := plain(each.first("date")))
    ]
    return max((said for said, kind in dates if kind in _CHANGED), default=None) or max(
        (said for said, _ in dates), default=None
    )


# ------------------------------------------------------------------------------ standards, the rest


def _standards(record: Element) -> Iterator[str | None]:
    """What the data was found to conform to, and the standard of the record."""
    for quality in record.all("dataQualityInfo", "DQ_DataQuality"):
        for result in quality.all("report", "*", "result", "DQ_ConformanceResult"):
            if plain(result.first("pass")) in ("true", "1"):
                yield reference(result.first("specification", "CI_Citation", "title"))
    yield plain(record.first("metadataStandardName"))
    for citation in record.all("metadataStandard", "CI_Citation"):
        yield plain(citation.first("title"))


def _dictionaries(record: Element) -> Iterator[str | None]:
    """Where the catalogue of the data's features stands."""
    for catalogue in record.all("contentInfo", "*", "featureCatalogueCitation"):
        for linkage in catalogue.below("linkage"):
            address = plain(linkage)
            yield address if is_address(address) else None
        if is_address(address := catalogue.attributes.get("href")):
            yield address


def _linkage(record: Element, name: str) -> str | None:
    for linkage in record.all(name, "CI_OnlineResource", "linkage"):
        if is_address(address := plain(linkage)):
            return address
    return None


def _unread(record: Element, about: Element, citation: Element, languages: Languages) -> dict[str, str]:
    """Fields that a draft has no place for, as text."""
    said: dict[str, Iterable[str | None]] = {
        "alternateTitle": (_one(words(each, languages)) for each in citation.all("alternateTitle")),
        "purpose": [plain(about.first("purpose"))],
        "credit": (plain(each) for each in about.all("credit")),
        "supplementalInformation": [plain(about.first("supplementalInformation"))],
        "spatialRepresentationType": (code(each) for each in about.all("spatialRepresentationType")),
        "scale": (
            f"1:{each}"
            for element in about.all("spatialResolution", "MD_Resolution", "equivalentScale", "*")
            if (each := plain(element.first("denominator")))
        ),
        "referenceSystem": (
            reference(each.first("code"))
            for each in record.all("referenceSystemInfo", "*", "referenceSystemIdentifier", "*")
        ),
        "lineage": [
            *(plain(each) for each in record.all("dataQualityInfo", "*", "lineage", "*", "statement")),
            *(plain(each) for each in record.all("resourceLineage", "*", "statement")),
        ],
        "formats": formats_of(record),
        "hierarchyLevel": [scope] if (scope := scope_of(record)) != "dataset" else [],
    }
    return {name: text for name, values in said.items() if (text := "; ".join(unique(values)))}


def _one(text: Text) -> str | None:
    return next(iter(text.values()), None)
