"""The phrases of many texts as numbers, and which of them several texts have.

A phrase, `PHRASE` words in a row, is a mix of its words' hashes (`hashing`), and is packed with its place into one
number of 64 bits: one sort then brings equal phrases together in the order of the texts, and a mask finds what recurs.
(`np.unique` hashes since numpy 2.3, and is several times slower here.) What is sorted is looked at a part at a time, so
that little lies in memory beside it. With millions of phrases a few share their part of a hash by chance, as with any
hash; no text is judged by one phrase.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TypeVar

import numpy as np

from brief.analysis import hashing
from brief.analysis.hashing import MIX, Hashes, Numbers, Truths
from brief.analysis.lookups import Table

PHRASE = 3
"""Words in a phrase."""
AT_ONCE = 1 << 17
"""So many phrases are looked at together."""

Codes = np.ndarray[tuple[int, ...], np.dtype[np.int32]]
Floats = np.ndarray[tuple[int, ...], np.dtype[np.float64]]
Whole = TypeVar("Whole", Numbers, Codes, Hashes)


@dataclass(frozen=True)
class Phrases:
    """The phrases that recur, in the order of the texts: of each the number, the text, the place of its first word."""

    lengths: Numbers
    """Words of each text."""
    sizes: Numbers
    """The same, where words of a script without spaces count half: they overlap."""
    number: Codes
    """Phrases are numbered from 0 in the order of their hashes."""
    text: Codes
    place: Codes
    """Among the words of all texts."""
    hashes: Hashes
    """Of each phrase, by its number."""
    holders: Numbers
    """How many texts have each phrase, by its number."""

    @property
    def word_text(self) -> Codes:
        """The text of each word."""
        return np.repeat(np.arange(len(self.lengths), dtype=np.int32), self.lengths)

    @property
    def starts(self) -> Numbers:
        """The place of the first word of each text."""
        return np.cumsum(self.lengths) - self.lengths

    def of(self, chosen: Truths) -> Phrases:
        """Those among chosen ones (a truth value for each that recurs)."""
        return Phrases(
            self.lengths,
            self.sizes,
            self.number[chosen],
            self.text[chosen],
            self.place[chosen],
            self.hashes,
            self.holders,
        )


def recurring(texts: Sequence[str], least_words: int = 1, holders: int = 2, given: Sequence[str] = ()) -> Phrases:
    """The phrases that so many texts have.

    Texts shorter than `least_words` have none. What stands in a text that all were given is taken out
    of the texts first, as if nobody had written it.
    """
    every, lengths, sizes, word_text = worded(texts, known(given))
    bits = np.uint64(len(every).bit_length())
    packed, count = np.empty_like(every), 0
    for first in range(0, len(every), AT_ONCE):
        part = _packed(every, word_text, sizes >= least_words, first, bits)
        packed[count : count + len(part)] = part
        count += len(part)
    del every
    ids, places, kept, held = shared(packed[:count], bits, word_text, holders)
    return Phrases(lengths, sizes, ids, word_text[places], places, kept, held)


def known(given: Sequence[str]) -> Hashes:
    """The phrases of texts that all were given, sorted, for `worded`."""
    hashed = [_phrases(hashing.hashed([text])[0]) for text in given]
    return np.sort(np.concatenate([*hashed, np.zeros(0, dtype=np.uint64)]))


def worded(texts: Sequence[str], given: Hashes) -> tuple[Hashes, Numbers, Numbers, Codes]:
    """The hashes of all words without those in known phrases; of each text its `lengths` and `sizes`; of each word the
    text."""
    every, lengths = hashing.hashed(texts)
    if len(given):
        every, lengths = _without(every, lengths, given)
    word_text = np.repeat(np.arange(len(lengths), dtype=np.int32), lengths)
    half = hashing.overlapping(every)
    sizes = lengths - (np.bincount(word_text[half], minlength=len(lengths)) // 2 if half.any() else 0)
    return every, lengths, sizes, word_text


def listed(texts: Sequence[str], table: Table, bits: int, least_words: int, given: Hashes) -> Phrases:
    """The phrases of texts that stand in a table, by their numbers there; no text looks at another.

    In: texts; hashes of phrases without their last so many bits; what `known` gave.
    """
    every, lengths, sizes, word_text = worded(texts, given)
    phrase, at = every_phrase(every, word_text, sizes >= least_words)
    places, held = table.places(phrase >> np.uint64(bits) << np.uint64(bits))
    number, place = places[held], at[held].astype(np.int32)
    return Phrases(lengths, sizes, number, word_text[place], place, table.hashes, np.zeros(0, dtype=np.int64))


def every_phrase(every: Hashes, word_text: Codes, long_enough: Truths) -> tuple[Hashes, Numbers]:
    """The phrases of all texts that are long enough, in their order, and the place of each one's first word."""
    phrase = _phrases(every)
    count = len(phrase)
    inside = (word_text[:count] == word_text[PHRASE - 1 :][:count]) & long_enough[word_text[:count]]
    for place in range(PHRASE - 1):  # what says a word twice in a row is noise: rows of a table, "no no no"
        inside &= every[place : place + count] != every[place + 1 : place + 1 + count]
    at = np.flatnonzero(inside)
    return phrase[at], at


