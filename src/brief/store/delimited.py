"""Text files whose rows are lines of cells: CSV, TSV, and those with semicolons or pipes.

Which sign separates the cells is found by trying each: with the right one all rows have as many cells as the header.
"""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from functools import lru_cache
from typing import TypeVar

from brief.contract.files import MOST_COLUMNS
from brief.errors import BriefError, fail
from brief.store import grids
from brief.store.fields import by_name
from brief.store.grids import Below, Grid
from brief.store.opening import FEW_ZEROS, Lines, decoded_head

Taken = TypeVar("Taken")

SEPARATORS = {",": "commas", ";": "semicolons", "\t": "tabs", "|": "pipes"}
_NONE = "\x1f"
"""Stands for no separator: one column. No text may hold it."""
_SAMPLE_SIGNS, _SAMPLE_ROWS = 200_000, 400
_SEPARATOR_LINE = re.compile(r'\ufeff?"?sep=([,;|\t])"?\r?\n')
_EVEN = 0.6
"""In so many of its rows a table has as many cells as the most have."""
#: What no such text begins with: markup, JSON; and files that are no text: archives, PDFs, pictures, Parquet.
_OTHERS = ("<", "%PDF")
_BINARY = (b"PK\x03\x04", b"%PDF", b"PAR1", b"\x89PNG", b"\xff\xd8", b"\x1f\x8b", b"\xd0\xcf\x11\xe0")


def grid(text: str, file: str, messages: tuple[str, ...] = ()) -> Grid:
    """The rows of a text. Raises `BriefError` for an empty one, and with the row for quotation that does not end."""
    rows, more = _read(lambda: io.StringIO(text, newline=""), file, list)
    return Grid(rows, (*messages, *more), even=True, kind="delimited")


def below(lines: Lines, file: str) -> Below:
    """The rows of a file of any size below its header, as they come. Raises as `grid` and `grids.below` do."""
    table, messages = _read(lambda: _pieces(lines), file, lambda rows: grids.below(rows, file, even=True))
    return replace(table, messages=(*lines.messages, *messages, *table.messages))


def _read(
    lines: Callable[[], Iterable[str]], file: str, take: Callable[[Iterator[list[str]]], Taken]
) -> tuple[Taken, tuple[str, ...]]:
    """What `take` makes of the rows of a text, and what is told of how its cells are separated and quoted."""
    sample = _begun(lines())
    if not sample.strip():
        raise fail("the file is empty", "Write at least the header and a row.", file)
    named = _SEPARATOR_LINE.match(sample)
    sign = named[1] if named else separator(sample[:_SAMPLE_SIGNS], len(sample) > _SAMPLE_SIGNS)[0]
    messages: tuple[str, ...] = ()
    try:
        taken = take(_rows(lines(), sign, file, named is not None))
    except _Broken as broken:
        widths, marked = set[int](), list[str]()
        try:
            taken = take(_rows(_marked(lines(), marked), sign, file, named is not None, widths))
        except (_Broken, BriefError):
            raise broken.told(file) from None
        if len(widths) > 1 or not marked:
            raise broken.told(file) from None
        messages = ('Quotation marks in cells are marked by a backslash (\\"), and read so.',)
    if sign != ",":
        name = SEPARATORS.get(sign)
        messages = (*messages, f"Cells separated by {name}." if name else "The table has one column.")
    return taken, messages


class _Broken(Exception):
    """Quotation that does not fit, with the row in which it was seen."""

    def __init__(self, error: csv.Error, row: int) -> None:
        super().__init__(str(error))
        self.row = row

    def told(self, file: str) -> BriefError:
        """The fault of it."""
        remedy = "Quote cells that hold quotation marks or line ends, and double the quotation marks in them."
        if "end of data" in str(self):
            what = "a quotation mark opens a cell here or further up, and none closes it"
        else:
            what = f"quotation marks stand inside a quoted cell ({self})"
        return fail(what, remedy, file, self.row)


def _begun(lines: Iterable[str]) -> str:
    """The first signs of a text, one more than are looked at where it goes on."""
    parts, signs = list[str](), 0
    try:
        for line in lines:
            parts.append(line)
            signs += len(line)
            if signs > _SAMPLE_SIGNS:
                break
    except BriefError:
        # A line that cannot be read is told where the rows are read: by then it is known in which of them it stands.
        if not parts:
            raise
    return "".join(parts)[: _SAMPLE_SIGNS + 1]


def _pieces(lines: Iterable[str]) -> Iterator[str]:
    """Lines, cut as well where a carriage return alone ends them, as old programs write."""
    for line in lines:
        if "\r" in line[:-2]:
            yield from io.StringIO(line, newline="")
        else:
            yield line


