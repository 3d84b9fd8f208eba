"""Tables of how comments divide by their attributes: counts, and from a random sample the shares with intervals."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

import pandas as pd

from brief.analysis import attributes, coding
from brief.figures import SILENT, Table, Unavailable, table
from brief.figures.comment_tables import percent
from brief.findings import naming
from brief.findings.facts import Fact
from brief.prose.catalogue import message, say
from brief.prose.language import capital, numeral

if TYPE_CHECKING:
    from brief.findings.findings import Findings

_GROUP = message("Group")
_AT_A_GLANCE = 5
"""So many groups a phone shows open."""


@table("attributes")
def by_attribute(findings: Findings, facts: Mapping[str, Fact]) -> Table | Unavailable:
    """How many comments each value of an attribute has, and how many of these each stance has."""
    groups = list(_groups(findings))
    if not groups:
        return SILENT
    brief, read = findings.brief, bool(findings.comments["coded"].any())
    stances = naming.labels(brief, "stances") if read else {}
    rows = []
    for name, part in groups:
        counts = coding.summarise(part)
        by_stance = [coding.number(counts, "stance", stance) for stance in stances]
        left = [coding.uncoded(counts)] if read else []
        rows.append((name, len(part), *by_stance, *left))
    columns = [
        say(_GROUP),
        capital(naming.nouns(brief)[1]),
        *stances.values(),
        *([say(naming.NOT_CODED_LABEL)] if read else []),
    ]
    data = pd.DataFrame(rows, columns=_each_once(columns))
    if read and not data[data.columns[-1]].any():
        data = data.drop(columns=data.columns[-1])
    return Table(
        caption=say("{many} by what is known of them", many=capital(naming.nouns(brief)[1])),
        data=data,
        source=naming.source(brief)
        if read
        else say("{many} {place}", many=capital(naming.nouns(brief)[1]), place=naming.place(brief)),
        note=" ".join(
            [
                say("These are counts of those who chose to write. They do not say what part of a group thinks so."),
                *_not_asked(findings),
            ]
        ),
        folded_on_phones=len(groups) > _AT_A_GLANCE,
    )


@table("attribute-shares")
def shares_by_attribute(findings: Findings, facts: Mapping[str, Fact]) -> Table | Unavailable:
    """The share of each stance within a group, from the random sample that a reader coded, each with its interval."""
    brief = findings.brief
    estimates = findings.shares_by_attribute
    if estimates.empty:
        return SILENT
    stances = naming.labels(brief, "stances")
    data = pd.DataFrame(
        {
            _GROUP: [
                _called(name, value) for name, value in zip(estimates["attribute"], estimates["value"], strict=True)
            ],
            "Stance": [naming.label_of(stances, stance) for stance in estimates["category"]],
            "In the sample": [
                say("{of} of {all}", of=numeral(of), all=numeral(all_))
                for of, all_ in zip(estimates["n_category"], estimates["n_hand"], strict=True)
            ],
            "Share of texts": [percent(value) for value in estimates["estimate"]],
            "Interval": [
                say("{low} to {high}", low=percent(low), high=percent(high))
                for low, high in zip(estimates["low"], estimates["high"], strict=True)
            ],
        }
    )
    sample = findings.sample.sample_id if findings.sample else ""
    return Table(
        caption=say("The share of each stance within a group"),
        data=data,
        source=say(
            "data/samples/{sample_id}.yml; coding: {coder_named}",
            sample_id=sample,
            coder_named=naming.coder_named(brief),
        ),
        note=(
            say(
                "Each interval is for {level} of such samples, for its group alone. Where groups are compared, some "
                "differ by chance. A text that was sent often counts once, in the group of the first who sent it.",
                level=percent(float(estimates["level"].iloc[0])),
            )
        ),
        choose=(_GROUP,),
    )


def _groups(findings: Findings) -> Iterator[tuple[str, pd.DataFrame]]:
    for name, counts in findings.attributes.items():
        for value, part in attributes.divided(findings.asked(findings.comments, name), name, attributes.values(counts)):
            yield _called(name, value), part


def _not_asked(findings: Findings) -> Iterator[str]:
    """For each attribute that only some collections have, how many comments of the others are left out."""
    for name in findings.attributes:
        left = len(findings.comments) - len(findings.asked(findings.comments, name))
        if left:
            yield say(
                "{attribute}: those who were not asked are left out ({number}).",
                attribute=naming.attribute_label(name),
                number=naming.number_of(findings.brief, left),
            )


def _called(name: str, value: str | None) -> str:
    """A group as a table names it: the attribute and its value."""
    said = say(naming.OTHER_VALUES) if value is attributes.OTHERS else naming.short(value) or say(naming.NOT_STATED)
    return say("{attribute}: {value}", attribute=naming.attribute_label(name), value=said)


def _each_once(columns: list[str]) -> list[str]:
    """The names of columns; one that a stance shares with another says so."""
    return [
        say("{name} (stance)", name=name) if name in columns[:place] else name for place, name in enumerate(columns)
    ]
