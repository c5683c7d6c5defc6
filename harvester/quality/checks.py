"""Custom Frictionless checks: what one cell cannot show.

**To add a check**, write a subclass of `QualityCheck` here and put it into `CHECKS`, name it under
`checks:` of its table in the profile, and give it words under `findings:`. Its `type` is its name in
the profile and the code of its findings, `needs` are the columns that it reads, and its docstring
is its explanation. A check sees the rows of its table one by one, and may see only a part of them.
"""

from __future__ import annotations

import builtins
import calendar
import datetime as dt
import re
from collections.abc import Iterator
from functools import cache, lru_cache
from typing import ClassVar

import attrs
from frictionless import Check, Error, Row
from frictionless.errors import RowError

from harvester import vocabularies

TOLERANCE = dt.timedelta(days=1)
"""A date may be this far ahead: somewhere on earth it is tomorrow already."""

PATIENCE = dt.timedelta(days=30)
"""Nothing is called overdue sooner than this, so that a weekend does not make daily data stale."""


@attrs.define(kw_only=True, repr=False)
class FoundError(RowError):
    """What a check found in a row, and at which column."""

    type: ClassVar[str] = "found"
    template: ClassVar[str] = "{note}"
    column: str
    raw: str

    def __attrs_post_init__(self) -> None:
        """Without the message that Frictionless composes of every error: it takes longer than the check."""
        self.message = self.note


@attrs.define(kw_only=True, repr=False)
class QualityCheck(Check):
    """A rule of ours. `_find` yields the columns that break it, each with what stands there."""

    type: ClassVar[str] = ""
    table: ClassVar[str] = "datasets"
    needs: ClassVar[tuple[str, ...]] = ()
    Errors: ClassVar[list[builtins.type[Error]]] = [FoundError]

    today: dt.date

    def _find(self, row: Row) -> Iterator[tuple[str, str]]:
        """The columns of this row that break the rule, and the words to show."""
        raise NotImplementedError

    def validate_row(self, row: Row) -> Iterator[Error]:
        """What Frictionless calls for each row."""
        for column, raw in self._find(row):
            yield FoundError(note=self.type, cells=[], row_number=row.row_number, column=column, raw=raw)


# ------------------------------------------------------------------------------ dates

_DATE = re.compile(r"(\d{4})(?:-(\d\d)(?:-(\d\d)(?:T.*)?)?)?")


@lru_cache(maxsize=10_000)
def span(date: str | None) -> tuple[dt.date, dt.date] | None:
    """The first and the last day that a date of reduced precision can mean; None where it is no date."""
    parts = _DATE.fullmatch(date or "")
    if parts is None:
        return None
    year, month, day = (int(part) if part else None for part in parts.groups())
    assert year is not None
    try:
        first = dt.date(year, month or 1, day or 1)
    except ValueError:
        return None
    last_month = month or 12
    return first, dt.date(year, last_month, day or calendar.monthrange(year, last_month)[1])


class DateInFuture(QualityCheck):
    """A date of publication or change that has not come yet."""

    type = "date-in-future"
    needs = ("issued", "modified")

    def _find(self, row: Row) -> Iterator[tuple[str, str]]:
        for column in self.needs:
            days = span(row[column])
            if days and days[0] > self.today + TOLERANCE:
                yield column, row[column]


class DateBefore1900(QualityCheck):
    """A date before 1900, or the first day of 1970: what computers write when they were given none."""

    type = "date-before-1900"
    needs = ("issued", "modified")

    def _find(self, row: Row) -> Iterator[tuple[str, str]]:
        for column in self.needs:
            days = span(row[column])
            if days and (days[1] <= dt.date(1900, 1, 1) or row[column].startswith("1970-01-01")):
                yield column, row[column]


class ModifiedBeforeIssued(QualityCheck):
    """The last change lies before the publication, even when both dates are read generously."""

    type = "modified-before-issued"
    needs = ("issued", "modified")

    def _find(self, row: Row) -> Iterator[tuple[str, str]]:
        issued, modified = span(row["issued"]), span(row["modified"])
        if issued and modified and modified[1] < issued[0]:
            yield "modified", row["modified"]


class Stale(QualityCheck):
    """Not changed within twice the time that its stated frequency allows."""

    type = "stale"
    needs = ("frequency", "modified")

    def _find(self, row: Row) -> Iterator[tuple[str, str]]:
        patience, modified = _patience(row["frequency"]), span(row["modified"])
        if patience and modified and self.today - modified[1] > patience:
            yield "modified", row["modified"]


def _patience(frequency: str | None) -> dt.timedelta | None:
    """How long after its last change data may be called fresh; None where it has no rhythm."""
    known = vocabularies.frequencies().get(frequency or "")
    return max(PATIENCE, 2 * dt.timedelta(days=known.days)) if known and known.days is not None else None


# ------------------------------------------------------------------------------ words

