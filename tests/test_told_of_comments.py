"""What `brief add` and `brief check` tell of comments, so that nothing vanishes in silence."""

from __future__ import annotations

import contextlib
from collections.abc import Callable
from pathlib import Path

from click.testing import CliRunner

from brief.cli import main
from brief.store import adding, preview, sources, withdrawing
from topics import library

Project = Callable[..., Path]
LETTERS = {"collection": "letters", "question": "Should it close?"}


def told(root: Path, tmp_path: Path, *texts: str, number: int = 1, header: str = "id,text") -> str:
    """What the preview tells of texts in a file, under ids that go on with each file as with the last."""
    path = tmp_path / f"more-{number}.csv"
    rows = "".join(f'c{place},"{text}"\n' for place, text in enumerate(texts, start=1))
    path.write_text(f"{header}\n{rows}", encoding="utf-8")
    material = sources.read(path, LETTERS)
    plan = adding.planned(root, path, material, LETTERS)
    adding.write(root, plan)
    return preview.preview(material, plan)


def checked(root: Path) -> str:
    with contextlib.chdir(root):
        result = CliRunner().invoke(main, ["check"], catch_exceptions=False)
    assert result.exit_code == 0, result.output
    return result.output


def test_what_is_hidden_is_told_with_its_words_and_what_only_looks_so_as_well(project: Project, tmp_path: Path) -> None:
    lines = told(project("base"), tmp_path, "n/a", "n/a", "See attached", "NA", "null", "I object.")
    assert "Without text, so counted and not shown: 3: “n/a” (2), “See attached” (1)." in lines
    assert "Shown, since it may be an answer: 2: “NA” (1), “null” (1)." in lines


def test_a_change_far_into_a_text_is_shown(project: Project, tmp_path: Path) -> None:
    root, begun = project("base"), "The bridge costs more every year. " * 5
    told(root, tmp_path, f"{begun}Close it. {begun}")
    lines = told(root, tmp_path, f"{begun}Keep it. {begun}", number=2)
    (line,) = [line for line in lines.splitlines() if "becomes" in line]
    assert (
        "Close it. The bridge" in line.partition("becomes")[0] and "Keep it. The bridge" in line.partition("becomes")[2]
    )
    assert line.count("“… ") == 2 and line.count(" …”") == 2 and len(line) < 200


def test_a_change_at_the_end_and_one_of_white_space_are_shown(project: Project, tmp_path: Path) -> None:
    root, begun = project("base"), "長い橋の話です。" * 20
    told(root, tmp_path, begun, "Close it.\nNow.")
    lines = told(root, tmp_path, f"{begun}終", "Close it. Now.", number=2)
    assert "です。終”" in lines
    assert "c2: “Close it. Now.” keeps its words; only white space differs" in lines


def test_the_texts_that_show_a_guessed_column_are_whole_quotations(project: Project, tmp_path: Path) -> None:
    text = "I urge the council to keep the Mill Lane library open in the evenings, "
    texts = [f"{text}as {name} does." for name in ("Ann", "Bob", "Cem", "Dee", "Eve", "Flo")]
    lines = told(project("base"), tmp_path, *texts, header="id,what you make of it")
    (guess,) = [line for line in lines.splitlines() if "which has the longest" in line]
    assert guess.count("“") == guess.count("”") == 4
    assert "“I urge the council to keep the Mill Lane library open in …”; --map text=NAME" in guess


def test_codings_of_comments_that_are_not_shown_are_named_and_are_no_fault(tmp_path: Path) -> None:
    root = library(tmp_path / "brief")
    assert "not shown" not in checked(root)
    coded = root / "data" / "codings" / "ann.csv"
    head, *rows = coded.read_text(encoding="utf-8").splitlines()
    _, *cells = rows[0].split(",")
    with (root / "data" / "comments" / "the-gazette-2021-03-01.csv").open("a", encoding="utf-8") as file:
        file.write("the-gazette-2021-03-01-4,4,x,n/a\n")
    coded.write_text("\n".join([head, *rows, ",".join(["the-gazette-2021-03-01-4", *cells])]) + "\n", encoding="utf-8")
    withdrawing.withdraw(root, rows[0].split(",")[0], "asked for")
    lines = checked(root)
    assert "Sound: no fault in data or chapters." in lines
    assert "Codings of comments that are not shown, kept and counted nowhere: 2." in lines
    assert f"data/codings/ann.csv, row 2: {rows[0].split(',')[0]}: it was withdrawn" in lines
    told_of = "the-gazette-2021-03-01-4: its whole text is a placeholder, such as N/A"
    assert f"data/codings/ann.csv, row {len(rows) + 2}: {told_of}" in lines
