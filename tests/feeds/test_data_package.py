"""Data packages: descriptors of both versions, catalogues of them, and 211 directories."""

from __future__ import annotations

import json
from datetime import date
from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from harvester.document import Document
from harvester.errors import FeedError, FetchError
from harvester.feeds import data_package
from harvester.feeds._data_package import directory
from harvester.feeds._data_package.package import draft_of, resolved
from harvester.model import Draft, Item
from tests import make
from tests.feeds import captured
from tests.feeds.captured import drafts, lean, problems
from tests.feeds.web import Answer, Web

BASE = "https://elmford.example/data/"
URL = f"{BASE}datapackage.json"


class Server(Web):
    """A web that also says how large its documents are."""

    def __init__(self, answers: dict[str, Answer], lengths: dict[str, int] | None = None) -> None:
        super().__init__(answers)
        self.lengths = lengths or {}
        self.heads: list[str] = []

    def head(self, url: str) -> Document:
        self.heads.append(url)
        if url not in self.answers:
            raise FetchError(url, "answered 404.", status=404)
        return Document(url=url, body=b"", length=self.lengths.get(url))


def read(answers: Server | dict[str, Answer], url: str = URL) -> list[Item]:
    server = answers if isinstance(answers, Server) else Server(answers)
    return list(data_package.read(make.source(url=url), server))


def package(*resources: Any, **fields: Any) -> dict[str, Any]:
    return {"name": "stops", "resources": list(resources), **fields}


TABLE = {"name": "t", "path": "t.csv"}


# ------------------------------------------------------------------------------ one package


@pytest.mark.parametrize(
    ("given_", "expected"),
    [
        pytest.param(
            package({"name": "t", "path": "a/t.csv", "title": "T", "bytes": 12, "hash": "sha256:ab", "format": "csv", "mediatype": "text/csv", "schema": {"fields": [{"name": "id", "type": "string"}, {"name": "x"}]}}),
            {"key": "stops", "title": {"": "stops"}, "data_dictionary": [URL], "distributions": [{"key": "t", "download_url": f"{BASE}a/t.csv", "title": {"": "T"}, "format": "csv", "media_type": "text/csv", "byte_size": "12", "checksum": "sha256:ab"}], "unread": {"fields": "t: id (string), x"}},
            id="a table in the package",
        ),
        pytest.param(
            package({"name": "r", "path": ["r 1.csv", "https://x.example/r2.csv"], "bytes": 9}, id="https://elmford.example/stops"),
            {"key": "https://elmford.example/stops", "identifiers": ["stops"], "uri": "https://elmford.example/stops", "title": {"": "stops"}, "distributions": [{"key": "r#1", "download_url": f"{BASE}r%201.csv", "title": {"": "r: r%201.csv"}}, {"key": "r#2", "download_url": "https://x.example/r2.csv", "title": {"": "r: r2.csv"}}]},
            id="a resource of several files",
        ),
        pytest.param(
            package({"name": "i", "data": [{"a": 1}]}),
            {"key": "stops", "title": {"": "stops"}, "distributions": [{"key": "i", "download_url": URL, "title": {"": "i"}, "format": "json"}]},
            id="data inside of the descriptor",
        ),
        pytest.param(
            package(TABLE, **{"$schema": "https://datapackage.org/profiles/2.0/datapackage.json"}, contributors=[{"title": "Town", "roles": ["publisher"], "path": "https://elmford.example"}, {"givenName": "Ann", "familyName": "Lee", "email": "ann@elmford.example", "roles": ["contact"]}, {"title": "Bob", "roles": ["author"]}], sources=[{"title": "Survey", "path": "survey.pdf"}, {"title": "Memory"}], licenses=[{"name": "CC-BY-4.0"}, {"path": "terms.html"}]),
            {"key": "stops", "title": {"": "stops"}, "publisher": {"name": {"": "Town"}, "url": "https://elmford.example"}, "contacts": [{"name": "Ann Lee", "email": "ann@elmford.example"}], "licence": "CC-BY-4.0", "conforms_to": ["https://datapackage.org/profiles/2.0/datapackage.json"], "documentation": [f"{BASE}survey.pdf"], "distributions": [{"key": "t", "download_url": f"{BASE}t.csv", "title": {"": "t"}}], "unread": {"licenses": f'["{BASE}terms.html"]', "sources": f"Survey <{BASE}survey.pdf>; Memory"}},
            id="people, sources and licences of version 2",
        ),
        pytest.param(
            package({"url": "https://x.example/t.csv", "schema": {"fields": []}}, profile="p", license={"type": "ODbL-1.0", "url": "https://odbl.example/"}, maintainers=[{"name": "Desk", "email": "d@elmford.example"}], publisher=[{"name": "Town"}], author="Jane Doe", last_updated="2020-02-02", spatial={"bbox": [1, 2, 3, 4.5]}, temporal={"start": "2001", "end": "2002"}),
            {"key": "stops", "title": {"": "stops"}, "publisher": {"name": {"": "Town"}}, "contacts": [{"name": "Desk", "email": "d@elmford.example"}], "licence": "https://odbl.example/", "modified": "2020-02-02", "spatial": [{"bbox": "1,2,3,4.5"}], "temporal": [{"start": "2001", "end": "2002"}], "conforms_to": ["p"], "data_dictionary": [URL], "distributions": [{"download_url": "https://x.example/t.csv"}]},
            id="before version 1",
        ),
    ],
)  # fmt: skip
def test_a_descriptor_becomes_a_draft(given_: dict[str, Any], expected: dict[str, Any]):
    assert lean(draft_of(given_, URL)) == expected


