"""A file as a source: the one that sources.yaml names, and no other."""

from __future__ import annotations

import gzip
import os
from pathlib import Path

import pytest

from harvester.errors import FetchError
from harvester.model import Source
from harvester.web.fetch import Visit
from tests.web.visiting import visiting


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "lists").mkdir()
    (tmp_path / "lists" / "a list.csv").write_bytes(b"title\nTrees\n")
    (tmp_path / "lists" / "more.csv").write_bytes(b"title\nRoads\n")
    (tmp_path / "secret.txt").write_bytes(b"secret")
    (tmp_path / "lists" / "out.csv").symlink_to(tmp_path / "secret.txt")
    return tmp_path


def file_source(folder: Path, written: str) -> Source:
    return Source(id="x", url=written, name="X", path=folder / written)


def test_a_file_is_read_where_it_lies(folder: Path) -> None:
    source = file_source(folder, "lists/a list.csv")
    assert source.path
    with visiting(source) as visit:
        for url in (
            source.url,
            source.path.as_uri(),
            source.path.as_uri().replace("file://", "file://localhost"),
        ):
            document = visit.get(url)
            assert (document.url, document.body) == (source.path.as_uri(), source.path)
        assert (visit.requests, visit.bytes) == (0, 0)


def test_of_a_folder_every_file_is_read(folder: Path) -> None:
    with visiting(file_source(folder, "lists")) as visit:
        assert visit.get((folder / "lists" / "more.csv").as_uri()).read() == b"title\nRoads\n"
        with pytest.raises(FetchError, match="This is not a file"):
            visit.get("lists")


def refused(visit: Visit, url: str) -> str:
    with pytest.raises(FetchError) as raised:
        visit.get(url)
    return str(raised.value)


ESCAPES = """{0}/secret.txt {0}/lists/../secret.txt {0}/lists/%2e%2e/secret.txt {0}/lists/out.csv /etc/passwd
{0}/lists/..%2fsecret.txt //host.example{0}/lists/more.csv {0}/lists/more.csv%00 {0}/lists-2/x"""


@pytest.mark.parametrize("escape", ESCAPES.split())
def test_no_other_file_is_read(folder: Path, escape: str) -> None:
    url = "file:" + escape.format(folder) if escape.startswith("//") else "file://" + escape.format(folder)
    with visiting(file_source(folder, "lists")) as visit:
        assert "is not an http or https address" in refused(visit, url)
    with visiting(file_source(folder, "lists/a list.csv")) as visit:
        assert "is not an http or https address" in refused(visit, url)
        assert "is not an http or https address" in refused(visit, (folder / "lists" / "more.csv").as_uri())


def test_a_source_on_the_web_reads_no_file(folder: Path) -> None:
    with visiting(Source(id="x", url="https://x.invalid/", name="X")) as visit:
        assert "is not an http or https address" in refused(visit, (folder / "secret.txt").as_uri())
        assert "is not an http or https address" in refused(visit, str(folder / "secret.txt"))


def test_a_packed_file_is_unpacked(folder: Path) -> None:
    (folder / "list.csv.gz").write_bytes(gzip.compress(b"title\nTrees\n"))
    with visiting(file_source(folder, "list.csv.gz")) as visit:
        assert visit.get("list.csv.gz").body == b"title\nTrees\n"
    (folder / "list.csv.gz").write_bytes(gzip.compress(bytes(3_000_000)))
    with visiting(file_source(folder, "list.csv.gz")) as visit:
        assert "unpacks to more than" in refused(visit, "list.csv.gz")


def test_a_file_that_has_gone_or_is_none_is_told(folder: Path) -> None:
    os.mkfifo(folder / "pipe")
    with visiting(file_source(folder, "nowhere.csv")) as visit:
        assert "This is not a file." in refused(visit, "nowhere.csv")
    with visiting(file_source(folder, "pipe")) as visit:
        assert "This is not a file." in refused(visit, "pipe")


def test_a_file_is_unchanged_while_its_content_is(folder: Path) -> None:
    source = file_source(folder, "lists/a list.csv")
    assert source.path
    with visiting(source) as visit:
        assert not visit.unchanged()
        visit.get(source.url)
        known = visit.validators
    source.path.touch()
    with visiting(source, known=known) as visit:
        assert visit.unchanged()
    source.path.write_bytes(b"title\nOaks\n")
    with visiting(source, known=known) as visit:
        assert not visit.unchanged()
        assert visit.get(source.url).read() == b"title\nOaks\n"


def test_a_folder_is_never_unchanged_since_files_may_have_come(folder: Path) -> None:
    source = file_source(folder, "lists")
    with visiting(source) as visit:
        visit.get((folder / "lists" / "more.csv").as_uri())
        known = visit.validators
    with visiting(source, known=known) as visit:
        assert not visit.unchanged()
