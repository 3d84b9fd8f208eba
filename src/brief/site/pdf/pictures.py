"""A figure's picture as paper takes it: in the light colours, its letters large enough to read."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from brief.figures import WIDE
from brief.figures.palette import TOKENS
from brief.figures.render import smallest_letters

#: In millimetres: the width of the text; a pixel of a picture that fills it, which no picture exceeds, so that letters
#: of the same size in pixels are of the same size on paper.
TEXT_WIDTH = 174.0
_PIXEL = TEXT_WIDTH / WIDE
#: Points of the smallest letters that are read with ease, and how many there are in a millimetre.
SMALLEST = 7.0
_POINTS = 72 / 25.4
_VARIABLE = re.compile(r"var\((--fig-[a-z0-9-]+)\)")
_LIGHT = {token.variable: token.light for token in TOKENS}


def picture(kept: Mapping[str, Any], highest: float) -> dict[str, Any]:
    """The picture of a figure of the snapshot: `svg`, and its `width` and `height` in millimetres, at most `highest`.

    Where the letters of the wide picture would be too small to read, the compact one if there is one.
    """
    scale = _scale(kept["wide"], highest)
    spec, svg = kept["wide"], kept["svg_wide"]
    if letters(spec, scale) < SMALLEST and kept.get("compact"):
        spec, svg = kept["compact"], kept["svg_compact"]
        scale = _scale(spec, highest)
    return {"svg": _plain(svg), "width": round(spec["width"] * scale, 2), "height": round(spec["height"] * scale, 2)}


def letters(spec: Mapping[str, Any], scale: float) -> float:
    """The size in points of the smallest letters of a picture, with `scale` millimetres a pixel."""
    return smallest_letters(spec) * scale * _POINTS


def _scale(spec: Mapping[str, Any], highest: float) -> float:
    return float(min(_PIXEL, TEXT_WIDTH / spec["width"], highest / spec["height"]))


def _plain(svg: str) -> str:
    return _VARIABLE.sub(lambda found: _LIGHT[found[1]], svg)
