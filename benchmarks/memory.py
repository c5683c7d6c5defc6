"""Memory: what one source costs, whatever it sends, with the limits of every night.

    python -m benchmarks.memory [NAME …] [--megabytes 100]

Each trap is served on loopback and visited by a process of its own, as `harvester run` visits a source.
What is measured is that process's peak. Exit code 1 where one costs more than `MOST`.
"""

# ruff: noqa: E501 - what is sent stands in one line
from __future__ import annotations

import argparse
import json
import re
import subprocess
import sys
import threading
import zlib
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from harvester.model import Source
from harvester.store import SourceState
from harvester.visit import visit
from harvester.web.budget import Limits
from harvester.web.fetch import Fetcher

MOST = 300
"""MB that one source may cost."""

_PIECE = 1 << 20


# ------------------------------------------------------------------------------ what is sent


def _repeated(head: str, record: str, tail: str, most: int) -> Iterator[bytes]:
    """A document of about `most` bytes; `{n}` in a record is its number."""
    yield head.encode()
    sent = number = 0
    while sent < most:
        piece = b""
        while len(piece) < _PIECE:
            piece += "".join(record.replace("{n}", str(number + each)) for each in range(100)).encode()
            number += 100
        sent += len(piece)
        yield piece
    yield tail.encode()


def _gzip_bomb(most: int) -> Iterator[bytes]:
    packer = zlib.compressobj(9, wbits=31)
    yield packer.compress(b'{"dataset": [')
    for _ in range(2000):
        yield packer.compress(b" " * _PIECE)
    yield packer.flush()


def _csv(most: int) -> Iterator[bytes]:
    return _repeated(
        "Title,Description,Link,Format\r\n",
        'Trees {n},"All of them",https://x.example/{n}.csv,CSV\r\n',
        "",
        most,
    )


def _json_list(most: int) -> Iterator[bytes]:
    record = {
        "identifier": "d{n}",
        "title": "Trees {n}",
        "description": "All of them. " * 300,
        "keyword": ["a"],
        "accessLevel": "public",
        "distribution": [{"downloadURL": "https://x.example/{n}.csv", "mediaType": "text/csv"}],
    }
    return _repeated('{"dataset": [', json.dumps(record) + ",", "{}]}", most)


def _ckan(most: int) -> Iterator[bytes]:
    record = {
        "id": "d{n}",
        "name": "d{n}",
        "title": "Trees {n}",
        "notes": "All of them. " * 300,
        "type": "dataset",
        "state": "active",
        "resources": [],
    }
    return _repeated(
        '{"success": true, "result": {"count": 9, "results": [', json.dumps(record) + ",", "{}]}}", most
    )


def _long_text(most: int) -> Iterator[bytes]:
    return _repeated('{"dataset": [{"title": "', "x" * 4000, '"}]}', most)


def _deep_json(most: int) -> Iterator[bytes]:
    return _repeated("", "[" * 4000, "", most)


def _deep_objects(most: int) -> Iterator[bytes]:
    return _repeated('{"dataset": [', '{"title":' * 500, "", most)


def _turtle(most: int) -> Iterator[bytes]:
    head = "@prefix dcat: <http://www.w3.org/ns/dcat#> . @prefix dct: <http://purl.org/dc/terms/> .\n"
    record = '<https://x.example/{n}> a dcat:Dataset ; dct:title "Trees {n}"@en ; dct:description "All of them" ; dcat:keyword "a", "b" .\n'
    return _repeated(head, record, "", most)


_RDF_HEAD = (
    '<?xml version="1.0"?><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" '
    'xmlns:dcat="http://www.w3.org/ns/dcat#" xmlns:dct="http://purl.org/dc/terms/">\n'
)


def _rdfxml(most: int) -> Iterator[bytes]:
    record = '<dcat:Dataset rdf:about="https://x.example/{n}"><dct:title>Trees {n}</dct:title><dcat:keyword>a</dcat:keyword></dcat:Dataset>\n'
    return _repeated(_RDF_HEAD, record, "</rdf:RDF>", most)


def _jsonld(most: int) -> Iterator[bytes]:
    head = (
        '{"@context": {"dcat": "http://www.w3.org/ns/dcat#", "dct": "http://purl.org/dc/terms/"}, "@graph": ['
    )
    record = '{"@id": "https://x.example/{n}", "@type": "dcat:Dataset", "dct:title": "Trees {n}"},\n'
    return _repeated(head, record, "{}]}", most)


