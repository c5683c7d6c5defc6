"""Under which terms the data may be used: `resourceConstraints`.

The standard has no place for a licence. It stands as text, as link or as code, in any of several fields,
among warranties, citations and reasons why access is (not) limited; so it is told by its words.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from msgspec import Struct

from harvester.feeds._iso.terms import anchor, code, plain, unique
from harvester.feeds._iso.tree import Element
from harvester.feeds._json.values import opened_of, text_of

_LICENCE = re.compile(
    r"licen[cs]|licenza|licentie|lizenz|creative ?commons|\bcc[ -]?(?:0|by|zero)\b|opendatacommons"
    r"|public domain|dominio p[uú]blico|domaine public|\bodbl\b|\bpddl\b|\bdl-de\b|etalab|rightsstatements",
    re.IGNORECASE,
)
_LIMITATION = re.compile(r"LimitationsOnPublicAccess", re.IGNORECASE)  # INSPIRE's code list
_ABOUT_ACCESS = re.compile(r"access (?:constraints|limitations?|rights|level)\s*:", re.IGNORECASE)
_CODES_OF_LICENCES = {"license", "licence", "licenceunrestricted", "licenceenduser", "licencedistributor"}
_SAYS_NOTHING = {"otherrestrictions", *_CODES_OF_LICENCES, "copyright", "intellectualpropertyrights"}
_LONGEST_LICENCE = 300
"""Characters; a longer text that does not speak of a licence is a text about something else."""


class Terms(Struct, frozen=True, kw_only=True):
    """Terms of use, each in the record's words."""

    licence: str | None
    rights: str | None
    access_rights: str | None


def terms_of(identification: Element) -> Terms:
    """What the record says about using the data."""
    licences: list[str] = []
    perhaps: list[str] = []  # what stands where the record says that a licence stands
    rights: list[str] = []
    limits: list[str] = []  # by INSPIRE's list
    access: list[str] = []
    classes: list[str] = []
    for block in identification.all("resourceConstraints", "*"):
        if classification := code(block.first("classification")):
            classes.append(classification)
        uses = [(code(each) or "").lower() for each in block.all("useConstraints")]
        about_access = not any(uses) and bool(block.all("accessConstraints"))
        for said in _statements(block):
            if _LIMITATION.search(said):
                limits.append(said)
            elif _ABOUT_ACCESS.match(said):
                access.append(said)
            elif _LICENCE.search(said):
                licences.append(said)
            elif about_access:
                access.append(said)
            else:
                rights.append(said)
                if len(said) <= _LONGEST_LICENCE and not _CODES_OF_LICENCES.isdisjoint(uses):
                    perhaps.append(said)
        access += [
            each
            for element in block.all("accessConstraints")
            if (each := code(element) or "") and each.lower() not in _SAYS_NOTHING
        ]
    licence = next(iter([*licences, *perhaps[:1]]), None)
    return Terms(
        licence=licence,
        rights="\n\n".join(unique(each for each in (*licences, *rights) if each != licence)) or None,
        access_rights=next(iter([*limits, *classes, *access]), None),
    )


def _statements(block: Element) -> Iterator[str]:
    """What a block of constraints says, sentence by sentence: words, and the address behind them."""
    for name in ("otherConstraints", "useLimitation"):
        for element in block.all(name):
            if said := _statement(element):
                yield said
    for citation in block.all("reference", "CI_Citation"):  # ISO 19115-3
        addresses = [
            plain(linkage)
            for path in (("onlineResource", "CI_OnlineResource", "linkage"), ("identifier", "*", "code"))
            for linkage in citation.all(*path)
        ]
        if said := " ".join(unique([plain(citation.first("title")), *addresses])):
            yield said


def _statement(element: Element) -> str | None:
    text, address = plain(element), anchor(element)
    opened = opened_of(text)
    if isinstance(opened, dict):  # GDI-DE writes {"id": "dl-by-de/2.0", "name": …, "url": …}
        text = text_of(opened.get("url")) or text_of(opened.get("id")) or text_of(opened.get("name"))
    if address is None or address == text:
        return text
    # INSPIRE's own lists are told by their addresses; elsewhere the words may say what the address does not
    return address if not text or "inspire.ec.europa.eu" in address else f"{text} {address}"
