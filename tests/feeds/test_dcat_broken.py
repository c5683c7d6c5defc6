"""Broken RDF: what is lost is the broken value, what is said is true, and it ends."""

from __future__ import annotations

import contextlib
import json
import re
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rdflib import Graph as RdflibGraph

from harvester.errors import FeedError
from harvester.feeds import dcat
from harvester.feeds._rdf import rdfxml
from harvester.feeds._rdf import turtle as turtle_reader
from harvester.feeds._rdf.graph import Graph, base_of, key_of
from harvester.feeds._rdf.names import PREFIXES
from harvester.feeds._rdf.parsing import parse
from harvester.model import Draft, Problem
from tests import make
from tests.feeds.dcat_reading import FIXTURES, URL, document, only, rdf_xml, read, turtle
from tests.feeds.web import web

# ------------------------------------------------------------------------------ characters


TREES = 'dct:title "Bäume – 東"'


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32"])
@pytest.mark.parametrize("claimed", [None, "utf-8", "iso-8859-1", "no-such-charset"])
def test_unicode_is_read_whatever_is_claimed(encoding: str, claimed: str | None) -> None:
    content = turtle(f"<d> a dcat:Dataset ; {TREES} .").encode(encoding)
    get = web({URL: document(content, charset=claimed, media_type="text/html")})
    (draft,) = dcat.read(make.source(url=URL), get)
    assert isinstance(draft, Draft)
    assert draft.title == {"": "Bäume – 東"}


@pytest.mark.parametrize(
    ("content", "charset", "title"),
    [
        (turtle('<d> a dcat:Dataset ; dct:title "Bäume" .').encode("latin-1"), "utf-8", "Bäume"),
        (turtle('<d> a dcat:Dataset ; dct:title "Bäume – €" .').encode("cp1252"), None, "Bäume – €"),
        (turtle('<d> a dcat:Dataset ; dct:title "Пример" .').encode("koi8-r"), "koi8-r", "Пример"),
        (turtle('<d> a dcat:Dataset ; dct:title "Bä').encode() + b'\xe4" .', None, "Bää"),
    ],
)
def test_bytes_that_are_not_utf_8_are_read_all_the_same(
    content: bytes, charset: str | None, title: str
) -> None:
    (draft,) = dcat.read(make.source(url=URL), web({URL: document(content, charset=charset)}))
    assert isinstance(draft, Draft)
    assert draft.title == {"": title}


def test_xml_names_its_encoding_itself() -> None:
    said = '<?xml version="1.0" encoding="ISO-8859-2"?>' + rdf_xml(
        "<dcat:Dataset><dct:title>Ľubľana</dct:title></dcat:Dataset>"
    )
    assert only(said.encode("iso-8859-2")).title == {"": "Ľubľana"}


# ------------------------------------------------------------------------------ Turtle

OTHER = '\n<e> a dcat:Dataset ; dct:title "Other" .'


@pytest.mark.parametrize(
    ("broken", "title", "lost"),
    [
        ('dct:title "X"@en_US', {"en-us": "X"}, 0),
        ('dct:title "X"@9', {"": "X"}, 0),
        ('dct:title "say "hello" twice"', {"": 'say "hello" twice'}, 0),
        ('dct:title "C:\\data\\x"', {"": "C:\\data\\x"}, 0),
        ('dct:title "X" ; nobody:knows "y"', {"": "X"}, 1),
        ('dct:title "X" ; dct:issued', {"": "X"}, 0),
        ('dct:title "X" ; dct:issued , "2019"', {"": "X"}, 0),
        ('dct:title "X" ; dct:issued nonsense', {"": "X"}, 1),
        (
            'dct:title "X" ; dcat:distribution [ dct:title "F"@@ ; dcat:accessURL <https://x.example/f> ]',
            {"": "X"},
            1,
        ),
        ('dct:title "X" ; dct:issued "2019', {"": "X"}, 1),
        ('dct:title "X" ; dct:issued \'2019', {"": "X"}, 1),
        ('dct:title "X" ; dcat:landingPage <https://x.example/a b', {"": "X"}, 1),
        ('dct:title "X"@en_US ; dct:subject ex:a\\,b', {"en-us": "X"}, 1),
    ],
)
def test_one_broken_value_of_turtle_costs_no_other(broken: str, title: dict[str, str], lost: int) -> None:
    found = read(
        turtle(f'<d> a dcat:Dataset ; dct:identifier "1" ;\n {broken} ;\n dcat:version "2" .{OTHER}')
    )
    assert [draft.title for draft in found.drafts] == [title, {"": "Other"}]
    assert (found.drafts[0].identifiers, found.drafts[0].version) == (("1",), "2")
    assert len([note for note in found.drafts[0].notes if note.code == "note-unknown"]) == lost
    assert any(note.code == "feed-repaired" for note in found.drafts[0].notes)
    assert found.problems == []


