"""The figures of the model: who reads what, before and after the warrant; how far a leaked secret reaches."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pandas as pd

from brief.figures import COMPACT, COMPACT_SMALLEST, NARROW, WIDE, Figure, figure
from brief.figures.drawing.palette import colour, series
from brief.figures.drawing.sheet import Sheet
from brief.figures.drawing.text import BOLD, REGULAR, clip, width, wrap
from brief.findings import published as base
from brief.findings.facts import Fact
from brief.prose.language import capital, counted, listed
from brief_access import analysis
from brief_access.attempts import ABUSE, PROVIDER, RECIPIENT
from brief_access.facts import MODULE, of
from brief_access.words import LABELS, SOURCE, of_messages, with_article

if TYPE_CHECKING:
    from brief.findings.findings import Findings

_SQUARE, _SMALL, _SIZE = 16, 12, 14
_PARTS = ("target_before", "target_after", "others_before", "others_after")
_NOTE = (
    "A model, not the code of any service. Each number is a count of attempts to decrypt that succeeded; that an "
    "attempt fails shows that this reader lacks the key, not that nobody could ever read."
)


@dataclass(frozen=True)
class Cell:
    """A cell: how many of how many messages."""

    read: int
    there: int


@dataclass(frozen=True)
class Line:
    """A way to build an option: what recipient and provider read, and the four parts that the authority reads."""

    option: str
    variant: str
    cells: tuple[Cell, ...]


@figure("who-reads-what", module=MODULE)
def who_reads_what(findings: Findings, facts: Mapping[str, Fact]) -> Figure:
    """For each way to build each option: what recipient, provider and authority read, before and after the warrant."""
    brief = findings.brief
    attempts = of(brief).attempts
    table = analysis.on_warrant(attempts)
    reading = [analysis.own(attempts, reader) for reader in (RECIPIENT, PROVIDER)]
    lines = []
    for place, row in enumerate(base.records(table)):
        own = [Cell(int(frame["read"][place]), int(frame["messages"][place])) for frame in reading]
        parts = [Cell(int(row[part]), int(row[f"{part}_of"])) for part in _PARTS]
        lines.append(Line(str(row["option"]), str(row["variant"]), (*own, *parts)))
    whole = lines[0].cells[0].there
    wide_reach = list(dict.fromkeys(one.option for one in lines if one.cells[4].read or one.cells[5].read))
    narrow_reach = list(dict.fromkeys(one.option for one in lines if one.option not in wide_reach))
    names = listed(LABELS[name].lower() for name in wide_reach)
    headline = (
        f"On a warrant, {names} can open messages that the person named has no part in; the other options do not"
        if wide_reach and narrow_reach
        else "Whose messages each way opens, before and after a warrant"
    )
    columns = _columns()
    data = pd.DataFrame(
        {
            "Option": [LABELS[line.option] for line in lines],
            "Way to build it": [capital(line.variant) for line in lines],
            **{
                name: [of_messages(line.cells[place].read, line.cells[place].there) for line in lines]
                for place, name in enumerate(columns)
            },
        }
    )
    return Figure(
        headline=headline,
        subtitle=f"Messages read, by reader and option, in the model; base: {counted(whole, 'message', 'messages')}",
        alt=f"A table of squares, filled as far as messages are read. {' '.join(map(_told, lines))}",
        note=f"{_NOTE} What the person under warrant writes with others counts as that person's.",
        source=SOURCE,
        data=data,
        column_notes={
            "Recipient": "What the people to whom it was sent read, with their own devices.",
            "Provider": "What the provider reads with what it holds.",
            **dict.fromkeys(columns[2:], "What the authority reads with what the option gives it."),
        },
        wide=_draw_readers(lines, WIDE),
        narrow=_draw_readers(lines, NARROW),
        compact=_draw_readers_densely(lines),
    )


def _columns() -> tuple[str, ...]:
    whose = ("person under warrant", "everybody else")
    return ("Recipient", "Provider", *(f"Authority: {who}, {when}" for who in whose for when in ("before", "after")))


def _told(line: Line) -> str:
    recipient, provider, *parts = line.cells
    told = "; ".join(
        f"{name} {of_messages(cell.read, cell.there)}"
        for name, cell in zip(
            (
                "of the person under warrant before",
                "after",
                "of everybody else before",
                "after",
            ),
            parts,
            strict=True,
        )
    )
    return (
        f"{LABELS[line.option]}, {line.variant}: the recipient reads {of_messages(recipient.read, recipient.there)}, "
        f"the provider {of_messages(provider.read, provider.there)}; the authority {told}."
    )


def _draw_readers(lines: Sequence[Line], room: int) -> dict[str, Any]:
    sheet = Sheet(room)
    wide = room >= WIDE
    left = 236 if wide else 0
    each = (room - left) / len(lines[0].cells)
    y = _key(sheet) + 10
    y = _heads(sheet, lines[0], left, each, y, _SMALL if wide else 10.5)
    option = ""
    for line in lines:
        if line.option != option:
            option = line.option
            sheet.box(0, y, room, 1, fill=colour("line"), opacity=0.5)
            y = sheet.lines(0, y + 8, [LABELS[option]], _SIZE, 20, weight=BOLD) + 2
        names = wrap(capital(line.variant), (left or room) - 12, 13)
        down = sheet.lines(0, y, names, 13, 18, fill=colour("soft"))
        top = y if wide else down + 3
        for place, cell in enumerate(line.cells):
            _square(sheet, left + place * each, top + 1, cell)
        y = max(down, top + _SQUARE + 2) + 8
    sheet.height = y
    return sheet.spec()


def _draw_readers_densely(lines: Sequence[Line]) -> dict[str, Any]:
    """A line for each way to build an option; an option with a single way has no heading of its own."""
    sheet = Sheet(COMPACT)
    left, pitch, leading = 204, 20, 16
    each = (COMPACT - left) / len(lines[0].cells)
    y = _heads(sheet, lines[0], left, each, _key(sheet) + 4, COMPACT_SMALLEST)
    ways = Counter(line.option for line in lines)
    option = ""
    for line in lines:
        name, weight, ink = capital(line.variant), REGULAR, colour("soft")
        if line.option != option:
            option = line.option
            sheet.box(0, y, COMPACT, 1, fill=colour("line"), opacity=0.5)
            y += 3
            if ways[option] == 1:
                name, weight, ink = LABELS[option], BOLD, colour("ink")
            else:
                y = sheet.lines(0, y, [LABELS[option]], COMPACT_SMALLEST, pitch, weight=BOLD)
        words = wrap(name, left - 6, COMPACT_SMALLEST, weight)
        sheet.lines(0, y + 2, words, COMPACT_SMALLEST, leading, weight=weight, fill=ink)
        for place, cell in enumerate(line.cells):
            _square(sheet, left + place * each, y + 1, cell)
        y += pitch + (len(words) - 1) * leading
    sheet.height = y
    return sheet.spec()


def _heads(sheet: Sheet, line: Line, left: float, each: float, y: float, size: float) -> float:
    """The heads of the columns, in two lines; and how many messages there are in each."""
    groups = ("Recipient", "Provider", "Authority: person under warrant", "Authority: everybody else")
    spans = (1, 1, 2, 2)
    place, down = 0, y
    for name, span in zip(groups, spans, strict=True):
        down = max(down, sheet.lines(left + place * each, y, wrap(name, span * each + (span > 1) * -6, size), size, 15))
        place += span
    for place, cell in enumerate(line.cells):
        words = ["all" if place < 2 else ("before" if place % 2 == 0 else "after"), f"of {cell.there}"]
        sheet.lines(left + place * each, down + 2, words, size, 15, fill=colour("soft"))
    return down + 2 + 2 * 15 + 8


def _square(sheet: Sheet, x: float, y: float, cell: Cell) -> None:
    """A square filled from below as far as messages are read, and the number beside it."""
    size = _SQUARE - 2
    tells = {"Read": cell.read, "Of": cell.there}
    # A few messages of very many are still to be seen.
    high = max(size * cell.read / cell.there, 2.5) if cell.read else 0
    if high:
        sheet.box(x + 1, y + 1 + size - high, size, high, fill=series(0), tells=tells)
    sheet.box(x + 1, y + 1, size, size, stroke=series(0) if cell.read else colour("line"), thick=1.5, tells=tells)
    sheet.text(x + _SQUARE + 5, y + 13, str(cell.read), 13, weight=BOLD if cell.read else 400)


def _key(sheet: Sheet) -> float:
    x, y = 0.0, 0.0
    for name, cell in (("All read", Cell(2, 2)), ("A part read", Cell(1, 2)), ("Not read", Cell(0, 2))):
        size = _SQUARE - 2
        high = size * cell.read / cell.there
        if high:
            sheet.box(x + 1, y + 1 + size - high, size, high, fill=series(0))
        sheet.box(x + 1, y + 1, size, size, stroke=series(0) if cell.read else colour("line"), thick=1.5)
        sheet.text(x + _SQUARE + 6, y + 13, name, 13)
        x += _SQUARE + 6 + width(name, 13) + 18
    return y + 24


@figure("one-leaked-secret", module=MODULE)
def one_leaked_secret(findings: Findings, facts: Mapping[str, Fact]) -> Figure:
    """How many messages each secret opens that leaks, and each authority that is abused."""
    brief = findings.brief
    found = of(brief)
    table = analysis.reach(found.attempts)
    rows = base.records(table)
    whole = found.given.messages
    leaks = [row for row in rows if row["how"] != ABUSE]
    most = max(row["read"] for row in leaks)
    top = [with_article(str(row["secret"])) for row in leaks if row["read"] == most]
    opens = "opens" if len(top) == 1 else "open"
    nothing = [str(row["secret"]) for row in rows if not row["read"]]
    headline = (
        f"Of what can leak, {listed(top)} {opens} most: {of_messages(most, whole)} messages"
        if most
        else "Nothing that leaks opens a message"
    )
    bars = "; ".join(
        f"{row['secret']} ({LABELS[row['option']].lower()}): {of_messages(row['read'], whole)}, "
        f"{row['before']} from before"
        for row in rows
    )
    return Figure(
        headline=headline,
        subtitle=(
            "Messages that a thief can read who holds this and has recorded everything sent, in the model; "
            f"base: {counted(whole, 'message', 'messages')} of {counted(found.given.people, 'person', 'people')}"
        ),
        alt=f"A bar for each secret. {capital(bars)}. Without any message: {listed(nothing) or 'no secret'}.",
        note=(
            f"{_NOTE} How many devices an exploit reaches is an assumption. A share of the model's messages is not the "
            "risk that a secret leaks."
        ),
        source=SOURCE,
        data=pd.DataFrame(
            {
                "Option": [LABELS[row["option"]] for row in rows],
                "Secret": [capital(str(row["secret"])) for row in rows],
                "How": [capital(str(row["how"])) for row in rows],
                "From before": [row["before"] for row in rows],
                "From afterwards": [row["after"] for row in rows],
                "Of all messages": [of_messages(row["read"], whole) for row in rows],
            }
        ),
        column_notes={
            "How": "A leak: somebody steals a key. Abuse: somebody entitled uses an authority for other ends.",
            "From before": "Messages sent before the leak; for an abuse, before it began.",
        },
        wide=_draw_reach(rows, whole, WIDE),
        narrow=_draw_reach(rows, whole, NARROW),
        compact=_draw_reach_densely(rows, whole),
    )


def _draw_reach(rows: Sequence[Mapping[str, Any]], whole: int, room: int) -> dict[str, Any]:
    sheet = Sheet(room)
    wide = room >= WIDE
    left = 250 if wide else 0
    counts_room = 74
    scale = (room - left - counts_room) / whole
    y = _reach_key(sheet) + 8
    how = ""
    for row in rows_by_how(rows):
        if row["how"] != how:
            how = row["how"]
            sheet.box(0, y, room, 1, fill=colour("line"), opacity=0.5)
            words = "Abuse of an authority" if how == ABUSE else "Leak of a secret"
            y = sheet.lines(0, y + 8, [words], _SIZE, 20, weight=BOLD) + 4
        names = wrap(capital(str(row["secret"])), (left or room) - 12, _SIZE)
        down = sheet.lines(0, y, names, _SIZE, 19)
        down = sheet.lines(0, down, [LABELS[row["option"]]], _SMALL, 16, fill=colour("soft"))
        top = y + 6 if wide else down + 3
        end = _bar(sheet, left, top, row, scale)
        sheet.text(end + 7, top + 13, of_messages(row["read"], whole), 13)
        y = max(down, top + _SQUARE) + 9
    sheet.height = y
    return sheet.spec()


def _draw_reach_densely(rows: Sequence[Mapping[str, Any]], whole: int) -> dict[str, Any]:
    """A line for each secret, its option beside it."""
    sheet = Sheet(COMPACT)
    size, pitch, left, counts_room = COMPACT_SMALLEST, 22, 306, 72
    scale = (COMPACT - left - counts_room) / whole
    y = _reach_key(sheet) + 6
    how = ""
    for row in rows_by_how(rows):
        if row["how"] != how:
            how = row["how"]
            words = "Abuse of an authority" if how == ABUSE else "Leak of a secret"
            y = sheet.lines(0, y + 6, [words], _SIZE, 22, weight=BOLD)
        secret = capital(str(row["secret"]))
        beside = width(secret, size) + 8
        sheet.lines(0, y, [secret], size, pitch)
        option = clip(LABELS[row["option"]], left - beside - 10, size)
        sheet.lines(beside, y, [option], size, pitch, fill=colour("soft"))
        end = _bar(sheet, left, y + 3, row, scale)
        sheet.text(end + 7, y + 16, of_messages(row["read"], whole), size)
        y += pitch
    sheet.height = y
    return sheet.spec()


def rows_by_how(rows: Sequence[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    """The rows, leaks before abuses, each in the order in which they were."""
    return sorted(rows, key=lambda row: row["how"] == ABUSE)


def _bar(sheet: Sheet, left: float, top: float, row: Mapping[str, Any], scale: float) -> float:
    """Messages from before as a full bar, those from afterwards as an outlined one behind it. Returns its end."""
    before, after = row["before"] * scale, row["after"] * scale
    tells: dict[str, str | int] = {
        "Secret": str(row["secret"]),
        "From before": int(row["before"]),
        "From afterwards": int(row["after"]),
    }
    if before:
        sheet.box(left, top, before, _SQUARE, fill=series(0), tells=tells)
    if after:
        inner = max(after - 2, 1)
        sheet.box(left + before + 1, top + 1, inner, _SQUARE - 2, stroke=series(0), thick=2, tells=tells)
    if not before and not after:
        sheet.box(left, top, 1.5, _SQUARE, fill=colour("line"))
    return float(left + before + after)


def _reach_key(sheet: Sheet) -> float:
    sheet.box(0, 1, 24, _SQUARE - 2, fill=series(0))
    name = "Sent before"
    sheet.text(32, 13, name, 13)
    x = 32 + width(name, 13) + 20
    sheet.box(x + 1, 2, 22, _SQUARE - 4, stroke=series(0), thick=2)
    sheet.text(x + 32, 13, "Sent afterwards", 13)
    return 24.0
