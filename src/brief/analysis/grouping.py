"""Candidates for campaigns: near copies found by sketches, and groups of texts that share keys.

What is found here only shares something. Whether it is a campaign is for `campaigns` to decide.

Near copies: each text keeps the least hash of its phrases in each of `BINS` bins (one permutation hashing: Li, Owen and
Zhang 2012, NIPS 3113-3121). Texts with the same least hash are candidates, each with the first of them only, and are
near copies where the Jaccard index of their phrases is high enough; these links are joined to components.

Groups: two recurring phrases that follow each other within `WINDOW` words are a key. Labels spread between texts and
keys until each has the label that most of its neighbours have (label propagation: Raghavan, Albert and Kumara 2007,
Physical Review E 76:036106, here in fixed rounds with ties to the least), and groups that share many keys are joined
over these. Lists of pairs of texts are never made, and every step counts or takes a least value: the order of the texts
makes no difference but to which of equals is the least.
"""

from __future__ import annotations

import numpy as np

from brief.analysis import phrases as recurring
from brief.analysis.hashing import Hashes, Numbers, Truths, mixed
from brief.analysis.phrases import PHRASE, Codes, Floats, Phrases, sorted_once

ByLength = tuple[tuple[float, float], ...]
"""Up to so many words, the value."""

BINS = 16
VOTES = 2
"""A text is compared with another that has so many of its least hashes."""
TRIED = 2
"""So many others are compared with a text, those with the most of its least hashes."""
ALIKE = ((24, 0.8), (49, 0.7), (np.inf, 0.5))
"""Up to so many words of the shorter text, near copies have that Jaccard index at least: half means that each text has
two thirds of its phrases from the other."""
WINDOW = 15
KEYS = 40
FEW = 500_000
"""Of more phrases than these only a part chosen by hash begins keys, so that a text has that many on average."""
_SAMPLE = np.uint64(0xD6E8FEB86659FD93)
SPREADS = 30
SHARED = 0.3
"""A group that shares so many of its keys with other groups is joined with these."""


def at_length(table: ByLength, lengths: Numbers) -> Floats:
    """The value of a table of (up to so many words, value) for each length."""
    limits, values = (np.array(column) for column in zip(*table, strict=True))
    return values[np.searchsorted(limits, lengths)]


def near_copies(phrases: Phrases) -> Numbers:
    """For each text the first text of those that it is a near copy of, itself where there is none."""
    count = len(phrases.lengths)
    alone = np.arange(count)
    if not len(phrases.number):
        return alone
    scattered = mixed(phrases.hashes, phrases.hashes >> np.uint64(32))[phrases.number]
    slot = phrases.text * BINS + (scattered >> np.uint64(60)).astype(np.int64)
    least = np.full(count * BINS, np.iinfo(np.uint64).max, dtype=np.uint64)
    np.minimum.at(least, slot, scattered)
    used = np.flatnonzero(least != np.iinfo(np.uint64).max)
    number, place = _shared(least[used], used, np.repeat(alone.astype(np.int32), BINS))
    if not len(number):
        return alone
    text = place // BINS
    leader = np.empty(int(number.max()) + 1, dtype=np.int64)
    leader[number[::-1]] = text[::-1]
    votes = np.sort(((text << 32) | leader[number])[leader[number] != text], kind="stable")
    pairs = sorted_once(votes)
    times = np.searchsorted(votes, pairs, side="right") - np.searchsorted(votes, pairs)
    left, other = pairs[times >= VOTES] >> 32, pairs[times >= VOTES] & 0xFFFFFFFF
    by_votes = np.lexsort((other, -times[times >= VOTES], left))
    left, other = left[by_votes], other[by_votes]
    begins = np.flatnonzero(np.concatenate([[True], left[1:] != left[:-1]])[: len(left)])
    rank = np.arange(len(left)) - np.repeat(begins, np.diff(np.append(begins, len(left))))
    left, other = left[rank < TRIED], other[rank < TRIED]
    linked = _alike(phrases, left, other)
    return _first_of_component(left[linked], other[linked], count)


def _shared(hashes: Hashes, places: Numbers, owner: Codes) -> tuple[Numbers, Numbers]:
    """Of hashes that at least two owners have the number and the place, in the order of places, which ascend."""
    bits = np.uint64(len(owner).bit_length())
    number, place, _, _ = recurring.shared((hashes >> bits << bits) | places.view(np.uint64), bits, owner, 2)
    return number.astype(np.int64), place.astype(np.int64)


def _alike(phrases: Phrases, left: Numbers, other: Numbers) -> Truths:
    """Whether the texts of each pair have a Jaccard index high enough for their length."""
    base = int(phrases.number.max()) + 1
    concerned = np.zeros(len(phrases.lengths), dtype=bool)
    concerned[left] = concerned[other] = True
    inside = concerned[phrases.text]
    held = sorted_once(phrases.text[inside].astype(np.int64) * base + phrases.number[inside])
    owner, number = held // base, held % base
    starts, ends = np.searchsorted(owner, left), np.searchsorted(owner, left, side="right")
    sizes = ends - starts
    pair = np.repeat(np.arange(len(left)), sizes)
    at = np.arange(len(pair)) - np.repeat(np.cumsum(sizes) - sizes, sizes) + starts[pair]
    asked = other[pair] * base + number[at]
    place = np.minimum(np.searchsorted(held, asked), max(len(held) - 1, 0))
    common = np.bincount(pair[held[place] == asked], minlength=len(left)) if len(held) else np.zeros(len(left))
    lengths = phrases.lengths
    union = np.maximum(lengths[left] + lengths[other] - 2 * (PHRASE - 1) - common, 1)
    return common / union >= at_length(ALIKE, np.minimum(phrases.sizes[left], phrases.sizes[other]))


