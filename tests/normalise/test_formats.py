from __future__ import annotations

import pytest

from harvester.model import Coded
from harvester.normalise.formats import Address, clean, named, of_address

NOWHERE = Address(None, is_file=False, is_service=False)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("CSV", "csv"),
        (".csv", "csv"),
        ("text/csv; charset=utf-8", "csv"),
        ("http://publications.europa.eu/resource/authority/file-type/CSV", "csv"),
        ("https://www.iana.org/assignments/media-types/text/csv", "csv"),
        ("Comma Separated Values", "csv"),
        ("fichier CSV", "csv"),
        ("Shape File", "shp"),
        ("ESRI Shapefile (zip)", "shp"),
        ("Esri REST", "esri-rest"),
        ("ArcGIS GeoServices REST API", "esri-rest"),
        ("Web Page", "html"),
        ("GeoTIFF", "geotiff"),
        ("Tagged Image File Format (TIFF)", "tiff"),
        ("Excel", "xls"),
        ("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "xlsx"),
        ("OGC WMS", "wms"),
        ("hoja de cálculo Excel", "xls"),
        ("CSV, csv", "csv"),
        ("CSV, XLS", None),
        ("Originator data format", None),
        ("", None),
    ],
)
def test_names_of_formats(text: str, code: str | None) -> None:
    assert named(text) == code


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("https://x.example/a.csv", Address("csv", True, False)),
        ("https://x.example/a.CSV?x=1", Address("csv", True, False)),
        ("https://x.example/a.tar.gz", Address("tgz", True, False)),
        ("https://x.example/a.geojson", Address("geojson", True, False)),
        ("https://x.example/page.html", Address("html", False, False)),
        ("https://x.example/page.php", Address(None, False, False)),
        ("https://x.example/dataset/trees", Address(None, False, False)),
        ("https://x.example.csv", Address(None, False, False)),
        # export paths of the platforms
        ("https://x.example/api/views/ab12-cd34/rows.csv?accessType=DOWNLOAD", Address("csv", True, False)),
        ("https://x.example/datastore/dump/0123", Address("csv", True, False)),
        ("https://x.example/api/explore/v2.1/catalog/datasets/trees/exports/geojson?lang=en", Address("geojson", True, False)),
        ("https://x.example/api/v3/datasets/0a_0/downloads/data?format=csv&spatialRefId=4326", Address("csv", True, False)),
        ("https://x.example/dataset/1/resource/248e3536-6cc7-4958-888a-15acb5c5f6ff/download/a.xlsx", Address("xlsx", True, False)),
        ("https://x.example/wfs?service=WFS&request=GetFeature&typename=t&outputFormat=csv", Address("csv", True, False)),
        ("https://x.example/arcgis/rest/services/t/FeatureServer/0/query?where=1&f=geojson", Address("geojson", True, False)),
        # services
        ("https://x.example/arcgis/rest/services/t/FeatureServer/0", Address("esri-rest", False, True)),
        ("https://x.example/arcgis/rest/services/t/MapServer?f=json", Address("esri-rest", False, True)),
        ("https://x.example/geoserver/wms?request=GetCapabilities", Address("wms", False, True)),
        ("https://x.example/ows?service=WFS&version=2.0.0", Address("wfs", False, True)),
        ("https://x.example/MapServer/WMSServer?request=GetCapabilities&service=WMS", Address("wms", False, True)),
        ("https://x.example/sparql", Address("sparql", False, True)),
        ("https://x.example/thredds/dodsC/sst.nc", Address("opendap", False, True)),
        ("https://x.example/api/3/action/datastore_search?resource_id=1", Address("api", False, True)),
    ],
)  # fmt: skip
def test_what_an_address_tells(url: str, expected: Address) -> None:
    assert of_address(url) == expected


@pytest.mark.parametrize(
    ("format_", "media_type", "address", "expected"),
    [
        ("CSV", "text/html", NOWHERE, Coded(code="csv", raw="CSV")),
        (None, "text/csv", NOWHERE, Coded(code="csv", raw="text/csv")),
        (None, None, Address("csv", True, False), Coded(code="csv", raw="csv")),
        ("mystery", "text/csv", NOWHERE, Coded(code="csv", raw="mystery")),
        ("mystery", None, NOWHERE, Coded(code=None, raw="mystery")),
        ("application/octet-stream", None, Address("shp", True, False), Coded(code="shp", raw="application/octet-stream")),
        ("application/octet-stream", None, NOWHERE, Coded(code="bin", raw="application/octet-stream")),
        (None, "application/json", Address("esri-rest", False, True), Coded(code="esri-rest", raw="application/json")),
        ("application/vnd.lotus-organizer", None, NOWHERE, None),  # a program's guess at an address in .org
        ("N/A", "", NOWHERE, None),
        (None, "application/unknown", NOWHERE, None),
    ],
)  # fmt: skip
def test_a_format_is_what_the_source_says_else_what_the_rest_tells(
    format_: str | None, media_type: str | None, address: Address, expected: Coded | None
) -> None:
    assert clean(format_, media_type, address) == expected
