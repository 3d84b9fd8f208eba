"""The facts that a brief has about itself: who wrote it, who paid for it, who made the readings that it rests on."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from brief.data.appraisal import ASSESSMENTS
from brief.data.glossary import GLOSSARY
from brief.findings import naming
from brief.findings.facts import Fact, provides_facts
from brief.prose.catalogue import message, say
from brief.prose.language import listed

if TYPE_CHECKING:
    from brief.findings.findings import Findings

_BRIEF, _CODERS = "data/brief.yml", "data/coders.yml"
PEOPLE, NOT_RECORDED = "person", "not recorded"


@provides_facts
def about_the_makers(findings: Findings) -> Iterator[Fact]:
    """Authors and funding as far as they are recorded; readings by people, by programs, and by nobody knows whom."""
    topic, coders = findings.brief.topic, findings.brief.coders
    for name, value, what in (("authors", topic.authors, say("wrote")), ("funding", topic.funding, say("paid for"))):
        definition = say("Who {what} this brief; empty where it is not recorded.", what=what)
        yield Fact(name, value, definition, f"{_BRIEF}, key {name}")
    kinds = list(coders["kind"])
    people, unknown = kinds.count(PEOPLE), kinds.count(NOT_RECORDED)
    for name, number, by in (
        ("readings", len(kinds), say("in all")),
        ("readings-by-people", people, say("by people")),
        ("readings-by-programs", len(kinds) - people - unknown, say("by programs")),
        (
            "readings-independent",
            sum(independent is True for independent in coders["independent"]),
            say("independent of the others"),
        ),
        ("readings-not-recorded", unknown, say("of which it is not recorded whether a person or a program made them")),
    ):
        definition = say("Readings that this brief rests on, such as the coding of the comments: {by}.", by=by)
        yield Fact(name, number, definition, _CODERS, "reading", "readings")


@provides_facts
def about_what_there_is(findings: Findings) -> Iterator[Fact]:
    """Stances of the codebook, pieces that the article was cut into, terms explained; whose codings are printed."""
    brief = findings.brief
    stances = len(brief.codebook.stances) if brief.codebook else 0
    yield Fact("stances", stances, say("Stances in the codebook."), "data/codebook.yml", "stance", "stances")
    pieces = say("Pieces that the article was cut into by who speaks.")
    yield Fact("voice-pieces", len(brief.voices), pieces, "data/voices.csv", "piece", "pieces")
    yield Fact("terms", len(brief.glossary), say("Terms that this brief explains."), GLOSSARY, "term", "terms")
    printed = say("Whose coding of the comments this brief prints.")
    yield Fact("coder-printed", naming.coder_named(brief), printed, "data/codings/")


@provides_facts
def about_the_next_steps(findings: Findings) -> Iterator[Fact]:
    """The criteria on which options are not assessed and that could decide the most comparisons."""
    appraisal = findings.brief.appraisal
    names = appraisal.names()
    asked = [question for question in naming.rows_of(appraisal.questions) if question["missing"]]
    most = max((question["decides"] for question in asked), default=0)
    first = [names[question["criterion_id"]] for question in asked if question["decides"] == most]
    meaning = say("Criteria with options that are not assessed, on which the most comparisons of options could hang.")
    yield Fact("to-know-first", listed(first) or message("nothing"), meaning, ASSESSMENTS)