def _packed(every: Hashes, word_text: Codes, long_enough: Truths, first: int, bits: np.uint64) -> Hashes:
    """The phrases that begin at so many words, each packed with its place."""
    end = first + AT_ONCE + PHRASE - 1
    phrase, at = every_phrase(every[first:end], word_text[first:end], long_enough)
    packed: Hashes = phrase >> bits << bits
    packed |= (at + first).view(np.uint64)
    return packed


def _phrases(hashed: Hashes) -> Hashes:
    """The hash of each phrase, whether or not its words stand in one text."""
    count = max(len(hashed) - PHRASE + 1, 0)
    phrase = np.zeros(count, dtype=np.uint64)
    for place in range(PHRASE):
        phrase ^= hashed[place : place + count] * MIX[place]
        phrase *= MIX[0]
    return phrase


def _without(every: Hashes, lengths: Numbers, known: Hashes) -> tuple[Hashes, Numbers]:
    """The words of all texts, and how many each has, without what stands in known phrases, which are sorted."""
    count = len(every) - PHRASE + 1
    if not len(known) or count < 1:
        return every, lengths
    word_text = np.repeat(np.arange(len(lengths), dtype=np.int32), lengths)
    left = np.ones(len(every), dtype=bool)
    for first in range(0, count, AT_ONCE):
        asked = _phrases(every[first : first + AT_ONCE + PHRASE - 1])
        hit = known[np.minimum(np.searchsorted(known, asked), len(known) - 1)] == asked
        at = np.flatnonzero(hit) + first
        at = at[word_text[at] == word_text[at + PHRASE - 1]]
        for place in range(PHRASE):
            left[at + place] = False
    rest: Numbers = np.bincount(word_text[left], minlength=len(lengths))
    return every[left], rest


def shared(packed: Hashes, bits: np.uint64, owner: Codes, holders: int) -> tuple[Codes, Codes, Hashes, Numbers]:
    """Which hashes at least so many owners have.

    In: hashes, each with its place in the last so many bits (they are sorted here); the owner of each place, which does
    not descend. Out: for each that recurs, in the order of places, its number (in the order of hashes) and its place;
    for each number the hash, and how many owners have it.
    """
    packed.sort()
    slots = np.full(len(owner), -1, dtype=np.int32)
    hashes: list[Hashes] = []
    held: list[Numbers] = []
    numbered = 0
    for part in _parts(packed, bits):
        place = (part & ((np.uint64(1) << bits) - np.uint64(1))).view(np.int64)
        part = part >> bits
        first = np.concatenate([[True], part[1:] != part[:-1]])
        held_by = owner[place]
        new = first | np.concatenate([[True], held_by[1:] != held_by[:-1]])
        begins = np.flatnonzero(first)
        sizes = np.diff(np.append(begins, len(part)))
        have = _counts(new, begins)
        several = have >= holders
        kept = np.repeat(several, sizes)
        slots[place[kept]] = np.repeat(np.cumsum(several, dtype=np.int32) - 1, sizes)[kept] + numbered
        hashes.append(part[begins[several]] << bits)
        held.append(have[several])
        numbered += len(held[-1])
    del packed
    where = np.flatnonzero(slots >= 0).astype(np.int32)
    every = np.concatenate([*hashes, np.zeros(0, dtype=np.uint64)])
    return slots[where], where, every, np.concatenate([*held, np.zeros(0, dtype=np.int64)])


def _parts(packed: Hashes, bits: np.uint64) -> Iterator[Hashes]:
    """Sorted numbers with their places in the last bits, so many at a time, those of one number together."""
    first = 0
    while first < len(packed):
        end = min(first + AT_ONCE, len(packed))
        if end < len(packed):
            after = ((packed[end - 1] >> bits) + np.uint64(1)) << bits
            end = len(packed) if not after else int(np.searchsorted(packed, after))
        yield packed[first:end]
        first = end


