"""`harvester restore`, and the store as every run finds it: locked for it alone, and whole."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

import click

from harvester.cli.show import plain
from harvester.errors import DamagedStoreError, FetchError, HarvesterError

if TYPE_CHECKING:
    from harvester.cli.setting import Setting
    from harvester.restore import Restored

_NOT_THERE = (404, 410)


@contextmanager
def whole_store(setting: Setting) -> Iterator[None]:
    """Hold the store's lock, and see that the store is whole, while a run lasts.

    A damaged store is set aside. The run goes on from the site that was built last on this machine, else
    from the one that is published, else anew; whichever it is, it is told.
    """
    from harvester.store import Store
    from harvester.store_file import locked, set_aside

    _ = setting.config, setting.profile  # a mistake in these is told before anything is touched
    with locked(setting.store):
        try:
            if setting.store.exists():
                with Store(setting.store) as store:
                    store.check()
        except DamagedStoreError as error:
            aside = set_aside(setting.store, "damaged")
            _say(str(error))
            _say(f"It was set aside as {aside}.")
            _replace(setting)
        yield


def _replace(setting: Setting) -> None:
    from harvester.restore import restore
    from harvester.store_copy import COPY_NAME

    built = [str(setting.out)] if (setting.out / COPY_NAME).is_file() else []
    for where in (*built, setting.config.catalogue.url):
        try:
            _tell(restore(where, setting.store, setting.fetcher))
        except HarvesterError as error:
            _say(str(error))
        else:
            return
    _say("No other store could be had: this run begins a new one. Ids of datasets stay the same.")


@click.command()
@click.argument("where", required=False, metavar="[URL-or-FILE]")
@click.option("--force", is_flag=True, help="Even if the store that is here is as new, or newer.")
@click.pass_obj
def restore(setting: Setting, where: str | None, force: bool) -> None:
    """Go on from the store that a built site carries.

    URL is the address of a site (else that of sources.yaml), FILE its store.sqlite.gz or its folder.
    Exit code 1 says that the site carries none.
    """
    from harvester.restore import restore as bring
    from harvester.store_file import locked
    from harvester.web.fetch import Fetcher

    standalone = where is not None and not setting.config_path.exists()
    fetcher = Fetcher("Harvester (restore)") if standalone else setting.fetcher
    with locked(setting.store):
        try:
            _tell(bring(where or setting.config.catalogue.url, setting.store, fetcher, force=force))
        except FetchError as error:
            _say(str(error))
            sys.exit(1 if error.status in _NOT_THERE else 2)


def _tell(restored: Restored) -> None:
    night = restored.newest or "no harvest yet"
    _say(f"The store was restored from {restored.where} (newest harvest: {night}).")
    if restored.aside:
        _say(f"The one that was here is now {restored.aside}.")


def _say(line: str) -> None:
    click.echo(plain(line), err=True)
