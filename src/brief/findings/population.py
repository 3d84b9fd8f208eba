"""What a sample is drawn from: the distinct texts of a brief, each in its stratum."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterator

import pandas as pd

from brief.analysis import coding
from brief.contract import comment_files
from brief.data.brief import HIDDEN, Brief
from brief.errors import fail

STANCE, THEME, COLLECTION = "stance", "theme", "collection"
NONE_GIVEN = "(none)"
"""The stratum of comments that have no value in a column, or no theme."""
_NO_STRATA = ("comment_id", "parent_id", "author", "text")
_BATCH = 50_000


def strata(brief: Brief, comments: pd.DataFrame, by: str) -> tuple[pd.DataFrame, str]:
    """The comments of a brief, each with its stratum (comment_id, stratum), and the coder they come from, if any.

    In: the brief, and its comments as `Findings.comments` has them. `by`: empty, `STANCE`, `THEME` (of several, the one
    that the fewest comments have), `COLLECTION`, or a column of the comments. A comment that nobody coded is in the
    stratum `coding.NOT_CODED`. Raises `BriefError` for a column that no comment has, and for stance and theme where no
    coder's codings are printed.
    """
    if by in ("", COLLECTION):
        values = comments["collection_id"] if by else pd.Series("all", index=comments.index, dtype="str")
        return pd.DataFrame({"comment_id": comments["comment_id"], "stratum": values}), ""
    if by not in (STANCE, THEME):
        cells = list(_cells(brief, by))
        return pd.DataFrame(cells, columns=["comment_id", "stratum"], dtype="str"), ""
    coder = coding.coder_shown(brief.codings, brief.topic.coder)
    if coder is None:
        remedy = "Name one in data/brief.yml under coder, or leave --by out."
        raise fail(f"no coder is printed whose {by}s could be the strata", remedy)
    if by == STANCE:
        return comments[["comment_id", "stance"]].rename(columns={"stance": "stratum"}), coder
    listed = [coding.theme_ids(cell) for cell in comments["themes"]]
    times = Counter(theme for themes in listed for theme in themes)
    rarest = [min(themes, key=lambda theme: (times[theme], theme), default=NONE_GIVEN) for themes in listed]
    rarest = [theme if coded else coding.NOT_CODED for theme, coded in zip(rarest, comments["coded"], strict=True)]
    return pd.DataFrame({"comment_id": comments["comment_id"], "stratum": pd.Series(rarest, dtype="str")}), coder


def frame(brief: Brief, comments: pd.DataFrame, by: str) -> tuple[pd.DataFrame, str]:
    """What a sample is drawn from: the distinct texts of a brief, and the coder that strata come from, if any.

    Out: comment_id (the first by id that has the text), stratum (of that comment), submissions (comments that have the
    text). Raises as `strata` does.
    """
    rows, coder = strata(brief, comments, by)
    grouped = comments.groupby("digest", sort=False)["comment_id"]
    sent = dict(zip(grouped.min(), grouped.size(), strict=True))
    rows = rows[rows["comment_id"].isin(sent)].reset_index(drop=True)
    return rows.assign(submissions=[int(sent[name]) for name in rows["comment_id"]]), coder


def population_digest(population: pd.DataFrame) -> str:
    """The SHA-256 of the sorted ids of what a sample is drawn from."""
    return hashlib.sha256("".join(f"{name}\n" for name in sorted(population["comment_id"])).encode()).hexdigest()


def _cells(brief: Brief, by: str) -> Iterator[tuple[str, str]]:
    """Each comment that is shown, with what stands in a column of its file."""
    is_column = False
    for collection in brief.collections:
        for batch, _, _ in comment_files.batches(brief.root, collection.collection_id, _BATCH):
            shown = batch[~batch["status"].isin(HIDDEN)] if "status" in batch else batch
            here = by in batch and by not in _NO_STRATA
            is_column = is_column or here
            values = shown[by] if here else [""] * len(shown)
            yield from ((name, value or NONE_GIVEN) for name, value in zip(shown["comment_id"], values, strict=True))
    if not is_column:
        remedy = "Give --by stance, theme, collection, or a column of the comments such as language."
        raise fail(f"no collection has a column '{by}' to make strata from", remedy)
