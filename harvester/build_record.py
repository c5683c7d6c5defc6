"""The build record: what the published site was made from, so that what has not changed is not made anew.

It lies beside the store and is never published. Nothing of it is believed unchecked: the record ends in its
own digest, and a file is taken over only if it is still of the size and time at which it was written. A
record that is lost, damaged, foreign or of another version costs a full build and nothing else.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable
from functools import cache
from hashlib import blake2b
from pathlib import Path

import msgspec
from msgspec import Struct

import harvester
from harvester.model import Config
from harvester.publish import Stamp, holds
from harvester.quality import Profile
from harvester.site import Theme

_SIZE = blake2b().digest_size


class Record(Struct, frozen=True, kw_only=True):
    """What was made, and from what."""

    made_from: bytes  # the digest of everything that the files below depend on
    site: dict[str, Stamp]  # the files of the site that tell of no visit
    kept: dict[str, Stamp]  # what the outputs keep for the files that do, below the folder of the record
    late: bytes  # what `site.finish` needs
    datasets: int
    index: dict[str, Stamp] = {}  # the search index


_decoder = msgspec.msgpack.Decoder(Record)


def digest(config: Config, theme: Theme, profile: Profile, catalogue: bytes) -> bytes:
    """Of everything that a site depends on but the visits to its sources; `catalogue` is the store's."""
    parts = (_program(), _encoded(config), _encoded(theme), profile.digest.encode(), catalogue)
    return blake2b(b"".join(blake2b(part).digest() for part in parts)).digest()


def _encoded(value: object) -> bytes:
    return msgspec.msgpack.encode(value, enc_hook=str)  # in the order that was written: it can be seen


@cache
def _program() -> bytes:
    """This program, what it runs on and what it is put together from, in this very state.

    All packages count: it is not worth knowing which of them may change a byte of the site.
    """
    own = Path(harvester.__file__).parent
    found = blake2b(sys.version.encode())
    for path in _files(own):
        data = path.read_bytes()
        found.update(f"{path.relative_to(own)} {len(data)}\n".encode() + data)
    installed = {each.name for place in sys.path for each in Path(place).glob("*.dist-info")}
    found.update("\n".join(sorted(installed)).encode())
    return found.digest()


def _files(folder: Path) -> Iterable[Path]:
    return sorted(p for p in folder.rglob("*") if p.is_file() and "__pycache__" not in p.parts)


def read(folder: Path) -> Record | None:
    """The record in the folder; None where there is none that could be used."""
    try:
        data = (folder / "record").read_bytes()
    except OSError:
        return None
    body, told = data[:-_SIZE], data[-_SIZE:]
    if blake2b(body).digest() != told:
        return None
    try:
        return _decoder.decode(body)
    except msgspec.DecodeError:
        return None  # of another version


def write(record: Record, folder: Path) -> None:
    """Put the record into the folder, whole or not at all."""
    body = msgspec.msgpack.encode(record)
    aside = folder / ".record.new"
    aside.write_bytes(body + blake2b(body).digest())
    aside.replace(folder / "record")


def still_true(record: Record, made_from: bytes, site: Path, kept: Path, index: Path) -> bool:
    """Would a full build make the same files, and are they all still there?"""
    return (
        record.made_from == made_from
        and holds(kept, record.kept)
        and holds(index, record.index)
        and holds(site, record.site)
    )
