"""Rows of cells as a table: where its header stands, what its columns are called, which rows do not fit.

A header need not be the first row: a title may stand above it, ids of the questions above the questions, a blank row
below them. Rows are numbered as a spreadsheet numbers them, blank ones included.
"""

from __future__ import annotations

import re
from array import array
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain, islice

import pandas as pd

from brief.errors import BriefError, Fault, fail
from brief.store.fields import by_name
from brief.store.rows import Rows

_LOOKED_AT = 30
"""So many rows are looked at to find the header."""
_NAMED = 20
"""So many rows are named in a message."""
_DATUM = re.compile(r"[-+]?\d+(?:[.,:]\d+)*|\d{4}-\d\d-\d\d.*|\d{1,2}[./]\d{1,2}[./]\d{2,4}.*|[^@\s]+@[^@\s]+\.\w+")
_SHORT_ID = re.compile(r"[A-Za-z]{0,12}[ _.-]?\d{1,4}[A-Za-z]?(?:[ _.-]\w{1,8})*|[A-Z]{1,3}")
_QUESTION = re.compile(r".*[?\uff1f]\s*$|please\b.*", re.IGNORECASE | re.DOTALL)
_ANSWERS = re.compile(r"(?:open-ended )?response", re.IGNORECASE)
_TWICE = re.compile(r"(.+?)\s+-\s+\1")


@dataclass(frozen=True)
class Grid:
    """The rows of a table file as they stand, each a list of texts, and what the preview tells of how they were read.

    `even` says that each row of such a file has all cells, so that one with fewer has a fault.
    """

    rows: Sequence[Sequence[str]]
    messages: tuple[str, ...] = ()
    even: bool = False
    kind: str = ""


@dataclass(frozen=True)
class Table:
    """A frame of texts, each column with a name of its own; the row of the file below the header; what is told."""

    frame: pd.DataFrame
    first_row: int
    messages: tuple[str, ...] = ()


@dataclass(frozen=True)
class Below:
    """The rows below a header under its names, however many; the row of the first of them; what is told."""

    rows: Rows
    first_row: int
    messages: tuple[str, ...] = ()


def table(grid: Grid, file: str) -> Table:
    """The rows below the header under its names, as a frame. Raises as `below` does."""
    rows = below(grid.rows, file, grid.messages, even=grid.even)
    return Table(rows.rows.frame(), rows.first_row, rows.messages)


def below(rows: Iterable[Sequence[str]], file: str, messages: tuple[str, ...] = (), *, even: bool = False) -> Below:
    """The rows below the header under its names, as they come: no more than a batch of them is held.

    Raises `BriefError` for a table without a row, and for rows with more cells than the header has.
    """
    every = iter(rows)
    first_rows = list(islice(every, _LOOKED_AT))
    start, names, first, more = header(first_rows)
    if not any(name for name in names):
        raise fail("the file is empty", "Write at least the header and a row.", file)
    width = len(names)
    used, shorter, longer = [bool(name) for name in names], list[int](), list[Fault]()
    numbers = array("Q")

    def kept() -> Iterator[Sequence[str]]:
        for number, row in enumerate(chain(first_rows[first:], every), start=first + 1):
            filled = [bool(cell.strip()) for cell in row]
            if not any(filled):
                continue
            if any(filled[width:]):
                longer.append(Fault(_too_long(row, width), _TOO_LONG, file, number))
            elif len(row) < width and even:
                shorter.append(number)
            for place, here in enumerate(filled[:width]):
                used[place] |= here
            numbers.append(number)
            yield row if len(row) == width else [*row[:width], *[""] * (width - len(row))]

    stored = Rows([str(place) for place in range(width)], kept(), numbers)
    if longer:
        raise BriefError(longer)
    if shorter:
        more = (*more, f"Rows with fewer cells than the header, filled with empty ones: {_numbers(shorter)}.")
    places = [place for place in range(width) if used[place]]
    called = _distinct([names[place] or f"column {place + 1}" for place in places])
    if start and any(any(cell.strip() for cell in row) for row in first_rows[:start]):
        above = _numbers([n + 1 for n in range(start) if any(first_rows[n])])
        more = (f"Rows above the header, left out: {above}.", *more)
    return Below(stored.only([str(place) for place in places], called), first + 1, (*messages, *more))


