"""Failures 1 to 5: lists in pages."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from tests.failures.valley import Valley, data_json, entry, told
from tests.web.server import Answer, answer

SORRY = "<!doctype html><title>Sorry</title><h1>We are having technical difficulties</h1>"


def linked_pages(*pages: list[dict[str, Any]]) -> dict[str, Answer]:
    """A data.json in pages, each with a `Link` header to the next one."""
    made: dict[str, Answer] = {}
    for number, page in enumerate(pages, 1):
        more = f'</data.json?page={number + 1}>; rel="next"' if number < len(pages) else ""
        path = "/data.json" if number == 1 else f"/data.json?page={number}"
        made[path] = answer(data_json(*page).encode(), Link=more)
    return made


def test_failure_01_every_page_of_a_data_json_is_harvested(valley: Valley) -> None:
    """GSA/data.gov#3379: data.json is paged (`?page=2`); only page 1 was harvested."""
    pages = [[entry(n), entry(n + 1)] for n in (0, 2, 4)]
    valley.portal()
    valley.serve(linked_pages(*pages))
    assert told(valley.night()) == ("fresh", 6, 0, 0)
    assert valley.server.paths() == ["/data.json", "/data.json?page=2", "/data.json?page=3"]

    yesterday = valley.shown()
    valley.serve({**linked_pages(*pages), "/data.json?page=2": answer(b"", 500)})
    harvest = valley.night()
    assert (harvest.outcome, harvest.removed, harvest.missing) == ("partial", 0, 0)
    assert "page=2" in str(harvest.problem)
    assert valley.shown() == yesterday


def test_failure_01_pages_are_counted_up_until_there_are_no_more(valley: Valley) -> None:
    """GSA/data.gov#3379: nobody names page 2, but the address of the first one has a number."""
    valley.portal("/data.json?page=1")
    pages = {f"/data.json?page={n}": data_json(entry(2 * n), entry(2 * n + 1)) for n in (1, 2, 3)}
    valley.serve(pages)
    assert told(valley.night()) == ("fresh", 6, 0, 0)

    yesterday = valley.shown()
    valley.serve({**pages, "/data.json?page=3": answer(b"", 503)})
    harvest = valley.night()
    assert (harvest.outcome, harvest.missing) == ("partial", 0), "a page that is too busy is not the end"
    assert valley.shown() == yesterday


TURTLE = """
@prefix dcat: <http://www.w3.org/ns/dcat#> . @prefix dct: <http://purl.org/dc/terms/> .
@prefix hydra: <http://www.w3.org/ns/hydra/core#> .
<https://elmford.example/dataset/{n}> a dcat:Dataset ; dct:title "Dataset number {n}"@en .
<{here}> a hydra:PartialCollectionView ; hydra:next <{following}> .
"""


def test_failure_02_a_circle_of_hydra_pages_is_walked_once(valley: Valley) -> None:
    """ckan/ckanext-dcat#260: the hydra next page leads round in a circle until memory runs out."""
    paths = ["/catalog.ttl", "/catalog.ttl?page=2", "/catalog.ttl?page=3"]

    def circle(*following: str) -> dict[str, str]:
        return {
            path: TURTLE.format(n=n, here=path, following=after)
            for n, (path, after) in enumerate(zip(paths, following, strict=True))
        }

    valley.portal("/catalog.ttl")
    valley.serve(circle(paths[1], paths[2], paths[0]))
    assert told(valley.night()) == ("fresh", 3, 0, 0)
    assert valley.server.paths() == paths

    yesterday = valley.shown()
    other_words = {f"/catalog.ttl?page={n}": circle(*paths)[paths[0]] for n in range(4, 40)}
    for n in range(4, 39):  # each page has an address of its own, and says the same
        path = f"/catalog.ttl?page={n}"
        other_words[path] = TURTLE.format(n=0, here=path, following=f"/catalog.ttl?page={n + 1}")
    valley.serve({**circle(paths[1], paths[2], "/catalog.ttl?page=4"), **other_words})
    harvest = valley.night()
    assert (harvest.outcome, harvest.removed) == ("partial", 0)
    assert "repeats datasets of earlier pages" in str(harvest.problem)
    assert len(valley.server.paths()) <= 5
    assert valley.shown() == yesterday


@pytest.mark.parametrize("then", ["the same page", "an error page"])
def test_failure_03_the_same_answer_again_and_again_comes_to_an_end(valley: Valley, then: str) -> None:
    """Fedict/dcattools#86, #242: an error page or the same page again and again: endless loop."""

    def page(number: int, content: list[Any]) -> str:
        return data_json(*content, next=f"/data.json?page={number + 1}")

    good = {f"/data.json?page={n}": page(n, [entry(n)]) for n in (2, 3, 4)}
    valley.portal()
    valley.serve({"/data.json": page(1, [entry(0), entry(1)]), **good, "/data.json?page=5": data_json()})
    assert told(valley.night()) == ("fresh", 5, 0, 0)

    yesterday = valley.shown()
    first = [entry(0), entry(1)]
    bad = {f"/data.json?page={n}": SORRY if then == "an error page" else page(n, first) for n in range(2, 50)}
    valley.serve({"/data.json": page(1, first), **bad})
    harvest = valley.night()
    assert harvest.outcome == ("partial" if then == "an error page" else "suspicious")
    assert harvest.removed == 0
    assert len(valley.server.paths()) <= 3
    assert valley.shown() == yesterday


