"""JSON and JSON Lines of strangers: the document, the list of records in it, records as rows of texts."""

from __future__ import annotations

import re
from collections import Counter, deque
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import islice
from pathlib import Path
from typing import Any

from brief.contract.json_files import TooDeep, from_text
from brief.errors import BriefError, fail
from brief.store.fields import by_name
from brief.store.opening import Lines, decoded, decoded_head

_BEGINS = re.compile(r"\s*(?:\{\s*[\"}]|\[\s*(?:[\[\]{\"\d-]|true|false|null))")
REPLIES = ("replies", "children", "answers", "responses", "comments", "subcomments", "childcomments", "kids")
"""Names of lists that hold what answers a record, without case and signs."""
_CONTAINERS = ("edges", "nodes", "data", "items", "comments")
_DEEPEST = 200
_FIRST_LINES = 1_000
"""So many lines are looked at to see what a file of lines holds."""


@dataclass(frozen=True)
class Document:
    """What a file holds: one value, or the values of its lines; and what the preview tells of how it was read."""

    value: Any
    lines: bool
    messages: tuple[str, ...] = ()


def is_json(head: bytes) -> bool:
    """Whether a file begins as JSON does."""
    text = decoded_head(head).lstrip("\ufeff")
    return _BEGINS.match(text) is not None


def looked_at(path: Path, head: bytes) -> Any:
    """The document, to recognise it by; None where it is no JSON."""
    if not is_json(head):
        return None
    try:
        return read(path).value
    except (BriefError, OSError):
        return None


def read(path: Path, encoding: str = "") -> Document:
    """The document of a file. Raises `BriefError`, with the line, for what is no JSON."""
    try:
        stamp = path.stat()
    except OSError as error:
        raise fail(f"the file cannot be opened: {error.strerror}", "Name a file that is there.", path.name) from None
    return _read(path, encoding, stamp.st_mtime_ns, stamp.st_size)


@lru_cache(maxsize=1)
def _read(path: Path, encoding: str, changed: int, size: int) -> Document:
    file = decoded(path, encoding)
    text = file.text.strip()
    try:
        return Document(from_text(text), False, file.messages)
    except TooDeep:
        raise fail("its lists and objects are nested too deep", "Export it anew.", path.name) from None
    except ValueError as error:
        if "\n" in text and (values := _lines(text, path.name)) is not None:
            return Document(values, True, file.messages)
        why = str(getattr(error, "msg", "a number in it has too many digits")).removesuffix(" at")
        what = f"this is not JSON, line {getattr(error, 'lineno', 1)}: {why[:1].lower()}{why[1:]}"
        raise fail(what, "Export it anew; it may have been cut off.", path.name) from None


def _lines(text: str, file: str) -> list[Any] | None:
    """The values of a file that has one a line; None where its first line is none.

    Raises `BriefError` for a later line that is none.
    """
    values: list[Any] = []
    for number, line in enumerate(text.split("\n"), start=1):
        if not line.strip():
            continue
        try:
            values.append(from_text(line))
        except ValueError:
            if len(values) < 2:
                return None
            raise fail("this line is not JSON", "Export it anew; it may have been cut off.", file, number) from None
    return values


def lines_of(path: Path, encoding: str = "") -> Lines | None:
    """The lines of a file that has an object in each, and no list of others in them; None for any other file.

    Read one by one, so the file may be of any size. What the first lines hold tells it.
    """
    lines = Lines(path, encoding)
    first = [line for line in islice(lines, _FIRST_LINES) if line.strip()]
    try:
        values = [from_text(line) for line in first]
    except ValueError:
        return None
    if len(values) < 2 or not all(isinstance(value, Mapping) for value in values):
        return None
    return lines if records(values).place == "[]" else None


def rows_of(lines: Lines, file: str, replies: Counter[str]) -> Iterator[tuple[int, dict[str, str]]]:
    """The records of lines, one by one, with what answers them, each with its line; `replies` counts the answers.

    Raises `BriefError` for a line that is no JSON, with its number.
    """
    number = 0
    for row, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        try:
            value = from_text(line)
        except ValueError:
            raise fail("this line is not JSON", "Export it anew; it may have been cut off.", file, row) from None
        if isinstance(value, Mapping):
            number += 1
            result = Records([], "[]")
            _add(_unwrapped(value), "", {}, result, str(number))
            replies["answers"] += result.replies
            yield from ((row, cells) for cells in result.rows)


