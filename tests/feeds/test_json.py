"""Reading JSON that is longer than memory, of any type anywhere, and not always well-formed."""

from __future__ import annotations

import io
import json
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from harvester.feeds._json import stream, window
from harvester.feeds._json.fields import Fields, Names, squeezed
from harvester.feeds._json.parts import agent_of, contacts_of, periods_of, places_of
from harvester.feeds._json.stream import Damage, Member, NotJson, Record
from harvester.feeds._json.values import (
    absolute,
    decode,
    encode,
    keywords_of,
    opened_of,
    text_of,
    texts_of,
    words_of,
)
from harvester.model import DraftAgent, DraftContact, DraftPeriod, DraftPlace

TEXT = st.text(st.characters(codec="utf-8"), max_size=8)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | TEXT,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(TEXT, inner, max_size=4),
    max_leaves=12,
)


def is_record(value: object) -> bool:
    return isinstance(value, dict) and "title" in value


def read(raw: bytes) -> tuple[list[Any], list[Damage], dict[tuple[str, ...], Any]]:
    """Records, damage and members of a document."""
    items = list(stream.read(io.BytesIO(raw), [("dataset",), ()], is_record))
    return (
        [item.value for item in items if isinstance(item, Record)],
        [item for item in items if isinstance(item, Damage)],
        {item.path: item.value for item in items if isinstance(item, Member)},
    )


def titled(*titles: str) -> list[dict[str, str]]:
    return [{"title": title} for title in titles]


# ------------------------------------------------------------------------------ whole documents


@settings(deadline=None)
@given(
    records=st.lists(JSON, max_size=6),
    before=st.dictionaries(TEXT.filter(lambda name: name != "dataset"), JSON, max_size=2),
    chunk=st.integers(4, 60),
    indent=st.sampled_from([None, 0, 2]),
    encoding=st.sampled_from(["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32"]),
    ascii_only=st.booleans(),
)
def test_a_well_formed_document_is_read_as_any_parser_reads_it(
    records, before, chunk, indent, encoding, ascii_only
):
    document = {**before, "dataset": records, "after": [1, {"dataset": []}]}
    raw = json.dumps(document, indent=indent, ensure_ascii=ascii_only).encode(encoding)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(window, "CHUNK", chunk)
        found, damage, members = read(raw)
    assert found == records
    assert damage == []
    assert members[("after",)] == [1, {"dataset": []}]
    assert {path[0]: value for path, value in members.items() if path[0] in before} == before


@settings(deadline=None)
@given(records=st.lists(JSON, max_size=5), cut=st.floats(0, 1), tail=st.binary(max_size=10))
def test_a_document_that_breaks_off_gives_all_records_before_the_break(records, cut, tail):
    raw = json.dumps({"dataset": records}).encode()
    begin = len(b'{"dataset": [')
    length = begin + int(cut * (len(raw) - begin))
    whole, at = 0, begin
    for record in records:  # how many records end, with the comma or bracket behind them, before the cut
        at += len(json.dumps(record)) + 1
        whole += at <= length
        at += 1
    found, _, _ = read(raw[:length] + tail)
    assert found[:whole] == records[:whole]


@settings(deadline=None)
@given(st.binary(max_size=200) | st.text('{}[]",:\\ ab1\n', max_size=200).map(str.encode))
def test_no_bytes_whatever_make_the_reader_fail(raw):
    try:
        read(raw)
    except NotJson:
        assert raw.decode("latin-1").lstrip("\x00\ufeff")[:1] not in ("{", "[")


