"""Responses of Qualtrics (CSV or Excel): three header rows, with ids, with questions, and with the ids of the import.

Previews and what Qualtrics holds for spam are left out; how far somebody got stays beside an answer.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pandas as pd

from brief.contract.json_files import from_text
from brief.prose.catalogue import message
from brief.store import grids, tabular
from brief.store.grids import Grid
from brief.store.markup import plain
from brief.store.sources import NOT_MINE, Found, Likeness

NAME = "responses of Qualtrics (three header rows)"
ANSWERS = ("map", "dates", "encoding")

_TAKEN = {"_recordid": "comment_id", "recordeddate": "posted_at", "userlanguage": "language"}
_LEFT = {"survey preview": "previews", "1": "previews", "spam": "spam", "8": "spam"}


def recognises(path: Path, head: bytes) -> Likeness:
    """By its third row, which holds the ids of the import as JSON."""
    there = any(_imports(row) for row in tabular.first_rows(path, head)[:4])
    return Likeness(1.0, "a row below its header has the ids of Qualtrics") if there else NOT_MINE


def _imports(row: Sequence[str]) -> list[str]:
    """The ids of the import in a row; none where it is another row."""
    ids = []
    for cell in row:
        try:
            value = from_text(cell)
        except ValueError:
            value = None
        ids.append(str(value["ImportId"]) if isinstance(value, Mapping) and "ImportId" in value else "")
    return ids if any(ids) else []


def read(path: Path, answers: Mapping[str, Any]) -> Found:
    """The responses: a question is the name of its column, what Qualtrics adds keeps its own."""
    grid = tabular.grid(path, answers)
    place = next(at for at, row in enumerate(grid.rows) if _imports(row))
    above = [row for row in grid.rows[:place] if any(row)]
    imports, short = _imports(grid.rows[place]), list(above[0])
    asked = list(above[1]) if len(above) > 1 else short
    names = [_name(*heads) for heads in zip(_wide(short, imports), _wide(asked, imports), imports, strict=True)]
    below = [names, *([""] * len(names) for _ in range(place)), *grid.rows[place + 1 :]]
    rows = grids.table(Grid(below, grid.messages, grid.even), path.name)
    frame, left = _without_previews(rows.frame)
    if "language" in frame:
        frame = frame.assign(language=frame["language"].str.lower())
    messages = [f"Left out: {', '.join(f'{kind} {number}' for kind, number in left.items())}."] if left else []
    if "Finished" in frame:
        unfinished = int(frame["Finished"].str.casefold().isin(("false", "0")).sum())
        messages += [f"Not finished, kept: {unfinished}."] if unfinished else []
    return tabular.found(
        path, replace(rows, frame=frame), message("Responses of Qualtrics, in the order of the file."), tuple(messages)
    )


def _wide(row: list[str], other: list[str]) -> list[str]:
    return [*row, *[""] * (len(other) - len(row))][: len(other)]


def _name(short: str, question: str, imported: str) -> str:
    """The name of a column: what was asked, where it holds answers."""
    if taken := _TAKEN.get(imported.casefold()):
        return taken
    return " ".join(plain(question).split()) if imported.upper().startswith("QID") and question.strip() else short


def _without_previews(frame: pd.DataFrame) -> tuple[pd.DataFrame, Counter[str]]:
    if "Status" not in frame:
        return frame, Counter()
    kinds = frame["Status"].str.strip().str.casefold().map(_LEFT).fillna("")
    return frame[kinds == ""], Counter(kinds[kinds != ""])
