"""What a reader of an export collects: rows of comments, what it left out, what the preview should tell."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

import pandas as pd

from brief.errors import fail
from brief.store.fields import FIELDS
from brief.store.sources import Found
from brief.store.unseen import clean

_SHOWN = 8


@dataclass(frozen=True)
class Thread:
    """A page or post that comments stand under: its title and address, or what it is called where it has neither."""

    title: str = ""
    address: str = ""
    words: str = ""

    @property
    def label(self) -> str:
        """The thread as an attribute has it."""
        return self.title or self.address or self.words or "without a title"

    def __str__(self) -> str:
        named = f"“{self.title}”" if self.title else self.words or "without a title"
        return f"{named}, {self.address}" if self.address else named


@dataclass
class Export:
    """The comments of an export as they are collected; `found` makes a frame of them.

    `left_out` counts what the file holds and is not taken, by its kind in words ("deleted"); `not_here` counts what the
    file says there is and does not hold ("replies that were not loaded").
    """

    file: str
    rows: list[dict[str, str]] = field(default_factory=list)
    left_out: Counter[str] = field(default_factory=Counter)
    not_here: Counter[str] = field(default_factory=Counter)
    messages: list[str] = field(default_factory=list)
    threads: dict[str, Thread] = field(default_factory=dict)

    def found(self, how: str, **more: str) -> Found:
        """What was found. Raises `BriefError` where no comment is left, with what was left out."""
        counted = ", ".join(f"{kind} {number}" for kind, number in self.left_out.items() if number)
        missing = ", ".join(f"{kind} {number}" for kind, number in self.not_here.items() if number)
        if not self.rows:
            what = "the export holds no comment that can be taken in"
            what += f"; left out: {counted}" if counted else ""
            what += f"; not in the file: {missing}" if missing else ""
            raise fail(what, "Export it again once there are comments, or choose another thread.", self.file)
        messages = [*self.messages, *self._of_threads()]
        messages += [f"Left out: {counted}."] if counted else []
        messages += [f"Not in the file: {missing}."] if missing else []
        return Found(None, frame(self.rows), how, messages=tuple(messages), **more)  # type: ignore[arg-type]

    def _of_threads(self) -> list[str]:
        """The threads of the export and how many comments each has; a single one is no attribute."""
        if not self.threads:
            return []
        counted = Counter(row.get("thread", "") for row in self.rows)
        with_comments = {key: title for key, title in self.threads.items() if counted[key]}
        if len(counted) == 1:
            for row in self.rows:
                row.pop("thread", None)
            return [f"Thread: {title}." for title in with_comments.values()]
        names = _distinct(with_comments)
        for row in self.rows:
            row["thread"] = names.get(row.get("thread", ""), row.get("thread", ""))
        every = [f"{title} ({counted[key]})" for key, title in with_comments.items()]
        more = f" and {len(every) - _SHOWN} more" if len(every) > _SHOWN else ""
        return [f"Threads: {len(every)}, told apart by attr_thread: {'; '.join(every[:_SHOWN])}{more}."]


def frame(rows: list[dict[str, str]]) -> pd.DataFrame:
    """Rows as a frame of texts: the columns of the contract first, then the others as they came."""
    ordered = in_order(dict.fromkeys(name for row in rows for name in row))
    return pd.DataFrame({name: pd.Series([clean(row.get(name, "")) for row in rows], dtype="str") for name in ordered})


def in_order(names: Iterable[str]) -> list[str]:
    """Names of columns, each once: those of the contract first, then the others as they came."""
    every = dict.fromkeys(names)
    return [*(name for name in FIELDS if name in every), *(name for name in every if name not in FIELDS)]


def titled(title: str, address: str = "") -> Thread:
    """A thread by its title, on one line, and its address."""
    return Thread(" ".join(title.split())[:120], address.strip())


def is_yes(text: object) -> bool:
    """Whether a flag of an export is set."""
    return str(text).strip().casefold() in ("true", "1", "yes", "y", "t")


def _distinct(threads: Mapping[str, Thread]) -> dict[str, str]:
    """The labels of threads by key; of those that stand twice, each with its key."""
    counted = Counter(thread.label for thread in threads.values())
    labels = {key: thread.label for key, thread in threads.items()}
    return {key: label if counted[label] == 1 else f"{label} [{key}]" for key, label in labels.items()}
