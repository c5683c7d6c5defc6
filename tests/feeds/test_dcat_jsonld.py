"""JSON-LD: contexts without the network, and wrong types without the loss of a record."""

from __future__ import annotations

import json

import pytest

from harvester.feeds import dcat
from harvester.model import Draft
from tests.feeds.dcat_reading import document, only, read


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


def test_rdf_json_says_the_same_in_another_form() -> None:
    site, dct = "https://data.elmford.example", "http://purl.org/dc/terms/"
    dcat_type = [{"type": "uri", "value": "http://www.w3.org/ns/dcat#Dataset"}]
    content = json.dumps(
        {
            f"{site}/d/1": {
                "http://www.w3.org/1999/02/22-rdf-syntax-ns#type": dcat_type,
                f"{dct}title": [
                    {"type": "literal", "value": "Träd", "lang": "sv"},
                    {"type": "literal", "value": "Trees", "lang": "en"},
                ],
                f"{dct}issued": [
                    {
                        "type": "literal",
                        "value": "2024-05-01",
                        "datatype": "http://www.w3.org/2001/XMLSchema#date",
                    },
                    "no statement",
                ],
                f"{dct}publisher": [{"type": "bnode", "value": "_:b1"}],
            },
            "_:b1": {"http://xmlns.com/foaf/0.1/name": [{"type": "literal", "value": "Parks"}]},
            f"{site}/nothing": "no properties",
        }
    )
    assert dcat.recognise(document(content))
    draft = only(content)
    assert draft.key == f"{site}/d/1"
    assert draft.title == {"sv": "Träd", "en": "Trees"}
    assert draft.issued == "2024-05-01"
    assert draft.publisher is not None
    assert draft.publisher.name == {"": "Parks"}


def test_json_with_types_and_values_is_not_rdf_json() -> None:
    assert not dcat.recognise(document('{"a": [{"type": "literal", "value": "x"}]}'))
