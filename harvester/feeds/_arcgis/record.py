"""What a hub's DCAT feeds say, read as what hubs mean by it: a draft of a hub from a draft of DCAT. Pure."""

from __future__ import annotations

import re

from msgspec.structs import replace

from harvester.feeds._arcgis.identity import identity_of, is_hub_name
from harvester.feeds._json.parts import is_address, unique
from harvester.model import Draft, DraftAgent, DraftContact, DraftPlace, Note

_TEMPLATE = re.compile(r"\{\{[^{}]*\}\}")
_DEFAULT_THEMES = {"geospatial"}  # what a hub writes for everything that has an extent


def hub_draft(draft: Draft) -> Draft:
    """`draft` with the identity of its item, and without what a hub wrote only because a field was empty."""
    files = [a for each in draft.distributions for a in (each.access_url, each.download_url, each.url)]
    own = [draft.key, *draft.identifiers, draft.uri, draft.page, draft.landing_page]
    identity = identity_of(own, files)
    pages = (draft.page, draft.landing_page, draft.uri, *draft.identifiers)
    page = next((each for each in pages if each and _is_page_of_hub(each)), None)
    notes: list[Note] = []
    return replace(
        draft,
        key=identity.key or draft.key,
        identifiers=tuple(unique([*draft.identifiers, draft.key, *identity.forms])),
        title={tag: words for tag, words in draft.title.items() if _filled(words, "title", notes)},
        description={
            tag: words for tag, words in draft.description.items() if _filled(words, "description", notes)
        },
        keywords=tuple(each for each in draft.keywords if _filled(each[1], "keywords", notes)),
        themes=tuple(
            each
            for each in draft.themes
            if each.strip().lower() not in _DEFAULT_THEMES and _filled(each, "themes", notes)
        ),
        publisher=_publisher(draft.publisher, notes),
        contacts=tuple(_contacts(draft, notes)),
        page=page or draft.page,
        landing_page=draft.landing_page or page,
        licence=_filled(draft.licence, "licence", notes),
        rights=_filled(draft.rights, "rights", notes),
        issued=_filled(draft.issued, "issued", notes),
        modified=_filled(draft.modified, "modified", notes),
        spatial=tuple(each for each in draft.spatial if _filled_place(each, notes)),
        notes=(*draft.notes, *notes),
    )


def _is_page_of_hub(address: str) -> bool:
    return address.startswith("http") and is_hub_name(address) and "/item.html" not in address


def _filled(text: str | None, field: str, notes: list[Note]) -> str | None:
    """The text; None where it is an unfilled template, which is noted."""
    if text is None or not is_unfilled(text):
        return text
    notes.append(Note(code="title-placeholder", field=field, raw=text[:200]))
    return None


def is_unfilled(text: str) -> bool:
    """Is the text nothing but `{{templates}}` that nobody filled?"""
    return "{{" in text and not _TEMPLATE.sub("", text).strip(" \n\t,;:|/-")


def _publisher(publisher: DraftAgent | None, notes: list[Note]) -> DraftAgent | None:
    if publisher is None:
        return None
    name = {tag: words for tag, words in publisher.name.items() if _filled(words, "publisher", notes)}
    return replace(publisher, name=name) if name or publisher.url or publisher.email else None


def _filled_place(place: DraftPlace, notes: list[Note]) -> bool:
    return all(_filled(text, "spatial", notes) for text in (place.text, place.label, place.bbox) if text)


def _contacts(draft: Draft, notes: list[Note]) -> list[DraftContact]:
    """Whom to ask. A name of one word is the account that uploaded the data, unless it is the publisher.

    Bodies may name a page in place of a mail address, and hubs write it where the mail address is due.
    """
    publisher = set(draft.publisher.name.values()) if draft.publisher else set()
    found = []
    for each in draft.contacts:
        name = _filled(each.name, "contacts", notes)
        if name is not None and not re.search(r"\s", name.strip()) and name not in publisher:
            name = None
        mail = (each.email or "").removeprefix("mailto:")
        email = each.email if mail and _filled(mail, "contacts", notes) else None
        contact = replace(each, name=name, email=email, url=each.url or (mail if is_address(mail) else None))
        if contact != DraftContact():
            found.append(contact)
    return found
