"""The portal's side of a DCAT feed: what is one, and which page comes next."""

from __future__ import annotations

import json

import pytest

from harvester.document import Document
from harvester.errors import FeedError, FetchError
from harvester.feeds import dcat
from harvester.model import Draft, Problem
from tests import make
from tests.feeds.dcat_reading import FIXTURES, document, only, read, read_pages, turtle
from tests.feeds.web import web

SITE = "https://data.elmford.example"
FIRST = f"{SITE}/catalog.ttl"


def page(*numbers: int, says: str = "") -> str:
    """A page with the datasets of these numbers."""
    datasets = (
        f'<{SITE}/d/{n}> a dcat:Dataset ; dct:title "Dataset {n}" ; dct:publisher <{SITE}/org> .'
        for n in numbers
    )
    return turtle(f"<{SITE}/> a dcat:Catalog .\n" + "\n".join(datasets) + "\n" + says)


# ------------------------------------------------------------------------------ recognise


@pytest.mark.parametrize("name", sorted(path.name for path in FIXTURES.iterdir()))
def test_every_fixture_is_recognised_by_its_content(name: str) -> None:
    assert dcat.recognise(document((FIXTURES / name).read_bytes(), media_type="text/html"))


@pytest.mark.parametrize(
    ("what", "content"),
    [
        (
            "DCAT-US",
            '{"conformsTo": "https://project-open-data.cio.gov/v1.1/schema", "@type": "dcat:Catalog", "dataset": []}',
        ),
        (
            "DCAT-US with a context of its own",
            '{"@context": {"dcat": "http://www.w3.org/ns/dcat#"}, "dataset": [], '
            '"conformsTo": "https://project-open-data.cio.gov/v1.1/schema"}',
        ),
        (
            "DCAT-US 3",
            '{"@context": "https://raw.example/dcat-us/context/dcat-us-3.0.jsonld", "dataset": []}',
        ),
        ("CKAN", '{"help": "x", "success": true, "result": {"count": 0, "results": []}}'),
        (
            "GeoJSON",
            '{"type": "FeatureCollection", "features": [{"type": "Feature", "properties": {"title": "x"}}]}',
        ),
        ("schema.org for a web page", '{"@context": "https://schema.org", "@type": "Dataset", "name": "x"}'),
        ("a web page", "<!DOCTYPE html><html><body>http://www.w3.org/ns/dcat#Dataset</body></html>"),
        ("a web page without its doctype", "<html lang='en'><p>dcat</p></html>"),
        (
            "CSW",
            '<?xml version="1.0"?><csw:GetRecordsResponse xmlns:csw="http://www.opengis.net/cat/csw/2.0.2" '
            'xmlns:dcat="http://www.w3.org/ns/dcat#"><csw:SearchResults/></csw:GetRecordsResponse>',
        ),
        ("Atom", '<feed xmlns="http://www.w3.org/2005/Atom"><title>x</title></feed>'),
        (
            "RSS 1.0, which is RDF without datasets",
            '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/"/>',
        ),
        ("CSV", "title,description\nTrees,Every tree\n"),
        ("a text", "Trees: see <https://data.elmford.example/>."),
        ("Turtle of something else", "@prefix foaf: <http://xmlns.com/foaf/0.1/> . <> a foaf:Document ."),
        ("nothing", ""),
        ("zeros", "\0" * 50),
    ],
)
def test_what_belongs_to_other_feeds_is_not_claimed(what: str, content: str) -> None:
    assert not dcat.recognise(document(content))


def test_a_dataset_in_schema_org_is_recognised_in_turtle() -> None:
    assert dcat.recognise(document("@prefix schema: <https://schema.org/> . <x> a schema:Dataset ."))


# ------------------------------------------------------------------------------ paging


@pytest.mark.parametrize(
    "link",
    [
        f"<{FIRST}?page=1> a hydra:PagedCollection ; hydra:nextPage <{FIRST}?page=2> .",
        f'<{FIRST}?page=1> a hydra:PagedCollection ; hydra:nextPage "{FIRST}?page=2" .',
        f"<{SITE}/> hydra:view [ a hydra:PartialCollectionView ; hydra:next <{FIRST}?page=2> ] .",
        '<#view> a hydra:PartialCollectionView ; hydra:next "?page=2" .',
        "<> hydra:next <?page=2> .",
    ],
)
def test_both_forms_of_hydra_lead_to_the_next_page(link: str) -> None:
    found = read_pages({FIRST: page(1, 2, says=link), f"{FIRST}?page=2": page(3)})
    assert found.titles == ["Dataset 1", "Dataset 2", "Dataset 3"]
    assert found.problems == []