def _counts(marks: Truths, begins: Numbers) -> Numbers:
    """How many marks there are from each beginning to the next."""
    total = np.concatenate([[0], np.cumsum(marks)])
    counted: Numbers = np.diff(total[np.append(begins, len(marks))])
    return counted


def sorted_once(values: Whole) -> Whole:
    """The different values, sorted."""
    if not len(values):
        return values
    # Most values come in some order, by text or by phrase, and this way of sorting makes use of it.
    ordered = np.sort(values, kind="stable")
    once: Whole = ordered[np.concatenate([[True], ordered[1:] != ordered[:-1]])]
    return once


def covered(phrases: Phrases, chosen: Truths | None = None) -> Truths:
    """Which words of all texts stand in one of the phrases (or of those chosen), a truth value a word."""
    words_of_all = np.zeros(int(phrases.lengths.sum()), dtype=bool)
    place = phrases.place if chosen is None else phrases.place[chosen]
    for number in range(PHRASE):
        words_of_all[place + number] = True
    return words_of_all


def closed(marks: Truths, word_text: Codes, gap: int) -> Truths:
    """The marks, with gaps of at most so many words closed where both sides are marked in one text."""
    at = np.flatnonzero(marks)
    steps = np.diff(at)
    close = (steps > 1) & (steps <= gap + 1) & (word_text[at[1:]] == word_text[at[:-1]])
    return marks | _between(at[:-1][close], at[1:][close], len(marks))


def longest_runs(marks: Truths, word_text: Codes, count: int) -> Truths:
    """Of the marks of each text only those of its longest run, of equals the first."""
    edge = np.diff(np.concatenate([[False], marks, [False]]).astype(np.int8))
    if len(marks):
        breaks = 1 + np.flatnonzero((word_text[1:] != word_text[:-1]) & marks[1:] & marks[:-1])
    else:
        breaks = np.zeros(0, dtype=np.int64)
    begins = np.sort(np.concatenate([np.flatnonzero(edge == 1), breaks]))
    ends = np.sort(np.concatenate([np.flatnonzero(edge == -1), breaks]))
    owner, size = word_text[begins], ends - begins
    most = np.zeros(count, dtype=np.int64)
    np.maximum.at(most, owner, size)
    longest = np.flatnonzero(size == most[owner])
    longest = longest[np.concatenate([[True], owner[longest][1:] != owner[longest][:-1]])[: len(longest)]]
    return _between(begins[longest], ends[longest], len(marks))


def _between(begins: Numbers, ends: Numbers, count: int) -> Truths:
    """Which of so many places are in a stretch; stretches do not overlap, but one may begin where another ends."""
    change = np.zeros(count + 1, dtype=np.int8)
    change[begins] += np.int8(1)
    change[ends] -= np.int8(1)
    inside: Truths = np.cumsum(change[:-1], dtype=np.int8) > 0
    return inside


def sums(marks: Truths, lengths: Numbers) -> Numbers:
    """How many words of each text are marked."""
    total = np.concatenate([[0], np.cumsum(marks, dtype=np.int32)])
    ends = np.cumsum(lengths)
    counted: Numbers = total[ends] - total[ends - lengths]
    return counted


def support(phrases: Phrases, group: Numbers) -> Codes:
    """For each recurring phrase how many texts of its text's group have it; texts of group -1 count nowhere: 0."""
    counts = np.zeros(len(phrases.number), dtype=np.int32)
    inside = np.flatnonzero((group >= 0)[phrases.text]).astype(np.int32)
    if not len(inside):
        return counts
    known = sorted_once(group[group >= 0])
    code = np.searchsorted(known, group)[phrases.text[inside]]
    code *= int(phrases.number.max()) + 1
    code += phrases.number[inside]
    bits = np.uint64(len(inside).bit_length())
    if int(code.max()).bit_length() + int(bits) > 64:  # too many for one number: the same in the order of the codes
        code = np.searchsorted(sorted_once(code), code)
    packed = code.view(np.uint64)
    packed <<= bits
    packed |= np.arange(len(packed), dtype=np.uint64)
    packed.sort()
    for part in _parts(packed, bits):
        at = inside[(part & ((np.uint64(1) << bits) - np.uint64(1))).view(np.int64)]
        own = part >> bits
        texts = phrases.text[at]
        first = np.concatenate([[True], own[1:] != own[:-1]])
        new = first | np.concatenate([[True], texts[1:] != texts[:-1]])
        begins = np.flatnonzero(first)
        counts[at] = np.repeat(_counts(new, begins), np.diff(np.append(begins, len(own))))
    return counts
