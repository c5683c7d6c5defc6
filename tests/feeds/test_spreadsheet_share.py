"""Spreadsheets behind the links by which people share them."""

from __future__ import annotations

from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

import pytest

from harvester.document import Document
from harvester.errors import FeedError, FetchError
from harvester.feeds import spreadsheet
from harvester.feeds._tables.share import share_of
from harvester.model import Draft, Source

from . import captured
from .web import Web, web
from .workbook import xlsx

SHEET = "https://docs.google.com/spreadsheets/d/1AbCdEfGhIjKlMnOp"
PUBLISHED = "https://docs.google.com/spreadsheets/d/e/2PACX-1vQabcdefgh"
LIST = "Title,Link\nTrees,https://elmford.example/t.csv\n"
LOGIN = "<!doctype html><html><body><form><input type=password></form></body></html>"


@pytest.mark.parametrize(
    ("url", "export"),
    [
        (f"{SHEET}/edit#gid=0", f"{SHEET}/export?format=xlsx"),
        (f"{SHEET}/edit?usp=sharing", f"{SHEET}/export?format=xlsx"),
        (f"{SHEET}/edit?gid=12#gid=12", f"{SHEET}/export?format=csv&gid=12"),
        (f"{SHEET}/view?resourcekey=0-x", f"{SHEET}/export?format=xlsx&resourcekey=0-x"),
        (SHEET, f"{SHEET}/export?format=xlsx"),
        (SHEET.replace("/d/", "/u/1/d/") + "/edit", f"{SHEET}/export?format=xlsx"),
        (f"{PUBLISHED}/pubhtml", f"{PUBLISHED}/pub?output=xlsx"),
        (f"{PUBLISHED}/pubhtml?gid=3&single=true", f"{PUBLISHED}/pub?output=csv&gid=3&single=true"),
        (
            "https://drive.google.com/file/d/1AbCdEfGhIjKlMnOp/view?usp=sharing",
            "https://drive.google.com/uc?export=download&id=1AbCdEfGhIjKlMnOp",
        ),
        ("https://1drv.ms/x/s!Abc", "https://1drv.ms/x/s!Abc?download=1"),
        (
            "https://onedrive.live.com/view.aspx?resid=A!1&authkey=x",
            "https://onedrive.live.com/download?resid=A!1&authkey=x",
        ),
        (
            "https://elmford.sharepoint.com/:x:/s/data/Ebc?e=xyz",
            "https://elmford.sharepoint.com/:x:/s/data/Ebc?e=xyz&download=1",
        ),
        (
            "https://www.dropbox.com/scl/fi/abc/list.xlsx?rlkey=x&dl=0",
            "https://www.dropbox.com/scl/fi/abc/list.xlsx?rlkey=x&dl=1",
        ),
        ("https://www.dropbox.com/s/abc/list.csv", "https://www.dropbox.com/s/abc/list.csv?dl=1"),
        (
            "https://cloud.elmford.example/s/aBcDeF123456",
            "https://cloud.elmford.example/s/aBcDeF123456/download",
        ),
        (
            "https://elmford.example/cloud/index.php/s/aBcDeF123456/",
            "https://elmford.example/cloud/index.php/s/aBcDeF123456/download",
        ),
        (
            "https://github.com/elmford/data/blob/main/list.csv",
            "https://github.com/elmford/data/raw/main/list.csv",
        ),
    ],
)
def test_the_address_of_the_file_is_derived_from_the_link(url: str, export: str) -> None:
    share = share_of(url)
    assert share is not None
    assert share.export == export
    assert share_of(export) is None, "what is the file's own address is not derived again"


@pytest.mark.parametrize(
    "url",
    ["https://elmford.example/list.csv", "https://elmford.example/s/list.csv", "list.csv", "https://[broken",
     f"{SHEET}/export?format=csv", "ftp://docs.google.com/spreadsheets/d/1AbCdEfGhIjKlMnOp"],
)  # fmt: skip
def test_other_addresses_are_asked_as_they_are(url: str) -> None:
    assert share_of(url) is None


