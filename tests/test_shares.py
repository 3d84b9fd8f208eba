"""Shares that are honest about sample and machine: beside `ppi-python`, by hand, and by simulation."""

import numpy as np
import pandas as pd
import pytest
from scipy.stats import t

from brief.analysis import cross_fitting, shares, text_model
from brief.analysis.cross_fitting import SUM_COLUMNS, UNIT, CrossFitted
from brief.errors import BriefError
from test_machine_coding import HAND, REST

Machine = tuple[CrossFitted, pd.DataFrame]


def crowd(count: int, share: float = 0.4, right: float = 0.9, seed: int = 1) -> pd.DataFrame:
    """Texts with a true stance and the score of a coder from outside who is right so often."""
    chance = np.random.default_rng(seed)
    stance = np.where(chance.random(count) < share, "for", "against")
    sign = np.where(stance == "for", 1, -1) * np.where(chance.random(count) < right, 1, -1)
    ids = [f"c-{place:06}" for place in range(count)]
    return pd.DataFrame({"comment_id": ids, "stance": stance, "score": sign * chance.uniform(0.2, 1, count)})


def outside(everyone: pd.DataFrame, hand: pd.DataFrame) -> Machine:
    """That coder's scores as shares take them; of one fold, since nothing was learned from these hand codes."""
    rest = everyone[~everyone["comment_id"].isin(hand["comment_id"])]
    own = everyone[everyone["comment_id"].isin(hand["comment_id"])]
    scores, sums = pd.DataFrame({"comment_id": own["comment_id"], "fold": 0}), []
    for category, sign in (("for", 1), ("against", -1)):
        scores[category] = np.rint(sign * own["score"] * UNIT).astype("int64")
        score = np.rint(sign * rest["score"].to_numpy() * UNIT).astype(np.int64)
        each = cross_fitting.weights(rest).assign(fold=0, category=category, texts=1, score_by_text=score)
        sums.append(each.assign(score_by_submission=score * each["submissions"]))
    fitted = CrossFitted(("for", "against"), text_model.Features(None), (), scores)
    return fitted, cross_fitting.merge(sums)


def row(found: pd.DataFrame, category: str = "for", estimand: str = shares.TEXTS) -> pd.Series:
    return found[(found["category"] == category) & (found["estimand"] == estimand)].iloc[0]


def drawn(everyone: pd.DataFrame, count: int, seed: int = 1) -> pd.DataFrame:
    return everyone.sample(count, random_state=seed)


BOTH = ["for", "against"]
EVERYONE = crowd(2000)
SAMPLE = drawn(EVERYONE, 200)
FRAME = shares.frame(EVERYONE)


@pytest.mark.parametrize(("texts", "coded"), [(7, 7), (99, 60), (99, 99), (1000, 29), (1000, 0)])
def test_at_small_n_there_are_counts_and_no_percentage(texts: int, coded: int) -> None:
    everyone = crowd(texts)
    hand = drawn(everyone, coded)
    found = shares.shares(hand, BOTH, shares.frame(everyone), machine=outside(everyone, hand))
    assert list(found.columns) == list(shares.COLUMNS)
    assert (found["method"] == shares.COUNTS_ONLY).all()
    assert found[["estimate", "low", "high"]].isna().all(axis=None)
    assert found["note"].str.startswith("fewer than").all()
    assert row(found)["n_category"] == (hand["stance"] == "for").sum()
    assert (set(found["n_population"]), set(found["n_hand"])) == ({texts}, {coded})


def test_hand_codes_alone_are_the_textbook_interval() -> None:
    """Wilson's interval, as in its closed form, with the variance p (1 - p) (1 - n/N) / (n - 1)."""
    found = row(shares.shares(SAMPLE, BOTH, FRAME))
    p = (SAMPLE["stance"] == "for").mean()
    assert found["method"] == shares.HAND_ALONE
    assert found["estimate"] == pytest.approx(p, abs=1e-6)
    for limit in (found["low"], found["high"]):
        # A limit is the share whose own standard error reaches just to the estimate.
        error = np.sqrt(limit * (1 - limit) * (1 - 200 / 2000) / 199)
        assert abs(p - limit) / error == pytest.approx(t.ppf(0.975, 199), rel=1e-4)


