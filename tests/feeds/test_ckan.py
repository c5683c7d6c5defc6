"""CKAN portals and files of CKAN packages."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from harvester.document import Document
from harvester.errors import FeedError, FetchError
from harvester.feeds import ckan
from harvester.feeds._ckan.package import draft_of
from harvester.feeds._ckan.paging import Paging
from harvester.model import Draft, Item
from tests import make
from tests.feeds import captured
from tests.feeds.captured import announced, drafts, lean, problems
from tests.feeds.web import web

FIXTURES = sorted((Path(__file__).parent / "fixtures" / "ckan").glob("*.json"))
HOME = "https://data.elmford.example/"


def package(number: int = 1, **fields: Any) -> dict[str, Any]:
    return {
        "id": f"p{number:03}",
        "name": f"package-{number}",
        "title": f"Package {number}",
        "state": "active",
        "type": "dataset",
        "private": False,
        "metadata_modified": "2026-01-01T00:00:00",
        "resources": [],
        **fields,
    }


class Portal:
    """A CKAN portal with the faults that a test is about. `calls` are the questions, in order.

    `most` rows are given at most; `count` is what it says that it holds; `change` may alter the
    packages before a question is answered; `poison` are ids that a page cannot be made with.
    """

    def __init__(
        self,
        packages: list[dict[str, Any]],
        *,
        home: str = HOME,
        most: int = 1000,
        count: Callable[[int], object] = lambda total: total,
        change: Callable[[int, list[dict[str, Any]]], list[dict[str, Any]]] = lambda call, packages: packages,
        poison: tuple[str, ...] = (),
        actions: tuple[str, ...] = ("package_search", "package_list", "package_show"),
        dkan: bool = False,
    ) -> None:
        self.packages, self.home, self.most, self.count = packages, home, most, count
        self.change, self.poison, self.actions, self.dkan = change, poison, actions, dkan
        self.calls: list[str] = []

    def __call__(self, url: str) -> Document:
        self.calls.append(url)
        split = urlsplit(url)
        begin, action = url.split("?")[0].rsplit("/", 1)
        if begin != f"{self.home}api/3/action" or action not in self.actions:
            raise FetchError(url, "answered 404.", status=404)
        query = {name: values[0] for name, values in parse_qs(split.query).items()}
        result = getattr(self, f"_{action}")(query)
        if result is None:
            raise FetchError(url, "answered 500.", status=500)
        return Document(url=url, body=json.dumps({"help": "", "success": True, "result": result}).encode())

    def _package_search(self, query: dict[str, str]) -> object:
        packages = self.change(len(self.calls), self.packages)
        if query.get("sort") == "id asc":
            packages = sorted(packages, key=lambda each: str(each.get("id")))
        if "fq" in query:
            name = query["fq"].split('"')[1]
            packages = [each for each in packages if each["organization"]["name"] == name]
        start = int(query["start"])
        page = packages[start : start + min(int(query["rows"]), self.most)]
        if any(each["id"] in self.poison for each in page):
            return None
        return {"count": self.count(len(packages)), "results": page}

    def _package_list(self, query: dict[str, str]) -> object:
        names = [each["name"] for each in self.packages]
        if self.dkan:
            return names
        return names[int(query["offset"]) :][: min(int(query["limit"]), self.most)]

    def _current_package_list_with_resources(self, query: dict[str, str]) -> object:
        page = self.packages[int(query["offset"]) :][: int(query["limit"])]
        return [page] if self.dkan else page

    def _package_show(self, query: dict[str, str]) -> object:
        found = next((each for each in self.packages if query["id"] in (each["id"], each["name"])), None)
        if found is None or found["id"] in self.poison:
            return None
        return [found] if self.dkan else found


def read(get: Any, url: str = HOME, **settings: Any) -> list[Item]:
    return list(ckan.read(make.source(url=url, settings=settings), get))


def keys(items: list[Item]) -> list[str | None]:
    return [draft.key for draft in drafts(items)]


def numbered(*numbers: int) -> list[str]:
    return [f"p{number:03}" for number in numbers]


# ------------------------------------------------------------------------------ one package


@pytest.mark.parametrize("path", FIXTURES, ids=lambda path: path.stem)
def test_a_package_becomes_a_draft(path: Path):
    """Each fixture holds its rule, the package, and the draft that is expected of it."""
    case = json.loads(path.read_text(encoding="utf-8"))
    assert lean(draft_of(case["input"], HOME)) == case["expected"]


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=6,
)
INPUTS = [json.loads(path.read_text(encoding="utf-8"))["input"] for path in FIXTURES]
FIELDS = sorted({field for record in INPUTS for field in record})
EXTRAS = sorted({extra["key"] for record in INPUTS for extra in record.get("extras", ())})


@settings(deadline=None)
@given(
    st.dictionaries(st.sampled_from(FIELDS) | st.text(max_size=5), JSON),
    st.lists(st.fixed_dictionaries({"key": st.sampled_from(EXTRAS) | JSON, "value": JSON}), max_size=4),
)
def test_any_object_whatever_becomes_a_draft(record: dict[str, Any], extras: list[dict[str, Any]]):
    draft = draft_of({**record, "extras": extras} if extras else record, HOME)
    assert msgspec.convert(msgspec.to_builtins(draft), Draft) == draft


def test_no_account_of_a_person_enters_a_draft():
    record = package(
        author="jdoe",
        author_email="jdoe@x.example",
        creator_user_id="jdoe",
        extras=[{"key": "creator_name", "value": "jdoe"}, {"key": "author", "value": "jdoe"}],
        resources=[{"id": "r", "url": "https://x.example/a", "created_by": "jdoe"}],
    )
    assert "jdoe" not in str(draft_of(record, HOME))


@pytest.mark.parametrize(
    "extras",
    [
        [{"key": "frequency", "value": "daily"}],
        {"frequency": "daily"},
        '{"frequency": "daily"}',
        [{"key": "extras_rollup", "value": '{"frequency": "daily"}'}],
        [{"key": "Frequência de atualização", "value": "daily"}],
        [{"key": "frequency", "value": ""}, {"key": "accrualPeriodicity", "value": "daily"}],
    ],
)
def test_extras_come_in_many_forms(extras):
    assert draft_of(package(extras=extras), HOME).frequency == "daily"


@pytest.mark.parametrize(
    ("url", "id", "title", "extra", "chosen"),
    [
        ("https://creativecommons.org/licenses/by/4.0/", "cc-by", "Attribution", None, "url"),
        ("https://data.elmford.example/terms", "cc-by", "Creative Commons Attribution 4.0", None, "title"),
        ("https://data.elmford.example/terms", "cc-by-4.0", "CC BY 4.0", None, "id"),
        ("https://town.example/terms", "town-terms", "Terms of use", None, "url"),
        (None, "town-terms", "Terms of use", None, "title"),
        (None, "notspecified", "License Not Specified", None, None),
        (None, "other-open", "Other (Open)", None, "id"),
        (None, "notspecified", "License Not Specified", "https://town.example/licence", "extra"),
        (None, None, None, "https://town.example/licence", "extra"),
        (None, None, "http://www.etalab.gouv.fr/licence", None, "title"),
        (None, None, None, None, None),
    ],
)
def test_the_way_to_name_a_licence_that_says_most(url, id, title, extra, chosen):
    record = package(
        license_url=url, license_id=id, license_title=title, extras=[{"key": "license", "value": extra}]
    )
    expected = {"url": url, "id": id, "title": title, "extra": extra, None: None}[chosen]
    draft = draft_of(record, HOME)
    assert draft.licence == expected
    others = {text for text in (url, id, title, extra) if text is not None and text != expected}
    assert id == "notspecified" or others <= set(draft.unread.values())


def test_the_dates_of_the_record_are_the_last_resort():
    newest = {"id": "r", "last_modified": "2025-05-05T00:00:00"}
    record = package(metadata_created="2020-02-02", metadata_modified="2026-01-01")
    plain, dated = draft_of(record, HOME), draft_of({**record, "resources": [newest]}, HOME)
    assert (plain.issued, plain.modified) == ("2020-02-02", "2026-01-01")
    assert [note.code for note in plain.notes] == ["modified-from-record"]
    assert (dated.modified, dated.notes) == ("2025-05-05T00:00:00", ())


def test_an_uploaded_file_that_gives_only_its_name_gets_its_address():
    resource = {"id": "r 1", "url": "trees.csv", "url_type": "upload"}
    [file] = draft_of(package(resources=[resource]), HOME).distributions
    assert file.url == f"{HOME}dataset/p001/resource/r%201/download/trees.csv"


# ------------------------------------------------------------------------------ pages


def test_all_pages_are_read_in_a_stable_order():
    portal = Portal([package(n) for n in range(25)][::-1])
    items = read(portal, rows=10)
    assert keys(items) == numbered(*range(25))
    assert announced(items) == 25
    assert len(portal.calls) == 3
    assert all("sort=id+asc" in call for call in portal.calls)


def test_a_portal_that_gives_fewer_rows_than_asked_is_read_on_from_what_came():
    assert keys(read(Portal([package(n) for n in range(25)], most=7), rows=10)) == numbered(*range(25))


@pytest.mark.parametrize(
    "count", [lambda total: 10, lambda total: None, lambda total: str(total), lambda total: -1]
)
def test_a_wrong_count_ends_nothing(count):
    assert keys(read(Portal([package(n) for n in range(25)], count=count), rows=10)) == numbered(*range(25))


def test_a_portal_that_announces_too_many_is_believed_for_a_few_empty_pages():
    portal = Portal([package(n) for n in range(25)], count=lambda total: 10_000)
    items = read(portal, rows=10)
    assert keys(items) == numbered(*range(25))
    assert announced(items) == 10_000  # so that the harvest counts as partial
    assert len(portal.calls) < 8


def test_the_same_page_for_ever_costs_one_lap():
    calls = []

    def get(url: str) -> Document:
        calls.append(url)
        result = {"count": 100 * len(calls), "results": [package(1), package(2)]}
        return Document(url=url, body=json.dumps({"success": True, "result": result}).encode())

    assert keys(read(get)) == numbered(1, 2)
    assert len(calls) == 2


def test_packages_that_go_between_two_pages_hide_no_others():
    """What stands behind them moves up, over the edge of the page that was read already."""
    portal = Portal(
        [package(n) for n in range(30)], change=lambda call, packages: packages[3:] if call > 1 else packages
    )
    items = read(portal, rows=10)
    assert set(keys(items)) == set(numbered(*range(30)))
    assert announced(items) == 27


def test_packages_that_come_between_two_pages_are_not_read_twice():
    new = package(0, id="a-new-one")
    portal = Portal(
        [package(n) for n in range(1, 31)],
        change=lambda call, packages: [new, *packages] if call > 1 else packages,
    )
    assert keys(read(portal, rows=10)) == numbered(*range(1, 31))


def test_an_empty_page_in_the_middle_is_no_end():
    def get(url: str) -> Document:
        start = int(parse_qs(urlsplit(url).query)["start"][0])
        page = [] if start == 10 else [package(n) for n in range(start, min(start + 10, 25))]
        return Document(
            url=url, body=json.dumps({"success": True, "result": {"count": 25, "results": page}}).encode()
        )

    assert keys(read(get, rows=10)) == numbered(*range(10), *range(20, 25))


def test_one_poisonous_package_costs_itself():
    portal = Portal([package(n) for n in range(100)], poison=("p042",))
    items = read(portal, rows=50)
    assert keys(items) == numbered(*range(42), *range(43, 100))
    [problem] = problems(items)
    assert str(problem) == f"{HOME}: Dataset number 43 of the portal's list cannot be read: answered 500."
    assert not problem.partial
    assert len(portal.calls) < 20


def test_a_portal_that_dies_in_the_middle_is_given_up_and_partial():
    portal = Portal([package(n) for n in range(100)], poison=tuple(numbered(*range(50, 100))))
    items = read(portal, rows=50)
    assert keys(items) == numbered(*range(50))
    assert problems(items)[-1].partial
    assert len(portal.calls) < 15


@pytest.mark.parametrize("status", [None, 403, 429, 503])
def test_a_portal_that_refuses_in_the_middle_is_left_alone(status):
    portal = Portal([package(n) for n in range(30)])

    def get(url: str) -> Document:
        if "start=10" in url:
            raise FetchError(url, "refused.", status=status)
        return portal(url)

    items: list[Item] = []
    with pytest.raises(FetchError):
        items.extend(ckan.read(make.source(url=HOME, settings={"rows": 10}), get))


def test_a_page_that_is_too_large_is_asked_for_in_smaller_ones():
    portal = Portal([package(n) for n in range(30)])

    def get(url: str) -> Document:
        if int(parse_qs(urlsplit(url).query)["rows"][0]) > 10:
            raise FetchError(url, "is larger than 50 MB.")
        return portal(url)

    assert keys(read(get)) == numbered(*range(30))
    assert len(portal.calls) < 10


def test_a_portal_that_cannot_sort_is_read_unsorted():
    portal = Portal([package(n) for n in range(30)])

    def get(url: str) -> Document:
        if "sort=" in url:
            raise FetchError(url, "answered 409.", status=409)
        return portal(url)

    assert len(keys(read(get))) == 30


def test_a_page_that_breaks_off_is_read_on_from_the_break():
    portal = Portal([package(n) for n in range(30)])

    def get(url: str) -> Document:
        document = portal(url)
        body = document.read()
        return document if len(body) < 2_000 else Document(url=url, body=body[: len(body) * 6 // 10])

    items = read(get)
    assert keys(items) == numbered(*range(30))
    assert problems(items) == []


def test_records_with_one_id_and_different_content_are_all_read():
    """Identity is decided later; only the very same record on two pages is one."""
    portal = Portal([package(1), package(1, title="Other"), package(2)])
    assert keys(read(portal, rows=2)) == numbered(1, 1, 2)


# ------------------------------------------------------------------------------ what is left out


def test_what_is_no_public_dataset_is_told_with_its_reason_and_not_named_when_private():
    items = read(
        Portal(
            [
                package(1),
                package(2, type="harvest", title="Harvest job"),
                package(3, type="showcase"),
                package(4, state="deleted", title="Secret"),
                package(5, state="draft", title="Secret"),
                package(6, private=True, title="Secret"),
                package(7, type="geodata"),
                package(8, type="dataset_series"),
            ]
        )
    )
    assert keys(items) == numbered(1, 7, 8)
    told = [str(problem) for problem in problems(items)]
    assert told[0] == (
        f"{HOME}dataset/package-2: "
        "“Harvest job” is no dataset but a record of the type “harvest”, so it is left out."
    )
    assert len(told) == 5
    assert not any("Secret" in each for each in told)


def test_entries_that_are_no_packages_are_told_without_their_content():
    get = web(
        {
            f"{HOME}api/3/action/package_search?rows=500&start=0&sort=id+asc": {
                "success": True,
                "result": {"count": 4, "results": ["x", None, {"author": "jdoe"}, package(1)]},
            }
        }
    )
    items = read(get)
    assert keys(items) == numbered(1)
    assert len(problems(items)) == 3
    assert "jdoe" not in str(problems(items))


# ------------------------------------------------------------------------------ finding the API


@pytest.mark.parametrize(
    "url",
    [
        HOME,
        "https://data.elmford.example",
        f"{HOME}dataset/",
        f"{HOME}dataset/street-trees",
        f"{HOME}api/3/action/package_search?q=trees",
        f"{HOME}api/3",
        f"{HOME}en/about/us",
    ],
)
def test_the_api_is_found_from_any_page_of_the_portal(url):
    assert keys(read(Portal([package(1)]), url)) == numbered(1)


@pytest.mark.parametrize(
    "url", ["https://x.example/data/", "https://x.example/data/dataset/a", "https://x.example/"]
)
def test_the_api_is_found_below_a_prefix(url):
    portal = Portal([package(1)], home="https://x.example/data/")
    assert keys(read(portal, url)) == numbered(1)
    [draft] = drafts(read(portal, url))
    assert draft.page == "https://x.example/data/dataset/package-1"


def test_the_page_of_an_organisation_means_its_datasets():
    parks, roads = ({"organization": {"id": n, "name": n, "title": n.title()}} for n in ("parks", "roads"))
    packages = [package(1, **parks), package(2, **roads), package(3, **parks)]
    assert keys(read(Portal(packages), f"{HOME}organization/parks")) == numbered(1, 3)
    listing = Portal(packages, actions=("package_list", "package_show"))
    assert keys(read(listing, f"{HOME}organization/parks")) == numbered(1, 3)


def test_a_search_in_the_address_is_kept():
    parks, roads = ({"organization": {"id": n, "name": n, "title": n.title()}} for n in ("parks", "roads"))
    packages = [package(1, **parks), package(2, **roads)]
    url = f'{HOME}api/3/action/package_search?fq=organization:"parks"&rows=5'
    assert keys(read(Portal(packages), url)) == numbered(1)
    with pytest.raises(FeedError, match="No CKAN portal"):  # a list of names could only give all of them
        read(Portal(packages, actions=("package_list", "package_show")), url)


def test_what_is_no_ckan_is_told_in_one_line_after_a_few_questions():
    get = web({HOME: "<html>Welcome</html>"})
    with pytest.raises(FeedError, match="No CKAN portal answers here") as raised:
        read(get)
    assert len(get.calls) <= 12
    assert "\n" not in str(raised.value)


@pytest.mark.parametrize(
    "answer", ["<html>Soft 404</html>", '"Bad request"', '{"a": 1}', "", '{"success": true}']
)
def test_a_success_without_a_ckan_answer_is_none(answer):
    class Everywhere(dict):  # a portal where every page answers 200
        def get(self, url: str) -> str:  # type: ignore[override]
            return answer

    get = web({})
    get.answers = Everywhere()
    with pytest.raises(FeedError, match="No CKAN portal"):
        read(get)


def test_success_false_is_an_error_whatever_the_status_says():
    def get(url: str) -> Document:
        error = {"__type": "Search Error", "message": "Solr is down", "code": 7}
        return Document(url=url, body=json.dumps({"help": "", "success": False, "error": error}).encode())

    with pytest.raises(FeedError, match=r"The portal reports an error: Search Error Solr is down 7\."):
        read(get)


def test_a_portal_in_trouble_is_not_looked_for_elsewhere():
    calls = []

    def get(url: str) -> Document:
        calls.append(url)
        raise FetchError(url, "answered 500.", status=500)

    with pytest.raises(FetchError):
        read(get)
    assert len(calls) <= 4


@pytest.mark.parametrize("rows", [0, -5, 1001, "many", None])
def test_a_wrong_setting_is_told(rows):
    with pytest.raises(FeedError, match="a number from 1 to 1000"):
        read(Portal([package(1)]), rows=rows)


# ------------------------------------------------------------------------------ without package_search


def test_dkan_is_read_by_its_lists():
    packages = [package(n, state="Active", type="Dataset", private=True) for n in range(120)]
    portal = Portal(
        packages,
        dkan=True,
        actions=("package_list", "current_package_list_with_resources", "package_show"),
    )
    items = read(portal)
    assert keys(items) == numbered(*range(120))
    assert announced(items) == 120
    assert not any("package_show" in call for call in portal.calls)


def test_without_any_list_of_packages_each_is_asked_for_and_one_that_fails_is_told():
    portal = Portal(
        [package(n) for n in range(5)], actions=("package_list", "package_show"), poison=("p003",), most=2
    )
    items = read(portal)
    assert keys(items) == numbered(0, 1, 2, 4)
    [problem] = problems(items)
    assert str(problem) == (
        f"{HOME}dataset/package-3: This dataset is in the portal's list, but cannot be read: answered 500."
    )


def test_a_list_of_names_that_ends_with_an_error_is_whole():
    portal = Portal([package(n) for n in range(5)], actions=("package_list", "package_show"))

    def get(url: str) -> Document:
        if "offset=5" in url:
            raise FetchError(url, "answered 409.", status=409)
        return portal(url)

    assert keys(read(get)) == numbered(*range(5))


# ------------------------------------------------------------------------------ files

PACKAGES = [package(1), package(2, type="harvest"), package(3)]


@pytest.mark.parametrize(
    "content",
    [
        "\n".join(json.dumps(each) for each in PACKAGES),
        "\ufeff" + "\r\n\r\n".join(json.dumps(each) for each in PACKAGES) + "\n",
        json.dumps(PACKAGES, indent=1),
        json.dumps({"help": "", "success": True, "result": {"count": 9000, "results": PACKAGES}}),
        json.dumps({"result": PACKAGES, "success": True}),
        json.dumps({"results": PACKAGES}),
    ],
    ids=["lines", "lines with mark", "list", "package_search", "current_package_list", "results"],
)
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_a_file_of_packages(tmp_path: Path, content: str, encoding: str):
    path = tmp_path / "packages.json"
    path.write_bytes(content.encode(encoding))
    source = make.source(url="packages.json", path=path)
    items = list(ckan.read(source, lambda url: Document(url=path.as_uri(), body=path)))
    assert keys(items) == numbered(1, 3)
    assert len(problems(items)) == 1
    assert announced(items) is None
    assert drafts(items)[0].page is None


@pytest.mark.parametrize("content", [package(1), {"success": True, "result": package(1)}])
def test_a_file_of_a_single_package(content):
    url = f"{HOME}package.json"
    assert keys(read(web({url: json.dumps(content, indent=1)}), url)) == numbered(1)


@pytest.mark.parametrize("place", [0, 1, 2])
def test_a_broken_line_costs_itself(place: int):
    url = f"{HOME}packages.jsonl"
    lines = [json.dumps(package(1)), json.dumps(package(2))]
    lines.insert(place, '{"id": "p003", "author": "jdoe')
    items = read(web({url: "\n".join(lines)}), url)
    assert keys(items) == numbered(1, 2)
    assert len(problems(items)) == 1
    assert "jdoe" not in str(problems(items))


@pytest.mark.parametrize("content", ["<html></html>", "", "id,title\n1,a"])
def test_a_file_that_is_none_of_these_is_told(content):
    url = f"{HOME}packages.json"
    with pytest.raises(FeedError, match="neither JSON nor one package a line"):
        read(web({url: content}), url)


# ------------------------------------------------------------------------------ imitators

EXPORTED = {
    "webpage": f"{HOME}dataset/street-trees-2abc0",
    "id": "2abc0",
    "title": "Street trees",
    "description": "<p>Every tree.</p>",
    "createdAt": "2024-01-01T00:00:00.000Z",
    "updatedAt": "2024-05-01T00:00:00.000Z",
    "sharing": "public",
    "author": "jdoe",
    "masthead": {"id": "elm", "title": "Elmford Data Store"},
    "team": {"id": "t1", "title": "Parks Department"},
    "topics": [{"id": "environment", "title": "Environment"}],
    "tags": ["trees"],
    "licence": {"id": "uk-ogl", "title": "UK Open Government Licence", "url": None},
    "contact": {"name": "Parks desk", "email": "parks@elmford.example"},
    "resources": [
        {
            "id": "r1",
            "title": "trees.csv",
            "url": f"{HOME}download/trees.csv",
            "timeframeFrom": "2019-01-01",
            "timeframeTo": "2019-12-31",
            "size": 2000,
            "hash": "ab12",
            "timestamp": "2024-04-30T16:00:56",
            "check_timestamp": "last night",
        }
    ],
    "links": [{"title": "Map", "url": "https://maps.elmford.example/trees"}],
    "custom": {"update_frequency": "Annual"},
}
AS_DRAFT = {
    "key": "2abc0",
    "identifiers": ["2abc0"],
    "title": {"": "Street trees"},
    "description": {"": "<p>Every tree.</p>"},
    "keywords": [["", "trees"]],
    "themes": ["Environment"],
    "publisher": {"name": {"": "Parks Department"}},
    "contacts": [{"name": "Parks desk", "email": "parks@elmford.example"}],
    "page": f"{HOME}dataset/street-trees-2abc0",
    "licence": "uk-ogl",
    "issued": "2024-01-01T00:00:00.000Z",
    "modified": "2024-04-30T16:00:56",
    "frequency": "Annual",
    "temporal": [{"start": "2019-01-01", "end": "2019-12-31"}],
    "distributions": [
        {
            "key": "r1",
            "url": f"{HOME}download/trees.csv",
            "title": {"": "trees.csv"},
            "byte_size": "2000",
            "checksum": "ab12",
            "modified": "2024-04-30T16:00:56",
        },
        {"url": "https://maps.elmford.example/trees", "title": {"": "Map"}},
    ],
    "unread": {"license_title": "UK Open Government Licence"},
}
BY_KEY = EXPORTED | {"resources": {"r1": {k: v for k, v in EXPORTED["resources"][0].items() if k != "id"}}}


@pytest.mark.parametrize("record", [EXPORTED, BY_KEY])
def test_a_dataset_of_datapress_becomes_a_draft(record):
    url = f"{HOME}api/v3/datasets/export.json"
    assert lean(drafts(read(web({url: [record]}), url))) == [AS_DRAFT]


@pytest.mark.parametrize("path", ["api/v3/datasets/export.json", "api/datasets/export.json"])
def test_datapress_is_found_from_its_home_page_and_keeps_what_is_not_public(path):
    get = web({f"{HOME}{path}": [EXPORTED, EXPORTED | {"id": "x", "sharing": "private"}]})
    items = read(get)
    assert lean(drafts(items)) == [AS_DRAFT]
    assert [str(problem) for problem in problems(items)] == [f"{HOME}{path}: A private record is left out."]
    assert len(get.calls) <= 4


@pytest.mark.parametrize("url", [HOME, f"{HOME}search/datasets", f"{HOME}api/hub/search/datasets"])
def test_piveau_answers_as_ckan_does_in_another_place(url):
    portal = Portal([package(n) for n in range(1, 4)])

    def get(asked: str) -> Document:
        if "/api/hub/search/ckan/" not in asked:
            raise FetchError(asked, "answered 404.", status=404)
        return portal(asked.replace("/api/hub/search/ckan/", "/api/3/action/"))

    items = read(get, url)
    assert keys(items) == numbered(1, 2, 3)
    assert {draft.page for draft in drafts(items)} == {None}  # it keeps them in another place than CKAN


@pytest.mark.parametrize("path", ["api/action/", "api/hub/search/ckan/", "data/api/action/"])
def test_an_api_that_the_address_names_is_asked_first(path):
    calls = []

    def get(url: str) -> Document:
        calls.append(url)
        return Document(url=url, body=json.dumps(found([package(1)])).encode())

    def found(packages: list[Any]) -> dict[str, Any]:
        return {"success": True, "result": {"count": 1, "results": packages}}

    assert keys(read(get, f"{HOME}{path}package_search")) == ["p001"]
    assert len(calls) == 1
    assert calls[0].startswith(f"{HOME}{path}package_search?")


# ------------------------------------------------------------------------------ recognising


@pytest.mark.parametrize(
    ("document", "ours"),
    [
        ({"help": "", "success": True, "result": {"count": 0, "facets": {}, "results": []}}, True),
        ({"help": "", "success": True, "result": {"sort": "", "count": 1, "results": [package(1)]}}, True),
        ({"help": "", "success": True, "result": ["a", "b"]}, True),
        ([package(1, license_id="", notes="")], True),
        ([EXPORTED], True),
        (EXPORTED, True),
        ([{"sharing": "public", "title": "a"}], False),
        ({"help": "", "success": False, "error": {"message": "Not found"}}, False),
        ({"success": True, "result": True}, False),
        ({"dataset": [{"title": "a", "distribution": []}]}, False),
        ({"results": [{"dataset_id": "a"}], "total_count": 1}, False),
        ([], False),
        ({}, False),
        ("package_search", False),
    ],
)
def test_recognising(document, ours):
    assert ckan.recognise(Document(url=HOME, body=json.dumps(document).encode())) is ours


@settings(deadline=None)
@given(st.binary(max_size=60) | st.text('{}[]",: result\\', max_size=60).map(str.encode))
def test_recognising_never_fails(raw):
    assert ckan.recognise(Document(url=HOME, body=raw)) in (True, False)


# ------------------------------------------------------------------------------ the decider

COUNTS = st.integers(0, 60)


@settings(deadline=None)
@given(
    size=st.integers(1, 50),
    answers=st.lists(
        st.none() | st.tuples(st.integers(0, 60), st.integers(0, 60), st.none() | st.integers(0, 500)),
        max_size=60,
    ),
)
def test_whatever_a_portal_answers_paging_goes_on_from_a_sound_place(size, answers):
    paging = Paging(size)
    for answer in answers:
        if paging.over:
            break
        if answer is None:
            paging.failed()
        else:
            received, fresh, total = answer
            paging.answered(received, min(fresh, received), total)
        assert paging.start >= 0
        assert 1 <= paging.size <= size


def test_paging_ends_though_the_portal_never_does():
    paging, pages = Paging(10), 0
    while not paging.over:
        paging.answered(10, 10, None)
        pages += 1
    assert pages == 20_000


# ------------------------------------------------------------------------------ captured feeds

NO_PACKAGES = (
    "ckan/terria_taxation-statistics-wms-resource.json",  # answers of resource_show
    "ckan/terria_vic-wms-layer-resource.json",
    "ckan/terria_wms-no-layer-resource.json",
    "ckan-fr/montreal_error_404.json",
    "ckan-fr/montreal_error_409_bad_fq.json",
    "ckan-fr/donneesquebec_error_404.json",
)


def read_captured(shared: Path, path: str) -> list[Item]:
    document = Document(url=f"https://captured.example/{path}", body=shared / "feeds" / path)
    source = make.source(url=document.url, path=shared / "feeds" / path)
    return list(ckan.read(source, lambda _: document))


@pytest.mark.parametrize("path", NO_PACKAGES)
def test_captured_answers_without_packages_are_told(shared: Path, path: str):
    with pytest.raises(FeedError, match="holds no CKAN packages"):
        read_captured(shared, path)


def test_every_replayed_portal_gives_its_datasets(shared: Path, replay: Any):
    portals = captured.portals(shared, "ckan")
    running = replay(*portals)
    for name, count in portals.items():
        items = list(ckan.read(make.source(url=running.url(name)), captured.get))
        assert len(drafts(items)) + len(problems(items)) == announced(items) == count, name
        left_out = [problem.values.get("type") for problem in problems(items)]
        assert left_out == ["harvest"] * (name not in ("dados-gov-br", "hauts-de-france", "evil-town")), name


@pytest.mark.parametrize(
    ("fault", "expected", "total"),
    [
        ("bom_utf8", 250, 251),
        ("utf16", 250, 251),
        ("latin1_mislabelled", 250, 251),
        ("wrong_content_type", 250, 251),
        ("truncated", 250, 251),
        ("invalid_json", 249, 251),  # each page is read on from its break; the last package alone is lost
        ("paging_shrinks", 250, 209),
        ("paging_never_ends", 84, 2510),
        ("duplicate_ids", 253, 254),
        ("empty_feed", 0, 0),
    ],
)
def test_faults_of_a_portal(replay: Any, fault: str, expected: int, total: int):
    running = replay("king-county")
    running.fault("king-county", fault)
    items = list(ckan.read(make.source(url=running.url("king-county")), captured.get))
    assert (len(drafts(items)), announced(items)) == (expected, total)
    assert len(running.log("king-county")) < 30


def test_packages_are_read_fast_enough_for_a_national_catalogue():
    """10,000 a second and more on an idle machine; a quarter of that here, where others work too."""
    raw = "\n".join(json.dumps(record) for record in INPUTS * 250)
    url = f"{HOME}packages.jsonl"
    began = time.process_time()
    count = len(read(web({url: raw}), url))
    assert count / (time.process_time() - began) > 2_500
