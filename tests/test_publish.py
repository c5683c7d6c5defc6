"""Write aside, then swap."""

from __future__ import annotations

from pathlib import Path

import pytest

from harvester.errors import PublishError
from harvester.publish import MARK, recover, staging


def site(folder: Path, words: str) -> None:
    (folder / MARK).touch()
    (folder / "index.html").write_text(words)


def test_a_new_site_takes_the_place_of_the_old_one_whole(tmp_path: Path) -> None:
    out = tmp_path / "build" / "site"
    for words in ("old", "new"):
        with staging(out) as folder:
            site(folder, words)
            (folder / words).touch()
    assert (out / "index.html").read_text() == "new"
    assert not (out / "old").exists(), "a file of the old site is no part of the new one"
    assert [path.name for path in out.parent.iterdir()] == ["site"], "nothing is left lying about"


def test_a_build_that_fails_leaves_the_old_site(tmp_path: Path) -> None:
    out = tmp_path / "site"
    with staging(out) as folder:
        site(folder, "old")

    def fail() -> None:
        with staging(out) as folder:
            site(folder, "half")
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()
    assert (out / "index.html").read_text() == "old"
    assert [path.name for path in tmp_path.iterdir()] == ["site"]


def test_the_rest_of_a_killed_build_is_no_obstacle(tmp_path: Path) -> None:
    (tmp_path / ".site.new").mkdir()
    (tmp_path / ".site.new" / "half.html").touch()
    with staging(tmp_path / "site") as folder:
        assert not list(folder.iterdir())
        site(folder, "new")
    assert (tmp_path / "site" / "index.html").read_text() == "new"


def test_a_program_that_died_between_two_renames_has_lost_nothing(tmp_path: Path) -> None:
    site_old = tmp_path / ".site.old"
    site_old.mkdir()
    site(site_old, "old")
    recover(tmp_path / "site")
    assert (tmp_path / "site" / "index.html").read_text() == "old"


def test_a_folder_with_other_files_is_never_replaced(tmp_path: Path) -> None:
    (tmp_path / "thesis.tex").write_text("ten years of work")
    with pytest.raises(PublishError, match="other files"), staging(tmp_path):
        pass
    assert (tmp_path / "thesis.tex").exists()


def test_a_file_in_the_way_is_told_in_one_line(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with (
        pytest.raises(PublishError, match=r"file.*: The site cannot be written"),
        staging(tmp_path / "file" / "site"),
    ):
        pass
    with pytest.raises(PublishError, match="not a folder"), staging(tmp_path / "file"):
        pass
