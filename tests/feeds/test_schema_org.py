"""Datasets in the pages of a web site: found as a search engine finds them, read in three syntaxes."""

from __future__ import annotations

import gzip
import json
import socket
import time
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from harvester.document import Document
from harvester.errors import FeedError, FetchError
from harvester.feeds import schema_org
from harvester.feeds._pages import robots, sitemap
from harvester.feeds._schema_org.merge import merged
from harvester.model import Draft, DraftDistribution, Item, Source

from . import captured
from .captured import drafts, lean, problems
from .web import Answer, Web

HOME = "https://elmford.example/"
CONTEXT = "https://schema.org/"


class Site(Web):
    """The web of these tests, with addresses that begin at the root of one site."""

    def __init__(self, answers: dict[str, Answer]) -> None:
        super().__init__({HOME + path.lstrip("/"): answer for path, answer in answers.items()})

    def head(self, url: str, /) -> Document:
        raise AssertionError("no feed of pages asks for heads of pages")


def page(*blocks: object, body: str = "", head: str = "") -> str:
    scripts = "".join(
        f'<script type="application/ld+json">{each if isinstance(each, str) else json.dumps(each)}</script>'
        for each in blocks
    )
    return (
        f"<!doctype html><html lang=en><head><title>x</title>{head}</head><body>{scripts}{body}</body></html>"
    )


def dataset(name: str = "Trees", **more: Any) -> dict[str, Any]:
    return {"@context": CONTEXT, "@type": "Dataset", "name": name, **more}


def urlset(*paths: str) -> str:
    entries = "".join(f"<url><loc>{HOME}{path.lstrip('/')}</loc></url>" for path in paths)
    return (
        f'<?xml version="1.0"?><urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{entries}</urlset>'
    )


def index(*paths: str) -> str:
    entries = "".join(f"<sitemap><loc>{HOME}{path.lstrip('/')}</loc></sitemap>" for path in paths)
    return f'<sitemapindex xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{entries}</sitemapindex>'


def items(site: Site, path: str = "", **more: Any) -> list[Item]:
    return list(schema_org.read(Source(id="elmford", url=HOME + path, name="Elmford", **more), site))


def one(text: str) -> Draft:
    """The only dataset of a page that stands alone."""
    found = items(Site({"": text}))
    assert problems(found) == []
    [draft] = drafts(found)
    return draft


def titles(found: list[Item]) -> list[str]:
    return [draft.title[""] for draft in drafts(found)]


# ------------------------------------------------------------------------------ what a page says


def test_json_ld_as_search_engines_ask_for_it() -> None:
    draft = one(
        page(
            dataset(
                **{"@id": "https://elmford.example/id/trees"},
                description="Every tree",
                keywords=["trees", "parks"],
                license="https://creativecommons.org/licenses/by/4.0/",
                identifier="trees-1",
                url="https://elmford.example/data/trees",
                creator={"@type": "GovernmentOrganization", "name": "Parks", "contactPoint": {
                    "@type": "ContactPoint", "name": "Desk", "email": "parks@elmford.example"}},
                datePublished="2019",
                dateModified="2024-03-18",
                temporalCoverage="2019/2024",
                spatialCoverage={"@type": "Place", "name": "Elmford", "geo": {
                    "@type": "GeoShape", "box": "42.2 -83.3 42.5 -82.9"}},
                distribution=[{
                    "@type": "DataDownload", "contentUrl": "/files/trees.csv", "encodingFormat": "text/csv",
                    "contentSize": "12 MB"}],
                variableMeasured="species",
            )
        )
    )  # fmt: skip
    assert lean(draft) == {
        "key": "https://elmford.example/id/trees",
        "uri": "https://elmford.example/id/trees",
        "identifiers": ["trees-1"],
        "title": {"": "Trees"},
        "description": {"": "Every tree"},
        "keywords": [["", "trees"], ["", "parks"]],
        "publisher": {"name": {"": "Parks"}},
        "contacts": [{"name": "Desk", "email": "parks@elmford.example"}],
        "page": HOME,
        "landing_page": "https://elmford.example/data/trees",
        "licence": "https://creativecommons.org/licenses/by/4.0/",
        "issued": "2019",
        "modified": "2024-03-18",
        "spatial": [{"label": "Elmford", "bbox": "-83.3,42.2,-82.9,42.5"}],
        "temporal": [{"text": "2019/2024"}],
        "distributions": [
            {
                "download_url": "https://elmford.example/files/trees.csv",
                "format": "text/csv",
                "byte_size": "12 MB",
            }
        ],
        "unread": {"schema:variableMeasured": "species"},
    }


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("Elmford", {"text": "Elmford"}),
        ({"@type": "Place", "name": "Elmford"}, {"label": "Elmford"}),
        ({"@type": "GeoShape", "box": "42.2,-83.3 42.5,-82.9"}, {"bbox": "-83.3,42.2,-82.9,42.5"}),
        ({"geo": {"@type": "GeoShape", "polygon": "1 10 1 20 2 20 1 10"}}, {"bbox": "10.0,1.0,20.0,2.0"}),
        ({"geo": {"@type": "GeoCoordinates", "latitude": 42.2, "longitude": -83.3}}, {"geometry": "POINT(-83.3 42.2)"}),
        ({"@type": "Place", "@id": "https://www.geonames.org/1"}, {"uri": "https://www.geonames.org/1"}),
    ],
)  # fmt: skip
def test_places_in_all_forms_that_schema_org_allows(value: object, expected: dict[str, str]) -> None:
    assert lean(one(page(dataset(spatialCoverage=value))))["spatial"] == [expected]


