"""Which target is a comment most like: centred similarity, suggested where it is high enough, else nothing."""

from __future__ import annotations

import random

import numpy as np
import pandas as pd
import pytest
from sklearn.feature_extraction.text import HashingVectorizer

from brief.analysis import distinct, matching
from brief.analysis.ngrams import counted

TARGETS = pd.DataFrame(
    [
        ("buses", "Bus service: the buses come late or not at all on the new market square."),
        ("noise", "Noise: music and shouting at night keep neighbours of the market square awake."),
        ("trade", "Trade: shops on the market square lose customers and income."),
    ],
    columns=["target_id", "text"],
)
COMMENTS = pd.DataFrame(
    [
        ("c1", "About the market square: my shop has lost half of its customers."),
        ("c2", "The music on the market square is so loud that nobody can sleep at night."),
        ("c3", "What about the market square buses? Mine was late on every single day."),
        ("c4", "xyz 123"),
        ("c5", ""),
    ],
    columns=["comment_id", "text"],
)


def best(
    texts: pd.DataFrame,
    targets: pd.DataFrame = TARGETS,
    groups: str | None = None,
    threshold: float = matching.THRESHOLD,
) -> dict[str, str]:
    found = matching.suggest(texts, targets, groups, threshold)
    return dict(zip(found["comment_id"], found["target_id"], strict=True))


def test_each_comment_gets_the_target_it_is_most_like() -> None:
    assert best(COMMENTS) == {"c1": "trade", "c2": "noise", "c3": "buses", "c4": "", "c5": ""}


def test_every_comment_has_a_rounded_cosine() -> None:
    found = matching.suggest(COMMENTS[::-1], TARGETS)
    assert tuple(found.columns) == matching.SCORE_COLUMNS
    assert list(found["comment_id"]) == list(COMMENTS["comment_id"])
    assert found["score"].between(-1, 1).all()
    assert (found["score"] == found["score"].round(6)).all()
    assert (found.loc[found["comment_id"] == "c5", "score"] == 0).all()


def test_what_all_texts_of_a_group_say_counts_for_nothing() -> None:
    """Centring is what is tested: shared words alone would make the long common phrase the best match."""
    common = "we should by all means close the old road"
    texts = pd.DataFrame({"comment_id": ["a", "b"], "text": [f"{common} for children", f"{common} for wildlife"]})
    targets = pd.DataFrame({"target_id": ["t1", "t2"], "text": [f"{common} now, for children", "wildlife"]})
    assert best(texts, targets) == {"a": "t1", "b": "t2"}


def test_scores_equal_the_dense_calculation() -> None:
    """The identity that keeps vectors sparse gives what subtracting the means from full vectors gives."""
    texts, to = list(COMMENTS["text"][:4]), list(TARGETS["text"])
    idf = matching._idf([*texts, *to])
    dense = [matching._weighted(side, idf).toarray() for side in (texts, to)]
    x, t = (side - side.mean(axis=0) for side in dense)
    cosine = x @ t.T / np.linalg.norm(x, axis=1)[:, None] / np.linalg.norm(t, axis=1)[None, :]
    found = matching.suggest(COMMENTS[:4], TARGETS, threshold=-1)
    assert np.allclose(found["score"], cosine.max(axis=1), atol=2e-6)
    assert list(found["target_id"]) == [TARGETS["target_id"][place] for place in cosine.argmax(axis=1)]
    # And the other way round, so that more than the best of each row is looked at.
    turned = matching.suggest(
        TARGETS.rename(columns={"target_id": "comment_id"}),
        COMMENTS[:4].rename(columns={"comment_id": "target_id"}),
        threshold=-1,
    )
    assert np.allclose(turned["score"], cosine.max(axis=0), atol=2e-6)


def test_groups_keep_their_own_targets_and_share_targets_without_a_group() -> None:
    texts = COMMENTS[:3].assign(topic=["one", "two", "two"])
    own = TARGETS.assign(topic=["two", "two", "one"])
    assert best(texts, own, "topic", -1) == {"c1": "trade", "c2": "noise", "c3": "buses"}
    assert best(texts, own.assign(topic=["one", "one", "two"]), "topic", -1)["c2"] == "trade"
    assert best(texts, TARGETS, "topic", -1) == {"c1": "trade", "c2": "noise", "c3": "buses"}
    assert best(texts, own.assign(topic="two"), "topic", -1)["c1"] == ""


