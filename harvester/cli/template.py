"""`harvester template`: an empty list of datasets for a town without a portal."""

from __future__ import annotations

from pathlib import Path

import click

LANGUAGES = ("en", "fr", "es")
"""As `harvester.template.LANGUAGES`, which is not loaded only to show help."""


@click.command()
@click.option(
    "--language", type=click.Choice(LANGUAGES), default="en", show_default=True, help="Of the headings."
)
@click.option(
    "--out",
    type=click.Path(dir_okay=False, path_type=Path),
    default="datasets.csv",
    show_default=True,
    help="The file to write: .csv, or .xlsx for Excel.",
)
def template(language: str, out: Path) -> None:
    """Write an empty spreadsheet, whose headings are understood, for a town to list its datasets in."""
    from harvester.template import empty_list

    form = out.suffix.lower()
    if form not in (".csv", ".xlsx"):
        raise click.BadParameter("The name must end in .csv or .xlsx.", param_hint="--out")
    content = empty_list(language, "csv" if form == ".csv" else "xlsx")
    try:
        with out.open("xb") as file:
            file.write(content)
    except FileExistsError:
        raise click.ClickException(f"{out} is there already; nothing was written over.") from None
    except OSError as error:
        raise click.ClickException(f"{out} cannot be written: {error.strerror}.") from error
    click.echo(f"wrote {out}")
    click.echo("Next: one row a dataset, put the file on your web site, and run: harvester add ADDRESS")
