"""Our codes as DCAT-AP wants them: IRIs of the EU's and IANA's lists, each with its class and names."""

from __future__ import annotations

from functools import lru_cache
from typing import Literal

from msgspec import Struct

from harvester import vocabularies
from harvester.model import Text
from harvester.outputs._text import clean

IANA = "https://www.iana.org/assignments/media-types/"
EU = "http://publications.europa.eu/resource/authority/"
THEME_TAXONOMY = f"{EU}data-theme"

Kind = Literal["licence", "format", "media type", "theme", "frequency", "access right", "language"]

CLASSES: dict[Kind, str] = {
    "licence": "dct:LicenseDocument",
    "format": "dct:MediaTypeOrExtent",
    "media type": "dct:MediaType",
    "theme": "skos:Concept",
    "frequency": "dct:Frequency",
    "access right": "dct:RightsStatement",
    "language": "dct:LinguisticSystem",
}
"""The class that DCAT-AP wants the value to be of (its `range.ttl`)."""


class Term(Struct, frozen=True):
    """A value of a code list: its IRI, or None where no list that others know has it."""

    iri: str | None
    labels: Text


@lru_cache(maxsize=65_536)
def term(kind: Kind, code: str) -> Term | None:
    """What a code of ours is called elsewhere; None for a code that our list does not have."""
    match kind:
        case "media type":
            registered = code.lower() in vocabularies.media_types()
            return Term(f"{IANA}{code.lower()}" if registered else None, {"": clean(code)})
        case "language":
            language = vocabularies.language(code)
            return Term(language.eu_uri, _labels(language)) if language else None
        case "licence":
            licence = vocabularies.licences().get(code)
            return Term(licence.eu_uri or licence.uri, _labels(licence)) if licence else None
        case "format":
            format = vocabularies.formats().get(code)
            return Term(format.eu_uri, _labels(format)) if format else None
        case "theme":
            theme = vocabularies.themes().get(code)
            return Term(theme.uri, _labels(theme)) if theme else None
        case "frequency":
            frequency = vocabularies.frequencies().get(code)
            return Term(frequency.uri, _labels(frequency)) if frequency else None
        case "access right":
            right = vocabularies.access_rights().get(code)
            return Term(right.uri, _labels(right)) if right else None


def _labels(row: vocabularies.Row) -> Text:
    return dict(row.labels)
