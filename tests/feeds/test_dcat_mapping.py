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


# ------------------------------------------------------------------------------ fields


@pytest.mark.parametrize(
    ("files", "own", "catalogue", "licence"),
    [
        (("cc-by", "cc-by"), "cc0", None, "cc0"),
        (("cc-by", "cc-by"), None, "cc0", "cc-by"),
        (("cc-by", "odbl"), None, "cc0", None),
        ((), None, "cc0", "cc0"),
        ((), None, None, None),
    ],
)
def test_the_licence_is_the_datasets_else_the_files_else_the_catalogues(
    files: tuple[str, ...], own: str | None, catalogue: str | None, licence: str | None
) -> None:
    said = [
        f'dcat:distribution [ dcat:accessURL <https://x.example/{n}> ; dct:license "{each}" ]'
        for n, each in enumerate(files)
    ]
    said += [f'dct:license "{own}"'] if own else []
    listing = (
        f'<> a dcat:Catalog ; dct:license "{catalogue}" ; dcat:dataset <{SITE}/d/1> .' if catalogue else ""
    )
    draft = only(dataset(" ; ".join([*said, 'dct:identifier "1"'])) + listing)
    assert draft.licence == licence
    assert tuple(each.licence for each in draft.distributions) == files


def test_swiss_terms_of_use_are_the_licence() -> None:
    assert only(dataset('dct:rights "NonCommercialAllowed-CommercialAllowed-ReferenceRequired"')).licence == (
        "NonCommercialAllowed-CommercialAllowed-ReferenceRequired"
    )


@pytest.mark.parametrize(
    ("said", "contact"),
    [
        (
            'foaf:name "Desk" ; foaf:mbox "a@b.example" ; foaf:phone "1"',
            DraftContact(name="Desk", email="a@b.example", phone="1"),
        ),
        (
            "<http://www.w3.org/2006/vcard/ns#hasEmail> [ <http://www.w3.org/2006/vcard/ns#value> <mailto:a@b.example> ]",
            DraftContact(email="mailto:a@b.example"),
        ),
        (
            '<http://www.w3.org/2006/vcard/ns#organization-name> "Desk" ;'
            " <http://www.w3.org/2006/vcard/ns#hasURL> <https://b.example/>",
            DraftContact(name="Desk", url="https://b.example/"),
        ),
    ],
)
def test_contacts_in_their_forms(said: str, contact: DraftContact) -> None:
    assert only(dataset(f"dcat:contactPoint [ {said} ], [ {said} ]")).contacts == (contact,)


@pytest.mark.parametrize(
    ("said", "place"),
    [
        ('"Elmford"', DraftPlace(text="Elmford")),
        ("<https://sws.geonames.org/1/>", DraftPlace(uri="https://sws.geonames.org/1/")),
        ("<Elmford>", DraftPlace(text="Elmford")),
        ('"POINT(1 2)"', DraftPlace(geometry="POINT(1 2)")),
        (
            '[ <http://www.geonames.org/ontology#name> "Elmford" ; dcat:centroid "POINT(1 2)" ]',
            DraftPlace(label="Elmford", geometry="POINT(1 2)"),
        ),
        (
            '[ <http://www.w3.org/ns/locn#geometry> "<gml:Point/>", "{\\"type\\": \\"Point\\"}" ]',
            DraftPlace(geometry='{"type": "Point"}'),
        ),
        (
            '[ dcat:bbox "<http://www.opengis.net/def/crs/OGC/1.3/CRS84> POLYGON((1 2,3 2,3 4,1 2))" ]',
            DraftPlace(geometry="POLYGON((1 2,3 2,3 4,1 2))"),
        ),
        (
            "[ dcat:bbox \"<gml:Envelope srsName='urn:ogc:def:crs:EPSG::4326'><gml:lowerCorner>42 -83</gml:lowerCorner>"
            '<gml:upperCorner>43 -82</gml:upperCorner></gml:Envelope>" ]',
            DraftPlace(bbox="-83,42,-82,43"),
        ),
        ('[ dcat:bbox "ENVELOPE(1,2,4,3)" ]', DraftPlace(text="ENVELOPE(1,2,4,3)")),
        (
            '[ <http://schema.org/geo> [ <http://schema.org/latitude> "42" ; <http://schema.org/longitude> "-83" ] ]',
            DraftPlace(geometry="POINT(-83 42)"),
        ),
    ],
)
def test_places_in_their_forms(said: str, place: DraftPlace) -> None:
    assert only(dataset(f"dct:spatial {said}")).spatial == (place,)


