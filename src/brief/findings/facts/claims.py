"""The facts about the record around the article: claims by status and origin, events, sources."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from brief.analysis import alignment
from brief.contract.tables import CLAIMS as CLAIM_COLUMNS
from brief.data.bibliography import SOURCES
from brief.data.claims import ALIGNMENT, CLAIMS, EVIDENCE, TIMELINE, chain_of
from brief.findings import naming
from brief.findings.facts import Fact, provides_facts
from brief.prose.catalogue import say
from brief.prose.language import capital
from brief.prose.plain import hyphened

if TYPE_CHECKING:
    from brief.findings.findings import Findings

SAID, HOLDS = (next(column.values for column in CLAIM_COLUMNS if column.name == name) for name in ("said", "holds"))


@provides_facts
def about_the_record(findings: Findings) -> Iterator[Fact]:
    """How many claims there are, of the article and of readers, by whether they were said, hold and have a named
    origin; events, polls, sources.
    """
    brief = findings.brief
    claims = brief.claim_register.claims
    own = claims[claims["item"].str.contains("#p", regex=False)]
    readers = claims.drop(own.index)
    for name, rows, whose in (("article", own, say("the article")), ("readers", readers, say("the comments"))):
        yield Fact(
            f"claims-{name}",
            len(rows),
            say("Claims of {whose} that were checked.", whose=whose),
            CLAIMS,
            "claim",
            "claims",
        )
        for column, values, question in (("said", SAID, say("was it said?")), ("holds", HOLDS, say("does it hold?"))):
            for value in values:
                number = int((rows[column] == value).sum())
                definition = say(
                    "Claims of {whose} with the answer '{value}' to the question: {question}",
                    whose=whose,
                    value=say(value),
                    question=question,
                )
                yield Fact(f"claims-{name}-{hyphened(value)}", number, definition, CLAIMS, "claim", "claims")
    for claim in naming.rows_of(claims):
        key = claim["claim_id"]
        yield Fact(f"said-{key}", claim["said"], say("Whether the claim '{key}' was said.", key=key), CLAIMS)
        yield Fact(f"claim-{key}", claim["holds"], say("Whether the claim '{key}' holds.", key=key), CLAIMS)
    for claim in naming.rows_of(own):
        origin = chain_of(claim)[-1][1]
        definition = say(
            "What the claim '{claim_id}' leads back to: an organisation, a named person or somebody unnamed.",
            claim_id=claim["claim_id"],
        )
        yield Fact(f"origin-{claim['claim_id']}", origin, definition, CLAIMS)
    unnamed = int(own["chain_kinds"].str.endswith("unnamed").sum())
    yield Fact(
        "claims-unnamed", unnamed, say("Claims of the article whose origin is not named."), CLAIMS, "claim", "claims"
    )
    yield from _alignment(findings)
    timeline = brief.claim_register.timeline
    yield Fact("events", len(timeline), say("Dated events around the story."), TIMELINE, "event", "events")
    later = int((timeline["shown"] == "no").sum())
    yield Fact("events-since", later, say("Events after the story itself."), TIMELINE, "event", "events")
    reported = int((timeline["kind"] == "reported").sum())
    yield Fact("events-reported", reported, say("Events known only as reported."), TIMELINE, "event", "events")
    polls = brief.claim_register.evidence
    yield Fact("polls", len(polls), say("Opinion polls in the table."), EVIDENCE, "poll", "polls")
    asked = int(polls["series"].nunique())
    yield Fact(
        "polls-questions", asked, say("Different questions that these polls asked."), EVIDENCE, "question", "questions"
    )
    yield Fact("sources", len(brief.sources), say("Sources of the brief."), SOURCES, "source", "sources")


def _alignment(findings: Findings) -> Iterator[Fact]:
    """What comments answer: only what a reader set by hand is counted, and what is merely suggested beside it."""
    brief = findings.brief
    rows = findings.aligned
    by_hand = alignment.summarise(rows[rows["how"] == alignment.BY_HAND])
    claims = list(brief.claim_register.article_claims["claim_id"])
    open_claims = len(alignment.unanswered(by_hand, claims))
    unit, units = naming.nouns(brief)
    idle = alignment.number(by_hand, alignment.NEITHER)
    by_reader = say("as a coder found")
    answered = say("Claims of the article that a {one} responds to, {told}.", one=unit, told=by_reader)
    yield Fact("claims-answered", len(claims) - open_claims, answered, ALIGNMENT, "claim", "claims")
    missed = say("Claims of the article that no {one} responds to, {told}.", one=unit, told=by_reader)
    yield Fact("claims-unanswered", open_claims, missed, ALIGNMENT, "claim", "claims")
    for name in claims:
        taken_up = say(
            "{many} that respond to the claim '{name}', {told}.", many=capital(units), name=name, told=by_reader
        )
        yield Fact(
            f"answers-{name}", alignment.number(by_hand, alignment.ANSWERS, name), taken_up, ALIGNMENT, unit, units
        )
    raised = sorted(set(by_hand["target"][by_hand["kind"] == alignment.RAISES]))
    beside = say("Themes that {many} raise and the article does not, {told}.", many=units, told=by_reader)
    yield Fact("themes-raised", len(raised), beside, ALIGNMENT, "theme", "themes")
    neither = say("{many} that respond to no claim and raise no theme, {told}.", many=capital(units), told=by_reader)
    yield Fact("comments-answering-nothing", idle, neither, ALIGNMENT, unit, units)
    read = rows.loc[rows["how"] == alignment.BY_HAND, "comment_id"].nunique()
    yield Fact(
        "comments-aligned",
        int(read),
        say("{many} read for what they respond to.", many=capital(units)),
        ALIGNMENT,
        unit,
        units,
    )
    guessed = rows.loc[rows["how"] == alignment.SUGGESTED, "comment_id"].nunique()
    unseen = say("{many} for which only similar words suggest a claim.", many=capital(units))
    yield Fact("comments-suggested", int(guessed), unseen, ALIGNMENT, unit, units)
