"""Sentences that refer to a table name it by its number, so that they are true on pages and paper for any size."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import topics
from brief.prose.extraction import messages
from conftest import ROOT
from test_pdf import poppler

#: Ways to point at a table that is not there on every paper, and where another may stand between.
_POINTS = re.compile(
    r"\b(?:(?:the|this|that|these|following|next|last) tables?(?! of (?:the figure|the PDFs|contents)\b)"
    r"(?! to download\b)|tables? (?:above|below|beside))\b",
    re.IGNORECASE,
)


@pytest.mark.parametrize("path", sorted((ROOT / "book").rglob("*.md")), ids=lambda path: path.stem)
def test_no_sentence_of_a_chapter_points_at_a_table_without_its_number(path: Path) -> None:
    prose = re.sub(r"^```\{code-cell\}.*?^```", "", path.read_text(encoding="utf-8"), flags=re.MULTILINE | re.DOTALL)
    assert [match[0] for match in _POINTS.finditer(" ".join(prose.split()))] == []


def test_nothing_that_the_program_says_to_readers_does() -> None:
    packages = (ROOT / "src" / "brief", ROOT / "src" / "brief_access")
    said = [message.english for package in packages for message in messages(package)]
    assert len(said) > 900
    assert [text for text in said if _POINTS.search(text)] == []


def test_a_register_too_long_for_paper_is_named_by_number_where_a_sentence_refers_to_it(tmp_path: Path) -> None:
    root = topics.library(tmp_path / "brief")
    head = "series,period,value,unit,paid_by,note,sources,grade"
    rows = [f"Question {n},2017,{n}%,of 100 readers,The Gazette,,gazette2021,B" for n in range(1, 31)]
    topics.write(root / "data" / "evidence.csv", "\n".join([head, *rows, ""]))
    source = "@misc{gazette2021, author={{The Gazette}}, title={Polls}, year={2021}}\n"
    topics.write(root / "data" / "sources.bib", source)
    site = topics.built(root)
    page = (site / "timeline.html").read_text(encoding="utf-8")
    numbered = re.search(r"(Table \d+)</a> names who paid", page)
    assert numbered is not None and page.count(f"{numbered[1]}</a> names who paid") == 1
    (paper,) = site.glob("*-full.pdf")
    text = " ".join(poppler("pdftotext", paper, "-").split())
    assert f"{numbered[1]} names who paid" in text
    assert f"{numbered[1]} is on the site and in the archive of the data: “Opinion polls”" in text
    assert "Question 30" not in text
