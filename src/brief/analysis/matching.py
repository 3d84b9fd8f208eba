"""Which theme, claim or paragraph is each comment most like? Similarity without training, offered as a suggestion.

Texts become vectors of character 3- to 5-grams within words, weighted by tf-idf (1 + ln tf; smoothed idf), of length 1.
What all texts on a subject say ("gambling", "should be banned") makes everything alike. So the vectors are centred
before the cosine: from each text the mean of the texts of its group is taken, and from each target the mean of the
targets. Centring against such hubs: Suzuki, Hara, Shimbo, Saerens and Fukumizu 2013, EMNLP 613-623, "Centering
similarity measures to reduce hubs". The two means are taken apart, because comments and definitions differ in style; on
the training split of ArgKP-2021 that was better than one mean, and better than none.

Dense vectors are never made: with x a text, m the mean of texts, t a target and n the mean of targets,

    (x - m).(t - n) = x.t - x.n - m.t + m.n        |x - m|^2 = |x|^2 - 2 x.m + |m|^2

in which all but m and n stay sparse. Weights and means are fitted on the texts and targets given; of many texts, on one
sample chosen by digest (`distinct.sample`). Texts are scored in chunks, equal texts once.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from brief.analysis import distinct
from brief.analysis.ngrams import counted

if TYPE_CHECKING:
    from scipy import sparse

SCORE_COLUMNS = ("comment_id", "target_id", "score")
MOST_FITTED = 10_000
"""Of more distinct texts (in all, and in each group), a sample of this size gives the weights and the means."""
CHUNK = 2_000
THRESHOLD = 0.15
"""A best target below this score is not suggested. On the training split of ArgKP-2021 the best targets at or above it
were right in 69 % of cases labelled or not (83 % where unlabelled pairs count as right), for 21 % of the arguments."""

_FEATURES = 2**20
_DECIMALS = 6
_NOTHING = 1e-9
"""A squared length below this is rounding error: the vector is its group's mean and has no direction."""

Vector = np.ndarray[tuple[int, ...], np.dtype[np.float64]]


def suggest(
    texts: pd.DataFrame, targets: pd.DataFrame, groups: str | None = None, threshold: float = THRESHOLD
) -> pd.DataFrame:
    """The target that each comment is most like, where it is like any.

    In: texts (comment_id, text); targets (target_id, text; for a theme its label, definition and examples, one after
    the other); groups, the name of a column of texts within which vectors are centred (a topic, a stance), by default
    all texts together. Where targets have that column too, a comment is compared with the targets of its group only.
    Last the least score at which a target is suggested.
    Out: `SCORE_COLUMNS`, a row a comment, sorted by comment_id; score is the best cosine, from -1 to 1, rounded to 6
    decimals, 0 where a text is empty, missing where there is no target; target_id is empty where the score is below the
    threshold. Of equal scores the first target by id. One distinct text alone is centred by the mean of the targets,
    one target alone by the mean of the texts: around its own mean it would be nothing. A suggestion is for a person to
    confirm.
    """
    scored: list[tuple[str, str, float]] = []
    for comment_ids, target_ids, similarity in _compared(texts, targets, groups):
        best = similarity.argmax(axis=1)
        top = similarity[np.arange(len(best)), best]
        scored += [
            (comment_id, target_ids[place] if score >= threshold else "", float(score))
            for comment_id, place, score in zip(comment_ids, best, top, strict=True)
        ]
    suggested = pd.DataFrame(scored, columns=list(SCORE_COLUMNS)) if scored else _empty()
    every = pd.DataFrame({"comment_id": texts["comment_id"].astype("str")})
    suggested = every.merge(suggested, on="comment_id", how="left").fillna({"target_id": ""})
    return suggested.astype({"target_id": "str"}).sort_values("comment_id", ignore_index=True)


def _empty() -> pd.DataFrame:
    return pd.DataFrame({name: pd.Series(dtype="float64" if name == "score" else "str") for name in SCORE_COLUMNS})


