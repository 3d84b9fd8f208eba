"""Themes from the data, for comments that the codebook does not cover: found, named, and told how far to trust them.

Distinct texts become tf-idf vectors of words and pairs of words, which non-negative matrix factorisation takes apart
(NMF: Lee and Seung 1999, Nature 401:788-791; begun with NNDSVD, Boutsidis and Gallopoulos 2008, and seeded). A text
belongs to the theme with whose vector its own has the greatest cosine, so no text's place depends on another's. Themes
are then split by stance: what is said for and against a thing is never one theme.

- How many: the number at which themes fitted on halves of the texts agree best with those fitted on all, by adjusted
  mutual information, which is corrected for chance and so comparable between numbers (Vinh, Epps and Bailey 2010, JMLR
  11:2837-2854; for choosing a number, Vinh and Epps 2009, BIBE 84-91).
- How stable: for each theme the mean, over `REFITS` halves, of its greatest Jaccard index with any theme fitted on that
  half (Hennig 2007, Computational Statistics & Data Analysis 52:258-271, subsetting). Below `FRAGILE` a theme should
  not be taken for a pattern in the data.
- What it is called: phrases of the comments themselves, at least twice as frequent in it as in the other themes of its
  stance, by class-based tf-idf (Grootendorst 2022, arXiv 2203.05794, equation 2) times their words, each distinct text
  counted once.
"""

from __future__ import annotations

import math
import re
import warnings
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import cache
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
from scipy import sparse
from threadpoolctl import threadpool_limits

from brief.analysis import distinct, exemplars

# Learning is imported where it is done: fewer comments than make themes need not wait for it.
if TYPE_CHECKING:
    from sklearn.feature_extraction.text import TfidfVectorizer

THEME_COLUMNS = ("theme_id", "stance", "name", "phrases", "distinct_texts", "submissions", "stability", "fragile")
MEMBER_COLUMNS = ("comment_id", "theme_id", "weight")
EXEMPLAR_COLUMNS = ("theme_id", "comment_id", "quote")
TRIED_COLUMNS = ("themes", "agreement")

LEAST_TEXTS = 100
"""Below so many distinct texts no themes are sought: reading them is better."""
LEAST_IN_THEME = 5
"""Distinct texts that a theme must have within a stance."""
MOST_FITTED = 10_000
MOST_TRIED_ON = 2_000
"""Of more distinct texts, samples of these sizes are what themes are fitted on, and their number is chosen on."""
FRAGILE = 0.6
REFITS = 20
PHRASES = 5

_SEED = 1
_COARSE = (2, 3, 4, 5, 6, 8, 11, 15, 21, 30, 42, 60)
_TEXTS_A_THEME = 15
_HALVES_TRIED = 5
_NAMED_FROM = 200
_LEAST_HOLDING = 3
_DISTINCT = 2
_CHUNK = 2_000
_NONE = -1
_TOKEN = r"(?<![\w'\u2019])[^\W\d_]\w+"
_WORD = r"[^\W\d_](?:[\w'\u2019-]*\w)?"
_RUN = re.compile(rf"{_WORD}(?: {_WORD})*")
_CUT_SHORT = (
    "ain",
    "aren",
    "couldn",
    "didn",
    "doesn",
    "don",
    "hadn",
    "hasn",
    "haven",
    "isn",
    "shouldn",
    "wasn",
    "weren",
)

Matrix = np.ndarray[Any, np.dtype[np.float64]]
Labels = np.ndarray[Any, np.dtype[np.int64]]


@cache
def _stop_words() -> frozenset[str]:
    from sklearn.feature_extraction.text import ENGLISH_STOP_WORDS

    return frozenset({*ENGLISH_STOP_WORDS, *_CUT_SHORT, "wouldn"})


def _empty(columns: tuple[str, ...]) -> Callable[[], pd.DataFrame]:
    return lambda: pd.DataFrame(columns=list(columns))


@dataclass(frozen=True)
class Themes:
    """Themes and what belongs to them; where there are none, the reason.

    `themes`: theme_id (`t01-for`: the theme's number by size and the stance), stance, name (the first two phrases),
    phrases (joined by `; `, each verbatim in a comment but for capitals at its place), distinct_texts, submissions,
    stability (0 to 1), fragile (truth value). `members`: comment_id, theme_id, weight (cosine, 0 to 1); a comment like
    no theme, or in a theme that is too small within its stance, is not in it. `exemplars`: theme_id, comment_id, quote
    (a span of that comment, character by character), in the order chosen. `tried`: themes (a number that was tried),
    agreement (mean adjusted mutual information).
    """

    themes: pd.DataFrame = field(default_factory=_empty(THEME_COLUMNS))
    members: pd.DataFrame = field(default_factory=_empty(MEMBER_COLUMNS))
    exemplars: pd.DataFrame = field(default_factory=_empty(EXEMPLAR_COLUMNS))
    tried: pd.DataFrame = field(default_factory=_empty(TRIED_COLUMNS))
    reason: str = ""


