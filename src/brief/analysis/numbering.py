"""The distinct texts among any number of comments: a summary of each batch, and summaries merged.

A text is known by its digest (`distinct.digest`), taken as a number. Texts are numbered from 0 in the order of their
digests, whatever the batches were.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from brief.analysis import distinct
from brief.analysis.hashing import Hashes, Numbers
from brief.analysis.phrases import Codes


@dataclass(frozen=True)
class Distinct:
    """Distinct texts in the order of their digests: the digest, the first comment that has it, how many have it.

    Comments are counted from 0 in the order of all batches.
    """

    digests: Hashes
    rows: Numbers
    submissions: Numbers


def annotate(texts: Sequence[str], first_row: int) -> tuple[Distinct, Codes]:
    """The distinct texts of a batch that begins with that comment; for each comment the place of its text there."""
    names = distinct.digests(texts)
    every = np.frombuffer(bytes.fromhex("".join(names)), dtype=">u8").astype(np.uint64)
    summary = Distinct(every, np.arange(first_row, first_row + len(every)), np.ones(len(every), dtype=np.int64))
    merged = merge([summary])
    return merged, np.searchsorted(merged.digests, every).astype(np.int32)


def merge(summaries: Sequence[Distinct]) -> Distinct:
    """The distinct texts of several batches: associative, and their order does not matter."""
    digests = np.concatenate([summary.digests for summary in summaries] or [np.zeros(0, dtype=np.uint64)])
    rows = np.concatenate([summary.rows for summary in summaries] or [np.zeros(0, dtype=np.int64)])
    submissions = np.concatenate([summary.submissions for summary in summaries] or [np.zeros(0, dtype=np.int64)])
    order = np.argsort(digests, kind="stable")
    digests = digests[order]
    begins = np.flatnonzero(np.concatenate([[True], digests[1:] != digests[:-1]])[: len(digests)])
    if not len(begins):
        return Distinct(digests, rows, submissions)
    least = np.minimum.reduceat(rows[order], begins)
    return Distinct(digests[begins], least, np.add.reduceat(submissions[order], begins))


def names(digests: Hashes) -> list[str]:
    """Digests as `distinct.digest` writes them."""
    return [f"{digest:016x}" for digest in digests.tolist()]
