"""Which comments to quote, by a rule, and whether those quoted stand for all: an audit by another measure.

Chosen: for each group (a theme, a stance) the texts that together are most like all texts of the group. The first is
the medoid, each further one adds most to what is covered: greedy facility location (Lin and Bilmes 2011, ACL-HLT
510-520, "A class of submodular functions for document summarization"; the greedy choice is within 1 - 1/e of the best,
Nemhauser, Wolsey and Fisher 1978). Likeness there is the cosine of word tf-idf vectors, over distinct texts, so that
no campaign chooses for the others; ties go to the least digest.

Audited: coverage is the mean, over comments, of the likeness to the most like of those quoted, here the Jaccard index
of their sets of content words, which had no part in the choice. Beside it stands the coverage by random samples of as
many comments (official summaries of one consultation did worse than such samples: arXiv 2604.20711).
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from brief.analysis import distinct
from brief.analysis.coding import theme_ids
from brief.scripts import MARKS

if TYPE_CHECKING:
    from scipy import sparse

AUDIT_COLUMNS = (
    "group_kind",
    "group",
    "comments",
    "quoted",
    "coverage",
    "random_mean",
    "random_low",
    "random_high",
    "verdict",
)
BETTER, AS_RANDOM, WORSE = "better", "as random", "worse"
LEAST_COMMENTS = 30
"""Below so many comments they can all be read, and an audit by random samples would say nothing."""
RANDOM_SAMPLES = 200
BANDS = ((20, "up to 20 words"), (60, "21 to 60 words"))
LONGEST_BAND = "over 60 words"
MOST_CHOSEN_AMONG = 1_000
"""Of more distinct texts in a group, a sample of this size is chosen from."""
MOST_AUDITED = 5_000
"""Of more comments, coverage is taken over a sample of this size, by digest of the comment's id."""
LONGEST_QUOTE = 300
"""Signs that a quotation has at most: a sentence or two."""
MOST_QUOTED = 12
"""Comments quoted of one group, however many it has."""

_SEED = 20_200
_DECIMALS = 6
#: Of several stops only the first is tried as an end, with all of them: a run costs no more than it is long.
_SENTENCE = re.compile(r"\S.*?(?:(?<![.!?…])[.!?…]++[\"'”\u2019)]*+(?=\s)|\n|\Z)", re.DOTALL)
_WORD = re.compile(rf"\w[\w{MARKS}]+")


def quoted_of(texts: int) -> int:
    """How many of so many distinct texts are quoted: half their square root, from one up to `MOST_QUOTED`."""
    return min(MOST_QUOTED, max(1, round(math.sqrt(texts) / 2))) if texts else 0


def choose(comments: pd.DataFrame, by: Sequence[str], per_group: int | None = None) -> pd.DataFrame:
    """The comments to quote in each group.

    In: comments (comment_id, text, and the columns `by`), a row for each comment and group it is in; how many to quote
    in each group, where it is not `quoted_of` its distinct texts. Out: the columns `by`, rank (from 1), comment_id;
    sorted. Of equal texts the first comment by id stands for all; a group with fewer distinct texts gives as many as it
    has.
    """
    chosen: list[tuple[Any, ...]] = []
    for group, members in comments.groupby(list(by), sort=True):
        every = distinct.distinct_texts(members)
        texts = every.head(MOST_CHOSEN_AMONG)
        count = quoted_of(len(every)) if per_group is None else per_group
        places = _greedy(_similarities(list(texts["text"])), count)
        chosen += [(*group, rank, texts["comment_id"].iloc[place]) for rank, place in enumerate(places, start=1)]
    return pd.DataFrame(chosen, columns=[*by, "rank", "comment_id"])


def _similarities(texts: list[str]) -> np.ndarray[Any, np.dtype[np.float64]]:
    if not any(_WORD.search(text) for text in texts):
        return np.eye(len(texts))
    from sklearn.feature_extraction.text import TfidfVectorizer

    vectors = TfidfVectorizer(token_pattern=_WORD.pattern, sublinear_tf=True).fit_transform(texts)
    return np.asarray((vectors @ vectors.T).toarray(), dtype=np.float64)