@pytest.mark.parametrize(
    "context",
    ["http://schema.org", "https://schema.org", "https://schema.org/", "http://www.schema.org/", "schema.org",
     "//schema.org/", {"@vocab": "http://schema.org/"}, ["https://schema.org/", {"@language": "en"}], None],
)  # fmt: skip
def test_every_way_to_name_the_vocabulary(context: object) -> None:
    draft = one(page({**dataset(license="https://x.example/l"), "@context": context}))
    assert (list(draft.title.values()), draft.licence) == (["Trees"], "https://x.example/l")


def test_graphs_lists_and_several_scripts() -> None:
    graph = {
        "@context": CONTEXT,
        "@graph": [{"@type": "WebPage", "name": "Page"}, dataset("A"), dataset("B")],
    }
    found = items(Site({"": page(graph, [dataset("C"), dataset("D")], dataset("E"))}))
    assert titles(found) == ["A", "B", "C", "D", "E"]


def test_a_catalogue_in_one_page() -> None:
    catalogue = {"@context": CONTEXT, "@type": "DataCatalog", "name": "Elmford", "license": "https://x.example/l",
                 "dataset": [dataset("A", **{"@id": "#a"}), {"@type": "Dataset", "name": "B"}]}  # fmt: skip
    found = drafts(items(Site({"": page(catalogue)})))
    assert [(draft.title[""], draft.key, draft.licence, draft.page) for draft in found] == [
        ("A", f"{HOME}#a", "https://x.example/l", None),
        ("B", None, "https://x.example/l", None),
    ]


MICRODATA = """<div itemscope itemtype="https://schema.org/Dataset" itemid="https://elmford.example/id/trees">
<h1 itemprop="name">Trees</h1><a itemprop="license" href="/licence">CC0</a>
<div itemprop="publisher" itemscope itemtype="https://schema.org/Organization"><b itemprop="name">Parks</b></div>
<div itemprop="distribution" itemscope itemtype="https://schema.org/DataDownload">
<a itemprop="contentUrl" href="t.csv">CSV</a><meta itemprop="encodingFormat" content="text/csv"></div></div>"""
RDFA = """<div vocab="https://schema.org/" typeof="Dataset" resource="https://elmford.example/id/trees">
<h1 property="name">Trees</h1><a property="license" href="/licence">CC0</a>
<div property="publisher" typeof="Organization"><b property="name">Parks</b></div>
<div property="distribution" typeof="DataDownload">
<a property="contentUrl" href="t.csv">CSV</a><meta property="encodingFormat" content="text/csv"></div></div>"""


@pytest.mark.parametrize("markup", [MICRODATA, RDFA])
def test_microdata_and_rdfa_say_the_same(markup: str) -> None:
    assert lean(one(page(body=markup))) == {
        "key": "https://elmford.example/id/trees",
        "uri": "https://elmford.example/id/trees",
        "title": {"": "Trees"},
        "publisher": {"name": {"": "Parks"}},
        "page": HOME,
        "licence": f"{HOME}licence",
        "distributions": [{"download_url": f"{HOME}t.csv", "format": "text/csv"}],
    }


