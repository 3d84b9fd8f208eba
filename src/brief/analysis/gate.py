"""A gate for new data: does a batch of comments look like those that are stored?

Each check compares the batch with the store by a test of its own and by the size of the difference: with thousands of
comments any difference is certain, and few of them matter. The level of all checks together is `LEVEL` (Bonferroni:
Dunn 1961, Multiple comparisons among means, section 3). A batch or a store of fewer than `FEWEST` comments is too small
to tell, and nothing is said of it.
"""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd
import scipy

from brief.analysis.coding import NOT_CODED

FEWEST = 20
"""A batch, or a store, with fewer comments is too small to tell; the preview shows each of so few."""
LEVEL = 0.02
"""The share of ordinary batches for which any check may speak by chance, where its assumptions hold."""
_MOST = 5_000
"""So many comments of a store or batch are compared, chosen by the digest of their text."""
_UNLIKE = 0.35
"""Two distributions differ enough to matter where somewhere their shares differ by as much (Kolmogorov's D)."""
_MORE_OFTEN = 0.25
"""One text, author or day is too frequent where its share is higher than in the store by as much."""
_CELLS = ("comment_id", "text", "author", "posted_at")
_WORD = re.compile(r"[^\W\d_]+")


@dataclass(frozen=True)
class Unlike:
    """A way in which a batch does not look like the store: the name of the check, and what it found, in words."""

    name: str
    message: str


class Chosen:
    """The comments of a store or batch that are compared, `_MOST` at most, by the digest of their text.

    `every` is how many there are, `without` how many of these have a placeholder for a text.
    """

    def __init__(self) -> None:
        self.every = self.without = 0
        self._rows: list[tuple[str, int, tuple[str, ...]]] = []
        self._is_cut = False

    def add(self, row: Mapping[str, str], is_without_text: bool) -> None:
        """Take note of a comment: comment_id, text, author, posted_at."""
        self.every += 1
        self.without += is_without_text
        if is_without_text:
            return
        digest = hashlib.sha256(row["text"].encode("utf-8", "replace")).hexdigest()
        self._rows.append((digest, self.every, tuple(row.get(name, "") for name in _CELLS)))
        if len(self._rows) > 4 * _MOST:
            self._cut()

    def _cut(self) -> None:
        """Keep those with the smallest digests; of equal ones, those that came first."""
        self._is_cut = True
        self._rows = sorted(self._rows)[:_MOST]

    def frame(self) -> pd.DataFrame:
        """Those that are compared: the same ones, whatever order they came in."""
        if self._is_cut or len(self._rows) > _MOST:
            self._cut()
        return pd.DataFrame([cells for _, _, cells in self._rows], columns=list(_CELLS), dtype="str")


def unlike(
    store: pd.DataFrame,
    batch: pd.DataFrame,
    without_text: tuple[int, int] = (0, 0),
    stances: tuple[pd.Series, pd.Series] | None = None,
    every: tuple[int, int] | None = None,
) -> list[Unlike]:
    """The ways in which a batch of comments does not look like those that are stored, in the order of their names.

    In: two frames with text, author, posted_at (texts, empty where not known); `without_text` is how many comments of
    the store, and of the batch, have a placeholder for a text and are not in the frames; `stances` is what a model
    tells of the store and of the batch, as `machine_coding.stances_told` has it, where there is one; `every` is how
    many comments both have, where the frames are what `Chosen` has of them. Out: nothing where either is too small.
    """
    stored, new = every or (len(store) + without_text[0], len(batch) + without_text[1])
    if min(stored, new) < FEWEST:
        return []
    differences = [check(_some(store), _some(batch)) for check in _CHECKS if min(len(store), len(batch)) >= FEWEST]
    differences += [_empty(without_text, stored, new), _stances(*stances) if stances else None]
    return sorted(
        (difference for difference in differences if difference is not None), key=lambda difference: difference.name
    )


def _some(frame: pd.DataFrame) -> pd.DataFrame:
    """At most so many rows, the same ones whatever their order."""
    if len(frame) <= _MOST:
        return frame
    digests = frame["text"].map(lambda text: hashlib.sha256(text.encode("utf-8", "replace")).hexdigest())
    return frame.iloc[np.argsort(digests.to_numpy(), kind="stable")[:_MOST]]


# The checks ----------------------------------------------------------------------------------------------------------


def _length(store: pd.DataFrame, batch: pd.DataFrame) -> Unlike | None:
    """Kolmogorov and Smirnov's test of two samples, on the numbers of words."""
    words = [np.array([len(text.split()) for text in frame["text"]]) for frame in (store, batch)]
    if not _differ(*words):
        return None
    before, now = (f"{np.median(numbers):g}" for numbers in words)
    return Unlike("length", f"half of the comments have at most {now} words; of those stored, at most {before}")


