"""Drawing comments by a hash of the seed and their ids: a simple random or a stratified sample.

A sample depends neither on the order of rows nor on batches, and anybody can draw it again. Of two samples of one seed
the larger holds the smaller, in every stratum of which it has no fewer.
"""

from __future__ import annotations

import hashlib
import heapq
from collections.abc import Mapping

import pandas as pd


def allocate(sizes: Mapping[str, int], n: int) -> dict[str, int]:
    """How many comments to draw from each stratum: proportional, at least one of each, never more than there are.

    In: comments in each stratum (at least 1), comments to draw, from the number of strata to the sum of sizes. Each
    stratum gets one; each further one goes to the stratum furthest below its proportional share n * size / total. Where
    every share is at least one, that is the method of largest remainders (Hamilton). Exact in whole numbers; of equal
    strata the first by name comes first. Raises `ValueError` for an n that cannot be.
    """
    total = sum(sizes.values())
    if not len(sizes) <= n <= total:
        raise ValueError(f"{n} comments cannot be drawn from {len(sizes)} strata of {total} comments")
    drawn = dict.fromkeys(sorted(sizes), 1)
    waiting = [(total - n * sizes[name], name) for name in drawn if sizes[name] > 1]
    heapq.heapify(waiting)
    for _ in range(n - len(drawn)):
        excess, name = heapq.heappop(waiting)
        drawn[name] += 1
        if drawn[name] < sizes[name]:
            heapq.heappush(waiting, (excess + total, name))
    return drawn


def draw(population: pd.DataFrame, n: int, seed: int) -> pd.DataFrame:
    """Draw n comments.

    In: comment_id (unique), stratum (one value for all is a simple random sample); n as for `allocate`; the seed.
    Out: comment_id, stratum, size, drawn (comments of the stratum there are and were drawn), sorted by a second hash,
    which tells nothing of the stratum.
    """
    sizes = {str(name): int(size) for name, size in population["stratum"].value_counts().items()}
    drawn = allocate(sizes, n)
    rows = population.assign(rank=[_hashed(seed, "draw", name) for name in population["comment_id"]])
    rows = rows.sort_values(["rank", "comment_id"])
    rows = rows[rows.groupby("stratum").cumcount() < rows["stratum"].map(drawn)]
    rows = rows.assign(
        size=rows["stratum"].map(sizes),
        drawn=rows["stratum"].map(drawn),
        order=[_hashed(seed, "order", name) for name in rows["comment_id"]],
    )
    return rows.sort_values(["order", "comment_id"], ignore_index=True)[["comment_id", "stratum", "size", "drawn"]]


def _hashed(seed: int, use: str, comment_id: str) -> str:
    return hashlib.sha256(f"{use} {seed} {comment_id}".encode()).hexdigest()
