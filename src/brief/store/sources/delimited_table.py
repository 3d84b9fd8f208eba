"""A table of comments as text: CSV, TSV, with semicolons or pipes, under any names of columns."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from brief.store import delimited, grids, tabular
from brief.store.fields import by_name
from brief.store.jsons import is_json
from brief.store.opening import Lines
from brief.store.sources import NOT_MINE, Found, Likeness

NAME = "a table as text (CSV, TSV, semicolons or pipes), under any names of columns"
ANSWERS = ("map", "dates", "encoding")

_ENDINGS = (".csv", ".tsv", ".tab", ".psv")
_LONGEST_NAME = 100
"""A name of a column longer than this is a sentence, where nothing else says that the text is a table."""


def recognises(path: Path, head: bytes) -> Likeness:
    """By rows that are evenly cut by one sign, under names; what is called CSV is taken for one with a fault."""
    called = path.suffix.lower() in _ENDINGS
    rows, sign, even = delimited.looked_at(head)
    if not rows or (is_json(head) and not called):
        return Likeness(0.2, f"its name ends in {path.suffix.lower()}") if called else NOT_MINE
    names = [name for name in grids.header(rows)[1] if name]
    known = by_name(names)
    separated = f"its cells are separated by {delimited.SEPARATORS.get(sign, 'nothing')}"
    if "text" in known and (len(names) > 1 or called):
        return Likeness(0.9, f"{separated}, and its column “{known['text']}” holds texts")
    if called and sign in delimited.SEPARATORS:
        return Likeness(0.7, f"{separated}, {len(names)} columns")
    named = max(map(len, names), default=0) <= _LONGEST_NAME and (known or sign in "\t|")
    if even > 0.95 and len(rows) > 1 and len(names) > 1 and named:
        return Likeness(0.6, f"{separated}, {len(names)} in each row")
    return Likeness(0.2, f"its name ends in {path.suffix.lower()}") if called else NOT_MINE


def read(path: Path, answers: Mapping[str, Any]) -> Found:
    """The rows of the file; which column is which is found afterwards."""
    lines = Lines(path, str(answers.get("encoding", "")))
    return tabular.comments(path, delimited.below(lines, path.name), answers)
