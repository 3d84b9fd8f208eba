"""Comment tiles: what do readers hold? The texts themselves with their themes, grouped by stance."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import pandas as pd

from brief.analysis import coding
from brief.figures import COMPACT, COMPACT_HIGH, COMPACT_SMALLEST, NARROW, WIDE, Figure, Unavailable, figure
from brief.figures.bars import Group, bars
from brief.figures.drawing.palette import colour, series
from brief.figures.drawing.sheet import DASHES, Sheet
from brief.figures.drawing.text import BOLD, clip, width, wrap
from brief.findings import naming
from brief.findings.facts import Fact
from brief.prose.catalogue import say, say_of
from brief.prose.language import capital, listed, number_word, numeral

if TYPE_CHECKING:
    from brief.data.brief import Brief
    from brief.findings.findings import Findings

FULL_TEXTS = 12
"""Up to so many comments a tile holds more of its text. The page has each text in full, so the picture need not."""
WITH_TEXT = 60
"""Up to so many comments each has a tile with its text; above, a small square stands for it."""
MOST_SQUARES = 600
"""Up to so many comments each has a square; above, a bar stands for those of a stance."""
_LINES = ((FULL_TEXTS, 3), (WITH_TEXT, 2))
"""Up to so many comments, so many lines of text in a tile."""
_POSITIONS = ("for", "against")
_PAINTS = {"for": 0, "against": 3, "mixed": 5, "no-position": 1, "cannot-tell": 4}
_PAD, _BAR, _GAP = 14, 4, 14
_SIZE, _LEADING, _SMALL = 14, 20, 12


def _note(brief: Brief, total: pd.DataFrame) -> str:
    """What the tiles do not show; what a reader judged is named where a reader did."""
    note = say("These {many} are not a sample and do not represent the public.", many=naming.nouns(brief)[1])
    if not coding.number(total, "coded") or brief.codebook is None:
        return note
    judged = [
        say("stance"),
        *[say("themes")] * (bool(brief.codebook.themes) and naming.themes_read(brief)),
        *[say("certainty")] * bool(brief.codebook.certainties),
    ]
    whose = say("a program's") if naming.coded_by_a_program(brief) else say("the coder's")
    return say_of(
        len(judged),
        "{note} {judged} is {whose} judgement.",
        "{note} {judged} are {whose} judgement.",
        note=note,
        judged=capital(listed(judged)),
        whose=whose,
    )


@figure("comment-tiles")
def comment_tiles(findings: Findings, facts: Mapping[str, Fact]) -> Figure | Unavailable:
    """What each comment says: its text and themes, grouped by stance, with the certainty of the reading."""
    brief = findings.brief
    total = findings.summary
    number = coding.number(total, "all")
    if not number:
        return Unavailable(say("There are no comments to show."))
    if brief.codebook is None:
        return Unavailable(say("There is no codebook yet, so the comments cannot be grouped by what they hold."))
    comments = findings.comments
    groups = _groups(brief, comments)
    whole = naming.number_of(brief, number)
    return Figure(
        headline=_headline(brief, total),
        subtitle=(
            say(
                "Answers to the question “{question}”; {many} {place_in_short}; base: {whole}",
                question=naming.short(brief.codebook.question),
                many=naming.nouns(brief)[1],
                place_in_short=naming.place_in_short(brief),
                whole=whole,
            )
        ),
        alt=_alt(brief, total, groups),
        note=_note(brief, total),
        source=naming.source(brief),
        data=_table(brief, groups),
        column_notes={
            "Stance": say("What the text says by itself, as the codebook defines it."),
            "In the thread": say("The stance when read with the comments around it, where that differs."),
            "Certainty": say("How sure the coder was of the stance; empty where that was not stated."),
        },
        wide=_draw(findings, groups, WIDE),
        narrow=_draw(findings, groups, NARROW),
        compact=_dense(findings, groups),
    )


def _groups(brief: Brief, comments: pd.DataFrame) -> list[Group]:
    """The stances in the codebook's order; what is not coded comes last. Empty ones are kept: none is a finding too."""
    coded = bool(comments["coded"].any())
    known = naming.labels(brief, "stances")
    order = [*known, *sorted(set(comments["stance"]) - set(known) - {coding.NOT_CODED}), coding.NOT_CODED]
    paints = {stance: series(_PAINTS.get(stance, 2 + place)) for place, stance in enumerate(order)}
    paints[coding.NOT_CODED] = colour("line")
    by_stance = [(stance, comments[comments["stance"] == stance]) for stance in order]
    return [
        Group(stance, naming.label_of(known, stance), paints[stance], rows)
        for stance, rows in by_stance
        if len(rows) or (stance in known and coded)
    ]


