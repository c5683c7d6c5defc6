"""Pure: whom to tell of a source in trouble, and when: what to open, what to open again, what to close.

A trouble is told in one issue of the catalogue's own repository, which whoever looks after the catalogue
watches anyway. The rules, and why, are in docs/telling.md; they are made against the eleven alerts that
one flapping address once gave (failure 31). Nothing here knows GitHub but its Markdown.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Iterator, Sequence
from itertools import groupby, takewhile

from msgspec import Struct

from harvester.model import N_, Harvest, Outcome, Problem, Source

NIGHTS = 3
"""Bad nights in a row until a trouble is told."""

AGAIN_DAYS = 30
"""A source that is in trouble again so soon has the same trouble: its issue is opened again."""

MOST_AT_ONCE = 10
"""Issues that are opened in one night. When so many portals fail together, the fault may be ours."""

BAD: frozenset[Outcome] = frozenset(("failed", "suspicious", "empty"))
"""Nights on which we got nothing that we could use. After a partial one the portal was there."""

_MARK = re.compile(r"\A<!-- harvester:source=([\w-]{1,100}) -->")
_MARKDOWN = re.compile(r"([\\`*_\[\]<>|~!&])")
_REFERENCE = re.compile(r"([@#])")
_FENCE = "`````"


class Issue(Struct, frozen=True):
    """An issue that this program opened, at whatever service."""

    number: int
    source: str  # the id of the source that it tells of
    is_open: bool
    closed: str | None = None  # when it was closed last, YYYY-MM-DDThh:mm:ssZ


class Open(Struct, frozen=True):
    """Open an issue."""

    source: str
    title: str
    body: str


class Reopen(Struct, frozen=True):
    """Open an issue again, and write anew what it says."""

    source: str
    number: int
    title: str
    body: str


class Close(Struct, frozen=True):
    """Close an issue, and say why."""

    source: str
    number: int
    comment: str


Move = Open | Reopen | Close


class Voice(Struct, frozen=True):
    """How an issue speaks: the catalogue's first language, and its addresses."""

    say: Callable[[str], str]
    date: Callable[[str], str]
    page: Callable[[str], str]  # a source's id → the address of its page


class Trouble(Struct, frozen=True):
    """The bad nights in a row that have not ended yet."""

    since: str  # when the first of them began
    nights: int
    last: Harvest


def source_of(body: str) -> str | None:
    """The source that an issue tells of, by the mark with which its text begins."""
    found = _MARK.match(body)
    return found[1] if found else None


def trouble(harvests: Sequence[Harvest]) -> Trouble | None:
    """The trouble that a source is in. `harvests` are its visits, the newest first."""
    series = list(takewhile(_is_bad, _nights(harvests)))
    return Trouble(series[-1].started, len(series), series[0]) if series else None


def moves(
    sources: Sequence[tuple[Source, Sequence[Harvest]]],
    issues: Sequence[Issue],
    voice: Voice,
    nights: int = NIGHTS,
) -> list[Move]:
    """What is to be done tonight. Done twice it is done once: the second time there is nothing to do.

    `sources` are all that are harvested, each with its visits, the newest first; `issues` all that are
    open, and those that were closed since `earliest`.
    """
    made: list[Move] = []
    for source, harvests in sources:
        made += _moves_of(source, harvests, [i for i in issues if i.source == source.id], voice, nights)
    ids = {source.id for source, _ in sources}
    for issue in issues:
        if issue.is_open and issue.source not in ids:
            told = voice.say(N_("This source is no longer harvested: it was taken out of sources.yaml."))
            made.append(Close(issue.source, issue.number, told))
    return made


def at_once(made: Sequence[Move]) -> tuple[list[Move], int]:
    """What is done tonight, and how many issues have to wait for the next night."""
    opening = [move for move in made if not isinstance(move, Close)]
    waiting = opening[MOST_AT_ONCE:]
    return [move for move in made if move not in waiting], len(waiting)


def earliest(sources: Sequence[tuple[Source, Sequence[Harvest]]]) -> str | None:
    """Since when closed issues matter, YYYY-MM-DDThh:mm:ssZ; None when no source is in trouble."""
    begun = [found.since for _, harvests in sources if (found := trouble(harvests))]
    return f"{_days_before(min(begun), AGAIN_DAYS)}T00:00:00Z" if begun else None


def _moves_of(
    source: Source, harvests: Sequence[Harvest], issues: Sequence[Issue], voice: Voice, nights: int
) -> Iterator[Move]:
    now = trouble(harvests)
    if any(issue.is_open for issue in issues):
        if harvests and now is None and _is_over(harvests, nights):
            comment = _recovered(harvests[0], voice)
            yield from (Close(source.id, issue.number, comment) for issue in issues if issue.is_open)
        return
    if now is None or now.nights < nights:
        return
    newest = max(issues, key=lambda issue: issue.closed or "", default=None)
    if newest is not None and newest.closed is not None:
        if newest.closed >= now.since:
            return  # a person has closed it while the trouble went on: it is known
        if newest.closed[:10] >= _days_before(now.since, AGAIN_DAYS):
            yield Reopen(source.id, newest.number, _title(source, voice), _body(source, now, harvests, voice))
            return
    yield Open(source.id, _title(source, voice), _body(source, now, harvests, voice))


