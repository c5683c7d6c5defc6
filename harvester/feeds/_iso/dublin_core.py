"""A Dublin Core record of a catalogue service (`csw:Record`, OGC 07-006r1 and 12-168r6) as a draft. Pure."""

from __future__ import annotations

import re

from msgspec.structs import replace

from harvester.feeds._iso.online import link
from harvester.feeds._iso.terms import unique
from harvester.feeds._iso.tree import Element
from harvester.feeds._json.parts import is_address
from harvester.model import Draft, DraftAgent, DraftDistribution, DraftPeriod, DraftPlace, Text

NAMES = ("Record", "SummaryRecord", "BriefRecord")
"""What the element of a record is called."""

_READ = {
    *("identifier", "title", "abstract", "description", "subject", "publisher", "creator", "contributor"),
    *("language", "type", "format", "date", "modified", "dateSubmitted", "issued", "created", "available"),
    *("rights", "license", "accessRights", "rightsHolder", "URI", "references", "relation", "source"),
    *("isPartOf", "BoundingBox", "WGS84BoundingBox", "coverage", "spatial", "temporal", "alternative"),
    *("conformsTo", "AnyText", "hasFormat"),
}
_NUMBER = r"(-?\d+(?:\.\d+)?)"
_COMPASS = re.compile(
    rf"North\s*{_NUMBER},\s*South\s*{_NUMBER},\s*East\s*{_NUMBER},\s*West\s*{_NUMBER}\.?\s*(?:\((.*)\))?",
    re.IGNORECASE | re.DOTALL,
)
_TOPICS = re.compile(r"TopicCategory|data-theme|inspire.*theme", re.IGNORECASE)


def scope_of(record: Element) -> str:
    """What the record describes; "dataset" where it does not say."""
    kind = next(iter(_texts(record, "type")), "dataset")
    return kind.rstrip("/#").replace("#", "/").rpartition("/")[2]


def title_of(record: Element) -> str | None:
    """The title, for telling of a record that is left out."""
    return next(iter(_texts(record, "title")), None)


def draft_of(record: Element, page: str | None = None) -> Draft:
    """The record as a draft; `page` is where a person can look at the record, as far as the feed knows."""
    identifiers = _texts(record, "identifier")
    distributions, pages = _links(record)
    topics = unique(
        each.text for each in record.all("subject") if _TOPICS.search(each.attributes.get("scheme", ""))
    )
    issued = _texts(record, "issued", "dateSubmitted", "created", "available")
    modified = _texts(record, "modified", "date")
    publisher = _words(record, "publisher")
    rights = _texts(record, "rights", "rightsHolder")
    return Draft(
        key=next(iter(identifiers), None),
        identifiers=identifiers[1:],
        uri=next((each for each in identifiers if is_address(each)), None),
        title=_words(record, "title"),
        description=_words(record, "abstract", "description"),
        keywords=tuple(dict.fromkeys((_tag(each), each.text) for each in record.all("subject") if each.text)),
        themes=topics,
        publisher=DraftAgent(name=publisher) if publisher else None,
        page=page,
        landing_page=next(iter(pages), None),
        licence=next(iter(_texts(record, "license")), None) or next(iter(rights[:1]), None),
        rights="\n\n".join(rights) or None,
        access_rights=next(iter(_texts(record, "accessRights")), None),
        issued=next(iter(issued), None),
        modified=next(iter(modified), None),
        languages=_texts(record, "language"),
        spatial=tuple(dict.fromkeys(_places(record))),
        temporal=tuple(DraftPeriod(text=each) for each in _texts(record, "temporal")),
        conforms_to=_texts(record, "conformsTo"),
        documentation=pages,
        in_series=unique([*_texts(record, "isPartOf")]),
        distributions=distributions,
        unread=_unread(record),
    )


def _texts(record: Element, *names: str) -> tuple[str, ...]:
    """The texts of these fields, those of the first name first."""
    return unique(each.text for name in names for each in record.all(name))


