"""Steps for any number of texts: what a batch tells, merged, is the same however the texts were divided."""

from __future__ import annotations

import random
from collections.abc import Sequence

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from brief.analysis import campaign_models, campaigns, distinct, numbering, phrases, sketches
from brief.analysis.numbering import Distinct
from brief.analysis.phrases import Codes
from conftest import CASES
from generate import Chain

CHAIN = Chain(list(pd.read_csv(CASES / "analysis" / "word-chains.csv")["text"]))
NONE = phrases.known(())


def edited(text: str, part: float, seed: int) -> str:
    chance = random.Random(seed)
    return " ".join(chance.choice(CHAIN.words) if chance.random() < part else word for word in text.split())


def batches(texts: Sequence[str], rows: int) -> list[tuple[Distinct, list[str]]]:
    """The summary of each batch, and its distinct texts."""
    every = []
    for first in range(0, len(texts), rows):
        own = texts[first : first + rows]
        summary, _ = numbering.annotate(own, first)
        every.append((summary, [own[place] for place in (summary.rows - first).tolist()]))
    return every


def components(texts: Sequence[str], rows: int) -> tuple[list[str], Codes]:
    """The digests of the distinct texts, and the first of each one's near copies, from batches of so many texts."""
    parts = batches(texts, rows)
    every = numbering.merge([summary for summary, _ in parts])
    count = len(every.digests)
    words, bins = np.zeros(count, dtype=np.int32), np.zeros((count, sketches.BINS), dtype=np.uint16)
    keys = []
    for summary, own in parts:
        sketch = sketches.sketched(own, campaigns.LEAST_WORDS, NONE)
        number = np.searchsorted(every.digests, summary.digests)
        words[number], bins[number] = sketch.words, sketch.bins
        keys.append((sketch.keys, number))
    links = sketches.Links(count)
    for bucket in range(1 << sketches.BUCKET_BITS):
        packed = [sketches.numbered(sketches.bucket(own, bucket), number) for own, number in keys]
        links.join(*sketches.linked(np.concatenate(packed), bins, words))
    return numbering.names(every.digests), links.first()


TEXTS = [
    *(letter := CHAIN.draw(2, 80, 90, seed=1)),
    *letter,
    *(edited(text, 0.03, seed) for text in letter for seed in range(12)),
    *CHAIN.draw(40, 60, 150, seed=2),
    "I agree.",
    "",
]


@pytest.mark.parametrize("rows", [1, 7, 1_000])
def test_near_copies_are_the_same_for_any_batch(rows: int) -> None:
    names, first = components(TEXTS, len(TEXTS))
    again, of_batches = components(TEXTS, rows)
    assert names == again and np.array_equal(first, of_batches)


def test_edited_letters_are_near_copies_of_each_other_and_of_nothing_else() -> None:
    names, first = components(TEXTS, 9)
    place = {name: int(first[number]) for number, name in enumerate(names)}
    of_text = [place[distinct.digest(text)] for text in TEXTS]
    copies = [of_text[number] for number in (0, *range(4, 16))], [of_text[number] for number in (1, *range(16, 28))]
    assert [len(set(own)) for own in copies] == [1, 1] and copies[0][0] != copies[1][0]
    assert len(set(of_text[28:])) == len(TEXTS) - 28


def test_texts_that_all_were_given_make_no_near_copies() -> None:
    question = CHAIN.draw(1, 70, 70, seed=5)[0]
    texts = [f"{question} {own}" for own in CHAIN.draw(5, 12, 14, seed=6)]
    without = sketches.sketched(texts, campaigns.LEAST_WORDS, phrases.known([question]))
    assert set(without.words.tolist()) <= set(range(10, 17))
    assert len(set((without.keys >> np.uint64(24)).tolist())) == len(without.keys)
    assert len(set((sketches.sketched(texts, 10, NONE).keys >> np.uint64(24)).tolist())) < len(without.keys)


@settings(max_examples=50, deadline=None)
@given(st.lists(st.sampled_from(["a", "B", "b ", "c d", "C  d", "", "e"]), max_size=30), st.data())
def test_merging_distinct_texts_is_associative_and_keeps_no_order(texts: list[str], data: st.DataObject) -> None:
    rows = data.draw(st.integers(1, 9))
    parts = [summary for summary, _ in batches(texts, rows)]
    cut = data.draw(st.integers(0, len(parts)))
    whole = numbering.merge(parts)
    nested = numbering.merge([numbering.merge(parts[cut:]), numbering.merge(parts[:cut])])
    shuffled = numbering.merge(data.draw(st.permutations(parts)))
    for other in (nested, shuffled):
        assert np.array_equal(whole.digests, other.digests) and np.array_equal(whole.rows, other.rows)
        assert np.array_equal(whole.submissions, other.submissions)
    assert numbering.names(whole.digests) == sorted({distinct.digest(text) for text in texts})
    assert int(whole.submissions.sum()) == len(texts)


