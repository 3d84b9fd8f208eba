"""Shares of comments that are honest about the sample and about the machine.

Three things are never done: a share of machine codes is never returned; a hand code never predicts itself (see
`brief.analysis.cross_fitting`); and where there are too few comments or hand codes there are counts and no percentage.

The estimand is stated in each row: the share of *distinct texts*, or of *submissions* (each text as often as it was
sent). The hand codes must come from a random draw of texts, simple or within strata; the frame is every text that
could be drawn. With y the hand code of a text and x the score by the model of its fold, less the mean of that model's
scores over the texts nobody coded, the estimate is

    mean(y) - lambda (1 - n/N) mean(x),      variance (1 - n/N) s^2(y - lambda x) / n

with lambda = cov(y, x) / var(x), not below 0 (prediction-powered inference: Angelopoulos et al. 2023, Science 382:669;
the power tuning of PPI++: Angelopoulos, Duchi and Zrnic 2023, arXiv 2311.01453, section 6. With scores that do not
depend on the sample it is the regression estimator of survey sampling: Sarndal, Swensson and Wretman 1992, chapter
6.) Strata add up with the squares of their sizes; submissions are weights in a ratio (there, section 5.6). Shares of
several categories are estimated one by one and need not add up to 1. A hand code's own error is not in the interval:
the agreement of coders tells of it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from brief.analysis.cross_fitting import UNIT, CrossFitted, indicators, weights
from brief.analysis.machine_coding import FEWEST_CODED, FEWEST_OF_A_CLASS
from brief.analysis.text_model import Numbers
from brief.errors import fail

TEXTS, SUBMISSIONS = "distinct texts", "submissions"
FEWEST_IN_FRAME, FEWEST_BY_HAND = 100, 30
"""With fewer distinct texts in the frame, or fewer of them hand-coded, there are counts only."""

LEVEL = 0.95
COUNTS_ONLY, ALL_CODED = "counts only", "all coded by hand"
HAND_ALONE, HAND_AND_MACHINE = "hand codes alone", "hand codes and machine scores"
FRAME_COLUMNS = ("stratum", "texts", "submissions", "largest")
COLUMNS = (
    "category",
    "estimand",
    "n_population",
    "n_hand",
    "n_category",
    "estimate",
    "low",
    "high",
    "level",
    "method",
    "note",
)


@dataclass(frozen=True)
class _Sample:
    """The hand-coded texts, sorted by id, and the frame they were drawn from."""

    names: tuple[str, ...]  # of the strata
    texts: Numbers  # in the frame, by stratum
    drawn: Numbers  # of them hand-coded, by stratum
    largest: Numbers  # the most submissions of one text, by stratum
    estimand: str
    population: float  # texts or submissions in the frame
    stratum: npt.NDArray[np.int64]  # of each hand-coded text
    weight: Numbers  # of each hand-coded text: 1, or how often it was sent
    replacement: bool

    @property
    def uncoded(self) -> Numbers:
        """The part of each stratum that nobody coded."""
        return 1 - self.drawn / self.texts

    def total(self, values: Numbers) -> float:
        """The estimated total over the frame of a value a text (Horvitz and Thompson)."""
        return float((values * (self.texts / self.drawn)[self.stratum]).sum())

    def spread(self, total: Numbers, other: Numbers) -> float:
        """The estimated covariance of two estimated totals."""
        covariance = 0.0
        correction = np.where(self.uncoded > 0, 1.0, 0.0) if self.replacement else self.uncoded
        for place in np.flatnonzero(correction):
            own = self.stratum == place
            count = self.drawn[place]
            products = (total[own] - total[own].mean()) * (other[own] - other[own].mean())
            covariance += self.texts[place] ** 2 * correction[place] * products.sum() / (count - 1) / count
        return covariance

    @property
    def freedom(self) -> int:
        """The degrees of freedom: texts less strata, over strata that are not coded whole."""
        open_strata = self.uncoded > 0
        return int(self.drawn[open_strata].sum() - open_strata.sum())


@dataclass(frozen=True)
class _Estimate:
    """A share, its variance and degrees of freedom, and the power-tuning lambda (0 for hand codes alone)."""

    share: float
    variance: float
    freedom: int
    power: float


def frame(batch: pd.DataFrame) -> pd.DataFrame:
    """Count the texts of one batch that could be drawn, hand-coded or not.

    In: a row a distinct text: comment_id, [stratum], [submissions]. Out: `FRAME_COLUMNS`, a row a stratum: how many
    texts, how many submissions, and the most submissions of one text.
    """
    weighted = weights(batch)
    return merge_frames([weighted.assign(texts=1, largest=weighted["submissions"])])


def merge_frames(frames: Iterable[pd.DataFrame]) -> pd.DataFrame:
    """Add up frames of batches. In and out: `FRAME_COLUMNS`; associative, and the order does not matter."""
    together = pd.concat(list(frames), ignore_index=True)
    counted = together.groupby("stratum").agg({"texts": "sum", "submissions": "sum", "largest": "max"})
    return counted.reset_index()[list(FRAME_COLUMNS)]


def shares(
    hand: pd.DataFrame,
    categories: Sequence[str],
    drawn_from: pd.DataFrame,
    column: str = "stance",
    machine: tuple[CrossFitted, pd.DataFrame] | None = None,
    level: float = LEVEL,
    replacement: bool = False,
) -> pd.DataFrame:
    """The share of each category, among distinct texts and among submissions, with its interval.

    In: the randomly drawn hand-coded texts (comment_id, `column` with a stance or themes, [stratum], [submissions]);
    the categories; the frame they were drawn from (`frame`); the cross-fitted models of these hand codes with the
    merged sums over all other texts of the frame (`cross_fitting.score_sums`), or None; the level of confidence;
    whether the texts were drawn with replacement: there is no finite-population correction then.
    Out: `COLUMNS`, a row an estimand and category. n_population is the number of texts or submissions in the frame,
    n_hand that of them hand-coded, n_category that of those with the category; estimate, low and high are parts of 1,
    rounded to six places, NaN where `method` is `COUNTS_ONLY`. The machine is used for a category only where that makes
    the interval narrower; otherwise, and with fewer than `FEWEST_OF_A_CLASS` hand codes in or out of it, hand codes
    stand alone.
    Raises `BriefError` where a stratum with two texts or more has fewer than two hand codes, or a hand-coded text is of
    a stratum that the frame does not have; `ValueError` where the sums leave texts of the frame out.
    """
    hand = hand.sort_values("comment_id", kind="stable", ignore_index=True)
    given = indicators(hand, categories, column)
    rows: list[tuple[object, ...]] = []
    for estimand in (TEXTS, SUBMISSIONS):
        sample = _sample(hand, drawn_from, estimand, replacement)
        reason = _too_few(sample)
        if not reason:
            _check_strata(sample)
            reason = _too_heavy(sample) if estimand == SUBMISSIONS else ""
        for category in categories:
            has = given[category].to_numpy(dtype=np.float64)
            row = (category, estimand, int(sample.population), int(sample.weight.sum()), int(sample.weight @ has))
            if reason:
                rows.append((*row, *[float("nan")] * 3, level, COUNTS_ONLY, reason))
                continue
            helped = machine is not None and _enough(has) and sample.uncoded.any()
            scores = _scores(sample, hand["comment_id"], category, machine) if machine and helped else None
            rows.append((*row, *_share(has, scores, sample, level)))
    return pd.DataFrame(rows, columns=list(COLUMNS))


def within(texts: pd.DataFrame, drawn: pd.Series, categories: Sequence[str]) -> pd.DataFrame:
    """The shares of categories in a group of the distinct texts that a random sample was drawn from.

    In: the texts of the group (comment_id, stance, stratum, submissions), and which of them were drawn and coded by
    hand. A draw within strata is a random draw of each group within them, of a size that chance decided (a domain:
    Sarndal et al. 1992, section 10.3). Out: `COLUMNS` for distinct texts; nothing where there would be counts only, or
    where a stratum of the group has fewer than two texts that were drawn.
    """
    hand = texts[drawn]
    sizes = pd.DataFrame({"texts": texts["stratum"].value_counts(), "drawn": hand["stratum"].value_counts()}).fillna(0)
    if sizes["texts"].sum() < FEWEST_IN_FRAME or (sizes["drawn"] < sizes["texts"].clip(upper=2)).any():
        return pd.DataFrame(columns=list(COLUMNS))
    estimates = shares(hand, categories, frame(texts))
    known = estimates[(estimates["estimand"] == TEXTS) & estimates["estimate"].notna() & (estimates["n_category"] > 0)]
    return known.reset_index(drop=True)


def _share(has: Numbers, scores: Numbers | None, sample: _Sample, level: float) -> tuple[object, ...]:
    alone = _estimate(has, None, sample)
    if not sample.uncoded.any():
        share = round(alone.share, 6)
        return (share, share, share, level, ALL_CODED, "")
    chosen, note = alone, ""
    if scores is not None:
        powered = _estimate(has, scores, sample)
        # Tuning costs a degree of freedom: what does not pay for it is not used.
        narrower = _reach(powered, level) < _reach(alone, level)
        chosen, note = (powered, "") if narrower and 0 < powered.share < 1 else (alone, "machine scores do not help")
    rare = _rare(has)
    if rare:
        note = f"fewer than {FEWEST_OF_A_CLASS} hand codes in or out of the category: Clopper-Pearson"
    low, high = _interval(chosen, _sample_size(chosen, sample), level, exact=rare)
    method = HAND_AND_MACHINE if chosen.power else HAND_ALONE
    return (*(round(value, 6) for value in (chosen.share, low, high)), level, method, note)


def _estimate(has: Numbers, scores: Numbers | None, sample: _Sample) -> _Estimate:
    """The share and its variance from hand codes, with or without the machine.

    In: whether each sampled text has the category (0 or 1); its centred scores (see `_scores`), or None; the sample.
    """
    size = sample.total(sample.weight)
    ratio = sample.total(sample.weight * has) / size
    residual = sample.weight * (has - ratio)
    if scores is None:
        return _Estimate(ratio, sample.spread(residual, residual) / size**2, sample.freedom, 0.0)
    varies = sample.spread(scores, scores)
    power = max(0.0, sample.spread(residual, scores) / varies) if varies > 0 else 0.0
    share = ratio - power * sample.total(scores * sample.uncoded[sample.stratum]) / size
    left = residual - power * scores
    tuned = sample.freedom / max(1, sample.freedom - 1)
    return _Estimate(share, tuned * sample.spread(left, left) / size**2, sample.freedom - 1, power)


def _interval(estimate: _Estimate, size: float, level: float, exact: bool) -> tuple[float, float]:
    """Limits of a share that lie in [0, 1], from the size of a simple random sample that would tell as much.

    Wilson's score interval (Wilson 1927) with Student's t, or, where it must be exact, that of Clopper and Pearson
    (1934); both with an effective sample size (Korn and Graubard 1998, Survey Methodology 24(2), section 2).
    """
    # Only here, as below: it takes long to load, and without samples no interval is asked for.
    from scipy.special import betaincinv, stdtrit

    share, tail = min(1.0, max(0.0, estimate.share)), (1 - level) / 2
    if exact:
        hits = share * size
        low = float(betaincinv(hits, size - hits + 1, tail)) if hits > 0 else 0.0
        high = float(betaincinv(hits + 1, size - hits, 1 - tail)) if hits < size else 1.0
        return low, high
    squared = float(stdtrit(estimate.freedom, 1 - tail)) ** 2
    centre = (share + squared / (2 * size)) / (1 + squared / size)
    half = np.sqrt(squared * (share * (1 - share) / size + squared / (4 * size**2))) / (1 + squared / size)
    return max(0.0, float(centre - half)), min(1.0, float(centre + half))


def _sample_size(estimate: _Estimate, sample: _Sample) -> float:
    """How many texts of a simple random sample with replacement would give this variance; where all hand codes are
    alike, and so the variance tells nothing, Kish's effective size, with the finite-population correction."""
    share = min(1.0, max(0.0, estimate.share))
    if estimate.variance > 0 and 0 < share < 1:
        return share * (1 - share) / estimate.variance
    open_strata = sample.uncoded > 0
    coded = sample.drawn[open_strata].sum() / sample.texts[open_strata].sum()
    return _kish(sample) if sample.replacement else _kish(sample) / (1 - coded)


