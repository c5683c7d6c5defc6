"""Failures 31 to 33: what people are told, and how much of it."""

from __future__ import annotations

import datetime as dt
import gzip
import json
import re
from html import unescape

from msgspec.structs import replace

from harvester import pipeline, quality, telling
from harvester.cli.checking import report
from harvester.telling import Close, Issue, Move, Open, Reopen, Voice
from harvester.web.fetch import Fetcher
from tests.failures.valley import Valley, data_json, entry
from tests.web.server import answer

GOOD = data_json(*(entry(n) for n in range(5)))


class Issues:
    """The issues of the catalogue's repository, and what was done to them night by night."""

    def __init__(self, valley: Valley) -> None:
        self.valley = valley
        self.issues: list[Issue] = []
        self.done: list[Move] = []

    def night(self, letter: str) -> None:
        """A night on which Elmford's portal fails (F) or not, and what is told of it."""
        self.valley.serve({"/data.json": GOOD if letter == "o" else answer(b"", 500)})
        self.valley.night()
        store, now = self.valley.store, self.valley.now.strftime("%Y-%m-%dT03:00:00Z")
        sources = [(source, store.harvests(source.id, 100)) for source in self.valley.config.sources]
        voice = Voice(say=str, date=str, page=lambda id: f"https://elmvalley.example/source/{id}/")
        for move in telling.moves(sources, self.issues, voice):
            self.done.append(move)
            match move:
                case Open():
                    self.issues.append(Issue(len(self.issues) + 1, move.source, is_open=True))
                case Reopen() | Close():
                    is_open = isinstance(move, Reopen)
                    self.issues = [
                        replace(each, is_open=is_open, closed=None if is_open else now)
                        if each.number == move.number
                        else each
                        for each in self.issues
                    ]


def test_failure_31_a_flapping_address_is_told_once(valley: Valley) -> None:
    """OpenDataScotland/the_od_bods#332 to #346: eleven alerts for one flapping address."""
    valley.portal(type="dcat_us")
    issues = Issues(valley)
    for letter in "oFoFFo":
        issues.night(letter)
    assert issues.done == [], "a bad night or two are nobody's business"
    yesterday = valley.shown()

    for letter in "FFF" + "oF" * 8:
        issues.night(letter)
        assert valley.shown() == yesterday
    assert [(type(move), move.source) for move in issues.done] == [(Open, "elmford")]

    for letter in "ooo":
        issues.night(letter)
    assert [type(move) for move in issues.done] == [Open, Close]
    for letter in "FFF":  # the same again, a few days later
        issues.night(letter)
    assert [type(move) for move in issues.done] == [Open, Close, Reopen]
    assert len(issues.issues) == 1


def test_failure_32_the_search_of_4200_datasets_is_small(valley: Valley) -> None:
    """okestonia/opendata.riik.ee#411, timwis/jkan#290: one JSON for search, slow at 4,200 (9.3 MB)."""
    count, words = 60, [f"word{n}" for n in range(3000)]
    long = [
        entry(
            n,
            title=f"Dataset number {n} of the town, with a title of the usual length",
            description=" ".join(words[n * 7 : n * 7 + 300]),  # 2,500 characters
            keyword=words[n * 11 : n * 11 + 8],
            distribution=[
                {"downloadURL": f"https://elmford.example/files/{n}/{kind}", "format": kind}
                for kind in ("CSV", "JSON", "XML")
            ],
        )
        for n in range(count)
    ]
    valley.portal()
    valley.serve({"/data.json": data_json(*long)})
    valley.night()
    site = valley.publish()
    index = (site / "search" / "index.json").read_bytes()
    held = json.loads(index)["datasets"]
    assert len(held) == count + 3
    share = 4200 / len(held)
    assert len(index) * share < 2_500_000
    assert len(gzip.compress(index)) * share < 800_000

    listed = set()  # and who has no script finds everything by following links
    for page in [
        site / "index.html",
        *site.glob("datasets/**/index.html"),
        *site.glob("source/**/index.html"),
    ]:
        listed |= set(re.findall(r'href="[^"]*/dataset/([\w-]+)/"', page.read_text()))
    assert listed == {row[0] for row in held}


def test_failure_33_a_report_says_where_what_and_how_to_mend_it(valley: Valley) -> None:
    """GSA/datagov-ckan-multi#220: reports that the town can do nothing with."""
    valley.portal(contact="clerk@elmford.example")
    valley.serve({"/data.json": GOOD})
    valley.night()
    yesterday = valley.shown()
    bad = data_json(
        entry(0, license="as the mayor pleases", modified="last spring"),
        entry(1, title="x", description="", keyword=None),
        entry(2, distribution=[{"downloadURL": "see the library", "format": "CVS"}]),
        entry(3, contactPoint={"fn": "Desk", "hasEmail": "mailto:desk at elmford"}, publisher=None),
        entry(4, title=None),
        "what is this",
    )
    valley.serve({"/data.json": bad})
    source = valley.sources["elmford"]
    with Fetcher("tests", valley.limits) as fetcher:
        now = dt.datetime(2026, 3, 3, tzinfo=dt.UTC)
        checked = pipeline.check(source, fetcher, valley.profile, lambda: now)
    assert valley.shown() == yesterday, "checking keeps nothing"
    said = report(source, checked, valley.profile)

    assert len({finding.code for finding in checked.findings}) >= 6
    for finding in checked.findings:
        told = quality.explain(finding, valley.profile, checked.feed)
        title, remedy = (part.format(**told.values) for part in (told.title, told.remedy))
        assert title in said, finding
        assert remedy in said, finding
        assert remedy.endswith("."), finding
    for words in ("last spring", "as the mayor pleases", "see the library", "“d4”", "what is this"):
        assert words.strip("“”") in said, words
    assert "Dataset number 0" in said
    assert not re.search(
        r"Traceback|Error\b|\bNone\b|null|\{\w+\}|\b[a-z]+(?:-[a-z]+)?-(?:missing|invalid)\b", said
    )

    harvest = valley.night()
    assert (harvest.outcome, harvest.datasets, harvest.skipped) == ("fresh", 4, 2)
    page = unescape((valley.publish() / "source" / "elmford" / "index.html").read_text())
    assert "mailto:clerk@elmford.example" in page
    for finding in valley.store.findings("elmford"):
        told = quality.explain(finding, valley.profile, checked.feed)
        assert told.title.format(**told.values) in page, finding