def _greedy(similar: np.ndarray[Any, np.dtype[np.float64]], count: int) -> list[int]:
    """Places of the texts that together are most like all; equal gains go to the first."""
    chosen: list[int] = []
    covered = np.zeros(len(similar))
    for _ in range(min(count, len(similar))):
        gains = np.round(np.maximum(covered[:, None], similar).sum(axis=0), 9)
        gains[chosen] = -1
        chosen.append(int(gains.argmax()))
        covered = np.maximum(covered, similar[:, chosen[-1]])
    return chosen


def quotation(text: str, words: set[str], own_words: str = "") -> str:
    """The words of a comment to quote: a span of it, character by character.

    In: a comment; the words (lower case) that a quotation should show; the comment without what most of its collection
    share (`letterheads`), where that is known. Out: the comment itself where it has at most `LONGEST_QUOTE` signs, else
    its sentence with most of these words and the next one where there is room for both, cut after a word where it is
    longer than that. Of equal sentences the first that is the writer's own, else the first.
    """
    whole = text.strip()
    if len(whole) <= LONGEST_QUOTE:
        return whole
    sentences = [
        (sentence.start(), sentence.start() + len(sentence.group().strip())) for sentence in _SENTENCE.finditer(whole)
    ]
    held = [
        (len(words & set(_WORD.findall(whole[start:end].lower()))), whole[start:end] in own_words)
        for start, end in sentences
    ]
    best = held.index(max(held))
    start, end = sentences[best]
    if best + 1 < len(sentences) and sentences[best + 1][1] - start <= LONGEST_QUOTE:
        end = sentences[best + 1][1]
    if end - start <= LONGEST_QUOTE:
        return whole[start:end]
    head = whole[start : start + LONGEST_QUOTE + 1]
    cut = max((place for place, sign in enumerate(head) if sign.isspace()), default=LONGEST_QUOTE)
    return head[:cut].rstrip()


@dataclass(frozen=True)
class Audit:
    """The table of an audit (`AUDIT_COLUMNS`), and why it is empty where it is."""

    table: pd.DataFrame
    reason: str = ""


def audit(comments: pd.DataFrame, quoted: Sequence[str]) -> Audit:
    """How well the quoted comments cover all comments, beside random samples of as many.

    In: comments (comment_id, text, [stance], [themes], both separated by `;`), a row a comment: pass one row a distinct
    text, with the stances and themes of all its copies, to count arguments instead of submissions; the ids of the
    quoted ones (those not among the comments do not count).
    Out: `AUDIT_COLUMNS`, a row a group, first all, then by stance, theme and length. comments: rows in the group;
    quoted: of these, how many are quoted; coverage: mean likeness from 0 to 1 to the most like quoted comment of any
    group; random_mean, random_low, random_high: the same of `RANDOM_SAMPLES` seeded samples without replacement, mean
    and the middle 95 %; verdict: `BETTER` above, `WORSE` below that range, else `AS_RANDOM`. Where a group is worse,
    its people are spoken for less than chance would. Empty, with the reason, below `LEAST_COMMENTS` comments and where
    none, or all, are quoted.
    """
    rows = comments.sort_values("comment_id", ignore_index=True)
    is_quoted = rows["comment_id"].isin(list(quoted)).to_numpy()
    if reason := too_little(len(rows), int(is_quoted.sum())):
        return Audit(pd.DataFrame(columns=list(AUDIT_COLUMNS)), reason)
    held = _content_words(rows["text"])
    order = rows["comment_id"].map(distinct.digest).sort_values(kind="stable").index
    judged = np.sort(order[:MOST_AUDITED].to_numpy())
    ours = _best_likeness(held[judged], held[np.flatnonzero(is_quoted)])
    groups = list(_groups(rows))
    inside = [(members[judged], members) for _, _, members in groups]
    chance = np.random.default_rng(_SEED)
    samples = np.empty((RANDOM_SAMPLES, len(groups)))
    for draw in range(RANDOM_SAMPLES):
        sample = np.sort(chance.choice(len(rows), int(is_quoted.sum()), replace=False))
        likeness = _best_likeness(held[judged], held[sample])
        samples[draw] = [_mean(likeness, among) for among, _ in inside]
    table = []
    for (kind, group, members), (among, _), random in zip(groups, inside, samples.T, strict=True):
        if not among.any():
            continue
        coverage = round(_mean(ours, among), _DECIMALS)
        low, high = (round(float(bound), _DECIMALS) for bound in np.quantile(random, (0.025, 0.975)))
        verdict = BETTER if coverage > high else WORSE if coverage < low else AS_RANDOM
        counted = int(members.sum()), int((members & is_quoted).sum())
        table.append((kind, group, *counted, coverage, round(float(random.mean()), _DECIMALS), low, high, verdict))
    return Audit(pd.DataFrame(table, columns=list(AUDIT_COLUMNS)))


