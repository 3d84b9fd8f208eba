"""Comments are read a few times for a snapshot, however much is shown of them; facts come before pictures."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from brief.book import snapshot
from brief.contract import comment_files, kept_work
from brief.data.ledger import FILE as LEDGER
from conftest import ROOT, copy_brief, shared_work, tracked_files

MOST_PASSES = 3
COMMENTS = "data/comments/the-verge-2017-09-20.csv"


@pytest.fixture
def passes(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Every pass over the comments of a collection from here on, by its name."""
    seen: list[str] = []
    read: Callable[..., Iterator[Any]] = comment_files.batches

    def counted(root: Path, collection_id: str, batch_rows: int) -> Iterator[Any]:
        seen.append(collection_id)
        yield from read(root, collection_id, batch_rows)

    monkeypatch.setattr(comment_files, "batches", counted)
    return seen


def with_comments(root: Path, number: int) -> Path:
    """A copy of the brief with so many comments: the seven, and letters of which many were sent."""
    copy_brief(root)
    stored = pd.read_csv(root / COMMENTS, dtype="str", keep_default_na=False)
    more = [
        {
            **dict.fromkeys(stored.columns, ""),
            "comment_id": f"more-{place}",
            "text": f"One of twenty letters, number {place % 20}.",
        }
        for place in range(number - len(stored))
    ]
    pd.concat([stored, pd.DataFrame(more, columns=stored.columns)]).to_csv(root / COMMENTS, index=False)
    # The rows that come with the comments are not what is tested here.
    assert (root / LEDGER).is_file()
    return root


@pytest.mark.parametrize("number", [7, 2_000])
def test_a_snapshot_reads_the_comments_three_times_at_most(
    tmp_path: Path, passes: list[str], number: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(kept_work.PLACE, str(shared_work()))
    root = with_comments(tmp_path / "brief", number)
    with kept_work.keeping(root):
        taken = snapshot.take(root)
    assert taken.facts["comments-shown"].value == number
    assert taken.content["figures"] and taken.content["tables"]
    assert 1 <= len(passes) <= MOST_PASSES


def test_only_findings_and_what_holds_the_comments_pass_over_them() -> None:
    rooms = ("src/brief/findings/", "src/brief/data/")
    code = [name for name in tracked_files() if name.startswith("src/") and name.endswith(".py")]
    reading = {name for name in code if ".comments()" in (ROOT / name).read_text(encoding="utf-8")}
    assert reading and all(name.startswith(rooms) for name in reading)


@pytest.mark.parametrize("command", [["check"], ["facts"]])
def test_facts_come_before_pictures(tmp_path: Path, command: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    """`brief check` and `brief facts` draw nothing, and load nothing to draw with."""
    monkeypatch.setenv(kept_work.PLACE, str(shared_work()))
    root = copy_brief(tmp_path / "brief")
    libraries = "('altair', 'vl_convert', 'typst', 'sphinx')"
    code = (
        "import sys; from brief.cli import main\n"
        f"try: main({command!r})\nexcept SystemExit as ended: assert not ended.code, ended.code\n"
        f"print([name for name in {libraries} if name in sys.modules], file=sys.stderr)"
    )
    run = subprocess.run([sys.executable, "-c", code], cwd=root, capture_output=True, text=True, check=False)
    assert run.stderr.splitlines()[-1:] == ["[]"], run.stderr
    (kept,) = (path for path in (root / "_build" / "brief").iterdir() if path.name != kept_work.FOLDER)
    assert sorted(path.name for path in kept.iterdir()) == ["compared.json", "facts.json"]
