"""Stances of more comments than can be drawn one by one: a bar a stance, with an interval where a sample gives one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pandas as pd

from brief.figures.drawing.palette import colour
from brief.figures.drawing.sheet import Sheet
from brief.figures.drawing.text import BOLD, clip, wrap
from brief.findings import naming
from brief.prose.catalogue import say
from brief.prose.language import decimal, listed, numeral

if TYPE_CHECKING:
    from brief.findings.findings import Findings

TEXTS = "distinct texts"
"""The estimand of the shares that are drawn: copies of a text count once."""


@dataclass(frozen=True)
class Group:
    """The comments of one stance: its id and label, its colour, and its rows."""

    stance: str
    label: str
    paint: str
    comments: pd.DataFrame


def bars(findings: Findings, sheet: Sheet, groups: Sequence[Group]) -> dict[str, Any]:
    """A bar for the comments of each stance; below each the estimated share of all texts and its interval, if any."""
    unit, units = naming.nouns(findings.brief)
    greatest = max(len(group.comments) for group in groups)
    estimated = _shares(findings)
    said = say("Bars show numbers of {many}.", many=units)
    if estimated:
        said += say(" Lines show the estimated share of all different texts, from a random sample, with its interval.")
    y = sheet.lines(0, 0, wrap(said, sheet.width, 13), 13, 18, fill=colour("soft")) + 8
    absent = [group.label for group in groups if not len(group.comments)]
    if absent:
        y = (
            sheet.lines(0, y, wrap(say("No {one}: {labels}", one=unit, labels=listed(absent)), sheet.width, 14), 14, 20)
            + 8
        )
    for group in groups:
        number = len(group.comments)
        if not number:
            continue
        sheet.text(0, y + 14, clip(group.label, sheet.width - 90, 14, BOLD), 14, weight=BOLD)
        sheet.text(sheet.width, y + 14, numeral(number), 14, align="right")
        sheet.box(0, y + 20, max(number / greatest * sheet.width, 2), 14, fill=group.paint, radius=2)
        y += 38
        if group.stance in estimated:
            share, low, high = estimated[group.stance]
            room = sheet.width - 150
            sheet.box(0, y + 8, room, 1, fill=colour("line"))
            sheet.box(low * room, y + 6.5, max((high - low) * room, 2), 4, fill=group.paint, opacity=0.5)
            sheet.box(share * room - 4, y + 4.5, 8, 8, fill=group.paint, radius=4)
            words = say(
                "{share} % ({low} to {high} %)",
                share=decimal(100 * share, 0),
                low=decimal(100 * low, 0),
                high=decimal(100 * high, 0),
            )
            sheet.text(sheet.width, y + 13, words, 13, align="right")
            y += 22
        y += 8
    sheet.height = y
    return sheet.spec()


def _shares(findings: Findings) -> dict[str, tuple[float, float, float]]:
    """By stance the estimated share of the different texts and its limits; none without a random sample."""
    estimates, reason = findings.shares
    if reason or estimates.empty:
        return {}
    rows = estimates[(estimates["estimand"] == TEXTS) & estimates["estimate"].notna() & estimates["low"].notna()]
    return {
        str(row["category"]): (float(row["estimate"]), float(row["low"]), float(row["high"]))
        for row in naming.rows_of(rows)
    }
