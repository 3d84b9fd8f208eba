"""Code comments with a model trained on hand-coded ones: only where there are enough, only where the model is sure.

`fit` learns from hand codes, `code` reads any batch of comments (no row looks at another), `cross_validated` says
class by class how well that works on hand-coded comments which the model has not seen. Shares of machine codes are
biased by the machine's errors and are never printed: see `brief.analysis.shares`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt
import pandas as pd

from brief.analysis import text_model
from brief.analysis.coding import NOT_CODED, theme_ids
from brief.analysis.text_model import Linear, Numbers

if TYPE_CHECKING:
    from sklearn.pipeline import FeatureUnion

FEWEST_CODED, FEWEST_OF_A_CLASS = 50, 10
"""A model is trained from so many different hand-coded texts on; a class is learned from so many of it (and, where
classes do not exclude each other, so many without it) on."""

CERTAIN_ENOUGH = 0.7
"""A machine code counts from this calibrated probability on; below, the comment is not coded."""

PLACES = 6
REPORT_COLUMNS = ("category", "support", "coded", "precision", "recall", "f1", "note")
NOT_LEARNED = f"not learned: fewer than {FEWEST_OF_A_CLASS} different texts"

Truths = npt.NDArray[np.bool_]


@dataclass(frozen=True)
class Model:
    """What was learned; `reason` says why nothing was, where there are no categories.

    `exclusive` is true for stances (a comment has one) and false for themes. `slopes` and `offsets` turn scores into
    probabilities.
    """

    categories: tuple[str, ...]
    exclusive: bool
    reason: str
    counter: FeatureUnion | None = None
    linear: Linear | None = None
    slopes: tuple[float, ...] = ()
    offsets: tuple[float, ...] = ()


def fit(hand: pd.DataFrame) -> Model:
    """Learn stances from hand-coded comments.

    In: comment_id, text, stance ("" or `NOT_CODED` where a comment was not read; such rows are left out). Out: a model;
    one without categories where fewer than `FEWEST_CODED` different texts are coded or fewer than two stances have
    `FEWEST_OF_A_CLASS` of them. Comments with a stance too rare to be learned count against all others.
    """
    read = _read(hand)
    names, reason = _learned_stances(read)
    return _fit_stances(read, names) if names else Model((), True, reason)


def fit_themes(hand: pd.DataFrame, themes: Sequence[str]) -> Model:
    """Learn themes from hand-coded comments, each against the rest.

    In: comment_id, text, stance (as for `fit`), themes (separated by `;`); the theme ids of the codebook. Out: a model
    of the themes that at least `FEWEST_OF_A_CLASS` different texts have and as many do not have.
    """
    read = _read(hand)
    names, reason = _learned_themes(read, themes)
    return _fit_themes(read, names) if names else Model((), False, reason)


def probabilities(model: Model, batch: pd.DataFrame) -> pd.DataFrame:
    """How probable each category is for each comment.

    In: a fitted model; comment_id, text. Out: comment_id and a column a category in [0, 1], rounded to `PLACES`, in the
    order given. Stances add up to 1 at most: what is missing belongs to stances too rare to be learned.
    """
    found = np.zeros((len(batch), len(model.categories)))
    if len(batch) and model.linear is not None and model.counter is not None:
        scores = model.linear.scores(text_model.counted(model.counter, list(batch["text"])))
        found = 1 / (1 + np.exp(-(scores * np.array(model.slopes) + np.array(model.offsets))))
        if model.exclusive:
            found = found / np.maximum(1, found.sum(axis=1, keepdims=True))
    table = pd.DataFrame(np.round(found, PLACES), columns=list(model.categories))
    table.insert(0, "comment_id", batch["comment_id"].astype("str").to_numpy())
    return table


def code(model: Model, batch: pd.DataFrame, certain_enough: float = CERTAIN_ENOUGH) -> pd.DataFrame:
    """Code the stance of each comment of a batch.

    In: a model of `fit`; comment_id, text. Out: comment_id, stance (`NOT_CODED` where the model is unsure or there is
    none), certainty (the probability of the most probable stance, 0 where there is no model).
    """
    found = probabilities(model, batch)
    values = found[list(model.categories)].to_numpy()
    if not model.categories:
        return pd.DataFrame({"comment_id": found["comment_id"], "stance": NOT_CODED, "certainty": 0.0})
    certainty = values.max(axis=1)
    stances = np.array(model.categories, dtype=object)[values.argmax(axis=1)]
    coded = np.where(certainty >= certain_enough, stances, NOT_CODED)
    return pd.DataFrame(
        {"comment_id": found["comment_id"], "stance": pd.Series(coded, dtype="str"), "certainty": certainty}
    )


def code_themes(model: Model, batch: pd.DataFrame, certain_enough: float = CERTAIN_ENOUGH) -> pd.DataFrame:
    """Code the themes of each comment of a batch.

    In: a model of `fit_themes`; comment_id, text. Out: comment_id, themes (those at least so probable) and unsure
    (those neither so probable nor so improbable), each separated by `;` in the model's order.
    """
    found = probabilities(model, batch)
    values = found[list(model.categories)].to_numpy()
    table = pd.DataFrame({"comment_id": found["comment_id"]})
    sure = values >= certain_enough
    for name, marked in (("themes", sure), ("unsure", ~sure & (values > round(1 - certain_enough, PLACES)))):
        cells = [";".join(np.array(model.categories, dtype=object)[row]) for row in marked]
        table[name] = pd.Series(cells, dtype="str")
    return table


def cross_validated(hand: pd.DataFrame, certain_enough: float = CERTAIN_ENOUGH) -> tuple[pd.DataFrame, pd.DataFrame]:
    """How well stances are coded: every hand-coded comment by a model that has not seen it, nor the same text.

    In: as for `fit`. Out: comment_id, fold, hand (the hand code), stance, certainty, sorted by id; and the report,
    `REPORT_COLUMNS`, a row a hand-coded stance: support (hand-coded comments with it), coded (comments the machine
    gave it), precision (of those, the part with that hand code), recall (of the support, the part coded so: one not
    coded is missed), f1, rounded to four places, NaN where nothing is counted. Both are empty where `fit` has too few.
    """
    read = _read(hand)
    names, _ = _learned_stances(read)
    found = pd.DataFrame(columns=["comment_id", "fold", "hand", "stance", "certainty"])
    if names:
        fold = text_model.folds(list(read["text"]), list(read["stance"]))
        parts = [
            code(_fit_stances(read[fold != place], names), read[fold == place], certain_enough).assign(fold=place)
            for place in range(text_model.FOLDS)
        ]
        unseen = pd.concat(parts).sort_values("comment_id", ignore_index=True)
        found = unseen.assign(hand=list(read["stance"]))[list(found.columns)]
    rows = [
        _report(stance, found["hand"] == stance, found["stance"] == stance, stance in names)
        for stance in sorted(set(found["hand"]))
    ]
    return found, pd.DataFrame(rows, columns=list(REPORT_COLUMNS))


def cross_validated_themes(
    hand: pd.DataFrame, themes: Sequence[str], certain_enough: float = CERTAIN_ENOUGH
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The same for themes.

    In: as for `fit_themes`. Out: comment_id, fold, hand, themes, unsure; and `REPORT_COLUMNS`, a row a theme.
    """
    read = _read(hand)
    names, _ = _learned_themes(read, themes)
    found = pd.DataFrame(columns=["comment_id", "fold", "hand", "themes", "unsure"])
    if names:
        fold = text_model.folds(list(read["text"]), _rarest(_themes_given(read, names)))
        parts = [
            code_themes(_fit_themes(read[fold != place], names), read[fold == place], certain_enough).assign(fold=place)
            for place in range(text_model.FOLDS)
        ]
        unseen = pd.concat(parts).sort_values("comment_id", ignore_index=True)
        found = unseen.assign(hand=list(read["themes"].fillna("").astype("str")))[list(found.columns)]
    by_hand, by_machine = (_sets(found[name]) for name in ("hand", "themes"))
    rows = [
        _report(
            theme,
            pd.Series([theme in given for given in by_hand], dtype=bool),
            pd.Series([theme in given for given in by_machine], dtype=bool),
            theme in names,
        )
        for theme in (themes if names else ())
    ]
    return found, pd.DataFrame(rows, columns=list(REPORT_COLUMNS))