def _tag(element: Element) -> str:
    return element.attributes.get("lang", "")


def _words(record: Element, *names: str) -> Text:
    found: Text = {}
    for each in (element for name in names for element in record.all(name)):
        if each.text:
            found.setdefault(_tag(each), each.text)
    return found


def _links(record: Element) -> tuple[tuple[DraftDistribution, ...], tuple[str, ...]]:
    """Files, services and pages: `dc:URI` as GeoNetwork writes them, `dct:references` as the others do."""
    found: dict[tuple[str | None, ...], DraftDistribution] = {}
    pages: list[str] = []
    formats = _texts(record, "format")
    for element in record.children:
        if element.name not in ("URI", "references", "source", "relation", "hasFormat"):
            continue
        attributes = element.attributes
        name = attributes.get("name") or attributes.get("title") or ""
        description = attributes.get("description") or ""
        one = link(
            element.text,
            attributes.get("protocol") or attributes.get("scheme"),
            attributes.get("function"),
            {"": name} if name else {},
            {"": description} if description else {},
        )
        if isinstance(one, str) or (one is not None and element.name in ("source", "relation")):
            pages.append(element.text)
        elif one is not None:
            found.setdefault((element.text, name, one.format), one)
    links = tuple(found.values())
    if len(links) == 1 and len(formats) == 1 and links[0].format is None and links[0].media_type is None:
        links = (replace(links[0], format=formats[0]),)
    return links, unique(pages)


def _places(record: Element) -> list[DraftPlace]:
    found: list[DraftPlace] = []
    for element in (*record.all("BoundingBox"), *record.all("WGS84BoundingBox")):
        corners = [
            (each.text.replace(",", " ").split() if (each := element.first(name)) is not None else [])
            for name in ("LowerCorner", "UpperCorner")
        ]
        if len(corners[0]) >= 2 and len(corners[1]) >= 2:
            is_wgs = element.name == "WGS84BoundingBox"
            found.append(
                DraftPlace(
                    bbox=box(corners[0], corners[1], "" if is_wgs else element.attributes.get("crs", ""))
                )
            )
    for text in _texts(record, "coverage", "spatial"):
        compass = _COMPASS.fullmatch(text)
        if compass:
            north, south, east, west, label = compass.groups()
            found.append(DraftPlace(label=label or None, bbox=f"{west},{south},{east},{north}"))
        else:
            found.append(DraftPlace(uri=text) if is_address(text) else DraftPlace(text=text))
    return found


def box(lower: list[str], upper: list[str], crs: str) -> str:
    """ "west,south,east,north" of two corners.

    Which number is which depends on who wrote it. `urn:…:4326` means latitude first. GeoNetwork writes
    east and south into the lower corner, west and north into the upper one, whatever it names as the
    system; of latitude first that can never be, since the lower corner is the southern one.
    """
    if _number(lower[0]) > _number(upper[0]):
        return f"{upper[0]},{lower[1]},{lower[0]},{upper[1]}"
    latitude_first = crs.lower().startswith("urn:") and "crs84" not in crs.lower()
    if latitude_first and max(abs(_number(lower[0])), abs(_number(upper[0]))) <= 90:
        return f"{lower[1]},{lower[0]},{upper[1]},{upper[0]}"
    return f"{lower[0]},{lower[1]},{upper[0]},{upper[1]}"


def _number(text: str) -> float:
    try:
        return float(text)
    except ValueError:
        return 0.0


def _unread(record: Element) -> dict[str, str]:
    """Fields that a draft has no place for, and none that name persons."""
    found: dict[str, list[str]] = {}
    for element in record.children:
        if element.text and (element.name not in _READ or element.name == "alternative"):
            found.setdefault(element.name, []).append(element.text)
    scope = scope_of(record)
    if scope.lower() != "dataset":
        found["type"] = [scope]
    return {name: "; ".join(unique(texts)) for name, texts in found.items()}
