"""Whoever changes a quotation, a text, a coding, a claim or a source is told: where, what, and what to do.

A case is a folder in `tests/cases/tampering`: `edits.yml` changes the brief, and one fault must hold `expected.txt`.
"""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from brief.book.check import check
from conftest import CASES, copy_brief, run_build

TAMPERING = sorted((CASES / "tampering").iterdir())
STATEMENT = "a-coding-that-turns-a-statement-false"


def tamper(root: Path, case: Path) -> str:
    """Change the brief at `root`; what the message must hold."""
    for edit in yaml.safe_load((case / "edits.yml").read_text(encoding="utf-8")):
        path = root / edit["file"]
        text = path.read_text(encoding="utf-8")
        assert edit["before"] in text, edit
        path.write_text(text.replace(edit["before"], edit["after"]), encoding="utf-8")
    return (case / "expected.txt").read_text(encoding="utf-8").strip()


@pytest.mark.parametrize("case", TAMPERING, ids=lambda folder: folder.name)
def test_it_is_told_with_its_place_and_the_remedy(tmp_path: Path, case: Path) -> None:
    root = copy_brief(tmp_path / "brief")
    told = tamper(root, case)
    hits = [fault for fault in check(root) if told in str(fault)]
    assert hits
    for fault in hits:
        assert fault.file and fault.remedy and (fault.row or fault.column or "paragraph" in fault.what)


def test_all_of_it_is_told_in_one_run_and_nothing_is_published(tmp_path: Path) -> None:
    """Except for statements: whether they hold is not asked of data that are not sound."""
    root = copy_brief(tmp_path / "brief")
    wanted = [
        tamper(root, case) for case in TAMPERING if case.name not in (STATEMENT, "a-quotation-in-the-wrong-paragraph")
    ]
    ended = run_build(root)
    assert ended.returncode == 1 and "Traceback" not in ended.stdout
    assert [told for told in wanted if told not in ended.stdout] == []
    assert not (root / "_build" / "html").exists()
