"""Web folders of metadata records: what is one, what is followed, what one bad file costs."""

from __future__ import annotations

from typing import Any

import pytest

from harvester.document import Document
from harvester.errors import FeedError, FetchError
from harvester.feeds import _folder_listing, waf
from harvester.model import Item
from tests import make
from tests.feeds import captured
from tests.feeds.captured import drafts, problems
from tests.feeds.web import Answer, Web, web

URL = "https://elmford.example/waf/"


def record(key: str, scope: str = "dataset") -> str:
    return (
        f'<?xml version="1.0"?><MD_Metadata xmlns="http://www.isotc211.org/2005/gmd"><fileIdentifier><c>{key}</c></fileIdentifier>'
        f'<hierarchyLevel><c codeListValue="{scope}"/></hierarchyLevel><identificationInfo><x><citation><y><title><c>T {key}</c></title>'
        "</y></citation></x></identificationInfo></MD_Metadata>"
    )


def apache(*names: str, path: str = "/waf/") -> str:
    rows = "".join(
        f'<tr><td><a href="{name}">{name}</a></td><td>2024-05-01 10:00</td></tr>' for name in names
    )
    return (
        f"<html><head><title>Index of {path}</title></head><body><h1>Index of {path}</h1><table>"
        f'<tr><th><a href="?C=N;O=D">Name</a></th></tr><tr><td><a href="/">Parent Directory</a></td></tr>{rows}</table></body></html>'
    )


NGINX = '<html><head><title>Index of /waf/</title></head><body><h1>Index of /waf/</h1><hr><pre><a href="../">../</a>\n<a href="a.xml">a.xml</a>  01-May-2024 10:00  12\n</pre></body></html>'
IIS = '<html><head><title>elmford.example - /waf/</title></head><body><H1>elmford.example - /waf/</H1><hr><pre><A HREF="/">[To Parent Directory]</A><br> 5/1/2024 10:00 AM 12 <A HREF="/waf/a.xml">a.xml</A><br></pre></body></html>'
PYTHON = '<!DOCTYPE HTML><html><head><title>Directory listing for /waf/</title></head><body><h1>Directory listing for /waf/</h1><ul><li><a href="a.xml">a.xml</a></li></ul></body></html>'
S3 = '<?xml version="1.0"?><ListBucketResult xmlns="http://s3.amazonaws.com/doc/2006-03-01/"><Name>b</Name><IsTruncated>false</IsTruncated><Contents><Key>waf/a.xml</Key><Size>12</Size></Contents><Contents><Key>waf/</Key></Contents></ListBucketResult>'


def read(answers: Web | dict[str, Answer], url: str = URL) -> list[Item]:
    return list(waf.read(make.source(url=url), answers if isinstance(answers, Web) else web(answers)))


def keys(items: list[Item]) -> list[str | None]:
    return [draft.key for draft in drafts(items)]


@pytest.mark.parametrize(
    "listing", [NGINX, IIS, PYTHON, S3, apache("a.xml"), apache("a.xml").encode("utf-16").decode("utf-16")]
)
def test_listings_of_the_common_servers(listing: str):
    document = Document(url=URL, body=listing.encode())
    assert waf.recognise(document)
    assert keys(read({URL: listing, f"{URL}a.xml": record("a")})) == ["a"]


@pytest.mark.parametrize(
    ("content", "is_one"),
    [
        (apache("a.xml", "readme.txt"), True),
        (apache("a.csv", "b.csv", "c.xlsx", "a.xml"), False),  # a folder of data
        (apache("2023/", "2024/"), False),  # may be anything
        (apache(), False),
        ('<html><head><title>Elmford</title></head><body><a href="a.xml">Feed</a></body></html>', False),
        ("<rss><channel/></rss>", False),
        ("<urlset><url/></urlset>", False),
        (record("a"), True),
        ("", False),
        ("{}", False),
    ],
)
def test_content_decides_what_is_a_folder_of_records(content: str, is_one: bool):
    assert waf.recognise(Document(url=URL, body=content.encode())) is is_one


def test_only_links_below_the_folder_are_followed():
    listing = apache(
        "a.xml",
        "../up.xml",
        "/root.xml",
        "https://elsewhere.example/waf/b.xml",
        "//elsewhere.example/c.xml",
        "a.xml?C=M",
    )
    fetched = web({URL: listing, f"{URL}a.xml": record("a")})
    assert keys(read(fetched)) == ["a"]
    assert fetched.calls == [URL, f"{URL}a.xml"]


def test_folders_below_are_read_and_circles_are_not():
    answers = {
        URL: apache("2024/", "a.xml"),
        f"{URL}2024/": apache("b.xml", "/waf/", "/waf/2024/", path="/waf/2024/"),
        f"{URL}a.xml": record("a"),
        f"{URL}2024/b.xml": record("b"),
    }
    assert keys(read(answers)) == ["a", "b"]


