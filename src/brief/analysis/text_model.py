"""The one model that learns from hand codes: counts of words and characters, tf-idf, a linear support vector machine.

Word 1-3-grams and character 2-5-grams within words, each scaled to about length one, with a linear SVM for each
category against the rest: the features of the baseline that beat all teams of SemEval-2016 Task 6 (Mohammad et al.
2016, section 5.2). `counter` is fitted once on all texts that may be learned from; `learn` looks only at what occurs in
its own rows, so that a model of four folds knows nothing of the fifth, not even its words.

Where a model of language is installed and asked for (`text_vectors`), a text's vector of length one stands beside its
n-grams as a third part: what is said in other words than those learned is then coded too. It knows no labels.
"""

from __future__ import annotations

import re
import unicodedata
from array import array
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache, reduce
from operator import add
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from brief.analysis import pieces, text_vectors
from brief.analysis.hashing import MIX, Hashes
from brief.analysis.lookups import Table

# Learning is imported where it is done: a brief of a few comments learns nothing, and loading it takes a second.
if TYPE_CHECKING:
    from scipy.sparse import csr_matrix
    from sklearn.pipeline import FeatureUnion

FOLDS, SEED = 5, 20160616
WORDS, CHARACTERS = (1, 3), (2, 5)
_NEAR = 0.01
"""Learning ends so near to the best: nearer, no comment is coded otherwise, and it takes twice as long."""

Numbers = npt.NDArray[np.float64]


Weighting = tuple[tuple[npt.NDArray[np.int64], Numbers | None], ...]


@dataclass(frozen=True, eq=False)
class Features:
    """The n-grams that are counted in a text, and what makes a vector of it, if anything does."""

    grams: FeatureUnion
    encode: Callable[[Sequence[str]], Numbers] | None = None

    @cached_property
    def runs(self) -> _Runs:
        """The n-grams of several words."""
        return _Runs.of(self.grams["words"].vocabulary_)


@dataclass(frozen=True)
class Linear:
    """A fitted linear model: for words and for characters, which n-grams it has seen and their tf-idf, and for vectors
    their axes; a column of coefficients and an intercept for each category."""

    weighting: Weighting
    coefficients: Numbers
    intercepts: Numbers

    def scores(self, counts: csr_matrix) -> Numbers:
        """The signed distance from each category's boundary: a row a text, a column a category; no row sees another."""
        distances: Numbers = _weighted(self.weighting, counts) @ self.coefficients + self.intercepts
        return distances


def _weighted(weighting: Weighting, counts: csr_matrix) -> csr_matrix:
    from scipy.sparse import csr_matrix, hstack

    return csr_matrix(hstack([_scaled(counts[:, seen], weight) for seen, weight in weighting]))


def _scaled(counts: csr_matrix, weight: Numbers | None) -> csr_matrix:
    """Rows of counts times weights, divided by the lengths that they would have if each count were of an n-gram of its
    own: such a length is added up piece by piece, and nearly the length, since few n-grams of a text come twice."""
    if weight is not None:
        lengths = np.sqrt(counts @ weight**2)
        counts.data *= weight[counts.indices] / np.repeat(lengths, np.diff(counts.indptr))
    return counts


def text_key(text: str) -> str:
    """A text without case, punctuation and spacing: texts with the same key are the same text, sent again."""
    plain = unicodedata.normalize("NFKC", text).casefold()
    return " ".join(re.findall(r"\w+", plain)) or plain.strip()


def counter(texts: Sequence[str], vectors: str = text_vectors.WORDS) -> Features:
    """The n-grams that occur in these texts, ready to be counted in any.

    In: at least one text with a character; the kind of vectors beside the n-grams, if not only words count. Raises
    `BriefError` where these need what is not installed.
    """
    from sklearn.feature_extraction.text import CountVectorizer
    from sklearn.pipeline import FeatureUnion

    grams = FeatureUnion(
        [
            # A sign counts as a word: a text of nothing but signs has features too.
            ("words", CountVectorizer(ngram_range=WORDS, token_pattern=r"\w+|[^\w\s]")),
            ("characters", CountVectorizer(ngram_range=CHARACTERS, analyzer="char_wb")),
        ]
    ).fit(list(texts))
    encode = None if vectors == text_vectors.WORDS else text_vectors.alone(vectors)
    return Features(grams, encode)


