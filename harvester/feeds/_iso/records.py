"""The records of one document, and which of them describe datasets."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from types import ModuleType

from harvester.feeds._iso import dublin_core, metadata
from harvester.feeds._iso.terms import plain
from harvester.feeds._iso.tree import Element, Tree
from harvester.model import N_, Draft, Problem

NAMES = (*metadata.NAMES, *dublin_core.NAMES)

_NO_DATASETS = {
    *("service", "services", "application", "software", "document", "initiative", "repository"),
    *("collectionhardware", "collectionsession", "fieldsession", "featurecatalogue", "featurecatalog"),
}
"""What records describe beside datasets, of ISO's list and what GeoNetwork adds; in lower case."""


class Others:
    """Counts the records that describe something else than data, to tell of them once."""

    def __init__(self) -> None:
        self.count = 0
        self._kinds: dict[str, int] = {}
        self._title = ""

    def take(self, record: Element) -> bool:
        """Is the record about something else than data? Then it is counted."""
        mapping = _mapping(record)
        scope = str(mapping.scope_of(record))
        if scope.lower() not in _NO_DATASETS:
            return False
        self.count += 1
        self._kinds[scope] = self._kinds.get(scope, 0) + 1
        self._title = self._title or str(mapping.title_of(record) or "")
        return True

    def problem(self, where: str) -> Problem:
        """One line about all of them."""
        return Problem(
            where=where,
            what=N_("{count} records describe no datasets and are left out: {kinds} (such as “{title}”)."),
            values={
                "count": str(self.count),
                "kinds": ", ".join(f"{count} {kind}" for kind, count in sorted(self._kinds.items())[:5]),
                "title": self._title[:100],
            },
        )


def records_in(root: Element) -> Iterable[Element]:
    """The records of a document: its root, or what is inside."""
    return [root] if root.name in NAMES else root.below(*NAMES)


def draft_of(record: Element, page: str | None = None) -> Draft:
    """One record as a draft; `page` is where a person can look at the record, as far as the feed knows."""
    draft: Draft = _mapping(record).draft_of(record, page)
    return draft


def _mapping(record: Element) -> ModuleType:
    return metadata if record.name in metadata.NAMES else dublin_core


def mark_of(record: Element) -> tuple[object, ...]:
    """What tells a record from others: its own key, title and abstract, else all that it says."""
    key = next(
        (plain(each) for each in record.below("fileIdentifier", "metadataIdentifier", "identifier")), None
    )
    title = _mapping(record).title_of(record)
    about = "".join(text for each in record.below("abstract") for text in _texts(each))
    return (key, title, about) if key and title else (key, title, "".join(_texts(record)))


def _texts(element: Element) -> Iterator[str]:
    yield element.text
    for child in element.children:
        yield from _texts(child)


def refused(where: str, tree: Tree) -> Problem:
    """Tell of XML entities that were not read."""
    return Problem(
        where=where,
        what=N_("The file refers to XML entities that are not read: {names}."),
        remedy=N_("Ask the people who run the portal to write the texts themselves into the file."),
        values={"names": ", ".join(sorted(tree.refused)[:5])},
    )
