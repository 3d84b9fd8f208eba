"""Texts in groups by their vectors: k-means, and how many groups there are, if any.

How many: the number at which two models, each fitted on one half of the texts, agree most about all of them beyond what
they agree about texts of the same sizes whose words come together by chance (clest: Dudoit and Fridlyand 2002, Genome
Biology 3:research0036). Agreement is adjusted mutual information, which is comparable between numbers (Vinh, Epps and
Bailey 2010, JMLR 11:2837-2854). A number counts only where the texts agree more than all `NULLS` texts by chance do,
by at least `LEAST_GAIN`, and where no group holds more than half of the texts: a group of nearly everything comes back
in any half, and says nothing.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from itertools import pairwise
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from brief.analysis.text_vectors import Matrix, Vectors, unit

TRIED_COLUMNS = ("groups", "agreement", "by_chance", "beyond_chance", "largest")
NONE = -1
"""The group of a text that is in none."""
MOST_TRIED_ON = 1_000
"""Of more texts, a sample of this size is what their number is chosen on."""
LARGEST = 0.5
NULLS = 20
LEAST_GAIN = 0.05
"""As the authors of clest have it: one in twenty by chance, and a difference of a twentieth."""

_SEED = 1
_COARSE = (2, 3, 4, 5, 6, 8, 11, 15, 21, 30, 42, 60)
_HALVES_TRIED = 5
_ROUNDING = 0.001
"""Gains are compared by three places."""
_STARTS, _STARTS_TRIED = 10, 2
_MOST_MOVES, _DRAWN = 50, 5

Labels = np.ndarray[Any, np.dtype[np.int64]]


def fitted(rows: Matrix, number: int, starts: int = _STARTS) -> Matrix:
    """The centres of so many groups, a row each, of length one: of several starts, what the rows are most like.

    Spherical k-means (Dhillon and Modha 2001, Machine Learning 42:143-175), begun as k-means++ has it (Arthur and
    Vassilvitskii 2007, SODA 1027-1035). In: rows of length one (those of zeros are left out), at least one of them.
    """
    known = rows[np.any(rows != 0, axis=1)]
    chance = np.random.default_rng(_SEED)
    every = [_moved(known, _begun(known, min(number, len(known)), chance)) for _ in range(starts)]
    return max(every, key=lambda run: run[0])[1]


def _begun(rows: Matrix, number: int, chance: np.random.Generator) -> Matrix:
    """Rows to begin with: of a few drawn, the more probably the less they are like those before, the one that helps
    most."""
    picked = [int(chance.integers(len(rows)))]
    far = 1 - rows @ rows[picked[0]]
    for _ in range(number - 1):
        odds = np.cumsum(np.maximum(far, 0))
        drawn = np.searchsorted(odds, chance.random(_DRAWN) * odds[-1], side="right")
        drawn = np.minimum(drawn, len(rows) - 1)
        left = np.minimum(far, 1 - rows[drawn] @ rows.T)
        best = int(np.round(left.sum(axis=1), 6).argmin())
        picked.append(int(drawn[best]))
        far = left[best]
    return rows[picked]


def _moved(rows: Matrix, centres: Matrix) -> tuple[float, Matrix]:
    """Centres moved to the middle of their groups until nothing changes: how like the rows are to them, and they."""
    from scipy.sparse import csc_matrix  # only here: it takes long to load, and few comments have no groups

    before = np.full(len(rows), NONE)
    each = np.arange(len(rows))
    # Which row is in which group: one entry a row, moved from group to group.
    members = csc_matrix((np.ones(len(rows)), np.zeros(len(rows), dtype=np.int32), np.arange(len(rows) + 1)))
    members.resize(len(centres), len(rows))
    for _ in range(_MOST_MOVES):
        cosines = rows @ centres.T
        place = cosines.argmax(axis=1)
        if (place == before).all():
            break
        before = place
        members.indices[:] = place
        middles = unit(members @ rows)
        # A group that lost all of its texts stays where it was.
        centres = np.where(np.any(middles != 0, axis=1)[:, None], middles, centres)
    return round(float(cosines[each, place].sum()), 6), centres


def placed(rows: Matrix, centres: Matrix) -> tuple[Labels, Matrix]:
    """The group whose centre each row is most like (`NONE` where it is like none), and how like: the cosine."""
    cosines = np.round(rows @ centres.T, 6)
    place = cosines.argmax(axis=1)
    weight = cosines[np.arange(len(place)), place]
    return np.where(weight > 0, place, NONE), weight


def halves(size: int, count: int) -> Iterator[tuple[Labels, Labels]]:
    """Halves of so many rows, and the other halves."""
    chance = np.random.default_rng(_SEED)
    for _ in range(count):
        order = chance.permutation(size)
        yield np.sort(order[: size // 2]), np.sort(order[size // 2 :])


def numbers_tried(vectors: Vectors, most: int) -> pd.DataFrame:
    """`TRIED_COLUMNS` by number of groups: first of numbers far apart, then of those half way to the best's neighbours.

    agreement and by_chance: means; beyond_chance: whether the texts agree more than any of those by chance do, and by
    enough; largest: the share of the texts that the largest group has. What need not be known of a number, since
    another is chosen whatever it is, is NaN, and its beyond_chance False.
    """
    rows = vectors.rows[:MOST_TRIED_ON]
    chance = np.random.default_rng(_SEED)
    nulls = [vectors.by_chance(chance, len(rows)) for _ in range(NULLS)]
    tried: dict[int, _Tried] = {}
    numbers = [number for number in _COARSE if number <= most]
    while numbers:
        tried |= {number: _Tried(round(agreement_of(rows, number, _HALVES_TRIED), 3)) for number in numbers}
        tried = _compared(tried, rows, nulls)
        every, best = sorted(tried), chosen(_frame(tried))
        if best is None:
            break
        at = every.index(best)
        numbers = [(low + high) // 2 for low, high in pairwise(every[max(at - 1, 0) : at + 2]) if high - low > 1]
    return _frame(tried)


class _Tried(NamedTuple):
    agreement: float
    by_chance: float = math.nan
    beyond_chance: bool = False
    largest: float = math.nan

    def gain(self) -> float:
        """How much more the texts agree than by chance; 0 where the number does not count."""
        counts = self.beyond_chance and self.largest <= LARGEST
        return round(self.agreement - self.by_chance, 3) if counts else 0.0


def _compared(tried: dict[int, _Tried], rows: Matrix, nulls: list[Matrix]) -> dict[int, _Tried]:
    """The numbers compared with chance, as far as it takes to know which is chosen, or why none is.

    By chance groups agree at 0 at the least, so no number gains more than its texts agree. Those that agree most come
    first; most of the others need not be looked at.
    """
    every = dict(tried)
    gain = max((known.gain() for known in tried.values()), default=0.0)
    for number in sorted(tried, key=lambda number: (-tried[number].agreement, number)):
        known = every[number]
        if math.isnan(known.largest) and known.agreement >= gain:
            largest = round(share_of_largest(placed(rows, fitted(rows, number))[0]), 3)
            known = known._replace(largest=largest)
            every[number] = _beside_chance(known, number, nulls, gain) if largest <= LARGEST else known
            gain = max(gain, every[number].gain())
    # Where no number counts, it is told whether that is for too large a group.
    return every if gain else {number: _beside_chance(known, number, nulls, 0.0) for number, known in every.items()}


def _beside_chance(known: _Tried, number: int, nulls: list[Matrix], gain: float) -> _Tried:
    """A number compared with chance, unless it turns out before the end that it gains less than another."""
    if not math.isnan(known.by_chance):
        return known
    by_chance: list[float] = []
    for drawn in nulls:
        by_chance.append(agreement_of(drawn, number, 1))
        if known.agreement - sum(by_chance) / len(nulls) < gain - _ROUNDING:
            return known
    mean = round(float(np.mean(by_chance)), 3)
    beyond = known.agreement > max(by_chance) and known.agreement - mean >= LEAST_GAIN
    return known._replace(by_chance=mean, beyond_chance=beyond)


def chosen(tried: pd.DataFrame) -> int | None:
    """The number that agrees most beyond chance, of those that count; of equals the smallest; None where none does."""
    counts = tried[tried["beyond_chance"].astype("bool") & (tried["largest"] <= LARGEST)]
    if not len(counts):
        return None
    gain = (counts["agreement"] - counts["by_chance"]).round(3)
    return int(counts["groups"][gain == gain.max()].min())


def _frame(tried: dict[int, _Tried]) -> pd.DataFrame:
    return pd.DataFrame([(number, *tried[number]) for number in sorted(tried)], columns=list(TRIED_COLUMNS))


def share_of_largest(places: Labels) -> float:
    """The share of all texts, with those in no group, that the largest group has."""
    inside = places[places != NONE]
    return float(np.bincount(inside).max() / len(places)) if len(inside) else 0.0


def agreement_of(rows: Matrix, number: int, times: int) -> float:
    """How much two models that are each fitted on a half agree about all rows: the mean of so many divisions."""
    from sklearn.metrics import adjusted_mutual_info_score

    known = rows[np.any(rows != 0, axis=1)]
    each = []
    for half, other in halves(len(known), times):
        first, two = (placed(known, fitted(known[part], number, _STARTS_TRIED))[0] for part in (half, other))
        each.append(adjusted_mutual_info_score(first, two))
    return float(np.mean(each))
