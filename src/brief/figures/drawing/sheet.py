"""Putting shapes and text on a sheet of known size, and handing it to Altair.

Charts here place everything themselves, in pixels from the top left: nothing depends on how a renderer measures text.
What comes from outside stands in the data of the chart and nowhere else, so it cannot become an expression or markup.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from brief.contract.kept_work import done_once
from brief.figures.drawing.palette import colour
from brief.figures.drawing.text import FONT, REGULAR
from brief.prose.catalogue import say
from brief.prose.plain import shown

if TYPE_CHECKING:
    import altair as alt

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
        shapes = [
            {
                "look": {key: value for key, value in style if value is not None and key != "tells"},
                "tooltips": [_tooltip(name, rows) for name in dict(style)["tells"]],
            }
            for style, rows in self._shapes.items()
        ]
        looks = json.dumps({"width": self.width, "shapes": shapes, "texts": [dict(style) for style in self._texts]})
        spec: dict[str, Any] = json.loads(done_once("chart", (looks,), lambda: _chart(json.loads(looks))))
        spec["height"] = height = round(self.height)
        values = [*self._shapes.values(), *self._texts.values()]
        for layer, rows in zip(spec["layer"], values, strict=True):
            layer["encoding"]["y"]["scale"] = {"domain": [0, height], "range": [0, height]}
            layer["data"] = {"values": rows}
        return spec


def _chart(sheet: Mapping[str, Any]) -> bytes:
    """A sheet as a Vega-Lite specification, in JSON, without what follows from its data: these themselves, its height.

    So it is the same for other data of the same looks.
    """
    import altair as alt  # only here: what is kept takes no drawing
    from altair.utils import schemapi

    across = alt.Scale(domain=[0, sheet["width"]], range=[0, sheet["width"]])
    down = alt.Scale(domain=[0, 0], range=[0, 0])
    channels: dict[str, Any] = {
        "x": alt.X(field="x", type="quantitative", scale=across, axis=None),
        "y": alt.Y(field="y", type="quantitative", scale=down, axis=None),
        "tooltip": alt.TooltipValue(None),
    }
    far = {"x2": alt.X2(field="x2"), "y2": alt.Y2(field="y2")}
    words = alt.Text(field="text", type="nominal")
    layers: list[alt.UnitSpec] = []
    # Checking each part against the schema, and the copies that a chart makes of its layers, take longer than
    # drawing; the tests check the whole instead.
    with schemapi.debug_mode(False):
        for shape in sheet["shapes"]:
            look, tooltips = shape["look"], [alt.Tooltip(**tooltip) for tooltip in shape["tooltips"]]
            encoding = alt.Encoding(**{**channels, **far, **({"tooltip": tooltips} if tooltips else {})})
            layers.append(alt.UnitSpec(mark=alt.MarkDef(type="rect", **look, filled="fill" in look), encoding=encoding))
        for style in sheet["texts"]:
            mark = alt.MarkDef(type="text", **style)
            layers.append(alt.UnitSpec(mark=mark, encoding=alt.Encoding(**channels, text=words)))
        whole = alt.TopLevelLayerSpec(layer=layers, width=sheet["width"], height=0, config=alt.Config(**CONFIG))
        return json.dumps({**whole.to_dict(validate=False), "$schema": alt.SCHEMA_URL}).encode()


def _tooltip(name: str, rows: list[dict[str, Any]]) -> dict[str, str]:
    """What a pointer over a shape is told of a name. The field keeps it in English: a chart takes a dot for a path."""
    kind = "quantitative" if all(isinstance(row[name], int) for row in rows) else "nominal"
    return {"field": name, "type": kind, "title": say(name)}


def _safe(tells: Mapping[str, str | int]) -> dict[str, str | int]:
    return {name: value if isinstance(value, int) else shown(value) for name, value in tells.items()}


def _px(value: float) -> float:
    """Pixels to a tenth: enough for the eye, and the same digits everywhere."""
    rounded = round(value, 1)
    return int(rounded) if rounded == int(rounded) else rounded
