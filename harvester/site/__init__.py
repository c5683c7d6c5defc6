"""The site: every page that residents see, made from the catalogue alone.

::

    theme (ours, the region's over it) ─┐
    catalogue ─▶ batches ─▶ datasets' pages, cards, search entries      (the executor)
                              └─▶ pages of lists                        (the executor)
                              └─▶ search, overviews, feeds, sitemaps
                                                     visits ─▶ home, first pages of sources

Same catalogue and theme, same bytes, whoever renders them and in batches of any size. `docs/site.md` lists
the addresses and says how a region changes the looks and adds a language.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from concurrent.futures import Executor
from contextlib import contextmanager
from pathlib import Path
from typing import cast

import msgspec
from jinja2 import TemplateError

from harvester.errors import HarvesterError
from harvester.model import N_, Catalogue, Config
from harvester.outputs import dcat
from harvester.quality import Profile
from harvester.site import content, feeds, jobs, late, rendering, search_index, status, theme, words
from harvester.site.addresses import STATUS, file_of, group
from harvester.site.addresses import dataset as dataset_path
from harvester.site.groups import Group, Groups, Lists
from harvester.site.overview import CHANGED, NEWEST, Overview
from harvester.site.rendering import File, ListPage
from harvester.site.search_index import Entry
from harvester.site.theme import CONTENT_SECURITY_POLICY, Theme
from harvester.site.tree import Context, Tree
from harvester.site.views import SourceName, card
from harvester.site.voice import Link, Words
from harvester.standing import counted

__all__ = ["CONTENT_SECURITY_POLICY", "Theme", "begin", "build", "finish", "load_theme"]

MANIFEST = "site.webmanifest"
SEARCH_INDEX = "/search/index.json"


def build(catalogue: Catalogue, folder: Path, *, profile: Profile, executor: Executor | None = None) -> None:
    """Write all pages below `folder`, which is there and empty.

    Raises `HarvesterError` where a template or content page of the region's cannot be used, and `OSError`
    when a file cannot be written.
    """
    files = load_theme(catalogue.config)
    finish(begin(catalogue, folder, files, profile=profile, executor=executor), catalogue, folder)


def load_theme(config: Config) -> Theme:
    """Our theme with the region's over it. Raises `HarvesterError` for a file that cannot be used."""
    own, region = theme.own_folder(), config.folder / "site_templates"
    return theme.load(own, *([region] if region.is_dir() and region != own else []))


def begin(
    catalogue: Catalogue, folder: Path, files: Theme, *, profile: Profile, executor: Executor | None = None
) -> bytes:
    """Write all pages but those that say when portals were visited; what `finish` needs for them.

    That is the same, and so are the pages, however often the portals were visited since.
    """
    with _telling(catalogue.config):
        return _Build(catalogue, folder, files, profile, executor).run()


def finish(kept: bytes, visits: Catalogue, folder: Path) -> None:
    """Write the pages that say when portals were visited; of the catalogue only the sources are looked at."""
    with _telling(visits.config):
        late.write(kept, visits, folder)


@contextmanager
def _telling(config: Config) -> Iterator[None]:
    """Say of a template that cannot be used which one it is."""
    try:
        yield
    except TemplateError as error:
        folder = config.folder / "site_templates" / "templates"
        raise HarvesterError(
            str(folder / (getattr(error, "name", None) or "")),
            N_("A template cannot be used: {error} (line {line})."),
            N_("Compare it with the template of the same name that comes with Harvester."),
            error=error.message or type(error).__name__,
            line=getattr(error, "lineno", "?"),
        ) from error


