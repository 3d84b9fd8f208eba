"""Words in pictures: however many comments there are, none run into others or out of the picture."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import combinations
from typing import Any
from xml.etree import ElementTree

import pytest

from brief import figures
from brief.figures import NARROW, WIDE, Figure, what_is_missing
from brief.figures.drawing import render, text
from brief.findings.findings import Findings
from small_briefs import CODED, LETTERS, brief, codings


def places_of_texts(svg: str) -> Iterator[tuple[float, float, float, str]]:
    """Each line of a picture: its height, where it begins and ends, and its words."""

    def within(element: ElementTree.Element, x: float, y: float) -> Iterator[tuple[float, float, float, str]]:
        if moved := re.match(r"translate\(([-\d.]+),([-\d.]+)\)", element.get("transform", "")):
            x, y = x + float(moved[1]), y + float(moved[2])
        if element.tag == f"{{{render.SVG}}}text" and element.text:
            bold = text.BOLD if element.get("font-weight", "400") not in ("400", "normal") else text.REGULAR
            long = text.width(element.text, float(element.get("font-size", "13px").removesuffix("px")), bold)
            left = x - {"start": 0.0, "middle": long / 2, "end": long}[element.get("text-anchor", "start")]
            yield y, left, left + long, element.text
        for part in element:
            yield from within(part, x, y)

    return within(ElementTree.fromstring(svg), 0.0, 0.0)


def run_together(spec: dict[str, Any], room: float) -> list[tuple[str, str]]:
    """Words of a picture that have no such room between them."""
    lines = list(places_of_texts(render.svg_for_page(spec, "t")))
    assert lines
    return [
        (words, others)
        for (high, left, right, words), (other_high, start, end, others) in combinations(lines, 2)
        if abs(high - other_high) <= 5 and max(left, start) < min(right, end) + room
    ]


@pytest.mark.parametrize("number", [7, 1_500])
def test_no_words_of_a_picture_run_into_others(number: int) -> None:
    read = codings(*[(at, "for" if at % 3 else "against", "noise" if at % 2 else "trade") for at in range(1, 7)])
    # One for all figures, as a build has it: so many comments take long to be read.
    letters = [f"{LETTERS[at % 5]} Letter {at}." for at in range(number)]
    findings = Findings(brief(letters, codings=read, batch=500))
    for figure_id, make in figures.figures().items():
        figure = make(findings, {})
        for spec in (figure.wide, figure.narrow) if isinstance(figure, Figure) else ():
            assert run_together(spec, 2) == [], figure_id


@pytest.mark.parametrize("number", [7, 199_400, 19_999_400])
def test_numbers_of_any_length_keep_clear_of_what_stands_beside_them(number: int) -> None:
    parts = [what_is_missing.Row("Comments, shown or not", "Not classified", number, hollow=True)]
    parts.append(what_is_missing.Row("Comments by theme", "Noise", 3, theme=True))
    for room in (WIDE, NARROW):
        spec = what_is_missing._draw(brief(LETTERS, codings=CODED), parts, room)
        assert run_together(spec, 16) == []
        assert max(end for _, _, end, _ in places_of_texts(render.svg_for_page(spec, "t"))) < room + 1
