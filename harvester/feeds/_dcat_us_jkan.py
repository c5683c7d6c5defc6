"""What JKAN's search index knows of a dataset that its thin data.json does not say.

The stock template of data.json (https://github.com/timwis/jkan) writes neither an identifier nor a page,
and misspells the publisher's variable. `datasets.json` beside it holds both, by title.
"""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import urljoin, urlsplit

from harvester.document import Get
from harvester.errors import FetchError
from harvester.feeds._json.stream import NotJson, Record, read
from harvester.feeds._json.values import text_of

_SAYS_WHICH = ("identifier", "@id", "landingPage", "publisher")
_OF_INDEX = frozenset(("title", "notes", "url"))


def is_entry(value: object) -> bool:
    """Is a value an entry of the index?"""
    return isinstance(value, dict) and value.keys() >= _OF_INDEX and "resources" not in value


class SearchIndex:
    """The index of the portal whose data.json is at `url`; it is asked for once, when it is needed."""

    def __init__(self, url: str, get: Get) -> None:
        split = urlsplit(url)
        may_be_there = split.scheme in ("http", "https") and split.path.endswith("/data.json")
        self._url = urljoin(url, "datasets.json") if may_be_there else None
        self._get = get
        self._entries: dict[str, Mapping[str, object]] | None = None

    def completed(self, record: Mapping[str, object]) -> Mapping[str, object]:
        """`record` with the page and the publisher that the index knows, where it has neither."""
        title = record.get("title")
        if self._url is None or any(name in record for name in _SAYS_WHICH) or not isinstance(title, str):
            return record
        if self._entries is None:
            self._entries = self._read(self._url)
        entry = self._entries.get(title)
        if entry is None:
            return record
        return {**record, "landingPage": entry["url"], "publisher": entry.get("organization")}

    def _read(self, url: str) -> dict[str, Mapping[str, object]]:
        """Title → entry; a title that several have says nothing."""
        found: dict[str, list[Mapping[str, object]]] = {}
        try:
            document = self._get(url)
            with document.open() as stream:
                for item in read(stream, ((),), is_entry, document.charset):
                    if isinstance(item, Record) and is_entry(item.value):
                        found.setdefault(text_of(item.value["title"]) or "", []).append(item.value)
        except (FetchError, NotJson):
            return {}
        return {title: entries[0] for title, entries in found.items() if len(entries) == 1}
