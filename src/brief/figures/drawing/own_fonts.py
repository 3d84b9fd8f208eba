"""The fonts of pictures under a name that no font of the machine bears, with a square among their signs.

The library that paints pictures also knows the fonts of the machine, and would take one of the same name, or any one
that has a sign which ours lacks. So pictures are painted in these alone.
"""

from __future__ import annotations

import tempfile
from functools import cache
from pathlib import Path

from fontTools.pens.ttGlyphPen import TTGlyphPen
from fontTools.ttLib import TTFont

from brief.figures.drawing.signs import SQUARE, printable_picture
from brief.figures.drawing.text import FAMILY, FONT, FONTS

#: The family that the painted pictures name.
PAINTED = "Own Letters of Brief"
_NAMES = (1, 3, 4, 6, 16, 21)
_GLYPH = "own-square"


@cache
def folder() -> tempfile.TemporaryDirectory[str]:
    """A folder with the fonts, which lasts as long as this process and is then removed."""
    made = tempfile.TemporaryDirectory(prefix="brief-fonts-", ignore_cleanup_errors=True)
    for path in sorted(FONTS.glob("*.ttf")):
        font = TTFont(path, recalcTimestamp=False)
        for record in font["name"].names:
            if record.nameID in _NAMES:
                told = record.toUnicode().replace(FAMILY, PAINTED)
                record.string = told.replace(FAMILY.replace(" ", ""), PAINTED.replace(" ", ""))
        _add_square(font)
        font.save(Path(made.name) / path.name)
    return made


def painted(svg: str) -> str:
    """A picture as SVG that needs no other font than these: a square stands for each sign that they lack."""
    return printable_picture(svg).replace(f'font-family="{FONT}"', f'font-family="{PAINTED}"')


def _add_square(font: TTFont) -> None:
    """Add the square: as high as a capital letter, its line a tenth of that."""
    high = font["OS/2"].sCapHeight
    line, left = high // 10, high // 8
    pen = TTGlyphPen(None)
    for inset, clockwise in ((0, True), (line, False)):
        low, top, near, far = inset, high - inset, left + inset, left + high - inset
        corners = [(near, low), (near, top), (far, top), (far, low)]
        first, *others = corners if clockwise else corners[::-1]
        pen.moveTo(first)
        for corner in others:
            pen.lineTo(corner)
        pen.closePath()
    font.setGlyphOrder([*font.getGlyphOrder(), _GLYPH])
    font["glyf"][_GLYPH] = pen.glyph()
    font["hmtx"][_GLYPH] = (high + 2 * left, left)
    for table in font["cmap"].tables:
        if table.isUnicode():
            table.cmap[ord(SQUARE)] = _GLYPH
