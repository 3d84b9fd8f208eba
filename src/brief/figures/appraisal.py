"""Tables of the options: what each is, brings and costs, how it was assessed, and what follows without weights."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import pandas as pd

from brief.analysis import options as comparing
from brief.contract.tables import ASKS, LEVELS, NOT_ASSESSED
from brief.data.bibliography import names_of
from brief.figures import SILENT, Table, Unavailable, table
from brief.findings import naming
from brief.findings.facts import Fact
from brief.findings.judgements import NOT_RECORDED
from brief.prose.catalogue import message, say
from brief.prose.language import capital, listed, within

if TYPE_CHECKING:
    from brief.data.appraisal import Appraisal
    from brief.data.brief import Brief
    from brief.findings.findings import Findings

NO_OPTIONS = Unavailable(message("No options have been compared yet."))
_BY_DEFINITION = message("All other options are compared with it.")
_OPEN, _ANOTHER_JOB = message("open"), message("does a different job")


def level(cell: Mapping[str, Any]) -> str:
    """A cell in words: a level, a range of levels, or that it is not assessed."""
    if not cell["assessed"]:
        return say(NOT_ASSESSED)
    low, high = say(LEVELS[cell["low"]]), say(LEVELS[cell["high"]])
    return low if low == high else say("{low} to {high}", low=low, high=high)


def assessor(brief: Brief) -> str:
    """Who assessed, by the names in the list of coders."""
    named = dict(zip(brief.coders["coder_id"], brief.coders["name"], strict=True)) if len(brief.coders) else {}
    who = dict.fromkeys(brief.appraisal.assessments["assessed_by"])
    return listed(named.get(name, name) for name in who) or say(NOT_ASSESSED)


def assessed_by(brief: Brief) -> str:
    """The source line of what rests on the assessments."""
    who = brief.appraisal.assessments["assessed_by"]
    kinds = set(brief.coders.loc[brief.coders["coder_id"].isin(who), "kind"]) if len(brief.coders) else set()
    if kinds == {NOT_RECORDED}:
        return say("the assessments of this brief, made while it was written; by whom is not recorded")
    return say("the assessments of this brief; made by: {assessor}", assessor=assessor(brief))


def tilt(appraisal: Appraisal) -> str:
    """How many criteria ask what is gained and how many what is lost, and what that does to any ranking."""
    asks = list(appraisal.criteria["asks"])
    sides = ", ".join(
        say("{count} ask {side}", count=asks.count(side), side=say(side)) for side in ASKS if side in asks
    )
    if not sides or appraisal.baseline is None:
        return ""
    return say(
        "Of {asks} criteria, {told}. {baseline} counts as no change on each, so it cannot do badly where a "
        "criterion asks what is lost. A first place there is no win.",
        asks=len(asks),
        told=sides,
        baseline=appraisal.names()[appraisal.baseline],
    )


def _cited(brief: Brief, cell: str, condition: str = "") -> str:
    return "; ".join([*names_of(brief.sources, cell), *([say("the model of this brief")] if condition else [])])


@table("options")
def options(findings: Findings, facts: Mapping[str, Fact]) -> Table | Unavailable:
    """Each option: what it is."""
    brief = findings.brief
    rows = naming.rows_of(brief.appraisal.options)
    if not rows:
        return NO_OPTIONS
    data = pd.DataFrame(
        {"Option": [option["name"] for option in rows], "What it is": [option["what"] for option in rows]}
    )
    return Table(caption=say("What each option is"), data=data, source=say("the list of options of this brief"))


@table("options-in-short")
def options_in_short(findings: Findings, facts: Mapping[str, Fact]) -> Table | Unavailable:
    """Each option in a line: the first sentence of what it is, of what it brings, and of what it costs."""
    brief = findings.brief
    rows = naming.rows_of(brief.appraisal.options)
    if not rows:
        return SILENT
    columns = {"What it is": "what", "What it brings": "buys", "What it costs": "costs"}
    in_short = {head: [capital(say(_gist(option[name]))) for option in rows] for head, name in columns.items()}
    return Table(
        caption=say("The options in short"),
        data=pd.DataFrame({"Option": [option["name"] for option in rows], **in_short}),
        source=say("the list of options of this brief"),
    )


def _gist(words: str) -> str:
    """The first sentence."""
    return re.split(r"(?<=[.!?])\s", words.strip(), maxsplit=1)[0]


@table("option-terms")
def option_terms(findings: Findings, facts: Mapping[str, Fact]) -> Table | Unavailable:
    """Each option: its group, what it brings, what it costs, and the sources of that."""
    brief = findings.brief
    rows = naming.rows_of(brief.appraisal.options)
    if not rows:
        return SILENT
    data = pd.DataFrame(
        {
            "Option": [option["name"] for option in rows],
            "Group": [option["group"] for option in rows],
            "What it brings": [capital(say(option["buys"])) for option in rows],
            "What it costs": [capital(say(option["costs"])) for option in rows],
            "Sources": [_cited(brief, option["sources"], option["holds_while"]) for option in rows],
        }
    )
    return Table(
        caption=say("What each option brings and costs"),
        data=data if data["Group"].any() else data.drop(columns="Group"),
        source=say("the list of options of this brief"),
        folded_on_phones=True,
    )


@table("performance-matrix")
def performance_matrix(findings: Findings, facts: Mapping[str, Fact]) -> Table | Unavailable:
    """Options by criteria: how each does beside the baseline."""
    brief = findings.brief
    appraisal = brief.appraisal
    if not len(appraisal.cells):
        return SILENT
    names = appraisal.names()
    words = appraisal.cells.assign(level=[level(cell) for cell in naming.rows_of(appraisal.cells)])
    data = {"Option": [names[name] for name in appraisal.options["option_id"]]}
    for criterion, rows in words.groupby("criterion_id", sort=False):
        data[names[str(criterion)]] = list(rows["level"])
    parts = [
        say("{part} is a part of {whole}", part=names[part], whole=names[whole])
        for part, whole in appraisal.part_of.items()
    ]
    return Table(
        caption=say("How each option does, compared with {baseline_named}", baseline_named=baseline_named(appraisal)),
        data=pd.DataFrame(data),
        source=assessed_by(brief),
        note=(
            say("Better and worse are steps in order, not amounts. {parts}.", parts=listed(parts))
            if parts
            else say("Better and worse are steps in order, not amounts. {parts}", parts=listed(parts))
        ).strip(),
        matrix=True,
        folded=True,
    )


def baseline_named(appraisal: Appraisal) -> str:
    """The baseline as it is named inside a sentence."""
    name = appraisal.names().get(appraisal.baseline or "", "")
    return within(name) if name else say("the baseline")


@table("criteria")
def criteria(findings: Findings, facts: Mapping[str, Fact]) -> Table | Unavailable:
    """What each criterion asks, whether that is a gain or a loss, and the published set that it is from."""
    brief = findings.brief
    rows = naming.rows_of(brief.appraisal.criteria)
    if not rows:
        return SILENT
    names = brief.appraisal.names()
    data = pd.DataFrame(
        {
            "Criterion": [criterion["name"] for criterion in rows],
            "What it asks of an option": [criterion["question"] for criterion in rows],
            "Gain or loss": [say(criterion["asks"]) for criterion in rows],
            "Part of": [names.get(criterion["part_of"], "") for criterion in rows],
            "Taken from": [criterion["set"] for criterion in rows],
        }
    )
    return Table(
        caption=say("The criteria"),
        data=data,
        source=say("the list of criteria of this brief, paraphrased from the sets"),
        folded=True,
    )


@table("care-most-about")
def care_about(findings: Findings, facts: Mapping[str, Fact]) -> Table | Unavailable:
    """For each criterion the options in the order of their places on it, with reason and sources."""
    brief = findings.brief
    appraisal = brief.appraisal
    if not len(appraisal.cells):
        return SILENT
    names, among = appraisal.names(), {name for group in appraisal.rivals for name in group}
    assessed = {
        (assessment["option_id"], assessment["criterion_id"]): assessment
        for assessment in naming.rows_of(appraisal.assessments)
    }
    placed = comparing.places(appraisal.cells_of(among)).set_index(["option_id", "criterion_id"])["place"].to_dict()
    order = [comparing.FIRST, comparing.FIRST_OR_LEVEL, comparing.MAY_BE_FIRST, comparing.BEHIND, _ANOTHER_JOB]
    order.append(NOT_ASSESSED)
    rows: list[tuple[str, ...]] = []
    for criterion in appraisal.criteria["criterion_id"]:
        part = []
        for cell in naming.rows_of(appraisal.cells[appraisal.cells["criterion_id"] == criterion]):
            key = (cell["option_id"], criterion)
            place = str(placed.get(key, _ANOTHER_JOB)) if cell["assessed"] else NOT_ASSESSED
            assessment = assessed.get(key, {"reason": "", "sources": "", "holds_while": ""})
            reason = say(_BY_DEFINITION) if cell["option_id"] == appraisal.baseline else assessment["reason"]
            cited = _cited(brief, assessment["sources"], assessment["holds_while"])
            part.append((names[criterion], names[cell["option_id"]], level(cell), place, reason, cited))
        rows += sorted(part, key=lambda row: order.index(row[3]))
    columns = ["Criterion", "Option", "Level", "Rank", "Why", "Sources"]
    return Table(
        caption=say("The options by criterion, with reasons"),
        data=pd.DataFrame(rows, columns=columns),
        source=assessed_by(brief),
        note=say("An option that is not assessed could still take any rank. {tilt}", tilt=tilt(appraisal)).strip(),
        column_notes={
            "Level": say("Compared with {baseline_named}.", baseline_named=baseline_named(appraisal)),
            "Rank": say(
                "Among options that do the same job. First or level: no other can pass it, whatever is still open."
            ),
        },
        choose=("Criterion",),
        folded_on_phones=True,
    )


@table("dominance")
def dominance(findings: Findings, facts: Mapping[str, Fact]) -> Table | Unavailable:
    """For each pair of rivals whether either is at least as good on each criterion and better on some."""
    brief = findings.brief
    appraisal = brief.appraisal
    if not len(appraisal.pairs):
        return Unavailable(say("There are no options that are rivals.")) if len(appraisal.options) else SILENT
    names = appraisal.names()
    both = {(pair["better"], pair["worse"]): pair for pair in naming.rows_of(appraisal.pairs)}
    rows = []
    for (option, other), pair in both.items():
        if list(both).index((option, other)) < list(both).index((other, option)):
            verdict = _verdict(names[option], pair["verdict"], names[other], both[other, option]["verdict"])
            ahead, behind = ([names[name] for name in pair[side]] for side in ("ahead", "behind"))
            rows.append((names[option], names[other], verdict, "; ".join(ahead), "; ".join(behind)))
    columns = ["Option", "Compared with", "Result without weights", "Option surely better on", "Other surely better on"]
    return Table(
        caption=say("Is an option at least as good as another on everything?"),
        data=pd.DataFrame(rows, columns=columns),
        source=assessed_by(brief),
        note=(
            say(
                "An option counts as better only where the whole of its range is. What is not assessed may "
                "be anything, so a pair stays open until it is known."
            )
        ),
        folded=True,
    )


def _verdict(option: str, first: str, other: str, second: str) -> str:
    for name, verdict in ((option, first), (other, second)):
        if verdict == comparing.ALWAYS:
            return say("{name} is at least as good on everything", name=name)
        if verdict == comparing.SO_FAR:
            return say("{name} is at least as good on what is assessed; the rest is open", name=name)
    still = [name for name, verdict in ((option, first), (other, second)) if verdict != comparing.NEVER]
    if still:
        return say("Open: {still} could still turn out at least as good on everything", still=say(" or ").join(still))
    return say("Neither: each is ahead somewhere")


@table("to-be-known-first")
def to_be_known(findings: Findings, facts: Mapping[str, Fact]) -> Table | Unavailable:
    """For each criterion what is not known, and what knowing it could change."""
    brief = findings.brief
    appraisal = brief.appraisal
    if not len(appraisal.questions):
        return SILENT
    names = appraisal.names()
    rows = [
        (
            names[question["criterion_id"]],
            " ".join(_asked(appraisal, question["criterion_id"], question["missing"])),
            "; ".join(names[name] for name in question["missing"]),
            "; ".join(names[name] for name in question["ranges"]),
            question["decides"],
            "; ".join(names[name] for name in question["first"]) or say(_OPEN),
        )
        for question in naming.rows_of(appraisal.questions)
    ]
    could = say("Comparisons it could change (of {pairs})", pairs=len(appraisal.pairs))
    columns = ["Criterion", "What to ask for", "Not assessed for", "Sources disagree or leave a range for", could]
    columns.append(say("First or level, whatever we learn"))
    return Table(
        caption=say("What to find out first"),
        data=pd.DataFrame(rows, columns=columns),
        source=assessed_by(brief),
        note=say("Sorted by the comparisons of options, in either direction, that an answer could change."),
        folded=True,
    )


def _asked(appraisal: Appraisal, criterion: str, missing: Sequence[str]) -> list[str]:
    """What has to be asked for to assess these options on a criterion: each request once."""
    rows = appraisal.assessments
    rows = rows[(rows["criterion_id"] == criterion) & rows["option_id"].isin(missing)]
    return list(dict.fromkeys(rows["reason"]))


@table("central-weights")
def central_weights(findings: Findings, facts: Mapping[str, Fact]) -> Table | Unavailable:
    """For each rival how often it comes first over all weights, its confidence factor and its central weights."""
    brief = findings.brief
    appraisal = brief.appraisal
    if not appraisal.acceptability:
        return SILENT
    names = appraisal.names()
    rows: list[dict[str, str]] = []
    for sure, whole in appraisal.acceptability:
        anything = whole.ranks[whole.ranks["rank"] == 1].set_index("option_id")["share"]
        first = sure.ranks[sure.ranks["rank"] == 1].set_index("option_id")["share"]
        for row in naming.rows_of(sure.confidence):
            option = row["option_id"]
            rows.append(
                {
                    "Option": names[option],
                    "First": two(first[option]),
                    "First if what is unknown may be anything": two(anything[option]),
                    "First with these weights": two(row["confidence"]),
                    **{names[c]: two(weight) for c, weight in _weights(sure.weights, option)},
                }
            )
    return Table(
        caption=say("How often each option is first when weights are drawn by chance, and with which weights"),
        data=pd.DataFrame(rows).fillna(""),
        source=assessed_by(brief),
        note=(
            say(
                "Under a criterion stands the mean weight with which the option comes first. No person has "
                "given these weights. {tilt}",
                tilt=tilt(appraisal),
            )
        ).strip(),
        column_notes={
            "First": say(
                "Share of draws. Only criteria on which all these options are assessed count. Any weights are equally "
                "likely, and so is each level of a range."
            ),
            "First if what is unknown may be anything": say(
                "Share of draws. All criteria count, and where an option is not assessed each level is equally likely."
            ),
            "First with these weights": say(
                "Share of draws with the mean weights of its row. Each level of a range is equally likely."
            ),
        },
        folded=True,
    )


def two(share: float) -> str:
    """A share with as many decimals as the number of draws bears; empty where there is none."""
    return "" if pd.isna(share) else f"{share:.2f}"


def _weights(central: pd.DataFrame, option: str) -> list[tuple[str, float]]:
    own = central[central["option_id"] == option]
    return list(zip(own["criterion_id"], own["weight"], strict=True))
