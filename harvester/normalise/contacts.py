"""Contacts: whom a reader may ask, and how."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import NamedTuple

from harvester.model import Contact, DraftContact
from harvester.normalise import urls
from harvester.normalise.accounts import is_account
from harvester.normalise.notes import Notes
from harvester.normalise.text import line, missing, word

_MAIL = re.compile(r"[\w!#$%&'*+/=?^`{|}~.-]{1,64}@(?:[\w](?:[\w-]{0,61}[\w])?\.)+[^\W\d_]{2,24}")
_IN_ANGLES = re.compile(r"(.*?)<\s*([^<>\s]+@[^<>\s]+)\s*>", re.DOTALL)
_SEPARATORS = re.compile(r"[\s,;|]+(?:and |or |et |y )?")
_SPELT_AT = re.compile(r"\s*[\[({]\s*(?:at|arobase|arroba)\s*[\])}]\s*", re.IGNORECASE)
_SPELT_DOT = re.compile(r"\s*[\[({]\s*(?:dot|point|punto)\s*[\])}]\s*", re.IGNORECASE)
_NOBODY = {"nobody", "<nobody>", "unknown", "anonymous", "inconnu", "desconocido"}
_NO_MAIL = {"noemailprovided", "noemail", "no-email", "no_email", "none", "unknown"}


class _Mails(NamedTuple):
    """The addresses in a text, the name written with them, and whether anything was left over."""

    addresses: tuple[str, ...]
    name: str | None
    whole: bool


def clean(drafts: tuple[DraftContact, ...], notes: Notes) -> tuple[Contact, ...]:
    """The contacts, in the order of the source, each once; one that says nothing is left out.

    A text with several mail addresses gives a contact for each. An account name (`jsmith_gis`) is
    nobody's name: it is left out, so that no person is named by the account that she works with.
    """
    found: dict[Contact, None] = {}
    for number, draft in enumerate(drafts):
        for contact in _clean_one(draft, f"contacts.{number}", notes):
            found[contact] = None
    return tuple(found)


def mail(text: str | None, field: str, notes: Notes) -> str | None:
    """The first mail address in the text; a text that is none is noted."""
    if missing(text) or _is_no_mail(text or ""):
        return None
    addresses = _mails(line(text or "", 1000)).addresses
    if not addresses:
        notes.add("email-invalid", field, text)
        return None
    return addresses[0]


def _clean_one(draft: DraftContact, field: str, notes: Notes) -> list[Contact]:
    written = word(draft.email, 1000)
    mails = _mails(written or "")
    url = urls.clean(draft.url, f"{field}.url", notes) if draft.url else None
    if written and not mails.addresses and not _is_no_mail(written):
        notes.add("email-invalid", f"{field}.email", written)
        if written.lower().startswith(("http://", "https://", "www.")):
            url = url or urls.address(written).url
    name = _name(draft.name, field, notes) or _name(mails.name, field, notes)
    if name and not mails.addresses and (in_name := _mails(name)).addresses and in_name.whole:
        mails, name = in_name, in_name.name
    elif name and name.lower() in mails.addresses:
        name = None
    phone = (word(draft.phone, 100) or "").removeprefix("tel:") or None
    kept_raw = written[:200] if written and not (mails.addresses and mails.whole) else None
    if _is_no_mail(written or ""):
        kept_raw = None
    if not mails.addresses:
        nothing = not (name or phone or url or kept_raw)
        return [] if nothing else [Contact(name=name, phone=phone, url=url, raw_email=kept_raw)]
    return [
        Contact(name=name, email=address, phone=phone, url=url, raw_email=kept_raw)
        for address in mails.addresses
    ]


def _name(text: str | None, field: str, notes: Notes) -> str | None:
    name = word(text, 200)
    if name is None or name.lower() in _NOBODY:
        return None
    if is_account(name, of_person=True):
        notes.add("contact-is-account", f"{field}.name")  # without the name: that is what we keep back
        return None
    return name


@lru_cache(maxsize=4096)
def _mails(text: str) -> _Mails:
    name = None
    text = _SPELT_DOT.sub(".", _SPELT_AT.sub("@", text))
    if found := _IN_ANGLES.fullmatch(text):
        name = found[1].strip(" \"'") or None
        text = found[2]
    addresses: dict[str, None] = {}
    whole = True
    for part in _SEPARATORS.split(text):
        address = re.sub(r"^(?:mailto:)+(?://)?", "", part.strip("<>()[]\"'.:"), flags=re.IGNORECASE)
        address, mark, _ = address.partition("?")
        address = address.replace("%40", "@").rstrip(".")
        local, _, domain = address.rpartition("@")
        dots = local.startswith(".") or local.endswith(".") or ".." in local
        if _MAIL.fullmatch(address) and len(address) <= 254 and not dots and not _is_no_mail(address):
            addresses[f"{local}@{domain.lower()}"] = None
            whole = whole and not mark
        else:
            whole = whole and not part
    return _Mails(tuple(addresses), name, whole)


def _is_no_mail(text: str) -> bool:
    """Is this what portals fill in where no mail address was given?"""
    bare = text.lower().removeprefix("mailto:").strip()
    return not bare or missing(bare) or bare.partition("@")[0] in _NO_MAIL