_FILE_NAME = re.compile(
    r"""
      \S+\.(csv|tsv|txt|xlsx?|ods|zip|shp|kml|kmz|json|geojson|gdb|pdf|docx?|xml|dbf|mdb)  # trees_2019.csv
    | \S*_\S*                                                                              # tbl_trees
    | (layer|table|sheet|feature|dataset|file|new|untitled|export|query) [\s_-]* \d*       # Layer0
    | [0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12} | [0-9a-f]{24,64}                          # an identifier
    | [\W\d_]*\d[\W\d_]*                                                                   # 300.21
    """,
    re.VERBOSE | re.IGNORECASE,
)


class TitleIsFileName(QualityCheck):
    """The title is the name of a file, table or layer, an identifier or a number."""

    type = "title-is-file-name"
    needs = ("title",)

    def _find(self, row: Row) -> Iterator[tuple[str, str]]:
        title = row["title"]
        if title and len(title) <= 200 and _FILE_NAME.fullmatch(title.strip()):
            yield "title", title


class DescriptionSameAsTitle(QualityCheck):
    """The description holds the title's words and no others."""

    type = "description-same-as-title"
    needs = ("title", "description")

    def _find(self, row: Row) -> Iterator[tuple[str, str]]:
        title, description = row["title"], row["description"]
        if (
            title
            and description
            and len(description) < len(title) + 20
            and _bare(title) == _bare(description)
        ):
            yield "description", description


def _bare(text: str) -> str:
    return "".join(filter(str.isalnum, text)).casefold()


# ------------------------------------------------------------------------------ licences and files


class LicenceNotOpen(QualityCheck):
    """A licence that we know, and that does not allow every use (opendefinition.org)."""

    type = "licence-not-open"
    needs = ("licence",)

    def _find(self, row: Row) -> Iterator[tuple[str, str]]:
        known = vocabularies.licences().get(row["licence"] or "")
        if known and known.open == "n":
            yield "licence", known.title


class DistributionIsWebpage(QualityCheck):
    """Everything that the dataset offers is a web page."""

    type = "distribution-is-webpage"
    needs = ("distributions", "pages")

    def _find(self, row: Row) -> Iterator[tuple[str, str]]:
        if row["pages"] and row["pages"] == row["distributions"]:
            yield "distributions", ""


class FormatMismatch(QualityCheck):
    """The format is contradicted by the ending of the file's address, or by its media type."""

    type = "format-mismatch"
    table = "distributions"
    needs = ("format", "media_type", "ending")

    def _find(self, row: Row) -> Iterator[tuple[str, str]]:
        stated, media_type = row["format"], row["media_type"] or ""
        ending = row["ending"]
        if ending in vocabularies.extensions():
            shown, words = vocabularies.extensions()[ending], f".{ending}"
        else:
            shown, words = _formats_by_media_type().get(media_type, ""), media_type
        if stated and _contradicts(stated, shown):
            yield "format", f"{stated}, {words}"


class MediaTypeInvalid(QualityCheck):
    """A media type that is not registered with IANA."""

    type = "media-type-invalid"
    table = "distributions"
    needs = ("media_type",)

    def _find(self, row: Row) -> Iterator[tuple[str, str]]:
        media_type = row["media_type"]
        if media_type and media_type not in vocabularies.media_types():
            yield "media_type", media_type


@cache
def _formats_by_media_type() -> dict[str, str]:
    found: dict[str, str] = {}
    for code, row in vocabularies.formats().items():
        found.setdefault(row.media_type or "", code)
    return found


def _contradicts(stated: str, shown: str) -> bool:
    """Can a file of the format `shown` not be what its publisher calls `stated`?"""
    kin = _kin().get(stated), _kin().get(shown)
    return all(kin) and kin[0] != kin[1]


@cache
def _kin() -> dict[str, str]:
    """What a format has in common with those that pass for it; none where anything can be inside."""
    found: dict[str, str] = {}
    for code, row in vocabularies.formats().items():
        media_type = row.media_type or ""
        if row.kind in {"archive", "service", "transport", "other"} or code == "txt":
            continue
        if code.startswith(("xls", "doc", "ppt")):
            found[code] = code[:3]
        elif "google-earth" in media_type:
            found[code] = "xml"
        elif media_type.startswith("text/") and code != "html":
            found[code] = "text"
        else:
            base = next((end for end in ("xml", "json", "sqlite3") if media_type.endswith(end)), media_type)
            found[code] = base
    return found


CHECKS: dict[str, type[QualityCheck]] = {
    check.type: check
    for check in (
        DateInFuture,
        DateBefore1900,
        ModifiedBeforeIssued,
        Stale,
        TitleIsFileName,
        DescriptionSameAsTitle,
        LicenceNotOpen,
        DistributionIsWebpage,
        FormatMismatch,
        MediaTypeInvalid,
    )
}
"""The checks that a profile can name."""
