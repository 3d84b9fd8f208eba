"""The summaries of all batches, merged: the distinct texts, the components of near copies, what rows say of them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from brief.analysis import numbering, sketches
from brief.analysis.hashing import Numbers
from brief.analysis.numbering import Distinct
from brief.analysis.phrases import Codes
from brief.findings.at_size.keeping import Kept
from brief.findings.at_size.parts import Arrays, unpacked


@dataclass(frozen=True)
class Texts:
    """The distinct texts of a docket, numbered by digest, and where each is kept."""

    distinct: Distinct
    words: Codes
    first: Codes
    """Of each text the least number of its component of near copies."""
    numbers: tuple[Codes, ...]
    """Of each batch the numbers of its distinct texts."""
    own: tuple[Numbers, ...]
    """Of each batch the places of the texts that no batch before it has."""
    starts: Numbers
    """Of each batch the number of its first comment, and in the end how many there are."""

    @property
    def count(self) -> int:
        """How many distinct texts there are."""
        return len(self.distinct.digests)

    def originals(self) -> Codes:
        """Of each text the one of its component that was sent most, of equals that of least digest.

        An edited copy is sent by few, and the letter that it was made from by many.
        """
        numbers = np.arange(self.count)
        order = np.lexsort((numbers, -self.distinct.submissions, self.first))
        of = self.first[order]
        leads = np.concatenate([[True], of[1:] != of[:-1]])[: len(of)]
        most_sent = np.zeros(self.count, dtype=np.int32)
        most_sent[of[leads]] = order[leads]
        return most_sent[self.first]

    def read(self, parts: Sequence[Arrays], wanted: Numbers) -> list[str]:
        """The texts of some numbers, ascending."""
        batch = np.searchsorted(self.starts, self.distinct.rows[wanted], side="right") - 1
        texts = [""] * len(wanted)
        for number in np.unique(batch).tolist():
            at = np.flatnonzero(batch == number)
            own = unpacked(parts[number], "texts", np.searchsorted(self.numbers[number], wanted[at]))
            for place, text in zip(at.tolist(), own, strict=True):
                texts[place] = text
        return texts

    def ids(self, parts: Sequence[Arrays], wanted: Numbers) -> list[str]:
        """The id of the first comment that has each of these texts."""
        rows = self.distinct.rows[wanted]
        batch = np.searchsorted(self.starts, rows, side="right") - 1
        names = [""] * len(wanted)
        for number in np.unique(batch).tolist():
            at = np.flatnonzero(batch == number)
            for place, name in zip(at, unpacked(parts[number], "ids", rows[at] - self.starts[number]), strict=True):
                names[int(place)] = name
        return names


def merged(parts: Sequence[Arrays], kept: Kept, tell: Callable[[float], None]) -> Texts:
    """The distinct texts of all batches, and their components of near copies.

    In: what `parts.read` gave of each batch, in their order; `tell` is given the part that is done.
    """
    sizes = [len(part["text_of"]) for part in parts]
    starts = np.concatenate([[0], np.cumsum(sizes, dtype=np.int64)]).astype(np.int64)
    every = numbering.merge(
        [Distinct(np.asarray(part["digest"]), np.asarray(part["row"]), np.asarray(part["times"])) for part in parts]
    )
    numbers = tuple(np.searchsorted(every.digests, part["digest"]).astype(np.int32) for part in parts)
    own = tuple(np.flatnonzero(every.rows[number] == part["row"]) for number, part in zip(numbers, parts, strict=True))
    words = np.zeros(len(every.digests), dtype=np.int32)
    bins = kept.scratch("bins", len(words), sketches.BINS, np.uint16)
    numbers_of_own = []
    for part, number, places in zip(parts, numbers, own, strict=True):
        words[number[places]] = part["words"][places]
        bins[number[places]] = part["bins"][places]
        of_own = np.full(len(number), -1, dtype=np.int64)
        of_own[places] = number[places]
        numbers_of_own.append(of_own)
    links = sketches.Links(len(words))
    buckets = 1 << sketches.BUCKET_BITS
    for bucket in range(buckets):
        packed = [
            sketches.numbered(np.asarray(sketches.bucket(part["keys"], bucket)), number)
            for part, number in zip(parts, numbers_of_own, strict=True)
        ]
        links.join(*sketches.linked(np.concatenate([*packed, np.zeros(0, np.uint64)]), bins, words))
        tell((bucket + 1) / buckets)
    return Texts(every, words, links.first(), numbers, own, starts)


def repeated(parts: Sequence[Arrays]) -> set[str]:
    """Ids that stand twice, of the first pairs of `_LOOKED_AT`."""
    hashes = np.concatenate([*(part["id_hash"] for part in parts), np.zeros(0, dtype=np.uint64)])
    order = np.argsort(hashes, kind="stable")
    again = np.flatnonzero(hashes[order][1:] == hashes[order][:-1])
    starts = np.cumsum([0, *(len(part["text_of"]) for part in parts)])
    names: set[str] = set()
    for place in again[:_LOOKED_AT].tolist():
        pair = [_id(parts, starts, int(order[at])) for at in (place, place + 1)]
        # Two ids may have the same hash by chance.
        names |= {pair[0]} if pair[0] == pair[1] else set()
    return names


_LOOKED_AT = 1_000


def _id(parts: Sequence[Arrays], starts: Numbers, row: int) -> str:
    batch = int(np.searchsorted(starts, row, side="right")) - 1
    return unpacked(parts[batch], "ids", np.array([row - starts[batch]]))[0]
