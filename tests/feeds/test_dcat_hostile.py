"""Documents that mean harm, that break off, or that are noise: bounded, whole, and no exception but ours."""

from __future__ import annotations

import contextlib
import json
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from harvester.errors import FeedError
from harvester.feeds import dcat
from harvester.feeds._rdf.parsing import parse
from harvester.model import Draft, Problem
from tests.feeds.dcat_reading import FIXTURES, document, rdf_xml, read, turtle


def with_doctype(entities: str, title: str) -> str:
    return f'<?xml version="1.0"?>\n<!DOCTYPE rdf:RDF [\n{entities}\n]>\n' + rdf_xml(
        f"<dcat:Dataset><dct:identifier>1</dct:identifier><dct:title>{title}</dct:title></dcat:Dataset>"
    )


@pytest.mark.parametrize(
    "entities",
    [
        '<!ENTITY x SYSTEM "file:///etc/passwd">',
        '<!ENTITY x PUBLIC "p" "http://127.0.0.1:9/">',
        '<!ENTITY l0 "ha"><!ENTITY l1 "&l0;&l0;&l0;"><!ENTITY l2 "&l1;&l1;"><!ENTITY l3 "&l2;"><!ENTITY l4 "&l3;"><!ENTITY x "&l4;&l4;">',
        '<!ENTITY x "&x;">',
        f'<!ENTITY x "{"A" * 5000}">',
    ],
)
def test_entities_that_mean_harm_are_left_out_and_reported(entities: str) -> None:
    found = read(with_doctype(entities, "Budget &x;"))
    assert found.titles == ["Budget"]
    assert len(found.problems) == 1
    assert "x" in found.problems[0].values["names"]


def test_harmless_entities_are_put_in_place() -> None:
    entities = "<!ENTITY town \"Elm &amp; <i>ford</i>\"><!ENTITY x '&town; Valley'>"
    assert read(with_doctype(entities, "&x;")).titles == ["Elm & <i>ford</i> Valley"]


BOMBS = {
    "prefixes without end": "@prefix a: <x> .\n" * 20_000 + turtle("<d> dct:title \"X\"@e_n ."),
    "broken statements without end": turtle("<d> dct:title \"X\"@@ .\n" * 10_000),
    "many references to a long entity": with_doctype(f'<!ENTITY x "{"A" * 1900}">', "&x;" * 100_000),
    "elements without end": rdf_xml("<dcat:Dataset><dct:isPartOf>" * 50_000),
    "well-formed elements without end": rdf_xml(
        "<dcat:Dataset><dct:isPartOf>" * 50_000 + "</dct:isPartOf></dcat:Dataset>" * 50_000
    ),
    "open quotes in XML": rdf_xml('<a b="' * 50_000),
    "open tags in XML": rdf_xml("<a " * 50_000 + "&" * 50_000),
    "open quotes in Turtle": turtle("<d> dct:title " + '"a' * 50_000),
    "closed quotes in Turtle": turtle("<d> dct:title " + '"a" ' * 50_000),
    "open brackets in Turtle": turtle("<d> dct:title " + "[" * 50_000),
    "nested nodes in Turtle": turtle("<d> dct:title " + "[ dct:title " * 5_000),
    "open IRIs in Turtle": turtle("<d> dct:title " + "<a" * 50_000),
    "nothing but semicolons": turtle("<d> dct:title " + ";" * 50_000),
    "triple quotes": turtle("<d> dct:title " + '""" ' * 50_001),
    "open quotes in JSON": '{"@graph": [{"a":' + '"a' * 50_000,
    "nested contexts": '{"@type": "dcat:Catalog", "@context":' + '{"a":{"@id":"http://a","@context":' * 200 + "{}" + "}}" * 200 + "}",
    "nested objects": '{"@type": "dcat:Catalog", "dct:hasPart":' * 300 + "1" + "}" * 300,
    "nested graphs": '{"@type": "dcat:Catalog", "@graph":[' * 200 + "]}" * 200,
    "broken nested lists": '{"@type": "dcat:Catalog", "dct:title":' + "[" * 400 + '"a"b',
}  # fmt: skip


@pytest.mark.parametrize("bomb", BOMBS)
def test_hostile_documents_end_soon(bomb: str) -> None:
    started = time.process_time()
    with contextlib.suppress(FeedError):
        read(BOMBS[bomb])
    assert time.process_time() - started < 10


# ------------------------------------------------------------------------------ documents that break off

RECORDS = 12


