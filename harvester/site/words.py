"""What things are, in the plain words of residents. English messages; the site shows them translated."""

from __future__ import annotations

from harvester.model import N_, Level, Outcome, Reason, Severity
from harvester.vocabularies import LicenceRow

KINDS_OF_FILE = {
    "tabular": N_("A table"),
    "geo": N_("A map layer"),
    "document": N_("A document to read"),
    "image": N_("A picture"),
    "audio-video": N_("Sound or film"),
    "archive": N_("Several files packed into one"),
    "service": N_("An online service for programs and map viewers"),
    "structured": N_("Data for programs"),
    "linked-data": N_("Data for programs"),
    "transport": N_("Timetables or live positions for travel apps"),
    "code": N_("Program code"),
    "feed": N_("News to subscribe to in a feed reader"),
}
"""Kind of a format (see `vocabularies/formats.csv`) → what a file of that kind is."""

FORMATS = {
    "csv": N_("A table that every spreadsheet program opens"),
    "tsv": N_("A table that every spreadsheet program opens"),
    "xls": N_("An Excel table; LibreOffice opens it too"),
    "xlsx": N_("An Excel table; LibreOffice opens it too"),
    "ods": N_("A LibreOffice table; Excel opens it too"),
    "shp": N_("A map layer for map programs such as QGIS"),
    "geojson": N_("A map layer that many online maps can show"),
    "kml": N_("A map layer for Google Earth and similar programs"),
    "kmz": N_("A map layer for Google Earth and similar programs"),
    "gpkg": N_("A map layer for map programs such as QGIS"),
    "pdf": N_("A document to read; its figures are hard to reuse"),
    "html": N_("A web page"),
    "json": N_("Data for programs"),
    "gtfs": N_("Public transport timetables for travel apps"),
    "zip": N_("Several files packed into one"),
}
"""Format → what it is, where more can be said than of its kind."""

LEVELS: dict[Level, str] = {
    "national": N_("Country"),
    "state": N_("State"),
    "region": N_("Region"),
    "county": N_("County"),
    "municipality": N_("Town or city"),
    "agency": N_("Agency"),
}

OUTCOMES: dict[Outcome, str] = {
    "fresh": N_("Everything was read."),
    "unchanged": N_("Nothing had changed since the visit before."),
    "partial": N_("Only a part could be read."),
    "empty": N_("The portal answered, but listed nothing. What we had is kept."),
    "suspicious": N_("The portal suddenly listed far fewer datasets. What we had is kept."),
    "failed": N_("The portal could not be read. What we had is kept."),
}

TROUBLED: frozenset[Outcome] = frozenset(("partial", "empty", "suspicious", "failed"))

SEVERITIES: dict[Severity, str] = {
    "error": N_("Important"),
    "warning": N_("Worth mending"),
    "info": N_("Good to know"),
}

SEVERITY_ORDER: tuple[Severity, ...] = ("error", "warning", "info")

ACCESS = {
    "RESTRICTED": N_("Only some people may get this data. Ask the publisher."),
    "NON_PUBLIC": N_("This data is not public. Ask the publisher what you may see."),
    "CONFIDENTIAL": N_("This data is confidential. Ask the publisher what you may see."),
    "SENSITIVE": N_("This data is sensitive. Ask the publisher what you may see."),
}

FIELDS = {
    "title": N_("Title"),
    "description": N_("Description"),
    "keywords": N_("Keywords"),
    "topics": N_("Topics"),
    "themes": N_("Topics"),
    "publisher": N_("Publisher"),
    "contacts": N_("Contact"),
    "licence": N_("Licence"),
    "landing_page": N_("Web page"),
    "issued": N_("First published"),
    "modified": N_("Last changed"),
    "frequency": N_("How often it is updated"),
    "languages": N_("Language"),
    "spatial": N_("Area"),
    "temporal": N_("Time span"),
    "identifiers": N_("Identifier"),
}
"""Field of a record → what a finding about it calls it."""

FILE = N_("File {number}")

LICENCE_UNSTATED = N_(
    "The publisher does not say what you may do with this data. "
    "Ask before you publish or sell anything made from it."
)
LICENCE_UNKNOWN = N_("These are the publisher's own terms. Read them before you use the data.")


def licence_rules(licence: LicenceRow) -> tuple[str, ...]:
    """What a licence means, sentence by sentence, for someone who has never read one."""
    may = {
        (False, False): N_("You may use, share and change it, for any purpose."),
        (False, True): N_("You may use and share it for any purpose, but not publish a changed version."),
        (True, False): N_("You may use, share and change it, but not to earn money with it."),
        (True, True): N_("You may use and share it, but not change it or earn money with it."),
    }
    rules = [may[licence.non_commercial, licence.no_derivatives]]
    if licence.attribution:
        rules.append(N_("Name the source."))
    elif licence.public_domain:
        rules.append(N_("You need not name the source."))
    if licence.share_alike:
        rules.append(N_("What you make from it and publish must stand under the same licence."))
    return tuple(rules)


DOWNLOAD = N_("Download")
OPEN = N_("Open")
SERVICE = N_("An online service for programs and map viewers")
PAGE = N_("A web page from which to get the data")

DICTIONARY = N_("What the columns mean")
DOCUMENTATION = N_("Read more about this data")
STANDARD = N_("The standard that this data follows")

FREQUENCY = N_("How often it is updated")
MODIFIED = N_("Last changed by the publisher")
ISSUED = N_("First published")
PERIOD = N_("Time span")
PLACE = N_("Area")
LANGUAGE = N_("Language")
VERSION = N_("Version")
FIRST_SEEN = N_("In this catalogue since")
CHANGED = N_("This page last changed")

WORLD = N_("the whole world")
AREA = N_("about {width} km wide and {height} km high, around {latitude}°, {longitude}°")
SPOT = N_("the place at {latitude}°, {longitude}°")
FROM_TO = N_("{start} to {end}")
SINCE = N_("since {start}")
UNTIL = N_("until {end}")

WHY_ONE: dict[Reason, str] = {
    "address": N_("They name the same file, service or identifier."),
    "publisher": N_("They have the same title and publisher."),
    "place": N_("They have the same title and cover the same area."),
}

MOVED = N_("This dataset has another page")

NAMELESS = N_("Publisher not named")
ALL_DATASETS = N_("All datasets")
PAGE_NUMBER = N_("{title}, page {number}")

NEW_DATASETS = N_("New datasets")
CHANGED_DATASETS = N_("Changed datasets")
