"""Workbooks of Excel (.xlsx): the rows of their largest sheet as texts."""

from __future__ import annotations

import datetime as dt
import re
import zipfile
from functools import lru_cache
from importlib import import_module
from pathlib import Path
from typing import Any

from brief.contract.text_files import CONTROL
from brief.errors import fail
from brief.store.grids import Grid

_MOST_BYTES = 400_000_000
"""Unpacked; a workbook that holds more is refused before it is unpacked."""
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

    Raises `BriefError` for a workbook that is broken or too large, and where the package openpyxl is not installed.
    """
    stamp = path.stat()
    return _grid(path, most, stamp.st_mtime_ns, stamp.st_size)


def first_rows(path: Path) -> Grid:
    """The first rows of that sheet, to recognise it by; none where the workbook cannot be read."""
    try:
        return grid(path, _FIRST_ROWS)
    except Exception:
        return Grid(())


@lru_cache(maxsize=2)
def _grid(path: Path, most: int | None, changed: int, size: int) -> Grid:
    try:
        openpyxl = import_module("openpyxl")
    except ImportError:
        remedy = 'Install it: pip install "brief[exchange]"; or save the sheet as CSV.'
        raise fail("workbooks of Excel need the package openpyxl", remedy, path.name) from None
    _guarded(path)
    try:
        book = openpyxl.load_workbook(path, read_only=True, data_only=True)
        found: list[tuple[str, list[list[str]]]] = []
        for sheet in book.worksheets:
            # What a sheet says of its size may be wrong, so all rows are read.
            sheet.reset_dimensions()
            rows = []
            for row in sheet.iter_rows(values_only=True):
                rows.append([_text(value) for value in row])
                if most is not None and len(rows) >= most:
                    break
            found.append((sheet.title, rows))
        book.close()
    # Whatever goes wrong in a broken workbook comes up as whatever error it happens to cause.
    except Exception as error:
        raise fail(f"this workbook cannot be read: {error}", "Save it anew as .xlsx.", path.name) from None
    counted = [(sum(any(row) for row in rows), name, rows) for name, rows in found]
    if not counted:
        raise fail("the workbook has no sheet", "Save it anew as .xlsx.", path.name)
    number, name, rows = max(counted, key=lambda one: one[0])
    others = [f"“{other}” ({count} rows)" for count, other, _ in counted if other != name]
    told = (f"Sheet: “{name}”, {number} rows; not read: {', '.join(others)}.",) if others else ()
    return Grid(rows, told, kind="workbook")


def _guarded(path: Path) -> None:
    """Refuse what would fill the memory: an archive that unpacks to too much."""
    try:
        with zipfile.ZipFile(path) as archive:
            size = sum(one.file_size for one in archive.infolist())
            for name in archive.namelist():
                if name.endswith((".xml", ".rels")) and name.count("/") <= 1:
                    with archive.open(name) as part:
                        if b"<!DOCTYPE" in part.read(2000):
                            raise fail("it declares a document type, which no workbook needs", _ANEW, path.name)
    except _BROKEN as error:
        raise fail(f"this workbook cannot be read: {error}", _ANEW, path.name) from None
    if size > _MOST_BYTES:
        what = f"unpacked it would hold more than {_MOST_BYTES:,} bytes"
        raise fail(what, "Save fewer rows at a time.", path.name)


_ANEW = "Save it anew as .xlsx."


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
    text = _ESCAPED.sub(lambda match: chr(int(match[1], 16)), str(value)).replace("\r\n", "\n")
    return CONTROL.sub(lambda sign: "\n" if sign[0] in "\x0b\x0c" else "", text)
