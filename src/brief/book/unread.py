"""Statements that could outrun the reading: they speak of all comments, and nobody has read some.

Each sentence on stances or themes is tried against one more comment that nobody has read. Where it stays, it must also
stay whatever that comment turns out to be, or tell how many were read.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator, Mapping, Sequence

from brief.book.chapters import Statement
from brief.errors import BriefError, Fault
from brief.findings.facts import Fact, values
from brief.prose.conditions import Condition, Value, parse

TELLS = {"comments-coded", "comments-not-coded"}
"""Facts that tell a reader how many comments were read."""
_MORE = ("comments-shown", "comments-listed", "comments-fewest", "comments-distinct")
_OF_COMMENTS = re.compile(r"(?:stance|thread|theme|certainty)-.+|themes-with-nobody")
_MOST_TRIED = 20_000
Row = Mapping[str, Value]


def faults(statement: Statement, facts: Mapping[str, Fact]) -> Iterator[Fault]:
    """The sentences of a statement that speak of all comments and would stay, unproved, beside one nobody has read."""
    before: list[Condition] = []
    for part in statement.alternatives:
        if part.condition is None:
            continue
        condition = parse(part.condition)
        about = any(_OF_COMMENTS.fullmatch(name) for name in condition.names)
        if about and not TELLS & {mention.name for mention in part.mentions}:
            # Copied for each row that is tried, so as a plain dictionary.
            against = _outruns(condition, before, dict(values(facts)))
            if against:
                what = (
                    "the sentence stays if there is one more comment that nobody has read, and would not if that one "
                    f"were '{against}'"
                )
                remedy = (
                    "Ask in the condition for comments-not-coded == 0. Or tell how many were read, which takes both: "
                    "{fact}`comments-coded` in the sentence, and comments-coded > 0 in its condition."
                )
                yield Fault(what, remedy, statement.chapter, part.line)
        before.append(condition)


def _outruns(condition: Condition, before: Sequence[Condition], given: Row) -> str:
    """The stance or theme of one more comment that would end the sentence, where the unread comment does not."""
    for row in _rows(condition, given):
        if not _holds(condition, row) or not _stays(condition, before, row, _one_more(row, "comments-not-coded")):
            continue
        for code in _codes(given):
            if not _stays(condition, before, row, _read_as(row, code)):
                return code.partition("-")[2]
    return ""


def _stays(condition: Condition, before: Sequence[Condition], row: Row, then: Row) -> bool:
    """Whether the sentence is printed then as well: none of those before it has come to hold."""
    return _holds(condition, then) and not any(_holds(earlier, then) and not _holds(earlier, row) for earlier in before)


def _holds(condition: Condition, row: Row) -> bool:
    try:
        return condition.holds(row)
    except BriefError:
        return False


def _codes(given: Row) -> list[str]:
    """The stances and themes of the codebook, by the facts that count them."""
    stances = [name for name in given if name.startswith("stance-") and f"thread-{name.partition('-')[2]}" in given]
    return [*stances, *(name for name in given if name.startswith("theme-"))]


def _one_more(row: Row, *names: str) -> dict[str, Value]:
    added = {name: row.get(name) for name in (*_MORE, *names)}
    return {**row, **{name: value + 1 for name, value in added.items() if isinstance(value, int)}}


def _read_as(row: Row, code: str) -> dict[str, Value]:
    """The facts with one more comment that a coder has read in this way."""
    kind, name = code.split("-", 1)
    if kind == "stance":
        return _one_more(row, "comments-coded", code, f"thread-{name}", f"{code}-least", f"{code}-most")
    then = _one_more(row, "comments-coded", code)
    nobody = then.get("themes-with-nobody")
    if isinstance(nobody, int) and nobody and not row.get(code):
        then["themes-with-nobody"] = nobody - 1
    return then


def _rows(condition: Condition, given: Row) -> Iterator[Row]:
    """The facts as they are, and with small numbers in the place of those that the condition counts."""
    yield given
    counted = sorted(name for name in condition.names if type(given.get(name)) is int)
    named = {int(number) for number in re.findall(r"(?<![\w-])\d+(?![\w-])", condition.text)}
    tried = sorted({0, 1, 2} | {near for number in named for near in (number, number + 1)})
    if len(tried) ** len(counted) > _MOST_TRIED:
        return
    for numbers in itertools.product(tried, repeat=len(counted)):
        row = {**given, **dict(zip(counted, numbers, strict=True))}
        if _can_be(row, counted):
            yield row


def _can_be(row: Row, counted: Sequence[str]) -> bool:
    """Whether numbers go together: no more comments are read than there are, and no more of a stance than are read."""
    known = {name: row[name] for name in counted}
    whole, read, left = (known.get(f"comments-{name}") for name in ("shown", "coded", "not-coded"))
    if isinstance(whole, int) and (read or 0) + (left or 0) > whole:  # type: ignore[operator]
        return False
    parts = [number for name, number in known.items() if _OF_COMMENTS.fullmatch(name)]
    return not isinstance(read, int) or all(number <= read for number in parts)  # type: ignore[operator]
