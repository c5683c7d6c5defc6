"""Catalogue services: what is one, how it is asked, how its pages end."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from harvester.document import Document
from harvester.errors import FeedError, FetchError
from harvester.feeds import csw
from harvester.model import Draft, Item
from tests import make
from tests.feeds import captured
from tests.feeds.captured import announced, drafts, problems

URL = "https://geo.elmford.example/csw"
CSW2 = "http://www.opengis.net/cat/csw/2.0.2"
ISO, DCAT = "http://www.isotc211.org/2005/gmd", "http://www.w3.org/ns/dcat#"


def iso(number: int, scope: str = "dataset") -> str:
    return (
        f'<gmd:MD_Metadata xmlns:gmd="{ISO}" xmlns:gco="g"><gmd:fileIdentifier><gco:s>r{number}</gco:s></gmd:fileIdentifier>'
        f'<gmd:hierarchyLevel><gmd:c codeListValue="{scope}"/></gmd:hierarchyLevel><gmd:identificationInfo><gmd:x><gmd:citation>'
        f"<gmd:y><gmd:title><gco:s>Record {number}</gco:s></gmd:title></gmd:y></gmd:citation></gmd:x></gmd:identificationInfo></gmd:MD_Metadata>"
    )


def dublin(number: int) -> str:
    return f'<csw:Record xmlns:dc="d"><dc:identifier>r{number}</dc:identifier><dc:title>Record {number}</dc:title></csw:Record>'


def dcat(number: int) -> str:
    return (
        '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns:dcat="http://www.w3.org/ns/dcat#" xmlns:dct="http://purl.org/dc/terms/">'
        f'<dcat:Dataset rdf:about="https://elmford.example/d{number}"><dct:title>Record {number}</dct:title></dcat:Dataset></rdf:RDF>'
    )


def answer(records: list[str], matched: int | None = None, following: int | None = 0) -> str:
    said = f' numberOfRecordsMatched="{matched}"' if matched is not None else ""
    said += f' nextRecord="{following}"' if following is not None else ""
    return (
        f'<?xml version="1.0"?><csw:GetRecordsResponse xmlns:csw="{CSW2}"><csw:SearchStatus/>'
        f"<csw:SearchResults{said}>{''.join(records)}</csw:SearchResults></csw:GetRecordsResponse>"
    )


def capabilities(*schemas: str, address: str = URL, versions: tuple[str, ...] = ("2.0.2",)) -> str:
    values = "".join(f"<ows:Value>{each}</ows:Value>" for each in schemas)
    said = "".join(f"<ows:ServiceTypeVersion>{each}</ows:ServiceTypeVersion>" for each in versions)
    namespace = "http://www.opengis.net/cat/csw/3.0" if versions == ("3.0.0",) else CSW2
    return (
        f'<csw:Capabilities xmlns:csw="{namespace}" xmlns:ows="http://www.opengis.net/ows" xmlns:xlink="http://www.w3.org/1999/xlink" version="{versions[0]}">'
        f'<ows:ServiceIdentification>{said}</ows:ServiceIdentification><ows:OperationsMetadata><ows:Operation name="GetRecords">'
        f'<ows:DCP><ows:HTTP><ows:Get xlink:href="{address}"/></ows:HTTP></ows:DCP><ows:Parameter name="outputSchema">{values}</ows:Parameter>'
        "</ows:Operation></ows:OperationsMetadata></csw:Capabilities>"
    )


EXCEPTION = (
    '<ows:ExceptionReport xmlns:ows="http://www.opengis.net/ows"><ows:Exception exceptionCode="InvalidParameterValue">'
    "<ows:ExceptionText>no such schema</ows:ExceptionText></ows:Exception></ows:ExceptionReport>"
)

Page = Callable[[dict[str, str]], str | FetchError]


class Service:
    """A `Get` over a service: `page` answers what `GetRecords` asks for, names in lower case."""

    def __init__(self, page: Page, says: str | None = None, url: str = URL) -> None:
        self.page, self.says, self.url = page, says or capabilities(ISO, CSW2), url
        self.asked: list[dict[str, str]] = []
        self.calls: list[str] = []

    def __call__(self, url: str) -> Document:
        self.calls.append(url)
        asked = {name.lower(): values[0] for name, values in parse_qs(urlsplit(url).query).items()}
        if not url.startswith(self.url) or "request" not in asked:
            raise FetchError(url, "answered 404.", status=404)
        if asked["request"] == "GetCapabilities":
            return Document(url=url, body=self.says.encode())
        self.asked.append(asked)
        said = self.page(asked)
        if isinstance(said, FetchError):
            raise said
        return Document(url=url, body=said.encode())

    def head(self, url: str) -> Document:
        raise AssertionError(url)


def paged(total: int, size: int, record: Callable[[int], str] = iso) -> Page:
    def page(asked: dict[str, str]) -> str:
        start = int(asked.get("startposition", "1"))
        end = min(start + min(size, int(asked["maxrecords"])), total + 1)
        return answer([record(n) for n in range(start, end)], total, end if end <= total else 0)

    return page


def read(service: Service, url: str = URL) -> list[Item]:
    return list(csw.read(make.source(url=url), service))


def keys(items: list[Item]) -> list[str | None]:
    return [draft.key for draft in drafts(items)]


# ------------------------------------------------------------------------------ recognising


@pytest.mark.parametrize(
    ("content", "is_one"),
    [
        (capabilities(ISO), True),
        (capabilities(ISO, versions=("3.0.0",)), True),
        (capabilities(ISO).replace("csw:", "").replace(":csw", ""), True),
        ("\ufeff<?xml version='1.0'?><!-- hello -->" + answer([]), True),
        (EXCEPTION, False),
        ('<Capabilities xmlns="http://www.opengis.net/wmts/1.0"/>', False),
        ("<html><body>GetCapabilities csw:Capabilities</body></html>", False),
        ('{"csw": "Capabilities"}', False),
        ("", False),
    ],
)
def test_content_decides_what_is_a_service(content: str, is_one: bool):
    assert csw.recognise(Document(url=URL, body=content.encode(), media_type="text/html")) is is_one


@pytest.mark.parametrize(
    "url",
    [
        "https://geo.elmford.example",
        "https://geo.elmford.example/",
        URL,
        f"{URL}?service=CSW&request=GetCapabilities",
        f"{URL}?service=CSW&version=2.0.2&request=GetRecords&typeNames=csw:Record&outputSchema={ISO}&maxRecords=10",
    ],
)
def test_the_home_page_a_probe_and_the_service_itself_all_work(url: str):
    assert keys(read(Service(paged(3, 10)), url)) == ["r1", "r2", "r3"]


@pytest.mark.parametrize(
    "link",
    ["/maps/csw", "/maps/csw?service=CSW&amp;request=GetCapabilities", "/maps/srv/fre/catalog.search#/home"],
)
def test_a_home_page_that_links_to_its_service(link: str):
    url = (
        "https://geo.elmford.example/maps/srv/fre/csw"
        if "srv" in link
        else "https://geo.elmford.example/maps/csw"
    )
    service = Service(paged(1, 1), capabilities(ISO, address=url), url)
    home = Document(
        url="https://geo.elmford.example/", body=f'<html><a href="{link}">Catalogue</a></html>'.encode()
    )

    def get(asked: str) -> Document:
        return home if asked == home.url else service(asked)

    get.head = None  # type: ignore[attr-defined]
    assert keys(list(csw.read(make.source(url=home.url), get))) == ["r1"]  # type: ignore[arg-type]
    assert len(service.calls) == 2


def test_where_there_is_no_service_is_said():
    with pytest.raises(FetchError):
        read(Service(paged(1, 1), url="https://elsewhere.example/"))


# ------------------------------------------------------------------------------ asking


@pytest.mark.parametrize(
    ("offered", "first"),
    [
        ((CSW2, ISO), ISO),
        ((CSW2, DCAT), DCAT),
        ((CSW2,), CSW2),
        ((), ISO),
        (
            ("http://standards.iso.org/iso/19115/-3/mdb/2.0", CSW2),
            "http://standards.iso.org/iso/19115/-3/mdb/2.0",
        ),
    ],
)
def test_the_schema_that_says_most_is_asked_for_first(offered: tuple[str, ...], first: str):
    service = Service(paged(1, 1), capabilities(*offered))
    read(service)
    assert [each["outputschema"] for each in service.asked] == [first]


@pytest.mark.parametrize("refusal", [EXCEPTION, FetchError(URL, "answered 400.", status=400), answer([], 2)])
def test_a_refused_schema_costs_one_question(refusal: str | FetchError):
    whole = paged(2, 9, dublin)
    service = Service(lambda asked: refusal if asked["outputschema"] == ISO else whole(asked))
    items = read(service)
    assert keys(items) == ["r1", "r2"]
    assert not problems(items)


def test_an_outage_is_no_refusal():
    service = Service(lambda _: FetchError(URL, "answered 503.", status=503))
    with pytest.raises(FetchError):
        read(service)


def test_a_server_that_is_down_is_asked_once():
    calls: list[str] = []

    def get(url: str) -> Document:
        calls.append(url)
        raise FetchError(url, "cannot be reached.")

    with pytest.raises(FetchError):
        list(csw.read(make.source(url=URL), get))  # type: ignore[arg-type]
    assert calls == [URL]


def test_an_error_report_is_told():
    with pytest.raises(FeedError, match="no such schema"):
        read(Service(lambda _: EXCEPTION))


def test_version_3_knows_no_result_type():
    service = Service(paged(1, 1), capabilities(ISO, versions=("3.0.0",)))
    read(service)
    assert (service.asked[0]["version"], "resulttype" in service.asked[0]) == ("3.0.0", False)


def test_a_service_behind_a_proxy_is_asked_where_it_answered():
    service = Service(paged(1, 1), capabilities(ISO, address="http://localhost:8080/csw"))
    assert keys(read(service)) == ["r1"]


def test_parameters_that_belong_to_the_address_are_kept():
    service = Service(paged(1, 1), capabilities(ISO, address=f"{URL}?map=a.map&amp;"))
    read(service, f"{URL}?map=a.map&service=CSW&request=GetCapabilities")
    assert service.asked[0]["map"] == "a.map"


def test_geonetwork_shows_its_records_to_people():
    url = "https://geo.elmford.example/geonetwork/srv/fre/csw"
    service = Service(paged(1, 1), capabilities(ISO, address=url), url)
    assert (
        drafts(read(service, url))[0].page
        == "https://geo.elmford.example/geonetwork/srv/fre/catalog.search#/metadata/r1"
    )


# ------------------------------------------------------------------------------ pages


@pytest.mark.parametrize(("total", "size"), [(0, 10), (1, 10), (10, 10), (25, 10), (6, 2), (230, 100)])
def test_every_page_is_read_once(total: int, size: int):
    service = Service(paged(total, size))
    items = read(service)
    assert keys(items) == [f"r{n}" for n in range(1, total + 1)]
    assert announced(items) == total
    assert len(service.asked) == max(1, -(-total // size))


def test_the_page_after_the_last_is_not_asked_for():
    """One captured service says that record 231 of 230 comes next."""
    service = Service(lambda asked: answer([iso(1), iso(2)], 2, 3))
    assert keys(read(service)) == ["r1", "r2"]
    assert len(service.asked) == 1


def test_a_service_that_never_names_the_next_record_is_followed_by_position():
    whole = paged(5, 2)
    service = Service(
        lambda asked: (
            whole(asked).replace(' nextRecord="3"', "").replace(' nextRecord="5"', ' nextRecord="0"')
        )
    )
    assert len(keys(read(service))) == 5


def test_pages_that_hold_fewer_records_than_they_say():
    """GeoNetwork leaves out records that it cannot convert; nextRecord counts them."""
    pages = {1: answer([iso(1)], 4, 3), 3: answer([], 4, 4), 4: answer([iso(4)], 4, 0)}
    assert keys(read(Service(lambda asked: pages[int(asked["startposition"])]))) == ["r1", "r4"]


def test_a_service_that_leads_round_in_a_circle_costs_one_lap():
    service = Service(lambda asked: answer([iso(1), iso(2)], 1000, int(asked["startposition"]) + 2))
    items = read(service)
    assert keys(items) == ["r1", "r2"]
    assert len(service.asked) == 2
    assert [each.partial for each in problems(items)] == [True]


def test_empty_pages_without_end_are_not_followed():
    service = Service(
        lambda asked: answer(
            [iso(int(asked["startposition"]))] if asked["startposition"] == "1" else [],
            10**8,
            int(asked["startposition"]) + 1,
        )
    )
    assert keys(read(service)) == ["r1"]
    assert len(service.asked) < 15


@pytest.mark.parametrize("failure", [FetchError(URL, "answered 500.", status=500), EXCEPTION, "<html/>", ""])
def test_a_page_that_fails_costs_that_page(failure: str | FetchError):
    whole = paged(300, 100)
    items = read(Service(lambda asked: failure if asked["startposition"] == "101" else whole(asked)))
    assert len(keys(items)) == 200
    assert [each.partial for each in problems(items)] == [True]


def test_a_service_that_goes_down_is_left_alone():
    whole = paged(10_000, 100)
    service = Service(
        lambda asked: (
            whole(asked) if asked["startposition"] == "1" else FetchError(URL, "answered 500.", status=500)
        )
    )
    assert len(keys(read(service))) == 100
    assert len(service.asked) == 4


def test_a_page_that_breaks_off_gives_its_whole_records_and_goes_on_behind_them():
    whole = paged(4, 4)

    def page(asked: dict[str, str]) -> str:
        said = whole(asked)
        return said[: said.index("Record 3")] if asked["startposition"] == "1" else said

    items = read(Service(page))
    assert keys(items) == ["r1", "r2", "r3", "r4"]
    assert [each.partial for each in problems(items)] == [True]


def test_a_page_that_is_not_well_formed_is_mended_and_says_so():
    items = read(Service(lambda _: answer([iso(1).replace("Record 1", "Salt < pepper")], 1)))
    (draft,) = drafts(items)
    assert (draft.title, [note.code for note in draft.notes]) == ({"": "Salt < pepper"}, ["feed-repaired"])


def test_services_are_told_and_not_announced():
    items = read(Service(lambda _: answer([iso(1), iso(2, "service")], 2)))
    assert (keys(items), announced(items)) == (["r1"], 1)
    assert "Record 2" in str(problems(items)[0])


def test_dcat_records_are_read_as_dcat():
    service = Service(paged(3, 2, dcat), capabilities(DCAT, CSW2))
    assert keys(read(service)) == [f"https://elmford.example/d{n}" for n in (1, 2, 3)]


def test_dcat_without_a_frame_around_it():
    """GeoNetwork 3 puts the datasets straight into the results, and declares the prefixes outside."""
    bare = dcat(1).partition(">")[2].removesuffix("</rdf:RDF>")
    page = answer([bare], 1).replace(
        "<csw:GetRecordsResponse ",
        '<csw:GetRecordsResponse xmlns:dcat="http://www.w3.org/ns/dcat#" xmlns:dct="http://purl.org/dc/terms/" xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" ',
    )
    assert keys(read(Service(lambda _: page, capabilities(DCAT)))) == ["https://elmford.example/d1"]


# ------------------------------------------------------------------------------ replayed portals


@pytest.mark.parametrize(("portal", "count"), [("geonetwork-fr", 6), ("wave-atlas", 229)])
def test_replayed_portals(replay: Any, portal: str, count: int):
    """One of the wave atlas's 230 records describes a map server."""
    running = replay(portal)
    for url in (running.url(portal), running.feed_url(portal)):
        items = list(csw.read(make.source(url=url), captured.get))
        assert (len(keys(items)), len(set(keys(items))), announced(items)) == (count, count, count)
        assert not any(each.partial for each in problems(items))


@pytest.mark.parametrize(
    "fault",
    [
        "paging_never_ends",
        "paging_shrinks",
        "half_gone",
        "duplicate_ids",
        "invalid_json",
        "bom_utf8",
        "utf16",
        "latin1_mislabelled",
        "wrong_content_type",
    ],
)
def test_faults(replay: Any, fault: str):
    running = replay("geonetwork-fr")
    running.fault("geonetwork-fr", fault)
    items = list(csw.read(make.source(url=running.feed_url("geonetwork-fr")), captured.get))
    assert drafts(items)
    assert all(isinstance(each, Draft) and each.key for each in drafts(items))
    assert len(running.log("geonetwork-fr")) < 20


@pytest.mark.parametrize("fault", ["xml_entity_bomb", "xml_external_entity", "html_instead", "http404"])
def test_what_is_no_service_is_refused(replay: Any, fault: str):
    running = replay("geonetwork-fr")
    running.fault("geonetwork-fr", fault)
    with pytest.raises((FeedError, FetchError)):
        list(csw.read(make.source(url=running.feed_url("geonetwork-fr")), captured.get))
    assert running.log("_trap") == []
