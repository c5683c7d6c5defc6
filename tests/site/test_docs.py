"""docs/site.md says what is there."""

from __future__ import annotations

from pathlib import Path

from harvester.site import theme
from harvester.site.addresses import OVERVIEWS, TOPICS
from harvester.site.theme import own_folder

DOCS = (Path(__file__).resolve().parents[2] / "docs/site.md").read_text("utf-8")


def test_every_template_is_described() -> None:
    pages = [path.name for path in (own_folder() / "templates").glob("*.html") if path.name != "base.html"]
    assert pages
    assert [name for name in pages if f"`{name}`" not in DOCS] == []


def test_every_address_is_listed() -> None:
    assert [path for path in OVERVIEWS.values() if f"`{path}`" not in DOCS] == []
    assert [slug for slug in TOPICS.values() if f"`{slug}`" not in DOCS] == []


def test_every_name_that_templates_get_is_listed() -> None:
    files = theme.load(own_folder())
    for name in ("site", "page", "link", "shared", "asset", "icon", "part", "number", "date", "datasets"):
        assert f"`{name}" in DOCS
    assert set(files.content) == {"en", "fr", "es"}
    assert files.content["en"].keys() == files.content["fr"].keys() == files.content["es"].keys()
