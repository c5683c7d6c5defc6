"""Portals that answer nonsense: a small good portal of each feed type, and what is done to its answers.

`seeds` are the portals, `mutated` breaks a document, and `nonsense` lets a feed read such a portal and
says what must hold whatever it answers. tests/feeds/test_fuzz.py and benchmarks/fuzz.py use it.
"""

from __future__ import annotations

import io
import json
import random
import re
import zipfile
import zlib
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from typing import Any

import msgspec

from harvester import feeds
from harvester.document import Document
from harvester.errors import FeedError, FetchError
from harvester.model import Announced, Draft, Item, Problem, Source
from harvester.visit import normalise_batch

HOME = "https://data.elmford.example/"
SOURCE = Source(id="elmford", url=HOME, name="Town of Elmford", language="en")
MOST_CALLS = 400
"""Requests after which the portal answers nothing any more, as a visit that has cost enough."""

MOST_FURTHER = 25_000
"""Requests that a feed may make in vain: its own longest list of pages or files."""

_HERE = Path(__file__).parent

Portal = dict[str, bytes]
"""What stands in an address → what is answered there; the first that fits, "" fits all.

A whole address is where the source begins, else it begins at `HOME`.
"""


# ------------------------------------------------------------------------------ small good portals


@cache
def seeds(feed: str) -> tuple[Portal, ...]:
    """Portals of a feed type, a few records each."""
    return tuple(_PORTALS[feed]())


def _json(value: object) -> bytes:
    return json.dumps(value, ensure_ascii=False).encode()


def _inputs(folder: str) -> list[Any]:
    return [json.loads(path.read_text())["input"] for path in sorted((_HERE / folder).glob("*.json"))]


def _ckan() -> Iterator[Portal]:
    packages = _inputs("fixtures/ckan")
    for rows in (packages, packages[:1]):
        yield {
            "package_search": _json({"success": True, "result": {"count": len(rows), "results": rows}}),
            "package_list": _json({"success": True, "result": [each.get("name") for each in rows]}),
            "package_show": _json({"success": True, "result": rows[0]}),
            "": b"<!doctype html><html><head><meta name=generator content='ckan 2.10'></head></html>",
        }
    yield {"": b"\n".join(map(_json, packages))}


def _dcat_us() -> Iterator[Portal]:
    records = _inputs("fixtures/dcat_us")
    head = {"conformsTo": "https://project-open-data.cio.gov/v1.1/schema", "@type": "dcat:Catalog"}
    yield {"": _json({**head, "dataset": records})}
    yield {
        "page=2": _json({"dataset": records[:1]}),
        "": _json({"dataset": records, "next": HOME + "?page=2"}),
    }
    yield {"": _json(records)}


def _arcgis_hub() -> Iterator[Portal]:
    us, dcat = (
        (_HERE / "fixtures_arcgis_hub" / name).read_bytes() for name in ("dcat_us.json", "dcat_ap.jsonld")
    )
    item = "0123456789abcdef0123456789abcdef"
    properties = {
        "id": item,
        "title": "Trees",
        "description": "<b>All</b>",
        "type": "Feature Service",
        "created": 1_546_300_800_000,
        "modified": 1_714_979_289_000,
        "tags": ["a", "b"],
        "url": "https://services1.arcgis.com/AbCdEf/arcgis/rest/services/Trees/FeatureServer",
        "extent": [[-83.3, 42.2], [-82.9, 42.5]],
        "licenseInfo": "CC BY",
        "source": "Parks",
    }
    feature = {"id": item, "type": "Feature", "geometry": None, "properties": properties}
    shell = b'<!DOCTYPE html><html><head><script src="https://hubcdn.arcgis.com/opendata-ui/a.js"></script></head></html>'
    search = _json({"type": "FeatureCollection", "features": [feature], "numberMatched": 1, "links": []})
    attributes = {"itemId": item, "name": "Trees", **properties, "fields": [{"name": "TOWN", "type": "x"}]}
    resource = {"id": f"{item}_0", "type": "dataset", "attributes": attributes}
    version_3 = _json({"data": [resource], "meta": {"stats": {"totalCount": 1, "count": 1}}})
    yield {"dcat-us": us, "dcat-ap": dcat, "search/v1": search, "v3": version_3, "": shell}
    yield {"dcat-ap": dcat, "": shell}
    yield {"search/v1": search, "": shell}
    yield {"v3": version_3, "": shell}


