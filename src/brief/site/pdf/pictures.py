"""A figure's picture as paper takes it: in the light colours, as wide as the text, a tall one set in columns."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator, Mapping
from typing import Any
from xml.etree import ElementTree

from brief.figures.palette import TOKENS

#: In millimetres: the width of the text.
TEXT_WIDTH = 174.0
#: Millimetres a pixel at which the wide picture is read with ease; below that, columns of the narrow one may do better.
_EASY = 0.18
_MOST_COLUMNS = 3
_GUTTER = 34
_VARIABLE = re.compile(r"var\((--fig-[a-z0-9-]+)\)")
_LIGHT = {token.variable: token.light for token in TOKENS}
_SVG = "http://www.w3.org/2000/svg"


def picture(kept: Mapping[str, Any], highest: float) -> dict[str, Any]:
    """The picture of a figure of the snapshot: `svg`, and its `width` and `height` millimetres, at most `highest`."""
    wide = _plain(kept["svg_wide"])
    best = (wide, *_size(kept["wide"]["width"], kept["wide"]["height"], highest))
    if best[1] / kept["wide"]["width"] < _EASY:
        scale = best[1] / kept["wide"]["width"]
        for columns in range(2, _MOST_COLUMNS + 1):
            svg, across, down = in_columns(_plain(kept["svg_narrow"]), kept["narrow"], columns)
            width, height = _size(across, down, highest)
            if width / across > scale:
                best, scale = (svg, width, height), width / across
    return {"svg": best[0], "width": round(best[1], 2), "height": round(best[2], 2)}


def _size(across: float, down: float, highest: float) -> tuple[float, float]:
    scale = min(TEXT_WIDTH / across, highest / down)
    return across * scale, down * scale


def _plain(svg: str) -> str:
    return _VARIABLE.sub(lambda found: _LIGHT[found[1]], svg)


def in_columns(svg: str, spec: Mapping[str, Any], columns: int) -> tuple[str, float, float]:
    """A tall picture cut where nothing is drawn, its parts side by side; and how wide and high that is in pixels."""
    cuts = [0.0, *gaps(spec, columns), float(spec["height"])]
    wide = spec["width"]
    tallest = max(after - before for before, after in itertools.pairwise(cuts))
    across = wide * columns + _GUTTER * (columns - 1)
    ElementTree.register_namespace("", _SVG)
    outer = ElementTree.Element(f"{{{_SVG}}}svg", {"viewBox": f"0 0 {across:g} {tallest:g}"})
    outer.set("width", f"{across:g}")
    outer.set("height", f"{tallest:g}")
    for place, (before, after) in enumerate(itertools.pairwise(cuts)):
        part = ElementTree.fromstring(svg)
        part.set("x", f"{place * (wide + _GUTTER):g}")
        part.set("width", f"{wide:g}")
        part.set("height", f"{after - before:g}")
        part.set("viewBox", f"0 {before:g} {wide:g} {after - before:g}")
        outer.append(part)
    return ElementTree.tostring(outer, "unicode"), across, tallest


def gaps(spec: Mapping[str, Any], columns: int) -> list[float]:
    """Where a picture may be cut into columns of about the same height: in the widest gap that is near."""
    high = spec["height"]
    drawn = sorted(_extents(spec))
    free: list[tuple[float, float]] = []
    end = 0.0
    for top, bottom in drawn:
        if top > end:
            free.append((end, top))
        end = max(end, bottom)
    found: list[float] = []
    for place in range(1, columns):
        wanted, reach = high * place / columns, high / columns / 5
        near = [gap for gap in free if abs(sum(gap) / 2 - wanted) < reach] or [(wanted, wanted)]
        widest = max(near, key=lambda gap: (round(gap[1] - gap[0]), -abs(sum(gap) / 2 - wanted)))
        found.append(round(sum(widest) / 2, 1))
    return found


def _extents(spec: Mapping[str, Any]) -> Iterator[tuple[float, float]]:
    """From where to where, downwards, each shape and each line of text reaches."""
    for layer in spec["layer"]:
        size = layer["mark"].get("fontSize", 0)
        for row in layer["data"]["values"]:
            yield (row["y"] - size, row["y"] + size * 0.35) if "text" in row else (row["y"], row["y2"])