CSW = "/csw?service=CSW&version=2.0.2&request=GetRecords&maxRecords=2&startPosition={}"
RECORDS = """<csw:GetRecordsResponse xmlns:csw="http://www.opengis.net/cat/csw/2.0.2"
 xmlns:dc="http://purl.org/dc/elements/1.1/">
<csw:SearchResults numberOfRecordsMatched="{matched}" numberOfRecordsReturned="2" nextRecord="{following}">
{records}</csw:SearchResults></csw:GetRecordsResponse>"""
RECORD = (
    "<csw:Record><dc:identifier>r{n}</dc:identifier><dc:title>Wave heights of year {n}</dc:title>"
    "<dc:type>dataset</dc:type></csw:Record>"
)


def records(*numbers: int, following: int, matched: int = 6) -> str:
    return RECORDS.format(
        matched=matched, following=following, records="".join(RECORD.format(n=n) for n in numbers)
    )


def test_failure_04_a_wrong_next_record_and_an_empty_page_lose_nothing(valley: Valley) -> None:
    """geonetwork/core-geonetwork#1355, #3713: CSW nextRecord wrong, or an empty page in the middle."""
    valley.portal(CSW.format(1))
    wrong = {  # the last page names a record behind the end, as a real service did
        CSW.format(1): records(1, 2, following=3),
        CSW.format(3): records(3, 4, following=3),
        CSW.format(5): records(5, 6, following=7),
    }
    valley.serve(wrong)
    assert told(valley.night()) == ("fresh", 6, 0, 0)
    assert len(valley.server.paths()) == 3

    yesterday = valley.shown()
    valley.serve({**wrong, CSW.format(3): records(following=5)})
    harvest = valley.night()
    assert (harvest.outcome, harvest.removed, harvest.missing) == ("partial", 0, 0)
    assert "6 datasets, but gave only 4" in str(harvest.problem)
    assert valley.shown() == yesterday


def package(n: int) -> dict[str, Any]:
    return {
        "id": f"00000000-0000-4000-8000-{n:012d}",
        "name": f"package-{n}",
        "title": f"Package number {n}",
        "notes": "Enough words about it for everybody.",
        "type": "dataset",
        "state": "active",
        "resources": [{"id": f"r{n}", "url": f"https://elmford.example/p{n}.csv", "format": "CSV"}],
    }


class Ckan:
    """A portal that gives at most `most` packages, however many are asked for."""

    def __init__(self, packages: list[dict[str, Any]], most: int, count: int | None = None) -> None:
        self.packages, self.most, self.count = packages, most, count or len(packages)

    def answers(self, asked: list[str]) -> dict[str, str]:
        """Its answers to these questions."""
        return {path: json.dumps(self.answer(path)) for path in asked}

    def answer(self, path: str) -> dict[str, Any]:
        query = parse_qs(urlsplit(path).query)
        start, rows = int(query["start"][0]), min(self.most, int(query["rows"][0]))
        assert query["sort"] == ["id asc"], "sorted by modified, pages miss and repeat records"
        result = {"count": self.count, "results": self.packages[start : start + rows]}
        return {"success": True, "result": result}


def test_failure_05_a_cap_on_rows_and_records_that_are_repeated_lose_nothing(valley: Valley) -> None:
    """ckan/ckanapi#44, ckan/ckan#2589: paging by modified misses and repeats records; CKAN's cap of rows."""

    def questions(rows: int) -> list[str]:
        search = "/api/3/action/package_search?rows={}&start={}&sort=id+asc"
        return [search.format(rows, start) for start in range(12)]

    packages = [package(n) for n in range(7)]
    valley.portal("/", type="ckan", settings={"rows": 5})
    valley.serve(Ckan(packages, most=2).answers(questions(5)))
    assert told(valley.night()) == ("fresh", 7, 0, 0)

    yesterday = valley.shown()
    moved = [*packages[:3], packages[2], *packages[3:6]]  # one came twice, and so one was pushed out
    valley.serve(Ckan(moved, most=2).answers(questions(5)))
    harvest = valley.night()
    assert (harvest.outcome, harvest.removed, harvest.missing) == ("partial", 0, 0)
    assert "7 datasets, but gave only 6" in str(harvest.problem)
    assert valley.shown() == yesterday
