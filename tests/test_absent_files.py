"""What general chapters say where a file of `data/` is not there: nothing of what it would hold.

The data are this brief's, the parts on a topic those of a new brief; nothing is built.
"""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest
import yaml

from brief.book.contents import check_statement, read_book
from brief.data.examining import examine
from brief.findings.facts import compute_facts
from brief.findings.findings import Findings
from brief.store import starter
from conftest import ROOT
from read_pages import Reader

#: By file or folder of `data/`: what cannot be there without it, and what no sentence may then speak of.
ABSENT: dict[str, tuple[tuple[str, ...], str]] = {
    "claims.csv": (("alignment.csv",), r"the figure shows|claims? (?:is|are|was|were) checked|second reader has"),
    "timeline.csv": ((), r"\bevents\b"),
    "evidence.csv": ((), r"\bpolls\b"),
    "replies.csv": ((), r"\barguments? (?:was|were) found|decision on any"),
    "options": ((), r"\boptions are (?:compared|laid open)|before choosing an option|each pair of an option"),
    "voices.csv": ((), r"cut into pieces|who speaks is a judgement|a check compares|most words"),
    "codings": ((), r"coder read the comments|have read|coded comments|each has been read|the coder marked"),
    "codebook.yml": (
        ("codings", "voices.csv", "alignment.csv"),
        r"codebook defines|noting which stance|the codebook below",
    ),
    "coders.yml": (
        ("codings", "voices.csv", "alignment.csv", "claims.csv", "replies.csv", "options"),
        r"judgements in it|have read comments|coder read the comments",
    ),
    "glossary.yml": ((), r"each term has the same meaning"),
    "corrections.csv": ((), r"was wrong"),
    "samples": ((), r"random sample"),
    "comments": (
        ("codings", "alignment.csv", "replies.csv"),
        r"comments of readers|names of people who comment|comment is judged|no survey|paragraphs and comments",
    ),
    "articles": (
        ("comments", "codings", "alignment.csv", "replies.csv", "claims.csv", "voices.csv"),
        r"copied from a page|about (?:an|one) article|article was cut",
    ),
}
TESTED = "axe|Lighthouse|Nu checker|make check-site|make site"
CHAPTERS = [f"book/{path.stem}" for path in sorted((ROOT / "book").glob("*.md")) if not starter.module_of(path)]


def without(folder: Path, names: tuple[str, ...]) -> Path:
    """A brief made by `brief new`, with this repository's data but for some."""
    starter.new(folder)
    shutil.rmtree(folder / "data")
    shutil.copytree(ROOT / "data", folder / "data")
    topic = yaml.safe_load((folder / "data" / "brief.yml").read_text(encoding="utf-8"))
    for name in names:
        path = folder / "data" / name
        if path.is_dir():
            shutil.rmtree(path)
        else:
            path.unlink(missing_ok=True)
    if "articles" in names:
        topic["articles"] = []
    if "comments" in names:
        topic["collections"] = []
    if {"articles", "comments"} & {*names}:
        (folder / "data" / "ledger.csv").unlink()
    if "comments" in names and (claims := folder / "data" / "claims.csv").is_file():
        lines = claims.read_text(encoding="utf-8").splitlines(keepends=True)
        claims.write_text("".join(line for line in lines if not line.startswith("reader-")), encoding="utf-8")
    (folder / "data" / "brief.yml").write_text(yaml.safe_dump({**topic, "modules": []}), encoding="utf-8")
    return folder


@pytest.mark.parametrize("name", ["", *ABSENT])
def test_no_sentence_speaks_of_a_file_that_is_not_there(tmp_path: Path, name: str) -> None:
    gone, forbidden = ABSENT.get(name, ((), "no such words"))
    root = without(tmp_path / "brief", (name, *gone) if name else ())
    examined = examine(root)
    assert examined.faults == [] and examined.brief is not None
    facts = compute_facts(Findings(examined.brief))
    book = read_book(root)
    assert [
        fault for docname, one in book.statements() if docname in CHAPTERS for fault in check_statement(one, facts)
    ] == []
    reader = Reader(book, facts, None)
    told = [one for docname in CHAPTERS for one in reader.paragraphs(docname)]
    assert len(told) > 30
    assert [one for one in told if re.search(forbidden, one, re.IGNORECASE)] == []
    assert [one for one in told if re.search(TESTED, one)] == []


def test_the_forbidden_words_are_those_of_this_brief(tmp_path: Path) -> None:
    """With every file there, the chapters do speak of comments, coding, voices and terms."""
    examined = examine(without(tmp_path / "brief", ()))
    assert examined.brief is not None
    reader = Reader(read_book(tmp_path / "brief"), compute_facts(Findings(examined.brief)), None)
    told = " ".join(one for docname in CHAPTERS for one in reader.paragraphs(docname))
    for name in ("voices.csv", "codings", "codebook.yml", "coders.yml", "glossary.yml", "comments", "articles"):
        assert re.search(ABSENT[name][1], told, re.IGNORECASE), name
