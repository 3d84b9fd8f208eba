"""What a secret opens once it is stolen: the figure and the table to choose from."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import pandas as pd

from brief.figures import COMPACT, COMPACT_SMALLEST, NARROW, WIDE, Figure, Table, figure, table
from brief.figures.drawing.palette import colour
from brief.figures.drawing.sheet import Sheet
from brief.figures.drawing.text import BOLD, clip, wrap
from brief.findings import naming
from brief.findings.facts import Fact
from brief.prose.language import capital, counted, listed
from brief_access import analysis
from brief_access.exercises import COULD, LEAK, WARRANT
from brief_access.facts import MODULE, of, thefts
from brief_access.who_reads_what import Count, bar
from brief_access.words import LABELS, POWER, SOURCE, any_of, moments, ranged, with_article

if TYPE_CHECKING:
    from brief.findings.findings import Findings

_BAR = 12
_HOLDERS = {
    WARRANT: "The authority, by the rules",
    COULD: "Whoever holds the power",
    LEAK: "A thief",
}


@figure("one-leaked-secret", module=MODULE)
def one_leaked_secret(findings: Findings, facts: Mapping[str, Fact]) -> Figure:
    """How many messages each secret opens that is stolen."""
    brief = findings.brief
    outcomes = of(brief)
    rows = naming.rows_of(thefts(outcomes))
    whole = outcomes.given.messages
    most = max(int(row["read"]) for row in rows)
    top = any_of(with_article(str(row["secret"])) for row in rows if int(row["read"]) == most)
    every = "every message" if most == whole else f"{most:,} of {whole:,} messages"
    nothing = [str(row["secret"]) for row in rows if not row["read_most"]]
    bars = "; ".join(f"{row['secret']} ({LABELS[row['option']].lower()}): {ranged(row, 'read')}" for row in rows)
    return Figure(
        headline=f"A thief with {top} could read {every}" if most else "No stolen secret opens a message",
        subtitle=(
            "Messages in the model that a thief can read who has recorded everything sent, median and range over "
            f"{counted(outcomes.given.draws, 'draw', 'draws')}; base: "
            f"{counted(whole, 'message', 'messages')} of {counted(outcomes.given.people, 'person', 'people')}"
        ),
        alt=f"A bar for each secret. {capital(bars)}. Without any message: {listed(nothing) or 'no secret'}.",
        note=(
            f"{moments(outcomes.given)} "
            "A model, not the code of any service. A share of its messages is not the risk that a secret is stolen. "
            "How many phones a means to hack reaches, and that everybody makes backups, are assumptions."
        ),
        source=SOURCE,
        data=pd.DataFrame(
            {
                "Option": [LABELS[row["option"]] for row in rows],
                "Stolen": [capital(str(row["secret"])) for row in rows],
                "Sent before the theft": [ranged(row, "past") for row in rows],
                "Sent afterwards": [ranged(row, "later") for row in rows],
                f"Of all {whole:,} messages": [ranged(row, "read") for row in rows],
            }
        ),
        column_notes={"Sent before the theft": "Messages read that were sent before the secret was stolen."},
        wide=_draw(rows, whole, WIDE),
        narrow=_draw(rows, whole, NARROW),
        compact=_draw_densely(rows, whole),
    )


def _draw(rows: Sequence[Mapping[str, Any]], whole: int, room: int) -> dict[str, Any]:
    """A heading for each option, a line for each of its secrets."""
    sheet = Sheet(room)
    wide = room >= WIDE
    left = 300 if wide else 0
    scale = (room - left - 84) / whole
    y, option = 0.0, ""
    for row in rows:
        if row["option"] != option:
            option = row["option"]
            sheet.box(0, y, room, 1, fill=colour("line"), opacity=0.5)
            y = sheet.lines(0, y + 6, [LABELS[option]], 14, 20, weight=BOLD) + 1
        nothing = not wide and not row["read_most"]
        secret = capital(str(row["secret"]))
        names = wrap(f"{secret}: none" if nothing else secret, (left or room) - 12, 13)
        down = sheet.lines(0, y, names, 13, 17, fill=colour("soft"))
        if nothing:
            y = down + 7
            continue
        top = y + 2 if wide else down + 2
        _bar(sheet, left, top, row, scale, 13)
        y = max(down, top + _BAR) + 7
    sheet.height = y
    return sheet.spec()


def _draw_densely(rows: Sequence[Mapping[str, Any]], whole: int) -> dict[str, Any]:
    sheet = Sheet(COMPACT)
    left = 312
    scale = (COMPACT - left - 84) / whole
    y = 0.0
    for row in rows:
        sheet.lines(0, y, [clip(capital(str(row["secret"])), left - 10, COMPACT_SMALLEST)], COMPACT_SMALLEST, 22)
        _bar(sheet, left, y + 4, row, scale, COMPACT_SMALLEST)
        y += 24
    sheet.height = y
    return sheet.spec()


def _bar(sheet: Sheet, left: float, top: float, row: Mapping[str, Any], scale: float, size: float) -> None:
    """A bar as `figures.bar`, with the numbers behind it."""
    count = Count.of(row, "read")
    tooltip: dict[str, str | int] = {"Stolen": str(row["secret"]), "Read": str(count)}
    if not count.most:
        sheet.box(left, top, 1.5, _BAR, fill=colour("line"))
    bar(sheet, left, top, _BAR, count, scale, False, count.middle, tooltip)
    sheet.text(left + count.most * scale + 7, top + _BAR - 1.5, str(count), size)


@table("what-a-secret-opens", module=MODULE)
def what_a_secret_opens(findings: Findings, facts: Mapping[str, Fact]) -> Table:
    """Option by option and secret by secret: who holds it, what it opens, and whose messages these are."""
    brief = findings.brief
    outcomes = of(brief)
    rows = []
    counts = outcomes.counts[outcomes.counts["measure"].isin([WARRANT, COULD, LEAK])]
    for row in naming.rows_of(analysis.spread(counts)):
        held = POWER[row["option"]] if row["measure"] == COULD else str(row["secret"])
        rows.append(
            (
                LABELS[row["option"]],
                capital(str(row["way"])) or "Any",
                capital(held),
                _HOLDERS[row["measure"]],
                ranged(row, "past"),
                ranged(row, "later"),
                _whose(row),
            )
        )
    names = ["Option", "Design", "What is held", "Who holds it", "Read, sent before", "Read, sent after", "Whose"]
    frame = pd.DataFrame(rows, columns=names)
    order = frame["Option"].map({label: place for place, label in enumerate(LABELS.values())})
    return Table(
        caption="What each key or power opens",
        data=frame.iloc[order.argsort(kind="stable")].reset_index(drop=True),
        source=SOURCE,
        note=(
            f"{moments(outcomes.given)} Medians and ranges over all draws. Before and after: of the warrant, and for a "
            "thief of the theft. A thief has recorded everything that was sent."
        ),
        column_notes={
            "What is held": "What somebody has beside everything public and everything that was sent.",
            "Whose": "Whose messages are among those read.",
        },
        choose=("Option", "Who holds it"),
        folded_on_phones=True,
    )


def _whose(row: Mapping[str, Any]) -> str:
    target = row["named_before_most"] + row["named_after_most"]
    if not target and not row["others_most"]:
        return "None"
    if not row["others_most"]:
        return "The person named and partners"
    return "Other people" if not target else "The person named, partners and other people"
