"""Tables of who and what made the judgements of a brief, and the record that a public body would publish of it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

import pandas as pd

from brief.data.brief import READER
from brief.figures import SILENT, Table, Unavailable, table
from brief.findings import naming
from brief.findings.facts import Fact
from brief.findings.judgements import KINDS, LANGUAGE_MODEL, NOT_RECORDED, PROGRAM, judgements, total
from brief.prose.catalogue import message, say, say_of
from brief.prose.language import capital, listed, numeral
from brief.prose.plain import shown

if TYPE_CHECKING:
    from brief.findings.findings import Findings

_BY = {
    READER: message("By people"),
    LANGUAGE_MODEL: message("By language models"),
    PROGRAM: message("By other programs"),
    NOT_RECORDED: message("Not recorded by whom"),
}
_SOURCE = message("The list of coders of this brief and what they coded")


@table("who-read-this")
def who_read_this(findings: Findings, facts: Mapping[str, Fact]) -> Table | Unavailable:
    """Each part that had to be judged: by people, by language models, by other programs, checked afterwards or not."""
    rows = judgements(findings)
    if not rows["made"].sum():
        return SILENT
    kinds = [kind for kind in KINDS if rows[kind].sum()]
    unjudged = rows["of"] - rows["made"]
    data = pd.DataFrame(
        {
            "What was judged": [say(part) for part in rows["part"]],
            "Judgements": rows["of"],
            **{_BY[kind]: rows[kind] for kind in kinds},
            **({"Not judged yet": unjudged} if unjudged.any() else {}),
            "Checked by a person": rows["checked"],
        }
    )
    return Table(
        caption=say("Who and what made the judgements of this brief"),
        data=data,
        source=say(_SOURCE),
        note=say("Where readings overlap, a judgement counts for a person, else for a language model.")
        if len(kinds) > 1
        else "",
        column_notes={"Checked by a person": say("Judgements that another person went through afterwards.")},
    )


@table("transparency-record")
def transparency_record(findings: Findings, facts: Mapping[str, Fact]) -> Table | Unavailable:
    """What this brief can fill in of the UK's Algorithmic Transparency Recording Standard, and what it leaves open.

    The headings are those of the template of the standard (Government Digital Service, guidance for public sector
    bodies, 2025). A record is made for a tool; here it is made for the reading of the comments and sources.
    """
    if not len(findings.brief.coders):
        return SILENT
    none = say("Not recorded.")
    rows = [(say(heading), say(field), filled or none) for heading, field, filled in _fields(findings)]
    return Table(
        caption=say("Record after the UK's Algorithmic Transparency Recording Standard"),
        data=pd.DataFrame(rows, columns=["Section", "Field", "What is recorded"]),
        source=say("The files about this brief, its coders and its comments"),
        note=say("The program fills in what the data of this brief say. This record was not submitted anywhere."),
        folded=True,
    )


_OVERVIEW, _OWNER = message("Overview"), message("Owner and responsibility")
_WHY, _USE = message("Description and rationale"), message("Deployment context")
_TOOL, _RISKS = message("Tool specification"), message("Risks, mitigations and impact assessments")


def _fields(findings: Findings) -> Iterator[tuple[str, str, str]]:
    """Section, field and what is recorded of it; an empty text where nothing is."""
    brief = findings.brief
    topic, coders = brief.topic, brief.coders
    number = total(judgements(findings))
    programs = coders[coders["kind"].isin(naming.PROGRAMS)]
    models = [
        f"{naming.short(name)} ({say(kind)})" for name, kind in zip(programs["name"], programs["kind"], strict=True)
    ]
    yield _OVERVIEW, message("Name"), say("The reading behind “{title}”", title=naming.short(topic.title))
    yield _OVERVIEW, message("Description"), naming.short(topic.question)
    yield _OVERVIEW, message("Website"), topic.site_url
    yield _OVERVIEW, message("Contact"), topic.contact
    yield _OWNER, message("Organisation"), naming.short(topic.publisher)
    yield _OWNER, message("Team"), naming.short(topic.authors)
    yield _OWNER, message("Senior responsible owner"), naming.short(topic.responsible)
    yield _OWNER, message("Third party involvement"), ""
    hows = [f"{naming.short(name)}: {how}" for name, how in zip(coders["name"], coders["how"], strict=True)]
    yield _WHY, message("Detailed description"), shown(" ".join(hows))
    yield _WHY, message("Benefits"), ""
    yield _WHY, message("Alternatives considered"), ""
    counts = [
        say_of(
            int(number[kind]),
            "{number} judgement {by}",
            "{number} judgements {by}",
            number=numeral(number[kind]),
            by=say(words),
        )
        for kind, words in (
            (READER, message("by people")),
            (LANGUAGE_MODEL, message("by language models")),
            (PROGRAM, message("by other programs")),
            (NOT_RECORDED, message("with no record of who made them")),
        )
        if number[kind]
    ]
    yield _USE, message("Frequency and scale of usage"), capital(listed(counts)) + "." if counts else ""
    yield (
        _USE,
        message("Human review"),
        say(
            "Judgements that a person checked afterwards: {checked} of {made}.",
            checked=numeral(number["checked"]),
            made=numeral(number["made"]),
        ),
    )
    yield _USE, message("Appeals and review"), topic.contact
    yield _TOOL, message("Models"), f"{listed(models)}." if models else ""
    yield _TOOL, message("Data sources"), " ".join(collection.how for collection in brief.collections).strip()
    yield (
        _TOOL,
        message("Data processing"),
        say("Names of people who comment are replaced. E-mail addresses and telephone numbers are masked.")
        if len(findings.comments)
        else "",
    )
    yield _RISKS, message("Impact assessments"), ""
    yield _RISKS, message("Risks and mitigations"), ""
