"""Where one comment ends and the next begins is sometimes a guess: what holds under every plausible guess?

A coder may mark a comment "may continue the previous". Each such mark is a doubtful boundary; it can be kept or
dropped, independently of the others. Every choice is a *reading*: a division of the same text into comments, each
with a stance.

The stance of a merged comment is the larger of its parts in this order, and so does not depend on how it was put
together:

    no-position < cannot-tell < each position < mixed < not-coded

Parts that take the same position keep it; two positions make "mixed"; and where one part was never coded, so was the
whole.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import reduce
from itertools import product

import pandas as pd

from brief.analysis.coding import NOT_CODED

NO_POSITION, CANNOT_TELL, MIXED = "no-position", "cannot-tell", "mixed"
MAY_CONTINUE = "may continue the previous"
ALONE, IN_THREAD = "stance", "stance_in_thread"
MOST_ENUMERATED = 12
"""Up to so many doubtful boundaries every reading is listed; above, only the least and the greatest count are
computed."""

Run = list[tuple[str, bool]]
"""Neighbouring comments: the stance of each, and whether its boundary with the one before is doubtful."""


def merged_stance(stances: Sequence[str]) -> str:
    """The stance of one comment put together from parts with these stances (at least one)."""
    return reduce(_join, stances)


def _join(stance: str, following: str) -> str:
    for absorbing in (NOT_CODED, MIXED):
        if absorbing in (stance, following):
            return absorbing
    for yielding in (NO_POSITION, CANNOT_TELL):
        if yielding in (stance, following):
            return following if stance == yielding else stance
    return stance if stance == following else MIXED


def runs(rows: pd.DataFrame, reading: str = ALONE) -> list[Run]:
    """Cut the comments where no boundary is doubtful; the pieces do not depend on each other.

    In: comment_id, collection_id, position, boundary and the column `reading` (`ALONE` or `IN_THREAD`), as
    `coding.annotate` gives them, in any order. A mark counts only where the comment before, in the same collection
    and at the position before, is among the rows; a comment without a position has no neighbours.
    """
    ordered = rows.sort_values(["collection_id", "position", "comment_id"], na_position="last", kind="stable")
    merged: list[Run] = []
    last: tuple[str, int] | None = None
    columns = (ordered[name] for name in ("collection_id", "position", "boundary", reading))
    for collection, position, boundary, stance in zip(*columns, strict=True):
        place = None if pd.isna(position) else (str(collection), int(position))
        follows = last is not None and place == (last[0], last[1] + 1)
        if follows and boundary == MAY_CONTINUE:
            merged[-1].append((str(stance), True))
        else:
            merged.append([(str(stance), False)])
        last = place
    return merged


def doubtful_boundaries(rows: pd.DataFrame) -> int:
    """How many boundaries between neighbouring comments are doubtful. In: as for `runs`."""
    return sum(len(run) - 1 for run in runs(rows))


def readings(rows: pd.DataFrame, stances: Sequence[str]) -> pd.DataFrame:
    """Every plausible reading, one a row.

    In: rows as for `runs`; the stance ids to count. Out: reading (`ALONE` or `IN_THREAD`), boundaries_dropped (how many
    doubtful boundaries are taken as no boundary), comments, and a column a stance id with the number of comments.
    Raises `ValueError` above `MOST_ENUMERATED` doubtful boundaries: `ranges` needs no list.
    """
    doubtful = doubtful_boundaries(rows)
    if doubtful > MOST_ENUMERATED:
        raise ValueError(f"{doubtful} doubtful boundaries are too many to list; use ranges()")
    listed = []
    for reading in (ALONE, IN_THREAD):
        pieces = runs(rows, reading)
        for choice in product((False, True), repeat=doubtful):
            dropped = iter(choice)
            merged = [stance for run in pieces for stance in _divide(run, dropped)]
            counted = {stance: merged.count(stance) for stance in stances}
            listed.append({"reading": reading, "boundaries_dropped": sum(choice), "comments": len(merged), **counted})
    return pd.DataFrame(listed, columns=["reading", "boundaries_dropped", "comments", *stances])


def _divide(run: Run, dropped: Iterator[bool]) -> list[str]:
    """The stances of the comments in a run, when the next choices say which doubtful boundaries are dropped."""
    merged: list[str] = []
    for stance, doubtful in run:
        if doubtful and next(dropped):
            merged[-1] = _join(merged[-1], stance)
        else:
            merged.append(stance)
    return merged


def ranges(rows: pd.DataFrame, stances: Sequence[str]) -> pd.DataFrame:
    """The least and the greatest number of comments over all plausible readings, exact for any number of doubts.

    In: rows as for `runs`; the stance ids. Out: value (`comments`, then each stance id), least, greatest (comments),
    over both columns of stances. Runs are independent, so their extremes add up; within a run the extremes are found
    from left to right, keeping the best count for each stance the open comment can have: time grows with the number
    of comments.
    """
    length, doubtful = len(rows), doubtful_boundaries(rows)
    listed: list[tuple[str, int, int]] = [("comments", length - doubtful, length)]
    both = [runs(rows, reading) for reading in (ALONE, IN_THREAD)]
    for stance in stances:
        least = min(sum(_extreme(run, stance, -1) for run in pieces) for pieces in both)
        greatest = max(sum(_extreme(run, stance, +1) for run in pieces) for pieces in both)
        listed.append((stance, least, greatest))
    return pd.DataFrame(listed, columns=["value", "least", "greatest"])


def _extreme(run: Run, stance: str, sign: int) -> int:
    """The greatest (sign +1) or least (sign -1) number of comments with a stance over all divisions of a run."""
    opened = {run[0][0]: 0}  # the stance of the comment still open -> best signed count of the comments closed so far
    for following, doubtful in run[1:]:
        closed = max(best + sign * (state == stance) for state, best in opened.items())
        step = {following: closed}
        if doubtful:
            for state, best in opened.items():
                joined = _join(state, following)
                step[joined] = max(step.get(joined, best), best)
        opened = step
    return sign * max(best + sign * (state == stance) for state, best in opened.items())
