"""What is behind an address: the feed type that recognises what it answers."""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import urljoin

from harvester import feeds
from harvester.document import Document, Get
from harvester.errors import FeedError, FetchError
from harvester.model import N_, Source

MOST_REQUESTS = 12
"""Politeness: after so many questions a portal is left alone (REPORT, section 3)."""


def detect(source: Source, get: Get) -> str:
    """The name of the feed type that the source answers in.

    The address itself is asked first and shown to all feed types; then each type's own probes.
    Raises `FeedError` when nothing is recognised, `FetchError` when the portal does not answer.
    """
    document = get(source.url)
    if (found := _recognised(document)) is not None:
        return found
    asked = {source.url, document.url}
    for url, name in _probes(source.url):
        if len(asked) > MOST_REQUESTS:
            break
        if url in asked:
            continue
        asked.add(url)
        try:
            answer = get(url)
        except FetchError:
            continue  # a miss is the normal answer to a probe
        if feeds.load(name).recognise(answer):
            return name
    raise FeedError(
        source.id,
        N_("No feed was recognised at {url}."),
        N_("Write the feed's own address as url:, or its type: one of {types}."),
        url=source.url,
        types=", ".join(feeds.names()),
    )


def _recognised(document: Document) -> str | None:
    return next((name for name in feeds.names() if feeds.load(name).recognise(document)), None)


def _probes(url: str) -> Iterator[tuple[str, str]]:
    """Addresses to ask and the feed type each is for: below the given folder, then at the host's root."""
    folder = url if url.endswith("/") else url + "/"
    for base in dict.fromkeys((folder, urljoin(url, "/"))):
        for name in feeds.names():
            for probe in feeds.load(name).PROBES:
                if probe:
                    yield urljoin(base, probe.lstrip("/")), name