def read(url: str, answers: Web) -> list[Draft]:
    source = Source(id="elmford", url=url, name="Elmford")
    return [item for item in spreadsheet.read(source, answers) if isinstance(item, Draft)]


def test_a_shared_workbook_is_read_with_one_request() -> None:
    answers = web({f"{SHEET}/export?format=xlsx": xlsx({"List": [["Title", "Link"], ["Trees", "x.csv"]]})})
    assert [draft.title for draft in read(f"{SHEET}/edit#gid=0", answers)] == [{"": "Trees"}]
    assert answers.calls == [f"{SHEET}/export?format=xlsx"]


@pytest.mark.parametrize(
    ("url", "answer", "what", "remedy"),
    [
        (f"{SHEET}/edit", LOGIN, "not shared with everybody: Google Sheets", "“Anyone with the link”"),
        (
            f"{SHEET}/edit",
            FetchError("x", "refused.", status=401),
            "not shared with everybody",
            "General access",
        ),
        (f"{SHEET}/edit", FetchError("x", "gone.", status=404), "deleted, or the link is not", "once more"),
        ("https://1drv.ms/x/s!Abc", LOGIN, "OneDrive answers with a page to log in", "can view"),
        ("https://www.dropbox.com/s/abc/l.csv?dl=0", LOGIN, "Dropbox answers", "anyone with the link"),
        ("https://cloud.elmford.example/s/aBcDeF123456", LOGIN, "Nextcloud answers", "without a password"),
    ],
)
def test_a_private_file_is_told_with_how_to_share_it(
    url: str, answer: str | FetchError, what: str, remedy: str
) -> None:
    share = share_of(url)
    assert share is not None
    with pytest.raises(FeedError) as caught:
        read(url, web({share.export: answer}))
    assert str(caught.value).startswith(f"{url}: ")
    assert what in str(caught.value)
    assert remedy in str(caught.value)


def test_a_service_that_does_not_answer_is_no_private_file() -> None:
    with pytest.raises(FetchError):
        read(f"{SHEET}/edit", web({f"{SHEET}/export?format=xlsx": FetchError("x", "too slow.")}))


def test_an_address_that_only_looks_like_a_share_link_is_asked_itself() -> None:
    url = "https://elmford.example/s/aBcDeF123456"
    assert [draft.title for draft in read(url, web({url: LIST}))] == [{"": "Trees"}]
    assert [d.title for d in read(url, web({f"{url}/download": "<html>no such page</html>", url: LIST}))] == [
        {"": "Trees"}
    ]


# ------------------------------------------------------------------------------ on loopback


@pytest.fixture
def cloud() -> Iterator[str]:
    """A Nextcloud as far as public links go: one is open, one asks for a password."""

    class Cloud(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            if self.path == "/s/openLink12345/download":
                self._say(200, "text/csv", LIST)
            elif self.path == "/s/lockedLink123/download":
                self.send_response(303)
                self.send_header("Location", "/s/lockedLink123/authenticate/showShare")
                self.end_headers()
            elif self.path.startswith("/s/"):
                self._say(200, "text/html", LOGIN)
            else:
                self._say(404, "text/html", "<html>nothing here</html>")

        def _say(self, status: int, media_type: str, body: str) -> None:
            self.send_response(status)
            self.send_header("Content-Type", media_type)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body.encode())

        def log_message(self, *_: object) -> None:
            """Keep quiet."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Cloud)
    Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


class _Plain:
    def __call__(self, url: str, /) -> Document:
        return captured.get(url)

    def head(self, url: str, /) -> Document:
        raise NotImplementedError


def test_a_link_of_a_nextcloud_is_read(cloud: str) -> None:
    source = Source(id="elmford", url=f"{cloud}/s/openLink12345", name="Elmford")
    [draft] = spreadsheet.read(source, _Plain())
    assert isinstance(draft, Draft)
    assert draft.title == {"": "Trees"}


def test_a_link_of_a_nextcloud_with_a_password_is_told(cloud: str) -> None:
    source = Source(id="elmford", url=f"{cloud}/s/lockedLink123", name="Elmford")
    with pytest.raises(FeedError, match="public link without a password"):
        list(spreadsheet.read(source, _Plain()))
