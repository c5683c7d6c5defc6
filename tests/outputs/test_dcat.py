"""`catalog.*` is DCAT-AP 3, the same in every syntax, whatever the sources published."""

from __future__ import annotations

from pathlib import Path

import pyoxigraph
import pyshacl
import pytest
import rdflib
from rdflib.compare import isomorphic
from rdflib.namespace import DCTERMS, RDF, SH

from harvester.model import Catalogue
from harvester.outputs import dcat
from tests import make
from tests.outputs import records
from tests.outputs.rdf import DCAT, HYDRA, dataset_of, graph, page_of

pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning:rdflib")

SYNTAXES = {
    "ttl": pyoxigraph.RdfFormat.TURTLE,
    "jsonld": pyoxigraph.RdfFormat.JSON_LD,
    "rdf": pyoxigraph.RdfFormat.RDF_XML,
}


def violations(data: rdflib.Graph, shapes: Path) -> list[tuple[str, str, str, str]]:
    """Class of the node, path, which constraint, the node: for every result that is a violation."""
    _, results, _ = pyshacl.validate(data, shacl_graph=str(shapes), advanced=False, inference="none")
    assert isinstance(results, rdflib.Graph)
    return [
        (
            str(data.value(node, RDF.type)).rpartition("#")[2],
            str(results.value(each, SH.resultPath)),
            str(results.value(each, SH.sourceConstraintComponent)).rpartition("#")[2],
            str(node),
        )
        for each in results.subjects(SH.resultSeverity, SH.Violation)
        if (node := results.value(each, SH.focusNode)) is not None
    ]


@pytest.fixture(scope="module")
def hostile() -> dict[str, bytes]:
    return page_of(*records.plain(), *records.hostile())


@pytest.fixture(scope="module")
def hostile_graph(hostile: dict[str, bytes]) -> rdflib.Graph:
    return graph(hostile["catalog.ttl"])


# ------------------------------------------------------------------------------ the whole


def test_dcat_ap_finds_only_what_sources_did_not_give(hostile_graph: rdflib.Graph, shared: Path) -> None:
    shapes = shared / "standards/dcat-ap/3.0.1/html-shacl/shapes.ttl"
    found = {each[:3] for each in violations(hostile_graph, shapes)}
    assert found == {
        ("Dataset", str(DCTERMS.title), "MinCountConstraintComponent"),
        ("Dataset", str(DCTERMS.description), "MinCountConstraintComponent"),
        ("Distribution", str(DCAT.accessURL), "MinCountConstraintComponent"),
    }


def test_dcat_ap_finds_nothing_in_complete_records(shared: Path) -> None:
    shapes = shared / "standards/dcat-ap/3.0.1/html-shacl/shapes.ttl"
    full, _, usual = records.plain()
    data = graph(page_of(full, usual, bbox=(-83.0, 42.0, -82.0, 43.0))["catalog.ttl"])
    assert violations(data, shapes) == []


def test_dcat_ap_would_find_a_wrong_value(shared: Path) -> None:
    """The shapes are really applied: a literal where a node is due is a violation."""
    shapes = shared / "standards/dcat-ap/3.0.1/html-shacl/shapes.ttl"
    data, node = dataset_of()
    data.add((node, DCTERMS.accrualPeriodicity, rdflib.Literal("now and then")))
    assert {each[2] for each in violations(data, shapes)} == {
        "MaxCountConstraintComponent",
        "NodeKindConstraintComponent",
    }


def test_values_are_of_the_classes_that_dcat_ap_wants(shared: Path) -> None:
    """But for `dct:source`: it is the portal's page, of which nobody says when it was modified."""
    shapes = shared / "standards/dcat-ap/3.0.1/html-shacl/range.ttl"
    data = graph(page_of(*records.plain())["catalog.ttl"])
    found = {path.rpartition("/")[2].rpartition("#")[2] for _, path, _, _ in violations(data, shapes)}
    assert found <= {"source"}