def test_a_link_header_leads_to_the_next_page() -> None:
    first = document(page(1), url=FIRST, links={"next": f"{SITE}/more"})
    assert read_pages({FIRST: first, f"{SITE}/more": page(2)}).titles == ["Dataset 1", "Dataset 2"]


def test_the_total_is_announced_once() -> None:
    says = f"<{FIRST}?page=1> hydra:totalItems 2 ; hydra:next <{FIRST}?page=2> ."
    found = read_pages({FIRST: page(1, says=says), f"{FIRST}?page=2": page(2, says=says)})
    assert found.announced == [2]


@pytest.mark.parametrize("total", ["many", "-1", "1e3", "9" * 5000])
def test_a_total_that_is_no_number_is_not_announced(total: str) -> None:
    assert read(page(1, says=f'<x> hydra:totalItems "{total}" .'), FIRST).announced == []


def test_pages_that_lead_round_in_a_circle_cost_one_lap() -> None:
    get = web(
        {
            FIRST: page(1, says=f"<> hydra:next <{FIRST}?page=2> ."),
            f"{FIRST}?page=2": page(2, says=f"<> hydra:next <{FIRST}#again> ."),
        }
    )
    assert len(list(dcat.read(make.source(url=FIRST), get))) == 2
    assert get.calls == [FIRST, f"{FIRST}?page=2"]


def test_a_portal_that_gives_the_first_page_for_ever_is_asked_twice() -> None:
    calls: list[str] = []

    def get(url: str) -> Document:
        calls.append(url)
        return document(page(1, 2, says=f"<{url}> hydra:next <{FIRST}?page={len(calls) + 1}> ."), url=url)

    items = list(dcat.read(make.source(url=FIRST), get))
    assert len(calls) == 2
    assert [type(item) for item in items] == [Draft, Draft, Problem]
    assert isinstance(items[-1], Problem)
    assert items[-1].partial


def test_empty_pages_without_end_are_given_up() -> None:
    calls: list[str] = []

    def get(url: str) -> Document:
        calls.append(url)
        return document(page(says=f"<{url}> hydra:next <{FIRST}?page={len(calls) + 1}> ."), url=url)

    assert list(dcat.read(make.source(url=FIRST), get)) == []
    assert len(calls) < 10


def test_an_empty_page_in_the_middle_does_not_end_the_reading() -> None:
    found = read_pages(
        {
            FIRST: page(1, says=f"<> hydra:next <{FIRST}?page=2> ."),
            f"{FIRST}?page=2": page(says=f"<> hydra:next <{FIRST}?page=3> ."),
            f"{FIRST}?page=3": page(2),
        }
    )
    assert found.titles == ["Dataset 1", "Dataset 2"]


def test_a_portal_that_names_itself_as_its_proxy_does_is_asked_where_it_answered() -> None:
    found = read_pages(
        {
            FIRST: page(1, says="<> hydra:next <http://localhost:5000/catalog.ttl?page=2> ."),
            f"{FIRST}?page=2": page(2),
        }
    )
    assert found.titles == ["Dataset 1", "Dataset 2"]


def test_the_next_page_may_really_be_on_another_host() -> None:
    found = read_pages(
        {
            FIRST: page(1, says="<> hydra:next <https://mirror.example/catalog.ttl?page=2> ."),
            "https://mirror.example/catalog.ttl?page=2": page(2),
        }
    )
    assert found.titles == ["Dataset 1", "Dataset 2"]


def test_what_was_read_before_a_page_is_missing_counts() -> None:
    reading = dcat.read(make.source(url=FIRST), web({FIRST: page(1, says="<> hydra:next <?page=2> .")}))
    assert isinstance(next(reading), Draft)
    with pytest.raises(FetchError):
        next(reading)


def test_a_dataset_that_comes_again_with_the_same_words_is_the_same() -> None:
    found = read_pages({FIRST: page(1, 2, says="<> hydra:next <?page=2> ."), f"{FIRST}?page=2": page(2, 3)})
    assert found.titles == ["Dataset 1", "Dataset 2", "Dataset 3"]


def test_a_dataset_that_a_later_page_only_mentions_is_not_read_again() -> None:
    mention = (
        f'<{SITE}/d/2> dct:isPartOf <{SITE}/d/1> . <{SITE}/d/1> a dcat:Dataset ; dct:title "Dataset one" .'
    )
    found = read_pages(
        {FIRST: page(1, says="<> hydra:next <?page=2> ."), f"{FIRST}?page=2": page(2, says=mention)}
    )
    assert found.titles == ["Dataset 1", "Dataset 2"]


