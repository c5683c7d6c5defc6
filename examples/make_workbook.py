"""Makes alder-creek.xlsx, the list of a village that keeps its data in one workbook.

    python examples/make_workbook.py

The workbook lies beside it; run this again after changing what it holds. It is as people make
them: a title above the headings, merged cells, a group heading, an empty row, links behind words,
dates that are dates and one that is not, a row whose title was forgotten, and a sheet of notes.
"""

from __future__ import annotations

import datetime as dt
from pathlib import Path

from openpyxl import Workbook
from openpyxl.styles import Alignment, Font, PatternFill

FILE = Path(__file__).with_name("alder-creek.xlsx")
SITE = "https://aldercreek.example/data"

HEADINGS = (
    "Dataset name", "What it contains", "Department", "E-mail", "Keywords", "How often updated",
    "Last updated", "Licence", "File", "Format", "Link",
)  # fmt: skip

Row = tuple[object, ...]

ROWS: list[Row] = [
    ("Out of doors",),
    ("Trail map", "Every marked trail in the village forest, with length and steepness.",
     "Village clerk", "clerk@aldercreek.example", "trails; walking; forest", "Yearly", dt.date(2026, 5, 17),
     "CC BY 4.0", "Trails", "KML", f"{SITE}/trails.kml"),
    (None,) * 8 + ("Trails, for your GPS", "GPX", f"{SITE}/trails.gpx"),
    ("Playground inspections", "What was checked on the two playgrounds, what was found, what was mended.",
     "Road crew", "roads@aldercreek.example", "playgrounds; children; safety", "Twice a year",
     dt.date(2026, 10, 2), "CC0", "Inspections", "CSV", "download"),
    ("Groundwater levels", "Depth of the water in four wells, measured by volunteers once a month.",
     "Village clerk", "clerk@aldercreek.example", "water; wells; groundwater", "Monthly",
     dt.date(2026, 11, 1), "CC BY 4.0", "Levels since 2019", "XLSX", f"{SITE}/wells.xlsx"),
    (None, "Where the village sprays against mosquitoes, and when.", "Road crew", "roads@aldercreek.example",
     "mosquitoes; health", "Yearly", dt.date(2026, 6, 8), None, "Spraying", "CSV", f"{SITE}/mosquitoes.csv"),
    (),
    ("Village life",),
    ("Dog licences", "Licences by year and breed.", "Village clerk", "clerk@aldercreek.example", "dogs; pets",
     "Yearly", dt.date(2026, 2, 2), "Public domain", "Dogs", "CSV", f"{SITE}/dogs.csv"),
    ("Community hall bookings", "When the hall is taken, and for what. Private names are left out.",
     "Hall committee", "hall@aldercreek", "community hall; events; bookings", "Weekly", "last Friday",
     "CC BY 4.0", "Bookings", "iCal", f"{SITE}/hall.ics"),
    ("Village minutes", "Minutes of the village trustees since 1998, scanned until 2015.", "Village clerk",
     "clerk@aldercreek.example", "minutes; meetings; trustees", "Monthly", dt.date(2026, 11, 9),
     "Public domain", "Minutes", "PDF", f"{SITE}/minutes/"),
    ("Fire calls", "Calls of the volunteer fire company, by month, kind and hour. No addresses.",
     "Fire company", "fire@aldercreek.example", "fire; emergency; volunteers", "Monthly",
     dt.date(2026, 11, 3), None, "Calls 2019 to 2026", "CSV", f"{SITE}/fire-calls.csv"),
    ("Total: 8 lists",),
]  # fmt: skip


def main() -> None:
    """Write the workbook."""
    book = Workbook()
    sheet = book.active
    sheet.title = "Our data"
    sheet.append(["Village of Alder Creek: what data we have"])
    sheet.append(["Questions: clerk@aldercreek.example, or knock at the village office on Tuesdays."])
    sheet.append([])
    sheet.append(HEADINGS)
    for cell in (*sheet[1], *sheet[4]):
        cell.font = Font(bold=True)
    for row in ROWS:
        sheet.append(row)
        if len(row) == 1:  # a heading for the rows below it
            sheet.merge_cells(
                start_row=sheet.max_row, end_row=sheet.max_row, start_column=1, end_column=len(HEADINGS)
            )
            sheet.cell(sheet.max_row, 1).fill = PatternFill("solid", fgColor="DDEBDD")
    for column in range(1, 9):  # two files, one dataset
        sheet.merge_cells(start_row=6, end_row=7, start_column=column, end_column=column)
    sheet["K8"].hyperlink = f"{SITE}/playgrounds.csv"
    for column, width in zip("ABCDEFGHIJK", (26, 50, 16, 28, 28, 16, 14, 14, 20, 10, 40), strict=True):
        sheet.column_dimensions[column].width = width
    for row in sheet.iter_rows(min_row=5):
        for cell in row:
            cell.alignment = Alignment(wrap_text=True, vertical="top")
    notes = book.create_sheet("Notes")
    notes["A1"] = "Ask before you change the columns: the valley's catalogue reads this file every night."
    book.save(FILE)


if __name__ == "__main__":
    main()
