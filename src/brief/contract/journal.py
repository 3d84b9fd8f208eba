"""Files changed by one command at a time; several of them together or not at all, whenever a command is killed.

A change is written aside, below `.brief/` of the project. A journal then names what is to be moved in. From there on
the change counts as made: a command that is killed between two renames leaves the journal, and the next command of any
kind finishes the moves. So what is in the folder is always the state before or the state after.
"""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path, PurePosixPath
from typing import Any

from filelock import FileLock, Timeout

from brief.errors import fail, refused

WORK = ".brief"
"""The folder of locks, journals and changes under way; no input, and never committed."""
_JOURNAL, _STAGED, _FORMER = "journal.json", "staged-", "former"
_PATIENCE = 60.0
"""Seconds that a command waits for another one that writes."""


@contextmanager
def writing(root: Path, patience: float = _PATIENCE) -> Iterator[None]:
    """Nobody else writes to the brief at `root` while the block runs; what was left half done is finished first.

    May be nested. Raises `BriefError` where the folder cannot be written to, or another command still writes after
    `patience` seconds.
    """
    lock = FileLock(_work_folder(root) / "lock", is_singleton=True)
    try:
        _acquire(lock, patience)
    except OSError as error:
        raise refused(error) from None
    try:
        if lock.lock_counter == 1:
            _settle(root)
            _remove_stale(root)
        yield
    finally:
        lock.release()


def settle(root: Path) -> None:
    """Finish what a killed command left half done; quick where there is nothing. For every command that reads.

    Raises `BriefError` as `writing`.
    """
    if (root / WORK / _JOURNAL).is_file():
        with writing(root):
            pass


@contextmanager
def staging(root: Path) -> Iterator[Path]:
    """A folder beside the data to write a change in; removed afterwards. Only inside `writing`."""
    with _refusals_as_faults():
        staged = Path(tempfile.mkdtemp(prefix=_STAGED, dir=_work_folder(root)))
    try:
        yield staged
    finally:
        # With a journal, the next command needs what is left in the folder.
        if not (root / WORK / _JOURNAL).is_file():
            shutil.rmtree(staged, ignore_errors=True)


def move_in(root: Path, staged: Path, files: Sequence[str], removed: Sequence[str] = ()) -> None:
    """Move files of a staged folder to their places below `root`, all or none. Only inside `writing`.

    In: paths relative to both folders, in the order that they are moved in; `removed` are files of `root` that go away
    after that. Raises `BriefError`, with everything as it
    was, where a file cannot be moved.
    """
    with _refusals_as_faults():
        for file in (*files, *removed):
            if (root / file).is_dir():
                raise fail("a folder lies where this file is to be written", "Move the folder away.", file)
            if file not in removed:
                _sync(staged / file)
            if (root / file).exists():
                former = staged / _FORMER / file
                former.parent.mkdir(parents=True, exist_ok=True)
                link(root / file, former)
        new = [file for file in files if not (root / file).exists()]
        entry: dict[str, Any] = {"staged": staged.name, "back": False, "files": list(files), "new": new}
        entry["removed"] = list(removed)
        _sync_folders(staged)
        _write_journal(root, entry)
    try:
        _move(root, entry)
    except BaseException as error:
        # Without its journal the change is made, and what is left to do is tidying up.
        if (root / WORK / _JOURNAL).is_file():
            # Told in the journal first: killed on the way back, the next command goes back as well.
            _write_journal(root, entry | {"back": True})
            _move(root, entry | {"back": True})
        if isinstance(error, OSError):
            raise refused(error) from None
        raise


def link(source: str | Path, target: str | Path) -> None:
    """The same file under a second name, without copying where the disk can do that."""
    try:
        os.link(source, target)
    except OSError:
        shutil.copy2(source, target)


