"""Tables of what the analysis of the comments finds; each appears with the data that justify it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import pandas as pd

from brief.analysis import distinct
from brief.data.bibliography import keys_of, names_of
from brief.data.claims import NOT_ANSWERED
from brief.figures import SILENT, Table, Unavailable, table
from brief.figures.decisions import UNDECIDED, decided
from brief.figures.quoted_comments import shortened
from brief.findings import naming
from brief.findings.facts import Fact
from brief.findings.judgements import NOT_RECORDED
from brief.prose.catalogue import message, say, say_again
from brief.prose.language import capital, counted, decimal, listed, numeral, quoted

if TYPE_CHECKING:
    from brief.data.brief import Brief
    from brief.findings.findings import Findings

_READING = {"stance": message("Stance"), "themes": message("Themes as a set"), "theme": message("Theme")}
_GROUPS = {"all": message("All"), "stance": message("Stance"), "theme": message("Theme"), "length": message("Length")}


def decimals(value: float, places: int = 2) -> str:
    """A number with so many decimals; empty where it is not defined."""
    return "" if pd.isna(value) else decimal(value, places)


def percent(share: float) -> str:
    """A part of one as a percentage without decimals; empty where it is not defined."""
    return "" if pd.isna(share) else say("{share} %", share=decimal(100 * share, 0))


def interval(low: float, high: float, places: int = 2) -> str:
    """Two limits as a range; empty where they are not defined."""
    return (
        ""
        if pd.isna(low) or pd.isna(high)
        else say("{low} to {high}", low=decimal(low, places), high=decimal(high, places))
    )


@table("reply-matrix")
def reply_matrix(findings: Findings, facts: Mapping[str, Fact]) -> Table | Unavailable:
    """Each argument of the comments: who makes it, on what evidence, who replies, and what was decided on it.

    Those that nobody answered or decided on stand first.
    """
    brief = findings.brief
    replies = brief.claim_register.replies
    if not len(replies):
        return Unavailable(say("The arguments of the comments have not been gathered yet."))
    decisions = decided(brief.claim_register)
    settled = (replies["answered"] != NOT_ANSWERED).astype(int) + replies["argument_id"].isin(list(decisions)).astype(
        int
    )
    replies = replies.loc[settled.sort_values(kind="stable").index]
    comments = findings.comments
    names = dict(zip(comments["comment_id"], comments["label"], strict=True))
    digests = {name: distinct.digest(text) for name, text in zip(comments["comment_id"], comments["text"], strict=True)}
    made_by = [keys_of(cell) for cell in replies["comments"]]
    answers = [_reply(brief, reply) for reply in naming.rows_of(replies)]
    copied = any(len(ids) != len({digests[name] for name in ids}) for ids in made_by)
    data = pd.DataFrame(
        {
            "Argument": replies["argument"].to_list(),
            "Made by": [listed(names[name] for name in ids[:10]) for ids in made_by],
            "Different texts": [len({digests[name] for name in ids}) for ids in made_by],
            "Evidence given": replies["evidence"].to_list(),
            "Reply": answers,
            "Decision": [decisions.get(name, say(UNDECIDED)) for name in replies["argument_id"]],
        }
    )
    if not decisions:
        data = data.drop(columns="Decision")
    if not copied:
        data = data.drop(columns="Different texts")
    return Table(
        caption=say("Arguments of the comments, and the replies"),
        data=data,
        source=say("{source}; replies as gathered for this brief", source=naming.source(brief)),
        note=say("Arguments are worded as their authors might word them."),
        column_notes={"Different texts": say("Copies of a text count once.")} if copied else {},
        folded=True,
    )


def _reply(brief: Brief, reply: Mapping[str, str]) -> str:
    """The reply to an argument: by whom, in a sentence, the words of the article, the sources."""
    if reply["answered"] == NOT_ANSWERED:
        return say("No reply found")
    words = f" {quoted(reply['quote'])}" if reply["quote"] else ""
    named = "; ".join(names_of(brief.sources, reply["sources"]))
    return f"{capital(say(reply['answered']))}: {reply['answer']}{words}{f' ({named})' if named else ''}"


@table("agreement")
def agreement(findings: Findings, facts: Mapping[str, Fact]) -> Table | Unavailable:
    """Krippendorff's alpha of the independent coders, for stances, sets of themes and each theme."""
    from brief.analysis.agreement import CUSTOMARY, LIMITS_FROM, LOWEST

    brief = findings.brief
    rows, reason = findings.agreement
    if reason or not len(rows):
        return SILENT
    themes = naming.labels(brief, "themes")
    data = pd.DataFrame(
        {
            "Reading": [
                themes.get(row["theme"], row["theme"]) if row["theme"] else say(_READING[row["reading"]])
                for row in naming.rows_of(rows)
            ],
            "Alpha": [decimals(value) for value in rows["alpha"]],
            "Interval": [interval(low, high) for low, high in zip(rows["low"], rows["high"], strict=True)],
            "Coders": rows["coders"].to_list(),
            "Comments compared": rows["comments"].to_list(),
            "Note": [say_again(note) for note in rows["note"]],
        }
    )
    return Table(
        caption=say("How far the coders agree"),
        data=data,
        source=say("data/codings/, by {compared}", compared=listed(findings.compared)),
        note=(
            say(
                "Krippendorff's alpha: perfect agreement is its highest value, and what chance gives is "
                "zero. The interval is from resampling comments. Alpha is customarily required to be at "
                "least {customary}; {lowest} is the lowest limit for tentative conclusions ({limits_from}).",
                customary=decimal(CUSTOMARY, 3),
                lowest=decimal(LOWEST, 3),
                limits_from=LIMITS_FROM,
            )
        ),
        column_notes={"Alpha": say("Nominal for stance and each theme, MASI distance for themes as a set.")},
    )


