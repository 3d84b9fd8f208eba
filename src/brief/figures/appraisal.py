"""Tables of the options: what each buys and costs, the performance matrix, and what follows from it without weights."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import pandas as pd

from brief.analysis import options as comparing
from brief.contract.tables import LEVELS, NOT_ASSESSED
from brief.data.bibliography import names_of
from brief.figures import SILENT, Table, Unavailable, table
from brief.findings import published as base
from brief.findings.facts import Fact
from brief.prose.language import capital, listed, number_word

if TYPE_CHECKING:
    from brief.data.appraisal import Appraisal
    from brief.data.brief import Brief
    from brief.findings.findings import Findings

NO_OPTIONS = Unavailable("No options have been laid open yet.")
_BY_DEFINITION = "The baseline, with which the others are compared."
_OPEN = "open"


def level(cell: Mapping[str, Any]) -> str:
    """A cell in words: a level, a range of levels, or that it is not assessed."""
    if not cell["assessed"]:
        return NOT_ASSESSED
    low, high = LEVELS[cell["low"]], LEVELS[cell["high"]]
    return low if low == high else f"{low} to {high}"


def assessor(brief: Brief) -> str:
    """Who assessed, by the names in the list of coders."""
    named = dict(zip(brief.coders["coder_id"], brief.coders["name"], strict=True)) if len(brief.coders) else {}
    who = dict.fromkeys(brief.appraisal.assessments["assessed_by"])
    return listed(named.get(name, name) for name in who) or NOT_ASSESSED


def _cited(brief: Brief, cell: str, condition: str = "") -> str:
    return "; ".join([*names_of(brief.sources, cell), *(["the model of this brief"] if condition else [])])


@table("options")
def options(findings: Findings, facts: Mapping[str, Fact]) -> Table | Unavailable:
    """Each option: what it buys and what it costs."""
    brief = findings.brief
    rows = base.records(brief.appraisal.options)
    if not rows:
        return NO_OPTIONS
    data = pd.DataFrame(
        {
            "Option": [one["name"] for one in rows],
            "What it buys": [capital(one["buys"]) for one in rows],
            "What it costs": [capital(one["costs"]) for one in rows],
        }
    )
    return Table(
        caption="What each option buys and costs",
        data=data,
        source="data/options/options.csv; sources of each in the next table",
    )


@table("option-terms")
def option_terms(findings: Findings, facts: Mapping[str, Fact]) -> Table | Unavailable:
    """Each option: what it is, whether it has rivals, and the sources of what it buys and costs."""
    brief = findings.brief
    weighed = brief.appraisal
    rows = base.records(weighed.options)
    if not rows:
        return SILENT
    among = {name for group in weighed.rivals for name in group}
    data = pd.DataFrame(
        {
            "Option": [one["name"] for one in rows],
            "What it is": [one["what"] for one in rows],
            "Has rivals": ["yes" if one["option_id"] in among else "no" for one in rows],
            "Sources of what it buys and costs": [_cited(brief, one["sources"], one["holds_while"]) for one in rows],
        }
    )
    return Table(caption="What each option is", data=data, source="data/options/options.csv")


@table("performance-matrix")
def performance_matrix(findings: Findings, facts: Mapping[str, Fact]) -> Table | Unavailable:
    """Options by criteria: how each does beside the baseline."""
    brief = findings.brief
    weighed = brief.appraisal
    if not len(weighed.cells):
        return SILENT
    names = weighed.names()
    words = weighed.cells.assign(level=[level(cell) for cell in base.records(weighed.cells)])
    data = {"Option": [names[name] for name in weighed.options["option_id"]]}
    for criterion, rows in words.groupby("criterion_id", sort=False):
        data[names[str(criterion)]] = list(rows["level"])
    parts = [f"{names[part]} is a part of {names[whole]}" for part, whole in weighed.part_of.items()]
    return Table(
        caption=f"How each option does beside {_baseline_named(weighed)}",
        data=pd.DataFrame(data),
        source=f"data/options/; assessed by: {assessor(brief)}",
        note=f"Better and worse are steps in order, not amounts. {listed(parts)}{'.' if parts else ''}".strip(),
        matrix=True,
    )


def _baseline_named(weighed: Appraisal) -> str:
    name = weighed.names().get(weighed.baseline or "", "")
    return f"{name[:1].lower()}{name[1:]}" if name else "the baseline"


@table("criteria")
def criteria(findings: Findings, facts: Mapping[str, Fact]) -> Table | Unavailable:
    """What each criterion asks, and the published set that it is from."""
    brief = findings.brief
    rows = base.records(brief.appraisal.criteria)
    if not rows:
        return SILENT
    names = brief.appraisal.names()
    data = pd.DataFrame(
        {
            "Criterion": [one["name"] for one in rows],
            "What it asks of an option": [one["question"] for one in rows],
            "Part of": [names.get(one["part_of"], "") for one in rows],
            "Set": [one["set"] for one in rows],
        }
    )
    return Table(caption="Criteria", data=data, source="data/options/criteria.csv")


@table("care-most-about")
def care_about(findings: Findings, facts: Mapping[str, Fact]) -> Table | Unavailable:
    """For each criterion the options in the order of their places on it, with reason and sources."""
    brief = findings.brief
    weighed = brief.appraisal
    if not len(weighed.cells):
        return SILENT
    names, among = weighed.names(), {name for group in weighed.rivals for name in group}
    told = {(one["option_id"], one["criterion_id"]): one for one in base.records(weighed.assessments)}
    placed = comparing.places(weighed.cells_of(among)).set_index(["option_id", "criterion_id"])["place"].to_dict()
    order = [comparing.FIRST, comparing.MAY_BE_FIRST, comparing.ALONE, comparing.BEHIND, "not a rival", NOT_ASSESSED]
    rows: list[tuple[str, ...]] = []
    for criterion in weighed.criteria["criterion_id"]:
        part = []
        for cell in base.records(weighed.cells[weighed.cells["criterion_id"] == criterion]):
            key = (cell["option_id"], criterion)
            place = str(placed.get(key, "not a rival")) if cell["assessed"] else NOT_ASSESSED
            one = told.get(key, {"reason": "", "sources": "", "holds_while": ""})
            reason = _BY_DEFINITION if cell["option_id"] == weighed.baseline else one["reason"]
            cited = _cited(brief, one["sources"], one["holds_while"])
            part.append((names[criterion], names[cell["option_id"]], level(cell), place, reason, cited))
        rows += sorted(part, key=lambda row: order.index(row[3]))
    columns = ["Criterion", "Option", "Beside the baseline", "Place", "Why", "Sources"]
    return Table(
        caption="If a criterion matters to you before all others",
        data=pd.DataFrame(rows, columns=columns),
        source=f"data/options/assessments.csv; assessed by: {assessor(brief)}",
        note=(
            "Places are among rivals that are assessed. An option that may be first can be so within its range; where "
            "it is not assessed, it could still take any place."
        ),
        column_notes={"Place": "First: no rival that is assessed can pass it."},
        choose=("Criterion",),
    )


@table("dominance")
def dominance(findings: Findings, facts: Mapping[str, Fact]) -> Table | Unavailable:
    """For each pair of rivals whether either is at least as good on each criterion and better on some."""
    brief = findings.brief
    weighed = brief.appraisal
    if not len(weighed.pairs):
        return Unavailable("There are no options that are rivals.") if len(weighed.options) else SILENT
    names = weighed.names()
    both = {(one["better"], one["worse"]): one for one in base.records(weighed.pairs)}
    rows = []
    for (one, other), pair in both.items():
        if list(both).index((one, other)) < list(both).index((other, one)):
            verdict = _verdict(names[one], pair["verdict"], names[other], both[other, one]["verdict"])
            ahead, behind = ([names[name] for name in pair[side]] for side in ("ahead", "behind"))
            rows.append((names[one], names[other], verdict, "; ".join(ahead), "; ".join(behind)))
    columns = ["Option", "Rival", "Without any weights", "Option surely better on", "Rival surely better on"]
    return Table(
        caption="Is an option at least as good as its rival on every count?",
        data=pd.DataFrame(rows, columns=columns),
        source="data/options/assessments.csv",
        note=(
            "Worst case against best case: an option counts as better only where the whole of its range is. What is "
            "not assessed may be anything, so a pair stays open until it is known."
        ),
    )


def _verdict(one: str, first: str, other: str, second: str) -> str:
    for name, verdict in ((one, first), (other, second)):
        if verdict == comparing.ALWAYS:
            return f"{name} dominates"
        if verdict == comparing.SO_FAR:
            return f"{name} dominates on what is assessed; the rest is open"
    still = [name for name, verdict in ((one, first), (other, second)) if verdict != comparing.NEVER]
    return f"Open: {' or '.join(still)} could still dominate" if still else "Neither dominates: each is ahead somewhere"


@table("to-be-known-first")
def to_be_known(findings: Findings, facts: Mapping[str, Fact]) -> Table | Unavailable:
    """For each criterion what is not known, and what knowing it could change."""
    brief = findings.brief
    weighed = brief.appraisal
    if not len(weighed.questions):
        return SILENT
    names = weighed.names()
    rows = [
        (
            names[one["criterion_id"]],
            "; ".join(names[name] for name in one["missing"]),
            "; ".join(names[name] for name in one["ranges"]),
            one["decides"],
            "; ".join(names[name] for name in one["first"]) or _OPEN,
        )
        for one in base.records(weighed.questions)
    ]
    live = number_word(len(weighed.pairs))
    columns = ["Criterion", "Not assessed for", "Only a range for", "Comparisons that hang on it", "First in any case"]
    return Table(
        caption="What would have to be known first",
        data=pd.DataFrame(rows, columns=columns),
        source="data/options/assessments.csv",
        note=f"Of {live} comparisons of an option with a rival, in either direction, those that it could decide.",
    )


@table("central-weights")
def central_weights(findings: Findings, facts: Mapping[str, Fact]) -> Table | Unavailable:
    """For each rival how often it comes first over all weights, its confidence factor and its central weights."""
    brief = findings.brief
    weighed = brief.appraisal
    if not weighed.acceptability:
        return SILENT
    names = weighed.names()
    rows: list[dict[str, str]] = []
    for sure, whole in weighed.acceptability:
        anything = whole.ranks[whole.ranks["rank"] == 1].set_index("option_id")["share"]
        first = sure.ranks[sure.ranks["rank"] == 1].set_index("option_id")["share"]
        for one in base.records(sure.confidence):
            option = one["option_id"]
            rows.append(
                {
                    "Option": names[option],
                    "First": two(first[option]),
                    "First if the unknown may be anything": two(anything[option]),
                    "Confidence factor": two(one["confidence"]),
                    **{names[c]: two(weight) for c, weight in _weights(sure.weights, option)},
                }
            )
    return Table(
        caption="Over all weights: how often first, and with which weights",
        data=pd.DataFrame(rows).fillna(""),
        source="data/options/; SMAA-2 with ordinal criteria",
        note=(
            "Weights under a criterion are the mean of those with which the option comes first. They are what the "
            "option asks of a reader, and no person has given them."
        ),
        column_notes={"Confidence factor": "How often it is first where these weights are taken as given."},
    )


def two(share: float) -> str:
    """A share with as many decimals as the number of draws bears; empty where there is none."""
    return "" if pd.isna(share) else f"{share:.2f}"


def _weights(central: pd.DataFrame, option: str) -> list[tuple[str, float]]:
    own = central[central["option_id"] == option]
    return list(zip(own["criterion_id"], own["weight"], strict=True))