def test_two_records_under_one_iri_on_two_pages_are_both_read() -> None:
    second = turtle(
        f'<{SITE}/> a dcat:Catalog ; dcat:dataset <{SITE}/d/1> . <{SITE}/d/1> a dcat:Dataset ; dct:title "Another" .'
    )
    found = read_pages({FIRST: page(1, says="<> hydra:next <?page=2> ."), f"{FIRST}?page=2": second})
    assert found.titles == ["Dataset 1", "Another"]


def test_a_publisher_may_be_described_on_a_later_page() -> None:
    publisher = f'<{SITE}/org> a foaf:Organization ; foaf:name "Town of Elmford" .'
    found = read_pages(
        {FIRST: page(1, says="<> hydra:next <?page=2> ."), f"{FIRST}?page=2": page(2, says=publisher)}
    )
    assert [draft.publisher and draft.publisher.name for draft in found.drafts] == [
        {"": "Town of Elmford"}
    ] * 2
    assert found.titles == ["Dataset 1", "Dataset 2"]


# ------------------------------------------------------------------------------ where a feed is looked for


def test_the_places_of_geonetworks_search_are_counted_up_until_one_is_missing() -> None:
    search = f"{SITE}/geonetwork/srv/eng/rdf.search?any=trees&"
    pages = {f"{search}from=1&to=2": page(1, 2), f"{search}from=3&to=4": page(3, 4)}
    assert read_pages(pages).titles == ["Dataset 1", "Dataset 2", "Dataset 3", "Dataset 4"]
    get = web({**pages, f"{search}from=3&to=4": page(3)})
    assert len(list(dcat.read(make.source(url=f"{search}from=1&to=2"), get))) == 3
    assert len(get.calls) == 2  # the second page was not full


def test_a_page_that_is_down_is_not_the_end_of_a_search_in_pages() -> None:
    search = f"{SITE}/geonetwork/srv/eng/rdf.search?any=trees&"

    class Down:
        def __call__(self, url: str) -> Document:
            if "from=3" in url:
                raise FetchError(url, "The portal is too busy.", status=503)
            return web({f"{search}from=1&to=2": page(1, 2)})(url)

        head = __call__

    with pytest.raises(FetchError):
        list(dcat.read(make.source(url=f"{search}from=1&to=2"), Down()))


@pytest.mark.parametrize(
    ("url", "asked"),
    [
        (f"{SITE}/store/6/metadata/1", "?recursive=dcat&format=application/rdf%2Bxml"),
        (f"{SITE}/store/6/metadata/1?recursive=dcat", "?recursive=dcat&format=application/rdf%2Bxml"),
        (f"{SITE}/store/6/metadata/1?format=text/turtle", "?format=text/turtle"),
        (f"{SITE}/store/6/metadata", ""),
    ],
)
def test_an_entry_of_entryscape_is_asked_for_as_a_whole_catalogue_in_rdf(url: str, asked: str) -> None:
    get = web({f"{url.partition('?')[0]}{asked}": page(1)})
    assert len(list(dcat.read(make.source(url=url), get))) == 1
    assert len(get.calls) == 1


@pytest.mark.parametrize(
    "link",
    [
        '<link rel="alternate" type="text/turtle" href="/data/set/all">',
        '<a href="/files/towns.rdf">Catalogue</a>',
    ],
)
def test_from_a_home_page_its_own_links_are_followed_first(link: str) -> None:
    target = link.split('href="')[1].split('"')[0]
    get = web({f"{SITE}/": f"<html>{link}</html>", f"{SITE}{target}": page(1)})
    assert len(list(dcat.read(make.source(url=f"{SITE}/"), get))) == 1
    assert len(get.calls) == 2


@pytest.mark.parametrize(
    ("iri", "key"),
    [
        ("http://localhost:5000/dataset/4711", None),
        ("http://ckan:5000/dataset/4711", None),
        ("http://10.1.2.3/dataset/4711", None),
        ("https://data.elmford.local/dataset/4711", None),
        ("https://data.elmford.example/.well-known/genid/4711", None),
        ("https://data.elmford.example/dataset/4711", "https://data.elmford.example/dataset/4711"),
        ("urn:uuid:4711", "urn:uuid:4711"),
    ],
)
def test_an_iri_that_the_export_made_up_is_no_key_where_there_is_an_identifier(
    iri: str, key: str | None
) -> None:
    draft = only(turtle(f'<{iri}> a dcat:Dataset ; dct:title "Trees" ; dct:identifier "t-1" .'))
    assert (draft.key, draft.identifiers) == (key, ("t-1",))
    assert draft.uri == (key if key and key.startswith("http") else None)
    assert only(turtle(f'<{iri}> a dcat:Dataset ; dct:title "Trees" .')).key == iri


