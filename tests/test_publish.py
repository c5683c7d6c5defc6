"""Write aside, then swap."""

from __future__ import annotations

from pathlib import Path

import pytest

from harvester.errors import PublishError
from harvester.publish import MARK, holds, recover, staging, stamps


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
    assert sorted(path.name for path in out.parent.iterdir()) == [".site.old", "site"]
    assert (out.parent / ".site.old" / "old").exists(), "the site before is the next one's scaffold"


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


def published(out: Path, **files: str) -> None:
    with staging(out) as folder:
        (folder / MARK).touch()
        for name, words in files.items():
            (folder / "pages" / name).mkdir(parents=True)
            (folder / "pages" / name / "index.html").write_text(words)


def texts(folder: Path) -> dict[str, str]:
    return {path: (folder / path).read_text() for path in stamps(folder)}


def test_kept_files_are_the_published_ones_under_a_further_name(tmp_path: Path) -> None:
    out = tmp_path / "site"
    published(out, one="1", two="2")
    before = (out / "pages/one/index.html").stat().st_ino
    for night in ("first", "second", "third"):  # without a scaffold, then with one
        with staging(out, {MARK, "pages/one/index.html"}) as folder:
            assert texts(folder) == {MARK: "", "pages/one/index.html": "1"}
            (folder / "night").write_text(night)
            assert not (out / "night").exists() or (out / "night").read_text() != night
        assert texts(out) == {MARK: "", "pages/one/index.html": "1", "night": night}
        assert (out / "pages/one/index.html").stat().st_ino == before


def test_a_scaffold_is_believed_in_nothing(tmp_path: Path) -> None:
    """Whatever became of the site before: only what is published now is taken over."""
    out, old = tmp_path / "site", tmp_path / ".site.old"
    published(out, one="1", two="2", three="3")
    published(out, one="1", two="2", three="3")
    (old / "pages/one/index.html").write_text("forged")
    (old / "pages/two/index.html").unlink()
    (old / "pages/two/index.html").symlink_to(tmp_path / "elsewhere")
    (old / "pages/more").mkdir()
    (old / "pages/more/index.html").write_text("foreign")
    (old / "pages/three/index.html").unlink()
    (old / "pages/three").rmdir()
    (old / "pages/three").write_text("a file where a folder was")
    kept = stamps(out)
    with staging(out, kept):
        pass
    assert texts(out) == {
        MARK: "",
        **{f"pages/{n}/index.html": t for n, t in zip(("one", "two", "three"), "123", strict=True)},
    }
    assert stamps(out) == kept


def test_where_files_cannot_have_two_names_they_are_copied(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def no_links(*_: object) -> None:
        raise OSError("Operation not supported")

    monkeypatch.setattr("os.link", no_links)
    out = tmp_path / "site"
    published(out, one="1")
    kept = stamps(out)
    for _ in range(2):
        with staging(out, kept):
            pass
        assert holds(out, kept)
    assert texts(out) == {MARK: "", "pages/one/index.html": "1"}


def test_a_file_that_was_touched_is_not_held_for_ours(tmp_path: Path) -> None:
    out = tmp_path / "site"
    published(out, one="1", two="2")
    kept = stamps(out)
    assert holds(out, kept)
    (out / "pages/one/index.html").write_text("3")
    assert not holds(out, kept)
    assert holds(out, {"pages/two/index.html": kept["pages/two/index.html"]})
    (out / "pages/two/index.html").unlink()
    assert not holds(out, {"pages/two/index.html": kept["pages/two/index.html"]})


def test_a_build_that_fails_half_way_has_not_touched_what_it_shares(tmp_path: Path) -> None:
    out = tmp_path / "site"
    published(out, one="1")
    kept = stamps(out)

    def fail() -> None:
        with staging(out, kept) as folder:
            (folder / "pages/one/index.html").unlink()
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()
    assert holds(out, kept)
