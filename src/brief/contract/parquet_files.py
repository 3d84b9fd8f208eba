"""Parquet files whose every column is text: read and written batch by batch, as CSV is.

A part of such a file is unpacked as a whole, so one that would be too large is refused by what the file says of itself.
Nothing is buffered before it is asked for (`pre_buffer`): what is buffered is held until the whole file was read.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pandas as pd

from brief.contract.files import MOST_COLUMNS
from brief.contract.text_files import CONTROL, CONTROL_REMEDY, has_control, opened
from brief.errors import fail

ENDING = ".parquet"
INSTALL = "Install it: pip install -e '.[parquet]'."
MOST_PART = 100_000_000
"""So many bytes a part of a Parquet file may have, which is unpacked as a whole."""
GROUP = 50_000
"""So many rows stand in a part of a file that is written here."""
_SIGNS = 12_000_000
"""So many signs stand in a part that is written here, where its rows are long."""
_RECORDS = 5_000
"""So many rows of strangers are unpacked at a time."""


def is_installed() -> bool:
    """Whether the package that reads and writes Parquet is there."""
    return find_spec("pyarrow") is not None


def columns_of(path: Path, file: str) -> list[str]:
    """The names of the columns of a Parquet file. Raises `BriefError` as `batches` does."""
    arrow, parquet = _packages(file)
    opened(path, file).close()
    try:
        with parquet.ParquetFile(path) as content:
            return [str(name) for name in content.schema_arrow.names]
    except (arrow.ArrowException, OSError, ValueError):
        raise fail("this Parquet file cannot be read", "Write it anew.", file) from None


def has_fields(path: Path, file: str) -> bool:
    """Whether cells of a Parquet file hold lists or fields. Raises `BriefError` as `batches` does."""
    arrow, parquet = _packages(file)
    with parquet.ParquetFile(path) as content:
        return any(arrow.types.is_nested(field.type) for field in content.schema_arrow)


def records(path: Path, file: str) -> Iterator[dict[str, Any]]:
    """The rows of a Parquet file of strangers one by one, each cell as the value that it is.

    Raises `BriefError` for what is not Parquet, and for parts that are too large.
    """
    arrow, parquet = _packages(file)
    opened(path, file).close()
    try:
        with parquet.ParquetFile(path, pre_buffer=False) as content:
            _not_too_large(content.metadata, file)
            for batch in content.iter_batches(batch_size=_RECORDS):
                yield from batch.to_pylist()
    except (arrow.ArrowException, OSError, ValueError):
        raise fail("this Parquet file cannot be read", "Write it anew.", file) from None


def batches(path: Path, file: str, batch_rows: int) -> Iterator[tuple[pd.DataFrame, int]]:
    """The rows of a Parquet file as `files.csv_batches` gives them: every cell as text, empty where nothing was given.

    Each batch comes with the number of its first row, as if a header were row 1. Raises `BriefError` for what is not
    Parquet, parts that are too large, columns that hold lists or fields, and control characters, with the row.
    """
    arrow, parquet = _packages(file)
    first = 2
    opened(path, file).close()
    try:
        with parquet.ParquetFile(path) as content:
            _not_too_large(content.metadata, file)
            named = content.schema_arrow
            _are_plain(named, arrow.types, file)
        # Texts that come again are kept once, as in the file, until it is known how long all of them are.
        kinds = arrow.types
        texts_of = (kinds.is_string, kinds.is_large_string, kinds.is_binary, kinds.is_large_binary)
        again = [name for name in named.names if any(is_kind(named.field(name).type) for is_kind in texts_of)]
        with parquet.ParquetFile(path, read_dictionary=again, pre_buffer=False) as content:
            for batch in content.iter_batches(batch_size=batch_rows):
                cells = {name: _texts(arrow, batch.column(name), file, first, name) for name in batch.schema.names}
                yield pd.DataFrame(cells, dtype="str"), first
                first += batch.num_rows
        if first == 2:
            yield pd.DataFrame({name: [] for name in named.names}, dtype="str"), first
    except (arrow.ArrowException, OSError, UnicodeDecodeError) as error:
        raise _broken(error, file) from None


def write(path: Path, columns: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    """Write rows of texts as a Parquet file: the same rows give the same bytes.

    Raises `BriefError` where the package pyarrow is not installed.
    """
    with writing(path, columns) as put:
        for row in rows:
            put(row)


@contextmanager
def writing(path: Path, columns: Sequence[str]) -> Iterator[Callable[[Sequence[str]], None]]:
    """What writes a row of texts into a Parquet file, which is whole when the block ends. Raises as `write` does."""
    arrow, parquet = _packages(path.name)
    schema = arrow.schema([(name, arrow.string()) for name in columns])
    group: list[Sequence[str]] = []
    signs = 0

    def write_group() -> None:
        cells = zip(*group, strict=True)
        arrays = [arrow.array(list(column), arrow.string()) for column in cells]
        content.write_table(arrow.Table.from_arrays(arrays, schema=schema))

    def put(row: Sequence[str]) -> None:
        nonlocal signs
        group.append(row)
        signs += sum(map(len, row))
        if len(group) == GROUP or signs > _SIGNS:
            write_group()
            group.clear()
            signs = 0

    with parquet.ParquetWriter(path, schema, compression="zstd") as content:
        yield put
        if group:
            write_group()


def _packages(file: str) -> tuple[Any, Any]:
    try:
        # By name, because the package is an optional one.
        return import_module("pyarrow"), import_module("pyarrow.parquet")
    except ImportError:
        raise fail("reading Parquet needs the package pyarrow", INSTALL, file) from None


def _broken(error: Exception, file: str) -> Exception:
    what = f"this is not Parquet that holds texts: {str(error).splitlines()[0]}"
    return fail(what, "Write it anew, every column as text.", file)


def _are_plain(schema: Any, kinds: Any, file: str) -> None:
    """Raise `BriefError` for a column that holds lists or fields."""
    for field in schema:
        if kinds.is_nested(field.type):
            what = f"the cells hold lists or fields ({str(field.type)[:60]}), not texts"
            raise fail(what, "Write a column for each field, every one as text.", file, 1, str(field.name)[:60])


def _texts(arrow: Any, column: Any, file: str, first: int, name: str) -> list[str]:
    """The cells of a column. Raises `BriefError` for more than is held at once, and for control characters."""
    if arrow.types.is_dictionary(column.type) and _length(column) > MOST_PART:
        what = f"its texts would have more than {MOST_PART:,} signs in {len(column):,} rows"
        raise fail(what, "Take out what is no text.", file, first, name)
    texts = ["" if text is None else text for text in column.cast(arrow.string()).to_pylist()]
    # Hardly any part has one: all of it is searched at once.
    for row, text in enumerate(texts if has_control("".join(texts)) else (), start=first):
        if (control := CONTROL.search(text)) is not None:
            what = f"the control character U+{ord(control.group()):04X} stands in the text"
            raise fail(what, CONTROL_REMEDY, file, row, name)
    return texts


def _length(column: Any) -> int:
    """How long the texts of a column of Parquet are together, each as often as it stands there."""
    compute = import_module("pyarrow.compute")
    lengths = compute.binary_length(column.dictionary).take(column.indices)
    return int(compute.sum(lengths).as_py() or 0)


def _not_too_large(metadata: Any, file: str) -> None:
    """Raise `BriefError` where a Parquet file says that more is in one of its parts than is unpacked at once."""
    if metadata.num_columns > MOST_COLUMNS:
        what = f"the table has {metadata.num_columns:,} columns, and {MOST_COLUMNS:,} at most are read"
        raise fail(what, "Leave out the columns that the brief does not need.", file)
    parts = (metadata.row_group(number) for number in range(metadata.num_row_groups))
    if any(part.total_byte_size > MOST_PART for part in parts):
        what = f"one of its row groups would have more than {MOST_PART:,} bytes unpacked"
        raise fail(what, "Write it anew with smaller row groups.", file)