@pytest.mark.parametrize(
    "path",
    ["../t.csv", "../../etc/passwd", "/etc/passwd", "a/../../t.csv", "a/..", "..\\t.csv", "%2e%2e/t.csv", "..%2Ft.csv", "~/t.csv", "C:\\t.csv", "file:///etc/passwd", "javascript:alert(1)", "\\\\host\\t.csv", "//host/t.csv", " "],
)  # fmt: skip
def test_paths_that_lead_out_of_the_package_are_refused_and_told(path: str):
    assert resolved(URL, path) is None
    draft = draft_of(package({"name": "out", "path": path}, TABLE), URL)
    assert [each.key for each in draft.distributions] == ["t"]
    if path.strip():
        assert [(note.code, note.raw) for note in draft.notes] == [("url-invalid", path)]


@pytest.mark.parametrize("path", ["t.csv", "a/b/t.csv", "./t.csv", "a..b.csv", "ü.csv", "a#b.csv", "50%.csv"])
def test_paths_in_the_package_are_below_its_folder(path: str):
    address = resolved(URL, path)
    assert address is not None
    assert address.startswith(BASE)
    assert "#" not in address


def test_paths_of_a_package_on_disk_stay_what_they_are():
    draft = draft_of(package(TABLE), "file:///home/jane/datapackage.json")
    assert "jane" not in str(draft)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5) | st.sampled_from(["../x", "t.csv", "https://x.example/"]),
    lambda inner: st.lists(inner, max_size=3)
    | st.dictionaries(st.text(max_size=5) | st.sampled_from(["path", "data", "schema", "fields", "name", "title", "role", "url"]), inner, max_size=4),
    max_leaves=8,
)  # fmt: skip
FIELDS = ["name", "id", "resources", "licenses", "license", "contributors", "sources", "spatial", "temporal", "publisher", "maintainers", "keywords", "profile"]  # fmt: skip


@settings(deadline=None)
@given(st.dictionaries(st.sampled_from(FIELDS) | st.text(max_size=5), JSON))
def test_any_object_whatever_becomes_a_draft(value: dict[str, Any]):
    draft = draft_of(value, URL)
    assert msgspec.convert(msgspec.to_builtins(draft), Draft) == draft
    data_package.recognise(Document(url=URL, body=json.dumps(value).encode()))


# ------------------------------------------------------------------------------ documents


