"""A picture that cannot be drawn: the message says which figure, where it is written, and what to do."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import altair as alt
import pytest

import topics
from brief import figures
from brief.book import exhibits
from brief.data.loading import load
from brief.errors import BriefError
from brief.figures import Figure
from brief.figures.drawing import painter
from brief.figures.drawing.sheet import Sheet
from brief.findings.facts import compute_facts
from brief.findings.findings import Findings
from conftest import copy_tracked, run_build

_ID = "a-figure-of-this-test"


def _sheet() -> dict[str, Any]:
    sheet = Sheet(300)
    sheet.box(0, 0, 20, 20, fill="#000000")
    return sheet.spec()


def _of_altair() -> dict[str, Any]:
    return dict(alt.Chart.from_dict({"data": {"values": []}, "mark": {"type": "bar", "color": 5}}).to_dict())


_NONSENSE = {"layer": [{"mark": "nonsense"}]}
#: What a figure gives as its compact picture, and what is said of it.
WRONG: dict[str, tuple[Callable[[], dict[str, Any]], str]] = {
    "no mark of Vega-Lite": (
        lambda: _sheet() | {"layer": [{"mark": "nonsense"}]},
        "the compact picture of .*TypeError",
    ),
    "no chart": (lambda: {"width": 5, "height": 5}, "the compact picture of .*Invalid specification"),
    "no size": (lambda: {"layer": []}, "the compact picture of .*: it has no width in pixels"),
    "no JSON": (lambda: _sheet() | {"layer": {1, 2}}, "the compact picture of .*: it cannot be written as JSON"),
    "data of another host": (
        lambda: _sheet() | {"layer": [{"mark": "point", "data": {"url": "https://gazette.example/data.csv"}}]},
        "the compact picture of .*External data url not allowed",
    ),
    "refused by Altair": (_of_altair, "a picture of .*5"),
}


@pytest.fixture
def register() -> Iterator[Callable[[Callable[[], dict[str, Any]]], None]]:
    """Make what is given the compact picture of a figure that is registered for one test."""

    def enter(compact: Callable[[], dict[str, Any]]) -> None:
        @figures.figure(_ID)
        def pictured(findings: Any, facts: Mapping[str, Any]) -> Figure:
            data = findings.comments[["label"]]
            return Figure("A", "B", "C", "D", "E", data, wide=_sheet(), narrow=_sheet(), compact=compact())

    figures.figures()
    yield enter
    figures._FIGURES.pop(_ID, None)


@pytest.mark.parametrize("wrong", WRONG)
def test_a_picture_that_is_refused_names_its_figure_its_file_and_what_to_do(
    wrong: str, tmp_path: Path, register: Callable[[Callable[[], dict[str, Any]]], None]
) -> None:
    compact, said = WRONG[wrong]
    register(compact)
    findings = Findings(load(topics.library(tmp_path / "brief")))
    with pytest.raises(BriefError, match=said) as refused:
        exhibits.draw(findings, compute_facts(findings), tmp_path / "drawn")
    (fault,) = refused.value.faults
    assert f"'{_ID}' cannot be drawn" in fault.what and len(fault.what) < 400
    line = Path(__file__).read_text(encoding="utf-8").splitlines().index("        @figures.figure(_ID)") + 1
    assert fault.place == f"test_refused_pictures.py, line {line}"
    assert "Correct the specification" in fault.remedy and "`pictured`" in fault.remedy
    assert "https://cdn" not in str(fault)


def test_a_build_with_such_a_figure_teaches_and_publishes_nothing(tmp_path: Path) -> None:
    program = copy_tracked(tmp_path / "program", "src/")
    path = program / "src" / "brief" / "figures" / "comment_tiles.py"
    code = path.read_text(encoding="utf-8")
    assert "wide=" in code
    path.write_text(code.replace("wide=", 'wide={"width": 5, "height": 5, "mark": "nonsense"} if facts else ', 1))
    root = topics.library(tmp_path / "brief")
    ended = run_build(root, fresh=True, PYTHONPATH=str(program / "src"))
    assert ended.returncode != 0
    taught = ended.stdout.partition("Nothing was published.")[2]
    assert "src/brief/figures/comment_tiles.py, line " in taught
    assert "the wide picture of the figure 'comment-tiles' cannot be drawn" in taught
    assert "Traceback" not in ended.stdout and "RuntimeError" not in ended.stdout
    assert not (root / "_build" / "html" / "index.html").exists()


def test_a_process_that_draws_and_has_ended_is_told_and_started_again() -> None:
    painter.start()
    painter._processes[0].kill()
    painter._processes[0].wait()
    with pytest.raises(BriefError, match="the process that draws pictures has ended"):
        painter.script()
    painter.start()
    painter.rest()
