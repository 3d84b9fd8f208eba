"""Ranks under weights, against every way in which ranges can turn out."""

from __future__ import annotations

from itertools import product

import pandas as pd

from brief import figures
from brief.analysis import options as comparing
from brief.analysis import weighing
from brief.data.loading import load
from brief.figures import Table
from brief.figures.weighing import ALIKE, EVERYTHING, alike, balanced, settings_of
from brief.findings.findings import Findings
from conftest import ROOT
from small_briefs import LETTERS, appraisal, brief


def cells(rows: list[tuple[str, str, int, int]], options: str = "abc", criteria: str = "xy") -> pd.DataFrame:
    assessed = pd.DataFrame(rows, columns=["option_id", "criterion_id", "low", "high"])
    return comparing.cells(list(options), list(criteria), assessed, 5)


def test_ranks_are_those_of_every_completion() -> None:
    rows = [("a", "x", 1, 3), ("b", "x", 2, 2), ("c", "x", 0, 1), ("a", "y", 2, 3), ("b", "y", 0, 2), ("c", "y", 4, 4)]
    weights = {"x": 2, "y": 1}
    found = weighing.positions(cells(rows), weights).set_index("option_id")
    seen: dict[str, list[int]] = {name: [] for name in "abc"}
    ranges = [range(low, high + 1) for _, _, low, high in rows]
    for levels in product(*ranges):
        sums = dict.fromkeys("abc", 0)
        for (name, criterion, _, _), level in zip(rows, levels, strict=True):
            sums[name] += weights[criterion] * level
        for name, total in sums.items():
            seen[name].append(1 + sum(other > total for other in sums.values()))
    for name, places in seen.items():
        assert (found.loc[name, "best"], found.loc[name, "worst"]) == (min(places), max(places)), name


def test_what_is_not_assessed_leaves_every_rank_open() -> None:
    found = weighing.positions(cells([("a", "x", 3, 3), ("b", "x", 1, 1)], criteria="x"), {"x": 1})
    assert found.to_numpy().tolist() == [["a", 1, 2], ["b", 2, 3], ["c", 1, 3]]


def test_a_criterion_shares_its_weight_with_its_parts_and_gain_weighs_as_much_as_loss() -> None:
    weights = alike(["x", "p", "y"], ["x", "p", "y"], {"p": "x"})
    assert weights == {"x": 1, "p": 1, "y": 2}
    assert alike(["x", "p", "y"], ["p"], {"p": "x"}) == {"x": 0, "p": 1, "y": 0}
    both = balanced({"g": 1, "x": 0, "p": 0, "y": 0}, {"g": 0, "x": 1, "p": 1, "y": 2})
    assert both == {"g": 4, "x": 1, "p": 1, "y": 2}
    own = settings_of(load(ROOT).appraisal)
    asks = load(ROOT).appraisal.criteria.set_index("criterion_id")["asks"]
    sums = pd.Series(own[ALIKE]).groupby(asks).sum()
    assert sums["what is gained"] == sums["what is lost"] > 0


def test_the_table_has_the_ranks_and_the_script_gets_the_same_levels() -> None:
    made = figures.tables()["under-some-weights"](Findings(brief(LETTERS)), {})
    assert isinstance(made, Table)
    assert list(made.data["Option"]) == ["Open lane", "Closed lane", "Slow lane"]
    assert made.folded_on_phones and made.weighs["criteria"][0] == {"name": "Quiet", "asks": "What is gained"}
    assert made.weighs["options"][1] == {"name": "Closed lane", "group": 0, "low": [4, 3, 1], "high": [4, 3, 2]}
    assert list(settings_of(appraisal())) == [EVERYTHING, "Only gain"]
