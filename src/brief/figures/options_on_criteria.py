"""The options on criteria as ranges: how each does beside the baseline, from much worse to much better."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pandas as pd

from brief.contract.tables import LEVELS
from brief.data.appraisal import gains_and_harms
from brief.figures import COMPACT, NARROW, SILENT, WIDE, Figure, Unavailable, figure
from brief.figures.appraisal import assessed_by, baseline_named, level, tilt
from brief.figures.drawing.palette import colour, series
from brief.figures.drawing.sheet import Sheet
from brief.figures.drawing.text import BOLD, width, wrap
from brief.findings import naming
from brief.findings.facts import Fact
from brief.prose.catalogue import message, say, say_of
from brief.prose.language import capital, counted, listed, number_word, numeral, within

if TYPE_CHECKING:
    from brief.data.appraisal import Appraisal
    from brief.findings.findings import Findings

_SIZE, _SMALL, _HIGH, _GAP = 14, 13, 14, 14
_SWATCH, _PALE, _PLACE = 20, 0.18, 3
_MIDDLE = len(LEVELS) // 2
_WORSE, _SAME, _BETTER = 3, 4, 1
_ENDS, _SIGNS = (message("worse"), message("better")), ("\u2212", "+")
_KEY = (
    message("Worse"),
    message("No change"),
    message("Better"),
    message("Middle: no change"),
    message("Not assessed"),
)
MOST = 5
"""So many criteria stand in the picture at most."""


@dataclass(frozen=True)
class Row:
    """An option as it is drawn: its name, its group, and its cells in the order of the criteria."""

    name: str
    group: str
    cells: tuple[Mapping[str, Any], ...]


@figure("options-on-criteria")
def options_on_criteria(findings: Findings, facts: Mapping[str, Fact]) -> Figure | Unavailable:
    """For each option a bar on each chosen criterion, from its worst level to its best; stripes where not assessed."""
    brief = findings.brief
    appraisal = brief.appraisal
    chosen = _chosen(appraisal)
    if not len(appraisal.assessments) or not chosen:
        return Unavailable(say("The options have not been assessed yet.")) if len(appraisal.options) else SILENT
    names = appraisal.names()
    titles = [names[name] for name in chosen]
    rows = _rows(appraisal, chosen)
    cells = [(row, title, cell) for row in rows for title, cell in zip(titles, row.cells, strict=True)]
    data = [(row.name, row.group, title, level(cell), cell["reason"]) for row, title, cell in cells]
    frame = pd.DataFrame(data, columns=["Option", "Group", "Criterion", "Level", "Why"])
    shown = (
        say("{chosen} of {criteria} criteria", chosen=len(chosen), criteria=len(appraisal.criteria))
        if len(chosen) < len(appraisal.criteria)
        else say("each criterion")
    )
    return Figure(
        headline=_headline(appraisal, chosen),
        subtitle=(
            say(
                "Each option compared with {baseline_named}, on {shown}, from much worse to much better; base: {rows}",
                baseline_named=baseline_named(appraisal),
                shown=shown,
                rows=counted(len(rows), "option", "options"),
            )
        ),
        alt=_alt(rows, titles),
        note=(
            say(
                "A bar reaches from the worst to the best level that sources support. What is not assessed "
                "could be anything. Steps are in order and are no amounts. {tilt}",
                tilt=tilt(appraisal),
            )
        ).strip(),
        source=assessed_by(brief),
        data=frame if frame["Group"].any() else frame.drop(columns="Group"),
        wide=_draw(rows, titles, WIDE),
        narrow=_stacked(rows, titles),
        compact=_draw(rows, titles, COMPACT),
    )


def _chosen(appraisal: Appraisal) -> list[str]:
    """The criteria of the picture: those that are marked, else the first."""
    marked = list(appraisal.criteria.loc[appraisal.criteria["shown"] == "yes", "criterion_id"])
    return (marked or list(appraisal.criteria["criterion_id"]))[:MOST]


def _rows(appraisal: Appraisal, chosen: Sequence[str]) -> list[Row]:
    names = appraisal.names()
    reasons = appraisal.assessments.set_index(["option_id", "criterion_id"])["reason"].to_dict()
    cells = {(cell["option_id"], cell["criterion_id"]): cell for cell in naming.rows_of(appraisal.cells)}
    rows = []
    for option, group in appraisal.options[["option_id", "group"]].itertuples(index=False, name=None):
        own = tuple({**cells[option, name], "reason": reasons.get((option, name), "")} for name in chosen)
        rows.append(Row(names[option], capital(group), own))
    order = list(dict.fromkeys(row.group for row in rows))
    return sorted(rows, key=lambda row: order.index(row.group))


def _headline(appraisal: Appraisal, chosen: Sequence[str]) -> str:
    judged, names = gains_and_harms(appraisal, chosen), appraisal.names()
    gain = judged[judged["gain"]]
    both, gaps = int(gain["harm"].sum()), int(gain["open"].sum())
    if not len(gain):
        return say("No option is known to bring a gain")
    if both == len(gain):
        return say("Every option that may bring a gain may also do harm")
    if not both:
        if not gaps:
            return say("No harm is known of the options that may bring a gain")
        return say_of(
            gaps,
            "No harm is known of the options that may bring a gain; {number} is not assessed on all that asks for it",
            "No harm is known of the options that may bring a gain; {number} are not assessed on all that asks for it",
            number=number_word(gaps),
        )
    sentence = say(
        "{both} of {gain} options that may bring a gain may also do harm",
        gain=numeral(len(gain)),
        both=capital(number_word(both)),
    )
    if not gaps:
        return sentence
    return say(
        "{told}; {named}: no harm known, but not fully assessed",
        told=sentence,
        named=listed([within(names[name]) for name in gain.loc[gain["open"], "option_id"]]),
    )


def _alt(rows: Sequence[Row], titles: Sequence[str]) -> str:
    sentences = []
    for row in rows:
        words = "; ".join(f"{title}: {level(cell)}" for title, cell in zip(titles, row.cells, strict=True))
        sentences.append(f"{row.name}{f' ({within(row.group)})' if row.group else ''}. {words}.")
    return say(
        "A row for each option and a column for each criterion, with a bar from worst to best. {told}",
        told=" ".join(sentences),
    )


def _draw(rows: Sequence[Row], titles: Sequence[str], room: int) -> dict[str, Any]:
    """A table of tracks: options down, criteria across."""
    sheet = Sheet(room)
    beside = 150 if room == WIDE else 108
    column = (room - beside) / len(titles)
    track = column - _GAP
    size = _SIZE if room == WIDE else _SMALL
    named = [say(end) for end in _ENDS]
    ends = named if sum(width(end, _SMALL) for end in named) + 8 < track else _SIGNS
    heads = [wrap(title, column - 2, size, BOLD) for title in titles]
    top = _key(sheet) + max(map(len, heads)) * 17
    for place, lines in enumerate(heads):
        x = beside + place * column
        sheet.lines(x, top - len(lines) * 17, lines, size, 17, weight=BOLD)
        sheet.text(x, top + 16, ends[0], _SMALL, fill=colour("soft"))
        sheet.text(x + track, top + 16, ends[1], _SMALL, fill=colour("soft"), align="right")
    y = top + 24.0
    for row, opens in _opening(rows):
        if opens and row.group:
            sheet.box(0, y + 4, room, 1, fill=colour("line"), opacity=0.5)
            sheet.text(0, y + 22, row.group, _SMALL, weight=BOLD, fill=colour("soft"))
            y += 28
        words = wrap(row.name, beside - 12, _SIZE)
        high = max(len(words) * 17, _HIGH) + (10 if room == WIDE else 7)
        sheet.lines(0, y + (high - len(words) * 17) / 2, words, _SIZE, 17)
        for place, cell in enumerate(row.cells):
            _track(sheet, beside + place * column, y + (high - _HIGH) / 2, track, row, titles[place], cell)
        y += high
    sheet.height = y
    return sheet.spec()


def _stacked(rows: Sequence[Row], titles: Sequence[str]) -> dict[str, Any]:
    """For a phone: each option with a line for each criterion."""
    sheet = Sheet(NARROW)
    beside = 158
    top = _key(sheet)
    sheet.text(beside, top + 13, say(_ENDS[0]), _SMALL, fill=colour("soft"))
    sheet.text(NARROW, top + 13, say(_ENDS[1]), _SMALL, fill=colour("soft"), align="right")
    y = top + 20
    for row, opens in _opening(rows):
        if opens and row.group:
            sheet.box(0, y, NARROW, 1, fill=colour("line"), opacity=0.6)
            sheet.text(0, y + 18, row.group, _SMALL, weight=BOLD, fill=colour("soft"))
            y += 26
        y = sheet.lines(0, y, wrap(row.name, NARROW, _SIZE, BOLD), _SIZE, 19, weight=BOLD) + 1
        for title, cell in zip(titles, row.cells, strict=True):
            lines = wrap(title, beside - 10, _SMALL)
            sheet.lines(0, y, lines, _SMALL, 18)
            _track(sheet, beside, y + 2, NARROW - beside, row, title, cell)
            y += 18 * len(lines) + 1
        y += 8
    sheet.height = y
    return sheet.spec()


def _opening(rows: Sequence[Row]) -> list[tuple[Row, bool]]:
    return [(row, place == 0 or rows[place - 1].group != row.group) for place, row in enumerate(rows)]


def _key(sheet: Sheet) -> float:
    """What each mark stands for, in as many lines as that takes. Returns where the next thing may begin."""
    x, y = 0.0, 0.0
    for place, key in enumerate(_KEY):
        name = say(key)
        if x and x + _SWATCH + 7 + width(name, _SMALL) > sheet.width:
            x, y = 0.0, y + 22
        if key == _KEY[-1]:
            _stripes(sheet, x, y + 2, _SWATCH)
        else:
            sheet.box(x, y + 2, _SWATCH, _HIGH, fill=colour("line"), opacity=_PALE * (2 if place == _PLACE else 1))
            if place < _PLACE:
                sheet.box(x, y + 2, _SWATCH, _HIGH, fill=series((_WORSE, _SAME, _BETTER)[place]))
        sheet.text(x + _SWATCH + 7, y + 13, name, _SMALL)
        x += _SWATCH + 7 + width(name, _SMALL) + 14
    return y + 28


def _stripes(sheet: Sheet, x: float, y: float, wide: float) -> None:
    for place in range(int(wide // 6) + 1):
        sheet.box(x + place * 6, y, 2, _HIGH, fill=colour("soft"), opacity=0.8)


def _track(sheet: Sheet, x: float, y: float, wide: float, row: Row, title: str, cell: Mapping[str, Any]) -> None:
    """The scale from much worse to much better, and on it the range of one cell; stripes where it is not assessed."""
    step = wide / len(LEVELS)
    # Names of fields are ours: a chart takes a text from outside as a field's name for a path.
    tells = {"Option": row.name, "Criterion": title, "Level": level(cell)}
    tells |= {"Why": cell["reason"]} if cell["reason"] else {}
    if not cell["assessed"]:
        _stripes(sheet, x, y, wide)
        sheet.box(x, y, wide, _HIGH, fill=colour("line"), opacity=0.01, tells=tells)
        return
    sheet.box(x, y, wide, _HIGH, fill=colour("line"), opacity=_PALE)
    sheet.box(x + _MIDDLE * step, y - 2, step, _HIGH + 4, fill=colour("line"), opacity=_PALE)
    for place in range(cell["low"], cell["high"] + 1):
        ink = series(_SAME if place == _MIDDLE else _WORSE if place < _MIDDLE else _BETTER)
        sheet.box(x + place * step, y, step, _HIGH, fill=ink, tells=tells)
