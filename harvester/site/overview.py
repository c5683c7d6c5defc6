"""The pages of which there is one a language: home, search, overviews, content, and "not found".

Home is not written here: it says when the portals were last visited, see `late`.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import msgspec
from markupsafe import Markup
from msgspec import Struct

from harvester import outputs, vocabularies
from harvester.model import N_, Catalogue
from harvester.site import content, feeds, schema_org, words
from harvester.site.addresses import KINDS, OVERVIEWS, TOPICS, Kind, paged
from harvester.site.groups import Group, Groups
from harvester.site.rendering import File
from harvester.site.search_index import topic_key
from harvester.site.tree import Alternate, Page, Tree

NEWEST = "/feeds/newest.atom"
CHANGED = "/feeds/changed.atom"

MOST_ON_HOME = 6
MOST_PLACES = 24
GROUPS_PER_PAGE = 200

TITLES: dict[Kind, str] = {
    "publisher": N_("Publishers"),
    "topic": N_("Topics"),
    "format": N_("File formats"),
    "source": N_("Towns and portals"),
}

SEARCH_WORDS = {
    "found": N_("Datasets found: {count}"),
    "shown": N_("Showing {from} to {to}"),
    "none": N_("Nothing was found. Try fewer or other words, or take a filter off."),
    "instead": N_("Nothing has “{word}” in it, so these have “{instead}”."),
    "loading": N_("Loading the list of datasets …"),
    "failed": N_("The list of datasets could not be loaded. Try again, or browse by topic below."),
    "page": N_("Page {number}"),
    "previous": N_("Previous page"),
    "next": N_("Next page"),
    "changed": N_("Last changed: {date}"),
}
"""What the search's script says; it fills the places itself."""


FACETS: dict[Kind, str] = {
    "source": N_("Town or portal"),
    "topic": N_("Topic"),
    "format": N_("File format"),
}


class Counts(Struct, frozen=True):
    """`counts` in templates."""

    datasets: int
    sources: int
    publishers: int


class Home(Struct, frozen=True):
    """The home page of a language, ready but for its HTML and for when portals were visited."""

    tag: str
    page: Page
    values: dict[str, object]  # what else the template gets


class Overview:
    """The single pages of one language."""

    def __init__(
        self, catalogue: Catalogue, groups: Groups, tree: Tree, pages: list[content.Content]
    ) -> None:
        self.catalogue = catalogue
        self.groups = groups
        self.tree = tree
        self.pages = pages
        self.views = {kind: groups.views(kind, tree) for kind in KINDS}
        self.counts = Counts(len(catalogue.records), len(catalogue.sources), len(groups.members["publisher"]))

    def files(self, index: str) -> Iterator[tuple[str, File]]:
        """(path, file) of each page but home. `index` links to the search's file."""
        yield "/search/", self._search(index)
        for kind in KINDS:
            yield from self._groups(kind)
        for page in self.pages:
            yield page.path, self._content(page)

    def not_found(self) -> File:
        """What a server shows for an address that is not there."""
        say = self.tree.voice.say
        page = self.tree.page("/404.html", say(N_("This page is not here")), section="missing")
        return self.tree.render("404.html", page)

    def _used(self, kind: Kind) -> list[Group]:
        """The groups that have datasets, the largest first."""
        return sorted((g for g in self.views[kind] if g.count), key=lambda g: -g.count)

    def home(self, cards: dict[str, str]) -> Home:
        """The home page before it is known when the portals were visited; `cards` are the datasets' by id."""
        records = self.catalogue.records
        changed = [r for r in feeds.changed(records) if r.changed > r.first_seen]
        return Home(
            self.tree.tag,
            self.tree.page("/", self.tree.site.title, section="home", alternates=self._home_alternates()),
            {
                "counts": self.counts,
                "newest": [Markup(cards[r.dataset.id]) for r in feeds.newest(records)[:MOST_ON_HOME]],  # noqa: S704
                "changed": [Markup(cards[r.dataset.id]) for r in changed[:MOST_ON_HOME]],  # noqa: S704
                "topics": self._used("topic"),
                "sources": self._used("source")[:MOST_PLACES],
            },
        )

    def _home_alternates(self) -> list[Alternate]:
        say, root = self.tree.voice.say, self.tree.all[next(iter(self.tree.all))]
        own = [(NEWEST, say(words.NEW_DATASETS)), (CHANGED, say(words.CHANGED_DATASETS))]
        shared = [
            ("/data.json", "DCAT-US", "application/json"),
            ("/catalog.ttl", "DCAT", "text/turtle"),
            ("/catalog.jsonld", "DCAT", "application/ld+json"),
            ("/catalog.rdf", "DCAT", "application/rdf+xml"),
        ]
        return [
            *(
                Alternate(
                    self.tree.addresses.absolute(path),
                    self.tree.voice.link(path),
                    type="application/atom+xml",
                    name=name,
                )
                for path, name in own
            ),
            *(
                Alternate(root.absolute(path), root.link(path), type=type, name=name)
                for path, name, type in shared
            ),
        ]

    def _search(self, index: str) -> File:
        voice = self.tree.voice
        known = vocabularies.formats()
        settings = {
            "index": index,
            "dataset": voice.link("/dataset/"),
            "locale": str(voice.formatter.locale).replace("_", "-"),
            "facets": {name: voice.say(message) for name, message in FACETS.items()},
            "topics": {topic_key(code): voice.topic(code) for code in TOPICS},
            "formats": {each.key: [each.name.text, known[each.key].kind] for each in self.views["format"]},
            "sources": {each.key: each.name.text for each in self.views["source"]},
            "words": {name: voice.say(message) for name, message in SEARCH_WORDS.items()},
        }
        page = self.tree.page("/search/", voice.say(N_("Search")), section="search")
        return self.tree.render(
            "search.html",
            page,
            settings=schema_org.embedded(msgspec.json.encode(settings)),
            **{f"{kind}s": self._used(kind) for kind in KINDS},
        )

    def _groups(self, kind: Kind) -> Iterator[tuple[str, File]]:
        path, title = OVERVIEWS[kind], self.tree.voice.say(TITLES[kind])
        shown = [each for each in self.views[kind] if each.count or kind == "source"]
        count = max(1, -(-len(shown) // GROUPS_PER_PAGE))
        for number in range(1, count + 1):
            page = self.tree.page(paged(path, number), title, section=f"{kind}s")
            yield (
                page.path,
                self.tree.render(
                    f"{kind}s.html",
                    page,
                    groups=shown[(number - 1) * GROUPS_PER_PAGE : number * GROUPS_PER_PAGE],
                    total=len(shown),
                    pager=self.tree.pager(path, number, count),
                ),
            )

    def _content(self, page: content.Content) -> File:
        values: dict[str, Any] = {
            "counts": self.counts,
            "sources": self._used("source"),
            "outputs": self._outputs(),
        }
        tag = None if page.tag.partition("-")[0] == self.tree.tag.partition("-")[0] else page.tag
        return self.tree.render(
            "content.html",
            self.tree.page(page.path, page.title, section=page.name),
            body=content.render(page, self.tree, values),
            tag=tag,
        )

    def _outputs(self) -> list[tuple[str, list[tuple[str, str]]]]:
        """What the catalogue is published as beside this site: (title, [(file, link), …])."""
        loaded = [outputs.load(name) for name in outputs.names()]
        return [
            (output.TITLE, [(file, self.tree.addresses.shared(f"/{file}")) for file in output.FILES])
            for output in loaded
        ]
