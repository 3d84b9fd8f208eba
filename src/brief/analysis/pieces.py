"""Counts of what texts hold, by the pieces between their white space: a piece that comes again is looked at once.

Most of what is counted in a text, words and n-grams within words, depends on one piece alone. So a batch is a matrix of
texts and pieces, a second one says what each piece holds, and their product is the counts: the same whole numbers as
text by text, several times faster.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import chain
from typing import TYPE_CHECKING, Any

import numpy as np

from brief.analysis.hashing import Numbers

if TYPE_CHECKING:
    from scipy.sparse import csr_matrix


_AT_ONCE = 1_000


class _Numbered(dict[str, int]):
    """A number for each piece, from 0 in the order in which they are first asked for."""

    def __missing__(self, piece: str) -> int:
        number = self[piece] = len(self)
        return number


def parted(texts: Sequence[str]) -> tuple[list[str], Numbers, Numbers]:
    """The different pieces of texts; the numbers of all pieces, text after text; how many pieces each text has."""
    numbered = _Numbered()
    every: list[Numbers] = [np.zeros(0, dtype=np.int64)]
    counts: list[Numbers] = [np.zeros(0, dtype=np.int64)]
    for first in range(0, len(texts), _AT_ONCE):
        rows = [list(map(numbered.__getitem__, text.split())) for text in texts[first : first + _AT_ONCE]]
        numbers, sizes = ragged(rows)
        every.append(numbers)
        counts.append(sizes)
    return list(numbered), np.concatenate(every), np.concatenate(counts)


def ragged(each: Sequence[Sequence[int]]) -> tuple[Numbers, Numbers]:
    """Rows of whole numbers as one: all of them, and how many each row has."""
    counts = np.fromiter(map(len, each), dtype=np.int64, count=len(each))
    return np.fromiter(chain.from_iterable(each), dtype=np.int64, count=int(counts.sum())), counts


def counted(numbers: Numbers, counts: Numbers, of_piece: Sequence[Sequence[int]], width: int) -> csr_matrix:
    """How often each text holds each of so many things.

    In: what `parted` gave; for each piece the places of what it holds, one as often as it holds it.
    """
    texts = rows(numbers, counts, len(of_piece))
    product: Any = texts @ rows(*ragged(of_piece), width)
    product.sort_indices()
    return product


def rows(columns: Numbers, counts: Numbers, width: int) -> csr_matrix:
    """A matrix of ones at the columns of each row, which has so many of them."""
    from scipy.sparse import csr_matrix

    ends = np.concatenate([[0], np.cumsum(counts)])
    return csr_matrix((np.ones(len(columns)), columns, ends), shape=(len(counts), width))
