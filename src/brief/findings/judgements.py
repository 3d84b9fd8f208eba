"""Who or what made each judgement of a brief, and which of them a person checked afterwards."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

import pandas as pd

from brief.analysis.coding import NOT_CODED
from brief.contract.tables import NOT_ASSESSED
from brief.data.brief import READER
from brief.findings import naming
from brief.prose.catalogue import message

if TYPE_CHECKING:
    from brief.findings.findings import Findings

LANGUAGE_MODEL, NOT_RECORDED, PROGRAM = "language model", "not recorded", "program"
KINDS = (READER, LANGUAGE_MODEL, PROGRAM, NOT_RECORDED)
"""Who or what can have made a judgement, in the order in which one that several have made is counted."""
COLUMNS = ("part", "of", "made", *KINDS, "checked")
_OTHER_PROGRAMS = ("rules", "trained model")
_PARTS = {
    "comments": message("Stance and themes of a comment"),
    "voices": message("Who speaks in a piece of an article"),
    "responses": message("Which claim a comment responds to"),
    "claims": message("Whether a claim was made, and whether it holds"),
    "replies": message("Whether an answer meets an argument"),
    "options": message("How an option does on a criterion"),
}
_Judged = tuple[str, str, bool]
"""What was judged, by which coder, and whether a person checked this one judgement afterwards."""


def judgements(findings: Findings) -> pd.DataFrame:
    """The judgements that a brief rests on: a row for each part that has any, with how many there are to make.

    Columns: part, in words; of, how many things there are to judge; made, how many were; person, language model,
    program (rules or a trained model) and not recorded, which add up to made; checked, how many of them a person
    checked afterwards. A thing that several have judged counts once, for the first of these kinds, and as checked where
    a judgement of that kind was: who checks what a model made of a comment, and reads it as well, is no second person.
    """
    coders = findings.brief.coders
    kinds = {name: PROGRAM if kind in _OTHER_PROGRAMS else kind for name, kind in _cells(coders, "kind")}
    checked = {name for name, who in _cells(coders, "checked_by") if who}
    rows = []
    for part, number, judged in _judged(findings):
        by: dict[str, str] = {}
        seen: set[tuple[str, str]] = set()
        for thing, coder, looked_at in judged:
            kind = kinds.get(coder, NOT_RECORDED)
            by[thing] = min(by.get(thing, kind), kind, key=KINDS.index)
            if looked_at or coder in checked:
                seen.add((thing, kind))
        if number:
            made_by = list(by.values())
            rows.append((_PARTS[part], number, len(by), *map(made_by.count, KINDS), len(seen.intersection(by.items()))))
    return pd.DataFrame(rows, columns=list(COLUMNS))


def unchecked(findings: Findings) -> set[str]:
    """The coders with a judgement that no person is recorded to have checked afterwards; who made none is not there."""
    checked = {name for name, who in _cells(findings.brief.coders, "checked_by") if who}
    every = (judged for _, _, part in _judged(findings) for judged in part)
    return {coder for _, coder, looked_at in every if not looked_at} - checked


def _cells(coders: pd.DataFrame, column: str) -> Iterator[tuple[str, str]]:
    return zip(coders["coder_id"], coders[column].fillna(""), strict=True) if column in coders else iter(())


def _judged(findings: Findings) -> Iterator[tuple[str, int, Iterator[_Judged]]]:
    """Each part with how many things there are to judge in it, and each judgement."""
    brief, register = findings.brief, findings.brief.claim_register
    comments = findings.comments["comment_id"]
    codings = brief.codings[brief.codings["comment_id"].isin(set(comments))]
    codings = codings[codings["stance"] != NOT_CODED]
    answered = register.replies[register.replies["checked_by"] != ""] if len(register.replies) else register.replies
    assessed = brief.appraisal.assessments
    assessed = assessed[assessed["low"] != NOT_ASSESSED] if len(assessed) else assessed
    yield "comments", len(comments), _by(codings, "comment_id", "coder_id", "checked_by")
    for part, rows in (("voices", brief.voices), ("responses", register.alignment)):
        yield part, len(rows), _by(rows.assign(item=range(len(rows))), "item", "coder")
    yield "claims", len(register.claims), _by(register.claims, "claim_id", "checked_by")
    yield "replies", len(answered), _by(answered, "argument_id", "checked_by")
    pairs = assessed.assign(item=assessed["option_id"] + " " + assessed["criterion_id"]) if len(assessed) else assessed
    yield "options", len(assessed), _by(pairs, "item", "assessed_by")


def _by(rows: pd.DataFrame, thing: str, coder: str, checked: str = "") -> Iterator[_Judged]:
    for row in naming.rows_of(rows):
        yield str(row[thing]), str(row[coder]), bool(checked and row.get(checked))


def total(rows: pd.DataFrame) -> Mapping[str, int]:
    """The sums over all parts: made, each kind, checked."""
    return {name: int(rows[name].sum()) for name in COLUMNS[2:]}
