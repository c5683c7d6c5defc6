"""A made-up region with something of everything that a page can show."""

from __future__ import annotations

from typing import Any

from msgspec.structs import replace

from harvester.model import (
    Agent,
    CatalogRecord,
    Catalogue,
    Coded,
    Contact,
    Date,
    Finding,
    Period,
    Place,
    Problem,
)
from tests import make

SOURCES = (
    make.source("elmford", name="Town of Elmford", contact="data@elmford.example"),
    make.source("ash-county", name="Ash County", level="county"),
    make.source("saint-hilaire", name="Ville de Saint-Hilaire", language="fr"),
    make.source("new-mill", name="New Mill", level=None),
)

THINGS = (
    (
        "Street trees",
        "ENVI",
        "Every tree that the town **cares for**.\n\n- Species\n- Year\n\nhttps://x.example/a_b",
    ),
    ("Bus stops", "TRAN", "All stops of the valley's buses."),
    ("Budget by department", "GOVE", "What each department planned to spend and what it spent."),
    (
        "Air quality",
        "ENVI",
        "Fine dust and ozone at four stations.\n\n# Stations\n\n| a | |\n|---|---|\n| 1 | 2 |",
    ),
    ("Restaurant inspections", "HEAL", ""),
)
FORMATS = ("csv", "xlsx", "geojson", "pdf", "json", "wms", "html", "zip")
LICENCES = ("CC-BY-4.0", "CC0-1.0", "CC-BY-NC-SA-4.0", None)
PUBLISHERS = (("parks", "Parks Department"), ("finance", "Department of Finance"))
FINDINGS = (
    ("licence-missing", "error", "licence", ""),
    ("date-not-parsed", "warning", "modified", "last spring"),
    ("format-unrecognised", "warning", "distributions.f1.format", "<b>XYZ</b>"),
)


def record(number: int, **changes: Any) -> CatalogRecord:
    """One dataset; what it has and lacks depends on its number."""
    name, topic, description = THINGS[number % len(THINGS)]
    source = SOURCES[number % (len(SOURCES) - 1)]
    french = source.id == "saint-hilaire"
    licence = LICENCES[number % len(LICENCES)]
    publisher, publisher_name = PUBLISHERS[number % len(PUBLISHERS)]
    formats = [FORMATS[(number + step) % len(FORMATS)] for step in range(number % 4)]
    return make.record(
        number,
        **{
            "id": f"{name.lower().replace(' ', '-')}-{number:03d}",
            "source": source.id,
            "title": {"fr": f"Qualité de l’air {number}"} if french else {"en": f"{name} {number}"},
            "description": {"fr": "Poussières *fines*."}
            if french
            else {"en": description}
            if description
            else {},
            "topics": (topic, "REGI") if number % 5 == 0 else (topic,),
            "keywords": tuple(("en", word) for word in name.lower().split()),
            "publisher": Agent(
                id=publisher,
                name={"en": publisher_name},
                url="https://parks.example/",
                email="parks@elmford.example",
                parent="City Hall" if number % 2 else None,
            ),
            "contacts": () if number % 6 == 0 else (Contact(name="Desk", email="desk@elmford.example"),),
            "licence": Coded(code=licence, raw=licence or "Ask us first, https://terms.example/")
            if licence or number % 8
            else None,
            "access_rights": Coded(code="RESTRICTED", raw="restricted") if number % 9 == 0 else None,
            "modified": Date(value=None, raw="last spring")
            if number % 7 == 0
            else Date(value="2026-02-03", raw=""),
            "temporal": (Period(start="2019", end="2024-06", raw=""),) if number % 2 else (),
            "spatial": (Place(bbox=(-83.3, 42.2, -82.9, 42.5), raw=""),) if number % 3 else (),
            "landing_page": "https://elmford.example/trees",
            "documentation": ("https://elmford.example/guide.pdf",),
            "distributions": tuple(
                make.distribution(
                    f"f{place}",
                    download_url=f"https://data.elmford.example/files/{place}.{code}",
                    format=Coded(code=code, raw=code.upper()),
                    kind={"wms": "service", "html": "page"}.get(code, "data"),
                    title={"en": f"{name} as {code}"} if place else {},
                    byte_size=48_213 * 10 ** (place * 2) if place < 2 else None,
                )
                for place, code in enumerate(formats)
            ),
            "first_seen": f"2026-01-{1 + number % 28:02d}",
            "changed": f"2026-03-{1 + number % 15:02d}",
            "findings": tuple(
                Finding(code=code, severity=severity, source=source.id, dataset="x", field=field, raw=raw)
                for code, severity, field, raw in FINDINGS[: number % 4]
            ),
            **changes,
        },
    )


def catalogue(count: int = 60, *more: CatalogRecord, **config: Any) -> Catalogue:
    """So many datasets, and `more`; keyword arguments go to the `catalogue:` block."""
    made = make.catalogue(
        *(record(number) for number in range(1, count + 1)),
        *more,
        config=make.config(*SOURCES, **config),
    )
    good, failing, partial, unseen = made.sources
    visits = tuple(make.harvest("elmford", started=f"2026-03-{day:02d}T02:00:00Z") for day in (15, 14, 13))
    problem = Problem(where="https://data.ash-county.example/", what="The portal answered with an error.")
    return replace(
        made,
        sources=(
            replace(good, harvests=visits, findings=()),
            replace(failing, harvests=(make.harvest("ash-county", outcome="failed", problem=problem),)),
            replace(
                partial,
                harvests=(
                    make.harvest(
                        "saint-hilaire", outcome="partial", announced=40, skipped=1, left_out=(problem,)
                    ),
                ),
            ),
            replace(unseen, harvests=(), findings=(), last_good=None),
        ),
    )
