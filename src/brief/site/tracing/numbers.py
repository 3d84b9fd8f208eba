"""Every number on a page: where it stands, how it is printed, and which fact, cell, text or file it is.

The same walk is made when a site is built and when a stranger checks it, over the same markup.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from lxml import etree

from brief.prose.language import ungrouped

Element = Any
Rows = list[list[str]]

#: A number as it is printed: digits, and between digits the signs of thousands, decimals, dates and times.
NUMBER = re.compile(r"\d(?:[\d.,:/\u00a0\u202f\u2013-]*\d)?")
KIND = "kind:"
KINDS = {
    "number": "the number of a figure, table, claim, comment or paragraph, or how many of them there are",
    "file": "the size of a file to download, or how many pages it has",
    "edition": "the date of the edition (the fact edition-date), digests, the commit, addresses, how to cite",
    "page": "the question of a page and the time to read it, its contents, links to other pages, its head and foot",
    "row": "in a table of facts or statements, of which each row names its fact or statement and where it is from",
    "code": "code, and what programs read",
    "running": "on paper, the head and foot of a page: its number, how many pages there are, title and publisher",
    "paper": "on paper, what only paper has: its list of contents, numbers of a list, where a figure stands",
}
"""What the numbers are that have no entry of their own, or only one of a kind."""
LEFT_OUT = {
    ".exhibit__number": "number",
    ".claim__number": "number",
    ".claims-index": "number",
    ".comment__label": "number",
    ".quoted-paragraph__number": "number",
    ".quiet": "number",
    "summary": "number",
    "[href*='#made-']": "number",
    "[download]": "file",
    ".downloads": "file",
    ".cover__card": "edition",
    ".edition": "edition",
    ".citation": "edition",
    ".revisions": "edition",
    ".reuse": "edition",
    ".reuse__figure": "edition",
    ".kicker": "page",
    ".draft-mark": "page",
    ".on-this-page": "page",
    "nav": "page",
    "header": "page",
    "footer": "page",
    ".headerlink": "page",
    ".facts": "row",
    ".statements": "row",
    "select": "row",
    "pre": "code",
    "script": "code",
    "style": "code",
}
"""The parts of a page whose numbers have no entry, as selectors of CSS, each with the kind of its numbers."""
_OF_CLASSES = {name[1:]: kind for name, kind in LEFT_OUT.items() if name.startswith(".")}
_SILENT = frozenset(name for name in LEFT_OUT if name.isalpha())
#: What no paper has, nor the markup of a chapter before its page is written.
_OF_THE_PAGE = frozenset(("cover__card", "kicker", "draft-mark", "on-this-page"))
_PROGRAM = frozenset(("script", "style", "nav"))
_SOURCES, _CLAIMS, _EVENTS = "data/sources.bib", "data/claims.csv", "data/timeline.csv"
_KINDS = {"sources": _SOURCES, "claim": _CLAIMS, "events": _EVENTS}
_BLOCKS = frozenset(
    ("svg", "p", "li", "tr", "h1", "h2", "h3", "h4", "h5", "h6", "caption", "dd", "dt", "figcaption", "blockquote")
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
    is_numbered: bool = False
    """Whether it begins an item of a numbered list, whose number a browser draws and the text does not hold."""


class _Here(NamedTuple):
    """What is known at an element: its anchor, what bare numbers in it are of, whether they count, its block."""

    anchor: str
    of: str
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
        return [block for block in (*blocks, loose) if block.numbers or block.is_numbered]

    def _at(self, element: Element, above: _Here, cells: dict[Element, str]) -> _Here:
        classes = (element.get("class") or "").split()
        kind = _left_out(element, classes)
        of = f"{KIND}{kind}" if kind else cells.get(element) or _own(element, classes) or above.of
        if above.of.startswith(KIND):
            of = above.of
        leads_to_file = kind and element.tag == "a"
        apart = element.tag in _SILENT or bool(_OTHERWISE_ON_PAPER.intersection(classes)) or leads_to_file
        if apart and above.block is not None:
            above.block.text.append(MARK)
        block = Block() if apart or element.tag in _BLOCKS else above.block
        if element.tag in _PROGRAM or _OF_THE_PAGE.intersection(classes) or above.block is None:
            block = None
        elif block is not None and element.tag in ("li", "p"):
            block.is_numbered = _is_numbered(element)
        here = _Here(str(element.get("id") or above.anchor), of, above.in_fact, block)
        if element.get("role") == "img" and block is not None:
            block.numbers += self._of(here, element.get("aria-label"))
        if is_fact(element) and block is not None and not of.startswith(KIND):
            printed = " ".join("".join(element.itertext()).split())
            block.numbers.append(Number(here.anchor, printed, fact_of(element)))
            return here._replace(in_fact=True)
        return here

    def _take(self, here: _Here, text: str | None) -> None:
        if not text or here.block is None:
            return
        here.block.text.append(text)
        if not here.in_fact:
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
        same = self._known[path].get(token) or self._known[path].get(ungrouped(token), [])
        return same[0] if len(same) == 1 else exhibit


def numbers(blocks: Iterable[Block]) -> list[Number]:
    """Every number of the blocks of a page, in their order; what a place says twice is listed once."""
    every = (number for block in blocks for number in block.numbers)
    return list(dict.fromkeys(number for number in every if not number.of.startswith(KIND)))


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
    if name.startswith("source-"):
        return f"{_SOURCES}#{name.removeprefix('source-')}"
    if element.get("data-item"):
        return str(element.get("data-item"))
    if (element.tag == "article" and "comment" in classes) or (
        element.tag not in _HEADINGS and name.startswith(_EXHIBITS)
    ):
        return name
    return next((_KINDS[kind] for kind in classes if kind in _KINDS), "")


def _left_out(element: Element, classes: list[str]) -> str:
    """The kind of the numbers of an element, where they have no entry."""
    if element.get("download") is not None:
        return LEFT_OUT["[download]"]
    if "#made-" in str(element.get("href") or ""):
        return LEFT_OUT["[href*='#made-']"]
    return LEFT_OUT.get(element.tag, "") or next((_OF_CLASSES[name] for name in classes if name in _OF_CLASSES), "")


def _is_numbered(element: Element) -> bool:
    """Whether an element begins an item of a numbered list, other than those that paper sets in another way."""
    above = element.getparent()
    if element.tag == "p" and above is not None and above.tag == "li" and above[0] is element:
        above = above.getparent()
    return above is not None and above.tag == "ol" and above.get("class") not in ("contents", "claim__chain")


def names(main: Element) -> dict[str, str]:
    """What a page calls sources and comments, each with what the numbers in the name are of."""
    links = main.xpath(".//a[contains(@href, '#source-')]")
    labels = {words(label): f"{KIND}number" for label in main.xpath(".//*[@class='comment__label']")}
    return labels | {words(link): _own(link, []) for link in links if words(link)}


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