def _opendatasoft() -> Iterator[Portal]:
    entries = _inputs("fixtures_opendatasoft")
    for entry in entries:
        listed = {"total_count": 1, "nhits": 1, "results": [entry], "datasets": [entry]}
        yield {"catalog": _json(listed), "datasets": _json(listed), "": b"<html>opendatasoft</html>"}
    yield {"": _json(entries)}
    yield {"": b"datasetid;default.title;default.records_count\r\nd0001;One;3\r\nd0002;Two;\r\n"}


def _socrata() -> Iterator[Portal]:
    assets = _inputs("fixtures_socrata")
    yield {
        "catalog/v1": _json({"results": assets, "resultSetSize": len(assets)}),
        "views": _json([{"id": "ab12-cd34", "name": "A", "viewType": "tabular", "columns": [{"name": "x"}]}]),
        "data.json": _json({"dataset": _inputs("fixtures/dcat_us")[:1]}),
        "": b"<html>socrata</html>",
    }
    view = {"id": "ab12-cd34", "name": "A", "viewType": "tabular", "displayType": "table", "createdAt": 1}
    yield {"views": _json([view]), "": b"<html>socrata</html>"}
    yield {HOME + "assets.jsonl": b"\n".join(map(_json, assets)), "": b"<html>socrata</html>"}


def _stac() -> Iterator[Portal]:
    collection = _inputs("fixtures_stac")[0]
    links = [{"rel": "child", "href": HOME + "c.json"}, {"rel": "data", "href": HOME + "collections"}]
    root = {"type": "Catalog", "stac_version": "1.0.0", "id": "root", "description": "x", "links": links}
    many = {"collections": [collection], "links": [{"rel": "next", "href": HOME + "collections?page=2"}]}
    yield {
        "page=2": _json({"collections": []}),
        "collections": _json(many),
        "c.json": _json(collection),
        "": _json(root),
    }
    yield {"c.json": _json(collection), "": _json({**root, "links": links[:1]})}


def _ogc_records() -> Iterator[Portal]:
    records = _inputs("fixtures_ogc_records")
    items = HOME + "collections/c/items"
    page = {
        "type": "FeatureCollection",
        "features": records,
        "numberMatched": 3,
        "links": [{"rel": "next", "href": items + "?p=2"}],
    }
    listed = {
        "collections": [{"id": "c", "itemType": "record", "links": [{"rel": "items", "href": items}]}],
        "links": [],
    }
    landing = {
        "title": "x",
        "links": [{"rel": "data", "href": HOME + "collections"}, {"rel": "conformance", "href": HOME}],
    }
    yield {
        "p=2": _json({**page, "links": []}),
        "items": _json(page),
        "collections": _json(listed),
        "": _json(landing),
    }
    yield {"": _json(page)}


def _rdf() -> Iterator[Portal]:
    for path in sorted((_HERE / "fixtures_dcat").iterdir()):
        yield {"": path.read_bytes()}
    node = "http://www.w3.org/ns/dcat#"
    said = {"http://www.w3.org/1999/02/22-rdf-syntax-ns#type": [{"type": "uri", "value": node + "Dataset"}]}
    yield {
        "": _json(
            {
                HOME + "d": {
                    **said,
                    "http://purl.org/dc/terms/title": [{"type": "literal", "value": "Trees", "lang": "en"}],
                }
            }
        )
    }
    yield {
        "": f"<{HOME}d> <http://www.w3.org/1999/02/22-rdf-syntax-ns#type> <{node}Dataset> .\n"
        f'<{HOME}d> <http://purl.org/dc/terms/title> "Trees"@en .\n'.encode()
    }


