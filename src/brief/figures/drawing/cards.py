"""Pictures for sharing, 1200 by 630: a figure with headline, base, caveat and source in it; the brief itself.

All text is set in the bundled font, so the same words give the same bytes on every machine. Cards are seen small: no
letter is under `SMALLEST` pixels, whatever has to be cut for it. They are also seen alone, so no square stands on them
for a sign that the font lacks: words in a script that it lacks are left out, and the brief's id stands for its title.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from xml.etree import ElementTree

from brief.figures import Figure
from brief.figures.drawing.palette import colour
from brief.figures.drawing.render import SVG, png, smallest_letters, svg_drawn
from brief.figures.drawing.signs import showable
from brief.figures.drawing.text import BOLD, FONT, REGULAR, wrap
from brief.prose.catalogue import say

WIDE, HIGH = 1200, 630
SMALLEST = 14.0
"""Pixels of the smallest letters on a card: at half its size, as a phone shows it, about those of a footnote."""
_MARGIN, _COLUMN, _GAP = 48, 420, 40
_LEADING = 1.3


@dataclass(frozen=True)
class _Part:
    """Words of a card: their size, the smallest that they may shrink to, weight, colour, and the room above them."""

    words: str
    size: float
    least: float
    weight: int
    ink: str
    above: float
    most_lines: int | None = None

    def lines(self, room: float) -> list[str]:
        return wrap(self.words, room, self.size, self.weight, self.most_lines) if self.words else []

    def height(self, room: float) -> float:
        lines = len(self.lines(room))
        return self.above + lines * self.size * _LEADING if lines else 0.0


def figure_card(figure: Figure, origin: str, instead: str = "") -> str:
    """The card of a figure as SVG: words on the left, and the picture on the right: the compact one, else the wide one.

    Where its letters would be too small even so, the words stand alone, for a picture that cannot be read says nothing.
    `instead` stands for a headline that cannot be shown.
    """
    root = _sheet()
    spec = figure.compact or figure.wide
    left = _MARGIN + _COLUMN + _GAP
    room, deep = WIDE - left - _MARGIN, HIGH - 2 * _MARGIN
    scale = min(room / spec["width"], deep / spec["height"])
    readable = smallest_letters(spec) * scale >= SMALLEST
    _words(
        root,
        [
            _Part(figure.headline, 30, 22, BOLD, "ink", 0),
            _Part(figure.subtitle, 18, SMALLEST, REGULAR, "soft", 14),
            _Part(figure.note, 16, SMALLEST, REGULAR, "soft", 14),
            _Part(say("Source: {source}", source=figure.source), 16, SMALLEST, REGULAR, "soft", 8),
            _Part(origin, 16, SMALLEST, BOLD, "soft", 8),
        ],
        instead,
        _COLUMN if readable else WIDE - 2 * _MARGIN,
    )
    if readable:
        x = left + (room - spec["width"] * scale) / 2
        y = _MARGIN + (deep - spec["height"] * scale) / 2
        place = f"translate({x:.1f},{y:.1f}) scale({scale:.4f})"
        group = ElementTree.SubElement(root, f"{{{SVG}}}g", {"transform": place})
        group.extend(list(ElementTree.fromstring(svg_drawn(spec))))
        for element in group.iter():
            if element.text and element.text.strip():
                element.text = showable(element.text)
    return ElementTree.tostring(root, "unicode")


def brief_card(title: str, subtitle: str, question: str, origin: str, instead: str = "") -> str:
    """The card of the brief itself as SVG: its title (or `instead`), subtitle and question, and whose it is."""
    root = _sheet()
    _words(
        root,
        [
            _Part(title, 58, 30, BOLD, "ink", 0),
            _Part(subtitle, 30, 20, REGULAR, "soft", 12),
            _Part(question, 30, 20, REGULAR, "ink", 44),
            _Part(origin, 22, 16, BOLD, "soft", 40),
        ],
        instead,
        WIDE - 2 * _MARGIN,
    )
    return ElementTree.tostring(root, "unicode")


def drawn(card: str) -> bytes:
    """A card as PNG."""
    return png(card, scale=1)


def _sheet() -> ElementTree.Element:
    size = {"width": str(WIDE), "height": str(HIGH)}
    root = ElementTree.Element(f"{{{SVG}}}svg", {**size, "viewBox": f"0 0 {WIDE} {HIGH}"})
    ElementTree.SubElement(root, f"{{{SVG}}}rect", {**size, "fill": "#ffffff"})
    ElementTree.SubElement(root, f"{{{SVG}}}rect", {"width": str(WIDE), "height": "10", "fill": colour("series-1")})
    return root


def _words(root: ElementTree.Element, parts: list[_Part], instead: str, room: float) -> None:
    """Set the parts one below the other: smaller until they fit, cut with an ellipsis only where that is in vain.

    A part that the fonts cannot show is left out; for the first one `instead` is set.
    """
    shown = [replace(part, words=showable(part.words)) for part in parts]
    shown[0] = shown[0] if shown[0].words else replace(shown[0], words=showable(instead))
    y = float(_MARGIN)
    for part in _fitted([part for part in shown if part.words], room):
        lines = part.lines(room)
        y += part.above if lines else 0
        for line in lines:
            y += part.size * _LEADING
            style = {"fill": colour(part.ink), "font-family": FONT, "font-size": f"{part.size:.1f}px"}
            at = {"x": str(_MARGIN), "y": f"{y - part.size * 0.3:.1f}", "font-weight": str(part.weight), **style}
            ElementTree.SubElement(root, f"{{{SVG}}}text", at).text = line


def _fitted(parts: list[_Part], room: float) -> list[_Part]:
    deep = HIGH - 2 * _MARGIN

    def high(some: list[_Part]) -> float:
        return sum(part.height(room) for part in some)

    def bounded(part: _Part) -> _Part:
        # A line more than the card has room for is too much already: a long text is not measured to its end.
        most = int(deep / (part.size * _LEADING)) + 1
        return replace(part, most_lines=most if part.most_lines is None else min(part.most_lines, most))

    fitted = [bounded(part) for part in parts]
    for step in range(1, 13):
        if high(fitted) <= deep:
            return fitted
        shrink = 1 - 0.05 * step
        fitted = [
            bounded(replace(part, size=max(part.size * shrink, part.least), above=part.above * max(shrink, 0.5)))
            for part in parts
        ]
    while high(fitted) > deep:
        longest = max(range(len(fitted)), key=lambda place: fitted[place].height(room))
        lines = len(fitted[longest].lines(room))
        if lines <= 1:
            return fitted
        fitted[longest] = replace(fitted[longest], most_lines=lines - 1)
    return fitted
