"""CSV: a sheet with a row a coding, its cells guarded so that no spreadsheet runs one (`text_files.guarded`)."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from brief.coding import exchange
from brief.contract import files as contract_files
from brief.contract import text_files
from brief.contract.text_files import guarded, unguarded
from brief.data.shapes import Codebook
from brief.errors import BriefError, Fault

NAME, ENDINGS = "a sheet", (".csv",)


def write(path: Path, comments: pd.DataFrame, codings: pd.DataFrame, codebook: Codebook) -> None:
    """Write comments and codings as a CSV file; without codings, a sheet to fill in. See `exchange`."""
    columns, rows = exchange.sheet(comments, codings)
    cells = [{name: guarded(row.get(name, "")) for name in columns} for row in rows]
    # With the mark of byte order a spreadsheet takes it for UTF-8.
    path.write_bytes(b"\xef\xbb\xbf" + text_files.write_csv(cells, list(columns)).encode("utf-8"))


def read(path: Path, codebook: Codebook) -> pd.DataFrame:
    """The codings of a CSV file; see `exchange`. Raises `BriefError` for what is no such sheet."""
    table = contract_files.read_csv(path, path.name)
    check_columns([str(name) for name in table.columns], path.name)
    rows = [{name: unguarded(cell) for name, cell in row.items()} for row in contract_files.records(table)]
    return exchange.frame(enumerate(rows, start=2))


def check_columns(names: list[str], file: str) -> None:
    """Raise `BriefError` with the columns that a sheet of codings lacks, and those that nobody knows."""
    known = exchange.FULL_SHEET
    remedy = f"Use these columns: {', '.join(known)}."
    if len(names) == 1 and ";" in names[0]:
        remedy = "Save the file with commas between the cells, not semicolons."
    faults = [Fault(f"the column '{name[:60]}' is unknown", remedy, file, 1) for name in names if name not in known]
    faults += [Fault("the column stands twice", "Keep one.", file, 1, name) for name in known if names.count(name) > 1]
    missing = (name for name in ("comment_id", "stance") if name not in names)
    faults += [Fault("the column is missing", "Add it.", file, 1, name) for name in missing]
    if faults:
        raise BriefError(faults)