def _reach(estimate: _Estimate, level: float) -> float:
    from scipy.special import stdtrit

    return float(estimate.variance * stdtrit(estimate.freedom, (1 + level) / 2) ** 2)


def _kish(sample: _Sample) -> float:
    """Kish's effective size of the hand codes where not all texts are coded: smaller than n if weights differ."""
    each = (sample.texts / sample.drawn)[sample.stratum] * sample.weight
    each = each[sample.uncoded[sample.stratum] > 0]
    return float(each.sum() ** 2 / (each**2).sum())


def _enough(has: Numbers) -> bool:
    return len(has) >= FEWEST_CODED and not _rare(has)


def _rare(has: Numbers) -> bool:
    return bool(min(has.sum(), len(has) - has.sum()) < FEWEST_OF_A_CLASS)


def _too_few(sample: _Sample) -> str:
    """Why there can be counts only, or ""."""
    if sample.texts.sum() < FEWEST_IN_FRAME:
        return f"fewer than {FEWEST_IN_FRAME} distinct texts"
    if len(sample.weight) < FEWEST_BY_HAND:
        return f"fewer than {FEWEST_BY_HAND} texts coded by hand"
    return ""


def _too_heavy(sample: _Sample) -> str:
    """Why the hand codes cannot tell of submissions, or ""."""
    if not sample.uncoded.any():
        return ""
    # A text so heavy that a draw in proportion to submissions would always take it cannot be left to chance (Sarndal et
    # al. 1992, section 3.6.2): a sample without it would not know how wrong it is.
    most, allowed = sample.largest[sample.uncoded > 0].max(), max(1.0, sample.population / len(sample.weight))
    if most > allowed:
        return f"a text sent {int(most)} times was left to chance: code every text sent more than {int(allowed)} times"
    effective = _kish(sample)
    return f"a few texts hold most submissions: worth {int(effective)} hand codes" if effective < FEWEST_BY_HAND else ""


