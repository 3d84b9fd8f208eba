"""A workbook of Excel (.xlsx): the sheet with most rows, under any names of columns."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from brief.errors import fail
from brief.store import grids, tabular, workbooks
from brief.store.sources import NOT_MINE, Found, Likeness

NAME = "a workbook of Excel (.xlsx), under any names of columns"
ANSWERS = ("map", "dates")

_PLAN = "column id"
"""With this a sheet begins that says which questions a consultation asks, and in which columns the answers stand."""


def recognises(path: Path, head: bytes) -> Likeness:
    """By the parts of its archive."""
    return (
        Likeness(0.8, "it is an archive with the parts of a workbook")
        if workbooks.is_workbook(path, head)
        else NOT_MINE
    )


def read(path: Path, answers: Mapping[str, Any]) -> Found:
    """The rows of the largest sheet. Raises `BriefError` for a workbook that names questions and has no answers."""
    rows = workbooks.grid(path)
    if any(cell.strip().casefold().startswith(_PLAN) for row in rows.rows[:8] for cell in row[:1]):
        what = "this workbook says which questions a consultation asks (“Column ID”); it holds no response"
        raise fail(what, "Add the spreadsheet with the responses.", path.name)
    return tabular.comments(path, grids.below(rows.rows, path.name, rows.messages, even=rows.even), answers)
