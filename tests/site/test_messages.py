"""Every text of the interface is translated, and translations keep the places to fill."""

from __future__ import annotations

import io
import re
from string import Formatter

import pytest
from babel.messages import Catalog
from babel.messages.pofile import read_po

from harvester import messages
from harvester.language import DOMAIN, LOCALES, shipped

BRACES = re.compile(r"\{(\w+)\}")
PERCENT = re.compile(r"%\((\w+)\)s|%(?!\()")


@pytest.fixture(scope="module")
def template() -> Catalog:
    return messages.template()


def read(tag: str) -> Catalog:
    return read_po(io.StringIO(messages.po_file(tag).read_text("utf-8")), locale=tag)


def told(message: object) -> list[str]:
    return [message] if isinstance(message, str) else list(message)  # type: ignore[call-overload]


def test_english_french_and_spanish_are_shipped() -> None:
    assert shipped() == ("en", "es", "fr")


def test_the_translators_template_is_up_to_date(template: Catalog) -> None:
    """If this fails: run `make messages`, and translate what is new."""
    written = read_po(io.StringIO((LOCALES / f"{DOMAIN}.pot").read_text("utf-8")))
    assert {m.id for m in written if m.id} == {m.id for m in template if m.id}


@pytest.mark.parametrize("tag", ["fr", "es"])
def test_every_message_is_translated(template: Catalog, tag: str) -> None:
    """If this fails: run `make messages`, and translate what is new."""
    catalogue = read(tag)
    missing = [m.id for m in template if m.id and not all(told(getattr(catalogue.get(m.id), "string", "")))]
    assert missing == []


@pytest.mark.parametrize("tag", ["fr", "es"])
def test_translations_have_the_same_places(tag: str) -> None:
    for message in read(tag):
        for original, translation in zip(told(message.id), told(message.string), strict=True):
            for places in (BRACES, PERCENT):
                assert set(places.findall(translation)) == set(places.findall(original)), translation


@pytest.mark.parametrize("tag", ["en", "fr", "es"])
def test_messages_can_be_filled(tag: str) -> None:
    for message in read(tag):
        for text in (*told(message.id), *told(message.string)):
            list(Formatter().parse(text))


@pytest.mark.parametrize("tag", ["fr", "es"])
def test_words_of_templates_need_no_escaping(tag: str) -> None:
    """They are put into pages, also into attributes, when templates are compiled."""
    for message in read(tag):
        if any(path.startswith("site_templates") for path, _ in message.locations):
            for translation in told(message.string):
                assert not re.search(r"[<>&\"{}]", translation), translation


def test_updating_twice_changes_nothing(template: Catalog) -> None:
    for tag in shipped():
        once = messages.text(messages.translated(tag, template))
        assert once == messages.po_file(tag).read_text("utf-8"), f"{tag}: run `make messages`"
