"""The valley that all cases happen in."""

from __future__ import annotations

from tests.failures.valley import valley

__all__ = ["valley"]