def test_nothing_is_fetched_but_through_get(monkeypatch: pytest.MonkeyPatch) -> None:
    """Contexts, vocabularies and profiles that a page names are none of our requests."""

    def refuse(*_: object, **__: object) -> None:
        raise AssertionError("a connection was opened")

    monkeypatch.setattr(socket, "getaddrinfo", refuse)
    monkeypatch.setattr(socket.socket, "connect", refuse)
    remote = {**dataset("A"), "@context": ["https://trap.example/context.jsonld", CONTEXT]}
    rdfa = RDFA.replace(
        'vocab="https://schema.org/"', 'vocab="https://schema.org/" profile="https://trap.example/p"'
    )
    other = '<p vocab="https://trap.example/vocab#" typeof="Thing" property="x">x</p>'
    site = Site(
        {"": page(remote, body=rdfa + other, head='<link rel="profile" href="https://trap.example/q">')}
    )
    assert "Trees" in titles(items(site))
    assert all(call.startswith(HOME) for call in site.calls)


def test_a_broken_syntax_costs_nothing_of_the_others(monkeypatch: pytest.MonkeyPatch) -> None:
    from extruct.rdfa import RDFaExtractor

    def fail(*_: object, **__: object) -> None:
        raise TypeError("no such luck")

    monkeypatch.setattr(RDFaExtractor, "extract_items", fail)
    found = items(Site({"": page(dataset("A"), '{"@type": "Dataset", "name": ', body=MICRODATA + RDFA)}))
    assert titles(found) == ["A", "Trees"]
    assert ["RDFa cannot be read (no such luck)" in str(problem) for problem in problems(found)] == [True]


@pytest.mark.parametrize(
    "script",
    ['<!-- {"@context":"https://schema.org/","@type":"Dataset","name":"Trees"} -->',
     '//<![CDATA[\n{"@context":"https://schema.org/","@type":"Dataset","name":"Trees"}\n//]]>',
     '{"@context":"https://schema.org/","@type":"Dataset","name":"Trees","description":"two\nlines",}',
     '{&quot;@context&quot;:&quot;https://schema.org/&quot;,&quot;@type&quot;:&quot;Dataset&quot;,&quot;name&quot;:&quot;Trees&quot;}'],
)  # fmt: skip
def test_scripts_as_content_systems_garble_them(script: str) -> None:
    text = page(script)
    if "&quot;" in script:
        text = text.replace("<body>", '<body itemscope itemtype="https://schema.org/DataCatalog">')
    assert titles(items(Site({"": text}))) == ["Trees"]


def test_accounts_of_people_are_not_read() -> None:
    draft = one(page(dataset(creator={"@type": "Person", "name": "Jane Doe", "email": "jane@x.example"})))
    assert "Jane" not in repr(draft)
    assert "jane@" not in repr(draft)


@pytest.mark.parametrize(
    ("more", "key"),
    [
        ({"@id": "https://x.example/1", "identifier": "i", "url": "/u"}, "https://x.example/1"),
        ({"@id": "#trees", "identifier": "i"}, f"{HOME}#trees"),
        ({"identifier": "i", "url": "/u"}, "i"),
        ({"url": "/u"}, f"{HOME}u"),
        ({}, HOME),
    ],
)
def test_the_key_is_the_iri_else_an_identifier_else_an_address(more: dict[str, str], key: str) -> None:
    assert one(page(dataset(**more))).key == key


# ------------------------------------------------------------------------------ recognising


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (page(dataset()), True),
        (page({"@context": CONTEXT, "@type": ["Thing", "DataCatalog"]}), True),
        (page({"@graph": [{"@type": "schema:Dataset"}]}), True),
        (page({"@type": "http://schema.org/Dataset"}), True),
        (page(body=MICRODATA), True),
        (page(body=RDFA), True),
        (page(body='<div typeof="schema:Dataset">'), True),
        (page({"@type": "Organization", "name": "Dataset"}), False),
        (page(body="<p>A Dataset of https://schema.org/Dataset</p>"), False),
        (page({"@type": "DatasetOfThings"}), False),
        (json.dumps(dataset()), False),
        ("", False),
        ("<rss><channel>", False),
    ],
)
def test_recognises_by_content(text: str, expected: bool) -> None:
    assert schema_org.recognise(Document(url=HOME, body=text.encode(), media_type="text/plain")) is expected


