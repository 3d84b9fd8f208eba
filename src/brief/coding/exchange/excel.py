"""Excel: a sheet with a row a coding, and beside it the codebook with a list to choose from.

Every cell is written as a text, so that nothing runs as a formula and no id becomes a number or a date. A formula in a
file that comes in is refused, not computed.
"""

from __future__ import annotations

import datetime as dt
import io
import re
import zipfile
from collections import Counter
from collections.abc import Iterator, Sequence
from importlib import import_module
from pathlib import Path
from typing import Any

import pandas as pd

from brief.coding import exchange
from brief.coding.exchange.csv_file import check_columns
from brief.contract import archives, workbooks
from brief.data.shapes import Codebook
from brief.errors import BriefError, Fault, fail

NAME, ENDINGS = "a spreadsheet", (".xlsx",)

LONGEST = 32_767
"""What a cell of a spreadsheet holds: a longer text would be cut without a word."""
_SHEET, _CODES = "Codings", "Codebook"
_WIDTHS = {"text": 80, "note": 40, "comment_id": 30}
# What XML has no place for, or reads as something else, stands as _x000D_ in a workbook (ECMA-376-1, 22.9.2.19).
_ESCAPED = re.compile("[\r\ufffe\uffff]|_(?=x[0-9A-Fa-f]{4}_)")
_ESCAPES = re.compile(r"_x(000[9AaDd]|005[Ff]|[Ff]{3}[EeFf])_")
_CORE = "docProps/core.xml"
_MOMENT = re.compile(rb"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ")


def write(path: Path, comments: pd.DataFrame, codings: pd.DataFrame, codebook: Codebook) -> None:
    """Write comments and codings as a workbook; without codings, a sheet to fill in. See `exchange`.

    Raises `BriefError` for a text longer than a cell holds.
    """
    openpyxl: Any = import_module("openpyxl")
    columns, rows = exchange.sheet(comments, codings)
    long = [row["comment_id"] for row in rows if any(len(_escaped(cell)) > LONGEST for cell in row.values())]
    if long:
        what = f"a cell holds {LONGEST:,} signs and the comment '{long[0]}' is longer"
        raise fail(what, "Write a CSV file instead: it holds any text.", path.name)
    book = openpyxl.Workbook(write_only=True)
    main = book.create_sheet(_SHEET)
    main.freeze_panes = "A2"
    for place, name in enumerate(columns, start=1):
        main.column_dimensions[openpyxl.utils.get_column_letter(place)].width = _WIDTHS.get(name, 16)
    codes = book.create_sheet(_CODES)
    kinds = {"stance": codebook.stances, "themes": codebook.themes, "certainty": codebook.certainties}
    explained = [("column", "id", "label", "definition")]
    for kind, listed in kinds.items():
        if listed and rows and kind != "themes":
            first = len(explained) + 1
            letter = openpyxl.utils.get_column_letter(columns.index(kind) + 1)
            _offer(main, f"{letter}2:{letter}{len(rows) + 1}", f"{_CODES}!$B${first}:$B${first + len(listed) - 1}")
        explained += [(kind, code.id, code.label, code.definition) for code in listed]
    explained.append(("themes", "", "Several", "Write their ids with semicolons between."))
    upper, wrapped = (openpyxl.styles.Alignment(vertical="top", wrap_text=wrap) for wrap in (False, True))
    for row in [dict(zip(columns, columns, strict=True)), *rows]:
        cells = ((row.get(name, ""), wrapped if name in ("text", "note") else upper) for name in columns)
        main.append([_cell(openpyxl, main, text, alignment) for text, alignment in cells])
    for words in explained:
        codes.append([_cell(openpyxl, codes, word, upper) for word in words])
    out = io.BytesIO()
    book.save(out)
    _write_timeless(path, out)


def _offer(sheet: Any, cells: str, codes: str) -> None:
    """Let cells be chosen from cells of the codebook."""
    validation = import_module("openpyxl.worksheet.datavalidation").DataValidation
    sheet.data_validations.append(validation("list", formula1=codes, allow_blank=True, sqref=cells))


def _cell(openpyxl: Any, sheet: Any, text: str, alignment: Any) -> Any:
    cell = openpyxl.cell.WriteOnlyCell(sheet, _escaped(text))
    # Said again, because a text that begins with = is taken for a formula; and so that it stays one when edited.
    cell.data_type, cell.number_format, cell.quotePrefix = "s", "@", True
    cell.alignment = alignment
    return cell


def _write_timeless(path: Path, out: io.BytesIO) -> None:
    """Write the workbook without the moment at which it was made: the same input gives the same bytes."""
    with zipfile.ZipFile(out) as archive:
        files = {name: archive.read(name) for name in archive.namelist()}
    files[_CORE] = _MOMENT.sub(b"1980-01-01T00:00:00Z", files[_CORE])
    archives.write(path, files)


def _escaped(text: str) -> str:
    return _ESCAPED.sub(lambda match: f"_x{ord(match.group()):04X}_", text)


def _unescaped(text: str) -> str:
    return _ESCAPES.sub(lambda match: chr(int(match[1], 16)), text)


def read(path: Path, codebook: Codebook) -> pd.DataFrame:
    """The codings of a workbook's first sheet; see `exchange`.

    Raises `BriefError` for what is no such workbook, and for formulas.
    """
    passed_over: Counter[str] = Counter()
    with workbooks.workbook(path) as book:
        first, *others = book.worksheets
        passed_over["sheets beside the first"] = sum(sheet.title != _CODES for sheet in others)
        return exchange.frame(_texts(workbooks.rows(first, path.name), path.name, passed_over), passed_over)


def _texts(rows: Iterator[Sequence[Any]], file: str, passed_over: Counter[str]) -> Iterator[tuple[int, dict[str, str]]]:
    """The rows below the header as texts by column; empty rows and columns without a name are passed over."""
    header = [_text(cell.value) for cell in next(rows, ())]
    check_columns([name for name in header if name], file)
    faults: list[Fault] = []
    for number, row in enumerate(rows, start=2):
        named: list[tuple[str, Any]] = []
        for place, cell in enumerate(row):
            if cell.value is None:
                continue
            if place < len(header) and header[place]:
                named.append((header[place], cell))
            else:
                passed_over["cells in columns without a name"] += 1
        for name, cell in named:
            if cell.data_type == "f":
                what = "the cell holds a formula"
                faults.append(Fault(what, "Write its value, as a text.", file, number, name))
        yield number, {name: _text(cell.value) for name, cell in named}
    if faults:
        raise BriefError(faults)


def _text(value: Any) -> str:
    """A cell's value as the text that a person meant: 2 and not 2.0, a day without a time of day."""
    if value is None:
        return ""
    if isinstance(value, dt.datetime):
        return value.date().isoformat() if value.time() == dt.time() else value.isoformat()
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return _unescaped(str(value))
