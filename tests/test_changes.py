"""Pure decisions: which dataset is which, and may this harvest replace the last good one."""

from __future__ import annotations

import itertools
from typing import Any

import pytest

from harvester.changes import Evidence, Known, Seen, evidence, judge, match, publisher_id, told_apart
from harvester.model import Problem
from tests import make

TROUBLE = Problem(where="elmford", what="The connection broke.")


# ---------------------------------------------------------------- may it replace the last good one?


@pytest.mark.parametrize(
    ("received", "last_good", "announced", "left_out", "trouble", "outcome", "keep", "remove"),
    [
        pytest.param(10, None, None, 0, None, "fresh", True, True, id="first harvest"),
        pytest.param(10, 12, None, 0, None, "fresh", True, True, id="two datasets gone"),
        pytest.param(0, 12, None, 0, None, "suspicious", False, False, id="a valid empty feed is an outage"),
        pytest.param(5, 12, None, 0, None, "suspicious", False, False, id="far fewer than last time"),
        pytest.param(1, 3, None, 0, None, "fresh", True, True, id="a village may halve"),
        pytest.param(0, None, None, 0, None, "empty", True, False, id="nothing there yet"),
        pytest.param(0, None, None, 0, TROUBLE, "failed", False, False, id="never reached"),
        pytest.param(0, 12, None, 0, TROUBLE, "failed", False, False, id="not reached tonight"),
        pytest.param(9, 12, None, 0, TROUBLE, "partial", True, False, id="broke off: removes nothing"),
        pytest.param(9, 12, 12, 0, None, "partial", True, False, id="fewer than the portal announced"),
        pytest.param(9, 12, 12, 3, None, "fresh", True, True, id="announced ones that cannot be read count"),
        pytest.param(12, 12, 9, 0, None, "fresh", True, True, id="more than announced is no trouble"),
    ],
)
def test_a_harvest_replaces_the_last_good_one_only_when_it_is_no_worse(
    received: int,
    last_good: int | None,
    announced: int | None,
    left_out: int,
    trouble: Problem | None,
    outcome: str,
    keep: bool,
    remove: bool,
) -> None:
    verdict = judge("elmford", received, last_good, announced, left_out, trouble)
    assert (verdict.outcome, verdict.keep, verdict.remove) == (outcome, keep, remove)
    assert (verdict.problem is None) == (outcome == "fresh"), "every other outcome says why"


# ---------------------------------------------------------------- records with one key


def test_records_under_one_key_are_told_apart_whatever_their_order() -> None:
    rows = [
        (Seen("1", "aa", 0), "Roads"),
        (Seen("1", "bb", 1), "Rivers"),
        (Seen("1", "aa", 2), "Roads"),
        (Seen("2", "cc", 3), "Trees"),
    ]
    for order in itertools.permutations(rows):
        unique, repeated = told_apart(order)
        assert {(s.key, s.fingerprint) for s in unique} == {
            ("1#roads", "aa"),
            ("1#rivers", "bb"),
            ("2", "cc"),
        }
        assert [s.fingerprint for s in repeated] == ["aa"], "word for word the same is one record"


def test_records_under_one_key_and_title_are_numbered_in_a_stable_order() -> None:
    unique, _ = told_apart([(Seen("1", "bb", 0), "Roads"), (Seen("1", "aa", 1), "Roads")])
    assert {s.fingerprint: s.key for s in unique} == {"aa": "1#roads", "bb": "1#roads-2"}


# ---------------------------------------------------------------- which is which

TREES, ROADS = Evidence(("t-1",), ("https://x.example/t.csv",), "trees"), Evidence(("r-1",), (), "roads")


def matched(
    seen: dict[str, Evidence], known: dict[str, Evidence], keys: dict[str, str] | None = None
) -> dict[str, str | None]:
    """Key of tonight → id of the known dataset."""
    found = match(
        [Seen(key, key, place) for place, key in enumerate(seen)],
        [Known(id, f"key of {id}", id, True) for id in known],
        keys or {},
        lambda each: seen[each.key],
        lambda each: known[each.id],
    )
    return {each.seen.key: each.known.id if each.known else None for each in found}