# ------------------------------------------------------------------------------ finding pages


def site_of(**more: Answer) -> Site:
    return Site(
        {
            "": page(body='<a href="/open-data/">Open data</a>'),
            "robots.txt": f"User-agent: *\nDisallow: /secret/\nSitemap: {HOME}sitemap.xml\n",
            "sitemap.xml": index("news.xml", "data-sitemap.xml.gz"),
            "news.xml": urlset("news/1", "news/2"),
            "data-sitemap.xml.gz": gzip.compress(urlset("open-data/a", "open-data/b", "secret/c").encode()),
            "open-data/": page(),
            "open-data/a": page(dataset("A", **{"@id": "/id/a"})),
            "open-data/b": page(dataset("B")),
            "secret/c": page(dataset("C")),
            "news/1": page(),
            "news/2": page({"@type": "NewsArticle"}),
            **more,
        }
    )


def test_pages_are_found_through_robots_txt_and_the_sitemaps() -> None:
    site = site_of()
    found = items(site)
    assert titles(found) == ["A", "B"]
    assert problems(found) == []
    assert [call.removeprefix(HOME) for call in site.calls] == [
        "", "robots.txt", "sitemap.xml", "data-sitemap.xml.gz", "news.xml",
        "open-data/a", "open-data/b", "news/1", "news/2",
    ]  # fmt: skip


@pytest.mark.parametrize("path", ["", "robots.txt", "sitemap.xml", "open-data/"])
def test_every_address_of_the_site_will_do(path: str) -> None:
    assert titles(items(site_of(), path)) == ["A", "B"]


def test_a_page_with_datasets_speaks_for_its_part_of_the_site() -> None:
    site = site_of(**{"open-data/": page({**dataset("All"), "@id": "/id/all"}), "news/1": page(dataset("N"))})
    assert titles(items(site, "open-data/")) == ["All", "A", "B"]


def test_several_pages_about_one_dataset_are_one() -> None:
    same = {"@id": "/id/a"}
    site = site_of(**{
        "open-data/a": page(dataset("A", **same, license="https://x.example/l")),
        "open-data/b": page(dataset("A", **same, description="All", url="/a", distribution="/a.csv")),
    })  # fmt: skip
    [draft] = drafts(items(site))
    assert (draft.key, draft.licence, draft.description) == (
        f"{HOME}id/a",
        "https://x.example/l",
        {"": "All"},
    )
    assert len(draft.distributions) == 1


def test_a_catalogue_that_only_names_its_datasets_leads_to_their_pages() -> None:
    catalogue = {"@context": CONTEXT, "@type": "DataCatalog", "name": "x", "dataset": [
        {"@type": "Dataset", "url": "/d/1"}, {"@id": f"{HOME}d/2"}, "/d/3", {"@id": "https://other.example/4"}]}  # fmt: skip
    site = Site({"": page(catalogue), **{f"d/{n}": page(dataset(f"D{n}")) for n in (1, 2, 3)}})
    assert titles(items(site))[-3:] == ["D1", "D2", "D3"]
    assert not any("other.example" in call for call in site.calls)


def test_without_a_sitemap_the_links_of_the_page_are_followed() -> None:
    links = '<a href="open-data/a">Tree data</a><a href="/about">About</a><a href="https://x.example/data">Data</a>'
    site = Site({"": page(body=links), "open-data/a": page(dataset("A"))})
    assert titles(items(site)) == ["A"]
    assert f"{HOME}about" not in site.calls


def test_a_publisher_that_another_page_describes() -> None:
    """Content systems describe the town once, on the home page, and name it elsewhere."""
    town = {"@context": CONTEXT, "@type": "Organization", "@id": "/#org", "name": "Town of Elmford"}
    site = site_of(**{
        "open-data/a": page(dataset("A", publisher={"@id": "/#org"})),
        "open-data/b": page([dataset("B", publisher={"@id": "/#org"}), town]),
    })  # fmt: skip
    assert [draft.publisher and draft.publisher.name for draft in drafts(items(site))] == [
        {"": "Town of Elmford"}, {"": "Town of Elmford"},
    ]  # fmt: skip


