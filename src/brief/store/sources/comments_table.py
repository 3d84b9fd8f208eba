"""A table of comments with the columns of this project: at least `text`, and what else the contract knows."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from brief.contract import files as contract_files
from brief.store.sources import NOT_MINE, Found, Likeness

NAME = "a table of comments, with any names of columns"
ANSWERS = ("map", "dates")


def header(head: bytes) -> list[str]:
    """The names in the first row of a file, if it is CSV; its first bytes are given."""
    first = head.decode("utf-8", "replace").lstrip("\ufeff").splitlines()[:1]
    try:
        return next(csv.reader(first), [])
    except csv.Error:
        return []


def recognises(path: Path, head: bytes) -> Likeness:
    """By its column `text`, whatever it is called; any other file that is called CSV is taken for one with a fault."""
    if "text" in header(head) and (path.suffix.lower() == ".csv" or len(header(head)) > 1):
        return Likeness(0.9, "its first row names a column text")
    return Likeness(0.2, "its name ends in .csv") if path.suffix.lower() == ".csv" else NOT_MINE


def read(path: Path, answers: Mapping[str, Any]) -> Found:
    """The rows of the file as they are."""
    rows = contract_files.read_csv(path, path.name)
    return Found(None, rows, f"Added from {path.name}.")
