"""Which places options can take under given weights, when levels are ranges and what is not assessed may be anything.

A weighted sum with equal steps between levels. The levels are in order and no amounts, so equal steps are an
assumption, and pages that print the outcome say so. The script of the page does the same sums for weights that a reader
sets.
"""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd


def positions(matrix: pd.DataFrame, weights: Mapping[str, int]) -> pd.DataFrame:
    """The best and the worst place of each option over all levels within its ranges and those of the others.

    In: cells as `options.cells` gives them, and a whole number for each criterion, at least one above 0. Out:
    option_id, best and worst, from 1; options that are equal share the better place.
    """
    weight = matrix["criterion_id"].map(weights).fillna(0).astype(int)
    scores = matrix.assign(low=matrix["low"] * weight, high=matrix["high"] * weight)
    ends = scores.groupby("option_id", sort=False)[["low", "high"]].sum()
    # Its own range is no other's: an option whose best total is above its worst does not come before itself.
    lows, highs = ends["low"].to_numpy(), ends["high"].to_numpy()
    rows = [
        (option, 1 + int((lows > high).sum()), 1 + int((highs > low).sum()) - int(high > low))
        for option, low, high in zip(ends.index, lows, highs, strict=True)
    ]
    return pd.DataFrame(rows, columns=["option_id", "best", "worst"])
