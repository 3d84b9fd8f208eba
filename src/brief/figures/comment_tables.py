"""Tables of what the analysis of the comments finds; each appears with the data that justify it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import pandas as pd

from brief.analysis import distinct
from brief.data.bibliography import keys_of, names_of
from brief.data.claims import NOT_ANSWERED
from brief.figures import SILENT, Table, Unavailable, table
from brief.figures.quoted_comments import shortened
from brief.findings import naming
from brief.findings.facts import Fact
from brief.prose.language import capital, counted, listed

if TYPE_CHECKING:
    from brief.data.brief import Brief
    from brief.findings.findings import Findings

_READING = {"stance": "Stance", "themes": "Themes as a set", "theme": "Theme"}
_GROUPS = {"all": "All", "stance": "Stance", "theme": "Theme", "length": "Length"}


def decimals(value: float, places: int = 2) -> str:
    """A number with so many decimals; empty where it is not defined."""
    return "" if pd.isna(value) else f"{value:.{places}f}"


def percent(share: float) -> str:
    """A part of one as a percentage without decimals; empty where it is not defined."""
    return "" if pd.isna(share) else f"{100 * share:.0f} %"


def interval(low: float, high: float, places: int = 2) -> str:
    """Two limits as a range; empty where they are not defined."""
    return "" if pd.isna(low) or pd.isna(high) else f"{low:.{places}f} to {high:.{places}f}"


@table("reply-matrix")
def reply_matrix(findings: Findings, facts: Mapping[str, Fact]) -> Table | Unavailable:
    """Each argument of the comments: who makes it, on what evidence, and who replies."""
    brief = findings.brief
    replies = brief.record.replies
    if not len(replies):
        return Unavailable("The arguments of the comments have not been gathered yet.")
    comments = findings.comments
    names = dict(zip(comments["comment_id"], comments["label"], strict=True))
    digests = {name: distinct.digest(text) for name, text in zip(comments["comment_id"], comments["text"], strict=True)}
    made_by = [keys_of(cell) for cell in replies["comments"]]
    answers = [_reply(brief, one) for one in naming.rows_of(replies)]
    copied = any(len(made) != len({digests[name] for name in made}) for made in made_by)
    data = pd.DataFrame(
        {
            "Argument": replies["argument"].to_list(),
            "Made by": [listed(names[name] for name in made[:10]) for made in made_by],
            "Different texts": [len({digests[name] for name in made}) for made in made_by],
            "Evidence given": replies["evidence"].to_list(),
            "Reply": answers,
        }
    )
    if not copied:
        data = data.drop(columns="Different texts")
    return Table(
        caption="Arguments of the comments, and the replies",
        data=data,
        source=f"{naming.source(brief)}; replies as gathered for this brief",
        note="Arguments are worded as their authors might word them. An argument without a reply may still be right.",
        column_notes={"Different texts": "Copies of a text count once."} if copied else {},
        folded=True,
    )


def _reply(brief: Brief, one: Mapping[str, str]) -> str:
    """The reply to an argument: by whom, in a sentence, the words of the article, the sources."""
    if one["answered"] == NOT_ANSWERED:
        return "No reply found"
    words = f" “{one['quote']}”" if one["quote"] else ""
    named = "; ".join(names_of(brief.sources, one["sources"]))
    return f"{capital(one['answered'])}: {one['answer']}{words}{f' ({named})' if named else ''}"


@table("agreement")
def agreement(findings: Findings, facts: Mapping[str, Fact]) -> Table | Unavailable:
    """Krippendorff's alpha of the independent coders, for stances, sets of themes and each theme."""
    from brief.analysis.agreement import CUSTOMARY, LIMITS_FROM, LOWEST

    brief = findings.brief
    found, reason = findings.agreement
    if reason or not len(found):
        return SILENT
    themes = naming.labels(brief, "themes")
    data = pd.DataFrame(
        {
            "Reading": [
                themes.get(row["theme"], row["theme"]) if row["theme"] else _READING[row["reading"]]
                for row in naming.rows_of(found)
            ],
            "Alpha": [decimals(value) for value in found["alpha"]],
            "Interval": [interval(low, high) for low, high in zip(found["low"], found["high"], strict=True)],
            "Coders": found["coders"].to_list(),
            "Comments compared": found["comments"].to_list(),
            "Note": found["note"].to_list(),
        }
    )
    return Table(
        caption="How far the coders agree",
        data=data,
        source=f"data/codings/, by {listed(findings.compared)}",
        note=(
            "Krippendorff's alpha: perfect agreement is its highest value, and what chance gives is zero. The interval "
            f"is from resampling comments. Alpha is customarily required to be at least {CUSTOMARY:.3f}; {LOWEST:.3f} "
            f"is the lowest limit for tentative conclusions ({LIMITS_FROM})."
        ),
        column_notes={"Alpha": "Nominal for stance and each theme, MASI distance for themes as a set."},
    )


