"""The corpus of real CKAN packages, unpacked where the benchmarks can read it."""

from __future__ import annotations

import io
from itertools import islice
from pathlib import Path

import zstandard

SHARED = Path(__file__).resolve().parents[2] / "shared" / "corpus"
PARTS = ("local-government-ckan.jsonl.zst", "federal-ckan.jsonl.zst")

SMALL = 11_382
"""Packages of US cities, counties and states: the first part."""

WHOLE = 93_803
"""All packages: with those of federal publishers."""


def available() -> bool:
    """Is the corpus beside this checkout?"""
    return all((SHARED / part).is_file() for part in PARTS)


def write(path: Path, count: int) -> Path:
    """Write the first `count` packages to `path`, one JSON object a line."""
    left = count
    with path.open("wb") as out:
        for part in PARTS:
            with (
                (SHARED / part).open("rb") as packed,
                zstandard.ZstdDecompressor(max_window_size=2**27).stream_reader(packed) as stream,
            ):
                for line in islice(io.BufferedReader(stream), left):
                    out.write(line)
                    left -= 1
    if left:
        raise ValueError(f"the corpus holds {count - left} packages, not {count}")
    return path
