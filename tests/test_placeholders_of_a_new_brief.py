"""What a new brief has in place of title, question and edition never passes for an answer."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from brief.cli import main
from brief.data.loading import load
from brief.store import starter
from conftest import CASES

SURVEY = CASES / "sources" / "recognised" / "delimited_table" / "dry-run.csv"
ENGLISH = "Which question should this brief answer?"
Young = Callable[[str], Path]


@pytest.fixture
def young(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Young:
    """A new brief in a language, and the folder that commands are given in."""

    def new(language: str) -> Path:
        root = tmp_path / "brief"
        starter.new(root, language)
        monkeypatch.chdir(root)
        return root

    return new


def run(*arguments: object) -> Result:
    return CliRunner().invoke(main, [str(argument) for argument in arguments])


@pytest.mark.parametrize("language", ["en", "de", "ja"])
def test_comments_are_asked_what_they_answer_while_the_brief_has_no_question(young: Young, language: str) -> None:
    root = young(language)
    for options in (("--dry-run",), ()):
        refused = run("add", SURVEY, "--collection", "survey", *options)
        assert refused.exit_code == 1 and '--question "WORDS?" or --article ID' in refused.stderr, refused.output
    assert run("add", SURVEY, "--collection", "survey", "--question", "Should it close?").exit_code == 0
    assert [collection.question for collection in load(root).collections] == ["Should it close?"]
    assert run("add", SURVEY, "--collection", "survey").exit_code == 0, "a collection keeps its question"


def test_the_question_of_a_brief_that_has_one_is_taken(young: Young) -> None:
    topic = young("en") / "data" / "brief.yml"
    topic.write_text(topic.read_text(encoding="utf-8").replace(ENGLISH, "Should it close?"), encoding="utf-8")
    shown = run("add", SURVEY, "--collection", "survey")
    assert shown.exit_code == 0 and "in answer to “Should it close?”; --question says otherwise" in shown.output


@pytest.mark.parametrize("language", ["en", "de"])
def test_the_check_tells_a_placeholder_wherever_it_stands(young: Young, language: str) -> None:
    root = young(language)
    run("add", SURVEY, "--collection", "survey", "--question", "Should it close?")
    topic = root / "data" / "brief.yml"
    question = load(root).topic.question
    text = topic.read_text(encoding="utf-8").replace("question: Should it close?", f"question: {question}")
    topic.write_text(text.replace(f"question: {question}", "question: Should it?", 1), encoding="utf-8")
    told = run("check")
    assert told.exit_code == 0 and "data/brief.yml, collections 1 question: the question that it answers" in told.output
    assert "data/brief.yml, question:" not in told.output
