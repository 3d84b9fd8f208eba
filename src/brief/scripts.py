"""Scripts: what belongs to a word in any of them, and which set no spaces between words."""

from __future__ import annotations

import re

MARKS = (
    "\u0300-\u036f\u0483-\u0489\u0591-\u05bd\u05bf-\u05c7\u0610-\u061a\u064b-\u065f\u0670\u06d6-\u06ed\u0900-\u0963"
    "\u0966-\u0dff\u0e31-\u0e3a\u0e47-\u0e4e\u0f71-\u0f84\u102b-\u103e\u17b4-\u17d3\u3099\u309a"
)
"""The inside of a class of a regular expression: signs of the letter before them, left out by `\\w`."""
UNSPACED = (
    "\u0e00-\u0fff\u1000-\u109f\u1780-\u17ff\u3005-\u3007\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
    "\uff66-\uff9f\U00020000-\U0003ffff"
)
"""The same for signs of scripts that set no spaces between words: Thai, Lao, Tibetan, Burmese, Khmer, kana, Han."""
_SIGN = re.compile(f"[{UNSPACED}]")


def is_unspaced(text: str) -> bool:
    """Whether more than half of a text's letters are of scripts that set no spaces between words."""
    if text.isascii():
        return False
    letters = sum(sign.isalpha() for sign in text)
    return letters > 0 and 2 * len(_SIGN.findall(text)) > letters
