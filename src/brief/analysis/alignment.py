"""What each comment answers in the article and what it raises beside it; which claims drew no answer."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import pandas as pd

BY_HAND, SUGGESTED = "by hand", "suggested"
ANSWERS, RAISES, NEITHER = "answers", "raises", "neither"
ROW_COLUMNS = ("comment_id", "kind", "target", "how")
SUMMARY_COLUMNS = ("kind", "target", "how", "comments")


def annotate(comments: pd.DataFrame, by_hand: pd.DataFrame, suggested: pd.DataFrame | None = None) -> pd.DataFrame:
    """What each comment of a batch answers and raises.

    In: comments (comment_id); the rows set by hand (comment_id, answers, raises; empty texts where there is none); the
    suggestions (comment_id, target_id), used only for comments that have no row by hand.
    Out: `ROW_COLUMNS`, by comment in the order given, then kind and target. `kind` is `answers` (target is a claim),
    `raises` (target is a theme) or `neither` (somebody looked, and it does neither). A comment that nobody has looked
    at and that has no suggestion has no row.
    """
    own = by_hand[by_hand["comment_id"].isin(comments["comment_id"])]
    parts = [
        pd.DataFrame({"comment_id": rows["comment_id"], "kind": kind, "target": rows[kind], "how": BY_HAND})
        for kind in (ANSWERS, RAISES)
        for rows in [own[own[kind] != ""]]
    ]
    idle = own[(own[ANSWERS] == "") & (own[RAISES] == "")]
    idle = idle[~idle["comment_id"].isin(own["comment_id"][(own[ANSWERS] != "") | (own[RAISES] != "")])]
    parts.append(pd.DataFrame({"comment_id": idle["comment_id"], "kind": NEITHER, "target": "", "how": BY_HAND}))
    if suggested is not None:
        new = suggested[suggested["comment_id"].isin(set(comments["comment_id"]) - set(own["comment_id"]))]
        parts.append(
            pd.DataFrame(
                {"comment_id": new["comment_id"], "kind": ANSWERS, "target": new["target_id"], "how": SUGGESTED}
            )
        )
    rows = pd.concat(parts, ignore_index=True).drop_duplicates()
    place = {name: number for number, name in enumerate(comments["comment_id"])}
    rows = rows.assign(place=rows["comment_id"].map(place)).sort_values(["place", "kind", "target"])
    return rows[list(ROW_COLUMNS)].reset_index(drop=True).astype("str")


def summarise(rows: pd.DataFrame) -> pd.DataFrame:
    """How many comments answer or raise each target. In: `ROW_COLUMNS`. Out: `SUMMARY_COLUMNS`, sorted."""
    return merge([rows.assign(comments=1)[list(SUMMARY_COLUMNS)]])


def merge(summaries: Iterable[pd.DataFrame]) -> pd.DataFrame:
    """Add up summaries. In and out: `SUMMARY_COLUMNS`; associative, and the order does not matter."""
    frames = [summary for summary in summaries if len(summary)]
    if not frames:
        return pd.DataFrame({name: pd.Series(dtype="str") for name in SUMMARY_COLUMNS}).astype({"comments": "int64"})
    total = pd.concat(frames, ignore_index=True).groupby(["kind", "target", "how"])[["comments"]].sum().reset_index()
    return total.sort_values(["kind", "target", "how"], ignore_index=True)


def number(summary: pd.DataFrame, kind: str, target: str | None = None, how: str | None = None) -> int:
    """How many comments a summary counts for a kind, and for a target and a way of setting where they are given."""
    rows = zip(*(summary[name] for name in SUMMARY_COLUMNS), strict=True)
    return sum(
        int(comments)
        for row_kind, row_target, row_how, comments in rows
        if row_kind == kind and target in (None, row_target) and how in (None, row_how)
    )


def unanswered(summary: pd.DataFrame, claims: Sequence[str]) -> list[str]:
    """The claims that no comment answers, whether by hand or by suggestion, in the order given."""
    return [claim for claim in claims if number(summary, ANSWERS, claim) == 0]
