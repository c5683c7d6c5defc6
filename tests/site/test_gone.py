"""Datasets that their portal no longer lists: shown for a while with the date, then as withdrawn."""

from __future__ import annotations

from pathlib import Path

import pytest
from msgspec.structs import replace

from harvester import quality, site
from tests import make


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("gone")
    config = make.config(languages=("en", "fr"))
    catalogue = replace(
        make.catalogue(make.record(1), replace(make.record(2), missing="2026-02-03"), config=config),
        withdrawn=(replace(make.record(3), missing="2026-01-04"),),
    )
    site.build(catalogue, folder, profile=quality.load_profile(None))
    return folder


def page(built: Path, number: int, tree: str = "") -> str:
    return (built / tree / "dataset" / f"street-trees-{number:06d}" / "index.html").read_text()


def test_a_missing_dataset_is_shown_and_says_since_when(built: Path) -> None:
    assert "no longer lists this data (since 3 February 2026)" in page(built, 2)
    assert "no longer lists" not in page(built, 1)
    assert "street-trees-000002" in (built / "sitemaps/1.xml").read_text()


def test_a_withdrawn_dataset_keeps_its_address_and_is_found_nowhere_else(built: Path) -> None:
    told = page(built, 3)
    assert "withdrawn: its portal no longer lists it (since 4 January 2026)" in told
    assert '<meta name="robots" content="noindex">' in told
    assert "4 janvier 2026" in page(built, 3, "fr")
    mentioned = [
        path
        for path in built.rglob("*")
        if path.is_file() and "street-trees-000003" in path.read_text(errors="replace")
    ]
    assert {path.parent.name for path in mentioned} == {"street-trees-000003"}