def test_pages_that_are_gone_cost_nothing_and_failures_make_the_harvest_partial() -> None:
    gone = FetchError(HOME + "open-data/a", "answered 404.", status=404)
    broken = FetchError(HOME + "open-data/b", "answered 500.", status=500)
    site = site_of(**{"open-data/a": gone, "open-data/b": broken, "news/1": page(dataset("N"))})
    found = items(site)
    assert titles(found) == ["N"]
    assert [(problem.where, problem.partial) for problem in problems(found)] == [(HOME + "open-data/b", True)]


def test_a_site_whose_rules_cannot_be_had_is_left_alone_but_for_the_page_that_was_named() -> None:
    site = site_of(**{"robots.txt": FetchError(HOME, "answered 503.", status=503), "": page(dataset("H"))})
    found = items(site)
    assert titles(found) == ["H"]
    assert [problem.partial for problem in problems(found)] == [True]
    assert len(site.calls) == 2


def test_a_part_of_the_site_without_datasets_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(schema_org, "MOST_MISSES", 5)
    news = [f"news/{n}" for n in range(30)]
    site = site_of(**{"news.xml": urlset(*news), **dict.fromkeys(news, page())})
    assert titles(items(site)) == ["A", "B"]
    assert sum("/news/" in call for call in site.calls) == 5


def test_no_more_pages_than_allowed_are_read_and_that_is_told() -> None:
    found = items(site_of(), settings={"pages": 1})
    assert titles(found) == ["A"]
    assert [(problem.partial, problem.values["limit"]) for problem in problems(found)] == [(True, "1")]


@pytest.mark.parametrize(
    ("more", "what"),
    [
        ({"open-data/a": page(), "open-data/b": page()}, "No page of the site describes a dataset"),
        ({"robots.txt": "User-agent: *\nDisallow: /"}, "does not let programs read"),
        ({"robots.txt": f"Sitemap: {HOME}sitemap.xml\nUser-agent: Harvester\nDisallow: /open-data/\nDisallow: /news/",
          "secret/c": page()},
         "keeps 4 pages from programs"),
    ],
)  # fmt: skip
def test_a_site_without_datasets_is_refused_with_a_reason(more: dict[str, Answer], what: str) -> None:
    with pytest.raises(FeedError, match=what):
        items(site_of(**more))


def test_an_index_that_leads_round_in_a_circle_ends() -> None:
    site = site_of(
        **{"sitemap.xml": index("sitemap.xml", "more.xml"), "more.xml": index("sitemap.xml", "more.xml")}
    )
    with pytest.raises(FeedError):
        items(site)
    assert len(site.calls) < 8


# ------------------------------------------------------------------------------ find


def test_find_gives_the_sitemap_of_a_site_with_datasets_in_its_pages() -> None:
    site = site_of()
    home = site(HOME)
    site.calls.clear()
    assert schema_org.find(home, site) == f"{HOME}sitemap.xml"
    assert len(site.calls) <= 6


def test_find_gives_the_page_itself_where_no_sitemap_lists_it() -> None:
    site = Site({"": page(body='<a href="/open-data/">Open data</a>'), "open-data/": page(dataset())})
    assert schema_org.find(site(HOME), site) == f"{HOME}open-data/"


def test_find_asks_at_most_six_times_and_then_says_no() -> None:
    pages = {f"data/{n}/x": page() for n in range(40)}
    site = site_of(**{"news.xml": urlset(*pages), "open-data/a": page(), "open-data/b": page(), **pages})
    home = site(HOME)
    site.calls.clear()
    assert schema_org.find(home, site) is None
    assert len(site.calls) == 6


def test_find_leaves_pages_that_list_files_to_another_feed() -> None:
    files = '<a href="a.csv">A</a><a href="b.csv">B</a>'
    site = site_of(**{"open-data/": page(body=files)})
    home = site(HOME)
    site.calls.clear()
    assert schema_org.find(home, site) is None
    assert [call.removeprefix(HOME) for call in site.calls] == ["robots.txt", "open-data/"]


