"""Where the numbers of the pages stand in the PDFs: a paragraph, row or heading is found again by its letters."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable
from itertools import accumulate
from typing import NamedTuple

from brief.site.tracing.numbers import MARK, Block

_WORD = re.compile(r"[^\W_]+|(?<=\d)[.,](?=\d)")
#: A block of fewer letters is looked for only near the one before it: elsewhere it may be another.
_FEWEST, _NEAR = 30, 3_000


class OnPaper(NamedTuple):
    """A number of a PDF: its page, how it is printed, and what it is of, as `numbers.Number` has it."""

    page: int
    printed: str
    of: str


def letters(text: str) -> str:
    """The letters and digits of a text in a row: what white space, marks and the ends of lines do not change."""
    return "".join(_WORD.findall(text))


def numbers(pages: Iterable[str], blocks: Iterable[Block]) -> list[OnPaper]:
    """The numbers of blocks that a PDF has as well, each with its page.

    In: the text of each page of the PDF, and the blocks in the order of the book.
    """
    texts = [letters(text) for text in pages]
    starts = list(accumulate(map(len, texts), initial=0))[:-1]
    whole, at = "".join(texts), 0
    placed: list[OnPaper] = []
    for block in blocks:
        waiting = list(block.numbers)
        for part in "".join(block.text).split(MARK):
            sought = letters(part)
            place = whole.find(sought, at, at + _NEAR + len(sought)) if sought else -1
            if place < 0 and len(sought) >= _FEWEST:
                place = whole.find(sought)
            within = 0
            for number in list(waiting):
                printed = letters(number.printed)
                there = sought.find(printed, within)
                if there >= 0:
                    waiting.remove(number)
                    within = there + len(printed)
                    if place >= 0:
                        placed.append(OnPaper(bisect_right(starts, place + there), number.printed, number.of))
            at = place + len(sought) if place >= 0 else at
    return sorted(set(placed))