def _components(left: Numbers, other: Numbers, count: int) -> Numbers:
    """The component of each of so many nodes that pairs connect."""
    if not len(left):
        return np.arange(count)
    # Only here: it takes long to load, and few comments have no pairs.
    from scipy.sparse import coo_matrix
    from scipy.sparse.csgraph import connected_components

    graph = coo_matrix((np.ones(len(left), dtype=np.int8), (left, other)), shape=(count, count))
    components: Numbers = connected_components(graph, directed=False)[1]
    return components


def _first_of_component(left: Numbers, other: Numbers, count: int) -> Numbers:
    component = _components(left, other, count)
    first = np.full(int(component.max(initial=-1)) + 1, count)
    np.minimum.at(first, component, np.arange(count))
    leaders: Numbers = first[component]
    return leaders


def groups(phrases: Phrases) -> Numbers:
    """The group of each text by the keys it shares; -1 where it shares none."""
    count = len(phrases.lengths)
    group = np.full(count, -1)
    key, holder = _keys(phrases)
    if not len(key):
        return group
    by_holder = np.argsort((holder << 32) | key)
    holders_once = sorted_once(holder)
    group[holders_once] = holders_once
    for _ in range(SPREADS):
        of_key = most_common(key, group[holder])
        spread = group.copy()
        spread[holders_once] = most_common(holder[by_holder], of_key[key[by_holder]])
        if (spread == group).all():
            break
        group = spread
    return _joined(key, holder, group)


def _keys(phrases: Phrases) -> tuple[Numbers, Numbers]:
    """Keys that at least two texts share, and the text of each, sorted by key; at most about `KEYS` of a text."""
    place, text = phrases.place, phrases.text
    if len(place) < 2:
        return np.zeros(0, dtype=np.int64), np.zeros(0, dtype=np.int64)
    after = np.zeros(int(place[-1]) + 2 * PHRASE + 2, dtype=np.int32)
    after[place + 1] = 1
    np.cumsum(after, out=after)  # how many phrases that recur begin before each place
    first = _sampled(phrases)
    begin, own = place[first], text[first]
    groups = []
    for further in (0, PHRASE):
        second = np.minimum(after[begin + PHRASE] + further, len(place) - 1)
        step = place[second] - begin
        near = (text[second] == own) & (step >= PHRASE) & (step <= WINDOW)
        groups.append(np.where(near, second, -1))
    second = np.column_stack(groups).ravel()
    at = np.flatnonzero(second >= 0)
    pair = phrases.number[first][at // 2], phrases.number[second[at]]
    hashes: Hashes = mixed(phrases.hashes[pair[0]], phrases.hashes[pair[1]])
    key, kept = _shared(hashes, at, np.repeat(own.astype(np.int32), 2))
    held = sorted_once((key << 32) | own[kept // 2])
    return held >> 32, held & 0xFFFFFFFF


def _sampled(phrases: Phrases) -> Numbers:
    """Which phrases begin a key: all, or of very many a part chosen by hash, `KEYS` keys a text and more."""
    texts = 1 + np.count_nonzero(phrases.text[1:] != phrases.text[:-1])
    part = 1.0 if len(phrases.text) <= FEW else min(1.0, KEYS * texts / (2 * len(phrases.text)))
    if part == 1:
        return np.arange(len(phrases.text))
    chosen = (phrases.hashes * _SAMPLE >> np.uint64(32)) < np.uint64(int(part * 2**32))
    sampled: Numbers = np.flatnonzero(chosen[phrases.number])
    return sampled


def _joined(key: Numbers, holder: Numbers, group: Numbers) -> Numbers:
    """The groups, those joined over their keys that share many keys with others: slots make many small groups.

    A group that shares few keys with others stays apart, so that a sentence which two campaigns have does not make them
    one.
    """
    count, keys = len(group), int(key.max()) + 1
    held = sorted_once(group[holder] * keys + key)
    owner, key = held // keys, held % keys
    shared = np.bincount(owner, weights=np.bincount(key)[key] > 1, minlength=count)
    is_open = shared >= SHARED * np.maximum(np.bincount(owner, minlength=count), 1)
    links = is_open[owner]
    component = _components(owner[links], key[links] + count, count + keys)
    joined = np.where(is_open[group], count + component[group], group)
    return np.where(group >= 0, joined, -1)


def most_common(item: Numbers | Codes, label: Numbers) -> Numbers:
    """For each item, in their order, the label that most of its rows have; of equals the least. Items are sorted."""
    # The items are in order already: this way of sorting makes use of it, many times faster than the other.
    pairs = np.sort((item.astype(np.int64) << 32) | label, kind="stable")
    begins = np.flatnonzero(np.concatenate([[True], pairs[1:] != pairs[:-1]]))
    times = np.diff(np.append(begins, len(pairs)))
    pairs = pairs[begins]
    owner = pairs >> 32
    starts = np.flatnonzero(np.concatenate([[True], owner[1:] != owner[:-1]]))
    most = np.repeat(np.maximum.reduceat(times, starts), np.diff(np.append(starts, len(pairs))))
    best = np.flatnonzero(times == most)
    first = np.concatenate([[True], owner[best][1:] != owner[best][:-1]])
    labels: Numbers = pairs[best[first]] & 0xFFFFFFFF
    return labels
