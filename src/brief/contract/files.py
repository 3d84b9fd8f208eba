"""Reading the files of `data/`: YAML keys, articles with their front matter, CSV batch by batch."""

from __future__ import annotations

import copy
import csv
import datetime as dt
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

import pandas as pd
import yaml

from brief.contract.text_files import CONTROL, CONTROL_REMEDY, read_text, text_lines
from brief.errors import BriefError, Fault, fail

# A cell may hold a long text; the csv module's own limit is a guard against files that are no CSV.
csv.field_size_limit(1_000_000)
# Where pyarrow is installed, pandas would keep texts in another way, which refuses half a character with a traceback.
pd.set_option("mode.string_storage", "python")

MOST_COLUMNS = 1_000
"""So many columns a table may have."""
MOST_KEYS = 20_000
"""So many keys and values YAML may have, which is read slowly."""

FRONT = "---"
_DEEPEST = 20
_BLANK = re.compile(r"\n(?:[^\S\n]*\n)+")


def day(value: Any) -> dt.date | None:
    """A day from a date or its ISO text; None where there is none."""
    if isinstance(value, dt.datetime):
        return value.date()
    if isinstance(value, dt.date):
        return value
    return dt.date.fromisoformat(str(value)[:10]) if value else None


class _Refused(yaml.YAMLError):
    """What is YAML and is not read here: the problem, where it stands, what to do."""

    def __init__(self, problem: str, problem_mark: Any, remedy: str) -> None:
        super().__init__(problem)
        self.problem, self.problem_mark, self.remedy = problem, problem_mark, remedy


class _Keys(yaml.SafeLoader):
    """YAML as `safe_load` reads it, with less allowed: what multiplies, what never ends, what nobody can see.

    A key may not stand twice: the second would win without a word.
    """

    depth = 0
    count = 0

    def compose_node(self, parent: yaml.Node | None, index: Any) -> yaml.Node | None:
        event: yaml.Event = self.peek_event()  # type: ignore[no-untyped-call]
        if isinstance(event, yaml.AliasEvent):
            what = f"*{event.anchor} repeats what stands elsewhere"
            raise _Refused(what, event.start_mark, "Write it out.")
        self.count += 1
        if self.count > MOST_KEYS:
            what = f"the file holds more than {MOST_KEYS:,} keys and values"
            raise _Refused(what, event.start_mark, "Keep what is many in a CSV file.")
        self.depth += 1
        if self.depth > _DEEPEST:
            what = f"lists and keys are nested more than {_DEEPEST} deep"
            raise _Refused(what, event.start_mark, "Write them as the data page shows.")
        node = super().compose_node(parent, index)
        self.depth -= 1
        return node

    def construct_scalar(self, node: yaml.ScalarNode | yaml.MappingNode) -> Any:
        text = super().construct_scalar(node)
        if isinstance(text, str) and (control := CONTROL.search(text)) is not None:
            what = f"the control character U+{ord(control.group()):04X} stands in the text"
            raise _Refused(what, node.start_mark, CONTROL_REMEDY)
        return text

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
        names = Counter(key.value for key, _ in node.value if isinstance(key, yaml.ScalarNode))
        for key, _ in node.value:
            if isinstance(key, yaml.ScalarNode) and names[key.value] > 1:
                what = f"the key {key.value} stands twice"
                raise _Refused(what, key.start_mark, "Keep one of them.")
        return super().construct_mapping(node, deep)


def read_yaml(path: Path, file: str) -> Any:
    """A YAML file as plain data. Raises `BriefError` for a missing file and for what is not YAML, with the line."""
    return parse_yaml(read_text(path, file), file)


def parse_yaml(text: str, file: str) -> Any:
    """YAML text as plain data. Raises `BriefError` with the line where it is not YAML."""
    try:
        return copy.deepcopy(_read(text))
    except ValueError as error:
        # A date such as 2017-02-30 has the form of one, and the reader of YAML makes it before anybody can check it.
        raise fail(f"there is no such date: {error}", "Write year-month-day, as 2017-09-20.", file) from None
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        row = mark.line + 1 if mark else None
        problem = getattr(error, "problem", None) or "it cannot be read"
        if isinstance(error, _Refused):
            raise fail(problem, error.remedy, file, row) from None
        remedy = "Put texts that hold : or # in quotation marks."
        raise fail(f"this is not YAML: {problem}", remedy, file, row) from None


@lru_cache(maxsize=64)
def _read(text: str) -> Any:
    """YAML text as plain data, for copies of it: a command reads the same few files again and again, and slowly."""
    return yaml.load(text, _Keys)


def line_of_item(text: str, key: str, place: int) -> int | None:
    """The line of YAML in which an item of the list under a key begins, counted from 0; None where there is none."""
    top = yaml.compose(text, _Keys)
    keys = {name.value: part for name, part in top.value} if isinstance(top, yaml.MappingNode) else {}
    listed = keys.get(key)
    if not isinstance(listed, yaml.SequenceNode) or place >= len(listed.value):
        return None
    return int(listed.value[place].start_mark.line) + 1


