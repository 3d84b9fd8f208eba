"""Table files of all kinds by one door: what their first rows are, and all of them as a table."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from brief.errors import fail
from brief.prose.catalogue import filled, message
from brief.store import delimited, grids, workbooks
from brief.store.fields import by_name
from brief.store.grids import Below, Grid, Table
from brief.store.markup import plain_rows
from brief.store.opening import MOST_TABLE, decoded
from brief.store.rows import Rows
from brief.store.sources import Found

_CONSENT = re.compile(
    r"\b(?:publish\w*|publication|confidential\w*|veröffentlich\w*|publier|publicar)\b", re.IGNORECASE
)
_FEW = 6
_CODED = {"stance", "themes", "codebook_version"}


def first_rows(path: Path, head: bytes) -> Sequence[Sequence[str]]:
    """The first rows of a table file, without blank ones; none where the file is no table."""
    if workbooks.is_workbook(path, head):
        return [row for row in workbooks.first_rows(path).rows if any(row)]
    return delimited.looked_at(head)[0]


def names(path: Path, head: bytes) -> list[str]:
    """The names in the header of a table file; none where the file is no table."""
    return grids.header(first_rows(path, head))[1]


def grid(path: Path, answers: Mapping[str, Any]) -> Grid:
    """All rows of a table file. Raises `BriefError` where it cannot be read."""
    with path.open("rb") as file:
        head = file.read(8)
    if workbooks.is_workbook(path, head):
        return workbooks.grid(path)
    file_text = decoded(path, str(answers.get("encoding", "")), MOST_TABLE)
    return delimited.grid(file_text.text, path.name, file_text.messages)


def table(path: Path, answers: Mapping[str, Any]) -> Table:
    """A table file under the names of its header. Raises `BriefError` as `grid` and `grids.table` do."""
    return grids.table(grid(path, answers), path.name)


def comments(path: Path, below: Below, answers: Mapping[str, Any]) -> Found:
    """A table of no known kind as what was found. Raises as `found_in` does, and for a table of codings."""
    names = set(below.rows.columns)
    mapped = any(str(pair).startswith("text=") for pair in answers.get("map", ()))
    if "comment_id" in names and names & _CODED and "text" not in by_name(names) and not mapped:
        raise fail("this table holds codings of comments and no text", "See brief import-codings --help.", path.name)
    return found_in(path, below)


def added_from(path: Path) -> str:
    """How comments came in that stand in a file of no known program."""
    return filled(message("Added from {file}."), {"file": path.name})


def found(path: Path, rows: Table, how: str = "", messages: tuple[str, ...] = ()) -> Found:
    """A table as what was found in a file. Raises as `found_in` does."""
    return found_in(path, Below(Rows.of(rows.frame), rows.first_row, rows.messages), how, messages)


def found_in(path: Path, below: Below, how: str = "", messages: tuple[str, ...] = ()) -> Found:
    """Rows as what was found in a file: HTML in their cells made plain, and what they say about publication told.

    Raises `BriefError` where there is no row.
    """
    if not len(below.rows):
        there = ", ".join(f"“{name}”" for name in below.rows.columns[:20])
        raise fail(f"the table has no row below its header ({there})", "Export it again once it has.", path.name)
    rows, changed = plain_rows(below.rows)
    asked = []
    for name in rows.columns:
        # A closed question about publication, and not an answer that happens to be about it.
        if _CONSENT.search(name) and "text" not in by_name([name]) and (counts := _answers(rows, name)):
            counted = ", ".join(f"{answer} {number}" for answer, number in counts.most_common())
            asked.append(f"Asked about publication, “{name[:80]}”: {counted}. Take out who did not agree.")
    messages = (*below.messages, *messages, *changed, *asked)
    return Found(None, rows, how or added_from(path), messages=messages, first_row=below.first_row)


def _answers(rows: Rows, name: str) -> Counter[str]:
    """How often each answer of a closed question was given; none where it has too many to be one."""
    counts: Counter[str] = Counter()
    for cell in rows.column(name):
        if cell.strip():
            counts[cell] += 1
            if len(counts) > _FEW:
                return Counter()
    return counts
