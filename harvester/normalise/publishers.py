"""Publishers: the body that answers for a dataset."""

from __future__ import annotations

from harvester.model import Agent, DraftAgent, Source, Text
from harvester.normalise import contacts, languages, urls
from harvester.normalise.accounts import is_account
from harvester.normalise.notes import Notes
from harvester.normalise.text import word

LIMIT = 300  # characters of a name


def clean(draft: DraftAgent | None, source: Source, language: str, notes: Notes) -> Agent:
    """The publisher; where the source names none, or an account, the source itself."""
    name = names(draft.name, language) if draft else {}
    if draft is None or not name:
        notes.add("publisher-missing", "publisher")
        name = {language: source.name}
    elif all(is_account(each) for each in name.values()):
        notes.add("publisher-is-account", "publisher")  # without the name: that is what we keep back
        name = {language: source.name}
    if draft is None:
        return Agent(name=name)
    parent = word(draft.parent, LIMIT)
    return Agent(
        name=name,
        url=urls.clean(draft.url, "publisher.url", notes),
        email=contacts.mail(draft.email, "publisher.email", notes),
        parent=None if parent in name.values() else parent,
    )


def names(text: Text, language: str) -> Text:
    """A name by language, one line each; blank and placeholder names are left out."""
    found: Text = {}
    for tag, words in text.items():
        if name := word(words, LIMIT):
            found.setdefault(languages.text_tag(tag, language), name)
    return found
