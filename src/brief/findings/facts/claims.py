"""The facts about the record around the article: claims by status and origin, events, sources."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from brief.analysis import alignment
from brief.contract.tables import CLAIMS as CLAIM_COLUMNS
from brief.data.bibliography import SOURCES
from brief.data.claims import ALIGNMENT, CLAIMS, EVIDENCE, ON_RECORD, TIMELINE, chain_of
from brief.findings import naming
from brief.findings.facts import Fact, counting, provides_facts
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
        yield counting(
            f"claims-{name}",
            rows["claim_id"],
            say("Claims of {whose} that were checked.", whose=whose),
            CLAIMS,
            "claim",
            "claims",
        )
        for column, values, question in (("said", SAID, say("was it said?")), ("holds", HOLDS, say("does it hold?"))):
            for value in values:
                ids = rows.loc[rows[column] == value, "claim_id"]
                definition = say(
                    "Claims of {whose} with the answer '{value}' to the question: {question}",
                    whose=whose,
                    value=say(value),
                    question=question,
                )
                yield counting(f"claims-{name}-{hyphened(value)}", ids, definition, CLAIMS, "claim", "claims")
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
    unnamed = own.loc[own["chain_kinds"].str.endswith("unnamed"), "claim_id"]
    definition = say("Claims of the article that come from somebody whom it does not name.")
    yield counting("claims-unnamed", unnamed, definition, CLAIMS, "claim", "claims")
    elsewhere = own.loc[own["chain_kinds"].str.endswith("unnamed") & (own["said"] == ON_RECORD), "claim_id"]
    definition = say("Those of them that another source has from somebody who is named.")
    yield counting("claims-unnamed-on-record", elsewhere, definition, CLAIMS, "claim", "claims")
    yield from _alignment(findings)
    timeline = brief.claim_register.timeline
    yield counting("events", timeline["event_id"], say("Dated events around the story."), TIMELINE, "event", "events")
    later = timeline.loc[timeline["shown"] == "no", "event_id"]
    yield counting("events-since", later, say("Events after the story itself."), TIMELINE, "event", "events")
    reported = timeline.loc[timeline["kind"] == "reported", "event_id"]
    yield counting("events-reported", reported, say("Events known only as reported."), TIMELINE, "event", "events")
    polls = brief.claim_register.evidence
    polls_by_row = [f"row {row}" for row in range(2, len(polls) + 2)]
    yield counting("polls", polls_by_row, say("Opinion polls that this brief lists."), EVIDENCE, "poll", "polls")
    asked = int(polls["series"].nunique())
    yield Fact(
        "polls-questions", asked, say("Different questions that these polls asked."), EVIDENCE, "question", "questions"
    )
    yield counting("sources", brief.sources, say("Sources of the brief."), SOURCES, "source", "sources")


def _alignment(findings: Findings) -> Iterator[Fact]:
    """What comments answer: only what a reader set by hand is counted, and what is merely suggested beside it."""
    brief = findings.brief
    rows = findings.aligned
    by_hand = alignment.summarise(rows[rows["how"] == alignment.BY_HAND])
    claims = list(brief.claim_register.article_claims["claim_id"])
    open_claims = alignment.unanswered(by_hand, claims)
    set_by_hand = rows[rows["how"] == alignment.BY_HAND]
    unit, units = naming.nouns(brief)
    idle = set_by_hand.loc[set_by_hand["kind"] == alignment.NEITHER, "comment_id"]
    by_reader = say("as a coder found")
    answered = say("Claims of the article that a {one} responds to, {told}.", one=unit, told=by_reader)
    taken = [name for name in claims if name not in open_claims]
    yield counting("claims-answered", taken, answered, ALIGNMENT, "claim", "claims")
    missed = say("Claims of the article that no {one} responds to, {told}.", one=unit, told=by_reader)
    yield counting("claims-unanswered", open_claims, missed, ALIGNMENT, "claim", "claims")
    for name in claims:
        taken_up = say(
            "{many} that respond to the claim '{name}', {told}.", many=capital(units), name=name, told=by_reader
        )
        own = (set_by_hand["kind"] == alignment.ANSWERS) & (set_by_hand["target"] == name)
        yield counting(f"answers-{name}", set_by_hand.loc[own, "comment_id"], taken_up, ALIGNMENT, unit, units)
    raised = sorted(set(by_hand["target"][by_hand["kind"] == alignment.RAISES]))
    beside = say("Themes that {many} raise and the article does not, {told}.", many=units, told=by_reader)
    yield counting("themes-raised", raised, beside, ALIGNMENT, "theme", "themes")
    neither = say("{many} that respond to no claim and raise no theme, {told}.", many=capital(units), told=by_reader)
    yield counting("comments-answering-nothing", idle, neither, ALIGNMENT, unit, units)
    yield counting(
        "comments-aligned",
        set_by_hand["comment_id"].unique(),
        say("{many} read for what they respond to.", many=capital(units)),
        ALIGNMENT,
        unit,
        units,
    )
    guessed = rows.loc[rows["how"] == alignment.SUGGESTED, "comment_id"].unique()
    unseen = say("{many} for which only similar words suggest a claim.", many=capital(units))
    yield counting("comments-suggested", guessed, unseen, ALIGNMENT, unit, units)
