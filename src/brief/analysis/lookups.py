"""Where numbers stand in a sorted table, for millions of them at once.

The numbers are hashes, so their first bits are spread evenly: a directory says where those with the same first bits
begin, and what is asked for is there or a few places further. That is several times faster than a binary search, which
goes from one end of the memory to the other at each step.
"""

from __future__ import annotations

import numpy as np

from brief.analysis.hashing import Hashes, Truths

Places = np.ndarray[tuple[int, ...], np.dtype[np.int32]]

_SPARE = 2
"""The directory has so many bits more than the number of places: most entries have one place or none."""
_MOST_BITS = 22
_STEPS = 8
"""So many places further are looked at, one by one; what is not found then has crowded first bits."""


class Table:
    """Different hashes, sorted, ready to be looked for."""

    def __init__(self, hashes: Hashes) -> None:
        self.hashes = hashes
        bits = min(len(hashes).bit_length() + _SPARE, _MOST_BITS)
        self._shift = np.uint64(64 - bits)
        firsts = np.arange(1 << bits, dtype=np.uint64) << self._shift
        self._begins = np.searchsorted(hashes, firsts).astype(np.int32)
        # Nothing is looked for behind the last one.
        self._ended = np.append(hashes, np.uint64(np.iinfo(np.uint64).max))

    def places(self, asked: Hashes) -> tuple[Places, Truths]:
        """The place of each hash, and whether it is in the table; the place of one that is not there means nothing."""
        at = self._begins[(asked >> self._shift).view(np.int64)]
        further = np.flatnonzero(self._ended[at] < asked)
        for _ in range(_STEPS):
            if not len(further):
                break
            at[further] += 1
            further = further[self._ended[at[further]] < asked[further]]
        at[further] = np.searchsorted(self.hashes, asked[further])
        there: Truths = (self._ended[at] == asked) & (at < len(self.hashes))
        return at, there
