"""RDF beside the draft that it becomes."""

from __future__ import annotations

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rdflib import Dataset

from harvester.feeds._rdf.names import PREFIXES
from harvester.model import (
    Draft,
    DraftAgent,
    DraftContact,
    DraftDistribution,
    DraftPeriod,
    DraftPlace,
)
from tests.feeds.dcat_reading import FIXTURES, URL, Read, dataset, only, rdf_xml, read, turtle
from tests.feeds.web import web

EU = "http://publications.europa.eu/resource/authority"
SITE = "https://data.elmford.example"

FULL = Draft(
    key=f"{SITE}/dataset/trees",
    uri=f"{SITE}/dataset/trees",
    identifiers=("elm-trees", "10.5072/trees"),
    title={"en": "Street trees", "fr": "Arbres d’alignement"},
    description={"en": "Every tree."},
    keywords=(("en", "trees"), ("fr", "arbres")),
    themes=(f"{EU}/data-theme/ENVI", "Greenery"),
    publisher=DraftAgent(
        name={"en": "Parks Department", "fr": "Service des parcs"},
        url="https://parks.elmford.example/",
        email="mailto:parks@elmford.example",
        parent="Town of Elmford",
    ),
    contacts=(
        DraftContact(name="Parks desk", email="mailto:parks@elmford.example", phone="tel:+1-555-0100"),
    ),
    landing_page=f"{SITE}/trees",
    licence="http://creativecommons.org/licenses/by/4.0/",
    rights="Name the Parks Department",
    access_rights=f"{EU}/access-right/PUBLIC",
    issued="2019",
    modified="2026-03-14",
    frequency=f"{EU}/frequency/ANNUAL",
    languages=(f"{EU}/language/ENG", "fr"),
    spatial=(
        DraftPlace(
            label="Elmford", geometry="POLYGON((-83.3 42.2,-82.9 42.2,-82.9 42.5,-83.3 42.5,-83.3 42.2))"
        ),
    ),
    temporal=(DraftPeriod(start="2015-01-01", end="2025"),),
    conforms_to=("https://standards.example/trees-1.0",),
    documentation=(f"{SITE}/trees/handbook",),
    in_series=(f"{SITE}/dataset/green",),
    version="2.1",
    status="http://purl.org/adms/status/Completed",
    provenance=("https://state.example/catalogue/trees",),
    distributions=(
        DraftDistribution(
            key=f"{SITE}/dataset/trees/csv",
            access_url=f"{SITE}/trees",
            download_url=f"{SITE}/files/trees.csv",
            title={"en": "All trees"},
            description={"en": "One row a tree"},
            format=f"{EU}/file-type/CSV",
            media_type="https://www.iana.org/assignments/media-types/text/csv",
            byte_size="48213",
            checksum="sha256:908640",
            licence="http://opendatacommons.org/licenses/odbl/1-0/",
            issued="2019-05-01",
            modified="2026-03-14T06:00:00+00:00",
            languages=(f"{EU}/language/ENG",),
            conforms_to=("https://standards.example/csv",),
        ),
    ),
    unread={"dct:type": "Tree register"},
)


def test_a_full_description_becomes_a_full_draft() -> None:
    assert only((FIXTURES / "full.ttl").read_bytes()) == FULL


def in_any_order(draft: Draft) -> dict[str, object]:
    """A draft as it compares where a writer shuffles what has no order in RDF."""
    return {
        name: sorted(map(str, value)) if isinstance(value, tuple) else value
        for name in draft.__struct_fields__
        if (value := getattr(draft, name)) is not None
    }


@pytest.mark.filterwarnings("ignore::DeprecationWarning")  # inside rdflib
@pytest.mark.parametrize(
    "syntax", ["xml", "pretty-xml", "json-ld", "nt", "nquads", "trig", "n3", "longturtle"]
)
def test_the_syntax_makes_no_difference(syntax: str) -> None:
    """rdflib writes the same graph in another syntax; what we read is the same."""
    graph = Dataset(default_union=True).parse(FIXTURES / "full.ttl")
    assert in_any_order(only(graph.serialize(format=syntax))) == in_any_order(FULL)


# ------------------------------------------------------------------------------ national profiles and platforms


