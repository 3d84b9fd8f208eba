"""What a group of texts is called: phrases of the texts themselves that tell it from the others.

Phrases are at least twice as frequent in it as in the other groups of its stance, and ranked by class-based tf-idf
(Grootendorst 2022, arXiv 2203.05794, equation 2) times their words, each distinct text counted once. None begins or
ends with a stop word of its language, or with a word that is left out because the question has it already.
"""

from __future__ import annotations

import math
import re
from collections import Counter

import pandas as pd

from brief.analysis import stop_words
from brief.scripts import MARKS

PHRASES = 5

_LEAST_HOLDING = 3
_LEAST_SAID = 2
_DISTINCT = 2
_WORD = rf"[^\W\d_](?:[\w{MARKS}'\u2019-]*[\w{MARKS}])?"
_RUN = re.compile(rf"{_WORD}(?: {_WORD})*")


def telling(near: pd.DataFrame, left_out: frozenset[str] = frozenset()) -> dict[str, list[str]]:
    """Up to `PHRASES` phrases for each theme, the most telling first.

    In: theme_id, topic (the theme of all stances), stance, text, language, a row a text; words (lower case) that do not
    count. Themes are told from the others of their stance; a slogan that all of one stance repeat tells of no theme. A
    theme of few texts that have no phrase in common is called as the theme of all stances is.
    """
    own = _by_stance(near, left_out, _LEAST_SAID)
    topic_of = dict(zip(near["theme_id"].astype("str"), near["topic"].astype("str"), strict=True))
    if all(own.values()):
        return own
    whole = _by_stance(near.assign(theme_id=near["topic"].astype("str"), stance=""), left_out, 1)
    return {theme: phrases or whole[topic_of[theme]] for theme, phrases in own.items()}


def _by_stance(near: pd.DataFrame, left_out: frozenset[str], least: int) -> dict[str, list[str]]:
    return {
        theme: phrases
        for _, part in near.groupby("stance")
        for theme, phrases in _telling_among(part, left_out, least).items()
    }


def _telling_among(near: pd.DataFrame, left_out: frozenset[str], least: int) -> dict[str, list[str]]:
    little = [stop_words.of(*pair) | left_out for pair in zip(near["text"], near["language"], strict=True)]
    said = [phrases_in(text, own) for text, own in zip(near["text"], little, strict=True)]
    rows = near.assign(phrases=pd.Series(said, index=near.index, dtype="object"))
    holding = {
        str(theme): Counter(phrase for phrases in part["phrases"] for phrase in phrases)
        for theme, part in rows.groupby("theme_id")
    }
    everywhere: Counter[str] = Counter()
    for counted in holding.values():
        everywhere.update(counted)
    sizes = near.groupby("theme_id").size()
    average = sum(everywhere.values()) / len(holding)
    small = frozenset().union(*little)

    def told(theme: str) -> list[str]:
        own, others = int(sizes[theme]), int(sizes.sum() - sizes[theme])
        counted = holding[theme]
        # A word that all themes share may be frequent in this one and still not tell it from them.
        rates = {
            phrase: (count / own, (everywhere[phrase] - count) / max(others, 1)) for phrase, count in counted.items()
        }
        rank = {
            phrase: (
                # How many hold it, of those few that make it a phrase of the theme; none where others say it as often.
                min(counted[phrase], _LEAST_HOLDING) if inside >= _DISTINCT * outside else 0,
                round(counted[phrase] * math.log1p(average / everywhere[phrase]) * len(phrase.split(" ")), 9),
            )
            for phrase, (inside, outside) in rates.items()
        }
        said = [phrase for phrase in rank if counted[phrase] >= least]
        ranked = sorted(said, key=lambda phrase: (-rank[phrase][0], -rank[phrase][1], phrase))
        return _without_repeats(ranked, small)

    return {theme: told(theme) for theme in holding}


def _without_repeats(ranked: list[str], small: frozenset[str]) -> list[str]:
    """The first phrases, none of which shares a word with one before it."""
    chosen: list[str] = []
    used: set[str] = set()
    for phrase in ranked:
        words = set(phrase.split(" ")) - small
        if not words & used:
            chosen.append(phrase)
            used |= words
        if len(chosen) == PHRASES:
            break
    return chosen


def phrases_in(text: str, little: frozenset[str]) -> set[str]:
    """The runs of one to three words in a text, in lower case, with nothing between words but a space.

    In: the text; words that a phrase may not begin or end with, for it would be cut in the middle of what it says.
    """

    def says_little(word: str) -> bool:
        return word in little or "'" in word or "\u2019" in word

    phrases = set()
    for run in _RUN.findall(text):
        words = run.lower().split(" ")
        for start, first in enumerate(words):
            if says_little(first):
                continue
            for end in range(start + 1, min(start + 3, len(words)) + 1):
                if not says_little(words[end - 1]) and (end > start + 1 or len(first) > 2):
                    phrases.add(" ".join(words[start:end]))
    return phrases
