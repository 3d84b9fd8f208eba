"""Rows of strangers as rows of the contract, batch by batch, however many there are.

A first pass over the rows counts what has to be known of all of them: which columns hold something, which reach a
person, in which order numeric dates stand. The second one makes the rows.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

import pandas as pd

from brief.contract.checking import is_language
from brief.contract.tables import WHOLE_NUMBER
from brief.errors import fail
from brief.prose.folding import is_invisible
from brief.store import dates
from brief.store.fields import MAIL, PERSONAL, attribute, folded, short, taken_columns
from brief.store.hints import likely
from brief.store.rows import Rows

_NUMBERS = ("position", "likes", "votes_for", "votes_against")
_DATES = ("posted_at", "edited_at")
_GROUPED = re.compile(r"\d{1,3}(?:([,. \u00a0\u202f])\d{3})(?:\1\d{3})*")
_NO_PARENTS = {"0", "-1", "null", "none", "None", "NULL", "nil", "root"}
"""What stands for no comment where a column says which one is answered, unless a comment is called so."""
_SLASHED = re.compile(r"\d{1,2}[/-]")
_SAY_ORDER = "--dates day-first or --dates month-first says how 03/04/2020 is meant."
_KEPT = "kept:"
"""Stands before the name of a column of the contract, for cells that it does not allow."""


@dataclass
class Tidied:
    """Rows with the names of the contract, and what the preview tells: what was done, and what was guessed."""

    rows: Rows
    messages: list[str] = field(default_factory=list)
    guesses: list[str] = field(default_factory=list)


def tidied(
    rows: Rows, file: str, wanted: Sequence[str] = (), order: str = "", language: str = "", first_row: int = 2
) -> Tidied:
    """The rows of an export as comments.

    In: rows with any columns, each name once; `wanted` are `FIELD=COLUMN` as the caller gives them, where an empty
    COLUMN says that no column is meant; `order` the order of numeric dates, `language` the brief's; the first row
    stands in row `first_row` of `file`. Out: columns of the contract, `attr_...` for the others; ids as the
    export gives them. Rows without a text are left out and counted. Raises as `taken_columns`, and where the order
    that is said is not that of the dates.
    """
    tidying = _Tidying(rows, file, wanted, order, language, first_row)
    comments = Rows.from_frames(tidying.columns, rows.mapped(tidying.comments))
    filled = [name for name in tidying.columns if name == "text" or name in tidying.filled]
    names = {name: name for name in filled if not name.startswith(_KEPT)}
    for name in (name for name in filled if name.startswith(_KEPT)):
        # In the place of an attribute that the export itself calls so.
        names[f"attr_{name.removeprefix(_KEPT)}"] = name
    return Tidied(comments.only(list(names.values()), list(names)), tidying.messages(), tidying.guesses())


class _Tidying:
    """What is known of all rows, and the rows made of it."""

    def __init__(self, rows: Rows, file: str, wanted: Sequence[str], order: str, language: str, first_row: int) -> None:
        self._said, self._language, self._guesses = order, language, list[str]()
        first = next(rows.frames())
        taken = taken_columns(first, file, wanted, self._guesses, first_row)
        self._taken = {name: column for name, column in taken.items() if column}
        others = [name for name in rows.columns if name not in self._taken.values()]
        self._parents_known: set[str] = set()
        hints = self._look(rows, others)
        self._orders = {name: order or dates.order_of(hints[name]) for name in hints}
        for name, texts in hints.items() if order else ():
            if other := next((hint for hint in texts if hint != order), ""):
                what = f"--dates {order} does not fit the column “{self._taken[name]}”: “{texts[other]}” is {other}"
                remedy = "Leave --dates out: dates stand there in both orders."
                raise fail(what, remedy if order in texts else f"Give --dates {other}, or leave --dates out.", file)
        self._attributes = dict(self._named(others))
        self._guesses += likely(first, list(self._attributes.values()), taken, order)
        # Each column of the contract whose cells may hold what it does not allow has a further one for that.
        checked = [name for name in (*_NUMBERS, *_DATES, "language") if name in self._taken]
        self.columns = [*self._taken, *self._attributes, *(f"{_KEPT}{name}" for name in checked)]
        self.filled: set[str] = set()
        self._empty, self._slashed = 0, set[str]()
        self._unread: dict[str, tuple[int, str]] = {}
        self._without_time: dict[str, tuple[int, str]] = {}
        self._without_order: set[str] = set()

    def _look(self, rows: Rows, others: Sequence[str]) -> dict[str, dict[str, str]]:
        """Pass over all rows; returns in which orders numeric dates of each column stand, each with one of them."""
        self._cells = dict.fromkeys(others, 0)
        self._mails = dict.fromkeys(others, 0)
        orders: dict[str, dict[str, str]] = {name: {} for name in _DATES if name in self._taken}
        for frame in rows.frames():
            for name in others:
                cells = frame[name]
                cells = cells[cells.str.strip() != ""]
                self._cells[name] += len(cells)
                self._mails[name] += int(cells.str.fullmatch(r"\s*" + MAIL.pattern + r"\s*").sum()) if len(cells) else 0
            if "comment_id" in self._taken and "parent_id" in self._taken:
                called = frame[frame[self._taken["comment_id"]].isin(_NO_PARENTS)]
                called = called[~called[self._taken["text"]].map(is_invisible).astype("bool")]
                self._parents_known |= set(called[self._taken["comment_id"]])
            for name, hints in orders.items():
                for hint, text in dates.orders(frame[self._taken[name]]).items():
                    hints.setdefault(hint, text)
        return orders

    def _named(self, others: Sequence[str]) -> Iterator[tuple[str, str]]:
        """The other columns under names that are safe; those that reach a person are left out."""
        self._personal, used = list[str](), set[str]()
        for name in others:
            if not self._cells[name]:
                continue
            if PERSONAL.fullmatch(folded(name)) or self._mails[name] > self._cells[name] / 2:
                self._personal.append(name)
                continue
            safe = attribute(name)
            while safe in used:
                again = re.sub(r"\d+$", lambda number: str(int(number[0]) + 1), safe)
                safe = f"{safe}_2" if not re.search(r"_\d+$", safe) else again
            used.add(safe)
            yield safe, name

    def comments(self, frame: pd.DataFrame) -> pd.DataFrame:
        """The comments of the next rows, with every column that any may have."""
        named = {**self._taken, **self._attributes}
        rows = pd.DataFrame({name: frame[column].astype("str") for name, column in named.items()}, index=frame.index)
        empty = rows["text"].map(is_invisible).astype("bool")
        if "status" in rows:
            empty &= rows["status"] != "withdrawn"
        self._empty += int(empty.sum())
        rows = rows[~empty].copy()
        if "parent_id" in rows:
            nobody = _NO_PARENTS - self._parents_known
            rows["parent_id"] = rows["parent_id"].where(~rows["parent_id"].isin(nobody), "")
        for name in (name for name in _NUMBERS if name in rows):
            self._number(rows, name)
        for name in (name for name in _DATES if name in rows):
            self._date(rows, name)
        if "language" in rows:
            sound = rows["language"].map(is_language).astype("bool")
            self._keep(rows, "language", ~sound & (rows["language"] != ""))
            rows["language"] = rows["language"].where(sound, "")
        self.filled.update(name for name in self.columns if name not in self.filled and rows[name].any())
        return rows[self.columns]

    def _number(self, rows: pd.DataFrame, name: str) -> None:
        """Whole numbers as the contract writes them; a column with others is kept as an attribute beside them."""
        cells = rows[name].str.strip().map(lambda text: re.sub(r"\D", "", text) if _GROUPED.fullmatch(text) else text)
        cells = cells.map(lambda text: re.sub(r"\.0$", "", text))
        sound = cells.str.fullmatch(WHOLE_NUMBER.pattern).astype("bool")
        self._keep(rows, name, ~sound & (cells != ""))
        rows[name] = cells.where(sound, "")

    def _date(self, rows: pd.DataFrame, name: str) -> None:
        """Dates in ISO form; what cannot be read is kept as an attribute."""
        read = dates.dates_of(rows[name], self._orders[name], self._language)
        stripped = rows[name].str.strip()
        if any(_SLASHED.match(text) for text in read):
            self._slashed.add(name)
        unread = (stripped != "") & ~stripped.isin(read)
        if stripped[unread].map(dates.needs_order).any():
            self._without_order.add(name)
        without_time = [text for text in stripped if dates.has_lost_time(text, read.get(text, ""))]
        if without_time:
            number, first = self._without_time.get(name, (0, without_time[0]))
            self._without_time[name] = number + len(without_time), first
        self._keep(rows, name, unread)
        rows[name] = stripped.map(lambda text: read.get(text, "")).astype("str")

    def _keep(self, rows: pd.DataFrame, name: str, unread: pd.Series) -> None:
        """Keep what a column holds and the contract does not allow."""
        if int(unread.sum()):
            number, first = self._unread.get(name, (0, ""))
            self._unread[name] = number + int(unread.sum()), first or short(rows[name][unread].iloc[0])
        rows[f"{_KEPT}{name}"] = rows[name].where(unread, "")

    def messages(self) -> list[str]:
        """What was done, in words."""
        messages = []
        if self._personal:
            left = ", ".join(map(short, self._personal))
            messages.append(f"Left out, since they reach or name a person: {left}.")
        if self._attributes:
            shown = sorted(self._attributes)[:12]
            more = f" and {len(self._attributes) - len(shown)} more" if len(self._attributes) > len(shown) else ""
            messages.append(f"Kept as attributes: {', '.join(shown)}{more}.")
        if self._empty:
            messages.append(f"Rows without a text, left out: {self._empty}.")
        whys = dict.fromkeys(_NUMBERS, "not a whole number") | dict.fromkeys(_DATES, "not read as a date")
        for name, why in {**whys, "language": "not a language tag"}.items():
            if name in self._unread:
                number, first = self._unread[name]
                how = f" {_SAY_ORDER}" if name in self._without_order and not self._said else ""
                messages.append(f"{name}, {why}: {number}, such as “{first}”; kept as attr_{name}.{how}")
            if name in self._without_time:
                number, first = self._without_time[name]
                messages.append(f"{name}, read without its time: {number}, such as “{short(first)}”.")
        return messages

    def guesses(self) -> list[str]:
        """What could be otherwise, in words."""
        guesses = list(self._guesses)
        for name in (name for name in _DATES if name in self._slashed and not self._said):
            other = next(order for order in dates.ORDERS if order != self._orders[name])
            guesses.append(f"Dates such as 03/04/2020 are read {self._orders[name]}; --dates {other} says otherwise.")
        return guesses