@pytest.mark.parametrize(
    ("raw", "expected", "damaged"),
    [
        (b'{"dataset":[{"title":"a",},{"title":"b","k":[1,,2,]},],}', ["a", "b"], 0),
        (b'{"dataset":[{"title":"a"}\n{"title":"b"}]}', ["a", "b"], 0),
        (b'{"dataset":[{"title":"a","x":NaN,"y":-Infinity,"z":}]}', ["a"], 0),
        (b'{"dataset":{"title":"a"}}', ["a"], 0),
        (b'{"dataset":null}', [], 0),
        (b'[{"title":"a"}]', ["a"], 0),
        (b'\xef\xbb\xbf \xef\xbb\xbf{"dataset":[{"title":"a"}]}', ["a"], 0),
        (b'{"dataset":[{"title":"a"}]} <!-- served by node 3 -->', ["a"], 0),
        (b'{"dataset":[{"title":"a"}]', ["a"], 0),  # only the last bracket is missing
        (b'{"about":"The "best" data","dataset":[{"title":"a"}]}', ["a"], 0),
        (b'{"dataset":[{"title":"a"},{"title":"b" "c"},{"title":"d"}]}', ["a", "d"], 1),
        (b'{"dataset":[{"title":"a"},{"title":"5" pipes"},{"title":"d"}]}', ["a", "d"], 1),
        (b'{"dataset":[{"title":"a","k":["x"},{"title":"b"}]}', ["b"], 1),
        (b'{"dataset":[{"title":"a"},{"title":"b","k":["x', ["a"], 1),
        (b'{"dataset":[{"title":"a"},<html>Fatal error</html>', ["a"], 1),
        (b'{"dataset":[{"title":"a" "b","d":[{"title":"x"},{"title":"y"}]},{"title":"b"}]}', ["b"], 1),
        (b'{"dataset":[{"title":"a"},undefined,{"title":"b"}]}', ["a", "b"], 1),
    ],
)
def test_damage_costs_the_least_possible(raw, expected, damaged):
    found, damage, _ = read(raw)
    assert [record["title"] for record in found] == expected
    assert len(damage) == damaged


def test_quotes_in_the_wrong_place_cost_the_records_that_they_are_in():
    records = [
        {"title": f"t{n}", "description": "a, b: [c] {d}", "distribution": [{"title": "f"}, {"title": "g"}]}
        for n in range(30)
    ]
    good = json.dumps({"dataset": records}, indent=1)
    for broken in ('"title": "t7"', '"description"'):
        raw = good.replace(broken, f'"x": "5" {broken}', 1).encode()
        found, damage, _ = read(raw)
        assert len(found) == 29
        assert len(damage) == 1


def test_nesting_without_end_costs_its_record():
    deep = "[" * 100_000 + "]" * 100_000
    found, damage, _ = read(f'{{"dataset":[{{"title":"a","x":{deep}}},{{"title":"b"}}]}}'.encode())
    assert found == titled("b")
    assert len(damage) == 1


def test_a_record_without_end_is_given_up_and_the_next_one_found(monkeypatch):
    monkeypatch.setattr(window, "LONGEST_RECORD", 50_000)
    monkeypatch.setattr(window, "CHUNK", 1_000)
    monkeypatch.setattr(window.Window.end_of_value, "__defaults__", (0, 50_000))
    raw = b'{"dataset":[{"title":"a"},{"title":"' + b"x" * 300_000 + b'"},{"title":"b"}]}'
    found, damage, _ = read(raw)
    assert found == titled("a", "b")
    assert [each.partial for each in damage] == [True]


def test_a_document_made_to_exhaust_the_reader_ends(monkeypatch):
    monkeypatch.setattr(stream, "PATIENCE", 1 << 20)
    for piece in (b'},{"', b'{"title":"a"},{"x', b'{"a":'):
        _, damage, _ = read(b'{"dataset":[' + piece * 20_000)
        assert damage[-1].partial


def test_members_without_end_are_given_up(monkeypatch):
    monkeypatch.setattr(stream, "MOST_MEMBERS", 10)
    _, damage, members = read(b"{" + b'"a":1,' * 100 + b'"dataset":[]}')
    assert damage
    assert members


def test_a_page_is_not_json():
    with pytest.raises(NotJson, match="DOCTYPE"):
        read(b"<!DOCTYPE html><p>Service unavailable")


def test_lines_are_records_each():
    raw = b'\xef\xbb\xbf{"title":"a"}\n\n{"title":"b",}\r\n{"title"\n{"title":"c"}'
    items = list(stream.read_lines(io.BytesIO(raw)))
    assert [item.value for item in items if isinstance(item, Record)] == titled("a", "b", "c")
    assert [item.mended for item in items if isinstance(item, Record)] == [False, True, False]
    assert [item.raw for item in items if isinstance(item, Damage)] == ['{"title"']


