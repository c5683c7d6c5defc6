"""Write aside, then swap: visitors see the old site or the new one, whole, and never a mixture.

The new site is written beside the old one (same file system) and then exchanged with it in one
step of the file system where the platform has one (Linux, macOS); elsewhere in two renames, and
`recover` puts the old site back if the program died between them.

Files that are to stay as they are become further names (hard links) of the published ones: no file is
ever written twice, so nothing that is done to the new site can reach the published one. What was
published before stays beside it as `.site.old`, because most of its folders and names are those of the
next site too, and making them anew (and removing them) is what takes the time on a quiet night.
"""

from __future__ import annotations

import ctypes
import os
import shutil
import sqlite3
import sys
from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from harvester.errors import PublishError
from harvester.model import N_

MARK = "catalogue.sqlite"
"""The file by which a folder is known to be a site of ours: every build writes it."""

Stamp = tuple[int, int]
"""By which a file is known to be the one that we wrote: its size in bytes, and when (nanoseconds)."""

_AT_FDCWD = -100
_RENAME_EXCHANGE = 2  # linux/fs.h
_RENAME_SWAP = 2  # sys/stdio.h of macOS


@contextmanager
def staging(out: Path, keep: Collection[str] = ()) -> Iterator[Path]:
    """A folder to write the new site into; when the block ends well, it becomes `out`.

    It holds the files `keep` of the site at `out` (paths below it) and nothing else. They must not be
    written to, only replaced. When the block raises, `out` stays what it was. Raises `PublishError` when
    the folder cannot be written, the disk is full, or it is something that we would not dare to replace.
    """
    aside, old = _beside(out, "new"), _beside(out, "old")
    try:
        recover(out)
        _refuse_foreign(out)
        out.parent.mkdir(parents=True, exist_ok=True)
        if keep and old.is_dir():
            shutil.rmtree(aside, ignore_errors=True)
            old.rename(aside)
        elif not keep:
            shutil.rmtree(aside, ignore_errors=True)
            shutil.rmtree(old, ignore_errors=True)
        aside.mkdir(exist_ok=True)
        if keep:
            _take_over(out, aside, keep)
    except OSError as error:
        raise _unwritable(out, error) from error
    try:
        yield aside
    except (OSError, sqlite3.OperationalError) as error:
        shutil.rmtree(aside, ignore_errors=True)
        raise _unwritable(out, error) from error
    except BaseException:
        shutil.rmtree(aside, ignore_errors=True)
        raise
    try:
        swap(aside, out, old)
    except OSError as error:
        raise _unwritable(out, error) from error


def empty_folder(folder: Path) -> Path:
    """The folder, made, and without what was in it."""
    if folder.is_dir():
        shutil.rmtree(folder)
    folder.mkdir(parents=True)
    return folder


def stamps(folder: Path) -> dict[str, Stamp]:
    """Path below the folder → stamp, of every file in it."""
    found: dict[str, Stamp] = {}
    for parent, _, names in os.walk(folder):
        below = os.path.relpath(parent, folder).replace(os.sep, "/")
        for name in names:
            stamp = _stamp(f"{parent}/{name}")
            if stamp is not None:
                found[name if below == "." else f"{below}/{name}"] = stamp
    return found


def holds(folder: Path, files: Mapping[str, Stamp]) -> bool:
    """Are all these files in the folder, and still as they were written?"""
    return all(_stamp(f"{folder}/{path}") == stamp for path, stamp in files.items())


def _stamp(path: str) -> Stamp | None:
    try:
        found = os.lstat(path)
    except OSError:
        return None
    return found.st_size, found.st_mtime_ns


def _beside(out: Path, what: str) -> Path:
    return out.with_name(f".{out.name}.{what}")