@pytest.mark.parametrize(
    ("value", "is_one"),
    [
        (package(TABLE), True),
        (package(profile="tabular-data-package"), True),
        ([package(TABLE)], True),
        ({"packages": ["a/datapackage.json"]}, True),
        ({"datasets": [{"url": "https://x.example/datapackage.json"}]}, True),
        ([{"title": "A", "datapackage": "a/datapackage.json"}], True),
        ({"success": True, "result": {"resources": [{"url": "x"}]}}, False),
        ({"name": "ckan", "num_resources": 1, "resources": [{"url": "https://x.example/t.csv", "package_id": "1"}]}, False),
        ({"name": "ckan", "owner_org": "o", "resources": []}, False),
        ({"name": "ckan", "notes": "Words", "resources": []}, False),
        ({"dataset": [{"title": "A", "distribution": [{"downloadURL": "https://x.example/datapackage.json"}]}]}, False),
        ({"@context": "x", "resources": [{"path": "x"}]}, False),
        ({"datasets": [{"title": "A", "url": "https://x.example/a"}], "see": "datapackage.json"}, False),
        ({"resources": "none"}, False),
        ([], False),
        ("datapackage.json", False),
    ],
)  # fmt: skip
def test_content_decides_what_is_a_package(value: Any, is_one: bool):
    assert data_package.recognise(Document(url=URL, body=json.dumps(value).encode())) is is_one


@pytest.mark.parametrize(
    "content", [b"", b"<html>datapackage.json</html>", b'{"resources": [', b'{"resources"' + b"[" * 100_000]
)
def test_what_is_no_package_is_refused(content: bytes):
    assert not data_package.recognise(Document(url=URL, body=content))
    with pytest.raises(FeedError):
        read({URL: content})


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-16-le"])
def test_encodings(encoding: str):
    document = Document(
        url=URL, body=json.dumps(package(TABLE, title="Été"), ensure_ascii=False).encode(encoding)
    )
    assert data_package.recognise(document)
    assert drafts(read({URL: document}))[0].title == {"": "Été"}


def test_a_descriptor_that_breaks_off_gives_the_files_before_the_break():
    whole = json.dumps(package(TABLE, {"name": "u", "path": "u.csv"}, title="Stops"))
    items = read({URL: whole[: whole.index('"u.csv"')]})
    (draft,) = drafts(items)
    assert [each.key for each in draft.distributions] == ["t"]
    assert [note.code for note in draft.notes] == ["feed-repaired"]
    assert [each.partial for each in problems(items)] == [True]


# ------------------------------------------------------------------------------ catalogues and home pages


def test_a_catalogue_of_links_packages_and_catalogues():
    answers: dict[str, Answer] = {
        URL: {"packages": ["a/datapackage.json", {"url": "b/datapackage.json"}, package(TABLE, name="c"), "list-datapackages.json", 7, "a/datapackage.json"]},
        f"{BASE}a/datapackage.json": package(TABLE, name="a"),
        f"{BASE}b/datapackage.json": package(TABLE, name="b"),
        f"{BASE}list-datapackages.json": [package(TABLE, name="d"), "datapackage.json"],
    }  # fmt: skip
    items = read(answers)
    assert [draft.key for draft in drafts(items)] == ["a", "b", "c", "d"]
    assert len(problems(items)) == 1


def test_relative_paths_start_at_their_own_descriptor():
    answers: dict[str, Answer] = {URL: ["a/datapackage.json"], f"{BASE}a/datapackage.json": package(TABLE)}
    assert drafts(read(answers))[0].distributions[0].download_url == f"{BASE}a/t.csv"


def test_one_bad_package_costs_one_package():
    answers: dict[str, Answer] = {
        URL: [
            "gone/datapackage.json",
            "down/datapackage.json",
            "html/datapackage.json",
            "a/datapackage.json",
        ],
        f"{BASE}down/datapackage.json": FetchError("x", "answered 503.", status=503),
        f"{BASE}html/datapackage.json": "<html></html>",
        f"{BASE}a/datapackage.json": package(TABLE),
    }
    items = read(answers)
    assert len(drafts(items)) == 1
    assert [each.partial for each in problems(items)] == [False, True, False]