def test_a_small_italian_town() -> None:
    """Relative `rdf:about`, an empty licence, classes of DCAT-AP_IT, codes where IRIs are due."""
    trees, budget = read((FIXTURES / "italian-town.rdf").read_bytes(), f"{SITE}/it/catalog.rdf").drafts
    assert trees.publisher == budget.publisher == DraftAgent(name={"": "Comune di Olmo"})
    assert trees.licence == "https://creativecommons.org/licenses/by/4.0/"  # the catalogue's
    assert trees.distributions == (
        DraftDistribution(
            key="https://olmo.example//alberi/csv", format="CSV", download_url=f"{SITE}/it/file/alberi.csv"
        ),
    )
    assert budget.title == {"": "Bilancio & conti"}


def test_an_arcgis_hub() -> None:
    """The contact's name is an account, which is not for publishing; a title is a number."""
    trees, budget = read((FIXTURES / "hub.jsonld").read_bytes()).drafts
    assert trees.contacts == (DraftContact(email="mailto:gis@elmford.example"),)
    assert trees.publisher == DraftAgent(name={"": "Town of Elmford"})
    assert trees.spatial == (DraftPlace(text="-83.3,42.2,-82.9,42.5"),)
    assert trees.distributions[0].access_url == "https://hub.elmford.example/trees.geojson"
    assert trees.distributions[0].format == f"{EU}/file-type/GEOJSON"
    assert budget.title == {"": "300.21"}
    assert budget.keywords == (("", "money"),)


def test_a_geonetwork_dump() -> None:
    """The root is the catalogue; entities, GML, blank datasets, one that is both Dataset and Series."""
    disputes, reports = read((FIXTURES / "geonetwork.xml").read_bytes()).drafts
    assert (disputes.key, disputes.identifiers) == (None, ("disputes",))
    assert disputes.title == {"nl": "Geschillen", "fr": "Contentieux"}
    assert disputes.frequency == f"{EU}/frequency/ANNUAL"
    assert disputes.spatial == (DraftPlace(bbox="2.54,49.49,6.41,51.51"),)
    assert reports.in_series == ("http://agency.example/unknown",)


# ------------------------------------------------------------------------------ which nodes are datasets


def test_a_series_and_a_node_of_both_kinds_are_read_once_each() -> None:
    found = read(
        turtle(
            '<a> a dcat:DatasetSeries ; dct:title "A" .'
            '<b> a dcat:Dataset, dcat:DatasetSeries ; dct:title "B" . <b> a dcat:Dataset .'
        )
    )
    assert found.titles == ["A", "B"]


def test_nodes_that_others_only_mention_are_not_datasets() -> None:
    found = read(
        turtle(
            '<a> a dcat:Dataset ; dct:title "A" ; dct:hasPart [ a dcat:Dataset ] .'
            "<s> a dcat:DataService ; dcat:servesDataset <c> . <c> a dcat:Dataset ."
        )
    )
    assert found.titles == ["A"]


def test_a_listed_dataset_without_a_title_is_handed_on_to_be_reported() -> None:
    found = read(
        turtle('<> a dcat:Catalog ; dcat:dataset <a>, <b> . <a> a dcat:Dataset . <b> dct:title "B" .')
    )
    assert found.titles == ["", "B"]


def test_datasets_without_a_name_are_all_read() -> None:
    assert read(
        turtle('[ a dcat:Dataset ; dct:title "A" ] . [] a dcat:Dataset ; dct:title "A" .')
    ).titles == ["A", "A"]


def test_a_catalogue_in_a_catalogue_is_not_a_dataset() -> None:
    found = read(
        turtle(
            "<> a dcat:Catalog ; dcat:catalog <b> . <b> a dcat:Catalog, dcat:Dataset ; dcat:dataset <c> ."
            '<c> a dcat:Dataset ; dct:title "C" .'
        )
    )
    assert found.titles == ["C"]


