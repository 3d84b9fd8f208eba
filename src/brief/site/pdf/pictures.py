"""Pictures as the typesetter takes them.

Those of figures: in the light colours, their letters large enough to read. Those that a chapter shows: as large as on
its page, as far as the paper is.
"""

from __future__ import annotations

import base64
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from urllib.parse import unquote

from sphinx.util.images import get_image_size

from brief.errors import fail
from brief.figures.drawing import paper
from brief.figures.drawing.palette import TOKENS
from brief.figures.drawing.paper import TEXT_WIDTH
from brief.figures.drawing.signs import beyond_the_files, lacks_signs, painted
from brief.prose.plain import safe

_PIXEL = 25.4 / 96
_HIGHEST_EMBEDDED = 180.0
_KINDS = {".png": "png", ".jpg": "jpeg", ".jpeg": "jpeg", ".gif": "gif", ".webp": "webp", ".svg": "svg+xml"}
_VARIABLE = re.compile(r"var\((--fig-[a-z0-9-]+)\)")
_LIGHT = {token.variable: token.light for token in TOKENS}


def picture(kept: Mapping[str, Any], highest: float, further: frozenset[str] = frozenset()) -> dict[str, Any]:
    """A figure of the snapshot as `svg`, with its `width` and its `height` in millimetres, at most `highest`.

    `further` are the signs of fonts that the brief brings. With `squares` where a square has to stand for some sign.
    """
    which = paper.which(kept, highest)
    spec, scale = kept[which], paper.scale(kept[which], highest)
    plain = _VARIABLE.sub(lambda variable: _LIGHT[variable[1]], kept[f"svg_{which}"])
    size = {"width": round(spec["width"] * scale, 2), "height": round(spec["height"] * scale, 2)}
    shown = painted(plain, further) if beyond_the_files(plain) else plain
    return {"svg": shown, **size, **({"squares": True} if lacks_signs(plain, further) else {})}


def embedded(root: Path, image: Mapping[str, Any], docname: str) -> dict[str, Any]:
    """A picture of a chapter, as a run with `svg`, `alt`, `width` and `height` in millimetres.

    In: the folder that its place is told from, and the run of `blocks`. Raises `BriefError` for a picture that paper
    does not take, and for one without an alternative text.
    """
    place, alt = unquote(str(image["src"])), safe(str(image["alt"])).strip()
    path, kind = root / place, _KINDS.get(Path(place).suffix.lower())
    file = f"{docname}.md"
    if kind is None or not path.is_file():
        raise fail(f"the picture '{place}' cannot be set on paper", "Take a PNG, JPEG, GIF, WebP or SVG file.", file)
    if not alt:
        raise fail(f"the picture '{place}' has no alternative text", f"Write it: ![What it shows]({path.name}).", file)
    across, down = (float(length) for length in get_image_size(str(path)) or (0, 0))
    if across <= 0 or down <= 0:
        raise fail(f"the size of the picture '{place}' cannot be read", "Save it with a width and a height.", file)
    scale = min(_PIXEL, TEXT_WIDTH / across, _HIGHEST_EMBEDDED / down)
    content = base64.b64encode(path.read_bytes()).decode()
    drawn = f'<image width="{across:g}" height="{down:g}" href="data:image/{kind};base64,{content}"/>'
    svg = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {across:g} {down:g}">{drawn}</svg>'
    size = {"width": round(across * scale, 2), "height": round(down * scale, 2)}
    return {"k": "image", "svg": svg, "alt": alt, **size}
