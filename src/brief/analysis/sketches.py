"""Near copies among any number of texts: sketches of batches, keys, components; never a list of pairs.

*Annotate*: of a text's phrases each of `BINS` bins keeps the least hash (one permutation hashing: Li, Owen and Zhang
2012, NIPS 3113-3121); an empty bin borrows from the next one that is not (Shrivastava and Li 2014, ICML 557-565). Two
neighbouring bins together are a *key*: texts with a Jaccard index of a half share one of the 16 with probability 0.99.
The sketch of a text depends on this text alone.

*Merge*: texts that share a key are each compared with the one of least digest among them, by the part of their bins
that agree; those that are alike are linked, and linked texts are one component (`Links`). The least digest is the same
for any division into batches, and so is everything that follows.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from brief.analysis import phrases as recurring
from brief.analysis.grouping import ALIKE, at_length
from brief.analysis.hashing import Hashes, Numbers, Truths, mixed
from brief.analysis.phrases import Codes

BINS = 32
KEYS = BINS // 2
KEY_BITS = 40
"""So many bits of a key are its hash; the others say which text of the batch has it."""
MOST_TEXTS = 1 << (64 - KEY_BITS)
"""So many texts a batch may have."""
MOST_LINKED = 1 << 28
"""So many texts all batches together may have."""
BUCKET_BITS = 8
"""Keys are merged by their first so many bits: one such bucket at a time lies in memory."""
SIGNS_AT_ONCE = 1 << 20
"""So many signs of texts are sketched together: what is computed stays near the processor."""
LEADERS = 3
"""With so many texts of a key the others are compared."""
_COMPARED = 1 << 16
_BORROWED = np.uint64(0x9FB21C651E98DF25)
_LINKED_AT_ONCE = 1 << 21
_EMPTY = np.iinfo(np.uint64).max

Bins = np.ndarray[tuple[int, ...], np.dtype[np.uint16]]


@dataclass(frozen=True)
class Sketches:
    """What is kept of the texts of a batch, in their order: enough to find near copies."""

    words: Codes
    """Words of each text, those of scripts without spaces counted half; below `least_words` a text has no keys."""
    bins: Bins
    """A row a text: the last bits of the least hash of each bin, 0 where it is empty."""
    keys: Hashes
    """Sorted: a hash in the first `KEY_BITS` bits, the number of the text in the others."""


def sketched(texts: Sequence[str], least_words: int, given: Hashes) -> Sketches:
    """The sketches of at most `MOST_TEXTS` distinct texts.

    In: texts; shorter ones are like no others; phrases that are nobody's words (`phrases.known`).
    """
    words: list[Codes] = [np.zeros(0, np.int32)]
    bins: list[Bins] = [np.zeros((0, BINS), np.uint16)]
    keys: list[Hashes] = [np.zeros(0, np.uint64)]
    first = 0
    for part in pieces(texts):
        every, _, sizes, word_text = recurring.worded(part, given)
        phrase, at = recurring.every_phrase(every, word_text, sizes >= least_words)
        least = _least(phrase, word_text[at], len(part))
        words.append(sizes.astype(np.int32))
        bins.append(np.where(least == _EMPTY, 0, (least & np.uint64(0xFFFF)) | np.uint64(1)).astype(np.uint16))
        keys.append(_keys(least, first))
        first += len(part)
    return Sketches(np.concatenate(words), np.concatenate(bins), np.sort(np.concatenate(keys)))


def pieces(texts: Sequence[str]) -> Iterator[Sequence[str]]:
    """The texts in pieces of about `SIGNS_AT_ONCE` signs."""
    begin, signs = 0, 0
    for number, text in enumerate(texts):
        signs += len(text)
        if signs >= SIGNS_AT_ONCE:
            yield texts[begin : number + 1]
            begin, signs = number + 1, 0
    if begin < len(texts):
        yield texts[begin:]


def _least(phrase: Hashes, text: Codes, count: int) -> Hashes:
    """The least hash of each bin of each text, a row a text."""
    scattered = mixed(phrase, phrase >> np.uint64(32))
    slot = text.astype(np.int64) * BINS
    slot += (scattered >> np.uint64(59)).view(np.int64)
    least = np.full(count * BINS, _EMPTY, dtype=np.uint64)
    np.minimum.at(least, slot, scattered)
    return least.reshape(count, BINS)


def _keys(least: Hashes, first: int) -> Hashes:
    """The keys of texts that have phrases, each with the number of its text in the batch."""
    rows = np.flatnonzero((least != _EMPTY).any(axis=1))
    full = least[rows]
    for _ in range(BINS):
        empty = full == _EMPTY
        if not empty.any():
            break
        borrowed = np.roll(full, -1, axis=1)
        full = np.where(empty & (borrowed != _EMPTY), borrowed * _BORROWED, full)
    of_key: Hashes = np.arange(KEYS).astype(np.uint64)
    hashes = mixed(full[:, ::2], full[:, 1::2] + of_key)
    keys: Hashes = (hashes >> np.uint64(64 - KEY_BITS)) << np.uint64(64 - KEY_BITS)
    keys |= (rows + first).astype(np.uint64)[:, None]
    return keys.ravel()


def bucket(keys: Hashes, number: int) -> Hashes:
    """Those of a batch's keys that are in a bucket: they lie side by side."""
    shift = np.uint64(64 - BUCKET_BITS)
    first = np.uint64(number) << shift
    begin = np.searchsorted(keys, first)
    end = len(keys) if number + 1 == 1 << BUCKET_BITS else np.searchsorted(keys, np.uint64(number + 1) << shift)
    return keys[begin:end]