def test_schema_org_is_read_with_the_same_mapping() -> None:
    draft = only(
        "@prefix s: <https://schema.org/> .\n"
        '<https://x.example/d> a s:Dataset ; s:name "Trees"@en ; s:keywords "trees" ; s:license <https://l.example/> ;'
        ' s:publisher [ a s:Organization ; s:name "Elmford" ; s:url <https://elmford.example/> ] ;'
        ' s:temporalCoverage "2019/2020" ;'
        ' s:spatialCoverage [ a s:Place ; s:name "Elmford" ; s:geo [ a s:GeoShape ; s:box "42.2 -83.3 42.5 -82.9" ] ] ;'
        ' s:distribution [ a s:DataDownload ; s:contentUrl <https://x.example/a.csv> ; s:encodingFormat "text/csv" ] .'
    )
    assert draft == Draft(
        key="https://x.example/d",
        uri="https://x.example/d",
        title={"en": "Trees"},
        keywords=(("", "trees"),),
        licence="https://l.example/",
        publisher=DraftAgent(name={"": "Elmford"}, url="https://elmford.example/"),
        temporal=(DraftPeriod(text="2019/2020"),),
        spatial=(DraftPlace(label="Elmford", bbox="-83.3,42.2,-82.9,42.5"),),
        distributions=(DraftDistribution(download_url="https://x.example/a.csv", format="text/csv"),),
    )


# ------------------------------------------------------------------------------ names and addresses


@pytest.mark.parametrize(
    ("subject", "key", "uri"),
    [
        ("<https://x.example/d>", "https://x.example/d", "https://x.example/d"),
        ("<d/1>", f"{SITE}/dir/d/1", f"{SITE}/dir/d/1"),
        ("<urn:uuid:1>", "urn:uuid:1", None),
        ("<https://x.example/a b>", "https://x.example/a b", None),
        ("<file:///C:/Users/me/d>", None, None),
        ("_:d", None, None),
    ],
)
def test_a_key_is_an_iri_of_its_own(subject: str, key: str | None, uri: str | None) -> None:
    draft = only(turtle(f'{subject} a dcat:Dataset ; dct:title "X" .'))
    assert (draft.key, draft.uri) == (key, uri)


@pytest.mark.parametrize(
    "said",
    [
        "dct:title",
        "<http://purl.org/dc/elements/1.1/title>",
        "<http://purl.org/dc/terms/#title>",
        "<https://purl.org/dc/terms/title>",
        "dcat:title",
        "<http://www.w3.org/2000/01/rdf-schema#label>",
    ],
)
def test_a_title_is_found_under_its_misspellings(said: str) -> None:
    assert only(turtle(f'<d> a dcat:Dataset ; {said} "X" .')).title == {"": "X"}


def test_properties_are_found_under_their_misspellings() -> None:
    draft = only(
        dataset(
            'dct:licence "CC BY" ; dcat:keywords "a" ; dcat:distributions '
            '[ dcat:accessUrl "https://x.example/a" ; dct:mediaType "text/csv" ; dct:size "7" ]'
        )
    )
    assert (draft.licence, draft.keywords) == ("CC BY", (("", "a"),))
    assert draft.distributions == (
        DraftDistribution(access_url="https://x.example/a", media_type="text/csv", byte_size="7"),
    )


def test_words_where_addresses_are_due_and_addresses_where_words_are() -> None:
    draft = only(
        dataset(
            'dcat:landingPage "https://x.example/page" ; dct:publisher "Elmford"@en ; dcat:contactPoint <mailto:a@b.example> ;'
            ' dcat:theme "Environment" ; dct:license "Licence Etalab" ; dcat:keyword <https://x.example/word> ;'
            " dcat:distribution <https://x.example/file.csv>"
        )
    )
    assert draft.landing_page == "https://x.example/page"
    assert draft.publisher == DraftAgent(name={"en": "Elmford"})
    assert draft.contacts == (DraftContact(email="mailto:a@b.example"),)
    assert draft.themes == ("Environment", "https://x.example/word")
    assert draft.licence == "Licence Etalab"
    assert draft.distributions == (DraftDistribution(url="https://x.example/file.csv"),)


def test_an_iri_written_as_text_still_refers_to_its_node() -> None:
    said = f'dct:publisher "{SITE}/org"'
    assert only(dataset(said) + f'<{SITE}/org> foaf:name "Elmford" .').publisher == DraftAgent(
        name={"": "Elmford"}
    )


