"""The figure of who reads what: each way to build each option, used by the rules and misused."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pandas as pd

from brief.figures import COMPACT, COMPACT_SMALLEST, NARROW, WIDE, Figure, figure
from brief.figures.drawing.palette import colour, series
from brief.figures.drawing.sheet import Sheet
from brief.figures.drawing.text import BOLD, width, wrap
from brief.findings import naming
from brief.findings.facts import Fact
from brief.prose.language import capital, counted, listed
from brief_access import analysis
from brief_access.exercises import COULD, WARRANT, WAYS
from brief_access.facts import MODULE, of
from brief_access.words import LABELS, POWER, SOURCE, TO, moments, ranged

if TYPE_CHECKING:
    from brief.findings.findings import Findings
    from brief_access.model import Outcomes

_NAMED, _OTHERS = "named", "others"
_LANE, _STEP, _BELOW = 9, 14, 6
"""Height of a bar, how far below the first bar of a way the second stands, and the room below both."""


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
        least = min(count.least for count in counts)
        return cls(least, least, max(count.most for count in counts))


@dataclass(frozen=True)
class Line:
    """A way to build an option. `cells`: by measure and by whose messages, how many are read."""

    option: str
    name: str
    cells: Mapping[tuple[str, str], Count]


def lines(outcomes: Outcomes) -> list[Line]:
    """A line for each way, in their order."""
    counts = outcomes.counts.assign(named=outcomes.counts["named_before"] + outcomes.counts["named_after"])
    rows = analysis.spread(counts[counts["measure"].isin([WARRANT, COULD])], parts=[_NAMED, _OTHERS])
    by = {(row["option"], row["way"], row["measure"]): row for row in naming.rows_of(rows)}
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
    return list(dict.fromkeys(way.option for way in ways if way.cells[(measure, _OTHERS)].most))


def _headline(ways: Sequence[Line]) -> str:
    options = list(dict.fromkeys(way.option for way in ways))
    ruled = listed(LABELS[name].lower() for name in _reaches(ways, WARRANT))
    misused = _reaches(ways, COULD)
    opens = f"only {ruled} reads" if ruled and " and " not in ruled else f"{ruled or 'no option'} read"
    if not ruled:
        opens += "s"
    some = f"misused, {len(misused)} of the {len(options)} means tested could, in some design"
    return f"By the rules, {opens} messages between people whom no warrant names; {some}"


@figure("who-reads-what", module=MODULE)
def who_reads_what(findings: Findings, facts: Mapping[str, Fact]) -> Figure:
    """For each way to build each option: what is read on the warrant, and what whoever holds the power could open."""
    brief = findings.brief
    outcomes = of(brief)
    ways = lines(outcomes)
    bases = {whose: int(outcomes.bases[_column(whose)].sum(axis=1).iloc[0]) for whose in (_NAMED, _OTHERS)}
    whole = outcomes.given.messages
    heads = {
        (WARRANT, _NAMED): "Read by the rules: the person named",
        (WARRANT, _OTHERS): "Read by the rules: everybody else",
        (COULD, _NAMED): "Could be opened: the person named",
        (COULD, _OTHERS): "Could be opened: everybody else",
    }
    partners = {
        (row["option"], row["way"]): ranged(row, "partners")
        for row in naming.rows_of(analysis.spread(outcomes.counts[outcomes.counts["measure"] == WARRANT]))
    }
    data = pd.DataFrame(
        {
            "Option": [LABELS[way.option] for way in ways],
            "Design": [capital(way.name) for way in ways],
            **{head: [str(way.cells[key]) for way in ways] for key, head in heads.items()},
            "Of what is read by the rules, written by others": [partners[(way.option, way.name)] for way in ways],
            "Power": [capital(POWER[way.option]) for way in ways],
        }
    )
    return Figure(
        headline=_headline(ways),
        subtitle=(
            f"Messages opened in the model over {counted(outcomes.given.draws, 'draw', 'draws')} of who writes when; "
            f"base: {bases[_NAMED]:,} messages of the person named, with partners, and {bases[_OTHERS]:,} of everybody "
            "else"
        ),
        alt=(
            "Two bars for each design, for the person named and for everybody else. "
            f"{' '.join(map(_sentence, ways))} There are {whole:,} messages in all."
        ),
        note=(
            f"{moments(outcomes.given)} "
            "A model, not the code of any service. The person named is counted with what partners wrote. Whoever "
            "holds the power ignores the rules. It holds all escrow keys, decides which devices are listed or what is "
            "scanned for, or hacks everybody within reach. To read a second phone, that phone has to be seized as well."
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


def _sentence(way: Line) -> str:
    cell = way.cells
    return (
        f"{LABELS[way.option]}, {way.name}: by the rules {cell[(WARRANT, _NAMED)]} of the person named and "
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
    for way in ways:
        if way.option != option:
            option = way.option
            sheet.box(0, y, room, 1, fill=colour("line"), opacity=0.5)
            y = sheet.lines(0, y + 6, [LABELS[option]], 14, 20, weight=BOLD) + 2
        nothing = not wide and not any(count.most for count in way.cells.values())
        names = wrap(f"{capital(way.name)}: none" if nothing else capital(way.name), (left or room) - 12, 13)
        down = sheet.lines(0, y, names, 13, 17, fill=colour("soft"))
        if nothing:
            y = down + 7
            continue
        top = y + 1 if wide else down + 1
        for panel in panels:
            _pair(sheet, panel, top, way.cells, 12)
        y = max(down, top + _STEP + _LANE + 2) + _BELOW
    sheet.height = y
    return sheet.spec()


def _draw_options(ways: Sequence[Line], bases: Mapping[str, int]) -> dict[str, Any]:
    """A line for each option: from the least to the most over all its ways."""
    sheet = Sheet(COMPACT)
    size = COMPACT_SMALLEST
    panels = _panels(bases, 176, COMPACT, 62, 14)
    y = _heads(sheet, panels, _key(sheet, COMPACT, over=True) + 6, size)
    for option in dict.fromkeys(way.option for way in ways):
        own = [way for way in ways if way.option == option]
        cells = {key: Count.over([way.cells[key] for way in own]) for key in own[0].cells}
        sheet.box(0, y, COMPACT, 1, fill=colour("line"), opacity=0.5)
        down = sheet.lines(0, y + 5, wrap(LABELS[option], 168, size, BOLD), size, 16, weight=BOLD)
        for panel in panels:
            _pair(sheet, panel, y + 7, cells, size, over=True)
        y = max(down, y + 7 + 2 * _STEP) + 7
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
    """The two bars of a way: filled for the warrant, outlined for whoever holds the power; pale beyond the least."""
    pair = {measure: cells[(measure, panel.whose)] for measure in (WARRANT, COULD)}
    if not any(count.most for count in pair.values()):
        sheet.box(panel.left, y + 3, 1.5, _LANE, fill=colour("line"))
        sheet.text(panel.left + 7, y + 3 + _LANE, "0", size, fill=colour("soft"))
        return
    for place, (measure, count) in enumerate(pair.items()):
        top = y + place * _STEP
        tooltip = {"By the rules" if measure == WARRANT else "Could be opened": str(count)}
        if not count.most:
            sheet.box(panel.left, top, 1.5, _LANE, fill=colour("line"))
        bar(
            sheet, panel.left, top, _LANE, count, panel.scale, measure == COULD, None if over else count.middle, tooltip
        )
        words = f"{count.least:,}{TO}{count.most:,}" if over and count.least != count.most else str(count)
        end = panel.left + count.most * panel.scale + 7
        sheet.text(end, top + _LANE, words, size, fill=None if count.most else colour("soft"))


def bar(
    sheet: Sheet,
    left: float,
    top: float,
    high: float,
    count: Count,
    scale: float,
    outlined: bool,
    middle: int | None,
    tooltip: Mapping[str, str | int],
) -> None:
    """A bar that is full up to the least and pale from there to the most, with a mark at the median."""
    for begin, end, sure in ((0, count.least, True), (count.least, count.most, False)):
        x, long = left + begin * scale, (end - begin) * scale
        if end == begin:
            continue
        if outlined:
            dash = () if sure else (3, 2)
            sheet.box(x + 1, top + 1, max(long - 2, 1), high - 2, stroke=series(0), thick=1.5, dash=dash, tells=tooltip)
        else:
            sheet.box(x, top, long, high, fill=series(0), opacity=1 if sure else 0.35, tells=tooltip)
    if middle is not None and count.least != count.most:
        sheet.box(left + middle * scale - 1, top - 2, 2, high + 4, fill=colour("ink"))


def _key(sheet: Sheet, room: int, over: bool = False) -> float:
    """What filled, outlined and pale mean; `over`: where a bar stands for all designs of an option."""
    x, y = 0.0, 0.0
    pale = "in some designs or draws only" if over else "in some draws only; the mark is the median"
    sample = Count(2, 2, 2)
    for name, count, outlined in (
        ("Read by the rules", sample, False),
        ("Could be opened by whoever holds the power", sample, True),
        (f"Pale or dashed: {pale}", Count(2, 1, 3), False),
    ):
        if x and x + 31 + width(name, 13) > room:
            x, y = 0.0, y + 20
        bar(sheet, x, y + 4, _LANE, count, 24 / count.most, outlined, None if over else count.middle, {})
        lines_ = wrap(name, room - 31, 13)
        for place, line in enumerate(lines_):
            sheet.text(x + 31, y + 13 + 17 * place, line, 13)
        y += 17 * (len(lines_) - 1)
        x += 31 + max(width(line, 13) for line in lines_) + 20
    return y + 22
