"""Responses of Citizen Space (CSV or Excel): one a row under its unique id, such as ANON-4ABC-5DEF-6."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from brief.prose.catalogue import message
from brief.store import tabular
from brief.store.sources import NOT_MINE, Found, Likeness

NAME = "responses of Citizen Space (ids such as ANON-4ABC-5DEF-6)"
ANSWERS = ("map", "dates", "encoding")

_ID = re.compile(r"\s*(?:ANON|BHLF)-[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]\s*")
_NAME = re.compile(r"(?:what is )?your (?:full )?name\b.*|(?:what is )?your e-?mail\b.*", re.IGNORECASE | re.DOTALL)


def recognises(path: Path, head: bytes) -> Likeness:
    """By the ids of its rows."""
    rows = tabular.first_rows(path, head)
    there = sum(any(_ID.fullmatch(cell) for cell in row) for row in rows)
    return Likeness(0.96, "its ids are those of Citizen Space") if there and there * 2 >= len(rows) - 3 else NOT_MINE


def read(path: Path, answers: Mapping[str, Any]) -> Found:
    """The responses; names and addresses that the form asked for are left out."""
    rows = tabular.table(path, answers)
    frame, personal = rows.frame, [name for name in rows.frame.columns if _NAME.fullmatch(str(name))]
    ids = next((name for name in frame.columns if frame[name].str.fullmatch(_ID.pattern).any()), None)
    frame = frame.drop(columns=personal).rename(columns={ids: "comment_id"} if ids is not None else {})
    messages = (f"Left out, since they reach or name a person: {', '.join(map(str, personal))}.",) if personal else ()
    return tabular.found(path, replace(rows, frame=frame), message("Responses of Citizen Space."), messages)
