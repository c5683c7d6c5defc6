"""The commands. Each says what it does, does it through `pipeline`, and prints what came of it."""

from __future__ import annotations

import datetime as dt
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, get_args

import click
from msgspec.structs import replace

from harvester.cli.restoring import restore, whole_store
from harvester.cli.setting import Setting
from harvester.cli.show import (
    Progress,
    harvest_line,
    history_json,
    history_lines,
    json_line,
    plain,
)
from harvester.cli.telling import status, tell
from harvester.model import Level

if TYPE_CHECKING:
    from harvester.model import Catalogue, Config, Harvest, Source
    from harvester.pipeline import Checked

as_json = click.option("--json", "json_", is_flag=True, help="One JSON object a line, with stable keys.")
as_markdown = click.option("--markdown", is_flag=True, help="As Markdown, for a job summary.")
pass_setting = click.pass_obj


def _now() -> dt.datetime:
    return dt.datetime.now(dt.UTC)


@click.command()
@click.argument("directory", type=click.Path(file_okay=False, path_type=Path))
def init(directory: Path) -> None:
    """Start a region's own catalogue in DIRECTORY: sources.yaml, the nightly workflow, a README."""
    from harvester.starter import write

    for path in write(directory):
        click.echo(f"wrote {path}")
    click.echo(f"Next: add your portals to {directory / 'sources.yaml'}, then run: harvester run")


@click.command()
@click.argument("sources", nargs=-1, metavar="[SOURCE]...")
@as_json
@pass_setting
def harvest(setting: Setting, sources: tuple[str, ...], json_: bool) -> None:
    """Visit all sources, or those named, and keep what they publish."""
    with whole_store(setting):
        harvests = _harvest(setting, sources, json_)
    sys.exit(_exit_code(harvests))


def _harvest(setting: Setting, only: tuple[str, ...], json_: bool) -> list[Harvest]:
    from harvester import pipeline
    from harvester.store import Store

    config, profile = setting.config, setting.profile
    for name in only:
        _source_named(setting, name)
    count = len(only) or sum(source.enabled for source in config.sources)
    done = []
    with Store(setting.store) as store, setting.executor() as executor, Progress(count, json_) as progress:
        for each in pipeline.harvest(
            config, store, setting.fetcher, profile, _now, only=only, executor=executor
        ):
            done.append(each)
            progress.say(json_line(_harvest_json(each)) if json_ else harvest_line(each))
    return done


def _harvest_json(each: Harvest) -> dict[str, object]:
    counts = ("datasets", "added", "changed", "removed", "missing", "renamed")
    names = ("source", "outcome", *counts, "requests", "bytes", "seconds")
    told: dict[str, object] = {name: getattr(each, name) for name in names}
    return told | {
        "problem": str(each.problem) if each.problem else None,
        "skipped": each.skipped,
        "left_out": [str(problem) for problem in each.left_out],
    }


def _exit_code(harvests: Iterable[Harvest]) -> int:
    return int(any(each.outcome in ("failed", "suspicious", "partial") for each in harvests))


@click.command()
@click.option("--full", is_flag=True, help="Make all anew, also what has not changed since the last build.")
@pass_setting
def build(setting: Setting, full: bool) -> None:
    """Build the site and its search index from what is stored."""
    with whole_store(setting):
        _build(setting, full)


def _build(setting: Setting, full: bool = False) -> None:
    from harvester import pipeline
    from harvester.store import Store

    config, profile = setting.config, setting.profile
    with Store(setting.store) as store, setting.executor() as executor:
        built = pipeline.build(
            config, store, profile, setting.out, setting.index, executor=executor, full=full
        )
    page = setting.out / "index.html"
    click.echo(f"{built.datasets} datasets of {built.sources} sources: {page}", err=True)
    if built.quiet:
        click.echo("No dataset changed since the last build: only what tells of visits is new.", err=True)


@click.command()
@as_json
@pass_setting
def run(setting: Setting, json_: bool) -> None:
    """Harvest, then build: what the nightly job does."""
    with whole_store(setting):
        harvests = _harvest(setting, (), json_)
        _build(setting)
    sys.exit(_exit_code(harvests))