def test_catalogues_in_a_circle_end():
    answers: dict[str, Answer] = {
        URL: ["a/datapackages.json", package(TABLE)],
        f"{BASE}a/datapackages.json": [URL, "../a/datapackages.json"],
    }
    server = Server({**answers, f"{BASE}a/datapackages.json": [URL]})
    assert len(drafts(read(server))) == 1
    assert len(server.calls) <= 3


def test_the_packages_that_a_home_page_links_to():
    home = "https://elmford.example/"
    page = '<html><body><a href="/data/datapackage.json">Stops</a> <a href="x/datapackage.json?v=2">X</a> <a href="about">About</a></body></html>'
    answers: dict[str, Answer] = {
        home: page,
        URL: package(TABLE),
        f"{home}x/datapackage.json?v=2": package(TABLE, name="x"),
    }
    assert [draft.key for draft in drafts(read(answers, home))] == ["stops", "x"]


def test_the_usual_place_is_asked_where_nothing_is_linked():
    assert len(drafts(read({BASE: "<html></html>", URL: package(TABLE)}, BASE))) == 1
    with pytest.raises(FeedError):
        read({BASE: "<html></html>"}, BASE)


# ------------------------------------------------------------------------------ 211 directories

ORGANIZATIONS = "id,name\no1,Food Bank\no2,Shelter\no3,Clinic\n"
SERVICES = "id,organization_id,name,last_modified,assured_date\ns1,o1,Meals,2020-03-01T00:00:00Z,2024-05-01\ns2,o2,Beds,2019-01-31,\n"
LOCATIONS = (
    "id,organization_id,latitude,longitude\nl1,o1,39.5,-119.9\nl2,o2,39.4,-119.8\nl3,o3,,\nl4,o3,x,0\n"
)
METADATA = "id,resource_id,last_action_date\nm1,o2,2018-01-01\nm2,l2,2021-06-30\nm3,unknown,2024-01-01\nm4,s2,not a date\n"


def hsds(*names: str, **fields: Any) -> dict[str, Any]:
    wanted = names or ("organization", "service", "location", "metadata", "phone", "taxonomy_term", "address")
    return package(*({"name": name, "path": f"{name}s.csv"} for name in wanted), name="directory", **fields)


def tables(**others: Answer) -> dict[str, Answer]:
    found = {
        "organizations": ORGANIZATIONS,
        "services": SERVICES,
        "locations": LOCATIONS,
        "metadatas": METADATA,
    }
    return {URL: hsds(), **{f"{BASE}{name}.csv": table for name, table in {**found, **others}.items()}}


