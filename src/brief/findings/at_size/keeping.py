"""The work of a run that is kept until it ends: killed and started again, it goes on from what is done.

What a step gives of a batch is a file of arrays, written aside and renamed; its name holds a digest of all that it
follows from, code included. So nothing of it can be stale: a name that does not match is not found.
"""

from __future__ import annotations

import hashlib
import json
import math
import mmap
import os
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
from filelock import FileLock, Timeout

from brief.contract import inputs
from brief.errors import BriefError, fail, refused
from brief.findings.at_size.parts import Array, Arrays

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
            return _Shelf(self._place(step, number, words))
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
            return _Shelf(path)
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


class _Shelf(Mapping[str, Array]):
    """The arrays of a file. Each lies in memory from when it is asked for until nobody looks at it any more: pages of
    files that stay open count as memory of the run, and of millions of comments they would be most of it.
    """

    def __init__(self, path: Path) -> None:
        """Raises `OSError` and `ValueError` where the file is not there, or not whole."""
        self._path = path
        with path.open("rb") as file:
            place = len(line := file.readline())
            self._places: dict[str, tuple[int, str, list[int]]] = {}
            for name, kind, shape in json.loads(line):
                place += -place % _ALIGNED
                self._places[name] = place, kind, shape
                place += math.prod(shape) * np.dtype(kind).itemsize
            if path.stat().st_size < place:
                raise ValueError("the file is not whole")

    def __getitem__(self, name: str) -> Array:
        place, kind, shape = self._places[name]
        count = math.prod(shape)
        if not count:
            return np.zeros(shape, dtype=kind)
        first = place - place % mmap.ALLOCATIONGRANULARITY
        length = place - first + count * np.dtype(kind).itemsize
        with self._path.open("rb") as file:
            content = mmap.mmap(file.fileno(), length, access=mmap.ACCESS_READ, offset=first)
        return np.frombuffer(content, dtype=kind, count=count, offset=place - first).reshape(shape)

    def __iter__(self) -> Iterator[str]:
        return iter(self._places)

    def __len__(self) -> int:
        return len(self._places)


@contextmanager
def alone(out: Path) -> Iterator[None]:
    """No other run writes to the folder meanwhile; it is made where there is none. Afterwards only what is kept stays.

    Raises `BriefError` where another run has it, or where it cannot be written to.
    """
    try:
        out.mkdir(parents=True, exist_ok=True)
        (out / FOLDER).mkdir(exist_ok=True)
    except OSError as error:
        raise refused(error) from None
    lock = FileLock(out / FOLDER / _LOCK, timeout=0)
    try:
        lock.acquire()
    except Timeout:
        what = "another run is writing to this folder"
        raise fail(what, "Let it end, or name another with --out.", out.name) from None
    try:
        yield
    finally:
        lock.release()
        if not any(path.is_dir() for path in (out / FOLDER).iterdir()):
            shutil.rmtree(out / FOLDER, ignore_errors=True)


@contextmanager
def refusing(kept: Kept) -> Iterator[None]:
    """Where comments are refused, nothing of them is kept: to go on from it would end in the same refusal."""
    try:
        yield
    except BriefError:
        shutil.rmtree(kept.folder, ignore_errors=True)
        raise


def forget(out: Path) -> None:
    """Delete the kept work: the results are written."""
    for path in (out / FOLDER).iterdir():
        if path.is_dir():
            shutil.rmtree(path, ignore_errors=True)
