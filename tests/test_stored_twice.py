"""What is stored already under another name may come in again, and is told with what it is the same as."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from brief.cli import main
from conftest import CASES

Project = Callable[..., Path]
SOURCES = CASES / "sources" / "recognised"
SURVEY = SOURCES / "delimited_table" / "dry-run.csv"
PAGE = SOURCES / "saved_page" / "wordpress.html"
SAID = ("--published", "2021-02-08", "--publisher", "Post")


@pytest.fixture
def brief(project: Project, monkeypatch: pytest.MonkeyPatch) -> Path:
    root = project("base")
    monkeypatch.chdir(root)
    return root


def run(*arguments: object) -> Result:
    return CliRunner().invoke(main, [str(argument) for argument in arguments])


def test_the_same_export_under_another_name_is_told(brief: Path) -> None:
    assert "Stored already" not in run("add", SURVEY, "--collection", "first").output
    again = run("add", SURVEY, "--collection", "second")
    assert again.exit_code == 0 and "Stored already in 'first', with the same words: " in again.output, again.output
    assert "--collection first takes this in as a newer copy" in again.output
    assert "Stored already" not in run("add", SURVEY, "--collection", "second").output, "nothing new comes in"


def test_the_same_page_under_another_name_is_told(brief: Path) -> None:
    assert "tored already" not in run("add", PAGE, *SAID, "--url", "https://post.example/a?b=1").output
    for options, why in (
        (("--url", "http://www.post.example/a/?b=1#top"), "with the same address"),
        (("--url", "https://post.example/other"), "with the same paragraphs"),
    ):
        shown = run("add", PAGE, *SAID, *options, "--id", "zz", "--dry-run")
        assert shown.exit_code == 0, shown.output
        assert f"This article is stored already as 'post-2021-02-08', {why}; --id post-2021-02-08" in shown.output
        assert "Stored already in 'post-2021-02-08', with the same words: 4 of 4 comments" in shown.output
        assert "--id post-2021-02-08 --replace takes this in as a newer copy." in shown.output


def test_an_answer_that_many_give_is_no_export_that_came_in_twice(brief: Path) -> None:
    for name, texts in (("a", "No.\nI work until six."), ("b", "No.\nThe bus is late.\nIt is too dark there.")):
        (brief / f"{name}.csv").write_text(f"text\n{texts}\n", encoding="utf-8")
        assert "tored already" not in run("add", f"{name}.csv").output