def _check_strata(sample: _Sample) -> None:
    for name, texts, coded in zip(sample.names, sample.texts, sample.drawn, strict=True):
        if coded < min(2, texts):
            raise fail(
                f"stratum {name or 'of all texts'} has {int(texts)} texts, and {int(coded)} of them are coded by hand",
                "Draw and code at least two of every stratum, or sample again with fewer strata.",
            )


def _sample(hand: pd.DataFrame, drawn_from: pd.DataFrame, estimand: str, replacement: bool) -> _Sample:
    weighted = weights(hand)
    names = tuple(drawn_from["stratum"])
    outside = sorted(set(weighted["stratum"]) - set(names))
    if outside:
        raise fail(f"no text of the frame is in stratum {outside[0]}", "Draw from the frame and keep its strata.")
    stratum = np.array([names.index(name) for name in weighted["stratum"]], dtype=np.int64)
    of_texts = estimand == TEXTS
    return _Sample(
        names=names,
        texts=drawn_from["texts"].to_numpy(dtype=np.float64),
        drawn=np.bincount(stratum, minlength=len(names)).astype(np.float64),
        largest=drawn_from["largest"].to_numpy(dtype=np.float64),
        estimand=estimand,
        population=float(drawn_from["texts" if of_texts else "submissions"].sum()),
        stratum=stratum,
        weight=np.ones(len(hand)) if of_texts else weighted["submissions"].to_numpy(dtype=np.float64),
        replacement=replacement,
    )