@pytest.mark.parametrize("count", [0, 1, 2])
def test_few_texts_and_few_targets_are_safe(count: int) -> None:
    for few in (TARGETS[:count], TARGETS):
        found = matching.suggest(COMMENTS[:count], few)
        assert len(found) == count
        assert found["score"].notna().all() or not len(few)


def test_one_text_alone_is_centred_by_the_targets() -> None:
    found = matching.suggest(COMMENTS[1:2], TARGETS, threshold=0.05)
    assert list(found["target_id"]) == ["noise"]
    copies = pd.DataFrame({"comment_id": ["a", "b"], "text": [COMMENTS["text"][1]] * 2})
    assert list(matching.suggest(copies, TARGETS)["score"]) == [found["score"][0]] * 2


def test_one_target_alone_is_centred_by_the_texts() -> None:
    found = matching.suggest(COMMENTS[:3], TARGETS[:1], threshold=0.05)
    assert list(found["target_id"]) == ["", "", "buses"]


def test_copies_score_alike_and_do_not_move_the_mean() -> None:
    once = matching.suggest(COMMENTS, TARGETS)
    campaign = pd.DataFrame({"comment_id": [f"d{n}" for n in range(30)], "text": COMMENTS["text"][0]})
    many = matching.suggest(pd.concat([COMMENTS, campaign]), TARGETS)
    pd.testing.assert_frame_equal(many[: len(once)], once)
    of_copies = many[many["comment_id"] == "d7"]["score"].to_list()
    assert of_copies == once[once["comment_id"] == "c1"]["score"].to_list()


def test_same_bytes_for_shuffled_rows_and_any_chunk(monkeypatch: pytest.MonkeyPatch) -> None:
    chance = random.Random(4)
    words = " ".join(TARGETS["text"]).split()
    texts = pd.DataFrame(
        {
            "comment_id": [f"c{n:03}" for n in range(120)],
            "text": [" ".join(chance.sample(words, 8)) for _ in range(120)],
        }
    ).assign(topic=[str(n % 3) for n in range(120)])
    whole = matching.suggest(texts, TARGETS, "topic")
    shuffled = matching.suggest(texts.sample(frac=1, random_state=1), TARGETS[::-1], "topic")
    assert whole.to_csv() == shuffled.to_csv()
    monkeypatch.setattr(matching, "CHUNK", 7)
    assert whole.to_csv() == matching.suggest(texts, TARGETS, "topic").to_csv()


def test_a_suggestion_is_the_best_score_and_ties_go_to_the_first_id() -> None:
    both = pd.concat([TARGETS, TARGETS.assign(target_id="a-" + TARGETS["target_id"])])
    assert best(COMMENTS[:3], both) == {"c1": "a-trade", "c2": "a-noise", "c3": "a-buses"}
    assert set(matching.suggest(COMMENTS, TARGETS, threshold=2)["target_id"]) == {""}


def test_distinct_texts_fold_case_and_white_space_and_count_submissions() -> None:
    rows = pd.DataFrame({"comment_id": ["b", "a", "c"], "text": ["No  Cars", "no cars\n", "More cars"]})
    found = distinct.distinct_texts(rows)
    assert sorted(zip(found["text"], found["comment_id"], found["submissions"], strict=True)) == [
        ("More cars", "c", 1),
        ("no cars\n", "a", 2),
    ]
    assert list(found["digest"]) == sorted(found["digest"])
    pd.testing.assert_frame_equal(distinct.distinct_texts(rows[::-1]), found)
    assert distinct.sample(rows["text"], 2) == distinct.sample(rows["text"][::-1], 2)


def test_n_grams_are_counted_as_scikit_learn_counts_them() -> None:
    chance = random.Random(7)
    signs = "abcdefgh ABCÄß é日本語😀İ\u00a0\n\t.,'-"
    texts = ["", " ", "a", "ab", "abc", "I\u0307", *("".join(chance.choices(signs, k=n % 70)) for n in range(500))]
    counter = HashingVectorizer(
        analyzer="char_wb", ngram_range=(3, 5), n_features=2**20, alternate_sign=False, norm=None
    )
    expected, found = counter.transform(texts), counted(texts, 2**20)
    assert expected.shape == found.shape and (expected != found).nnz == 0
