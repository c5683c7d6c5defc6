from __future__ import annotations

import pytest

from harvester.model import Agent, DraftAgent
from harvester.normalise.notes import Notes
from harvester.normalise.publishers import clean
from tests import make

SOURCE = make.source(name="Town of Elmford")


def read(draft: DraftAgent | None) -> tuple[Agent, list[tuple[str, str]]]:
    notes = Notes()
    return clean(draft, SOURCE, "en", notes), [(note.code, note.raw) for note in notes.all()]


def test_a_publisher_is_read() -> None:
    draft = DraftAgent(
        name={"": " Parks &amp; <b>Trees</b> ", "fr": "Parcs"},
        url="https://parks.example",
        email="mailto:desk@parks.example",
        parent="Town of Elmford",
    )
    agent, notes = read(draft)
    assert agent == Agent(
        name={"en": "Parks & Trees", "fr": "Parcs"},
        url="https://parks.example",
        email="desk@parks.example",
        parent="Town of Elmford",
    )
    assert notes == []


@pytest.mark.parametrize(
    "draft", [None, DraftAgent(), DraftAgent(name={"": " "}), DraftAgent(name={"": "null"})]
)
def test_where_there_is_none_the_source_is_named(draft: DraftAgent | None) -> None:
    agent, notes = read(draft)
    assert agent.name == {"en": "Town of Elmford"}
    assert notes == [("publisher-missing", "")]


@pytest.mark.parametrize("name", ["jsmith_gis", "kim7785", "admin"])
def test_an_account_is_no_publisher_and_its_name_is_nowhere(name: str) -> None:
    agent, notes = read(DraftAgent(name={"": name}))
    assert agent.name == {"en": "Town of Elmford"}
    assert notes == [("publisher-is-account", "")]


@pytest.mark.parametrize(
    "name", ["police", "HIFLD", "opendata.town.example", "DVRPC-GIS", "Ville de Montréal"]
)
def test_bodies_keep_their_names(name: str) -> None:
    assert read(DraftAgent(name={"": name}))[0].name == {"en": name}


def test_a_parent_that_is_the_publisher_itself_says_nothing() -> None:
    assert read(DraftAgent(name={"": "Parks"}, parent="Parks"))[0].parent is None
