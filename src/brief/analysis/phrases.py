"""The words and phrases of many texts as numbers, and which of them several texts have.

A word is hashed once, however often it stands. A phrase, `PHRASE` words in a row, is a mix of its words' hashes, and is
packed with its place into one number of 64 bits: one sort then brings equal phrases together in the order of the texts,
and a mask finds what recurs. (`np.unique` hashes since numpy 2.3, and is several times slower here.) With millions of
phrases a few share their part of a hash by chance, as with any hash; no text is judged by one phrase.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from brief.analysis.scripts import MARKS

PHRASE = 3
"""Words in a phrase."""
AT_ONCE = 1_000
"""So many texts lie in memory as lists of words."""

Hashes = np.ndarray[tuple[int, ...], np.dtype[np.uint64]]
Numbers = np.ndarray[tuple[int, ...], np.dtype[np.int64]]
Codes = np.ndarray[tuple[int, ...], np.dtype[np.int32]]
Truths = np.ndarray[tuple[int, ...], np.dtype[np.bool_]]
Floats = np.ndarray[tuple[int, ...], np.dtype[np.float64]]

WORD = re.compile(rf"\w[\w{MARKS}]*(?:['\u2019]\w[\w{MARKS}]*)*")
SIGNS = 4
"""In a script without spaces so many signs in a row are taken for a word, beginning with each sign."""
_UNSPACED = re.compile("([\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]+)")
_MIX = tuple(np.uint64(odd) for odd in (0x9E3779B97F4A7C15, 0xC2B2AE3D27D4EB4F, 0x165667B19E3779F9))
_SPACED = {number: " " for number in range(128) if not (chr(number).isalnum() or chr(number) in "_'")}
_TYPOGRAPHIC = re.compile("[\u2018\u2019\u201c\u201d\u2013\u2014\u2026]")


def words(text: str) -> list[str]:
    """The words of a text: case and compatibility forms folded, punctuation left out, apostrophes alike."""
    if not text.isascii():
        text = unicodedata.normalize("NFKC", _TYPOGRAPHIC.sub(_plain, text))
    text = text.casefold()
    if not text.isascii():
        tokens = WORD.findall(text)
        return [part for word in tokens for part in _signs(word)] if _UNSPACED.search(text) else tokens
    # The same as the expression finds, three times as fast: most texts are in ASCII but for their quotation marks.
    tokens = text.translate(_SPACED).split()
    return tokens if "'" not in text else [word for piece in tokens for word in _apart(piece)]


def is_cut(text: str) -> bool:
    """Whether a text has signs of a script without spaces that are taken for words, `SIGNS` in a row."""
    return bool(_UNSPACED.search(text))


def _plain(sign: re.Match[str]) -> str:
    return "'" if sign[0] in "\u2018\u2019" else " "


def _apart(piece: str) -> list[str]:
    return WORD.findall(piece) if "'" in piece else [piece]


def _signs(word: str) -> list[str]:
    """A word as it is; of a script without spaces, each `SIGNS` signs of it that follow each other."""
    parts = [part for part in _UNSPACED.split(word) if part]
    if len(parts) == 1 and not _UNSPACED.match(word):
        return parts
    runs = []
    for part in parts:
        last = max(len(part) - SIGNS, 0) if _UNSPACED.match(part) else 0
        runs += [part[first : first + SIGNS] for first in range(last + 1)] if last else [part]
    return runs


class _Vocabulary(dict[str, int]):
    """Numbers of words in the order of their first use, each hashed when it is first met."""

    def __init__(self) -> None:
        self.hashes: list[int] = []

    def __missing__(self, word: str) -> int:
        self[word] = number = len(self.hashes)
        digest = hashlib.blake2b(word.encode("utf-8", "surrogatepass"), digest_size=8).digest()
        self.hashes.append(int.from_bytes(digest, "little"))
        return number


def mixed(first: Hashes, second: Hashes) -> Hashes:
    """A hash of two hashes in their order."""
    joined: Hashes = (first * _MIX[1]) ^ (second * _MIX[2])
    joined ^= joined >> np.uint64(29)
    return joined * _MIX[0]


@dataclass(frozen=True)
class Phrases:
    """The phrases that recur, in the order of the texts: of each the number, the text, the place of its first word."""

    lengths: Numbers
    """Words of each text."""
    sizes: Numbers
    """The same, where words of a script without spaces count half: they overlap."""
    number: Numbers
    """Phrases are numbered from 0 in the order of their hashes."""
    text: Numbers
    place: Numbers
    """Among the words of all texts."""
    hashes: Hashes
    """Of each phrase, by its number."""
    holders: Numbers
    """How many texts have each phrase, by its number."""

    @property
    def word_text(self) -> Numbers:
        """The text of each word."""
        return np.repeat(np.arange(len(self.lengths)), self.lengths)

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
    vocabulary = _Vocabulary()
    counted, parts = [], []
    for start in range(0, len(texts), AT_ONCE):
        texts_words = [words(text) for text in texts[start : start + AT_ONCE]]
        counted += [len(text_words) for text_words in texts_words]
        parts.append(np.array([vocabulary[word] for text_words in texts_words for word in text_words], dtype=np.int32))
    lengths = np.array(counted, dtype=np.int64)
    every = np.concatenate([*parts, np.zeros(0, dtype=np.int32)])
    del parts
    known = [_phrases(np.array([vocabulary[word] for word in words(text)], dtype=np.uint64)) for text in given]
    if known:
        every, lengths = _without(every, lengths, np.sort(np.concatenate(known)))
    half = np.array([bool(_UNSPACED.match(word)) for word in vocabulary], dtype=bool)
    hashed = np.array(vocabulary.hashes, dtype=np.uint64)[every] if len(every) else np.zeros(0, dtype=np.uint64)
    word_text = np.repeat(np.arange(len(lengths)), lengths)
    sizes = lengths - (np.bincount(word_text[half[every]], minlength=len(lengths)) // 2 if half.any() else 0)
    phrase = _phrases(hashed)
    count = len(phrase)
    inside = word_text[:count] == word_text[PHRASE - 1 :][:count]
    for place in range(PHRASE - 1):  # what says a word twice in a row is noise: rows of a table, "no no no"
        inside &= every[place : place + count] != every[place + 1 : place + 1 + count]
    if least_words > 1:
        inside &= (sizes >= least_words)[word_text[:count]]
    ids, places, kept, held = shared(phrase[inside], np.flatnonzero(inside), word_text, holders)
    return Phrases(lengths, sizes, ids, word_text[places], places, kept, held)


def _phrases(hashed: Hashes) -> Hashes:
    """The hash of each phrase, whether or not its words stand in one text."""
    count = max(len(hashed) - PHRASE + 1, 0)
    phrase = np.zeros(count, dtype=np.uint64)
    for place in range(PHRASE):
        phrase ^= hashed[place : place + count] * _MIX[place]
        phrase *= _MIX[0]
    return phrase


def _without(every: Codes, lengths: Numbers, known: Hashes) -> tuple[Codes, Numbers]:
    """The words of all texts, and how many each has, without what stands in known phrases, which are sorted."""
    count = len(every) - PHRASE + 1
    if not len(known) or count < 1:
        return every, lengths
    asked = _phrases(every.astype(np.uint64))
    word_text = np.repeat(np.arange(len(lengths)), lengths)
    hit = known[np.minimum(np.searchsorted(known, asked), len(known) - 1)] == asked
    hit &= word_text[:count] == word_text[PHRASE - 1 :]
    left = np.ones(len(every), dtype=bool)
    for place in range(PHRASE):
        left[np.flatnonzero(hit) + place] = False
    rest: Numbers = np.bincount(word_text[left], minlength=len(lengths))
    return every[left], rest


def shared(hashes: Hashes, places: Numbers, owner: Numbers, holders: int) -> tuple[Numbers, Numbers, Hashes, Numbers]:
    """Which hashes at least so many owners have.

    In: hashes; the place of each, which ascends; the owner of each place, which does not descend. Out: for each that
    recurs, in the order of places, its number (in the order of hashes) and its place; for each number the hash, and how
    many owners have it.
    """
    bits = np.uint64(max(int(places.max(initial=0)), 1).bit_length())
    packed = np.sort((hashes >> bits << bits) | places.view(np.uint64))
    place = (packed & ((np.uint64(1) << bits) - np.uint64(1))).view(np.int64)
    packed >>= bits
    first = np.concatenate([[True], packed[1:] != packed[:-1]])[: len(packed)]
    held_by = owner[place]
    new = first | np.concatenate([[True], held_by[1:] != held_by[:-1]])[: len(packed)]
    begins = np.flatnonzero(first)
    sizes = np.diff(np.append(begins, len(packed)))
    held = _counts(new, begins)
    several = held >= holders
    kept = np.repeat(several, sizes)
    ids = np.repeat(np.cumsum(several) - 1, sizes)[kept]
    slots = np.full(len(owner), -1, dtype=np.int64)
    slots[place[kept]] = ids
    where = np.flatnonzero(slots >= 0)
    return slots[where], where, packed[begins[several]] << bits, held[several]


def _counts(marks: Truths, begins: Numbers) -> Numbers:
    """How many marks there are from each beginning to the next."""
    total = np.concatenate([[0], np.cumsum(marks)])
    counted: Numbers = np.diff(total[np.append(begins, len(marks))])
    return counted


def sorted_once(values: Numbers) -> Numbers:
    """The different values, sorted."""
    if not len(values):
        return values
    ordered: Numbers = np.sort(values)
    once: Numbers = ordered[np.concatenate([[True], ordered[1:] != ordered[:-1]])]
    return once


def covered(phrases: Phrases, chosen: Truths | None = None) -> Truths:
    """Which words of all texts stand in one of the phrases (or of those chosen), a truth value a word."""
    words_of_all = np.zeros(int(phrases.lengths.sum()), dtype=bool)
    place = phrases.place if chosen is None else phrases.place[chosen]
    for number in range(PHRASE):
        words_of_all[place + number] = True
    return words_of_all


def closed(marks: Truths, word_text: Numbers, gap: int) -> Truths:
    """The marks, with gaps of at most so many words closed where both sides are marked in one text."""
    at = np.flatnonzero(marks)
    steps = np.diff(at)
    close = (steps > 1) & (steps <= gap + 1) & (word_text[at[1:]] == word_text[at[:-1]])
    change = np.zeros(len(marks) + 1, dtype=np.int64)
    np.add.at(change, at[:-1][close], 1)
    np.add.at(change, at[1:][close], -1)
    whole: Truths = marks | (np.cumsum(change[:-1]) > 0)
    return whole


def longest_runs(marks: Truths, word_text: Numbers, count: int) -> Truths:
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
    change = np.zeros(len(marks) + 1, dtype=np.int64)
    np.add.at(change, begins[longest], 1)
    np.add.at(change, ends[longest], -1)
    run: Truths = np.cumsum(change[:-1]) > 0
    return run


def sums(marks: Truths, lengths: Numbers) -> Numbers:
    """How many words of each text are marked."""
    total = np.concatenate([[0], np.cumsum(marks)])
    ends = np.cumsum(lengths)
    counted: Numbers = total[ends] - total[ends - lengths]
    return counted


def support(phrases: Phrases, group: Numbers) -> Numbers:
    """For each recurring phrase how many texts of its text's group have it; texts of group -1 count nowhere: 0."""
    own = group[phrases.text]
    inside = np.flatnonzero(own >= 0)
    counts = np.zeros(len(own), dtype=np.int64)
    if not len(inside):
        return counts
    code = own[inside] * (int(phrases.number.max()) + 1) + phrases.number[inside]
    bits = max(len(inside), 1).bit_length()
    by_code = np.argsort(code, kind="stable") if int(code.max()).bit_length() + bits > 62 else _packed_order(code, bits)
    ordered, texts = code[by_code], phrases.text[inside][by_code]
    first = np.concatenate([[True], ordered[1:] != ordered[:-1]])
    new = first | np.concatenate([[True], texts[1:] != texts[:-1]])
    begins = np.flatnonzero(first)
    held = _counts(new, begins)
    counts[inside[by_code]] = np.repeat(held, np.diff(np.append(begins, len(ordered))))
    return counts


def _packed_order(code: Numbers, bits: int) -> Numbers:
    packed = np.sort((code << bits) | np.arange(len(code)))
    order: Numbers = packed & ((1 << bits) - 1)
    return order
