"""Outputs: the catalogue in the formats of other catalogues, spreadsheets and programs, one module each.

**To add an output**, put one module into this folder; there is no list to extend. It holds:

`TITLE: str`
    What it is, as the API page would call it ("Project Open Data (DCAT-US 1.1)").

`FILES: tuple[str, ...]`
    The files that are always there and under whose names the output is known, relative to the root
    of the site. What hangs on them (further pages of a long list, tables of a package) is named in
    the files themselves.

`write(catalogue: Catalogue, folder: Path, executor: Executor | None) -> None`
    Writes them under `folder`, which exists.

An output that tells how visits to sources went is another every night, even where no dataset changed.
It says so with two more functions, so that a quiet night need not make all of it anew:

`begin(catalogue: Catalogue, folder: Path, kept: Path) -> None`
    Writes what no visit changes: finished files under `folder`, and under `kept`, a folder of its own,
    whatever `finish` needs. The catalogue knows of no visits here.

`finish(visits: Catalogue, folder: Path, kept: Path) -> None`
    Writes the rest. Its catalogue has no datasets. What stands in `kept` is as `begin` left it, tonight
    or on an earlier night, and has to stay so.

`write` is then both, one after the other.

Four rules hold for every output:

* **Same catalogue, same bytes.** There is no clock but `catalogue.as_of`, no network, no order of a
  set or of a folder, no random name.
* **A serialiser writes, never a template.** Whatever a source published (control characters,
  addresses with spaces, formulas, half a surrogate pair) goes through `_text` and `_addresses`
  first, so that no value can break a file that holds 90,000 others.
* **Nothing is invented.** What a source does not say is left out. Where a format demands a value
  that we can only stand in for, the module's docstring says which and why.
* **It streams.** The catalogue is in memory already; an output adds what one page or one row needs.
  Pages may be made by `executor`; they come back as bytes, so that it can run anywhere.

Account names of people, a record's `extra` and its notes are not published; findings are.
Modules whose name begins with `_` are shared helpers and not outputs.
"""

from __future__ import annotations

import importlib
import pkgutil
from concurrent.futures import Executor
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Protocol, cast, runtime_checkable

from harvester.model import Catalogue
from harvester.outputs._visits import without_visits


class Output(Protocol):
    """The shape of an output module; the module's docstring above says what each part means."""

    TITLE: str
    FILES: tuple[str, ...]

    def write(self, catalogue: Catalogue, folder: Path, executor: Executor | None) -> None:
        """Write the output's files under `folder`."""


@runtime_checkable
class Nightly(Protocol):
    """The shape of an output that tells of visits."""

    def begin(self, catalogue: Catalogue, folder: Path, kept: Path) -> None:
        """Write what no visit changes."""

    def finish(self, visits: Catalogue, folder: Path, kept: Path) -> None:
        """Write the rest."""


def names() -> list[str]:
    """The outputs there are, in alphabetical order: the modules of this folder."""
    return sorted(m.name for m in pkgutil.iter_modules(__path__) if not m.name.startswith("_"))


def load(name: str) -> Output:
    """The output of that name. Raises `KeyError` when there is none."""
    if name not in names():
        raise KeyError(name)
    return cast(Output, importlib.import_module(f"{__name__}.{name}"))


def begin_all(catalogue: Catalogue, folder: Path, kept: Path, executor: Executor | None = None) -> None:
    """Write into `folder`, the root of the site, all that tells of no visit; into `kept` what is for later.

    `executor` makes pages where given; without it everything happens here, with the same bytes.
    Raises `OSError` when a file cannot be written.
    """
    quiet = without_visits(catalogue)
    for name in names():
        output = load(name)
        if isinstance(output, Nightly):
            (kept / name).mkdir(parents=True)
            output.begin(quiet, folder, kept / name)
        else:
            output.write(quiet, folder, executor)


def finish_all(visits: Catalogue, folder: Path, kept: Path) -> None:
    """Write what tells of visits; of the catalogue only the sources are looked at."""
    for name in names():
        output = load(name)
        if isinstance(output, Nightly):
            output.finish(visits, folder, kept / name)


def write_all(catalogue: Catalogue, folder: Path, executor: Executor | None = None) -> None:
    """Write every output into `folder`, which is made where it is missing."""
    folder.mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory(prefix="harvester-outputs-") as kept:
        begin_all(catalogue, folder, Path(kept), executor)
        finish_all(catalogue, folder, Path(kept))
