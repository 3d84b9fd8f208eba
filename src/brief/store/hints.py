"""Columns of strangers that look like dates or ids and are called by no name that is known: the preview names them."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence

import pandas as pd

from brief.store import dates
from brief.store.fields import folded, short

_LOOKED_AT, _PARSED = 200, 12
"""So many cells of a column are looked at, and so many are read as dates, which takes long."""
_MOST = 0.8
"""In such a share of its cells a column is what it looks like: a date may be missing, a row stand twice."""
_MAYBE_DATE = re.compile(r"(?=.*(?<!\d)(?:19|20)\d\d(?!\d)).{8,40}|1\d{9}(?:\d{3})?", re.DOTALL)
_ID = re.compile(r"[\w.:/#-]{1,64}")
_CALLED = frozenset(
    ("", "no", "nr", "num", "number", "nummer", "lfdnr", "numero", "ref", "reference", "key", "uuid", "guid", "番号")
)
"""What ids are called, without case and signs: a column “#” is called nothing then."""
_LONG = re.compile(r"(?=.*\d)[0-9a-f-]{16,64}", re.IGNORECASE)
_NAME_SHOWN = 60


def likely(frame: pd.DataFrame, names: Sequence[str], taken: Collection[str], order: str) -> Iterator[str]:
    """Which columns may be dates or ids, each with the option to write, in words.

    In: the first rows; the columns that become attributes; the names of the contract that have a column, or are said to
    have none; the order of numeric dates as the caller says it.
    """
    for name in names:
        cells = [cell.strip() for cell in frame[name].head(_LOOKED_AT)]
        filled = [cell for cell in cells if cell]
        if "posted_at" not in taken and _are_dates(filled, order):
            yield _hint(name, filled[0], "dates", "posted_at", "when comments were written")
        elif "comment_id" not in taken and len(filled) == len(cells) and _are_ids(name, filled):
            yield _hint(name, filled[0], "ids", "comment_id", "ids, by which a newer export finds comments again")


def _hint(name: str, cell: str, kind: str, field: str, what: str) -> str:
    begins = " ".join(name.split())[:_NAME_SHOWN].strip()
    return f'“{short(name)}” looks like {kind}, such as “{short(cell)}”: --map "{field}={begins}" takes it as {what}.'


def _are_dates(cells: Sequence[str], order: str) -> bool:
    if not cells or sum(_MAYBE_DATE.fullmatch(cell) is not None for cell in cells) < _MOST * len(cells):
        return False
    tried = cells[:_PARSED]
    read = dates.dates_of(tried, order or "day-first") | dates.dates_of(tried, "month-first")
    return sum(cell in read for cell in tried) >= _MOST * len(tried)


def _are_ids(name: str, cells: Sequence[str]) -> bool:
    different = set(cells)
    if len(cells) < 2 or len(different) < _MOST * len(cells) or not all(map(_ID.fullmatch, cells)):
        return False
    called = folded(name)
    if called in _CALLED or called.endswith("id"):
        return True
    if all(map(_LONG.fullmatch, cells)):
        return True
    numbers = [int(cell) for cell in different if cell.isascii() and cell.isdigit() and len(cell) < 10]
    return len(numbers) == len(different) > 2 and max(numbers) - min(numbers) == len(numbers) - 1
