"""Records of geographic metadata: ISO 19139, ISO 19115-3, Dublin Core; well-formed and otherwise."""

from __future__ import annotations

import json
import re
from pathlib import Path

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from harvester.document import Document
from harvester.feeds._iso import dublin_core
from harvester.feeds._iso.records import Others, draft_of, mark_of, records_in
from harvester.feeds._iso.tree import Element, parse, parse_text
from harvester.model import Draft
from tests.feeds.captured import lean

FIXTURES = sorted((Path(__file__).parent / "fixtures_iso").glob("*.xml"))
GMD = 'xmlns:gmd="http://www.isotc211.org/2005/gmd" xmlns:gco="http://www.isotc211.org/2005/gco"'


def records(content: bytes | str) -> list[Element]:
    tree = parse_text(content) if isinstance(content, str) else parse(Document(url="x", body=content))
    return list(records_in(tree.root)) if tree.root else []


@pytest.mark.parametrize("path", FIXTURES, ids=lambda path: path.stem)
def test_a_record_becomes_a_draft(path: Path):
    """Beside each record stands the draft that is expected of it."""
    (record,) = records(path.read_bytes())
    assert lean(draft_of(record)) == json.loads(path.with_suffix(".json").read_text(encoding="utf-8"))


def constraints(*blocks: str) -> Draft:
    joined = "".join(f"<resourceConstraints>{block}</resourceConstraints>" for block in blocks)
    return draft_of(
        records(f"<MD_Metadata><identificationInfo><x>{joined}</x></identificationInfo></MD_Metadata>")[0]
    )


@pytest.mark.parametrize(
    ("block", "licence"),
    [
        (
            "<a><useLimitation>No warranty.</useLimitation><useLimitation>Licence Ouverte 1.0</useLimitation></a>",
            "Licence Ouverte 1.0",
        ),
        ("<a><useConstraints>license</useConstraints><otherConstraints>NLOD</otherConstraints></a>", "NLOD"),
        ("<a><useConstraints>x</useConstraints><otherConstraints>NLOD</otherConstraints></a>", None),
        (
            '<a><otherConstraints>{"id":"dl-by-de/2.0","url":"https://www.govdata.de/dl-de/by-2-0"}</otherConstraints></a>',
            "https://www.govdata.de/dl-de/by-2-0",
        ),
        ("<a><accessConstraints>license</accessConstraints><useLimitation>none</useLimitation></a>", None),
    ],
)
def test_a_licence_is_told_by_its_words(block: str, licence: str | None):
    assert constraints(block).licence == licence


def test_reasons_for_limited_access_are_no_licence():
    draft = constraints(
        "<a><accessConstraints>restricted</accessConstraints><otherConstraints>L124-4-I-1 of the code</otherConstraints></a>"
    )
    assert (draft.licence, draft.access_rights) == (None, "L124-4-I-1 of the code")


@pytest.mark.parametrize(
    ("lower", "upper", "crs", "expected"),
    [
        ("41.3 -73.9", "41.4 -73.8", "urn:x-ogc:def:crs:EPSG:6.11:4326", "-73.9,41.3,-73.8,41.4"),
        ("-73.9 41.3", "-73.8 41.4", "urn:ogc:def:crs:OGC:1.3:CRS84", "-73.9,41.3,-73.8,41.4"),
        ("-73.9 41.3", "-73.8 41.4", "EPSG:4326", "-73.9,41.3,-73.8,41.4"),
        ("155 -45", "110 -6", "::EPSG:4326", "110,-45,155,-6"),
        ("155 -45", "110 -6", "urn:ogc:def:crs:EPSG::4326", "110,-45,155,-6"),
        ("110 -45", "155 -6", "urn:ogc:def:crs:EPSG::4326", "110,-45,155,-6"),
        ("a b", "c d", "", "a,b,c,d"),
    ],
)
def test_corners_are_read_as_they_are_written_and_not_as_they_are_said_to_be(lower, upper, crs, expected):
    assert dublin_core.box(lower.split(), upper.split(), crs) == expected


