"""Texts in which nobody says anything: placeholders of platforms and offices, and a dash or dot alone."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

from brief.prose.folding import fold

_LONGEST = 80
#: The names of the files in which the comment is, behind words that say so.
_FILES = re.compile(
    r"(?:[\s:,;(\[\"']+(?:and |& )?[^\s,;()\[\]]+"
    r"\.(?:pdf|docx?|odt|rtf|txt|jpe?g|png|tiff?|zip|xlsx?|pptx?|eml|msg)[)\]\"']*)+\Z"
)
_DOUBTFUL = frozenset(("na", "null", "nil", "nan", "none", "#n/a", "?"))
_ONLY_STROKES = re.compile(r"\s*[.\u2026_-]{1,2}\s*")


def is_placeholder(text: str) -> bool:
    """Whether the whole of a text is a placeholder, such as "[deleted]", "N/A" or "See attached file(s)"."""
    if len(text) > _LONGEST:
        return False
    folded = fold(text).text
    if _ONLY_STROKES.fullmatch(folded) is not None:
        return True
    key = _key(folded)
    return key in _placeholders() or _key(_FILES.sub("", key)) in _placeholders()


def may_be_one(text: str) -> bool:
    """Whether a text may stand for nothing and is shown all the same, since it may be an answer: "NA", "None"."""
    return len(text) <= _LONGEST and _key(fold(text).text) in _DOUBTFUL


@cache
def _placeholders() -> frozenset[str]:
    lines = Path(__file__).with_name("placeholders.txt").read_text(encoding="utf-8").splitlines()
    return frozenset(_key(fold(line).text) for line in lines if line and not line.startswith("# "))


def _key(folded: str) -> str:
    return " ".join(folded.casefold().split()).strip(" \"'\u201c\u201d\u201e").rstrip(".!\u3002").strip()
