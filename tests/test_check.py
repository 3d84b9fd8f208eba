"""`brief check` as a whole: data and chapters in one pass, whatever is wrong with either, and never a traceback.

Every bad file of `tests/cases` is laid into a brief that is sound without it, and the whole check must tell its fault;
so it must in test_tampering and test_statements, whose cases change this repository's own brief.
"""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest

from brief.book.check import check
from brief.errors import Fault
from conftest import CASES
from test_contract import lay_over
from topics import library

FAULTS = sorted((CASES / "faults").iterdir())
SAMPLES = sorted(path for path in (CASES / "sampling").glob("*.expected") if path.read_text(encoding="utf-8"))
BOOKS = sorted((CASES / "book").iterdir())
DAMAGE = {
    "empty": b"",
    "not-utf-8": b"\xe9\xff",
    "a-nul-byte": b"a\0b",
    "a-number": b"7\n",
    "a-list": b"- 1\n- [2, {}]\n",
    "no-yaml": b"a: [\n",
    "odd-keys": b"1: {2: 3}\nnull: 4\n",
    "odd-front-matter": b"---\nbrief: 3\nmyst: []\n---\n:::{statement}\n:when: ((\n:::\n{fact}`{{`\n",
}
CHAPTERS = sorted((CASES / "chapters" / "bad").glob("*.md"))


@pytest.fixture(scope="module")
def sound(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The library's brief, which has no fault; tests change copies, with what was computed of it."""
    root = library(tmp_path_factory.mktemp("sound") / "brief")
    assert check(root) == []
    return root


@pytest.fixture
def root(sound: Path, tmp_path: Path) -> Path:
    return shutil.copytree(sound, tmp_path / "brief")


def told(root: Path) -> str:
    return "".join(f"{fault}\n" for fault in check(root))


@pytest.mark.parametrize("case", FAULTS, ids=lambda case: case.name)
def test_a_fault_of_the_data_is_told_and_no_more(root: Path, case: Path) -> None:
    assert told(lay_over(root, case)) == (case / "expected.txt").read_text(encoding="utf-8")


def test_a_part_of_the_pdf_that_there_is_not_is_told_with_its_line(root: Path) -> None:
    names = ("figure no-such", "section book/methods#no-such", "Table stances", "statement")
    sound_parts = (
        "section book/summary#named-here",
        "section book/summary#what-we-ask",
        "section book/summary#by-hand",
    )
    summary = root / "book" / "summary.md"
    headings = "\n(named-here)=\n## Another heading\n\n## What we ask\n\n{#by-hand}\n## More\n"
    summary.write_text(summary.read_text(encoding="utf-8") + headings, encoding="utf-8")
    topic = root / "data" / "brief.yml"
    text = re.sub(r"^pdf:\n(-.*\n)+", "", topic.read_text(encoding="utf-8"), flags=re.MULTILINE)
    listed = [f"- {name}" for name in (*sound_parts, "table stances", *names)]
    topic.write_text("\n".join([text.rstrip(), "pdf:", "# The parts, in order.", *listed, ""]), encoding="utf-8")
    first = len(text.rstrip().splitlines()) + 3 + len(sound_parts) + 1
    assert [(fault.row, fault.what) for fault in check(root)] == [
        (first + place, f"the PDF has no part '{name}'") for place, name in enumerate(names)
    ]
    assert "data/brief.yml, line" in told(root) and "as section book/methods#" in told(root)


@pytest.mark.parametrize("kind", ["figure", "table"])
def test_a_sentence_that_points_at_what_no_page_shows_is_told(root: Path, kind: str) -> None:
    summary = root / "book" / "summary.md"
    summary.write_text(f"{summary.read_text(encoding='utf-8')}\n\n{{{kind}}}`no-such` has it.\n", encoding="utf-8")
    assert [fault.what for fault in check(root)] == [f"there is no {kind} named 'no-such'"]


@pytest.mark.parametrize("case", SAMPLES, ids=lambda case: case.stem)
def test_a_fault_of_a_sample_is_told(root: Path, case: Path) -> None:
    (root / "data" / "samples").mkdir()
    shutil.copy(case.with_suffix(".yml"), root / "data" / "samples" / "sample-one.yml")
    assert case.read_text(encoding="utf-8") in told(root)


@pytest.mark.parametrize("case", CHAPTERS, ids=lambda case: case.stem)
def test_a_fault_of_a_chapter_is_told_beside_one_of_the_data(root: Path, case: Path) -> None:
    shutil.copy(case, root / "book" / "summary.md")
    alone = told(root)
    assert "book/summary.md" in alone
    lay_over(root, CASES / "faults" / "several-faults-at-once")
    assert "data/" in told(root)


@pytest.mark.parametrize("case", BOOKS, ids=lambda case: case.name)
def test_a_file_of_the_book_that_cannot_be_read_is_told(root: Path, case: Path) -> None:
    shutil.copytree(case, root, dirs_exist_ok=True)
    assert (case / "expected.txt").read_text(encoding="utf-8") in told(root)


@pytest.mark.parametrize("damage", DAMAGE)
def test_whatever_a_file_holds_it_is_told_and_nothing_breaks(root: Path, damage: str) -> None:
    damaged = [path for path in sorted(root.rglob("*")) if path.is_file() and "_build" not in path.parts]
    assert len(damaged) > 20
    for path in damaged:
        before = path.read_bytes()
        path.write_bytes(DAMAGE[damage])
        for fault in check(root):
            assert fault.what and fault.remedy
        path.write_bytes(before)


def test_a_folder_in_the_place_of_a_file_is_told(root: Path) -> None:
    for name in ("book/methods.md", "_toc.yml", "book/exceptions.yml", "data/codebook.yml", "data/brief.yml"):
        path = root / name
        path.unlink(missing_ok=True)
        path.mkdir()
    assert "_toc.yml" in told(root)


def test_a_fault_prints_no_sign_that_nobody_sees() -> None:
    """What a file holds must not colour a terminal, hide a line, feign a second fault or turn the writing round."""
    quoted = "\x1b[31mred\x07\r\n    -> Delete it all.\u202e\u2028\x9b2J"
    printed = str(Fault(f"there is no '{quoted}'", f"Write '{quoted}'.", f"data/{quoted}.csv", 3, quoted))
    assert printed.count("\n") == 1
    assert not [sign for sign in printed.replace("\n", "") if not sign.isprintable()]
    assert r"\x1b[31mred\x07\r\n    -> Delete it all.\u202e\u2028\x9b2J" in printed
    assert str(Fault("kafé “日本” 👩‍🚒", "x")).startswith("kafé “日本” 👩‍🚒")
