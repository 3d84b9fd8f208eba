"""Scripts: what belongs to a word in any of them, and which set no spaces between words."""

from __future__ import annotations

import re

MARKS = (
    "\u0300-\u036f\u0483-\u0489\u0591-\u05bd\u05bf-\u05c7\u0610-\u061a\u064b-\u065f\u0670\u06d6-\u06ed\u0900-\u0963"
    "\u0966-\u0dff\u0e31-\u0e3a\u0e47-\u0e4e\u0f71-\u0f84\u102b-\u103e\u17b4-\u17d3\u3099\u309a"
)
"""The inside of a class of a regular expression: signs that belong to the letter before them, which `\\w` leaves out. A
test holds it to `prose.folding.MARKS`."""
#: Hiragana, katakana, Han, Thai, Lao, Khmer and Burmese.
_UNSPACED = re.compile(r"[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff]")


def is_unspaced(text: str) -> bool:
    """Whether more than half of a text's letters are of scripts that set no spaces between words."""
    letters = sum(sign.isalpha() for sign in text)
    return letters > 0 and 2 * len(_UNSPACED.findall(text)) > letters
