"""Fonts that a brief brings for its PDFs: seen before anything is typeset, and the words then stand on paper."""

from __future__ import annotations

import datetime as dt
import io
from pathlib import Path

import pikepdf
import pytest
from fontTools.ttLib import TTFont

from brief.book.check import check
from brief.book.paper_fonts import faults_of
from brief.figures.drawing import further_fonts
from brief.figures.drawing.own_fonts import SQUARE
from brief.figures.drawing.signs import lacks_signs, painted
from brief.figures.drawing.text import FONTS
from brief.site.pdf.typesetting import typeset
from test_pdf import _document
from topics import library

HOURS = "図書館を閉める"


def make_font(path: Path, signs: str) -> None:
    """A font in which each of these signs looks like a letter of the package's font, and nothing else is in it."""
    font = TTFont(next(FONTS.glob("*-Regular.ttf")), recalcTimestamp=False)
    for record in font["name"].names:
        record.string = record.toUnicode().replace("Public Sans", "Bars").replace("PublicSans", "Bars")
    for table in font["cmap"].tables:
        if table.isUnicode():
            table.cmap.clear()
            table.cmap.update({ord(sign): chr(ord("A") + place) for place, sign in enumerate(signs)})
    path.parent.mkdir(parents=True, exist_ok=True)
    font.save(path)


def fonts_of(pdf: bytes) -> set[str]:
    """The names of the fonts that the pages of a PDF use."""
    with pikepdf.open(io.BytesIO(pdf)) as paper:
        return {str(font.BaseFont) for page in paper.pages for font in page.Resources.Font.values()}


@pytest.fixture(scope="module")
def bars(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("fonts")
    make_font(folder / "bars.ttf", HOURS)
    return folder


def test_words_in_a_script_of_its_own_stand_on_paper_with_the_font_that_the_brief_brings(bars: Path) -> None:
    paper = _document([{"k": "p", "c": [HOURS]}])
    edition = dt.date(2026, 11, 26)
    pdf = typeset(paper, edition, bars).content
    assert any("Bars" in font for font in fonts_of(pdf))
    assert pdf == typeset(paper, edition, bars).content, "same data, same bytes"
    assert not any("Bars" in font for font in fonts_of(typeset(paper, edition).content))


def test_a_picture_keeps_the_signs_that_such_a_font_has(bars: Path) -> None:
    svg = f'<svg><text font-family="x">{HOURS} 海</text></svg>'
    further = further_fonts.signs(bars)
    assert HOURS in painted(svg, further) and SQUARE in painted(svg, further), "one sign is in no font"
    assert HOURS not in painted(svg)
    assert lacks_signs(svg, further) and not lacks_signs(svg.replace("海", ""), further)


def test_a_folder_of_fonts_is_seen_when_the_brief_is_checked(tmp_path: Path) -> None:
    root = library(tmp_path / "brief")
    topic = root / "data" / "brief.yml"
    sound = topic.read_text(encoding="utf-8").replace("title: ", "title: 図書館 ")
    make_font(tmp_path / "outside" / "bars.ttf", HOURS)
    told = {}
    for folder in ("fonts", "book/../data", "/book/fonts", "book", "book/none"):
        topic.write_text(f"{sound}pdf_fonts: {folder}\n", encoding="utf-8")
        (fault,) = check(root)
        assert (fault.file, fault.column) == ("data/brief.yml", "pdf_fonts")
        told[folder] = fault.what
    assert all(("do not lie in book/" in what) == (folder != "book/none") for folder, what in told.items())
    assert told["book/none"] == "there is no font in 'book/none'"
    make_font(root / "book" / "fonts" / "bars.ttf", HOURS)
    topic.write_text(f"{sound}pdf_fonts: book/fonts\n", encoding="utf-8")
    assert check(root) == []


@pytest.mark.parametrize("content", [b"", b"no font at all", b"ttcf\0\1", b"\0\1\0\0" + bytes(40), b"OTTO" + bytes(9)])
def test_what_is_no_font_is_told_with_its_name(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "book" / "fonts").mkdir(parents=True)
    (tmp_path / "book" / "fonts" / "x.otf").write_bytes(content)
    (fault,) = faults_of(tmp_path, "book/fonts", [HOURS])
    assert fault.file == "book/fonts/x.otf" and "no font that can be read" in fault.what


def test_signs_that_no_font_has_are_named(tmp_path: Path) -> None:
    make_font(tmp_path / "book" / "fonts" / "bars.ttf", HOURS)
    assert list(faults_of(tmp_path, "book/fonts", [f"{HOURS}, yes! é 😀"])) == [], "a square stands for an emoji"
    (fault,) = faults_of(tmp_path, "book/fonts", [f"{HOURS}。海"])
    assert fault.what == "the fonts in 'book/fonts' lack 2 of the signs that the brief is written in: 。 海"
    assert list(faults_of(tmp_path, "", [HOURS])) == []