def _iso(which: str) -> list[bytes]:
    found = [path.read_bytes() for path in sorted((_HERE / "fixtures_iso").glob(which))]
    return [re.sub(rb"<\?xml.*?\?>", b"", each) for each in found]


def _csw() -> Iterator[Portal]:
    space = 'xmlns:csw="http://www.opengis.net/cat/csw/2.0.2" xmlns:ows="http://www.opengis.net/ows"'
    capabilities = (
        f'<?xml version="1.0"?><csw:Capabilities {space} version="2.0.2"><ows:OperationsMetadata>'
        '<ows:Operation name="GetRecords"><ows:Parameter name="outputSchema">'
        "<ows:Value>http://www.isotc211.org/2005/gmd</ows:Value><ows:Value>http://www.w3.org/ns/dcat#</ows:Value>"
        "</ows:Parameter></ows:Operation></ows:OperationsMetadata></csw:Capabilities>"
    ).encode()
    for record in _iso("*.xml"):
        answer = (
            f'<?xml version="1.0"?><csw:GetRecordsResponse {space}><csw:SearchResults numberOfRecordsMatched="3"'
            ' nextRecord="2">'
        ).encode()
        answer += record + b"</csw:SearchResults></csw:GetRecordsResponse>"
        yield {"GetCapabilities": capabilities, "GetRecords": answer, "": b"<html><title>Geo</title></html>"}


def _waf() -> Iterator[Portal]:
    rows = "".join(
        f'<a href="{name}">{name}</a> 2024-05-01 10:00\n' for name in ("a.xml", "b.xml", "below/", "c.csv")
    )
    listing = f"<html><head><title>Index of /</title></head><body><h1>Index of /</h1><pre>{rows}</pre></body></html>"
    for record in _iso("iso*.xml"):
        yield {".xml": record, "": listing.encode()}
    store = (
        '<?xml version="1.0"?><ListBucketResult><IsTruncated>true</IsTruncated><NextMarker>m</NextMarker>'
        "<Contents><Key>a.xml</Key></Contents></ListBucketResult>"
    )
    yield {".xml": _iso("iso*.xml")[0], "": store.encode()}


def _data_package() -> Iterator[Portal]:
    fields = [{"name": "id", "type": "integer", "description": "x"}]
    resource = {
        "name": "t",
        "path": "t.csv",
        "schema": {"fields": fields, "primaryKey": "id"},
        "bytes": 3,
        "format": "csv",
    }
    package = {
        "name": "stops",
        "title": "Stops",
        "resources": [resource, {"name": "u", "data": [1]}, {"path": ["a.csv", "b.csv"]}],
        "licenses": [{"name": "CC0-1.0"}],
        "contributors": [{"title": "A", "role": "publisher", "email": "a@b.example"}],
        "created": "2024-01-01T00:00:00Z",
        "sources": [{"title": "x", "path": HOME}],
        "keywords": ["a"],
        "spatial": {"type": "Point", "coordinates": [1, 2]},
    }
    yield {"t.csv": b"id,name\n1,x\n", "": _json(package)}
    yield {
        "p.json": _json(package),
        "": _json([{"name": "p", "url": HOME + "p.json/datapackage.json"}, package]),
    }
    tables = [
        {"name": name, "path": f"{name}.csv"}
        for name in ("organization", "service", "location", "phone", "contact")
    ]
    yield {
        "organization.csv": b"id,name,description,email,url\no1,Food bank,Food,a@b.example,https://x.example\n",
        ".csv": b"id,organization_id,name,description\ns1,o1,Meals,Hot meals\n",
        "": _json({"name": "open-referral-hsds", "resources": tables}),
    }


CSV_LIST = (
    "Title,Description,Keywords,Publisher,Contact email,Licence,Updated,Format,Download link\r\n"
    'Street trees,"Every tree, one row",trees;parks,Parks,a@b.example,CC BY 4.0,2024-05-06,CSV,https://x.example/t.csv\r\n'
    "Bus stops,,,,,,,XLSX,https://x.example/s.xlsx\r\n"
)


