"""How much a run takes into memory at a time, and what it is going to cost, before it begins."""

from __future__ import annotations

import re
import time
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import islice

import pandas as pd

from brief.analysis import clustering, machine_coding, phrases, theming
from brief.analysis.hashing import Hashes
from brief.errors import fail
from brief.findings.at_size import parts, results
from brief.findings.at_size.docket import Docket

MOST_SAMPLED, LEAST_SAMPLED = 100_000, 5_000
"""Distinct texts that models are fitted on, at the most and at the least."""
MOST_ROWS, LEAST_ROWS = 25_000, 500
"""Comments of a batch, where nobody says how many."""
TELLING = 200_000
"""From so many comments on a run says beforehand what it is going to take."""
_BASE = 260e6
"""Bytes that a run needs in its own process for libraries and for what it holds, whatever the comments."""
_OF_WORKER, _OF_ITS_ROW = 210e6, 7_000.0
"""Bytes that each further process needs of its own, and for each comment of a batch, which it keeps for the next one.
Those of a Dask cluster need more than processes of this machine, and these bytes are enough for them."""
_OF_ROW = 10_000.0
"""Bytes that a comment of a batch needs in the process of the run, which works on it or hands it out."""
_OF_SAMPLED = 8_500.0
"""Bytes that a text needs while campaigns are looked for in the sample."""
_OF_LEARNING = 230e6
"""Bytes that learning stances needs, with the libraries for it, when no batch is held; measured with 600 coded."""
_FOR_SAMPLE = 0.45
"""The part of the memory that the sample may take."""
_OF_COMMENT, _AT_LAST = 40.0, 90.0
"""Bytes that are held of each comment, and those that it needs beside them while the results are written."""
_TRIED, _TIMES = 5_000, 4
_COMPARING, _WRITING = 0.26, 0.34
"""How many times as long as reading a comment takes what follows: of a comment,"""
_CAMPAIGNS, _TRYING, _THEMES, _QUOTING = 7.5, 400.0, 50.0, 5.0
"""of a text of the sample, of a text on which the number of themes is tried, of a text that themes are fitted on, of a
text that may be quoted,"""
_SHARED = 1.4
"""of what several processes share, for what is sent to them and back,"""
_LEARNING = 700.0
"""of a comment that a person has coded, once for the model and five times to try it,"""
_ANNOTATING, _STANCE, _PLACING = 1.0, 1.5, 0.7
"""of a text that is labelled: its campaign, its stance, its theme."""
_UNITS = {"": 1.0, "K": 1e3, "M": 1e6, "G": 1e9, "T": 1e12}
_SIZE = re.compile(r"(\d+(?:\.\d+)?)\s*([KMGT]?)B?", re.IGNORECASE)


@dataclass(frozen=True)
class Limits:
    """What a run may take at a time.

    `sample` follows from the memory alone, because what is found follows from it; the batches may have any size.
    """

    sample: int
    batch_rows: int


@dataclass(frozen=True)
class Estimate:
    """About how many comments there are, seconds of each step, and bytes of memory of all processes."""

    comments: int
    steps: Mapping[str, float]
    memory: float

    @property
    def seconds(self) -> float:
        """All steps together."""
        return sum(self.steps.values())


def size(text: str) -> float:
    """Bytes, from a text such as 2GB. Raises `BriefError` for any other text."""
    matched = _SIZE.fullmatch(text.strip())
    if not matched:
        raise fail(f"'{text}' is no size of memory", "Write it as 2GB or 500MB.")
    return float(matched[1]) * _UNITS[matched[2].upper()]


def limits(memory: float, processes: int, comments: int, batch_rows: int | None) -> Limits:
    """What a run on about so many comments may take. Raises `BriefError` where the memory is too little for it."""
    least = _least(processes, comments, batch_rows)
    if memory < least:
        what = f"{memory / 1e6:,.0f} MB are too little for about {comments:,} comments with {processes} processes"
        raise fail(what, f"Give --memory {least / 1e6 + 1:.0f}MB at least, fewer --processes or fewer --batch-rows.")
    sample = min(MOST_SAMPLED, int(_FOR_SAMPLE * memory / _OF_SAMPLED))
    workers, left = _workers(processes), memory - _held(processes, comments)
    most = left / (_OF_ROW + _OF_ITS_ROW * workers)
    if workers:
        most = min(most, (left - _once(comments, min(sample, comments), 0)) / (_OF_ITS_ROW * workers))
    return Limits(sample, batch_rows or min(MOST_ROWS, int(most)))


