"""The one kind of error a maintainer meets: what is wrong, where, and what to do about it."""

from __future__ import annotations

import contextlib
import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

Kind = Literal["wrong", "outdated", "unreadable"]
"""What sort of fault it is.

`outdated`: something was true of other data and is not true of these; a draft forgives it. `unreadable`: it keeps a
whole file from being read, so that what names its rows looks wrong too. `wrong`: any other.
"""

_PRINTED = 20
"""So many faults are printed in full."""
#: Signs that move the cursor, colour or hide what a terminal shows, end a line, turn the direction of writing, or are
#: halves of a sign that no terminal can show.
_UNSEEN = re.compile(r"[\x00-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff\ud800-\udfff]")


def harmless(text: str) -> str:
    """A text that can be printed whatever it quotes: signs that nobody sees stand as Python writes them."""
    return _UNSEEN.sub(lambda sign: sign[0].encode("unicode_escape").decode("ascii"), text)


@dataclass(frozen=True)
class Fault:
    """One thing that is wrong, told so that it can be put right.

    `file` is relative to the project's root; `row` counts as a spreadsheet does (the header is row 1) and, for a
    chapter, is the line; `column` is the column or key. What it quotes of the input is made harmless
    when it is printed. `looked_in` are the files in which something was looked for that is not there: while one of them
    cannot be read, the fault is not told.
    """

    what: str
    remedy: str
    file: str = ""
    row: int | None = None
    column: str = ""
    kind: Kind = "wrong"
    looked_in: tuple[str, ...] = ()

    @property
    def place(self) -> str:
        """Where the fault is: file, row (or line) and column, as far as they are known."""
        counted = counted_in(self.file)
        parts = [self.file] if self.file else []
        if self.row is not None:
            parts.append(f"{counted} {self.row}")
        if self.column:
            parts.append(f"{'key' if counted == 'line' else 'column'} {self.column}")
        return ", ".join(parts)

    def __str__(self) -> str:
        head = f"{self.place}: " if self.place else ""
        return f"{harmless(head + self.what)}\n    -> {harmless(self.remedy)}"

    @property
    def sort_key(self) -> tuple[bool, str, int, str, str]:
        """Files that cannot be read come first; then the order of the files, and of the rows."""
        return (self.kind != "unreadable", self.file, self.row or 0, self.column, self.what)


def counted_in(file: str) -> str:
    """What the places of a file are called that a fault counts: rows of a table, lines of a text."""
    return "line" if file.endswith((".md", ".yml", ".bib", ".txt", ".jsonl", ".ndjson", ".po", ".py")) else "row"


class BriefError(Exception):
    """One or more faults. Its text lists them in the order of the files: the first twenty, then how many are left."""

    def __init__(self, faults: Fault | Iterable[Fault]) -> None:
        listed = [faults] if isinstance(faults, Fault) else list(faults)
        self.faults: tuple[Fault, ...] = tuple(sorted(set(listed), key=lambda fault: fault.sort_key))
        left = len(self.faults) - _PRINTED
        more = [f"and {left} more. Put these right first."] if left > 0 else []
        super().__init__("\n".join([*(str(fault) for fault in self.faults[:_PRINTED]), *more]))


def refused(error: OSError) -> BriefError:
    """What the system refused (rights, room on the disk, a folder where a file should be) as a `BriefError`."""
    named = [_named(Path(str(name))) for name in (error.filename, error.filename2) if name is not None]
    place = f"'{named[0]}'" if named else "a file"
    return fail(
        f"{place} cannot be read or written: {(error.strerror or str(error)).lower()}",
        "See to the rights of the files and folders and to the room on the disk, then try again.",
    )


def _named(path: Path) -> str:
    """A file as a message names it: by where it is from here, else by its name."""
    with contextlib.suppress(ValueError, OSError):
        return path.absolute().relative_to(Path.cwd()).as_posix()
    return path.name


def fail(what: str, remedy: str, file: str = "", row: int | None = None, column: str = "") -> BriefError:
    """A `BriefError` of one fault, ready to be raised."""
    return BriefError(Fault(what=what, remedy=remedy, file=file, row=row, column=column))
