"""Conditions over facts: a small grammar, read and evaluated here and never run as code.

    condition  := alternative ("or" alternative)*
    alternative:= term ("and" term)*
    term       := "not" term | "(" condition ")" | comparison | fact
    comparison := value (("==" | "!=" | "<" | "<=" | ">" | ">=") value)+
    value      := sum of facts and whole numbers with + and -, a quoted text, or a date 2017-09-20
    fact       := a name such as stance-for

A name may hold hyphens, so a subtraction has spaces around its sign: ``a - b``.
"""

from __future__ import annotations

import datetime as dt
import itertools
import operator
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache

from brief.errors import BriefError, fail

Value = int | str | bool | dt.date | None
Reading = Callable[[Mapping[str, Value]], Value]

_TOKEN = re.compile(
    r"\s*(?:(?P<date>[0-9]{4}-[0-9]{2}-[0-9]{2})|(?P<number>[0-9]{1,18})(?![0-9])|(?P<text>\"[^\"]*\")"
    r"|(?P<name>[a-z][a-z0-9]*(?:-[a-z0-9]+)*)|(?P<op>==|!=|<=|>=|<|>|\+|-|\(|\)))"
)
_COMPARE: dict[str, Callable[[Value, Value], bool]] = {
    "==": operator.eq,
    "!=": operator.ne,
    "<": operator.lt,  # type: ignore[dict-item]
    "<=": operator.le,  # type: ignore[dict-item]
    ">": operator.gt,  # type: ignore[dict-item]
    ">=": operator.ge,  # type: ignore[dict-item]
}
_WORDS = ("and", "or", "not", "true", "false")
_DEEPEST = 20
_MOST_TRIED = 100_000


@dataclass(frozen=True)
class Condition:
    """A condition that has been read: its text, the facts it names, and what it says of values."""

    text: str
    names: frozenset[str]
    _holds: Reading
    _comparisons: tuple[tuple[str, frozenset[str], Reading], ...] = ()

    def idle(self, values: Mapping[str, Value]) -> list[str]:
        """What in the condition no data could make false, such as ``x >= 0`` of a count: it carries no sentence.

        Each comparison, and the whole, is tried with whole numbers about those it names in the place of each count.
        """
        parts = [*self._comparisons, (self.text, self.names, self._holds)]
        idle_parts = [text for text, names, holds in parts if names and _never_false(text, names, holds, values)]
        return list(dict.fromkeys(idle_parts))

    def holds(self, values: Mapping[str, Value]) -> bool:
        """Whether the condition is true of these values.

        Raises `BriefError` for a name that has no value, and for an order between kinds that have none.
        """
        try:
            return bool(self._holds(values))
        except KeyError as missing:
            name = str(missing.args[0])
            raise fail(
                f"the condition '{self.text}' names '{name}', which is not a fact",
                "Use a name that `brief facts` lists.",
            ) from None
        except TypeError:
            raise fail(
                f"the condition '{self.text}' compares values of different kinds: {self.values(values)}",
                "Compare a number with a number, a date with a date; a fact that is not known only with == or !=.",
            ) from None

    def values(self, values: Mapping[str, Value]) -> str:
        """The facts of the condition with their values, for a message: "stance-for = 0, comments-coded = 7"."""
        return ", ".join(f"{name} = {values[name]}" for name in sorted(self.names) if name in values)


def _never_false(text: str, names: frozenset[str], holds: Reading, values: Mapping[str, Value]) -> bool:
    if any(isinstance(values.get(name), bool) or not isinstance(values.get(name), int) for name in names):
        return False
    return _true_of_any_numbers(text, names, holds)


@lru_cache(maxsize=2_000)
def _true_of_any_numbers(text: str, names: frozenset[str], holds: Reading) -> bool:
    named = {int(number) for number in re.findall(r"(?<![\w-])\d+(?![\w-])", text)}
    tried = sorted({0, 1, 2} | {near for number in named for near in (number - 1, number, number + 1) if near >= 0})
    if len(tried) ** len(names) > _MOST_TRIED:
        return False
    ordered = sorted(names)
    rows = (dict(zip(ordered, row, strict=True)) for row in itertools.product(tried, repeat=len(ordered)))
    try:
        return all(holds(row) for row in rows)
    except TypeError:
        return False


@lru_cache(maxsize=2_000)
def parse(text: str) -> Condition:
    """Read a condition, once for all who ask of it. Raises `BriefError` where the grammar is left."""
    reader = _Reader(text, _tokens(text))
    holds = reader.condition(0)
    if reader.kind:
        raise reader.wrong(f"'{reader.word}' stands where the condition should end")
    return Condition(" ".join(text.split()), frozenset(reader.names), holds, tuple(reader.comparisons))


