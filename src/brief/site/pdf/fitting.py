"""Fitting texts to paper: long words that may break, texts cut short, columns as wide as their texts need."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Any

from brief.figures.drawing.paper import TEXT_WIDTH
from brief.figures.drawing.signs import clusters
from brief.figures.drawing.text import BOLD, width
from brief.prose.catalogue import message, say
from brief.prose.plain import safe
from brief.site.pdf.blocks import Block, Run, starts_from_the_right

_MOST_LETTERS = 2_500
_EXCERPT_WORDS = 25
_LONG_WORD = 36
_GAP = "\u200b"
_ADDRESS = re.compile(r"://|^www\.")
_JOINT = re.compile(r"(?<=[/.?&=_-])(?=[^/.?&=_-])")
_SHORTENED = message("(shortened here; the website has the whole text)")
#: The letters of a table in points, their smallest share of that, a point and the margins of a cell in millimetres.
_LETTERS, _SMALLEST, _POINT, _INSET = 7.8, 0.9, 25.4 / 72, 3.4
#: Millimetres beyond which a word alone does not widen its column.
_WIDEST_WORD = 36.0
#: How much more room a column of longer texts gets: at 1 as many times as its texts are longer, at 0 no more.
_SHARE = 0.8


def words_of_runs(runs: Iterable[Run]) -> Iterator[str]:
    """The texts of runs, one by one."""
    for run in runs:
        if isinstance(run, str):
            yield run
        else:
            yield from words_of_runs(run.get("c", []))


def loosened(text: str, everywhere: bool = False) -> str:
    """A text in which a word too long for a line may be broken; an address, and code, after its joints."""
    if everywhere:
        text = re.sub(r"([/_.,-])(?=\w)", rf"\1{_GAP}", text)
    long = re.compile(rf"[^\s{_GAP}]{{{_LONG_WORD},}}")
    return long.sub(lambda word: _GAP.join(_pieces(word[0])), text)


def paragraph(text: str) -> Block:
    """A text of a table of the registry: as on its page, its first letter says from which side it is read."""
    return {"k": "p", "c": [loosened(safe(text))], **({"dir": "rtl"} if starts_from_the_right(text) else {})}


def _pieces(word: str) -> list[str]:
    """The parts between which a long word may be broken: of an address those between its joints, as far as they go."""
    step = _LONG_WORD // 3
    parts = _JOINT.split(word) if _ADDRESS.search(word) else [word]
    whole = _LONG_WORD if len(parts) > 1 else step
    return [piece for part in parts for piece in ([part] if len(part) <= whole else _cut(part, step))]


def _cut(word: str, step: int) -> list[str]:
    """A word in pieces of so many letters or a few more: marks stay with their letter, and an emoji stays whole."""
    pieces = [""]
    for cluster in clusters(word):
        if len(pieces[-1]) >= step:
            pieces.append("")
        pieces[-1] += cluster
    return pieces


def shortened(blocks: list[Block], excerpt: bool) -> list[Block]:
    """The text of a comment, cut where the rights allow only an excerpt or where it is too long for paper."""
    words = [word for block in blocks for word in " ".join(words_of_runs(block.get("c", []))).split()]
    text = " ".join(words)
    if excerpt and len(words) > _EXCERPT_WORDS:
        return [{"k": "p", "c": [" ".join(words[:_EXCERPT_WORDS]) + " \u2026"]}]
    if len(text) > _MOST_LETTERS:
        cut = text[:_MOST_LETTERS].rpartition(" ")[0] or text[:_MOST_LETTERS]
        return [{"k": "p", "c": [f"{cut} \u2026"]}, {"k": "p", "cls": ["quiet"], "c": [say(_SHORTENED)]}]
    return blocks


def measures(head: list[list[Run]], rows: list[list[Block]]) -> dict[str, Any]:
    """How a table fills the width: `widths` of its columns in millimetres, and `scale`, by which its letters shrink.

    A column has room for its widest word, and a part of the rest by the usual length of its texts.
    """
    least, usual = [], []
    for place, title in enumerate(head):
        cells = [" ".join(words_of_blocks(row[place]["b"])) for row in rows]
        words = {word for text in [*cells, "".join(words_of_runs(title))] for word in text.replace(_GAP, " ").split()}
        widest = max((width(word[:_LONG_WORD], _LETTERS, BOLD) * _POINT for word in words), default=0.0)
        least.append(min(widest, _WIDEST_WORD) + _INSET)
        usual.append(min(sum(map(len, cells)) / max(len(cells), 1), 250) ** _SHARE + 0.1)
    scale = max(min(TEXT_WIDTH / sum(least), 1.0), _SMALLEST)
    left = max(TEXT_WIDTH - sum(least), 0.0)
    filled = [wide * min(scale, 1.0) + left * share / sum(usual) for wide, share in zip(least, usual, strict=True)]
    return {"widths": [round(wide * TEXT_WIDTH / sum(filled), 2) for wide in filled], "scale": round(scale, 3)}


def words_of_blocks(blocks: Iterable[Block]) -> Iterator[str]:
    """The texts of blocks, one by one."""
    for block in blocks:
        yield from words_of_runs(block.get("c", []))
        yield from words_of_blocks(block.get("b", []))
        for item in block.get("items", []):
            yield from words_of_runs(item.get("t", []))
            yield from words_of_blocks(item["b"])
