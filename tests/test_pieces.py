"""Counts taken piece by piece are those that the vectorisers give text by text, and so is what follows from them."""

from __future__ import annotations

import math
import pickle
from collections import Counter

import numpy as np
import pandas as pd
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.sparse import csr_matrix, hstack

from brief.analysis import machine_coding as machine
from brief.analysis import pieces, stop_words, text_model, text_vectors
from brief.analysis.coding import NOT_CODED
from conftest import CASES

TEXTS = list(pd.read_csv(CASES / "analysis" / "word-chains.csv")["text"])
ODD = [
    "",
    "a",
    " \t\n",
    "Don't  stop\u2014\u03a3\u0391\u03a3 \u039f\u0394\u039f\u03a3\n\tx  !! ?",
    "don't   won't\xa0do.it,now (yes)",
    "\u65e5\u672c\u8a9e \u306e\u30c6\u30ad\u30b9\u30c8 \u3067\u3059",
    "\xe9 e\u0301 \xdf SS \u0130I \u0131",
    "\x1cfoo\x1dbar\x85baz",
    "x" * 3_000 + " y",
    "Das ist nicht die Sache, um die es hier geht, und das wissen Sie auch.",
]
SIGNS = st.sampled_from("ab' .\u03a3\u0130\xa0\n!e\u0301")
FEATURES = text_model.counter([*TEXTS[:40], *ODD[3:]])


@settings(max_examples=60, deadline=None)
@given(st.lists(st.text(SIGNS, max_size=12) | st.sampled_from([*TEXTS, *ODD]), max_size=6))
def test_pieces_are_those_between_white_space(texts: list[str]) -> None:
    parted = pieces.parted(texts)
    names = [parted.names[number] for number in parted.numbers.tolist()]
    assert names == [piece for text in texts for piece in text.split()]
    assert parted.counts.tolist() == [len(text.split()) for text in texts]
    assert len(set(parted.names)) == len(parted.names)
    last = parted.part(1, len(texts))
    assert [last.names[number] for number in last.numbers.tolist()] == [
        piece for text in texts[1:] for piece in text.split()
    ]


def test_pieces_of_very_long_texts_are_too() -> None:
    texts = ["short one", "long " * 30_000 + "x" * 200_000 + " end", "short too"]
    parted = pieces.parted(texts)
    assert [parted.names[number] for number in parted.numbers.tolist()] == " ".join(texts).split()
    assert parted.counts.tolist() == [2, 30_002, 2]


def by_vectorisers(texts: list[str]) -> csr_matrix:
    """The counts of runs of words, and of each piece those of words and characters, one more than the logarithm of its
    times times."""
    words, characters = FEATURES.grams["words"], FEATURES.grams["characters"]
    is_run = np.array([" " in gram for gram in words.get_feature_names_out()])
    every = [np.zeros((0, len(is_run) + len(characters.vocabulary_)))]
    for text in texts:
        times = Counter(text.lower().split())
        own = hstack([vectoriser.transform([*times, ""]) for vectoriser in (words, characters)])
        counts = np.array([[1 + math.log(count) for count in times.values()] + [0]]) @ own
        counts[0, : len(is_run)][is_run] = words.transform([text]).toarray()[0][is_run]
        every.append(counts)
    return csr_matrix(np.concatenate(every), dtype=np.float64)


def alike(texts: list[str]) -> bool:
    ours, theirs = text_model.counted(FEATURES, texts), by_vectorisers(texts)
    assert np.array_equal(ours.indptr, theirs.indptr) and np.array_equal(ours.indices, theirs.indices)
    return np.allclose(ours.data, theirs.data, rtol=1e-12, atol=0)


def test_n_grams_are_counted_as_the_vectorisers_count_them() -> None:
    # Some of them oftener than a small whole number can hold: within one piece, and by many of them.
    crowded = ["x" * 100_000, "the." * 40_000, "the " * 40_000]
    assert by_vectorisers(crowded).data.max() > np.iinfo(np.int16).max
    assert alike([*ODD, *TEXTS, *crowded])


def test_so_are_those_of_a_text_that_says_the_same_again_and_again() -> None:
    """Beyond 32,767 times: small numbers would not hold that."""
    assert alike(["of " * 40_000, TEXTS[0], "of the of the"])


@settings(max_examples=60, deadline=None)
@given(st.lists(st.text(SIGNS, max_size=12) | st.sampled_from(TEXTS), max_size=4))
def test_so_are_those_of_any_text(texts: list[str]) -> None:
    assert alike(texts)


def test_vectors_of_words_are_the_same_to_the_last_digit() -> None:
    vectors = text_vectors.fit(text_vectors.WORDS, [(text, "en") for text in TEXTS[:120]], frozenset({"civil"}))
    assert isinstance(vectors, text_vectors._Words) and vectors.counter is not None
    pairs = [(text, ("", "de", "en-GB", "ja")[place % 4]) for place, text in enumerate([*ODD, *TEXTS])]
    assert np.array_equal(vectors.of(pairs), text_vectors.unit(vectors.counter.transform(pairs) @ vectors.axes))
    small = vectors.without_sample()
    assert np.array_equal(small.of(pairs), vectors.of(pairs)) and len(small.rows) == 0
    assert len(pickle.dumps(small)) < len(pickle.dumps(vectors)) - vectors.rows.nbytes


def test_a_text_is_scored_alike_alone_and_among_others() -> None:
    """No row looks at another: not even the last digits change."""
    stances = ["for" if place % 2 else "against" for place in range(len(TEXTS))]
    hand = pd.DataFrame({"comment_id": [f"c{n}" for n in range(len(TEXTS))], "text": TEXTS, "stance": stances})
    model = machine.fit(hand, even_if_no_better=True)
    assert model.counter is not None and model.linear is not None
    both = [text_model.scores(model.counter, model.linear, TEXTS, at_once) for at_once in (7, 1_000)]
    alone = [text_model.scores(model.counter, model.linear, [text], 9)[0] for text in TEXTS]
    assert np.array_equal(both[0], both[1]) and np.array_equal(both[0], alone)
    rows = text_model.counted(model.counter, TEXTS)
    assert np.allclose(both[0], model.linear.scores(rows), rtol=0, atol=1e-12)
    every = machine.places(model, TEXTS)
    assert [int(machine.places(model, [text])[0]) for text in TEXTS[:30]] == every[:30].tolist()
    said = np.array([*model.categories, NOT_CODED])[every]
    assert machine.code(model, hand)["stance"].to_list() == said.tolist()
    assert len(set(said)) > 1
    assert machine.places(machine.Model((), "none"), TEXTS[:2]).tolist() == [-1, -1]


def test_equal_columns_are_one_and_every_two_rows_have_the_product_that_they_had() -> None:
    rows = text_model.counted(FEATURES, TEXTS[:60])
    merged, same, part = text_model._merged(rows.copy())
    assert merged.shape[1] < rows.shape[1] / 2 and rows.shape[1] == len(same) == len(part)
    assert np.allclose((merged @ merged.T).toarray(), (rows @ rows.T).toarray(), rtol=1e-12, atol=0)
    learned = np.random.default_rng(1).random(merged.shape[1])
    assert np.allclose(rows @ (learned[same] * part), merged @ learned, rtol=1e-12, atol=0)


def test_the_language_is_that_of_most_stop_words() -> None:
    assert "nicht" in stop_words.of(ODD[-1], "en") and "the" in stop_words.of("The end of the road", "de")
    assert stop_words.of("xyz", "de-AT") == stop_words.in_language("de") and stop_words.of("xyz", "tlh") == frozenset()
