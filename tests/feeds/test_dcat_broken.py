"""Broken RDF: what is lost is the broken value, what is said is true, and it ends."""

from __future__ import annotations

import re

import pytest
from rdflib import Graph as RdflibGraph

from harvester.feeds import dcat
from harvester.feeds._rdf import rdfxml
from harvester.feeds._rdf import turtle as turtle_reader
from harvester.feeds._rdf.graph import Graph, base_of, key_of
from harvester.feeds._rdf.names import PREFIXES
from harvester.model import Draft
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
