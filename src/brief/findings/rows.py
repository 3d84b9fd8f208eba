"""The rows of the data that a number counts: named where they are few, else their number and a digest of all ids."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass

MOST_NAMED = 50
"""So many rows are named one by one."""


@dataclass(frozen=True)
class Rows:
    """The rows that a number counts.

    `number`: how many. `ids`: their ids, sorted, where they are no more than `MOST_NAMED`. `sha256`: of any more, the
    SHA-256 of their ids, sorted, with a line feed after each.
    """

    number: int
    ids: tuple[str, ...] = ()
    sha256: str = ""

    @classmethod
    def of(cls, ids: Iterable[object]) -> Rows:
        """The rows with these ids."""
        listed = sorted(map(str, ids))
        if len(listed) <= MOST_NAMED:
            return cls(len(listed), tuple(listed))
        return cls(len(listed), sha256=digest(listed))

    def as_json(self) -> dict[str, object]:
        """The rows as plain data."""
        return {"number": self.number, **({"sha256": self.sha256} if self.sha256 else {"ids": list(self.ids)})}

    def in_words(self) -> str:
        """The rows as a line to print."""
        if self.sha256:
            return f"{self.number} rows; SHA-256 of their ids, sorted, one a line: {self.sha256}"
        return f"{self.number} {'row' if self.number == 1 else 'rows'}{': ' if self.ids else ''}{', '.join(self.ids)}"


def digest(ids: Iterable[str]) -> str:
    """The SHA-256 of ids in the order given, a line feed after each."""
    total = hashlib.sha256()
    for name in ids:
        total.update(f"{name}\n".encode("utf-8", "surrogatepass"))
    return total.hexdigest()
