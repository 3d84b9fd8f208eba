"""Workbooks of Excel as they come in: guarded before they are opened, their rows counted as they are read."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from importlib import import_module
from pathlib import Path
from typing import Any

from brief.contract import archives
from brief.errors import BriefError, fail

MOST_ROWS = 1_048_576
"""What a sheet of a spreadsheet holds."""
MOST_CELLS = 2_000_000
_MOST_MARKS = 400_000
"""So many tags a part of a workbook may have that is no sheet: each takes long to read."""
_ANEW = "Save it anew as .xlsx."


@contextmanager
def workbook(path: Path, **how: Any) -> Iterator[Any]:
    """A workbook of openpyxl, to be read row by row; `how` are options of its `load_workbook`.

    Raises `BriefError` for what is no workbook or would fill the memory, and where it turns out to be broken while the
    block reads it.
    """
    for name, content in archives.read(path, "a workbook of Excel (.xlsx)", _is_xml).items():
        _no_doctype(content, path.name)
        if not name.lower().startswith("xl/worksheets/"):
            archives.not_too_long(content, path.name, _MOST_MARKS)
    openpyxl: Any = import_module("openpyxl")
    try:
        book = openpyxl.load_workbook(path, read_only=True, **how)
        yield book
        book.close()
    except BriefError:
        raise
    # Whatever goes wrong in a broken workbook comes up as whatever error it happens to cause.
    except Exception as error:
        raise fail(f"this workbook cannot be read: {error}", _ANEW, path.name) from None


def rows(sheet: Any, file: str) -> Iterator[Sequence[Any]]:
    """The rows of a sheet, each its cells.

    The size that a sheet states of itself may be wrong, and would cut it: it is not believed. A cell may say that it
    stands in a row numbered a billion: rows and cells between are counted, and too many of them are refused.
    """
    sheet.reset_dimensions()
    cells = 0
    for number, row in enumerate(sheet.iter_rows(), start=1):
        cells += len(row)
        if number > MOST_ROWS or cells > MOST_CELLS:
            what = f"the sheet has more than {MOST_ROWS:,} rows or {MOST_CELLS:,} cells"
            raise fail(what, "Clear what stands far below or beside the table, or save the table as CSV.", file)
        yield row


def _is_xml(name: str) -> bool:
    return name.lower().endswith((".xml", ".rels"))


def _no_doctype(content: bytes, file: str) -> None:
    if content.startswith((b"\xff\xfe", b"\xfe\xff")) or b"\0" in content[:4]:
        raise fail("its parts are not in UTF-8", _ANEW, file)
    if b"<!DOCTYPE" in content or b"<!ENTITY" in content:
        raise fail("it declares a document type, which no workbook needs", _ANEW, file)
