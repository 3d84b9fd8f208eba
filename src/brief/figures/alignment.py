"""Alignment: what do readers respond to? The claims of the article and what readers raise beside it, by comment."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pandas as pd

from brief.analysis import alignment
from brief.data.claims import titled
from brief.figures import COMPACT, NARROW, WIDE, Figure, Unavailable, figure
from brief.figures.drawing.palette import colour, series
from brief.figures.drawing.sheet import DASHES, Sheet
from brief.figures.drawing.text import BOLD, clip, wrap
from brief.findings import naming
from brief.findings.facts import Fact
from brief.prose.catalogue import message, say, say_of
from brief.prose.language import capital, listed, number_word, numeral, only_noun, quoted

if TYPE_CHECKING:
    from brief.data.brief import Brief
    from brief.findings.findings import Findings

BY_COMMENT = 12
"""Up to so many comments each has a column of its own; above, a number stands for them."""
_SMALL, _SIZE, _MARK, _COLUMN = 13, 14, 16, 34
_HEADINGS = {
    alignment.ANSWERS: message("Claims of the article"),
    alignment.RAISES: message("Raised by readers, not by the article"),
}
_NOTES = {
    "Found by a coder": message("The first {number} at the claim or theme."),
    "Suggested": message("Only similar words suggest it, and it has not been read."),
}


@dataclass(frozen=True)
class Line:
    """A claim or a theme: its words, and the comments at it by how that was set."""

    kind: str
    target: str
    words: str
    by_hand: tuple[str, ...]
    suggested: tuple[str, ...]


@figure("alignment")
def answers(findings: Findings, facts: Mapping[str, Fact]) -> Figure | Unavailable:
    """Which comments respond to which claim of the article, which claims get no response, and what readers raise."""
    brief = findings.brief
    rows = findings.aligned
    if not len(rows):
        return Unavailable(say("What the comments respond to has not been looked at yet."))
    claims = brief.claim_register.article_claims
    lines = _lines(brief, rows)
    drew = [line for line in lines if line.kind == alignment.ANSWERS and not (line.by_hand or line.suggested)]
    names = _names(findings)
    looked = rows["comment_id"].nunique()
    unit, units = naming.nouns(brief)
    silent = rows[rows["kind"] == alignment.NEITHER]["comment_id"].nunique()
    return Figure(
        headline=_headline(len(claims), len(drew), units),
        subtitle=(
            say(
                "Claims that each {one} responds to, and themes it raises that the article does not; "
                "{place_in_short}; base: {number_of}",
                one=unit,
                place_in_short=naming.place_in_short(brief),
                number_of=naming.number_of(brief, looked),
            )
        ),
        alt=(
            say("Claims and themes, with a mark for each comment at them. ")
            + " ".join(_line_in_words(line, names) for line in lines if line.by_hand or line.suggested)
            + say_of(
                silent,
                " {silent} of the {many} does neither.",
                " {silent} of the {many} do neither.",
                silent=capital(number_word(silent, zero="none")),
                many=units,
            )
        ),
        note=(
            say("No response does not mean agreement. Which claim a comment responds to is the coder's judgement.")
            + (
                say(" A hollow mark is only suggested by similar words.")
                if any(line.suggested for line in lines)
                else ""
            )
        ),
        source=say(
            "{many} {place_in_short}; claims of the article as the brief lists them",
            many=capital(units),
            place_in_short=naming.place_in_short(brief),
        ),
        data=(data := _table(lines, names, units)),
        column_notes={column: say(note, number=BY_COMMENT) for column, note in _NOTES.items() if column in data},
        wide=_draw(findings, lines, WIDE),
        narrow=_draw(findings, lines, NARROW),
        compact=_draw(findings, lines, COMPACT),
    )


def _headline(claims: int, silent: int, many: str) -> str:
    if not claims:
        return say("What the {many} raise that the article does not", many=many)
    if not silent:
        return say("Each claim of the article gets a response from the {many} shown", many=many)
    if silent == claims:
        return say("No claim of the article gets a response from the {many} shown", many=many)
    return say_of(
        silent,
        "{silent} of {claims} claims of the article gets no response",
        "{silent} of {claims} claims of the article get no response",
        silent=silent,
        claims=claims,
    )


def _table(lines: Sequence[Line], names: Mapping[str, str], many: str) -> pd.DataFrame:
    columns = {
        "Kind": [say(_HEADINGS[line.kind]) for line in lines],
        "Claim or theme": [line.words for line in lines],
        "Found by a coder": [listed(names[name] for name in line.by_hand[:BY_COMMENT]) for line in lines],
        "Suggested": [listed(names[name] for name in line.suggested[:BY_COMMENT]) for line in lines],
        capital(many): [len(line.by_hand) + len(line.suggested) for line in lines],
    }
    if not any(line.suggested for line in lines):
        del columns["Suggested"]
    return pd.DataFrame(columns)


def _names(findings: Findings) -> dict[str, str]:
    """What each comment is called, in the order of the comments."""
    return dict(zip(findings.comments["comment_id"], findings.comments["label"], strict=True))


def _lines(brief: Brief, rows: pd.DataFrame) -> list[Line]:
    """Every claim of the articles in their order, then each theme that is raised, in the codebook's order."""
    claims = {claim["claim_id"]: titled(claim) for claim in naming.rows_of(brief.claim_register.article_claims)}
    at = {
        (kind, target, how): tuple(comments["comment_id"])
        for (kind, target, how), comments in rows.groupby(["kind", "target", "how"])
    }
    raised = {target for kind, target, _ in at if kind == alignment.RAISES}
    themes = {theme: label for theme, label in naming.labels(brief, "themes").items() if theme in raised}
    return [
        Line(
            kind,
            target,
            words,
            at.get((kind, target, alignment.BY_HAND), ()),
            at.get((kind, target, alignment.SUGGESTED), ()),
        )
        for kind, known in ((alignment.ANSWERS, claims), (alignment.RAISES, themes))
        for target, words in known.items()
    ]


