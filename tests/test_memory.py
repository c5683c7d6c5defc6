"""One source costs less than 300 MB, whatever it sends, with the limits of every night.

`python -m benchmarks.memory` measures many more, and larger ones.
"""

from __future__ import annotations

import pytest

from benchmarks.memory import MOST, measure


@pytest.mark.parametrize(
    "name",
    [
        "gzip bomb",
        "JSON of one text",
        "deep JSON objects",
        "JSON-LD",
        "CSW records",
        "page of elements",
        "page of JSON-LD",
    ],
)
def test_one_source_costs_little_memory(name: str) -> None:
    told = measure(name, megabytes=40)
    assert told["peak"] < MOST, told
