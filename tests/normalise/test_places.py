from __future__ import annotations

import pytest

from harvester.model import DraftPlace, Place
from harvester.normalise.notes import Notes
from harvester.normalise.places import clean

TOWN = (-83.3, 42.2, -82.9, 42.5)


def read(draft: DraftPlace) -> tuple[Place | None, list[str]]:
    notes = Notes()
    return clean(draft, "spatial.0", notes), [note.code for note in notes.all()]


@pytest.mark.parametrize(
    "text",
    [
        "-83.3,42.2,-82.9,42.5",
        "-83.3, 42.2, -82.9, 42.5",
        "-83.3 42.2 -82.9 42.5",
        "[-83.3, 42.2, -82.9, 42.5]",
        "-8.33e1,42.2,-82.9,42.5",
        "POLYGON((-83.3 42.2, -82.9 42.2, -82.9 42.5, -83.3 42.5, -83.3 42.2))",
        "SRID=4326;POLYGON((-83.3 42.2, -82.9 42.5, -83.3 42.2))",
        "polygon z ((-83.3 42.2 1, -82.9 42.5 2))",
        "<http://www.opengis.net/def/crs/OGC/1.3/CRS84> POLYGON((-83.3 42.2, -82.9 42.5))",
        "<http://www.opengis.net/def/crs/EPSG/0/4326> POLYGON((42.2 -83.3, 42.5 -82.9))",
        "MULTIPOINT((-83.3 42.2), (-82.9 42.5))",
        "ENVELOPE(-83.3, -82.9, 42.5, 42.2)",
        "BBOX(-83.3, 42.2, -82.9, 42.5)",
        "BOX(-83.3 42.2, -82.9 42.5)",
        '{"type": "Polygon", "coordinates": [[[-83.3, 42.2], [-82.9, 42.2], [-82.9, 42.5]]]}',
        '{"type": "Feature", "properties": {}, "geometry": {"type": "MultiPoint", "coordinates": [[-83.3, 42.5], [-82.9, 42.2, 7]]}}',
        '{"type": "envelope", "coordinates": [[-83.3, 42.5], [-82.9, 42.2]]}',
        '{"type": "GeometryCollection", "geometries": [{"coordinates": [-83.3, 42.2]}, {"coordinates": [-82.9, 42.5]}]}',
        '{"type": "Feature", "bbox": [-83.3, 42.2, -82.9, 42.5], "geometry": null}',
        '{"bbox": [-83.3, 42.2, 0, -82.9, 42.5, 9]}',
        '{"xmin": -83.3, "ymin": 42.2, "xmax": -82.9, "ymax": 42.5, "spatialReference": {"wkid": 4326}}',
    ],
)
def test_every_notation_of_a_box_gives_the_box(text: str) -> None:
    assert read(DraftPlace(text=text)) == (Place(bbox=TOWN, raw=text), [])


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("NaN,1e309,-Infinity,200", "spatial-bbox-invalid"),
        ("200,10,210,20", "spatial-bbox-invalid"),
        ("0,0,0,0", "spatial-bbox-invalid"),
        ("10,0,-10,5", "spatial-bbox-invalid"),
        ("POLYGON((500000 200000, 510000 210000))", "spatial-bbox-invalid"),
        ('{"type": "Point", "coordinates": [0.0, 0.0]}', "spatial-bbox-invalid"),
        ("-180,-90,180,90", "spatial-world"),
        ("-160,-80,160,80", "spatial-world"),
        ('{"type": "Polygon", "coordinates": [[[0.5, -89.5], [359.5, 89.5]]]}', "spatial-world"),
        ("POLYGON EMPTY", "spatial-not-parsed"),
        ('{"type": "Poly', "spatial-not-parsed"),
        ('{"coordinates": [["a", null], []]}', "spatial-not-parsed"),
        ("{" * 5_000, "spatial-not-parsed"),
        ('{"coordinates":' + "[" * 100_000 + "]" * 100_000 + "}", "spatial-not-parsed"),
        ("1,2,3", "spatial-not-parsed"),
    ],
)
def test_what_gives_no_box_is_kept_raw_and_never_becomes_a_name(text: str, code: str) -> None:
    place, codes = read(DraftPlace(text=text))
    assert place == Place(raw=text[:1000])
    assert codes == [code]


@pytest.mark.parametrize("text", ["", ",,,", " , , , ", "null", "N/A", "{{extent}}"])
def test_nothing_is_no_place(text: str) -> None:
    assert read(DraftPlace(text=text)) == (None, [])


def test_exchanged_latitudes_are_put_right() -> None:
    place, codes = read(DraftPlace(text="-83.3,42.5,-82.9,42.2"))
    assert place
    assert place.bbox == TOWN
    assert codes == ["spatial-bbox-invalid"]


def test_a_box_across_the_date_line_is_a_box() -> None:
    place, codes = read(DraftPlace(text="170,-50,-170,-40"))
    assert place
    assert (place.bbox, codes) == ((170, -50, -170, -40), [])


def test_names_and_iris() -> None:
    assert read(DraftPlace(text="United States")) == (Place(label="United States", raw="United States"), [])
    uri = "http://sws.geonames.org/4984247/"
    assert read(DraftPlace(text=uri)) == (Place(uri=uri, raw=uri), [])
    assert read(DraftPlace(label="<b>Elmford</b>", uri=uri, bbox="-83.3,42.2,-82.9,42.5")) == (
        Place(label="Elmford", uri=uri, bbox=TOWN, raw="-83.3,42.2,-82.9,42.5"),
        [],
    )


def test_a_geometry_stands_in_for_a_box_that_says_nothing() -> None:
    place, codes = read(DraftPlace(bbox=",,,", geometry="POINT(-83.3 42.2)"))
    assert place
    assert place.bbox == (-83.3, 42.2, -83.3, 42.2)
    assert codes == []
