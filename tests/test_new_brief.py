"""A brief stands alone: what `brief new` makes names only what is there, and a repository keeps its bytes."""

from __future__ import annotations

import importlib.metadata
import re
import shlex
import subprocess
from pathlib import Path

import openpyxl
import pytest
from click.testing import CliRunner

import topics
from brief.cli import main
from brief.contract import inputs
from brief.data.loading import load
from brief.errors import BriefError
from brief.store import delivered, starter
from conftest import ROOT

COMMAND = re.compile(
    r"(?:^ *|`|Next: |Run |then |say |in: |new: |DEST=folder`?, )(make|brief) ([a-z][a-z-]*)", re.MULTILINE
)
#: Not commands: words of prose that begin a line.
SAID = {
    "make": {"it", "the", "an", "one", "a", "yours"},
    "brief": {"was", "that", "is", "as", "in", "of", "and", "from"},
}


@pytest.fixture
def brief(tmp_path: Path) -> Path:
    starter.new(tmp_path / "brief")
    return tmp_path / "brief"


def targets(root: Path) -> set[str]:
    (phony,) = re.findall(r"^\.PHONY: (.*)$", (root / "Makefile").read_text(encoding="utf-8"), re.MULTILINE)
    return set(phony.split())


def named(text: str) -> set[tuple[str, str]]:
    """The commands that a text names: `make site`, `brief add`."""
    return {(program, name) for program, name in COMMAND.findall(text) if name not in SAID[program]}


def unknown(root: Path, text: str) -> set[tuple[str, str]]:
    there = {("make", name) for name in targets(root)} | {("brief", name) for name in main.commands}
    return named(text) - there


def test_every_file_names_commands_that_are_there(brief: Path) -> None:
    wrong = {path.name: unknown(brief, path.read_text(encoding="utf-8")) for path in brief.rglob("*") if path.is_file()}
    assert {name: found for name, found in wrong.items() if found} == {}
    assert ("make", "site") in named((brief / "README.md").read_text(encoding="utf-8"))


def test_every_message_names_commands_that_are_there(brief: Path) -> None:
    modules = [path for path in inputs.files(inputs.PACKAGE) if path.suffix == ".py"]
    wrong = {path.name: unknown(brief, path.read_text(encoding="utf-8")) for path in modules}
    assert {name: found for name, found in wrong.items() if found} == {}


def test_the_readme_tells_of_every_target_and_every_file(brief: Path) -> None:
    readme = (brief / "README.md").read_text(encoding="utf-8")
    assert [name for name in targets(brief) - {"set-up"} if f"`make {name}" not in readme] == []
    told = re.findall(r"`([^`]+)`", "".join(re.findall(r"^\| (`[^|]+) \|", readme, re.MULTILINE)))
    places = [name for name in told if "/" in name or "." in name]
    assert len(places) > 5 and [name for name in places if not (brief / name).exists()] == []


def test_a_newcomer_adds_a_survey_and_codes_it_as_the_readme_says(brief: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    readme = (brief / "README.md").read_text(encoding="utf-8")
    section = readme.partition("## Add a survey")[2].partition("\n## ")[0]
    commands = re.findall(r"^\.venv/bin/brief (.+)$", section, re.MULTILINE)
    assert [command.split()[0] for command in commands] == ["add", "export-codings", "import-codings"]
    answers = (
        'When,Your role,What do you think?\n2026-01-02,Resident,"I work until six."\n2026-01-03,Trader,It costs.\n'
    )
    (brief / "answers.csv").write_text(answers, encoding="utf-8")
    monkeypatch.chdir(brief)
    for command in commands:
        if command.startswith("import-codings"):
            book = openpyxl.load_workbook("sheet.xlsx")
            sheet = book.worksheets[0]
            stance = [cell.value for cell in sheet[1]].index("stance") + 1
            for row, code in ((2, "against"), (3, "For")):
                sheet.cell(row, stance).value = code
            assert "stance" in {row[0] for row in book.worksheets[1].values}
            book.save("sheet.xlsx")
        result = CliRunner().invoke(main, shlex.split(command))
        assert result.exit_code == 0, result.output
    checked = load(brief)
    assert checked.codings["stance"].to_list() == ["against", "for"] and list(checked.coders["coder_id"]) == ["ann"]
    assert checked.collections[0].question == "Should the library close at six?"


def test_what_make_runs_is_there(brief: Path) -> None:
    for target in targets(brief):
        command = ["make", "-n", "-C", str(brief), target, "DEST=public", "KEEP=published"]
        ended = subprocess.run(command, capture_output=True, text=True, check=True)
        assert [name for name in re.findall(r"sh (\S+\.sh)", ended.stdout) if not (brief / name).is_file()] == []


def test_a_clone_that_changes_line_ends_keeps_every_byte(brief: Path, tmp_path: Path) -> None:
    who = ["-c", "user.name=A", "-c", "user.email=a@localhost", "-c", "core.autocrlf=true"]
    for command in (["init", "-q"], ["add", "--all"], ["commit", "-q", "-m", "All"]):
        subprocess.run(["git", "-C", str(brief), *who, *command], check=True, capture_output=True)
    subprocess.run(["git", *who, "clone", "-q", str(brief), str(tmp_path / "clone")], check=True)
    before, after = (
        {name: content for name, content in topics.files_of(root).items() if not name.startswith((".git/", ".brief/"))}
        for root in (brief, tmp_path / "clone")
    )
    assert after == before


def test_every_package_is_pinned_and_the_program_by_an_address(brief: Path) -> None:
    pins = [line for line in (ROOT / "requirements.txt").read_text(encoding="utf-8").splitlines() if "==" in line]
    constraints = (brief / "constraints.txt").read_text(encoding="utf-8").splitlines()
    assert constraints[1:] == pins
    lines = (brief / "requirements.txt").read_text(encoding="utf-8").splitlines()
    asked = [line for line in lines if not line.startswith("#")]
    version = importlib.metadata.version("brief")
    assert asked == ["-c constraints.txt", f"./wheels/brief-{version}-py3-none-any.whl"]


def test_english_of_a_country_keeps_its_tag_and_its_chapters(brief: Path, tmp_path: Path) -> None:
    starter.new(tmp_path / "american", "en-US")
    ours, theirs = (topics.files_of(root) for root in (tmp_path / "american", brief))
    differing = {name for name in ours if ours[name] != theirs[name] and not name.startswith(".brief/")}
    assert differing == {"data/brief.yml", "_config.yml", delivered.FILE}
    assert b'language: "en-US"\n' in ours["data/brief.yml"] and b'    language: "en-US"\n' in ours["_config.yml"]
    with pytest.raises(BriefError, match="'en: x' is not a language tag"):
        starter.new(tmp_path / "odd", "en: x")