def numbered(keys: Hashes, number_of: Numbers) -> Hashes:
    """Keys of one bucket, the number of the text in its batch replaced by that among all texts (-1: left out).

    The hash is moved to the front, without the bits that all keys of a bucket share.
    """
    number = number_of[(keys & np.uint64(MOST_TEXTS - 1)).view(np.int64)]
    kept = number >= 0
    hashes = (keys[kept] >> np.uint64(64 - KEY_BITS)) << np.uint64(64 - KEY_BITS + BUCKET_BITS)
    joined: Hashes = hashes | number[kept].astype(np.uint64)
    return joined


def linked(packed: Hashes, bins: Bins, words: Codes) -> tuple[Numbers, Numbers]:
    """Pairs of near copies among texts that share keys: each text with the least it is like. A pair may come again.

    In: what `numbered` gave of one bucket for all batches, in any order; of all texts the bins and the words. Those
    that are not like the least text of a key are compared with the least of the rest, `LEADERS` times.
    """
    shift = np.uint64(64 - KEY_BITS + BUCKET_BITS)
    packed = np.sort(packed, kind="stable")  # the keys of each batch are in order already
    lefts, others = [np.zeros(0, dtype=np.int64)], [np.zeros(0, dtype=np.int64)]
    for _ in range(LEADERS):
        hashes = packed >> shift
        number = (packed & np.uint64(MOST_LINKED - 1)).view(np.int64)
        first = np.flatnonzero(np.concatenate([[True], hashes[1:] != hashes[:-1]])[: len(hashes)])
        least = np.repeat(number[first], np.diff(np.append(first, len(hashes))))
        pairs = least != number
        packed, number, least = packed[pairs], number[pairs], least[pairs]
        if not len(number):
            break
        near = np.concatenate(
            [
                _alike(number[at : at + _COMPARED], least[at : at + _COMPARED], bins, words)
                for at in range(0, len(number), _COMPARED)
            ]
        )
        lefts.append(number[near])
        others.append(least[near])
        packed = packed[~near]
    return np.concatenate(lefts), np.concatenate(others)


def _alike(number: Numbers, other: Numbers, bins: Bins, words: Codes) -> Truths:
    """Whether the texts of each pair are near copies: the part of the bins that agree, of those that are not empty."""
    left, right = bins[number], bins[other]
    held = (left | right) != 0
    agree = ((left == right) & held).sum(axis=1) / np.maximum(held.sum(axis=1), 1)
    enough: Truths = agree >= at_length(ALIKE, np.minimum(words[number], words[other]))
    return enough


class Links:
    """The components of so many texts, as links between them come in; the order of the links makes no difference."""

    def __init__(self, count: int) -> None:
        self._first = np.arange(count, dtype=np.int32)
        self._waiting: list[Numbers] = []
        self._held = 0

    def join(self, left: Numbers, other: Numbers) -> None:
        """Take in links: each of the first texts is one with the other beside it."""
        self._waiting.append(np.stack([left, other]))
        self._held += len(left)
        if self._held >= _LINKED_AT_ONCE:
            self._settle()

    def first(self) -> Codes:
        """For each text the least number of its component."""
        self._settle()
        return self._first

    def _settle(self) -> None:
        if not self._held:
            return
        from scipy.sparse import coo_matrix
        from scipy.sparse.csgraph import connected_components

        ends = self._first[np.concatenate(self._waiting, axis=1)]
        self._waiting, self._held = [], 0
        nodes = recurring.sorted_once(ends.ravel())
        left, other = np.searchsorted(nodes, ends)
        graph = coo_matrix((np.ones(len(left), dtype=np.int8), (left, other)), shape=(len(nodes), len(nodes)))
        component = connected_components(graph, directed=False)[1]
        least = np.full(int(component.max()) + 1, len(self._first), dtype=np.int32)
        np.minimum.at(least, component, nodes)
        changed = np.arange(len(self._first), dtype=np.int32)
        changed[nodes] = least[component]
        self._first = changed[self._first]