def _compared(
    texts: pd.DataFrame, targets: pd.DataFrame, groups: str | None
) -> Iterator[tuple[list[str], list[str], Vector]]:
    """Comment ids, target ids and their rounded scores, a row a comment; group by group and chunk by chunk."""
    if texts.empty or targets.empty:
        return
    rows = pd.DataFrame({"comment_id": texts["comment_id"].astype("str"), "text": texts["text"].astype("str")})
    rows["group"] = texts[groups].astype("str") if groups else ""
    to = pd.DataFrame({"target_id": targets["target_id"].astype("str"), "text": targets["text"].astype("str")})
    to["group"] = targets[groups].astype("str") if groups and groups in targets else None
    to = to.sort_values("target_id", ignore_index=True)
    idf = _idf([*distinct.sample(rows["text"], MOST_FITTED), *to["text"]])
    for group, members in rows.groupby("group"):
        own = to[to["group"].isna() | (to["group"] == group)]
        if own.empty:
            continue
        fitted = _weighted(distinct.sample(members["text"], MOST_FITTED), idf)
        vectors = _weighted(list(own["text"]), idf)
        mean, other = _mean(fitted, vectors), _Centred.around(_mean(vectors, fitted), vectors)
        yield from _in_chunks(members, list(own["target_id"]), mean, other, idf)


def _in_chunks(
    members: pd.DataFrame, target_ids: list[str], mean: Vector, other: _Centred, idf: Vector
) -> Iterator[tuple[list[str], list[str], Vector]]:
    """The scores of one group's comments, each distinct text once."""
    ids_by_text: dict[str, list[str]] = {}
    for comment_id, text in zip(members["comment_id"], members["text"], strict=True):
        ids_by_text.setdefault(text, []).append(comment_id)
    ordered = sorted(ids_by_text)
    for start in range(0, len(ordered), CHUNK):
        chunk = ordered[start : start + CHUNK]
        similarity = _cosines(_Centred.around(mean, _weighted(chunk, idf)), other)
        copies = [len(ids_by_text[text]) for text in chunk]
        comment_ids = [comment_id for text in chunk for comment_id in ids_by_text[text]]
        yield comment_ids, target_ids, np.repeat(similarity, copies, axis=0)


@dataclass(frozen=True)
class _Centred:
    """Sparse vectors, the mean that is to be taken from each, and the lengths that are left then."""

    vectors: sparse.csr_matrix
    mean: Vector
    lengths: Vector

    @classmethod
    def around(cls, mean: Vector, vectors: sparse.csr_matrix) -> _Centred:
        """Vectors around a mean; an empty text, or one that is the mean, has no direction and so an endless length."""
        squares = np.asarray(vectors.multiply(vectors).sum(axis=1)).ravel() - 2 * (vectors @ mean) + mean @ mean
        empty = np.diff(vectors.indptr) == 0
        return cls(vectors, mean, np.sqrt(np.where((squares < _NOTHING) | empty, np.inf, squares)))


def _mean(own: sparse.csr_matrix, others: sparse.csr_matrix) -> Vector:
    """The mean of the own vectors; of a single one, that of the others, and where those are single too, nothing."""
    for vectors in (own, others):
        if vectors.shape[0] > 1:
            return np.asarray(vectors.mean(axis=0)).ravel()
    return np.zeros(own.shape[1])


def _cosines(side: _Centred, other: _Centred) -> Vector:
    products = (side.vectors @ other.vectors.T).toarray()
    products -= (side.vectors @ other.mean)[:, None]
    products -= (other.vectors @ side.mean)[None, :]
    products += side.mean @ other.mean
    cosines: Vector = products / side.lengths[:, None] / other.lengths[None, :]
    return np.round(cosines, _DECIMALS) + 0.0  # no minus zero


def _idf(texts: list[str]) -> Vector:
    """ln((1 + n) / (1 + df)) + 1 for each feature, over distinct texts in chunks."""
    held = np.zeros(_FEATURES, dtype=np.int64)
    for start in range(0, len(texts), CHUNK):
        held += np.bincount(counted(texts[start : start + CHUNK], _FEATURES).indices, minlength=_FEATURES)
    weights: Vector = np.log((1 + len(texts)) / (1 + held)) + 1
    return weights


def _weighted(texts: list[str], idf: Vector) -> sparse.csr_matrix:
    """Vectors of length 1, a row a text; all zeros for an empty text."""
    # Hashed, so that no vocabulary grows with the number of comments.
    vectors = counted(texts, _FEATURES)
    vectors.data = (1 + np.log(vectors.data)) * idf[vectors.indices]
    squares = np.asarray(vectors.multiply(vectors).sum(axis=1)).ravel()
    scale = 1 / np.sqrt(np.where(squares > 0, squares, 1))
    vectors.data *= np.repeat(scale, np.diff(vectors.indptr))
    return vectors