def _headline(brief: Brief, total: pd.DataFrame) -> str:
    known = naming.labels(brief, "stances")
    coded = coding.number(total, "coded")
    if not coded:
        whole = coding.number(total, "all")
        return say(
            "{number_of}{shown_if_listed}, not classified yet",
            number_of=capital(naming.number_of(brief, whole)),
            shown_if_listed=naming.shown_if_listed(whole),
        )
    unit, units = naming.nouns(brief)
    said: list[str] = []
    for stance in sorted(
        (stance for stance in known if stance in _POSITIONS), key=lambda stance: -coding.number(total, "stance", stance)
    ):
        number = coding.number(total, "stance", stance)
        numbers = {"number": _numeral(number), "stance": known[stance]}
        first = say_of(number, "{number} is “{stance}”", "{number} are “{stance}”", **numbers)
        said.append(say("{number} “{stance}”", **numbers) if said else first)
    if not said:
        return say("What {number_of} say, by stance", number_of=naming.number_of(brief, coded))
    left, seen = coding.uncoded(total), naming.shown_if_listed(coding.number(total, "all"))
    numbers = {
        "coded": numeral(coded),
        "many": units,
        "one": unit,
        "shown": "" if left else seen,
        "said": ", ".join(said),
    }
    if left:
        return say_of(coded, "Of the {one} read so far, {said}", "Of the {coded} {many} read so far, {said}", **numbers)
    return say_of(coded, "Of the {one}{shown}, {said}", "Of the {coded} {many}{shown}, {said}", **numbers)


def _numeral(number: int) -> str:
    """A number of a headline: numerals throughout, so that they are not mixed with words; none for zero."""
    return numeral(number) if number else number_word(0, zero="none")


def _alt(brief: Brief, total: pd.DataFrame, groups: Sequence[Group]) -> str:
    which = {group.stance: _which(group) for group in groups}
    stances = coding.counts(total, "stance", list(naming.labels(brief, "stances")))
    known = naming.labels(brief, "stances")
    by_stance = [
        f"{naming.label_of(known, stance)}: {number_word(number, zero='none')}{which.get(stance, '')}"
        for stance, number in zip(stances["value"], stances["comments"], strict=True)
    ]
    whole = coding.number(total, "all")
    shape = (
        say("Tiles grouped by stance, each with how its text begins.")
        if whole <= WITH_TEXT
        else say("Squares by stance.")
    )
    shape = say("A bar for each stance.") if whole > MOST_SQUARES else shape
    said = [shape, say("By stance: {by_stance}.", by_stance="; ".join(by_stance))]
    if coding.number(total, "coded"):
        certain = _numbers(total, "certainty", naming.labels(brief, "certainties"))
        themes = _numbers(total, "theme", naming.labels(brief, "themes")) if naming.themes_read(brief) else ""
        said += [
            say("By certainty of the reading: {certain}.", certain=certain),
            *([say("By theme: {themes}.", themes=themes)] if themes else []),
        ]
    return " ".join(said)


def _numbers(total: pd.DataFrame, kind: str, known: Mapping[str, str]) -> str:
    counted = coding.counts(total, kind, list(known))
    return "; ".join(
        f"{known.get(value, value) or say(naming.NOT_STATED)}: {number_word(number, zero='none')}"
        for value, number in zip(counted["value"], counted["comments"], strict=True)
    )


def _which(group: Group) -> str:
    if not 0 < len(group.comments) <= FULL_TEXTS or group.comments["position"].isna().any():
        return ""
    return f" ({listed(str(position) for position in group.comments['position'])})"


def _table(brief: Brief, groups: Sequence[Group]) -> pd.DataFrame:
    stances, themes = naming.labels(brief, "stances"), naming.labels(brief, "themes")
    certainties = naming.labels(brief, "certainties")
    rows = pd.concat([group.comments for group in groups], ignore_index=True)
    differs = rows["stance_in_thread"] != rows["stance"]
    table = pd.DataFrame(
        {
            capital(naming.nouns(brief)[0]): rows["label"].to_numpy(),
            "Stance": [naming.label_of(stances, stance) for stance in rows["stance"]],
            "In the thread": [
                naming.label_of(stances, stance) if other else ""
                for stance, other in zip(rows["stance_in_thread"], differs, strict=True)
            ],
            "Certainty": [certainties.get(certainty, certainty) for certainty in rows["certainty"]],
            "Themes": [
                "; ".join(themes.get(theme, theme) for theme in coding.theme_ids(cell)) for cell in rows["themes"]
            ],
        }
    )
    # Where there are more comments than their chapter lists, the table of all comments holds the texts.
    return table if len(rows) > naming.LISTED else table.assign(Text=rows["text"].to_numpy())


