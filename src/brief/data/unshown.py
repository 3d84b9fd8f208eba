"""Codings of comments that no page shows: they are kept, count nowhere, and are told, so that nobody looks for them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pandas as pd

from brief.data.brief import GONE, WITHDRAWN, WITHOUT_TEXT

_WHY = {
    WITHOUT_TEXT: "its whole text is a placeholder, such as N/A",
    WITHDRAWN: "it was withdrawn",
    GONE: "a newer export no longer has it",
}
_NAMED = 20
Coding = tuple[str, int, str, str]


def codings(coded: Mapping[str, pd.DataFrame], statuses: Mapping[str, str]) -> tuple[Coding, ...]:
    """The codings of comments that are not shown: coder, row of its file, comment, status of the comment.

    In: the frame of each coder's file, whole, and the status of each comment as the check of the data finds it.
    """
    return tuple(
        (coder, row, name, statuses[name])
        for coder, frame in coded.items()
        for row, name in enumerate(frame["comment_id"], start=2)
        if statuses.get(name) in _WHY
    )


def lines(unshown: Sequence[Sequence[str | int]]) -> list[str]:
    """These codings in words, each by its file and row, for the person who checks; of many, the first ones."""
    if not unshown:
        return []
    listed = [f"Codings of comments that are not shown, kept and counted nowhere: {len(unshown)}."]
    listed += [
        f"  data/codings/{coder}.csv, row {row}: {name}: {_WHY[str(status)]}"
        for coder, row, name, status in unshown[:_NAMED]
    ]
    return listed + ([f"  and {len(unshown) - _NAMED} more"] if len(unshown) > _NAMED else [])