@pytest.mark.parametrize(
    ("said", "period"),
    [
        ('"2019/2020"', DraftPeriod(text="2019/2020")),
        ('"start=2019-01; end=2020-12; scheme=W3C-DTF;"', DraftPeriod(start="2019-01", end="2020-12")),
        (
            "<http://reference.example/id/year/2011>",
            DraftPeriod(text="http://reference.example/id/year/2011"),
        ),
        ('[ dcat:startDate "2019" ]', DraftPeriod(start="2019")),
        (
            '[ <http://schema.org/startDate> "2019" ; <https://schema.org/endDate> "2020" ]',
            DraftPeriod(start="2019", end="2020"),
        ),
        (
            '[ <http://www.w3.org/2006/time#hasBeginning> [ <http://www.w3.org/2006/time#inXSDDate> "2019-01-01" ] ]',
            DraftPeriod(start="2019-01-01"),
        ),
        ('[ <http://www.w3.org/2000/01/rdf-schema#label> "the nineties" ]', DraftPeriod(text="the nineties")),
    ],
)
def test_times_in_their_forms(said: str, period: DraftPeriod) -> None:
    assert only(dataset(f"dct:temporal {said}")).temporal == (period,)


def test_a_service_that_serves_the_dataset_is_offered_with_it() -> None:
    draft = only(
        dataset("dcat:distribution [ dcat:accessURL <https://x.example/wms> ]")
        + f'<s> a dcat:DataService ; dct:title "API" ; dcat:endpointURL <https://x.example/api> ; dcat:servesDataset <{SITE}/d/1> .'
        f"<t> a dcat:DataService ; dcat:endpointURL <https://x.example/wms> ; dcat:servesDataset <{SITE}/d/1> ."
    )
    assert [(each.access_url, each.title) for each in draft.distributions] == [
        ("https://x.example/wms", {}),
        ("https://x.example/api", {"": "API"}),
    ]


@pytest.mark.parametrize(
    ("algorithm", "checksum"),
    [
        ("<http://spdx.org/rdf/terms#checksumAlgorithm_sha1>", "sha1:ff"),
        ("<http://dcat-ap.de/def/hashAlgorithms/sha/256>", "sha256:ff"),
        ('"SHA-512"', "sha512:ff"),
        ("[]", "ff"),
    ],
)
def test_checksums_name_their_algorithm(algorithm: str, checksum: str) -> None:
    spdx = PREFIXES["spdx"]
    said = f'<{spdx}checksum> [ <{spdx}algorithm> {algorithm} ; <{spdx}checksumValue> "ff" ]'
    assert only(dataset(f"dcat:distribution [ {said} ]")).distributions[0].checksum == checksum


def test_several_downloads_are_several_files() -> None:
    draft = only(
        dataset(
            'dcat:distribution [ dct:title "F" ; dcat:downloadURL <https://x.example/1>, <https://x.example/2> ]'
        )
    )
    assert [(each.download_url, each.title[""]) for each in draft.distributions] == [
        ("https://x.example/1", "F"),
        ("https://x.example/2", "F"),
    ]


def test_lists_are_as_good_as_repetition() -> None:
    draft = only(dataset('dcat:keyword ( "a" "b" "c" ) ; dct:conformsTo ()'))
    assert draft.keywords == (("", "a"), ("", "b"), ("", "c"))


def test_what_is_not_read_is_kept() -> None:
    draft = only(
        dataset(
            '<http://dcat-ap.de/def/dcatde/geocodingText> "Berlin"@de ; <https://x.example/p> <https://x.example/v>, 7'
        )
    )
    assert draft.unread == {"dcatde:geocodingText": "Berlin", "https://x.example/p": "https://x.example/v; 7"}


def test_who_made_it_never_enters_a_draft() -> None:
    said = (
        'dct:creator "jdoe77" ; <http://schema.org/author> "jdoe77" ; dct:contributor [ foaf:name "jdoe77" ]'
    )
    assert "jdoe77" not in str(only(dataset(said)))


