"""Who is responsible: `CI_ResponsibleParty` of ISO 19139, `CI_Responsibility` of ISO 19115-3."""

from __future__ import annotations

from collections.abc import Iterator

from msgspec import Struct

from harvester.feeds._iso.terms import Languages, code, plain, reference, words
from harvester.feeds._iso.tree import Element
from harvester.model import DraftAgent, DraftContact, Text


class Party(Struct, frozen=True, kw_only=True):
    """A body, or a person in it, and the part that it plays."""

    role: str
    organisation: Text
    position: str | None
    person: str | None
    email: str | None
    phone: str | None
    url: str | None


def parties(holder: Element, languages: Languages, *path: str) -> Iterator[Party]:
    """The parties at the end of a path."""
    for element in holder.all(*path):
        for child in element.children:
            if child.name == "CI_ResponsibleParty":
                yield _party(child, languages)
            elif child.name == "CI_Responsibility":
                yield from _responsibility(child, languages)


def _party(element: Element, languages: Languages) -> Party:
    return Party(
        role=code(element.first("role")) or "",
        organisation=words(element.first("organisationName"), languages),
        position=plain(element.first("positionName")),
        person=plain(element.first("individualName")),
        **_reached([element]),
    )


def _responsibility(element: Element, languages: Languages) -> Iterator[Party]:
    """ISO 19115-3: organisations hold their people, or a person stands alone."""
    role = code(element.first("role")) or ""
    for body in element.all("party", "*"):
        person = body if body.name == "CI_Individual" else body.first("individual", "CI_Individual")
        yield Party(
            role=role,
            organisation={} if body is person else words(body.first("name"), languages),
            position=plain(person.first("positionName")) if person is not None else None,
            person=plain(person.first("name")) if person is not None else None,
            **_reached([body] if person is None or person is body else [body, person]),
        )


def _reached(holders: list[Element]) -> dict[str, str | None]:
    """How to reach someone: mail, telephone and page, each from the first that has it."""
    mail = phone = url = None
    for contact in (found for each in holders for found in each.all("contactInfo", "CI_Contact")):
        for address in contact.all("address", "CI_Address"):
            mail = mail or _first(address.all("electronicMailAddress"))
        for telephone in contact.all("phone", "CI_Telephone"):
            phone = phone or _first([*telephone.all("voice"), *telephone.all("number")])
        for online in contact.all("onlineResource", "CI_OnlineResource"):
            url = url or reference(online.first("linkage"))
    return {"email": mail, "phone": phone, "url": url}


def _first(elements: list[Element]) -> str | None:
    return next((text for each in elements if (text := plain(each))), None)


# ------------------------------------------------------------------------------ their parts

_PUBLISHING = (
    "publisher",
    "owner",
    "custodian",
    "resourceProvider",
    "distributor",
    "originator",
    "principalInvestigator",
    "pointOfContact",
    "author",
)
"""Who may stand as the publisher, the best first."""


def publisher(of_data: list[Party], of_record: list[Party]) -> DraftAgent | None:
    """The body that publishes; never a person. The record's own contact only where nothing else is said."""
    for found in (of_data, of_record):
        bodies = [each for each in found if each.organisation]
        ranked = [each for role in _PUBLISHING for each in bodies if each.role.lower() == role.lower()]
        for each in ranked or bodies:
            url = each.url if each.url and each.url.startswith("http") else None
            return DraftAgent(name=each.organisation, url=url, email=each.email)
    return None


def contacts(of_data: list[Party], of_record: list[Party]) -> tuple[DraftContact, ...]:
    """Whom the record names for questions about the data, else whom for questions about itself."""
    for found in (of_data, of_record):
        asked = [each for each in found if each.role.lower() in ("pointofcontact", "contactpoint")] or found
        if told := tuple(dict.fromkeys(contact for each in asked if (contact := _contact(each)))):
            return told
    return ()


def _contact(party: Party) -> DraftContact | None:
    """An office before a person: a person only where nobody else is named."""
    name = next(iter(party.organisation.values()), None) or party.position or party.person
    if not (name or party.email):
        return None
    url = party.url if party.url and party.url.startswith("http") else None
    return DraftContact(name=name, email=party.email, phone=party.phone, url=url)
