"""What `catalog.*` and the JSON-LD beside a page say of one dataset."""

from __future__ import annotations

import json
from typing import Any

import pyoxigraph
import pytest
import rdflib
from rdflib.namespace import DCTERMS, FOAF, RDF, SKOS

from harvester.model import Agent, Coded, Contact, Date, Period, Place
from harvester.outputs import dcat
from tests import make
from tests.outputs import records
from tests.outputs.rdf import DCAT, EU, XSD, dataset_of, graph, page_of

pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning:rdflib")


def test_codes_are_iris_of_the_lists_of_the_eu_and_iana() -> None:
    data, node = dataset_of(access_rights=Coded(code="PUBLIC", raw="public"), languages=("en", "fr-CA"))
    (file,) = data.objects(node, DCAT.distribution)
    found = {
        "licence": data.value(node, DCTERMS.license),
        "licence of the file": data.value(file, DCTERMS.license),
        "theme": data.value(node, DCAT.theme),
        "frequency": data.value(node, DCTERMS.accrualPeriodicity),
        "access": data.value(node, DCTERMS.accessRights),
        "languages": set(data.objects(node, DCTERMS.language)),
        "format": data.value(file, DCTERMS.format),
        "media type": data.value(file, DCAT.mediaType),
    }
    assert {name: {*map(str, v)} if isinstance(v, set) else str(v) for name, v in found.items()} == {
        "licence": f"{EU}licence/CC_BY_4_0",
        "licence of the file": f"{EU}licence/CC_BY_4_0",
        "theme": f"{EU}data-theme/ENVI",
        "frequency": f"{EU}frequency/ANNUAL",
        "access": f"{EU}access-right/PUBLIC",
        "languages": {f"{EU}language/ENG", f"{EU}language/FRA"},
        "format": f"{EU}file-type/CSV",
        "media type": "https://www.iana.org/assignments/media-types/text/csv",
    }
    assert (
        rdflib.URIRef(f"{EU}data-theme/ENVI"),
        SKOS.prefLabel,
        rdflib.Literal("Environment", lang="en"),
    ) in data


@pytest.mark.parametrize(
    ("changes", "path", "words"),
    [
        ({"licence": Coded(code=None, raw="Free for all")}, DCTERMS.license, "Free for all"),
        ({"frequency": Coded(code=None, raw="whenever")}, DCTERMS.accrualPeriodicity, "whenever"),
        ({"access_rights": Coded(code=None, raw="ask")}, DCTERMS.accessRights, "ask"),
        ({"rights": "Say where it comes from."}, DCTERMS.rights, "Say where it comes from."),
        ({"conforms_to": ("ISO 19115",)}, DCTERMS.conformsTo, "ISO 19115"),
        ({"languages": ("klingon",)}, DCTERMS.language, "klingon"),
    ],
)
def test_what_no_list_knows_is_a_node_with_the_words_of_the_source(
    changes: dict[str, Any], path: rdflib.URIRef, words: str
) -> None:
    data, node = dataset_of(**changes)
    (value,) = data.objects(node, path)
    assert isinstance(value, rdflib.BNode)
    assert [str(label) for label in data.objects(value, rdflib.RDFS.label)] == [words]


def test_a_theme_that_no_list_knows_has_an_iri_and_its_words() -> None:
    data, node = dataset_of(themes=(Coded(code=None, raw="Trees & parks"),))
    (theme,) = data.objects(node, DCAT.theme)
    assert str(theme) == "https://elmvalley.example/#theme-Trees%20%26%20parks"
    assert data.value(theme, SKOS.prefLabel) == rdflib.Literal("Trees & parks")


