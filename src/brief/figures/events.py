"""The timeline: what was known when? Events by date, what happened told apart from what was reported."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pandas as pd

from brief.data.claims import REPORTED, printed_date
from brief.figures import COMPACT, COMPACT_HIGH, COMPACT_SMALLEST, NARROW, WIDE, Figure, Unavailable, figure
from brief.figures.drawing.palette import colour, series
from brief.figures.drawing.sheet import Sheet
from brief.figures.drawing.text import BOLD, width, wrap
from brief.findings import published as base
from brief.findings.facts import Fact
from brief.prose.language import counted, number_word

if TYPE_CHECKING:
    from brief.findings.findings import Findings

_DOT, _SMALL, _SIZE = 12, 12, 14
_NAMES = ("Happened", "Reported")


@dataclass(frozen=True)
class Event:
    """An event as it is drawn: the first and last day that its date may mean, and whether it was only reported."""

    first: dt.date
    last: dt.date
    printed: str
    reported: bool
    what: str


@figure("timeline")
def timeline(findings: Findings, facts: Mapping[str, Fact]) -> Figure | Unavailable:
    """The events of the story on a scale of time; those that are known only as reported are hollow."""
    brief = findings.brief
    frame = brief.record.timeline.sort_values(["date", "event_id"])
    if not len(frame):
        return Unavailable("No dated event is listed yet.")
    records = base.records(frame)
    events = [_event(one) for one in records if one["shown"] == "yes"]
    if not events:
        return Unavailable("No event belongs to the story itself.")
    reported = sum(event.reported for event in events)
    whole = counted(len(events), "event", "events")
    verb = "is" if reported == 1 else "are"
    years = f"{events[0].first.year} to {max(event.last for event in events).year}"
    return Figure(
        headline=f"Of {whole}, {number_word(reported, zero='none')} {verb} known only as reported",
        subtitle=f"Events around the story by date, {years}; base: {whole}",
        alt=(
            "A line for each event in the order of the dates, with a full mark where it happened and a hollow mark "
            f"where it was reported. {' '.join(f'{event.printed}: {event.what}' for event in events)}"
        ),
        note=(
            "That an event comes after another does not mean that it came from it. A long mark stands for a date of "
            "which only the month or the year is known."
        ),
        source="Sources as this page lists them with each event",
        data=pd.DataFrame(
            {
                "Date": [one["date"] for one in records],
                "Known to the": [one["precision"] for one in records],
                "Happened or reported": [one["kind"] for one in records],
                "Event": [one["event"] for one in records],
                "In the picture": [one["shown"] for one in records],
                "Sources": [one["sources"] for one in records],
            }
        ),
        column_notes={
            "Known to the": "How precise the date is.",
            "In the picture": "Whether the event belongs to the story; the others came later.",
            "Sources": "Keys of the list of sources.",
        },
        wide=_draw(events, WIDE),
        narrow=_draw(events, NARROW),
        compact=_listed(events),
    )


def _event(one: Mapping[str, Any]) -> Event:
    parts = [int(part) for part in one["date"].split("-")]
    first = dt.date(*[*parts, 1, 1][:3])
    if len(parts) == 3:
        last = first
    elif len(parts) == 2:
        last = (first.replace(day=28) + dt.timedelta(days=4)).replace(day=1) - dt.timedelta(days=1)
    else:
        last = first.replace(month=12, day=31)
    return Event(first, last, printed_date(one["date"]), one["kind"] == REPORTED, one["event"])


def _draw(events: Sequence[Event], room: int) -> dict[str, Any]:
    sheet = Sheet(room)
    years = range(events[0].first.year, max(event.last for event in events).year + 1)
    start, days = dt.date(years[0], 1, 1), (dt.date(years[-1] + 1, 1, 1) - dt.date(years[0], 1, 1)).days

    def across(day: dt.date) -> float:
        return (day - start).days / days * (room - _DOT)

    y = _key(sheet) + 8
    for year in years:
        sheet.text(across(dt.date(year, 1, 1)), y + 13, str(year), 13, fill=colour("soft"))
    top = y = y + 22
    lines: list[float] = []
    for event in events:
        y = _line(sheet, event, across(event.first), across(event.last), y, room)
        lines.append(y)
    for year in years:
        sheet.box(across(dt.date(year, 1, 1)), top, 1, y - top, fill=colour("line"), opacity=0.25)
    sheet.height = y
    return sheet.spec()


def _listed(events: Sequence[Event]) -> dict[str, Any]:
    """Date, mark and words of each event on a few lines, as many as there is room for, without a scale."""
    size, leading = COMPACT_SMALLEST, 17
    left = max(width(event.printed, size, BOLD) for event in events) + 14
    beside = left + 2 * _DOT + 12
    for most in (3, 2, 1):
        sheet = Sheet(COMPACT)
        y = _key(sheet) + 10
        for event in events:
            sheet.text(0, y + 13, event.printed, size, weight=BOLD)
            long = _DOT if event.first == event.last else 2 * _DOT
            _mark(sheet, left, y + 2.5, long, event.reported)
            words = wrap(event.what, COMPACT - beside, size, most_lines=most)
            y = sheet.lines(beside, y, words, size, leading) + 6
        sheet.height = y
        if y <= COMPACT_HIGH:
            break
    return sheet.spec()


def _line(sheet: Sheet, event: Event, first: float, last: float, y: float, room: int) -> float:
    """One event: its mark, and beside it (on a phone below it) the date and what happened. Returns the lower edge."""
    long = max(last - first, 0) + _DOT
    tells = {"Date": event.printed, "Known as": _NAMES[event.reported].lower(), "Event": event.what}
    if room < WIDE:
        _mark(sheet, first, y + 3, long, event.reported, tells)
        y = sheet.lines(0, y + 18, [event.printed], _SMALL, 17, weight=BOLD)
        return sheet.lines(0, y, wrap(event.what, room, _SIZE), _SIZE, 19) + 12
    before, after = first - 12, room - first - long - 12
    beside = first + long + 10 if after > before else 0
    words = wrap(event.what, max(before, after) - 6, _SIZE)
    _mark(sheet, first, y + 4, long, event.reported, tells)
    if after > before:
        down = sheet.lines(beside, y, [event.printed], _SMALL, 18, weight=BOLD)
        return sheet.lines(beside, down, words, _SIZE, 19) + 12
    sheet.text(first - 12, y + 14, event.printed, _SMALL, weight=BOLD, align="right")
    for number, line in enumerate(words):
        sheet.text(first - 12, y + 33 + number * 19, line, _SIZE, align="right")
    return y + 20 + len(words) * 19 + 12


def _mark(
    sheet: Sheet, x: float, y: float, long: float, hollow: bool, tells: Mapping[str, str | int] | None = None
) -> None:
    if hollow:
        inner = _DOT - 2.5
        sheet.box(x + 1.25, y + 1.25, long - 2.5, inner, stroke=series(3), thick=2.5, radius=inner / 2, tells=tells)
    else:
        sheet.box(x, y, long, _DOT, fill=series(0), radius=_DOT / 2, tells=tells)


def _key(sheet: Sheet) -> float:
    x = 0.0
    for hollow, name in enumerate(_NAMES):
        _mark(sheet, x, 2, _DOT, bool(hollow))
        sheet.text(x + _DOT + 8, 13, name, 13)
        x += _DOT + 8 + width(name, 13) + 24
    return 24.0