@dataclass(frozen=True)
class _Runs:
    """The known runs of words, of two and of three: each is known by the run without its last word, and this word."""

    base: int
    tables: tuple[Table, ...]
    columns: tuple[npt.NDArray[np.int64], ...]
    """The place of each among the n-grams."""

    @classmethod
    def of(cls, place_of: dict[str, int]) -> _Runs:
        base = len(place_of) + 1
        tables, columns = [], []
        for length in range(WORDS[0] + 1, WORDS[1] + 1):
            # Whatever was counted in a text was counted with all that it begins with.
            runs = [(gram.rpartition(" "), place) for gram, place in place_of.items() if gram.count(" ") == length - 1]
            first = np.array([place_of[parts[0]] for parts, _ in runs], dtype=np.int64)
            last = np.array([place_of[parts[2]] for parts, _ in runs], dtype=np.int64)
            codes = cls._codes(first, last, base)
            order = np.argsort(codes)
            tables.append(Table(codes[order]))
            columns.append(np.array([place for _, place in runs], dtype=np.int64)[order])
        return cls(base, tuple(tables), tuple(columns))

    @staticmethod
    def _codes(first: npt.NDArray[np.int64], last: npt.NDArray[np.int64], base: int) -> Hashes:
        codes: Hashes = (first * base + last).view(np.uint64) * MIX[0]
        return codes

    def held(self, words: npt.NDArray[np.int64], text: npt.NDArray[np.int64]) -> Iterator[tuple[Any, Any]]:
        """The text and the place of each known run. In: the place of each word, -1 where it is not known; its text."""
        goes_on = np.zeros(len(words), dtype=bool)
        goes_on[:-1] = (words[1:] >= 0) & (text[1:] == text[:-1])
        at = np.flatnonzero(goes_on & (words >= 0))
        run = words[at]
        for length, (table, columns) in enumerate(zip(self.tables, self.columns, strict=True), start=1):
            places, known = table.places(self._codes(run, words[at + length], self.base))
            at, run = at[known], columns[places[known]]
            yield text[at], run
            more = goes_on[at + length]
            at, run = at[more], run[more]


def counted(features: Features, texts: Sequence[str]) -> csr_matrix:
    """What each n-gram counts in a text, and the vector of the text where it has one: a row a text.

    Runs of words count as often as they occur. Words and n-grams of characters count for each piece between white space
    that holds them, as often as it does, times one more than the logarithm of how often the piece comes.
    """
    from scipy.sparse import csr_matrix, hstack

    parted = pieces.parted([text.lower() for text in texts])
    holding = _Holding.of(features, parted.names)
    rows, runs = holding.counted(features.runs, parted)
    parts: list[Any] = [reduce(add, [rows @ holding.words, *runs]), rows @ holding.characters]
    if features.encode:
        parts.append(features.encode(texts))
    counts = csr_matrix(hstack(parts), dtype=np.float64)
    counts.sort_indices()
    return counts


