"""Pictures for sharing, 1200 by 630: a figure with headline, base, caveat and source in it; the brief itself.

All text is set in the bundled font, so the same words give the same bytes on every machine.
"""

from __future__ import annotations

from xml.etree import ElementTree

from brief.figures import Figure
from brief.figures.palette import colour
from brief.figures.render import SVG, png
from brief.figures.text import BOLD, FONT, REGULAR, wrap

WIDE, HIGH = 1200, 630
_MARGIN, _COLUMN, _GAP = 48, 420, 40
_LEADING = 1.3
#: A line of text: the words, size, weight, colour, and the room above it.
_Part = tuple[str, float, int, str, float]


def figure_card(figure: Figure, svg: str, origin: str) -> bytes:
    """A figure as PNG: words on the left, all of them, and the whole picture on the right. `svg`: `svg_drawn`."""
    root = _sheet()
    _words(
        root,
        [
            (figure.headline, 30, BOLD, "ink", 0),
            (figure.subtitle, 18, REGULAR, "soft", 14),
            (figure.note, 16, REGULAR, "soft", 18),
            (f"Source: {figure.source}", 16, REGULAR, "soft", 10),
            (origin, 16, BOLD, "soft", 10),
        ],
        _COLUMN,
    )
    inner = ElementTree.fromstring(svg)
    left = _MARGIN + _COLUMN + _GAP
    room, deep = WIDE - left - _MARGIN, HIGH - 2 * _MARGIN
    wide, high = float(inner.get("width", "1")), float(inner.get("height", "1"))
    scale = min(room / wide, deep / high)
    x, y = left + (room - wide * scale) / 2, _MARGIN + (deep - high * scale) / 2
    place = f"translate({x:.1f},{y:.1f}) scale({scale:.4f})"
    ElementTree.SubElement(root, f"{{{SVG}}}g", {"transform": place}).extend(list(inner))
    return _png(root)


def brief_card(title: str, subtitle: str, question: str, origin: str) -> bytes:
    """The card of the brief itself as PNG: its title, subtitle and question, and whose it is."""
    root = _sheet()
    _words(
        root,
        [
            (title, 58, BOLD, "ink", 0),
            (subtitle, 30, REGULAR, "soft", 12),
            (question, 30, REGULAR, "ink", 44),
            (origin, 22, BOLD, "soft", 40),
        ],
        WIDE - 2 * _MARGIN,
    )
    return _png(root)


def _sheet() -> ElementTree.Element:
    size = {"width": str(WIDE), "height": str(HIGH)}
    root = ElementTree.Element(f"{{{SVG}}}svg", {**size, "viewBox": f"0 0 {WIDE} {HIGH}"})
    ElementTree.SubElement(root, f"{{{SVG}}}rect", {**size, "fill": "#ffffff"})
    ElementTree.SubElement(root, f"{{{SVG}}}rect", {"width": str(WIDE), "height": "10", "fill": colour("series-1")})
    return root


def _words(root: ElementTree.Element, parts: list[_Part], room: float) -> None:
    """Set the parts one below the other, all of them: smaller, until they fit."""
    shrink = 1.0
    while _height(parts, room, shrink) > HIGH - 2 * _MARGIN and shrink > 0.4:
        shrink -= 0.05
    y = float(_MARGIN)
    for words, full, weight, ink, above in parts:
        if not words:
            continue
        size = full * shrink
        y += above * shrink
        for line in wrap(words, room, size, weight):
            y += size * _LEADING
            style = {"fill": colour(ink), "font-family": FONT, "font-size": f"{size:.1f}px", "font-weight": str(weight)}
            at = {"x": str(_MARGIN), "y": f"{y - size * 0.3:.1f}", **style}
            ElementTree.SubElement(root, f"{{{SVG}}}text", at).text = line


def _height(parts: list[_Part], room: float, shrink: float) -> float:
    return sum(
        above * shrink + len(wrap(words, room, full * shrink, weight)) * full * shrink * _LEADING
        for words, full, weight, _, above in parts
        if words
    )


def _png(root: ElementTree.Element) -> bytes:
    return png(ElementTree.tostring(root, "unicode"), scale=1)
