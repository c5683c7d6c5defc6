"""Going on from the store that a published site carries: on a new machine, or after the disk was torn.

What comes from elsewhere is put aside first, and takes the store's place only when all of it was read
once: SQLite's own check, our version, every record.
"""

from __future__ import annotations

import gzip
import zlib
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO
from urllib.parse import urlsplit

from msgspec import Struct
from msgspec.structs import replace

from harvester import sources
from harvester.errors import DamagedStoreError, StoreError
from harvester.model import N_
from harvester.store import Store
from harvester.store_copy import COPY_NAME
from harvester.store_file import HEAD, no_store, put_in_place, set_aside
from harvester.web.fetch import Fetcher

_GZIP = b"\x1f\x8b"
_CHUNK = 1 << 20
_RATIO = 200
"""No store is packed this small; a file that grows beyond is meant to fill the disk."""


class Restored(Struct, frozen=True):
    """What came: from where, how new it is, and where the store that was there before is now."""

    where: str
    newest: str  # when its newest harvest began
    aside: Path | None


def restore(where: str, store: Path, fetcher: Fetcher, *, force: bool = False) -> Restored:
    """Let the store that is at an address, in a file or in the folder of a site become `store`.

    An address is that of the site, or of the file itself. A store that is there already is set aside,
    and if it is as new, or newer, it stays, unless `force`d. Raises `FetchError` where nothing can be
    had from the address, and `StoreError` where it is no whole store, or the one here stays.
    """
    place = place_of(where)
    new = store.with_name(f".{store.name}.new")
    try:
        store.parent.mkdir(parents=True, exist_ok=True)
        with _opened(place, fetcher) as packed:
            _unpack(packed, new, place)
        newest = _verified(new, place)
        aside = _make_room(store, newest, force)
        put_in_place(new, store)
    except OSError as error:
        raise no_store(store, error) from error
    finally:
        for suffix in ("", "-wal", "-shm"):
            with suppress(OSError):
                new.with_name(new.name + suffix).unlink(missing_ok=True)
    return Restored(place, newest, aside)


def place_of(where: str) -> str:
    """The address or path of the packed store of a site; one that names a file is that already."""
    if _is_address(where):
        named = urlsplit(where).path.endswith((".gz", ".sqlite"))
        return where if named else f"{where.rstrip('/')}/{COPY_NAME}"
    return str(Path(where) / COPY_NAME) if Path(where).is_dir() else where


def _is_address(where: str) -> bool:
    return where.lower().startswith(("http://", "https://"))


@contextmanager
def _opened(place: str, fetcher: Fetcher) -> Iterator[BinaryIO]:
    if not _is_address(place):
        with Path(place).open("rb") as file:
            yield file
        return
    # A person wrote this address, not a portal: it may well lie in the network that we are in.
    site = replace(sources.from_address(place, Path()), allow_private=True)
    with fetcher.visit(site) as visit, visit.get(place).open() as stream:
        yield stream


def _unpack(stream: BinaryIO, new: Path, place: str) -> None:
    """Write what the stream holds, packed or (some servers unpack by themselves) not."""
    head = stream.read(len(HEAD))
    stream.seek(0)
    if not head.startswith(_GZIP) and head != HEAD:
        raise _unfit(place, N_("This is not the store of a catalogue."))
    with gzip.open(stream) if head != HEAD else stream as whole, new.open("wb") as file:
        written = 0
        while True:
            try:
                piece = whole.read(_CHUNK)
            except (EOFError, gzip.BadGzipFile, zlib.error) as error:
                raise _unfit(place, N_("The packed store is broken ({told})."), error) from error
            if not piece:
                return
            written += file.write(piece)
            if written > _RATIO * max(stream.tell(), _CHUNK):
                raise _unfit(place, N_("This is not the store of a catalogue."))


def _verified(new: Path, place: str) -> str:
    """When the newest harvest of an unpacked store began. Raises `StoreError` where it is not whole."""
    try:
        with Store(new) as opened:
            opened.check()
            return opened.newest()
    except StoreError as error:
        told = error.problem.what.format(**error.problem.values)
        raise _unfit(place, N_("The store there cannot be used: {told}"), told) from error


def _unfit(place: str, what: str, told: object = "") -> StoreError:
    return StoreError(place, what, N_("Name the address of a built site, or the file of a store."), told=told)


def _make_room(store: Path, newest: str, force: bool) -> Path | None:
    """Set the store that is there aside. Raises `StoreError` where it must stay."""
    if not store.exists():
        return None
    try:
        with Store(store) as there:
            if there.newest() >= newest and not force:
                raise StoreError(
                    str(store),
                    N_("The store that is here is as new as the other, or newer ({here}, {other})."),
                    N_("With --force it is set aside all the same."),
                    here=there.newest() or "–",
                    other=newest or "–",
                )
    except DamagedStoreError:
        return set_aside(store, "damaged")
    return set_aside(store, "replaced")
