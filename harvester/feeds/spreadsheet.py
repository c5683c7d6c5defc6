"""Lists of datasets that people keep by hand: CSV files and workbooks (XLSX, ODS, XLS).

The list may have titles above its headings, headings in English, French or Spanish, one row for
each dataset or one for each file, or one sheet for the datasets and another for their files, as
Argentina's template has them (https://github.com/datosgobar/pydatajson). `docs/spreadsheet.md`
says the same for the person who keeps the list.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from msgspec import Struct
from msgspec.structs import replace

from harvester.document import Document, Get
from harvester.errors import FeedError, FetchError
from harvester.feeds._tables import MAX_ROWS, Table, inventory, text, workbooks
from harvester.feeds._tables.entries import Entries
from harvester.feeds._tables.headings import ADDRESSES, Header, find_header, understood
from harvester.feeds._tables.rows import Row, content_rows
from harvester.feeds._tables.share import Share, share_of
from harvester.model import N_, Item, Problem, Source

TITLE = "Spreadsheet (CSV, Excel, OpenDocument)"
ORDER = 90
HINTS = ()
PROBES = ("",)

_OF_DATASETS = frozenset(
    ("publisher.name", "keywords", "themes", "contact.name", "contact.email", "frequency", "landing_page")
)
_MOST_PROBLEMS = 100
_MOST_TO_RECOGNISE = 8_000_000  # bytes of a workbook; a larger one holds data, not a list of datasets


def recognise(document: Document) -> bool:
    """A table whose headings are those of a list of datasets, and not of one of the datasets."""
    if (which := workbooks.kind(document)) is not None:
        return document.size <= _MOST_TO_RECOGNISE and _holds_inventory(document, which)
    table = text.beginning(document)
    header = find_header(table.rows) if table is not None else None
    return table is not None and header is not None and inventory.lists_datasets(table.rows, header)


def export_of(url: str) -> tuple[str, bool] | None:
    """The address of the file behind a share link, and whether the link can be nothing else."""
    share = share_of(url)
    return (share.export, share.certain) if share is not None else None


def _holds_inventory(document: Document, which: workbooks.Kind) -> bool:
    try:
        for table in workbooks.read(document, which):
            header = find_header(table.rows)
            if header is not None and inventory.lists_datasets(table.rows, header):
                return True
    except FeedError:
        pass  # damaged: whoever enters it with its type is told how
    return False


def read(source: Source, get: Get) -> Iterator[Item]:
    """Every dataset of the list, then each row that could not be read."""
    document = _document(source, get)
    sheets = _sheets(document, source.language)
    main, files = _choose(sheets)
    entries = Entries()
    rows, _ = content_rows(main.table, main.header)
    problems = [_no_title(document.url, main, row) for row in rows if not entries.add(row)]
    if files is not None:
        rows, _ = content_rows(files.table, files.header)
        problems += [_no_dataset(document.url, files, row) for row in rows if not entries.add_file(row)]
    problems += [_no_title(document.url, main, entry.rows[0]) for entry in entries.all if not entry.title]
    yield from (entry.draft(document.url) for entry in entries.all if entry.title)
    yield from _limited(problems, document.url)
    yield from _incomplete(sheets, main, files, document.url)


# ------------------------------------------------------------------------------ the document


def _document(source: Source, get: Get) -> Document:
    """The file; the one behind the link where the source's address is one by which a file is shared."""
    share = share_of(source.url) if source.path is None else None
    if share is not None:
        document = _shared(source.url, share, get)
        if document is not None:
            return replace(document, url=source.url)  # the link is what people know
    document = get(source.url)
    # a file of this machine is to be told, and published, as it was written
    return replace(document, url=source.url) if source.path is not None else document


def _shared(url: str, share: Share, get: Get) -> Document | None:
    """The shared file; None where the link may be none by which a file is shared.

    Raises `FeedError`, with how to share it, where the service asks for a login.
    """
    try:
        document = get(share.export)
    except FetchError as error:
        if error.status is None or (error.status >= 500 and share.certain):
            raise
        if not share.certain:
            return None
        if error.status == 404:
            raise FeedError(
                url,
                N_("{service} has no such file: it was deleted, or the link is not complete."),
                N_("Copy the link once more from {service}, and write it as url:."),
                service=share.service,
            ) from error
        raise _private(url, share) from error
    if workbooks.kind(document) is None and text.is_page(document):
        if share.certain or _asks_for_login(document):
            raise _private(url, share)
        return None
    return document


_LOGIN = re.compile(rb"type=[\"']?password|/authenticate/|core-public-page-authenticate", re.IGNORECASE)


def _asks_for_login(document: Document) -> bool:
    return _LOGIN.search(document.head(200_000)) is not None


def _private(url: str, share: Share) -> FeedError:
    return FeedError(
        url,
        N_("The file is not shared with everybody: {service} answers with a page to log in."),
        share.remedy,
        service=share.service,
    )