def most_processes(memory: float, cores: int, comments: int, batch_rows: int | None) -> int:
    """How many processes so much memory is enough for, as many as there are cores at the most; one at least."""
    fits = (number for number in range(cores, 1, -1) if _least(number, comments, batch_rows) <= memory)
    return next(fits, 1)


def _workers(processes: int) -> int:
    """How many processes there are beside the one that hands out batches: a single one does all by itself."""
    return processes if processes > 1 else 0


def _held(processes: int, comments: int) -> float:
    """Bytes that are held from the beginning to the end, beside batches."""
    return _BASE + _OF_WORKER * _workers(processes) + _OF_COMMENT * comments


def _once(comments: int, sampled: float, rows: int) -> float:
    """Bytes that the process of the run needs once: for a batch, for the sample after that, to write in the end."""
    return max(_OF_ROW * rows, _OF_SAMPLED * sampled, _AT_LAST * comments)


def _memory(processes: int, comments: int, sampled: float, rows: int) -> float:
    """Bytes of all processes at the most. What others took for a batch they keep while the sample is looked at."""
    of_workers = _OF_ITS_ROW * rows * _workers(processes)
    return _held(processes, comments) + of_workers + _once(comments, sampled, rows)


def _least(processes: int, comments: int, batch_rows: int | None) -> float:
    """The bytes that a run needs at the least, with the sample that it would take of so many bytes."""
    rows = min(batch_rows or LEAST_ROWS, comments)
    largest = _memory(processes, comments, min(MOST_SAMPLED, comments), rows)
    without = _memory(processes, comments, 0, rows)
    beside = without - _once(comments, 0, rows)
    least = min(LEAST_SAMPLED, comments) * _OF_SAMPLED / _FOR_SAMPLE
    return min(largest, max(beside / (1 - _FOR_SAMPLE), without, least))


def estimated(docket: Docket, processes: int, bound: Limits) -> Estimate:
    """What the run is going to cost, from its first comments and their number.

    Reading is tried. What other steps take is told from that, by how long they took beside it where both were measured
    (`benchmarks/scale.py`): a slower machine and longer texts slow all of them. Seconds are those of processors that do
    nothing else.
    """
    head = next(docket.batches(_TRIED), None)
    comments = docket.about()
    if head is None:
        return Estimate(0, {}, _BASE)
    given = phrases.known(docket.given)
    batch = parts.read(given, 0, head)
    # The first time it also loads what it needs, and other programs may come between: the least of a few counts.
    of_comment = min(_read(docket, given, len(head["text"])) for _ in range(_TIMES))
    texts = comments * len(batch["times"]) / len(head["text"])
    sampled = min(bound.sample, texts)
    memory = _memory(processes, comments, sampled, min(bound.batch_rows, comments))
    coded = _coded(docket.hand)
    if coded:
        memory = max(memory, _held(processes, comments) + _OF_LEARNING)
    steps = _steps(comments, texts, sampled, coded, processes)
    return Estimate(comments, {name: number * of_comment for name, number in steps.items()}, memory)


def _coded(hand: pd.DataFrame) -> int:
    """How many comments stances are learned from; none where they are too few for a model."""
    each = hand["stance"].value_counts()
    large = int((each >= machine_coding.FEWEST_OF_A_CLASS).sum())
    return len(hand) if len(hand) >= machine_coding.FEWEST_CODED and large > 1 else 0


def _read(docket: Docket, given: Hashes, comments: int) -> float:
    """The seconds that each of the first comments takes to be loaded and read."""
    begun = time.process_time()
    for rows in islice(docket.batches(_TRIED), 1):
        parts.read(given, 0, rows)
    return (time.process_time() - begun) / comments


def _steps(comments: int, texts: float, sampled: float, coded: int, processes: int) -> dict[str, float]:
    """How long each step takes, beside the reading of a comment."""
    finds = sampled >= theming.LEAST_TEXTS
    fitted = min(sampled, theming.MOST_FITTED)
    share = _SHARED / processes if processes > 1 else 1.0
    label = _ANNOTATING + _STANCE * (coded > 0) + _PLACING * finds
    return {
        "Reading": comments * share,
        "Comparing": comments * _COMPARING,
        "Looking for campaigns": sampled * _CAMPAIGNS,
        "Learning stances": coded * _LEARNING,
        "Looking for themes": (min(fitted, clustering.MOST_TRIED_ON) * _TRYING + fitted * _THEMES) * finds,
        "Labelling": texts * label * share,
        "Writing": comments * _WRITING + min(sampled, results.QUOTED_OF) * _QUOTING,
    }