@pytest.mark.parametrize(("language", "label"), [(None, "Trees"), ("de", "Bäume"), ("fr", "Trees")])
@pytest.mark.parametrize("labels", ['"Bäume"@de, "Trees"@en, "Puut"@et', '"Puut"@et, "Trees"@en, "Bäume"@de'])
def test_where_one_language_has_room_the_order_does_not_decide(
    language: str | None, label: str, labels: str
) -> None:
    concept = f"<https://x.example/t> <{PREFIXES['skos']}prefLabel> {labels} ."
    get = web({URL: dataset("dcat:theme <https://x.example/t>") + concept})
    assert Read(get, language=language).drafts[0].themes == (label,)


def test_an_empty_reference_says_nothing() -> None:
    draft = only(dataset("dct:license <> ; dcat:landingPage <> ; dct:accessRights <>"))
    assert (draft.licence, draft.landing_page, draft.access_rights) == (None, None, None)


def test_no_address_is_ever_a_file_of_somebody() -> None:
    draft = only(
        dataset("dcat:landingPage <file:///etc/passwd> ; dcat:distribution [ dcat:accessURL <file:///C:/x> ]")
    )
    assert (draft.landing_page, draft.distributions[0].access_url) == (None, None)


def test_two_addresses_in_one_are_two_files() -> None:
    draft = only(dataset("dcat:distribution [ dcat:downloadURL <https://x.example/a https://x.example/b> ]"))
    assert [each.download_url for each in draft.distributions] == [
        "https://x.example/a",
        "https://x.example/b",
    ]


def test_a_blank_before_an_address_is_not_part_of_it() -> None:
    draft = only(
        rdf_xml(
            '<dcat:Dataset><dct:title>X</dct:title><dcat:landingPage rdf:resource=" https://x.example/ "/></dcat:Dataset>'
        )
    )
    assert draft.landing_page == "https://x.example/"


# ------------------------------------------------------------------------------ anything at all

NODES = st.sampled_from(
    [f"<https://x.example/{n}>" for n in range(4)] + ["_:a", "_:b", "<relative>", "<>", "<urn:x>"]
)
PROPERTIES = st.sampled_from(
    [
        f"<{PREFIXES[prefix]}{local}>"
        for prefix, names in {
            "rdf": "type first rest value",
            "dct": "title description identifier publisher license rights spatial temporal isPartOf source format",
            "dcat": "dataset distribution theme keyword contactPoint downloadURL accessURL bbox startDate inSeries",
            "foaf": "name mbox homepage primaryTopic isPrimaryTopicOf page",
            "vcard": "fn hasEmail hasTelephone hasValue",
            "adms": "identifier",
            "skos": "notation prefLabel",
            "spdx": "checksum checksumValue algorithm",
            "org": "subOrganizationOf",
            "schema": "geo box name distribution startDate",
            "time": "hasBeginning inXSDDate",
            "hydra": "totalItems",
        }.items()
        for local in names.split()
    ]
    + ["<relative>", "<https://x.example/unknown>"]
)
CLASSES = st.sampled_from(
    [f"<{PREFIXES['dcat']}{name}>" for name in ("Dataset", "Catalog", "Distribution", "DataService")]
)
WORDS = st.text(alphabet='ab <>&{}"\\,;:/@é\u202e', max_size=12).map(
    lambda said: json.dumps(said, ensure_ascii=False)
)


@settings(max_examples=150, deadline=None)
@given(st.lists(st.tuples(NODES, PROPERTIES, NODES | WORDS | CLASSES), max_size=40))
def test_any_graph_is_mapped(triples: list[tuple[str, str, str]]) -> None:
    """Circles, nodes of every class at once, words for nodes and nodes for words: drafts, and no exception."""
    body = "".join(f"{subject} {predicate} {value} .\n" for subject, predicate, value in triples)
    found = read(turtle(f'<https://x.example/0> a dcat:Dataset ; dct:title "X" .\n{body}'))
    assert found.drafts or "Catalog" in body
    for draft in found.drafts:
        assert not (draft.key or "").startswith(("_:", "relative+", "file:"))
        assert "relative+" not in str(draft)
