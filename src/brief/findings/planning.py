"""What a figure or table says of the plan: whether it was planned before the comments that it rests on."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

from brief.data import plan
from brief.prose.catalogue import message, say

if TYPE_CHECKING:
    from brief.findings.findings import Findings

_SAID = {
    plan.BEFORE: message("It was planned before the comments came in."),
    plan.BEFORE_READING: message("It was planned after the comments came in, and before anybody coded them."),
    plan.AFTER: message("It was planned after the comments came in: it is exploratory."),
    plan.UNDATED: message("It is in the plan; whether it was there before the comments is not recorded."),
    "": message("It was not planned beforehand: it is exploratory."),
}


def is_of_comments(root: Path, files: Iterable[str]) -> bool:
    """Whether what looked at these files of the brief at `root` rests on comments or on how they were read."""
    return any(file.removeprefix(f"{root}/").startswith((plan.COMMENTS, plan.CODINGS)) for file in files)


def noted(note: str, findings: Findings, kind: str, name: str, files: Iterable[str]) -> str:
    """A note with what the plan says of a figure or table; as it is where there is no plan, or no comment in it.

    `files` are those that it looked at. A table that is not planned, such as a list of terms, says nothing.
    """
    planned = findings.brief.plan
    state = planned.state(kind, name)
    is_silent = (
        planned.entries.empty or not is_of_comments(findings.brief.root, files) or (kind == plan.TABLE and not state)
    )
    return note if is_silent else " ".join(filter(None, (note, say(_SAID[state]))))
