"""What templates get: records turned into words and links, one function a noun.

A view holds no logic of looks and a template none of meaning, so that a region can rewrite any template
without knowing how a licence is read. Foreign words stay `Words` until a template prints them.
"""

from __future__ import annotations

import math
from urllib.parse import quote, unquote, urlsplit

from msgspec import Struct

from harvester.language import known
from harvester.model import (
    CatalogRecord,
    Coded,
    Contact,
    Dataset,
    Date,
    Distribution,
    Period,
    Place,
)
from harvester.site import markup, words
from harvester.site.addresses import dataset as dataset_path
from harvester.site.mending import Mend, Mender
from harvester.site.voice import Badge, Licence, Link, Prose, Voice, Words, mail_link, safe_link

MOST_KEYWORDS = 60
MOST_BADGES = 6


class SourceName(Struct, frozen=True):
    """What a dataset's page needs to know of a source."""

    id: str
    name: str
    feed: str | None


class Fact(Struct, frozen=True):
    """A line of "About this data": a label of ours and what there is to say, one item a line."""

    label: str
    lines: tuple[Words, ...]


class File(Struct, frozen=True):
    """A file or service of a dataset."""

    title: Words
    href: str | None
    badge: Badge | None
    what: str
    downloads: bool
    action: str  # "Download" or "Open": what the link does
    size: str
    changed: str
    description: Words
    licence: Licence | None  # where it is not the dataset's


class Card(Struct, frozen=True):
    """A dataset in a list."""

    id: str
    href: str
    title: Words
    publisher: Words
    source: str  # blank where it is called as its publisher
    summary: Words
    badges: tuple[Badge, ...]
    changed: str


class AlsoListed(Struct, frozen=True):
    """Another source that lists a dataset."""

    source: Link
    page: str | None  # the record on its portal


class DatasetView(Struct, frozen=True):
    """A dataset's own page."""

    id: str
    title: Words
    summary: Words
    description: Prose
    publisher: Link
    parent: str | None
    publisher_site: str | None
    source: Link
    listings: tuple[AlsoListed, ...]
    page: str | None  # the record on its portal
    landing_page: str | None
    missing: str  # the day since which the portal no longer lists it, or empty
    files: tuple[File, ...]
    contacts: tuple[tuple[Words, str | None, str | None, str | None], ...]  # name, mail link, mail, web
    licence: Licence
    rights: str | None
    access: str | None
    topics: tuple[Link, ...]
    keywords: tuple[Link, ...]
    more_keywords: int
    documents: tuple[Link, ...]
    facts: tuple[Fact, ...]
    mends: tuple[Mend, ...]
    citation: Words
    report: str | None  # where to report a problem with this page


def card(record: CatalogRecord, voice: Voice, sources: dict[str, SourceName]) -> Card:
    """A dataset as lists show it."""
    dataset = record.dataset
    publisher, source = publisher_name(dataset, voice), sources[dataset.source].name
    return Card(
        id=dataset.id,
        href=voice.link(dataset_path(dataset.id)),
        title=title(dataset, voice),
        publisher=publisher,
        source="" if source == publisher.text else source,
        summary=voice.summary(dataset.description),
        badges=badges(dataset, voice)[:MOST_BADGES],
        changed=voice.formatter.date(stated_change(dataset)),
    )


def dataset_view(
    record: CatalogRecord,
    card: Card,
    voice: Voice,
    sources: dict[str, SourceName],
    mender: Mender,
    issues_url: str | None,
) -> DatasetView:
    """A dataset as its own page shows it; `card` is how lists do."""
    dataset = record.dataset
    source = sources[dataset.source]
    keywords = tuple(voice.keyword(word) for _, word in dataset.keywords[:MOST_KEYWORDS])
    return DatasetView(
        id=dataset.id,
        title=card.title,
        summary=card.summary,
        description=voice.prose(dataset.description),
        publisher=Link(
            card.publisher, voice.group("publisher", dataset.publisher.id) if dataset.publisher.id else None
        ),
        parent=dataset.publisher.parent and markup.clean(dataset.publisher.parent),
        publisher_site=safe_link(dataset.publisher.url),
        source=Link(Words(source.name), voice.group("source", source.id)),
        listings=tuple(
            AlsoListed(
                Link(Words(sources[each.source].name), voice.group("source", each.source)),
                safe_link(each.page),
            )
            for each in record.listings
        ),
        page=safe_link(dataset.page),
        landing_page=safe_link(dataset.landing_page) if dataset.landing_page != dataset.page else None,
        missing=voice.formatter.date(record.missing),
        files=tuple(
            _file(number, file, dataset, voice) for number, file in enumerate(dataset.distributions, 1)
        ),
        contacts=tuple(_contact(contact, card.title.text, voice) for contact in dataset.contacts),
        licence=_licence(dataset.licence, voice),
        rights=dataset.rights and markup.summary(dataset.rights, 600),
        access=_access(dataset.access_rights, voice),
        topics=tuple(Link(Words(voice.topic(code)), voice.group("topic", code)) for code in dataset.topics),
        keywords=keywords,
        more_keywords=len(dataset.keywords) - len(keywords),
        documents=_documents(dataset, voice),
        facts=_facts(record, voice),
        mends=tuple(mender.mend(finding, dataset, source.feed) for finding in record.findings),
        citation=_citation(dataset, card, voice),
        report=_report(issues_url, card, voice),
    )


