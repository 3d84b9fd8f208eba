"""The one pre-pass over data and chapters, before a cell runs; `brief check` and the build share it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from brief.book import Book, check_book, read_book
from brief.errors import BriefError, Fault
from brief.snapshot import Snapshot, take

#: The words by which the fault of a statement that no longer holds is told from the others.
_NO_LONGER = "no longer holds"


@dataclass(frozen=True)
class Checked:
    """What the pre-pass found: the faults, and where the data are sound the snapshot and the book."""

    faults: tuple[Fault, ...]
    book: Book
    snapshot: Snapshot | None


def examine(root: Path, draft: bool = False) -> Checked:
    """Check the brief at `root`. A draft forgives statements that no longer hold, and nothing else."""
    book = read_book(root)
    try:
        snapshot = take(root)
    except BriefError as error:
        return Checked((*error.faults, *check_alone(book)), book, None)
    faults = check_book(book, snapshot.facts, snapshot.content)
    if draft:
        faults = [fault for fault in faults if _NO_LONGER not in fault.what]
    return Checked(BriefError(faults).faults, book, snapshot)


def check_alone(book: Book) -> list[Fault]:
    """The faults of the chapters that can be seen without facts."""
    return [*book.faults, *(fault for one in [*book.chapters.values(), *book.parts.values()] for fault in one.faults)]


def check(root: Path) -> list[Fault]:
    """Every fault of the brief at `root`, in the order of the files; an empty list where there is none."""
    return list(BriefError(examine(root).faults).faults)