def scores(
    features: Features, linear: Linear, texts: Sequence[str], at_once: int, parted: pieces.Parted | None = None
) -> Numbers:
    """What `linear.scores` gives for the counts of texts, found for so many of them at a time.

    In: also the texts in lower case as `pieces.parted` gives them, where they are parted already. The last digits may
    differ from what `linear.scores` gives, since n-grams are added up in another order. That follows from the text
    alone, so no row looks at another.
    """
    widths = [len(features.grams[name].vocabulary_) for name in ("words", "characters")]
    begin, used, adds = 0, 0, []
    for (seen, weight), width in zip(linear.weighting, widths, strict=False):
        assert weight is not None
        # What each n-gram adds to the scores, and to the square of the length.
        adds.append(np.zeros((width, len(linear.intercepts) + 1)))
        adds[-1][seen - begin, :-1] = linear.coefficients[used : used + len(seen)] * weight[:, None]
        adds[-1][seen - begin, -1] = weight**2
        begin, used = begin + width, used + len(seen)
    parted = parted or pieces.parted([text.lower() for text in texts])
    holding = _Holding.of(features, parted.names)
    # What a piece adds is the same wherever it stands.
    of_words, of_characters = holding.words @ adds[0], holding.characters @ adds[1]
    every = [np.zeros((0, len(linear.intercepts)))]
    for first in range(0, len(texts), at_once):
        rows, runs = holding.counted(features.runs, parted.part(first, first + at_once))
        distances = np.tile(linear.intercepts, (rows.shape[0], 1))
        for both in (reduce(add, [rows @ of_words, *(run @ adds[0] for run in runs)]), rows @ of_characters):
            squares = both[:, -1:]
            distances += both[:, :-1] / np.sqrt(np.where(squares > 0, squares, 1.0))
        if features.encode:
            distances += features.encode(texts[first : first + at_once]) @ linear.coefficients[used:]
        every.append(distances)
    return np.concatenate(every)


@dataclass(frozen=True)
class _Holding:
    """What pieces hold, each looked at once for all texts: the places of their words, -1 for those that are not known,
    one after the other, and how many each has; how often they have each word, and each n-gram of characters."""

    every: npt.NDArray[np.int64]
    sizes: npt.NDArray[np.int64]
    words: csr_matrix
    characters: csr_matrix

    @classmethod
    def of(cls, features: Features, names: Sequence[str]) -> _Holding:
        widths = [len(features.grams[name].vocabulary_) for name in ("words", "characters")]
        held_by = list(map(_of_pieces(features), names))
        every, sizes = pieces.ragged([words for words, _ in held_by])
        words = pieces.rows(every[every >= 0], _sums(every >= 0, sizes), widths[0])
        return cls(every, sizes, words, pieces.holding([grams for _, grams in held_by], widths[1]))

    def counted(self, runs: _Runs, some: pieces.Parted) -> tuple[csr_matrix, list[csr_matrix]]:
        """The pieces of texts, one more than the logarithm of how often each comes; the runs of words, as a matrix for
        each length. Rows of runs are not sorted; their order follows from the text alone."""
        own, count = some.numbers, len(some.counts)
        # The words of all texts, one after the other: those of each piece in the order of the pieces.
        begins = np.cumsum(self.sizes) - self.sizes
        at = np.repeat(begins[own] - (np.cumsum(self.sizes[own]) - self.sizes[own]), self.sizes[own])
        stream = self.every[at + np.arange(len(at))]
        text = np.repeat(np.repeat(np.arange(count), some.counts), self.sizes[own])
        of_runs = [
            pieces.rows(run, np.bincount(row, minlength=count), self.words.shape[1])
            for row, run in runs.held(stream, text)
        ]
        rows = some.rows()
        rows.sum_duplicates()
        rows.data = np.log(rows.data) + 1.0
        return rows, of_runs


@lru_cache(maxsize=1)
def _of_pieces(features: Features) -> Callable[[str], tuple[Sequence[int], Sequence[int]]]:
    """What tells of a piece the places of its words, -1 for one that is not known, and of its n-grams of characters."""
    words, characters = features.grams["words"], features.grams["characters"]
    tokens, grams = words.build_tokenizer(), characters.build_analyzer()
    place_of, known = words.vocabulary_, characters.vocabulary_

    def held(piece: str) -> tuple[Sequence[int], Sequence[int]]:
        return (
            array("i", [place_of.get(token, -1) for token in tokens(piece)]),
            array("i", [known[gram] for gram in grams(piece) if gram in known]),
        )

    return pieces.kept(held)


