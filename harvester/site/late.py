"""The pages that say when portals were last visited: home, status, and the first page of each source.

They are other pages every night, and the only ones on a night on which no dataset changed. So all else that
they show is made ready with the other pages, and kept; `render` adds the visits.
"""

from __future__ import annotations

import pickle
from collections.abc import Iterator
from pathlib import Path
from typing import cast

from msgspec import Struct
from msgspec.structs import replace

from harvester.model import Catalogue
from harvester.site import jobs, rendering
from harvester.site.overview import Home
from harvester.site.rendering import File, ListPage
from harvester.site.standings import status_page
from harvester.site.status import SourceView, visited
from harvester.standing import Counts


class Late(Struct, frozen=True):
    """What is kept of one build for the nights after it."""

    context: bytes  # see `rendering.pack`
    homes: list[Home]
    sources: list[tuple[str, ListPage]]  # (id of the source, its first page)
    counts: dict[str, Counts]  # id of the source → its datasets


def pack(late: Late) -> bytes:
    """To be kept."""
    return pickle.dumps(late)


def write(packed: bytes, visits: Catalogue, folder: Path) -> None:
    """Write the pages below `folder`. Of the catalogue only the sources and their visits are looked at."""
    late: Late = pickle.loads(packed)  # noqa: S301 - made by `pack`
    jobs.write(folder, _render(late, visits))


def _render(late: Late, visits: Catalogue) -> Iterator[File]:
    trees = rendering.unpack(late.context)
    for home in late.homes:
        yield trees[home.tag].render("home.html", home.page, as_of=visits.as_of, **home.values)
    for tree in trees.values():
        yield status_page(visits.sources, late.counts, tree)
    sources = {each.source.id: each for each in visits.sources}
    pages = []
    for id, page in late.sources:
        view = cast(SourceView, page.values["source"])
        shown = visited(view, sources[id], trees[page.tag])
        pages.append(replace(page, values={**page.values, "source": shown}))
    yield from rendering.render_lists(late.context, pages)
