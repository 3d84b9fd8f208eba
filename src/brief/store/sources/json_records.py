"""JSON or JSON Lines that hold a list of records, under any names of fields; answers may stand in what they answer."""

from __future__ import annotations

from array import array
from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from brief.errors import fail
from brief.store import jsons
from brief.store.exports import frame, in_order
from brief.store.fields import by_name, short
from brief.store.markup import plain_rows
from brief.store.opening import Lines
from brief.store.rows import Rows
from brief.store.sources import NOT_MINE, Found, Likeness
from brief.store.tabular import added_from
from brief.store.unseen import clean

NAME = "JSON or JSON Lines that hold a list of records, under any names of fields"
ANSWERS = ("map", "dates", "encoding")


def recognises(path: Path, head: bytes) -> Likeness:
    """By how it begins: whether it is sound JSON is told when it is read."""
    if not jsons.is_json(head):
        return NOT_MINE
    return Likeness(0.5, "it begins as JSON does")


def read(path: Path, answers: Mapping[str, Any]) -> Found:
    """The records of the list that most likely holds the comments. Raises `BriefError` where there is no such list."""
    encoding = str(answers.get("encoding", ""))
    lines = jsons.lines_of(path, encoding)
    if lines is not None:
        return _of_lines(path, lines)
    document = jsons.read(path, encoding)
    records = jsons.records(document.value)
    if not records.rows:
        raise fail(f"this JSON holds no list of records; it is {_seen(document.value)}", _EXPORT, path.name)
    rows, markup_messages = plain_rows(Rows.of(frame(records.rows)))
    where = "one a line" if document.lines else f"the list {records.place or '[]'}"
    messages = [f"Records: {where}."] if document.lines or records.place != "[]" else []
    if records.thread:
        messages.append(
            f"All stand in “{short(records.thread)}”, which is not stored: a question or an article names it."
        )
    if records.replies and "parent_id" not in by_name(rows.columns):
        messages.append(_replies(records.replies))
    return Found(None, rows, added_from(path), messages=(*document.messages, *messages, *markup_messages), first_row=1)


def _of_lines(path: Path, lines: Lines) -> Found:
    """The records of a file that has one a line, in two passes: the first learns which columns there are."""
    names, counted = dict[str, None](), Counter[str]()
    for _, row in jsons.rows_of(lines, path.name, counted):
        names.update(dict.fromkeys(row))
    columns = in_order(names)
    numbers = array("Q")

    def cells() -> Iterator[list[str]]:
        for number, row in jsons.rows_of(lines, path.name, Counter()):
            numbers.append(number)
            yield [clean(row.get(name, "")) for name in columns]

    rows, markup_messages = plain_rows(Rows(columns, cells(), numbers))
    messages = ["Records: one a line."]
    if counted["answers"] and "parent_id" not in by_name(columns):
        messages.append(_replies(counted["answers"]))
    return Found(None, rows, added_from(path), messages=(*lines.messages, *messages, *markup_messages), first_row=1)


def _replies(number: int) -> str:
    return f"Answers that stand within what they answer: {number}."


_EXPORT = "Export a list of comments, each an object with a text."


def _seen(value: Any) -> str:
    """A document in words, for what holds no comments."""
    if isinstance(value, Mapping):
        keys = ", ".join(str(key)[:40] for key in list(value)[:12])
        return f"an object with the keys {keys}" if keys else "an empty object"
    if isinstance(value, list):
        return f"a list of {len(value)} values that are no objects" if value else "an empty list"
    return "a single value"
