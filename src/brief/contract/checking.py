"""What may stand in a cell or a key: the kinds of the contract, and the faults of values that are not of their kind."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any

import pandas as pd

from brief.contract.columns import ID, WHOLE_NUMBER, Column, is_date
from brief.contract.tables import COMMENTS, EXTRA_COLUMN
from brief.errors import Fault

_WEB = re.compile(r"https?://\w[^\s\"<>]*").fullmatch
_SITE = re.compile(r"https?://\w[^\s\"<>?#@:]*(:([1-5]?\d{1,4}|6[0-4]\d{3}))?(/[^\s\"<>?#@]*)?").fullmatch
_STORAGE = re.compile(r"[a-z][a-z0-9+.-]*(?:::[a-z][a-z0-9+.-]*)*://(?![^/]*:[^/]*@)[^\s\"<>]+").fullmatch
_TAG = re.compile(r"[A-Za-z]{2,3}(?:-[A-Za-z0-9]{1,8})*").fullmatch
_KINDS: dict[str, tuple[Callable[[str], object], str, str]] = {
    "id": (
        lambda text: ID.fullmatch(text) is not None,
        "is not an identifier",
        "Write lower-case letters, digits and single hyphens, beginning with a letter.",
    ),
    "comment or *": (
        lambda text: text == "*" or ID.fullmatch(text) is not None,
        "is neither a comment nor *",
        "Write the id of a comment, or * for every comment.",
    ),
    "ids": (
        lambda text: all(ID.fullmatch(part.strip()) for part in text.split(";")),
        "is not a list of identifiers",
        "Separate identifiers by semicolons.",
    ),
    "whole number": (
        lambda text: WHOLE_NUMBER.fullmatch(text) is not None,
        "is not a whole number",
        "Write digits only, eighteen at most.",
    ),
    "web address": (_WEB, "is not a web address", "Write it whole, as https://example.org/, or leave it empty."),
    "site address": (_SITE, "is not a web address of a site", "Write it whole, no ? # or @: https://example.org/."),
    "storage address": (
        _STORAGE,
        "is not an address of a file or folder",
        "Write it whole and without a password, as s3://bucket/docket.parquet or file:///data/docket.parquet.",
    ),
    "language tag": (_TAG, "is not a language tag", "Write it as BCP 47 does: en, or en-GB."),
    "day, month or year": (
        re.compile(r"\d{4}(-(0[1-9]|1[0-2])(-(0[1-9]|[12]\d|3[01]))?)?").fullmatch,
        "is no day, month or year",
        'Write as much of year-month-day as is known, in quotation marks: "2026-07".',
    ),
    "date": (is_date, "is not a date", "Write year-month-day, as 2017-09-20."),
}


def is_language(text: str) -> bool:
    """True for a language tag as BCP 47 writes it, or nearly: en, en-GB."""
    return _TAG(text) is not None


def wrong_value(value: Any, column: Column) -> tuple[str, str] | None:
    """What is wrong with a key's value by its column, and the remedy; None where nothing is."""
    if column.kind == "list":
        return None if isinstance(value, list) else ("here a list is expected", "Write - before each item.")
    if column.kind == "pages":
        pages = isinstance(value, dict) and all(ID.fullmatch(str(name)) for pair in value.items() for name in pair)
        remedy = "Write old-name: new-name, one a line, without .html."
        return None if pages else ("here names of pages are expected", remedy)
    if column.kind == "yes or no":
        allowed = isinstance(value, bool) or value == "unknown"
        return None if allowed else (f"'{value}' is neither true nor false", "Write true, false or unknown.")
    if isinstance(value, list | dict):
        return ("here a text is expected", "Write it on the line of the key.")
    if isinstance(value, bool | float):
        # YAML reads 1.10 as the number 1.1 and no as false: what was written is lost.
        return (f"this is read as {value}, not as a text", "Put it in quotation marks.")
    text = str(value)
    if column.values and text not in column.values:
        return (f"'{text}' is none of the values allowed", f"Write one of: {', '.join(column.values)}.")
    test, wrong, remedy = _KINDS.get(column.kind, (lambda _: True, "", ""))
    return None if test(text) else (f"'{text}' {wrong}", remedy)


def check_frame(frame: pd.DataFrame, columns: tuple[Column, ...], file: str, first_row: int = 2) -> list[Fault]:
    """The faults of a frame of texts by the contract: columns first, then cells.

    `first_row` is the row of the file in which the frame's first row stands (the header is row 1).
    """
    known = [column.name for column in columns]
    extra = EXTRA_COLUMN if columns is COMMENTS else None
    remedy = f"Use these columns: {', '.join(known)}{' (or attr_...)' if extra else ''}."
    faults = [
        Fault(
            f"the column '{name[:60]}' is unknown",
            "Save the file with commas between the cells, not semicolons." if ";" in name else remedy,
            file,
            1,
            name[:60],
        )
        for name in map(str, frame.columns)
        if name not in known and not (extra and extra.fullmatch(name))
    ]
    missing = [column.name for column in columns if column.required and column.name not in frame.columns]
    faults += [Fault("the column is missing", "Add it.", file, 1, name) for name in missing]
    if missing:
        return faults
    for column in columns:
        if column.name in frame.columns:
            faults += _cell_faults(frame[column.name], column, file, first_row)
    return faults


def _cell_faults(cells: pd.Series, column: Column, file: str, first_row: int) -> Iterator[Fault]:
    """The faults of the cells of a column; each distinct text is looked at once."""
    test, wrong, remedy = _KINDS.get(column.kind, (None, "", ""))
    if column.values:
        test = column.values.__contains__
        wrong, remedy = "is none of the values allowed", f"Write one of: {', '.join(column.values)}."
    if test is None:
        return
    may_be_empty = not column.required or column.name == "text"
    refused = {text for text in cells.unique() if not (test(text) or (may_be_empty and text == ""))}
    if not refused:
        return
    for row, text in enumerate(cells, start=first_row):
        if text in refused:
            shown = f"'{text[:60]}{'…' if len(text) > 60 else ''}'"
            yield Fault("the cell is empty" if text == "" else f"{shown} {wrong}", remedy, file, row, column.name)
