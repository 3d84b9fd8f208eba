"""Agreement of coders: alpha beside a worked example of the literature, the `krippendorff` package and by hand."""

import krippendorff
import numpy as np
import pandas as pd
import pytest

from brief.analysis import agreement as agreeing
from brief.errors import BriefError

#: Krippendorff 2011, "Computing Krippendorff's Alpha-Reliability", section C: four observers, twelve units, gaps.
WORKED = ("123321412...", "1233224125.3", ".3332342251.", "12332441251.")
WORKED_ALPHA = 0.743


def readings(*coders: str) -> pd.DataFrame:
    """One string a coder: a value a comment, "." where the coder has not read it."""
    rows = [
        (f"coder-{coder}", f"unit-{unit:02}", value)
        for coder, values in enumerate(coders)
        for unit, value in enumerate(values)
        if value != "."
    ]
    return pd.DataFrame(rows, columns=["coder_id", "comment_id", "value"])


def codings(*rows: tuple[str, str, str, str]) -> pd.DataFrame:
    return pd.DataFrame(rows, columns=["coder_id", "comment_id", "stance", "themes"])


TWO = codings(
    ("ann", "c-1", "for", "noise;trade"),
    ("ann", "c-2", "for", "noise"),
    ("ann", "c-3", "against", ""),
    ("ann", "c-4", "mixed", "trade"),
    ("bob", "c-1", "for", "trade; noise"),
    ("bob", "c-2", "against", "noise;trade"),
    ("bob", "c-3", "against", ""),
    ("eve", "c-1", "against", ""),
)


def test_the_worked_example_of_the_literature() -> None:
    assert agreeing.alpha(readings(*WORKED)) == pytest.approx(WORKED_ALPHA, abs=0.0005)


@pytest.mark.parametrize("seed", range(5))
def test_alpha_equals_the_krippendorff_package(seed: int) -> None:
    chance = np.random.default_rng(seed)
    values = chance.choice(list("abc."), size=(3, 40), p=[0.4, 0.2, 0.1, 0.3])
    expected = krippendorff.alpha(
        [[np.nan if value == "." else "abc".index(value) for value in row] for row in values],
        level_of_measurement="nominal",
    )
    assert agreeing.alpha(readings(*("".join(row) for row in values))) == pytest.approx(expected, abs=1e-12)


def test_perfect_agreement_is_one_and_systematic_disagreement_is_below_zero() -> None:
    assert agreeing.alpha(readings("aabbc", "aabbc")) == 1
    assert agreeing.alpha(readings("ab", "ba")) == pytest.approx(-0.5)


def test_alpha_is_not_defined_without_variation_or_without_pairs() -> None:
    assert np.isnan(agreeing.alpha(readings("aaaa", "aaaa")))
    assert np.isnan(agreeing.alpha(readings("ab..", "..ab")))


def test_masi_of_passonneau() -> None:
    def distance(one: str, other: str) -> float:
        return agreeing.masi(frozenset(one), frozenset(other))

    assert distance("ab", "ba") == 0
    assert distance("", "") == 0
    assert distance("a", "b") == 1
    assert distance("", "a") == 1
    assert distance("a", "ab") == pytest.approx(1 - 1 / 2 * 2 / 3)
    assert distance("ab", "bc") == pytest.approx(1 - 1 / 3 * 1 / 3)
    assert distance("abc", "ab") == distance("ab", "abc")


def test_alpha_on_sets_by_hand() -> None:
    """Two comments: {a} and {a}; {a, b} and {a}. Observed (2 x 2/3) / 4; expected 2 x 3 x 1 x 2/3 / (4 x 3)."""
    sets = pd.DataFrame(
        [("x", "c-1", "a"), ("y", "c-1", "a"), ("x", "c-2", "ab"), ("y", "c-2", "a")],
        columns=["coder_id", "comment_id", "value"],
    )
    sets["value"] = sets["value"].map(frozenset)
    assert agreeing.alpha(sets, agreeing.masi) == pytest.approx(1 - (4 / 3 / 4) / (4 / 12))
    # The same readings as equal-or-not values: MASI counts the near miss as less of a disagreement, here and by chance.
    assert agreeing.alpha(sets) == pytest.approx(0)


def test_the_interval_holds_alpha_narrows_with_more_comments_and_is_the_same_twice() -> None:
    few, many = readings("aabbcabcab", "aabbcabcba"), readings("aabbcabcab" * 9, "aabbcabcba" * 9)
    low, high = agreeing.interval(few)
    assert low < agreeing.alpha(few) < high <= 1
    lower, higher = agreeing.interval(many)
    assert higher - lower < (high - low) / 2
    shuffled = few.sample(frac=1, random_state=3)
    assert agreeing.interval(shuffled) == (low, high)


def test_the_interval_covers_alpha_of_the_population() -> None:
    """200 samples of 40 comments at 95 % nominal: three Monte Carlo errors (1.5 points each) below is 90 %."""
    chance = np.random.default_rng(1)
    truth = chance.choice(list("ab"), size=4000)
    other = np.where(chance.random(4000) < 0.2, chance.choice(list("ab"), size=4000), truth)
    population = agreeing.alpha(readings("".join(truth), "".join(other)))
    covered = 0
    for _ in range(200):
        drawn = chance.choice(4000, size=40, replace=False)
        sample = readings("".join(truth[drawn]), "".join(other[drawn]))
        low, high = agreeing.interval(sample, resamples=200)
        covered += low <= population <= high
    assert covered / 200 >= 0.95 - 3 * 0.0154