def _draw(findings: Findings, groups: Sequence[Group], room: int) -> dict[str, Any]:
    brief = findings.brief
    sheet = Sheet(room)
    number = sum(len(group.comments) for group in groups)
    y = _key(brief, sheet, groups) if number <= WITH_TEXT else 0.0
    if number > MOST_SQUARES:
        return bars(findings, sheet, groups)
    if number > WITH_TEXT:
        return _squares(brief, sheet, groups)
    columns = 2 if room >= WIDE else 1
    each = (room - _GAP * (columns - 1)) / columns
    lines = next(lines for most, lines in _LINES if number <= most) if room >= WIDE else 1
    y = _absent(brief, sheet, groups, y)
    for group in groups:
        if not len(group.comments):
            continue
        y = _heading(brief, sheet, group, y)
        if len(group.comments) == 1:
            y = _tile(brief, sheet, group, naming.rows_of(group.comments)[0], 0, y, room, lines) + _GAP + 10
            continue
        ends = [y] * columns
        for row in naming.rows_of(group.comments):
            column = ends.index(min(ends))
            x = column * (each + _GAP)
            ends[column] = _tile(brief, sheet, group, row, x, ends[column], each, lines) + _GAP
        y = max(ends) + 10
    return sheet.spec()


def _dense(findings: Findings, groups: Sequence[Group]) -> dict[str, Any]:
    """How each text begins, on as many lines as there is room for; a square for each comment where there is none."""
    brief = findings.brief
    number = sum(len(group.comments) for group in groups)
    if number > MOST_SQUARES:
        return bars(findings, Sheet(COMPACT), groups)
    if number <= FULL_TEXTS:
        for most in (3, 2, 1):
            sheet = Sheet(COMPACT)
            y = _absent(brief, sheet, groups, _key(brief, sheet, groups)) - 6
            for group in groups:
                if len(group.comments):
                    y = _heading(brief, sheet, group, y) - 2
                    for row in naming.rows_of(group.comments):
                        y = _strip(brief, sheet, group, row, y, most) + 5
                    y += 5
            sheet.height = y - 10
            if sheet.height <= COMPACT_HIGH:
                return sheet.spec()
    return _squares(brief, Sheet(COMPACT), groups)


def _strip(brief: Brief, sheet: Sheet, group: Group, row: Mapping[str, Any], y: float, most: int) -> float:
    """A comment from side to side: its name, and beside it how its text begins. Returns the lower edge."""
    size, left = COMPACT_SMALLEST, 150
    lines = wrap(str(row["text"]), COMPACT - left - 10, size, most_lines=most)
    high = 18 * len(lines) + 8
    _frame(sheet, 0, y, COMPACT, high, group.paint, _outline(brief, str(row["certainty"])), 3)
    sheet.box(0, y, _BAR, high, fill=group.paint)
    name = clip(str(row["label"]), left - _BAR - 18, size)
    sheet.lines(_BAR + 8, y + 4, [name], size, 18, fill=colour("soft"))
    sheet.lines(left, y + 4, lines, size, 18)
    return y + high


def _heading(brief: Brief, sheet: Sheet, group: Group, y: float) -> float:
    said = naming.number_of(brief, len(group.comments))
    label = clip(group.label, sheet.width - width(said, 13) - 12, 16, BOLD)
    sheet.text(0, y + 17, label, 16, weight=BOLD)
    sheet.text(width(label, 16, BOLD) + 8, y + 17, said, 13, fill=colour("soft"))
    return y + 30


def _absent(brief: Brief, sheet: Sheet, groups: Sequence[Group], y: float) -> float:
    """The stances that no comment has, on one line: that is a finding too. Returns the lower edge."""
    labels = [group.label for group in groups if not len(group.comments)]
    if not labels:
        return y
    said = naming.number_of(brief, 0)
    label = clip(listed(labels), sheet.width - width(said, 13) - 12, 16, BOLD)
    sheet.text(0, y + 17, label, 16, weight=BOLD)
    sheet.text(width(label, 16, BOLD) + 8, y + 17, said, 13, fill=colour("soft"))
    return y + 40


def _outline(brief: Brief, certainty: str) -> tuple[float, ...] | None:
    """How a tile is outlined: solid, dashed, dotted in the codebook's order; None where no certainty is stated."""
    known = list(naming.labels(brief, "certainties"))
    return DASHES[min(known.index(certainty), len(DASHES) - 1)] if certainty in known else None


