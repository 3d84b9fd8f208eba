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
from brief.findings.facts.makers import NOT_RECORDED
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


def tilt(weighed: Appraisal) -> str:
    """How many criteria ask what is gained and how many what is lost, and what that does to any ranking."""
    asks = list(weighed.criteria["asks"])
    told = ", ".join(say("{count} ask {side}", count=asks.count(side), side=say(side)) for side in ASKS if side in asks)
    if not told or weighed.baseline is None:
        return ""
    return say(
        "Of {asks} criteria, {told}. {baseline} counts as no change on each, so it cannot do badly where a "
        "criterion asks what is lost. A first place there is no win.",
        asks=len(asks),
        told=told,
        baseline=weighed.names()[weighed.baseline],
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
    data = pd.DataFrame({"Option": [one["name"] for one in rows], "What it is": [one["what"] for one in rows]})
    return Table(caption=say("What each option is"), data=data, source=say("the list of options of this brief"))


@table("options-in-short")
def options_in_short(findings: Findings, facts: Mapping[str, Fact]) -> Table | Unavailable:
    """Each option in a line: the first sentence of what it is, of what it brings, and of what it costs."""
    brief = findings.brief
    rows = naming.rows_of(brief.appraisal.options)
    if not rows:
        return SILENT
    columns = {"What it is": "what", "What is gained": "buys", "What it risks": "costs"}
    told = {head: [capital(say(_gist(one[name]))) for one in rows] for head, name in columns.items()}
    return Table(
        caption=say("The options in short"),
        data=pd.DataFrame({"Option": [one["name"] for one in rows], **told}),
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
            "Option": [one["name"] for one in rows],
            "Group": [one["group"] for one in rows],
            "What it brings": [capital(say(one["buys"])) for one in rows],
            "What it costs": [capital(say(one["costs"])) for one in rows],
            "Sources": [_cited(brief, one["sources"], one["holds_while"]) for one in rows],
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
    weighed = brief.appraisal
    if not len(weighed.cells):
        return SILENT
    names = weighed.names()
    words = weighed.cells.assign(level=[level(cell) for cell in naming.rows_of(weighed.cells)])
    data = {"Option": [names[name] for name in weighed.options["option_id"]]}
    for criterion, rows in words.groupby("criterion_id", sort=False):
        data[names[str(criterion)]] = list(rows["level"])
    parts = [
        say("{part} is a part of {whole}", part=names[part], whole=names[whole])
        for part, whole in weighed.part_of.items()
    ]
    return Table(
        caption=say("How each option does, compared with {baseline_named}", baseline_named=baseline_named(weighed)),
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


def baseline_named(weighed: Appraisal) -> str:
    """The baseline as it is named inside a sentence."""
    name = weighed.names().get(weighed.baseline or "", "")
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
            "Criterion": [one["name"] for one in rows],
            "What it asks of an option": [one["question"] for one in rows],
            "Gain or loss": [say(one["asks"]) for one in rows],
            "Part of": [names.get(one["part_of"], "") for one in rows],
            "Taken from": [one["set"] for one in rows],
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
    weighed = brief.appraisal
    if not len(weighed.cells):
        return SILENT
    names, among = weighed.names(), {name for group in weighed.rivals for name in group}
    told = {(one["option_id"], one["criterion_id"]): one for one in naming.rows_of(weighed.assessments)}
    placed = comparing.places(weighed.cells_of(among)).set_index(["option_id", "criterion_id"])["place"].to_dict()
    order = [comparing.FIRST, comparing.FIRST_OR_LEVEL, comparing.MAY_BE_FIRST, comparing.BEHIND, _ANOTHER_JOB]
    order.append(NOT_ASSESSED)
    rows: list[tuple[str, ...]] = []
    for criterion in weighed.criteria["criterion_id"]:
        part = []
        for cell in naming.rows_of(weighed.cells[weighed.cells["criterion_id"] == criterion]):
            key = (cell["option_id"], criterion)
            place = str(placed.get(key, _ANOTHER_JOB)) if cell["assessed"] else NOT_ASSESSED
            one = told.get(key, {"reason": "", "sources": "", "holds_while": ""})
            reason = say(_BY_DEFINITION) if cell["option_id"] == weighed.baseline else one["reason"]
            cited = _cited(brief, one["sources"], one["holds_while"])
            part.append((names[criterion], names[cell["option_id"]], level(cell), place, reason, cited))
        rows += sorted(part, key=lambda row: order.index(row[3]))
    columns = ["Criterion", "Option", "Level", "Rank", "Why", "Sources"]
    return Table(
        caption=say("The options by criterion, with reasons"),
        data=pd.DataFrame(rows, columns=columns),
        source=assessed_by(brief),
        note=say("An option that is not assessed could still take any rank. {tilt}", tilt=tilt(weighed)).strip(),
        column_notes={
            "Level": say("Compared with {baseline_named}.", baseline_named=baseline_named(weighed)),
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
    weighed = brief.appraisal
    if not len(weighed.pairs):
        return Unavailable(say("There are no options that are rivals.")) if len(weighed.options) else SILENT
    names = weighed.names()
    both = {(one["better"], one["worse"]): one for one in naming.rows_of(weighed.pairs)}
    rows = []
    for (one, other), pair in both.items():
        if list(both).index((one, other)) < list(both).index((other, one)):
            verdict = _verdict(names[one], pair["verdict"], names[other], both[other, one]["verdict"])
            ahead, behind = ([names[name] for name in pair[side]] for side in ("ahead", "behind"))
            rows.append((names[one], names[other], verdict, "; ".join(ahead), "; ".join(behind)))
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


def _verdict(one: str, first: str, other: str, second: str) -> str:
    for name, verdict in ((one, first), (other, second)):
        if verdict == comparing.ALWAYS:
            return say("{name} is at least as good on everything", name=name)
        if verdict == comparing.SO_FAR:
            return say("{name} is at least as good on what is assessed; the rest is open", name=name)
    still = [name for name, verdict in ((one, first), (other, second)) if verdict != comparing.NEVER]
    if still:
        return say("Open: {still} could still turn out at least as good on everything", still=say(" or ").join(still))
    return say("Neither: each is ahead somewhere")


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
            " ".join(_asked(weighed, one["criterion_id"], one["missing"])),
            "; ".join(names[name] for name in one["missing"]),
            "; ".join(names[name] for name in one["ranges"]),
            one["decides"],
            "; ".join(names[name] for name in one["first"]) or say(_OPEN),
        )
        for one in naming.rows_of(weighed.questions)
    ]
    could = say("Comparisons it could change (of {pairs})", pairs=len(weighed.pairs))
    columns = ["Criterion", "What to ask for", "Not assessed for", "Sources disagree or leave a range for", could]
    columns.append(say("Leader whatever we learn"))
    return Table(
        caption=say("What to find out first"),
        data=pd.DataFrame(rows, columns=columns),
        source=assessed_by(brief),
        note=say("Sorted by the comparisons of options, in either direction, that an answer could change."),
        folded=True,
    )


def _asked(weighed: Appraisal, criterion: str, missing: Sequence[str]) -> list[str]:
    """What has to be asked for to assess these options on a criterion: each request once."""
    rows = weighed.assessments
    rows = rows[(rows["criterion_id"] == criterion) & rows["option_id"].isin(missing)]
    return list(dict.fromkeys(rows["reason"]))


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
        for one in naming.rows_of(sure.confidence):
            option = one["option_id"]
            rows.append(
                {
                    "Option": names[option],
                    "First": two(first[option]),
                    "First if what is unknown may be anything": two(anything[option]),
                    "First with these weights": two(one["confidence"]),
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
                tilt=tilt(weighed),
            )
        ).strip(),
        column_notes={
            "First with these weights": say("How often it is first where these mean weights are taken as given.")
        },
        folded=True,
    )


def two(share: float) -> str:
    """A share with as many decimals as the number of draws bears; empty where there is none."""
    return "" if pd.isna(share) else f"{share:.2f}"


def _weights(central: pd.DataFrame, option: str) -> list[tuple[str, float]]:
    own = central[central["option_id"] == option]
    return list(zip(own["criterion_id"], own["weight"], strict=True))
