"""A valley of two towns: Elmford, whose portal fails in the ways of the table, and Brookside, which is well."""

from __future__ import annotations

import datetime as dt
import json
import socket
from collections.abc import Iterator, Mapping
from functools import cache, partial
from pathlib import Path
from typing import Any

import pytest

from harvester import pipeline, quality
from harvester.link import linked
from harvester.model import CatalogRecord, Catalogue, Config, Harvest, Source
from harvester.store import Store
from harvester.web.budget import Limits
from harvester.web.fetch import Fetcher
from tests import make
from tests.web.server import Answer, Server, answer
from tests.web.visiting import AUTHORITY, HURRIED

_our_profile = cache(partial(quality.load_profile, None))  # read once for all tests

WELL = ("fresh", "unchanged")
NEIGHBOURS = 3  # datasets of Brookside


class Valley:
    """A region, its store and its portals. Elmford stands on `server`, Brookside in a file.

    `night` is one nightly run. Whatever happens in Elmford, it makes sure that Brookside's harvest is
    whole and that its datasets are in the catalogue.
    """

    def __init__(self, folder: Path, server: Server) -> None:
        self.folder, self.server = folder, server
        self.sources: dict[str, Source] = {}
        self.store = Store(folder / "store.sqlite")
        self.profile = _our_profile()
        self.limits: Limits = HURRIED
        self.now = dt.datetime(2026, 3, 1, 2, tzinfo=dt.UTC)
        self.harvests: dict[str, Harvest] = {}  # of the last night, in the order in which they were done
        self.file("brookside", data_json(*(entry(100 + n) for n in range(NEIGHBOURS))))

    # ---- the portals

    def file(self, id: str, content: str | bytes, name: str = "data.json", **changes: Any) -> Source:
        """A source that is a file, with its content of tonight."""
        path = self.folder / f"{id}-{name}"
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return self.source(id, url=path.name, path=path, **changes)

    def portal(
        self,
        path: str = "/data.json",
        id: str = "elmford",
        host: str = "127.0.0.1",
        server: Server | None = None,
        **changes: Any,
    ) -> Source:
        """A source on the server, or on another one; all hosts whose names end in .test are this machine."""
        url = (server or self.server).url(path, host)
        return self.source(id, url=url, allow_private=True, **changes)

    def source(self, id: str, **changes: Any) -> Source:
        self.sources[id] = make.source(id, **changes)
        return self.sources[id]

    def serve(self, answers: Mapping[str, str | Answer]) -> None:
        """What the server answers from now on, by path; text is a body."""
        self.server.answers = {
            path: answer(each.encode()) if isinstance(each, str) else each for path, each in answers.items()
        }
        self.server.asked.clear()

    # ---- the nights

    @property
    def config(self) -> Config:
        return make.config(*self.sources.values())

    def night(self, source: str = "elmford", days: int = 1) -> Harvest:
        """The next nightly run, so many days later; what is told of one source."""
        self.now += dt.timedelta(days=days)
        with Fetcher("Elm Valley (data@elm.example)", self.limits, authorities=AUTHORITY) as fetcher:
            done = pipeline.harvest(self.config, self.store, fetcher, self.profile, lambda: self.now)
            self.harvests = {each.source: each for each in done}
        neighbour = self.harvests["brookside"]
        assert (neighbour.outcome in WELL, neighbour.datasets) == (True, NEIGHBOURS), neighbour
        assert len(self.shown("brookside")) == NEIGHBOURS
        return self.harvests[source]

    # ---- what is published

    def catalogue(self) -> Catalogue:
        return linked(self.store.catalogue(self.config))

    def records(self, source: str = "elmford") -> dict[str, CatalogRecord]:
        """Title → record of what the catalogue shows of a source."""
        return {
            next(iter(record.dataset.title.values())): record
            for record in self.catalogue().records
            if record.dataset.source == source
        }

    def shown(self, source: str = "elmford") -> dict[str, str]:
        """Id → title of what the catalogue shows of a source."""
        return {record.dataset.id: title for title, record in self.records(source).items()}

    def codes(self, source: str = "elmford") -> list[str]:
        """The findings of a source."""
        return [finding.code for finding in self.store.findings(source)]

    def publish(self) -> Path:
        """Build and publish everything; the folder of the site."""
        out = self.folder / "site"
        pipeline.build(self.config, self.store, self.profile, out, self.folder / "index")
        return out


@pytest.fixture
def valley(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Valley]:
    lookup = socket.getaddrinfo

    def getaddrinfo(name: str, *arguments: Any, **options: Any) -> Any:
        return lookup("127.0.0.1" if name.endswith(".test") else name, *arguments, **options)

    monkeypatch.setattr(socket, "getaddrinfo", getaddrinfo)
    with Server({}) as server:
        made = Valley(tmp_path, server)
        with made.store:
            yield made


def entry(number: int, **changes: Any) -> dict[str, Any]:
    """A record of a data.json."""
    return {
        "identifier": f"d{number}",
        "title": f"Dataset number {number}",
        "description": "Enough words about it for everybody.",
        "publisher": {"name": "Parks"},
        "keyword": ["b", "a"],
        "modified": "2026-01-05",
        "contactPoint": {"fn": "Desk", "hasEmail": "mailto:desk@elmford.example"},
        "distribution": [{"downloadURL": f"https://elmford.example/{number}.csv", "format": "CSV"}],
    } | changes


def data_json(*entries: Any, **members: Any) -> str:
    """A data.json of these records."""
    return json.dumps({**members, "dataset": entries})


def told(harvest: Harvest) -> tuple[str, int, int, int]:
    """Outcome, and how many datasets were added, changed and removed."""
    return harvest.outcome, harvest.added, harvest.changed, harvest.removed
