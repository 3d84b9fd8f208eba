"""Whatever may be stored can be published: signs that no font here has, marks, and scripts read from the right."""

from __future__ import annotations

import csv
import hashlib
import json
import os
import re
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from xml.etree import ElementTree

import pytest
from bs4 import BeautifulSoup
from fontTools.ttLib import TTFont

import topics
from brief.figures.drawing import cards, own_fonts, render
from brief.figures.drawing.own_fonts import SQUARE
from brief.figures.drawing.sheet import Sheet
from brief.figures.drawing.signs import lacks_signs, painted, printable, replaced
from brief.figures.drawing.text import FAMILY, FONTS
from conftest import CASES, ROOT, run_build
from test_figures import full, made
from test_pdf import NOT_ON_PAPER, joined, text_of

PUBLIC_SANS = '<svg xmlns="http://www.w3.org/2000/svg" width="300" height="40">{}</svg>'.format(
    '<text x="5" y="20" font-family="Public Sans, sans-serif" font-size="16px">{}</text>'
)
PAINT = "import hashlib, sys; from brief.figures.drawing import render; "
PAINT += "print(hashlib.sha256(render.png(sys.argv[1])).hexdigest())"


def texts() -> dict[str, str]:
    """The texts of `tests/cases/signs`, by what they are an example of."""
    found = {}
    for path in sorted((CASES / "signs").glob("*.csv")):
        with path.open(encoding="utf-8", newline="") as file:
            (row,) = csv.DictReader(file)
        found[path.stem] = row["text"]
    return found


def test_any_text_that_may_be_stored_is_published(tmp_path: Path) -> None:
    stored = texts()
    assert len(stored) == 10
    root = topics.asked(tmp_path / "brief", list(stored.values()), coded=len(stored))
    ended = run_build(root)
    assert ended.returncode == 0, ended.stdout
    site = root / "_build" / "html"
    page = BeautifulSoup((site / "comments.html").read_text(encoding="utf-8"), "html.parser")
    quoted = page.select("blockquote.verbatim")
    assert [one.get_text() for one in quoted] == list(stored.values()), "pages have every sign"
    assert {one.get("dir") for one in quoted} == {"auto"}
    with (site / "figures" / "comment-tiles.csv").open(encoding="utf-8", newline="") as file:
        assert set(stored.values()) <= {row["Text"] for row in csv.DictReader(file)}, "and so have the data"
    svg = (site / "figures" / "comment-tiles.svg").read_text(encoding="utf-8")
    assert stored["korean"] in svg and SQUARE not in svg
    assert (site / "figures" / "comment-tiles.png").stat().st_size > 5_000
    for name in ("new-brief.pdf", "new-brief-full.pdf"):
        told = joined(text_of(site / name))
        assert told.count(joined(NOT_ON_PAPER)) == 1
    assert SQUARE in told and joined("copied words with a mark between them") in told
    assert len(re.findall("\u0111\u00f3ng\u0111\u01b0\u1eddng", told)) == 2, "Vietnamese as a text and in the picture"


@pytest.mark.parametrize(
    ("text", "drawn"),
    [
        ("plain words, caf\u00e9", "plain words, caf\u00e9"),
        ("cafe\u0301", "caf\u00e9"),
        ("a \u2764\ufe0f b", f"a {SQUARE} b"),
        ("\U0001f468\u200d\U0001f469\u200d\U0001f467!", f"{SQUARE}!"),
        ("\U0001f44b\U0001f3fd", SQUARE),
        ("ph\u1ea3n \u0111\u1ed1i, la\u0323i, v\u1ecb, \u1ef1", "ph\u1ea3n \u0111\u1ed1i, l\u1ea1i, v\u1ecb, \u1ef1"),
        ("\u0938\u0921\u093c\u0915", SQUARE * 3),
        ("copied \ufeffwords\u200b", "copied words"),
        ("\u0301 alone", f"{SQUARE} alone"),
        ("\u05e9\u05dc \u05e9", f"{SQUARE}{SQUARE} {SQUARE}"),
    ],
    ids=ascii,
)
def test_a_square_stands_for_a_sign_with_all_its_marks(text: str, drawn: str) -> None:
    assert printable(text) == drawn
    svg = PUBLIC_SANS.format(text)
    assert f">{drawn}</text>" in painted(svg)
    assert lacks_signs(svg) == (SQUARE in drawn)


