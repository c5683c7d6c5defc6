"""What datasets are browsed by: publishers, topics, formats and sources, and the pages of their lists."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from msgspec import Struct

from harvester import vocabularies
from harvester.model import CatalogRecord, Catalogue
from harvester.site import markup, words
from harvester.site.addresses import KINDS, Kind, group, paged
from harvester.site.rendering import ListPage
from harvester.site.status import SourceView
from harvester.site.tree import Alternate, Tree
from harvester.site.voice import Words, mail_link, safe_link

PER_PAGE = 50


class Group(Struct, frozen=True):
    """A publisher, topic, format or source, and how many datasets it has."""

    kind: Kind
    key: str
    name: Words
    href: str
    count: int
    what: str = ""  # in plain words: what a format is, what level a source has


class PublisherView(Struct, frozen=True):
    """What a publisher's page says of it beside its datasets."""

    parent: str | None
    site: str | None
    email: str | None
    mail: str  # the link to write to that address
    feed: str  # the link to its Atom feed


class Groups:
    """The datasets of every publisher, topic, format and source, by their place in the catalogue."""

    def __init__(self, catalogue: Catalogue) -> None:
        self.records = catalogue.records
        self.publishers: dict[str, CatalogRecord] = {}  # a record that names each
        self.sources = {each.source.id: each.source for each in catalogue.sources}
        self.members: dict[Kind, dict[str, list[int]]] = {
            "publisher": {},
            "topic": {code: [] for code in vocabularies.themes()},  # their addresses stay, even when empty
            "format": {},
            "source": {id: [] for id in self.sources},
        }
        known = vocabularies.formats()
        for place, record in enumerate(self.records):
            dataset = record.dataset
            self._add("source", dataset.source, place)
            for listing in record.listings:
                self._add("source", listing.source, place)
            self._add_publisher(record, place)
            for code in dict.fromkeys(dataset.topics):
                self._add("topic", code, place)
            formats = [file.format.code for file in dataset.distributions if file.format]
            for key in dict.fromkeys(code for code in formats if code in known):
                self._add("format", str(key), place)

        self._add_publishers_of_listings(catalogue)

    def _add_publishers_of_listings(self, catalogue: Catalogue) -> None:
        """Whom only another listing names as publisher has a page, too, with the datasets that it lists."""
        places = {record.dataset.id: place for place, record in enumerate(self.records)}
        for record in catalogue.listed:
            self._add_publisher(record, places[catalogue.aliases[record.dataset.id]])
        if catalogue.listed:
            for key, found in self.members["publisher"].items():
                self.members["publisher"][key] = sorted(set(found))

    def _add_publisher(self, record: CatalogRecord, place: int) -> None:
        if id := record.dataset.publisher.id:
            self.publishers.setdefault(id, record)
            self._add("publisher", id, place)

    def _add(self, kind: Kind, key: str, place: int) -> None:
        self.members[kind].setdefault(key, []).append(place)

    def __getitem__(self, key: tuple[Kind, str]) -> list[CatalogRecord]:
        """The records of a group, in the order of their ids."""
        kind, name = key
        return [self.records[place] for place in self.members[kind][name]]

    def views(self, kind: Kind, tree: Tree) -> list[Group]:
        """All groups of a kind in the words of a tree, by name."""
        found = [self._view(kind, key, places, tree) for key, places in self.members[kind].items()]
        return sorted(found, key=lambda view: (folded(view.name.text), view.key))

    def _view(self, kind: Kind, key: str, places: Sequence[int], tree: Tree) -> Group:
        voice, what = tree.voice, ""
        name: Words
        match kind:
            case "publisher":
                name = voice.words(self.publishers[key].dataset.publisher.name) or Words(
                    voice.say(words.NAMELESS)
                )
            case "topic":
                name = Words(voice.topic(key))
            case "format":
                badge = voice.badge(key, key)
                name, what = Words(badge.label), badge.what
            case "source":
                source = self.sources[key]
                name = Words(source.name)
                if source.level:
                    what = voice.say(words.LEVELS[source.level])
        return Group(kind, key, name, voice.group(kind, key), len(places), what)


def folded(text: str) -> str:
    """What to sort by: without accents and capitals."""
    if text.isascii():
        return text.casefold()
    plain = unicodedata.normalize("NFKD", text)
    return "".join(c for c in plain if not unicodedata.combining(c)).casefold()


def publisher_view(record: CatalogRecord, tree: Tree) -> PublisherView:
    """The publisher as one of its records describes it."""
    agent = record.dataset.publisher
    email = markup.clean(agent.email or "").strip()
    return PublisherView(
        parent=markup.shorten(markup.clean(agent.parent), 200) if agent.parent else None,
        site=safe_link(agent.url),
        email=email or None,
        mail=mail_link(email),
        feed=tree.voice.link(f"{group('publisher', agent.id)}feed.atom"),
    )


class Lists:
    """The pages of all lists of datasets, in one language."""

    def __init__(self, groups: Groups, tree: Tree, cards: list[str], titles: list[str]) -> None:
        self.groups = groups
        self.tree = tree
        self.cards = cards
        order = sorted(range(len(titles)), key=lambda place: (folded(titles[place]), place))
        self.rank = {place: rank for rank, place in enumerate(order)}
        self.order = order

    def pages(self, sources: Mapping[str, SourceView]) -> Iterator[ListPage]:
        """Every page. `sources` is what the pages of sources show beside their datasets."""
        everything = self.tree.voice.say(words.ALL_DATASETS)
        yield from self._pages("/datasets/", "datasets.html", everything, "datasets", self.order, {})
        for kind in KINDS:
            for view in self.groups.views(kind, self.tree):
                places = self.groups.members[kind][view.key]
                values: dict[str, Any] = {"group": view}
                if kind == "publisher":
                    values["publisher"] = publisher_view(self.groups.publishers[view.key], self.tree)
                elif kind == "source":
                    values["source"] = sources[view.key]
                ordered = sorted(places, key=self.rank.__getitem__)
                path = group(kind, view.key)
                yield from self._pages(path, f"{kind}.html", view.name.text, f"{kind}s", ordered, values)

    def _pages(
        self, path: str, template: str, title: str, section: str, places: list[int], values: dict[str, Any]
    ) -> Iterator[ListPage]:
        count = max(1, -(-len(places) // PER_PAGE))
        for number in range(1, count + 1):
            shown = places[(number - 1) * PER_PAGE : number * PER_PAGE]
            heading = title
            if number > 1:
                heading = self.tree.voice.tell(
                    words.PAGE_NUMBER, title=title, number=self.tree.voice.formatter.number(number)
                )
            yield ListPage(
                tag=self.tree.tag,
                template=template,
                page=self.tree.page(
                    paged(path, number), heading, section=section, alternates=_feeds(values, self.tree)
                ),
                number=number,
                count=count,
                path=path,
                cards=[self.cards[place] for place in shown],
                values={**values, "total": len(places)},
            )


def _feeds(values: dict[str, Any], tree: Tree) -> tuple[Alternate, ...]:
    publisher = values.get("publisher")
    if publisher is None:
        return ()
    name = values["group"].name.text
    return (Alternate(publisher.feed, publisher.feed, type="application/atom+xml", name=name),)
