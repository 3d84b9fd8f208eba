"""The recipes of CONTRIBUTING: those that add a file are followed in one copy."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from conftest import ROOT, copy_tracked

#: Recipes that a test of this file follows, each with the name of that test.
FOLLOWED = {
    "A fact": "test_a_fact",
    "A conclusion": "test_a_chapter_with_a_conclusion_and_a_quotation",
    "A quotation": "test_a_chapter_with_a_conclusion_and_a_quotation",
    "A chapter": "test_a_chapter_with_a_conclusion_and_a_quotation",
    "An event, a poll, a source": "test_rows_of_data",
    "What a comment answers": "test_rows_of_data",
    "A figure": "test_a_figure_and_a_table",
    "A table": "test_a_figure_and_a_table",
    "A module": "test_a_module",
    "An exchange format": "test_an_exchange_format",
    "A source format": "test_a_source_format",
}
#: Recipes whose feature has a file of tests; the recipe itself is not followed here word for word.
ELSEWHERE = {
    "A comment or an article": "test_add.py",
    "A coding": "test_ledger.py",
    "A second coder": "test_sampling.py",
    "A coding tool": "test_exchange.py",
    "A coding program": "test_coding_with.py",
    "More comments than a person reads": "test_shares.py",
    "An argument and its answer": "test_check.py",
    "A claim": "test_check.py",
    "An option, a criterion, an assessment": "test_options.py",
    "An edition": "test_editions.py",
    "A renamed page": "test_metadata.py",
    "The PDFs": "test_pdf.py",
    "A new input that must be refused": "test_check.py",
    "A wheel": "test_wheel.py",
}
#: Recipes that no test follows: this one asks the network for every package.
BY_HAND = {"Newer packages"}

FACT = '''"""A fact of a recipe."""

from collections.abc import Iterator

from brief.findings.facts import Fact, provides_facts
from brief.findings.findings import Findings


@provides_facts
def _of_the_recipe(findings: Findings) -> Iterator[Fact]:
    yield Fact("recipe-comments", sum(map(len, findings.brief.comments())), "Comments.", "data/", "letter", "letters")
'''
FIGURE = '''"""A figure and a table of a recipe."""

from collections.abc import Mapping

import pandas as pd

from brief.figures import Figure, Table, figure, table
from brief.findings.facts import Fact
from brief.findings.findings import Findings


@figure("recipe-figure")
def recipe_figure(findings: Findings, facts: Mapping[str, Fact]) -> Figure:
    data = pd.DataFrame({"Comments": [sum(map(len, findings.brief.comments()))]})
    return Figure("Headline", "Subtitle", "Alternative", "Note", "Source", data, {"mark": "bar"}, {"mark": "bar"})


@table("recipe-table")
def recipe_table(findings: Findings, facts: Mapping[str, Fact]) -> Table:
    return Table("Caption", pd.DataFrame({"Comments": [sum(map(len, findings.brief.comments()))]}), "Source")
'''
FORMAT = '''"""Codings as JSON lines."""

import json

from brief.coding.exchange import CODER, READING, by_comment, frame

NAME = "JSON lines"
ENDINGS = (".recipe",)


def write(path, comments, codings, codebook):
    texts = dict(zip(comments["comment_id"], comments["text"]))
    rows = [{**row, "text": texts[name]} for name, all in by_comment(codings).items() for row in all]
    path.write_text("\\n".join(map(json.dumps, rows)), encoding="utf-8")


def read(path, codebook):
    return frame((at, json.loads(line)) for at, line in enumerate(path.read_text("utf-8").splitlines(), 1))
'''
SOURCE = '''"""A letter a line."""

import pandas as pd

from brief.store.sources import NOT_MINE, Found, Likeness

NAME = "lines of letters"
ANSWERS = ()


def recognises(path, head):
    return Likeness(1.0, "it begins with LETTERS") if head.startswith(b"LETTERS") else NOT_MINE


def read(path, answers):
    lines = path.read_text(encoding="utf-8").splitlines()[1:]
    return Found(None, pd.DataFrame({"text": lines}), "A letter a line.")
'''
MODULE = FACT.replace("recipe-comments", "module-comments")
MODULE += "\n\nCONTRACT = {}\n\n\ndef examine(root):\n    return []\n"
CHAPTER = """# A page of the recipe

::::{statement} of-the-recipe
:::{when} recipe-comments > 1
There are {count}`recipe-comments`.
:::
:::{otherwise}
:::
::::

It says {quote}`the-verge-2017-09-20#p1 | an anonymous security source`.
"""
ASK = """
import json, pathlib
from brief import figures
from brief.coding import exchange
from brief.data.loading import load
from brief.findings.facts import compute_facts
from brief.findings.findings import Findings
from brief.store import sources

root = pathlib.Path.cwd()
brief = load(root)
findings = Findings(brief)
facts = compute_facts(findings)
import pandas as pd
comments = pd.concat(list(brief.comments())).assign(position=1)
one = str(comments["comment_id"].iloc[0])
codings = pd.DataFrame([{name: "" for name in (exchange.CODER, *exchange.READING)} |
    {exchange.CODER: "me", "comment_id": one, "stance": "for"}])
