"""Codings in and out, one module a format; each writes comments with their codings and reads them back without loss.

A module that has `NAME` and `ENDINGS` is a format: a new file is found by itself (`BESIDE`: the endings of files that
are written beside it). It has `write(path, comments, codings, codebook)` and `read(path, codebook)`. Comments:
comment_id, text, in any order, which is kept, and position. Codings: coder_id and the columns of a codings file, all
texts. What is read has `COLUMNS`, a row a coding; a comment that nobody coded gives no row. The index counts as the
file does (rows of a sheet from 2, else the codings from 1). Whatever else a file holds is counted by its kind
(`frame`), so that the message of an import accounts for all of it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from types import ModuleType

import pandas as pd

from brief.contract.formats import format_of
from brief.contract.tables import CODINGS
from brief.errors import fail

CODER = "coder_id"
READING = tuple(column.name for column in CODINGS if column.name != "text_read")
"""What of a coding goes out and comes in: a file holds the text that was read, so no mark of another one."""
COLUMNS = (CODER, *READING, "text")
SHEET = ("comment_id", "position", "text", "stance", "themes", "certainty", "note")
"""The columns of a sheet that is yet to be filled in."""
FULL_SHEET = (CODER, "comment_id", "position", "text", *READING[1:])
_PASSED_OVER = "passed over"
_MEANS_READ = ("stance", "stance_in_thread", "themes", "certainty", "irony", "boundary", "note")


def module_for(path: Path) -> ModuleType:
    """The module for a file, by its ending. Raises `BriefError` for an ending that none has."""
    return format_of(__name__, path)


def not_there(path: Path) -> None:
    """Raise `BriefError` where a file is there already, or one that its format writes beside it, or no folder is."""
    for place in (path, *(path.with_suffix(ending) for ending in getattr(module_for(path), "BESIDE", ()))):
        if place.exists():
            raise fail(f"'{place.name}' is there already, and somebody may have written into it", "Give another name.")
    if not path.parent.is_dir():
        raise fail(f"there is no folder '{path.parent.name}' to write into", "Make it, or give another name.")


def no_codings() -> pd.DataFrame:
    """A frame of codings that holds none."""
    return pd.DataFrame({name: pd.Series(dtype="str") for name in (CODER, *READING)})


def frame(rows: Iterable[tuple[int, Mapping[str, str]]], passed_over: Mapping[str, int] | None = None) -> pd.DataFrame:
    """Rows with their numbers as `COLUMNS`; those in which nothing was read are left out.

    `passed_over`: what else the file holds and a brief has no place for, by its kind in words, each with its number.
    """
    kept = [(number, row) for number, row in rows if any(row.get(name) for name in _MEANS_READ)]
    cells = {name: pd.Series([row.get(name, "") for _, row in kept], dtype="str") for name in COLUMNS}
    table = pd.DataFrame(cells).set_axis([number for number, _ in kept])
    table.attrs[_PASSED_OVER] = {kind: number for kind, number in (passed_over or {}).items() if number}
    return table


def passed_over(read: pd.DataFrame) -> dict[str, int]:
    """What a file holds beside the codings that were read from it, by its kind in words, each with its number."""
    return dict(read.attrs.get(_PASSED_OVER, {}))


def by_comment(codings: pd.DataFrame) -> dict[str, list[dict[str, str]]]:
    """The codings of each comment, in the order given."""
    grouped: dict[str, list[dict[str, str]]] = {}
    names = [CODER, *READING]
    for cells in codings[names].itertuples(index=False, name=None):
        row = dict(zip(names, map(str, cells), strict=True))
        grouped.setdefault(row["comment_id"], []).append(row)
    return grouped


def sheet(comments: pd.DataFrame, codings: pd.DataFrame) -> tuple[tuple[str, ...], list[dict[str, str]]]:
    """The columns and rows of a sheet: a row a coding, and one for a comment that nobody coded."""
    coded = by_comment(codings)
    rows: list[dict[str, str]] = []
    for name, position, text in zip(*(comments[key] for key in ("comment_id", "position", "text")), strict=True):
        place = {"comment_id": str(name), "position": "" if pd.isna(position) else str(position), "text": str(text)}
        rows += [{**coding, **place} for coding in coded.get(str(name), [{}])]
    return (FULL_SHEET if len(codings) else SHEET), rows