def test_a_line_without_end_costs_itself_and_no_memory(monkeypatch):
    monkeypatch.setattr(stream, "LONGEST_RECORD", 1_000)
    for module in (stream, window):
        monkeypatch.setattr(module, "CHUNK", 100)
    raw = b'{"title":"a"}\n{"title":"' + b"x" * 5_000 + b'"}\n{"title":"b"}'
    items = list(stream.read_lines(io.BytesIO(raw)))
    assert [item.value for item in items if isinstance(item, Record)] == titled("a", "b")
    assert len(items) == 3


# ------------------------------------------------------------------------------ values


@pytest.mark.parametrize(
    ("raw", "value", "mended"),
    [
        (b'{"a": 300.21}', {"a": Decimal("300.21")}, False),
        ('"Zürich"'.encode("cp1252"), "Zürich", True),
        ('"Zürich – Übersicht"'.encode() + b"", "Zürich – Übersicht", False),
        ('["Zürich", "'.encode() + "Köln".encode("cp1252") + b'"]', ["Zürich", "Köln"], True),
        (b'"tab\there, bell\x07"', "tab\there, bell\x07", True),
        (b'"C:\\data\\new"', "C:\\data\new", True),
        (rb'"it\'s"', "it's", True),
        (rb'"half \ud83d of a pair"', "half \ufffd of a pair", True),
        (rb'"\ud83c\udf33"', "🌳", False),
        (b"[1,,2,]", [1, 2], True),
        (b'{"a":,"b":"x, ]"}', {"a": None, "b": "x, ]"}, True),
        (b"[NaN, Infinity]", [None, None], True),
        (b"[" + b"9" * 5000 + b"]", ["9" * 5000], True),
    ],
)
def test_what_is_nearly_json_is_mended(raw, value, mended):
    assert decode(raw) == (value, mended)


def test_the_claimed_charset_is_used_where_text_is_not_utf8():
    raw = '"Łódź"'.encode("iso-8859-2")
    assert decode(raw, "iso-8859-2")[0] == "Łódź"
    assert decode(raw, "no-such-charset")[0] != "Łódź"


@pytest.mark.parametrize("raw", [b"", b"{", b"undefined", b'{"a" "b"}', b"[" * 5000 + b"]" * 5000])
def test_what_is_beyond_mending_is_told(raw):
    with pytest.raises(ValueError):  # noqa: PT011 - any ValueError is the contract
        decode(raw)


@settings(deadline=None)
@given(JSON)
def test_every_value_has_texts_words_and_a_json_form(value):
    assert text_of(value) is None or isinstance(text_of(value), str)
    assert all(isinstance(text, str) and text.strip() for text in texts_of(value))
    assert all(isinstance(t, str) and isinstance(w, str) for t, w in words_of(value).items())
    assert all(isinstance(t, str) and isinstance(w, str) for t, w in keywords_of(value))
    assert json.loads(encode(value)) == value
    assert opened_of(value) == value or isinstance(value, str)
    agent_of(value), contacts_of(value), places_of(value), periods_of(value)


def test_values_nested_without_end_are_read_as_far_as_is_sensible():
    lists, objects = "x", "x"
    for _ in range(100_000):
        lists, objects = [lists], {"name": objects}  # type: ignore[assignment]
    for value in (lists, objects):
        assert texts_of(value) == ()
        assert encode(value) == '"…"'
        assert (words_of(value), keywords_of(value), periods_of(value)) == ({}, (), ())
        assert (agent_of(value), contacts_of(value)) == (None, ())
        places_of(value)


@settings(deadline=None)
@given(TEXT, TEXT)
def test_every_text_is_an_address_or_left_alone(base, address):
    assert absolute("https://data.example/x/data.json", address) is not None
    assert absolute(base, address) is not None


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (None, None),
        (" \u3000", None),
        (True, "true"),
        (0, "0"),
        (Decimal("300.10"), "300.10"),
        ([None, "", "a", "b"], "a"),
        ({"@value": "a", "@language": "en"}, "a"),
        ({"@id": "https://example.org/a"}, "https://example.org/a"),
        ({"other": "a"}, None),
    ],
)
def test_the_text_in_a_value(value, text):
    assert text_of(value) == text