def catalogue(form: str) -> str:
    """A catalogue of whole records: each with its file inside."""
    numbers = range(1, RECORDS + 1)
    if form == "turtle":
        return turtle(
            "<https://x.example/> a dcat:Catalog .\n"
            + "\n".join(
                f'<https://x.example/{n}> a dcat:Dataset ;\n  dct:title "No. {n}"@en, "Nº {n}"@es ;\n'
                f"  dcat:distribution [ a dcat:Distribution ;\n    dcat:downloadURL <https://x.example/{n}.csv> ] .\n"
                for n in numbers
            )
        )
    if form == "rdfxml":
        return rdf_xml(
            "<dcat:Catalog>"
            + "\n".join(
                f'<dcat:dataset><dcat:Dataset rdf:about="https://x.example/{n}"><dct:title xml:lang="en">No. {n}</dct:title>'
                f'<dct:title xml:lang="es">Nº {n}</dct:title><dcat:distribution><dcat:Distribution>'
                f'<dcat:downloadURL rdf:resource="https://x.example/{n}.csv"/>'
                "</dcat:Distribution></dcat:distribution></dcat:Dataset></dcat:dataset>"
                for n in numbers
            )
            + "</dcat:Catalog>"
        )
    return json.dumps(
        {
            "@context": {"dcat": "http://www.w3.org/ns/dcat#", "dct": "http://purl.org/dc/terms/"},
            "@type": "dcat:Catalog",
            "dcat:dataset": [
                {
                    "@type": "dcat:Dataset",
                    "@id": f"https://x.example/{n}",
                    "dct:title": [
                        {"@value": f"No. {n}", "@language": "en"},
                        {"@value": f"Nº {n}", "@language": "es"},
                    ],
                    "dcat:distribution": [{"dcat:downloadURL": {"@id": f"https://x.example/{n}.csv"}}],
                }
                for n in numbers
            ],
        },
        ensure_ascii=False,
    )


FORMS = ["turtle", "rdfxml", "jsonld"]
WHOLE = {form: read(catalogue(form)).drafts for form in FORMS}


def told(draft: Draft) -> tuple[object, ...]:
    return draft.key, draft.title, draft.distributions


@pytest.mark.parametrize("form", FORMS)
@settings(max_examples=60, deadline=None)
@given(data=st.data())
def test_what_is_read_of_a_document_that_breaks_off_is_whole(form: str, data: st.DataObject) -> None:
    """Wherever it breaks off: every record before the break, none that is only half there."""
    text = catalogue(form)
    at = data.draw(st.integers(len(text) // 3, len(text) - 1))
    rubbish = data.draw(st.sampled_from(["", '"%%<\\u12 broken', "\x00", " <"]))
    found = read(text[:at] + rubbish)
    whole = [told(draft) for draft in WHOLE[form]]
    got = [told(draft) for draft in found.drafts]
    assert got == whole[: len(got)]
    ended = [n for n in range(1, RECORDS + 1) if text.find(f"https://x.example/{n + 1}", 0, at) >= 0]
    assert len(got) >= len(ended) - 1
    after_a_statement = form == "turtle" and text[:at].rstrip().endswith(("] .", "Catalog ."))
    if len(got) < RECORDS and not after_a_statement:
        assert [problem for problem in found.problems if problem.partial], found.items


def test_a_dataset_whose_files_come_after_the_break_is_not_whole() -> None:
    text = turtle(
        '<a> a dcat:Dataset ; dct:title "A" ; dcat:distribution <a1> .\n<a1> dcat:accessURL <https://x.example/a> .\n'
        '<b> a dcat:Dataset ; dct:title "B" ; dcat:distribution <b1> .\n<b1> dcat:accessURL <https://x.exa'
    )
    found = read(text)
    assert found.titles == ["A"]
    assert ["B" in str(problem) for problem in found.problems] == [True, False]


# ------------------------------------------------------------------------------ anything at all


@settings(max_examples=200, deadline=None)
@given(
    st.binary(max_size=400) | st.text(max_size=400).map(lambda text: text.encode("utf-8", "surrogatepass"))
)
def test_any_bytes_are_read_or_refused(content: bytes) -> None:
    assert dcat.recognise(document(content)) in (True, False)
    with contextlib.suppress(FeedError):
        parse(document(content))


@settings(max_examples=150, deadline=None)
@given(
    name=st.sampled_from(sorted(path.name for path in FIXTURES.iterdir())),
    at=st.integers(0, 5000),
    length=st.integers(0, 30),
    rubbish=st.text(alphabet='"<>&;.,{}[]()@#\\\n\x00aé:', max_size=12),
)
def test_any_damage_is_read_or_refused(name: str, at: int, length: int, rubbish: str) -> None:
    """A hole or a stain anywhere: no exception but `FeedError`, and nothing invented."""
    content = (FIXTURES / name).read_text("utf-8")
    at = min(at, len(content))
    try:
        found = read(content[:at] + rubbish + content[at + length :])
    except FeedError:
        return
    assert all(isinstance(item, Draft | Problem) for item in found.items)
    assert len(found.drafts) <= 4
