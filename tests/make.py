"""Made-up records for tests: every function takes what the test is about and fills in the rest."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from harvester.model import (
    Agent,
    CatalogRecord,
    Catalogue,
    CatalogueConfig,
    Coded,
    Config,
    Contact,
    Dataset,
    Date,
    Distribution,
    Finding,
    Harvest,
    Place,
    Source,
    SourceRecord,
)


def source(id: str = "elmford", **changes: Any) -> Source:
    return Source(
        **{
            "id": id,
            "url": f"https://data.{id}.example/",
            "name": f"Town of {id.title()}",
            "level": "municipality",
            **changes,
        }
    )


def distribution(id: str = "csv", **changes: Any) -> Distribution:
    return Distribution(
        **{
            "id": id,
            "kind": "data",
            "download_url": f"https://data.elmford.example/files/{id}.csv",
            "title": {"en": "All trees, one row each"},
            "format": Coded(code="csv", raw="CSV"),
            "media_type": Coded(code="text/csv", raw="text/csv"),
            "byte_size": 48_213,
            **changes,
        }
    )


def dataset(number: int = 1, **changes: Any) -> Dataset:
    return Dataset(
        **{
            "id": f"street-trees-{number:06d}",
            "source": "elmford",
            "key": f"tree-{number}",
            "identifiers": (f"tree-{number}",),
            "title": {"en": f"Street trees {number}"},
            "description": {"en": "Every tree that the town **cares for**, with species and year."},
            "keywords": (("en", "parks"), ("en", "trees")),
            "themes": (Coded(code="ENVI", raw="Environment"),),
            "topics": ("ENVI",),
            "publisher": Agent(id="parks-department", name={"en": "Parks Department"}),
            "contacts": (Contact(name="Parks desk", email="parks@elmford.example"),),
            "page": f"https://data.elmford.example/dataset/tree-{number}",
            "licence": Coded(code="CC-BY-4.0", raw="cc-by"),
            "issued": Date(value="2019", raw="2019"),
            "modified": Date(value="2026-03-14", raw="2026-03-14T00:00:00"),
            "frequency": Coded(code="ANNUAL", raw="R/P1Y"),
            "languages": ("en",),
            "spatial": (Place(label="Elmford", bbox=(-83.3, 42.2, -82.9, 42.5), raw="Elmford"),),
            "distributions": (distribution(),),
            **changes,
        }
    )


def record(number: int = 1, **changes: Any) -> CatalogRecord:
    """Keyword arguments that `CatalogRecord` does not know go to its dataset."""
    own = {name: changes.pop(name) for name in ("first_seen", "changed", "findings") if name in changes}
    return CatalogRecord(
        **{
            "dataset": dataset(number, **changes),
            "first_seen": "2026-01-02",
            "changed": "2026-03-15",
            **own,
        }
    )


def harvest(source: str = "elmford", **changes: Any) -> Harvest:
    return Harvest(
        **{
            "source": source,
            "outcome": "fresh",
            "started": "2026-03-15T02:00:00Z",
            "seconds": 1.5,
            "datasets": 3,
            "requests": 1,
            "bytes": 4096,
            **changes,
        }
    )


def config(*sources: Source, **catalogue: Any) -> Config:
    """Keyword arguments go to the `catalogue:` block."""
    return Config(
        catalogue=CatalogueConfig(
            **{
                "title": {"en": "Elm Valley open data"},
                "description": {"en": "What the towns of the Elm Valley publish."},
                "url": "https://elmvalley.example",
                "contact": "data@elmvalley.example",
                "issues_url": "https://github.example/elmvalley/catalogue/issues/new",
                **catalogue,
            }
        ),
        sources=sources or (source(),),
        folder=Path("nowhere"),
    )


def catalogue(*records: CatalogRecord, config: Config = config()) -> Catalogue:  # noqa: B008 - frozen
    return Catalogue(
        config=config,
        records=tuple(sorted(records or [record(n) for n in range(1, 4)], key=lambda r: r.dataset.id)),
        sources=tuple(
            SourceRecord(
                source=each,
                feed="ckan",
                harvests=(harvest(each.id),),
                last_good="2026-03-15T02:00:00Z",
                findings=(Finding(code="feed-shrank", severity="warning", source=each.id),),
            )
            for each in config.sources
        ),
        as_of="2026-03-15T02:00:00Z",
    )
