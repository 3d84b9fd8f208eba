"""The facts about the record around the article: claims by status and origin, events, sources."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from brief.facts import Fact, provides_facts
from brief.record import CLAIMS, EVIDENCE, SOURCES, TIMELINE
from brief.tables import CLAIMS as CLAIM_COLUMNS

if TYPE_CHECKING:
    from brief.project import Brief

STATUSES = next(column.values for column in CLAIM_COLUMNS if column.name == "status")


@provides_facts
def about_the_record(brief: Brief) -> Iterator[Fact]:
    """How many claims there are, of the article and of readers, by status and origin; events, polls, sources."""
    claims = brief.record.claims
    own = claims[claims["item"].str.contains("#p", regex=False)]
    readers = claims.drop(own.index)
    for name, rows, whose in (("article", own, "the article"), ("readers", readers, "the comments")):
        yield Fact(f"claims-{name}", len(rows), f"Claims of {whose} that were checked.", CLAIMS, "claim", "claims")
        for status in STATUSES:
            number = int((rows["status"] == status).sum())
            yield Fact(
                f"claims-{name}-{status.replace(' ', '-')}",
                number,
                f"Claims of {whose} with the status '{status}'.",
                CLAIMS,
                "claim",
                "claims",
            )
    unnamed = int(own["chain_kinds"].str.endswith("unnamed").sum())
    yield Fact("claims-unnamed", unnamed, "Claims of the article whose origin is not named.", CLAIMS, "claim", "claims")
    timeline = brief.record.timeline
    yield Fact("events", len(timeline), "Dated events around the story.", TIMELINE, "event", "events")
    reported = int((timeline["kind"] == "reported").sum())
    yield Fact("events-reported", reported, "Events known only as reported.", TIMELINE, "event", "events")
    yield Fact("polls", len(brief.record.evidence), "Opinion polls in the table.", EVIDENCE, "poll", "polls")
    yield Fact("sources", len(brief.sources), "Sources of the brief.", SOURCES, "source", "sources")
