"""Rank acceptability: how often each option takes each rank when weights and open values are drawn at random."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import pandas as pd

from brief.figures import COMPACT, NARROW, SILENT, WIDE, Figure, Unavailable, figure
from brief.figures.appraisal import two
from brief.figures.drawing.palette import colour, series
from brief.figures.drawing.sheet import Sheet
from brief.figures.drawing.text import BOLD, wrap
from brief.findings.facts import Fact
from brief.prose.language import capital, counted, listed, number_word

if TYPE_CHECKING:
    from brief.data.appraisal import Appraisal
    from brief.findings.findings import Findings

Row = tuple[str, tuple[float, ...]]
_SIZE, _SMALL, _BAR, _HIGH = 14, 13, 12, 46


@figure("rank-acceptability")
def rank_acceptability(findings: Findings, facts: Mapping[str, Fact]) -> Figure | Unavailable:
    """For each rival the share of draws in which it takes each rank."""
    brief = findings.brief
    weighed = brief.appraisal
    if not weighed.acceptability:
        return Unavailable("No criterion is assessed for every rival yet.") if weighed.rivals else SILENT
    rows = _rows(weighed)
    ranks = max(len(shares) for _, shares in rows)
    sure = weighed.acceptability[0][0]
    names = weighed.names()
    common = list(dict.fromkeys(name for group in weighed.rivals for name in weighed.common(group)))
    left = [names[name] for name in weighed.criteria["criterion_id"] if name not in common]
    criteria = counted(len(common), "criterion", "criteria")
    told = [f"{name}: {listed(f'rank {place} {two(share)}' for place, share in _ranked(of))}." for name, of in rows]
    return Figure(
        headline=_headline(rows),
        subtitle=(
            f"Share of {sure.draws:,} draws of weights and open values in which an option takes each rank; on "
            f"{criteria} that every rival is assessed on; base: {counted(len(rows), 'rival', 'rivals')}"
        ),
        alt=f"A row for each option, a column for each rank, a bar for the share. {' '.join(told)}",
        note=(
            "Not a probability that an option is right: a share of what people could care about, were it "
            f"equally likely. The standard error of a share is not above {sure.error:.4f}."
            + (f" Left out, since not every rival is assessed on it: {'; '.join(left)}." if left else "")
        ),
        source="data/options/; SMAA-2 with ordinal criteria",
        data=pd.DataFrame(
            [(name, *map(two, shares)) for name, shares in rows],
            columns=["Option", *(f"Rank {place}" for place in range(1, ranks + 1))],
        ),
        wide=_draw(rows, ranks, WIDE),
        narrow=_draw(rows, ranks, NARROW),
        compact=_draw(rows, ranks, COMPACT),
    )


def _rows(weighed: Appraisal) -> list[Row]:
    """The rivals in the order of their file, each with its shares by rank."""
    names = weighed.names()
    found = []
    for sure, _ in weighed.acceptability:
        for option, part in sure.ranks.groupby("option_id", sort=False):
            found.append((names[str(option)], tuple(part.sort_values("rank")["share"])))
    return found


def _ranked(shares: Sequence[float]) -> list[tuple[int, float]]:
    return list(enumerate(shares, start=1))


def _headline(rows: Sequence[Row]) -> str:
    ever = [name for name, shares in rows if two(shares[0]) != two(0.0)]
    if len(ever) == len(rows):
        return f"Each of the {number_word(len(rows))} rivals comes first under some weights"
    never = [name for name, _ in rows if name not in ever]
    return f"{capital(listed(never))} {'comes' if len(never) == 1 else 'come'} first under hardly any weights"


def _draw(rows: Sequence[Row], ranks: int, room: int) -> dict[str, Any]:
    sheet = Sheet(room)
    beside = {WIDE: 200, COMPACT: 160}.get(room, 0)
    column = (room - beside) / ranks
    for place in range(ranks):
        sheet.text(beside + place * column, 14, f"Rank {place + 1}", _SMALL, fill=colour("soft"))
    y = 26.0
    for name, shares in rows:
        sheet.box(0, y, room, 1, fill=colour("line"), opacity=0.35)
        y += 8
        if beside:
            words = wrap(name, beside - 16, _SIZE)
            sheet.lines(0, y, words, _SIZE, 18, weight=BOLD)
        else:
            words = wrap(name, room, _SIZE)
            y = sheet.lines(0, y, words, _SIZE, 19, weight=BOLD) + 4
        for place, share in enumerate(shares):
            left = beside + place * column
            tells: dict[str, str | int] = {"Option": name, "Rank": place + 1, "Share": two(share)}
            sheet.box(left, y + 18, column - 10, _BAR, fill=colour("line"), opacity=0.2)
            sheet.box(left, y + 18, max((column - 10) * share, 0.5), _BAR, fill=series(0), tells=tells)
            sheet.text(left, y + 13, two(share), 13)
        y += max(_HIGH, len(words) * 18 + 6 if beside else 0)
    sheet.height = y
    return sheet.spec()