def test_the_finite_population_correction_is_for_draws_without_replacement() -> None:
    without, with_replacement = (row(shares.shares(SAMPLE, BOTH, FRAME, replacement=how)) for how in (False, True))
    ratio = (without["high"] - without["low"]) / (with_replacement["high"] - with_replacement["low"])
    assert ratio == pytest.approx(np.sqrt(1 - 200 / 2000), rel=0.005)


def test_the_estimate_is_that_of_ppi_python() -> None:
    """The same lambda gives the same estimate; in our terms theirs is lambda (1 - n/N)."""
    from ppi_py import ppi_mean_pointestimate  # only here: it takes long to load

    found = row(shares.shares(SAMPLE, BOTH, FRAME, machine=outside(EVERYONE, SAMPLE)))
    assert found["method"] == shares.HAND_AND_MACHINE
    rest = EVERYONE.drop(SAMPLE.index)
    y, f = (SAMPLE["stance"] == "for").to_numpy(dtype=float), SAMPLE["score"].to_numpy()
    power = np.cov(y, f)[0, 1] / np.var(f, ddof=1) * (1 - 200 / 2000)
    expected = ppi_mean_pointestimate(y, f, rest["score"].to_numpy(), lam=power).item()
    assert found["estimate"] == pytest.approx(expected, abs=2e-6)
    # With their own lambda, which takes the scores' variance from all texts, it is nearly so.
    tuned = ppi_mean_pointestimate(y, f, rest["score"].to_numpy()).item()
    assert found["estimate"] == pytest.approx(tuned, abs=0.005)


def test_the_width_is_that_of_ppi_python_where_the_sample_is_large() -> None:
    """Their interval is for a sample from an endless population: ours without a finite-population correction."""
    from ppi_py import ppi_mean_ci  # only here: it takes long to load

    everyone = crowd(100_000)
    hand = drawn(everyone, 1000)
    found = row(shares.shares(hand, BOTH, shares.frame(everyone), machine=outside(everyone, hand), replacement=True))
    y, rest = (hand["stance"] == "for").to_numpy(dtype=float), everyone.drop(hand.index)["score"].to_numpy()
    low, high = (limit.item() for limit in ppi_mean_ci(y, hand["score"].to_numpy(), rest, alpha=0.05))
    assert found["high"] - found["low"] == pytest.approx(high - low, rel=0.015)
    assert (found["low"], found["high"]) == pytest.approx((low, high), abs=0.003)


def test_a_good_machine_narrows_and_a_useless_one_does_not_widen() -> None:
    alone = row(shares.shares(SAMPLE, BOTH, FRAME))
    good = row(shares.shares(SAMPLE, BOTH, FRAME, machine=outside(EVERYONE, SAMPLE)))
    assert good["high"] - good["low"] < 0.75 * (alone["high"] - alone["low"])
    for seed in range(20):
        noise = crowd(2000, right=0.5, seed=seed)
        hand = drawn(noise, 60, seed)
        frame = shares.frame(noise)
        without = row(shares.shares(hand, BOTH, frame))
        found = row(shares.shares(hand, BOTH, frame, machine=outside(noise, hand)))
        if found["method"] == shares.HAND_ALONE:
            assert tuple(found[["estimate", "low", "high"]]) == tuple(without[["estimate", "low", "high"]])
            assert found["note"] == "machine scores do not help"
        # An interval nearer to one half is wider by nature: by less than a hundredth here.
        assert found["high"] - found["low"] < 1.01 * (without["high"] - without["low"])


def test_a_machine_that_is_always_wrong_is_not_used_the_wrong_way_round() -> None:
    wrong = EVERYONE.assign(score=-EVERYONE["score"])
    found = shares.shares(SAMPLE, BOTH, FRAME, machine=outside(wrong, SAMPLE))
    assert (found["method"] == shares.HAND_ALONE).all()