# Records ------------------------------------------------------------------------------------------------------------


@dataclass
class _Group:
    """The records that stand in lists of one place, and what holds them."""

    records: list[tuple[Mapping[str, Any], Mapping[str, Any]]] = field(default_factory=list)
    signs: int = 0
    named: int = 0


@dataclass
class Records:
    """The records of a document as rows of texts, and what was made of them.

    `thread` is what the object that holds all of them is called, where there is but one.
    """

    rows: list[dict[str, str]]
    place: str
    replies: int = 0
    thread: str = ""
    left_out: Counter[str] = field(default_factory=Counter)


def records(value: Any) -> Records:
    """The records of the list that most likely holds the comments; answers below a record are rows of their own.

    The list whose records have a field named as texts are is taken, of several the one with most text.
    """
    groups: dict[str, _Group] = {}
    _walk(_columns(value) or value, groups)
    if not groups:
        return Records([], "")
    best = max(groups, key=lambda place: (groups[place].named > 0, groups[place].signs))
    result = Records([], best)
    group = groups[best]
    holders = {id(holder) for _, holder in group.records}
    if len(holders) == 1:
        result.thread = _around(group.records[0][1]).get("thread", "")
    for number, (record, holder) in enumerate(group.records, start=1):
        around = _around(holder) if len(holders) > 1 else {}
        _add(record, "", around, result, str(number))
    return result


def _walk(value: Any, groups: dict[str, _Group]) -> None:
    """Collect the lists of objects of a document by their place in it; lists of answers belong to their records."""
    waiting: deque[tuple[Any, str, Mapping[str, Any], int]] = deque([(value, "", {}, 0)])
    while waiting:
        here, place, holder, depth = waiting.popleft()
        if depth > _DEEPEST:
            continue
        if isinstance(here, Mapping) and (keyed := _keyed(here)):
            waiting.append((keyed, place, holder, depth + 1))
        elif isinstance(here, Mapping):
            for key, inner in here.items():
                if isinstance(inner, list | Mapping):
                    waiting.append((inner, f"{place}.{key}" if place else str(key), here, depth + 1))
        elif isinstance(here, list):
            objects = [_unwrapped(record) for record in here if isinstance(record, Mapping)]
            if objects:
                group = groups.setdefault(f"{place}[]", _Group())
                for record in objects:
                    group.records.append((record, holder))
                    has_text = "text" in _named(tuple(flat(record)))
                    group.named += has_text
                    group.signs += sum(len(inner) for inner in record.values() if isinstance(inner, str))
                    replies = reply_key(record)
                    for key, inner in record.items():
                        if isinstance(inner, list | Mapping) and not (has_text and key == replies):
                            waiting.append((inner, f"{place}[].{key}", record, depth + 1))
            for inner in here:
                if isinstance(inner, list):
                    waiting.append((inner, f"{place}[]", holder, depth + 1))


@lru_cache(maxsize=512)
def _named(names: tuple[str, ...]) -> dict[str, str]:
    """As `by_name`, once for each set of names."""
    return by_name(names)