def workbook(rows: list[list[str]]) -> bytes:
    """The least Excel workbook, so that much of its bytes is what is read."""
    main = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
    relations = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    packages = 'xmlns="http://schemas.openxmlformats.org/package/2006/'
    cells = "".join(
        "<row>" + "".join(f'<c t="inlineStr"><is><t>{cell}</t></is></c>' for cell in row) + "</row>"
        for row in rows
    )
    media = "application/vnd.openxmlformats-officedocument.spreadsheetml"
    parts = {
        "[Content_Types].xml": f'<Types {packages}content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        f'<Override PartName="/xl/workbook.xml" ContentType="{media}.sheet.main+xml"/><Override PartName="/xl/s.xml" ContentType="{media}.worksheet+xml"/></Types>',
        "_rels/.rels": f'<Relationships {packages}relationships"><Relationship Id="r" Type="{relations}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": f'<workbook {main} xmlns:r="{relations}"><sheets><sheet name="A" sheetId="1" r:id="s"/></sheets></workbook>',
        "xl/_rels/workbook.xml.rels": f'<Relationships {packages}relationships"><Relationship Id="s" Type="{relations}/worksheet" Target="s.xml"/></Relationships>',
        "xl/s.xml": f"<worksheet {main}><sheetData>{cells}</sheetData></worksheet>",
    }
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in parts.items():
            archive.writestr(name, text)
    return out.getvalue()


def _spreadsheet() -> Iterator[Portal]:
    yield {"": CSV_LIST.encode()}
    yield {"": CSV_LIST.replace(",", ";").encode("utf-16")}
    yield {"": workbook([line.replace('"', "").split(",") for line in CSV_LIST.splitlines()])}
    yield {"": (_HERE / "fixtures" / "spreadsheet" / "old-excel.xls").read_bytes()}


def _schema_org() -> Iterator[Portal]:
    described = {
        "@context": "https://schema.org/",
        "@type": "Dataset",
        "@id": HOME + "trees#d",
        "name": "Trees",
        "description": ["All", {"@value": "Alle", "@language": "de"}],
        "creator": {"@type": "Organization", "name": "Parks", "email": "a@b.example"},
        "distribution": [{"@type": "DataDownload", "contentUrl": "t.csv", "encodingFormat": "text/csv"}],
        "temporalCoverage": "2019/..",
        "spatialCoverage": {"@type": "Place", "geo": {"@type": "GeoShape", "box": "42 -83 43 -82"}},
        "license": "https://creativecommons.org/licenses/by/4.0/",
        "keywords": "a, b",
    }
    script = b'<script type="application/ld+json">' + _json(described) + b"</script>"
    page = (
        b"<!doctype html><html lang=en><head>"
        + script
        + b"</head><body><a href=/trees>data</a></body></html>"
    )
    micro = (
        b'<!doctype html><html><body><div itemscope itemtype="https://schema.org/Dataset"><h1 itemprop="name">Trees</h1>'
        b'<a itemprop="url" href="/t">t</a></div><div vocab="https://schema.org/" typeof="Dataset"><b property="name">B</b></div></body></html>'
    )
    urls = "".join(f"<url><loc>{HOME}{name}</loc></url>" for name in ("trees", "stops", "data/a"))
    sitemap = f'<?xml version="1.0"?><urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{urls}</urlset>'.encode()
    robots = b"User-agent: *\nDisallow: /stops\nSitemap: " + HOME.encode() + b"sitemap.xml\n"
    yield {"robots.txt": robots, "sitemap": sitemap, "trees": page, "": page}
    yield {"robots.txt": robots, "sitemap": sitemap, "": micro}
    yield {"robots.txt": b"", "trees": page, "": sitemap}
    yield {"": _json(described)}