def _take_over(out: Path, aside: Path, keep: Collection[str]) -> None:
    """Let `aside`, whatever it holds, hold exactly the files `keep` of `out`."""
    wanted: dict[str, set[str]] = {"": set()}  # folder with its final slash → names of files in it
    for path in keep:
        folder, slash, name = path.rpartition("/")
        if (folder := folder + slash) not in wanted:
            parts = folder.split("/")[:-1]
            for depth in range(1, len(parts) + 1):
                wanted.setdefault("/".join(parts[:depth]) + "/", set())
        wanted[folder].add(name)
    for folder in sorted(wanted):  # a folder before what is in it
        here, there = f"{aside}/{folder}", f"{out}/{folder}"
        missing = wanted[folder]
        if not os.path.isdir(here):  # noqa: PTH112 - ten thousands of them: text is much faster than Path
            os.mkdir(here)  # noqa: PTH102
        else:
            missing = missing - _cleaned(here, there, folder, wanted)
        for name in missing:
            _link(there + name, here + name)


def _cleaned(here: str, there: str, folder: str, wanted: Mapping[str, Collection[str]]) -> set[str]:
    """Take out of a folder what is not wanted in it; the names of files that are right already."""
    with os.scandir(there) as entries:
        published = {entry.name: entry.inode() for entry in entries}
    right = set()
    with os.scandir(here) as entries:
        for entry in list(entries):
            if entry.is_dir(follow_symlinks=False):
                if f"{folder}{entry.name}/" not in wanted:
                    shutil.rmtree(entry.path)
            elif entry.name in wanted[folder] and published.get(entry.name) == entry.inode():
                right.add(entry.name)
            else:
                os.unlink(entry.path)  # noqa: PTH108
    return right


def _link(file: str, name: str) -> None:
    """Give a file a further name; where the file system has no such thing, a copy."""
    try:
        os.link(file, name)
    except OSError:
        shutil.copy2(file, name)


def recover(out: Path) -> None:
    """Put the old site back if a former run died between two renames."""
    old = _beside(out, "old")
    if old.is_dir() and not out.exists():
        old.rename(out)


def _refuse_foreign(out: Path) -> None:
    """A folder that holds no site of ours is somebody's home or project: never replace it."""
    if out.is_symlink() or (out.exists() and not out.is_dir()):
        raise PublishError(
            str(out), N_("This is not a folder."), N_("Name a folder for the site with --out.")
        )
    if out.is_dir() and any(out.iterdir()) and not (out / MARK).is_file():
        raise PublishError(
            str(out),
            N_("This folder holds other files than a site of this program."),
            N_("Name a new or empty folder with --out."),
        )


def swap(new: Path, out: Path, old: Path | None = None) -> None:
    """Let the folder `new` take the place of `out`, whose former content becomes `old` or is removed."""
    if not out.exists():
        new.rename(out)
        return
    former = old or _beside(out, "old")
    shutil.rmtree(former, ignore_errors=True)
    if _exchange(new, out):
        new.rename(former)
    else:
        out.rename(former)
        new.rename(out)
    if old is None:
        shutil.rmtree(former)


def _exchange(one: Path, other: Path) -> bool:
    """Let two folders trade names in one step; False where the system cannot."""
    libc = ctypes.CDLL(None, use_errno=True)
    if sys.platform == "linux" and hasattr(libc, "renameat2"):
        failed: int = libc.renameat2(
            _AT_FDCWD, os.fsencode(one), _AT_FDCWD, os.fsencode(other), _RENAME_EXCHANGE
        )
        return not failed
    if sys.platform == "darwin" and hasattr(libc, "renamex_np"):
        failed = libc.renamex_np(os.fsencode(one), os.fsencode(other), _RENAME_SWAP)
        return not failed
    return False


def write_aside(path: Path, text: str) -> None:
    """Replace a text file: its readers see the old one or the new one. Raises `PublishError`."""
    aside = path.with_name(f".{path.name}.new")
    try:
        aside.write_text(text, "utf-8", newline="")
        shutil.copymode(path, aside)
        aside.replace(path)
    except OSError as error:
        aside.unlink(missing_ok=True)
        raise PublishError(
            str(path),
            N_("The file cannot be written ({error})."),
            N_("Check that you may write to it and that there is room on the disk."),
            error=error,
        ) from error


def _unwritable(out: Path, error: OSError | sqlite3.Error) -> PublishError:
    return PublishError(
        str(out),
        N_("The site cannot be written ({reason})."),
        N_("Check the folder's rights and the free space, or name another with --out."),
        reason=getattr(error, "strerror", None) or str(error),
    )
