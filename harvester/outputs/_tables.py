"""The catalogue as tables, one table a thing: what the Data Package and the SQLite file both hold.

A column says what it means, of which type it is and what always holds; the values keep those
promises whatever the sources wrote. An unusable address is an empty cell here, and a finding.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Literal, get_args

from msgspec import Struct

from harvester.model import Catalogue, Kind, Level, Outcome, Reason, Severity
from harvester.outputs import _rows

Type = Literal["string", "integer", "number", "date", "datetime"]

MOMENT = r"\d{4}(-\d{2}(-\d{2}(T\d{2}:\d{2}:\d{2}Z)?)?)?"
ADDRESS = r"(https?|ftps?)://\S+"


class Column(Struct, frozen=True, kw_only=True):
    """A column: `pattern` is a regular expression for the whole value, `values` all that may stand there."""

    name: str
    description: str
    type: Type = "string"
    required: bool = False
    pattern: str | None = None
    values: tuple[str, ...] = ()
    minimum: int | None = None


class Reference(Struct, frozen=True):
    """A foreign key of one column, to the column `id` of another table."""

    column: str
    table: str


class Table(Struct, frozen=True, kw_only=True):
    """A table: `rows` gives them in an order that depends on the catalogue alone."""

    name: str
    title: str
    columns: tuple[Column, ...]
    key: tuple[str, ...] = ()
    references: tuple[Reference, ...] = ()
    of_visits: bool = False  # does it tell how visits went? Then it is made from the sources alone
    rows: Callable[[Catalogue], Iterator[_rows.Row]]


_DATASET = Column(name="dataset", description="The dataset that this row is about", required=True)
_NUMBER = Column(
    name="number",
    description="Counts the rows of one dataset, from 1",
    type="integer",
    required=True,
    minimum=1,
)
_OF_DATASET = (Reference("dataset", "datasets"),)


def _address(name: str, description: str, required: bool = False) -> Column:
    return Column(name=name, description=description, pattern=ADDRESS, required=required)


def _count(name: str, description: str) -> Column:
    return Column(name=name, description=description, type="integer", minimum=0)


def _when(name: str, description: str) -> Column:
    return Column(
        name=name,
        description=f"{description}; in the precision in which it was given (year, month, day or UTC)",
        pattern=MOMENT,
    )


TABLES: tuple[Table, ...] = (
    Table(
        name="sources",
        title="The portals and files that the catalogue is harvested from",
        key=("id",),
        columns=(
            Column(name="id", description="Its id in sources.yaml", required=True),
            Column(name="name", description="What it is called", required=True),
            Column(name="url", description="Its address, or the path of its file", required=True),
            Column(name="level", description="Whose portal it is", values=get_args(Level)),
            Column(name="feed", description="The feed type by which it is read"),
            Column(name="language", description="Of text that states none (BCP 47)"),
            Column(name="outcome", description="Of the last visit", values=get_args(Outcome)),
            Column(name="visited", description="When the last visit began", type="datetime"),
            Column(name="last_good", description="When the last good visit began", type="datetime"),
            _count("datasets", "How many datasets the catalogue holds of it"),
            Column(name="problem", description="What was wrong at the last visit"),
        ),
        of_visits=True,
        rows=_rows.sources,
    ),
    Table(
        name="harvests",
        title="The last visits to each source, the newest first",
        references=(Reference("source", "sources"),),
        columns=(
            Column(name="source", description="The source that was visited", required=True),
            Column(name="started", description="When the visit began", type="datetime", required=True),
            Column(name="outcome", description="What it gave", values=get_args(Outcome), required=True),
            Column(name="seconds", description="How long it took", type="number"),
            _count("datasets", "Held of the source after the visit"),
            _count("announced", "That the portal says it holds"),
            _count("added", "Datasets that were new"),
            _count("changed", "Datasets that had changed"),
            _count("removed", "Datasets that were gone"),
            _count("skipped", "Records and pages that could not be read"),
            _count("requests", "Made to the portal"),
            _count("bytes", "Received"),
            Column(name="problem", description="What was wrong"),
        ),
        of_visits=True,
        rows=_rows.harvests,
    ),
    Table(
        name="publishers",
        title="The bodies that publish datasets",
        key=("id",),
        columns=(
            Column(name="id", description="Its id in this catalogue", required=True),
            Column(name="name", description="What it is called", required=True),
            _address("url", "Its own address"),
            Column(name="email", description="Its mail address"),
            Column(name="parent", description="The name of the body that it is part of"),
            _count("datasets", "How many datasets of it are here"),
        ),
        rows=_rows.publishers,
    ),
    Table(
        name="datasets",
        title="The datasets",
        key=("id",),
        references=(Reference("source", "sources"), Reference("publisher", "publishers")),
        columns=(
            Column(name="id", description="Its id in this catalogue, for ever", required=True),
            Column(name="source", description="Where it was harvested", required=True),
            Column(name="publisher", description="Who publishes it"),
            _address("uri", "Its global identifier: its own, else its page here", required=True),
            Column(name="title", description="In the catalogue's first language", required=True),
            Column(name="title_language", description="Of the title (BCP 47)", required=True),
            Column(name="description", description="As Markdown, in the catalogue's first language"),
            _address("catalogue_page", "Its page in this catalogue", required=True),
            _address("portal_page", "Its page on the portal"),
            _address("landing_page", "The page that its publisher names"),
            Column(name="licence", description="Our code; empty where it was not recognised"),
            Column(name="licence_stated", description="The licence in the portal's words"),
            Column(name="rights", description="The statement of rights"),
            Column(name="access_rights", description="EU access-right code"),
            _when("issued", "When the data were first published"),
            _when("modified", "When the data last changed"),
            Column(name="frequency", description="EU frequency code"),
            Column(name="frequency_stated", description="The frequency in the portal's words"),
            Column(name="languages", description="Of the data (BCP 47), with spaces between"),
            Column(name="version", description="As the portal names it"),
            Column(name="status", description="As the portal names it"),
            Column(
                name="first_seen", description="First night in this catalogue", type="date", required=True
            ),
            Column(name="changed", description="Last night on which it changed", type="date", required=True),
        ),
        rows=_rows.datasets,
    ),
    Table(
        name="distributions",
        title="The files and services of the datasets",
        key=("dataset", "id"),
        references=_OF_DATASET,
        columns=(
            _DATASET,
            Column(name="id", description="Its id within the dataset", required=True),
            Column(name="kind", description="What it is", values=get_args(Kind), required=True),
            Column(name="title", description="In the catalogue's first language"),
            Column(name="description", description="In the catalogue's first language"),
            _address("access_url", "Where to get it"),
            _address("download_url", "The file itself"),
            Column(name="format", description="Our code; empty where it was not recognised"),
            Column(name="format_stated", description="The format in the portal's words"),
            Column(name="media_type", description="IANA media type"),
            _count("byte_size", "In bytes"),
            Column(name="checksum", description="algorithm:value"),
            Column(name="licence", description="Our code, where it states a licence of its own"),
            Column(name="licence_stated", description="Its own licence in the portal's words"),
            Column(name="rights", description="Its own statement of rights"),
            _when("issued", "When it was first published"),
            _when("modified", "When it last changed"),
            Column(name="languages", description="Of the data (BCP 47), with spaces between"),
        ),
        rows=_rows.distributions,
    ),
    Table(
        name="texts",
        title="Titles and descriptions in further languages than the one that the table of datasets shows",
        key=("dataset", "field", "language"),
        references=_OF_DATASET,
        columns=(
            _DATASET,
            Column(name="field", description="Which text", values=("title", "description"), required=True),
            Column(name="language", description="BCP 47; und where not stated", required=True),
            Column(name="text", description="Descriptions as Markdown", required=True),
        ),
        rows=_rows.texts,
    ),
    Table(
        name="keywords",
        title="The keywords of the datasets",
        key=("dataset", "language", "keyword"),
        references=_OF_DATASET,
        columns=(
            _DATASET,
            Column(name="language", description="BCP 47; und where not stated", required=True),
            Column(name="keyword", description="One keyword", required=True),
        ),
        rows=_rows.keywords,
    ),
    Table(
        name="themes",
        title="The themes of the datasets",
        references=_OF_DATASET,
        columns=(
            _DATASET,
            Column(name="theme", description="EU data-theme code; empty where not recognised"),
            Column(name="stated", description="The portal's words; empty: read from the keywords"),
        ),
        rows=_rows.themes,
    ),
    Table(
        name="identifiers",
        title="The identifiers that the sources give their datasets",
        key=("dataset", "identifier"),
        references=_OF_DATASET,
        columns=(
            _DATASET,
            Column(name="identifier", description="In the source's words", required=True),
        ),
        rows=_rows.identifiers,
    ),
    Table(
        name="contacts",
        title="Whom to ask about a dataset",
        key=("dataset", "number"),
        references=_OF_DATASET,
        columns=(
            _DATASET,
            _NUMBER,
            Column(name="name", description="A desk, an office or a person"),
            Column(name="email", description="Mail address"),
            Column(name="phone", description="Telephone"),
            _address("url", "A page or form"),
        ),
        rows=_rows.contacts,
    ),
    Table(
        name="places",
        title="Where the datasets are about",
        key=("dataset", "number"),
        references=_OF_DATASET,
        columns=(
            _DATASET,
            _NUMBER,
            Column(name="label", description="The name of the place"),
            _address("uri", "Its IRI"),
            *(
                Column(name=side, description=f"{side.title()}ern edge in degrees", type="number")
                for side in ("west", "south", "east", "north")
            ),
        ),
        rows=_rows.places,
    ),
    Table(
        name="periods",
        title="Which time the datasets are about",
        key=("dataset", "number"),
        references=_OF_DATASET,
        columns=(
            _DATASET,
            _NUMBER,
            _when("start", "The beginning; empty: open"),
            _when("end", "The end; empty: open"),
        ),
        rows=_rows.periods,
    ),
    Table(
        name="links",
        title="What the datasets refer to",
        key=("dataset", "relation", "target"),
        references=_OF_DATASET,
        columns=(
            _DATASET,
            Column(
                name="relation", description="How they belong together", values=_rows.LINKS, required=True
            ),
            Column(name="target", description="An address, or the name of a standard", required=True),
        ),
        rows=_rows.links,
    ),
    Table(
        name="listings",
        title="Which sources list each dataset",
        key=("dataset", "source"),
        references=(*_OF_DATASET, Reference("source", "sources")),
        columns=(
            _DATASET,
            Column(name="source", description="Who lists it", required=True),
            Column(
                name="listed_as", description="The id that it was given when first seen there", required=True
            ),
            _address("page", "Its own page on that portal"),
            Column(
                name="role",
                description="Is this where the dataset comes from, as far as is known?",
                values=("origin", "other"),
                required=True,
            ),
        ),
        rows=_rows.listings,
    ),
    Table(
        name="possible_duplicates",
        title="Datasets that may be one, and are not joined because it is not certain",
        key=("first", "second"),
        references=(Reference("first", "datasets"), Reference("second", "datasets")),
        columns=(
            Column(name="first", description="The dataset with the smaller id", required=True),
            Column(name="second", description="The other one", required=True),
            Column(
                name="reason",
                description="What they share; publisher and place beside their title",
                values=get_args(Reason),
                required=True,
            ),
        ),
        rows=_rows.possible_duplicates,
    ),
    Table(
        name="findings",
        title="What is wrong in the metadata, and where",
        references=(Reference("source", "sources"), Reference("dataset", "datasets")),
        columns=(
            Column(name="source", description="Whose metadata", required=True),
            Column(name="dataset", description="Empty: the source as a whole"),
            Column(name="code", description="What is wrong", required=True),
            Column(name="severity", description="How bad it is", values=get_args(Severity), required=True),
            Column(name="field", description="Where in the record"),
        ),
        rows=_rows.findings,
    ),
)
