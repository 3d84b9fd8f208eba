"""Scores of comments by models that have not seen them: what shares may borrow from a machine.

The hand-coded comments are dealt into folds; the model of a fold learns from all others, scores its own fold and every
comment that nobody has coded (cross-prediction: Zrnic and Candes 2024, PNAS 121(15), algorithm 1). A hand code so never
predicts itself. Of the comments that nobody has coded only sums are kept: whole numbers that add up over batches, in
any order.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from brief.analysis import text_model, text_vectors
from brief.analysis.coding import theme_ids
from brief.analysis.text_model import Features, Linear, Numbers

if TYPE_CHECKING:
    from scipy.sparse import csr_matrix

UNIT = 1_000_000
"""Scores are kept as whole millionths, so that sums are exact."""

SUM_KEYS = ["stratum", "fold", "category"]
SUM_COLUMNS = (*SUM_KEYS, "texts", "submissions", "score_by_text", "score_by_submission")


@dataclass(frozen=True)
class CrossFitted:
    """The models of the folds, and the scores of the hand-coded comments by the model of their own fold.

    `scores` has comment_id, fold and a column a category in millionths, sorted by id.
    """

    categories: tuple[str, ...]
    counter: Features
    models: tuple[Linear, ...]
    scores: pd.DataFrame


def indicators(hand: pd.DataFrame, categories: Sequence[str], column: str) -> pd.DataFrame:
    """Whether each hand-coded comment has each category.

    In: comment_id and `column`, which holds one stance, or themes separated by `;`. Out: comment_id and a truth value a
    category, in the order given.
    """
    cells = [set(theme_ids(str(cell))) for cell in hand[column].fillna("")]
    table = {category: [category in cell for cell in cells] for category in categories}
    return pd.DataFrame({"comment_id": hand["comment_id"].astype("str").to_numpy(), **table})


def cross_fit(
    hand: pd.DataFrame, categories: Sequence[str], column: str, vectors: str = text_vectors.WORDS
) -> CrossFitted:
    """Fit a model for each fold of the hand-coded comments.

    In: comment_id, text and `column` (a stance, or themes) of at least `text_model.FOLDS` different texts; the
    categories; the kind of vectors beside the n-grams. The same text is never in two folds.
    """
    ordered = hand.sort_values("comment_id", ignore_index=True)
    texts = list(ordered["text"])
    counter = text_model.counter(texts, vectors)
    rows = text_model.counted(counter, texts)
    given = indicators(ordered, categories, column)[list(categories)].to_numpy(dtype=bool)
    fold = text_model.folds(texts, [str(cell) for cell in ordered[column].fillna("")])
    scores = np.zeros(given.shape)
    models = []
    for held_out, model in text_model.fold_models(counter, rows, given, fold):
        scores[held_out] = _millionths(model, rows[held_out])
        models.append(model)
    table = pd.DataFrame(scores.astype(np.int64), columns=list(categories))
    table.insert(0, "fold", fold)
    table.insert(0, "comment_id", ordered["comment_id"].astype("str"))
    return CrossFitted(tuple(categories), counter, tuple(models), table)


def score_sums(fitted: CrossFitted, batch: pd.DataFrame) -> pd.DataFrame:
    """Sums of the scores that each fold's model gives to a batch of comments which nobody has coded.

    In: comment_id, text, [stratum], [submissions] (how often the text was sent; 1 where the column is missing); rows of
    hand-coded comments are left out. Out: `SUM_COLUMNS`, sorted: texts and submissions counted, and the sums of scores
    in millionths, each text once and each submission once.
    """
    left = batch[~batch["comment_id"].isin(fitted.scores["comment_id"])]
    if not len(left):
        return merge([])
    rows = text_model.counted(fitted.counter, list(left["text"]))
    parts = []
    for fold, model in enumerate(fitted.models):
        scores = _millionths(model, rows).astype(np.int64)
        for place, category in enumerate(fitted.categories):
            weighted = weights(left).assign(fold=fold, category=category, texts=1, score_by_text=scores[:, place])
            parts.append(weighted.assign(score_by_submission=weighted["score_by_text"] * weighted["submissions"]))
    return merge(parts)


def merge(sums: Iterable[pd.DataFrame]) -> pd.DataFrame:
    """Add up sums of batches. In and out: `SUM_COLUMNS`; associative, and the order does not matter."""
    frames = [each for each in sums if len(each)]
    if not frames:
        kinds = {name: "str" if name in ("stratum", "category") else "int64" for name in SUM_COLUMNS}
        return pd.DataFrame({name: pd.Series(dtype=kind) for name, kind in kinds.items()})
    values = [name for name in SUM_COLUMNS if name not in SUM_KEYS]
    return pd.concat(frames, ignore_index=True).groupby(SUM_KEYS)[values].sum().reset_index()


def weights(comments: pd.DataFrame) -> pd.DataFrame:
    """Stratum ("" where there is no such column) and submissions (1 where there is none) of each comment."""
    count = len(comments)
    stratum = (
        comments["stratum"].astype("str").to_numpy() if "stratum" in comments else np.full(count, "", dtype=object)
    )
    sent = comments["submissions"].to_numpy(dtype=np.int64) if "submissions" in comments else np.ones(count, np.int64)
    return pd.DataFrame({"stratum": pd.Series(stratum, dtype="str"), "submissions": sent})


def _millionths(model: Linear, rows: csr_matrix) -> Numbers:
    # Beyond the margin a score says no more than "surely": a few long texts would otherwise outweigh all others.
    scores: Numbers = np.rint(np.clip(model.scores(rows), -1, 1) * UNIT)
    return scores
