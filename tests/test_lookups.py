"""What is looked up in a table of hashes is found where it is, however the hashes lie."""

from __future__ import annotations

import numpy as np
import pytest

from brief.analysis.hashing import Hashes
from brief.analysis.lookups import Table

CHANCE = np.random.default_rng(1)
MOST = np.iinfo(np.uint64).max
SPREAD = CHANCE.integers(0, MOST, 5_000, dtype=np.uint64)


@pytest.mark.parametrize(
    "hashes",
    [
        SPREAD,
        SPREAD >> np.uint64(40),  # all with the same first bits
        np.concatenate([SPREAD[:9], np.array([0, 1, MOST - 1, MOST], dtype=np.uint64)]),
        SPREAD[:1],
        SPREAD[:0],
    ],
)
def test_each_hash_is_found_and_no_other(hashes: Hashes) -> None:
    hashes = np.unique(hashes)
    table = Table(hashes)
    near = np.concatenate([hashes, hashes + np.uint64(1), hashes - np.uint64(1), SPREAD[::7]])
    asked = CHANCE.permutation(np.concatenate([near, np.array([0, MOST], dtype=np.uint64)]))
    places, there = table.places(asked)
    assert np.array_equal(there, np.isin(asked, hashes))
    assert np.array_equal(hashes[places[there]], asked[there])
    assert len(table.places(asked[:0])[0]) == 0
