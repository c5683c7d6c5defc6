"""The search of the site, as one compact JSON file that the browser loads: `/search/index.json`.

Names that many datasets share stand once, in tables, and are referred to by their position:

    {"publishers": [["Parks Department"], ["Service des parcs", "fr"]],
     "sources": ["elmford"], "topics": ["environment"], "formats": ["csv"],
     "datasets": [[id, title, publisher, source, keywords, formats, topics, text, changed, language], …]}

`language` is the title's, where that is not the page's, else "". What codes are called stands in the search
page, so that two languages in which the datasets read the same can share one file.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TypeVar

import msgspec
from msgspec import Struct

from harvester import vocabularies
from harvester.model import CatalogRecord
from harvester.site import markup
from harvester.site.addresses import TOPICS, topic
from harvester.site.views import Card, stated_change

T = TypeVar("T")

MOST_KEYWORDS = 30


class Entry(Struct, frozen=True):
    """A dataset in the index, before the tables are made."""

    id: str
    title: str
    tag: str
    publisher: tuple[str, ...]  # the name, and its language where that is not the page's
    source: str
    keywords: tuple[str, ...]
    formats: tuple[str, ...]
    topics: tuple[str, ...]
    text: str
    changed: str  # as the publisher says; empty where nobody does


def entry(record: CatalogRecord, card: Card) -> Entry:
    """A dataset as readers of one language search it; `card` is how lists show it to them."""
    dataset, title, publisher = record.dataset, card.title, card.publisher
    known = vocabularies.formats()
    formats = {file.format.code for file in dataset.distributions if file.format}
    return Entry(
        id=dataset.id,
        title=title.text,
        tag=title.tag or "",
        publisher=(publisher.text, publisher.tag) if publisher.tag else (publisher.text,),
        source=dataset.source,
        keywords=tuple(
            markup.shorten(markup.clean(word), 60) for _, word in dataset.keywords[:MOST_KEYWORDS]
        ),
        formats=tuple(sorted(code for code in formats if code in known)),
        topics=tuple(topic_key(code) for code in dataset.topics),
        text=card.summary.text,
        changed=(stated_change(record.dataset) or "")[:10],
    )


def topic_key(code: str) -> str:
    """What the search's address calls a topic: the name in the address of its page."""
    return TOPICS.get(code) or topic(code).strip("/").rpartition("/")[2]


def index(entries: Iterable[Entry]) -> bytes:
    """The file, from the entries of all datasets in the order of their ids."""
    publishers: dict[tuple[str, ...], int] = {}
    sources: dict[str, int] = {}
    topics: dict[str, int] = {}
    formats: dict[str, int] = {}
    rows = [
        (
            each.id,
            each.title,
            _place(publishers, each.publisher),
            _place(sources, each.source),
            each.keywords,
            [_place(formats, code) for code in each.formats],
            [_place(topics, code) for code in each.topics],
            each.text,
            each.changed,
            each.tag,
        )
        for each in entries
    ]
    tables = {
        "publishers": list(publishers),
        "sources": list(sources),
        "topics": list(topics),
        "formats": list(formats),
    }
    return msgspec.json.encode({**tables, "datasets": rows})


def _place(table: dict[T, int], value: T) -> int:
    return table.setdefault(value, len(table))
