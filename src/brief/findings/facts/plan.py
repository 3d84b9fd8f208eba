"""The facts about the plan of a brief: how much was planned, and what of it came before the comments."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from brief.data import plan
from brief.findings.facts import Fact, counting, provides_facts
from brief.prose.catalogue import say

if TYPE_CHECKING:
    from brief.findings.findings import Findings


@provides_facts
def about_the_plan(findings: Findings) -> Iterator[Fact]:
    """Points of the plan, by when the repository had them; those that were changed or dropped since."""
    entries, former = findings.brief.plan.entries, findings.brief.plan.former
    planned = say("Points of the plan of this brief: its questions, coders, samples, figures and tables.")
    items = entries["kind"] + " " + entries["id"]
    yield counting("planned", items, planned, plan.PLAN, "point", "points")
    for name, state, when in (
        ("planned-before", plan.BEFORE, say("before any comments")),
        (
            "planned-before-reading",
            plan.BEFORE_READING,
            say("after some comments, and before the codings or the sample concerned"),
        ),
        ("planned-after", plan.AFTER, say("after these")),
        ("planned-undated", plan.UNDATED, say("of which no such time is recorded")),
    ):
        meaning = say("Points of the plan that the repository had {when}.", when=when)
        yield counting(name, items[entries["state"] == state], meaning, plan.HISTORY, "point", "points")
    dropped = former["dropped"].astype("bool")
    for name, rows, meaning in (
        ("plan-changed", former[~dropped], say("Points of the plan that were changed after they had been recorded.")),
        ("plan-dropped", former[dropped], say("Points of the plan that were taken out after they had been recorded.")),
    ):
        ids = {plan.item(kind, name) for kind, name in zip(rows["kind"], rows["id"], strict=True)}
        yield counting(name, ids, meaning, plan.HISTORY, "point", "points")
