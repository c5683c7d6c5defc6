"""Words, codes and addresses as ISO 19139 and 19115-3 wrap them."""

from __future__ import annotations

from collections.abc import Iterable

from harvester.feeds._iso.tree import Element
from harvester.model import Text

_FREE_TEXT = "PT_FreeText"
_NOTHING = {"", "none", "n/a", "null", "unknown", "missing", "inapplicable"}


class Languages:
    """Which language the texts of one record are in: its own, and those that its locales name."""

    def __init__(self, record: Element) -> None:
        self.default = ""
        self.locales: dict[str, str] = {}
        for place in ("locale", "defaultLocale", "otherLocale"):
            for locale in record.all(place, "PT_Locale"):
                language = code(locale.first("languageCode")) or code(locale.first("language"))
                if language:
                    self.locales[locale.attributes.get("id", "").lower()] = language
                    if place == "defaultLocale":
                        self.default = language
        self.default = code(record.first("language")) or self.default

    def of(self, locale: str) -> str:
        """The language of a reference such as `#FR`; an unknown one may be a language itself."""
        name = locale.lstrip("#").lower().removeprefix("locale-")
        return self.locales.get(name) or (name if name.isalpha() and len(name) in (2, 3) else "")


def words(element: Element | None, languages: Languages) -> Text:
    """The text of a property, by language; that of the record's own language first."""
    if element is None:
        return {}
    found: Text = {}
    own = plain(element)
    translations: Text = {}
    for translated in element.below("LocalisedCharacterString"):
        if translated.text:
            translations.setdefault(languages.of(translated.attributes.get("locale", "")), translated.text)
    if own is not None and (languages.default or own not in translations.values()):
        found[languages.default] = own
    for language, text in translations.items():
        found.setdefault(language, text)
    return found


def plain(element: Element | None) -> str | None:
    """The text of a property in the record's own language, whatever wraps it."""
    if element is None:
        return None
    if element.text:
        return element.text
    for child in element.children:
        if child.name != _FREE_TEXT and child.text:
            return child.text
    translated = next(iter(element.below("LocalisedCharacterString")), None)
    return (translated.text or None) if translated is not None else None


def code(element: Element | None) -> str | None:
    """The value of a code list, by its attribute; by its text where that is what was filled in."""
    if element is None:
        return None
    for child in element.children:
        value = child.attributes.get("codeListValue", "").rpartition("#")[2] or child.text
        if value:
            return value
    return element.text or None


def anchor(element: Element | None) -> str | None:
    """The address behind the words of a property."""
    if element is None:
        return None
    for child in (*element.children, element):
        href = child.attributes.get("href", "")
        if href.startswith(("http://", "https://")):
            return href
    return None


def reference(element: Element | None) -> str | None:
    """The address behind the words of a property, else the words."""
    return anchor(element) or plain(element)


def unique(values: Iterable[str | None]) -> tuple[str, ...]:
    """The texts among `values` that say something, each once, in their order."""
    return tuple(dict.fromkeys(each for each in values if each and each.lower() not in _NOTHING))