def test_swapping_the_labels_swaps_the_shares() -> None:
    swapped = {"for": "against", "against": "for"}
    found = shares.shares(SAMPLE, BOTH, FRAME, machine=outside(EVERYONE, SAMPLE))
    hand = SAMPLE.assign(stance=SAMPLE["stance"].map(swapped))
    turned = shares.shares(hand, BOTH, FRAME, machine=outside(EVERYONE.assign(score=-EVERYONE["score"]), SAMPLE))
    columns = ["n_category", "estimate", "low", "high"]
    for one, other in (("for", "against"), ("against", "for")):
        assert list(row(turned, one)[columns]) == list(row(found, other)[columns])
    assert row(found)["estimate"] + row(found, "against")["estimate"] == pytest.approx(1, abs=2e-6)
    assert row(found)["low"] == pytest.approx(1 - row(found, "against")["high"], abs=2e-6)


def test_scores_of_a_part_of_the_frame_are_refused() -> None:
    part = pd.concat([SAMPLE, EVERYONE.drop(SAMPLE.index).iloc[:300]])
    with pytest.raises(ValueError, match="not over all texts of the frame"):
        shares.shares(SAMPLE, BOTH, FRAME, machine=outside(part, SAMPLE))


def test_more_codes_for_a_category_raise_its_share() -> None:
    before = row(shares.shares(SAMPLE, BOTH, FRAME, machine=outside(EVERYONE, SAMPLE)))
    hand = SAMPLE.copy()
    hand.loc[hand.index[:40], "stance"] = "for"
    after = row(shares.shares(hand, BOTH, FRAME, machine=outside(EVERYONE, hand)))
    assert after["estimate"] > before["estimate"]


def test_a_rare_category_has_an_exact_interval_and_says_so() -> None:
    hand = SAMPLE.assign(stance="against")
    found = row(shares.shares(hand, BOTH, FRAME, machine=outside(EVERYONE, SAMPLE)))
    assert (found["estimate"], found["low"], found["method"]) == (0, 0, shares.HAND_ALONE)
    size = 200 / (1 - 200 / 2000)
    assert found["high"] == pytest.approx(1 - 0.025 ** (1 / size), abs=1e-6)
    assert "Clopper-Pearson" in found["note"]


def test_all_coded_by_hand_needs_no_interval() -> None:
    found = row(shares.shares(EVERYONE, BOTH, FRAME, machine=outside(EVERYONE, EVERYONE)))
    assert found["method"] == shares.ALL_CODED
    assert found["estimate"] == found["low"] == found["high"] == pytest.approx((EVERYONE["stance"] == "for").mean())


def sent(everyone: pd.DataFrame) -> pd.DataFrame:
    """Those in favour send their text twice."""
    return everyone.assign(submissions=np.where(everyone["stance"] == "for", 2, 1))


def test_submissions_count_each_text_as_often_as_it_was_sent() -> None:
    everyone = sent(EVERYONE)
    hand = everyone.loc[SAMPLE.index]
    found = shares.shares(hand, BOTH, shares.frame(everyone), machine=outside(everyone, hand))
    texts, submissions = row(found), row(found, estimand=shares.SUBMISSIONS)
    count = (everyone["stance"] == "for").sum()
    truth = 2 * count / (2000 + count)
    assert submissions["low"] < truth < submissions["high"]
    assert texts["high"] < truth
    assert submissions["n_population"] == 2000 + count
    assert submissions["n_category"] == 2 * texts["n_category"]
    assert submissions["method"] == shares.HAND_AND_MACHINE
    alone = row(shares.shares(hand, BOTH, shares.frame(everyone)), estimand=shares.SUBMISSIONS)
    assert alone["estimate"] == pytest.approx(
        hand.loc[hand["stance"] == "for", "submissions"].sum() / hand["submissions"].sum(), abs=1e-6
    )
    assert submissions["high"] - submissions["low"] < alone["high"] - alone["low"]


