"""The commands: each has help with an example, teaches instead of a traceback, and tells by its status how it went."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from brief.cli import main
from brief.data.loading import check_data, load
from brief.errors import BriefError, Fault
from brief.site.serving import Server
from conftest import CASES

ARTICLE = "the-gazette-2021-03-01"
LIBRARY = str(CASES / "pages" / "library.txt")
Project = Callable[..., Path]


@pytest.fixture
def run(project: Project, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Result]:
    """`run("check")` runs a command in a copy of the base; a crash that is no taught fault fails the test."""
    monkeypatch.chdir(project("base"))

    def call(*arguments: str) -> Result:
        result = CliRunner().invoke(main, arguments)
        if result.exception is not None and not isinstance(result.exception, SystemExit):
            raise result.exception
        return result

    return call


def test_help_lists_every_command() -> None:
    told = CliRunner().invoke(main, ["--help"]).output
    commands = {
        "add",
        "analyse",
        "build",
        "catalogue",
        "check",
        "export",
        "facts",
        "fetch",
        "new",
        "record-edit",
        "record-plan",
        "remove",
        "serve",
        "sign",
        "trace",
        "update",
        "verify",
        "withdraw",
    }
    assert set(main.commands) == commands | {
        "sample",
        "code",
        "import-codings",
        "export-codings",
        "record-edition",
        "diff",
    }
    for name in main.commands:
        assert re.search(rf"^  {name}\s+\S", told, flags=re.MULTILINE), name


@pytest.mark.parametrize("name", sorted(main.commands))
def test_each_command_says_what_goes_in_what_comes_out_and_an_example(name: str) -> None:
    told = CliRunner().invoke(main, [name, "--help"]).output
    assert "In: " in told and "Out: " in told
    assert f"Example: brief {name}" in told
    for option in main.commands[name].params:
        assert not option.opts[0].startswith("--") or getattr(option, "help", None), option.name


def test_outside_of_a_brief_it_says_what_to_do(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    result = CliRunner().invoke(main, ["withdraw", "a-1", "--note", "x"])
    assert result.exit_code == 1
    assert "lies in no brief" in result.stderr and "brief new DIR" in result.stderr


def test_a_command_works_from_a_folder_within(run: Callable[..., Result], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir("data/comments")
    assert run("withdraw", f"{ARTICLE}-1", "--note", "asked for").exit_code == 0


def test_add_shows_what_it_recognised_and_stores_it(run: Callable[..., Result]) -> None:
    result = run("add", LIBRARY, "--publisher", "The Echo", "--published", "2021-03-02", "--url", "https://e.example/1")
    assert result.exit_code == 0, result.output
    for part in ("Headline: Library may close at five", "blocks: 3", "View all 12 comments", "Guessed:", "--merge"):
        assert part in result.output
    article = load(Path.cwd()).articles[-1]
    assert (article.article_id, article.url) == ("the-echo-2021-03-02", "https://e.example/1")


def test_add_says_where_there_are_no_comments(run: Callable[..., Result]) -> None:
    result = run("add", str(CASES / "pages" / "no-comments.txt"), "--publisher", "The Echo")
    assert "Written: data/articles/the-echo.md, without comments." in result.output


def test_add_can_be_tried_and_overridden(run: Callable[..., Result]) -> None:
    before = sorted(Path("data").rglob("*"))
    result = run(
        "add",
        LIBRARY,
        "--publisher",
        "P",
        "--dry-run",
        "--comments-from",
        "Readers",
        "--merge",
        "1-2",
        "--merge",
        "3-4",
    )
    assert result.exit_code == 0, result.output
    assert "paragraphs: 1" in result.output and "blocks: 2" in result.output
    assert sorted(Path("data").rglob("*")) == before


@pytest.mark.parametrize(
    ("arguments", "status", "message"),
    [
        (["add", "nowhere.txt", "--publisher", "P"], 2, "does not exist"),
        (["add", "data", "--publisher", "P"], 2, "is a directory"),
        (["add", LIBRARY], 1, "--publisher"),
        (["add", LIBRARY, "--publisher", "P", "--merge", "five"], 2, "is not a range such as 5-7"),
        (["add", LIBRARY, "--publisher", "The Gazette", "--published", "2021-03-01"], 1, "--replace"),
        (["add", LIBRARY, "--publisher", "P", "--comments-from", "No such"], 1, "no line of the page begins with"),
        (["add", str(CASES / "sources" / "unknown" / "archive.zip")], 1, "not known here"),
        (["withdraw", "nowhere-1", "--note", "x"], 1, "there is no comment 'nowhere-1'"),
        (["withdraw", f"{ARTICLE}-1"], 2, "--note"),
        (["record-edit", "nowhere-1", "--note", "x"], 1, "there is no text 'nowhere-1'"),
    ],
)
def test_what_cannot_be_done_is_taught(
    run: Callable[..., Result], arguments: list[str], status: int, message: str
) -> None:
    result = run(*arguments)
    assert result.exit_code == status
    assert message in result.stderr
    assert "Traceback" not in result.output


def test_comments_are_added_from_a_csv_file(run: Callable[..., Result]) -> None:
    Path("More Letters.CSV").write_text("text\nYes.\nNo.\n", encoding="utf-8")
    result = run("add", "More Letters.CSV", "--question", "Should it close?")
    assert result.exit_code == 0 and "Written: data/comments/more-letters.csv." in result.output
    assert run("add", "More Letters.CSV", "--collection", ARTICLE).exit_code == 0
    assert [len(batch) for batch in load(Path.cwd()).comments()] == [5, 2]


def test_withdrawing_and_recording_an_edit(run: Callable[..., Result]) -> None:
    result = run("withdraw", f"{ARTICLE}-2", "--note", "asked for")
    assert result.exit_code == 0
    assert "data/codebook.yml, cost: words of its text" in result.output
    comments = Path("data/comments") / f"{ARTICLE}.csv"
    comments.write_text(comments.read_text(encoding="utf-8").replace("until six", "until ten"), encoding="utf-8")
    assert run("record-edit", f"{ARTICLE}-1", "--note", "misread").exit_code == 0
    assert check_data(Path.cwd()) == []


def test_check_lists_all_faults_and_says_so_by_its_status(run: Callable[..., Result]) -> None:
    for file, old, new in (("codings/ann.csv", ",for,", ",pro,"), (f"comments/{ARTICLE}.csv", "-3,3", "-3,three")):
        path = Path("data") / file
        path.write_text(path.read_text(encoding="utf-8").replace(old, new), encoding="utf-8")
    result = run("check")
    assert result.exit_code == 1
    assert "data/codings/ann.csv, row 2, column stance: 'pro' is not in the codebook" in result.stderr
    assert f"data/comments/{ARTICLE}.csv, row 4, column position: 'three' is not a whole number" in result.stderr


def test_facts_are_printed_and_given_as_json(run: Callable[..., Result]) -> None:
    assert "edition-date = 4 March 2021" in run("facts").output
    facts = {fact["name"]: fact for fact in json.loads(run("facts", "--json").output)}
    assert facts["edition-date"]["value"] == "2021-03-04"
    assert {"name", "value", "unit", "definition", "source"} <= set(facts["edition-date"])


def test_whoever_reads_the_first_lines_alone_is_told_of_no_fault(project: Project) -> None:
    """As `brief facts | head -1` does: a pipe that nobody reads from any longer."""
    reading, writing = os.pipe()
    os.close(reading)
    command = [str(Path(sys.executable).with_name("brief")), "facts"]
    ended = subprocess.run(command, cwd=project("base"), stdout=writing, stderr=subprocess.PIPE, text=True, check=False)
    os.close(writing)
    assert ended.stderr == ""


def test_a_new_brief_is_sound_and_takes_a_page(run: Callable[..., Result], monkeypatch: pytest.MonkeyPatch) -> None:
    result = run("new", "../another")
    assert result.exit_code == 0, result.output
    for name in (
        "_config.yml",
        "_toc.yml",
        "book/summary.md",
        "data/brief.yml",
        "data/codebook.yml",
        "data/coders.yml",
    ):
        assert name in result.output.splitlines()
    assert "../another/data/brief.yml" in result.output
    monkeypatch.chdir("../another")
    assert check_data(Path.cwd()) == []
    assert run("add", LIBRARY, "--publisher", "The Echo").exit_code == 0
    brief = load(Path.cwd())
    assert brief.codebook is not None
    assert [code.id for code in brief.codebook.stances] == ["for", "against", "mixed", "no-position", "cannot-tell"]
    assert len(next(brief.comments())) == 3


def test_a_new_brief_does_not_overwrite(run: Callable[..., Result]) -> None:
    before = sorted(Path.cwd().rglob("*"))
    for folder in (".", "data/brief.yml"):
        result = run("new", folder)
        assert result.exit_code == 1 and "Name a new one" in result.stderr
    assert sorted(Path.cwd().rglob("*")) == before


@pytest.mark.parametrize(("error", "told"), [(ConnectionResetError("gone"), False), (ValueError("gone"), True)])
def test_a_browser_that_leaves_early_is_no_fault(
    capsys: pytest.CaptureFixture[str], error: Exception, told: bool
) -> None:
    with Server(("127.0.0.1", 0), BaseHTTPRequestHandler) as server:
        try:
            raise error
        except type(error):
            server.handle_error(None, ("127.0.0.1", 1))
    assert ("gone" in capsys.readouterr().err) is told


def test_of_many_faults_twenty_are_printed_and_the_others_counted() -> None:
    told = str(BriefError([Fault(f"fault {number:03}", "Put it right.") for number in range(1_000)]))
    assert told.count("Put it right.") == 20 and told.endswith("and 980 more. Put these right first.")