@pytest.mark.parametrize(
    ("value", "words"),
    [
        ("Trees", {"": "Trees"}),
        ({"fr": "Arbres", "en": "Trees", "de": ""}, {"fr": "Arbres", "en": "Trees"}),
        ('{"fr": "Arbres", "en": "Trees"}', {"fr": "Arbres", "en": "Trees"}),
        ({"@value": "Trees", "@language": "en"}, {"en": "Trees"}),
        (
            [{"@value": "Trees", "@language": "en"}, {"@value": "Arbres", "@language": "fr"}],
            {"en": "Trees", "fr": "Arbres"},
        ),
        ({"title": "Trees"}, {"": "Trees"}),
        (300.21, {"": "300.21"}),
        ("{not json}", {"": "{not json}"}),
    ],
)
def test_words_by_language(value, words):
    assert words_of(value) == words


@pytest.mark.parametrize(
    ("value", "opened"),
    [
        ('["a", "b"]', ["a", "b"]),
        ("['a', \"b's\", u'c']", ["a", "b's", "c"]),
        ("[{&quot;type&quot;: &quot;revision&quot;}]", [{"type": "revision"}]),
        ("{ITA,DEU}", ["ITA", "DEU"]),
        ("[see below]", "[see below]"),
        ("{{title}}", "{{title}}"),
        ("plain", "plain"),
        (7, 7),
    ],
)
def test_lists_written_into_a_text_are_read_out_of_it(value, opened):
    assert opened_of(value) == opened


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ("/files/a.csv", "https://data.example/files/a.csv"),
        ("a.csv", "https://data.example/x/a.csv"),
        ("//cdn.example/a.csv", "https://cdn.example/a.csv"),
        ("https://other.example/a b.csv", "https://other.example/a b.csv"),
        ("www.example.org", "www.example.org"),
        ("example.org/a.csv", "example.org/a.csv"),
        ("see the page", "see the page"),
        ("javascript:alert(1)", "javascript:alert(1)"),
        ("//[", "//["),
        (None, None),
    ],
)
def test_relative_addresses_are_resolved_and_others_left_alone(address, expected):
    assert absolute("https://data.example/x/data.json", address) == expected
    assert absolute("file:///home/x/data.json", address) == address


# ------------------------------------------------------------------------------ fields


NAMES = Names({"title": ("title", "name"), "themes": ("theme",)}, ignored=("_technical",))


def test_the_best_name_wins_and_the_others_are_told():
    fields = Fields([("Name", "b"), ("title", "a"), ("TITLE", "c"), ("Theme", None), ("x", 1)], NAMES)
    assert fields.text("title") == "a"
    assert not fields.has("themes")
    assert fields.unread() == {"Name": "b", "TITLE": "c", "x": "1"}


def test_repeated_names_with_other_values_are_all_told():
    fields = Fields([("x", "1"), ("x", "1"), ("x", "2"), ("x", "3"), ("x", "3")], NAMES)
    assert fields.unread() == {"x": "1", "x (repeated)": '["2","3"]'}


@pytest.mark.parametrize(
    "name",
    [
        *(
            "author",
            "author_email",
            "Creator",
            "creator_user_id",
            "owner",
            "user_id",
            "username",
            "created_by",
        ),
        *("updatedBy", "contributor", "metadata_author", "technical"),
    ],
)
def test_accounts_persons_and_bookkeeping_are_not_told(name):
    assert Fields([(name, "jdoe")], NAMES).unread() == {}


@pytest.mark.parametrize(
    "name", ["authority", "editorial_note", "user_guide", "ownership", "credit", "created"]
)
def test_names_that_only_look_personal_are_told(name):
    assert Fields([(name, "x")], NAMES).unread() == {name: "x"}


