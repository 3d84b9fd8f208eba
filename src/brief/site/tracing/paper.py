"""Where the numbers of the pages stand in the PDFs: a paragraph, row or heading is found again by its letters.

What is left are numbers that only paper has: its heads and feet, its list of contents, where a figure stands.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import accumulate
from typing import NamedTuple

from brief.prose.catalogue import say
from brief.site.tracing.numbers import KIND, MARK, Block

_WORD = re.compile(r"[^\W_]+|(?<=\d)[.,](?=\d)")
_LABEL = re.compile(r"\d{1,3}\Z")
_DIGITS = re.compile(r"\d+(?:[.,]\d+)*")
#: A block of fewer letters is looked for only near the one before it: elsewhere it may be another.
_FEWEST, _NEAR = 30, 3_000
EDITION, DIGEST = "edition-date", "data-digest"
"""The facts that stand at the head, at the foot and at the end of a paper."""


class OnPaper(NamedTuple):
    """A number of a PDF: its page, how it is printed, and what it is of, as `numbers.Number` has it."""

    page: int
    printed: str
    of: str


@dataclass(frozen=True)
class Beside:
    """What tells the numbers that no block of a page has: the facts of the edition as they are printed, names of
    sources and comments with what their numbers are of, titles of chapters.
    """

    facts: Mapping[str, str]
    names: Mapping[str, str] = field(default_factory=dict)
    titles: tuple[str, ...] = ()


def letters(text: str) -> str:
    """The letters and digits of a text in a row: what white space, marks and the ends of lines do not change."""
    return "".join(_WORD.findall(text))


def numbers(pages: Iterable[tuple[str, str]], blocks: Iterable[Block], beside: Beside) -> list[OnPaper]:
    """The numbers of a PDF, each with its page.

    In: the text of each page of the PDF and the words at its head and foot, and the blocks in the order of the book. A
    number that nothing tells is of the kind `unknown`.
    """
    read = list(pages)
    texts = [letters(text) for text, _ in read]
    starts = list(accumulate(map(len, texts), initial=0))[:-1]
    whole, at = "".join(texts), 0
    placed: set[OnPaper] = set()
    left, label = list(whole), 0

    def place_at(start: int, printed: str, of: str) -> None:
        placed.add(OnPaper(bisect_right(starts, start), printed, of))
        left[start : start + len(letters(printed))] = MARK * len(letters(printed))

    for block in blocks:
        waiting = list(block.numbers)
        for later, part in enumerate("".join(block.text).split(MARK)):
            sought = letters(part)
            # A number alone is anywhere: it stands where the block before it ends, or it is another.
            near = 0 if sought.isdigit() else _NEAR
            place = whole.find(sought, at, at + near + len(sought)) if sought else -1
            if place < 0 and len(sought) >= _FEWEST:
                place = whole.find(sought)
            # A list of several pages' items is numbered anew on paper.
            begins = place >= 0 and block.is_numbered and not later
            if begins and (digits := _LABEL.search(whole[max(0, place - 3) : place])):
                # What stands before the item may end in digits as well, such as a year.
                awaited = (number for number in (label + 1, 1) if digits[0].endswith(str(number)))
                label = next(awaited, int(digits[0]))
                place_at(place - len(str(label)), str(label), f"{KIND}paper")
            within = 0
            for number in list(waiting):
                printed = letters(number.printed)
                there = sought.find(printed, within)
                if there >= 0:
                    waiting.remove(number)
                    within = there + len(printed)
                    if place >= 0:
                        place_at(place + there, number.printed, number.of)
            at = place + len(sought) if place >= 0 else at
    for start, printed, of in _of_paper("".join(left), beside):
        placed.add(OnPaper(bisect_right(starts, start), printed, of))
    for page, (_, running) in enumerate(read, start=1):
        placed.update(OnPaper(page, printed, of) for printed, of in _of_head_and_foot(running, beside))
    return sorted(placed)


def _of_paper(left: str, beside: Beside) -> Iterator[tuple[int, str, str]]:
    """The numbers of a paper that no block has: where each begins, how it is printed, what it is of.

    `left` are the letters of the whole paper, with marks in the place of what was found.
    """
    known: dict[int, str] = {}
    for pattern, of in _patterns(beside):
        for match in pattern.finditer(left):
            for digits in _DIGITS.finditer(left, match.start(), match.end()):
                known.setdefault(digits.start(), of)
    for digits in _DIGITS.finditer(left):
        yield digits.start(), digits[0], known.get(digits.start(), f"{KIND}unknown")


def _patterns(beside: Beside) -> Iterator[tuple[re.Pattern[str], str]]:
    for name, printed in beside.facts.items():
        yield re.compile(re.escape(letters(printed))), name
    for name, of in beside.names.items():
        yield re.compile(rf"{re.escape(letters(name))}(?!\d)"), of
    figure, table = say("Figure {number}", number="0"), say("Table {number}", number="0")
    moved = say("{figure} is at the top of page {page}.", figure=figure, page="0")
    for words, kind in ((moved, "paper"), (figure, "number"), (table, "number")):
        yield re.compile(re.escape(letters(words)).replace("0", rf"[\d{MARK}]+")), f"{KIND}{kind}"
    yield re.compile(r"CCBY4\.0"), f"{KIND}edition"
    for title in (*beside.titles, say("About this edition")):
        yield re.compile(rf"{re.escape(letters(title))}\d+"), f"{KIND}paper"


def _of_head_and_foot(running: str, beside: Beside) -> Iterator[tuple[str, str]]:
    row = letters(running)
    edition = letters(beside.facts.get(EDITION, ""))
    for digits in _DIGITS.finditer(edition):
        if edition in row:
            yield digits[0], EDITION
    for digits in _DIGITS.finditer(row.replace(edition, MARK) if edition else row):
        yield digits[0], f"{KIND}running"