def test_find_gives_up_when_the_portal_was_asked_enough() -> None:
    site = Site({"": page(body='<a href="/open-data/">Open data</a>')})
    home = site(HOME)

    class Enough(Site):
        def __call__(self, url: str) -> Document:
            raise FetchError(url, "asked enough.")

    assert schema_org.find(home, Enough({})) is None


# ------------------------------------------------------------------------------ robots.txt and sitemaps


@pytest.mark.parametrize(
    ("text", "path", "allowed"),
    [
        ("User-agent: *\nDisallow: /a", "/a/b", False),
        ("User-agent: *\nDisallow: /a", "/b", True),
        ("User-agent: *\nDisallow: /a\nAllow: /a/b", "/a/b/c", True),
        ("User-agent: *\nDisallow:", "/a", True),
        ("User-agent: *\nDisallow: /*.php$", "/x/y.php", False),
        ("User-agent: *\nDisallow: /*.php$", "/x/y.php?z", True),
        ("User-agent: *\nDisallow: /x*y*z", "/x1y2z3", False),
        ("User-agent: *\nDisallow: /a%20b", "/a b/c", False),
        ("User-agent: other\nDisallow: /", "/a", True),
        ("User-agent: *\nDisallow: /\n\nUser-agent: Harvester\nDisallow: /b", "/a", True),
        ("User-agent: x\nUser-agent: harvester/2.0\nDisallow: /b # ours", "/b", False),
        ("\ufeffuser-agent : *\r\ndisallow : /a", "/a", False),
        ("<html>Disallow: /</html>", "/a", True),
        ("", "/a", True),
    ],
)
def test_robots_txt_as_rfc_9309_has_it(text: str, path: str, allowed: bool) -> None:
    assert robots.parse(text.encode()).allows("https://x.example" + path) is allowed


def test_a_rule_of_many_wildcards_takes_no_time() -> None:
    rules = robots.parse(b"User-agent: *\nDisallow: /" + b"*a" * 2000 + b"b$")
    started = time.perf_counter()
    assert rules.allows("https://x.example/" + "a" * 5000)
    assert time.perf_counter() - started < 1


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        (urlset("a", "b").encode(), ["a", "b"]),
        (gzip.compress(urlset("a").encode(), mtime=0), ["a"]),
        (f"{HOME}a\n{HOME}b\n".encode(), ["a", "b"]),
        (b"\xef\xbb\xbf" + urlset("a").encode(), ["a"]),
        (urlset("a", "b").encode()[:-20], ["a", "b"]),
        (urlset("a").replace("<loc>", '<i:image xmlns:i="urn:i"><i:loc>/no</i:loc></i:image><loc>').encode(), ["a"]),
        (b'<?xml version="1.0"?><!DOCTYPE urlset [<!ENTITY x SYSTEM "file:///etc/passwd">]><urlset><url><loc>&x;</loc></url></urlset>', []),
        (b"<html>no sitemap</html>", []),
        (gzip.compress(b"x" * 100, mtime=0)[:20], []),
        (b"", []),
    ],
)  # fmt: skip
def test_sitemaps_in_every_form(body: bytes, expected: list[str]) -> None:
    found = sitemap.parse(Document(url=HOME + "sitemap.xml", body=body))
    assert [each.removeprefix(HOME) for each in found.pages] == expected


def test_a_gzip_bomb_is_unpacked_no_further_than_the_protocol_allows() -> None:
    bomb = gzip.compress(b"<urlset>" + b" " * (sitemap.MOST_BYTES * 2))
    assert sitemap.parse(Document(url=HOME, body=bomb)).pages == ()


# ------------------------------------------------------------------------------ hostile and random


@pytest.mark.parametrize(
    "text",
    [
        page('{"@type":"Dataset","x":' * 5000),
        page("[" * 100_000 + '"@type":"Dataset"'),
        page(body='<div itemscope itemtype="https://schema.org/Dataset" itemprop="x">' * 3000),
        page(body='<div vocab="https://schema.org/" typeof="Dataset" property="hasPart">' * 2000),
        page(body='<div itemscope itemtype="https://schema.org/Dataset">' + '<i itemprop="name">x</i>' * 30_000),
        page(body=RDFA, head='<meta property="(a+)+$:x" content="y"><base href="https://[broken">'),
        page(dataset("x" * 100_000, **{"@id": "javascript:alert(1)"})),
        page({"@context": CONTEXT, "@type": "Dataset", "name": None, "distribution": [None, 1, [], {"contentUrl": None}]}),
    ],
)  # fmt: skip
def test_hostile_pages_end_soon_and_in_known_trouble(text: str) -> None:
    started = time.perf_counter()
    with suppress(FeedError):
        items(Site({"": text}))
    assert time.perf_counter() - started < 8


