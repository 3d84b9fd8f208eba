"""The claims ladder: on whose word does a reader have each claim? A row a claim, its steps from page to origin."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pandas as pd

from brief.data.claims import CHAIN_KINDS, chain_of
from brief.figures import COMPACT, COMPACT_HIGH, COMPACT_SMALLEST, NARROW, WIDE, Figure, Unavailable, figure
from brief.figures.drawing.palette import colour, series
from brief.figures.drawing.sheet import Sheet
from brief.figures.drawing.text import BOLD, clip, width, wrap
from brief.findings import published as base
from brief.findings.facts import Fact
from brief.findings.facts.claims import STATUSES
from brief.prose.language import capital, counted, listed, number_word

if TYPE_CHECKING:
    from brief.findings.findings import Findings

UNNAMED = CHAIN_KINDS[-1]
_LABELS = {"organisation": "Organisation", "named person": "Person with a name", "unnamed": "Without a name"}
_SHAPE, _SMALL, _SIZE = 16, 12, 14
_MOST_SHAPES = 20
"""Up to so many claims of a kind and status each has a shape; above, only their number stands there."""


@dataclass(frozen=True)
class Row:
    """A claim as it is drawn: its paragraph and words, its steps as (name, kind), and its status."""

    paragraph: str
    words: str
    steps: tuple[tuple[str, str], ...]
    status: str


@figure("claims-ladder")
def claims_ladder(findings: Findings, facts: Mapping[str, Fact]) -> Figure | Unavailable:
    """The steps from the page to the origin of each claim of the articles, and what other sources say of it."""
    brief = findings.brief
    claims = brief.record.article_claims
    if not len(claims):
        return Unavailable("No claim of an article has been looked into yet.")
    rows = [_row(one) for one in base.records(claims)]
    whole = counted(len(rows), "claim", "claims")
    origins = [row.steps[-1][1] for row in rows]
    unnamed = origins.count(UNNAMED)
    kinds = [_kind_told(kind, [row for row in rows if row.steps[-1][1] == kind]) for kind in CHAIN_KINDS]
    by_status = [f"{status} {number_word(number)}" for status, number in _statuses(rows).items()]
    articles = listed(base.article_named(article) for article in brief.articles)
    verb = "leads" if unnamed == 1 else "lead"
    return Figure(
        headline=f"Of {whole}, {number_word(unnamed, zero='none')} {verb} back to somebody without a name",
        subtitle=f"On whose word a reader has each claim, and how it stands; {articles}; base: {whole}",
        alt=(
            "Each claim, with a shape for the origin from which a reader has it. "
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
        compact=_summary(rows),
    )


def _statuses(rows: Sequence[Row]) -> dict[str, int]:
    """The statuses that occur, each with its number of claims, in the order of the contract."""
    found = Counter(row.status for row in rows)
    return {status: found[status] for status in STATUSES if found[status]}


def _kind_told(kind: str, rows: Sequence[Row]) -> str:
    told = listed(f"{status} {number_word(number)}" for status, number in _statuses(rows).items())
    return f"{_LABELS[kind].lower()} {number_word(len(rows), zero='none')}{f' ({told})' if told else ''}"


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


def _summary(rows: Sequence[Row]) -> dict[str, Any]:
    """The claims counted by kind of origin and by status; those without a name in words, where there is room."""
    sheet = Sheet(COMPACT)
    statuses = list(_statuses(rows))
    left = 168.0
    each = (COMPACT - left) / len(statuses)
    heads = [wrap(capital(status), each - 10, _SIZE, BOLD) for status in statuses]
    for place, lines in enumerate(heads):
        sheet.lines(left + place * each, 0, lines, _SIZE, 18, weight=BOLD)
    y = max(map(len, heads)) * 18 + 8.0
    for kind in CHAIN_KINDS:
        own = [row for row in rows if row.steps[-1][1] == kind]
        sheet.box(0, y, COMPACT, 1, fill=colour("line"), opacity=0.5)
        _shape(sheet, 0, y + 12, kind)
        sheet.text(_SHAPE + 8, y + 25, clip(_LABELS[kind], left - _SHAPE - 14, _SIZE), _SIZE)
        sheet.text(_SHAPE + 8, y + 43, counted(len(own), "claim", "claims"), COMPACT_SMALLEST, fill=colour("soft"))
        down = y + 54
        for place, status in enumerate(statuses):
            number = sum(row.status == status for row in own)
            down = max(down, _cell(sheet, kind, number, left + place * each, y + 12, each))
        y = down + 4
    words = _unnamed_in_words([row for row in rows if row.steps[-1][1] == UNNAMED])
    if words and y + len(words) * 24 + 46 <= COMPACT_HIGH:
        sheet.box(0, y, COMPACT, 1, fill=colour("line"), opacity=0.5)
        y = sheet.lines(0, y + 16, ["Claims that lead back to somebody without a name"], _SIZE, 20, weight=BOLD) + 6
        for said, status in words:
            sheet.text(0, y + 13, said, COMPACT_SMALLEST)
            sheet.text(COMPACT, y + 13, status, COMPACT_SMALLEST, fill=colour("soft"), align="right")
            y += 24
    sheet.height = y
    return sheet.spec()


def _cell(sheet: Sheet, kind: str, number: int, x: float, y: float, room: float) -> float:
    """How many claims, and a shape for each where that can be seen. Returns the lower edge."""
    sheet.text(x, y + 13, f"{number:,}" if number else "-", _SIZE, weight=BOLD, fill=None if number else colour("soft"))
    if not 0 < number <= _MOST_SHAPES:
        return y + 20
    pitch, first = _SHAPE + 3, x + 22
    across = max(int((room - 22 - 8) // pitch), 1)
    for place in range(number):
        _shape(sheet, first + place % across * pitch, y + place // across * pitch, kind)
    return y + -(-number // across) * pitch + 6


def _unnamed_in_words(rows: Sequence[Row]) -> list[tuple[str, str]]:
    """The words of claims, each cut to a line, with its status."""
    said = []
    for row in rows:
        status = capital(row.status)
        room = COMPACT - width(status, COMPACT_SMALLEST) - 24
        said.append((f"“{clip(row.words, room - 12, COMPACT_SMALLEST)}”", status))
    return said


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
