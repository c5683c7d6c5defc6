"""A document: one fetched answer, in memory when small, in a file when large."""

from __future__ import annotations

import io
from pathlib import Path
from typing import BinaryIO, Protocol

from msgspec import Struct


class Document(Struct, frozen=True, kw_only=True):
    """What one address answered.

    `url` is the address that answered in the end, after redirects: relative links start there.
    `media_type` is the server's claim, lower case, without parameters; content decides, not this.
    `body` is the decoded content (gzip already undone), or the file that it was spooled to.
    """

    url: str
    body: bytes | Path
    media_type: str = ""
    charset: str | None = None  # as the server claims
    links: dict[str, str] = {}  # the Link header: relation → absolute address
    etag: str | None = None
    last_modified: str | None = None
    length: int | None = None  # bytes, as the server claims; all that `Get.head` knows of the size

    def open(self) -> BinaryIO:
        """The content as a stream, from its beginning; the caller closes it."""
        return io.BytesIO(self.body) if isinstance(self.body, bytes) else self.body.open("rb")

    def read(self) -> bytes:
        """The whole content in memory: for formats that cannot be streamed."""
        return self.body if isinstance(self.body, bytes) else self.body.read_bytes()

    def head(self, size: int = 4096) -> bytes:
        """The first `size` bytes, for recognising what it is."""
        with self.open() as stream:
            return stream.read(size)

    @property
    def size(self) -> int:
        """Bytes of decoded content."""
        return len(self.body) if isinstance(self.body, bytes) else self.body.stat().st_size


class Get(Protocol):
    """How a feed reaches the web, and its only IO. Raises `FetchError` when an address cannot be had."""

    def __call__(self, url: str, /) -> Document:
        """The document at an address."""

    def head(self, url: str, /) -> Document:
        """What the server says about the document at an address; its body is empty."""