def test_from_a_home_page_the_usual_addresses_are_tried() -> None:
    get = web({f"{SITE}/": "<!DOCTYPE html><html><h1>Elmford</h1></html>", f"{SITE}/catalog.rdf": page(1)})
    assert len(list(dcat.read(make.source(url=f"{SITE}/"), get))) == 1


@pytest.mark.parametrize(
    ("content", "says"),
    [
        ("<!DOCTYPE html><html><h1>Technical Difficulties</h1></html>", "web page"),
        ('<?xml version="1.0"?><feed xmlns="http://www.w3.org/2005/Atom"/>', "XML, but not RDF"),
        ("title;description\n", "neither Turtle nor"),
        ("", "neither Turtle nor"),
        ('{"status": "OK", "data": {"id": 2439}}', "neither datasets nor a catalogue"),
        ("[1, 2, 3]", "no JSON-LD"),
        ("[" * 100_000 + "]" * 100_000, "nested too deeply"),
        (
            "@prefix foaf: <http://xmlns.com/foaf/0.1/> . <x> a foaf:Person .",
            "neither datasets nor a catalogue",
        ),
    ],
)
def test_what_is_no_catalogue_ends_in_one_clear_line(content: str, says: str) -> None:
    with pytest.raises(FeedError, match=says) as caught:
        read(content)
    assert "\n" not in str(caught.value)


def test_a_catalogue_without_datasets_is_valid_and_empty() -> None:
    assert read(turtle("<> a dcat:Catalog .")).items == []


# ------------------------------------------------------------------------------ files


def test_relative_references_of_a_file_stay_relative_and_are_no_key() -> None:
    said = turtle(
        '<trees> a dcat:Dataset ; dct:title "Trees" ; dcat:distribution [ dcat:downloadURL <files/a.csv> ] .'
    )
    draft = only(document(said, url="file:///srv/feeds/catalog.ttl"), "catalog.ttl")  # type: ignore[arg-type]
    assert (draft.key, draft.uri, draft.identifiers) == (None, None, ("trees",))
    assert draft.distributions[0].download_url == "files/a.csv"


def test_a_file_does_not_send_us_to_the_web() -> None:
    said = page(1, says="<> hydra:next <https://elsewhere.example/catalog-2.ttl> .")
    get = web({"catalog.ttl": document(said, url="file:///srv/feeds/catalog.ttl")})
    items = list(dcat.read(make.source(url="catalog.ttl"), get))
    assert [type(item) for item in items] == [Draft, Problem]
    assert not [url for url in get.calls if url.startswith("http")]


def test_a_file_goes_on_in_the_file_beside_it() -> None:
    said = page(1, says="<> hydra:next <https://elmford.example/out/catalog-2.ttl> .")
    get = web(
        {
            "catalog.ttl": document(said, url="file:///srv/feeds/catalog.ttl"),
            "file:///srv/feeds/catalog-2.ttl": document(page(2), url="file:///srv/feeds/catalog-2.ttl"),
        }
    )
    assert len(list(dcat.read(make.source(url="catalog.ttl"), get))) == 2


# ------------------------------------------------------------------------------ nothing behind our back


def test_nothing_but_the_source_is_ever_asked_for() -> None:
    trap = "http://127.0.0.1:9/trap"
    documents = [
        json.dumps({"@context": [trap, {"@import": trap}], "@type": "dcat:Catalog", "dcat:dataset": []}),
        json.dumps({"@context": {"x": {"@id": "http://x", "@context": trap}}, "@type": "dcat:Catalog"}),
        turtle(f"<> a dcat:Catalog ; <http://www.w3.org/2002/07/owl#imports> <{trap}> ."),
        f'<?xml version="1.0"?><!DOCTYPE rdf:RDF SYSTEM "{trap}" [<!ENTITY % p SYSTEM "{trap}"> %p;]>'
        '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns:dcat="http://www.w3.org/ns/dcat#">'
        "<dcat:Catalog/></rdf:RDF>",
    ]
    for content in documents:
        get = web({FIRST: content})
        list(dcat.read(make.source(url=FIRST), get))
        assert get.calls == [FIRST]