def find(comments: pd.DataFrame, number: int | None = None) -> Themes:
    """The themes in comments.

    In: comments (comment_id, text, [stance]), those that the codebook does not cover, in any order; the number of
    themes before they are split by stance, where it is not to be chosen. Out: `Themes`, the same for the same comments
    in any order. None, with the reason, below `LEAST_TEXTS` distinct texts and where hardly any words recur.
    """
    from sklearn.feature_extraction.text import TfidfVectorizer

    texts = _distinct_by_stance(comments)
    each = texts.drop_duplicates("digest", ignore_index=True)
    if len(each) < LEAST_TEXTS:
        return Themes(reason=f"{len(each)} distinct texts are too few for themes, which begin at {LEAST_TEXTS}.")
    sample = list(each["text"].head(MOST_FITTED))
    least = 3 if len(sample) <= MOST_TRIED_ON else 5  # texts that must hold a word; rarer ones tell of no theme
    try:
        words = TfidfVectorizer(
            token_pattern=_TOKEN,
            ngram_range=(1, 2),
            min_df=least,
            max_df=0.5,
            sublinear_tf=True,
            stop_words=list(_stop_words()),
        ).fit(sample)
        vectors = sparse.csr_matrix(words.transform(sample))
    except ValueError:
        vectors = sparse.csr_matrix((len(sample), 0))
    most = min(len(sample) // _TEXTS_A_THEME, vectors.shape[1] // 2)
    if most < _COARSE[0]:
        return Themes(reason="Hardly any words recur in these texts, so they have no themes.")
    tried = _numbers_tried(vectors[:MOST_TRIED_ON], most) if number is None else {}
    model = _fitted(vectors, number or _best(tried))
    place, weight = _placed(list(each["text"]), words, model)
    by_digest = dict(zip(each["digest"], zip(place, weight, strict=True), strict=True))
    texts["topic"] = [by_digest[digest][0] for digest in texts["digest"]]
    texts["weight"] = [by_digest[digest][1] for digest in texts["digest"]]
    texts = _numbered(texts)
    if texts.empty:
        return Themes(reason="No theme has enough texts within one stance.")
    stability = _stabilities(vectors, model, texts, list(each["digest"].head(len(sample))))
    return _told(comments, texts, stability, tried)


def _distinct_by_stance(comments: pd.DataFrame) -> pd.DataFrame:
    """Distinct texts within each stance, by digest: digest, stance, text, comment_id, submissions."""
    rows = comments.assign(stance=comments["stance"].astype("str") if "stance" in comments else "")
    parts = [distinct.distinct_texts(part).assign(stance=stance) for stance, part in rows.groupby("stance")]
    if not parts:
        return pd.DataFrame(columns=["digest", "stance", "text", "comment_id", "submissions"])
    return pd.concat(parts).sort_values(["digest", "stance"], ignore_index=True)


def _fitted(vectors: sparse.csr_matrix, number: int) -> Matrix:
    """The theme vectors, a row a theme, each of length 1 (or 0)."""
    from sklearn.decomposition import NMF
    from sklearn.exceptions import ConvergenceWarning

    # On one thread: how sums are divided among threads would change their last digits, and so the bytes.
    with warnings.catch_warnings(), threadpool_limits(1):
        # Themes of a factorisation that was stopped are judged like any others: by their stability.
        warnings.simplefilter("ignore", ConvergenceWarning)
        factors = NMF(number, init="nndsvd", random_state=_SEED, tol=1e-3, max_iter=100).fit(vectors).components_
    return np.asarray(factors / np.maximum(np.linalg.norm(factors, axis=1, keepdims=True), 1e-12), dtype=np.float64)


def _assigned(vectors: sparse.csr_matrix, model: Matrix) -> tuple[Labels, Matrix]:
    """The theme each text is most like (`_NONE` where it is like none), and how like."""
    cosines = np.round(np.asarray(vectors @ model.T), 6)
    place = cosines.argmax(axis=1)
    weight = cosines[np.arange(len(place)), place]
    return np.where(weight > 0, place, _NONE), weight


def _placed(texts: list[str], words: TfidfVectorizer, model: Matrix) -> tuple[Labels, Matrix]:
    parts = [
        _assigned(sparse.csr_matrix(words.transform(texts[start : start + _CHUNK])), model)
        for start in range(0, len(texts), _CHUNK)
    ]
    return np.concatenate([place for place, _ in parts]), np.concatenate([weight for _, weight in parts])


def _halves(size: int, count: int) -> Iterator[Labels]:
    chance = np.random.default_rng(_SEED)
    for _ in range(count):
        yield np.sort(chance.permutation(size)[: size // 2])


def _numbers_tried(vectors: sparse.csr_matrix, most: int) -> dict[int, float]:
    """Agreement by number of themes: first of numbers far apart, then of those half way to the best's neighbours."""
    from sklearn.metrics import adjusted_mutual_info_score

    def agreement(number: int) -> float:
        place, _ = _assigned(vectors, _fitted(vectors, number))
        each = []
        for half in _halves(vectors.shape[0], _HALVES_TRIED):
            refitted, _ = _assigned(vectors[half], _fitted(vectors[half], number))
            each.append(adjusted_mutual_info_score(place[half], refitted))
        return round(float(np.mean(each)), 3)

    tried = {number: agreement(number) for number in _COARSE if number <= most}
    while True:
        numbers = sorted(tried)
        best = numbers.index(_best(tried))
        around = [(low + high) // 2 for low, high in pairwise(numbers[max(best - 1, 0) : best + 2]) if high - low > 1]
        if not around:
            return dict(sorted(tried.items()))
        tried |= {number: agreement(number) for number in around}


def _best(tried: dict[int, float]) -> int:
    """The number with the greatest agreement; of equals the greatest, for it tells most."""
    return max(tried, key=lambda number: (tried[number], number))


def _numbered(texts: pd.DataFrame) -> pd.DataFrame:
    """The texts in themes that are large enough within a stance, with theme_id; themes are numbered by size."""
    texts = texts[texts["topic"] != _NONE]
    size = texts.groupby(["topic", "stance"])["digest"].transform("size")
    texts = texts[size >= LEAST_IN_THEME].copy()
    sizes = texts.groupby("topic").size()
    order = sorted(sizes.index, key=lambda topic: (-sizes[topic], topic))
    label = {topic: f"t{rank:02}" for rank, topic in enumerate(order, start=1)}
    texts["theme_id"] = [
        "-".join(part for part in (label[topic], stance) if part)
        for topic, stance in zip(texts["topic"], texts["stance"], strict=True)
    ]
    return texts.sort_values(["theme_id", "digest"], ignore_index=True)


def _stabilities(
    vectors: sparse.csr_matrix, model: Matrix, texts: pd.DataFrame, digests: list[str]
) -> dict[str, float]:
    """For each theme the mean over halves of its greatest Jaccard index with a refitted one, within its stance."""
    row = {digest: place for place, digest in enumerate(digests)}
    inside = texts[texts["digest"].isin(row)]
    parts: dict[str, tuple[Labels, Labels]] = {}
    of_stance = {str(stance): set(part["digest"]) for stance, part in texts.groupby("stance")}
    for (theme, stance), part in inside.groupby(["theme_id", "stance"]):
        own = np.array(sorted(row[digest] for digest in part["digest"]))
        others = np.array(sorted(row[digest] for digest in of_stance[str(stance)] if digest in row))
        parts[str(theme)] = own, others
    found: dict[str, list[float]] = {theme: [] for theme in parts}
    for half in _halves(vectors.shape[0], REFITS):
        refitted = np.full(vectors.shape[0], _NONE - 1)
        refitted[half] = _assigned(vectors[half], _fitted(vectors[half], len(model)))[0]
        for theme, (own, others) in parts.items():
            jaccard = _greatest_jaccard(refitted[own], refitted[others], len(model))
            if jaccard is not None:
                found[theme].append(jaccard)
    return {theme: round(float(np.mean(each)), 3) if each else 0.0 for theme, each in found.items()}


def _greatest_jaccard(own: Labels, others: Labels, number: int) -> float | None:
    """The greatest Jaccard index of a theme with a refitted one; None where the half has none of its texts.

    In: the refitted themes of the theme's texts and of all texts of its stance; below `_NONE` are texts left out.
    """
    left = int((own >= _NONE).sum())
    if left == 0:
        return None
    shared = np.bincount(own[own >= 0], minlength=number)
    sizes = np.bincount(others[others >= 0], minlength=number)
    return float((shared / np.maximum(left + sizes - shared, 1)).max())


def _told(comments: pd.DataFrame, texts: pd.DataFrame, stability: dict[str, float], tried: dict[int, float]) -> Themes:
    """The frames of `Themes` from the texts in themes."""
    phrases = _phrases(texts)
    rows = []
    for (theme, stance), part in texts.groupby(["theme_id", "stance"]):
        steady = stability.get(str(theme), 0.0)
        named = phrases[str(theme)]
        counted = len(part), int(part["submissions"].sum())
        rows.append((theme, stance, "; ".join(named[:2]), "; ".join(named), *counted, steady, steady < FRAGILE))
    return Themes(
        themes=pd.DataFrame(rows, columns=list(THEME_COLUMNS)).sort_values("theme_id", ignore_index=True),
        members=_members(comments, texts),
        exemplars=_quoted(texts, phrases),
        tried=pd.DataFrame(sorted(tried.items()), columns=list(TRIED_COLUMNS)),
    )


def _members(comments: pd.DataFrame, texts: pd.DataFrame) -> pd.DataFrame:
    keys = pd.DataFrame(
        {
            "comment_id": comments["comment_id"].astype("str"),
            "digest": [distinct.digest(text) for text in comments["text"].astype("str")],
            "stance": comments["stance"].astype("str") if "stance" in comments else "",
        }
    )
    members = keys.merge(texts[["digest", "stance", "theme_id", "weight"]], on=["digest", "stance"])
    return members[list(MEMBER_COLUMNS)].sort_values("comment_id", ignore_index=True)


def _nearest(texts: pd.DataFrame) -> pd.DataFrame:
    """The texts of each theme that are most like it, as many as a name needs."""
    ordered = texts.sort_values(["theme_id", "weight", "digest"], ascending=[True, False, True])
    return ordered.groupby("theme_id").head(_NAMED_FROM)


def _phrases(texts: pd.DataFrame) -> dict[str, list[str]]:
    """Up to `PHRASES` phrases for each theme, the most telling first.

    Themes are told from the others of their stance; a slogan that all of one stance repeat tells of no theme.
    """
    return {
        theme: phrases
        for _, near in _nearest(texts).groupby("stance")
        for theme, phrases in _phrases_among(near).items()
    }


def _phrases_among(near: pd.DataFrame) -> dict[str, list[str]]:
    holding = {
        str(theme): Counter(phrase for text in part["text"] for phrase in _phrases_in(text))
        for theme, part in near.groupby("theme_id")
    }
    everywhere: Counter[str] = Counter()
    for counted in holding.values():
        everywhere.update(counted)
    sizes = near.groupby("theme_id").size()
    average = sum(everywhere.values()) / len(holding)

    def told(theme: str) -> list[str]:
        own, others = int(sizes[theme]), int(sizes.sum() - sizes[theme])
        counted = holding[theme]
        # A word that all themes share may be frequent in this one and still not tell it from them.
        rates = {
            phrase: (count / own, (everywhere[phrase] - count) / max(others, 1)) for phrase, count in counted.items()
        }
        rank = {
            phrase: (
                counted[phrase] >= _LEAST_HOLDING and inside >= _DISTINCT * outside,
                round(counted[phrase] * math.log1p(average / everywhere[phrase]) * len(phrase.split(" ")), 9),
            )
            for phrase, (inside, outside) in rates.items()
        }
        return _without_repeats(sorted(rank, key=lambda phrase: (not rank[phrase][0], -rank[phrase][1], phrase)))

    return {theme: told(theme) for theme in holding}


def _without_repeats(ranked: list[str]) -> list[str]:
    """The first phrases, none of which shares a word with one before it."""
    chosen: list[str] = []
    used: set[str] = set()
    for phrase in ranked:
        words = set(phrase.split(" ")) - _stop_words()
        if not words & used:
            chosen.append(phrase)
            used |= words
        if len(chosen) == PHRASES:
            break
    return chosen


def _says_little(word: str) -> bool:
    """Whether a phrase that begins or ends with the word would be cut in the middle of what it says."""
    return word in _stop_words() or "'" in word or "\u2019" in word


def _phrases_in(text: str) -> set[str]:
    """The runs of one to three words in a text, in lower case, with nothing between words but a space."""
    found = set()
    for run in _RUN.findall(text):
        words = run.lower().split(" ")
        for start, first in enumerate(words):
            if _says_little(first):
                continue
            for end in range(start + 1, min(start + 3, len(words)) + 1):
                if not _says_little(words[end - 1]) and (end > start + 1 or len(first) > 2):
                    found.add(" ".join(words[start:end]))
    return found


def _quoted(texts: pd.DataFrame, phrases: dict[str, list[str]]) -> pd.DataFrame:
    nearest = _nearest(texts)
    text_of = dict(zip(nearest["comment_id"], nearest["text"], strict=True))
    chosen = exemplars.choose(nearest[["theme_id", "comment_id", "text"]], ["theme_id"])
    quotes = [
        exemplars.quotation(text_of[comment_id], {word for phrase in phrases[theme] for word in phrase.split(" ")})
        for theme, comment_id in zip(chosen["theme_id"], chosen["comment_id"], strict=True)
    ]
    return chosen.assign(quote=quotes)[list(EXEMPLAR_COLUMNS)]
