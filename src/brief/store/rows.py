"""Rows of texts in their order, however many: in memory while they are few, else in a temporary database on the disk.

What is read of a file, and what is stored, goes through here, so that no step needs all texts at once. A step takes the
rows in batches (`frames`), one after the other, or by their place.
"""

from __future__ import annotations

import sqlite3
import weakref
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import islice
from typing import overload

import pandas as pd

FEW = 20_000
"""So many rows are kept in memory, and so many are in a batch."""
_LARGE = 20_000_000
"""So many signs are kept in memory, if they are fewer rows."""

Row = dict[str, str]
Cells = Sequence[str]


class Rows(Sequence[Row]):
    """Rows that can be read any number of times. In: the names of the columns, rows of cells in their order."""

    def __init__(self, columns: Sequence[str], cells: Iterable[Cells]) -> None:
        self.columns = list(columns)
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
        return cls([str(name) for name in frame.columns], _cells(frame))

    @classmethod
    def from_frames(cls, columns: Sequence[str], frames: Iterable[pd.DataFrame]) -> Rows:
        """The rows of frames that have these columns, in this order."""
        return cls(columns, (row for frame in frames for row in _cells(frame)))

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

    def frames(self) -> Iterator[pd.DataFrame]:
        """The rows as frames of at most `FEW` rows; one without a row where there is none."""
        cells = self.cells()
        batch = list(islice(cells, FEW))
        while True:
            yield pd.DataFrame(batch, columns=self.columns, dtype="str")
            if not (batch := list(islice(cells, FEW))):
                return

    def frame(self) -> pd.DataFrame:
        """All rows as a frame."""
        return pd.DataFrame(list(self.cells()), columns=self.columns, dtype="str")

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
        self._few, self._count = None, len(whole)
        self._places = [whole.columns.index(name) for name in columns]

    def cells(self) -> Iterator[Cells]:
        places = self._places
        return ([row[place] for place in places] for row in self._whole.cells())

    def _row(self, place: int) -> Cells:
        row = self._whole._row(place)
        return [row[at] for at in self._places]

    def column(self, name: str) -> Iterator[str]:
        yield from self._whole.column(self._whole.columns[self._places[self.columns.index(name)]])


def _cells(frame: pd.DataFrame) -> Iterator[Cells]:
    return zip(*(frame[name].astype("str").tolist() for name in frame.columns), strict=True)