def test_folders_without_end_are_given_up():
    class Endless(Web):
        def __call__(self, url: str) -> Document:
            self.calls.append(url)
            return Document(url=url, body=apache("x/", "y/", path=url).encode())

    endless = Endless({})
    items = read(endless)
    assert len(endless.calls) <= 101
    assert keys(items) == []


def test_a_long_list_of_a_store_is_read_page_by_page():
    first = S3.replace(
        "<IsTruncated>false", "<NextContinuationToken>n/2</NextContinuationToken><IsTruncated>true"
    )
    second = S3.replace("a.xml", "b%20c.xml")
    bucket = "https://b.store.example/?prefix=waf/"
    answers = {
        bucket: first,
        "https://b.store.example/?prefix=waf%2F&continuation-token=n%2F2": second,
        "https://b.store.example/waf/a.xml": record("a"),
        "https://b.store.example/waf/b%2520c.xml": record("b"),
    }
    assert keys(read(answers, bucket)) == ["a", "b"]


def test_a_container_of_azure():
    listing = (
        "<EnumerationResults><Blobs><Blob><Name>a.xml</Name></Blob></Blobs><NextMarker/></EnumerationResults>"
    )
    page = _folder_listing.read(Document(url="https://s.example/box?comp=list", body=listing.encode()))
    assert (page.files, page.following) == (("https://s.example/box/a.xml",), None)


def test_one_bad_file_costs_one_file():
    answers: dict[str, Answer] = {
        URL: apache(
            "a.xml",
            "no-xml.xml",
            "other.xml",
            "latin.xml",
            "cut.xml",
            "service.xml",
            "gone.xml",
            "down.xml",
            "z.xml",
        ),
        f"{URL}a.xml": record("a"),
        f"{URL}no-xml.xml": "nothing here",
        f"{URL}other.xml": "<root><data/></root>",
        f"{URL}latin.xml": record("é").encode("latin-1"),
        f"{URL}cut.xml": record("cut")[:-40],
        f"{URL}service.xml": record("s", "service"),
        f"{URL}down.xml": FetchError(f"{URL}down.xml", "answered 503.", status=503),
        f"{URL}z.xml": record("z"),
    }
    items = read(answers)
    assert keys(items) == ["a", "é", "z"]
    told = {str(each).partition(": ")[0].rpartition("/")[2]: each.partial for each in problems(items)}
    assert told == {
        "no-xml.xml": False,
        "other.xml": False,
        "cut.xml": False,
        "gone.xml": False,
        "down.xml": True,
        "": False,
    }


def test_the_file_itself_is_the_page_of_its_record():
    (draft,) = drafts(read({URL: apache("a.xml"), f"{URL}a.xml": record("a")}))
    assert draft.page == f"{URL}a.xml"


def test_a_record_without_a_key_goes_by_its_file():
    bare = record("a").replace("<fileIdentifier><c>a</c></fileIdentifier>", "")
    assert keys(read({URL: apache("a.xml"), f"{URL}a.xml": bare})) == ["a.xml"]


def test_an_empty_folder_holds_nothing():
    assert read({URL: apache()}) == []


def test_a_single_record_is_read():
    assert keys(read({f"{URL}a.xml": record("a")}, f"{URL}a.xml")) == ["a"]


@pytest.mark.parametrize("content", ["<root/>", "nothing", '{"a": 1}', "<html><body>Sorry</body></html>"])
def test_what_is_no_folder_is_refused(content: str):
    with pytest.raises(FeedError):
        read({URL: content})


def test_the_home_page_leads_to_the_folder():
    home = "https://elmford.example/"
    page = '<html><body><a href="/news/">News</a><a href="/records/iso">Metadata records</a></body></html>'
    answers = {
        home: page,
        f"{home}records/iso": apache(),
        f"{URL}": apache("a.xml"),
        f"{URL}a.xml": record("a"),
    }
    assert keys(read(answers, home)) == ["a"]


# ------------------------------------------------------------------------------ replayed portals


@pytest.mark.parametrize(
    "fault", ["", "utf16", "bom_utf8", "wrong_content_type", "latin1_mislabelled", "duplicate_ids"]
)
def test_the_replayed_folder(replay: Any, fault: str):
    """Seven files: five records, one that is no ISO (nor UTF-8), one that is no XML."""
    running = replay("iso-waf")
    if fault:
        running.fault("iso-waf", fault)
    items = list(waf.read(make.source(url=running.feed_url("iso-waf")), captured.get))
    assert (len(keys(items)), len(set(keys(items))), len(problems(items))) == (5, 5, 2)


@pytest.mark.parametrize("fault", ["xml_entity_bomb", "xml_external_entity", "html_instead"])
def test_what_answers_in_its_place_is_refused(replay: Any, fault: str):
    running = replay("iso-waf")
    running.fault("iso-waf", fault)
    with pytest.raises(FeedError):
        list(waf.read(make.source(url=running.feed_url("iso-waf")), captured.get))
    assert running.log("_trap") == []
