from __future__ import annotations

import pytest

from harvester.model import Contact, DraftContact
from harvester.normalise.accounts import is_account
from harvester.normalise.contacts import clean, mail
from harvester.normalise.notes import Notes


def read(**draft: str | None) -> tuple[tuple[Contact, ...], list[str]]:
    notes = Notes()
    return clean((DraftContact(**draft),), notes), [note.code for note in notes.all()]


@pytest.mark.parametrize(
    ("text", "addresses"),
    [
        ("gis@town.example", ["gis@town.example"]),
        ("mailto:gis@town.example", ["gis@town.example"]),
        ("mailto:mailto:gis%40Town.Example", ["gis@town.example"]),
        ("Gis.Desk@TOWN.EXAMPLE.", ["Gis.Desk@town.example"]),
        ("a@town.example; b@town.example", ["a@town.example", "b@town.example"]),
        (
            "a@town.example,b@town.example and c@town.example",
            ["a@town.example", "b@town.example", "c@town.example"],
        ),
        ("gis [at] town.example", ["gis@town.example"]),
        ("gis(at)town(dot)example", ["gis@town.example"]),
        ("\u200bgis@town.example", ["gis@town.example"]),
        ("info@münchen.example", ["info@münchen.example"]),
    ],
)
def test_mail_addresses_are_found(text: str, addresses: list[str]) -> None:
    contacts, codes = read(name="GIS desk", email=text)
    assert contacts == tuple(Contact(name="GIS desk", email=address) for address in addresses)
    assert codes == []


@pytest.mark.parametrize("text", ["not a mail", "@", "a@b", "a..b@c.example", "a b@", "a@-x.example"])
def test_a_bad_mail_address_is_noted_and_kept_raw(text: str) -> None:
    contacts, codes = read(name="GIS desk", email=text)
    assert contacts == (Contact(name="GIS desk", raw_email=text),)
    assert codes == ["email-invalid"]


@pytest.mark.parametrize("text", ["mailto:", "", "null", "noemailprovided@usa.gov", "mailto:none", None])
def test_no_mail_address_is_no_trouble(text: str | None) -> None:
    assert read(name="GIS desk", email=text) == ((Contact(name="GIS desk"),), [])


def test_a_page_in_the_place_of_a_mail_address_becomes_the_contacts_page() -> None:
    contacts, codes = read(name="Staff", email="https://dot.example/staff")
    assert contacts == (
        Contact(name="Staff", url="https://dot.example/staff", raw_email="https://dot.example/staff"),
    )
    assert codes == ["email-invalid"]


def test_headers_behind_a_mail_address_are_cut_off() -> None:
    text = "a@town.example?bcc=all@evil.example&body=%0d%0a"
    assert read(email=text)[0] == (Contact(email="a@town.example", raw_email=text),)


def test_a_name_written_with_the_address_is_used() -> None:
    assert read(email="Jane Doe <jane@town.example>")[0] == (
        Contact(name="Jane Doe", email="jane@town.example"),
    )
    assert read(name="jane@town.example")[0] == (Contact(email="jane@town.example"),)


@pytest.mark.parametrize(
    "name", ["jacobfrance", "kim7785", "jsmith_gis", "IowaDOT_OLE", "GISAdmin", "john.smith"]
)
def test_nobody_is_named_by_the_account_that_they_work_with(name: str) -> None:
    notes = Notes()
    contacts = clean((DraftContact(name=name, email="gis@town.example"),), notes)
    assert contacts == (Contact(email="gis@town.example"),)
    assert [(note.code, note.raw) for note in notes.all()] == [("contact-is-account", "")]


@pytest.mark.parametrize("name", ["Parks desk", "Planning", "HIFLD", "Mairie", "DVRPC-GIS", "Région_Sud"])
def test_names_are_names(name: str) -> None:
    assert read(name=name, email="gis@town.example")[0][0].name == name


def test_a_body_may_write_itself_in_lower_case() -> None:
    assert not is_account("police")
    assert not is_account("opendata.town.example")
    assert not is_account("sdis67")


def test_contacts_are_told_once_and_empty_ones_not_at_all() -> None:
    drafts = (
        DraftContact(),
        DraftContact(name="jacobfrance"),
        DraftContact(name="<Nobody>", email="mailto:"),
        DraftContact(name="Desk", email="desk@town.example", phone="tel:+1 555 0100"),
        DraftContact(name="Desk", email="mailto:desk@town.example", phone="+1 555 0100"),
    )
    assert clean(drafts, Notes()) == (Contact(name="Desk", email="desk@town.example", phone="+1 555 0100"),)


def test_line_breaks_cannot_enter_a_name() -> None:
    assert read(name="Desk\r\nBcc: all@evil.example")[0][0].name == "Desk Bcc: all@evil.example"


def test_one_mail_address_where_one_is_due() -> None:
    notes = Notes()
    assert mail("a@town.example; b@town.example", "publisher.email", notes) == "a@town.example"
    assert mail("", "publisher.email", notes) is None
    assert notes.all() == ()
    assert mail("nonsense", "publisher.email", notes) is None
    assert [note.code for note in notes.all()] == ["email-invalid"]
