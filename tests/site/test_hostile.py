"""Records that attack: shown as text, never run, never followed."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from msgspec.structs import replace

from harvester.model import (
    Agent,
    CatalogRecord,
    Coded,
    Contact,
    Date,
    Finding,
    Period,
    Place,
    Problem,
)
from tests import make
from tests.site.conftest import Build
from tests.site.test_site import Page

ATTACKS = (
    "<script>alert('evil')</script>",
    "</script><script>alert('evil')</script>",
    "<!--<script> nothing closes this",
    "<img src=x onerror=alert('evil')>",
    "\" onmouseover=\"alert('evil')",
    "' autofocus onfocus=alert('evil') x='",
    "javascript:alert('evil')",
    "<base href=https://evil.example/>",
    "<iframe srcdoc=\"<script>alert('evil')</script>\">",
    "evil-{{7*7}}{% raw %}{{ config }}",
    "%(name)s %s {raw} {0} {name!r}",
    "Line\u2028separator\u2029 \u202etxt.exe \ufeff\u200b\x00\x1b[2J",
    "A" * 20_000,
    "Long " * 20_000,
    "[click](javascript:alert('evil')) ![x](https://tracker.example/p.gif)",
    "../../etc/passwd",
)


def attacked(number: int, attack: str) -> CatalogRecord:
    """A record with the attack in every text that a source can fill."""
    web = "https://evil.example/"
    return make.record(
        number,
        title={"en": attack},
        description={"en": attack},
        keywords=tuple(("en", f"{attack[:200]}{n}") for n in range(70)),
        publisher=Agent(id=f"p{number}", name={"en": attack}, url=attack, email=attack, parent=attack),
        contacts=(Contact(name=attack, email=attack, phone=attack, url=attack, raw_email=attack),),
        page=attack,
        landing_page=attack,
        licence=Coded(code=None, raw=attack),
        rights=attack,
        access_rights=Coded(code=None, raw=attack),
        issued=Date(value=None, raw=attack),
        modified=Date(value=None, raw=attack),
        frequency=Coded(code=None, raw=attack),
        languages=(attack[:20], "en"),
        spatial=(Place(label=attack, uri=attack, raw=attack),),
        temporal=(Period(start=None, end=None, raw=attack),),
        documentation=(attack, web),
        data_dictionary=(attack,),
        conforms_to=(attack,),
        version=attack,
        identifiers=(attack,),
        uri=attack,
        distributions=(
            make.distribution(
                "x",
                title={"en": attack},
                description={attack[:10]: attack},
                download_url=attack,
                access_url=attack,
                format=Coded(code=None, raw=attack),
                media_type=Coded(code=None, raw=attack),
                licence=Coded(code=None, raw=attack),
                modified=Date(value=None, raw=attack),
            ),
        ),
        findings=(
            Finding(code="licence-missing", severity="error", source="elmford", raw=attack, field=attack),
            Finding(code="date-not-parsed", severity="error", source="elmford", raw=attack, field="modified"),
        ),
    )


@pytest.fixture
def site(build: Build) -> Path:
    records = [attacked(number, attack) for number, attack in enumerate(ATTACKS)]
    catalogue = make.catalogue(*records, config=make.config(languages=("en", "fr")))
    left_out = tuple(Problem(where=attack[:200], what="{a}", values={"a": attack}) for attack in ATTACKS)
    source = catalogue.sources[0]
    visit = make.harvest(outcome="partial", left_out=left_out, problem=left_out[0])
    return build(replace(catalogue, sources=(replace(source, harvests=(visit,)),)))


def test_no_attack_becomes_an_element_or_a_link(site: Path) -> None:
    for path in site.rglob("*.html"):
        page = Page(path.read_text())
        for tag, attributes in page.tags:
            assert tag not in ("iframe", "base", "object", "embed", "style", "img") or (
                tag == "img" and (attributes["src"] or "").startswith("/static/")
            ), path
            assert not any(
                name.startswith("on") or name in ("autofocus", "style", "srcdoc") for name in attributes
            )
        for link in page.links:
            assert re.match(r"https?://|mailto:|/|#", link), f"{path}: {link}"
        scripts = [attributes for tag, attributes in page.tags if tag == "script"]
        for attributes in scripts:
            assert attributes.get("src") or attributes["type"] in ("application/json", "application/ld+json")


def test_no_attack_stands_in_a_page_as_it_came(site: Path) -> None:
    for path in site.rglob("*"):
        if path.suffix not in (".html", ".atom", ".xml"):
            continue
        text = path.read_text()
        if path.suffix == ".html":
            assert '" onmouseover="' not in text, path
        for never in (
            "<script>alert",
            "<img src=x",
            "<iframe",
            "<base ",
            "evil-49",
            "\x00",
            "\u202e",
        ):
            assert never not in text, f"{path}: {never}"


def test_no_attack_makes_a_page_endless(site: Path) -> None:
    """A title of 100 kB, ten of them in lists, costs a page no more than some long lines."""
    lists = [path for path in site.rglob("index.html") if "dataset" not in path.parts]
    assert max(path.stat().st_size for path in lists) < 300_000


def test_nothing_is_written_outside_the_folder(site: Path) -> None:
    assert [each.name for each in site.parent.iterdir()] == [site.name]