def _empty_elements(most: int) -> Iterator[bytes]:
    return _repeated(
        '<?xml version="1.0"?><MD_Metadata xmlns="http://www.isotc211.org/2005/gmd">',
        "<a/>" * 100,
        "</MD_Metadata>",
        most,
    )


def _csw(most: int) -> Iterator[bytes]:
    head = '<?xml version="1.0"?><csw:GetRecordsResponse xmlns:csw="http://www.opengis.net/cat/csw/2.0.2"><csw:SearchResults numberOfRecordsMatched="9">'
    record = '<csw:Record xmlns:dc="d"><dc:identifier>r{n}</dc:identifier><dc:title>Record {n}</dc:title></csw:Record>'
    return _repeated(head, record, "</csw:SearchResults></csw:GetRecordsResponse>", most)


def _listing(most: int) -> Iterator[bytes]:
    return _repeated(
        "<html><head><title>Index of /</title></head><body><pre>",
        '<a href="{n}.xml">{n}.xml</a>\n',
        "</pre></body></html>",
        most,
    )


def _store_listing(most: int) -> Iterator[bytes]:
    return _repeated(
        '<?xml version="1.0"?><ListBucketResult>',
        "<Contents><Key>{n}.xml</Key></Contents>",
        "</ListBucketResult>",
        most,
    )


def _page(most: int) -> Iterator[bytes]:
    return _repeated(
        "<!doctype html><html><title>Open data</title><body>",
        "<p>Trees <a href=/{n}.csv>CSV</a></p>\n",
        "</body></html>",
        most,
    )


def _page_of_elements(most: int) -> Iterator[bytes]:
    return _repeated(
        "<!doctype html><html><title>Open data</title><body>", "<b></b>" * 100, "</body></html>", most
    )


def _schema_org(most: int) -> Iterator[bytes]:
    head = '<!doctype html><html><script type="application/ld+json">{"@context": "https://schema.org/", "@graph": ['
    return _repeated(head, '{"@type": "Dataset", "name": "Trees {n}"},', "{}]}</script></html>", most)


def _microdata(most: int) -> Iterator[bytes]:
    record = '<div itemscope itemtype="https://schema.org/Dataset"><b itemprop="name">Trees {n}</b></div>\n'
    return _repeated("<!doctype html><html><body>", record, "</body></html>", most)


def _sitemap(most: int) -> Iterator[bytes]:
    head = '<?xml version="1.0"?><urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">'
    return _repeated(head, "<url><loc>https://x.example/{n}</loc></url>", "</urlset>", most)


def _features(most: int) -> Iterator[bytes]:
    record = (
        '{"type": "Feature", "id": "r{n}", "properties": {"type": "dataset", "title": "Trees {n}", "description": "'
        + "All of them. " * 300
        + '", "created": "2024", "updated": "2024"}},'
    )
    return _repeated('{"type": "FeatureCollection", "features": [', record, "{}]}", most)


def _stac(most: int) -> Iterator[bytes]:
    record = '{"rel": "child", "href": "http://127.0.0.1:1/{n}.json"},'
    return _repeated(
        '{"type": "Catalog", "stac_version": "1.0.0", "id": "r", "links": [', record, "{}]}", most
    )


def _package(most: int) -> Iterator[bytes]:
    return _repeated('{"name": "a", "resources": [', '{"name": "t{n}", "path": "{n}.csv"},', "{}]}", most)


def _assets(most: int) -> Iterator[bytes]:
    record = (
        '{"resource": {"id": "ab12-cd34", "name": "Trees {n}", "description": "'
        + "All of them. " * 300
        + '", "type": "dataset"}, "classification": {}, "metadata": {"domain": "x.example"}},'
    )
    return _repeated('{"resultSetSize": 9, "results": [', record, "{}]}", most)


def _ods_api(most: int) -> Iterator[bytes]:
    record = (
        '{"dataset_id": "d{n}", "has_records": true, "data_visible": true, "metas": {"default": {"title": "Trees {n}", "description": "'
        + "All of them. " * 300
        + '"}}},'
    )
    return _repeated('{"total_count": 9, "results": [', record, "{}]}", most)


