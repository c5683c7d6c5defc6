"""Failures 18 to 22: documents that are not quite what they should be."""

from __future__ import annotations

import json

import pytest
from rdflib import Graph
from rdflib.namespace import RDF

from tests.failures.valley import Valley, data_json, entry, told
from tests.outputs.rdf import DCAT
from tests.web.server import answer

GREEN = [
    entry(n, title=f"Grünfläche am Café {n}", description="Größe, Lage, Öffnungszeiten.") for n in range(4)
]
JSON = json.dumps({"dataset": GREEN}, ensure_ascii=False)


ENCODED = (
    (JSON.encode("utf-8-sig"), "application/json"),
    (JSON.encode("utf-16"), "application/json"),
    (JSON.encode(), "application/json; charset=iso-8859-1"),
    (JSON.encode("latin-1"), "application/json; charset=utf-8"),
    (JSON.encode("latin-1"), "application/json"),
    (JSON.encode("cp1252"), "text/html"),
)


def test_failure_18_the_same_words_in_any_encoding_are_no_change(valley: Valley) -> None:
    """GetDKAN/dkan#1871, GSA/datagov-ckan-multi#113: byte-order mark, missing or wrong charset."""
    valley.portal()
    valley.serve({"/data.json": answer(JSON.encode(), Content_Type="application/json; charset=utf-8")})
    assert told(valley.night()) == ("fresh", 4, 0, 0)
    yesterday = valley.records()
    assert "Grünfläche am Café 0" in yesterday

    for body, media_type in ENCODED:
        valley.serve({"/data.json": answer(body, Content_Type=media_type)})
        assert told(valley.night()) == ("unchanged", 0, 0, 0), (body[:20], media_type)
        assert valley.records() == yesterday


def control(text: str) -> str:
    return text.replace("words about it", "words \x0b\x1b[2J about it", 1)


def quote(text: str) -> str:
    return text.replace("Enough words", 'Enough "good" words', 1)


def comma(text: str) -> str:
    return text.replace('"keyword": ["b", "a"]', '"keyword": ["b", "a",],', 1)


def test_failure_19_one_bad_character_costs_one_record_at_most(valley: Valley) -> None:
    """opendatateam/udata#2560, inbo/data-publication#59: one control character or quote kills a page."""
    good = data_json(*(entry(n) for n in range(6)))
    valley.portal(type="dcat_us")
    valley.serve({"/data.json": good})
    valley.night()
    yesterday = valley.shown()
    for broken in (control(good), quote(good), comma(good)):
        assert broken != good
        valley.serve({"/data.json": broken})
        harvest = valley.night()
        assert (harvest.outcome in ("fresh", "unchanged"), harvest.removed) == (True, 0), harvest
        assert harvest.datasets + harvest.skipped >= 6
        assert harvest.datasets >= 5
        assert valley.shown() == yesterday


TURTLE = """
@prefix dcat: <http://www.w3.org/ns/dcat#> . @prefix dct: <http://purl.org/dc/terms/> .
<https://elmford.example/catalog> a dcat:Catalog .
"""
TURTLE_DATASET = (
    '<https://elmford.example/dataset/{n}> a dcat:Dataset ; dct:title "Dataset number {n}"@{tag} .\n'
)


def test_failure_19_a_bad_language_tag_costs_no_page(valley: Valley) -> None:
    """opendatateam/udata#3737: one bad language tag kills a page."""

    def catalogue(tag: str) -> str:
        return TURTLE + "".join(TURTLE_DATASET.format(n=n, tag=tag if n == 2 else "en") for n in range(5))

    valley.portal("/catalog.ttl")
    valley.serve({"/catalog.ttl": catalogue("en")})
    valley.night()
    yesterday = valley.shown()
    for tag in ("en_US", "english-language", "fr-", "x"):
        valley.serve({"/catalog.ttl": catalogue(tag)})
        harvest = valley.night()
        assert (harvest.outcome in ("fresh", "unchanged"), harvest.datasets) == (True, 5), (tag, harvest)
        assert valley.shown() == yesterday
    site = valley.publish()
    assert len(set(Graph().parse(site / "catalog.ttl").subjects(RDF.type, DCAT.Dataset))) == 8


