"""The facts about what the analysis of the comments finds; numbers that the data do not bear yet are zero."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from brief.data.claims import NOT_ANSWERED, REPLIES
from brief.findings import naming
from brief.findings.facts import Fact, provides_facts
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
    from brief.analysis import machine_coding

    brief = findings.brief
    found = findings
    one, many = naming.nouns(brief)
    listed = min(len(found.comments), naming.LISTED)
    yield Fact(
        "comments-listed", listed, say("{many} that are listed one by one.", many=capital(many)), _COMMENTS, one, many
    )
    unspaced = len(found.comments) if found.unspaced else 0
    told = say(
        "{many} without spaces between words, where most are so: nothing is looked for by words.", many=capital(many)
    )
    yield Fact("comments-unspaced", unspaced, told, _COMMENTS, one, many)
    same = say("case and white space aside")
    yield Fact(
        "comments-distinct", len(found.texts), say("Different texts, {same}.", same=same), _COMMENTS, "text", "texts"
    )
    campaigns = found.campaigns[1]
    yield Fact(
        "campaigns", len(campaigns), say("Campaigns: texts from one template."), _COMMENTS, "campaign", "campaigns"
    )
    sent, texts = int(campaigns["submissions"].sum()), int(campaigns["distinct_texts"].sum())
    yield Fact(
        "campaign-comments", sent, say("{many} that are part of a campaign.", many=capital(many)), _COMMENTS, one, many
    )
    yield Fact("campaign-texts", texts, say("Different texts in these."), _COMMENTS, "text", "texts")
    most_sent = int(found.campaign_versions["submissions"].max()) if len(campaigns) else 0
    once = say("How often the text of a campaign was sent that was sent most often, {same}.", same=same)
    yield Fact("campaign-most-sent", most_sent, once, _COMMENTS, one, many)
    compared = 0 if found.agreement[1] else len(found.compared)
    yield Fact(
        "coders-compared", compared, say("Independent coders with a common comment."), _CODINGS, "coder", "coders"
    )
    yield Fact("why-not-compared", found.agreement[1], say("Why no agreement of coders is told, if none is."), _CODINGS)
    yield Fact(
        "comments-by-hand",
        len(found.hand),
        say("{many} that a person classified.", many=capital(many)),
        _CODINGS,
        one,
        many,
    )
    report, reason = found.machine_report
    learned = 0 if reason else int((report["note"] != machine_coding.NOT_LEARNED).sum())
    yield Fact("stances-learned", learned, say("Stances that a model could learn."), _CODINGS, "stance", "stances")
    labels = naming.labels(brief, "stances")
    hardly = report["category"][(report["note"] == machine_coding.HARDLY_FOUND) & (reason == "")]
    missed = listed_of(quoted_as(naming.label_of(labels, str(one))) for one in hardly)
    yield Fact("stances-hardly-found", missed, say("Stances that a model hardly ever finds, if any."), _CODINGS)
    why = reason if len(found.hand) >= machine_coding.FEWEST_CODED else ""
    yield Fact("why-not-learned", why, say("Why no model codes stances, where one was tried."), _CODINGS)
    estimated = found.shares[0]["estimate"].notna().sum() if not found.shares[1] else 0
    yield Fact("shares-estimated", int(estimated), say("Shares with an interval."), "data/samples/", "share", "shares")
    drawn = len(found.sample.comments) if found.sample else 0
    yield Fact(
        "sample-coded",
        drawn,
        say("Texts of a random sample that a person classified."),
        "data/samples/",
        "text",
        "texts",
    )
    themes = found.themes.themes
    yield Fact("themes-found", len(themes), say("Themes found beside the codebook."), _COMMENTS, "theme", "themes")
    no_theme = say("Groups that are no theme, because they disappear when a part of the texts is left out.")
    yield Fact("themes-fragile", found.themes.left_out, no_theme, _COMMENTS, "group", "groups")
    why = found.themes.reason if found.themes.sought else ""
    yield Fact("why-no-themes", why, say("Why no themes are told, where a program looked for some."), _COMMENTS)
    quoted = found.exemplars["comment_id"].nunique()
    yield Fact("comments-quoted", int(quoted), say("{many} quoted by rule.", many=capital(many)), _COMMENTS, one, many)
    replies = brief.record.replies
    yield Fact("arguments", len(replies), say("Arguments of the {many}.", many=many), REPLIES, "argument", "arguments")
    left = int((replies["answered"] == NOT_ANSWERED).sum())
    yield Fact(
        "arguments-unanswered",
        left,
        say("Arguments without a reply."),
        REPLIES,
        "argument",
        "arguments",
    )
