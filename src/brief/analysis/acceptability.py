"""Rank acceptability when nobody has given weights: SMAA-2 with ordinal criteria.

Lahdelma and Salminen 2001, SMAA-2: stochastic multicriteria acceptability analysis for group decision making,
Operations Research 49(3), 444-454; ordinal criteria after Lahdelma, Miettinen and Salminen 2003, Ordinal criteria in
stochastic multicriteria acceptability analysis, European Journal of Operational Research 147, 117-127.

In each draw every cell takes a level within its range, every criterion a rising value for each level (0 for the
worst, 1 for the best, the others at random between), and the criteria weights from the whole simplex; the weight of a
criterion is shared at random among itself and its parts. The options are then ranked by the weighted sum. Only
uniform numbers, sums in a fixed order and comparisons are used, so that the counts are the same on every machine.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from math import sqrt

import numpy as np
import numpy.typing as npt
import pandas as pd

DRAWS, SEED, BATCH = 100_000, 20_010_601, 10_000
Floats = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Acceptability:
    """What the draws say.

    `ranks`: option_id, rank (from 1), share (of the draws in which the option has the rank; a tie counts in equal parts
    for each rank it spans). `weights`: option_id, criterion_id, weight (mean over the draws in which the option is
    first; no rows for one that never is). `confidence`: option_id, confidence (share of draws in which the option is
    first where the weights are its own central ones; missing for one that never is). `error` bounds the standard
    error of any share.
    """

    ranks: pd.DataFrame
    weights: pd.DataFrame
    confidence: pd.DataFrame
    draws: int
    error: float


def accept(
    cells: pd.DataFrame,
    levels: int,
    part_of: Mapping[str, str] | None = None,
    draws: int = DRAWS,
    seed: int = SEED,
) -> Acceptability:
    """Rank acceptability, central weights and confidence factors of options.

    In: cells as `options.cells` gives them, on a scale of `levels` levels; `part_of` the criterion that a criterion
    is a part of, for those that are one. A part whose whole is not among the criteria stands by itself.
    """
    names = list(dict.fromkeys(cells["option_id"]))
    criteria = list(dict.fromkeys(cells["criterion_id"]))
    shape = (len(names), len(criteria))
    low, high = (cells[end].to_numpy(dtype=np.int64).reshape(shape) for end in ("low", "high"))
    families = _families(criteria, part_of or {})
    counts = np.zeros((len(names), len(names), len(names)), dtype=np.int64)
    sums = np.zeros(shape)
    for utilities, weights in _draws(low, high, levels, families, draws, seed):
        better, equal = _placed(_total(utilities, weights))
        for option in range(len(names)):
            np.add.at(counts[option], (better[:, option], equal[:, option]), 1)
            first = np.where(better[:, option] == 0, 1.0 / (1 + equal[:, option]), 0.0)
            sums[option] += (weights * first[:, None]).sum(axis=0)
    shares = _shares(counts, draws)
    rank_rows = [
        (name, rank + 1, shares[option, rank]) for option, name in enumerate(names) for rank in range(len(names))
    ]
    ever = [option for option in range(len(names)) if shares[option, 0] > 0]
    central = {option: sums[option] / (shares[option, 0] * draws) for option in ever}
    weight_rows = [
        (names[option], criterion, weight)
        for option in ever
        for criterion, weight in zip(criteria, central[option], strict=True)
    ]
    sure = _confidence(low, high, levels, families, draws, seed, central)
    return Acceptability(
        pd.DataFrame(rank_rows, columns=["option_id", "rank", "share"]),
        pd.DataFrame(weight_rows, columns=["option_id", "criterion_id", "weight"]),
        pd.DataFrame({"option_id": names, "confidence": [sure.get(option, np.nan) for option in range(len(names))]}),
        draws,
        0.5 / sqrt(draws),
    )


def _families(criteria: Sequence[str], part_of: Mapping[str, str]) -> list[list[int]]:
    """The places of criteria, each with those of its parts behind it."""
    heads = [name for name in criteria if part_of.get(name) not in criteria]
    return [
        [criteria.index(head), *(place for place, name in enumerate(criteria) if part_of.get(name) == head)]
        for head in heads
    ]


def _simplex(random: np.random.Generator, draws: int, size: int) -> Floats:
    """Points drawn uniformly from the simplex: the gaps between sorted uniform numbers (David 1970)."""
    cuts = np.sort(random.random((draws, size - 1)), axis=1)
    ends = np.zeros((draws, 1)), np.ones((draws, 1))
    return np.diff(np.hstack([ends[0], cuts, ends[1]]), axis=1)


def _draws(
    low: npt.NDArray[np.int64],
    high: npt.NDArray[np.int64],
    levels: int,
    families: list[list[int]],
    draws: int,
    seed: int,
    weighted: bool = True,
) -> Iterator[tuple[Floats, Floats]]:
    """Batches of utilities (draw, option, criterion) and weights (draw, criterion); zeros where not `weighted`."""
    random = np.random.default_rng(seed)
    options, criteria = low.shape
    for start in range(0, draws, BATCH):
        size = min(BATCH, draws - start)
        taken = low + np.floor(random.random((size, options, criteria)) * (high - low + 1)).astype(np.int64)
        between = np.sort(random.random((size, criteria, levels - 2)), axis=2)
        edge = np.zeros((size, criteria, 1)), np.ones((size, criteria, 1))
        values = np.concatenate([edge[0], between, edge[1]], axis=2)
        utilities = np.take_along_axis(values, taken.transpose(0, 2, 1), axis=2).transpose(0, 2, 1)
        weights = np.zeros((size, criteria))
        if weighted:
            whole = _simplex(random, size, len(families))
            for place, members in enumerate(families):
                weights[:, members] = whole[:, [place]] * _simplex(random, size, len(members))
        else:
            # The numbers of the next batch are those that come after the ones left out.
            for members in ([*range(len(families))], *families):
                random.random((size, len(members) - 1))
        yield utilities, weights


def _total(utilities: Floats, weights: Floats) -> Floats:
    """The weighted sum of each option, criterion after criterion."""
    total = np.zeros(utilities.shape[:2])
    for criterion in range(utilities.shape[2]):
        total += utilities[:, :, criterion] * weights[:, [criterion]]
    return total


def _placed(total: Floats) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
    """For each draw and option how many options are better, and how many others are equal."""
    columns = [np.ascontiguousarray(total[:, option]) for option in range(total.shape[1])]
    better, equal = (np.zeros(total.shape, dtype=np.int64) for _ in range(2))
    for option, own in enumerate(columns):
        for other in (*columns[:option], *columns[option + 1 :]):
            better[:, option] += other > own
            equal[:, option] += other == own
    return better, equal


def _first(total: Floats, option: int) -> Floats:
    """For each draw what an option has of the first rank: all, a part where others are equal, or nothing."""
    own = np.ascontiguousarray(total[:, option])
    beaten, equal = np.zeros(len(own), dtype=bool), np.zeros(len(own), dtype=np.int64)
    for place in range(total.shape[1]):
        if place != option:
            beaten |= total[:, place] > own
            equal += total[:, place] == own
    return np.where(beaten, 0.0, 1.0 / (1 + equal))


def _shares(counts: npt.NDArray[np.int64], draws: int) -> Floats:
    """Shares of ranks from counts by (option, how many are better, how many are equal)."""
    size = counts.shape[0]
    shares = np.zeros((size, size))
    for better in range(size):
        for equal in range(size - better):
            shares[:, better : better + equal + 1] += counts[:, [better], equal] / (draws * (equal + 1))
    return shares


def _confidence(
    low: npt.NDArray[np.int64],
    high: npt.NDArray[np.int64],
    levels: int,
    families: list[list[int]],
    draws: int,
    seed: int,
    central: Mapping[int, Floats],
) -> dict[int, float]:
    """For each option that has central weights, how often it is first under them."""
    sums = dict.fromkeys(central, 0.0)
    for utilities, _ in _draws(low, high, levels, families, draws, seed, weighted=False):
        for option, fixed in central.items():
            sums[option] += float(_first(_total(utilities, fixed[None, :]), option).sum())
    return {option: total / draws for option, total in sums.items()}
