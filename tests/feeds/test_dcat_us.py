"""data.json files, well-formed and otherwise."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from harvester.document import Document
from harvester.errors import FeedError, FetchError
from harvester.feeds import dcat_us
from harvester.feeds._dcat_us_dataset import draft_of
from harvester.model import Draft, Item, Note
from tests import make
from tests.feeds import captured
from tests.feeds.captured import drafts, lean, problems
from tests.feeds.web import Web, web

FIXTURES = sorted((Path(__file__).parent / "fixtures" / "dcat_us").glob("*.json"))
URL = "https://data.elmford.example/data.json"
POD = "https://project-open-data.cio.gov/v1.1/schema"


def dataset(number: int = 1, **fields: Any) -> dict[str, Any]:
    return {"identifier": f"d{number}", "title": f"Dataset {number}", "keyword": ["k"], **fields}


def catalogue(*datasets: Any, **members: Any) -> dict[str, Any]:
    return {"conformsTo": POD, "dataset": list(datasets), **members}


def read(answers: Web | bytes | dict[str, Any] | list[Any], url: str = URL) -> list[Item]:
    get = answers if isinstance(answers, Web) else web({url: answers})
    return list(dcat_us.read(make.source(url=url), get))


def keys(items: list[Item]) -> list[str | None]:
    return [draft.key for draft in drafts(items)]


# ------------------------------------------------------------------------------ one dataset


@pytest.mark.parametrize("path", FIXTURES, ids=lambda path: path.stem)
def test_a_dataset_becomes_a_draft(path: Path):
    """Each fixture holds its rule, the dataset, and the draft that is expected of it."""
    case = json.loads(path.read_text(encoding="utf-8"))
    assert lean(draft_of(case["input"], URL)) == case["expected"]


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=6,
)
FIELDS = sorted({f for path in FIXTURES for f in json.loads(path.read_text(encoding="utf-8"))["input"]})


@settings(deadline=None)
@given(st.dictionaries(st.sampled_from(FIELDS) | st.text(max_size=5), JSON))
def test_any_object_whatever_becomes_a_draft(record: dict[str, Any]):
    draft = draft_of(record, URL)
    assert msgspec.convert(msgspec.to_builtins(draft), Draft) == draft


def test_no_account_of_a_person_enters_a_draft():
    record = dataset(owner="jdoe", createdBy={"name": "jdoe"}, author="jdoe", distribution={"user": "jdoe"})
    assert "jdoe" not in str(draft_of(record, URL))


# ------------------------------------------------------------------------------ documents


@pytest.mark.parametrize(
    "encode",
    [
        lambda text: text.encode(),
        lambda text: text.encode("utf-8-sig"),
        lambda text: text.encode("utf-16"),
        lambda text: text.encode("utf-16-le"),
        lambda text: text.encode("cp1252"),
        lambda text: text.replace("}]", "},]").encode(),
        lambda text: text.replace('"Kö', '"\x0bKö').encode(),
    ],
    ids=[
        "utf-8",
        "mark",
        "utf-16",
        "utf-16 without mark",
        "windows-1252",
        "trailing comma",
        "control character",
    ],
)
def test_every_encoding_and_small_mistake_is_read(encode):
    text = json.dumps(catalogue(dataset(1, title="Köln"), dataset(2)), ensure_ascii=False)
    found = drafts(read(encode(text)))
    assert [draft.title[""].strip("\x0b") for draft in found] == ["Köln", "Dataset 2"]


def test_what_had_to_be_mended_is_noted():
    raw = json.dumps(catalogue(dataset(1, title="Köln"), dataset(2)), ensure_ascii=False).encode("cp1252")
    assert [draft.notes for draft in drafts(read(raw))] == [(Note(code="feed-repaired", field=""),), ()]


def test_a_numeric_title_keeps_its_digits():
    raw = b'{"dataset": [{"identifier": "a", "title": 300.10}]}'
    [draft] = drafts(read(raw))
    assert draft.title == {"": "300.10"}
    assert draft.notes == (Note(code="value-unexpected-type", field="title", raw="300.10"),)


def test_two_records_with_one_identifier_are_both_read():
    """Identity is decided later, with the whole harvest in view."""
    assert keys(read(catalogue(dataset(1), dataset(1, title="Other")))) == ["d1", "d1"]


@pytest.mark.parametrize(
    ("document", "expected"),
    [
        (catalogue(), []),
        ({"conformsTo": POD, "dataset": None}, []),
        ({"dataset": dataset()}, ["d1"]),
        ([dataset(1), dataset(2)], ["d1", "d2"]),
        (dataset(distribution=[]), ["d1"]),
        (catalogue({}), [None]),
    ],
    ids=["empty", "null", "an object", "a list", "a single dataset", "an empty dataset"],
)
def test_other_shapes_of_the_list(document, expected):
    items = read(json.dumps(document).encode())
    assert keys(items) == expected
    assert problems(items) == []


def test_entries_that_are_no_datasets_are_told_and_cost_nothing():
    items = read(catalogue("see below", None, ["x"], dataset(1)))
    assert keys(items) == ["d1"]
    assert [str(problem) for problem in problems(items)] == [
        f'{URL}: Entry 1 of the list is no dataset: “"see below"”.',
        f"{URL}: Entry 2 of the list is no dataset: “null”.",
        f'{URL}: Entry 3 of the list is no dataset: “["x"]”.',
    ]


# ------------------------------------------------------------------------------ DCAT-US 3


@pytest.mark.parametrize(
    ("members", "expected"),
    [
        ({"catalog": [catalogue(dataset(2), catalog=[catalogue(dataset(3))])]}, ["d1", "d2", "d3"]),
        ({"catalog": catalogue(dataset(2))}, ["d1", "d2"]),
        ({"hasPart": ["https://elsewhere.example/", catalogue(dataset(2))]}, ["d1", "d2"]),
        ({"catalog": [{"title": "Empty"}, None, "x"]}, ["d1"]),
        (
            {"datasetSeries": [{"title": "S", "seriesMember": [dataset(2), "d3", {"@id": "d4"}]}]},
            ["d1", "d2"],
        ),
        ({"datasetSeries": [{"title": "S", "seriesMember": [dataset(1)], "last": dataset(2)}]}, ["d1", "d2"]),
        ({"service": [{"title": "A", "servesDataset": [dataset(2)]}]}, ["d1", "d2"]),
    ],
)
def test_datasets_are_read_wherever_a_catalogue_keeps_them(members, expected):
    items = read(catalogue(dataset(1), **members))
    assert keys(items) == expected
    assert problems(items) == []


def test_a_catalogue_among_the_datasets_is_read():
    items = read(catalogue({"title": "Sub", "dataset": [dataset(1)]}, dataset(2)))
    assert (keys(items), problems(items)) == (["d1", "d2"], [])


@pytest.mark.parametrize("first", ["dataset", "datasetSeries"])
def test_a_member_of_a_series_that_is_listed_too_is_read_once(first):
    lists = {"dataset": [dataset(1)], "datasetSeries": [{"title": "S", "seriesMember": [dataset(1)]}]}
    order = [first, *(name for name in lists if name != first)]
    assert keys(read({name: lists[name] for name in order})) == ["d1"]


def test_a_member_names_its_series_and_a_dataset_the_service_that_serves_it():
    series = {"@id": "https://elmford.example/series/1", "title": "Reports", "seriesMember": [dataset(1)]}
    service = {
        "title": "API",
        "endpointURL": ["https://api.elmford.example/v1"],
        "servesDataset": [dataset(2, distribution=[{"downloadURL": "https://elmford.example/2.csv"}])],
    }
    member, served = drafts(read({"datasetSeries": [series], "service": [service]}))
    assert member.in_series == ("https://elmford.example/series/1",)
    assert [each.access_url or each.download_url for each in served.distributions] == [
        "https://elmford.example/2.csv",
        "https://api.elmford.example/v1",
    ]
    assert served.notes == ()


def test_a_service_that_embeds_no_dataset_is_told():
    items = read(catalogue(dataset(1), service=[{"title": "API", "servesDataset": ["d1"]}]))
    assert keys(items) == ["d1"]
    assert [str(problem) for problem in problems(items)] == [
        f"{URL}: “API” is a service, not a dataset, so it is left out."
    ]
    assert not problems(items)[0].partial


def test_catalogues_in_catalogues_without_end_cost_themselves():
    inner: dict[str, Any] = {"title": "Bottom"}
    for _ in range(60):
        inner = {"title": "Level", "catalog": [inner]}
    items = read(catalogue(dataset(1), catalog=[inner, catalogue(dataset(2))]))
    assert keys(items) == ["d1", "d2"]
    assert [problem.partial for problem in problems(items)] == [True]


# ------------------------------------------------------------------------------ lists of other software


def test_the_metastore_of_dkan_2():
    """With `show-reference-ids` a value stands beside the identifier that DKAN gave it."""
    record = dataset(
        1,
        keyword=[{"identifier": "k-1", "data": "trees"}],
        publisher={"identifier": "p-1", "data": {"name": "Parks"}},
        distribution=[{"identifier": "f-1", "data": {"downloadURL": "https://elmford.example/a.csv"}}],
    )
    record["%Ref:keyword"] = [{"identifier": "k-1", "data": "trees"}]
    [draft] = drafts(read([record]))
    assert lean(draft) == {
        "key": "d1",
        "identifiers": ["d1"],
        "title": {"": "Dataset 1"},
        "keywords": [["", "trees"]],
        "publisher": {"name": {"": "Parks"}},
        "distributions": [{"download_url": "https://elmford.example/a.csv"}],
    }


JKAN = {
    "title": "Street trees",
    "organization": "Parks",
    "notes": "Every tree.",
    "category": ["Environment"],
    "url": "/datasets/street-trees/",
}


def test_the_search_index_of_jkan_stands_in_for_its_data_json():
    home = "https://data.elmford.example/"
    get = web({home: "<html>Powered by JKAN</html>", f"{home}datasets.json": [JKAN]})
    [draft] = drafts(read(get, home))
    assert lean(draft) == {
        "key": "street-trees",
        "title": {"": "Street trees"},
        "description": {"": "Every tree."},
        "themes": ["Environment"],
        "publisher": {"name": {"": "Parks"}},
        "page": f"{home}datasets/street-trees/",
        "landing_page": f"{home}datasets/street-trees/",
    }


def test_the_search_index_of_jkan_completes_its_thin_data_json():
    """Titles are only trusted where one dataset has them."""
    thin = [{"title": title, "distribution": []} for title in ("Street trees", "Twice", "Unknown")]
    twice = [JKAN | {"title": "Twice", "url": f"/datasets/{name}/"} for name in "ab"]
    get = web({URL: catalogue(*thin), "https://data.elmford.example/datasets.json": [JKAN, *twice]})
    found = drafts(read(get))
    assert [draft.key for draft in found] == ["street-trees", None, None]
    assert [draft.publisher and draft.publisher.name for draft in found] == [{"": "Parks"}, None, None]
    assert found[0].description == {}  # of what data.json may say itself nothing is taken
    assert len(get.calls) == 2


@pytest.mark.parametrize("known", [{"identifier": "a"}, {"landingPage": "https://elmford.example/a/b"}])
def test_nobody_asks_for_an_index_where_data_json_says_which_dataset_it_is(known):
    get = web({URL: catalogue({"title": "Street trees", "distribution": [], **known})})
    assert len(drafts(read(get))) == 1
    assert get.calls == [URL]


@pytest.mark.parametrize(
    ("page", "key"),
    [
        ("https://data.elmford.example/datasets/street-trees/", "street-trees"),
        ("https://data.elmford.example/datasets/stra%C3%9Fe", "straße"),
        ("https://data.elmford.example/", None),
        ("https://data.elmford.example/datasets", None),
        ("https://elsewhere.example/datasets/street-trees/", None),
    ],
)
def test_without_an_identifier_the_page_names_the_dataset(page, key):
    assert keys(read(catalogue({"title": "Trees", "landingPage": page, "keyword": []}))) == [key]


def test_a_list_that_a_scraper_left():
    record = {
        "title": "Bills",
        "owner": "jdoe",
        "pageURL": "https://elmford.example/bills",
        "dateUpdated": "2026-08-06",
        "licence": "OGL",
        "description": "All of them.",
        "tags": ["law"],
        "resources": [
            {"fileName": "All", "fileType": "CSV", "assetUrl": "https://elmford.example/b.csv", "fileSize": 3}
        ],
    }
    assert lean(drafts(read([record]))[0]) == {
        "title": {"": "Bills"},
        "description": {"": "All of them."},
        "keywords": [["", "law"]],
        "landing_page": "https://elmford.example/bills",
        "licence": "OGL",
        "modified": "2026-08-06",
        "distributions": [
            {"url": "https://elmford.example/b.csv", "title": {"": "All"}, "format": "CSV", "byte_size": "3"}
        ],
    }


def test_the_file_is_found_where_the_home_page_links_to():
    home = "https://data.elmford.example/"
    page = '<html><link rel="alternate" type="application/json" href="/org/elmford/dcat/data.json"></html>'
    get = web({home: page, f"{home}org/elmford/dcat/data.json": catalogue(dataset(1))})
    assert keys(read(get, home)) == ["d1"]
    assert len(get.calls) == 2


# ------------------------------------------------------------------------------ damage


def test_one_broken_record_costs_itself():
    raw = (
        json.dumps(catalogue(*(dataset(n) for n in range(5)))).replace('"Dataset 2"', '"Dataset "2"').encode()
    )
    items = read(raw)
    assert keys(items) == ["d0", "d1", "d3", "d4"]
    assert len(problems(items)) == 1


def test_a_document_that_breaks_off_gives_what_stood_before_and_is_partial():
    raw = json.dumps(catalogue(*(dataset(n) for n in range(5)))).encode()
    items = read(raw[: raw.index(b'"Dataset 3"')] + b'"%%<\\u12 broken')
    assert keys(items) == ["d0", "d1", "d2"]
    [problem] = problems(items)
    assert problem.partial
    assert problem.values["place"] == "4"


def test_a_record_nested_without_end_costs_itself():
    deep = dataset(2)
    raw = json.dumps(catalogue(dataset(1), deep, dataset(3)))
    for nested in (
        "[" * 900 + "]" * 900,
        "[" * 100_000 + "]" * 100_000,
        '{"publisher":' * 800 + "1" + "}" * 800,
    ):
        items = read(raw.replace('"Dataset 2"', nested).encode())
        assert [key for key in keys(items) if key != "d2"] == ["d1", "d3"]
        assert len(keys(items)) + len(problems(items)) == 3


@pytest.mark.parametrize(
    ("raw", "told"),
    [
        (b"", "The answer is empty"),
        (b"<!DOCTYPE html><title>Technical difficulties</title>", "is a web page"),
        (b"Fatal error: out of memory", "begins with “Fatal error"),
        (b'"just text"', "is not JSON"),
        (b'{"openapi": "3.0", "paths": {}}', "no list of datasets"),
        (b'{"dataset": [{"title": "A', "No dataset can be read"),
        (b'{"dataset": ' + b"[" * 100_000 + b"]" * 100_000 + b"}", "No dataset can be read"),
    ],
)
def test_a_file_without_any_dataset_to_read_is_told_in_one_line(raw, told):
    with pytest.raises(FeedError, match=told) as raised:
        read(raw)
    assert str(raised.value).startswith(URL)
    assert "\n" not in str(raised.value)


# ------------------------------------------------------------------------------ pages


def page(url: str, document: dict[str, Any], following: str) -> Document:
    return Document(url=url, body=json.dumps(document).encode(), links={"next": following})


def test_pages_are_followed_by_the_link_header():
    get = web(
        {
            URL: page(URL, catalogue(dataset(1)), f"{URL}?page=2"),
            f"{URL}?page=2": page(f"{URL}?page=2", catalogue(dataset(2)), f"{URL}?page=3"),
            f"{URL}?page=3": catalogue(dataset(3)),
        }
    )
    assert keys(read(get)) == ["d1", "d2", "d3"]


@pytest.mark.parametrize(
    "members",
    [
        {"next": "?page=2"},
        {"nextPage": f"{URL}?page=2"},
        {"links": {"next": "/data.json?page=2"}},
        {"links": [{"rel": "self", "href": "/"}, {"rel": "next", "href": "?page=2"}]},
        {"view": {"hydra:next": {"@id": f"{URL}?page=2"}}},
    ],
)
def test_pages_are_followed_by_a_field_that_names_them(members):
    get = web({URL: catalogue(dataset(1), **members), f"{URL}?page=2": catalogue(dataset(2))})
    assert keys(read(get)) == ["d1", "d2"]
    assert len(get.calls) == 2


def test_page_numbers_in_the_address_are_counted_up_to_a_miss():
    get = web({f"{URL}?page={n}&size=1": catalogue(dataset(n)) for n in (1, 2, 3)})
    items = read(get, f"{URL}?page=1&size=1")
    assert keys(items) == ["d1", "d2", "d3"]
    assert problems(items) == []


@pytest.mark.parametrize("shuffled", [False, True])
def test_a_portal_that_leads_round_in_a_circle_costs_one_lap(shuffled):
    """Also when it shuffles keywords at every answer, so that no two pages are alike (failures 2, 3, 14)."""
    asked = []

    def get(url: str) -> Document:
        asked.append(url)
        words = [f"k{len(asked)}" if shuffled else "k"]
        return page(url, catalogue(dataset(1, keyword=words), dataset(2)), f"{URL}?page={len(asked) + 1}")

    assert keys(list(dcat_us.read(make.source(url=URL), get))) == ["d1", "d2"]
    assert len(asked) == 2


def test_a_page_that_repeats_some_records_gives_the_new_ones():
    get = web(
        {URL: catalogue(dataset(1), dataset(2), next="?p=2"), f"{URL}?p=2": catalogue(dataset(2), dataset(3))}
    )
    assert keys(read(get)) == ["d1", "d2", "d3"]


def test_a_page_that_cannot_be_had_leaves_the_harvest_partial():
    for answer in (FetchError(f"{URL}?p=2", "answered 500.", status=500), "<html>oops</html>"):
        items = read(web({URL: catalogue(dataset(1), next="?p=2"), f"{URL}?p=2": answer}))
        assert keys(items) == ["d1"]
        assert [problem.partial for problem in problems(items)] == [True]


# ------------------------------------------------------------------------------ finding and recognising


@pytest.mark.parametrize(
    ("home", "feed"),
    [
        ("https://data.elmford.example/", "https://data.elmford.example/data.json"),
        ("https://data.elmford.example/open", "https://data.elmford.example/open/data.json"),
        ("https://data.elmford.example/open/", "https://data.elmford.example/data.json"),
        ("https://data.elmford.example", "https://data.elmford.example/api/feed/dcat-us/1.1.json"),
    ],
)
def test_the_file_is_found_from_the_home_page(home, feed):
    get = web({home: "<html>Welcome</html>", feed: catalogue(dataset(1))})
    assert keys(read(get, home)) == ["d1"]


def test_a_named_file_is_not_replaced_by_another():
    get = web(
        {f"{URL}": "<html>Oops</html>", "https://data.elmford.example/api/feed/dcat-us/1.1.json": catalogue()}
    )
    with pytest.raises(FeedError, match="web page"):
        read(get)


def test_pages_on_the_portal_are_the_records_own():
    on_portal = dataset(1, landingPage="https://www.data.elmford.example/d/1")
    elsewhere = dataset(2, landingPage="https://town.example/trees")
    assert [(d.page, d.landing_page) for d in drafts(read(catalogue(on_portal, elsewhere)))] == [
        ("https://www.data.elmford.example/d/1",) * 2,
        (None, "https://town.example/trees"),
    ]


@pytest.mark.parametrize(
    ("document", "ours"),
    [
        (catalogue(dataset()), True),
        (catalogue(), True),
        ({"dataset": []}, True),
        ({"@context": f"{POD}/catalog.jsonld", "@type": "dcat:Catalog", "dataset": [dataset()]}, True),
        ({"title": "x" * 10_000, "dataset": [{"title": "a", "distribution": []}]}, True),
        ([dataset(), dataset()], True),
        ([], False),
        ({}, False),
        ([{"title": "a"}], False),
        ([JKAN], True),
        ([{"title": "a", "description": "b", "resources": []}], True),
        ([{"title": "a", "description": "b", "name": "c", "resources": []}], False),
        ({"conformsTo": {"@type": "Standard", "title": "DCAT-US 3.0"}, "catalog": [catalogue()]}, True),
        ({"type": "Catalog", "stac_version": "1.0.0", "catalog": []}, False),
        ({"nhits": 0, "datasets": []}, False),
        ({"success": True, "result": {"count": 0, "results": []}}, False),
        ([{"id": "1", "title": "a", "resources": [], "keyword": []}], False),
        ({"@context": {"dcat": "http://www.w3.org/ns/dcat#"}, "dataset": [dataset()]}, False),
        ({"@context": "https://schema.org", "dataset": [dataset()]}, False),
        ({"@graph": [], "dataset": [dataset()]}, False),
        ({"dcat:dataset": [{"dct:title": "a"}], "@type": "dcat:Catalog"}, False),
        ({"dataset": {"dataset_id": "a", "metas": {}}}, False),
    ],
)
def test_recognising(document, ours):
    assert dcat_us.recognise(Document(url=URL, body=json.dumps(document).encode())) is ours


@settings(deadline=None)
@given(st.binary(max_size=60) | st.text('{}[]",: dataset\\', max_size=60).map(str.encode))
def test_recognising_never_fails(raw):
    assert dcat_us.recognise(Document(url=URL, body=raw)) in (True, False)


# ------------------------------------------------------------------------------ long files


def test_a_file_larger_than_memory_is_streamed(tmp_path: Path):
    """60 MB in less than 60 MB more than the program itself needs; so 500 MB need no more."""
    path = tmp_path / "data.json"
    one = json.dumps(
        dataset(1, description="Rows and rows. " * 200, distribution=[{"downloadURL": "/a.csv"}] * 20)
    )
    count = 60_000_000 // len(one)
    with path.open("w") as file:
        file.write('{"dataset": [' + one)
        for _ in range(count - 1):
            file.write(",\n" + one)
        file.write("]}")
    script = """