def test_a_person_is_named_only_where_no_office_is():
    party = "<pointOfContact><CI_ResponsibleParty><individualName><s>Jane Doe</s></individualName>{}</CI_ResponsibleParty></pointOfContact>"
    record = "<MD_Metadata><identificationInfo><x>{}</x></identificationInfo></MD_Metadata>"
    alone = draft_of(records(record.format(party.format("")))[0])
    assert [each.name for each in alone.contacts] == ["Jane Doe"]
    assert alone.publisher is None
    office = draft_of(records(record.format(party.format("<positionName><s>Desk</s></positionName>")))[0])
    assert "Jane" not in str(office)


def test_records_about_other_things_than_data_are_counted_once():
    others = Others()
    found = records(
        "<r><MD_Metadata><hierarchyLevel><a codeListValue='service'/></hierarchyLevel></MD_Metadata>"
        "<MD_Metadata><identificationInfo><SV_ServiceIdentification/></identificationInfo></MD_Metadata>"
        "<Record><type>http://purl.org/dc/dcmitype/Service</type><title>Maps</title></Record>"
        "<MD_Metadata><hierarchyLevel><a codeListValue='series'/></hierarchyLevel></MD_Metadata>"
        "<MD_Metadata><hierarchyLevel><a codeListValue='nonGeographicDataset'/></hierarchyLevel></MD_Metadata></r>"
    )
    assert [others.take(each) for each in found] == [True, True, True, False, False]
    assert "3 records describe no datasets" in str(others.problem("here"))
    assert "Maps" in str(others.problem("here"))


# ------------------------------------------------------------------------------ broken and hostile


def test_a_lone_ampersand_costs_nothing():
    (record,) = records(
        f"<gmd:MD_Metadata {GMD}><gmd:identificationInfo><gmd:x><gmd:abstract><gco:s>Sand & gravel</gco:s></gmd:abstract></gmd:x></gmd:identificationInfo></gmd:MD_Metadata>"
    )
    assert draft_of(record).description == {"": "Sand & gravel"}


def test_what_breaks_off_is_not_whole():
    first, second = records("<r><MD_Metadata><a/></MD_Metadata><MD_Metadata><abstract>Half a sent")
    assert (first.whole, second.whole) == (True, False)


def test_entities_are_not_read():
    tree = parse_text('<!DOCTYPE r [<!ENTITY f SYSTEM "file:///etc/passwd">]><r><title>&f;</title></r>')
    assert tree.root is not None
    assert tree.root.children[0].text == ""
    assert tree.refused == {"f"}


def test_depth_is_bounded():
    assert parse_text("<a>" * 50_000).root is not None


@pytest.mark.parametrize("content", [b"", b"no XML", b'{"a": 1}', b"\xff\xfe", b"<", b"<!-- only this -->"])
def test_what_is_no_xml_has_no_root_or_no_records(content: bytes):
    assert records(content) == []


NAMES = sorted({name for path in FIXTURES for name in re.findall(r"<\w+:(\w+)", path.read_text())})
TREES = st.recursive(
    st.builds(
        lambda name, text: f"<{name}>{text}</{name}>",
        st.sampled_from(NAMES),
        st.sampled_from(["", "x", "http://a.example/", "-1", "{"]),
    ),
    lambda inner: st.builds(
        lambda name, parts: f"<{name}>{''.join(parts)}</{name}>",
        st.sampled_from(NAMES),
        st.lists(inner, max_size=4),
    ),
    max_leaves=15,
)


@settings(deadline=None, max_examples=60)
@given(st.lists(TREES, max_size=6), st.sampled_from(["MD_Metadata", "Record"]))
def test_any_arrangement_of_elements_becomes_a_draft(parts: list[str], name: str):
    (record,) = records(f"<{name}>{''.join(parts)}</{name}>")[:1]
    draft = draft_of(record)
    assert msgspec.convert(msgspec.to_builtins(draft), Draft) == draft
    assert mark_of(record) == mark_of(record)
