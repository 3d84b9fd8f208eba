"""Rows of `data/masking.csv` for comments that name somebody who is no longer among the authors."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from brief.prose.folding import fold
from brief.prose.masking import MASK
from brief.prose.names import Names

_WHY = "a name that is not to be shown"
"""Neutral: the file is published with the repository, and who withdrew is nobody's business."""


def rows(names: Names, comment: Mapping[str, str]) -> Iterator[dict[str, str]]:
    """The words of a comment that are one of the names, a row each. In: a row with comment_id and text."""
    text = comment["text"]
    folded = fold(text)
    for words in sorted({text[slice(*folded.place(start, end))] for start, end, _ in names.found(folded.text)}):
        yield {"comment_id": comment["comment_id"], "words": words, "decision": MASK, "note": _WHY}
