"""`datasets.csv`: one row a dataset, safe and readable in a spreadsheet."""

from __future__ import annotations

import csv
from pathlib import Path

from harvester.model import CatalogRecord
from harvester.outputs import csv_list
from tests import make
from tests.outputs import records


def listed(folder: Path, *found: CatalogRecord) -> list[dict[str, str]]:
    csv_list.write(records.catalogue(*found), folder)
    csv.field_size_limit(10**6)
    with (folder / "datasets.csv").open(encoding="utf-8-sig", newline="") as stream:
        return list(csv.DictReader(stream))


def test_one_row_a_dataset(tmp_path: Path) -> None:
    full, bare, _ = listed(tmp_path, *records.plain())
    assert full == {
        "Identifier": "https://data.elmford.example/id/tree-1",
        "Title": "Street trees",
        "Description": "Every tree.",
        "Keywords": "parks; trees",
        "Theme": "ENVI",
        "Publisher": "Parks Department",
        "Contact": "Parks desk",
        "Contact email": "parks@elmford.example",
        "Phone": "'+1 555 0100",
        "Landing page": "https://www.elmford.example/trees",
        "URL": "https://data.elmford.example/files/csv.csv\nhttps://maps.elmford.example/wms?",
        "Format": "csv\nwms",
        "License": "CC-BY-4.0",
        "Rights": "Say where it comes from.",
        "Access level": "PUBLIC",
        "Issued": "2019",
        "Modified": "2026-03-14",
        "Frequency": "ANNUAL",
        "Spatial": "Elmford",
        "Start date": "2019",
        "End date": "2024-06",
        "Language": "en",
        "Documentation": "https://www.elmford.example/trees/manual.pdf",
        "Version": "3",
        "Portal": "Town of Elmford",
        "Page in this catalogue": "https://elmvalley.example/dataset/street-trees-000001/",
    }
    assert bare["Title"] == "Street trees 2"
    assert bare["License"] == bare["Issued"] == bare["URL"] == ""


def test_excel_reads_its_accents(tmp_path: Path) -> None:
    listed(tmp_path, make.record(title={"fr": "Forêts"}))
    assert (tmp_path / "datasets.csv").read_bytes().startswith("\ufeffIdentifier".encode())


def test_every_cell_fits_a_spreadsheet(tmp_path: Path) -> None:
    rows = listed(tmp_path, *records.hostile())
    assert len(rows) == len(records.hostile())
    assert max(len(value) for row in rows for value in row.values()) == 32_767
