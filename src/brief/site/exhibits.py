"""A figure or a table of the registry as it stands on a page: number, words, picture, data, downloads, code."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from markupsafe import Markup

from brief.book.chain import data_file
from brief.data.bibliography import short_name
from brief.prose.catalogue import say
from brief.prose.language import numeral, size_of
from brief.site.state import DATA_CHAPTER, Build
from brief.site.templating import rendered

_STACKS_FROM = 4
#: Cells of more characters than this make a narrow column a tall one.
_LONG = 60
_FOLDS_FROM = 25
#: In millimetres: how high a picture is at most on a printed page, whose margins the reader's browser sets.
_PRINTED_HIGH = 205.0
_KINDS = {"csv": "CSV", "svg": "SVG", "png": "PNG", "json": "Vega-Lite JSON"}


def script_json(content: Any) -> Markup:
    """Plain data as the inside of a script element: nothing in it can close the element or open a comment."""
    text = json.dumps(content, ensure_ascii=True, sort_keys=True, separators=(",", ":"))
    return Markup(text.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026"))


def choosers(table: dict[str, Any]) -> list[dict[str, Any]]:
    """What a reader may choose rows of a table by: name and place of the column, and its values in their order."""
    places = [(name, table["columns"].index(name)) for name in table["choose"]]
    return [
        {"name": name, "column": place, "options": list(dict.fromkeys(row[place] for row in displayed(table)))}
        for name, place in places
    ]


def displayed(kept: Mapping[str, Any]) -> list[list[str]]:
    """The rows of a figure's data or of a table as they are set: whole numbers as numerals, "1,234"."""
    places = set(kept["numbers"])
    return [
        [numeral(int(cell)) if place in places and cell else cell for place, cell in enumerate(row)]
        for row in kept["rows"]
    ]


def opened(kept: Mapping[str, Any]) -> dict[str, Any]:
    """A table with the columns that a reader opens taken out: columns, rows, and for each row the wholes by column.

    A whole stands beside its part only where it says more.
    """
    hidden = {kept["columns"].index(whole) for whole in kept["opens"].values()}
    shown = [place for place in range(len(kept["columns"])) if place not in hidden]
    places = {kept["columns"].index(part): kept["columns"].index(whole) for part, whole in kept["opens"].items()}
    wholes = [
        {shown.index(part): row[whole] for part, whole in places.items() if row[whole].strip() not in ("", row[part])}
        for row in kept["rows"]
    ]
    rows = [[row[place] for place in shown] for row in displayed(kept)]
    return {"columns": [kept["columns"][place] for place in shown], "rows": rows, "wholes": wholes}


def _cited(build: Build, kept: Mapping[str, Any]) -> dict[int, dict[str, str]]:
    """By the place of the column that names sources, the address of each by its name; none where no column does."""
    if not kept["cites"]:
        return {}
    sources = build.snapshot.content["sources"]
    named = {short_name(fields): f"sources.html#source-{key}" for key, fields in sources.items()}
    return {kept["columns"].index(kept["cites"]): named}


def _stacks(shown: Mapping[str, Any]) -> bool:
    """Whether a table becomes blocks on a phone, each cell under the name of its column; a few short ones fit."""
    shown = opened(shown) if shown.get("opens") else shown
    longest = max((len(cell) for row in shown["rows"] for cell in row[1:]), default=0)
    return len(shown["columns"]) >= (_STACKS_FROM if longest <= _LONG else _STACKS_FROM - 1)


def _levels() -> dict[str, str]:
    """By the words of a level or of a range of levels, what the stylesheet knows it by."""
    # Only here: it loads tables, and a build that has nothing to do needs none.
    from brief.contract.tables import LEVELS, NOT_ASSESSED

    ends = {say(level): level for level in LEVELS}
    ranges = {
        say("{low} to {high}", low=low, high=high): f"{ends[low]} to {ends[high]}" for low in ends for high in ends
    }
    return {**ranges, **ends, say(NOT_ASSESSED): NOT_ASSESSED}


def is_folded(kept: Mapping[str, Any]) -> bool:
    """Whether a table of the snapshot is a register: closed on the page, and left out on paper."""
    return bool(kept["folded"] or ((kept["left"] or len(kept["rows"]) >= _FOLDS_FROM) and not kept["choose"]))


def exhibit_html(build: Build, kind: str, exhibit_id: str, level: int) -> Markup:
    """The markup of an exhibit, its headline a heading of this level; nothing where its data are missing.

    The page and the trace have the same, which is written once.
    """
    key = (kind, exhibit_id, level)
    if key not in build.exhibits:
        build.exhibits[key] = _written(build, *key)
    return build.exhibits[key]


def _written(build: Build, kind: str, exhibit_id: str, level: int) -> Markup:
    kept = build.snapshot.content[f"{kind}s"][exhibit_id]
    if "unavailable" in kept:
        return Markup("")
    number = str(build.number(kind, exhibit_id))
    how_href = f"data.html#made-{kind}-{exhibit_id}" if DATA_CHAPTER in build.book.chapters else ""
    if kind == "table":
        href, size = data_file("table", exhibit_id), size_of(kept["size"])
        frame = {"number": number, "id": exhibit_id, "href": href, "size": size, "choosers": choosers(kept)}
        cited = _cited(build, kept)
        frame["made_href"] = how_href
        frame["weighs_json"] = script_json(kept["weighs"])
        folded = is_folded(kept)
        frame["fold"] = "fold--phone" if kept["folded_on_phones"] and not folded else ""
        folded = folded or kept["folded_on_phones"]
        stacks = _stacks(kept) and not kept["matrix"]
        return rendered(
            "table.html",
            levels=_levels(),
            table={**kept, **opened(kept), **frame, "folded": folded, "stacks": stacks, "cited": cited},
        )
    from brief.figures.drawing import paper

    downloads = [
        {
            "label": label,
            "href": f"figures/{exhibit_id}.{ending}",
            "size": size_of(kept["downloads"][ending]),
            "filename": f"{exhibit_id}.{ending}",
        }
        for ending, label in _KINDS.items()
    ]
    figure = {
        **kept,
        "rows": displayed(kept),
        "number": number,
        "made_href": how_href,
        "id": exhibit_id,
        "level": level,
        "svg_wide": Markup(kept["svg_wide"]),
        "svg_narrow": Markup(kept["svg_narrow"]),
        "svg_paper": Markup(kept["svg_compact"] if paper.which(kept, _PRINTED_HIGH) == "compact" else ""),
        "spec_wide": script_json(kept["wide"]),
        "spec_narrow": script_json(kept["narrow"]),
        "palette": script_json(build.snapshot.content["palette"]),
        "downloads": downloads,
        "spec_href": f"figures/{exhibit_id}.json",
    }
    return rendered("figure.html", figure={**figure, "stacks": _stacks(kept)})
