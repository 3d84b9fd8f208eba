"""A table for kouchou-ai (広聴AI): a comment a row, with attributes in columns that begin with attribute_."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from brief.prose.catalogue import message
from brief.store import tabular
from brief.store.sources import NOT_MINE, Found, Likeness

NAME = "a table for kouchou-ai (CSV with comment-id and comment-body)"
ANSWERS = ("map", "dates", "encoding")

_BODIES = {"comment-body", "comment_body", "コメント本文"}
_IDS = {"comment-id", "comment_id", "コメントID", "コメントid"}
_CALLED = {
    "コメント本文": "text",
    "コメントID": "comment_id",
    "コメントid": "comment_id",
    "投稿者名": "author",
    "出典": "source",
}
_PREFIXES = ("attribute_", "attribute-", "属性_")


def recognises(path: Path, head: bytes) -> Likeness:
    """By its columns."""
    names = set(tabular.names(path, head))
    there = names & _BODIES and names & _IDS
    return Likeness(0.95, "it has the columns of kouchou-ai") if there else NOT_MINE


def read(path: Path, answers: Mapping[str, Any]) -> Found:
    """Each comment, its attributes under their own names."""
    rows = tabular.table(path, answers)
    names = [_CALLED.get(str(name), _bare(str(name))) for name in rows.frame.columns]
    unlike = [name if names.count(name) == 1 else str(old) for name, old in zip(names, rows.frame.columns, strict=True)]
    frame = rows.frame.set_axis(unlike, axis=1)
    return tabular.found(path, replace(rows, frame=frame), message("Comments from a table for kouchou-ai."))


def _bare(name: str) -> str:
    return next((name.removeprefix(prefix) for prefix in _PREFIXES if name.startswith(prefix)), name)
