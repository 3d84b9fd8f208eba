"""Conversations of Polis: a vote of +1 agrees, by the totals that stand beside the statements, or nothing comes in.

A folder of `tests/cases/polis` is an export; one that is refused holds the message in `expected`.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest

from brief.contract import files as contract_files
from brief.data.loading import load
from brief.errors import BriefError
from brief.store import adding, sources
from brief.store.sources import polis
from conftest import CASES

EXPORTS = CASES / "polis"
REFUSED = sorted(path.parent.name for path in EXPORTS.glob("*/expected"))
Project = Callable[..., Path]


def taken(name: str) -> pd.DataFrame:
    (path,) = (EXPORTS / name).glob("*comments.csv")
    return polis.comments(contract_files.read_csv(path, path.name), path)[0]


def test_a_vote_of_plus_one_agrees() -> None:
    found = taken("sound").set_index("text")[["votes_for", "votes_against"]].astype(int)
    votes = pd.read_csv(EXPORTS / "sound" / "votes.csv")
    statement = {"Close Mill Lane to cars.": 0, "A bus must stay.": 1, 'Cars should keep Mill Lane, "every day".': 2}
    for text, number in statement.items():
        own = votes.loc[votes["comment-id"] == number, "vote"]
        assert list(found.loc[text]) == [(own == 1).sum(), (own == -1).sum()]
    assert found["votes_for"].to_list() == [3, 1, 0]


@pytest.mark.parametrize("name", ["named-by-the-date", "without-datetime"])
def test_other_names_and_columns_that_exports_have_had_are_read(name: str) -> None:
    (path,) = (EXPORTS / name).glob("*comments.csv")
    found = sources.read(path, {})
    assert found.source == polis.NAME
    sound = sources.read(EXPORTS / "sound" / "comments.csv", {})
    pd.testing.assert_frame_equal(
        found.comments.frame().drop(columns="source"), sound.comments.frame().drop(columns="source")
    )


@pytest.mark.parametrize("name", REFUSED)
def test_votes_that_are_turned_or_missing_are_refused(name: str) -> None:
    with pytest.raises(BriefError) as caught:
        taken(name)
    assert (EXPORTS / name / "expected").read_text(encoding="utf-8").strip() in str(caught.value)


def test_no_row_of_turned_votes_is_kept_and_each_fault_has_its_place(project: Project) -> None:
    root = project("base")
    with pytest.raises(BriefError) as caught:
        adding.add(root, EXPORTS / "turned" / "comments.csv", {"collection": "lane", "question": "Should it close?"})
    assert {(fault.row, fault.column) for fault in caught.value.faults} >= {(2, "agrees"), (3, "disagrees")}
    assert not (root / "data/comments/lane.csv").exists()


def test_statements_come_in_with_their_votes_and_without_those_rejected(project: Project) -> None:
    root = project("base")
    assert (
        adding.add(
            root, EXPORTS / "sound" / "comments.csv", {"collection": "lane", "question": "Should it close?"}
        ).counts["new"]
        == 3
    )
    brief = load(root)
    rows = contract_files.read_csv(root / "data/comments/lane.csv", "lane.csv")
    assert rows["votes_for"].to_list() == ["3", "1", "0"] and rows["votes_against"].to_list() == ["1", "0", "3"]
    assert rows["comment_id"].to_list() == ["lane-0", "lane-1", "lane-2"]
    (collection,) = (one for one in brief.collections if one.collection_id == "lane")
    assert "rejected and that are left out: 1" in collection.how
    assert "Buy my bicycles" not in (root / "data/comments/lane.csv").read_text(encoding="utf-8")