def _web_page() -> Iterator[Portal]:
    yield {
        ".csv": b"a,b\n1,2\n",
        "": b"<!doctype html><html><head><title>Open data</title></head><body><h2>Trees</h2><p>Every tree.</p><ul>"
        b"<li><a href=trees.csv>CSV (12 kB)</a><li><a href='trees_2024.xlsx'>2024</a><a href=/wms?service=WMS>WMS</a></ul>"
        b"<table><tr><th>Budget<td><a href=b.pdf>PDF</a><td><a href=b.csv>CSV</a></table><a href=/data/download/7>get</a></body></html>",
    }
    yield {
        "open-data": b"<html><body><a href=a.csv>a</a><a href=b.csv>b</a></body></html>",
        "": b"<html><a href=/open-data>Open data</a></html>",
    }


_PORTALS: dict[str, Callable[[], Iterator[Portal]]] = {
    "arcgis_hub": _arcgis_hub,
    "ckan": _ckan,
    "csw": _csw,
    "data_package": _data_package,
    "dcat": _rdf,
    "dcat_us": _dcat_us,
    "ogc_records": _ogc_records,
    "opendatasoft": _opendatasoft,
    "schema_org": _schema_org,
    "socrata": _socrata,
    "spreadsheet": _spreadsheet,
    "stac": _stac,
    "waf": _waf,
    "web_page": _web_page,
}


# ------------------------------------------------------------------------------ what is done to them

_VALUES: tuple[object, ...] = (
    None, True, False, 0, -1, 1e308, -0.0, 10**40, [], {}, [[]], [None], {"": None}, {"@value": None}, "", " ", "\x00", "null",
    "NaN", "\u202etxt.exe", "\ud800", "<script>alert(1)</script>", "javascript:alert(1)", "http://[", "http://[::1", "//",
    "https://x.example:99999/", "http://\udcff/", "file:///etc/passwd", "../../etc/passwd", "mailto:", "data:,x", "-" * 30_000,
    "9999-99-99", "0000-00-00T99:99:99Z", "R/P1Y/P1Y/P1Y", "P99999999999999Y", "1e309,NaN,Infinity,-1", "POLYGON((((", "²", "１２",
    {"type": "Polygon", "coordinates": [[[None]]]}, {"type": "Point", "coordinates": [1e308, "x"]}, ["a", ["b", ["c"]]],
    {"@id": []}, {"@type": {}}, [{"@list": [{"@set": 1}]}], {"en": None, "": []}, {"id": {"id": {}}}, -(10**18), 253_402_300_800_000,
)  # fmt: skip

_PIECES = tuple(
    piece if isinstance(piece, bytes) else piece.encode("utf-8", "surrogatepass")
    for piece in (
        '<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;&a;"><!ENTITY c SYSTEM "file:///etc/passwd">]>', "&b;", "&c;", "&nbsp;",
        "&#0;", "&#x110000;", "&#xD800;", "<![CDATA[", "]]>", "<!--", "-->", "<?xml version='1.0' encoding='utf-7'?>", "<?xml-stylesheet?>",
        "<x:y>", "</x:y>", "<a xmlns=''>", " xmlns:dct='urn:x'", " xmlns='%'", " rdf:resource='http://['", " rdf:nodeID='_:'", " xml:lang='" + "x" * 300 + "'",
        " rdf:parseType='Collection'", " xml:base='http://['", "<rdf:li>", "<script>", "</script>", "<table>", "</td></table>", "<base href='http://['>", "<a href='http://['>x</a>",
        "<a href='javascript:alert(1)'>data.csv</a>", "<svg/onload=alert(1)>", "<plaintext>", "<template>", "<meta charset=utf-16>", "<p" * 50, "<div>" * 300,
        "[" * 200, "]" * 200, '{"a":' * 200, "}" * 200, ",,,", ":", '"', "'", "\\", "\\u", "\\ud800", "\\x", "NaN", "-Infinity", "1e999", "9" * 400, "null",
        "\x00", "\ufeff", "\ufffe", "\u202e", "\u2028", "\r", "\n\n", "\t", ";", "|", "=cmd|' /C calc'!A0", '"""', "@prefix : <> .", "@base <http://[> .", "<http://[>",
        "<>", "[ ]", "( ( )", '"""x', "'''", "^^<http://www.w3.org/2001/XMLSchema#date>", "@en-", "_:", "a a a .", ". .", "# ", "{ GRAPH",
        b"\xff\xfe", b"\xfe\xff", b"\xef\xbb\xbf", b"\x1f\x8b\x08\x00", b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", b"\x80\x81", b"\xc0\xaf", b"\xed\xa0\x80", b"\xf8",
    )
)  # fmt: skip