def _sums(values: npt.NDArray[Any], counts: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
    """The sum of so many values, and of so many after these."""
    total = np.concatenate([[0], np.cumsum(values, dtype=np.int64)])
    ends = np.cumsum(counts)
    sums: npt.NDArray[np.int64] = total[ends] - total[ends - counts]
    return sums


def learn(features: Features, rows: csr_matrix, indicators: npt.NDArray[np.bool_]) -> Linear:
    """Fit each category against the rest.

    In: the n-grams, the counts of the texts to learn from, whether each belongs to each category (a column each).
    A category that all or none of them have gets a constant score.
    """
    from sklearn.svm import LinearSVC

    words, characters = (len(features.grams[name].vocabulary_) for name in ("words", "characters"))
    holders = rows.getnnz(axis=0)
    seen = np.flatnonzero(holders)
    parts = seen[seen < words], seen[(seen >= words) & (seen < words + characters)]
    weighting: Weighting = tuple((part, np.log((1 + rows.shape[0]) / (1 + holders[part])) + 1) for part in parts)
    if features.encode:
        weighting = (*weighting, (np.arange(words + characters, rows.shape[1]), None))
    weighted, same, parts_of = _merged(_weighted(weighting, rows))
    coefficients = np.zeros((len(same), indicators.shape[1]))
    intercepts = np.zeros(indicators.shape[1])
    for place, given in enumerate(indicators.T):
        if given.all() or not given.any():
            intercepts[place] = 1.0 if given.all() else -1.0
            continue
        machine = LinearSVC(C=1.0, class_weight="balanced", tol=_NEAR, max_iter=5000, random_state=SEED, dual=True)
        machine.fit(weighted, given)
        coefficients[:, place], intercepts[place] = machine.coef_[0][same] * parts_of, machine.intercept_[0]
    return Linear(weighting, coefficients, intercepts)


def _merged(rows: csr_matrix) -> tuple[csr_matrix, npt.NDArray[np.int64], Numbers]:
    """Rows in which equal columns are one column, scaled so that every two rows have the product that they had.

    Most n-grams stand in one text alone, or in the same texts as others. A linear machine sees rows by their products
    only, and so learns the same of these, in half of the time. Out: also for each column its place among
    the new ones, and the part of the coefficient there that is its own.
    """
    rows.sort_indices()
    # Equal columns have equal products with any numbers, and others with numbers by chance have not.
    products = rows.T @ np.random.default_rng(SEED).random(rows.shape[0])
    _, first, same, times = np.unique(products, return_index=True, return_inverse=True, return_counts=True)
    merged = rows[:, first]
    merged.data *= np.sqrt(times)[merged.indices]
    return merged, same, 1 / np.sqrt(times)[same]


def folds(texts: Sequence[str], strata: Sequence[str], seed: int = SEED) -> npt.NDArray[np.int64]:
    """The fold of each text, 0 to `FOLDS` - 1: the same text is never in two, and each has its part of every stratum.

    In: texts and their strata in a fixed order (sorted by id).
    """
    from sklearn.model_selection import StratifiedGroupKFold

    keys = [text_key(text) for text in texts]
    sizes = Counter(strata)
    # A stratum too small for every fold to have one goes with the largest.
    most = min(sizes, key=lambda stratum: (-sizes[stratum], stratum), default="")
    strata = [stratum if sizes[stratum] >= FOLDS else most for stratum in strata]
    dealt = StratifiedGroupKFold(FOLDS, shuffle=True, random_state=seed)
    fold_of = np.zeros(len(keys), dtype=np.int64)
    for fold, (_, held_out) in enumerate(dealt.split(np.zeros(len(keys)), np.array(strata, dtype=str), keys)):
        fold_of[held_out] = fold
    return fold_of


def fold_models(
    features: Features, rows: csr_matrix, indicators: npt.NDArray[np.bool_], fold: npt.NDArray[np.int64]
) -> Iterator[tuple[npt.NDArray[np.bool_], Linear]]:
    """For each fold: which rows are in it, and the model learned from all others."""
    for place in range(FOLDS):
        held_out = fold == place
        yield held_out, learn(features, rows[~held_out], indicators[~held_out])


def distinct(texts: pd.Series) -> int:
    """How many different texts there are."""
    return int(texts.map(text_key).nunique())
