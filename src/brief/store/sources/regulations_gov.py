"""A bulk download of regulations.gov (CSV): the public submissions of a docket.

A comment that was withdrawn comes in without its text. How many duplicates the agency counted for a comment stays
beside it; files that were attached are counted, and not read.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pandas as pd

from brief.errors import fail
from brief.prose.catalogue import message
from brief.store import tabular
from brief.store.exports import is_yes
from brief.store.sources import NOT_MINE, Found, Likeness

NAME = "a bulk download of regulations.gov (CSV)"
ANSWERS = ("encoding",)

_COLUMNS = {"Document ID", "Document Type", "Docket ID", "Comment"}
_SUBMISSION = "public submission"
_PERSONAL = (
    "Title",
    *("First Name", "Last Name", "Zip/Postal Code", "Submitter Representative", "Representative's Address"),
    "Representative's City, State & Zip",
)
_TAKEN = {"Document ID": "comment_id", "Posted Date": "posted_at", "Comment": "text"}


def recognises(path: Path, head: bytes) -> Likeness:
    """By the columns of its header."""
    there = set(tabular.names(path, head)) >= _COLUMNS
    return Likeness(1.0, "it has the columns of regulations.gov") if there else NOT_MINE


def read(path: Path, answers: Mapping[str, Any]) -> Found:
    """The public submissions. Raises `BriefError` where there is none."""
    rows = tabular.table(path, answers)
    kinds = rows.frame["Document Type"].str.strip()
    submitted = (kinds.str.casefold() == _SUBMISSION) | (kinds == "")
    counted = ", ".join(f"{kind} {number}" for kind, number in kinds[~submitted].value_counts().items())
    messages = [f"Documents that are no public submission, left out: {counted}."] if counted else []
    frame = rows.frame[submitted]
    if not len(frame):
        what = f"it holds no public submission{f', but {counted}' if counted else ''}"
        raise fail(what, "Download the comments of the docket.", path.name)
    attached = (
        _column(frame, "Attachment Files").str.split(",").map(lambda files: sum(bool(file.strip()) for file in files))
    )
    if int(attached.sum()):
        messages.append(f"Attached files, not read: {int(attached.sum())}, at {int((attached > 0).sum())} comments.")
    withdrawn = _column(frame, "Is Withdrawn?").map(is_yes).astype("bool")
    if int(withdrawn.sum()):
        messages.append(f"Withdrawn comments, kept without text and author: {int(withdrawn.sum())}.")
    duplicates = pd.to_numeric(_column(frame, "Duplicate Comments"), errors="coerce").fillna(0)
    if int((duplicates > 1).sum()):
        messages.append(f"Comments that stand for several the agency received: {int((duplicates > 1).sum())}.")
    messages.append("Left out: titles, which name the author, names of representatives, and postal codes.")
    out = pd.DataFrame({name: frame[column] for column, name in _TAKEN.items() if column in frame})
    out["author"] = _authors(frame)
    out["status"] = withdrawn.map({True: "withdrawn", False: ""})
    out["attachments"] = attached.map(lambda number: str(number) if number else "")
    for name in frame.columns:
        if name not in (*_TAKEN, *_PERSONAL, "Attachment Files", "Is Withdrawn?"):
            out[name] = frame[name]
    # Of a comment that was taken back nothing stays but that it was there.
    taken_back = [name for name in out.columns if name not in ("comment_id", "posted_at", "status")]
    out = out.astype("str")
    out.loc[withdrawn.to_numpy(), taken_back] = ""
    return tabular.found(path, replace(rows, frame=out), _HOW, tuple(messages))


_HOW = message("Public submissions from a bulk download of regulations.gov.")


def _column(frame: pd.DataFrame, name: str) -> pd.Series:
    return frame[name].astype("str") if name in frame else pd.Series([""] * len(frame), index=frame.index, dtype="str")


def _authors(frame: pd.DataFrame) -> pd.Series:
    """Who wrote it: first and last name, else the organisation."""
    person = (_column(frame, "First Name").str.strip() + " " + _column(frame, "Last Name").str.strip()).str.strip()
    return person.where(person != "", _column(frame, "Organization Name").str.strip())
