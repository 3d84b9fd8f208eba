"""Chapters open as notebooks and run from their own folder, as in JupyterLab."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import jupytext
import pytest
from nbclient import NotebookClient

from conftest import ROOT, copy_brief

CHAPTERS = sorted(path.name for path in (ROOT / "book").glob("*.md"))


@pytest.fixture(scope="module")
def book(built_site: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The chapters of a brief that was built: what was computed of it is kept, as it is for who looks into it."""
    root = copy_brief(tmp_path_factory.mktemp("lab"))
    shutil.copytree(built_site.parent / "brief", root / "_build" / "brief")
    return root / "book"


@pytest.mark.parametrize("chapter", CHAPTERS)
def test_a_chapter_runs_from_its_own_folder(book: Path, chapter: str) -> None:
    notebook = jupytext.read(book / chapter)
    assert notebook.metadata["kernelspec"]["name"] == "python3"
    cells = [cell for cell in notebook.cells if cell.cell_type == "code"]
    if not cells:
        return
    NotebookClient(notebook, timeout=120, resources={"metadata": {"path": str(book)}}).execute()
    shown = [output for cell in cells for output in cell.outputs if output.output_type == "execute_result"]
    assert shown, "nothing is shown"
    assert all({"text/plain"} < set(output.data) for output in shown), "a result has a form that a notebook can show"


def test_chapters_have_names_that_any_tool_can_use() -> None:
    assert CHAPTERS
    assert [name for name in CHAPTERS if not re.fullmatch(r"[a-z]+(-[a-z]+)*\.md", name)] == []