def read_article(path: Path, file: str) -> tuple[dict[str, Any], tuple[str, ...]]:
    """The front matter of an article and its paragraphs, verbatim. Raises `BriefError` where it has no front matter."""
    text = read_text(path, file)
    rows = text.split("\n")
    ends = [number for number, row in enumerate(rows) if row.rstrip("\r") == FRONT]
    # The first two such lines are ours; a further one is a paragraph of the article.
    if len(ends) < 2 or ends[0] != 0:
        raise fail("the article has no front matter", "Begin the file with ---, its keys and ---.", file, 1)
    # An empty line in place of the first, so that faults name lines of the file.
    keys = parse_yaml("\n".join(["", *rows[1 : ends[1]]]), file)
    if not isinstance(keys, dict):
        raise fail("the front matter holds no keys", "Write key: value, one a line.", file, 1)
    return keys, paragraphs("\n".join(rows[ends[1] + 1 :]))


def paragraphs(text: str) -> tuple[str, ...]:
    """The paragraphs of a text: what stands between blank lines, without the line breaks around it."""
    return tuple(part.strip("\n") for part in _BLANK.split(text.replace("\r\n", "\n")) if part.strip())


def article_text(keys: dict[str, Any], texts: tuple[str, ...]) -> str:
    """The file of an article: front matter, then the paragraphs with a blank line between."""
    front = yaml.safe_dump(keys, allow_unicode=True, sort_keys=False, width=10_000)
    return f"{FRONT}\n{front}{FRONT}\n\n" + "\n\n".join(texts) + "\n"


def read_csv(path: Path, file: str) -> pd.DataFrame:
    """A whole CSV file as texts; see `csv_batches`."""
    batches = [batch for batch, _ in csv_batches(path, file, 1_000_000)]
    return batches[0] if len(batches) == 1 else pd.concat(batches, ignore_index=True)


def records(frame: pd.DataFrame) -> list[dict[str, str]]:
    """The rows of a frame of texts as dictionaries by column."""
    if not len(frame):
        return []
    names = [str(name) for name in frame.columns]
    # Column by column: pandas takes ten times as long to hand out rows.
    rows = zip(*(cells.tolist() for _, cells in frame.items()), strict=True)
    return [dict(zip(names, row, strict=True)) for row in rows]


def no_rows(*names: str) -> pd.DataFrame:
    """A frame with these columns of texts and no row."""
    # Shallow: whoever puts anything into it gets a copy of what is changed.
    return _no_rows(names).copy(deep=False)


@cache
def _no_rows(names: tuple[str, ...]) -> pd.DataFrame:
    """Such a frame, for copies of it: pandas makes one slowly, and most briefs lack many a file."""
    return pd.DataFrame(columns=list(names), dtype="str")


def csv_batches(path: Path, file: str, batch_rows: int) -> Iterator[tuple[pd.DataFrame, int]]:
    """The rows of a CSV file as frames of texts, verbatim: nothing is a number, nothing is missing, line ends in cells
    are kept. Each frame comes with the number of its first row (the header is row 1); there is at least one.

    The file is read as it is asked for. Raises `BriefError` with the row for what is not UTF-8, a control character,
    other separators, ragged rows, a repeated column and what is not CSV; rows before the fault have been given out.
    """
    rows = _rows(path, file)
    header = next(rows, None)
    if not header:
        raise fail("the file is empty", "Write at least the header.", file)
    separators = [name for sign, name in _OTHER_SEPARATORS.items() if len(header) == 1 and sign in header[0]]
    if separators:
        remedy = "Save the file with commas between the cells. `brief add` takes comments in as they are."
        raise fail(f"the cells are separated by {separators[0]}, not by commas", remedy, file, 1)
    if len(header) > MOST_COLUMNS:
        what = f"the table has {len(header):,} columns, and {MOST_COLUMNS:,} at most are read"
        raise fail(what, "Leave out the columns that the brief does not need.", file, 1)
    for name, times in Counter(header).items():
        if times > 1:
            raise fail(f"the column '{name}' stands twice", "Rename or remove one of them.", file, 1, name)
    first, batch, ragged = 2, list[list[str]](), list[Fault]()
    for number, row in enumerate(rows, start=2):
        if len(row) == len(header):
            batch.append(row)
        else:
            ragged.append(_ragged(row, header, file, number))
        if len(batch) == batch_rows and not ragged:
            yield pd.DataFrame(batch, columns=header, dtype="str"), first
            first, batch = number + 1, []
    if ragged:
        raise BriefError(ragged)
    if batch or first == 2:
        yield pd.DataFrame(batch, columns=header, dtype="str"), first


_OTHER_SEPARATORS = {";": "semicolons", "\t": "tabs"}


def _ragged(row: list[str], header: list[str], file: str, number: int) -> Fault:
    if not row:
        return Fault("the row is empty", "Remove the empty line.", file, number)
    return Fault(
        f"the row has {len(row)} cells and the header {len(header)}",
        "Quote the cells that hold a comma, or add what is missing.",
        file,
        number,
    )


def _rows(path: Path, file: str) -> Iterator[list[str]]:
    """The rows of a CSV file; a fault of the bytes or of the quotation is told with the row in which it stands."""
    rows = csv.reader(text_lines(path, file), strict=True)
    number = 0
    try:
        for row in rows:
            number += 1
            yield row
    except csv.Error as error:
        remedy = "Quote cells that hold quotation marks or line ends, and double the quotation marks in them."
        raise fail(f"this is not CSV: {error}", remedy, file, number + 1) from None
    except BriefError as error:
        raise BriefError(
            replace(fault, row=None if fault.row is None else number + 1) for fault in error.faults
        ) from None
