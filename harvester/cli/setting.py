"""What the options before the command choose: files, folders and processes."""

from __future__ import annotations

import os
from collections.abc import Iterator
from concurrent.futures import Executor
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from harvester.store_file import STORE_NAME

if TYPE_CHECKING:
    from harvester.model import Config
    from harvester.quality import Profile
    from harvester.web.fetch import Fetcher


@dataclass
class Setting:
    """The options before the command; what they name is opened when it is first asked for."""

    config_path: Path
    store_option: Path | None
    out_option: Path | None
    workers: int | None
    cluster: str | None

    @cached_property
    def config(self) -> Config:
        """Raises `ConfigError` with all mistakes of sources.yaml."""
        from harvester import sources

        return sources.load(self.config_path)

    @cached_property
    def profile(self) -> Profile:
        """Raises `ConfigError` with all mistakes of the profile."""
        from harvester import quality

        return quality.load_profile(self.config.profile)

    @property
    def store(self) -> Path:
        """The store's file; a folder that is named gets one of the usual name."""
        if self.store_option is None:
            return self.config_path.parent / "store" / STORE_NAME
        return self.store_option / STORE_NAME if self.store_option.is_dir() else self.store_option

    @property
    def index(self) -> Path:
        """The folder of the search index, beside the store."""
        return self.store.with_name(f"{self.store.stem}.index")

    @property
    def out(self) -> Path:
        """The folder of the site."""
        return self.out_option or self.config_path.parent / "build" / "site"

    @cached_property
    def fetcher(self) -> Fetcher:
        """The way out to the web, under a name that tells portals who visits them and whom to ask."""
        from harvester import __version__
        from harvester.web.fetch import Fetcher

        catalogue = self.config.catalogue
        contact = f"; {catalogue.contact}" if catalogue.contact else ""
        return Fetcher(f"Harvester/{__version__} (+{catalogue.url}{contact})")

    @contextmanager
    def executor(self) -> Iterator[Executor | None]:
        """Processes for parsing and rendering; none where one is asked for or there is one core.

        They are started when the first job comes, which for a small region is never. Where a cluster
        is named, its workers do that.
        """
        if self.cluster is not None:
            from harvester.cluster import connected

            with connected(self.cluster) as executor:
                yield executor
            return
        count = self.workers or os.cpu_count() or 1
        if count == 1:
            yield None
            return
        import multiprocessing
        from concurrent.futures import ProcessPoolExecutor

        # Sources are visited in threads, and a process must not be forked from among threads.
        context = multiprocessing.get_context("forkserver" if os.name == "posix" else "spawn")
        with ProcessPoolExecutor(count, mp_context=context, initializer=_end_with_parent) as pool:
            yield pool


def _end_with_parent() -> None:
    """Let a worker end when the program was killed; by itself it would wait for work for ever."""
    import multiprocessing
    import threading

    parent = multiprocessing.parent_process()
    assert parent is not None

    def watch() -> None:
        parent.join()
        os._exit(1)

    threading.Thread(target=watch, daemon=True).start()
