"""A figure's picture as the typesetter takes it: in the light colours, its letters large enough to read."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from brief.figures.drawing import paper
from brief.figures.drawing.palette import TOKENS
from brief.figures.drawing.signs import beyond_the_files, lacks_signs, painted

_VARIABLE = re.compile(r"var\((--fig-[a-z0-9-]+)\)")
_LIGHT = {token.variable: token.light for token in TOKENS}


def picture(kept: Mapping[str, Any], highest: float) -> dict[str, Any]:
    """A figure of the snapshot as `svg`, with its `width` and its `height` in millimetres, at most `highest`.

    With `squares` where a square has to stand for some sign of it.
    """
    which = paper.which(kept, highest)
    spec, scale = kept[which], paper.scale(kept[which], highest)
    plain = _VARIABLE.sub(lambda found: _LIGHT[found[1]], kept[f"svg_{which}"])
    size = {"width": round(spec["width"] * scale, 2), "height": round(spec["height"] * scale, 2)}
    shown = painted(plain) if beyond_the_files(plain) else plain
    return {"svg": shown, **size, **({"squares": True} if lacks_signs(plain) else {})}
