"""Pages in batches: pure functions that an executor can run anywhere, and that write nothing.

The context goes out as bytes with every batch; a process unpacks it once and keeps its templates.
"""

from __future__ import annotations

import pickle
from functools import lru_cache

import msgspec
from markupsafe import Markup
from msgspec import Struct
from msgspec.structs import replace

from harvester.model import CatalogRecord
from harvester.outputs import dcat
from harvester.site import schema_org
from harvester.site.addresses import dataset as dataset_path
from harvester.site.addresses import file_of
from harvester.site.search_index import Entry, entry
from harvester.site.tree import Alternate, Context, Page, Tree
from harvester.site.views import Card, card, dataset_view

File = tuple[str, bytes]
"""A file of the site: its path below the site's folder, and what is in it."""


class Rendered(Struct, frozen=True):
    """What a batch of datasets became."""

    files: list[File]
    cards: dict[str, list[str]]  # language → each dataset as lists show it, in HTML
    entries: dict[str, list[Entry]]  # language → each dataset in the search index


class ListPage(Struct, frozen=True):
    """A page of a list of datasets, ready but for its HTML."""

    tag: str
    template: str
    page: Page
    number: int  # of this page
    count: int  # of pages
    path: str  # of the list's first page
    cards: list[str]
    values: dict[str, object]  # what else the template gets


def pack(context: Context) -> bytes:
    """The context, to be sent."""
    return pickle.dumps(context)


def encode(records: list[CatalogRecord]) -> bytes:
    """A batch of records, to be sent, without what no page shows.

    As JSON, because a size may have more than 64 bits.
    """
    return msgspec.json.encode(
        [replace(each, dataset=replace(each.dataset, extra={}, notes=())) for each in records]
    )


@lru_cache(maxsize=2)
def unpack(context: bytes) -> dict[str, Tree]:
    """The trees of all languages, the first language first."""
    unpacked: Context = pickle.loads(context)  # noqa: S301 - made by `pack`
    return {tag: Tree(unpacked, tag) for tag in unpacked.config.catalogue.languages}


_records = msgspec.json.Decoder(list[CatalogRecord])


def render_datasets(context: bytes, batch: bytes) -> Rendered:
    """The pages of a batch of datasets in all languages, and what the lists and the search need of them."""
    trees = unpack(context)
    rendered = Rendered([], {tag: [] for tag in trees}, {tag: [] for tag in trees})
    for record in _records.decode(batch):
        path = dataset_path(record.dataset.id)
        for tag, tree in trees.items():
            shown = card(record, tree.voice, tree.context.sources)
            rendered.files.append(_dataset_page(record, shown, path, tree))
            rendered.cards[tag].append(tree.environment.get_template("parts/card.html").render(card=shown))
            rendered.entries[tag].append(entry(record, shown))
        config = next(iter(trees.values())).context.config
        rendered.files.append((file_of(f"{path}dataset.jsonld"), dcat.dataset_jsonld(record, config)))
    return rendered


def _dataset_page(record: CatalogRecord, card: Card, path: str, tree: Tree) -> File:
    view = dataset_view(record, card, tree.voice, tree.context.sources, tree.mender, tree.site.issues_url)
    first = next(iter(tree.all.values()))
    machine = f"{path}dataset.jsonld"
    page = tree.page(
        path,
        view.title.text,
        description=view.summary.text,
        alternates=[
            Alternate(first.absolute(machine), first.link(machine), type="application/ld+json", name="DCAT")
        ],
    )
    json_ld = schema_org.script(record, card, tree.voice)
    return tree.render("dataset.html", page, dataset=view, json_ld=json_ld)


def render_lists(context: bytes, pages: list[ListPage]) -> list[File]:
    """The files of pages of lists."""
    trees = unpack(context)
    return [
        trees[each.tag].render(
            each.template,
            each.page,
            cards=[Markup(made) for made in each.cards],  # noqa: S704 - made by render_datasets
            pager=trees[each.tag].pager(each.path, each.number, each.count),
            **each.values,
        )
        for each in pages
    ]
