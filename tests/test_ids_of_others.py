"""Ids of exports: those that cannot stand in an address are written anew, and the preview says how many."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner

from brief.cli import main
from brief.data.loading import load

Project = Callable[..., Path]


def test_ids_that_are_written_anew_are_told(project: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    root = project("base")
    monkeypatch.chdir(root)
    ids = ["../../etc/passwd", "a\0b c", "sound-1", f"x{'y' * 200}/"]
    records = [{"id": name, "text": f"Words of number {number}."} for number, name in enumerate(ids)]
    (root / "forum.json").write_text(json.dumps(records), encoding="utf-8")
    shown = CliRunner().invoke(main, ["add", "forum.json", "--dry-run"]).output
    assert "once and in an address: 3, such as “../../etc/passwd” as forum-etc-passwd." in shown, shown
    assert "Signs that no page can show, taken out: 1, U+0000." in shown
    assert CliRunner().invoke(main, ["add", "forum.json"]).exit_code == 0
    stored = next(batch for batch in load(root).comments() if "sound-1" in set(batch["comment_id"]))
    assert list(stored["comment_id"])[:3] == ["forum-etc-passwd", "forum-ab-c", "sound-1"]
    assert list(stored["attr_original_id"])[:3] == ["../../etc/passwd", "ab c", ""]
    again = CliRunner().invoke(main, ["add", "forum.json", "--dry-run"]).output
    assert "in an address" not in again, "nothing new comes in"
