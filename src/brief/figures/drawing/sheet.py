"""Putting shapes and text on a sheet of known size, and handing it to Altair.

Charts here place everything themselves, in pixels from the top left: nothing depends on how a renderer measures text.
What comes from outside stands in the data of the chart and nowhere else, so it cannot become an expression or markup.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from brief.contract.kept_work import done_once
from brief.figures.drawing.palette import colour
from brief.figures.drawing.text import FONT, REGULAR
from brief.prose.catalogue import say
from brief.prose.plain import shown

Style = tuple[tuple[str, Any], ...]

CONFIG: dict[str, Any] = {
    "aria": False,
    "background": "transparent",
    "font": FONT,
    "padding": 0,
    "view": {"continuousHeight": 300, "continuousWidth": 300, "stroke": None},
    "text": {"font": FONT, "baseline": "alphabetic", "limit": 0},
}
"""What all charts share. The text alternative stands on the page, so that of Vega, a label for each mark, is left
out."""

DASHES = ((), (5, 3), (1.5, 3))
"""Outlines that can be told apart without colour: solid, dashed, dotted."""


@dataclass
class Sheet:
    """Shapes and lines of text in the order in which they are drawn."""

    width: float
    height: float = 0.0
    _shapes: dict[Style, list[dict[str, Any]]] = field(default_factory=lambda: defaultdict(list))
    _texts: dict[Style, list[dict[str, Any]]] = field(default_factory=lambda: defaultdict(list))

    def box(
        self,
        x: float,
        y: float,
        width: float,
        height: float,
        *,
        fill: str | None = None,
        opacity: float = 1.0,
        stroke: str | None = None,
        thick: float = 1.5,
        dash: tuple[float, ...] = (),
        radius: float = 0.0,
        tells: Mapping[str, str | int] | None = None,
    ) -> None:
        """A rectangle; with `tells`, what a pointer over it is told, by readable names."""
        style: Style = (
            ("fill", fill),
            ("fillOpacity", opacity if fill else None),
            ("stroke", stroke),
            ("strokeWidth", thick if stroke else None),
            ("strokeDash", dash if stroke and dash else None),
            ("cornerRadius", radius),
            ("tells", tuple(tells or ())),
        )
        row = {"x": _px(x), "y": _px(y), "x2": _px(x + width), "y2": _px(y + height)}
        self._shapes[style].append({**row, **_safe(tells or {})})
        self.height = max(self.height, y + height)

    def text(
        self,
        x: float,
        y: float,
        words: str,
        size: float,
        *,
        weight: int = REGULAR,
        fill: str | None = None,
        align: str = "left",
    ) -> None:
        """One line of text; y is its baseline. The colour is `ink` unless another is given."""
        style: Style = (("fontSize", size), ("fontWeight", weight), ("fill", fill or colour("ink")), ("align", align))
        self._texts[style].append({"x": _px(x), "y": _px(y), "text": shown(words)})
        self.height = max(self.height, y + size * 0.35)

    def lines(self, x: float, y: float, lines: list[str], size: float, leading: float, **style: Any) -> float:
        """Lines of text one below the other, the first with its top at y. Returns where the next thing may begin."""
        for line in lines:
            self.text(x, y + size * 0.82 + (leading - size) / 2, line, size, **style)
            y += leading
        return y

    def spec(self) -> dict[str, Any]:
        """The sheet as a Vega-Lite specification with its data in it; the same sheet gives the same bytes."""
        layers = []
        for style, rows in self._shapes.items():
            look = {key: value for key, value in style if value is not None}
            tooltips = [_tooltip(name, rows) for name in look.pop("tells")]
            if "strokeDash" in look:
                look["strokeDash"] = list(look["strokeDash"])
            layers.append(self._layer("rect", {**look, "filled": "fill" in look}, tooltips, rows))
        layers += [self._layer("text", dict(style), [], rows) for style, rows in self._texts.items()]
        size = {"width": self.width, "height": round(self.height)}
        return {**json.loads(_form("", ())), **size, "layer": layers}

    def _layer(
        self, mark: str, look: Mapping[str, Any], tooltips: list[dict[str, str]], rows: list[dict[str, Any]]
    ) -> dict[str, Any]:
        layer: dict[str, Any] = json.loads(_form(mark, tuple(look)))
        layer["mark"].update(look)
        if tooltips:
            layer["encoding"]["tooltip"] = tooltips
        for channel, end in (("x", self.width), ("y", round(self.height))):
            layer["encoding"][channel]["scale"] = {"domain": [0, end], "range": [0, end]}
        layer["data"] = {"values": rows}
        return layer


@cache
def _form(mark: str, looks: tuple[str, ...]) -> bytes:
    """A layer as Vega-Lite has it, in JSON, without what follows from a sheet: values of its look, size, data.

    So it is the same for other data. Without a mark it is the whole around the layers.
    """
    return done_once("form", (mark, " ".join(looks)), lambda: _chart(mark, looks))


def _chart(mark: Any, looks: Sequence[str]) -> bytes:
    import altair as alt  # only here: what is kept takes no drawing
    from altair.utils import schemapi

    places: dict[str, Any] = {"type": "quantitative", "scale": None, "axis": None}
    channels: dict[str, Any] = {"x": alt.X(field="x", **places), "y": alt.Y(field="y", **places)}
    channels["tooltip"] = alt.TooltipValue(None)
    if mark == "rect":
        channels |= {"x2": alt.X2(field="x2"), "y2": alt.Y2(field="y2")}
    elif mark == "text":
        channels |= {"text": alt.Text(field="text", type="nominal")}
    # Checking each part against the schema takes longer than drawing; the tests check the whole instead.
    with schemapi.debug_mode(False):
        if not mark:
            whole = alt.TopLevelLayerSpec(layer=[], width=0, height=0, config=alt.Config(**CONFIG))
            return json.dumps({**whole.to_dict(validate=False), "$schema": alt.SCHEMA_URL}).encode()
        unset: dict[str, Any] = dict.fromkeys(looks)
        layer = alt.UnitSpec(mark=alt.MarkDef(type=mark, **unset), encoding=alt.Encoding(**channels))
        return json.dumps(layer.to_dict(validate=False)).encode()


def _tooltip(name: str, rows: list[dict[str, Any]]) -> dict[str, str]:
    """What a pointer over a shape is told of a name. The field keeps it in English: a chart takes a dot for a path."""
    kind = "quantitative" if all(isinstance(row[name], int) for row in rows) else "nominal"
    return {"field": name, "title": say(name), "type": kind}


def _safe(tells: Mapping[str, str | int]) -> dict[str, str | int]:
    return {name: value if isinstance(value, int) else shown(value) for name, value in tells.items()}


def _px(value: float) -> float:
    """Pixels to a tenth: enough for the eye, and the same digits everywhere."""
    rounded = round(value, 1)
    return int(rounded) if rounded == int(rounded) else rounded
