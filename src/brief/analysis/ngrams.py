"""Texts as counts of hashed character n-grams within words, without a vocabulary: the same on every machine.

As scikit-learn's HashingVectorizer counts them (analyzer "char_wb", 3- to 5-grams, no signs), whose loading takes
longer than a whole build of a brief of a few comments has. The hash is MurmurHash3 (Appleby 2011, x86, 32 bit).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

if TYPE_CHECKING:
    from scipy.sparse import csr_matrix

LENGTHS = (3, 4, 5)
_SCRAMBLE, _STIR = (np.uint32(0xCC9E2D51), np.uint32(0x1B873593)), (np.uint32(5), np.uint32(0xE6546B64))
_FINISH = ((np.uint32(16), np.uint32(0x85EBCA6B)), (np.uint32(13), np.uint32(0xC2B2AE35)))
Hashes = npt.NDArray[np.uint32]


def counted(texts: Sequence[str], features: int) -> csr_matrix:
    """How often each text has each n-gram: a row a text, a column a hash modulo `features`."""
    from scipy.sparse import csr_matrix

    words = [text.lower().split() for text in texts]
    distinct = list(dict.fromkeys(word for own in words for word in own))
    grams = [list(_grams(f" {word} ")) for word in distinct]
    known = list(dict.fromkeys(gram for own in grams for gram in own))
    signed = hashes([gram.encode("utf-8", "surrogatepass") for gram in known]).view(np.int32).astype(np.int64)
    places = dict(zip(known, (np.abs(signed) % features).tolist(), strict=True))
    of_word = {word: [places[gram] for gram in own] for word, own in zip(distinct, grams, strict=True)}
    rows = [[place for word in own for place in of_word[word]] for own in words]
    ends = np.cumsum([0, *map(len, rows)])
    columns = np.fromiter((place for row in rows for place in row), dtype=np.int64, count=int(ends[-1]))
    counts = csr_matrix((np.ones(len(columns)), columns, ends), shape=(len(texts), features))
    counts.sum_duplicates()
    return counts


def _grams(word: str) -> Iterator[str]:
    """The n-grams of a word between spaces; a word that is shorter than n stands once for all that are longer."""
    for length in LENGTHS:
        for start in range(max(len(word) - length, 0) + 1):
            yield word[start : start + length]
        if len(word) <= length:
            return


def hashes(keys: Sequence[bytes]) -> Hashes:
    """MurmurHash3 of each key, all of one length at a time."""
    lengths = np.array([len(key) for key in keys], dtype=np.int64)
    out = np.zeros(len(keys), dtype=np.uint32)
    for length in np.unique(lengths).tolist():
        places = np.flatnonzero(lengths == length)
        signs = np.frombuffer(b"".join([keys[place] for place in places.tolist()]), dtype=np.uint8).reshape(
            len(places), length
        )
        whole = length - length % 4
        mixed = np.zeros(len(places), dtype=np.uint32)
        for start in range(0, whole, 4):
            mixed ^= _scrambled(_number(signs[:, start : start + 4]))
            mixed = _turned(mixed, 13) * _STIR[0] + _STIR[1]
        if whole < length:
            mixed ^= _scrambled(_number(signs[:, whole:]))
        mixed ^= np.uint32(length)
        for shift, factor in _FINISH:
            mixed = (mixed ^ (mixed >> shift)) * factor
        out[places] = mixed ^ (mixed >> np.uint32(16))
    return out


def _number(signs: npt.NDArray[np.uint8]) -> Hashes:
    """Up to four bytes as a number, the first the least."""
    number = np.zeros(len(signs), dtype=np.uint32)
    for place in range(signs.shape[1]):
        number |= signs[:, place].astype(np.uint32) << np.uint32(8 * place)
    return number


def _scrambled(number: Hashes) -> Hashes:
    return _turned(number * _SCRAMBLE[0], 15) * _SCRAMBLE[1]


def _turned(number: Hashes, bits: int) -> Hashes:
    turned: Hashes = (number << np.uint32(bits)) | (number >> np.uint32(32 - bits))
    return turned