def _tokens(text: str) -> list[tuple[str, str]]:
    tokens, at = [], 0
    while text[at:].strip():
        match = _TOKEN.match(text, at)
        if match is None:
            raise _wrong(text, f"'{text[at:].strip()[0]}' is not part of the grammar of conditions")
        kind = match.lastgroup or ""
        tokens.append((kind, match[kind]))
        at = match.end()
    return tokens


def _wrong(text: str, what: str) -> BriefError:
    return fail(
        f"the condition '{' '.join(text.split())}' cannot be read: {what}",
        "Write facts, whole numbers, dates, == != < <= > >=, + and - with spaces, and, or, not, ( ).",
    )


class _Reader:
    """Recursive descent over the tokens; each method returns a function from values to a value."""

    def __init__(self, text: str, tokens: list[tuple[str, str]]) -> None:
        self.text, self.tokens, self.at = text, tokens, 0
        self.names: set[str] = set()
        self.comparisons: list[tuple[str, frozenset[str], Reading]] = []

    @property
    def kind(self) -> str:
        return self.tokens[self.at][0] if self.at < len(self.tokens) else ""

    @property
    def word(self) -> str:
        return self.tokens[self.at][1] if self.at < len(self.tokens) else "the end"

    def wrong(self, what: str) -> BriefError:
        return _wrong(self.text, what)

    def take(self, *words: str) -> str:
        """The next word if it is one of these (and step over it), else the empty string."""
        if self.kind in ("op", "name") and self.word in words:
            self.at += 1
            return self.tokens[self.at - 1][1]
        return ""

    def condition(self, depth: int) -> Reading:
        if depth > _DEEPEST:
            raise self.wrong("it is nested too deeply")
        parts = [self.alternative(depth)]
        while self.take("or"):
            parts.append(self.alternative(depth))
        return parts[0] if len(parts) == 1 else lambda values: any(part(values) for part in parts)

    def alternative(self, depth: int) -> Reading:
        parts = [self.term(depth)]
        while self.take("and"):
            parts.append(self.term(depth))
        return parts[0] if len(parts) == 1 else lambda values: all(part(values) for part in parts)

    def term(self, depth: int) -> Reading:
        if depth > _DEEPEST:
            raise self.wrong("it is nested too deeply")
        if self.take("not"):
            inner = self.term(depth + 1)
            return lambda values: not inner(values)
        if self.take("("):
            inside = self.condition(depth + 1)
            if not self.take(")"):
                raise self.wrong("a bracket is not closed")
            return inside
        begins = self.at
        first = left = self.sum()
        steps: list[tuple[Callable[[Value, Value], bool], Reading]] = []
        while sign := self.take(*_COMPARE):
            after = self.at
            right = self.sum()
            steps.append((_COMPARE[sign], right))
            words = self.tokens[begins : self.at]
            names = frozenset(word for kind, word in words if kind == "name" and word not in _WORDS)
            self.comparisons.append((" ".join(word for _, word in words), names, _pair(left, _COMPARE[sign], right)))
            begins, left = after, right
        if not steps:
            return first

        def compare(values: Mapping[str, Value]) -> bool:
            left = first(values)
            for test, right_side in steps:
                right = right_side(values)
                if not test(left, right):
                    return False
                left = right
            return True

        return compare

    def sum(self) -> Reading:
        total = self.value()
        while sign := self.take("+", "-"):
            total = _added(total, self.value(), 1 if sign == "+" else -1)
        return total

    def value(self) -> Reading:
        kind, word = self.kind, self.word
        self.at += 1
        if kind == "number":
            number = int(word)
            return lambda values: number
        if kind == "text":
            text = word[1:-1]
            return lambda values: text
        if kind == "date":
            try:
                day = dt.date.fromisoformat(word)
            except ValueError:
                raise self.wrong(f"'{word}' is no day") from None
            return lambda values: day
        if kind == "name" and word in ("true", "false"):
            return lambda values: word == "true"
        if kind == "name" and word not in _WORDS:
            self.names.add(word)
            return lambda values: values[word]
        raise self.wrong(f"a fact or a number is missing before '{word}'")


def _pair(
    left: Reading,
    test: Callable[[Value, Value], bool],
    right: Reading,
) -> Reading:
    return lambda values: test(left(values), right(values))


def _added(left: Reading, right: Reading, sign: int) -> Reading:
    def add(values: Mapping[str, Value]) -> Value:
        first, second = left(values), right(values)
        if not isinstance(first, int) or not isinstance(second, int):
            raise TypeError
        return first + sign * second

    return add
