"""Rows of texts in their order, however many: in memory while they are few, else in a temporary database on the disk.

What is read of a file, and what is stored, goes through here, so that no step needs all texts at once. A step takes the
rows in batches (`frames`), one after the other, or by their place.
"""

from __future__ import annotations

import sqlite3
import weakref
from array import array
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import islice
from typing import overload

import pandas as pd

FEW = 20_000
"""So many rows are kept in memory, and so many are in a batch."""
ROW = "row of the file"
"""The name of an index that holds the rows of the file in which the rows of a frame stand, as a spreadsheet counts them
(of JSON Lines, the lines). An index of another name holds no such numbers.
"""
_LARGE = 20_000_000
"""So many signs are kept in memory, if they are fewer rows."""

Row = dict[str, str]
Cells = Sequence[str]


class Rows(Sequence[Row]):
    """Rows that can be read any number of times.

    In: the names of the columns, rows of cells in their order; `numbers` are the rows of the file in which they stand,
    where these are known. It may grow while `cells` are taken.
    """

    def __init__(self, columns: Sequence[str], cells: Iterable[Cells], numbers: array[int] | None = None) -> None:
        self.columns = list(columns)
        self._numbers = numbers
        self._few: list[Cells] | None = []
        self._count = 0
        rest = iter(cells)
        signs = 0
        for row in islice(rest, FEW):
            self._few.append(row)
            signs += sum(map(len, row))
            if signs > _LARGE:
                break
        self._count = len(self._few)
        further = next(rest, None)
        if further is not None:
            self._to_disk(further, rest)

    @classmethod
    def of(cls, frame: pd.DataFrame) -> Rows:
        """The rows of a frame of texts."""
        return cls.from_frames([str(name) for name in frame.columns], [frame])

    @classmethod
    def from_frames(cls, columns: Sequence[str], frames: Iterable[pd.DataFrame]) -> Rows:
        """The rows of frames that have these columns, in this order; their numbers, where the index is named `ROW`."""
        numbers = array("Q")

        def cells() -> Iterator[Cells]:
            for frame in frames:
                if frame.index.name == ROW:
                    numbers.extend(map(int, frame.index))
                yield from _cells(frame)

        return cls(columns, cells(), numbers)

    def _to_disk(self, further: Cells, rest: Iterator[Cells]) -> None:
        # A database without a name lies in a temporary file, which is gone when it is closed.
        self._disk = sqlite3.connect("", isolation_level=None)
        weakref.finalize(self, self._disk.close)
        self._disk.execute("pragma synchronous = off")
        self._disk.execute("pragma journal_mode = off")
        self._disk.execute("pragma temp_store = file")
        names = ", ".join(f"c{number}" for number in range(len(self.columns)))
        self._disk.execute(f"create table kept ({names})")
        marks = ", ".join("?" * len(self.columns))
        self._disk.execute("begin")
        for part in (self._few or (), [further], rest):
            self._disk.executemany(f"insert into kept values ({marks})", part)
        self._disk.execute("commit")
        (self._count,) = self._disk.execute("select count(*) from kept").fetchone()
        self._few = None

    def __len__(self) -> int:
        return self._count

    def cells(self) -> Iterator[Cells]:
        """The rows as their cells, in the order of the columns."""
        if self._few is not None:
            yield from self._few
        else:
            yield from self._disk.execute("select * from kept order by rowid")

    def __iter__(self) -> Iterator[Row]:
        columns = self.columns
        return (dict(zip(columns, row, strict=True)) for row in self.cells())

    @overload
    def __getitem__(self, place: int) -> Row: ...
    @overload
    def __getitem__(self, place: slice) -> Sequence[Row]: ...
    def __getitem__(self, place: int | slice) -> Row | Sequence[Row]:
        if isinstance(place, slice):
            return list(islice(self, *place.indices(self._count)))
        return dict(zip(self.columns, self._row(range(self._count)[place]), strict=True))

    def _row(self, place: int) -> Cells:
        if self._few is not None:
            return self._few[place]
        row: Cells = self._disk.execute("select * from kept where rowid = ?", (place + 1,)).fetchone()
        return row

    def number(self, place: int) -> int | None:
        """The row of the file in which a row stands; None where it is not known."""
        return self._numbers[place] if self._numbers else None

    def frames(self) -> Iterator[pd.DataFrame]:
        """The rows as frames of at most `FEW` rows; one without a row where there is none."""
        cells = self.cells()
        batch, start = list(islice(cells, FEW)), 0
        while True:
            yield self._frame(batch, start)
            start += len(batch)
            if not (batch := list(islice(cells, FEW))):
                return

    def frame(self) -> pd.DataFrame:
        """All rows as a frame."""
        return self._frame(list(self.cells()), 0)

    def _frame(self, rows: list[Cells], start: int) -> pd.DataFrame:
        """Rows from a place on as a frame, under their numbers where these are known."""
        index = pd.Index(self._numbers[start : start + len(rows)], name=ROW) if self._numbers else None
        return pd.DataFrame(rows, index=index, columns=self.columns, dtype="str")

    def column(self, name: str) -> Iterator[str]:
        """The cells of a column."""
        place = self.columns.index(name)
        if self._few is not None:
            yield from (row[place] for row in self._few)
        else:
            yield from (cell for (cell,) in self._disk.execute(f"select c{place} from kept order by rowid"))

    def only(self, columns: Sequence[str], names: Sequence[str] | None = None) -> Rows:
        """The same rows with some of their columns, which may get other names; nothing is copied."""
        return _Part(self, columns, names or columns)

    def mapped(self, change: Callable[[pd.DataFrame], pd.DataFrame]) -> Iterator[pd.DataFrame]:
        """The frames, each as `change` gives it."""
        return map(change, self.frames())


class _Part(Rows):
    """Some columns of rows, under other names."""

    def __init__(self, whole: Rows, columns: Sequence[str], names: Sequence[str]) -> None:
        self.columns = list(names)
        self._whole = whole
        self._few, self._count, self._numbers = None, len(whole), whole._numbers
        self._places = [whole.columns.index(name) for name in columns]

    def cells(self) -> Iterator[Cells]:
        places = self._places
        return ([row[place] for place in places] for row in self._whole.cells())

    def _row(self, place: int) -> Cells:
        row = self._whole._row(place)
        return [row[at] for at in self._places]

    def column(self, name: str) -> Iterator[str]:
        yield from self._whole.column(self._whole.columns[self._places[self.columns.index(name)]])


def numbered(frame: pd.DataFrame) -> Sequence[int]:
    """The rows of the file in which the rows of a frame stand: those that it knows, else all below a header."""
    return [int(row) for row in frame.index] if frame.index.name == ROW else range(2, len(frame) + 2)


def _cells(frame: pd.DataFrame) -> Iterator[Cells]:
    return zip(*(frame[name].astype("str").tolist() for name in frame.columns), strict=True)