import resource, sys
from pathlib import Path
from harvester.document import Document
from harvester.feeds import dcat_us
from harvester.model import Source
path = Path(sys.argv[1])
source = Source(id="s", url=path.as_uri(), name="s", path=path)
document = Document(url=path.as_uri(), body=path)
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
count = sum(1 for _ in dcat_us.read(source, lambda url: document))
after = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
print(count, after - before)
"""
    done = subprocess.run(
        [sys.executable, "-c", script, str(path)], capture_output=True, text=True, check=True, timeout=120
    )
    read_count, kilobytes = map(int, done.stdout.split())
    assert read_count == count
    assert kilobytes < 60_000


# ------------------------------------------------------------------------------ captured feeds

NO_JSON = ("dcat-us-federal/state_20250131.json", "jkan-beverly-hills/data.json")


@pytest.mark.parametrize("path", NO_JSON)
def test_captured_failures_are_told(shared: Path, path: str):
    document = Document(url=f"https://captured.example/{path}", body=shared / "feeds" / path)
    with pytest.raises(FeedError):
        list(dcat_us.read(make.source(url=document.url), lambda _: document))
    assert not dcat_us.recognise(document)


def harvest(url: str) -> list[Item]:
    return list(dcat_us.read(make.source(url=url), captured.get))


def test_every_replayed_portal_gives_its_datasets(shared: Path, replay: Any):
    portals = captured.portals(shared, "dcat-us")
    running = replay(*portals)
    for name, count in portals.items():
        if name == "state-dept":
            with pytest.raises(FeedError, match="web page"):
                harvest(running.feed_url(name))
        else:
            items = harvest(running.feed_url(name))
            assert (len(drafts(items)), problems(items)) == (count, []), name


def test_a_growing_portal_and_one_with_faulty_files(replay: Any):
    running = replay("datos-gob-ar", "broken-town", "evil-town")
    for day, count in ((1, 72), (2, 617), (3, 632)):
        running.set_day(day)
        assert len(drafts(harvest(running.feed_url("datos-gob-ar")))) == count
    cases = captured.get(running.url("broken-town") + "cases/").read().decode()
    names = [part.split('"')[0] for part in cases.split('<li><a href="')[1:]]
    assert len(names) > 20
    for name in names:
        items = harvest(f"{running.url('broken-town')}cases/{name}")
        assert drafts(items), name
        assert not any(problem.partial for problem in problems(items)), name
    assert len(drafts(harvest(running.url("evil-town") + "data.json"))) == 44


@pytest.mark.parametrize(
    ("fault", "expected"),
    [
        ("bom_utf8", (87, 0)),
        ("utf16", (87, 0)),
        ("latin1_mislabelled", (87, 0)),
        ("wrong_content_type", (87, 0)),
        ("truncated", (87, 0)),  # the least client that tests use takes what came
        ("paging_never_ends", (87, 0)),
        ("duplicate_ids", (90, 0)),
        ("script_injection", (131, 0)),
        ("empty_feed", (0, 0)),
        ("invalid_json", (50, 1)),
    ],
)
def test_faults_of_a_portal(replay: Any, fault: str, expected: tuple[int, int]):
    running = replay("dvrpc")
    running.fault("dvrpc", fault)
    items = harvest(running.feed_url("dvrpc"))
    assert (len(drafts(items)), len(problems(items))) == expected
    assert all(problem.partial for problem in problems(items))
