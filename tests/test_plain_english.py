"""Plain English as far as a program can hold it: short sentences, readable chapters, nothing that sounds translated.

What is measured is the text that a reader of this brief meets, quotations included.
"""

from __future__ import annotations

import re

import pytest

from brief.book.contents import Book, read_book
from brief.contract import modules
from brief.data.loading import load
from brief.findings.facts import compute_facts
from brief.findings.findings import Findings
from conftest import ROOT
from read_pages import Reader, sentences

MOST_WORDS = 25
#: Sentences that may be longer, each for the quotation or the name of a law in it.
LONGER: dict[str, str] = {}
#: Constructions that read as translated, as a riddle or as a slogan, each with what to write instead.
CONSTRUCTIONS = {
    r"(?:^|[.,;:] )[Ww]ho [a-z]+s (?:a |an |the |its |their )": "anyone who ...",
    r"\bthe record\b": "say which data or source",
    r"\bthe checker\b|\b[Tt]he build\b": "say what it means for a reader",
    r"\bbear(?:s)? (?:nothing|out|on)\b": "say, support",
    r"\blaid open\b": "compared",
    r"\bat hand\b": "available",
    r"\bof what there is\b": "name it",
    r"\bit cannot tell\b|\bcannot tell\.$": "subject first: it cannot say ...",
    r"\bin one's own way\b|\bin my own way\b": "say which way",
    r"\bnot thereby\b|\bthereby\b": "leave it out",
    r"\bthose who\b": "people who",
    r"\bsomebody's\b.*\bsomebody's\b": "name who",
    r"\bdoes not argue\b.*\bit runs\b": "no slogans",
}
#: The greatest automated readability index, about years of school; and the greatest LIX, for which long words count.
MOST_SCHOOL_YEARS, MOST_LIX = 9.0, 42.0
_IDENTIFIER = re.compile(r"\b[a-z]+_[a-z_]+\b|^[a-z0-9]+(?:-[a-z0-9]+){2,}$|\.(?:csv|yml|py|md)$|^data/")
_WORDS = "two|three|four|five|six|seven|eight|nine"


@pytest.fixture(scope="module")
def book() -> Book:
    return read_book(ROOT)


@pytest.fixture(scope="module")
def reader(book: Book) -> Reader:
    brief = load(ROOT)
    for name in brief.topic.modules:
        modules.load(name)
    findings = Findings(brief)
    return Reader(book, compute_facts(findings), findings)


CHAPTERS = [name.removeprefix("book/") for name in read_book(ROOT).chapters]


def prose(reader: Reader, chapter: str) -> list[str]:
    return [one for paragraph in reader.paragraphs(f"book/{chapter}") for one in sentences(paragraph)]


@pytest.mark.parametrize("chapter", CHAPTERS)
def test_no_sentence_is_long(reader: Reader, chapter: str) -> None:
    long = [one for one in prose(reader, chapter) if len(one.split()) > MOST_WORDS and one not in LONGER]
    assert long == []


@pytest.mark.parametrize("chapter", CHAPTERS)
def test_a_chapter_reads_easily(reader: Reader, chapter: str) -> None:
    import textstat  # only here: it takes long to load

    text = " ".join(one for one in prose(reader, chapter) if one.endswith((".", "?", ":")))
    years, lix = textstat.automated_readability_index(text), textstat.lix(text)
    assert (years <= MOST_SCHOOL_YEARS, lix <= MOST_LIX) == (True, True), f"{years:.1f} years of school, LIX {lix:.0f}"


@pytest.mark.parametrize("chapter", CHAPTERS)
def test_no_construction_reads_as_translated(reader: Reader, chapter: str) -> None:
    found = [
        f"{one} -> {remedy}"
        for one in prose(reader, chapter)
        for pattern, remedy in CONSTRUCTIONS.items()
        if re.search(pattern, one)
    ]
    assert found == []


@pytest.mark.parametrize("chapter", [name for name in CHAPTERS if name != "data"])
def test_no_identifier_stands_on_a_page(reader: Reader, chapter: str) -> None:
    assert [code for code in reader.codes(f"book/{chapter}") if _IDENTIFIER.search(code)] == []
    assert [one for one in prose(reader, chapter) if re.search(r"\b[a-z]+_[a-z_]+\b|data/", one)] == []


@pytest.mark.parametrize("chapter", CHAPTERS)
def test_numbers_from_two_on_are_numerals(reader: Reader, chapter: str) -> None:
    """One rule for a page, so that it has no words and numerals side by side: "one" and "none" alone are words."""
    assert [one for one in prose(reader, chapter) if re.search(rf"\b(?:{_WORDS})\b", one, re.IGNORECASE)] == []


@pytest.mark.parametrize(
    ("sentence", "construction"),
    [
        ("Who steals the key reads everything.", 0),
        ("It is in the record.", 1),
        ("The build stops there.", 2),
        ("Eight options are laid open.", 4),
    ],
)
def test_the_constructions_are_found(sentence: str, construction: int) -> None:
    assert re.search(list(CONSTRUCTIONS)[construction], sentence)


def test_sentences_are_told_apart() -> None:
    assert sentences("It is so. “Not so,” he said. See p. 3.") == ["It is so.", "“Not so,” he said.", "See p.", "3."]
