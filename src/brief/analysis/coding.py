"""What one coder read in the comments: the reading beside each comment, and counts of it.

Two steps, so that any number of comments can be counted: `annotate` turns a batch of comments into rows (no row looks
at another), `summarise` counts rows, `merge` adds such counts. The sums do not depend on the order or the number of
batches.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import pandas as pd

NOT_CODED = "not-coded"
"""Stands where a stance would, for a comment that nobody has read with the codebook."""

READING_COLUMNS = ("stance", "stance_in_thread", "themes", "certainty", "irony", "boundary", "text_read", "note")
ROW_COLUMNS = ("comment_id", "collection_id", "position", "coded", *READING_COLUMNS)
SUMMARY_COLUMNS = ("kind", "value", "comments")


def coder_shown(codings: pd.DataFrame, coder: str | None) -> str | None:
    """Whose codings are printed: the named coder, else the only one who coded anything, else nobody (`None`).

    In: codings (coder_id), the coder the topic names, if any.
    """
    if coder:
        return coder
    coders = sorted(set(codings["coder_id"])) if len(codings) else []
    return coders[0] if len(coders) == 1 else None


def annotate(comments: pd.DataFrame, codings: pd.DataFrame, coder: str | None) -> pd.DataFrame:
    """Put one coder's reading beside each comment.

    In: comments (comment_id, collection_id, [position]); codings (coder_id, comment_id, stance, and any of the other
    `READING_COLUMNS`); the coder as `coder_shown` tells.
    Out: `ROW_COLUMNS`, a row a comment in the order given, without the texts. `coded` is a truth value; the stance of
    an uncoded comment is `NOT_CODED`; `stance_in_thread` is the stance where the coder gave no other; `position` is
    Int64.
    """
    own = codings[codings["coder_id"] == coder] if coder and len(codings) else codings.iloc[0:0]
    own = own.drop_duplicates("comment_id", keep="last")
    reading = pd.DataFrame({"comment_id": own["comment_id"].astype("str")})
    for column in READING_COLUMNS:
        reading[column] = own[column].fillna("").astype("str") if column in own else ""
    position = comments["position"] if "position" in comments else pd.Series(pd.NA, index=comments.index)
    rows = pd.DataFrame(
        {
            "comment_id": comments["comment_id"].astype("str"),
            "collection_id": comments["collection_id"].astype("str"),
            "position": position.astype("Int64"),
        }
    ).reset_index(drop=True)
    rows = rows.merge(reading, on="comment_id", how="left", sort=False)
    for column in READING_COLUMNS:
        rows[column] = rows[column].fillna("").astype("str")
    rows["coded"] = rows["stance"] != ""
    rows.loc[~rows["coded"], "stance"] = NOT_CODED
    rows["stance_in_thread"] = rows["stance_in_thread"].where(
        (rows["stance_in_thread"] != "") & rows["coded"], rows["stance"]
    )
    return rows[list(ROW_COLUMNS)]


def theme_ids(themes: str) -> list[str]:
    """The theme ids in one cell, as the coder wrote them: separated by `;`, each once, in their order."""
    return list(dict.fromkeys(part.strip() for part in themes.split(";") if part.strip()))


def summarise(rows: pd.DataFrame) -> pd.DataFrame:
    """Count the rows of one batch.

    In: `ROW_COLUMNS`. Out: `SUMMARY_COLUMNS`, sorted: kind is `all`, `coded`, `stance`, `stance_in_thread`, `certainty`
    (coded comments only; empty where the coder gave none), `theme` or `collection`; value is the id; comments is the
    number of comments. A comment with several themes counts once under each.
    """
    coded = rows[rows["coded"]]
    themes = pd.Series([theme for cell in coded["themes"] for theme in theme_ids(cell)], dtype="str")
    counted = {
        "all": pd.Series(["all"] * len(rows), dtype="str"),
        "coded": pd.Series(["coded"] * len(coded), dtype="str"),
        "stance": rows["stance"],
        "stance_in_thread": rows["stance_in_thread"],
        "certainty": coded["certainty"],
        "theme": themes,
        "collection": rows["collection_id"],
    }
    return merge(
        [
            pd.DataFrame({"kind": kind, "value": values.to_numpy(), "comments": 1}, columns=list(SUMMARY_COLUMNS))
            for kind, values in counted.items()
        ]
    )


def merge(summaries: Iterable[pd.DataFrame]) -> pd.DataFrame:
    """Add up summaries. In and out: `SUMMARY_COLUMNS`; associative, and the order does not matter."""
    frames = [summary for summary in summaries if len(summary)]
    if not frames:
        return pd.DataFrame(
            {"kind": pd.Series(dtype="str"), "value": pd.Series(dtype="str"), "comments": pd.Series(dtype="int64")}
        )
    total = pd.concat(frames, ignore_index=True).groupby(["kind", "value"])[["comments"]].sum().reset_index()
    return total.sort_values(["kind", "value"], ignore_index=True)


def number(summary: pd.DataFrame, kind: str, value: str | None = None) -> int:
    """How many comments a summary counts under a kind and a value; 0 where it has no such row.

    Without a value, that of the kinds `all` and `coded`, which have one only.
    """
    sought = (kind, kind if value is None else value)
    rows = zip(summary["kind"], summary["value"], summary["comments"], strict=True)
    return sum(int(comments) for *row, comments in rows if tuple(row) == sought)


def counts(summary: pd.DataFrame, kind: str, ids: Sequence[str]) -> pd.DataFrame:
    """The counts of one kind in the codebook's order, zeros included.

    In: a summary, a kind, the ids of the codebook. Out: value, comments; ids that the codebook does not have come last,
    sorted, and only where they were counted (`NOT_CODED` is one of them).
    """
    values = set(summary.loc[summary["kind"] == kind, "value"])
    order = [*ids, *sorted(values - set(ids))]
    return pd.DataFrame(
        {
            "value": pd.Series(order, dtype="str"),
            "comments": pd.Series([number(summary, kind, value) for value in order], dtype="int64"),
        }
    )


def uncoded(summary: pd.DataFrame) -> int:
    """How many comments nobody has coded."""
    return number(summary, "all") - number(summary, "coded")


def themes_with_nobody(summary: pd.DataFrame, ids: Sequence[str]) -> list[str]:
    """The themes of the codebook that no coded comment has, in the codebook's order."""
    return [theme for theme in ids if number(summary, "theme", theme) == 0]