# ------------------------------------------------------------------------------ sheets


class Sheet(Struct, frozen=True):
    """A sheet with headings that are understood."""

    table: Table
    header: Header


def _sheets(document: Document, language: str | None) -> list[Sheet]:
    """The sheets of the document that have headings. Raises `FeedError` when there is none."""
    which = workbooks.kind(document)
    if which is None and workbooks.is_locked(document):
        raise FeedError(
            document.url,
            N_("The workbook is protected by a password."),
            N_("Publish a copy of it without a password."),
        )
    tables = [text.read(document, language)] if which is None else workbooks.read(document, which)
    found = [
        Sheet(table, header) for table in tables if (header := find_header(table.rows, language)) is not None
    ]
    if not found:
        raise FeedError(
            document.url,
            N_("No row of headings was found: it names the column of titles and at least one more."),
            N_("Write headings such as these above the columns: {headings}."),
            headings=understood(language),
        )
    return found


def _choose(sheets: list[Sheet]) -> tuple[Sheet, Sheet | None]:
    """The sheet of datasets, and the one of their files where these have their own."""
    main = max(sheets, key=lambda sheet: (_says_of_datasets(sheet), sheet.header.weight))
    return main, next((sheet for sheet in sheets if sheet is not main and _lists_files_of(sheet, main)), None)


def _says_of_datasets(sheet: Sheet) -> int:
    """How many fields of a dataset the sheet has; those of files do not count."""
    return sum(not field.startswith("file.") for field in sheet.header.exact)


def _lists_files_of(sheet: Sheet, main: Sheet) -> bool:
    """Does this sheet hold files, each with the identifier or title of a dataset in the main sheet?"""
    if not ADDRESSES & sheet.header.fields or _OF_DATASETS & sheet.header.fields:
        return False
    entries = Entries()
    for row in content_rows(main.table, main.header)[0]:
        entries.add(row)
    rows, _ = content_rows(sheet.table, sheet.header)
    return 2 * sum(entries.named(row) is not None for row in rows) > len(rows)


# ------------------------------------------------------------------------------ troubles


def _place(where: str, sheet: Sheet) -> str:
    return f"{where}, {sheet.table.sheet}" if sheet.table.sheet else where


def _no_title(where: str, sheet: Sheet, row: Row) -> Problem:
    return Problem(
        where=_place(where, sheet),
        what=N_("Row {row} has no title, so it is not known which dataset it is about: {cells}."),
        remedy=N_("Write the title of the dataset into the column “{column}” of that row."),
        values={
            "row": str(row.number),
            "cells": " | ".join(cell for _, cell in row.left())[:100],
            "column": sheet.header.of("title")[0].heading,
        },
    )


def _no_dataset(where: str, sheet: Sheet, row: Row) -> Problem:
    return Problem(
        where=_place(where, sheet),
        what=N_("Row {row} is about a dataset that is not in the list of datasets: {name}."),
        remedy=N_("Write the identifier of the dataset as the list of datasets has it."),
        values={
            "row": str(row.number),
            "name": (row.first("identifier") or row.first("title") or "?")[:100],
        },
    )


def _limited(problems: list[Problem], where: str) -> Iterator[Problem]:
    yield from problems[:_MOST_PROBLEMS]
    if len(problems) > _MOST_PROBLEMS:
        yield Problem(
            where=where,
            what=N_("{count} more rows could not be read."),
            remedy=N_("Mend the rows named above first; the others likely have the same fault."),
            values={"count": str(len(problems) - _MOST_PROBLEMS)},
        )


def _incomplete(sheets: list[Sheet], main: Sheet, files: Sheet | None, where: str) -> Iterator[Problem]:
    """What of the document was not read, and why."""
    for line in main.table.unclosed[:_MOST_PROBLEMS]:
        yield Problem(
            where=where,
            what=N_("Line {line} opens a quotation mark that is never closed."),
            remedy=N_("Check that line; its quotation marks were passed over."),
            values={"line": str(line)},
        )
    for sheet in sheets:
        is_read = sheet is main or sheet is files
        if is_read and sheet.table.cut:
            yield Problem(
                where=_place(where, sheet),
                what=N_("The list is very long; only its first {limit} rows were read."),
                remedy=N_("Divide it into several lists, and enter each as a source of its own."),
                values={"limit": str(MAX_ROWS)},
                partial=True,
            )
        elif not is_read and _is_list(sheet):
            yield Problem(
                where=_place(where, sheet),
                what=N_("This sheet looks like a list of datasets too; only the sheet “{main}” was read."),
                remedy=N_("Move its rows to that sheet, or delete the sheet if it is an old copy."),
                values={"main": main.table.sheet},
            )


def _is_list(sheet: Sheet) -> bool:
    """Is this sheet one that people would miss, rather than notes or explanations?"""
    fields = sheet.header.exact
    return sheet.header.certain and len(fields) >= 4 and bool(fields & (ADDRESSES | {"description"}))
