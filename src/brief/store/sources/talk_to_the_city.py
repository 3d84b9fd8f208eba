"""A table for Talk to the City (CSV): what was said in interviews, with the video and the minute."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from brief.prose.catalogue import message
from brief.store import tabular
from brief.store.sources import NOT_MINE, Found, Likeness

NAME = "a table for Talk to the City (CSV with comment-body and interview)"
ANSWERS = ("map", "dates", "encoding")

_COLUMNS = {"comment-id", "comment-body"}
_OWN = {"interview", "video", "section_title"}
_CALLED = {"interview": "author", "timestamp": "video_timestamp"}


def recognises(path: Path, head: bytes) -> Likeness:
    """By its columns."""
    names = set(tabular.names(path, head))
    there = names >= _COLUMNS and names & _OWN
    return Likeness(0.97, "it has the columns of Talk to the City") if there else NOT_MINE


def read(path: Path, answers: Mapping[str, Any]) -> Found:
    """Each statement; the person interviewed is its author, the minute of the video is kept."""
    rows = tabular.table(path, answers)
    return tabular.found(path, replace(rows, frame=rows.frame.rename(columns=_CALLED)), _HOW)


_HOW = message("Statements from a table for Talk to the City.")