# ------------------------------------------------------------------------------ what lists share


def title(dataset: Dataset, voice: Voice) -> Words:
    """The dataset's title; never empty."""
    found = voice.words(dataset.title)
    return found if found else Words(dataset.id)


def publisher_name(dataset: Dataset, voice: Voice) -> Words:
    """The publisher's name; never empty."""
    found = voice.words(dataset.publisher.name)
    return found if found else Words(voice.say(words.NAMELESS))


def badges(dataset: Dataset, voice: Voice) -> tuple[Badge, ...]:
    """The formats of a dataset's files, each once, in the order of the files."""
    found = {
        (file.format.code or file.format.raw): voice.badge(file.format.code, file.format.raw)
        for file in dataset.distributions
        if file.format and (file.format.code or file.format.raw.strip())
    }
    return tuple(found.values())


def last_changed(record: CatalogRecord) -> str:
    """When the data changed last as far as anybody says, else when the entry did: for sorting."""
    return stated_change(record.dataset) or record.changed


def stated_change(dataset: Dataset) -> str | None:
    """When the data changed last, as the publisher says."""
    stated = (date.value for date in (dataset.modified, dataset.issued) if date)
    return next((value for value in stated if value), None)


# ------------------------------------------------------------------------------ the parts of a page


def _file(number: int, file: Distribution, dataset: Dataset, voice: Voice) -> File:
    badge = None
    if file.format and (file.format.code or file.format.raw.strip()):
        badge = voice.badge(file.format.code, file.format.raw)
    href = safe_link(file.url)
    found = voice.words(file.title, 200) or Words(_file_name(href))
    if not found:
        found = Words(badge.label if badge else voice.tell(words.FILE, number=voice.formatter.number(number)))
    if file.kind == "service":
        what, action = badge.what if badge and badge.what else voice.say(words.SERVICE), voice.say(words.OPEN)
    elif file.kind == "page":
        what, action = voice.say(words.PAGE), voice.say(words.OPEN)
    else:
        what, action = badge.what if badge else "", voice.say(words.DOWNLOAD)
    differs = file.licence and file.licence != dataset.licence
    return File(
        title=found,
        href=href,
        badge=badge,
        what=what,
        downloads=file.kind == "data",
        action=action,
        size=voice.formatter.size(file.byte_size) if file.byte_size else "",
        changed=_date(file.modified, voice),
        description=_file_description(file, voice),
        licence=_licence(file.licence, voice) if differs else None,
    )


def _file_description(file: Distribution, voice: Voice) -> Words:
    """What is said of a file; nothing where that is one word, which is its name once more."""
    found = voice.summary(file.description, 300)
    return found if " " in found.text else Words("")


def _file_name(href: str | None) -> str:
    """`trees.csv` of `https://…/files/trees.csv?x=1`; empty where the address ends in no file."""
    if not href:
        return ""
    try:
        last = unquote(urlsplit(href).path.rpartition("/")[2])
    except ValueError:
        return ""
    return markup.shorten(markup.clean(last), 80) if "." in last else ""


def _contact(contact: Contact, about: str, voice: Voice) -> tuple[Words, str | None, str | None, str | None]:
    email = markup.clean(contact.email).strip() if contact.email else None
    link = mail_link(email, about[:150]) if email else None
    name = markup.shorten(markup.clean(contact.name or ""), 200)
    phone = markup.shorten(markup.clean(contact.phone or ""), 60)
    lines = ", ".join(part for part in (name, phone) if part)
    return Words(lines), link, email, safe_link(contact.url)


def _licence(licence: Coded | None, voice: Voice) -> Licence:
    return voice.licence(licence.code, licence.raw) if licence else voice.licence(None, "")


def _access(access: Coded | None, voice: Voice) -> str | None:
    message = words.ACCESS.get(access.code or "") if access else None
    return voice.say(message) if message else None