def test_signs_that_are_there_keep_their_joiners() -> None:
    persian = "\u0645\u06cc\u200c\u062e\u0648\u0627\u0647\u0645 \U0001f499"
    assert replaced(persian, lambda sign: sign != "\U0001f499") == f"{persian[:-1]}{SQUARE}"


def test_a_font_of_the_machine_changes_no_picture(tmp_path: Path) -> None:
    """One that bears the name of ours and has other letters, found where the machine keeps its fonts."""
    other = TTFont(ROOT / "src" / "brief" / "site" / "pdf" / "fonts" / "Newsreader-Regular.ttf")
    for record in other["name"].names:
        if record.nameID in (1, 16):
            record.string = FAMILY
    (tmp_path / "fonts").mkdir()
    (tmp_path / "none").mkdir()
    other.save(tmp_path / "fonts" / "other.ttf")
    svg = PUBLIC_SANS.format("Words \u2764 and \u05e9")
    seen = set()
    for folder in ("fonts", "none"):
        settings = tmp_path / f"{folder}.conf"
        settings.write_text(f'<?xml version="1.0"?><fontconfig><dir>{tmp_path / folder}</dir></fontconfig>')
        environment = {**os.environ, "FONTCONFIG_FILE": str(settings)}
        ended = subprocess.run([sys.executable, "-c", PAINT, svg], env=environment, capture_output=True, text=True)
        seen.add((ended.returncode, ended.stdout.strip()))
    assert seen == {(0, hashlib.sha256(render.png(svg)).hexdigest())}
    assert render.png(svg) != render.png(PUBLIC_SANS.format("")), "there are letters in it"


def test_the_fonts_of_pictures_have_their_own_name_and_the_square() -> None:
    made = sorted(own_fonts.folder().glob("*.ttf"))
    assert len(made) == len(list(FONTS.glob("*.ttf")))
    for path in made:
        font = TTFont(path)
        assert FAMILY not in json.dumps([font["name"].getDebugName(place) for place in (1, 4, 16)])
        assert ord(SQUARE) in font.getBestCmap()


def words_on(card: str) -> list[str]:
    """The lines of a card as they are painted."""
    return [text for text in ElementTree.fromstring(painted(card)).itertext() if text.strip()]


def test_a_card_leaves_out_what_it_cannot_show_and_has_no_square() -> None:
    title, date = "\u56f3\u66f8\u9928\u306e\u6642\u9593", "library-hours, 2026-11-26"
    assert words_on(cards.brief_card(title, "Hours of \u56f3", title, "Us", date)) == [date, "Us"]
    assert words_on(cards.brief_card("Hours \u23f0 1\ufe0f\u20e3", "\u00e9te\u0301", "", "Us", date)) == [
        "Hours 1",
        "\u00e9t\u00e9",
        "Us",
    ]
    figure = made("comment-tiles", full())
    assert "library-hours" not in "".join(words_on(cards.figure_card(figure, "Us", date)))
    sheet = Sheet(300, 200)
    sheet.text(0, 60, title, 20)
    sheet.text(0, 90, "12", 20)
    sheet.box(0, 100, 200, 30, fill="#000000")
    pictured = replace(figure, headline=title, wide=sheet.spec(), compact=None)
    said = words_on(cards.figure_card(pictured, title, date))
    assert " ".join(said).startswith(date) and "12" in said
    assert not any(SQUARE in line or "\u56f3" in line for line in said)
