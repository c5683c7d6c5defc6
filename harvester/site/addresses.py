"""Every address of the site. They are short and stay for ever: change nothing here that is published.

A *path* is written without the language's prefix and without the folder that the site stands in:
`/dataset/street-trees/`. `Addresses` turns paths into links. `docs/site.md` lists the addresses.
"""

from __future__ import annotations

import re
from typing import Literal
from urllib.parse import quote, urlencode, urlsplit

from msgspec import Struct

Kind = Literal["publisher", "topic", "format", "source"]
"""What datasets can be browsed by; each has a page of its own for every value."""

KINDS: tuple[Kind, ...] = ("publisher", "topic", "format", "source")

OVERVIEWS: dict[Kind, str] = {
    "publisher": "/publishers/",
    "topic": "/topics/",
    "format": "/formats/",
    "source": "/sources/",
}

STATUS = "/status/"
"""How up to date each source is."""

TOPICS = {
    "AGRI": "agriculture",
    "ECON": "economy",
    "EDUC": "education",
    "ENER": "energy",
    "ENVI": "environment",
    "GOVE": "government",
    "HEAL": "health",
    "INTR": "international",
    "JUST": "justice",
    "REGI": "regions",
    "SOCI": "society",
    "TECH": "science",
    "TRAN": "transport",
}
"""EU data theme → the last part of its page's address. Written down here, and not made from the
labels, because labels are reworded and addresses are not."""

RESERVED = frozenset(
    (
        *("dataset", "datasets", "feeds", "search", "sitemaps", "static", "status", "404"),
        *KINDS,
        *(path.strip("/") for path in OVERVIEWS.values()),
    )
)
"""First parts of a path that a content page of the region's own may not take."""


def dataset(id: str) -> str:
    """The path of a dataset's page."""
    return f"/dataset/{id}/"


def topic(code: str) -> str:
    """The path of the page of an EU data theme."""
    return f"/topic/{TOPICS.get(code, code.lower().replace('_', '-'))}/"


def group(kind: Kind, key: str) -> str:
    """The path of the page of a publisher, topic, format or source."""
    return topic(key) if kind == "topic" else f"/{kind}/{key}/"


def paged(path: str, number: int) -> str:
    """The path of page `number` (from 1) of a list."""
    return path if number == 1 else f"{path}page/{number}/"


def file_of(path: str) -> str:
    """The file, relative to the site's folder, in which a path is stored."""
    return f"{path}index.html".lstrip("/") if path.endswith("/") else path.lstrip("/")


class Addresses(Struct, frozen=True):
    """Links of the tree of one language.

    `root` is the address of the whole site without a final slash; `base` is the folder in which it stands
    on its host (`""`, or `/catalogue` on a project's pages); `prefix` is `""` for the first language and
    `/fr` for another.
    """

    root: str
    base: str
    prefix: str

    def link(self, path: str, **query: str) -> str:
        """A link to a page in this language, from the host's root so that it works on every page."""
        link = f"{self.base}{self.prefix}{_quoted(path)}"
        return f"{link}?{urlencode(query)}" if query else link

    def shared(self, path: str) -> str:
        """A link to a file that all languages share."""
        return f"{self.base}{_quoted(path)}"

    def absolute(self, path: str) -> str:
        """The whole address of a page in this language."""
        return f"{self.root}{self.prefix}{_quoted(path)}"

    def file(self, path: str) -> str:
        """The file of a page in this language, relative to the site's folder."""
        return file_of(self.prefix + path)


def trees(languages: tuple[str, ...], root: str) -> dict[str, Addresses]:
    """The addresses of every language's tree: the first stands at the root of the site."""
    base = urlsplit(root).path.rstrip("/")
    return {tag: Addresses(root, base, f"/{tag}" if number else "") for number, tag in enumerate(languages)}


def _quoted(path: str) -> str:
    return path if _PLAIN.fullmatch(path) else quote(path)


_PLAIN = re.compile(r"[A-Za-z0-9/._-]*")