@pytest.mark.parametrize(
    "broken",
    [
        '<d> a dcat:Dataset ; dct:title "X"',  # no full stop
        '<d> a dcat:Dataset ; dct:title "X" ;',
        '<d> a dcat:Dataset ; dct:title "X" ; dcat:distribution [ a dcat:Distribution ; dct:title "F" .',
    ],
)
def test_a_statement_without_its_end_does_not_swallow_the_next(broken: str) -> None:
    assert read(turtle(broken + OTHER)).titles == ["X", "Other"]


def test_a_prefix_that_everybody_knows_need_not_be_declared() -> None:
    said = '<d> a dcat:Dataset ; dct:title "X"@en_US .'
    assert only("@prefix foaf: <http://xmlns.com/foaf/0.1/> .\n" + said).title == {"en-us": "X"}


@pytest.mark.parametrize(
    "said",
    [
        '[] a dcat:Dataset ; dct:title "X" .',
        '[ a dcat:Dataset ; dct:title "X" ] .',
        '# made by hand\n\n{ <d> a dcat:Dataset ; dct:title "X" . }',
        '<https://x.example/d> dct:title "X" ; a dcat:Dataset .',
    ],
)
def test_turtle_may_begin_in_many_ways(said: str) -> None:
    for prefix in ("dcat", "dct"):
        said = re.sub(rf"\b{prefix}:(\w+)", rf"<{PREFIXES[prefix]}\1>", said)
    assert dcat.recognise(document(said))
    assert only(said).title == {"": "X"}


def test_a_byte_order_mark_in_the_middle_is_blank() -> None:
    assert read(turtle('<d> a dcat:Dataset ; dct:title "X" .') + "\ufeff" + turtle(OTHER)).titles == [
        "X",
        "Other",
    ]


@pytest.mark.parametrize("graph", ["{ %s }", "<g> { %s }", "GRAPH <g> { %s }"])
@pytest.mark.parametrize(
    "said", ['<d> a dcat:Dataset ; dct:title "X"', '<d> a dcat:Dataset ; dct:title "X"@e_n']
)
def test_named_graphs_are_read_as_one(graph: str, said: str) -> None:
    found = read(turtle(graph % said))
    assert found.titles == ["X"]
    assert found.problems == []


def test_n_triples_and_n_quads_lose_only_the_broken_line() -> None:
    subject, graph = "<https://x.example/d>", "<https://x.example/g>"
    lines = [
        f"{subject} <http://www.w3.org/1999/02/22-rdf-syntax-ns#type> <http://www.w3.org/ns/dcat#Dataset> .",
        f'{subject} <http://purl.org/dc/terms/title> "X" {graph} .',
        f'{subject} <http://purl.org/dc/terms/issued> "20',
        f'{subject} <http://purl.org/dc/terms/identifier> "1"@en_US .',
    ]
    draft = only("\n".join(lines))
    assert (draft.title, draft.identifiers, draft.issued) == ({"": "X"}, ("1",), None)
    assert [note.raw for note in draft.notes if note.code == "note-unknown"] == [lines[2]]


# ------------------------------------------------------------------------------ RDF/XML

OTHER_XML = "<dcat:Dataset><dct:title>Other</dct:title></dcat:Dataset>"


@pytest.mark.parametrize(
    ("broken", "title"),
    [
        ('<dct:title xml:lang="en_US">X</dct:title>', {"en-us": "X"}),
        ('<dct:title xml:lang="">X</dct:title>', {"": "X"}),
        ('<dct:title xml:lang="!">X</dct:title>', {"": "X"}),
        ("<dct:title>A & B</dct:title>", {"": "A & B"}),
        ("<dct:title>A &nbsp;B &eacute; &#233; &nothing; &#0;</dct:title>", {"": "A \xa0B é é &nothing;"}),
        ("<dct:title>A < B, <3</dct:title>", {"": "A < B, <3"}),
        ("<dct:title>A\x01\x0bB</dct:title>", {"": "AB"}),
        ("<dct:title>A <b>bold</b> word</dct:title>", {"": "A <b>bold</b> word"}),
        ("<dct:title>A<br>line</dct:title>", {"": "A<br>line</br>"}),
        ("<dct:title><![CDATA[A & <b>]]></dct:title>", {"": "A & <b>"}),
        ("<dct:title>X", {"": "X"}),
        ("<dct:title>X</dct:titel>", {"": "X"}),
        ("<dct:title>X</dct:title></p>", {"": "X"}),
        ('<dct:title owner="me" bad=value>X</dct:title>', {"": "X"}),
        ('<dct:title>X</dct:title><nobody:knows>y</nobody:knows>', {"": "X"}),
        ("<dct:title>X</dct:title><skos:note>well known</skos:note>", {"": "X"}),
        ('<dct:title>X</dct:title><dcat:landingPage rdf:resource="http://a b"/>', {"": "X"}),
        ('<dct:title>X</dct:title><dct:temporal><dcat:startDate>2019</dcat:startDate></dct:temporal>', {"": "X"}),
        ('<dct:title rdf:parseType="Literal"><p>X</p></dct:title>', {"": "<p>X</p>"}),
    ],
)  # fmt: skip
def test_one_broken_value_of_rdf_xml_costs_no_other(broken: str, title: dict[str, str]) -> None:
    found = read(
        rdf_xml(
            f"<dcat:Dataset><dct:identifier>1</dct:identifier>{broken}<dcat:version>2</dcat:version></dcat:Dataset>{OTHER_XML}"
        )
    )
    assert [draft.title for draft in found.drafts] == [title, {"": "Other"}]
    assert (found.drafts[0].identifiers, found.drafts[0].version) == (("1",), "2")
    assert found.problems == []


