"""Words that tell nothing of what a text is about, in the text's own language: articles, pronouns, auxiliaries.

A text is in the language whose stop words it holds most of, where they are a part of it that no other language's come
near; else in the one that it is said to be in. So an answer in Spanish to a question in English is read as Spanish.
"""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

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


def of(text: str, language: str = "") -> frozenset[str]:
    """The stop words of a text, in lower case.

    In: the text; the language that it is said to be in, as a BCP 47 tag. Out: none where neither the text nor the tag
    tells a language whose stop words are known.
    """
    lists = _lists()
    words = _WORD.findall(text.casefold())
    # A word that stands in more than one list tells less; counting it for all of them does not part them.
    counts = sorted(((sum(word in own for word in words), name) for name, own in lists.items()), reverse=True)
    (most, name), (next_most, _) = counts[0], counts[1]
    if most >= max(2, _SHARE * len(words)) and most > _AHEAD * next_most:
        return lists[name]
    return lists.get(language.split("-")[0].lower(), frozenset())
