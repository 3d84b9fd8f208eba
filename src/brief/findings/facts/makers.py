"""The facts that a brief has about itself: who wrote it, who paid for it, who made the readings that it rests on."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from brief.data.appraisal import ASSESSMENTS
from brief.data.brief import READER
from brief.data.glossary import GLOSSARY
from brief.findings import naming
from brief.findings.facts import Fact, counting, provides_facts
from brief.findings.judgements import LANGUAGE_MODEL, NOT_RECORDED, PROGRAM, judgements, total
from brief.prose.catalogue import message, say
from brief.prose.language import listed

if TYPE_CHECKING:
    from brief.findings.findings import Findings

_BRIEF, _CODERS = "data/brief.yml", "data/coders.yml"


@provides_facts
def about_the_makers(findings: Findings) -> Iterator[Fact]:
    """Who wrote, paid for, reviewed and answers for the brief, as far as it is recorded; what wrote its text."""
    topic = findings.brief.topic
    for name, value, what in (
        ("authors", topic.authors, say("wrote")),
        ("funding", topic.funding, say("paid for")),
        ("reviewed-by", topic.reviewed_by, say("read and reviewed")),
        ("responsible", topic.responsible, say("is responsible for")),
    ):
        definition = say("Who {what} this brief; empty where it is not recorded.", what=what)
        yield Fact(name, naming.short(value), definition, f"{_BRIEF}, key {name.replace('-', '_')}")
    what = say("What wrote the text of this brief: a person, a language model, both, or not recorded.")
    yield Fact("drafted-by", topic.drafted_by, what, f"{_BRIEF}, key drafted_by")


@provides_facts
def about_the_judgements(findings: Findings) -> Iterator[Fact]:
    """Judgements that the brief rests on, by who or what made them; how many a person checked; the readings."""
    coders = findings.brief.coders
    number = total(judgements(findings))
    for name, kind, by in (
        ("judgements", "made", say("in all")),
        ("judgements-by-people", READER, say("by people")),
        ("judgements-by-language-models", LANGUAGE_MODEL, say("by language models and by no person")),
        ("judgements-by-programs", PROGRAM, say("by rules or a trained model alone")),
        ("judgements-not-recorded", NOT_RECORDED, say("of which it is not recorded who or what made them")),
        ("judgements-checked", "checked", say("that a person checked afterwards")),
    ):
        definition = say("Judgements that this brief rests on, such as the stance of one comment: {by}.", by=by)
        yield Fact(name, number[kind], definition, _CODERS, "judgement", "judgements")
    independent = [name for name, value in zip(coders["coder_id"], coders["independent"], strict=True) if value is True]
    for name, ids, by in (
        ("readings", list(coders["coder_id"]), say("in all")),
        ("readings-independent", independent, say("independent of the others")),
    ):
        definition = say("Readings that this brief rests on, such as the coding of the comments: {by}.", by=by)
        yield counting(name, ids, definition, _CODERS, "reading", "readings")


@provides_facts
def about_what_there_is(findings: Findings) -> Iterator[Fact]:
    """Stances of the codebook, pieces that the article was cut into, terms explained; whose codings are printed."""
    brief = findings.brief
    stances = [code.id for code in brief.codebook.stances] if brief.codebook else []
    yield counting("stances", stances, say("Stances in the codebook."), "data/codebook.yml", "stance", "stances")
    pieces = say("Pieces that the article was cut into by who speaks.")
    named = [f"{row['article_id']}#p{row['paragraph']}.{row['segment']}" for row in naming.rows_of(brief.voices)]
    yield counting("voice-pieces", named, pieces, "data/voices.csv", "piece", "pieces")
    yield counting("terms", brief.glossary["term"], say("Terms that this brief explains."), GLOSSARY, "term", "terms")
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
