"""The work of a run that is kept until it ends: killed and started again, it goes on from what is done.

What a step gives of a batch is a file of arrays, written aside and renamed; its name holds a digest of all that it
follows from, code included. So nothing of it can be stale: a name that does not match is not found.
"""

from __future__ import annotations

import hashlib
import json
import mmap
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
from filelock import FileLock, Timeout

from brief.contract import inputs
from brief.errors import fail, refused
from brief.findings.at_size.parts import Arrays

FOLDER = ".work"
_LOCK = "lock"
_ALIGNED = 64
"""The bytes of an array begin at a multiple of this."""


class Kept:
    """The kept work of one run, in the folder where its results will be."""

    def __init__(self, out: Path, *words: str) -> None:
        run = key(inputs.code_digest(), *words)[:24]
        self.folder = out / FOLDER / run
        # What is left of a run on other comments, by other code or in other batches would never be found again.
        for path in (out / FOLDER).iterdir():
            if path.is_dir() and path.name != run:
                shutil.rmtree(path, ignore_errors=True)

    def load(self, step: str, number: int, *words: str) -> Arrays | None:
        """What is kept of a batch, its arrays left on the disk until they are looked at; None where nothing is."""
        try:
            return _opened(self._place(step, number, words))
        except (OSError, ValueError):
            return None

    def keep(self, arrays: Arrays, step: str, number: int, *words: str) -> Arrays:
        """Keep what a step gave of a batch; returns it as `load` does."""
        path = self._place(step, number, words)
        aside = path.with_name(f"{path.name}.new")
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            with aside.open("wb") as file:
                head = [(name, values.dtype.str, values.shape) for name, values in arrays.items()]
                file.write(f"{json.dumps(head)}\n".encode())
                for values in arrays.values():
                    file.write(b"\0" * (-file.tell() % _ALIGNED))
                    file.write(np.ascontiguousarray(values).tobytes())
                file.flush()
                os.fsync(file.fileno())
            aside.rename(path)
            return _opened(path)
        except OSError as error:
            raise refused(error) from None

    def _place(self, step: str, number: int, words: tuple[str, ...]) -> Path:
        return self.folder / f"{step}-{number:06}-{key(*words)[:24]}"

    def scratch(self, name: str, rows: int, columns: int, kind: Any) -> np.ndarray[Any, np.dtype[Any]]:
        """An array on the disk to write into, of zeros."""
        self.folder.mkdir(parents=True, exist_ok=True)
        if rows == 0:
            return np.zeros((0, columns), dtype=kind)
        return np.lib.format.open_memmap(self.folder / f"{name}.npy", "w+", kind, (rows, columns))


def key(*words: str) -> str:
    """A digest of words."""
    return hashlib.sha256("\0".join(words).encode("utf-8", "surrogateescape")).hexdigest()


def _opened(path: Path) -> Arrays:
    """The arrays of a file. Raises `OSError` and `ValueError` where it is not there, or not whole."""
    with path.open("rb") as file:
        place = len(line := file.readline())
        head = json.loads(line)
        content = np.frombuffer(mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ), dtype=np.uint8)
    arrays: Arrays = {}
    for name, kind, shape in head:
        place += -place % _ALIGNED
        end = place + int(np.prod(shape)) * np.dtype(kind).itemsize
        arrays[name] = content[place:end].view(kind).reshape(shape)
        place = end
    return arrays


@contextmanager
def alone(out: Path) -> Iterator[None]:
    """No other run writes to the folder meanwhile; it is made where there is none.

    Raises `BriefError` where another run has it, or where it cannot be written to.
    """
    try:
        out.mkdir(parents=True, exist_ok=True)
        (out / FOLDER).mkdir(exist_ok=True)
    except OSError as error:
        raise refused(error) from None
    try:
        with FileLock(out / FOLDER / _LOCK, timeout=0):
            yield
    except Timeout:
        what = "another run is writing to this folder"
        raise fail(what, "Let it end, or name another with --out.", out.name) from None
    if not any(path.is_dir() for path in (out / FOLDER).iterdir()):
        shutil.rmtree(out / FOLDER, ignore_errors=True)


def forget(out: Path) -> None:
    """Delete the kept work: the results are written."""
    for path in (out / FOLDER).iterdir():
        if path.is_dir():
            shutil.rmtree(path, ignore_errors=True)
