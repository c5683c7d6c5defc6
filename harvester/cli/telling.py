"""`harvester status` and `harvester tell`: how the sources are, for a person and for whoever must know."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

import click

from harvester.cli.show import json_line, markdown_table, markdown_text, plain, table

if TYPE_CHECKING:
    from harvester.cli.setting import Setting
    from harvester.model import Catalogue, CatalogueConfig
    from harvester.standing import Standing
    from harvester.telling import Move, Voice

HEADS = (
    "source", "feed", "outcome", "datasets", "missing", "withdrawn", "last_good", "stale_since", "errors",
    "warnings",
)  # fmt: skip
MOST_VISITS = 100
"""Of a source that are looked at: as many nights as matter, and what a person tried in between."""

_REPOSITORY = re.compile(r"[A-Za-z0-9-]+/[\w.-]+")


@click.command()
@click.option("--json", "json_", is_flag=True, help="One JSON object a line, with stable keys.")
@click.option("--markdown", is_flag=True, help="As Markdown, for a job summary.")
@click.pass_obj
def status(setting: Setting, json_: bool, markdown: bool) -> None:
    """For each source: how its last harvest went, the last good one, and what there is to mend."""
    from harvester.standing import counted, standings
    from harvester.store import Store

    with Store(setting.store) as store:
        catalogue = store.catalogue(setting.config)
    all_standings = standings(catalogue.sources, counted(catalogue))
    rows = list(_rows(catalogue, all_standings))
    if json_:
        for row in rows:
            click.echo(json_line(row))
        return
    show = markdown_table if markdown else table
    click.echo(show(HEADS, [[row[head] for head in HEADS] for row in rows]))
    for each in all_standings:
        for number, line in enumerate(_in_words(each)):
            start = "    " if number and not markdown else "\n"
            click.echo(start + (markdown_text(line) if markdown else plain(line)))


def _rows(catalogue: Catalogue, standings: list[Standing]) -> Iterator[dict[str, object]]:
    severities: dict[str, list[str]] = {each.record.source.id: [] for each in standings}
    for record in catalogue.records:
        severities[record.dataset.source] += [finding.severity for finding in record.findings]
    for each in standings:
        source, last = each.record.source, each.last
        found = severities[source.id] + [finding.severity for finding in each.record.findings]
        yield {
            "source": source.id,
            "name": source.name,
            "url": source.url,
            "feed": each.record.feed,
            "feed_url": each.address if each.record.feed else None,
            "outcome": last.outcome if last else None,
            "datasets": each.counts.listed,
            "missing": each.counts.missing,
            "withdrawn": each.counts.withdrawn,
            "last_harvest": last.started if last else None,
            "last_good": each.record.last_good,
            "stale_since": each.record.stale_since,
            "errors": found.count("error"),
            "warnings": found.count("warning"),
            "problem": str(last.problem) if last and last.problem else None,
            "skipped": last.skipped if last else 0,
        }


def _in_words(each: Standing) -> Iterator[str]:
    """What is to be said of a source beside its row: since when it is stale and why; where its feed is."""
    from harvester.site.words import OUTCOMES

    source, last, since = each.record.source, each.last, each.record.stale_since
    if last is None:
        yield f"{source.id} was not visited yet."
        return
    if since is not None:
        good = (
            f"last good harvest {each.record.last_good[:10]}" if each.record.last_good else "never read whole"
        )
        yield f"{source.id} is stale since {since[:10]} ({good}). {OUTCOMES[last.outcome]}"
        if last.problem:
            yield str(last.problem)
    elif each.record.feed_url:
        yield f"{source.id}: its feed was found at {each.record.feed_url}"


@click.command()
@click.option("--repo", envvar="GITHUB_REPOSITORY", required=True, metavar="OWNER/NAME", help="Whose issues.")
@click.option(
    "--after",
    "nights",
    type=click.IntRange(1, 30),
    default=3,
    show_default=True,
    help="Bad nights in a row until a source is told of.",
)
@click.option("--dry-run", is_flag=True, help="Only say what would be opened and closed.")
@click.option(
    "--api",
    envvar="GITHUB_API_URL",
    default="https://api.github.com",
    show_default=True,
    help="Where GitHub answers.",
)
@click.pass_obj
def tell(setting: Setting, repo: str, nights: int, dry_run: bool, api: str) -> None:
    """Open one GitHub issue for each source in trouble, and close it when the source recovers.

    The token is read from HARVESTER_GITHUB_TOKEN or GITHUB_TOKEN. That GitHub cannot be reached is said,
    and fails nothing: the next night tells.
    """
    from harvester import telling
    from harvester.errors import HarvesterError
    from harvester.github import GitHub
    from harvester.store import Store

    if not _REPOSITORY.fullmatch(repo):
        raise click.BadParameter("Write it as OWNER/NAME.", param_hint="--repo")
    token = os.environ.get("HARVESTER_GITHUB_TOKEN") or os.environ.get("GITHUB_TOKEN")
    if not token and not dry_run:
        raise click.UsageError("There is no token in HARVESTER_GITHUB_TOKEN or GITHUB_TOKEN.")
    with Store(setting.store) as store:
        sources = [(s, store.harvests(s.id, MOST_VISITS)) for s in setting.config.sources if s.enabled]
    github = GitHub(repo, token, api)
    done = waiting = 0
    try:
        issues = github.issues(telling.earliest(sources))
        now, waiting = telling.at_once(
            telling.moves(sources, issues, _voice(setting.config.catalogue), nights)
        )
        for move in now:
            if not dry_run:
                github.do(move)
            click.echo(plain(_said(move, dry_run)))
            done += 1
    except HarvesterError as error:
        click.echo(plain(str(error)), err=True)
    else:
        if not done:
            click.echo("There is nothing new to tell.")
    if waiting:
        click.echo(f"{waiting} more wait for the next night: so many at once may be our own fault.")


def _voice(catalogue: CatalogueConfig) -> Voice:
    from harvester import language
    from harvester.site.addresses import group, trees
    from harvester.telling import Voice

    tag = catalogue.languages[0]
    addresses = trees(catalogue.languages, catalogue.url)[tag]
    return Voice(
        say=language.translations(tag).gettext,
        date=language.formatter(tag).date,
        page=lambda source: addresses.absolute(group("source", source)),
    )


def _said(move: Move, dry_run: bool) -> str:
    from harvester.telling import Close, Open

    if isinstance(move, Open):
        what = f"open: {move.title}" if dry_run else f"opened: {move.title}"
        return f"{move.source}: {what}" + (f"\n\n{move.body}" if dry_run else "")
    verb = (
        ("close" if dry_run else "closed") if isinstance(move, Close) else "reopen" if dry_run else "reopened"
    )
    return f"{move.source}: {verb} issue {move.number}"