@contextmanager
def whole(path: Path) -> Iterator[Path]:
    """A path to write a new file at, which becomes `path` when it is whole; so do files written beside it.

    Raises `BriefError` where the place cannot be written to, or a file of such a name is there.
    """
    with _refusals_as_faults():
        # Under one name, so that what a killed command left is removed when it is given again.
        aside = path.with_name(f".{path.name}.new")
        shutil.rmtree(aside, ignore_errors=True)
        aside.mkdir(parents=True)
    try:
        with _refusals_as_faults():
            yield aside / path.name
            for file in sorted(aside.iterdir()):
                if (target := path.with_name(file.name)).exists():
                    raise fail(f"the file '{file.name}' is there already", "Name another, or move it away first.")
                _sync(file)
                file.replace(target)
    finally:
        shutil.rmtree(aside, ignore_errors=True)


def _acquire(lock: FileLock, patience: float) -> None:
    try:
        lock.acquire(timeout=0)
    except Timeout:
        sys.stderr.write("Another command is changing this brief; waiting for it to end.\n")
        try:
            lock.acquire(timeout=patience)
        except Timeout:
            what = f"another command has been changing this brief for {patience:g} seconds"
            raise fail(what, "Let it end, or stop it; then give this command again.") from None


def _settle(root: Path) -> None:
    path = root / WORK / _JOURNAL
    if not path.is_file():
        return
    try:
        entry = json.loads(path.read_text(encoding="utf-8"))
        known = isinstance(entry["files"], list) and Path(entry["staged"]).name == entry["staged"]
    except (ValueError, KeyError, TypeError):
        known = False
    if not known:
        remedy = f"Take data/ back from the repository, then remove the file {WORK}/{_JOURNAL}."
        raise fail("the journal of an unfinished change cannot be read", remedy, f"{WORK}/{_JOURNAL}")
    with _refusals_as_faults():
        _move(root, entry)


def _move(root: Path, entry: dict[str, Any]) -> None:
    """Do what a journal says, whatever of it is done already, and remove the journal."""
    staged = root / WORK / entry["staged"]
    removed = entry.get("removed", [])
    for file in (*entry["files"], *removed):
        target = root / file
        if entry["back"]:
            former = staged / _FORMER / file
            if former.exists():
                target.parent.mkdir(parents=True, exist_ok=True)
                former.replace(target)
            elif file in entry["new"]:
                target.unlink(missing_ok=True)
        elif file in removed:
            target.unlink(missing_ok=True)
            remove_emptied(root, file)
        elif (staged / file).exists():
            target.parent.mkdir(parents=True, exist_ok=True)
            (staged / file).replace(target)
    for folder in {(root / file).parent for file in (*entry["files"], *removed)}:
        if folder.is_dir():
            _sync(folder)
    (root / WORK / _JOURNAL).unlink(missing_ok=True)
    _sync(root / WORK)
    shutil.rmtree(staged, ignore_errors=True)


def remove_emptied(root: Path, file: str) -> None:
    """Remove the folders that a file lay in and that are empty now, but for those of the contract (data/comments)."""
    for folder in list(PurePosixPath(file).parents)[:-3]:
        with contextlib.suppress(OSError):
            (root / folder).rmdir()


def _write_journal(root: Path, entry: dict[str, Any]) -> None:
    path = root / WORK / _JOURNAL
    new = path.with_suffix(".tmp")
    new.write_text(json.dumps(entry, ensure_ascii=False), encoding="utf-8")
    _sync(new)
    new.replace(path)
    _sync(path.parent)


def _remove_stale(root: Path) -> None:
    """Remove what killed commands left: nobody else writes while the lock is held."""
    for folder in (root / WORK).glob(f"{_STAGED}*"):
        shutil.rmtree(folder, ignore_errors=True)


def _work_folder(root: Path) -> Path:
    folder = root.resolve() / WORK
    try:
        folder.mkdir(exist_ok=True)
        ignored = folder / ".gitignore"
        if not ignored.exists():
            ignored.write_text("*\n", encoding="utf-8")
    except OSError as error:
        raise refused(error) from None
    return folder


def _sync_folders(folder: Path) -> None:
    for below, _, _ in os.walk(folder):
        _sync(Path(below))


def _sync(path: Path) -> None:
    """Ask the disk to keep what was written, as far as the system can do that for files and folders."""
    with contextlib.suppress(OSError):
        descriptor = os.open(path, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


@contextmanager
def _refusals_as_faults() -> Iterator[None]:
    """Tell what the system refuses as a fault."""
    try:
        yield
    except OSError as error:
        raise refused(error) from None
