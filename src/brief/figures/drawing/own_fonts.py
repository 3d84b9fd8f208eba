"""The fonts of pictures under a name that no font of the machine bears, with letters put together and a square.

The library that paints pictures also knows the fonts of the machine, and would take one of the same name, or any one
that has a sign which ours lacks. So pictures are painted in these alone.
"""

from __future__ import annotations

import io
import tempfile
import threading
import unicodedata
from collections.abc import Iterator
from functools import cache
from itertools import chain
from pathlib import Path
from typing import Any

from fontTools.pens.ttGlyphPen import TTGlyphPen
from fontTools.ttLib import TTFont

from brief.contract.kept_work import done_once
from brief.figures.drawing.text import FAMILY, FONTS

#: Stands for a sign that cannot be drawn, together with the marks that change it.
SQUARE = "\u25a1"

#: The family that the painted pictures name.
PAINTED = "Own Letters of Brief"
_ONE_AT_A_TIME = threading.Lock()
_NAMES = (1, 3, 4, 6, 16, 21)
_GLYPH = "own-square"
#: Where letters with one or two marks stand, among them those of Vietnamese.
_LETTERS = (range(0xC0, 0x250), range(0x1E00, 0x1F00))
_DOTLESS = {"i": "\u0131", "j": "\u0237"}
_DOT_BELOW = "\u0323"


def folder() -> Path:
    """A folder with the fonts, which lasts as long as this process and is then removed."""
    with _ONE_AT_A_TIME:  # a second one, made at the same time and dropped, would be gone while it is read
        return Path(_fonts_made().name)


@cache
def _fonts_made() -> tempfile.TemporaryDirectory[str]:
    folder = tempfile.TemporaryDirectory(prefix="brief-fonts-", ignore_cleanup_errors=True)
    for path in sorted(FONTS.glob("*.ttf")):
        content = path.read_bytes()
        font = done_once("font", (content,), lambda content=content: _font(content))  # type: ignore[misc]
        (Path(folder.name) / path.name).write_bytes(font)
    return folder


def _font(content: bytes) -> bytes:
    """A font file under the other name, with the letters and the square."""
    font = TTFont(io.BytesIO(content), recalcTimestamp=False)
    for name in font["name"].names:
        if name.nameID in _NAMES:
            name_painted = name.toUnicode().replace(FAMILY, PAINTED)
            name.string = name_painted.replace(FAMILY.replace(" ", ""), PAINTED.replace(" ", ""))
    _add_letters(font)
    _add_square(font)
    written = io.BytesIO()
    font.save(written)
    return written.getvalue()


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


def _add_letters(font: TTFont) -> None:
    """Add letters that the font holds in parts only, each as one sign: PDF/UA refuses several for one in a picture."""
    known, anchors = font.getBestCmap(), list(_anchors(font))
    for code in chain(*_LETTERS):
        if code in known:
            continue
        for letter, mark in _parts(chr(code)):
            names = known.get(ord(letter)), known.get(ord(mark))
            place = next((joined for anchor in anchors if all(names) and (joined := anchor(*names))), None)
            if place is not None:
                _add_glyph(font, code, *place)
                break


def _parts(sign: str) -> Iterator[tuple[str, str]]:
    """The ways in which a sign is a letter and one mark."""
    base, *marks = list(unicodedata.normalize("NFD", sign))
    for place, mark in enumerate(marks):
        letter = unicodedata.normalize("NFC", base + "".join(marks[:place] + marks[place + 1 :]))
        if len(letter) == 1:
            yield letter if mark == _DOT_BELOW else _DOTLESS.get(letter, letter), mark


def _anchors(font: TTFont) -> Iterator[Any]:
    """For each rule of the font by which marks are set on letters: what tells the place of a mark on a letter."""
    for lookup in font["GPOS"].table.LookupList.Lookup:
        for rule in lookup.SubTable:
            if lookup.LookupType == 4:
                yield lambda letter, mark, rule=rule: _place(rule, letter, mark)


def _place(rule: Any, letter: str, mark: str) -> tuple[str, str, int, int] | None:
    """A letter, its mark, and how far the mark is moved; nothing where a rule does not know them."""
    letters, marks = rule.BaseCoverage.glyphs, rule.MarkCoverage.glyphs
    mark = mark if mark in marks else f"{mark}.1"
    if letter not in letters or mark not in marks:
        return None
    mark_record = rule.MarkArray.MarkRecord[marks.index(mark)]
    anchor = rule.BaseArray.BaseRecord[letters.index(letter)].BaseAnchor[mark_record.Class]
    if anchor is None:
        return None
    at = mark_record.MarkAnchor
    return letter, mark, anchor.XCoordinate - at.XCoordinate, anchor.YCoordinate - at.YCoordinate


def _add_glyph(font: TTFont, code: int, letter: str, mark: str, right: int, up: int) -> None:
    name = f"own-{code:04x}"
    pen = TTGlyphPen(font.getGlyphSet())
    pen.addComponent(letter, (1, 0, 0, 1, 0, 0))
    pen.addComponent(mark, (1, 0, 0, 1, right, up))
    font.setGlyphOrder([*font.getGlyphOrder(), name])
    font["glyf"][name] = pen.glyph()
    font["hmtx"][name] = font["hmtx"][letter]
    for table in font["cmap"].tables:
        if table.isUnicode():
            table.cmap[code] = name
