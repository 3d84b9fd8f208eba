"""Machine coding: only where there are enough hand codes, unsure is not coded, and no text helps to code itself."""

import numpy as np
import pandas as pd
import pytest

from brief.analysis import encoders, text_model, text_vectors
from brief.analysis import machine_coding as machine
from brief.analysis.coding import NOT_CODED
from brief.errors import BriefError

SAID = {
    "for": ("close it now", "quieter without cars", "safe for children", "finally clean air", "a lane to walk in"),
    "against": (
        "keep it open",
        "shops will lose trade",
        "detours for everyone",
        "where shall we park",
        "leave it alone",
    ),
    "mixed": (
        "close it at night only",
        "depends on the buses",
        "half of it perhaps",
        "try it for a year",
        "yes and no",
    ),
}
ABOUT = {
    "trade": ("my shop", "the baker", "our customers"),
    "noise": ("the engines", "the hooting", "the racket"),
    "": ("the lane", "the town", "this plan"),
}


def invented(count: int, seed: int = 1, stances: tuple[str, ...] = ("for", "against")) -> pd.DataFrame:
    """Comments that mostly say what their stance says, with themes; every text is different."""
    chance = np.random.default_rng(seed)
    rows = []
    for place in range(count):
        stance = stances[place % len(stances)]
        says = stance if chance.random() < 0.85 else str(chance.choice(stances))
        theme = str(chance.choice(list(ABOUT)))
        about = chance.choice(ABOUT[theme])
        text = f"{chance.choice(SAID[says])}, {chance.choice(SAID[says])}: think of {about} number {place}"
        rows.append((f"c-{place:04}", text, stance, theme))
    return pd.DataFrame(rows, columns=["comment_id", "text", "stance", "themes"])


HAND, REST = invented(150), invented(100, seed=2)


def accuracy(found: pd.DataFrame, truth: pd.DataFrame) -> float:
    """The part coded right, of those coded at all."""
    coded = (found["stance"] != NOT_CODED).to_numpy()
    return float((found["stance"].to_numpy() == truth["stance"].to_numpy())[coded].mean())


def test_it_learns_what_hand_codes_tell() -> None:
    found = machine.code(machine.fit(HAND), REST)
    assert list(found.columns) == ["comment_id", "stance", "certainty"]
    assert list(found["comment_id"]) == list(REST["comment_id"])
    assert accuracy(found, REST) > 0.8
    assert found["certainty"].between(0, 1).all()


def test_with_labels_swapped_the_codes_are_swapped() -> None:
    swap = {"for": "against", "against": "for", NOT_CODED: NOT_CODED}
    found = machine.code(machine.fit(HAND), REST)
    swapped = machine.code(machine.fit(HAND.assign(stance=HAND["stance"].map(swap))), REST)
    assert list(swapped["stance"]) == list(found["stance"].map(swap))
    assert {"for", "against"} <= set(found["stance"])


def test_a_certainty_is_a_probability_that_holds() -> None:
    """Of comments coded with certainty p about p are right: the means may differ by three standard errors."""
    found = machine.code(machine.fit(HAND), invented(600, seed=3), certain_enough=0)
    right = found["stance"].to_numpy() == invented(600, seed=3)["stance"].to_numpy()
    # A wrong code by chance: the noise in the texts and what the fitted curve itself misses (150 hand codes).
    error = np.sqrt(0.25 / 600 + 0.25 / 150)
    assert abs(found["certainty"].mean() - right.mean()) < 3 * error


def test_what_the_model_is_unsure_of_is_not_coded() -> None:
    model = machine.fit(HAND)
    found = machine.code(model, REST)
    unsure = found["stance"] == NOT_CODED
    assert unsure.any()
    assert (found.loc[unsure, "certainty"] < machine.CERTAIN_ENOUGH).all()
    assert (found.loc[~unsure, "certainty"] >= machine.CERTAIN_ENOUGH).all()
    assert not (machine.code(model, REST, certain_enough=0)["stance"] == NOT_CODED).any()
    assert (machine.code(model, REST, certain_enough=1.01)["stance"] == NOT_CODED).all()


@pytest.mark.parametrize(
    ("hand", "says"),
    [
        (HAND.iloc[:49], "49 different texts are hand-coded; a model needs 50"),
        (pd.concat([HAND.iloc[:30]] * 5).assign(comment_id=[f"c-{n}" for n in range(150)]), "30 different texts"),
        (HAND.assign(stance="for"), "Fewer than two stances"),
        (HAND.assign(stance=[*["for"] * 141, *["against"] * 9]), "Fewer than two stances"),
        (HAND.assign(stance=NOT_CODED), "0 different texts"),
        (HAND.iloc[:0], "0 different texts"),
    ],
)
def test_with_too_few_hand_codes_nobody_is_coded_and_the_reason_is_told(hand: pd.DataFrame, says: str) -> None:
    model = machine.fit(hand)
    assert model.categories == ()
    assert says in model.reason
    found = machine.code(model, REST)
    assert (found["stance"] == NOT_CODED).all()
    predictions, report = machine.cross_validated(hand)
    assert (len(predictions), len(report)) == (0, 0)


