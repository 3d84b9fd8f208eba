"""The figure of who reads what: each way to build each option, used by the rules and misused."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pandas as pd

from brief import shown as base
from brief.facts import Fact
from brief.figures import COMPACT, COMPACT_SMALLEST, NARROW, WIDE, Figure, figure
from brief.figures.drawing import Sheet
from brief.figures.palette import colour, series
from brief.figures.text import BOLD, width, wrap
from brief.language import capital, counted, listed
from brief_access import analysis
from brief_access.exercises import COULD, WARRANT, WAYS
from brief_access.facts import MODULE, of
from brief_access.words import LABELS, POWER, SOURCE, TO, ranged

if TYPE_CHECKING:
    from brief.project import Brief
    from brief_access.model import Outcomes

_NAMED, _OTHERS = "named", "others"
_LANE, _GAP = 8, 4
"""Height of a bar, and the room between the two bars of a way."""


@dataclass(frozen=True)
class Count:
    """How many messages are read: over the draws the median, the least and the most."""

    middle: int
    least: int
    most: int

    def __str__(self) -> str:
        return f"{self.middle:,}" if self.least == self.most else f"{self.middle:,} ({self.least:,}{TO}{self.most:,})"

    @classmethod
    def of(cls, row: Mapping[str, Any], part: str) -> Count:
        """The count of a part of `analysis.spread`."""
        return cls(*(int(row[f"{part}{end}"]) for end in ("", "_least", "_most")))

    @classmethod
    def over(cls, counts: Sequence[Count]) -> Count:
        """From the least to the most of several, with the least in the place of a median."""
        least = min(one.least for one in counts)
        return cls(least, least, max(one.most for one in counts))


@dataclass(frozen=True)
class Line:
    """A way to build an option. `cells`: by measure and by whose messages, how many are read."""

    option: str
    name: str
    cells: Mapping[tuple[str, str], Count]


def lines(found: Outcomes) -> list[Line]:
    """A line for each way, in their order."""
    counts = found.counts.assign(named=found.counts["named_before"] + found.counts["named_after"])
    rows = analysis.spread(counts[counts["measure"].isin([WARRANT, COULD])], parts=[_NAMED, _OTHERS])
    by = {(row["option"], row["way"], row["measure"]): row for row in base.records(rows)}
    return [
        Line(
            way.option,
            way.name,
            {
                (measure, whose): Count.of(by[(way.option, way.name, measure)], whose)
                for measure in (WARRANT, COULD)
                for whose in (_NAMED, _OTHERS)
            },
        )
        for way in WAYS
    ]


def _reaches(ways: Sequence[Line], measure: str) -> list[str]:
    """The options of which some way reaches people whom no warrant names."""
    return list(dict.fromkeys(one.option for one in ways if one.cells[(measure, _OTHERS)].most))


def _headline(ways: Sequence[Line]) -> str:
    options = list(dict.fromkeys(one.option for one in ways))
    ruled = listed(LABELS[name].lower() for name in _reaches(ways, WARRANT))
    misused = _reaches(ways, COULD)
    opens = f"only {ruled} reaches" if ruled and " and " not in ruled else f"{ruled or 'no option'} reach"
    if not ruled:
        opens += "es"
    some = f"misused, {len(misused)} of {len(options)} options can, in some design or in all"
    return f"Used by the rules, {opens} people whom no warrant names; {some}"


@figure("who-reads-what", module=MODULE)
def who_reads_what(brief: Brief, facts: Mapping[str, Fact]) -> Figure:
    """For each way to build each option: what is read on the warrant, and what whoever holds the power could open."""
    found = of(brief)
    ways = lines(found)
    bases = {whose: int(found.bases[_column(whose)].sum(axis=1).iloc[0]) for whose in (_NAMED, _OTHERS)}
    whole = found.given.messages
    heads = {
        (WARRANT, _NAMED): "Read on the warrant: the person named",
        (WARRANT, _OTHERS): "Read on the warrant: everybody else",
        (COULD, _NAMED): "Could be opened: the person named",
        (COULD, _OTHERS): "Could be opened: everybody else",
    }
    partners = {
        (row["option"], row["way"]): ranged(row, "partners")
        for row in base.records(analysis.spread(found.counts[found.counts["measure"] == WARRANT]))
    }
    data = pd.DataFrame(
        {
            "Option": [LABELS[one.option] for one in ways],
            "Design": [capital(one.name) for one in ways],
            **{head: [str(one.cells[key]) for one in ways] for key, head in heads.items()},
            "Of what is read on the warrant, written by others": [partners[(one.option, one.name)] for one in ways],
            "Power": [capital(POWER[one.option]) for one in ways],
        }
    )
    return Figure(
        headline=_headline(ways),
        subtitle=(
            "Messages opened in the model, median and range over "
            f"{counted(found.given.draws, 'drawn script', 'drawn scripts')}; base: {bases[_NAMED]:,} messages of the "
            f"person named, with partners, and {bases[_OTHERS]:,} of everybody else"
        ),
        alt=(
            "Two bars for each design, for the person named and for everybody else. "
            f"{' '.join(map(_told, ways))} There are {whole:,} messages in all."
        ),
        note=(
            "A model, not the code of any service. Conversations of the person named include what others wrote in "
            "them. Whoever holds the power ignores the rules: it holds all escrow keys, decides which devices are "
            "listed or what is scanned for, or uses the means to hack on everybody that it reaches. To read a second "
            "phone that is seized, that phone has to be seized as well."
        ),
        source=SOURCE,
        data=data,
        column_notes={
            heads[(COULD, _NAMED)]: "By whoever holds the power, the rules aside.",
            heads[(COULD, _OTHERS)]: "By whoever holds the power, the rules aside.",
            "Power": "What whoever holds the power has in hand.",
        },
        wide=_draw(ways, bases, WIDE),
        narrow=_draw(ways, bases, NARROW),
        compact=_draw_options(ways, bases),
    )


def _column(whose: str) -> list[str]:
    return ["named_before", "named_after"] if whose == _NAMED else ["others"]


def _told(one: Line) -> str:
    cell = one.cells
    return (
        f"{LABELS[one.option]}, {one.name}: on the warrant {cell[(WARRANT, _NAMED)]} of the person named and "
        f"{cell[(WARRANT, _OTHERS)]} of everybody else; whoever holds the power could open {cell[(COULD, _NAMED)]} and "
        f"{cell[(COULD, _OTHERS)]}."
    )


def _draw(ways: Sequence[Line], bases: Mapping[str, int], room: int) -> dict[str, Any]:
    """A heading for each option, a line for each of its ways, a panel for each of those whose messages they are."""
    sheet = Sheet(room)
    wide = room >= WIDE
    left = 232 if wide else 0
    panels = _panels(bases, left, room, 92 if wide else 62, 18 if wide else 10)
    y = _heads(sheet, panels, _key(sheet, room) + 8, 13 if wide else 12)
    option = ""
    for one in ways:
        if one.option != option:
            option = one.option
            sheet.box(0, y, room, 1, fill=colour("line"), opacity=0.5)
            y = sheet.lines(0, y + 6, [LABELS[option]], 14, 20, weight=BOLD) + 1
        names = wrap(capital(one.name), (left or room) - 12, 13)
        down = sheet.lines(0, y, names, 13, 17, fill=colour("soft"))
        top = y + 1 if wide else down + 1
        for panel in panels:
            _pair(sheet, panel, top, one.cells, 12)
        y = max(down, top + 2 * _LANE + _GAP + 2) + 8
    sheet.height = y
    return sheet.spec()


def _draw_options(ways: Sequence[Line], bases: Mapping[str, int]) -> dict[str, Any]:
    """A line for each option: from the least to the most over all its ways."""
    sheet = Sheet(COMPACT)
    size = COMPACT_SMALLEST
    panels = _panels(bases, 176, COMPACT, 62, 14)
    y = _heads(sheet, panels, _key(sheet, COMPACT) + 6, size)
    for option in dict.fromkeys(one.option for one in ways):
        own = [one for one in ways if one.option == option]
        cells = {key: Count.over([one.cells[key] for one in own]) for key in own[0].cells}
        sheet.box(0, y, COMPACT, 1, fill=colour("line"), opacity=0.5)
        down = sheet.lines(0, y + 5, wrap(LABELS[option], 168, size, BOLD), size, 16, weight=BOLD)
        for panel in panels:
            _pair(sheet, panel, y + 7, cells, size, over=True)
        y = max(down, y + 7 + 2 * 14) + 7
    sheet.height = y
    return sheet.spec()


@dataclass(frozen=True)
class Panel:
    """Where the bars for somebody's messages stand: `scale` pixels a message."""

    whose: str
    there: int
    left: float
    scale: float


