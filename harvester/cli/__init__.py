"""The command line: the only place that prints or exits.

Exit codes: 0 all good; 1 some source failed, but the site is built; 2 the configuration or the
program is wrong. Everything heavy is imported inside the commands, so that `--help` answers at once.
"""

from __future__ import annotations

import sys
from pathlib import Path

import click

from harvester import __version__
from harvester.errors import ConfigError, HarvesterError


class Harvester(click.Group):
    """A group whose known troubles end in one line and exit code 2, never in a traceback."""

    def invoke(self, ctx: click.Context) -> object:
        """Run a command; tell its known troubles in plain lines."""
        try:
            return super().invoke(ctx)
        except ConfigError as error:
            for mistake in error.mistakes:
                click.echo(str(mistake), err=True)
            sys.exit(2)
        except HarvesterError as error:
            click.echo(str(error), err=True)
            sys.exit(2)

    def list_commands(self, ctx: click.Context) -> list[str]:
        """In the order in which a new user meets them, not in the alphabet's."""
        return list(self.commands)


@click.group(cls=Harvester, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="harvester")
@click.option(
    "-c",
    "--config",
    type=click.Path(dir_okay=False, path_type=Path),
    default="sources.yaml",
    show_default=True,
    help="The catalogue and its sources.",
)
@click.option(
    "--store",
    type=click.Path(path_type=Path),
    help="The file that keeps what was harvested.  [default: store/harvester.sqlite beside the config]",
)
@click.option(
    "--out",
    type=click.Path(file_okay=False, path_type=Path),
    help="The folder of the site.  [default: build/site beside the config]",
)
@click.option(
    "--workers",
    type=click.IntRange(1, 64),
    help="Processes for parsing and rendering.  [default: one a core]",
)
@click.option(
    "--cluster",
    metavar="ADDRESS",
    help="A Dask scheduler whose workers parse and render, as in tcp://10.0.0.5:8786. See docs/cluster.md.",
)
@click.pass_context
def main(
    ctx: click.Context,
    config: Path,
    store: Path | None,
    out: Path | None,
    workers: int | None,
    cluster: str | None,
) -> None:
    """Collect the open-data metadata of a region's portals and publish it as one searchable site."""
    from harvester.cli.setting import Setting

    if workers and cluster:
        raise click.UsageError("--workers are processes here, --cluster names others: give one of them.")
    ctx.obj = Setting(config, store, out, workers, cluster)


def _register() -> None:
    from harvester.cli import commands
    from harvester.cli.template import template

    for command in (*commands.ALL, template):
        main.add_command(command)


_register()
