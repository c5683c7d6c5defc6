"""schema.org JSON-LD of a dataset's page: what general search engines read.

https://schema.org/Dataset, with the properties that dataset search engines ask for.
"""

from __future__ import annotations

from typing import Any

import msgspec
from markupsafe import Markup

from harvester import vocabularies
from harvester.language import known
from harvester.model import CatalogRecord, Coded, Date, Distribution, Period, Place
from harvester.site import markup
from harvester.site.addresses import dataset as dataset_path
from harvester.site.views import Card
from harvester.site.voice import Voice, safe_link

MOST_KEYWORDS = 100
MOST_FILES = 100
DESCRIPTION = 1000
"""Characters of the description; search engines want 50 to 5,000."""

_IN_HTML = {"<": "\\u003c", ">": "\\u003e", "&": "\\u0026", "\u2028": "\\u2028", "\u2029": "\\u2029"}


def script(record: CatalogRecord, card: Card, voice: Voice) -> Markup:
    """The JSON for a `<script type="application/ld+json">`: no text in it can end the element."""
    return embedded(msgspec.json.encode(_dataset(record, card, voice)))


def embedded(made: bytes) -> Markup:
    """JSON as it may stand in a `<script>` that holds data."""
    text = made.decode()
    for character, escape in _IN_HTML.items():
        text = text.replace(character, escape)
    return Markup(text)  # noqa: S704 - escaped in the line above


def _dataset(record: CatalogRecord, card: Card, voice: Voice) -> dict[str, Any]:
    dataset, title = record.dataset, card.title.text
    found = {
        "@context": "https://schema.org/",
        "@type": "Dataset",
        "@id": voice.addresses.absolute(dataset_path(dataset.id)),
        "url": voice.addresses.absolute(dataset_path(dataset.id)),
        "name": title,
        "description": voice.summary(dataset.description, DESCRIPTION).text or title,
        "identifier": [markup.clean(each) for each in dataset.identifiers[:1]],
        "sameAs": safe_link(dataset.uri) or safe_link(dataset.page) or safe_link(dataset.landing_page),
        "keywords": [markup.clean(word) for _, word in dataset.keywords[:MOST_KEYWORDS]],
        "license": _licence(dataset.licence),
        "isAccessibleForFree": True if dataset.access_rights is None else None,
        "creator": _told(
            {"@type": "Organization", "name": card.publisher.text, "url": safe_link(dataset.publisher.url)}
        ),
        "datePublished": _date(dataset.issued),
        "dateModified": _date(dataset.modified),
        "inLanguage": [tag for tag in dataset.languages if known(tag)],
        "version": markup.clean(dataset.version or ""),
        "temporalCoverage": [_period(period) for period in dataset.temporal],
        "spatialCoverage": [_place(place) for place in dataset.spatial],
        "includedInDataCatalog": {"@type": "DataCatalog", "url": voice.addresses.absolute("/")},
        "distribution": [_file(file) for file in dataset.distributions[:MOST_FILES]],
    }
    return _told(found)


def _told(properties: dict[str, Any]) -> dict[str, Any]:
    """The properties of which something is said."""
    return {
        name: told
        for name, value in properties.items()
        if (told := [each for each in value if each] if isinstance(value, list) else value)
    }


def _file(file: Distribution) -> dict[str, Any]:
    media_type = file.media_type.code if file.media_type else None
    row = vocabularies.formats().get(file.format.code or "") if file.format else None
    link = safe_link(file.url)
    return _told(
        {
            "@type": "DataDownload",
            "contentUrl" if file.kind == "data" else "url": link,
            "encodingFormat": media_type or (row.media_type or row.title if row else None),
            "contentSize": f"{file.byte_size} B" if file.byte_size else None,
        }
    )


def _licence(licence: Coded | None) -> str | None:
    if licence is None:
        return None
    row = vocabularies.licences().get(licence.code or "")
    return row.uri if row else safe_link(licence.raw)


def _date(date: Date | None) -> str | None:
    return date.value if date else None


def _period(period: Period) -> str | None:
    """An ISO 8601 interval, `..` for the open end."""
    return f"{period.start or '..'}/{period.end or '..'}" if period.start or period.end else None


def _place(place: Place) -> dict[str, Any] | None:
    box = None
    if place.bbox:
        west, south, east, north = place.bbox
        box = {"@type": "GeoShape", "box": f"{south} {west} {north} {east}"}
    found = _told({"name": markup.clean(place.label) if place.label else None, "geo": box})
    return {"@type": "Place", **found} if found else None
