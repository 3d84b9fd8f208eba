"""Which files of `data/` a computation looks at, noted while it runs: what it rests on is seen and not claimed.

A file is noted when it is opened, and when a part of the brief is asked for that was read from it before. What an
object has computed once and kept stands for the files that were looked at then.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cached_property
from typing import Any, ClassVar

_noted: ContextVar[set[str] | None] = ContextVar("noted", default=None)
_KEPT = "_files_of"


def note(*files: str) -> None:
    """Note files, or folders that end with a slash, for every computation that runs now."""
    noted = _noted.get()
    if noted is not None:
        noted.update(files)


@contextmanager
def noting() -> Iterator[set[str]]:
    """The files that are looked at while the block runs; a block around it gets them too."""
    files: set[str] = set()
    before = _noted.set(files)
    try:
        yield files
    finally:
        _noted.reset(before)
        note(*files)


class Noting:
    """An object that notes the files of its parts: `FROM` has them by the attribute's name."""

    FROM: ClassVar[Mapping[str, tuple[str, ...]]] = {}

    def __getattribute__(self, name: str) -> Any:
        get = object.__getattribute__
        kind = type(self)
        if name in kind.FROM:
            note(*kind.FROM[name])
        elif isinstance(getattr(kind, name, None), cached_property):
            kept = get(self, "__dict__").setdefault(_KEPT, {})
            if name not in kept:
                with noting() as files:
                    value = get(self, name)
                kept[name] = frozenset(files)
                return value
            note(*kept[name])
        return get(self, name)
