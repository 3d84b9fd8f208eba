"""Counts of what texts hold, by the pieces between their white space: a piece that comes again is looked at once.

Most of what is counted in a text, words and n-grams within words, depends on one piece alone. So a batch is a matrix of
texts and pieces, a second one says what each piece holds, and their product is the counts: the same whole numbers as
text by text, several times faster. Pieces are known by their hashes (`hashing`), taken from the bytes of many texts at
once, and numbered in the order of these: so the order of a text's pieces by number follows from the text alone.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import chain
from typing import TYPE_CHECKING, Any, TypeVar

import numpy as np

from brief.analysis import hashing
from brief.analysis.hashing import Hashes, Numbers
from brief.analysis.lookups import Table
from brief.analysis.phrases import Codes, sorted_once

if TYPE_CHECKING:
    from scipy.sparse import csr_matrix


Kept = TypeVar("Kept")
_SPACE = ord(" ")
#: What `str.split` takes for white space in ASCII.
_SPACED = bytes(_SPACE if chr(byte).isspace() else byte for byte in range(128)) + bytes(range(128, 256))
_MOST_KEPT, _LONGEST_KEPT = 1 << 15, 100
"""Of so many pieces it is kept what they hold; of longer ones it is not."""
_NEW = 8
"""A table is made anew when that part of it is to be added."""


@dataclass(frozen=True)
class Parted:
    """Texts as pieces: the different ones; the numbers of all, text after text; how many each text has."""

    names: list[str]
    numbers: Codes
    counts: Numbers

    def part(self, first: int, end: int) -> Parted:
        """Some of the texts, one after the other; all names stay."""
        before, inside = int(self.counts[:first].sum()), int(self.counts[first:end].sum())
        return Parted(self.names, self.numbers[before : before + inside], self.counts[first:end])

    def rows(self, kind: Any = np.float64) -> csr_matrix:
        """The pieces of each text, each as often as it comes."""
        return rows(self.numbers, self.counts, len(self.names), kind)


@dataclass(frozen=True)
class _Some:
    """The bytes of some texts, where their pieces begin and end, the hash of each, and how many each text has."""

    content: bytes
    begins: Codes
    ends: Codes
    hashes: Hashes
    counts: Numbers


def parted(texts: Sequence[str]) -> Parted:
    """Texts as the pieces between their white space, as `str.split` finds them."""
    every = list(_some(texts))
    if not every:
        return Parted([], np.zeros(0, np.int32), np.zeros(0, np.int64))
    table = _different([some.hashes for some in every])
    numbers, _ = table.places(np.concatenate([some.hashes for some in every]))
    at = np.zeros(len(table.hashes), dtype=np.int64)
    at[numbers] = np.arange(len(numbers))
    starts = np.cumsum([0, *(len(some.hashes) for some in every)])
    of = np.searchsorted(starts, at, side="right") - 1
    names = []
    for number, place in zip(of.tolist(), (at - starts[of]).tolist(), strict=True):
        some = every[number]
        names.append(some.content[some.begins[place] : some.ends[place]].decode("utf-8", "surrogatepass"))
    return Parted(names, numbers, np.concatenate([some.counts for some in every]))


def _different(parts: list[Hashes]) -> Table:
    """The different hashes of all parts. Few of a part are new, and what is known already need not be sorted."""
    table = Table(sorted_once(parts[0]))
    waiting: list[Hashes] = []
    for part in parts[1:]:
        waiting.append(sorted_once(part[~table.places(part)[1]]))
        if sum(map(len, waiting)) > len(table.hashes) // _NEW:
            table, waiting = Table(sorted_once(np.concatenate([table.hashes, *waiting]))), []
    return Table(sorted_once(np.concatenate([table.hashes, *waiting]))) if waiting else table


def _some(texts: Sequence[str]) -> Iterator[_Some]:
    """Texts in parts that can be hashed at once; a very long text is a part of its own."""
    held: list[bytes] = []
    size = 0
    for text in texts:
        own = text if text.isascii() else " ".join(text.split())
        content = own.encode("utf-8", "surrogatepass")
        if held and size + len(content) + 1 > hashing.AT_ONCE:
            yield _cut(held)
            held, size = [], 0
        held.append(content)
        size += len(content) + 1
    if held:
        yield _cut(held)


def _cut(texts: list[bytes]) -> _Some:
    content = b"".join([b" ", b" ".join(texts), b" "]).translate(_SPACED)
    every = np.frombuffer(content, dtype=np.uint8)
    is_piece = every != _SPACE
    edges = np.flatnonzero(is_piece[1:] != is_piece[:-1]) + 1
    begins, ends = edges[::2], edges[1::2]
    if len(every) <= hashing.AT_ONCE + 1:
        hashes = hashing.of_runs(every, begins, ends)
    else:
        spans = zip(begins.tolist(), ends.tolist(), strict=True)
        hashes = np.array([_digest(content[begin:end]) for begin, end in spans], dtype=np.uint64)
    limits = np.cumsum([0, *(len(text) + 1 for text in texts)]) + 1
    counts = np.diff(np.searchsorted(begins, limits))
    return _Some(content, begins.astype(np.int32), ends.astype(np.int32), hashes, counts)


def _digest(piece: bytes) -> int:
    return int.from_bytes(hashlib.blake2b(piece, digest_size=8).digest(), "little")


def kept(read: Callable[[str], Kept]) -> Callable[[str], Kept]:
    """The same function of a piece, which keeps what it gave: the commonest pieces come again in every batch."""
    known = lru_cache(maxsize=_MOST_KEPT)(read)
    return lambda piece: known(piece) if len(piece) <= _LONGEST_KEPT else read(piece)


def ragged(each: Sequence[Sequence[int]]) -> tuple[Numbers, Numbers]:
    """Rows of whole numbers as one: all of them, and how many each row has."""
    counts = np.fromiter(map(len, each), dtype=np.int64, count=len(each))
    return np.fromiter(chain.from_iterable(each), dtype=np.int64, count=int(counts.sum())), counts


def holding(of_piece: Sequence[Sequence[int]], width: int, kind: Any = np.float64) -> csr_matrix:
    """How often each piece holds each of so many things. In: for each piece the places of what it holds, one as often
    as it holds it."""
    held = rows(*ragged(of_piece), width, kind)
    held.sum_duplicates()
    return held


def rows(columns: Numbers | Codes, counts: Numbers, width: int, kind: Any = np.float64) -> csr_matrix:
    """A matrix of ones at the columns of each row, which has so many of them."""
    from scipy.sparse import csr_matrix

    ends = np.concatenate([[0], np.cumsum(counts)])
    return csr_matrix((np.ones(len(columns), dtype=kind), columns, ends), shape=(len(counts), width))
