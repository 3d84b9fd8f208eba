"""`brief add --dry-run`: it shows what would be stored, refuses what is refused without it, and writes nothing."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from brief.cli import main
from brief.contract import inputs
from brief.data.loading import load
from brief.store import starter
from conftest import CASES

Project = Callable[..., Path]
SOURCES = CASES / "sources" / "recognised"
PAGE = SOURCES / "saved_page" / "wordpress.html"
PASTED = SOURCES / "copied_page" / "library.txt"
LETTERS = SOURCES / "delimited_table" / "dry-run.csv"
SAID = ("--publisher", "Other", "--published", "2021-02-08", "--author", "AA", "--language", "de")


def run(*arguments: object) -> Result:
    return CliRunner().invoke(main, [str(argument) for argument in arguments])


def everything(root: Path) -> dict[str, bytes]:
    """All files of a brief, without its lock."""
    files = {path.relative_to(root).as_posix(): path.read_bytes() for path in root.rglob("*") if path.is_file()}
    return {name: content for name, content in files.items() if name not in (".brief/lock", ".brief/.gitignore")}


@pytest.fixture
def brief(project: Project, monkeypatch: pytest.MonkeyPatch) -> Path:
    root = project("base")
    monkeypatch.chdir(root)
    return root


def test_the_preview_shows_what_would_be_stored_and_what_the_page_says_otherwise(brief: Path) -> None:
    shown = run("add", PAGE, *SAID, "--dry-run").output
    for part in ("Publisher: Other\n", "Published: 2021-02-08\n", "Author: AA\n", "Language: de\n"):
        assert part in shown, shown
    assert "The page itself has another publisher “" in shown
    assert "Into: data/articles/other-2021-02-08.md and its comments." in shown
    assert run("add", PAGE, *SAID).exit_code == 0
    article = load(brief).articles[-1]
    assert (article.article_id, article.publisher, article.author) == ("other-2021-02-08", "Other", "AA")
    assert (article.language, str(article.published)) == ("de", "2021-02-08")


def test_a_language_that_nobody_said_is_told(brief: Path) -> None:
    shown = run("add", PASTED, "--publisher", "P", "--dry-run").output
    assert "The language is the brief's, en; --language says otherwise." in shown
    assert "The language is" not in run("add", PASTED, "--publisher", "P", "--language", "de", "--dry-run").output


#: What is refused: the file, the options, and words of the message.
REFUSED = [
    (PAGE, (*SAID[:2], "--published", "2026-13-45"), "2026-13-45"),
    (
        PAGE,
        (*SAID[:2], "--published", "2021-03-09"),
        "write the day of the edition that has it, such as edition: 2021-",
    ),
    (PAGE, (*SAID[:4], "--url", "nowhere"), "nowhere"),
    (PAGE, (*SAID[:4], "--language", "!"), "key language"),
    (PAGE, (*SAID[:4], "--id", "Not So"), "'Not So' is not an identifier"),
    (PASTED, (), "who published the article is not said"),
    (PASTED, ("--publisher", "The Gazette", "--published", "2021-03-01"), "is there already"),
    (LETTERS, ("--collection", "letters", "--article", "nowhere"), "the article 'nowhere' is not in this brief"),
    (LETTERS, ("--collection", "letters", "--accept", "length"), "there is no 'length' to accept"),
]


@pytest.mark.parametrize(("path", "options", "message"), REFUSED, ids=[message for *_, message in REFUSED])
def test_a_dry_run_refuses_what_is_refused_without_it(
    brief: Path, path: Path, options: tuple[str, ...], message: str
) -> None:
    before = everything(brief)
    tried = run("add", path, *options, "--dry-run")
    assert everything(brief) == before
    real = run("add", path, *options)
    assert (tried.exit_code, real.exit_code) == (1, 1), tried.output
    assert message in tried.stderr and tried.stderr == real.stderr
    assert "Read as " in tried.stdout, "what was recognised is shown all the same"


def test_the_first_article_of_a_new_brief_is_told_which_key_to_set_and_leaves_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    root = tmp_path / "brief"
    starter.new(root)
    monkeypatch.chdir(root)
    before = everything(root)
    options = ("--publisher", "P", "--published", "2026-04-09")
    tried = run("add", PASTED, *options, "--dry-run")
    assert tried.exit_code == 1 and "In data/brief.yml, write the day of" in tried.stderr
    assert "such as edition: 2026-04-09" in tried.stderr and everything(root) == before, "not even a key is made"
    topic = root / "data" / "brief.yml"
    topic.write_text(topic.read_text(encoding="utf-8").replace("2026-01-01", "2026-04-09"), encoding="utf-8")
    before = everything(root)
    assert run("add", PASTED, *options, "--dry-run").exit_code == 0 and everything(root) == before
    assert run("add", PASTED, *options).exit_code == 0


def test_a_dry_run_finds_the_brief_as_sound_as_the_real_run_does(brief: Path) -> None:
    """Faults of another file are told by both."""
    shutil.rmtree(brief / "data" / "comments")
    digest = inputs.data_digest(brief)
    tried, real = run("add", LETTERS, "--dry-run"), run("add", LETTERS)
    assert (tried.exit_code, tried.stderr) == (1, real.stderr) and inputs.data_digest(brief) == digest
