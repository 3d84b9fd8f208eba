"""The claims ladder: on whose word does a reader have each claim? A row a claim, its steps from page to origin."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pandas as pd

from brief import shown as base
from brief.facts import Fact
from brief.figures import NARROW, WIDE, Figure, Unavailable, figure
from brief.figures.drawing import Sheet
from brief.figures.palette import colour, series
from brief.figures.text import BOLD, width, wrap
from brief.language import capital, counted, listed, number_word
from brief.record import CHAIN_KINDS, chain_of

if TYPE_CHECKING:
    from brief.project import Brief

UNNAMED = CHAIN_KINDS[-1]
_LABELS = {"organisation": "Organisation", "named person": "Person with a name", "unnamed": "Without a name"}
_SHAPE, _SMALL, _SIZE = 16, 12, 14


@dataclass(frozen=True)
class Row:
    """A claim as it is drawn: its paragraph and words, its steps as (name, kind), and its status."""

    paragraph: str
    words: str
    steps: tuple[tuple[str, str], ...]
    status: str


@figure("claims-ladder")
def claims_ladder(brief: Brief, facts: Mapping[str, Fact]) -> Figure | Unavailable:
    """The steps from the page to the origin of each claim of the articles, and what other sources say of it."""
    claims = brief.record.article_claims
    if not len(claims):
        return Unavailable("No claim of an article has been looked into yet.")
    rows = [_row(one) for one in base.records(claims)]
    whole = counted(len(rows), "claim", "claims")
    origins = [row.steps[-1][1] for row in rows]
    unnamed = origins.count(UNNAMED)
    kinds = [f"{_LABELS[kind].lower()} {number_word(origins.count(kind), zero='none')}" for kind in CHAIN_KINDS]
    states = [row.status for row in rows]
    by_status = [f"{status} {number_word(states.count(status))}" for status in dict.fromkeys(states)]
    articles = listed(base.article_named(article) for article in brief.articles)
    verb = "leads" if unnamed == 1 else "lead"
    return Figure(
        headline=f"Of {whole}, {number_word(unnamed, zero='none')} {verb} back to somebody without a name",
        subtitle=f"Steps from the page to the origin of each claim, and how it stands; {articles}; base: {whole}",
        alt=(
            "A row for each claim, with a shape for each step by which a reader has it. "
            f"Origin: {'; '.join(kinds)}. Status: {'; '.join(by_status)}."
        ),
        note=(
            "An origin without a name is not a sign that a claim is wrong. The status is a single reading of what "
            "other sources say; the reasons stand with each claim."
        ),
        source=f"{articles}; claims and their sources as this page lists them",
        data=pd.DataFrame(
            {
                "Paragraph": [row.paragraph for row in rows],
                "Claim": [row.words for row in rows],
                "On whose word": [" → ".join(f"{name} ({kind})" for name, kind in row.steps) for row in rows],
                "Kind": claims["kind"].to_list(),
                "Status": [row.status for row in rows],
                "Why": claims["why"].to_list(),
                "Sources": claims["sources"].to_list(),
            }
        ),
        column_notes={
            "On whose word": "The steps from the page to the origin, each with its kind.",
            "Sources": "Keys of the list of sources.",
        },
        wide=_draw(rows, WIDE),
        narrow=_draw(rows, NARROW),
    )


def _row(claim: Mapping[str, Any]) -> Row:
    return Row(claim["item"].rpartition("#p")[2], claim["quote"], tuple(chain_of(claim)), claim["status"])


def _draw(rows: Sequence[Row], room: int) -> dict[str, Any]:
    sheet = Sheet(room)
    wide = room >= WIDE
    y = _key(sheet) + 12
    left = 390 if wide else 0
    words_room = left - 20 if wide else room
    each = (room - left) / max(len(row.steps) for row in rows)
    for row in rows:
        sheet.box(0, y, room, 1, fill=colour("line"), opacity=0.5)
        y += 10
        place = f"Paragraph {row.paragraph}"
        sheet.text(width(place, _SMALL) + 10, y + 12, capital(row.status), _SMALL, weight=BOLD)
        top = sheet.lines(0, y, [place], _SMALL, 18, fill=colour("soft"))
        down = sheet.lines(0, top, wrap(f"“{row.words}”", words_room, _SIZE, most_lines=4), _SIZE, 19)
        steps = _steps(sheet, row, left, y + 4 if wide else down + 6, each)
        y = max(down, steps) + 12
    sheet.height = y
    return sheet.spec()


def _steps(sheet: Sheet, row: Row, left: float, y: float, each: float) -> float:
    """The steps of one claim as shapes on a line, each with its name below. Returns the lower edge."""
    down = y
    middle = y + _SHAPE / 2
    for place, (name, kind) in enumerate(row.steps):
        x = left + place * each
        if place + 1 < len(row.steps):
            sheet.box(x + _SHAPE + 4, middle - 0.75, each - _SHAPE - 8, 1.5, fill=colour("line"))
        _shape(sheet, x, y, kind, {"Step": name, "Kind": kind})
        lines = wrap(capital(name), each - 10, _SMALL, most_lines=3)
        down = max(down, sheet.lines(x, y + _SHAPE + 4, lines, _SMALL, 16, fill=colour("soft")))
    return down


def _shape(sheet: Sheet, x: float, y: float, kind: str, tells: Mapping[str, str | int] | None = None) -> None:
    """A full square for an organisation, a full disc for a named person, an empty ring for one without a name."""
    if kind == UNNAMED:
        ring = _SHAPE - 2.5
        sheet.box(x + 1.25, y + 1.25, ring, ring, stroke=series(3), thick=2.5, radius=ring / 2, tells=tells)
    else:
        paint, radius = (series(0), 2.0) if kind == CHAIN_KINDS[0] else (series(1), _SHAPE / 2)
        sheet.box(x, y, _SHAPE, _SHAPE, fill=paint, radius=radius, tells=tells)


def _key(sheet: Sheet) -> float:
    x, y = 0.0, 0.0
    for kind in CHAIN_KINDS:
        long = _SHAPE + 8 + width(_LABELS[kind], 13) + 20
        if x and x + long - 20 > sheet.width:
            x, y = 0.0, y + 24
        _shape(sheet, x, y + 1, kind)
        sheet.text(x + _SHAPE + 8, y + 14, _LABELS[kind], 13)
        x += long
    return y + 24
