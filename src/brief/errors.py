"""The one kind of error a maintainer meets: what is wrong, where, and what to do about it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True)
class Fault:
    """One thing that is wrong, told so that it can be put right.

    `file` is relative to the project's root; `row` counts as a spreadsheet does (the header is row 1) and, for a
    chapter, is the line; `column` is the column or key.
    """

    what: str
    remedy: str
    file: str = ""
    row: int | None = None
    column: str = ""

    @property
    def place(self) -> str:
        """Where the fault is: file, row (or line) and column, as far as they are known."""
        counted = "line" if self.file.endswith((".md", ".yml", ".bib", ".txt", ".jsonl")) else "row"
        parts = [self.file] if self.file else []
        if self.row is not None:
            parts.append(f"{counted} {self.row}")
        if self.column:
            parts.append(f"{'key' if counted == 'line' else 'column'} {self.column}")
        return ", ".join(parts)

    def __str__(self) -> str:
        head = f"{self.place}: " if self.place else ""
        return f"{head}{self.what}\n    -> {self.remedy}"

    @property
    def sort_key(self) -> tuple[str, int, str, str]:
        """The order of the files, then of the rows."""
        return (self.file, self.row or 0, self.column, self.what)


class BriefError(Exception):
    """One or more faults. Its text lists all of them, in the order of the files."""

    def __init__(self, faults: Fault | Iterable[Fault]) -> None:
        listed = [faults] if isinstance(faults, Fault) else list(faults)
        self.faults: tuple[Fault, ...] = tuple(sorted(set(listed), key=lambda fault: fault.sort_key))
        super().__init__("\n".join(str(fault) for fault in self.faults))


def fail(what: str, remedy: str, file: str = "", row: int | None = None, column: str = "") -> BriefError:
    """A `BriefError` of one fault, ready to be raised."""
    return BriefError(Fault(what=what, remedy=remedy, file=file, row=row, column=column))
