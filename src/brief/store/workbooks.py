"""Workbooks of Excel (.xlsx): the rows of their largest sheet as texts."""

from __future__ import annotations

import datetime as dt
import re
import zipfile
from functools import lru_cache
from itertools import islice
from pathlib import Path
from typing import Any

from brief.contract.workbooks import rows, workbook
from brief.errors import BriefError, fail
from brief.store.grids import Grid
from brief.store.unseen import clean

_BROKEN = (zipfile.BadZipFile, OSError, EOFError, NotImplementedError, RuntimeError, ValueError)
_ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")
_FIRST_ROWS = 40


def is_workbook(path: Path, head: bytes) -> bool:
    """Whether a file is a workbook, by what its archive holds."""
    if not head.startswith(b"PK\x03\x04"):
        return False
    try:
        with zipfile.ZipFile(path) as archive:
            return "xl/workbook.xml" in archive.namelist()
    except _BROKEN:
        return False


def grid(path: Path, most: int | None = None) -> Grid:
    """The rows of the sheet that has most, `most` of them at most; the other sheets are told.

    Raises `BriefError` for a workbook that is broken or too large.
    """
    stamp = path.stat()
    return _grid(path, most, stamp.st_mtime_ns, stamp.st_size)


def first_rows(path: Path) -> Grid:
    """The first rows of that sheet, to recognise it by; none where the workbook cannot be read."""
    try:
        return grid(path, _FIRST_ROWS)
    except BriefError:
        return Grid(())


@lru_cache(maxsize=2)
def _grid(path: Path, most: int | None, changed: int, size: int) -> Grid:
    with workbook(path, data_only=True) as book:
        sheets: list[tuple[str, list[list[str]]]] = []
        for sheet in book.worksheets:
            cells = islice(rows(sheet, path.name), most)
            sheets.append((sheet.title, [[_text(cell.value) for cell in row] for row in cells]))
    counted = [(sum(any(row) for row in texts), name, texts) for name, texts in sheets]
    if not counted:
        raise fail("the workbook has no sheet", "Save it anew as .xlsx.", path.name)
    number, name, texts = max(counted, key=lambda sheet: sheet[0])
    others = [f"“{other}” ({count} rows)" for count, other, _ in counted if other != name]
    messages = (f"Sheet: “{name}”, {number} rows; not read: {', '.join(others)}.",) if others else ()
    return Grid(texts, messages, kind="workbook")


def _text(value: Any) -> str:
    """A cell's value as the text that a person meant: 2 and not 2.0, a day without a time of day."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, dt.datetime):
        return value.date().isoformat() if value.time() == dt.time() else value.replace(microsecond=0).isoformat()
    if isinstance(value, dt.date | dt.time):
        return value.isoformat()
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() else repr(value)
    return clean(_ESCAPED.sub(lambda match: chr(int(match[1], 16)), str(value)))
