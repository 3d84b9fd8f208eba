"""Where one comment ends is sometimes a guess: what holds under every plausible division?"""

import random
from itertools import product

import pandas as pd
import pytest

from brief.analysis import merging
from brief.analysis.coding import NOT_CODED

STANCES = ["for", "against", "mixed", "no-position", "cannot-tell"]
DOUBT = merging.MAY_CONTINUE


def rows(stances: list[str], doubtful: list[int], thread: list[str] | None = None) -> pd.DataFrame:
    """Comments in one collection; `doubtful` are places (from 0) that may continue the comment before."""
    return pd.DataFrame(
        {
            "comment_id": [f"c-{place}" for place in range(len(stances))],
            "collection_id": "c",
            "position": pd.array(range(1, len(stances) + 1), dtype="Int64"),
            "stance": stances,
            "stance_in_thread": thread or stances,
            "boundary": [DOUBT if place in doubtful else "" for place in range(len(stances))],
        }
    )


SEVEN = rows(
    ["no-position", "cannot-tell", "no-position", "against", "against", "against", "cannot-tell"],
    [5, 6],
    ["no-position", "cannot-tell", "no-position", "against", "against", "against", "against"],
)


@pytest.mark.parametrize(
    ("parts", "whole"),
    [
        (["against"], "against"),
        (["against", "against"], "against"),
        (["against", "for"], "mixed"),
        (["against", "cannot-tell", "no-position"], "against"),
        (["no-position", "no-position"], "no-position"),
        (["no-position", "cannot-tell"], "cannot-tell"),
        (["mixed", "for"], "mixed"),
        (["against", "for", "against"], "mixed"),
        (["for", NOT_CODED], NOT_CODED),
    ],
)
def test_the_stance_of_a_merged_comment(parts: list[str], whole: str) -> None:
    assert merging.merged_stance(parts) == whole
    assert merging.merged_stance(parts[::-1]) == whole


def test_joining_stances_is_associative_and_keeps_no_order() -> None:
    for one, two, three in product([*STANCES, NOT_CODED], repeat=3):
        left = merging.merged_stance([merging.merged_stance([one, two]), three])
        assert left == merging.merged_stance([one, merging.merged_stance([two, three])])
        assert left == merging.merged_stance([three, one, two])


def test_seven_blocks_perhaps_five_comments() -> None:
    listed = merging.readings(SEVEN, STANCES)
    found = {(row.reading, row.comments, row.against) for row in listed.itertuples()}
    assert ("stance", 7, 3) in found
    assert ("stance", 5, 2) in found
    assert ("stance_in_thread", 7, 4) in found
    assert len(listed) == 8
    assert (listed["for"] == 0).all()


def test_ranges_of_the_seven() -> None:
    found = merging.ranges(SEVEN, STANCES).set_index("value")
    assert tuple(found.loc["comments"]) == (5, 7)
    assert tuple(found.loc["for"]) == (0, 0)
    assert tuple(found.loc["against"]) == (2, 4)


def test_a_boundary_counts_only_between_neighbours_of_one_collection() -> None:
    first = rows(["for", "for"], [0])
    assert merging.doubtful_boundaries(first) == 0
    gap = rows(["for", "for", "for"], [2]).drop(index=1)
    assert merging.doubtful_boundaries(gap) == 0
    other = rows(["for", "for"], [1])
    other["collection_id"] = ["a", "b"]
    assert merging.doubtful_boundaries(other) == 0
    nowhere = rows(["for", "for"], [1])
    nowhere["position"] = pd.array([pd.NA, pd.NA], dtype="Int64")
    assert merging.doubtful_boundaries(nowhere) == 0


def test_no_comments_have_one_reading() -> None:
    nothing = rows([], [])
    assert list(merging.readings(nothing, STANCES)["comments"]) == [0, 0]
    assert (merging.ranges(nothing, STANCES)["greatest"] == 0).all()


@pytest.mark.parametrize("seed", range(25))
def test_ranges_without_a_list_equal_those_of_all_readings(seed: int) -> None:
    chance = random.Random(seed)
    count = chance.randint(1, 11)
    stances = [chance.choice([*STANCES, NOT_CODED]) for _ in range(count)]
    thread = [chance.choice([stance, *STANCES]) for stance in stances]
    read = rows(stances, [place for place in range(count) if chance.random() < 0.7], thread)
    wanted = [*STANCES, NOT_CODED]
    listed = merging.readings(read, wanted)
    found = merging.ranges(read, wanted).set_index("value")
    for value in ["comments", *wanted]:
        assert tuple(found.loc[value]) == (listed[value].min(), listed[value].max()), value


@pytest.mark.parametrize("seed", range(3))
def test_the_order_of_the_rows_does_not_matter(seed: int) -> None:
    mixed = SEVEN.sample(frac=1, random_state=seed)
    pd.testing.assert_frame_equal(merging.readings(mixed, STANCES), merging.readings(SEVEN, STANCES))
    pd.testing.assert_frame_equal(merging.ranges(mixed, STANCES), merging.ranges(SEVEN, STANCES))


def test_many_doubtful_boundaries_need_no_list() -> None:
    read = rows(["against", "for"] * 200, list(range(1, 400)))
    with pytest.raises(ValueError, match="too many to list"):
        merging.readings(read, STANCES)
    found = merging.ranges(read, STANCES).set_index("value")
    assert tuple(found.loc["comments"]) == (1, 400)
    assert tuple(found.loc["against"]) == (0, 200)
    assert tuple(found.loc["mixed"]) == (0, 200)
