"""From a Vega-Lite specification to pictures: SVG for a page, SVG that stands alone, and PNG.

All text is set in the bundled font, so the same specification gives the same bytes on every machine, whatever fonts it
has. In a picture that is painted, a square stands for each sign that the bundled font lacks.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import lru_cache
from typing import Any
from xml.etree import ElementTree

from brief.contract.kept_work import done_once
from brief.figures import Figure
from brief.figures.drawing import own_fonts, painter
from brief.figures.drawing.own_fonts import SQUARE
from brief.figures.drawing.palette import colour, variable_for
from brief.figures.drawing.signs import IN_THIS_PICTURE, lacks_signs, painted
from brief.figures.drawing.text import BOLD, FONT, REGULAR, wrap
from brief.prose.catalogue import say
from brief.prose.plain import shown

SVG = "http://www.w3.org/2000/svg"
_PAINTS = ("fill", "stroke", "stop-color")
_REFERENCE = re.compile(r"url\(#([^)]+)\)")
_MARGIN = 24
_KEPT_ATTRIBUTES = {
    *("x", "y", "d", "width", "height", "viewBox", "transform", "clip-path", "id"),
    *("fill", "fill-opacity", "stroke", "stroke-width", "stroke-opacity", "stroke-dasharray", "opacity"),
    *("stroke-linecap", "stroke-linejoin", "stroke-miterlimit"),
    *("font-family", "font-size", "font-weight", "text-anchor"),
}
_KEPT_ELEMENTS = {"svg", "g", "path", "rect", "text", "tspan", "defs", "clipPath"}


def svg_for_page(spec: dict[str, Any], content_id: str) -> str:
    """The picture as SVG to stand in a page.

    Colours of the palette are CSS variables, ids begin with one made from `content_id` and the content, the ground is
    transparent, and it is hidden from screen readers: the page holds the text alternative. No script, no style sheet,
    no reference to anything outside.
    """
    root = _drawn(spec)
    prefix = "f" + hashlib.sha256((content_id + ElementTree.tostring(root, "unicode")).encode()).hexdigest()[:10]
    for element in root.iter():
        for name, value in list(element.attrib.items()):
            if name == "id":
                element.set(name, f"{prefix}-{value}")
            elif name in _PAINTS:
                element.set(name, variable_for(value) or value)
            elif name == "clip-path":
                element.set(name, _REFERENCE.sub(rf"url(#{prefix}-\1)", value))
    root.set("aria-hidden", "true")
    root.set("focusable", "false")
    return _written(root)


def svg_standalone(spec: dict[str, Any], figure: Figure) -> str:
    """The picture with headline, subtitle, note and source inside it, on white, for use outside the page."""
    inner = _drawn(spec)
    wide, high = float(inner.get("width", "0")), float(inner.get("height", "0"))
    size = 20 if wide > 500 else 17
    room = wide
    outer = ElementTree.Element(f"{{{SVG}}}svg", {"role": "img"})
    ElementTree.SubElement(outer, f"{{{SVG}}}title").text = shown(figure.headline)
    ElementTree.SubElement(outer, f"{{{SVG}}}desc").text = shown(figure.alt)
    ground = ElementTree.SubElement(outer, f"{{{SVG}}}rect", {"width": "100%", "height": "100%", "fill": "#ffffff"})
    y = float(_MARGIN)
    y = _paragraph(outer, figure.headline, y, room, size, BOLD, "ink") + 4
    y = _paragraph(outer, figure.subtitle, y, room, 13, REGULAR, "soft") + 16
    group = ElementTree.SubElement(outer, f"{{{SVG}}}g", {"transform": f"translate({_MARGIN},{round(y)})"})
    group.extend(list(inner))
    y += high + 18
    y = _paragraph(outer, figure.note, y, room, 12, REGULAR, "soft") + 4
    y = _paragraph(outer, say("Source: {source}", source=figure.source), y, room, 12, REGULAR, "soft")
    full = (str(round(wide + 2 * _MARGIN)), str(round(y + _MARGIN)))
    outer.set("width", full[0])
    outer.set("height", full[1])
    outer.set("viewBox", f"0 0 {full[0]} {full[1]}")
    ground.set("width", full[0])
    ground.set("height", full[1])
    return _written(outer)


def svg_drawn(spec: dict[str, Any]) -> str:
    """The picture alone as SVG, in the colours of a light page."""
    return _written(_drawn(spec))


def smallest_letters(spec: Mapping[str, Any]) -> float:
    """The size of the smallest letters of a picture, in its own pixels; without any, those of a page."""
    marks = [layer["mark"] for layer in spec.get("layer", [spec]) if "mark" in layer]
    return min((mark["fontSize"] for mark in marks if isinstance(mark, dict) and "fontSize" in mark), default=14.0)


def png_standalone(spec: dict[str, Any], figure: Figure) -> bytes:
    """The picture for use outside the page as PNG; where it cannot show a sign, its note says so."""
    return png(said_if_lacking(lambda figure: svg_standalone(spec, figure), figure))


def said_if_lacking(draw: Callable[[Figure], str], figure: Figure) -> str:
    """A figure drawn; where signs of it cannot be painted, drawn again with a note that says so."""
    svg = draw(figure)
    if not lacks_signs(svg):
        return svg
    return draw(replace(figure, note=f"{figure.note} {say(IN_THIS_PICTURE, square=SQUARE)}".strip()))


def png(svg: str, scale: float = 2) -> bytes:
    """A picture as PNG, at twice its size where nothing else is said."""
    picture = painted(svg)
    return done_once("png", (picture, str(scale)), lambda: painter.png(picture, scale, str(own_fonts.folder())))


def _drawn(spec: dict[str, Any]) -> ElementTree.Element:
    """The specification drawn, with only those elements and attributes left that a picture needs.

    Raises `Refused` for one that cannot be drawn.
    """
    try:
        written = json.dumps(spec)
    except (TypeError, ValueError) as error:
        raise painter.Refused(f"it cannot be written as JSON: {error}") from None
    for side in ("width", "height"):
        if not isinstance(spec.get(side), int | float):
            raise painter.Refused(f"it has no {side} in pixels")
    root = ElementTree.fromstring(_svg(written))
    _keep_known(root)
    for empty in [child for child in root if child.tag == f"{{{SVG}}}rect" and child.get("fill") == "transparent"]:
        root.remove(empty)
    return root


@lru_cache(maxsize=3)
def _svg(spec: str) -> str:
    """The specification, as JSON, drawn: each size of a figure once for the page and for the downloads."""
    return done_once("svg", (spec,), lambda: painter.svg(spec)).decode()


def _keep_known(element: ElementTree.Element) -> None:
    for name in [name for name in element.attrib if name not in _KEPT_ATTRIBUTES]:
        del element.attrib[name]
    for child in list(element):
        if child.tag.removeprefix(f"{{{SVG}}}") in _KEPT_ELEMENTS:
            _keep_known(child)
        else:
            element.remove(child)


def _paragraph(
    parent: ElementTree.Element, words: str, y: float, room: float, size: int, weight: int, ink: str
) -> float:
    """Add wrapped text with its top at y. Returns its lower edge; empty text takes no room."""
    if not words:
        return y
    for line in wrap(words, room, size, weight):
        y += round(size * 1.35)
        attributes = {
            "x": str(_MARGIN),
            "y": str(round(y - size * 0.3)),
            "fill": colour(ink),
            "font-family": FONT,
            "font-size": f"{size}px",
            "font-weight": str(weight),
        }
        ElementTree.SubElement(parent, f"{{{SVG}}}text", attributes).text = line
    return y


def _written(root: ElementTree.Element) -> str:
    ElementTree.register_namespace("", SVG)
    return ElementTree.tostring(root, "unicode")