def _language(store: pd.DataFrame, batch: pd.DataFrame) -> Unlike | None:
    """The same test on the share of each text's words that one half of the store knows; its other half is compared."""
    texts = sorted(store["text"], key=lambda text: hashlib.sha256(text.encode("utf-8", "replace")).hexdigest())
    known = {word for text in texts[::2] for word in _words(text)}
    shares = [np.array([*_known(texts[1::2], known)]), np.array([*_known(batch["text"], known)])]
    if min(map(len, shares)) < FEWEST or not _differ(*shares) or np.median(shares[1]) > np.median(shares[0]):
        return None
    before, now = (f"{np.median(share):.0%}" for share in shares)
    message = (
        f"of a comment's words, {now} stand in stored comments too (half of the comments have fewer); usual: {before}"
    )
    return Unlike("language", message)


def _duplicates(store: pd.DataFrame, batch: pd.DataFrame) -> Unlike | None:
    return _frequent("duplicates", "one text", store["text"], batch["text"])


def _author(store: pd.DataFrame, batch: pd.DataFrame) -> Unlike | None:
    return _frequent("author", "one author", store["author"], batch["author"])


def _day(store: pd.DataFrame, batch: pd.DataFrame) -> Unlike | None:
    """Days are new in every batch: the share of the most frequent one is compared, whichever it is."""
    days = [frame["posted_at"].str[:10] for frame in (store, batch)]
    days = [cells[cells != ""] for cells in days]
    if min(map(len, days)) < FEWEST or days[1].nunique() < 2:
        return None
    return _frequent("day", "one day", days[0], days[1], any_value=True)


def _empty(without_text: tuple[int, int], stored: int, new: int) -> Unlike | None:
    """Fisher's exact test on the shares of comments without text."""
    before, now = without_text[0] / stored, without_text[1] / new
    table = [[without_text[1], new - without_text[1]], [without_text[0], stored - without_text[0]]]
    if now - before < _MORE_OFTEN or scipy.stats.fisher_exact(table).pvalue >= _level():
        return None
    return Unlike(
        "empty", f"{without_text[1]} of {new} comments are without text; of those stored, {without_text[0]} of {stored}"
    )


def _stances(before: pd.Series, now: pd.Series) -> Unlike | None:
    """The same test on the share of each stance among the comments that a model can tell, Bonferroni over stances.

    The model is wrong about some; it is as wrong about the store, which it is asked about as texts it has not seen.
    """
    before, now = before[before != NOT_CODED], now[now != NOT_CODED]
    if min(len(before), len(now)) < FEWEST:
        return None
    known = sorted({*before, *now})
    unlikely = []
    for stance in known:
        old, new = int((before == stance).sum()), int((now == stance).sum())
        apart = abs(new / len(now) - old / len(before))
        chance = scipy.stats.fisher_exact([[new, len(now) - new], [old, len(before) - old]]).pvalue * len(known)
        if apart >= _MORE_OFTEN and chance < _level():
            unlikely.append((-apart, stance, f"{new} of {len(now)}, of those stored {old} of {len(before)}"))
    if not unlikely:
        return None
    _, stance, wording = min(unlikely)
    return Unlike("stances", f"of the comments whose stance a model can tell, '{stance}' has {wording}")


_CHECKS: tuple[Callable[[pd.DataFrame, pd.DataFrame], Unlike | None], ...] = (
    *(_length, _language, _duplicates, _author, _day),
)


def _level() -> float:
    """The level of each check, so that all together keep `LEVEL`."""
    return LEVEL / (len(_CHECKS) + 2)


def _differ(before: np.ndarray, now: np.ndarray) -> bool:
    result = scipy.stats.ks_2samp(before, now)
    return bool(result.statistic >= _UNLIKE and result.pvalue < _level())


def _frequent(name: str, what: str, store: pd.Series, batch: pd.Series, any_value: bool = False) -> Unlike | None:
    """Whether the most frequent value of a batch is more frequent than the store lets expect (binomial test).

    Its share in the store is taken at the upper end of its interval (Clopper and Pearson 1934), since the store is a
    sample as well. With `any_value` the store's own most frequent value is compared instead.
    """
    filled, known = batch[batch != ""], store[store != ""]
    if min(len(filled), len(known)) < FEWEST:
        return None
    value, number = min(Counter(filled).items(), key=lambda pair: (-pair[1], pair[0]))
    counts = Counter(known)
    before = max(counts.values()) if any_value else counts[value]
    usual = scipy.stats.beta.ppf(1 - _level(), before + 1, max(len(known) - before, 1))
    share = number / len(filled)
    # Any value of the batch could have been the most frequent one.
    chance = scipy.stats.binom.sf(number - 1, len(filled), usual) * len(set(filled))
    if share - before / len(known) < _MORE_OFTEN or chance >= _level():
        return None
    return Unlike(name, f"{what} has {number} of {len(filled)} comments; of those stored, {before} of {len(known)}")


def _words(text: str) -> list[str]:
    return _WORD.findall(text.casefold())


def _known(texts: list[str] | pd.Series, known: set[str]) -> Iterator[float]:
    """For each text with words, the share of them that is known."""
    for text in texts:
        if words := _words(text):
            yield sum(word in known for word in words) / len(words)