path = root / "sheet.recipe"
form = exchange.module_for(path)
form.write(path, comments, codings, brief.codebook)
letters = root / "letters.txt"
letters.write_text("LETTERS\\nOne.\\nTwo.\\n")
read = sources.read(letters, {})
print(json.dumps({
    "code": figures.__file__,
    "facts": {name: fact.value for name, fact in facts.items() if name.endswith("-comments")},
    "figure": figures.figures()["recipe-figure"](findings, facts).figure_id,
    "table": figures.tables()["recipe-table"](findings, facts).table_id,
    "format": form.read(path, brief.codebook)["stance"].tolist(),
    "source": [read.source, *read.comments["text"]],
}))
"""


def asked(root: Path, *command: str) -> subprocess.CompletedProcess[str]:
    """Run a command in the copy, with its own code."""
    places = os.pathsep.join(str(root / name) for name in ("src", "tools", "added"))
    environment = {**os.environ, "PYTHONPATH": places}
    return subprocess.run(
        [sys.executable, *command], cwd=root, env=environment, capture_output=True, text=True, timeout=200, check=False
    )


def append(path: Path, line: str) -> None:
    path.write_text(path.read_text(encoding="utf-8").rstrip("\n") + f"\n{line}\n", encoding="utf-8")


@pytest.fixture(scope="module")
def followed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy in which every recipe of this file is followed, new files alone where the recipe says no more."""
    root = copy_tracked(tmp_path_factory.mktemp("recipes"))
    code, added = root / "src" / "brief", root / "added"
    (code / "findings" / "facts" / "recipe.py").write_text(FACT, encoding="utf-8")
    (code / "figures" / "recipe.py").write_text(FIGURE, encoding="utf-8")
    (code / "coding" / "exchange" / "recipe.py").write_text(FORMAT, encoding="utf-8")
    (code / "store" / "sources" / "recipe.py").write_text(SOURCE, encoding="utf-8")
    (added / "recipe-1.dist-info").mkdir(parents=True)
    (added / "recipe-1.dist-info" / "METADATA").write_text("Name: recipe\nVersion: 1\n", encoding="utf-8")
    points = "[brief.modules]\nrecipe = recipe_module\n"
    (added / "recipe-1.dist-info" / "entry_points.txt").write_text(points, encoding="utf-8")
    (added / "recipe_module.py").write_text(MODULE, encoding="utf-8")
    topic = root / "data" / "brief.yml"
    topic.write_text(topic.read_text("utf-8").replace("[access]", "[access, recipe]"), encoding="utf-8")
    (root / "book" / "of-the-recipe.md").write_text(CHAPTER, encoding="utf-8")
    append(root / "_toc.yml", "      - file: book/of-the-recipe")
    append(root / "data" / "timeline.csv", "recipe,2017-09-21,day,happened,no,This story,A reader writes.,sky2017")
    append(root / "data" / "alignment.csv", "the-verge-2017-09-20-1,request,,alignment,")
    return root


@pytest.fixture(scope="module")
def answers(followed: Path) -> dict[str, Any]:
    done = asked(followed, "-c", ASK)
    assert done.returncode == 0, done.stderr
    found: dict[str, Any] = json.loads(done.stdout)
    assert Path(found["code"]).is_relative_to(followed)
    return found


@pytest.fixture(scope="module")
def checked(followed: Path) -> str:
    """What `brief check` says of the copy, where it finds no fault."""
    done = asked(followed, "-c", "from brief.cli import main; main()", "check")
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def test_every_recipe_has_its_test_and_every_test_its_recipe() -> None:
    told = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8").split("## Recipes")[1].split("\n## ")[0]
    recipes = re.findall(r"^\*\*(.+?)\.\*\*", told, re.MULTILINE)
    assert sorted(recipes) == sorted([*FOLLOWED, *ELSEWHERE, *BY_HAND])
    assert set(FOLLOWED.values()) <= set(globals())
    assert [name for name in ELSEWHERE.values() if not (ROOT / "tests" / name).is_file()] == []


def test_a_fact(answers: dict[str, Any]) -> None:
    assert answers["facts"]["recipe-comments"] > 1


def test_a_figure_and_a_table(answers: dict[str, Any]) -> None:
    assert (answers["figure"], answers["table"]) == ("recipe-figure", "recipe-table")


def test_a_module(answers: dict[str, Any]) -> None:
    assert answers["facts"]["module-comments"] == answers["facts"]["recipe-comments"]


def test_an_exchange_format(answers: dict[str, Any]) -> None:
    assert answers["format"] == ["for"]


def test_a_source_format(answers: dict[str, Any]) -> None:
    assert answers["source"] == ["lines of letters", "One.", "Two."]


def test_a_chapter_with_a_conclusion_and_a_quotation(checked: str) -> None:
    assert checked


def test_rows_of_data(checked: str) -> None:
    assert checked
