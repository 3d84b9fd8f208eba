"""The facts about what the analysis of the comments finds; numbers that the data do not bear yet are zero."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from brief.analysis.coding import NOT_CODED
from brief.data.claims import NOT_ANSWERED, REPLIES
from brief.data.decisions import DECISIONS
from brief.findings import naming
from brief.findings.facts import Fact, counting, provides_facts
from brief.prose.catalogue import say
from brief.prose.language import capital
from brief.prose.language import listed as listed_of
from brief.prose.language import quoted as quoted_as

if TYPE_CHECKING:
    from brief.findings.findings import Findings

_COMMENTS, _CODINGS = "data/comments/", "data/codings/"


@provides_facts
def about_the_analysis(findings: Findings) -> Iterator[Fact]:
    """Distinct texts, coders compared, what a model was trained on, themes found, comments quoted, arguments."""
    from brief.analysis import machine_coding, segmenting

    brief = findings.brief
    unit, units = naming.nouns(brief)
    yield counting(
        "comments-listed",
        findings.comments["comment_id"].head(naming.LISTED),
        say("{many} that are listed one by one.", many=capital(units)),
        _COMMENTS,
        unit,
        units,
    )
    unspaced = len(findings.comments) if findings.unspaced else 0
    definition = say(
        "{many} without spaces between words, where most are so: nothing is looked for by words.", many=capital(units)
    )
    yield Fact("comments-unspaced", unspaced, definition, _COMMENTS, unit, units)
    segmented = 0 if findings.segmenter is None else len(findings.comments)
    definition = say("{many} in Japanese, where most are so and a program told their words apart.", many=capital(units))
    yield Fact("comments-segmented", segmented, definition, _COMMENTS, unit, units)
    program = segmenting.name() if segmented else ""
    definition = say("The program that told words apart, and its dictionary; empty where none did.")
    yield Fact("segmenter", program, definition, _COMMENTS)
    same = say("case and white space aside")
    yield Fact(
        "comments-distinct", len(findings.texts), say("Different texts, {same}.", same=same), _COMMENTS, "text", "texts"
    )
    campaigns = findings.campaigns[1]
    yield Fact(
        "campaigns", len(campaigns), say("Campaigns: texts from one template."), _COMMENTS, "campaign", "campaigns"
    )
    sent, texts = int(campaigns["submissions"].sum()), int(campaigns["distinct_texts"].sum())
    yield Fact(
        "campaign-comments",
        sent,
        say("{many} that are part of a campaign.", many=capital(units)),
        _COMMENTS,
        unit,
        units,
    )
    yield Fact("campaign-texts", texts, say("Different texts in these."), _COMMENTS, "text", "texts")
    most_sent = int(findings.campaign_versions["submissions"].max()) if len(campaigns) else 0
    once = say("How often the text of a campaign was sent that was sent most often, {same}.", same=same)
    yield Fact("campaign-most-sent", most_sent, once, _COMMENTS, unit, units)
    left_out = say("{many} without spaces between words among which no campaign was looked for.", many=capital(units))
    yield Fact("comments-not-compared", findings.not_compared, left_out, _COMMENTS, unit, units)
    compared = 0 if findings.agreement[1] else len(findings.compared)
    yield Fact(
        "coders-compared", compared, say("Independent coders with a common comment."), _CODINGS, "coder", "coders"
    )
    yield Fact(
        "why-not-compared", findings.agreement[1], say("Why no agreement of coders is told, if none is."), _CODINGS
    )
    yield counting(
        "comments-by-hand",
        findings.hand["comment_id"],
        say("{many} that a person classified.", many=capital(units)),
        _CODINGS,
        unit,
        units,
    )
    report, reason = findings.machine_report
    learned = 0 if reason else int((report["note"] != machine_coding.NOT_LEARNED).sum())
    yield Fact("stances-learned", learned, say("Stances that a model could learn."), _CODINGS, "stance", "stances")
    labels = naming.labels(brief, "stances")
    hardly = report["category"][(report["note"] == machine_coding.HARDLY_FOUND) & (reason == "")]
    missed = listed_of(quoted_as(naming.label_of(labels, str(stance))) for stance in hardly)
    yield Fact("stances-hardly-found", missed, say("Stances that a model hardly ever finds, if any."), _CODINGS)
    why = reason if len(findings.hand) >= machine_coding.FEWEST_CODED else ""
    yield Fact("why-not-learned", why, say("Why no model codes stances, where one was tried."), _CODINGS)
    estimated = findings.shares[0]["estimate"].notna().sum() if not findings.shares[1] else 0
    yield Fact("shares-estimated", int(estimated), say("Shares with an interval."), "data/samples/", "share", "shares")
    drawn = len(findings.sample.comments) if findings.sample else 0
    yield Fact(
        "sample-coded",
        drawn,
        say("Texts of a random sample that a person classified."),
        "data/samples/",
        "text",
        "texts",
    )
    themes = findings.themes.themes
    yield Fact("themes-found", len(themes), say("Themes found beside the codebook."), _COMMENTS, "theme", "themes")
    unread = int((themes["stance"] == NOT_CODED).sum()) if len(themes) else 0
    definition = say("Of the themes found, those in comments that nobody has classified.")
    yield Fact("themes-unclassified", unread, definition, _COMMENTS, "theme", "themes")
    no_theme = say("Groups that are no theme, because they disappear when a part of the texts is left out.")
    yield Fact("themes-fragile", findings.themes.left_out, no_theme, _COMMENTS, "group", "groups")
    why = findings.themes.reason if findings.themes.sought else ""
    yield Fact("why-no-themes", why, say("Why no themes are told, where a program looked for some."), _COMMENTS)
    quoted = findings.exemplars["comment_id"].unique()
    yield counting(
        "comments-quoted", quoted, say("{many} quoted by rule.", many=capital(units)), _COMMENTS, unit, units
    )
    measured = say("Whether it was measured if the quoted {many} stand for all.", many=units)
    yield Fact("quoted-measured", findings.is_audited, measured, _COMMENTS)
    replies = brief.claim_register.replies
    meaning = say("Arguments of the {many}.", many=units)
    yield counting("arguments", replies["argument_id"], meaning, REPLIES, "argument", "arguments")
    decided = set(brief.claim_register.decisions["about"])
    yield counting("decisions", decided, say("Arguments and claims decided on."), DECISIONS, "decision", "decisions")
    undecided = set(replies["argument_id"]) - decided
    meaning = say("Arguments on which no decision is recorded.")
    yield counting("arguments-undecided", undecided, meaning, DECISIONS, "argument", "arguments")
    left = replies.loc[replies["answered"] == NOT_ANSWERED, "argument_id"]
    yield counting(
        "arguments-unanswered",
        left,
        say("Arguments without a reply."),
        REPLIES,
        "argument",
        "arguments",
    )
