"""A voice: everything that depends on the language of a page, in one place.

Words of strangers become `Words`, which know their language and escape themselves; our own words go
through gettext; codes get the labels of our code lists; dates and sizes are written for the reader.
"""

from __future__ import annotations

import gettext
import re
from functools import lru_cache
from urllib.parse import quote

from markupsafe import Markup, escape
from msgspec import Struct

from harvester import language, vocabularies
from harvester.model import Text
from harvester.site import markup, words
from harvester.site.addresses import Addresses, Kind, group

LONGEST_TITLE = 300
"""Characters of a title that are shown. Longer ones are accidents: whole pages, pasted."""

LONGEST_ADDRESS = 4000

_WEB = re.compile(
    r"(?:https?|ftp)://[^/\s\\?#\x00-\x20\x7f-\x9f][^\x00-\x20\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069]*",
    re.IGNORECASE,
)
_SPACES = re.compile(r"[ \t]+")
_RIGHT_TO_LEFT = re.compile(
    "[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufeff\U00010800-\U00010fff\U0001e800-\U0001efff]"
)


class Words:
    """Words from outside. In a template they appear escaped, marked with their language if it is
    not the page's, and kept from turning the direction of what stands around them."""

    __slots__ = ("_html", "tag", "text")

    def __init__(self, text: str, tag: str | None = None) -> None:
        self.text = text
        self.tag = tag  # None: the page's own language, or nobody knows
        self._html: str | None = None

    def __str__(self) -> str:
        return self.text

    def __bool__(self) -> bool:
        return bool(self.text)

    def __html__(self) -> str:
        if self._html is None:  # the same keyword stands on many pages
            self._html = self._made()
        return self._html

    def _made(self) -> str:
        if self.tag:
            return f'<span lang="{self.tag}" dir="auto">{escape(self.text)}</span>'
        if self.text.isascii() or not _RIGHT_TO_LEFT.search(self.text):
            return str(escape(self.text))
        return f"<bdi>{escape(self.text)}</bdi>"


class Link(Struct, frozen=True):
    """A text and where it leads; `href` is None where it leads nowhere."""

    text: Words
    href: str | None


class Prose(Struct, frozen=True):
    """A description as safe HTML, with its language where that is not the page's."""

    html: Markup
    tag: str | None


class Badge(Struct, frozen=True):
    """A format as it is shown beside a title."""

    label: str
    kind: str  # of `vocabularies.FormatKind`: gives it its colour
    href: str | None
    what: str  # in plain words


class Licence(Struct, frozen=True):
    """A licence in plain words."""

    title: str | None
    href: str | None
    rules: tuple[str, ...]
    open: bool


class Voice:
    """How a page speaks in the language `tag` of the tree at `addresses`."""

    def __init__(self, tag: str, addresses: Addresses, overrides: str = "") -> None:
        self.tag = tag
        self.addresses = addresses
        self.translations: gettext.NullTranslations = language.translations(tag, overrides)
        self.say = lru_cache(maxsize=None)(self.translations.gettext)
        self.formatter = language.formatter(tag)
        self.link = addresses.link
        self.badge = lru_cache(maxsize=1024)(self._badge)
        self.licence = lru_cache(maxsize=1024)(self._licence)
        self.topic = lru_cache(maxsize=None)(self._topic)
        self.frequency = lru_cache(maxsize=256)(self._frequency)
        self.keyword = lru_cache(maxsize=4096)(self._keyword)
        self._foreign = lru_cache(maxsize=256)(self._tag_if_foreign)

    # -- words from outside

    def words(self, text: Text, longest: int = LONGEST_TITLE) -> Words:
        """The words of `text` to show, on one line; empty where there are none."""
        chosen, tag = language.choose(text, self.tag)
        return Words(markup.shorten(markup.clean(chosen), longest), self._foreign(tag))

    def prose(self, text: Text) -> Prose:
        """A description to read, from its Markdown."""
        chosen, tag = language.choose(text, self.tag)
        return Prose(markup.render(chosen), self._foreign(tag))

    def summary(self, text: Text, longest: int = markup.SUMMARY) -> Words:
        """The beginning of a description on one line."""
        chosen, tag = language.choose(text, self.tag)
        return Words(markup.summary(chosen, longest), self._foreign(tag))

    def _tag_if_foreign(self, tag: str) -> str | None:
        same = tag in (self.tag, "und", "") or tag.partition("-")[0] == self.tag.partition("-")[0]
        return None if same or not language.known(tag) else tag

    # -- our own words

    def tell(self, message: str, **values: object) -> str:
        """A message marked with `N_`, translated, its `{name}` places filled."""
        return self.say(message).format(**values) if values else self.say(message)

    def datasets(self, count: int) -> str:
        """So many datasets, in words."""
        message = self.translations.ngettext("{count} dataset", "{count} datasets", count)
        return message.format(count=self.formatter.number(count))

    def group(self, kind: Kind, key: str) -> str:
        """The link to the page of a publisher, topic, format or source."""
        return self.link(group(kind, key))

    def _keyword(self, word: str) -> Link:
        shown = markup.shorten(markup.clean(word), 60)
        return Link(Words(shown), self.link("/search/", q=shown))

    def _topic(self, code: str) -> str:
        row = vocabularies.themes().get(code)
        return vocabularies.label(row, self.tag) if row else code

    def _frequency(self, code: str) -> str | None:
        row = vocabularies.frequencies().get(code)
        return vocabularies.label(row, self.tag) if row and code not in ("OTHER", "UNKNOWN") else None

    def _badge(self, code: str | None, raw: str) -> Badge:
        row = vocabularies.formats().get(code or "")
        if row is None:
            return Badge(markup.shorten(markup.clean(raw), 20), "other", None, "")
        what = words.FORMATS.get(row.code) or words.KINDS_OF_FILE.get(row.kind)
        return Badge(
            vocabularies.label(row, self.tag),
            row.kind,
            self.group("format", row.code),
            self.say(what) if what else "",
        )

    def _licence(self, code: str | None, raw: str) -> Licence:
        row = vocabularies.licences().get(code or "")
        if row is None:
            stated = markup.clean(raw).strip()
            if not stated:
                return Licence(None, None, (self.say(words.LICENCE_UNSTATED),), False)
            return Licence(
                markup.summary(stated, 400), safe_link(stated), (self.say(words.LICENCE_UNKNOWN),), False
            )
        told = row.open == "y" or row.non_commercial or row.no_derivatives
        rules = words.licence_rules(row) if told else (words.LICENCE_UNKNOWN,)
        return Licence(
            vocabularies.label(row, self.tag), row.uri, tuple(map(self.say, rules)), row.open == "y"
        )


def safe_link(address: str | None) -> str | None:
    """The address if a page may link to it, else None: nothing that runs, nothing local."""
    if not address or len(address) > LONGEST_ADDRESS:
        return None
    plain = address.isascii() and address.isprintable() and " " not in address
    if plain and address.startswith(("https://", "http://")):
        return address
    address = _SPACES.sub("%20", address.strip())
    return address if _WEB.fullmatch(address) else None


def mail_link(email: str, subject: str = "") -> str:
    """A `mailto:` link (RFC 6068) to one address, whatever else the text tries to add."""
    link = f"mailto:{quote(email, safe='@+')}"
    return f"{link}?subject={quote(subject)}" if subject else link
