"""Every number on a page: where it stands, how it is printed, and which fact, cell, text or file it is.

The same walk is made when a site is built and when a stranger checks it, over the same markup.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from typing import Any, NamedTuple

from lxml import etree

Element = Any
Rows = list[list[str]]

#: A number as it is printed: digits, and between digits the signs of thousands, decimals, dates and times.
NUMBER = re.compile(r"\d(?:[\d.,:/\u00a0\u202f\u2013-]*\d)?")
#: What a page says of itself: numbers of figures, sizes of files, times to read, addresses, code. No data are in it.
_FURNITURE = frozenset(
    (
        "headerlink",
        "exhibit__number",
        "downloads",
        "quiet",
        "cover__card",
        "on-this-page",
        "reuse",
        "reuse__figure",
        "kicker",
    )
)
_ABOUT_ITSELF = frozenset(
    ("edition", "citation", "revisions", "claims-index", "claim__number", "comment__label", "quoted-paragraph__number")
)
_SILENT = frozenset(("script", "style", "pre", "summary", "nav", "select"))
#: Tables in which each row says itself which fact or statement it is; pictures that are drawn a second time.
_SAID_ELSEWHERE = frozenset(("facts", "statements", "picture--narrow", "picture--paper"))
_NO_NUMBERS = _FURNITURE | _ABOUT_ITSELF | _SAID_ELSEWHERE
_SOURCES, _CLAIMS, _EVENTS = "data/sources.bib", "data/claims.csv", "data/timeline.csv"
_KINDS = {"sources": _SOURCES, "claim": _CLAIMS, "events": _EVENTS}
_BLOCKS = frozenset(
    ("p", "li", "tr", "h1", "h2", "h3", "h4", "h5", "h6", "caption", "dd", "dt", "figcaption", "blockquote")
)
_HEADINGS = frozenset(("h1", "h2", "h3", "h4", "h5", "h6"))
#: What paper has in other words, or not at all; in the text of a block a mark stands in its place.
_OTHERWISE_ON_PAPER = frozenset(("bibtex-citation", "headerlink", "visually-hidden"))
MARK = "\0"
_EXHIBITS = ("figure-", "table-")
QUOTATION = "quotation"


class Number(NamedTuple):
    """A number of a page: the anchor it stands at, how it is printed, and what it is of.

    `of` is the name of a fact, a cell (`figures/x.csv#cell=2,3`: row and column from 1, the header counted, as RFC 7111
    has it), a figure or table whose function computed it, a stored text, a quotation, a source, or a file of prose.
    """

    place: str
    printed: str
    of: str


@dataclass
class Block:
    """A paragraph, row or heading: its text, and the numbers in it in their order."""

    text: list[str] = field(default_factory=list)
    numbers: list[Number] = field(default_factory=list)


@dataclass(frozen=True)
class _Here:
    """What is known at an element: its anchor, what bare numbers in it are of, whether they count, its block."""

    anchor: str
    of: str
    counts: bool = True
    in_fact: bool = False
    block: Block | None = None


@dataclass(frozen=True)
class Walk:
    """A walk over the pages of a site; `rows` gives the cells of a CSV file of the site, none where it is not there."""

    rows: Callable[[str], Rows]
    _known: dict[str, dict[str, list[str]]] = field(default_factory=dict)

    def blocks(self, main: Element, chapter: str) -> list[Block]:
        """The parts of a page that hold a number, in its order. `chapter` is its file."""
        cells = self._cells(main)
        blocks: list[Block] = []
        loose = Block()
        stack = [_Here("", chapter, block=loose)]
        for event, element in etree.iterwalk(main, events=("start", "end")):
            if not isinstance(element.tag, str):
                continue
            if event == "start":
                here = self._at(element, stack[-1], cells)
                if here.block is not stack[-1].block and here.block is not None:
                    blocks.append(here.block)
                stack.append(here)
                self._take(here, element.text)
            else:
                stack.pop()
                if element is not main:
                    self._take(stack[-1], element.tail)
        return [block for block in (*blocks, loose) if block.numbers]

    def _at(self, element: Element, above: _Here, cells: dict[Element, str]) -> _Here:
        classes = (element.get("class") or "").split()
        left_out = element.tag in _SILENT or bool(_NO_NUMBERS.intersection(classes)) or _leads_to_files(element)
        counts = above.counts and not left_out
        of = cells.get(element) or _own(element, classes) or above.of
        apart = element.tag in _SILENT or bool(_OTHERWISE_ON_PAPER.intersection(classes))
        if apart and above.block is not None:
            above.block.text.append(MARK)
        block = Block() if apart or element.tag in _BLOCKS else above.block
        here = replace(above, anchor=str(element.get("id") or above.anchor), of=of, counts=counts, block=block)
        if counts and element.get("role") == "img" and block is not None:
            block.numbers += self._of(here, element.get("aria-label"))
        if counts and is_fact(element) and block is not None:
            printed = " ".join("".join(element.itertext()).split())
            block.numbers.append(Number(here.anchor, printed, fact_of(element)))
            return replace(here, in_fact=True)
        return here

    def _take(self, here: _Here, text: str | None) -> None:
        if not text or here.block is None:
            return
        here.block.text.append(text)
        if here.counts and not here.in_fact:
            here.block.numbers += self._of(here, text)

    def _of(self, here: _Here, text: str | None) -> Iterator[Number]:
        for token in NUMBER.findall(text or ""):
            yield Number(here.anchor, token, self._cell(here.of, token) if here.of.startswith(_EXHIBITS) else here.of)

    def _cells(self, main: Element) -> dict[Element, str]:
        """The cells of the tables of figures and tables of the registry, each with its place in its file."""
        cells: dict[Element, str] = {}
        for box in main.xpath(".//*[starts-with(@id, 'table-') or starts-with(@id, 'figure-')]"):
            tables = box.xpath(".//table")
            path = file_of(box.get("id"))
            rows = self.rows(path) if len(tables) == 1 else []
            heads = [words(cell) for cell in tables[0].xpath("./thead/tr/th")] if rows else []
            columns = [rows[0].index(name) + 1 if name in rows[0] else 0 for name in heads]
            for place, row in enumerate(tables[0].xpath("./tbody/tr") if rows else (), start=2):
                for column, cell in zip(columns, row.xpath("./th | ./td"), strict=False):
                    if column:
                        cells[cell] = f"{path}#cell={place},{column}"
        return cells

    def _cell(self, exhibit: str, token: str) -> str:
        """What a number in the words or the picture of a figure or table is: the only cell that says it, or itself."""
        path = file_of(exhibit)
        if path not in self._known:
            places: dict[str, list[str]] = {}
            for row, cells in enumerate(self.rows(path), start=1):
                for column, cell in enumerate(cells, start=1):
                    places.setdefault(cell, []).append(f"{path}#cell={row},{column}")
            self._known[path] = places
        same = self._known[path].get(token, [])
        return same[0] if len(same) == 1 else exhibit


def numbers(blocks: Iterable[Block]) -> list[Number]:
    """Every number of the blocks of a page, in their order; what a place says twice is listed once."""
    return list(dict.fromkeys(number for block in blocks for number in block.numbers))


def differing(ours: list[Number], theirs: list[Number]) -> tuple[list[Number], list[Number]]:
    """The numbers of one list that the other lacks, and the other way round."""
    lacking = Counter(ours)
    lacking.subtract(Counter(theirs))
    return [number for number, times in lacking.items() if times > 0], [
        number for number, times in lacking.items() if times < 0
    ]


def _own(element: Element, classes: list[str]) -> str:
    """What the numbers of an element are of, where the element itself says it."""
    name, href = str(element.get("id") or ""), str(element.get("href") or "").partition("#")[2]
    if href.startswith("source-"):
        return f"{_SOURCES}#{href.removeprefix('source-')}"
    if href.startswith("fact-"):
        return href.removeprefix("fact-")
    if "quote" in classes:
        return href or QUOTATION
    if element.get("data-item"):
        return str(element.get("data-item"))
    if (element.tag == "article" and "comment" in classes) or (
        element.tag not in _HEADINGS and name.startswith(_EXHIBITS)
    ):
        return name
    return next((_KINDS[kind] for kind in classes if kind in _KINDS), "")


def _leads_to_files(element: Element) -> bool:
    """Whether an element leads to a file, or to what a figure or table was computed from: it names their numbers."""
    return element.get("download") is not None or "#made-" in str(element.get("href") or "")


def is_fact(element: Element) -> bool:
    """Whether an element prints a fact."""
    return element.tag in ("a", "data") and element.get("class") == "fact"


def fact_of(element: Element) -> str:
    """The name of the fact that an element prints; empty where it does not tell."""
    return str(element.get("data-fact") or (element.get("href") or "").partition("#fact-")[2])


def file_of(exhibit: str) -> str:
    """The file with the data of a figure or table, by its anchor on the page."""
    return f"figures/{exhibit.removeprefix('figure-')}.csv"


def words(element: Element) -> str:
    """The words of an element, one space between them."""
    return " ".join("".join(element.itertext()).split())