def test_a_stance_too_rare_is_not_learned_and_counts_against_the_others() -> None:
    rare = HAND.copy()
    rare.loc[rare.index[:9], "stance"] = "mixed"
    model = machine.fit(rare)
    assert model.categories == ("against", "for")
    total = machine.probabilities(model, REST)[["against", "for"]].sum(axis=1)
    assert (total <= 1 + 1e-5).all()
    report = machine.cross_validated(rare)[1].set_index("category")
    assert report.loc["mixed", "note"] == machine.NOT_LEARNED
    assert (report.loc["mixed", "support"], report.loc["mixed", "coded"], report.loc["mixed", "recall"]) == (9, 0, 0)


def test_three_stances() -> None:
    hand, rest = (invented(150, seed, ("for", "against", "mixed")) for seed in (4, 5))
    found = machine.code(machine.fit(hand), rest)
    assert set(found["stance"]) >= {"for", "against", "mixed"}
    assert accuracy(found, rest) > 0.75


def test_the_report_counts_by_hand() -> None:
    predictions, report = machine.cross_validated(HAND)
    assert list(predictions["comment_id"]) == sorted(HAND["comment_id"])
    for row in report.to_dict("records"):
        own = predictions["hand"] == row["category"]
        coded = predictions["stance"] == row["category"]
        assert row["support"] == own.sum() == (HAND["stance"] == row["category"]).sum()
        assert row["precision"] == pytest.approx((own & coded).sum() / coded.sum(), abs=1e-4)
        assert row["recall"] == pytest.approx((own & coded).sum() / own.sum(), abs=1e-4)
        both = row["precision"], row["recall"]
        assert row["f1"] == pytest.approx(2 * both[0] * both[1] / sum(both), abs=1e-3)


def test_labels_without_meaning_are_found_to_have_none() -> None:
    """Labels dealt by chance: out of fold no better than chance, whatever the model knows by heart."""
    labels = np.random.default_rng(7).permutation(HAND["stance"].to_numpy())
    predictions, _ = machine.cross_validated(HAND.assign(stance=labels), certain_enough=0)
    right = (predictions["stance"] == predictions["hand"]).mean()
    assert right < 0.5 + 3 * np.sqrt(0.25 / len(HAND))


def test_the_same_text_is_never_in_two_folds() -> None:
    texts = [f"{word}  {place % 40}{mark}" for place, (word, mark) in enumerate([("Same", "!"), ("same", " ")] * 50)]
    fold = text_model.folds(texts, ["for", "against"] * 50)
    by_key = pd.Series(fold).groupby([text_model.text_key(text) for text in texts]).nunique()
    assert len(by_key) == 40
    assert (by_key == 1).all()
    assert len(set(fold)) == text_model.FOLDS


def test_each_fold_is_told_by_a_model_that_knows_nothing_of_it() -> None:
    """Not even its words, though what occurs in all texts is counted once."""
    hand = invented(100, seed=3)
    told, _ = machine.cross_validated(hand)
    rows = hand.set_index("comment_id").loc[told["comment_id"]].reset_index()
    for place, part in told.groupby("fold"):
        model = machine.fit(rows[(told["fold"] != place).to_numpy()], even_if_no_better=True)
        alone = machine.code(model, rows[(told["fold"] == place).to_numpy()])
        assert alone.equals(part[["comment_id", "stance", "certainty"]].reset_index(drop=True))


def test_copies_do_not_flatter_the_report() -> None:
    """Each text twice with labels dealt by chance: a copy in another fold would give its label away."""
    labels = np.random.default_rng(8).permutation(HAND["stance"].to_numpy())
    twice = pd.concat([HAND.assign(stance=labels)] * 2, ignore_index=True)
    twice["comment_id"] = [f"c-{place:04}" for place in range(len(twice))]
    predictions, _ = machine.cross_validated(twice, certain_enough=0)
    right = (predictions["stance"] == predictions["hand"]).mean()
    assert right < 0.5 + 3 * np.sqrt(0.25 / len(HAND))