def _report(category: str, hand: pd.Series, machine: pd.Series, learned: bool) -> tuple[object, ...]:
    support, coded, both = int(hand.sum()), int(machine.sum()), int((hand & machine).sum())
    precision = round(both / coded, 4) if coded else float("nan")
    recall = round(both / support, 4) if support else float("nan")
    f1 = round(2 * both / (support + coded), 4) if support + coded else float("nan")
    return (category, support, coded, precision, recall, f1, "" if learned else NOT_LEARNED)


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


def _learned_themes(read: pd.DataFrame, themes: Sequence[str]) -> tuple[tuple[str, ...], str]:
    if reason := _too_few(read):
        return (), reason
    given = _themes_given(read, themes)
    names = tuple(
        theme
        for place, theme in enumerate(themes)
        if min(text_model.distinct(read.loc[given[:, place] == has, "text"]) for has in (True, False))
        >= FEWEST_OF_A_CLASS
    )
    return names, "" if names else f"No theme has {FEWEST_OF_A_CLASS} different hand-coded texts and as many without."


def _too_few(read: pd.DataFrame) -> str:
    texts = text_model.distinct(read["text"])
    return f"{texts} different texts are hand-coded; a model needs {FEWEST_CODED}." if texts < FEWEST_CODED else ""


def _sets(cells: pd.Series) -> list[set[str]]:
    return [set(theme_ids(str(cell))) for cell in cells.fillna("")]


