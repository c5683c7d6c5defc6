"""Sizes of files in bytes, and checksums."""

from __future__ import annotations

import re
from functools import lru_cache

_SIZE = re.compile(r"~?\s*([\d.,'\u00a0\u202f ]*\d)\s*([a-zµ]*)\.?", re.IGNORECASE)
_GROUPED = re.compile(r"\d{1,3}(?:([,.'\u00a0\u202f ])\d{3})(?:\1\d{3})*")
_DECIMAL = re.compile(r"\d+(?:[.,]\d+)?")
_UNITS = {
    "": 1, "b": 1, "byte": 1, "bytes": 1, "o": 1, "octet": 1, "octets": 1,
    "k": 1000, "kb": 1000, "ko": 1000, "kbyte": 1000, "kbytes": 1000,
    "m": 10**6, "mb": 10**6, "mo": 10**6, "mbyte": 10**6, "mbytes": 10**6, "meg": 10**6,
    "g": 10**9, "gb": 10**9, "go": 10**9, "gbyte": 10**9, "gbytes": 10**9, "tb": 10**12, "to": 10**12,
    "kib": 2**10, "kio": 2**10, "mib": 2**20, "mio": 2**20, "gib": 2**30, "gio": 2**30, "tib": 2**40,
}  # fmt: skip
_MOST = 2**53  # what every JSON reader can hold


@lru_cache(maxsize=4096)
def bytes_of(text: str) -> int | None:
    """The number of bytes in "1.2 MB", "1,234", "12.0" or "3,4 Mo"; None when it cannot be read.

    kB and MB are powers of ten, KiB and MiB powers of two (IEC 80000-13). "1.234" without a unit and
    "1,234 KB" could be either number, so they are neither.
    """
    found = _SIZE.fullmatch(text.strip())
    unit = _UNITS.get(found[2].lower()) if found else None
    if not found or unit is None:
        return None
    number = _number(found[1].strip(), whole=unit == 1)
    if number is None:
        return None
    size = number * unit
    return int(size) if 0 <= size < _MOST and (unit > 1 or size == int(size)) else None


def _number(digits: str, whole: bool) -> float | None:
    if digits.isdecimal():
        return int(digits) if len(digits) < 19 else None
    grouped = _GROUPED.fullmatch(digits)
    if grouped and (len(digits) > 7 or (whole and grouped[1] != ".") or grouped[1] not in ".,"):
        return int(re.sub(r"\D", "", digits))
    if _DECIMAL.fullmatch(digits) and not (grouped and (whole or "," in digits)):
        return float(digits.replace(",", "."))
    return None


_BY_LENGTH = {32: "md5", 40: "sha1", 64: "sha256", 96: "sha384", 128: "sha512"}
_CHECKSUM = re.compile(r"(?:.*?(md5|sha-?1|sha-?256|sha-?384|sha-?512)\W+)?([0-9a-f]{32,128})", re.IGNORECASE)


def checksum(text: str | None) -> str | None:
    """`algorithm:hex` from "MD5:…", a bare hexadecimal value, or an SPDX algorithm and value."""
    found = _CHECKSUM.fullmatch(text.strip()) if text and len(text) < 400 else None
    if not found:
        return None
    algorithm = _BY_LENGTH.get(len(found[2]))
    stated = (found[1] or algorithm or "").lower().replace("-", "")
    return f"{algorithm}:{found[2].lower()}" if algorithm and stated == algorithm else None