MOST_BYTES = 200_000
"""Of a document that was mutated: what is about size has tests of its own."""


def mutated(document: bytes, chance: random.Random) -> bytes:
    """The document with one to four things done to it that it was not made for."""
    for _ in range(chance.randint(1, 4)):
        document = chance.choice((_other_values, _other_values, _other_bytes, _other_parts))(document, chance)
    return document[:MOST_BYTES]


def _other_values(document: bytes, chance: random.Random) -> bytes:
    """JSON with a value in the place of another one; anything else with other bytes."""
    try:
        value = json.loads(document)
    except (ValueError, RecursionError):
        return _other_bytes(document, chance)
    holder: dict[str, Any] = {"": value}
    inside: Any = holder
    key: Any = ""
    while chance.random() < 0.85 and isinstance(inside[key], dict | list) and inside[key]:
        inside = inside[key]
        key = chance.choice(list(inside) if isinstance(inside, dict) else range(len(inside)))
    match chance.randrange(5):
        case 0 if isinstance(inside, dict) and len(inside) > 1:
            del inside[key]
        case 1:
            inside[key] = [inside[key]] * chance.randint(1, 3)
        case 2:
            inside[key] = {chance.choice(("en", "@value", "@id", "id", "title", "")): inside[key]}
        case 3 if isinstance(inside, dict):
            inside[chance.choice(("", "@context", "@graph", "\x00", "links", "id", str(key) + " "))] = inside[
                key
            ]
        case _:
            inside[key] = chance.choice(_VALUES)
    try:
        return json.dumps(holder[""], ensure_ascii=chance.random() < 0.5).encode("utf-8", "surrogatepass")
    except (ValueError, RecursionError):
        return document


def _other_bytes(document: bytes, chance: random.Random) -> bytes:
    """Cut, doubled, put elsewhere, or with strange things between."""
    first, second = sorted(chance.randint(0, len(document)) for _ in range(2))
    second = min(second, first + 400)
    piece = chance.choice(_PIECES)
    match chance.randrange(8):
        case 0:
            return document[:first]
        case 1:
            return document[:first] + document[first:second] * chance.randint(2, 40) + document[second:]
        case 2:
            return document[:first] + document[second:]
        case 3:
            return document[:first] + chance.randbytes(chance.randint(1, 8)) + document[second:]
        case 4:
            return document.decode("utf-8", "replace").encode(
                chance.choice(("utf-16", "utf-32", "latin-1", "utf-16-be")), "replace"
            )
        case 5:
            return document + document
        case _:
            places = [found.end() for found in re.finditer(rb"[<>\"{},:;\n]", document[:20_000])] or [first]
            place = chance.choice(places)
            return document[:place] + piece + document[place:]


def _other_parts(document: bytes, chance: random.Random) -> bytes:
    """A workbook in whose parts such things were done, packed again; anything else as other bytes."""
    try:
        with zipfile.ZipFile(io.BytesIO(document)) as archive:
            parts = {name: archive.read(name) for name in archive.namelist()}
    except (
        zipfile.BadZipFile,
        zlib.error,
        ValueError,
        RuntimeError,
        OSError,
        KeyError,
        NotImplementedError,
        EOFError,
    ):
        return _other_bytes(document, chance)
    if not parts:
        return document
    name = chance.choice(sorted(parts))
    parts[name] = _other_bytes(parts[name], chance)
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for each, content in parts.items():
            archive.writestr(each, content)
    return out.getvalue()


# ------------------------------------------------------------------------------ what must hold


