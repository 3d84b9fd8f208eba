"""Texts from outside as they may stand on one line of a page or picture."""

from __future__ import annotations

import re
import unicodedata

from brief.scripts import is_unspaced

ELLIPSIS = "…"
#: A line's end or a tab, with the white space about it: where one line is set, a space stands in its place.
_BREAK = re.compile(r" *[\t-\r\x1c-\x1f\x85\u2028\u2029]\s*")
_DIRECTION_MARKS = {*range(0x202A, 0x202F), *range(0x2066, 0x206A), 0x200E, 0x200F, 0x061C}


def shown(text: str) -> str:
    """A text as a picture may hold it: one line, with a sign of replacement for control characters and lone surrogates.

    Marks that turn the direction of writing are left out, since lines are broken here; the stored text keeps them.
    """
    return safe(" ".join(text.split()))


def safe(text: str) -> str:
    """A text with a sign of replacement for control characters, without marks that turn the direction of writing.

    Ends of lines and tabs become a space, as a browser shows them: whoever keeps lines takes them apart before.
    """
    if text.isprintable():
        return text
    return "".join(_sign(sign) for sign in _BREAK.sub(" ", text) if ord(sign) not in _DIRECTION_MARKS)


def _sign(sign: str) -> str:
    code = ord(sign)
    broken = unicodedata.category(sign) in ("Cc", "Cs") or code in (0xFFFE, 0xFFFF)
    return "\ufffd" if broken else sign


def words_of(text: str) -> int:
    """How many words a text has for a reader's time: pieces between spaces, or two signs where there are none."""
    return len(text) // 2 if is_unspaced(text) else len(text.split())


def hyphened(words: str) -> str:
    """Words of the contract as a part of a name: "one side only" is one-side-only."""
    return words.replace(" ", "-")
