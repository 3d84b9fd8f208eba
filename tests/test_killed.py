"""Killed at any rename, a command leaves the state before or the state after; given again, it does what it would have.

`EVERY_STEP=1 pytest -s tests/test_killed.py` kills before every step on the disk, and tells how many there were.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from brief.coding.sampling import sample
from brief.coding.transfer import take_in
from brief.contract import journal
from brief.contract.journal import WORK
from brief.data import keys
from brief.data.loading import load
from brief.store import adding, changes, withdrawing
from brief.store.removing import remove
from killed import ALL_STEPS, RENAMES, at_each_step

Project = Callable[..., Path]
CASES = Path(__file__).parent / "cases"
ORIGIN = {"publisher": "The Echo", "published": "2021-03-03"}
ARTICLE = "the-gazette-2021-03-01"
COMMENT = f"{ARTICLE}-1"


def files(root: Path) -> dict[str, bytes]:
    """Every file that is not of the lock, by its name."""
    found = (path for path in sorted(root.rglob("*")) if path.is_file() and WORK not in path.parts)
    return {path.relative_to(root).as_posix(): path.read_bytes() for path in found}


def add_page(root: Path) -> None:
    adding.add(root, CASES / "pages" / "library.txt", ORIGIN)


def add_table(root: Path) -> None:
    adding.add(root, root / "more.csv", {"collection": "letters", "question": "Should it close?"})


def replace_page(root: Path) -> None:
    adding.add(root, root / "page.txt", {"publisher": "The Gazette", "published": "2021-03-01", "replace": True})


def withdraw(root: Path) -> None:
    withdrawing.withdraw(root, COMMENT, "asked for")


def remove_article(root: Path) -> None:
    remove(root, ARTICLE, "the wrong page", with_codings=True)


def record_edit(root: Path) -> None:
    changes.record_edit(root, f"{ARTICLE}#p2", "a slip")


def import_codings(root: Path) -> None:
    described = {"id": "second", "name": "Second", "kind": "person", "blind": True, "independent": True, "how": "Read."}
    take_in(root, root / "sheet.csv", described, None, replace=False)


def draw_sample(root: Path) -> None:
    sample(root, 2, "", 1, root / "drawn.csv")


STEPS = ALL_STEPS if os.environ.get("EVERY_STEP") else RENAMES
CHANGES = (add_page, add_table, replace_page, withdraw, remove_article, record_edit, import_codings, draw_sample)


@pytest.fixture
def prepared(project: Project) -> Path:
    """A brief, and beside its data the files that the changes take in."""
    root = project("base")
    (root / "data" / "voices.csv").unlink()
    rows = "\n".join(f"letters-{number},Letter {number}." for number in range(1, 4))
    (root / "more.csv").write_text(f"comment_id,text\n{rows}\n", encoding="utf-8")
    texts = [row for batch in load(root).comments() for row in batch["text"]]
    blocks = "\n\n".join([*texts, "One comment more."])
    (root / "page.txt").write_text(f"Library\n\nThe hours changed.\n\n\n{blocks}\n", encoding="utf-8")
    keys.make(root)
    (root / "sheet.csv").write_text(f"comment_id,stance\n{COMMENT},for\n", encoding="utf-8")
    return root


@pytest.mark.parametrize("change", CHANGES, ids=lambda change: change.__name__)
def test_killed_at_any_step_it_is_as_before_or_as_after(
    prepared: Path, tmp_path: Path, change: Callable[[Path], None]
) -> None:
    if change is record_edit:
        page = prepared / "data" / "articles" / f"{ARTICLE}.md"
        page.write_text(page.read_text(encoding="utf-8").replace("Readers were not", "Readers were never"), "utf-8")
    before = files(prepared)
    whole = tmp_path / "whole"
    shutil.copytree(prepared, whole)
    change(whole)
    after = files(whole)
    assert before != after
    seen = set()
    for step, copy in at_each_step(prepared, tmp_path, change, STEPS):
        journal.settle(copy)
        now = files(copy)
        data = {name: content for name, content in now.items() if name.startswith("data/")}
        made = [{name: part for name, part in state.items() if name.startswith("data/")} for state in (before, after)]
        assert data in made, f"step {step}: neither before nor after"
        seen.add(made.index(data))
        if data == made[0]:
            change(copy)
            assert files(copy) == after, f"step {step}: given again, it did something else"
        with journal.writing(copy):
            left = {path.name for path in (copy / WORK).iterdir()}
        assert left == {"lock", ".gitignore", "key"}, f"step {step}: {left}"
    assert seen == {0, 1}
    print(f"{change.__name__}: killed {step} times")


def test_interrupted_when_all_is_moved_in_it_is_made(prepared: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = prepared.with_name("whole")
    shutil.copytree(prepared, whole)
    add_page(whole)

    def interrupted(*_: object, **named: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched, pytest.raises(KeyboardInterrupt):
        patched.setattr("brief.contract.journal.shutil.rmtree", interrupted)
        add_page(prepared)
    assert files(prepared) == files(whole)