def _panels(bases: Mapping[str, int], left: float, room: int, numbers: float, between: float) -> list[Panel]:
    each = (room - left - between) / 2
    return [
        Panel(whose, there, left + place * (each + between), (each - numbers) / max(there, 1))
        for place, (whose, there) in enumerate(bases.items())
    ]


def _heads(sheet: Sheet, panels: Sequence[Panel], y: float, size: float) -> float:
    names = {_NAMED: "The person named, with partners", _OTHERS: "Everybody else"}
    down = y
    for panel in panels:
        room = (panels[1].left - panels[0].left) - 10
        words = wrap(names[panel.whose], room, size, BOLD)
        end = sheet.lines(panel.left, y, words, size, 17, weight=BOLD)
        down = max(down, sheet.lines(panel.left, end, [f"of {panel.there:,}"], size, 17, fill=colour("soft")))
    return down + 5


def _pair(
    sheet: Sheet, panel: Panel, y: float, cells: Mapping[tuple[str, str], Count], size: float, over: bool = False
) -> None:
    """The two bars of a way: full for the warrant, outlined for whoever holds the power; a line for the range."""
    step = 14 if over else _LANE + _GAP
    for place, measure in enumerate((WARRANT, COULD)):
        count = cells[(measure, panel.whose)]
        top = y + place * step
        told = {"On the warrant" if measure == WARRANT else "Could be opened": str(count)}
        begin, end = (count.least, count.most) if over else (0, count.middle)
        x, long = panel.left + begin * panel.scale, max((end - begin) * panel.scale, 2.0)
        if not count.most:
            sheet.box(panel.left, top, 1.5, _LANE, fill=colour("line"))
        elif measure == WARRANT:
            sheet.box(x, top, long, _LANE, fill=series(0), tells=told)
        else:
            sheet.box(x + 1, top + 1, max(long - 2, 1), _LANE - 2, stroke=series(0), thick=2, tells=told)
        reach = panel.left + (end if over else max(count.middle, count.most)) * panel.scale
        if not over and count.least != count.most:
            sheet.box(
                panel.left + count.least * panel.scale,
                top + _LANE / 2 - 0.75,
                (count.most - count.least) * panel.scale,
                1.5,
                fill=colour("ink"),
            )
        words = f"{count.least:,}{TO}{count.most:,}" if over and count.least != count.most else str(count)
        sheet.text(reach + 6, top + _LANE, words, size, fill=None if count.most else colour("soft"))


def _key(sheet: Sheet, room: int) -> float:
    x, y = 0.0, 0.0
    names = ("Read on the warrant", "Could be opened by whoever holds the power")
    for place, name in enumerate(names):
        if x and x + 34 + width(name, 13) > room:
            x, y = 0.0, y + 20
        if place:
            sheet.box(x + 1, y + 5, 22, _LANE - 2, stroke=series(0), thick=2)
        else:
            sheet.box(x, y + 4, 24, _LANE, fill=series(0))
        sheet.text(x + 31, y + 13, name, 13)
        x += 31 + width(name, 13) + 20
    return y + 22