def test_after_items_nested_without_end_the_next_page_is_read_all_the_same() -> None:
    """extruct came to the limit of recursion inside lxml, which kept a lock: the next page hung for ever."""
    nested = '<div itemprop="x" itemscope itemtype="https://schema.org/Dataset">' * 300
    referring = "".join(
        f'<div id="i{n}" itemprop="x" itemscope itemtype="https://schema.org/Dataset" itemref="i{n + 1}"></div>'
        for n in range(400)
    )
    for body in (nested, referring):
        found = items(Site({"": page(dataset("A"), body=body)}))
        assert titles(found) == ["A"]
        assert "microdata cannot be read (there is too much of it)" in str(problems(found)[0])
    assert titles(items(Site({"": page(body=MICRODATA)}))) == ["Trees"]


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3)
    | st.dictionaries(st.sampled_from(["@id", "@type", "name", "url", "geo", "box", "@value", "@list"]), inner, max_size=3),
    max_leaves=8,
)  # fmt: skip


@settings(max_examples=60, deadline=None)
@given(
    st.dictionaries(
        st.sampled_from(
            ["@id", "name", "description", "license", "publisher", "spatialCoverage", "distribution", "keywords",
             "temporalCoverage", "dataset", "creator", "identifier", "mainEntityOfPage", "contactPoint"]
        ),
        VALUES,
        max_size=5,
    )
)  # fmt: skip
def test_whatever_stands_in_a_field_the_next_dataset_is_read(fields: dict[str, Any]) -> None:
    text = page({**dataset(), **fields}, dataset("Whole", **{"@id": "https://x.example/whole"}))
    found = [item for item in items(Site({"": text})) if isinstance(item, Draft)]
    assert "https://x.example/whole" in [draft.key for draft in found]


def test_merging_keeps_the_fuller_and_fills_its_gaps() -> None:
    file = DraftDistribution(download_url="x")
    fuller = Draft(key="k", title={"": "A"}, description={"": "d"}, distributions=(file,))
    other = Draft(key="k", title={"": "B"}, licence="l")
    both = Draft(key="k", title={"": "A"}, description={"": "d"}, distributions=(file,), licence="l")
    assert merged(fuller, other) == merged(other, fuller) == both


# ------------------------------------------------------------------------------ captured


class _Replayed:
    def __init__(self) -> None:
        self.asked: list[str] = []

    def __call__(self, url: str, /) -> Document:
        self.asked.append(url)
        return captured.get(url)

    def head(self, url: str, /) -> Document:
        raise NotImplementedError


def test_the_replayed_site_is_found_and_read_whole(replay: Any) -> None:
    """22 descriptions in 20 pages; several pages describe the same dataset, which leaves 11."""
    home = replay("heritage-nl").url("heritage-nl")
    get = _Replayed()
    found_at = schema_org.find(captured.get(home), get)
    assert found_at == f"{home}sitemap.xml"
    assert len(get.asked) <= 6
    for url in (home, found_at, f"{home}robots.txt"):
        source = Source(id="heritage", url=url, name="Heritage")
        found = list(schema_org.read(source, _Replayed()))
        assert len(drafts(found)) == 11
        assert len(problems(found)) == 11
        assert all("again" in str(each) for each in problems(found)), "all other 11 are told"
        assert all(draft.title and draft.publisher for draft in drafts(found))


@pytest.mark.parametrize("kind", ["microdata", "rdfa"])
def test_captured_pages(shared: Path, kind: str) -> None:
    path = shared / "feeds" / "schemaorg" / f"nde_dataset-schema-org-valid-{kind}.html"
    draft = one(path.read_text())
    assert draft.key == "https://example.com/dataset"
    assert draft.title == {"": "Alba amicorum van de Koninklijke Bibliotheek"}
    assert draft.publisher is not None