def _themes_given(read: pd.DataFrame, themes: Sequence[str]) -> Truths:
    given = [[theme in each for theme in themes] for each in _sets(read["themes"])]
    return np.array(given, dtype=bool).reshape(len(read), len(themes))


def _rarest(given: Truths) -> list[str]:
    """The rarest theme of each comment: folds are balanced by it, since they cannot be by all themes at once."""
    order = np.argsort(given.sum(axis=0), kind="stable")
    return [str(next((place for place in order if row[place]), "none")) for row in given]


def _fit_stances(read: pd.DataFrame, names: tuple[str, ...]) -> Model:
    given = np.array([[stance == name for name in names] for stance in read["stance"]], dtype=bool)
    return _fit(read, names, given, list(read["stance"]), exclusive=True)


def _fit_themes(read: pd.DataFrame, names: tuple[str, ...]) -> Model:
    given = _themes_given(read, names)
    return _fit(read, names, given, _rarest(given), exclusive=False)


def _fit(read: pd.DataFrame, names: tuple[str, ...], given: Truths, strata: Sequence[str], exclusive: bool) -> Model:
    texts = list(read["text"])
    counter = text_model.counter(texts)
    rows = text_model.counted(counter, texts)
    scores = np.zeros(given.shape)
    for held_out, model in text_model.fold_models(counter, rows, given, text_model.folds(texts, strata)):
        scores[held_out] = model.scores(rows[held_out])
    curves = [_calibrated(scores[:, place], given[:, place]) for place in range(len(names))]
    slopes, offsets = zip(*curves, strict=True)
    return Model(names, exclusive, "", counter, text_model.learn(counter, rows, given), slopes, offsets)


def _calibrated(scores: Numbers, given: Truths) -> tuple[float, float]:
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
