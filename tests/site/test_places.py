"""Where a dataset is about, in words that need no map."""

from __future__ import annotations

from pathlib import Path

import pytest

from harvester import quality, site
from harvester.model import Place
from tests import make


@pytest.mark.parametrize(
    ("box", "words"),
    [
        ((-80.1, 40.3, -79.9, 40.5), "about 17 km wide and 22 km high, around 40.4°, -80°"),
        ((-80.0, 40.0, -80.0, 40.0), "the place at 40°, -80°"),
        ((-180.0, -90.0, 180.0, 90.0), "the whole world"),
        ((179.0, -17.0, -179.0, -16.0), "about 213 km wide and 111 km high, around -16.5°, -180°"),
    ],
)
def test_a_box_is_told_as_a_size_and_a_middle(
    box: tuple[float, float, float, float], words: str, tmp_path: Path
) -> None:
    record = make.record(1, spatial=(Place(bbox=box, raw=""),))
    site.build(make.catalogue(record), tmp_path, profile=quality.load_profile(None))
    page = (tmp_path / "dataset" / record.dataset.id / "index.html").read_text()
    assert words in page.replace("\u2212", "-").replace("\xa0", " ")