@pytest.mark.parametrize(
    ("own", "of_dataset", "expected"),
    [
        (None, Coded(code="CC-BY-4.0", raw=""), f"{EU}licence/CC_BY_4_0"),
        (Coded(code="ODbL-1.0", raw=""), Coded(code="CC-BY-4.0", raw=""), f"{EU}licence/ODC_BL"),
        (None, Coded(code=None, raw="https://l.example/"), "https://l.example/"),
        (None, Coded(code=None, raw="Ten pages of disclaimer"), "None"),
        (None, None, "None"),
    ],
)
def test_a_licence_that_has_an_iri_is_repeated_at_every_file(
    own: Coded | None, of_dataset: Coded | None, expected: str
) -> None:
    data, node = dataset_of(licence=of_dataset, distributions=(make.distribution(licence=own),))
    (file,) = data.objects(node, DCAT.distribution)
    assert str(data.value(file, DCTERMS.license)) == expected


@pytest.mark.parametrize(
    ("value", "datatype"),
    [
        ("2019", XSD.gYear),
        ("2019-05", XSD.gYearMonth),
        ("2019-05-31", XSD.date),
        ("2019-05-31T12:00:00Z", XSD.dateTime),
    ],
)
def test_dates_keep_their_precision(value: str, datatype: rdflib.URIRef) -> None:
    data, node = dataset_of(issued=Date(value=value, raw=value))
    assert data.value(node, DCTERMS.issued) == rdflib.Literal(value, datatype=datatype)


def test_a_date_that_was_not_understood_is_left_out() -> None:
    data, node = dataset_of(issued=Date(value=None, raw="yesterday"))
    assert data.value(node, DCTERMS.issued) is None


def test_text_carries_its_language_where_that_is_known() -> None:
    data, node = dataset_of(title={"en": "Trees", "fr": "Arbres", "und": "?", "not a tag": "!"})
    assert set(data.objects(node, DCTERMS.title)) == {
        rdflib.Literal("Trees", lang="en"),
        rdflib.Literal("Arbres", lang="fr"),
        rdflib.Literal("?"),
    }


@pytest.mark.parametrize(
    ("access", "download", "landing", "page", "expected"),
    [
        ("https://a.example/", "https://d.example/", None, None, "https://a.example/"),
        (None, "https://d.example/", "https://l.example/", None, "https://d.example/"),
        (None, None, "https://l.example/", "https://p.example/", "https://l.example/"),
        (None, None, None, "https://p.example/", "https://p.example/"),
        (None, None, None, None, None),
    ],
)
def test_every_distribution_can_be_got_at_somewhere(
    access: str | None, download: str | None, landing: str | None, page: str | None, expected: str | None
) -> None:
    file = make.distribution(access_url=access, download_url=download)
    data, node = dataset_of(distributions=(file,), landing_page=landing, page=page)
    (found,) = data.objects(node, DCAT.distribution)
    assert data.value(found, DCAT.accessURL) == (expected and rdflib.URIRef(expected))
    assert data.value(found, DCAT.downloadURL) == (download and rdflib.URIRef(download))


def test_our_page_is_the_record_about_the_dataset() -> None:
    data, node = dataset_of(uri="https://data.elmford.example/id/1")
    assert str(node) == "https://data.elmford.example/id/1"
    (entry,) = data.subjects(RDF.type, DCAT.CatalogRecord)
    assert str(entry) == "https://elmvalley.example/dataset/street-trees-000001/#record"
    assert {p: str(o) for p, o in data.predicate_objects(entry) if p != RDF.type} == {
        FOAF.primaryTopic: str(node),
        DCTERMS.issued: "2026-01-02",
        DCTERMS.modified: "2026-03-15",
        DCTERMS.source: "https://data.elmford.example/dataset/tree-1",
    }


def test_two_descriptions_of_one_thing_are_not_mixed() -> None:
    """Two datasets name the same place with different boxes: each keeps its own."""
    place = "https://sws.geonames.org/1/"
    one, two = (Place(uri=place, bbox=box, raw="") for box in ((0.0, 0.0, 1.0, 1.0), (0.0, 0.0, 9.0, 9.0)))
    data = graph(page_of(make.record(1, spatial=(one,)), make.record(2, spatial=(two,)))["catalog.ttl"])
    places = list(data.objects(None, DCTERMS.spatial))
    assert len(places) == 2
    assert [len(list(data.objects(each, DCAT.bbox))) for each in places] == [1, 1]


