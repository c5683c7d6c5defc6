"""`harvester add`: one more entry, and nothing else in sources.yaml changes."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harvester import sources
from harvester.sources.adding import free_id, same_place, web_address, with_entry
from tests import make

HEAD = "catalogue:\n  title: T # the region\n  url: https://t.example\n"
ENTRY = {"url": "https://a.example/", "name": "City of A: data"}
TOLD = 'url: https://a.example/\n    name: "City of A: data"\n'


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("sources:\n  - url: https://b.example\n", "sources:\n  - url: https://b.example\n  - {}"),
        ("sources:\n- url: https://b.example\n  # its own\n\n# the end\n", "sources:\n- url: https://b.example\n- {}  # its own\n\n# the end\n"),
        ("sources:\n  - https://b.example # short\n# after\n", "sources:\n  - https://b.example # short\n  - {}# after\n"),
        ("sources:\n", "sources:\n  - {}"),
        ("sources: [] # none yet\n", "sources:  # none yet\n  - {}"),
        ("", "\nsources:\n  - {}"),
        ("sources:\n  - url: https://b.example", "sources:\n  - url: https://b.example\n  - {}"),
        ("sources:\n  - url: https://b.example\n    settings: {rows: 5}\nprofile: x.yaml\n", "sources:\n  - url: https://b.example\n    settings: {rows: 5}\n  - {}profile: x.yaml\n"),
    ],
)  # fmt: skip
def test_all_that_stood_there_stays_in_its_place(before: str, after: str) -> None:
    told = TOLD.replace('"City of A: data"', "'City of A: data'")
    if "\n- " in after:
        told = told.replace("    name", "  name")
    assert with_entry(HEAD + before, dict(ENTRY)) == HEAD + after.replace("{}", told)


def test_a_list_in_one_line_gets_the_entry_too(tmp_path) -> None:
    made = with_entry(HEAD + "sources: [https://b.example] # few\n", dict(ENTRY))
    (tmp_path / "sources.yaml").write_text(made)
    assert [s.url for s in sources.load(tmp_path / "sources.yaml").sources] == [
        "https://b.example",
        "https://a.example/",
    ]
    assert "# the region" in made
    assert "# few" in made


def test_line_ends_of_windows_stay() -> None:
    made = with_entry((HEAD + "sources:\n  - url: https://b.example\n").replace("\n", "\r\n"), dict(ENTRY))
    assert made.count("\n") == made.count("\r\n") == 7


@given(st.text(st.characters(codec="utf-8", exclude_categories=("Cc", "Cs")), min_size=1).map(str.strip))
def test_any_name_is_read_back_as_it_was(name: str) -> None:
    if not name:
        return
    from harvester.sources.reader import YamlReader

    text = with_entry(
        HEAD + "sources:\n  - url: https://b.example\n", {"url": "https://a.example", "name": name}
    )
    root = YamlReader("x").parse(text.encode())
    entry = root.value[1][1].value[1]
    assert entry.value[1][1].value == name


def test_the_same_place_is_known_under_every_spelling_of_its_address() -> None:
    there = make.source("elmford", url="http://www.data.elmford.example")
    assert same_place("https://data.elmford.example/", (there,)) == there
    assert same_place("https://data.oakham.example/", (there,)) is None


def test_an_address_without_its_scheme_is_one_too() -> None:
    assert web_address("data.elmford.example") == "https://data.elmford.example"
    assert web_address("http://data.elmford.example") == "http://data.elmford.example"
    assert web_address("inventory.csv") == "inventory.csv"


def test_an_id_that_is_taken_is_not_given_again() -> None:
    there = make.source("elmford", url="https://data.elmford.example")
    assert free_id("https://maps.oakham.example", (there,)) is None
    assert free_id("https://data.elmford.example/transit", (there,)) == "elmford-transit"