def _keyed(value: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The records of an object that holds each under its id; none where it holds something else."""
    inner = list(value.values())
    if len(inner) < 2 or not all(
        isinstance(record, Mapping) and "text" in _named(tuple(map(str, record))) for record in inner
    ):
        return []
    return [{"id": key, **record} for key, record in value.items()]


def _columns(value: Any) -> list[dict[str, Any]]:
    """The records of a document that holds columns, rows of cells or texts alone; none where it has another form."""
    if isinstance(value, Mapping) and isinstance(value.get("columns"), list) and isinstance(value.get("data"), list):
        value = [value["columns"], *value["data"]]
    if isinstance(value, Mapping) and value and not _keyed(value):
        columns = {
            key: list(column.values()) if isinstance(column, Mapping) else column for key, column in value.items()
        }
        same = all(
            isinstance(column, list) and column and not isinstance(column[0], list | Mapping)
            for column in columns.values()
        )
        if same and len({len(column) for column in columns.values()}) == 1:
            return [dict(zip(columns, row, strict=True)) for row in zip(*columns.values(), strict=True)]
    rows = isinstance(value, list) and len(value) > 1 and all(isinstance(row, list) for row in value)
    if rows and not any(isinstance(cell, list | Mapping) for cell in value[0]):
        return [dict(zip(map(scalar, value[0]), row, strict=False)) for row in value[1:]]
    if isinstance(value, list) and value and all(isinstance(text, str) for text in value):
        return [{"text": text} for text in value]
    return []


def reply_key(record: Mapping[str, Any]) -> str:
    """The field that holds what answers a record; empty where there is none."""
    return next((str(key) for key in record if _folded(str(key)) in REPLIES and _listed(record[key])), "")


def _listed(value: Any) -> list[Mapping[str, Any]]:
    """The objects of a list, also of one within an object such as {"data": [...]}."""
    if isinstance(value, Mapping):
        value = next((value[key] for key in value if _folded(str(key)) in _CONTAINERS), None)
    objects = value if isinstance(value, list) else []
    return [_unwrapped(record) for record in objects if isinstance(record, Mapping)]


def _unwrapped(record: Mapping[str, Any]) -> Mapping[str, Any]:
    """The record in an edge of GraphQL, which holds it as its node."""
    node = record.get("node")
    return node if isinstance(node, Mapping) and set(record) <= {"node", "cursor", "__typename"} else record


def _add(record: Mapping[str, Any], parent: str, around: dict[str, str], result: Records, number: str) -> None:
    """Add a record and what answers it, without recursion: threads may be deep."""
    waiting = deque([(record, parent, number)])
    while waiting:
        comment, above, count = waiting.popleft()
        key = reply_key(comment)
        row = flat({name: value for name, value in comment.items() if name != key})
        names = dict(_named(tuple(row)))
        inner = _listed(comment[key]) if key else []
        if (inner or above) and "comment_id" not in names:
            row["comment_id"], names["comment_id"] = count, "comment_id"
        if above and not row.get(names.get("parent_id", ""), ""):
            row[names.get("parent_id", "parent_id")] = above
        result.rows.append({**around, **row})
        result.replies += len(inner)
        own = row.get(names.get("comment_id", ""), "") or count
        waiting.extendleft([(answer, own, f"{count}.{place}") for place, answer in enumerate(inner, start=1)][::-1])


def _around(holder: Mapping[str, Any]) -> dict[str, str]:
    """What tells the object that holds a list of records, such as a thread, from others."""
    scalars = {str(key): scalar(value) for key, value in holder.items() if not isinstance(value, list | Mapping)}
    name = next((scalars[key] for key in scalars if _folded(key) in _TITLES and scalars[key]), "")
    return {"thread": name} if name else {}


_TITLES = ("title", "name", "thread", "url", "link", "id", "uri", "slug", "subject", "question")


def flat(record: Mapping[str, Any]) -> dict[str, str]:
    """A record as a row of texts: objects in it with dots (author.name), lists of texts joined by semicolons.

    Lists of objects are left out, other than those whose objects have one text each.
    """
    row: dict[str, str] = {}
    waiting: list[tuple[str, Any, int]] = [(str(key), value, 0) for key, value in record.items()]
    while waiting:
        name, value, depth = waiting.pop(0)
        if isinstance(value, Mapping):
            if depth < _DEEPEST:
                waiting[:0] = [(f"{name}.{key}", inner, depth + 1) for key, inner in value.items()]
        elif isinstance(value, list):
            texts = [scalar(item) for item in value if not isinstance(item, list | Mapping)]
            if any(texts):
                row[name] = "; ".join(text for text in texts if text)
        else:
            row[name] = scalar(value)
    return row


def scalar(value: Any) -> str:
    """A value of JSON as a text: 2 and not 2.0, nothing for null."""
    if value is None or isinstance(value, list | Mapping):
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        if value != value or value in (float("inf"), float("-inf")):
            return ""
        return str(int(value)) if value.is_integer() else repr(value)
    return str(value)


def _folded(name: str) -> str:
    return re.sub(r"[\W_]+", "", name.casefold())


def objects(value: Any, deepest: int = 12) -> Iterator[Mapping[str, Any]]:
    """Every object of a document in its order, an outer one before those in it, `deepest` steps deep."""
    waiting: list[tuple[Any, int]] = [(value, 0)]
    while waiting:
        here, depth = waiting.pop()
        if isinstance(here, Mapping):
            yield here
        if depth < deepest and isinstance(here, Mapping | list):
            inner = list(here.values()) if isinstance(here, Mapping) else here
            waiting += [(item, depth + 1) for item in reversed(inner) if isinstance(item, Mapping | list)]
