"""Words of many texts as numbers: each the hash of its signs, found for thousands of texts at once.

Texts lie in memory as bytes, one after the other. A word is a run of bytes between others; its hash is a polynomial of
its bytes (Karp and Rabin 1987, IBM Journal of Research and Development 31:249-260), taken as the difference of two sums
up to its ends, in arithmetic of 64 bits that wraps. So no word is ever looked up, and none is made a string.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Iterator, Sequence
from functools import cache

import numpy as np

from brief.scripts import MARKS

Hashes = np.ndarray[tuple[int, ...], np.dtype[np.uint64]]
Numbers = np.ndarray[tuple[int, ...], np.dtype[np.int64]]
Truths = np.ndarray[tuple[int, ...], np.dtype[np.bool_]]
Bytes = np.ndarray[tuple[int, ...], np.dtype[np.uint8]]

AT_ONCE = 1 << 16
"""So many bytes of texts are hashed at a time, and as many more at most."""
WORD = re.compile(rf"\w[\w{MARKS}]*(?:['\u2019]\w[\w{MARKS}]*)*")
SIGNS = 4
"""In a script without spaces so many signs in a row are taken for a word, beginning with each sign."""

MIX = tuple(np.uint64(odd) for odd in (0x9E3779B97F4A7C15, 0xC2B2AE3D27D4EB4F, 0x165667B19E3779F9))
_UNSPACED = re.compile("([\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]+)")
_TYPOGRAPHIC = re.compile("[\u2018\u2019\u201c\u201d\u2013\u2014\u2026]")
_BASE = 0xD6E8FEB86659FD93
_SPACED = {number: " " for number in range(128) if not (chr(number).isalnum() or chr(number) in "_'")}
#: Letters of ASCII in lower case; a space for what stands in no word; bytes of other letters as they are.
_FOLDED = bytes(ord(_SPACED.get(byte, chr(byte).lower())) for byte in range(128)) + bytes(range(128, 256))
#: Signs of scripts without spaces begin with this byte, or a greater one.
_WIDE = 0xE3


def words(text: str) -> list[str]:
    """The words of a text: case and compatibility forms folded, punctuation left out, apostrophes alike."""
    text = _plain(text)
    if not text.isascii():
        tokens = WORD.findall(text)
        return [part for word in tokens for part in _signs(word)] if is_cut(text) else tokens
    # The same as the expression finds, three times as fast: most texts are in ASCII but for their quotation marks.
    tokens = text.translate(_SPACED).split()
    if "'" not in text:
        return tokens
    return [word for piece in tokens for word in (WORD.findall(piece) if "'" in piece else (piece,))]


def is_cut(text: str) -> bool:
    """Whether a text has signs of a script without spaces that are taken for words, `SIGNS` in a row."""
    return not text.isascii() and bool(_UNSPACED.search(text))


def _plain(text: str) -> str:
    if text.isascii():
        return text.casefold()
    text = _TYPOGRAPHIC.sub(lambda sign: "'" if sign[0] in "\u2018\u2019" else " ", text)
    return (text if text.isascii() else unicodedata.normalize("NFKC", text)).casefold()


def _signs(word: str) -> list[str]:
    """A word as it is; of a script without spaces, each `SIGNS` signs of it that follow each other."""
    parts = [part for piece in _UNSPACED.split(word) if (part := piece.strip("'"))]
    if len(parts) == 1 and not _UNSPACED.match(word):
        return parts
    runs = []
    for part in parts:
        last = max(len(part) - SIGNS, 0) if _UNSPACED.match(part) else 0
        runs += [part[first : first + SIGNS] for first in range(last + 1)] if last else [part]
    return runs


def hashed(texts: Sequence[str]) -> tuple[Hashes, Numbers]:
    """The hashes of the words of all texts, one after the other, and how many words each text has.

    The last bit of a hash says that the word is of a script without spaces: such words overlap (`SIGNS`).
    """
    parts: list[Hashes] = []
    lengths = np.zeros(len(texts), dtype=np.int64)
    for numbers, pieces in _batches(texts):
        hashes, counts = _of_bytes(pieces)
        parts.append(hashes)
        np.add.at(lengths, numbers, counts)
    return np.concatenate([*parts, np.zeros(0, dtype=np.uint64)]), lengths


def overlapping(hashes: Hashes) -> Truths:
    """Which words are of a script without spaces."""
    return (hashes & np.uint64(1)).astype(bool)


def _batches(texts: Sequence[str]) -> Iterator[tuple[list[int], list[bytes]]]:
    """Texts as bytes, a few at a time, with the number of each; a very long one comes in several pieces."""
    numbers: list[int] = []
    pieces: list[bytes] = []
    size = 0
    for number, text in enumerate(texts):
        if not text.isascii():
            text = _plain(text)
            text = text if text.isascii() else " ".join(words(text))
        for piece in _cut(text.encode("utf-8", "surrogatepass")):
            numbers.append(number)
            pieces.append(piece)
            size += len(piece) + 1
            if size >= AT_ONCE:
                yield numbers, pieces
                numbers, pieces, size = [], [], 0
    if pieces:
        yield numbers, pieces


def _cut(text: bytes) -> Iterator[bytes]:
    """A text, cut between words where it is very long. Of a word longer than that its beginning stands for it."""
    if len(text) <= AT_ONCE:
        yield text
        return
    text = text.translate(_FOLDED)
    while text:
        end = len(text) if len(text) <= AT_ONCE else text.rfind(b" ", 1, AT_ONCE)
        yield text[: end if end > 0 else AT_ONCE]
        if end < 0:
            end = text.find(b" ", AT_ONCE)
        text = text[end:] if end > 0 else b""


def _of_bytes(pieces: list[bytes]) -> tuple[Hashes, Numbers]:
    """The hashes of the words of texts as bytes, and how many each has."""
    every = np.frombuffer((b" " + b" ".join(pieces) + b" ").translate(_FOLDED), dtype=np.uint8)
    is_word = every != ord(" ")
    marks = np.flatnonzero(every == ord("'"))
    if len(marks):  # an apostrophe stands in a word only between two of its letters
        is_word[marks] = False
        is_word[marks[is_word[marks - 1] & is_word[marks + 1]]] = True
    edges = np.flatnonzero(is_word[1:] != is_word[:-1]) + 1
    begins, ends = edges[::2], edges[1::2]
    hashes = of_runs(every, begins, ends)
    hashes &= ~np.uint64(1)
    wide = begins[every[begins] >= _WIDE]
    if len(wide):
        hashes[np.searchsorted(begins, wide)] |= _is_unspaced(every, wide).astype(np.uint64)
    limits = np.cumsum([0, *(len(piece) + 1 for piece in pieces)]) + 1
    counts: Numbers = np.diff(np.searchsorted(begins, limits))
    return hashes, counts


def of_runs(every: Bytes, begins: Numbers, ends: Numbers) -> Hashes:
    """The hash of each run of bytes. In: at most twice `AT_ONCE` bytes; where runs begin, not at 0, and end."""
    values, powers, inverse = _tables()
    sums = values.take(every, mode="clip")  # no byte is beyond the table: that need not be looked at
    sums *= powers[: len(every)]
    np.cumsum(sums, out=sums)
    hashes: Hashes = sums[ends - 1] - sums[begins - 1]
    hashes *= inverse[begins]
    hashes ^= hashes >> np.uint64(32)
    hashes *= MIX[0]
    return hashes


def _is_unspaced(every: Bytes, begins: Numbers) -> Truths:
    """Whether the signs that begin there, of three bytes or four, are of a script without spaces (`_UNSPACED`)."""
    first, second, third = (every[begins + step].astype(np.int64) for step in range(3))
    sign = (first & 15) << 12 | (second & 63) << 6 | third & 63
    inside = (sign >= 0x3040) & (sign <= 0x30FF) | (sign >= 0x3400) & (sign <= 0x9FFF)
    inside |= (sign >= 0xF900) & (sign <= 0xFAFF)
    plane = (second & 63) >> 4  # of the signs of four bytes
    unspaced: Truths = np.where(first >= 0xF0, (first == 0xF0) & (plane >= 2), inside)
    return unspaced


@cache
def _tables() -> tuple[Hashes, Hashes, Hashes]:
    """A number for each byte; the powers of an odd number and of its inverse, for each place of a batch."""
    digests = (hashlib.blake2b(bytes([byte]), digest_size=8).digest() for byte in range(256))
    values = np.array([int.from_bytes(digest, "little") for digest in digests], dtype=np.uint64)
    return values, _powers(_BASE), _powers(pow(_BASE, -1, 2**64))


def _powers(base: int) -> Hashes:
    powers = np.full(2 * AT_ONCE + 4, base, dtype=np.uint64)
    powers[0] = 1
    every: Hashes = np.multiply.accumulate(powers)
    return every


def mixed(first: Hashes, second: Hashes) -> Hashes:
    """A hash of two hashes in their order."""
    joined: Hashes = (first * MIX[1]) ^ (second * MIX[2])
    joined ^= joined >> np.uint64(29)
    return joined * MIX[0]