def _marked(lines: Iterable[str], marked: list[str]) -> Iterator[str]:
    """Lines; in `marked` the first in which a backslash stands before a quotation mark."""
    for line in lines:
        if not marked and '\\"' in line:
            marked.append(line)
        yield line


def _rows(
    lines: Iterable[str], sign: str, file: str, named: bool, widths: set[int] | None = None
) -> Iterator[list[str]]:
    """The rows of lines; with `widths`, which gets their lengths, a backslash marks quotation marks."""
    for number, row in enumerate(_counted(_reader(lines, sign, escaped=widths is not None)), start=1):
        if len(row) > MOST_COLUMNS:
            what = f"the table has {len(row):,} columns, and {MOST_COLUMNS:,} at most are read"
            raise fail(what, "Leave out the columns that the brief does not need.", file, number)
        if widths is not None and row:
            widths.add(len(row))
        # Excel's own line about the separator holds no data; a blank row keeps the numbers of the others.
        yield [] if named and number == 1 else row


def _counted(rows: Iterator[list[str]]) -> Iterator[list[str]]:
    """The rows; what is wrong with a line is told by the row in which it stands: a cell may span lines."""
    number = 0
    try:
        for row in rows:
            number += 1
            yield row
    except csv.Error as error:
        raise _Broken(error, number + 1) from None
    except BriefError as error:
        raise BriefError(replace(fault, row=fault.row and number + 1) for fault in error.faults) from None


def separator(sample: str, cut: bool = False) -> tuple[str, float]:
    """The sign that separates the cells, and how even the rows are with it, 0 to 1; `_NONE` for one column.

    `cut` says that the text goes on after the sample.
    """
    best = (_NONE, 0.0)
    weight: tuple[float, int, int] = (0.0, 0, 0)
    for sign in SEPARATORS:
        rows, sound = _sampled(sample, sign, cut)
        if not rows:
            continue
        if len(rows[0]) == 1 and "text" in by_name(rows[0]):
            continue
        widths = Counter(map(len, rows))
        usual = max(widths, key=lambda width: (widths[width], width))
        even = widths[usual] / len(rows) * (1.0 if sound else 0.8)
        known = max(len(by_name(row)) for row in rows[:3])
        if len(rows[0]) > 1 and "text" in by_name(rows[0]):
            # A header that names a text tells the separator also where rows are not even: that is a fault to be told.
            even, usual = max(even, _EVEN), len(rows[0])
        if usual < 2 or even < _EVEN:
            continue
        if (even if even < 0.95 else 1.0, known, usual) > weight:
            weight, best = (even if even < 0.95 else 1.0, known, usual), (sign, even)
    return best


@lru_cache(maxsize=4)
def looked_at(head: bytes) -> tuple[tuple[tuple[str, ...], ...], str, float]:
    """The rows in the first bytes of a file, the sign that separates their cells, and how even they are.

    No rows for what is not text, and for markup.
    """
    text = decoded_head(head)
    if head.count(0) <= len(head) * FEW_ZEROS:
        text = text.replace("\0", "")
    if "\0" in text and not head.startswith(_BINARY):
        # UTF-16 without a mark: of Latin letters every second byte is 0.
        text = head[: len(head) // 2 * 2].decode("utf-16-le" if head[1:200:2].count(0) > 20 else "utf-16-be", "ignore")
    if head.startswith(_BINARY) or "\0" in text or not text.strip() or text.lstrip().startswith(_OTHERS):
        return (), "", 0.0
    text, cut = _SEPARATOR_LINE.sub("", text, count=1), len(head) >= 60_000
    sign, even = separator(text, cut)
    rows, _ = _sampled(text, sign, cut)
    return tuple(tuple(row) for row in rows), sign, even


def _sampled(sample: str, sign: str, cut: bool) -> tuple[list[list[str]], bool]:
    """The first rows of a text with a separator, without blank ones, and whether its quotation is sound."""
    for strict, escaped in ((True, False), (True, True), (False, False)):
        if escaped and '\\"' not in sample:
            continue
        rows: list[list[str]] = []
        try:
            for row in _reader(io.StringIO(sample, newline=""), sign, strict, escaped):
                if any(row):
                    rows.append(row)
                if len(rows) >= _SAMPLE_ROWS:
                    break
            return (rows[:-1] if cut and 1 < len(rows) < _SAMPLE_ROWS else rows), strict
        except csv.Error as error:
            # The end of the sample may stand in the middle of a cell.
            if cut and strict and "end of data" in str(error) and rows:
                return rows, True
    return [], False


def _reader(lines: Iterable[str], sign: str, strict: bool = True, escaped: bool = False) -> Iterator[list[str]]:
    mark = "\\" if escaped else None
    return iter(csv.reader(lines, delimiter=sign, strict=strict, doublequote=not escaped, escapechar=mark))