def _documents(dataset: Dataset, voice: Voice) -> tuple[Link, ...]:
    found: dict[str, Link] = {}
    for message, addresses in (
        (words.DICTIONARY, dataset.data_dictionary),
        (words.DOCUMENTATION, dataset.documentation),
        (words.STANDARD, dataset.conforms_to),
    ):
        for address in addresses:
            href = safe_link(address)
            if href:
                found.setdefault(href, Link(Words(voice.say(message)), href))
    return tuple(found.values())


def _facts(record: CatalogRecord, voice: Voice) -> tuple[Fact, ...]:
    dataset, date = record.dataset, voice.formatter.date
    places = tuple(filter(None, (_place(place, voice) for place in dataset.spatial[:10])))
    periods = tuple(filter(None, (_period(period, voice) for period in dataset.temporal[:10])))
    tongues = tuple(Words(voice.formatter.language(tag)) for tag in dataset.languages if known(tag))
    lines: tuple[tuple[str, tuple[Words, ...]], ...] = (
        (words.FREQUENCY, (Words(_frequency(dataset.frequency, voice)),)),
        (words.MODIFIED, (Words(_date(dataset.modified, voice)),)),
        (words.ISSUED, (Words(_date(dataset.issued, voice)),)),
        (words.PERIOD, periods),
        (words.PLACE, places),
        (words.LANGUAGE, tongues),
        (words.VERSION, (Words(markup.shorten(markup.clean(dataset.version or ""), 60)),)),
        (words.FIRST_SEEN, (Words(date(record.first_seen)),)),
        (words.CHANGED, (Words(date(record.changed)),)),
    )
    return tuple(
        Fact(voice.say(label), said) for label, all_said in lines if (said := tuple(filter(None, all_said)))
    )


def _date(date: Date | None, voice: Voice) -> str:
    """The date for a reader; what the source wrote where that is no date."""
    if date is None:
        return ""
    return voice.formatter.date(date.value) if date.value else markup.shorten(markup.clean(date.raw), 60)


def _frequency(frequency: Coded | None, voice: Voice) -> str:
    if frequency is None:
        return ""
    if frequency.code:
        return voice.frequency(frequency.code) or ""
    return markup.shorten(markup.clean(frequency.raw), 80)


def _place(place: Place, voice: Voice) -> Words | None:
    if place.label:
        return Words(markup.shorten(markup.clean(place.label), 120))
    if place.bbox:
        return Words(_box(place.bbox, voice))
    return None


_KILOMETRES = 111.2  # a degree of latitude


def _box(box: tuple[float, float, float, float], voice: Voice) -> str:
    """A box as a size and a middle, since four corners in degrees tell a reader nothing."""
    west, south, east, north = box
    across = east - west if east >= west else east - west + 360  # over the date line
    if across > 350 and north - south > 160:
        return voice.say(words.WORLD)
    latitude = (south + north) / 2
    longitude = (west + across / 2 + 180) % 360 - 180
    width = across * _KILOMETRES * math.cos(math.radians(latitude))
    height = (north - south) * _KILOMETRES
    number = voice.formatter.number
    middle = {"latitude": number(round(latitude, 2)), "longitude": number(round(longitude, 2))}
    if max(width, height) < 1:
        return voice.tell(words.SPOT, **middle)
    sizes = {"width": number(max(round(width), 1)), "height": number(max(round(height), 1))}
    return voice.tell(words.AREA, **sizes, **middle)


def _period(period: Period, voice: Voice) -> Words | None:
    start, end = voice.formatter.date(period.start), voice.formatter.date(period.end)
    if start and end:
        return Words(start if start == end else voice.tell(words.FROM_TO, start=start, end=end))
    if start:
        return Words(voice.tell(words.SINCE, start=start))
    if end:
        return Words(voice.tell(words.UNTIL, end=end))
    raw = markup.shorten(markup.clean(period.raw), 120)
    return Words(raw) if raw else None


def _citation(dataset: Dataset, card: Card, voice: Voice) -> Words:
    stated = next((d.value for d in (dataset.modified, dataset.issued) if d and d.value), None)
    year = f" ({stated[:4]})" if stated else ""
    page = voice.addresses.absolute(dataset_path(dataset.id))
    return Words(f"{card.publisher.text}{year}: {card.title.text}. {page}")


def _report(issues_url: str | None, card: Card, voice: Voice) -> str | None:
    """The issue tracker, told in its `title` which page is meant, where it can read that."""
    if not issues_url:
        return None
    about = f"{card.title.text[:120]} ({voice.addresses.absolute(dataset_path(card.id))})"
    joint = "&" if "?" in issues_url else "?"
    return f"{issues_url}{joint}title={quote(about)}"
