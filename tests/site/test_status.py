"""The status page: for each source the last good harvest, since when it is stale and why, and its feed."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from msgspec.structs import replace

from harvester import quality, site
from harvester.model import Problem
from tests import make

BAD = make.harvest(
    "ashby",
    outcome="failed",
    started="2026-03-14T02:00:00Z",
    datasets=1,
    problem=Problem(where="data.ashby.example", what="Refused <script>{n}</script>.", values={"n": "403"}),
)


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("status")
    config = make.config(
        make.source("elmford"), make.source("ashby"), make.source("new"), languages=("en", "fr")
    )
    records = (
        make.record(1),
        replace(make.record(2), missing="2026-03-10"),
        make.record(3, source="ashby"),
    )
    catalogue = make.catalogue(*records, config=config)
    elmford, ashby, new = catalogue.sources
    catalogue = replace(
        catalogue,
        sources=(
            replace(elmford, feed_url="https://data.elmford.example/api/3/"),
            replace(
                ashby,
                harvests=(BAD, *ashby.harvests),
                last_good="2026-03-01T02:00:00Z",
                stale_since="2026-03-02T02:00:00Z",
            ),
            replace(new, harvests=(), feed=None, last_good=None),
        ),
        withdrawn=(make.record(4), make.record(5)),
    )
    site.build(catalogue, folder, profile=quality.load_profile(None))
    return folder


def sections(built: Path, tree: str = "") -> list[str]:
    """Each source's part of the page, its words only."""
    page = (built / tree / "status" / "index.html").read_text()
    parts = re.findall(r'<section class="panel.*?</section>', page, re.S)
    return [" ".join(re.sub(r"<[^>]+>", "", part).split()) for part in parts]


def test_the_source_in_trouble_stands_first_with_since_when_and_why(built: Path) -> None:
    first, *_ = sections(built)
    for words in (
        "Town of Ashby",
        "Out of date since 2 March 2026.",
        "The portal could not be read. What we had is kept.",
        "data.ashby.example: Refused &lt;script&gt;403&lt;/script&gt;.",
        "Last read as a whole: 1 March 2026.",
        "1 dataset",
    ):
        assert words in first
    page = (built / "status/index.html").read_text()
    assert "1 portal could not be read as a whole" in page
    assert "<script>403" not in page


def test_a_good_source_tells_its_feed_and_what_it_lists_no_longer(built: Path) -> None:
    _, good, never = sections(built)
    assert "Out of date" not in good
    assert "1 dataset · 1 no longer listed by the portal, and still shown · 2 withdrawn" in good
    assert "Read as: ckan · https://data.elmford.example/api/3/" in good
    assert never == "Town of New This portal has not been visited yet."


def test_every_page_leads_there_in_its_language(built: Path) -> None:
    assert 'href="/status/"' in (built / "dataset/street-trees-000001/index.html").read_text()
    assert 'href="/fr/status/"' in (built / "fr/dataset/street-trees-000001/index.html").read_text()
    assert "2 mars 2026" in sections(built, "fr")[0]
    assert "https://elmvalley.example/status/" in (built / "sitemaps/1.xml").read_text()