def test_shuffled_rows_and_any_batch_size_give_the_same_codes() -> None:
    model = machine.fit(HAND)
    whole = machine.code(model, REST)
    again = machine.code(machine.fit(HAND.sample(frac=1, random_state=1)), REST)
    pd.testing.assert_frame_equal(again, whole, check_exact=True)
    for rows in (1, 7, 64):
        parts = [machine.code(model, REST.iloc[start : start + rows]) for start in range(0, len(REST), rows)]
        pd.testing.assert_frame_equal(pd.concat(parts, ignore_index=True), whole, check_exact=True)
    for one, other in zip(
        machine.cross_validated(HAND), machine.cross_validated(HAND.sample(frac=1, random_state=2)), strict=True
    ):
        pd.testing.assert_frame_equal(one, other, check_exact=True)
    assert len(machine.code(model, REST.iloc[:0])) == 0


def test_texts_of_signs_alone_are_no_obstacle() -> None:
    odd = HAND.copy()
    odd.loc[odd.index[:3], "text"] = ["👍", "!!!", "—"]
    found = machine.code(machine.fit(odd), pd.DataFrame({"comment_id": ["c-x", "c-y"], "text": ["", "🚗🚗"]}))
    assert len(found) == 2


def test_a_model_that_is_no_better_than_the_commonest_stance_codes_nothing() -> None:
    """Labels drawn without looking at the texts: three of four the same."""
    chance = np.random.default_rng(5)
    drawn = HAND.assign(stance=chance.choice(["for", "against"], size=len(HAND), p=[0.75, 0.25]))
    model = machine.fit(drawn)
    assert model.categories == () and "commonest stance is right on" in model.reason
    assert str((drawn["stance"] == "for").sum()) in model.reason
    assert set(machine.code(model, REST)["stance"]) == {NOT_CODED}
    assert machine.fit(drawn, even_if_no_better=True).categories == ("against", "for")


def test_a_stance_that_is_hardly_ever_found_is_named() -> None:
    """Twelve comments of a third stance that say what those for it say: enough to learn from, and nothing to learn."""
    odd = HAND.assign(stance=HAND["stance"].where(~HAND["comment_id"].isin(HAND["comment_id"][:24:2]), "mixed"))
    report = machine.cross_validated(odd)[1].set_index("category")
    assert report["note"].to_dict() == {"against": "", "for": "", "mixed": machine.HARDLY_FOUND}
    assert report["recall"]["mixed"] < machine.LEAST_RECALL


def test_a_model_that_is_surer_than_it_is_right_tells_nothing() -> None:
    hand = ["for"] * 6 + ["against"] * 4
    sure = ["for", "for", "against", *[NOT_CODED] * 3, "against", "for", "for", NOT_CODED]
    unseen = pd.DataFrame({"hand": hand, "stance": sure})
    assert machine.why_no_better(unseen).startswith("A model was sure of 6 of 10 comments") and "right on 3" in (
        machine.why_no_better(unseen)
    )
    assert machine.why_no_better(unseen.assign(stance=hand)) == ""
    assert machine.why_no_better(unseen.assign(stance=NOT_CODED)) != "", "sure of none"


def test_a_model_of_language_helps_where_words_do_not(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each text is a word of its own, so only vectors of what is meant tell stances apart."""
    chance = np.random.default_rng(1)
    texts = ["".join(chance.choice(list("abcdefghijklmnopqrstuvwxyz"), 9)) for _ in range(120)]
    stances = ["for" if place % 2 else "against" for place in range(120)]
    hand = pd.DataFrame({"comment_id": [f"c{n:03}" for n in range(120)], "text": texts, "stance": stances})
    meant = {text: (1.0, 0.2) if stance == "for" else (0.2, 1.0) for text, stance in zip(texts, stances, strict=True)}
    monkeypatch.setitem(encoders.ENCODERS, "minilm", lambda: lambda asked: np.array([meant[text] for text in asked]))
    text_vectors.alone.cache_clear()
    blind, unseen = (machine.cross_validated(hand, 0, vectors)[0] for vectors in ("words", "minilm"))
    assert (blind["stance"] == blind["hand"]).mean() < 0.75
    assert list(unseen["stance"]) == list(unseen["hand"])
    assert machine.cross_validated(hand.sample(frac=1, random_state=2), 0, "minilm")[0].equals(unseen)
    model = machine.fit(hand, vectors="minilm")
    assert list(machine.code(model, hand)["stance"]) == stances
    assert machine.code(model, hand.tail(3)).equals(machine.code(model, hand).tail(3).reset_index(drop=True))
    text_vectors.alone.cache_clear()


def test_a_model_of_language_that_is_not_installed_is_asked_for_plainly(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(encoders, "find_spec", lambda package: None)
    with pytest.raises(BriefError, match="which is not installed"):
        machine.fit(HAND, vectors="minilm")
