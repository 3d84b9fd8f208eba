"""Chapters: no number stands bare, no name is unknown, no sentence outlives its condition.

A case is a chapter in `tests/cases/chapters/bad` with the words of its faults beside it, or one in `good` without any.
"""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from brief.book.chapters import bare_numbers, read_chapter
from brief.book.contents import Book, check_book, chosen
from brief.findings.facts import Fact
from conftest import ROOT

CASES = Path(__file__).parent / "cases" / "chapters"
ALLOWED = {"Reading Rooms Act 1998": "the name of a law"}
TEXTS = {
    "gazette#p1": "The hall is unable to open, said Ann Example. It will not close before six, and “nobody” minds.",
    "gazette#p2": "It opens again in May.",
    "gazette-1": "Keep it open, I can\u2019t come earlier.",
}
CONTENT = {
    "topic": {"pdf": [], "pdf_fonts": ""},
    "plan": [],
    "figure_ids": ["reading-strip"],
    "table_ids": ["rooms"],
    "texts": TEXTS,
    "sources": {"gazette2021": {}},
    "sources_used": ["gazette2021"],
}
FACTS = {
    name: Fact(name, value, "A definition.", "data/", "comment", "comments")
    for name, value in {"comments-shown": 7, "stance-for": 0, "stance-against": 3}.items()
}


def faults_of(path: Path) -> str:
    chapter = read_chapter(path, CASES, ALLOWED)
    book = Book(CASES, {"chapter": chapter}, {}, ALLOWED, ())
    return "\n".join(str(fault) for fault in check_book(book, FACTS, CONTENT))


@pytest.mark.parametrize("path", sorted((CASES / "bad").glob("*.md")), ids=lambda path: path.stem)
def test_a_bad_chapter_is_told_with_its_line(path: Path) -> None:
    told = faults_of(path)
    for expected in path.with_suffix(".expected").read_text(encoding="utf-8").splitlines():
        assert expected in told


@pytest.mark.parametrize("path", sorted((CASES / "good").glob("*.md")), ids=lambda path: path.stem)
def test_a_good_chapter_has_no_fault(path: Path) -> None:
    assert faults_of(path) == ""


def test_every_bad_case_has_its_expectation() -> None:
    assert {path.stem for path in (CASES / "bad").glob("*.md")} == {
        path.stem for path in (CASES / "bad").glob("*.expected")
    }


def test_the_first_alternative_that_holds_is_chosen() -> None:
    chapter = read_chapter(CASES / "good" / "statement-with-alternatives.md", CASES)
    (statement,) = chapter.statements
    picked = chosen(statement, FACTS)
    assert picked is not None and picked.condition == "stance-for == 0 and comments-shown > 0"
    with_one = {**FACTS, "stance-for": Fact("stance-for", 1, "A definition.", "data/")}
    picked = chosen(statement, with_one)
    assert picked is not None and picked.condition == "stance-for > 0"
    empty = {**FACTS, "comments-shown": Fact("comments-shown", 0, "A definition.", "data/")}
    picked = chosen(statement, empty)
    assert picked is not None and picked.condition is None


@pytest.mark.parametrize(
    "text", ["a second reading", "on the other hand", "SHA-256", "the p1 anchor", "someone", "noneday", "bone"]
)
def test_what_is_no_number_is_left_alone(text: str) -> None:
    assert bare_numbers(text) == []


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("80 per cent", ["80", "per cent"]),
        ("21.7 million", ["21.7", "million"]),
        ("the 3rd of them", ["3rd"]),
        ("No one did", ["No one", "one"]),
        ("15% of", ["15%"]),
    ],
)
def test_numbers_in_every_dress_are_found(text: str, found: list[str]) -> None:
    assert sorted(bare.word for bare in bare_numbers(text)) == sorted(found)


def left_out_on_paper() -> Iterator[str]:
    """The tables that their makers close on the page: on paper only their number, their title and where they are."""
    makers = [*(ROOT / "src" / "brief" / "figures").glob("*.py"), *(ROOT / "src" / "brief_access").glob("*.py")]
    for path in makers:
        for node in ast.parse(path.read_text(encoding="utf-8")).body:
            if not isinstance(node, ast.FunctionDef):
                continue
            ids = [
                call.args[0].value
                for call in node.decorator_list
                if isinstance(call, ast.Call)
                and ast.unparse(call.func) == "table"
                and isinstance(call.args[0], ast.Constant)
            ]
            named = {keyword.arg for call in ast.walk(node) if isinstance(call, ast.Call) for keyword in call.keywords}
            if named & {"folded", "folded_on_phones"}:
                yield from map(str, ids)


def test_a_sentence_points_at_a_table_that_paper_leaves_out_by_its_number_alone() -> None:
    """Words like "here is" are wrong on paper where a table is only on the site; a number holds in both."""
    closed = set(left_out_on_paper())
    assert {"performance-matrix", "central-weights", "what-users-could-notice", "decisions"} <= closed
    pointing = re.compile(r"\bHere (?:is|are)\b|\b[Tt]he (?:\w+ of the )?(?:table|tables)\b|\b(?:above|below)\b")
    wrong, seen = [], 0
    for path in sorted((ROOT / "book").glob("*.md")):
        before = ""
        for part in re.split(r"```\{code-cell\} python\n(.*?)```", path.read_text(encoding="utf-8"), flags=re.DOTALL):
            named = re.findall(r'edition\.(?:table|figure)\("([\w-]+)"\)', part)
            if not named:
                before = part
                continue
            seen += len(named)
            if closed.intersection(named) and (found := pointing.search(before)):
                wrong.append(f"{path.name}, {named[0]}: {found[0]}")
    assert seen > 30 and wrong == []


def test_a_heading_is_not_followed_by_a_table_that_paper_leaves_out() -> None:
    """On paper a question would be answered by where its table is, and by nothing."""
    closed = set(left_out_on_paper())
    text = "".join(path.read_text(encoding="utf-8") for path in sorted((ROOT / "book").glob("*.md")))
    bare = re.findall(r'^#+ .*\n\n```\{code-cell\} python\nedition\.table\("([\w-]+)"\)\n```', text, re.MULTILINE)
    assert closed.intersection(bare) == set()
