"""What is missing: which comments were not seen or not coded, and which themes nobody raised."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pandas as pd

from brief.analysis import coding
from brief.figures import COMPACT, NARROW, WIDE, Figure, Unavailable, figure
from brief.figures.drawing.palette import colour, series
from brief.figures.drawing.sheet import Sheet
from brief.figures.drawing.text import BOLD, REGULAR, clip, width, wrap
from brief.findings import naming
from brief.findings.facts import Fact
from brief.prose.catalogue import say, say_of
from brief.prose.language import capital, listed, number_word, numeral, quoted, within

if TYPE_CHECKING:
    from brief.data.brief import Brief
    from brief.findings.findings import Findings

NOT_KNOWN = "not known"
_SQUARE, _GAP, _ROW = 16, 4, 28
_LABEL, _FOR_NUMBER, _BETWEEN = 132, 34, 28
_BESIDE = 8
"""Between a bar and its number."""
_UNKNOWN = 3
"""How many squares with a question mark stand for a number that is not known."""


@dataclass(frozen=True)
class Row:
    """One line of the picture: what is counted, and how many; None is "not known"."""

    part: str
    label: str
    number: int | None
    hollow: bool = False
    theme: bool = False


@figure("what-is-missing")
def what_is_missing(findings: Findings, facts: Mapping[str, Fact]) -> Figure | Unavailable:
    """Comments shown, not shown and not coded, and how many comments have each theme of the codebook."""
    brief = findings.brief
    total = findings.summary
    if not brief.collections:
        return Unavailable(say("This brief has no comments, so nothing can be missing among them."))
    if not coding.number(total, "coded"):
        return Unavailable(say("The comments are not classified yet, and the page says so."))
    rows = _rows(brief, total)
    unit, units = naming.nouns(brief)
    themes = any(row.theme for row in rows)
    counted = (
        say("{many} by theme, and numbers of those", many=capital(units))
        if themes
        else say("Numbers of {many}", many=units)
    )
    return Figure(
        headline=_headline(brief, total),
        subtitle=(
            say(
                "{counted} not classified or not shown; {place_in_short}; base: {number_of}",
                counted=counted,
                place_in_short=naming.place_in_short(brief),
                number_of=naming.number_of(brief, coding.number(total, "all")),
            )
        ),
        alt=_alt(brief, rows),
        note=_note(brief, rows),
        source=naming.source(brief),
        data=pd.DataFrame(
            {
                "Part": [row.part for row in rows],
                "What": [row.label for row in rows],
                capital(units): [say(NOT_KNOWN) if row.number is None else row.number for row in rows],
            }
        ),
        column_notes={
            capital(units): say("Number of {many}; a {one} counts under each of its themes.", many=units, one=unit)
        },
        wide=_draw(brief, rows, WIDE),
        narrow=_draw(brief, rows, NARROW),
        compact=_draw(brief, rows, COMPACT),
    )


def _more_exist(brief: Brief) -> bool | None:
    """Whether more comments exist than are held: yes if one collection says so, no only if all say no."""
    known = {collection.more_exist for collection in brief.collections}
    return True if True in known else (False if known == {False} else None)


def _rows(brief: Brief, total: pd.DataFrame) -> list[Row]:
    many = naming.nouns(brief)[1]
    seen = say("{many}, shown or not", many=capital(many))
    rows = [
        Row(seen, say("Classified"), coding.number(total, "coded")),
        Row(seen, say(naming.NOT_CODED_LABEL), coding.uncoded(total), hollow=True),
    ]
    more = _more_exist(brief)
    if more is not False:
        rows.append(Row(seen, say("Not shown") if more else say("Perhaps not shown"), None, hollow=True))
    themes = naming.labels(brief, "themes") if naming.themes_read(brief) else {}
    counted = coding.counts(total, "theme", list(themes))
    part = say("{many} by theme", many=capital(many))
    if coding.number(total, "coded"):
        rows += [
            Row(part, themes.get(theme, theme), number, theme=True)
            for theme, number in zip(counted["value"], counted["comments"], strict=True)
        ]
    return rows


def _headline(brief: Brief, total: pd.DataFrame) -> str:
    shown, left = coding.number(total, "all"), coding.uncoded(total)
    unit, units = naming.nouns(brief)
    seen = naming.shown_if_listed(shown)
    if not shown:
        return say("No {many} are shown", many=units)
    if left == shown:
        return say(
            "{number_of}{seen}, not classified yet", number_of=capital(naming.number_of(brief, shown)), seen=seen
        )
    if left:
        return say_of(
            left,
            "{left} of the {shown} {many}{seen} is not classified",
            "{left} of the {shown} {many}{seen} are not classified",
            left=numeral(left),
            shown=numeral(shown),
            many=units,
            seen=seen,
        )
    themes = naming.labels(brief, "themes") if naming.themes_read(brief) else {}
    nobody = coding.themes_with_nobody(total, list(themes))
    if not themes:
        return say("{number_of}{seen}, each classified", number_of=capital(naming.number_of(brief, shown)), seen=seen)
    if not nobody:
        return say("The {many}{seen} raise each theme of the codebook", many=units, seen=seen)
    if len(nobody) <= 3:
        return say(
            "No {one}{seen} raises {themes}",
            one=unit,
            seen=seen,
            themes=listed(within(themes[theme]) for theme in nobody),
        )
    return say(
        "{nobody} of {themes} themes are raised by no {one}{seen}",
        nobody=len(nobody),
        themes=len(themes),
        one=unit,
        seen=seen,
    )


def _alt(brief: Brief, rows: list[Row]) -> str:
    parts: dict[str, list[str]] = {}
    for row in rows:
        said = say(NOT_KNOWN) if row.number is None else number_word(row.number, zero="none")
        parts.setdefault(row.part, []).append(f"{row.label}: {said}")
    return say("Each row shows a number of {many}. ", many=naming.nouns(brief)[1]) + " ".join(
        f"{part}: {'; '.join(said)}." for part, said in parts.items()
    )


def _note(brief: Brief, rows: list[Row]) -> str:
    many = naming.nouns(brief)[1]
    evidence = [
        quoted(naming.short(collection.more_evidence))
        for collection in brief.collections
        if collection.more_exist is not False and collection.more_evidence
    ]
    said = (
        say(
            "The page has the words {words}, so it may hold more {many}. ",
            words=listed(dict.fromkeys(evidence)),
            many=many,
        )
        if evidence
        else ""
    )
    theme = say("Silence on a theme is neither agreement nor indifference. ") if any(row.theme for row in rows) else ""
    return say("{said}{theme}The {many} are not a sample of the public.", said=said, theme=theme, many=many)


def _draw(brief: Brief, rows: list[Row], room: int) -> dict[str, Any]:
    sheet = Sheet(room)
    parts: dict[str, list[Row]] = {}
    for row in rows:
        parts.setdefault(row.part, []).append(row)
    beside = room >= WIDE and len(parts) > 1
    each = (room - _BETWEEN) / len(parts) if beside else room
    greatest = max((row.number or 0 for row in rows), default=0)
    space = each - _LABEL - max(_FOR_NUMBER, width(numeral(greatest), 13, BOLD) + _BESIDE)
    fits = greatest * (_SQUARE + _GAP) <= space
    unit, units = naming.nouns(brief)
    said = say("A square stands for a {one}.", one=unit) if fits else say("Bars show numbers of {many}.", many=units)
    y = sheet.lines(0, 0, wrap(said, room, 13), 13, 18, fill=colour("soft")) + 16
    top, ends = y, [y]
    for place, (part, listed_rows) in enumerate(parts.items()):
        left = place * (each + _BETWEEN) if beside else 0.0
        y = top if beside else ends[-1] + (20 if place else 0)
        sheet.text(left, y + 14, clip(part, each, 15, BOLD), 15, weight=BOLD)
        y += 26
        for row in listed_rows:
            y = _line(brief, sheet, row, left, y, space, greatest, fits)
        ends.append(y)
    sheet.height = max(ends) + 2
    return sheet.spec()


def _line(
    brief: Brief, sheet: Sheet, row: Row, left: float, y: float, space: float, greatest: int, fits: bool
) -> float:
    """One row: its label, its marks, its number. Returns the lower edge."""
    lines = wrap(row.label, _LABEL - 12, 13, most_lines=2)
    high = max(_ROW, 17 * len(lines) + 10)
    sheet.lines(left, y + (high - 17 * len(lines)) / 2, lines, 13, 17)
    end = _marks(sheet, row, left + _LABEL, y + high / 2, space, greatest, fits)
    if row.number is None:
        said = say(NOT_KNOWN)
    else:
        said = naming.number_of(brief, 0) if row.theme and not row.number else numeral(row.number)
    quiet = row.number == 0 and not row.theme
    sheet.text(end, y + high / 2 + 4.2, said, 13, weight=REGULAR if quiet else BOLD)
    return y + high


def _marks(sheet: Sheet, row: Row, left: float, middle: float, space: float, greatest: int, fits: bool) -> float:
    """Squares, or a bar where they would not fit. Returns where the number is written."""
    tells: dict[str, str | int] = {"What": row.label, "Number": say(NOT_KNOWN) if row.number is None else row.number}
    top = middle - _SQUARE / 2
    each = _SQUARE + _GAP
    if row.number is None:
        for place in range(_UNKNOWN):
            _empty(sheet, left + place * each, top, tells)
            sheet.text(left + place * each + _SQUARE / 2, middle + 4.5, "?", 13, fill=colour("soft"), align="center")
        return left + _UNKNOWN * each + 4
    if not row.number:
        if row.theme:
            _empty(sheet, left, top, tells)
        return left + (each + 4 if row.theme else 0)
    longs = [float(_SQUARE)] * row.number if fits else [max(row.number / greatest * space, 2)]
    for place, long in enumerate(longs):
        x = left + place * each
        if row.hollow:
            sheet.box(x + 1, top + 1, max(long - 2, 1), _SQUARE - 2, stroke=series(0), thick=2, radius=2, tells=tells)
        else:
            sheet.box(x, top, long, _SQUARE, fill=series(0), radius=2, tells=tells)
    return left + (row.number * each + 4 if fits else longs[0] + _BESIDE)


def _empty(sheet: Sheet, x: float, top: float, tells: Mapping[str, str | int]) -> None:
    size = _SQUARE - 1.5
    sheet.box(x + 0.75, top + 0.75, size, size, stroke=colour("line"), dash=(3, 2), radius=2, tells=tells)
