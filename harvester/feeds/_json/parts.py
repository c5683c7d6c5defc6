"""Publishers, contacts, places and periods out of JSON, in all the shapes that portals give them.

Shared by the feeds that are JSON. Like everything in `_json`, total: never an exception.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping

from harvester.feeds._json.values import encode, is_empty, items_of, opened_of, text_of, texts_of, words_of
from harvester.model import DraftAgent, DraftContact, DraftPeriod, DraftPlace, Text

_ADDRESS = re.compile(r"(https?|ftps?)://", re.I)
_MAIL = re.compile(r"(mailto:)?\S+@\S+", re.I)


def is_address(text: str | None) -> bool:
    """Does a text begin as a web address does?"""
    return text is not None and _ADDRESS.match(text) is not None


def addresses(values: Iterable[str]) -> tuple[str, ...]:
    """Those texts that are web addresses, each once."""
    return tuple(dict.fromkeys(text for text in values if is_address(text)))


def first_of(value: Mapping[str, object], *names: str) -> str | None:
    """The first text in the fields of these names; in an object the one that names it."""
    for name in names:
        if name in value and (text := text_of(value[name])) is not None:
            return text
    return None


def address_in(value: object) -> str | None:
    """The address of a document: a text, or an object that describes it, as DCAT-US 3 writes them."""
    if isinstance(value, dict):
        return first_of(value, "downloadURL", "accessURL", "endpointURL", "url", "href", "@id")
    return text_of(value)


def identifiers_in(value: object) -> Iterator[str]:
    """Identifiers: texts, and objects that give a `notation` with who issued it, or an IRI."""
    for item in items_of(value):
        named = (
            [first_of(item, name) for name in ("notation", "@id", "value", "identifier")]
            if isinstance(item, dict)
            else [text_of(item)]
        )
        yield from (name for name in named if name is not None)


def agent_of(value: object) -> DraftAgent | None:
    """A publisher: `{"name": …, "mbox": …, "subOrganizationOf": {…}}`, a list of such, or a name."""
    for item in items_of(opened_of(value)):
        if (agent := _agent(item)) is not None:
            return agent
    return None


def _agent(value: object) -> DraftAgent | None:
    name = _name(value)
    if not isinstance(value, dict):
        return DraftAgent(name=name) if name else None
    urls = addresses(texts_of([value.get(key) for key in ("homepage", "url", "uri", "@id")]))
    email = first_of(value, "mbox", "email", "hasEmail")
    if not name and not urls and not email:
        return None
    parent = _name(value.get("subOrganizationOf"))
    return DraftAgent(
        name=name,
        url=next(iter(urls), None),
        email=email,
        parent=next(iter(parent.values()), None),
    )


def _name(value: object) -> Text:
    if isinstance(value, dict) and "@value" not in value:
        names = (words_of(value.get(key)) for key in ("name", "title", "fn", "label", "prefLabel"))
        return next((name for name in names if name), {})
    return words_of(value)


def contacts_of(value: object) -> tuple[DraftContact, ...]:
    """Contacts: vCard objects as DCAT-US writes them, CKAN's `{"name", "email"}`, lists, or a text."""
    items = items_of(opened_of(value))
    each = (_contact(item) if isinstance(item, dict) else _contact_from_text(text_of(item)) for item in items)
    return tuple(contact for contact in each if contact != DraftContact())


def _contact(value: Mapping[str, object]) -> DraftContact:
    url = first_of(value, "hasURL", "url", "homepage", "uri")
    return DraftContact(
        name=first_of(value, "fn", "name", "organization-name", "hasName", "title"),
        email=first_of(value, "hasEmail", "email", "mbox", "mail"),
        phone=first_of(value, "hasTelephone", "tel", "telephone", "phone"),
        url=url if is_address(url) else None,
    )


def _contact_from_text(text: str | None) -> DraftContact:
    if text is None:
        return DraftContact()
    if is_address(text):
        return DraftContact(url=text)
    return DraftContact(email=text) if _MAIL.fullmatch(text.strip()) else DraftContact(name=text)


def places_of(value: object) -> tuple[DraftPlace, ...]:
    """Places: a name, a box, GeoJSON or WKT as text; GeoJSON objects; objects that name or bound a place."""
    if isinstance(value, str):
        if not value.lstrip().startswith(("{", "[")):
            return (DraftPlace(text=value),) if value.strip() else ()
        opened = opened_of(value.strip())
        if isinstance(opened, str):
            return (DraftPlace(text=value),)
        if isinstance(opened, dict) and _is_geojson(opened):
            return (DraftPlace(geometry=value.strip()),)
        value = opened
    if isinstance(value, list) and len(value) == 4 and all(_is_number(each) for each in value):
        return (DraftPlace(text=",".join(texts_of(value))),)
    return tuple(place for item in items_of(value) for place in _place(item))


_BOX = re.compile(r"[^,()]*(,[^,()]*){3}")


def _is_number(value: object) -> bool:
    return re.fullmatch(r"\s*-?\d+(\.\d*)?\s*", text_of(value) or "") is not None


def _is_geojson(value: Mapping[str, object]) -> bool:
    return "type" in value and any(
        key in value for key in ("coordinates", "geometries", "geometry", "features")
    )


def _place(value: object) -> tuple[DraftPlace, ...]:
    if not isinstance(value, dict):
        text = text_of(value)
        return () if text is None else (DraftPlace(text=text),)
    if _is_geojson(value):
        return (DraftPlace(geometry=encode(value)),)
    box = box_of(*(value.get(side) for side in ("west", "south", "east", "north")))
    shape = next(
        (v for k in ("bbox", "geom", "geometry", "centroid") if not is_empty(v := value.get(k))), None
    )
    if box is None and isinstance(shape, str) and _BOX.fullmatch(shape):
        box, shape = shape, None
    uri = first_of(value, "uri", "@id")
    place = DraftPlace(
        label=first_of(value, "prefLabel", "label", "text", "name", "title"),
        uri=uri if is_address(uri) else None,
        bbox=box,
        geometry=None if shape is None else shape if isinstance(shape, str) else encode(shape),
    )
    if place == DraftPlace():
        return (DraftPlace(text=encode(value)),) if value else ()
    return (place,)


def box_of(west: object, south: object, east: object, north: object) -> str | None:
    """ "west,south,east,north" of four sides; None unless all are there."""
    sides = [text_of(side) for side in (west, south, east, north)]
    return None if None in sides else ",".join(side.strip() for side in sides if side)


def periods_of(value: object) -> tuple[DraftPeriod, ...]:
    """Periods: a text, `{"start", "end"}` under the names in use, or lists of these."""
    each = (_period(item) for item in items_of(opened_of(value)))
    return tuple(period for period in each if period != DraftPeriod())


def _period(value: object) -> DraftPeriod:
    if not isinstance(value, dict):
        return DraftPeriod(text=text_of(value))
    start = first_of(value, "start", "startDate", "start_date", "dcat:startDate", "from", "begin")
    end = first_of(value, "end", "endDate", "end_date", "dcat:endDate", "to")
    if start is None and end is None:
        return DraftPeriod(text=text_of(value))
    return DraftPeriod(start=start, end=end)


def unique(values: Iterable[str | None]) -> Iterator[str]:
    """The texts among `values`, each once, in their order."""
    return iter(dict.fromkeys(value for value in values if value is not None))