def test_one_publisher_is_one_node() -> None:
    data = graph(page_of(*(make.record(number) for number in range(3)))["catalog.ttl"])
    assert {str(each) for each in data.objects(None, DCTERMS.publisher)} == {
        "https://elmvalley.example/#publisher",
        "https://elmvalley.example/publisher/parks-department/",
    }


# ------------------------------------------------------------------------------ beside a page


def test_one_dataset_as_json_is_what_the_catalogue_says() -> None:
    """Beside the class and the names of code list values, which only the catalogue tells."""
    full = records.plain()[0]
    config = records.catalogue().config
    alone = graph(dcat.dataset_jsonld(full, config), "json-ld")
    whole = graph(page_of(full)["catalog.ttl"])
    skolemised = {t[1:] for t in whole if not isinstance(t[2], rdflib.BNode)}
    told = {t[1:] for t in alone if not isinstance(t[2], rdflib.BNode)}
    record = rdflib.URIRef("https://elmvalley.example/dataset/street-trees-000001/#record")
    assert told - skolemised == {(FOAF.isPrimaryTopicOf, record)}
    for node in {
        rdflib.URIRef("https://data.elmford.example/id/tree-1"),
        *whole.objects(None, DCAT.distribution),
    }:
        assert set(whole.predicates(node)) <= set(alone.predicates(node))


def test_one_dataset_as_json_reads_as_people_expect() -> None:
    content = json.loads(dcat.dataset_jsonld(records.plain()[0], records.catalogue().config))
    assert content["@id"] == "https://data.elmford.example/id/tree-1"
    assert content["@type"] == "dcat:Dataset"
    assert content["title"] == {"en": "Street trees", "fr": "Arbres de rue"}
    assert content["keyword"] == {"en": ["parks", "trees"]}
    assert [each["accessURL"] for each in content["distribution"]] == [
        "https://data.elmford.example/dataset/tree-1",
        "https://maps.elmford.example/wms?",
    ]
    portal, ours = content["isPrimaryTopicOf"]
    assert portal == "https://data.elmford.example/dataset/tree-1"
    assert ours["issued"] == {"@type": "xsd:date", "@value": "2026-01-02"}


def test_hostile_datasets_are_json_ld_too() -> None:
    config = records.catalogue().config
    for record in records.hostile():
        content = dcat.dataset_jsonld(record, config)
        assert list(pyoxigraph.parse(content, format=pyoxigraph.RdfFormat.JSON_LD))


def test_contacts_are_cards() -> None:
    vcard = rdflib.Namespace("http://www.w3.org/2006/vcard/ns#")
    contact = Contact(name="Desk", email="d@e.example", phone="+1 (555) 01-00", url="https://e.example/")
    data, node = dataset_of(contacts=(contact, Contact(email="not an address", phone="ask Bob")))
    (card,) = data.objects(node, DCAT.contactPoint)
    assert {p: str(o) for p, o in data.predicate_objects(card)} == {
        RDF.type: str(vcard.Kind),
        vcard.fn: "Desk",
        vcard.hasEmail: "mailto:d@e.example",
        vcard.hasTelephone: "tel:+15550100",
        vcard.hasURL: "https://e.example/",
    }


def test_open_periods_have_one_end() -> None:
    data, node = dataset_of(temporal=(Period(start="2019", raw=""), Period(raw="the nineties")))
    (period,) = data.objects(node, DCTERMS.temporal)
    assert data.value(period, DCAT.startDate) == rdflib.Literal("2019", datatype=XSD.gYear)
    assert data.value(period, DCAT.endDate) is None


def test_a_nameless_publisher_is_left_out() -> None:
    data, node = dataset_of(publisher=Agent(id="x", name={}))
    assert data.value(node, DCTERMS.publisher) is None