def test_where_every_text_was_sent_once_both_estimands_agree() -> None:
    found = shares.shares(SAMPLE, BOTH, FRAME, machine=outside(EVERYONE, SAMPLE))
    columns = ["n_population", "n_hand", "n_category", "estimate", "low", "high"]
    assert list(row(found)[columns]) == list(row(found, estimand=shares.SUBMISSIONS)[columns])


def test_a_campaign_left_to_chance_has_no_share_of_submissions() -> None:
    everyone = EVERYONE.assign(submissions=1)
    everyone.loc[next(place for place in everyone.index if place not in SAMPLE.index), "submissions"] = 800
    found = shares.shares(everyone.loc[SAMPLE.index], BOTH, shares.frame(everyone))
    assert row(found)["method"] == shares.HAND_ALONE
    heavy = row(found, estimand=shares.SUBMISSIONS)
    assert heavy["method"] == shares.COUNTS_ONLY
    assert "a text sent 800 times was left to chance" in heavy["note"]


def test_a_campaign_that_is_always_coded_is_a_stratum_of_its_own() -> None:
    campaign = int(EVERYONE.index[0])
    first = EVERYONE.index == campaign
    everyone = EVERYONE.assign(submissions=np.where(first, 800, 1), stratum=np.where(first, "campaigns", "others"))
    others = drawn(everyone.drop(campaign), 199)
    hand = pd.concat([everyone.loc[[campaign]], others])
    found = row(
        shares.shares(hand, BOTH, shares.frame(everyone), machine=outside(everyone, hand)), estimand=shares.SUBMISSIONS
    )
    own = everyone.loc[campaign, "stance"] == "for"
    truth = ((everyone["stance"] == "for") * everyone["submissions"]).sum() / everyone["submissions"].sum()
    assert found["low"] < truth < found["high"]
    rest = (others["stance"] == "for").mean()
    assert found["estimate"] == pytest.approx((800 * own + 1999 * rest) / 2799, abs=0.05)


def test_strata_drawn_at_different_rates_are_weighed_back() -> None:
    everyone = EVERYONE.assign(stratum=np.where(np.arange(2000) < 200, "long", "short"))
    everyone.loc[everyone["stratum"] == "long", "stance"] = "for"
    parts = [drawn(everyone[everyone["stratum"] == name], 50) for name in ("long", "short")]
    hand, frame = pd.concat(parts), shares.frame(everyone)
    found = row(shares.shares(hand, BOTH, frame))
    of_short = (parts[1]["stance"] == "for").mean()
    assert found["estimate"] == pytest.approx((200 * 1 + 1800 * of_short) / 2000, abs=1e-6)
    error = 0.9 * np.sqrt(of_short * (1 - of_short) / 49 * (1 - 50 / 1800))
    assert found["high"] - found["low"] == pytest.approx(2 * t.ppf(0.975, 98) * error, rel=0.05)
    with pytest.raises(BriefError, match="Draw and code at least two of every stratum"):
        shares.shares(hand.iloc[49:], BOTH, frame)
    with pytest.raises(BriefError, match="no text of the frame is in stratum other"):
        shares.shares(hand.assign(stratum="other"), BOTH, frame)


def test_rows_batches_and_their_order_make_no_difference() -> None:
    everyone = sent(EVERYONE)
    hand = everyone.loc[SAMPLE.index]
    machine = outside(everyone, hand)
    whole = shares.shares(hand, BOTH, shares.frame(everyone), machine=machine)
    mixed = everyone.sample(frac=1, random_state=4)
    frame = shares.merge_frames([shares.frame(mixed.iloc[start : start + 300]) for start in range(0, 2000, 300)])
    again = shares.shares(hand.sample(frac=1, random_state=5), BOTH, frame, machine=machine)
    pd.testing.assert_frame_equal(again, whole, check_exact=True)


