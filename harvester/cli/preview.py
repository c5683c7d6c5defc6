"""A loopback preview of the built site, with the headers that a good host would send."""

from __future__ import annotations

from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import urlsplit

import click

from harvester.errors import HarvesterError
from harvester.site import CONTENT_SECURITY_POLICY

HEADERS = {
    "Content-Security-Policy": CONTENT_SECURITY_POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "strict-origin-when-cross-origin",
    "Cache-Control": "no-cache",
}

_TYPES = {
    ".ttl": "text/turtle; charset=utf-8",
    ".jsonld": "application/ld+json",
    ".rdf": "application/rdf+xml",
    ".atom": "application/atom+xml",
    ".sqlite": "application/vnd.sqlite3",
    ".webmanifest": "application/manifest+json",
}


class Handler(SimpleHTTPRequestHandler):
    """Serves one folder under the path that the catalogue's address has."""

    extensions_map = SimpleHTTPRequestHandler.extensions_map | _TYPES

    def __init__(self, *args: object, base: str, directory: str) -> None:
        self.base = base
        super().__init__(*args, directory=directory)  # type: ignore[arg-type]

    def translate_path(self, path: str) -> str:
        """The file behind a path; what is not below the base is not there."""
        plain = urlsplit(path).path
        if not plain.startswith(self.base + "/"):
            return str(Path(self.directory) / "404.html.missing")
        return super().translate_path(plain[len(self.base) :])

    def end_headers(self) -> None:
        """Add the site's headers to every answer."""
        for name, value in HEADERS.items():
            self.send_header(name, value)
        super().end_headers()

    def send_error(self, code: int, message: str | None = None, explain: str | None = None) -> None:
        """Answer 404 with the site's own page."""
        page = Path(self.directory) / "404.html"
        if code != 404 or not page.is_file():
            super().send_error(code, message, explain)
            return
        body = page.read_bytes()
        self.send_response(404)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing about single requests."""


def server(folder: Path, url: str, port: int) -> ThreadingHTTPServer:
    """A server on loopback for the site in `folder`, built for the address `url`; port 0 is any free one."""
    if not (folder / "index.html").is_file():
        raise HarvesterError(str(folder), "There is no site here yet.", "Run: harvester build")
    base = urlsplit(url).path.rstrip("/")
    return ThreadingHTTPServer(("127.0.0.1", port), partial(Handler, base=base, directory=str(folder)))


def preview(folder: Path, url: str, port: int) -> None:
    """Serve until Ctrl-C. Raises `HarvesterError` when there is no site or the port is taken."""
    try:
        running = server(folder, url, port)
    except OSError as error:
        raise HarvesterError(
            f"port {port}",
            "It cannot be used ({reason}).",
            "Choose another with --port.",
            reason=error.strerror,
        ) from error
    base = urlsplit(url).path.rstrip("/")
    click.echo(f"http://127.0.0.1:{running.server_port}{base}/  (Ctrl-C ends)")
    try:
        running.serve_forever()
    except KeyboardInterrupt:
        click.echo()
    finally:
        running.server_close()