@table("disagreements")
def disagreements(findings: Findings, facts: Mapping[str, Fact]) -> Table | Unavailable:
    """The comments that coders read differently, people or programs, independent or not: the worst first."""
    brief = findings.brief
    from brief.analysis import agreement as compared

    kinds = dict(zip(brief.coders["coder_id"], brief.coders["kind"], strict=True))
    coders = sorted(set(brief.codings["coder_id"]), key=lambda coder: (coder != findings.coder, coder))
    rows = compared.disagreements(brief.codings, coders, brief.stance_only)
    if not len(rows):
        return SILENT
    comments = findings.comments.set_index("comment_id")
    labels = {**naming.labels(brief, "stances"), **naming.labels(brief, "themes")}
    rows = rows[rows["comment_id"].isin(comments.index)]
    data = pd.DataFrame({capital(naming.nouns(brief)[0]): comments["label"].reindex(rows["comment_id"]).to_list()})
    for coder in coders:
        for kind in ("stance", "themes"):
            cells = rows[f"{kind}_{coder}"]
            if kind == "themes" and (coder in brief.stance_only or not len(naming.codes(brief, "themes"))):
                continue
            data[f"{coder}: {say(kind)}"] = [
                ", ".join(labels.get(part, part) for part in keys_of(cell)) for cell in cells
            ]
    data["Text"] = comments["text"].reindex(rows["comment_id"]).to_list()
    listed_kinds = "; ".join(f"{coder}: {say(kinds.get(coder, NOT_RECORDED))}" for coder in coders)
    dependent = len(coders) > len(findings.compared)
    note = say(
        "The coders are {kinds}. The comments come in the order of how far their stances differ.", kinds=listed_kinds
    )
    return Table(
        caption=say("Where the coders differ"),
        data=data,
        source="data/codings/",
        note=f"{note} {say('Coders who did not work independently are among them.')}" if dependent else note,
    )


@table("machine-coding")
def machine_coding(findings: Findings, facts: Mapping[str, Fact]) -> Table | Unavailable:
    """How well a model trained on the hand codes codes comments that it has not seen."""
    brief = findings.brief
    report, reason = findings.machine_report
    if reason or not len(report):
        return SILENT
    stances = naming.labels(brief, "stances")
    read = say("Cross-validation over {hand} coded by hand", hand=counted(len(findings.hand), "comment", "comments"))
    vectors = brief.topic.text_vectors
    data = pd.DataFrame(
        {
            "Stance": [naming.label_of(stances, str(category)) for category in report["category"]],
            "Coded by hand": report["support"].to_list(),
            "Coded so by the model": report["coded"].to_list(),
            "Precision": [decimals(value) for value in report["precision"]],
            "Recall": [decimals(value) for value in report["recall"]],
            "F1": [decimals(value) for value in report["f1"]],
            "Note": [say_again(note) for note in report["note"]],
        }
    )
    return Table(
        caption=say("How well a model codes comments that it has not seen"),
        data=data,
        source=read
        if vectors == "words"
        else say("{read}; learned from their words and from the vectors of {vectors}", read=read, vectors=vectors),
        note=say("A comment that the model is unsure of is left unclassified, and counts as missed."),
    )


