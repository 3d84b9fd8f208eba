"""A copy of all inputs as they stood at one moment: what changes while a build reads belongs to the next build.

A copy, and no hard links: a program that writes into a file in place would change the linked one as well.
"""

from __future__ import annotations

import atexit
import os
import shutil
import tempfile
from pathlib import Path

from filelock import FileLock, Timeout

from brief.contract import inputs, journal
from brief.errors import fail, refused

_MARK, _BUILDS = ".frozen", ".build-"
_COPIED = ("data", "book")
_HELD: list[FileLock] = []
LOCK = ".lock"
"""The lock of `_build`, held for a moment: while a folder is made there, and while one site takes another's place."""


def frozen(root: Path) -> Path:
    """The brief at `root`, copied: data, chapters, configuration. A copy is returned as it is.

    It lies in a folder of its own, `_build/.build-…/inputs`, which is removed when the process ends; where the brief
    cannot be written to, in the system's folder for such things. What killed processes left is removed first. Raises
    `BriefError` where there is no room for it.
    """
    if is_frozen(root):
        return root
    journal.settle(root)
    try:
        folder = _new_folder(root / "_build")
        copy = folder / "inputs"
        copy.mkdir()
        for name in _COPIED:
            for path in inputs.files(root / name):
                target = copy / path.relative_to(root)
                target.parent.mkdir(parents=True, exist_ok=True)
                shutil.copyfile(path, target)
        for name in inputs.CHAPTER_FILES:
            if (root / name).is_file():
                shutil.copyfile(root / name, copy / name)
        own = root / "_build" if folder.parent == root / "_build" else folder / "_build"
        (copy / _MARK).write_text(f"{own.resolve()}\n{root.resolve()}", encoding="utf-8")
    except OSError as error:
        raise refused(error) from None
    return copy


def check_rights(root: Path) -> None:
    """Whether a site may be written below `root`. Raises `BriefError` that names the folder where it may not.

    Asked before Jupyter Book is started, which would end with a traceback.
    """
    builds = root / "_build"
    if builds.exists() and not builds.is_dir():
        raise fail(f"'{builds}' is a file, and what is built goes into a folder of that name", "Move the file away.")
    for folder in (builds if builds.is_dir() else root, builds / "html"):
        if folder.is_dir() and not os.access(folder, os.W_OK | os.X_OK):
            raise fail(
                f"the folder '{folder}' may not be written to, and what is built goes there",
                "Copy the brief to a folder of your own and build there, or ask for the right to write to this one.",
            )


def is_frozen(root: Path) -> bool:
    """Whether the folder is such a copy."""
    return (root / _MARK).is_file()


def build_folder(root: Path) -> Path:
    """The folder that keeps what is built of a brief: of a copy, that of the brief it is a copy of."""
    if is_frozen(root):
        return Path((root / _MARK).read_text(encoding="utf-8").split("\n")[0])
    return root / "_build"


def analysis_folder(root: Path) -> Path:
    """The folder into which `brief analyse` writes what it finds in the comments of a brief."""
    return build_folder(root) / "analysis"


def origin(root: Path) -> Path:
    """The brief itself: of a copy, the one that it is a copy of."""
    return Path((root / _MARK).read_text(encoding="utf-8").split("\n")[1]) if is_frozen(root) else root


def _new_folder(builds: Path) -> Path:
    """A folder that this process alone uses, removed at its end; `builds` where that can be written to."""
    try:
        builds.mkdir(exist_ok=True)
        # Made and held in one go: no other process can take it for one that was left.
        with FileLock(builds / LOCK):
            _remove_left(builds)
            folder = _held(Path(tempfile.mkdtemp(prefix=_BUILDS, dir=builds)))
    except OSError:
        folder = _held(Path(tempfile.mkdtemp(prefix="brief-")))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    return folder


def _held(folder: Path) -> Path:
    """The folder, held as long as the process lives: whoever can hold it knows that it is nobody's."""
    lock = FileLock(folder / "lock")
    lock.acquire()
    _HELD.append(lock)
    return folder


def _remove_left(builds: Path) -> None:
    for folder in builds.glob(f"{_BUILDS}*"):
        try:
            with FileLock(folder / "lock", timeout=0):
                shutil.rmtree(folder, ignore_errors=True)
        except Timeout:
            continue
