"""Where a feed may answer, seen from a portal's home page."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from urllib.parse import urljoin, urlsplit

from harvester.document import Document, Get
from harvester.errors import FetchError


def addresses(url: str, probes: Iterable[str]) -> Iterator[str]:
    """The probes below the folder that `url` names, then at its host's root; each once, not `url` itself.

    People write a folder with and without its slash; a name with a dot is a file in its folder.
    """
    path = urlsplit(url).path
    is_file = path.endswith("/") or "." in path.rpartition("/")[2]
    folder = urljoin(url, "." if is_file or not path else f"{path}/")
    wanted = [urljoin(base, probe) for base in (folder, urljoin(url, "/")) for probe in probes if probe]
    yield from (each for each in dict.fromkeys(wanted) if each != url)


def first(
    home: Document, probes: Iterable[str], recognise: Callable[[Document], bool], get: Get
) -> Document | None:
    """The first of the probes whose answer is recognised."""
    for url in addresses(home.url, probes):
        try:
            answer = get(url)
        except FetchError:
            continue  # a miss is the normal answer to a probe
        if recognise(answer):
            return answer
    return None