def test_a_parent_catalogue_is_provenance_and_a_parent_dataset_a_series() -> None:
    draft = only(
        dataset("dct:isPartOf <https://x.example/c>, <https://x.example/s>")
        + "<https://x.example/c> a dcat:Catalog ."
    )
    assert (draft.provenance, draft.in_series) == (("https://x.example/c",), ("https://x.example/s",))


# ------------------------------------------------------------------------------ JSON-LD


def jsonld(context: object, **node: object) -> Draft:
    return only(json.dumps({"@context": context, "@id": "https://x.example/d", **node}))


@pytest.mark.parametrize(
    ("context", "node"),
    [
        ("https://semiceu.github.io/DCAT-AP/releases/3.0.0/context/dcat-ap.jsonld", {"@type": "Dataset", "title": {"en": "X"}}),
        (["https://w3id.example/dcat-ap/v2.1.jsonld", {"t": "http://purl.org/dc/terms/title"}], {"@type": "Dataset", "t": {"@value": "X", "@language": "en"}}),
        ("https://project-open-data.cio.gov/v1.1/schema/catalog.jsonld", {"@type": "dcat:Dataset", "title": {"en": "X"}}),
        ("https://schema.org/", {"@type": "Dataset", "name": {"@value": "X", "@language": "en"}}),
        ({"@vocab": "http://schema.org/"}, {"@type": "Dataset", "name": {"@language": "en", "@value": "X"}}),
        ({"id": "@id", "type": "@type", "dct": "http://purl.org/dc/terms/"}, {"type": ["dcat:Dataset"], "dct:title": [{"@value": "X", "@language": "en"}]}),
        ({"n": {"@id": "http://purl.org/dc/terms/title", "@container": "@language"}}, {"@type": "dcat:Dataset", "n": {"en": "X", "fr": None}}),
        ({"n": {"@id": "dct:title", "@language": "en"}}, {"@type": "dcat:Dataset", "n": "X"}),
        ([], {"@type": "dcat:Dataset", "dct:title": {"@value": "X", "@language": "en"}}),
    ],
)  # fmt: skip
def test_contexts_are_known_without_being_fetched(context: object, node: dict[str, object]) -> None:
    draft = jsonld(context, **node)
    assert (draft.key, draft.title) == ("https://x.example/d", {"en": "X"})


def test_without_a_known_context_is_read_what_speaks_for_itself() -> None:
    node = {"@type": "dcat:Dataset", "dct:title": "X", "dcat:keyword": ["a"]}
    found = read(json.dumps({"@context": "https://nobody.example/context.jsonld", **node}))
    assert found.titles == ["X"]
    assert [str(problem) for problem in found.problems] == [
        "https://data.elmford.example/dir/catalog: The file leaves the meaning of its words to "
        "https://nobody.example/context.jsonld, which is not fetched. Ask the people who run the portal to "
        "write the context into the file itself."
    ]


@pytest.mark.parametrize(
    "odd",
    [
        {"dct:description": None},
        {"dct:description": {"@value": {"a": 1}}},
        {"dct:description": {"@value": "x", "@language": "en_US_and_more_than_that"}},
        {"dcat:theme": [None, [], {}, [["geo"]], {"@id": 5}, {"@id": ["a", "b"]}]},
        {"@type": [{"@id": "dcat:Dataset"}, None, 7, "dcat:Dataset"]},
        {"@unknown": {"@also": 1}},
        {
            "@context": {
                "": "x",
                "@odd": 1,
                "bad": {"@id": 5},
                "worse": {"@id": "@context"},
                "Xsd:date": {"@id": "http://x"},
            }
        },
        {"@context": [5, None, {"dct": "http://purl.org/dc/terms/"}]},
        {"dct:issued": float("nan")},
        {"dcat:keyword": {"@list": ["a", None]}},
        {"dct:spatial": json.loads('{"dct:hasPart":' * 300 + "1" + "}" * 300)},
    ],
)
def test_wrong_types_cost_a_value_and_not_the_document(odd: dict[str, object]) -> None:
    found = read(
        json.dumps(
            [
                {"@id": "https://x.example/d", "@type": "dcat:Dataset", "dct:title": "X", **odd},
                {"@id": "https://x.example/e", "@type": "dcat:Dataset", "dct:title": "Y"},
            ]
        )
    )
    assert found.titles == ["X", "Y"]


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
