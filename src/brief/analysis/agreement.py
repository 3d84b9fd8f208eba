"""How far coders who worked independently read the same comments alike: Krippendorff's alpha and where they differ.

Readings are long: one row a coder and comment. Alpha needs no more than how often each value was given to each comment,
so any number of coders, gaps, and any distance between values are one formula (Krippendorff 2011, "Computing
Krippendorff's Alpha-Reliability", section E). Stances are either equal or not; sets of themes are compared with MASI.

Whose readings are compared is the caller's choice: two passes of one coder are not two coders (see
`independent_coders`).
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Hashable, Sequence
from itertools import combinations
from statistics import NormalDist

import numpy as np
import numpy.typing as npt
import pandas as pd

from brief.analysis.coding import theme_ids
from brief.errors import fail

CUSTOMARY, LOWEST = 0.800, 0.667
LIMITS_FROM = "Krippendorff 2004, Content Analysis, page 241"
"""What is customarily required of alpha, and the lowest limit for tentative conclusions (Krippendorff 2004, Content
Analysis, 2nd edition, p. 241)."""

LEVEL, RESAMPLES, SEED = 0.95, 1000, 20110125
FEWEST_FOR_INTERVAL = 10
"""Below so many comments with two readings alpha is given without an interval: there is too little to resample."""

COLUMNS = ("reading", "theme", "distance", "coders", "comments", "pairs", "alpha", "low", "high", "level", "note")
NO_VARIATION = "every reading is the same: alpha is not defined"
NO_DISAGREEMENT = "no disagreement: resampling gives no interval"

_NORMAL = NormalDist()

Distance = Callable[[Hashable, Hashable], float]
Numbers = npt.NDArray[np.float64]


def nominal(value: Hashable, other: Hashable) -> float:
    """0 where two values are equal, else 1 (Krippendorff 2011, section C)."""
    return float(value != other)


def masi(value: Hashable, other: Hashable) -> float:
    """1 - Jaccard x monotonicity (Passonneau 2006, "Measuring Agreement on Set-valued Items (MASI)").

    Monotonicity is 1 for equal sets, 2/3 where one contains the other, 1/3 where they overlap, 0 where they share
    nothing. Two empty sets are equal.
    """
    if not isinstance(value, frozenset) or not isinstance(other, frozenset):
        raise TypeError("masi compares frozensets")
    if value == other:
        return 0.0
    shared = len(value & other)
    if not shared:
        return 1.0
    monotonicity = 2 / 3 if value <= other or other <= value else 1 / 3
    return 1 - shared / len(value | other) * monotonicity


def alpha(readings: pd.DataFrame, distance: Distance = nominal) -> float:
    """Krippendorff's alpha: 1 is perfect agreement, 0 what chance gives.

    In: readings (coder_id, comment_id, value; each coder and comment once); a distance of two values. Out: alpha, or
    NaN where no comment has two readings or every reading is the same.
    """
    return _alpha(*_disagreement(_table(readings), distance))


def interval(
    readings: pd.DataFrame,
    distance: Distance = nominal,
    level: float = LEVEL,
    resamples: int = RESAMPLES,
    seed: int = SEED,
) -> tuple[float, float]:
    """A bootstrap interval of alpha, drawing comments with their readings (Zapf et al. 2016, BMC Medical Research
    Methodology 16:93), corrected for bias and skew (BCa: Efron 1987, Journal of the American Statistical Association
    82(397), equations 2.3 and 6.6): plain percentiles cover too rarely where disagreements are few.

    In: as for `alpha`; the comments are drawn in the order of their ids, so the rows' order does not matter. Out: the
    limits, NaN where fewer than `FEWEST_FOR_INTERVAL` comments have two readings, where alpha is not defined, and where
    nobody disagrees: there is nothing to resample then. A draw in which every reading is the same is left out.
    """
    counts, within, distances = _disagreement(_table(readings), distance)
    if len(counts) < FEWEST_FOR_INTERVAL or not within.any():
        return float("nan"), float("nan")
    chance = np.random.default_rng(seed)
    drawn = [chance.integers(len(counts), size=len(counts)) for _ in range(resamples)]
    draws = _alphas(
        np.array([counts[units].sum(axis=0) for units in drawn]),
        np.array([within[units].sum() for units in drawn]),
        distances,
    )
    without_one = _alphas(counts.sum(axis=0) - counts, within.sum() - within, distances)
    low, high = _bca(draws, _alpha(counts, within, distances), without_one, level)
    return float(low), float(high)


def independent_coders(coders: pd.DataFrame) -> list[str]:
    """The ids of the coders who say that they worked independently, sorted. In: coders (coder_id, independent)."""
    return sorted(coders.loc[coders["independent"].astype(bool), "coder_id"].astype(str))


def why_none(codings: pd.DataFrame, coders: Sequence[str]) -> str:
    """Why there is no agreement to report, or "" where there is.

    In: codings (coder_id, comment_id); the coders to compare.
    """
    counted = _chosen(codings, coders)
    count = counted["coder_id"].nunique()
    if count == 0:
        return "No independent coder has read a comment, so there is no agreement to report."
    if count == 1:
        return "Only one independent coder has read comments, so there is no agreement to report."
    if counted.groupby("comment_id").size().max() < 2:
        return "No comment was read by two of the coders, so there is no agreement to report."
    return ""


def agreement(
    codings: pd.DataFrame, coders: Sequence[str], themes: Sequence[str] = (), stance_only: Collection[str] = ()
) -> pd.DataFrame:
    """How far the given coders agree on stance, on the sets of themes, and on each theme.

    In: codings (coder_id, comment_id, stance, [themes]); the coders to compare; the theme ids of the codebook; the
    coders who did not look for themes, so that none is no reading of theirs. Out:
    `COLUMNS`, no row where `why_none` gives a reason. `reading` is `stance`, `themes` (sets, MASI) or `theme` (given or
    not, one row each); comments are those with two readings or more, pairs the pairs of readings of one comment; alpha
    and the limits are rounded to four places and NaN where they are not defined, which `note` explains.
    Raises `BriefError` where a coder has read a comment twice.
    """
    rows: list[tuple[object, ...]] = []
    if not why_none(codings, coders):
        chosen = _chosen(codings, coders)
        rows.append(_row("stance", "", "nominal", chosen, chosen["stance"].astype(str), nominal))
        looked = [coder for coder in coders if coder not in stance_only]
        if themes and not why_none(codings, looked):
            own = _chosen(codings, looked)
            sets = _theme_sets(own)
            rows.append(_row("themes", "", "MASI", own, sets, masi))
            for theme in themes:
                rows.append(_row("theme", theme, "nominal", own, sets.map(lambda given, t=theme: t in given), nominal))
    return pd.DataFrame(rows, columns=list(COLUMNS))


def disagreements(codings: pd.DataFrame, coders: Sequence[str], stance_only: Collection[str] = ()) -> pd.DataFrame:
    """The comments that the given coders read differently, with their readings side by side, the worst first.

    In: as for `agreement`. Out: comment_id, differs (`stance`, `themes` or `stance;themes`), then `stance_<coder>` and
    `themes_<coder>` for each coder in the order given; "" where the coder has not read it. Sets of themes in another
    order are the same. First stand those with the most different stances, then those whose sets of themes share the
    least (the mean `masi` of all pairs), then by id.
    """
    chosen = _chosen(codings, coders)
    chosen = chosen.assign(themes=[";".join(sorted(given)) for given in _theme_sets(chosen)])
    # Not to have looked differs from nobody.
    chosen["themes"] = chosen["themes"].where(~chosen["coder_id"].isin(list(stance_only)))
    kinds = chosen.groupby("comment_id")[["stance", "themes"]].nunique()
    differing = kinds[(kinds > 1).any(axis=1)]
    sets = chosen[chosen["comment_id"].isin(differing.index)].dropna(subset=["themes"])
    apart = sets.groupby("comment_id")["themes"].agg(_apart).reindex(differing.index).fillna(0.0)
    worst = pd.DataFrame({"stances": -differing["stance"], "apart": -apart, "name": differing.index.astype("str")})
    differing = differing.loc[worst.sort_values(["stances", "apart", "name"]).index]
    differences = pd.DataFrame({"comment_id": differing.index.astype("str")})
    differences["differs"] = [
        ";".join(name for name in ("stance", "themes") if row[name] > 1) for row in differing.to_dict("records")
    ]
    for coder in coders:
        own = chosen[chosen["coder_id"] == coder].set_index("comment_id")
        for name in ("stance", "themes"):
            differences[f"{name}_{coder}"] = own[name].reindex(differing.index).fillna("").astype("str").to_numpy()
    return differences


def _apart(sets: pd.Series) -> float:
    """How far the sets of themes given to one comment are from each other: the mean distance of their pairs."""
    distances = [masi(frozenset(theme_ids(a)), frozenset(theme_ids(b))) for a, b in combinations(sets, 2)]
    return sum(distances) / len(distances) if distances else 0.0


def _row(
    reading: str, theme: str, named: str, chosen: pd.DataFrame, values: pd.Series, distance: Distance
) -> tuple[object, ...]:
    readings = chosen[["coder_id", "comment_id"]].assign(value=values)
    sizes = readings.groupby("comment_id").size()
    sizes = sizes[sizes > 1]
    pairs = int((sizes * (sizes - 1) // 2).sum())
    coefficient = alpha(readings, distance)
    low, high = interval(readings, distance)
    note = NO_VARIATION if np.isnan(coefficient) else ""
    if not note and np.isnan(low):
        fewest = f"no interval below {FEWEST_FOR_INTERVAL} comments with two readings"
        note = fewest if len(sizes) < FEWEST_FOR_INTERVAL else NO_DISAGREEMENT
    rounded = (round(coefficient, 4), round(low, 4), round(high, 4))
    return (reading, theme, named, chosen["coder_id"].nunique(), len(sizes), pairs, *rounded, LEVEL, note)


def _chosen(codings: pd.DataFrame, coders: Sequence[str]) -> pd.DataFrame:
    """The readings of these coders, sorted; raises where one of them has read a comment twice."""
    own = codings[codings["coder_id"].isin(list(coders))].sort_values(["comment_id", "coder_id"], ignore_index=True)
    twice = own[own.duplicated(["comment_id", "coder_id"])]
    if len(twice):
        coder, comment = twice["coder_id"].iloc[0], twice["comment_id"].iloc[0]
        raise fail(
            f"coder {coder} has more than one reading of comment {comment}",
            "Keep one: two passes of one coder are not two coders.",
            file=f"data/codings/{coder}.csv",
            column="comment_id",
        )
    return own


def _theme_sets(readings: pd.DataFrame) -> pd.Series:
    cells = readings["themes"].fillna("") if "themes" in readings else pd.Series("", index=readings.index)
    return pd.Series([frozenset(theme_ids(str(cell))) for cell in cells], index=readings.index, dtype=object)


def _table(readings: pd.DataFrame) -> pd.DataFrame:
    """How often each value (column) was given to each comment with two readings or more (row), in a fixed order."""
    # Sets have no order: their sorted members do, and a prefix keeps a set of one apart from its member.
    keys = [f"{sorted(value)}" if isinstance(value, frozenset) else f"={value}" for value in readings["value"]]
    named = dict(zip(keys, readings["value"], strict=True))
    counts = pd.crosstab(readings["comment_id"].to_numpy(), np.array(keys, dtype=object))
    counts = counts[counts.sum(axis=1) > 1].sort_index()
    counts = counts[sorted(counts.columns)]
    counts.columns = pd.Index([named[key] for key in counts.columns], dtype=object, tupleize_cols=False)
    return counts


def _disagreement(counts: pd.DataFrame, distance: Distance) -> tuple[Numbers, Numbers, Numbers]:
    """The value counts of each comment, the disagreement within each, and the distances of the values."""
    table = counts.to_numpy(dtype=np.float64)
    distances = np.array([[distance(value, other) for other in counts.columns] for value in counts.columns])
    distances = distances.reshape(table.shape[1], table.shape[1])
    # A value's distance to itself is 0, so a reading paired with itself adds nothing and needs no correction.
    within = ((table @ distances) * table).sum(axis=1) / (table.sum(axis=1) - 1)
    return table, within, distances


def _alpha(counts: Numbers, within: Numbers, distances: Numbers) -> float:
    return float(_alphas(counts.sum(axis=0)[None, :], np.array([within.sum()]), distances)[0])


def _alphas(totals: Numbers, within: Numbers, distances: Numbers) -> Numbers:
    """1 - observed / expected disagreement, from the margins of coincidence matrices and their disagreement, a row each
    (Krippendorff 2011, section E); NaN where every reading is the same."""
    expected = ((totals @ distances) * totals).sum(axis=1)
    defined = np.where(expected > 0, expected, np.nan)
    alphas: Numbers = 1 - (totals.sum(axis=1) - 1) * within / defined
    return alphas


def _bca(draws: Numbers, estimate: float, without_one: Numbers, level: float) -> Numbers:
    draws, without_one = draws[~np.isnan(draws)], without_one[~np.isnan(without_one)]
    below = float((draws < estimate).mean() + (draws <= estimate).mean()) / 2
    bias = _NORMAL.inv_cdf(min(max(below, 1 / len(draws)), 1 - 1 / len(draws)))
    lack = without_one.mean() - without_one
    skew = (lack**3).sum() / (6 * (lack**2).sum() ** 1.5) if lack.any() else 0.0
    tails = [bias + _NORMAL.inv_cdf(tail) for tail in ((1 - level) / 2, (1 + level) / 2)]
    limits: Numbers = np.percentile(draws, [100 * _NORMAL.cdf(bias + tail / (1 - skew * tail)) for tail in tails])
    return limits
