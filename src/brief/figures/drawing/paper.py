"""Pictures on paper: how large their letters are, and whether the compact picture stands in for the wide one."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from brief.figures import WIDE
from brief.figures.drawing.render import smallest_letters

#: In millimetres: the width of the text; a pixel of a picture that fills it, which no picture exceeds, so that letters
#: of the same size in pixels are of the same size on paper.
TEXT_WIDTH = 174.0
_PIXEL = TEXT_WIDTH / WIDE
#: Points of the smallest letters that are read with ease, and how many there are in a millimetre.
SMALLEST = 7.0
_POINTS = 72 / 25.4


def scale(spec: Mapping[str, Any], highest: float) -> float:
    """Millimetres a pixel of a picture that may be `highest` millimetres high."""
    return float(min(_PIXEL, TEXT_WIDTH / spec["width"], highest / spec["height"]))


def letters(spec: Mapping[str, Any], highest: float) -> float:
    """The size in points of the smallest letters of a picture that may be `highest` millimetres high."""
    return smallest_letters(spec) * scale(spec, highest) * _POINTS


def which(kept: Mapping[str, Any], highest: float) -> str:
    """Which picture of a figure of the snapshot paper takes: `compact` where the letters of `wide` were too small.

    Where there is no compact one, the wide one all the same.
    """
    return "compact" if letters(kept["wide"], highest) < SMALLEST and kept.get("compact") else "wide"