def _key(brief: Brief, sheet: Sheet, groups: Sequence[Group]) -> float:
    """The key to the outlines that occur; nothing where no certainty was stated at all."""
    known = naming.labels(brief, "certainties")
    read = [group.comments[group.comments["coded"].astype("bool")] for group in groups]
    occurring = {certainty for comments in read for certainty in comments["certainty"]}
    entries = [(known[stance], _outline(brief, stance)) for stance in known if stance in occurring]
    if not entries:
        return 0.0
    if "" in occurring:
        entries.append((capital(say(naming.NOT_STATED)), None))
    heading = say("Certainty of the reading")
    sheet.text(0, 13, heading, 13, fill=colour("soft"))
    longs = [30 + width(label, 13) + 18 for label, _ in entries]
    x, y = width(heading, 13) + 18, 0.0
    if x + sum(longs) > sheet.width + 18:
        x, y = 0.0, 24.0
    for (label, dash), long in zip(entries, longs, strict=True):
        if x + long > sheet.width + 18 and x > 0:
            x, y = 0.0, y + 24
        _frame(sheet, x, y + 1, 22, 15, colour("soft"), dash, 2)
        sheet.text(x + 30, y + 13, label, 13)
        x += long
    return y + 38


def _frame(
    sheet: Sheet,
    x: float,
    y: float,
    long: float,
    high: float,
    paint: str,
    dash: tuple[float, ...] | None,
    radius: float,
    tells: Mapping[str, str | int] | None = None,
) -> None:
    sheet.box(x, y, long, high, fill=paint, opacity=0.07, radius=radius, tells=tells)
    if dash is not None:
        sheet.box(x + 0.75, y + 0.75, long - 1.5, high - 1.5, stroke=paint, dash=dash, radius=radius)


def _tile(
    brief: Brief, sheet: Sheet, group: Group, row: Mapping[str, Any], x: float, y: float, long: float, most: int
) -> float:
    """One tile: name and certainty, text, themes. Returns its lower edge."""
    known = naming.labels(brief, "certainties")
    themes = [naming.labels(brief, "themes").get(theme, theme) for theme in coding.theme_ids(str(row["themes"]))]
    room = long - _BAR - 2 * _PAD
    left, top = x + _BAR + _PAD, y + 11
    certainty = known.get(str(row["certainty"]), "")
    name = clip(str(row["label"]), room - width(certainty, _SMALL) - 10, _SMALL)
    sheet.text(left, top + 10, name, _SMALL, fill=colour("soft"))
    sheet.text(x + long - _PAD, top + 10, certainty, _SMALL, fill=colour("soft"), align="right")
    down = sheet.lines(left, top + 19, wrap(str(row["text"]), room, _SIZE, most_lines=most), _SIZE, _LEADING)
    if row["stance_in_thread"] != row["stance"]:
        label = naming.label_of(naming.labels(brief, "stances"), str(row["stance_in_thread"]))
        said = say("In the thread: {label}", label=label)
        down = sheet.lines(left, down + 4, wrap(said, room, _SMALL, BOLD), _SMALL, 17, weight=BOLD, fill=group.paint)
    down = _chips(sheet, themes, left, down + 8, room) if themes else down
    high = down + 11 - y
    tells = {
        "Comment": str(row["label"]),
        "Stance": group.label,
        "Certainty": certainty or say(naming.NOT_STATED),
        "Themes": listed(themes) or "-",
    }
    _frame(sheet, x, y, long, high, group.paint, _outline(brief, str(row["certainty"])), 3, tells)
    sheet.box(x, y, _BAR, high, fill=group.paint)
    return y + high


def _chips(sheet: Sheet, themes: Sequence[str], left: float, y: float, room: float) -> float:
    """The themes as small framed words, in as many rows as they need. Returns the lower edge."""
    x, high = left, 21
    for theme in themes:
        label = clip(theme, room - 16, _SMALL)
        long = width(label, _SMALL) + 16
        if x + long > left + room and x > left:
            x, y = left, y + high + 5
        sheet.box(x, y, long, high, stroke=colour("line"), thick=1, radius=10.5)
        sheet.text(x + 8, y + 14.7, label, _SMALL)
        x += long + 6
    return y + high + 1


def _squares(brief: Brief, sheet: Sheet, groups: Sequence[Group]) -> dict[str, Any]:
    """A small square for each comment."""
    number = sum(len(group.comments) for group in groups)
    size, gap = (10, 3) if number <= 400 else (7, 2)
    across = int((sheet.width + gap) // (size + gap))
    said = say("A square stands for a {one}.", one=naming.nouns(brief)[0])
    sheet.text(0, 13, clip(said, sheet.width, 13), 13, fill=colour("soft"))
    y = 32.0
    y = _absent(brief, sheet, groups, y)
    for group in groups:
        if not len(group.comments):
            continue
        y = _heading(brief, sheet, group, y)
        squares = len(group.comments)
        for place in range(squares):
            x, down = place % across * (size + gap), place // across * (size + gap)
            sheet.box(x, y + down, size, size, fill=group.paint, tells={"Stance": group.label})
        y += -(-squares // across) * (size + gap) + 16
    sheet.height = y - 16
    return sheet.spec()