@pytest.fixture(autouse=True)
def _today(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(directory, "_today", lambda: date(2024, 6, 1))


def test_a_directory_tells_when_each_organization_was_looked_after():
    """Its services and locations are its own; what was assured to be right was looked after as well."""
    (draft,) = drafts(read(tables()))
    said = draft.unread
    assert said["tables"] == "7"
    assert [said[f"{name} records"] for name in ("organization", "service", "location", "metadata")] == [
        "3",
        "2",
        "4",
        "4",
    ]
    assert said["last update by organization"] == "Shelter: 2021-06-30; Food Bank: 2024-05-01"
    assert said["organization updated longest ago"] == "Shelter: 2021-06-30"
    assert said["organization updated last"] == "Food Bank: 2024-05-01"
    assert said["organizations not updated for over a year"] == "1"
    assert said["organizations without a date"] == "1"
    assert draft.modified == "2024-05-01"
    assert [(note.code, note.raw) for note in draft.notes] == [
        ("directory-stale", "1 of 3; Shelter: 2021-06-30")
    ]
    assert [place.bbox for place in draft.spatial] == ["-119.9,39.4,-119.8,39.5"]
    assert "https://docs.openreferral.org/en/3.0/" in draft.conforms_to
    assert len(draft.distributions) == 7


def test_a_directory_that_is_looked_after_has_no_note():
    fresh = {
        "services": "id,organization_id,last_modified\ns1,o1,2024-01-01\n",
        "metadatas": "id,resource_id\n",
    }
    (draft,) = drafts(read(tables(**fresh)))
    assert (draft.notes, draft.unread["organizations not updated for over a year"]) == ((), "0")


def test_what_the_package_says_of_itself_is_kept():
    (draft,) = drafts(read({**tables(), URL: hsds(modified="2024-04-04", spatial="Reno")}))
    assert (draft.modified, [place.text for place in draft.spatial]) == ("2024-04-04", ["Reno"])


def test_few_requests_and_no_large_table():
    server = Server(tables(), {f"{BASE}services.csv": 50_000_000})
    (draft,) = drafts(read(server))
    assert f"{BASE}services.csv" not in server.calls
    assert draft.unread["tables that were not read"] == "service"
    assert len(server.calls) + len(server.heads) <= 9


def test_a_stated_size_needs_no_question():
    stated = hsds()
    for resource in stated["resources"]:
        resource["bytes"] = 5_000_000 if resource["name"] == "metadata" else 100
    server = Server({**tables(), URL: stated})
    (draft,) = drafts(read(server))
    assert (server.heads, draft.unread["tables that were not read"]) == ([], "metadata")


def test_the_table_of_changes_is_looked_for_where_the_standard_puts_it():
    unlisted = {
        **tables(),
        URL: hsds("organization", "service", "location", "phone"),
        f"{BASE}metadata.csv": METADATA,
    }
    assert drafts(read(unlisted))[0].unread["metadata records"] == "4"


@pytest.mark.parametrize(
    "table",
    [
        "",
        "<html>Sorry</html>",
        "name;x\n1;2\n",
        b"\xff\xfe\x00",
        'id,name\n"o1,Food',
        FetchError("x", "answered 500.", status=500),
    ],
)
def test_a_bad_table_costs_what_it_would_have_said(table: Answer):
    (draft,) = drafts(read(tables(organizations=table)))
    assert len(draft.distributions) == 7


def test_semicolons_and_windows_1252():
    (draft,) = drafts(read(tables(organizations="id;name\no1;Café\n".encode("cp1252"))))
    assert draft.unread["last update by organization"] == "Café: 2024-05-01"


def test_tables_inside_of_the_descriptor():
    inline = package({"name": "organizations", "data": [{"id": "o1", "name": "A", "last_modified": "2023-01-01"}]}, *({"name": n, "data": []} for n in ("services", "locations", "addresses")))  # fmt: skip
    server = Server({URL: inline})
    assert drafts(read(server))[0].unread["organization updated last"] == "A: 2023-01-01"


@pytest.mark.parametrize(
    "names", [("organization", "location", "phone"), ("service", "organization"), ("stops", "routes")]
)
def test_other_packages_are_no_directories(names: tuple[str, ...]):
    server = Server({URL: hsds(*names)})
    read(server)
    assert server.calls == [URL]


# ------------------------------------------------------------------------------ replayed portals


class Replayed:
    """The least that reaches a replayed portal, sizes left open."""

    def __call__(self, url: str) -> Document:
        return captured.get(url)

    def head(self, url: str) -> Document:
        return Document(url=url, body=b"")


@pytest.mark.parametrize(("portal", "files"), [("riverbend", 5), ("hsds-211", 5)])
def test_replayed_portals(replay: Any, portal: str, files: int):
    running = replay(portal)
    for url in (running.url(portal), running.feed_url(portal)):
        (draft,) = drafts(list(data_package.read(make.source(url=url), Replayed())))
        assert len(draft.distributions) == files


def test_the_replayed_directory_is_stale(replay: Any):
    running = replay("hsds-211")
    (draft,) = drafts(list(data_package.read(make.source(url=running.url("hsds-211")), Replayed())))
    assert (
        draft.unread["organizations not updated for over a year"]
        == draft.unread["organization records"]
        == "10"
    )
    larger = running.feed_url("hsds-211").replace("/hsds/", "/hsds-full/")
    (draft,) = drafts(list(data_package.read(make.source(url=larger), Replayed())))
    assert (len(draft.distributions), draft.unread["tables"]) == (22, "22")