@table("disagreements")
def disagreements(findings: Findings, facts: Mapping[str, Fact]) -> Table | Unavailable:
    """The comments that independent coders read differently, side by side."""
    brief = findings.brief
    from brief.analysis import agreement as compared

    own = findings
    if own.agreement[1]:
        return SILENT
    rows = compared.disagreements(brief.codings, own.compared, brief.stance_only)
    if not len(rows):
        return SILENT
    comments = own.comments.set_index("comment_id")
    labels = {**naming.labels(brief, "stances"), **naming.labels(brief, "themes")}
    rows = rows[rows["comment_id"].isin(comments.index)]
    data = pd.DataFrame({capital(naming.nouns(brief)[0]): comments["label"].reindex(rows["comment_id"]).to_list()})
    for coder in own.compared:
        for kind in ("stance", "themes"):
            cells = rows[f"{kind}_{coder}"]
            if kind == "themes" and not len(naming.codes(brief, "themes")):
                continue
            data[f"{coder}: {kind}"] = [", ".join(labels.get(part, part) for part in keys_of(cell)) for cell in cells]
    data["Text"] = comments["text"].reindex(rows["comment_id"]).to_list()
    return Table(caption="Where the coders differ", data=data, source="data/codings/")


@table("machine-coding")
def machine_coding(findings: Findings, facts: Mapping[str, Fact]) -> Table | Unavailable:
    """How well a model trained on the hand codes codes comments that it has not seen."""
    brief = findings.brief
    report, reason = findings.machine_report
    if reason or not len(report):
        return SILENT
    stances = naming.labels(brief, "stances")
    data = pd.DataFrame(
        {
            "Stance": [naming.label_of(stances, str(one)) for one in report["category"]],
            "Coded by hand": report["support"].to_list(),
            "Coded so by the model": report["coded"].to_list(),
            "Precision": [decimals(value) for value in report["precision"]],
            "Recall": [decimals(value) for value in report["recall"]],
            "F1": [decimals(value) for value in report["f1"]],
            "Note": report["note"].to_list(),
        }
    )
    return Table(
        caption="How well a model codes comments that it has not seen",
        data=data,
        source=f"Cross-validation over {counted(len(findings.hand), 'comment', 'comments')} coded by hand",
        note="A comment that the model is unsure of is left unclassified, and counts as missed.",
    )


