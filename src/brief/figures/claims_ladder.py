"""The claims by origin: who stands behind each claim, was it said, and does it hold? A numbered mark a claim."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pandas as pd

from brief.data.bibliography import names_of
from brief.data.claims import CHAIN_KINDS, ON_RECORD, chain_of, titled
from brief.figures import COMPACT, COMPACT_HIGH, NARROW, WIDE, Figure, Unavailable, figure
from brief.figures.drawing.palette import colour, series
from brief.figures.drawing.sheet import Sheet
from brief.figures.drawing.text import BOLD, wrap
from brief.findings import naming
from brief.findings.facts import Fact
from brief.findings.facts.claims import HOLDS, SAID
from brief.prose.catalogue import message, say, say_of
from brief.prose.language import capital, listed, numeral, within

if TYPE_CHECKING:
    from brief.findings.findings import Findings

UNNAMED = CHAIN_KINDS[-1]
ORIGINS = {
    "organisation": message("An organisation"),
    "named person": message("A named person"),
    "unnamed": message("Without a name"),
}
_ASKED = {"said": (message("Was it said?"), SAID), "holds": (message("Does it hold?"), HOLDS)}
_MARK, _PITCH, _SIZE = 24, 28, 14
_MOST_MARKS = 20
"""Up to so many claims in a cell each has a mark; above, only their number stands there."""


@dataclass(frozen=True)
class Row:
    """A claim as it is drawn: its number on the page, its words, the kind of its origin, and its two statuses."""

    number: int
    words: str
    origin: str
    said: str
    holds: str


@figure("claims-ladder")
def claims_ladder(findings: Findings, facts: Mapping[str, Fact]) -> Figure | Unavailable:
    """Who stands behind each claim of the articles, whether it was said, and whether it holds."""
    brief = findings.brief
    claims = brief.claim_register.article_claims
    if not len(claims):
        return Unavailable(say("No claim of an article has been looked into yet."))
    rows = [
        Row(number, titled(claim), chain_of(claim)[-1][1], claim["said"], claim["holds"])
        for number, claim in enumerate(naming.rows_of(claims), start=1)
    ]
    unnamed = sum(row.origin == UNNAMED for row in rows)
    articles = listed(naming.article_named(article) for article in brief.articles)
    several = len(rows) > 1
    return Figure(
        headline=_headline(len(rows), unnamed),
        subtitle=(
            say(
                "Claims by who stands behind them, by whether they were said, and by whether they hold; "
                "{articles}; base: {rows} claims",
                articles=articles,
                rows=len(rows),
            )
            if several
            else say(
                "The claim by who stands behind it, by whether it was said, and by whether it holds; "
                "{articles}; base: {rows} claim",
                articles=articles,
                rows=len(rows),
            )
        ),
        alt=_cells_in_words(rows),
        note=_note(rows),
        source=say("{articles}; the sources of each claim", articles=articles),
        data=pd.DataFrame(
            {
                "Number": [row.number for row in rows],
                "Paragraph": claims["item"].str.rpartition("#p")[2].to_list(),
                "Claim": [row.words for row in rows],
                "Who stands behind it": [
                    " ← ".join(f"{name} ({say(kind)})" for name, kind in chain_of(claim))
                    for claim in naming.rows_of(claims)
                ],
                "Kind": [say(kind) for kind in claims["kind"]],
                "Was it said?": [say(row.said) for row in rows],
                "Does it hold?": [say(row.holds) for row in rows],
                "Why": claims["why"].to_list(),
                "Sources": [
                    "; ".join(dict.fromkeys([*names_of(brief.sources, said), *names_of(brief.sources, holds)]))
                    for said, holds in zip(claims["said_sources"], claims["sources"], strict=True)
                ],
            }
        ),
        column_notes={"Who stands behind it": say("From the page to the origin, each step with its kind.")},
        wide=_draw(rows, WIDE),
        narrow=_draw(rows, NARROW),
        compact=_compact(rows),
    )


def _headline(whole: int, unnamed: int) -> str:
    if whole == 1:
        return (
            say("The claim comes from somebody whom the article does not name")
            if unnamed
            else say("The claim comes from a named source")
        )
    if not unnamed:
        return say("All {whole} claims come from somebody who is named", whole=whole)
    return say_of(
        unnamed,
        "{unnamed} of {whole} claims comes from somebody whom the article does not name",
        "{unnamed} of {whole} claims come from somebody whom the article does not name",
        unnamed=unnamed,
        whole=whole,
    )


def _note(rows: Sequence[Row]) -> str:
    """What a mark without a name does not say, and why some of them are on record all the same."""
    right = say("Somebody without a name may well be right.")
    if not any(row.origin == UNNAMED and row.said == ON_RECORD for row in rows):
        return right
    known = say(
        "Without a name, on record: the article does not say who, and another source has it from somebody named."
    )
    return f"{right} {known}"


def _cells_in_words(rows: Sequence[Row]) -> str:
    """Each cell that has claims, in words, with their numbers."""
    parts = []
    for name, (asked, values) in _ASKED.items():
        answers = []
        for value in _occurring(rows, name, values):
            by_origin = [
                f"{within(say(ORIGINS[origin]))} {_numbers(same)}"
                for origin in CHAIN_KINDS
                if (same := [row for row in rows if getattr(row, name) == value and row.origin == origin])
            ]
            answers.append(f"{say(value)}: {', '.join(by_origin)}")
        parts.append(f"{say(asked)} {'; '.join(answers)}.")
    return say("A numbered mark for each claim, in columns by who stands behind it. {parts}", parts=" ".join(parts))


def _numbers(rows: Sequence[Row]) -> str:
    if len(rows) > _MOST_MARKS:
        return say("{rows} claims", rows=numeral(len(rows)))
    return f"{len(rows)} ({listed(str(row.number) for row in rows)})"


def _occurring(rows: Sequence[Row], name: str, values: Sequence[str]) -> list[str]:
    counts = Counter(getattr(row, name) for row in rows)
    return [value for value in values if counts[value]]


def _compact(rows: Sequence[Row]) -> dict[str, Any] | None:
    """Both questions where they fit on a card, else whether the claims hold, else nothing."""
    for asked in (("said", "holds"), ("holds",)):
        drawn = _draw(rows, COMPACT, asked)
        if drawn["height"] <= COMPACT_HIGH:
            return drawn
    return None


def _draw(rows: Sequence[Row], room: int, asked: Sequence[str] = ("said", "holds")) -> dict[str, Any]:
    sheet = Sheet(room)
    wide = room >= COMPACT
    left = 156.0 if wide else 0.0
    kinds = [kind for kind in CHAIN_KINDS if any(row.origin == kind for row in rows)]
    each = (room - left) / len(kinds)
    heads = [wrap(say(ORIGINS[kind]), each - 8, _SIZE, BOLD) for kind in kinds]
    for place, lines in enumerate(heads):
        sheet.lines(left + place * each, 0, lines, _SIZE, 18, weight=BOLD)
    y = max(map(len, heads)) * 18 + 4.0
    for place, kind in enumerate(kinds):
        number = sum(row.origin == kind for row in rows)
        said = say_of(number, "{number} claim", "{number} claims", number=numeral(number))
        sheet.text(left + place * each, y + 12, said, 13, fill=colour("soft"))
    y += 22
    for name in asked:
        question, values = _ASKED[name]
        y = sheet.lines(0, y + 10, [say(question)], 15, 22, weight=BOLD) + 2
        for value in _occurring(rows, name, values):
            sheet.box(0, y, room, 1, fill=colour("line"), opacity=0.5)
            label = wrap(capital(say(value)), left - 12 if wide else room, _SIZE)
            under = sheet.lines(0, y + 7, label, _SIZE, 18)
            top = y + 5 if wide else under + 3
            down = under
            for place, kind in enumerate(kinds):
                own = [row for row in rows if row.origin == kind and getattr(row, name) == value]
                down = max(down, _cell(sheet, own, left + place * each, top, each))
            y = down + 4
    sheet.height = y
    return sheet.spec()


def _cell(sheet: Sheet, rows: Sequence[Row], x: float, y: float, room: float) -> float:
    """A mark for each claim, or their number where there are too many. Returns the lower edge."""
    if not rows:
        return y
    if len(rows) > _MOST_MARKS:
        sheet.text(x, y + 17, numeral(len(rows)), _SIZE, weight=BOLD)
        return y + _PITCH
    across = max(int((room - 8) // _PITCH), 1)
    for place, row in enumerate(rows):
        _mark(sheet, row, x + place % across * _PITCH, y + place // across * _PITCH)
    return y + -(-len(rows) // across) * _PITCH


def _mark(sheet: Sheet, row: Row, x: float, y: float) -> None:
    """A full square for an organisation, a full disc for a named person, an empty ring where nobody is named."""
    tells: dict[str, str | int] = {"Claim": row.words, "Was it said?": say(row.said), "Does it hold?": say(row.holds)}
    if row.origin == UNNAMED:
        ring = _MARK - 2
        sheet.box(x + 1, y + 1, ring, ring, stroke=series(3), thick=2, radius=ring / 2, tells=tells)
    else:
        paint, radius = (series(0), 2.0) if row.origin == CHAIN_KINDS[0] else (series(1), _MARK / 2)
        sheet.box(x, y, _MARK, _MARK, fill=paint, radius=radius, tells=tells)
    ink = colour("ink") if row.origin == UNNAMED else colour("on-series")
    sheet.text(x + _MARK / 2, y + _MARK / 2 + 4.6, str(row.number), 13, fill=ink, align="center")
