"""One field of a draft after the other, in the forms in which RDF gives it."""

from __future__ import annotations

import pytest

from harvester.feeds._rdf.names import PREFIXES
from harvester.model import DraftContact, DraftPeriod, DraftPlace
from tests.feeds.dcat_reading import dataset, only

SITE = "https://data.elmford.example"


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
