"""The fields that a portal's owners added themselves: `domain_metadata`, `Section_Field-Name` → value. Pure.

Each portal names them as it likes. What a field means is read from its name: the whole of it for
those of Socrata's own set (Common Core), the words in it for the frequency.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from harvester.feeds._json.fields import Names, squeezed
from harvester.feeds._json.values import text_of

CUSTOM = Names(
    {
        "publisher": ("Publisher", "Publishing Agency", "Publishing Department"),
        "department": ("Department", "Agency", "Data Owner", "Source Department", "Data Provided By"),
        "contact_name": ("Contact Name",),
        "contact_email": ("Contact Email", "Contact E-mail", "Contact Email Address"),
        "contact_phone": ("Contact Phone", "Contact Phone Number"),
        "identifier": ("Unique Identifier", "Identifier", "Digital Object Identifier", "DOI"),
        "licence": ("License", "Licence"),
        "rights": ("Rights", "Use Limitations", "Limitations"),
        "access_rights": ("Public Access Level", "Access Level"),
        "frequency": ("frequency",),  # put together by `fields_of`
        "language": ("Language",),
        "landing_page": ("Homepage", "Home Page", "Landing Page", "Homepage URL", "Dataset Page"),
        "data_dictionary": ("Data Dictionary", "Data Dictionary URL", "Data Dictionary Link"),
        "documentation": ("References", "Documentation", "Related Documents", "Further information"),
        "place": (
            "Geographic Coverage",
            "Geographical Coverage",
            "Spatial Coverage",
            "Spatial",
            "Spatial Applicability",
            "Geographic Region Name",
        ),
        "period": (
            "Time Period",
            "Temporal Coverage",
            "Temporal",
            "Temporal Applicability",
            "Time Period Coverage",
            "Coverage Period",
        ),
        "start": ("Time Period Coverage Start Date", "Temporal Coverage Start", "Coverage Start Date"),
        "end": ("Time Period Coverage End Date", "Temporal Coverage End", "Coverage End Date"),
    },
    ignored=(),
)

_RHYTHM = re.compile(r"frequency|cadence|periodicity")
_OF_US = re.compile(r"updat|publish|refresh|posting|issu|accrual|metadatafrequency|^frequency$")
_OF_OTHERS = re.compile(r"source|collection")


def fields_of(domain_metadata: object) -> Iterator[tuple[str, object]]:
    """The fields by the name that follows their section's: ("Update-Frequency", "Daily"), ….

    Of the fields that tell a rhythm, the one that tells how often the data on the portal changes is
    given as "frequency"; the rhythm of their source is another matter.
    """
    rhythms: list[tuple[int, str, object]] = []
    for name, value in _pairs(domain_metadata):
        section, _, field = name.partition("_")
        field = field or section
        if _RHYTHM.search(squeezed(name)):
            rhythms.append((_rank(squeezed(name)), field, value))
        elif CUSTOM.of(field) not in (None, ("", 0)):
            yield field, value
        else:
            yield name, value
    for place, (_, field, value) in enumerate(sorted(rhythms, key=lambda each: each[0])):
        yield ("frequency" if place == 0 else field), value


def _rank(name: str) -> int:
    return 2 if _OF_OTHERS.search(name) else 0 if _OF_US.search(name) else 1


def _pairs(value: object) -> Iterator[tuple[str, object]]:
    """Fields of `[{"key": …, "value": …}]`, or of the views' `{"Section": {"Field": …}}`."""
    if isinstance(value, Mapping):
        for section, fields in value.items():
            if isinstance(fields, Mapping):
                yield from ((f"{section}_{name}", each) for name, each in fields.items())
    for item in value if isinstance(value, list) else ():
        if isinstance(item, Mapping) and (name := text_of(item.get("key"))) is not None:
            yield name, item.get("value")