_TOO_LONG = "Quote the cells that hold the separator, or take the surplus cells out."


def _too_long(row: Sequence[str], width: int) -> str:
    return f"the row has {len(row)} cells and the header {width}"


def header(rows: Sequence[Sequence[str]]) -> tuple[int, list[str], int, tuple[str, ...]]:
    """Where the header stands: its place among the rows, the names of the columns ("" where there is none), the place
    of the first row below it, and what was made of it, in words.
    """
    filled = [(place, row) for place, row in enumerate(rows[:_LOOKED_AT]) if any(cell.strip() for cell in row)]
    if not filled:
        return 0, [], 0, ()
    widths = Counter(_width(row) for _, row in filled)
    usual = max(widths, key=lambda width: (widths[width], width))
    enough = max(1.0, usual / 2)
    place, row = next(((at, row) for at, row in filled if sum(map(bool, map(str.strip, row))) >= enough), filled[0])
    names = _stripped(row)
    below = next((at for at, _ in filled if at > place), None)
    if below is not None and _are_questions(names, under := _stripped(rows[below])):
        names = [asked or name for name, asked in zip(_wide(names, under), _wide(under, names), strict=True)]
        return place, names, below + 1, (f"Two header rows, {place + 1} and {below + 1}: the questions are the names.",)
    if below is not None and _are_parts(names, under := _stripped(rows[below])):
        names = _with_parts(_wide(names, under), _wide(under, names))
        return place, names, below + 1, (f"Two header rows, {place + 1} and {below + 1}, read as one.",)
    if not by_name(names) and any(_DATUM.fullmatch(name) for name in names):
        message = f"No header was found: row {place + 1} holds data, so the columns are called column 1, column 2 ..."
        return place, [f"column {number}" for number in range(1, usual + 1)], place, (message,)
    return place, [_TWICE.sub(r"\1", name) if _TWICE.fullmatch(name) else name for name in names], place + 1, ()


def _stripped(row: Sequence[str]) -> list[str]:
    return [" ".join(cell.split()) for cell in row[: _width(row)]]


def _wide(row: list[str], other: list[str]) -> list[str]:
    return [*row, *[""] * (len(other) - len(row))]


def _width(row: Sequence[str]) -> int:
    """The number of cells up to the last that holds something."""
    return max((place for place, cell in enumerate(row, start=1) if cell.strip()), default=0)


def _are_questions(ids: list[str], questions: list[str]) -> bool:
    """Whether short ids stand above questions: most cells of the one are ids, most of the other ask."""
    named = [name for name in ids if name]
    asked = [name for name in questions if name]
    return (
        len(asked) * 2 > len(named)
        and sum(_SHORT_ID.fullmatch(name) is not None for name in named) * 5 >= len(named) * 3
        and sum(_QUESTION.fullmatch(name) is not None for name in asked) * 2 >= len(asked)
        and len(set(asked)) * 2 > len(asked)
    )


def _are_parts(questions: list[str], parts: list[str]) -> bool:
    """Whether below questions stand the parts of their answers, as a survey of SurveyMonkey has them."""
    return parts[:1] == [""] and questions[:1] != [""] and any(_ANSWERS.fullmatch(part) for part in parts)


def _with_parts(questions: list[str], parts: list[str]) -> list[str]:
    names, last = [], ""
    for question, part in zip(questions, parts, strict=True):
        last = question or last
        names.append(last if not part or _ANSWERS.fullmatch(part) else f"{last} - {part}")
    return names


def _distinct(names: Sequence[str]) -> list[str]:
    """The names, those that stand twice with a number."""
    seen: Counter[str] = Counter()
    result: list[str] = []
    for name in names:
        seen[name] += 1
        result.append(name if seen[name] == 1 else f"{name} ({seen[name]})")
    return result


def _numbers(rows: Sequence[int]) -> str:
    more = f" and {len(rows) - _NAMED} more" if len(rows) > _NAMED else ""
    return ", ".join(map(str, rows[:_NAMED])) + more
