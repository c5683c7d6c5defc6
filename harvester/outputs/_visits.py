"""A catalogue without its visits: what is the same on every night on which no dataset changed."""

from __future__ import annotations

from msgspec.structs import replace

from harvester.model import Catalogue


def without_visits(catalogue: Catalogue) -> Catalogue:
    """The catalogue as if no source had ever been visited, its datasets notwithstanding."""
    return replace(
        catalogue,
        as_of="",
        sources=tuple(
            replace(each, harvests=(), last_good=None, stale_since=None) for each in catalogue.sources
        ),
    )
