"""What readers download from a figure, made safe for the program that will open it."""

from __future__ import annotations

import csv
import io
from numbers import Number
from typing import Any

import pandas as pd

from brief.contract.text_files import guarded


def csv_for_spreadsheets(data: pd.DataFrame) -> str:
    """A frame as CSV with a header, in which no text is taken for a formula.

    Text is guarded as `text_files.guarded` tells; numbers stay numbers, missing values are empty. Text is quoted, so
    that line ends inside it are kept; rows end with a line feed.
    """
    sheet = io.StringIO(newline="")
    writer = csv.writer(sheet, lineterminator="\n", quoting=csv.QUOTE_NONNUMERIC)
    writer.writerow([_cell(name) for name in data.columns])
    writer.writerows([[_cell(value) for value in row] for row in data.itertuples(index=False, name=None)])
    return sheet.getvalue()


def _cell(value: Any) -> Any:
    if isinstance(value, str):
        return guarded(value)
    if value is None or pd.isna(value):
        return ""
    if isinstance(value, Number) and not isinstance(value, bool):
        return value.item() if hasattr(value, "item") else value
    return guarded(str(value))
