"""What a server's headers say; every one of them may be missing, wrong or hostile."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime
from email.utils import parsedate_to_datetime
from urllib.parse import urldefrag, urljoin, urlsplit

from msgspec import Struct
from requests.utils import parse_header_links

_LONGEST_WAIT = 10**9
_MEDIA_TYPE = re.compile(r"[a-z0-9][a-z0-9!#$&^_.+-]*/[a-z0-9][a-z0-9!#$&^_.+-]*")
_CHARSET = re.compile(r"""charset\s*=\s*["']?([A-Za-z0-9][A-Za-z0-9_.:+-]{0,39})""", re.IGNORECASE)
_VALIDATOR = re.compile(r"[\x21-\x7e][\x20-\x7e]{0,499}")


class Validators(Struct, frozen=True, kw_only=True):
    """What a server gave us so that we can ask later whether a document has changed (RFC 9110, 8.8)."""

    etag: str | None = None
    last_modified: str | None = None

    def __bool__(self) -> bool:
        return bool(self.etag or self.last_modified)

    def headers(self) -> dict[str, str]:
        """The question: "only if it is another one than this"."""
        asked = {
            "If-None-Match": validator(self.etag),
            "If-Modified-Since": validator(self.last_modified),
        }
        return {name: value for name, value in asked.items() if value}


def validators(headers: Mapping[str, str]) -> Validators:
    """The validators of an answer."""
    return Validators(
        etag=validator(headers.get("ETag")), last_modified=validator(headers.get("Last-Modified"))
    )


def validator(value: str | None) -> str | None:
    """The value when it can be kept and sent back: short, and in ASCII."""
    return value if value and _VALIDATOR.fullmatch(value) else None


def media_type(headers: Mapping[str, str]) -> str:
    """The claimed media type, in small letters and without parameters; empty where there is none."""
    claimed = headers.get("Content-Type", "").partition(";")[0].strip().lower()
    return claimed if _MEDIA_TYPE.fullmatch(claimed) else ""


def length(headers: Mapping[str, str]) -> int | None:
    """The claimed size of the document in bytes; None where only its packed size is told."""
    claimed = headers.get("Content-Length", "")
    if headers.get("Content-Encoding", "").strip().lower() not in ("", "identity"):
        return None
    return int(claimed) if claimed.isascii() and claimed.isdigit() and len(claimed) < 16 else None


def charset(headers: Mapping[str, str]) -> str | None:
    """The claimed charset, where it is one that any bytes can be decoded by, with replacements."""
    found = _CHARSET.search(headers.get("Content-Type", ""))
    if not found:
        return None
    try:
        bytes(range(256)).decode(found[1], "replace")
    except (LookupError, ValueError):  # unknown, or a codec that is none of text, such as "hex" or "idna"
        return None
    return found[1].lower()


def links(headers: Mapping[str, str], base: str) -> dict[str, str]:
    """The Link header (RFC 8288): relation → absolute web address; the first of each relation."""
    found: dict[str, str] = {}
    for link in parse_header_links(headers.get("Link", "")):
        target = resolve(base, link.get("url", ""))
        for relation in link.get("rel", "").lower().split():
            if target:
                found.setdefault(relation, target)
    return found


def resolve(base: str, reference: str) -> str | None:
    """The absolute http or https address that a reference means, without a fragment; None if it is none."""
    try:
        target = urldefrag(urljoin(base, reference.strip())).url
        parts = urlsplit(target)
        return target if parts.scheme in ("http", "https") and parts.hostname else None
    except ValueError:
        return None


def location(headers: Mapping[str, str]) -> str:
    """Where a redirect leads, as written. Header bytes are read as Latin-1, but many mean UTF-8."""
    written = headers.get("Location", "")
    try:
        return written.encode("latin-1").decode("utf-8")
    except UnicodeError:
        return written


def retry_after(headers: Mapping[str, str]) -> float | None:
    """How many seconds the server asks us to wait; None where it does not, or nobody can tell.

    A date (RFC 9110, 10.2.3) is held against the server's own Date, since clocks differ.
    """
    written = headers.get("Retry-After", "").strip()
    if written.isascii() and written.isdigit():
        return float(min(int(written[:10]), _LONGEST_WAIT))
    until, now = _date(written), _date(headers.get("Date", ""))
    return max(0.0, (until - now).total_seconds()) if until and now else None


def _date(written: str) -> datetime | None:
    try:
        date = parsedate_to_datetime(written)
    except (ValueError, TypeError, OverflowError, IndexError):
        return None
    return date if date.tzinfo else None


def shown(address: str) -> str:
    """An address to be read by people: one line, not endless, and without a name and password."""
    plain = "".join(c if c.isprintable() else "?" for c in address)
    plain = re.sub(r"^([A-Za-z][\w+.-]*:)?//[^/?#]*@", r"\1//", plain)
    return plain if len(plain) <= 300 else plain[:299] + "…"
