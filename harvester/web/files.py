"""Files: those that are sources themselves, and those that large documents are put into."""

from __future__ import annotations

import hashlib
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO
from urllib.parse import urlsplit
from urllib.request import url2pathname

from harvester.document import Document
from harvester.errors import FetchError
from harvester.model import N_, Source
from harvester.web.budget import Budget
from harvester.web.unpack import GZIP, unpack

_CHUNK = 1 << 16


class Spool:
    """Keeps bodies while a visit lasts: small ones in memory, large ones in a folder of its own.

    `kept` is the number of bytes that were kept so far.
    """

    def __init__(self, parent: Path | None, memory_bytes: int) -> None:
        self.kept = 0
        self._parent = parent
        self._memory_bytes = memory_bytes
        self._folder: tempfile.TemporaryDirectory[str] | None = None
        self._count = 0

    def keep(self, pieces: Iterator[bytes], where: str) -> bytes | Path:
        """All the pieces, as bytes or as a file. Raises `FetchError` where they cannot be kept."""
        body = bytearray()
        for piece in pieces:
            body += piece
            if len(body) > self._memory_bytes:
                return self._keep_in_file(bytes(body), pieces, where)
        self.kept += len(body)
        return bytes(body)

    def _keep_in_file(self, first: bytes, pieces: Iterator[bytes], where: str) -> Path:
        try:
            path = self._new_path()
            with path.open("wb") as file:
                self.kept += file.write(first)
                for piece in pieces:
                    self.kept += file.write(piece)
        except OSError as error:
            raise FetchError(
                where,
                N_("The document could not be put on the disk: {reason}."),
                N_("Make room there, or let TMPDIR name a folder with more of it."),
                reason=error.strerror or type(error).__name__,
            ) from error
        return path

    def _new_path(self) -> Path:
        if self._folder is None:
            if self._parent is not None:
                self._parent.mkdir(parents=True, exist_ok=True)
            self._folder = tempfile.TemporaryDirectory(prefix="harvester-", dir=self._parent)
        self._count += 1
        return Path(self._folder.name) / str(self._count)

    def close(self) -> None:
        """Remove what was put into files."""
        if self._folder is not None:
            self._folder.cleanup()
            self._folder = None


class Files:
    """The files that a source's entry names, and no others: its path, or what lies below it."""

    def __init__(self, source: Source) -> None:
        self._written = source.url
        self._path = source.path.resolve() if source.path else None

    @property
    def is_folder(self) -> bool:
        """Is the source a folder, in which new files may turn up?"""
        return self._path is not None and self._path.is_dir()

    def path_of(self, url: str) -> Path | None:
        """The file that an address means: the source's own as it was written, or a `file:` address.

        None for an address that is no file of this source: it is then asked for over the web, where
        `file:` is refused.
        """
        if self._path is None:
            return None
        if url == self._written:
            return self._path
        try:
            parts = urlsplit(url)
            if parts.scheme != "file" or parts.netloc not in ("", "localhost"):
                return None
            path = Path(url2pathname(parts.path)).resolve()
        except (ValueError, OSError, RuntimeError):  # no address, no path, a circle of links
            return None
        return path if path == self._path or self._path in path.parents else None

    def read(self, path: Path, spool: Spool, budget: Budget) -> Document:
        """The file as a document; one that is packed with gzip is unpacked into the spool."""
        etag = self.digest(path, budget.where)
        body: bytes | Path = path
        with path.open("rb") as file:
            if file.read(len(GZIP)) == GZIP:
                file.seek(0)
                body = spool.keep(unpack(_chunks(file, budget), "", budget), budget.where)
        return Document(url=path.as_uri(), body=body, etag=etag)

    @staticmethod
    def digest(path: Path, where: str) -> str:
        """What changes when the content does: takes the part of an ETag. Raises `FetchError`."""
        try:
            if not path.is_file():  # a folder, a device, a pipe
                raise FetchError(where, N_("This is not a file."), N_("Write the path of a file."))
            with path.open("rb") as file:
                return f'"{hashlib.file_digest(file, "sha256").hexdigest()}"'
        except OSError as error:
            raise FetchError(
                where,
                N_("The file cannot be read: {reason}."),
                N_("Check that it is still there and that you may read it."),
                reason=error.strerror or type(error).__name__,
            ) from error


def _chunks(file: BinaryIO, budget: Budget) -> Iterator[bytes]:
    while chunk := file.read(_CHUNK):
        budget.take(len(chunk))
        yield chunk