class Nonsense:
    """A `Get` over a portal whose answers are good, mutated, somebody else's or none, as `chance` has it.

    One address answers the same each time. `calls` counts; after `MOST_CALLS` there are no answers more.
    """

    def __init__(self, portal: Portal, chance: random.Random) -> None:
        self.calls = 0
        self._portal = portal
        self._chance = chance
        self._answers: dict[str, Document | None] = {}

    def __call__(self, url: str, /) -> Document:
        self.calls += 1
        assert self.calls < MOST_CALLS + MOST_FURTHER, f"it goes on and on: {url[:100]}"
        printable = url.encode("utf-8", "replace").decode()
        if printable != url or not url.startswith("http"):
            raise FetchError(printable, "is no address of the web.")  # as harvester.web has it
        if url not in self._answers:
            self._answers[url] = self._answer(url) if self.calls <= MOST_CALLS else None
        answer = self._answers[url]
        if answer is None:
            status = None if self.calls > MOST_CALLS else self._chance.choice((404, 500, 429, 403, None))
            raise FetchError(url, "answered nothing.", status=status)
        return answer

    def head(self, url: str, /) -> Document:
        """What the server says about the document."""
        document = self(url)
        return Document(
            url=url,
            body=b"",
            media_type=document.media_type,
            length=self._chance.choice((None, 0, document.size)),
        )

    def _answer(self, url: str) -> Document | None:
        chance = self._chance
        fate = chance.random()
        if fate < 0.1:
            return None
        body = next((body for part, body in self._portal.items() if part in url), None)
        if fate < 0.2 or body is None:
            body = chance.choice(list(self._portal.values()))
        if fate > 0.4:
            body = mutated(body, chance)
        return document(body, url, chance)


def document(body: bytes, url: str, chance: random.Random) -> Document:
    """An answer with headers of any kind."""
    next_ = chance.choice(("", url, url + "?page=2", HOME + "other", HOME + str(chance.randrange(10**6))))
    return Document(
        url=url
        if chance.random() < 0.9
        else chance.choice((HOME, url + "/", "https://other.example/x?page=1")),
        body=body,
        media_type=chance.choice(("", "text/html", "application/json", "text/csv")),
        charset=chance.choice((None, None, "utf-8", "latin-1", "utf-16", "no-such", "idna", "hex")),
        links={"next": next_} if next_ and chance.random() < 0.3 else {},
        last_modified=chance.choice(
            (None, "yesterday", "Thu, 01 Jan 1970 00:00:00 GMT", "Mon, 99 Foo 99999 00:00:00 GMT")
        ),
    )


def start_of(portal: Portal) -> str:
    """Where the source begins."""
    return next((part for part in portal if part.startswith(HOME)), HOME)


def nonsense(feed: str, get: Nonsense, url: str) -> list[Item]:
    """Let a feed read the portal; what came. Whatever it answers, what is asserted here must hold."""
    module = feeds.load(feed)
    items: list[Item] = []
    try:
        home = get(url)
        assert module.recognise(home) in (True, False)
        find = getattr(module, "find", None)
        if find is not None:
            assert isinstance(find(home, get), str | None)
    except FetchError:
        pass
    try:
        for item in module.read(msgspec.structs.replace(SOURCE, url=url), get):
            assert type(item) in (Draft, Problem, Announced)
            items.append(item)
    except (FeedError, FetchError) as error:
        tellable(error.problem)
    for item in items:
        if isinstance(item, Problem):
            tellable(item)
    drafts = [item for item in items if isinstance(item, Draft)]
    # as the line does it: packed, unpacked with its types, normalised, written as JSON
    for result in normalise_batch(SOURCE, msgspec.msgpack.encode(drafts)):
        if isinstance(result, Problem):
            tellable(result)
    return items


def tellable(problem: Problem) -> None:
    """A problem can be kept, printed, and has all its places filled."""
    assert msgspec.json.decode(msgspec.json.encode(problem), type=Problem) == problem
    assert str(problem).encode()
