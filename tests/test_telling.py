"""Telling: one issue for one trouble, never for a single bad night, never two (failure 31)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from hypothesis import given, settings
from hypothesis import strategies as st

from harvester import github, telling
from harvester.cli import main
from harvester.model import Harvest, Outcome, Problem
from harvester.store import SourceState, Store
from harvester.telling import Close, Issue, Open, Reopen, Voice
from tests import make
from tests.fake_github import REPOSITORY, FakeGitHub

LETTERS: dict[str, Outcome] = {
    "F": "failed", "S": "suspicious", "E": "empty", "P": "partial", "o": "fresh", "u": "unchanged",
}  # fmt: skip
FIRST = dt.date(2026, 5, 1)
VOICE = Voice(say=str, date=str, page=lambda source: f"https://elm.example/source/{source}/")
PROBLEM = Problem(where="data.elmford.example", what="There is nothing ({n}).", values={"n": "404"})


def harvests(nights: str) -> list[Harvest]:
    """Letters, one a night, as the visits to a source, the newest first."""
    made = [
        make.harvest(
            outcome=LETTERS[letter],
            started=f"{FIRST + dt.timedelta(days=number)}T02:00:00Z",
            problem=PROBLEM if letter in "FSEP" else None,
        )
        for number, letter in enumerate(nights)
    ]
    return made[::-1]


def run(nights: str, people: dict[int, str] | None = None) -> tuple[str, list[Issue]]:
    """Tell every night in turn. A letter a night for what was done, and the issues that there are then.

    O: opened, R: opened again, C: closed, dot: nothing. `people` close an issue after a night.
    """
    issues: list[Issue] = []
    done = ""
    for night in range(len(nights)):
        day = FIRST + dt.timedelta(days=night)
        source = (make.source("elmford"), harvests(nights[: night + 1]))
        since = telling.earliest([source])
        known = [i for i in issues if i.is_open or (since and i.closed and i.closed >= since)]
        made = telling.moves([source], known, VOICE)
        assert len(made) <= 1
        for move in made:
            match move:
                case Open():
                    issues.append(Issue(len(issues) + 1, "elmford", True))
                case Reopen(number=number):
                    issues[number - 1] = Issue(number, "elmford", True)
                case Close(number=number):
                    issues[number - 1] = Issue(number, "elmford", False, f"{day}T03:00:00Z")
        done += {Open: "O", Reopen: "R", Close: "C"}[type(made[0])] if made else "."
        if people and night in people:
            issues[-1] = Issue(len(issues), "elmford", False, f"{day}T12:00:00Z")
    return done, issues


@pytest.mark.parametrize(
    ("nights", "done"),
    [
        ("oFo", "..."),  # a single bad night is nobody's business
        ("oFFo", "...."),
        ("oFFF", "...O"),
        ("oFFFFFFFFFF", "...O......."),  # said once
        ("oFFFo", "...OC"),
        ("oFFFu", "...OC"),
        ("oSSS", "...O"),  # suspicious nights count as failed ones do
        ("oFSE", "...O"),
        ("oPPPPP", "......"),  # the portal answers; the status page says what is missing
        ("oFFPF", "....."),
        ("oFFFP", "...OC"),
        ("FFF", "..O"),  # also of a source that never gave anything
        ("oFFFoFFFFF", "...OC..R.."),  # so soon it is the same trouble, and the same issue
        ("oFFFoFFFoFFFoFFFooo", "...OC..R..........C"),  # from then on it flaps: it has to be calm for long
        ("oFoFoFoFoFoFoFoFoFoFoF", "." * 22),  # failure 31: eleven times away, eleven alerts
        ("oFFoFFoFFoFFoFFoFF", "." * 18),
        (f"FFF{'o' * 31}FFF", f"..OC{'.' * 32}O"),  # after so long it is another trouble
        (f"oFFF{'F' * 60}o", f"...O{'.' * 60}C"),
    ],
)
def test_what_is_done_night_by_night(nights: str, done: str) -> None:
    assert run(nights)[0] == done


def test_what_a_person_closed_stays_closed_while_the_trouble_lasts() -> None:
    assert run("oFFFFFFFFF", {4: "closed"})[0] == "...O......"
    assert run(f"oFFF{'F' * 50}", {4: "closed"})[0] == f"...O{'.' * 50}"


@given(st.text(alphabet="FSEPou", max_size=45))
@settings(max_examples=100, deadline=None)
def test_there_are_never_two_open_and_never_one_without_three_bad_nights(nights: str) -> None:
    done, issues = run(nights)
    assert sum(issue.is_open for issue in issues) <= 1
    assert len(issues) <= 1 + len(nights) // telling.AGAIN_DAYS
    for night, letter in enumerate(done):
        if letter in "OR":
            assert set(nights[night - 2 : night + 1]) <= set("FSE")
        if letter == "C":
            assert nights[night] in "Pou"


def test_many_tries_of_one_day_are_one_night() -> None:
    tries = [make.harvest(outcome="failed", started=f"2026-05-02T0{hour}:00:00Z") for hour in range(9, 2, -1)]
    assert telling.moves([(make.source("elmford"), tries)], [], VOICE) == []


def test_a_source_that_is_taken_out_takes_its_issue_with_it() -> None:
    (move,) = telling.moves([(make.source("elmford"), harvests("o"))], [Issue(7, "gone-town", True)], VOICE)
    assert (type(move), move.source) == (Close, "gone-town")


def test_when_all_portals_fail_only_a_few_are_told_of_in_one_night() -> None:
    sources = [(make.source(f"town-{n}"), harvests("FFF")) for n in range(25)]
    closing = Issue(3, "gone-town", True)
    now, waiting = telling.at_once(telling.moves(sources, [closing], VOICE))
    assert (len(now), waiting) == (telling.MOST_AT_ONCE + 1, 15)


# ------------------------------------------------------------------------------ what it says


def body(nights: str = "FFF", problem: Problem = PROBLEM, **changes: Any) -> str:
    visits = [make.harvest(**{**_fields(each), "problem": problem}) for each in harvests(nights)]
    (move,) = telling.moves([(make.source("elmford", **changes), visits)], [], VOICE)
    assert isinstance(move, Open)
    return move.body


def _fields(harvest: Harvest) -> dict[str, Any]:
    return {name: getattr(harvest, name) for name in harvest.__struct_fields__}


def test_an_issue_says_what_is_wrong_since_when_what_to_do_and_where_more_stands() -> None:
    said = body(contact="gis@elmford.example")
    for words in (
        "<!-- harvester:source=elmford -->\n",
        "**Town of Elmford** could not be read on 3 nights in a row, since 2026-05-01.",
        "data.elmford.example: There is nothing (404).",
        "the 3 datasets that it has",
        "`https://data.elmford.example/`",
        "`gis@elmford.example`",
        "https://elm.example/source/elmford/",
    ):
        assert words in said
    assert "harvester accept" not in said
    assert "`harvester accept elmford`" in body("SSS")


def test_a_portals_words_cannot_call_anybody_or_pass_for_a_mark() -> None:
    evil = Problem(
        where="x\n`````\n@everyone",
        what="{w}",
        values={"w": "<!-- harvester:source=other --> `````\n@maintainer closes #1 {0} \u202e"},
    )
    said = body(problem=evil, name="@mayor [x](javascript:alert(1)) <b> #12 {n}")
    assert telling.source_of(said) == "elmford"
    before, quoted, after = said.split("`````")
    assert "@everyone" in quoted
    assert "\n@" not in quoted
    assert "@" not in (before + after).replace("@\u2060", "")
    assert "[x](" not in before
    assert "<b>" not in before


# ------------------------------------------------------------------------------ with GitHub


class Region:
    """A store with one source, and `harvester tell` on it."""

    def __init__(self, folder: Path, fake: FakeGitHub, languages: str = "[en]") -> None:
        self.folder, self.fake = folder, fake
        (folder / "sources.yaml").write_text(
            f"catalogue: {{title: Elm Valley, url: 'https://elm.example', languages: {languages}}}\n"
            "sources:\n  - {url: 'https://data.elmford.example', id: elmford, name: Town of Elmford}\n"
        )

    def night(self, letter: str, *options: str) -> Result:
        day = dt.date.fromisoformat(self.fake.today) + dt.timedelta(days=1)
        self.fake.today = day.isoformat()
        with Store(self.folder / "store.sqlite") as store:
            problem = PROBLEM if LETTERS[letter] in telling.BAD else None
            made = make.harvest(
                "elmford", outcome=LETTERS[letter], started=f"{day}T02:00:00Z", problem=problem
            )
            store.keep(made, SourceState())
        return self.tell(*options)

    def tell(self, *options: str, token: str = "s3cret") -> Result:
        config, store = str(self.folder / "sources.yaml"), str(self.folder / "store.sqlite")
        environment = {"GITHUB_TOKEN": token, "HARVESTER_GITHUB_TOKEN": "", "GITHUB_API_URL": self.fake.url}
        done = CliRunner(env=environment).invoke(
            main, ["-c", config, "--store", store, "tell", "--repo", REPOSITORY, *options]
        )
        assert "s3cret" not in done.output
        return done


@pytest.fixture
def fake(monkeypatch: pytest.MonkeyPatch) -> Iterator[FakeGitHub]:
    monkeypatch.setattr(github, "PAUSE", 0.0)
    with FakeGitHub() as started:
        yield started


@pytest.fixture
def region(tmp_path: Path, fake: FakeGitHub) -> Region:
    return Region(tmp_path, fake)


def test_the_third_bad_night_opens_an_issue_and_recovery_closes_it(region: Region) -> None:
    counts = []
    for letter in "oFFFFFo":
        assert region.night(letter).exit_code == 0
        again = region.tell()  # a job that is started twice
        assert "nothing new" in again.output
        counts.append((len(region.fake.issues), len(region.fake.open_issues()), len(region.fake.comments)))
    assert counts == [(0, 0, 0)] * 3 + [(1, 1, 0)] * 3 + [(1, 0, 1)]
    (issue,) = region.fake.issues
    assert issue["title"] == "Town of Elmford cannot be read"
    assert issue["body"].startswith("<!-- harvester:source=elmford -->\n")
    assert "since 3 May 2026" in issue["body"]
    assert region.fake.comments == [(1, "The portal can be read again: 3 datasets on 8 May 2026.")]
    assert region.fake.tokens == {"Bearer s3cret"}


def test_a_trouble_that_comes_back_opens_the_same_issue_again(region: Region) -> None:
    for letter in "FFFoFFF":
        region.night(letter)
    (issue,) = region.fake.issues
    assert (issue["state"], len(region.fake.comments)) == ("open", 1)
    assert "since 6 May 2026" in issue["body"]


def test_its_issue_is_found_on_whatever_page_of_the_list_it_stands(region: Region) -> None:
    region.fake.per_page = 2
    for number in range(5):
        region.fake.add(f"<!-- harvester:source=town-{number} -->", closed_at=None, state="closed")
        region.fake.add("a person's own issue with our label")
    for letter in "FFF":
        region.night(letter)
    count = len(region.fake.issues)
    region.night("F")
    region.night("F")
    assert len(region.fake.issues) == count == 11
    region.night("o")
    assert region.fake.issues[-1]["state"] == "closed"


def test_a_strangers_issue_with_our_mark_is_not_ours(region: Region) -> None:
    """Only who may write to the repository can give a label."""
    region.fake.add("<!-- harvester:source=elmford -->", labels=())
    region.fake.add("<!-- harvester:source=elmford -->", pull_request={})
    for letter in "FFFo":
        region.night(letter)
    assert [issue["state"] for issue in region.fake.issues] == ["open", "open", "closed"]


def test_a_dry_run_prints_the_issue_and_writes_nothing(region: Region) -> None:
    for letter in "FF":
        region.night(letter)
    said = region.night("F", "--dry-run")
    assert "elmford: open: Town of Elmford cannot be read" in said.output
    assert "What you can do" in said.output
    assert region.fake.written == []


def test_how_many_nights_is_a_choice(region: Region) -> None:
    region.night("F", "--after", "2")
    assert region.fake.issues == []
    region.night("F", "--after", "2")
    assert len(region.fake.open_issues()) == 1


@pytest.mark.parametrize(
    ("status", "words"),
    [
        (401, "not valid"),
        (403, "may not write"),
        (404, "no such repository"),
        (410, "switched off"),
        (500, "500"),
    ],
)
def test_what_github_refuses_is_one_line_and_no_failure(region: Region, status: int, words: str) -> None:
    for letter in "FF":
        region.night(letter)
    region.fake.answers = [(status, {})] * 5
    said = region.night("F")
    assert (said.exit_code, said.output.count("\n")) == (0, 1)
    assert words in said.output
    region.fake.answers.clear()
    region.tell()  # the next night makes up for it
    assert len(region.fake.open_issues()) == 1


def test_github_that_cannot_be_reached_is_one_line_and_no_failure(region: Region) -> None:
    region.fake.url = "http://127.0.0.1:9"
    said = region.night("F")
    assert said.exit_code == 0
    assert "GitHub cannot be reached" in said.output


def test_an_issue_that_may_have_been_opened_is_not_opened_twice(region: Region) -> None:
    """A write whose answer is lost is not sent again: the next night sees what came of it."""
    for letter in "FF":
        region.night(letter)
    region.fake.labels.add("harvester")
    real = region.fake.answer

    def opens_and_breaks(method: str, target: str, content: dict[str, Any]) -> Any:
        answer = real(method, target, content)
        return (502, {}, {}) if method == "POST" else answer

    region.fake.answer = opens_and_breaks  # type: ignore[method-assign]
    assert "status 502" in region.night("F").output
    region.fake.answer = real  # type: ignore[method-assign]
    region.night("F")
    assert len(region.fake.issues) == 1


@pytest.mark.parametrize(
    "headers", [{"Retry-After": "0"}, {"X-RateLimit-Remaining": "0", "X-RateLimit-Reset": "0"}]
)
def test_the_rate_limit_is_waited_for(region: Region, headers: dict[str, str]) -> None:
    slept: list[float] = []
    client = github.GitHub(REPOSITORY, "t", region.fake.url, slept.append)
    region.fake.answers = [(403, headers)]
    assert client.issues(None) == []
    assert slept == [0.0 if "Retry-After" in headers else 1.0]
    region.fake.answers = [(429, {"Retry-After": "3600"})]
    with pytest.raises(github.HarvesterError):
        client.issues(None)
    assert max(slept) <= 1


def test_a_token_that_may_give_no_label_leaves_nothing_open(region: Region) -> None:
    region.fake.may_label = False
    for letter in "FF":
        region.night(letter)
    assert "label" in region.night("F").output
    assert region.fake.open_issues() == []


def test_issues_speak_the_catalogues_language(tmp_path: Path, fake: FakeGitHub) -> None:
    region = Region(tmp_path, fake, "[fr, en]")
    for letter in "FFF":
        region.night(letter)
    assert "2 mai 2026" in fake.issues[0]["body"]


def test_a_repository_and_a_token_must_be_named(region: Region) -> None:
    assert region.tell("--repo", "elm valley").exit_code == 2
    assert region.tell(token="").exit_code == 2