def _is_bad(harvest: Harvest) -> bool:
    return harvest.outcome in BAD


def _nights(harvests: Sequence[Harvest]) -> Iterator[Harvest]:
    """The last visit of each day: whoever tries five times in an hour has not waited five nights."""
    for _, visits in groupby(harvests, key=lambda each: each.started[:10]):
        yield next(visits)


def _is_over(harvests: Sequence[Harvest], nights: int) -> bool:
    """Is the trouble over? After one good night, or `nights` where it had gone and come back before."""
    days = list(_nights(harvests))
    good = list(takewhile(lambda each: not _is_bad(each), days))
    bad = list(takewhile(_is_bad, days[len(good) :]))
    if not bad:
        return True
    horizon = _days_before(bad[-1].started, AGAIN_DAYS)
    earlier = days[len(good) + len(bad) :]
    flapped = any(_is_bad(each) for each in earlier if each.started[:10] >= horizon)
    return len(good) >= (nights if flapped else 1)


def _days_before(moment: str, days: int) -> str:
    return (dt.date.fromisoformat(moment[:10]) - dt.timedelta(days=days)).isoformat()


# ------------------------------------------------------------------------------ the words


def _title(source: Source, voice: Voice) -> str:
    name = _plain(source.name)[:150]
    return voice.say(N_("{source} cannot be read")).format(source=name)


def _body(source: Source, now: Trouble, harvests: Sequence[Harvest], voice: Voice) -> str:
    say = voice.say
    listed = now.last.outcome in ("suspicious", "empty")
    what = (
        N_(
            "**{source}** answers, but lists no or far too few datasets, on {nights} nights in a row "
            "since {day}."
        )
        if listed
        else N_("**{source}** could not be read on {nights} nights in a row, since {day}.")
    )
    kept = now.last.datasets
    loss = (
        N_("Nothing is lost: the catalogue goes on showing the {count} datasets that it has of this source.")
        if kept
        else N_("The catalogue has no dataset of this source yet.")
    )
    steps = [N_("Open {address} in a browser. If that fails, too, tell the people who run the portal.")]
    if source.contact:
        steps.append(N_("The contact for this source is {contact}."))
    if listed:
        steps.append(
            N_(
                "If datasets were taken out on purpose, run: {accept}. "
                "The next harvest is then taken as it is."
            )
        )
    else:
        steps.append(N_("If the portal has moved, write its new address into sources.yaml."))
    steps.append(N_("If the portal is closed for good, take its entry out of sources.yaml."))
    values = {
        "source": _text(source.name[:200]),
        "nights": str(now.nights),
        "day": voice.date(now.since[:10]),
        "count": str(kept),
        "address": _code(source.url),
        "contact": _code(source.contact or ""),
        "accept": _code(f"harvester accept {source.id}"),
    }
    parts = [
        f"<!-- harvester:source={source.id} -->",
        say(what).format(**values),
        *_quoted(now.last.problem, say),
        say(loss).format(**values),
        "**{}**".format(say(N_("What you can do"))),
        "\n".join(f"- {say(step).format(**values)}" for step in steps),
        say(N_("All about this source: {page}")).format(page=voice.page(source.id)),
        say(
            N_(
                "The nightly run opened this issue, writes nothing more while the trouble lasts, and closes "
                "it when the portal can be read again. If you close it yourself, you will hear no more of "
                "this trouble."
            )
        ),
    ]
    return "\n\n".join(parts) + "\n"


def _recovered(last: Harvest, voice: Voice) -> str:
    told = (
        N_("The portal can be read again, though only in part: {count} datasets on {day}.")
        if last.outcome == "partial"
        else N_("The portal can be read again: {count} datasets on {day}.")
    )
    return voice.say(told).format(count=last.datasets, day=voice.date(last.started[:10]))


def _quoted(problem: Problem | None, say: Callable[[str], str]) -> Iterator[str]:
    """A problem as it is, with no effect: it may hold a portal's own words."""
    if problem is not None:
        line = " ".join(say(part).format(**problem.values) for part in (problem.what, problem.remedy) if part)
        yield f"{_FENCE}text\n{_plain(f'{problem.where}: {line}')[:1000].replace('`', '’')}\n{_FENCE}"


def _plain(text: str) -> str:
    return "".join(c if c.isprintable() else " " for c in text)


def _text(text: str) -> str:
    """Words inside Markdown that are only words: no markup, and nobody is called by `@name` or `#1`."""
    return _REFERENCE.sub("\\1\u2060", _MARKDOWN.sub(r"\\\1", _plain(text)))


def _code(text: str) -> str:
    return f"`{_plain(text).replace('`', '')[:500]}`"
