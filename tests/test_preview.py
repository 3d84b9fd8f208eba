"""What the preview of `brief add` says of an export, and what the command line refuses before it is read."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from brief.cli import main
from brief.errors import refused
from brief.store import preview, sources

Project = Callable[..., Path]


def run(*arguments: str) -> Result:
    return CliRunner().invoke(main, list(arguments))


@pytest.mark.parametrize("key", ["title", "name", "subject"])
def test_the_title_of_a_thread_that_is_not_stored_is_told(tmp_path: Path, key: str) -> None:
    thread = {key: "Should the library close at five?", "comments": [{"text": "Keep it open."}, {"text": "Close it."}]}
    (tmp_path / "forum.json").write_text(json.dumps(thread), encoding="utf-8")
    told = " ".join(sources.read(tmp_path / "forum.json", {}).messages)
    assert "All stand in “Should the library close at five?”, which is not stored" in told
    (tmp_path / "forum.json").write_text(json.dumps(thread["comments"]), encoding="utf-8")
    assert "All stand in" not in " ".join(sources.read(tmp_path / "forum.json", {}).messages)


def test_many_comments_end_the_preview_with_a_full_sentence(project: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    root = project("base")
    monkeypatch.chdir(root)
    monkeypatch.setattr(preview, "LOOKED_AT", 2)
    (root / "many.csv").write_text("text\nKeep it open.\nClose it.\nClose it at six.\n", encoding="utf-8")
    shown = run("add", "many.csv", "--dry-run").output
    assert "was looked for in the first 2 comments only.\n" in shown and "only:" not in shown


@pytest.mark.parametrize(
    "arguments",
    [
        ("remove", "the-gazette-2021-03-01", "--note", ""),
        ("withdraw", "the-gazette-2021-03-01-1", "--note", ""),
        ("record-edit", "the-gazette-2021-03-01#p1", "--note", ""),
        ("new", ""),
        ("new", ""),
        ("remove", "the-gazette-2021-03-01", "--note="),
        ("add", "letters.csv", "--collection", ""),
    ],
)
def test_an_empty_text_is_no_answer(project: Project, monkeypatch: pytest.MonkeyPatch, arguments: tuple[str]) -> None:
    monkeypatch.chdir(project("base"))
    ended = run(*arguments)
    assert ended.exit_code == 1 and "a text of the command line is empty" in ended.stderr


def test_a_file_that_the_system_refuses_is_named_with_its_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    error = PermissionError(13, "Permission denied", str(tmp_path / ".brief" / "lock"))
    assert "'.brief/lock' cannot be read or written: permission denied" in str(refused(error))
    assert "'lock' cannot be" in str(refused(PermissionError(13, "Permission denied", "/elsewhere/lock")))