class _Build:
    """One build: what its steps share, and the steps."""

    def __init__(
        self,
        catalogue: Catalogue,
        folder: Path,
        files: Theme,
        profile: Profile,
        executor: Executor | None,
    ) -> None:
        self.catalogue = catalogue
        self.folder = folder
        self.theme = files
        languages = catalogue.config.catalogue.languages
        self.content = {tag: content.pages(files.content, languages, tag) for tag in languages}
        context = rendering.pack(
            Context(
                config=catalogue.config,
                profile=profile,
                sources={
                    s.source.id: SourceName(s.source.id, s.source.name, s.feed) for s in catalogue.sources
                },
                templates=files.templates,
                versions=files.versions(),
                messages=files.messages,
                content={tag: tuple((p.path, p.title) for p in pages) for tag, pages in self.content.items()},
            )
        )
        self.trees = rendering.unpack(context)
        self.first = next(iter(self.trees.values()))
        self.workshop = jobs.Workshop(folder, context, executor)
        self.late = late.Late(context, [], [], counted(catalogue))
        self.groups = Groups(catalogue)
        self.listed: list[tuple[str, str]] = []  # (address, day of change or "") for the sitemaps

    def run(self) -> bytes:
        """Write the site; what is kept for the pages that tell of visits."""
        for name in self.theme.templates:
            self.first.environment.get_template(name)  # a region's slip shows before anything is written
        cards, entries = self._datasets()
        indexes = self._indexes(entries)
        for tag, tree in self.trees.items():
            self._lists(tree, cards[tag], entries[tag])
            self._single_pages(tree, cards[tag], indexes[tag])
            jobs.write(self.folder, self._redirects(tree, entries[tag]))
            jobs.write(self.folder, self._withdrawn(tree))
            jobs.write(self.folder, self._feeds(tree))
        jobs.write(self.folder, ((f"static/{name}", data) for name, data in self.theme.static.items()))
        jobs.write(self.folder, feeds.sitemaps(sorted(self.listed), self.first.addresses.root))
        jobs.write(self.folder, [self._robots(), self._manifest()])
        return late.pack(self.late)

    def _datasets(self) -> tuple[dict[str, list[str]], dict[str, list[Entry]]]:
        """Write the datasets' pages. By language, in the catalogue's order: cards and search entries."""
        cards: dict[str, list[str]] = {tag: [] for tag in self.trees}
        entries: dict[str, list[Entry]] = {tag: [] for tag in self.trees}
        encoded = map(rendering.encode, jobs.batches(self.catalogue.records, jobs.DATASETS_AT_ONCE))
        for rendered in self.workshop.datasets(encoded):
            for tag in self.trees:
                cards[tag] += rendered.cards[tag]
                entries[tag] += rendered.entries[tag]
        for record in self.catalogue.records:
            for tree in self.trees.values():
                self._list(tree, dataset_path(record.dataset.id), record.changed)
        return cards, entries

    def _indexes(self, entries: dict[str, list[Entry]]) -> dict[str, str]:
        """Write the search's files; the link to each language's. Equal ones are written once."""
        links: dict[str, str] = {}
        by_version: dict[str, str] = {}
        for tag, tree in self.trees.items():
            data = search_index.index(entries[tag])
            version = hashlib.sha256(data).hexdigest()[:10]
            if version not in by_version:
                by_version[version] = f"{tree.voice.link(SEARCH_INDEX)}?v={version}"
                jobs.write(self.folder, [(tree.addresses.file(SEARCH_INDEX), data)])
            links[tag] = by_version[version]
        return links

    def _lists(self, tree: Tree, cards: list[str], entries: list[Entry]) -> None:
        found, twins = status.findings(self.catalogue), status.duplicates(self.catalogue)
        sources = {
            each.source.id: status.source_view(each, found[each.source.id], twins[each.source.id], tree)
            for each in self.catalogue.sources
        }
        lists = Lists(self.groups, tree, cards, [entry.title for entry in entries])
        self.workshop.lists(self._listing(tree, lists.pages(sources)))

    def _listing(self, tree: Tree, pages: Iterable[ListPage]) -> Iterator[ListPage]:
        for page in pages:
            if page.cards or page.template != "topic.html":  # a topic without datasets is linked nowhere
                self._list(tree, page.page.path)
            if page.template == "source.html" and page.number == 1:
                self.late.sources.append((cast(Group, page.values["group"]).key, page))
            else:
                yield page

    def _single_pages(self, tree: Tree, cards: list[str], index: str) -> None:
        overview = Overview(self.catalogue, self.groups, tree, self.content[tree.tag])
        by_id = {record.dataset.id: card for record, card in zip(self.catalogue.records, cards, strict=True)}
        self.late.homes.append(overview.home(by_id))
        self._list(tree, "/")
        self._list(tree, STATUS)
        for path, file in overview.files(index):
            self._list(tree, path)
            jobs.write(self.folder, [file])
        jobs.write(self.folder, [overview.not_found()])

    def _redirects(self, tree: Tree, entries: list[Entry]) -> Iterator[File]:
        """The pages of ids that lead to another dataset's page: in no list, no sitemap and no search."""
        titles = {entry.id: entry.title for entry in entries}
        for old, new in sorted(self.catalogue.aliases.items()):
            page = tree.page(dataset_path(new), tree.voice.say(words.MOVED), section="missing")
            there = tree.voice.link(dataset_path(new))
            _, made = tree.render("moved.html", page, there=there, name=titles[new])
            yield tree.addresses.file(dataset_path(old)), made
            if tree is self.first:
                machine = f"{dataset_path(old)}dataset.jsonld"
                yield file_of(machine), dcat.moved_jsonld(old, new, self.catalogue.config)

    def _withdrawn(self, tree: Tree) -> Iterator[File]:
        """The pages of datasets that are no longer listed: in no list, no sitemap and no search."""
        for record in self.catalogue.withdrawn:
            path, shown = dataset_path(record.dataset.id), card(record, tree.voice, tree.context.sources)
            source = tree.context.sources[record.dataset.source]
            yield tree.render(
                "withdrawn.html",
                tree.page(path, shown.title.text),
                dataset=shown,
                since=tree.voice.formatter.date(record.missing),
                source=Link(Words(source.name), tree.voice.group("source", source.id)),
            )

    def _feeds(self, tree: Tree) -> Iterator[File]:
        say, title, records = tree.voice.say, tree.site.title, self.catalogue.records
        new, changed = say(words.NEW_DATASETS), say(words.CHANGED_DATASETS)
        yield feeds.atom(NEWEST, f"{title}: {new}", "/", feeds.newest(records), tree, by="first_seen")
        yield feeds.atom(CHANGED, f"{title}: {changed}", "/", feeds.changed(records), tree)
        for view in self.groups.views("publisher", tree):
            page = group("publisher", view.key)
            mine = feeds.changed(self.groups["publisher", view.key])
            yield feeds.atom(f"{page}feed.atom", view.name.text, page, mine, tree)
        yield feeds.opensearch(tree)

    def _list(self, tree: Tree, path: str, day: str = "") -> None:
        self.listed.append((tree.addresses.absolute(path), day))

    def _robots(self) -> File:
        sitemap = f"{self.first.addresses.root}/sitemap.xml"
        return "robots.txt", f"User-agent: *\nAllow: /\n\nSitemap: {sitemap}\n".encode()

    def _manifest(self) -> File:
        addresses, site = self.first.addresses, self.first.site
        icon = {"src": addresses.shared("/static/icon.svg"), "sizes": "any", "type": "image/svg+xml"}
        made = {
            "name": site.title,
            "short_name": site.title[:20],
            "description": site.description,
            "lang": site.language,
            "start_url": addresses.link("/"),
            "display": "browser",
            "icons": [icon],
        }
        return MANIFEST, msgspec.json.encode(made)
