"""Emoji in the PDFs: each stands as its picture, and is read back as it was written."""

from __future__ import annotations

import datetime as dt
import unicodedata
from pathlib import Path

import pytest

import topics
from brief.figures.drawing import further_fonts
from brief.figures.drawing.own_fonts import SQUARE
from brief.site.pdf.fitting import loosened
from brief.site.pdf.typesetting import typeset
from test_pdf import NOT_ON_PAPER, _document, joined, poppler, text_of

#: Single ones, with a tone of skin, joined ones, flags of letters and of tags, a key, one that text fonts have too.
EMOJI = {
    "heart": "❤️",
    "face": "😀",
    "thumb": "👍🏽",
    "family": "👨‍👩‍👧‍👦",
    "shrug": "🤷🏽‍♀️",
    "flag": "🇩🇪",
    "part of a country": "🏴󠁧󠁢󠁳󠁣󠁴󠁿",
    "key": "1️⃣",
    "scales": "⚖️",
}


def paper(folder: Path, *paragraphs: str) -> Path:
    """A PDF with these paragraphs."""
    path = folder / "paper.pdf"
    body = [{"k": "p", "c": [loosened(text)]} for text in paragraphs]
    path.write_bytes(typeset(_document(body), dt.date(2026, 11, 26)).content)
    return path


@pytest.mark.parametrize("kind", EMOJI)
def test_an_emoji_is_one_picture_and_is_read_back_as_it_was_written(tmp_path: Path, kind: str) -> None:
    path = paper(tmp_path, f"Before {EMOJI[kind]} after.")
    assert f"Before {EMOJI[kind]} after." in text_of(path)
    assert "NotoEmoji" in poppler("pdffonts", path)
    # Read back as one word, it is one glyph: what Typst takes from several fonts is several.
    between = [line for line in poppler("pdftotext", "-bbox", path, "-").splitlines() if EMOJI[kind] in line]
    assert len(between) == 1
    assert NOT_ON_PAPER not in text_of(path)


def test_a_comment_with_emoji_stands_whole_in_the_pdf_of_all_chapters(tmp_path: Path) -> None:
    texts = [f"Close it {''.join(EMOJI.values())}, says reader {number}." for number in range(3)]
    site = topics.built(topics.asked(tmp_path / "brief", texts))
    (path,) = site.glob("*-full.pdf")
    text = joined(text_of(path))
    assert all(joined(said) in text for said in texts)
    assert "NotoEmoji" in poppler("pdffonts", path)
    stored = (tmp_path / "brief" / "data" / "comments" / f"{topics.COLLECTION}.csv").read_text(encoding="utf-8")
    assert texts[0] in stored


def test_every_emoji_of_the_font_in_one_paragraph_stops_no_pdf(tmp_path: Path) -> None:
    signs = further_fonts.signs(further_fonts.EMOJI)
    seen = sorted(sign for sign in signs if unicodedata.category(sign) == "So")
    path = paper(tmp_path, " ".join(seen), "👍🏽" * 500)
    text = joined(text_of(path))
    assert len(seen) > 1_000 and set(seen) <= set(text) and text.count("👍🏽") == 500
    assert SQUARE not in text


def test_a_sign_that_no_font_has_is_a_square_and_the_paper_says_so(tmp_path: Path) -> None:
    text = text_of(paper(tmp_path, "A hieroglyph 𓀀 and a heart ❤️."))
    assert f"A hieroglyph {SQUARE} and a heart ❤️." in text
    assert text.count(NOT_ON_PAPER) == 1
