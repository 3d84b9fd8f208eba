"""Comparing options without weights: a performance matrix of ordinal levels, dominance, first places, open questions.

After the performance matrix of the Green Book's guidance on multi-criteria analysis (May 2024) and of "Multi-criteria
analysis: a manual" (2009), chapter 5, on decisions without weights. A level may be a range, or not assessed; then it
may be any level of the scale. Nothing here takes a likely value for a certain one.
"""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

CELL_COLUMNS = ["option_id", "criterion_id", "assessed", "low", "high"]
ALWAYS, SO_FAR, OPEN, NEVER, NOTHING = "always", "so far", "open", "never", "nothing in common"
"""Whether an option is at least as good as another on each criterion and better on one.

`always`: whatever the open cells turn out to be. `so far`: on each criterion that is assessed for both, in the worst
case; a cell not assessed could still change it. `open`: ranges overlap. `never`: on some criterion it is surely
worse, or the two are the same on all. `nothing in common`: no criterion is assessed for both.
"""
FIRST, FIRST_OR_LEVEL, MAY_BE_FIRST = "first", "first or level", "may be first"
BEHIND, UNKNOWN = "behind", "not assessed"


def cells(
    options: Sequence[str],
    criteria: Sequence[str],
    assessed: pd.DataFrame,
    levels: int,
    baseline: str | None = None,
) -> pd.DataFrame:
    """Every pair of option and criterion once, in the order given: `CELL_COLUMNS`.

    `assessed` has option_id, criterion_id, low and high as places on a scale of `levels` levels, 0 the worst. A pair
    that is not in it spans the whole scale. Where there is a baseline, it stands in the middle of the scale
    everywhere.
    """
    names = assessed[["option_id", "criterion_id"]].itertuples(index=False, name=None)
    ends = zip(assessed["low"].astype(int), assessed["high"].astype(int), strict=True)
    known = dict(zip(names, ends, strict=True))
    if baseline is not None:
        known |= {(baseline, criterion): (levels // 2, levels // 2) for criterion in criteria}
    rows = [
        (option, criterion, (option, criterion) in known, *known.get((option, criterion), (0, levels - 1)))
        for option in options
        for criterion in criteria
    ]
    return pd.DataFrame(rows, columns=CELL_COLUMNS)


def dominance(matrix: pd.DataFrame) -> pd.DataFrame:
    """For each ordered pair of options whether the first dominates the second.

    In: cells as `cells` gives them. Out: better, worse (options), verdict (`ALWAYS` to `NOTHING`), and criteria as
    lists: ahead (surely better), behind (surely worse), unsettled (not surely at least as good, nor surely worse).
    """
    by_option = {option: rows.set_index("criterion_id") for option, rows in matrix.groupby("option_id", sort=False)}
    verdicts = []
    for option, first in by_option.items():
        for other, second in by_option.items():
            if option != other:
                verdicts.append((option, other, *_verdict(first, second)))
    return pd.DataFrame(verdicts, columns=["better", "worse", "verdict", "ahead", "behind", "unsettled"])


def _verdict(first: pd.DataFrame, second: pd.DataFrame) -> tuple[str, list[str], list[str], list[str]]:
    both = first["assessed"] & second["assessed"]
    at_least = first["low"] >= second["high"]
    ahead, behind = first["low"] > second["high"], first["high"] < second["low"]
    unsettled = ~at_least & ~behind
    may_be_ahead = first["high"] > second["low"]
    if behind.any() or not may_be_ahead.any():
        verdict = NEVER
    elif at_least.all() and ahead.any():
        verdict = ALWAYS
    elif not both.any():
        verdict = NOTHING
    elif at_least[both].all() and ahead[both].any():
        verdict = SO_FAR
    else:
        verdict = OPEN
    named = [[str(name) for name in first.index[chosen]] for chosen in (ahead, behind, unsettled)]
    return verdict, named[0], named[1], named[2]


def places(matrix: pd.DataFrame) -> pd.DataFrame:
    """What follows for a reader who cares most about one criterion: the place of each option on it.

    Out: the cells with `place`. `FIRST` is an option that is ahead of all others whatever is still open,
    `FIRST_OR_LEVEL` one that no other can pass, `MAY_BE_FIRST` one that can be first, `BEHIND` one that cannot. What
    is not assessed may be anything, so no option is first because others have not been looked at; one that is not
    assessed has no place itself.
    """
    parts = []
    for _, rows in matrix.groupby("criterion_id", sort=False):
        ends = list(zip(rows["low"], rows["high"], strict=True))
        placed = [
            _place(low, high, ends[:at] + ends[at + 1 :]) if assessed else UNKNOWN
            for at, (assessed, (low, high)) in enumerate(zip(rows["assessed"], ends, strict=True))
        ]
        parts.append(rows.assign(place=placed))
    return pd.concat(parts) if parts else matrix.assign(place=pd.Series(dtype="str"))


def _place(low: int, high: int, others: Sequence[tuple[int, int]]) -> str:
    """The place of an option by the ends of its range and of those of the others."""
    if not others:
        return MAY_BE_FIRST
    highest = max(end for _, end in others)
    if low > highest:
        return FIRST
    if low >= highest:
        return FIRST_OR_LEVEL
    return MAY_BE_FIRST if high >= max(end for end, _ in others) else BEHIND


def beside_the_middle(matrix: pd.DataFrame, middle: int) -> pd.DataFrame:
    """For each criterion how many options are better and how many worse than the middle of the scale.

    In: cells. Out, a row a criterion: better_least and worse_least (surely so), better_most and worse_most (may be so;
    an option that is not assessed may be either).
    """
    placed = matrix.assign(
        better_least=matrix["low"] > middle,
        better_most=matrix["high"] > middle,
        worse_least=matrix["high"] < middle,
        worse_most=matrix["low"] < middle,
    )
    columns = ["better_least", "better_most", "worse_least", "worse_most"]
    return placed.groupby("criterion_id", sort=False)[columns].sum().astype(int).reset_index()


def open_questions(matrix: pd.DataFrame, pairs: pd.DataFrame) -> pd.DataFrame:
    """What would have to be known first: for each criterion, what an answer could change.

    In: cells, and the pairs as `dominance` gives them. Out, a row a criterion: missing (options not assessed), ranges
    (options with a range), decides (pairs whose verdict hangs on this criterion among others), first (options that come
    first on it whatever is missing turns out to be). Sorted by decides, the greatest first; ties keep their order.
    """
    live = pairs[pairs["verdict"].isin([SO_FAR, OPEN, NOTHING])]
    placed = places(matrix.assign(assessed=True))
    rows = []
    for criterion, part in matrix.groupby("criterion_id", sort=False):
        ranges = part["assessed"] & (part["low"] < part["high"])
        decides = int(sum(criterion in unsettled for unsettled in live["unsettled"]))
        leads = placed["place"].isin([FIRST, FIRST_OR_LEVEL])
        first = placed[(placed["criterion_id"] == criterion) & leads]
        missing, ranged = (list(part.loc[chosen, "option_id"]) for chosen in (~part["assessed"], ranges))
        rows.append((criterion, missing, ranged, decides, list(first["option_id"])))
    columns = ["criterion_id", "missing", "ranges", "decides", "first"]
    return pd.DataFrame(rows, columns=columns).sort_values("decides", ascending=False, kind="stable", ignore_index=True)
