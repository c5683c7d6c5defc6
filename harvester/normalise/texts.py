"""The texts of a record by language: titles, descriptions, keywords."""

from __future__ import annotations

import re
from collections.abc import Iterable

from harvester.model import Text
from harvester.normalise import markdown
from harvester.normalise.languages import text_tag
from harvester.normalise.notes import Notes
from harvester.normalise.text import has_html, is_template, line, missing

TITLE_LIMIT = 500
_KEYWORD_LIMIT = 200
_MOST_KEYWORDS = 1_000
_LIST = re.compile(r"[;|\n]+")
_LIST_WITH_COMMAS = re.compile(r"[,;|\n]+")


def titles(text: Text, language: str, field: str, notes: Notes, limit: int = TITLE_LIMIT) -> Text:
    """One line for each language. `language` is for text whose source does not say which it is."""
    found: Text = {}
    for tag, words in text.items():
        if not words:
            continue
        title = line(words, limit)
        if missing(title):
            if is_template(title):
                notes.add("title-placeholder", field, words)
            continue
        if len(words) > limit and title.endswith("…"):
            notes.add("value-truncated", field, words)
        _put(found, tag, title, language)
    return found if len(found) < 2 else dict(sorted(found.items()))


def descriptions(text: Text, language: str, field: str, notes: Notes) -> Text:
    """Markdown for each language."""
    found: Text = {}
    for tag, words in text.items():
        if not words:
            continue
        description, was_html, was_cut = markdown.clean(words)
        if was_html and description:
            notes.add("description-html", field, words)
        if was_cut:
            notes.add("value-truncated", field, words)
        if "{{" in words and is_template(words):
            notes.add("title-placeholder", field, words)
        if description:
            _put(found, tag, description, language)
    return found if len(found) < 2 else dict(sorted(found.items()))


def _put(found: Text, tag: str, words: str, language: str) -> None:
    """A language that the source states wins over one that we assume."""
    known = text_tag(tag, language)
    if tag or known not in found:
        found[known] = words


def keywords(
    pairs: Iterable[tuple[str, str]], language: str, field: str, notes: Notes
) -> tuple[tuple[str, str], ...]:
    """The keywords, each once whatever its case, in alphabetical order.

    A word that holds a list (`roads; bridges`) is taken apart; at commas only where it is the only one,
    for many a keyword has a comma of its own.
    """
    given = {
        (text_tag(tag, language), line(words) if has_html(words) else words)
        for tag, words in pairs
        if not missing(words)
    }
    separators = _LIST_WITH_COMMAS if len({words.strip().casefold() for _, words in given}) == 1 else _LIST
    found: dict[tuple[str, str], str] = {}
    for tag, words in sorted(given):
        parts = [words]
        if separators.search(words):
            parts = [part for part in separators.split(words) if part.strip()]
            if len(parts) > 1:
                notes.add("keyword-list-in-one", field, words)
        for part in parts:
            word = line(part, _KEYWORD_LIMIT)
            if missing(word):
                continue
            same = (tag, word.casefold())
            if same not in found or word < found[same]:
                found[same] = word
    if len(found) > _MOST_KEYWORDS:
        notes.add("value-truncated", field)
    return tuple((tag, word) for (tag, _), word in sorted(found.items())[:_MOST_KEYWORDS])
