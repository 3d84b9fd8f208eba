"""Counting what was coded and who speaks: pure functions on frames, independent of order and batches."""

import csv
import random
from pathlib import Path

import pandas as pd
import pytest

from brief.analysis import coding
from brief.analysis import voices as speaking
from small_briefs import CODED, COLLECTION, LETTERS, PARAGRAPHS, comments, voices

DATA = Path(__file__).parents[1] / "data"


def rows(count: int = 5) -> pd.DataFrame:
    return coding.annotate(comments(LETTERS[:count]), CODED, "ann")


def test_each_comment_gets_its_reading_in_the_order_given() -> None:
    read = rows()
    assert list(read["stance"]) == ["for", "against", "cannot-tell", "mixed", "for"]
    assert list(read.columns) == list(coding.ROW_COLUMNS)
    assert read["coded"].all()


def test_an_uncoded_comment_is_not_coded_and_never_a_stop() -> None:
    read = coding.annotate(comments([*LETTERS, "A new one."]), CODED, "ann")
    assert read["stance"].iloc[-1] == coding.NOT_CODED
    assert read["stance_in_thread"].iloc[-1] == coding.NOT_CODED
    assert coding.uncoded(coding.summarise(read)) == 1


def test_no_coder_and_no_codings_leave_all_uncoded() -> None:
    for codings, coder in ((CODED, None), (CODED.iloc[0:0], "ann")):
        assert not coding.annotate(comments(LETTERS), codings, coder)["coded"].any()


def test_only_the_printed_coder_is_read() -> None:
    other = CODED.assign(coder_id="bob", stance="against")
    both = pd.concat([other, CODED], ignore_index=True)
    assert list(coding.annotate(comments(LETTERS), both, "ann")["stance"]) == list(CODED["stance"])
    assert coding.coder_shown(both, None) is None
    assert coding.coder_shown(both, "bob") == "bob"
    assert coding.coder_shown(CODED, None) == "ann"


def test_reading_in_the_thread_is_the_stance_where_no_other_was_given() -> None:
    changed = CODED.copy()
    changed.loc[2, "stance_in_thread"] = "against"
    read = coding.annotate(comments(LETTERS), changed, "ann")
    assert list(read["stance_in_thread"]) == ["for", "against", "against", "mixed", "for"]


def test_counts_follow_the_codebook_and_keep_zeros() -> None:
    total = coding.summarise(rows())
    counted = coding.counts(total, "stance", ["for", "against", "no-position"])
    assert list(counted.itertuples(index=False, name=None)) == [
        ("for", 2),
        ("against", 1),
        ("no-position", 0),
        ("cannot-tell", 1),
        ("mixed", 1),
    ]
    assert coding.themes_with_nobody(total, ["noise", "trade", "silence"]) == ["silence"]
    assert coding.number(total, "certainty", "") == 3
    assert coding.number(total, "collection", COLLECTION) == 5


def test_a_theme_named_twice_counts_once() -> None:
    assert coding.theme_ids(" noise; trade;noise; ") == ["noise", "trade"]


@pytest.mark.parametrize("seed", range(5))
def test_counts_do_not_depend_on_batches_or_their_order(seed: int) -> None:
    chance = random.Random(seed)
    read = coding.annotate(comments([*LETTERS, "One more.", "And one."]), CODED, "ann")
    cuts = sorted(chance.sample(range(len(read) + 1), 3))
    parts = [read.iloc[start:end] for start, end in zip([0, *cuts], [*cuts, len(read)], strict=True)]
    chance.shuffle(parts)
    summaries = [coding.summarise(part) for part in parts]
    whole = coding.summarise(read)
    pd.testing.assert_frame_equal(coding.merge(summaries), whole)
    left = coding.merge([coding.merge(summaries[:2]), coding.merge(summaries[2:])])
    right = coding.merge([summaries[0], coding.merge(summaries[1:])])
    pd.testing.assert_frame_equal(left, right)


def test_nothing_counted_is_an_empty_summary() -> None:
    nothing = coding.summarise(rows(0))
    assert coding.number(nothing, "all") == 0
    assert list(coding.counts(nothing, "stance", ["for"])["comments"]) == [0]


def test_a_word_has_a_letter_or_a_digit() -> None:
    assert speaking.words("Shops — some, 900 of them… don't “!” mind") == 7
    assert speaking.words(" \n\t ") == 0
    assert list(speaking.article_words(PARAGRAPHS)["words"]) == [23, 8]


def test_words_by_voice_add_up_to_the_article() -> None:
    read = speaking.annotate(voices())
    assert list(read["first_word"]) == [0, 13, 0, 3]
    total = speaking.by_voice(speaking.summarise(read), ["council", "nobody", "shops"])
    assert list(total.itertuples(index=False, name=None)) == [
        ("council", 2, 23),
        ("nobody", 0, 0),
        ("shops", 1, 3),
        ("paper", 1, 5),
    ]
    assert total["words"].sum() == speaking.article_words(PARAGRAPHS)["words"].sum()
    assert speaking.longest(total) == ["council"]
    assert speaking.longest(total.iloc[0:0]) == []


def test_voices_do_not_depend_on_order_or_batches() -> None:
    read = speaking.annotate(voices())
    parts = [speaking.summarise(read.iloc[[place]]) for place in (3, 0, 2, 1)]
    pd.testing.assert_frame_equal(speaking.merge(parts), speaking.summarise(read))
    pd.testing.assert_frame_equal(speaking.annotate(voices().iloc[::-1]), read)
    assert len(speaking.merge([])) == 0


def test_the_cut_of_the_article_gives_its_words() -> None:
    """The reading that is printed: sentence by sentence, all words of the article."""
    with (DATA / "voices.csv").open(encoding="utf-8", newline="") as file:
        segments = pd.DataFrame(csv.DictReader(file))
    total = speaking.by_voice(speaking.summarise(speaking.annotate(segments)), ["sky-unnamed", "article", "named"])
    assert dict(zip(total["voice"], total["words"], strict=True)) == {
        "sky-unnamed": 125,
        "article": 115,
        "named": 93,
        "industry": 40,
    }
