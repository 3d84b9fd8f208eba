"""An export of Polis: statements with how many agreed and disagreed, and beside them every single vote.

Format: compdemocracy.org/export. Which sign of a vote means agreement has changed over the years and between files of
Polis, so it is never taken on trust: the votes are counted, and the two counts must be the totals that the file of
statements gives.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pandas as pd

from brief.contract import files as contract_files
from brief.contract import tables
from brief.errors import BriefError, Fault, fail
from brief.prose.catalogue import filled, message
from brief.store import tabular
from brief.store.rows import numbered
from brief.store.sources import NOT_MINE, Found, Likeness

NAME = "comments.csv of a Polis export, with votes.csv beside it"
ANSWERS = ("encoding",)

AGREE, DISAGREE, PASS = "1", "-1", "0"
REJECTED = "-1"
"""What the column `moderated` holds for a statement that nobody was shown."""
VOTES = "votes.csv"
_NAMED = "comments.csv"
_STATEMENTS = ("comment-id", "agrees", "disagrees", "moderated", "comment-body")
_ALL_VOTES = ("comment-id", "vote")
_AGAIN = "Export the conversation anew, and take comments.csv and votes.csv of one export."


def recognises(path: Path, head: bytes) -> Likeness:
    """By the columns of its file of statements, whatever the file is called."""
    names = set(tabular.names(path, head))
    if names >= {*_ALL_VOTES, "voter-id"}:
        return Likeness(1.0, "it has the columns of the votes of a Polis export")
    there = set(_STATEMENTS) <= names
    return Likeness(1.0, "it has the columns of a Polis export") if there else NOT_MINE


def read(path: Path, answers: Mapping[str, Any]) -> Found:
    """The statements of a conversation, as `comments` gives them. Raises `BriefError` for the file of votes too."""
    rows = tabular.table(path, answers)
    if not set(_STATEMENTS) <= set(rows.frame.columns):
        raise fail("this is the file of votes, which holds no text", "Add the comments.csv beside it.", path.name)
    statements, how = comments(rows.frame, path)
    return Found(None, statements, how, messages=rows.messages)


def comments(frame: pd.DataFrame, path: Path) -> tuple[pd.DataFrame, str]:
    """The statements of a conversation as comments, in the order they were given their numbers.

    In: the file of statements, read as texts, and its path; `VOTES` lies beside it, with what its own name begins with.
    Out: text, votes_for (agreed), votes_against (disagreed), source, a row a statement that was shown; and how they
    came in, in a sentence. Raises `BriefError` where the votes are not there, or where they do not add up to the totals
    beside the statements.
    """
    votes = _beside(path)
    if not votes.is_file():
        raise fail(f"there is no {votes.name} beside it to check its totals by", _AGAIN, path.name)
    counted = _counted(contract_files.read_csv(votes, votes.name), votes.name)
    faults = []
    for row, statement in zip(numbered(frame), contract_files.records(frame), strict=True):
        if tables.WHOLE_NUMBER.fullmatch(statement["comment-id"]) is None:
            what = f"'{statement['comment-id'][:60]}' is not the number of a statement"
            faults.append(Fault(what, _AGAIN, path.name, row, "comment-id"))
        for column, sign in (("agrees", AGREE), ("disagrees", DISAGREE)):
            count = counted.get((statement["comment-id"], sign), 0)
            if statement[column] != str(count):
                what = f"the file says {statement[column] or 'nothing'}, and {votes.name} has {count} votes of {sign}"
                faults.append(Fault(what, _AGAIN, path.name, row, column))
    if faults:
        raise BriefError(faults)
    shown = frame[frame["moderated"] != REJECTED]
    left = len(frame) - len(shown)
    shown = shown.iloc[shown["comment-id"].astype("int64").argsort(kind="stable").to_numpy()]
    statements = pd.DataFrame(
        {
            "comment_id": shown["comment-id"],
            "text": shown["comment-body"],
            "posted_at": shown.get("timestamp", ""),
            "votes_for": shown["agrees"],
            "votes_against": shown["disagrees"],
            "source": [f"{path.name}, statement {number}" for number in shown["comment-id"]],
        }
    )
    how = message("Statements of a conversation in Polis, with their votes.")
    if left:
        without = message(
            "Statements of a conversation in Polis, with their votes; statements that its moderators rejected and that "
            "are left out: {number}."
        )
        how = filled(without, {"number": left})
    return statements, how


def _beside(path: Path) -> Path:
    """The file of votes: named as the file of statements is, so that DATE-comments.csv has DATE-votes.csv."""
    before = path.name.removesuffix(_NAMED) if path.name.endswith(_NAMED) else ""
    named = path.with_name(f"{before}{VOTES}")
    return named if named.is_file() or not path.with_name(VOTES).is_file() else path.with_name(VOTES)


def _counted(votes: pd.DataFrame, file: str) -> dict[tuple[str, str], int]:
    """How many votes of each sign a statement has. Raises `BriefError` for what is no file of votes."""
    if missing := [name for name in _ALL_VOTES if name not in votes.columns]:
        raise fail("the column is missing", _AGAIN, file, 1, missing[0])
    unknown = votes.index[~votes["vote"].isin((AGREE, DISAGREE, PASS))]
    if len(unknown):
        what = f"'{votes['vote'][unknown[0]][:60]}' is no vote"
        raise fail(what, f"A vote is {AGREE}, {DISAGREE} or {PASS}. {_AGAIN}", file, int(unknown[0]) + 2, "vote")
    return dict(Counter(zip(votes["comment-id"].astype("str"), votes["vote"].astype("str"), strict=True)))