@table("shares")
def shares(findings: Findings, facts: Mapping[str, Fact]) -> Table | Unavailable:
    """The share of each stance, of distinct texts and of submissions, from a random sample coded by a reader."""
    brief = findings.brief
    own = findings
    estimates, reason = own.shares
    if reason or own.sample is None or estimates["estimate"].isna().all():
        return SILENT
    stances = naming.labels(brief, "stances")
    rows = estimates[estimates["n_category"] > 0]
    if estimates["n_population"].nunique() == 1:  # no text was sent twice, so both shares are one
        rows = rows[rows["estimand"] == estimates["estimand"].iloc[0]]
    data = pd.DataFrame(
        {
            "Stance": [naming.label_of(stances, stance) for stance in rows["category"]],
            "Share of": [say(estimand) for estimand in rows["estimand"]],
            "In the sample": [
                say("{of} of {all}", of=numeral(of), all=numeral(all_))
                for of, all_ in zip(rows["n_category"], rows["n_hand"], strict=True)
            ],
            "Share": [percent(value) for value in rows["estimate"]],
            "Interval": [
                say("{low} to {high}", low=percent(low), high=percent(high)) if not pd.isna(low) else ""
                for low, high in zip(rows["low"], rows["high"], strict=True)
            ],
            "From": [say(method) for method in rows["method"]],
            "Note": [say_again(note) for note in rows["note"]],
        }
    )
    frame = counted(own.sample.population, "distinct text", "distinct texts")
    return Table(
        caption=say("The share of each stance"),
        data=data,
        source=say(
            "data/samples/{sample_id}.yml; coding: {coder_named}",
            sample_id=own.sample.sample_id,
            coder_named=naming.coder_named(brief),
        ),
        note=(
            say(
                "The frame: {frame} {place}. They stand for those who wrote and for no others. The interval "
                "is for {level} of such samples. {rule}",
                frame=frame,
                place=naming.place(brief),
                level=percent(float(estimates["level"].iloc[0])),
                rule=own.sample.rule,
            )
        ),
        column_notes={
            "Share of": say("Distinct texts count each text once, submissions as often as it was sent."),
            "From": say("Machine scores are used only where they narrow the interval, and never for their own share."),
        },
    )


@table("themes-from-data")
def themes_from_data(findings: Findings, facts: Mapping[str, Fact]) -> Table | Unavailable:
    """Themes found in the comments that no theme of the codebook covers."""
    brief = findings.brief
    themes = findings.themes
    if themes.reason or not len(themes.themes):
        return SILENT
    stances = naming.labels(brief, "stances")
    first = themes.exemplars.drop_duplicates("theme_id").set_index("theme_id")
    texts = findings.comments.set_index("comment_id")["text"]
    quotes = {
        theme: shortened(quote, texts[comment])
        for theme, comment, quote in first[["comment_id", "quote"]].itertuples(name=None)
    }
    rows = themes.themes
    vectors = brief.topic.text_vectors
    by = (
        say("grouped by their own words (k-means)")
        if vectors == "words"
        else say("grouped by the vectors of {vectors} (k-means)", vectors=vectors)
    )
    data = pd.DataFrame(
        {
            "Theme": rows["name"].to_list(),
            "Stance": [naming.label_of(stances, stance) for stance in rows["stance"]],
            "Distinct texts": rows["distinct_texts"].to_list(),
            "Submissions": rows["submissions"].to_list(),
            "Stability": [decimals(value) for value in rows["stability"]],
            "A comment of it": [quoted(quotes.get(name, "")) for name in rows["theme_id"]],
        }
    )
    return Table(
        caption=say("Themes that a program found beside the codebook"),
        data=data,
        source=say("{many} {place}; {by}", many=capital(naming.nouns(brief)[1]), place=naming.place(brief), by=by),
        note=say("Named with phrases of the comments. What is said with different stances counts for each of them."),
        column_notes={"Stability": say("Mean Jaccard index with the nearest theme of refitted parts of the texts.")},
    )


@table("representation")
def representation(findings: Findings, facts: Mapping[str, Fact]) -> Table | Unavailable:
    """Whether those quoted stand for all, by a measure that had no part in choosing them."""
    brief = findings.brief
    audit = findings.audit
    if audit.reason or not len(audit.table):
        return SILENT
    rows = audit.table
    labels = {**naming.labels(brief, "stances"), **naming.labels(brief, "themes")}
    data = pd.DataFrame(
        {
            "Group": [
                f"{say(_GROUPS[kind])}: {say_again(naming.label_of(labels, group))}"
                if kind != "all"
                else say(_GROUPS[kind])
                for kind, group in zip(rows["group_kind"], rows["group"], strict=True)
            ],
            "Distinct texts": rows["comments"].to_list(),
            "Quoted": rows["quoted"].to_list(),
            "Coverage": [decimals(value, 3) for value in rows["coverage"]],
            "Random samples": [
                interval(*pair, 3) for pair in zip(rows["random_low"], rows["random_high"], strict=True)
            ],
            "The quoted do": [say(verdict) for verdict in rows["verdict"]],
        }
    )
    note = say("Where a group is worse than random samples, its people are spoken for less than chance would.")
    by_stance = int(rows.loc[rows["group_kind"] == "stance", "comments"].sum())
    if by_stance > int(rows["comments"].iloc[0]):
        note += " " + say("A text counts under each stance that a copy of it was given.")
    return Table(
        caption=say("Whether the quoted stand for all"),
        data=data,
        source=naming.source(brief),
        note=note,
        column_notes={"Coverage": say("Mean likeness (Jaccard index of content words) to the nearest quoted text.")},
    )
