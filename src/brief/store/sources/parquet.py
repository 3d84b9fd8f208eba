"""A Parquet file of comments, under any names of columns."""

from __future__ import annotations

from collections.abc import Mapping
from importlib import import_module
from pathlib import Path
from typing import Any

from brief.errors import fail
from brief.store import tabular
from brief.store.exports import clean
from brief.store.grids import Grid, table
from brief.store.jsons import flat
from brief.store.sources import NOT_MINE, Found, Likeness

NAME = "a Parquet file, under any names of columns"
ANSWERS = ("map", "dates")


def recognises(path: Path, head: bytes) -> Likeness:
    """By its first four bytes."""
    return Likeness(1.0, "it begins as Parquet does") if head.startswith(b"PAR1") else NOT_MINE


def read(path: Path, answers: Mapping[str, Any]) -> Found:
    """The rows of the file as texts, fields of fields with dots.

    Raises `BriefError` for a broken file, and where the package pyarrow is not installed.
    """
    try:
        arrow, parquet = import_module("pyarrow"), import_module("pyarrow.parquet")
    except ImportError:
        remedy = 'Install it: pip install "brief[parquet]"; or export the table as CSV.'
        raise fail("reading Parquet needs the package pyarrow", remedy, path.name) from None
    try:
        records = [flat(_texts(row)) for row in parquet.read_table(path).to_pylist()]
    except (arrow.ArrowException, OSError, ValueError):
        raise fail("this Parquet file cannot be read", "Write it anew.", path.name) from None
    names = list(dict.fromkeys(name for record in records for name in record))
    if not records:
        raise fail("the table has no row", "Export it again once it has.", path.name)
    rows = [names, *([clean(record.get(name, "")) for name in names] for record in records)]
    return tabular.comments(path, table(Grid(rows), path.name), answers)


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