def test_without_ten_comments_or_a_disagreement_there_is_no_interval() -> None:
    """An interval from 1 to 1 after a dozen comments would claim more than a dozen comments can tell."""
    assert np.isnan(agreeing.interval(readings("aabbcabca", "aabbcabcb"))).all()
    same = readings("aabbcabcabab", "aabbcabcabab").rename(columns={"value": "stance"})
    found = agreeing.agreement(same, ["coder-0", "coder-1"]).iloc[0]
    assert (found["alpha"], found["note"]) == (1, agreeing.NO_DISAGREEMENT)
    assert np.isnan(found["low"])


def test_with_one_coder_there_is_no_agreement_to_report() -> None:
    assert len(agreeing.agreement(TWO, ["ann"], ["noise"])) == 0
    assert "one independent coder" in agreeing.why_none(TWO, ["ann"])
    assert "no agreement" in agreeing.why_none(TWO.iloc[0:0], ["ann", "bob"])
    apart = codings(("ann", "c-1", "for", ""), ("bob", "c-2", "for", ""))
    assert "No comment was read by two" in agreeing.why_none(apart, ["ann", "bob"])
    assert agreeing.why_none(TWO, ["ann", "bob"]) == ""


def test_agreement_on_stance_on_sets_of_themes_and_on_each_theme() -> None:
    found = agreeing.agreement(TWO, ["ann", "bob"], ["noise", "trade"])
    assert list(found.columns) == list(agreeing.COLUMNS)
    assert list(zip(found["reading"], found["theme"], strict=True)) == [
        ("stance", ""),
        ("themes", ""),
        ("theme", "noise"),
        ("theme", "trade"),
    ]
    assert set(found["comments"]) == {3}
    assert set(found["pairs"]) == {3}
    by_theme = found.set_index("theme")["alpha"]
    assert by_theme["noise"] == 1
    assert by_theme["trade"] < 1
    assert found["low"].isna().all()
    assert found["note"].str.startswith("no interval below 10").all()


def test_pairs_count_every_pair_of_readings_of_a_comment() -> None:
    found = agreeing.agreement(TWO, ["ann", "bob", "eve"], [])
    assert (found["comments"].iloc[0], found["pairs"].iloc[0]) == (3, 5)


def test_only_the_coders_given_are_compared() -> None:
    coders = pd.DataFrame({"coder_id": ["eve", "bob", "ann"], "independent": [False, True, True]})
    assert agreeing.independent_coders(coders) == ["ann", "bob"]
    assert list(agreeing.agreement(TWO, ["ann", "bob"])["coders"]) == [2]


def test_a_theme_that_nobody_gave_has_no_alpha_and_says_why() -> None:
    found = agreeing.agreement(TWO, ["ann", "bob"], ["silence"])
    assert np.isnan(found.set_index("theme")["alpha"]["silence"])
    assert agreeing.NO_VARIATION in list(found["note"])


def test_disagreements_stand_side_by_side() -> None:
    found = agreeing.disagreements(TWO, ["ann", "bob"])
    assert list(found.itertuples(index=False, name=None)) == [
        ("c-2", "stance;themes", "for", "noise", "against", "noise;trade")
    ]
    assert list(found.columns) == ["comment_id", "differs", "stance_ann", "themes_ann", "stance_bob", "themes_bob"]
    assert len(agreeing.disagreements(TWO, ["ann"])) == 0


def test_the_comments_on_which_coders_differ_most_stand_first() -> None:
    rows = [
        *((coder, "c-1", stance, "noise") for coder, stance in (("ann", "for"), ("bob", "for"), ("cat", "against"))),
        *((coder, "c-2", stance, "noise") for coder, stance in (("ann", "for"), ("bob", "mixed"), ("cat", "against"))),
        *((coder, "c-3", "for", themes) for coder, themes in (("ann", "noise"), ("bob", "noise;trade"))),
        *((coder, "c-4", "for", themes) for coder, themes in (("ann", "noise"), ("bob", "trade"))),
        *((coder, "c-0", "for", "noise") for coder in ("ann", "bob")),
    ]
    codings = pd.DataFrame(rows, columns=["coder_id", "comment_id", "stance", "themes"])
    differ = agreeing.disagreements(codings, ["ann", "bob", "cat"])
    assert list(differ["comment_id"]) == ["c-2", "c-1", "c-4", "c-3"]


def test_two_passes_of_one_coder_are_refused() -> None:
    with pytest.raises(BriefError, match="two passes of one coder are not two coders"):
        agreeing.agreement(pd.concat([TWO, TWO.iloc[[0]]]), ["ann", "bob"])


def test_shuffled_rows_give_the_same_frame() -> None:
    for seed in range(3):
        shuffled = TWO.sample(frac=1, random_state=seed)
        pd.testing.assert_frame_equal(
            agreeing.agreement(shuffled, ["ann", "bob"], ["noise", "trade"]),
            agreeing.agreement(TWO, ["ann", "bob"], ["noise", "trade"]),
        )
        pd.testing.assert_frame_equal(
            agreeing.disagreements(shuffled, ["ann", "bob"]), agreeing.disagreements(TWO, ["ann", "bob"])
        )
