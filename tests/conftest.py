"""Fixtures that several test modules share."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

SHARED = Path(__file__).resolve().parents[2] / "shared"
"""Captured portals, beside the checkout; CI has them, a user's clone does not."""


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder of captures. In CI its absence is a failure, elsewhere a skip with its reason."""
    if not SHARED.is_dir():
        if os.environ.get("CI"):
            pytest.fail(f"CI must have the captured portals in {SHARED}")
        pytest.skip(f"needs the captured portals, which are not in {SHARED}")
    return SHARED


@pytest.fixture
def replay(shared: Path) -> Iterator[Any]:
    """A starter of replayed portals: `replay("wprdc", "zurich")` serves them on loopback."""
    sys.path.insert(0, str(shared / "portals"))
    from replay import Replay  # type: ignore[import-not-found]

    running: list[Any] = []

    def start(*portals: str, **options: Any) -> Any:
        running.append(Replay(portals=list(portals) or None, **options).__enter__())
        return running[-1]

    yield start
    for each in running:
        each.__exit__(None, None, None)