def ev(**changes: Any) -> Evidence:
    return Evidence(**{"identifiers": (), "urls": (), "title": ""} | changes)


@pytest.mark.parametrize(
    ("seen", "known", "keys", "expected"),
    [
        pytest.param(
            {"k": ev()}, {"id": TREES}, {"k": "id"}, {"k": "id"}, id="by key, whatever else changed"
        ),
        pytest.param(
            {"new": ev(identifiers=("t-1",))}, {"id": TREES}, {}, {"new": "id"}, id="by another identifier"
        ),
        pytest.param({"new": ev(urls=TREES.urls)}, {"id": TREES}, {}, {"new": "id"}, id="by file address"),
        pytest.param({"new": ev(title="trees")}, {"id": TREES}, {}, {"new": "id"}, id="by unique title"),
        pytest.param(
            {"a": ev(title="trees"), "b": ev(title="trees")},
            {"id": TREES},
            {},
            {"a": None, "b": None},
            id="a title that two carry proves nothing",
        ),
        pytest.param(
            {"a": ev(title="trees")},
            {"x": ev(title="trees"), "y": ev(title="trees")},
            {},
            {"a": None},
            id="nor one that two known ones carry",
        ),
        pytest.param(
            {"a": ev(title="roads", identifiers=("t-1",))},
            {"t": TREES, "r": ROADS},
            {},
            {"a": "t"},
            id="an identifier outweighs a title",
        ),
        pytest.param({"a": ev()}, {"id": ev()}, {}, {"a": None}, id="no evidence, no match"),
    ],
)
def test_a_record_is_matched_by_the_strongest_evidence(
    seen: dict[str, Evidence],
    known: dict[str, Evidence],
    keys: dict[str, str],
    expected: dict[str, str | None],
) -> None:
    assert matched(seen, known, keys) == expected


def test_when_two_former_keys_of_one_dataset_are_both_in_use_the_newest_keeps_it() -> None:
    found = matched({"old": ev(), "key of id": ev()}, {"id": ev()}, {"old": "id", "key of id": "id"})
    assert found == {"old": None, "key of id": "id"}


def test_all_identifiers_changed_in_one_night_and_every_dataset_is_still_itself() -> None:
    """Failures 9 and 10: a platform gave every dataset a new id; titles stayed."""
    known = {f"id-{n}": ev(identifiers=(f"guid-{n}",), title=f"title {n}") for n in range(50)}
    seen = {f"slug-{n}": ev(identifiers=(f"slug-{n}",), title=f"title {n}") for n in range(50)}
    assert matched(seen, known) == {f"slug-{n}": f"id-{n}" for n in range(50)}


def test_matching_does_not_depend_on_the_order_of_the_feed() -> None:
    known = {"t": TREES, "r": ROADS, "z": ev(title="zoo")}
    seen = {"a": ev(title="trees"), "b": ev(urls=TREES.urls), "c": ev(title="roads"), "d": ev(title="zoo")}
    results = [matched(dict(order), known) for order in itertools.permutations(seen.items())]
    assert all(result == results[0] for result in results)


def test_evidence_is_taken_from_the_record() -> None:
    dataset = make.dataset(1, uri="https://x.example/id/1")
    assert evidence(dataset) == Evidence(
        identifiers=("https://x.example/id/1", "tree-1"),
        urls=("https://data.elmford.example/files/csv.csv",),
        title="street trees 1",
    )


# ---------------------------------------------------------------- publishers


@pytest.mark.parametrize(
    ("name", "source", "expected"),
    [
        ("Planning Department", "elmford", "planning-department-elmford"),
        ("Town of Elmford", "elmford", "town-of-elmford"),
        ("Elmford", "elmford", "elmford"),
        ("City of Elm", "elmford", "city-of-elm-elmford"),
    ],
)
def test_a_publisher_is_the_source_s_own_unless_its_name_says_so_already(
    name: str, source: str, expected: str
) -> None:
    assert publisher_id(name, source) == expected