def test_squeezing_ignores_case_accents_and_separators():
    assert squeezed("Fréquence de mise_à-jour") == squeezed("frequence demiseajour") == "frequencedemiseajour"


# ------------------------------------------------------------------------------ parts


@pytest.mark.parametrize(
    ("value", "agent"),
    [
        ("Parks", DraftAgent(name={"": "Parks"})),
        (
            {"name": "Parks", "subOrganizationOf": {"name": "Town"}},
            DraftAgent(name={"": "Parks"}, parent="Town"),
        ),
        (
            {"name": {"fr": "Parcs"}, "mbox": "mailto:p@x.example"},
            DraftAgent(name={"fr": "Parcs"}, email="mailto:p@x.example"),
        ),
        (
            [{"name": ""}, {"name": "Parks", "url": "https://x.example"}],
            DraftAgent(name={"": "Parks"}, url="https://x.example"),
        ),
        ('{"name": "Parks"}', DraftAgent(name={"": "Parks"})),
        ({"url": "no address"}, None),
        ({"url": "https://x.example"}, DraftAgent(url="https://x.example")),
        ([], None),
        (None, None),
    ],
)
def test_publishers(value, agent):
    assert agent_of(value) == agent


@pytest.mark.parametrize(
    ("value", "contacts"),
    [
        (
            {"fn": "Desk", "hasEmail": "mailto:d@x.example"},
            [DraftContact(name="Desk", email="mailto:d@x.example")],
        ),
        (
            [{"name": "A", "email": "a@x.example"}, {"tel": "1"}],
            [DraftContact(name="A", email="a@x.example"), DraftContact(phone="1")],
        ),
        ("desk@x.example", [DraftContact(email="desk@x.example")]),
        ("The desk", [DraftContact(name="The desk")]),
        ("https://x.example/contact", [DraftContact(url="https://x.example/contact")]),
        ({"fn": None, "hasEmail": {"@id": "mailto:d@x.example"}}, [DraftContact(email="mailto:d@x.example")]),
        ({}, []),
        (None, []),
    ],
)
def test_contacts(value, contacts):
    assert list(contacts_of(value)) == contacts


@pytest.mark.parametrize(
    ("value", "places"),
    [
        ("Elmford", [DraftPlace(text="Elmford")]),
        ("-83,42,-82,43", [DraftPlace(text="-83,42,-82,43")]),
        ([-83, 42, -82, 43], [DraftPlace(text="-83,42,-82,43")]),
        (["Elmford", "Elm County"], [DraftPlace(text="Elmford"), DraftPlace(text="Elm County")]),
        (
            '{"type":"Point","coordinates":[1,2]}',
            [DraftPlace(geometry='{"type":"Point","coordinates":[1,2]}')],
        ),
        (
            {"type": "Point", "coordinates": [1, 2]},
            [DraftPlace(geometry='{"coordinates":[1,2],"type":"Point"}')],
        ),
        ({"west": -83, "south": 42, "east": "-82", "north": 43}, [DraftPlace(bbox="-83,42,-82,43")]),
        (
            {"uri": "https://x.example/1", "text": "Elmford"},
            [DraftPlace(label="Elmford", uri="https://x.example/1")],
        ),
        ({"bbox": "-83,42,-82,43"}, [DraftPlace(bbox="-83,42,-82,43")]),
        ({"x": 1}, [DraftPlace(text='{"x":1}')]),
        ("{{bbox}}", [DraftPlace(text="{{bbox}}")]),
        (None, []),
    ],
)
def test_places(value, places):
    assert list(places_of(value)) == places


@pytest.mark.parametrize(
    ("value", "periods"),
    [
        ("2019/2020", [DraftPeriod(text="2019/2020")]),
        ({"startDate": "2019", "endDate": "2020"}, [DraftPeriod(start="2019", end="2020")]),
        ([{"start": "2019"}, "2021"], [DraftPeriod(start="2019"), DraftPeriod(text="2021")]),
        ({"label": "the nineties"}, [DraftPeriod(text="the nineties")]),
        (None, []),
    ],
)
def test_periods(value, periods):
    assert list(periods_of(value)) == periods
