"""Quotations: found as whole words in the very text they name, linked to it, and marked there."""

from __future__ import annotations

from pathlib import Path

import pytest
from bs4 import BeautifulSoup

from brief.book.contents import read_book
from brief.errors import BriefError
from brief.prose.quotations import Quotation, find, nearest, sentence_around
from brief.site.quoting import marked
from conftest import ROOT

TEXT = "It is \u201cunable\u201d to open  today. The hall\u2019s doors are shut, and they will not open before May."


@pytest.mark.parametrize(
    ("words", "stored"),
    [
        ('is "unable" to open today', ["is \u201cunable\u201d to open  today"]),
        ("hall's doors", ["hall\u2019s doors"]),
        ("The hall's doors \u2026 will not open", ["The hall\u2019s doors", "will not open"]),
        ("The hall's doors [...] will not open before", ["The hall\u2019s doors", "will not open before"]),
        ("May", ["May"]),
    ],
)
def test_words_are_found_as_they_are_stored(words: str, stored: list[str]) -> None:
    assert [TEXT[start:end] for start, end in find(words, TEXT)] == stored


@pytest.mark.parametrize(
    "words", ["able", "the hall", "open tomorrow", "pen", "Ma", "will not open \u2026 The hall's doors"]
)
def test_other_words_are_not_found(words: str) -> None:
    assert find(words, TEXT) == []


@pytest.mark.parametrize("words", ["It is \u2026 will not open", "hall's doors are \u2026 they will", "\u2026"])
def test_an_omission_needs_three_words_on_either_side(words: str) -> None:
    with pytest.raises(BriefError):
        find(words, TEXT)


def test_an_omission_may_not_drop_a_negation() -> None:
    with pytest.raises(BriefError, match="leaves out 'not'"):
        find("and they will \u2026 open before May", TEXT)


def test_the_sentence_around_and_the_nearest_words() -> None:
    assert sentence_around(TEXT, find("doors are shut", TEXT)[0]).startswith("The hall")
    assert nearest("the halls doors are shut", {"a": "Something else.", "b": TEXT})[0] == "b"


def test_marks_leave_the_text_as_it_is() -> None:
    quotations = [Quotation("a", "doors are shut"), Quotation("a", "are shut, and they"), Quotation("b", "hall")]
    markup = marked(TEXT + " <b>&", "a", quotations)
    soup = BeautifulSoup(markup, "html.parser")
    assert soup.get_text() == TEXT + " <b>&"
    (mark,) = soup.find_all("mark")
    assert mark.get_text() == "doors are shut, and they"
    assert {span["id"] for span in soup.find_all("span")} == {one.anchor for one in quotations[:2]}


def test_every_quotation_of_the_brief_is_marked_at_its_place(built_site: Path) -> None:
    pages = {
        path.name: BeautifulSoup(path.read_text(encoding="utf-8"), "html.parser") for path in built_site.glob("*.html")
    }
    links = [(here, link) for here, page in pages.items() for link in page.select("a.quote")]
    assert len(links) >= len(read_book(ROOT).quotations()) >= 5
    for here, link in links:
        name, _, anchor = str(link["href"]).partition("#")
        place = pages[name or here].find(id=anchor)
        assert place is not None and place.find("mark") is not None
        words = link.get_text().strip("\u201c\u201d")
        assert find(words, place.get_text()), words
        if "title" in link.attrs:
            assert find(words, str(link["title"])), "the full sentence holds the words"
