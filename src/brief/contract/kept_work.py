"""Work that is done once: what follows from bytes alone is kept under the digest of these bytes and of all code.

A file for each piece, in a folder of `_build` or in the one that `BRIEF_KEPT` names. The folder may be deleted at any
time and shared by builds that run at once: a file is written aside and renamed, what it holds is compared with its
digest when it is read, and the least recently used go once the folder is full. Nothing of it is run or unpickled, and
a folder that others can write to is not used at all.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import re
import stat
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from brief.contract import inputs
from brief.contract.frozen import build_folder

PLACE = "BRIEF_KEPT"
"""The variable of the environment that may name another folder, for builds of several briefs to share."""
MOST = 150_000_000
"""So many bytes are kept."""
FOLDER = "work"
"""The folder of `_build/brief` where it is kept."""
_ABANDONED = 3_600.0
_OTHERS_WRITE = stat.S_IWGRP | stat.S_IWOTH
_NEW = ".brief-new-"
_PIECE = re.compile(rf"[a-z-]+-[0-9a-f]{{64}}|{re.escape(_NEW)}.*")
"""The names of what is kept: only that is ever deleted, since the folder may hold files of others."""
_places: list[tuple[Path, list[Path]]] = []


@contextmanager
def keeping(root: Path) -> Iterator[None]:
    """While the block runs, `done_once` keeps what it is given to do for the brief at `root`."""
    written: list[Path] = []
    _places.append((_place(root), written))
    try:
        yield
    finally:
        folder, _ = _places.pop()
        if written:
            # Changed while it ran, the code that was loaded may be another than that of the digest.
            if inputs.code_digest.__wrapped__() != inputs.code_digest():
                for path in written:
                    path.unlink(missing_ok=True)
            _forget(folder)


def done_once(what: str, parts: tuple[str | bytes, ...], make: Callable[[], bytes]) -> bytes:
    """The bytes that `make` gives, from the store where they are kept.

    In: what kind of work it is, and everything that the bytes follow from besides the code. Outside of `keeping`, and
    where nothing can be kept, the work is done.
    """
    if not _places:
        return make()
    folder, written = _places[-1]
    path = folder / _key(what, parts)
    content = _read(path)
    if content is None:
        content = make()
        # A full disk or a folder without the right to write keeps nothing, and stops nothing.
        with contextlib.suppress(OSError):
            if _is_ours(folder):
                _write(path, content)
                written.append(path)
    return content


def forget(root: Path) -> None:
    """Delete all that is kept for the brief at `root`: it may hold a text that is to be nowhere any more."""
    folder = _place(root)
    with contextlib.suppress(OSError):
        for path in _pieces(folder):
            path.unlink(missing_ok=True)


def _place(root: Path) -> Path:
    own = os.environ.get(PLACE)
    return Path(own) if own else build_folder(root) / "brief" / FOLDER


def _key(what: str, parts: tuple[str | bytes, ...]) -> str:
    digests = [
        hashlib.sha256(part.encode("utf-8", "surrogatepass") if isinstance(part, str) else part) for part in parts
    ]
    words = [inputs.code_digest(), what, *(digest.hexdigest() for digest in digests)]
    return f"{what}-{hashlib.sha256(' '.join(words).encode()).hexdigest()}"


def _read(path: Path) -> bytes | None:
    """What is kept there; None where nothing is, or something else than was written."""
    try:
        if not _is_ours(path.parent, make=False):
            return None
        digest, _, content = path.read_bytes().partition(b"\n")
    except OSError:
        return None
    if hashlib.sha256(content).hexdigest().encode() != digest:
        return None
    with contextlib.suppress(OSError):
        os.utime(path)
    return content


def _write(path: Path, content: bytes) -> None:
    new = Path(tempfile.mkstemp(prefix=_NEW, dir=path.parent)[1])
    try:
        new.write_bytes(hashlib.sha256(content).hexdigest().encode() + b"\n" + content)
        new.replace(path)
    finally:
        new.unlink(missing_ok=True)


def _is_ours(folder: Path, make: bool = True) -> bool:
    """Whether nobody else can write into the folder, which is made where there is none."""
    if make:
        folder.mkdir(mode=0o700, exist_ok=True, parents=True)
    there = folder.stat()
    return not hasattr(os, "geteuid") or (there.st_uid == os.geteuid() and not there.st_mode & _OTHERS_WRITE)


def _pieces(folder: Path) -> list[Path]:
    return [path for path in folder.iterdir() if _PIECE.fullmatch(path.name) and path.is_file()]


def _forget(folder: Path) -> None:
    """Delete what has not been used for longest, beyond `MOST`, and what killed processes left."""
    kept: list[tuple[float, int, Path]] = []
    with contextlib.suppress(OSError):
        for path in _pieces(folder):
            with contextlib.suppress(OSError):
                there = path.stat()
                kept.append((there.st_mtime, there.st_size, path))
    left, now = MOST, time.time()
    for used, size, path in sorted(kept, reverse=True):
        left -= size
        if left < 0 or (path.name.startswith(_NEW) and used < now - _ABANDONED):
            path.unlink(missing_ok=True)