def test_every_syntax_says_the_same(hostile: dict[str, bytes]) -> None:
    canonical = set()
    for ending, syntax in SYNTAXES.items():
        found = pyoxigraph.Dataset(pyoxigraph.parse(hostile[f"catalog.{ending}"], format=syntax))
        found.canonicalize(pyoxigraph.CanonicalizationAlgorithm.RDFC_1_0)
        canonical.add("\n".join(sorted(map(str, found))))
    assert len(canonical) == 1


def test_other_readers_read_the_same() -> None:
    files = page_of(*records.plain())
    turtle, xml, linked = (
        graph(files[f"catalog.{ending}"], syntax)
        for ending, syntax in (("ttl", "turtle"), ("rdf", "xml"), ("jsonld", "json-ld"))
    )
    assert isomorphic(turtle, xml)
    assert isomorphic(turtle, linked)


def test_no_dataset_and_no_file_is_lost(hostile_graph: rdflib.Graph) -> None:
    found = [*records.plain(), *records.hostile()]
    listed = list(hostile_graph.objects(None, DCAT.dataset))
    assert len(listed) == len(set(listed)) == len(found)
    files = list(hostile_graph.objects(None, DCAT.distribution))
    assert len(set(files)) == sum(len(each.dataset.distributions) for each in found)


def test_an_empty_catalogue_is_a_catalogue() -> None:
    empty = records.catalogue()
    (page,) = dcat.pages(Catalogue(config=empty.config, records=(), sources=(), as_of=empty.as_of))
    data = graph(dcat.render(page)["catalog.ttl"])
    (node,) = data.subjects(RDF.type, DCAT.Catalog)
    assert data.value(node, HYDRA.totalItems) == rdflib.Literal(0)
    assert data.value(node, DCTERMS.publisher)


def test_a_catalogue_without_description_has_its_title() -> None:
    data = graph(page_of(*records.plain(), description={})["catalog.ttl"])
    (node,) = data.subjects(RDF.type, DCAT.Catalog)
    assert data.value(node, DCTERMS.description) == rdflib.Literal("Elm Valley open data", lang="en")


# ------------------------------------------------------------------------------ pages


def test_pages_lead_from_the_first_to_the_last(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(dcat, "PAGE_SIZE", 2)
    dcat.write(records.catalogue(*(make.record(number) for number in range(5))), tmp_path)
    assert sorted(path.name for path in tmp_path.iterdir()) == [
        *("catalog-2.jsonld", "catalog-2.rdf", "catalog-2.ttl"),
        *("catalog-3.jsonld", "catalog-3.rdf", "catalog-3.ttl"),
        *("catalog.jsonld", "catalog.rdf", "catalog.ttl"),
    ]
    for ending, syntax in (("ttl", "turtle"), ("rdf", "xml"), ("jsonld", "json-ld")):
        address: str | None = f"https://elmvalley.example/catalog.{ending}"
        visited, datasets = [], set()
        while address:
            visited.append(address.rpartition("/")[2])
            data = graph((tmp_path / visited[-1]).read_bytes(), syntax)
            (view,) = data.objects(None, HYDRA.view)
            assert str(view) == address
            assert str(data.value(view, HYDRA.first)).endswith(f"/catalog.{ending}")
            assert str(data.value(view, HYDRA.last)).endswith(f"/catalog-3.{ending}")
            datasets |= set(data.objects(None, DCAT.dataset))
            following = data.value(view, HYDRA.next)
            address = str(following) if following else None
        assert visited == [f"catalog.{ending}", f"catalog-2.{ending}", f"catalog-3.{ending}"]
        assert len(datasets) == 5
        assert [each.toPython() for each in data.objects(None, HYDRA.totalItems)] == [5]


def test_a_short_catalogue_is_one_page() -> None:
    files = page_of(*records.plain())
    assert sorted(files) == ["catalog.jsonld", "catalog.rdf", "catalog.ttl"]
    assert b"PartialCollectionView" not in files["catalog.ttl"]
