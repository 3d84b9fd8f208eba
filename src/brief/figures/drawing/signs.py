"""Signs that the fonts of the package have, and a square for each that they lack, in pictures and on paper.

Only what is drawn here goes through this: stored texts, pages and data keep every sign. What the fonts have is read
from the font files, so a further font on the machine makes no difference.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator
from functools import cache, lru_cache
from pathlib import Path

from fontTools.ttLib import TTFont

from brief.figures.drawing import own_fonts
from brief.figures.drawing.own_fonts import SQUARE
from brief.figures.drawing.text import FONT, FONTS
from brief.prose.catalogue import message

IN_THIS_PICTURE = message(
    "A square ({square}) stands for each sign that this picture cannot show. The website shows them all."
)
_JOINER = "\u200d"
_WORDS = re.compile(r"(<(?:text|tspan)\b[^>]*>)([^<]*)")


@cache
def _signs_of(folder: Path) -> frozenset[str]:
    """The signs that every font of a folder has. PDF/UA refuses marks that change a letter, so they are left out."""
    sets = [set(TTFont(path, lazy=True).getBestCmap()) for path in sorted(folder.glob("*.ttf"))]
    signs = map(chr, set.intersection(*sets))
    return frozenset(sign for sign in signs if not unicodedata.category(sign).startswith("M"))


def in_fonts(sign: str) -> bool:
    """Whether the fonts of pictures have a sign; line ends and the like need none."""
    return sign < "\x7f" or sign in _signs_of(own_fonts.folder())


def showable(text: str) -> str:
    """A text as the fonts of pictures can show it without a square: empty where they lack one of its letters.

    Other signs that they lack, such as emoji, are left out.
    """
    kept = []
    for cluster in clusters(unicodedata.normalize("NFC", text)):
        shown = printable(cluster)
        if SQUARE in shown and SQUARE not in cluster:
            if unicodedata.category(cluster[0]).startswith("L"):
                return ""
            shown = cluster[0] if in_fonts(cluster[0]) else ""
        kept.append(shown)
    return " ".join("".join(kept).split())


@lru_cache(maxsize=4_096)
def printable(text: str, further: frozenset[str] = frozenset()) -> str:
    """A text with a square for what the fonts of pictures lack; a letter and its accent may be one sign.

    `further` are signs of other fonts that are at hand.
    """
    if text.isascii():
        return text
    return replaced(unicodedata.normalize("NFC", text), lambda sign: in_fonts(sign) or sign in further)


def replaced(text: str, has: Callable[[str], bool]) -> str:
    """A text with a square for each sign that there is not, together with the marks that change it.

    An emoji of several that are joined is one square. Signs without a shape, as joiners, are left out where there is
    none.
    """
    if text.isascii() or all(map(has, set(text))):
        return text
    texts = []
    for cluster in clusters(text):
        kept = "".join(sign for sign in cluster if has(sign) or not _without_shape(sign))
        texts.append(kept if all(map(has, kept)) else SQUARE)
    return "".join(texts)


def clusters(text: str) -> Iterator[str]:
    """A letter with the marks that change it; what a joiner joins, and the two letters of a flag, stay together."""
    cluster = ""
    for sign in text:
        joined = cluster.endswith(_JOINER) and unicodedata.category(sign).startswith("S")
        joined = joined or (_of_flag(sign) and len(cluster) == 1 and _of_flag(cluster))
        if cluster and not (joined or sign == _JOINER or _changes(sign)):
            yield cluster
            cluster = ""
        cluster += sign
    if cluster:
        yield cluster


def _changes(sign: str) -> bool:
    """Whether a sign changes the one before it: accents, vowels of Hindi, colours of skin, tags of a flag."""
    coloured, tagged = "\U0001f3fb" <= sign <= "\U0001f3ff", "\U000e0020" <= sign <= "\U000e007f"
    return unicodedata.category(sign).startswith("M") or coloured or tagged


def _of_flag(sign: str) -> bool:
    return "\U0001f1e6" <= sign <= "\U0001f1ff"


def _without_shape(sign: str) -> bool:
    """Signs that are never seen: joiners, byte order marks, and those that choose one of several shapes."""
    return unicodedata.category(sign) == "Cf" or "\ufe00" <= sign <= "\ufe0f" or "\U000e0100" <= sign <= "\U000e01ef"


def painted(svg: str, further: frozenset[str] = frozenset()) -> str:
    """A picture as SVG that needs no other fonts than `own_fonts`: a square stands for each sign that they lack.

    And that `further`, the signs of other fonts at hand, has not.
    """
    shown = _WORDS.sub(lambda match: match[1] + printable(match[2], further), svg)
    return shown.replace(f'font-family="{FONT}"', f'font-family="{own_fonts.PAINTED}"')


def lacks_signs(svg: str, further: frozenset[str] = frozenset()) -> bool:
    """Whether a square has to stand for some sign of a picture's words; `further` as for `painted`."""
    return any(SQUARE in printable(words, further) and SQUARE not in words for _, words in _WORDS.findall(svg))


def beyond_the_files(svg: str) -> bool:
    """Whether a picture's words have a sign that the font files of the package do not hold as they are."""
    return any(not _signs_of(FONTS).issuperset(words) for _, words in _WORDS.findall(svg))
