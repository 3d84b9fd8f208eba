"""The plan of a brief: what was planned, since when, whether before the comments, and what stood there before."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import pandas as pd

from brief import figures
from brief.data import plan
from brief.figures import SILENT, Table, Unavailable, table
from brief.findings import naming
from brief.findings.facts import Fact
from brief.prose.catalogue import message, say
from brief.prose.language import long_date
from brief.prose.plain import shown

if TYPE_CHECKING:
    from brief.findings.findings import Findings

ID = "plan"
_KINDS = {
    plan.QUESTION: message("Question"),
    plan.CODER: message("Coder"),
    plan.SAMPLE: message("Sample"),
    plan.FIGURE: message("Figure"),
    plan.TABLE: message("Table"),
}
_BEFORE_READING = {
    plan.CODER: message("After the comments, before this coder read them"),
    plan.SAMPLE: message("After the comments, before the sample was drawn"),
}
_STATES = {
    plan.BEFORE: message("Before the comments"),
    plan.BEFORE_READING: message("After the comments, before anybody coded them"),
    plan.AFTER: message("After the comments: exploratory"),
    plan.UNDATED: message("Not recorded"),
}


@table(ID)
def planned(findings: Findings, facts: Mapping[str, Fact]) -> Table | Unavailable:
    """Each point of the plan, in its order, then those that were taken out."""
    brief = findings.brief
    entries, former = naming.rows_of(brief.plan.entries), naming.rows_of(brief.plan.former)
    if not entries and not former:
        return SILENT
    rows = []
    for entry in entries:
        earlier = [row for row in former if (row["kind"], row["id"]) == (entry["kind"], entry["id"])]
        when = _BEFORE_READING.get(entry["kind"], "") if entry["state"] == plan.BEFORE_READING else ""
        since = _day(entry["since"]) if entry["since"] else say("Not recorded")
        there = say("Yes") if _is_there(findings, facts, entry) else say("Not yet")
        rows.append((entry, since, say(when or _STATES[entry["state"]]), there, _earlier(earlier)))
    standing = {(entry["kind"], entry["id"]) for entry in entries}
    for named in dict.fromkeys((row["kind"], row["id"]) for row in former if (row["kind"], row["id"]) not in standing):
        own = [row for row in former if (row["kind"], row["id"]) == named]
        until = own[-1]["until"]
        left = say("Taken out on {day}", day=_day(until)) if until else say("Taken out")
        rows.append((own[-1], _day(own[-1]["since"]), left, say("No longer planned"), _earlier(own[:-1])))
    data = pd.DataFrame(
        {
            "What was planned": [shown(entry["plan"]) for entry, *_ in rows],
            "Kind": [say(_KINDS[entry["kind"]]) for entry, *_ in rows],
            "Planned on": [since for _, since, *_ in rows],
            "Before the comments?": [when for _, _, when, *_ in rows],
            "Done": [there for *_, there, _ in rows],
            "What stood there before": [earlier for *_, earlier in rows],
        }
    )
    if not any(data["What stood there before"]):
        data = data.drop(columns="What stood there before")
    return Table(
        caption=say("What was planned, and when"),
        data=data,
        source=say("The plan of this brief, and the record of the history of its repository"),
        note=say("A date is that of the commit. A point that was changed has the date of the change."),
    )


def _is_there(findings: Findings, facts: Mapping[str, Fact], entry: Mapping[str, str]) -> bool:
    """Whether what was planned is there: the answer, the coder's codings, the sample, the data of a figure or table."""
    kind, name, brief = entry["kind"], entry["id"], findings.brief
    if kind == plan.QUESTION:
        return bool(entry["answered_by"])
    if kind == plan.CODER:
        return name in set(brief.codings["coder_id"])
    if kind == plan.SAMPLE:
        return (brief.root / f"{plan.SAMPLES}{name}.yml").is_file()
    modules = brief.topic.modules
    make = (figures.figures(modules) if kind == plan.FIGURE else figures.tables(modules)).get(name)
    # This table is there, and would make itself again without end.
    return make is not None and ((kind, name) == (plan.TABLE, ID) or not isinstance(make(findings, facts), Unavailable))


def _earlier(rows: list[dict[str, str]]) -> str:
    return " ".join(
        say("Until {day}: {planned}", day=_day(row["until"]), planned=shown(row["plan"]))
        if row["until"]
        else shown(row["plan"])
        for row in rows
    )


def _day(text: str) -> str:
    return long_date(pd.Timestamp(text).date())
