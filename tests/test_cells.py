"""Cells that only show exhibits need no Python of their own: they put out what a kernel would."""

from __future__ import annotations

from pathlib import Path

import pytest
from myst_nb.core.read import read_myst_markdown_notebook
from nbclient import NotebookClient
from nbformat.v4 import new_code_cell

import topics
from brief.book.snapshot import EXHIBIT_MIME, take
from brief.errors import BriefError
from brief.site.cells import only_show, show

TAKE = "import brief\n\nedition = brief.take()"


@pytest.mark.parametrize(
    ("sources", "does"),
    [
        ([], True),
        ([""], True),
        ([TAKE, "edition.figure('comment-tiles')", "# Both.\nedition.table('stances')\nedition.figure('x')"], True),
        ([f"{TAKE}\nedition.figure('comment-tiles')"], True),
        (["edition.figure('comment-tiles')"], False),
        ([TAKE, "edition.figure('comment-tiles');"], False),
        ([TAKE, "edition.figure('comment-tiles')  # quietly;"], False),
        ([TAKE, "edition.figure(name)"], False),
        ([TAKE, "edition.frame('comment-tiles')"], False),
        ([TAKE, "print(edition.figure('comment-tiles'))"], False),
        ([TAKE, "shown = edition.figure('comment-tiles')"], False),
        ([TAKE, "brief = 1"], False),
        ([TAKE, "%matplotlib inline"], False),
        (["import brief, os"], False),
        (["import brief as b\nedition = b.take()"], False),
        (["import brief\nedition = brief.take('..')"], False),
    ],
)
def test_what_a_cell_does_is_seen_from_its_text(tmp_path: Path, sources: list[str], does: bool) -> None:
    cells = [new_code_cell(source) for source in sources]
    assert only_show(cells, tmp_path) is does
    (tmp_path / "brief.py").write_text("", encoding="utf-8")
    assert not only_show(cells, tmp_path), "what lies beside the chapter would be imported instead"


@pytest.mark.parametrize("tag", ["raises-exception", "skip-execution"])
def test_a_cell_that_is_to_be_run_otherwise_is_run(tmp_path: Path, tag: str) -> None:
    assert not only_show([new_code_cell(TAKE, metadata={"tags": [tag]})], tmp_path)


def test_they_put_out_what_a_kernel_would(tmp_path: Path) -> None:
    root = topics.copied(topics.built_library(), tmp_path / "brief")
    text = (root / "book" / "comments.md").read_text(encoding="utf-8")
    text += "\n```{code-cell} python\nedition.table('stances')\nedition.figure('comment-tiles')\n```\n"
    shown, run = (read_myst_markdown_notebook(text) for _ in range(2))
    cells = [cell for cell in shown.cells if cell.cell_type == "code"]
    assert only_show(cells, root / "book")
    show(cells, take(root))
    NotebookClient(run, resources={"metadata": {"path": str(root / "book")}}).execute()
    for cell in run.cells:
        for output in cell.get("outputs", ()):
            output.data.pop("text/plain")  # JupyterLab shows words or a picture as well
            output.data.pop("image/svg+xml", None)
            assert [*output.data] == [EXHIBIT_MIME]
    ran = [cell for cell in run.cells if cell.cell_type == "code"]
    assert [cell.outputs for cell in cells] == [cell.outputs for cell in ran]
    assert [cell.execution_count for cell in cells] == [cell.execution_count for cell in ran]
    assert sum(len(cell.outputs) for cell in cells) > 2


def test_an_exhibit_that_there_is_not_is_a_fault(tmp_path: Path) -> None:
    snapshot = take(topics.copied(topics.built_library(), tmp_path / "brief"))
    for kind in ("figure", "table"):
        with pytest.raises(BriefError, match=f"there is no {kind} named 'nothing'"):
            show([new_code_cell(f"{TAKE}\nedition.{kind}('nothing')")], snapshot)
