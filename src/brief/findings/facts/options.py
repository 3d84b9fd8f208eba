"""The facts about the options: how many there are, how much of them is assessed, and what follows without weights."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from brief.analysis import options as comparing
from brief.data.appraisal import ASSESSMENTS, CRITERIA, OPTIONS
from brief.findings.facts import Fact, provides_facts
from brief.prose.language import listed

if TYPE_CHECKING:
    from brief.data.brief import Brief
    from brief.findings.findings import Findings


@provides_facts
def about_the_options(findings: Findings) -> Iterator[Fact]:
    """Options, criteria and assessments; options that are dominated; which comes first on each criterion."""
    brief = findings.brief
    weighed = brief.appraisal
    yield Fact("options", len(weighed.options), "Options that are laid open.", OPTIONS, "option", "options")
    among = [name for group in weighed.rivals for name in group]
    yield Fact("options-rivals", len(among), "Options that have a rival.", OPTIONS, "option", "options")
    alone = len(weighed.options) - len(among)
    yield Fact("options-without-rival", alone, "Options that have no rival.", OPTIONS, "option", "options")
    wholes = len(weighed.criteria) - len(weighed.part_of)
    yield Fact("criteria", wholes, "Criteria that options are assessed on.", CRITERIA, "criterion", "criteria")
    parts = "Criteria that are a part of another."
    yield Fact("criteria-parts", len(weighed.part_of), parts, CRITERIA, "criterion", "criteria")
    compared = weighed.cells[weighed.cells["option_id"] != weighed.baseline]
    done = int(compared["assessed"].sum())
    pair = "Pairs of an option and a criterion"
    yield Fact("assessed-cells", done, f"{pair} that are assessed.", ASSESSMENTS, "assessment", "assessments")
    left = len(compared) - done
    yield Fact("not-assessed-cells", left, f"{pair} that are not.", ASSESSMENTS, "assessment", "assessments")
    ranged = int((compared["assessed"] & (compared["low"] < compared["high"])).sum())
    yield Fact("ranged-cells", ranged, f"{pair} assessed with a range.", ASSESSMENTS, "assessment", "assessments")
    unknown = int((~compared.groupby("criterion_id")["assessed"].any()).sum())
    nowhere = "Criteria on which no option is assessed."
    yield Fact("criteria-not-assessed", unknown, nowhere, ASSESSMENTS, "criterion", "criteria")
    common = sum(len(weighed.common(group)) for group in weighed.rivals)
    shared = "Criteria on which every rival is assessed."
    yield Fact("criteria-in-common", common, shared, ASSESSMENTS, "criterion", "criteria")
    drawn = max((sure.draws for sure, _ in weighed.acceptability), default=0)
    yield Fact("draws", drawn, "Draws of weights and of open values.", ASSESSMENTS, "draw", "draws")
    yield from _without_weights(brief)


def _without_weights(brief: Brief) -> Iterator[Fact]:
    weighed = brief.appraisal
    pairs, names = weighed.pairs, weighed.names()
    for verdict, name, told in (
        ([comparing.ALWAYS], "options-dominated", "whatever is not assessed yet turns out to be"),
        ([comparing.ALWAYS, comparing.SO_FAR], "options-dominated-so-far", "on what is assessed for both"),
    ):
        beaten = pairs.loc[pairs["verdict"].isin(verdict), "worse"].nunique()
        meaning = f"Options that a rival dominates, {told}: at least as good on each criterion, better on some."
        yield Fact(name, int(beaten), meaning, ASSESSMENTS, "option", "options")
    among = {name for group in weighed.rivals for name in group}
    placed = comparing.places(weighed.cells_of(among))
    settled = 0
    for criterion, rows in placed.groupby("criterion_id", sort=False):
        first = [names[name] for name in rows.loc[rows["place"] == comparing.FIRST, "option_id"]]
        settled += bool(first)
        value = listed(first) if first else "open"
        meaning = f"The rivals that come first on the criterion '{names[str(criterion)]}' among those assessed on it."
        yield Fact(f"first-on-{criterion}", value, meaning, ASSESSMENTS)
    sure = "Criteria on which it is certain which rivals come first among those assessed."
    yield Fact("criteria-settled", settled, sure, ASSESSMENTS, "criterion", "criteria")