@click.command()
@click.argument("sources", nargs=-1, metavar="[URL-or-SOURCE]...")
@click.option(
    "--new-since",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="Check the entries that this older sources.yaml does not have, or has otherwise.",
)
@click.option("--allow-private", is_flag=True, help="An address may lie on this machine or in its network.")
@as_json
@as_markdown
@pass_setting
def check(
    setting: Setting,
    sources: tuple[str, ...],
    new_since: Path | None,
    allow_private: bool,
    json_: bool,
    markdown: bool,
) -> None:
    """Look at a portal without keeping anything, and say what should be mended.

    SOURCE is the id of an entry of sources.yaml; a URL needs no sources.yaml at all.
    """
    from harvester import pipeline, quality
    from harvester.cli.checking import finding_json, report
    from harvester.web.fetch import Fetcher

    if not sources and new_since is None:
        raise click.UsageError("Name a source or its address, or an older sources.yaml with --new-since.")
    entries = [_source_or_address(setting, name, allow_private) for name in sources]
    if new_since is not None:
        entries += _new_since(setting.config, new_since)
    standalone = not setting.config_path.exists()
    fetcher = Fetcher("Harvester (check)") if standalone else setting.fetcher
    profile = quality.load_profile(None) if standalone else setting.profile
    failed = False
    for entry in entries:
        checked = pipeline.check(entry, fetcher, profile, _now)
        if json_:
            for finding in checked.findings:
                click.echo(json_line(finding_json(finding, checked, profile)))
        else:
            click.echo(report(entry, checked, profile, markdown))
        if checked.trouble is not None:
            failed = True
            if json_:
                click.echo(str(checked.trouble), err=True)
    if not entries:
        click.echo("No source is new or changed.")
    sys.exit(int(failed))


def _new_since(config: Config, older: Path) -> list[Source]:
    """The entries of sources.yaml that an older version of it does not have, or has otherwise."""
    from harvester import sources
    from harvester.errors import ConfigError

    try:
        before = sources.load(older).sources
    except ConfigError:
        before = ()  # where the older one could not be read, all entries are new
    return [source for source in config.sources if source not in before]


def _source_named(setting: Setting, name: str) -> Source:
    """The source of that id. Raises `HarvesterError` when there is none, with the nearest one."""
    from difflib import get_close_matches

    from harvester.errors import HarvesterError

    by_id = {source.id: source for source in setting.config.sources}
    if name in by_id:
        return by_id[name]
    near = get_close_matches(name, by_id, n=1)
    raise HarvesterError(
        name,
        "There is no source of this name in {config}.",
        "Did you mean {near}?" if near else "Its sources are: {all}.",
        config=setting.config_path,
        near="".join(near),
        all=", ".join(by_id) or "none",
    )


def _source_or_address(setting: Setting, name: str, allow_private: bool) -> Source:
    """The configured source of that id or address, else a new one for the address."""
    from harvester import sources

    if setting.config_path.exists():
        for source in setting.config.sources:
            if name in (source.id, source.url):
                return source
        if not set(name) & set("./:"):
            return _source_named(setting, name)
    return replace(sources.from_address(name, Path()), allow_private=allow_private)


@click.command()
@click.argument("url")
@click.option("--name", help="What to call it.  [default: what the portal calls itself]")
@click.option(
    "--level",
    type=click.Choice(get_args(Level)),
    help="Tells a town's own data from the county's copy.",
)
@click.option("--dry-run", is_flag=True, help="Only say what is there; write nothing.")
@click.option("--allow-private", is_flag=True, help="The address may lie on this machine or in its network.")
@as_json
@pass_setting
def add(
    setting: Setting,
    url: str,
    name: str | None,
    level: str | None,
    dry_run: bool,
    allow_private: bool,
    json_: bool,
) -> None:
    """Look what is behind URL, a portal's home page, and write it into sources.yaml."""
    from harvester import pipeline, sources
    from harvester.cli import adding
    from harvester.sources.adding import same_place, web_address

    address = web_address(url)
    there = same_place(address, setting.config.sources)
    if there is not None:
        click.echo(f"{there.name} stands in {setting.config_path} already, as {there.id}.", err=True)
        sys.exit(1)
    source = replace(sources.from_address(address, setting.config_path.parent), allow_private=allow_private)
    checked = pipeline.check(source, setting.fetcher, setting.profile, _now)
    called = name or checked.site_name or source.name
    useful = bool(checked.datasets)
    written = useful and not dry_run
    if written:
        _write_entry(setting, source, {"name": called, "level": level, "allow_private": allow_private})
    if json_:
        click.echo(json_line(adding.as_json(called, address, checked, written, _now().date())))
    else:
        _say_added(setting, called, checked, written)
    if checked.trouble:
        click.echo(plain(str(checked.trouble)), err=True)
    sys.exit(int(not useful))


