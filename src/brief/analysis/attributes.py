"""The attributes of comments: which of them readers see, and how the comments divide by them.

Two steps, so that any number of comments can be counted: `count` counts the values in a batch (no row looks at
another), `merge` adds such counts; neither the order nor the number of batches matters. Which attributes readers see
is then decided by `seen`: a value that few comments have may point at a person, so it is not shown unasked.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence

import pandas as pd

PREFIX = "attr_"
FEWEST_VALUES, MOST_VALUES = 2, 12
"""An attribute that nobody asked for is shown where it has so many different values."""
FEWEST_OF_A_VALUE = 3
"""And where each of its values has so many comments."""
LISTED_VALUES = 20
"""So many values of an attribute are counted one by one, those that most comments have; the others together."""
NONE_GIVEN, OTHERS = "", None
_MOST_COUNTED = 50
"""An attribute that nobody asked for is no longer counted once it has so many different values."""
#: What an export calls a comment and what it answers tells nothing of the comment.
_NAMES_OF_COMMENTS = re.compile(rf"{PREFIX}(?:original_.*|.*_?id)")

Counts = Mapping[str, "Mapping[str, int] | None"]
"""For each attribute, how many comments have each value; None where there are too many values to count."""


def column_of(name: str) -> str:
    """The column of an attribute: its name with the prefix, which need not be written."""
    return name if name.startswith(PREFIX) else f"{PREFIX}{name}"


def count(batch: pd.DataFrame, asked: Collection[str] = ()) -> Counts:
    """The values of each attribute in a batch of comments; those of `asked` are counted however many there are.

    In: a frame of texts, with a column for each attribute. Spaces around a value and line ends within do not count.
    """
    counts: dict[str, Mapping[str, int] | None] = {}
    for name in (str(name) for name in batch.columns if str(name).startswith(PREFIX)):
        values = batch[name].map(tidied).value_counts()
        counts[name] = _kept(name, {str(value): int(number) for value, number in values.items()}, asked)
    return counts


def merge(counts_of_one: Counts, counts_of_other: Counts, asked: Collection[str] = ()) -> Counts:
    """The counts of two batches together. Associative, and the order does not matter."""
    counts: dict[str, Mapping[str, int] | None] = {}
    for name in sorted({*counts_of_one, *counts_of_other}):
        parts = [part.get(name, {}) for part in (counts_of_one, counts_of_other)]
        total: dict[str, int] | None = {}
        for part in parts:
            if part is None or total is None:
                total = None
                continue
            for value, number in part.items():
                total[value] = total.get(value, 0) + number
        counts[name] = _kept(name, total, asked)
    return counts


def seen(counts: Counts, asked: Sequence[str] | None) -> list[str]:
    """The attributes that readers see, by their columns: those asked for, in that order; else those that are safe.

    Unasked are shown those with `FEWEST_VALUES` to `MOST_VALUES` values, each of which at least `FEWEST_OF_A_VALUE`
    comments have. An empty list of asked ones shows none.
    """
    if asked is not None:
        return [name for name in asked if _values(counts.get(name))]
    return [name for name in sorted(counts) if not _NAMES_OF_COMMENTS.fullmatch(name) and _is_safe(counts[name])]


def values(counts: Mapping[str, int]) -> list[str]:
    """The values that are counted one by one, most comments first; where nothing was given is no value."""
    order = sorted(_values(counts).items(), key=lambda pair: (-pair[1], pair[0]))
    return [value for value, _ in order[:LISTED_VALUES]]


def divided(rows: pd.DataFrame, name: str, listed: Sequence[str]) -> list[tuple[str | None, pd.DataFrame]]:
    """The rows by an attribute: those of each listed value, of all `OTHERS`, and where none is given."""
    cells = rows[name].map(tidied)
    parts: list[tuple[str | None, pd.DataFrame]] = [(value, rows[cells == value]) for value in listed]
    parts += [(OTHERS, rows[~cells.isin([*listed, NONE_GIVEN])]), (NONE_GIVEN, rows[cells == NONE_GIVEN])]
    return [(value, part) for value, part in parts if len(part)]


def tidied(value: object) -> str:
    """A value on one line, without spaces around it."""
    return " ".join(str(value).split())


def _kept(name: str, counted: dict[str, int] | None, asked: Collection[str]) -> Mapping[str, int] | None:
    return counted if counted is None or name in asked or len(counted) <= _MOST_COUNTED else None


def _values(counts: Mapping[str, int] | None) -> dict[str, int]:
    return {value: number for value, number in (counts or {}).items() if value != NONE_GIVEN}


def _is_safe(counts: Mapping[str, int] | None) -> bool:
    given = _values(counts)
    return FEWEST_VALUES <= len(given) <= MOST_VALUES and min(given.values()) >= FEWEST_OF_A_VALUE
