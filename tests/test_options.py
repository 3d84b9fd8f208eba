"""Options compared without weights: ranges count at their worst, what is not assessed may be anything, and conditions
on which assessments rest are checked."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from brief import figures
from brief.analysis import options as comparing
from brief.book.contents import read_book
from brief.contract.tables import LEVELS
from brief.data import appraisal
from brief.data.appraisal import Appraisal
from brief.data.loading import load
from brief.figures import SILENT, Figure, Table, Unavailable
from brief.findings.facts import compute_facts, values
from brief.findings.facts.options import about_the_options
from brief.findings.findings import Findings
from conftest import ROOT
from small_briefs import LETTERS, brief
from small_briefs import appraisal as small

Rows = list[tuple[str, str, int, int]]


def cells(options: str, criteria: str, rows: Rows, baseline: str | None = None) -> pd.DataFrame:
    assessed = pd.DataFrame(rows, columns=["option_id", "criterion_id", "low", "high"])
    return comparing.cells(list(options), list(criteria), assessed, 5, baseline)


def verdict(matrix: pd.DataFrame, one: str, other: str) -> str:
    pairs = comparing.dominance(matrix)
    return str(pairs[(pairs["better"] == one) & (pairs["worse"] == other)]["verdict"].iloc[0])


def table(table_id: str, one: Any) -> Table:
    made = figures.tables()[table_id](Findings(one), {})
    assert isinstance(made, Table)
    return made


def test_every_pair_is_a_cell_and_what_is_not_assessed_spans_the_scale() -> None:
    matrix = cells("ab", "xy", [("b", "x", 1, 3)], baseline="a")
    assert matrix.to_numpy().tolist() == [
        ["a", "x", True, 2, 2],
        ["a", "y", True, 2, 2],
        ["b", "x", True, 1, 3],
        ["b", "y", False, 0, 4],
    ]


@pytest.mark.parametrize(
    ("rows", "first", "second"),
    [
        ([("a", "x", 3, 3), ("b", "x", 1, 1), ("a", "y", 2, 2), ("b", "y", 2, 2)], "always", "never"),
        ([("a", "x", 3, 4), ("b", "x", 0, 3), ("a", "y", 3, 4), ("b", "y", 0, 2)], "always", "never"),
        ([("a", "x", 3, 3), ("b", "x", 1, 1), ("a", "y", 1, 1), ("b", "y", 2, 2)], "never", "never"),
        ([("a", "x", 2, 4), ("b", "x", 1, 3), ("a", "y", 2, 2), ("b", "y", 2, 2)], "open", "open"),
        ([("a", "x", 3, 3), ("b", "x", 1, 1)], "so far", "never"),
        ([("a", "x", 3, 3), ("b", "y", 1, 1)], "nothing in common", "nothing in common"),
        ([("a", "x", 2, 2), ("b", "x", 2, 2), ("a", "y", 2, 2), ("b", "y", 2, 2)], "never", "never"),
    ],
)
def test_an_option_dominates_only_in_the_worst_case(rows: Rows, first: str, second: str) -> None:
    matrix = cells("ab", "xy", rows)
    assert (verdict(matrix, "a", "b"), verdict(matrix, "b", "a")) == (first, second)


def test_dominance_holds_in_every_completion_exactly_where_it_is_certain() -> None:
    """Against all ways in which ranges can turn out, counted one by one."""
    rows = [("a", "x", 2, 3), ("b", "x", 1, 2), ("a", "y", 3, 3), ("b", "y", 1, 2)]
    rows += [("c", "x", 2, 3), ("c", "y", 3, 4)]
    matrix = cells("abc", "xy", rows)
    ends = {(name, criterion): range(low, high + 1) for name, criterion, low, high in rows}
    for one in "abc":
        for other in "abc":
            if one != other:
                outcomes = {
                    x1 >= x2 and y1 >= y2 and (x1, y1) != (x2, y2)
                    for x1 in ends[one, "x"]
                    for y1 in ends[one, "y"]
                    for x2 in ends[other, "x"]
                    for y2 in ends[other, "y"]
                }
                expected = {(True,): "always", (False,): "never", (False, True): "open"}[tuple(sorted(outcomes))]
                assert verdict(matrix, one, other) == expected, (one, other)


def test_a_place_is_what_no_other_option_can_change() -> None:
    matrix = cells("abc", "x", [("a", "x", 2, 3), ("b", "x", 3, 3), ("c", "x", 0, 1)])
    assert list(comparing.places(matrix)["place"]) == ["may be first", "first or level", "behind"]
    ahead = cells("ab", "x", [("a", "x", 2, 3), ("b", "x", 1, 1)])
    assert list(comparing.places(ahead)["place"]) == ["first", "behind"]
    tied = cells("ab", "x", [("a", "x", 2, 2), ("b", "x", 2, 2)])
    assert list(comparing.places(tied)["place"]) == ["first or level", "first or level"]


def test_no_option_is_first_because_another_was_not_assessed() -> None:
    """What is not assessed may be anything, so it can pass each option that is not at the top of the scale."""
    alone = comparing.places(cells("ab", "x", [("a", "x", 2, 2)]))
    assert list(alone["place"]) == ["may be first", "not assessed"]
    led = cells("abc", "x", [("a", "x", 3, 3), ("b", "x", 1, 2)])
    assert list(comparing.places(led)["place"]) == ["may be first", "behind", "not assessed"]
    top = cells("ab", "x", [("a", "x", 4, 4)])
    assert list(comparing.places(top)["place"]) == ["first or level", "not assessed"]
    for name, fact in {fact.name: fact for fact in _facts(load(ROOT))}.items():
        if name.startswith("first-on-") and fact.value != "open":
            criterion = name.removeprefix("first-on-")
            among = {one for group in load(ROOT).appraisal.rivals for one in group}
            own = load(ROOT).appraisal.cells_of(among)
            assert own.loc[own["criterion_id"] == criterion, "assessed"].all(), name


def test_better_and_worse_are_counted_at_least_and_at_most() -> None:
    matrix = cells("abcd", "x", [("a", "x", 3, 4), ("b", "x", 1, 3), ("c", "x", 0, 1)])
    (row,) = comparing.beside_the_middle(matrix, 2).to_dict("records")
    assert row == {"criterion_id": "x", "better_least": 1, "better_most": 3, "worse_least": 1, "worse_most": 3}


def test_a_gain_and_a_harm_are_told_apart_by_what_the_criterion_asks() -> None:
    found = appraisal.gains_and_harms(small()).set_index("option_id")
    assert found.to_dict("index") == {
        "closed": {"gain": True, "harm": True, "open": False},
        "slow": {"gain": True, "harm": False, "open": True},
        "trees": {"gain": True, "harm": False, "open": True},
    }
    assert not appraisal.gains_and_harms(small(), ["quiet"])["harm"].any()


def test_a_gap_is_counted_apart_and_not_as_harmless() -> None:
    made = figures.figures()["options-on-criteria"](Findings(load(ROOT)), {})
    assert isinstance(made, Figure)
    assert made.headline == (
        "6 of 7 options that may bring a gain may also do harm; asking through another state: no harm "
        "known, but not fully assessed"
    )
    words = {row["text"] for layer in made.narrow["layer"] for row in layer["data"]["values"] if "text" in row}
    assert {"Worse", "No change", "Better", "Middle: no change", "Not assessed"} <= words, "a key for each mark"


def test_the_short_table_has_the_first_sentence_of_each_part() -> None:
    short, whole = (table(name, load(ROOT)).data for name in ("options-in-short", "option-terms"))
    for column in ("What it brings", "What it costs"):
        for one, words in zip(short[column], whole[column], strict=True):
            assert words.startswith(one) and re.fullmatch(r"[^.]+\.", one), one


def test_every_ranking_says_how_many_criteria_ask_for_a_gain_and_how_many_for_a_loss() -> None:
    one = load(ROOT)
    facts = {fact.name: fact.value for fact in _facts(one)}
    told = f"{facts['criteria-gained']} ask what is gained, {facts['criteria-lost']} ask what is lost"
    for name in ("care-most-about", "under-some-weights", "central-weights"):
        assert told in table(name, one).note, name
    assert told in figures.figures()["options-on-criteria"](Findings(one), {}).note  # type: ignore[union-attr]


def test_a_sentence_about_the_rivals_tests_each_of_them() -> None:
    """Its condition names each rival of this brief, and how many there are."""
    one = load(ROOT)
    text = (ROOT / "book" / "topic" / "options.md").read_text(encoding="utf-8")
    condition = text.split("{statement} who-reads-in-the-model")[1].split("\n")[1]
    for name in next(iter(one.appraisal.rivals)):
        assert f"access-{name}-" in condition, name
    assert f"rivals-changed == {len(one.appraisal.rivals[0]) - 1}" in condition


def test_what_has_to_be_known_first_is_what_could_decide() -> None:
    rows = [("a", "x", 3, 3), ("b", "x", 1, 1), ("a", "y", 3, 3)]
    matrix = cells("ab", "xy", rows)
    asked = comparing.open_questions(matrix, comparing.dominance(matrix))
    assert list(asked["criterion_id"]) == ["y", "x"]
    assert list(asked["decides"]) == [1, 0]
    assert list(asked["missing"]) == [["b"], []]
    assert list(asked["first"]) == [[], ["a"]]


def test_only_rivals_are_compared_and_the_baseline_is_one_of_them() -> None:
    weighed = small()
    assert weighed.rivals == [["open", "closed", "slow"]]
    assert set(weighed.pairs["better"]) == {"open", "closed", "slow"}
    assert weighed.common(weighed.rivals[0]) == ["quiet"]
    facts = values({fact.name: fact for fact in _facts(brief(LETTERS))})
    assert (facts["options"], facts["options-rivals"], facts["options-without-rival"]) == (4, 3, 1)
    assert (facts["criteria"], facts["criteria-parts"]) == (2, 1)
    assert (facts["assessed-cells"], facts["not-assessed-cells"], facts["ranged-cells"]) == (5, 4, 2)
    assert facts["first-on-quiet"] == "Closed lane"
    assert facts["options-dominated"] == 0


def _facts(one: Any) -> Any:
    from brief.findings.facts.options import about_the_options

    return about_the_options(Findings(one))


def test_a_reader_finds_level_place_reason_and_source_of_each_assessment() -> None:
    told = table("care-most-about", brief(LETTERS)).data
    assert len(told) == 12
    quiet = told[told["Criterion"] == "Quiet"].set_index("Option")
    assert list(quiet.loc["Closed lane"]) == [
        "Quiet",
        "much better",
        "first",
        "No cars, no noise.",
        "The Gazette, 2020",
    ]
    assert quiet.loc["Trees", "Rank"] == "does a different job"
    assert next(iter(quiet.index)) == "Closed lane"
    trade = told[told["Criterion"] == "Trade"].set_index("Option")
    assert list(trade.loc["Slow lane", ["Level", "Why"]]) == [
        "not assessed",
        "Ask what shops sell.",
    ]
    nights = told[told["Criterion"] == "Nights"].set_index("Option")
    assert nights.loc["Closed lane", "Sources"] == "the model of this brief"


def test_the_matrix_is_the_assessments_in_words() -> None:
    shown = table("performance-matrix", brief(LETTERS))
    assert shown.matrix
    assert list(shown.data.set_index("Option").loc["Closed lane"]) == [
        "much better",
        "better",
        "worse to no change",
    ]
    assert set(shown.data.set_index("Option").loc["Open lane"]) == {"no change"}
    assert "Nights is a part of Quiet." in shown.note


def test_an_assessment_whose_condition_is_false_or_unknown_is_a_fault() -> None:
    weighed = small()
    assert appraisal.check_conditions(weighed, {"comments-shown": 5}) == []
    (false,) = appraisal.check_conditions(weighed, {"comments-shown": 0})
    assert "'comments-shown > 0' is false (comments-shown = 0)" in false.what
    assert (false.file, false.row) == ("data/options/assessments.csv", 4)
    (unknown,) = appraisal.check_conditions(weighed, {})
    assert "'comments-shown', which is not a fact" in unknown.what


def test_a_condition_that_is_no_longer_true_stops_the_build(project: Callable[..., Path]) -> None:
    from brief.book.check import check

    root = project("base")
    folder = root / "data" / "options"
    folder.mkdir()
    (folder / "options.csv").write_text(
        "option_id,name,what,buys,costs,rivals,baseline,holds_while\n"
        "open,Open,It is open.,Light.,Money.,hours,,comments-shown > 100\n",
        encoding="utf-8",
    )
    told = [fault for fault in check(root) if fault.file.startswith("data/options")]
    assert [fault.row for fault in told] == [2]
    assert "the row no longer holds" in told[0].what


def test_each_assessment_of_this_brief_has_a_reason_and_rests_on_something() -> None:
    one = load(ROOT)
    rows = one.appraisal.assessments
    assert (rows["reason"] != "").all()
    known = rows[rows["low"] != "not assessed"]
    assert ((known["sources"] != "") | (known["holds_while"] != "")).all()
    assert set(rows["assessed_by"]) <= set(one.coders["coder_id"])
    compared = one.appraisal.options.loc[one.appraisal.options["baseline"] == "", "option_id"]
    pairs = {(option, criterion) for option in compared for criterion in one.appraisal.criteria["criterion_id"]}
    assert set(zip(rows["option_id"], rows["criterion_id"], strict=True)) == pairs, "each is assessed, or says not"
    assert appraisal.check_conditions(one.appraisal, values(compute_facts(Findings(one)))) == []


def test_each_option_says_what_it_buys_and_what_it_costs() -> None:
    options = load(ROOT).appraisal.options
    for column in ("what", "buys", "costs"):
        assert (options[column].str.len() > 10).all(), column


def test_a_sentence_on_all_options_rests_on_facts_that_count_option_by_option() -> None:
    """Sentences on every option, or on none, name in their condition a fact to which each option was put."""
    about_all = re.compile(r"\b(each|every|all|no|none|any)\b[^.]*\b(option|alternative)s?\b", re.IGNORECASE)
    counted = re.compile(r"(rivals-changed|options-dominated|first-on-|(better|worse)-on-|criteria-in-common|cells)")
    seen = 0
    for docname, statement in read_book(ROOT).statements():
        for part in statement.alternatives if docname == "book/options" else ():
            if about_all.search(part.text) and part.condition:
                assert counted.search(part.condition), (statement.statement_id, part.condition)
                seen += 1
    assert seen > 3


@pytest.mark.parametrize("left", ["options", "criteria", "assessments"])
def test_options_that_are_only_begun_are_shown_as_far_as_they_go(left: str) -> None:
    """Options without criteria, or criteria without assessments, break nothing; what they do not bear is left out."""
    weighed = small()
    parts = {name: getattr(weighed, name) for name in ("options", "criteria", "assessments")}
    begun = list(parts)[: list(parts).index(left) + 1]
    if left == "assessments":
        parts["assessments"] = parts["assessments"].iloc[:1]
    one = Appraisal(*(frame if name in begun else frame.iloc[0:0] for name, frame in parts.items()))
    shown = brief(LETTERS, appraisal=one)
    names = ["options", "option-terms", "performance-matrix", "care-most-about", "dominance", "to-be-known-first"]
    for name in (*names, "under-some-weights"):
        figures.tables()[name](Findings(shown), {})
    drawn = figures.figures()["options-on-criteria"](Findings(shown), {})
    if left != "assessments":
        assert isinstance(drawn, Unavailable) and drawn.reason == "The options have not been assessed yet."
    assert figures.tables()["central-weights"](Findings(shown), {}) is SILENT
    assert values({fact.name: fact for fact in _facts(shown)})["draws"] == 0


def test_comments_set_no_weights() -> None:
    """Whatever readers write, and however they are coded, the options come out the same."""
    one, other = brief(LETTERS), brief([])
    for name in ("performance-matrix", "dominance", "to-be-known-first", "central-weights", "under-some-weights"):
        pd.testing.assert_frame_equal(table(name, one).data, table(name, other).data)


def test_the_scale_has_a_middle_for_the_baseline() -> None:
    assert LEVELS[len(LEVELS) // 2] == "no change" and len(LEVELS) % 2
    assert isinstance(small(), Appraisal)


def test_all_criteria_that_are_level_are_asked_about_first() -> None:
    findings = Findings(load(ROOT))
    facts = values(compute_facts(findings))
    asked = [row for row in findings.brief.appraisal.questions.to_dict("records") if row["missing"]]
    number = facts["asked-first-number"]
    assert isinstance(number, int) and number >= 3
    assert asked[number - 1]["decides"] == asked[2]["decides"] > asked[number]["decides"]
    assert facts["baseline-named"] == "encryption as it is today"
    (named,) = (fact for fact in about_the_options(Findings(brief(LETTERS))) if fact.name == "baseline-named")
    assert named.value == "open lane"


def test_no_option_is_said_to_do_as_well_as_nothing() -> None:
    for path in sorted((ROOT / "book").rglob("*.md")):
        assert not re.search(r"\bat least as \w+[.;]", path.read_text(encoding="utf-8")), path.name
