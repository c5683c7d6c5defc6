"""Content pages: Markdown with the catalogue's values in it, one file a language.

`about`, `for-towns` and `api` are ours; a region may rewrite them and add its own. A page that is not
there in a language is shown in the site's first language, else in English.
"""

from __future__ import annotations

import re
from typing import Any

from jinja2 import TemplateError
from markdown import Markdown
from markupsafe import Markup
from msgspec import Struct

from harvester.errors import HarvesterError
from harvester.model import N_
from harvester.site.addresses import RESERVED
from harvester.site.tree import Tree

FIRST = ("about", "for-towns", "api")
"""Our pages, in the order of the footer; a region's own follow by name."""

_NAME = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
_TITLE = re.compile(r"\A\s*#[ \t]+(.+?)[ \t]*#*\s*\n")


class Content(Struct, frozen=True):
    """A content page before its values are filled in."""

    name: str
    title: str
    source: str  # Jinja2 and Markdown, without the title
    tag: str  # the language that it is written in

    @property
    def path(self) -> str:
        """The page's address."""
        return f"/{self.name}/"


def pages(content: dict[str, dict[str, str]], languages: tuple[str, ...], language: str) -> list[Content]:
    """The content pages to show to readers of a language.

    Raises `HarvesterError` for a page without a title or whose name is another page's address.
    """
    order = dict.fromkeys((language, language.partition("-")[0], languages[0], "en"))
    found: dict[str, Content] = {}
    for tag in order:
        for name, text in content.get(tag, {}).items():
            if name not in found:
                found[name] = _page(name, text, tag, languages)
    return sorted(found.values(), key=lambda page: (*_rank(page.name), page.name))


def _rank(name: str) -> tuple[bool, int]:
    return (name not in FIRST, FIRST.index(name) if name in FIRST else 0)


def _page(name: str, text: str, tag: str, languages: tuple[str, ...]) -> Content:
    where = f"site_templates/content/{tag}/{name}.md"
    if name in RESERVED or name in languages or not _NAME.fullmatch(name):
        raise HarvesterError(
            where,
            N_("“/{name}/” cannot be the address of a page of your own."),
            N_("Give the file another name: small letters, digits and dashes."),
            name=name,
        )
    title = _TITLE.match(text)
    if title is None:
        raise HarvesterError(where, N_("The page has no title."), N_("Begin it with a line “# Title”."))
    return Content(name, title[1], text[title.end() :], tag)


def render(content: Content, tree: Tree, values: dict[str, Any]) -> Markup:
    """The page's HTML. Values are escaped as everywhere; the Markdown is the region's own and trusted."""
    try:
        filled = tree.environment.from_string(content.source).render(values)
    except TemplateError as error:
        raise HarvesterError(
            f"site_templates/content/{content.tag}/{content.name}.md",
            N_("The page cannot be made: {error}."),
            N_("Look at what stands in curly brackets."),
            error=error,
        ) from error
    made = Markdown(extensions=["tables", "sane_lists", "fenced_code"], output_format="html").convert(filled)
    return Markup(made)  # noqa: S704 - see above
