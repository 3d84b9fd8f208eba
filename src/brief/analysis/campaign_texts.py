"""What is told of campaigns: the common text, the versions sent most, the span in time, what single people changed."""

from __future__ import annotations

import difflib
import math
import re
from collections.abc import Sequence

import numpy as np
import pandas as pd

from brief.analysis import campaigns
from brief.analysis import phrases as recurring
from brief.analysis.hashing import Truths, words

COMMON = 0.5
"""A word is part of the template where so many of the distinct texts have its phrase."""
LEFT = 1 / 3
"""Where less than that part of the best text is common to half of the texts, as where every slot has many alternatives,
the template has the phrases that made the campaign (`campaigns.needed`)."""
GAP = "[…]"
VERSIONS = 3
"""So many versions of a campaign are told, those sent most."""

CAMPAIGN_COLUMNS = ("campaign_id", "submissions", "distinct_texts", "template", "shared_by", "first", "last")
VERSION_COLUMNS = ("campaign_id", "rank", "submissions", "comment_id", "text")
DIFFERENCE_COLUMNS = ("place", "kind", "words")
SAME, ADDED, LEFT_OUT = "same", "added", "left out"

_PIECE = re.compile(
    "[^\\s\u3001\u3002\uff01\uff0c\uff1b\uff1f]+[\u3001\u3002\uff01\uff0c\uff1b\uff1f]*|[\u3001\u3002\uff01\uff0c\uff1b\uff1f]+"
)
"""What stands between white space or the stops of scripts without spaces, with the stop."""


def describe(comments: pd.DataFrame, assigned: pd.DataFrame) -> pd.DataFrame:
    """Each campaign, the largest first.

    In: comments (comment_id, text, [posted_at] as ISO dates); what `assign` gave for them. Out: `CAMPAIGN_COLUMNS`:
    submissions (comments), distinct_texts, template (the text that is covered best, its words that fewer than half of
    the texts share replaced by `GAP`), shared_by (each word of the template is in so many of the distinct texts at
    least, with those around it: in half of them, or in fewer where `LEFT` says so), first and last (the span in time;
    empty where no date is known).
    """
    given = {"posted_at": comments["posted_at"]} if "posted_at" in comments else {"posted_at": ""}
    rows = comments[["comment_id", "text"]].assign(**given).merge(assigned, on="comment_id")
    described = []
    for campaign, members in rows[rows["campaign_id"] != ""].groupby("campaign_id", sort=True):
        texts = members.sort_values(["text_id", "comment_id"]).drop_duplicates("text_id")
        days = sorted(day for day in members["posted_at"].fillna("").astype(str) if day)
        span = (days[0], days[-1]) if days else ("", "")
        described.append((campaign, len(members), len(texts), *common_text(list(texts["text"])), *span))
    frame = pd.DataFrame(described, columns=list(CAMPAIGN_COLUMNS))
    return frame.sort_values(["submissions", "campaign_id"], ascending=[False, True], ignore_index=True)


def versions(comments: pd.DataFrame, assigned: pd.DataFrame) -> pd.DataFrame:
    """The versions of each campaign that were sent most, with their sizes.

    In: as for `describe`. Out: `VERSION_COLUMNS`, campaigns in the order of `describe`: rank from 1, submissions (how
    many comments are that text), the first comment by id that is, and its text. Of equals the first by text_id.
    """
    rows = comments[["comment_id", "text"]].merge(assigned, on="comment_id")
    rows = rows[rows["campaign_id"] != ""].sort_values("comment_id")
    own = rows.groupby(["campaign_id", "text_id"], as_index=False).agg(
        submissions=("comment_id", "size"), comment_id=("comment_id", "first"), text=("text", "first")
    )
    own = own.assign(size=own.groupby("campaign_id")["submissions"].transform("sum"))
    order = ["size", "campaign_id", "submissions", "text_id"]
    own = own.sort_values(order, ascending=[False, True, False, True])
    own = own.assign(rank=own.groupby("campaign_id").cumcount() + 1)
    return own.loc[own["rank"] <= VERSIONS, list(VERSION_COLUMNS)].reset_index(drop=True)


def common_text(texts: Sequence[str]) -> tuple[str, int]:
    """The common text of at least one distinct text, and how many of the texts at least have its words.

    It is the text covered best, its words as they are written, with `GAP` for words that fewer share.
    """
    if len(texts) == 1:
        return " ".join(texts[0].split()), 1
    phrases = recurring.recurring(texts, holders=1)
    held = phrases.holders[phrases.number]
    least = np.array([COMMON * len(texts), campaigns.needed(np.array([len(texts)]))[0]])
    for enough in least:
        common = recurring.covered(phrases, held >= enough)
        kept = recurring.sums(common, phrases.lengths)
        best = int(kept.argmax())
        if kept[best] >= LEFT * phrases.lengths[best]:
            break
    return with_gaps(texts[best], common[phrases.word_text == best]), math.ceil(enough)


def differences(text: str, common: str) -> pd.DataFrame:
    """How a text differs from a template, word by word, for highlighting.

    In: a text; the template that `describe` gave. Out: `DIFFERENCE_COLUMNS`, in order: kind is `same`, `added` (in the
    text alone) or `left out` (in the template alone); words as they are written.
    """
    ours, theirs = _PIECE.findall(text), [word for word in _PIECE.findall(common) if word != GAP]
    matcher = difflib.SequenceMatcher(
        None, [" ".join(words(word)) for word in theirs], [" ".join(words(word)) for word in ours], autojunk=False
    )
    differences = []
    for kind, first, last, start, end in matcher.get_opcodes():
        if kind == "equal":
            differences.append((SAME, " ".join(ours[start:end])))
        else:
            differences += [(LEFT_OUT, " ".join(theirs[first:last]))] if last > first else []
            differences += [(ADDED, " ".join(ours[start:end]))] if end > start else []
    return pd.DataFrame(
        [(place, *difference) for place, difference in enumerate(differences)], columns=list(DIFFERENCE_COLUMNS)
    )


def with_gaps(text: str, common: Truths) -> str:
    """A text, its words as they are written, with `GAP` for each stretch of words that is not common.

    In: a text; for each of its words (`hashing.words`) whether it is common. A piece between spaces stays whole.
    """
    kept: list[str] = []
    place, end = 0, 0
    for piece in _PIECE.finditer(text):
        own = len(words(piece[0]))
        space = " " if piece.start() > end and kept else ""
        place, end, here = place + own, piece.end(), common[place : place + own]
        if own == 0 or here.any():
            kept.append(space + piece[0])
        elif not kept or kept[-1].strip() != GAP:
            kept.append(space + GAP)
    return "".join(kept)
