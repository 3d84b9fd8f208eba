"""Setting text in pictures: widths from the bundled font itself, lines broken in Python.

Widths come from the advance widths in the font files, so lines break in the same place on every machine; kerning is
left out, which errs on the wide side.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from functools import cache, lru_cache
from pathlib import Path

from fontTools.ttLib import TTFont

from brief.prose.plain import ELLIPSIS, shown

FONTS = Path(__file__).parent / "fonts"
FAMILY = "Public Sans"
FONT = f"{FAMILY}, sans-serif"
REGULAR, BOLD = 400, 700
SLACK = 1.03
"""Lines are broken as if words were this much wider, so that they also fit in most fonts that may stand in for ours."""

_MOST_CHARACTERS = 4_000


@cache
def _advances(weight: int) -> tuple[dict[int, float], float]:
    """Advance width by code point, in ems, of the bundled font nearest to a weight; and that of an unknown sign."""
    fonts = [TTFont(path, lazy=True) for path in sorted(FONTS.glob("*.ttf"))]
    font = min(fonts, key=lambda font: abs(font["OS/2"].usWeightClass - weight))
    em, metrics = font["head"].unitsPerEm, font["hmtx"].metrics
    return {code: metrics[name][0] / em for code, name in font.getBestCmap().items()}, 1.0


@cache
def _advance(sign: str, weight: int) -> float:
    """The advance width of one sign in ems; a sign that the font lacks has none if it only changes another one."""
    advances, unknown = _advances(weight)
    return advances.get(ord(sign), 0.0 if unicodedata.category(sign) in ("Mn", "Me", "Cf") else unknown)


def width(text: str, size: float, weight: int = REGULAR) -> float:
    """The width of a line in pixels at a font size in pixels."""
    return size * sum(_advance(sign, weight) for sign in text)


def wrap(text: str, room: float, size: float, weight: int = REGULAR, most_lines: int | None = None) -> list[str]:
    """Break a text into lines that fit into `room` pixels; longer than `most_lines`, the last ends with an ellipsis.

    Words that are wider than a line are broken inside. Very long texts are read only as far as a picture could show.
    """
    flat, room = _flat(text[:_MOST_CHARACTERS]), room / SLACK
    cut = len(text) > _MOST_CHARACTERS
    lines: list[str] = []
    line = ""
    for word in _fitting(flat.split(" "), room, size, weight):
        longer = f"{line} {word}" if line else word
        if line and width(longer, size, weight) > room:
            lines.append(line)
            longer = word
        line = longer
        if most_lines is not None and len(lines) > most_lines:
            break
    lines.append(line)
    if most_lines is not None and len(lines) > most_lines:
        lines, cut = lines[:most_lines], True
    if cut:
        lines[-1] = _shortened(lines[-1], room, size, weight)
    return lines


def clip(text: str, room: float, size: float, weight: int = REGULAR) -> str:
    """A text on one line, with an ellipsis where it does not fit into `room` pixels."""
    return wrap(text, room, size, weight, most_lines=1)[0]


@lru_cache(maxsize=512)
def _flat(text: str) -> str:
    """A text on one line: the same one is broken again and again until it has the size that fits."""
    return shown(text)


def _fitting(words: Iterable[str], room: float, size: float, weight: int) -> Iterable[str]:
    """The words, those wider than the room broken into pieces that fit."""
    for word in words:
        piece, long = "", 0.0
        for sign in word:
            wide = size * _advance(sign, weight)
            if piece and long + wide > room:
                yield piece
                piece, long = "", 0.0
            piece, long = piece + sign, long + wide
        yield piece


def _shortened(line: str, room: float, size: float, weight: int) -> str:
    line = line.rstrip(" .,;:")
    whole = line.rpartition(" ")[0].rstrip(" .,;:")
    if len(line) > len(whole) and width(line + ELLIPSIS, size, weight) > room and len(whole) > len(line) / 2:
        line = whole
    while line and width(line + ELLIPSIS, size, weight) > room:
        line = line[:-1].rstrip(" .,;:")
    return line + ELLIPSIS