def _scores(sample: _Sample, hand_ids: pd.Series, category: str, machine: tuple[CrossFitted, pd.DataFrame]) -> Numbers:
    """The score of each hand-coded text by the model of its fold, less that model's mean over the texts that nobody
    coded in its stratum; by submissions, both are multiplied with how often a text was sent.

    A level that a model gives to all texts cancels out, so models of different folds can be put together.
    """
    fitted, sums = machine
    own = fitted.scores.drop_duplicates("comment_id").set_index("comment_id").loc[hand_ids]
    score = own[category].to_numpy(dtype=np.float64) / UNIT
    counted, summed = ("texts", "score_by_text") if sample.estimand == TEXTS else ("submissions", "score_by_submission")
    each = (sample.texts / sample.drawn)[sample.stratum] * sample.weight
    level = float((each * score).sum() / each.sum())
    rest = sums[sums["category"] == category].set_index(["stratum", "fold"])
    centre = np.zeros(len(score))
    for stratum, fold in sorted(set(zip(sample.stratum.tolist(), own["fold"].tolist(), strict=True))):
        if sample.uncoded[stratum] <= 0:
            continue
        cell = rest.loc[(sample.names[stratum], fold)]
        if cell["texts"] != sample.texts[stratum] - hand_ids[sample.stratum == stratum].nunique():
            raise ValueError("the sums of scores are not over all texts of the frame that nobody coded")
        inside = (sample.stratum == stratum) & (own["fold"].to_numpy() == fold)
        centre[inside] = (float(cell[summed]) / UNIT - level * float(cell[counted])) / float(cell["texts"])
    # A stratum that is coded whole needs no help from the machine.
    return np.where(sample.uncoded[sample.stratum] > 0, sample.weight * (score - level) - centre, 0.0)
