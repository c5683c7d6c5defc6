"""docs/reaching-out.md tells every limit, and tells it as it is."""

from __future__ import annotations

import re
from pathlib import Path

from harvester.web.budget import Limits

PAGE = (Path(__file__).parents[2] / "docs" / "reaching-out.md").read_text("utf-8")


def test_every_limit_is_told_with_its_value() -> None:
    told = {
        name: float(value.replace(",", "")) for name, value in re.findall(r"\| `(\w+)` \| ([\d.,]+) \|", PAGE)
    }
    limits = Limits()
    assert told == {name: getattr(limits, name) for name in Limits.__struct_fields__}
