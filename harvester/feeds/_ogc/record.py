"""One record of OGC API - Records, part 1 (https://docs.ogc.org/is/20-004r1/20-004r1.html), as a draft. Pure.

Read are also the names that the standard had in its drafts, which pygeoapi and pycsw still write, and the
WMO's profile of it (WCMP2).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from urllib.parse import quote, urlsplit

from harvester.feeds._json.fields import Fields, Names
from harvester.feeds._json.parts import agent_of, is_address, places_of, unique
from harvester.feeds._json.values import encode, is_empty, items_of, keywords_of, text_of, texts_of
from harvester.feeds._ogc.links import Link, first, links_of, pages_of
from harvester.model import (
    Draft,
    DraftAgent,
    DraftContact,
    DraftDistribution,
    DraftPeriod,
    DraftPlace,
    Text,
)

_NAMES = Names(
    {
        "type": ("type",),
        "title": ("title",),
        "description": ("description",),
        "keywords": ("keywords",),
        "themes": ("themes",),
        "language": ("language",),
        "languages": ("resourceLanguages", "languages"),
        "external_ids": ("externalIds", "externalId"),
        "contacts": ("contacts", "providers", "contactPoint"),
        "publisher": ("publisher",),
        "licence": ("license",),
        "rights": ("rights",),
        "access_rights": ("accessRights",),
        "issued": ("created", "recordCreated", "record-created"),
        "modified": ("updated", "recordUpdated", "record-updated"),
        "formats": ("formats",),
        "extent": ("extent",),
        "associations": ("associations",),
        "version": ("version",),
        "status": ("status",),
    },
    ignored=("recordId",),
)

_PUBLISHERS = ("publisher", "owner", "custodian", "distributor", "host", "producer", "resourceprovider")
_AROUND = frozenset(
    (
        *("self", "alternate", "root", "parent", "up", "collection", "next", "prev", "first", "last"),
        *("license", "copyright", "icon", "preview", "thumbnail", "describes", "canonical", "conformance"),
        *("about", "help", "describedby", "related", "search", "metadata", "cite-as", "type", "author"),
    )
)
"""Relations that lead elsewhere than to the data: to the record, its catalogue, its terms and its reading."""

_READING = ("describedby", "about", "help", "related", "search", "metadata", "cite-as")
_VAGUE_LICENCES = frozenset(("other", "various", "proprietary", "custom"))
_EU_CODES = ("http://publications.europa.eu/", "http://inspire.ec.europa.eu/")
_ABOUT_THE_RECORD = ("/spec/ogcapi-", "/spec/wcmp/")
"""Conformance classes of these are about how the record is written, not about the data."""


def draft_of(record: Mapping[str, object], base: str, items: str | None = None) -> Draft:
    """`record` as a draft; relative addresses start at `base`, its page stands under `items`."""
    inner = record.get("properties")
    fields = Fields(inner.items() if isinstance(inner, dict) else (), _NAMES)
    key = text_of(record.get("id"))
    tag = _code(fields.value("language")) or ""
    links = [*links_of(record.get("links"), base), *_associations(fields.value("associations"), base)]
    unread = fields.unread()
    if not is_empty(record.get("linkTemplates")):
        unread["linkTemplates"] = encode(record.get("linkTemplates"))
    contacts = [each for each in items_of(fields.value("contacts")) if isinstance(each, dict)]
    return Draft(
        key=key,
        identifiers=tuple(unique([*_external_ids(fields.value("external_ids")), key])),
        uri=key if is_address(key) else None,
        title=_words(fields.words("title"), tag),
        description=_words(fields.words("description"), tag),
        keywords=tuple((own or tag, word) for own, word in keywords_of(fields.value("keywords"))),
        themes=tuple(unique(_themes(fields.value("themes")))),
        publisher=agent_of(fields.value("publisher")) or _publisher(contacts),
        contacts=tuple(_contacts(contacts)),
        page=_page(links, base, items, key),
        landing_page=next(pages_of([link for link in links if link.is_page], "canonical", "about"), None),
        licence=_licence(fields, links),
        rights=fields.text("rights"),
        access_rights=fields.plain("access_rights"),
        issued=fields.text("issued"),
        modified=fields.text("modified"),
        languages=tuple(unique(_codes(fields.value("languages")) or [tag or None])),
        spatial=_spatial(record, fields.value("extent")),
        temporal=tuple(_temporal(record.get("time"), fields.value("extent"))),
        conforms_to=tuple(
            each
            for each in texts_of(record.get("conformsTo"))
            if not any(mark in each for mark in _ABOUT_THE_RECORD)
        ),
        documentation=tuple(pages_of(links, *_READING)),
        version=fields.plain("version"),
        status=fields.plain("status"),
        distributions=tuple(_files(links, base)),
        unread=unread,
        notes=tuple(fields.notes),
    )


def _words(text: Text, tag: str) -> Text:
    return {own or tag: words for own, words in text.items()}


def _code(value: object) -> str | None:
    """A language: `{"code": "en"}`, or the code alone."""
    return text_of(value.get("code")) if isinstance(value, dict) else text_of(value)


def _codes(value: object) -> list[str]:
    return [code for each in items_of(value) if (code := _code(each)) is not None]


def _external_ids(value: object) -> Iterator[str | None]:
    for each in items_of(value):
        yield text_of(each.get("value")) if isinstance(each, dict) else text_of(each)


def _themes(value: object) -> Iterator[str | None]:
    """The concepts: their address where the EU keeps the list, else what people call them."""
    for scheme in items_of(value):
        if not isinstance(scheme, dict):
            yield text_of(scheme)
            continue
        for concept in items_of(scheme.get("concepts")):
            if not isinstance(concept, dict):
                yield text_of(concept)
                continue
            names = [text_of(concept.get(name)) for name in ("url", "id", "title")]
            known = [name for name in names if name and name.startswith(_EU_CODES)]
            yield next(iter(known), None) or names[2] or names[1] or names[0]


# ------------------------------------------------------------------------------ bodies


def _roles(contact: Mapping[str, object]) -> set[str]:
    """The roles, in lower case; drafts of the standard wrote them as objects."""
    return {
        role.strip().lower() for role in (*texts_of(contact.get("roles")), *texts_of(contact.get("role")))
    }


def _publisher(contacts: list[dict[str, object]]) -> DraftAgent | None:
    """The body among the contacts that publishes, by the roles that come nearest to it."""
    for role in _PUBLISHERS:
        for contact in contacts:
            name = text_of(contact.get("organization")) or text_of(contact.get("name"))
            if name is not None and role in _roles(contact):
                email, url = _reached(contact)[1:]
                return DraftAgent(name={"": name}, email=email, url=url)
    named = (text_of(contact.get("organization")) for contact in contacts)
    return next((DraftAgent(name={"": name}) for name in named if name), None)


def _contacts(contacts: list[dict[str, object]]) -> Iterator[DraftContact]:
    for contact in contacts:
        phone, email, url = _reached(contact)
        names = (text_of(contact.get(key)) for key in ("name", "organization", "position"))
        found = DraftContact(name=next(filter(None, names), None), email=email, phone=phone, url=url)
        if found != DraftContact():
            yield found


def _reached(contact: Mapping[str, object]) -> tuple[str | None, str | None, str | None]:
    """Telephone, mail address and page of a contact."""
    phone, email = (
        next((text for name in names for text in texts_of(contact.get(name))), None)
        for names in (("phones", "phone"), ("emails", "email"))
    )
    pages = [link.href for link in links_of(contact.get("links"), "") if is_address(link.href)]
    url = text_of(contact.get("url"))
    return phone, email, next(iter(pages), url if is_address(url) else None)


# ------------------------------------------------------------------------------ where and when


def _spatial(record: Mapping[str, object], extent: object) -> tuple[DraftPlace, ...]:
    if places := places_of(record.get("geometry")):
        return places
    spatial = extent.get("spatial") if isinstance(extent, dict) else None
    box = record.get("bbox") or (spatial.get("bbox") if isinstance(spatial, dict) else None)
    found = box_of(box)
    return (DraftPlace(bbox=found),) if found else ()


def box_of(value: object) -> str | None:
    """ "west,south,east,north" of a GeoJSON box, of four numbers or six, or of the first of several."""
    while isinstance(value, list) and value and isinstance(value[0], list):
        value = value[0]
    sides = texts_of(value) if isinstance(value, list) else ()
    if len(sides) == 6:
        sides = (*sides[:2], *sides[3:5])
    return ",".join(sides) if len(sides) == 4 else None


def _temporal(time: object, extent: object) -> Iterator[DraftPeriod]:
    """The time of the record; `".."` and null are open ends."""
    if isinstance(time, dict):
        date = text_of(time.get("date")) or text_of(time.get("timestamp"))
        if date is not None:
            yield DraftPeriod(start=date, end=date)
            return
        yield from periods_of(time.get("interval"))
        return
    if isinstance(time, str):  # as drafts of the standard had it
        yield DraftPeriod(text=time)
        return
    if isinstance(time, list):
        yield from periods_of(time)
        return
    temporal = extent.get("temporal") if isinstance(extent, dict) else None
    yield from periods_of(temporal.get("interval") if isinstance(temporal, dict) else None)


def periods_of(intervals: object) -> Iterator[DraftPeriod]:
    """Periods of a list of intervals `[start, end]`, or of one interval alone."""
    if not isinstance(intervals, list):
        return
    for each in intervals if any(isinstance(each, list) for each in intervals) else [intervals]:
        if not isinstance(each, list):
            continue
        ends = [None if (text := text_of(end)) in (None, "..", "") else text for end in each[:2]]
        start, end = (*ends, None, None)[:2]
        if start or end:
            yield DraftPeriod(start=start, end=end)


# ------------------------------------------------------------------------------ links


def _associations(value: object, base: str) -> list[Link]:
    """What drafts of the standard had in place of links; there a relation `item` or none led to the data."""
    return links_of(value, base)


def _page(links: list[Link], base: str, items: str | None, key: str | None) -> str | None:
    """The record's own page: the HTML that it names as itself, else where the standard puts it."""
    named = next(pages_of([link for link in links if link.is_page], "self", "alternate"), None)
    if named is not None:
        return named
    own = first(links, "self")
    if own is not None and is_address(own.href):
        return own.href
    return f"{items}/{quote(key, safe=':')}" if items and key else None


def _licence(fields: Fields, links: list[Link]) -> str | None:
    """The stated licence, or where it only says "other" the terms that the record links to."""
    stated = fields.plain("licence")
    terms = first(links, "license") or first(links, "copyright")
    if terms is not None and (stated is None or stated.lower() in _VAGUE_LICENCES):
        return terms.href
    return stated


def _files(links: list[Link], base: str) -> Iterator[DraftDistribution]:
    """Links to the data: files that are downloaded, and all else that belongs to no other purpose."""
    for link in links:
        leads_away = link.rel == "collection" and not _same_host(link.href, base)
        if link.rel in _AROUND and not leads_away:
            continue
        is_file = link.rel in ("enclosure", "download") and not link.is_page
        yield DraftDistribution(
            download_url=link.href if is_file else None,
            url=None if is_file else link.href,
            title={link.language or "": link.title} if link.title else {},
            media_type=link.media_type,
            languages=(link.language,) if link.language else (),
        )


def _same_host(address: str, base: str) -> bool:
    try:
        return urlsplit(address).hostname == urlsplit(base).hostname
    except ValueError:
        return False
