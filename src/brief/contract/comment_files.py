"""Where the comments of a collection stand: a CSV file, a Parquet file, or a folder of Parquet files.

A folder may be parted into further ones, as programs for large tables write it. One that is named `column=value` gives
every row below it that cell. All files of a folder have the same columns; they are read in the order of their paths.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple
from urllib.parse import unquote

import pandas as pd

from brief.contract import parquet_files
from brief.contract.files import csv_batches
from brief.contract.parquet_files import ENDING as ENDING
from brief.contract.text_files import CONTROL, CONTROL_REMEDY
from brief.errors import fail

FOLDER = "data/comments"
MOST_FILES = 10_000
"""So many files a folder of Parquet files may have."""
_NOTHING = "__HIVE_DEFAULT_PARTITION__"
"""What programs write in a folder's name for an empty cell."""


class Part(NamedTuple):
    """Rows of a comments file as texts, the file, and the row of it in which the first of them stands."""

    rows: pd.DataFrame
    file: str
    first: int


def stored(root: Path, collection_id: str) -> Path:
    """The file or folder of a collection's comments: Parquet where there is one, else CSV."""
    parquet = root / FOLDER / f"{collection_id}{ENDING}"
    return parquet if parquet.exists() else parquet.with_suffix(".csv")


def paths(root: Path, collection_id: str) -> list[Path]:
    """The files of a collection's comments in their order: one, or those of a folder.

    Raises `BriefError` for a link in the folder, for a file in it that is no Parquet, and for too many or none.
    """
    place = stored(root, collection_id)
    if not place.is_dir() or place.suffix != ENDING:
        return [place]
    if place.is_symlink():
        raise _is_link(place, root)
    files: list[Path] = []
    for here, folders, names in os.walk(place):
        folders[:] = sorted(name for name in folders if not _is_hidden(name))
        for path in (Path(here, name) for name in [*folders, *names] if not _is_hidden(name)):
            if path.is_symlink():
                raise _is_link(path, root)
        for name in sorted(name for name in names if not _is_hidden(name)):
            path = Path(here, name)
            if path.suffix != ENDING:
                what = "only Parquet files may lie in this folder"
                raise fail(what, f"Move it away, or let its name end in {ENDING}.", _file(path, root))
            files.append(path)
            if len(files) > MOST_FILES:
                what = f"the folder holds more than {MOST_FILES:,} files"
                raise fail(what, "Write it anew as fewer, larger files.", _file(place, root))
    if not files:
        raise fail("the folder holds no Parquet file", "Put one into it, or remove it.", _file(place, root))
    return sorted(files, key=lambda path: path.relative_to(place).as_posix())


def batches(root: Path, collection_id: str, batch_rows: int) -> Iterator[Part]:
    """The rows of a collection's comments, file by file; none of a file is read before it is asked for.

    Raises `BriefError` as `paths`, `files.csv_batches` and `parquet_files.batches` do, and for files of a folder that
    do not have the same columns.
    """
    place = stored(root, collection_id)
    every = paths(root, collection_id)
    if place.suffix != ENDING:
        for rows, first in csv_batches(place, _file(place, root), batch_rows):
            yield Part(rows, _file(place, root), first)
        return
    given = {path: _given(path, place, root) for path in every}
    expected: list[str] | None = None
    for path in every:
        file = _file(path, root)
        names = [*parquet_files.columns_of(path, file), *given[path]]
        twice = [name for name in given[path] if names.count(name) > 1]
        if twice:
            what = f"the column '{twice[0][:60]}' stands in the file and in the name of a folder"
            raise fail(what, "Take one of them away.", file, 1, twice[0][:60])
        expected = expected or names
        if set(names) != set(expected):
            odd = min(set(names) ^ set(expected))
            which = "has no column" if odd in expected else "has a column"
            what = f"the file {which} '{odd[:60]}', unlike {_file(every[0], root)}"
            raise fail(what, "Write all files of the folder with the same columns.", file, 1, odd[:60])
    for path in every:
        file = _file(path, root)
        for rows, first in parquet_files.batches(path, file, batch_rows):
            cells = {name: pd.Series(cell, rows.index, dtype="str") for name, cell in given[path].items()}
            yield Part(rows.assign(**cells).reindex(columns=expected), file, first)


def _given(path: Path, place: Path, root: Path) -> dict[str, str]:
    """The cells that the names of the folders between a folder of Parquet and a file of it give to its rows."""
    cells: dict[str, str] = {}
    for name in path.relative_to(place).parent.parts:
        column, sign, value = name.partition("=")
        if sign:
            value = "" if value == _NOTHING else unquote(value)
            if CONTROL.search(column + value) is not None:
                what = "a control character stands in the name of a folder"
                raise fail(what, CONTROL_REMEDY, _file(place, root))
            cells[unquote(column)] = value
    return cells


def _is_hidden(name: str) -> bool:
    """Whether a name is one of those by which programs mark notes of their own."""
    return name.startswith((".", "_"))


def _is_link(path: Path, root: Path) -> Exception:
    return fail("this is a link, which may lead anywhere", "Put the file there itself.", _file(path, root))


def _file(path: Path, root: Path) -> str:
    return path.relative_to(root).as_posix()
