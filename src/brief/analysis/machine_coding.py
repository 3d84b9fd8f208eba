"""Code stances with a model trained on hand-coded comments: only where there are enough, only where the model is sure.

`fit` learns from hand codes, `code` reads any batch of comments (no row looks at another), `cross_validated` says
class by class how well that works on hand-coded comments which the model has not seen. Shares of machine codes are
biased by the machine's errors and are never printed: see `brief.analysis.shares`.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt
import pandas as pd

from brief.analysis import text_model, text_vectors
from brief.analysis.coding import NOT_CODED
from brief.analysis.pieces import Parted
from brief.analysis.text_model import Features, Linear, Numbers

if TYPE_CHECKING:
    from scipy.sparse import csr_matrix

FEWEST_CODED, FEWEST_OF_A_CLASS = 50, 10
"""A model is trained from so many different hand-coded texts on; a class is learned from so many of it on."""

CERTAIN_ENOUGH = 0.7
"""A machine code counts from this calibrated probability on; below, the comment is not coded."""

MOST_LEARNED = 1_000
"""So many comments are learned from to tell of a batch what its stances are: enough for a mix, and quick."""

SCORED_AT_ONCE = 500
"""So many texts are scored together: their n-grams do not lie in memory all at once."""

PLACES = 6
NO_BETTER = (
    "A model was right on {right} of {of} comments that it had not seen. "
    "Always saying the commonest stance is right on {commonest}."
)
NO_SURER = (
    "A model was sure of {sure} of {of} comments that it had not seen, and right on {right} of these. "
    "The commonest stance is that of {commonest} of the {of}."
)
REPORT_COLUMNS = ("category", "support", "coded", "precision", "recall", "f1", "note")
NOT_LEARNED = f"not learned: fewer than {FEWEST_OF_A_CLASS} different texts"
HARDLY_FOUND = "hardly ever found"
LEAST_RECALL = 0.2
"""A stance of which the model finds a smaller part is hardly ever found."""


@dataclass(frozen=True)
class Model:
    """What was learned; `reason` says why nothing was, where there are no categories.

    `slopes` and `offsets` turn scores into probabilities.
    """

    categories: tuple[str, ...]
    reason: str
    counter: Features | None = None
    linear: Linear | None = None
    slopes: tuple[float, ...] = ()
    offsets: tuple[float, ...] = ()


def fit(hand: pd.DataFrame, even_if_no_better: bool = False, vectors: str = text_vectors.WORDS) -> Model:
    """Learn stances from hand-coded comments.

    In: comment_id, text, stance ("" or `NOT_CODED` where a comment was not read; such rows are left out); the kind of
    vectors beside the n-grams, of `text_vectors.KINDS`, where a model of language is installed. Out: a model; one
    without categories where fewer than `FEWEST_CODED` different texts are coded or fewer than two stances have
    `FEWEST_OF_A_CLASS` of them; and where it is right on no more of those that it has not seen than whoever always says
    the commonest stance, unless that is asked for. Comments with a stance too rare to be learned count against all
    others. Raises `BriefError` where the vectors need what is not installed.
    """
    read = _read(hand)
    names, reason = _learned_stances(read)
    return _fit(read, names, even_if_no_better, *_counts(read, vectors)) if names else Model((), reason)


def probabilities(model: Model, batch: pd.DataFrame) -> pd.DataFrame:
    """How probable each category is for each comment.

    In: a fitted model; comment_id, text. Out: comment_id and a column a category in [0, 1], rounded to `PLACES`, in the
    order given. Stances add up to 1 at most: what is missing belongs to stances too rare to be learned.
    """
    probability = np.zeros((len(batch), len(model.categories)))
    if len(batch) and model.linear is not None and model.counter is not None:
        counts = text_model.counted(model.counter, list(batch["text"]))
        probability = _probability(model, model.linear.scores(counts))
    table = pd.DataFrame(probability, columns=list(model.categories))
    table.insert(0, "comment_id", batch["comment_id"].astype("str").to_numpy())
    return table


def _probability(model: Model, scores: Numbers) -> Numbers:
    probability = 1 / (1 + np.exp(-(scores * np.array(model.slopes) + np.array(model.offsets))))
    rounded: Numbers = np.round(probability / np.maximum(1, probability.sum(axis=1, keepdims=True)), PLACES)
    return rounded


def code(model: Model, batch: pd.DataFrame, certain_enough: float = CERTAIN_ENOUGH) -> pd.DataFrame:
    """Code the stance of each comment of a batch.

    In: a model of `fit`; comment_id, text. Out: comment_id, stance (`NOT_CODED` where the model is unsure or there is
    none), certainty (the probability of the most probable stance, 0 where there is no model).
    """
    table = probabilities(model, batch)
    if not model.categories:
        return pd.DataFrame({"comment_id": table["comment_id"], "stance": NOT_CODED, "certainty": 0.0})
    return _coded(model, table["comment_id"], table[list(model.categories)].to_numpy(), certain_enough)


def _coded(model: Model, comments: pd.Series, probability: Numbers, certain_enough: float) -> pd.DataFrame:
    certainty = probability.max(axis=1)
    stances = np.array(model.categories, dtype=object)[probability.argmax(axis=1)]
    coded = np.where(certainty >= certain_enough, stances, NOT_CODED)
    return pd.DataFrame({"comment_id": comments, "stance": pd.Series(coded, dtype="str"), "certainty": certainty})


def places(model: Model, texts: Sequence[str], parted: Parted | None = None) -> npt.NDArray[np.int8]:
    """The place of each text's stance among the categories of the model, -1 where the model is unsure or there is none.

    In: also the texts in lower case as `pieces.parted` gives them, where they are parted already. The same as `code`
    tells. No text looks at another.
    """
    if not len(texts) or model.counter is None or model.linear is None:
        return np.full(len(texts), -1, dtype=np.int8)
    values = _probability(model, text_model.scores(model.counter, model.linear, texts, SCORED_AT_ONCE, parted))
    return np.where(values.max(axis=1) >= CERTAIN_ENOUGH, values.argmax(axis=1), -1).astype(np.int8)


def cross_validated(
    hand: pd.DataFrame, certain_enough: float = CERTAIN_ENOUGH, vectors: str = text_vectors.WORDS
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """How well stances are coded: every hand-coded comment by a model that has not seen it, nor the same text.

    In: as for `fit`. Out: comment_id, fold, hand (the hand code), stance, certainty, sorted by id; and the report,
    `REPORT_COLUMNS`, a row a hand-coded stance: support (hand-coded comments with it), coded (comments the machine
    gave it), precision (of those, the part with that hand code), recall (of the support, the part coded so: one not
    coded is missed), f1, rounded to four places, NaN where nothing is counted. Both are empty where `fit` has too few.
    """
    read = _read(hand)
    names, _ = _learned_stances(read)
    predictions = pd.DataFrame(columns=["comment_id", "fold", "hand", "stance", "certainty"])
    if names:
        fold = text_model.folds(list(read["text"]), list(read["stance"]))
        counter, rows = _counts(read, vectors)
        parts = []
        for place in range(text_model.FOLDS):
            unseen = fold == place
            model = _fit(read[~unseen], names, True, counter, rows[~unseen])
            assert model.linear is not None
            probability = _probability(model, model.linear.scores(rows[unseen]))
            comments = read["comment_id"][unseen].reset_index(drop=True)
            parts.append(_coded(model, comments, probability, certain_enough).assign(fold=place))
        every = pd.concat(parts).sort_values("comment_id", ignore_index=True)
        predictions = every.assign(hand=list(read["stance"]))[list(predictions.columns)]
    rows = [
        _report(stance, predictions["hand"] == stance, predictions["stance"] == stance, stance in names)
        for stance in sorted(set(predictions["hand"]))
    ]
    return predictions, pd.DataFrame(rows, columns=list(REPORT_COLUMNS))


def why_no_better(unseen: pd.DataFrame) -> str:
    """Why a model that was cross-validated tells nothing; empty where it does.

    In: comments with hand and stance, as `cross_validated` gives them. Of the comments that it is sure of, it has to be
    right on a greater part than the commonest stance has of all.
    """
    sure = unseen[unseen["stance"] != NOT_CODED]
    right, commonest = int((sure["stance"] == sure["hand"]).sum()), max(Counter(unseen["hand"]).values(), default=0)
    if right * len(unseen) > commonest * len(sure):
        return ""
    return NO_SURER.format(sure=len(sure), of=len(unseen), right=right, commonest=commonest)


def stances_told(hand: pd.DataFrame, store: pd.DataFrame, batch: pd.DataFrame) -> tuple[pd.Series, pd.Series] | None:
    """The stance that a model tells of each comment of a store and of a batch, all of them texts it has not learned.

    In: hand-coded comments, as for `fit`, of which `MOST_LEARNED` are learned, chosen by the digest of their text; two
    frames with comment_id, text. Out: two series of stances, `NOT_CODED` where the model is unsure; of stored comments
    that were learned what `cross_validated` tells; without those of the batch that were learned as well. None where
    there is no model.
    """
    keys = hand["text"].map(lambda text: hashlib.sha256(text_model.text_key(text).encode()).hexdigest())
    learned = hand.iloc[np.argsort(keys.to_numpy(), kind="stable")[:MOST_LEARNED]]
    model = fit(learned)
    if not model.categories:
        return None
    unseen, _ = cross_validated(learned)
    again = unseen[unseen["comment_id"].isin(set(store["comment_id"]))]["stance"]
    known = set(learned["text"].map(text_model.text_key))
    new = [frame[~frame["text"].map(text_model.text_key).isin(known)] for frame in (store, batch)]
    of_store, of_batch = (code(model, frame)["stance"] for frame in new)
    return pd.concat([again, of_store], ignore_index=True), of_batch


def _report(category: str, hand: pd.Series, machine: pd.Series, learned: bool) -> tuple[object, ...]:
    support, coded, both = int(hand.sum()), int(machine.sum()), int((hand & machine).sum())
    precision = round(both / coded, 4) if coded else float("nan")
    recall = round(both / support, 4) if support else float("nan")
    f1 = round(2 * both / (support + coded), 4) if support + coded else float("nan")
    note = NOT_LEARNED if not learned else HARDLY_FOUND if recall < LEAST_RECALL else ""
    return (category, support, coded, precision, recall, f1, note)


def _read(hand: pd.DataFrame) -> pd.DataFrame:
    """The hand-coded comments, sorted by id: nothing after this depends on the order of the rows."""
    stance = hand["stance"].fillna("")
    return hand[(stance != "") & (stance != NOT_CODED)].sort_values("comment_id", ignore_index=True)


def _learned_stances(read: pd.DataFrame) -> tuple[tuple[str, ...], str]:
    """The stances of which enough different texts are coded; or none, and why."""
    if reason := _too_few(read):
        return (), reason
    sizes = {stance: text_model.distinct(texts) for stance, texts in read.groupby("stance")["text"]}
    names = tuple(sorted(str(stance) for stance, size in sizes.items() if size >= FEWEST_OF_A_CLASS))
    if len(names) < 2:
        return (), f"Fewer than two stances have {FEWEST_OF_A_CLASS} different hand-coded texts."
    return names, ""


def _too_few(read: pd.DataFrame) -> str:
    texts = text_model.distinct(read["text"])
    return f"{texts} different texts are hand-coded; a model needs {FEWEST_CODED}." if texts < FEWEST_CODED else ""


def _counts(read: pd.DataFrame, vectors: str) -> tuple[Features, csr_matrix]:
    """What occurs in hand-coded texts, for all models that learn from some of them: each looks only at its own."""
    return _counts_of(tuple(read["text"]), vectors)


@lru_cache(maxsize=1)
def _counts_of(texts: tuple[str, ...], vectors: str) -> tuple[Features, csr_matrix]:
    # Kept, because whoever learns from texts tries it on the same texts next.
    counter = text_model.counter(texts, vectors)
    return counter, text_model.counted(counter, texts)


def _fit(
    read: pd.DataFrame, names: tuple[str, ...], even_if_no_better: bool, counter: Features, rows: csr_matrix
) -> Model:
    texts, stances = list(read["text"]), list(read["stance"])
    given = np.array([[stance == name for name in names] for stance in stances], dtype=bool)
    scores = np.zeros(given.shape)
    for held_out, model in text_model.fold_models(counter, rows, given, text_model.folds(texts, stances)):
        scores[held_out] = model.scores(rows[held_out])
    curves = [_calibrated(scores[:, place], given[:, place]) for place in range(len(names))]
    slopes, offsets = zip(*curves, strict=True)
    said = np.array(names, dtype=object)[(scores * np.array(slopes) + np.array(offsets)).argmax(axis=1)]
    right, commonest = int((said == np.array(stances, dtype=object)).sum()), max(Counter(stances).values())
    if right <= commonest and not even_if_no_better:
        return Model((), NO_BETTER.format(right=right, of=len(read), commonest=commonest))
    return Model(names, "", counter, text_model.learn(counter, rows, given), slopes, offsets)


def _calibrated(scores: Numbers, given: npt.NDArray[np.bool_]) -> tuple[float, float]:
    """Slope and offset of the sigmoid from scores of unseen texts to probabilities (Platt 1999, section 2.2).

    Its targets are not quite 0 and 1, as there: a perfect score on few texts is no certainty.
    """
    yes, no = int(given.sum()), int((~given).sum())
    target = np.where(given, (yes + 1) / (yes + 2), 1 / (no + 2))
    from sklearn.linear_model import LogisticRegression

    curve = LogisticRegression(C=1e6, max_iter=1000).fit(
        np.concatenate([scores, scores])[:, None],
        np.repeat([1, 0], len(scores)),
        sample_weight=np.concatenate([target, 1 - target]),
    )
    slope = float(curve.coef_[0, 0])
    if slope <= 0:  # the scores tell nothing: every text is as probable as the category is frequent
        return 0.0, float(np.log((yes + 1) / (no + 1)))
    return slope, float(curve.intercept_[0])
