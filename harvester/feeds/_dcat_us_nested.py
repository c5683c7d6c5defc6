"""Where DCAT-US 3 keeps datasets beside the list `dataset`: in catalogues, series and services. Pure.

https://github.com/GSA/dcat-us, jsonschema/definitions/Catalog.json: a catalogue holds `dataset`,
`datasetSeries`, `service` and further catalogues (`catalog`, `hasPart`), in which the same stands
again. A series embeds its members, a service the datasets that it serves, each either whole or only
by reference.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from msgspec import Struct

from harvester.feeds._json.parts import first_of
from harvester.feeds._json.values import items_of, texts_of

LISTS = ("dataset", "datasets", "datasetSeries", "service", "catalog", "hasPart")
"""What a catalogue lists datasets in, or things that embed datasets."""

MOST_LEVELS = 20  # catalogues in catalogues


class Entry(Struct, frozen=True):
    """Something that a catalogue lists. `embedded`: it may stand in the catalogue's own list as well."""

    value: object
    embedded: bool = False


class Leftover(Struct, frozen=True):
    """A service that embeds no dataset, or catalogues that are nested too deeply."""

    title: str
    is_service: bool


def entries_of(value: object, list_name: str, level: int = 0) -> Iterator[Entry | Leftover]:
    """The datasets that an item of one of the `LISTS` is or holds; whatever is no object comes as it is."""
    if not isinstance(value, dict):
        if list_name in ("dataset", "datasets"):
            yield Entry(value)  # elsewhere a text refers to what stands in another place
    elif level > MOST_LEVELS:
        yield Leftover(_title_of(value), is_service=False)
    elif list_name == "datasetSeries" or "seriesMember" in value:
        yield from _members(value)
    elif list_name == "service":
        yield from _served(value)
    elif list_name in ("catalog", "hasPart") or _is_catalogue(value):
        for name in LISTS:
            for item in items_of(value.get(name)) if value.get(name) is not None else ():
                for entry in entries_of(item, name, level + 1):
                    yield Entry(entry.value, embedded=True) if isinstance(entry, Entry) else entry
    else:
        yield Entry(value)


def _is_catalogue(value: Mapping[str, object]) -> bool:
    return isinstance(value.get("dataset"), list) or any(
        kind.rpartition(":")[2] == "Catalog" for kind in texts_of(value.get("@type"))
    )


def _members(series: Mapping[str, object]) -> Iterator[Entry]:
    """The members of a series, which say what series they are in."""
    own = {name: series[name] for name in ("@id", "identifier", "title") if name in series}
    for name in ("seriesMember", "first", "last"):
        for member in items_of(series.get(name)):
            if isinstance(member, dict) and "title" in member:
                yield Entry({"inSeries": [own], **member}, embedded=True)


def _served(service: Mapping[str, object]) -> Iterator[Entry | Leftover]:
    """The datasets that a service serves, with the service among their distributions."""
    own = {name: service[name] for name in ("title", "description") if name in service}
    own["accessURL"] = first_of(service, "endpointURL")
    served = [each for each in items_of(service.get("servesDataset")) if isinstance(each, dict)]
    served = [each for each in served if "title" in each]
    for dataset in served:
        files = dataset.get("distribution")
        listed = files if isinstance(files, list) else [] if files is None else [files]
        yield Entry({**dataset, "distribution": [*listed, own]}, embedded=True)
    if not served:
        yield Leftover(_title_of(service), is_service=True)


def _title_of(value: Mapping[str, object]) -> str:
    return (first_of(value, "title", "identifier", "@id") or "?")[:100]