@table("shares")
def shares(findings: Findings, facts: Mapping[str, Fact]) -> Table | Unavailable:
    """The share of each stance, of distinct texts and of submissions, from a random sample coded by a reader."""
    brief = findings.brief
    own = findings
    found, reason = own.shares
    if reason or own.sample is None or found["estimate"].isna().all():
        return SILENT
    stances = naming.labels(brief, "stances")
    rows = found[found["n_category"] > 0]
    data = pd.DataFrame(
        {
            "Stance": [naming.label_of(stances, stance) for stance in rows["category"]],
            "Share of": rows["estimand"].to_list(),
            "In the sample": [
                f"{of:,} of {all_:,}" for of, all_ in zip(rows["n_category"], rows["n_hand"], strict=True)
            ],
            "Share": [percent(value) for value in rows["estimate"]],
            "Interval": [
                f"{percent(low)} to {percent(high)}" if not pd.isna(low) else ""
                for low, high in zip(rows["low"], rows["high"], strict=True)
            ],
            "From": rows["method"].to_list(),
            "Note": rows["note"].to_list(),
        }
    )
    frame = counted(own.sample.population, "distinct text", "distinct texts")
    return Table(
        caption="The share of each stance",
        data=data,
        source=f"data/samples/{own.sample.sample_id}.yml; coding: {naming.coder_named(brief)}",
        note=(
            f"The frame: {frame} {naming.place(brief)}. They stand for those who wrote and for no others. The interval "
            f"is for {percent(float(found['level'].iloc[0]))} of such samples. {own.sample.rule}"
        ),
        column_notes={
            "Share of": "Distinct texts count each text once, submissions as often as it was sent.",
            "From": "Machine scores are used only where they narrow the interval, and never for their own share.",
        },
    )


@table("themes-from-data")
def themes_from_data(findings: Findings, facts: Mapping[str, Fact]) -> Table | Unavailable:
    """Themes found in the comments that no theme of the codebook covers."""
    brief = findings.brief
    found = findings.themes
    if found.reason or not len(found.themes):
        return SILENT
    stances = naming.labels(brief, "stances")
    first = found.exemplars.drop_duplicates("theme_id").set_index("theme_id")
    texts = findings.comments.set_index("comment_id")["text"]
    quotes = {
        theme: shortened(quote, texts[comment])
        for theme, comment, quote in first[["comment_id", "quote"]].itertuples(name=None)
    }
    rows = found.themes
    vectors = brief.topic.text_vectors
    by = f"grouped by {'their own words' if vectors == 'words' else f'the vectors of {vectors}'} (k-means)"
    data = pd.DataFrame(
        {
            "Theme": rows["name"].to_list(),
            "Stance": [naming.label_of(stances, stance) for stance in rows["stance"]],
            "Distinct texts": rows["distinct_texts"].to_list(),
            "Submissions": rows["submissions"].to_list(),
            "Stability": [decimals(value) for value in rows["stability"]],
            "Fragile": ["fragile" if fragile else "" for fragile in rows["fragile"]],
            "A comment of it": [f"“{quotes.get(name, '')}”" for name in rows["theme_id"]],
        }
    )
    return Table(
        caption="Themes found in what the codebook does not cover",
        data=data,
        source=f"{capital(naming.nouns(brief)[1])} {naming.place(brief)}; {by}",
        note="Named with phrases of the comments. A fragile theme is gone when a part of the texts is left out.",
        column_notes={"Stability": "Mean Jaccard index with the nearest theme of refitted parts of the texts."},
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
                f"{_GROUPS[kind]}: {naming.label_of(labels, group)}" if kind != "all" else _GROUPS[kind]
                for kind, group in zip(rows["group_kind"], rows["group"], strict=True)
            ],
            "Distinct texts": rows["comments"].to_list(),
            "Quoted": rows["quoted"].to_list(),
            "Coverage": [decimals(value, 3) for value in rows["coverage"]],
            "Random samples": [
                interval(*pair, 3) for pair in zip(rows["random_low"], rows["random_high"], strict=True)
            ],
            "The quoted do": rows["verdict"].to_list(),
        }
    )
    return Table(
        caption="Whether the quoted stand for all",
        data=data,
        source=naming.source(brief),
        note="Where a group is worse than random samples, its people are spoken for less than chance would.",
        column_notes={"Coverage": "Mean likeness (Jaccard index of content words) to the nearest quoted text."},
    )
