"""Words that tell nothing of what a text is about, in the text's own language: articles, pronouns, auxiliaries.

A text is in the language whose stop words it holds most of, where they are a part of it that no other language's come
near; else in the one that it is said to be in. So an answer in Spanish to a question in English is read as Spanish.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache
from pathlib import Path

import numpy as np

from brief.analysis.hashing import Numbers
from brief.scripts import MARKS

_ENGLISH = "en"
_SHARE, _AHEAD = 0.15, 1.25
#: What is left of English contractions once the apostrophe has parted them.
_PIECES = "ain aren couldn didn doesn don hadn hasn haven isn ll re shouldn ve wasn weren wouldn"
_WORD = re.compile(rf"(?:[^\W\d_]|[{MARKS}])+")


@cache
def _lists() -> dict[str, frozenset[str]]:
    from sklearn.feature_extraction.text import ENGLISH_STOP_WORDS

    lists: dict[str, set[str]] = {_ENGLISH: {*ENGLISH_STOP_WORDS, *_PIECES.split()}}
    for line in Path(__file__).with_suffix(".txt").read_text(encoding="utf-8").splitlines():
        if not line.startswith("#"):
            language, _, words = line.partition(":")
            lists.setdefault(language, set()).update(words.split())
    return {language: frozenset(words) for language, words in sorted(lists.items())}


@cache
def _lists_with() -> dict[str, tuple[int, ...]]:
    """The places of the languages whose lists have a word."""
    every = {word for words in _lists().values() for word in words}
    return {word: tuple(place for place, own in enumerate(_lists().values()) if word in own) for word in every}


def languages() -> int:
    """For how many languages stop words are known."""
    return len(_lists())


def held(text: str) -> list[int]:
    """For each word of a text the places of the languages whose stop word it is, and `languages()` for the word."""
    # A word that stands in more than one list tells less; counting it for all of them does not part them.
    lists_with, words = _lists_with(), _WORD.findall(text.casefold())
    places = [len(_lists())] * len(words)
    for word in words:
        if word in lists_with:
            places += lists_with[word]
    return places


def told(counts: Numbers, said: Sequence[str]) -> list[str]:
    """The language of each text, empty where neither the text nor the tag tells one whose stop words are known.

    In: how often each text has what `held` gives, a row a text; the language that each is said to be in.
    """
    of_language, words = counts[:, :-1], counts[:, -1]
    names = list(_lists())
    # Of equals the last by name.
    best = of_language.shape[1] - 1 - of_language[:, ::-1].argmax(axis=1)
    next_most, most = np.sort(of_language, axis=1)[:, -2:].T
    clear = (most >= np.maximum(2, _SHARE * words)) & (most > _AHEAD * next_most)
    tags = [tag.split("-")[0].lower() for tag in said]
    return [
        names[place] if is_clear else tag if tag in _lists() else ""
        for place, is_clear, tag in zip(best.tolist(), clear.tolist(), tags, strict=True)
    ]


def in_language(name: str) -> frozenset[str]:
    """The stop words of a language that `told` gives, in lower case."""
    return _lists().get(name, frozenset())


def of(text: str, language: str = "") -> frozenset[str]:
    """The stop words of a text, in lower case.

    In: the text; the language that it is said to be in, as a BCP 47 tag. Out: none where neither the text nor the tag
    tells a language whose stop words are known.
    """
    return in_language(_told(tuple(np.bincount(held(text), minlength=languages() + 1).tolist()), language))


def _told(counts: tuple[int, ...], said: str) -> str:
    """As `told`, of one text: several times faster for one."""
    *of_language, words = counts
    next_most, most = sorted(of_language)[-2:]
    if most >= max(2, _SHARE * words) and most > _AHEAD * next_most:
        return list(_lists())[len(of_language) - 1 - of_language[::-1].index(most)]
    tag = said.split("-")[0].lower()
    return tag if tag in _lists() else ""
