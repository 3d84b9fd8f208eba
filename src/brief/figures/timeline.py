"""The timeline: what was known when? Events in lanes by date, what happened told apart from what was reported."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pandas as pd

from brief.data.bibliography import names_of
from brief.data.claims import REPORTED, printed_date
from brief.figures import (
    COMPACT,
    COMPACT_SMALLEST,
    NARROW,
    SILENT,
    WIDE,
    Figure,
    Table,
    Unavailable,
    figure,
    table,
)
from brief.figures.drawing.palette import colour, series
from brief.figures.drawing.sheet import Sheet
from brief.figures.drawing.text import BOLD, width, wrap
from brief.findings import naming
from brief.findings.facts import Fact
from brief.prose.catalogue import message, say
from brief.prose.language import capital, counted, number_word, within

if TYPE_CHECKING:
    from brief.findings.findings import Findings

_DOT, _SIZE, _SMALL = 11, 14, 13
_NAMES = (message("Happened"), message("Reported"))
_SCALE, _GAP = 212, 18


@dataclass(frozen=True)
class Event:
    """An event as it is drawn: the first and last day that its date may mean, and whether it was only reported."""

    first: dt.date
    last: dt.date
    printed: str
    reported: bool
    what: str
    lane: str


@figure("timeline")
def timeline(findings: Findings, facts: Mapping[str, Fact]) -> Figure | Unavailable:
    """The events in lanes on one scale of time; those that are known only as reported are hollow."""
    brief = findings.brief
    frame = brief.claim_register.timeline.sort_values(["date", "event_id"])
    if not len(frame):
        return Unavailable(say("No dated event is listed yet."))
    records = naming.rows_of(frame)
    events = [_event(event) for event in records if event["shown"] == "yes"]
    if not events:
        return Unavailable(say("No event is marked to be shown."))
    lanes = list(
        dict.fromkeys(
            event["lane"] for event in naming.rows_of(brief.claim_register.timeline) if event["shown"] == "yes"
        )
    )
    reported = sum(event.reported for event in events)
    whole = counted(len(events), "event", "events")
    first, last = events[0].first.year, max(event.last for event in events).year
    years = str(first) if first == last else say("{first} to {last}", first=first, last=last)
    lanes_told = say(" in {lanes}", lanes=counted(len(lanes), "lane", "lanes")) if len(lanes) > 1 else ""
    left = len(records) - len(events)
    return Figure(
        headline=_headline(len(events), reported),
        subtitle=say(
            "Events by date{lanes_told}, {years}; base: {whole}", lanes_told=lanes_told, years=years, whole=whole
        ),
        alt=(
            say(
                "A line for each event in the order of the dates{lanes_told}, with a full mark where it "
                "happened and a hollow mark where it was reported. {told}",
                lanes_told=lanes_told,
                told=" ".join(_lane_in_words(lane, events) for lane in lanes),
            )
        ),
        note=(
            say(
                "Happened: a source states it as a fact. Reported: a source passes on what others say. Order does "
                "not show cause. A long mark stands for a date of which only the month or the year is known."
            )
            + (say(" The website lists {left}.", left=counted(left, "further event", "further events")) if left else "")
        ),
        source=say("the list of events of this brief"),
        data=pd.DataFrame(
            {
                "Date": [printed_date(event["date"]) for event in records],
                "Happened or reported": [event["kind"] for event in records],
                **({"Lane": [event["lane"] for event in records]} if any(lanes) else {}),
                "Event": [event["event"] for event in records],
                "Shown in figure": [event["shown"] for event in records],
                "Sources": ["; ".join(names_of(brief.sources, event["sources"])) for event in records],
            }
        ),
        wide=_draw(events, lanes),
        narrow=_listed(events, lanes),
        compact=_strips(events, lanes),
    )


@table("polls")
def polls(findings: Findings, facts: Mapping[str, Fact]) -> Table | Unavailable:
    """The opinion polls: what was asked, when, of whom, what came out, and who paid."""
    brief = findings.brief
    rows = brief.claim_register.evidence
    if rows.empty:
        return SILENT
    data = pd.DataFrame(
        {
            "What was asked": rows["series"],
            "When": rows["period"],
            "Answer": rows["value"],
            "Base": rows["unit"],
            "Paid by": rows["paid_by"],
            "Note": rows["note"],
            "Source": ["; ".join(names_of(brief.sources, cell)) for cell in rows["sources"]],
        }
    )
    return Table(caption=say("Opinion polls"), data=data, source="", cites="Source")


def _headline(events: int, reported: int) -> str:
    if not reported:
        return say("All events shown are stated by their sources")
    known = say("{reported} of {events}", reported=number_word(reported), events=events)
    return capital(say("{known} events are known only from reports of what others say", known=known))


def _lane_in_words(lane: str, events: Sequence[Event]) -> str:
    words = " ".join(f"{event.printed}: {event.what}" for event in events if event.lane == lane)
    return f"{lane}. {words}" if lane else words


def _event(event: Mapping[str, Any]) -> Event:
    parts = [int(part) for part in event["date"].split("-")]
    first = dt.date(*[*parts, 1, 1][:3])
    if len(parts) == 3:
        last = first
    elif len(parts) == 2:
        last = (first.replace(day=28) + dt.timedelta(days=4)).replace(day=1) - dt.timedelta(days=1)
    else:
        last = first.replace(month=12, day=31)
    return Event(first, last, printed_date(event["date"]), event["kind"] == REPORTED, event["event"], event["lane"])


@dataclass(frozen=True)
class _Scale:
    """The years of the events laid over some pixels."""

    years: range
    left: float
    wide: float

    @classmethod
    def over(cls, events: Sequence[Event], left: float, wide: float) -> _Scale:
        return cls(range(events[0].first.year, max(event.last for event in events).year + 2), left, wide)

    def across(self, day: dt.date) -> float:
        start, end = dt.date(self.years[0], 1, 1), dt.date(self.years[-1], 1, 1)
        return self.left + (day - start).days / (end - start).days * (self.wide - _DOT)

    def labels(self, sheet: Sheet, y: float) -> None:
        """The years, as many as there is room for."""
        every = next(step for step in (1, 2, 3, 4, 5, 10, 100) if self.wide / len(self.years) * step > 40)
        for year in self.years[:-1:every]:
            last = self.left + self.wide - width(str(year), _SMALL)
            sheet.text(min(self.across(dt.date(year, 1, 1)), last), y, str(year), _SMALL, fill=colour("soft"))

    def lines(self, sheet: Sheet, top: float, bottom: float) -> None:
        """A thin line where each year begins."""
        for year in self.years:
            sheet.box(self.across(dt.date(year, 1, 1)), top, 1, bottom - top, fill=colour("line"), opacity=0.22)


def _draw(events: Sequence[Event], lanes: Sequence[str]) -> dict[str, Any]:
    """Words on the left, and on the right the scale of time with a mark on the line of each event: nothing crosses."""
    sheet = Sheet(WIDE)
    beside = max(width(event.printed, _SMALL) for event in events) + 14
    scale = _Scale.over(events, WIDE - _SCALE, _SCALE)
    y = _key(sheet) + 6
    scale.labels(sheet, y + 13)
    y += 20
    for lane in lanes:
        if lane:
            sheet.box(0, y + 3, WIDE, 1, fill=colour("line"), opacity=0.5)
            y = sheet.lines(0, y + 8, [lane], _SIZE, 20, weight=BOLD) + 2
        top = y
        for event in events:
            if event.lane != lane:
                continue
            words = wrap(event.what, WIDE - _SCALE - _GAP - beside, _SIZE)
            sheet.text(0, y + 14, event.printed, _SMALL, fill=colour("soft"))
            _marked(sheet, scale, event, y + 3)
            y = sheet.lines(beside, y, words, _SIZE, 18) + 7
        scale.lines(sheet, top, y - 4)
    sheet.height = y
    return sheet.spec()


def _listed(events: Sequence[Event], lanes: Sequence[str]) -> dict[str, Any]:
    """For a phone: in each lane the marks on one strip of time, and below it date and words of each event."""
    sheet = Sheet(NARROW)
    scale = _Scale.over(events, 0, NARROW)
    y = _key(sheet) + 4
    for lane in lanes:
        own = [event for event in events if event.lane == lane]
        if lane:
            y = sheet.lines(0, y + 6, [lane], 15, 20, weight=BOLD) + 2
        rows = _apart(own, scale)
        high = len(rows) * (_DOT + 3) + 5
        scale.lines(sheet, y, y + high)
        for number, row in enumerate(rows):
            for event in row:
                _marked(sheet, scale, event, y + 4 + number * (_DOT + 3))
        scale.labels(sheet, y + high + 14)
        y += high + 26
        for event in own:
            _mark(sheet, 0, y + 3, _DOT, event.reported)
            sheet.text(_DOT + 8, y + 13, event.printed, _SMALL, weight=BOLD)
            y = sheet.lines(_DOT + 8, y + 18, wrap(event.what, NARROW - _DOT - 8, _SIZE), _SIZE, 18) + 8
        y += 8
    sheet.height = y
    return sheet.spec()


def _strips(events: Sequence[Event], lanes: Sequence[str]) -> dict[str, Any]:
    """For a card and for paper: a strip of time for each lane, without words but the dates of the first lane."""
    sheet = Sheet(COMPACT)
    y = _key(sheet) + 8
    beside = 150.0 if any(lanes) else 0.0
    scale = _Scale.over(events, beside, COMPACT - beside)
    for lane in lanes:
        own = [event for event in events if event.lane == lane]
        rows = _apart(own, scale)
        words = wrap(lane, beside - 12, COMPACT_SMALLEST, BOLD) if lane else []
        high = max(len(rows) * (_DOT + 3), len(words) * 17) + 8
        scale.lines(sheet, y, y + high)
        sheet.lines(0, y + 2, words, COMPACT_SMALLEST, 17, weight=BOLD)
        for number, row in enumerate(rows):
            for event in row:
                _marked(sheet, scale, event, y + 4 + number * (_DOT + 3))
        y += high + 6
    scale.labels(sheet, y + 12)
    sheet.height = y + 20
    return sheet.spec()


def _apart(events: Sequence[Event], scale: _Scale) -> list[list[Event]]:
    """The events on as few lines as are needed for no mark to lie on another."""
    rows: list[list[Event]] = []
    ends: list[float] = []
    for event in sorted(events, key=lambda event: (event.first, event.last)):
        left, right = scale.across(event.first), scale.across(event.last) + _DOT + 2
        free = next((place for place, end in enumerate(ends) if end <= left), None)
        if free is None:
            rows.append([event])
            ends.append(right)
        else:
            rows[free].append(event)
            ends[free] = right
    return rows


def _marked(sheet: Sheet, scale: _Scale, event: Event, y: float) -> None:
    first, last = scale.across(event.first), scale.across(event.last)
    tells = {"Date": event.printed, "Known as": within(say(_NAMES[event.reported])), "Event": event.what}
    _mark(sheet, first, y, last - first + _DOT, event.reported, tells)


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
    for hollow, name in enumerate(map(say, _NAMES)):
        _mark(sheet, x, 2, _DOT, bool(hollow))
        sheet.text(x + _DOT + 8, 13, name, 13)
        x += _DOT + 8 + width(name, 13) + 24
    return 24.0