def too_little(comments: int, quoted: int) -> str:
    """Why so many distinct texts, of which so many are quoted, are too few for an audit; empty where they are not."""
    if comments < LEAST_COMMENTS:
        return f"{comments} comments are too few for an audit by random samples, which begins at {LEAST_COMMENTS}."
    if quoted in (0, comments):
        return "None of the comments is quoted." if quoted == 0 else "All comments are quoted."
    return ""


def _groups(rows: pd.DataFrame) -> Iterator[tuple[str, str, np.ndarray[Any, np.dtype[np.bool_]]]]:
    """Kind and name of each group, and which rows are in it."""
    yield "all", "all", np.ones(len(rows), dtype=bool)
    if "stance" in rows:
        stances = [set(cell.split(";")) for cell in rows["stance"]]
        for stance in sorted(set().union(*stances)):
            yield "stance", stance, np.array([stance in cell for cell in stances])
    if "themes" in rows:
        themes = [set(theme_ids(cell)) for cell in rows["themes"]]
        for theme in sorted(set().union(*themes)):
            yield "theme", theme, np.array([theme in cell for cell in themes])
    bands = np.array([_band(len(text.split())) for text in rows["text"]])
    for name in (*(name for _, name in BANDS), LONGEST_BAND):
        if (bands == name).any():
            yield "length", name, bands == name


def _band(words: int) -> str:
    return next((name for most, name in BANDS if words <= most), LONGEST_BAND)


def _content_words(texts: pd.Series) -> sparse.csr_matrix:
    """Which content words each text holds: 1 or nothing, a row a text."""
    from scipy import sparse  # only here: it takes long to load, and few comments have no audit

    if not any(_WORD.search(text) for text in texts):
        return sparse.csr_matrix((len(texts), 1))
    from sklearn.feature_extraction.text import ENGLISH_STOP_WORDS, CountVectorizer

    counter = CountVectorizer(token_pattern=_WORD.pattern, binary=True, dtype=np.float64)
    held = sparse.csr_matrix(counter.fit_transform(texts))
    stop = np.isin(counter.get_feature_names_out(), list(ENGLISH_STOP_WORDS))
    return held[:, ~stop]


def _best_likeness(texts: sparse.csr_matrix, quoted: sparse.csr_matrix) -> np.ndarray[Any, np.dtype[np.float64]]:
    """The Jaccard index of each text with the most like of the quoted ones; 0 for a text without content words."""
    shared = (texts @ quoted.T).toarray()
    sizes = np.asarray(texts.sum(axis=1)).ravel()[:, None] + np.asarray(quoted.sum(axis=1)).ravel()[None, :]
    best: np.ndarray[Any, np.dtype[np.float64]] = (shared / np.maximum(sizes - shared, 1)).max(axis=1)
    return best


def _mean(values: np.ndarray[Any, np.dtype[np.float64]], among: np.ndarray[Any, np.dtype[np.bool_]]) -> float:
    return float(values[among].mean()) if among.any() else 0.0
