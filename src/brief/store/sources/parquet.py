"""A Parquet file of comments, under any names of columns."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import chain
from pathlib import Path
from typing import Any

from brief.contract import parquet_files
from brief.errors import fail
from brief.store import tabular
from brief.store.grids import below
from brief.store.jsons import flat
from brief.store.sources import NOT_MINE, Found, Likeness
from brief.store.unseen import clean

NAME = "a Parquet file, under any names of columns"
ANSWERS = ("map", "dates")


def recognises(path: Path, head: bytes) -> Likeness:
    """By its first four bytes."""
    return Likeness(1.0, "it begins as Parquet does") if head.startswith(b"PAR1") else NOT_MINE


def read(path: Path, answers: Mapping[str, Any]) -> Found:
    """The rows of the file as texts, fields of fields with dots.

    Raises `BriefError` for a broken file, for parts that are too large, and where the package pyarrow is not installed.
    """
    names = parquet_files.columns_of(path, path.name)
    if parquet_files.has_fields(path, path.name):
        names = list(dict.fromkeys(name for row in _rows(path) for name in row))
    rows = ([clean(row.get(name, "")) for name in names] for row in _rows(path))
    first = next(rows, None)
    if first is None:
        raise fail("the table has no row", "Export it again once it has.", path.name)
    return tabular.comments(path, below(chain([names, first], rows), path.name), answers)


def _rows(path: Path) -> Iterator[dict[str, str]]:
    return (flat(_texts(row)) for row in parquet_files.records(path, path.name))


def _texts(row: Mapping[str, Any]) -> dict[str, Any]:
    """A row with dates as ISO 8601 writes them, bytes as text."""
    return {str(name): _plain(value) for name, value in row.items()}


def _plain(value: Any) -> Any:
    if isinstance(value, Mapping):
        return _texts(value)
    if isinstance(value, bytes):
        return value.decode("utf-8", "replace")
    if hasattr(value, "isoformat"):
        return value.isoformat()
    return value