def _say_added(setting: Setting, name: str, checked: Checked, written: bool) -> None:
    from harvester.cli import adding

    if checked.feed:
        click.echo(adding.summary(name, checked, _now().date()))
        for line in adding.first_to_mend(checked, setting.profile):
            click.echo(line)
    if checked.skipped:
        records = "1 record was" if checked.skipped == 1 else f"{checked.skipped} records were"
        click.echo(f"{records} left out; “harvester check” lists them with their reasons.")
    if written:
        click.echo(f"Written into {setting.config_path}. The next “harvester run” publishes it.")
    elif not checked.datasets:
        from harvester.template import headings

        click.echo(f"Nothing was written into {setting.config_path}.")
        click.echo(f"A spreadsheet would do, with these columns: {', '.join(headings('en'))}.")


def _write_entry(setting: Setting, source: Source, more: dict[str, str | bool | None]) -> None:
    """Put an entry at the end of sources.yaml, whole or not at all."""
    from harvester.publish import write_aside
    from harvester.sources.adding import free_id, with_entry

    entry = {"url": source.url, "id": free_id(source.url, setting.config.sources), **more}
    path = setting.config_path
    text = with_entry(
        path.read_bytes().decode("utf-8"), {name: value for name, value in entry.items() if value}
    )
    write_aside(path, text)


def _catalogue(setting: Setting) -> Catalogue:
    from harvester.store import Store

    with Store(setting.store) as store:
        return store.catalogue(setting.config)


@click.command()
@click.option("--source", help="Only the datasets of this source.")
@as_json
@pass_setting
def datasets(setting: Setting, source: str | None, json_: bool) -> None:
    """List the catalogue: id, title, source, page, modified."""
    from harvester.language import choose

    catalogue = _catalogue(setting)
    if source is not None:
        source = _source_named(setting, source).id
    for record in catalogue.records:
        dataset = record.dataset
        if source in (None, dataset.source):
            row = {
                "id": dataset.id,
                "title": choose(dataset.title, catalogue.config.catalogue.languages[0])[0],
                "source": dataset.source,
                "page": f"/dataset/{dataset.id}/",
                "modified": dataset.modified.value if dataset.modified else None,
            }
            click.echo(
                json_line(row) if json_ else "\t".join(plain(str(value or "")) for value in row.values())
            )


@click.command()
@click.argument("words", nargs=-1, required=True)
@click.option(
    "-n", "--most", type=click.IntRange(1, 1000), default=20, show_default=True, help="Show so many at most."
)
@as_json
@pass_setting
def search(setting: Setting, words: tuple[str, ...], most: int, json_: bool) -> None:
    """Search the catalogue; a misspelt word is forgiven."""
    from harvester import search as searching

    hits = searching.search(setting.index, " ".join(words), most)
    for hit in hits:
        page = f"/dataset/{hit.id}/"
        row = {
            "id": hit.id,
            "title": hit.title,
            "source": hit.source,
            "publisher": hit.publisher,
            "page": page,
            "score": hit.score,
        }
        click.echo(json_line(row) if json_ else f"{plain(hit.title)}\n    {plain(hit.publisher)} · {page}")
    if not hits and not json_:
        click.echo("Nothing was found. Try fewer or other words.", err=True)


@click.command()
@click.option(
    "--port", type=click.IntRange(0, 65535), default=8000, show_default=True, help="0 is any free one."
)
@pass_setting
def serve(setting: Setting, port: int) -> None:
    """Show the built site on this machine, with the headers that it should have on the web."""
    from harvester.cli.preview import preview

    preview(setting.out, setting.config.catalogue.url, port)


@click.command()
@click.argument("dataset", required=False)
@click.option(
    "-n",
    "--most",
    type=click.IntRange(1, 100_000),
    default=50,
    show_default=True,
    help="Tell no more than this.",
)
@as_json
@pass_setting
def history(setting: Setting, dataset: str | None, most: int, json_: bool) -> None:
    """What changed in the catalogue, field by field; DATASET is the id of one, as in its page's address."""
    from harvester.errors import HarvesterError
    from harvester.store import Store

    with Store(setting.store) as store:
        if dataset is not None and not store.has(dataset):
            raise HarvesterError(
                dataset, "There never was a dataset of this id.", "“harvester datasets” lists all of them."
            )
        for entry in store.history(dataset, most):
            click.echo(json_line(history_json(entry)) if json_ else history_lines(entry))


@click.command()
@click.argument("source")
@pass_setting
def accept(setting: Setting, source: str) -> None:
    """Take SOURCE's next harvest as it is, however few datasets it holds."""
    from harvester.store import Store

    entry = _source_named(setting, source)
    with Store(setting.store) as store:
        store.accept(entry.id)
    click.echo(f"{entry.id}: the next harvest will be taken as it is.")


ALL = (init, add, run, harvest, build, serve, check, status, tell, datasets, search, history, accept, restore)
