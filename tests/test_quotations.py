"""Quotations: found as whole words in the very text they name, linked to it, and marked there."""

from __future__ import annotations

from pathlib import Path

import pytest
from bs4 import BeautifulSoup

from brief.analysis.exemplars import quotation
from brief.book.contents import read_book
from brief.errors import BriefError
from brief.figures.quoted_comments import shortened
from brief.prose.quotations import Quotation, check, find, nearest, sentence_around
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


@pytest.mark.parametrize(
    ("words", "text", "turn"),
    [
        ("I am for it …", "I am for it unless it costs us the evenings.", "unless"),
        ("We would close it …", "We would close it at six, but not in winter. It is dear.", "but"),
        ("It should close [...]", "It should close at last because nobody comes.", "because"),
        ("Ich bin dafür …", "Ich bin dafür, wenn es nichts kostet.", "wenn"),
        ("Je suis pour …", "Je suis pour, sauf le dimanche.", "sauf"),
        ("Estoy a favor …", "Estoy a favor, pero no de noche.", "pero"),
        ("Ik ben voor …", "Ik ben voor, tenzij het geld kost.", "tenzij"),
        ("Sono a favore …", "Sono a favore, ma non di notte.", "ma"),
        ("Sou a favor …", "Sou a favor, mas não à noite.", "mas"),
        ("閉館に賛成です …", "閉館に賛成です しかし冬は困ります", "しかし"),
    ],
)
def test_an_ellipsis_at_the_end_may_not_cut_a_sentence_before_its_ground(words: str, text: str, turn: str) -> None:
    with pytest.raises(BriefError, match=f"cuts the sentence before '{turn}'"):
        find(words, text)


@pytest.mark.parametrize(
    ("words", "text"),
    [
        ("We would close it …", "We would close it at six. But not in winter."),
        ("Close it at six. …", "Close it at six. It costs us much, but we pay."),
        ("We parked the …", "We parked the car and the butter melted."),
    ],
)
def test_an_ellipsis_at_the_end_may_leave_out_the_rest(words: str, text: str) -> None:
    assert len(find(words, text)) == 1


@pytest.mark.parametrize(
    "words", ["It is unable to open", 'It is "unable" to open'.replace('"', "«"), "It is 'unable' to open"]
)
def test_where_only_the_quotation_marks_differ_the_message_says_so(words: str) -> None:
    with pytest.raises(BriefError, match="with other quotation marks") as told:
        check(Quotation("a", words), {"a": TEXT})
    assert "Stored: It is \u201cunable\u201d to open." in told.value.faults[0].remedy
    with pytest.raises(BriefError, match="do not stand in a"):
        check(Quotation("a", "It is able to open"), {"a": TEXT})


def test_a_quotation_by_rule_is_never_cut_before_its_ground() -> None:
    plain = "They close it " + "and again and again " * 20 + "at six."
    turned = "They close it " + "and again and again " * 20 + "because of the costs. More."
    cut = shortened(quotation(plain, set()), plain)
    assert cut.endswith(" …") and find(cut, plain)
    assert shortened(quotation(turned, set()), turned) == turned.removesuffix(" More.")
    assert shortened("They close it.", "They close it. Why?") == "They close it."


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
        ours = [element.get_text() for element in link.select(".claim__subject")]
        words = link.get_text().replace("".join(ours), "", 1).strip("\u201c\u201d")
        assert find(words, place.get_text()), words
        if "title" in link.attrs:
            assert find(words, str(link["title"])), "the full sentence holds the words"
