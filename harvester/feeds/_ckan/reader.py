"""From a record of the API or of a file to an item of the feed: a draft, or why there is none."""

from __future__ import annotations

from collections.abc import Mapping

from harvester.feeds._ckan.api import Scope
from harvester.feeds._ckan.datapress import datapress_draft, is_datapress, is_public
from harvester.feeds._ckan.package import draft_of, is_dkan, may_be_package, page_of
from harvester.feeds._json.fields import mended
from harvester.feeds._json.stream import Damage, Record
from harvester.feeds._json.values import encode, text_of
from harvester.model import N_, Draft, Problem

_FURNITURE = ("harvest", "harvest_source", "harvester", "organization", "group", "user")
_ABOUT_DATASETS = ("showcase", "application", "app", "reuse", "issue", "request", "datarequest")
_TEXTS = ("page", "pages", "blog", "news", "event")
NO_DATASETS = frozenset((*_FURNITURE, *_ABOUT_DATASETS, *_TEXTS))
"""Types of packages that are no datasets. Whatever other type a portal invented is a dataset."""


class Reader:
    """Makes items of records; `home` is the portal's home with a final slash, "" for a file."""

    def __init__(self, home: str, where: str) -> None:
        self._home = home
        self._where = where

    def item(self, item: Record | Damage) -> Draft | Problem:
        """The draft for a package, or the problem that says why there is none."""
        if isinstance(item, Damage):
            return Problem(
                where=self._where,
                what=N_("A record cannot be read, because it is not valid JSON."),
                partial=item.partial,
            )
        try:
            return self._item(item)
        except RecursionError:
            return Problem(where=self._where, what=N_("A record cannot be read: it is nested too deeply."))

    def _item(self, item: Record) -> Draft | Problem:
        package = item.value
        if not isinstance(package, dict) or not may_be_package(package):
            shown = ", ".join(package) if isinstance(package, dict) else encode(package)
            return Problem(
                where=self._where,
                what=N_("An entry of the list is no dataset: “{begin}”."),
                values={"begin": shown[:80]},
            )
        if is_datapress(package):
            if not is_public(package):
                return self._private()
            draft = datapress_draft(package, self._home)
            return mended(draft) if item.mended else draft
        problem = self._left_out(package)
        if problem is not None:
            return problem
        draft = draft_of(package, self._home)
        return mended(draft) if item.mended else draft

    def _left_out(self, package: Mapping[str, object]) -> Problem | None:
        """Why a package is not for the catalogue. What is not public is not named."""
        kind, state = package.get("type"), package.get("state")
        if isinstance(kind, str) and kind.lower() in NO_DATASETS:
            return Problem(
                where=page_of(package, self._home) or self._where,
                what=N_("“{title}” is no dataset but a record of the type “{type}”, so it is left out."),
                values={"title": (text_of(package.get("title")) or "")[:100], "type": kind},
            )
        if isinstance(state, str) and state.strip() and state.lower() != "active":
            return Problem(
                where=self._where,
                what=N_("A record in the state “{state}” is left out."),
                values={"state": state[:40]},
            )
        if not is_dkan(package) and str(package.get("private")).lower() == "true":
            return self._private()
        return None

    def _private(self) -> Problem:
        return Problem(where=self._where, what=N_("A private record is left out."))


class Seen:
    """Which packages a portal has given so far, over all its pages."""

    def __init__(self, scope: Scope | None = None) -> None:
        self.keys: set[str] = set()  # ids and names
        self.packages = 0  # with an id that was not there before
        self._contents: set[int] = set()
        self._scope = scope

    def is_news(self, item: Record | Damage) -> bool:
        """Is a record of the source, and not the very same as one before? It is remembered."""
        value = item.value if isinstance(item, Record) else item.raw
        package = value if isinstance(value, dict) else {}
        keys = [key for name in ("id", "name") if (key := text_of(package.get(name)))] or [str(value)[:200]]
        try:
            content = hash(encode(value))
        except RecursionError:
            content = hash(keys[0])
        self.packages += keys[0] not in self.keys
        self.keys.update(keys)
        is_news = content not in self._contents
        self._contents.add(content)
        return is_news and (self._scope is None or self._scope.holds(package))
