"""A text as it is compared: one form for every way of writing the same letters, and where each stood.

A name or a number is the same to a reader in full-width letters, with combining accents, with no-break spaces or with
invisible signs between. It is looked for in the folded text, and replaced in the text as it was written.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

from brief.scripts import MARKS

#: Accents, Hebrew points and Arabic vowel signs: people write the same name with them and without.
_LEFT_OUT = re.compile("[\u0300-\u036f\u0591-\u05bd\u05bf-\u05c7\u064b-\u065f\u0670\u0640]")
_JOINS_ON = re.compile(f"[{MARKS}\u1160-\u11ff\u20d0-\u20f0\ufe00-\ufe0f]")
_WRITTEN_OTHERWISE = ("<wide>", "<narrow>", "<small>", "<font>", "<noBreak>")
_LETTERS = str.maketrans(
    {"ø": "o", "Ø": "O", "ł": "l", "Ł": "L", "đ": "d", "Đ": "D", "\u0131": "i", "æ": "ae", "œ": "oe"}
)
#: Signs that show nothing though Unicode counts them as letters or symbols.
_BLANK = frozenset("\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0")


@dataclass(frozen=True)
class Folded:
    """A folded text. `starts` and `ends` are the places of its signs in the original, None where they are the same."""

    text: str
    starts: Sequence[int] | None = None
    ends: Sequence[int] | None = None

    def place(self, start: int, end: int) -> tuple[int, int]:
        """Where a stretch of the folded text (not empty) stands in the original."""
        if self.starts is None or self.ends is None:
            return start, end
        return self.starts[start], self.ends[end - 1]


def fold(text: str) -> Folded:
    """Fold a text: accents off, one kind of space, hyphen and digit, no invisible signs; capitals stay."""
    if text.isascii():
        return Folded(text)
    signs = set(text)
    if all(len(_folded(sign)) == 1 and not _JOINS_ON.match(sign) for sign in signs):
        return Folded(text.translate({ord(sign): _folded(sign) for sign in signs}))
    parts: list[str] = []
    starts: list[int] = []
    ends: list[int] = []
    place, length = 0, len(text)
    while place < length:
        end = place + 1
        while end < length and _JOINS_ON.match(text, end):
            end += 1
        written = text[place:end]
        folded = _folded(written) if end == place + 1 else "".join(map(_folded, unicodedata.normalize("NFC", written)))
        parts.append(folded)
        starts += [place] * len(folded)
        ends += [end] * len(folded)
        place = end
    return Folded("".join(parts), starts, ends)


def is_invisible(text: str) -> bool:
    """Whether a text shows nothing: white space, signs of format, fillers, marks without a letter."""
    return all(
        sign.isspace() or sign in _BLANK or unicodedata.category(sign) in ("Cf", "Cc", "Mn", "Me", "Zs", "Zl", "Zp")
        for sign in text
    )


_known: dict[str, str] = {}


def _folded(sign: str) -> str:
    """What one sign becomes; kept, because a text has few different ones."""
    folded = _known.get(sign)
    if folded is None:
        folded = _fold_sign(sign)
        if len(_known) < 100_000:
            _known[sign] = folded
    return folded


def _fold_sign(sign: str) -> str:
    kind = unicodedata.category(sign)
    if kind == "Cf" or sign in _BLANK or "\ufe00" <= sign <= "\ufe0f":
        return ""
    if kind == "Zs":
        return " "
    if kind in ("Zl", "Zp"):
        return "\n"
    if kind == "Pd" or sign == "\u2212":
        return "-"
    if kind == "Nd":
        return str(unicodedata.decimal(sign))
    how = unicodedata.decomposition(sign).partition(" ")[0]
    if how in _WRITTEN_OTHERWISE or (how.startswith("<") and sign.isalpha() and how != "<super>"):
        sign = unicodedata.normalize("NFKC", sign)
    bare = _LEFT_OUT.sub("", unicodedata.normalize("NFD", sign))
    return unicodedata.normalize("NFC", bare).translate(_LETTERS)