def test_failure_20_two_addresses_in_one_do_not_break_our_own_export(valley: Valley) -> None:
    """datagouv/data.gouv.fr#1437: two URLs in one URI: harvested well, our own export crashes."""
    two = "https://elmford.example/a b.csv; https://elmford.example/{c}|d.csv"
    file = {"downloadURL": two, "accessURL": f"{two}\n<{two}>", "format": "CSV"}
    valley.portal()
    valley.serve({"/data.json": data_json(*(entry(n) for n in range(4)))})
    valley.night()
    valley.serve(
        {
            "/data.json": data_json(
                entry(0, identifier=two, landingPage=two, distribution=[file], license=two, references=[two]),
                *(entry(n) for n in range(1, 5)),
            )
        }
    )
    assert valley.night().datasets == 5
    site = valley.publish()
    for name in ("catalog.ttl", "catalog.rdf"):
        graph = Graph().parse(site / name)
        assert len(set(graph.subjects(RDF.type, DCAT.Dataset))) == 8, name
    assert len(json.loads((site / "data.json").read_text())["dataset"]) == 8
    assert json.loads((site / "catalog.jsonld").read_text())


RELATIVE = {
    "@context": {
        "dcat": "http://www.w3.org/ns/dcat#",
        "dct": "http://purl.org/dc/terms/",
        "dcat:downloadURL": {"@type": "@id"},
    },
    "@graph": [
        {
            "@id": f"dataset/{n}",
            "@type": "dcat:Dataset",
            "dct:title": f"Dataset number {n}",
            "dcat:distribution": {"@type": "dcat:Distribution", "dcat:downloadURL": f"files/{n}.csv"},
        }
        for n in range(4)
    ],
}


@pytest.mark.parametrize("place", ["file", "portal"])
def test_failure_21_a_relative_id_never_becomes_a_file_of_ours(valley: Valley, place: str) -> None:
    """datagouv/data.gouv.fr#1102: a relative `@id` becomes a `file:` address."""
    content = json.dumps(RELATIVE)
    if place == "file":
        valley.file("elmford", content, "catalog.jsonld")
    else:
        valley.portal("/data/catalog.jsonld")
        valley.serve({"/data/catalog.jsonld": content})
    assert told(valley.night()) == ("fresh", 4, 0, 0)
    yesterday = valley.shown()
    assert told(valley.night()) == ("unchanged", 0, 0, 0)
    assert valley.shown() == yesterday

    first = valley.records()["Dataset number 0"].dataset
    if place == "portal":
        assert first.uri == valley.server.url("/data/dataset/0")
        assert first.distributions[0].url == valley.server.url("/data/files/0.csv")
    site = valley.publish()
    for path in site.rglob("*"):
        if path.is_file():
            content = path.read_text(errors="replace")
            assert "file:/" not in content, path
            assert str(valley.folder) not in content, path


def test_failure_22_a_remote_context_is_never_asked_for(valley: Valley) -> None:
    """RDFLib/rdflib#1781, RDFLib/rdflib-jsonld#85: a remote JSON-LD context fails."""
    context = valley.server.url("/context.jsonld")

    def catalogue(remote: object) -> str:
        return json.dumps({**RELATIVE, "@context": remote})

    valley.portal("/catalog.jsonld")
    valley.serve(
        {"/catalog.jsonld": catalogue([context, RELATIVE["@context"]]), "/context.jsonld": answer(b"", 500)}
    )
    assert valley.night().datasets == 4
    assert valley.server.paths() == ["/catalog.jsonld"]
    yesterday = valley.shown()

    valley.serve({"/catalog.jsonld": catalogue(context), "/context.jsonld": answer(b"", 500)})
    harvest = valley.night()
    assert "/context.jsonld" not in valley.server.paths()
    assert (harvest.outcome, harvest.removed, harvest.missing) == ("fresh", 0, 0)
    assert any(context in str(problem) for problem in harvest.left_out), "what it costs is told"
    assert valley.shown() == yesterday