@settings(max_examples=50, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 19), st.integers(0, 19)), max_size=40), st.randoms(use_true_random=False))
def test_components_do_not_depend_on_the_order_of_links(pairs: list[tuple[int, int]], chance: random.Random) -> None:
    firsts = []
    for size in (1, 7, 40):
        chance.shuffle(pairs)
        links = sketches.Links(20)
        for begin in range(0, len(pairs), size):
            left, other = np.array(pairs[begin : begin + size], dtype=np.int64).T
            links.join(left, other)
            links.first()
        firsts.append(links.first().tolist())
    assert firsts[0] == firsts[1] == firsts[2]
    assert all(firsts[0][left] == firsts[0][other] for left, other in pairs)


def test_of_a_sample_that_holds_all_the_campaigns_are_those_of_the_whole_method() -> None:
    texts = [*TEXTS, *(f"{letter[0]} I oppose this plan and this time." for _ in range(3))]
    rows = pd.DataFrame({"comment_id": [f"c{number:03}" for number in range(len(texts))], "text": texts})
    names, first = components(texts, 10)
    sent = np.bincount(np.searchsorted(names, [distinct.digest(text) for text in texts]), minlength=len(names))
    text_of = {distinct.digest(text): text for text in reversed(texts)}
    sample = campaign_models.chosen(first, sent, 1_000)
    own = [text_of[name] for name in names]
    _, campaign, turned = campaign_models.fit(own, sent, ())
    words = np.array([len(text.split()) for text in own], dtype=np.int32)
    least, _ = campaign_models.settled(first, sent, words, sample, campaign, turned)
    ours = {name: names[number] if number >= 0 else "" for name, number in zip(names, least.tolist(), strict=True)}
    assigned = campaigns.assign(rows)
    assert [ours[name] for name in assigned["text_id"]] == assigned["campaign_id"].to_list()


def test_texts_beyond_the_sample_join_its_campaigns_and_nobody_else_does() -> None:
    """Of 400 distinct texts 150 are looked at together; the others are told by what was found in these."""
    letters = CHAIN.draw(3, 80, 90, seed=3)
    texts = [edited(letters[number % 3], 0.25, number) for number in range(240)] + CHAIN.draw(160, 60, 150, seed=4)
    truth = {distinct.digest(text): number % 3 if number < 240 else -1 for number, text in enumerate(texts)}
    names, first = components(texts, 100)
    text_of = {distinct.digest(text): text for text in texts}
    own, sent = [text_of[name] for name in names], np.ones(len(names), dtype=np.int64)
    sample = campaign_models.chosen(first, sent, 150)
    assert len(sample) == 150
    model, of_sample, turned_there = campaign_models.fit([own[place] for place in sample], sent[sample], ())
    known = campaign_models.known_before(first, sent, sample, of_sample)
    campaign, turned = campaign_models.annotate(model, own, known)
    assert np.array_equal(campaign[sample], of_sample) and np.array_equal(turned[sample], turned_there)
    words = np.array([len(text.split()) for text in own], dtype=np.int32)
    least, size = campaign_models.settled(first, sent, words, sample, campaign, turned)
    theirs = np.array([truth[name] for name in names])
    assert (least[theirs < 0] == -1).all()
    assert (least[theirs >= 0] >= 0).mean() > 0.95
    assert all(len(set(theirs[least == campaign])) == 1 for campaign in set(least[least >= 0].tolist()))
    assert all((least == campaign).sum() == size[campaign] for campaign in set(least[least >= 0].tolist()))


def test_a_letter_turned_round_beyond_the_sample_is_not_of_its_campaign() -> None:
    letter = "We have lived by the harbour for years. I support this permit for the new quay; please grant it."
    model, _, _ = campaign_models.fit([letter], np.array([5]), ())
    asked = np.array([campaign_models.ASK] * 2, dtype=np.int32)
    campaign, turned = campaign_models.annotate(model, [f"{letter} Ada", letter.replace("support", "oppose")], asked)
    assert campaign.tolist() == [0, 0] and turned.tolist() == [False, True]


def test_the_sample_has_the_texts_sent_most_and_else_those_of_least_digest() -> None:
    first = np.array([0, 0, 0, 3, 4, 5, 6, 7], dtype=np.int32)
    sent = np.array([1, 4, 1, 1, 1, 9, 1, 1])
    assert campaign_models.chosen(first, sent, 4).tolist() == [0, 1, 2, 5]
    assert campaign_models.chosen(first, sent, 8).tolist() == list(range(8))
    assert campaign_models.leaders(first, sent).tolist() == [1, 1, 1, 3, 4, 5, 6, 7]
