"""Write aside, then swap: visitors see the old site or the new one, whole, and never a mixture.

The new site is written beside the old one (same file system) and then exchanged with it in one
step of the file system where the platform has one (Linux, macOS); elsewhere in two renames, and
`recover` puts the old site back if the program died between them.
"""

from __future__ import annotations

import ctypes
import os
import shutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from harvester.errors import PublishError
from harvester.model import N_

MARK = "catalogue.sqlite"
"""The file by which a folder is known to be a site of ours: every build writes it."""

_AT_FDCWD = -100
_RENAME_EXCHANGE = 2  # linux/fs.h
_RENAME_SWAP = 2  # sys/stdio.h of macOS


@contextmanager
def staging(out: Path) -> Iterator[Path]:
    """An empty folder to write the new site into; when the block ends well, it becomes `out`.

    When the block raises, `out` stays what it was. Raises `PublishError` when the folder cannot
    be written or is something that we would not dare to replace.
    """
    aside = out.with_name(f".{out.name}.new")
    try:
        recover(out)
        _refuse_foreign(out)
        out.parent.mkdir(parents=True, exist_ok=True)
        shutil.rmtree(aside, ignore_errors=True)
        aside.mkdir()
    except OSError as error:
        raise _unwritable(out, error) from error
    try:
        yield aside
    except BaseException:
        shutil.rmtree(aside, ignore_errors=True)
        raise
    try:
        swap(aside, out)
    except OSError as error:
        raise _unwritable(out, error) from error


def recover(out: Path) -> None:
    """Put the old site back if a former run died between two renames."""
    old = out.with_name(f".{out.name}.old")
    if old.is_dir():
        if out.exists():
            shutil.rmtree(old)
        else:
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


def swap(new: Path, out: Path) -> None:
    """Let the folder `new` take the place of `out`, whose former content is removed."""
    if not out.exists():
        new.rename(out)
        return
    if not _exchange(new, out):
        old = out.with_name(f".{out.name}.old")
        out.rename(old)
        new.rename(out)
        shutil.rmtree(old)
        return
    shutil.rmtree(new)


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


def _unwritable(out: Path, error: OSError) -> PublishError:
    return PublishError(
        str(out),
        N_("The site cannot be written ({reason})."),
        N_("Check the folder's rights and the free space, or name another with --out."),
        reason=error.strerror or str(error),
    )
