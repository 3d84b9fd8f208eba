"""The words of many texts, and in which texts each stands, in parts that are loaded one by one.

`browse.js` folds what a reader types in the same way.
"""

from __future__ import annotations

import json
import re
import unicodedata
from array import array
from collections.abc import Iterator
from itertools import pairwise

from brief.scripts import UNSPACED

_WORD = re.compile(r"[^\W_]+")
_RUN = re.compile(f"[{UNSPACED}]+|[^{UNSPACED}]+")
_SIGN = re.compile(f"[{UNSPACED}]")
_LONGEST = 40
_AT_ONCE = 30_000
"""So many texts at most stand beside a word at a time; a word of more texts comes again."""


def folded(text: str) -> str:
    """A text in small letters, without accents."""
    if text.isascii():
        return text.lower()
    apart = unicodedata.normalize("NFKD", text.lower())
    return unicodedata.normalize("NFC", "".join(sign for sign in apart if unicodedata.category(sign) != "Mn"))


def words_of(text: str) -> set[str]:
    """The different words of a text, folded; of scripts without spaces each two signs in a row, and the last one."""
    words = {word[:_LONGEST] for word in _WORD.findall(folded(text))}
    for word in [word for word in words if not word.isascii() and _SIGN.search(word)]:
        words.discard(word)
        for run in _RUN.findall(word):
            words |= {run} if not _SIGN.match(run) else {*map("".join, pairwise(run)), run[-1]}
    return words


class Index:
    """In which texts each word stands."""

    def __init__(self) -> None:
        self._texts: dict[str, array[int]] = {}

    def add(self, number: int, text: str) -> None:
        """Add a text; numbers grow."""
        for word in words_of(text):
            if word not in self._texts:
                self._texts[word] = array("I")
            self._texts[word].append(number)

    def parts(self, size: int) -> Iterator[list[list[object]]]:
        """The words in their order, in parts of about so many bytes: each word with its first text, then the steps.

        The order is that in which scripts compare texts.
        """
        part: list[list[object]] = []
        length = 0
        for word in sorted(self._texts, key=lambda word: word.encode("utf-16-be")):
            texts = self._texts[word]
            for start in range(0, len(texts), _AT_ONCE):
                own = texts[start : start + _AT_ONCE]
                steps = [own[0], *(after - before for before, after in pairwise(own))]
                new = len(json.dumps([word, steps], ensure_ascii=False, separators=(",", ":")).encode())
                if part and length + new > size:
                    yield part
                    part, length = [], 0
                part.append([word, steps])
                length += new
        if part:
            yield part
