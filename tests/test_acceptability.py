"""Rank acceptability against cases whose answer is known: by symmetry, by dominance, or by an area found by hand."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd
import pytest

from brief.analysis import options as comparing
from brief.analysis.acceptability import Acceptability, _simplex, accept

DRAWS = 40_000
NEAR = 4 * 0.5 / DRAWS**0.5
"""Four standard errors of a share at its largest."""


def accepted(
    rows: Mapping[str, str], levels: int, part_of: Mapping[str, str] | None = None, draws: int = DRAWS, seed: int = 1
) -> Acceptability:
    """Options by name, each with a digit (its level) for each criterion, or `?` where it is not assessed."""
    criteria = [f"c{place}" for place in range(len(next(iter(rows.values()))))]
    known = [
        (name, criterion, int(sign), int(sign))
        for name, signs in rows.items()
        for criterion, sign in zip(criteria, signs, strict=True)
        if sign != "?"
    ]
    assessed = pd.DataFrame(known, columns=["option_id", "criterion_id", "low", "high"])
    return accept(comparing.cells(list(rows), criteria, assessed, levels), levels, part_of, draws, seed)


def shares(found: Acceptability) -> dict[str, list[float]]:
    return {str(name): list(part["share"]) for name, part in found.ranks.groupby("option_id", sort=False)}


def test_two_options_with_opposed_values_share_the_first_place() -> None:
    """On a scale of two levels the values are 0 and 1, so an option is first where its weight is above a half."""
    found = shares(accepted({"a": "10", "b": "01"}, 2))
    assert found["a"] == pytest.approx([0.5, 0.5], abs=NEAR)
    assert found["b"] == pytest.approx([0.5, 0.5], abs=NEAR)


def test_a_dominated_option_is_never_first() -> None:
    found = accepted({"a": "44", "b": "31", "c": "13"}, 5)
    assert shares(found)["a"] == [1.0, 0.0, 0.0]
    assert shares(found)["b"][0] == 0.0
    assert set(found.weights["option_id"]) == {"a"}
    assert found.confidence.set_index("option_id")["confidence"].isna().to_dict() == {"a": False, "b": True, "c": True}


def test_a_cyclic_design_gives_each_rank_a_third() -> None:
    found = shares(accepted({"a": "420", "b": "042", "c": "204"}, 5))
    for name in "abc":
        assert found[name] == pytest.approx([1 / 3] * 3, abs=NEAR)


def test_an_area_of_the_weights_worked_out_by_hand() -> None:
    """Levels 0 to 2 with the middle value v; a = (1, 0, 0), b = (0, 1, 1): a is first where w1 > w2 + w3, w1 > 1/2.

    On the simplex of three weights that corner is a triangle of half the side: a quarter of the area.
    """
    found = shares(accepted({"a": "200", "b": "022"}, 3))
    assert found["a"][0] == pytest.approx(0.25, abs=NEAR)


def test_a_middle_level_takes_every_value_between() -> None:
    """a = (1, 0), b = (v1, v2) drawn apart: a is first where w1 (1 - v1) > w2 v2; both sides are alike in law."""
    found = shares(accepted({"a": "20", "b": "11"}, 3))
    assert found["a"][0] == pytest.approx(0.5, abs=NEAR)


def test_the_weight_of_a_criterion_is_shared_with_its_parts() -> None:
    """With c1 a part of c0, a = (1, 1, 0) has the first weight whole: first in half the draws, not three quarters."""
    apart = shares(accepted({"a": "110", "b": "001"}, 2))
    whole = shares(accepted({"a": "110", "b": "001"}, 2, {"c1": "c0"}))
    assert apart["a"][0] == pytest.approx(0.75, abs=NEAR)
    assert whole["a"][0] == pytest.approx(0.5, abs=NEAR)


def test_options_that_are_alike_share_their_ranks_exactly() -> None:
    found = shares(accepted({"a": "42", "b": "42", "c": "00"}, 5))
    assert found["a"] == found["b"] == [0.5, 0.5, 0.0]
    assert found["c"] == [0.0, 0.0, 1.0]


def test_what_is_not_assessed_may_be_anything() -> None:
    """One criterion of two levels: known to be good, or good in half the draws and then tied."""
    found = shares(accepted({"a": "1", "b": "?"}, 2))
    assert found["a"][0] == pytest.approx(0.75, abs=NEAR)


def test_shares_add_up_by_option_and_by_rank() -> None:
    found = accepted({"a": "413?", "b": "1422", "c": "3?14", "d": "2230"}, 5)
    wide = found.ranks.pivot(index="option_id", columns="rank", values="share")
    assert wide.sum(axis=0).to_list() == pytest.approx([1.0] * 4)
    assert wide.sum(axis=1).to_list() == pytest.approx([1.0] * 4)
    totals = found.weights.groupby("option_id")["weight"].sum()
    assert totals.to_list() == pytest.approx([1.0] * len(totals))
    assert found.error == pytest.approx(0.5 / DRAWS**0.5)


def test_central_weights_and_confidence_of_a_case_worked_out_by_hand() -> None:
    """a is first where w1 > 1/2, so its central weights are 3/4 and 1/4, and with these it is always first."""
    found = accepted({"a": "10", "b": "01"}, 2)
    central = found.weights[found.weights["option_id"] == "a"]["weight"].to_list()
    assert central == pytest.approx([0.75, 0.25], abs=0.01)
    assert found.confidence["confidence"].to_list() == [1.0, 1.0]


def test_the_same_seed_gives_the_same_numbers_and_another_only_within_the_error() -> None:
    rows = {"a": "413", "b": "142", "c": "3?1"}
    one, again, other = accepted(rows, 5), accepted(rows, 5), accepted(rows, 5, seed=2)
    pd.testing.assert_frame_equal(one.ranks, again.ranks)
    pd.testing.assert_frame_equal(one.weights, again.weights)
    gap = (one.ranks["share"] - other.ranks["share"]).abs().max()
    assert 0 < gap < 2 * NEAR


def test_weights_are_drawn_evenly_from_the_simplex() -> None:
    """The mean is the centre; each weight has the variance of a flat Dirichlet distribution, (n-1) / (n^2 (n+1))."""
    drawn = _simplex(np.random.default_rng(3), 50_000, 4)
    assert drawn.sum(axis=1) == pytest.approx(1.0)
    assert (drawn >= 0).all()
    assert drawn.mean(axis=0) == pytest.approx(0.25, abs=0.005)
    assert drawn.var(axis=0) == pytest.approx(3 / 80, abs=0.002)


def test_the_error_of_a_share_is_what_repeated_runs_show() -> None:
    small = [shares(accepted({"a": "10", "b": "01"}, 2, draws=400, seed=seed))["a"][0] for seed in range(60)]
    assert np.std(small) == pytest.approx(0.5 / 20, rel=0.35)