@pytest.mark.parametrize("replacement", [True, False])
def test_intervals_cover_as_often_as_they_say(replacement: bool) -> None:
    """150 draws of 60 of 600 texts: at 95 % the Monte Carlo error is 1.8 points, and the limit three of them away."""
    everyone = crowd(600, share=0.3, right=0.85)
    truth, frame = (everyone["stance"] == "for").mean(), shares.frame(everyone)
    covered, estimates = 0, []
    for seed in range(150):
        hand = everyone.iloc[np.random.default_rng(seed).choice(600, 60, replace=replacement)]
        machine = outside(everyone, hand)
        found = row(shares.shares(hand, ["for"], frame, machine=machine, replacement=replacement))
        covered += found["low"] <= truth <= found["high"]
        estimates.append(found["estimate"])
    assert abs(covered / 150 - 0.95) < 3 * np.sqrt(0.95 * 0.05 / 150)
    bias = abs(np.mean(estimates) - truth)
    assert bias < 3 * np.std(estimates) / np.sqrt(150)
    # The share of machine codes, which is never returned, is off by seven points whatever the sample.
    assert abs((everyone["score"] > 0).mean() - truth) > 5 * bias


def test_hand_codes_do_not_predict_themselves() -> None:
    """Labels dealt by chance: a model that has seen them knows them by heart, those of the folds know nothing."""
    chance = np.random.default_rng(6)
    hand = HAND.assign(stance=chance.permutation(HAND["stance"].to_numpy()))
    given = (hand["stance"] == "for").to_numpy()
    fitted = cross_fitting.cross_fit(hand, ["for"], "stance")
    unseen = np.corrcoef(given, fitted.scores["for"])[0, 1]
    assert unseen < 3 / np.sqrt(len(hand))
    rows = text_model.counted(fitted.counter, list(hand["text"]))
    seen = text_model.learn(fitted.counter, rows, given[:, None]).scores(rows)[:, 0]
    assert np.corrcoef(given, seen)[0, 1] > 0.8


def test_scores_of_the_rest_are_sums_of_the_models_of_the_folds() -> None:
    fitted = cross_fitting.cross_fit(HAND, BOTH, "stance")
    rest = REST.assign(comment_id=["r" + name for name in REST["comment_id"]], submissions=range(1, len(REST) + 1))
    whole = cross_fitting.score_sums(fitted, rest)
    assert list(whole.columns) == list(SUM_COLUMNS)
    assert set(whole["texts"]) == {len(REST)}
    rows = text_model.counted(fitted.counter, list(rest["text"]))
    expected = np.clip(fitted.models[3].scores(rows)[:, 1], -1, 1)
    cell = whole[(whole["fold"] == 3) & (whole["category"] == "against")].iloc[0]
    assert cell["score_by_text"] / UNIT == pytest.approx(expected.sum(), abs=1e-3)
    assert cell["score_by_submission"] / UNIT == pytest.approx((expected * rest["submissions"]).sum(), abs=1e-1)
    parts = [cross_fitting.score_sums(fitted, rest.iloc[start : start + 7]) for start in range(0, len(rest), 7)]
    pd.testing.assert_frame_equal(cross_fitting.merge(reversed(parts)), whole, check_exact=True)
    together = pd.concat([rest, HAND])
    pd.testing.assert_frame_equal(cross_fitting.score_sums(fitted, together), whole, check_exact=True)
    assert len(cross_fitting.score_sums(fitted, HAND)) == 0
    shuffled = cross_fitting.cross_fit(HAND.sample(frac=1, random_state=1), BOTH, "stance")
    pd.testing.assert_frame_equal(shuffled.scores, fitted.scores, check_exact=True)


def test_from_texts_to_shares_of_stances_and_of_themes() -> None:
    everyone = pd.concat([HAND, REST.assign(comment_id=["r" + name for name in REST["comment_id"]])])
    for column, categories in (("stance", BOTH), ("themes", ["noise", "trade"])):
        fitted = cross_fitting.cross_fit(HAND, categories, column)
        machine = fitted, cross_fitting.score_sums(fitted, everyone)
        found = shares.shares(HAND, categories, shares.frame(everyone), column, machine)
        assert (found["method"] == shares.HAND_AND_MACHINE).all()
        for category in categories:
            truth = (everyone[column] == category).mean()
            assert row(found, category)["low"] < truth < row(found, category)["high"]