def test_a_hand_written_file_is_read_in_spite_of_itself() -> None:
    """A tab before the declaration, a wrong encoding, foreign attributes, nodes and properties in wrong places."""
    budget, codes = read((FIXTURES / "hand-written.rdf").read_bytes()).drafts
    assert budget.title == {"nl-be": "Begroting & rekeningen"}
    assert budget.description == {"nl": "<p>Cijfers van <b>2025</b></p>"}
    assert [(each.start, each.end) for each in budget.temporal] == [("2025-01-01", "2025-06-30")]
    assert [each.download_url for each in budget.distributions] == [
        "http://agency.example/één.csv",
        "http://agency.example/a.csv",
        "http://agency.example/b.csv",
    ]
    assert codes.title == {"": "Codelijst"}


def test_datasets_and_files_may_lie_straight_in_what_has_them() -> None:
    draft = only(
        rdf_xml(
            "<dcat:Catalog><dct:license>cc0</dct:license><dcat:Dataset><dct:title>X</dct:title>"
            "<dcat:Distribution><dcat:accessURL>https://x.example/</dcat:accessURL></dcat:Distribution></dcat:Dataset></dcat:Catalog>"
        )
    )
    assert (draft.licence, draft.distributions[0].access_url) == ("cc0", "https://x.example/")


GRAMMAR = """\
<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns:v="http://v.example/" xml:lang="en"
  xml:base="http://b.example/dir/doc">
  <v:Thing rdf:about="one" v:label="as attribute"><v:knows rdf:resource="../two"/><v:plain>words</v:plain></v:Thing>
  <rdf:Description rdf:ID="id" rdf:type="http://v.example/Typed">
    <v:said xml:lang="fr">mots</v:said><v:said xml:lang="">no language</v:said>
    <v:number rdf:datatype="http://v.example/n">7</v:number>
    <v:nested><v:Thing><v:plain>inner</v:plain></v:Thing></v:nested>
    <v:short rdf:parseType="Resource"><v:plain>within</v:plain></v:short>
    <v:attributes v:plain="a" v:other="b"/>
    <v:again rdf:nodeID="n"/>
  </rdf:Description>
  <v:Thing rdf:nodeID="n"><v:based xml:base="http://c.example/x/" rdf:resource="y"/></v:Thing>
  <rdf:Seq rdf:about="#seq"><rdf:li>first</rdf:li><rdf:li rdf:resource="http://v.example/second"/></rdf:Seq>
</rdf:RDF>
"""


def test_our_rdf_xml_reader_agrees_with_rdflib() -> None:
    """The parts of the grammar that catalogues use, held against rdflib's reader."""
    theirs = (
        RdflibGraph().parse(data=GRAMMAR, format="xml", publicID="http://b.example/").serialize(format="nt")
    )
    base = base_of(URL)
    assert canonical(rdfxml.read(GRAMMAR, base, URL).graph) == canonical(
        turtle_reader.read(theirs, base, URL, lines=True).graph
    )


def canonical(graph: Graph) -> list[object]:
    """The graph with blank nodes unfolded where they are referred to."""

    def unfolded(key: str) -> object:
        return sorted(
            (short, [shown(term) for term in sorted(graph.values(node, short), key=lambda t: str(shown(t)))])
            for node in [graph.nodes[key]]
            for short in node
        )

    def shown(term: object) -> object:
        key = key_of(term)  # type: ignore[arg-type]
        return unfolded(key) if key.startswith("_:") and key in graph.nodes else str(term)

    return sorted(([key if not key.startswith("_:") else "", unfolded(key)] for key in graph.nodes), key=str)


# ------------------------------------------------------------------------------ what means harm


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
