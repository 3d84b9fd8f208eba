"""Tables of campaigns: each with its common text, its versions, and what people added; silent where there is none."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import TYPE_CHECKING

import pandas as pd

from brief.analysis import campaign_texts
from brief.analysis import campaigns as rule
from brief.figures import SILENT, Table, Unavailable, table
from brief.findings import naming
from brief.findings.facts import Fact
from brief.prose.catalogue import message, say
from brief.prose.language import capital, listed, numeral

if TYPE_CHECKING:
    from brief.findings.findings import Findings

COMPARED = 200
"""So many distinct texts of a campaign are compared with its common text, word by word."""
COMPARISONS = 50_000_000
"""And so many pairs of their words in all: what a comparison costs grows with the length of both texts."""


RECORDED = {"attr_organiser": message("Organised by"), "attr_route": message("Came by")}
"""The attributes of comments that tell of a campaign, and what their column is called."""
NAMED = 3
"""So many values of an attribute are named."""


@table("campaigns")
def campaigns(findings: Findings, facts: Mapping[str, Fact]) -> Table | Unavailable:
    """Each campaign: how often it was sent, in how many texts, from when to when, and its common text."""
    brief = findings.brief
    rows = findings.campaigns[1]
    if not len(rows):
        return SILENT
    shared = rows[["shared_by", "distinct_texts"]]
    data = pd.DataFrame(
        {
            "Common text": [findings.as_written(template) for template in rows["template"]],
            "Submissions": rows["submissions"].to_list(),
            "Distinct texts": rows["distinct_texts"].to_list(),
            "Each word in at least": [
                say("{of} of {all}", of=numeral(few), all=numeral(every))
                for few, every in shared.itertuples(index=False)
            ],
            "From": rows["first"].to_list(),
            "To": rows["last"].to_list(),
            **_recorded(findings, rows["campaign_id"].to_list()),
        }
    )
    return Table(
        caption=say("Campaigns"),
        data=data if rows["first"].any() else data.drop(columns=["From", "To"]),
        source=say("{many} {place}", many=capital(naming.nouns(brief)[1]), place=naming.place(brief)),
        note=(
            say(
                "Found by phrases that a part of the letters have, whatever their number. That people send the same "
                "text does not make it less theirs: it is counted as submissions and as texts. {gap} stands for words "
                "that differ.",
                gap=campaign_texts.GAP,
            )
        ),
        column_notes={
            "Common text": say("The text that is covered best by what the texts share."),
            "Each word in at least": say("The distinct texts in which the rarest of the words shown stands."),
        },
    )


def _recorded(findings: Findings, campaign_ids: list[str]) -> dict[str, list[str]]:
    """Who organised each campaign and by which route its letters came, as far as an attribute of the comments says."""
    columns = {}
    for attribute, name in RECORDED.items():
        if attribute in findings.comments:
            held = findings.comments[["comment_id", attribute]]
            assigned = findings.campaigns[0][["comment_id", "campaign_id"]].merge(held, on="comment_id")
            values = assigned[assigned[attribute] != ""].groupby("campaign_id")[attribute].agg(_commonest)
            columns[name] = [values.get(campaign_id, "") for campaign_id in campaign_ids]
    return columns


def _commonest(cells: pd.Series) -> str:
    """The values that stand in cells, each once, the commonest first."""
    counts = Counter(cells.tolist())
    return listed(sorted(counts, key=lambda value: (-counts[value], value))[:NAMED])


@table("campaign-versions")
def campaign_versions(findings: Findings, facts: Mapping[str, Fact]) -> Table | Unavailable:
    """The versions of each campaign that were sent most, with how often each was sent."""
    brief = findings.brief
    campaign_ids = findings.campaigns[1]["campaign_id"].to_list()
    rows = findings.campaign_versions
    if not len(rows):
        return SILENT
    number = {name: place + 1 for place, name in enumerate(campaign_ids)}
    data = pd.DataFrame(
        {
            "Campaign": [number[name] for name in rows["campaign_id"]],
            "Version": rows["rank"].to_list(),
            "Sent": rows["submissions"].to_list(),
            "Text": [" ".join(text.split()) for text in rows["text"]],
        }
    )
    return Table(
        caption=say("What was sent in each campaign, by how often"),
        data=data,
        source=say("{many} {place}", many=capital(naming.nouns(brief)[1]), place=naming.place(brief)),
        note=say(
            "Up to {number} versions of each campaign, by the number of the campaign.",
            number=campaign_texts.VERSIONS,
        ),
        column_notes={"Sent": say("How often exactly this text was sent, case and white space aside.")},
        folded=True,
    )


@table("campaign-additions")
def campaign_additions(findings: Findings, facts: Mapping[str, Fact]) -> Table | Unavailable:
    """What people added to the common text of a campaign, and what they left out.

    What three or more sent in the same words is the letter that others changed. Where there is none, it is the common
    text, if half of the texts share it: else a form offers many wordings, and people added none of them.
    """
    brief = findings.brief
    assigned, described = findings.campaigns
    first = findings.campaign_versions[findings.campaign_versions["rank"] == 1]
    sent = first[first["submissions"] >= rule.LEAST_SUBMISSIONS]
    worded = findings.worded.set_index("comment_id")["text"]
    pairs = zip(sent["campaign_id"], sent["comment_id"], strict=True)
    letters = {name: " ".join(worded[comment_id].split()) for name, comment_id in pairs}
    shared = described["shared_by"] * 2 >= described["distinct_texts"]
    described = described[shared | described["campaign_id"].isin(letters)]
    if not len(described):
        return SILENT
    texts = findings.worded.set_index("comment_id")
    templates = dict(zip(described["campaign_id"], described["template"], strict=True)) | letters
    order = {name: place for place, name in enumerate(described["campaign_id"])}
    members = assigned[assigned["campaign_id"].isin(order)].drop_duplicates("text_id")
    members = members.assign(order=members["campaign_id"].map(order)).sort_values(["order", "text_id"])
    members = members[members.groupby("order").cumcount() < COMPARED]
    lengths = members["comment_id"].map(texts["text"]).str.count(r"\S+")
    common = members["campaign_id"].map(templates).str.count(r"\S+")
    members = members[(lengths * common).cumsum() <= COMPARISONS]
    additions: list[tuple[str, str, str]] = []
    for row in naming.rows_of(members):
        parts = campaign_texts.differences(texts["text"][row["comment_id"]], templates[row["campaign_id"]])
        by_kind = {
            kind: f" {campaign_texts.GAP} ".join(map(findings.as_written, parts["words"][parts["kind"] == kind]))
            for kind in (campaign_texts.ADDED, campaign_texts.LEFT_OUT)
        }
        if by_kind[campaign_texts.ADDED]:
            additions.append((texts["label"][row["comment_id"]], *by_kind.values()))
    if not additions:
        return SILENT
    columns = [capital(naming.nouns(brief)[0]), "Added", "Left out"]
    return Table(
        caption=say("What people added to a campaign's text"),
        data=pd.DataFrame(additions, columns=columns),
        source=say("{many} {place}", many=capital(naming.nouns(brief)[1]), place=naming.place(brief)),
        note=say(
            "A row for each distinct text that adds words, the largest campaign first; of a large campaign a "
            "choice of its texts, by digest. Compared with the commonest version if {least} or more sent it, else with "
            "the common text.",
            least=numeral(rule.LEAST_SUBMISSIONS),
        ),
    )