TRAPS: dict[str, tuple[str, Callable[[int], Iterator[bytes]]]] = {
    "gzip bomb": ("dcat_us", _gzip_bomb),
    "JSON of one text": ("dcat_us", _long_text),
    "deep JSON": ("dcat_us", _deep_json),
    "deep JSON objects": ("dcat_us", _deep_objects),
    "deep JSON as linked data": ("dcat", _deep_objects),
    "many datasets in data.json": ("dcat_us", _json_list),
    "many packages": ("ckan", _ckan),
    "many assets": ("socrata", _assets),
    "many entries": ("opendatasoft", _ods_api),
    "many features": ("ogc_records", _features),
    "many links": ("stac", _stac),
    "many resources": ("data_package", _package),
    "a hub's endless feed": ("arcgis_hub", _json_list),
    "Turtle": ("dcat", _turtle),
    "RDF/XML": ("dcat", _rdfxml),
    "JSON-LD": ("dcat", _jsonld),
    "CSW records": ("csw", _csw),
    "XML of empty elements": ("csw", _empty_elements),
    "folder listing": ("waf", _listing),
    "store's listing": ("waf", _store_listing),
    "record of empty elements": ("waf", _empty_elements),
    "CSV": ("spreadsheet", _csv),
    "page of links": ("web_page", _page),
    "page of elements": ("web_page", _page_of_elements),
    "page of JSON-LD": ("schema_org", _schema_org),
    "page of microdata": ("schema_org", _microdata),
    "sitemap": ("schema_org", _sitemap),
}
"""Name → the feed type that is asked to read it, and what is sent to every question."""


# ------------------------------------------------------------------------------ measuring


def main() -> int:
    """A Markdown table; 1 when a source cost too much."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("traps", nargs="*", help="all, if none is named")
    asked.add_argument("--megabytes", type=int, default=100)
    asked.add_argument("--alone", nargs=2, help=argparse.SUPPRESS)  # what this program calls itself with
    given = asked.parse_args()
    if given.alone:
        print(json.dumps(_visited(*given.alone)))
        return 0
    worst = 0
    print("| what is sent | feed type | peak | time | what is told |\n| --- | --- | ---: | ---: | --- |")
    for name in given.traps or TRAPS:
        told = measure(name, given.megabytes)
        worst = max(worst, told["peak"])
        print(
            f"| {name} | `{TRAPS[name][0]}` | {told['peak']} MB | {told['seconds']} s | {told['told']} |",
            flush=True,
        )
    return 1 if worst > MOST else 0


def measure(name: str, megabytes: int) -> dict[str, int]:
    """What a visit to the portal that sends this costs: `peak` in MB, `seconds`, and what is `told`."""
    feed, make = TRAPS[name]
    with _Server(make, megabytes * 1_000_000) as url:
        command = [sys.executable, "-m", "benchmarks.memory", "--alone", feed, url]
        done = subprocess.run(command, capture_output=True, check=True, text=True)
    told: dict[str, int] = json.loads(done.stdout.splitlines()[-1])
    return told


def _visited(feed: str, url: str) -> dict[str, object]:
    import time

    began = time.monotonic()
    source = Source(id="trap", url=url, name="Trap", type=feed, allow_private=True)
    with Fetcher("Harvester (benchmarks)", Limits()) as fetcher:
        visited = visit(source, SourceState(), fetcher, None)
    told = str(visited.trouble).replace(url, "") if visited.trouble else "all is read"
    return {
        "peak": _peak(),
        "seconds": round(time.monotonic() - began),
        "told": f"{len(visited.seen)} datasets; {' '.join(told.split())[:150]}",
    }


def _peak() -> int:
    """MB that this process has held at most (Linux). `getrusage` would count what its parent held, too."""
    status = Path("/proc/self/status").read_text()
    return int(status.partition("VmHWM:")[2].split()[0]) // 1024


class _Server:
    """A portal that answers every question with the same endless thing; its address in a `with`."""

    def __init__(self, make: Callable[[int], Iterator[bytes]], most: int) -> None:
        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                if re.fullmatch(r"/\d+\.\w+", self.path):
                    self.send_error(404)  # what a listing names is not there
                    return
                self.send_response(200)
                if make is _gzip_bomb:
                    self.send_header("Content-Encoding", "gzip")
                self.end_headers()
                try:
                    for piece in make(most):
                        self.wfile.write(piece)
                except OSError:
                    pass  # the visitor has had enough

            def do_HEAD(self) -> None:
                self.send_response(200)
                self.end_headers()

            def log_message(self, format: str, *args: object) -> None:
                """Nothing: what counts is the visitor's side."""

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True

    def __enter__(self) -> str:
        threading.Thread(target=self._server.serve_forever, daemon=True).start()
        return f"http://127.0.0.1:{self._server.server_address[1]}/"

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()


if __name__ == "__main__":
    sys.exit(main())