def _line_in_words(line: Line, names: Mapping[str, str]) -> str:
    both = [*line.by_hand, *line.suggested]
    who = listed(names[name] for name in both) if len(both) <= BY_COMMENT else number_word(len(both))
    return f"{quoted(line.words)}: {who}." if line.kind == alignment.ANSWERS else f"{line.words}: {who}."


def _draw(findings: Findings, lines: Sequence[Line], room: int) -> dict[str, Any]:
    sheet = Sheet(room)
    wide, compact = room >= COMPACT, room == COMPACT
    column = 26 if compact else _COLUMN
    comments = list(_names(findings))
    single = len(comments) <= BY_COMMENT
    marks = len(comments) * column if single else 96
    left = room - marks if wide else 0
    words_room = left - 16 if wide else room
    y = 0.0
    for kind, heading in _HEADINGS.items():
        own = [line for line in lines if line.kind == kind]
        if not own:
            continue
        drew = sorted(own, key=lambda line: not (line.by_hand or line.suggested))
        y = sheet.lines(0, y + 4, [say(heading)], 15, 24, weight=BOLD)
        if single and wide:
            _heads(sheet, findings, left, y, column)
        quiet = [line for line in drew if not (line.by_hand or line.suggested)]
        for line in drew[: len(drew) - len(quiet)]:
            sheet.box(0, y, room, 1, fill=colour("line"), opacity=0.5)
            words = quoted(line.words) if kind == alignment.ANSWERS else line.words
            down = sheet.lines(0, y + 5, wrap(words, words_room, _SIZE, most_lines=2), _SIZE, 19)
            if wide:
                _marks(sheet, findings, line, comments, left, y + 6, column if single else 0)
            else:
                _named(sheet, findings, line, down, room)
                down += 19
            y = down + 6
        if quiet:
            sheet.box(0, y, room, 1, fill=colour("line"), opacity=0.5)
            said = (
                say(
                    "No response to {quiet} other {claims}",
                    quiet=len(quiet),
                    claims=only_noun("claim", "claims")[len(quiet) != 1],
                )
                if len(quiet) < len(drew)
                else say(
                    "No response to {quiet} {claims}",
                    quiet=len(quiet),
                    claims=only_noun("claim", "claims")[len(quiet) != 1],
                )
            )
            y = sheet.lines(0, y + 5, [said], _SIZE, 19, fill=colour("soft")) + 6
        y += 14
    sheet.height = y - 14
    return sheet.spec()


def _heads(sheet: Sheet, findings: Findings, left: float, y: float, column: int) -> None:
    """The positions of the comments above their columns."""
    for place, number in enumerate(_positions(findings)):
        sheet.text(left + place * column + column / 2, y - 7, number, _SMALL, fill=colour("soft"), align="center")


def _positions(findings: Findings) -> list[str]:
    return [
        clip(str(place if pd.isna(position) else position), _COLUMN - 2, _SMALL)
        for place, position in enumerate(findings.comments["position"], start=1)
    ]


def _marks(
    sheet: Sheet, findings: Findings, line: Line, comments: Sequence[str], left: float, y: float, column: int
) -> None:
    """A mark in the column of each comment; without columns how many there are."""
    if not column:
        said = numeral(len(line.by_hand) + len(line.suggested))
        sheet.text(sheet.width, y + 13, said, _SIZE, align="right")
        return
    for place, name in enumerate(comments):
        x = left + place * column + (column - _MARK) / 2
        tells: dict[str, str | int] = {
            capital(naming.nouns(findings.brief)[0]): place + 1,
            "Claim or theme": line.words,
        }
        if name in line.by_hand:
            sheet.box(x, y, _MARK, _MARK, fill=series(0), radius=3, tells=tells)
        elif name in line.suggested:
            sheet.box(x + 1, y + 1, _MARK - 2, _MARK - 2, stroke=series(3), dash=DASHES[1], radius=3, tells=tells)
        else:
            sheet.box(x + 6, y + 7, 4, 2, fill=colour("line"))


def _named(sheet: Sheet, findings: Findings, line: Line, y: float, room: int) -> None:
    """On a phone the comments at a claim stand by their numbers below it."""
    names = dict(zip(_names(findings), _positions(findings), strict=True))
    both = [*line.by_hand, *line.suggested]
    unit, units = naming.nouns(findings.brief)
    where = (
        ", ".join(names[name] for name in both)
        if len(both) <= BY_COMMENT
        else say("{both} in all", both=numeral(len(both)))
    )
    sheet.box(0, y + 3, 12, 12, fill=series(0), radius=3)
    sheet.text(
        20, y + 14, clip(f"{capital(unit if len(both) == 1 else units)} {where}", room - 20, 13), 13, weight=BOLD
    )
